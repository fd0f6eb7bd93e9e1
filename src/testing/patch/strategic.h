// Strategic merge patches: merge patches that know which arrays are lists of named things.
#pragma once

#include "testing/base/json.h"
#include "testing/schema/shape.h"

namespace k8sc::testing {

// Throws ApiError where the patch has directives that mean nothing, or items without their key.
Json strategic_patch(Json target, const json_t *patch, const Shape &shape);

}  // namespace k8sc::testing
