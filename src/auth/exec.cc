#include "auth/exec.h"

#include <stdlib.h>
#include <unistd.h>

#include <utility>
#include <vector>

#include "auth/program.h"
#include "auth/secrets.h"
#include "auth/token.h"
#include "config/checks.h"
#include "config/file.h"
#include "core/pem.h"
#include "core/redact.h"
#include "core/visible.h"
#include "core/wall_clock.h"
#include "json/draft.h"
#include "json/object.h"
#include "json/write.h"
#include "json/yaml.h"

namespace k8sc {
namespace {

std::vector<std::string> present_environment()
{
    std::vector<std::string> out;
    for (char **entry = environ; entry && *entry; entry++) out.emplace_back(*entry);
    return out;
}

void set_variable(std::vector<std::string> &environment, const std::string &name, const std::string &value)
{
    std::erase_if(environment, [&](auto &entry) {
        return entry.size() > name.size() && entry[name.size()] == '=' && entry.starts_with(name);
    });
    environment.push_back(concat(name, "=", value));
}

std::string variable(const std::vector<std::string> &environment, std::string_view name)
{
    for (auto &entry : environment)
        if (entry.size() > name.size() && entry[name.size()] == '=' && entry.starts_with(name))
            return entry.substr(name.size() + 1);
    return {};
}

constexpr size_t most_told = 512;
// Of an answer, far above what one has.
constexpr size_t most_values = 1000;
// 0001-01-01T00:00:00Z, which is how Go writes that there is no time.
constexpr int64_t go_zero_time_ms = -62135596800000;

// The last of a text, from the beginning of a word on: half of a secret would look like none.
std::string_view last_of(std::string_view text)
{
    if (text.size() <= most_told) return text;
    text.remove_prefix(text.size() - most_told);
    auto blank = text.find_first_of(" \t\n");
    return blank == std::string_view::npos ? std::string_view() : text.substr(blank + 1);
}

// What a plugin wrote to its standard error is for people, but has been seen to hold tokens.
std::string told(const std::string &errors)
{
    auto end = errors.find_last_not_of(" \t\r\n");
    if (end == std::string::npos) return {};
    std::string_view all(errors.data(), end + 1), text = last_of(all);
    return concat("; it said: ", text.size() < all.size() ? "..." : "", quote(redacted_prose(text), 2 * most_told));
}

std::string how_it_ended(const Program &program, const ProgramResult &result)
{
    const char *killed = result.left ? "could not be killed" : "was killed";
    switch (result.end) {
    case ProgramResult::End::timed_out:
        return concat("it did not end within ", std::to_string(program.timeout_ms), " ms and ", killed);
    case ProgramResult::End::stopped: return concat("it ", killed, ", since its client was closed");
    case ProgramResult::End::too_much: return concat("it wrote more than a megabyte and ", killed);
    case ProgramResult::End::signalled: return "it was ended by signal " + std::to_string(result.code);
    case ProgramResult::End::exited: return "it exited with status " + std::to_string(result.code);
    }
    return "it ended";
}

std::string text_named(Cursor value, std::string_view what)
{
    if (!value || value.type() == K8SC_TYPE_NULL) return {};
    auto text = value.string();
    if (!text) fail(K8SC_E_CREDENTIALS, concat("its ", what, " is not a string"));
    return *text;
}

// As kubectl reads it: JSON or YAML. NULL where it is neither, or no mapping.
Ref<Object> read_answer(std::string_view output)
{
    // No message of these is told: what it wrote may be a secret in the wrong form.
    try {
        return Object::parse(output);
    } catch (const Error &) {
    }
    try {
        Json document = parse_yaml(output, "", most_values);
        return json_is_object(document.get()) ? Object::parse(compact_json(document.get())) : Ref<Object>();
    } catch (const Error &) {
        return {};
    }
}

// What a Status says that stands where the credential should.
std::string status_told(const Object &answer)
{
    Cursor root = answer.root();
    if (root.member("kind").string().value_or("") != "Status") return {};
    auto shown = [&](const char *field) { return redacted_prose(root.member(field).string().value_or("")); };
    std::string reason = shown("reason"), message = shown("message");
    return concat(
        "; its Status says: ",
        quote(reason.empty() || message.empty() ? reason + message : concat(reason, ": ", message), most_told));
}

std::string status_told(std::string_view output)
{
    Ref<Object> answer = read_answer(output);
    return answer ? status_told(*answer) : std::string();
}

class ExecCredentials : public RenewedCredentials {
  public:
    ExecCredentials(const Config &config, const Ref<IoLoop> &io_loop, const Ref<Log> &log)
        : RenewedCredentials(pause_after_failure_ms),
          io_loop_(io_loop),
          log_(log),
          settings_(*config.exec),
          policy_(config.exec_policy)
    {
        bool may_ask = config.exec_interactive && isatty(0);
        program_.interactive = settings_.interactive != ExecSettings::Interactive::never && may_ask;
        program_.arguments = settings_.args;
        program_.timeout_ms = config.exec_timeout_ms;
        program_.environment = present_environment();
        // The directories of this process are searched, not those of the variables that the program is given.
        search_path_ = variable(program_.environment, "PATH");
        for (auto &[name, value] : settings_.env) set_variable(program_.environment, name, value);
        set_variable(program_.environment, "KUBERNETES_EXEC_INFO", exec_info(config, settings_, program_.interactive));
    }

