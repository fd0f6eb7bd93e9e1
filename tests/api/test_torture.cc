// Informers live on while each allocation fails once: of the thread that lists and watches, or of the one that
// dispatches, where a transform runs. In the end the cache is what the server has, and what the handler was told
// replays to the same; or the informer was stopped, and says so.
//
// Some of the allocations are tried, spread over all; K8SC_TORTURE=all tries each, K8SC_TORTURE=NUMBER that one alone.
// K8SC_TORTURE_TRACE=1 tells where they are.
#include <execinfo.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "k8sc.h"
#include "k8sc_testing.h"

#include "../core/failing_memory.h"
#include "../support/clock.h"

extern "C" {
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
}

namespace {

using State = std::map<std::string, std::string>;  // versions by name

constexpr long few = 40, batch = 40;
constexpr int64_t patience_ms = 60000;

void check(k8sc_status status, k8sc_error *err)
{
    if (status != K8SC_OK) fail_msg("%s: %s", k8sc_status_name(status), k8sc_error_message(err));
}

template <class Condition>
bool comes_true(Condition &&condition)
{
    for (int64_t end = now_ms() + patience_ms; now_ms() < end; usleep(5000))
        if (condition()) return true;
    return false;
}

// ---- whose allocations fail

// What the next I/O thread is to do: 0: nothing, -1: it was taken.
std::atomic<long> io_plan{-1};
std::atomic<long> most_allocations{0};
thread_local bool is_planned = false;
bool traces = false;

void note(bool failing)
{
    static thread_local bool is_inside = false;
    if (!failing || !traces || is_inside) return;
    void *frames[40];
    is_inside = true;
    long plan = std::exchange(fails_after, 0), count = allocations;
    fprintf(stderr, "---- allocation %ld\n", count);
    backtrace_symbols_fd(frames, backtrace(frames, 40), 2);
    fails_after = plan;
    allocations = count;
    is_inside = false;
}

void look_at_thread()
{
    if (!is_planned && io_plan.load() >= 0) {
        char name[16] = "";
        pthread_getname_np(pthread_self(), name, sizeof name);
        long plan = io_plan.load();
        if (std::string_view(name) == "k8sc-io" && plan >= 0 && io_plan.compare_exchange_strong(plan, -1)) {
            is_planned = true;
            allocations = 0;
            fails_after = plan;
        }
    }
    if (!is_planned) return;
    for (long most = most_allocations.load();
         most < allocations && !most_allocations.compare_exchange_weak(most, allocations);)
        continue;
    note(fails_after == 1);
}

// The test's own allocations on such a thread.
struct Spared {
    long plan = std::exchange(fails_after, 0), count = allocations;
    ~Spared()
    {
        fails_after = plan;
        allocations = count;
    }
};

// ---- a server and its informers

k8sc_testing_server *server;

void put(const char *name, const char *value)
{
    std::string json =
        std::string(R"({"kind":"ConfigMap","apiVersion":"v1","metadata":{"namespace":"default","name":")") + name +
        R"(","labels":{"app":")" + value + R"("}},"data":{"v":")" + value + "\"}}";
    k8sc_error *err;
    check(k8sc_testing_server_put(server, json.data(), json.size(), &err), err);
}

void remove(const char *name)
{
    k8sc_error *err;
    check(k8sc_testing_server_remove(server, "", "v1", "configmaps", "default", name, &err), err);
}

State on_server()
{
    State state;
    for (const char *name : {"first-of-them", "second", "third", "fourth", "fifth"}) {
        char *text = nullptr;
        k8sc_object *object;
        k8sc_error *err = nullptr;
        if (k8sc_testing_server_get(server, "", "v1", "configmaps", "default", name, &text, &err) != K8SC_OK || !text) {
            k8sc_error_free(err);
            continue;
        }
        check(k8sc_object_parse_json(text, strlen(text), &object, &err), err);
        state[name] = k8sc_object_resource_version(object);
        k8sc_object_unref(object);
        k8sc_testing_string_free(text);
    }
    return state;
}

class Life {
  public:
    Life(long plan, bool dispatches) : plan_(plan), dispatches_(dispatches)
    {
        k8sc_config *config;
        k8sc_informer_options *options;
        k8sc_error *err;
        check(k8sc_config_new(&config, &err), err);
        check(k8sc_config_set_server(config, k8sc_testing_server_url(server), &err), err);
        if (const char *ca = k8sc_testing_server_ca_pem(server))
            check(k8sc_config_set_ca(config, ca, strlen(ca), &err), err);
        check(k8sc_config_set_rate_limit(config, -1, 0, &err), err);
        check(k8sc_informer_options_new(&options, &err), err);
        check(k8sc_informer_options_set_list_mode(options, K8SC_LIST_PAGES, &err), err);
        if (dispatches) check(k8sc_informer_options_set_transform(options, transform, this, nullptr, &err), err);
        check(k8sc_client_new(config, &client_, &err), err);
        check(k8sc_informer_new(client_, "", "v1", "configmaps", options, &informer_, &err), err);
        check(k8sc_informer_add_label_index(informer_, "app", "app", &err), err);
        check(k8sc_informer_add_handler(informer_, on_event, this, nullptr, nullptr, &err), err);
        check(k8sc_informer_lister(informer_, &lister_, &err), err);
        k8sc_informer_options_free(options);
        k8sc_config_free(config);
        if (!dispatches) io_plan.store(plan);
        check(k8sc_informer_start(informer_, &err), err);
        pthread_create(&thread_, nullptr, run, this);
        // The next one's thread must not take it.
        if (!comes_true([] { return io_plan.load() < 0; })) fail_msg("the I/O thread allocates nothing");
    }
    ~Life()
    {
        ends_.store(true);
        pthread_join(thread_, nullptr);
        k8sc_client_close(client_, -1, nullptr);
        k8sc_lister_unref(lister_);
        k8sc_informer_unref(informer_);
        k8sc_client_unref(client_);
    }
    Life(const Life &) = delete;
    Life &operator=(const Life &) = delete;

