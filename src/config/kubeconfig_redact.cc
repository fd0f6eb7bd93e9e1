#include "config/kubeconfig_redact.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "core/error.h"
#include "core/redact.h"

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

bool says_something(const json_t *value)
{
    return value && !json_is_null(value) && !(json_is_string(value) && !json_string_length(value));
}

void mark(json_t *object, const char *key, std::string_view text)
{
    if (says_something(json_object_get(object, key))) put(object, key, text);
}

void redact_url(json_t *object, const char *key)
{
    if (const char *value = json_string_value(json_object_get(object, key)))
        put(object, key, redacted_url(value, secret_mark));
}

// Everything but what is known to be harmless: what nobody knows may well be a secret.
template <class Harmless>
void redact_others(json_t *object, const Harmless &harmless)
{
    const char *key;
    json_t *value;
    void *next;
    json_object_foreach_safe(object, next, key, value)
    {
        if (says_something(value) && !is_one_of(std::string_view(key), harmless)) put(object, key, secret_mark);
    }
}

// A list of {name, extension}, which hold whatever some program puts there.
void redact_extensions(json_t *object)
{
    constexpr std::string_view harmless[] = {"name"};
    json_t *list = json_object_get(object, "extensions");
    if (list && !json_is_array(list)) return mark(object, "extensions", secret_mark);
    for (size_t i = 0; i < json_array_size(list); i++)
        if (json_is_object(json_array_get(list, i)))
            redact_others(json_array_get(list, i), harmless);
        else if (json_array_set_new(list, i, json_stringn(secret_mark.data(), secret_mark.size())) != 0)
            throw std::bad_alloc();
}

// Behind these stand user:password, and a password.
bool is_user_flag(std::string_view arg) { return arg == "-u" || arg == "--user"; }
bool is_password_flag(std::string_view arg) { return arg == "-p"; }

// --client-secret=x and --client-secret x; what else there is tells what a program is asked for.
void redact_args(json_t *args)
{
    bool secret_next = false, user_next = false;
    for (size_t i = 0; i < json_array_size(args); i++) {
        const char *value = json_string_value(json_array_get(args, i));
        if (!value) continue;
        std::string_view arg = value;
        // Behind a secret's flag, what only looks like a short flag may be the secret: base64url has "-".
        bool is_value = secret_next && !arg.starts_with("--");
        bool is_flag = !is_value && arg.starts_with('-') && arg.find('=') == std::string_view::npos;
        auto colon = user_next ? arg.find(':') : std::string_view::npos;
        std::string shown = is_value                          ? std::string(secret_mark)
                            : colon != std::string_view::npos ? concat(arg.substr(0, colon + 1), secret_mark)
                            : is_flag && !sounds_secret(arg)  ? redacted_argument(arg, secret_mark)
                            : is_flag                         ? std::string(arg)
                                                              : redacted_argument(arg, secret_mark);
        secret_next = is_flag && (sounds_secret(arg) || is_password_flag(arg));
        user_next = is_flag && is_user_flag(arg);
        if (json_array_set_new(args, i, json_stringn(shown.data(), shown.size())) != 0) throw std::bad_alloc();
    }
}

void redact_exec(json_t *exec)
{
    constexpr std::string_view harmless[] = {"apiVersion",      "command",           "args", "env", "installHint",
                                             "interactiveMode", "provideClusterInfo"};
    constexpr std::string_view harmless_of_env[] = {"name"};
    redact_others(exec, harmless);
    json_t *env = json_object_get(exec, "env");
    for (size_t i = 0; i < json_array_size(env); i++) redact_others(json_array_get(env, i), harmless_of_env);
    redact_args(json_object_get(exec, "args"));
}

void redact_provider(json_t *provider)
{
    constexpr std::string_view harmless[] = {"name", "config"};
    constexpr std::string_view harmless_settings[] = {"idp-issuer-url", "client-id", "idp-certificate-authority",
                                                      "idp-certificate-authority-data", "extra-scopes"};
    redact_others(provider, harmless);
    json_t *config = json_object_get(provider, "config");
    mark(config, "idp-certificate-authority-data", data_mark);
    redact_others(config, harmless_settings);
    redact_url(config, "idp-issuer-url");
}

void redact_user(json_t *user)
{
    constexpr std::string_view harmless[] = {"client-certificate-data",
                                             "client-certificate",
                                             "client-key",
                                             "tokenFile",
                                             "username",
                                             "as",
                                             "as-uid",
                                             "as-groups",
                                             "as-user-extra",
                                             "exec",
                                             "auth-provider",
                                             "extensions"};
    mark(user, "client-certificate-data", data_mark);
    redact_others(user, harmless);
    redact_extensions(user);
    redact_exec(json_object_get(user, "exec"));
    redact_provider(json_object_get(user, "auth-provider"));
}

void redact_cluster(json_t *cluster)
{
    constexpr std::string_view harmless[] = {"server",
                                             "tls-server-name",
                                             "insecure-skip-tls-verify",
                                             "certificate-authority",
                                             "certificate-authority-data",
                                             "proxy-url",
                                             "disable-compression",
                                             "extensions"};
    mark(cluster, "certificate-authority-data", data_mark);
    redact_others(cluster, harmless);
    redact_extensions(cluster);
    redact_url(cluster, "proxy-url");
    redact_url(cluster, "server");
}

void redact_context(json_t *context)
{
    constexpr std::string_view harmless[] = {"cluster", "user", "namespace", "extensions"};
    redact_others(context, harmless);
    redact_extensions(context);
}

}  // namespace

void redact(json_t *document)
{
    constexpr std::string_view harmless[] = {"apiVersion", "kind",  "current-context", "clusters",
                                             "contexts",   "users", "preferences",     "extensions"};
    constexpr std::string_view harmless_preferences[] = {"colors", "extensions"};
    redact_others(document, harmless);
    redact_extensions(document);
    if (!json_is_object(json_object_get(document, "preferences"))) mark(document, "preferences", secret_mark);
    json_t *preferences = json_object_get(document, "preferences");
    redact_others(preferences, harmless_preferences);
    redact_extensions(preferences);
    auto each = [&](const char *list, std::string_view entry, void (*body)(json_t *)) {
        json_t *entries = json_object_get(document, list);
        for (size_t i = 0; i < json_array_size(entries); i++) {
            json_t *stanza = json_array_get(entries, i);
            redact_others(stanza, std::array{std::string_view("name"), entry});
            if (json_t *inner = json_object_get(stanza, entry.data())) body(inner);
        }
    };
    each("clusters", "cluster", redact_cluster);
    each("users", "user", redact_user);
    each("contexts", "context", redact_context);
}

}  // namespace k8sc
