/*
 * k8sc: a Kubernetes client library with a C ABI.
 *
 * Copyright the k8sc authors. SPDX-License-Identifier: Apache-2.0
 *
 * This header is the whole contract. The rules that hold for every function stand here, once. The
 * comment of a function adds what is particular to it.
 *
 * HANDLES. All handle types are opaque.
 * - A shared handle has _ref and _unref. Any thread may use it at any time. Its last _unref never
 *   blocks.
 * - A value handle has _free. It has one owner, and one thread at a time uses it. Once nobody
 *   changes it any more, many threads may read it.
 * _unref and _free accept NULL.
 *
 * OWNERSHIP. A pointer that a function returns is borrowed unless its comment says otherwise; the
 * comment says from which handle. A pointer that a function stores through a parameter named `out`
 * belongs to you: release it with its _unref or _free. On failure *out is NULL. A function copies
 * its inputs and takes ownership of none, except for the callback triple below.
 *
 * ERRORS. A k8sc_status is 0 or one negative K8SC_E_ code. The last parameter `err` may be NULL.
 * Otherwise it is set to NULL on success, and on failure to an error object that belongs to you.
 * Every function that returns a status may return K8SC_E_INVALID (a handle is NULL, a value is out
 * of range), K8SC_E_NOMEM, K8SC_E_FORKED, K8SC_E_CLOSED and K8SC_E_INTERNAL; the comments list the
 * other codes. Getters return NULL, 0 or -1 if their handle is NULL. No function throws, exits,
 * prints, or changes the signals, locale, working directory or environment of the process.
 *
 * STRINGS are UTF-8. A string without a length parameter is NUL-terminated. Times are int64_t
 * milliseconds unless a name says otherwise. A timeout of -1 means no limit; any other negative
 * timeout fails with K8SC_E_INVALID. Booleans are int.
 *
 * CALLBACKS are always the triple (fn, user_data, destroy).
 * - destroy may be NULL. It is called exactly once with user_data, after the last call of fn has
 *   returned. It is also called if the function that took the triple fails.
 * - fn runs only in k8sc_queue_dispatch, on the thread that called it, or on the one thread that
 *   k8sc_queue_start_thread started. The few callbacks that run inside the call they are passed to,
 *   or on a thread of their own, say so.
 * - No library lock is held while a callback runs. A callback may release any handle.
 * - destroy runs where callbacks run. If a _close or a last _unref leaves no thread to dispatch,
 *   destroy runs in that call.
 *
 * THREADS. A client has one I/O thread, which does network, decoding and caches and has all signals
 * blocked. Clients from k8sc_client_new_shared use the I/O thread of another client. The library
 * starts no other thread unless you request one with k8sc_queue_start_thread,
 * k8sc_config_set_transport or k8sc_config_set_token_provider, or unless a credential plugin runs
 * or renewed tokens of an auth provider are written to the kubeconfig.
 *
 * FORK. After fork() the child may only call _unref and _free on the handles it inherited. This
 * closes the descriptors of queues and connections, and runs no callback. Every other function
 * returns K8SC_E_FORKED for an inherited handle. Handles that the child creates work.
 *
 * CONTENTS
 *    1. types
 *    2. errors
 *    3. objects: frozen objects, values inside them, drafts, nodes, quantities, lists, strings
 *    4. configuration: server, credentials, TLS, connections, limits, a custom transport,
 *       overrides, kubeconfigs, rate limiters, retry policies
 *    5. clients
 *    6. queues, events, cancellation
 *    7. requests: the REST client, streams, results
 *    8. resources: the dynamic client's verbs and options, watches, waits, pages
 *    9. discovery, REST mapper, manifests
 *   10. informers and listers
 *   11. clientset and schema
 *   12. observability: warnings, logs, traces, metrics
 *
 * VERSIONS. Everything exists since 0.1 unless its comment names another version. Until 1.0, a
 * minor version may change the ABI, and the soname changes with it. Within one minor version
 * nothing is removed or changed in meaning.
 */
#ifndef K8SC_H
#define K8SC_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__) && __GNUC__ >= 4
#define K8SC_API __attribute__((visibility("default")))
#else
#define K8SC_API
#endif

/* The version of this header. */
#define K8SC_VERSION_MAJOR 0
#define K8SC_VERSION_MINOR 1
#define K8SC_VERSION_PATCH 0
#define K8SC_VERSION "0.1.0"
/* The version of this header as one number: major * 1000000 + minor * 1000 + patch. */
#define K8SC_VERSION_NUMBER 1000

/* Returns the version of the library at run time, such as "0.1.0". Ownership: borrowed forever.
 * Works in a forked child. */
K8SC_API const char *k8sc_version(void);
/* Returns the version of the library at run time in the form of K8SC_VERSION_NUMBER. Works in a
 * forked child. */
K8SC_API int32_t k8sc_version_number(void);

/* ---------------------------------------------------------------------------------- 1. types -- */

/* The result of a call: K8SC_OK, or one of the negative K8SC_E_ codes. */
typedef int32_t k8sc_status;

/* Shared handles. */

/* A connection to one API server, as one user. */
typedef struct k8sc_client k8sc_client;
/* Holds events until a thread of yours dispatches or takes them. */
typedef struct k8sc_queue k8sc_queue;
/* Makes requests for one group and version. */
typedef struct k8sc_rest_client k8sc_rest_client;
/* A token bucket. */
typedef struct k8sc_rate_limiter k8sc_rate_limiter;
/* The dynamic client for one group, version, resource and namespace. */
typedef struct k8sc_resource k8sc_resource;
/* A started request, which runs on its own. */
typedef struct k8sc_call k8sc_call;
/* A running watch. */
typedef struct k8sc_watch k8sc_watch;
/* A cancel token. */
typedef struct k8sc_cancel k8sc_cancel;
/* A frozen document: immutable JSON. */
typedef struct k8sc_object k8sc_object;
/* Shared informers, one for each resource. */
typedef struct k8sc_informer_factory k8sc_informer_factory;
/* A cache of one resource, with its handlers. */
typedef struct k8sc_informer k8sc_informer;
/* One handler of one informer. */
typedef struct k8sc_registration k8sc_registration;
/* Tells which groups, versions and resources an API server serves. */
typedef struct k8sc_discovery k8sc_discovery;
/* Maps kinds to resources, and resources to kinds. */
typedef struct k8sc_rest_mapper k8sc_rest_mapper;
/* The typed clients of all standard groups. */
typedef struct k8sc_clientset k8sc_clientset;
/* Reads the cache of an informer. */
typedef struct k8sc_lister k8sc_lister;
/* A subscription to a client's warnings, logs or traces. */
typedef struct k8sc_subscription k8sc_subscription;

/* Value handles. */

/* An error: code, message, and the server's Status if there is one. */
typedef struct k8sc_error k8sc_error;
/* The configuration of a client. */
typedef struct k8sc_config k8sc_config;
/* The content of kubeconfig files, which you can read, edit and write. */
typedef struct k8sc_kubeconfig k8sc_kubeconfig;
/* Overrides applied on top of a kubeconfig. */
typedef struct k8sc_overrides k8sc_overrides;
/* Decides when a failed request is sent again. */
typedef struct k8sc_retry_policy k8sc_retry_policy;
/* The options of one call. */
typedef struct k8sc_options k8sc_options;
/* The options of an informer factory or an informer. */
typedef struct k8sc_informer_options k8sc_informer_options;
/* A request that is being built. */
typedef struct k8sc_request k8sc_request;
/* The response to a request. */
typedef struct k8sc_result k8sc_result;
/* A response body that is read piece by piece. */
typedef struct k8sc_stream k8sc_stream;
/* An event of an informer, a watch, a started request or a subscription. */
typedef struct k8sc_event k8sc_event;
/* A document that can be edited. */
typedef struct k8sc_draft k8sc_draft;
/* A list of objects, with the list's metadata. */
typedef struct k8sc_list k8sc_list;
/* Iterates over all pages of a list. */
typedef struct k8sc_pager k8sc_pager;
/* A list of strings. */
typedef struct k8sc_strings k8sc_strings;
/* A kind and its resource. */
typedef struct k8sc_rest_mapping k8sc_rest_mapping;
/* A list of REST mappings. */
typedef struct k8sc_rest_mappings k8sc_rest_mappings;
/* The results for the objects of a manifest, one each. */
typedef struct k8sc_manifest_results k8sc_manifest_results;

/* Borrowed for one call of a callback. */

/* The request to a token provider. Valid during one call of a k8sc_token_fn. */
typedef struct k8sc_token_request k8sc_token_request;
/* The request to a custom transport. Valid during one call of a k8sc_transport_fn. */
typedef struct k8sc_transport_request k8sc_transport_request;
/* The reply of a custom transport. Valid during one call of a k8sc_transport_fn. */
typedef struct k8sc_transport_reply k8sc_transport_reply;

/* Callbacks that several sections use. */

/* Receives one event, which is borrowed for the duration of the call. Return 0 to continue. Another
 * value stops the running k8sc_queue_dispatch, which then returns K8SC_E_CALLBACK. The event counts
 * as delivered either way. */
typedef int (*k8sc_event_fn)(const k8sc_event *event, void *user_data);
/* Frees the user_data of a callback triple. Called exactly once. */
typedef void (*k8sc_destroy_fn)(void *user_data);
/* Answers one request in place of the network: a custom transport, set with
 * k8sc_config_set_transport. Both handles are borrowed for the duration of the call. */
typedef void (*k8sc_transport_fn)(const k8sc_transport_request *request,
                                  k8sc_transport_reply *reply, void *user_data);

/* --------------------------------------------------------------------------------- 2. errors -- */

/* The values of a k8sc_status. */
#define K8SC_OK 0                   /* success */
#define K8SC_E_INVALID (-1)         /* an argument is wrong; the message names it */
#define K8SC_E_NOMEM (-2)           /* out of memory */
#define K8SC_E_CLOSED (-3)          /* the handle, or the client behind it, was closed */
#define K8SC_E_FORKED (-4)          /* the handle was made before fork(); this is the child */
#define K8SC_E_BUSY (-5)            /* another thread is dispatching this queue */
#define K8SC_E_REENTRANT (-6)       /* called from inside a callback, where it cannot work */
#define K8SC_E_CALLBACK (-7)        /* a callback returned non-zero */
#define K8SC_E_CANCELLED (-8)       /* cancelled by token, by handle, or by closing the client */
#define K8SC_E_TIMEOUT (-9)         /* a deadline on the client side passed: connect, idle or
                                     * overall; the message says which */
#define K8SC_E_STATE (-10)          /* no longer possible, or not yet possible */
#define K8SC_E_IO (-11)             /* a system call or a file operation failed */
#define K8SC_E_CONFIG (-12)         /* the configuration cannot be used */
#define K8SC_E_NOT_IN_CLUSTER (-13) /* not running inside a pod */
#define K8SC_E_PARSE (-14)          /* malformed text from the caller: JSON, YAML, PEM, selector */
#define K8SC_E_RESOLVE (-15)        /* the host name does not resolve */
#define K8SC_E_CONNECT (-16)        /* no connection: refused, unreachable, or denied by a proxy */
#define K8SC_E_TLS (-17)            /* the TLS handshake or a certificate's verification failed */
#define K8SC_E_TRANSPORT (-18)      /* the connection was lost, or the peer does not speak HTTP */
#define K8SC_E_DECODE (-19)         /* the server's response violates Kubernetes' protocol */
#define K8SC_E_TOO_LARGE (-20)      /* a response, or one object in it, exceeds its limit; the
                                     * message gives the size */
#define K8SC_E_API (-21)            /* the server refused: see http_status, reason, the Status */
#define K8SC_E_INTERNAL (-22)       /* a bug in this library */
#define K8SC_E_CREDENTIALS (-23)    /* no credentials to send: a plugin, a provider or an
                                     * identity service failed */
#define K8SC_E_UNKNOWN_KIND (-24)   /* not a kind of Kubernetes' own: see k8sc_schema_validate */

/* Returns the name of a status, such as "K8SC_E_TIMEOUT"; "K8SC_E_?" for an unknown one. Ownership:
 * borrowed forever. */
K8SC_API const char *k8sc_status_name(k8sc_status status);

/* Makes an error, for callbacks and for libraries built on this one. `code` must be negative.
 * `message` may be NULL: the message is then the name of the code. Returns NULL if memory runs out
 * or `code` is not negative. Ownership: the error belongs to you; release it with
 * k8sc_error_free. */
K8SC_API k8sc_error *k8sc_error_new(k8sc_status code, const char *message);
/* Copies an error, for example to keep it longer than the event it came with. Returns NULL if
 * memory runs out, and for NULL. Ownership: the copy belongs to you; release it with
 * k8sc_error_free. */
K8SC_API k8sc_error *k8sc_error_copy(const k8sc_error *error);
/* Frees an error. Accepts NULL. */
K8SC_API void k8sc_error_free(k8sc_error *error);
/* Returns the error's K8SC_E_ code; K8SC_OK for NULL. */
K8SC_API k8sc_status k8sc_error_code(const k8sc_error *error);
/* Returns a text that says what happened to which request. It contains verb, resource,
 * namespace/name and URL if the error belongs to a request. It is never NULL and never contains a
 * secret; see docs/observability.md. Control characters in texts from outside are written in the
 * form "\x1b". Ownership: borrowed from the error. */
K8SC_API const char *k8sc_error_message(const k8sc_error *error);
/* Returns the HTTP status of the response, or of the proxy that refused the request; 0 if there was
 * none. For an error inside a successful response, as in a watch, it is the code of the Status. */
K8SC_API int32_t k8sc_error_http_status(const k8sc_error *error);
/* Returns Kubernetes' reason, such as "NotFound" or "Conflict"; "" if there is none. Ownership:
 * borrowed from the error. */
K8SC_API const char *k8sc_error_reason(const k8sc_error *error);
/* Returns the number of causes in the details of the Status. */
K8SC_API int32_t k8sc_error_cause_count(const k8sc_error *error);
/* Returns the type of a cause, such as "FieldValueInvalid" or "FieldManagerConflict"; "" if the
 * server sent none, NULL if `index` is out of range. Ownership: borrowed from the error. */
K8SC_API const char *k8sc_error_cause_type(const k8sc_error *error, int32_t index);
/* Returns the field that a cause refers to; "" if the server sent none, NULL if `index` is out of
 * range. Ownership: borrowed from the error. */
K8SC_API const char *k8sc_error_cause_field(const k8sc_error *error, int32_t index);
/* Returns the message of a cause; "" if the server sent none, NULL if `index` is out of range.
 * Ownership: borrowed from the error. */
K8SC_API const char *k8sc_error_cause_message(const k8sc_error *error, int32_t index);
/* Returns how long the server asked the client to wait, in milliseconds; -1 if it did not ask. */
K8SC_API int64_t k8sc_error_retry_after_ms(const k8sc_error *error);
/* Returns the server's Status as JSON text; NULL if the server sent none. Ownership: borrowed from
 * the error. */
K8SC_API const char *k8sc_error_status_json(const k8sc_error *error);

/* Predicates, as in apimachinery's api/errors. They test the reason, and test the code only if the
 * reason is not a known one. The code is that of the Status; it is the HTTP status if the Status
 * has no code or there is no Status. All return 0 for NULL. */

/* Returns true if the object or resource does not exist: reason NotFound, code 404. */
K8SC_API int k8sc_error_is_not_found(const k8sc_error *error);
/* Returns true if the object to be created exists already: reason AlreadyExists. */
K8SC_API int k8sc_error_is_already_exists(const k8sc_error *error);
/* Returns true if the request conflicts with the present state of the object: reason Conflict, code
 * 409. */
K8SC_API int k8sc_error_is_conflict(const k8sc_error *error);
/* Returns true if the server found the object invalid: reason Invalid, code 422. */
K8SC_API int k8sc_error_is_invalid(const k8sc_error *error);
/* Returns true if the resourceVersion or the continue token is too old: reasons Gone and Expired,
 * code 410. */
K8SC_API int k8sc_error_is_gone(const k8sc_error *error);
/* Returns true if the user may not do this: reason Forbidden, code 403. */
K8SC_API int k8sc_error_is_forbidden(const k8sc_error *error);
/* Returns true if the server did not accept the credentials: reason Unauthorized, code 401. */
K8SC_API int k8sc_error_is_unauthorized(const k8sc_error *error);
/* Returns true if the server asks for fewer requests: reason TooManyRequests, or code 429 whatever
 * the reason. */
K8SC_API int k8sc_error_is_too_many_requests(const k8sc_error *error);
/* Returns true for the server's reasons Timeout (code 504) and ServerTimeout, and for this
 * library's K8SC_E_TIMEOUT. */
K8SC_API int k8sc_error_is_timeout(const k8sc_error *error);
/* Returns true if the same request may succeed later without a change: lost or refused connections,
 * timeouts, codes 429, 500, 503 and 504, and any response with Retry-After. */
K8SC_API int k8sc_error_is_retriable(const k8sc_error *error);
/* Returns true if the server certainly did not process the request, so that any verb can be sent
 * again: no connection was made, no part of the request had left when the call ended, or the server
 * refused it unseen (HTTP/2: GOAWAY, REFUSED_STREAM). Returns false if the server may have
 * processed it, and for errors that came as a response. */
K8SC_API int k8sc_error_is_not_processed(const k8sc_error *error);

/* -------------------------------------------------------------------------------- 3. objects -- */

/* The types of JSON values. */
#define K8SC_TYPE_ABSENT 0 /* no value at that place */
#define K8SC_TYPE_NULL 1
#define K8SC_TYPE_BOOL 2
#define K8SC_TYPE_INTEGER 3 /* a number without fraction and exponent that fits int64_t */
#define K8SC_TYPE_NUMBER 4  /* any other number */
#define K8SC_TYPE_STRING 5
#define K8SC_TYPE_ARRAY 6
#define K8SC_TYPE_OBJECT 7

/* Frozen objects. */

/* Parses JSON text of `len` bytes into a frozen object. The text must be one JSON object. If a key
 * occurs twice in an object, the last one counts, as in Go. Errors: K8SC_E_PARSE (with the offset),
 * K8SC_E_TOO_LARGE (nested deeper than 10,000). */
K8SC_API k8sc_status k8sc_object_parse_json(const char *json, size_t len, k8sc_object **out,
                                            k8sc_error **err);
/* Parses YAML text of `len` bytes into a frozen object. The text must be one document that is a
 * mapping. It is read as Kubernetes reads YAML: YAML 1.1 scalars, no cycles of anchors, no
 * duplicate keys. Errors: K8SC_E_PARSE (with the line; also if nested deeper than 1,000). */
K8SC_API k8sc_status k8sc_object_parse_yaml(const char *yaml, size_t len, k8sc_object **out,
                                            k8sc_error **err);
/* k8sc_object_ref adds a reference to an object and returns the object. k8sc_object_unref releases
 * one; the last one frees the object. */
K8SC_API k8sc_object *k8sc_object_ref(k8sc_object *object);
K8SC_API void k8sc_object_unref(k8sc_object *object);
/* Returns the whole document as compact, NUL-terminated JSON. `len` receives its length and may be
 * NULL. Ownership: borrowed from the object. */
K8SC_API const char *k8sc_object_json(const k8sc_object *object, size_t *len);
/* Writes the whole document as YAML text. Ownership: release the text with k8sc_string_free.
 * Errors: K8SC_E_TOO_LARGE (nested deeper than 1,000). */
K8SC_API k8sc_status k8sc_object_to_yaml(const k8sc_object *object, char **out, k8sc_error **err);
/* Returns metadata.name; "" if it is absent. Ownership: borrowed from the object. */
K8SC_API const char *k8sc_object_name(const k8sc_object *object);
/* Returns metadata.namespace; "" if it is absent. Ownership: borrowed from the object. */
K8SC_API const char *k8sc_object_namespace(const k8sc_object *object);
/* Returns metadata.uid; "" if it is absent. Ownership: borrowed from the object. */
K8SC_API const char *k8sc_object_uid(const k8sc_object *object);
/* Returns metadata.resourceVersion; "" if it is absent. Ownership: borrowed from the object. */
K8SC_API const char *k8sc_object_resource_version(const k8sc_object *object);
/* Returns the kind; "" if it is absent. Ownership: borrowed from the object. */
K8SC_API const char *k8sc_object_kind(const k8sc_object *object);
/* Returns the apiVersion; "" if it is absent. Ownership: borrowed from the object. */
K8SC_API const char *k8sc_object_api_version(const k8sc_object *object);
/* Returns the value of a label; NULL if it is absent. `key` needs no escaping. Ownership: borrowed
 * from the object. */
K8SC_API const char *k8sc_object_label(const k8sc_object *object, const char *key);
/* Returns the value of an annotation; NULL if it is absent. `key` needs no escaping. Ownership:
 * borrowed from the object. */
K8SC_API const char *k8sc_object_annotation(const k8sc_object *object, const char *key);
/* Checks that an object has the given apiVersion and kind. A field that the object lacks is not
 * compared. Errors: K8SC_E_INVALID (apiVersion or kind differs; the message names both kinds). */
K8SC_API k8sc_status k8sc_object_check_kind(const k8sc_object *object, const char *api_version,
                                            const char *kind, k8sc_error **err);

/* Reading an object by JSON Pointer (RFC 6901), such as "/spec/containers/0/image"; "" is the whole
 * document. A getter treats an absent value, null, a value of another type, and a text that is not
 * a JSON Pointer alike; k8sc_object_type tells absent, null and other types apart. */

/* Returns the type of a value, one of K8SC_TYPE_; K8SC_TYPE_ABSENT also if `pointer` is not a JSON
 * Pointer. */
K8SC_API int32_t k8sc_object_type(const k8sc_object *object, const char *pointer);
/* Returns a string, unescaped and NUL-terminated; NULL if it is absent or not a string. `len`
 * receives its length and may be NULL. Ownership: borrowed from the object. */
