// Threads that do what is given to them: as many as there is to do at the same time, kept for what comes next.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace k8sc::testing {

// A watch holds its thread for as long as it lasts, so nothing waits for a thread that is busy.
class Workers {
  public:
    using Job = std::function<void()>;

    Workers() = default;
    // Waits until everything is done.
    ~Workers();
    Workers(const Workers &) = delete;
    Workers &operator=(const Workers &) = delete;

    // By one thread. The job may not throw. Throws where there is no thread for it.
    void run(Job job);

  private:
    void work();

    std::vector<std::thread> threads_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Job> jobs_;
    size_t idle_ = 0;
    bool ending_ = false;
};

}  // namespace k8sc::testing
