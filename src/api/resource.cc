// k8sc_client_resource, k8sc_resource_*, k8sc_watch_*, k8sc_list_*, k8sc_pager_*.
#include "resource/resource.h"

#include "api/guard.h"
#include "api/list.h"
#include "resource/retry_watch.h"

using namespace k8sc;
using namespace k8sc::api;

namespace {

const Options &options_or_default(const k8sc_options *options)
{
    static const Options defaults;
    return options ? *options : defaults;
}

// Runs a verb whose answer is one object, which the caller may not want.
template <class Run>
k8sc_status object_verb(k8sc_resource *resource, k8sc_object **out, k8sc_error **err, Run &&run)
{
    return guard(err, [&] {
        if (out) *out = nullptr;
        need_handle(resource, "resource");
        Ref<Object> object = run();
        if (out) *out = object.detach();
    });
}

Options with_subresource(const k8sc_options *given, const char *subresource)
{
    need(subresource, "subresource");
    if (!*subresource) fail(K8SC_E_INVALID, "argument subresource is empty");
    Options options = options_or_default(given);
    if (options.subresource)
        fail(K8SC_E_INVALID,
             concat("option subresource does not apply: the verb is for the subresource ", subresource));
    options.subresource = subresource;
    return options;
}

}  // namespace

extern "C" {

k8sc_status k8sc_client_resource(k8sc_client *client, const char *group, const char *version, const char *resource,
                                 const char *ns, k8sc_resource **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need_handle(client, "client");
        need(group, "group");
        need(version, "version");
        need(resource, "resource");
        client->need_open();
        *out = hand_out(make<Resource>(Ref<Client>(client), group, version, resource, ns));
    });
}

k8sc_resource *k8sc_resource_ref(k8sc_resource *resource)
{
    if (resource) resource->user_retain();
    return resource;
}

void k8sc_resource_unref(k8sc_resource *resource)
{
    if (resource) resource->user_release();
}

k8sc_status k8sc_resource_create(k8sc_resource *resource, const k8sc_object *object, const k8sc_options *options,
                                 k8sc_object **out, k8sc_error **err)
{
    return object_verb(resource, out, err, [&] {
        need(object, "object");
        return resource->create(*object, options_or_default(options));
    });
}

k8sc_status k8sc_resource_update(k8sc_resource *resource, const k8sc_object *object, const k8sc_options *options,
                                 k8sc_object **out, k8sc_error **err)
{
    return object_verb(resource, out, err, [&] {
        need(object, "object");
        return resource->update(*object, options_or_default(options));
    });
}

k8sc_status k8sc_resource_update_status(k8sc_resource *resource, const k8sc_object *object, const k8sc_options *options,
                                        k8sc_object **out, k8sc_error **err)
{
    return object_verb(resource, out, err, [&] {
        need(object, "object");
        return resource->update(*object, with_subresource(options, "status"));
    });
}

k8sc_status k8sc_resource_delete(k8sc_resource *resource, const char *name, const k8sc_options *options,
                                 k8sc_object **out, k8sc_error **err)
{
    return object_verb(resource, out, err, [&] {
        need(name, "name");
        return resource->remove(name, options_or_default(options));
    });
}

k8sc_status k8sc_resource_delete_collection(k8sc_resource *resource, const k8sc_options *options, k8sc_object **out,
                                            k8sc_error **err)
{
    return object_verb(resource, out, err, [&] { return resource->remove_collection(options_or_default(options)); });
}

k8sc_status k8sc_resource_get(k8sc_resource *resource, const char *name, const k8sc_options *options, k8sc_object **out,
                              k8sc_error **err)
{
    return object_verb(resource, out, err, [&] {
        need(name, "name");
        return resource->get(name, options_or_default(options));
    });
}

k8sc_status k8sc_resource_list(k8sc_resource *resource, const k8sc_options *options, k8sc_list **out, k8sc_error **err)
{
    return guard(err, [&] {
        if (out) *out = nullptr;
        need_handle(resource, "resource");
        ListContent content = resource->list(options_or_default(options));
        if (out) *out = new_list(std::move(content));
    });
}

k8sc_status k8sc_resource_list_all(k8sc_resource *resource, const k8sc_options *options, k8sc_list **out,
                                   k8sc_error **err)
{
    return guard(err, [&] {
        if (out) *out = nullptr;
        need_handle(resource, "resource");
        ListContent content = resource->list_all(options_or_default(options));
        if (out) *out = new_list(std::move(content));
    });
}

k8sc_status k8sc_resource_patch(k8sc_resource *resource, const char *name, int32_t patch_type, const char *patch,
                                size_t len, const k8sc_options *options, k8sc_object **out, k8sc_error **err)
{
    return object_verb(resource, out, err, [&] {
        need(name, "name");
        need(patch, "patch");
        return resource->patch(name, patch_type, {patch, len}, options_or_default(options));
    });
}

k8sc_status k8sc_resource_apply(k8sc_resource *resource, const char *name, const k8sc_object *object,
                                const k8sc_options *options, k8sc_object **out, k8sc_error **err)
{
    return object_verb(resource, out, err, [&] {
        need(name, "name");
        need(object, "object");
        return resource->apply(name, *object, options_or_default(options));
    });
}

k8sc_status k8sc_resource_apply_status(k8sc_resource *resource, const char *name, const k8sc_object *object,
                                       const k8sc_options *options, k8sc_object **out, k8sc_error **err)
{
    return object_verb(resource, out, err, [&] {
        need(name, "name");
        need(object, "object");
        return resource->apply(name, *object, with_subresource(options, "status"));
    });
}

