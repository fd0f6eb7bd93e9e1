// A token bucket that starts full.
#pragma once

#include <cstdint>

#include "core/ref.h"
#include "core/thread_annotations.h"
#include "k8sc.h"

struct k8sc_rate_limiter : public k8sc::Handle {
  public:
    k8sc_rate_limiter(double qps, int32_t burst) : qps_(qps), burst_(burst), tokens_(burst) {}

    double qps() const K8SC_EXCLUDES(mutex_);
    // Another pace from now on. Those who were promised a token keep their time.
    void set(double qps, int32_t burst) K8SC_EXCLUDES(mutex_);
    bool try_accept() K8SC_EXCLUDES(mutex_);
    // Takes a token, which may be one that is still to come: answers the milliseconds to wait for it. Takes none and
    // answers -1 where the wait would be longer than `most_ms`.
    int64_t reserve(int64_t most_ms) K8SC_EXCLUDES(mutex_);
    // A token that was reserved is not needed after all.
    void give_back() K8SC_EXCLUDES(mutex_);

  private:
    void fill() K8SC_REQUIRES(mutex_);

    mutable k8sc::Mutex mutex_;
    double qps_ K8SC_GUARDED_BY(mutex_);
    double burst_ K8SC_GUARDED_BY(mutex_);
    double tokens_ K8SC_GUARDED_BY(mutex_);  // below 0: promised to those who wait
    int64_t filled_at_us_ K8SC_GUARDED_BY(mutex_) = 0;
};

namespace k8sc {

using RateLimiter = ::k8sc_rate_limiter;

}  // namespace k8sc
