// The store against a model that does the same in the simplest way: random changes, lists and indexes, compressed and
// not.
#include <map>
#include <random>
#include <set>

#include "cache/store.h"

#include "../core/check.h"
#include "../core/rounds.h"

namespace {

struct Made {
    std::string ns, name, node, tier, owner;
    int version;

    std::string json() const
    {
        std::string labels = tier.empty() ? "" : concat(",\"labels\":{\"tier\":\"", tier, "\"}");
        std::string owners =
            owner.empty() ? "" : concat(",\"ownerReferences\":[{\"uid\":\"", owner, "\"},{\"uid\":\"always\"}]");
        return concat("{\"metadata\":{\"name\":\"", name, "\",\"namespace\":\"", ns, "\",\"uid\":\"u-", name,
                      "\",\"resourceVersion\":\"", std::to_string(version), "\"", labels, owners,
                      "},\"spec\":{\"nodeName\":\"", node, "\",\"filling\":\"",
                      repeated("words that all of them have ", 60), "\"}}");
    }
    Ref<Object> object() const { return Object::parse(json()); }
};

using Model = std::map<std::pair<std::string, std::string>, Made>;
using Names = std::multiset<std::string>;

Names names_of(const std::vector<CachedObject> &found, const Model &model)
{
    Names names;
    for (auto &stored : found) {
        auto at = model.find({std::string(stored.ns()), std::string(stored.name())});
        if (at == model.end()) fail_msg("%s is not there any more", std::string(stored.name()).c_str());
        assert_text(stored.object()->json(), at->second.json());
        names.insert(concat(stored.ns(), "/", stored.name()));
    }
    return names;
}

template <class Is>
Names names_where(const Model &model, Is &&is)
{
    Names names;
    for (auto &[key, made] : model)
        if (is(made)) names.insert(key.first + "/" + key.second);
    return names;
}

int node_of(const k8sc_object *object, k8sc_strings *out, void *calls)
{
    ++*static_cast<int *>(calls);
    return k8sc_strings_add(out, object->string_at("/spec/nodeName")->data(),
                            object->string_at("/spec/nodeName")->size());
}

class Play {
  public:
    Play(unsigned seed, int64_t compress_from) : random_(seed), store_(make<Store>(compress_from))
    {
        store_->add_index("node", Index(Index::Kind::pointer, "/spec/nodeName"));
        store_->add_index("tier", Index(Index::Kind::label, "tier"));
        store_->add_index("owner", Index(Index::Kind::owner, ""));
        store_->add_index("asked", Index(std::make_shared<IndexFunction>(node_of, &calls_, nullptr)));
    }

    void run()
    {
        for (int step = 0; step < 400; step++) {
            unsigned what = random_() % 100;
            if (what < 55)
                put();
            else if (what < 80)
                erase();
            else if (what < 84)
                relist();
            else if (what < 85)
                snapshot();
            else
                look();
            if (step == 200) store_->add_index("late", Index(Index::Kind::label, "tier"));
        }
        look();
        check_snapshots();
        Store::Size sizes = store_->sizes();
        int64_t json = 0;
        for (auto &[key, made] : model_) json += static_cast<int64_t>(made.json().size());
        assert_int_equal(sizes.objects, model_.size());
        assert_int_equal(sizes.json_bytes, json);
        relisted({});
        assert_int_equal(store_->size(), 0);
        assert_int_equal(store_->sizes().json_bytes, 0);
        assert_int_equal(store_->sizes().bytes, 0);
        for (auto index : {"namespace", "node", "tier", "owner", "asked", "late"})
            assert_true(store_->index_values(index).empty());
    }
    bool was_compressed() const { return store_->sizes().dictionaries > 0; }

