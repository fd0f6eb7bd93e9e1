// What is left out of objects while they are decoded: tables, and random rules on random documents against a plain
// implementation.
#include <jansson.h>

#include <random>

#include "rest/frames.h"
#include "json/decode.h"

#include "../core/check.h"
#include "../core/rounds.h"

namespace {

std::string pruned(const std::string &json, const PruneOptions &options)
{
    DecodeRules rules;
    rules.prune = std::make_shared<const PruneRules>(options);
    std::string padded = json;
    padded.reserve(json.size() + json_padding);
    return std::string(Decoder().wire(padded, rules)->json());
}

PruneOptions dropping(std::initializer_list<const char *> paths)
{
    PruneOptions options;
    for (auto path : paths) options.add_drop_path(path);
    return options;
}

PruneOptions keeping(std::initializer_list<const char *> paths)
{
    PruneOptions options;
    for (auto path : paths) options.add_keep_path(path);
    return options;
}

PruneOptions without_annotations(std::initializer_list<const char *> prefixes)
{
    PruneOptions options;
    for (auto prefix : prefixes) options.annotation_prefixes.emplace_back(prefix);
    return options;
}

struct Case {
    PruneOptions options;
    const char *json, *want;
};

void check(const std::vector<Case> &cases)
{
    for (auto &c : cases) {
        assert_text(pruned(c.json, c.options), c.want);
        // Twice is as good as once, where no element was named by its index.
        assert_text(Object::parse(c.want)->json(), c.want);
    }
}

void annotations_are_left_out_by_prefix(void **)
{
    const char *both =
        R"({"metadata":{"name":"x","annotations":{"a.io/x":"1","b.io/x":"2","a.io/y":"3"},"uid":"u"},"spec":{"annotations":{"a.io/x":1}}})";
    check({
        {without_annotations({"a.io/"}), both,
         R"({"metadata":{"name":"x","annotations":{"b.io/x":"2"},"uid":"u"},"spec":{"annotations":{"a.io/x":1}}})"},
        {without_annotations({"b.io/x"}), both,
         R"({"metadata":{"name":"x","annotations":{"a.io/x":"1","a.io/y":"3"},"uid":"u"},"spec":{"annotations":{"a.io/x":1}}})"},
        {without_annotations({"a.io/", "b.io/x"}), both,
         R"({"metadata":{"name":"x","uid":"u"},"spec":{"annotations":{"a.io/x":1}}})"},
        {without_annotations({""}), both, R"({"metadata":{"name":"x","uid":"u"},"spec":{"annotations":{"a.io/x":1}}})"},
        {without_annotations({"c"}), both, both},
        {without_annotations({"a"}), R"({"metadata":{"annotations":{"\u0061b":"1","b":"\"}"}}})",
         R"({"metadata":{"annotations":{"b":"\"}"}}})"},
        {without_annotations({"a"}), R"({"metadata":{"\u0061nnotations":{"a":"1"},"name":"x"}})",
         R"({"metadata":{"name":"x"}})"},
        {without_annotations({"a"}), R"({"metadata":{"annotations":{"a":"1"}}})", R"({"metadata":{}})"},
        {without_annotations({"a"}), R"({"metadata":{"name":"x","annotations":{"a":"1"}},"kind":"K"})",
         R"({"metadata":{"name":"x"},"kind":"K"})"},
        {without_annotations({"a"}), R"({"metadata":{"annotations":{}}})", R"({"metadata":{"annotations":{}}})"},
        {without_annotations({"a"}), R"({"metadata":{"annotations":null}})", R"({"metadata":{"annotations":null}})"},
        {without_annotations({"a"}), R"({"metadata":{"annotations":["a"]}})", R"({"metadata":{"annotations":["a"]}})"},
        {without_annotations({"a"}), R"({"metadata":["a"]})", R"({"metadata":["a"]})"},
        {without_annotations({"a"}), "{}", "{}"},
        {dropping({"/metadata/annotations/a"}), R"({"metadata":{"annotations":{"a":"1"},"name":"x"}})",
         R"({"metadata":{"name":"x"}})"},
    });
}

