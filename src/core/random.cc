#include "core/random.h"

#include <random>

namespace k8sc {
namespace {

std::minstd_rand &generator()
{
    thread_local std::minstd_rand instance(std::random_device{}());
    return instance;
}

}  // namespace

double random_unit() { return std::uniform_real_distribution<double>(0, 1)(generator()); }

int64_t random_between(int64_t low, int64_t high)
{
    return std::uniform_int_distribution<int64_t>(low, high - 1)(generator());
}

}  // namespace k8sc
