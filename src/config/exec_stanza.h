// The exec section of a kubeconfig's user: a program that answers with credentials.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/config.h"
#include "config/mapping_reader.h"
#include "config/validation_errors.h"

namespace k8sc {

// As it was written.
struct ExecStanza {
    std::string command;
    std::vector<std::string> args;
    std::vector<std::pair<std::string, SecretText>> env;
    std::string api_version;
    std::string install_hint;
    std::string interactive_mode;
    bool provide_cluster_info = false;
};

// The name of the extension of a cluster that is meant for exec programs.
extern const char *const exec_extension;

ExecStanza read_exec(const MappingReader &fields);
void check_exec(const ExecStanza &exec, std::string_view field, ValidationErrors &errors);
// A stanza without errors, as settings. A command that is a path starts at `directory`.
ExecSettings exec_settings(const ExecStanza &exec, std::string_view directory);

}  // namespace k8sc
