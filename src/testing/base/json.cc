#include "testing/base/json.h"

#include <new>

namespace k8sc::testing {

namespace {

// How many bytes of `text`, from its beginning, are UTF-8.
size_t valid_prefix(std::string_view text)
{
    size_t at = 0;
    while (at < text.size()) {
        const auto lead = static_cast<unsigned char>(text[at]);
        const size_t length = lead < 0x80                   ? 1
                              : lead >= 0xc2 && lead < 0xe0 ? 2
                              : lead >= 0xe0 && lead < 0xf0 ? 3
                              : lead >= 0xf0 && lead < 0xf5 ? 4
                                                            : 0;
        if (length == 0 || at + length > text.size()) break;
        uint32_t point = length == 1 ? lead : lead & (0x7f >> length);
        bool whole = true;
        for (size_t i = 1; i < length; ++i) {
            const auto next = static_cast<unsigned char>(text[at + i]);
            whole = whole && (next & 0xc0) == 0x80;
            point = point << 6 | (next & 0x3f);
        }
        const bool overlong = (length == 3 && point < 0x800) || (length == 4 && (point < 0x10000 || point > 0x10ffff));
        const bool surrogate = point >= 0xd800 && point < 0xe000;
        if (!whole || overlong || surrogate) break;
        at += length;
    }
    return at;
}

}  // namespace

Json Json::take(json_t *value)
{
    if (!value) throw std::bad_alloc();
    Json json;
    json.value_ = value;
    return json;
}

Json Json::text(std::string_view text)
{
    // A view of nothing has no data, either, which is no string to Jansson.
    return take(json_stringn_nocheck(text.empty() ? "" : text.data(), valid_prefix(text)));
}

Json Json::parse(std::string_view text, std::string &why)
{
    json_error_t error;
    json_t *value = json_loadb(text.data(), text.size(), JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
    if (!value) {
        why = text.empty() ? "unexpected end of JSON input"
                           : std::string(error.text) + " at byte " + std::to_string(error.position);
        return {};
    }
    return take(value);
}

std::string dump(const json_t *value, bool sorted)
{
    // 16 digits: all that a double holds for decimals people write, without 0.1 becoming 0.10000000000000001.
    size_t flags = JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(16);
    if (sorted) flags |= JSON_SORT_KEYS;
    std::string text;
    const auto append = [](const char *part, size_t size, void *to) {
        try {
            static_cast<std::string *>(to)->append(part, size);
            return 0;
        } catch (...) {
            return -1;
        }
    };
    if (json_dump_callback(value, append, &text, flags) != 0) throw std::bad_alloc();
    return text;
}

std::string in_quotes(std::string_view text) { return dump(Json::text(text).get()); }

json_t *value_at(const json_t *value, std::initializer_list<const char *> path)
{
    for (const char *key : path) value = json_object_get(value, key);
    return const_cast<json_t *>(value);
}

std::string_view text_at(const json_t *value, std::initializer_list<const char *> path)
{
    const json_t *text = value_at(value, path);
    return json_is_string(text) ? std::string_view(json_string_value(text), json_string_length(text))
                                : std::string_view();
}

void set(json_t *object, const char *key, Json value)
{
    if (json_object_set_new(object, key, value.release()) != 0) throw std::bad_alloc();
}

void append(json_t *array, Json value)
{
    if (json_array_append_new(array, value.release()) != 0) throw std::bad_alloc();
}

Json array_of(const std::vector<std::string> &texts)
{
    Json array = Json::array();
    for (const std::string &text : texts) append(array.get(), Json::text(text));
    return array;
}

json_t *metadata_of(json_t *document)
{
    json_t *metadata = json_object_get(document, "metadata");
    if (!json_is_object(metadata)) {
        set(document, "metadata", Json::object());
        metadata = json_object_get(document, "metadata");
    }
    return metadata;
}

const char *type_name(const json_t *value)
{
    if (!value) return "nothing";
    switch (json_typeof(value)) {
    case JSON_OBJECT: return "object";
    case JSON_ARRAY: return "array";
    case JSON_STRING: return "string";
    case JSON_INTEGER:
    case JSON_REAL: return "number";
    case JSON_TRUE:
    case JSON_FALSE: return "boolean";
    default: return "null";
    }
}

}  // namespace k8sc::testing
