// A kubeconfig as one text, and parts of it.
#pragma once

#include <string>
#include <string_view>

#include "config/kubeconfig_file.h"

namespace k8sc {

// All of it as YAML, secrets included. Relative paths from files are made absolute, as they mean something only beside
// those.
std::string kubeconfig_yaml(const Kubeconfig &files);
// The same to be shown: "REDACTED" stands for secrets, "DATA+OMITTED" for certificates.
std::string redacted_yaml(const Kubeconfig &files);

// Only a context ("": the current one), which becomes the current one, and what it uses. It belongs to no files. Fails
// with K8SC_E_CONFIG.
Kubeconfig minify_kubeconfig(const Kubeconfig &files, std::string_view context);
// With the certificates and keys inline that are in files. It belongs to no files. Fails with K8SC_E_CONFIG.
Kubeconfig flatten_kubeconfig(const Kubeconfig &files);

}  // namespace k8sc
