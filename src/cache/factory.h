// Shared informers, one for each resource.
#pragma once

#include <functional>
#include <map>

#include "cache/informer.h"
#include "core/thread_annotations.h"

struct k8sc_informer_factory : public k8sc::ClientHandle {
  public:
    using Constructor = std::function<k8sc::Ref<k8sc::Informer>(int64_t resync_ms)>;

    k8sc_informer_factory(k8sc::Ref<k8sc::Client> client, const k8sc::InformerOptions &options);

    // `constructor` makes the informer where there is none yet; without it the factory's own options do.
    k8sc::Ref<k8sc::Informer> informer(const k8sc::ResourceKey &key, const Constructor &constructor);
    std::vector<k8sc::Ref<k8sc::Informer>> all();
    // Stops it, waits until it has ended, and forgets it. Fails with K8SC_E_INVALID where it is not one of this
    // factory's.
    void remove(k8sc::Informer *informer);
    void start();
    // False where not all had synced; `missing` names them.
    bool wait_for_sync(int64_t deadline, std::string &missing);
    // For each one that was started: whether it has synced by then. One that is stopped meanwhile does not end the wait
    // for others.
    std::map<k8sc::ResourceKey, bool> wait_for_cache_sync(int64_t deadline);
    void shutdown();

  protected:
    void abandoned() override;

  private:
    void stop_all();

    k8sc::InformerOptions options_;
    k8sc::Mutex mutex_;
    std::map<k8sc::ResourceKey, k8sc::Ref<k8sc::Informer>> informers_ K8SC_GUARDED_BY(mutex_);
    bool shut_down_ K8SC_GUARDED_BY(mutex_) = false;
};
