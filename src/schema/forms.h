// What texts and numbers Kubernetes takes for a field.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "json/cursor.h"

namespace k8sc::schema {

struct Fault {
    bool is_type;  // another type of JSON, rather than a bad value
    std::string message;
};

// What is wrong with a value that is neither null nor absent, for a form (K8SC_FIELD_) that is no object, array or map.
// Messages hold no values, other than of quantities, times and durations.
std::optional<Fault> fault_of(int32_t form, Cursor value, bool is_int32 = false);
// The same for the type of JSON alone, of any form.
std::optional<Fault> type_fault_of(int32_t form, Cursor value);

}  // namespace k8sc::schema
