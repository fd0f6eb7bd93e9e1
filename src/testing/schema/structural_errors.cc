// Holds documents against structural schemas, with the words of Kubernetes' own validation.
#include <algorithm>
#include <cmath>
#include <set>

#include "testing/schema/schema_words.h"
#include "testing/schema/since.h"

namespace k8sc::testing {

namespace {

std::string type_of(const json_t *value) { return json_is_integer(value) ? "integer" : type_name(value); }

// As Go's %v shows a number and its %q a text.
std::string shown(const json_t *value) { return dump(value); }

// As Go's %#v shows the keys of an item.
std::string keys_in_go(const json_t *keys)
{
    std::map<std::string, std::string> members;
    const char *key;
    json_t *value;
    json_object_foreach(const_cast<json_t *>(keys), key, value) members[key] = dump(value);
    std::string text;
    for (const auto &[name, member] : members) text += (text.empty() ? "" : ", ") + in_quotes(name) + ":" + member;
    return "map[string]interface {}{" + text + "}";
}

const char type_invalid[] = "FieldValueTypeInvalid";

size_t characters(std::string_view text)
{
    return static_cast<size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

class Validator {
  public:
    Validator(const std::map<std::string, Pattern, std::less<>> &patterns, int release,
              std::vector<StatusCause> &errors)
        : patterns_(patterns), release_(release), errors_(errors)
    {
    }

    void check(const json_t *value, const json_t *schema, const std::string &path, const json_t *before)
    {
        if (before && json_equal(value, before)) return;
        if (json_is_null(value) && schema_flag(schema, "nullable")) return;
        check_type(value, schema, path);
        check_logic(value, schema, path);
        if (json_is_string(value)) check_text(value, schema, path);
        if (json_is_number(value)) check_number(value, schema, path);
        if (json_is_array(value)) check_items(value, schema, path);
        check_enum(value, schema, path);
        if (json_is_object(value)) check_members(value, schema, path, before);
    }

  private:
    void wrong(const std::string &path, const std::string &value, const std::string &why,
               const char *reason = "FieldValueInvalid")
    {
        errors_.push_back(invalid_value(path, value, path + " in body " + why));
        if (has_reasons()) errors_.back().reason = reason;
    }

    bool has_reasons() const { return release_ >= since::reasons_of_schemas; }

    void check_type(const json_t *value, const json_t *schema, const std::string &path)
    {
        std::string wanted(text_at(schema, {"type"}));
        const std::string found = type_of(value);
        const bool whole = json_is_real(value) && std::floor(json_real_value(value)) == json_real_value(value);
        const bool is_integer = found == "integer" || whole;
        if (schema_flag(schema, int_or_string_word)) {
            if (is_integer || found == "string") return;
            wanted = "integer,string";
        }
        if (wanted.empty() || wanted == found || (wanted == "integer" && is_integer) ||
            (wanted == "number" && json_is_number(value)))
            return;
        wrong(path, in_quotes(found), "must be of type " + wanted + ": " + in_quotes(found), type_invalid);
        const bool has_range = json_object_get(schema, "minimum") || json_object_get(schema, "maximum");
        if (has_reasons() && wanted == "integer" && json_is_real(value) && has_range)
            errors_.push_back(
                invalid_value("<nil>", "\"\"", "Checked value must be of type integer (default format) in " + path));
    }

    std::vector<StatusCause> faults_of(const json_t *value, const json_t *schema, const std::string &path) const
    {
        std::vector<StatusCause> errors;
        Validator(patterns_, release_, errors).check(value, schema, path, nullptr);
        return errors;
    }

    void add(std::vector<StatusCause> errors)
    {
        for (StatusCause &error : errors) errors_.push_back(std::move(error));
    }

    // Real servers lose the field's name here.
    void wrong_logic(const std::string &path, const std::string &why)
    {
        errors_.push_back(invalid_value("<nil>", "\"\"", "\"" + path + "\" " + why));
    }

    // How many of the schemas hold, and what speaks against the first that does not.
    size_t held(const json_t *value, const json_t *schemas, const std::string &path,
                std::vector<StatusCause> &first) const
    {
        size_t held = 0;
        for (size_t i = 0; i < json_array_size(schemas); ++i) {
            std::vector<StatusCause> errors = faults_of(value, json_array_get(schemas, i), path);
            held += errors.empty();
            if (first.empty()) first = std::move(errors);
        }
        return held;
    }

    void check_logic(const json_t *value, const json_t *schema, const std::string &path)
    {
        std::vector<StatusCause> first;
        if (const json_t *any = json_object_get(schema, "anyOf");
            json_array_size(any) > 0 && held(value, any, path, first) == 0) {
            wrong_logic(path, "must validate at least one schema (anyOf)");
            add(std::move(first));
        }
        if (const json_t *one = json_object_get(schema, "oneOf"); json_array_size(one) > 0) {
            first.clear();
            const size_t count = held(value, one, path, first);
            const std::string found =
                count == 0 ? "Found none valid" : "Found " + std::to_string(count) + " valid alternatives";
            if (count != 1) wrong_logic(path, "must validate one and only one schema (oneOf). " + found);
            if (count == 0) add(std::move(first));
        }
        if (const json_t *all = json_object_get(schema, "allOf"); json_array_size(all) > 0) {
            size_t count = 0;
            for (size_t i = 0; i < json_array_size(all); ++i) {
                std::vector<StatusCause> errors = faults_of(value, json_array_get(all, i), path);
                count += errors.empty();
                add(std::move(errors));
            }
            if (count < json_array_size(all))
                wrong_logic(path, std::string("must validate all the schemas (allOf)") +
                                      (count == 0 ? ". None validated" : ""));
        }
        if (const json_t *other = json_object_get(schema, "not"); other && faults_of(value, other, path).empty())
            wrong_logic(path, "must not validate the schema (not)");
    }

    void check_text(const json_t *value, const json_t *schema, const std::string &path)
    {
        const std::string_view text = text_at(value, {});
        const json_t *most = json_object_get(schema, "maxLength"), *least = json_object_get(schema, "minLength");
        const auto length = static_cast<json_int_t>(characters(text));
        if (json_is_integer(most) && length > json_integer_value(most)) too_long(value, most, path);
        if (json_is_integer(least) && length < json_integer_value(least))
            wrong(path, shown(value), "should be at least " + shown(least) + " chars long");
        const std::string expression(text_at(schema, {"pattern"}));
        const auto pattern = patterns_.find(expression);
        if (!expression.empty() && pattern != patterns_.end() && !pattern->second.matches(text))
            wrong(path, shown(value), "should match '" + expression + "'");
        const std::string format(text_at(schema, {"format"}));
        if (!has_format(text, format, release_))
            wrong(path, shown(value), "must be of type " + format + ": " + shown(value), type_invalid);
    }

    void too_long(const json_t *value, const json_t *most, const std::string &path)
    {
        if (!has_reasons()) return wrong(path, shown(value), "should be at most " + shown(most) + " chars long");
        errors_.push_back({"FieldValueTooLong", "Too long: may not be more than " + shown(most) + " bytes", path});
    }

    void check_number(const json_t *value, const json_t *schema, const std::string &path)
    {
        const double number = json_number_value(value);
        if (const json_t *most = json_object_get(schema, "maximum"); json_is_number(most)) {
            const bool open = schema_flag(schema, "exclusiveMaximum");
            if (number > json_number_value(most) || (open && number == json_number_value(most)))
                wrong(path, shown(value),
                      std::string("should be less than ") + (open ? "" : "or equal to ") + shown(most));
        }
        if (const json_t *least = json_object_get(schema, "minimum"); json_is_number(least)) {
            const bool open = schema_flag(schema, "exclusiveMinimum");
            if (number < json_number_value(least) || (open && number == json_number_value(least)))
                wrong(path, shown(value),
                      std::string("should be greater than ") + (open ? "" : "or equal to ") + shown(least));
        }
        const json_t *step = json_object_get(schema, "multipleOf");
        if (!json_is_number(step) || json_number_value(step) <= 0) return;
        const double times = number / json_number_value(step);
        if (std::fabs(times - std::round(times)) > 1e-9 * std::max(1.0, std::fabs(times)))
            wrong(path, shown(value), "should be a multiple of " + shown(step));
    }

    void check_count(size_t count, const json_t *schema, const std::string &path, const char *most_word,
                     const char *least_word, const char *what)
    {
        const json_t *most = json_object_get(schema, most_word), *least = json_object_get(schema, least_word);
        const auto number = static_cast<json_int_t>(count);
        const std::string text = std::to_string(count);
        if (json_is_integer(most) && number > json_integer_value(most)) too_many(text, most, path, what);
        if (json_is_integer(least) && number < json_integer_value(least))
            wrong(path, text, "should have at least " + shown(least) + " " + what);
    }

    void too_many(const std::string &count, const json_t *most, const std::string &path, const std::string &what)
    {
        if (!has_reasons()) return wrong(path, count, "should have at most " + shown(most) + " " + what);
        errors_.push_back(
            {"FieldValueTooMany", "Too many: " + count + ": must have at most " + shown(most) + " items", path});
    }

    void check_items(const json_t *array, const json_t *schema, const std::string &path)
    {
        check_count(json_array_size(array), schema, path, "maxItems", "minItems", "items");
        const json_t *items = json_object_get(schema, "items");
        for (size_t i = 0; items && i < json_array_size(array); ++i)
            check(json_array_get(array, i), items, path + "[" + std::to_string(i) + "]", nullptr);
        check_duplicates(array, schema, path);
    }

    void check_duplicates(const json_t *array, const json_t *schema, const std::string &path)
    {
        const std::string_view type = text_at(schema, {list_type_word});
        if (type != "set" && type != "map") return;
        std::set<std::string> seen;
        for (size_t i = 0; i < json_array_size(array); ++i) {
            const json_t *item = json_array_get(array, i);
            const Json keys = type == "map" ? keys_of(item, json_object_get(schema, list_keys_word)) : Json();
            if (seen.insert(dump(keys ? keys.get() : item, true)).second) continue;
            errors_.push_back({"FieldValueDuplicate",
                               "Duplicate value: " + (keys ? shown_keys(keys.get()) : shown(item)),
                               path + "[" + std::to_string(i) + "]"});
        }
    }

    std::string shown_keys(const json_t *keys) const
    {
        return release_ >= since::values_as_json ? dump(keys, true) : keys_in_go(keys);
    }

    static Json keys_of(const json_t *item, const json_t *names)
    {
        Json keys = Json::object();
        for (size_t i = 0; i < json_array_size(names); ++i) {
            const std::string name(text_at(json_array_get(names, i), {}));
            if (json_t *value = json_object_get(item, name.c_str())) set(keys.get(), name.c_str(), Json::share(value));
        }
        return keys;
    }

    void check_enum(const json_t *value, const json_t *schema, const std::string &path)
    {
        const json_t *allowed = json_object_get(schema, "enum");
        std::string all;
        for (size_t i = 0; i < json_array_size(allowed); ++i) {
            if (json_equal(value, json_array_get(allowed, i))) return;
            all += (i > 0 ? ", " : "") + dump(json_is_string(json_array_get(allowed, i))
                                                  ? json_array_get(allowed, i)
                                                  : Json::text(dump(json_array_get(allowed, i))).get());
        }
        if (!all.empty()) errors_.push_back(unsupported_value(path, shown(value), all));
    }

    void check_members(const json_t *object, const json_t *schema, const std::string &path, const json_t *before)
    {
        check_count(json_object_size(object), schema, path, "maxProperties", "minProperties", "properties");
        const json_t *required = json_object_get(schema, "required");
        for (size_t i = 0; i < json_array_size(required); ++i) {
            const std::string name(text_at(json_array_get(required, i), {}));
            if (!json_object_get(object, name.c_str())) errors_.push_back(required_value(child_path(path, name), ""));
        }
        if (schema_flag(schema, embedded_word))
            for (const char *name : {"apiVersion", "kind"})
                if (text_at(object, {name}).empty())
                    errors_.push_back(required_value(child_path(path, name), has_reasons() ? "" : "must not be empty"));
        const char *key;
        json_t *member;
        json_object_foreach(const_cast<json_t *>(object), key, member)
        {
            if (const json_t *inner = member_schema(schema, key))
                check(member, inner, child_path(path, key), json_object_get(before, key));
        }
    }

    const std::map<std::string, Pattern, std::less<>> &patterns_;
    const int release_;
    std::vector<StatusCause> &errors_;
};

}  // namespace

void find_errors(const json_t *document, const json_t *schema, const json_t *before,
                 const std::map<std::string, Pattern, std::less<>> &patterns, int release,
                 std::vector<StatusCause> &errors)
{
    Validator(patterns, release, errors).check(document, schema, "", before);
}

}  // namespace k8sc::testing
