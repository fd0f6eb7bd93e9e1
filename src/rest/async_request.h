// Requests that run on their own and answer through the queue, and bodies that are read piece by piece.
#pragma once

#include "core/thread_annotations.h"
#include "rest/request.h"

namespace k8sc {

// COMPLETED arrives at the callback. Owns the triple from the moment it is called; runs destroy itself only where it
// fails.
Ref<Call> start_request(const Request &request, const Ref<Queue> &queue, const Callback &callback);
// DATA arrives, and at last CLOSED.
Ref<Call> start_stream(const Request &request, const Ref<Queue> &queue, const Callback &callback);

// What may wait undelivered of one stream or watch before its connection is no longer read.
constexpr size_t most_waiting_bytes = 1 << 20;

// Counts what waits, so that a connection is read only as fast as its events are taken.
class BoundedSubscription : public Subscription {
  public:
    using Subscription::Subscription;

    // Counts an event that is about to be pushed; false where enough waits.
    bool add(const Event &event);
    void done_with(const Event &event) override K8SC_EXCLUDES(mutex_);
    // The call that is to be resumed, known only after it was made; forgotten when it has ended.
    void set_call(const Ref<Call> &call) K8SC_EXCLUDES(mutex_);
    void end() K8SC_EXCLUDES(mutex_);

  private:
    std::atomic<size_t> waiting_{0};
    Mutex mutex_;
    Ref<Call> call_ K8SC_GUARDED_BY(mutex_);
    bool ended_ K8SC_GUARDED_BY(mutex_) = false;
};

// Begins a call whose events go to a subscription. Where it fails, the subscription's destroy is still the caller's.
void launch(const Ref<Queue> &queue, const Ref<BoundedSubscription> &subscription, const Ref<Call> &call);

}  // namespace k8sc

// A body that is read by a blocking reader.
struct k8sc_stream {
  public:
    // Blocks until the head of the answer is there.
    static std::unique_ptr<k8sc_stream> open(const k8sc::Request &request);
    ~k8sc_stream();
    // 0 at the end.
    size_t read(char *buffer, size_t size, int64_t timeout_ms);

  private:
    struct State;
    k8sc_stream() = default;

    std::shared_ptr<State> state_;
    k8sc::Ref<k8sc::Call> call_;
};
