#include "json/draft.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <vector>

#include "core/error.h"
#include "json/decode.h"
#include "json/write.h"
#include "json/yaml.h"

namespace k8sc {
namespace {

// jansson's own limits keep the recursion harmless.
size_t height(const json_t *value)
{
    size_t below = 0;
    if (json_is_array(value)) {
        for (size_t i = 0; i < json_array_size(value); i++) below = std::max(below, height(json_array_get(value, i)));
    } else if (json_is_object(value)) {
        const char *key;
        json_t *member;
        json_object_foreach(const_cast<json_t *>(value), key, member) below = std::max(below, height(member));
    } else {
        return 0;
    }
    return below + 1;
}

std::string_view kind_of(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT: return "an object";
    case JSON_ARRAY: return "an array";
    case JSON_STRING: return "a string";
    case JSON_INTEGER:
    case JSON_REAL: return "a number";
    case JSON_TRUE:
    case JSON_FALSE: return "a boolean";
    case JSON_NULL: break;
    }
    return "null";
}

Json need_object(Json root, std::string_view what, std::string_view object, std::string_view array)
{
    if (json_is_object(root.get())) return root;
    fail(K8SC_E_PARSE, concat(what, ": the document is not ", object, " but ",
                              json_is_array(root.get()) ? array : kind_of(root.get())));
}

// What jansson says, without the text that it quotes.
std::string_view reason_of(const json_error_t &error)
{
    std::string_view text = error.text;
    switch (json_error_code(&error)) {
    case json_error_premature_end_of_input: return "it ends too early";
    case json_error_end_of_input_expected: return "something follows after its end";
    case json_error_invalid_utf8: return "it is not UTF-8";
    case json_error_null_byte_in_key: return "a key holds a NUL character";
    case json_error_numeric_overflow:
        return text.starts_with("real") ? "a number is too large" : "an integer does not fit 64 bits";
    // Here the quoted text is a key.
    case json_error_duplicate_key: return text;
    default: return text.substr(0, text.find(" near "));
    }
}

// ---- JSON Pointer

class Pointer {
  public:
    explicit Pointer(std::string_view text) : text_(text)
    {
        if (!is_utf8(text)) refuse("it is not UTF-8");
        if (!text.empty() && text.front() != '/')
            refuse("it is not a JSON Pointer: it must be empty or begin with \"/\"");
        for (size_t at = 0; at < text.size();) {
            size_t end = std::min(text.find('/', at + 1), text.size());
            parts_.push_back(unescape(text.substr(at + 1, end - at - 1)));
            ends_.push_back(end);
            at = end;
        }
    }

    size_t size() const { return parts_.size(); }
    const std::string &part(size_t i) const { return parts_[i]; }
    // The part of the pointer that names the parent of part i.
    std::string parent(size_t i) const { return quote(text_.substr(0, i ? ends_[i - 1] : 0)); }
    [[noreturn]] void refuse(std::string_view why) const
    {
        fail(K8SC_E_INVALID, concat("pointer ", quote(text_), ": ", why));
    }

  private:
    std::string unescape(std::string_view part) const
    {
        std::string out;
        for (size_t i = 0; i < part.size(); i++) {
            if (part[i] != '~') {
                out += part[i];
                continue;
            }
            char next = ++i < part.size() ? part[i] : '\0';
            if (next != '0' && next != '1') refuse(concat("in ", quote(part), ", a \"~\" is not followed by 0 or 1"));
            out += next == '0' ? '~' : '/';
        }
        return out;
    }

    std::string_view text_;
    std::vector<std::string> parts_;
    std::vector<size_t> ends_;
};

// An index as RFC 6901 writes it; false for anything else. What is beyond 64 bits is beyond any array.
bool read_index(std::string_view part, size_t &index)
{
    if (part.empty() || (part.size() > 1 && part[0] == '0')) return false;
    auto [end, fault] = std::from_chars(part.data(), part.data() + part.size(), index);
    if (fault == std::errc::result_out_of_range) index = SIZE_MAX;
    return fault != std::errc::invalid_argument && end == part.data() + part.size();
}

// The place of part i in an array, at most one behind its end.
size_t slot(const json_t *array, const Pointer &pointer, size_t i)
{
    size_t size = json_array_size(array), index = 0;
    if (pointer.part(i) == "-") return size;
    if (!read_index(pointer.part(i), index))
        pointer.refuse(concat(quote(pointer.part(i)), " is neither an index nor \"-\", which the array at ",
                              pointer.parent(i), " needs"));
    if (index > size)
        pointer.refuse(concat("index ", quote(pointer.part(i)), " is out of range: the array at ", pointer.parent(i),
                              " has ", std::to_string(size), " elements"));
    return index;
}

void put(json_t *object, const std::string &key, Json value)
{
    if (json_object_set_new_nocheck(object, key.c_str(), value.release()) < 0) throw std::bad_alloc();
}

}  // namespace

