// k8sc_testing_server_*: its life, its objects, its requests and its faults.
#include <cstdlib>
#include <cstring>
#include <memory>

#include "testing/base/failure.h"
#include "testing/c/c_handles.h"
#include "testing/c/guard.h"
#include "testing/schema/status.h"
#include "testing/server/kubeconfig.h"

using k8sc::guard_value;
using namespace k8sc::testing;

namespace {

std::string_view text_or_empty(const char *text) { return text ? text : ""; }

// The out-parameter for a text: NULL until it is made.
void need_out(char **out)
{
    need(out, "out");
    *out = nullptr;
}

char *copy_of(const std::string &text)
{
    char *copy = strdup(text.c_str());
    if (!copy) throw std::bad_alloc();
    return copy;
}

// For functions that take nothing but the server.
template <void (Server::*Act)()>
k8sc_status act(k8sc_testing_server *server, k8sc_error **err)
{
    return guard(err, [&] { (server_of(server).*Act)(); });
}

}  // namespace

extern "C" {

void k8sc_testing_string_free(char *text) { free(text); }

k8sc_status k8sc_testing_server_start(const k8sc_testing_options *options, k8sc_testing_server **out, k8sc_error **err)
{
    return guard(err, [&] {
        need(out, "out");
        *out = nullptr;
        auto server = std::make_unique<k8sc_testing_server>(options ? options->options : Options());
        server->server.start();
        *out = server.release();
    });
}

k8sc_status k8sc_testing_server_set_token(k8sc_testing_server *server, const char *token, k8sc_error **err)
{
    return guard(err, [&] { server_of(server).set_token(token); });
}

k8sc_status k8sc_testing_server_add_token(k8sc_testing_server *server, const char *token, k8sc_error **err)
{
    return guard(err, [&] {
        Server &of = server_of(server);
        need(token, "token");
        of.api.authentication().add_token(checked_token(token));
    });
}

k8sc_status k8sc_testing_server_set_client_ca(k8sc_testing_server *server, const char *pem, k8sc_error **err)
{
    return guard(err, [&] { server_of(server).set_client_ca(pem ? pem : ""); });
}

k8sc_status k8sc_testing_server_prepare_certificate(k8sc_testing_server *server, char **ca_pem, k8sc_error **err)
{
    return guard(err, [&] {
        need(ca_pem, "ca_pem");
        *ca_pem = nullptr;
        *ca_pem = copy_of(server_of(server).prepare_certificate());
    });
}

k8sc_status k8sc_testing_server_renew_certificate(k8sc_testing_server *server, char **ca_pem, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(ca_pem);
        *ca_pem = copy_of(server_of(server).renew_certificate());
    });
}

k8sc_status k8sc_testing_server_set_streaming_lists(k8sc_testing_server *server, int32_t how, k8sc_error **err)
{
    return guard(err, [&] { server_of(server).api.set_streaming(streaming_of(how)); });
}

k8sc_status k8sc_testing_server_stop(k8sc_testing_server *server, k8sc_error **err)
{
    return act<&Server::stop>(server, err);
}
k8sc_status k8sc_testing_server_restart(k8sc_testing_server *server, k8sc_error **err)
{
    return act<&Server::restart>(server, err);
}
k8sc_status k8sc_testing_server_pause(k8sc_testing_server *server, k8sc_error **err)
{
    return act<&Server::pause>(server, err);
}
k8sc_status k8sc_testing_server_resume(k8sc_testing_server *server, k8sc_error **err)
{
    return act<&Server::resume>(server, err);
}
k8sc_status k8sc_testing_server_disconnect(k8sc_testing_server *server, k8sc_error **err)
{
    return act<&Server::disconnect>(server, err);
}

void k8sc_testing_server_free(k8sc_testing_server *server)
{
    if (server && !server->forked()) delete server;
}

const char *k8sc_testing_server_url(const k8sc_testing_server *server)
{
    return server ? server->server.url.c_str() : nullptr;
}

