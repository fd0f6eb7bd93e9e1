// What a cluster makes of objects of Kubernetes' own main kinds, beyond their types: what it fills in, and what it
// refuses. Strict mode.
#pragma once

#include "testing/base/json.h"
#include "testing/schema/kind.h"

namespace k8sc::testing {

// `release`: the minor number of the Kubernetes to be like, 0: of a new one.
void fill_defaults(const Kind &kind, json_t *document, int release);
// Throws ApiError (422) with all that a cluster would refuse of an object, or, where there was one `before`, of its
// change.
void check_standard(const Kind &kind, const json_t *document, const json_t *before);

}  // namespace k8sc::testing
