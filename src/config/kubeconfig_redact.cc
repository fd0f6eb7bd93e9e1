#include "config/kubeconfig_redact.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "core/error.h"

namespace k8sc {
namespace {

constexpr std::string_view secret_mark = "REDACTED";
constexpr std::string_view data_mark = "DATA+OMITTED";

template <class Names>
bool is_one_of(std::string_view name, const Names &names)
{
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

void put(json_t *object, const char *key, std::string_view text)
{
    if (json_object_set_new(object, key, json_stringn(text.data(), text.size())) != 0) throw std::bad_alloc();
}

bool says_something(const json_t *value) { return value && !json_is_null(value) && !(json_is_string(value) && !json_string_length(value)); }

void mark(json_t *object, const char *key, std::string_view text)
{
    if (says_something(json_object_get(object, key))) put(object, key, text);
}

// User and password in a URL.
void redact_url(json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));
    if (!value) return;
    std::string_view url = value;
    auto begin = url.find("://");
    begin = begin == std::string_view::npos ? 0 : begin + 3;
    // A password that is not escaped may hold anything, and so may what is behind a "?".
    auto at = url.rfind('@');
    auto query = url.find_first_of("?#", at == std::string_view::npos ? begin : at);
    std::string shown(url.substr(0, begin));
    bool user = at != std::string_view::npos && at >= begin;
    if (user) shown += concat(secret_mark, "@");
    auto host = user ? at + 1 : begin;
    shown += url.substr(host, query == std::string_view::npos ? query : query - host);
    put(object, key, shown);
}

// All that is in a value which nobody knows.
void redact_all(json_t *parent, const char *key)
{
    json_t *value = json_object_get(parent, key);
    if (!says_something(value)) return;
    put(parent, key, secret_mark);
}

bool sounds_secret(std::string_view text)
{
    std::string lower(text);
    for (char &c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    constexpr std::string_view words[] = {"secret", "token", "password", "passwd", "passphrase", "credential", "api-key", "apikey"};
    return std::any_of(std::begin(words), std::end(words), [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

// --client-secret=x and --client-secret x; what else there is tells what a program is asked for.
void redact_args(json_t *args)
{
    bool next = false;
    for (size_t i = 0; i < json_array_size(args); i++) {
        const char *value = json_string_value(json_array_get(args, i));
        if (!value) continue;
        std::string_view arg = value;
        // Behind a secret's flag, what only looks like a short flag may be the secret: base64url has "-".
        bool is_value = next && !arg.starts_with("--");
        bool is_flag = !is_value && arg.starts_with('-');
        auto equals = arg.find('=');
        std::string shown(arg);
        if (is_value)
            shown = secret_mark;
        else if (equals != std::string_view::npos && sounds_secret(arg.substr(0, equals)))
            shown = concat(arg.substr(0, equals), "=", secret_mark);
        next = is_flag && equals == std::string_view::npos && sounds_secret(arg);
        if (json_array_set_new(args, i, json_stringn(shown.data(), shown.size())) != 0) throw std::bad_alloc();
    }
}

void redact_exec(json_t *exec)
{
    json_t *env = json_object_get(exec, "env");
    for (size_t i = 0; i < json_array_size(env); i++) mark(json_array_get(env, i), "value", secret_mark);
    redact_args(json_object_get(exec, "args"));
}

void redact_provider(json_t *provider)
{
    constexpr std::string_view harmless[] = {"idp-issuer-url", "client-id", "idp-certificate-authority", "extra-scopes"};
    json_t *config = json_object_get(provider, "config");
    const char *key;
    json_t *value;
    void *next;
    json_object_foreach_safe(config, next, key, value)
    {
        if (std::string_view(key) == "idp-certificate-authority-data")
            mark(config, key, data_mark);
        else if (!is_one_of(std::string_view(key), harmless))
            redact_all(config, key);
    }
    redact_url(config, "idp-issuer-url");
}

void redact_user(json_t *user)
{
    constexpr std::string_view harmless[] = {"client-certificate", "client-key", "tokenFile",     "username",     "as", "as-uid",
                                             "as-groups",          "exec",       "auth-provider", "as-user-extra"};
    const char *key;
    json_t *value;
    void *next;
    json_object_foreach_safe(user, next, key, value)
    {
        if (std::string_view(key) == "client-certificate-data")
            mark(user, key, data_mark);
        else if (!is_one_of(std::string_view(key), harmless))
            // Tokens, passwords, keys; and what this version does not know may well be one of them.
            redact_all(user, key);
    }
    redact_exec(json_object_get(user, "exec"));
    redact_provider(json_object_get(user, "auth-provider"));
}

void redact_cluster(json_t *cluster)
{
    mark(cluster, "certificate-authority-data", data_mark);
    redact_url(cluster, "proxy-url");
    redact_url(cluster, "server");
}

}  // namespace

void redact(json_t *document)
{
    auto each = [&](const char *list, const char *entry, void (*body)(json_t *)) {
        json_t *entries = json_object_get(document, list);
        for (size_t i = 0; i < json_array_size(entries); i++) {
            json_t *stanza = json_object_get(json_array_get(entries, i), entry);
            if (stanza) body(stanza);
        }
    };
    each("clusters", "cluster", redact_cluster);
    each("users", "user", redact_user);
}

}  // namespace k8sc