const char *k8sc_testing_server_ca_pem(const k8sc_testing_server *server)
{
    return server && !server->server.ca_pem.empty() ? server->server.ca_pem.c_str() : nullptr;
}

const char *k8sc_testing_server_kubeconfig(const k8sc_testing_server *server)
{
    return server ? server->server.kubeconfig.c_str() : nullptr;
}

k8sc_status k8sc_testing_server_write_kubeconfig(const k8sc_testing_server *server, const char *path, k8sc_error **err)
{
    return guard(err, [&] {
        Server &self = server_of(server);
        need(path, "path");
        write_private_file(path, self.kubeconfig);
    });
}

k8sc_status k8sc_testing_server_kubeconfig_path(k8sc_testing_server *server, const char **out, k8sc_error **err)
{
    return guard(err, [&] {
        need(out, "out");
        *out = nullptr;
        *out = server_of(server).kubeconfig_path().c_str();
    });
}

k8sc_status k8sc_testing_server_config(const k8sc_testing_server *server, k8sc_config **out, k8sc_error **err)
{
    return guard(err, [&] {
        need(out, "out");
        *out = nullptr;
        const std::string &text = server_of(server).kubeconfig;
        k8sc_error *failure = nullptr;
        const k8sc_status status = k8sc_config_parse(text.data(), text.size(), nullptr, out, &failure);
        const std::unique_ptr<k8sc_error, decltype(&k8sc_error_free)> error(failure, k8sc_error_free);
        if (status != K8SC_OK) fail(status, k8sc_error_message(error.get()));
    });
}

k8sc_status k8sc_testing_server_load(k8sc_testing_server *server, const char *manifest, size_t len, k8sc_error **err)
{
    return guard(err, [&] {
        Server &self = server_of(server);
        need(manifest, "manifest");
        self.load(std::string_view(manifest, len));
    });
}

k8sc_status k8sc_testing_server_put(k8sc_testing_server *server, const char *json, size_t len, k8sc_error **err)
{
    return guard(err, [&] {
        Server &self = server_of(server);
        need(json, "json");
        self.put(std::string_view(json, len));
    });
}

k8sc_status k8sc_testing_server_remove(k8sc_testing_server *server, const char *group, const char *version,
                                       const char *resource, const char *ns, const char *name, k8sc_error **err)
{
    return guard(err, [&] {
        Server &self = server_of(server);
        need(name, "name");
        const KindPtr kind = self.find_kind(group, version, resource, ns);
        self.resources.erase(*kind, std::string(text_or_empty(ns)), name);
    });
}

k8sc_status k8sc_testing_server_get(const k8sc_testing_server *server, const char *group, const char *version,
                                    const char *resource, const char *ns, const char *name, char **out,
                                    k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        Server &self = server_of(server);
        need(name, "name");
        const KindPtr kind = self.find_kind(group, version, resource, ns);
        const std::string in(kind->namespaced ? text_or_empty(ns) : "");
        const ObjectPtr object = self.store.find(kind->collection(), in + "/" + name);
        if (!object) throw not_found(*kind, name);
        *out = copy_of(object->text(*kind));
    });
}

k8sc_status k8sc_testing_server_generate_pods(k8sc_testing_server *server, const char *ns, const char *prefix,
                                              int32_t count, k8sc_error **err)
{
    return guard(err, [&] {
        Server &self = server_of(server);
        need(ns, "ns");
        need(prefix, "prefix");
        if (count < 0 || count > 10000000)
            fail(K8SC_E_INVALID, "count is " + std::to_string(count) + "; it must be 0 to 10000000");
        self.generate_pods(ns, prefix, count);
    });
}

k8sc_status k8sc_testing_server_resource_version(const k8sc_testing_server *server, int64_t *out, k8sc_error **err)
{
    return guard(err, [&] {
        need(out, "out");
        *out = 0;
        *out = server_of(server).store.resource_version();
    });
}

