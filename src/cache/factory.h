// Shared informers, one for each resource.
#pragma once

#include <functional>
#include <map>
#include <mutex>

#include "cache/informer.h"

struct k8sc_informer_factory : public k8sc::ClientHandle {
  public:
    using Constructor = std::function<k8sc::Ref<k8sc::Informer>(int64_t resync_ms)>;

    k8sc_informer_factory(k8sc::Ref<k8sc::Client> client, const k8sc::InformerOptions &options);

    // `constructor` makes the informer where there is none yet; without it the factory's own options do.
    k8sc::Ref<k8sc::Informer> informer(const k8sc::ResourceKey &key, const Constructor &constructor);
    void start();
    // False where not all had synced; `missing` names them.
    bool wait_for_sync(int64_t deadline, std::string &missing);
    void shutdown();

  protected:
    void abandoned() override;

  private:
    std::vector<k8sc::Ref<k8sc::Informer>> all();
    void stop_all();

    k8sc::InformerOptions options_;
    std::mutex mutex_;
    std::map<k8sc::ResourceKey, k8sc::Ref<k8sc::Informer>> informers_;
    bool shut_down_ = false;
};
