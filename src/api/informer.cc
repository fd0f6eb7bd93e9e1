// k8sc_informer_options_*, k8sc_informer_*, k8sc_registration_*.
#include "cache/informer.h"

#include <cstring>
#include <memory>

#include "api/informer_arguments.h"
#include "core/clock.h"
#include "core/selector.h"

using namespace k8sc;
using namespace k8sc::api;

namespace {

void need_period(int64_t period_ms)
{
    if (period_ms != 0 && period_ms < 1000)
        fail(K8SC_E_INVALID, "period_ms is " + std::to_string(period_ms) + "; it must be 0 (never) or at least 1000");
}

template <class Set>
k8sc_status set(k8sc_informer_options *options, k8sc_error **err, Set &&set)
{
    return guard(err, [&] {
        need(options, "options");
        set();
    });
}

// Puts a callback triple into a shared function, which owns it from then on.
template <class Fn>
std::shared_ptr<UserFunction<Fn>> user_function(Fn fn, void *user_data, k8sc_destroy_fn destroy, Destroyer &destroyer)
{
    need(reinterpret_cast<const void *>(fn), "fn");
    auto function = std::make_shared<UserFunction<Fn>>(fn, user_data, destroy);
    destroyer.disarm();
    return function;
}

}  // namespace

extern "C" {

k8sc_status k8sc_informer_options_new(k8sc_informer_options **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        *out = new InformerOptions;
    });
}

void k8sc_informer_options_free(k8sc_informer_options *options) { delete options; }

k8sc_status k8sc_informer_options_set_namespace(k8sc_informer_options *options, const char *ns, k8sc_error **err)
{
    return set(options, err, [&] {
        if (ns && *ns) {
            auto fault = segment_fault(ns);
            if (!fault.empty()) fail(K8SC_E_INVALID, concat("namespace ", quote(ns), " ", fault));
        }
        options->ns = text_or_empty(ns);
    });
}

k8sc_status k8sc_informer_options_set_resync(k8sc_informer_options *options, int64_t period_ms, k8sc_error **err)
{
    return set(options, err, [&] {
        need_period(period_ms);
        options->resync_ms = period_ms;
    });
}

k8sc_status k8sc_informer_options_set_custom_resync(k8sc_informer_options *options, const char *group,
                                                    const char *version, const char *resource, int64_t period_ms,
                                                    k8sc_error **err)
{
    return set(options, err, [&] {
        ResourceKey key = key_of(group, version, resource);
        need_period(period_ms);
        std::erase_if(options->custom_resync, [&](auto &entry) { return entry.first == key; });
        options->custom_resync.emplace_back(key, period_ms);
    });
}

k8sc_status k8sc_informer_options_set_label_selector(k8sc_informer_options *options, const char *selector,
                                                     k8sc_error **err)
{
    return set(options, err, [&] {
        need(selector, "selector");
        LabelSelector::parse(selector);
        options->label_selector = selector;
    });
}

k8sc_status k8sc_informer_options_set_field_selector(k8sc_informer_options *options, const char *selector,
                                                     k8sc_error **err)
{
    return set(options, err, [&] {
        need(selector, "selector");
        FieldSelector::parse(selector);
        options->field_selector = selector;
    });
}

k8sc_status k8sc_informer_options_set_tweak(k8sc_informer_options *options, k8sc_tweak_fn fn, void *user_data,
                                            k8sc_destroy_fn destroy, k8sc_error **err)
{
    Destroyer destroyer(destroy, user_data);
    return set(options, err, [&] { options->tweak = user_function(fn, user_data, destroy, destroyer); });
}

k8sc_status k8sc_informer_options_set_drop_managed_fields(k8sc_informer_options *options, int drop, k8sc_error **err)
{
    return set(options, err, [&] { options->prune.drop_managed_fields = drop != 0; });
}

k8sc_status k8sc_informer_options_set_metadata_only(k8sc_informer_options *options, int metadata_only, k8sc_error **err)
{
    return set(options, err, [&] { options->prune.metadata_only = metadata_only != 0; });
}

k8sc_status k8sc_informer_options_drop_annotations(k8sc_informer_options *options, const char *prefix, k8sc_error **err)
{
    return set(options, err, [&] {
        need(prefix, "prefix");
        options->prune.annotation_prefixes.emplace_back(prefix);
    });
}

k8sc_status k8sc_informer_options_drop_path(k8sc_informer_options *options, const char *pointer, k8sc_error **err)
{
    return set(options, err, [&] {
        need(pointer, "pointer");
        options->prune.add_drop_path(pointer);
    });
}

k8sc_status k8sc_informer_options_keep_path(k8sc_informer_options *options, const char *pointer, k8sc_error **err)
{
    return set(options, err, [&] {
        need(pointer, "pointer");
        options->prune.add_keep_path(pointer);
    });
}

k8sc_status k8sc_informer_options_set_compression_threshold(k8sc_informer_options *options, int64_t from_bytes,
                                                            k8sc_error **err)
{
    return set(options, err, [&] {
        if (from_bytes < -1)
            fail(K8SC_E_INVALID,
                 "from_bytes is " + std::to_string(from_bytes) + "; it must be at least 0, or -1 (never)");
        options->compress_from = from_bytes;
    });
}

