// k8sc_informer_factory_*.
#include "cache/factory.h"

#include <memory>

#include "api/informer_arguments.h"
#include "core/clock.h"
#include "resource/kind.h"

using namespace k8sc;
using namespace k8sc::api;

extern "C" {

k8sc_status k8sc_informer_factory_new(k8sc_client *client, const k8sc_informer_options *options,
                                      k8sc_informer_factory **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need_handle(client, "client");
        *out = hand_out(make<k8sc_informer_factory>(Ref<Client>(client), options_or_default(options)));
    });
}

k8sc_informer_factory *k8sc_informer_factory_ref(k8sc_informer_factory *factory)
{
    if (factory) factory->user_retain();
    return factory;
}

void k8sc_informer_factory_unref(k8sc_informer_factory *factory)
{
    if (factory) factory->user_release();
}

k8sc_status k8sc_informer_factory_for_resource(k8sc_informer_factory *factory, const char *group, const char *version,
                                               const char *resource, k8sc_informer **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need_handle(factory, "factory");
        *out = hand_out(factory->informer(key_of(group, version, resource), nullptr));
    });
}

k8sc_status k8sc_informer_factory_for_kind(k8sc_informer_factory *factory, const char *api_version, const char *kind,
                                           k8sc_informer **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need_handle(factory, "factory");
        need(api_version, "api_version");
        need(kind, "kind");
        *out = hand_out(factory->informer(resource_of_kind(factory->client(), api_version, kind), nullptr));
    });
}

k8sc_status k8sc_informer_factory_informer_for(k8sc_informer_factory *factory, const char *group, const char *version,
                                               const char *resource, k8sc_new_informer_fn fn, void *user_data,
                                               k8sc_destroy_fn destroy, k8sc_informer **out, k8sc_error **err)
{
    Destroyer destroyer(destroy, user_data);
    return guard(err, [&] {
        need_out(out);
        need_handle(factory, "factory");
        need(reinterpret_cast<const void *>(fn), "fn");
        // The user's reference that the informer came with: kept until the factory has it, or has refused it.
        std::unique_ptr<k8sc_informer, void (*)(k8sc_informer *)> from_user(nullptr, k8sc_informer_unref);
        auto construct = [&](int64_t resync_ms) {
            k8sc_informer *made = nullptr;
            int answer = fn(factory->client().get(), resync_ms, user_data, &made);
            from_user.reset(made);
            if (answer) fail(K8SC_E_CALLBACK, "the informer's constructor returned " + std::to_string(answer));
            if (!made) fail(K8SC_E_CALLBACK, "the informer's constructor made no informer");
            return Ref<Informer>(made);
        };
        *out = hand_out(factory->informer(key_of(group, version, resource), construct));
    });
}

k8sc_status k8sc_informer_factory_start(k8sc_informer_factory *factory, k8sc_error **err)
{
    return guard(err, [&] {
        need_handle(factory, "factory");
        factory->start();
    });
}

k8sc_status k8sc_informer_factory_wait_for_sync(k8sc_informer_factory *factory, int64_t timeout_ms, k8sc_error **err)
{
    return guard(err, [&] {
        need_handle(factory, "factory");
        need_timeout(timeout_ms);
        std::string missing;
        if (!factory->wait_for_sync(deadline_after(timeout_ms), missing))
            fail(K8SC_E_TIMEOUT, concat("not synced after ", std::to_string(timeout_ms), " ms: ", missing));
    });
}

k8sc_status k8sc_informer_factory_wait_for_cache_sync(k8sc_informer_factory *factory, int64_t timeout_ms, char **out,
                                                      k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need_handle(factory, "factory");
        need_timeout(timeout_ms);
        JsonText text;
        text.open(nullptr, '{');
        for (auto &[key, synced] : factory->wait_for_cache_sync(deadline_after(timeout_ms)))
            text.boolean(concat(key.group, key.group.empty() ? "" : "/", key.version, "/", key.resource).c_str(),
                         synced);
        text.close('}');
        *out = new_text(text.text);
    });
}

k8sc_status k8sc_informer_factory_statistics_json(k8sc_informer_factory *factory, char **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need_handle(factory, "factory");
        JsonText text;
        text.open(nullptr, '{');
        text.open("informers", '[');
        for (auto &informer : factory->all()) write_statistics(text, nullptr, informer->statistics());
        text.close(']');
        text.close('}');
        *out = new_text(text.text);
    });
}

k8sc_status k8sc_informer_factory_remove(k8sc_informer_factory *factory, k8sc_informer *informer, k8sc_error **err)
{
    return guard(err, [&] {
        need_handle(factory, "factory");
        need_handle(informer, "informer");
        factory->remove(informer);
    });
}

k8sc_status k8sc_informer_factory_shutdown(k8sc_informer_factory *factory, k8sc_error **err)
{
    return guard(err, [&] {
        need_handle(factory, "factory");
        factory->shutdown();
    });
}

}  // extern "C"
