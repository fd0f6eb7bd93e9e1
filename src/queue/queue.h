// The event queue: filled by the I/O thread, emptied by the user's.
#pragma once

#include <atomic>
#include <thread>
#include <unordered_map>
#include <vector>

#include "core/thread_annotations.h"
#include "queue/backlog.h"

struct k8sc_queue : public k8sc::Handle {
  public:
    k8sc_queue();

    int fd() const { return forked() ? -1 : fd_; }
    // How many events wait.
    size_t depth() K8SC_EXCLUDES(mutex_);

    // While one lives, what this thread pushes waits unannounced: whoever sleeps is woken at its end, once for all of
    // it.
    struct Batch;

    // The library's side. Events for a closed queue are dropped.
    // From attach() on the queue owes the subscription's destroy, unless `begin`, which starts what feeds it, fails.
    // Where the queue was closed before it failed, destroy has run, and it is as if it had begun before.
    template <class Begin>
    void attach(const k8sc::Ref<k8sc::Subscription> &subscription, Begin &&begin) K8SC_EXCLUDES(mutex_);
    void push(k8sc::Event event) K8SC_EXCLUDES(mutex_);
    // Those that were made before: this cannot fail.
    void push(k8sc::EventList &&events) noexcept K8SC_EXCLUDES(mutex_);
    // See Backlog::set_coalescing.
    void set_coalescing(k8sc::Backlog &backlog, bool enabled, size_t limit) K8SC_EXCLUDES(mutex_);
    // No event for this subscription follows: its destroy runs after those that wait.
    void retire(const k8sc::Ref<k8sc::Subscription> &subscription) K8SC_EXCLUDES(mutex_);

    // The user's side; see the header.
    bool wait(int64_t timeout_ms) K8SC_EXCLUDES(mutex_);  // true: events wait
    void dispatch(int32_t max, int32_t &done) K8SC_EXCLUDES(mutex_);
    std::unique_ptr<k8sc::Event> take() K8SC_EXCLUDES(mutex_);
    void wakeup() noexcept;
    void start_thread() K8SC_EXCLUDES(mutex_);

    // Drops what waits and runs the destroys that are owed, after the dispatcher, if another thread is one, has left;
    // false where it had not by the deadline. Inside of a dispatch it leaves that to the dispatch.
    bool close(int64_t deadline) K8SC_EXCLUDES(mutex_);

  protected:
    ~k8sc_queue() override;
    void abandoned() override { close(0); }
    void abandoned_in_child() override;

  private:
    void owe(k8sc::Subscription *subscription) K8SC_EXCLUDES(mutex_);
    // Whether destroy was owed still.
    bool forget(k8sc::Subscription *subscription) K8SC_EXCLUDES(mutex_);
    k8sc::EventList &list_for(const k8sc::Event &event) K8SC_REQUIRES(mutex_)
    {
        return event.subscription->is_pull() ? pull_ : callbacks_;
    }
    void insert_first(k8sc::EventList &from) noexcept K8SC_REQUIRES(mutex_);
    void tell_of_more() K8SC_REQUIRES(mutex_);
    static void remove_first(k8sc::EventList &list, k8sc::EventList &to);
    void update_fd() K8SC_REQUIRES(mutex_);
    void silence() K8SC_REQUIRES(mutex_);
    // These three release the mutex while a user's function runs.
    void finish_closing() K8SC_REQUIRES(mutex_);
    void dispatch_locked(int32_t max, int32_t &done) K8SC_REQUIRES(mutex_);
    bool run_one(int &answer) K8SC_REQUIRES(mutex_);
    void leave_dispatch() K8SC_REQUIRES(mutex_);
    void run_thread() K8SC_EXCLUDES(mutex_);

    int fd_ = -1;
    // What a wakeup leaves: to end a wait, and to make the descriptor readable until then, or until a dispatch or a
    // take. Those end no wait, so that a thread which takes and then waits cannot sleep through it.
    enum : unsigned { ends_wait = 1, rings = 2 };
    std::atomic<unsigned> wakeup_{0};

    k8sc::Mutex mutex_;
    k8sc::ConditionVariable left_;  // a dispatch, or the thread, has ended
    k8sc::ConditionVariable work_;  // for the thread: something waits, or the queue is closed
    bool signalled_ K8SC_GUARDED_BY(mutex_) = false;
    k8sc::EventList callbacks_ K8SC_GUARDED_BY(mutex_);  // for dispatch
    k8sc::EventList pull_ K8SC_GUARDED_BY(mutex_);       // for take
    // With a destroy that has not run; each holds a reference, and the event that will run it, so that this never lacks
    // memory.
    std::unordered_map<k8sc::Subscription *, k8sc::EventList> owing_ K8SC_GUARDED_BY(mutex_);
    int waiters_ K8SC_GUARDED_BY(mutex_) = 0;
    bool closed_ K8SC_GUARDED_BY(mutex_) = false;
    bool finished_ K8SC_GUARDED_BY(mutex_) = false;
    bool dispatching_ K8SC_GUARDED_BY(mutex_) = false;
    std::thread::id dispatcher_ K8SC_GUARDED_BY(mutex_);
    std::thread thread_ K8SC_GUARDED_BY(mutex_);
    bool thread_runs_ K8SC_GUARDED_BY(mutex_) = false;
};

struct k8sc_queue::Batch {
  public:
    Batch() : outer_(current) { current = this; }
    ~Batch();
    Batch(const Batch &) = delete;
    Batch &operator=(const Batch &) = delete;

  private:
    friend struct k8sc_queue;
    bool touch(k8sc_queue *queue) noexcept K8SC_REQUIRES(queue->mutex_);

    static thread_local Batch *current;
    Batch *const outer_;
    std::vector<k8sc::Ref<k8sc_queue>> touched_;
};

template <class Begin>
void k8sc_queue::attach(const k8sc::Ref<k8sc::Subscription> &subscription, Begin &&begin)
{
    const bool owes = subscription->has_destroy();
    owe(subscription.get());
    try {
        begin();
    } catch (...) {
        if (forget(subscription.get()) || !owes) throw;
    }
}

namespace k8sc {

using Queue = ::k8sc_queue;

}  // namespace k8sc
