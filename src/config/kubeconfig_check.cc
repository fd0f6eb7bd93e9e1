#include "config/kubeconfig_check.h"

#include "config/checks.h"
#include "config/kubeconfig_resolve.h"
#include "core/url.h"

namespace k8sc {
namespace {

void check_both(std::string_view field, const std::string &path, const std::string &data, std::string_view place, Faults &faults)
{
    if (!path.empty() && !data.empty()) faults.add(concat(place, field), concat(field, " and ", field, "-data are both set; remove one of them"));
}

// Adds the faults of one stanza, whose messages say in which stanza of which file they are.
template <class Body>
void in_stanza(const Stanza &stanza, StanzaKind kind, std::string_view name, Faults &faults, Body &&body)
{
    Faults found;
    body(found);
    faults.add_all(std::move(found), stanza_prefix(stanza, kind, name));
}

}  // namespace

std::string stanza_prefix(const Stanza &stanza, StanzaKind kind, std::string_view name)
{
    // What is made of overrides alone has neither.
    if (stanza.origin.file.empty() && name.empty()) return {};
    return concat(stanza.origin.file, stanza.origin.file.empty() ? "" : ": ", entry_name(kind), " ", quote(name), ": ");
}

std::string stanza_field(StanzaKind kind, std::string_view name) { return concat(list_name(kind), "[", name, "]"); }

void check_cluster(const ClusterStanza &cluster, std::string_view name, Faults &faults)
{
    std::string place = stanza_field(StanzaKind::cluster, name) + ".";
    if (cluster.server.empty())
        faults.add(place + "server", "server is missing");
    else
        faults.collect(place + "server", [&] { parse_server_url(cluster.server, true); });
    check_both("certificate-authority", cluster.ca, cluster.ca_data, place, faults);
    if (cluster.insecure && !(cluster.ca.empty() && cluster.ca_data.empty()))
        faults.add(place + "insecure-skip-tls-verify", "insecure-skip-tls-verify and a certificate-authority are both set; remove one of them");
    std::string proxy_fault = proxy_url_fault(cluster.proxy_url);
    if (!cluster.proxy_url.empty() && !proxy_fault.empty()) faults.add(place + "proxy-url", concat("proxy-url ", proxy_fault));
    if (!cluster.tls_server_name.empty() && !is_host_name(cluster.tls_server_name))
        faults.add(place + "tls-server-name", concat("tls-server-name ", quote(cluster.tls_server_name), " is not a host name"));
}

void check_user(const UserStanza &user, std::string_view name, Faults &faults)
{
    std::string place = stanza_field(StanzaKind::user, name) + ".";
    check_both("client-certificate", user.certificate, user.certificate_data, place, faults);
    check_both("client-key", user.key, user.key_data, place, faults);
    bool certificate = !(user.certificate.empty() && user.certificate_data.empty());
    bool key = !(user.key.empty() && user.key_data.empty());
    if (certificate && !key) faults.add(place + "client-key", "client-certificate is set without client-key or client-key-data");
    if (key && !certificate) faults.add(place + "client-certificate", "client-key is set without client-certificate or client-certificate-data");
    check_impersonation(user.impersonation, place, faults);
}

void check_impersonation(const Impersonation &impersonation, std::string_view place, Faults &faults)
{
    if (impersonation.user.empty() && !impersonation.empty()) faults.add(concat(place, "as"), "as-uid, as-groups or as-user-extra is set without as");
    auto check_text = [&](std::string_view field, std::string_view text) {
        if (has_control_character(text)) faults.add(concat(place, field), concat(field, " holds a control character"));
    };
    check_text("as", impersonation.user);
    check_text("as-uid", impersonation.uid);
    for (auto &group : impersonation.groups) check_text("as-groups", group);
    for (auto &[key, values] : impersonation.extra) {
        if (key.empty()) faults.add(concat(place, "as-user-extra"), "as-user-extra has an empty key");
        for (auto &value : values) check_text("as-user-extra", value);
    }
}

void check_credentials(const UserStanza &user, std::string_view name, Faults &faults)
{
    std::string place = stanza_field(StanzaKind::user, name) + ".";
    if (has_control_character(user.token)) faults.add(place + "token", "token holds a control character");
    bool basic = !(user.username.empty() && user.password.empty());
    if (basic && !(user.token.empty() && user.token_file.empty()))
        faults.add(place + "token", "a token and basic authentication (username, password) are both set; remove one of them");
    if (user.username.find(':') != std::string::npos)
        faults.add(place + "username", "username holds a \":\", which basic authentication cannot express");
    if (has_control_character(user.username)) faults.add(place + "username", "username holds a control character");
    if (has_control_character(user.password)) faults.add(place + "password", "password holds a control character");
    if (user.exec && user.auth_provider) faults.add(place + "exec", "exec and auth-provider are both set; remove one of them");
    if (user.exec) check_exec(*user.exec, place + "exec", faults);
    if (user.auth_provider) {
        const std::string &provider = user.auth_provider->name;
        std::string field = place + "auth-provider.name";
        if (provider == "gcp" || provider == "azure")
            faults.add(field, concat("the auth-provider ", quote(provider), " was removed from Kubernetes' clients; use exec with ",
                                     provider == "gcp" ? "gke-gcloud-auth-plugin" : "kubelogin", " instead"));
        else if (provider != "oidc")
            faults.add(field, concat("the auth-provider ", quote(provider), " is not known; there is \"oidc\""));
    }
}

void check_context(const ContextStanza &context, std::string_view name, const Kubeconfig &files, Faults &faults, bool needs_cluster)
{
    std::string place = stanza_field(StanzaKind::context, name) + ".";
    if (context.cluster.empty()) {
        if (needs_cluster) faults.add(place + "cluster", "it names no cluster");
    } else if (files.clusters.find(context.cluster) == files.clusters.end()) {
        faults.add(place + "cluster", concat("its cluster ", quote(context.cluster), " does not exist; ", names_of(files.clusters)));
    }
    // No user at all is what people write who talk to a local proxy.
    if (!context.user.empty() && files.users.find(context.user) == files.users.end())
        faults.add(place + "user", concat("its user ", quote(context.user), " does not exist; ", names_of(files.users)));
    if (!context.ns.empty() && !is_dns_label(context.ns))
        faults.add(place + "namespace", concat("namespace ", quote(context.ns), ": ", dns_label_rule));
}

void validate_kubeconfig(const Kubeconfig &files)
{
    Faults faults;
    if (!files.current_context.empty() && files.contexts.find(files.current_context) == files.contexts.end())
        faults.add("current-context",
                   concat("current-context: context ", quote(files.current_context), " does not exist; ", names_of(files.contexts)));
    for (auto &[name, cluster] : files.clusters)
        in_stanza(cluster, StanzaKind::cluster, name, faults, [&, &name = name, &cluster = cluster](Faults &found) {
            check_cluster(cluster, name, found);
            Config config;
            // Where something is contradicting itself, what it would be read as is of no interest.
            if (found.empty()) load_cluster(cluster, name, config, found);
        });
    for (auto &[name, user] : files.users)
        in_stanza(user, StanzaKind::user, name, faults, [&, &name = name, &user = user](Faults &found) {
            check_user(user, name, found);
            bool pair_stands = found.empty();
            check_credentials(user, name, found);
            Config config;
            if (pair_stands) load_certificate(user, name, config, found);
        });
    for (auto &[name, context] : files.contexts)
        in_stanza(context, StanzaKind::context, name, faults,
                  [&, &name = name, &context = context](Faults &found) { check_context(context, name, files, found); });
    faults.raise();
}

}  // namespace k8sc