  private:
    std::string pick(const char *prefix, unsigned of) { return prefix + std::to_string(random_() % of); }
    Made random_made()
    {
        Made made{pick("ns", 3),
                  pick("pod", 40),
                  pick("node", 4),
                  random_() % 3 ? pick("t", 3) : "",
                  random_() % 3 ? pick("o", 5) : "",
                  ++version_};
        return made;
    }
    void assert_before(const CachedObject &before, const Made &made)
    {
        auto at = model_.find({made.ns, made.name});
        assert_int_equal(static_cast<bool>(before), at != model_.end());
        if (before) assert_text(before.object()->json(), at->second.json());
    }
    void put()
    {
        Made made = random_made();
        auto [before, now] = store_->put(made.object());
        assert_before(before, made);
        assert_text(now.peek(), made.json());
        model_[{made.ns, made.name}] = made;
    }
    void erase()
    {
        Made made = random_made();
        auto [before, now] = store_->erase(made.object());
        assert_before(before, made);
        assert_text(now.peek(), made.json());
        model_.erase({made.ns, made.name});
    }
    void relist()
    {
        // One that did not come to its end first.
        store_->begin_staging();
        store_->stage(random_made().object());
        Model next;
        for (auto &[key, made] : model_) {
            if (random_() % 5 == 0) continue;
            next[key] = made;
            if (random_() % 3 == 0) next[key].version = ++version_, next[key].node = pick("node", 4);
        }
        for (int i = 0; i < 3; i++) {
            Made made = random_made();
            next[{made.ns, made.name}] = made;
        }
        relisted(next);
    }
    void relisted(const Model &next)
    {
        store_->begin_staging();
        if (!next.empty()) {
            // Twice in one list: the last counts. And one that a streamed list takes back.
            Made twice = next.begin()->second;
            twice.version = 1;
            store_->stage(twice.object());
            Made gone = random_made();
            if (!next.count({gone.ns, gone.name})) {
                store_->stage(gone.object());
                store_->unstage(*gone.object());
            }
        }
        for (auto &[key, made] : next) store_->stage(made.object());
        Store::Replaced replaced = store_->replace();
        assert_int_equal(replaced.objects.size(), next.size());
        assert_int_equal(replaced.before.size(), next.size());
        for (size_t i = 0; i < replaced.objects.size(); i++) {
            auto &now = replaced.objects[i];
            auto key = std::pair(std::string(now.ns()), std::string(now.name()));
            assert_text(now.peek(), next.at(key).json());
            assert_before(replaced.before[i], next.at(key));
            // The same version is not kept twice.
            auto at = model_.find(key);
            if (at != model_.end() && at->second.version == next.at(key).version)
                assert_true(now == replaced.before[i]);
        }
        Names gone, wanted;
        for (auto &stored : replaced.gone) gone.insert(concat(stored.ns(), "/", stored.name()));
        for (auto &[key, made] : model_)
            if (!next.count(key)) wanted.insert(key.first + "/" + key.second);
        assert_true(gone == wanted);
        model_ = next;
    }
    void look()
    {
        std::string node = pick("node", 5), tier = pick("t", 4), owner = pick("o", 6), ns = pick("ns", 4),
                    name = pick("pod", 40);
        auto same = [&](const std::vector<CachedObject> &found, auto &&is) {
            assert_true(names_of(found, model_) == names_where(model_, is));
        };
        same(store_->list({}), [](auto &) { return true; });
        StoreQuery query;
        query.ns = ns;
        same(store_->list(query), [&](auto &made) { return made.ns == ns; });
        query.labels = LabelSelector::parse("tier in (t0, " + tier + ")");
        same(store_->list(query),
             [&](auto &made) { return made.ns == ns && (made.tier == "t0" || made.tier == tier); });
        query = {};
        query.labels = LabelSelector::parse("!tier");
        same(store_->list(query), [&](auto &made) { return made.tier.empty(); });
        query = {};
        query.fields = FieldSelector::parse("metadata.name=" + name + ",metadata.namespace!=" + ns);
        same(store_->list(query), [&](auto &made) { return made.name == name && made.ns != ns; });
        same(store_->by_index("node", node), [&](auto &made) { return made.node == node; });
        same(store_->by_index("tier", tier), [&](auto &made) { return made.tier == tier; });
        same(store_->by_index("owner", owner), [&](auto &made) { return made.owner == owner; });
        same(store_->by_index("owner", "always"), [&](auto &made) { return !made.owner.empty(); });
        same(store_->by_index("asked", node), [&](auto &made) { return made.node == node; });
        // What it was asked once is not asked again.
        int calls = calls_;
        store_->by_index("asked", node);
        assert_int_equal(calls, calls_);
        CachedObject one = store_->get(ns, name);
        assert_int_equal(static_cast<bool>(one), model_.count({ns, name}));
        std::set<std::string> nodes, have;
        for (auto &[key, made] : model_) nodes.insert(made.node);
        for (auto &value : store_->index_values("node")) have.insert(value);
        assert_true(nodes == have);
    }
    void snapshot() { snapshots_.emplace_back(store_->list({}), model_); }
    void check_snapshots()
    {
        for (auto &[list, model] : snapshots_)
            assert_true(names_of(list, model) == names_where(model, [](auto &) { return true; }));
    }

    std::mt19937 random_;
    int version_ = 1;
    int calls_ = 0;
    Ref<Store> store_;
    Model model_;
    std::vector<std::pair<std::vector<CachedObject>, Model>> snapshots_;
};

void random_changes_match_the_model(void **)
{
    int compressed = 0;
    Rounds rounds(40);
    while (rounds.next())
        for (int64_t from : {int64_t(-1), int64_t(0), int64_t(120000)}) {
            Play play(rounds.seed(), from);
            play.run();
            compressed += play.was_compressed();
            if (from == -1) assert_false(play.was_compressed());
        }
    // Else this tests half of what it says.
    assert_true(compressed >= rounds.number());
}

void a_refused_index_is_named_in_the_error(void **)
{
    auto store = make<Store>(-1);
    std::string message;
    store->add_index("a", Index(Index::Kind::label, "a"));
    assert_int_equal(code_of([&] { store->add_index("a", Index(Index::Kind::label, "b")); }, &message), K8SC_E_INVALID);
    assert_says(message, "\"a\"");
    assert_int_equal(code_of([&] { store->add_index("namespace", Index(Index::Kind::label, "b")); }), K8SC_E_INVALID);
    assert_int_equal(code_of([&] { store->by_index("none", "x"); }, &message), K8SC_E_INVALID);
    assert_says(message, "\"none\"");
    auto fails = [](const k8sc_object *, k8sc_strings *, void *) { return 7; };
    store->add_index("failing", Index(std::make_shared<IndexFunction>(fails, nullptr, nullptr)));
    assert_true(store->by_index("failing", "x").empty());
    store->put(Made{"ns", "pod", "n", "", "", 5}.object());
    assert_int_equal(code_of([&] { store->by_index("failing", "x"); }, &message), K8SC_E_CALLBACK);
    assert_says(message, "ns/pod");
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {cmocka_unit_test(random_changes_match_the_model),
                                cmocka_unit_test(a_refused_index_is_named_in_the_error)};
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
