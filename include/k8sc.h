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

/* Returns the version of the library at run time, such as "0.1.0".
 * Ownership: borrowed forever. Works in a forked child. */
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
/* clang-format off */
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
/* clang-format on */

/* Returns the name of a status, such as "K8SC_E_TIMEOUT"; "K8SC_E_?" for an unknown one.
 * Ownership: borrowed forever. */
K8SC_API const char *k8sc_status_name(k8sc_status status);

/* Makes an error, for callbacks and for libraries built on this one. `code` must be negative.
 * `message` may be NULL: the message is then the name of the code.
 * Returns NULL if memory runs out or `code` is not negative.
 * Ownership: the error belongs to you; release it with k8sc_error_free. */
K8SC_API k8sc_error *k8sc_error_new(k8sc_status code, const char *message);
/* Copies an error, for example to keep it longer than the event it came with.
 * Returns NULL if memory runs out, and for NULL.
 * Ownership: the copy belongs to you; release it with k8sc_error_free. */
K8SC_API k8sc_error *k8sc_error_copy(const k8sc_error *error);
/* Frees an error. Accepts NULL. */
K8SC_API void k8sc_error_free(k8sc_error *error);
/* Returns the error's K8SC_E_ code; K8SC_OK for NULL. */
K8SC_API k8sc_status k8sc_error_code(const k8sc_error *error);
/* Returns a text that says what happened to which request. It contains verb, resource,
 * namespace/name and URL if the error belongs to a request. It is never NULL and never contains a
 * secret; see docs/observability.md. Control characters in texts from outside are written in the
 * form "\x1b".
 * Ownership: borrowed from the error. */
K8SC_API const char *k8sc_error_message(const k8sc_error *error);
/* Returns the HTTP status of the response, or of the proxy that refused the request; 0 if there was
 * none. For an error inside a successful response, as in a watch, it is the code of the Status. */
K8SC_API int32_t k8sc_error_http_status(const k8sc_error *error);
/* Returns Kubernetes' reason, such as "NotFound" or "Conflict"; "" if there is none.
 * Ownership: borrowed from the error. */
K8SC_API const char *k8sc_error_reason(const k8sc_error *error);
/* Returns the number of causes in the details of the Status. */
K8SC_API int32_t k8sc_error_cause_count(const k8sc_error *error);
/* Returns the type of a cause, such as "FieldValueInvalid" or "FieldManagerConflict"; "" if the
 * server sent none, NULL if `index` is out of range.
 * Ownership: borrowed from the error. */
K8SC_API const char *k8sc_error_cause_type(const k8sc_error *error, int32_t index);
/* Returns the field that a cause refers to; "" if the server sent none, NULL if `index` is out of
 * range.
 * Ownership: borrowed from the error. */
K8SC_API const char *k8sc_error_cause_field(const k8sc_error *error, int32_t index);
/* Returns the message of a cause; "" if the server sent none, NULL if `index` is out of range.
 * Ownership: borrowed from the error. */
K8SC_API const char *k8sc_error_cause_message(const k8sc_error *error, int32_t index);
/* Returns how long the server asked the client to wait, in milliseconds; -1 if it did not ask. */
K8SC_API int64_t k8sc_error_retry_after_ms(const k8sc_error *error);
/* Returns the server's Status as JSON text; NULL if the server sent none.
 * Ownership: borrowed from the error. */
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
 * refused it unseen (HTTP/2: GOAWAY, REFUSED_STREAM).
 * Returns false if the server may have processed it, and for errors that came as a response. */
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
 * occurs twice in an object, the last one counts, as in Go.
 * Errors: K8SC_E_PARSE (with the offset), K8SC_E_TOO_LARGE (nested deeper than 10,000). */
K8SC_API k8sc_status k8sc_object_parse_json(const char *json, size_t len, k8sc_object **out,
                                            k8sc_error **err);
/* Parses YAML text of `len` bytes into a frozen object. The text must be one document that is a
 * mapping. It is read as Kubernetes reads YAML: YAML 1.1 scalars, no cycles of anchors, no
 * duplicate keys.
 * Errors: K8SC_E_PARSE (with the line; also if nested deeper than 1,000). */
K8SC_API k8sc_status k8sc_object_parse_yaml(const char *yaml, size_t len, k8sc_object **out,
                                            k8sc_error **err);
/* k8sc_object_ref adds a reference to an object and returns the object. k8sc_object_unref releases
 * one; the last one frees the object. */
K8SC_API k8sc_object *k8sc_object_ref(k8sc_object *object);
K8SC_API void k8sc_object_unref(k8sc_object *object);
/* Returns the whole document as compact, NUL-terminated JSON. `len` receives its length and may be
 * NULL.
 * Ownership: borrowed from the object. */
K8SC_API const char *k8sc_object_json(const k8sc_object *object, size_t *len);
/* Writes the whole document as YAML text.
 * Ownership: release the text with k8sc_string_free.
 * Errors: K8SC_E_TOO_LARGE (nested deeper than 1,000). */
K8SC_API k8sc_status k8sc_object_to_yaml(const k8sc_object *object, char **out, k8sc_error **err);
/* Returns metadata.name; "" if it is absent.
 * Ownership: borrowed from the object. */
K8SC_API const char *k8sc_object_name(const k8sc_object *object);
/* Returns metadata.namespace; "" if it is absent.
 * Ownership: borrowed from the object. */
K8SC_API const char *k8sc_object_namespace(const k8sc_object *object);
/* Returns metadata.uid; "" if it is absent.
 * Ownership: borrowed from the object. */
K8SC_API const char *k8sc_object_uid(const k8sc_object *object);
/* Returns metadata.resourceVersion; "" if it is absent.
 * Ownership: borrowed from the object. */
K8SC_API const char *k8sc_object_resource_version(const k8sc_object *object);
/* Returns the kind; "" if it is absent.
 * Ownership: borrowed from the object. */
K8SC_API const char *k8sc_object_kind(const k8sc_object *object);
/* Returns the apiVersion; "" if it is absent.
 * Ownership: borrowed from the object. */
K8SC_API const char *k8sc_object_api_version(const k8sc_object *object);
/* Returns the value of a label; NULL if it is absent. `key` needs no escaping.
 * Ownership: borrowed from the object. */
K8SC_API const char *k8sc_object_label(const k8sc_object *object, const char *key);
/* Returns the value of an annotation; NULL if it is absent. `key` needs no escaping.
 * Ownership: borrowed from the object. */
K8SC_API const char *k8sc_object_annotation(const k8sc_object *object, const char *key);
/* Checks that an object has the given apiVersion and kind. A field that the object lacks is not
 * compared.
 * Errors: K8SC_E_INVALID (apiVersion or kind differs; the message names both kinds). */
K8SC_API k8sc_status k8sc_object_check_kind(const k8sc_object *object, const char *api_version,
                                            const char *kind, k8sc_error **err);

/* Reading an object by JSON Pointer (RFC 6901), such as "/spec/containers/0/image"; "" is the whole
 * document. A getter treats an absent value, null, a value of another type, and a text that is not
 * a JSON Pointer alike; k8sc_object_type tells absent, null and other types apart. */

/* Returns the type of a value, one of K8SC_TYPE_; K8SC_TYPE_ABSENT also if `pointer` is not a JSON
 * Pointer. */
K8SC_API int32_t k8sc_object_type(const k8sc_object *object, const char *pointer);
/* Returns a string, unescaped and NUL-terminated; NULL if it is absent or not a string. `len`
 * receives its length and may be NULL.
 * Ownership: borrowed from the object. */
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
 * NULL if there is none. `len` receives its length and may be NULL.
 * Ownership: borrowed from the object. */
K8SC_API const char *k8sc_object_key(const k8sc_object *object, const char *pointer, int64_t index,
                                     size_t *len);
/* Returns the JSON text of a value of any type; NULL if it is absent. The text is not
 * NUL-terminated: `len` receives its length and must not be NULL.
 * Ownership: borrowed from the object. */
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
 * language reserves.
 * Returns an absent value if nothing is there or `path` is not a path. */
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
 * `len` receives its length and may be NULL.
 * Ownership: borrowed from the object. */
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
 * NUL-terminated: `len` receives its length.
 * Ownership: borrowed from the object. */
K8SC_API const char *k8sc_value_raw(k8sc_value value, size_t *len);
/* Returns a time, such as metadata.creationTimestamp, in microseconds since 1970; `fallback` if the
 * value is not a time. */
K8SC_API int64_t k8sc_value_time_us(k8sc_value value, int64_t fallback);
/* Returns a duration in Go's notation, such as "1h30m", in nanoseconds; `fallback` if the value is
 * not a duration. */
K8SC_API int64_t k8sc_value_duration_ns(k8sc_value value, int64_t fallback);
/* Decodes a base64 string, as in the data of a Secret. A NUL follows the bytes. `len` receives
 * their number and must not be NULL.
 * Ownership: release the bytes with k8sc_string_free.
 * Errors: K8SC_E_PARSE (not base64), K8SC_E_INVALID (not a string). */
K8SC_API k8sc_status k8sc_value_bytes(k8sc_value value, char **out, size_t *len, k8sc_error **err);

/* Drafts: documents that are edited. The setters take a JSON Pointer. They create missing parents
 * as objects. The index "-" appends to an array. A setter that fails changes nothing. Errors of all
 * setters: K8SC_E_INVALID (not a JSON Pointer; a parent is neither an object nor an array; an index
 * is out of range; JSON cannot represent the value; the document would be nested deeper than
 * 1,000). */

/* Creates a draft that is an empty object.
 * Ownership: release it with k8sc_draft_free. */
K8SC_API k8sc_status k8sc_draft_new(k8sc_draft **out, k8sc_error **err);
/* Creates a draft with the content of an object. The object stays as it is.
 * Ownership: release the draft with k8sc_draft_free.
 * Errors: K8SC_E_PARSE (an integer does not fit 64 bits), K8SC_E_TOO_LARGE (nested deeper than
 * 1,000). */
K8SC_API k8sc_status k8sc_object_edit(const k8sc_object *object, k8sc_draft **out,
                                      k8sc_error **err);
/* Creates a draft from JSON text of `len` bytes, which must be one object.
 * Ownership: release it with k8sc_draft_free.
 * Errors: K8SC_E_PARSE (also if a key occurs twice in an object), K8SC_E_TOO_LARGE (nested deeper
 * than 1,000). */
K8SC_API k8sc_status k8sc_draft_parse_json(const char *json, size_t len, k8sc_draft **out,
                                           k8sc_error **err);
/* Creates a draft from YAML text of `len` bytes, which must be one mapping.
 * Ownership: release it with k8sc_draft_free.
 * Errors: K8SC_E_PARSE (also if a key occurs twice in a mapping, or if nested deeper than
 * 1,000). */
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
/* Sets the value at a JSON Pointer, of any type, from JSON text of `len` bytes.
 * Errors: also K8SC_E_PARSE (not JSON, or a key occurs twice in an object), K8SC_E_TOO_LARGE
 * (nested deeper than 1,000). */
K8SC_API k8sc_status k8sc_draft_set_json(k8sc_draft *draft, const char *pointer, const char *json,
                                         size_t len, k8sc_error **err);
/* Removes the value at a JSON Pointer. Succeeds if the value is absent.
 * Errors: K8SC_E_INVALID (not a JSON Pointer, or "", the whole document). */
K8SC_API k8sc_status k8sc_draft_remove(k8sc_draft *draft, const char *pointer, k8sc_error **err);
/* Makes a frozen object of the present content. The draft still belongs to you and can be edited
 * further.
 * Ownership: release the object with k8sc_object_unref.
 * Errors: the one that k8sc_draft_failure returns, if there is one. */
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
/* Returns the first failure of a function on nodes; NULL if there was none.
 * Ownership: borrowed from the draft. */
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
/* Sets a value of any type, given as JSON text, at a path, or under a key of the map there.
 * Errors: also K8SC_E_PARSE, K8SC_E_TOO_LARGE (nested deeper than 1,000). */
K8SC_API k8sc_status k8sc_node_set_json(k8sc_node node, const char *path, const char *key,
                                        const char *json);
/* Sets a copy of a value, which must not be absent, at a path, or under a key of the map there. */
K8SC_API k8sc_status k8sc_node_set_value(k8sc_node node, const char *path, const char *key,
                                         k8sc_value value);
/* Sets a quantity at a path, or under a key of the map there.
 * Errors: also K8SC_E_PARSE (not a quantity). */
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
 * to 0 if they are equal, and to 1 if `a` is above `b`.
 * Errors: K8SC_E_PARSE (not a quantity). */
K8SC_API k8sc_status k8sc_quantity_compare(const char *a, const char *b, int *out,
                                           k8sc_error **err);
/* Converts a quantity to whole units, rounded away from zero. A quantity that does not fit becomes
 * the largest or smallest int64_t.
 * Errors: K8SC_E_PARSE (not a quantity). */
K8SC_API k8sc_status k8sc_quantity_value(const char *quantity, int64_t *out, k8sc_error **err);
/* Converts a quantity to thousandths, rounded away from zero. A quantity that does not fit becomes
 * the largest or smallest int64_t.
 * Errors: K8SC_E_PARSE (not a quantity). */
K8SC_API k8sc_status k8sc_quantity_milli_value(const char *quantity, int64_t *out,
                                               k8sc_error **err);
/* Converts a quantity to a double, rounded.
 * Errors: K8SC_E_PARSE (not a quantity). */
K8SC_API k8sc_status k8sc_quantity_number(const char *quantity, double *out, k8sc_error **err);
/* Adds two quantities. The sum has the notation of `a`, or that of `b` if `a` is 0.
 * Ownership: release the text with k8sc_string_free.
 * Errors: K8SC_E_PARSE (not a quantity). */
K8SC_API k8sc_status k8sc_quantity_add(const char *a, const char *b, char **out, k8sc_error **err);
/* Subtracts `b` from `a`. The difference has the notation of `a`, or that of `b` if `a` is 0.
 * Ownership: release the text with k8sc_string_free.
 * Errors: K8SC_E_PARSE (not a quantity). */
K8SC_API k8sc_status k8sc_quantity_subtract(const char *a, const char *b, char **out,
                                            k8sc_error **err);
/* Writes a quantity in the canonical form that servers use.
 * Ownership: release the text with k8sc_string_free.
 * Errors: K8SC_E_PARSE (not a quantity). */
K8SC_API k8sc_status k8sc_quantity_canonical(const char *quantity, char **out, k8sc_error **err);

/* Lists of objects. */

/* Frees a list. References to its objects that you took stay valid. */
K8SC_API void k8sc_list_free(k8sc_list *list);
/* Returns the number of objects in a list; -1 for NULL. */
K8SC_API int64_t k8sc_list_size(const k8sc_list *list);
/* Returns an object of a list; NULL if `index` is out of range. An object in a list from a lister
 * may be compressed: this function decompresses it, and the list keeps it decompressed. Also
 * returns NULL if memory for that runs out.
 * Ownership: borrowed from the list; use k8sc_object_ref to keep it. */
K8SC_API k8sc_object *k8sc_list_at(const k8sc_list *list, int64_t index);
/* Returns your own reference to an object of a list. An object in a list from a lister may be
 * compressed: this function decompresses it for you alone, again at each call, and the list keeps
 * it compressed.
 * Ownership: release the object with k8sc_object_unref.
 * Errors: K8SC_E_INVALID (`index` is out of range). */
K8SC_API k8sc_status k8sc_list_object(const k8sc_list *list, int64_t index, k8sc_object **out,
                                      k8sc_error **err);
/* Returns the resourceVersion in the list's metadata; "" if it is absent.
 * Ownership: borrowed from the list. */
K8SC_API const char *k8sc_list_resource_version(const k8sc_list *list);
/* Returns the continue token in the list's metadata; "" if it is absent.
 * Ownership: borrowed from the list. */
K8SC_API const char *k8sc_list_continue(const k8sc_list *list);
/* Returns how many objects follow this page according to the server; -1 if the server did not
 * say. */
K8SC_API int64_t k8sc_list_remaining_item_count(const k8sc_list *list);

/* Strings. */

/* Returns the number of strings in a list; -1 for NULL. */
K8SC_API int64_t k8sc_strings_size(const k8sc_strings *strings);
/* Returns a string of a list; NULL if `index` is out of range. `len` receives its length and may be
 * NULL.
 * Ownership: borrowed from the list. */
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

/* Creates an empty configuration. Set at least the server.
 * Ownership: release it with k8sc_config_free. */
K8SC_API k8sc_status k8sc_config_new(k8sc_config **out, k8sc_error **err);
/* Loads the configuration as kubectl does, from the first of these sources that applies:
 * - the kubeconfig `path`, if it is not NULL;
 * - the kubeconfigs of $KUBECONFIG, if it is not empty, merged: the first file that names a stanza
 *   wins;
 * - ~/.kube/config. If `path` and `context` are NULL and no kubeconfig sets current-context, the
 *   configuration is that of the service account of the pod, if the process runs in one. `context`
 *   is the name of a context; NULL means current-context. Relative paths in a kubeconfig start at
 *   the directory of that file. Certificates and keys are read now. They and token files must be
 *   regular files or symbolic links to regular files. A kubeconfig may be a pipe, which must end
 *   within 5 seconds. Credentials are not sent to a server without TLS; the client's log says so.
 *   They are checked all the same.
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
/* Copies a configuration.
 * Ownership: release the copy with k8sc_config_free. */
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
/* Sets the default namespace; NULL means "default". k8sc_client_namespace returns it. */
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
 * request is sent once more with it.
 * Errors: K8SC_E_IO (the file cannot be read). */
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
 * without "/" is looked up in $PATH. NULL removes the plugin.
 * Errors: K8SC_E_PARSE (not JSON), K8SC_E_INVALID (a field is invalid or missing). */
K8SC_API k8sc_status k8sc_config_set_exec(k8sc_config *config, const char *json, k8sc_error **err);
/* Sets which exec plugins may run: "AllowAll" (the default), "DenyAll" or "Allowlist". "Allowlist"
 * starts with an empty list; add commands with k8sc_config_add_exec_allowed. If the list is still
 * empty when the client is made, that fails with K8SC_E_CONFIG. */
K8SC_API k8sc_status k8sc_config_set_exec_policy(k8sc_config *config, const char *policy,
                                                 k8sc_error **err);
/* Adds a command to the allowlist of exec plugins: a name, or an absolute path.
 * Errors: K8SC_E_STATE (the exec policy is not "Allowlist"). */
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
 * and $SSL_CERT_DIR, which are read when the client is made.
 * Errors: K8SC_E_PARSE (not PEM). */
K8SC_API k8sc_status k8sc_config_set_ca(k8sc_config *config, const char *pem, size_t len,
                                        k8sc_error **err);
