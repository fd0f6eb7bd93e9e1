// The service account of the pod that this process runs in.
#pragma once

#include <string>
#include <string_view>

#include "config/config.h"

namespace k8sc {

extern const std::string_view service_account_directory;

// Reads $KUBERNETES_SERVICE_HOST and _PORT, and token, ca.crt and namespace ($POD_NAMESPACE goes before it) below
// `directory`. Fails with K8SC_E_NOT_IN_CLUSTER, with K8SC_E_IO where there is no token, with K8SC_E_CONFIG where host
// and port make no URL or the namespace can be none.
Config load_in_cluster(std::string_view directory = service_account_directory);

// What speaks against being in a pod; "" where nothing does.
std::string not_in_cluster_because(std::string_view directory = service_account_directory);

}  // namespace k8sc
