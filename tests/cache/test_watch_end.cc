// How a watch ended, by what ended it: reflectors and watches that resume decide by this.
#include "resource/watch_end.h"

#include <optional>

#include "../core/check.h"

namespace {

constexpr int64_t s = 1000;

Error api_error(int32_t code, const char *reason = "")
{
    Error error(K8SC_E_API, "an error from the server");
    error.http_status = code;
    error.reason = reason;
    return error;
}

Error lost_error(k8sc_status code)
{
    Error error(code, "the connection was lost");
    error.connection_lost = true;
    return error;
}

Error refused_stream()
{
    Error error(K8SC_E_TRANSPORT, "the stream was refused");
    error.not_processed = true;
    return error;
}

Error too_large_version()
{
    Error error = api_error(504, "Timeout");
    error.causes.push_back({"ResourceVersionTooLarge", "", ""});
    return error;
}

void each_end_of_a_watch_has_its_outcome(void **)
{
    using Outcome = WatchOutcome;
    struct {
        const char *what;
        std::optional<Error> error;
        bool was_open, any_event;
        int64_t lasted_ms;
        Outcome outcome;
    } const table[] = {
        {"the server ends it in time", {}, true, true, 400 * s, Outcome::ended},
        {"the same without an event", {}, true, false, 400 * s, Outcome::ended},
        {"at the limit of a short one", {}, true, false, 1 * s, Outcome::ended},
        {"at once, after an event", {}, true, true, 0, Outcome::ended},
        {"at once", {}, true, false, 999, Outcome::empty},
        {"a good connection is lost", Error(K8SC_E_TRANSPORT, ""), true, true, 60 * s, Outcome::ended},
        {"a silent stream is lost", Error(K8SC_E_TIMEOUT, ""), true, false, 60 * s, Outcome::ended},
        {"lost at once", Error(K8SC_E_TRANSPORT, ""), true, false, 10, Outcome::lost},
        {"lost at once, after an event", Error(K8SC_E_TRANSPORT, ""), true, true, 10, Outcome::ended},
        {"lost before the head", Error(K8SC_E_TRANSPORT, ""), false, false, 60 * s, Outcome::unreachable},
        {"no head in time", Error(K8SC_E_TIMEOUT, ""), false, false, 60 * s, Outcome::unreachable},
        {"nobody listens", Error(K8SC_E_CONNECT, ""), false, false, 1, Outcome::unreachable},
        {"no address", Error(K8SC_E_RESOLVE, ""), false, false, 1, Outcome::unreachable},
        {"no handshake", Error(K8SC_E_TLS, ""), false, false, 1, Outcome::unreachable},
        {"the stream was refused", refused_stream(), false, false, 1, Outcome::unreachable},
        {"lost in a frame", lost_error(K8SC_E_DECODE), true, true, 60 * s, Outcome::ended},
        {"lost in the first frame", lost_error(K8SC_E_DECODE), true, false, 10, Outcome::empty},
        {"not JSON", Error(K8SC_E_DECODE, ""), true, true, 60 * s, Outcome::broken},
        {"an object beyond the limit", Error(K8SC_E_TOO_LARGE, ""), true, true, 60 * s, Outcome::broken},
        {"no credentials", Error(K8SC_E_CREDENTIALS, ""), false, false, 1, Outcome::broken},
        {"too many requests", api_error(429, "TooManyRequests"), false, false, 1, Outcome::throttled},
        {"too many requests, in the stream", api_error(429), true, true, 60 * s, Outcome::throttled},
        {"expired", api_error(410, "Expired"), true, true, 60 * s, Outcome::unavailable},
        {"gone", api_error(410, "Gone"), false, false, 1, Outcome::unavailable},
        {"a version of the future", too_large_version(), false, false, 1, Outcome::unavailable},
        {"a gateway without a server", api_error(502), false, false, 1, Outcome::down},
        {"a server that starts", api_error(503), false, false, 1, Outcome::down},
        {"a gateway's timeout", api_error(504), false, false, 1, Outcome::down},
        {"the same as an event", api_error(503), true, true, 60 * s, Outcome::refused},
        {"not found", api_error(404, "NotFound"), false, false, 1, Outcome::not_found},
        {"the same as an event", api_error(404, "NotFound"), true, true, 60 * s, Outcome::refused},
        {"forbidden", api_error(403, "Forbidden"), false, false, 1, Outcome::refused},
        {"an error of the server", api_error(500, "InternalError"), true, false, 60 * s, Outcome::refused},
    };
    for (auto &row : table) {
        Outcome outcome = outcome_of({row.error ? &*row.error : nullptr, row.was_open, row.any_event, row.lasted_ms});
        if (outcome != row.outcome)
            fail_msg("%s: have %d, want %d", row.what, static_cast<int>(outcome), static_cast<int>(row.outcome));
    }
}

void a_watch_is_healthy_once_it_was_open_for_ten_seconds(void **)
{
    assert_true((WatchEnd{nullptr, true, false, 10 * s}.is_healthy()));
    assert_false((WatchEnd{nullptr, true, true, 10 * s - 1}.is_healthy()));
    assert_false((WatchEnd{nullptr, false, false, 60 * s}.is_healthy()));
}

void the_server_says_how_long_to_wait_within_reason(void **)
{
    Backoff backoff;
    assert_in_range(retry_wait_ms(backoff, nullptr), 800, 1600);
    Error error = api_error(429);
    error.retry_after_ms = 60 * s;
    assert_int_equal(retry_wait_ms(backoff, &error), 60 * s);
    error.retry_after_ms = 3600 * s;
    assert_int_equal(retry_wait_ms(backoff, &error), 300 * s);
    backoff.reset();
    error.retry_after_ms = 1;
    assert_in_range(retry_wait_ms(backoff, &error), 800, 1600);
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(each_end_of_a_watch_has_its_outcome),
        cmocka_unit_test(a_watch_is_healthy_once_it_was_open_for_ten_seconds),
        cmocka_unit_test(the_server_says_how_long_to_wait_within_reason),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
