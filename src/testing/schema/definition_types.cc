// The type of a CustomResourceDefinition, which is not among those of the library's tables: fields of a wrong type, and
// those that there are none.
#include <string_view>

#include "testing/schema/definition.h"

namespace k8sc::testing {

namespace {

enum class Form { text, truth, integer, number, any, object, objects, entries, texts, schema_or_truth, schema_or_list };

struct Field {
    const char *name;
    Form form;
    const Field *type = nullptr;  // of an object, an object's entries, or items
};

extern const Field schema_type[];
const Field documentation_type[] = {{"description", Form::text}, {"url", Form::text}, {}};
const Field rule_type[] = {{"rule", Form::text},
                           {"message", Form::text},
                           {"messageExpression", Form::text},
                           {"reason", Form::text},
                           {"fieldPath", Form::text},
                           {"optionalOldSelf", Form::truth},
                           {}};
const Field schema_type[] = {{"id", Form::text},
                             {"$schema", Form::text},
                             {"$ref", Form::text},
                             {"description", Form::text},
                             {"type", Form::text},
                             {"format", Form::text},
                             {"title", Form::text},
                             {"default", Form::any},
                             {"maximum", Form::number},
                             {"exclusiveMaximum", Form::truth},
                             {"minimum", Form::number},
                             {"exclusiveMinimum", Form::truth},
                             {"maxLength", Form::integer},
                             {"minLength", Form::integer},
                             {"pattern", Form::text},
                             {"maxItems", Form::integer},
                             {"minItems", Form::integer},
                             {"uniqueItems", Form::truth},
                             {"multipleOf", Form::number},
                             {"enum", Form::any},
                             {"maxProperties", Form::integer},
                             {"minProperties", Form::integer},
                             {"required", Form::texts},
                             {"items", Form::schema_or_list, schema_type},
                             {"allOf", Form::objects, schema_type},
                             {"oneOf", Form::objects, schema_type},
                             {"anyOf", Form::objects, schema_type},
                             {"not", Form::object, schema_type},
                             {"properties", Form::entries, schema_type},
                             {"additionalProperties", Form::schema_or_truth, schema_type},
                             {"patternProperties", Form::entries, schema_type},
                             {"dependencies", Form::any},
                             {"additionalItems", Form::schema_or_truth, schema_type},
                             {"definitions", Form::entries, schema_type},
                             {"externalDocs", Form::object, documentation_type},
                             {"example", Form::any},
                             {"nullable", Form::truth},
                             {"x-kubernetes-preserve-unknown-fields", Form::truth},
                             {"x-kubernetes-embedded-resource", Form::truth},
                             {"x-kubernetes-int-or-string", Form::truth},
                             {"x-kubernetes-list-map-keys", Form::texts},
                             {"x-kubernetes-list-type", Form::text},
                             {"x-kubernetes-map-type", Form::text},
                             {"x-kubernetes-validations", Form::objects, rule_type},
                             {}};
const Field validation_type[] = {{"openAPIV3Schema", Form::object, schema_type}, {}};
const Field scale_type[] = {
    {"specReplicasPath", Form::text}, {"statusReplicasPath", Form::text}, {"labelSelectorPath", Form::text}, {}};
const Field nothing_type[] = {{}};
const Field subresources_type[] = {{"status", Form::object, nothing_type}, {"scale", Form::object, scale_type}, {}};
const Field column_type[] = {{"name", Form::text},
                             {"type", Form::text},
                             {"format", Form::text},
                             {"description", Form::text},
                             {"jsonPath", Form::text},
                             {"priority", Form::integer},
                             {}};
const Field selectable_type[] = {{"jsonPath", Form::text}, {}};
const Field version_type[] = {{"name", Form::text},
                              {"served", Form::truth},
                              {"storage", Form::truth},
                              {"deprecated", Form::truth},
                              {"deprecationWarning", Form::text},
                              {"schema", Form::object, validation_type},
                              {"subresources", Form::object, subresources_type},
                              {"additionalPrinterColumns", Form::objects, column_type},
                              {"selectableFields", Form::objects, selectable_type},
                              {}};
const Field names_type[] = {{"plural", Form::text},
                            {"singular", Form::text},
                            {"shortNames", Form::texts},
                            {"kind", Form::text},
                            {"listKind", Form::text},
                            {"categories", Form::texts},
                            {}};
const Field service_type[] = {
    {"namespace", Form::text}, {"name", Form::text}, {"path", Form::text}, {"port", Form::integer}, {}};
const Field client_type[] = {
    {"url", Form::text}, {"service", Form::object, service_type}, {"caBundle", Form::text}, {}};
const Field webhook_type[] = {
    {"clientConfig", Form::object, client_type}, {"conversionReviewVersions", Form::texts}, {}};
const Field conversion_type[] = {{"strategy", Form::text}, {"webhook", Form::object, webhook_type}, {}};
const Field spec_type[] = {{"group", Form::text},
                           {"names", Form::object, names_type},
                           {"scope", Form::text},
                           {"versions", Form::objects, version_type},
                           {"conversion", Form::object, conversion_type},
                           {"preserveUnknownFields", Form::truth},
                           {}};
const Field condition_type[] = {{"type", Form::text},
                                {"status", Form::text},
                                {"lastTransitionTime", Form::text},
                                {"reason", Form::text},
                                {"message", Form::text},
                                {"observedGeneration", Form::integer},
                                {}};
const Field status_type[] = {{"conditions", Form::objects, condition_type},
                             {"acceptedNames", Form::object, names_type},
                             {"storedVersions", Form::texts},
                             {"observedGeneration", Form::integer},
                             {}};
const Field definition_type[] = {{"apiVersion", Form::text},
                                 {"kind", Form::text},
                                 {"metadata", Form::any},
                                 {"spec", Form::object, spec_type},
                                 {"status", Form::object, status_type},
                                 {}};

const Field *find(const Field *type, std::string_view name)
{
    for (; type->name; ++type)
        if (type->name == name) return type;
    return nullptr;
}

class Reader {
  public:
    explicit Reader(TypeErrors &errors) : errors_(errors) {}

