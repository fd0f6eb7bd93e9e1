// k8sc_queue_*, k8sc_event_*.
#include "queue/queue.h"

#include "api/guard.h"
#include "api/list.h"
#include "rest/request.h"

using namespace k8sc;
using namespace k8sc::api;

extern "C" {

k8sc_status k8sc_queue_new(k8sc_queue **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        *out = hand_out(make<Queue>());
    });
}

k8sc_queue *k8sc_queue_ref(k8sc_queue *queue)
{
    if (queue) queue->user_retain();
    return queue;
}

void k8sc_queue_unref(k8sc_queue *queue)
{
    if (queue) queue->user_release();
}

int k8sc_queue_fd(const k8sc_queue *queue) { return queue ? queue->fd() : -1; }

k8sc_status k8sc_queue_wait(k8sc_queue *queue, int64_t timeout_ms, int *ready, k8sc_error **err)
{
    return guard(err, [&] {
        if (ready) *ready = 0;
        need_handle(queue, "queue");
        need_timeout(timeout_ms);
        bool waiting = queue->wait(timeout_ms);
        if (ready) *ready = waiting;
    });
}

k8sc_status k8sc_queue_dispatch(k8sc_queue *queue, int32_t max, int32_t *n_done, k8sc_error **err)
{
    return guard(err, [&] {
        if (n_done) *n_done = 0;
        need_handle(queue, "queue");
        if (max < 0) fail(K8SC_E_INVALID, "max is " + std::to_string(max) + "; it must be at least 0");
        int32_t unwanted;
        queue->dispatch(max, n_done ? *n_done : unwanted);
    });
}

k8sc_status k8sc_queue_take(k8sc_queue *queue, k8sc_event **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need_handle(queue, "queue");
        *out = queue->take().release();
    });
}

int64_t k8sc_queue_depth(k8sc_queue *queue)
{
    if (!queue || queue->forked()) return 0;
    return static_cast<int64_t>(queue->depth());
}

void k8sc_queue_wakeup(k8sc_queue *queue)
{
    if (queue) queue->wakeup();
}

k8sc_status k8sc_queue_start_thread(k8sc_queue *queue, k8sc_error **err)
{
    return guard(err, [&] {
        need_handle(queue, "queue");
        queue->start_thread();
    });
}

int32_t k8sc_event_kind(const k8sc_event *event) { return event ? event->kind : 0; }

const char *k8sc_event_kind_name(const k8sc_event *event)
{
    switch (event ? event->kind : 0) {
    case K8SC_EVENT_ADD: return "ADD";
    case K8SC_EVENT_UPDATE: return "UPDATE";
    case K8SC_EVENT_DELETE: return "DELETE";
    case K8SC_EVENT_SYNC: return "SYNC";
    case K8SC_EVENT_ADDED: return "ADDED";
    case K8SC_EVENT_MODIFIED: return "MODIFIED";
    case K8SC_EVENT_DELETED: return "DELETED";
    case K8SC_EVENT_BOOKMARK: return "BOOKMARK";
    case K8SC_EVENT_ERROR: return "ERROR";
    case K8SC_EVENT_COMPLETED: return "COMPLETED";
    case K8SC_EVENT_DATA: return "DATA";
    case K8SC_EVENT_CLOSED: return "CLOSED";
    case K8SC_EVENT_WARNING: return "WARNING";
    case K8SC_EVENT_LOG: return "LOG";
    case K8SC_EVENT_TRACE: return "TRACE";
    default: return "?";
    }
}

k8sc_object *k8sc_event_object(const k8sc_event *event) { return event ? look_at(&event->object) : nullptr; }

k8sc_object *k8sc_event_old_object(const k8sc_event *event)
{
    if (!event) return nullptr;
    // A resync tells of one object, not of two that are alike.
    bool same = event->old_object.stored() == event->object.stored();
    return look_at(same ? &event->object : &event->old_object);
}

int k8sc_event_is_initial(const k8sc_event *event) { return event && event->initial; }

int k8sc_event_is_inferred(const k8sc_event *event) { return event && event->inferred; }

const k8sc_error *k8sc_event_error(const k8sc_event *event) { return event ? event->error.get() : nullptr; }

const k8sc_result *k8sc_event_result(const k8sc_event *event)
{
    if (!event || event->kind != K8SC_EVENT_COMPLETED) return nullptr;
    return static_cast<Result *>(event->payload.get());
}

const char *k8sc_event_data(const k8sc_event *event, size_t *len)
{
    bool has = event && event->kind == K8SC_EVENT_DATA && len;
    if (len) *len = 0;
    if (!has) return nullptr;
    auto &bytes = static_cast<DataPayload *>(event->payload.get())->bytes;
    *len = bytes.size();
    return bytes.data();
}

void *k8sc_event_user_data(const k8sc_event *event) { return event ? event->subscription->user_data() : nullptr; }

void k8sc_event_free(k8sc_event *event) { delete event; }

}  // extern "C"
