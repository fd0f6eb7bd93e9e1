// Lists that arrive in pieces: whatever the pieces, the same items and the same envelope, and the same refusals.
#include "json/decode.h"

#include "split.h"

namespace {

using Items = std::vector<std::string>;

void expect(std::string_view list, const Items &items, std::string_view envelope)
{
    for (size_t piece = 1; piece <= most_pieces; piece++) {
        Split out = split<ListSplitter>(list, piece);
        if (out.code != K8SC_OK) fail_msg("pieces of %zu: %s", piece, out.message.c_str());
        assert_text(out.envelope, envelope);
        assert_int_equal(out.objects.size(), items.size());
        for (size_t i = 0; i < items.size(); i++) assert_text(out.objects[i], items[i]);
    }
}

void refuse(std::string_view list, k8sc_status code, std::string_view says = "", size_t max_object_bytes = 1 << 20)
{
    for (size_t piece = 1; piece <= most_pieces; piece++) {
        Split out = split<ListSplitter>(list, piece, max_object_bytes);
        if (out.code != code)
            fail_msg("pieces of %zu: %s instead of %s: %.*s", piece, k8sc_status_name(out.code), k8sc_status_name(code),
                     int(std::min<size_t>(list.size(), 200)), list.data());
        assert_says(out.message, says);
        assert_true(out.message.size() < 400);
    }
}

void built_in_order(void **)
{
    expect(
        R"({"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"5"},"items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b"}}]})",
        {R"({"metadata":{"name":"a"}})", R"({"metadata":{"name":"b"}})"},
        R"({"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"5"},"items":[]})");
}

// Custom resources' lists have their members in the order of the alphabet: the items come before kind and metadata.
void custom_resource_order(void **)
{
    expect(
        R"({"apiVersion":"x.io/v1","items":[{"a":1},{"a":2}],"kind":"FooList","metadata":{"continue":"","resourceVersion":"7"}})",
        {R"({"a":1})", R"({"a":2})"},
        R"({"apiVersion":"x.io/v1","items":[],"kind":"FooList","metadata":{"continue":"","resourceVersion":"7"}})");
    expect(R"({"items":[{}],"kind":"FooList"})", {"{}"}, R"({"items":[],"kind":"FooList"})");
}

void empty_lists(void **)
{
    expect(R"({"items":[]})", {}, R"({"items":[]})");
    expect(R"({"items":[ ],"a":1})", {}, R"({"items":[],"a":1})");
    expect(R"({"items":null,"a":1})", {}, R"({"items":null,"a":1})");
    expect(R"({"a":1,"items":null})", {}, R"({"a":1,"items":null})");
    expect("{}", {}, "{}");
    expect(" { } \n", {}, "{}");
    expect(R"({"a":1})", {}, R"({"a":1})");
}

void strings_that_look_like_structure(void **)
{
    expect(R"({"k\"e]y":"},{[\\","items":[{"a":"}\\\"]","b":["{\"","\\"]},{"\"":"\\\\\""}],"z":"\"items\":[{}]"})",
           {R"({"a":"}\\\"]","b":["{\"","\\"]})", R"({"\"":"\\\\\""})"},
           R"({"k\"e]y":"},{[\\","items":[],"z":"\"items\":[{}]"})");
}

// Only the list's own member is its items.
void other_items(void **)
{
    expect(R"({"metadata":{"items":[{"x":1}]},"other":[{"y":1},[{"z":1}]],"items":[{"items":[{"a":1},[{"b":[]}]]}]})",
           {R"({"items":[{"a":1},[{"b":[]}]]})"},
           R"({"metadata":{"items":[{"x":1}]},"other":[{"y":1},[{"z":1}]],"items":[]})");
    expect(R"({"items":{"items":[{"a":1}]}})", {}, R"({"items":{"items":[{"a":1}]}})");
}

void a_formatted_list_is_split_as_it_stands(void **)
{
    expect("\r\n{\n\t\"kind\" : \"L\" ,\n \"items\" : [\n {\n \"a\" : 1 } ,\r\n\t{ } \n] ,\n \"metadata\" : { } }\n\n",
           {"{\n \"a\" : 1 }", "{ }"}, "{\"kind\": \"L\" ,\"items\":[],\"metadata\": { } }");
}

void utf8_across_pieces(void **)
{
    expect("{\"items\":[{\"a\":\"\xf0\x9f\x98\x80\"}],\"\xc3\xa4\":1}", {"{\"a\":\"\xf0\x9f\x98\x80\"}"},
           "{\"items\":[],\"\xc3\xa4\":1}");
}

