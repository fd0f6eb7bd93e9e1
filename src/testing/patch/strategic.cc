#include "testing/patch/strategic.h"

#include <algorithm>
#include <string>
#include <vector>

#include "testing/schema/status.h"

namespace k8sc::testing {

namespace {

const std::string_view delete_prefix = "$deleteFromPrimitiveList/", order_prefix = "$setElementOrder/";

Json shared(const json_t *value) { return Json::share(const_cast<json_t *>(value)); }

// What tells an item from the others: the value of its key, or the item.
Json identity(const json_t *item, const std::string &key)
{
    if (key.empty()) return shared(item);
    json_t *value = json_object_get(item, key.c_str());
    if (!value) throw bad_request("map: " + dump(item) + " does not contain declared merge key: " + key);
    return Json::share(value);
}

size_t find(const std::vector<Json> &items, const json_t *wanted, const std::string &key)
{
    for (size_t i = 0; i < items.size(); ++i)
        if (json_equal(identity(items[i].get(), key).get(), wanted)) return i;
    return items.size();
}

std::vector<Json> items_of(const json_t *array)
{
    std::vector<Json> items;
    for (size_t i = 0; i < json_array_size(array); ++i) items.push_back(Json::share(json_array_get(array, i)));
    return items;
}

Json array_of(const std::vector<Json> &items)
{
    Json array = Json::array();
    for (const Json &item : items) append(array.get(), item);
    return array;
}

bool has_directive(const json_t *value, std::string_view directive) { return text_at(value, {"$patch"}) == directive; }

// A value that was not there before: what it says to nobody but a merge goes.
Json without_directives(const json_t *value)
{
    if (json_is_array(value)) {
        Json array = Json::array();
        for (size_t i = 0; i < json_array_size(value); ++i)
            if (!has_directive(json_array_get(value, i), "delete"))
                append(array.get(), without_directives(json_array_get(value, i)));
        return array;
    }
    if (!json_is_object(value)) return shared(value).copy();
    Json object = Json::object();
    const char *key;
    json_t *member;
    json_object_foreach(const_cast<json_t *>(value), key, member) if (key[0] != '$' && !json_is_null(member))
        set(object.get(), key, without_directives(member));
    return object;
}

Json merged_list(const json_t *target, const json_t *patch, const Shape &shape)
{
    const std::string key = shape.merge_key();
    std::vector<Json> items = items_of(target), fresh;
    bool replaces = false;
    for (size_t i = 0; i < json_array_size(patch); ++i) {
        const json_t *item = json_array_get(patch, i);
        if (key.empty()) {
            if (find(items, item, key) == items.size()) items.push_back(shared(item));
            continue;
        }
        if (!json_is_object(item)) throw bad_request("an item of a list with merge key " + key + " is no object");
        if (has_directive(item, "replace")) {
            replaces = true;
            continue;
        }
        const size_t at = find(items, identity(item, key).get(), key);
        if (has_directive(item, "delete")) {
            if (at < items.size()) items.erase(items.begin() + static_cast<std::ptrdiff_t>(at));
            continue;
        }
        fresh.push_back(without_directives(item));
        if (at < items.size())
            items[at] = strategic_patch(items[at], item, shape.item());
        else
            items.push_back(fresh.back());
    }
    return array_of(replaces ? fresh : items);
}

Json without_values(const json_t *target, const json_t *values)
{
    std::vector<Json> items = items_of(target);
    for (size_t i = 0; i < json_array_size(values); ++i) {
        const size_t at = find(items, json_array_get(values, i), "");
        if (at < items.size()) items.erase(items.begin() + static_cast<std::ptrdiff_t>(at));
    }
    return array_of(items);
}

// The items that `order` names follow it; the others stay as near as can be to where they were.
Json in_order(const json_t *list, const json_t *before, const json_t *order, const std::string &key)
{
    const std::vector<Json> items = items_of(list), old = items_of(before);
    std::vector<Json> named, others, all;
    for (size_t i = 0; i < json_array_size(order); ++i) {
        const size_t at = find(items, identity(json_array_get(order, i), key).get(), key);
        if (at < items.size()) named.push_back(items[at]);
    }
    for (const Json &item : items)
        if (find(named, identity(item.get(), key).get(), key) == named.size()) others.push_back(item);
    size_t n = 0, o = 0;
    const auto place = [&](const Json &item) { return find(old, identity(item.get(), key).get(), key); };
    while (n < named.size() || o < others.size()) {
        const bool other = o < others.size() &&
                           (n == named.size() || (place(named[n]) < old.size() && place(others[o]) < place(named[n])));
        all.push_back(other ? others[o++] : named[n++]);
    }
    return array_of(all);
}

void retain(json_t *target, const json_t *keys)
{
    const char *key;
    json_t *member;
    void *next;
    json_object_foreach_safe(target, next, key, member)
    {
        bool wanted = false;
        for (size_t i = 0; i < json_array_size(keys); ++i)
            wanted = wanted || text_at(json_array_get(keys, i), {}) == key;
        if (!wanted) json_object_del(target, key);
    }
}

}  // namespace

Json strategic_patch(Json target, const json_t *patch, const Shape &shape)
{
    if (const std::string_view directive = text_at(patch, {"$patch"}); !directive.empty()) {
        if (directive == "replace") return without_directives(patch);
        if (directive == "delete") return Json::object();
        if (directive != "merge") throw bad_request("unknown patch type: " + std::string(directive));
    }
    Json result = json_is_object(target.get()) ? Json::take(json_copy(target.get())) : Json::object();
    if (const json_t *keys = json_object_get(patch, "$retainKeys")) retain(result.get(), keys);
    const char *name;
    json_t *value;
    json_object_foreach(const_cast<json_t *>(patch), name, value)
    {
        json_t *present = json_object_get(result.get(), name);
        if (std::string_view(name).starts_with(delete_prefix)) {
            const std::string field(std::string_view(name).substr(delete_prefix.size()));
            if (json_t *list = json_object_get(result.get(), field.c_str()))
                set(result.get(), field.c_str(), without_values(list, value));
        } else if (name[0] == '$') {
            continue;
        } else if (json_is_null(value)) {
            json_object_del(result.get(), name);
        } else if (json_is_object(value) && json_is_object(present)) {
            set(result.get(), name, strategic_patch(Json::share(present), value, shape.member(name)));
        } else if (json_is_array(value) && json_is_array(present) && shape.member(name).strategy("merge")) {
            set(result.get(), name, merged_list(present, value, shape.member(name)));
        } else {
            set(result.get(), name, without_directives(value));
        }
    }
    json_object_foreach(const_cast<json_t *>(patch), name, value)
    {
        if (!std::string_view(name).starts_with(order_prefix)) continue;
        const std::string field(std::string_view(name).substr(order_prefix.size()));
        json_t *list = json_object_get(result.get(), field.c_str());
        if (list)
            set(result.get(), field.c_str(),
                in_order(list, json_object_get(target.get(), field.c_str()), value, shape.member(field).merge_key()));
    }
    return result;
}

}  // namespace k8sc::testing
