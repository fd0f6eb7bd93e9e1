// The dispatching thread that a user may ask for.
#include "recorder.h"

namespace {

void thread_dispatches(void **)
{
    Recorder recorder;
    UserQueue queue;
    auto subscription = recorder.subscribe(queue.ref());
    queue->push(event_for(subscription));
    assert_int_equal(k8sc_queue_start_thread(queue.get(), nullptr), K8SC_OK);
    assert_int_equal(k8sc_queue_start_thread(queue.get(), nullptr), K8SC_E_STATE);
    for (int i = 0; i < 99; i++) queue->push(event_for(subscription));
    eventually([&] { return recorder.calls == 100; });
    assert_int_equal(k8sc_queue_dispatch(queue.get(), 0, nullptr, nullptr), K8SC_E_BUSY);
    queue->retire(subscription);
    eventually([&] { return recorder.destroys == 1; });
    assert_true(queue->close(never));
    assert_int_equal(recorder.destroys, 1);
    assert_false(recorder.early);
    assert_false(recorder.thread == std::this_thread::get_id());
}

void non_zero_goes_on_with_the_next(void **)
{
    Recorder recorder;
    UserQueue queue;
    auto subscription = recorder.subscribe(queue.ref());
    recorder.on_call = [](const k8sc_event *) { return 1; };
    for (int i = 0; i < 10; i++) queue->push(event_for(subscription));
    queue->start_thread();
    eventually([&] { return recorder.calls == 10; });
    // The thread must not outlive what its callbacks write to.
    assert_true(queue->close(never));
}

// The last unref, also one inside of a callback, ends the thread without waiting for it.
void unref_ends_it(void **)
{
    for (bool inside : {false, true}) {
        Recorder recorder;
        UserQueue queue;
        auto subscription = recorder.subscribe(queue.ref());
        k8sc_queue *raw = k8sc_queue_ref(queue.get());
        queue->start_thread();
        if (inside) {
            recorder.on_call = [&](const k8sc_event *) { return k8sc_queue_unref(raw), 0; };
            queue->push(event_for(subscription));
            queue.drop();
            eventually([&] { return recorder.destroys == 1; });
        } else {
            queue.drop();
            k8sc_queue_unref(raw);
            eventually([&] { return recorder.destroys == 1; });
        }
        assert_false(recorder.early);
    }
}

void closed_inside(void **)
{
    Recorder recorder;
    UserQueue queue;
    auto subscription = recorder.subscribe(queue.ref());
    std::atomic<int> closed{-1};
    recorder.on_call = [&](const k8sc_event *) { return closed = queue->close(never), 0; };
    queue->start_thread();
    queue->push(event_for(subscription));
    eventually([&] { return recorder.destroys == 1; });
    assert_int_equal(closed.load(), 1);
    assert_true(queue->close(never));
}

// Pull events and wakeups are for others than the thread, which must leave both alone.
void pull_beside_a_thread(void **)
{
    Recorder pull(true), push;
    UserQueue queue;
    auto pulled = pull.subscribe(queue.ref()), pushed = push.subscribe(queue.ref());
    queue->start_thread();
    for (int i = 0; i < 20; i++) {
        queue->push(event_for(pulled));
        queue->push(event_for(pushed));
        k8sc_event *event = nullptr;
        assert_int_equal(k8sc_queue_take(queue.get(), &event, nullptr), K8SC_OK);
        assert_non_null(event);
        k8sc_event_free(event);
    }
    eventually([&] { return push.calls == 20; });
    assert_true(queue->close(never));
}

void wakeup_reaches_waiters_beside_a_thread(void **)
{
    UserQueue queue;
    queue->start_thread();
    for (Rounds rounds(300); rounds.next();) {
        int round = rounds.number();
        std::atomic<bool> ended{false};
        std::thread waiter([&] {
            k8sc_queue_wait(queue.get(), 10000, nullptr, nullptr);
            ended = true;
        });
        if (round % 2) std::this_thread::sleep_for(std::chrono::microseconds(300));
        int64_t begin = now_ms();
        k8sc_queue_wakeup(queue.get());
        waiter.join();
        if (now_ms() - begin > 5000) fail_msg("round %d: the wakeup was lost", round);
    }
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(thread_dispatches),    cmocka_unit_test(non_zero_goes_on_with_the_next),
        cmocka_unit_test(unref_ends_it),        cmocka_unit_test(closed_inside),
        cmocka_unit_test(pull_beside_a_thread), cmocka_unit_test(wakeup_reaches_waiters_beside_a_thread),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
