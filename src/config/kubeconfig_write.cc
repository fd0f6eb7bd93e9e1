#include "config/kubeconfig_write.h"

#include <errno.h>

#include <map>
#include <set>

#include "config/file.h"
#include "config/kubeconfig_edit.h"
#include "config/kubeconfig_view.h"
#include "config/replace_file.h"
#include "core/error.h"
#include "json/draft.h"
#include "json/yaml.h"

namespace k8sc {
namespace {

void set(json_t *object, const char *key, json_t *taken)
{
    if (json_object_set_new(object, key, taken) != 0) throw std::bad_alloc();
}

// One file as it is now, to be changed. It must be a kubeconfig, if it is anything.
Json read_again(const std::string &path)
{
    FileText file = read_file(path, largest_kubeconfig);
    if (file.fault && file.fault != ENOENT)
        fail(K8SC_E_IO, concat("cannot read ", quoted_path(path), ": ", fault_text(file.fault)));
    read_kubeconfig(file.text, {path, "", path});
    Json document = parse_yaml(file.text, path, most_kubeconfig_values);
    if (json_is_object(document.get())) return document;
    document = own(json_object());
    set(document.get(), "apiVersion", json_string("v1"));
    set(document.get(), "kind", json_string("Config"));
    return document;
}

// The entry with this name in a list, or null. A list that is not there is made.
json_t *find_entry(json_t *document, StanzaKind kind, const std::string &name, json_t *&list, size_t &index)
{
    list = json_object_get(document, list_name(kind));
    if (!json_is_array(list)) {
        set(document, list_name(kind), json_array());
        list = json_object_get(document, list_name(kind));
    }
    for (index = 0; index < json_array_size(list); index++) {
        json_t *entry = json_array_get(list, index);
        const char *its_name = json_string_value(json_object_get(entry, "name"));
        // No name is an empty one.
        if ((its_name ? its_name : "") == name) return entry;
    }
    return nullptr;
}

void put_stanza(json_t *document, StanzaKind kind, const std::string &name, const Stanza &stanza)
{
    json_t *list;
    size_t index;
    json_t *present = find_entry(document, kind, name, list, index);
    Json entry = load_json(stanza.json, "kubeconfig");
    if (present)
        set(present, entry_name(kind), json_incref(json_object_get(entry.get(), entry_name(kind))));
    else if (json_array_append_new(list, entry.release()) != 0)
        throw std::bad_alloc();
}

void remove_stanza(json_t *document, StanzaKind kind, const std::string &name)
{
    json_t *list;
    size_t index;
    if (find_entry(document, kind, name, list, index)) json_array_remove(list, index);
}

void change_current_context(json_t *document, const Kubeconfig &files, const std::string &path)
{
    if (files.current_context.empty())
        json_object_del(document, "current-context");
    else if (path == files.default_file)
        set(document, "current-context", json_stringn(files.current_context.data(), files.current_context.size()));
}

void write_changes(Kubeconfig &files)
{
    std::set<std::string> paths;
    for (auto &[stanza, concerned] : files.changed) paths.insert(concerned.begin(), concerned.end());
    if (files.current_context_changed) {
        paths.insert(files.default_file);
        // Each of them would be read again as the current one.
        if (files.current_context.empty())
            for (auto &path : files.files)
                if (read_file(path, largest_kubeconfig).fault != ENOENT) paths.insert(path);
    }
    if (paths.empty()) return;

    FileLocks locks(paths);
    // All of them are read before one is written, so that a bad one changes nothing.
    std::map<std::string, std::string> texts;
    for (auto &path : paths) {
        Json document = read_again(path);
        for (auto &[key, concerned] : files.changed) {
            auto &[kind, name] = key;
            if (!concerned.contains(path)) continue;
            const Stanza *stanza = find_stanza(files, kind, name);
            if (stanza && stanza->origin.path == path)
                put_stanza(document.get(), kind, name, *stanza);
            else if (!stanza)
                remove_stanza(document.get(), kind, name);
        }
        if (files.current_context_changed) change_current_context(document.get(), files, path);
        texts[path] = yaml_text(document.get());
    }
    for (auto &[path, text] : texts) replace_file(path, text);
    files.changed.clear();
    files.current_context_changed = false;
}

}  // namespace

void write_kubeconfig(Kubeconfig &files, const std::string &path)
{
    if (path.empty()) {
        if (files.default_file.empty()) fail(K8SC_E_STATE, "this kubeconfig belongs to no file; name the one to write");
        write_changes(files);
        return;
    }
    std::string full_path = absolute_path(path);
    std::string text = kubeconfig_yaml(files);
    FileLocks locks({full_path});
    replace_file(full_path, text);
}

}  // namespace k8sc
