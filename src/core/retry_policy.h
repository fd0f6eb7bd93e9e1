// When a request that failed is sent again, as data.
#pragma once

#include <cstdint>
#include <vector>

struct k8sc_retry_policy {
    int32_t max_retries = 10;
    int64_t retry_after_cap_ms = 60000;  // a server that asks for more is not waited for; -1: whatever it asks
    int64_t first_backoff_ms = 1000;     // where no server says how long
    int64_t max_backoff_ms = 30000;
    std::vector<int32_t> statuses;    // also without Retry-After
    bool unsent = false;              // where the server has certainly not processed it
    int32_t starting_retries = 0;     // after 404 and 503, as servers say that are starting; of waits, no setter
    bool conditional_writes = false;  // PUT and DELETE that carry a precondition count as repeatable

    bool operator==(const k8sc_retry_policy &) const = default;
};

namespace k8sc {

using RetryPolicy = ::k8sc_retry_policy;

}  // namespace k8sc
