// k8sc_config_*.
#include "config/config.h"

#include <memory>

#include "api/guard.h"
#include "api/rate.h"
#include "api/size.h"
#include "config/checks.h"
#include "config/file.h"
#include "config/in_cluster.h"
#include "config/kubeconfig.h"
#include "core/pem.h"
#include "core/url.h"
#include "net/rate_limiter.h"

using namespace k8sc;
using namespace k8sc::api;

namespace {

void give(k8sc_config **out, Config &&config) { *out = new Config(std::move(config)); }

// A text that goes into a header line. A secret is not shown.
void need_header_text(const char *text, const char *name, bool secret)
{
    std::string shown = secret ? std::string(name) : concat(name, " ", quote(text));
    if (!*text) fail(K8SC_E_INVALID, concat(name, " is empty"));
    if (has_control_character(text))
        fail(K8SC_E_INVALID, concat(shown, " holds a line break or another control character"));
}

// A setter of one timeout.
k8sc_status set_timeout(k8sc_config *config, int64_t Config::*field, int64_t timeout_ms, k8sc_error **err) noexcept
{
    return guard(err, [&] {
        need(config, "config");
        need_timeout(timeout_ms);
        config->*field = timeout_ms;
    });
}

const char *text_or_null(const k8sc_config *config, std::string Config::*field)
{
    return config && !(config->*field).empty() ? (config->*field).c_str() : nullptr;
}

}  // namespace

extern "C" {

k8sc_status k8sc_config_new(k8sc_config **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        give(out, Config());
    });
}

k8sc_status k8sc_config_load(const char *path, const char *context, k8sc_config **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        give(out, load_config(text_or_empty(path), text_or_empty(context)));
    });
}

k8sc_status k8sc_config_load_with(const char *path, const k8sc_overrides *overrides, k8sc_config **out,
                                  k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        give(out, load_config(text_or_empty(path), overrides ? *overrides : Overrides()));
    });
}

k8sc_status k8sc_config_parse(const char *yaml, size_t len, const char *context, k8sc_config **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need(yaml, "yaml");
        need_size(len, "len");
        give(out, parse_config({yaml, len}, text_or_empty(context)));
    });
}

k8sc_status k8sc_config_load_in_cluster(k8sc_config **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        give(out, load_in_cluster());
    });
}

k8sc_status k8sc_config_copy(const k8sc_config *config, k8sc_config **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need(config, "config");
        *out = new Config(*config);
    });
}

void k8sc_config_free(k8sc_config *config) { delete config; }

k8sc_status k8sc_config_set_server(k8sc_config *config, const char *url, k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        need(url, "url");
        try {
            parse_server_url(url, false);
        } catch (Error &error) {
            // Here the caller's argument is at fault, not a configuration as a whole.
            error.code = K8SC_E_INVALID;
            throw;
        }
        config->server = url;
    });
}

k8sc_status k8sc_config_set_token(k8sc_config *config, const char *token, k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        if (token) need_header_text(token, "token", true);
        config->token = text_or_empty(token);
        config->token_provider = nullptr;
        // The file would win over the value; and who removes the token wants none to be sent.
        config->token_file.clear();
    });
}

k8sc_status k8sc_config_set_token_file(k8sc_config *config, const char *path, k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        need(path, "path");
        if (!*path) fail(K8SC_E_INVALID, "argument path is empty");
        std::string file = absolute_path(path);
        config->token = read_token_file(file);
        config->token_file = std::move(file);
        config->token_provider = nullptr;
    });
}

k8sc_status k8sc_config_set_ca(k8sc_config *config, const char *pem, size_t len, k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        need_size(len, "len");
        config->ca_pem = pem ? read_certificates({pem, len}, "the CA") : std::string();
        config->ca_file.clear();
    });
}

k8sc_status k8sc_config_set_client_certificate(k8sc_config *config, const char *certificate_pem, size_t certificate_len,
                                               const char *key_pem, size_t key_len, k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        if (certificate_pem || key_pem) {
            need(certificate_pem, "certificate_pem");
            need(key_pem, "key_pem");
            need_size(certificate_len, "certificate_len");
            need_size(key_len, "key_len");
        }
        std::string certificate = certificate_pem ? std::string(certificate_pem, certificate_len) : std::string();
        std::string key = key_pem ? std::string(key_pem, key_len) : std::string();
        if (certificate_pem) check_key_pair(certificate, key, "the client certificate", "the client key");
        config->certificate_pem = std::move(certificate);
        config->key_pem = std::move(key);
        config->certificate_file.clear();
        config->key_file.clear();
    });
}

k8sc_status k8sc_config_set_insecure(k8sc_config *config, int insecure, k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        config->insecure = insecure != 0;
    });
}

