// k8sc_rest_mapper_*, k8sc_rest_mapping_*, k8sc_rest_mappings_*.
#include "api/guard.h"
#include "discovery/mapper.h"

using namespace k8sc;
using namespace k8sc::api;

struct k8sc_rest_mappings {
    RestMappings entries;
};

namespace {

PartialName partial_name(const char *group, const char *version, const char *name, const char *what)
{
    need(name, what);
    if (!*name) fail(K8SC_E_INVALID, concat("argument ", what, " is empty"));
    if (version && !*version) fail(K8SC_E_INVALID, "argument version is empty; NULL stands for any");
    PartialName wanted{{}, {}, name};
    if (group) wanted.group = group;
    if (version) wanted.version = version;
    return wanted;
}

template <class Find>
k8sc_status find_one(k8sc_rest_mapper *mapper, k8sc_rest_mapping **out, k8sc_error **err, Find &&find)
{
    return guard(err, [&] {
        need_out(out);
        need_handle(mapper, "mapper");
        *out = new k8sc_rest_mapping(find());
    });
}

template <class Find>
k8sc_status find_all(k8sc_rest_mapper *mapper, k8sc_rest_mappings **out, k8sc_error **err, Find &&find)
{
    return guard(err, [&] {
        need_out(out);
        need_handle(mapper, "mapper");
        *out = new k8sc_rest_mappings{find()};
    });
}

}  // namespace

extern "C" {

k8sc_status k8sc_rest_mapper_new(k8sc_discovery *discovery, k8sc_rest_mapper **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need_handle(discovery, "discovery");
        discovery->client()->need_open();
        *out = hand_out(make<RestMapper>(Ref<Discovery>(discovery)));
    });
}

k8sc_rest_mapper *k8sc_rest_mapper_ref(k8sc_rest_mapper *mapper)
{
    if (mapper) mapper->user_retain();
    return mapper;
}

void k8sc_rest_mapper_unref(k8sc_rest_mapper *mapper)
{
    if (mapper) mapper->user_release();
}

k8sc_status k8sc_rest_mapper_reset(k8sc_rest_mapper *mapper, k8sc_error **err)
{
    return guard(err, [&] {
        need_handle(mapper, "mapper");
        mapper->reset();
    });
}

k8sc_status k8sc_rest_mapper_mapping_for_kind(k8sc_rest_mapper *mapper, const char *group, const char *version,
                                              const char *kind, k8sc_rest_mapping **out, k8sc_error **err)
{
    return find_one(mapper, out, err, [&] { return mapper->kind(partial_name(group, version, kind, "kind")); });
}

k8sc_status k8sc_rest_mapper_mapping_for_resource(k8sc_rest_mapper *mapper, const char *group, const char *version,
                                                  const char *resource, k8sc_rest_mapping **out, k8sc_error **err)
{
    return find_one(mapper, out, err,
                    [&] { return mapper->resource(partial_name(group, version, resource, "resource")); });
}

k8sc_status k8sc_rest_mapper_mappings_for_kind(k8sc_rest_mapper *mapper, const char *group, const char *version,
                                               const char *kind, k8sc_rest_mappings **out, k8sc_error **err)
{
    return find_all(mapper, out, err, [&] { return mapper->kinds(partial_name(group, version, kind, "kind")); });
}

k8sc_status k8sc_rest_mapper_mappings_for_resource(k8sc_rest_mapper *mapper, const char *group, const char *version,
                                                   const char *resource, k8sc_rest_mappings **out, k8sc_error **err)
{
    return find_all(mapper, out, err,
                    [&] { return mapper->resources(partial_name(group, version, resource, "resource")); });
}

k8sc_status k8sc_rest_mapper_mappings_for_category(k8sc_rest_mapper *mapper, const char *category,
                                                   k8sc_rest_mappings **out, k8sc_error **err)
{
    return find_all(mapper, out, err, [&] {
        need(category, "category");
        return mapper->category(category);
    });
}

k8sc_status k8sc_rest_mapper_find(k8sc_rest_mapper *mapper, const char *argument, k8sc_rest_mapping **out,
                                  k8sc_error **err)
{
    return find_one(mapper, out, err, [&] {
        need(argument, "argument");
        if (!*argument) fail(K8SC_E_INVALID, "argument argument is empty");
        return mapper->argument(argument);
    });
}

k8sc_status k8sc_rest_mapper_resource_for_kind(k8sc_rest_mapper *mapper, const char *api_version, const char *kind,
                                               const char *ns, k8sc_resource **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need_handle(mapper, "mapper");
        need(api_version, "api_version");
        auto [group, version] = split_group_version(api_version);
        RestMapping mapping = mapper->kind(partial_name(group.c_str(), version.c_str(), kind, "kind"));
        *out = hand_out(resource_of(mapper->client(), mapping, ns));
    });
}

k8sc_status k8sc_rest_mapper_resource_for_object(k8sc_rest_mapper *mapper, const k8sc_object *object,
                                                 const char *default_ns, k8sc_resource **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need_handle(mapper, "mapper");
        need(object, "object");
        *out = hand_out(resource_of(mapper->client(), mapper->object(*object), *object, default_ns));
    });
}

void k8sc_rest_mapping_free(k8sc_rest_mapping *mapping) { delete mapping; }
const char *k8sc_rest_mapping_group(const k8sc_rest_mapping *mapping)
{
    return mapping ? mapping->group.c_str() : nullptr;
}
const char *k8sc_rest_mapping_version(const k8sc_rest_mapping *mapping)
{
    return mapping ? mapping->version.c_str() : nullptr;
}
const char *k8sc_rest_mapping_resource(const k8sc_rest_mapping *mapping)
{
    return mapping ? mapping->resource.c_str() : nullptr;
}
const char *k8sc_rest_mapping_kind(const k8sc_rest_mapping *mapping)
{
    return mapping ? mapping->kind.c_str() : nullptr;
}
const char *k8sc_rest_mapping_singular(const k8sc_rest_mapping *mapping)
{
    return mapping ? mapping->singular.c_str() : nullptr;
}
int k8sc_rest_mapping_is_namespaced(const k8sc_rest_mapping *mapping)
{
    return mapping && mapping->is_namespaced ? 1 : 0;
}

int64_t k8sc_rest_mappings_size(const k8sc_rest_mappings *mappings)
{
    return mappings ? static_cast<int64_t>(mappings->entries.size()) : 0;
}

const k8sc_rest_mapping *k8sc_rest_mappings_at(const k8sc_rest_mappings *mappings, int64_t index)
{
    if (index < 0 || index >= k8sc_rest_mappings_size(mappings)) return nullptr;
    return &mappings->entries[static_cast<size_t>(index)];
}

void k8sc_rest_mappings_free(k8sc_rest_mappings *mappings) { delete mappings; }

}  // extern "C"
