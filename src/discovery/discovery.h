// The discovery client: asks each time, or remembers in memory, or in files that processes share.
#pragma once

#include <mutex>
#include <optional>

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
    k8sc_discovery(k8sc::Ref<k8sc::Client> client, k8sc::DiscoveryCache cache) : ClientHandle(std::move(client)), cache_(cache) {}
    k8sc_discovery(k8sc::Ref<k8sc::Client> client, std::string directory, int64_t ttl_ms)
        : ClientHandle(std::move(client)), cache_(k8sc::DiscoveryCache::disk), disk_(std::in_place, std::move(directory), ttl_ms)
    {
    }

    std::vector<k8sc::ApiGroup> groups();
    // Fails with K8SC_E_API and NotFound also where a cache knows no such group-version.
    k8sc::ApiResourceListPtr resources(const std::string &group_version);
    // What failed is in it.
    k8sc::ServerResources resources(k8sc::ServerResourcesOrigin *origin = nullptr);

    void invalidate();
    // The same, unless there was another load after this one: then somebody else had the same wish.
    void forget(uint64_t load);
    bool is_fresh();

  private:
    void load(int64_t deadline);
    void repair(int64_t deadline);
    k8sc::ServerResources from_memory(int64_t deadline);
    k8sc::ServerResources from_disk(int64_t deadline);
    std::optional<std::vector<k8sc::ApiGroup>> groups_on_disk();
    k8sc::ApiResourceListPtr list_on_disk(const std::string &group_version);
    void save(const k8sc::ServerResources &resources);
    void save(const k8sc::ApiResourceList &list);
    void write(const std::string &name, const k8sc::Object &document);

    const k8sc::DiscoveryCache cache_;
    // One thread loads, and those who ask meanwhile wait for it: none of what is below is touched without.
    k8sc::CancellableMutex mutex_;
    std::optional<k8sc::DiskCache> disk_;
    std::optional<k8sc::ServerResources> known_;
    uint64_t loads_ = 0;
};

namespace k8sc {

using Discovery = ::k8sc_discovery;

}  // namespace k8sc
