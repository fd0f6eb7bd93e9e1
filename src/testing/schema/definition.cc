#include "testing/schema/definition.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "testing/base/text.h"
#include "testing/schema/names.h"
#include "testing/schema/schema_words.h"
#include "testing/schema/since.h"

namespace k8sc::testing {

namespace {

// Collects what is wrong with a definition.
class Checker {
  public:
    Checker(const json_t *document, bool strict, int release)
        : document_(document), versions_(value_at(document, {"spec", "versions"})), strict_(strict), release_(release)
    {
    }

    std::vector<StatusCause> check()
    {
        check_name();
        check_scope();
        if (value_at(document_, {"spec", "preserveUnknownFields"}) &&
            json_is_true(value_at(document_, {"spec", "preserveUnknownFields"})))
            errors_.push_back(invalid_value("spec.preserveUnknownFields", "true",
                                            std::string("cannot set to true, set ") +
                                                (has_new_words() ? preserve_word : "x-preserve-unknown-fields") +
                                                " to true in spec.versions[*].schema instead"));
        if (const std::string_view strategy = text_at(document_, {"spec", "conversion", "strategy"});
            !strategy.empty() && strategy != "None" && strategy != "Webhook")
            errors_.push_back(
                unsupported_value("spec.conversion.strategy", in_quotes(strategy), "\"None\", \"Webhook\""));
        check_names();
        check_versions();
        return std::move(errors_);
    }

  private:
    bool has_new_words() const { return release_ >= since::words_of_definitions; }

    void check_name()
    {
        const std::string group(text_at(document_, {"spec", "group"})), name(text_at(document_, {"metadata", "name"}));
        if (name != std::string(text_at(document_, {"spec", "names", "plural"})) + "." + group)
            errors_.push_back(
                invalid_value("metadata.name", in_quotes(name), "must be spec.names.plural+\".\"+spec.group"));
        if (group.empty())
            errors_.push_back(required_value("spec.group", ""));
        else if (!is_path_name(group))
            errors_.push_back(invalid_value("spec.group", in_quotes(group), "must be the name of a domain"));
        else if (group.find('.') == std::string::npos)
            errors_.push_back(
                invalid_value("spec.group", in_quotes(group), "should be a domain with at least one dot"));
        const bool is_protected = group.ends_with(".k8s.io") || group.ends_with(".kubernetes.io") ||
                                  group == "k8s.io" || group == "kubernetes.io";
        if (strict_ && is_protected &&
            text_at(document_, {"metadata", "annotations", "api-approved.kubernetes.io"}).empty())
            errors_.push_back(
                required_value("metadata.annotations[api-approved.kubernetes.io]",
                               "protected groups must have approval annotation \"api-approved.kubernetes.io\", see "
                               "https://github.com/kubernetes/enhancements/pull/1111"));
    }

    void check_scope()
    {
        const std::string_view scope = text_at(document_, {"spec", "scope"});
        if (scope.empty())
            errors_.push_back(required_value("spec.scope", ""));
        else if (scope != "Namespaced" && scope != "Cluster")
            errors_.push_back(unsupported_value("spec.scope", in_quotes(scope), "\"Cluster\", \"Namespaced\""));
    }

    void check_label(const std::string &field, const std::string &shown, const std::string &label,
                     const std::string &before = "")
    {
        if (shown.empty())
            errors_.push_back(required_value(field, ""));
        else if (const std::string why = wrong_dns_label(label); !why.empty())
            errors_.push_back(invalid_value(field, in_quotes(shown), before + why));
    }

    void check_names()
    {
        const json_t *names = value_at(document_, {"spec", "names"});
        for (const char *word : {"plural", "singular"})
            check_label(std::string("spec.names.") + word, std::string(text_at(names, {word})),
                        std::string(text_at(names, {word})));
        for (const char *word : {"kind", "listKind"})
            check_label(std::string("spec.names.") + word, std::string(text_at(names, {word})),
                        lower(std::string(text_at(names, {word}))),
                        "may have mixed case, but should otherwise match: ");
        const std::string_view kind = text_at(names, {"kind"});
        if (!kind.empty() && kind == text_at(names, {"listKind"}))
            errors_.push_back(
                invalid_value("spec.names.listKind", in_quotes(kind), "kind and listKind may not be the same"));
        for (const char *word : {"shortNames", "categories"}) {
            const json_t *more = json_object_get(names, word);
            for (size_t i = 0; i < json_array_size(more); ++i) {
                const std::string text(text_at(json_array_get(more, i), {}));
                check_label(std::string("spec.names.") + word + "[" + std::to_string(i) + "]", text, text);
            }
        }
    }

    void check_versions()
    {
        size_t stored = 0;
        std::set<std::string> seen;
        bool unique = true;
        for (size_t i = 0; i < json_array_size(versions_); ++i) {
            const json_t *version = json_array_get(versions_, i);
            const std::string name(text_at(version, {"name"})), place = "spec.versions[" + std::to_string(i) + "]";
            stored += json_is_true(json_object_get(version, "storage"));
            unique = seen.insert(name).second && unique;
            check_label(place + ".name", name, name);
            check_schema(json_object_get(json_object_get(version, "schema"), "openAPIV3Schema"), place);
            check_scale(value_at(version, {"subresources", "scale"}), place + ".subresources.scale");
            check_columns(json_object_get(version, "additionalPrinterColumns"), place + ".additionalPrinterColumns");
        }
        if (!unique)
            errors_.push_back(invalid_value("spec.versions", dump(versions_), "must contain unique version names"));
        if (json_array_size(versions_) == 0 || (stored != 1 && (strict_ || stored > 1)))
            errors_.push_back(invalid_value("spec.versions", versions_ ? dump(versions_) : "[]",
                                            "must have exactly one version marked as storage version"));
    }

