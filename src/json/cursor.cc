#include "json/cursor.h"

#include <charconv>
#include <cstdint>
#include <cstring>

#include "k8sc.h"
#include "json/path.h"
#include "json/structural_scan.h"

namespace k8sc {

namespace json_detail {

const char *skip_blanks(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')) p++;
    return p;
}

static const char *skip_container(const char *p, const char *end)
{
    ScanState state{1};
    const char *last = structural_scan(p + 1, end, 0, SIZE_MAX, state);
    return last < end ? last + 1 : end;
}

const char *skip_value(const char *p, const char *end)
{
    if (p == end) return end;
    if (*p == '"') return skip_string(p, end);
    if (*p == '{' || *p == '[') return skip_container(p, end);
    while (p < end && *p != ',' && *p != '}' && *p != ']' && *p != ' ' && *p != '\n' && *p != '\r' && *p != '\t') p++;
    return p;
}

}  // namespace json_detail

using namespace json_detail;

// The closing quote of the string whose opening quote is at `p`; NULL if there is none.
static const char *closing_quote(const char *p, const char *end)
{
    const char *begin = ++p;
    while (p < end) {
        auto quote = static_cast<const char *>(memchr(p, '"', static_cast<size_t>(end - p)));
        if (!quote) return nullptr;
        const char *before = quote;
        while (before > begin && before[-1] == '\\') before--;
        if ((quote - before) % 2 == 0) return quote;
        p = quote + 1;
    }
    return nullptr;
}

const char *skip_string(const char *p, const char *end)
{
    const char *quote = closing_quote(p, end);
    return quote ? quote + 1 : end;
}

Cursor::Cursor(std::string_view text)
{
    const char *end = text.data() + text.size();
    const char *p = skip_blanks(text.data(), end);
    if (p < end) *this = Cursor(p, end);
}

static bool is_integer(std::string_view text, int64_t &value)
{
    auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    return fault == std::errc() && end == text.data() + text.size();
}

int32_t Cursor::type() const
{
    if (!begin_) return K8SC_TYPE_ABSENT;
    switch (*begin_) {
    case '{': return K8SC_TYPE_OBJECT;
    case '[': return K8SC_TYPE_ARRAY;
    case '"': return K8SC_TYPE_STRING;
    case 't':
    case 'f': return K8SC_TYPE_BOOL;
    case 'n': return K8SC_TYPE_NULL;
    default: return integer() ? K8SC_TYPE_INTEGER : K8SC_TYPE_NUMBER;
    }
}

std::string_view Cursor::raw() const
{
    if (!begin_) return {};
    return {begin_, static_cast<size_t>(skip_value(begin_, end_) - begin_)};
}

Cursor Cursor::member(std::string_view key) const
{
    Cursor found;
    if (begin_ && *begin_ == '{')
        each([&](std::string_view raw_key, Cursor value) {
            if (!same_string(raw_key, key)) return true;
            found = value;
            return false;
        });
    return found;
}

Cursor Cursor::element(uint64_t index) const
{
    Cursor found;
    if (begin_ && *begin_ == '[')
        each([&](std::string_view, Cursor value) {
            if (index-- > 0) return true;
            found = value;
            return false;
        });
    return found;
}

bool pointer_token(std::string_view raw, std::string &token)
{
    token.clear();
    for (size_t i = 0; i < raw.size(); i++) {
        if (raw[i] != '~') {
            token += raw[i];
        } else if (i + 1 < raw.size() && (raw[i + 1] == '0' || raw[i + 1] == '1')) {
            token += raw[++i] == '0' ? '~' : '/';
        } else {
            return false;
        }
    }
    return true;
}

bool is_json_pointer(std::string_view text)
{
    std::string token;
    return text.empty() || (text.front() == '/' && pointer_token(text, token));
}

Cursor Cursor::at(std::string_view pointer) const
{
    Cursor here = *this;
    if (!pointer.empty() && pointer.front() != '/') return {};
    std::string token;
    while (!pointer.empty() && here) {
        pointer.remove_prefix(1);
        auto slash = pointer.find('/');
        if (!pointer_token(pointer.substr(0, slash), token)) return {};
        pointer = slash == std::string_view::npos ? std::string_view() : pointer.substr(slash);
        if (*here.begin_ == '[') {
            uint64_t index;
            auto [end, fault] = std::from_chars(token.data(), token.data() + token.size(), index);
            bool whole = fault == std::errc() && end == token.data() + token.size();
            if (!whole || (token.size() > 1 && token[0] == '0')) return {};
            here = here.element(index);
        } else {
            here = here.member(token);
        }
    }
    return here;
}

Cursor Cursor::along(std::string_view text) const
{
    Cursor here = *this;
    Path path(text);
    for (PathStep step; here && path.next(step);)
        here = step.is_index ? here.element(step.index) : here.member(step.name);
    return path.fault() ? Cursor() : here;
}

Cursor Cursor::first() const
{
    Cursor found;
    if (begin_)
        each([&](std::string_view, Cursor value) {
            found = value;
            return false;
        });
    return found;
}

Cursor Cursor::next() const
{
    if (!begin_) return {};
    // Before a member's value is the colon, before an element never.
    bool is_member = begin_[-1] == ':';
    const char *p = skip_value(begin_, end_);
    if (p >= end_ || *p != ',') return {};
    p++;
    if (is_member) {
        p = skip_string(p, end_);
        if (p >= end_ || *p != ':') return {};
        p++;
    }
    return p < end_ ? Cursor(p, end_) : Cursor();
}

std::optional<std::string_view> key_before(const char *value, const char *text)
{
    if (value - text < 4 || value[-1] != ':' || value[-2] != '"') return {};
    const char *end = value - 2;
    for (const char *p = end - 1; p > text; p--) {
        if (*p != '"') continue;
        const char *before = p;
        while (before[-1] == '\\') before--;
        if ((p - before) % 2 == 0) return std::string_view(p + 1, static_cast<size_t>(end - p - 1));
    }
    return {};
}

int64_t Cursor::size() const
{
    if (!begin_ || (*begin_ != '{' && *begin_ != '[')) return -1;
    int64_t n = 0;
    each([&](std::string_view, Cursor) { return ++n, true; });
    return n;
}

std::optional<std::string_view> Cursor::raw_string() const
{
    if (!begin_ || *begin_ != '"') return {};
    const char *quote = closing_quote(begin_, end_);
    if (!quote) return {};
    return std::string_view(begin_ + 1, static_cast<size_t>(quote - begin_ - 1));
}

std::optional<std::string> Cursor::string() const
{
    auto raw = raw_string();
    if (!raw) return {};
    return unescape(*raw);
}

std::optional<int64_t> Cursor::integer() const
{
    int64_t value;
    if (!begin_ || !(*begin_ == '-' || (*begin_ >= '0' && *begin_ <= '9')) || !is_integer(raw(), value)) return {};
    return value;
}

std::optional<double> Cursor::number() const
{
    if (!begin_ || !(*begin_ == '-' || (*begin_ >= '0' && *begin_ <= '9'))) return {};
    std::string_view text = raw();
    double value = 0;
    auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (fault != std::errc() || end != text.data() + text.size()) return {};
    return value;
}

std::optional<bool> Cursor::boolean() const
{
    if (!begin_ || (*begin_ != 't' && *begin_ != 'f')) return {};
    return *begin_ == 't';
}

namespace {

void append_utf8(std::string &out, uint32_t c)
{
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xc0 | (c >> 6));
        out += static_cast<char>(0x80 | (c & 63));
    } else if (c < 0x10000) {
        out += static_cast<char>(0xe0 | (c >> 12));
        out += static_cast<char>(0x80 | ((c >> 6) & 63));
        out += static_cast<char>(0x80 | (c & 63));
    } else {
        out += static_cast<char>(0xf0 | (c >> 18));
        out += static_cast<char>(0x80 | ((c >> 12) & 63));
        out += static_cast<char>(0x80 | ((c >> 6) & 63));
        out += static_cast<char>(0x80 | (c & 63));
    }
}

