// Writing kubeconfigs back.
#pragma once

#include <string>

#include "config/kubeconfig_file.h"

namespace k8sc {

// Where `path` is "": each changed stanza into its file, which is read again under its lock, so that what others wrote
// meanwhile stays. Otherwise everything into the file `path`, in place of what it holds. Files appear whole or not at
// all. Fails with K8SC_E_IO, with K8SC_E_STATE where there are no files, and with K8SC_E_PARSE or K8SC_E_CONFIG where a
// file became unreadable meanwhile.
void write_kubeconfig(Kubeconfig &files, const std::string &path);

}  // namespace k8sc
