// The kubeconfig that leads to a server.
#pragma once

#include <string>

namespace k8sc::testing {

// YAML with everything inline. An empty `ca_pem`: plain HTTP.
std::string make_kubeconfig(const std::string &url, const std::string &ca_pem, const std::string &token);

// Replaces the file as a whole: a reader sees the old text or the new one. Throws Failure.
void write_private_file(const std::string &path, const std::string &text);

}  // namespace k8sc::testing
