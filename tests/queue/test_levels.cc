// The descriptor, wait, take and wakeup: levels, not edges.
#include <csignal>
#include <sys/time.h>

#include "recorder.h"

namespace {

void empty_queue(void **)
{
    UserQueue queue;
    int ready = 7;
    int32_t done = 7;
    k8sc_event *event = reinterpret_cast<k8sc_event *>(&ready);
    assert_true(k8sc_queue_fd(queue.get()) >= 0);
    assert_false(readable(queue->fd()));
    assert_int_equal(k8sc_queue_wait(queue.get(), 0, &ready, nullptr), K8SC_OK);
    assert_int_equal(ready, 0);
    assert_int_equal(k8sc_queue_dispatch(queue.get(), 0, &done, nullptr), K8SC_OK);
    assert_int_equal(done, 0);
    assert_int_equal(k8sc_queue_take(queue.get(), &event, nullptr), K8SC_OK);
    assert_null(event);
}

void wait_takes_its_time(void **)
{
    UserQueue queue;
    int64_t begin = now_ms();
    assert_int_equal(k8sc_queue_wait(queue.get(), 60, nullptr, nullptr), K8SC_OK);
    assert_true(now_ms() - begin >= 59);
    k8sc_error *err;
    assert_int_equal(k8sc_queue_wait(queue.get(), -2, nullptr, &err), K8SC_E_INVALID);
    assert_says(k8sc_error_message(err), "timeout");
    k8sc_error_free(err);
}

// Looking, waiting, and dispatching less than everything leave the descriptor readable.
void readable_while_events_wait(void **)
{
    Recorder recorder;
    UserQueue queue;
    auto subscription = recorder.subscribe(queue.ref());
    for (int i = 0; i < 3; i++) queue->push(event_for(subscription));
    int ready;
    for (int left = 3; left > 0; left--) {
        assert_true(readable(queue->fd()));
        assert_true(readable(queue->fd()));
        assert_int_equal(k8sc_queue_wait(queue.get(), -1, &ready, nullptr), K8SC_OK);
        assert_int_equal(ready, 1);
        assert_true(readable(queue->fd()));
        assert_int_equal(recorder.calls, 3 - left);
        assert_int_equal(dispatched(queue.get(), 1), 1);
    }
    assert_false(readable(queue->fd()));
    queue->push(event_for(subscription));
    assert_true(readable(queue->fd()));
    assert_int_equal(dispatched(queue.get()), 1);
    assert_false(readable(queue->fd()));
}

// What is pushed in one go wakes once, at its end; who looks by himself finds it before.
void gathered_events_are_announced_together(void **)
{
    Recorder recorder, elsewhere;
    UserQueue queue, other;
    auto subscription = recorder.subscribe(queue.ref()), across = elsewhere.subscribe(other.ref());
    {
        Queue::Batch batch;
        queue->push(event_for(subscription));
        {
            Queue::Batch inner;
            queue->push(event_for(subscription));
            other->push(event_for(across));
        }
        assert_false(readable(queue->fd()));
        assert_false(readable(other->fd()));
        std::thread([&] { queue->push(event_for(subscription)); }).join();
        // Another thread's push is none of it.
        assert_true(readable(queue->fd()));
        assert_int_equal(dispatched(other.get()), 1);
        assert_false(readable(other->fd()));
        other->push(event_for(across));
    }
    assert_true(readable(queue->fd()));
    assert_true(readable(other->fd()));
    assert_int_equal(dispatched(queue.get()), 3);
    assert_int_equal(dispatched(other.get()), 1);
    {
        Queue::Batch batch;
        queue->push(event_for(subscription));
        assert_int_equal(dispatched(queue.get()), 1);
    }
    assert_false(readable(queue->fd()));
    {
        // A sleeping dispatcher is woken.
        assert_int_equal(k8sc_queue_start_thread(queue.get(), nullptr), K8SC_OK);
        Queue::Batch batch;
        queue->push(event_for(subscription));
    }
    eventually([&] { return recorder.calls == 5; });
    assert_true(queue->close(never));
}

void pull_events_wait_for_take(void **)
{
    Recorder pull(true), push;
    UserQueue queue;
    auto pulled = pull.subscribe(queue.ref()), pushed = push.subscribe(queue.ref());
    queue->push(event_for(pulled, K8SC_EVENT_ADD));
    queue->push(event_for(pushed, K8SC_EVENT_ADD));
    queue->push(event_for(pulled, K8SC_EVENT_DELETE));
    assert_int_equal(dispatched(queue.get()), 1);
    assert_int_equal(push.calls, 1);
    assert_true(readable(queue->fd()));
    for (int32_t kind : {K8SC_EVENT_ADD, K8SC_EVENT_DELETE}) {
        k8sc_event *event;
        int ready;
        assert_int_equal(k8sc_queue_wait(queue.get(), -1, &ready, nullptr), K8SC_OK);
        assert_int_equal(ready, 1);
        assert_int_equal(k8sc_queue_take(queue.get(), &event, nullptr), K8SC_OK);
        assert_int_equal(k8sc_event_kind(event), kind);
        assert_ptr_equal(k8sc_event_user_data(event), &pull);
        k8sc_event_free(event);
    }
    assert_false(readable(queue->fd()));
}

void max_bounds_a_round(void **)
{
    Recorder recorder;
    UserQueue queue;
    auto subscription = recorder.subscribe(queue.ref());
    for (int i = 0; i < 10; i++) queue->push(event_for(subscription));
    assert_int_equal(dispatched(queue.get(), 4), 4);
    assert_int_equal(dispatched(queue.get(), 100), 6);
    int32_t done = 9;
    assert_int_equal(k8sc_queue_dispatch(queue.get(), -1, &done, nullptr), K8SC_E_INVALID);
    assert_int_equal(done, 0);
    // 0 means those that wait now: what callbacks add is for the next round, so that it ends.
    recorder.on_call = [&](const k8sc_event *) {
        queue->push(event_for(subscription));
        return 0;
    };
    for (int i = 0; i < 3; i++) queue->push(event_for(subscription));
    assert_int_equal(dispatched(queue.get()), 3);
    assert_int_equal(dispatched(queue.get()), 3);
    recorder.on_call = nullptr;
    assert_int_equal(dispatched(queue.get()), 3);
    assert_int_equal(dispatched(queue.get()), 0);
}

void events_come_in_order(void **)
{
    Recorder recorder;
    UserQueue queue;
    std::vector<int32_t> kinds;
    recorder.on_call = [&](const k8sc_event *event) { return kinds.push_back(k8sc_event_kind(event)), 0; };
    auto subscription = recorder.subscribe(queue.ref());
    EventList events;
    for (int32_t kind = 1; kind <= 5; kind++) events.push_back(event_for(subscription, kind));
    queue->push(std::move(events));
    for (int32_t kind = 6; kind <= 12; kind++) queue->push(event_for(subscription, kind));
    assert_int_equal(dispatched(queue.get()), 12);
    for (size_t i = 0; i < kinds.size(); i++) assert_int_equal(kinds[i], i + 1);
}

void wakeup_is_kept_for_the_next_wait(void **)
{
    UserQueue queue;
    int ready = 7;
    k8sc_queue_wakeup(queue.get());
    k8sc_queue_wakeup(queue.get());
    assert_true(readable(queue->fd()));
    assert_int_equal(k8sc_queue_wait(queue.get(), -1, &ready, nullptr), K8SC_OK);
    assert_int_equal(ready, 0);
    // It ended one wait, and no other.
    assert_false(readable(queue->fd()));
    int64_t begin = now_ms();
    assert_int_equal(k8sc_queue_wait(queue.get(), 30, &ready, nullptr), K8SC_OK);
    assert_true(now_ms() - begin >= 29);
}

// Who looks at a flag, takes or dispatches, and waits does not sleep through a wakeup that came in between. A loop that
// waits by the descriptor alone is not kept busy by it.
void wakeup_outlives_take_and_dispatch(void **)
{
    UserQueue queue;
    for (int round = 0; round < 2; round++) {
        k8sc_event *event = nullptr;
        k8sc_queue_wakeup(queue.get());
        assert_true(readable(queue->fd()));
        if (round == 0)
            assert_int_equal(k8sc_queue_take(queue.get(), &event, nullptr), K8SC_OK);
        else
            assert_int_equal(dispatched(queue.get()), 0);
        assert_null(event);
        assert_false(readable(queue->fd()));
        int64_t begin = now_ms();
        assert_int_equal(k8sc_queue_wait(queue.get(), 20000, nullptr, nullptr), K8SC_OK);
        assert_true(now_ms() - begin < 10000);
        begin = now_ms();
        assert_int_equal(k8sc_queue_wait(queue.get(), 30, nullptr, nullptr), K8SC_OK);
        assert_true(now_ms() - begin >= 29);
    }
}

void wakeup_does_not_hide_events(void **)
{
    Recorder recorder;
    UserQueue queue;
    auto subscription = recorder.subscribe(queue.ref());
    int ready;
    queue->push(event_for(subscription));
    k8sc_queue_wakeup(queue.get());
    assert_int_equal(k8sc_queue_wait(queue.get(), -1, &ready, nullptr), K8SC_OK);
    assert_int_equal(ready, 1);
    assert_true(readable(queue->fd()));
    assert_int_equal(dispatched(queue.get()), 1);
    assert_false(readable(queue->fd()));
}

void wakeup_ends_a_wait_of_another_thread(void **)
{
    UserQueue queue;
    for (Rounds rounds(200); rounds.next();) {
        std::thread waiter([&] { k8sc_queue_wait(queue.get(), -1, nullptr, nullptr); });
        if (rounds.number() % 2) std::this_thread::yield();
        k8sc_queue_wakeup(queue.get());
        waiter.join();
    }
}

void an_event_ends_all_waits(void **)
{
    Recorder recorder;
    UserQueue queue;
    auto subscription = recorder.subscribe(queue.ref());
    std::vector<std::thread> waiters;
    std::atomic<int> woken{0};
    for (int i = 0; i < 4; i++)
        waiters.emplace_back([&] {
            int ready = 0;
            k8sc_queue_wait(queue.get(), -1, &ready, nullptr);
            woken += ready;
        });
    queue->push(event_for(subscription));
    for (auto &waiter : waiters) waiter.join();
    assert_int_equal(woken.load(), 4);
    assert_int_equal(dispatched(queue.get()), 1);
}

k8sc_queue *signalled_queue;
void on_alarm(int) { k8sc_queue_wakeup(signalled_queue); }

// The handler runs wherever it likes, also in the middle of wait, push and dispatch.
void wakeup_from_a_signal_handler(void **)
{
    Recorder recorder;
    UserQueue queue;
    auto subscription = recorder.subscribe(queue.ref());
    signalled_queue = queue.get();
    struct sigaction action = {}, before;
    action.sa_handler = on_alarm;
    action.sa_flags = SA_RESTART;
    sigaction(SIGALRM, &action, &before);
    itimerval often = {{0, 500}, {0, 500}}, never_again = {};
    setitimer(ITIMER_REAL, &often, nullptr);
    for (int i = 0; i < 300; i++) {
        queue->push(event_for(subscription));
        dispatched(queue.get());
        assert_int_equal(k8sc_queue_wait(queue.get(), 10000, nullptr, nullptr), K8SC_OK);
    }
    setitimer(ITIMER_REAL, &never_again, nullptr);
    sigaction(SIGALRM, &before, nullptr);
    assert_int_equal(recorder.calls, 300);
    // errno of the interrupted code is not its business.
    errno = E2BIG;
    k8sc_queue_wakeup(queue.get());
    assert_int_equal(errno, E2BIG);
}

// Its eventfd is full, which no number of wakeups may turn into a block.
void wakeups_never_block(void **)
{
    UserQueue queue;
    for (int i = 0; i < 100000; i++) k8sc_queue_wakeup(queue.get());
    assert_int_equal(k8sc_queue_wait(queue.get(), -1, nullptr, nullptr), K8SC_OK);
    assert_false(readable(queue->fd()));
}

void null_answers(void **)
{
    k8sc_event *event;
    assert_int_equal(k8sc_queue_fd(nullptr), -1);
    assert_int_equal(k8sc_queue_wait(nullptr, 0, nullptr, nullptr), K8SC_E_INVALID);
    assert_int_equal(k8sc_queue_dispatch(nullptr, 0, nullptr, nullptr), K8SC_E_INVALID);
    assert_int_equal(k8sc_queue_take(nullptr, &event, nullptr), K8SC_E_INVALID);
    assert_int_equal(k8sc_queue_start_thread(nullptr, nullptr), K8SC_E_INVALID);
    assert_int_equal(k8sc_queue_new(nullptr, nullptr), K8SC_E_INVALID);
    k8sc_queue_wakeup(nullptr);
    k8sc_queue_unref(k8sc_queue_ref(nullptr));
    size_t len = 9;
    assert_int_equal(k8sc_event_kind(nullptr), 0);
    assert_non_null(k8sc_event_kind_name(nullptr));
    assert_null(k8sc_event_object(nullptr));
    assert_null(k8sc_event_old_object(nullptr));
    assert_null(k8sc_event_error(nullptr));
    assert_null(k8sc_event_result(nullptr));
    assert_null(k8sc_event_data(nullptr, &len));
    assert_int_equal(len, 0);
    assert_null(k8sc_event_user_data(nullptr));
    assert_false(k8sc_event_is_initial(nullptr));
    assert_false(k8sc_event_is_inferred(nullptr));
    k8sc_event_free(nullptr);
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(empty_queue),
        cmocka_unit_test(wait_takes_its_time),
        cmocka_unit_test(readable_while_events_wait),
        cmocka_unit_test(gathered_events_are_announced_together),
        cmocka_unit_test(pull_events_wait_for_take),
        cmocka_unit_test(max_bounds_a_round),
        cmocka_unit_test(events_come_in_order),
        cmocka_unit_test(wakeup_is_kept_for_the_next_wait),
        cmocka_unit_test(wakeup_outlives_take_and_dispatch),
        cmocka_unit_test(wakeup_does_not_hide_events),
        cmocka_unit_test(wakeup_ends_a_wait_of_another_thread),
        cmocka_unit_test(an_event_ends_all_waits),
        cmocka_unit_test(wakeup_from_a_signal_handler),
        cmocka_unit_test(wakeups_never_block),
        cmocka_unit_test(null_answers),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
