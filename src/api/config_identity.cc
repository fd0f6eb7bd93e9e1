// k8sc_config_*: who the client is, how that is found out, and by which way it goes.
#include <algorithm>

#include "api/identity.h"
#include "config/exec_stanza.h"
#include "config/pem_source.h"
#include "json/draft.h"

using namespace k8sc;
using namespace k8sc::api;

namespace {

ExecPolicy::Kind policy_of(std::string_view text)
{
    if (text == "AllowAll") return ExecPolicy::Kind::allow_all;
    if (text == "DenyAll") return ExecPolicy::Kind::deny_all;
    if (text == "Allowlist") return ExecPolicy::Kind::allowlist;
    fail(K8SC_E_INVALID, concat("policy is ", quote(text), "; it must be AllowAll, DenyAll or Allowlist"));
}

// A bare name, or a path without "." and "..", which would look like another one.
void need_command(std::string_view command)
{
    if (command.find('/') == std::string_view::npos) return;
    std::string_view rest = command;
    bool plain = command.starts_with('/') && !command.ends_with('/');
    while (plain && !rest.empty()) {
        rest.remove_prefix(1);
        std::string_view part = rest.substr(0, rest.find('/'));
        plain = !part.empty() && part != "." && part != "..";
        rest.remove_prefix(part.size());
    }
    if (!plain)
        fail(K8SC_E_INVALID, concat("command ", quote(command),
                                    " must be a name, or an absolute path without \".\", \"..\" and \"//\""));
}

ExecSettings parse_exec(std::string_view json)
{
    Json document = load_json(json, "argument json");
    if (!json_is_object(document.get()))
        fail(K8SC_E_INVALID, concat("argument json is ", type_name(document.get()), "; it must be an object"));
    try {
        ExecStanza exec = read_exec(MappingReader(document.get(), "exec."));
        ValidationErrors errors;
        check_exec(exec, "exec", errors);
        errors.raise();
        return exec_settings(exec, "");
    } catch (Error &error) {
        error.code = error.code == K8SC_E_CONFIG ? K8SC_E_INVALID : error.code;
        throw;
    }
}

}  // namespace

extern "C" {

k8sc_status k8sc_config_set_basic_auth(k8sc_config *config, const char *user, const char *password, k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        if (user) {
            need_line(user, "user");
            if (std::string_view(user).find(':') != std::string_view::npos)
                fail(K8SC_E_INVALID, "argument user holds a \":\", which basic authentication cannot express");
            if (password && has_control_character(password))
                fail(K8SC_E_INVALID, "argument password holds a control character");
        } else if (password) {
            fail(K8SC_E_INVALID, "argument password is given without user");
        }
        config->username = text_or_empty(user);
        config->password = text_or_empty(password);
    });
}

k8sc_status k8sc_config_set_impersonation(k8sc_config *config, const char *user, const char *uid, k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        set_impersonation(config->impersonation, user, uid);
    });
}

k8sc_status k8sc_config_add_impersonation_group(k8sc_config *config, const char *group, k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        add_group(config->impersonation, group);
    });
}

k8sc_status k8sc_config_add_impersonation_extra(k8sc_config *config, const char *key, const char *value,
                                                k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        add_extra(config->impersonation, key, value);
    });
}

k8sc_status k8sc_config_set_ca_file(k8sc_config *config, const char *path, k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        if (path) need_path(path, "path");
        set_ca(*config, path ? read_pem_file("CA", path) : PemSource());
    });
}

k8sc_status k8sc_config_set_client_certificate_files(k8sc_config *config, const char *certificate_path,
                                                     const char *key_path, k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        if (!certificate_path && !key_path) return set_client_certificate(*config, {}, {});
        need_path(certificate_path, "certificate_path");
        need_path(key_path, "key_path");
        set_client_certificate(*config, read_pem_file("client certificate", certificate_path),
                               read_pem_file("client key", key_path));
    });
}

k8sc_status k8sc_config_set_exec(k8sc_config *config, const char *json, k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        if (json)
            config->exec = parse_exec(json);
        else
            config->exec.reset();
    });
}

k8sc_status k8sc_config_set_exec_policy(k8sc_config *config, const char *policy, k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        need(policy, "policy");
        config->exec_policy = {policy_of(policy), {}};
    });
}

k8sc_status k8sc_config_add_exec_allowed(k8sc_config *config, const char *command, k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        need_line(command, "command");
        need_command(command);
        if (config->exec_policy.kind != ExecPolicy::Kind::allowlist)
            fail(K8SC_E_STATE, "the exec policy is not Allowlist; set it first");
        config->exec_policy.allowed.emplace_back(command);
    });
}

k8sc_status k8sc_config_set_exec_timeout(k8sc_config *config, int64_t timeout_ms, k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        need_timeout(timeout_ms);
        config->exec_timeout_ms = timeout_ms;
    });
}

}  // extern "C"
