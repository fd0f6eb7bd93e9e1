// Which proxy a server is reached through: decided once for each client, by Go's rules.
#pragma once

#include <string>
#include <string_view>

#include "core/secret_text.h"
#include "core/url.h"

namespace k8sc {

// No proxy where the host is "".
struct Proxy {
    enum class Kind { http, https, socks5 };

    Kind kind = Kind::http;
    std::string host;  // without brackets
    int port = 0;
    std::string user;
    SecretText password;  // both percent-decoded
    bool has_user = false;

    bool set() const { return !host.empty(); }
    // scheme://host:port, for messages: never the password.
    std::string redacted_url() const;
};

// Reads a proxy's URL: http, https, socks5 or socks5h; without a scheme it is http. The message calls it `name`, and
// does not show what may be a password. Fails with K8SC_E_CONFIG.
Proxy parse_proxy(std::string_view url, std::string_view name);

// What the environment says of proxies.
struct ProxyEnvironment {
    std::string http_proxy, https_proxy, no_proxy;
    bool cgi = false;  // HTTP_PROXY may be a header that a web server's client sent

    static ProxyEnvironment of_process();
};

// Whether a server is reached through the environment's proxies at all: not this machine itself, and nothing that
// NO_PROXY names (hosts, domains, addresses, networks, each with a port or not; "*").
bool uses_environment_proxy(std::string_view no_proxy, const Url &server);

// The proxy of a configuration; where it has none ("") the environment's. An explicit one is for every server.
Proxy choose_proxy(const std::string &explicit_url, const ProxyEnvironment &environment, const Url &server);

}  // namespace k8sc
