/*
 * What the typed headers have in common: fields by their path, checked by the compiler.
 *
 * Copyright the k8sc authors. SPDX-License-Identifier: Apache-2.0
 *
 * There is one header for each group and version (<k8sc/core_v1.h>, <k8sc/apps_v1.h>, ...), and all they hold is types, macros and static
 * inline functions over <k8sc.h>. A Kubernetes type such as Container is two C types: k8sc_core_v1_container, a value to be read within a frozen
 * object, and k8sc_core_v1_container_draft, a place in a draft to be written. Both are passed by value.
 *
 *     const char *image = K8SC_STR(pod, spec.containers[0].image);
 *     K8SC_SET_STR(draft, spec.containers[0].image, "nginx:latest");
 *
 * A path is written as in Go or kubectl explain: JSON names, joined by dots. A field that does not exist, or has another type, does not
 * compile. An index must be a constant below 32, written as a number; for others there are K8SC_AT, K8SC_EACH and K8SC_EDIT_AT. These names are
 * written with a "_" behind them, since C or C++ or their headers keep them for themselves: bool_, continue_, default_, int_, linux_; in C++ also
 * namespace_, operator_, template_. Values and paths are evaluated once. It takes a compiler that has __typeof__, or C++11: GCC, Clang.
 *
 * READING. Nothing fails: what is absent, null or of another type answers NULL or the fallback; K8SC_TYPE tells these apart. Strings and values are
 * borrowed from the object. WRITING. Each macro answers a status, but need not be looked at: the draft keeps the first failure, and the verb
 * that sends the draft returns it. Objects and arrays on the way are made.
 */
#ifndef K8SC_TYPED_H
#define K8SC_TYPED_H

#include <k8sc.h>

/* In C, a function that is not declared and a pointer to another type were mere warnings until lately. Where typed headers are used, they are
 * errors with every compiler, unless K8SC_TYPED_LENIENT is defined. */
#if !defined(__cplusplus) && defined(__GNUC__) && !defined(K8SC_TYPED_LENIENT)
#pragma GCC diagnostic error "-Wimplicit-function-declaration"
#pragma GCC diagnostic error "-Wincompatible-pointer-types"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* What fields of no type of their own are, to the compiler only: nothing of this ever exists. */
struct k8sc_string_field {
    char _str;
};
struct k8sc_integer_field {
    char _int;
};
struct k8sc_number_field {
    char _number;
};
struct k8sc_boolean_field {
    char _bool;
};
struct k8sc_bytes_field {
    char _bytes;
};
struct k8sc_quantity_field {
    char _quantity, _str;
};
struct k8sc_int_or_string_field {
    char _int, _str;
};
struct k8sc_time_field {
    char _time, _seconds, _str;
};
struct k8sc_micro_time_field {
    char _time, _micros, _str;
};
struct k8sc_any_field {
    char _any;
};
struct k8sc_string_map_field {
    char _map, _map_str;
};
struct k8sc_bytes_map_field {
    char _map, _map_bytes;
};
struct k8sc_quantity_map_field {
    char _map, _map_quantity, _map_str;
};
struct k8sc_time_map_field {
    char _map, _map_time;
};
struct k8sc_strings_map_field {
    char _map, _map_strings;
};

#ifdef __cplusplus
}
template <bool constant>
struct k8sc_constant_index_ {
};
#define K8SC_TYPE_OF_(expression) decltype(expression)
#define K8SC_CHECK_(field) (void)k8sc_constant_index_<(field) != (size_t)-1>()
#define K8SC_AS_(type, ...)                                                                                                                          \
    type { __VA_ARGS__ }
#else
#define K8SC_TYPE_OF_(expression) __typeof__(expression)
/* The width of a bit-field is a constant, and so are then the indexes in the path. */
#define K8SC_CHECK_(field) (void)sizeof(struct { int index_is_not_constant : (int)((field) != (size_t)-1); })
#define K8SC_AS_(type, ...) ((type){__VA_ARGS__})
#endif
#define K8SC_OFFSET_(typed, field) __builtin_offsetof(__typeof__(*(typed).fields), field)
/* The value or node of a typed value, where the compiler knows the field. */
#define K8SC_V_(typed, field) (K8SC_CHECK_(K8SC_OFFSET_(typed, field)), (typed).value)
#define K8SC_N_(typed, field) (K8SC_CHECK_(K8SC_OFFSET_(typed, field)), (typed).node)

