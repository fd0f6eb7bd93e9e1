#include "config/kubeconfig_check.h"

#include "config/checks.h"
#include "config/kubeconfig_resolve.h"
#include "core/url.h"

namespace k8sc {
namespace {

void check_both(std::string_view field, const std::string &path, const std::string &data, std::string_view place,
                ValidationErrors &errors)
{
    if (!path.empty() && !data.empty())
        errors.add(concat(place, field), concat(field, " and ", field, "-data are both set; remove one of them"));
}

// Adds the errors of one stanza, whose messages say in which stanza of which file they are.
template <class Body>
void in_stanza(const Stanza &stanza, StanzaKind kind, std::string_view name, ValidationErrors &errors, Body &&body)
{
    ValidationErrors found;
    body(found);
    errors.add_all(std::move(found), stanza_prefix(stanza, kind, name));
}

}  // namespace

std::string stanza_prefix(const Stanza &stanza, StanzaKind kind, std::string_view name)
{
    // What is made of overrides alone has neither.
    if (stanza.origin.file.empty() && name.empty()) return {};
    return concat(stanza.origin.file, stanza.origin.file.empty() ? "" : ": ", entry_name(kind), " ", quote(name), ": ");
}

std::string stanza_field(StanzaKind kind, std::string_view name) { return concat(list_name(kind), "[", name, "]"); }

void check_cluster(const ClusterStanza &cluster, std::string_view name, ValidationErrors &errors)
{
    std::string place = stanza_field(StanzaKind::cluster, name) + ".";
    if (cluster.server.empty())
        errors.add(place + "server", "server is missing");
    else
        errors.collect(place + "server", [&] { parse_server_url(cluster.server, true); });
    check_both("certificate-authority", cluster.ca, cluster.ca_data, place, errors);
    if (cluster.insecure && !(cluster.ca.empty() && cluster.ca_data.empty()))
        errors.add(place + "insecure-skip-tls-verify",
                   "insecure-skip-tls-verify and a certificate-authority are both set; remove one of them");
    std::string proxy_fault = proxy_url_fault(cluster.proxy_url);
    if (!cluster.proxy_url.empty() && !proxy_fault.empty())
        errors.add(place + "proxy-url", concat("proxy-url ", proxy_fault));
    if (!cluster.tls_server_name.empty() && !is_host_name(cluster.tls_server_name))
        errors.add(place + "tls-server-name",
                   concat("tls-server-name ", quote(cluster.tls_server_name), " is not a host name"));
}

void check_user(const UserStanza &user, std::string_view name, ValidationErrors &errors)
{
    std::string place = stanza_field(StanzaKind::user, name) + ".";
    check_both("client-certificate", user.certificate, user.certificate_data, place, errors);
    check_both("client-key", user.key, user.key_data, place, errors);
    bool certificate = !(user.certificate.empty() && user.certificate_data.empty());
    bool key = !(user.key.empty() && user.key_data.empty());
    if (certificate && !key)
        errors.add(place + "client-key", "client-certificate is set without client-key or client-key-data");
    if (key && !certificate)
        errors.add(place + "client-certificate",
                   "client-key is set without client-certificate or client-certificate-data");
    check_impersonation(user.impersonation, place, errors);
}

void check_impersonation(const Impersonation &impersonation, std::string_view place, ValidationErrors &errors)
{
    if (impersonation.user.empty() && !impersonation.empty())
        errors.add(concat(place, "as"), "as-uid, as-groups or as-user-extra is set without as");
    auto check_text = [&](std::string_view field, std::string_view text) {
        if (has_control_character(text)) errors.add(concat(place, field), concat(field, " holds a control character"));
    };
    check_text("as", impersonation.user);
    check_text("as-uid", impersonation.uid);
    for (auto &group : impersonation.groups) check_text("as-groups", group);
    for (auto &[key, values] : impersonation.extra) {
        if (key.empty()) errors.add(concat(place, "as-user-extra"), "as-user-extra has an empty key");
        for (auto &value : values) check_text("as-user-extra", value);
    }
}

void check_credentials(const UserStanza &user, std::string_view name, ValidationErrors &errors)
{
    std::string place = stanza_field(StanzaKind::user, name) + ".";
    if (has_control_character(user.token)) errors.add(place + "token", "token holds a control character");
    bool basic = !(user.username.empty() && user.password.empty());
    if (basic && !(user.token.empty() && user.token_file.empty()))
        errors.add(place + "token",
                   "a token and basic authentication (username, password) are both set; remove one of them");
    if (user.username.find(':') != std::string::npos)
        errors.add(place + "username", "username holds a \":\", which basic authentication cannot express");
    if (has_control_character(user.username)) errors.add(place + "username", "username holds a control character");
    if (has_control_character(user.password)) errors.add(place + "password", "password holds a control character");
    if (user.exec && user.auth_provider)
        errors.add(place + "exec", "exec and auth-provider are both set; remove one of them");
    if (user.exec) check_exec(*user.exec, place + "exec", errors);
    if (user.auth_provider) {
        const std::string &provider = user.auth_provider->name;
        std::string field = place + "auth-provider.name";
        if (provider == "gcp" || provider == "azure")
            errors.add(field, concat("the auth-provider ", quote(provider),
                                     " was removed from Kubernetes' clients; use exec with ",
                                     provider == "gcp" ? "gke-gcloud-auth-plugin" : "kubelogin", " instead"));
        else if (provider != "oidc")
            errors.add(field, concat("the auth-provider ", quote(provider), " is not known; there is \"oidc\""));
    }
}

void check_context(const ContextStanza &context, std::string_view name, const Kubeconfig &files,
                   ValidationErrors &errors, bool needs_cluster)
{
    std::string place = stanza_field(StanzaKind::context, name) + ".";
    if (context.cluster.empty()) {
        if (needs_cluster) errors.add(place + "cluster", "it names no cluster");
    } else if (files.clusters.find(context.cluster) == files.clusters.end()) {
        errors.add(place + "cluster",
                   concat("its cluster ", quote(context.cluster), " does not exist; ", names_of(files.clusters)));
    }
    // No user at all is what people write who talk to a local proxy.
    if (!context.user.empty() && files.users.find(context.user) == files.users.end())
        errors.add(place + "user",
                   concat("its user ", quote(context.user), " does not exist; ", names_of(files.users)));
    if (!context.ns.empty() && !is_dns_label(context.ns))
        errors.add(place + "namespace", concat("namespace ", quote(context.ns), ": ", dns_label_rule));
}

void validate_kubeconfig(const Kubeconfig &files)
{
    ValidationErrors errors;
    if (!files.current_context.empty() && files.contexts.find(files.current_context) == files.contexts.end())
        errors.add("current-context", concat("current-context: context ", quote(files.current_context),
                                             " does not exist; ", names_of(files.contexts)));
    for (auto &[name, cluster] : files.clusters)
        in_stanza(cluster, StanzaKind::cluster, name, errors,
                  [&, &name = name, &cluster = cluster](ValidationErrors &found) {
                      check_cluster(cluster, name, found);
                      Config config;
                      // Where something is contradicting itself, what it would be read as is of no interest.
                      if (found.empty()) load_cluster(cluster, name, config, found);
                  });
    for (auto &[name, user] : files.users)
        in_stanza(user, StanzaKind::user, name, errors, [&, &name = name, &user = user](ValidationErrors &found) {
            check_user(user, name, found);
            bool pair_stands = found.empty();
            check_credentials(user, name, found);
            Config config;
            if (pair_stands) load_certificate(user, name, config, found);
        });
    for (auto &[name, context] : files.contexts)
        in_stanza(context, StanzaKind::context, name, errors,
                  [&, &name = name, &context = context](ValidationErrors &found) {
                      check_context(context, name, files, found);
                  });
    errors.raise();
}

}  // namespace k8sc
