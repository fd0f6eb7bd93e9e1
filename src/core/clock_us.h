// The monotonic clock in microseconds, for what takes less than a millisecond.
#pragma once

#include <time.h>

#include <cstdint>

namespace k8sc {

inline int64_t now_us()
{
    timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return int64_t(t.tv_sec) * 1000000 + t.tv_nsec / 1000;
}

// How long one call's work may hold the I/O thread before others have their turn.
inline constexpr int64_t longest_turn_us = 10 * 1000;

}  // namespace k8sc
