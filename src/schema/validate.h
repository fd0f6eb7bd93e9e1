// Documents against the tables, as Kubernetes' strict decoding has it.
#pragma once

#include "schema/tables.h"
#include "json/object.h"

namespace k8sc::schema {

// `type` may be NULL: it is then found by the document's apiVersion and kind. Fails with K8SC_E_INVALID, with a cause
// for each fault, or with K8SC_E_UNKNOWN_KIND.
void validate(const Object &object, const Type *type);

}  // namespace k8sc::schema
