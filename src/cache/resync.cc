#include "cache/resync.h"

#include <algorithm>

namespace k8sc {
namespace {

constexpr int64_t shortest_ms = 1000;
// A century. What is longer would not come about either, and must not overflow when it is added to a time.
constexpr int64_t longest_period_ms = INT64_C(100) * 365 * 24 * 3600 * 1000;

}  // namespace

Resync::Resync(int64_t default_ms) : default_ms_(std::min(default_ms, longest_period_ms)), check_ms_(default_ms_) {}

Resync::Share Resync::join(int64_t wanted_ms, bool started, int64_t now)
{
    int64_t period = wanted_ms < 0 ? default_ms_ : wanted_ms;
    if (period > 0) period = std::clamp(period, shortest_ms, longest_period_ms);
    // The others' periods need no second look: before the start all of them are as they were wanted, since none is
    // below the checks'.
    if (period > 0 && !started && (check_ms_ == 0 || period < check_ms_)) check_ms_ = period;
    Share share;
    // Without checks there is no resync, and with them none that is more frequent.
    if (period > 0 && check_ms_ > 0) share.period_ms = std::max(period, check_ms_);
    share.next = now + share.period_ms;
    return share;
}

bool Resync::check(Share &share, int64_t now)
{
    share.is_due = share.period_ms > 0 && share.next <= now;
    if (share.is_due) share.next = now + share.period_ms;
    return share.is_due;
}

}  // namespace k8sc
