// The annotation in which kubectl apply, on the client's side, keeps what it has applied, and by which a server lets it
// go over to server-side apply.
#pragma once

#include <string_view>

#include "testing/base/json.h"
#include "testing/schema/kind.h"

namespace k8sc::testing {

// The text of the annotation, "" where there is none. Borrowed from the document.
std::string_view last_applied(const json_t *document);
// What it says, where that is an object of this version of the kind; else empty.
Json last_applied_config(const Kind &kind, const json_t *document);
// Has it say what was applied now, where the document has such an annotation.
void renew_last_applied(json_t *document, const Json &config);

}  // namespace k8sc::testing