K8SC_API const char *k8sc_object_str(const k8sc_object *object, const char *pointer, size_t *len);
/* Returns an integer; `fallback` if it is absent or not an integer. */
K8SC_API int64_t k8sc_object_int(const k8sc_object *object, const char *pointer, int64_t fallback);
/* Returns a boolean; `fallback` if it is absent or not a boolean. */
K8SC_API int k8sc_object_bool(const k8sc_object *object, const char *pointer, int fallback);
/* Returns a number, rounded to a double; `fallback` if it is absent or not a number. */
K8SC_API double k8sc_object_number(const k8sc_object *object, const char *pointer, double fallback);
/* Returns the number of elements of an array, or of members of an object; -1 if the value is
 * neither. */
K8SC_API int64_t k8sc_object_size(const k8sc_object *object, const char *pointer);
/* Returns the key of the member at position `index` of an object, unescaped and NUL-terminated;
 * NULL if there is none. `len` receives its length and may be NULL. Ownership: borrowed from the
 * object. */
K8SC_API const char *k8sc_object_key(const k8sc_object *object, const char *pointer, int64_t index,
                                     size_t *len);
/* Returns the JSON text of a value of any type; NULL if it is absent. The text is not
 * NUL-terminated: `len` receives its length and must not be NULL. Ownership: borrowed from the
 * object. */
K8SC_API const char *k8sc_object_raw(const k8sc_object *object, const char *pointer, size_t *len);

/* Reading an object by values. */

/* A value inside a frozen object, or an absent value, which is all zeros. It is passed by value and
 * owns nothing: it is borrowed from the object. Use it only with the functions below. Getters treat
 * an absent value like a value of another type. The typed headers in k8sc/ are built on it. */
typedef struct k8sc_value {
    const k8sc_object *object;
    uint32_t begin, end;
} k8sc_value;

/* Returns the whole document as a value; absent for NULL. */
K8SC_API k8sc_value k8sc_object_value(const k8sc_object *object);
/* Returns the value at a path such as "spec.containers[0].image": names joined by dots, indexes in
 * brackets. "" is the value itself. One "_" at the end of a name is ignored, for names that a
 * language reserves. Returns an absent value if nothing is there or `path` is not a path. */
K8SC_API k8sc_value k8sc_value_along(k8sc_value value, const char *path);
/* Returns the value at a JSON Pointer that starts at `value`; absent if nothing is there. */
K8SC_API k8sc_value k8sc_value_at(k8sc_value value, const char *pointer);
/* Returns a member of an object by its key; absent if there is none. */
K8SC_API k8sc_value k8sc_value_member(k8sc_value value, const char *key);
/* Returns an element of an array by its index; absent if there is none. */
K8SC_API k8sc_value k8sc_value_element(k8sc_value value, int64_t index);
/* k8sc_value_first returns the first element of an array or the first member of an object.
 * k8sc_value_next returns the element or member that follows `value`. Both return an absent value
 * at the end. Each step takes time proportional to the length of the value that it passes. */
K8SC_API k8sc_value k8sc_value_first(k8sc_value value);
K8SC_API k8sc_value k8sc_value_next(k8sc_value value);
/* Returns the key of a member; NULL for any other value. `len` receives its length and may be NULL.
 * Ownership: borrowed from the object. */
K8SC_API const char *k8sc_value_key(k8sc_value value, size_t *len);
/* Returns the type of a value, one of K8SC_TYPE_; K8SC_TYPE_ABSENT for an absent value. */
K8SC_API int32_t k8sc_value_type(k8sc_value value);
/* Returns a string, unescaped and NUL-terminated; NULL if the value is absent or not a string.
 * `len` receives its length and may be NULL. Ownership: borrowed from the object. */
K8SC_API const char *k8sc_value_str(k8sc_value value, size_t *len);
/* Returns an integer; `fallback` if the value is absent or not an integer. */
K8SC_API int64_t k8sc_value_int(k8sc_value value, int64_t fallback);
/* Returns a boolean; `fallback` if the value is absent or not a boolean. */
K8SC_API int k8sc_value_bool(k8sc_value value, int fallback);
/* Returns a number, rounded to a double; `fallback` if the value is absent or not a number. */
K8SC_API double k8sc_value_number(k8sc_value value, double fallback);
/* Returns the number of elements of an array, or of members of an object; -1 if the value is
 * neither. */
K8SC_API int64_t k8sc_value_size(k8sc_value value);
/* Returns the JSON text of a value of any type; NULL if it is absent. The text is not
 * NUL-terminated: `len` receives its length. Ownership: borrowed from the object. */
K8SC_API const char *k8sc_value_raw(k8sc_value value, size_t *len);
/* Returns a time, such as metadata.creationTimestamp, in microseconds since 1970; `fallback` if the
 * value is not a time. */
K8SC_API int64_t k8sc_value_time_us(k8sc_value value, int64_t fallback);
/* Returns a duration in Go's notation, such as "1h30m", in nanoseconds; `fallback` if the value is
 * not a duration. */
K8SC_API int64_t k8sc_value_duration_ns(k8sc_value value, int64_t fallback);
/* Decodes a base64 string, as in the data of a Secret. A NUL follows the bytes. `len` receives
 * their number and must not be NULL. Ownership: release the bytes with k8sc_string_free. Errors:
 * K8SC_E_PARSE (not base64), K8SC_E_INVALID (not a string). */
K8SC_API k8sc_status k8sc_value_bytes(k8sc_value value, char **out, size_t *len, k8sc_error **err);

/* Drafts: documents that are edited. The setters take a JSON Pointer. They create missing parents
 * as objects. The index "-" appends to an array. A setter that fails changes nothing. Errors of all
 * setters: K8SC_E_INVALID (not a JSON Pointer; a parent is neither an object nor an array; an index
 * is out of range; JSON cannot represent the value; the document would be nested deeper than
 * 1,000). */

/* Creates a draft that is an empty object. Ownership: release it with k8sc_draft_free. */
K8SC_API k8sc_status k8sc_draft_new(k8sc_draft **out, k8sc_error **err);
/* Creates a draft with the content of an object. The object stays as it is. Ownership: release the
 * draft with k8sc_draft_free. Errors: K8SC_E_PARSE (an integer does not fit 64 bits),
 * K8SC_E_TOO_LARGE (nested deeper than 1,000). */
K8SC_API k8sc_status k8sc_object_edit(const k8sc_object *object, k8sc_draft **out,
                                      k8sc_error **err);
/* Creates a draft from JSON text of `len` bytes, which must be one object. Ownership: release it
 * with k8sc_draft_free. Errors: K8SC_E_PARSE (also if a key occurs twice in an object),
 * K8SC_E_TOO_LARGE (nested deeper than 1,000). */
K8SC_API k8sc_status k8sc_draft_parse_json(const char *json, size_t len, k8sc_draft **out,
                                           k8sc_error **err);
/* Creates a draft from YAML text of `len` bytes, which must be one mapping. Ownership: release it
 * with k8sc_draft_free. Errors: K8SC_E_PARSE (also if a key occurs twice in a mapping, or if nested
 * deeper than 1,000). */
K8SC_API k8sc_status k8sc_draft_parse_yaml(const char *yaml, size_t len, k8sc_draft **out,
                                           k8sc_error **err);
/* Frees a draft. Its nodes become invalid. */
K8SC_API void k8sc_draft_free(k8sc_draft *draft);
/* Sets the value at a JSON Pointer to a NUL-terminated string. */
K8SC_API k8sc_status k8sc_draft_set_str(k8sc_draft *draft, const char *pointer, const char *value,
                                        k8sc_error **err);
/* Sets the value at a JSON Pointer to a string of `len` bytes. */
K8SC_API k8sc_status k8sc_draft_set_strn(k8sc_draft *draft, const char *pointer, const char *value,
                                         size_t len, k8sc_error **err);
/* Sets the value at a JSON Pointer to an integer. */
K8SC_API k8sc_status k8sc_draft_set_int(k8sc_draft *draft, const char *pointer, int64_t value,
                                        k8sc_error **err);
/* Sets the value at a JSON Pointer to a boolean: false for 0, true for any other value. */
K8SC_API k8sc_status k8sc_draft_set_bool(k8sc_draft *draft, const char *pointer, int value,
                                         k8sc_error **err);
/* Sets the value at a JSON Pointer to a number, which must be finite. */
K8SC_API k8sc_status k8sc_draft_set_number(k8sc_draft *draft, const char *pointer, double value,
                                           k8sc_error **err);
/* Sets the value at a JSON Pointer to null. */
K8SC_API k8sc_status k8sc_draft_set_null(k8sc_draft *draft, const char *pointer, k8sc_error **err);
/* Sets the value at a JSON Pointer, of any type, from JSON text of `len` bytes. Errors: also
 * K8SC_E_PARSE (not JSON, or a key occurs twice in an object), K8SC_E_TOO_LARGE (nested deeper than
 * 1,000). */
K8SC_API k8sc_status k8sc_draft_set_json(k8sc_draft *draft, const char *pointer, const char *json,
                                         size_t len, k8sc_error **err);
/* Removes the value at a JSON Pointer. Succeeds if the value is absent. Errors: K8SC_E_INVALID (not
 * a JSON Pointer, or "", the whole document). */
K8SC_API k8sc_status k8sc_draft_remove(k8sc_draft *draft, const char *pointer, k8sc_error **err);
/* Makes a frozen object of the present content. The draft still belongs to you and can be edited
 * further. Ownership: release the object with k8sc_object_unref. Errors: the one that
 * k8sc_draft_failure returns, if there is one. */
K8SC_API k8sc_status k8sc_draft_freeze(const k8sc_draft *draft, k8sc_object **out,
                                       k8sc_error **err);

/* Nodes: editing a draft by paths. */

/* An object inside a draft. It is passed by value and belongs to the draft: it must not be used
 * after the draft was freed. */
typedef struct k8sc_node {
    k8sc_draft *draft;
    uint32_t id;
} k8sc_node;

/* The functions on nodes have no error parameter. The draft keeps the first failure, and
 * k8sc_draft_freeze fails with it. You can therefore write a whole document and check once. Each
 * setter also returns its own status.
 * `path` is a path such as "spec.containers[0].image" that starts at the node: names joined by
 * dots, indexes in brackets. One "_" at the end of a name is ignored. Setters create missing
 * objects and arrays on the way. null counts as missing. An index may be equal to the length of its
 * array, which appends.
 * `key` is NULL, or the key of a member of the map at the path. A setter needs a key, or a path
 * that is not empty.
 * Errors: K8SC_E_INVALID (not a path; a value on the way has another type; an index is out of
 * range; JSON cannot represent the value; the node was removed). The draft then stays as it was. */

/* Returns the whole document as a node. */
K8SC_API k8sc_node k8sc_draft_root(k8sc_draft *draft);
/* Returns the first failure of a function on nodes; NULL if there was none. Ownership: borrowed
 * from the draft. */
K8SC_API const k8sc_error *k8sc_draft_failure(const k8sc_draft *draft);
/* Returns the object at a path, and creates it if it is missing. On failure the node has a NULL
 * draft, and every function on it fails, too. */
K8SC_API k8sc_node k8sc_node_edit(k8sc_node node, const char *path);
/* Returns the object at an index of the array at a path. Creates nothing: it fails if no object is
 * there. On failure the node has a NULL draft, and every function on it fails, too. */
K8SC_API k8sc_node k8sc_node_element(k8sc_node node, const char *path, int64_t index);
/* Appends an empty object to the array at a path, and returns it. Creates the array if it is
 * missing. On failure the node has a NULL draft, and every function on it fails, too. */
K8SC_API k8sc_node k8sc_node_append(k8sc_node node, const char *path);
/* Returns the object under a key of the map at a path. Creates object and map if they are missing.
 * On failure the node has a NULL draft, and every function on it fails, too. */
K8SC_API k8sc_node k8sc_node_member(k8sc_node node, const char *path, const char *key);
/* Appends a string to the array at a path. */
K8SC_API k8sc_status k8sc_node_append_str(k8sc_node node, const char *path, const char *value);
/* Appends an integer to the array at a path. */
K8SC_API k8sc_status k8sc_node_append_int(k8sc_node node, const char *path, int64_t value);
/* Sets a NUL-terminated string at a path, or under a key of the map there. */
K8SC_API k8sc_status k8sc_node_set_str(k8sc_node node, const char *path, const char *key,
                                       const char *value);
/* Sets a string of `len` bytes at a path, or under a key of the map there. */
K8SC_API k8sc_status k8sc_node_set_strn(k8sc_node node, const char *path, const char *key,
                                        const char *value, size_t len);
/* Sets an integer at a path, or under a key of the map there. */
K8SC_API k8sc_status k8sc_node_set_int(k8sc_node node, const char *path, const char *key,
                                       int64_t value);
/* Sets a boolean at a path, or under a key of the map there: false for 0, true for any other
 * value. */
K8SC_API k8sc_status k8sc_node_set_bool(k8sc_node node, const char *path, const char *key,
                                        int value);
/* Sets a number, which must be finite, at a path, or under a key of the map there. */
K8SC_API k8sc_status k8sc_node_set_number(k8sc_node node, const char *path, const char *key,
                                          double value);
/* Sets null at a path, or under a key of the map there. */
K8SC_API k8sc_status k8sc_node_set_null(k8sc_node node, const char *path, const char *key);
/* Sets a value of any type, given as JSON text, at a path, or under a key of the map there. Errors:
 * also K8SC_E_PARSE, K8SC_E_TOO_LARGE (nested deeper than 1,000). */
K8SC_API k8sc_status k8sc_node_set_json(k8sc_node node, const char *path, const char *key,
                                        const char *json);
/* Sets a copy of a value, which must not be absent, at a path, or under a key of the map there. */
K8SC_API k8sc_status k8sc_node_set_value(k8sc_node node, const char *path, const char *key,
                                         k8sc_value value);
/* Sets a quantity at a path, or under a key of the map there. Errors: also K8SC_E_PARSE (not a
 * quantity). */
K8SC_API k8sc_status k8sc_node_set_quantity(k8sc_node node, const char *path, const char *key,
                                            const char *quantity);
/* Sets a time, given in microseconds since 1970, at a path, or under a key of the map there. It is
 * written to the second, or with microseconds if `micro` is not 0. */
K8SC_API k8sc_status k8sc_node_set_time_us(k8sc_node node, const char *path, const char *key,
                                           int64_t time_us, int micro);
/* Sets a duration, given in nanoseconds, at a path, or under a key of the map there. It is written
 * in Go's notation, such as "1h30m". */
K8SC_API k8sc_status k8sc_node_set_duration_ns(k8sc_node node, const char *path, const char *key,
                                               int64_t duration_ns);
/* Sets `len` bytes as a base64 string at a path, or under a key of the map there. */
K8SC_API k8sc_status k8sc_node_set_bytes(k8sc_node node, const char *path, const char *key,
                                         const char *data, size_t len);
/* Removes the value at a path, or under a key of the map there. Succeeds if the value is absent. */
K8SC_API k8sc_status k8sc_node_remove(k8sc_node node, const char *path, const char *key);

/* Quantities, such as "100m", "1.5Gi" or "12e6", as texts. They are exact down to 10^-9 and up to
 * 10^1000. Smaller parts are rounded away from zero. A larger quantity becomes 10^1000, or 2^63-1
 * with a binary suffix, as in servers. */

/* Compares two quantities by value, whatever their notation. Sets *out to -1 if `a` is below `b`,
 * to 0 if they are equal, and to 1 if `a` is above `b`. Errors: K8SC_E_PARSE (not a quantity). */
K8SC_API k8sc_status k8sc_quantity_compare(const char *a, const char *b, int *out,
                                           k8sc_error **err);
/* Converts a quantity to whole units, rounded away from zero. A quantity that does not fit becomes
 * the largest or smallest int64_t. Errors: K8SC_E_PARSE (not a quantity). */
K8SC_API k8sc_status k8sc_quantity_value(const char *quantity, int64_t *out, k8sc_error **err);
/* Converts a quantity to thousandths, rounded away from zero. A quantity that does not fit becomes
 * the largest or smallest int64_t. Errors: K8SC_E_PARSE (not a quantity). */
K8SC_API k8sc_status k8sc_quantity_milli_value(const char *quantity, int64_t *out,
                                               k8sc_error **err);
/* Converts a quantity to a double, rounded. Errors: K8SC_E_PARSE (not a quantity). */
K8SC_API k8sc_status k8sc_quantity_number(const char *quantity, double *out, k8sc_error **err);
/* Adds two quantities. The sum has the notation of `a`, or that of `b` if `a` is 0. Ownership:
 * release the text with k8sc_string_free. Errors: K8SC_E_PARSE (not a quantity). */
K8SC_API k8sc_status k8sc_quantity_add(const char *a, const char *b, char **out, k8sc_error **err);
/* Subtracts `b` from `a`. The difference has the notation of `a`, or that of `b` if `a` is 0.
 * Ownership: release the text with k8sc_string_free. Errors: K8SC_E_PARSE (not a quantity). */
K8SC_API k8sc_status k8sc_quantity_subtract(const char *a, const char *b, char **out,
                                            k8sc_error **err);
/* Writes a quantity in the canonical form that servers use. Ownership: release the text with
 * k8sc_string_free. Errors: K8SC_E_PARSE (not a quantity). */
K8SC_API k8sc_status k8sc_quantity_canonical(const char *quantity, char **out, k8sc_error **err);

/* Lists of objects. */

/* Frees a list. References to its objects that you took stay valid. */
K8SC_API void k8sc_list_free(k8sc_list *list);
/* Returns the number of objects in a list; -1 for NULL. */
K8SC_API int64_t k8sc_list_size(const k8sc_list *list);
/* Returns an object of a list; NULL if `index` is out of range. An object in a list from a lister
 * may be compressed: this function decompresses it, and the list keeps it decompressed. Also
 * returns NULL if memory for that runs out. Ownership: borrowed from the list; use k8sc_object_ref
 * to keep it. */
K8SC_API k8sc_object *k8sc_list_at(const k8sc_list *list, int64_t index);
/* Returns your own reference to an object of a list. An object in a list from a lister may be
 * compressed: this function decompresses it for you alone, again at each call, and the list keeps
 * it compressed. Ownership: release the object with k8sc_object_unref. Errors: K8SC_E_INVALID
 * (`index` is out of range). */
K8SC_API k8sc_status k8sc_list_object(const k8sc_list *list, int64_t index, k8sc_object **out,
                                      k8sc_error **err);
/* Returns the resourceVersion in the list's metadata; "" if it is absent. Ownership: borrowed from
 * the list. */
K8SC_API const char *k8sc_list_resource_version(const k8sc_list *list);
/* Returns the continue token in the list's metadata; "" if it is absent. Ownership: borrowed from
 * the list. */
K8SC_API const char *k8sc_list_continue(const k8sc_list *list);
/* Returns how many objects follow this page according to the server; -1 if the server did not
 * say. */
K8SC_API int64_t k8sc_list_remaining_item_count(const k8sc_list *list);

/* Strings. */

/* Returns the number of strings in a list; -1 for NULL. */
K8SC_API int64_t k8sc_strings_size(const k8sc_strings *strings);
/* Returns a string of a list; NULL if `index` is out of range. `len` receives its length and may be
 * NULL. Ownership: borrowed from the list. */
K8SC_API const char *k8sc_strings_at(const k8sc_strings *strings, int64_t index, size_t *len);
/* Appends a string of `len` bytes to a list. For a k8sc_index_fn, which returns its values this
 * way. */
K8SC_API k8sc_status k8sc_strings_add(k8sc_strings *strings, const char *value, size_t len);
/* Frees a list of strings. */
K8SC_API void k8sc_strings_free(k8sc_strings *strings);
/* Frees a text that a function gave to you; the comment of that function says so. Accepts NULL. */
K8SC_API void k8sc_string_free(char *string);

/* -------------------------------------------------------------------------- 4. configuration -- */

/* Creating configurations. */

/* Creates an empty configuration. Set at least the server. Ownership: release it with
 * k8sc_config_free. */
K8SC_API k8sc_status k8sc_config_new(k8sc_config **out, k8sc_error **err);
/* Loads the configuration as kubectl does, from the first of these sources that applies:
 * - the kubeconfig `path`, if it is not NULL;
 * - the kubeconfigs of $KUBECONFIG, if it is not empty, merged: the first file that names a stanza
 *   wins;
 * - ~/.kube/config.
 * If `path` and `context` are NULL and no kubeconfig sets current-context, the configuration is
 * that of the service account of the pod, if the process runs in one.
 * `context` is the name of a context; NULL means current-context.
 * Relative paths in a kubeconfig start at the directory of that file. Certificates and keys are
 * read now. They and token files must be regular files or symbolic links to regular files. A
 * kubeconfig may be a pipe, which must end within 5 seconds.
 * Credentials are not sent to a server without TLS; the client's log says so. They are checked all
 * the same.
 * Ownership: release the configuration with k8sc_config_free.
 * Errors: K8SC_E_CONFIG (nothing was found; an unknown context, cluster or user; mutually exclusive
 * or missing settings; a certificate or key that cannot be used), K8SC_E_PARSE (not YAML; the
 * message gives file and line), K8SC_E_IO (a file exists but cannot be read, or was named but does
 * not exist). If several files are invalid, the message lists them all. If a stanza has several
 * validation errors, the error's causes list them. */
K8SC_API k8sc_status k8sc_config_load(const char *path, const char *context, k8sc_config **out,
                                      k8sc_error **err);
/* Loads the configuration from the text of one kubeconfig, of `len` bytes. `context` is the name of
 * a context; NULL means current-context. Relative paths start at the working directory.
 * Certificates and keys are read now. They and token files must be regular files or symbolic links
 * to regular files. Credentials are not sent to a server without TLS; the client's log says so.
 * They are checked all the same.
 * Ownership: release the configuration with k8sc_config_free.
 * Errors: K8SC_E_CONFIG (the text sets nothing; an unknown context, cluster or user; mutually
 * exclusive or missing settings; a certificate or key that cannot be used), K8SC_E_PARSE (not YAML;
 * the message gives the line). If a stanza has several validation errors, the error's causes list
 * them. */
