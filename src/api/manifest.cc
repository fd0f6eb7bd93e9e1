// k8sc_manifest_*.
#include "discovery/manifest.h"

#include "api/guard.h"
#include "api/list.h"

using namespace k8sc;
using namespace k8sc::api;

namespace {

k8sc_status run(ManifestVerb verb, k8sc_rest_mapper *mapper, const k8sc_list *objects, const char *default_ns,
                const k8sc_options *options, bool ignore_not_found, k8sc_manifest_results **results, k8sc_error **err)
{
    return guard(err, [&] {
        if (results) *results = nullptr;
        need_handle(mapper, "mapper");
        need(objects, "objects");
        if (default_ns && !*default_ns)
            fail(K8SC_E_INVALID, "argument default_ns is empty; NULL stands for the client's");
        ManifestRun wanted;
        wanted.verb = verb;
        wanted.default_ns = default_ns;
        if (options) wanted.options = *options;
        wanted.ignore_not_found = ignore_not_found;
        Manifest manifest;
        for (const LazyObject &item : objects->items) manifest.push_back(Ref<Object>(item.get()));
        auto done = std::make_unique<ManifestResults>(run_manifest(*mapper, manifest, wanted));
        std::optional<Error> failure = manifest_failure(*done, verb);
        if (results) *results = done.release();
        if (failure) throw *failure;
    });
}

const ManifestResult *result_at(const k8sc_manifest_results *results, int64_t index)
{
    if (index < 0 || index >= k8sc_manifest_results_size(results)) return nullptr;
    return &results->entries[static_cast<size_t>(index)];
}

}  // namespace

extern "C" {

k8sc_status k8sc_manifest_parse(const char *text, size_t len, k8sc_list **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need(text, "text");
        ListContent content;
        content.objects = parse_manifest({text, len});
        *out = new_list(std::move(content));
    });
}

k8sc_status k8sc_manifest_create(k8sc_rest_mapper *mapper, const k8sc_list *objects, const char *default_ns,
                                 const k8sc_options *options, k8sc_manifest_results **results, k8sc_error **err)
{
    return run(ManifestVerb::create, mapper, objects, default_ns, options, false, results, err);
}

k8sc_status k8sc_manifest_apply(k8sc_rest_mapper *mapper, const k8sc_list *objects, const char *default_ns,
                                const k8sc_options *options, k8sc_manifest_results **results, k8sc_error **err)
{
    return run(ManifestVerb::apply, mapper, objects, default_ns, options, false, results, err);
}

k8sc_status k8sc_manifest_delete(k8sc_rest_mapper *mapper, const k8sc_list *objects, const char *default_ns,
                                 const k8sc_options *options, int ignore_not_found, k8sc_manifest_results **results,
                                 k8sc_error **err)
{
    return run(ManifestVerb::remove, mapper, objects, default_ns, options, ignore_not_found != 0, results, err);
}

int64_t k8sc_manifest_results_size(const k8sc_manifest_results *results)
{
    return results ? static_cast<int64_t>(results->entries.size()) : 0;
}

int64_t k8sc_manifest_results_failures(const k8sc_manifest_results *results)
{
    return results ? results->failures() : 0;
}

k8sc_object *k8sc_manifest_results_source(const k8sc_manifest_results *results, int64_t index)
{
    const ManifestResult *result = result_at(results, index);
    return result ? result->source.get() : nullptr;
}

k8sc_object *k8sc_manifest_results_object(const k8sc_manifest_results *results, int64_t index)
{
    const ManifestResult *result = result_at(results, index);
    return result ? result->object.get() : nullptr;
}

const k8sc_error *k8sc_manifest_results_error(const k8sc_manifest_results *results, int64_t index)
{
    const ManifestResult *result = result_at(results, index);
    return result ? result->error.get() : nullptr;
}

void k8sc_manifest_results_free(k8sc_manifest_results *results) { delete results; }

}  // extern "C"
