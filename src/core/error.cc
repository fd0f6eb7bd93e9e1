#include "core/error.h"

#include <array>
#include <cstdio>

namespace k8sc {

void fail(k8sc_status code, std::string message)
{
    throw Error(code, std::move(message));
}

std::string joined(std::initializer_list<std::string_view> parts)
{
    size_t size = 0;
    for (auto part : parts) size += part.size();
    std::string text;
    text.reserve(size);
    for (auto part : parts) text += part;
    return text;
}

std::string quoted(std::string_view text, size_t limit)
{
    std::string out = "\"";
    for (char c : text.substr(0, limit)) {
        auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f) {
            char hex[8];
            snprintf(hex, sizeof hex, "\\x%02x", byte);
            out += hex;
        } else {
            out += c;
        }
    }
    out += text.size() > limit ? "...\"" : "\"";
    return out;
}

namespace {

constexpr std::array<std::string_view, 19> known_reasons = {
    "Unauthorized", "Forbidden",        "NotFound",       "AlreadyExists",         "Conflict",
    "Gone",         "Invalid",          "ServerTimeout",  "StorageReadError",      "Timeout",
    "BadRequest",   "TooManyRequests",  "NotAcceptable",  "MethodNotAllowed",      "RequestEntityTooLarge",
    "Expired",      "InternalError",    "ServiceUnavailable", "UnsupportedMediaType",
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
    case K8SC_E_TIMEOUT:
        return true;
    case K8SC_E_API:
        return error.retry_after_ms >= 0 || is_too_many_requests(error) || is_timeout(error) || decisive_code(error) == 500 ||
               decisive_code(error) == 503;
    default:
        return false;
    }
}

}  // namespace k8sc
