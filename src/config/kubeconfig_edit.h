// Changing what a kubeconfig says, in memory; kubeconfig_write.h brings it to the files.
#pragma once

#include <string_view>

#include "config/kubeconfig_file.h"
#include "json/value.h"

namespace k8sc {

// The stanza with this name, or null.
const Stanza *find_stanza(const Kubeconfig &files, StanzaKind kind, std::string_view name);

// Sets a whole stanza, whose fields must have their types; `body` is an object. What else is in its entry of the list
// stays. It belongs to the file it was in, a new one to the default file. Fails with K8SC_E_INVALID.
void set_stanza(Kubeconfig &files, StanzaKind kind, std::string_view name, const json_t *body);
// Deletes a stanza, from all files that have it. Fails with K8SC_E_CONFIG where there is none.
void delete_stanza(Kubeconfig &files, StanzaKind kind, std::string_view name);
// "" means none. Fails with K8SC_E_CONFIG where there is no such context.
void set_current_context(Kubeconfig &files, std::string_view name);

}  // namespace k8sc
