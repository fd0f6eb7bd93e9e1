// Drafts: pointers, what the setters make and refuse, and the text that comes out.
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <string_view>

#include "core/error.h"
#include "k8sc.h"
#include "json/draft.h"
#include "json/write.h"

// Last, because it makes a macro of fail.
extern "C" {
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
}

using namespace k8sc;
using namespace std::string_literals;

namespace {

std::string text(const Draft &draft) { return compact_json(draft.root()); }

// A draft from `json`, changed by `change`.
template <class Change>
std::string after(std::string_view json, Change &&change)
{
    Draft draft = Draft::parse_json(json);
    change(draft);
    return text(draft);
}

template <class Call>
std::string error_of(k8sc_status code, Call &&call)
{
    try {
        call();
    } catch (const Error &error) {
        if (error.code != code) print_error("%s\n", error.message.c_str());
        assert_int_equal(error.code, code);
        return error.message;
    }
    fail_msg("there is no error");
    return {};
}

void expect_part(const std::string &message, std::string_view part)
{
    if (message.find(part) == std::string::npos)
        fail_msg("%s does not say: %.*s", message.c_str(), int(part.size()), part.data());
}

// That setting at `pointer` is refused, says why, and changes nothing.
void expect_refusal(std::string_view json, std::string_view pointer, std::string_view part)
{
    Draft draft = Draft::parse_json(json);
    expect_part(error_of(K8SC_E_INVALID, [&] { draft.set_string(pointer, "x"); }), part);
    assert_string_equal(text(draft).c_str(), std::string(json).c_str());
}

void expect_unreadable(std::string_view json, std::string_view part, k8sc_status code = K8SC_E_PARSE)
{
    expect_part(error_of(code, [&] { Draft::parse_json(json); }), part);
}

std::string nested(size_t n)
{
    std::string out;
    for (size_t i = 0; i < n; i++) out += i ? "[" : "{\"a\":";
    if (n == 1) out += "1";
    for (size_t i = n; i > 0; i--) out += i > 1 ? "]" : "}";
    return out;
}

// ---- setting

void setting_makes_the_objects_on_the_way(void **)
{
    auto set = [](std::string_view json, std::string_view pointer) {
        return after(json, [&](Draft &draft) { draft.set_string(pointer, "x"); });
    };
    assert_string_equal(set("{}", "/a").c_str(), R"({"a":"x"})");
    assert_string_equal(set("{}", "/").c_str(), R"({"":"x"})");
    assert_string_equal(set("{}", "/a/b/c").c_str(), R"({"a":{"b":{"c":"x"}}})");
    assert_string_equal(set("{}", "/a//0").c_str(), R"({"a":{"":{"0":"x"}}})");
    assert_string_equal(set("{}", "/-").c_str(), R"({"-":"x"})");
    assert_string_equal(set(R"({"z":1,"a":2})", "/z").c_str(), R"({"z":"x","a":2})");
    assert_string_equal(set(R"({"a":{"b":1}})", "/a").c_str(), R"({"a":"x"})");
    assert_string_equal(set(R"({"a":{"b":1}})", "/a/c").c_str(), R"({"a":{"b":1,"c":"x"}})");
    assert_string_equal(set(R"({"metadata":{"labels":{}}})", "/metadata/labels/app.kubernetes.io~1name").c_str(),
                        R"({"metadata":{"labels":{"app.kubernetes.io/name":"x"}}})");
    assert_string_equal(set("{}", "/~01~10~0~1").c_str(), R"({"~1/0~/":"x"})");
    assert_string_equal(set("{}", "/\u00e4 \"").c_str(), "{\"\u00e4 \\\"\":\"x\"}");
}

void arrays_are_set_by_index_and_appended_to(void **)
{
    const char *json = R"({"a":[1,[2],{"b":3}]})";
    auto set = [&](std::string_view pointer) {
        return after(json, [&](Draft &draft) { draft.set_string(pointer, "x"); });
    };
    assert_string_equal(set("/a/0").c_str(), R"({"a":["x",[2],{"b":3}]})");
    assert_string_equal(set("/a/1/0").c_str(), R"({"a":[1,["x"],{"b":3}]})");
    assert_string_equal(set("/a/1/-").c_str(), R"({"a":[1,[2,"x"],{"b":3}]})");
    assert_string_equal(set("/a/2/b").c_str(), R"({"a":[1,[2],{"b":"x"}]})");
    assert_string_equal(set("/a/3").c_str(), R"({"a":[1,[2],{"b":3},"x"]})");
    assert_string_equal(set("/a/-").c_str(), R"({"a":[1,[2],{"b":3},"x"]})");
    assert_string_equal(set("/a/-/c/d").c_str(), R"({"a":[1,[2],{"b":3},{"c":{"d":"x"}}]})");
    assert_string_equal(set("/a/3/c").c_str(), R"({"a":[1,[2],{"b":3},{"c":"x"}]})");
    expect_refusal(R"({"a":[1]})", "/a/2",
                   R"(pointer "/a/2": index "2" is out of range: the array at "/a" has 1 elements)");
    expect_refusal(R"({"a":[1]})", "/a/99999999999999999999999", "is out of range");
    for (auto part : {"01", "+1", "1x", " 1", "", "-1", "x", "--"})
        expect_refusal(R"({"a":[1]})", "/a/"s + part,
                       "\""s + part + "\" is neither an index nor \"-\", which the array at \"/a\" needs");
}

void refused_pointers(void **)
{
    expect_refusal("{}", "a", R"(pointer "a": it is not a JSON Pointer)");
    expect_refusal("{}", "#/a", "it is not a JSON Pointer");
    expect_refusal("{}", "/a~", R"(pointer "/a~": in "a~", a "~" is not followed by 0 or 1)");
    expect_refusal("{}", "/a/b~2/c", R"(in "b~2", a "~")");
    expect_refusal("{}", "/\xff", "it is not UTF-8");
    expect_refusal(R"({"a":{"b":"s"}})", "/a/b/c/d",
                   R"(pointer "/a/b/c/d": "/a/b" is a string, neither an object nor an array)");
    expect_refusal(R"({"a":null})", "/a/b", R"("/a" is null, neither)");
    expect_refusal(R"({"a":[true]})", "/a/0/c", R"("/a/0" is a boolean, neither)");
    expect_refusal(R"({"a":1.5})", "/a/0", R"("/a" is a number, neither)");
    expect_refusal("{}", "", "the whole document must stay an object, and cannot be a string");

    std::string deep;
    for (int i = 0; i < 1000; i++) deep += "/a";
    Draft draft;
    draft.set_string(deep, "x");
    expect_part(error_of(K8SC_E_INVALID, [&] { draft.set_string(deep + "/a", "x"); }), "nested deeper than 1000");
    expect_part(error_of(K8SC_E_INVALID, [&] { draft.set_json(deep, "[]"); }), "nested deeper than 1000");
    assert_string_equal(compact_json(Draft::parse_json(text(draft)).root()).c_str(), text(draft).c_str());
    std::string endless(2000000, '/');
    expect_part(error_of(K8SC_E_INVALID, [&] { draft.set_string(endless, "x"); }), "nested deeper than 1000");
}

void values_are_written_as_they_were_set(void **)
{
    Draft draft;
    draft.set_string("/s", "a\0b\n\"\\"s + std::string("\b\f\r\t\x01\x1f\x7f/") + "\u00e9\u2028\U0001F600");
    draft.set("/i", own(json_integer(INT64_MIN)));
    draft.set_number("/n", 0.1);
    draft.set_json("/j", " [1, {\"b\": null, \"a\": 1e2}] ");
    assert_string_equal(text(draft).c_str(),
                        "{\"s\":\"a\\u0000b\\n\\\"\\\\\\b\\f\\r\\t\\u0001\\u001f\x7f/\u00e9\u2028\U0001F600\","
                        "\"i\":-9223372036854775808,\"n\":0.1,\"j\":[1,{\"b\":null,\"a\":100}]}");
    assert_string_equal(text(Draft::parse_json(text(draft))).c_str(), text(draft).c_str());

    for (double bad : {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(), std::nan("")})
        expect_part(error_of(K8SC_E_INVALID, [&] { draft.set_number("/n", bad); }),
                    "pointer \"/n\": infinity and NaN are no numbers");
    expect_part(error_of(K8SC_E_INVALID, [&] { draft.set_string("/s", "\xc3"); }),
                "pointer \"/s\": the value is not UTF-8");
    expect_part(error_of(K8SC_E_PARSE, [&] { draft.set_json("/j", "{"); }),
                "JSON, line 1, offset 1: it ends too early");
    expect_part(error_of(K8SC_E_PARSE, [&] { draft.set_json("/j", ""); }), "JSON, line ");

    draft.set_json("", R"({"new":true})");
    assert_string_equal(text(draft).c_str(), R"({"new":true})");
    expect_part(error_of(K8SC_E_INVALID, [&] { draft.set_json("", "[1]"); }), "cannot be an array");
}

void removing_what_is_absent_changes_nothing(void **)
{
    const char *json = R"({"a":[1,{"b":2,"c":3},4],"d":{"e":null,"f":1},"g":"s"})";
    auto removed = [&](std::string_view pointer) { return after(json, [&](Draft &draft) { draft.remove(pointer); }); };
    assert_string_equal(removed("/a").c_str(), R"({"d":{"e":null,"f":1},"g":"s"})");
    assert_string_equal(removed("/a/0").c_str(), R"({"a":[{"b":2,"c":3},4],"d":{"e":null,"f":1},"g":"s"})");
    assert_string_equal(removed("/a/1/b").c_str(), R"({"a":[1,{"c":3},4],"d":{"e":null,"f":1},"g":"s"})");
    assert_string_equal(removed("/d/e").c_str(), R"({"a":[1,{"b":2,"c":3},4],"d":{"f":1},"g":"s"})");
    for (auto absent : {"/x", "/x/y/z", "/a/3", "/a/-", "/a/01", "/a/x/y", "/a/99999999999999999999", "/g/x", "/g/0",
                        "/d/e/x", "/d/e/x/y", "/"})
        assert_string_equal(removed(absent).c_str(), json);
    Draft draft;
    expect_part(error_of(K8SC_E_INVALID, [&] { draft.remove(""); }), "the whole document cannot be removed");
    expect_part(error_of(K8SC_E_INVALID, [&] { draft.remove("x"); }), "it is not a JSON Pointer");
    expect_part(error_of(K8SC_E_INVALID, [&] { draft.remove("/x~"); }), "is not followed by 0 or 1");
}

// ---- reading

void a_draft_reads_json_and_yaml(void **)
{
    for (auto json :
         {R"({"z":1,"a":{"y":[],"b":{}},"":null})", R"({"a":"\u0000"})", R"({"a":[true,false,null,-1,0.5,"\\"]})"})
        assert_string_equal(text(Draft::parse_json(json)).c_str(), json);
    assert_string_equal(text(Draft::parse_yaml("z: 1\na: [x, 1.0]\n")).c_str(), R"({"z":1,"a":["x",1]})");

    expect_unreadable("[]", "JSON: the document is not an object but an array");
    expect_unreadable("\"s\"", "JSON: the document is not an object but a string");
    expect_unreadable("null", "JSON: the document is not an object but null");
    expect_part(error_of(K8SC_E_PARSE, [] { Draft::parse_yaml("text"); }),
                "YAML: the document is not a mapping but a string");
    expect_part(error_of(K8SC_E_PARSE, [] { Draft::parse_yaml(""); }), "YAML: the document is not a mapping but null");
    expect_part(error_of(K8SC_E_PARSE, [] { Draft::parse_yaml("a: 1\nb: [\n"); }), "YAML, line 3: ");

    expect_unreadable("", "JSON, line ");
    expect_unreadable("{\"a\":1,\n \"b\":}", "JSON, line 2, offset 14: unexpected token");
    expect_unreadable("{\"a\":1} x", "something follows after its end");
    expect_unreadable("{\"a\":1", "it ends too early");
    expect_unreadable("{\"a\":\n9223372036854775808}", "JSON, line 2, offset 25: an integer does not fit 64 bits");
    expect_unreadable("{\"a\":-9223372036854775809}", "an integer does not fit 64 bits");
    expect_unreadable("{\"a\":1e999}", "a number is too large");
    expect_unreadable("{\"a\":\"\xff\"}", "it is not UTF-8");
    expect_unreadable("{\"\\u0000\":1}", "a key holds a NUL character");
    expect_unreadable("{\"a\":{\"b\":1,\"b\":2}}", "duplicate object key near '\"b\"'");
    expect_unreadable("{\"a\":\"\\ud800\"}", "JSON, line 1");
    expect_unreadable("{\"a\":\"\n\"}", "JSON, line 1");
    expect_unreadable("{\"a\":NaN}", "JSON, line 1");
    expect_unreadable("{'a':1}", "JSON, line 1");
    expect_unreadable("{\"a\":01}", "JSON, line 1");
    // Values may be secrets.
    for (auto json : {R"({"t":s3cret})", R"({"t":"s3cret)", R"({"t":"s3cret" 1})", R"({"t":"s3cret\x"})",
                      R"({"t" "s3cret"})", R"({"t" "s3cret near x"})"})
        assert_true(error_of(K8SC_E_PARSE, [&] { Draft::parse_json(json); }).find("s3cret") == std::string::npos);

