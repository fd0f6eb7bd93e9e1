// What each handler of an informer is told: some cases one by one, and random histories, with a clock of their own,
// against a model that does what client-go's shared informer does in the simplest way.
#include <deque>
#include <map>
#include <random>
#include <set>

#include "cache/registrations.h"

#include "../queue/recorder.h"
#include "resync_model.h"

namespace {

// What happens to a key: its version, or "" for an object without.
using Items = std::vector<std::pair<std::string, std::string>>;

// So much that a few of them are enough for a dictionary.
const std::string &filling()
{
    static const std::string text = repeated("words that all of them have ", 350);
    return text;
}

Ref<Object> object_of(const std::string &key, const std::string &version)
{
    std::string told = version.empty() ? "" : concat(",\"resourceVersion\":\"", version, "\"");
    return Object::parse(concat("{\"metadata\":{\"namespace\":\"ns\",\"name\":\"", key, "\",\"uid\":\"u-", key, "\"",
                                told, "},\"filling\":\"", filling(), "\"}"));
}

std::string text_of(const Event &event)
{
    std::string text = k8sc_event_kind_name(&event);
    auto add = [&](const CachedObject &stored) {
        if (stored) text += concat(" ", stored.name(), "@", stored.resource_version());
    };
    add(event.object.stored());
    add(event.old_object.stored());
    if (event.initial) text += " initial";
    if (event.inferred) text += " inferred";
    if (event.error) text += " " + event.error->message;
    return text;
}

// The real thing: handlers that are read with take(), each with a queue of its own, or one that they share.
class Handlers {
  public:
    Handlers(int64_t compress_from, int64_t default_resync_ms)
        : store_(make<Store>(compress_from)), registrations_(store_, default_resync_ms)
    {
    }

    // -1 for the default.
    void add(int id, int64_t resync_ms, int64_t now, bool shares)
    {
        queues_.push_back(shares && !queues_.empty() ? queues_.front() : std::make_shared<UserQueue>());
        auto registration =
            make<Registration>(Ref<Client>(), queues_.back()->ref(), Callback(), make<Backpressure>(Ref<Client>()));
        registration->subscription()->set_policy(*registration->queue(), HandlerSubscription::Policy::keep_all, 1);
        handlers_[id] = {registration, {}};
        registrations_.add(registration, resync_ms, started, now);
        if (synced) registrations_.replay(registration);
    }
    void remove(int id)
    {
        registrations_.remove(handlers_.at(id).registration.get());
        handlers_.at(id).registration->end();
    }
    void list(const Items &items)
    {
        store_->begin_staging();
        for (auto &[key, version] : items) store_->stage(object_of(key, version));
        registrations_.list_ended(!synced);
        synced = true;
    }
    void list_breaks_off(const Items &items)
    {
        store_->begin_staging();
        for (auto &[key, version] : items) store_->stage(object_of(key, version));
    }
    Registrations *operator->() { return &registrations_; }
    bool is_compressed() const { return store_->sizes().dictionaries > 0; }

    // What the handler was given since it was last asked for.
    std::vector<std::string> taken(int id)
    {
        auto &registration = *handlers_.at(id).registration;
        while (auto event = registration.queue()->take())
            for (auto &[other, handler] : handlers_)
                if (event->subscription.get() == handler.registration->subscription().get()) {
                    handler.seen.push_back(text_of(*event));
                    event->subscription->done_with(*event);
                }
        return std::exchange(handlers_.at(id).seen, {});
    }
    bool has_synced(int id) const { return handlers_.at(id).registration->has_synced(); }

    bool started = false, synced = false;

