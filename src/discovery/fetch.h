// Asking a server what it serves. Everything here blocks, at most until its deadline, on core/clock.h's clock.
#pragma once

#include <span>
#include <string>

#include "discovery/server_resources.h"
#include "rest/client.h"

namespace k8sc {

// For one question, however many requests it takes: the configuration's timeout from now on, else client-go's 32
// seconds.
int64_t discovery_deadline(const Client &client);

// Groups, and where the server told them by the way, the resources: then `is_complete`. Fails as a GET does.
struct FetchedGroups {
    ServerResources resources;
    bool is_complete = false;
};
FetchedGroups fetch_groups(const Ref<Client> &client, int64_t deadline);

// The resources of these group-versions, all asked for at once.
DiscoveredMap fetch_versions(const Ref<Client> &client, std::span<const std::string> versions, int64_t deadline);

// Groups and resources. What is missing in the end was asked for twice, or did not answer in time.
ServerResources fetch_server_resources(const Ref<Client> &client, int64_t deadline);

// One document. `path` begins with "/".
Ref<Object> fetch_document(const Ref<Client> &client, const std::string &path);
// One that the index of OpenAPI v3 names, at its serverRelativeURL. Fails with K8SC_E_DECODE where that is no place
// below the server.
Ref<Object> fetch_openapi_document(const Ref<Client> &client, const std::string &url);

// Whether the same question may have another answer in a moment.
bool is_transient(const Error &error);

}  // namespace k8sc