    // What a draft holds can be frozen.
    assert_int_equal(Draft::parse_json(nested(1000)).freeze()->json().size(), nested(1000).size());
    expect_unreadable(nested(1001), "JSON: it is nested deeper than 1000", K8SC_E_TOO_LARGE);
    expect_unreadable(nested(5000), "JSON: it is nested deeper than 1000", K8SC_E_TOO_LARGE);
    expect_unreadable(nested(1000000), "JSON: it is nested deeper than 1000", K8SC_E_TOO_LARGE);
}

void numbers_read_back_to_the_bit(void **)
{
    struct {
        double number;
        const char *text;
    } const cases[] = {
        {0, "0"},
        {-0.0, "-0.0"},
        {1, "1"},
        {-3, "-3"},
        {0.1, "0.1"},
        {1.5e300, "1.5e+300"},
        {1e15, "1000000000000000"},
        {9007199254740993.0, "9007199254740992"},
        {1e18, "1000000000000000000"},
        {9223372036854775807.0, "9.223372036854776e+18"},
        {1e19, "1e+19"},
        {1e21, "1e+21"},
        {-1e21, "-1e+21"},
        {0.000001, "0.000001"},
        {0.0000001, "1e-07"},
        {123.456, "123.456"},
        {5e-324, "5e-324"},
        {1.7976931348623157e308, "1.7976931348623157e+308"},
    };
    for (auto &one : cases) assert_string_equal(number_text(one.number).c_str(), one.text);

    std::mt19937_64 random(3);
    for (int i = 0; i < 200000; i++) {
        uint64_t bits = random();
        double number;
        memcpy(&number, &bits, sizeof number);
        if (i % 2) number = std::ldexp(double(int64_t(bits >> (bits % 64))), int(bits % 40) - 20);
        if (!std::isfinite(number)) continue;
        Draft draft;
        draft.set_number("/n", number);
        Draft back = Draft::parse_json(text(draft));
        double read = json_number_value(json_object_get(back.root(), "n"));
        if (memcmp(&read, &number, sizeof read) != 0) fail_msg("%.17g became %s", number, text(draft).c_str());
        assert_string_equal(text(back).c_str(), text(draft).c_str());
    }
}