void dropped_paths(void **)
{
    const char *pod =
        R"({"kind":"Pod","metadata":{"name":"x","labels":{"a":"b"},"k":1},"spec":{"c":[{"i":"1","e":[]},{"e":[1],"i":"2"}],"n":"m"},"status":{}})";
    check({
        {dropping({"/status"}), pod,
         R"({"kind":"Pod","metadata":{"name":"x","labels":{"a":"b"},"k":1},"spec":{"c":[{"i":"1","e":[]},{"e":[1],"i":"2"}],"n":"m"}})"},
        {dropping({"/spec/c/*/e"}), pod,
         R"({"kind":"Pod","metadata":{"name":"x","labels":{"a":"b"},"k":1},"spec":{"c":[{"i":"1"},{"i":"2"}],"n":"m"},"status":{}})"},
        {dropping({"/spec/c/0", "/status"}), pod,
         R"({"kind":"Pod","metadata":{"name":"x","labels":{"a":"b"},"k":1},"spec":{"c":[{"e":[1],"i":"2"}],"n":"m"}})"},
        {dropping({"/spec/c/1/i"}), pod,
         R"({"kind":"Pod","metadata":{"name":"x","labels":{"a":"b"},"k":1},"spec":{"c":[{"i":"1","e":[]},{"e":[1]}],"n":"m"},"status":{}})"},
        {dropping({"/spec/c/*", "/spec/n"}), pod,
         R"({"kind":"Pod","metadata":{"name":"x","labels":{"a":"b"},"k":1},"spec":{"c":[]},"status":{}})"},
        {dropping({"/spec/c/01", "/spec/c/-", "/spec/c/2", "/spec/x/y", "/n"}), pod, pod},
        {dropping({"/*"}), pod, R"({"kind":"Pod","metadata":{"name":"x","labels":{"a":"b"}}})"},
        {dropping({"/metadata", "/spec", "/status"}), pod,
         R"({"kind":"Pod","metadata":{"name":"x","labels":{"a":"b"}}})"},
        {dropping({"/*/*", "/*/*/*"}), pod,
         R"({"kind":"Pod","metadata":{"name":"x","labels":{"a":"b"}},"spec":{},"status":{}})"},
        {dropping({"/*/labels/a", "/*/*/a"}), pod, pod},
        {dropping({"/metadata"}), R"({"metadata":null,"a":1})", R"({"a":1})"},
        {dropping({"/a~1b~0c", "/\"q\""}), R"({"a/b~c":1,"\"q\"":2,"c":3})", R"({"c":3})"},
        {dropping({"/0"}), R"({"0":1,"a":[{"0":2}]})", R"({"a":[{"0":2}]})"},
        {dropping({"/a", "/c"}), R"({"a":1,"b":2,"c":3,"d":4})", R"({"b":2,"d":4})"},
        {dropping({"/a/b/c"}), R"({"x":"}","a":{"b":{"c":[1,{"d":"]"}]}},"y":1})", R"({"x":"}","a":{"b":{}},"y":1})"},
        {dropping({"/a/b"}), "{ \"a\" : { \"b\" : 1 , \"c\" : 2 } , \"d\" : 3 }", R"({"a":{"c":2},"d":3})"},
    });
}

void kept_paths(void **)
{
    const char *pod =
        R"({"kind":"Pod","apiVersion":"v1","metadata":{"name":"x","generateName":"y","labels":{"a":"b"},"annotations":{"c":"d"}},)"
        R"("spec":{"containers":[{"name":"n","image":"i"},{"image":"j"},{"name":"o"},7],"nodeName":"m"},"status":{"phase":"Running"}})";
    const std::string head = R"({"kind":"Pod","apiVersion":"v1","metadata":{"name":"x","labels":{"a":"b"}})";
    const std::string images = head + R"(,"spec":{"containers":[{"image":"i"},{"image":"j"},{}]}})";
    const std::string phase = head + R"(,"status":{"phase":"Running"}})", nothing = head + "}";
    const std::string element = head + R"(,"spec":{"containers":[{"image":"j"}]}})", whole = head + R"(,"spec":{}})";
    check({
        {keeping({"/spec/containers/*/image"}), pod, images.c_str()},
        {keeping({"/status/phase"}), pod, phase.c_str()},
        {keeping({"/status"}), pod, phase.c_str()},
        {keeping({"/nothing"}), pod, nothing.c_str()},
        {keeping({"/kind"}), pod, nothing.c_str()},
        {keeping({"/spec/containers/1"}), pod, element.c_str()},
        {keeping({"/spec/nothing"}), pod, whole.c_str()},
        {keeping({"/*"}), pod, pod},
        {keeping({"/metadata/annotations/x"}), pod, nothing.c_str()},
        {keeping({"/spec/nodeName/x"}), pod, whole.c_str()},
        {keeping({"/\\u0061"}), R"({"a":1,"\\u0061":2,"\u0062":3})", R"({"\\u0061":2})"},
        {keeping({"/b"}), R"({"a":1,"\u0062":3})", R"({"\u0062":3})"},
        {keeping({"/a"}), R"({"metadata":null})", "{}"},
        {keeping({"/a"}), R"({"\u006betadata":1,"\u006dind":1,"\u006bind":"K","metadata":{"n\u0061me":"x","nam":1}})",
         R"({"\u006bind":"K","metadata":{"n\u0061me":"x"}})"},
    });
}

