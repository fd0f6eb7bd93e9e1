#include "config/kubeconfig_file.h"

#include <algorithm>

#include "core/error.h"
#include "json/draft.h"
#include "json/write.h"
#include "json/yaml.h"

namespace k8sc {
namespace {

// The extension of a list of {name: ..., extension: ...} that has this name, as JSON.
std::string extension_json(const MappingReader &fields, const char *list, std::string_view name)
{
    const json_t *entries = fields.get(list, JSON_ARRAY, "a list");
    for (size_t i = 0; i < json_array_size(entries); i++) {
        const json_t *entry = json_array_get(entries, i);
        const char *its_name = json_string_value(json_object_get(entry, "name"));
        const json_t *extension = json_object_get(entry, "extension");
        if (its_name && its_name == name && extension) return compact_json(extension);
    }
    return {};
}

// A list of {name: ..., <kind>: {...}}.
template <class T>
void read_list(const MappingReader &root, StanzaKind kind, const Origin &origin, T (*read)(const MappingReader &),
               Stanzas<T> &stanzas)
{
    const char *list = list_name(kind);
    const json_t *entries = root.get(list, JSON_ARRAY, "a list");
    for (size_t i = 0; i < json_array_size(entries); i++) {
        const json_t *entry = json_array_get(entries, i);
        std::string place = concat(root.where(), list, "[", std::to_string(i), "]");
        if (!json_is_object(entry))
            fail(K8SC_E_CONFIG, concat(place, " is ", type_name(entry), "; it must be a mapping"));
        MappingReader fields(entry, place + ".");
        std::string name = fields.string("name");
        const json_t *body = fields.get(entry_name(kind), JSON_OBJECT, "a mapping");
        T stanza = read(MappingReader(body, concat(root.where(), entry_name(kind), " ", quote(name), ": ")));
        stanza.origin = origin;
        // With room for all of it, that no part is left behind where it grew; numbers are written a little longer.
        stanza.json = compact_json(entry, json_dumpb(entry, nullptr, 0, JSON_COMPACT) + 64);
        if (!stanzas.emplace(name, std::move(stanza)).second)
            fail(K8SC_E_CONFIG, concat(root.where(), list, " has two entries with the name ", quote(name)));
    }
}

void check_kind(const MappingReader &root)
{
    std::string version = root.string("apiVersion");
    std::string kind = root.string("kind");
    if ((!version.empty() && version != "v1") || (!kind.empty() && kind != "Config"))
        fail(K8SC_E_CONFIG,
             concat(root.where(), "it is not a kubeconfig: apiVersion and kind must be v1 and Config, and are ",
                    quote(version), " and ", quote(kind)));
}

template <class T>
void merge_stanzas(Stanzas<T> &into, Stanzas<T> &&later)
{
    for (auto &[name, stanza] : later) {
        std::string file = stanza.origin.path;
        auto [at, added] = into.try_emplace(name, std::move(stanza));
        if (!added) at->second.shadowed.push_back(std::move(file));
    }
}

bool is_named(const json_t *entry, const json_t *other)
{
    const char *name = json_string_value(json_object_get(entry, "name"));
    const char *other_name = json_string_value(json_object_get(other, "name"));
    return name && other_name && std::string_view(name) == other_name;
}

// The fields at the top: the first file that says something wins, and extensions by name.
std::string merge_rest(const std::string &first, const std::string &later)
{
    Json merged = load_json(first, "kubeconfig"), added = load_json(later, "kubeconfig");
    const char *key;
    json_t *value;
    json_object_foreach(added.get(), key, value)
    {
        json_t *present = json_object_get(merged.get(), key);
        if (std::string_view(key) == "extensions" && json_is_array(present) && json_is_array(value)) {
            for (size_t i = 0; i < json_array_size(value); i++) {
                json_t *entry = json_array_get(value, i);
                bool known = false;
                for (size_t j = 0; j < json_array_size(present); j++)
                    known |= is_named(json_array_get(present, j), entry);
                if (!known && json_array_append(present, entry) != 0) throw std::bad_alloc();
            }
            continue;
        }
        bool says_nothing =
            !present || json_is_null(present) || (json_is_object(present) && json_object_size(present) == 0);
        if (says_nothing && json_object_set(merged.get(), key, value) != 0) throw std::bad_alloc();
    }
    return compact_json(merged.get());
}

}  // namespace

const char *list_name(StanzaKind kind)
{
    return kind == StanzaKind::cluster ? "clusters" : kind == StanzaKind::user ? "users" : "contexts";
}

const char *entry_name(StanzaKind kind)
{
    return kind == StanzaKind::cluster ? "cluster" : kind == StanzaKind::user ? "user" : "context";
}

ClusterStanza read_cluster(const MappingReader &fields)
{
    ClusterStanza cluster;
    cluster.server = fields.string("server");
    cluster.ca = fields.string("certificate-authority");
    cluster.ca_data = fields.string("certificate-authority-data");
    cluster.tls_server_name = fields.string("tls-server-name");
    cluster.proxy_url = fields.string("proxy-url");
    cluster.insecure = fields.boolean("insecure-skip-tls-verify");
    cluster.disable_compression = fields.boolean("disable-compression");
    cluster.exec_extension = extension_json(fields, "extensions", exec_extension);
    return cluster;
}

UserStanza read_user(const MappingReader &fields)
{
    UserStanza user;
    user.certificate = fields.string("client-certificate");
    user.certificate_data = fields.string("client-certificate-data");
    user.key = fields.string("client-key");
    user.key_data = fields.string("client-key-data");
    user.token = fields.string("token");
    user.token_file = fields.string("tokenFile");
    user.username = fields.string("username");
    user.password = fields.string("password");
    user.impersonation.user = fields.string("as");
    user.impersonation.uid = fields.string("as-uid");
    user.impersonation.groups = fields.strings("as-groups");
    user.impersonation.extra = fields.strings_map("as-user-extra");
    MappingReader exec = fields.mapping("exec");
    if (exec.present()) user.exec = read_exec(exec);
    MappingReader provider = fields.mapping("auth-provider");
    if (provider.present())
        user.auth_provider = AuthProvider{provider.string("name"), provider.string_map("config"), "", ""};
    return user;
}

ContextStanza read_context(const MappingReader &fields)
{
    ContextStanza context;
    context.cluster = fields.string("cluster");
    context.user = fields.string("user");
    context.ns = fields.string("namespace");
    return context;
}

Kubeconfig read_kubeconfig(std::string_view yaml, const Origin &origin)
{
    Kubeconfig config;
    Json document = parse_yaml(yaml, origin.file, most_kubeconfig_values);
    if (!document || json_is_null(document.get())) return config;
    if (!json_is_object(document.get()))
        fail(K8SC_E_CONFIG, concat(origin.file, ": it is not a kubeconfig: it is ", type_name(document.get()),
                                   ", and must be a mapping"));
    MappingReader root(document.get(), origin.file + ": ");
    check_kind(root);
    config.current_context = root.string("current-context");
    read_list(root, StanzaKind::cluster, origin, read_cluster, config.clusters);
    read_list(root, StanzaKind::user, origin, read_user, config.users);
    read_list(root, StanzaKind::context, origin, read_context, config.contexts);
    for (const char *known : {"apiVersion", "kind", "current-context", "clusters", "users", "contexts"})
        json_object_del(document.get(), known);
    config.rest = compact_json(document.get());
    return config;
}

}  // namespace k8sc

using namespace k8sc;

void k8sc_kubeconfig::merge(k8sc_kubeconfig &&later)
{
    if (current_context.empty()) current_context = std::move(later.current_context);
    merge_stanzas(clusters, std::move(later.clusters));
    merge_stanzas(users, std::move(later.users));
    merge_stanzas(contexts, std::move(later.contexts));
    rest = merge_rest(rest, later.rest);
}

void k8sc_kubeconfig::note(std::string_view text) { seen += concat(seen.empty() ? "" : "; ", text); }

void k8sc_kubeconfig::refuse_as_empty() const
{
    fail(K8SC_E_CONFIG, concat("no configuration has been provided: ", seen));
}
