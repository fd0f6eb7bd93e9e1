// Objects from the wire: what is refused and with which code, what is kept to the byte, what is left out or added.
#include "json/decode.h"

#include "json/draft.h"
#include "json/write.h"

#include "../core/check.h"

namespace {

Ref<Object> wire(const std::string &json, const DecodeRules &rules = {})
{
    std::string padded = json;
    padded.reserve(json.size() + json_padding);
    return Decoder().wire(padded, rules);
}

std::string kept(const std::string &json, const DecodeRules &rules = {})
{
    std::string text;
    std::string message;
    if (code_of([&] { text = wire(json, rules)->json(); }, &message) != K8SC_OK)
        fail_msg("%s: %s", json.substr(0, 100).c_str(), message.c_str());
    return text;
}

DecodeRules dropping_managed_fields()
{
    PruneOptions options;
    options.drop_managed_fields = true;
    DecodeRules rules;
    rules.prune = std::make_shared<const PruneRules>(options);
    return rules;
}

std::string without_managed_fields(const std::string &json) { return kept(json, dropping_managed_fields()); }

// Containers within each other, the object itself counted, and something in the innermost.
std::string nested(size_t depth)
{
    return R"({"a":)" + repeated("[", depth - 1) + "1" + repeated("]", depth - 1) + "}";
}

void the_identity_is_read_from_the_metadata(void **)
{
    auto object = wire(
        R"({"metadata":{"namespace":"ns","name":"n\u0061me","uid":"u-1","resourceVersion":"42","labels":{"a\/b":"c\td","e":"f"}}})");
    assert_text(object->ns(), "ns");
    assert_text(object->name(), "name");
    assert_text(object->uid(), "u-1");
    assert_text(object->resource_version(), "42");
    assert_text(*object->label("a/b"), "c\td");
    assert_text(*object->label("e"), "f");
    assert_false(object->label("x").has_value());
    for (auto odd : {"{}", R"({"metadata":null})", R"({"metadata":[]})", R"({"metadata":{"name":7,"namespace":null}})",
                     R"({"Metadata":{"name":"x"}})"}) {
        object = wire(odd);
        assert_text(object->name(), "");
        assert_text(object->ns(), "");
        assert_text(object->resource_version(), "");
        assert_false(object->label("e").has_value());
    }
}

void numbers_are_kept_as_they_were_written(void **)
{
    for (auto number :
         {"0", "-0", "1.50", "1E+2", "1e-7", "9223372036854775807", "9223372036854775808", "18446744073709551615",
          "18446744073709551616", "-9223372036854775809",
          "123456789012345678901234567890123456789012345678901234567890", "-123456789012345678901234567890",
          "0.1234567890123456789012345678901234567890", "12345678901234567890.5", "12345678901234567890e3",
          "12345678901234567890E+3", "3.141592653589793238462643383279"}) {
        std::string json = R"({"n":)"s + number + R"(,"deep":[{"m":)" + number + "}]}";
        assert_text(kept(json), json);
        assert_text(Object::parse(json)->json(), json);
    }
    // A long number as text is text.
    assert_text(kept(R"({"12345678901234567890123":"12345678901234567890123","n":12345678901234567890123})"),
                R"({"12345678901234567890123":"12345678901234567890123","n":12345678901234567890123})");
}

void text_that_is_not_json(void **)
{
    for (auto json : {"",
                      " ",
                      "x",
                      "null",
                      "7",
                      "\"x\"",
                      "[]",
                      "[{}]",
                      "{",
                      "}",
                      "{}}",
                      "{}{}",
                      "{} x",
                      "{\"a\"}",
                      "{\"a\":}",
                      "{\"a\":1,}",
                      "{,}",
                      "{\"a\":1 \"b\":2}",
                      "{a:1}",
                      "{'a':1}",
                      "{\"a\":01}",
                      "{\"a\":-}",
                      "{\"a\":+1}",
                      "{\"a\":1.}",
                      "{\"a\":.5}",
                      "{\"a\":1e}",
                      "{\"a\":0x10}",
                      "{\"a\":NaN}",
                      "{\"a\":Infinity}",
                      "{\"a\":True}",
                      "{\"a\":nul}",
                      "{\"a\":[1,]}",
                      "{\"a\":[1 2]}",
                      "{\"a\":\"x}",
                      "{\"a\":\"\\x\"}",
                      "{\"a\":\"\\u12\"}",
                      "{\"a\":\"\n\"}",
                      "{\"a\":1]",
                      "{\"a\":[1}",
                      "// x\n{}",
                      "{\"a\":012345678901234567890123}",
                      "{\"a\":12345678901234567890123x}",
                      "{\"a\":12345678901234567890123 4}",
                      "{\"a\":12345678901234567890123.}",
                      "{\"a\":12345678901234567890123e}",
                      "{\"a\":12345678901234567890123,}",
                      "{\"a\":--12345678901234567890123}"}) {
        std::string message;
        if (code_of([&] { wire(json); }, &message) != K8SC_E_DECODE) fail_msg("from the wire: %s", json);
        if (code_of([&] { Object::parse(json); }, &message) != K8SC_E_PARSE) fail_msg("from a user: %s", json);
        assert_false(message.empty());
    }
    // NUL is no blank.
    assert_int_equal(code_of([] { Object::parse("{}\0"sv); }), K8SC_E_PARSE);
    assert_int_equal(code_of([] { Object::parse("{\"a\":\"\0\"}"sv); }), K8SC_E_PARSE);
}

void web_pages_are_shown_briefly(void **)
{
    std::string message;
    std::string page = "<html><head><title>502 Bad Gateway</title></head>" + repeated("<p>x</p>", 1000);
    assert_int_equal(code_of([&] { wire(page); }, &message), K8SC_E_DECODE);
    assert_says(message, "<html>");
    assert_true(message.size() < 300);
}

void only_valid_utf8_is_accepted(void **)
{
    for (auto good : {"\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xef\xbf\xbf", "\x7f"}) {
        std::string json = "{\"a\":\""s + good + "\"}";
        assert_text(kept(json), json);
    }
    for (auto bad : {"\x80", "\xff", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xe2\x82", "\xf0\x9f\x98",
                     "\xc3\x28"}) {
        for (auto &json :
             {"{\"a\":\""s + bad + "\"}", "{\""s + bad + "\":1}", "{\"metadata\":{\"name\":\""s + bad + "\"}}",
              "{\"n\":12345678901234567890123,\"a\":\""s + bad + "\"}"}) {
            std::string message;
            assert_int_equal(code_of([&] { wire(json); }, &message), K8SC_E_DECODE);
            assert_says(message, "UTF-8");
            assert_int_equal(code_of([&] { Object::parse(json); }), K8SC_E_PARSE);
        }
    }
}

void objects_nest_up_to_the_limit(void **)
{
    assert_text(kept(nested(max_json_depth)), nested(max_json_depth));
    assert_int_equal(Object::parse(nested(max_json_depth))->root().at("/a").type(), K8SC_TYPE_ARRAY);
    for (size_t deep : {max_json_depth + 1, size_t(100000)}) {
        std::string message;
        assert_int_equal(code_of([&] { wire(nested(deep)); }, &message), K8SC_E_TOO_LARGE);
        assert_says(message, "10000");
        assert_int_equal(code_of([&] { Object::parse(nested(deep)); }), K8SC_E_TOO_LARGE);
    }
    // Nothing but openings: too deep, and not JSON either.
    k8sc_status openings = code_of([] { Object::parse("{\"a\":" + repeated("[", 1000000)); });
    assert_true(openings == K8SC_E_TOO_LARGE || openings == K8SC_E_PARSE);
}

// What is wrong with it besides.
void sound_json(void **)
{
    for (auto &json : {nested(20000),
                       R"({"a":")"
                       "\xff\xfe"
                       R"(","b":12345678901234567890123})"s,
                       "{\"\xc3\":[]}"s})
        assert_true(is_sound_json(json));
    const std::string deep = nested(20000);
    for (auto &json : {deep.substr(0, deep.size() - 1), deep + "x", "{\"a\":\xff}"s, R"({"a":)" + deep,
                       R"({"a":"\)"
                       "\xff\"}"s,
                       ""s})
        assert_false(is_sound_json(json));
}