K8SC_API k8sc_status k8sc_config_parse(const char *yaml, size_t len, const char *context,
                                       k8sc_config **out, k8sc_error **err);
/* Loads the configuration from the service account of the pod that this process runs in:
 * $KUBERNETES_SERVICE_HOST, $KUBERNETES_SERVICE_PORT, and the files token, ca.crt and namespace in
 * /var/run/secrets/kubernetes.io/serviceaccount. $POD_NAMESPACE, if it is set, replaces the
 * namespace file. Without a usable ca.crt the client trusts the system's certificate authorities,
 * and its log says so.
 * Ownership: release the configuration with k8sc_config_free.
 * Errors: K8SC_E_NOT_IN_CLUSTER, K8SC_E_IO (no token), K8SC_E_CONFIG (host and port do not make a
 * URL; the namespace is not a valid name). */
K8SC_API k8sc_status k8sc_config_load_in_cluster(k8sc_config **out, k8sc_error **err);
/* Copies a configuration. Ownership: release the copy with k8sc_config_free. */
K8SC_API k8sc_status k8sc_config_copy(const k8sc_config *config, k8sc_config **out,
                                      k8sc_error **err);
/* Frees a configuration. Clients that were made from it are not affected. */
K8SC_API void k8sc_config_free(k8sc_config *config);

/* Setting a configuration. Setters copy and check their arguments. A setter that fails changes
 * nothing.
 * Mutually exclusive settings, and settings without what they need, fail with K8SC_E_CONFIG when
 * the client is made: a token and basic authentication; exec and an auth provider; insecure and a
 * CA; a uid, groups or extra fields of impersonation without a user; a unix socket and a proxy or a
 * bind address; a custom transport and settings of TLS, a proxy, a unix socket or a bind
 * address. */

/* Sets the URL of the API server, such as "https://host:port/path". A URL without a scheme is https
 * if TLS settings are present, and http otherwise. "unix:///path" means http over that unix
 * socket. */
K8SC_API k8sc_status k8sc_config_set_server(k8sc_config *config, const char *url, k8sc_error **err);
/* Sets the namespace that k8sc_client_namespace returns; NULL means "default". */
K8SC_API k8sc_status k8sc_config_set_namespace(k8sc_config *config, const char *name,
                                               k8sc_error **err);
/* Sets the User-Agent. NULL restores the default, "<program>/v<version> (<os>/<arch>)
 * kubernetes/<commit>". */
K8SC_API k8sc_status k8sc_config_set_user_agent(k8sc_config *config, const char *user_agent,
                                                k8sc_error **err);
/* Appends "/" and `suffix` to the present User-Agent. */
K8SC_API k8sc_status k8sc_config_add_user_agent(k8sc_config *config, const char *suffix,
                                                k8sc_error **err);

/* Credentials. */

/* Sets the bearer token. Replaces a token, token file or token provider that was set; NULL removes
 * them. */
K8SC_API k8sc_status k8sc_config_set_token(k8sc_config *config, const char *token,
                                           k8sc_error **err);
/* Sets the file that contains the bearer token. Replaces a token, token file or token provider that
 * was set. The file is read now, and again when the last read was more than 50 seconds ago. It is
 * also read again when the server refuses the token; if the file then contains another token, the
 * request is sent once more with it. Errors: K8SC_E_IO (the file cannot be read). */
K8SC_API k8sc_status k8sc_config_set_token_file(k8sc_config *config, const char *path,
                                                k8sc_error **err);
/* Provides a bearer token. Pass it to k8sc_token_request_answer and return 0. If the function
 * returns another value or passes no token, the requests that wait for the token fail with
 * K8SC_E_CREDENTIALS. `request` is borrowed for the duration of the call. */
typedef int (*k8sc_token_fn)(k8sc_token_request *request, void *user_data);
/* Sets a callback that provides the bearer token. Replaces a token, token file or token provider
 * that was set. `fn` is called when a request is to be sent and no valid token is at hand; one call
 * serves all requests that wait meanwhile. It must neither close the client nor wait for the
 * client's requests. For C, C++ and C#; other languages pass tokens with k8sc_client_set_token.
 * Threads: fn runs on a thread that the library starts for the call, so it may block. destroy runs
 * with the last copy of the configuration; once a client was made, it runs where the callbacks of
 * that client's queue run. */
K8SC_API k8sc_status k8sc_config_set_token_provider(k8sc_config *config, k8sc_token_fn fn,
                                                    void *user_data, k8sc_destroy_fn destroy,
                                                    k8sc_error **err);
/* Returns true if the server refused the token that was provided last. */
K8SC_API int k8sc_token_request_is_refused(const k8sc_token_request *request);
/* Answers a token request. `valid_ms` is how long the token may be used, in milliseconds; -1 means
 * until the server refuses it. */
K8SC_API k8sc_status k8sc_token_request_answer(k8sc_token_request *request, const char *token,
                                               int64_t valid_ms, k8sc_error **err);
/* Sets user and password for basic authentication. A NULL `user` removes them. A NULL `password` is
 * an empty one. */
K8SC_API k8sc_status k8sc_config_set_basic_auth(k8sc_config *config, const char *user,
                                                const char *password, k8sc_error **err);
/* Sets the client certificate, with its chain, and the private key, as PEM. Both NULL removes them.
 * Errors: K8SC_E_PARSE (not PEM), K8SC_E_CONFIG (certificate and key do not belong together). */
K8SC_API k8sc_status k8sc_config_set_client_certificate(k8sc_config *config,
                                                        const char *certificate_pem,
                                                        size_t certificate_len, const char *key_pem,
                                                        size_t key_len, k8sc_error **err);
/* Sets the PEM files of the client certificate, with its chain, and of the private key. The files
 * are read now and again whenever they change. Both NULL removes the certificate and the key.
 * Errors: K8SC_E_IO (a file cannot be read), K8SC_E_PARSE (not PEM), K8SC_E_CONFIG (certificate and
 * key do not belong together). */
K8SC_API k8sc_status k8sc_config_set_client_certificate_files(k8sc_config *config,
                                                              const char *certificate_path,
                                                              const char *key_path,
                                                              k8sc_error **err);
/* Sets the exec plugin, a program that provides credentials. `json` has the fields of `exec` in a
 * kubeconfig. A relative command that contains "/" starts at the working directory; a command
 * without "/" is looked up in $PATH. NULL removes the plugin. Errors: K8SC_E_PARSE (not JSON),
 * K8SC_E_INVALID (a field is invalid or missing). */
K8SC_API k8sc_status k8sc_config_set_exec(k8sc_config *config, const char *json, k8sc_error **err);
/* Sets which exec plugins may run: "AllowAll" (the default), "DenyAll" or "Allowlist". "Allowlist"
 * starts with an empty list; add commands with k8sc_config_add_exec_allowed. If the list is still
 * empty when the client is made, that fails with K8SC_E_CONFIG. */
K8SC_API k8sc_status k8sc_config_set_exec_policy(k8sc_config *config, const char *policy,
                                                 k8sc_error **err);
/* Adds a command to the allowlist of exec plugins: a name, or an absolute path. Errors:
 * K8SC_E_STATE (the exec policy is not "Allowlist"). */
K8SC_API k8sc_status k8sc_config_add_exec_allowed(k8sc_config *config, const char *command,
                                                  k8sc_error **err);
/* Sets how long an exec plugin may run, in milliseconds; 60,000 by default. After that it is
 * killed. If this process may not kill it, it is left running. */
K8SC_API k8sc_status k8sc_config_set_exec_timeout(k8sc_config *config, int64_t timeout_ms,
                                                  k8sc_error **err);
/* Sets whether an exec plugin may prompt on the terminal: it then uses the standard input and
 * standard error of this process. Off (0) by default. */
K8SC_API k8sc_status k8sc_config_set_exec_interactive(k8sc_config *config, int allowed,
                                                      k8sc_error **err);
/* Sets the user to impersonate, with `uid` unless that is NULL. Removes groups and extra fields
 * that were added before. A NULL `user` ends impersonation. */
K8SC_API k8sc_status k8sc_config_set_impersonation(k8sc_config *config, const char *user,
                                                   const char *uid, k8sc_error **err);
/* Adds a group to the impersonated user. */
K8SC_API k8sc_status k8sc_config_add_impersonation_group(k8sc_config *config, const char *group,
                                                         k8sc_error **err);
/* Adds a value to an extra field of the impersonated user. A field may have several values. */
K8SC_API k8sc_status k8sc_config_add_impersonation_extra(k8sc_config *config, const char *key,
                                                         const char *value, k8sc_error **err);

/* TLS. */

/* Sets the certificate authorities that the server's certificate must chain up to, as PEM. Other
 * blocks in the PEM are ignored. NULL means the system's authorities, or those of $SSL_CERT_FILE
 * and $SSL_CERT_DIR, which are read when the client is made. Errors: K8SC_E_PARSE (not PEM). */
K8SC_API k8sc_status k8sc_config_set_ca(k8sc_config *config, const char *pem, size_t len,
                                        k8sc_error **err);
/* Sets the PEM file of the certificate authorities that the server's certificate must chain up to.
 * Other blocks in the PEM are ignored. The file is read now and again whenever it changes. NULL
 * removes it. Errors: K8SC_E_IO (the file cannot be read), K8SC_E_PARSE (not PEM). */
K8SC_API k8sc_status k8sc_config_set_ca_file(k8sc_config *config, const char *path,
                                             k8sc_error **err);
/* Turns the verification of the server's certificate off (non-zero) or on (0, the default).
 * Mutually exclusive with a CA: setting both fails with K8SC_E_CONFIG when the client is made. */
K8SC_API k8sc_status k8sc_config_set_insecure(k8sc_config *config, int insecure, k8sc_error **err);
/* Sets the name that the server's certificate must be valid for, if that is not the host of the
 * URL. NULL removes it. */
K8SC_API k8sc_status k8sc_config_set_tls_server_name(k8sc_config *config, const char *name,
                                                     k8sc_error **err);
/* Sets the lowest and the highest TLS version: "1.2" or "1.3". NULL restores the default. The
 * default of `min`, "1.2", is also the lowest possible version. */
K8SC_API k8sc_status k8sc_config_set_tls_versions(k8sc_config *config, const char *min,
                                                  const char *max, k8sc_error **err);
/* Sets the ciphers of TLS 1.2 and the cipher suites of TLS 1.3, by OpenSSL's names, separated by
 * ":". NULL restores the default. Errors: K8SC_E_INVALID (OpenSSL does not know one). */
K8SC_API k8sc_status k8sc_config_set_tls_ciphers(k8sc_config *config, const char *tls12_ciphers,
                                                 const char *tls13_suites, k8sc_error **err);
/* Pins the server's public key: the server's certificate must have one of these keys, and must also
 * chain up to the CA unless the configuration is insecure. Each pin is "sha256//" and the base64 of
 * the SHA-256 of the SubjectPublicKeyInfo; pins are separated by ";". NULL removes them. A server
 * with another key fails with K8SC_E_TLS. Pins for a server without TLS fail with K8SC_E_CONFIG
 * when the client is made. */
K8SC_API k8sc_status k8sc_config_set_server_key_pins(k8sc_config *config, const char *pins,
                                                     k8sc_error **err);

/* Connections. */

/* Sets the proxy for every request, including requests to this machine: http, https, socks5 or
 * socks5h, such as "http://user:password@host:port". User and password are percent-encoded. ""
 * means no proxy, whatever the environment says. NULL restores the default.
 * The default is the proxy of the environment at the time the client is made, by Go's rules:
 * $HTTPS_PROXY, or $HTTP_PROXY for an http server (unless $REQUEST_METHOD is set), $NO_PROXY, and
 * their lower-case names. It never applies to this machine.
 * An https server is reached through CONNECT, so that the proxy sees no request. An https proxy is
 * verified with the system's certificate authorities. A SOCKS proxy resolves the server's name.
 * Errors: K8SC_E_CONFIG (the URL cannot be used). */
K8SC_API k8sc_status k8sc_config_set_proxy(k8sc_config *config, const char *url, k8sc_error **err);
/* Sets whether responses may be compressed with gzip: on (1) by default. Raw watches and streams
 * are not compressed. Neither are responses to requests with a header Accept-Encoding or Range:
 * their bodies arrive as the server sent them. */
K8SC_API k8sc_status k8sc_config_set_compression(k8sc_config *config, int enabled,
                                                 k8sc_error **err);
/* Sets a unix socket, by an absolute path, to connect to in place of the URL's host and port. The
 * URL still determines the host name and whether TLS is used. A server "unix:///path" is the same
 * as "http://localhost" with that socket. NULL removes it. Mutually exclusive with a proxy and with
 * a bind address; the environment's proxy does not apply. */
K8SC_API k8sc_status k8sc_config_set_unix_socket(k8sc_config *config, const char *path,
                                                 k8sc_error **err);
/* Sets the local address of connections: an IP address, or the name of a network interface. NULL
 * removes it. */
K8SC_API k8sc_status k8sc_config_set_bind_address(k8sc_config *config, const char *address,
                                                  k8sc_error **err);
/* Sets whether HTTP/2 is used with servers that offer it over TLS: on (1) by default.
 * $DISABLE_HTTP2 turns it off if it is set when the client is made. A server that offers only
 * HTTP/1.1 is asked for HTTP/2 again after ten minutes. If HTTP/2 was agreed on and the connection
 * is lost before the server speaks it, HTTP/1.1 is used for five seconds, and for up to a minute if
 * this repeats. */
K8SC_API k8sc_status k8sc_config_set_http2(k8sc_config *config, int enabled, k8sc_error **err);

/* Timeouts. */

/* Sets the overall deadline of a request, retries included, in milliseconds. -1, the default, means
 * none. It does not apply to watches and streams. */
K8SC_API k8sc_status k8sc_config_set_timeout(k8sc_config *config, int64_t timeout_ms,
                                             k8sc_error **err);
/* Sets the deadline for opening a connection, in milliseconds: name resolution, TCP and TLS. 30,000
 * by default. */
K8SC_API k8sc_status k8sc_config_set_connect_timeout(k8sc_config *config, int64_t timeout_ms,
                                                     k8sc_error **err);
/* Sets how long a request may go without receiving a byte, in milliseconds. 60,000 by default; -1
 * means no limit. Watches use k8sc_config_set_watch_idle_timeout instead. */
K8SC_API k8sc_status k8sc_config_set_idle_timeout(k8sc_config *config, int64_t timeout_ms,
                                                  k8sc_error **err);
/* Sets how long a watch may go without receiving a byte before its connection is closed, in
 * milliseconds. -1, the default, means 30 seconds longer than the server was asked to keep the
 * watch open. An informer then resumes from its last resourceVersion. */
K8SC_API k8sc_status k8sc_config_set_watch_idle_timeout(k8sc_config *config, int64_t timeout_ms,
                                                        k8sc_error **err);
/* Sets how an informer, or a watch that resumes, detects a silently dead peer. If nothing was
 * received on an HTTP/2 connection for `after_ms` milliseconds, a PING is sent. If nothing at all
 * is received within `timeout_ms` milliseconds after that, the connection is closed, and what ran
 * on it ends with K8SC_E_TIMEOUT; the watch resumes from its last resourceVersion on another
 * connection. HTTP/1.1 has no PING: there the watch is opened anew after both times together,
 * unless a watch idle timeout is set.
 * The defaults are 30,000 and 15,000, or the seconds in $HTTP2_READ_IDLE_TIMEOUT_SECONDS and
 * $HTTP2_PING_TIMEOUT_SECONDS if these are set when the client is made. An `after_ms` of -1 turns
 * the detection off. `timeout_ms` must be at least 1. */
K8SC_API k8sc_status k8sc_config_set_probe(k8sc_config *config, int64_t after_ms,
                                           int64_t timeout_ms, k8sc_error **err);

/* Limits. */

/* Sets the client-side rate limit: a bucket of `burst` tokens, filled with `qps` tokens per second.
 * 0 means the default: 5 for `qps` and 10 for `burst`. If `qps` is above 0, `burst` must be at
 * least 1. If `qps` is below 0, the client is not rate-limited. Every request takes a token; a
 * watch takes one only when it is retried. */
K8SC_API k8sc_status k8sc_config_set_rate_limit(k8sc_config *config, double qps, int32_t burst,
                                                k8sc_error **err);
/* Sets a rate limiter to use in place of the client's own rate limit. Several clients may share it.
 * NULL removes it. */
K8SC_API k8sc_status k8sc_config_set_rate_limiter(k8sc_config *config, k8sc_rate_limiter *limiter,
                                                  k8sc_error **err);
/* Sets the largest object to accept, alone, in a list or in a watch frame, in bytes: 16 MiB by
 * default, at least 1 KiB. A larger one fails with K8SC_E_TOO_LARGE, and the message gives its
 * size. An informer's list still has the other objects: see k8sc_informer_start. */
K8SC_API k8sc_status k8sc_config_set_max_object_bytes(k8sc_config *config, int64_t bytes,
                                                      k8sc_error **err);
/* Sets the largest response to accept, in bytes after decompression: 8 GiB by default, at least 1
 * KiB. A larger one fails with K8SC_E_TOO_LARGE. The pages of a list count as one response, and
 * each item as at least 1 KiB. Watches and streams have no limit. */
K8SC_API k8sc_status k8sc_config_set_max_answer_bytes(k8sc_config *config, int64_t bytes,
                                                      k8sc_error **err);

/* Reading a configuration. Secrets are never returned. */

/* Returns the URL of the server as it was set or found; NULL if there is none. Ownership: borrowed
 * from the configuration until it is changed. */
K8SC_API const char *k8sc_config_server(const k8sc_config *config);
/* Returns the namespace that was set or found; NULL if there is none. Ownership: borrowed from the
 * configuration until it is changed. */
K8SC_API const char *k8sc_config_namespace(const k8sc_config *config);
/* Returns the name of the context that the configuration was loaded from; NULL if there is none.
 * Ownership: borrowed from the configuration until it is changed. */
K8SC_API const char *k8sc_config_context(const k8sc_config *config);
/* Returns the User-Agent that was set; NULL if none was. Ownership: borrowed from the configuration
 * until it is changed. */
K8SC_API const char *k8sc_config_user_agent(const k8sc_config *config);
/* Returns the TLS server name that was set or found; NULL if there is none. Ownership: borrowed
 * from the configuration until it is changed. */
K8SC_API const char *k8sc_config_tls_server_name(const k8sc_config *config);
/* Returns true if the server's certificate is not verified. */
K8SC_API int k8sc_config_insecure(const k8sc_config *config);
/* Returns true if the configuration has credentials: a token, a token file, a token provider, a
 * client certificate, basic authentication, exec or an auth provider. */
K8SC_API int k8sc_config_has_credentials(const k8sc_config *config);

/* Custom transports. */

/* Sets a custom transport: a callback that answers every request in place of the network. It serves
 * tests of programs that use this library, and programs with a transport of their own. Deadlines,
 * cancellation, retries, rate limit, decoding, watches and informers work as usual. Mutually
 * exclusive with settings of TLS, a proxy, a unix socket and a bind address. A NULL `fn` removes
 * it.
 * The response ends when fn returns. The fn of a watch appends frames until the reply is cancelled.
 * A request that ends earlier, by a deadline or by cancellation, does not wait for fn.
 * k8sc_client_close does wait, except when it is called inside fn.
 * Threads: fn runs on a thread that the library starts for this one request. Several calls may run
 * at once, and each may block. Copies of the configuration and clients share fn. destroy runs when
 * the last of them is gone, on whichever thread releases it. */
K8SC_API k8sc_status k8sc_config_set_transport(k8sc_config *config, k8sc_transport_fn fn,
                                               void *user_data, k8sc_destroy_fn destroy,
                                               k8sc_error **err);
/* Returns the method of the request, such as "GET". Ownership: borrowed from the request. */
K8SC_API const char *k8sc_transport_request_method(const k8sc_transport_request *request);
/* Returns the whole URL of the request. Ownership: borrowed from the request. */
K8SC_API const char *k8sc_transport_request_url(const k8sc_transport_request *request);
/* Returns the value of a header of the request; NULL if it is absent. The case of `name` does not
 * matter. Ownership: borrowed from the request. */
K8SC_API const char *k8sc_transport_request_header(const k8sc_transport_request *request,
                                                   const char *name);
/* Returns the body of the request. `len` receives its length and may be NULL. Ownership: borrowed
 * from the request. */
K8SC_API const char *k8sc_transport_request_body(const k8sc_transport_request *request,
                                                 size_t *len);
/* Sets the HTTP status of the response, 200 to 599; 200 by default. Errors: K8SC_E_STATE (part of
 * the body was appended already). */
K8SC_API k8sc_status k8sc_transport_reply_set_status(k8sc_transport_reply *reply, int32_t status,
                                                     k8sc_error **err);
/* Adds a header to the response, such as Content-Type. Without a Content-Type the body is taken for
 * JSON. Errors: K8SC_E_STATE (part of the body was appended already). */
K8SC_API k8sc_status k8sc_transport_reply_add_header(k8sc_transport_reply *reply, const char *name,
                                                     const char *value, k8sc_error **err);
/* Appends `len` bytes, which may be 0, to the body of the response. The first call also sends
 * status and headers. Blocks while 1 MiB or more waits to be consumed. Errors: K8SC_E_CANCELLED
 * (the request has ended; fn should return). */
K8SC_API k8sc_status k8sc_transport_reply_append(k8sc_transport_reply *reply, const char *data,
                                                 size_t len, k8sc_error **err);
/* Ends the request with this error when fn returns, after what was appended. K8SC_E_TRANSPORT means
 * a lost connection and is retried as such. `message` may be NULL. */
