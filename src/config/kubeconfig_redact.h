// What of a kubeconfig may be shown to anybody.
#pragma once

#include "json/value.h"

namespace k8sc {

// Replaces the secrets in a kubeconfig's document.
void redact(json_t *document);

}  // namespace k8sc