void order_of_keys(void **)
{
    std::string json = "{";
    for (int i = 0; i < 3000; i++)
        json += (i ? ",\"" : "\"") + std::to_string(i * 7919 % 3001) + "\":" + std::to_string(i);
    json += "}";
    assert_string_equal(text(Draft::parse_json(json)).c_str(), json.c_str());
}

// ---- through the ABI

k8sc_draft *draft_of(const char *json)
{
    k8sc_draft *draft = nullptr;
    assert_int_equal(k8sc_draft_parse_json(json, strlen(json), &draft, nullptr), K8SC_OK);
    return draft;
}

void a_frozen_draft_is_an_object_of_its_text(void **)
{
    k8sc_draft *draft = nullptr;
    k8sc_object *object = nullptr, *later = nullptr;
    assert_int_equal(k8sc_draft_new(&draft, nullptr), K8SC_OK);
    assert_int_equal(k8sc_draft_set_str(draft, "/metadata/name", "web", nullptr), K8SC_OK);
    assert_int_equal(k8sc_draft_set_strn(draft, "/metadata/annotations/x", "a\0b", 3, nullptr), K8SC_OK);
    assert_int_equal(k8sc_draft_set_strn(draft, "/empty", "", 0, nullptr), K8SC_OK);
    assert_int_equal(k8sc_draft_set_int(draft, "/spec/replicas", 3, nullptr), K8SC_OK);
    assert_int_equal(k8sc_draft_set_bool(draft, "/spec/paused", 7, nullptr), K8SC_OK);
    assert_int_equal(k8sc_draft_set_number(draft, "/spec/share", 0.25, nullptr), K8SC_OK);
    assert_int_equal(k8sc_draft_set_null(draft, "/spec/none", nullptr), K8SC_OK);
    assert_int_equal(k8sc_draft_set_json(draft, "/spec/list", "[{}]", 4, nullptr), K8SC_OK);
    assert_int_equal(k8sc_draft_freeze(draft, &object, nullptr), K8SC_OK);
    const std::string frozen = R"({"metadata":{"name":"web","annotations":{"x":"a\u0000b"}},"empty":"",)"
                               R"("spec":{"replicas":3,"paused":true,"share":0.25,"none":null,"list":[{}]}})";
    assert_string_equal(std::string(object->json()).c_str(), frozen.c_str());

    // A draft goes on, an object stays.
    assert_int_equal(k8sc_draft_remove(draft, "/spec", nullptr), K8SC_OK);
    assert_int_equal(k8sc_draft_freeze(draft, &later, nullptr), K8SC_OK);
    assert_string_equal(std::string(object->json()).c_str(), frozen.c_str());
    assert_true(later->json().find("spec") == std::string_view::npos);
    later->release();
    k8sc_draft_free(draft);

    assert_int_equal(k8sc_object_edit(object, &draft, nullptr), K8SC_OK);
    object->release();
    assert_string_equal(text(*draft).c_str(), frozen.c_str());
    k8sc_draft_free(draft);
    k8sc_draft_free(nullptr);
}

