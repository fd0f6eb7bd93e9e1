#include "cache/handler.h"

using namespace k8sc;

HandlerSubscription::HandlerSubscription(const Callback &callback, Ref<Valve> valve) : Subscription(callback), valve_(std::move(valve))
{
    backlog_.set_merging(true, default_limit);
}

void HandlerSubscription::set_policy(Queue &queue, Policy policy, size_t limit)
{
    policy_.store(policy);
    limit_.store(limit);
    queue.set_merging(backlog_, policy == Policy::merge, limit);
    valve_->open();
}

void HandlerSubscription::done_with(const Event &event)
{
    // It stands behind the initial list.
    if (event.kind == K8SC_EVENT_SYNC && !is_muted(K8SC_EVENT_SYNC)) synced_.store(true);
    // In gulps, not for each event.
    if (valve_->is_closed() && backlog_.depth() <= limit_.load() / 2) valve_->open();
}

k8sc_registration::k8sc_registration(Ref<Client> client, Ref<Queue> queue, const Callback &callback, Ref<Valve> valve)
    : ClientHandle(std::move(client)), queue_(std::move(queue)), subscription_(make<HandlerSubscription>(callback, std::move(valve)))
{
}

void k8sc_registration::end()
{
    subscription_->mute(false);
    queue_->retire(subscription_);
    subscription_->let_pass();
}