K8SC_API k8sc_status k8sc_transport_reply_fail(k8sc_transport_reply *reply, k8sc_status code,
                                               const char *message, k8sc_error **err);
/* Returns true if the request has ended before fn returned. Threads: any thread, until fn
 * returns. */
K8SC_API int k8sc_transport_reply_is_cancelled(k8sc_transport_reply *reply);
/* Blocks until the request has ended or `timeout_ms` has passed. *cancelled is set to 1 if the
 * request has ended, and to 0 otherwise; `cancelled` may be NULL. */
K8SC_API k8sc_status k8sc_transport_reply_wait(k8sc_transport_reply *reply, int64_t timeout_ms,
                                               int *cancelled, k8sc_error **err);

/* Overrides: settings applied on top of a kubeconfig, such as kubectl's --server and --token.
 * Setters copy and check their arguments. NULL removes an override. */

/* Creates overrides that change nothing. Ownership: release them with k8sc_overrides_free. */
K8SC_API k8sc_status k8sc_overrides_new(k8sc_overrides **out, k8sc_error **err);
/* Frees overrides. */
K8SC_API void k8sc_overrides_free(k8sc_overrides *overrides);
/* Sets the context to use in place of current-context. It must exist in the kubeconfig. */
K8SC_API k8sc_status k8sc_overrides_set_context(k8sc_overrides *overrides, const char *name,
                                                k8sc_error **err);
/* Sets the cluster to use in place of the context's. It must exist in the kubeconfig. */
K8SC_API k8sc_status k8sc_overrides_set_cluster(k8sc_overrides *overrides, const char *name,
                                                k8sc_error **err);
/* Sets the user to use in place of the context's. It must exist in the kubeconfig. */
K8SC_API k8sc_status k8sc_overrides_set_user(k8sc_overrides *overrides, const char *name,
                                             k8sc_error **err);
/* Sets the namespace to use in place of the context's. */
K8SC_API k8sc_status k8sc_overrides_set_namespace(k8sc_overrides *overrides, const char *name,
                                                  k8sc_error **err);
/* Sets the URL of the server. It drops the kubeconfig's TLS server name, which belongs to another
 * server. With a server no context is needed. */
K8SC_API k8sc_status k8sc_overrides_set_server(k8sc_overrides *overrides, const char *url,
                                               k8sc_error **err);
/* Sets the name that the server's certificate must be valid for. */
K8SC_API k8sc_status k8sc_overrides_set_tls_server_name(k8sc_overrides *overrides, const char *name,
                                                        k8sc_error **err);
/* Turns the verification of the server's certificate off (non-zero) or on (0), whatever the
 * kubeconfig says. Non-zero drops the kubeconfig's CA. Cannot be removed. */
K8SC_API k8sc_status k8sc_overrides_set_insecure(k8sc_overrides *overrides, int insecure,
                                                 k8sc_error **err);
/* Sets the proxy for every request: http, https, socks5 or socks5h, such as
 * "http://user:password@host:port". User and password are percent-encoded. "" is not allowed. */
K8SC_API k8sc_status k8sc_overrides_set_proxy(k8sc_overrides *overrides, const char *url,
                                              k8sc_error **err);
/* Sets the PEM file of the certificate authorities. It replaces any CA in the kubeconfig, and the
 * kubeconfig's insecure-skip-tls-verify no longer counts. A relative path starts at the present
 * working directory. The file is read when the configuration is made. */
K8SC_API k8sc_status k8sc_overrides_set_ca_file(k8sc_overrides *overrides, const char *path,
                                                k8sc_error **err);
/* Sets the bearer token. It replaces token, token file, basic authentication, exec and auth
 * provider of the kubeconfig. */
K8SC_API k8sc_status k8sc_overrides_set_token(k8sc_overrides *overrides, const char *token,
                                              k8sc_error **err);
/* Sets the PEM files of the client certificate and of its private key. If one is NULL, the
 * kubeconfig's is used. A relative path starts at the present working directory. The files are read
 * when the configuration is made. */
K8SC_API k8sc_status k8sc_overrides_set_client_certificate_files(k8sc_overrides *overrides,
                                                                 const char *certificate_path,
                                                                 const char *key_path,
                                                                 k8sc_error **err);
/* Sets the user to impersonate, with `uid` unless that is NULL. Removes groups and extra fields
 * that were added to these overrides before. With a user, nothing of the kubeconfig's impersonation
 * is used. A NULL `user` removes all overrides of impersonation. */
K8SC_API k8sc_status k8sc_overrides_set_impersonation(k8sc_overrides *overrides, const char *user,
                                                      const char *uid, k8sc_error **err);
/* Adds a group to the impersonated user. Without an overriding user, the groups replace those of
 * the kubeconfig's impersonated user. */
K8SC_API k8sc_status k8sc_overrides_add_impersonation_group(k8sc_overrides *overrides,
                                                            const char *group, k8sc_error **err);
/* Adds a value to an extra field of the impersonated user. A field may have several values. Without
 * an overriding user, the extra fields replace those of the kubeconfig's impersonated user. */
K8SC_API k8sc_status k8sc_overrides_add_impersonation_extra(k8sc_overrides *overrides,
                                                            const char *key, const char *value,
                                                            k8sc_error **err);
/* Sets the overall deadline of a request, retries included, in milliseconds; -1 means none. It does
 * not apply to watches and streams. Cannot be removed. */
K8SC_API k8sc_status k8sc_overrides_set_timeout(k8sc_overrides *overrides, int64_t timeout_ms,
                                                k8sc_error **err);
/* Loads the configuration as kubectl does, and applies overrides, which may be NULL. The kubeconfig
 * is the first of these that applies:
 * - the kubeconfig `path`, if it is not NULL;
 * - the kubeconfigs of $KUBECONFIG, if it is not empty, merged: the first file that names a stanza
 *   wins;
 * - ~/.kube/config.
 * If `path` is NULL, no kubeconfig sets current-context, and the overrides name no context, cluster
 * or user, the configuration is that of the service account of the pod, if the process runs in one.
 * All other overrides apply to it, too.
 * Relative paths in a kubeconfig start at the directory of that file. Certificates and keys are
 * read now. They and token files must be regular files or symbolic links to regular files. A
 * kubeconfig may be a pipe, which must end within 5 seconds.
 * Credentials are not sent to a server without TLS; the client's log says so. They are checked all
 * the same.
 * Ownership: release the configuration with k8sc_config_free.
 * Errors: K8SC_E_CONFIG (nothing was found; an unknown context, cluster or user; mutually exclusive
 * or missing settings; a certificate or key that cannot be used), K8SC_E_PARSE (not YAML; the
 * message gives file and line), K8SC_E_IO (a file exists but cannot be read, or was named but does
 * not exist). If several files are invalid, the message lists them all. If a stanza has several
 * validation errors, the error's causes list them. */
K8SC_API k8sc_status k8sc_config_load_with(const char *path, const k8sc_overrides *overrides,
                                           k8sc_config **out, k8sc_error **err);

/* Kubeconfigs: the merged content of files, before a context is chosen. */

/* Creates an empty kubeconfig, which belongs to no file. Ownership: release it with
 * k8sc_kubeconfig_free. */
K8SC_API k8sc_status k8sc_kubeconfig_new(k8sc_kubeconfig **out, k8sc_error **err);
/* Loads a kubeconfig from the file `path`, which must exist. With a NULL `path` it loads and merges
 * the files of $KUBECONFIG that exist, or ~/.kube/config; it is no error if there is none. A file
 * may be a pipe, which must end within 5 seconds. Ownership: release the kubeconfig with
 * k8sc_kubeconfig_free. Errors: K8SC_E_PARSE (not YAML; the message gives file and line),
 * K8SC_E_CONFIG (a file is not a kubeconfig), K8SC_E_IO (a file exists but cannot be read, or was
 * named but does not exist). If several files are invalid, the message lists them all. */
K8SC_API k8sc_status k8sc_kubeconfig_load(const char *path, k8sc_kubeconfig **out,
                                          k8sc_error **err);
/* Parses the text of a kubeconfig, of `len` bytes. The kubeconfig belongs to no file. Ownership:
 * release it with k8sc_kubeconfig_free. Errors: K8SC_E_PARSE (not YAML), K8SC_E_CONFIG (not a
 * kubeconfig). */
K8SC_API k8sc_status k8sc_kubeconfig_parse(const char *yaml, size_t len, k8sc_kubeconfig **out,
                                           k8sc_error **err);
/* Frees a kubeconfig. Files are not written. */
K8SC_API void k8sc_kubeconfig_free(k8sc_kubeconfig *kubeconfig);
/* Returns the name of the current context; NULL if none is set. Ownership: borrowed from the
 * kubeconfig until it is changed. */
K8SC_API const char *k8sc_kubeconfig_current_context(const k8sc_kubeconfig *kubeconfig);
/* k8sc_kubeconfig_context_count returns the number of contexts. k8sc_kubeconfig_context_name
 * returns the name of one, in alphabetical order; NULL if `index` is out of range. Ownership:
 * borrowed from the kubeconfig until it is changed. */
K8SC_API int32_t k8sc_kubeconfig_context_count(const k8sc_kubeconfig *kubeconfig);
K8SC_API const char *k8sc_kubeconfig_context_name(const k8sc_kubeconfig *kubeconfig, int32_t index);
/* k8sc_kubeconfig_cluster_count returns the number of clusters. k8sc_kubeconfig_cluster_name
 * returns the name of one, in alphabetical order; NULL if `index` is out of range. Ownership:
 * borrowed from the kubeconfig until it is changed. */
K8SC_API int32_t k8sc_kubeconfig_cluster_count(const k8sc_kubeconfig *kubeconfig);
K8SC_API const char *k8sc_kubeconfig_cluster_name(const k8sc_kubeconfig *kubeconfig, int32_t index);
/* k8sc_kubeconfig_user_count returns the number of users. k8sc_kubeconfig_user_name returns the
 * name of one, in alphabetical order; NULL if `index` is out of range. Ownership: borrowed from the
 * kubeconfig until it is changed. */
K8SC_API int32_t k8sc_kubeconfig_user_count(const k8sc_kubeconfig *kubeconfig);
K8SC_API const char *k8sc_kubeconfig_user_name(const k8sc_kubeconfig *kubeconfig, int32_t index);
/* Gets the stanza of a context as an object, as it was written, secrets included. Ownership:
 * release the object with k8sc_object_unref. Errors: K8SC_E_CONFIG (no context has that name). */
K8SC_API k8sc_status k8sc_kubeconfig_get_context(const k8sc_kubeconfig *kubeconfig,
                                                 const char *name, k8sc_object **out,
                                                 k8sc_error **err);
/* Gets the stanza of a cluster as an object, as it was written, secrets included. Ownership:
 * release the object with k8sc_object_unref. Errors: K8SC_E_CONFIG (no cluster has that name). */
K8SC_API k8sc_status k8sc_kubeconfig_get_cluster(const k8sc_kubeconfig *kubeconfig,
                                                 const char *name, k8sc_object **out,
                                                 k8sc_error **err);
/* Gets the stanza of a user as an object, as it was written, secrets included. Ownership: release
 * the object with k8sc_object_unref. Errors: K8SC_E_CONFIG (no user has that name). */
K8SC_API k8sc_status k8sc_kubeconfig_get_user(const k8sc_kubeconfig *kubeconfig, const char *name,
                                              k8sc_object **out, k8sc_error **err);
/* Sets the whole stanza of a context, new or existing. `json` has `len` bytes and the fields of a
 * context in a kubeconfig, such as {"cluster": "c", "user": "u"}. An existing stanza stays in its
 * file. A new one belongs to the default file: the file that was named, else the first that exists,
 * else the first. Only types are checked; k8sc_kubeconfig_validate checks the rest. Errors:
 * K8SC_E_PARSE (not JSON), K8SC_E_INVALID (a known field has a wrong type). */
K8SC_API k8sc_status k8sc_kubeconfig_set_context(k8sc_kubeconfig *kubeconfig, const char *name,
                                                 const char *json, size_t len, k8sc_error **err);
/* Sets the whole stanza of a cluster, new or existing. `json` has `len` bytes and the fields of a
 * cluster in a kubeconfig, such as {"server": "https://c"}. An existing stanza stays in its file. A
 * new one belongs to the default file: the file that was named, else the first that exists, else
 * the first. Relative paths start at the directory of that file. Only types are checked;
 * k8sc_kubeconfig_validate checks the rest. Errors: K8SC_E_PARSE (not JSON), K8SC_E_INVALID (a
 * known field has a wrong type). */
K8SC_API k8sc_status k8sc_kubeconfig_set_cluster(k8sc_kubeconfig *kubeconfig, const char *name,
                                                 const char *json, size_t len, k8sc_error **err);
/* Sets the whole stanza of a user, new or existing. `json` has `len` bytes and the fields of a user
 * in a kubeconfig, such as {"token": "..."}, {"client-certificate": "a.crt", "client-key": "a.key"}
 * or {"exec": {...}}. An existing stanza stays in its file. A new one belongs to the default file:
 * the file that was named, else the first that exists, else the first. Relative paths start at the
 * directory of that file. Only types are checked; k8sc_kubeconfig_validate checks the rest. Errors:
 * K8SC_E_PARSE (not JSON), K8SC_E_INVALID (a known field has a wrong type). */
K8SC_API k8sc_status k8sc_kubeconfig_set_user(k8sc_kubeconfig *kubeconfig, const char *name,
                                              const char *json, size_t len, k8sc_error **err);
/* Sets the current context. NULL or "" means none. Errors: K8SC_E_CONFIG (no context has that
 * name). */
K8SC_API k8sc_status k8sc_kubeconfig_set_current_context(k8sc_kubeconfig *kubeconfig,
                                                         const char *name, k8sc_error **err);
/* Deletes a context from all files that have it. References to it are not changed. Errors:
 * K8SC_E_CONFIG (no context has that name). */
K8SC_API k8sc_status k8sc_kubeconfig_delete_context(k8sc_kubeconfig *kubeconfig, const char *name,
                                                    k8sc_error **err);
/* Deletes a cluster from all files that have it. References to it are not changed. Errors:
 * K8SC_E_CONFIG (no cluster has that name). */
K8SC_API k8sc_status k8sc_kubeconfig_delete_cluster(k8sc_kubeconfig *kubeconfig, const char *name,
                                                    k8sc_error **err);
/* Deletes a user from all files that have it. References to it are not changed. Errors:
 * K8SC_E_CONFIG (no user has that name). */
K8SC_API k8sc_status k8sc_kubeconfig_delete_user(k8sc_kubeconfig *kubeconfig, const char *name,
                                                 k8sc_error **err);
/* Writes a kubeconfig.
 * - With a NULL `path` it writes the changes, each stanza to its own file. The files are read again
 *   under "<file>.lock", which kubectl uses as well, so that changes of other programs are kept.
 *   Unknown fields are kept; comments are not.
 * - With a `path` it writes everything to that file and replaces its content. The changes still
 *   count as not written to their own files.
 * A file is replaced as a whole or not at all. It has mode 0600, or the mode of the file it
 * replaces. Missing directories are created, and symbolic links are followed. Waits up to 3 seconds
 * for each lock.
 * Errors: K8SC_E_IO, K8SC_E_STATE (`path` is NULL and the kubeconfig belongs to no file),
 * K8SC_E_PARSE and K8SC_E_CONFIG (a file is no longer a kubeconfig). */
K8SC_API k8sc_status k8sc_kubeconfig_write(k8sc_kubeconfig *kubeconfig, const char *path,
                                           k8sc_error **err);
/* Validates all stanzas, and the certificates and keys that they refer to. Errors: K8SC_E_CONFIG
 * (there are validation errors: the message gives the first, and the causes list them all, with
 * fields such as "users[admin].exec.command"). */
K8SC_API k8sc_status k8sc_kubeconfig_validate(const k8sc_kubeconfig *kubeconfig, k8sc_error **err);
/* Creates a kubeconfig with one context and the stanzas that it uses. A NULL `context` means the
 * current one. The new kubeconfig belongs to no file. Ownership: release it with
 * k8sc_kubeconfig_free. Errors: K8SC_E_CONFIG (the context does not exist, or none is set). */
K8SC_API k8sc_status k8sc_kubeconfig_minify(const k8sc_kubeconfig *kubeconfig, const char *context,
                                            k8sc_kubeconfig **out, k8sc_error **err);
/* Creates a kubeconfig with the content of certificate and key files inline. Token files stay
 * files, since their content changes. The new kubeconfig belongs to no file. Ownership: release it
 * with k8sc_kubeconfig_free. Errors: K8SC_E_CONFIG (the causes list all files that cannot be
 * read). */
K8SC_API k8sc_status k8sc_kubeconfig_flatten(const k8sc_kubeconfig *kubeconfig,
                                             k8sc_kubeconfig **out, k8sc_error **err);
/* Writes a whole kubeconfig as YAML text, secrets included. Paths that are relative to a file
 * become absolute. Ownership: release the text with k8sc_string_free. */
K8SC_API k8sc_status k8sc_kubeconfig_to_yaml(const k8sc_kubeconfig *kubeconfig, char **out,
                                             k8sc_error **err);
/* Writes a whole kubeconfig as YAML text without secrets, for display. Paths that are relative to a
 * file become absolute. "REDACTED" replaces tokens, passwords, keys, the environment of exec, the
 * tokens of an auth provider, users in URLs, extensions, all unknown fields, and arguments that
 * look like a secret or follow a name that sounds like one. "DATA+OMITTED" replaces certificates.
 * Ownership: release the text with k8sc_string_free. */
K8SC_API k8sc_status k8sc_kubeconfig_redacted(const k8sc_kubeconfig *kubeconfig, char **out,
                                              k8sc_error **err);
/* Makes the configuration of a context, with overrides applied; `overrides` may be NULL. Never uses
 * the pod's service account. Certificates and keys are read now. Credentials are not sent to a
 * server without TLS; the client's log says so. They are checked all the same. Ownership: release
 * the configuration with k8sc_config_free. Errors: K8SC_E_CONFIG (the kubeconfig is empty; an
 * unknown context, cluster or user; mutually exclusive or missing settings; a certificate or key
 * that cannot be used). If a stanza has several validation errors, the error's causes list them. */
K8SC_API k8sc_status k8sc_kubeconfig_config(const k8sc_kubeconfig *kubeconfig,
                                            const k8sc_overrides *overrides, k8sc_config **out,
                                            k8sc_error **err);

/* Rate limiters. */

/* Creates a rate limiter: a bucket of `burst` tokens that starts full and is filled with `qps`
 * tokens per second. Ownership: release it with k8sc_rate_limiter_unref. Errors: K8SC_E_INVALID
 * (`qps` is not above 0, or `burst` is below 1). */
K8SC_API k8sc_status k8sc_rate_limiter_new(double qps, int32_t burst, k8sc_rate_limiter **out,
                                           k8sc_error **err);
/* k8sc_rate_limiter_ref adds a reference to a rate limiter and returns the rate limiter.
 * k8sc_rate_limiter_unref releases one. Configurations and clients that use the rate limiter keep
 * it. */
K8SC_API k8sc_rate_limiter *k8sc_rate_limiter_ref(k8sc_rate_limiter *limiter);
K8SC_API void k8sc_rate_limiter_unref(k8sc_rate_limiter *limiter);
/* Takes a token if there is one, without waiting. Returns 1 if it took one, else 0. */
K8SC_API int k8sc_rate_limiter_try_accept(k8sc_rate_limiter *limiter);
/* Waits for a token and takes it. Errors: K8SC_E_TIMEOUT (the wait would exceed `timeout_ms`;
 * returned at once). */
K8SC_API k8sc_status k8sc_rate_limiter_accept(k8sc_rate_limiter *limiter, int64_t timeout_ms,
                                              k8sc_error **err);
/* Returns the rate of a rate limiter, in tokens per second. */
K8SC_API double k8sc_rate_limiter_qps(const k8sc_rate_limiter *limiter);

/* Retry policies.
 * A request of any verb that the server certainly did not process (HTTP/2: REFUSED_STREAM, or a
 * stream above the last one of a GOAWAY) is sent again at once, and then after 1, 2, 4, 8 and 16
 * seconds. This does not count as an attempt, and no policy changes it. A request that failed is
 * sent again up to 10 times, unless the policy says otherwise:
 * - any verb, on 429 and 5xx with Retry-After, which is a number of seconds or a date: after that
 *   time and up to a tenth more. If the server asks for longer than the cap, or than the deadline
 *   leaves, its error is returned at once, and k8sc_error_retry_after_ms gives the time;
 * - GET and HEAD, if the connection was lost on the way: after the back-off and up to a fifth more.
 * A retry takes a token of the rate limit. The error of the last attempt gives the number of
 * attempts, and the error of an earlier attempt if that was a different one. Informers have a
 * back-off of their own instead. */

/* Creates a retry policy with the defaults. Ownership: release it with k8sc_retry_policy_free. */
K8SC_API k8sc_status k8sc_retry_policy_new(k8sc_retry_policy **out, k8sc_error **err);
/* Frees a retry policy. */
K8SC_API void k8sc_retry_policy_free(k8sc_retry_policy *policy);
/* Sets the maximum number of retries; 10 by default. k8sc_options_set_max_retries and
 * k8sc_request_set_max_retries take precedence. */
K8SC_API k8sc_status k8sc_retry_policy_set_max_retries(k8sc_retry_policy *policy, int32_t retries,
                                                       k8sc_error **err);
/* Sets the longest Retry-After to wait for, in milliseconds; 60,000 by default. -1 means no cap. */
K8SC_API k8sc_status k8sc_retry_policy_set_retry_after_cap(k8sc_retry_policy *policy,
                                                           int64_t cap_ms, k8sc_error **err);