k8sc_status k8sc_config_set_tls_server_name(k8sc_config *config, const char *name, k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        if (name && !is_host_name(name))
            fail(K8SC_E_INVALID, concat("TLS server name ", quote(name), " is not a host name"));
        config->tls_server_name = text_or_empty(name);
    });
}

k8sc_status k8sc_config_set_namespace(k8sc_config *config, const char *name, k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        if (name && !is_dns_label(name)) fail(K8SC_E_INVALID, concat("namespace ", quote(name), ": ", dns_label_rule));
        config->ns = text_or_empty(name);
    });
}

k8sc_status k8sc_config_set_user_agent(k8sc_config *config, const char *user_agent, k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        if (user_agent) need_header_text(user_agent, "user_agent", false);
        config->user_agent = text_or_empty(user_agent);
    });
}

k8sc_status k8sc_config_add_user_agent(k8sc_config *config, const char *suffix, k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        need(suffix, "suffix");
        need_header_text(suffix, "suffix", false);
        config->user_agent = effective_user_agent(*config) + "/" + suffix;
    });
}

k8sc_status k8sc_config_set_timeout(k8sc_config *config, int64_t timeout_ms, k8sc_error **err)
{
    return set_timeout(config, &Config::timeout_ms, timeout_ms, err);
}

k8sc_status k8sc_config_set_connect_timeout(k8sc_config *config, int64_t timeout_ms, k8sc_error **err)
{
    return set_timeout(config, &Config::connect_timeout_ms, timeout_ms, err);
}

k8sc_status k8sc_config_set_idle_timeout(k8sc_config *config, int64_t timeout_ms, k8sc_error **err)
{
    return set_timeout(config, &Config::idle_timeout_ms, timeout_ms, err);
}

k8sc_status k8sc_config_set_watch_idle_timeout(k8sc_config *config, int64_t timeout_ms, k8sc_error **err)
{
    return set_timeout(config, &Config::watch_idle_timeout_ms, timeout_ms, err);
}

k8sc_status k8sc_config_set_probe(k8sc_config *config, int64_t after_ms, int64_t timeout_ms, k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        if (after_ms != -1 && after_ms < 1)
            fail(K8SC_E_INVALID, "after_ms is " + std::to_string(after_ms) + "; it must be -1 (never) or at least 1");
        if (timeout_ms < 1)
            fail(K8SC_E_INVALID, "timeout_ms is " + std::to_string(timeout_ms) + "; it must be at least 1");
        config->probe_after_ms = after_ms;
        config->probe_timeout_ms = timeout_ms;
    });
}

k8sc_status k8sc_config_set_rate_limit(k8sc_config *config, double qps, int32_t burst, k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        need_rate(qps, burst);
        config->qps = qps;
        config->burst = burst;
    });
}

k8sc_status k8sc_config_set_rate_limiter(k8sc_config *config, k8sc_rate_limiter *limiter, k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        if (limiter) need_handle(limiter, "limiter");
        config->rate_limiter = Ref<RateLimiter>(limiter);
    });
}

k8sc_status k8sc_config_set_http2(k8sc_config *config, int enabled, k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        config->http2 = enabled != 0;
    });
}

k8sc_status k8sc_config_set_max_object_bytes(k8sc_config *config, int64_t bytes, k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        if (bytes < 1024)
            fail(K8SC_E_INVALID, concat("bytes is ", std::to_string(bytes), "; it must be at least 1024"));
        config->max_object_bytes = bytes;
    });
}

k8sc_status k8sc_config_set_max_answer_bytes(k8sc_config *config, int64_t bytes, k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        if (bytes < 1024)
            fail(K8SC_E_INVALID, concat("bytes is ", std::to_string(bytes), "; it must be at least 1024"));
        config->max_answer_bytes = bytes;
    });
}

const char *k8sc_config_server(const k8sc_config *config) { return text_or_null(config, &Config::server); }

const char *k8sc_config_namespace(const k8sc_config *config) { return text_or_null(config, &Config::ns); }

const char *k8sc_config_context(const k8sc_config *config) { return text_or_null(config, &Config::context); }

const char *k8sc_config_user_agent(const k8sc_config *config) { return text_or_null(config, &Config::user_agent); }

const char *k8sc_config_tls_server_name(const k8sc_config *config)
{
    return text_or_null(config, &Config::tls_server_name);
}

int k8sc_config_insecure(const k8sc_config *config) { return config ? config->insecure : 0; }

int k8sc_config_has_credentials(const k8sc_config *config)
{
    if (!config) return 0;
    bool fixed = !config->token.empty() || !config->username.empty() || !config->password.empty() ||
                 !config->certificate_pem.empty();
    return fixed || !config->token_file.empty() || config->token_provider || config->exec || config->auth_provider;
}

}  // extern "C"
