#include "testing/http/polling.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>

namespace k8sc::testing {

int poll_until(pollfd *fds, nfds_t count, int64_t timeout_ms)
{
    using Clock = std::chrono::steady_clock;
    const Clock::time_point deadline =
        Clock::now() + std::chrono::milliseconds(std::clamp<int64_t>(timeout_ms, 0, INT_MAX));
    for (;;) {
        int64_t left = -1;
        if (timeout_ms >= 0) {
            const auto rest = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
            left = std::clamp<int64_t>(rest.count(), 0, INT_MAX);
        }
        const int ready = poll(fds, count, static_cast<int>(left));
        if (ready >= 0 || errno != EINTR) return ready;
    }
}

}  // namespace k8sc::testing