  private:
    struct One {
        Ref<Registration> registration;
        std::vector<std::string> seen;
    };
    Ref<Store> store_;
    Registrations registrations_;
    std::map<int, One> handlers_;
    std::vector<std::shared_ptr<UserQueue>> queues_;
};

/* ---- one by one */

void assert_told(Handlers &handlers, int id, const std::vector<std::string> &wanted)
{
    std::string have, want;
    for (auto &text : handlers.taken(id)) have += text + "; ";
    for (auto &text : wanted) want += text + "; ";
    assert_text(have, want);
}

void from_the_beginning(void **)
{
    Handlers handlers(-1, 0);
    handlers.add(1, -1, 0, false);
    handlers.started = true;
    handlers.add(2, -1, 0, false);
    assert_told(handlers, 1, {});
    handlers.list({{"b", "2"}, {"a", "1"}});
    for (int id : {1, 2}) {
        assert_told(handlers, id, {"ADD b@2 initial", "ADD a@1 initial", "SYNC"});
        assert_true(handlers.has_synced(id));
    }
    handlers->changed(object_of("c", "3"));
    handlers->changed(object_of("a", "4"));
    handlers->deleted(object_of("b", "5"));
    assert_told(handlers, 1, {"ADD c@3", "UPDATE a@4 a@1", "DELETE b@5"});
    // What was missed: first what has gone, as it was last known.
    handlers.list({{"d", "6"}, {"a", "7"}});
    assert_told(handlers, 1, {"DELETE c@3 inferred", "ADD d@6", "UPDATE a@7 a@4"});
}

void of_an_empty_list(void **)
{
    Handlers handlers(-1, 0);
    handlers.add(1, -1, 0, false);
    assert_false(handlers.has_synced(1));
    handlers.list({});
    assert_false(handlers.has_synced(1));
    assert_told(handlers, 1, {"SYNC"});
    assert_true(handlers.has_synced(1));
    handlers.add(2, -1, 0, false);
    assert_told(handlers, 2, {"SYNC"});
    handlers.list({});
    assert_told(handlers, 1, {});
}

void who_comes_late(void **)
{
    Handlers handlers(-1, 0);
    handlers.list({{"a", "1"}});
    handlers->changed(object_of("a", "2"));
    handlers.add(1, -1, 0, false);
    handlers->changed(object_of("a", "3"));
    assert_told(handlers, 1, {"ADD a@2 initial", "SYNC", "UPDATE a@3 a@2"});
    handlers->failed(Error(K8SC_E_TRANSPORT, "lost"));
    assert_told(handlers, 1, {"ERROR lost"});
    // No more after the end, not even of what waits already.
    handlers->changed(object_of("a", "4"));
    handlers.remove(1);
    handlers->changed(object_of("a", "5"));
    assert_told(handlers, 1, {});
}

void deletes_of_the_unknown(void **)
{
    Handlers handlers(-1, 0);
    handlers.add(1, -1, 0, false);
    handlers.list({{"a", "1"}, {"b", "2"}});
    handlers.taken(1);
    handlers->deleted(object_of("never", "3"));
    assert_told(handlers, 1, {});
    handlers->deleted(object_of("a", "4"));
    handlers->deleted(object_of("a", "5"));
    assert_told(handlers, 1, {"DELETE a@4"});
    // A list has said so already.
    handlers.list({});
    handlers->deleted(object_of("b", "6"));
    assert_told(handlers, 1, {"DELETE b@2 inferred"});
    handlers->changed(object_of("b", "7"));
    assert_told(handlers, 1, {"ADD b@7"});
}

void updates_that_change_nothing(void **)
{
    Handlers handlers(-1, 2000);
    handlers.add(1, -1, 0, false);
    handlers.add(2, 0, 0, false);
    handlers.started = true;
    handlers.list({{"a", "1"}, {"b", ""}});
    handlers.add(3, 3000, 500, false);
    for (int id : {1, 2, 3}) handlers.taken(id);
    // Before the first check they are for all.
    handlers->changed(object_of("a", "1"));
    handlers.list({{"a", "1"}, {"b", ""}});
    for (int id : {1, 2, 3}) assert_told(handlers, id, {"UPDATE a@1 a@1", "UPDATE a@1 a@1", "UPDATE b@ b@"});
    // From then on for those who are due; what has no version may have changed.
    handlers->check_resync(2000);
    auto told = handlers.taken(1);
    assert_int_equal(told.size(), 2);
    handlers->changed(object_of("a", "1"));
    handlers.list({{"a", "1"}, {"b", ""}});
    assert_told(handlers, 1, {"UPDATE a@1 a@1", "UPDATE a@1 a@1", "UPDATE b@ b@"});
    for (int id : {2, 3}) assert_told(handlers, id, {"UPDATE b@ b@"});
    // A check with nobody due is one, too.
    handlers->check_resync(3400);
    handlers->changed(object_of("a", "1"));
    for (int id : {1, 2, 3}) assert_told(handlers, id, {});
    // One that came since is not due, and given such updates all the same, until the next check.
    handlers.add(4, -1, 3450, false);
    handlers.taken(4);
    handlers->changed(object_of("a", "1"));
    assert_told(handlers, 4, {"UPDATE a@1 a@1"});
    handlers->check_resync(3500);
    assert_int_equal(handlers.taken(3).size(), 2);
    handlers->changed(object_of("a", "1"));
    assert_told(handlers, 3, {"UPDATE a@1 a@1"});
    for (int id : {1, 2, 4}) assert_told(handlers, id, {});
}

/* ---- against the model */

// Events that come together. Some are in no particular order: [begin, end).
struct Batch {
    std::vector<std::string> texts;
    size_t begin = 0, end = 0;
};

// Indexer, processor and listeners in one.
class Model {
  public:
    explicit Model(int64_t by_default) : resync(by_default) {}

