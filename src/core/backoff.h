// How long to wait after a failure: 0.8 s, doubling to 30 s, each wait drawn from once to twice that. It starts over
// when things were well again, however much time has passed.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/random.h"

namespace k8sc {

class Backoff {
  public:
    int64_t next_ms()
    {
        int64_t wait = random_between(delay_, 2 * delay_);
        delay_ = std::min<int64_t>(delay_ * 2, 30000);
        return wait;
    }
    void reset() { delay_ = first; }

  private:
    static constexpr int64_t first = 800;
    int64_t delay_ = first;
};

}  // namespace k8sc
