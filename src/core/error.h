// The error object: thrown inside of the library, handed out as k8sc_error at its edge.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "k8sc.h"

namespace k8sc {

// One entry of a Status' details.causes.
struct Cause {
    std::string type;
    std::string field;
    std::string message;
};

}  // namespace k8sc

// The handle is the class: no second object, no conversion at the edge.
struct k8sc_error {
    k8sc_status code = K8SC_E_INTERNAL;
    int32_t http_status = 0;
    int32_t status_code = 0;  // of the Status; 0 where that says none, or there is none
    int64_t retry_after_ms = -1;
    std::string message;
    std::string reason;
    std::string status_json;
    std::vector<k8sc::Cause> causes;
    // The request may have reached nobody, or its answer was lost on the way: sending it again is harmless for
    // idempotent verbs.
    bool connection_lost = false;
    // The server has certainly not processed the request: nothing of it has left, or the server said so. Any verb can
    // be sent again.
    bool not_processed = false;

    k8sc_error() = default;
    k8sc_error(k8sc_status code_, std::string message_) : code(code_), message(std::move(message_)) {}
};

namespace k8sc {

using Error = ::k8sc_error;

[[noreturn]] void fail(k8sc_status code, std::string message);
// Waits where there is no memory: an error must not be lost.
std::unique_ptr<Error> copy_of(const Error &error) noexcept;

// Text for messages: at most `limit` bytes of something that came from outside, with control characters made visible.
// It is not called quoted(), since argument-dependent lookup prefers std::quoted for a std::string.
std::string quote(std::string_view text, size_t limit = 128);

std::string joined(std::initializer_list<std::string_view> parts);

// Hundreds of messages are made so: each is but a list of its parts where it is made.
template <class... Parts>
std::string concat(const Parts &...parts)
{
    return joined({std::string_view(parts)...});
}

// What the predicates go by: a Status knows better than the HTTP status that a proxy, or the rule of another layer, has
// put over it.
inline int32_t decisive_code(const Error &error) { return error.status_code ? error.status_code : error.http_status; }
bool is_not_found(const Error &error);
bool is_gone(const Error &error);
bool is_too_many_requests(const Error &error);
bool is_too_large_resource_version(const Error &error);
bool is_retriable(const Error &error);
// True where the reason says so, or where the reason is not a known one and the code does.
bool has_reason(const Error &error, std::string_view reason, int32_t code);
bool is_timeout(const Error &error);

}  // namespace k8sc
