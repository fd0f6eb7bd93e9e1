#include "discovery/discovery.h"

#include <algorithm>

#include "core/clock.h"
#include "discovery/documents.h"
#include "discovery/fetch.h"

using namespace k8sc;

namespace {

[[noreturn]] void not_served(const std::string &group_version)
{
    Error error(K8SC_E_API,
                concat("discovery: the server is not known to have the group-version ", quote(group_version)));
    error.http_status = 404;
    error.reason = "NotFound";
    throw error;
}

ApiResourceListPtr list_or_throw(const Discovered &found)
{
    if (found.error) throw *found.error;
    return found.list;
}

// One that says nothing would hold up each caller until the deadline.
constexpr int64_t silent_for_ms = 10000;

bool may_be_well(const Discovered &found)
{
    if (!found.error || !is_transient(*found.error)) return false;
    return found.error->code != K8SC_E_TIMEOUT || now_ms() - found.failed_at >= silent_for_ms;
}

// A version that was stale, and is none of its group's therefore, came back.
void adopt_version(ServerResources &resources, const std::string &whole)
{
    auto [name, version] = split_group_version(whole);
    auto group = std::find_if(resources.groups.begin(), resources.groups.end(),
                              [&name = name](const ApiGroup &entry) { return entry.name == name; });
    if (group == resources.groups.end()) {
        resources.groups.push_back({name, {version}, version});
        return;
    }
    if (std::find(group->versions.begin(), group->versions.end(), version) == group->versions.end())
        group->versions.push_back(version);
}

}  // namespace

void k8sc_discovery::load(int64_t deadline)
{
    known_ = fetch_server_resources(client(), deadline);
    loads_++;
}

// Asks again for what failed in a way that passes.
void k8sc_discovery::repair(int64_t deadline)
{
    std::vector<std::string> again;
    for (const auto &[whole, found] : known_->versions)
        if (may_be_well(found)) again.push_back(whole);
    if (again.empty()) return;
    for (auto &[whole, found] : fetch_versions(client(), again, deadline)) {
        if (found.list) adopt_version(*known_, whole);
        known_->versions[whole] = std::move(found);
    }
}

std::vector<ApiGroup> k8sc_discovery::groups()
{
    if (cache_ == DiscoveryCache::none) return fetch_groups(client(), discovery_deadline(*client())).resources.groups;
    CancellableLock lock(mutex_);
    const int64_t deadline = discovery_deadline(*client());
    if (cache_ == DiscoveryCache::memory) {
        if (!known_) load(deadline);
        return known_->groups;
    }
    if (auto groups = groups_on_disk()) return std::move(*groups);
    FetchedGroups fetched = fetch_groups(client(), deadline);
    loads_++;
    save(fetched.resources);
    return std::move(fetched.resources.groups);
}

ApiResourceListPtr k8sc_discovery::resources(const std::string &group_version)
{
    split_group_version(group_version);
    const std::string wanted[] = {group_version};
    if (cache_ == DiscoveryCache::none)
        return list_or_throw(fetch_versions(client(), wanted, discovery_deadline(*client()))[group_version]);
    CancellableLock lock(mutex_);
    const int64_t deadline = discovery_deadline(*client());
    if (cache_ == DiscoveryCache::memory) {
        if (!known_) load(deadline);
        auto found = known_->versions.find(group_version);
        if (found == known_->versions.end()) not_served(group_version);
        if (may_be_well(found->second)) {
            found->second = fetch_versions(client(), wanted, deadline)[group_version];
            if (found->second.list) adopt_version(*known_, group_version);
        }
        return list_or_throw(found->second);
    }
    if (auto list = list_on_disk(group_version)) return list;
    Discovered fetched = fetch_versions(client(), wanted, deadline)[group_version];
    if (fetched.list) save(*fetched.list);
    return list_or_throw(fetched);
}