/* Sets the PEM file of the certificate authorities that the server's certificate must chain up to.
 * Other blocks in the PEM are ignored. The file is read now and again whenever it changes. NULL
 * removes it.
 * Errors: K8SC_E_IO (the file cannot be read), K8SC_E_PARSE (not PEM). */
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
 * ":". NULL restores the default.
 * Errors: K8SC_E_INVALID (OpenSSL does not know one). */
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
 * means no proxy, whatever the environment says. NULL restores the default. The default is the
 * proxy of the environment at the time the client is made, by Go's rules: $HTTPS_PROXY, or
 * $HTTP_PROXY for an http server (unless $REQUEST_METHOD is set), $NO_PROXY, and their lower-case
 * names. It never applies to this machine. An https server is reached through CONNECT, so that the
 * proxy sees no request. An https proxy is verified with the system's certificate authorities. A
 * SOCKS proxy resolves the server's name.
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
 * unless a watch idle timeout is set. The defaults are 30,000 and 15,000, or the seconds in
 * $HTTP2_READ_IDLE_TIMEOUT_SECONDS and $HTTP2_PING_TIMEOUT_SECONDS if these are set when the client
 * is made. An `after_ms` of -1 turns the detection off. `timeout_ms` must be at least 1. */
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

/* Returns the URL of the server as it was set or found; NULL if there is none.
 * Ownership: borrowed from the configuration until it is changed. */
K8SC_API const char *k8sc_config_server(const k8sc_config *config);
/* Returns the namespace that was set or found; NULL if there is none.
 * Ownership: borrowed from the configuration until it is changed. */
K8SC_API const char *k8sc_config_namespace(const k8sc_config *config);
/* Returns the name of the context that the configuration was loaded from; NULL if there is none.
 * Ownership: borrowed from the configuration until it is changed. */
K8SC_API const char *k8sc_config_context(const k8sc_config *config);
/* Returns the User-Agent that was set; NULL if none was.
 * Ownership: borrowed from the configuration until it is changed. */
K8SC_API const char *k8sc_config_user_agent(const k8sc_config *config);
/* Returns the TLS server name that was set or found; NULL if there is none.
 * Ownership: borrowed from the configuration until it is changed. */
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
 * it. The response ends when fn returns. The fn of a watch appends frames until the reply is
 * cancelled. A request that ends earlier, by a deadline or by cancellation, does not wait for fn.
 * k8sc_client_close does wait, except when it is called inside fn.
 * Threads: fn runs on a thread that the library starts for this one request. Several calls may run
 * at once, and each may block. Copies of the configuration and clients share fn. destroy runs when
 * the last of them is gone, on whichever thread releases it. */
K8SC_API k8sc_status k8sc_config_set_transport(k8sc_config *config, k8sc_transport_fn fn,
                                               void *user_data, k8sc_destroy_fn destroy,
                                               k8sc_error **err);
/* Returns the method of the request, such as "GET".
 * Ownership: borrowed from the request. */
K8SC_API const char *k8sc_transport_request_method(const k8sc_transport_request *request);
/* Returns the whole URL of the request.
 * Ownership: borrowed from the request. */
K8SC_API const char *k8sc_transport_request_url(const k8sc_transport_request *request);
/* Returns the value of a header of the request; NULL if it is absent. The case of `name` does not
 * matter.
 * Ownership: borrowed from the request. */
K8SC_API const char *k8sc_transport_request_header(const k8sc_transport_request *request,
                                                   const char *name);
/* Returns the body of the request. `len` receives its length and may be NULL.
 * Ownership: borrowed from the request. */
K8SC_API const char *k8sc_transport_request_body(const k8sc_transport_request *request,
                                                 size_t *len);
/* Sets the HTTP status of the response, 200 to 599; 200 by default.
 * Errors: K8SC_E_STATE (part of the body was appended already). */
K8SC_API k8sc_status k8sc_transport_reply_set_status(k8sc_transport_reply *reply, int32_t status,
                                                     k8sc_error **err);
/* Adds a header to the response, such as Content-Type. Without a Content-Type the body is taken for
 * JSON.
 * Errors: K8SC_E_STATE (part of the body was appended already). */
K8SC_API k8sc_status k8sc_transport_reply_add_header(k8sc_transport_reply *reply, const char *name,
                                                     const char *value, k8sc_error **err);
/* Appends `len` bytes, which may be 0, to the body of the response. The first call also sends
 * status and headers. Blocks while 1 MiB or more waits to be consumed.
 * Errors: K8SC_E_CANCELLED (the request has ended; fn should return). */
K8SC_API k8sc_status k8sc_transport_reply_append(k8sc_transport_reply *reply, const char *data,
                                                 size_t len, k8sc_error **err);
/* Ends the request with this error when fn returns, after what was appended. K8SC_E_TRANSPORT means
 * a lost connection and is retried as such. `message` may be NULL. */
K8SC_API k8sc_status k8sc_transport_reply_fail(k8sc_transport_reply *reply, k8sc_status code,
                                               const char *message, k8sc_error **err);
/* Returns true if the request has ended before fn returned.
 * Threads: any thread, until fn returns. */
K8SC_API int k8sc_transport_reply_is_cancelled(k8sc_transport_reply *reply);
/* Blocks until the request has ended or `timeout_ms` has passed. *cancelled is set to 1 if the
 * request has ended, and to 0 otherwise; `cancelled` may be NULL. */
K8SC_API k8sc_status k8sc_transport_reply_wait(k8sc_transport_reply *reply, int64_t timeout_ms,
                                               int *cancelled, k8sc_error **err);

/* Overrides: settings applied on top of a kubeconfig, such as kubectl's --server and --token.
 * Setters copy and check their arguments. NULL removes an override. */

/* Creates overrides that change nothing.
 * Ownership: release them with k8sc_overrides_free. */
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
 * - ~/.kube/config. If `path` is NULL, no kubeconfig sets current-context, and the overrides name
 *   no context, cluster or user, the configuration is that of the service account of the pod, if
 *   the process runs in one. All other overrides apply to it, too. Relative paths in a kubeconfig
 *   start at the directory of that file. Certificates and keys are read now. They and token files
 *   must be regular files or symbolic links to regular files. A kubeconfig may be a pipe, which
 *   must end within 5 seconds. Credentials are not sent to a server without TLS; the client's log
 *   says so. They are checked all the same.
 * Ownership: release the configuration with k8sc_config_free.
 * Errors: K8SC_E_CONFIG (nothing was found; an unknown context, cluster or user; mutually exclusive
 * or missing settings; a certificate or key that cannot be used), K8SC_E_PARSE (not YAML; the
 * message gives file and line), K8SC_E_IO (a file exists but cannot be read, or was named but does
 * not exist). If several files are invalid, the message lists them all. If a stanza has several
 * validation errors, the error's causes list them. */
K8SC_API k8sc_status k8sc_config_load_with(const char *path, const k8sc_overrides *overrides,
                                           k8sc_config **out, k8sc_error **err);

/* Kubeconfigs: the merged content of files, before a context is chosen. */

/* Creates an empty kubeconfig, which belongs to no file.
 * Ownership: release it with k8sc_kubeconfig_free. */
K8SC_API k8sc_status k8sc_kubeconfig_new(k8sc_kubeconfig **out, k8sc_error **err);
/* Loads a kubeconfig from the file `path`, which must exist. With a NULL `path` it loads and merges
 * the files of $KUBECONFIG that exist, or ~/.kube/config; it is no error if there is none. A file
 * may be a pipe, which must end within 5 seconds.
 * Ownership: release the kubeconfig with k8sc_kubeconfig_free.
 * Errors: K8SC_E_PARSE (not YAML; the message gives file and line), K8SC_E_CONFIG (a file is not a
 * kubeconfig), K8SC_E_IO (a file exists but cannot be read, or was named but does not exist). If
 * several files are invalid, the message lists them all. */
K8SC_API k8sc_status k8sc_kubeconfig_load(const char *path, k8sc_kubeconfig **out,
                                          k8sc_error **err);
/* Parses the text of a kubeconfig, of `len` bytes. The kubeconfig belongs to no file.
 * Ownership: release it with k8sc_kubeconfig_free.
 * Errors: K8SC_E_PARSE (not YAML), K8SC_E_CONFIG (not a kubeconfig). */
K8SC_API k8sc_status k8sc_kubeconfig_parse(const char *yaml, size_t len, k8sc_kubeconfig **out,
                                           k8sc_error **err);
/* Frees a kubeconfig. Files are not written. */
K8SC_API void k8sc_kubeconfig_free(k8sc_kubeconfig *kubeconfig);
/* Returns the name of the current context; NULL if none is set.
 * Ownership: borrowed from the kubeconfig until it is changed. */
K8SC_API const char *k8sc_kubeconfig_current_context(const k8sc_kubeconfig *kubeconfig);
/* k8sc_kubeconfig_context_count returns the number of contexts. k8sc_kubeconfig_context_name
 * returns the name of one, in alphabetical order; NULL if `index` is out of range.
 * Ownership: borrowed from the kubeconfig until it is changed. */
K8SC_API int32_t k8sc_kubeconfig_context_count(const k8sc_kubeconfig *kubeconfig);
K8SC_API const char *k8sc_kubeconfig_context_name(const k8sc_kubeconfig *kubeconfig, int32_t index);
/* k8sc_kubeconfig_cluster_count returns the number of clusters. k8sc_kubeconfig_cluster_name
 * returns the name of one, in alphabetical order; NULL if `index` is out of range.
 * Ownership: borrowed from the kubeconfig until it is changed. */
K8SC_API int32_t k8sc_kubeconfig_cluster_count(const k8sc_kubeconfig *kubeconfig);
K8SC_API const char *k8sc_kubeconfig_cluster_name(const k8sc_kubeconfig *kubeconfig, int32_t index);
/* k8sc_kubeconfig_user_count returns the number of users. k8sc_kubeconfig_user_name returns the
 * name of one, in alphabetical order; NULL if `index` is out of range.
 * Ownership: borrowed from the kubeconfig until it is changed. */
K8SC_API int32_t k8sc_kubeconfig_user_count(const k8sc_kubeconfig *kubeconfig);
K8SC_API const char *k8sc_kubeconfig_user_name(const k8sc_kubeconfig *kubeconfig, int32_t index);
/* Gets the stanza of a context as an object, as it was written, secrets included.
 * Ownership: release the object with k8sc_object_unref.
 * Errors: K8SC_E_CONFIG (no context has that name). */
K8SC_API k8sc_status k8sc_kubeconfig_get_context(const k8sc_kubeconfig *kubeconfig,
                                                 const char *name, k8sc_object **out,
                                                 k8sc_error **err);
/* Gets the stanza of a cluster as an object, as it was written, secrets included.
 * Ownership: release the object with k8sc_object_unref.
 * Errors: K8SC_E_CONFIG (no cluster has that name). */
K8SC_API k8sc_status k8sc_kubeconfig_get_cluster(const k8sc_kubeconfig *kubeconfig,
                                                 const char *name, k8sc_object **out,
                                                 k8sc_error **err);
/* Gets the stanza of a user as an object, as it was written, secrets included.
 * Ownership: release the object with k8sc_object_unref.
 * Errors: K8SC_E_CONFIG (no user has that name). */
K8SC_API k8sc_status k8sc_kubeconfig_get_user(const k8sc_kubeconfig *kubeconfig, const char *name,
                                              k8sc_object **out, k8sc_error **err);
/* Sets the whole stanza of a context, new or existing. `json` has `len` bytes and the fields of a
 * context in a kubeconfig, such as {"cluster": "c", "user": "u"}. An existing stanza stays in its
 * file. A new one belongs to the default file: the file that was named, else the first that exists,
 * else the first. Only types are checked; k8sc_kubeconfig_validate checks the rest.
 * Errors: K8SC_E_PARSE (not JSON), K8SC_E_INVALID (a known field has a wrong type). */
K8SC_API k8sc_status k8sc_kubeconfig_set_context(k8sc_kubeconfig *kubeconfig, const char *name,
                                                 const char *json, size_t len, k8sc_error **err);
/* Sets the whole stanza of a cluster, new or existing. `json` has `len` bytes and the fields of a
 * cluster in a kubeconfig, such as {"server": "https://c"}. An existing stanza stays in its file. A
 * new one belongs to the default file: the file that was named, else the first that exists, else
 * the first. Relative paths start at the directory of that file. Only types are checked;
 * k8sc_kubeconfig_validate checks the rest.
 * Errors: K8SC_E_PARSE (not JSON), K8SC_E_INVALID (a known field has a wrong type). */
K8SC_API k8sc_status k8sc_kubeconfig_set_cluster(k8sc_kubeconfig *kubeconfig, const char *name,
                                                 const char *json, size_t len, k8sc_error **err);
/* Sets the whole stanza of a user, new or existing. `json` has `len` bytes and the fields of a user
 * in a kubeconfig, such as {"token": "..."}, {"client-certificate": "a.crt", "client-key": "a.key"}
 * or {"exec": {...}}. An existing stanza stays in its file. A new one belongs to the default file:
 * the file that was named, else the first that exists, else the first. Relative paths start at the
 * directory of that file. Only types are checked; k8sc_kubeconfig_validate checks the rest.
 * Errors: K8SC_E_PARSE (not JSON), K8SC_E_INVALID (a known field has a wrong type). */
K8SC_API k8sc_status k8sc_kubeconfig_set_user(k8sc_kubeconfig *kubeconfig, const char *name,
                                              const char *json, size_t len, k8sc_error **err);
/* Sets the current context. NULL or "" means none.
 * Errors: K8SC_E_CONFIG (no context has that name). */
K8SC_API k8sc_status k8sc_kubeconfig_set_current_context(k8sc_kubeconfig *kubeconfig,
                                                         const char *name, k8sc_error **err);
/* Deletes a context from all files that have it. References to it are not changed.
 * Errors: K8SC_E_CONFIG (no context has that name). */
K8SC_API k8sc_status k8sc_kubeconfig_delete_context(k8sc_kubeconfig *kubeconfig, const char *name,
                                                    k8sc_error **err);
/* Deletes a cluster from all files that have it. References to it are not changed.
 * Errors: K8SC_E_CONFIG (no cluster has that name). */
K8SC_API k8sc_status k8sc_kubeconfig_delete_cluster(k8sc_kubeconfig *kubeconfig, const char *name,
                                                    k8sc_error **err);
/* Deletes a user from all files that have it. References to it are not changed.
 * Errors: K8SC_E_CONFIG (no user has that name). */
K8SC_API k8sc_status k8sc_kubeconfig_delete_user(k8sc_kubeconfig *kubeconfig, const char *name,
                                                 k8sc_error **err);
/* Writes a kubeconfig.
 * - With a NULL `path` it writes the changes, each stanza to its own file. The files are read again
 *   under "<file>.lock", which kubectl uses as well, so that changes of other programs are kept.
 *   Unknown fields are kept; comments are not.
 * - With a `path` it writes everything to that file and replaces its content. The changes still
 *   count as not written to their own files. A file is replaced as a whole or not at all. It has
 *   mode 0600, or the mode of the file it replaces. Missing directories are created, and symbolic
 *   links are followed. Waits up to 3 seconds for each lock.
 * Errors: K8SC_E_IO, K8SC_E_STATE (`path` is NULL and the kubeconfig belongs to no file),
 * K8SC_E_PARSE and K8SC_E_CONFIG (a file is no longer a kubeconfig). */
K8SC_API k8sc_status k8sc_kubeconfig_write(k8sc_kubeconfig *kubeconfig, const char *path,
                                           k8sc_error **err);
/* Validates all stanzas, and the certificates and keys that they refer to.
 * Errors: K8SC_E_CONFIG (there are validation errors: the message gives the first, and the causes
 * list them all, with fields such as "users[admin].exec.command"). */
K8SC_API k8sc_status k8sc_kubeconfig_validate(const k8sc_kubeconfig *kubeconfig, k8sc_error **err);
/* Creates a kubeconfig with one context and the stanzas that it uses. A NULL `context` means the
 * current one. The new kubeconfig belongs to no file.
 * Ownership: release it with k8sc_kubeconfig_free.
 * Errors: K8SC_E_CONFIG (the context does not exist, or none is set). */
K8SC_API k8sc_status k8sc_kubeconfig_minify(const k8sc_kubeconfig *kubeconfig, const char *context,
                                            k8sc_kubeconfig **out, k8sc_error **err);
/* Creates a kubeconfig with the content of certificate and key files inline. Token files stay
 * files, since their content changes. The new kubeconfig belongs to no file.
 * Ownership: release it with k8sc_kubeconfig_free.
 * Errors: K8SC_E_CONFIG (the causes list all files that cannot be read). */
K8SC_API k8sc_status k8sc_kubeconfig_flatten(const k8sc_kubeconfig *kubeconfig,
                                             k8sc_kubeconfig **out, k8sc_error **err);
/* Writes a whole kubeconfig as YAML text, secrets included. Paths that are relative to a file
 * become absolute.
 * Ownership: release the text with k8sc_string_free. */
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
 * server without TLS; the client's log says so. They are checked all the same.
 * Ownership: release the configuration with k8sc_config_free.
 * Errors: K8SC_E_CONFIG (the kubeconfig is empty; an unknown context, cluster or user; mutually
 * exclusive or missing settings; a certificate or key that cannot be used). If a stanza has several
 * validation errors, the error's causes list them. */
K8SC_API k8sc_status k8sc_kubeconfig_config(const k8sc_kubeconfig *kubeconfig,
                                            const k8sc_overrides *overrides, k8sc_config **out,
                                            k8sc_error **err);

/* Rate limiters. */

/* Creates a rate limiter: a bucket of `burst` tokens that starts full and is filled with `qps`
 * tokens per second.
 * Ownership: release it with k8sc_rate_limiter_unref.
 * Errors: K8SC_E_INVALID (`qps` is not above 0, or `burst` is below 1). */
K8SC_API k8sc_status k8sc_rate_limiter_new(double qps, int32_t burst, k8sc_rate_limiter **out,
                                           k8sc_error **err);
/* k8sc_rate_limiter_ref adds a reference to a rate limiter and returns the rate limiter.
 * k8sc_rate_limiter_unref releases one. Configurations and clients that use the rate limiter keep
 * it. */
K8SC_API k8sc_rate_limiter *k8sc_rate_limiter_ref(k8sc_rate_limiter *limiter);
K8SC_API void k8sc_rate_limiter_unref(k8sc_rate_limiter *limiter);
/* Takes a token if there is one, without waiting.
 * Returns 1 if it took one, else 0. */
K8SC_API int k8sc_rate_limiter_try_accept(k8sc_rate_limiter *limiter);
/* Waits for a token and takes it.
 * Errors: K8SC_E_TIMEOUT (the wait would exceed `timeout_ms`; returned at once). */
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

/* Creates a retry policy with the defaults.
 * Ownership: release it with k8sc_retry_policy_free. */
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

/* Creates a client with an I/O thread, connections and an event queue of its own. Sends nothing to
 * the server yet. `config` is copied.
 * Errors: K8SC_E_CONFIG (no server, or mutually exclusive settings). */
K8SC_API k8sc_status k8sc_client_new(const k8sc_config *config, k8sc_client **out,
                                     k8sc_error **err);
/* Creates a client that shares the I/O thread, the connections and the DNS cache of `other`. It has
 * its own event queue, credentials, User-Agent and rate limit. `config` is copied.
 * Errors: K8SC_E_CONFIG (no server, or mutually exclusive settings). */