// A list's resourceVersion is asked for as soon as it is there.
void members_while_it_arrives(void **)
{
    std::string seen;
    ListSplitter *self = nullptr;
    ListSplitter splitter(
        1000, [&](std::string_view) { seen += self->member("kind") + "|" + self->member("metadata") + ";"; });
    self = &splitter;
    constexpr auto list = R"({"kind":"L","items":[{},{}],"metadata":{"resourceVersion":"1"}})"sv;
    for (char c : list) splitter.feed(&c, 1);
    splitter.finish();
    assert_text(seen, "\"L\"|;\"L\"|;");
    assert_text(splitter.member("metadata"), R"({"resourceVersion":"1"})");
    assert_text(splitter.member("none"), "");
}

void padding_may_be_read(void **)
{
    std::string list = R"({"items":[)" + repeated(R"({"a":"x"},)", 500) + "{}]}";
    size_t sum = 0, count = 0;
    ListSplitter splitter(1000, [&](std::string_view object) {
        count++;
        for (size_t i = 0; i < json_padding; i++)
            sum += static_cast<unsigned char>(object.data()[object.size() + i]) & 0;
    });
    for (size_t at = 0; at < list.size(); at += 7)
        splitter.feed(list.data() + at, std::min<size_t>(7, list.size() - at));
    splitter.finish();
    assert_int_equal(count, 501);
    assert_int_equal(sum, 0);
}

void not_a_list(void **)
{
    for (auto text : {"x",
                      "[",
                      "[{}]",
                      "\"x\"",
                      "7",
                      "null",
                      "<html>",
                      "}",
                      "]",
                      ",",
                      ":",
                      "{[",
                      "{{",
                      "{]",
                      "{:",
                      "{,",
                      "{\"a\",",
                      "{\"a\"}",
                      "{\"a\" \"b\"",
                      "{\"items\":[1]}",
                      "{\"items\":[null]}",
                      "{\"items\":[\"x\"]}",
                      "{\"items\":[[]]}",
                      "{\"items\":[{} {}]}",
                      "{\"items\":[{},,{}]}",
                      "{\"items\":[{},]}",
                      "{\"items\":[,{}]}",
                      "{\"items\":[{}x]}",
                      "{\"items\":[x{}]}",
                      "{\"items\":[{}] x}",
                      "{\"items\":[{}][]}",
                      "{\"items\":[{}]:1}",
                      "{}x",
                      "{}{}",
                      "{},",
                      "{}]",
                      "{}}",
                      "{\"items\":[{}]\"a\":1}",
                      "{\"items\":[{}}"})
        refuse(text, K8SC_E_DECODE);
}

// What stands between the list's own members is checked like what stands between its items.
void garbage_between_members(void **)
{
    for (auto text :
         {"{x\"a\":1}", "{\"a\"x:1}", "{\"items\":x[{}]}", "{\"items\":1[{}]}", "{\"a\":1,}", "{\"items\":[],}"})
        refuse(text, K8SC_E_DECODE);
}

void ended_too_soon(void **)
{
    constexpr auto list = R"({"kind":"L","items":[{"a":"\\"},{}],"metadata":{"b":1}})"sv;
    for (size_t n = 0; n < list.size(); n++) {
        Split out = split<ListSplitter>(list.substr(0, n), 5);
        assert_int_equal(out.code, K8SC_E_DECODE);
        assert_true(out.objects.size() <= 2);
    }
    refuse("", K8SC_E_DECODE, "empty");
    refuse(" \n", K8SC_E_DECODE);
}

std::string object_of(size_t size) { return "{\"a\":\"" + repeated("x", size - 8) + "\"}"; }

// The message gives the size to the byte, so that somebody can set the limit.
void too_large_with_its_size(void **)
{
    for (size_t size : {101, 102, 500, 3000}) {
        std::string large = R"({"items":[{"ok":1},)" + object_of(size) + "]}";
        refuse(large, K8SC_E_TOO_LARGE, "object of " + std::to_string(size) + " bytes is above the limit of 100 bytes",
               100);
        assert_int_equal(split<ListSplitter>(large, 1 << 20, 100).objects.size(), 1);
    }
    std::string fits = R"({"items":[)" + object_of(100) + "," + object_of(100) + "]}";
    for (size_t piece = 1; piece <= most_pieces; piece++)
        assert_int_equal(split<ListSplitter>(fits, piece, 100).objects.size(), 2);
    // A whole list may be as long as it likes.
    std::string many = R"({"items":[)" + repeated(object_of(100) + ",", 300) + "{}]}";
    assert_int_equal(split<ListSplitter>(many, 64, 100).objects.size(), 301);
}

// An object without an end is not followed for ever, and never kept.
void endless_object(void **)
{
    bool ended = false;
    ListSplitter splitter(1000, [](std::string_view) {});
    std::string head = R"({"items":[{"a":")", piece = repeated("x", 1000), message;
    splitter.feed(head.data(), head.size());
    for (int i = 0; i < 1000 && !ended; i++)
        ended = code_of([&] { splitter.feed(piece.data(), piece.size()); }, &message) == K8SC_E_TOO_LARGE;
    assert_true(ended);
    assert_says(message, "more than");
}

