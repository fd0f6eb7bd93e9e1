// What a server serves: groups, their versions, and the resources of each, whichever way it was told.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/error.h"
#include "json/object.h"

namespace k8sc {

// A resource or a subresource, as an APIResource has it. Group and version are those of its kind, and always there.
struct ApiResource {
    std::string name;      // "pods", "pods/status"
    std::string singular;  // "" for subresources
    std::string group, version, kind;
    bool is_namespaced = false;
    std::vector<std::string> verbs, short_names, categories;

    bool is_subresource() const { return name.find('/') != std::string::npos; }
};

// An APIResourceList.
struct ApiResourceList {
    std::string group, version;
    std::vector<ApiResource> resources;
};
using ApiResourceListPtr = std::shared_ptr<const ApiResourceList>;

struct ApiGroup {
    std::string name;  // "" for the core group
    std::vector<std::string> versions;
    std::string preferred;
};

// Either the resources of a group-version or why they are not known.
struct Discovered {
    ApiResourceListPtr list;
    std::shared_ptr<const Error> error;
    int64_t failed_at = 0;  // by core/clock.h
};

// By "v1" or "<group>/<version>".
using DiscoveredMap = std::map<std::string, Discovered>;

struct ServerResources {
    std::vector<ApiGroup> groups;
    DiscoveredMap versions;
};

// "v1" or "<group>/<version>".
std::string join_group_version(std::string_view group, std::string_view version);
// The other way round. Fails with K8SC_E_INVALID where it is none.
std::pair<std::string, std::string> split_group_version(std::string_view text);

// The group-versions in the order of the groups; those first that belong to no group that is named, since they were
// stale.
std::vector<std::string> ordered_versions(const ServerResources &resources);

// Whether a group names the version as its own.
bool has_version(const std::vector<ApiGroup> &groups, std::string_view group_version);

// What went wrong, with a cause for each group-version; nothing where nothing did.
std::shared_ptr<const Error> partial_failure(const ServerResources &resources);

// Of the server's preferred versions, the resources that have no "/", each once: in the preferred version of its group,
// or in the first that has it.
std::vector<ApiResourceList> preferred_resources(const ServerResources &resources, bool only_namespaced);

}  // namespace k8sc