// Of a key that stands twice the last one counts, for all who read.
void duplicate_keys(void **)
{
    const std::pair<const char *, const char *> cases[] = {
        {R"({"a":1,"b":2,"a":3})", R"({"b":2,"a":3})"},
        {R"({"a":{"x":1,"x":2},"a":{"y":[{"z":1,"z":{}}],"y":[{"z":0,"z":{"q":1,"q":[]}}]}})",
         R"({"a":{"y":[{"z":{"q":[]}}]}})"},
        {R"({"a":1,"\u0061":2})", R"({"\u0061":2})"},
        {R"({ "a" : "}" , "b" : [ 1 ] , "a" : "\"," })", R"({"b":[1],"a":"\","})"},
        {R"({"":1,"":2,"":3})", R"({"":3})"},
        {R"({"metadata":{"name":"x"},"metadata":{"name":"y","name":"z"}})", R"({"metadata":{"name":"z"}})"},
    };
    for (auto [json, want] : cases) {
        assert_text(kept(json), want);
        auto object = Object::parse(json);
        assert_text(object->json(), want);
        assert_true(object->written().size() > object->json().size());
        assert_text(object->root().raw(), want);
        assert_text(compact_json(Draft::edit(*object).root()), compact_json(Draft::parse_json(want).root()));
    }
    auto named = wire(R"({"metadata":{"name":"x"},"metadata":{"name":"y","name":"z"}})");
    assert_text(named->name(), "z");
    // Each key once is left alone, however many there are and however like each other.
    std::string many = "{";
    for (int i = 0; i < 1000; i++)
        many += "\"key-" + std::to_string(i % 500) + std::string(i < 500 ? "a" : "b") + "\":{},";
    assert_text(kept(many + "\"z\":1}"), many + "\"z\":1}");
    assert_text(kept(many + "\"key-0a\":1}"), "{" + many.substr(many.find(',') + 1) + "\"key-0a\":1}");
    auto once = Object::parse(R"({"a":1})");
    assert_text(once->written(), once->json());
    assert_int_equal(code_of([] { Draft::parse_json(R"({"a":1,"a":2})"); }), K8SC_E_PARSE);
}