k8sc_status k8sc_informer_options_set_transform(k8sc_informer_options *options, k8sc_transform_fn fn, void *user_data,
                                                k8sc_destroy_fn destroy, k8sc_error **err)
{
    Destroyer destroyer(destroy, user_data);
    return set(options, err, [&] { options->transform = user_function(fn, user_data, destroy, destroyer); });
}

k8sc_status k8sc_informer_options_set_page_size(k8sc_informer_options *options, int64_t size, k8sc_error **err)
{
    return set(options, err, [&] {
        if (size < 0) fail(K8SC_E_INVALID, "size is " + std::to_string(size) + "; it must be at least 0");
        options->page_size = size;
    });
}

k8sc_status k8sc_informer_options_set_watch_idle_timeout(k8sc_informer_options *options, int64_t timeout_ms,
                                                         k8sc_error **err)
{
    return set(options, err, [&] {
        need_timeout(timeout_ms);
        options->watch_idle_timeout_ms = timeout_ms;
    });
}

k8sc_status k8sc_informer_options_set_list_mode(k8sc_informer_options *options, int32_t mode, k8sc_error **err)
{
    return set(options, err, [&] {
        if (mode < K8SC_LIST_AUTO || mode > K8SC_LIST_PAGES)
            fail(K8SC_E_INVALID, "list mode " + std::to_string(mode) + " is none of K8SC_LIST_");
        options->list_mode = mode;
    });
}

k8sc_status k8sc_informer_options_set_queue(k8sc_informer_options *options, k8sc_queue *queue, k8sc_error **err)
{
    return set(options, err, [&] {
        if (queue) need_handle(queue, "queue");
        options->queue = Ref<Queue>(queue);
    });
}

k8sc_status k8sc_informer_new(k8sc_client *client, const char *group, const char *version, const char *resource,
                              const k8sc_informer_options *options, k8sc_informer **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need_handle(client, "client");
        auto &given = options_or_default(options);
        if (!given.custom_resync.empty()) fail(K8SC_E_INVALID, "option custom_resync applies to factories only");
        *out = hand_out(Informer::create(Ref<Client>(client), key_of(group, version, resource), given, true));
    });
}

k8sc_informer *k8sc_informer_ref(k8sc_informer *informer)
{
    if (informer) informer->user_retain();
    return informer;
}

void k8sc_informer_unref(k8sc_informer *informer)
{
    if (informer) informer->user_release();
}

k8sc_status k8sc_informer_start(k8sc_informer *informer, k8sc_error **err)
{
    return guard(err, [&] {
        need_handle(informer, "informer");
        informer->start();
    });
}

k8sc_status k8sc_informer_stop(k8sc_informer *informer, k8sc_error **err)
{
    return guard(err, [&] {
        need_handle(informer, "informer");
        informer->stop();
        informer->wait_stopped();
    });
}

int k8sc_informer_is_stopped(const k8sc_informer *informer)
{
    return informer && !informer->forked() && informer->is_stopped();
}

int k8sc_informer_has_synced(const k8sc_informer *informer)
{
    return informer && !informer->forked() && informer->has_synced();
}

k8sc_status k8sc_informer_wait_for_sync(k8sc_informer *informer, int64_t timeout_ms, k8sc_error **err)
{
    return guard(err, [&] {
        need_handle(informer, "informer");
        need_timeout(timeout_ms);
        if (!informer->wait_for_sync(deadline_after(timeout_ms)))
            fail(K8SC_E_TIMEOUT,
                 concat("not synced after ", std::to_string(timeout_ms), " ms: ", informer->key().resource));
    });
}

k8sc_status k8sc_informer_wait_for_resource_version(k8sc_informer *informer, const char *resource_version,
                                                    int64_t timeout_ms, k8sc_error **err)
{
    return guard(err, [&] {
        need_handle(informer, "informer");
        need(resource_version, "resource_version");
        need_timeout(timeout_ms);
        if (!informer->wait_for_version(resource_version, deadline_after(timeout_ms)))
            fail(K8SC_E_TIMEOUT, concat("the cache of ", informer->key().resource, " has not seen version ",
                                        resource_version, " after ", std::to_string(timeout_ms), " ms; it is at ",
                                        quote(informer->last_sync_resource_version())));
    });
}

k8sc_status k8sc_informer_statistics_json(const k8sc_informer *informer, char **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need_handle(informer, "informer");
        JsonText text;
        write_statistics(text, nullptr, informer->statistics());
        *out = new_text(text.text);
    });
}

k8sc_status k8sc_informer_last_sync_resource_version(const k8sc_informer *informer, char **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need_handle(informer, "informer");
        *out = new_text(informer->last_sync_resource_version());
    });
}

k8sc_status k8sc_informer_add_handler(k8sc_informer *informer, k8sc_event_fn fn, void *user_data,
                                      k8sc_destroy_fn destroy, k8sc_registration **out, k8sc_error **err)
{
    Destroyer destroyer(destroy, user_data);
    return guard(err, [&] {
        if (out) *out = nullptr;
        need_handle(informer, "informer");
        Ref<Registration> registration = informer->add_handler(-1, {}, {fn, user_data, destroy});
        destroyer.disarm();
        if (out) *out = hand_out(registration);
    });
}

