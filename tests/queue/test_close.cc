// Closing: what is owed is paid once, after the last callback, whoever dispatches or waits at that moment.
#include "recorder.h"

namespace {

void closed_queue(void **)
{
    Recorder recorder, late;
    UserQueue queue;
    auto subscription = recorder.subscribe(queue.ref());
    queue->push(event_for(subscription));
    assert_true(queue->close(never));
    assert_int_equal(recorder.calls, 0);
    assert_int_equal(recorder.destroys, 1);
    k8sc_event *event;
    assert_int_equal(k8sc_queue_wait(queue.get(), -1, nullptr, nullptr), K8SC_E_CLOSED);
    assert_int_equal(k8sc_queue_dispatch(queue.get(), 0, nullptr, nullptr), K8SC_E_CLOSED);
    assert_int_equal(k8sc_queue_take(queue.get(), &event, nullptr), K8SC_E_CLOSED);
    assert_int_equal(k8sc_queue_start_thread(queue.get(), nullptr), K8SC_E_CLOSED);
    // A host's own loop must come round to see it.
    assert_true(readable(queue->fd()));
    queue->push(event_for(subscription));
    queue->retire(subscription);
    assert_int_equal(code_of([&] { late.subscribe(queue.ref()); }), K8SC_E_CLOSED);
    assert_int_equal(late.destroys, 0);
    assert_true(queue->close(never));
    assert_int_equal(recorder.destroys, 1);
}

void a_retired_subscription_delivers_what_waits(void **)
{
    UserQueue queue;
    for (bool pull : {false, true}) {
        Recorder recorder(pull);
        auto subscription = recorder.subscribe(queue.ref());
        queue->push(event_for(subscription));
        queue->retire(subscription);
        queue->retire(subscription);
        subscription = nullptr;
        if (pull) {
            k8sc_event *event;
            assert_int_equal(k8sc_queue_take(queue.get(), &event, nullptr), K8SC_OK);
            assert_non_null(event);
            assert_int_equal(recorder.destroys, 0);
            k8sc_event_free(event);
            assert_int_equal(k8sc_queue_take(queue.get(), &event, nullptr), K8SC_OK);
            assert_null(event);
        } else {
            dispatched(queue.get());
            dispatched(queue.get());
            assert_int_equal(recorder.calls, 1);
        }
        assert_int_equal(recorder.destroys, 1);
        assert_false(recorder.early);
        assert_false(readable(queue->fd()));
    }
}

void last_unref_pays(void **)
{
    Recorder callback, pull(true), was_retired;
    {
        UserQueue queue;
        auto a = callback.subscribe(queue.ref()), b = pull.subscribe(queue.ref()),
             c = was_retired.subscribe(queue.ref());
        for (auto &subscription : {a, b, c}) queue->push(event_for(subscription));
        queue->retire(c);
        k8sc_queue_ref(queue.get());
        k8sc_queue_unref(queue.get());
        assert_int_equal(callback.destroys, 0);
    }
    for (auto recorder : {&callback, &pull, &was_retired}) {
        assert_int_equal(recorder->calls, 0);
        assert_int_equal(recorder->destroys, 1);
    }
}

// What could not be started leaves the triple with the caller.
void failed_start(void **)
{
    Recorder recorder;
    UserQueue queue;
    auto subscription = make<Subscription>(recorder.callback());
    assert_int_equal(code_of([&] { queue->attach(subscription, [] { throw Error(K8SC_E_IO, "no"); }); }), K8SC_E_IO);
    queue.drop();
    assert_int_equal(recorder.destroys, 0);
}

// Then the queue has paid, and the caller must not pay again.
void failed_start_after_the_end(void **)
{
    Recorder recorder;
    UserQueue queue;
    auto subscription = make<Subscription>(recorder.callback()), without = make<Subscription>(Callback{});
    queue->attach(subscription, [&] {
        queue->close(never);
        throw Error(K8SC_E_CLOSED, "the client is closed");
    });
    assert_int_equal(recorder.destroys, 1);
    UserQueue other;
    assert_int_equal(code_of([&] {
                         other->attach(without, [&] {
                             other->close(never);
                             throw Error(K8SC_E_CLOSED, "the client is closed");
                         });
                     }),
                     K8SC_E_CLOSED);
}

// Where callbacks are dispatched, and where events are taken.
void destroy_may_close_and_free(void **)
{
    for (bool pull : {false, true}) {
        UserQueue queue;
        auto nothing = [](const k8sc_event *, void *) { return 0; };
        auto drop = [](void *user_data) { static_cast<UserQueue *>(user_data)->drop(); };
        auto subscription = make<Subscription>(Callback{pull ? nullptr : +nothing, &queue, drop});
        queue->attach(subscription, [] {});
        queue->retire(subscription);
        k8sc_event *event = nullptr;
        if (pull)
            k8sc_queue_take(queue.get(), &event, nullptr);
        else
            k8sc_queue_dispatch(queue.get(), 0, nullptr, nullptr);
        assert_null(event);
        assert_null(queue.get());
    }
}

void close_waits_for_the_dispatcher(void **)
{
    Recorder recorder;
    UserQueue queue;
    auto subscription = recorder.subscribe(queue.ref());
    std::atomic<bool> inside{false}, go_on{false}, closed{false};
    recorder.on_call = [&](const k8sc_event *) {
        inside = true;
        eventually([&] { return go_on.load(); });
        assert_false(closed.load());
        return 0;
    };
    for (int i = 0; i < 3; i++) queue->push(event_for(subscription));
    std::thread dispatcher([&] { k8sc_queue_dispatch(queue.get(), 0, nullptr, nullptr); });
    eventually([&] { return inside.load(); });
    assert_false(queue->close(now_ms() + 20));
    assert_int_equal(recorder.destroys, 0);
    std::thread closer([&] {
        assert_true(queue->close(never));
        closed = true;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    assert_false(closed.load());
    go_on = true;
    closer.join();
    dispatcher.join();
    // What waited behind the running callback was dropped.
    assert_int_equal(recorder.calls, 1);
    assert_int_equal(recorder.destroys, 1);
    assert_false(recorder.early);
}

void close_ends_all_waits(void **)
{
    for (int round = 0; round < 50; round++) {
        UserQueue queue;
        std::vector<std::thread> waiters;
        std::atomic<int> told{0};
        for (int i = 0; i < 3; i++)
            waiters.emplace_back([&] { told += k8sc_queue_wait(queue.get(), -1, nullptr, nullptr) == K8SC_E_CLOSED; });
        if (round % 2) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        assert_true(queue->close(never));
        for (auto &waiter : waiters) waiter.join();
        assert_int_equal(told.load(), 3);
    }
}

// Pushing, dispatching, retiring and closing from several threads at once: each destroy comes once, after all calls.
void racing_closes_destroy_once_after_all_calls(void **)
{
    for (Rounds rounds(100); rounds.next();) {
        int round = rounds.number();
        UserQueue queue;
        constexpr int feeders = 3;
        Recorder recorders[feeders];
        std::vector<std::thread> threads;
        std::atomic<bool> closed{false};
        std::atomic<int> refused{0};
        for (auto &recorder : recorders)
            threads.emplace_back([&, round] {
                Ref<Subscription> subscription;
                if (code_of([&] { subscription = recorder.subscribe(queue.ref()); }) != K8SC_OK) {
                    refused++;
                    return;
                }
                for (int i = 0; i < 20; i++) queue->push(event_for(subscription));
                if (round % 2) queue->retire(subscription);
            });
        threads.emplace_back([&] {
            while (!closed) {
                k8sc_queue_wait(queue.get(), 1, nullptr, nullptr);
                k8sc_queue_dispatch(queue.get(), 7, nullptr, nullptr);
            }
        });
        if (round % 3) std::this_thread::sleep_for(std::chrono::microseconds(100 * (round % 7)));
        assert_true(queue->close(never));
        closed = true;
        for (auto &thread : threads) thread.join();
        int destroys = 0;
        for (auto &recorder : recorders) {
            destroys += recorder.destroys;
            assert_true(recorder.destroys <= 1);
            assert_false(recorder.early);
        }
        assert_int_equal(destroys + refused, feeders);
    }
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(closed_queue),
        cmocka_unit_test(a_retired_subscription_delivers_what_waits),
        cmocka_unit_test(last_unref_pays),
        cmocka_unit_test(failed_start),
        cmocka_unit_test(failed_start_after_the_end),
        cmocka_unit_test(close_ends_all_waits),
        cmocka_unit_test(destroy_may_close_and_free),
        cmocka_unit_test(racing_closes_destroy_once_after_all_calls),
        cmocka_unit_test(close_waits_for_the_dispatcher),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
