#include "config/kubeconfig_edit.h"

#include "config/file.h"
#include "config/kubeconfig_check.h"
#include "core/error.h"
#include "json/draft.h"
#include "json/write.h"

namespace k8sc {
namespace {

template <class T>
const Stanza *find_in(const Stanzas<T> &stanzas, std::string_view name)
{
    auto at = stanzas.find(name);
    return at == stanzas.end() ? nullptr : &at->second;
}

template <class T>
void set_in(Kubeconfig &files, StanzaKind kind, Stanzas<T> &stanzas, std::string_view name, const json_t *body,
            T (*read)(const MappingReader &))
{
    T stanza = read(MappingReader(body, concat(entry_name(kind), " ", quote(name), ": ")));
    auto present = stanzas.find(name);
    Json entry = own(json_object());
    if (present != stanzas.end()) {
        stanza.origin = present->second.origin;
        stanza.shadowed = present->second.shadowed;
        entry = load_json(present->second.json, "kubeconfig");
    } else {
        stanza.origin = {files.default_file, std::string(directory_of(files.default_file)), files.default_file};
        if (json_object_set_new(entry.get(), "name", json_stringn(name.data(), name.size())) != 0)
            throw std::bad_alloc();
    }
    if (json_object_set(entry.get(), entry_name(kind), const_cast<json_t *>(body)) != 0) throw std::bad_alloc();
    stanza.json = compact_json(entry.get());
    files.changed[{kind, std::string(name)}].insert(stanza.origin.path);
    stanzas.insert_or_assign(std::string(name), std::move(stanza));
}

template <class T>
void delete_in(Kubeconfig &files, StanzaKind kind, Stanzas<T> &stanzas, std::string_view name)
{
    auto at = stanzas.find(name);
    if (at == stanzas.end())
        fail(K8SC_E_CONFIG, concat(entry_name(kind), " ", quote(name), " does not exist; ", names_of(stanzas)));
    // Else the next file's would be there when it is read again.
    auto &concerned = files.changed[{kind, std::string(name)}];
    concerned.insert(at->second.origin.path);
    concerned.insert(at->second.shadowed.begin(), at->second.shadowed.end());
    stanzas.erase(at);
}

}  // namespace

const Stanza *find_stanza(const Kubeconfig &files, StanzaKind kind, std::string_view name)
{
    switch (kind) {
    case StanzaKind::cluster: return find_in(files.clusters, name);
    case StanzaKind::user: return find_in(files.users, name);
    case StanzaKind::context: return find_in(files.contexts, name);
    }
    return nullptr;
}

void set_stanza(Kubeconfig &files, StanzaKind kind, std::string_view name, const json_t *body)
{
    try {
        switch (kind) {
        case StanzaKind::cluster: return set_in(files, kind, files.clusters, name, body, read_cluster);
        case StanzaKind::user: return set_in(files, kind, files.users, name, body, read_user);
        case StanzaKind::context: return set_in(files, kind, files.contexts, name, body, read_context);
        }
    } catch (Error &error) {
        // The caller's argument is at fault, not a file.
        error.code = K8SC_E_INVALID;
        throw;
    }
}

void delete_stanza(Kubeconfig &files, StanzaKind kind, std::string_view name)
{
    switch (kind) {
    case StanzaKind::cluster: return delete_in(files, kind, files.clusters, name);
    case StanzaKind::user: return delete_in(files, kind, files.users, name);
    case StanzaKind::context: return delete_in(files, kind, files.contexts, name);
    }
}

void set_current_context(Kubeconfig &files, std::string_view name)
{
    if (!name.empty() && files.contexts.find(name) == files.contexts.end())
        fail(K8SC_E_CONFIG, concat("context ", quote(name), " does not exist; ", names_of(files.contexts)));
    files.current_context = name;
    files.current_context_changed = true;
}

}  // namespace k8sc
