// Discovery's documents, read and written.
#pragma once

#include <span>

#include "discovery/server_resources.h"

namespace k8sc {

// All fail with K8SC_E_DECODE where the document is not of the kind it should be. What has no name, or one that cannot
// stand in a path, is left out.

// The core group from APIVersions; nothing is added where it has no versions.
void read_api_versions(const Object &document, std::vector<ApiGroup> &groups);
void read_group_list(const Object &document, std::vector<ApiGroup> &groups);
ApiResourceList read_resource_list(const Object &document, std::string_view group, std::string_view version);
// An APIGroupDiscoveryList of apidiscovery.k8s.io/v2. Versions that the server says are stale have an error in place of
// resources, and are none of their group's.
void read_aggregated(const Object &document, ServerResources &resources);

// An APIGroupList and an APIResourceList, as a server writes them that knows no aggregated discovery.
Ref<Object> group_list_document(std::span<const ApiGroup> groups);
Ref<Object> resource_list_document(const ApiResourceList &list);

// Whether a Content-Type says that the document is an APIGroupDiscoveryList of v2; its parameters may come in any
// order.
bool is_aggregated_type(std::string_view content_type);

}  // namespace k8sc