/* Sets the back-off for failures without a Retry-After, in milliseconds: it starts with `first_ms`
 * and doubles with each attempt up to `max_ms`. 1,000 and 30,000 by default. `max_ms` is at most
 * one day. */
K8SC_API k8sc_status k8sc_retry_policy_set_backoff(k8sc_retry_policy *policy, int64_t first_ms,
                                                   int64_t max_ms, k8sc_error **err);
/* Adds an HTTP status, 400 to 599, on which GET and HEAD are also sent again, with or without
 * Retry-After. Conditional writes are included if k8sc_retry_policy_set_conditional_writes is
 * on. */
K8SC_API k8sc_status k8sc_retry_policy_add_status(k8sc_retry_policy *policy, int32_t status,
                                                  k8sc_error **err);
/* Sets whether a request of any verb is also sent again if k8sc_error_is_not_processed is true for
 * its error: the connection was refused, the server was unreachable, the name did not resolve, the
 * connect deadline passed, or the server kept refusing the request unseen. Off (0) by default. */
K8SC_API k8sc_status k8sc_retry_policy_set_unsent(k8sc_retry_policy *policy, int retry,
                                                  k8sc_error **err);
/* Sets whether conditional writes are sent again like GET: PUT with metadata.resourceVersion, and
 * DELETE with a precondition. The server refuses the second one if the first one took effect.
 * Conflict, and NotFound of a DELETE, may therefore mean that an earlier attempt succeeded. Off (0)
 * by default. POST, PATCH and other writes are never sent twice unless the server asked for it. */
K8SC_API k8sc_status k8sc_retry_policy_set_conditional_writes(k8sc_retry_policy *policy, int retry,
                                                              k8sc_error **err);
/* Sets how a client retries failed requests. The policy is copied. NULL means the default
 * policy. */
K8SC_API k8sc_status k8sc_config_set_retry_policy(k8sc_config *config,
                                                  const k8sc_retry_policy *policy,
                                                  k8sc_error **err);

/* -------------------------------------------------------------------------------- 5. clients -- */

/* Makes a client, with a transport of its own (one thread) and an event queue. Nothing is sent yet. The configuration is
 * copied. Errors: K8SC_E_CONFIG (no server, contradicting settings). */
K8SC_API k8sc_status k8sc_client_new(const k8sc_config *config, k8sc_client **out, k8sc_error **err);
/* The same, but shares `other`'s transport: thread, connections, name cache. Identity, User-Agent and rate limit are its own. */
K8SC_API k8sc_status k8sc_client_new_shared(const k8sc_config *config, k8sc_client *other, k8sc_client **out, k8sc_error **err);
K8SC_API k8sc_client *k8sc_client_ref(k8sc_client *client);
/* The last one cancels what still runs for this client and lets the transport finish on its own. */
K8SC_API void k8sc_client_unref(k8sc_client *client);
/* Cancels everything that runs for this client, waits until its part of the transport, or the transport's thread if nobody
 * else uses it, has ended, and runs the destroy callbacks that are owed. Afterwards all functions on the client's handles
 * return K8SC_E_CLOSED, except for reading objects and caches. Closing twice is fine. From inside a callback it does not
 * wait for that callback. Errors: K8SC_E_TIMEOUT (still closing; may be called again). */
K8SC_API k8sc_status k8sc_client_close(k8sc_client *client, int64_t timeout_ms, k8sc_error **err);
/* The client's event queue. Borrowed from the client. */
K8SC_API k8sc_queue *k8sc_client_queue(k8sc_client *client);
/* The token that requests which begin from now on are sent with, whatever the configuration said; a request that waits for a
 * credential gets it, too. For hosts that renew tokens themselves. Any thread. */
K8SC_API k8sc_status k8sc_client_set_token(k8sc_client *client, const char *token, k8sc_error **err);
/* Server and namespace of its configuration. Borrowed from the client. */
K8SC_API const char *k8sc_client_server(const k8sc_client *client);
K8SC_API const char *k8sc_client_namespace(const k8sc_client *client);
/* Changes the client's rate limit while it runs: as k8sc_config_set_rate_limit. Requests that wait keep their time. A limiter that was
 * set with k8sc_config_set_rate_limiter is left as it is, and not used any more. */
K8SC_API k8sc_status k8sc_client_set_rate_limit(k8sc_client *client, double qps, int32_t burst, k8sc_error **err);

/* ----------------------------------------------------------- 6. queues, events, cancellation -- */

/* An event queue of its own, to be given to subscriptions, so that a part of a program has its own descriptor and thread. */
K8SC_API k8sc_status k8sc_queue_new(k8sc_queue **out, k8sc_error **err);
K8SC_API k8sc_queue *k8sc_queue_ref(k8sc_queue *queue);
/* The last one drops undelivered events and runs the destroy callbacks owed to its subscriptions, on this thread. */
K8SC_API void k8sc_queue_unref(k8sc_queue *queue);
/* A descriptor that polls readable while events wait or after a wakeup: level-triggered. For poll, epoll, kqueue and other
 * loops only; never read, write or close it. Borrowed from the queue. -1 for NULL and in a forked child. */
K8SC_API int k8sc_queue_fd(const k8sc_queue *queue);
/* Blocks until an event waits, a wakeup came (also one that came before), or the time is over; runs no callback. `ready`, which
 * may be NULL, is set to 1 if events wait, else 0. Any number of threads may wait. K8SC_E_CLOSED once the queue's client was
 * closed and no event waits. */
K8SC_API k8sc_status k8sc_queue_wait(k8sc_queue *queue, int64_t timeout_ms, int *ready, k8sc_error **err);
/* Runs the callbacks of up to `max` waiting events (0: of those that wait now) and never blocks. Events of pull subscriptions
 * stay where they are. `n_done`, which may be NULL, is set to the number delivered. Errors: K8SC_E_BUSY, K8SC_E_REENTRANT,
 * K8SC_E_CALLBACK. */
K8SC_API k8sc_status k8sc_queue_dispatch(k8sc_queue *queue, int32_t max, int32_t *n_done, k8sc_error **err);
/* Takes the next event of a pull subscription (one made with a NULL fn) and never blocks; *out is NULL where none waits. Give it
 * back with k8sc_event_free. */
K8SC_API k8sc_status k8sc_queue_take(k8sc_queue *queue, k8sc_event **out, k8sc_error **err);
/* How many events wait, of all subscriptions: a loop that takes no more than that in one round ends, however fast others come. 0 for NULL and
 * in a forked child. Any thread. */
K8SC_API int64_t k8sc_queue_depth(k8sc_queue *queue);
/* Ends one present or the next k8sc_queue_wait, which no k8sc_queue_dispatch or _take uses up: a thread that looks at a flag, takes and
 * waits misses none. The descriptor is readable until then, or, where nobody waits, until a dispatch or take. Any thread, also a signal handler. */
K8SC_API void k8sc_queue_wakeup(k8sc_queue *queue);
/* Starts one library thread that dispatches this queue until it is closed. For C, C++ and C#; never for Lua or Ruby. Every
 * other dispatch then gets K8SC_E_BUSY. A callback that returns non-zero ends the current round, and the thread goes on with
 * the next event. Errors: K8SC_E_STATE where it runs already. */
K8SC_API k8sc_status k8sc_queue_start_thread(k8sc_queue *queue, k8sc_error **err);

/* Handlers of an informer. */
#define K8SC_EVENT_ADD 1       /* object */
#define K8SC_EVENT_UPDATE 2    /* object, old_object */
#define K8SC_EVENT_DELETE 3    /* object: the last known state; only after an ADD */
#define K8SC_EVENT_SYNC 4      /* all objects of the initial list were handed to this handler */
/* A watch, with Kubernetes' words. */
#define K8SC_EVENT_ADDED 5     /* object */
#define K8SC_EVENT_MODIFIED 6  /* object */
#define K8SC_EVENT_DELETED 7   /* object */
#define K8SC_EVENT_BOOKMARK 8  /* object: kind, apiVersion and metadata.resourceVersion only */
/* Informers and watches: something went wrong. An informer goes on by itself; a watch ends, CLOSED follows. */
#define K8SC_EVENT_ERROR 9     /* error */
/* Requests that were started. */
#define K8SC_EVENT_COMPLETED 10 /* result, or error */
#define K8SC_EVENT_DATA 11      /* data: a piece of a streamed body */
/* The last event of a watch or stream, with an error if it did not end as it should. */
#define K8SC_EVENT_CLOSED 12
/* A client that is observed. */
#define K8SC_EVENT_WARNING 13 /* text: what the server warned of */
#define K8SC_EVENT_LOG 14     /* text, level, component */
#define K8SC_EVENT_TRACE 15   /* text: one finished request, as JSON */

K8SC_API int32_t k8sc_event_kind(const k8sc_event *event);
/* "ADD", "UPDATE", ...: the names above. Borrowed for ever. */
K8SC_API const char *k8sc_event_kind_name(const k8sc_event *event);
/* The object; NULL where the event has none. Borrowed from the event: _ref it to keep it. */
K8SC_API k8sc_object *k8sc_event_object(const k8sc_event *event);
/* UPDATE: the object before. Borrowed from the event. */
K8SC_API k8sc_object *k8sc_event_old_object(const k8sc_event *event);
/* ADD: true where the object was there when the informer, or this handler, began. */
K8SC_API int k8sc_event_is_initial(const k8sc_event *event);
/* DELETE: true where the deletion itself was missed and is inferred from a later list. */
K8SC_API int k8sc_event_is_inferred(const k8sc_event *event);
/* The error; NULL where there is none. Borrowed from the event. */
K8SC_API const k8sc_error *k8sc_event_error(const k8sc_event *event);
/* COMPLETED: the answer; NULL where there was an error. Borrowed from the event. */
K8SC_API const k8sc_result *k8sc_event_result(const k8sc_event *event);
/* DATA: the bytes, not NUL-terminated. Borrowed from the event. `len` must not be NULL. */
K8SC_API const char *k8sc_event_data(const k8sc_event *event, size_t *len);
/* The user_data of the subscription: with k8sc_queue_take it tells which one. Borrowed from you. */
K8SC_API void *k8sc_event_user_data(const k8sc_event *event);
/* WARNING, LOG, TRACE: the text; NULL for other events. Borrowed from the event. */
K8SC_API const char *k8sc_event_text(const k8sc_event *event);
/* LOG, WARNING: one of K8SC_LOG_; 0 for other events. */
K8SC_API int32_t k8sc_event_level(const k8sc_event *event);
/* LOG, WARNING: the part of the library: "http", "throttle", "retry", "reflector", "auth", "warning", ...; NULL for other events. Borrowed from the
 * event. */
K8SC_API const char *k8sc_event_component(const k8sc_event *event);
/* WARNING, LOG, TRACE: how many were dropped before this one since too many waited. LOG tells it in words as well. */
K8SC_API int64_t k8sc_event_dropped(const k8sc_event *event);
/* For events from k8sc_queue_take only. */
K8SC_API void k8sc_event_free(k8sc_event *event);

/* A token that cancels every call it was given to (k8sc_options_set_cancel, k8sc_request_set_cancel), then and later. */
K8SC_API k8sc_status k8sc_cancel_new(k8sc_cancel **out, k8sc_error **err);
K8SC_API k8sc_cancel *k8sc_cancel_ref(k8sc_cancel *cancel);
K8SC_API void k8sc_cancel_unref(k8sc_cancel *cancel);
/* Cancels: the calls end soon with K8SC_E_CANCELLED. Any thread, any number of times; never blocks. */
K8SC_API void k8sc_cancel_cancel(k8sc_cancel *cancel);
K8SC_API int k8sc_cancel_is_cancelled(const k8sc_cancel *cancel);
/* Makes it the token of the calling thread, until another is, or NULL, which is none: what this thread calls and has to wait for ends by it soon,
 * with K8SC_E_CANCELLED, besides the token of its options. That is all that asks a server, also what has no options (discovery, the REST mapper,
 * k8sc_informer_factory_for_kind), and the waits for informers, for another thread's load of a discovery, and for a rate limiter;
 * k8sc_client_close, k8sc_queue_wait, k8sc_stream_read and k8sc_transport_reply_wait have their timeouts instead. What has been started and is
 * not waited for, such as a watch, goes on.
 * Returns the one before, NULL where there was none, so that it can be put back. Borrowed, both: keep a token until it is replaced. */
K8SC_API k8sc_cancel *k8sc_cancel_bind(k8sc_cancel *cancel);

/* ------------------------------------------------------------------------------- 7. requests -- */

/* Requests below one group and version, as client-go's rest.Interface. */
K8SC_API k8sc_status k8sc_client_rest(k8sc_client *client, const char *group, const char *version, k8sc_rest_client **out, k8sc_error **err);
K8SC_API k8sc_rest_client *k8sc_rest_client_ref(k8sc_rest_client *rest);
K8SC_API void k8sc_rest_client_unref(k8sc_rest_client *rest);
/* Begins a request with any HTTP method. */
K8SC_API k8sc_status k8sc_rest_client_verb(k8sc_rest_client *rest, const char *verb, k8sc_request **out, k8sc_error **err);
K8SC_API k8sc_status k8sc_rest_client_get(k8sc_rest_client *rest, k8sc_request **out, k8sc_error **err);
K8SC_API k8sc_status k8sc_rest_client_post(k8sc_rest_client *rest, k8sc_request **out, k8sc_error **err);
K8SC_API k8sc_status k8sc_rest_client_put(k8sc_rest_client *rest, k8sc_request **out, k8sc_error **err);
K8SC_API k8sc_status k8sc_rest_client_delete(k8sc_rest_client *rest, k8sc_request **out, k8sc_error **err);
/* A PATCH with the content type of one of K8SC_PATCH_. */
K8SC_API k8sc_status k8sc_rest_client_patch(k8sc_rest_client *rest, int32_t patch_type, k8sc_request **out, k8sc_error **err);
/* Its group ("" for core) and version. Borrowed from the handle. */
K8SC_API const char *k8sc_rest_client_group(const k8sc_rest_client *rest);
K8SC_API const char *k8sc_rest_client_version(const k8sc_rest_client *rest);
/* The client's rate limiter; NULL where it has none. Borrowed from the handle. */
K8SC_API k8sc_rate_limiter *k8sc_rest_client_rate_limiter(k8sc_rest_client *rest);

/* Building. Each setter answers a status, and the first failure is also kept: sending the request returns it with its message. So
 * the setters may be called without looking. Path: <prefix>/namespaces/<namespace>/<resource>/<name>/<subresource>/<suffix>. Namespace,
 * resource, name and subresource can be set once, and are refused if empty (a namespace may be empty: all), ".", "..", or with
 * "/" or "%". */
K8SC_API k8sc_status k8sc_request_set_namespace(k8sc_request *request, const char *name);
K8SC_API k8sc_status k8sc_request_set_resource(k8sc_request *request, const char *resource);
K8SC_API k8sc_status k8sc_request_set_name(k8sc_request *request, const char *name);
/* One segment or several joined by "/": "status", "proxy/metrics". */
K8SC_API k8sc_status k8sc_request_set_subresource(k8sc_request *request, const char *subresource);
/* Segments after all others; not "." or "..". */
K8SC_API k8sc_status k8sc_request_set_suffix(k8sc_request *request, const char *suffix);
/* Replaces the prefix /api/v1 or /apis/<group>/<version>; the path of the server's URL stays in front. Refused: segments "." and "..",
 * which a proxy would take for a way out of that path. */
K8SC_API k8sc_status k8sc_request_set_abs_path(k8sc_request *request, const char *path);
/* Replaces path and, after "?", adds parameters, all percent-encoded by you; the path of the server's URL is not put in front: credentials
 * go to whatever the server's host has there. */
K8SC_API k8sc_status k8sc_request_set_request_uri(k8sc_request *request, const char *uri);
/* The same below the server: "/version" of https://host/k8s/clusters/c-x is asked for at /k8s/clusters/c-x/version. Refused: segments
 * "." and "..", also encoded. */
K8SC_API k8sc_status k8sc_request_set_relative_uri(k8sc_request *request, const char *uri);
/* Adds a query parameter; the same name may come again. */
K8SC_API k8sc_status k8sc_request_add_param(k8sc_request *request, const char *name, const char *value);
/* Sets a header, replacing one of that name. Refused: names and values that HTTP does not allow. */
K8SC_API k8sc_status k8sc_request_set_header(k8sc_request *request, const char *name, const char *value);
/* The body, of this content type (NULL: application/json, or what the patch type says). */
K8SC_API k8sc_status k8sc_request_set_body(k8sc_request *request, const char *body, size_t len, const char *content_type);
/* An object as the body. */
K8SC_API k8sc_status k8sc_request_set_object(k8sc_request *request, const k8sc_object *object);
/* Overall deadline of all attempts; it is told to the server too, as the parameter `timeout`. */
K8SC_API k8sc_status k8sc_request_set_timeout(k8sc_request *request, int64_t timeout_ms);
/* How often to try again, instead of the retry policy's number; below 0 means 0. */
K8SC_API k8sc_status k8sc_request_set_max_retries(k8sc_request *request, int32_t retries);
/* How this request is retried; the policy is copied. NULL: the configuration's policy. */
K8SC_API k8sc_status k8sc_request_set_retry_policy(k8sc_request *request, const k8sc_retry_policy *policy);
K8SC_API k8sc_status k8sc_request_set_cancel(k8sc_request *request, k8sc_cancel *cancel);
/* The URL that will be asked for; NULL where a setter failed. Borrowed from the request until it is changed. */
K8SC_API const char *k8sc_request_url(k8sc_request *request);
K8SC_API void k8sc_request_free(k8sc_request *request);

/* Sends and blocks until the answer is complete. An HTTP status outside of 200 to 206 is an error. The request may be sent again
 * later. */
K8SC_API k8sc_status k8sc_request_do(k8sc_request *request, k8sc_result **out, k8sc_error **err);
/* Sends and returns at once; COMPLETED arrives in `queue` (NULL: the client's), at `fn` or, where fn is NULL, at k8sc_queue_take.
 * `out` may be NULL where it need not be cancelled. */
K8SC_API k8sc_status k8sc_request_start(k8sc_request *request, k8sc_queue *queue, k8sc_event_fn fn, void *user_data,
                                        k8sc_destroy_fn destroy, k8sc_call **out, k8sc_error **err);
/* Sends and returns at once; the body arrives as DATA, then CLOSED. Where events are not taken, at most about a megabyte waits. */
K8SC_API k8sc_status k8sc_request_start_stream(k8sc_request *request, k8sc_queue *queue, k8sc_event_fn fn, void *user_data,
                                               k8sc_destroy_fn destroy, k8sc_call **out, k8sc_error **err);
/* Sends and blocks until the answer's headers are there; the body is then read piece by piece. The deadline covers the opening. */
K8SC_API k8sc_status k8sc_request_stream(k8sc_request *request, k8sc_stream **out, k8sc_error **err);

K8SC_API k8sc_call *k8sc_call_ref(k8sc_call *call);
/* Lets go of the handle; the request goes on. */
K8SC_API void k8sc_call_unref(k8sc_call *call);
/* Ends the request: COMPLETED or CLOSED arrives with K8SC_E_CANCELLED, if it had not arrived. Any thread; never blocks. */
K8SC_API void k8sc_call_cancel(k8sc_call *call);

/* Reads up to `size` bytes as soon as there are any; *n is 0 at the end. Errors: K8SC_E_TIMEOUT (nothing came within timeout_ms; may
 * be called again), K8SC_E_TRANSPORT and others (the stream is over). */
K8SC_API k8sc_status k8sc_stream_read(k8sc_stream *stream, char *buffer, size_t size, int64_t timeout_ms, size_t *n, k8sc_error **err);
/* Ends the stream, whether it was read to the end or not. */
K8SC_API void k8sc_stream_free(k8sc_stream *stream);

K8SC_API void k8sc_result_free(k8sc_result *result);
K8SC_API int32_t k8sc_result_http_status(const k8sc_result *result);
/* The body, NUL-terminated; `len` may be NULL. Borrowed from the result. */
K8SC_API const char *k8sc_result_body(const k8sc_result *result, size_t *len);
/* A header of the answer, its name in any case; NULL where absent. Borrowed from the result. */
K8SC_API const char *k8sc_result_header(const k8sc_result *result, const char *name);
/* The body as an object. Errors: K8SC_E_DECODE (not JSON, not an object, truncated), K8SC_E_API (it is a Status that says Failure). */
K8SC_API k8sc_status k8sc_result_object(const k8sc_result *result, k8sc_object **out, k8sc_error **err);
/* The body as a list. Errors: K8SC_E_DECODE. */
K8SC_API k8sc_status k8sc_result_list(const k8sc_result *result, k8sc_list **out, k8sc_error **err);
/* How long the request waited for the client-side rate limit, and how often it was sent. */
K8SC_API int64_t k8sc_result_throttled_ms(const k8sc_result *result);
K8SC_API int32_t k8sc_result_attempts(const k8sc_result *result);
/* The warnings that came with an answer, each time. Borrowed from the result; NULL where `index` is out of range. */
K8SC_API int32_t k8sc_result_warning_count(const k8sc_result *result);
K8SC_API const char *k8sc_result_warning(const k8sc_result *result, int32_t index);

/* ------------------------------------------------------------------------------ 8. resources -- */

/* Options of one call. Each verb takes NULL for the defaults, and refuses, with K8SC_E_INVALID and the option's name, an option
 * that has no meaning for it. The object may be used for many calls. The comment of each setter names its verbs. */
