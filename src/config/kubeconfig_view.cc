#include "config/kubeconfig_view.h"

#include "config/file.h"
#include "config/kubeconfig_check.h"
#include "config/kubeconfig_edit.h"
#include "config/kubeconfig_redact.h"
#include "config/pem_source.h"
#include "core/error.h"
#include "core/pem.h"
#include "json/draft.h"
#include "json/write.h"
#include "json/yaml.h"

namespace k8sc {
namespace {

void set(json_t *object, const char *key, Json value)
{
    if (json_object_set_new(object, key, value.release()) != 0) throw std::bad_alloc();
}

Json text_value(std::string_view text) { return own(json_stringn(text.data(), text.size())); }

void make_absolute(json_t *object, const char *field, const Origin &origin, bool only_with_slash = false)
{
    const char *path = json_string_value(json_object_get(object, field));
    if (!path || !*path || *path == '/') return;
    if (only_with_slash && std::string_view(path).find('/') == std::string_view::npos) return;
    set(object, field, text_value(absolute_path(path_below(origin.directory, path))));
}

Json entry_of(const Stanza &stanza, StanzaKind kind)
{
    Json entry = load_json(stanza.json, "kubeconfig");
    if (stanza.origin.path.empty()) return entry;
    json_t *body = json_object_get(entry.get(), entry_name(kind));
    for (const char *field : {"certificate-authority", "client-certificate", "client-key", "tokenFile"})
        make_absolute(body, field, stanza.origin);
    make_absolute(json_object_get(body, "exec"), "command", stanza.origin, true);
    return entry;
}

template <class T>
Json list_of(const Stanzas<T> &stanzas, StanzaKind kind)
{
    Json list = own(json_array());
    for (auto &[name, stanza] : stanzas)
        if (json_array_append_new(list.get(), entry_of(stanza, kind).release()) != 0) throw std::bad_alloc();
    return list;
}

Json document_of(const Kubeconfig &files)
{
    Json document = own(json_object());
    set(document.get(), "apiVersion", text_value("v1"));
    set(document.get(), "kind", text_value("Config"));
    set(document.get(), "clusters", list_of(files.clusters, StanzaKind::cluster));
    set(document.get(), "contexts", list_of(files.contexts, StanzaKind::context));
    set(document.get(), "current-context", text_value(files.current_context));
    set(document.get(), "users", list_of(files.users, StanzaKind::user));
    Json rest = load_json(files.rest, "kubeconfig");
    if (json_object_update_missing(document.get(), rest.get()) != 0) throw std::bad_alloc();
    return document;
}

// Everything but what says where it is to be written.
Kubeconfig without_files(const Kubeconfig &files)
{
    Kubeconfig copy;
    copy.current_context = files.current_context;
    copy.rest = files.rest;
    copy.seen = files.seen;
    return copy;
}

// Replaces a path by what is in its file.
void inline_file(json_t *body, const char *field, const Origin &origin, ValidationErrors &errors,
                 const std::string &place)
{
    const char *path = json_string_value(json_object_get(body, field));
    if (!path || !*path) return;
    std::string data = concat(field, "-data");
    const char *present = json_string_value(json_object_get(body, data.c_str()));
    if (present && *present) {
        errors.add(place + field, concat(field, " and ", data, " are both set; remove one of them"));
        return;
    }
    errors.collect(place + field, [&] {
        PemSource source = read_pem_source(field, path, "", origin.directory);
        set(body, data.c_str(), text_value(encode_base64(source.pem)));
        json_object_del(body, field);
    });
}

template <class T>
void flatten_stanzas(const Stanzas<T> &stanzas, StanzaKind kind, std::initializer_list<const char *> fields,
                     Kubeconfig &into, ValidationErrors &errors)
{
    for (auto &[name, stanza] : stanzas) {
        Json entry = load_json(stanza.json, "kubeconfig");
        json_t *body = json_object_get(entry.get(), entry_name(kind));
        if (!json_is_object(body)) continue;
        ValidationErrors found;
        for (const char *field : fields) inline_file(body, field, stanza.origin, found, stanza_field(kind, name) + ".");
        errors.add_all(std::move(found), stanza_prefix(stanza, kind, name));
        set_stanza(into, kind, name, body);
    }
}

}  // namespace

std::string kubeconfig_yaml(const Kubeconfig &files) { return yaml_text(document_of(files).get()); }

std::string redacted_yaml(const Kubeconfig &files)
{
    Json document = document_of(files);
    redact(document.get());
    return yaml_text(document.get());
}

Kubeconfig minify_kubeconfig(const Kubeconfig &files, std::string_view context_name)
{
    if (context_name.empty()) context_name = files.current_context;
    if (context_name.empty())
        fail(K8SC_E_CONFIG,
             concat("no context was chosen, and current-context is not set; ", names_of(files.contexts)));
    auto context = files.contexts.find(context_name);
    if (context == files.contexts.end())
        fail(K8SC_E_CONFIG, concat("context ", quote(context_name), " does not exist; ", names_of(files.contexts)));
    Kubeconfig part = without_files(files);
    part.current_context = context_name;
    part.contexts.insert(*context);
    if (auto cluster = files.clusters.find(context->second.cluster); cluster != files.clusters.end())
        part.clusters.insert(*cluster);
    if (auto user = files.users.find(context->second.user); user != files.users.end()) part.users.insert(*user);
    return part;
}

Kubeconfig flatten_kubeconfig(const Kubeconfig &files)
{
    Kubeconfig flat = without_files(files);
    flat.clusters = files.clusters;
    flat.users = files.users;
    flat.contexts = files.contexts;
    ValidationErrors errors;
    flatten_stanzas(files.clusters, StanzaKind::cluster, {"certificate-authority"}, flat, errors);
    flatten_stanzas(files.users, StanzaKind::user, {"client-certificate", "client-key"}, flat, errors);
    errors.raise();
    flat.changed.clear();
    return flat;
}

}  // namespace k8sc
