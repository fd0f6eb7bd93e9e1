// k8sc_config_set_*: how the server is reached.
#include <arpa/inet.h>
#include <net/if.h>

#include <cstring>

#include "api/guard.h"
#include "config/config.h"
#include "core/url.h"
#include "net/proxy.h"
#include "net/tls_names.h"

using namespace k8sc;
using namespace k8sc::api;

namespace {

int need_tls_version(const char *version, const char *name)
{
    if (!version) return 0;
    if (strcmp(version, "1.2") == 0) return 12;
    if (strcmp(version, "1.3") == 0) return 13;
    fail(K8SC_E_INVALID, concat(name, " is ", quote(version), "; it must be \"1.2\" or \"1.3\""));
}

void need_known(const std::string &unknown, const char *name)
{
    if (!unknown.empty()) fail(K8SC_E_INVALID, concat(name, ": ", quote(unknown), " is not known to OpenSSL"));
}

bool is_address(const char *text)
{
    unsigned char address[16];
    return inet_pton(AF_INET, text, address) == 1 || inet_pton(AF_INET6, text, address) == 1;
}

bool is_interface_name(std::string_view text)
{
    if (text.empty() || text.size() >= IF_NAMESIZE || text == "." || text == "..") return false;
    for (char c : text)
        if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f || c == '/' || c == '!') return false;
    return true;
}

}  // namespace

extern "C" {

k8sc_status k8sc_config_set_proxy(k8sc_config *config, const char *url, k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        if (url && *url) parse_proxy(url, "proxy URL");
        config->proxy_url = text_or_empty(url);
        config->no_proxy = url && !*url;
    });
}

k8sc_status k8sc_config_set_compression(k8sc_config *config, int enabled, k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        config->compression = enabled != 0;
    });
}

k8sc_status k8sc_config_set_unix_socket(k8sc_config *config, const char *path, k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        if (path && !is_socket_path(path)) fail(K8SC_E_INVALID, concat("path ", quote(path), ": ", socket_path_rule));
        config->unix_socket = text_or_empty(path);
    });
}

k8sc_status k8sc_config_set_bind_address(k8sc_config *config, const char *address, k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        if (address && !is_address(address) && !is_interface_name(address))
            fail(K8SC_E_INVALID,
                 concat("address ", quote(address), " is neither an IP address nor an interface's name"));
        config->bind_address = text_or_empty(address);
    });
}

k8sc_status k8sc_config_set_tls_versions(k8sc_config *config, const char *min, const char *max, k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        int least = need_tls_version(min, "min"), most = need_tls_version(max, "max");
        if (least && most && least > most)
            fail(K8SC_E_INVALID, concat("min is ", min, " and max is ", max, "; min may not be above max"));
        config->tls_min = least;
        config->tls_max = most;
    });
}

k8sc_status k8sc_config_set_tls_ciphers(k8sc_config *config, const char *tls12_ciphers, const char *tls13_suites,
                                        k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        if (tls12_ciphers) need_known(unknown_tls12_cipher(tls12_ciphers), "tls12_ciphers");
        if (tls13_suites) need_known(unknown_tls13_suite(tls13_suites), "tls13_suites");
        config->tls12_ciphers = text_or_empty(tls12_ciphers);
        config->tls13_suites = text_or_empty(tls13_suites);
    });
}

k8sc_status k8sc_config_set_server_key_pins(k8sc_config *config, const char *pins, k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        if (pins && !is_pin_list(pins))
            fail(K8SC_E_INVALID,
                 concat("pins ", quote(pins), " are not \"sha256//\" and the base64 of a SHA-256, separated by \";\""));
        config->server_key_pins = text_or_empty(pins);
    });
}

}  // extern "C"
