// What the tests of the queue share: a subscription that writes down what it was called with.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "core/clock.h"
#include "queue/queue.h"

#include "../core/check.h"
#include "../core/rounds.h"

#include <poll.h>

class Recorder {
  public:
    explicit Recorder(bool pull = false) : pull_(pull) {}

    Callback callback() { return {pull_ ? nullptr : &Recorder::call, this, &Recorder::on_destroy}; }
    // Attached to the queue, as what feeds it would do.
    Ref<Subscription> subscribe(const Ref<Queue> &queue)
    {
        auto subscription = make<Subscription>(callback());
        queue->attach(subscription, [] {});
        return subscription;
    }

    std::atomic<int> calls{0};
    std::atomic<int> destroys{0};
    // destroy came while, or before, a callback ran.
    std::atomic<bool> early{false};
    std::function<int(const k8sc_event *)> on_call;
    std::thread::id thread;

  private:
    static int call(const k8sc_event *event, void *user_data)
    {
        auto self = static_cast<Recorder *>(user_data);
        self->inside_++;
        if (self->destroys > 0) self->early = true;
        self->calls++;
        self->thread = std::this_thread::get_id();
        int answer = self->on_call ? self->on_call(event) : 0;
        self->inside_--;
        return answer;
    }
    static void on_destroy(void *user_data)
    {
        auto self = static_cast<Recorder *>(user_data);
        if (self->inside_ > 0) self->early = true;
        self->destroys++;
    }

    bool pull_;
    std::atomic<int> inside_{0};
};

// A queue that one user holds.
class UserQueue {
  public:
    UserQueue() : queue_(make<Queue>()) { queue_->user_retain(); }
    ~UserQueue() { drop(); }
    UserQueue(const UserQueue &) = delete;
    UserQueue &operator=(const UserQueue &) = delete;

    Queue *get() const { return queue_.get(); }
    const Ref<Queue> &ref() const { return queue_; }
    Queue *operator->() const { return queue_.get(); }
    void drop()
    {
        if (queue_) queue_->user_release();
        queue_ = nullptr;
    }

  private:
    Ref<Queue> queue_;
};

inline Event event_for(const Ref<Subscription> &subscription, int32_t kind = K8SC_EVENT_ADD)
{
    Event event;
    event.kind = kind;
    event.subscription = subscription;
    return event;
}

inline bool readable(int fd)
{
    pollfd poll_fd = {fd, POLLIN, 0};
    return poll(&poll_fd, 1, 0) == 1 && (poll_fd.revents & POLLIN);
}

inline int32_t dispatched(Queue *queue, int32_t max = 0)
{
    int32_t done = -1;
    assert_int_equal(k8sc_queue_dispatch(queue, max, &done, nullptr), K8SC_OK);
    return done;
}

// Waits for what another thread does; a test that waits in vain says so instead of hanging.
template <class Condition>
void eventually(Condition &&condition)
{
    int64_t deadline = now_ms() + 10000;
    while (!condition()) {
        if (now_ms() > deadline) fail_msg("%s", "it did not happen within 10 seconds");
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}