    ~ExecCredentials() override
    {
        for (auto &variable : program_.environment) wipe(variable);
    }

    void shut_down() override K8SC_REQUIRES(io_thread)
    {
        if (stop_) stop_->stop();
        reap_programs();
        RenewedCredentials::shut_down();
    }

  private:
    void renew(bool) override K8SC_REQUIRES(io_thread)
    {
        stop_ = std::make_shared<StopToken>();
        Ref<ExecCredentials> self(this);
        renew_blocking(
            io_loop_, [self, stop = stop_] { return self->ask(stop); },
            [self](const Error *error, const Renewal &renewal) {
                assert_on_io_thread();
                self->stop_ = nullptr;
                self->note(error, renewal);
                self->renewed(error, renewal);
            });
    }

    // Not on the I/O thread.
    Renewal ask(const std::shared_ptr<StopToken> &stop) const
    {
        std::string shown = concat("the credential plugin ", quote(settings_.command));
        if (settings_.interactive == ExecSettings::Interactive::always && !program_.interactive)
            fail(K8SC_E_CREDENTIALS, concat(shown, " asks somebody on the terminal (interactiveMode Always), which was "
                                                   "not allowed, or there is no terminal"));
        Program program = program_;
        program.path = find_program(settings_.command, search_path_);
        if (program.path.empty()) {
            std::string hint = settings_.install_hint.empty() ? "" : concat("; ", visible(settings_.install_hint));
            fail(K8SC_E_CREDENTIALS, concat(shown, " was not found, or cannot be executed", hint));
        }
        check_exec_policy(policy_, settings_.command, program.path, search_path_);
        try {
            ProgramResult result = run_program(program, stop);
            bool good = result.end == ProgramResult::End::exited && result.code <= 0;
            if (!good)
                fail(K8SC_E_CREDENTIALS,
                     concat(how_it_ended(program, result), status_told(result.output), told(result.errors)));
            return read_exec_credential(result.output, settings_.api_version, wall_now_ms());
        } catch (const Error &error) {
            std::string why = error.message;
            hide_environment(why);
            fail(K8SC_E_CREDENTIALS, concat(shown, ": ", why));
        }
    }

    // What the program was given is what it may repeat.
    void hide_environment(std::string &text) const
    {
        Secrets given;
        for (auto &[name, value] : settings_.env) given.add(value);
        given.hide_in(text);
    }

    void note(const Error *error, const Renewal &renewal) const
    {
        if (error) return log_->write(LogLevel::warning, "exec", error->message);
        if (!log_->wants(LogLevel::debug)) return;
        std::string until = renewal.expires_at_ms == never ? "it is refused" : rfc3339(renewal.expires_at_ms);
        log_->write(
            LogLevel::debug, "exec",
            concat("the credential plugin ", quote(settings_.command), " gave a credential, to be used until ", until));
    }

