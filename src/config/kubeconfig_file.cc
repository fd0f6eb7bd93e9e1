#include "config/kubeconfig_file.h"

#include <initializer_list>
#include <utility>

#include "core/error.h"
#include "json/yaml.h"

namespace k8sc {
namespace {

std::string_view type_name(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT: return "a mapping";
    case JSON_ARRAY: return "a list";
    case JSON_STRING: return "a string";
    case JSON_INTEGER:
    case JSON_REAL: return "a number";
    case JSON_TRUE:
    case JSON_FALSE: return "a boolean";
    case JSON_NULL: return "null";
    }
    return "something else";
}

// A mapping, read field by field. null stands for an absent field, as it does for kubectl.
class Fields {
  public:
    // `where` ends in what the name of a field can follow: "<file>: " or "<file>: user "x": ".
    Fields(const json_t *mapping, std::string where) : mapping_(mapping), where_(std::move(where)) {}

    const std::string &where() const { return where_; }

    const json_t *get(const char *name, json_type type, std::string_view due) const
    {
        const json_t *value = json_object_get(mapping_, name);
        if (!value || json_is_null(value)) return nullptr;
        if (json_typeof(value) != type) refuse(name, value, due);
        return value;
    }

    std::string string(const char *name) const
    {
        const json_t *value = get(name, JSON_STRING, "a string");
        if (!value) return {};
        std::string text(json_string_value(value), json_string_length(value));
        if (text.find('\0') != std::string::npos) fail(K8SC_E_CONFIG, concat(where_, name, " holds a NUL character"));
        return text;
    }

    bool boolean(const char *name) const
    {
        const json_t *value = json_object_get(mapping_, name);
        if (!value || json_is_null(value)) return false;
        if (!json_is_boolean(value)) refuse(name, value, "true or false");
        return json_is_true(value);
    }

    Fields mapping(const char *name) const { return {get(name, JSON_OBJECT, "a mapping"), concat(where_, name, ".")}; }
    bool present() const { return mapping_ != nullptr; }
    bool empty() const { return json_object_size(mapping_) == 0; }

    bool has_list(const char *name) const { return json_array_size(get(name, JSON_ARRAY, "a list")) > 0; }

  private:
    [[noreturn]] void refuse(const char *name, const json_t *value, std::string_view due) const
    {
        // YAML takes yes, no, y, n, on, off and 007 for something else than text, which surprises everybody once.
        bool quotes_help = due == "a string" && (json_is_boolean(value) || json_is_number(value));
        fail(K8SC_E_CONFIG,
             concat(where_, name, " is ", type_name(value), "; it must be ", due, quotes_help ? ": put it between quotes" : ""));
    }

    const json_t *mapping_;
    std::string where_;
};

ClusterStanza read_cluster(const Fields &fields)
{
    ClusterStanza cluster;
    cluster.server = fields.string("server");
    cluster.ca = fields.string("certificate-authority");
    cluster.ca_data = fields.string("certificate-authority-data");
    cluster.tls_server_name = fields.string("tls-server-name");
    cluster.proxy_url = fields.string("proxy-url");
    cluster.insecure = fields.boolean("insecure-skip-tls-verify");
    // Nothing is ever asked for in compressed form, so either value is right.
    fields.boolean("disable-compression");
    return cluster;
}

std::string named(std::string_view field, std::string_view detail)
{
    return detail.empty() ? std::string(field) : concat(field, " (", quoted(detail), ")");
}

std::string unusable_field(const Fields &fields)
{
    std::string found;
    auto note = [&](bool set, std::string text) {
        if (set && found.empty()) found = std::move(text);
    };
    Fields exec = fields.mapping("exec");
    note(exec.present(), named("exec", exec.string("command")));
    Fields provider = fields.mapping("auth-provider");
    note(provider.present(), named("auth-provider", provider.string("name")));
    note(!fields.string("username").empty(), "username");
    note(!fields.string("password").empty(), "password");
    note(!fields.string("as").empty(), named("as", fields.string("as")));
    note(!fields.string("as-uid").empty(), "as-uid");
    note(fields.has_list("as-groups"), "as-groups");
    note(!fields.mapping("as-user-extra").empty(), "as-user-extra");
    return found;
}

UserStanza read_user(const Fields &fields)
{
    UserStanza user;
    user.certificate = fields.string("client-certificate");
    user.certificate_data = fields.string("client-certificate-data");
    user.key = fields.string("client-key");
    user.key_data = fields.string("client-key-data");
    user.token = fields.string("token");
    user.token_file = fields.string("tokenFile");
    user.unusable = unusable_field(fields);
    return user;
}

ContextStanza read_context(const Fields &fields)
{
    ContextStanza context;
    context.cluster = fields.string("cluster");
    context.user = fields.string("user");
    context.ns = fields.string("namespace");
    return context;
}

// A list of {name: ..., <kind>: {...}}.
template <class Stanza>
void read_list(const Fields &root, const char *list, const char *kind, const Origin &origin, Stanza (*read)(const Fields &),
               Stanzas<Stanza> &stanzas)
{
    const json_t *entries = root.get(list, JSON_ARRAY, "a list");
    for (size_t i = 0; i < json_array_size(entries); i++) {
        const json_t *entry = json_array_get(entries, i);
        std::string place = concat(root.where(), list, "[", std::to_string(i), "]");
        if (!json_is_object(entry)) fail(K8SC_E_CONFIG, concat(place, " is ", type_name(entry), "; it must be a mapping"));
        Fields fields(entry, place + ".");
        std::string name = fields.string("name");
        const json_t *body = fields.get(kind, JSON_OBJECT, "a mapping");
        Stanza stanza = read(Fields(body, concat(root.where(), kind, " ", quoted(name), ": ")));
        stanza.origin = origin;
        if (!stanzas.emplace(name, std::move(stanza)).second)
            fail(K8SC_E_CONFIG, concat(root.where(), list, " has two entries with the name ", quoted(name)));
    }
}

void check_kind(const Fields &root)
{
    std::string version = root.string("apiVersion");
    std::string kind = root.string("kind");
    if ((!version.empty() && version != "v1") || (!kind.empty() && kind != "Config"))
        fail(K8SC_E_CONFIG, concat(root.where(), "it is not a kubeconfig: apiVersion and kind must be v1 and Config, and are ",
                                   quoted(version), " and ", quoted(kind)));
}

}  // namespace

void Kubeconfig::merge(Kubeconfig &&later)
{
    if (current_context.empty()) current_context = std::move(later.current_context);
    clusters.merge(later.clusters);
    users.merge(later.users);
    contexts.merge(later.contexts);
}

Kubeconfig read_kubeconfig(std::string_view yaml, const Origin &origin)
{
    Kubeconfig config;
    Json document = parse_yaml(yaml, origin.file);
    if (!document || json_is_null(document.get())) return config;
    if (!json_is_object(document.get()))
        fail(K8SC_E_CONFIG, concat(origin.file, ": it is not a kubeconfig: it is ", type_name(document.get()), ", and must be a mapping"));
    Fields root(document.get(), origin.file + ": ");
    check_kind(root);
    config.current_context = root.string("current-context");
    read_list(root, "clusters", "cluster", origin, read_cluster, config.clusters);
    read_list(root, "users", "user", origin, read_user, config.users);
    read_list(root, "contexts", "context", origin, read_context, config.contexts);
    return config;
}

}  // namespace k8sc
