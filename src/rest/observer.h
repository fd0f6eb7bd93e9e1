// One subscription to a client's warnings, logs or traces.
#pragma once

#include "rest/client.h"

namespace k8sc {

// What may wait of one subscription.
constexpr int32_t most_waiting_texts = 1000;

class ObserverSubscription : public Subscription {
  public:
    using Subscription::Subscription;

    void push(const Ref<Queue> &queue, int32_t kind, int32_t level, std::string_view component, std::string text);
    void done_with(const Event &) override { waiting_.fetch_sub(1, std::memory_order_relaxed); }

  private:
    std::atomic<int32_t> waiting_{0};
    int64_t dropped_ = 0;  // under the observers' lock
};

}  // namespace k8sc

struct k8sc_subscription : public k8sc::ClientHandle {
  public:
    // `kind` is one of K8SC_EVENT_WARNING, _LOG, _TRACE.
    k8sc_subscription(k8sc::Ref<k8sc::Client> client, int32_t kind_, k8sc::Ref<k8sc::Queue> queue_,
                      const k8sc::Callback &callback)
        : ClientHandle(std::move(client)),
          kind(kind_),
          queue(std::move(queue_)),
          subscription(k8sc::make<k8sc::ObserverSubscription>(callback))
    {
    }

    // No further call begins; destroy runs where callbacks run.
    void cancel() { client_->observers()->end(k8sc::Ref<k8sc_subscription>(this)); }

    const int32_t kind;
    int32_t level = 0;      // logs: up to this
    bool repeated = false;  // warnings: also those that were told already
    const k8sc::Ref<k8sc::Queue> queue;
    const k8sc::Ref<k8sc::ObserverSubscription> subscription;
    k8sc::SeenTexts told;  // under the observers' lock
};