K8SC_API k8sc_status k8sc_client_new_shared(const k8sc_config *config, k8sc_client *other,
                                            k8sc_client **out, k8sc_error **err);
/* k8sc_client_ref adds a reference to a client and returns the client. k8sc_client_unref releases
 * one; the last one cancels everything that still runs for the client, without waiting for it to
 * end. */
K8SC_API k8sc_client *k8sc_client_ref(k8sc_client *client);
K8SC_API void k8sc_client_unref(k8sc_client *client);
/* Closes a client: cancels everything that runs for it, waits for its work on the I/O thread to
 * end, and runs the destroy callbacks that are due. Waits for the I/O thread itself, too, if no
 * other client uses it. Afterwards all functions on the client's handles return K8SC_E_CLOSED;
 * objects and caches stay readable. Closing twice is allowed.
 * Errors: K8SC_E_TIMEOUT (still closing after `timeout_ms`; it may be called again).
 * Threads: may be called in a callback; it then does not wait for that callback. */
K8SC_API k8sc_status k8sc_client_close(k8sc_client *client, int64_t timeout_ms, k8sc_error **err);
/* Returns the client's event queue.
 * Ownership: borrowed from the client. */
K8SC_API k8sc_queue *k8sc_client_queue(k8sc_client *client);
/* Returns the server of the client's configuration.
 * Ownership: borrowed from the client. */
K8SC_API const char *k8sc_client_server(const k8sc_client *client);
/* Returns the namespace of the client's configuration; "default" if it has none.
 * Ownership: borrowed from the client. */
K8SC_API const char *k8sc_client_namespace(const k8sc_client *client);
/* Sets the bearer token of requests that begin from now on, and of requests that are waiting for a
 * credential. It overrides the configuration. Meant for programs that renew tokens themselves. */
K8SC_API k8sc_status k8sc_client_set_token(k8sc_client *client, const char *token,
                                           k8sc_error **err);
/* Changes the client's rate limit while it runs, to a bucket of `burst` tokens that is filled at
 * `qps` tokens per second. 0 means the default: 5 for `qps`, 10 for `burst`. A negative `qps` means
 * no limit. Requests that are already waiting keep their waiting time. A limiter that was set with
 * k8sc_config_set_rate_limiter is not changed, and this client stops using it. */
K8SC_API k8sc_status k8sc_client_set_rate_limit(k8sc_client *client, double qps, int32_t burst,
                                                k8sc_error **err);

/* ----------------------------------------------------------- 6. queues, events, cancellation -- */

/* Creates an event queue that belongs to no client. A part of a program that passes it to watches,
 * informers or subscriptions has a descriptor and a dispatching thread of its own. */
K8SC_API k8sc_status k8sc_queue_new(k8sc_queue **out, k8sc_error **err);
/* k8sc_queue_ref adds a reference to a queue and returns the queue. k8sc_queue_unref releases one;
 * the last one drops undelivered events and, on the calling thread, runs the destroy callbacks of
 * the queue's subscriptions that are due. */
K8SC_API k8sc_queue *k8sc_queue_ref(k8sc_queue *queue);
K8SC_API void k8sc_queue_unref(k8sc_queue *queue);
/* Returns a descriptor that is readable while events wait, or after a wakeup (level-triggered). Use
 * it only with poll, epoll, kqueue and the like; never read, write or close it.
 * Returns -1 for NULL and in a forked child.
 * Ownership: borrowed from the queue. */
K8SC_API int k8sc_queue_fd(const k8sc_queue *queue);
/* Blocks until an event waits, until a wakeup arrives (one from before the call counts), or until
 * `timeout_ms` has passed. Runs no callback. Sets `ready`, which may be NULL, to 1 if events wait,
 * else to 0. Any number of threads may wait.
 * Returns K8SC_OK also after a wakeup or the timeout.
 * Errors: K8SC_E_CLOSED (the queue's client was closed, and no event waits). */
K8SC_API k8sc_status k8sc_queue_wait(k8sc_queue *queue, int64_t timeout_ms, int *ready,
                                     k8sc_error **err);
/* Runs the callbacks of at most `max` waiting events; 0 means as many as wait when it is called.
 * Never waits for events. Leaves the events of pull subscriptions in the queue. Sets `n_done`,
 * which may be NULL, to the number of events delivered.
 * Errors: K8SC_E_BUSY (another thread dispatches this queue), K8SC_E_REENTRANT (called in a
 * callback of this queue), K8SC_E_CALLBACK (a callback returned non-zero). */
K8SC_API k8sc_status k8sc_queue_dispatch(k8sc_queue *queue, int32_t max, int32_t *n_done,
                                         k8sc_error **err);
/* Takes the next event of a pull subscription, which is one that was made with a NULL `fn`. Never
 * blocks. Sets *out to NULL if no such event waits.
 * Ownership: release *out with k8sc_event_free. */
K8SC_API k8sc_status k8sc_queue_take(k8sc_queue *queue, k8sc_event **out, k8sc_error **err);
/* Returns the number of events that wait, of all subscriptions; 0 for NULL and in a forked child. A
 * loop that takes at most that many events in one round ends, however fast new ones arrive. */
K8SC_API int64_t k8sc_queue_depth(k8sc_queue *queue);
/* Ends a running k8sc_queue_wait, or else the next one. k8sc_queue_dispatch and k8sc_queue_take do
 * not use up that wakeup, so a thread that checks a flag, takes events and waits misses none. The
 * descriptor stays readable until that wait ends or, if no thread waits, until the next dispatch or
 * take.
 * Threads: may also be called in a signal handler. */
K8SC_API void k8sc_queue_wakeup(k8sc_queue *queue);
/* Starts one thread of the library that dispatches the queue until the queue is closed. For C, C++
 * and C#; never for Lua or Ruby. Every other dispatch of the queue then fails with K8SC_E_BUSY. A
 * callback that returns non-zero ends the current round; the thread continues with the next event.
 * Errors: K8SC_E_STATE (the thread already runs), K8SC_E_BUSY (another thread is dispatching). */
K8SC_API k8sc_status k8sc_queue_start_thread(k8sc_queue *queue, k8sc_error **err);

/* Kinds of events, as k8sc_event_kind returns them. Each names the members that its events have. */

/* From an informer, for a handler. */
#define K8SC_EVENT_ADD 1    /* object */
#define K8SC_EVENT_UPDATE 2 /* object, old_object */
#define K8SC_EVENT_DELETE 3 /* object: its last known state; only after an ADD */
#define K8SC_EVENT_SYNC 4   /* this handler has received the whole initial list */
/* From a watch, named as in Kubernetes. */
#define K8SC_EVENT_ADDED 5    /* object */
#define K8SC_EVENT_MODIFIED 6 /* object */
#define K8SC_EVENT_DELETED 7  /* object */
#define K8SC_EVENT_BOOKMARK 8 /* object: only kind, apiVersion and metadata.resourceVersion */
/* From an informer, which then continues by itself, or from a watch, where CLOSED follows. */
#define K8SC_EVENT_ERROR 9 /* error */
/* From a request that was started. */
#define K8SC_EVENT_COMPLETED 10 /* result or error */
#define K8SC_EVENT_DATA 11      /* data: a piece of a streamed body */
/* The last event of a watch or a stream. */
#define K8SC_EVENT_CLOSED 12 /* error, unless it ended normally */
/* From a subscription to a client's warnings, logs or traces. */
#define K8SC_EVENT_WARNING 13 /* text: the server's warning; level, component */
#define K8SC_EVENT_LOG 14     /* text, level, component */
#define K8SC_EVENT_TRACE 15   /* text: one finished request, as JSON */

/* Returns the kind of an event, one of K8SC_EVENT_; 0 for NULL. */
K8SC_API int32_t k8sc_event_kind(const k8sc_event *event);
/* Returns the kind of an event as text: "ADD", "UPDATE" and so on, as the constants are named.
 * Ownership: borrowed forever. */
K8SC_API const char *k8sc_event_kind_name(const k8sc_event *event);
/* Returns the event's object; NULL if it has none.
 * Ownership: borrowed from the event; keep it with k8sc_object_ref. */
K8SC_API k8sc_object *k8sc_event_object(const k8sc_event *event);
/* Returns the previous state of the object of an UPDATE; NULL for other events.
 * Ownership: borrowed from the event; keep it with k8sc_object_ref. */
K8SC_API k8sc_object *k8sc_event_old_object(const k8sc_event *event);
/* Returns non-zero for an ADD whose object existed when the informer, or this handler, started. */
K8SC_API int k8sc_event_is_initial(const k8sc_event *event);
/* Returns non-zero for a DELETE that was inferred from a later list, because the deletion itself
 * was missed. */
K8SC_API int k8sc_event_is_inferred(const k8sc_event *event);
/* Returns the event's error; NULL if it has none.
 * Ownership: borrowed from the event. */
K8SC_API const k8sc_error *k8sc_event_error(const k8sc_event *event);
/* Returns the response of a COMPLETED event; NULL if the request failed, and for other events.
 * Ownership: borrowed from the event. */
K8SC_API const k8sc_result *k8sc_event_result(const k8sc_event *event);
/* Returns the bytes of a DATA event, which are not NUL-terminated, and their number in `len`, which
 * must not be NULL.
 * Returns NULL for other events.
 * Ownership: borrowed from the event. */
K8SC_API const char *k8sc_event_data(const k8sc_event *event, size_t *len);
/* Returns the user_data of the subscription that the event belongs to. After k8sc_queue_take it
 * tells subscriptions apart.
 * Ownership: the caller's own pointer. */
K8SC_API void *k8sc_event_user_data(const k8sc_event *event);
/* Returns the text of a WARNING, LOG or TRACE; NULL for other events.
 * Ownership: borrowed from the event. */
K8SC_API const char *k8sc_event_text(const k8sc_event *event);
/* Returns the level of a LOG or WARNING, one of K8SC_LOG_; 0 for other events. */
K8SC_API int32_t k8sc_event_level(const k8sc_event *event);
/* Returns the part of the library that a LOG or WARNING comes from, such as "http", "throttle",
 * "retry", "reflector", "auth" or "warning"; NULL for other events.
 * Ownership: borrowed from the event. */
K8SC_API const char *k8sc_event_component(const k8sc_event *event);
/* Returns the number of events that were dropped before this WARNING, LOG or TRACE, because too
 * many were waiting. A LOG also says so in its text. */
K8SC_API int64_t k8sc_event_dropped(const k8sc_event *event);
/* Frees an event from k8sc_queue_take. Never call it on an event that a callback receives. */
K8SC_API void k8sc_event_free(k8sc_event *event);

/* Creates a cancel token. It cancels every call that it was given to with k8sc_options_set_cancel
 * or k8sc_request_set_cancel, both running calls and later ones. */
K8SC_API k8sc_status k8sc_cancel_new(k8sc_cancel **out, k8sc_error **err);
/* k8sc_cancel_ref adds a reference to a cancel token and returns the cancel token.
 * k8sc_cancel_unref releases one. */
K8SC_API k8sc_cancel *k8sc_cancel_ref(k8sc_cancel *cancel);
K8SC_API void k8sc_cancel_unref(k8sc_cancel *cancel);
/* Cancels the token: its calls soon end with K8SC_E_CANCELLED. Never blocks, and may be called any
 * number of times. */
K8SC_API void k8sc_cancel_cancel(k8sc_cancel *cancel);
/* Returns non-zero once the token was cancelled. */
K8SC_API int k8sc_cancel_is_cancelled(const k8sc_cancel *cancel);
/* Binds a cancel token to the calling thread, until another one is bound; NULL unbinds it. When the
 * token is cancelled, the thread's blocking calls soon end with K8SC_E_CANCELLED. The token of
 * their options stays in effect, too.
 *
 * It ends every blocking call that sends a request, including those that take no options
 * (discovery, the REST mapper, k8sc_informer_factory_for_kind). It also ends waits for informers,
 * for a discovery that another thread is loading, and for a rate limiter. It does not end
 * k8sc_client_close, k8sc_queue_wait, k8sc_stream_read and k8sc_transport_reply_wait, which have
 * timeouts, nor anything that was started and is not waited for, such as a watch.
 * Returns the token that was bound before, so that it can be bound again; NULL if there was none.
 * Ownership: both tokens are borrowed; keep a token alive until it is replaced. */
K8SC_API k8sc_cancel *k8sc_cancel_bind(k8sc_cancel *cancel);

/* ------------------------------------------------------------------------------- 7. requests -- */

/* REQUEST ERRORS. Where a comment names "request errors", the function sends requests, and fails
 * with one of: K8SC_E_API (the server refused), K8SC_E_RESOLVE, K8SC_E_CONNECT, K8SC_E_TLS,
 * K8SC_E_TRANSPORT, K8SC_E_TIMEOUT, K8SC_E_CANCELLED, K8SC_E_CREDENTIALS, K8SC_E_DECODE,
 * K8SC_E_TOO_LARGE. */

/* Creates a REST client for one group and version, like client-go's rest.Interface. `group` "" is
 * the core group. Sends nothing.
 * Errors: K8SC_E_INVALID (a name that cannot be part of a path). */
K8SC_API k8sc_status k8sc_client_rest(k8sc_client *client, const char *group, const char *version,
                                      k8sc_rest_client **out, k8sc_error **err);
/* k8sc_rest_client_ref adds a reference to a REST client and returns the REST client.
 * k8sc_rest_client_unref releases one. */
K8SC_API k8sc_rest_client *k8sc_rest_client_ref(k8sc_rest_client *rest);
K8SC_API void k8sc_rest_client_unref(k8sc_rest_client *rest);
/* Returns the group of a REST client; "" is the core group.
 * Ownership: borrowed from the REST client. */
K8SC_API const char *k8sc_rest_client_group(const k8sc_rest_client *rest);
/* Returns the version of a REST client.
 * Ownership: borrowed from the REST client. */
K8SC_API const char *k8sc_rest_client_version(const k8sc_rest_client *rest);
/* Returns the rate limiter of the REST client's client; NULL if it has none.
 * Ownership: borrowed from the REST client. */
K8SC_API k8sc_rate_limiter *k8sc_rest_client_rate_limiter(k8sc_rest_client *rest);

/* Begins a request with any HTTP method, which is given in `verb`. Sends nothing.
 * Ownership: release *out with k8sc_request_free. */
K8SC_API k8sc_status k8sc_rest_client_verb(k8sc_rest_client *rest, const char *verb,
                                           k8sc_request **out, k8sc_error **err);
/* Begins a GET request. Sends nothing.
 * Ownership: release *out with k8sc_request_free. */
K8SC_API k8sc_status k8sc_rest_client_get(k8sc_rest_client *rest, k8sc_request **out,
                                          k8sc_error **err);
/* Begins a POST request. Sends nothing.
 * Ownership: release *out with k8sc_request_free. */
K8SC_API k8sc_status k8sc_rest_client_post(k8sc_rest_client *rest, k8sc_request **out,
                                           k8sc_error **err);
/* Begins a PUT request. Sends nothing.
 * Ownership: release *out with k8sc_request_free. */
K8SC_API k8sc_status k8sc_rest_client_put(k8sc_rest_client *rest, k8sc_request **out,
                                          k8sc_error **err);
/* Begins a DELETE request. Sends nothing.
 * Ownership: release *out with k8sc_request_free. */
K8SC_API k8sc_status k8sc_rest_client_delete(k8sc_rest_client *rest, k8sc_request **out,
                                             k8sc_error **err);
/* Begins a PATCH request with the content type of `patch_type`, one of K8SC_PATCH_. Sends nothing.
 * Ownership: release *out with k8sc_request_free. */
K8SC_API k8sc_status k8sc_rest_client_patch(k8sc_rest_client *rest, int32_t patch_type,
                                            k8sc_request **out, k8sc_error **err);
/* Frees a request. Calls that were started from it continue. */
K8SC_API void k8sc_request_free(k8sc_request *request);

/* REQUEST SETTERS. Each one returns a status. The request also keeps the first failure, and sending
 * it then fails with that error and its message; so setters may be called without checking each
 * status.
 *
 * The path is <prefix>/namespaces/<namespace>/<resource>/<name>/<subresource>/<suffix>. Namespace,
 * resource, name and subresource can be set once. */

/* Sets the namespace of the path; "" means all namespaces.
 * Errors: K8SC_E_INVALID (set before; ".", "..", or a name with "/" or "%"). */
K8SC_API k8sc_status k8sc_request_set_namespace(k8sc_request *request, const char *name);
/* Sets the resource of the path, such as "pods".
 * Errors: K8SC_E_INVALID (set before; empty, ".", "..", or a name with "/" or "%"). */
K8SC_API k8sc_status k8sc_request_set_resource(k8sc_request *request, const char *resource);
/* Sets the name of the object in the path.
 * Errors: K8SC_E_INVALID (set before; empty, ".", "..", or a name with "/" or "%"). */
K8SC_API k8sc_status k8sc_request_set_name(k8sc_request *request, const char *name);
/* Sets the subresource of the path: one segment or several joined by "/", such as "status" or
 * "proxy/metrics".
 * Errors: K8SC_E_INVALID (set before; a segment that is empty, ".", "..", or has "%"). */
K8SC_API k8sc_status k8sc_request_set_subresource(k8sc_request *request, const char *subresource);
/* Sets the segments at the end of the path, after all others.
 * Errors: K8SC_E_INVALID (a segment is "." or ".."). */
K8SC_API k8sc_status k8sc_request_set_suffix(k8sc_request *request, const char *suffix);
/* Replaces the prefix /api/v1 or /apis/<group>/<version> of the path. The path of the server's URL
 * stays in front of it.
 * Errors: K8SC_E_INVALID (a segment is "." or "..", with which a proxy would leave the path of the
 * server's URL). */
K8SC_API k8sc_status k8sc_request_set_abs_path(k8sc_request *request, const char *path);
/* Replaces the whole path and, after "?", adds parameters. The caller percent-encodes both. The
 * path of the server's URL is not put in front, so credentials go to whatever the server's host has
 * at that path. */
K8SC_API k8sc_status k8sc_request_set_request_uri(k8sc_request *request, const char *uri);
/* Replaces the whole path below the server's URL and, after "?", adds parameters. The caller
 * percent-encodes both. With the server https://host/k8s/clusters/c-x, "/version" requests
 * /k8s/clusters/c-x/version.
 * Errors: K8SC_E_INVALID (a segment is "." or "..", also percent-encoded). */
K8SC_API k8sc_status k8sc_request_set_relative_uri(k8sc_request *request, const char *uri);
/* Adds a query parameter. A name may be added several times. */
K8SC_API k8sc_status k8sc_request_add_param(k8sc_request *request, const char *name,
                                            const char *value);
/* Sets a header, and replaces one of the same name.
 * Errors: K8SC_E_INVALID (a name or value that HTTP does not allow). */
K8SC_API k8sc_status k8sc_request_set_header(k8sc_request *request, const char *name,
                                             const char *value);