// The code unit of \uXXXX at `at`, or a number above 0xffff.
uint32_t code_unit(std::string_view raw, size_t at)
{
    uint32_t value = 0x10000;
    if (at + 6 > raw.size() || raw[at] != '\\' || raw[at + 1] != 'u') return value;
    auto [end, fault] = std::from_chars(raw.data() + at + 2, raw.data() + at + 6, value, 16);
    return fault == std::errc() && end == raw.data() + at + 6 ? value : 0x10000;
}

}  // namespace

std::string unescape(std::string_view raw)
{
    std::string out;
    out.reserve(raw.size());
    for (size_t i = 0; i < raw.size(); i++) {
        if (raw[i] != '\\' || i + 1 == raw.size()) {
            out += raw[i];
            continue;
        }
        switch (raw[i + 1]) {
        case 'b': out += '\b', i++; break;
        case 'f': out += '\f', i++; break;
        case 'n': out += '\n', i++; break;
        case 'r': out += '\r', i++; break;
        case 't': out += '\t', i++; break;
        case 'u': {
            uint32_t c = code_unit(raw, i);
            uint32_t low = c >= 0xd800 && c < 0xdc00 ? code_unit(raw, i + 6) : 0x10000;
            if (low >= 0xdc00 && low < 0xe000) {
                append_utf8(out, 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00));
                i += 11;
            } else {
                append_utf8(out, c > 0xffff || (c >= 0xd800 && c < 0xe000) ? 0xfffd : c);
                i += c > 0xffff ? 1 : 5;
            }
            break;
        }
        default: out += raw[i + 1], i++; break;
        }
    }
    return out;
}

bool same_string(std::string_view raw, std::string_view text)
{
    if (raw == text) return raw.find('\\') == std::string_view::npos;
    return raw.find('\\') != std::string_view::npos && unescape(raw) == text;
}

std::string json_quoted(std::string_view text)
{
    static const char digits[] = "0123456789abcdef";
    std::string out = "\"";
    for (char c : text) {
        auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\t') {
            out += "\\t";
        } else if (c == '\r') {
            out += "\\r";
        } else if (byte < 0x20) {
            out += "\\u00";
            out += digits[byte >> 4];
            out += digits[byte & 15];
        } else {
            out += c;
        }
    }
    return out + '"';
}

}  // namespace k8sc
