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

}  // namespace k8sc