/* Sets the body to `len` bytes at `body`. `content_type` NULL means the content type of the patch
 * type, else application/json. */
K8SC_API k8sc_status k8sc_request_set_body(k8sc_request *request, const char *body, size_t len,
                                           const char *content_type);
/* Sets the body to the JSON of an object. */
K8SC_API k8sc_status k8sc_request_set_object(k8sc_request *request, const k8sc_object *object);
/* Sets the overall deadline of all attempts. The server is told as well, in the parameter
 * `timeout`. */
K8SC_API k8sc_status k8sc_request_set_timeout(k8sc_request *request, int64_t timeout_ms);
/* Sets the maximum number of retries, overriding that of the retry policy. A negative number means
 * 0. */
K8SC_API k8sc_status k8sc_request_set_max_retries(k8sc_request *request, int32_t retries);
/* Sets the retry policy, which is copied. NULL means the policy of the configuration. */
K8SC_API k8sc_status k8sc_request_set_retry_policy(k8sc_request *request,
                                                   const k8sc_retry_policy *policy);
/* Sets the token that cancels the request; NULL removes it. */
K8SC_API k8sc_status k8sc_request_set_cancel(k8sc_request *request, k8sc_cancel *cancel);
/* Returns the URL that the request will be sent to; NULL if a setter failed.
 * Ownership: borrowed from the request until it is changed. */
K8SC_API const char *k8sc_request_url(k8sc_request *request);

/* Sends a request, and blocks until the response is complete. The request may be sent again later.
 * Errors: the first failure of a setter; request errors. K8SC_E_API is any HTTP status outside of
 * 200 to 206. */
K8SC_API k8sc_status k8sc_request_do(k8sc_request *request, k8sc_result **out, k8sc_error **err);
/* Starts a request, and returns at once. One COMPLETED event, with the response or an error, goes
 * to `queue` (NULL: the client's queue): to `fn` or, if `fn` is NULL, to k8sc_queue_take. `out` may
 * be NULL if the request need not be cancelled.
 * Errors: the first failure of a setter. */
K8SC_API k8sc_status k8sc_request_start(k8sc_request *request, k8sc_queue *queue, k8sc_event_fn fn,
                                        void *user_data, k8sc_destroy_fn destroy, k8sc_call **out,
                                        k8sc_error **err);
/* Starts a request whose response body is streamed, and returns at once. The body arrives as DATA
 * events, followed by CLOSED, in `queue` (NULL: the client's queue): at `fn` or, if `fn` is NULL,
 * at k8sc_queue_take. If the events are not taken, at most about a megabyte waits, and reading from
 * the server pauses. `out` may be NULL if the request need not be cancelled.
 * Errors: the first failure of a setter. */
K8SC_API k8sc_status k8sc_request_start_stream(k8sc_request *request, k8sc_queue *queue,
                                               k8sc_event_fn fn, void *user_data,
                                               k8sc_destroy_fn destroy, k8sc_call **out,
                                               k8sc_error **err);
/* Sends a request, and blocks until the headers of the response have arrived. The body is then read
 * piece by piece with k8sc_stream_read. The request's deadline applies to the opening, not to
 * reading.
 * Errors: the first failure of a setter; request errors.
 * Ownership: release *out with k8sc_stream_free. */
K8SC_API k8sc_status k8sc_request_stream(k8sc_request *request, k8sc_stream **out,
                                         k8sc_error **err);

/* k8sc_call_ref adds a reference to a started request and returns the started request.
 * k8sc_call_unref releases one; the last one does not end the request. */
K8SC_API k8sc_call *k8sc_call_ref(k8sc_call *call);
K8SC_API void k8sc_call_unref(k8sc_call *call);
/* Cancels a started request: COMPLETED or CLOSED arrives with K8SC_E_CANCELLED, unless it has
 * already arrived. Never blocks. */
K8SC_API void k8sc_call_cancel(k8sc_call *call);

/* Reads up to `size` bytes of a stream, as soon as any are there. Sets *n to the number of bytes; 0
 * is the end of the stream.
 * Errors: K8SC_E_TIMEOUT (nothing arrived within `timeout_ms`; it may be called again);
 * K8SC_E_TRANSPORT and other request errors (the stream has ended). */
K8SC_API k8sc_status k8sc_stream_read(k8sc_stream *stream, char *buffer, size_t size,
                                      int64_t timeout_ms, size_t *n, k8sc_error **err);
/* Ends and frees a stream, whether or not it was read to its end. */
K8SC_API void k8sc_stream_free(k8sc_stream *stream);

/* Frees a result. */
K8SC_API void k8sc_result_free(k8sc_result *result);
/* Returns the HTTP status of the response. */
K8SC_API int32_t k8sc_result_http_status(const k8sc_result *result);
/* Returns the body of the response, NUL-terminated, and its length in `len`, which may be NULL.
 * Ownership: borrowed from the result. */
K8SC_API const char *k8sc_result_body(const k8sc_result *result, size_t *len);
/* Returns a header of the response; NULL if it is absent. The case of `name` does not matter.
 * Ownership: borrowed from the result. */
K8SC_API const char *k8sc_result_header(const k8sc_result *result, const char *name);
/* Parses the body as an object.
 * Errors: K8SC_E_DECODE (not JSON, not an object, or truncated), K8SC_E_API (it is a Status that
 * reports Failure). */
K8SC_API k8sc_status k8sc_result_object(const k8sc_result *result, k8sc_object **out,
                                        k8sc_error **err);
/* Parses the body as a list.
 * Errors: K8SC_E_DECODE.
 * Ownership: release *out with k8sc_list_free. */
K8SC_API k8sc_status k8sc_result_list(const k8sc_result *result, k8sc_list **out, k8sc_error **err);
/* Returns how long the request waited for the client-side rate limit, in milliseconds. */
K8SC_API int64_t k8sc_result_throttled_ms(const k8sc_result *result);
/* Returns how often the request was sent. */
K8SC_API int32_t k8sc_result_attempts(const k8sc_result *result);
/* Returns the number of warnings that came with the response. Unlike a subscription, which drops
 * repeated texts, it counts every warning. */
K8SC_API int32_t k8sc_result_warning_count(const k8sc_result *result);
/* Returns the text of one warning that came with the response; NULL if `index` is out of range.
 * Ownership: borrowed from the result. */
K8SC_API const char *k8sc_result_warning(const k8sc_result *result, int32_t index);

/* ------------------------------------------------------------------------------ 8. resources -- */

/* OPTIONS of one call. Every verb accepts NULL for the defaults. A verb that does not support an
 * option fails with K8SC_E_INVALID; the message names the option. The same options may be used for
 * many calls. "Verbs:" in the comment of a setter names the verbs that support the option. */

/* Creates an options object with no option set.
 * Ownership: release *out with k8sc_options_free. */
K8SC_API k8sc_status k8sc_options_new(k8sc_options **out, k8sc_error **err);
/* Frees an options object. */
K8SC_API void k8sc_options_free(k8sc_options *options);
/* Sets the label selector of the objects wanted.
 * Verbs: list, watch, delete collection.
 * Errors: K8SC_E_PARSE (the grammar is wrong). */
K8SC_API k8sc_status k8sc_options_set_label_selector(k8sc_options *options, const char *selector,
                                                     k8sc_error **err);
/* Sets the field selector of the objects wanted.
 * Verbs: list, watch, delete collection.
 * Errors: K8SC_E_PARSE (the grammar is wrong). */
K8SC_API k8sc_status k8sc_options_set_field_selector(k8sc_options *options, const char *selector,
                                                     k8sc_error **err);
/* Sets the maximum number of objects per page.
 * Verbs: list, delete collection. */
K8SC_API k8sc_status k8sc_options_set_limit(k8sc_options *options, int64_t limit, k8sc_error **err);
/* Sets the continue token that an earlier page ended with.
 * Verbs: list, delete collection. */
K8SC_API k8sc_status k8sc_options_set_continue(k8sc_options *options, const char *token,
                                               k8sc_error **err);
/* Sets the resourceVersion to answer from or to watch from.
 * Verbs: get, list, watch, delete collection. */
K8SC_API k8sc_status k8sc_options_set_resource_version(k8sc_options *options, const char *version,
                                                       k8sc_error **err);
/* Sets how the resourceVersion is matched: "NotOlderThan" or "Exact".
 * Verbs: list, delete collection. */
K8SC_API k8sc_status k8sc_options_set_resource_version_match(k8sc_options *options,
                                                             const char *match, k8sc_error **err);
/* Sets how long the server may take, in seconds. A watch without it gets a random time between 300
 * and 600 seconds.
 * Verbs: list, watch, delete collection. */
K8SC_API k8sc_status k8sc_options_set_timeout_seconds(k8sc_options *options, int64_t seconds,
                                                      k8sc_error **err);
/* Requests BOOKMARK events; off (0) by default.
 * Verbs: watch. */
K8SC_API k8sc_status k8sc_options_set_allow_watch_bookmarks(k8sc_options *options, int allow,
                                                            k8sc_error **err);
/* Makes the server check the request and answer it without storing anything.
 * Verbs: create, update, patch, apply, delete, delete collection. */
K8SC_API k8sc_status k8sc_options_set_dry_run(k8sc_options *options, int dry_run, k8sc_error **err);
/* Sets the field manager, a name of at most 128 characters.
 * Verbs: create, update, patch, apply, which requires it. */
K8SC_API k8sc_status k8sc_options_set_field_manager(k8sc_options *options, const char *name,
                                                    k8sc_error **err);
/* Sets how the server treats unknown and duplicate fields: "Ignore", "Warn" or "Strict".
 * Verbs: create, update, patch. */
K8SC_API k8sc_status k8sc_options_set_field_validation(k8sc_options *options, const char *directive,
                                                       k8sc_error **err);
/* Makes the server take over fields that another field manager owns.
 * Verbs: patch (K8SC_PATCH_APPLY only), apply. */
K8SC_API k8sc_status k8sc_options_set_force(k8sc_options *options, int force, k8sc_error **err);
/* Sets what happens to dependents: "Orphan", "Background" or "Foreground".
 * Verbs: delete, delete collection. */
K8SC_API k8sc_status k8sc_options_set_propagation_policy(k8sc_options *options, const char *policy,
                                                         k8sc_error **err);
/* Sets how long the object may take to end, in seconds; 0 means at once.
 * Verbs: delete, delete collection. */
K8SC_API k8sc_status k8sc_options_set_grace_period_seconds(k8sc_options *options, int64_t seconds,
                                                           k8sc_error **err);
/* Restricts the deletion to the object with this uid; another one is refused with Conflict.
 * Verbs: delete, delete collection. */
K8SC_API k8sc_status k8sc_options_set_precondition_uid(k8sc_options *options, const char *uid,
                                                       k8sc_error **err);
/* Restricts the deletion to the object at this resourceVersion; another one is refused with
 * Conflict.
 * Verbs: delete, delete collection. */
K8SC_API k8sc_status k8sc_options_set_precondition_resource_version(k8sc_options *options,
                                                                    const char *version,
                                                                    k8sc_error **err);
/* Sets the subresource to act on, such as "status", "scale" or "token".
 * Verbs: create, get, update, patch, apply, delete. */
K8SC_API k8sc_status k8sc_options_set_subresource(k8sc_options *options, const char *subresource,
                                                  k8sc_error **err);
/* Sets the overall deadline, overriding that of the configuration. For a watch it applies to the
 * opening only.
 * Verbs: all. */
K8SC_API k8sc_status k8sc_options_set_timeout(k8sc_options *options, int64_t timeout_ms,
                                              k8sc_error **err);
/* Sets how long a watch may go without receiving a byte before it ends with K8SC_E_TIMEOUT,
 * overriding the watch idle timeout of the configuration. -1 means 30 seconds longer than the time
 * for which the server was asked to keep the watch.
 * Verbs: watch. */
K8SC_API k8sc_status k8sc_options_set_idle_timeout(k8sc_options *options, int64_t timeout_ms,
                                                   k8sc_error **err);
/* Sets the token that cancels the call; NULL removes it.
 * Verbs: all. */
K8SC_API k8sc_status k8sc_options_set_cancel(k8sc_options *options, k8sc_cancel *cancel,
                                             k8sc_error **err);
/* Sets the maximum number of retries, overriding that of the retry policy. For
 * k8sc_resource_retry_watch it is the number of failures in a row that the watch survives, which is
 * unlimited by default.
 * Verbs: all. */
K8SC_API k8sc_status k8sc_options_set_max_retries(k8sc_options *options, int32_t retries,
                                                  k8sc_error **err);
/* Sets the retry policy of the call, which is copied. NULL means the policy of the configuration.
 * Verbs: all. */
K8SC_API k8sc_status k8sc_options_set_retry_policy(k8sc_options *options,
                                                   const k8sc_retry_policy *policy,
                                                   k8sc_error **err);
/* Sets the queue that receives the events, overriding the client's queue; NULL removes it. Not
 * accepted by k8sc_resource_until and the other waits, which use a queue of their own.
 * Verbs: watch. */
K8SC_API k8sc_status k8sc_options_set_queue(k8sc_options *options, k8sc_queue *queue,
                                            k8sc_error **err);

/* Types of patches. */
#define K8SC_PATCH_JSON 1            /* JSON Patch (RFC 6902) */
#define K8SC_PATCH_MERGE 2           /* JSON Merge Patch (RFC 7386) */
#define K8SC_PATCH_STRATEGIC_MERGE 3 /* Kubernetes' strategic merge; not for custom resources */
#define K8SC_PATCH_APPLY 4           /* server-side apply; JSON or YAML */

/* Creates a dynamic client for one resource. Sends nothing. `group` "" is the core group.
 * `resource` is the plural in lower case, such as "pods". `ns` is a namespace; NULL or "" is for
 * cluster-scoped resources, and for all namespaces. With all namespaces, lists, watches and waits
 * work; verbs for one object fail with K8SC_E_INVALID if the resource is one of Kubernetes' own
 * namespaced resources.
 * Errors: K8SC_E_INVALID (a name that cannot be part of a path: ".", "..", one with "/" or "%", or
 * an empty `version` or `resource`). */
K8SC_API k8sc_status k8sc_client_resource(k8sc_client *client, const char *group,
                                          const char *version, const char *resource, const char *ns,
                                          k8sc_resource **out, k8sc_error **err);
/* k8sc_resource_ref adds a reference to a dynamic client and returns the dynamic client.
 * k8sc_resource_unref releases one. */
K8SC_API k8sc_resource *k8sc_resource_ref(k8sc_resource *resource);
K8SC_API void k8sc_resource_unref(k8sc_resource *resource);

/* VERBS block until the response is complete, a deadline passes, or they are cancelled;
 * k8sc_request_start does not block. They may be called in callbacks. `options` may be NULL. `out`
 * may be NULL if the response is not wanted. A name that cannot be part of a path, and an option
 * that the verb does not support, fail with K8SC_E_INVALID. */

/* Creates an object. *out is the object as the server stored it.
 * Errors: request errors. */
K8SC_API k8sc_status k8sc_resource_create(k8sc_resource *resource, const k8sc_object *object,
                                          const k8sc_options *options, k8sc_object **out,
                                          k8sc_error **err);
/* Replaces the object that has the name of `object`. *out is the object as the server stored it. A
 * resourceVersion in `object` must be the current one.
 * Errors: request errors; a resourceVersion that is not current is K8SC_E_API, with
 * k8sc_error_is_conflict. */
K8SC_API k8sc_status k8sc_resource_update(k8sc_resource *resource, const k8sc_object *object,
                                          const k8sc_options *options, k8sc_object **out,
                                          k8sc_error **err);
/* Replaces only the status of the object that has the name of `object`. *out is the object as the
 * server stored it.
 * Errors: request errors. */
K8SC_API k8sc_status k8sc_resource_update_status(k8sc_resource *resource, const k8sc_object *object,
                                                 const k8sc_options *options, k8sc_object **out,
                                                 k8sc_error **err);
/* Deletes one object. *out is the server's response: the object, which is being deleted, or a
 * Status.
 * Errors: request errors. */
K8SC_API k8sc_status k8sc_resource_delete(k8sc_resource *resource, const char *name,
                                          const k8sc_options *options, k8sc_object **out,
                                          k8sc_error **err);
/* Deletes all objects that the options select; without a selector, all objects of the resource.
 * *out is the server's response.
 * Errors: request errors. */
K8SC_API k8sc_status k8sc_resource_delete_collection(k8sc_resource *resource,
                                                     const k8sc_options *options, k8sc_object **out,
                                                     k8sc_error **err);
/* Gets one object.
 * Errors: request errors. */
K8SC_API k8sc_status k8sc_resource_get(k8sc_resource *resource, const char *name,
                                       const k8sc_options *options, k8sc_object **out,
                                       k8sc_error **err);
/* Lists one page of objects. Without the option limit that is all objects.
 * Errors: request errors.
 * Ownership: release *out with k8sc_list_free. */
K8SC_API k8sc_status k8sc_resource_list(k8sc_resource *resource, const k8sc_options *options,
                                        k8sc_list **out, k8sc_error **err);
/* Lists all objects, page by page, as one list that has the resourceVersion of the first page. A
 * page has 500 objects unless the option limit is set. If a continue token expires on the way, one
 * list without a limit replaces the pages. The deadline (that of the options, else that of the
 * configuration) applies to all pages together.
 * Errors: request errors; K8SC_E_DECODE also if the server repeats a continue token that it gave
 * for this list before, since the pages would never end.
 * Ownership: release *out with k8sc_list_free. */
K8SC_API k8sc_status k8sc_resource_list_all(k8sc_resource *resource, const k8sc_options *options,
                                            k8sc_list **out, k8sc_error **err);
/* Patches one object with `len` bytes at `patch`. `patch_type` is one of K8SC_PATCH_. *out is the
 * object as the server stored it.
 * Errors: request errors. */
K8SC_API k8sc_status k8sc_resource_patch(k8sc_resource *resource, const char *name,
                                         int32_t patch_type, const char *patch, size_t len,
                                         const k8sc_options *options, k8sc_object **out,
                                         k8sc_error **err);
/* Applies `object` to the object `name` with server-side apply. The options must name a field
 * manager. *out is the object as the server stored it.
 * Errors: request errors; K8SC_E_INVALID (no field manager; `object` has
 * metadata.managedFields). */
K8SC_API k8sc_status k8sc_resource_apply(k8sc_resource *resource, const char *name,
                                         const k8sc_object *object, const k8sc_options *options,
                                         k8sc_object **out, k8sc_error **err);
/* Applies `object` to the status of the object `name` with server-side apply. The options must name
 * a field manager. *out is the object as the server stored it.
 * Errors: request errors; K8SC_E_INVALID (no field manager; `object` has
 * metadata.managedFields). */
K8SC_API k8sc_status k8sc_resource_apply_status(k8sc_resource *resource, const char *name,
                                                const k8sc_object *object,
                                                const k8sc_options *options, k8sc_object **out,
                                                k8sc_error **err);

/* VERBS ON A SUBRESOURCE of the object `name`, such as "scale", "token", "binding" or
 * "ephemeralcontainers". The options must not name a subresource. */