void managed_fields_are_left_out(void **)
{
    struct {
        const char *json, *want;
    } cases[] = {
        {R"({"metadata":{"managedFields":[{"a":1}],"name":"x"}})", R"({"metadata":{"name":"x"}})"},
        {R"({"metadata":{"name":"x","managedFields":[{"a":"]}"}],"uid":"u"}})",
         R"({"metadata":{"name":"x","uid":"u"}})"},
        {R"({"metadata":{"name":"x","managedFields":[]}})", R"({"metadata":{"name":"x"}})"},
        {R"({"metadata":{"managedFields":null}})", R"({"metadata":{}})"},
        {R"({"metadata":{"name":"x"},"managedFields":[1]})", R"({"metadata":{"name":"x"},"managedFields":[1]})"},
        {R"({"spec":{"managedFields":[1],"metadata":{"managedFields":2}},"metadata":{"managedFields":[3],"a":"managedFields"}})",
         R"({"spec":{"managedFields":[1],"metadata":{"managedFields":2}},"metadata":{"a":"managedFields"}})"},
        {R"({"metadata":{"annotations":{"managedFields":"x"},"managedFields":[1]}})",
         R"({"metadata":{"annotations":{"managedFields":"x"}}})"},
        {R"({"metadata":{"name":"x","managed\u0046ields":[1]}})", R"({"metadata":{"name":"x"}})"},
        {R"({"metadata":{"name":"x,\"managedFields\":","managedFields":[1]}})",
         R"({"metadata":{"name":"x,\"managedFields\":"}})"},
        {R"({"metadata":[{"managedFields":1}]})", R"({"metadata":[{"managedFields":1}]})"},
        {R"({"metadata":null})", R"({"metadata":null})"},
        {"{}", "{}"},
    };
    for (auto &c : cases) assert_text(without_managed_fields(c.json), c.want);
}

