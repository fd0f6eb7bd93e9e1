/*
 * Fields by their path, checked by the compiler: what all typed headers share.
 *
 * Copyright the k8sc authors. SPDX-License-Identifier: Apache-2.0
 *
 * There is one typed header for each group and version (<k8sc/core_v1.h>, <k8sc/apps_v1.h>, ...).
 * They contain types, macros and static inline functions over <k8sc.h>, and nothing else. A
 * Kubernetes type such as Container is two C types. k8sc_core_v1_container is a value inside a
 * frozen object, for reading. k8sc_core_v1_container_draft is a place in a draft, for writing. Both
 * are passed by value.
 *
 *     const char *image = K8SC_STR(pod, spec.containers[0].image);
 *     K8SC_SET_STR(draft, spec.containers[0].image, "nginx:latest");
 *
 * PATHS. A path consists of JSON names joined by dots, as in Go or kubectl explain. A field that
 * does not exist, or that has another type, does not compile. An index must be a number below 32,
 * written as a literal. K8SC_AT, K8SC_EACH and K8SC_EDIT_AT take any index. Some names carry a
 * trailing "_", because C, C++ or their headers reserve them: bool_, continue_, default_, int_,
 * linux_, and in C++ also namespace_, operator_, template_. Values and paths are evaluated once.
 * The compiler must have __typeof__ or C++11, as GCC and Clang do.
 *
 * READING. Reading never fails. A field that is absent, null or of another type reads as NULL or as
 * the fallback. K8SC_TYPE distinguishes these cases. Strings and values are borrowed from the
 * object.
 *
 * WRITING. Each macro that writes returns a status, which the caller may ignore: the draft keeps
 * the first failure, and the verb that sends the draft returns it. Missing objects and arrays along
 * a path are created.
 */
#ifndef K8SC_TYPED_H
#define K8SC_TYPED_H

#include <k8sc.h>

/* Turns calls of undeclared functions and mixed-up pointer types into errors in C, where many
 * compilers only warned until recently. Applies to every file that includes a typed header.
 * K8SC_TYPED_LENIENT disables it. */
#if !defined(__cplusplus) && defined(__GNUC__) && !defined(K8SC_TYPED_LENIENT)
#pragma GCC diagnostic error "-Wimplicit-function-declaration"
#pragma GCC diagnostic error "-Wincompatible-pointer-types"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Marks a field that is a string, for the compiler only. No object of this struct ever exists. */
struct k8sc_string_field {
    char _str;
};

/* Marks a field that is an integer, for the compiler only. No object of this struct ever exists. */
struct k8sc_integer_field {
    char _int;
};

/* Marks a field that is a number with a fraction, for the compiler only. No object of this struct
 * ever exists. */
struct k8sc_number_field {
    char _number;
};

/* Marks a field that is a boolean, for the compiler only. No object of this struct ever exists. */
struct k8sc_boolean_field {
    char _bool;
};

/* Marks a field that holds bytes as base64, for the compiler only. No object of this struct ever
 * exists. */
struct k8sc_bytes_field {
    char _bytes;
};

/* Marks a field that is a quantity, which may also be read as a string, for the compiler only. No
 * object of this struct ever exists. */
struct k8sc_quantity_field {
    char _quantity, _str;
};

/* Marks a field that is an integer or a string, for the compiler only. No object of this struct
 * ever exists. */
struct k8sc_int_or_string_field {
    char _int, _str;
};

/* Marks a field that is a time in whole seconds, which may also be read as a string, for the
 * compiler only. No object of this struct ever exists. */
struct k8sc_time_field {
    char _time, _seconds, _str;
};

/* Marks a field that is a time with microseconds, which may also be read as a string, for the
 * compiler only. No object of this struct ever exists. */
struct k8sc_micro_time_field {
    char _time, _micros, _str;
};

/* Marks a field that holds any JSON, for the compiler only. No object of this struct ever
 * exists. */
struct k8sc_any_field {
    char _any;
};

/* Marks a field that is a map of strings, for the compiler only. No object of this struct ever
 * exists. */
struct k8sc_string_map_field {
    char _map, _map_str;
};

/* Marks a field that is a map of bytes as base64, for the compiler only. No object of this struct
 * ever exists. */
struct k8sc_bytes_map_field {
    char _map, _map_bytes;
};

/* Marks a field that is a map of quantities, for the compiler only. No object of this struct ever
 * exists. */