/* Creates a subresource of the object `name`. `object` is sent as the body, and need not have that
 * name. *out is the server's response.
 * Errors: request errors. */
K8SC_API k8sc_status k8sc_resource_create_subresource(k8sc_resource *resource, const char *name,
                                                      const char *subresource,
                                                      const k8sc_object *object,
                                                      const k8sc_options *options,
                                                      k8sc_object **out, k8sc_error **err);
/* Gets a subresource of the object `name`.
 * Errors: request errors. */
K8SC_API k8sc_status k8sc_resource_get_subresource(k8sc_resource *resource, const char *name,
                                                   const char *subresource,
                                                   const k8sc_options *options, k8sc_object **out,
                                                   k8sc_error **err);
/* Replaces a subresource of the object `name` with `object`. *out is the server's response.
 * Errors: request errors. */
K8SC_API k8sc_status k8sc_resource_update_subresource(k8sc_resource *resource, const char *name,
                                                      const char *subresource,
                                                      const k8sc_object *object,
                                                      const k8sc_options *options,
                                                      k8sc_object **out, k8sc_error **err);
/* Patches a subresource of the object `name` with `len` bytes at `patch`. `patch_type` is one of
 * K8SC_PATCH_. *out is the server's response.
 * Errors: request errors. */
K8SC_API k8sc_status k8sc_resource_patch_subresource(k8sc_resource *resource, const char *name,
                                                     const char *subresource, int32_t patch_type,
                                                     const char *patch, size_t len,
                                                     const k8sc_options *options, k8sc_object **out,
                                                     k8sc_error **err);
/* Applies `object` to a subresource of the object `name` with server-side apply. The options must
 * name a field manager. *out is the server's response.
 * Errors: request errors; K8SC_E_INVALID (no field manager; `object` has
 * metadata.managedFields). */
K8SC_API k8sc_status k8sc_resource_apply_subresource(k8sc_resource *resource, const char *name,
                                                     const char *subresource,
                                                     const k8sc_object *object,
                                                     const k8sc_options *options, k8sc_object **out,
                                                     k8sc_error **err);

/* Starts a watch, and returns at once. ADDED, MODIFIED, DELETED, BOOKMARK, ERROR and finally CLOSED
 * events go to `fn` or, if `fn` is NULL, to k8sc_queue_take. A refusal by the server arrives as
 * ERROR. The watch ends when the server ends it; an informer and k8sc_resource_retry_watch resume
 * instead. If the events are not taken, at most about a megabyte waits, and reading from the server
 * pauses. */
K8SC_API k8sc_status k8sc_resource_watch(k8sc_resource *resource, const k8sc_options *options,
                                         k8sc_event_fn fn, void *user_data, k8sc_destroy_fn destroy,
                                         k8sc_watch **out, k8sc_error **err);
/* Starts a watch that resumes where it was interrupted, and returns at once. ADDED, MODIFIED,
 * DELETED, BOOKMARK, ERROR and finally CLOSED events go to `fn` or, if `fn` is NULL, to
 * k8sc_queue_take. If the events are not taken, at most about a megabyte waits, and reading from
 * the server pauses. It keeps no objects; an informer does. The options must have a resourceVersion
 * other than "0", such as that of an earlier list (k8sc_list_resource_version).
 *
 * The watch opens another connection, from the version of the last event or bookmark, when the
 * server ends the present one, when the connection is lost or silent (the idle timeout, or
 * k8sc_config_set_probe), after 5xx and 429, and after every ERROR of an open watch but 410. No
 * event is repeated or lost. A connection that was open for a second is replaced at once. Otherwise
 * there is a back-off: 0.8 s, doubling up to 30 s, each extended at random by up to its own length.
 * Events reset it, as does a connection that lives for 10 s. A Retry-After is waited for, but for
 * at most 5 minutes. None of this is an event: it is logged (component "watch"), and each
 * connection that has ended is a TRACE.
 *
 * Bookmarks are always requested, and emitted if the options ask for them. The options
 * timeout_seconds, timeout and idle_timeout apply to each connection. The option retry_policy does
 * not apply.
 *
 * The watch ends with ERROR and CLOSED on:
 * - 410, at the opening or in the stream (k8sc_error_is_gone): list again, and watch from there;
 * - 401 and 403 at the opening;
 * - other refusals at the opening (400, 404 and so on), once there was nothing else for a minute: a
 *   server that is starting may give them for a moment;
 * - an event without a resourceVersion, K8SC_E_DECODE and K8SC_E_TOO_LARGE;
 * - K8SC_E_TLS, K8SC_E_CREDENTIALS and a refusal by a proxy, if the watch was never open;
 * - more failures in a row than the option max_retries allows.
 *
 * k8sc_watch_cancel, the last k8sc_watch_unref, the cancel token of the options, and closing the
 * client end it, too.
 * Errors: K8SC_E_INVALID (no resourceVersion in the options, or "0": there is nothing to resume
 * from). */
K8SC_API k8sc_status k8sc_resource_retry_watch(k8sc_resource *resource, const k8sc_options *options,
                                               k8sc_event_fn fn, void *user_data,
                                               k8sc_destroy_fn destroy, k8sc_watch **out,
                                               k8sc_error **err);
/* k8sc_watch_ref adds a reference to a watch and returns the watch. k8sc_watch_unref releases one;
 * the last one cancels the watch. */
K8SC_API k8sc_watch *k8sc_watch_ref(k8sc_watch *watch);
K8SC_API void k8sc_watch_unref(k8sc_watch *watch);
/* Ends a watch. Events that wait are not delivered any more, except for CLOSED. Never blocks, and
 * may be called any number of times. */
K8SC_API void k8sc_watch_cancel(k8sc_watch *watch);

/* WAITS block like verbs, do not need a queue to be dispatched, and may be called in callbacks. */

/* Tells k8sc_resource_until whether a state of an object is the one that it waits for. `event` is
 * ADDED or MODIFIED with the current object, or DELETED with its last state. k8sc_event_is_initial
 * marks an ADDED object that was there at the start; k8sc_event_is_inferred marks a DELETED that
 * was missed and inferred.
 * Returns 0 to continue, 1 if this is the state, or a negative number to give up.
 * Ownership: the event is borrowed for the duration of the call.
 * Threads: runs inside k8sc_resource_until, on its thread. */
typedef int (*k8sc_condition_fn)(const k8sc_event *event, void *user_data);
/* Waits until `fn` returns 1. It lists, and then watches without missing a change, like
 * k8sc_resource_retry_watch. *out is the object that `fn` accepted. `name` selects one object; NULL
 * means all objects that the options select. `fn` is called for each object that is there at the
 * start, and for each change; the states of one object come in order. If the watch is too old
 * (410), it lists again and calls `fn` for what has changed; therefore it keeps the objects while
 * it runs.
 *
 * `timeout_ms` applies to the whole call; 0 checks once. It accepts cancel and the options of list
 * other than continue, but no selectors together with a name. The option resource_version applies
 * to the first list; "0" accepts the state that the server has cached. A failure of the first list
 * ends the call. 404 and 503 are first retried three times, within about eight seconds, since a
 * server gives them while it starts, and for a resource that was just defined. Later lists are
 * retried until the timeout; after a 404, for a minute. The options max_retries and retry_policy
 * override these numbers.
 * Errors: K8SC_E_TIMEOUT (the message names the resource and what was missing), K8SC_E_CALLBACK
 * (`fn` returned a negative number), K8SC_E_CANCELLED, other request errors, and whatever ends a
 * k8sc_resource_retry_watch. */
K8SC_API k8sc_status k8sc_resource_until(k8sc_resource *resource, const char *name,
                                         const k8sc_options *options, k8sc_condition_fn fn,
                                         void *user_data, k8sc_destroy_fn destroy,
                                         int64_t timeout_ms, k8sc_object **out, k8sc_error **err);
/* Waits for a condition of one object, like `kubectl wait --for=condition=<type>=<status>`: until
 * status.conditions has one with the type `type` and the status `status` (NULL: "True"). Case does
 * not matter. A condition whose observedGeneration, or that of the status, is below
 * metadata.generation does not count. An object that does not exist, or does not exist any more,
 * may still appear. *out is the object that has the condition. `timeout_ms` applies to the whole
 * call; 0 checks once. It accepts the options that k8sc_resource_until accepts with a name.
 * Errors: K8SC_E_TIMEOUT, K8SC_E_CANCELLED, other request errors, and whatever ends a
 * k8sc_resource_retry_watch. */
K8SC_API k8sc_status k8sc_resource_wait_for_condition(k8sc_resource *resource, const char *name,
                                                      const char *type, const char *status,
                                                      const k8sc_options *options,
                                                      int64_t timeout_ms, k8sc_object **out,
                                                      k8sc_error **err);
/* Waits until an object is deleted. Succeeds at once if it does not exist, and also once another
 * object, with another uid, has its name. For a dynamic client of all namespaces it waits until all
 * objects that had the name are deleted. `timeout_ms` applies to the whole call; 0 checks once. It
 * accepts the options that k8sc_resource_until accepts with a name.
 * Errors: K8SC_E_TIMEOUT, K8SC_E_CANCELLED, other request errors, and whatever ends a
 * k8sc_resource_retry_watch. */
K8SC_API k8sc_status k8sc_resource_wait_for_deletion(k8sc_resource *resource, const char *name,
                                                     const k8sc_options *options,
                                                     int64_t timeout_ms, k8sc_error **err);

/* Creates a pager, which iterates over all objects and holds one page at a time. A page has 500
 * objects unless the option limit is set. The pager keeps the cancel token of the options. Sends
 * nothing.
 * Ownership: release *out with k8sc_pager_free. */
K8SC_API k8sc_status k8sc_resource_pages(k8sc_resource *resource, const k8sc_options *options,
                                         k8sc_pager **out, k8sc_error **err);
/* Gets the next object; *out is NULL at the end. Blocks while a page is fetched; the deadline
 * applies to each page anew.
 * Errors: request errors. An expired continue token (k8sc_error_is_gone) ends the iteration; begin
 * a new one. So does K8SC_E_DECODE for a token that the server gave before; every further call
 * returns that error again. */
K8SC_API k8sc_status k8sc_pager_next(k8sc_pager *pager, k8sc_object **out, k8sc_error **err);
/* Frees a pager. */
K8SC_API void k8sc_pager_free(k8sc_pager *pager);

/* ------------------------------------------------------ 9. discovery, REST mapper, manifests -- */

/* DISCOVERY tells which groups, versions and resources the server has. Servers from 1.27 on tell
 * all of it in two requests; older ones are sent one request for each group-version, all at once.
 * The results are the same. Functions that ask the server block, and fail with request errors. The
 * timeout of the configuration, else 32 seconds, applies to all requests of one call together: a
 * group-version that has not answered by then has failed, and the others are returned. Discovery is
 * not rate-limited. A discovery keeps its client in use.
 *
 * PARTIAL FAILURES. If some group-versions fail, also after one more request, a function with the
 * parameter `partial` returns the others. Its status is K8SC_OK, and *partial is an error with one
 * cause for each group-version that failed: the field of the cause is the group-version, its type
 * the reason. The error has the code of the first failure. If `partial` is NULL, the function fails
 * with that error instead.
 *
 * Any thread may use a shared discovery. If it has a cache, one thread loads the cache while the
 * others wait for it. */

/* Creates a discovery without a cache: each call asks the server. */
K8SC_API k8sc_status k8sc_discovery_new(k8sc_client *client, k8sc_discovery **out,
                                        k8sc_error **err);
/* Creates a discovery that caches everything in memory until k8sc_discovery_invalidate. A
 * group-version that failed temporarily (a lost connection, 429, 5xx) is requested again, alone, at
 * the next call. One that did not answer in time is requested again at the first call after ten
 * seconds. Other failures are cached. */
K8SC_API k8sc_status k8sc_discovery_new_cached(k8sc_client *client, k8sc_discovery **out,
                                               k8sc_error **err);
/* Creates a discovery that caches everything in files, each for `ttl_ms` milliseconds; -1 means
 * forever. The files are in a directory, named after the server, below `directory`; NULL means
 * $XDG_CACHE_HOME/k8sc/discovery, or ~/.cache/k8sc/discovery.
 *
 * The files have the format of kubectl's cache: servergroups.json and
 * <group>/<version>/serverresources.json. Any number of processes may share them. They are the same
 * for all users of a server. Empty and failed results are not written. A file that cannot be read
 * is fetched again. If nothing can be written, a warning is logged, and calls succeed all the same.
 * Errors: K8SC_E_CONFIG (no directory is given or known). */
K8SC_API k8sc_status k8sc_discovery_new_disk_cached(k8sc_client *client, const char *directory,
                                                    int64_t ttl_ms, k8sc_discovery **out,
                                                    k8sc_error **err);
/* k8sc_discovery_ref adds a reference to a discovery and returns the discovery.
 * k8sc_discovery_unref releases one. */
K8SC_API k8sc_discovery *k8sc_discovery_ref(k8sc_discovery *discovery);
K8SC_API void k8sc_discovery_unref(k8sc_discovery *discovery);

/* Invalidates the cache. Cached files stay, but this discovery ignores each of them until it has
 * written it again. Waits for a thread that is loading the cache.
 * Errors: K8SC_E_CANCELLED (the token of k8sc_cancel_bind ended the wait). */
K8SC_API k8sc_status k8sc_discovery_invalidate(k8sc_discovery *discovery, k8sc_error **err);
/* Tells whether the results are fresh, like client-go's Fresh. If they are not,
 * k8sc_discovery_invalidate and another call may bring newer ones.
 * Returns 1 without a cache; with a cache in memory, 1 once it was loaded after its creation or
 * last invalidation; with a cache in files, 1 unless a file was used that another process wrote; 0
 * for NULL. */
K8SC_API int k8sc_discovery_is_fresh(k8sc_discovery *discovery);

/* Gets the groups with their versions, as an APIGroupList. The core group, whose name is "", comes
 * first.
 * Errors: request errors. */
K8SC_API k8sc_status k8sc_discovery_server_groups(k8sc_discovery *discovery, k8sc_object **out,
                                                  k8sc_error **err);
/* Gets the resources and subresources of one group-version ("v1" or "<group>/<version>"), as an
 * APIResourceList. A resource has the members group and version only if its kind belongs to another
 * group-version than the list.
 * Errors: request errors; a group-version that the server, or the cache, does not have is
 * K8SC_E_API, with k8sc_error_is_not_found. */
K8SC_API k8sc_status k8sc_discovery_server_resources_for_group_version(k8sc_discovery *discovery,
                                                                       const char *group_version,
                                                                       k8sc_object **out,
                                                                       k8sc_error **err);
/* Gets the groups, as an APIGroupList, and one APIResourceList for each group-version. `groups` may
 * be NULL if the groups are not wanted. *partial is the error of a partial failure, else NULL.
 * Errors: request errors.
 * Ownership: release *groups with k8sc_object_unref, *out with k8sc_list_free, *partial with
 * k8sc_error_free. */
K8SC_API k8sc_status k8sc_discovery_server_groups_and_resources(k8sc_discovery *discovery,
                                                                k8sc_object **groups,
                                                                k8sc_list **out,
                                                                k8sc_error **partial,
                                                                k8sc_error **err);
/* Gets each resource once, without subresources, as APIResourceLists: in the version that its group
 * prefers, else in the first version that has it. *partial is the error of a partial failure, else
 * NULL.
 * Errors: request errors.
 * Ownership: release *out with k8sc_list_free, *partial with k8sc_error_free. */
K8SC_API k8sc_status k8sc_discovery_server_preferred_resources(k8sc_discovery *discovery,
                                                               k8sc_list **out,
                                                               k8sc_error **partial,
                                                               k8sc_error **err);
/* Gets each namespaced resource once, without subresources, as APIResourceLists: in the version
 * that its group prefers, else in the first version that has it. *partial is the error of a partial
 * failure, else NULL.
 * Errors: request errors.
 * Ownership: release *out with k8sc_list_free, *partial with k8sc_error_free. */
K8SC_API k8sc_status k8sc_discovery_server_preferred_namespaced_resources(k8sc_discovery *discovery,
                                                                          k8sc_list **out,
                                                                          k8sc_error **partial,
                                                                          k8sc_error **err);
/* Gets the build of the server from /version: "major", "minor", "gitVersion" and so on. Never
 * cached.
 * Errors: request errors. */
K8SC_API k8sc_status k8sc_discovery_server_version(k8sc_discovery *discovery, k8sc_object **out,
                                                   k8sc_error **err);
/* Gets the OpenAPI v2 document, which has several megabytes. Never cached.
 * Errors: request errors; K8SC_E_TOO_LARGE if it exceeds the configuration's limit for one
 * object. */
K8SC_API k8sc_status k8sc_discovery_openapi_v2(k8sc_discovery *discovery, k8sc_object **out,
                                               k8sc_error **err);
/* Gets the index of the OpenAPI v3 documents: which there are, and where. Never cached.
 * Errors: request errors. */
K8SC_API k8sc_status k8sc_discovery_openapi_v3(k8sc_discovery *discovery, k8sc_object **out,
                                               k8sc_error **err);
/* Gets the OpenAPI v3 document of one group-version ("v1" or "<group>/<version>"). Never cached.
 * Errors: request errors; a group-version that is not in the index is K8SC_E_API, with
 * k8sc_error_is_not_found. */
K8SC_API k8sc_status k8sc_discovery_openapi_v3_document(k8sc_discovery *discovery,
                                                        const char *group_version,
                                                        k8sc_object **out, k8sc_error **err);
/* Sets *supported to 1 if the server has a group-version ("v1" or "<group>/<version>"), else to 0.
 * Errors: request errors. */
K8SC_API k8sc_status k8sc_discovery_supports_version(k8sc_discovery *discovery,
                                                     const char *group_version, int *supported,
                                                     k8sc_error **err);
/* Sets *enabled to 1 if the server has a resource, such as "pods" or "pods/eviction", in a
 * group-version ("v1" or "<group>/<version>"), else to 0.
 * Errors: request errors. */
K8SC_API k8sc_status k8sc_discovery_is_resource_enabled(k8sc_discovery *discovery,
                                                        const char *group_version,
                                                        const char *resource, int *enabled,
                                                        k8sc_error **err);

/* A REST MAPPER finds the resource of a kind, and the kind of a resource. It loads from its
 * discovery at the first lookup. A lookup that finds nothing makes it load once more, past every
 * cache, so that a kind that was just defined is found. It does so three times in a row, and then
 * once every five seconds, so that unknown names do not cost a discovery each. After a load that
 * took more than ten seconds, the next one does not begin before as much time has passed again.
 * Meanwhile an error tells how old the data is; k8sc_rest_mapper_reset forces a load.
 *
 * Candidates are ranked by: the core group first, then the server's order of groups, then the
 * preferred version of a group, then the order of its other versions.
 *
 * LOOKUP ERRORS. Where a comment names "lookup errors", the function fails with K8SC_E_API and
 * k8sc_error_is_not_found if the server has no such thing; the message names similar ones, and the
 * group-versions that could not be asked. It fails with K8SC_E_INVALID, and a cause for each
 * candidate, if one mapping is wanted and several of one group-version match. It also fails with
 * request errors. */