void yaml_of_objects(void **)
{
    const std::string yaml = "kind: Pod\nmetadata:\n  name: web\nspec:\n  script: |\n    a\n    b\n  \"on\": \"yes\"\n";
    k8sc_object *object = nullptr;
    char *out = nullptr;
    assert_int_equal(k8sc_object_parse_yaml(yaml.data(), yaml.size(), &object, nullptr), K8SC_OK);
    assert_string_equal(std::string(object->json()).c_str(),
                        R"({"kind":"Pod","metadata":{"name":"web"},"spec":{"script":"a\nb\n","on":"yes"}})");
    assert_int_equal(k8sc_object_to_yaml(object, &out, nullptr), K8SC_OK);
    assert_string_equal(out, yaml.c_str());
    k8sc_string_free(out);
    k8sc_string_free(nullptr);
    object->release();

    // What a draft cannot hold, YAML can.
    Ref<Object> huge = Object::parse(R"({"long":123456789012345678901,"real":1.0})");
    assert_int_equal(k8sc_object_to_yaml(huge.get(), &out, nullptr), K8SC_OK);
    assert_string_equal(out, "long: 123456789012345678901\nreal: 1.0\n");
    k8sc_string_free(out);
    k8sc_draft *draft = nullptr;
    k8sc_error *error = nullptr;
    assert_int_equal(k8sc_object_edit(huge.get(), &draft, &error), K8SC_E_PARSE);
    assert_null(draft);
    expect_part(k8sc_error_message(error), "an integer does not fit 64 bits");
    k8sc_error_free(error);
}

