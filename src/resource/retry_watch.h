// A watch that goes on where it was: through lost connections, silence, the server's ends and its refusals of the
// moment.
#pragma once

#include "resource/watch.h"

namespace k8sc {

// Owns the triple from the moment it is called; runs destroy itself only where it fails. `first_wait_ms` is how long
// the first request is put off. Fails with K8SC_E_INVALID where the options do not say from which version.
Ref<Watch> start_retry_watch(const Ref<Resource> &resource, const Options &options, const Callback &callback,
                             int64_t first_wait_ms = 0);

// Whether asking again would not help one that was refused a watch with this error, and has been refused for so long.
bool is_final_refusal(const Error &error, int64_t refused_ms);

}  // namespace k8sc
