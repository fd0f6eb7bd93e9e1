// A function of the user's that is called from several places, and whose destroy must come after the last of these calls.
#pragma once

#include <mutex>

#include "queue/queue.h"

namespace k8sc {

// Fn is the function pointer's type. Copies of a std::shared_ptr to this share it; the last one to go lets destroy run.
template <class Fn>
class UserFunction {
  public:
    UserFunction(Fn fn, void *user_data, k8sc_destroy_fn destroy) : state_(make<State>(Callback{nullptr, user_data, destroy})), fn_(fn) {}
    UserFunction(const UserFunction &) = delete;
    UserFunction &operator=(const UserFunction &) = delete;
    ~UserFunction()
    {
        // Without a queue nobody but the user ever had it, so this is the user's thread.
        if (queue_)
            queue_->retire(state_);
        else if (!disarmed_)
            state_->run_destroy();
    }

    // From now on destroy runs where this queue's callbacks run. The first queue counts.
    void attach(const Ref<Queue> &queue)
    {
        std::lock_guard lock(mutex_);
        if (queue_) return;
        queue->attach(state_, [] {});
        queue_ = queue;
    }
    // The caller runs destroy itself.
    void disarm() { disarmed_ = true; }

    // Calls fn(args..., user_data). Fails with K8SC_E_CLOSED once destroy has run.
    template <class... Args>
    int call(Args... args)
    {
        if (!state_->enter()) fail(K8SC_E_CLOSED, "the callback's client was closed");
        int answer = fn_(args..., state_->user_data());
        state_->leave();
        return answer;
    }

  private:
    class State : public Subscription {
      public:
        explicit State(const Callback &callback) : Subscription(callback) { has_tasks_ = true; }

        bool enter()
        {
            std::lock_guard lock(mutex_);
            if (gone_) return false;
            calls_++;
            return true;
        }
        void leave()
        {
            std::unique_lock lock(mutex_);
            if (--calls_ == 0 && gone_) {
                lock.unlock();
                Subscription::run_destroy();
            }
        }
        void run_destroy() override
        {
            {
                std::lock_guard lock(mutex_);
                gone_ = true;
                if (calls_ > 0) return;
            }
            Subscription::run_destroy();
        }

      private:
        std::mutex mutex_;
        int calls_ = 0;
        bool gone_ = false;
    };

    Ref<State> state_;
    Fn fn_;
    std::mutex mutex_;
    Ref<Queue> queue_;
    bool disarmed_ = false;
};

}  // namespace k8sc
