// How to reach a server and how to trust it. Shared by all requests of a client.
#pragma once

#include <cstdint>
#include <string>

#include "core/ref.h"
#include "core/secret_text.h"
#include "net/custom_transport.h"
#include "net/proxy.h"

namespace k8sc {

struct EndpointSettings {
    std::string ca_pem;
    std::string certificate_pem;
    SecretText key_pem;
    bool insecure = false;
    bool http2 = true;
    bool compression = true;
    Proxy proxy;
    std::string unix_socket;
    std::string bind_address;
    int tls_min = 0, tls_max = 0;
    std::string tls12_ciphers, tls13_suites;
    std::string server_key_pins;
    // Where the name in the URL is not the host to connect to: "::host:port" for curl, which takes it for whatever the
    // URL names.
    std::string connect_to;
    int64_t connect_timeout_ms = 30000;
    Ref<CustomTransport> transport;  // answers instead of the network
};

// Never changed: a client that learns something new makes another.
struct Endpoint : RefCounted, EndpointSettings {
    Endpoint() = default;
    explicit Endpoint(const EndpointSettings &settings) : EndpointSettings(settings) {}

    // On the I/O thread. The same for two endpoints where requests of both may go over one connection.
    const std::string &identity() const;

  private:
    mutable std::string identity_;
};

// "https://host:port" of a URL: all before its path.
std::string origin_of(const std::string &url);

}  // namespace k8sc
