#include "queue/queue.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/clock.h"
#include "core/signals.h"

using namespace k8sc;

k8sc_queue::k8sc_queue() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    if (fd_ < 0) fail(K8SC_E_IO, concat("eventfd: ", strerror(errno)));
}

k8sc_queue::~k8sc_queue()
{
    // The thread held a reference until it was done, so it may be this one.
    if (thread_.joinable()) thread_.detach();
    ::close(fd_);
}

void k8sc_queue::abandoned_in_child() { ::close(fd_); }

// The descriptor is readable exactly while something waits, a wakeup rings, or the queue is closed.
void k8sc_queue::update_fd()
{
    bool want = !callbacks_.empty() || !pull_.empty() || closed_ || (wakeup_.load() & rings);
    if (want && !signalled_) {
        uint64_t one = 1;
        signalled_ = ::write(fd_, &one, sizeof one) == sizeof one;
    } else if (!want) {
        uint64_t count;
        (void)!::read(fd_, &count, sizeof count);
        signalled_ = false;
        // A wakeup that came between the test and the read lost its mark: set it again.
        if (wakeup_.load() & rings) update_fd();
    }
}

// Somebody saw to the queue. Who sleeps by the descriptor needs the ring still.
void k8sc_queue::silence()
{
    if (waiters_ == 0) wakeup_.fetch_and(~unsigned{rings});
}

void k8sc_queue::wakeup() noexcept
{
    if (forked()) return;
    int saved = errno;
    wakeup_.fetch_or(ends_wait | rings);
    uint64_t one = 1;
    (void)!::write(fd_, &one, sizeof one);
    errno = saved;
}

size_t k8sc_queue::depth()
{
    MutexLock lock(mutex_);
    return callbacks_.size() + pull_.size();
}

void k8sc_queue::owe(Subscription *subscription)
{
    MutexLock lock(mutex_);
    if (closed_) fail(K8SC_E_CLOSED, "the queue is closed");
    if (!subscription->has_destroy() || owing_.count(subscription)) return;
    EventList last(1);
    last.front().purpose = Event::Purpose::destroy;
    last.front().subscription = Ref<Subscription>(subscription);
    owing_.emplace(subscription, std::move(last));
    subscription->retain();
}

bool k8sc_queue::forget(Subscription *subscription)
{
    MutexLock lock(mutex_);
    if (!owing_.erase(subscription)) return false;
    subscription->release();
    return true;
}

void k8sc_queue::insert_first(EventList &from) noexcept
{
    auto &list = list_for(from.front());
    if (auto backlog = from.front().subscription->backlog())
        backlog->insert(list, from);
    else
        list.splice(list.end(), from, from.begin());
}

void k8sc_queue::tell_of_more()
{
    if (Batch::current && Batch::current->touch(this)) return;
    if (thread_runs_) work_.notify_one();
    update_fd();
}

thread_local k8sc_queue::Batch *k8sc_queue::Batch::current = nullptr;

k8sc_queue::Batch::~Batch()
{
    current = outer_;
    for (auto &queue : touched_) {
        MutexLock lock(queue->mutex_);
        queue->tell_of_more();
    }
}

bool k8sc_queue::Batch::touch(k8sc_queue *queue) noexcept
{
    for (auto &known : touched_)
        if (known.get() == queue) return true;
    try {
        touched_.emplace_back(queue);
        return true;
    } catch (const std::bad_alloc &) {
        return false;
    }
}

void k8sc_queue::remove_first(EventList &list, EventList &to)
{
    auto at = list.begin();
    bool counted = at->purpose != Event::Purpose::destroy;
    if (auto backlog = counted ? at->subscription->backlog() : nullptr) backlog->leaves(at);
    to.splice(to.end(), list, at);
}

void k8sc_queue::push(Event event)
{
    EventList one;
    one.push_back(std::move(event));
    push(std::move(one));
}

