// YAML: what is read as what, what is refused and in which line, and that what is written reads back.
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "json/write.h"
#include "json/yaml.h"
#include "json/yaml_scalar.h"

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
using namespace std::string_view_literals;

namespace {

std::string read(std::string_view yaml) { return compact_json(parse_yaml(yaml, "YAML").get()); }

std::string error_of(std::string_view yaml)
{
    try {
        std::string json = read(yaml);
        print_error("no error, but: %s\n", json.substr(0, 200).c_str());
        return "no error";
    } catch (const Error &error) {
        assert_int_equal(error.code, K8SC_E_PARSE);
        return error.message;
    }
}

void expect(std::string_view yaml, std::string_view json)
{
    try {
        assert_string_equal(read(yaml).c_str(), std::string(json).c_str());
    } catch (const Error &error) {
        fail_msg("%.*s: %s", int(yaml.size()), yaml.data(), error.message.c_str());
    }
}

void expect_error(std::string_view yaml, std::string_view part)
{
    std::string message = error_of(yaml);
    if (message.find(part) == std::string::npos)
        fail_msg("%s does not say: %.*s", message.c_str(), int(part.size()), part.data());
}

std::string repeat(std::string_view text, size_t n)
{
    std::string out;
    while (n--) out += text;
    return out;
}

// ---- scalars

void words_are_read_as_yaml_says(void **)
{
    for (auto word : {"", "~", "null", "Null", "NULL"}) expect("v: "s + word, R"({"v":null})");
    for (auto word : {"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"})
        expect("v: "s + word, R"({"v":true})");
    for (auto word : {"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"})
        expect("v: "s + word, R"({"v":false})");
    for (auto word :
         {"nULL", "yES", "tRUE", "oFF", "nil", "none", "Y1", "=", "<<", "nan", "inf", ".Nan", "+.nan", "..", "."})
        expect("v: "s + word, "{\"v\":\""s + word + "\"}");
    for (auto word : {"''", "\"\"", "!!str", "! ''"}) expect("v: "s + word, R"({"v":""})");
    for (auto word : {"'true'", "\"true\"", "!!str true", "! 'true'"}) expect("v: "s + word, R"({"v":"true"})");
    expect("v: |\n  true\n", R"({"v":"true\n"})");
    expect("v: >-\n  true\n", R"({"v":"true"})");
}

void integers_are_read_in_every_base(void **)
{
    struct {
        const char *yaml, *json;
    } const cases[] = {
        {"0", "0"},
        {"-0", "0"},
        {"12", "12"},
        {"+12", "12"},
        {"-12", "-12"},
        {"1_000", "1000"},
        {"1__0_", "10"},
        {"0x1F", "31"},
        {"0XfF", "255"},
        {"-0x10", "-16"},
        {"0x_0A_74_AE", "685230"},
        {"0b101", "5"},
        {"0B11", "3"},
        {"-0b101010", "-42"},
        {"0o17", "15"},
        {"0O17", "15"},
        {"017", "15"},
        {"00", "0"},
        {"02472256", "685230"},
        {"+0o7", "7"},
        {"9223372036854775807", "9223372036854775807"},
        {"-9223372036854775808", "-9223372036854775808"},
        {"0x7fffffffffffffff", "9223372036854775807"},
        {"-0x8000000000000000", "-9223372036854775808"},
        {"!!int '12'", "12"},
        {"!!int 0x10", "16"},
        // Digits that octal lacks make it a decimal number.
        {"08", "8"},
        {"0999", "999"},
        // Not numbers after all.
        {"0x", R"("0x")"},
        {"0b2", R"("0b2")"},
        {"0o8", R"("0o8")"},
        {"0xfg", R"("0xfg")"},
        {"_1", R"("_1")"},
        {"1 2", R"("1 2")"},
        {"+", R"("+")"},
        {"-_", R"("-_")"},
        {"+-1", R"("+-1")"},
        {"--1", R"("--1")"},
        {"12:30:45", R"("12:30:45")"},
        {"1,000", R"("1,000")"},
        {"10.0.0.1", R"("10.0.0.1")"},
        {"100m", R"("100m")"},
        {"0x1p4", R"("0x1p4")"},
        {"0z1", R"("0z1")"},
    };
    for (auto &one : cases) expect("v: "s + one.yaml, "{\"v\":"s + one.json + "}");
    for (auto huge : {"9223372036854775808", "-9223372036854775809", "18446744073709551615",
                      "123456789012345678901234567890", "0xffffffffffffffffff", "!!int 9223372036854775808"})
        expect_error("a: 1\nv: "s + huge, "YAML, line 2: an integer does not fit 64 bits");
}

void reals_are_read_and_infinity_is_refused(void **)
{
    struct {
        const char *yaml, *json;
    } const cases[] = {
        {"1.5", "1.5"},
        {"-1.5", "-1.5"},
        {"+1.5", "1.5"},
        {".5", "0.5"},
        {"-.5", "-0.5"},
        {"1.", "1"},
        {"1e3", "1000"},
        {"1E3", "1000"},
        {"6.8523e+5", "685230"},
        {"685.230_15e+03", "685230.15"},
        {"1e21", "1e+21"},
        {"1e-7", "1e-07"},
        {"0.1", "0.1"},
        {"1.7976931348623157e308", "1.7976931348623157e+308"},
        {"5e-324", "5e-324"},
        {"1e-999", "0"},
        {"-0.0", "-0.0"},
        {"!!float 3", "3"},
        {"!!float '1.1'", "1.1"},
        {"09.5", "9.5"},
        // Beyond a double it is text, as the abbreviated hashes that look like this need.
        {"1e999", R"("1e999")"},
        {"12e4567", R"("12e4567")"},
        {"._5", R"("._5")"},
        {".e5", R"(".e5")"},
        {"1e", R"("1e")"},
        {"1e+", R"("1e+")"},
        {"1.2.3", R"("1.2.3")"},
        {"e5", R"("e5")"},
    };
    for (auto &one : cases) expect("v: "s + one.yaml, "{\"v\":"s + one.json + "}");
    for (auto word : {".inf", ".Inf", ".INF", "+.inf", "-.inf", ".nan", ".NaN", ".NAN", "!!float .inf"})
        expect_error("v: "s + word, "YAML, line 1: infinity and NaN");
}

void other_scalars(void **)
{
    expect("a: 2001-01-01\nb: 2001-12-14t21:59:43.10-05:00\nc: !!timestamp 2001-01-01",
           R"({"a":"2001-01-01","b":"2001-12-14t21:59:43.10-05:00","c":"2001-01-01"})");
    expect("a: !!binary aGVsbG8=\nb: !!binary |\n  aGVs\n  bG8=\n", R"({"a":"hello","b":"hello"})");
    expect("a: !!bool yes\nb: !!null ''\nc: !!null ~", R"({"a":true,"b":null,"c":null})");
    expect("%TAG !y! tag:yaml.org,2002:\n---\nv: !y!int '1'", R"({"v":1})");
    expect("!!map {a: !!seq [b]}", R"({"a":["b"]})");
    for (auto tagged : {"!!int x", "!!int 1.5", "!!int ''", "!!float x", "!!bool 1", "!!bool ''", "!!null x"})
        expect_error("\nv: "s + tagged, "YAML, line 2: the value is not what its tag !!");
    expect_error("v: !!binary =", "line 1: the value tagged !!binary is not base64");
    expect_error("v: !!binary gIGC", "line 1: the value is not UTF-8");
    for (auto tagged : {"!own x", "!own [x]", "!own {x: y}", "!<x:y> z"})
        expect_error("v: "s + tagged, "line 1: the tag ");
    for (auto tagged :
         {"!!map x", "!!seq x", "!!set {x}", "!!omap [x: 1]", "!!str [x]", "!!seq {}", "!!map []", "!!merge x"})
        expect_error("v: "s + tagged, "cannot stand on a ");
    expect("a: \"x\\0y\\u00e9\\U0001F600\\x41\\\n   b\\/\"", "{\"a\":\"x\\u0000y\u00e9\U0001F600Ab/\"}");
    expect("a: ! x\nb: ! {c: ! [d]}", R"({"a":"x","b":{"c":["d"]}})");
    expect("a: one\n  two\n\n  three", R"({"a":"one two\nthree"})");
}

// ---- documents

void collections_of_both_styles_are_read(void **)
{
    expect("", "null");
    expect("# only words\n", "null");
    expect("just text", R"("just text")");
    expect("- a\n- - b\n  - c\n-\n- {}\n- []", R"(["a",["b","c"],null,{},[]])");
    expect("z: 1\na: 2\nm: {y1: 1, x: [1, 2]}", R"({"z":1,"a":2,"m":{"y1":1,"x":[1,2]}})");
    expect(R"({"a": [1, 2.5, "x\/yé", null, true], "b": {}})", "{\"a\":[1,2.5,\"x/y\u00e9\",null,true],\"b\":{}}");
    expect("\xef\xbb\xbf"
           "a: 1",
           R"({"a":1})");
    expect("\xff\xfe"
           "a\0:\0 \0001\0\n\0"sv,
           R"({"a":1})");
    expect("a: 1\r\nb: 2\r\n", R"({"a":1,"b":2})");
}

void several_documents(void **)
{
    for (auto one : {"---\na: 1", "a: 1\n---\n", "a: 1\n...\n", "---\n---\na: 1\n",
                     "# x\n---\n# y\n---\na: 1\n---\n---\n", "a: 1\n...\n---\n...\n", "%YAML 1.1\n---\na: 1"})
        expect(one, R"({"a":1})");
    expect_error("a: 1\n---\nb: 2\n", "YAML, line 3: a second document");
    expect_error("a: 1\n---\nb\n", "YAML, line 3: a second document");
    expect_error("a: 1\n--- [b]\n", "YAML, line 2: a second document");
    expect_error("a: 1\n--- null\n", "YAML, line 2: a second document");
    expect_error("null\n--- null\n", "YAML, line 2: a second document");
}

void keys_become_strings_and_stand_once(void **)
{
    expect(
        "1: a\n0x10: b\ntrue: c\nno: d\n1.50: e\n1e6: f\n2001-01-01: g\n'': h\n\"2\": i\n3.14159265358979: j\n1e300: k",
        R"({"1":"a","16":"b","true":"c","false":"d","1.5":"e","1e+06":"f","2001-01-01":"g","":"h","2":"i","3.1415927":"j","1e+300":"k"})");
    expect("? a\n: b\n? c", R"({"a":"b","c":null})");
    expect("? |\n  long\n  key\n: v", R"({"long\nkey\n":"v"})");
    expect("x: &k name\n*k : 2\n", R"({"x":"name","name":2})");
    expect_error("a: 1\nb: 2\na: 3", "YAML, line 3: the key \"a\" stands twice in its mapping");
    expect_error("1: a\n'1': b", "YAML, line 2: the key \"1\" stands twice");
    expect_error("y: a\ntrue: b", "YAML, line 2: the key \"true\" stands twice");
    expect_error("x:\n  - a: {b: 1, b: 1}", "YAML, line 2: the key \"b\"");
    expect_error("~: a", "line 1: null cannot be a key");
    expect_error("a: {? : b}", "line 1: null cannot be a key");
    expect_error("x: 1\n? [a]\n: b", "line 2: a sequence cannot be a key");
    expect_error("{{a: b}: c}", "line 1: a mapping cannot be a key");
    expect_error("a: &x [1]\n*x : c", "line 2: a mapping or a sequence cannot be a key");
    expect_error("a: 1\n\"b\\0\": c", "line 2: a key holds a NUL");
    expect_error("18446744073709551616: c", "line 1: an integer does not fit");
}

void an_alias_is_a_copy_of_its_anchor(void **)
{
    expect("a: &x {b: [1]}\nc: *x\nd: [*x, *x]", R"({"a":{"b":[1]},"c":{"b":[1]},"d":[{"b":[1]},{"b":[1]}]})");
    expect("a: &x 1\nb: *x\nc: &x 2\nd: *x", R"({"a":1,"b":1,"c":2,"d":2})");
    expect("a: &x [&x 1]\nb: *x", R"({"a":[1],"b":1})");
    expect("a: &x\nb: *x", R"({"a":null,"b":null})");
    expect_error("a: 1\nb: *x", "YAML, line 2: the alias \"x\" has no anchor before it");
    expect_error("b: *x\na: &x 1", "YAML, line 1: the alias \"x\"");
    expect_error("a: &x\n  b: *x", "YAML, line 2: the anchor \"x\" contains itself");
    expect_error("a: &x [1, [*x]]", "the anchor \"x\" contains itself");
    expect_error("a: &x {<<: *x}", "the anchor \"x\" contains itself");
    // Anchors end with their document.
    expect_error("--- &x\n---\na: *x", "line 3");

    // What an alias made can be edited apart from its anchor.
    Json value = parse_yaml("a: &x {b: 1}\nc: *x\nd: {<<: *x}", "YAML");
    assert_int_equal(json_object_set_new(json_object_get(value.get(), "a"), "b", json_integer(2)), 0);
    assert_string_equal(compact_json(value.get()).c_str(), R"({"a":{"b":2},"c":{"b":1},"d":{"b":1}})");
}

void merge_keys_add_what_is_not_there(void **)
{
    std::string maps = "- &one {x: 1, z1: 2}\n- &two {x: 0, w: 5}\n- ";
    auto merged = [&](std::string_view map) {
        Json value = parse_yaml(maps + std::string(map), "YAML");
        return compact_json(json_array_get(value.get(), 2));
    };
    assert_string_equal(merged("{<<: *one, r: 3}").c_str(), R"({"x":1,"z1":2,"r":3})");
    assert_string_equal(merged("{<<: *one, x: 3}").c_str(), R"({"x":3,"z1":2})");
    assert_string_equal(merged("{x: 3, <<: *one}").c_str(), R"({"x":3,"z1":2})");
    assert_string_equal(merged("{<<: [*one, *two]}").c_str(), R"({"x":1,"w":5,"z1":2})");
    assert_string_equal(merged("{<<: [*two, *one], r: 1}").c_str(), R"({"x":0,"z1":2,"w":5,"r":1})");
    assert_string_equal(merged("{<<: *one, <<: *two}").c_str(), R"({"x":0,"z1":2,"w":5})");
    assert_string_equal(merged("{<<: {a: {b: c}}}").c_str(), R"({"a":{"b":"c"}})");
    assert_string_equal(merged("{!!merge '<<': *two}").c_str(), R"({"x":0,"w":5})");
    assert_string_equal(merged("{<<: []}").c_str(), "{}");
    assert_string_equal(merged("{'<<': 1}").c_str(), R"({"<<":1})");
    expect_error("a: 1\nb: {<<: 1}", "YAML, line 2: the value of << must be");
    expect_error("b: {<<: [1]}", "the value of << must be");
    expect_error("b: {<<: }", "the value of << must be");
    expect_error("b: {<<: {a: 1}, a: 1, a: 2}", "the key \"a\" stands twice");
    expect_error("b: {&x <<: {a: 1}}", "cannot have an anchor");
}

// ---- limits

void a_billion_laughs_are_refused(void **)
{
    std::string bomb = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n";
    for (int i = 1; i < 12; i++) {
        std::string before = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before + repeat(", " + before, 8) + "]\n";
    }
    expect_error(bomb, "YAML, line 7: aliases make the document too large");

    std::string merges = "- &m0 {a: lol, b: lol}\n";
    for (int i = 1; i < 40; i++) {
        std::string n = std::to_string(i), before = "*m" + std::to_string(i - 1);
        merges += "- &m" + n + " {p" + n + ": " + before + ", q" + n + ": " + before + "}\n";
    }
    expect_error(merges, "aliases make the document too large");
    // Few values, but large ones.
    expect_error("- &x " + std::string(1 << 20, 'x') + "\n" + repeat("- *x\n", 100), "YAML, line 65: aliases make");
    // Many harmless aliases are fine.
    Json fine = parse_yaml("- &x {a: [1, 2, 3]}\n" + repeat("- *x\n", 20000), "YAML");
    assert_int_equal(json_array_size(fine.get()), 20001);
}

void yaml_nests_up_to_the_limit(void **)
{
    auto flow = [](size_t n) { return repeat("[", n) + repeat("]", n); };
    assert_int_equal(read(flow(1000)).size(), 2000);
    expect_error(flow(1001), "YAML, line 1: it is nested deeper than 1000");
    expect_error(repeat("[", 1000000), "nested deeper than 1000");
    expect_error(repeat("{a: ", 1000000), "nested deeper than 1000");
    expect_error(repeat("- ", 100000), "nested deeper than 1000");
    expect_error(repeat("? ", 100000), "cannot be a key");
    std::string block;
    for (size_t i = 0; i < 1001; i++) block += std::string(i, ' ') + "a:\n";
    expect_error(block, "YAML, line 1001: it is nested deeper than 1000");
    // Aliases, each one deeper than the one before.
    std::string chain = "- &a0 [x]\n";
    for (int i = 1; i < 1100; i++) chain += "- &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
    expect_error(chain, "YAML, line 1000: it is nested deeper than 1000");
}

void bad_bytes(void **)
{
    for (auto bytes :
         {"\xff"sv, "\x80"sv, "\xc3"sv, "\xc3("sv, "\xed\xa0\x80"sv, "\xf4\x90\x80\x80"sv, "\xc0\x80"sv, "\xe2\x82"sv})
        expect_error("a: 1\nb: \"" + std::string(bytes) + "\"\n", "YAML, line 2: ");
    for (char c : {'\0', '\1', '\b', '\x0b', '\x1b', '\x7f'}) {
        expect_error("a: 1\nb: x" + std::string(1, c) + "\n", "YAML, line 2: control characters are not allowed");
        expect_error("a: '" + std::string(1, c) + "'", "YAML, line 1: control characters are not allowed");
    }
    expect_error("a: \"\\ud800\"", "line 1: ");
    expect_error("a: \"\\U00110000\"", "line 1: ");
}

void syntax_errors(void **)
{
    expect_error("a: b: c", "YAML, line 1: mapping values are not allowed");
    expect_error("a:\n  - b\n c: d",
                 "YAML, line 3: did not find expected key (while parsing a block mapping that begins in line 1)");
    expect_error("a: 1\nb: [1,\n\nc: }", "YAML, line 4: ");
    expect_error("a: \"x\n\n",
                 "line 3: found unexpected end of stream (while scanning a quoted scalar that begins in line 1)");
    expect_error("a:\n\t- b", "YAML, line 2: found character that cannot start any token");
    expect_error("%YAML 3.0\n---\na: 1", "incompatible YAML document");
    expect_error("@a", "cannot start any token");
    try {
        parse_yaml("]", "kubeconfig /x/y");
        fail();
    } catch (const Error &error) {
        assert_true(error.message.starts_with("kubeconfig /x/y, line 1: "));
    }
    // Values may be secrets.
    for (auto yaml : {"t: !!int s3cret", "t: !!binary s3cret!", "t: {<<: s3cret}", "t: \"s3cret", "t: s3cret: x"})
        assert_true(error_of(yaml).find("s3cret") == std::string::npos);
}

// ---- writing

void written_form(void **)
{
    Json value = parse_yaml(
        R"({"apiVersion": "v1", "metadata": {"name": "x", "creationTimestamp": "2024-01-01T00:00:00Z", "labels": {}},
        "spec": {"on": "on", "n1": 1, "n2": 1.0, "n3": 1e21, "list": [{"a": "1"}, ["b"], []], "script": "#!/bin/sh\nexit 0\n",
        "keep": "a\n\n", "none": null, "ip": "10.0.0.1", "cpu": "100m", "clock": "12:30:45", "<<": "=", "empty": ""}})",
        "YAML");
    assert_string_equal(yaml_text(value.get()).c_str(), R"(apiVersion: v1
metadata:
  name: x
  creationTimestamp: "2024-01-01T00:00:00Z"
  labels: {}
spec:
  "on": "on"
  n1: 1
  n2: 1.0
  n3: 1.0e+21
  list:
  - a: "1"
  - - b
  - []
  script: |
    #!/bin/sh
    exit 0
  keep: |+
    a

  none: null
  ip: 10.0.0.1
  cpu: 100m
  clock: "12:30:45"
  "<<": "="
  empty: ""
)");
    std::string unbroken = "word " + repeat("and another ", 40) + "end";
    assert_string_equal(yaml_text(own(json_string(unbroken.c_str())).get()).c_str(), (unbroken + "\n").c_str());
}

