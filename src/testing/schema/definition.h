// CustomResourceDefinitions, whose status tells clients when the kind is served: here that is at once.
#pragma once

#include "testing/base/json.h"
#include "testing/schema/kind.h"
#include "testing/schema/typed.h"

namespace k8sc::testing {

bool is_definition(const Kind &kind);

// What is of a wrong type, and what there is no field for; that is taken away.
TypeErrors read_definition(json_t *document);

// Throws ApiError (422) where nobody could serve what it defines. `strict`: also where a cluster would not, because a
// version has no schema, or no version is the one that is stored. Then the names that follow from others, and the
// status.
void complete_definition(const Kind &kind, json_t *document, bool strict);

}  // namespace k8sc::testing