void rules_add_up(void **)
{
    PruneOptions options = keeping({"/metadata/annotations", "/spec/containers/*/image", "/status"});
    options.drop_managed_fields = true;
    options.annotation_prefixes = {"a."};
    options.add_drop_path("/status/conditions");
    options.add_drop_path("/spec/containers/0");
    const char *json =
        R"({"metadata":{"managedFields":[1],"name":"x","annotations":{"a.b":"1","c":"2"}},"spec":{"a":1,"containers":[{"image":"1"},{"image":"2","x":1}]},)"
        R"("status":{"conditions":[1],"phase":"P"}})";
    assert_text(
        pruned(json, options),
        R"({"metadata":{"name":"x","annotations":{"c":"2"}},"spec":{"containers":[{"image":"2"}]},"status":{"phase":"P"}})");
    options.metadata_only = true;
    assert_text(
        pruned(json, options),
        R"({"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":"x","annotations":{"c":"2"}}})");
}

void metadata_only(void **)
{
    PruneOptions options;
    options.metadata_only = true;
    const char *want = R"({"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":"x"}})";
    for (auto json : {R"({"metadata":{"name":"x"}})",
                      R"({"kind":"Pod","apiVersion":"v1","metadata":{"name":"x"},"spec":{"metadata":1}})",
                      R"({"apiVersion":"a/v1","spec":{},"metadata":{"name":"x"},"kind":"X"})",
                      R"({"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":"x"}})"})
        assert_text(pruned(json, options), want);
    assert_text(pruned(R"({"kind":"Pod"})", options),
                R"({"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1"})");
    assert_text(pruned("{}", options), R"({"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1"})");
}

void pointers_that_are_refused(void **)
{
    PruneOptions options;
    std::string message;
    for (auto pointer : {"", "spec", "/a~", "/a~2b", " /a"}) {
        assert_int_equal(code_of([&] { options.add_drop_path(pointer); }, &message), K8SC_E_INVALID);
        assert_says(message, "\""s + pointer + "\"");
        assert_int_equal(code_of([&] { options.add_keep_path(pointer); }, &message), K8SC_E_INVALID);
        assert_says(message, "\""s + pointer + "\"");
    }
    for (auto pointer : {"/apiVersion", "/kind", "/metadata/name", "/metadata/namespace", "/metadata/uid",
                         "/metadata/resourceVersion", "/metadata/labels", "/metadata/labels/a", "/metadata/labels/*"}) {
        assert_int_equal(code_of([&] { options.add_drop_path(pointer); }, &message), K8SC_E_INVALID);
        assert_says(message, pointer);
        options.add_keep_path(pointer);
    }
    assert_true(options.drop_paths.empty());
    assert_int_equal(options.keep_paths.size(), 9);
    assert_int_equal(code_of([&] { options.add_drop_path(repeated("/a", 1001)); }, &message), K8SC_E_INVALID);
    assert_says(message, "more than 1000 parts");
    // Long ones are as good as others.
    options.add_drop_path(repeated("/a", 1000));
    assert_text(pruned(R"({"a":{"a":1}})", options), "{}");
}

// Lists and watches say the same, whatever the server sends; and what is not an object of the resource is left alone.
void lists_and_watches(void **)
{
    PruneOptions options = keeping({"/spec/a/0"});
    options.add_drop_path("/spec/b/0");
    auto rules = std::make_shared<const PruneRules>(options);
    const std::string item = R"("metadata":{"name":"x"},"spec":{"a":[1,2],"b":[3,4]})",
                      want = R"({"kind":"Pod","apiVersion":"v1","metadata":{"name":"x"},"spec":{"a":[1]}})";
    // Kind first, and kind last, when items wait for it.
    for (auto &body : {R"({"kind":"PodList","apiVersion":"v1","metadata":{},"items":[{)" + item + "}]}",
                       R"({"items":[{)" + item + R"(}],"metadata":{},"kind":"PodList","apiVersion":"v1"})"}) {
        ListSink list({1000, 1 << 20}, rules);
        list.data(body);
        list.end();
        assert_text(list.take().objects.at(0)->json(), want);
    }
    std::vector<std::string> seen;
    FrameSink watch(1000, rules, [&](WatchFrame &&frame) { return seen.emplace_back(frame.object->json()), true; });
    for (auto type : {"ADDED", "MODIFIED", "DELETED"})
        watch.data(R"({"type":")"s + type + R"(","object":{"kind":"Pod","apiVersion":"v1",)" + item + "}}\n");
    const std::string bookmark =
        R"({"kind":"Pod","apiVersion":"v1","metadata":{"resourceVersion":"7","annotations":{"k8s.io/initial-events-end":"true"}}})";
    watch.data(R"({"type":"BOOKMARK","object":)" + bookmark + "}\n");
    assert_int_equal(seen.size(), 4);
    for (int i = 0; i < 3; i++) assert_text(seen[i], want);
    assert_text(seen[3], bookmark);
    std::string message;
    assert_int_equal(
        code_of(
            [&] {
                watch.data(
                    R"({"type":"ERROR","object":{"kind":"Status","message":"too old","code":410,"reason":"Expired"}})"
                    "\n");
            },
            &message),
        K8SC_E_API);
    assert_says(message, "too old");
}