    // A server keeps what all versions have in common at one place, and calls it so.
    bool has_one_schema() const
    {
        for (size_t i = 1; i < json_array_size(versions_); ++i) {
            const json_t *first = value_at(json_array_get(versions_, 0), {"schema"}),
                         *other = value_at(json_array_get(versions_, i), {"schema"});
            if (!first || !other || !json_equal(first, other)) return false;
        }
        return true;
    }

    void check_schema(const json_t *schema, const std::string &version)
    {
        if (!schema) {
            if (strict_)
                errors_.push_back(
                    required_value(version + ".schema.openAPIV3Schema", has_new_words() ? "" : "schemas are required"));
            return;
        }
        const bool common = has_one_schema();
        if (common && version != "spec.versions[0]") return;
        for (StatusCause &error : wrong_schema(
                 schema, common ? "spec.validation.openAPIV3Schema" : version + ".schema.openAPIV3Schema", release_))
            errors_.push_back(std::move(error));
    }

    void check_scale(const json_t *scale, const std::string &place)
    {
        if (!scale) return;
        for (const auto &[key, root] :
             {std::pair("specReplicasPath", ".spec."), std::pair("statusReplicasPath", ".status.")}) {
            const std::string_view path = text_at(scale, {key});
            const std::string where = place + "." + key, parent(root, std::string_view(root).size() - 1);
            if (path.empty())
                errors_.push_back(required_value(where, ""));
            else if (!path.starts_with(root) || path.size() == std::string_view(root).size())
                errors_.push_back(invalid_value(where, in_quotes(path), "should be a json path under " + parent));
        }
    }

    void check_columns(const json_t *columns, const std::string &place)
    {
        const char types[] = "must be one of boolean,date,integer,number,string";
        for (size_t i = 0; i < json_array_size(columns); ++i) {
            const json_t *column = json_array_get(columns, i);
            const std::string where = place + "[" + std::to_string(i) + "]", type(text_at(column, {"type"}));
            if (text_at(column, {"name"}).empty()) errors_.push_back(required_value(where + ".name", ""));
            if (type.empty())
                errors_.push_back(required_value(where + ".type", types));
            else if (type != "boolean" && type != "date" && type != "integer" && type != "number" && type != "string")
                errors_.push_back(invalid_value(where + ".type", in_quotes(type), types));
            if (text_at(column, {"jsonPath"}).empty()) errors_.push_back(required_value(where + ".jsonPath", ""));
        }
    }

    const json_t *const document_;
    const json_t *const versions_;
    const bool strict_;
    const int release_;
    std::vector<StatusCause> errors_;
};

Json condition(const char *type, const char *reason, const char *message, const std::string &since)
{
    Json condition = Json::object();
    set(condition.get(), "type", Json::text(type));
    set(condition.get(), "status", Json::text("True"));
    set(condition.get(), "lastTransitionTime", Json::text(since));
    set(condition.get(), "reason", Json::text(reason));
    set(condition.get(), "message", Json::text(message));
    return condition;
}

void add_status(json_t *document)
{
    if (value_at(document, {"status", "conditions"})) return;
    const std::string since(text_at(document, {"metadata", "creationTimestamp"}));
    Json status = Json::object(), conditions = Json::array(), stored = Json::array();
    append(conditions.get(), condition("NamesAccepted", "NoConflicts", "no conflicts found", since));
    append(conditions.get(),
           condition("Established", "InitialNamesAccepted", "the initial names have been accepted", since));
    const json_t *versions = value_at(document, {"spec", "versions"});
    for (size_t i = 0; i < json_array_size(versions); ++i) {
        const json_t *version = json_array_get(versions, i);
        if (json_is_true(json_object_get(version, "storage")))
            append(stored.get(), Json::text(text_at(version, {"name"})));
    }
    set(status.get(), "conditions", std::move(conditions));
    set(status.get(), "acceptedNames", Json::share(value_at(document, {"spec", "names"})).copy());
    set(status.get(), "storedVersions", std::move(stored));
    set(document, "status", std::move(status));
}

}  // namespace

bool is_definition(const Kind &kind)
{
    return kind.group == "apiextensions.k8s.io" && kind.plural == "customresourcedefinitions";
}

void complete_definition(const Kind &kind, json_t *document, bool strict)
{
    const std::string name(text_at(document, {"metadata", "name"}));
    json_t *names = value_at(document, {"spec", "names"});
    const std::string called(text_at(names, {"kind"}));
    if (!called.empty()) {
        if (text_at(names, {"singular"}).empty()) set(names, "singular", Json::text(lower(called)));
        if (text_at(names, {"listKind"}).empty()) set(names, "listKind", Json::text(called + "List"));
    }
    if (json_t *spec = value_at(document, {"spec"}); json_is_object(spec) && !json_object_get(spec, "conversion")) {
        set(spec, "conversion", Json::object());
        set(json_object_get(spec, "conversion"), "strategy", Json::text("None"));
    }
    if (std::vector<StatusCause> errors = Checker(document, strict, kind.release).check(); !errors.empty())
        throw invalid(kind, name, std::move(errors));
    add_status(document);
}

}  // namespace k8sc::testing
