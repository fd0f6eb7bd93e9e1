#include "testing/rules/standard_errors.h"

#include "testing/schema/names.h"
#include "testing/schema/since.h"

namespace k8sc::testing {

namespace {

std::string joined(const std::string &path, const char *name) { return path.empty() ? name : path + "." + name; }

std::string labels_in_go(const json_t *labels)
{
    if (!labels || json_is_null(labels)) return "map[string]string(nil)";
    std::set<std::string> entries;
    const char *key = nullptr;
    const json_t *value = nullptr;
    json_object_foreach(const_cast<json_t *>(labels), key, value)
        entries.insert(in_quotes(key) + ":" + in_quotes(text_at(value, {})));
    std::string all;
    for (const std::string &entry : entries) all += (all.empty() ? "" : ", ") + entry;
    return "map[string]string{" + all + "}";
}

std::string selector_in_go(const json_t *selector)
{
    std::string expressions;
    each_item(json_object_get(selector, "matchExpressions"), "", [&](const json_t *expression, const std::string &) {
        std::string values;
        each_item(json_object_get(expression, "values"), "", [&](const json_t *value, const std::string &) {
            values += (values.empty() ? "" : ", ") + in_quotes(text_at(value, {}));
        });
        expressions += (expressions.empty() ? "" : ", ") +
                       ("v1.LabelSelectorRequirement{Key:" + in_quotes(text_at(expression, {"key"}))) +
                       ", Operator:" + in_quotes(text_at(expression, {"operator"})) + ", Values:[]string" +
                       (values.empty() ? "(nil)" : "{" + values + "}") + "}";
    });
    return "v1.LabelSelector{MatchLabels:" + labels_in_go(json_object_get(selector, "matchLabels")) +
           ", MatchExpressions:[]v1.LabelSelectorRequirement" +
           (expressions.empty() ? "(nil)" : "{" + expressions + "}") + "}";
}

// The members in the order of their type, without those that are empty.
std::string selector_as_json(const json_t *selector)
{
    Json shown = Json::object();
    std::string why;
    if (const json_t *labels = json_object_get(selector, "matchLabels"); json_object_size(labels) > 0)
        set(shown.get(), "matchLabels", Json::parse(dump(labels, true), why));
    if (json_t *expressions = json_object_get(selector, "matchExpressions"); json_array_size(expressions) > 0) {
        set(shown.get(), "matchExpressions", Json::array());
        each_item(expressions, "", [&](const json_t *expression, const std::string &) {
            Json one = Json::object();
            for (const char *name : {"key", "operator", "values"})
                if (json_t *value = json_object_get(expression, name)) set(one.get(), name, Json::share(value));
            append(json_object_get(shown.get(), "matchExpressions"), std::move(one));
        });
    }
    return dump(shown.get());
}

}  // namespace

bool StandardErrors::need(const json_t *object, const char *name, const std::string &path, const std::string &why)
{
    if (!text_at(object, {name}).empty()) return true;
    required(joined(path, name), why);
    return false;
}

void StandardErrors::one_of(const json_t *object, const char *name, const std::string &path,
                            std::initializer_list<std::string_view> supported)
{
    const std::string_view value = text_at(object, {name});
    std::string all;
    if (value.empty()) return;
    for (const std::string_view each : supported) {
        if (each == value) return;
        all += (all.empty() ? "" : ", ") + in_quotes(each);
    }
    errors_.push_back(unsupported_value(joined(path, name), in_quotes(value), all));
}

void StandardErrors::not_negative(const json_t *object, const char *name, const std::string &path)
{
    const json_t *value = json_object_get(object, name);
    if (json_is_integer(value) && json_integer_value(value) < 0)
        wrong(joined(path, name), std::to_string(json_integer_value(value)), "must be greater than or equal to 0");
}

void StandardErrors::in_range(const json_t *object, const char *name, const std::string &path, int64_t least,
                              int64_t most)
{
    const json_t *value = json_object_get(object, name);
    if (json_is_integer(value) && (json_integer_value(value) < least || json_integer_value(value) > most))
        wrong(joined(path, name), std::to_string(json_integer_value(value)),
              "must be between " + std::to_string(least) + " and " + std::to_string(most) + ", inclusive");
}

void StandardErrors::unique_names(const json_t *items, const std::string &path, Names &seen)
{
    each_item(items, path, [&](const json_t *item, const std::string &place) {
        const std::string_view name = text_at(item, {"name"});
        if (!need(item, "name", place)) return;
        if (const std::string why = wrong_label_name(name); !why.empty()) wrong(place + ".name", in_quotes(name), why);
        if (!seen.emplace(name).second) duplicate(place + ".name", in_quotes(name));
    });
}

void StandardErrors::unchanged(const json_t *before, const json_t *after, const char *name, const std::string &path)
{
    const json_t *was = json_object_get(before, name), *is = json_object_get(after, name);
    if (!was || !is || json_equal(was, is)) return;
    wrong(path, std::string_view(name) == "selector" ? shown_selector(is, release) : dump(is), "field is immutable");
}

void each_item(const json_t *array, const std::string &path, const StandardErrors::Each &each)
{
    for (size_t i = 0; i < json_array_size(array); ++i)
        each(json_array_get(array, i), path + "[" + std::to_string(i) + "]");
}

std::string shown_labels(const json_t *labels, int release)
{
    if (release >= since::values_as_json) return labels ? dump(labels, true) : "null";
    return labels_in_go(labels);
}

std::string shown_selector(const json_t *selector, int release)
{
    return release >= since::values_as_json ? selector_as_json(selector) : selector_in_go(selector);
}

}  // namespace k8sc::testing
