// Whether a schema is structural: all that is to be pruned and filled in stands in one tree of types.
#include <algorithm>
#include <iterator>

#include "testing/schema/schema_words.h"
#include "testing/schema/since.h"

namespace k8sc::testing {

namespace {

bool is_type(std::string_view type)
{
    static const std::string_view types[] = {"array", "boolean", "integer", "number", "object", "string"};
    return std::find(std::begin(types), std::end(types), type) != std::end(types);
}

std::string shown_texts(const json_t *array)
{
    std::string text;
    for (size_t i = 0; i < json_array_size(array); ++i)
        text += (i > 0 ? ", " : "") + in_quotes(text_at(json_array_get(array, i), {}));
    return "[]string{" + text + "}";
}

bool holds_text(const json_t *array, std::string_view text)
{
    for (size_t i = 0; i < json_array_size(array); ++i)
        if (text_at(json_array_get(array, i), {}) == text) return true;
    return false;
}

class Checker {
  public:
    Checker(int release, std::vector<StatusCause> &errors) : release_(release), errors_(errors) {}

    void check_root(const json_t *schema, const std::string &path)
    {
        if (!json_is_object(schema)) return wrong(invalid_value(path, dump(schema), "must be an object"));
        const std::string_view type = text_at(schema, {"type"});
        if (!type.empty() && is_type(type) && type != "object")
            wrong(invalid_value(path + ".type", in_quotes(type), "must be object at the root"));
        check(schema, path, "at the root");
        check_own_fields(schema, path);
    }

  private:
    void wrong(StatusCause cause) { errors_.push_back(std::move(cause)); }
    bool as_json() const { return release_ >= since::values_as_json; }

    // `what`: of which kind of place a type that is missing is told.
    void check(const json_t *schema, const std::string &path, const std::string &what)
    {
        if (!json_is_object(schema)) return wrong(invalid_value(path, dump(schema), "must be an object"));
        for (const char *word : {"$ref", "definitions", "patternProperties", "dependencies", "additionalItems"})
            if (json_object_get(schema, word))
                wrong(forbidden(path + "." + word, std::string(word) + " is not supported"));
        if (schema_flag(schema, "uniqueItems"))
            wrong(forbidden(path + ".uniqueItems",
                            "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"));
        check_type(schema, path, what);
        check_extensions(schema, path);
        check_pattern(schema, path);
        check_inner(schema, path);
        for (const char *word : {"allOf", "anyOf", "oneOf"}) {
            const json_t *schemas = json_object_get(schema, word);
            for (size_t i = 0; i < json_array_size(schemas); ++i)
                check_logic(json_array_get(schemas, i), path + "." + word + "[" + std::to_string(i) + "]",
                            schema_flag(schema, int_or_string_word));
        }
        if (const json_t *other = json_object_get(schema, "not")) check_logic(other, path + ".not", false);
        check_default(schema, path);
    }

    void check_type(const json_t *schema, const std::string &path, const std::string &what)
    {
        const std::string_view type = text_at(schema, {"type"});
        const bool free =
            schema_flag(schema, int_or_string_word) || (schema_flag(schema, preserve_word) && what != "at the root");
        if (type.empty() && !free) wrong(required_value(path + ".type", "must not be empty " + what));
        if (!type.empty() && !is_type(type))
            wrong(unsupported_value(path + ".type", in_quotes(type),
                                    R"("array", "boolean", "integer", "number", "object", "string")"));
        const json_t *items = json_object_get(schema, "items");
        if (type == "array" && !items) wrong(required_value(path + ".items", "must be specified"));
        if (json_is_array(items)) wrong(forbidden(path + ".items", "items must be a schema object and not an array"));
        if (json_object_size(json_object_get(schema, "properties")) > 0 &&
            json_is_object(json_object_get(schema, "additionalProperties")))
            wrong(
                forbidden(path + ".additionalProperties", "additionalProperties and properties are mutual exclusive"));
    }

    void check_extensions(const json_t *schema, const std::string &path)
    {
        if (json_is_false(json_object_get(schema, preserve_word)))
            wrong(invalid_value(path + "." + preserve_word, "false", "must be true or undefined"));
        if (schema_flag(schema, embedded_word) && !schema_flag(schema, preserve_word) &&
            json_object_size(json_object_get(schema, "properties")) == 0)
            wrong(required_value(path + ".properties", std::string("must not be empty if ") + embedded_word +
                                                           " is true without " + preserve_word));
        const std::string_view map = text_at(schema, {map_type_word}), list = text_at(schema, {list_type_word});
        if (!map.empty() && map != "atomic" && map != "granular")
            wrong(unsupported_value(path + "." + map_type_word, in_quotes(map), R"("atomic", "granular")"));
        if (list.empty()) return;
        if (list == "map") return check_keys(schema, path);
        if (list != "atomic" && list != "set")
            wrong(unsupported_value(path + "." + list_type_word, in_quotes(list), R"("atomic", "set", "map")"));
        if (list == "set" && text_at(schema, {"items", "type"}) == "object" &&
            text_at(schema, {"items", map_type_word}) != "atomic")
            wrong(invalid_value(path + ".items." + map_type_word, as_json() ? "null" : "\"null\"",
                                std::string("must be atomic as item of a list with ") + list_type_word + "=set"));
    }