/* Creates a REST mapper on a discovery, which it keeps in use. Several mappers may share a
 * discovery. Sends nothing. */
K8SC_API k8sc_status k8sc_rest_mapper_new(k8sc_discovery *discovery, k8sc_rest_mapper **out,
                                          k8sc_error **err);
/* k8sc_rest_mapper_ref adds a reference to a REST mapper and returns the REST mapper.
 * k8sc_rest_mapper_unref releases one. */
K8SC_API k8sc_rest_mapper *k8sc_rest_mapper_ref(k8sc_rest_mapper *mapper);
K8SC_API void k8sc_rest_mapper_unref(k8sc_rest_mapper *mapper);
/* Forgets everything, including what its discovery has cached. */
K8SC_API k8sc_status k8sc_rest_mapper_reset(k8sc_rest_mapper *mapper, k8sc_error **err);

/* Finds the best mapping of a kind, such as "Deployment", whose case matters. `group` and `version`
 * may be NULL, which means any; the group "" is the core group.
 * Errors: lookup errors.
 * Ownership: release *out with k8sc_rest_mapping_free. */
K8SC_API k8sc_status k8sc_rest_mapper_mapping_for_kind(k8sc_rest_mapper *mapper, const char *group,
                                                       const char *version, const char *kind,
                                                       k8sc_rest_mapping **out, k8sc_error **err);
/* Finds the best mapping of a resource by its plural, singular or short name, such as
 * "deployments", "deployment" or "deploy"; case does not matter. Short names count only if no
 * plural or singular matches. `group` and `version` may be NULL, which means any; the group "" is
 * the core group. If no group has exactly this name and `version` is NULL, `group` also matches as
 * a prefix.
 * Errors: lookup errors.
 * Ownership: release *out with k8sc_rest_mapping_free. */
K8SC_API k8sc_status k8sc_rest_mapper_mapping_for_resource(k8sc_rest_mapper *mapper,
                                                           const char *group, const char *version,
                                                           const char *resource,
                                                           k8sc_rest_mapping **out,
                                                           k8sc_error **err);
/* Finds all mappings of a kind, such as "Deployment", whose case matters; the best comes first.
 * `group` and `version` may be NULL, which means any; the group "" is the core group.
 * Errors: lookup errors.
 * Ownership: release *out with k8sc_rest_mappings_free. */
K8SC_API k8sc_status k8sc_rest_mapper_mappings_for_kind(k8sc_rest_mapper *mapper, const char *group,
                                                        const char *version, const char *kind,
                                                        k8sc_rest_mappings **out, k8sc_error **err);
/* Finds all mappings of a resource by its plural, singular or short name, such as "deployments",
 * "deployment" or "deploy"; case does not matter. The best comes first. Short names count only if
 * no plural or singular matches. `group` and `version` may be NULL, which means any; the group ""
 * is the core group. If no group has exactly this name and `version` is NULL, `group` also matches
 * as a prefix.
 * Errors: lookup errors.
 * Ownership: release *out with k8sc_rest_mappings_free. */
K8SC_API k8sc_status k8sc_rest_mapper_mappings_for_resource(k8sc_rest_mapper *mapper,
                                                            const char *group, const char *version,
                                                            const char *resource,
                                                            k8sc_rest_mappings **out,
                                                            k8sc_error **err);
/* Finds the mappings of all resources in a category such as "all", each in its preferred version.
 * Errors: lookup errors.
 * Ownership: release *out with k8sc_rest_mappings_free. */
K8SC_API k8sc_status k8sc_rest_mapper_mappings_for_category(k8sc_rest_mapper *mapper,
                                                            const char *category,
                                                            k8sc_rest_mappings **out,
                                                            k8sc_error **err);
/* Finds the best mapping of a resource as kubectl's command line accepts it: "deploy",
 * "deployments", "deployments.apps", "deployments.v1.apps", "pods.v1.", "Deployment" or
 * "Deployment.v1.apps".
 * Errors: lookup errors.
 * Ownership: release *out with k8sc_rest_mapping_free. */
K8SC_API k8sc_status k8sc_rest_mapper_find(k8sc_rest_mapper *mapper, const char *argument,
                                           k8sc_rest_mapping **out, k8sc_error **err);

/* Creates a dynamic client for the resource of a kind. `api_version` is "v1" or
 * "<group>/<version>". `ns` is a namespace, and NULL or "" means all namespaces; it is ignored for
 * a cluster-scoped kind.
 * Errors: lookup errors. */
K8SC_API k8sc_status k8sc_rest_mapper_resource_for_kind(k8sc_rest_mapper *mapper,
                                                        const char *api_version, const char *kind,
                                                        const char *ns, k8sc_resource **out,
                                                        k8sc_error **err);
/* Creates a dynamic client for the resource that an object belongs to by its apiVersion and kind.
 * The namespace is that of the object, else `default_ns`, else, if that is NULL, that of the
 * client.
 * Errors: lookup errors. */
K8SC_API k8sc_status k8sc_rest_mapper_resource_for_object(k8sc_rest_mapper *mapper,
                                                          const k8sc_object *object,
                                                          const char *default_ns,
                                                          k8sc_resource **out, k8sc_error **err);

/* Frees a mapping. Never call it on one from k8sc_rest_mappings_at. */
K8SC_API void k8sc_rest_mapping_free(k8sc_rest_mapping *mapping);
/* Returns the group of a mapping; "" is the core group.
 * Ownership: borrowed from the mapping. */
K8SC_API const char *k8sc_rest_mapping_group(const k8sc_rest_mapping *mapping);
/* Returns the version of a mapping.
 * Ownership: borrowed from the mapping. */
K8SC_API const char *k8sc_rest_mapping_version(const k8sc_rest_mapping *mapping);
/* Returns the resource of a mapping, which is the plural in URLs.
 * Ownership: borrowed from the mapping. */
K8SC_API const char *k8sc_rest_mapping_resource(const k8sc_rest_mapping *mapping);
/* Returns the kind of a mapping.
 * Ownership: borrowed from the mapping. */
K8SC_API const char *k8sc_rest_mapping_kind(const k8sc_rest_mapping *mapping);
/* Returns the singular name of a mapping's resource, in lower case.
 * Ownership: borrowed from the mapping. */
K8SC_API const char *k8sc_rest_mapping_singular(const k8sc_rest_mapping *mapping);
/* Returns non-zero if objects of the resource are in namespaces. */
K8SC_API int k8sc_rest_mapping_is_namespaced(const k8sc_rest_mapping *mapping);

/* Returns the number of mappings. */
K8SC_API int64_t k8sc_rest_mappings_size(const k8sc_rest_mappings *mappings);
/* Returns one mapping; NULL if `index` is out of range.
 * Ownership: borrowed from the mappings; it must not be freed. */
K8SC_API const k8sc_rest_mapping *k8sc_rest_mappings_at(const k8sc_rest_mappings *mappings,
                                                        int64_t index);
/* Frees mappings, and each one in them. */
K8SC_API void k8sc_rest_mappings_free(k8sc_rest_mappings *mappings);

/* Reads the objects of a manifest, in the order of the text: YAML with any number of documents, or
 * JSON values one after the other. Lists (of the kind List, or any with items) are replaced by
 * their items. Empty documents are left out, and not counted. The YAML version is 1.1, in which y,
 * n, yes, no, on and off without quotes are booleans.
 * Errors: K8SC_E_PARSE (neither YAML nor JSON; not an object; no apiVersion, kind or name), with
 * the number of the document and the line in the message; K8SC_E_TOO_LARGE (nested too deeply).
 * Ownership: release *out with k8sc_list_free. */
K8SC_API k8sc_status k8sc_manifest_parse(const char *text, size_t len, k8sc_list **out,
                                         k8sc_error **err);

/* MANIFEST OPERATIONS handle all objects of a manifest, one after the other. Objects that others
 * need come first: namespaces, custom resource definitions, classes, quotas, accounts and roles,
 * configuration, volumes, services, workloads, other kinds, and finally API services, policies and
 * webhooks. Within these groups the order is that of the manifest. A deletion uses the reverse
 * order. An object whose kind the same manifest defines waits for up to a minute until the
 * definition is established.
 *
 * The namespace is that of the object, else `default_ns`, else, if that is NULL, that of the
 * client. The options apply to each object separately. A failure does not stop the other objects; a
 * cancel token does. If any object fails, the call fails with the code of the first failure and
 * with one cause for each object that failed, whose field is the object, such as "ConfigMap
 * default/a".
 *
 * *results has the outcome for each object, in the order in which they were handled, also if the
 * call fails. *results is NULL if nothing was begun because an argument was wrong. `results` itself
 * may be NULL. */

/* Creates all objects of a manifest.
 * Errors: the code of the first failure: lookup errors, request errors.
 * Ownership: release *results with k8sc_manifest_results_free. */
K8SC_API k8sc_status k8sc_manifest_create(k8sc_rest_mapper *mapper, const k8sc_list *objects,
                                          const char *default_ns, const k8sc_options *options,
                                          k8sc_manifest_results **results, k8sc_error **err);
/* Applies all objects of a manifest with server-side apply. The option field_manager is required.
 * Errors: the code of the first failure: lookup errors, request errors, K8SC_E_INVALID (no field
 * manager).
 * Ownership: release *results with k8sc_manifest_results_free. */
K8SC_API k8sc_status k8sc_manifest_apply(k8sc_rest_mapper *mapper, const k8sc_list *objects,
                                         const char *default_ns, const k8sc_options *options,
                                         k8sc_manifest_results **results, k8sc_error **err);
/* Deletes all objects of a manifest. With a non-zero `ignore_not_found`, an object that does not
 * exist, or whose kind does not exist, counts as deleted; but not one of a group-version whose
 * kinds could not be discovered.
 * Errors: the code of the first failure: lookup errors, request errors.
 * Ownership: release *results with k8sc_manifest_results_free. */
K8SC_API k8sc_status k8sc_manifest_delete(k8sc_rest_mapper *mapper, const k8sc_list *objects,
                                          const char *default_ns, const k8sc_options *options,
                                          int ignore_not_found, k8sc_manifest_results **results,
                                          k8sc_error **err);
/* Returns the number of objects that were handled. */
K8SC_API int64_t k8sc_manifest_results_size(const k8sc_manifest_results *results);
/* Returns the number of objects that have an error. */
K8SC_API int64_t k8sc_manifest_results_failures(const k8sc_manifest_results *results);
/* Returns one object as the manifest has it; NULL if `index` is out of range.
 * Ownership: borrowed from the results. */
K8SC_API k8sc_object *k8sc_manifest_results_source(const k8sc_manifest_results *results,
                                                   int64_t index);
/* Returns the server's response for one object; NULL if there is none, or `index` is out of range.
 * Ownership: borrowed from the results. */
K8SC_API k8sc_object *k8sc_manifest_results_object(const k8sc_manifest_results *results,
                                                   int64_t index);
/* Returns the error of one object; NULL if it succeeded, or `index` is out of range.
 * Ownership: borrowed from the results. */
K8SC_API const k8sc_error *k8sc_manifest_results_error(const k8sc_manifest_results *results,
                                                       int64_t index);
/* Frees results. */
K8SC_API void k8sc_manifest_results_free(k8sc_manifest_results *results);

/* ----------------------------------------------------------------- 10. informers and listers -- */

/* Changes the options of an informer's lists and watches: their label and field selector. Runs once
 * for each informer, inside the call that makes it.
 * Returns 0, or non-zero to make that call fail with K8SC_E_CALLBACK. */
typedef int (*k8sc_tweak_fn)(k8sc_options *options, void *user_data);
/* Changes an object before it is cached. Sets *out to the object to cache instead, or leaves it
 * NULL to cache `object` as it is. Name and namespace must not change. Runs exactly once for each
 * object received; until then the object is not in the cache.
 * Returns 0, or non-zero to cache the object as it came and to send ERROR to the handlers.
 * Ownership: the reference in *out passes to the library.
 * Threads: runs where the informer's queue is dispatched. */
typedef int (*k8sc_transform_fn)(k8sc_object *object, k8sc_object **out, void *user_data);
/* Computes the values under which an index finds an object, and adds each to `values` with
 * k8sc_strings_add.
 * Returns 0, or non-zero to make the lookup fail with K8SC_E_CALLBACK; the next lookup calls it
 * again for that object.
 * Threads: runs inside a lookup, on its thread. */
typedef int (*k8sc_index_fn)(const k8sc_object *object, k8sc_strings *values, void *user_data);
/* Creates the informer for k8sc_informer_factory_informer_for, inside that call, and sets *out to
 * one from k8sc_informer_new.
 * Returns 0, or non-zero to make that call fail with K8SC_E_CALLBACK.
 * Ownership: the reference in *out passes to the library. */
typedef int (*k8sc_new_informer_fn)(k8sc_client *client, int64_t resync_ms, void *user_data,
                                    k8sc_informer **out);

/* Creates options for an informer or a factory, with the defaults.
 * Ownership: release *out with k8sc_informer_options_free. */
K8SC_API k8sc_status k8sc_informer_options_new(k8sc_informer_options **out, k8sc_error **err);
/* Frees the options of an informer or a factory. */
K8SC_API void k8sc_informer_options_free(k8sc_informer_options *options);
/* Restricts informers to one namespace; NULL or "", the default, means all namespaces. */
K8SC_API k8sc_status k8sc_informer_options_set_namespace(k8sc_informer_options *options,
                                                         const char *ns, k8sc_error **err);
/* Restricts informers to the objects that a label selector matches.
 * Errors: K8SC_E_PARSE (the grammar is wrong). */
K8SC_API k8sc_status k8sc_informer_options_set_label_selector(k8sc_informer_options *options,
                                                              const char *selector,
                                                              k8sc_error **err);
/* Restricts informers to the objects that a field selector matches.
 * Errors: K8SC_E_PARSE (the grammar is wrong). */
K8SC_API k8sc_status k8sc_informer_options_set_field_selector(k8sc_informer_options *options,
                                                              const char *selector,
                                                              k8sc_error **err);
/* Sets a callback that changes the selectors of each informer that is made with these options. */
K8SC_API k8sc_status k8sc_informer_options_set_tweak(k8sc_informer_options *options,
                                                     k8sc_tweak_fn fn, void *user_data,
                                                     k8sc_destroy_fn destroy, k8sc_error **err);
/* Sets the resync period, in milliseconds: how often a handler without a period of its own receives
 * UPDATE for every object. 0, the default, means never; otherwise it is at least 1,000. */
K8SC_API k8sc_status k8sc_informer_options_set_resync(k8sc_informer_options *options,
                                                      int64_t period_ms, k8sc_error **err);
/* Sets the resync period for one resource of a factory, in milliseconds: how often a handler
 * without a period of its own receives UPDATE for every object. 0 means never; otherwise it is at
 * least 1,000. k8sc_informer_new refuses it. */
K8SC_API k8sc_status k8sc_informer_options_set_custom_resync(k8sc_informer_options *options,
                                                             const char *group, const char *version,
                                                             const char *resource,
                                                             int64_t period_ms, k8sc_error **err);
/* Sets the number of objects per page of a list in pages; 0, the default, means to do as client-go
 * does. */
K8SC_API k8sc_status k8sc_informer_options_set_page_size(k8sc_informer_options *options,
                                                         int64_t size, k8sc_error **err);
/* Sets how long an informer's watch may go without receiving a byte before it resumes on another
 * connection, overriding the watch idle timeout of the configuration. -1 means 30 seconds longer
 * than the time for which the server was asked to keep the watch, whatever the configuration says.
 * In the options of a factory it applies to the watch of each informer. */
K8SC_API k8sc_status k8sc_informer_options_set_watch_idle_timeout(k8sc_informer_options *options,
                                                                  int64_t timeout_ms,
                                                                  k8sc_error **err);
/* Sets the queue that receives the events of handlers, and whose dispatch runs the transform; NULL
 * means the client's queue. */
K8SC_API k8sc_status k8sc_informer_options_set_queue(k8sc_informer_options *options,
                                                     k8sc_queue *queue, k8sc_error **err);

/* How an informer lists. A streaming list is the beginning of a watch (sendInitialEvents): the
 * newest state, in one request. Handlers receive the same events either way.
 *
 * AUTO, the default, uses a streaming list, and replaces it by pages if the server:
 * - refuses it with 400 or 422;
 * - sends no response headers within 10 s;
 * - sends no further object for 10 s;
 * - has not finished after 2 minutes;
 * - ignores sendInitialEvents. After a second without the final bookmark, the informer asks for the
 *   server's version. Pages follow at once if the version is below 1.27, or if it is unknown and
 *   nothing more arrives.
 *
 * The client remembers for an hour which resources cannot be streamed, and for ten minutes which
 * ones were only slow. A streaming list that breaks before its end, or gets 502, 503 or 504, is
 * repeated after a back-off; after the second failure in a row, pages replace it. Any other error
 * leads to pages at once, and is reported only if these fail, too. */
#define K8SC_LIST_AUTO 0
#define K8SC_LIST_STREAM 1 /* like AUTO, but tries a streaming list whatever is remembered */
#define K8SC_LIST_PAGES 2  /* pages only, as servers before 1.27 have them */
/* Sets how informers list; `mode` is one of K8SC_LIST_.
 * Errors: K8SC_E_INVALID (another mode). */
K8SC_API k8sc_status k8sc_informer_options_set_list_mode(k8sc_informer_options *options,
                                                         int32_t mode, k8sc_error **err);
/* Sets the size of a cache, in bytes of JSON, from which on its objects are compressed, each
 * separately. Compression takes them to a tenth of their size, and costs a few microseconds for
 * each access. 0 means from 64 KiB on; -1 means never. The default is 1,048,576. */
K8SC_API k8sc_status k8sc_informer_options_set_compression_threshold(k8sc_informer_options *options,
                                                                     int64_t from_bytes,
                                                                     k8sc_error **err);

/* PRUNING leaves parts of objects out while they are decoded, on the I/O thread, before they are
 * cached: in lists and watches alike, including DELETE. Handlers, listers, indexes and the
 * transform see what is left. apiVersion, kind and metadata's name, namespace, uid, resourceVersion
 * and labels always stay.
 *
 * Rules add up. The order of calls does not matter, since all paths refer to the object as the
 * server sent it. The rules that are set leave out:
 * 1. everything but metadata;
 * 2. managedFields;
 * 3. annotations;
 * 4. dropped paths;
 * 5. everything but kept paths.
 *
 * A path is a JSON Pointer, in which the segment "*" stands for every member or element. An array
 * closes the gap that an element leaves. Arrays and objects on the way to a kept path stay, even if
 * they become empty; annotations that become empty do not. */

/* Leaves out metadata.managedFields, which often makes up half of an object. Off (0) by default, as
 * in client-go. */
K8SC_API k8sc_status k8sc_informer_options_set_drop_managed_fields(k8sc_informer_options *options,
                                                                   int drop, k8sc_error **err);