    const Ref<IoLoop> io_loop_;
    const Ref<Log> log_;
    const ExecSettings settings_;
    const ExecPolicy policy_;
    std::string search_path_;
    Program program_;
    std::shared_ptr<StopToken> stop_;  // of the run that is going on
};

}  // namespace

Renewal read_exec_credential(std::string_view output, const std::string &api_version, int64_t wall_now)
{
    Ref<Object> object = read_answer(output);
    if (!object)
        fail(K8SC_E_CREDENTIALS, concat("its output (", std::to_string(output.size()),
                                        " bytes) is neither a JSON object nor a YAML mapping"));
    Cursor root = object->root();
    std::string kind = text_named(root.member("kind"), "kind"),
                version = text_named(root.member("apiVersion"), "apiVersion");
    if (kind != "ExecCredential")
        fail(K8SC_E_CREDENTIALS,
             concat("its output is of kind ", quote(kind), " and not ExecCredential", status_told(*object)));
    if (version != api_version)
        fail(K8SC_E_CREDENTIALS, concat("its output has the apiVersion ", quote(version), "; the kubeconfig asks for ",
                                        quote(api_version)));
    Cursor status = root.member("status");
    if (status.type() != K8SC_TYPE_OBJECT) fail(K8SC_E_CREDENTIALS, "its output has no status");

    Renewal answer;
    std::string token = text_named(status.member("token"), "token");
    std::string certificate = text_named(status.member("clientCertificateData"), "clientCertificateData");
    std::string key = text_named(status.member("clientKeyData"), "clientKeyData");
    if (certificate.empty() != key.empty())
        fail(K8SC_E_CREDENTIALS,
             concat("its output has ", key.empty() ? "clientCertificateData without clientKeyData"
                                                   : "clientKeyData without clientCertificateData"));
    if (token.empty() && key.empty())
        fail(K8SC_E_CREDENTIALS, "its output has neither a token nor a client certificate");
    if (has_control_character(token)) fail(K8SC_E_CREDENTIALS, "its token holds a control character");
    if (!token.empty()) answer.credential.authorization = bearer(token);
    if (!key.empty()) {
        check_key_pair(certificate, key, "its clientCertificateData", "its clientKeyData");
        answer.credential.key_pair = make<KeyPair>(certificate, key);
    }
    std::string expires = text_named(status.member("expirationTimestamp"), "expirationTimestamp");
    if (!expires.empty()) {
        auto time = parse_rfc3339(expires);
        if (!time) fail(K8SC_E_CREDENTIALS, concat("its expirationTimestamp ", quote(expires), " is not a time"));
        if (*time == go_zero_time_ms) return answer;
        if (*time <= wall_now)
            fail(K8SC_E_CREDENTIALS,
                 concat("what it answered expired at ", quote(expires), "; now it is ", rfc3339(wall_now)));
        answer.expires_at_ms = *time;
    }
    return answer;
}

std::string exec_info(const Config &config, const ExecSettings &settings, bool interactive)
{
    Draft info;
    auto set = [&](const char *pointer, const std::string &text) {
        if (!text.empty()) info.set_string(pointer, text);
    };
    info.set_string("/apiVersion", settings.api_version);
    info.set_string("/kind", "ExecCredential");
    info.set("/spec/interactive", own(json_boolean(interactive)));
    if (settings.provide_cluster_info) {
        info.set_string("/spec/cluster/server", config.server);
        set("/spec/cluster/tls-server-name", config.tls_server_name);
        if (config.insecure) info.set("/spec/cluster/insecure-skip-tls-verify", own(json_true()));
        if (!config.ca_pem.empty())
            info.set_string("/spec/cluster/certificate-authority-data", encode_base64(config.ca_pem));
        set("/spec/cluster/proxy-url", config.proxy_url);
        if (!config.compression) info.set("/spec/cluster/disable-compression", own(json_true()));
        if (!settings.cluster_extension.empty()) info.set_json("/spec/cluster/config", settings.cluster_extension);
    }
    return compact_json(info.root());
}

void check_exec_policy(const ExecPolicy &policy, const std::string &command, const std::string &path,
                       std::string_view search_path)
{
    if (policy.kind == ExecPolicy::Kind::allow_all) return;
    if (policy.kind == ExecPolicy::Kind::allowlist)
        for (auto &allowed : policy.allowed)
            if (allowed == command || allowed == path || find_program(allowed, search_path) == path) return;
    fail(K8SC_E_CREDENTIALS,
         concat("the credential plugin ", quote(command), " (", quoted_path(path), ") may not be run: the policy ",
                policy.kind == ExecPolicy::Kind::deny_all ? "allows none" : "does not list it"));
}

Ref<Credentials> exec_credentials(const Config &config, const Ref<IoLoop> &io_loop, const Ref<Log> &log)
{
    return make<ExecCredentials>(config, io_loop, log);
}

}  // namespace k8sc