// ---- random rules on random documents

using Path = std::vector<std::string>;
std::mt19937 dice(20240607);

size_t roll(size_t sides) { return std::uniform_int_distribution<size_t>(0, sides - 1)(dice); }

const char *const words[] = {"a",    "b",    "metadata",      "annotations", "labels", "name",     "0",   "1",
                             "kind", "spec", "managedFields", "a/b",         "c~d",    "\xc3\xa4", "q\"q"};

json_t *random_value(int depth)
{
    switch (depth > 4 ? roll(3) : roll(8)) {
    case 0: return json_integer(static_cast<json_int_t>(roll(1000)));
    case 1: return json_string(words[roll(std::size(words))]);
    case 2: return json_null();
    case 3: {
        json_t *array = json_array();
        for (size_t n = roll(4); n > 0; n--) json_array_append_new(array, random_value(depth + 1));
        return array;
    }
    default: {
        json_t *object = json_object();
        for (size_t n = roll(6); n > 0; n--)
            json_object_set_new(object, words[roll(std::size(words))], random_value(depth + 1));
        return object;
    }
    }
}

json_t *random_document()
{
    json_t *document = json_object();
    for (size_t n = roll(6); n > 0; n--) json_object_set_new(document, words[roll(std::size(words))], random_value(1));
    if (roll(4)) {
        json_t *metadata = json_object(), *annotations = json_object();
        for (size_t n = roll(6); n > 0; n--)
            json_object_set_new(annotations, words[roll(std::size(words))], json_string("x"));
        for (size_t n = roll(6); n > 0; n--)
            json_object_set_new(metadata, words[roll(std::size(words))], random_value(2));
        json_object_set_new(metadata, "annotations", annotations);
        if (roll(2)) json_object_set_new(metadata, "managedFields", random_value(2));
        json_object_set_new(document, "metadata", metadata);
    }
    return document;
}

std::string random_pointer()
{
    std::string pointer;
    for (size_t n = 1 + roll(4); n > 0; n--) {
        pointer += '/';
        if (roll(3) == 0) {
            pointer += '*';
            continue;
        }
        for (char c : std::string(words[roll(std::size(words))]))
            pointer += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    }
    return pointer;
}

Path tokens_of(const std::string &pointer)
{
    Path tokens;
    for (size_t at = 0; at < pointer.size();) {
        size_t end = std::min(pointer.find('/', at + 1), pointer.size());
        std::string token;
        pointer_token(std::string_view(pointer).substr(at + 1, end - at - 1), token);
        tokens.push_back(token);
        at = end;
    }
    return tokens;
}

// The first n tokens of a pointer match the path's first n.
bool matches(const Path &pointer, const Path &path, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (pointer[i] != "*" && pointer[i] != path[i]) return false;
    return true;
}

struct Reference {
    const PruneOptions &options;
    std::vector<Path> drops, keeps;

    explicit Reference(const PruneOptions &from) : options(from)
    {
        for (auto &path : from.drop_paths) drops.push_back(tokens_of(path));
        for (auto &path : from.keep_paths) keeps.push_back(tokens_of(path));
    }

    static bool stays(const Path &path)
    {
        if (path.size() == 1) return path[0] == "apiVersion" || path[0] == "kind";
        if (path[0] != "metadata") return false;
        return path[1] == "name" || path[1] == "namespace" || path[1] == "uid" || path[1] == "resourceVersion" ||
               path[1] == "labels";
    }

    bool drop(const Path &path) const
    {
        if (options.drop_managed_fields && path == Path{"metadata", "managedFields"}) return true;
        return std::any_of(drops.begin(), drops.end(),
                           [&](auto &drop) { return drop.size() == path.size() && matches(drop, path, path.size()); });
    }

