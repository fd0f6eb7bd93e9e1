#include "config/kubeconfig_resolve.h"

#include "config/checks.h"
#include "config/file.h"
#include "config/kubeconfig_check.h"
#include "config/pem_source.h"
#include "core/error.h"
#include "core/redact.h"
#include "core/url.h"

namespace k8sc {
namespace {

// Without a scheme, a server is meant to be reached by TLS where anything about TLS is said.
bool mentions_tls(const ClusterStanza &cluster, const UserStanza &user)
{
    if (cluster.insecure || !cluster.ca.empty() || !cluster.ca_data.empty() || !cluster.tls_server_name.empty())
        return true;
    return !(user.certificate.empty() && user.certificate_data.empty());
}

void load_token(const UserStanza &user, std::string_view name, Config &config, ValidationErrors &errors)
{
    config.token = user.token;
    if (user.token_file.empty()) return;
    errors.collect(stanza_field(StanzaKind::user, name) + ".tokenFile", [&] {
        config.token_file = absolute_path(path_below(user.origin.directory, user.token_file));
        // The value serves while the file cannot be read.
        if (config.token.empty()) config.token = read_token_file(config.token_file);
    });
}

void load_credentials(const UserStanza &user, std::string_view name, const ClusterStanza &cluster, Config &config,
                      ValidationErrors &errors)
{
    check_credentials(user, name, errors);
    errors.raise();
    load_certificate(user, name, config, errors);
    load_token(user, name, config, errors);
    config.username = user.username;
    config.password = user.password;
    if (user.exec) {
        config.exec = exec_settings(*user.exec, user.origin.directory);
        config.exec->cluster_extension = cluster.exec_extension;
    }
    if (user.auth_provider) {
        config.auth_provider = user.auth_provider;
        config.auth_provider->file = user.origin.path;
        config.auth_provider->user = name;
    }
}

bool has_credentials(const UserStanza &user)
{
    return user.exec || user.auth_provider ||
           !(user.token.empty() && user.token_file.empty() && user.username.empty() && user.password.empty()) ||
           !(user.certificate.empty() && user.certificate_data.empty());
}

// The stanza with this name, or an empty one; `named` where somebody asked for it, who then wants it to be there.
template <class T>
T find_stanza(const Stanzas<T> &stanzas, std::string_view name, StanzaKind kind, bool named)
{
    auto at = stanzas.find(name);
    if (at != stanzas.end()) return at->second;
    if (named) fail(K8SC_E_CONFIG, concat(entry_name(kind), " ", quote(name), " does not exist; ", names_of(stanzas)));
    return {};
}

// Runs `body`; its errors end what is going on, and their messages say in which stanza of which file they are.
template <class Body>
void in_stanza(const Stanza &stanza, StanzaKind kind, std::string_view name, Body &&body)
{
    ValidationErrors found;
    try {
        body(found);
        found.raise();
    } catch (Error &error) {
        std::string prefix = stanza_prefix(stanza, kind, name);
        error.code = K8SC_E_CONFIG;
        error.message = concat(prefix, error.message);
        for (auto &cause : error.causes) cause.message = concat(prefix, cause.message);
        throw;
    }
}

ContextStanza choose_context(const Kubeconfig &files, const Overrides &overrides, std::string &name)
{
    name = overrides.context.empty() ? files.current_context : overrides.context;
    // What is overridden can do without.
    bool enough = !overrides.cluster.empty() || !overrides.server.empty();
    if (name.empty() && enough) return {};
    if (name.empty())
        fail(K8SC_E_CONFIG,
             concat("no context was chosen, and current-context is not set; ", names_of(files.contexts)));
    return find_stanza(files.contexts, name, StanzaKind::context, true);
}

}  // namespace

void load_cluster(const ClusterStanza &cluster, std::string_view name, Config &config, ValidationErrors &errors)
{
    errors.collect(stanza_field(StanzaKind::cluster, name) + ".certificate-authority", [&] {
        set_ca(config, read_pem_source("certificate-authority", cluster.ca, cluster.ca_data, cluster.origin.directory));
    });
    config.insecure = cluster.insecure;
    config.tls_server_name = cluster.tls_server_name;
}

void load_certificate(const UserStanza &user, std::string_view name, Config &config, ValidationErrors &errors)
{
    PemSource certificate, key;
    bool readable = true;
    auto read = [&](PemSource &into, std::string_view field, const std::string &path, const std::string &data) {
        try {
            into = read_pem_source(field, path, data, user.origin.directory);
        } catch (const Error &error) {
            errors.add(concat(stanza_field(StanzaKind::user, name), ".", field), error.message);
            readable = false;
        }
    };
    read(certificate, "client-certificate", user.certificate, user.certificate_data);
    read(key, "client-key", user.key, user.key_data);
    if (readable)
        errors.collect(stanza_field(StanzaKind::user, name) + ".client-certificate",
                       [&] { set_client_certificate(config, std::move(certificate), std::move(key)); });
}

Config resolve_kubeconfig(const Kubeconfig &files, const Overrides &overrides)
{
    Config config;
    ContextStanza context = choose_context(files, overrides, config.context);
    if (!overrides.cluster.empty()) context.cluster = overrides.cluster;
    if (!overrides.user.empty()) context.user = overrides.user;
    if (!overrides.ns.empty()) context.ns = overrides.ns;
    ClusterStanza cluster =
        find_stanza(files.clusters, context.cluster, StanzaKind::cluster, !overrides.cluster.empty());
    UserStanza user = find_stanza(files.users, context.user, StanzaKind::user, !overrides.user.empty());
    if (!config.context.empty())
        in_stanza(context, StanzaKind::context, config.context, [&](ValidationErrors &errors) {
            // An overriding server needs no cluster.
            check_context(context, config.context, files, errors, overrides.server.empty());
        });
    config.ns = context.ns;
    apply_overrides(overrides, cluster);
    apply_overrides(overrides, user);
    if (overrides.timeout_ms) config.timeout_ms = *overrides.timeout_ms;

    bool secure = false;
    in_stanza(cluster, StanzaKind::cluster, context.cluster, [&](ValidationErrors &errors) {
        check_cluster(cluster, context.cluster, errors);
        errors.raise();
        config.server = cluster.server;
        config.proxy_url = cluster.proxy_url;
        config.compression = !cluster.disable_compression;
        secure = parse_server_url(cluster.server, mentions_tls(cluster, user)).scheme == "https";
        Config unused;
        load_cluster(cluster, context.cluster, secure ? config : unused, errors);
    });
    in_stanza(user, StanzaKind::user, context.user, [&](ValidationErrors &errors) {
        check_user(user, context.user, errors);
        errors.raise();
        config.impersonation = user.impersonation;
        Config unused;
        load_credentials(user, context.user, cluster, secure ? config : unused, errors);
        // Nobody's credentials travel in the clear.
        if (!secure && has_credentials(user))
            config.warnings.push_back(concat("the server ", quote(redacted_url(cluster.server, secret_stand_in)),
                                             " is reached without TLS: the credentials of the user ",
                                             quote(context.user), " are not sent"));
    });
    return config;
}

}  // namespace k8sc
