// From what kubeconfig files say to the settings of one client.
#pragma once

#include <string>
#include <string_view>

#include "config/config.h"
#include "config/kubeconfig_file.h"
#include "config/overrides.h"
#include "config/validation_errors.h"

namespace k8sc {

// The settings of a context, or of what is overridden. Reads the files that its cluster and user name. Fails with
// K8SC_E_CONFIG.
Config resolve_kubeconfig(const Kubeconfig &files, const Overrides &overrides);

// Put what a stanza without contradictions names into the settings.
void load_cluster(const ClusterStanza &cluster, std::string_view name, Config &config, ValidationErrors &errors);
void load_certificate(const UserStanza &user, std::string_view name, Config &config, ValidationErrors &errors);

}  // namespace k8sc
