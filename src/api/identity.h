// Checks and setters that configurations and overrides share.
#pragma once

#include <string>
#include <string_view>

#include "api/guard.h"
#include "config/checks.h"
#include "config/config.h"
#include "core/url.h"

namespace k8sc::api {

// A text for a header line, which may be a secret and is not shown.
inline void need_line(const char *text, const char *name)
{
    need(text, name);
    if (!*text) fail(K8SC_E_INVALID, concat("argument ", name, " is empty"));
    if (has_control_character(text))
        fail(K8SC_E_INVALID, concat("argument ", name, " holds a line break or another control character"));
}

inline void need_path(const char *path, const char *name)
{
    need(path, name);
    if (!*path) fail(K8SC_E_INVALID, concat("argument ", name, " is empty"));
}

inline void need_server(const char *url)
{
    need(url, "url");
    try {
        parse_server_url(url, false);
    } catch (Error &error) {
        // Here the caller's argument is at fault, not a configuration as a whole.
        error.code = K8SC_E_INVALID;
        throw;
    }
}

inline void need_proxy(std::string_view url)
{
    std::string fault = proxy_url_fault(url);
    if (!fault.empty()) fail(K8SC_E_INVALID, concat("argument url ", fault));
}

inline void set_impersonation(Impersonation &impersonation, const char *user, const char *uid)
{
    if (user) need_line(user, "user");
    if (uid) need_line(uid, "uid");
    if (uid && !user) fail(K8SC_E_INVALID, "argument uid is given without user");
    impersonation = {text_or_empty(user), text_or_empty(uid), {}, {}};
}

inline void add_group(Impersonation &impersonation, const char *group)
{
    need_line(group, "group");
    impersonation.groups.emplace_back(group);
}

inline void add_extra(Impersonation &impersonation, const char *key, const char *value)
{
    need_line(key, "key");
    need(value, "value");
    if (has_control_character(value))
        fail(K8SC_E_INVALID, "argument value holds a line break or another control character");
    impersonation.extra[key].emplace_back(value);
}

}  // namespace k8sc::api
