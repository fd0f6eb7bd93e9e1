// k8sc_draft_*, and what objects and YAML have to do with each other.
#include "json/draft.h"

#include <cstdlib>
#include <cstring>

#include "api/guard.h"
#include "json/yaml.h"

using namespace k8sc;
using namespace k8sc::api;

namespace {

// Text that comes with a length.
std::string_view need_text(const char *text, size_t len, const char *name)
{
    need(text, name);
    return {text, len};
}

char *copy(const std::string &text)
{
    auto out = static_cast<char *>(malloc(text.size() + 1));
    if (!out) throw std::bad_alloc();
    memcpy(out, text.c_str(), text.size() + 1);
    return out;
}

// What all that set something at a pointer have in common.
template <class Set>
k8sc_status edit(k8sc_draft *draft, const char *pointer, k8sc_error **err, Set &&set) noexcept
{
    return guard(err, [&] {
        need(draft, "draft");
        need(pointer, "pointer");
        set();
    });
}

}  // namespace

extern "C" {

k8sc_status k8sc_draft_new(k8sc_draft **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        *out = new Draft();
    });
}

k8sc_status k8sc_object_edit(const k8sc_object *object, k8sc_draft **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need(object, "object");
        *out = new Draft(Draft::edit(*object));
    });
}

k8sc_status k8sc_draft_parse_json(const char *json, size_t len, k8sc_draft **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        *out = new Draft(Draft::parse_json(need_text(json, len, "json")));
    });
}

k8sc_status k8sc_draft_parse_yaml(const char *yaml, size_t len, k8sc_draft **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        *out = new Draft(Draft::parse_yaml(need_text(yaml, len, "yaml")));
    });
}

void k8sc_draft_free(k8sc_draft *draft) { delete draft; }

k8sc_status k8sc_draft_set_str(k8sc_draft *draft, const char *pointer, const char *value, k8sc_error **err)
{
    return edit(draft, pointer, err, [&] {
        need(value, "value");
        draft->set_string(pointer, value);
    });
}

k8sc_status k8sc_draft_set_strn(k8sc_draft *draft, const char *pointer, const char *value, size_t len, k8sc_error **err)
{
    return edit(draft, pointer, err, [&] { draft->set_string(pointer, need_text(value, len, "value")); });
}

k8sc_status k8sc_draft_set_int(k8sc_draft *draft, const char *pointer, int64_t value, k8sc_error **err)
{
    return edit(draft, pointer, err, [&] { draft->set(pointer, own(json_integer(value))); });
}

k8sc_status k8sc_draft_set_bool(k8sc_draft *draft, const char *pointer, int value, k8sc_error **err)
{
    return edit(draft, pointer, err, [&] { draft->set(pointer, own(json_boolean(value))); });
}

k8sc_status k8sc_draft_set_number(k8sc_draft *draft, const char *pointer, double value, k8sc_error **err)
{
    return edit(draft, pointer, err, [&] { draft->set_number(pointer, value); });
}

k8sc_status k8sc_draft_set_null(k8sc_draft *draft, const char *pointer, k8sc_error **err)
{
    return edit(draft, pointer, err, [&] { draft->set(pointer, own(json_null())); });
}

k8sc_status k8sc_draft_set_json(k8sc_draft *draft, const char *pointer, const char *json, size_t len, k8sc_error **err)
{
    return edit(draft, pointer, err, [&] { draft->set_json(pointer, need_text(json, len, "json")); });
}

k8sc_status k8sc_draft_remove(k8sc_draft *draft, const char *pointer, k8sc_error **err)
{
    return edit(draft, pointer, err, [&] { draft->remove(pointer); });
}

k8sc_status k8sc_draft_freeze(const k8sc_draft *draft, k8sc_object **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need(draft, "draft");
        *out = draft->freeze().detach();
    });
}

k8sc_status k8sc_object_parse_yaml(const char *yaml, size_t len, k8sc_object **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        *out = Draft::parse_yaml(need_text(yaml, len, "yaml")).freeze().detach();
    });
}

k8sc_status k8sc_object_to_yaml(const k8sc_object *object, char **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need(object, "object");
        *out = copy(yaml_text_of_json(object->json()));
    });
}

void k8sc_string_free(char *string) { free(string); }

}  // extern "C"
