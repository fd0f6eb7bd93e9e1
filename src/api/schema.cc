// k8sc_schema_*.
#include "schema/schema.h"

#include "api/guard.h"
#include "schema/validate.h"
#include "json/draft.h"

using namespace k8sc;
using namespace k8sc::api;

namespace {

const schema::GroupVersion *home_of(const schema::Resource *resource)
{
    return resource ? &schema::group_versions[resource->group_version] : nullptr;
}

const schema::Method *method_at(const schema::Resource *resource, int32_t index)
{
    return resource && index >= 0 && index < resource->method_count ? &schema::methods[resource->first_method + index]
                                                                    : nullptr;
}

const schema::Type *type_at(uint16_t index) { return index == schema::none ? nullptr : &schema::types[index]; }

// The words of the data file begin with number 1.
const char *word(const char (*words)[schema::word_size], int number) { return number ? words[number - 1] : ""; }

}  // namespace

extern "C" {

int32_t k8sc_schema_resource_count(void) { return schema::resources_size; }

const k8sc_schema_resource *k8sc_schema_resource_at(int32_t index)
{
    return index >= 0 && index < schema::resources_size ? &schema::resources[index] : nullptr;
}

const k8sc_schema_resource *k8sc_schema_resource_find(const char *group, const char *version, const char *resource)
{
    return group && version && resource ? schema::find_resource(group, version, resource) : nullptr;
}

const k8sc_schema_resource *k8sc_schema_resource_find_kind(const char *api_version, const char *kind)
{
    return api_version && kind ? schema::find_resource_of_kind(api_version, kind) : nullptr;
}

const char *k8sc_schema_resource_group(const k8sc_schema_resource *resource)
{
    return resource ? schema::names + home_of(resource)->group : nullptr;
}

const char *k8sc_schema_resource_version(const k8sc_schema_resource *resource)
{
    return resource ? schema::names + home_of(resource)->version : nullptr;
}

const char *k8sc_schema_resource_api_version(const k8sc_schema_resource *resource)
{
    return resource ? schema::names + home_of(resource)->api_version : nullptr;
}

const char *k8sc_schema_resource_package(const k8sc_schema_resource *resource)
{
    return resource ? schema::names + home_of(resource)->package : nullptr;
}

const char *k8sc_schema_resource_name(const k8sc_schema_resource *resource)
{
    return resource ? schema::names + resource->name : nullptr;
}

const char *k8sc_schema_resource_kind(const k8sc_schema_resource *resource)
{
    return resource ? schema::kind_of(schema::types[resource->type]) : nullptr;
}

int k8sc_schema_resource_is_namespaced(const k8sc_schema_resource *resource)
{
    return resource && resource->is_namespaced;
}

const k8sc_schema_type *k8sc_schema_resource_type(const k8sc_schema_resource *resource)
{
    return resource ? &schema::types[resource->type] : nullptr;
}

const char *k8sc_schema_resource_verb(const k8sc_schema_resource *resource, int32_t index)
{
    int32_t verb = resource ? schema::number_of(resource->verbs, index) : -1;
    return verb < 0 ? nullptr : schema::verb_words[verb];
}

int k8sc_schema_resource_has_verb(const k8sc_schema_resource *resource, const char *verb)
{
    if (!verb) return 0;
    for (int32_t i = 0; const char *has = k8sc_schema_resource_verb(resource, i); i++)
        if (strcmp(has, verb) == 0) return 1;
    return 0;
}

int32_t k8sc_schema_resource_method_count(const k8sc_schema_resource *resource)
{
    return resource ? resource->method_count : 0;
}

const char *k8sc_schema_resource_method_name(const k8sc_schema_resource *resource, int32_t index)
{
    const schema::Method *method = method_at(resource, index);
    return method ? schema::names + method->name : nullptr;
}

const char *k8sc_schema_resource_method_verb(const k8sc_schema_resource *resource, int32_t index)
{
    const schema::Method *method = method_at(resource, index);
    return method ? schema::verb_words[method->verb] : nullptr;
}

const char *k8sc_schema_resource_method_subresource(const k8sc_schema_resource *resource, int32_t index)
{
    const schema::Method *method = method_at(resource, index);
    return method ? schema::names + method->subresource : nullptr;
}

const k8sc_schema_type *k8sc_schema_resource_method_input(const k8sc_schema_resource *resource, int32_t index)
{
    const schema::Method *method = method_at(resource, index);
    return method ? type_at(method->input) : nullptr;
}

const k8sc_schema_type *k8sc_schema_resource_method_result(const k8sc_schema_resource *resource, int32_t index)
{
    const schema::Method *method = method_at(resource, index);
    return method ? type_at(method->result) : nullptr;
}

int32_t k8sc_schema_type_count(void) { return schema::types_size; }

const k8sc_schema_type *k8sc_schema_type_at(int32_t index)
{
    return index >= 0 && index < schema::types_size ? &schema::types[index] : nullptr;
}

const k8sc_schema_type *k8sc_schema_type_find(const char *name) { return name ? schema::find_type(name) : nullptr; }

const k8sc_schema_type *k8sc_schema_type_find_kind(const char *api_version, const char *kind)
{
    return api_version && kind ? schema::find_kind(api_version, kind) : nullptr;
}

const char *k8sc_schema_type_name(const k8sc_schema_type *type)
{
    return type ? schema::type_names + type->name : nullptr;
}

const char *k8sc_schema_type_kind(const k8sc_schema_type *type) { return type ? schema::kind_of(*type) : nullptr; }

const char *k8sc_schema_type_api_version(const k8sc_schema_type *type)
{
    return type ? schema::api_version_of(*type) : nullptr;
}

int32_t k8sc_schema_type_field_count(const k8sc_schema_type *type) { return type ? type->field_count : 0; }

const k8sc_schema_field *k8sc_schema_type_field_at(const k8sc_schema_type *type, int32_t index)
{
    return type && index >= 0 && index < type->field_count ? &schema::fields[type->first_field + index] : nullptr;
}

const k8sc_schema_field *k8sc_schema_type_find_field(const k8sc_schema_type *type, const char *name)
{
    return type && name ? schema::find_field(*type, name) : nullptr;
}

const char *k8sc_schema_field_name(const k8sc_schema_field *field)
{
    return field ? schema::names + field->name : nullptr;
}

int32_t k8sc_schema_field_type(const k8sc_schema_field *field) { return field ? field->form() : 0; }

const k8sc_schema_type *k8sc_schema_field_object_type(const k8sc_schema_field *field)
{
    return field ? schema::type_of(*field) : nullptr;
}

const k8sc_schema_field *k8sc_schema_field_element(const k8sc_schema_field *field)
{
    return field ? schema::element_of(*field) : nullptr;
}

int k8sc_schema_field_is_required(const k8sc_schema_field *field) { return field && field->is_required(); }

int k8sc_schema_field_is_pointer(const k8sc_schema_field *field) { return field && field->is_pointer(); }

int32_t k8sc_schema_field_bits(const k8sc_schema_field *field)
{
    if (!field || field->form() != K8SC_FIELD_INTEGER) return 0;
    return field->is_int32() ? 32 : 64;
}

const char *k8sc_schema_field_list_type(const k8sc_schema_field *field)
{
    return field ? word(schema::list_words, field->list_type()) : nullptr;
}

const char *k8sc_schema_field_list_map_key(const k8sc_schema_field *field, int32_t index)
{
    int32_t key = field ? schema::number_of(field->keys, index) : -1;
    return key < 0 ? nullptr : schema::names + key;
}

const char *k8sc_schema_field_map_type(const k8sc_schema_field *field)
{
    return field ? word(schema::map_words, field->map_type()) : nullptr;
}

const char *k8sc_schema_field_patch_strategy(const k8sc_schema_field *field)
{
    return field ? word(schema::strategy_words, field->patch_strategy()) : nullptr;
}

const char *k8sc_schema_field_patch_merge_key(const k8sc_schema_field *field)
{
    return field ? schema::names + field->merge_key : nullptr;
}

int32_t k8sc_schema_field_protobuf_number(const k8sc_schema_field *field, int32_t index)
{
    int32_t number = field ? schema::number_of(field->numbers, index) : -1;
    return number < 0 ? 0 : number;
}

k8sc_status k8sc_schema_validate(const k8sc_object *object, const k8sc_schema_type *type, k8sc_error **err)
{
    return guard(err, [&] {
        need(object, "object");
        schema::validate(*object, type);
    });
}

k8sc_status k8sc_schema_validate_draft(const k8sc_draft *draft, const k8sc_schema_type *type, k8sc_error **err)
{
    return guard(err, [&] {
        need(draft, "draft");
        schema::validate(*draft->freeze(), type);
    });
}

}  // extern "C"
