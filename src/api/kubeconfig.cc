// k8sc_kubeconfig_*.
#include "config/kubeconfig.h"

#include <stdlib.h>
#include <string.h>

#include <iterator>
#include <memory>

#include "api/guard.h"
#include "api/size.h"
#include "config/kubeconfig_check.h"
#include "config/kubeconfig_edit.h"
#include "config/kubeconfig_view.h"
#include "config/kubeconfig_write.h"
#include "config/mapping_reader.h"
#include "json/draft.h"
#include "json/object.h"
#include "json/write.h"

using namespace k8sc;
using namespace k8sc::api;

namespace {

// A text that is the caller's.
char *own_text(const std::string &text)
{
    char *copy = static_cast<char *>(malloc(text.size() + 1));
    if (!copy) throw std::bad_alloc();
    memcpy(copy, text.c_str(), text.size() + 1);
    return copy;
}

template <class T>
int32_t count_of(const Stanzas<T> &stanzas)
{
    return static_cast<int32_t>(stanzas.size());
}

template <class T>
const char *name_at(const Stanzas<T> &stanzas, int32_t index)
{
    if (index < 0 || index >= count_of(stanzas)) return nullptr;
    return std::next(stanzas.begin(), index)->first.c_str();
}

void need_name(const char *name)
{
    need(name, "name");
    if (!*name) fail(K8SC_E_INVALID, "argument name is empty");
    if (!is_utf8(name)) fail(K8SC_E_INVALID, "argument name is not UTF-8");
}

k8sc_status get_stanza(const k8sc_kubeconfig *kubeconfig, StanzaKind kind, const char *name, k8sc_object **out,
                       k8sc_error **err) noexcept
{
    return guard(err, [&] {
        need_out(out);
        need(kubeconfig, "kubeconfig");
        need(name, "name");
        const Stanza *stanza = find_stanza(*kubeconfig, kind, name);
        if (!stanza) fail(K8SC_E_CONFIG, concat(entry_name(kind), " ", quote(name), " does not exist"));
        Json entry = load_json(stanza->json, "kubeconfig");
        const json_t *body = json_object_get(entry.get(), entry_name(kind));
        *out = Object::parse(json_is_object(body) ? compact_json(body) : "{}").detach();
    });
}

k8sc_status put_stanza(k8sc_kubeconfig *kubeconfig, StanzaKind kind, const char *name, const char *json, size_t len,
                       k8sc_error **err) noexcept
{
    return guard(err, [&] {
        need(kubeconfig, "kubeconfig");
        need_name(name);
        need(json, "json");
        need_size(len, "len");
        Json body = load_json({json, len}, "argument json");
        if (!json_is_object(body.get()))
            fail(K8SC_E_INVALID, concat("argument json is ", type_name(body.get()), "; it must be an object"));
        set_stanza(*kubeconfig, kind, name, body.get());
    });
}

k8sc_status remove_stanza(k8sc_kubeconfig *kubeconfig, StanzaKind kind, const char *name, k8sc_error **err) noexcept
{
    return guard(err, [&] {
        need(kubeconfig, "kubeconfig");
        need(name, "name");
        delete_stanza(*kubeconfig, kind, name);
    });
}

}  // namespace

extern "C" {

k8sc_status k8sc_kubeconfig_new(k8sc_kubeconfig **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        auto made = std::make_unique<Kubeconfig>();
        made->note("an empty kubeconfig was made");
        *out = made.release();
    });
}

k8sc_status k8sc_kubeconfig_load(const char *path, k8sc_kubeconfig **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        *out = new Kubeconfig(load_kubeconfig(text_or_empty(path)));
    });
}

k8sc_status k8sc_kubeconfig_parse(const char *yaml, size_t len, k8sc_kubeconfig **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need(yaml, "yaml");
        need_size(len, "len");
        *out = new Kubeconfig(parse_kubeconfig({yaml, len}));
    });
}

void k8sc_kubeconfig_free(k8sc_kubeconfig *kubeconfig) { delete kubeconfig; }

const char *k8sc_kubeconfig_current_context(const k8sc_kubeconfig *kubeconfig)
{
    return kubeconfig && !kubeconfig->current_context.empty() ? kubeconfig->current_context.c_str() : nullptr;
}

int32_t k8sc_kubeconfig_context_count(const k8sc_kubeconfig *kubeconfig)
{
    return kubeconfig ? count_of(kubeconfig->contexts) : 0;
}

const char *k8sc_kubeconfig_context_name(const k8sc_kubeconfig *kubeconfig, int32_t index)
{
    return kubeconfig ? name_at(kubeconfig->contexts, index) : nullptr;
}

int32_t k8sc_kubeconfig_cluster_count(const k8sc_kubeconfig *kubeconfig)
{
    return kubeconfig ? count_of(kubeconfig->clusters) : 0;
}

const char *k8sc_kubeconfig_cluster_name(const k8sc_kubeconfig *kubeconfig, int32_t index)
{
    return kubeconfig ? name_at(kubeconfig->clusters, index) : nullptr;
}

