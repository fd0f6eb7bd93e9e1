// Kinds and resources of a server, in the order in which they are preferred, and what is found among them. Immutable.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "discovery/server_resources.h"

// What a REST mapper answers: a kind, its resource, and where its objects live.
struct k8sc_rest_mapping {
    std::string group, version, resource, kind, singular;
    bool is_namespaced = false;
};

namespace k8sc {

using RestMapping = ::k8sc_rest_mapping;
using RestMappings = std::vector<RestMapping>;

// "deployments.apps": as messages name a resource.
std::string full_name(const RestMapping &mapping);

// A question in which anything but the name may be left open. The group "" is the core group.
struct PartialName {
    std::optional<std::string> group, version;
    std::string name;
};

class MapperTable {
  public:
    // Positions among the mappings, the preferred ones first.
    using Found = std::vector<size_t>;

    explicit MapperTable(const ServerResources &resources);

    // By plural or singular name, or where nothing has that name, by short name; upper and lower case are the same. A
    // group that nothing has exactly may be a group's beginning where the version is open, as in client-go.
    Found resources(const PartialName &wanted) const;
    // By the exact kind and the exact group.
    Found kinds(const PartialName &wanted) const;
    // Of a category such as "all"; each resource once, in its preferred version.
    Found category(const std::string &name) const;
    // As the resource arguments of kubectl: "deploy", "deployments.apps", "deployments.v1.apps", "Deployment",
    // "Deployment.v1.apps".
    Found argument(const std::string &text) const;

    // Of several, those of the group-version that is preferred.
    Found preferred(const Found &found) const;
    const RestMapping &at(size_t index) const { return mappings_[index]; }
    // Names that differ little from this one.
    std::vector<std::string> similar(const std::string &name) const;
    const std::shared_ptr<const Error> &partial() const { return partial_; }

  private:
    using Index = std::unordered_map<std::string, Found>;

    void add(const ApiResourceList &list);
    Found look(const Index &index, const PartialName &wanted, bool whole_group) const;

    std::vector<RestMapping> mappings_;
    Index plurals_, singulars_, short_names_, kinds_, categories_;
    std::shared_ptr<const Error> partial_;
};

}  // namespace k8sc