K8SC_API k8sc_status k8sc_options_new(k8sc_options **out, k8sc_error **err);
K8SC_API void k8sc_options_free(k8sc_options *options);
/* list, watch, delete collection: which objects. The grammar is checked: K8SC_E_PARSE. */
K8SC_API k8sc_status k8sc_options_set_label_selector(k8sc_options *options, const char *selector, k8sc_error **err);
K8SC_API k8sc_status k8sc_options_set_field_selector(k8sc_options *options, const char *selector, k8sc_error **err);
/* list, delete collection: at most so many objects a page. */
K8SC_API k8sc_status k8sc_options_set_limit(k8sc_options *options, int64_t limit, k8sc_error **err);
/* list, delete collection: the token that an earlier page ended with. */
K8SC_API k8sc_status k8sc_options_set_continue(k8sc_options *options, const char *token, k8sc_error **err);
/* get, list, watch, delete collection: the state to answer from, or to watch from. */
K8SC_API k8sc_status k8sc_options_set_resource_version(k8sc_options *options, const char *version, k8sc_error **err);
/* list, delete collection: "NotOlderThan" or "Exact". */
K8SC_API k8sc_status k8sc_options_set_resource_version_match(k8sc_options *options, const char *match, k8sc_error **err);
/* list, watch, delete collection: how long the server may take, in seconds. A watch without it gets a random time between 300
 * and 600 seconds. */
K8SC_API k8sc_status k8sc_options_set_timeout_seconds(k8sc_options *options, int64_t seconds, k8sc_error **err);
/* watch: ask for BOOKMARK events. Off by default. */
K8SC_API k8sc_status k8sc_options_set_allow_watch_bookmarks(k8sc_options *options, int allow, k8sc_error **err);
/* create, update, patch, apply, delete, delete collection: check and answer, but store nothing. */
K8SC_API k8sc_status k8sc_options_set_dry_run(k8sc_options *options, int dry_run, k8sc_error **err);
/* create, update, patch, apply: who changes; at most 128 characters. apply cannot do without. */
K8SC_API k8sc_status k8sc_options_set_field_manager(k8sc_options *options, const char *name, k8sc_error **err);
/* create, update, patch: "Ignore", "Warn" or "Strict". */
K8SC_API k8sc_status k8sc_options_set_field_validation(k8sc_options *options, const char *directive, k8sc_error **err);
/* patch (of the apply kind), apply: take over fields that another manager owns. */
K8SC_API k8sc_status k8sc_options_set_force(k8sc_options *options, int force, k8sc_error **err);
/* delete, delete collection: "Orphan", "Background" or "Foreground". */
K8SC_API k8sc_status k8sc_options_set_propagation_policy(k8sc_options *options, const char *policy, k8sc_error **err);
/* delete, delete collection: how long the object may take to end; 0: at once. */
K8SC_API k8sc_status k8sc_options_set_grace_period_seconds(k8sc_options *options, int64_t seconds, k8sc_error **err);
/* delete, delete collection: only the object with this uid, or this resourceVersion; otherwise a Conflict. */
K8SC_API k8sc_status k8sc_options_set_precondition_uid(k8sc_options *options, const char *uid, k8sc_error **err);
K8SC_API k8sc_status k8sc_options_set_precondition_resource_version(k8sc_options *options, const char *version, k8sc_error **err);
/* create, get, update, patch, apply, delete: act on a subresource, such as "status", "scale" or "token". */
K8SC_API k8sc_status k8sc_options_set_subresource(k8sc_options *options, const char *subresource, k8sc_error **err);
/* all: the overall deadline, instead of the configuration's. For a watch it covers the opening only. */
K8SC_API k8sc_status k8sc_options_set_timeout(k8sc_options *options, int64_t timeout_ms, k8sc_error **err);
/* watch: how long it may go without receiving a byte before it ends with K8SC_E_TIMEOUT, instead of the configuration's watch idle
 * timeout; -1: 30 seconds longer than the server was asked to keep it. */
K8SC_API k8sc_status k8sc_options_set_idle_timeout(k8sc_options *options, int64_t timeout_ms, k8sc_error **err);
/* all: cancel with this token; NULL removes it. */
K8SC_API k8sc_status k8sc_options_set_cancel(k8sc_options *options, k8sc_cancel *cancel, k8sc_error **err);
/* all: how often to try again, instead of the retry policy's number. For a watch that resumes: how many failures in a row it survives;
 * without it, any number. */
K8SC_API k8sc_status k8sc_options_set_max_retries(k8sc_options *options, int32_t retries, k8sc_error **err);
/* all: how the call is retried; the policy is copied. NULL: the configuration's policy. */
K8SC_API k8sc_status k8sc_options_set_retry_policy(k8sc_options *options, const k8sc_retry_policy *policy, k8sc_error **err);
/* watch: deliver to this queue instead of the client's; NULL removes it. Not for the waits, whose queue is their own. */
K8SC_API k8sc_status k8sc_options_set_queue(k8sc_options *options, k8sc_queue *queue, k8sc_error **err);

#define K8SC_PATCH_JSON 1            /* RFC 6902 */
#define K8SC_PATCH_MERGE 2           /* RFC 7386 */
#define K8SC_PATCH_STRATEGIC_MERGE 3 /* Kubernetes' own; not for custom resources */
#define K8SC_PATCH_APPLY 4           /* server-side apply; JSON or YAML */

/* The resource `resource` (plural, lower case: "pods") of a group ("" is the core group) and version. `ns` is a namespace, or NULL or ""
 * for cluster-scoped resources and for all namespaces. Nothing is asked of the server. Errors: K8SC_E_INVALID for names that
 * cannot be a part of a path: empty (other than `group` and `ns`), ".", "..", or with "/" or "%". In all namespaces there are lists, watches
 * and waits; the verbs for one object of a resource of Kubernetes' own then fail with K8SC_E_INVALID. */
K8SC_API k8sc_status k8sc_client_resource(k8sc_client *client, const char *group, const char *version, const char *resource,
                                          const char *ns, k8sc_resource **out, k8sc_error **err);
K8SC_API k8sc_resource *k8sc_resource_ref(k8sc_resource *resource);
K8SC_API void k8sc_resource_unref(k8sc_resource *resource);

/* The verbs below block until the answer is complete, a deadline passes, or they are cancelled; k8sc_request_start is for those
 * who cannot wait. Errors of all: K8SC_E_API; K8SC_E_RESOLVE, _CONNECT, _TLS, _TRANSPORT, _TIMEOUT, _CANCELLED, _DECODE, _TOO_LARGE;
 * K8SC_E_INVALID (a name that cannot be part of a path, an option that does not apply). They may be called in callbacks. `out` may
 * be NULL where the answer is not wanted. */

K8SC_API k8sc_status k8sc_resource_create(k8sc_resource *resource, const k8sc_object *object, const k8sc_options *options,
                                          k8sc_object **out, k8sc_error **err);
/* Replaces the object of that name; a resourceVersion in it must be the present one (K8SC_E_API, is_conflict). */
K8SC_API k8sc_status k8sc_resource_update(k8sc_resource *resource, const k8sc_object *object, const k8sc_options *options,
                                          k8sc_object **out, k8sc_error **err);
/* Replaces only the status of the object. */
K8SC_API k8sc_status k8sc_resource_update_status(k8sc_resource *resource, const k8sc_object *object, const k8sc_options *options,
                                                 k8sc_object **out, k8sc_error **err);
/* Deletes; *out is the server's answer: the object (ending), or a Status. */
K8SC_API k8sc_status k8sc_resource_delete(k8sc_resource *resource, const char *name, const k8sc_options *options,
                                          k8sc_object **out, k8sc_error **err);
/* Deletes all objects that the options select; without a selector: all of the resource. */
K8SC_API k8sc_status k8sc_resource_delete_collection(k8sc_resource *resource, const k8sc_options *options, k8sc_object **out,
                                                     k8sc_error **err);
K8SC_API k8sc_status k8sc_resource_get(k8sc_resource *resource, const char *name, const k8sc_options *options, k8sc_object **out,
                                       k8sc_error **err);
/* One page: all objects without a limit. */
K8SC_API k8sc_status k8sc_resource_list(k8sc_resource *resource, const k8sc_options *options, k8sc_list **out, k8sc_error **err);
/* All pages as one list, with the first page's resourceVersion; pages of 500 unless the options limit otherwise. A continue token
 * that expires on the way is answered by one list without a limit. The deadline (the options' timeout, else the configuration's) is for all
 * pages together. Errors: also K8SC_E_DECODE where the server gives a continue token again that it has given for this list before, so that
 * the pages would never end. */
K8SC_API k8sc_status k8sc_resource_list_all(k8sc_resource *resource, const k8sc_options *options, k8sc_list **out, k8sc_error **err);
/* Patches with one of K8SC_PATCH_. */
K8SC_API k8sc_status k8sc_resource_patch(k8sc_resource *resource, const char *name, int32_t patch_type, const char *patch, size_t len,
                                         const k8sc_options *options, k8sc_object **out, k8sc_error **err);
/* Server-side apply of what the object says; it must not carry managedFields. The options must name a field manager. */
K8SC_API k8sc_status k8sc_resource_apply(k8sc_resource *resource, const char *name, const k8sc_object *object,
                                         const k8sc_options *options, k8sc_object **out, k8sc_error **err);
K8SC_API k8sc_status k8sc_resource_apply_status(k8sc_resource *resource, const char *name, const k8sc_object *object,
                                                const k8sc_options *options, k8sc_object **out, k8sc_error **err);
/* Verbs on a subresource of the object `name`, such as "scale", "token", "binding" or "ephemeralcontainers"; the options must not name
 * another. Creating sends an object that need not have the name itself. */
K8SC_API k8sc_status k8sc_resource_create_subresource(k8sc_resource *resource, const char *name, const char *subresource,
                                                      const k8sc_object *object, const k8sc_options *options, k8sc_object **out, k8sc_error **err);
K8SC_API k8sc_status k8sc_resource_get_subresource(k8sc_resource *resource, const char *name, const char *subresource,
                                                   const k8sc_options *options, k8sc_object **out, k8sc_error **err);
K8SC_API k8sc_status k8sc_resource_update_subresource(k8sc_resource *resource, const char *name, const char *subresource,
                                                      const k8sc_object *object, const k8sc_options *options, k8sc_object **out, k8sc_error **err);
K8SC_API k8sc_status k8sc_resource_patch_subresource(k8sc_resource *resource, const char *name, const char *subresource, int32_t patch_type,
                                                     const char *patch, size_t len, const k8sc_options *options, k8sc_object **out,
                                                     k8sc_error **err);
K8SC_API k8sc_status k8sc_resource_apply_subresource(k8sc_resource *resource, const char *name, const char *subresource,
                                                     const k8sc_object *object, const k8sc_options *options, k8sc_object **out, k8sc_error **err);
/* Starts a watch: ADDED, MODIFIED, DELETED, BOOKMARK, ERROR and at last CLOSED, to `fn` or, where fn is NULL, to k8sc_queue_take. It
 * returns at once; a refusal arrives as ERROR. A watch ends when the server ends it and does not resume: an informer does, and the watch
 * below. When events are not taken, at most about a megabyte waits and the server is no longer read. */
K8SC_API k8sc_status k8sc_resource_watch(k8sc_resource *resource, const k8sc_options *options, k8sc_event_fn fn, void *user_data,
                                         k8sc_destroy_fn destroy, k8sc_watch **out, k8sc_error **err);
K8SC_API k8sc_watch *k8sc_watch_ref(k8sc_watch *watch);
/* The last one cancels. */
K8SC_API void k8sc_watch_unref(k8sc_watch *watch);
/* Ends the watch: events that wait are not delivered any more, except for CLOSED. Any thread, any number of times; never blocks. */
K8SC_API void k8sc_watch_cancel(k8sc_watch *watch);

/* The same for a watch that goes on where it was, for those who want events and no copy of the state (an informer keeps one). The options
 * must carry a resourceVersion, such as that of a list made before (k8sc_list_resource_version); without one, or with "0", it is
 * K8SC_E_INVALID, since there would be nothing to go on from.
 *
 * It opens the next connection, from the version of the last event or bookmark, after the server's end of it, a lost connection, silence
 * (the idle deadline, or what k8sc_config_set_probe says), 5xx, 429, and whatever an open watch is told but 410. No event comes twice,
 * and none is left out. One that was open for a second is replaced at once; else it waits for 0.8 s, doubling to 30 s, each with up to as
 * much again, until events come or it lives for 10 s; a Retry-After is waited for, up to 5 minutes. None of this is an event: it is
 * logged (component "watch"), and each connection that has ended is a TRACE. Bookmarks are always asked for; they are handed on where the
 * options ask for them. timeout_seconds, timeout and the idle deadline are each connection's.
 *
 * It ends with ERROR and CLOSED where going on would be wrong: 410, whether at once or in the stream (is_gone: list again, and start from
 * there); 401 and 403 at the opening; other refusals there (400, 404, ...), which a server gives for a moment when it starts, once nothing but
 * those has come for a minute; an event without a resourceVersion; K8SC_E_DECODE and K8SC_E_TOO_LARGE; where it was never open, K8SC_E_TLS, K8SC_E_CREDENTIALS and what a proxy refuses; more failures in a row than max_retries allows. The option
 * retry_policy does not apply. k8sc_watch_cancel, the last _unref, the options' cancel token and the client's end also end it. */
K8SC_API k8sc_status k8sc_resource_retry_watch(k8sc_resource *resource, const k8sc_options *options, k8sc_event_fn fn, void *user_data,
                                               k8sc_destroy_fn destroy, k8sc_watch **out, k8sc_error **err);

/* Waits. They block as the verbs do, need no queue to be dispatched, and may be called in callbacks. */

/* Is asked, inside of k8sc_resource_until, about the state of one object: ADDED or MODIFIED with the object as it is, or DELETED with its
 * last state (is_inferred: the deletion itself was missed). ADDED is_initial: it was there at first. The event is borrowed for the duration
 * of the call. Return 0 to go on, 1 where this is what was waited for, or a negative number to give up. */
typedef int (*k8sc_condition_fn)(const k8sc_event *event, void *user_data);
/* Lists, and then watches without missing anything, as k8sc_resource_retry_watch does, until the condition answers 1; *out is the object it
 * was asked about then. Of `name` only, or NULL: of all that the options select. `fn` runs inside of this call, on its thread, for each
 * object that is there at first and for each change; never for two states of an object out of order. Where a watch is too old (410) it
 * lists again and asks about what has changed; therefore it holds the objects meanwhile.
 *
 * `timeout_ms` is for all of it; 0 looks once. Options: those of list but continue; cancel; with a name no selectors. resource_version is
 * that of the first list: "0" takes what the server's cache has. Its failure ends the call; but 404 and 503, which servers give that start,
 * and for a resource that was defined a moment ago, only after three more attempts within some eight seconds. A list that is needed later is
 * tried again as long as there is time, after 404 for a minute. Where the options' max_retries or retry_policy say otherwise, that holds. Errors: K8SC_E_TIMEOUT (the message
 * names the resource and what was missing), K8SC_E_CALLBACK (the condition answered a negative number), K8SC_E_CANCELLED, those of
 * the verbs, and what ends a watch that resumes. */
K8SC_API k8sc_status k8sc_resource_until(k8sc_resource *resource, const char *name, const k8sc_options *options, k8sc_condition_fn fn,
                                         void *user_data, k8sc_destroy_fn destroy, int64_t timeout_ms, k8sc_object **out, k8sc_error **err);
/* Waits as `kubectl wait --for=condition=<type>=<status>` does: until status.conditions has one of that type with that status (NULL: "True"),
 * whatever the case of letters. One whose observedGeneration (or the status') is below metadata.generation does not count. An object
 * that is not there, or not any more, may come yet. Else as k8sc_resource_until. */
K8SC_API k8sc_status k8sc_resource_wait_for_condition(k8sc_resource *resource, const char *name, const char *type, const char *status,
                                                      const k8sc_options *options, int64_t timeout_ms, k8sc_object **out, k8sc_error **err);
/* Waits until the object is gone: at once where there is none, and also where another, with another uid, has its name by now. Where the
 * resource is that of all namespaces, until all that had the name are gone. Else as k8sc_resource_until. */
K8SC_API k8sc_status k8sc_resource_wait_for_deletion(k8sc_resource *resource, const char *name, const k8sc_options *options,
                                                     int64_t timeout_ms, k8sc_error **err);

/* Iterates over all objects, page by page (500 unless the options limit otherwise), holding one page at a time. It keeps the
 * options' cancel token. */
K8SC_API k8sc_status k8sc_resource_pages(k8sc_resource *resource, const k8sc_options *options, k8sc_pager **out, k8sc_error **err);
/* The next object, which is yours; *out is NULL at the end. Blocks while a page is fetched, for which the deadline is: each page has it anew.
 * An expired token (is_gone) ends the iteration: begin again. So does a token that the server has given before (K8SC_E_DECODE), which each
 * further call answers as well. */
K8SC_API k8sc_status k8sc_pager_next(k8sc_pager *pager, k8sc_object **out, k8sc_error **err);
K8SC_API void k8sc_pager_free(k8sc_pager *pager);

/* ------------------------------------------------------ 9. discovery, REST mapper, manifests -- */

/* What the server serves. Two requests tell all of it, to servers from 1.27 on; others are asked for each group-version, at once; the
 * answers are the same. All that ask the server block, and fail as a GET does. The configuration's timeout, else 32 seconds, is for all
 * requests of one call together: a group-version that has not answered by then is one that failed, and the others are given. Their requests
 * take nothing from the client's rate limit. The client is kept in use.
 *
 * A discovery that is shared may be used by any thread; where it has a cache, one thread loads it and the others wait for that. */

/* Asks the server each time. */
K8SC_API k8sc_status k8sc_discovery_new(k8sc_client *client, k8sc_discovery **out, k8sc_error **err);
/* Remembers all in memory, until k8sc_discovery_invalidate. A group-version that failed for a reason that passes (a lost connection, 429,
 * 5xx) is asked for again at the next call, alone; one that did not answer in time at the first call after ten seconds; other failures stay. */
K8SC_API k8sc_status k8sc_discovery_new_cached(k8sc_client *client, k8sc_discovery **out, k8sc_error **err);
/* Remembers all in files, each for `ttl_ms` (-1: for ever), in a directory of the server's name below `directory`; NULL: below
 * $XDG_CACHE_HOME/k8sc/discovery, or ~/.cache/k8sc/discovery. The files are those of kubectl's cache: servergroups.json, and
 * <group>/<version>/serverresources.json. Any number of processes may share them. What is empty or failed is not written; a file that
 * cannot be read is fetched anew; where nothing can be written, a warning is logged and the answer is given all the same. The
 * files are the same for all users of a server. Errors: K8SC_E_CONFIG (no directory is given or known). */
K8SC_API k8sc_status k8sc_discovery_new_disk_cached(k8sc_client *client, const char *directory, int64_t ttl_ms, k8sc_discovery **out,
                                                    k8sc_error **err);
K8SC_API k8sc_discovery *k8sc_discovery_ref(k8sc_discovery *discovery);
K8SC_API void k8sc_discovery_unref(k8sc_discovery *discovery);

/* Forgets what is cached. Files stay, but are not believed any more by this handle before it has written them anew. Waits for one who
 * loads. */
K8SC_API k8sc_status k8sc_discovery_invalidate(k8sc_discovery *discovery, k8sc_error **err);
/* Whether asking again would bring nothing newer than this process has seen: 1 without a cache; with one in memory, once it was loaded
 * since it was made or invalidated; with one in files, unless a file was used that another process wrote. 0 for NULL. */
K8SC_API int k8sc_discovery_is_fresh(k8sc_discovery *discovery);

/* The groups and their versions, as an APIGroupList. The core group, whose name is "", comes first. */
K8SC_API k8sc_status k8sc_discovery_server_groups(k8sc_discovery *discovery, k8sc_object **out, k8sc_error **err);
/* The resources of "v1" or "<group>/<version>", with their subresources, as an APIResourceList. Group and version of a resource are
 * there where its kind is of others than the list. Errors: K8SC_E_API, is_not_found where the server, or the cache, has no such. */
K8SC_API k8sc_status k8sc_discovery_server_resources_for_group_version(k8sc_discovery *discovery, const char *group_version,
                                                                       k8sc_object **out, k8sc_error **err);
/* The groups (an APIGroupList; NULL where they are not wanted) and an APIResourceList for each group-version. Where group-versions fail, also
 * when they are asked for once more, the others are given, the status is K8SC_OK, and *partial is an error, which is yours, with a cause for
 * each: its field is the group-version, its type the reason; it has the code of the first. NULL there where nothing failed. Without `partial`
 * (NULL) the call itself fails with that error. */
K8SC_API k8sc_status k8sc_discovery_server_groups_and_resources(k8sc_discovery *discovery, k8sc_object **groups, k8sc_list **out,
                                                                k8sc_error **partial, k8sc_error **err);
/* The same without subresources, and each resource once: in the version that its group prefers, else in the first that has it. */
K8SC_API k8sc_status k8sc_discovery_server_preferred_resources(k8sc_discovery *discovery, k8sc_list **out, k8sc_error **partial,
                                                               k8sc_error **err);
/* The same, and only what is in namespaces. */
K8SC_API k8sc_status k8sc_discovery_server_preferred_namespaced_resources(k8sc_discovery *discovery, k8sc_list **out,
                                                                          k8sc_error **partial, k8sc_error **err);
/* The server's build, as /version says it: "major", "minor", "gitVersion", ... Never cached. */
K8SC_API k8sc_status k8sc_discovery_server_version(k8sc_discovery *discovery, k8sc_object **out, k8sc_error **err);
/* The OpenAPI v2 document. Never cached; megabytes. Errors: K8SC_E_TOO_LARGE where it is above the configuration's largest object. */
K8SC_API k8sc_status k8sc_discovery_openapi_v2(k8sc_discovery *discovery, k8sc_object **out, k8sc_error **err);
/* The index of OpenAPI v3: which documents there are, and where. Never cached. */
K8SC_API k8sc_status k8sc_discovery_openapi_v3(k8sc_discovery *discovery, k8sc_object **out, k8sc_error **err);
/* The OpenAPI v3 document of "v1" or "<group>/<version>". Never cached. Errors: K8SC_E_API, is_not_found where the index has none. */
K8SC_API k8sc_status k8sc_discovery_openapi_v3_document(k8sc_discovery *discovery, const char *group_version, k8sc_object **out,
                                                        k8sc_error **err);