size_t json_height(const json_t *value) { return height(value); }

Json load_json(std::string_view text, std::string_view what, DuplicateKeys duplicates)
{
    json_error_t error;
    size_t flags =
        JSON_DECODE_ANY | JSON_ALLOW_NUL | (duplicates == DuplicateKeys::refused ? JSON_REJECT_DUPLICATES : 0);
    Json value(json_loadb(text.empty() ? "" : text.data(), text.size(), flags, &error));
    bool too_deep = value ? height(value.get()) > max_tree_depth : json_error_code(&error) == json_error_stack_overflow;
    if (too_deep) fail(K8SC_E_TOO_LARGE, concat(what, ": it is nested deeper than ", std::to_string(max_tree_depth)));
    if (value) return value;
    if (json_error_code(&error) == json_error_out_of_memory) throw std::bad_alloc();
    fail(K8SC_E_PARSE, concat(what, ", line ", std::to_string(error.line), ", offset ", std::to_string(error.position),
                              ": ", reason_of(error)));
}

}  // namespace k8sc

using namespace k8sc;

Draft::k8sc_draft() : root_(own(json_object())) {}

Draft Draft::parse_json(std::string_view text)
{
    return Draft(need_object(load_json(text, "JSON"), "JSON", "an object", "an array"));
}

Draft Draft::parse_yaml(std::string_view text)
{
    return Draft(need_object(k8sc::parse_yaml(text, "YAML"), "YAML", "a mapping", "a sequence"));
}

// The server's documents are taken as Go takes them.
Draft Draft::edit(const Object &object)
{
    return Draft(load_json(object.json(), "the object", DuplicateKeys::last_wins));
}

void Draft::set(std::string_view text, Json value)
{
    Pointer pointer(text);
    if (pointer.size() + height(value.get()) > max_tree_depth)
        pointer.refuse(concat("the document would be nested deeper than ", std::to_string(max_tree_depth)));
    if (pointer.size() == 0) {
        if (!json_is_object(value.get()))
            pointer.refuse(concat("the whole document must stay an object, and cannot be ", kind_of(value.get())));
        root_ = std::move(value);
        return;
    }
    // Down as far as there is something; what is missing is made whole before it is put in, so that a failure leaves
    // nothing half made.
    json_t *parent = root_.get();
    for (size_t i = 0;; i++) {
        bool is_array = json_is_array(parent);
        if (!is_array && !json_is_object(parent))
            pointer.refuse(concat(pointer.parent(i), " is ", kind_of(parent), ", neither an object nor an array"));
        size_t index = is_array ? slot(parent, pointer, i) : 0;
        json_t *child = is_array ? json_array_get(parent, index) : json_object_get(parent, pointer.part(i).c_str());
        if (child && i + 1 < pointer.size()) {
            parent = child;
            continue;
        }
        for (size_t missing = pointer.size() - 1; missing > i; missing--) {
            Json object = own(json_object());
            put(object.get(), pointer.part(missing), std::move(value));
            value = std::move(object);
        }
        if (!is_array) return put(parent, pointer.part(i), std::move(value));
        int failed =
            child ? json_array_set_new(parent, index, value.release()) : json_array_append_new(parent, value.release());
        if (failed) throw std::bad_alloc();
        return;
    }
}

void Draft::set_string(std::string_view pointer, std::string_view value)
{
    if (!is_utf8(value)) fail(K8SC_E_INVALID, concat("pointer ", quote(pointer), ": the value is not UTF-8"));
    set(pointer, own(json_stringn_nocheck(value.data(), value.size())));
}

void Draft::set_number(std::string_view pointer, double value)
{
    // jansson makes no value of them either.
    if (!std::isfinite(value))
        fail(K8SC_E_INVALID, concat("pointer ", quote(pointer), ": infinity and NaN are no numbers in JSON"));
    set(pointer, own(json_real(value)));
}

void Draft::set_json(std::string_view pointer, std::string_view text) { set(pointer, load_json(text, "JSON")); }

void Draft::remove(std::string_view text)
{
    Pointer pointer(text);
    if (pointer.size() == 0) pointer.refuse("the whole document cannot be removed");
    json_t *parent = root_.get();
    for (size_t i = 0; parent; i++) {
        bool last = i + 1 == pointer.size();
        if (json_is_object(parent)) {
            if (last) json_object_del(parent, pointer.part(i).c_str());
            parent = last ? nullptr : json_object_get(parent, pointer.part(i).c_str());
        } else {
            size_t index = 0;
            if (!json_is_array(parent) || !read_index(pointer.part(i), index)) return;
            if (last) json_array_remove(parent, index);
            parent = last ? nullptr : json_array_get(parent, index);
        }
    }
}

Ref<Object> Draft::freeze() const
{
    if (failure_) throw *failure_;
    return Object::parse(compact_json(root_.get()));
}
