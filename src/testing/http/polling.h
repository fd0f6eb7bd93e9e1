#pragma once

#include <cstdint>

#include <poll.h>

namespace k8sc::testing {

// poll, but for signals that interrupt it; without end below 0. What is longer than poll's longest time is that.
int poll_until(pollfd *fds, nfds_t count, int64_t timeout_ms);

}  // namespace k8sc::testing
