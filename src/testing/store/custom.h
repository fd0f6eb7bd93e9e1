// Objects of custom resources, as the schemas of their versions have them. Of other kinds, and of those without a
// schema, all of this changes nothing.
#pragma once

#include <string_view>

#include "testing/base/json.h"
#include "testing/schema/kind.h"
#include "testing/store/object.h"

namespace k8sc::testing {

// Without what the schema of this version does not have, and with its defaults.
void settle_custom(const Kind &kind, json_t *document);
// Throws ApiError (422) with all that the schema forbids, but for what stood there `before` (or
// NULL). A change through `subresource`.
void check_custom(const Kind &kind, const json_t *document, const json_t *before, std::string_view subresource = "");
// The same for the version that is stored, whichever it came in.
void store_custom(const Kind &kind, json_t *document);
// As this version shows what is stored.
ObjectPtr in_version(const Kind &kind, const ObjectPtr &object);

}  // namespace k8sc::testing
