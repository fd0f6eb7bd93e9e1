#include "resource/watch_end.h"

#include <algorithm>

#include "rest/status.h"

namespace k8sc {
namespace {

constexpr int64_t longest_retry_after_ms = 300000;

WatchOutcome outcome_of_api_error(const Error &error, bool was_open)
{
    if (is_unavailable(error)) return WatchOutcome::unavailable;
    if (is_too_many_requests(error)) return WatchOutcome::throttled;
    if (!was_open && is_down(error)) return WatchOutcome::down;
    if (!was_open && is_not_found(error)) return WatchOutcome::not_found;
    return WatchOutcome::refused;
}

}  // namespace

bool is_unavailable(const Error &error) { return is_gone(error) || is_too_large_resource_version(error); }

bool never_arrived(const Error &error)
{
    return error.not_processed || error.code == K8SC_E_CONNECT || error.code == K8SC_E_RESOLVE ||
           error.code == K8SC_E_TLS;
}

bool is_down(const Error &error)
{
    int32_t code = decisive_code(error);
    return error.code == K8SC_E_API && (code == 502 || code == 503 || code == 504);
}

WatchOutcome outcome_of(const WatchEnd &end)
{
    const Error *error = end.error;
    if (error && error->code == K8SC_E_API) return outcome_of_api_error(*error, end.was_open);
    if (error && never_arrived(*error)) return WatchOutcome::unreachable;
    bool lost = error && (error->code == K8SC_E_TRANSPORT || error->code == K8SC_E_TIMEOUT || error->connection_lost);
    if (error && !lost) return WatchOutcome::broken;
    if (error && !end.was_open) return WatchOutcome::unreachable;
    if (!end.is_short() || end.any_event) return WatchOutcome::ended;
    // A connection that was lost in the middle of a frame counts as empty: the server sent what it should not have.
    return lost && error->code != K8SC_E_DECODE ? WatchOutcome::lost : WatchOutcome::empty;
}

int64_t retry_wait_ms(Backoff &backoff, const Error *error)
{
    int64_t asked = error ? std::min(error->retry_after_ms, longest_retry_after_ms) : 0;
    return std::max(backoff.next_ms(), asked);
}

}  // namespace k8sc
