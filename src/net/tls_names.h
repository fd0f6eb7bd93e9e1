// Names of ciphers and pins of keys, checked before a connection needs them.
#pragma once

#include <string>
#include <string_view>

namespace k8sc {

// The first name in a list for TLS 1.2 that OpenSSL does not know; "" where it knows all. Names are separated by ":",
// and may begin with "!", "-" or "+". Fails with K8SC_E_INVALID where they leave no cipher.
std::string unknown_tls12_cipher(std::string_view list);
// The same for the suites of TLS 1.3, in full, such as TLS_AES_128_GCM_SHA256.
std::string unknown_tls13_suite(std::string_view list);

// Whether it is "sha256//" and the base64 of 32 bytes, once or, separated by ";", several times.
bool is_pin_list(std::string_view list);

}  // namespace k8sc
