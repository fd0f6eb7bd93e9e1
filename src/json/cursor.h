// Reads JSON text in place: no tree, no copy. The text was validated when its object was frozen; a cursor stays inside
// of its bounds all the same.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace k8sc {

// The end of the string whose opening quote is at `p`; `end` if it is not closed.
const char *skip_string(const char *p, const char *end);

class Cursor {
  public:
    Cursor() = default;  // absent
    explicit Cursor(std::string_view text);

    explicit operator bool() const { return begin_ != nullptr; }
    int32_t type() const;  // K8SC_TYPE_
    // The value's text.
    std::string_view raw() const;

    // A member of an object, an element of an array; absent otherwise.
    Cursor member(std::string_view key) const;
    Cursor element(uint64_t index) const;
    // What a JSON Pointer finds.
    Cursor at(std::string_view pointer) const;
    // What a path such as "spec.containers[0].image" finds; this for an empty one.
    Cursor along(std::string_view path) const;
    // The first element or member of an array or object, and what follows an element or member. Of compact text only.
    Cursor first() const;
    Cursor next() const;
    // Elements or members; -1 where it is neither array nor object.
    int64_t size() const;

    // Calls fn(key as raw text, value) for each member, or fn("", element), until it answers false.
    template <class Fn>
    void each(Fn &&fn) const;

    // A string without its quotes, as it stands in the text.
    std::optional<std::string_view> raw_string() const;
    // A string, unescaped.
    std::optional<std::string> string() const;
    std::optional<int64_t> integer() const;
    std::optional<double> number() const;
    std::optional<bool> boolean() const;

    const char *begin() const { return begin_; }
    // The value that begins at `begin` in a text that ends at `end`; absent where begin is NULL.
    static Cursor within(const char *begin, const char *end) { return Cursor(begin, end); }

  private:
    Cursor(const char *begin, const char *end) : begin_(begin), end_(end) {}

    const char *begin_ = nullptr;  // the first character of the value
    const char *end_ = nullptr;    // the end of the text it stands in
};

// The key of the member whose value begins at `value`, without its quotes, in compact text that begins at `text`;
// nothing where the value is an element, or the document.
std::optional<std::string_view> key_before(const char *value, const char *text);
// Unescapes the inside of a JSON string. Broken escapes become U+FFFD; there are none in validated text.
std::string unescape(std::string_view raw);
// True where `raw`, the inside of a JSON string, means `text`.
bool same_string(std::string_view raw, std::string_view text);
// `text` as a JSON string with its quotes.
std::string json_quoted(std::string_view text);

// True for RFC 6901's form: "" or tokens that begin with "/", with "~" only in "~0" and "~1".
bool is_json_pointer(std::string_view text);
// One token of a pointer, with ~1 and ~0 resolved; false where an escape is broken.
bool pointer_token(std::string_view raw, std::string &token);

namespace json_detail {

const char *skip_blanks(const char *p, const char *end);
const char *skip_value(const char *p, const char *end);

}  // namespace json_detail

template <class Fn>
void Cursor::each(Fn &&fn) const
{
    using namespace json_detail;
    if (!begin_ || (*begin_ != '{' && *begin_ != '[')) return;
    bool keys = *begin_ == '{';
    const char *p = skip_blanks(begin_ + 1, end_);
    while (p < end_ && *p != '}' && *p != ']') {
        std::string_view key;
        if (keys) {
            const char *after = skip_string(p, end_);
            if (*p != '"' || after - p < 2) return;
            key = std::string_view(p + 1, static_cast<size_t>(after - p - 2));
            p = skip_blanks(after, end_);
            if (p == end_ || *p != ':') return;
            p = skip_blanks(p + 1, end_);
        }
        if (p == end_) return;
        if (!fn(key, Cursor(p, end_))) return;
        p = skip_blanks(skip_value(p, end_), end_);
        if (p < end_ && *p == ',') p = skip_blanks(p + 1, end_);
    }
}

// "" for anything but a string.
inline std::string text_of(Cursor value) { return value.string().value_or(""); }

}  // namespace k8sc