k8sc_status k8sc_testing_server_compact(k8sc_testing_server *server, k8sc_error **err)
{
    return guard(err, [&] { server_of(server).store.compact(); });
}

int64_t k8sc_testing_server_request_count(const k8sc_testing_server *server, const char *method,
                                          const char *path_prefix)
{
    return guard_value<int64_t>(
        -1, [&] { return server_of(server).requests.count(text_or_empty(method), text_or_empty(path_prefix)); });
}

int64_t k8sc_testing_server_action_count(const k8sc_testing_server *server, const char *verb, const char *resource,
                                         const char *ns, const char *name)
{
    return guard_value<int64_t>(-1, [&] {
        return server_of(server).requests.count_actions(
            ActionMatch::of(text_or_empty(verb), text_or_empty(resource), text_or_empty(ns), text_or_empty(name)));
    });
}

k8sc_status k8sc_testing_server_actions(const k8sc_testing_server *server, const char *verb, const char *resource,
                                        const char *ns, const char *name, char **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        *out = copy_of(server_of(server).requests.actions(
            ActionMatch::of(text_or_empty(verb), text_or_empty(resource), text_or_empty(ns), text_or_empty(name))));
    });
}

k8sc_status k8sc_testing_server_advance_clock(k8sc_testing_server *server, int64_t ms, k8sc_error **err)
{
    return guard(err, [&] {
        if (ms < 0 || ms > 366LL * 86400 * 1000)
            fail(K8SC_E_INVALID, "ms is " + std::to_string(ms) + "; it must be 0 to a year");
        server_of(server).advance_clock(ms);
    });
}

k8sc_status k8sc_testing_server_clear(k8sc_testing_server *server, k8sc_error **err)
{
    return guard(err, [&] { server_of(server).clear(); });
}

int64_t k8sc_testing_server_watch_count(const k8sc_testing_server *server)
{
    return guard_value<int64_t>(-1, [&] { return server_of(server).api.watch_count(); });
}

int64_t k8sc_testing_server_connection_count(const k8sc_testing_server *server)
{
    return guard_value<int64_t>(-1, [&] { return server_of(server).connection_count(); });
}

k8sc_status k8sc_testing_server_last_request(const k8sc_testing_server *server, const char *method,
                                             const char *path_prefix, char **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        const auto found = server_of(server).requests.last(text_or_empty(method), text_or_empty(path_prefix));
        if (!found) fail(K8SC_E_STATE, "no such request is remembered");
        *out = copy_of(*found);
    });
}

k8sc_status k8sc_testing_server_request_log(const k8sc_testing_server *server, char **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        *out = copy_of(server_of(server).requests.all());
    });
}

k8sc_status k8sc_testing_server_forget_requests(k8sc_testing_server *server, k8sc_error **err)
{
    return guard(err, [&] { server_of(server).requests.clear(); });
}

k8sc_status k8sc_testing_server_add_fault(k8sc_testing_server *server, const char *rule_json, int64_t *id,
                                          k8sc_error **err)
{
    return guard(err, [&] {
        if (id) *id = 0;
        Server &self = server_of(server);
        need(rule_json, "rule_json");
        const int64_t added = self.faults.add(rule_json);
        if (id) *id = added;
    });
}

k8sc_status k8sc_testing_server_remove_fault(k8sc_testing_server *server, int64_t id, k8sc_error **err)
{
    return guard(err, [&] {
        if (!server_of(server).faults.remove(id)) fail(K8SC_E_INVALID, "there is no fault rule " + std::to_string(id));
    });
}

k8sc_status k8sc_testing_server_clear_faults(k8sc_testing_server *server, k8sc_error **err)
{
    return guard(err, [&] { server_of(server).faults.clear(); });
}

int64_t k8sc_testing_server_fault_count(const k8sc_testing_server *server, int64_t id)
{
    return guard_value<int64_t>(-1, [&] { return server_of(server).faults.count(id); });
}

}  // extern "C"
