// A function of the user's that is called from several places, and whose destroy must come after the last of these
// calls.
#pragma once

#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/thread_annotations.h"
#include "queue/queue.h"

namespace k8sc {

// What a UserFunction and its queues share. destroy runs when the last of them has let go, and no call is running.
class UserFunctionState : public RefCounted {
  public:
    UserFunctionState(void *user_data, k8sc_destroy_fn destroy) : user_data_(user_data), destroy_(destroy) {}

    void *user_data() const { return user_data_; }
    // False once all have let go.
    bool enter() K8SC_EXCLUDES(mutex_)
    {
        MutexLock lock(mutex_);
        if (gone_) return false;
        calls_++;
        return true;
    }
    void leave() { change(-1, 0, false); }
    // Waits until no call is running; false where one was at the deadline.
    bool wait_idle(int64_t deadline) K8SC_EXCLUDES(mutex_)
    {
        MutexLock lock(mutex_);
        while (calls_ > 0) {
            int64_t left = deadline == never ? 3600 * 1000 : deadline - now_ms();
            if (left <= 0) return false;
            idle_.wait_for(lock, std::chrono::milliseconds(left));
        }
        return true;
    }
    void hold() { change(0, 1, false); }
    void let_go() { change(0, -1, true); }
    // As if it had never been held.
    void give_back() { change(0, -1, false); }

  private:
    void change(int calls, int holders, bool may_go) K8SC_EXCLUDES(mutex_)
    {
        k8sc_destroy_fn due = nullptr;
        {
            MutexLock lock(mutex_);
            calls_ += calls;
            holders_ += holders;
            if (may_go) gone_ = holders_ == 0;
            if (calls_ == 0) idle_.notify_all();
            if (gone_ && calls_ == 0) due = std::exchange(destroy_, nullptr);
        }
        if (due) due(user_data_);
    }

    void *const user_data_;
    Mutex mutex_;
    ConditionVariable idle_;
    k8sc_destroy_fn destroy_ K8SC_GUARDED_BY(mutex_);
    int holders_ K8SC_GUARDED_BY(mutex_) = 0;
    int calls_ K8SC_GUARDED_BY(mutex_) = 0;
    bool gone_ K8SC_GUARDED_BY(mutex_) = false;
};

// Fn is the function pointer's type. Shared by std::shared_ptr. Until it is attached to a queue only its maker has it,
// and destroy runs with the last copy; from then on destroy runs where the callbacks of the last of its queues run.
template <class Fn>
class UserFunction {
  public:
    UserFunction(Fn fn, void *user_data, k8sc_destroy_fn destroy)
        : state_(make<UserFunctionState>(user_data, destroy)), fn_(fn)
    {
    }
    UserFunction(const UserFunction &) = delete;
    UserFunction &operator=(const UserFunction &) = delete;
    ~UserFunction()
    {
        if (tickets_.empty()) {
            state_->hold();
            state_->let_go();
        }
        for (auto &[queue, ticket] : tickets_) queue->retire(ticket);
    }

    void attach(const Ref<Queue> &queue) K8SC_EXCLUDES(mutex_)
    {
        MutexLock lock(mutex_);
        for (auto &ticket : tickets_)
            if (ticket.first == queue) return;
        auto ticket = make<Ticket>(state_);
        // Before the queue has it, which may close at any time and let go.
        state_->hold();
        try {
            queue->attach(ticket, [&] {
                mutex_.assert_held();
                tickets_.emplace_back(queue, ticket);
            });
        } catch (...) {
            // Without any queue it is the maker's again.
            if (tickets_.empty())
                state_->give_back();
            else
                state_->let_go();
            throw;
        }
    }

    // For functions that are called on threads of the library.
    bool wait_idle(int64_t deadline) { return state_->wait_idle(deadline); }

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
    // One queue's share: what the queue owes is to let go.
    class Ticket : public Subscription {
      public:
        explicit Ticket(Ref<UserFunctionState> state)
            : Subscription(Callback{nullptr, nullptr, nothing}), state_(std::move(state))
        {
            has_tasks_ = true;
        }
        void run_destroy() override { state_->let_go(); }

      private:
        static void nothing(void *) {}

        Ref<UserFunctionState> state_;
    };

    Ref<UserFunctionState> state_;
    Fn fn_;
    Mutex mutex_;
    std::vector<std::pair<Ref<Queue>, Ref<Ticket>>> tickets_ K8SC_GUARDED_BY(mutex_);
};

}  // namespace k8sc
