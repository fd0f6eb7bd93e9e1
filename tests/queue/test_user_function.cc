// A function of the user's at several queues: its destroy runs once, after all have let go, whatever they do at that
// moment.
#include "queue/user_function.h"

#include "recorder.h"

namespace {

using Fn = int (*)(int argument, void *user_data);

struct Owner {
    std::atomic<int> calls{0}, destroys{0};

    std::shared_ptr<UserFunction<Fn>> function()
    {
        const Fn add = [](int argument, void *user_data) {
            static_cast<Owner *>(user_data)->calls += argument;
            return argument;
        };
        return std::make_shared<UserFunction<Fn>>(add, this,
                                                  [](void *user_data) { static_cast<Owner *>(user_data)->destroys++; });
    }
};

void never_attached(void **)
{
    Owner owner;
    auto function = owner.function();
    auto copy = function;
    assert_int_equal(copy->call(3), 3);
    function = nullptr;
    assert_int_equal(owner.destroys, 0);
    copy = nullptr;
    assert_int_equal(owner.destroys, 1);
}

void the_last_queue_pays(void **)
{
    Owner owner;
    UserQueue one, other;
    auto function = owner.function();
    function->attach(one.ref());
    function->attach(one.ref());
    function->attach(other.ref());
    assert_true(one->close(never));
    assert_int_equal(function->call(2), 2);
    assert_int_equal(owner.destroys, 0);
    assert_true(other->close(never));
    assert_int_equal(owner.destroys, 1);
    assert_int_equal(code_of([&] { function->call(2); }), K8SC_E_CLOSED);
    function = nullptr;
    assert_int_equal(owner.destroys, 1);
    assert_int_equal(owner.calls, 2);
}

void closed_queues_take_nothing(void **)
{
    Owner alone, shared, late;
    UserQueue open, closed;
    assert_true(closed->close(never));

    auto function = alone.function();
    assert_int_equal(code_of([&] { function->attach(closed.ref()); }), K8SC_E_CLOSED);
    assert_int_equal(function->call(1), 1);
    assert_int_equal(alone.destroys, 0);
    function = nullptr;
    assert_int_equal(alone.destroys, 1);

    function = shared.function();
    function->attach(open.ref());
    assert_int_equal(code_of([&] { function->attach(closed.ref()); }), K8SC_E_CLOSED);
    assert_int_equal(function->call(1), 1);
    function = nullptr;
    assert_int_equal(shared.destroys, 0);
    dispatched(open.get());
    assert_int_equal(shared.destroys, 1);

    // All have let go already.
    function = late.function();
    function->attach(open.ref());
    assert_true(open->close(never));
    assert_int_equal(code_of([&] { function->attach(closed.ref()); }), K8SC_E_CLOSED);
    function = nullptr;
    assert_int_equal(late.destroys, 1);
}

// The queue may close between an attach and its end.
void attached_while_it_closes(void **)
{
    const int64_t end = now_ms() + 2000;
    std::atomic<Queue *> closing{nullptr};
    std::atomic<bool> over{false};
    std::thread closer([&] {
        while (!over) {
            Queue *queue = closing;
            if (!queue) {
                std::this_thread::yield();
                continue;
            }
            queue->close(never);
            closing = nullptr;
        }
    });
    int attached = 0, lost = 0, rounds = 0;
    for (; now_ms() < end; rounds++) {
        Owner owner;
        UserQueue queue;
        auto function = owner.function();
        closing = queue.get();
        // As long as the other thread takes to wake up, more or less.
        for (std::atomic<int> wait = rounds % 200; wait > 0; wait--) {
        }
        attached += code_of([&] { function->attach(queue.ref()); }) == K8SC_OK;
        while (closing) std::this_thread::yield();
        function = nullptr;
        lost += owner.destroys != 1;
    }
    over = true;
    closer.join();
    assert_int_equal(lost, 0);
    print_message("# attached before the end: %d of %d\n", attached, rounds);
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(never_attached),
        cmocka_unit_test(the_last_queue_pays),
        cmocka_unit_test(closed_queues_take_nothing),
        cmocka_unit_test(attached_while_it_closes),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