/* Whether the server has this group-version among its groups. */
K8SC_API k8sc_status k8sc_discovery_supports_version(k8sc_discovery *discovery, const char *group_version, int *supported,
                                                     k8sc_error **err);
/* Whether the server has this resource, such as "pods" or "pods/eviction", in this group-version. */
K8SC_API k8sc_status k8sc_discovery_is_resource_enabled(k8sc_discovery *discovery, const char *group_version, const char *resource,
                                                        int *enabled, k8sc_error **err);

/* Finds the resource of a kind, and the other way round. It asks the discovery when it is first asked itself, and once more, past every
 * cache, where it does not find something: a kind that was defined a moment ago is found. That it does three times in a row, and then once in
 * five seconds (after one that took more than ten: not before as much time has passed again), so that names that nobody has defined cost no
 * discovery each; in between the error says how old the answer is, and k8sc_rest_mapper_reset makes it ask all the same. What prefers one of
 * several is, in this order: the core group, the server's order of groups, the preferred version of a group, the order of its other versions.
 *
 * The functions below that look something up fail with K8SC_E_API and is_not_found where the server has no such thing (the message
 * names what is similar, and the group-versions that could not be asked), with K8SC_E_INVALID where several of one group-version fit,
 * with a cause for each, and as a GET does. `group` and `version` may be NULL: any. The group "" is the core group. */

/* For this discovery, which is kept in use; several may share one. */
K8SC_API k8sc_status k8sc_rest_mapper_new(k8sc_discovery *discovery, k8sc_rest_mapper **out, k8sc_error **err);
K8SC_API k8sc_rest_mapper *k8sc_rest_mapper_ref(k8sc_rest_mapper *mapper);
K8SC_API void k8sc_rest_mapper_unref(k8sc_rest_mapper *mapper);
/* Forgets everything, also what its discovery has cached. */
K8SC_API k8sc_status k8sc_rest_mapper_reset(k8sc_rest_mapper *mapper, k8sc_error **err);

/* The mapping of a kind, such as "Deployment", which must be written so. */
K8SC_API k8sc_status k8sc_rest_mapper_mapping_for_kind(k8sc_rest_mapper *mapper, const char *group, const char *version, const char *kind,
                                                       k8sc_rest_mapping **out, k8sc_error **err);
/* The mapping of a resource by its plural, its singular or a short name, in upper or lower case: "deployments", "deployment", "deploy".
 * A name goes before a short name. The beginning of a group will do where no group is called exactly so and `version` is
 * NULL. */
K8SC_API k8sc_status k8sc_rest_mapper_mapping_for_resource(k8sc_rest_mapper *mapper, const char *group, const char *version,
                                                           const char *resource, k8sc_rest_mapping **out, k8sc_error **err);
/* All that fit, the preferred first. */
K8SC_API k8sc_status k8sc_rest_mapper_mappings_for_kind(k8sc_rest_mapper *mapper, const char *group, const char *version,
                                                        const char *kind, k8sc_rest_mappings **out, k8sc_error **err);
K8SC_API k8sc_status k8sc_rest_mapper_mappings_for_resource(k8sc_rest_mapper *mapper, const char *group, const char *version,
                                                            const char *resource, k8sc_rest_mappings **out, k8sc_error **err);
/* The resources of a category such as "all", each in its preferred version. */
K8SC_API k8sc_status k8sc_rest_mapper_mappings_for_category(k8sc_rest_mapper *mapper, const char *category, k8sc_rest_mappings **out,
                                                            k8sc_error **err);
/* What kubectl takes for a resource: "deploy", "deployments", "deployments.apps", "deployments.v1.apps", "pods.v1.", "Deployment",
 * "Deployment.v1.apps". */
K8SC_API k8sc_status k8sc_rest_mapper_find(k8sc_rest_mapper *mapper, const char *argument, k8sc_rest_mapping **out, k8sc_error **err);

/* The client of a kind's resource. `api_version` is "v1" or "<group>/<version>". `ns` as in k8sc_client_resource; where the kind is in no
 * namespace it does not count. */
K8SC_API k8sc_status k8sc_rest_mapper_resource_for_kind(k8sc_rest_mapper *mapper, const char *api_version, const char *kind,
                                                        const char *ns, k8sc_resource **out, k8sc_error **err);
/* The client of the resource that an object belongs to, by its apiVersion and kind; in its own namespace, else in `default_ns`, else
 * (NULL) in the client's. */
K8SC_API k8sc_status k8sc_rest_mapper_resource_for_object(k8sc_rest_mapper *mapper, const k8sc_object *object, const char *default_ns,
                                                          k8sc_resource **out, k8sc_error **err);

K8SC_API void k8sc_rest_mapping_free(k8sc_rest_mapping *mapping);
/* What it says. Borrowed from the mapping. The singular is in lower case. */
K8SC_API const char *k8sc_rest_mapping_group(const k8sc_rest_mapping *mapping);
K8SC_API const char *k8sc_rest_mapping_version(const k8sc_rest_mapping *mapping);
K8SC_API const char *k8sc_rest_mapping_resource(const k8sc_rest_mapping *mapping);
K8SC_API const char *k8sc_rest_mapping_kind(const k8sc_rest_mapping *mapping);
K8SC_API const char *k8sc_rest_mapping_singular(const k8sc_rest_mapping *mapping);
K8SC_API int k8sc_rest_mapping_is_namespaced(const k8sc_rest_mapping *mapping);

K8SC_API int64_t k8sc_rest_mappings_size(const k8sc_rest_mappings *mappings);
/* NULL where `index` is out of range. Borrowed from the list: not to be freed. */
K8SC_API const k8sc_rest_mapping *k8sc_rest_mappings_at(const k8sc_rest_mappings *mappings, int64_t index);
K8SC_API void k8sc_rest_mappings_free(k8sc_rest_mappings *mappings);

/* Reads a manifest: YAML of any number of documents, or JSON values one after the other. Lists (kind List, or any with items) are
 * replaced by what is in them; empty documents are left out, and not counted. The objects are in the order of the text. YAML is that of
 * version 1.1, in which y, n, yes, no, on and off without quotes are booleans. Errors: K8SC_E_PARSE (no YAML or JSON; not an object;
 * without apiVersion, kind or name): the message has the number of the document and the line; K8SC_E_TOO_LARGE (nested too deeply). */
K8SC_API k8sc_status k8sc_manifest_parse(const char *text, size_t len, k8sc_list **out, k8sc_error **err);

/* Creates, applies (server-side; needs the option field_manager) or deletes all objects of a manifest, one after the other. What
 * others need comes first: namespaces, definitions, classes, quotas, accounts and roles, configuration, volumes, services,
 * workloads, other kinds, and at last API services, policies and webhooks; else in the manifest's order. To delete it is the other way round.
 * An object whose kind is defined by the same manifest waits, up to a minute, until the definition is established.
 *
 * The namespace is the object's own, else `default_ns`, else (NULL) the client's. The options are for each object alone. A failure
 * ends nothing but its object; a cancel token ends the rest. The call fails where any object did, with the code of the first and a
 * cause for each: its field is the object, as "ConfigMap default/a". *results, where `results` is not NULL, is yours, and is there
 * also then: what became of each, in the order in which they were done. It is NULL where nothing was begun, since an argument is wrong.
 * k8sc_manifest_delete with ignore_not_found non-zero takes what is not there, or of a kind that is not there, for deleted; but not
 * what is of a group-version that could not be asked for its kinds. */
K8SC_API k8sc_status k8sc_manifest_create(k8sc_rest_mapper *mapper, const k8sc_list *objects, const char *default_ns,
                                          const k8sc_options *options, k8sc_manifest_results **results, k8sc_error **err);
K8SC_API k8sc_status k8sc_manifest_apply(k8sc_rest_mapper *mapper, const k8sc_list *objects, const char *default_ns,
                                         const k8sc_options *options, k8sc_manifest_results **results, k8sc_error **err);
K8SC_API k8sc_status k8sc_manifest_delete(k8sc_rest_mapper *mapper, const k8sc_list *objects, const char *default_ns,
                                          const k8sc_options *options, int ignore_not_found, k8sc_manifest_results **results,
                                          k8sc_error **err);
K8SC_API int64_t k8sc_manifest_results_size(const k8sc_manifest_results *results);
/* How many of them have an error. */
K8SC_API int64_t k8sc_manifest_results_failures(const k8sc_manifest_results *results);
/* The object as the manifest has it; what the server answered, if anything; and the error, NULL where it worked. All NULL where `index`
 * is out of range. Borrowed from the results. */
K8SC_API k8sc_object *k8sc_manifest_results_source(const k8sc_manifest_results *results, int64_t index);
K8SC_API k8sc_object *k8sc_manifest_results_object(const k8sc_manifest_results *results, int64_t index);
K8SC_API const k8sc_error *k8sc_manifest_results_error(const k8sc_manifest_results *results, int64_t index);
K8SC_API void k8sc_manifest_results_free(k8sc_manifest_results *results);

/* ----------------------------------------------------------------- 10. informers and listers -- */

/* Changes the options of an informer's lists and watches: label and field selector. Runs once for each informer, inside the call
 * that makes it. Non-zero makes that call fail with K8SC_E_CALLBACK. */
typedef int (*k8sc_tweak_fn)(k8sc_options *options, void *user_data);
/* Changes an object before it is stored: sets *out to the object to keep instead (its reference passes to the library), or leaves
 * it NULL to keep the object as it is. It runs where the informer's queue is dispatched, exactly once for each object received;
 * until then the object is not in the cache. Name and namespace must stay as they are. Non-zero keeps the object as it
 * came and sends ERROR to the handlers. */
typedef int (*k8sc_transform_fn)(k8sc_object *object, k8sc_object **out, void *user_data);
/* Answers the values under which an object is found in an index: adds each to `values`. Runs on the thread that looks something
 * up, inside that call. Non-zero makes the look-up fail with K8SC_E_CALLBACK; the object is asked about again at the next one. */
typedef int (*k8sc_index_fn)(const k8sc_object *object, k8sc_strings *values, void *user_data);
/* Makes the informer for k8sc_informer_factory_informer_for: sets *out to one from k8sc_informer_new. Runs inside that call. */
typedef int (*k8sc_new_informer_fn)(k8sc_client *client, int64_t resync_ms, void *user_data, k8sc_informer **out);

K8SC_API k8sc_status k8sc_informer_options_new(k8sc_informer_options **out, k8sc_error **err);
K8SC_API void k8sc_informer_options_free(k8sc_informer_options *options);
/* Only this namespace; NULL or "" (the default): all. */
K8SC_API k8sc_status k8sc_informer_options_set_namespace(k8sc_informer_options *options, const char *ns, k8sc_error **err);
/* Handlers without a period of their own get UPDATE for every object this often; 0 (the default): never. At least 1,000. */
K8SC_API k8sc_status k8sc_informer_options_set_resync(k8sc_informer_options *options, int64_t period_ms, k8sc_error **err);
/* The same for one resource of a factory. */
K8SC_API k8sc_status k8sc_informer_options_set_custom_resync(k8sc_informer_options *options, const char *group, const char *version,
                                                             const char *resource, int64_t period_ms, k8sc_error **err);
K8SC_API k8sc_status k8sc_informer_options_set_label_selector(k8sc_informer_options *options, const char *selector, k8sc_error **err);
K8SC_API k8sc_status k8sc_informer_options_set_field_selector(k8sc_informer_options *options, const char *selector, k8sc_error **err);
K8SC_API k8sc_status k8sc_informer_options_set_tweak(k8sc_informer_options *options, k8sc_tweak_fn fn, void *user_data,
                                                     k8sc_destroy_fn destroy, k8sc_error **err);
/* What is left out of objects while they are decoded, on the library's thread and before they are stored: from lists and watches alike,
 * DELETE included. Handlers, listers and indexes see what is left. apiVersion, kind and what objects are found by always stay:
 * metadata's name, namespace, uid, resourceVersion and labels. Rules add up, and their order does not matter, since their paths speak of
 * the object as the server sent it: an object is (1) metadata alone, if only that is wanted, without (2) managedFields, (3) annotations
 * and (4) paths that are dropped, and (5) with only the paths that are kept. A transform callback gets what is left.
 * A path is a JSON Pointer, in which the segment "*" stands for each member or element. An array closes up where an element is left
 * out. Arrays and objects on the way to a path that is kept stay, if only empty; annotations that become empty do not.
 * Errors: K8SC_E_INVALID where a pointer is none, is "", or speaks of something that always stays. */

/* Leaves out metadata.managedFields, which is often half of an object. Off by default, as in client-go. */
K8SC_API k8sc_status k8sc_informer_options_set_drop_managed_fields(k8sc_informer_options *options, int drop, k8sc_error **err);
/* Leaves out the annotations whose keys begin with `prefix`, "": all of them. May be called several times. */
K8SC_API k8sc_status k8sc_informer_options_drop_annotations(k8sc_informer_options *options, const char *prefix, k8sc_error **err);
/* Leaves out a path. May be called several times. "/metadata" means what does not always stay of it. */
K8SC_API k8sc_status k8sc_informer_options_drop_path(k8sc_informer_options *options, const char *pointer, k8sc_error **err);
/* Leaves out everything but this path, those of other calls, and what always stays. */
K8SC_API k8sc_status k8sc_informer_options_keep_path(k8sc_informer_options *options, const char *pointer, k8sc_error **err);
/* Asks the server for metadata only, as client-go's metadata informers do; from a server that sends whole objects all the same, the rest
 * is left out. Objects have kind PartialObjectMetadata and apiVersion meta.k8s.io/v1. Off by default. */
K8SC_API k8sc_status k8sc_informer_options_set_metadata_only(k8sc_informer_options *options, int metadata_only, k8sc_error **err);
/* From how many bytes of JSON in a cache on its objects are kept compressed, each on its own: a tenth of the size, a few microseconds
 * for each look. 0: as soon as 64 KiB are there; -1: never. The default is 1,048,576. */
K8SC_API k8sc_status k8sc_informer_options_set_compression_threshold(k8sc_informer_options *options, int64_t from_bytes, k8sc_error **err);
K8SC_API k8sc_status k8sc_informer_options_set_transform(k8sc_informer_options *options, k8sc_transform_fn fn, void *user_data,
                                                         k8sc_destroy_fn destroy, k8sc_error **err);
/* Objects a page of a list in pages; 0 (the default): as client-go does. */
K8SC_API k8sc_status k8sc_informer_options_set_page_size(k8sc_informer_options *options, int64_t size, k8sc_error **err);
/* How long the watch of an informer, or of each one of a factory, may go without receiving a byte before it is resumed on another
 * connection, instead of the configuration's watch idle timeout; -1: 30 seconds longer than the server was asked to keep it, also where
 * the configuration says something else. */
K8SC_API k8sc_status k8sc_informer_options_set_watch_idle_timeout(k8sc_informer_options *options, int64_t timeout_ms, k8sc_error **err);
/* How an informer gets its lists: one of K8SC_LIST_. A streaming list is the beginning of the watch, with sendInitialEvents: the newest
 * state, in one request. Handlers are told the same either way.
 *
 * AUTO (the default): as a stream, and in pages where the server cannot: where it refuses with 400 or 422, sends no head within 10 s, lets
 * 10 s pass without another object, or is not done after 2 minutes. A server that takes no notice is found out sooner: after a second
 * without the bookmark at the end its version is asked for, and where that is below 1.27, or cannot be had and nothing more comes, the
 * list in pages follows at once. The client remembers for an hour which resources it cannot stream, for ten minutes where they were only
 * slow. A stream that breaks before its end, or gets 502, 503 or 504, is begun again after a back-off, and replaced by pages the second time
 * in a row. Other errors lead to pages at once, and are told only where these fail too. */
#define K8SC_LIST_AUTO 0
#define K8SC_LIST_STREAM 1 /* the same, but a stream is tried each time, whatever is remembered */
#define K8SC_LIST_PAGES 2  /* in pages only, as servers before 1.27 know it */
/* Errors: K8SC_E_INVALID where it is none of these. */
K8SC_API k8sc_status k8sc_informer_options_set_list_mode(k8sc_informer_options *options, int32_t mode, k8sc_error **err);
/* Where handlers' events go, and where the transform runs; NULL: the client's queue. */
K8SC_API k8sc_status k8sc_informer_options_set_queue(k8sc_informer_options *options, k8sc_queue *queue, k8sc_error **err);

/* A factory without informers. `options` may be NULL. */
K8SC_API k8sc_status k8sc_informer_factory_new(k8sc_client *client, const k8sc_informer_options *options, k8sc_informer_factory **out,
                                               k8sc_error **err);
K8SC_API k8sc_informer_factory *k8sc_informer_factory_ref(k8sc_informer_factory *factory);
/* The last one stops its informers, without waiting. */
K8SC_API void k8sc_informer_factory_unref(k8sc_informer_factory *factory);
/* The informer for a resource: made at the first request, the same one ever after. */
K8SC_API k8sc_status k8sc_informer_factory_for_resource(k8sc_informer_factory *factory, const char *group, const char *version,
                                                        const char *resource, k8sc_informer **out, k8sc_error **err);
/* The informer for a kind, such as "Deployment" of "apps/v1": the server is asked which resource that is, each time, and this blocks.
 * Errors: K8SC_E_API, with is_not_found where the server has no such kind, and all else a request can fail with. */
K8SC_API k8sc_status k8sc_informer_factory_for_kind(k8sc_informer_factory *factory, const char *api_version, const char *kind,
                                                    k8sc_informer **out, k8sc_error **err);
/* The same as for_resource, but the first request makes it with `fn`. Errors: K8SC_E_CALLBACK (it returned non-zero or no informer), K8SC_E_INVALID (its
 * informer is for another resource). destroy runs before this returns. */
K8SC_API k8sc_status k8sc_informer_factory_informer_for(k8sc_informer_factory *factory, const char *group, const char *version,
                                                        const char *resource, k8sc_new_informer_fn fn, void *user_data,
                                                        k8sc_destroy_fn destroy, k8sc_informer **out, k8sc_error **err);
/* Starts the informers that were requested and do not run. Call it again after requesting more. Errors: K8SC_E_STATE after a
 * shutdown. */
K8SC_API k8sc_status k8sc_informer_factory_start(k8sc_informer_factory *factory, k8sc_error **err);
/* Blocks until the caches of all started informers are filled. It runs no callbacks: where a transform is set, another thread must
 * dispatch. Errors: K8SC_E_TIMEOUT, which names those that are missing; K8SC_E_STATE when stopped meanwhile. */
K8SC_API k8sc_status k8sc_informer_factory_wait_for_sync(k8sc_informer_factory *factory, int64_t timeout_ms, k8sc_error **err);
/* The same, with an answer for each started informer, as client-go's WaitForCacheSync: a JSON object such as
 * {"apps/v1/deployments":true,"v1/pods":false}. False is one that had not synced in time, or was stopped before; neither is an error.
 * Yours: k8sc_string_free. */
K8SC_API k8sc_status k8sc_informer_factory_wait_for_cache_sync(k8sc_informer_factory *factory, int64_t timeout_ms, char **out,
                                                               k8sc_error **err);
/* {"informers":[...]}, each as from k8sc_informer_statistics_json. Yours: k8sc_string_free. */
K8SC_API k8sc_status k8sc_informer_factory_statistics_json(k8sc_informer_factory *factory, char **out, k8sc_error **err);
/* Stops one informer, as k8sc_informer_stop, and forgets it: for_resource then makes another one. Errors: K8SC_E_INVALID (it is not one
 * of this factory's, or not any more). */
K8SC_API k8sc_status k8sc_informer_factory_remove(k8sc_informer_factory *factory, k8sc_informer *informer, k8sc_error **err);
/* Stops all informers and waits until they have ended. Events that wait are not delivered any more. */
K8SC_API k8sc_status k8sc_informer_factory_shutdown(k8sc_informer_factory *factory, k8sc_error **err);

/* An informer without a factory. Of the options, those of the factory alone (custom resync) are refused. */
K8SC_API k8sc_status k8sc_informer_new(k8sc_client *client, const char *group, const char *version, const char *resource,
                                       const k8sc_informer_options *options, k8sc_informer **out, k8sc_error **err);
K8SC_API k8sc_informer *k8sc_informer_ref(k8sc_informer *informer);
/* The last one stops an informer without a factory. */
K8SC_API void k8sc_informer_unref(k8sc_informer *informer);
/* Lists and watches until it is stopped, whatever happens: failures are ERROR events, with a back-off behind each. Where the watch cannot be
 * opened since the server is not there (no connection, 429, 502, 503, 504; three times also 404) it is opened later, from where it was; other
 * failures lead to another list. An object that cannot be read (nested deeper than 10,000, not UTF-8, too large, or with metadata of another
 * type) is an ERROR that names it: the others arrive, and what is known of it stays in the cache. Starting twice is fine.
 * Errors: K8SC_E_STATE after it was stopped. */
K8SC_API k8sc_status k8sc_informer_start(k8sc_informer *informer, k8sc_error **err);
/* Stops for good, and waits until it has ended. The cache stays readable. */
K8SC_API k8sc_status k8sc_informer_stop(k8sc_informer *informer, k8sc_error **err);
K8SC_API int k8sc_informer_is_stopped(const k8sc_informer *informer);
/* True once the cache holds what the first list said. */
K8SC_API int k8sc_informer_has_synced(const k8sc_informer *informer);
/* As k8sc_informer_factory_wait_for_sync, for one. */
K8SC_API k8sc_status k8sc_informer_wait_for_sync(k8sc_informer *informer, int64_t timeout_ms, k8sc_error **err);
/* Blocks until the cache has seen `resource_version`: that of an object of this resource that was just written, so that what is read
 * from the cache then is not older. A version of another resource is seen with the next event or bookmark, which may take a minute. It
 * runs no callbacks. Errors: K8SC_E_TIMEOUT (with the version the cache is at), K8SC_E_STATE, K8SC_E_INVALID (not a number). */
