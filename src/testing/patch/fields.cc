#include "testing/patch/fields.h"

#include <algorithm>

#include "testing/schema/status.h"

namespace k8sc::testing {

namespace {

FieldPath with(const FieldPath &path, std::string step)
{
    FieldPath longer = path;
    longer.push_back(std::move(step));
    return longer;
}

void collect(json_t *value, const Shape &shape, const FieldPath &path, std::map<FieldPath, Json> &fields);

void collect_items(json_t *array, const Shape &shape, const FieldPath &path, std::map<FieldPath, Json> &fields)
{
    for (size_t i = 0; i < json_array_size(array); ++i) {
        json_t *item = json_array_get(array, i);
        const FieldPath at = with(path, item_step(item, shape, path));
        if (shape.is_set()) {
            fields[at] = Json::share(item);
            continue;
        }
        if (fields.contains(at))
            throw internal("failed to create typed patch object: " + shown(path) + ": duplicate entries for key " +
                           at.back().substr(2));
        fields[at] = Json::take(json_null());
        collect(item, shape.item(), at, fields);
    }
}

void collect_members(json_t *object, const Shape &shape, const FieldPath &path, std::map<FieldPath, Json> &fields)
{
    const char *key;
    json_t *member;
    json_object_foreach(object, key, member)
    {
        const FieldPath at = with(path, std::string("f:") + key);
        const Shape below = shape.member(key);
        const bool is_parent = (json_is_object(member) && below.merges_members()) ||
                               (json_is_array(member) && (below.is_keyed() || below.is_set()));
        const bool is_empty = json_is_object(member) && json_object_size(member) == 0;
        if (is_parent && (below.is_entry() || is_empty)) fields[at] = Json::take(json_null());
        collect(member, below, at, fields);
    }
}

void collect(json_t *value, const Shape &shape, const FieldPath &path, std::map<FieldPath, Json> &fields)
{
    if (json_is_object(value) && shape.merges_members()) return collect_members(value, shape, path, fields);
    if (json_is_array(value) && (shape.is_keyed() || shape.is_set())) return collect_items(value, shape, path, fields);
    fields[path] = Json::share(value);
}

void add_paths(const json_t *json, const FieldPath &path, FieldSet &fields)
{
    if (json_object_size(json) == 0) {
        if (!path.empty()) fields.insert(path);
        return;
    }
    const char *key;
    json_t *value;
    json_object_foreach(const_cast<json_t *>(json), key, value)
    {
        if (std::string_view(key) == ".")
            fields.insert(path);
        else
            add_paths(value, with(path, key), fields);
    }
}

Json merged_items(const Json &document, const Json &config, const Shape &shape)
{
    Json all = Json::array();
    std::map<std::string, json_t *> mine;
    std::set<std::string> done;
    for (size_t i = 0; i < json_array_size(config.get()); ++i) {
        json_t *item = json_array_get(config.get(), i);
        mine[item_step(item, shape, {})] = item;
    }
    const auto add = [&](json_t *item, const std::string &step, json_t *change) {
        done.insert(step);
        append(all.get(), change ? merged(Json::share(item), Json::share(change), shape.item()) : Json::share(item));
    };
    for (size_t i = 0; i < json_array_size(document.get()); ++i) {
        json_t *item = json_array_get(document.get(), i);
        const std::string step = item_step(item, shape, {});
        const auto found = mine.find(step);
        add(item, step, found == mine.end() ? nullptr : found->second);
    }
    for (size_t i = 0; i < json_array_size(config.get()); ++i) {
        json_t *item = json_array_get(config.get(), i);
        const std::string step = item_step(item, shape, {});
        if (!done.contains(step)) add(item, step, nullptr);
    }
    return all;
}

bool is_empty(const json_t *value)
{
    return (json_is_object(value) && json_object_size(value) == 0) ||
           (json_is_array(value) && json_array_size(value) == 0);
}

// An item that stays is still told by its keys, whoever has named them.
bool is_key(const std::string &step, const Shape &list)
{
    const std::vector<std::string> keys = list.is_keyed() ? list.keys() : std::vector<std::string>();
    return std::any_of(keys.begin(), keys.end(), [&](const std::string &key) { return step == "f:" + key; });
}

void remove_at(json_t *value, const FieldPath &path, size_t depth, const Shape &shape)
{
    const std::string &step = path[depth];
    const bool last = depth + 1 == path.size();
    if (step.starts_with("f:")) {
        const std::string name = step.substr(2);
        json_t *member = json_object_get(value, name.c_str());
        if (!member) return;
        if (!last) remove_at(member, path, depth + 1, shape.member(name));
        if (last || is_empty(member)) json_object_del(value, name.c_str());
        return;
    }
    for (size_t i = 0; i < json_array_size(value); ++i) {
        json_t *item = json_array_get(value, i);
        if (item_step(item, shape, {}) != step) continue;
        if (last) {
            json_array_remove(value, i);
        } else if (depth + 2 < path.size() || !is_key(path.back(), shape)) {
            remove_at(item, path, depth + 1, shape.item());
        }
        return;
    }
}

}  // namespace

std::string item_step(const json_t *item, const Shape &list, const FieldPath &at)
{
    if (list.is_set()) return "v:" + dump(item);
    Json keys = Json::object();
    for (const std::string &key : list.keys()) {
        json_t *value = json_object_get(item, key.c_str());
        Json there = value ? Json::share(value) : list.key_default(key);
        if (!there)
            throw internal("failed to create typed patch object: " + shown(at) +
                           ": element 0: associative list with keys has an element that omits key field \"" + key +
                           "\"");
        set(keys.get(), key.c_str(), std::move(there));
    }
    return "k:" + dump(keys.get(), true);
}

std::string shown(const FieldPath &path)
{
    std::string text;
    for (const std::string &step : path) {
        std::string why;
        if (step.starts_with("f:")) {
            text += "." + step.substr(2);
        } else if (step.starts_with("v:")) {
            text += "[=" + step.substr(2) + "]";
        } else {
            const Json keys = Json::parse(step.substr(2), why);
            const char *key, *comma = "";
            json_t *value;
            text += "[";
            json_object_foreach(keys.get(), key, value)
            {
                text += comma + std::string(key) + "=" + dump(value);
                comma = ",";
            }
            text += "]";
        }
    }
    return text;
}

bool begins_with(const FieldPath &path, const FieldPath &beginning)
{
    return path.size() >= beginning.size() && std::equal(beginning.begin(), beginning.end(), path.begin());
}

Json to_fields_v1(const FieldSet &fields)
{
    Json root = Json::object();
    for (const FieldPath &path : fields) {
        json_t *at = root.get();
        for (const std::string &step : path) {
            json_t *next = json_object_get(at, step.c_str());
            if (!next) {
                // What was a field of its own until now has others below.
                set(at, step.c_str(), Json::object());
                next = json_object_get(at, step.c_str());
            }
            at = next;
        }
        const auto next = fields.upper_bound(path);
        if (next != fields.end() && begins_with(*next, path)) set(at, ".", Json::object());
    }
    return root;
}

FieldSet from_fields_v1(const json_t *json)
{
    FieldSet fields;
    add_paths(json, {}, fields);
    return fields;
}

std::map<FieldPath, Json> fields_of(json_t *document, const Shape &shape)
{
    std::map<FieldPath, Json> fields;
    collect(document, shape, {}, fields);
    fields.erase(FieldPath());
    return fields;
}

FieldSet names_of(const std::map<FieldPath, Json> &fields)
{
    FieldSet names;
    for (const auto &[path, value] : fields) names.insert(path);
    return names;
}

Json merged(const Json &document, const Json &config, const Shape &shape)
{
    if (json_is_array(config.get()) && json_is_array(document.get()) && (shape.is_keyed() || shape.is_set()))
        return merged_items(document, config, shape);
    if (!json_is_object(config.get()) || !json_is_object(document.get()) || !shape.merges_members())
        return config.copy();
    Json all = Json::take(json_copy(document.get()));
    const char *key;
    json_t *value;
    json_object_foreach(config.get(), key, value)
    {
        json_t *present = json_object_get(all.get(), key);
        set(all.get(), key,
            present ? merged(Json::share(present), Json::share(value), shape.member(key)) : Json::share(value).copy());
    }
    return all;
}

void remove_field(json_t *document, const FieldPath &path, const Shape &shape)
{
    if (!path.empty()) remove_at(document, path, 0, shape);
}

}  // namespace k8sc::testing
