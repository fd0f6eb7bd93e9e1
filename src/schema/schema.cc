#include "schema/schema.h"

#include <cstring>
#include <string>

namespace k8sc::schema {

const char *kind_of(const Type &type) { return strrchr(type_names + type.name, '.') + 1; }

const char *api_version_of(const Type &type)
{
    return type.group_version == none ? nullptr : names + group_versions[type.group_version].api_version;
}

const Type *type_of(const Field &field) { return field.form() == K8SC_FIELD_OBJECT ? &types[field.target] : nullptr; }

const Field *element_of(const Field &field)
{
    return field.form() == K8SC_FIELD_ARRAY || field.form() == K8SC_FIELD_MAP ? &elements[field.target] : nullptr;
}

const Resource *find_resource(std::string_view group, std::string_view version, std::string_view resource)
{
    for (int32_t i = 0; i < resources_size; i++) {
        const GroupVersion &home = group_versions[resources[i].group_version];
        if (resource == names + resources[i].name && version == names + home.version && group == names + home.group)
            return &resources[i];
    }
    return nullptr;
}

const Resource *find_resource_of_kind(std::string_view api_version, std::string_view kind)
{
    for (int32_t i = 0; i < resources_size; i++)
        if (kind == kind_of(types[resources[i].type]) &&
            api_version == names + group_versions[resources[i].group_version].api_version)
            return &resources[i];
    return nullptr;
}

const Type *find_type(std::string_view name)
{
    int32_t low = 0, high = types_size;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        int order = name.compare(type_names + types[middle].name);
        if (order == 0) return &types[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return nullptr;
}

namespace {

bool is_group_version(std::string_view api_version)
{
    for (int32_t i = 0; i < group_versions_size; i++)
        if (api_version == names + group_versions[i].api_version) return true;
    return false;
}

// The options of verbs, which each group-version has beside its own kinds.
const Type *find_options(std::string_view api_version, std::string_view kind)
{
    for (std::string_view shared :
         {"CreateOptions", "DeleteOptions", "GetOptions", "ListOptions", "PatchOptions", "UpdateOptions"})
        if (kind == shared && is_group_version(api_version))
            return find_type(std::string("io.k8s.apimachinery.pkg.apis.meta.v1.").append(kind));
    return nullptr;
}

}  // namespace

const Type *find_kind(std::string_view api_version, std::string_view kind)
{
    for (int32_t i = 0; i < types_size; i++) {
        const char *home = api_version_of(types[i]);
        if (home && kind == kind_of(types[i]) && api_version == home) return &types[i];
    }
    return find_options(api_version, kind);
}

const Field *find_field(const Type &type, std::string_view name)
{
    for (const Field *field = fields + type.first_field, *end = field + type.field_count; field != end; field++)
        if (name == names + field->name) return field;
    return nullptr;
}

int32_t number_of(uint16_t list, int32_t index)
{
    return index >= 0 && index < lists[list] ? lists[list + 1 + index] : -1;
}

}  // namespace k8sc::schema
