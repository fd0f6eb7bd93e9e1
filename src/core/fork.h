// Tells a process from the child that was forked off it.
#pragma once

#include <cstdint>

namespace k8sc {

// Starts at 1 and grows by one in each forked child. A handle that remembers another number belongs to an ancestor.
uint64_t fork_generation();

}  // namespace k8sc
