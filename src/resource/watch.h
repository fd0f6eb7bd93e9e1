// A watch as it comes: events until the server ends it.
#pragma once

#include "resource/resource.h"
#include "rest/frames.h"
#include "rest/started.h"

struct k8sc_watch : public k8sc::ClientHandle {
  public:
    // Owns the triple from the moment it is called; runs destroy itself only where it fails.
    static k8sc::Ref<k8sc_watch> start(const k8sc::Ref<k8sc::Resource> &resource, const k8sc::Options &options, const k8sc::Callback &callback);
    void cancel();

  protected:
    void abandoned() override;

  private:
    explicit k8sc_watch(const k8sc::Ref<k8sc::Client> &client) : ClientHandle(client) {}

    k8sc::Ref<k8sc::Subscription> subscription_;
    k8sc::Ref<k8sc::Call> call_;
};

namespace k8sc {

using Watch = ::k8sc_watch;

// How long the server is asked to keep a watch where nobody said: 300 to 600 seconds, spread so that many clients do not all
// come back at once.
int64_t random_watch_seconds();
// How long nothing may come from a watch that the server was asked to keep for so long; `configured` -1: somewhat longer than that.
int64_t watch_idle_ms(int64_t configured, int64_t timeout_seconds);

}  // namespace k8sc
