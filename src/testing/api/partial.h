// Objects of which only the metadata is wanted: PartialObjectMetadata, and lists of them.
#pragma once

#include <string_view>

#include "testing/http/request.h"
#include "testing/store/object.h"

namespace k8sc::testing {

// Whether the first thing that is accepted, and that there is, is this kind of meta.k8s.io/v1.
bool wants_partial(const Request &request, std::string_view kind);
// The same of another kind of it, in a version.
bool wants_form(const Request &request, std::string_view kind, std::string_view version);
// What such an object is served as.
const KindPtr &partial_kind();
ObjectPtr partial(const Object &object);

}  // namespace k8sc::testing