struct k8sc_quantity_map_field {
    char _map, _map_quantity, _map_str;
};

/* Marks a field that is a map of times, for the compiler only. No object of this struct ever
 * exists. */
struct k8sc_time_map_field {
    char _map, _map_time;
};

/* Marks a field that is a map of string arrays, for the compiler only. No object of this struct
 * ever exists. */
struct k8sc_strings_map_field {
    char _map, _map_strings;
};

#ifdef __cplusplus
}

/* Accepts only constant expressions as its argument, so that C++ rejects a path with an index that
 * is not constant. Internal. */
template <bool constant>
struct k8sc_constant_index_ {
};

/* Names the type of an expression. Internal. */
#define K8SC_TYPE_OF_(expression) decltype(expression)

/* Fails to compile unless the offset of a field is a constant. Internal. */
#define K8SC_CHECK_(field) (void)k8sc_constant_index_<(field) != (size_t)-1>()

/* Creates a value of a type from its initializers. Internal. */
#define K8SC_AS_(type, ...) \
    type { __VA_ARGS__ }
#else

/* Names the type of an expression. Internal. */
#define K8SC_TYPE_OF_(expression) __typeof__(expression)

/* Fails to compile unless the offset of a field is a constant. The width of a bit-field must be a
 * constant, so the indexes in the path must be constants too. Internal. */
#define K8SC_CHECK_(field) \
    (void)sizeof(struct { int index_is_not_constant : (int)((field) != (size_t)-1); })

/* Creates a value of a type from its initializers. Internal. */
#define K8SC_AS_(type, ...) ((type){__VA_ARGS__})
#endif

/* Computes the offset of a field, which compiles only if the field exists. Internal. */
#define K8SC_OFFSET_(typed, field) __builtin_offsetof(__typeof__(*(typed).fields), field)

/* Evaluates to the value behind a typed value, after it has checked that the field exists.
 * Internal. */
#define K8SC_V_(typed, field) (K8SC_CHECK_(K8SC_OFFSET_(typed, field)), (typed).value)

/* Evaluates to the node behind a typed draft, after it has checked that the field exists.
 * Internal. */
#define K8SC_N_(typed, field) (K8SC_CHECK_(K8SC_OFFSET_(typed, field)), (typed).node)

/* ----------------------------------------------------------------------------------- reading -- */

/* Reads a string. Also reads a quantity, a time, and an integer-or-string field that holds a
 * string.
 * Returns NULL if there is none.
 * Ownership: borrowed from the object. */
