// A handler that falls behind: what is coalesced adds up to the truth, and what waits is bounded.
#include <map>
#include <random>

#include "queue/backlog.h"
#include "recorder.h"

namespace {

class Behind : public Subscription {
  public:
    explicit Behind(const Callback &callback, bool coalesces, size_t limit) : Subscription(callback)
    {
        waiting.set_coalescing(coalesces, limit);
    }
    Backlog *backlog() override { return &waiting; }
    Backlog waiting;
};

Ref<Object> state(const std::string &name, int version, const std::string &uid = "u")
{
    return Object::parse(concat("{\"metadata\":{\"name\":\"", name, "\",\"uid\":\"", uid, "\",\"resourceVersion\":\"",
                                std::to_string(version), "\"}}"));
}

// What an informer would tell of random changes.
class World {
  public:
    World(Ref<Queue> queue, Ref<Behind> to, unsigned seed) : queue_(std::move(queue)), to_(std::move(to)), random_(seed)
    {
    }

    void change(int names)
    {
        std::string name = "n" + std::to_string(random_() % static_cast<unsigned>(names));
        auto at = states.find(name);
        Event event = event_for(to_);
        if (at == states.end()) {
            version_++;
            event.object = states[name] = state(name, version_, std::to_string(version_));
        } else if (random_() % 3 == 0) {
            event.kind = K8SC_EVENT_DELETE;
            event.inferred = random_() % 2;
            event.old_object = at->second;
            event.object = event.inferred ? at->second : state(name, ++version_, std::string(at->second->uid()));
            states.erase(at);
        } else {
            event.kind = K8SC_EVENT_UPDATE;
            event.old_object = at->second;
            event.object = at->second = state(name, ++version_, std::string(at->second->uid()));
        }
        queue_->push(std::move(event));
    }
    std::map<std::string, Ref<Object>> states;

  private:
    Ref<Queue> queue_;
    Ref<Behind> to_;
    std::mt19937 random_;
    int version_ = 0;
};

// What a handler makes of it, and what it may never be told.
struct Follower {
    std::map<std::string, std::string> known, uids;
    std::string fault;

