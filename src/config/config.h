// The settings of a client, as data.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/ref.h"
#include "core/retry_policy.h"
#include "core/secret_text.h"
#include "k8sc.h"
#include "net/custom_transport.h"
#include "net/rate_limiter.h"
#include "queue/user_function.h"

namespace k8sc {

using TokenProvider = UserFunction<k8sc_token_fn>;

// A program that answers with credentials: client.authentication.k8s.io.
struct ExecSettings {
    enum class Interactive { never, if_available, always };

    // looked up in $PATH where it holds no "/"; else a path that does not depend on the working directory
    std::string command;
    std::vector<std::string> args;
    std::vector<std::pair<std::string, SecretText>> env;
    std::string api_version;  // "client.authentication.k8s.io/v1" or ".../v1beta1"
    std::string install_hint;
    Interactive interactive = Interactive::never;
    bool provide_cluster_info = false;
    std::string cluster_extension;  // JSON of the cluster's extension "client.authentication.k8s.io/exec"; "" where
                                    // there is none

    bool operator==(const ExecSettings &) const = default;
};

// Which programs may be run for credentials.
struct ExecPolicy {
    enum class Kind { allow_all, deny_all, allowlist };

    Kind kind = Kind::allow_all;
    std::vector<std::string> allowed;  // commands as in a kubeconfig, or paths
};

// The old plugins of kubectl, of which "oidc" is left.
struct AuthProvider {
    std::string name;
    std::map<std::string, SecretText> config;
    // Where refreshed tokens are written back; "" where nowhere.
    std::string file, user;
};

// Who to act as.
struct Impersonation {
    std::string user;
    std::string uid;
    std::vector<std::string> groups;
    std::map<std::string, std::vector<std::string>> extra;

    bool empty() const { return user.empty() && uid.empty() && groups.empty() && extra.empty(); }
};

}  // namespace k8sc

struct k8sc_config {
    std::string server;           // as it was given; read by parse_server_url when a client is made
    std::string context;          // the kubeconfig context it came from
    std::string ns;               // "" stands for "default"
    std::string ca_pem;           // "" stands for the system's
    std::string certificate_pem;  // the client's, with its chain
    k8sc::SecretText key_pem;
    // Where the three above came from, to be read again when the files change; "" where they came from nowhere.
    std::string ca_file;
    std::string certificate_file;
    std::string key_file;
    std::string username;  // basic authentication
    k8sc::SecretText password;
    std::optional<k8sc::ExecSettings> exec;
    k8sc::ExecPolicy exec_policy;
    int64_t exec_timeout_ms = 60000;
    bool exec_interactive = false;  // a plugin may ask on the terminal
    std::optional<k8sc::AuthProvider> auth_provider;
    std::shared_ptr<k8sc::TokenProvider> token_provider;
    k8sc::Impersonation impersonation;
    k8sc::SecretText proxy_url;  // "" stands for the environment's
    bool compression = true;     // ask for gzip, as client-go does
    k8sc::SecretText token;
    std::string token_file;  // wins over token where both are set (kubeconfig allows it)
    std::string tls_server_name;
    std::string user_agent;  // "" stands for the default
    bool insecure = false;
    bool http2 = true;
    int64_t timeout_ms = -1;
    int64_t connect_timeout_ms = 30000;
    int64_t idle_timeout_ms = 60000;
    int64_t watch_idle_timeout_ms = -1;
    int64_t probe_after_ms = -2;  // -2: the default
    int64_t probe_timeout_ms = -2;
    int64_t max_object_bytes = 16 << 20;
    int64_t max_answer_bytes = int64_t(8) << 30;
    double qps = 0;  // 0: the default; below 0: no limit
    int32_t burst = 0;
    k8sc::Ref<k8sc::RateLimiter> rate_limiter;  // shared with other clients; NULL: qps and burst are for this one
    // The way to the server.
    bool no_proxy = false;         // where proxy_url is "": not the environment's either
    std::string unix_socket;       // connect to this instead of the URL's host and port
    std::string bind_address;      // of this side: an address, or an interface's name
    int tls_min = 0, tls_max = 0;  // 12 and 13 for 1.2 and 1.3; 0: the default
    std::string tls12_ciphers;     // OpenSSL's names; "" stands for its default
    std::string tls13_suites;
    std::string server_key_pins;  // "sha256//<base64>;...": the server's public key must be one of these
    k8sc::Ref<k8sc::TransportFunction> transport;  // answers instead of the network
    // When requests are sent again that say nothing of their own.
    k8sc::RetryPolicy retry;
    // What was passed over when it was loaded, for the log of the client that is made from it.
    std::vector<std::string> warnings;
};

namespace k8sc {

using Config = ::k8sc_config;

// The User-Agent that goes on the wire, suffix included.
std::string effective_user_agent(const Config &config);

// True where anything is set that only TLS uses.
bool has_tls_settings(const Config &config);

// What contradicts itself or is missing, as K8SC_E_CONFIG.
void check_config(const Config &config);

}  // namespace k8sc
