// From what kubeconfig files say to the settings of one client.
#pragma once

#include <string_view>

#include "config/config.h"
#include "config/kubeconfig_file.h"

namespace k8sc {

// The settings of a context; "" means current-context. Reads the files that its cluster and user name. Fails with K8SC_E_CONFIG.
Config resolve_kubeconfig(const Kubeconfig &files, std::string_view context);

}  // namespace k8sc