// What a proxy or a server of another make formats its own way is compact once it is stored, and whole.
void formatted_text(void **)
{
    struct {
        const char *json;
    } cases[] = {
        {"{\n  \"metadata\": {\n    \"name\": \"a b\",\n    \"managedFields\": [\n      1\n    ]\n  }\n}\n"},
        {"{ \"metadata\" : { \"managedFields\" : [ 1 ] , \"name\" : \"a b\" } }"},
        {"{\"metadata\": {\"name\": \"a b\", \"managedFields\": [1]}}"},
        {"{\"metadata\": {\"managedFields\": [1], \"name\": \"a b\"}}"},
        {"{\"metadata\":{\"name\":\"a b\" ,\"managedFields\":[1] }}"},
        {"{\"metadata\":{\"managedFields\":[1]\n,\"name\":\"a b\"}}"},
        {"\n\t {\"metadata\":{\"managedFields\":[1],\"name\":\"a b\"}}\r\n"},
    };
    for (auto &c : cases) {
        assert_text(without_managed_fields(c.json), R"({"metadata":{"name":"a b"}})");
        Ref<Object> object = wire(c.json);
        assert_text(object->name(), "a b");
        assert_text(object->json(), Object::parse(c.json)->json());
        for (char blank : {'\n', '\t', '\r'}) assert_int_equal(object->json().find(blank), std::string_view::npos);
    }
}

// Items of built-in lists come without kind and apiVersion.
void kind_and_version_are_added(void **)
{
    DecodeRules rules;
    rules.api_version = "\"v1\"";
    rules.kind = "\"Pod\"";
    assert_text(kept("{}", rules), R"({"kind":"Pod","apiVersion":"v1"})");
    assert_text(kept("{ }", rules), R"({"kind":"Pod","apiVersion":"v1"})");
    assert_text(kept(R"({"metadata":{}})", rules), R"({"kind":"Pod","apiVersion":"v1","metadata":{}})");
    assert_text(kept(R"({"kind":"Own","a":1})", rules), R"({"apiVersion":"v1","kind":"Own","a":1})");
    assert_text(kept(R"({"apiVersion":"x/v1","kind":"Own"})", rules), R"({"apiVersion":"x/v1","kind":"Own"})");
    rules.prune = dropping_managed_fields().prune;
    assert_text(kept(R"({"metadata":{"managedFields":[]},"kind":"K"})", rules),
                R"({"apiVersion":"v1","metadata":{},"kind":"K"})");
    assert_text(wire(R"({"spec":{"kind":"inner"}})", rules)->root().member("kind").raw(), "\"Pod\"");
}

// One decoder reads everything that comes along a watch: large, small, broken.
void decoder_is_reusable(void **)
{
    Decoder decoder;
    auto decode = [&](std::string json) {
        json.reserve(json.size() + json_padding);
        return decoder.wire(json, {});
    };
    std::string large = R"({"a":")" + repeated("x", 3 << 20) + "\"}";
    for (int round = 0; round < 3; round++) {
        assert_text(decode(R"({"metadata":{"name":"a"}})")->name(), "a");
        assert_int_equal(decode(large)->json().size(), large.size());
        assert_int_equal(code_of([&] { decode("{\"a\":"); }), K8SC_E_DECODE);
        assert_int_equal(code_of([&] { decode(nested(20000)); }), K8SC_E_TOO_LARGE);
        assert_int_equal(decode(nested(5000))->json().size(), nested(5000).size());
        assert_text(decode(R"({"n":12345678901234567890123})")->json(), R"({"n":12345678901234567890123})");
    }
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(the_identity_is_read_from_the_metadata),
        cmocka_unit_test(numbers_are_kept_as_they_were_written),
        cmocka_unit_test(text_that_is_not_json),
        cmocka_unit_test(web_pages_are_shown_briefly),
        cmocka_unit_test(only_valid_utf8_is_accepted),
        cmocka_unit_test(objects_nest_up_to_the_limit),
        cmocka_unit_test(sound_json),
        cmocka_unit_test(duplicate_keys),
        cmocka_unit_test(managed_fields_are_left_out),
        cmocka_unit_test(formatted_text),
        cmocka_unit_test(kind_and_version_are_added),
        cmocka_unit_test(decoder_is_reusable),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
