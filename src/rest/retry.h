// Whether a request that failed is sent again, and when.
#pragma once

#include <optional>
#include <string>

#include "core/error.h"
#include "core/retry_policy.h"
#include "net/exchange.h"

namespace k8sc {

// True where sending a request twice does no more than sending it once: GET and HEAD, and, where the policy says so,
// PUT and DELETE with a precondition, which the second attempt cannot meet if the first one took effect.
bool is_repeatable(const RetryPolicy &policy, const HttpRequest &request);

// How long to wait before the request is sent again, in milliseconds; nothing where it is not. `attempts` were made so
// far; `error` is what the last one ended with, its http_status is 0 where no answer came; `asked_ms` is the answer's
// Retry-After, -1 where it has none.
std::optional<int64_t> retry_wait_ms(const RetryPolicy &policy, const HttpRequest &request, int32_t attempts,
                                     const Error &error, int64_t asked_ms);

// The Retry-After header in milliseconds from now, whether it is a number of seconds or a date; -1 where it is neither.
// A date is compared with the server's own clock where the answer tells it.
int64_t retry_after_ms(const HttpHead &head);

// What an attempt ended with, in a few words: "HTTP 503 ServiceUnavailable", or the message.
std::string brief(const Error &error);
// Whether they tell of the same, though it took longer or shorter.
bool is_same_failure(std::string_view one, std::string_view other);

// Adds to the message how often the request was sent, and what an earlier attempt had ended with, "" where that was the
// same.
void tell_attempts(Error &error, int32_t attempts, const std::string &earlier);

}  // namespace k8sc