    void check_keys(const json_t *schema, const std::string &path)
    {
        const json_t *keys = json_object_get(schema, list_keys_word),
                     *fields = value_at(schema, {"items", "properties"});
        const std::string place = path + "." + list_keys_word;
        if (json_array_size(keys) == 0)
            wrong(required_value(place, std::string("must not be empty if ") + list_type_word + " is map"));
        for (size_t i = 0; i < json_array_size(keys); ++i) {
            const std::string key(text_at(json_array_get(keys, i), {}));
            const json_t *field = json_object_get(fields, key.c_str());
            if (!field)
                return wrong(invalid_value(place, as_json() ? dump(keys) : shown_texts(keys),
                                           "entries must all be names of item properties"));
            if (json_object_get(field, "default") || holds_text(value_at(schema, {"items", "required"}), key)) continue;
            wrong(required_value(path + ".items.properties[" + key + "].default",
                                 std::string("this property is in ") + list_keys_word +
                                     ", so it must have a default or be a required property"));
        }
    }

    void check_pattern(const json_t *schema, const std::string &path)
    {
        const std::string expression(text_at(schema, {"pattern"}));
        std::string why;
        if (!expression.empty()) Pattern(expression, why);
        if (!why.empty())
            wrong(invalid_value(path + ".pattern", in_quotes(expression),
                                "must be a valid regular expression, but isn't: " + why));
    }

    void check_inner(const json_t *schema, const std::string &path)
    {
        const char *key;
        json_t *field;
        json_object_foreach(json_object_get(schema, "properties"), key, field)
        {
            check(field, path + ".properties[" + key + "]", "for specified object fields");
        }
        const json_t *entries = json_object_get(schema, "additionalProperties"),
                     *items = json_object_get(schema, "items");
        if (json_is_object(entries)) check(entries, path + ".additionalProperties", "for specified object fields");
        if (items && !json_is_array(items)) check(items, path + ".items", "for specified array items");
    }

    // What only says which values are right may not say what there is. `types`: but for the two of an int-or-string.
    void check_logic(const json_t *schema, const std::string &path, bool types)
    {
        if (!json_is_object(schema)) return wrong(invalid_value(path, dump(schema), "must be an object"));
        const std::string_view type = text_at(schema, {"type"});
        if (!type.empty() && !(types && (type == "integer" || type == "string")))
            wrong(forbidden(path + ".type", "must be empty to be structural"));
        for (const char *word : {"default", "additionalProperties"})
            if (json_object_get(schema, word))
                wrong(forbidden(path + "." + word, "must be undefined to be structural"));
        for (const char *word : {"nullable", preserve_word, embedded_word, int_or_string_word})
            if (schema_flag(schema, word)) wrong(forbidden(path + "." + word, "must be false to be structural"));
        for (const char *word : {"description", "title"})
            if (!text_at(schema, {word}).empty()) wrong(forbidden(path + "." + word, "must be empty to be structural"));
        check_pattern(schema, path);
        const char *key;
        json_t *field;
        json_object_foreach(json_object_get(schema, "properties"), key, field)
            check_logic(field, path + ".properties[" + key + "]", false);
        if (const json_t *items = json_object_get(schema, "items")) check_logic(items, path + ".items", false);
        for (const char *word : {"allOf", "anyOf", "oneOf"}) {
            const json_t *schemas = json_object_get(schema, word);
            for (size_t i = 0; i < json_array_size(schemas); ++i)
                check_logic(json_array_get(schemas, i), path + "." + word + "[" + std::to_string(i) + "]",
                            types && word != std::string_view("oneOf"));
        }
        if (const json_t *other = json_object_get(schema, "not")) check_logic(other, path + ".not", false);
    }

    void check_default(const json_t *schema, const std::string &path)
    {
        json_t *standard = json_object_get(schema, "default");
        if (!standard || json_is_null(standard)) return;
        // What is wrong with the schema itself is told already.
        if (!errors_.empty()) return;
        const std::string place = path + ".default";
        // One level deeper, because the members that any object has may be missing in a schema of objects only.
        Json value = Json::object(), whole = Json::object();
        set(value.get(), "value", Json::share(standard).copy());
        set(whole.get(), "properties", Json::object());
        set(json_object_get(whole.get(), "properties"), "value", Json::share(const_cast<json_t *>(schema)));
        const Structural outer(whole.get()), inner(schema);
        if (!outer.prune(value.get()).empty())
            return wrong(invalid_value(place, dump(standard), "must not have unknown fields"));
        outer.fill_defaults(value.get());
        for (StatusCause &error : inner.errors(json_object_get(value.get(), "value"), nullptr, release_)) {
            error.field = error.field.empty() ? place : place + "." + error.field;
            errors_.push_back(std::move(error));
        }
    }

    // What any object has may be said something of, but is what it is.
    void check_own_fields(const json_t *schema, const std::string &path)
    {
        for (const char *field : {"apiVersion", "kind"})
            if (const std::string_view type = text_at(schema, {"properties", field, "type"});
                !type.empty() && type != "string")
                wrong(invalid_value(path + ".properties[" + field + "].type", in_quotes(type), "must be string"));
        const std::string place = path + ".properties[metadata]";
        const std::string_view type = text_at(schema, {"properties", "metadata", "type"});
        if (!type.empty() && type != "object") wrong(invalid_value(place + ".type", in_quotes(type), "must be object"));
        const char *key;
        json_t *field;
        json_object_foreach(value_at(schema, {"properties", "metadata", "properties"}), key, field)
        {
            if (key != std::string_view("name") && key != std::string_view("generateName"))
                return wrong(forbidden(place, "must not specify anything other than name and generateName, but "
                                              "metadata is implicitly specified"));
        }
    }

    const int release_;
    std::vector<StatusCause> &errors_;
};

}  // namespace

std::vector<StatusCause> wrong_schema(const json_t *schema, const std::string &field, int release)
{
    std::vector<StatusCause> errors;
    Checker(release, errors).check_root(schema, field);
    return errors;
}

}  // namespace k8sc::testing