int32_t k8sc_kubeconfig_user_count(const k8sc_kubeconfig *kubeconfig)
{
    return kubeconfig ? count_of(kubeconfig->users) : 0;
}

const char *k8sc_kubeconfig_user_name(const k8sc_kubeconfig *kubeconfig, int32_t index)
{
    return kubeconfig ? name_at(kubeconfig->users, index) : nullptr;
}

k8sc_status k8sc_kubeconfig_get_context(const k8sc_kubeconfig *kubeconfig, const char *name, k8sc_object **out,
                                        k8sc_error **err)
{
    return get_stanza(kubeconfig, StanzaKind::context, name, out, err);
}

k8sc_status k8sc_kubeconfig_get_cluster(const k8sc_kubeconfig *kubeconfig, const char *name, k8sc_object **out,
                                        k8sc_error **err)
{
    return get_stanza(kubeconfig, StanzaKind::cluster, name, out, err);
}

k8sc_status k8sc_kubeconfig_get_user(const k8sc_kubeconfig *kubeconfig, const char *name, k8sc_object **out,
                                     k8sc_error **err)
{
    return get_stanza(kubeconfig, StanzaKind::user, name, out, err);
}

k8sc_status k8sc_kubeconfig_set_current_context(k8sc_kubeconfig *kubeconfig, const char *name, k8sc_error **err)
{
    return guard(err, [&] {
        need(kubeconfig, "kubeconfig");
        set_current_context(*kubeconfig, text_or_empty(name));
    });
}

k8sc_status k8sc_kubeconfig_set_context(k8sc_kubeconfig *kubeconfig, const char *name, const char *json, size_t len,
                                        k8sc_error **err)
{
    return put_stanza(kubeconfig, StanzaKind::context, name, json, len, err);
}

k8sc_status k8sc_kubeconfig_set_cluster(k8sc_kubeconfig *kubeconfig, const char *name, const char *json, size_t len,
                                        k8sc_error **err)
{
    return put_stanza(kubeconfig, StanzaKind::cluster, name, json, len, err);
}

k8sc_status k8sc_kubeconfig_set_user(k8sc_kubeconfig *kubeconfig, const char *name, const char *json, size_t len,
                                     k8sc_error **err)
{
    return put_stanza(kubeconfig, StanzaKind::user, name, json, len, err);
}

k8sc_status k8sc_kubeconfig_delete_context(k8sc_kubeconfig *kubeconfig, const char *name, k8sc_error **err)
{
    return remove_stanza(kubeconfig, StanzaKind::context, name, err);
}

k8sc_status k8sc_kubeconfig_delete_cluster(k8sc_kubeconfig *kubeconfig, const char *name, k8sc_error **err)
{
    return remove_stanza(kubeconfig, StanzaKind::cluster, name, err);
}

k8sc_status k8sc_kubeconfig_delete_user(k8sc_kubeconfig *kubeconfig, const char *name, k8sc_error **err)
{
    return remove_stanza(kubeconfig, StanzaKind::user, name, err);
}

k8sc_status k8sc_kubeconfig_write(k8sc_kubeconfig *kubeconfig, const char *path, k8sc_error **err)
{
    return guard(err, [&] {
        need(kubeconfig, "kubeconfig");
        write_kubeconfig(*kubeconfig, text_or_empty(path));
    });
}

k8sc_status k8sc_kubeconfig_validate(const k8sc_kubeconfig *kubeconfig, k8sc_error **err)
{
    return guard(err, [&] {
        need(kubeconfig, "kubeconfig");
        validate_kubeconfig(*kubeconfig);
    });
}

k8sc_status k8sc_kubeconfig_minify(const k8sc_kubeconfig *kubeconfig, const char *context, k8sc_kubeconfig **out,
                                   k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need(kubeconfig, "kubeconfig");
        *out = new Kubeconfig(minify_kubeconfig(*kubeconfig, text_or_empty(context)));
    });
}

k8sc_status k8sc_kubeconfig_flatten(const k8sc_kubeconfig *kubeconfig, k8sc_kubeconfig **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need(kubeconfig, "kubeconfig");
        *out = new Kubeconfig(flatten_kubeconfig(*kubeconfig));
    });
}

k8sc_status k8sc_kubeconfig_to_yaml(const k8sc_kubeconfig *kubeconfig, char **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need(kubeconfig, "kubeconfig");
        *out = own_text(kubeconfig_yaml(*kubeconfig));
    });
}

k8sc_status k8sc_kubeconfig_redacted(const k8sc_kubeconfig *kubeconfig, char **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need(kubeconfig, "kubeconfig");
        *out = own_text(redacted_yaml(*kubeconfig));
    });
}

k8sc_status k8sc_kubeconfig_config(const k8sc_kubeconfig *kubeconfig, const k8sc_overrides *overrides,
                                   k8sc_config **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need(kubeconfig, "kubeconfig");
        *out = new Config(config_of(*kubeconfig, overrides ? *overrides : Overrides()));
    });
}

}  // extern "C"
