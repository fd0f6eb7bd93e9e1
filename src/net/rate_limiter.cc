#include "net/rate_limiter.h"

#include <algorithm>
#include <cmath>

#include "core/clock_us.h"

void k8sc_rate_limiter::fill()
{
    int64_t now = k8sc::now_us();
    if (filled_at_us_) tokens_ = std::min(burst_, tokens_ + static_cast<double>(now - filled_at_us_) * qps_ / 1e6);
    filled_at_us_ = now;
}

double k8sc_rate_limiter::qps() const
{
    k8sc::MutexLock lock(mutex_);
    return qps_;
}

void k8sc_rate_limiter::set(double qps, int32_t burst)
{
    k8sc::MutexLock lock(mutex_);
    fill();
    qps_ = qps;
    burst_ = burst;
    tokens_ = std::min(tokens_, burst_);
}

bool k8sc_rate_limiter::try_accept() { return reserve(0) == 0; }

int64_t k8sc_rate_limiter::reserve(int64_t most_ms)
{
    k8sc::MutexLock lock(mutex_);
    fill();
    double wait_ms = tokens_ >= 1 ? 0 : std::ceil((1 - tokens_) / qps_ * 1000);
    if (wait_ms > static_cast<double>(most_ms)) return -1;
    tokens_ -= 1;
    return static_cast<int64_t>(wait_ms);
}

void k8sc_rate_limiter::give_back()
{
    k8sc::MutexLock lock(mutex_);
    fill();
    tokens_ = std::min(burst_, tokens_ + 1);
}