    void add(int id, std::optional<int64_t> wanted, bool started, int64_t now)
    {
        resync.add(id, wanted, started, now);
        told[id];
        if (!synced) return;
        std::vector<std::string> texts;
        for (auto &[key, version] : indexer) texts.push_back(concat("ADD ", key, "@", version, " initial"));
        texts.push_back("SYNC");
        give(id, texts, 0, indexer.size());
    }
    void remove(int id)
    {
        resync.listeners.erase(id);
        told.erase(id);
    }
    void replace_all(const Items &items)
    {
        std::map<std::string, std::string> next(items.begin(), items.end());
        std::vector<std::string> deletions;
        for (auto &[key, version] : indexer)
            if (!next.count(key)) deletions.push_back(concat("DELETE ", key, "@", version, " inferred"));
        for (auto &[id, listener] : resync.listeners) {
            auto texts = deletions;
            for (auto &[key, version] : items) {
                auto old = indexer.find(key);
                if (old == indexer.end())
                    texts.push_back(concat("ADD ", key, "@", version, synced ? "" : " initial"));
                else if (listener.syncing || !is_sync(old->second, version))
                    texts.push_back(concat("UPDATE ", key, "@", version, " ", key, "@", old->second));
                else
                    spared++;
            }
            if (!synced) texts.push_back("SYNC");
            if (!texts.empty()) give(id, texts, 0, deletions.size());
        }
        indexer = next;
        synced = true;
    }
    void set(const std::string &key, const std::string &version)
    {
        auto old = indexer.find(key);
        for (auto &[id, listener] : resync.listeners) {
            if (old == indexer.end())
                give(id, {concat("ADD ", key, "@", version)});
            else if (listener.syncing || !is_sync(old->second, version))
                give(id, {concat("UPDATE ", key, "@", version, " ", key, "@", old->second)});
            else
                spared++;
        }
        indexer[key] = version;
    }
    void erase(const std::string &key, const std::string &version)
    {
        // As with a DeltaFIFO.
        if (!indexer.erase(key)) return void(unknown++);
        for (auto &[id, listener] : resync.listeners) give(id, {concat("DELETE ", key, "@", version)});
    }
    void fail_with(const std::string &message)
    {
        for (auto &[id, listener] : resync.listeners) give(id, {"ERROR " + message});
    }
    void timer(int64_t now)
    {
        if (!resync.should_resync(now) || indexer.empty()) return;
        for (auto &[id, listener] : resync.listeners) {
            if (!listener.syncing) continue;
            std::vector<std::string> texts;
            for (auto &[key, version] : indexer)
                texts.push_back(concat("UPDATE ", key, "@", version, " ", key, "@", version));
            give(id, texts, 0, texts.size());
            resyncs++;
        }
    }