k8sc_status k8sc_informer_add_handler_with(k8sc_informer *informer, int64_t resync_ms, k8sc_queue *queue,
                                           k8sc_event_fn fn, void *user_data, k8sc_destroy_fn destroy,
                                           k8sc_registration **out, k8sc_error **err)
{
    Destroyer destroyer(destroy, user_data);
    return guard(err, [&] {
        if (out) *out = nullptr;
        need_handle(informer, "informer");
        if (queue) need_handle(queue, "queue");
        if (resync_ms < 0)
            fail(K8SC_E_INVALID, "resync_ms is " + std::to_string(resync_ms) + "; it must be at least 0");
        Ref<Registration> registration = informer->add_handler(resync_ms, Ref<Queue>(queue), {fn, user_data, destroy});
        destroyer.disarm();
        if (out) *out = hand_out(registration);
    });
}

k8sc_status k8sc_informer_remove_handler(k8sc_informer *informer, k8sc_registration *registration, k8sc_error **err)
{
    return guard(err, [&] {
        need_handle(informer, "informer");
        need_handle(registration, "registration");
        informer->remove_handler(registration);
    });
}

k8sc_registration *k8sc_registration_ref(k8sc_registration *registration)
{
    if (registration) registration->user_retain();
    return registration;
}

void k8sc_registration_unref(k8sc_registration *registration)
{
    if (registration) registration->user_release();
}

k8sc_status k8sc_registration_set_limit(k8sc_registration *registration, int32_t policy, int64_t events,
                                        k8sc_error **err)
{
    return guard(err, [&] {
        need_handle(registration, "registration");
        auto known = policy == K8SC_LIMIT_COALESCE || policy == K8SC_LIMIT_BACKPRESSURE || policy == K8SC_LIMIT_NONE;
        if (!known) fail(K8SC_E_INVALID, "policy is " + std::to_string(policy) + ", which is no K8SC_LIMIT_");
        if (policy == K8SC_LIMIT_NONE) events = INT64_MAX;
        if (events < 1) fail(K8SC_E_INVALID, "events is " + std::to_string(events) + "; it must be at least 1");
        using Policy = HandlerSubscription::Policy;
        Policy chosen = policy == K8SC_LIMIT_COALESCE       ? Policy::coalesce
                        : policy == K8SC_LIMIT_BACKPRESSURE ? Policy::backpressure
                                                            : Policy::keep_all;
        registration->subscription()->set_policy(*registration->queue(), chosen, static_cast<size_t>(events));
    });
}

int64_t k8sc_registration_depth(const k8sc_registration *registration)
{
    if (!registration || registration->forked()) return -1;
    return static_cast<int64_t>(registration->subscription()->backlog()->depth());
}

int64_t k8sc_registration_coalesced(const k8sc_registration *registration)
{
    if (!registration || registration->forked()) return -1;
    return registration->subscription()->backlog()->coalesced();
}

int k8sc_registration_has_synced(const k8sc_registration *registration)
{
    return registration && !registration->forked() && registration->has_synced();
}

k8sc_status k8sc_informer_add_pointer_index(k8sc_informer *informer, const char *name, const char *pointer,
                                            k8sc_error **err)
{
    return guard(err, [&] {
        need_handle(informer, "informer");
        need(name, "name");
        need(pointer, "pointer");
        if (!is_json_pointer(pointer)) fail(K8SC_E_INVALID, concat(quote(pointer), " is not a JSON Pointer"));
        informer->add_index(name, Index(Index::Kind::pointer, pointer));
    });
}

k8sc_status k8sc_informer_add_label_index(k8sc_informer *informer, const char *name, const char *key, k8sc_error **err)
{
    return guard(err, [&] {
        need_handle(informer, "informer");
        need(name, "name");
        need(key, "key");
        // The grammar of keys is that of selectors: "!key" asks whether there is no such label. A comma would begin
        // another question.
        LabelSelector::parse(concat("!", key));
        if (strchr(key, ',')) fail(K8SC_E_PARSE, concat(quote(key), " is no label's key"));
        informer->add_index(name, Index(Index::Kind::label, key));
    });
}

k8sc_status k8sc_informer_add_owner_index(k8sc_informer *informer, const char *name, k8sc_error **err)
{
    return guard(err, [&] {
        need_handle(informer, "informer");
        need(name, "name");
        informer->add_index(name, Index(Index::Kind::owner, ""));
    });
}

k8sc_status k8sc_informer_add_index(k8sc_informer *informer, const char *name, k8sc_index_fn fn, void *user_data,
                                    k8sc_destroy_fn destroy, k8sc_error **err)
{
    Destroyer destroyer(destroy, user_data);
    return guard(err, [&] {
        need_handle(informer, "informer");
        need(name, "name");
        informer->add_index(name, Index(user_function(fn, user_data, destroy, destroyer)));
    });
}

}  // extern "C"
