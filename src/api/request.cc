// k8sc_client_rest, k8sc_rest_client_*, k8sc_request_*, k8sc_call_*, k8sc_stream_*, k8sc_result_*.
#include "rest/request.h"

#include <strings.h>

#include "api/guard.h"
#include "api/list.h"
#include "rest/async_request.h"

using namespace k8sc;
using namespace k8sc::api;

struct k8sc_rest_client : ClientHandle {
    k8sc_rest_client(Ref<Client> client, std::string group_, std::string version_)
        : ClientHandle(std::move(client)),
          group(std::move(group_)),
          version(std::move(version_)),
          prefix(api_prefix(group, version))
    {
    }
    const std::string group, version, prefix;
};

namespace {

k8sc_status begin_request(k8sc_rest_client *rest, const char *method, const char *content_type, k8sc_request **out,
                          k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need_handle(rest, "rest");
        need(method, "verb");
        rest->client()->need_open();
        for (const char *c = method; *c; c++)
            if (!((*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z')))
                fail(K8SC_E_INVALID, concat("verb ", quote(method), " is not an HTTP method"));
        if (!*method) fail(K8SC_E_INVALID, "the verb is empty");
        auto request = std::make_unique<Request>(rest->client(), method, rest->prefix);
        if (content_type) request->set_content_type(content_type);
        *out = request.release();
    });
}

// A setter: answers the status, and keeps the first failure for whoever sends the request.
template <class Set>
k8sc_status set(k8sc_request *request, const void *value, const char *name, Set &&set)
{
    k8sc_error *error = nullptr;
    k8sc_status status = guard(&error, [&] {
        need(request, "request");
        need(value, name);
        set();
    });
    if (error && request && !request->failure) guard(nullptr, [&] { request->failure = *error; });
    k8sc_error_free(error);
    return status;
}

void need_request(const k8sc_request *request)
{
    need(request, "request");
    need_handle(request->client().get(), "request");
}

Ref<Queue> queue_for(const k8sc_request *request, k8sc_queue *queue)
{
    if (!queue) return request->client()->queue();
    need_handle(queue, "queue");
    return Ref<Queue>(queue);
}

using Starter = Ref<Call> (*)(const Request &, const Ref<Queue> &, const Callback &);

k8sc_status start_with(Starter starter, k8sc_request *request, k8sc_queue *queue, const Callback &callback,
                       k8sc_call **out, k8sc_error **err)
{
    Destroyer destroyer(callback.destroy, callback.user_data);
    return guard(err, [&] {
        if (out) *out = nullptr;
        need_request(request);
        Ref<Call> call = starter(*request, queue_for(request, queue), callback);
        destroyer.disarm();
        if (out) *out = hand_out(call);
    });
}

}  // namespace

extern "C" {

k8sc_status k8sc_client_rest(k8sc_client *client, const char *group, const char *version, k8sc_rest_client **out,
                             k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need_handle(client, "client");
        need(group, "group");
        need(version, "version");
        client->need_open();
        *out = hand_out(make<k8sc_rest_client>(Ref<Client>(client), group, version));
    });
}

k8sc_rest_client *k8sc_rest_client_ref(k8sc_rest_client *rest)
{
    if (rest) rest->user_retain();
    return rest;
}

void k8sc_rest_client_unref(k8sc_rest_client *rest)
{
    if (rest) rest->user_release();
}

k8sc_status k8sc_rest_client_verb(k8sc_rest_client *rest, const char *verb, k8sc_request **out, k8sc_error **err)
{
    return begin_request(rest, verb, nullptr, out, err);
}

k8sc_status k8sc_rest_client_get(k8sc_rest_client *rest, k8sc_request **out, k8sc_error **err)
{
    return begin_request(rest, "GET", nullptr, out, err);
}

k8sc_status k8sc_rest_client_post(k8sc_rest_client *rest, k8sc_request **out, k8sc_error **err)
{
    return begin_request(rest, "POST", nullptr, out, err);
}

k8sc_status k8sc_rest_client_put(k8sc_rest_client *rest, k8sc_request **out, k8sc_error **err)
{
    return begin_request(rest, "PUT", nullptr, out, err);
}

