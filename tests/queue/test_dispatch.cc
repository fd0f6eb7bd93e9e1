// Dispatching: one at a time, stopped by a callback, and everything may be freed inside.
#include "recorder.h"

namespace {

void nested_dispatch_is_refused(void **)
{
    Recorder recorder, elsewhere;
    UserQueue queue, other;
    auto subscription = recorder.subscribe(queue.ref()), across = elsewhere.subscribe(other.ref());
    k8sc_status nested = 0, of_other = 1, thread = 0, wait = 1;
    recorder.on_call = [&](const k8sc_event *) {
        int ready;
        nested = k8sc_queue_dispatch(queue.get(), 0, nullptr, nullptr);
        of_other = k8sc_queue_dispatch(other.get(), 0, nullptr, nullptr);
        thread = k8sc_queue_start_thread(queue.get(), nullptr);
        wait = k8sc_queue_wait(queue.get(), 0, &ready, nullptr);
        return 0;
    };
    queue->push(event_for(subscription));
    other->push(event_for(across));
    assert_int_equal(dispatched(queue.get()), 1);
    assert_int_equal(nested, K8SC_E_REENTRANT);
    assert_int_equal(of_other, K8SC_OK);
    assert_int_equal(elsewhere.calls, 1);
    assert_true(thread < 0);
    assert_int_equal(wait, K8SC_OK);
}

void second_dispatcher_is_busy(void **)
{
    Recorder recorder;
    UserQueue queue;
    auto subscription = recorder.subscribe(queue.ref());
    std::atomic<bool> inside{false}, go_on{false};
    recorder.on_call = [&](const k8sc_event *) {
        inside = true;
        eventually([&] { return go_on.load(); });
        return 0;
    };
    queue->push(event_for(subscription));
    std::thread first([&] { k8sc_queue_dispatch(queue.get(), 0, nullptr, nullptr); });
    eventually([&] { return inside.load(); });
    int32_t done = 9;
    k8sc_error *err;
    assert_int_equal(k8sc_queue_dispatch(queue.get(), 0, &done, &err), K8SC_E_BUSY);
    assert_int_equal(done, 0);
    k8sc_error_free(err);
    // Others go on meanwhile: no lock is held in a callback.
    queue->push(event_for(subscription));
    assert_int_equal(k8sc_queue_wait(queue.get(), 0, nullptr, nullptr), K8SC_OK);
    go_on = true;
    first.join();
    assert_int_equal(dispatched(queue.get()), 1);
}

void callback_stops_the_round(void **)
{
    Recorder recorder;
    UserQueue queue;
    auto subscription = recorder.subscribe(queue.ref());
    recorder.on_call = [&](const k8sc_event *) { return recorder.calls == 2 ? 42 : 0; };
    for (int i = 0; i < 5; i++) queue->push(event_for(subscription));
    int32_t done;
    k8sc_error *err;
    assert_int_equal(k8sc_queue_dispatch(queue.get(), 0, &done, &err), K8SC_E_CALLBACK);
    assert_says(k8sc_error_message(err), "42");
    k8sc_error_free(err);
    // The event that stopped it counts as delivered.
    assert_int_equal(done, 2);
    assert_true(readable(queue->fd()));
    assert_int_equal(dispatched(queue.get()), 3);
    assert_int_equal(recorder.calls, 5);
}

void muted_events_are_not_delivered(void **)
{
    Recorder all, but_closed;
    UserQueue queue;
    auto silent = all.subscribe(queue.ref()), closing = but_closed.subscribe(queue.ref());
    for (int32_t kind : {K8SC_EVENT_ADDED, K8SC_EVENT_CLOSED}) {
        queue->push(event_for(silent, kind));
        queue->push(event_for(closing, kind));
    }
    silent->mute(false);
    closing->mute(true);
    dispatched(queue.get());
    assert_int_equal(all.calls, 0);
    assert_int_equal(but_closed.calls, 1);
}

void muted_events_are_not_taken(void **)
{
    Recorder pull(true);
    UserQueue queue;
    auto subscription = pull.subscribe(queue.ref());
    queue->push(event_for(subscription, K8SC_EVENT_ADDED));
    queue->push(event_for(subscription, K8SC_EVENT_CLOSED));
    subscription->mute(true);
    k8sc_event *event;
    assert_int_equal(k8sc_queue_take(queue.get(), &event, nullptr), K8SC_OK);
    assert_int_equal(k8sc_event_kind(event), K8SC_EVENT_CLOSED);
    k8sc_event_free(event);
    assert_int_equal(k8sc_queue_take(queue.get(), &event, nullptr), K8SC_OK);
    assert_null(event);
    assert_false(readable(queue->fd()));
}

// Freed inside of its own callback, the queue ends the round and owes nothing any more.
void queue_freed_inside(void **)
{
    Recorder recorder, other;
    UserQueue queue;
    auto subscription = recorder.subscribe(queue.ref()), second = other.subscribe(queue.ref());
    recorder.on_call = [&](const k8sc_event *) {
        queue.drop();
        assert_int_equal(recorder.destroys, 0);
        return 0;
    };
    k8sc_queue *borrowed = queue.get();
    for (int i = 0; i < 3; i++) queue->push(event_for(subscription));
    queue->push(event_for(second));
    int32_t done;
    k8sc_status status = k8sc_queue_dispatch(borrowed, 0, &done, nullptr);
    assert_true(status == K8SC_OK || status == K8SC_E_CLOSED);
    assert_int_equal(recorder.calls, 1);
    assert_int_equal(other.calls, 0);
    assert_int_equal(recorder.destroys, 1);
    assert_int_equal(other.destroys, 1);
    assert_false(recorder.early || other.early);
}

void closed_inside(void **)
{
    Recorder recorder;
    UserQueue queue;
    auto subscription = recorder.subscribe(queue.ref());
    bool closed = false;
    recorder.on_call = [&](const k8sc_event *) {
        closed = queue->close(never);
        return 0;
    };
    for (int i = 0; i < 2; i++) queue->push(event_for(subscription));
    k8sc_queue_dispatch(queue.get(), 0, nullptr, nullptr);
    // It does not wait for itself.
    assert_true(closed);
    assert_int_equal(recorder.calls, 1);
    assert_int_equal(recorder.destroys, 1);
    assert_false(recorder.early);
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(nested_dispatch_is_refused),
        cmocka_unit_test(second_dispatcher_is_busy),
        cmocka_unit_test(callback_stops_the_round),
        cmocka_unit_test(muted_events_are_not_delivered),
        cmocka_unit_test(muted_events_are_not_taken),
        cmocka_unit_test(queue_freed_inside),
        cmocka_unit_test(closed_inside),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
