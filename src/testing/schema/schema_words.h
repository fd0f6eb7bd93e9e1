// The words of schemas, for those who read them. Not for other files.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "testing/schema/structural.h"

namespace k8sc::testing {

constexpr const char preserve_word[] = "x-kubernetes-preserve-unknown-fields";
constexpr const char embedded_word[] = "x-kubernetes-embedded-resource";
constexpr const char int_or_string_word[] = "x-kubernetes-int-or-string";
constexpr const char list_type_word[] = "x-kubernetes-list-type";
constexpr const char list_keys_word[] = "x-kubernetes-list-map-keys";
constexpr const char map_type_word[] = "x-kubernetes-map-type";

inline bool schema_flag(const json_t *schema, const char *word) { return json_is_true(json_object_get(schema, word)); }

// Of a member of an object: of a field, or of the entries of a map. NULL where there is none.
inline const json_t *member_schema(const json_t *schema, const char *key)
{
    if (const json_t *field = value_at(schema, {"properties", key})) return field;
    const json_t *entries = json_object_get(schema, "additionalProperties");
    return json_is_object(entries) ? entries : nullptr;
}

inline std::string child_path(const std::string &path, std::string_view key)
{
    return path.empty() ? std::string(key) : path + "." + std::string(key);
}

// As Structural::errors.
void find_errors(const json_t *document, const json_t *schema, const json_t *before,
                 const std::map<std::string, Pattern, std::less<>> &patterns, int release,
                 std::vector<StatusCause> &errors);

}  // namespace k8sc::testing