k8sc_status k8sc_rest_client_delete(k8sc_rest_client *rest, k8sc_request **out, k8sc_error **err)
{
    return begin_request(rest, "DELETE", nullptr, out, err);
}

k8sc_status k8sc_rest_client_patch(k8sc_rest_client *rest, int32_t patch_type, k8sc_request **out, k8sc_error **err)
{
    std::string type;
    k8sc_status status = guard(err, [&] {
        need_out(out);
        type = patch_content_type(patch_type);
    });
    return status < 0 ? status : begin_request(rest, "PATCH", type.c_str(), out, err);
}

const char *k8sc_rest_client_group(const k8sc_rest_client *rest) { return rest ? rest->group.c_str() : nullptr; }

const char *k8sc_rest_client_version(const k8sc_rest_client *rest) { return rest ? rest->version.c_str() : nullptr; }

k8sc_rate_limiter *k8sc_rest_client_rate_limiter(k8sc_rest_client *rest)
{
    return rest ? rest->client()->rate_limiter() : nullptr;
}

k8sc_status k8sc_request_set_namespace(k8sc_request *request, const char *name)
{
    return set(request, name, "name", [&] { request->set_namespace(name); });
}

k8sc_status k8sc_request_set_resource(k8sc_request *request, const char *resource)
{
    return set(request, resource, "resource", [&] { request->set_resource(resource); });
}

k8sc_status k8sc_request_set_name(k8sc_request *request, const char *name)
{
    return set(request, name, "name", [&] { request->set_name(name); });
}

k8sc_status k8sc_request_set_subresource(k8sc_request *request, const char *subresource)
{
    return set(request, subresource, "subresource", [&] { request->set_subresource(subresource); });
}

k8sc_status k8sc_request_set_suffix(k8sc_request *request, const char *suffix)
{
    return set(request, suffix, "suffix", [&] { request->set_suffix(suffix); });
}

k8sc_status k8sc_request_set_abs_path(k8sc_request *request, const char *path)
{
    return set(request, path, "path", [&] { request->set_abs_path(path); });
}

k8sc_status k8sc_request_set_request_uri(k8sc_request *request, const char *uri)
{
    return set(request, uri, "uri", [&] { request->set_request_uri(uri); });
}

k8sc_status k8sc_request_set_relative_uri(k8sc_request *request, const char *uri)
{
    return set(request, uri, "uri", [&] { request->set_relative_uri(uri); });
}

k8sc_status k8sc_request_add_param(k8sc_request *request, const char *name, const char *value)
{
    return set(request, name, "name", [&] {
        need(value, "value");
        request->add_param(name, value);
    });
}

k8sc_status k8sc_request_set_header(k8sc_request *request, const char *name, const char *value)
{
    return set(request, name, "name", [&] {
        need(value, "value");
        request->set_header(name, value);
    });
}

k8sc_status k8sc_request_set_body(k8sc_request *request, const char *body, size_t len, const char *content_type)
{
    return set(request, body, "body", [&] {
        std::string type = text_or_empty(content_type);
        for (char c : type)
            if (static_cast<unsigned char>(c) < ' ' || c == 0x7f)
                fail(K8SC_E_INVALID, concat("content type ", quote(type), " holds a control character"));
        request->set_body({body, len}, std::move(type));
    });
}

k8sc_status k8sc_request_set_object(k8sc_request *request, const k8sc_object *object)
{
    return set(request, object, "object", [&] { request->set_body(std::string(object->json()), ""); });
}

k8sc_status k8sc_request_set_timeout(k8sc_request *request, int64_t timeout_ms)
{
    return set(request, request, "request", [&] {
        need_timeout(timeout_ms);
        request->set_timeout(timeout_ms);
    });
}

k8sc_status k8sc_request_set_max_retries(k8sc_request *request, int32_t retries)
{
    return set(request, request, "request", [&] { request->set_max_retries(retries); });
}

k8sc_status k8sc_request_set_cancel(k8sc_request *request, k8sc_cancel *cancel)
{
    return set(request, request, "request", [&] {
        if (cancel) need_handle(cancel, "cancel");
        request->set_cancel(cancel);
    });
}

const char *k8sc_request_url(k8sc_request *request)
{
    if (!request || request->failure) return nullptr;
    return guard_value<const char *>(nullptr, [&] {
        request->url_text = request->url();
        return request->url_text.c_str();
    });
}

