// One handler at one informer.
#pragma once

#include <atomic>

#include "cache/backpressure.h"
#include "cache/resync.h"
#include "queue/queue.h"
#include "rest/client.h"

namespace k8sc {

// Knows when the initial list was handed over in full, and how much waits.
class HandlerSubscription : public Subscription {
  public:
    // What happens where more events than the limit wait.
    enum class Policy { coalesce, backpressure, keep_all };
    static constexpr size_t default_limit = 1000;

    HandlerSubscription(const Callback &callback, Ref<Backpressure> backpressure);

    void set_policy(Queue &queue, Policy policy, size_t limit);
    bool has_synced() const { return synced_.load(); }
    // Whether the informer should wait for it.
    bool is_full() const { return policy_.load() == Policy::backpressure && backlog_.depth() >= limit_.load(); }
    void resume() { backpressure_->resume(); }

    Backlog *backlog() override { return &backlog_; }
    void done_with(const Event &event) override;

  private:
    const Ref<Backpressure> backpressure_;
    Backlog backlog_;
    std::atomic<bool> synced_{false};
    std::atomic<Policy> policy_{Policy::coalesce};
    std::atomic<size_t> limit_{default_limit};
};

}  // namespace k8sc

struct k8sc_registration : public k8sc::ClientHandle {
  public:
    k8sc_registration(k8sc::Ref<k8sc::Client> client, k8sc::Ref<k8sc::Queue> queue, const k8sc::Callback &callback,
                      k8sc::Ref<k8sc::Backpressure> backpressure);

    const k8sc::Ref<k8sc::Queue> &queue() const { return queue_; }
    const k8sc::Ref<k8sc::HandlerSubscription> &subscription() const { return subscription_; }
    bool has_synced() const { return subscription_->has_synced(); }

    // No further call begins; destroy runs where callbacks run.
    void end();

    // The informer's, under its lock.
    const void *informer = nullptr;
    k8sc::Resync::Share resync;
    bool told_of_sync = false;

  private:
    k8sc::Ref<k8sc::Queue> queue_;
    k8sc::Ref<k8sc::HandlerSubscription> subscription_;
};

namespace k8sc {

using Registration = ::k8sc_registration;

}  // namespace k8sc
