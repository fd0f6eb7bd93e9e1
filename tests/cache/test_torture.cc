// Each allocation on the way of a change into store and queues fails once. What failed has then changed nothing at all,
// and what a list tells afterwards makes both whole: cache and handlers always tell the same.
#include <functional>
#include <map>

#include "cache/registrations.h"
#include "json/decode.h"

#include "../core/check.h"
#include "../core/failing_memory.h"

using Key = std::string;
using State = std::map<Key, std::string>;  // versions by name

// malloc() of what is linked in here, as for the objects themselves.
extern "C" void *__real_malloc(size_t size);
extern "C" void *__wrap_malloc(size_t size) { return fails_now() ? nullptr : __real_malloc(size); }

namespace {

Ref<Object> object_of(const std::string &name, const std::string &version)
{
    return Object::parse(R"({"kind":"Thing","metadata":{"name":")" + name +
                         R"(","namespace":"some-namespace-with-a-long-name","uid":"u-)" + name +
                         R"(","resourceVersion":")" + version + R"(","labels":{"app":"one-that-has-a-long-name-)" +
                         version + R"("}},"data":{"v":")" + version + R"(","filling":")" +
                         repeated("something to compress ", 40) + R"("}})");
}

int no_values(const k8sc_object *, k8sc_strings *, void *) { return 0; }

// A store with its handlers: one that may be far behind, and two whose events are coalesced soon.
class Cache {
  public:
    explicit Cache(int64_t compress_from)
        : store_(make<Store>(compress_from)),
          registrations_(store_, 0),
          backpressure_(make<Backpressure>(Ref<Client>()))
    {
        store_->add_index("app", Index(Index::Kind::label, "app"));
        store_->add_index("v", Index(Index::Kind::pointer, "/data/v"));
        store_->add_index("asked", Index(std::make_shared<IndexFunction>(no_values, nullptr, nullptr)));
        for (size_t limit : {1000, 1, 0}) {
            auto queue = make<Queue>();
            auto registration = make<Registration>(Ref<Client>(), queue, Callback(), backpressure_);
            registration->subscription()->set_policy(*queue, HandlerSubscription::Policy::coalesce, limit);
            registrations_.add(registration, 0, false, 0);
            handlers_.push_back({registration, {}});
        }
    }

    void list(const std::vector<Ref<Object>> &objects)
    {
        store_->begin_staging();
        for (auto &object : objects) store_->stage(object);
        registrations_.list_ended(!synced_);
        synced_ = true;
    }
    Registrations *operator->() { return &registrations_; }

    State content() const
    {
        State state;
        for (auto &stored : store_->list({})) state[std::string(stored.name())] = stored.resource_version();
        return state;
    }
    // What handlers believe after all they were told; the test fails where that makes no sense.
    void take_all()
    {
        for (auto &handler : handlers_)
            while (auto event = handler.registration->queue()->take()) {
                apply(handler.believes, *event);
                event->subscription->done_with(*event);
            }
    }
    void check()
    {
        State state = content();
        for (auto &handler : handlers_) assert_true(handler.believes == state);
        assert_int_equal(store_->sizes().objects, state.size());
        std::map<std::string, size_t> by_version;
        for (auto &[name, version] : state) by_version[version]++;
        for (auto &[version, count] : by_version) {
            assert_int_equal(store_->by_index("v", version).size(), count);
            assert_int_equal(store_->by_index("app", "one-that-has-a-long-name-" + version).size(), count);
        }
        assert_int_equal(store_->index_values("v").size(), by_version.size());
        assert_int_equal(store_->index_values("app").size(), by_version.size());
        assert_int_equal(store_->by_index("namespace", "some-namespace-with-a-long-name").size(), state.size());
        store_->index_values("asked");
        int64_t bytes = 0;
        for (auto &stored : store_->list({})) bytes += static_cast<int64_t>(stored.json_size());
        assert_int_equal(store_->sizes().json_bytes, bytes);
    }
    std::vector<size_t> waiting() const
    {
        std::vector<size_t> depths;
        for (auto &handler : handlers_) depths.push_back(handler.registration->queue()->depth());
        return depths;
    }

  private:
    struct Handler {
        Ref<Registration> registration;
        State believes;
    };

