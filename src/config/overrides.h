// What a program's user asks for on top of what the kubeconfig says: kubectl's --server, --token and so on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "config/config.h"
#include "config/kubeconfig_file.h"

// "" stands for what the kubeconfig says.
struct k8sc_overrides {
    std::string context;
    std::string cluster;
    std::string user;
    std::string ns;
    std::string server;
    std::string tls_server_name;
    k8sc::SecretText proxy_url;
    std::string ca_file;
    std::optional<bool> insecure;
    k8sc::SecretText token;
    std::string certificate_file;
    std::string key_file;
    k8sc::Impersonation impersonation;
    std::optional<int64_t> timeout_ms;

    // True where a stanza of a kubeconfig is asked for.
    bool names_stanzas() const { return !context.empty() || !cluster.empty() || !user.empty(); }
};

namespace k8sc {

using Overrides = ::k8sc_overrides;

// Puts what is overridden into copies of the stanzas.
void apply_overrides(const Overrides &overrides, ClusterStanza &cluster);
void apply_overrides(const Overrides &overrides, UserStanza &user);
// The same for settings that came from no kubeconfig. Fails with K8SC_E_CONFIG, and as reading certificates does.
void apply_overrides(const Overrides &overrides, Config &config);

}  // namespace k8sc
