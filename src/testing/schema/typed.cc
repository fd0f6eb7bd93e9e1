#include "testing/schema/typed.h"

#include <memory>

#include <k8sc.h>

#include "testing/base/base64.h"
#include "testing/schema/status.h"

namespace k8sc::testing {

namespace {

const k8sc_schema_type *type_of(const Kind &kind)
{
    return kind.custom ? nullptr : k8sc_schema_type_find_kind(kind.api_version().c_str(), kind.kind.c_str());
}

void keep_known_in(json_t *value, const k8sc_schema_field *field);

void keep_members(json_t *object, const k8sc_schema_type *type)
{
    const char *key = nullptr;
    json_t *member = nullptr;
    void *next = nullptr;
    json_object_foreach_safe(object, next, key, member)
    {
        const k8sc_schema_field *field = k8sc_schema_type_find_field(type, key);
        if (!field || json_is_null(member))
            json_object_del(object, key);
        else
            keep_known_in(member, field);
    }
}

void keep_known_in(json_t *value, const k8sc_schema_field *field)
{
    if (!field) return;
    if (const k8sc_schema_type *type = k8sc_schema_field_object_type(field); type && json_is_object(value))
        return keep_members(value, type);
    const k8sc_schema_field *element = k8sc_schema_field_element(field);
    if (!element) return;
    for (size_t i = 0; i < json_array_size(value); ++i) keep_known_in(json_array_get(value, i), element);
    const bool texts = k8sc_schema_field_type(element) == K8SC_FIELD_STRING;
    const char *key = nullptr;
    json_t *member = nullptr;
    void *next = nullptr;
    json_object_foreach_safe(value, next, key, member)
    {
        // Go has no text that is null.
        if (texts && json_is_null(member))
            set(value, key, Json::text(""));
        else
            keep_known_in(member, element);
    }
}

void keep_text_data(json_t *secret)
{
    json_t *texts = json_object_get(secret, "stringData");
    if (!json_is_object(texts)) return;
    if (!json_is_object(json_object_get(secret, "data"))) set(secret, "data", Json::object());
    const char *key = nullptr;
    json_t *text = nullptr;
    json_object_foreach(texts, key, text)
    {
        if (json_is_string(text))
            set(json_object_get(secret, "data"), key,
                Json::text(base64({json_string_value(text), json_string_length(text)})));
    }
    json_object_del(secret, "stringData");
}

struct ErrorFree {
    void operator()(k8sc_error *error) const { k8sc_error_free(error); }
};
struct ObjectUnref {
    void operator()(k8sc_object *object) const { k8sc_object_unref(object); }
};

void note_fault(const k8sc_error *error, int32_t index, TypeErrors &errors)
{
    const std::string kind = k8sc_error_cause_type(error, index), field = k8sc_error_cause_field(error, index);
    if (kind == "FieldValueUnknown") return errors.strict.push_back("unknown field \"" + field + "\"");
    if (kind == "FieldValueDuplicate") return errors.strict.push_back("duplicate field \"" + field + "\"");
    // Another kind or version than the path's is told in words of its own.
    if (kind != "FieldValueTypeInvalid" && (field == "kind" || field == "apiVersion")) return;
    errors.wrong.push_back(field + ": " + k8sc_error_cause_message(error, index));
}

}  // namespace

TypeErrors type_errors(const Kind &kind, const std::string &text)
{
    TypeErrors errors;
    const k8sc_schema_type *type = type_of(kind);
    k8sc_object *parsed = nullptr;
    k8sc_error *failure = nullptr;
    if (!type) return errors;
    const k8sc_status status = k8sc_object_parse_json(text.data(), text.size(), &parsed, &failure);
    const std::unique_ptr<k8sc_object, ObjectUnref> object(parsed);
    std::unique_ptr<k8sc_error, ErrorFree> error(failure);
    // What is no object at all is told by who looks at it as one.
    if (status != K8SC_OK) return errors;
    failure = nullptr;
    k8sc_schema_validate(object.get(), type, &failure);
    error.reset(failure);
    for (int32_t i = 0; i < k8sc_error_cause_count(error.get()); ++i) note_fault(error.get(), i, errors);
    return errors;
}

void keep_known(const Kind &kind, json_t *document)
{
    const k8sc_schema_type *type = type_of(kind);
    if (!type || !json_is_object(document)) return;
    keep_members(document, type);
    if (kind.group.empty() && kind.kind == "Secret") keep_text_data(document);
}

std::vector<std::string> keep_known_metadata(json_t *metadata)
{
    const k8sc_schema_type *type = k8sc_schema_type_find("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
    std::vector<std::string> unknown;
    const char *key = nullptr;
    json_t *member = nullptr;
    json_object_foreach(metadata, key, member)
    {
        if (!k8sc_schema_type_find_field(type, key)) unknown.emplace_back(key);
    }
    keep_members(metadata, type);
    return unknown;
}

FieldValidation field_validation_of(std::string_view parameter, const std::string &options, FieldValidation usual)
{
    if (parameter.empty()) return usual;
    if (parameter == "Ignore") return FieldValidation::ignore;
    if (parameter == "Warn") return FieldValidation::warn;
    if (parameter == "Strict") return FieldValidation::strict;
    throw invalid_options(options, unsupported_value("fieldValidation", "\"" + std::string(parameter) + "\"",
                                                     "\"Ignore\", \"Strict\", \"Warn\""));
}

}  // namespace k8sc::testing
