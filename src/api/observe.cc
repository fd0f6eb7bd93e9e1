// k8sc_client_on_*, k8sc_subscription_*, what their events say, and k8sc_client_metrics_*.
#include <cstring>

#include "api/guard.h"
#include "rest/observer.h"
#include "rest/request.h"

using namespace k8sc;
using namespace k8sc::api;

namespace {

const TextPayload *note_of(const k8sc_event *event)
{
    bool is_note = event && (event->kind == K8SC_EVENT_WARNING || event->kind == K8SC_EVENT_LOG ||
                             event->kind == K8SC_EVENT_TRACE);
    return is_note ? static_cast<const TextPayload *>(event->payload.get()) : nullptr;
}

template <class Check>
k8sc_status subscribe(k8sc_client *client, int32_t kind, k8sc_queue *queue, const Callback &callback,
                      k8sc_subscription **out, k8sc_error **err, Check &&check)
{
    Destroyer destroyer(callback.destroy, callback.user_data);
    return guard(err, [&] {
        if (out) *out = nullptr;
        need_handle(client, "client");
        if (queue) need_handle(queue, "queue");
        client->need_open();
        auto observer =
            make<Observer>(Ref<Client>(client), kind, queue ? Ref<Queue>(queue) : client->queue(), callback);
        check(*observer);
        observer->queue->attach(observer->subscription, [&] { client->observers()->begin(observer); });
        destroyer.disarm();
        if (out) *out = hand_out(observer);
    });
}

template <class Write>
k8sc_status metrics(k8sc_client *client, char **out, k8sc_error **err, Write &&write)
{
    return guard(err, [&] {
        need_out(out);
        need_handle(client, "client");
        std::string text = write(client->snapshot(), client->url().authority());
        *out = new_text(text);
    });
}

}  // namespace

extern "C" {

k8sc_status k8sc_client_on_warning(k8sc_client *client, int repeated, k8sc_queue *queue, k8sc_event_fn fn,
                                   void *user_data, k8sc_destroy_fn destroy, k8sc_subscription **out, k8sc_error **err)
{
    return subscribe(client, K8SC_EVENT_WARNING, queue, {fn, user_data, destroy}, out, err,
                     [&](Observer &observer) { observer.repeated = repeated != 0; });
}

k8sc_status k8sc_client_on_log(k8sc_client *client, int32_t level, k8sc_queue *queue, k8sc_event_fn fn, void *user_data,
                               k8sc_destroy_fn destroy, k8sc_subscription **out, k8sc_error **err)
{
    return subscribe(client, K8SC_EVENT_LOG, queue, {fn, user_data, destroy}, out, err, [&](Observer &observer) {
        if (level < K8SC_LOG_ERROR || level > K8SC_LOG_TRACE)
            fail(K8SC_E_INVALID, concat("level is ", std::to_string(level), "; it must be one of K8SC_LOG_"));
        observer.level = level;
    });
}

k8sc_status k8sc_client_on_trace(k8sc_client *client, k8sc_queue *queue, k8sc_event_fn fn, void *user_data,
                                 k8sc_destroy_fn destroy, k8sc_subscription **out, k8sc_error **err)
{
    return subscribe(client, K8SC_EVENT_TRACE, queue, {fn, user_data, destroy}, out, err, [](Observer &) {});
}

k8sc_subscription *k8sc_subscription_ref(k8sc_subscription *subscription)
{
    if (subscription) subscription->user_retain();
    return subscription;
}

void k8sc_subscription_unref(k8sc_subscription *subscription)
{
    if (subscription) subscription->user_release();
}

void k8sc_subscription_cancel(k8sc_subscription *subscription)
{
    if (!subscription || subscription->forked()) return;
    guard(nullptr, [&] { subscription->cancel(); });
}

k8sc_status k8sc_client_metrics_json(k8sc_client *client, char **out, k8sc_error **err)
{
    return metrics(client, out, err, metrics_json);
}

k8sc_status k8sc_client_metrics_prometheus(k8sc_client *client, char **out, k8sc_error **err)
{
    return metrics(client, out, err, metrics_prometheus);
}

const char *k8sc_event_text(const k8sc_event *event)
{
    auto note = note_of(event);
    return note ? note->text.c_str() : nullptr;
}

int32_t k8sc_event_level(const k8sc_event *event)
{
    auto note = note_of(event);
    return note ? note->level : 0;
}

const char *k8sc_event_component(const k8sc_event *event)
{
    auto note = note_of(event);
    return note && !note->component.empty() ? note->component.c_str() : nullptr;
}

int64_t k8sc_event_dropped(const k8sc_event *event)
{
    auto note = note_of(event);
    return note ? note->dropped : 0;
}

int32_t k8sc_result_warning_count(const k8sc_result *result)
{
    return result ? static_cast<int32_t>(result->warnings.size()) : 0;
}

const char *k8sc_result_warning(const k8sc_result *result, int32_t index)
{
    if (!result || index < 0 || static_cast<size_t>(index) >= result->warnings.size()) return nullptr;
    return result->warnings[static_cast<size_t>(index)].c_str();
}

}  // extern "C"
