// The settings of a client, as data.
#pragma once

#include <cstdint>
#include <string>

#include "core/ref.h"
#include "k8sc.h"

struct k8sc_config {
    std::string server;           // as it was given; read by parse_server_url when a client is made
    std::string context;          // the kubeconfig context it came from
    std::string ns;               // "" stands for "default"
    std::string ca_pem;           // "" stands for the system's
    std::string certificate_pem;  // the client's, with its chain
    std::string key_pem;
    std::string token;
    std::string token_file;       // wins over token where both are set (kubeconfig allows it)
    std::string tls_server_name;
    std::string user_agent;       // "" stands for the default
    bool insecure = false;
    bool http2 = true;
    int64_t timeout_ms = -1;
    int64_t connect_timeout_ms = 30000;
    int64_t idle_timeout_ms = 60000;
    int64_t watch_idle_timeout_ms = -1;
    int64_t max_object_bytes = 16 << 20;
    double qps = 0;  // 0: the default; below 0: no limit
    int32_t burst = 0;
    k8sc::Ref<k8sc::Handle> rate_limiter;  // a net::RateLimiter; this layer only carries it
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