K8SC_API k8sc_status k8sc_informer_wait_for_resource_version(k8sc_informer *informer, const char *resource_version, int64_t timeout_ms,
                                                             k8sc_error **err);
/* The resourceVersion the cache stands at, as text, yours: k8sc_string_free; "" before the first list. */
K8SC_API k8sc_status k8sc_informer_last_sync_resource_version(const k8sc_informer *informer, char **out, k8sc_error **err);
/* What it is and has done, as a JSON object: "group", "version", "resource", "namespace" ("": all); "started", "synced", "stopped";
 * "connected": the server is answering a watch; "last_event_at": when an object, an event or a bookmark last came, as RFC 3339, or null;
 * "last_resource_version"; "objects", their "json_bytes", and the "bytes" they take as they are kept, with how many "dictionaries" there
 * are for them; "relists": how often it listed again; "watches" that were answered; "failures", and the "last_failure" with "at" and
 * "message", or null; "queue_depth": the events that wait for handlers, and the "handlers" with "synced", "queue_depth" and "coalesced" of
 * each. Yours: k8sc_string_free. */
K8SC_API k8sc_status k8sc_informer_statistics_json(const k8sc_informer *informer, char **out, k8sc_error **err);
/* Adds a handler: ADD, UPDATE, DELETE, SYNC and ERROR, one after the other, to `fn` or, where fn is NULL, to k8sc_queue_take. Before start it
 * sees everything; later it first gets ADD, with is_initial, for each object in the cache, without gap or repetition. `out` may be
 * NULL where it stays as long as the informer. Errors: K8SC_E_STATE after the informer was stopped. */
K8SC_API k8sc_status k8sc_informer_add_handler(k8sc_informer *informer, k8sc_event_fn fn, void *user_data, k8sc_destroy_fn destroy,
                                               k8sc_registration **out, k8sc_error **err);
/* The same with a resync period of its own (0: none; raised to 1,000; once the informer runs, to its shortest period) and a queue
 * (NULL: the informer's). */
K8SC_API k8sc_status k8sc_informer_add_handler_with(k8sc_informer *informer, int64_t resync_ms, k8sc_queue *queue, k8sc_event_fn fn,
                                                    void *user_data, k8sc_destroy_fn destroy, k8sc_registration **out, k8sc_error **err);
/* Ends a handler: no call begins after this returns, except one that another thread's dispatch has begun. Removing twice is fine.
 * Errors: K8SC_E_INVALID (it is another informer's). */
K8SC_API k8sc_status k8sc_informer_remove_handler(k8sc_informer *informer, k8sc_registration *registration, k8sc_error **err);
K8SC_API k8sc_registration *k8sc_registration_ref(k8sc_registration *registration);
/* Lets go of the handle; the handler stays. */
K8SC_API void k8sc_registration_unref(k8sc_registration *registration);
/* True once the handler was called for every object of the initial list (for pull: once they were taken). */
K8SC_API int k8sc_registration_has_synced(const k8sc_registration *registration);

/* What happens where a handler does not keep up, and more events wait for it than it has a limit for. */
#define K8SC_LIMIT_COALESCE 0     /* the newest event of an object takes the place of the one that waits: what is told is the difference
                                  between what the handler knows and what is. The rule, at 1,000 events */
#define K8SC_LIMIT_BACKPRESSURE 1 /* the informer stops reading from the server until half of it is done; all its handlers wait */
#define K8SC_LIMIT_NONE 2      /* everything waits, however much it is */
/* Sets what happens where more than `events` (at least 1; ignored for K8SC_LIMIT_NONE) wait for this handler; from now on. Merged, two
 * updates are one from the oldest state to the newest; an object that came and went is not told of; one that went and came is an
 * UPDATE, whose uid differs; one that went, came and went is an inferred DELETE of the first; of two errors the newer stays. So at most one event waits for each object. The initial list waits in full
 * in any case, as references into the cache. */
K8SC_API k8sc_status k8sc_registration_set_limit(k8sc_registration *registration, int32_t policy, int64_t events, k8sc_error **err);
/* How many events wait for the handler; and how many it was spared, since others took their place. */
K8SC_API int64_t k8sc_registration_depth(const k8sc_registration *registration);
K8SC_API int64_t k8sc_registration_coalesced(const k8sc_registration *registration);

/* Adds an index over what a JSON Pointer finds: a string, number or boolean, or each element of an array of these. At any time
 * before the informer is stopped. Errors: K8SC_E_INVALID (a name that is taken, not a pointer), K8SC_E_STATE. */
K8SC_API k8sc_status k8sc_informer_add_pointer_index(k8sc_informer *informer, const char *name, const char *pointer, k8sc_error **err);
/* Adds an index over the value of a label. Errors: as above, and K8SC_E_PARSE (no label's key). */
K8SC_API k8sc_status k8sc_informer_add_label_index(k8sc_informer *informer, const char *name, const char *key, k8sc_error **err);
/* Adds an index over the uids in metadata.ownerReferences. Errors: as above. */
K8SC_API k8sc_status k8sc_informer_add_owner_index(k8sc_informer *informer, const char *name, k8sc_error **err);
/* Adds an index over what a callback says. */
K8SC_API k8sc_status k8sc_informer_add_index(k8sc_informer *informer, const char *name, k8sc_index_fn fn, void *user_data,
                                             k8sc_destroy_fn destroy, k8sc_error **err);

/* Reads the cache. The lister keeps the informer's cache, not the informer running. Lists come in no particular order. */
K8SC_API k8sc_status k8sc_informer_lister(k8sc_informer *informer, k8sc_lister **out, k8sc_error **err);
K8SC_API k8sc_lister *k8sc_lister_ref(k8sc_lister *lister);
K8SC_API void k8sc_lister_unref(k8sc_lister *lister);
/* One object; `ns` is NULL or "" for cluster-scoped ones. Errors: K8SC_E_API with is_not_found. */
K8SC_API k8sc_status k8sc_lister_get(k8sc_lister *lister, const char *ns, const char *name, k8sc_object **out, k8sc_error **err);
/* Those of a namespace (NULL or "": of all) that a label selector matches (NULL or "": all). Errors: K8SC_E_PARSE. */
K8SC_API k8sc_status k8sc_lister_list(k8sc_lister *lister, const char *ns, const char *label_selector, k8sc_list **out, k8sc_error **err);
/* The same with options, of which label_selector and field_selector count, the latter over metadata.name and metadata.namespace. The
 * list is a snapshot: it stays as it is while the cache goes on, and holds references, not copies; k8sc_list_object goes through it
 * without opening more than one object at a time. Errors: K8SC_E_PARSE, K8SC_E_INVALID (another option, another field). */
K8SC_API k8sc_status k8sc_lister_select(k8sc_lister *lister, const char *ns, const k8sc_options *options, k8sc_list **out, k8sc_error **err);
/* Those that an index has under a value; the index "namespace" is always there. Errors: K8SC_E_INVALID (no such index),
 * K8SC_E_CALLBACK. */
K8SC_API k8sc_status k8sc_lister_by_index(k8sc_lister *lister, const char *index, const char *value, k8sc_list **out, k8sc_error **err);
/* The values an index has. Errors: as above. */
K8SC_API k8sc_status k8sc_lister_index_values(k8sc_lister *lister, const char *index, k8sc_strings **out, k8sc_error **err);
/* The number of objects; -1 for NULL. */
K8SC_API int64_t k8sc_lister_size(const k8sc_lister *lister);

/* ------------------------------------------------------------------ 11. clientset and schema -- */

/* Typed clients of the standard groups, as client-go's kubernetes.Interface. The headers below k8sc/ are what goes with it: <k8sc/core_v1.h>,
 * <k8sc/apps_v1.h>, one for each group and version; <k8sc/typed.h> says how they are used. */

/* One with a client of its own, of a configuration. Errors: K8SC_E_CONFIG. */
K8SC_API k8sc_status k8sc_clientset_new(const k8sc_config *config, k8sc_clientset **out, k8sc_error **err);
/* The same, whose client shares the transport of another: k8sc_client_new_shared. */
K8SC_API k8sc_status k8sc_clientset_new_shared(const k8sc_config *config, k8sc_client *other, k8sc_clientset **out, k8sc_error **err);
/* One that goes through a client that there is. */
K8SC_API k8sc_status k8sc_clientset_new_for_client(k8sc_client *client, k8sc_clientset **out, k8sc_error **err);
K8SC_API k8sc_clientset *k8sc_clientset_ref(k8sc_clientset *clientset);
K8SC_API void k8sc_clientset_unref(k8sc_clientset *clientset);
/* Its client: for factories, queues, closing. Borrowed from the clientset. */
K8SC_API k8sc_client *k8sc_clientset_client(k8sc_clientset *clientset);
/* Its discovery, with a cache in memory: made at the first call, the same ever after. Borrowed from the clientset; NULL when out of
 * memory. */
K8SC_API k8sc_discovery *k8sc_clientset_discovery(k8sc_clientset *clientset);

/* Kubernetes' own API as data, and documents held against it. What these handles stand for is built into the library: they are borrowed for
 * ever, by any thread, also in a forked child, and so are all texts of them. The order of what is counted may differ from one version of the
 * library to the next. The getters answer NULL, 0 or -1 for NULL and for an index out of range. Custom resources, apiextensions.k8s.io and
 * apiregistration.k8s.io are not there: what those hold only a server knows. */

typedef struct k8sc_schema_resource k8sc_schema_resource; /* a resource of one group and version */
typedef struct k8sc_schema_type k8sc_schema_type;         /* a kind, or what fields of kinds hold */
typedef struct k8sc_schema_field k8sc_schema_field;       /* a field of a type, or what an array or a map holds */

/* All resources of all standard groups and versions, those included that newer servers have no more. */
K8SC_API int32_t k8sc_schema_resource_count(void);
K8SC_API const k8sc_schema_resource *k8sc_schema_resource_at(int32_t index);
/* By its name, such as "apps", "v1", "deployments"; the group of pods is "". NULL where there is none, as from the next. */
K8SC_API const k8sc_schema_resource *k8sc_schema_resource_find(const char *group, const char *version, const char *resource);
/* By what objects say of themselves, such as "apps/v1" and "Deployment". */
K8SC_API const k8sc_schema_resource *k8sc_schema_resource_find_kind(const char *api_version, const char *kind);
K8SC_API const char *k8sc_schema_resource_group(const k8sc_schema_resource *resource);
K8SC_API const char *k8sc_schema_resource_version(const k8sc_schema_resource *resource);
/* Group and version as objects have them: "apps/v1", or "v1". */
K8SC_API const char *k8sc_schema_resource_api_version(const k8sc_schema_resource *resource);
/* The name of the group's package in client-go, which its typed client is named after: "core", "rbac". */
K8SC_API const char *k8sc_schema_resource_package(const k8sc_schema_resource *resource);
/* As it stands in URLs: "deployments". */
K8SC_API const char *k8sc_schema_resource_name(const k8sc_schema_resource *resource);
K8SC_API const char *k8sc_schema_resource_kind(const k8sc_schema_resource *resource);
K8SC_API int k8sc_schema_resource_is_namespaced(const k8sc_schema_resource *resource);
/* What objects of it hold. */
K8SC_API const k8sc_schema_type *k8sc_schema_resource_type(const k8sc_schema_resource *resource);
/* The methods of client-go's typed client: create, update, updateStatus, delete, deleteCollection, get, list, watch, patch, apply,
 * applyStatus. One after the other, NULL behind the last. */
K8SC_API const char *k8sc_schema_resource_verb(const k8sc_schema_resource *resource, int32_t index);
K8SC_API int k8sc_schema_resource_has_verb(const k8sc_schema_resource *resource, const char *verb);
/* Further methods of the typed client, most of them of a subresource: its name there ("GetScale"), the verb as above, the subresource ("scale";
 * "" for the resource itself), and the types that it takes and answers with; NULL where that is the resource's own, or none. What a "get"
 * takes are its query parameters. */
K8SC_API int32_t k8sc_schema_resource_method_count(const k8sc_schema_resource *resource);
K8SC_API const char *k8sc_schema_resource_method_name(const k8sc_schema_resource *resource, int32_t index);
K8SC_API const char *k8sc_schema_resource_method_verb(const k8sc_schema_resource *resource, int32_t index);
K8SC_API const char *k8sc_schema_resource_method_subresource(const k8sc_schema_resource *resource, int32_t index);
K8SC_API const k8sc_schema_type *k8sc_schema_resource_method_input(const k8sc_schema_resource *resource, int32_t index);
K8SC_API const k8sc_schema_type *k8sc_schema_resource_method_result(const k8sc_schema_resource *resource, int32_t index);

K8SC_API int32_t k8sc_schema_type_count(void);
K8SC_API const k8sc_schema_type *k8sc_schema_type_at(int32_t index);
/* By its full name, such as "io.k8s.api.core.v1.PodSpec" or "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta". */
K8SC_API const k8sc_schema_type *k8sc_schema_type_find(const char *name);
/* The kind that objects say they are. Lists ("PodList", "List"), reviews and options are found as well, and kinds that a release has dropped from
 * a group-version that lives on. The options of verbs (DeleteOptions, ...) are kinds of each group-version, and at home in meta.k8s.io/v1. */
K8SC_API const k8sc_schema_type *k8sc_schema_type_find_kind(const char *api_version, const char *kind);
K8SC_API const char *k8sc_schema_type_name(const k8sc_schema_type *type);
/* The last part of the name: "PodSpec". */
K8SC_API const char *k8sc_schema_type_kind(const k8sc_schema_type *type);
/* Where it is at home: "apps/v1"; NULL for a type that is no kind, and is only found within others. */
K8SC_API const char *k8sc_schema_type_api_version(const k8sc_schema_type *type);
K8SC_API int32_t k8sc_schema_type_field_count(const k8sc_schema_type *type);
K8SC_API const k8sc_schema_field *k8sc_schema_type_field_at(const k8sc_schema_type *type, int32_t index);
K8SC_API const k8sc_schema_field *k8sc_schema_type_find_field(const k8sc_schema_type *type, const char *name);

#define K8SC_FIELD_STRING 1
#define K8SC_FIELD_BOOLEAN 2
#define K8SC_FIELD_INTEGER 3
#define K8SC_FIELD_NUMBER 4
#define K8SC_FIELD_BYTES 5          /* base64 in a string */
#define K8SC_FIELD_ARRAY 6
#define K8SC_FIELD_MAP 7            /* an object with any keys */
#define K8SC_FIELD_OBJECT 8
#define K8SC_FIELD_QUANTITY 9       /* "100m", "1Gi", or a number */
#define K8SC_FIELD_INT_OR_STRING 10
#define K8SC_FIELD_TIME 11          /* RFC 3339 */
#define K8SC_FIELD_MICRO_TIME 12    /* the same with six digits behind the second */
#define K8SC_FIELD_DURATION 13      /* as Go writes it: "1h30m" */
#define K8SC_FIELD_ANY 14           /* any JSON, whatever it is */

/* As it stands in JSON; "" for what an array or a map holds. */
K8SC_API const char *k8sc_schema_field_name(const k8sc_schema_field *field);
/* One of K8SC_FIELD_; 0 for NULL. */
K8SC_API int32_t k8sc_schema_field_type(const k8sc_schema_field *field);
/* The type of an object; NULL for another field. */
K8SC_API const k8sc_schema_type *k8sc_schema_field_object_type(const k8sc_schema_field *field);
/* What an array's items or a map's values are; NULL for another field. */
K8SC_API const k8sc_schema_field *k8sc_schema_field_element(const k8sc_schema_field *field);
/* True where its declaration says neither that it is optional nor that it is left out where empty. A server asks for more, and sets defaults:
 * it is no answer to whether a document may go without. */
K8SC_API int k8sc_schema_field_is_required(const k8sc_schema_field *field);
/* True where absent is not the same as empty, 0 or false. */
K8SC_API int k8sc_schema_field_is_pointer(const k8sc_schema_field *field);
/* How many bits Kubernetes' type has for an integer: 32 or 64, and a number that does not fit is refused. 0 for another field. */
K8SC_API int32_t k8sc_schema_field_bits(const k8sc_schema_field *field);
/* How server-side apply merges it: an array as "atomic", "set" or "map", a map or an object as "atomic" or "granular"; "" where nothing is
 * said. The keys of a list that is a map come one after the other, NULL behind the last. */
K8SC_API const char *k8sc_schema_field_list_type(const k8sc_schema_field *field);
K8SC_API const char *k8sc_schema_field_list_map_key(const k8sc_schema_field *field, int32_t index);
K8SC_API const char *k8sc_schema_field_map_type(const k8sc_schema_field *field);
/* How a strategic merge patch does: "merge", "replace", "retainKeys", "merge,retainKeys", and the key of its items; "" where nothing is said. */
K8SC_API const char *k8sc_schema_field_patch_strategy(const k8sc_schema_field *field);
K8SC_API const char *k8sc_schema_field_patch_merge_key(const k8sc_schema_field *field);
/* Its number in protobuf: one, or those of the messages on the way to it and then its own; 0 behind the last. Without any where protobuf does
 * not have it. */
K8SC_API int32_t k8sc_schema_field_protobuf_number(const k8sc_schema_field *field, int32_t index);

/* Holds a document against a type, as a server does that is asked to be strict, and sends nothing. NULL for `type`: that of the document's
 * apiVersion and kind. Each fault is a cause of the error, with its field ("spec.containers[0].imagee") and one of these types:
 * FieldValueUnknown (no such field; the message names one that is near), FieldValueDuplicate, FieldValueTypeInvalid (another type of JSON),
 * FieldValueInvalid (no quantity, time, duration, base64, or an integer too large for the 32 or 64 bits of its field; another kind than `type`
 * is), FieldValueRequired (apiVersion or kind is missing and `type` is NULL). Each item of a List is held against its own kind, by these rules.
 * null is accepted for every field. What needs the server is not looked at: fields
 * that must be there, values that are not allowed, defaults. No message holds a value, other than of quantities, times and durations. Errors:
 * K8SC_E_INVALID with causes; K8SC_E_TOO_LARGE (nested deeper than 1,000); K8SC_E_UNKNOWN_KIND where `type` is NULL and the kind is none of Kubernetes' own. */
K8SC_API k8sc_status k8sc_schema_validate(const k8sc_object *object, const k8sc_schema_type *type, k8sc_error **err);
/* The same for a draft as it is now; with the failure that it holds, if it holds one. */
K8SC_API k8sc_status k8sc_schema_validate_draft(const k8sc_draft *draft, const k8sc_schema_type *type, k8sc_error **err);

/* ------------------------------------------------------------------------- 12. observability -- */

/* What a client tells of its work: through a queue as everything else, and never to a file or a terminal. It costs next to nothing
 * while nobody listens. Where events are not taken, at most 1,000 wait for each subscription; those beyond are dropped, and counted. No
 * secret is in any of it: neither tokens nor passwords, keys, or bodies that may hold them (docs/observability.md). What happened while
 * the client was made is told to each who subscribes to logs. The on_ functions take a queue (NULL: the
 * client's) and a callback or, where fn is NULL, leave the events to k8sc_queue_take. `out` may be NULL where it stays as long as the
 * client is open. */

#define K8SC_LOG_ERROR 1
#define K8SC_LOG_WARNING 2
#define K8SC_LOG_INFO 3
#define K8SC_LOG_DEBUG 4 /* each request */
#define K8SC_LOG_TRACE 5 /* headers, and the beginning of bodies */

/* WARNING for each text that a server sends in a Warning header with code 299, with any answer, watches and streams included. The same
 * text comes once, or each time where `repeated` is not 0; the latest 1,000 texts are remembered. While nobody is subscribed
 * warnings go to the log. */
K8SC_API k8sc_status k8sc_client_on_warning(k8sc_client *client, int repeated, k8sc_queue *queue, k8sc_event_fn fn, void *user_data,
                                            k8sc_destroy_fn destroy, k8sc_subscription **out, k8sc_error **err);
/* LOG for each message up to a level, one of K8SC_LOG_. */
K8SC_API k8sc_status k8sc_client_on_log(k8sc_client *client, int32_t level, k8sc_queue *queue, k8sc_event_fn fn, void *user_data,
                                        k8sc_destroy_fn destroy, k8sc_subscription **out, k8sc_error **err);
/* TRACE for each request that has ended, retries included; for watches and streams when they end. docs/observability.md has the
 * members of the JSON text. */
K8SC_API k8sc_status k8sc_client_on_trace(k8sc_client *client, k8sc_queue *queue, k8sc_event_fn fn, void *user_data, k8sc_destroy_fn destroy,
                                          k8sc_subscription **out, k8sc_error **err);
K8SC_API k8sc_subscription *k8sc_subscription_ref(k8sc_subscription *subscription);
/* Lets go of the handle; the subscription stays. */
K8SC_API void k8sc_subscription_unref(k8sc_subscription *subscription);
/* Ends it: no call begins after this returns, except one that another thread's dispatch has begun. Any thread, any number of times;
 * never blocks. */
K8SC_API void k8sc_subscription_cancel(k8sc_subscription *subscription);

/* What the client has counted since it was made, as JSON, and in the text format of Prometheus: requests by verb and code, their
 * durations, retries, waits for the rate limit, connections, bytes, watches and their events, relists, the caches of informers that run.
 * docs/observability.md has the names. Yours: k8sc_string_free. Blocks for a moment. */
K8SC_API k8sc_status k8sc_client_metrics_json(k8sc_client *client, char **out, k8sc_error **err);
K8SC_API k8sc_status k8sc_client_metrics_prometheus(k8sc_client *client, char **out, k8sc_error **err);

#ifdef __cplusplus
}
#endif

#endif