/* Leaves out annotations whose key starts with `prefix`; "" leaves out all annotations. May be
 * called several times. */
K8SC_API k8sc_status k8sc_informer_options_drop_annotations(k8sc_informer_options *options,
                                                            const char *prefix, k8sc_error **err);
/* Leaves out a path. May be called several times. "/metadata" means those of its members that do
 * not always stay.
 * Errors: K8SC_E_INVALID (not a JSON Pointer, "", or a path that always stays). */
K8SC_API k8sc_status k8sc_informer_options_drop_path(k8sc_informer_options *options,
                                                     const char *pointer, k8sc_error **err);
/* Keeps only this path, the paths of other calls, and what always stays. May be called several
 * times.
 * Errors: K8SC_E_INVALID (not a JSON Pointer, "", or a path that always stays). */
K8SC_API k8sc_status k8sc_informer_options_keep_path(k8sc_informer_options *options,
                                                     const char *pointer, k8sc_error **err);
/* Requests only metadata from the server, as client-go's metadata informers do. The rest is left
 * out if a server sends whole objects all the same. Objects have the kind PartialObjectMetadata and
 * the apiVersion meta.k8s.io/v1. Off (0) by default. */
K8SC_API k8sc_status k8sc_informer_options_set_metadata_only(k8sc_informer_options *options,
                                                             int metadata_only, k8sc_error **err);
/* Sets a callback that changes objects before they are cached. It receives what pruning has
 * left. */
K8SC_API k8sc_status k8sc_informer_options_set_transform(k8sc_informer_options *options,
                                                         k8sc_transform_fn fn, void *user_data,
                                                         k8sc_destroy_fn destroy, k8sc_error **err);

/* Creates a factory without informers. `options`, which may be NULL, apply to all its informers. */
K8SC_API k8sc_status k8sc_informer_factory_new(k8sc_client *client,
                                               const k8sc_informer_options *options,
                                               k8sc_informer_factory **out, k8sc_error **err);
/* k8sc_informer_factory_ref adds a reference to a factory and returns the factory.
 * k8sc_informer_factory_unref releases one; the last one stops the factory's informers, without
 * waiting. */
K8SC_API k8sc_informer_factory *k8sc_informer_factory_ref(k8sc_informer_factory *factory);
K8SC_API void k8sc_informer_factory_unref(k8sc_informer_factory *factory);
/* Gets the informer for a resource. The first call creates it; later calls return the same one. */
K8SC_API k8sc_status k8sc_informer_factory_for_resource(k8sc_informer_factory *factory,
                                                        const char *group, const char *version,
                                                        const char *resource, k8sc_informer **out,
                                                        k8sc_error **err);
/* Gets the informer for a kind, such as "Deployment" of "apps/v1". The first call creates it; later
 * calls return the same one. Each call asks the server for the resource of the kind, and blocks.
 * Errors: request errors; a kind that the server does not have is K8SC_E_API, with
 * k8sc_error_is_not_found. */
K8SC_API k8sc_status k8sc_informer_factory_for_kind(k8sc_informer_factory *factory,
                                                    const char *api_version, const char *kind,
                                                    k8sc_informer **out, k8sc_error **err);
/* Gets the informer for a resource. The first call creates it with `fn`; later calls return the
 * same one. destroy runs before this returns.
 * Errors: K8SC_E_CALLBACK (`fn` returned non-zero or no informer), K8SC_E_INVALID (the informer
 * from `fn` is for another resource). */
K8SC_API k8sc_status k8sc_informer_factory_informer_for(k8sc_informer_factory *factory,
                                                        const char *group, const char *version,
                                                        const char *resource,
                                                        k8sc_new_informer_fn fn, void *user_data,
                                                        k8sc_destroy_fn destroy,
                                                        k8sc_informer **out, k8sc_error **err);
/* Starts those informers of the factory that do not run yet. Call it again after adding informers.
 * Errors: K8SC_E_STATE (the factory was shut down). */
K8SC_API k8sc_status k8sc_informer_factory_start(k8sc_informer_factory *factory, k8sc_error **err);
/* Blocks until the caches of all started informers have synced. Runs no callbacks: with a
 * transform, another thread must dispatch.
 * Errors: K8SC_E_TIMEOUT (the message names the informers that have not synced), K8SC_E_STATE
 * (stopped meanwhile), K8SC_E_CANCELLED (the token of k8sc_cancel_bind). */
K8SC_API k8sc_status k8sc_informer_factory_wait_for_sync(k8sc_informer_factory *factory,
                                                         int64_t timeout_ms, k8sc_error **err);
/* Blocks until the caches of all started informers have synced, and tells the outcome for each,
 * like client-go's WaitForCacheSync. *out is a JSON object such as
 * {"apps/v1/deployments":true,"v1/pods":false}. An informer that did not sync in time, or was
 * stopped before it synced, is false; neither is an error. Runs no callbacks: with a transform,
 * another thread must dispatch.
 * Errors: K8SC_E_CANCELLED (the token of k8sc_cancel_bind).
 * Ownership: release *out with k8sc_string_free. */
K8SC_API k8sc_status k8sc_informer_factory_wait_for_cache_sync(k8sc_informer_factory *factory,
                                                               int64_t timeout_ms, char **out,
                                                               k8sc_error **err);
/* Gets the statistics of all informers of a factory as the JSON object {"informers":[...]}, with an
 * element for each as k8sc_informer_statistics_json describes it.
 * Ownership: release *out with k8sc_string_free. */
K8SC_API k8sc_status k8sc_informer_factory_statistics_json(k8sc_informer_factory *factory,
                                                           char **out, k8sc_error **err);
/* Stops one informer for good, waits until it has ended, and removes it from the factory.
 * k8sc_informer_factory_for_resource then makes another one.
 * Errors: K8SC_E_INVALID (it is not one of this factory's informers, or not any more),
 * K8SC_E_CANCELLED (the token of k8sc_cancel_bind ended the wait). */
K8SC_API k8sc_status k8sc_informer_factory_remove(k8sc_informer_factory *factory,
                                                  k8sc_informer *informer, k8sc_error **err);
/* Stops all informers of a factory, and waits until they have ended. Events that wait are not
 * delivered any more.
 * Errors: K8SC_E_CANCELLED (the token of k8sc_cancel_bind ended the wait). */
K8SC_API k8sc_status k8sc_informer_factory_shutdown(k8sc_informer_factory *factory,
                                                    k8sc_error **err);

/* Creates an informer without a factory. `options` may be NULL.
 * Errors: K8SC_E_INVALID (also for options with a custom resync, which is for factories only). */
K8SC_API k8sc_status k8sc_informer_new(k8sc_client *client, const char *group, const char *version,
                                       const char *resource, const k8sc_informer_options *options,
                                       k8sc_informer **out, k8sc_error **err);
/* k8sc_informer_ref adds a reference to an informer and returns the informer. k8sc_informer_unref
 * releases one; the last one stops an informer that belongs to no factory. */
K8SC_API k8sc_informer *k8sc_informer_ref(k8sc_informer *informer);
K8SC_API void k8sc_informer_unref(k8sc_informer *informer);
/* Starts an informer, which then lists and watches until it is stopped. Starting twice is allowed.
 *
 * A failure is an ERROR event, followed by a back-off. If the watch cannot be opened because the
 * server is unavailable (no connection, 429, 502, 503, 504, and up to three times 404), it is
 * opened later from where it was. Other failures lead to a relist. An object that cannot be read
 * (nested deeper than 10,000, not UTF-8, too large, or with metadata of another type) is an ERROR
 * that names it: the other objects arrive, and its last known state stays in the cache.
 * Errors: K8SC_E_STATE (it was stopped). */
K8SC_API k8sc_status k8sc_informer_start(k8sc_informer *informer, k8sc_error **err);
/* Stops an informer for good, and waits until it has ended. The cache stays readable.
 * Errors: K8SC_E_CANCELLED (the token of k8sc_cancel_bind ended the wait). */
K8SC_API k8sc_status k8sc_informer_stop(k8sc_informer *informer, k8sc_error **err);
/* Returns non-zero once the informer has stopped. */
K8SC_API int k8sc_informer_is_stopped(const k8sc_informer *informer);
/* Returns non-zero once the cache holds the objects of the first list. */
K8SC_API int k8sc_informer_has_synced(const k8sc_informer *informer);
/* Blocks until the cache of an informer has synced. Runs no callbacks: with a transform, another
 * thread must dispatch.
 * Errors: K8SC_E_TIMEOUT (the message names the resource), K8SC_E_STATE (stopped meanwhile),
 * K8SC_E_CANCELLED (the token of k8sc_cancel_bind). */
K8SC_API k8sc_status k8sc_informer_wait_for_sync(k8sc_informer *informer, int64_t timeout_ms,
                                                 k8sc_error **err);
/* Blocks until the cache has reached `resource_version`, usually that of an object of this resource
 * that was just written; reads of the cache are then no older. The version of an object of another
 * resource is reached with the next event or bookmark, which may take a minute. Runs no callbacks.
 * Errors: K8SC_E_TIMEOUT (the message has the version of the cache), K8SC_E_STATE (stopped
 * meanwhile), K8SC_E_CANCELLED (the token of k8sc_cancel_bind), K8SC_E_INVALID (not a number). */
K8SC_API k8sc_status k8sc_informer_wait_for_resource_version(k8sc_informer *informer,
                                                             const char *resource_version,
                                                             int64_t timeout_ms, k8sc_error **err);
/* Gets the resourceVersion that the cache is at, as text; "" before the first list.
 * Ownership: release *out with k8sc_string_free. */
K8SC_API k8sc_status k8sc_informer_last_sync_resource_version(const k8sc_informer *informer,
                                                              char **out, k8sc_error **err);
/* Gets the state and the counters of an informer as a JSON object with these members:
 * - "group", "version", "resource", "namespace": what it is for; the namespace "" is all
 *   namespaces;
 * - "started", "synced", "stopped": its state;
 * - "connected": whether the server is answering a watch;
 * - "last_event_at": when an object, an event or a bookmark last arrived, in RFC 3339, or null;
 * - "last_resource_version": the resourceVersion that the cache is at;
 * - "objects": the number of cached objects; "json_bytes": their size as JSON; "bytes": the memory
 *   that they take; "dictionaries": the number of dictionaries that compress them;
 * - "relists": the number of relists; "watches": the number of watches that were answered;
 * - "failures": the number of failures; "last_failure": the last one, with "at" and "message", or
 *   null;
 * - "queue_depth": the number of events that wait for handlers;
 * - "handlers": for each handler, "synced", "queue_depth" and "coalesced".
 *
 * Ownership: release *out with k8sc_string_free. */
K8SC_API k8sc_status k8sc_informer_statistics_json(const k8sc_informer *informer, char **out,
                                                   k8sc_error **err);

/* Adds a handler. ADD, UPDATE, DELETE, SYNC and ERROR events go, one after the other, to `fn` or,
 * if `fn` is NULL, to k8sc_queue_take. A handler that is added before the start receives
 * everything. One that is added later first receives an initial ADD (k8sc_event_is_initial) for
 * each cached object, without a gap or a repetition. It uses the informer's queue and resync
 * period. `out` may be NULL if the handler stays as long as the informer.
 * Errors: K8SC_E_STATE (the informer was stopped). */
K8SC_API k8sc_status k8sc_informer_add_handler(k8sc_informer *informer, k8sc_event_fn fn,
                                               void *user_data, k8sc_destroy_fn destroy,
                                               k8sc_registration **out, k8sc_error **err);
/* Adds a handler with a resync period and a queue of its own. `resync_ms` is in milliseconds; 0
 * means never. It is raised to 1,000 and, once the informer runs, to the shortest period that the
 * informer has. `queue` NULL means the informer's queue. ADD, UPDATE, DELETE, SYNC and ERROR events
 * go, one after the other, to `fn` or, if `fn` is NULL, to k8sc_queue_take. A handler that is added
 * before the start receives everything. One that is added later first receives an initial ADD
 * (k8sc_event_is_initial) for each cached object, without a gap or a repetition. `out` may be NULL
 * if the handler stays as long as the informer.
 * Errors: K8SC_E_STATE (the informer was stopped). */
K8SC_API k8sc_status k8sc_informer_add_handler_with(k8sc_informer *informer, int64_t resync_ms,
                                                    k8sc_queue *queue, k8sc_event_fn fn,
                                                    void *user_data, k8sc_destroy_fn destroy,
                                                    k8sc_registration **out, k8sc_error **err);
/* Removes a handler. After the return no callback begins, except for one that a dispatch on another
 * thread has already begun. Removing twice is allowed.
 * Errors: K8SC_E_INVALID (the handler belongs to another informer). */
K8SC_API k8sc_status k8sc_informer_remove_handler(k8sc_informer *informer,
                                                  k8sc_registration *registration,
                                                  k8sc_error **err);
/* k8sc_registration_ref adds a reference to a registration and returns the registration.
 * k8sc_registration_unref releases one; the last one does not remove the handler. */
K8SC_API k8sc_registration *k8sc_registration_ref(k8sc_registration *registration);
K8SC_API void k8sc_registration_unref(k8sc_registration *registration);
/* Returns non-zero once the handler was called for every object of the initial list; without a
 * callback, once these events were taken. */
K8SC_API int k8sc_registration_has_synced(const k8sc_registration *registration);

/* What happens when more events wait for a handler than its limit. */
#define K8SC_LIMIT_COALESCE 0     /* newer events replace waiting ones; the default, at 1,000 */
#define K8SC_LIMIT_BACKPRESSURE 1 /* the informer stops reading, and all its handlers wait */
#define K8SC_LIMIT_NONE 2         /* every event waits, however many there are */
/* Sets what happens from now on when more than `events` events wait for a handler. `policy` is one
 * of K8SC_LIMIT_. `events` is at least 1; K8SC_LIMIT_NONE ignores it. The initial list always waits
 * in full, as references into the cache.
 *
 * K8SC_LIMIT_COALESCE, the default with 1,000 events, replaces the waiting event of an object by
 * its newer one, so that the handler receives the difference between what it knows and the current
 * state. Beyond the limit, at most one event waits for each object. Two updates become one, from
 * the oldest state to the newest. An object that was added and deleted is not reported. One that
 * was deleted and added again is an UPDATE between different uids. One that was deleted, added and
 * deleted again is an inferred DELETE of the first. Of two errors the newer one stays.
 *
 * K8SC_LIMIT_BACKPRESSURE stops reading from the server until half of the events are handled. */
K8SC_API k8sc_status k8sc_registration_set_limit(k8sc_registration *registration, int32_t policy,
                                                 int64_t events, k8sc_error **err);
/* Returns the number of events that wait for the handler; -1 for NULL. */
K8SC_API int64_t k8sc_registration_depth(const k8sc_registration *registration);
/* Returns the number of events coalesced, which the handler did not receive; -1 for NULL. */
K8SC_API int64_t k8sc_registration_coalesced(const k8sc_registration *registration);

/* Adds an index over the value at a JSON Pointer: a string, a number or a boolean, or each element
 * of an array of these. Possible until the informer is stopped.
 * Errors: K8SC_E_INVALID (the name is taken; not a JSON Pointer), K8SC_E_STATE (the informer was
 * stopped). */
K8SC_API k8sc_status k8sc_informer_add_pointer_index(k8sc_informer *informer, const char *name,
                                                     const char *pointer, k8sc_error **err);
/* Adds an index over the value of the label `key`. Possible until the informer is stopped.
 * Errors: K8SC_E_INVALID (the name is taken), K8SC_E_PARSE (not the key of a label), K8SC_E_STATE
 * (the informer was stopped). */
K8SC_API k8sc_status k8sc_informer_add_label_index(k8sc_informer *informer, const char *name,
                                                   const char *key, k8sc_error **err);
/* Adds an index over the uids in metadata.ownerReferences. Possible until the informer is stopped.
 * Errors: K8SC_E_INVALID (the name is taken), K8SC_E_STATE (the informer was stopped). */
K8SC_API k8sc_status k8sc_informer_add_owner_index(k8sc_informer *informer, const char *name,
                                                   k8sc_error **err);
/* Adds an index over the values that `fn` computes. Possible until the informer is stopped.
 * Errors: K8SC_E_INVALID (the name is taken), K8SC_E_STATE (the informer was stopped). */
K8SC_API k8sc_status k8sc_informer_add_index(k8sc_informer *informer, const char *name,
                                             k8sc_index_fn fn, void *user_data,
                                             k8sc_destroy_fn destroy, k8sc_error **err);

/* Creates a lister, which reads an informer's cache. It keeps the cache alive, but does not keep
 * the informer running. Lists are in no particular order. */
K8SC_API k8sc_status k8sc_informer_lister(k8sc_informer *informer, k8sc_lister **out,
                                          k8sc_error **err);
/* k8sc_lister_ref adds a reference to a lister and returns the lister. k8sc_lister_unref releases
 * one. */
K8SC_API k8sc_lister *k8sc_lister_ref(k8sc_lister *lister);
K8SC_API void k8sc_lister_unref(k8sc_lister *lister);
/* Gets one object from the cache. `ns` is NULL or "" for a cluster-scoped object.
 * Errors: K8SC_E_API, with k8sc_error_is_not_found (it is not in the cache). */
K8SC_API k8sc_status k8sc_lister_get(k8sc_lister *lister, const char *ns, const char *name,
                                     k8sc_object **out, k8sc_error **err);
/* Lists the cached objects of a namespace that a label selector matches. `ns` NULL or "" means all
 * namespaces; `label_selector` NULL or "" matches every object.
 * Errors: K8SC_E_PARSE (the selector's grammar is wrong).
 * Ownership: release *out with k8sc_list_free. */
K8SC_API k8sc_status k8sc_lister_list(k8sc_lister *lister, const char *ns,
                                      const char *label_selector, k8sc_list **out,
                                      k8sc_error **err);
/* Lists the cached objects of a namespace that options select. `ns` NULL or "" means all
 * namespaces; `options` NULL selects every object. The options are label_selector and
 * field_selector, which supports metadata.name and metadata.namespace. The list is a snapshot that
 * does not change with the cache; it holds references, not copies. k8sc_list_object iterates over
 * it without decompressing more than one object at a time.
 * Errors: K8SC_E_PARSE (a selector's grammar is wrong), K8SC_E_INVALID (another option, another
 * field).
 * Ownership: release *out with k8sc_list_free. */
K8SC_API k8sc_status k8sc_lister_select(k8sc_lister *lister, const char *ns,
                                        const k8sc_options *options, k8sc_list **out,
                                        k8sc_error **err);
/* Lists the cached objects that an index has under a value. The index "namespace" always exists.
 * Errors: K8SC_E_INVALID (no such index), K8SC_E_CALLBACK (the index' callback returned non-zero).
 * Ownership: release *out with k8sc_list_free. */
K8SC_API k8sc_status k8sc_lister_by_index(k8sc_lister *lister, const char *index, const char *value,
                                          k8sc_list **out, k8sc_error **err);
