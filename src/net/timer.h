// One timer on the I/O thread.
#pragma once

#include <utility>

#include "net/io_loop.h"

namespace k8sc {

// The owner must not move it while it is set. The task must hold a reference to the owner: then the timer is never set
// when its owner ends, unless the loop itself has ended and dropped the task.
class Timer {
  public:
    // Runs a task at a time of now_ms(), instead of the one that is set.
    template <class Function>
    void set(IoLoop &loop, int64_t time_ms, const Function &task) K8SC_REQUIRES(io_thread)
    {
        cancel();
        id_ = loop.at(time_ms, [this, task] {
            assert_on_io_thread();
            loop_ = nullptr;
            task();
        });
        loop_ = &loop;
    }
    void cancel() K8SC_REQUIRES(io_thread)
    {
        if (loop_) std::exchange(loop_, nullptr)->cancel_timer(id_);
    }
    bool is_set() const { return loop_; }

  private:
    IoLoop *loop_ = nullptr;  // NULL: not set
    IoLoop::TimerId id_{};
};

}  // namespace k8sc