#define K8SC_STR(typed, path) \
    k8sc_value_str(k8sc_value_along(K8SC_V_(typed, path._str), #path), NULL)

/* Reads an integer. Also reads an integer-or-string field that holds an integer.
 * Returns `fallback` if there is none. */
#define K8SC_INT(typed, path, fallback) \
    k8sc_value_int(k8sc_value_along(K8SC_V_(typed, path._int), #path), fallback)

/* Reads a boolean.
 * Returns `fallback` if there is none. */
#define K8SC_BOOL(typed, path, fallback) \
    k8sc_value_bool(k8sc_value_along(K8SC_V_(typed, path._bool), #path), fallback)

/* Reads a number.
 * Returns `fallback` if there is none. */
#define K8SC_NUMBER(typed, path, fallback) \
    k8sc_value_number(k8sc_value_along(K8SC_V_(typed, path._number), #path), fallback)

/* Reads a quantity as text, for k8sc_quantity_compare and the other quantity functions.
 * Returns NULL if there is none.
 * Ownership: borrowed from the object. */
#define K8SC_QUANTITY(typed, path) \
    k8sc_value_str(k8sc_value_along(K8SC_V_(typed, path._quantity), #path), NULL)

/* Reads a time in microseconds since 1970.
 * Returns `fallback` if there is none. */
#define K8SC_TIME_US(typed, path, fallback) \
    k8sc_value_time_us(k8sc_value_along(K8SC_V_(typed, path._time), #path), fallback)

/* Reads a string that is a duration, such as "1h30m", in nanoseconds.
 * Returns `fallback` if there is none. */
#define K8SC_DURATION_NS(typed, path, fallback) \
    k8sc_value_duration_ns(k8sc_value_along(K8SC_V_(typed, path._str), #path), fallback)

/* Decodes a base64 field as k8sc_value_bytes does. *len is the number of bytes; `len` must not be
 * NULL. A NUL follows the bytes.
 * Returns a status.
 * Errors: K8SC_E_PARSE (not base64), K8SC_E_INVALID (not a string).
 * Ownership: *out is the caller's, who frees it with k8sc_string_free. */
#define K8SC_BYTES(typed, path, out, len, err) \
    k8sc_value_bytes(k8sc_value_along(K8SC_V_(typed, path._bytes), #path), out, len, err)

/* Reads an object inside the object as a typed value.
 * Returns an absent value if there is none.
 * Ownership: borrowed from the object. */
#define K8SC_GET(typed, path) \
    K8SC_AS_(K8SC_TYPE_OF_((typed).fields->path._self), \
             k8sc_value_along(K8SC_V_(typed, path._self), #path))

/* Reads an element of an array of objects as a typed value. `index` need not be a constant.
 * Returns an absent value if there is none.
 * Ownership: borrowed from the object. */
#define K8SC_AT(typed, path, index) \
    K8SC_AS_(K8SC_TYPE_OF_((typed).fields->path[0]._self), \
             k8sc_value_element(k8sc_value_along(K8SC_V_(typed, path[0]._self), #path), index))

/* Reads an element of an array of strings. `index` need not be a constant.
 * Returns NULL if there is none.
 * Ownership: borrowed from the object. */
#define K8SC_STR_AT(typed, path, index) \
    k8sc_value_str( \
        k8sc_value_element(k8sc_value_along(K8SC_V_(typed, path[0]._str), #path), index), NULL)

/* Reads an element of an array of integers. `index` need not be a constant.
 * Returns `fallback` if there is none. */
#define K8SC_INT_AT(typed, path, index, fallback) \
    k8sc_value_int( \
        k8sc_value_element(k8sc_value_along(K8SC_V_(typed, path[0]._int), #path), index), \
        fallback)

/* Begins a for-loop over an array of objects. `item` is declared as a typed value and is each
 * object in turn.
 * Ownership: `item` is borrowed from the object. */
#define K8SC_EACH(item, typed, path) \
    for (K8SC_TYPE_OF_((typed).fields->path[0]._self) \
             item = {k8sc_value_first(k8sc_value_along(K8SC_V_(typed, path[0]._self), #path))}; \
         item.value.object; item.value = k8sc_value_next(item.value))

/* Begins a for-loop over a map of objects. `item` is declared as a typed value and is each object
 * in turn.
 * Ownership: `item` is borrowed from the object. */
#define K8SC_EACH_IN_MAP(item, typed, path) \
    for (K8SC_TYPE_OF_((typed).fields->path._of._self) \
             item = {k8sc_value_first(k8sc_value_along(K8SC_V_(typed, path._of._self), #path))}; \
         item.value.object; item.value = k8sc_value_next(item.value))

/* Begins a for-loop over the elements or members of any field. `item` is declared as a k8sc_value
 * and is each of them in turn.
 * Ownership: `item` is borrowed from the object. */
#define K8SC_EACH_VALUE(item, typed, path) \
    for (k8sc_value item = k8sc_value_first(k8sc_value_along(K8SC_V_(typed, path), #path)); \
         item.object; item = k8sc_value_next(item))

/* Reads the string that a map has under `key`.
 * Returns NULL if there is none.
 * Ownership: borrowed from the object. */
#define K8SC_MAP_STR(typed, path, key) \
    k8sc_value_str(k8sc_value_member(k8sc_value_along(K8SC_V_(typed, path._map_str), #path), key), \
                   NULL)

/* Reads the quantity that a map has under `key` as text.
 * Returns NULL if there is none.
 * Ownership: borrowed from the object. */
#define K8SC_MAP_QUANTITY(typed, path, key) \
    k8sc_value_str( \
        k8sc_value_member(k8sc_value_along(K8SC_V_(typed, path._map_quantity), #path), key), NULL)

/* Reads the time that a map has under `key`, in microseconds since 1970.
 * Returns `fallback` if there is none. */
#define K8SC_MAP_TIME_US(typed, path, key, fallback) \
    k8sc_value_time_us( \
        k8sc_value_member(k8sc_value_along(K8SC_V_(typed, path._map_time), #path), key), fallback)

/* Decodes the base64 text that a map has under `key`, as k8sc_value_bytes does. *len is the number
 * of bytes; `len` must not be NULL. A NUL follows the bytes.
 * Returns a status.
 * Errors: K8SC_E_PARSE (not base64), K8SC_E_INVALID (not a string).
 * Ownership: *out is the caller's, who frees it with k8sc_string_free. */
#define K8SC_MAP_BYTES(typed, path, key, out, len, err) \
    k8sc_value_bytes( \
        k8sc_value_member(k8sc_value_along(K8SC_V_(typed, path._map_bytes), #path), key), out, \
        len, err)

/* Reads the object that a map has under `key` as a typed value.
 * Returns an absent value if there is none.
 * Ownership: borrowed from the object. */
#define K8SC_MAP_GET(typed, path, key) \
    K8SC_AS_(K8SC_TYPE_OF_((typed).fields->path._of._self), \
             k8sc_value_member(k8sc_value_along(K8SC_V_(typed, path._of._self), #path), key))

/* Reads the JSON type of any field.
 * Returns a K8SC_TYPE_ constant. */
#define K8SC_TYPE(typed, path) k8sc_value_type(k8sc_value_along(K8SC_V_(typed, path), #path))

/* Tests whether any field is present and not null. */
#define K8SC_HAS(typed, path) (K8SC_TYPE(typed, path) > K8SC_TYPE_NULL)

/* Counts the elements or members of any field.
 * Returns -1 if the field is neither an array nor an object. */
#define K8SC_SIZE(typed, path) k8sc_value_size(k8sc_value_along(K8SC_V_(typed, path), #path))

/* Reads any field as a k8sc_value.
 * Ownership: borrowed from the object. */
#define K8SC_VALUE(typed, path) k8sc_value_along(K8SC_V_(typed, path), #path)

/* ----------------------------------------------------------------------------------- writing -- */

/* Sets a string.
 * Returns a status; the draft keeps the first failure. */
#define K8SC_SET_STR(draft, path, text) \
    k8sc_node_set_str(K8SC_N_(draft, path._str), #path, NULL, text)

/* Sets an integer.
 * Returns a status; the draft keeps the first failure. */
#define K8SC_SET_INT(draft, path, number) \
    k8sc_node_set_int(K8SC_N_(draft, path._int), #path, NULL, number)

/* Sets a boolean; `boolean` is an int.
 * Returns a status; the draft keeps the first failure. */
#define K8SC_SET_BOOL(draft, path, boolean) \
    k8sc_node_set_bool(K8SC_N_(draft, path._bool), #path, NULL, boolean)

/* Sets a number; `number` is a double.
 * Returns a status; the draft keeps the first failure. */
#define K8SC_SET_NUMBER(draft, path, number) \
    k8sc_node_set_number(K8SC_N_(draft, path._number), #path, NULL, number)

/* Sets a quantity from text, after a check.
 * Returns a status; the draft keeps the first failure.
 * Errors: K8SC_E_PARSE (not a quantity). */
#define K8SC_SET_QUANTITY(draft, path, text) \
    k8sc_node_set_quantity(K8SC_N_(draft, path._quantity), #path, NULL, text)

/* Sets a field that is a time in whole seconds. `time_us` is in microseconds since 1970.
 * Returns a status; the draft keeps the first failure. */
#define K8SC_SET_TIME_US(draft, path, time_us) \
    k8sc_node_set_time_us(K8SC_N_(draft, path._seconds), #path, NULL, time_us, 0)

/* Sets a field that is a time with microseconds. `time_us` is in microseconds since 1970.
 * Returns a status; the draft keeps the first failure. */
#define K8SC_SET_MICRO_TIME_US(draft, path, time_us) \
    k8sc_node_set_time_us(K8SC_N_(draft, path._micros), #path, NULL, time_us, 1)

/* Sets a string to a duration in Go's notation. `nanoseconds` is the duration.
 * Returns a status; the draft keeps the first failure. */
#define K8SC_SET_DURATION_NS(draft, path, nanoseconds) \
    k8sc_node_set_duration_ns(K8SC_N_(draft, path._str), #path, NULL, nanoseconds)

/* Sets a field to bytes, which it encodes as base64. `len` is the number of bytes.
 * Returns a status; the draft keeps the first failure. */
#define K8SC_SET_BYTES(draft, path, data, len) \
    k8sc_node_set_bytes(K8SC_N_(draft, path._bytes), #path, NULL, data, len)

/* Sets any field from JSON text.
 * Returns a status; the draft keeps the first failure.
 * Errors: K8SC_E_PARSE (not JSON), K8SC_E_TOO_LARGE. */
#define K8SC_SET_JSON(draft, path, json) k8sc_node_set_json(K8SC_N_(draft, path), #path, NULL, json)

/* Sets any field to null.
 * Returns a status; the draft keeps the first failure. */
#define K8SC_SET_NULL(draft, path) k8sc_node_set_null(K8SC_N_(draft, path), #path, NULL)

/* Removes any field. Succeeds if the field is absent.
 * Returns a status; the draft keeps the first failure. */
#define K8SC_REMOVE(draft, path) k8sc_node_remove(K8SC_N_(draft, path), #path, NULL)

/* Sets a field to a copy of a typed value of the field's type. The value must not be absent.
 * Returns a status; the draft keeps the first failure. */
#define K8SC_SET(draft, path, typed) \
    ((void)sizeof((draft).fields->path._self = (typed)), \
     k8sc_node_set_value(K8SC_N_(draft, path._self), #path, NULL, (typed).value))

/* Opens the object at a path as a typed draft. Creates the object if it is absent. */
#define K8SC_EDIT(draft, path) \
    K8SC_AS_(K8SC_TYPE_OF_((draft).fields->path._draft), \
             k8sc_node_edit(K8SC_N_(draft, path._draft), #path))

/* Opens an object of an array as a typed draft. `index` need not be a constant. */
#define K8SC_EDIT_AT(draft, path, index) \
    K8SC_AS_(K8SC_TYPE_OF_((draft).fields->path[0]._draft), \
             k8sc_node_element(K8SC_N_(draft, path[0]._draft), #path, index))

/* Appends a new object to an array and opens it as a typed draft. */
#define K8SC_APPEND(draft, path) \
    K8SC_AS_(K8SC_TYPE_OF_((draft).fields->path[0]._draft), \
             k8sc_node_append(K8SC_N_(draft, path[0]._draft), #path))

/* Opens the object that a map has under `key` as a typed draft. Creates map and object if they are
 * absent. */
#define K8SC_MAP_EDIT(draft, path, key) \
    K8SC_AS_(K8SC_TYPE_OF_((draft).fields->path._of._draft), \
             k8sc_node_member(K8SC_N_(draft, path._of._draft), #path, key))

/* Appends a string to an array.
 * Returns a status; the draft keeps the first failure. */
#define K8SC_APPEND_STR(draft, path, text) \
    k8sc_node_append_str(K8SC_N_(draft, path[0]._str), #path, text)

/* Appends an integer to an array.
 * Returns a status; the draft keeps the first failure. */
#define K8SC_APPEND_INT(draft, path, number) \
    k8sc_node_append_int(K8SC_N_(draft, path[0]._int), #path, number)

/* Sets the string that a map has under `key`.
 * Returns a status; the draft keeps the first failure. */
#define K8SC_MAP_SET_STR(draft, path, key, text) \
    k8sc_node_set_str(K8SC_N_(draft, path._map_str), #path, key, text)

/* Sets the quantity that a map has under `key` from text, after a check.
 * Returns a status; the draft keeps the first failure.
 * Errors: K8SC_E_PARSE (not a quantity). */
#define K8SC_MAP_SET_QUANTITY(draft, path, key, text) \
    k8sc_node_set_quantity(K8SC_N_(draft, path._map_quantity), #path, key, text)

/* Sets the time in whole seconds that a map has under `key`. `time_us` is in microseconds since
 * 1970.
 * Returns a status; the draft keeps the first failure. */
#define K8SC_MAP_SET_TIME_US(draft, path, key, time_us) \
    k8sc_node_set_time_us(K8SC_N_(draft, path._map_time), #path, key, time_us, 0)

/* Sets the bytes that a map has under `key`, which it encodes as base64. `len` is the number of
 * bytes.
 * Returns a status; the draft keeps the first failure. */
#define K8SC_MAP_SET_BYTES(draft, path, key, data, len) \
    k8sc_node_set_bytes(K8SC_N_(draft, path._map_bytes), #path, key, data, len)

/* Sets the entry that a map of any type has under `key` from JSON text.
 * Returns a status; the draft keeps the first failure.
 * Errors: K8SC_E_PARSE (not JSON), K8SC_E_TOO_LARGE. */
#define K8SC_MAP_SET_JSON(draft, path, key, json) \
    k8sc_node_set_json(K8SC_N_(draft, path._map), #path, key, json)

/* Removes the entry that a map of any type has under `key`. Succeeds if it is absent.
 * Returns a status; the draft keeps the first failure. */
#define K8SC_MAP_REMOVE(draft, path, key) k8sc_node_remove(K8SC_N_(draft, path._map), #path, key)

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------ internals of the generated functions -- */

/* Represents a group and version of a clientset.
 * Ownership: borrowed from the clientset. */
struct k8sc_typed_group {
    k8sc_client *client;
};

/* Represents a resource of a group and version, in a namespace.
 * Ownership: borrowed from the clientset; `ns` is borrowed from the caller that supplied it. */
struct k8sc_typed_client {
    k8sc_client *client;
    const char *group, *version, *resource, *ns;
};

/* Represents the informers of a group and version.
 * Ownership: borrowed from the informer factory. */
struct k8sc_typed_informers {
    k8sc_informer_factory *factory;
};

/* Creates the dynamic client of a typed client. Internal.
 * Ownership: *out is a new reference. */
static inline k8sc_status k8sc_typed_resource_(struct k8sc_typed_client c, k8sc_resource **out,
                                               k8sc_error **err)
{
    return k8sc_client_resource(c.client, c.group, c.version, c.resource, c.ns, out, err);
}

/* Passes the reference to `object` to the typed value *out, or releases it if `out` is NULL.
 * Internal.
 * Returns `status`. */
static inline k8sc_status k8sc_typed_result_(k8sc_status status, k8sc_object *object,
                                             k8sc_value *out)
{
    if (out)
        *out = k8sc_object_value(object);
    else
        k8sc_object_unref(object);
    return status;
}

/* Creates a draft with apiVersion, kind and, unless `name` is NULL, metadata.name. Internal.
 * Returns the root of the draft.
 * Ownership: the draft is the caller's. */
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

/* Creates an empty draft. Internal.
 * Returns the root of the draft.
 * Ownership: the draft is the caller's. */
static inline k8sc_node k8sc_typed_empty_(void)
{
    k8sc_draft *draft = NULL;
    k8sc_draft_new(&draft, NULL);
    return k8sc_draft_root(draft);
}

/* Creates a draft that begins as a copy of the object to which `value` belongs. Internal.
 * Returns the root of the draft.
 * Ownership: the draft is the caller's. */
static inline k8sc_node k8sc_typed_edit_(k8sc_value value)
{
    k8sc_draft *draft = NULL;
    k8sc_object_edit(value.object, &draft, NULL);
    return k8sc_draft_root(draft);
}

/* Freezes a draft into the document that a verb sends. If `name` is not NULL, the document is about
 * another object: it receives `name` and `ns` where the draft has none, because the server requires
 * them. The draft stays unchanged. Internal.
 * Ownership: *out is a new reference. */
static inline k8sc_status k8sc_typed_about_(k8sc_node draft, const char *ns, const char *name,
                                            k8sc_object **out, k8sc_error **err)
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

/* Select the verb that sends a draft, for an object or a subresource. Internal. */
typedef enum { K8SC_TYPED_CREATE_, K8SC_TYPED_UPDATE_, K8SC_TYPED_APPLY_ } k8sc_typed_verb_;

/* Sends a draft with a verb. `name` is NULL to use the name in the draft. `subresource` is NULL for
 * the object itself. `out` may be NULL. Internal.
 * Ownership: *out holds a new reference to the answer. */
static inline k8sc_status k8sc_typed_send_(k8sc_typed_verb_ verb, struct k8sc_typed_client c,
                                           const char *name, const char *subresource,
                                           k8sc_node draft, const k8sc_options *options,
                                           k8sc_value *out, k8sc_error **err)
{
    k8sc_object *object = NULL, *answer = NULL, **wanted = out ? &answer : NULL;
    k8sc_resource *resource = NULL;
    k8sc_status status;
    if (out) *out = k8sc_object_value(NULL);
    status = k8sc_typed_about_(draft, c.ns, name, &object, err);
    /* Where the client is for all namespaces, the object says which is meant. */
    if (status == 0 && (!c.ns || !*c.ns) && *k8sc_object_namespace(object))
        c.ns = k8sc_object_namespace(object);
    if (status == 0) status = k8sc_typed_resource_(c, &resource, err);
    if (status == 0) {
        if (!name) name = k8sc_object_name(object);
        if (verb == K8SC_TYPED_CREATE_)
            status = subresource ? k8sc_resource_create_subresource(resource, name, subresource,
                                                                    object, options, wanted, err)
                                 : k8sc_resource_create(resource, object, options, wanted, err);
        else if (verb == K8SC_TYPED_UPDATE_)
            status = subresource ? k8sc_resource_update_subresource(resource, name, subresource,
                                                                    object, options, wanted, err)
                                 : k8sc_resource_update(resource, object, options, wanted, err);
        else
            status = subresource
                         ? k8sc_resource_apply_subresource(resource, name, subresource, object,
                                                           options, wanted, err)
                         : k8sc_resource_apply(resource, name, object, options, wanted, err);
    }
    k8sc_resource_unref(resource);
    k8sc_object_unref(object);
    return k8sc_typed_result_(status, answer, out);
}

/* Reads an object, or its subresource unless `subresource` is NULL. `out` may be NULL. Internal.
 * Ownership: *out holds a new reference to the answer. */
static inline k8sc_status k8sc_typed_get_(struct k8sc_typed_client c, const char *name,
                                          const char *subresource, const k8sc_options *options,
                                          k8sc_value *out, k8sc_error **err)
{
    k8sc_object *answer = NULL, **wanted = out ? &answer : NULL;
    k8sc_resource *resource = NULL;
    k8sc_status status = k8sc_typed_resource_(c, &resource, err);
    if (status == 0)
        status = subresource ? k8sc_resource_get_subresource(resource, name, subresource, options,
                                                             wanted, err)
                             : k8sc_resource_get(resource, name, options, wanted, err);
    k8sc_resource_unref(resource);
    return k8sc_typed_result_(status, answer, out);
}

/* Deletes an object. Internal. */
static inline k8sc_status k8sc_typed_delete_(struct k8sc_typed_client c, const char *name,
                                             const k8sc_options *options, k8sc_error **err)
{
    k8sc_resource *resource = NULL;
    k8sc_status status = k8sc_typed_resource_(c, &resource, err);
    if (status == 0) status = k8sc_resource_delete(resource, name, options, NULL, err);
    k8sc_resource_unref(resource);
    return status;
}

/* Deletes the objects that the options select. Internal. */
static inline k8sc_status k8sc_typed_delete_collection_(struct k8sc_typed_client c,
                                                        const k8sc_options *options,
                                                        k8sc_error **err)
{
    k8sc_resource *resource = NULL;
    k8sc_status status = k8sc_typed_resource_(c, &resource, err);
    if (status == 0) status = k8sc_resource_delete_collection(resource, options, NULL, err);
    k8sc_resource_unref(resource);
    return status;
}

/* Lists objects: one page, or all pages if `all` is non-zero. Internal.
 * Ownership: *out is the caller's. */
static inline k8sc_status k8sc_typed_list_(struct k8sc_typed_client c, const k8sc_options *options,
                                           int all, k8sc_list **out, k8sc_error **err)
{
    k8sc_resource *resource = NULL;
    k8sc_status status = k8sc_typed_resource_(c, &resource, err);
    if (out) *out = NULL;
    if (status == 0)
        status = all ? k8sc_resource_list_all(resource, options, out, err)
                     : k8sc_resource_list(resource, options, out, err);
    k8sc_resource_unref(resource);
    return status;
}

/* Starts a watch. Internal.
 * Ownership: *out is a new reference. `destroy` is called exactly once, and also if this function
 * fails. */
static inline k8sc_status k8sc_typed_watch_(struct k8sc_typed_client c, const k8sc_options *options,
                                            k8sc_event_fn fn, void *user_data,
                                            k8sc_destroy_fn destroy, k8sc_watch **out,
                                            k8sc_error **err)
{
    k8sc_resource *resource = NULL;
    k8sc_status status = k8sc_typed_resource_(c, &resource, err);
    if (status == 0)
        status = k8sc_resource_watch(resource, options, fn, user_data, destroy, out, err);
    else {
        if (out) *out = NULL;
        if (destroy) destroy(user_data);
    }
    k8sc_resource_unref(resource);
    return status;
}

/* Patches an object, or its subresource unless `subresource` is NULL. `patch_type` is a K8SC_PATCH_
 * constant; `len` is the length of `patch` in bytes. `out` may be NULL. Internal.
 * Ownership: *out holds a new reference to the answer. */
static inline k8sc_status k8sc_typed_patch_(struct k8sc_typed_client c, const char *name,
                                            int32_t patch_type, const char *patch, size_t len,
                                            const k8sc_options *options, const char *subresource,
                                            k8sc_value *out, k8sc_error **err)
{
    k8sc_object *answer = NULL, **wanted = out ? &answer : NULL;
    k8sc_resource *resource = NULL;
    k8sc_status status = k8sc_typed_resource_(c, &resource, err);
    if (status == 0)
        status =
            subresource
                ? k8sc_resource_patch_subresource(resource, name, subresource, patch_type, patch,
                                                  len, options, wanted, err)
                : k8sc_resource_patch(resource, name, patch_type, patch, len, options, wanted, err);
    k8sc_resource_unref(resource);
    return k8sc_typed_result_(status, answer, out);
}

/* Creates a GET request for a subresource whose answer is not an object. Internal.
 * Ownership: *out is the caller's. */
static inline k8sc_status k8sc_typed_request_(struct k8sc_typed_client c, const char *name,
                                              const char *subresource, k8sc_request **out,
                                              k8sc_error **err)
{
    k8sc_rest_client *rest = NULL;
    k8sc_status status = k8sc_client_rest(c.client, c.group, c.version, &rest, err);
    if (status == 0)
        status = k8sc_rest_client_get(rest, out, err);
    else if (out)
        *out = NULL;
    k8sc_rest_client_unref(rest);
    if (status < 0) return status;
    if (c.ns) k8sc_request_set_namespace(*out, c.ns);
    k8sc_request_set_resource(*out, c.resource);
    k8sc_request_set_name(*out, name);
    k8sc_request_set_subresource(*out, subresource);
    return status;
}

/* Appends `text` at `at`, as much as fits before `end`, with a NUL. Internal.
 * Returns where the appended text ends. */
static inline char *k8sc_typed_text_(char *at, char *end, const char *text)
{
    while (text && *text && at < end) *at++ = *text++;
    *at = '\0';
    return at;
}

/* Creates a GET request through the API server's proxy to a port of an object, whose name there is
 * [scheme:]name[:port]. `scheme`, `port` and `path` may be NULL. Internal.
 * Ownership: *out is the caller's. */
static inline k8sc_status k8sc_typed_proxy_(struct k8sc_typed_client c, const char *scheme,
                                            const char *name, const char *port, const char *path,
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

/* Writes the field selector of the events about an object: as much as fits in `size` bytes, with a
 * NUL. Writes nothing if `size` is 0. Arguments that are NULL or "" select nothing. Internal.
 * Returns the length of the whole selector in bytes. */
static inline size_t k8sc_typed_event_selector_(char *text, size_t size, const char *name,
                                                const char *ns, const char *kind, const char *uid)
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

/* Lists the events about `object`, by the event's involvedObject. `cancel` may be NULL.
 * `timeout_ms` is in milliseconds, or -1 for the default. Internal.
 * Ownership: *out is the caller's. */
static inline k8sc_status k8sc_typed_search_(struct k8sc_typed_client c, const k8sc_object *object,
                                             k8sc_cancel *cancel, int64_t timeout_ms,
                                             k8sc_list **out, k8sc_error **err)
{
    char selector[1024];
    k8sc_options *options = NULL;
    k8sc_status status;
    k8sc_typed_event_selector_(selector, sizeof selector, k8sc_object_name(object),
                               k8sc_object_namespace(object), k8sc_object_kind(object),
                               k8sc_object_uid(object));
    if (out) *out = NULL;
    status = k8sc_options_new(&options, err);
    if (status == 0) status = k8sc_options_set_field_selector(options, selector, err);
    if (status == 0 && cancel) status = k8sc_options_set_cancel(options, cancel, err);
    if (status == 0 && timeout_ms != -1)
        status = k8sc_options_set_timeout(options, timeout_ms, err);
    if (status == 0) status = k8sc_typed_list_(c, options, 0, out, err);
    k8sc_options_free(options);
    return status;
}

/* Adds each member of a draft of scalars, such as PodLogOptions, to a request as a query parameter.
 * Internal. */
static inline k8sc_status k8sc_typed_params_(k8sc_request *request, k8sc_node draft,
                                             k8sc_error **err)
{
    k8sc_object *object = NULL;
    k8sc_value member;
    k8sc_status status = k8sc_draft_freeze(draft.draft, &object, err);
    for (member = k8sc_value_first(k8sc_object_value(object)); member.object;
         member = k8sc_value_next(member)) {
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
