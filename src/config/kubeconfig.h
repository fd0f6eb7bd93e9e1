// The configuration as kubectl finds it.
#pragma once

#include <string>
#include <string_view>

#include "config/config.h"
#include "config/in_cluster.h"

namespace k8sc {

// The file `path`; where that is "", the files of $KUBECONFIG, merged, or ~/.kube/config; where none of those leads to a context,
// the pod's service account. `context` "" means current-context. Fails as k8sc_config_load does.
Config load_config(const std::string &path, std::string_view context, std::string_view pod_directory = service_account_directory);

// The same from one text.
Config parse_config(std::string_view yaml, std::string_view context);

}  // namespace k8sc
