#include "testing/http/workers.h"

namespace k8sc::testing {

Workers::~Workers()
{
    {
        std::lock_guard lock(mutex_);
        ending_ = true;
    }
    changed_.notify_all();
    for (std::thread &thread : threads_) thread.join();
}

void Workers::run(Job job)
{
    std::lock_guard lock(mutex_);
    if (idle_ <= jobs_.size()) threads_.emplace_back([this] { work(); });
    jobs_.push_back(std::move(job));
    changed_.notify_one();
}

void Workers::work()
{
    std::unique_lock lock(mutex_);
    for (;;) {
        ++idle_;
        changed_.wait(lock, [this] { return ending_ || !jobs_.empty(); });
        --idle_;
        if (jobs_.empty()) return;
        const Job job = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        job();
        lock.lock();
    }
}

}  // namespace k8sc::testing
