#include "config/overrides.h"

#include "config/checks.h"
#include "config/pem_source.h"
#include "core/error.h"

namespace k8sc {
namespace {

// Details go with the user they were given for: whoever overrides the user means nobody else's groups.
void override_impersonation(const Overrides &overrides, Impersonation &impersonation)
{
    const Impersonation &asked = overrides.impersonation;
    if (!asked.user.empty()) {
        impersonation = asked;
        return;
    }
    if (!asked.uid.empty()) impersonation.uid = asked.uid;
    if (!asked.groups.empty()) impersonation.groups = asked.groups;
    if (!asked.extra.empty()) impersonation.extra = asked.extra;
}

}  // namespace

void apply_overrides(const Overrides &overrides, ClusterStanza &cluster)
{
    if (!overrides.server.empty()) {
        cluster.server = overrides.server;
        // The name belongs to the server that was there before.
        cluster.tls_server_name.clear();
    }
    if (!overrides.tls_server_name.empty()) cluster.tls_server_name = overrides.tls_server_name;
    if (!overrides.proxy_url.empty()) cluster.proxy_url = overrides.proxy_url;
    if (overrides.insecure) cluster.insecure = *overrides.insecure;
    if (cluster.insecure && overrides.insecure) {
        cluster.ca.clear();
        cluster.ca_data.clear();
    }
    if (!overrides.ca_file.empty()) {
        cluster.ca = overrides.ca_file;
        cluster.ca_data.clear();
        cluster.insecure = overrides.insecure.value_or(false);
    }
}

void apply_overrides(const Overrides &overrides, UserStanza &user)
{
    if (!overrides.token.empty()) {
        // In its place, not beside: the token file would win, and basic authentication contradicts it.
        user.token = overrides.token;
        user.token_file.clear();
        user.username.clear();
        user.password.clear();
        user.exec.reset();
        user.auth_provider.reset();
    }
    if (!overrides.certificate_file.empty()) {
        user.certificate = overrides.certificate_file;
        user.certificate_data.clear();
    }
    if (!overrides.key_file.empty()) {
        user.key = overrides.key_file;
        user.key_data.clear();
    }
    override_impersonation(overrides, user.impersonation);
}

void apply_overrides(const Overrides &overrides, Config &config)
{
    if (!overrides.ns.empty()) config.ns = overrides.ns;
    if (!overrides.server.empty()) config.server = overrides.server;
    if (!overrides.tls_server_name.empty()) config.tls_server_name = overrides.tls_server_name;
    if (!overrides.proxy_url.empty()) config.proxy_url = overrides.proxy_url;
    if (overrides.insecure) config.insecure = *overrides.insecure;
    if (config.insecure) {
        config.ca_pem.clear();
        config.ca_file.clear();
    }
    if (!overrides.ca_file.empty()) set_ca(config, read_pem_file("certificate-authority", overrides.ca_file));
    if (!overrides.token.empty()) {
        config.token = overrides.token;
        config.token_file.clear();
    }
    if (overrides.certificate_file.empty() != overrides.key_file.empty())
        fail(K8SC_E_CONFIG, "the overrides have one of client certificate and client key; they need both or neither");
    if (!overrides.certificate_file.empty())
        set_client_certificate(config, read_pem_file("client-certificate", overrides.certificate_file),
                               read_pem_file("client-key", overrides.key_file));
    override_impersonation(overrides, config.impersonation);
    if (overrides.timeout_ms) config.timeout_ms = *overrides.timeout_ms;
    check_config(config);
}

}  // namespace k8sc
