#include "config/config.h"

#include <errno.h>

#include "config/checks.h"
#include "core/error.h"
#include "core/url.h"

#if defined(__APPLE__) || defined(__FreeBSD__) || defined(__NetBSD__) || defined(__OpenBSD__)
#include <stdlib.h>
#endif

namespace k8sc {
namespace {

// Servers' logs and metrics are read by people who know Go's names for systems and processors.
#if defined(__ANDROID__)
constexpr std::string_view os_name = "android";
#elif defined(__linux__)
constexpr std::string_view os_name = "linux";
#elif defined(__APPLE__)
constexpr std::string_view os_name = "darwin";
#elif defined(__FreeBSD__)
constexpr std::string_view os_name = "freebsd";
#elif defined(__NetBSD__)
constexpr std::string_view os_name = "netbsd";
#elif defined(__OpenBSD__)
constexpr std::string_view os_name = "openbsd";
#else
constexpr std::string_view os_name = "unknown";
#endif

#if defined(__x86_64__)
constexpr std::string_view arch_name = "amd64";
#elif defined(__i386__)
constexpr std::string_view arch_name = "386";
#elif defined(__aarch64__)
constexpr std::string_view arch_name = "arm64";
#elif defined(__arm__)
constexpr std::string_view arch_name = "arm";
#elif defined(__riscv) && __riscv_xlen == 64
constexpr std::string_view arch_name = "riscv64";
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
constexpr std::string_view arch_name = "ppc64le";
#elif defined(__powerpc64__)
constexpr std::string_view arch_name = "ppc64";
#elif defined(__s390x__)
constexpr std::string_view arch_name = "s390x";
#elif defined(__loongarch64)
constexpr std::string_view arch_name = "loong64";
#elif defined(__mips64) && defined(__MIPSEL__)
constexpr std::string_view arch_name = "mips64le";
#elif defined(__mips64)
constexpr std::string_view arch_name = "mips64";
#elif defined(__mips__) && defined(__MIPSEL__)
constexpr std::string_view arch_name = "mipsle";
#elif defined(__mips__)
constexpr std::string_view arch_name = "mips";
#else
constexpr std::string_view arch_name = "unknown";
#endif

std::string program_name()
{
#if defined(__linux__)
    const char *name = program_invocation_short_name;
#elif defined(__APPLE__) || defined(__FreeBSD__) || defined(__NetBSD__) || defined(__OpenBSD__)
    const char *name = getprogname();
#else
    const char *name = nullptr;
#endif
    std::string text = name ? name : "";
    if (text.empty()) return "unknown";
    // A program can be called anything; a header line cannot.
    for (char &c : text)
        if (has_control_character({&c, 1})) c = '_';
    return text;
}

}  // namespace

std::string effective_user_agent(const Config &config)
{
    std::string text = config.user_agent;
    if (text.empty())
        text = concat(program_name(), "/v" K8SC_VERSION " (", os_name, "/", arch_name, ") kubernetes/unknown");
    return text;
}

bool has_tls_settings(const Config &config)
{
    return config.insecure || !config.ca_pem.empty() || !config.certificate_pem.empty() || !config.key_pem.empty() ||
           !config.tls_server_name.empty() || !config.server_key_pins.empty() || config.tls_min || config.tls_max ||
           !config.tls12_ciphers.empty() || !config.tls13_suites.empty();
}

void check_config(const Config &config)
{
    if (config.server.empty()) fail(K8SC_E_CONFIG, "the configuration has no server");
    parse_server_url(config.server, has_tls_settings(config));
    if (config.insecure && !config.ca_pem.empty())
        fail(K8SC_E_CONFIG,
             "the configuration has a CA, and says insecure, which would not use it: remove one of them");
    if (!config.certificate_pem.empty() && config.key_pem.empty())
        fail(K8SC_E_CONFIG, "the configuration has a client certificate without its key");
    if (config.certificate_pem.empty() && !config.key_pem.empty())
        fail(K8SC_E_CONFIG, "the configuration has a client key without its certificate");
    bool token = !config.token.empty() || !config.token_file.empty() || config.token_provider;
    if (!(config.username.empty() && config.password.empty()) && token)
        fail(K8SC_E_CONFIG, "the configuration has a token and basic authentication: remove one of them");
    if (config.exec && config.auth_provider)
        fail(K8SC_E_CONFIG, "the configuration has exec and an auth-provider: remove one of them");
    if (config.exec_policy.kind == ExecPolicy::Kind::allowlist && config.exec_policy.allowed.empty())
        fail(K8SC_E_CONFIG, "the exec policy is Allowlist, and nothing is allowed: add commands, or say DenyAll");
    if (config.impersonation.user.empty() && !config.impersonation.empty())
        fail(K8SC_E_CONFIG, "the configuration impersonates a uid, groups or extra fields without a user");
}

}  // namespace k8sc
