// What the columns of Kubernetes' own kinds are made of.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "testing/base/json.h"
#include "testing/schema/column.h"

namespace k8sc::testing {

using Cell = Json (*)(const json_t *, const Column &, int64_t);

inline Json shown(std::string_view text) { return Json::text(text.empty() ? "<none>" : text); }

inline int64_t integer_at(const json_t *object, std::initializer_list<const char *> path, int64_t otherwise = 0)
{
    const json_t *value = value_at(object, path);
    return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

inline std::string joined(const std::vector<std::string> &parts, const char *separator = ",")
{
    std::string all;
    for (size_t i = 0; i < parts.size(); ++i) all += (i > 0 ? separator : "") + parts[i];
    return all;
}

// Of a part of each item, with commas between them.
inline std::string joined(const json_t *array, const char *member)
{
    std::vector<std::string> parts;
    for (size_t i = 0; i < json_array_size(array); ++i) {
        const json_t *item = json_array_get(array, i);
        parts.emplace_back(member ? text_at(item, {member}) : text_at(item, {}));
    }
    return joined(parts);
}

inline Json pairs(const json_t *map)
{
    std::vector<std::string> all;
    const char *key;
    json_t *value;
    json_object_foreach(const_cast<json_t *>(map), key, value)
        all.push_back(std::string(key) + "=" + std::string(text_at(value, {})));
    std::sort(all.begin(), all.end());
    return shown(joined(all));
}

// The column without a cell is the age.
inline const Column age = {.name = "Age"};

inline Column text_column(const char *name, Cell cell, int priority = 0)
{
    return {.name = name, .priority = priority, .cell = cell};
}
inline Column integer_column(const char *name, Cell cell) { return {.name = name, .type = "integer", .cell = cell}; }

// As the release of this minor number has them.
std::vector<Column> event_columns(int minor);
std::vector<Column> scaler_columns(int minor);
std::vector<Column> claim_columns(int minor);
std::vector<Column> cronjob_columns(int minor);
std::vector<Column> ingress_columns();
std::vector<Column> budget_columns();

}  // namespace k8sc::testing
