// Asking a server what it serves. Everything here blocks.
#pragma once

#include <span>
#include <string>

#include "discovery/surface.h"
#include "rest/client.h"

namespace k8sc {

// Groups, and where the server told them by the way, the resources: then `is_complete`. Fails as a GET does.
struct FetchedGroups {
    Surface surface;
    bool is_complete = false;
};
FetchedGroups fetch_groups(const Ref<Client> &client);

// The resources of these group-versions, all asked for at once.
DiscoveredMap fetch_versions(const Ref<Client> &client, std::span<const std::string> versions);

// Groups and resources. What is missing in the end was asked for twice.
Surface fetch_surface(const Ref<Client> &client);

// One document. `path` begins with "/".
Ref<Object> fetch_document(const Ref<Client> &client, const std::string &path);
// The same where its path has a query, as the server wrote it.
Ref<Object> fetch_document_at_uri(const Ref<Client> &client, const std::string &uri);

// Whether the same question may have another answer in a moment.
bool is_transient(const Error &error);

}  // namespace k8sc
