#include "config/exec_stanza.h"

#include "config/file.h"

namespace k8sc {

const char *const exec_extension = "client.authentication.k8s.io/exec";

namespace {

constexpr std::string_view v1 = "client.authentication.k8s.io/v1";
constexpr std::string_view v1beta1 = "client.authentication.k8s.io/v1beta1";

}  // namespace

ExecStanza read_exec(const MappingReader &fields)
{
    ExecStanza exec;
    exec.command = fields.string("command");
    exec.args = fields.strings("args");
    for (auto &entry : fields.mappings("env")) exec.env.emplace_back(entry.string("name"), entry.string("value"));
    exec.api_version = fields.string("apiVersion");
    exec.install_hint = fields.string("installHint");
    exec.interactive_mode = fields.string("interactiveMode");
    exec.provide_cluster_info = fields.boolean("provideClusterInfo");
    return exec;
}

void check_exec(const ExecStanza &exec, std::string_view field, ValidationErrors &errors)
{
    auto below = [&](std::string_view name) { return concat(field, ".", name); };
    if (exec.command.empty()) errors.add(below("command"), "exec.command is missing");
    if (exec.api_version.empty())
        errors.add(below("apiVersion"), "exec.apiVersion is missing");
    else if (exec.api_version != v1 && exec.api_version != v1beta1)
        errors.add(below("apiVersion"),
                   concat("exec.apiVersion is ", quote(exec.api_version), "; it must be ", v1, " or ", v1beta1));
    if (exec.interactive_mode.empty()) {
        if (exec.api_version == v1)
            errors.add(below("interactiveMode"),
                       "exec.interactiveMode is missing; it must be Never, IfAvailable or Always");
    } else if (exec.interactive_mode != "Never" && exec.interactive_mode != "IfAvailable" &&
               exec.interactive_mode != "Always") {
        errors.add(below("interactiveMode"), concat("exec.interactiveMode is ", quote(exec.interactive_mode),
                                                    "; it must be Never, IfAvailable or Always"));
    }
    for (size_t i = 0; i < exec.env.size(); i++) {
        const std::string &name = exec.env[i].first;
        std::string place = concat("env[", std::to_string(i), "].name");
        if (name.empty()) errors.add(below(place), concat("exec.", place, " is missing"));
        if (name.find('=') != std::string::npos) errors.add(below(place), concat("exec.", place, " holds a \"=\""));
    }
}

ExecSettings exec_settings(const ExecStanza &exec, std::string_view directory)
{
    ExecSettings settings;
    bool is_path = exec.command.find('/') != std::string::npos;
    settings.command = is_path ? absolute_path(path_below(directory, exec.command)) : exec.command;
    settings.args = exec.args;
    settings.env = exec.env;
    settings.api_version = exec.api_version;
    settings.install_hint = exec.install_hint;
    using Interactive = ExecSettings::Interactive;
    settings.interactive = exec.interactive_mode == "Never"    ? Interactive::never
                           : exec.interactive_mode == "Always" ? Interactive::always
                                                               : Interactive::if_available;
    settings.provide_cluster_info = exec.provide_cluster_info;
    return settings;
}

}  // namespace k8sc
