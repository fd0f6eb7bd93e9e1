// What newer servers tell about themselves: all resources in one document, and their schemas.
#pragma once

#include <optional>

#include "testing/http/reply.h"
#include "testing/http/request.h"
#include "testing/schema/kind.h"

namespace k8sc::testing {

// /api and /apis for who accepts an APIGroupDiscoveryList of apidiscovery.k8s.io in a version that the release has.
// Those that have none when nobody has told them otherwise have v2.
std::optional<Reply> discover_aggregated(const Request &request, const KindTable &kinds, int minor);
// /openapi/v2, /openapi/v3, and the documents below it: no more of each kind than that there is one.
std::optional<Reply> describe_schemas(const Request &request, const KindTable &kinds, int minor);

}  // namespace k8sc::testing
