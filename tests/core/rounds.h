// Random rounds: as many as are wanted, or as a few seconds allow where a machine is slow or busy; never fewer than
// ten.
#pragma once

#include <cstdint>

#include "core/clock.h"

class Rounds {
  public:
    explicit Rounds(int most) : most_(most) {}
    // False at the end.
    bool next()
    {
        if (done_ == most_ || (done_ >= 10 && k8sc::now_ms() >= end_)) return false;
        done_++;
        return true;
    }
    // Which one this is: 1, 2, ...
    int number() const { return done_; }
    unsigned seed() const { return static_cast<unsigned>(done_); }

  private:
    const int most_;
    const int64_t end_ = k8sc::now_ms() + 4000;
    int done_ = 0;
};
