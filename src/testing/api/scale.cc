// The subresource scale: autoscaling/v1 Scale, whatever the object is.
#include <algorithm>

#include "testing/api/subresources.h"
#include "testing/schema/since.h"
#include "testing/schema/status.h"

namespace k8sc::testing {

namespace {

// ".spec.replicas" as its keys.
std::vector<std::string> keys_of(std::string_view path)
{
    std::vector<std::string> keys;
    while (!path.empty()) {
        const size_t dot = std::min(path.find('.'), path.size());
        if (dot > 0) keys.emplace_back(path.substr(0, dot));
        path.remove_prefix(std::min(dot + 1, path.size()));
    }
    return keys;
}

json_t *at_path(const json_t *value, std::string_view path)
{
    for (const std::string &key : keys_of(path)) value = json_object_get(value, key.c_str());
    return const_cast<json_t *>(value);
}

void set_path(json_t *value, std::string_view path, Json to)
{
    const std::vector<std::string> keys = keys_of(path);
    for (size_t i = 0; i + 1 < keys.size(); ++i) {
        if (!json_is_object(json_object_get(value, keys[i].c_str()))) set(value, keys[i].c_str(), Json::object());
        value = json_object_get(value, keys[i].c_str());
    }
    set(value, keys.back().c_str(), std::move(to));
}

ApiError no_replicas(const std::string &path)
{
    const std::string why = "the spec replicas field \"" + path + "\" does not exist";
    StatusDetails details;
    details.causes.push_back({"", why, ""});
    return {500, "InternalError", "Internal error occurred: " + why, details, {}};
}

std::string joined(const json_t *values)
{
    std::vector<std::string> texts;
    for (size_t i = 0; i < json_array_size(values); ++i) texts.emplace_back(text_at(json_array_get(values, i), {}));
    std::sort(texts.begin(), texts.end());
    std::string text;
    for (const std::string &one : texts) text += (text.empty() ? "" : ",") + one;
    return "(" + text + ")";
}

std::string selector_of(const Kind &kind, const json_t *document)
{
    if (kind.custom) return std::string(text_at(at_path(document, kind.scale->selector), {}));
    Json selector = Json::object();
    json_t *labels = value_at(document, {"spec", "selector"});
    // The oldest of the kinds selects by a map of labels.
    if (kind.plural != "replicationcontrollers") return selector_text(labels);
    if (labels) set(selector.get(), "matchLabels", Json::share(labels));
    return selector_text(selector.get());
}

}  // namespace

std::string selector_text(const json_t *selector)
{
    std::vector<std::pair<std::string, std::string>> clauses;  // by key
    const char *key;
    json_t *value;
    json_object_foreach(json_object_get(selector, "matchLabels"), key, value)
        clauses.emplace_back(key, std::string(key) + "=" + std::string(text_at(value, {})));
    const json_t *expressions = json_object_get(selector, "matchExpressions");
    for (size_t i = 0; i < json_array_size(expressions); ++i) {
        const json_t *expression = json_array_get(expressions, i);
        const std::string name(text_at(expression, {"key"}));
        const std::string_view op = text_at(expression, {"operator"});
        const json_t *values = json_object_get(expression, "values");
        clauses.emplace_back(name, op == "In"             ? name + " in " + joined(values)
                                   : op == "NotIn"        ? name + " notin " + joined(values)
                                   : op == "DoesNotExist" ? "!" + name
                                                          : name);
    }
    std::stable_sort(clauses.begin(), clauses.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
    std::string text;
    for (const auto &clause : clauses) text += (text.empty() ? "" : ",") + clause.second;
    return text;
}

KindPtr scale_kind()
{
    static const KindPtr kind = [] {
        Kind made = make_kind("autoscaling", "v1", "scales", "Scale", true);
        made.custom = false;
        return std::make_shared<const Kind>(std::move(made));
    }();
    return kind;
}

Kind named_scale(const Kind &kind)
{
    Kind named = kind;
    if (kind.custom || kind.release >= since::scale_of_object) return named;
    named.plural += "/scale";
    if (kind.group.empty()) named.group = "autoscaling";
    return named;
}

Json scale_of(const Kind &kind, json_t *document)
{
    const json_t *wanted = at_path(document, kind.scale->spec);
    if (kind.custom && !json_is_integer(wanted)) throw no_replicas(kind.scale->spec);
    // What a real server fills in when the object is created.
    const int64_t replicas = json_is_integer(wanted) ? json_integer_value(wanted) : 1;
    Json scale = Json::object(), metadata = Json::object(), spec = Json::object(), status = Json::object();
    set(scale.get(), "kind", Json::text("Scale"));
    set(scale.get(), "apiVersion", Json::text("autoscaling/v1"));
    for (const char *key : {"name", "namespace", "uid", "resourceVersion", "creationTimestamp"})
        if (json_t *value = value_at(document, {"metadata", key})) set(metadata.get(), key, Json::share(value));
    if (replicas != 0) set(spec.get(), "replicas", Json::integer(replicas));
    set(status.get(), "replicas", Json::integer(json_integer_value(at_path(document, kind.scale->status))));
    const std::string selector = selector_of(kind, document);
    if (!selector.empty()) set(status.get(), "selector", Json::text(selector));
    set(scale.get(), "metadata", std::move(metadata));
    set(scale.get(), "spec", std::move(spec));
    set(scale.get(), "status", std::move(status));
    return scale;
}

Resources::Change scale_change(const Kind &kind, const std::string &name, Resources::Change change)
{
    return [&kind, name, change](Json document) {
        // A change may be the first to say it.
        Json before = document.copy();
        if (kind.custom && !json_is_integer(at_path(before.get(), kind.scale->spec)))
            set_path(before.get(), kind.scale->spec, Json::integer(0));
        const Json scale = change(scale_of(kind, before.get()));
        const Kind &of = *scale_kind();
        const std::string_view word = text_at(scale.get(), {"kind"}), version = text_at(scale.get(), {"apiVersion"});
        if (!json_is_object(scale.get()) || (!word.empty() && word != of.kind) ||
            (!version.empty() && version != of.api_version()))
            throw bad_request(std::string(word) + " in version \"" + std::string(version) +
                              "\" cannot be handled as a Scale");
        const json_t *wanted = value_at(scale.get(), {"spec", "replicas"});
        if (wanted && !json_is_integer(wanted) && !json_is_null(wanted))
            throw bad_request("Scale in version \"v1\" cannot be handled as a Scale: spec.replicas is no integer");
        const int64_t replicas = json_integer_value(wanted);
        if (replicas < 0 && kind.custom)
            throw invalid(
                kind, name,
                invalid_value(kind.scale->spec, std::to_string(replicas), "should be a non-negative integer"));
        if (replicas < 0)
            throw invalid(
                of, name,
                invalid_value("spec.replicas", std::to_string(replicas), "must be greater than or equal to 0"));
        set_path(document.get(), kind.scale->spec, Json::integer(replicas));
        // A scale names the state that it is of, as an object does, but need not.
        for (const char *key : {"name", "namespace", "uid", "resourceVersion"}) {
            json_t *value = value_at(scale.get(), {"metadata", key});
            if (value && (std::string_view(key) == "name" || !text_at(value, {}).empty()))
                set(metadata_of(document.get()), key, Json::share(value));
            else if (!value && std::string_view(key) == "name")
                json_object_del(metadata_of(document.get()), key);
        }
        return document;
    };
}

}  // namespace k8sc::testing
