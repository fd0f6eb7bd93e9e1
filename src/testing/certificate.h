// TLS for a server that lives as long as a test: an authority and a certificate, made in memory and nowhere else.
#pragma once

#include <memory>
#include <string>

#include <openssl/ssl.h>

namespace k8sc::testing {

struct SslContextFree {
    void operator()(SSL_CTX *context) const { SSL_CTX_free(context); }
};

struct ServerTls {
    std::unique_ptr<SSL_CTX, SslContextFree> context;
    std::string ca_pem;
};

// For 127.0.0.1, localhost and ::1; valid from an hour ago for a year.
ServerTls make_server_tls();

}  // namespace k8sc::testing
