// Certificates and keys, which configurations hold as PEM, as base64, or as the path of a file.
#pragma once

#include <string>
#include <string_view>

#include "config/config.h"

namespace k8sc {

struct PemSource {
    SecretText pem;
    std::string file;  // where it came from, absolute; "" where it came from no file
    std::string what;  // for messages; "" where there is none
    bool given() const { return !what.empty(); }
};

// Reads a file. `field` names it in messages. Fails with K8SC_E_IO.
PemSource read_pem_file(std::string_view field, std::string_view path);
// What a stanza has of both: a path, which starts at `directory`, or base64.
PemSource read_pem_source(std::string_view field, std::string_view path, std::string_view data,
                          std::string_view directory);

// Check what they are given, and put it into the settings. Fail with K8SC_E_PARSE, or K8SC_E_CONFIG where the key is
// another one's.
void set_ca(Config &config, PemSource &&ca);
void set_client_certificate(Config &config, PemSource &&certificate, PemSource &&key);

}  // namespace k8sc
