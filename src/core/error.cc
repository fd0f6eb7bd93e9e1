#include "core/error.h"

#include "core/persist.h"

#include <array>
#include <cstdio>

#include "core/visible.h"

namespace k8sc {

std::unique_ptr<Error> copy_of(const Error &error) noexcept
{
    return await_memory([&] { return std::make_unique<Error>(error); });
}

void fail(k8sc_status code, std::string message) { throw Error(code, std::move(message)); }

std::string joined(std::initializer_list<std::string_view> parts)
{
    size_t size = 0;
    for (auto part : parts) size += part.size();
    std::string text;
    text.reserve(size);
    for (auto part : parts) text += part;
    return text;
}

namespace {

struct Utf8 {
    size_t length = 0;  // of the character that the text begins with; 0 where it begins with none
    uint32_t code = 0;
};

Utf8 first_character(std::string_view text)
{
    auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
    unsigned char lead = byte(0);
    if (lead < 0x80) return {1, lead};
    size_t length = lead >= 0xc2 && lead < 0xe0   ? 2
                    : lead >= 0xe0 && lead < 0xf0 ? 3
                    : lead >= 0xf0 && lead < 0xf5 ? 4
                                                  : 0;
    if (!length || text.size() < length) return {};
    uint32_t code = lead & (0xffu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((byte(i) & 0xc0) != 0x80) return {};
        code = code << 6 | (byte(i) & 0x3f);
    }
    bool too_long = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    if (too_long || (code >= 0xd800 && code < 0xe000) || code > 0x10ffff) return {};
    return {length, code};
}

// What moves a terminal's cursor, ends a line, or makes a text look like another.
bool is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029 ||
           (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

void append_visible(std::string &out, std::string_view text)
{
    while (!text.empty()) {
        Utf8 character = first_character(text);
        size_t length = character.length ? character.length : 1;
        char escape[8] = "";
        if (!character.length || (is_control(character.code) && character.code < 0x80))
            snprintf(escape, sizeof escape, "\\x%02x", static_cast<unsigned char>(text[0]));
        else if (is_control(character.code))
            snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(character.code & 0xffff));
        out += *escape ? std::string_view(escape) : text.substr(0, length);
        text.remove_prefix(length);
    }
}

// Without the beginning of a character that a cut has left at the end.
std::string_view whole_characters(std::string_view text)
{
    for (size_t back = 1; back <= 3 && back <= text.size(); back++) {
        auto byte = static_cast<unsigned char>(text[text.size() - back]);
        if ((byte & 0xc0) == 0x80) continue;
        size_t due = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
        return due > back ? text.substr(0, text.size() - back) : text;
    }
    return text;
}

}  // namespace

std::string visible(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    append_visible(out, text);
    return out;
}

std::string quote(std::string_view text, size_t limit)
{
    std::string out = "\"";
    append_visible(out, text.size() > limit ? whole_characters(text.substr(0, limit)) : text);
    out += text.size() > limit ? "...\"" : "\"";
    return out;
}

namespace {

constexpr std::array<std::string_view, 19> known_reasons = {
    "Unauthorized", "Forbidden",       "NotFound",           "AlreadyExists",        "Conflict",
    "Gone",         "Invalid",         "ServerTimeout",      "StorageReadError",     "Timeout",
    "BadRequest",   "TooManyRequests", "NotAcceptable",      "MethodNotAllowed",     "RequestEntityTooLarge",
    "Expired",      "InternalError",   "ServiceUnavailable", "UnsupportedMediaType",
};

bool is_known(std::string_view reason)
{
    for (auto known : known_reasons)
        if (known == reason) return true;
    return false;
}

}  // namespace

bool has_reason(const Error &error, std::string_view reason, int32_t code)
{
    if (error.reason == reason) return true;
    // A proxy's status says nothing of what the server has.
    return error.code == K8SC_E_API && code != 0 && decisive_code(error) == code && !is_known(error.reason);
}

bool is_not_found(const Error &error) { return has_reason(error, "NotFound", 404); }

bool is_gone(const Error &error) { return has_reason(error, "Gone", 410) || error.reason == "Expired"; }

bool is_too_many_requests(const Error &error)
{
    return error.reason == "TooManyRequests" || decisive_code(error) == 429;
}

bool is_too_large_resource_version(const Error &error)
{
    for (auto &cause : error.causes)
        if (cause.type == "ResourceVersionTooLarge") return true;
    if (!has_reason(error, "Timeout", 504)) return false;
    // Servers before 1.20 said it only in words.
    for (auto &cause : error.causes)
        if (cause.message.find("Too large resource version") != std::string::npos) return true;
    return error.message.find("Too large resource version") != std::string::npos;
}

bool is_timeout(const Error &error)
{
    return error.code == K8SC_E_TIMEOUT || error.reason == "ServerTimeout" || has_reason(error, "Timeout", 504);
}

bool is_retriable(const Error &error)
{
    switch (error.code) {
    case K8SC_E_CONNECT:
        // A proxy that wants another password, or does not allow this server, will go on so.
        return error.http_status == 0 || error.http_status >= 500;
    case K8SC_E_RESOLVE:
    case K8SC_E_TRANSPORT:
    case K8SC_E_TIMEOUT: return true;
    case K8SC_E_API:
        return error.retry_after_ms >= 0 || is_too_many_requests(error) || is_timeout(error) ||
               decisive_code(error) == 500 || decisive_code(error) == 503;
    default: return false;
    }
}

}  // namespace k8sc