void from_json_text(void **)
{
    assert_string_equal(
        yaml_text_of_json(
            R"({"a":123456789012345678901234567890,"b":1.0,"c":[1E5,{"d":"x\n\"y\""},[]],"e":{},"1":null})")
            .c_str(),
        "a: 123456789012345678901234567890\nb: 1.0\nc:\n- 1E5\n- d: |-\n    x\n    \"y\"\n- []\ne: {}\n\"1\": null\n");
    assert_string_equal(yaml_text_of_json(R"( { "a" : [ 1 , true ] } )").c_str(), "a:\n- 1\n- true\n");
}

// Everything that trips emitters and readers of YAML, in random order.
void round_trips(void **)
{
    const std::vector<std::string> pieces = {"\n",
                                             "\n\n",
                                             " ",
                                             "  ",
                                             "\t",
                                             "#",
                                             " #",
                                             ": ",
                                             ":",
                                             "- ",
                                             "-",
                                             "'",
                                             "\"",
                                             "\\",
                                             "|",
                                             ">",
                                             "%",
                                             "@",
                                             "`",
                                             "&a",
                                             "*a",
                                             "!",
                                             "!!int ",
                                             "?",
                                             "? ",
                                             "{",
                                             "}",
                                             "[",
                                             "]",
                                             ",",
                                             "---",
                                             "...",
                                             "\r",
                                             "\r\n",
                                             "\x01",
                                             "\x1b",
                                             "\x7f",
                                             "\xc2\x85",
                                             "\xc2\xa0",
                                             "\xe2\x80\xa8",
                                             "\xe2\x80\xa9",
                                             "\xef\xbb\xbf",
                                             "\xef\xbf\xbe",
                                             "\xef\xbf\xbd",
                                             "\xee\x80\x80",
                                             "\xed\x9f\xbf",
                                             "\u00e9",
                                             "\u4e2d",
                                             "\U0001F600",
                                             "null",
                                             "~",
                                             "true",
                                             "y",
                                             "no",
                                             "1",
                                             "0",
                                             "9",
                                             "0x",
                                             "_",
                                             ".",
                                             "e",
                                             "+",
                                             ".inf",
                                             "<<",
                                             "=",
                                             "a",
                                             "word",
                                             "$",
                                             "2001-01-01",
                                             ":1",
                                             std::string(1, '\0')};
    std::mt19937 random(20);
    auto text = [&](bool nul) {
        std::string out;
        for (size_t n = random() % 7; n > 0; n--) {
            const std::string &piece = pieces[random() % (pieces.size() - (nul ? 0 : 1))];
            out += piece;
        }
        return out;
    };
    auto string = [](const std::string &text) { return own(json_stringn(text.data(), text.size())).release(); };
    for (int i = 0; i < 30000; i++) {
        Json value = own(json_object()), list = own(json_array()), inner = own(json_object());
        json_array_append_new(list.get(), string(text(true)));
        json_array_append_new(list.get(), string(text(true)));
        json_object_set_new(inner.get(), text(false).c_str(), string(text(true)));
        json_object_set_new(inner.get(), text(false).c_str(),
                            json_real(double(random()) / 16 * (random() % 2 ? 1e-12 : 1e12)));
        json_array_append_new(list.get(), inner.release());
        json_object_set_new(value.get(), text(false).c_str(), list.release());
        json_object_set_new(value.get(), text(false).c_str(), string(text(true)));

        std::string json = compact_json(value.get()), yaml = yaml_text(value.get());
        Json back;
        try {
            back = parse_yaml(yaml, "YAML");
        } catch (const Error &error) {
            fail_msg("%s\n%s\n%s", json.c_str(), yaml.c_str(), error.message.c_str());
        }
        if (!json_equal(value.get(), back.get()) || json != compact_json(back.get()))
            fail_msg("%s\n%s", json.c_str(), yaml.c_str());
        if (json != read(yaml_text_of_json(json))) fail_msg("%s\n%s", json.c_str(), yaml_text_of_json(json).c_str());

        // And alone, at the root.
        Json alone = Json(string(text(true)));
        if (!json_equal(alone.get(), parse_yaml(yaml_text(alone.get()), "YAML").get()))
            fail_msg("%s", compact_json(alone.get()).c_str());
    }
}

