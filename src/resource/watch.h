// A watch as it comes: events until the server ends it.
#pragma once

#include <functional>

#include "resource/resource.h"
#include "rest/async_request.h"
#include "rest/frames.h"

struct k8sc_watch : public k8sc::ClientHandle {
  public:
    using Stop = std::function<void()>;

    // Owns the triple from the moment it is called; runs destroy itself only where it fails.
    static k8sc::Ref<k8sc_watch> start(const k8sc::Ref<k8sc::Resource> &resource, const k8sc::Options &options,
                                       const k8sc::Callback &callback);
    // The handle for what feeds this subscription. `stop` ends that, from any thread and however often, without
    // waiting.
    k8sc_watch(const k8sc::Ref<k8sc::Client> &client, k8sc::Ref<k8sc::Subscription> subscription, Stop stop)
        : ClientHandle(client), subscription_(std::move(subscription)), stop_(std::move(stop))
    {
    }
    void cancel();

  protected:
    void abandoned() override;

  private:
    const k8sc::Ref<k8sc::Subscription> subscription_;
    const Stop stop_;
};

namespace k8sc {

using Watch = ::k8sc_watch;

// How long the server is asked to keep a watch where nobody said: 300 to 600 seconds, spread so that many clients do
// not all come back at once.
int64_t random_watch_seconds();
// How long nothing may come from a watch that the server was asked to keep for so long; `configured` -1: somewhat
// longer than that.
int64_t watch_idle_ms(int64_t configured, int64_t timeout_seconds);
// The request of a watch that is read only as fast as its events are taken.
CallSpec watch_spec(const Resource &resource, const Options &options);

// Where a watch's events go. On the I/O thread.
struct WatchEmitter {
    Ref<Queue> queue;
    Ref<BoundedSubscription> subscription;

    // False where enough waits.
    bool emit(WatchFrame &&frame) const;
    // ERROR, unless there is none or it was cancelled, and CLOSED.
    void close(const Error *error) const;
};

}  // namespace k8sc
