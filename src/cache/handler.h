// One handler at one informer.
#pragma once

#include <atomic>

#include "queue/queue.h"
#include "rest/client.h"

struct k8sc_registration : public k8sc::ClientHandle {
  public:
    k8sc_registration(k8sc::Ref<k8sc::Client> client, k8sc::Ref<k8sc::Queue> queue, const k8sc::Callback &callback);

    const k8sc::Ref<k8sc::Queue> &queue() const { return queue_; }
    const k8sc::Ref<k8sc::Subscription> &subscription() const { return subscription_; }
    bool has_synced() const { return synced_->load(); }

    // No further call begins; destroy runs where callbacks run.
    void end();

    // The informer's, under its lock.
    const void *informer = nullptr;
    int64_t wanted_resync_ms = 0;
    int64_t resync_ms = 0;
    int64_t next_resync = 0;
    // Is given updates that change nothing. At first everybody is.
    bool resyncing = true;
    bool told_of_sync = false;

  private:
    k8sc::Ref<k8sc::Queue> queue_;
    std::shared_ptr<std::atomic<bool>> synced_;
    k8sc::Ref<k8sc::Subscription> subscription_;
};

namespace k8sc {

using Registration = ::k8sc_registration;

}  // namespace k8sc
