// Monotonic milliseconds, and deadlines in them.
#pragma once

#include <time.h>

#include <cstdint>
#include <limits>

namespace k8sc {

constexpr int64_t never = std::numeric_limits<int64_t>::max();

inline int64_t now_ms()
{
    timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return int64_t(t.tv_sec) * 1000 + t.tv_nsec / 1000000;
}

// -1 stands for no limit.
inline int64_t deadline_after(int64_t timeout_ms)
{
    if (timeout_ms < 0) return never;
    int64_t now = now_ms();
    return timeout_ms > never - now ? never : now + timeout_ms;
}

}  // namespace k8sc
