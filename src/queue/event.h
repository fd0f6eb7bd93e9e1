// What waits in a queue, and the subscription that it is for.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "core/error.h"
#include "core/ref.h"
#include "json/cached_object.h"

namespace k8sc {

class Backlog;
class Subscription;

// What only some kinds of events carry: a result, a piece of a body.
struct Payload {
    virtual ~Payload() = default;
};

struct DataPayload : Payload {
    std::string bytes;
};

}  // namespace k8sc

struct k8sc_event {
    enum class Purpose : uint8_t {
        user,     // for a callback, or for k8sc_queue_take
        task,     // the library's own: the subscription's deliver() does what is to be done where callbacks run
        destroy,  // the last one of each subscription with a destroy callback
    };

    Purpose purpose = Purpose::user;
    int32_t kind = 0;  // one of K8SC_EVENT_; 0 where it is not for the user
    bool initial = false;
    bool inferred = false;
    k8sc::Ref<k8sc::Subscription> subscription;
    k8sc::LazyObject object;
    k8sc::LazyObject old_object;
    std::unique_ptr<k8sc::Error> error;
    std::unique_ptr<k8sc::Payload> payload;
};

namespace k8sc {

using Event = ::k8sc_event;

struct Callback {
    k8sc_event_fn fn = nullptr;
    void *user_data = nullptr;
    k8sc_destroy_fn destroy = nullptr;
};

// One callback triple at one queue; a subscription without fn is read with k8sc_queue_take.
class Subscription : public RefCounted {
  public:
    explicit Subscription(const Callback &callback) : callback_(callback) {}

    bool is_pull() const { return !callback_.fn && !has_tasks_; }
    void *user_data() const { return callback_.user_data; }
    bool has_destroy() const { return callback_.destroy != nullptr; }

    // Waiting events are not delivered any more; CLOSED is, where `but_closed`.
    void mute(bool but_closed) { muted_.store(but_closed ? all_but_closed : everything, std::memory_order_release); }
    bool is_muted(int32_t kind) const
    {
        int state = muted_.load(std::memory_order_acquire);
        return state == everything || (state == all_but_closed && kind != K8SC_EVENT_CLOSED);
    }

    // Runs where callbacks run. The answer is the callback's.
    virtual int deliver(Event &event) { return callback_.fn ? callback_.fn(&event, callback_.user_data) : 0; }
    // The event was delivered, taken or dropped: its share of any limit is free again.
    virtual void done_with(const Event &event) { (void)event; }

    // What is to be done when too much waits; NULL where nothing is.
    virtual Backlog *backlog() { return nullptr; }

    // The queue calls this once; see Queue::retire.
    virtual void run_destroy()
    {
        if (auto destroy = callback_.destroy) {
            callback_.destroy = nullptr;
            destroy(callback_.user_data);
        }
    }

  protected:
    // A subscription of tasks has no fn but must be dispatched.
    bool has_tasks_ = false;

  private:
    enum { nothing, all_but_closed, everything };

    Callback callback_;
    std::atomic<int> muted_{nothing};
};

}  // namespace k8sc