    // That it has what the server has, and has told so, or was stopped.
    bool has(const State &state)
    {
        if (k8sc_informer_is_stopped(informer_)) return true;
        std::lock_guard lock(mutex_);
        return believes_ == state && cached() == state;
    }
    void must_have(const State &state)
    {
        if (!comes_true([&] { return has(state); }))
            fail_msg("allocation %ld: the cache has %zu objects, the handler knows %zu, the server has %zu", plan_,
                     cached().size(), believes_.size(), state.size());
        std::lock_guard lock(mutex_);
        if (!mistake_.empty()) fail_msg("allocation %ld: %s", plan_, mistake_.c_str());
    }
    bool is_stopped() const { return k8sc_informer_is_stopped(informer_); }

  private:
    State cached()
    {
        State state;
        k8sc_list *list;
        k8sc_error *err;
        check(k8sc_lister_list(lister_, nullptr, nullptr, &list, &err), err);
        for (int64_t i = 0; i < k8sc_list_size(list); i++)
            state[k8sc_object_name(k8sc_list_at(list, i))] = k8sc_object_resource_version(k8sc_list_at(list, i));
        k8sc_list_free(list);
        return state;
    }

    static int on_event(const k8sc_event *event, void *self)
    {
        Spared spared;
        static_cast<Life *>(self)->apply(event);
        return 0;
    }
    void apply(const k8sc_event *event)
    {
        const k8sc_object *object = k8sc_event_object(event);
        std::string name = object ? k8sc_object_name(object) : "",
                    version = object ? k8sc_object_resource_version(object) : "";
        std::lock_guard lock(mutex_);
        bool knows = believes_.count(name) > 0, ok = true;
        switch (k8sc_event_kind(event)) {
        case K8SC_EVENT_ADD:
            ok = !knows;
            believes_[name] = version;
            break;
        case K8SC_EVENT_UPDATE:
            ok = knows;
            believes_[name] = version;
            break;
        case K8SC_EVENT_DELETE:
            ok = knows;
            believes_.erase(name);
            break;
        default: break;
        }
        if (!ok) mistake_ = std::string(k8sc_event_kind_name(event)) + " " + name + " makes no sense";
    }