/* Lists the values that an index has.
 * Errors: K8SC_E_INVALID (no such index), K8SC_E_CALLBACK (the index' callback returned non-zero).
 * Ownership: release *out with k8sc_strings_free. */
K8SC_API k8sc_status k8sc_lister_index_values(k8sc_lister *lister, const char *index,
                                              k8sc_strings **out, k8sc_error **err);
/* Returns the number of cached objects; -1 for NULL. */
K8SC_API int64_t k8sc_lister_size(const k8sc_lister *lister);

/* ------------------------------------------------------------------ 11. clientset and schema -- */

/* A CLIENTSET has the typed clients of the standard groups, like client-go's kubernetes.Interface.
 * The typed clients are in the headers below k8sc/, one for each group and version:
 * <k8sc/core_v1.h>, <k8sc/apps_v1.h> and so on. <k8sc/typed.h> explains how to use them. */

/* Creates a clientset with a client of its own. `config` is copied. Sends nothing.
 * Errors: K8SC_E_CONFIG (no server, or mutually exclusive settings). */
K8SC_API k8sc_status k8sc_clientset_new(const k8sc_config *config, k8sc_clientset **out,
                                        k8sc_error **err);
/* Creates a clientset with a client of its own, which shares the I/O thread, the connections and
 * the DNS cache of `other`. `config` is copied. Sends nothing.
 * Errors: K8SC_E_CONFIG (no server, or mutually exclusive settings). */
K8SC_API k8sc_status k8sc_clientset_new_shared(const k8sc_config *config, k8sc_client *other,
                                               k8sc_clientset **out, k8sc_error **err);
/* Creates a clientset that uses an existing client. Sends nothing. */
K8SC_API k8sc_status k8sc_clientset_new_for_client(k8sc_client *client, k8sc_clientset **out,
                                                   k8sc_error **err);
/* k8sc_clientset_ref adds a reference to a clientset and returns the clientset.
 * k8sc_clientset_unref releases one. */
K8SC_API k8sc_clientset *k8sc_clientset_ref(k8sc_clientset *clientset);
K8SC_API void k8sc_clientset_unref(k8sc_clientset *clientset);
/* Returns the client of a clientset, for factories, for its queue, and to close it.
 * Ownership: borrowed from the clientset. */
K8SC_API k8sc_client *k8sc_clientset_client(k8sc_clientset *clientset);
/* Returns the discovery of a clientset, with a cache in memory. The first call creates it; later
 * calls return the same one.
 * Returns NULL when out of memory.
 * Ownership: borrowed from the clientset. */
K8SC_API k8sc_discovery *k8sc_clientset_discovery(k8sc_clientset *clientset);

/* The SCHEMA is Kubernetes' own API as data, built into the library. It describes resources and
 * types, and validates documents. Its handles and their texts live as long as the process. Any
 * thread may use them, and so may a forked child. The order of enumerated items may differ between
 * versions of the library. Getters return NULL, 0 or -1 for NULL and for an index out of range.
 * Custom resources, apiextensions.k8s.io and apiregistration.k8s.io are not included: only a server
 * knows what those hold. */

/* A resource of one group and version. */
typedef struct k8sc_schema_resource k8sc_schema_resource;
/* A kind, or a type of the fields of kinds. */
typedef struct k8sc_schema_type k8sc_schema_type;
/* A field of a type, or the element of an array or a map. */
typedef struct k8sc_schema_field k8sc_schema_field;

/* Returns the number of resources in all standard groups and versions, including resources that
 * newer servers do not have any more. */
K8SC_API int32_t k8sc_schema_resource_count(void);
/* Returns one of the resources; NULL if `index` is out of range. */
K8SC_API const k8sc_schema_resource *k8sc_schema_resource_at(int32_t index);
/* Finds a resource by its group, version and name, such as "apps", "v1", "deployments". The core
 * group is "".
 * Returns NULL if there is none. */
K8SC_API const k8sc_schema_resource *k8sc_schema_resource_find(const char *group,
                                                               const char *version,
                                                               const char *resource);
/* Finds the resource of an object by its apiVersion and kind, such as "apps/v1" and "Deployment".
 * Returns NULL if there is none. */
K8SC_API const k8sc_schema_resource *k8sc_schema_resource_find_kind(const char *api_version,
                                                                    const char *kind);
/* Returns the group of a resource; "" is the core group. */
K8SC_API const char *k8sc_schema_resource_group(const k8sc_schema_resource *resource);
/* Returns the version of a resource. */
K8SC_API const char *k8sc_schema_resource_version(const k8sc_schema_resource *resource);
/* Returns the apiVersion of a resource's objects, such as "apps/v1" or "v1". */
K8SC_API const char *k8sc_schema_resource_api_version(const k8sc_schema_resource *resource);
/* Returns the name of the group's package in client-go, such as "core" or "rbac". The typed client
 * is named after it. */
K8SC_API const char *k8sc_schema_resource_package(const k8sc_schema_resource *resource);
/* Returns the name of a resource as in URLs, such as "deployments". */
K8SC_API const char *k8sc_schema_resource_name(const k8sc_schema_resource *resource);
/* Returns the kind of a resource's objects. */
K8SC_API const char *k8sc_schema_resource_kind(const k8sc_schema_resource *resource);
/* Returns non-zero if objects of the resource are in namespaces. */
K8SC_API int k8sc_schema_resource_is_namespaced(const k8sc_schema_resource *resource);
/* Returns the type of a resource's objects. */
K8SC_API const k8sc_schema_type *k8sc_schema_resource_type(const k8sc_schema_resource *resource);
/* Returns one of the methods of client-go's typed client for a resource: create, update,
 * updateStatus, delete, deleteCollection, get, list, watch, patch, apply or applyStatus. Returns
 * NULL for an index past the last one. */
K8SC_API const char *k8sc_schema_resource_verb(const k8sc_schema_resource *resource, int32_t index);
/* Returns non-zero if client-go's typed client for a resource has the method `verb`, which is one
 * that k8sc_schema_resource_verb returns. */
K8SC_API int k8sc_schema_resource_has_verb(const k8sc_schema_resource *resource, const char *verb);
/* Returns the number of further methods of client-go's typed client for a resource. Most of them
 * act on a subresource. */
K8SC_API int32_t k8sc_schema_resource_method_count(const k8sc_schema_resource *resource);
/* Returns the name that a further method has in client-go, such as "GetScale". */
K8SC_API const char *k8sc_schema_resource_method_name(const k8sc_schema_resource *resource,
                                                      int32_t index);
/* Returns the verb of a further method, such as "get" or "update". */
K8SC_API const char *k8sc_schema_resource_method_verb(const k8sc_schema_resource *resource,
                                                      int32_t index);
/* Returns the subresource of a further method, such as "scale"; "" is the resource itself. */
K8SC_API const char *k8sc_schema_resource_method_subresource(const k8sc_schema_resource *resource,
                                                             int32_t index);
/* Returns the type that a further method takes; NULL if it is that of the resource, or if it takes
 * none. That of a "get" has its query parameters. */
K8SC_API const k8sc_schema_type *k8sc_schema_resource_method_input(
    const k8sc_schema_resource *resource, int32_t index);
/* Returns the type that a further method returns; NULL if it is that of the resource, or if it
 * returns none. */
K8SC_API const k8sc_schema_type *k8sc_schema_resource_method_result(
    const k8sc_schema_resource *resource, int32_t index);

/* Returns the number of types. */
K8SC_API int32_t k8sc_schema_type_count(void);
/* Returns one of the types; NULL if `index` is out of range. */
K8SC_API const k8sc_schema_type *k8sc_schema_type_at(int32_t index);
/* Finds a type by its full name, such as "io.k8s.api.core.v1.PodSpec" or
 * "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta".
 * Returns NULL if there is none. */
K8SC_API const k8sc_schema_type *k8sc_schema_type_find(const char *name);
/* Finds the type of an object by its apiVersion and kind. Includes lists ("PodList", "List"),
 * reviews and options, and kinds that a release has dropped from a group-version that still exists.
 * The options of verbs (DeleteOptions and so on) are kinds of every group-version; their own
 * apiVersion is meta.k8s.io/v1.
 * Returns NULL if there is none. */
K8SC_API const k8sc_schema_type *k8sc_schema_type_find_kind(const char *api_version,
                                                            const char *kind);
/* Returns the full name of a type, such as "io.k8s.api.core.v1.PodSpec". */
K8SC_API const char *k8sc_schema_type_name(const k8sc_schema_type *type);
/* Returns the last part of a type's name, such as "PodSpec". */
K8SC_API const char *k8sc_schema_type_kind(const k8sc_schema_type *type);
/* Returns the apiVersion of a kind, such as "apps/v1"; NULL for a type that is not a kind, and
 * occurs only in other types. */
K8SC_API const char *k8sc_schema_type_api_version(const k8sc_schema_type *type);
/* Returns the number of fields of a type. */
K8SC_API int32_t k8sc_schema_type_field_count(const k8sc_schema_type *type);
/* Returns one field of a type; NULL if `index` is out of range. */
K8SC_API const k8sc_schema_field *k8sc_schema_type_field_at(const k8sc_schema_type *type,
                                                            int32_t index);
/* Finds a field of a type by its name in JSON.
 * Returns NULL if there is none. */
K8SC_API const k8sc_schema_field *k8sc_schema_type_find_field(const k8sc_schema_type *type,
                                                              const char *name);

/* What a field holds. */
#define K8SC_FIELD_STRING 1
#define K8SC_FIELD_BOOLEAN 2
#define K8SC_FIELD_INTEGER 3
#define K8SC_FIELD_NUMBER 4
#define K8SC_FIELD_BYTES 5 /* base64 in a string */
#define K8SC_FIELD_ARRAY 6
#define K8SC_FIELD_MAP 7 /* an object with arbitrary keys */
#define K8SC_FIELD_OBJECT 8
#define K8SC_FIELD_QUANTITY 9 /* "100m", "1Gi", or a number */
#define K8SC_FIELD_INT_OR_STRING 10
#define K8SC_FIELD_TIME 11       /* RFC 3339 */
#define K8SC_FIELD_MICRO_TIME 12 /* RFC 3339 with six decimals of the second */
#define K8SC_FIELD_DURATION 13   /* a duration in Go's format: "1h30m" */
#define K8SC_FIELD_ANY 14        /* any JSON value */

/* Returns the name of a field in JSON; "" for the element of an array or a map. */
K8SC_API const char *k8sc_schema_field_name(const k8sc_schema_field *field);
/* Returns what a field holds, one of K8SC_FIELD_; 0 for NULL. */
K8SC_API int32_t k8sc_schema_field_type(const k8sc_schema_field *field);
/* Returns the type of the object that a field holds; NULL for a field that holds something else. */
K8SC_API const k8sc_schema_type *k8sc_schema_field_object_type(const k8sc_schema_field *field);
/* Returns the element that describes the items of an array or the values of a map; NULL for a field
 * that holds something else. */
K8SC_API const k8sc_schema_field *k8sc_schema_field_element(const k8sc_schema_field *field);
/* Returns non-zero if the field's declaration says neither that it is optional nor that it is left
 * out if empty. That does not tell whether a document needs the field: a server has further
 * requirements, and sets defaults. */
K8SC_API int k8sc_schema_field_is_required(const k8sc_schema_field *field);
/* Returns non-zero if an absent field differs from one that is empty, 0 or false. */
K8SC_API int k8sc_schema_field_is_pointer(const k8sc_schema_field *field);
/* Returns the size of an integer field in Kubernetes, 32 or 64 bits; 0 for a field that holds
 * something else. A number that does not fit is refused. */
K8SC_API int32_t k8sc_schema_field_bits(const k8sc_schema_field *field);
/* Returns how server-side apply merges an array: "atomic", "set" or "map"; "" if it is not
 * declared. */
K8SC_API const char *k8sc_schema_field_list_type(const k8sc_schema_field *field);
/* Returns one of the keys of an array whose list type is "map".
 * Returns NULL for an index past the last one. */
K8SC_API const char *k8sc_schema_field_list_map_key(const k8sc_schema_field *field, int32_t index);
/* Returns how server-side apply merges a map or an object: "atomic" or "granular"; "" if it is not
 * declared. */
K8SC_API const char *k8sc_schema_field_map_type(const k8sc_schema_field *field);
/* Returns how a strategic merge patch merges a field: "merge", "replace", "retainKeys" or
 * "merge,retainKeys"; "" if it is not declared. */
K8SC_API const char *k8sc_schema_field_patch_strategy(const k8sc_schema_field *field);
/* Returns the key by which a strategic merge patch merges the items of a field; "" if it is not
 * declared. */
K8SC_API const char *k8sc_schema_field_patch_merge_key(const k8sc_schema_field *field);
/* Returns a field's number in protobuf. A field of a nested message has several: those of the
 * messages on the way to it, and then its own.
 * Returns 0 for an index past the last one, and for every index if protobuf does not have the
 * field. */
K8SC_API int32_t k8sc_schema_field_protobuf_number(const k8sc_schema_field *field, int32_t index);

/* Validates an object against a type, like a server with strict field validation. Sends nothing.
 * `type` NULL means that of the object's apiVersion and kind. Each item of a List is validated
 * against its own kind. null is accepted for every field. What needs the server is not checked:
 * required fields, values that are not allowed, defaults. Messages contain no values except for
 * quantities, times and durations.
 *
 * Each validation error is a cause of the error, with its field, such as
 * "spec.containers[0].imagee", and one of these types:
 * - FieldValueUnknown: no such field; the message suggests a similar one;
 * - FieldValueDuplicate: the field is there more than once;
 * - FieldValueTypeInvalid: another type of JSON;
 * - FieldValueInvalid: not a quantity, time, duration or base64; an integer that does not fit into
 *   the 32 or 64 bits of its field; a kind other than `type`;
 * - FieldValueRequired: apiVersion or kind is missing, and `type` is NULL.
 *
 * Errors: K8SC_E_INVALID (with the causes), K8SC_E_TOO_LARGE (nested deeper than 1,000),
 * K8SC_E_UNKNOWN_KIND (`type` is NULL, and the kind is not one of Kubernetes' own). */
K8SC_API k8sc_status k8sc_schema_validate(const k8sc_object *object, const k8sc_schema_type *type,
                                          k8sc_error **err);
/* Validates the current content of a draft against a type, by the rules of k8sc_schema_validate.
 * `type` NULL means that of the draft's apiVersion and kind. Sends nothing. A draft that holds a
 * failure fails with that one.
 * Errors: K8SC_E_INVALID (with one cause for each validation error), K8SC_E_TOO_LARGE (nested
 * deeper than 1,000), K8SC_E_UNKNOWN_KIND (`type` is NULL, and the kind is not one of Kubernetes'
 * own). */
K8SC_API k8sc_status k8sc_schema_validate_draft(const k8sc_draft *draft,
                                                const k8sc_schema_type *type, k8sc_error **err);

/* ------------------------------------------------------------------------- 12. observability -- */

/* OBSERVABILITY. A client reports its work as events in a queue, and never to a file or a terminal.
 * This costs almost nothing while there is no subscription. If events are not taken, at most 1,000
 * wait for each subscription; further ones are dropped and counted. Nothing has secrets in it: no
 * tokens, passwords or keys, and no bodies that may hold them (docs/observability.md). What
 * happened while the client was made is reported to every subscription to logs. */

/* Levels of logs. */
#define K8SC_LOG_ERROR 1
#define K8SC_LOG_WARNING 2
#define K8SC_LOG_INFO 3
#define K8SC_LOG_DEBUG 4 /* each request */
#define K8SC_LOG_TRACE 5 /* headers, and the beginning of bodies */

/* Subscribes to the server's warnings: a WARNING event for each text in a Warning header with code
 * 299, of any response, including watches and streams. A text that comes again is reported only if
 * `repeated` is non-zero; the latest 1,000 texts are remembered. Without a subscription warnings go
 * to the log.
 *
 * The events go to `queue` (NULL: the client's queue): to `fn` or, if `fn` is NULL, to
 * k8sc_queue_take. `out` may be NULL if the subscription stays as long as the client is open. */
K8SC_API k8sc_status k8sc_client_on_warning(k8sc_client *client, int repeated, k8sc_queue *queue,
                                            k8sc_event_fn fn, void *user_data,
                                            k8sc_destroy_fn destroy, k8sc_subscription **out,
                                            k8sc_error **err);
/* Subscribes to the client's log: a LOG event for each message up to `level`, one of K8SC_LOG_.
 *
 * The events go to `queue` (NULL: the client's queue): to `fn` or, if `fn` is NULL, to
 * k8sc_queue_take. `out` may be NULL if the subscription stays as long as the client is open. */
K8SC_API k8sc_status k8sc_client_on_log(k8sc_client *client, int32_t level, k8sc_queue *queue,
                                        k8sc_event_fn fn, void *user_data, k8sc_destroy_fn destroy,
                                        k8sc_subscription **out, k8sc_error **err);
/* Subscribes to the client's traces: one TRACE event for each request that has ended, which covers
 * all its attempts. Watches and streams are reported when they end. docs/observability.md lists the
 * members of the JSON text.
 *
 * The events go to `queue` (NULL: the client's queue): to `fn` or, if `fn` is NULL, to
 * k8sc_queue_take. `out` may be NULL if the subscription stays as long as the client is open. */
K8SC_API k8sc_status k8sc_client_on_trace(k8sc_client *client, k8sc_queue *queue, k8sc_event_fn fn,
                                          void *user_data, k8sc_destroy_fn destroy,
                                          k8sc_subscription **out, k8sc_error **err);
/* k8sc_subscription_ref adds a reference to a subscription to a client's warnings, logs or traces
 * and returns the subscription. k8sc_subscription_unref releases one; the last one does not end the
 * subscription. */
K8SC_API k8sc_subscription *k8sc_subscription_ref(k8sc_subscription *subscription);
K8SC_API void k8sc_subscription_unref(k8sc_subscription *subscription);
/* Ends a subscription. After the return no callback begins, except for one that a dispatch on
 * another thread has already begun. Never blocks, and may be called any number of times. */
K8SC_API void k8sc_subscription_cancel(k8sc_subscription *subscription);

/* Gets what the client has counted since it was made, as JSON: requests by verb and code, their
 * durations, retries, waits for the rate limit, connections, bytes, watches and their events,
 * relists, and the caches of running informers. docs/observability.md lists the names. Blocks for a
 * moment.
 * Ownership: release *out with k8sc_string_free. */
K8SC_API k8sc_status k8sc_client_metrics_json(k8sc_client *client, char **out, k8sc_error **err);
/* Gets what the client has counted since it was made, in the text format of Prometheus: requests by
 * verb and code, their durations, retries, waits for the rate limit, connections, bytes, watches
 * and their events, relists, and the caches of running informers. docs/observability.md lists the
 * names. Blocks for a moment.
 * Ownership: release *out with k8sc_string_free. */
K8SC_API k8sc_status k8sc_client_metrics_prometheus(k8sc_client *client, char **out,
                                                    k8sc_error **err);

#ifdef __cplusplus
}
#endif

#endif
