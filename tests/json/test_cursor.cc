// Reading JSON in place: pointers, types, strings, and text that is not JSON at all.
#include "json/cursor.h"

#include "../core/check.h"
#include "k8sc.h"

namespace {

std::string at(std::string_view json, std::string_view pointer)
{
    Cursor found = Cursor(json).at(pointer);
    return found ? std::string(found.raw()) : "absent";
}

// The example of RFC 6901, section 5.
void rfc_6901(void **)
{
    constexpr auto json =
        R"({"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8})"sv;
    assert_text(at(json, ""), json);
    assert_text(at(json, "/foo"), R"(["bar", "baz"])");
    assert_text(at(json, "/foo/0"), R"("bar")");
    assert_text(at(json, "/"), "0");
    assert_text(at(json, "/a~1b"), "1");
    assert_text(at(json, "/c%d"), "2");
    assert_text(at(json, "/e^f"), "3");
    assert_text(at(json, "/g|h"), "4");
    assert_text(at(json, "/i\\j"), "5");
    assert_text(at(json, "/k\"l"), "6");
    assert_text(at(json, "/ "), "7");
    assert_text(at(json, "/m~0n"), "8");
}

void pointers_that_find_nothing(void **)
{
    constexpr auto json = R"({"a":[1,{"b":null}],"~":1,"~1":2,"s":"x","01":0,"-":3})"sv;
    for (auto pointer :
         {"a",      "/a/2",     "/a/-", "/a/01", "/a/-1", "/a/+1", "/a/ 1", "/a/1x", "/a/", "/a/18446744073709551616",
          "/a/0/b", "/a/1/b/c", "/s/0", "/s/x",  "/x",    "/~",    "/~2",   "/a~",   "//a", "/a/1/c",
          "x/a"})
        assert_text(at(json, pointer), "absent");
    assert_text(at(json, "/a/1/b"), "null");
    assert_text(at(json, "/~0"), "1");
    assert_text(at(json, "/~01"), "2");
    assert_text(at(json, "/01"), "0");
    assert_text(at(json, "/-"), "3");
}

void which_texts_are_pointers(void **)
{
    for (auto good : {"", "/", "/a", "/a/b", "/~0", "/~1", "/~01", "//", "/a/"}) assert_true(is_json_pointer(good));
    for (auto bad : {"a", "~", "/~", "/~2", "/a~", "/a/~x", "#/a", " /a"}) assert_false(is_json_pointer(bad));
}

// Keys may be written in several ways; what they mean counts.
void keys_with_escapes(void **)
{
    constexpr auto json =
        R"({"a\u002fb":1,"\u006b":2,"tab\t":3,"q\"":4,"\ud83d\ude00":5,"back\\slash":6,"\\u0041":7})"sv;
    assert_text(at(json, "/a~1b"), "1");
    assert_text(at(json, "/k"), "2");
    assert_text(at(json, "/\\u006b"), "absent");
    assert_text(at(json, "/tab\t"), "3");
    assert_text(at(json, "/q\""), "4");
    assert_text(at(json, "/\xf0\x9f\x98\x80"), "5");
    assert_text(at(json, "/back\\slash"), "6");
    assert_text(at(json, "/\\u0041"), "7");
    assert_text(at(json, "/A"), "absent");
}

void brackets_in_strings(void **)
{
    constexpr auto json = R"({"a":"}]{[\"","b\"}":{"c":"\\","d":["]","\\\"]"]},"e":1})"sv;
    assert_text(at(json, "/e"), "1");
    assert_text(at(json, "/b\"}/c"), R"("\\")");
    assert_text(at(json, "/b\"}/d/1"), R"("\\\"]")");
    assert_int_equal(Cursor(json).size(), 3);
    assert_int_equal(Cursor(json).at("/b\"}/d").size(), 2);
}

void each_value_has_its_type(void **)
{
    struct {
        const char *json;
        int32_t type;
    } cases[] = {
        {"null", K8SC_TYPE_NULL},
        {"true", K8SC_TYPE_BOOL},
        {"false", K8SC_TYPE_BOOL},
        {"0", K8SC_TYPE_INTEGER},
        {"-1", K8SC_TYPE_INTEGER},
        {"-0", K8SC_TYPE_INTEGER},
        {"1.0", K8SC_TYPE_NUMBER},
        {"1e2", K8SC_TYPE_NUMBER},
        {"\"\"", K8SC_TYPE_STRING},
        {"[]", K8SC_TYPE_ARRAY},
        {"{}", K8SC_TYPE_OBJECT},
        {"", K8SC_TYPE_ABSENT},
        {"9223372036854775807", K8SC_TYPE_INTEGER},
        {"9223372036854775808", K8SC_TYPE_NUMBER},
        {"-9223372036854775808", K8SC_TYPE_INTEGER},
        {"-9223372036854775809", K8SC_TYPE_NUMBER},
    };
    for (auto &c : cases) {
        if (Cursor(c.json).type() != c.type) fail_msg("%s is of type %d", c.json, Cursor(c.json).type());
        assert_int_equal(Cursor(" "s + c.json + "\n").type(), c.type);
    }
    assert_false(Cursor("7").string().has_value());
    assert_false(Cursor("\"7\"").integer().has_value());
    assert_false(Cursor("null").boolean().has_value());
    assert_false(Cursor().integer().has_value());
    assert_true(Cursor("1e2").number() == 100.0);
    assert_true(Cursor("18446744073709551616").number() == 18446744073709551616.0);
    assert_int_equal(Cursor("\"x\"").size(), -1);
    assert_int_equal(Cursor().size(), -1);
}