    static void apply(State &state, const Event &event)
    {
        std::string name(event.object.stored() ? event.object.stored().name() : ""),
            version(event.object.stored() ? event.object.stored().resource_version() : "");
        switch (event.kind) {
        case K8SC_EVENT_ADD: assert_true(state.emplace(name, version).second); break;
        case K8SC_EVENT_UPDATE:
            assert_int_equal(state.count(name), 1);
            state[name] = version;
            break;
        case K8SC_EVENT_DELETE: assert_int_equal(state.erase(name), 1); break;
        case K8SC_EVENT_SYNC:
        case K8SC_EVENT_ERROR: break;
        default: fail_msg("an event of kind %d", event.kind);
        }
    }

    const Ref<Store> store_;
    Registrations registrations_;
    const Ref<Backpressure> backpressure_;
    std::vector<Handler> handlers_;
    bool synced_ = false;
};

struct Scene {
    std::vector<Ref<Object>> first, then;  // lists: before, and what the server has in the end
    std::function<void(Cache &)> step;     // what fails
};

// Each allocation of the step fails once.
void torture(const Scene &scene, int64_t compress_from, bool taken_before)
{
    long most = 100000;
    for (long n = 1;; n++) {
        Cache cache(compress_from);
        cache.list(scene.first);
        if (taken_before) cache.take_all();
        State before = cache.content();
        auto waiting = cache.waiting();
        bool failed = false;
        fails_after = n;
        try {
            scene.step(cache);
        } catch (const std::bad_alloc &) {
            failed = true;
        }
        bool met = fails_after == 0;
        fails_after = 0;
        if (failed) {
            assert_true(cache.content() == before);
            assert_true(cache.waiting() == waiting);
        }
        cache.list(scene.then);
        cache.take_all();
        cache.check();
        if (!met) {
            assert_false(failed);
            assert_true(n > 5);
            return;
        }
        assert_true(n < most);
    }
}

void torture(const Scene &scene)
{
    for (int64_t compress_from : {int64_t(-1), int64_t(0), int64_t(100000)})
        for (bool taken_before : {false, true}) torture(scene, compress_from, taken_before);
}

std::vector<Ref<Object>> things(int count, const std::string &version)
{
    std::vector<Ref<Object>> objects;
    for (int i = 0; i < count; i++) objects.push_back(object_of("thing-" + std::to_string(i), version));
    return objects;
}

void an_object_comes(void **)
{
    auto first = things(3, "1"), then = first;
    then.push_back(object_of("new", "20000000000000002"));
    torture({first, then, [&](Cache &cache) { cache->changed(then.back()); }});
}

void an_object_changes(void **)
{
    auto first = things(3, "1"), then = first;
    then[1] = object_of("thing-1", "20000000000000002");
    torture({first, then, [&](Cache &cache) { cache->changed(then[1]); }});
}

void an_object_goes(void **)
{
    auto first = things(3, "1");
    torture({first, {first[0], first[2]}, [&](Cache &cache) {
                 cache->deleted(object_of("thing-1", "20000000000000002"));
             }});
    torture({first, {first[0], first[2]}, [&](Cache &cache) { cache->deleted_unread(*first[1]); }});
}

// Compression begins in the middle of it.
void the_store_is_packed(void **)
{
    auto first = things(70, "1"), then = first;
    then.push_back(object_of("new", "2"));
    torture({first, then, [&](Cache &cache) { cache->changed(then.back()); }}, 70000, false);
}

void everything_is_listed(void **)
{
    auto first = things(3, "1"), then = things(5, "2");
    then.erase(then.begin());
    then[0] = first[1];
    torture({first, then, [&](Cache &cache) { cache.list(then); }});
    torture({{}, then, [&](Cache &cache) { cache.list(then); }});
}

void handlers_are_told_of_failures(void **)
{
    auto first = things(2, "1");
    Error error(K8SC_E_TRANSPORT, "a message that is longer than what fits without memory");
    torture({first, first, [&](Cache &cache) { cache->failed(error); }});
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(an_object_comes),      cmocka_unit_test(an_object_changes),
        cmocka_unit_test(an_object_goes),       cmocka_unit_test(the_store_is_packed),
        cmocka_unit_test(everything_is_listed), cmocka_unit_test(handlers_are_told_of_failures),
    };
    return cmocka_run_group_tests_name("cache torture", tests, nullptr, nullptr);
}