    static int transform(k8sc_object *, k8sc_object **, void *) { return 0; }

    static void *run(void *of)
    {
        Life &self = *static_cast<Life *>(of);
        k8sc_queue *queue = k8sc_client_queue(self.client_);
        if (self.dispatches_) {
            is_planned = true;
            fails_after = self.plan_;
        }
        while (!self.ends_.load()) {
            k8sc_error *err = nullptr;
            k8sc_queue_wait(queue, 20, nullptr, &err);
            k8sc_error_free(err);
            err = nullptr;
            k8sc_queue_dispatch(queue, 0, nullptr, &err);
            k8sc_error_free(err);
        }
        fails_after = 0;
        is_planned = false;
        return nullptr;
    }

    const long plan_;
    const bool dispatches_;
    k8sc_client *client_ = nullptr;
    k8sc_informer *informer_ = nullptr;
    k8sc_lister *lister_ = nullptr;
    pthread_t thread_;
    std::atomic<bool> ends_{false};
    std::mutex mutex_;
    State believes_;
    std::string mistake_;
};

// A list, some events, a list again, and some more; all that while an allocation of each life fails.
void live(const std::vector<long> &plans, bool dispatches)
{
    k8sc_testing_options *options;
    k8sc_error *err;
    check(k8sc_testing_options_new(&options, &err), err);
    if (getenv("K8SC_TEST_HTTP2")) check(k8sc_testing_options_set_tls(options, 1, &err), err);
    check(k8sc_testing_server_start(options, &server, &err), err);
    k8sc_testing_options_free(options);
    for (const char *name : {"first-of-them", "second", "third"}) put(name, "1");
    {
        std::vector<std::unique_ptr<Life>> lives;
        for (long plan : plans) lives.push_back(std::make_unique<Life>(plan, dispatches));
        auto all_have = [&] {
            State state = on_server();
            for (auto &life : lives) life->must_have(state);
        };
        all_have();
        put("first-of-them", "2");
        put("fourth", "1");
        remove("second");
        all_have();
        std::string rule = R"({"verb":"watch","error_event":{"code":410,"reason":"Expired"},"times":)" +
                           std::to_string(plans.size()) + "}";
        check(k8sc_testing_server_add_fault(server, rule.c_str(), nullptr, &err), err);
        check(k8sc_testing_server_disconnect(server, &err), err);
        put("first-of-them", "3");
        put("fifth", "1");
        remove("third");
        all_have();
        put("fourth", "2");
        remove("first-of-them");
        all_have();
        size_t stopped = 0;
        for (auto &life : lives) stopped += life->is_stopped();
        // One failure is nothing to stop for.
        assert_int_equal(stopped, 0);
    }
    k8sc_testing_server_free(server);
}

void torture(bool dispatches)
{
    const char *wanted = getenv("K8SC_TORTURE");
    traces = getenv("K8SC_TORTURE_TRACE") != nullptr;
    before_allocation = look_at_thread;
    if (wanted && atol(wanted) > 0) return live({atol(wanted)}, dispatches);
    // One to which nothing happens, to know how many there are.
    most_allocations = 0;
    live({0}, dispatches);
    long total = most_allocations.load();
    assert_true(total > 10);
    bool all = wanted && std::string_view(wanted) == "all";
    std::vector<long> plans;
    for (long i = 0; i < (all ? total : few); i++) plans.push_back(all ? i + 1 : 1 + i * total / few);
    for (size_t at = 0; at < plans.size(); at += batch)
        live({plans.begin() + static_cast<ptrdiff_t>(at),
              plans.begin() + static_cast<ptrdiff_t>(std::min<size_t>(plans.size(), at + batch))},
             dispatches);
    print_message("# %ld allocations, %zu of them tried\n", total, plans.size());
}

void of_the_io_thread(void **) { torture(false); }
void of_a_dispatching_thread(void **) { torture(true); }

}  // namespace

int main()
{
    const CMUnitTest tests[] = {cmocka_unit_test(of_the_io_thread), cmocka_unit_test(of_a_dispatching_thread)};
    return cmocka_run_group_tests_name("api torture", tests, nullptr, nullptr);
}