void escapes_are_undone(void **)
{
    struct {
        std::string_view raw, text;
    } cases[] = {
        {"", ""},
        {"plain", "plain"},
        {R"(\"\\\/\b\f\n\r\t)", "\"\\/\b\f\n\r\t"},
        {R"(\u0041\u00e4\u20AC)", "A\xc3\xa4\xe2\x82\xac"},
        {R"(\ud83d\ude00)", "\xf0\x9f\x98\x80"},
        {R"(\udbff\udfff)", "\xf4\x8f\xbf\xbf"},
        {R"(\ud800\udc00)", "\xf0\x90\x80\x80"},
        {R"(a\u0000b)", "a\0b"sv},
        {R"(\ud83d)", "\xef\xbf\xbd"},
        {R"(\ude00)", "\xef\xbf\xbd"},
        {R"(\ud83dx)", "\xef\xbf\xbdx"},
        {R"(\ud83d\u0041)", "\xef\xbf\xbd"
                            "A"},
        {R"(\ud83d\ud83d\ude00)", "\xef\xbf\xbd\xf0\x9f\x98\x80"},
        {R"(\uffff)", "\xef\xbf\xbf"},
        {R"(\u07ff\u0800)", "\xdf\xbf\xe0\xa0\x80"},
        {R"(\u007f\u0080)", "\x7f\xc2\x80"},
    };
    for (auto &c : cases) {
        assert_text(unescape(c.raw), c.text);
        assert_true(same_string(c.raw, c.text));
        assert_false(same_string(c.raw, std::string(c.text) + "x"));
    }
    // An escape that is spelled out is not the text that spells it.
    assert_false(same_string(R"(\n)", R"(\n)"));
}

void quoting_reads_back(void **)
{
    std::string all;
    for (int byte = 0; byte < 128; byte++) all += static_cast<char>(byte);
    all += "\xc3\xa4\xf0\x9f\x98\x80";
    std::string quoted_text = json_quoted(all);
    assert_text(*Cursor(quoted_text).string(), all);
    for (char c : quoted_text) assert_true(static_cast<unsigned char>(c) >= 0x20);
}

void blanks_anywhere(void **)
{
    constexpr auto json = " {\n\t\"a\" :\r\n [ 1 , { \"b\" : \"x\" } , [ ] ] , \"c\" : { } } "sv;
    assert_text(at(json, "/a/1/b"), "\"x\"");
    assert_text(at(json, "/a/0"), "1");
    assert_int_equal(Cursor(json).at("/a").size(), 3);
    assert_int_equal(Cursor(json).at("/a/2").size(), 0);
    assert_int_equal(Cursor(json).at("/c").size(), 0);
    assert_int_equal(Cursor(json).size(), 2);
}

// A list's envelope is walked while it is still being read: cut anywhere, nothing is read beyond the end.
void cut_anywhere(void **)
{
    constexpr auto json = R"({"a":[1,{"b":"x\"\u0041"},-1.5e3],"c":{"d":true,"e":null},"f":""})"sv;
    for (size_t n = 0; n <= json.size(); n++) {
        // On the heap and of this size, so that a sanitizer sees a step too far.
        std::string cut(json.substr(0, n));
        cut.shrink_to_fit();
        Cursor root{std::string_view(cut)};
        int64_t seen = 0;
        root.each([&](std::string_view, Cursor value) {
            seen += value.type() >= 0;
            seen += static_cast<int64_t>(value.raw().size());
            seen += value.size();
            if (auto text = value.string()) seen += static_cast<int64_t>(text->size());
            return true;
        });
        for (auto pointer : {"/a/1/b", "/a/2", "/c/d", "/f", "/zzz"})
            seen += static_cast<int64_t>(root.at(pointer).raw().size());
        assert_true(n == 0 || seen >= -10);
    }
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(rfc_6901),
        cmocka_unit_test(pointers_that_find_nothing),
        cmocka_unit_test(which_texts_are_pointers),
        cmocka_unit_test(keys_with_escapes),
        cmocka_unit_test(brackets_in_strings),
        cmocka_unit_test(each_value_has_its_type),
        cmocka_unit_test(escapes_are_undone),
        cmocka_unit_test(quoting_reads_back),
        cmocka_unit_test(blanks_anywhere),
        cmocka_unit_test(cut_anywhere),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
