// Patches of documents.
#pragma once

#include "testing/base/json.h"

namespace k8sc::testing {

// RFC 7386: what `patch` says is merged into `target`, null removes.
Json merge_patch(Json target, const json_t *patch);

// RFC 6902. Throws ApiError: 400 where `patch` is no list of operations, 422 where one does not apply.
Json json_patch(Json target, const json_t *patch);

}  // namespace k8sc::testing
