// Jitter: random numbers that need be neither secret nor repeatable.
#pragma once

#include <cstdint>

namespace k8sc {

// Uniform in [0, 1).
double random_unit();
// Uniform in [low, high).
int64_t random_between(int64_t low, int64_t high);

}  // namespace k8sc
