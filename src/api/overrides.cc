// k8sc_overrides_*.
#include "config/overrides.h"

#include "api/identity.h"
#include "config/file.h"

using namespace k8sc;
using namespace k8sc::api;

namespace {

template <class Body>
k8sc_status set(k8sc_overrides *overrides, k8sc_error **err, Body &&body) noexcept
{
    return guard(err, [&] {
        need(overrides, "overrides");
        body();
    });
}

// The name of a stanza; "" is what removes it, too.
k8sc_status set_name(k8sc_overrides *overrides, std::string Overrides::*field, const char *name,
                     k8sc_error **err) noexcept
{
    return set(overrides, err, [&] { overrides->*field = text_or_empty(name); });
}

// A path of the user's starts at the working directory, not at a kubeconfig.
std::string path_or_empty(const char *path, const char *name)
{
    if (!path) return {};
    need_path(path, name);
    return absolute_path(path);
}

}  // namespace

extern "C" {

k8sc_status k8sc_overrides_new(k8sc_overrides **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        *out = new Overrides;
    });
}

void k8sc_overrides_free(k8sc_overrides *overrides) { delete overrides; }

k8sc_status k8sc_overrides_set_context(k8sc_overrides *overrides, const char *name, k8sc_error **err)
{
    return set_name(overrides, &Overrides::context, name, err);
}

k8sc_status k8sc_overrides_set_cluster(k8sc_overrides *overrides, const char *name, k8sc_error **err)
{
    return set_name(overrides, &Overrides::cluster, name, err);
}

k8sc_status k8sc_overrides_set_user(k8sc_overrides *overrides, const char *name, k8sc_error **err)
{
    return set_name(overrides, &Overrides::user, name, err);
}

k8sc_status k8sc_overrides_set_namespace(k8sc_overrides *overrides, const char *name, k8sc_error **err)
{
    return set(overrides, err, [&] {
        if (name && !is_dns_label(name)) fail(K8SC_E_INVALID, concat("namespace ", quote(name), ": ", dns_label_rule));
        overrides->ns = text_or_empty(name);
    });
}

k8sc_status k8sc_overrides_set_server(k8sc_overrides *overrides, const char *url, k8sc_error **err)
{
    return set(overrides, err, [&] {
        if (url) need_server(url);
        overrides->server = text_or_empty(url);
    });
}

k8sc_status k8sc_overrides_set_tls_server_name(k8sc_overrides *overrides, const char *name, k8sc_error **err)
{
    return set(overrides, err, [&] {
        if (name && !is_host_name(name))
            fail(K8SC_E_INVALID, concat("TLS server name ", quote(name), " is not a host name"));
        overrides->tls_server_name = text_or_empty(name);
    });
}

k8sc_status k8sc_overrides_set_insecure(k8sc_overrides *overrides, int insecure, k8sc_error **err)
{
    return set(overrides, err, [&] { overrides->insecure = insecure != 0; });
}

k8sc_status k8sc_overrides_set_proxy(k8sc_overrides *overrides, const char *url, k8sc_error **err)
{
    return set(overrides, err, [&] {
        if (url) need_proxy(url);
        overrides->proxy_url = text_or_empty(url);
    });
}

k8sc_status k8sc_overrides_set_ca_file(k8sc_overrides *overrides, const char *path, k8sc_error **err)
{
    return set(overrides, err, [&] { overrides->ca_file = path_or_empty(path, "path"); });
}

k8sc_status k8sc_overrides_set_token(k8sc_overrides *overrides, const char *token, k8sc_error **err)
{
    return set(overrides, err, [&] {
        if (token) need_line(token, "token");
        overrides->token = text_or_empty(token);
    });
}

k8sc_status k8sc_overrides_set_client_certificate_files(k8sc_overrides *overrides, const char *certificate_path,
                                                        const char *key_path, k8sc_error **err)
{
    return set(overrides, err, [&] {
        std::string certificate = path_or_empty(certificate_path, "certificate_path");
        overrides->key_file = path_or_empty(key_path, "key_path");
        overrides->certificate_file = std::move(certificate);
    });
}

k8sc_status k8sc_overrides_set_impersonation(k8sc_overrides *overrides, const char *user, const char *uid,
                                             k8sc_error **err)
{
    return set(overrides, err, [&] { set_impersonation(overrides->impersonation, user, uid); });
}

k8sc_status k8sc_overrides_add_impersonation_group(k8sc_overrides *overrides, const char *group, k8sc_error **err)
{
    return set(overrides, err, [&] { add_group(overrides->impersonation, group); });
}

k8sc_status k8sc_overrides_add_impersonation_extra(k8sc_overrides *overrides, const char *key, const char *value,
                                                   k8sc_error **err)
{
    return set(overrides, err, [&] { add_extra(overrides->impersonation, key, value); });
}

k8sc_status k8sc_overrides_set_timeout(k8sc_overrides *overrides, int64_t timeout_ms, k8sc_error **err)
{
    return set(overrides, err, [&] {
        need_timeout(timeout_ms);
        overrides->timeout_ms = timeout_ms;
    });
}

}  // extern "C"