k8sc_status k8sc_resource_create_subresource(k8sc_resource *resource, const char *name, const char *subresource,
                                             const k8sc_object *object, const k8sc_options *options, k8sc_object **out,
                                             k8sc_error **err)
{
    return object_verb(resource, out, err, [&] {
        need(name, "name");
        need(object, "object");
        return resource->create_at(name, *object, with_subresource(options, subresource));
    });
}

k8sc_status k8sc_resource_get_subresource(k8sc_resource *resource, const char *name, const char *subresource,
                                          const k8sc_options *options, k8sc_object **out, k8sc_error **err)
{
    return object_verb(resource, out, err, [&] {
        need(name, "name");
        return resource->get(name, with_subresource(options, subresource));
    });
}

k8sc_status k8sc_resource_update_subresource(k8sc_resource *resource, const char *name, const char *subresource,
                                             const k8sc_object *object, const k8sc_options *options, k8sc_object **out,
                                             k8sc_error **err)
{
    return object_verb(resource, out, err, [&] {
        need(name, "name");
        need(object, "object");
        return resource->update_at(name, *object, with_subresource(options, subresource));
    });
}

k8sc_status k8sc_resource_patch_subresource(k8sc_resource *resource, const char *name, const char *subresource,
                                            int32_t patch_type, const char *patch, size_t len,
                                            const k8sc_options *options, k8sc_object **out, k8sc_error **err)
{
    return object_verb(resource, out, err, [&] {
        need(name, "name");
        need(patch, "patch");
        return resource->patch(name, patch_type, {patch, len}, with_subresource(options, subresource));
    });
}

k8sc_status k8sc_resource_apply_subresource(k8sc_resource *resource, const char *name, const char *subresource,
                                            const k8sc_object *object, const k8sc_options *options, k8sc_object **out,
                                            k8sc_error **err)
{
    return object_verb(resource, out, err, [&] {
        need(name, "name");
        need(object, "object");
        return resource->apply(name, *object, with_subresource(options, subresource));
    });
}

k8sc_status k8sc_resource_watch(k8sc_resource *resource, const k8sc_options *options, k8sc_event_fn fn, void *user_data,
                                k8sc_destroy_fn destroy, k8sc_watch **out, k8sc_error **err)
{
    Destroyer destroyer(destroy, user_data);
    return guard(err, [&] {
        need_out(out);
        need_handle(resource, "resource");
        Ref<Watch> watch = Watch::start(Ref<Resource>(resource), options_or_default(options), {fn, user_data, destroy});
        destroyer.disarm();
        *out = hand_out(watch);
    });
}

k8sc_status k8sc_resource_retry_watch(k8sc_resource *resource, const k8sc_options *options, k8sc_event_fn fn,
                                      void *user_data, k8sc_destroy_fn destroy, k8sc_watch **out, k8sc_error **err)
{
    Destroyer destroyer(destroy, user_data);
    return guard(err, [&] {
        need_out(out);
        need_handle(resource, "resource");
        Ref<Watch> watch =
            start_retry_watch(Ref<Resource>(resource), options_or_default(options), {fn, user_data, destroy});
        destroyer.disarm();
        *out = hand_out(watch);
    });
}

k8sc_watch *k8sc_watch_ref(k8sc_watch *watch)
{
    if (watch) watch->user_retain();
    return watch;
}

void k8sc_watch_unref(k8sc_watch *watch)
{
    if (watch) watch->user_release();
}

void k8sc_watch_cancel(k8sc_watch *watch)
{
    if (!watch || watch->forked()) return;
    guard(nullptr, [&] { watch->cancel(); });
}

void k8sc_list_free(k8sc_list *list) { delete list; }

int64_t k8sc_list_size(const k8sc_list *list) { return list ? static_cast<int64_t>(list->items.size()) : -1; }

k8sc_object *k8sc_list_at(const k8sc_list *list, int64_t index)
{
    if (!list || index < 0 || static_cast<size_t>(index) >= list->items.size()) return nullptr;
    return look_at(&list->items[static_cast<size_t>(index)]);
}

k8sc_status k8sc_list_object(const k8sc_list *list, int64_t index, k8sc_object **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need(list, "list");
        if (index < 0 || static_cast<size_t>(index) >= list->items.size())
            fail(K8SC_E_INVALID, concat("index is ", std::to_string(index), "; the list has ",
                                        std::to_string(list->items.size()), " items"));
        *out = list->items[static_cast<size_t>(index)].stored().object().detach();
    });
}

const char *k8sc_list_resource_version(const k8sc_list *list)
{
    return list ? list->resource_version.c_str() : nullptr;
}

const char *k8sc_list_continue(const k8sc_list *list) { return list ? list->continue_token.c_str() : nullptr; }

int64_t k8sc_list_remaining_item_count(const k8sc_list *list) { return list ? list->remaining : -1; }

k8sc_status k8sc_resource_pages(k8sc_resource *resource, const k8sc_options *options, k8sc_pager **out,
                                k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need_handle(resource, "resource");
        resource->client()->need_open();
        *out = new k8sc_pager(Ref<Resource>(resource), options_or_default(options));
    });
}

k8sc_status k8sc_pager_next(k8sc_pager *pager, k8sc_object **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need(pager, "pager");
        pager->need_same_process();
        *out = pager->next().detach();
    });
}

void k8sc_pager_free(k8sc_pager *pager) { delete pager; }

}  // extern "C"