void quoting_agrees_with_reading(void **)
{
    const char alphabet[] = "0123456789abefnoxyEN_+-.:~";
    std::mt19937 random(7);
    for (int i = 0; i < 200000; i++) {
        std::string word;
        for (size_t n = 1 + random() % 6; n > 0; n--) word += alphabet[random() % (sizeof alphabet - 1)];
        Json value = own(json_string(word.c_str()));
        assert_true(json_equal(value.get(), parse_yaml(yaml_text(value.get()), "YAML").get()));
    }
}

void deep_writing(void **)
{
    std::string json = repeat("{\"a\":[", 500) + repeat("]}", 500);
    Json value = parse_yaml(json, "YAML");
    assert_string_equal(read(yaml_text(value.get())).c_str(), json.c_str());
    assert_string_equal(read(yaml_text_of_json(json)).c_str(), json.c_str());
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(words_are_read_as_yaml_says),
        cmocka_unit_test(integers_are_read_in_every_base),
        cmocka_unit_test(reals_are_read_and_infinity_is_refused),
        cmocka_unit_test(other_scalars),
        cmocka_unit_test(collections_of_both_styles_are_read),
        cmocka_unit_test(several_documents),
        cmocka_unit_test(keys_become_strings_and_stand_once),
        cmocka_unit_test(an_alias_is_a_copy_of_its_anchor),
        cmocka_unit_test(merge_keys_add_what_is_not_there),
        cmocka_unit_test(a_billion_laughs_are_refused),
        cmocka_unit_test(yaml_nests_up_to_the_limit),
        cmocka_unit_test(bad_bytes),
        cmocka_unit_test(syntax_errors),
        cmocka_unit_test(written_form),
        cmocka_unit_test(from_json_text),
        cmocka_unit_test(round_trips),
        cmocka_unit_test(quoting_agrees_with_reading),
        cmocka_unit_test(deep_writing),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