void k8sc_queue::push(EventList &&events) noexcept
{
    {
        MutexLock lock(mutex_);
        if (!closed_) {
            while (!events.empty()) insert_first(events);
            tell_of_more();
            return;
        }
    }
    for (auto &event : events) event.subscription->done_with(event);
}

void k8sc_queue::set_coalescing(Backlog &backlog, bool enabled, size_t limit)
{
    MutexLock lock(mutex_);
    backlog.set_coalescing(enabled, limit);
}

void k8sc_queue::retire(const Ref<Subscription> &subscription)
{
    MutexLock lock(mutex_);
    auto owed = owing_.find(subscription.get());
    // Another one is behind it, if it was retired before.
    if (closed_ || owed == owing_.end() || owed->second.empty()) return;
    EventList &list = list_for(owed->second.front());
    list.splice(list.end(), owed->second);
    if (thread_runs_) work_.notify_one();
    update_fd();
}

bool k8sc_queue::wait(int64_t timeout_ms)
{
    // Here and below before the lock: whoever releases the last reference meanwhile must not free the mutex that is
    // held.
    Ref<k8sc_queue> self(this);
    int64_t deadline = deadline_after(timeout_ms);
    MutexLock lock(mutex_);
    while (true) {
        bool ready = !callbacks_.empty() || !pull_.empty();
        bool woken = wakeup_.exchange(0) != 0;
        if (woken || ready) {
            update_fd();
            return ready;
        }
        if (closed_) fail(K8SC_E_CLOSED, "the queue is closed");
        int64_t left = deadline == never ? -1 : deadline - now_ms();
        if (deadline != never && left <= 0) return false;
        update_fd();
        waiters_++;
        lock.unlock();
        pollfd poll_fd = {fd_, POLLIN, 0};
        int n = poll(&poll_fd, 1, left > INT32_MAX ? INT32_MAX : static_cast<int>(left));
        lock.lock();
        waiters_--;
        // A signal handler of the host has run: the caller may want to look at what it did.
        if (n < 0 && errno == EINTR) return !callbacks_.empty() || !pull_.empty();
    }
}

// Runs the first waiting event; false where none waits.
bool k8sc_queue::run_one(int &answer)
{
    if (callbacks_.empty()) return false;
    EventList first;
    remove_first(callbacks_, first);
    // Below it moves with its node, so that it is freed without the lock.
    Event &event = first.front();
    if (callbacks_.empty()) update_fd();
    if (event.purpose == Event::Purpose::destroy) {
        bool owed = owing_.erase(event.subscription.get()) > 0;
        MutexUnlock unlocked(mutex_);
        EventList running = std::move(first);
        if (owed) {
            event.subscription->run_destroy();
            event.subscription->release();
        }
    } else {
        MutexUnlock unlocked(mutex_);
        EventList running = std::move(first);
        if (!event.subscription->is_muted(event.kind)) answer = event.subscription->deliver(event);
        event.subscription->done_with(event);
    }
    return true;
}

void k8sc_queue::dispatch_locked(int32_t max, int32_t &done)
{
    dispatching_ = true;
    dispatcher_ = std::this_thread::get_id();
    size_t limit = max > 0 ? static_cast<size_t>(max) : callbacks_.size();
    int answer = 0;
    try {
        while (limit-- > 0 && answer == 0 && !closed_ && run_one(answer)) done++;
    } catch (...) {
        leave_dispatch();
        throw;
    }
    leave_dispatch();
    if (answer) fail(K8SC_E_CALLBACK, "a callback returned " + std::to_string(answer));
}

void k8sc_queue::leave_dispatch()
{
    dispatching_ = false;
    dispatcher_ = {};
    left_.notify_all();
    if (closed_) finish_closing();
}

