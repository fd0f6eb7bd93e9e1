#include "cache/handler.h"

using namespace k8sc;

HandlerSubscription::HandlerSubscription(const Callback &callback, Ref<Backpressure> backpressure)
    : Subscription(callback), backpressure_(std::move(backpressure))
{
    backlog_.set_coalescing(true, default_limit);
}

void HandlerSubscription::set_policy(Queue &queue, Policy policy, size_t limit)
{
    policy_.store(policy);
    limit_.store(limit);
    queue.set_coalescing(backlog_, policy == Policy::coalesce, limit);
    backpressure_->resume();
}

void HandlerSubscription::done_with(const Event &event)
{
    // It stands behind the initial list.
    if (event.kind == K8SC_EVENT_SYNC && !is_muted(K8SC_EVENT_SYNC)) synced_.store(true);
    // In gulps, not for each event.
    if (backpressure_->is_paused() && backlog_.depth() <= limit_.load() / 2) backpressure_->resume();
}

k8sc_registration::k8sc_registration(Ref<Client> client, Ref<Queue> queue, const Callback &callback,
                                     Ref<Backpressure> backpressure)
    : ClientHandle(std::move(client)),
      queue_(std::move(queue)),
      subscription_(make<HandlerSubscription>(callback, std::move(backpressure)))
{
}

void k8sc_registration::end()
{
    subscription_->mute(false);
    queue_->retire(subscription_);
    subscription_->resume();
}