void faults_through_the_abi(void **)
{
    k8sc_draft *draft = draft_of("{\"a\":1}");
    k8sc_object *object = nullptr;
    k8sc_error *error = nullptr;
    char *string = nullptr;
    assert_int_equal(k8sc_draft_set_str(draft, "/a/b", "x", &error), K8SC_E_INVALID);
    assert_int_equal(k8sc_error_code(error), K8SC_E_INVALID);
    expect_part(k8sc_error_message(error), R"("/a" is a number)");
    k8sc_error_free(error);
    assert_int_equal(k8sc_draft_set_str(draft, nullptr, "x", &error), K8SC_E_INVALID);
    expect_part(k8sc_error_message(error), "argument pointer is NULL");
    k8sc_error_free(error);
    assert_int_equal(k8sc_draft_set_str(draft, "/a", nullptr, nullptr), K8SC_E_INVALID);
    assert_int_equal(k8sc_draft_set_strn(draft, "/a", nullptr, 1, nullptr), K8SC_E_INVALID);
    assert_int_equal(k8sc_draft_set_int(nullptr, "/a", 1, nullptr), K8SC_E_INVALID);
    assert_int_equal(k8sc_draft_set_bool(nullptr, "/a", 1, nullptr), K8SC_E_INVALID);
    assert_int_equal(k8sc_draft_set_number(nullptr, "/a", 1, nullptr), K8SC_E_INVALID);
    assert_int_equal(k8sc_draft_set_null(nullptr, "/a", nullptr), K8SC_E_INVALID);
    assert_int_equal(k8sc_draft_set_json(draft, "/a", nullptr, 3, nullptr), K8SC_E_INVALID);
    assert_int_equal(k8sc_draft_set_json(draft, "/a", "", 0, nullptr), K8SC_E_PARSE);
    assert_int_equal(k8sc_draft_remove(nullptr, "/a", nullptr), K8SC_E_INVALID);
    assert_int_equal(k8sc_draft_freeze(nullptr, &object, nullptr), K8SC_E_INVALID);
    assert_int_equal(k8sc_draft_freeze(draft, nullptr, nullptr), K8SC_E_INVALID);
    assert_int_equal(k8sc_draft_new(nullptr, nullptr), K8SC_E_INVALID);
    k8sc_draft *none = draft;
    assert_int_equal(k8sc_object_edit(nullptr, &none, nullptr), K8SC_E_INVALID);
    assert_null(none);
    assert_int_equal(k8sc_object_to_yaml(nullptr, &string, nullptr), K8SC_E_INVALID);
    assert_int_equal(k8sc_object_parse_yaml(nullptr, 1, &object, nullptr), K8SC_E_INVALID);
    assert_int_equal(k8sc_object_parse_yaml("- a", 3, &object, &error), K8SC_E_PARSE);
    assert_null(object);
    expect_part(k8sc_error_message(error), "the document is not a mapping but a sequence");
    k8sc_error_free(error);
    k8sc_draft_free(draft);
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(setting_makes_the_objects_on_the_way),
        cmocka_unit_test(arrays_are_set_by_index_and_appended_to),
        cmocka_unit_test(refused_pointers),
        cmocka_unit_test(values_are_written_as_they_were_set),
        cmocka_unit_test(removing_what_is_absent_changes_nothing),
        cmocka_unit_test(a_draft_reads_json_and_yaml),
        cmocka_unit_test(numbers_read_back_to_the_bit),
        cmocka_unit_test(order_of_keys),
        cmocka_unit_test(a_frozen_draft_is_an_object_of_its_text),
        cmocka_unit_test(yaml_of_objects),
        cmocka_unit_test(faults_through_the_abi),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
