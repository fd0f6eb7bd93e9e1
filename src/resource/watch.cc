#include "resource/watch.h"

#include "core/clock.h"
#include "core/random.h"

using namespace k8sc;

int64_t k8sc::random_watch_seconds() { return random_between(300, 600); }

int64_t k8sc::watch_idle_ms(int64_t configured, int64_t timeout_seconds)
{
    constexpr int64_t more_seconds = 30;
    if (configured >= 0) return configured;
    return timeout_seconds > never / 1000 - more_seconds ? never : (timeout_seconds + more_seconds) * 1000;
}

Ref<Watch> k8sc_watch::start(const Ref<Resource> &resource, const Options &options, const Callback &callback)
{
    auto &client = resource->client();
    client->need_open();
    Options sent = options;
    if (!sent.timeout_seconds) sent.timeout_seconds = random_watch_seconds();
    CallSpec spec = resource->list_request(sent, verb_watch).spec();
    spec.stream = true;
    spec.rate_limited = false;
    spec.http.own_connection = true;
    spec.http.idle_timeout_ms = watch_idle_ms(sent.idle_timeout_ms.value_or(client->config().watch_idle_timeout_ms), *sent.timeout_seconds);

    Ref<Queue> queue = options.queue ? options.queue : client->queue();
    auto subscription = make<BoundedSubscription>(callback);
    auto on_frame = [client, queue, subscription](WatchFrame &&frame) {
        client->metrics().count_watch_event(frame.kind);
        Event event;
        event.kind = frame.kind;
        event.subscription = subscription;
        event.object = Stored(std::move(frame.object));
        bool more = subscription->add(event);
        queue->push(std::move(event));
        return more;
    };
    auto done = [client, queue, subscription](CallResult &result) {
        if (result.error && result.error->code == K8SC_E_API && result.head.status == 200) client->metrics().count_watch_event(K8SC_EVENT_ERROR);
        if (result.error && result.error->code != K8SC_E_CANCELLED) {
            Event event;
            event.kind = K8SC_EVENT_ERROR;
            event.subscription = subscription;
            event.error = std::make_unique<Error>(*result.error);
            queue->push(std::move(event));
        }
        Event closed;
        closed.kind = K8SC_EVENT_CLOSED;
        closed.subscription = subscription;
        if (result.error)
            closed.error = std::make_unique<Error>(std::move(*result.error));
        queue->push(std::move(closed));
        queue->retire(subscription);
        subscription->end();
    };
    auto sink = std::make_shared<FrameSink>(client->max_object_bytes(), nullptr, on_frame);
    Ref<Watch> watch(new k8sc_watch(client));
    watch->subscription_ = subscription;
    watch->call_ = Call::prepare(client, std::move(spec), sink, std::move(done));
    launch(queue, subscription, watch->call_);
    return watch;
}

void k8sc_watch::cancel()
{
    subscription_->mute(true);
    call_->cancel();
}

void k8sc_watch::abandoned()
{
    cancel();
    ClientHandle::abandoned();
}