    void read_object(json_t *object, const Field *type, const std::string &path)
    {
        if (!json_is_object(object)) return wrong(object, path, "an object");
        const char *key;
        json_t *member;
        void *next;
        json_object_foreach_safe(object, next, key, member)
        {
            const std::string place = path.empty() ? key : path + "." + key;
            const Field *field = find(type, key);
            if (!field) errors_.strict.push_back("unknown field \"" + place + "\"");
            if (field && !json_is_null(member))
                read(member, *field, place);
            else if (!field || field->form != Form::any)
                json_object_del(object, key);
        }
    }

  private:
    void wrong(const json_t *value, const std::string &path, const char *wanted)
    {
        errors_.wrong.push_back(path + ": must be " + wanted + ", and is " + type_name(value));
    }

    void read(json_t *value, const Field &field, const std::string &path)
    {
        const json_t *one = value;
        switch (field.form) {
        case Form::any: return;
        case Form::text: return json_is_string(one) ? void() : wrong(one, path, "a string");
        case Form::truth: return json_is_boolean(one) ? void() : wrong(one, path, "true or false");
        case Form::integer: return json_is_integer(one) ? void() : wrong(one, path, "an integer");
        case Form::number: return json_is_number(one) ? void() : wrong(one, path, "a number");
        case Form::object: return read_object(value, field.type, path);
        case Form::objects: return read_items(value, field.type, path);
        case Form::entries: return read_entries(value, {field.name, Form::object, field.type}, path);
        case Form::texts: return read_texts(value, path);
        case Form::schema_or_truth: return json_is_boolean(one) ? void() : read_object(value, field.type, path);
        case Form::schema_or_list:
            return json_is_array(one) ? read_items(value, field.type, path) : read_object(value, field.type, path);
        }
    }

    void read_items(json_t *array, const Field *type, const std::string &path)
    {
        if (!json_is_array(array)) return wrong(array, path, "an array");
        for (size_t i = 0; i < json_array_size(array); ++i) {
            // Go takes null for a value without anything.
            if (json_is_null(json_array_get(array, i))) json_array_set_new(array, i, json_object());
            read_object(json_array_get(array, i), type, path + "[" + std::to_string(i) + "]");
        }
    }

    void read_entries(json_t *map, const Field &entry, const std::string &path)
    {
        if (!json_is_object(map)) return wrong(map, path, "an object");
        const char *key;
        json_t *member;
        void *next;
        json_object_foreach_safe(map, next, key, member)
        {
            // As in an array: nothing of it is said.
            if (json_is_null(member)) set(map, key, Json::object());
            read(json_object_get(map, key), entry, path + "." + key);
        }
    }

    void read_texts(const json_t *array, const std::string &path)
    {
        if (!json_is_array(array)) return wrong(array, path, "an array");
        for (size_t i = 0; i < json_array_size(array); ++i)
            if (!json_is_string(json_array_get(array, i)) && !json_is_null(json_array_get(array, i)))
                wrong(json_array_get(array, i), path + "[" + std::to_string(i) + "]", "a string");
    }

    TypeErrors &errors_;
};

}  // namespace

TypeErrors read_definition(json_t *document)
{
    TypeErrors errors;
    Reader(errors).read_object(document, definition_type, "");
    return errors;
}

}  // namespace k8sc::testing
