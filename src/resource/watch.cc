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

CallSpec k8sc::watch_spec(const Resource &resource, const Options &options)
{
    Options sent = options;
    if (!sent.timeout_seconds) sent.timeout_seconds = random_watch_seconds();
    CallSpec spec = resource.list_request(sent, verb_watch).spec();
    spec.stream = true;
    spec.rate_limited = false;
    spec.http.own_connection = true;
    spec.http.idle_timeout_ms = watch_idle_ms(
        sent.idle_timeout_ms.value_or(resource.client()->config().watch_idle_timeout_ms), *sent.timeout_seconds);
    return spec;
}

bool WatchEmitter::emit(WatchFrame &&frame) const
{
    Event event;
    event.kind = frame.kind;
    event.subscription = subscription;
    event.object = CachedObject(std::move(frame.object));
    bool more = subscription->add(event);
    queue->push(std::move(event));
    return more;
}

void WatchEmitter::close(const Error *error) const
{
    auto push = [&](int32_t kind) {
        Event event;
        event.kind = kind;
        event.subscription = subscription;
        if (error) event.error = std::make_unique<Error>(*error);
        queue->push(std::move(event));
    };
    if (error && error->code != K8SC_E_CANCELLED) push(K8SC_EVENT_ERROR);
    push(K8SC_EVENT_CLOSED);
    queue->retire(subscription);
    subscription->end();
}

Ref<Watch> k8sc_watch::start(const Ref<Resource> &resource, const Options &options, const Callback &callback)
{
    auto &client = resource->client();
    client->need_open();
    CallSpec spec = watch_spec(*resource, options);

    WatchEmitter emitter{options.queue ? options.queue : client->queue(), make<BoundedSubscription>(callback)};
    auto on_frame = [client, emitter](WatchFrame &&frame) {
        assert_on_io_thread();
        client->metrics().count_watch_event(frame.kind);
        return emitter.emit(std::move(frame));
    };
    auto done = [client, emitter](CallResult &result) {
        assert_on_io_thread();
        const Error *error = result.error ? &*result.error : nullptr;
        if (error && error->code == K8SC_E_API && result.head.status == 200)
            client->metrics().count_watch_event(K8SC_EVENT_ERROR);
        emitter.close(error);
    };
    auto sink = std::make_shared<FrameSink>(client->max_object_bytes(), nullptr, on_frame);
    Ref<Call> call = Call::prepare(client, std::move(spec), sink, std::move(done));
    auto watch = make<Watch>(client, emitter.subscription, [call] { call->cancel(); });
    launch(emitter.queue, emitter.subscription, call);
    return watch;
}

void k8sc_watch::cancel()
{
    subscription_->mute(true);
    stop_();
}

void k8sc_watch::abandoned()
{
    cancel();
    ClientHandle::abandoned();
}
