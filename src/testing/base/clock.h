// The time that watches, tokens and the grace of pods go by: it can be set ahead, so that a test need not wait for a
// timeout.
#pragma once

#include <atomic>
#include <chrono>

namespace k8sc::testing {

// Thread-safe.
class VirtualClock {
  public:
    using Time = std::chrono::steady_clock::time_point;

    Time now() const { return std::chrono::steady_clock::now() + std::chrono::milliseconds(ahead_ms_); }
    // The time of day, in nanoseconds and in seconds since 1970, set ahead likewise.
    int64_t unix_nanoseconds() const
    {
        const auto now = std::chrono::system_clock::now() + std::chrono::milliseconds(ahead_ms_);
        return std::chrono::floor<std::chrono::nanoseconds>(now.time_since_epoch()).count();
    }
    int64_t unix_seconds() const { return unix_nanoseconds() / 1000000000; }
    void advance(int64_t ms) { ahead_ms_ += ms; }

  private:
    std::atomic<int64_t> ahead_ms_ = 0;
};

}  // namespace k8sc::testing
