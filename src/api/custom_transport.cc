// k8sc_config_set_transport and k8sc_transport_*.
#include "net/custom_transport.h"
#include "api/guard.h"
#include "config/checks.h"
#include "config/config.h"
#include "core/clock.h"

using namespace k8sc;
using namespace k8sc::api;

extern "C" {

k8sc_status k8sc_config_set_transport(k8sc_config *config, k8sc_transport_fn fn, void *user_data,
                                      k8sc_destroy_fn destroy, k8sc_error **err)
{
    Destroyer destroyer(destroy, user_data);
    return guard(err, [&] {
        need(config, "config");
        Ref<TransportFunction> function;
        if (fn) {
            function = make<TransportFunction>(fn, user_data, destroy);
            destroyer.disarm();
        }
        config->transport = function;
    });
}

const char *k8sc_transport_request_method(const k8sc_transport_request *request)
{
    return request ? request->method.c_str() : nullptr;
}

const char *k8sc_transport_request_url(const k8sc_transport_request *request)
{
    return request ? request->url.c_str() : nullptr;
}

const char *k8sc_transport_request_header(const k8sc_transport_request *request, const char *name)
{
    const std::string *value = request && name ? request->header(name) : nullptr;
    return value ? value->c_str() : nullptr;
}

const char *k8sc_transport_request_body(const k8sc_transport_request *request, size_t *len)
{
    if (len) *len = request ? request->body.size() : 0;
    return request ? request->body.c_str() : nullptr;
}

k8sc_status k8sc_transport_reply_set_status(k8sc_transport_reply *reply, int32_t status, k8sc_error **err)
{
    return guard(err, [&] {
        need(reply, "reply");
        if (status < 200 || status > 599)
            fail(K8SC_E_INVALID, concat("status is ", std::to_string(status), "; it must be 200 to 599"));
        reply->set_status(status);
    });
}

k8sc_status k8sc_transport_reply_add_header(k8sc_transport_reply *reply, const char *name, const char *value,
                                            k8sc_error **err)
{
    return guard(err, [&] {
        need(reply, "reply");
        need(name, "name");
        need(value, "value");
        if (!*name || has_control_character(name))
            fail(K8SC_E_INVALID, concat("name ", quote(name), " is no header's name"));
        if (has_control_character(value)) fail(K8SC_E_INVALID, "value holds a line break or another control character");
        reply->add_header(name, value);
    });
}

k8sc_status k8sc_transport_reply_append(k8sc_transport_reply *reply, const char *data, size_t len, k8sc_error **err)
{
    return guard(err, [&] {
        need(reply, "reply");
        if (len) need(data, "data");
        reply->append({data, len});
    });
}

k8sc_status k8sc_transport_reply_fail(k8sc_transport_reply *reply, k8sc_status code, const char *message,
                                      k8sc_error **err)
{
    return guard(err, [&] {
        need(reply, "reply");
        if (code >= 0) fail(K8SC_E_INVALID, concat("code is ", std::to_string(code), "; it must be one of K8SC_E_"));
        Error error(code, message ? message : k8sc_status_name(code));
        // As a connection that was lost: what is harmless is tried again.
        error.connection_lost = code == K8SC_E_TRANSPORT;
        reply->fail(std::move(error));
    });
}

int k8sc_transport_reply_is_cancelled(k8sc_transport_reply *reply)
{
    return reply && guard_value(false, [&] { return reply->is_cancelled(); });
}

k8sc_status k8sc_transport_reply_wait(k8sc_transport_reply *reply, int64_t timeout_ms, int *cancelled, k8sc_error **err)
{
    if (cancelled) *cancelled = 0;
    return guard(err, [&] {
        need(reply, "reply");
        need_timeout(timeout_ms);
        bool ended = reply->wait_cancelled(deadline_after(timeout_ms));
        if (cancelled) *cancelled = ended;
    });
}

}  // extern "C"