    ResyncModel resync;
    std::map<std::string, std::string> indexer;
    std::map<int, std::deque<Batch>> told;
    bool synced = false;
    int spared = 0, unknown = 0, resyncs = 0;

  private:
    // Without a version nothing is known to be the same: see docs/differences-from-client-go.md.
    static bool is_sync(const std::string &old, const std::string &version)
    {
        return old == version && !version.empty();
    }
    void give(int id, std::vector<std::string> texts, size_t begin = 0, size_t end = 0)
    {
        told[id].push_back({std::move(texts), begin, end});
    }
};

class Play {
  public:
    explicit Play(unsigned seed)
        : seed_(seed), random_(seed), default_(wish()), handlers_(seed % 2 ? -1 : 0, default_), model_(default_)
    {
    }

    void run()
    {
        for (step_ = 0; step_ < 250; step_++) {
            unsigned what = random_() % 100;
            now_ += random_() % 50;
            // A timer that is due comes before what is later; sometimes much later than it should.
            if (timer_set_ && now_ >= next_check_) check();
            if (what < 10)
                add();
            else if (what < 14)
                remove();
            else if (!handlers_.started)
                handlers_.started = random_() % 2;
            else if (!handlers_.synced)
                random_() % 2 ? list() : fail_once();
            else if (what < 20)
                list();
            else if (what < 50)
                set();
            else if (what < 70)
                erase();
            else if (what < 80 && timer_set_)
                now_ = next_check_ + (random_() % 3 ? 0 : random_() % 5000), check();
            else if (what < 83)
                fail_once();
            else
                look();
        }
        look();
    }

    Model &model() { return model_; }
    bool was_compressed() const { return handlers_.is_compressed(); }
    int replays() const { return replays_; }
    int cut_off() const { return cut_off_; }

