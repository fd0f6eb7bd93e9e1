#include "cache/handler.h"

using namespace k8sc;

namespace {

// Knows when the initial list was handed over in full: once SYNC, which stands behind it, is done with.
class HandlerSubscription : public Subscription {
  public:
    HandlerSubscription(const Callback &callback, std::shared_ptr<std::atomic<bool>> synced) : Subscription(callback), synced_(std::move(synced)) {}

    void done_with(const Event &event) override
    {
        if (event.kind == K8SC_EVENT_SYNC && !is_muted(K8SC_EVENT_SYNC)) synced_->store(true);
    }

  private:
    std::shared_ptr<std::atomic<bool>> synced_;
};

}  // namespace

k8sc_registration::k8sc_registration(Ref<Client> client, Ref<Queue> queue, const Callback &callback)
    : ClientHandle(std::move(client)),
      queue_(std::move(queue)),
      synced_(std::make_shared<std::atomic<bool>>(false)),
      subscription_(make<HandlerSubscription>(callback, synced_))
{
}

void k8sc_registration::end()
{
    subscription_->mute(false);
    queue_->retire(subscription_);
}
