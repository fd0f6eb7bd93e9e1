#include "rest/retry.h"

#include <curl/curl.h>
#include <time.h>

#include <algorithm>
#include <charconv>

#include "core/random.h"
#include "json/object.h"

namespace k8sc {
namespace {

// Those who were refused together do not come back together; nobody comes sooner than asked.
int64_t spread(int64_t ms, int64_t percent) { return ms + random_between(0, ms / 100 * percent + 1); }

int64_t backoff_ms(const RetryPolicy &policy, int32_t attempts)
{
    int64_t wait = policy.first_backoff_ms;
    for (int32_t i = 1; i < attempts && wait < policy.max_backoff_ms; i++) wait *= 2;
    return spread(std::min(wait, policy.max_backoff_ms), 20);
}

bool has_precondition(const HttpRequest &request)
{
    try {
        Ref<Object> body = Object::parse(request.body);
        Cursor root = body->root();
        auto has = [](Cursor value) { return !value.string().value_or("").empty(); };
        if (request.method == "PUT") return has(root.member("metadata").member("resourceVersion"));
        Cursor preconditions = root.member("preconditions");
        return has(preconditions.member("uid")) || has(preconditions.member("resourceVersion"));
    } catch (const Error &) {
        return false;
    }
}

// Seconds since 1970; nothing where the text is no date. curl would also take bare numbers and words.
std::optional<int64_t> http_date(const std::string *text)
{
    if (!text || text->size() < 24 || std::string_view("MTWFS").find(text->front()) == std::string_view::npos)
        return {};
    time_t at = curl_getdate(text->c_str(), nullptr);
    if (at < 0) return {};
    return at;
}

// libcurl tells how long it took: "Failed to connect to example.com port 443 after 3 ms".
std::string without_durations(std::string_view text)
{
    static constexpr std::string_view before = " after ", behind = " ms";
    std::string kept;
    for (size_t at; (at = text.find(before)) != text.npos;) {
        kept += text.substr(0, at += before.size());
        text.remove_prefix(at);
        size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
        if (text.compare(digits, behind.size(), behind) == 0) text.remove_prefix(digits);
    }
    return kept.append(text);
}

}  // namespace

bool is_repeatable(const RetryPolicy &policy, const HttpRequest &request)
{
    if (request.method == "GET" || request.method == "HEAD") return true;
    return policy.conditional_writes && (request.method == "PUT" || request.method == "DELETE") &&
           has_precondition(request);
}

std::optional<int64_t> retry_wait_ms(const RetryPolicy &policy, const HttpRequest &request, int32_t attempts,
                                     const Error &error, int64_t asked_ms)
{
    if (attempts > policy.max_retries) return {};
    int32_t status = error.http_status;
    if (status == 0) {
        bool again =
            (error.not_processed && policy.unsent) || (error.connection_lost && is_repeatable(policy, request));
        return again ? std::optional(backoff_ms(policy, attempts)) : std::nullopt;
    }
    bool named = std::find(policy.statuses.begin(), policy.statuses.end(), status) != policy.statuses.end();
    // A server that says when to come again has done nothing yet: so this is for any verb.
    bool invited = (status == 429 || status >= 500) && asked_ms >= 0;
    bool starting = (status == 404 || status == 503) && attempts <= policy.starting_retries;
    if (!invited && !((named || starting) && is_repeatable(policy, request))) return {};
    if (asked_ms < 0) return backoff_ms(policy, attempts);
    if (policy.retry_after_cap_ms >= 0 && asked_ms > policy.retry_after_cap_ms) return {};
    return spread(asked_ms, 10);
}

int64_t retry_after_ms(const HttpHead &head)
{
    const std::string *value = head.header("retry-after");
    if (!value) return -1;
    int64_t seconds = 0;
    auto [end, fault] = std::from_chars(value->data(), value->data() + value->size(), seconds);
    if (fault != std::errc() || end != value->data() + value->size()) {
        auto date = http_date(value);
        if (!date) return -1;
        seconds = std::max<int64_t>(0, *date - http_date(head.header("date")).value_or(time(nullptr)));
    }
    return seconds < 0 || seconds > INT32_MAX ? -1 : seconds * 1000;
}

std::string brief(const Error &error)
{
    if (error.http_status == 0) return error.message;
    std::string text = "HTTP " + std::to_string(error.http_status);
    return error.reason.empty() ? text : concat(text, " ", error.reason);
}

bool is_same_failure(std::string_view one, std::string_view other)
{
    return without_durations(one) == without_durations(other);
}

void tell_attempts(Error &error, int32_t attempts, const std::string &earlier)
{
    if (attempts < 2 && earlier.empty()) return;
    error.message += " [" + std::to_string(attempts) + (attempts == 1 ? " attempt" : " attempts");
    if (!earlier.empty()) error.message += "; error from a previous attempt: " + earlier;
    error.message += "]";
}

}  // namespace k8sc