ServerResources k8sc_discovery::resources(ServerResourcesOrigin *origin)
{
    ServerResourcesOrigin ignored;
    ServerResourcesOrigin &from = origin ? *origin : ignored;
    if (cache_ == DiscoveryCache::none) {
        from.is_new = true;
        return fetch_server_resources(client(), discovery_deadline(*client()));
    }
    CancellableLock lock(mutex_);
    const int64_t deadline = discovery_deadline(*client());
    uint64_t before = loads_;
    ServerResources resources = cache_ == DiscoveryCache::memory ? from_memory(deadline) : from_disk(deadline);
    from = {loads_, loads_ != before};
    return resources;
}

ServerResources k8sc_discovery::from_memory(int64_t deadline)
{
    if (known_)
        repair(deadline);
    else
        load(deadline);
    return *known_;
}

ServerResources k8sc_discovery::from_disk(int64_t deadline)
{
    ServerResources resources;
    auto groups = groups_on_disk();
    if (!groups) {
        resources = fetch_server_resources(client(), deadline);
        loads_++;
        save(resources);
        return resources;
    }
    resources.groups = std::move(*groups);
    std::vector<std::string> missing;
    for (std::string &whole : ordered_versions(resources)) {
        if (auto list = list_on_disk(whole))
            resources.versions[whole] = {list, nullptr};
        else
            missing.push_back(std::move(whole));
    }
    for (auto &[whole, found] : fetch_versions(client(), missing, deadline)) {
        if (found.list) save(*found.list);
        resources.versions[whole] = std::move(found);
    }
    return resources;
}

// A file that is JSON, but not what its name says, is as good as none.
std::optional<std::vector<ApiGroup>> k8sc_discovery::groups_on_disk()
{
    Ref<Object> object = disk_->read(groups_file);
    if (!object) return std::nullopt;
    std::vector<ApiGroup> groups;
    try {
        read_group_list(*object, groups);
    } catch (const Error &) {
        return std::nullopt;
    }
    if (groups.empty()) return std::nullopt;
    return groups;
}

ApiResourceListPtr k8sc_discovery::list_on_disk(const std::string &group_version)
{
    Ref<Object> object = disk_->read(resources_file(group_version));
    if (!object || object->string_at("/groupVersion") != group_version) return nullptr;
    auto [group, version] = split_group_version(group_version);
    try {
        auto list = std::make_shared<ApiResourceList>(read_resource_list(*object, group, version));
        return list->resources.empty() ? nullptr : list;
    } catch (const Error &) {
        return nullptr;
    }
}

// The groups come last: whoever finds them finds the rest.
void k8sc_discovery::save(const ServerResources &resources)
{
    bool is_whole = !resources.groups.empty();
    for (const auto &[whole, found] : resources.versions) {
        if (found.list) save(*found.list);
        // Of a group whose version is stale the list would say that it has none.
        if (found.error) is_whole = is_whole && has_version(resources.groups, whole);
    }
    if (is_whole) write(groups_file, *group_list_document(resources.groups));
}

void k8sc_discovery::save(const ApiResourceList &list)
{
    if (!list.resources.empty())
        write(resources_file(join_group_version(list.group, list.version)), *resource_list_document(list));
}

void k8sc_discovery::write(const std::string &name, const Object &document)
{
    if (std::string why = disk_->write(name, document.json()); !why.empty())
        client()->log(LogLevel::warning, "discovery", std::move(why));
}

void k8sc_discovery::invalidate()
{
    CancellableLock lock(mutex_);
    known_.reset();
    if (disk_) disk_->invalidate();
}

void k8sc_discovery::forget(uint64_t load)
{
    CancellableLock lock(mutex_);
    if (loads_ != load) return;
    known_.reset();
    if (disk_) disk_->invalidate();
}

bool k8sc_discovery::is_fresh()
{
    if (cache_ == DiscoveryCache::none) return true;
    CancellableLock lock(mutex_);
    return disk_ ? disk_->is_fresh() : known_.has_value();
}
