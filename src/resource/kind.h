// Which resource holds the objects of a kind.
#pragma once

#include "resource/resource_key.h"
#include "rest/client.h"

namespace k8sc {

// Asks the server; blocks. `api_version` is "v1" or "<group>/<version>". Fails as a GET does, with K8SC_E_API and
// NotFound where the server has no such kind, and with K8SC_E_INVALID where these cannot be names.
ResourceKey resource_of_kind(const Ref<Client> &client, std::string_view api_version, std::string_view kind);

}  // namespace k8sc
