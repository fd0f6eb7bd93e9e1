#include "testing/rules/metadata.h"

#include "testing/schema/names.h"
#include "testing/schema/status.h"

namespace k8sc::testing {

namespace {

bool all_texts(json_t *value)
{
    if (json_is_array(value)) {
        for (size_t i = 0; i < json_array_size(value); ++i)
            if (!json_is_string(json_array_get(value, i))) return false;
        return true;
    }
    const char *key;
    json_t *member;
    json_object_foreach(value, key, member) if (!json_is_string(member)) return false;
    return json_is_object(value);
}

// Go's decoder takes null for a zero value, and no other type for the one that is due.
void check_metadata_types(const Kind &kind, json_t *metadata)
{
    const auto wrong = [&](const char *field, const char *type) {
        return bad_request(kind.kind + " in version \"" + kind.version + "\" cannot be handled as a " + kind.kind +
                           ": metadata." + field + " is no " + type);
    };
    for (const char *field :
         {"name", "generateName", "namespace", "uid", "resourceVersion", "creationTimestamp", "deletionTimestamp"}) {
        const json_t *value = json_object_get(metadata, field);
        if (json_is_null(value))
            json_object_del(metadata, field);
        else if (value && !json_is_string(value))
            throw wrong(field, "string");
    }
    for (const char *field : {"labels", "annotations"}) {
        json_t *value = json_object_get(metadata, field);
        if (json_is_null(value) || (json_is_object(value) && json_object_size(value) == 0))
            json_object_del(metadata, field);
        else if (value && (!json_is_object(value) || !all_texts(value)))
            throw wrong(field, "map of strings");
    }
    json_t *finalizers = json_object_get(metadata, "finalizers");
    if (json_is_null(finalizers) || (json_is_array(finalizers) && json_array_size(finalizers) == 0))
        json_object_del(metadata, "finalizers");
    else if (finalizers && (!json_is_array(finalizers) || !all_texts(finalizers)))
        throw wrong("finalizers", "list of strings");
}

// Keys of labels and annotations, values of labels, names of finalizers: the first that may not be is said.
void check_metadata_words(const Kind &kind, const json_t *metadata)
{
    const auto refuse = [&](const std::string &field, std::string_view word, const std::string &why) {
        throw invalid(kind, std::string(text_at(metadata, {"name"})),
                      invalid_value("metadata." + field, in_quotes(word), why));
    };
    for (const char *field : {"labels", "annotations"}) {
        const char *key;
        json_t *value;
        json_object_foreach(json_object_get(metadata, field), key, value)
        {
            if (const std::string why = wrong_label_key(key, kind.release); !why.empty()) refuse(field, key, why);
            if (field[0] != 'l') continue;
            const std::string_view text = text_at(value, {});
            if (const std::string why = wrong_label_value(text, kind.release); !why.empty()) refuse(field, text, why);
        }
    }
    const json_t *finalizers = json_object_get(metadata, "finalizers");
    for (size_t i = 0; i < json_array_size(finalizers); ++i) {
        const std::string_view text = text_at(json_array_get(finalizers, i), {});
        if (const std::string why = wrong_label_key(text, kind.release); !why.empty()) refuse("finalizers", text, why);
    }
}

}  // namespace

void check_document(const Kind &kind, json_t *document)
{
    if (!json_is_object(document))
        throw bad_request("the object provided is unrecognized (must be of type " + kind.kind +
                          "): it is no JSON object but of type " + type_name(document));
    const std::string_view name = text_at(document, {"kind"}), version = text_at(document, {"apiVersion"});
    if (kind.custom) {
        for (const char *field : {"kind", "apiVersion"})
            if (text_at(document, {field}).empty())
                throw bad_request(kind.kind + " in version " + in_quotes(kind.version) + " cannot be handled as a " +
                                  kind.kind + ": '" + field + "' is missing");
        const std::string object = std::string(text_at(document, {"metadata", "name"}));
        if (version != kind.api_version())
            throw bad_request("the API version in the data (" + std::string(version) +
                              ") does not match the expected API version (" + kind.api_version() + ")");
        if (!kind.guessed && name != kind.kind) {
            Kind named = kind;
            named.kind = name;
            throw invalid(named, object, invalid_value("kind", in_quotes(name), "must be " + kind.kind));
        }
        if (!is_kind_name(name))
            throw invalid(kind, object, invalid_value("kind", in_quotes(name), "may have letters and digits only"));
    } else if ((!name.empty() && name != kind.kind) || (!version.empty() && version != kind.api_version())) {
        throw bad_request(std::string(name) + " in version " + in_quotes(version) + " cannot be handled as a " +
                          kind.kind);
    }
    json_t *metadata = json_object_get(document, "metadata");
    if (metadata && !json_is_object(metadata) && !json_is_null(metadata)) throw bad_request("metadata is no object");
    check_metadata_types(kind, metadata_of(document));
    check_metadata_words(kind, metadata_of(document));
}

KindPtr learned_kind(const KindPtr &kind, const json_t *document)
{
    if (!kind->guessed) return kind;
    Kind learned =
        make_kind(kind->group, kind->version, kind->plural, std::string(text_at(document, {"kind"})), kind->namespaced);
    learned.release = kind->release;
    return std::make_shared<const Kind>(std::move(learned));
}

void check_name(const Kind &kind, const std::string &name)
{
    if (name.empty()) throw invalid(kind, "", required_value("metadata.name", "name or generateName is required"));
    const std::string why = wrong_name(kind, name);
    if (!why.empty()) throw invalid(kind, name, invalid_value("metadata.name", in_quotes(name), why));
}

void fill_system_fields(const Kind &kind, json_t *metadata)
{
    json_object_del(metadata, "selfLink");
    if (text_at(metadata, {"uid"}).empty()) set(metadata, "uid", Json::text(random_uid()));
    if (text_at(metadata, {"creationTimestamp"}).empty()) set(metadata, "creationTimestamp", Json::text(timestamp()));
    if (!kind.counts_generation)
        json_object_del(metadata, "generation");
    else if (!json_is_integer(json_object_get(metadata, "generation")))
        set(metadata, "generation", Json::integer(1));
}

void keep_system_fields(const Kind &kind, const json_t *before, json_t *after)
{
    const json_t *old_metadata = value_at(before, {"metadata"});
    json_t *metadata = metadata_of(after);
    json_object_del(metadata, "selfLink");
    for (const char *field :
         {"uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation"}) {
        json_t *value = json_object_get(old_metadata, field);
        if (value)
            set(metadata, field, Json::share(value));
        else
            json_object_del(metadata, field);
    }
    if (!kind.counts_generation) return;
    Json old_spec = Json::share(const_cast<json_t *>(before)).copy(), spec = Json::share(after).copy();
    for (const char *field : {"kind", "apiVersion", "metadata", "status"}) {
        json_object_del(old_spec.get(), field);
        json_object_del(spec.get(), field);
    }
    if (!json_equal(old_spec.get(), spec.get()))
        set(metadata, "generation", Json::integer(json_integer_value(json_object_get(old_metadata, "generation")) + 1));
}

bool has_finalizers(const json_t *document)
{
    return json_array_size(value_at(document, {"metadata", "finalizers"})) > 0;
}

bool is_being_deleted(const json_t *document) { return !text_at(document, {"metadata", "deletionTimestamp"}).empty(); }

}  // namespace k8sc::testing
