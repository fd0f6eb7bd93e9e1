// Quantities, such as "100m" and "2Gi".
#pragma once

#include <string>

#include "testing/base/json.h"

namespace k8sc::testing {

// A quantity as servers write it; as it is where it is none.
std::string quantity_text(const json_t *value);

}  // namespace k8sc::testing
