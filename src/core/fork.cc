#include "core/fork.h"

#include <pthread.h>

#include <atomic>

namespace k8sc {
namespace {

std::atomic<uint64_t> generation{1};

void in_child() { generation.fetch_add(1, std::memory_order_relaxed); }

}  // namespace

uint64_t fork_generation()
{
    // A handler costs nothing at each call, where getpid() would be a system call.
    static const int registered = pthread_atfork(nullptr, nullptr, in_child);
    (void)registered;
    return generation.load(std::memory_order_relaxed);
}

}  // namespace k8sc
