// The JSONPath of a definition's columns: ".spec.size", ".status.conditions[?(@.type==\"Ready\")].status".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "testing/base/json.h"

namespace k8sc::testing {

// All values there; borrowed from the document. None where the path is not understood.
std::vector<const json_t *> find_by_path(const json_t *document, std::string_view path);

}  // namespace k8sc::testing