    bool keep(const Path &path) const
    {
        if (keeps.empty()) return true;
        return std::any_of(keeps.begin(), keeps.end(),
                           [&](auto &keep) { return keep.size() <= path.size() && matches(keep, path, keep.size()); });
    }

    bool leads_on(const Path &path) const
    {
        return std::any_of(keeps.begin(), keeps.end(),
                           [&](auto &keep) { return keep.size() > path.size() && matches(keep, path, path.size()); });
    }

    // NULL: left out. `named`: the way goes through objects only.
    json_t *value(json_t *from, const Path &path, bool named, bool identity_only) const
    {
        bool is_metadata = path == Path{"metadata"} && json_is_object(from),
             is_container = json_is_object(from) || json_is_array(from);
        if (!path.empty()) {
            if (named && path.size() <= 2 && stays(path)) return json_deep_copy(from);
            if (identity_only) return nullptr;
            if (drop(path)) {
                if (!is_metadata) return nullptr;
                identity_only = true;
            }
            if (path.size() == 3 && named && path[0] == "metadata" && path[1] == "annotations")
                for (auto &prefix : options.annotation_prefixes)
                    if (path[2].starts_with(prefix)) return nullptr;
            if (!keep(path) && !is_metadata && !(leads_on(path) && is_container)) return nullptr;
        }
        if (!is_container) return json_incref(from);
        json_t *to = json_is_object(from) ? json_object() : json_array();
        const char *key;
        json_t *inner;
        size_t index;
        Path below = path;
        below.emplace_back();
        if (json_is_object(from)) json_object_foreach(from, key, inner)
            {
                below.back() = key;
                if (json_t *left = value(inner, below, named, identity_only)) json_object_set_new(to, key, left);
            }
        else
            json_array_foreach(from, index, inner)
            {
                below.back() = std::to_string(index);
                if (json_t *left = value(inner, below, false, identity_only)) json_array_append_new(to, left);
            }
        bool emptied =
            named && path == Path{"metadata", "annotations"} && json_object_size(from) > 0 && json_object_size(to) == 0;
        if (json_is_object(from) && emptied) {
            json_decref(to);
            return nullptr;
        }
        return to;
    }
};

std::string text_of(json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT);
    std::string out = text;
    free(text);
    return out;
}

// The first letter of each key, escaped.
std::string with_escaped_keys(const std::string &json)
{
    std::string out;
    for (size_t i = 0; i < json.size(); i++) {
        bool key = json[i] == '"' && i > 0 && (json[i - 1] == '{' || json[i - 1] == ',');
        out += json[i];
        if (!key || !isalpha(static_cast<unsigned char>(json[i + 1]))) continue;
        char escape[8];
        snprintf(escape, sizeof escape, "\\u%04x", json[++i]);
        out += escape;
    }
    return out;
}

void random_rules(void **)
{
    for (Rounds rounds(20000); rounds.next();) {
        int round = rounds.number();
        PruneOptions options;
        options.drop_managed_fields = roll(3) == 0;
        for (size_t n = roll(3); n > 0; n--)
            options.annotation_prefixes.emplace_back(std::string(words[roll(std::size(words))]).substr(0, 1));
        for (size_t n = roll(4); n > 0; n--) code_of([&] { options.add_drop_path(random_pointer()); });
        for (size_t n = roll(2) * roll(4); n > 0; n--) options.add_keep_path(random_pointer());
        json_t *document = random_document();
        std::string text = text_of(document);
        json_t *left = Reference(options).value(document, {}, true, false);
        std::string want = text_of(left);
        std::string have = pruned(text, options);
        if (have != want) {
            std::string rules;
            for (auto &path : options.drop_paths) rules += " drop " + path;
            for (auto &path : options.keep_paths) rules += " keep " + path;
            for (auto &prefix : options.annotation_prefixes) rules += " annotations " + prefix;
            fail_msg("round %d:%s\n%s\nhave %s\nwant %s", round, rules.c_str(), text.c_str(), have.c_str(),
                     want.c_str());
        }
        json_t *escaped = json_loads(pruned(with_escaped_keys(text), options).c_str(), 0, nullptr);
        assert_true(json_equal(escaped, left));
        json_decref(escaped);
        json_decref(left);
        json_decref(document);
    }
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(annotations_are_left_out_by_prefix),
        cmocka_unit_test(dropped_paths),
        cmocka_unit_test(kept_paths),
        cmocka_unit_test(rules_add_up),
        cmocka_unit_test(metadata_only),
        cmocka_unit_test(pointers_that_are_refused),
        cmocka_unit_test(lists_and_watches),
        cmocka_unit_test(random_rules),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
