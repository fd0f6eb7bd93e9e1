#include "testing/server/server.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <utility>

#include <unistd.h>

#include "testing/base/failure.h"
#include "testing/http/gzip.h"
#include "testing/rules/metadata.h"
#include "testing/schema/names.h"
#include "testing/schema/status.h"
#include "testing/server/kubeconfig.h"
#include "testing/store/pods.h"

namespace k8sc::testing {

namespace {

// One that is let in. Where nobody asks for one it is there all the same: kubectl asks whom it works for, and others
// refuse to, where a kubeconfig has no credential.
std::string token_for(const ApiOptions &options)
{
    if (options.token) return *options.token;
    return options.users.empty() ? "anybody" : options.users.front().first;
}

}  // namespace

Server::Server(Options options)
    : kinds(options.allow_any_resource, options.api.strict, options.api.release),
      store(static_cast<size_t>(options.event_window)),
      resources(store, kinds, clock, options.api.strict, options.api.release),
      api(options.api, clock, store, kinds, resources),
      base_path_(options.base_path),
      http2_(options.http2.enabled),
      tls_(options.tls ? make_server_tls("", http2_) : ServerTls()),
      http_({[this](Request &request) { return begin(request); },
             [this](Request &request, Connection &connection) { return handle(request, connection); }},
            options.http2),
      listener_(
          options.port, [this](Transport &transport) { http_.serve(transport); }, tls_.context.get())
{
    if (options.admin) admin_.emplace(*this);
    for (Kind &kind : options.kinds) kinds.add(std::move(kind));
    resources.begin(api.has_authorization());
    const std::string address = "127.0.0.1:" + std::to_string(listener_.port());
    api.set_address(address);
    url = (options.tls ? "https://" : "http://") + address + base_path_;
    ca_pem = tls_.ca_pem;
    kubeconfig = make_kubeconfig(url, ca_pem, token_for(options.api));
}

// While requests are still answered, which may ask for more.
Server::~Server()
{
    if (admin_) admin_->end();
    if (!kubeconfig_path_.empty()) unlink(kubeconfig_path_.c_str());
}

const std::string &Server::kubeconfig_path()
{
    std::lock_guard lock(path_mutex_);
    if (kubeconfig_path_.empty()) {
        const char *folder = getenv("TMPDIR");
        const std::string path = std::string(folder && *folder ? folder : "/tmp") + "/k8sc-testing-" + random_uid();
        write_private_file(path, kubeconfig);
        kubeconfig_path_ = path;
    }
    return kubeconfig_path_;
}

void Server::start()
{
    std::lock_guard lock(lifecycle_);
    listener_.start();
    state_ = State::running;
}

void Server::stop()
{
    std::lock_guard lock(lifecycle_);
    listener_.stop(false);
    state_ = State::stopped;
}

void Server::restart()
{
    std::lock_guard lock(lifecycle_);
    // Should the port be lost on the way, it is a server that is stopped.
    const State before = std::exchange(state_, State::stopped);
    if (before != State::stopped) listener_.stop(true);
    listener_.start();
    state_ = State::running;
}

void Server::pause()
{
    std::lock_guard lock(lifecycle_);
    if (state_ == State::stopped) fail(K8SC_E_STATE, "the server is stopped");
    state_ = State::stopped;
    listener_.stop(true);
    state_ = State::paused;
}

void Server::resume()
{
    std::lock_guard lock(lifecycle_);
    if (state_ == State::stopped) fail(K8SC_E_STATE, "the server is stopped");
    state_ = State::stopped;
    listener_.start();
    state_ = State::running;
}

std::string Server::prepare_certificate()
{
    std::lock_guard lock(lifecycle_);
    if (!tls_.context) fail(K8SC_E_STATE, "the server has no TLS");
    next_tls_ = make_server_tls("", http2_);
    return next_tls_.ca_pem;
}

// That certificate, and this authority of the clients.
void Server::change_tls(const ServerTls &certificate, const std::string &client_ca_pem)
{
    ServerTls with = make_server_tls(client_ca_pem, http2_);
    SSL_CTX_use_certificate(with.context.get(), SSL_CTX_get0_certificate(certificate.context.get()));
    SSL_CTX_use_PrivateKey(with.context.get(), SSL_CTX_get0_privatekey(certificate.context.get()));
    with.ca_pem = certificate.ca_pem;
    listener_.set_tls(with.context.get());
    tls_ = std::move(with);
    client_ca_pem_ = client_ca_pem;
}

std::string Server::renew_certificate()
{
    std::lock_guard lock(lifecycle_);
    if (!tls_.context) fail(K8SC_E_STATE, "the server has no TLS");
    const ServerTls next = next_tls_.context ? std::exchange(next_tls_, {}) : make_server_tls("", http2_);
    change_tls(next, client_ca_pem_);
    return tls_.ca_pem;
}

void Server::set_client_ca(const std::string &pem)
{
    {
        std::lock_guard lock(lifecycle_);
        if (!tls_.context) fail(K8SC_E_STATE, "the server has no TLS");
        // The server itself stays who it is.
        change_tls(tls_, pem);
    }
    api.authentication().set_certificates(!pem.empty());
}

void Server::set_token(const char *token)
{
    if (!token) return api.authentication().set_token({});
    const auto printable = [](char c) { return c > ' ' && c < 0x7f; };
    const std::string text(token);
    if (text.empty() || !std::all_of(text.begin(), text.end(), printable))
        fail(K8SC_E_INVALID, "token is empty, or has a character that no header can hold");
    api.authentication().set_token(text);
}

void Server::advance_clock(int64_t ms)
{
    clock.advance(ms);
    resources.end_grace();
    store.wake();
}

void Server::clear()
{
    store.clear();
    api.logs().clear();
    resources.begin(api.has_authorization());
}

void Server::disconnect() { listener_.disconnect(); }

// Rules are asked once, also those that let a request come no further.
std::optional<StreamFault> Server::begin(Request &request)
{
    request.resolve(base_path_);
    if (request.is_outside) return std::nullopt;
    if (admin_ && admin_->is_for(request)) return std::nullopt;
    auto fault = faults.match(request);
    if (!fault) return std::nullopt;
    if (const auto of_stream = stream_fault(*fault)) return of_stream;
    request.fault = std::make_shared<const FaultAction>(std::move(*fault));
    return std::nullopt;
}

Reply Server::handle(Request &request, Connection &connection)
{
    request.certificate = connection.certificate();
    if (request.is_outside) {
        requests.add(request);
        return no_page();
    }
    if (admin_)
        if (auto reply = admin_->handle(request)) return std::move(*reply);
    requests.add(request);
    const auto &fault = request.fault;
    if (!fault) {
        if (!reactors.empty() && api.is_allowed(request))
            if (auto reply = reactors.react(request)) return std::move(*reply);
        return compressed(request, connection, api.handle(request));
    }
    if (!begin_fault(*fault, connection)) return {};
    if (auto reply = replacing_reply(*fault, request)) return std::move(*reply);
    Reply reply = api.handle(request);
    spoil_reply(*fault, request, reply, connection);
    return reply;
}

void Server::put(std::string_view json)
{
    std::string why;
    const Json document = Json::parse(json, why);
    if (!document) fail(K8SC_E_PARSE, "the object is no JSON: " + why);
    const std::string kind(text_at(document.get(), {"kind"})), version(text_at(document.get(), {"apiVersion"}));
    const auto put_one = [&](Json one, const std::string &default_kind) {
        if (!json_is_object(one.get()))
            fail(K8SC_E_PARSE, std::string("an object was expected and not one of type ") + type_name(one.get()));
        if (text_at(one.get(), {"kind"}).empty()) set(one.get(), "kind", Json::text(default_kind));
        if (text_at(one.get(), {"apiVersion"}).empty()) set(one.get(), "apiVersion", Json::text(version));
        const std::string_view own_kind = text_at(one.get(), {"kind"}),
                               own_version = text_at(one.get(), {"apiVersion"});
        const bool namespaced = !text_at(one.get(), {"metadata", "namespace"}).empty();
        const KindPtr found = kinds.find_kind(own_version, own_kind, namespaced);
        if (!found)
            throw bad_request("no kind \"" + std::string(own_kind) + "\" is known in version \"" +
                              std::string(own_version) + "\"");
        resources.put(found, std::move(one));
    };
    const json_t *items = value_at(document.get(), {"items"});
    if (!kind.ends_with("List") || !json_is_array(items)) return put_one(document, "");
    for (size_t i = 0; i < json_array_size(items); ++i)
        put_one(Json::share(json_array_get(items, i)), kind.substr(0, kind.size() - 4));
}

void Server::load(std::string_view manifest)
{
    k8sc_list *parsed = nullptr;
    k8sc_error *failure = nullptr;
    const k8sc_status status = k8sc_manifest_parse(manifest.data(), manifest.size(), &parsed, &failure);
    const std::unique_ptr<k8sc_list, decltype(&k8sc_list_free)> objects(parsed, k8sc_list_free);
    const std::unique_ptr<k8sc_error, decltype(&k8sc_error_free)> error(failure, k8sc_error_free);
    if (status != K8SC_OK) fail(status, k8sc_error_message(error.get()));
    for (int64_t i = 0; i < k8sc_list_size(objects.get()); ++i) {
        size_t size = 0;
        const k8sc_object *object = k8sc_list_at(objects.get(), i);
        const char *json = k8sc_object_json(object, &size);
        try {
            put(std::string_view(json, size));
        } catch (ApiError &wrong) {
            wrong.message =
                std::string(k8sc_object_kind(object)) + " " + k8sc_object_name(object) + ": " + wrong.message;
            throw;
        }
    }
}

KindPtr Server::find_kind(const char *group, const char *version, const char *resource, const char *ns) const
{
    need(version, "version");
    need(resource, "resource");
    KindPtr kind = kinds.find(group ? group : "", version, resource, ns != nullptr);
    if (!kind) throw no_such_resource();
    return kind;
}

void Server::generate_pods(const std::string &ns, const std::string &prefix, int32_t count)
{
    const KindPtr kind = kinds.find("", "v1", "pods", true);
    for (int32_t number = 0; number < count; ++number) resources.put(kind, make_pod(ns, prefix, number));
}

}  // namespace k8sc::testing