  private:
    int64_t wish()
    {
        const int64_t wishes[] = {0, 0, 1, 1000, 1500, 2000, 3000, 7000};
        return wishes[random_() % 8];
    }
    std::string random_key() { return "k" + std::to_string(random_() % 12); }
    // A new one, mostly; now and then the one that is there; some keys have none.
    std::string version_of(const std::string &key)
    {
        if (key == "k0" || key == "k1") return "";
        auto at = model_.indexer.find(key);
        if (at != model_.indexer.end() && random_() % 3 == 0) return at->second;
        return std::to_string(++version_);
    }
    void add()
    {
        std::optional<int64_t> wanted;
        if (random_() % 4) wanted = wish();
        int id = next_id_++;
        handlers_.add(id, wanted.value_or(-1), now_, random_() % 3 == 0);
        model_.add(id, wanted, handlers_.started, now_);
        if (model_.synced) replays_++;
    }
    void remove()
    {
        if (model_.told.empty()) return;
        int id = std::next(model_.told.begin(), random_() % model_.told.size())->first;
        if (!model_.told[id].empty()) cut_off_++;
        handlers_.remove(id);
        model_.remove(id);
        gone_.insert(id);
    }
    Items random_items()
    {
        Items items;
        std::set<std::string> taken;
        for (auto &[key, version] : model_.indexer)
            if (random_() % 4) taken.insert(key);
        for (int i = random_() % 4; i > 0; i--) taken.insert(random_key());
        for (auto &key : taken)
            items.emplace_back(key, random_() % 2 && model_.indexer.count(key) ? model_.indexer[key] : version_of(key));
        std::shuffle(items.begin(), items.end(), random_);
        return items;
    }
    void list()
    {
        if (random_() % 4 == 0) handlers_.list_breaks_off(random_items());
        Items items = random_items();
        handlers_.list(items);
        model_.replace_all(items);
        // The checks count from the first list on.
        if (!timer_set_ && model_.resync.check() > 0) {
            timer_set_ = true;
            next_check_ = now_ + model_.resync.check();
        }
    }
    void set()
    {
        std::string key = random_key(), version = version_of(key);
        handlers_->changed(object_of(key, version));
        model_.set(key, version);
    }
    void erase()
    {
        std::string key = random_key(), version = version_of(key);
        handlers_->deleted(object_of(key, version));
        model_.erase(key, version);
    }
    void fail_once()
    {
        std::string message = "failure " + std::to_string(step_);
        handlers_->failed(Error(K8SC_E_TRANSPORT, message));
        model_.fail_with(message);
    }
    void check()
    {
        handlers_->check_resync(now_);
        model_.timer(now_);
        next_check_ = now_ + model_.resync.check();
        assert_int_equal(handlers_->check_period_ms(), model_.resync.check());
    }
    void look()
    {
        for (auto &[id, batches] : model_.told) {
            auto have = handlers_.taken(id);
            size_t at = 0;
            for (auto &batch : batches) {
                size_t left = have.size() - at;
                if (left < batch.texts.size())
                    fail_msg("seed %u, step %d, handler %d: told %d events, and then not \"%s\"", seed_, step_, id,
                             int(have.size()), batch.texts[left].c_str());
                auto from = have.begin() + at;
                std::sort(from + batch.begin, from + batch.end);
                std::sort(batch.texts.begin() + batch.begin, batch.texts.begin() + batch.end);
                for (auto &text : batch.texts) {
                    if (have[at] != text)
                        fail_msg("seed %u, step %d, handler %d: told \"%s\" instead of \"%s\"", seed_, step_, id,
                                 have[at].c_str(), text.c_str());
                    if (text == "SYNC") synced_.insert(id);
                    at++;
                }
            }
            if (at < have.size())
                fail_msg("seed %u, step %d, handler %d: told \"%s\", which is too much", seed_, step_, id,
                         have[at].c_str());
            batches.clear();
            if (handlers_.has_synced(id) != (synced_.count(id) > 0))
                fail_msg("seed %u, step %d, handler %d: has_synced is wrong", seed_, step_, id);
        }
        for (int id : gone_)
            if (!handlers_.taken(id).empty())
                fail_msg("seed %u, step %d, handler %d: told of something after its end", seed_, step_, id);
    }

    const unsigned seed_;
    std::mt19937 random_;
    const int64_t default_;
    Handlers handlers_;
    Model model_;
    std::set<int> gone_, synced_;
    int step_ = 0, next_id_ = 0, version_ = 0, replays_ = 0, cut_off_ = 0;
    int64_t now_ = 1000, next_check_ = 0;
    bool timer_set_ = false;
};

void random_histories_match_the_model(void **)
{
    int spared = 0, unknown = 0, resyncs = 0, replays = 0, cut_off = 0, compressed = 0;
    Rounds rounds(200);
    while (rounds.next()) {
        Play play(rounds.seed());
        play.run();
        spared += play.model().spared;
        unknown += play.model().unknown;
        resyncs += play.model().resyncs;
        replays += play.replays();
        cut_off += play.cut_off();
        compressed += play.was_compressed();
    }
    // Else this tests half of what it says.
    assert_true(spared > 4 * rounds.number());
    // Of the first ten, a little less than of all.
    const int enough = 4 * rounds.number();
    assert_true(unknown > enough);
    assert_true(resyncs > enough);
    assert_true(replays > enough);
    assert_true(cut_off > enough);
    assert_true(compressed > rounds.number() / 5);
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(from_the_beginning),
        cmocka_unit_test(of_an_empty_list),
        cmocka_unit_test(who_comes_late),
        cmocka_unit_test(deletes_of_the_unknown),
        cmocka_unit_test(updates_that_change_nothing),
        cmocka_unit_test(random_histories_match_the_model),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
