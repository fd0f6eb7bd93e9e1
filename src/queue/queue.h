// The event queue: filled by the I/O thread, emptied by the user's.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "queue/backlog.h"

struct k8sc_queue : public k8sc::Handle {
  public:
    k8sc_queue();

    int fd() const { return forked() ? -1 : fd_; }
    // How many events wait.
    size_t depth();

    // While one lives, what this thread pushes waits unannounced: whoever sleeps is woken at its end, once for all of it.
    struct Batch;

    // The library's side. Events for a closed queue are dropped.
    // From attach() on the queue owes the subscription's destroy, unless `begin`, which starts what feeds it, fails. Where the queue was closed
    // before it failed, destroy has run, and it is as if it had begun before.
    template <class Begin>
    void attach(const k8sc::Ref<k8sc::Subscription> &subscription, Begin &&begin);
    void push(k8sc::Event event);
    // Those that were made before: this cannot fail.
    void push(k8sc::EventList &&events) noexcept;
    // See Backlog::set_coalescing.
    void set_coalescing(k8sc::Backlog &backlog, bool enabled, size_t limit);
    // No event for this subscription follows: its destroy runs after those that wait.
    void retire(const k8sc::Ref<k8sc::Subscription> &subscription);

    // The user's side; see the header.
    bool wait(int64_t timeout_ms);  // true: events wait
    void dispatch(int32_t max, int32_t &done);
    std::unique_ptr<k8sc::Event> take();
    void wakeup() noexcept;
    void start_thread();

    // Drops what waits and runs the destroys that are owed, after the dispatcher, if another thread is one, has left; false where it
    // had not by the deadline. Inside of a dispatch it leaves that to the dispatch.
    bool close(int64_t deadline);

  protected:
    ~k8sc_queue() override;
    void abandoned() override { close(0); }
    void abandoned_in_child() override;

  private:
    using Lock = std::unique_lock<std::mutex>;

    void owe(k8sc::Subscription *subscription);
    // Whether destroy was owed still.
    bool forget(k8sc::Subscription *subscription);
    k8sc::EventList &list_for(const k8sc::Event &event) { return event.subscription->is_pull() ? pull_ : callbacks_; }
    void insert_first(k8sc::EventList &from) noexcept;
    void tell_of_more();
    static void remove_first(k8sc::EventList &list, k8sc::EventList &to);
    void update_fd();
    void silence();
    void finish_closing(Lock &lock);
    void dispatch_locked(Lock &lock, int32_t max, int32_t &done);
    bool run_one(Lock &lock, int &answer);
    void run_thread();

    int fd_ = -1;
    bool signalled_ = false;
    // What a wakeup leaves: to end a wait, and to make the descriptor readable until then, or until a dispatch or a take. Those end no wait,
    // so that a thread which takes and then waits cannot sleep through it.
    enum : unsigned { ends_wait = 1, rings = 2 };
    std::atomic<unsigned> wakeup_{0};

    std::mutex mutex_;
    std::condition_variable left_;       // a dispatch, or the thread, has ended
    std::condition_variable work_;       // for the thread: something waits, or the queue is closed
    k8sc::EventList callbacks_;  // for dispatch
    k8sc::EventList pull_;       // for take
    // With a destroy that has not run; each holds a reference, and the event that will run it, so that this never lacks memory.
    std::unordered_map<k8sc::Subscription *, k8sc::EventList> owing_;
    int waiters_ = 0;
    bool closed_ = false;
    bool finished_ = false;
    bool dispatching_ = false;
    std::thread::id dispatcher_;
    std::thread thread_;
    bool thread_runs_ = false;
};

struct k8sc_queue::Batch {
  public:
    Batch() : outer_(current) { current = this; }
    ~Batch();
    Batch(const Batch &) = delete;
    Batch &operator=(const Batch &) = delete;

  private:
    friend struct k8sc_queue;
    // A queue's lock is held.
    bool touch(k8sc_queue *queue) noexcept;

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