/* ---------------------------------------------------------------------------------------------------------- reading -- */

/* A string; NULL where there is none. Also for quantities, times and what may be an integer or a string. */
#define K8SC_STR(typed, path) k8sc_value_str(k8sc_value_along(K8SC_V_(typed, path._str), #path), NULL)
/* An integer, boolean, number; `fallback` where there is none. */
#define K8SC_INT(typed, path, fallback) k8sc_value_int(k8sc_value_along(K8SC_V_(typed, path._int), #path), fallback)
#define K8SC_BOOL(typed, path, fallback) k8sc_value_bool(k8sc_value_along(K8SC_V_(typed, path._bool), #path), fallback)
#define K8SC_NUMBER(typed, path, fallback) k8sc_value_number(k8sc_value_along(K8SC_V_(typed, path._number), #path), fallback)
/* A quantity as text, for k8sc_quantity_compare and its like. */
#define K8SC_QUANTITY(typed, path) k8sc_value_str(k8sc_value_along(K8SC_V_(typed, path._quantity), #path), NULL)
/* A time in microseconds since 1970. */
#define K8SC_TIME_US(typed, path, fallback) k8sc_value_time_us(k8sc_value_along(K8SC_V_(typed, path._time), #path), fallback)
/* A string that is a duration, such as "1h30m", in nanoseconds. */
#define K8SC_DURATION_NS(typed, path, fallback) k8sc_value_duration_ns(k8sc_value_along(K8SC_V_(typed, path._str), #path), fallback)
/* Bytes, as k8sc_value_bytes. */
#define K8SC_BYTES(typed, path, out, len, err) k8sc_value_bytes(k8sc_value_along(K8SC_V_(typed, path._bytes), #path), out, len, err)
/* An object within: a typed value. */
#define K8SC_GET(typed, path)                                                                                                                        \
    K8SC_AS_(K8SC_TYPE_OF_((typed).fields->path._self), k8sc_value_along(K8SC_V_(typed, path._self), #path))
/* An element of an array: of objects, of strings, of integers. */
#define K8SC_AT(typed, path, index)                                                                                                                  \
    K8SC_AS_(K8SC_TYPE_OF_((typed).fields->path[0]._self), k8sc_value_element(k8sc_value_along(K8SC_V_(typed, path[0]._self), #path), index))
#define K8SC_STR_AT(typed, path, index) k8sc_value_str(k8sc_value_element(k8sc_value_along(K8SC_V_(typed, path[0]._str), #path), index), NULL)
#define K8SC_INT_AT(typed, path, index, fallback)                                                                                                    \
    k8sc_value_int(k8sc_value_element(k8sc_value_along(K8SC_V_(typed, path[0]._int), #path), index), fallback)
/* for-loops: `item` is each object of an array, or of a map, as a typed value; or each element or member of anything as a k8sc_value. */
#define K8SC_EACH(item, typed, path)                                                                                                                 \
    for (K8SC_TYPE_OF_((typed).fields->path[0]._self) item = {k8sc_value_first(k8sc_value_along(K8SC_V_(typed, path[0]._self), #path))};             \
         item.value.object; item.value = k8sc_value_next(item.value))
#define K8SC_EACH_IN_MAP(item, typed, path)                                                                                                          \
    for (K8SC_TYPE_OF_((typed).fields->path._of._self) item = {k8sc_value_first(k8sc_value_along(K8SC_V_(typed, path._of._self), #path))};           \
         item.value.object; item.value = k8sc_value_next(item.value))
#define K8SC_EACH_VALUE(item, typed, path)                                                                                                           \
    for (k8sc_value item = k8sc_value_first(k8sc_value_along(K8SC_V_(typed, path), #path)); item.object; item = k8sc_value_next(item))
/* What a map has under a key: a string, a quantity, bytes, a typed value. */
#define K8SC_MAP_STR(typed, path, key) k8sc_value_str(k8sc_value_member(k8sc_value_along(K8SC_V_(typed, path._map_str), #path), key), NULL)
#define K8SC_MAP_QUANTITY(typed, path, key)                                                                                                          \
    k8sc_value_str(k8sc_value_member(k8sc_value_along(K8SC_V_(typed, path._map_quantity), #path), key), NULL)
#define K8SC_MAP_TIME_US(typed, path, key, fallback)                                                                                                 \
    k8sc_value_time_us(k8sc_value_member(k8sc_value_along(K8SC_V_(typed, path._map_time), #path), key), fallback)
#define K8SC_MAP_BYTES(typed, path, key, out, len, err)                                                                                              \
    k8sc_value_bytes(k8sc_value_member(k8sc_value_along(K8SC_V_(typed, path._map_bytes), #path), key), out, len, err)
#define K8SC_MAP_GET(typed, path, key)                                                                                                               \
    K8SC_AS_(K8SC_TYPE_OF_((typed).fields->path._of._self), k8sc_value_member(k8sc_value_along(K8SC_V_(typed, path._of._self), #path), key))
/* Of any field: one of K8SC_TYPE_; whether it is there and not null; how many elements or members it has, -1 where it has none to count; and
 * the value itself. */
#define K8SC_TYPE(typed, path) k8sc_value_type(k8sc_value_along(K8SC_V_(typed, path), #path))
#define K8SC_HAS(typed, path) (K8SC_TYPE(typed, path) > K8SC_TYPE_NULL)
#define K8SC_SIZE(typed, path) k8sc_value_size(k8sc_value_along(K8SC_V_(typed, path), #path))
#define K8SC_VALUE(typed, path) k8sc_value_along(K8SC_V_(typed, path), #path)

/* ---------------------------------------------------------------------------------------------------------- writing -- */

#define K8SC_SET_STR(draft, path, text) k8sc_node_set_str(K8SC_N_(draft, path._str), #path, NULL, text)
#define K8SC_SET_INT(draft, path, number) k8sc_node_set_int(K8SC_N_(draft, path._int), #path, NULL, number)
#define K8SC_SET_BOOL(draft, path, boolean) k8sc_node_set_bool(K8SC_N_(draft, path._bool), #path, NULL, boolean)
#define K8SC_SET_NUMBER(draft, path, number) k8sc_node_set_number(K8SC_N_(draft, path._number), #path, NULL, number)
/* A quantity as text, which is checked. */
#define K8SC_SET_QUANTITY(draft, path, text) k8sc_node_set_quantity(K8SC_N_(draft, path._quantity), #path, NULL, text)
/* A time in microseconds since 1970: for fields that have seconds, and for those that have microseconds. */
#define K8SC_SET_TIME_US(draft, path, time_us) k8sc_node_set_time_us(K8SC_N_(draft, path._seconds), #path, NULL, time_us, 0)
#define K8SC_SET_MICRO_TIME_US(draft, path, time_us) k8sc_node_set_time_us(K8SC_N_(draft, path._micros), #path, NULL, time_us, 1)
#define K8SC_SET_DURATION_NS(draft, path, nanoseconds) k8sc_node_set_duration_ns(K8SC_N_(draft, path._str), #path, NULL, nanoseconds)
#define K8SC_SET_BYTES(draft, path, data, len) k8sc_node_set_bytes(K8SC_N_(draft, path._bytes), #path, NULL, data, len)
/* Any field: from JSON text, to null, away. */
#define K8SC_SET_JSON(draft, path, json) k8sc_node_set_json(K8SC_N_(draft, path), #path, NULL, json)
#define K8SC_SET_NULL(draft, path) k8sc_node_set_null(K8SC_N_(draft, path), #path, NULL)
#define K8SC_REMOVE(draft, path) k8sc_node_remove(K8SC_N_(draft, path), #path, NULL)
/* A copy of a typed value of the field's type. */
#define K8SC_SET(draft, path, typed)                                                                                                                 \
    ((void)sizeof((draft).fields->path._self = (typed)), k8sc_node_set_value(K8SC_N_(draft, path._self), #path, NULL, (typed).value))
/* Places within: the object at a path, an object of an array, a new one behind the others of an array, that of a map. They are typed drafts. */
#define K8SC_EDIT(draft, path) K8SC_AS_(K8SC_TYPE_OF_((draft).fields->path._draft), k8sc_node_edit(K8SC_N_(draft, path._draft), #path))
#define K8SC_EDIT_AT(draft, path, index)                                                                                                             \
    K8SC_AS_(K8SC_TYPE_OF_((draft).fields->path[0]._draft), k8sc_node_element(K8SC_N_(draft, path[0]._draft), #path, index))
#define K8SC_APPEND(draft, path) K8SC_AS_(K8SC_TYPE_OF_((draft).fields->path[0]._draft), k8sc_node_append(K8SC_N_(draft, path[0]._draft), #path))
#define K8SC_MAP_EDIT(draft, path, key)                                                                                                              \
    K8SC_AS_(K8SC_TYPE_OF_((draft).fields->path._of._draft), k8sc_node_member(K8SC_N_(draft, path._of._draft), #path, key))
#define K8SC_APPEND_STR(draft, path, text) k8sc_node_append_str(K8SC_N_(draft, path[0]._str), #path, text)
#define K8SC_APPEND_INT(draft, path, number) k8sc_node_append_int(K8SC_N_(draft, path[0]._int), #path, number)
/* Entries of maps. */
#define K8SC_MAP_SET_STR(draft, path, key, text) k8sc_node_set_str(K8SC_N_(draft, path._map_str), #path, key, text)
#define K8SC_MAP_SET_QUANTITY(draft, path, key, text) k8sc_node_set_quantity(K8SC_N_(draft, path._map_quantity), #path, key, text)
#define K8SC_MAP_SET_TIME_US(draft, path, key, time_us) k8sc_node_set_time_us(K8SC_N_(draft, path._map_time), #path, key, time_us, 0)
#define K8SC_MAP_SET_BYTES(draft, path, key, data, len) k8sc_node_set_bytes(K8SC_N_(draft, path._map_bytes), #path, key, data, len)
#define K8SC_MAP_SET_JSON(draft, path, key, json) k8sc_node_set_json(K8SC_N_(draft, path._map), #path, key, json)
#define K8SC_MAP_REMOVE(draft, path, key) k8sc_node_remove(K8SC_N_(draft, path._map), #path, key)

#ifdef __cplusplus
extern "C" {
#endif

/* --------------------------------------------------------------------------------- what the generated functions stand on -- */

/* A group and version of a clientset, and a resource of it in a namespace. Borrowed from the clientset; `ns` from whoever gave it. */
struct k8sc_typed_group {
    k8sc_client *client;
};
struct k8sc_typed_client {
    k8sc_client *client;
    const char *group, *version, *resource, *ns;
};
struct k8sc_typed_informers {
    k8sc_informer_factory *factory;
};

static inline k8sc_status k8sc_typed_resource_(struct k8sc_typed_client c, k8sc_resource **out, k8sc_error **err)
{
    return k8sc_client_resource(c.client, c.group, c.version, c.resource, c.ns, out, err);
}

/* Hands the reference over to a typed value, which may not be wanted. */
static inline k8sc_status k8sc_typed_result_(k8sc_status status, k8sc_object *object, k8sc_value *out)
{
    if (out) *out = k8sc_object_value(object);
    else k8sc_object_unref(object);
    return status;
}

static inline k8sc_node k8sc_typed_new_(const char *api_version, const char *kind, const char *name)
{
    k8sc_draft *draft = NULL;
    k8sc_node node;
    k8sc_draft_new(&draft, NULL);
    node = k8sc_draft_root(draft);
    k8sc_node_set_str(node, "apiVersion", NULL, api_version);
    k8sc_node_set_str(node, "kind", NULL, kind);
    if (name) k8sc_node_set_str(node, "metadata.name", NULL, name);
    return node;
}

static inline k8sc_node k8sc_typed_empty_(void)
{
    k8sc_draft *draft = NULL;
    k8sc_draft_new(&draft, NULL);
    return k8sc_draft_root(draft);
}

static inline k8sc_node k8sc_typed_edit_(k8sc_value value)
{
    k8sc_draft *draft = NULL;
    k8sc_object_edit(value.object, &draft, NULL);
    return k8sc_draft_root(draft);
}

/* What is sent about another object bears its name and namespace, since the server insists: also where the draft, which stays as it is, has none. */
static inline k8sc_status k8sc_typed_about_(k8sc_node draft, const char *ns, const char *name, k8sc_object **out, k8sc_error **err)
{
    k8sc_object *object = NULL;
    k8sc_draft *copy = NULL;
    k8sc_status status = k8sc_draft_freeze(draft.draft, out, err);
    int nameless, homeless;
    if (status < 0 || !name) return status;
    nameless = !*k8sc_object_name(*out);
    homeless = ns && *ns && !*k8sc_object_namespace(*out);
    if (!nameless && !homeless) return status;
    object = *out;
    *out = NULL;
    status = k8sc_object_edit(object, &copy, err);
    k8sc_object_unref(object);
    if (status < 0) return status;
    if (nameless) k8sc_node_set_str(k8sc_draft_root(copy), "metadata.name", NULL, name);
    if (homeless) k8sc_node_set_str(k8sc_draft_root(copy), "metadata.namespace", NULL, ns);
    status = k8sc_draft_freeze(copy, out, err);
    k8sc_draft_free(copy);
    return status;
}

/* A verb that sends a draft: "create", "update", "apply", and with a subresource. */
typedef enum { K8SC_TYPED_CREATE_, K8SC_TYPED_UPDATE_, K8SC_TYPED_APPLY_ } k8sc_typed_verb_;

static inline k8sc_status k8sc_typed_send_(k8sc_typed_verb_ verb, struct k8sc_typed_client c, const char *name, const char *subresource,
                                           k8sc_node draft, const k8sc_options *options, k8sc_value *out, k8sc_error **err)
{
    k8sc_object *object = NULL, *answer = NULL, **wanted = out ? &answer : NULL;
    k8sc_resource *resource = NULL;
    k8sc_status status;
    if (out) *out = k8sc_object_value(NULL);
    status = k8sc_typed_about_(draft, c.ns, name, &object, err);
    /* Where the client is for all namespaces, the object says which is meant. */
    if (status == 0 && (!c.ns || !*c.ns) && *k8sc_object_namespace(object)) c.ns = k8sc_object_namespace(object);
    if (status == 0) status = k8sc_typed_resource_(c, &resource, err);
    if (status == 0) {
        if (!name) name = k8sc_object_name(object);
        if (verb == K8SC_TYPED_CREATE_)
            status = subresource ? k8sc_resource_create_subresource(resource, name, subresource, object, options, wanted, err)
                                 : k8sc_resource_create(resource, object, options, wanted, err);
        else if (verb == K8SC_TYPED_UPDATE_)
            status = subresource ? k8sc_resource_update_subresource(resource, name, subresource, object, options, wanted, err)
                                 : k8sc_resource_update(resource, object, options, wanted, err);
        else
            status = subresource ? k8sc_resource_apply_subresource(resource, name, subresource, object, options, wanted, err)
                                 : k8sc_resource_apply(resource, name, object, options, wanted, err);
    }
    k8sc_resource_unref(resource);
    k8sc_object_unref(object);
    return k8sc_typed_result_(status, answer, out);
}

static inline k8sc_status k8sc_typed_get_(struct k8sc_typed_client c, const char *name, const char *subresource, const k8sc_options *options,
                                          k8sc_value *out, k8sc_error **err)
{
    k8sc_object *answer = NULL, **wanted = out ? &answer : NULL;
    k8sc_resource *resource = NULL;
    k8sc_status status = k8sc_typed_resource_(c, &resource, err);
    if (status == 0)
        status = subresource ? k8sc_resource_get_subresource(resource, name, subresource, options, wanted, err)
                             : k8sc_resource_get(resource, name, options, wanted, err);
    k8sc_resource_unref(resource);
    return k8sc_typed_result_(status, answer, out);
}

static inline k8sc_status k8sc_typed_delete_(struct k8sc_typed_client c, const char *name, const k8sc_options *options, k8sc_error **err)
{
    k8sc_resource *resource = NULL;
    k8sc_status status = k8sc_typed_resource_(c, &resource, err);
    if (status == 0) status = k8sc_resource_delete(resource, name, options, NULL, err);
    k8sc_resource_unref(resource);
    return status;
}

static inline k8sc_status k8sc_typed_delete_collection_(struct k8sc_typed_client c, const k8sc_options *options, k8sc_error **err)
{
    k8sc_resource *resource = NULL;
    k8sc_status status = k8sc_typed_resource_(c, &resource, err);
    if (status == 0) status = k8sc_resource_delete_collection(resource, options, NULL, err);
    k8sc_resource_unref(resource);
    return status;
}

static inline k8sc_status k8sc_typed_list_(struct k8sc_typed_client c, const k8sc_options *options, int all, k8sc_list **out, k8sc_error **err)
{
    k8sc_resource *resource = NULL;
    k8sc_status status = k8sc_typed_resource_(c, &resource, err);
    if (out) *out = NULL;
    if (status == 0) status = all ? k8sc_resource_list_all(resource, options, out, err) : k8sc_resource_list(resource, options, out, err);
    k8sc_resource_unref(resource);
    return status;
}

static inline k8sc_status k8sc_typed_watch_(struct k8sc_typed_client c, const k8sc_options *options, k8sc_event_fn fn, void *user_data,
                                            k8sc_destroy_fn destroy, k8sc_watch **out, k8sc_error **err)
{
    k8sc_resource *resource = NULL;
    k8sc_status status = k8sc_typed_resource_(c, &resource, err);
    if (status == 0) status = k8sc_resource_watch(resource, options, fn, user_data, destroy, out, err);
    else {
        if (out) *out = NULL;
        if (destroy) destroy(user_data);
    }
    k8sc_resource_unref(resource);
    return status;
}

static inline k8sc_status k8sc_typed_patch_(struct k8sc_typed_client c, const char *name, int32_t patch_type, const char *patch, size_t len,
                                            const k8sc_options *options, const char *subresource, k8sc_value *out, k8sc_error **err)
{
    k8sc_object *answer = NULL, **wanted = out ? &answer : NULL;
    k8sc_resource *resource = NULL;
    k8sc_status status = k8sc_typed_resource_(c, &resource, err);
    if (status == 0)
        status = subresource ? k8sc_resource_patch_subresource(resource, name, subresource, patch_type, patch, len, options, wanted, err)
                             : k8sc_resource_patch(resource, name, patch_type, patch, len, options, wanted, err);
    k8sc_resource_unref(resource);
    return k8sc_typed_result_(status, answer, out);
}

/* A request for a subresource that answers something else than an object. */
static inline k8sc_status k8sc_typed_request_(struct k8sc_typed_client c, const char *name, const char *subresource, k8sc_request **out,
                                              k8sc_error **err)
{
    k8sc_rest_client *rest = NULL;
    k8sc_status status = k8sc_client_rest(c.client, c.group, c.version, &rest, err);
    if (status == 0) status = k8sc_rest_client_get(rest, out, err);
    else if (out) *out = NULL;
    k8sc_rest_client_unref(rest);
    if (status < 0) return status;
    if (c.ns) k8sc_request_set_namespace(*out, c.ns);
    k8sc_request_set_resource(*out, c.resource);
    k8sc_request_set_name(*out, name);
    k8sc_request_set_subresource(*out, subresource);
    return status;
}

/* Text behind text, as far as it fits; where it ends. */
static inline char *k8sc_typed_text_(char *at, char *end, const char *text)
{
    while (text && *text && at < end) *at++ = *text++;
    *at = '\0';
    return at;
}

/* The proxy's name for a port: [scheme:]name[:port]. */
static inline k8sc_status k8sc_typed_proxy_(struct k8sc_typed_client c, const char *scheme, const char *name, const char *port, const char *path,
                                            k8sc_request **out, k8sc_error **err)
{
    char whole[512], *at = whole, *end = whole + sizeof whole - 1;
    k8sc_status status;
    if (scheme && *scheme) {
        at = k8sc_typed_text_(at, end, scheme);
        at = k8sc_typed_text_(at, end, ":");
    }
    at = k8sc_typed_text_(at, end, name);
    if ((scheme && *scheme) || (port && *port)) {
        at = k8sc_typed_text_(at, end, ":");
        at = k8sc_typed_text_(at, end, port);
    }
    status = k8sc_typed_request_(c, name && at < end ? whole : NULL, "proxy", out, err);
    if (status == 0 && path) k8sc_request_set_suffix(*out, path);
    return status;
}

/* The field selector of the events about an object. Writes what fits, and a NUL, unless `size` is 0; answers how long it is. */
static inline size_t k8sc_typed_event_selector_(char *text, size_t size, const char *name, const char *ns, const char *kind, const char *uid)
{
    const char *parts[8];
    size_t len = 0;
    int i;
    parts[0] = ",involvedObject.name";
    parts[1] = name;
    parts[2] = ",involvedObject.namespace";
    parts[3] = ns;
    parts[4] = ",involvedObject.kind";
    parts[5] = kind;
    parts[6] = ",involvedObject.uid";
    parts[7] = uid;
    for (i = 0; i < 8; i += 2) {
        const char *piece;
        int part;
        if (!parts[i + 1] || !*parts[i + 1]) continue;
        for (part = 0; part < 3; part++) {
            /* The first has no comma. */
            piece = part == 0 ? parts[i] + (len == 0) : part == 1 ? "=" : parts[i + 1];
            for (; *piece; piece++, len++)
                if (len + 1 < size) text[len] = *piece;
        }
    }
    if (size > 0) text[len < size ? len : size - 1] = '\0';
    return len;
}

/* The events about an object, by what they say of it; `cancel` may be NULL, and `timeout_ms` -1. */
static inline k8sc_status k8sc_typed_search_(struct k8sc_typed_client c, const k8sc_object *object, k8sc_cancel *cancel, int64_t timeout_ms,
                                             k8sc_list **out, k8sc_error **err)
{
    char selector[1024];
    k8sc_options *options = NULL;
    k8sc_status status;
    k8sc_typed_event_selector_(selector, sizeof selector, k8sc_object_name(object), k8sc_object_namespace(object), k8sc_object_kind(object),
                               k8sc_object_uid(object));
    if (out) *out = NULL;
    status = k8sc_options_new(&options, err);
    if (status == 0) status = k8sc_options_set_field_selector(options, selector, err);
    if (status == 0 && cancel) status = k8sc_options_set_cancel(options, cancel, err);
    if (status == 0 && timeout_ms != -1) status = k8sc_options_set_timeout(options, timeout_ms, err);
    if (status == 0) status = k8sc_typed_list_(c, options, 0, out, err);
    k8sc_options_free(options);
    return status;
}

/* Each member of a draft of scalars, such as PodLogOptions, as a parameter. */
static inline k8sc_status k8sc_typed_params_(k8sc_request *request, k8sc_node draft, k8sc_error **err)
{
    k8sc_object *object = NULL;
    k8sc_value member;
    k8sc_status status = k8sc_draft_freeze(draft.draft, &object, err);
    for (member = k8sc_value_first(k8sc_object_value(object)); member.object; member = k8sc_value_next(member)) {
        const char *key = k8sc_value_key(member, NULL), *text = k8sc_value_str(member, NULL);
        char number[24];
        size_t len = 0, i;
        if (!text) {
            /* An integer or a boolean: its JSON text. */
            text = k8sc_value_raw(member, &len);
            for (i = 0; i < len && i + 1 < sizeof number; i++) number[i] = text[i];
            number[i] = '\0';
            text = number;
        }
        k8sc_request_add_param(request, key, text);
    }
    k8sc_object_unref(object);
    return status;
}

#ifdef __cplusplus
}
#endif

#endif
