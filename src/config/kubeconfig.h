// The configuration as kubectl finds it.
#pragma once

#include <string>
#include <string_view>

#include "config/config.h"
#include "config/in_cluster.h"
#include "config/kubeconfig_file.h"
#include "config/overrides.h"

namespace k8sc {

// The file `path`, which must be there; where that is "", the files of $KUBECONFIG, or ~/.kube/config, those that
// exist, merged. Fails with K8SC_E_IO, K8SC_E_PARSE, K8SC_E_CONFIG; where several files are bad, all of them are in the
// message.
Kubeconfig load_kubeconfig(const std::string &path);
// The same from one text.
Kubeconfig parse_kubeconfig(std::string_view yaml);

// The settings of a context, overridden. Fails with K8SC_E_CONFIG, also where there is nothing at all.
Config config_of(const Kubeconfig &files, const Overrides &overrides);

// The same from files; where none were named, no stanza is asked for and they lead to no context: the pod's service
// account. Fails as k8sc_config_load does.
Config load_config(const std::string &path, const Overrides &overrides,
                   std::string_view pod_directory = service_account_directory);
Config load_config(const std::string &path, std::string_view context,
                   std::string_view pod_directory = service_account_directory);

// The same from one text.
Config parse_config(std::string_view yaml, std::string_view context);

}  // namespace k8sc
