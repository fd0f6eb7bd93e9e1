// k8sc_object_*, but for what needs a draft.
#include "json/object.h"

#include "api/guard.h"

using namespace k8sc;
using namespace k8sc::api;

namespace {

// Of the object's own text, so that it may be handed out.
const char *handed(const Object *object, Cursor string, size_t *len)
{
    if (len) *len = 0;
    if (string.type() != K8SC_TYPE_STRING) return nullptr;
    std::string_view text = object->text_of(string);
    if (len) *len = text.size();
    return text.data();
}

const char *member_text(const Object *object, const char *key)
{
    if (!object) return nullptr;
    return guard_value<const char *>("", [&] {
        const char *text = handed(object, object->root().member(key), nullptr);
        return text ? text : "";
    });
}

const char *metadata_entry(const Object *object, const char *map, const char *key)
{
    if (!object || !key) return nullptr;
    return guard_value<const char *>(
        nullptr, [&] { return handed(object, object->root().member("metadata").member(map).member(key), nullptr); });
}

template <class T, class Read>
T read_at(const Object *object, const char *pointer, T fallback, Read &&read)
{
    if (!object || !pointer) return fallback;
    return guard_value<T>(fallback, [&]() -> T { return read(object->root().at(pointer)); });
}

}  // namespace

extern "C" {

k8sc_status k8sc_object_parse_json(const char *json, size_t len, k8sc_object **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need(json, "json");
        *out = Object::parse({json, len}).detach();
    });
}

k8sc_object *k8sc_object_ref(k8sc_object *object)
{
    if (object) object->retain();
    return object;
}

void k8sc_object_unref(k8sc_object *object)
{
    if (object) object->release();
}

const char *k8sc_object_json(const k8sc_object *object, size_t *len)
{
    if (len) *len = object ? object->json().size() : 0;
    return object ? object->json().data() : nullptr;
}

const char *k8sc_object_name(const k8sc_object *object) { return object ? object->name().data() : nullptr; }

const char *k8sc_object_namespace(const k8sc_object *object) { return object ? object->ns().data() : nullptr; }

const char *k8sc_object_uid(const k8sc_object *object) { return object ? object->uid().data() : nullptr; }

const char *k8sc_object_resource_version(const k8sc_object *object)
{
    return object ? object->resource_version().data() : nullptr;
}

const char *k8sc_object_kind(const k8sc_object *object) { return member_text(object, "kind"); }

const char *k8sc_object_api_version(const k8sc_object *object) { return member_text(object, "apiVersion"); }

const char *k8sc_object_label(const k8sc_object *object, const char *key)
{
    return metadata_entry(object, "labels", key);
}

const char *k8sc_object_annotation(const k8sc_object *object, const char *key)
{
    return metadata_entry(object, "annotations", key);
}

k8sc_status k8sc_object_check_kind(const k8sc_object *object, const char *api_version, const char *kind,
                                   k8sc_error **err)
{
    return guard(err, [&] {
        need(object, "object");
        need(api_version, "api_version");
        need(kind, "kind");
        std::string_view is_version = k8sc_object_api_version(object), is_kind = k8sc_object_kind(object);
        if ((is_version.empty() || is_version == api_version) && (is_kind.empty() || is_kind == kind)) return;
        fail(K8SC_E_INVALID, concat("the object ", quote(object->name()), " is a ", quote(is_kind), " of ",
                                    quote(is_version), ", not a ", quote(kind), " of ", quote(api_version)));
    });
}

int32_t k8sc_object_type(const k8sc_object *object, const char *pointer)
{
    return read_at<int32_t>(object, pointer, K8SC_TYPE_ABSENT, [](Cursor value) { return value.type(); });
}

const char *k8sc_object_str(const k8sc_object *object, const char *pointer, size_t *len)
{
    if (len) *len = 0;
    return read_at<const char *>(object, pointer, nullptr, [&](Cursor value) { return handed(object, value, len); });
}

int64_t k8sc_object_int(const k8sc_object *object, const char *pointer, int64_t fallback)
{
    return read_at<int64_t>(object, pointer, fallback,
                            [&](Cursor value) { return value.integer().value_or(fallback); });
}

int k8sc_object_bool(const k8sc_object *object, const char *pointer, int fallback)
{
    return read_at<int>(object, pointer, fallback, [&](Cursor value) {
        auto boolean = value.boolean();
        return boolean ? int(*boolean) : fallback;
    });
}

double k8sc_object_number(const k8sc_object *object, const char *pointer, double fallback)
{
    return read_at<double>(object, pointer, fallback, [&](Cursor value) { return value.number().value_or(fallback); });
}

int64_t k8sc_object_size(const k8sc_object *object, const char *pointer)
{
    return read_at<int64_t>(object, pointer, -1, [](Cursor value) { return value.size(); });
}

const char *k8sc_object_key(const k8sc_object *object, const char *pointer, int64_t index, size_t *len)
{
    if (len) *len = 0;
    if (index < 0) return nullptr;
    return read_at<const char *>(object, pointer, nullptr, [&](Cursor value) -> const char * {
        const char *found = nullptr;
        if (value.type() != K8SC_TYPE_OBJECT) return found;
        value.each([&](std::string_view key, Cursor) {
            if (index-- > 0) return true;
            std::string_view text = object->text_of_raw(key);
            if (len) *len = text.size();
            found = text.data();
            return false;
        });
        return found;
    });
}

const char *k8sc_object_raw(const k8sc_object *object, const char *pointer, size_t *len)
{
    if (!len) return nullptr;
    *len = 0;
    return read_at<const char *>(object, pointer, nullptr, [&](Cursor value) -> const char * {
        if (!value) return nullptr;
        std::string_view raw = value.raw();
        *len = raw.size();
        return raw.data();
    });
}

}  // extern "C"