void endless_members(void **)
{
    refuse(R"({"a":")" + repeated("x", 5000) + "\"}", K8SC_E_TOO_LARGE, "member", 100);
    refuse("{\"" + repeated("x", 5000) + "\":1}", K8SC_E_TOO_LARGE, "member", 100);
    refuse(R"({"items":[)" + repeated(" ", 5000) + "]}", K8SC_E_TOO_LARGE, "member", 100);
    // The limit is the same for what comes in one piece, whatever follows.
    for (size_t size : {101, 150, 5000}) {
        const std::string list = R"({"a":")" + repeated("x", size - 2) + R"(","items":[{}]})";
        for (size_t piece : {size_t(1), size_t(64), list.size()})
            assert_int_equal(split<ListSplitter>(list, piece, 100).code, K8SC_E_TOO_LARGE);
    }
    const std::string fits = R"({"a":")" + repeated("x", 94) + R"(","items":[{}]})";
    for (size_t piece : {size_t(1), size_t(64), fits.size()})
        assert_int_equal(split<ListSplitter>(fits, piece, 100).code, K8SC_OK);
    // All of them have no more room than one.
    refuse(R"({"a":")" + repeated("x", 90) + R"(","b":"y"})", K8SC_E_TOO_LARGE, "beside its items", 100);
}

void too_deep(void **)
{
    auto item = [](size_t depth) {
        return R"({"items":[{"a":)" + repeated("[", depth - 1) + repeated("]", depth - 1) + "}]}";
    };
    // That is for whoever decodes it to say; what stands behind it is found all the same.
    for (size_t depth : {max_json_depth, max_json_depth + 1, size_t(100000)})
        assert_int_equal(split<ListSplitter>(item(depth), 64).objects.size(), 1);
    refuse(R"({"items":[)" + repeated("{\"a\":", 100000), K8SC_E_DECODE, "ended");
    refuse(R"({"metadata":)" + repeated("[", 100000), K8SC_E_DECODE, "ended");
}

// Somebody is told of an object above the limit, and given what the splitter has of it.
void an_oversized_object_is_told_with_its_beginning(void **)
{
    const std::string large = R"({"metadata":{"name":"large"},"a":")" + repeated("x", 1000) + "\"}",
                      list = R"({"items":[{},)" + large + R"(,{"b":1}]})";
    for (size_t piece : {size_t(1), size_t(7), size_t(500), list.size()}) {
        std::vector<std::string> objects;
        std::string beginning;
        size_t size = 0;
        ListSplitter splitter(200, [&](std::string_view object) { objects.emplace_back(object); });
        splitter.set_oversize_sink([&](std::string_view text, size_t of) {
            beginning = text;
            size = of;
        });
        for (size_t at = 0; at < list.size(); at += piece)
            splitter.feed(list.data() + at, std::min(piece, list.size() - at));
        splitter.finish();
        assert_int_equal(objects.size(), 2);
        assert_text(objects[1], R"({"b":1})");
        assert_int_equal(size, large.size());
        assert_true(beginning.size() > 200 && large.starts_with(beginning));
    }
}

void items_that_stand_twice(void **) { refuse(R"({"items":[{}],"items":[]})", K8SC_E_DECODE, "twice"); }

void what_the_sink_throws_comes_through(void **)
{
    ListSplitter splitter(1000, [](std::string_view) { throw Error(K8SC_E_CANCELLED, "enough"); });
    constexpr auto list = R"({"items":[{}]})"sv;
    assert_int_equal(code_of([&] { splitter.feed(list.data(), list.size()); }), K8SC_E_CANCELLED);
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(built_in_order),
        cmocka_unit_test(custom_resource_order),
        cmocka_unit_test(empty_lists),
        cmocka_unit_test(strings_that_look_like_structure),
        cmocka_unit_test(other_items),
        cmocka_unit_test(a_formatted_list_is_split_as_it_stands),
        cmocka_unit_test(utf8_across_pieces),
        cmocka_unit_test(members_while_it_arrives),
        cmocka_unit_test(padding_may_be_read),
        cmocka_unit_test(not_a_list),
        cmocka_unit_test(garbage_between_members),
        cmocka_unit_test(ended_too_soon),
        cmocka_unit_test(too_large_with_its_size),
        cmocka_unit_test(endless_object),
        cmocka_unit_test(endless_members),
        cmocka_unit_test(too_deep),
        cmocka_unit_test(an_oversized_object_is_told_with_its_beginning),
        cmocka_unit_test(items_that_stand_twice),
        cmocka_unit_test(what_the_sink_throws_comes_through),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
