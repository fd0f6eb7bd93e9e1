#include "testing/schema/structural.h"

#include <cmath>

#include "testing/schema/schema_words.h"
#include "testing/schema/typed.h"

namespace k8sc::testing {

namespace {

void gather_patterns(const json_t *schema, std::map<std::string, Pattern, std::less<>> &patterns)
{
    if (json_is_array(schema))
        for (size_t i = 0; i < json_array_size(schema); ++i) gather_patterns(json_array_get(schema, i), patterns);
    const char *key;
    json_t *member;
    json_object_foreach(const_cast<json_t *>(schema), key, member)
    {
        std::string why;
        // A property may be called "pattern", too; then this is its schema.
        if (key == std::string_view("pattern") && json_is_string(member))
            patterns.try_emplace(json_string_value(member), json_string_value(member), why);
        else if (key != std::string_view("default") && key != std::string_view("enum"))
            gather_patterns(member, patterns);
    }
}

// Servers write 1.0 as 1.
Json canonical(const json_t *value)
{
    if (!json_is_real(value)) return {};
    constexpr double exact = 9007199254740992.0;
    const double number = json_real_value(value);
    if (std::floor(number) != number || std::fabs(number) > exact) return {};
    return Json::integer(static_cast<int64_t>(number));
}

class Pruner {
  public:
    explicit Pruner(std::vector<std::string> &gone) : gone_(gone) {}

    // `keeps`: what there is no field for stays.
    void prune(json_t *value, const json_t *schema, const std::string &path, bool keeps = false)
    {
        keeps = schema_flag(schema, preserve_word) || keeps;
        if (json_is_array(value)) return prune_items(value, schema, path, keeps);
        const char *key;
        json_t *member;
        void *next;
        json_object_foreach_safe(value, next, key, member)
        {
            const std::string place = child_path(path, key);
            const bool own = is_own(schema, key, path.empty());
            const json_t *inner = member_schema(schema, key);
            if (Json plain = canonical(member))
                set(value, key, std::move(plain));
            else if (own && key == std::string_view("metadata"))
                prune_metadata(member, place);
            else if (inner)
                prune(member, inner, place);
            else if (own)
                continue;
            else if (schema_flag(schema, "additionalProperties"))
                prune(member, nullptr, place);
            else if (keeps)
                prune(member, nullptr, place, true);
            else
                drop(value, key, place);
        }
    }

  private:
    void prune_items(json_t *array, const json_t *schema, const std::string &path, bool keeps)
    {
        const json_t *items = json_object_get(schema, "items");
        for (size_t i = 0; i < json_array_size(array); ++i) {
            if (Json plain = canonical(json_array_get(array, i)))
                json_array_set_new(array, i, plain.release());
            else
                prune(json_array_get(array, i), items, path + "[" + std::to_string(i) + "]", keeps);
        }
    }

    // What is there in any object, whatever its schema says.
    static bool is_own(const json_t *schema, std::string_view key, bool root)
    {
        return (root || schema_flag(schema, embedded_word)) &&
               (key == "apiVersion" || key == "kind" || key == "metadata");
    }

    void prune_metadata(json_t *metadata, const std::string &path)
    {
        for (const std::string &field : keep_known_metadata(metadata)) gone_.push_back(path + "." + field);
    }

    void drop(json_t *object, const char *key, const std::string &path)
    {
        gone_.push_back(path);
        json_object_del(object, key);
    }

    std::vector<std::string> &gone_;
};

bool is_wrong_null(const json_t *value, const json_t *schema)
{
    return json_is_null(value) && schema && !schema_flag(schema, "nullable");
}

void fill(json_t *value, const json_t *schema);

void fill_members(json_t *object, const json_t *schema)
{
    const char *key;
    json_t *inner;
    json_object_foreach(json_object_get(schema, "properties"), key, inner)
    {
        json_t *standard = json_object_get(inner, "default");
        const json_t *given = json_object_get(object, key);
        if (standard && (!given || is_wrong_null(given, inner))) set(object, key, Json::share(standard).copy());
    }
    json_t *member;
    void *next;
    json_object_foreach_safe(object, next, key, member)
    {
        const json_t *its = member_schema(schema, key);
        json_t *standard = json_object_get(its, "default");
        if (!is_wrong_null(member, its))
            fill(member, its);
        else if (standard)
            set(object, key, Json::share(standard).copy());
        else
            json_object_del(object, key);
    }
}

void fill(json_t *value, const json_t *schema)
{
    if (json_is_object(value) && schema) fill_members(value, schema);
    const json_t *items = json_object_get(schema, "items");
    for (size_t i = 0; items && i < json_array_size(value); ++i) {
        json_t *standard = json_object_get(items, "default");
        if (standard && is_wrong_null(json_array_get(value, i), items))
            json_array_set_new(value, i, Json::share(standard).copy().release());
        fill(json_array_get(value, i), items);
    }
}

}  // namespace

Structural::Structural(const json_t *schema) : schema_(Json::share(const_cast<json_t *>(schema)).copy())
{
    gather_patterns(schema, patterns_);
}

std::vector<std::string> Structural::prune(json_t *document) const
{
    std::vector<std::string> gone;
    Pruner(gone).prune(document, schema(), "");
    return gone;
}

void Structural::fill_defaults(json_t *document) const { fill(document, schema()); }

std::vector<StatusCause> Structural::status_errors(const json_t *document, const json_t *before, int release) const
{
    std::vector<StatusCause> errors;
    const json_t *part = value_at(schema(), {"properties", "status"}), *status = json_object_get(document, "status");
    if (!part || !status) return errors;
    find_errors(status, part, json_object_get(before, "status"), patterns_, release, errors);
    for (StatusCause &error : errors)
        if (error.field != "<nil>") error.field = child_path("status", error.field);
    return errors;
}

std::vector<StatusCause> Structural::errors(const json_t *document, const json_t *before, int release) const
{
    std::vector<StatusCause> errors;
    find_errors(document, schema(), before, patterns_, release, errors);
    return errors;
}

}  // namespace k8sc::testing
