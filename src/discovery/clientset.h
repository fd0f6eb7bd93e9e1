// The typed clients of a client: all they need of it is the client itself, and what the server serves.
#pragma once

#include "core/thread_annotations.h"
#include "discovery/discovery.h"

struct k8sc_clientset : public k8sc::ClientHandle {
  public:
    explicit k8sc_clientset(k8sc::Ref<k8sc::Client> client) : ClientHandle(std::move(client)) {}

    // Made when it is first asked for, with a cache in memory. Lives as long as the clientset.
    k8sc::Discovery *discovery()
    {
        k8sc::MutexLock lock(mutex_);
        if (!discovery_) discovery_ = k8sc::make<k8sc::Discovery>(client(), k8sc::DiscoveryCache::memory);
        return discovery_.get();
    }

  private:
    k8sc::Mutex mutex_;
    k8sc::Ref<k8sc::Discovery> discovery_ K8SC_GUARDED_BY(mutex_);
};

namespace k8sc {

using Clientset = ::k8sc_clientset;

}  // namespace k8sc
