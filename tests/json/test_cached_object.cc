// Objects as caches keep them: what was compressed comes back as it was, whoever looks, and dictionaries come and go.
#include <random>
#include <thread>
#include <vector>

#include "json/compressor.h"

#include "../core/check.h"

namespace {

Ref<Object> pod(int n,
                std::string_view filling = "the same text in each of them, some words long, as labels and probes are")
{
    std::string json = "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"pod-" + std::to_string(n) +
                       "\",\"namespace\":\"shop\",\"uid\":\"u-" + std::to_string(n) + "\",\"resourceVersion\":\"" +
                       std::to_string(100 + n) + "\"},\"spec\":{\"text\":\"";
    for (int i = 0; i < 20; i++) json += concat(filling, " ", std::to_string(n * i % 97), " ");
    return Object::parse(json + "\"}}");
}

std::string noise(int n, size_t size)
{
    std::mt19937 random(static_cast<unsigned>(n));
    std::string text;
    while (text.size() < size) text += static_cast<char>('0' + random() % 75);
    for (auto &c : text)
        if (c == '"' || c == '\\') c = '_';
    return text;
}

Compressor compressing_pods()
{
    Compressor compressor(0);
    std::vector<CachedObject> kept;
    for (int i = 0; i < 60; i++) kept.push_back(pod(i));
    compressor.begin(kept);
    return compressor;
}

void assert_same(const Object &a, const Object &b)
{
    assert_text(a.json(), b.json());
    assert_text(a.ns(), b.ns());
    assert_text(a.name(), b.name());
    assert_text(a.uid(), b.uid());
    assert_text(a.resource_version(), b.resource_version());
}

void comes_back(void **)
{
    Compressor compressor = compressing_pods();
    for (int i = 100; i < 200; i++) {
        Ref<Object> object = pod(i);
        CachedObject stored = compressor.compress(object);
        assert_true(stored.is_compressed());
        assert_true(stored.bytes() < object->json().size() / 2);
        assert_int_equal(stored.json_size(), object->json().size());
        assert_text(stored.peek(), object->json());
        assert_text(stored.key(), "shop\0pod-"s + std::to_string(i));
        assert_text(stored.identity().uid, object->uid());
        Ref<Object> back = stored.object();
        assert_ptr_not_equal(back.get(), object.get());
        assert_same(*back, *object);
        // As everywhere, the texts end with a NUL.
        assert_int_equal(back->json().data()[back->json().size()], 0);
        CachedObject copy = stored;
        assert_true(copy == stored);
        stored = CachedObject();
        assert_text(copy.name(), object->name());
        assert_same(*copy.object(), *object);
    }
}

void stays_as_it_is(void **)
{
    CachedObject nothing;
    assert_false(static_cast<bool>(nothing));
    assert_null(nothing.object().get());
    assert_text(nothing.name(), "");
    Compressor compressor = compressing_pods();
    Ref<Object> plain = Object::parse("{\"a\":1}");
    // Not worth it: the object itself, and no copy of it.
    CachedObject stored = compressor.compress(plain);
    assert_false(stored.is_compressed());
    assert_ptr_equal(stored.object().get(), plain.get());
    assert_text(stored.peek(), plain->json());
}

// Entries outlive the dictionary that the compressor uses, and the compressor.
void dictionary_is_kept(void **)
{
    std::vector<std::pair<CachedObject, std::string>> kept;
    {
        Compressor compressor = compressing_pods();
        for (int i = 0; i < 50; i++) kept.emplace_back(compressor.compress(pod(i)), pod(i)->json());
        std::vector<CachedObject> others;
        for (int i = 0; i < 50; i++) others.push_back(pod(i, "something else entirely, to learn from"));
        compressor.begin(others);
        for (int i = 0; i < 50; i++) kept.emplace_back(compressor.compress(pod(i)), pod(i)->json());
        assert_int_equal(compressor.dictionaries(), 2);
    }
    for (auto &[stored, json] : kept) assert_text(stored.object()->json(), json);
}

void is_due(void **)
{
    Compressor never(-1), at_once(0), later(1 << 20);
    assert_false(never.is_due(int64_t(1) << 40));
    assert_false(at_once.is_due(Compressor::dictionary_bytes - 1));
    assert_true(at_once.is_due(Compressor::dictionary_bytes));
    assert_false(later.is_due((1 << 20) - 1));
    assert_true(later.is_due(1 << 20));
    Ref<Object> object = pod(1);
    assert_ptr_equal(later.compress(object).object().get(), object.get());
    Compressor compressing = compressing_pods();
    assert_false(compressing.is_due(int64_t(1) << 40));
}

// Where objects change so much that the dictionary helps no more, it is made anew; where nothing would help, that is
// not tried for ever.
void learns_again(void **)
{
    Compressor compressor = compressing_pods();
    auto bytes = [&](int from, int to, auto &&make) {
        size_t sum = 0;
        for (int i = from; i < to; i++) sum += compressor.compress(make(i)).bytes();
        return sum;
    };
    std::string other = noise(7, 60);
    auto old_kind = [](int i) { return pod(i); };
    auto new_kind = [&](int i) {
        std::string text;
        for (int j = 0; j < 25; j++) text += noise(1000 + (i + j) % 40, 60);
        return Object::parse(concat("{\"metadata\":{\"name\":\"n", std::to_string(i), "\"},\"d\":\"", text, "\"}"));
    };
    bytes(0, 2000, old_kind);
    assert_int_equal(compressor.dictionaries(), 1);
    size_t before = bytes(0, 100, new_kind);
    bytes(100, 1000, new_kind);
    assert_int_equal(compressor.dictionaries(), 2);
    size_t after = bytes(1000, 1100, new_kind);
    assert_true(after < before / 2);
    bytes(1100, 4000, new_kind);
    assert_int_equal(compressor.dictionaries(), 2);
}

void opened_once(void **)
{
    Compressor compressor = compressing_pods();
    for (int round = 0; round < 50; round++) {
        Ref<Object> object = pod(round);
        LazyObject lazy(compressor.compress(object));
        Object *seen[4] = {};
        std::vector<std::thread> threads;
        for (auto &slot : seen) threads.emplace_back([&slot, &lazy] { slot = lazy.get(); });
        for (auto &thread : threads) thread.join();
        for (auto slot : seen) assert_ptr_equal(slot, seen[0]);
        assert_same(*seen[0], *object);
        LazyObject moved = std::move(lazy);
        assert_ptr_equal(moved.get(), seen[0]);
        assert_null(lazy.get());
    }
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(comes_back), cmocka_unit_test(stays_as_it_is), cmocka_unit_test(dictionary_is_kept),
        cmocka_unit_test(is_due),     cmocka_unit_test(learns_again),   cmocka_unit_test(opened_once),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
