#include "config/kubeconfig_resolve.h"

#include "config/checks.h"
#include "core/url.h"
#include "config/file.h"
#include "core/error.h"
#include "core/pem.h"

namespace k8sc {
namespace {

// Runs `body`; what fails in it is a fault of the configuration, and its message says in which stanza of which file.
template <class Body>
void in_stanza(const Origin &origin, std::string_view kind, std::string_view name, Body &&body)
{
    try {
        body();
    } catch (Error &error) {
        error.code = K8SC_E_CONFIG;
        error.message = concat(origin.file, ": ", kind, " ", quoted(name), ": ", error.message);
        throw;
    }
}

// A certificate or key, which kubeconfigs hold as a path or as base64.
struct Material {
    std::string pem;
    std::string what;  // for messages
    bool given() const { return !what.empty(); }
};

void refuse_both(std::string_view field, const std::string &path, const std::string &data)
{
    if (!path.empty() && !data.empty()) fail(K8SC_E_CONFIG, concat(field, " and ", field, "-data are both set; remove one of them"));
}

Material read_material(std::string_view field, const std::string &path, const std::string &data, const Origin &origin)
{
    Material material;
    if (!data.empty()) {
        material.what = concat(field, "-data");
        material.pem = decode_base64(data, material.what);
    } else if (!path.empty()) {
        std::string full_path = absolute_path(path_below(origin.directory, path));
        material.what = concat(field, " ", shown_path(full_path));
        FileText file = read_file(full_path);
        if (file.fault) fail(K8SC_E_CONFIG, concat(material.what, " cannot be read: ", fault_text(file.fault)));
        material.pem = std::move(file.text);
    }
    return material;
}

void check_cluster(const ClusterStanza &cluster)
{
    if (cluster.server.empty()) fail(K8SC_E_CONFIG, "server is missing");
    if (!cluster.proxy_url.empty()) fail(K8SC_E_CONFIG, "it has proxy-url, which this version cannot use");
    refuse_both("certificate-authority", cluster.ca, cluster.ca_data);
    if (cluster.insecure && !(cluster.ca.empty() && cluster.ca_data.empty()))
        fail(K8SC_E_CONFIG, "insecure-skip-tls-verify and a certificate-authority are both set; remove one of them");
}

void check_user(const UserStanza &user)
{
    refuse_both("client-certificate", user.certificate, user.certificate_data);
    refuse_both("client-key", user.key, user.key_data);
    bool certificate = !(user.certificate.empty() && user.certificate_data.empty());
    bool key = !(user.key.empty() && user.key_data.empty());
    if (certificate && !key) fail(K8SC_E_CONFIG, "client-certificate is set without client-key or client-key-data");
    if (key && !certificate) fail(K8SC_E_CONFIG, "client-key is set without client-certificate or client-certificate-data");
}

// Without a scheme, a server is meant to be reached by TLS where anything about TLS is said.
bool mentions_tls(const ClusterStanza &cluster, const UserStanza *user)
{
    if (cluster.insecure || !cluster.ca.empty() || !cluster.ca_data.empty() || !cluster.tls_server_name.empty()) return true;
    return user && !(user->certificate.empty() && user->certificate_data.empty());
}

void load_cluster(const ClusterStanza &cluster, Config &config)
{
    Material ca = read_material("certificate-authority", cluster.ca, cluster.ca_data, cluster.origin);
    if (ca.given()) check_certificates(ca.pem, ca.what);
    config.ca_pem = std::move(ca.pem);
    config.insecure = cluster.insecure;
    if (!cluster.tls_server_name.empty() && !is_host_name(cluster.tls_server_name))
        fail(K8SC_E_CONFIG, concat("tls-server-name ", quoted(cluster.tls_server_name), " is not a host name"));
    config.tls_server_name = cluster.tls_server_name;
}

void load_user(const UserStanza &user, Config &config)
{
    if (!user.unusable.empty()) fail(K8SC_E_CONFIG, concat("it has ", user.unusable, ", which this version cannot use"));
    Material certificate = read_material("client-certificate", user.certificate, user.certificate_data, user.origin);
    Material key = read_material("client-key", user.key, user.key_data, user.origin);
    if (certificate.given()) check_key_pair(certificate.pem, key.pem, certificate.what, key.what);
    config.certificate_pem = std::move(certificate.pem);
    config.key_pem = std::move(key.pem);
    if (has_control_character(user.token)) fail(K8SC_E_CONFIG, "token holds a control character");
    config.token = user.token;
    if (!user.token_file.empty()) {
        config.token_file = absolute_path(path_below(user.origin.directory, user.token_file));
        // The value serves while the file cannot be read.
        if (config.token.empty()) config.token = read_token_file(config.token_file);
    }
}

template <class Stanza>
const Stanza *find(const Stanzas<Stanza> &stanzas, std::string_view name)
{
    auto at = stanzas.find(name);
    return at == stanzas.end() ? nullptr : &at->second;
}

// What there is to choose from, for messages.
template <class Stanza>
std::string names_of(const Stanzas<Stanza> &stanzas)
{
    constexpr size_t limit = 20;
    if (stanzas.empty()) return "there are none";
    std::string text = "there are: ";
    size_t n = 0;
    for (auto &[name, stanza] : stanzas) {
        if (n == limit) return text + ", and " + std::to_string(stanzas.size() - limit) + " more";
        text += concat(n ? ", " : "", quoted(name));
        n++;
    }
    return text;
}

}  // namespace

Config resolve_kubeconfig(const Kubeconfig &files, std::string_view context_name)
{
    if (context_name.empty()) context_name = files.current_context;
    if (context_name.empty())
        fail(K8SC_E_CONFIG, concat("no context was chosen, and current-context is not set; ", names_of(files.contexts)));
    const ContextStanza *context = find(files.contexts, context_name);
    if (!context) fail(K8SC_E_CONFIG, concat("context ", quoted(context_name), " does not exist; ", names_of(files.contexts)));

    const ClusterStanza *cluster = find(files.clusters, context->cluster);
    const UserStanza *user = find(files.users, context->user);
    Config config;
    config.context = context_name;
    config.ns = context->ns;
    in_stanza(context->origin, "context", context_name, [&] {
        if (context->cluster.empty()) fail(K8SC_E_CONFIG, "it names no cluster");
        if (!cluster) fail(K8SC_E_CONFIG, concat("its cluster ", quoted(context->cluster), " does not exist; ", names_of(files.clusters)));
        // No user at all is what people write who talk to a local proxy.
        if (!user && !context->user.empty())
            fail(K8SC_E_CONFIG, concat("its user ", quoted(context->user), " does not exist; ", names_of(files.users)));
        if (!config.ns.empty() && !is_dns_label(config.ns))
            fail(K8SC_E_CONFIG, concat("namespace ", quoted(config.ns), ": ", dns_label_rule));
    });

    bool secure = false;
    in_stanza(cluster->origin, "cluster", context->cluster, [&] {
        check_cluster(*cluster);
        config.server = cluster->server;
        secure = parse_server_url(cluster->server, mentions_tls(*cluster, user)).scheme == "https";
        if (secure) load_cluster(*cluster, config);
    });
    if (user)
        in_stanza(user->origin, "user", context->user, [&] {
            check_user(*user);
            // Nobody's credentials travel in the clear.
            if (secure) load_user(*user, config);
        });
    return config;
}

}  // namespace k8sc
