// When handlers are told again of everything in the cache: client-go's rules, as arithmetic. Who asks has the clock and
// the lock.
#pragma once

#include <cstdint>

namespace k8sc {

class Resync {
  public:
    // One handler's part in it.
    struct Share {
        int64_t period_ms = 0;  // 0: never
        int64_t next = 0;       // not before
        // Is given updates that change nothing. At first everybody is; from the first check on, who is due.
        bool is_due = true;
    };

    // The period of handlers that have none of their own; 0: never.
    explicit Resync(int64_t default_ms);

    // How often to check who is due; 0: never.
    int64_t check_period_ms() const { return check_ms_; }
    // A handler comes; `wanted_ms` -1 stands for the default. Once the informer has started, the pace of the checks is
    // fixed.
    Share join(int64_t wanted_ms, bool started, int64_t now);
    // At a check: whether the handler is to be told of everything.
    static bool check(Share &share, int64_t now);

  private:
    const int64_t default_ms_;
    int64_t check_ms_;
};

}  // namespace k8sc
