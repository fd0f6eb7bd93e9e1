// The discovery client: asks each time, or remembers in memory, or in files that processes share.
#pragma once

#include <optional>

#include "core/thread_annotations.h"
#include "discovery/disk_cache.h"
#include "discovery/server_resources.h"
#include "net/cancel_scope.h"
#include "rest/client.h"

namespace k8sc {

enum class DiscoveryCache { none, memory, disk };

// Which of a cache's loads something is from, and whether it was made just now.
struct ServerResourcesOrigin {
    uint64_t load = 0;
    bool is_new = false;
};

}  // namespace k8sc

// All calls block, and fail as a GET does.
struct k8sc_discovery : public k8sc::ClientHandle {
  public:
    k8sc_discovery(k8sc::Ref<k8sc::Client> client, k8sc::DiscoveryCache cache)
        : ClientHandle(std::move(client)), cache_(cache)
    {
    }
    k8sc_discovery(k8sc::Ref<k8sc::Client> client, std::string directory, int64_t ttl_ms)
        : ClientHandle(std::move(client)),
          cache_(k8sc::DiscoveryCache::disk),
          disk_(std::in_place, std::move(directory), ttl_ms)
    {
    }

    std::vector<k8sc::ApiGroup> groups() K8SC_EXCLUDES(mutex_);
    // Fails with K8SC_E_API and NotFound also where a cache knows no such group-version.
    k8sc::ApiResourceListPtr resources(const std::string &group_version) K8SC_EXCLUDES(mutex_);
    // What failed is in it.
    k8sc::ServerResources resources(k8sc::ServerResourcesOrigin *origin = nullptr) K8SC_EXCLUDES(mutex_);

    void invalidate() K8SC_EXCLUDES(mutex_);
    // The same, unless there was another load after this one: then somebody else had the same wish.
    void forget(uint64_t load) K8SC_EXCLUDES(mutex_);
    bool is_fresh() K8SC_EXCLUDES(mutex_);

  private:
    void load(int64_t deadline) K8SC_REQUIRES(mutex_);
    void repair(int64_t deadline) K8SC_REQUIRES(mutex_);
    k8sc::ServerResources from_memory(int64_t deadline) K8SC_REQUIRES(mutex_);
    k8sc::ServerResources from_disk(int64_t deadline) K8SC_REQUIRES(mutex_);
    std::optional<std::vector<k8sc::ApiGroup>> groups_on_disk() K8SC_REQUIRES(mutex_);
    k8sc::ApiResourceListPtr list_on_disk(const std::string &group_version) K8SC_REQUIRES(mutex_);
    void save(const k8sc::ServerResources &resources) K8SC_REQUIRES(mutex_);
    void save(const k8sc::ApiResourceList &list) K8SC_REQUIRES(mutex_);
    void write(const std::string &name, const k8sc::Object &document) K8SC_REQUIRES(mutex_);

    const k8sc::DiscoveryCache cache_;
    // One thread loads, and those who ask meanwhile wait for it: none of what is below is touched without.
    k8sc::CancellableMutex mutex_;
    std::optional<k8sc::DiskCache> disk_ K8SC_GUARDED_BY(mutex_);
    std::optional<k8sc::ServerResources> known_ K8SC_GUARDED_BY(mutex_);
    uint64_t loads_ K8SC_GUARDED_BY(mutex_) = 0;
};

namespace k8sc {

using Discovery = ::k8sc_discovery;

}  // namespace k8sc
