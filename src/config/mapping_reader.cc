#include "config/mapping_reader.h"

#include "core/error.h"

namespace k8sc {

std::string_view type_name(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT: return "a mapping";
    case JSON_ARRAY: return "a list";
    case JSON_STRING: return "a string";
    case JSON_INTEGER:
    case JSON_REAL: return "a number";
    case JSON_TRUE:
    case JSON_FALSE: return "a boolean";
    case JSON_NULL: return "null";
    }
    return "something else";
}

void MappingReader::refuse(std::string_view name, const json_t *value, std::string_view due) const
{
    // YAML takes yes, no, y, n, on, off and 007 for something else than text, which surprises everybody once.
    bool quotes_help = due == "a string" && (json_is_boolean(value) || json_is_number(value));
    fail(K8SC_E_CONFIG, concat(where_, name, " is ", type_name(value), "; it must be ", due,
                               quotes_help ? ": put it between quotes" : ""));
}

std::string MappingReader::text_of(std::string_view name, const json_t *value) const
{
    if (!json_is_string(value)) refuse(name, value, "a string");
    std::string text(json_string_value(value), json_string_length(value));
    if (text.find('\0') != std::string::npos) fail(K8SC_E_CONFIG, concat(where_, name, " holds a NUL character"));
    return text;
}

const json_t *MappingReader::get(const char *name, json_type type, std::string_view due) const
{
    const json_t *value = json_object_get(mapping_, name);
    if (!value || json_is_null(value)) return nullptr;
    if (json_typeof(value) != type) refuse(name, value, due);
    return value;
}

std::string MappingReader::string(const char *name) const
{
    const json_t *value = json_object_get(mapping_, name);
    return !value || json_is_null(value) ? std::string() : text_of(name, value);
}

bool MappingReader::boolean(const char *name) const
{
    const json_t *value = json_object_get(mapping_, name);
    if (!value || json_is_null(value)) return false;
    if (!json_is_boolean(value)) refuse(name, value, "true or false");
    return json_is_true(value);
}

std::vector<MappingReader> MappingReader::mappings(const char *name) const
{
    const json_t *list = get(name, JSON_ARRAY, "a list");
    std::vector<MappingReader> entries;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *entry = json_array_get(list, i);
        std::string place = concat(name, "[", std::to_string(i), "]");
        if (!json_is_object(entry)) refuse(place, entry, "a mapping");
        entries.emplace_back(entry, where_ + place + ".");
    }
    return entries;
}

std::vector<std::string> MappingReader::strings(const char *name) const
{
    const json_t *list = get(name, JSON_ARRAY, "a list");
    std::vector<std::string> texts;
    for (size_t i = 0; i < json_array_size(list); i++)
        texts.push_back(text_of(concat(name, "[", std::to_string(i), "]"), json_array_get(list, i)));
    return texts;
}

std::map<std::string, SecretText> MappingReader::string_map(const char *name) const
{
    std::map<std::string, SecretText> texts;
    const char *key;
    json_t *value;
    json_object_foreach(const_cast<json_t *>(get(name, JSON_OBJECT, "a mapping")), key, value) if (!json_is_null(value))
        texts[key] = text_of(concat(name, ".", quote(key)), value);
    return texts;
}

std::map<std::string, std::vector<std::string>> MappingReader::strings_map(const char *name) const
{
    std::map<std::string, std::vector<std::string>> lists;
    MappingReader inner = mapping(name);
    const char *key;
    json_t *value;
    json_object_foreach(const_cast<json_t *>(inner.mapping_), key, value) lists[key] = inner.strings(key);
    return lists;
}

}  // namespace k8sc