void k8sc_queue::dispatch(int32_t max, int32_t &done)
{
    Ref<k8sc_queue> self(this);
    MutexLock lock(mutex_);
    if (dispatching_ && dispatcher_ == std::this_thread::get_id())
        fail(K8SC_E_REENTRANT, "dispatch was called from inside a callback of the same queue");
    if (dispatching_ || thread_runs_) fail(K8SC_E_BUSY, "another thread dispatches this queue");
    if (closed_) fail(K8SC_E_CLOSED, "the queue is closed");
    silence();
    update_fd();
    dispatch_locked(max, done);
}

std::unique_ptr<Event> k8sc_queue::take()
{
    Ref<k8sc_queue> self(this);
    MutexLock lock(mutex_);
    if (closed_) fail(K8SC_E_CLOSED, "the queue is closed");
    silence();
    while (!pull_.empty()) {
        auto event = std::make_unique<Event>();
        EventList first;
        remove_first(pull_, first);
        *event = std::move(first.front());
        bool destroy = event->purpose == Event::Purpose::destroy;
        bool owed = destroy && owing_.erase(event->subscription.get()) > 0;
        bool muted = event->subscription->is_muted(event->kind);
        update_fd();
        lock.unlock();
        if (owed) {
            event->subscription->run_destroy();
            event->subscription->release();
        }
        if (!destroy) event->subscription->done_with(*event);
        if (!destroy && !muted) return event;
        event.reset();
        lock.lock();
    }
    update_fd();
    return nullptr;
}

bool k8sc_queue::close(int64_t deadline)
{
    Ref<k8sc_queue> self(this);
    MutexLock lock(mutex_);
    closed_ = true;
    update_fd();
    work_.notify_one();
    auto self_id = std::this_thread::get_id();
    if (dispatching_ && dispatcher_ == self_id) return true;
    if (thread_runs_ && thread_.get_id() == self_id) return true;
    while (dispatching_ || thread_runs_) {
        int64_t left = deadline == never ? 3600 * 1000 : deadline - now_ms();
        if (left <= 0) return false;
        left_.wait_for(lock, std::chrono::milliseconds(left));
    }
    std::thread thread = std::move(thread_);
    finish_closing();
    lock.unlock();
    if (thread.joinable()) thread.join();
    return true;
}

void k8sc_queue::finish_closing()
{
    if (finished_) return;
    finished_ = true;
    EventList dropped, dropped_pull;
    dropped.swap(callbacks_);
    dropped_pull.swap(pull_);
    auto owed = std::exchange(owing_, {});
    for (auto *list : {&dropped, &dropped_pull})
        for (auto at = list->begin(); at != list->end(); ++at)
            if (auto backlog = at->purpose == Event::Purpose::destroy ? nullptr : at->subscription->backlog())
                backlog->leaves(at);
    MutexUnlock unlocked(mutex_);
    for (auto *list : {&dropped, &dropped_pull})
        for (auto &event : *list) event.subscription->done_with(event);
    dropped.clear();
    dropped_pull.clear();
    for (auto &[subscription, last] : owed) {
        subscription->run_destroy();
        subscription->release();
    }
    owed.clear();
}

void k8sc_queue::start_thread()
{
    MutexLock lock(mutex_);
    if (closed_) fail(K8SC_E_CLOSED, "the queue is closed");
    if (thread_runs_) fail(K8SC_E_STATE, "the queue has a dispatching thread already");
    if (dispatching_) fail(K8SC_E_BUSY, "a thread dispatches this queue");
    SignalsBlocked blocked;
    thread_ = std::thread([self = Ref<k8sc_queue>(this)] { self->run_thread(); });
    thread_runs_ = true;
}

void k8sc_queue::run_thread()
{
    MutexLock lock(mutex_);
    while (!closed_) {
        if (callbacks_.empty()) {
            // Not by the descriptor: a wakeup is for those who wait beside this thread.
            work_.wait(lock);
            continue;
        }
        try {
            int32_t done = 0;
            dispatch_locked(0, done);
        } catch (const Error &) {
            // A callback asked to stop: that ends the round, as the header says.
        }
    }
    if (!dispatching_) finish_closing();
    thread_runs_ = false;
    left_.notify_all();
}