void k8sc_request_free(k8sc_request *request) { delete request; }

k8sc_status k8sc_request_do(k8sc_request *request, k8sc_result **out, k8sc_error **err)
{
    return guard(err, [&] {
        if (out) *out = nullptr;
        need_request(request);
        auto sink = std::make_shared<BufferSink>();
        CallSpec spec = request->spec();
        auto result = std::make_unique<Result>();
        result->method = spec.name.method;
        result->url = spec.name.url;
        CallResult answer = run_call(request->client(), std::move(spec), sink);
        if (answer.error) throw *answer.error;
        result->head = std::move(answer.head);
        result->body = std::move(sink->body());
        result->bounds = request->client()->list_bounds();
        result->throttled_ms = answer.throttled_ms;
        result->attempts = answer.attempts;
        result->warnings = std::move(answer.warnings);
        if (out) *out = result.release();
    });
}

k8sc_status k8sc_request_start(k8sc_request *request, k8sc_queue *queue, k8sc_event_fn fn, void *user_data,
                               k8sc_destroy_fn destroy, k8sc_call **out, k8sc_error **err)
{
    return start_with(start_request, request, queue, {fn, user_data, destroy}, out, err);
}

k8sc_status k8sc_request_start_stream(k8sc_request *request, k8sc_queue *queue, k8sc_event_fn fn, void *user_data,
                                      k8sc_destroy_fn destroy, k8sc_call **out, k8sc_error **err)
{
    return start_with(start_stream, request, queue, {fn, user_data, destroy}, out, err);
}

k8sc_status k8sc_request_stream(k8sc_request *request, k8sc_stream **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need_request(request);
        *out = k8sc_stream::open(*request).release();
    });
}

k8sc_call *k8sc_call_ref(k8sc_call *call)
{
    if (call) call->user_retain();
    return call;
}

void k8sc_call_unref(k8sc_call *call)
{
    if (call) call->user_release();
}

void k8sc_call_cancel(k8sc_call *call)
{
    if (!call || call->forked()) return;
    guard(nullptr, [&] { call->cancel(); });
}

k8sc_status k8sc_stream_read(k8sc_stream *stream, char *buffer, size_t size, int64_t timeout_ms, size_t *n,
                             k8sc_error **err)
{
    return guard(err, [&] {
        need(n, "n");
        *n = 0;
        need(stream, "stream");
        need(buffer, "buffer");
        need_timeout(timeout_ms);
        if (size == 0) fail(K8SC_E_INVALID, "size is 0");
        *n = stream->read(buffer, size, timeout_ms);
    });
}

void k8sc_stream_free(k8sc_stream *stream) { delete stream; }

void k8sc_result_free(k8sc_result *result) { delete result; }

int32_t k8sc_result_http_status(const k8sc_result *result) { return result ? result->head.status : 0; }

const char *k8sc_result_body(const k8sc_result *result, size_t *len)
{
    if (len) *len = result ? result->body.size() : 0;
    return result ? result->body.c_str() : nullptr;
}

const char *k8sc_result_header(const k8sc_result *result, const char *name)
{
    if (!result || !name) return nullptr;
    for (auto &header : result->head.headers)
        if (strcasecmp(header.first.c_str(), name) == 0) return header.second.c_str();
    return nullptr;
}

k8sc_status k8sc_result_object(const k8sc_result *result, k8sc_object **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need(result, "result");
        OneObjectSink sink(result->bounds.object_bytes);
        try {
            sink.head(result->head);
            sink.data(result->body);
            sink.end();
        } catch (Error &error) {
            throw named(std::move(error), {"", result->method, result->url});
        }
        *out = sink.take().detach();
    });
}

k8sc_status k8sc_result_list(const k8sc_result *result, k8sc_list **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need(result, "result");
        try {
            *out = new_list(parse_list(result->body, result->bounds));
        } catch (Error &error) {
            throw named(std::move(error), {"", result->method, result->url});
        }
    });
}

int64_t k8sc_result_throttled_ms(const k8sc_result *result) { return result ? result->throttled_ms : 0; }

int32_t k8sc_result_attempts(const k8sc_result *result) { return result ? result->attempts : 0; }

}  // extern "C"
