// Jansson's values with an owner, and short ways to the parts of a document that a server looks at.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <jansson.h>

namespace k8sc::testing {

// One reference to a value, given back at the end of its scope. Empty, or a value.
class Json {
  public:
    Json() = default;
    Json(const Json &other) : value_(json_incref(other.value_)) {}
    Json(Json &&other) noexcept : value_(other.release()) {}
    Json &operator=(Json other) noexcept
    {
        std::swap(value_, other.value_);
        return *this;
    }
    ~Json() { json_decref(value_); }

    // Takes over a new reference; NULL is taken for lack of memory.
    static Json take(json_t *value);
    static Json share(json_t *value) { return take(json_incref(value)); }
    static Json object() { return take(json_object()); }
    static Json array() { return take(json_array()); }
    // Bytes that are not UTF-8 are cut off with what follows them.
    static Json text(std::string_view text);
    static Json integer(int64_t number) { return take(json_integer(number)); }
    static Json boolean(bool truth) { return take(json_boolean(truth)); }

    // Empty where `text` is not JSON; `why` then says so.
    static Json parse(std::string_view text, std::string &why);

    explicit operator bool() const { return value_ != nullptr; }
    json_t *get() const { return value_; }
    json_t *release() noexcept
    {
        json_t *value = value_;
        value_ = nullptr;
        return value;
    }
    Json copy() const { return take(json_deep_copy(value_)); }

  private:
    json_t *value_ = nullptr;
};

// Without white space; `sorted`: with the keys of objects in order.
std::string dump(const json_t *value, bool sorted = false);

// The text as JSON has it, in quotes.
std::string in_quotes(std::string_view text);

// Follows keys through objects; NULL where the way ends.
json_t *value_at(const json_t *value, std::initializer_list<const char *> path);
// The text there, "" where there is none. Borrowed from the document.
std::string_view text_at(const json_t *value, std::initializer_list<const char *> path);

Json array_of(const std::vector<std::string> &texts);

void set(json_t *object, const char *key, Json value);
void append(json_t *array, Json value);

// Of an object of the API: its metadata, made when it is not there.
json_t *metadata_of(json_t *document);

// "string", "array" and so on, for messages.
const char *type_name(const json_t *value);

}  // namespace k8sc::testing
