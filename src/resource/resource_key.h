// What Kubernetes calls a GroupVersionResource.
#pragma once

#include <compare>
#include <string>

namespace k8sc {

struct ResourceKey {
    std::string group, version, resource;
    auto operator<=>(const ResourceKey &) const = default;
};

}  // namespace k8sc
