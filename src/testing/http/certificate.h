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

// For 127.0.0.1, localhost and ::1; valid from an hour ago for a year. Clients are asked for a certificate where there
// is a `client_ca_pem`; whether theirs is one of that authority's is seen later. With `http2` that is what clients get
// that speak it. Fails with K8SC_E_PARSE where the authority is not PEM.
ServerTls make_server_tls(const std::string &client_ca_pem, bool http2);

}  // namespace k8sc::testing
