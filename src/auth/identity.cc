#include "auth/identity.h"

#include <cstring>

#include "auth/exec.h"
#include "auth/oidc.h"
#include "auth/provider.h"
#include "auth/token.h"

namespace k8sc {
namespace {

bool is_token_character(char c) { return c > ' ' && c < 0x7f && !strchr("()<>@,;:\\\"/[]?={}", c); }

// A key becomes a part of a header's name: what cannot stand there is percent-encoded, as in a URL.
std::string header_key(std::string_view key)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (char c : key) {
        auto byte = static_cast<unsigned char>(c);
        if (is_token_character(c) && c != '%') {
            out += c >= 'A' && c <= 'Z' ? char(c + 32) : c;
        } else {
            out += '%';
            out += digits[byte >> 4];
            out += digits[byte & 15];
        }
    }
    return out;
}

// To curl, a name with ":" and nothing behind it is a header not to be sent.
std::string header_line(std::string_view name, std::string_view value)
{
    return value.empty() ? concat(name, ";") : concat(name, ": ", value);
}

}  // namespace

Ref<Credentials> credentials_for(const Config &config, const Ref<IoLoop> &io_loop, const Ref<Queue> &queue,
                                 const Ref<Log> &log)
{
    if (config.token_provider) {
        config.token_provider->attach(queue);
        return provided_token(config, io_loop);
    }
    if (!config.token_file.empty()) return token_file(config.token_file, config.token);
    if (!config.token.empty()) return fixed_authorization(bearer(config.token));
    if (!config.username.empty() || !config.password.empty())
        return fixed_authorization(basic(config.username, config.password));
    if (config.exec && config.certificate_pem.empty()) return exec_credentials(config, io_loop, log);
    if (config.auth_provider && config.certificate_pem.empty()) {
        if (config.auth_provider->name != "oidc")
            fail(K8SC_E_CONFIG, concat("the auth-provider ", quote(config.auth_provider->name), " is not known"));
        return oidc_credentials(*config.auth_provider, io_loop, log);
    }
    return {};
}

std::vector<std::string> impersonation_headers(const Impersonation &impersonation)
{
    std::vector<std::string> lines;
    if (impersonation.user.empty()) return lines;
    lines.push_back("Impersonate-User: " + impersonation.user);
    if (!impersonation.uid.empty()) lines.push_back("Impersonate-Uid: " + impersonation.uid);
    for (auto &group : impersonation.groups) lines.push_back(header_line("Impersonate-Group", group));
    for (auto &[key, values] : impersonation.extra)
        for (auto &value : values) lines.push_back(header_line("Impersonate-Extra-" + header_key(key), value));
    return lines;
}

}  // namespace k8sc