    int on(const k8sc_event *event)
    {
        const Object *object = event->object.get(), *old = event->old_object.get();
        std::string name(object->name()), version(object->resource_version());
        bool knows = known.count(name);
        switch (event->kind) {
        case K8SC_EVENT_ADD:
            if (knows) fault = "an ADD of what is known: " + name;
            known[name] = version;
            uids[name] = object->uid();
            break;
        case K8SC_EVENT_UPDATE:
            if (!knows) fault = "an UPDATE of what is not known: " + name;
            if (!old) fault = "an UPDATE without what was before: " + name;
            if (knows && old && old->name() != name) fault = "the old state is another's: " + name;
            if (knows && old && old->resource_version() != known[name])
                fault = "the old state is not what is known: " + name;
            if (knows && std::stoi(known[name]) > std::stoi(version)) fault = "back in time: " + name;
            known[name] = version;
            uids[name] = object->uid();
            break;
        case K8SC_EVENT_DELETE:
            if (!knows) fault = "a DELETE of what is not known: " + name;
            if (old) fault = "a DELETE with an old state: " + name;
            if (object->uid() != uids[name]) fault = "a DELETE of another one: " + name;
            known.erase(name);
            break;
        }
        return 0;
    }
};

void follow(unsigned seed, bool coalesces, size_t limit, int names)
{
    UserQueue queue;
    Follower follower;
    Recorder recorder;
    recorder.on_call = [&](const k8sc_event *event) { return follower.on(event); };
    auto behind = make<Behind>(recorder.callback(), coalesces, limit);
    queue->attach(behind, [] {});
    World world(queue.ref(), behind, seed);
    std::mt19937 random(seed + 1);
    int changes = 0, calls_wanted = 0;
    for (int round = 0; round < 60; round++) {
        int burst = static_cast<int>(random() % 120);
        for (int i = 0; i < burst; i++, changes++) {
            world.change(names);
            // One for each name, beside those that waited when coalescing began.
            if (coalesces) assert_true(behind->waiting.depth() <= limit + static_cast<size_t>(names));
        }
        assert_int_equal(queue->depth(), behind->waiting.depth());
        assert_int_equal(readable(queue->fd()), queue->depth() > 0);
        if (queue->depth() > 0) calls_wanted += dispatched(queue.get(), 1 + static_cast<int32_t>(random() % 60));
    }
    calls_wanted += dispatched(queue.get());
    if (!follower.fault.empty()) fail_msg("seed %u: %s", seed, follower.fault.c_str());
    assert_int_equal(behind->waiting.depth(), 0);
    assert_int_equal(recorder.calls, calls_wanted);
    assert_int_equal(recorder.calls + behind->waiting.coalesced(), changes);
    if (!coalesces) assert_int_equal(behind->waiting.coalesced(), 0);
    assert_int_equal(follower.known.size(), world.states.size());
    for (auto &[name, object] : world.states) assert_text(follower.known[name], object->resource_version());
}

void adds_up(void **)
{
    for (Rounds rounds(300); rounds.next();)
        follow(rounds.seed(), true, 1 + rounds.seed() % 40, 3 + rounds.number() % 30);
}

void keeps_all(void **)
{
    for (Rounds rounds(20); rounds.next();) follow(rounds.seed(), false, 1, 10);
}

// Each pair of events of one object, by name.
void each_pair_of_events_coalesces_to_the_truth(void **)
{
    struct {
        int32_t first, second, told;
        int inferred;
    } cases[] = {
        {K8SC_EVENT_ADD, K8SC_EVENT_UPDATE, K8SC_EVENT_ADD, 0},
        {K8SC_EVENT_ADD, K8SC_EVENT_DELETE, 0, 0},
        {K8SC_EVENT_UPDATE, K8SC_EVENT_UPDATE, K8SC_EVENT_UPDATE, 0},
        {K8SC_EVENT_UPDATE, K8SC_EVENT_DELETE, K8SC_EVENT_DELETE, 1},
        {K8SC_EVENT_DELETE, K8SC_EVENT_ADD, K8SC_EVENT_UPDATE, 0},
    };
    for (auto &expected : cases) {
        UserQueue queue;
        Recorder recorder;
        int32_t told = 0;
        int inferred = -1, initial = -1;
        std::string old_version, version;
        recorder.on_call = [&](const k8sc_event *event) {
            if (event->object.get()->name() != "it") return 0;
            told = event->kind;
            inferred = event->inferred;
            initial = event->initial;
            version = event->object.get()->resource_version();
            old_version = event->old_object ? event->old_object.get()->resource_version() : "";
            return 0;
        };
        auto behind = make<Behind>(recorder.callback(), true, 1);
        queue->attach(behind, [] {});
        auto push = [&](int32_t kind, const std::string &name, int version, int old) {
            Event event = event_for(behind, kind);
            event.object = state(name, version);
            if (kind != K8SC_EVENT_ADD) event.old_object = state(name, old);
            event.inferred = kind == K8SC_EVENT_DELETE && expected.inferred;
            event.initial = kind == K8SC_EVENT_ADD && expected.second == K8SC_EVENT_UPDATE;
            queue->push(std::move(event));
        };
        push(K8SC_EVENT_ADD, "another", 1, 0);
        push(expected.first, "it", 2, 1);
        push(expected.second, "it", 3, 2);
        dispatched(queue.get());
        assert_int_equal(told, expected.told);
        if (!told) continue;
        assert_int_equal(inferred, expected.inferred);
        assert_int_equal(initial, told == K8SC_EVENT_ADD);
        assert_text(version, "3");
        assert_text(old_version, told == K8SC_EVENT_UPDATE ? "1" : "");
    }
}

// Of errors the newest; SYNC is never coalesced, and nothing passes it that was behind it.
void errors_and_sync(void **)
{
    UserQueue queue;
    Recorder recorder;
    std::string story;
    recorder.on_call = [&](const k8sc_event *event) {
        story += event->kind == K8SC_EVENT_ERROR  ? "error " + event->error->message + ";"
                 : event->kind == K8SC_EVENT_SYNC ? "sync;"s
                                                  : "add;"s;
        return 0;
    };
    auto behind = make<Behind>(recorder.callback(), true, 1);
    queue->attach(behind, [] {});
    auto error = [&](const char *message) {
        Event event = event_for(behind, K8SC_EVENT_ERROR);
        event.error = std::make_unique<Error>(K8SC_E_CONNECT, message);
        queue->push(std::move(event));
    };
    Event add = event_for(behind);
    add.object = state("error", 1);
    queue->push(std::move(add));
    for (int i = 0; i < 2; i++) queue->push(event_for(behind, K8SC_EVENT_SYNC));
    error("a");
    error("b");
    dispatched(queue.get());
    assert_text(story, "add;sync;sync;error b;");
    assert_int_equal(behind->waiting.coalesced(), 1);
}

void retired_and_closed(void **)
{
    UserQueue queue;
    Recorder recorder, pull(true);
    for (auto who : {&recorder, &pull}) {
        auto behind = make<Behind>(who->callback(), true, 2);
        queue->attach(behind, [] {});
        World world(queue.ref(), behind, 5);
        for (int i = 0; i < 50; i++) world.change(4);
        if (who == &pull) {
            k8sc_event *event;
            assert_int_equal(k8sc_queue_take(queue.get(), &event, nullptr), K8SC_OK);
            assert_non_null(event);
            k8sc_event_free(event);
        }
        behind->mute(false);
        queue->retire(behind);
    }
    assert_true(queue->close(never));
    assert_int_equal(recorder.calls, 0);
    assert_int_equal(recorder.destroys, 1);
    assert_int_equal(pull.destroys, 1);
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(adds_up),
        cmocka_unit_test(keeps_all),
        cmocka_unit_test(each_pair_of_events_coalesces_to_the_truth),
        cmocka_unit_test(errors_and_sync),
        cmocka_unit_test(retired_and_closed),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
