// What can be wrong with the stanzas of a kubeconfig.
#pragma once

#include <string_view>

#include "config/kubeconfig_file.h"
#include "config/validation_errors.h"

namespace k8sc {

// "<file>: user "x": ", which messages begin with, and "users[x]", which fields do.
std::string stanza_prefix(const Stanza &stanza, StanzaKind kind, std::string_view name);
std::string stanza_field(StanzaKind kind, std::string_view name);

// Contradictions, and what is missing: found without reading other files.
void check_cluster(const ClusterStanza &cluster, std::string_view name, ValidationErrors &errors);
void check_user(const UserStanza &user, std::string_view name, ValidationErrors &errors);
// What makes credentials unusable; it matters only where they are used.
void check_credentials(const UserStanza &user, std::string_view name, ValidationErrors &errors);
void check_impersonation(const Impersonation &impersonation, std::string_view place, ValidationErrors &errors);
void check_context(const ContextStanza &context, std::string_view name, const Kubeconfig &files,
                   ValidationErrors &errors, bool needs_cluster = true);

// All errors of all stanzas, the files they name included, as one K8SC_E_CONFIG.
void validate_kubeconfig(const Kubeconfig &files);

// What there is to choose from, for messages: "there are: ..." or "there are none".
template <class T>
std::string names_of(const Stanzas<T> &stanzas)
{
    constexpr size_t limit = 20;
    if (stanzas.empty()) return "there are none";
    std::string text = "there are: ";
    size_t n = 0;
    for (auto &[name, stanza] : stanzas) {
        if (n == limit) return text + ", and " + std::to_string(stanzas.size() - limit) + " more";
        text += concat(n ? ", " : "", quote(name));
        n++;
    }
    return text;
}

}  // namespace k8sc
