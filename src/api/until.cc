// k8sc_resource_until, k8sc_resource_wait_for_*.
#include "api/guard.h"
#include "resource/wait_for.h"

using namespace k8sc;
using namespace k8sc::api;

namespace {

UntilSpec spec_of(k8sc_resource *resource, const char *name, const k8sc_options *options, int64_t timeout_ms)
{
    need_handle(resource, "resource");
    need_timeout(timeout_ms);
    UntilSpec spec;
    spec.resource = Ref<Resource>(resource);
    if (name) {
        if (!*name) fail(K8SC_E_INVALID, "argument name is empty");
        spec.name = name;
    }
    if (options) spec.options = *options;
    spec.timeout_ms = timeout_ms;
    return spec;
}

}  // namespace

extern "C" {

k8sc_status k8sc_resource_until(k8sc_resource *resource, const char *name, const k8sc_options *options,
                                k8sc_condition_fn fn, void *user_data, k8sc_destroy_fn destroy, int64_t timeout_ms,
                                k8sc_object **out, k8sc_error **err)
{
    Destroyer destroyer(destroy, user_data);
    return guard(err, [&] {
        if (out) *out = nullptr;
        UntilSpec spec = spec_of(resource, name, options, timeout_ms);
        need(reinterpret_cast<const void *>(fn), "fn");
        spec.what = "state that fulfils the condition";
        Ref<Object> object = Until(std::move(spec)).run([&](const Event &state) {
            int answer = fn(&state, user_data);
            if (answer < 0) fail(K8SC_E_CALLBACK, "the condition returned " + std::to_string(answer));
            return answer > 0;
        });
        if (out) *out = object.detach();
    });
}

k8sc_status k8sc_resource_wait_for_condition(k8sc_resource *resource, const char *name, const char *type,
                                             const char *status, const k8sc_options *options, int64_t timeout_ms,
                                             k8sc_object **out, k8sc_error **err)
{
    return guard(err, [&] {
        if (out) *out = nullptr;
        need_handle(resource, "resource");
        need(name, "name");
        need(type, "type");
        Ref<Object> object =
            wait_for_condition(spec_of(resource, name, options, timeout_ms), type, status ? status : "True");
        if (out) *out = object.detach();
    });
}

k8sc_status k8sc_resource_wait_for_deletion(k8sc_resource *resource, const char *name, const k8sc_options *options,
                                            int64_t timeout_ms, k8sc_error **err)
{
    return guard(err, [&] {
        need_handle(resource, "resource");
        need(name, "name");
        wait_for_deletion(spec_of(resource, name, options, timeout_ms));
    });
}

}  // extern "C"
