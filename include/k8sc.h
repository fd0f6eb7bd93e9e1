/*
 * k8sc: a Kubernetes client library with a C ABI.
 *
 * Copyright the k8sc authors. SPDX-License-Identifier: Apache-2.0
 *
 * This header is the whole contract. What holds for every function is said once, here; the comment of a function says
 * what is particular to it.
 *
 * HANDLES. All types are opaque. A shared handle (it has _ref and _unref) may be used by any thread at any time; its last
 * _unref never blocks. A value handle (it has _free) has one owner and is used by one thread at a time; once it is no longer
 * changed it may be read by many. _unref and _free accept NULL.
 *
 * OWNERSHIP. A pointer that a function returns is borrowed, and the comment says from whom. A pointer that is stored
 * through a parameter named `out` is yours: give it back with its _unref or _free. On failure *out is NULL. Inputs are
 * copied; nothing is consumed, except for the callback triple below.
 *
 * ERRORS. A k8sc_status is 0 or one negative K8SC_E_ code. The last parameter `err` may be NULL; otherwise it is set to NULL
 * on success and to an error object, which is yours, on failure. Every function with a status may return K8SC_E_INVALID
 * (NULL where a handle is due, a value out of range), K8SC_E_NOMEM, K8SC_E_FORKED, K8SC_E_CLOSED and K8SC_E_INTERNAL;
 * comments name the other codes. Getters on NULL answer NULL, 0 or -1. No function throws, exits, prints, or changes the
 * process's signals, locale, directory or environment.
 *
 * STRINGS are UTF-8. NULL-terminated where no length goes with them. Times are int64_t milliseconds unless a name says
 * otherwise; a timeout of -1 means without limit, any other negative timeout is K8SC_E_INVALID. Booleans are int.
 *
 * CALLBACKS are always the triple (fn, user_data, destroy). destroy (it may be NULL) is called exactly once with user_data,
 * after the last call of fn has returned: also when the function that took the triple fails. Callbacks run only in
 * k8sc_queue_dispatch, on the thread that called it, or on the one thread that k8sc_queue_start_thread was asked for; the
 * few that run inside the call they are given to, or on a thread made for them, say so. No library lock is held meanwhile, and
 * anything may be released inside. destroy runs where callbacks run, or in the _close, or the last _unref, that leaves nobody to dispatch.
 *
 * THREADS. One thread of the library per transport does network, decoding and caches, with all signals blocked. There is another
 * only where one is asked for, by k8sc_queue_start_thread, k8sc_config_set_transport or k8sc_config_set_token_provider, and while a
 * credential plugin runs.
 *
 * FORK. After fork() the child may only _unref and _free what it inherited (this closes the
 * descriptors of queues and connections, and runs no callback);
 * all else returns K8SC_E_FORKED. Handles made in the child work.
 *
 * CONTENTS
 *    1. types
 *    2. errors
 *    3. objects: frozen objects, drafts, values inside of them, quantities, lists, strings
 *    4. configuration: server, credentials, connections, a custom transport, overrides, kubeconfigs, rate limiters,
 *       retry policies
 *    5. clients
 *    6. queues, events, cancellation
 *    7. requests: the REST client, streams, results
 *    8. resources: the dynamic client's verbs and options, watches, waits, pages
 *    9. discovery, REST mapper, manifests
 *   10. informers and listers
 *   11. clientset and schema
 *   12. observability: warnings, logs, traces, metrics
 *
 * VERSIONS. Everything is "since 0.1" unless its comment says another. Nothing is ever removed or changed in meaning.
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

#define K8SC_VERSION_MAJOR 0
#define K8SC_VERSION_MINOR 1
#define K8SC_VERSION_PATCH 0
#define K8SC_VERSION "0.1.0"
/* One number to compare with: major * 1000000 + minor * 1000 + patch. */
#define K8SC_VERSION_NUMBER 1000

/* The version of the library at run time, such as "0.1.0". Borrowed for ever. Works in a forked child. */
K8SC_API const char *k8sc_version(void);
/* The same as a number in the form of K8SC_VERSION_NUMBER. */
K8SC_API int32_t k8sc_version_number(void);

/* ---------------------------------------------------------------------------------- 1. types -- */

typedef int32_t k8sc_status;

/* Shared handles. */
typedef struct k8sc_client k8sc_client;                     /* a connection to one API server, as one user */
typedef struct k8sc_queue k8sc_queue;                       /* where events wait for your thread */
typedef struct k8sc_rest_client k8sc_rest_client;           /* requests for one group and version */
typedef struct k8sc_rate_limiter k8sc_rate_limiter;         /* a token bucket */
typedef struct k8sc_resource k8sc_resource;                 /* dynamic client for one group, version, resource, namespace */
typedef struct k8sc_call k8sc_call;                         /* a request that was started and runs on its own */
typedef struct k8sc_watch k8sc_watch;                       /* a watch that is running */
typedef struct k8sc_cancel k8sc_cancel;                     /* a cancel token */
typedef struct k8sc_object k8sc_object;                     /* a frozen document: immutable JSON */
typedef struct k8sc_informer_factory k8sc_informer_factory; /* shared informers, one for each resource */
typedef struct k8sc_informer k8sc_informer;                 /* a local copy of a resource, and its handlers */
typedef struct k8sc_registration k8sc_registration;         /* one handler at one informer */
typedef struct k8sc_discovery k8sc_discovery;               /* what an API server serves */
typedef struct k8sc_rest_mapper k8sc_rest_mapper;           /* finds the resource of a kind, and the other way round */
typedef struct k8sc_clientset k8sc_clientset;               /* the typed clients of all standard groups */
typedef struct k8sc_lister k8sc_lister;                     /* reads an informer's copy */
typedef struct k8sc_subscription k8sc_subscription;         /* one who is told of a client's warnings, logs or traces */

/* Value handles. */
typedef struct k8sc_error k8sc_error;
typedef struct k8sc_config k8sc_config;
typedef struct k8sc_kubeconfig k8sc_kubeconfig;             /* what kubeconfig files say, to be read, edited and written */
typedef struct k8sc_overrides k8sc_overrides;               /* what goes before what a kubeconfig says */
typedef struct k8sc_options k8sc_options;                   /* options of one call */
typedef struct k8sc_informer_options k8sc_informer_options; /* options of a factory or an informer */
typedef struct k8sc_request k8sc_request;                   /* a request being built */
typedef struct k8sc_result k8sc_result;                     /* the answer to a request */
typedef struct k8sc_stream k8sc_stream;                     /* a body read piece by piece */
typedef struct k8sc_event k8sc_event;
typedef struct k8sc_draft k8sc_draft;                       /* a document that can be edited */
typedef struct k8sc_list k8sc_list;                         /* objects, with the list's metadata */
typedef struct k8sc_pager k8sc_pager;                       /* iterates over all pages of a list */
typedef struct k8sc_strings k8sc_strings;                   /* a list of strings */
typedef struct k8sc_rest_mapping k8sc_rest_mapping;         /* a kind and its resource */
typedef struct k8sc_rest_mappings k8sc_rest_mappings;       /* several of them */
typedef struct k8sc_manifest_results k8sc_manifest_results; /* what became of each object of a manifest */
typedef struct k8sc_token_request k8sc_token_request;       /* what a token provider is asked; lives as long as its call */

/* Borrowed for one call of a k8sc_transport_fn. */
typedef struct k8sc_transport_request k8sc_transport_request;
typedef struct k8sc_transport_reply k8sc_transport_reply;
typedef struct k8sc_retry_policy k8sc_retry_policy;         /* when a request that failed is sent again */

/* Receives one event, which is borrowed for the duration of the call. Return 0 to go on; another value stops the running
 * k8sc_queue_dispatch, which then returns K8SC_E_CALLBACK. The event counts as delivered either way. */
typedef int (*k8sc_event_fn)(const k8sc_event *event, void *user_data);
typedef void (*k8sc_destroy_fn)(void *user_data);
/* Answers a request instead of the network: see k8sc_config_set_transport. */
typedef void (*k8sc_transport_fn)(const k8sc_transport_request *request, k8sc_transport_reply *reply, void *user_data);

/* --------------------------------------------------------------------------------- 2. errors -- */

#define K8SC_OK 0
#define K8SC_E_INVALID (-1)         /* an argument is wrong; the message names it */
#define K8SC_E_NOMEM (-2)           /* out of memory */
#define K8SC_E_CLOSED (-3)          /* the handle, or the client behind it, was closed */
#define K8SC_E_FORKED (-4)          /* the handle was made before fork() and this is the child */
#define K8SC_E_BUSY (-5)            /* another thread is dispatching this queue */
#define K8SC_E_REENTRANT (-6)       /* called from inside a callback, where it cannot work */
#define K8SC_E_CALLBACK (-7)        /* a callback returned non-zero */
#define K8SC_E_CANCELLED (-8)       /* cancelled by its token, its handle, or the closing of its client */
#define K8SC_E_TIMEOUT (-9)         /* a deadline of this side passed: connect, idle or overall; the message says which */
#define K8SC_E_STATE (-10)          /* not possible any more, or not yet */
#define K8SC_E_IO (-11)             /* a system call or a file failed */
#define K8SC_E_CONFIG (-12)         /* the configuration cannot be used */
#define K8SC_E_NOT_IN_CLUSTER (-13) /* not running inside of a pod */
#define K8SC_E_PARSE (-14)          /* a text given by the caller is not what it should be: JSON, YAML, PEM, selector */
#define K8SC_E_RESOLVE (-15)        /* the host name does not resolve */
#define K8SC_E_CONNECT (-16)        /* no connection: refused, unreachable, not let through by the proxy */
#define K8SC_E_TLS (-17)            /* the TLS handshake or the verification of a certificate failed */
#define K8SC_E_TRANSPORT (-18)      /* the connection was lost, or the peer does not speak HTTP */
#define K8SC_E_DECODE (-19)         /* the server's answer is not what Kubernetes' protocol says */
#define K8SC_E_TOO_LARGE (-20)      /* an answer or one of its objects is above the limit; the message gives the size */
#define K8SC_E_API (-21)            /* the server refused: see http_status, reason, and the Status */
#define K8SC_E_INTERNAL (-22)       /* a fault in this library */
#define K8SC_E_CREDENTIALS (-23)    /* no credential to send: a plugin, a provider or an identity service failed */
#define K8SC_E_UNKNOWN_KIND (-24)   /* the kind is not one of Kubernetes' own: see k8sc_schema_validate */

/* The name of a status, such as "K8SC_E_TIMEOUT"; "K8SC_E_?" for one that is not known. Borrowed for ever. */
K8SC_API const char *k8sc_status_name(k8sc_status status);

/* Makes an error, for callbacks and for libraries built on this one. NULL when out of memory or when `code` is not negative.
 * `message` may be NULL. */
K8SC_API k8sc_error *k8sc_error_new(k8sc_status code, const char *message);
/* Copies an error, so that it can outlive the event it came with. NULL when out of memory. */
K8SC_API k8sc_error *k8sc_error_copy(const k8sc_error *error);
K8SC_API void k8sc_error_free(k8sc_error *error);
/* The K8SC_E_ code; K8SC_OK for NULL. */
K8SC_API k8sc_status k8sc_error_code(const k8sc_error *error);
/* What happened, to which request: verb, resource, namespace/name and URL are in the text where there was one. Never NULL,
 * never a secret, as docs/observability.md has it; control characters of texts from outside are written as "\x1b". Borrowed from the
 * error. */
K8SC_API const char *k8sc_error_message(const k8sc_error *error);
/* The HTTP status of the answer, or of the proxy that refused; 0 where there was none. Of an error that came within a successful answer, as
 * in a watch: the code of its Status. */
K8SC_API int32_t k8sc_error_http_status(const k8sc_error *error);
/* Kubernetes' reason, such as "NotFound" or "Conflict"; "" where there is none. Borrowed from the error. */
K8SC_API const char *k8sc_error_reason(const k8sc_error *error);
/* The number of causes in the Status' details. */
K8SC_API int32_t k8sc_error_cause_count(const k8sc_error *error);
/* One cause: its type ("FieldValueInvalid", "FieldManagerConflict", ...), field and message. "" where the server said nothing,
 * NULL where `index` is out of range. Borrowed from the error. */
K8SC_API const char *k8sc_error_cause_type(const k8sc_error *error, int32_t index);
K8SC_API const char *k8sc_error_cause_field(const k8sc_error *error, int32_t index);
K8SC_API const char *k8sc_error_cause_message(const k8sc_error *error, int32_t index);
/* How long the server asked to wait, in milliseconds; -1 where it did not. */
K8SC_API int64_t k8sc_error_retry_after_ms(const k8sc_error *error);
/* The server's Status as JSON text; NULL where it sent none. Borrowed from the error. */
K8SC_API const char *k8sc_error_status_json(const k8sc_error *error);
/* Predicates, as in apimachinery's api/errors: by reason, and by code only where the reason is not a known one. The code is that of the
 * Status; only where it has none, or there is no Status, it is the HTTP status. */
K8SC_API int k8sc_error_is_not_found(const k8sc_error *error);
K8SC_API int k8sc_error_is_already_exists(const k8sc_error *error);
K8SC_API int k8sc_error_is_conflict(const k8sc_error *error);
K8SC_API int k8sc_error_is_invalid(const k8sc_error *error);
/* True for reasons Gone and Expired: the resourceVersion or the continue token is too old. */
K8SC_API int k8sc_error_is_gone(const k8sc_error *error);
K8SC_API int k8sc_error_is_forbidden(const k8sc_error *error);
K8SC_API int k8sc_error_is_unauthorized(const k8sc_error *error);
K8SC_API int k8sc_error_is_too_many_requests(const k8sc_error *error);
/* True for the server's Timeout and ServerTimeout and for this side's K8SC_E_TIMEOUT. */
K8SC_API int k8sc_error_is_timeout(const k8sc_error *error);
/* True where the same request may succeed later without a change: lost or refused connections, timeouts, 429, 500, 503,
 * 504, or any answer with Retry-After. */
K8SC_API int k8sc_error_is_retriable(const k8sc_error *error);
/* True where the server certainly did not process the request, so that any verb can be sent again: no connection was made, nothing of
 * the request had left when the call ended, or the server refused it unseen (HTTP/2: GOAWAY, REFUSED_STREAM). False where it may have
 * been processed, and for answers. */
K8SC_API int k8sc_error_is_not_processed(const k8sc_error *error);

/* -------------------------------------------------------------------------------- 3. objects -- */

#define K8SC_TYPE_ABSENT 0 /* nothing at that pointer */
#define K8SC_TYPE_NULL 1
#define K8SC_TYPE_BOOL 2
#define K8SC_TYPE_INTEGER 3 /* a number without fraction and exponent that fits int64_t */
#define K8SC_TYPE_NUMBER 4  /* any other number */
#define K8SC_TYPE_STRING 5
#define K8SC_TYPE_ARRAY 6
#define K8SC_TYPE_OBJECT 7

/* Freezes JSON text, which must be one JSON object; of a key that stands twice in an object the last counts, as in Go. Errors:
 * K8SC_E_PARSE (with the offset), K8SC_E_TOO_LARGE (nested deeper than 10,000). */
K8SC_API k8sc_status k8sc_object_parse_json(const char *json, size_t len, k8sc_object **out, k8sc_error **err);
/* Freezes YAML text: one document, a mapping, read as Kubernetes reads it (YAML 1.1 scalars; no anchors' cycles, no
 * duplicate keys). Errors: K8SC_E_PARSE (with the line; also nested deeper than 1,000). */
K8SC_API k8sc_status k8sc_object_parse_yaml(const char *yaml, size_t len, k8sc_object **out, k8sc_error **err);
K8SC_API k8sc_object *k8sc_object_ref(k8sc_object *object);
K8SC_API void k8sc_object_unref(k8sc_object *object);
/* The whole document as compact JSON; `len` may be NULL, the text is NUL-terminated. Borrowed from the object. */
K8SC_API const char *k8sc_object_json(const k8sc_object *object, size_t *len);
/* Quick getters; "" where the field is absent. Borrowed from the object. */
K8SC_API const char *k8sc_object_name(const k8sc_object *object);
K8SC_API const char *k8sc_object_namespace(const k8sc_object *object);
K8SC_API const char *k8sc_object_uid(const k8sc_object *object);
K8SC_API const char *k8sc_object_resource_version(const k8sc_object *object);
K8SC_API const char *k8sc_object_kind(const k8sc_object *object);
K8SC_API const char *k8sc_object_api_version(const k8sc_object *object);
/* One label or annotation by its key (no escaping needed); NULL where it is absent. Borrowed from the object. */
K8SC_API const char *k8sc_object_label(const k8sc_object *object, const char *key);
K8SC_API const char *k8sc_object_annotation(const k8sc_object *object, const char *key);

/* Whether it is of a kind: K8SC_E_INVALID, with both kinds in the message, where its apiVersion and kind are others. What it lacks of
 * both is no difference. */
K8SC_API k8sc_status k8sc_object_check_kind(const k8sc_object *object, const char *api_version, const char *kind, k8sc_error **err);

/* Readers by JSON Pointer (RFC 6901): "/spec/containers/0/image", "" for the whole. Absent, null and values of another type are
 * told apart by k8sc_object_type. */

/* One of K8SC_TYPE_; K8SC_TYPE_ABSENT also where the pointer is not one. */
K8SC_API int32_t k8sc_object_type(const k8sc_object *object, const char *pointer);
/* A string, unescaped and NUL-terminated; NULL where it is absent or not a string. `len`, which may be NULL, gives its length.
 * Borrowed from the object. */
K8SC_API const char *k8sc_object_str(const k8sc_object *object, const char *pointer, size_t *len);
/* An integer; `fallback` where it is absent or not an integer. */
K8SC_API int64_t k8sc_object_int(const k8sc_object *object, const char *pointer, int64_t fallback);
/* A boolean; `fallback` where it is absent or not a boolean. */
K8SC_API int k8sc_object_bool(const k8sc_object *object, const char *pointer, int fallback);
/* A number, rounded to a double; `fallback` where it is absent or not a number. */
K8SC_API double k8sc_object_number(const k8sc_object *object, const char *pointer, double fallback);
/* The number of elements of an array or of members of an object; -1 where it is neither. */
K8SC_API int64_t k8sc_object_size(const k8sc_object *object, const char *pointer);
/* The key of a member of an object, by position; NULL where there is none. Borrowed from the object. */
K8SC_API const char *k8sc_object_key(const k8sc_object *object, const char *pointer, int64_t index, size_t *len);
/* The JSON text of any value, not NUL-terminated: use `len`. NULL where it is absent. Borrowed from the object. */
K8SC_API const char *k8sc_object_raw(const k8sc_object *object, const char *pointer, size_t *len);
/* The whole document as YAML text; yours, give it back with k8sc_string_free. Errors: K8SC_E_TOO_LARGE (nested deeper than 1,000). */
K8SC_API k8sc_status k8sc_object_to_yaml(const k8sc_object *object, char **out, k8sc_error **err);

/* Drafts: documents that are edited. Missing parents are made on the way as objects; "-" appends to an array. Errors of the
 * setters: K8SC_E_INVALID (not a JSON Pointer; a parent is neither object nor array; an index out of range). */

/* An empty object. */
K8SC_API k8sc_status k8sc_draft_new(k8sc_draft **out, k8sc_error **err);
/* A draft with the content of an object, which stays as it is. Errors: K8SC_E_PARSE (an integer beyond 64 bits), K8SC_E_TOO_LARGE (nested deeper than 1,000). */
K8SC_API k8sc_status k8sc_object_edit(const k8sc_object *object, k8sc_draft **out, k8sc_error **err);
/* A draft from JSON or YAML text, which must be one object or mapping. Errors: K8SC_E_PARSE (also a key that stands twice in an object),
 * K8SC_E_TOO_LARGE (JSON nested deeper than 1,000). */
K8SC_API k8sc_status k8sc_draft_parse_json(const char *json, size_t len, k8sc_draft **out, k8sc_error **err);
K8SC_API k8sc_status k8sc_draft_parse_yaml(const char *yaml, size_t len, k8sc_draft **out, k8sc_error **err);
K8SC_API void k8sc_draft_free(k8sc_draft *draft);
K8SC_API k8sc_status k8sc_draft_set_str(k8sc_draft *draft, const char *pointer, const char *value, k8sc_error **err);
K8SC_API k8sc_status k8sc_draft_set_strn(k8sc_draft *draft, const char *pointer, const char *value, size_t len, k8sc_error **err);
K8SC_API k8sc_status k8sc_draft_set_int(k8sc_draft *draft, const char *pointer, int64_t value, k8sc_error **err);
K8SC_API k8sc_status k8sc_draft_set_bool(k8sc_draft *draft, const char *pointer, int value, k8sc_error **err);
K8SC_API k8sc_status k8sc_draft_set_number(k8sc_draft *draft, const char *pointer, double value, k8sc_error **err);
K8SC_API k8sc_status k8sc_draft_set_null(k8sc_draft *draft, const char *pointer, k8sc_error **err);
/* Any JSON value as text. Errors: K8SC_E_PARSE (also a key that stands twice), K8SC_E_TOO_LARGE (nested deeper than 1,000). */
K8SC_API k8sc_status k8sc_draft_set_json(k8sc_draft *draft, const char *pointer, const char *json, size_t len, k8sc_error **err);
/* Removes a value; that it is absent is no error. */
K8SC_API k8sc_status k8sc_draft_remove(k8sc_draft *draft, const char *pointer, k8sc_error **err);
/* The present content as a frozen object; the draft may be edited further and is still yours. Errors: what k8sc_draft_failure has. */
K8SC_API k8sc_status k8sc_draft_freeze(const k8sc_draft *draft, k8sc_object **out, k8sc_error **err);

/* A place in a frozen object: a value that lives there, borrowed from the object, or nothing ("absent"), as all zeros. It is passed
 * by value, owns nothing, and is to be looked at with the functions below only. Getters on an absent value answer as for one of another
 * type. The typed headers below k8sc/ are made of it. */
typedef struct k8sc_value {
    const k8sc_object *object;
    uint32_t begin, end;
} k8sc_value;

/* The whole document; absent for NULL. */
K8SC_API k8sc_value k8sc_object_value(const k8sc_object *object);
/* What a path finds, such as "spec.containers[0].image": names joined by dots, indexes in brackets. A name may have one "_" behind it that
 * is not its own. "" is the value itself; absent where there is nothing, or the path is none. */
K8SC_API k8sc_value k8sc_value_along(k8sc_value value, const char *path);
/* What a JSON Pointer finds. */
K8SC_API k8sc_value k8sc_value_at(k8sc_value value, const char *pointer);
/* A member of an object by its key, an element of an array by its index. */
K8SC_API k8sc_value k8sc_value_member(k8sc_value value, const char *key);
K8SC_API k8sc_value k8sc_value_element(k8sc_value value, int64_t index);
/* The first element or member, and what follows an element or member; absent at the end. Each step costs as much as the value is long. */
K8SC_API k8sc_value k8sc_value_first(k8sc_value value);
K8SC_API k8sc_value k8sc_value_next(k8sc_value value);
/* The key of a member, NULL for anything else. Borrowed from the object. */
K8SC_API const char *k8sc_value_key(k8sc_value value, size_t *len);
/* As the readers by JSON Pointer above, for the value itself. What they return is borrowed from the object. */
K8SC_API int32_t k8sc_value_type(k8sc_value value);
K8SC_API const char *k8sc_value_str(k8sc_value value, size_t *len);
K8SC_API int64_t k8sc_value_int(k8sc_value value, int64_t fallback);
K8SC_API int k8sc_value_bool(k8sc_value value, int fallback);
K8SC_API double k8sc_value_number(k8sc_value value, double fallback);
K8SC_API int64_t k8sc_value_size(k8sc_value value);
K8SC_API const char *k8sc_value_raw(k8sc_value value, size_t *len);
/* A time, such as metadata.creationTimestamp, in microseconds since 1970; `fallback` where it is none. */
K8SC_API int64_t k8sc_value_time_us(k8sc_value value, int64_t fallback);
/* A duration as Go writes it ("1h30m"), in nanoseconds; `fallback` where it is none. */
K8SC_API int64_t k8sc_value_duration_ns(k8sc_value value, int64_t fallback);
/* The bytes that a base64 text stands for, as in a Secret's data; yours, give them back with k8sc_string_free; a NUL follows them. `len` must
 * not be NULL. Errors: K8SC_E_PARSE (not base64), K8SC_E_INVALID (not a string). */
K8SC_API k8sc_status k8sc_value_bytes(k8sc_value value, char **out, size_t *len, k8sc_error **err);

/* Quantities, such as "100m", "1.5Gi" or "12e6", as texts. They are exact down to 10^-9 and up to 10^1000; what is smaller is rounded away
 * from zero, what is larger is 10^1000, and 2^63-1 with a binary suffix, as for servers. Errors: K8SC_E_PARSE (not a quantity). */

/* -1, 0 or 1: whether `a` is below, the same as, or above `b`, however they are written. */
K8SC_API k8sc_status k8sc_quantity_compare(const char *a, const char *b, int *out, k8sc_error **err);
/* In whole units, and in thousandths, rounded away from zero. What does not fit is the largest or smallest int64_t. */
K8SC_API k8sc_status k8sc_quantity_value(const char *quantity, int64_t *out, k8sc_error **err);
K8SC_API k8sc_status k8sc_quantity_milli_value(const char *quantity, int64_t *out, k8sc_error **err);
/* As a double, rounded. */
K8SC_API k8sc_status k8sc_quantity_number(const char *quantity, double *out, k8sc_error **err);
/* The sum and the difference, written in the manner of `a`; and `quantity` as servers write it. Yours: k8sc_string_free. */
K8SC_API k8sc_status k8sc_quantity_add(const char *a, const char *b, char **out, k8sc_error **err);
K8SC_API k8sc_status k8sc_quantity_subtract(const char *a, const char *b, char **out, k8sc_error **err);
K8SC_API k8sc_status k8sc_quantity_canonical(const char *quantity, char **out, k8sc_error **err);

/* A place in a draft: one of its objects. It is passed by value, and belongs to the draft: it must not be used once that was freed. */
typedef struct k8sc_node {
    k8sc_draft *draft;
    uint32_t id;
} k8sc_node;

/* These functions have no error parameter: the draft keeps the first failure, and k8sc_draft_freeze fails with it; so a document can be
 * written without looking each time. Each also answers its own status. Paths are as above, from the node; objects and arrays that are missing
 * on the way are made; null counts as missing; an index may be one behind the last. `key` is NULL, or the key of a member of the map at
 * the path. Errors: K8SC_E_INVALID: no path; something of another type on the way; an index out of range; a value that cannot be; a
 * node that was removed. The draft then stays as it was. */

/* The document. */
K8SC_API k8sc_node k8sc_draft_root(k8sc_draft *draft);
/* The failure that is kept; NULL where there is none. Borrowed from the draft. */
K8SC_API const k8sc_error *k8sc_draft_failure(const k8sc_draft *draft);
/* The object at a path, made where there is none; an object of the array at a path; a new object behind the others of such an array. A
 * node of a NULL draft where it fails: what is done with that fails, too. */
K8SC_API k8sc_node k8sc_node_edit(k8sc_node node, const char *path);
K8SC_API k8sc_node k8sc_node_element(k8sc_node node, const char *path, int64_t index);
K8SC_API k8sc_node k8sc_node_append(k8sc_node node, const char *path);
/* The object that a map at a path has under a key; both are made where they are missing. */
K8SC_API k8sc_node k8sc_node_member(k8sc_node node, const char *path, const char *key);
/* Append to the array at a path. */
K8SC_API k8sc_status k8sc_node_append_str(k8sc_node node, const char *path, const char *value);
K8SC_API k8sc_status k8sc_node_append_int(k8sc_node node, const char *path, int64_t value);
K8SC_API k8sc_status k8sc_node_set_str(k8sc_node node, const char *path, const char *key, const char *value);
K8SC_API k8sc_status k8sc_node_set_strn(k8sc_node node, const char *path, const char *key, const char *value, size_t len);
K8SC_API k8sc_status k8sc_node_set_int(k8sc_node node, const char *path, const char *key, int64_t value);
K8SC_API k8sc_status k8sc_node_set_bool(k8sc_node node, const char *path, const char *key, int value);
K8SC_API k8sc_status k8sc_node_set_number(k8sc_node node, const char *path, const char *key, double value);
K8SC_API k8sc_status k8sc_node_set_null(k8sc_node node, const char *path, const char *key);
/* Any JSON as text. Errors: also K8SC_E_PARSE, K8SC_E_TOO_LARGE. */
K8SC_API k8sc_status k8sc_node_set_json(k8sc_node node, const char *path, const char *key, const char *json);
/* A copy of a value, which must not be absent. */
K8SC_API k8sc_status k8sc_node_set_value(k8sc_node node, const char *path, const char *key, k8sc_value value);
/* A quantity; one that is none is K8SC_E_PARSE. */
K8SC_API k8sc_status k8sc_node_set_quantity(k8sc_node node, const char *path, const char *key, const char *quantity);
/* A time in microseconds since 1970, written to the second, or with microseconds where `micro` is not 0. */
K8SC_API k8sc_status k8sc_node_set_time_us(k8sc_node node, const char *path, const char *key, int64_t time_us, int micro);
/* A duration in nanoseconds, as Go writes it. */
K8SC_API k8sc_status k8sc_node_set_duration_ns(k8sc_node node, const char *path, const char *key, int64_t duration_ns);
/* Bytes, as base64. */
K8SC_API k8sc_status k8sc_node_set_bytes(k8sc_node node, const char *path, const char *key, const char *data, size_t len);
/* Removes what is there; that there is nothing is no error. */
K8SC_API k8sc_status k8sc_node_remove(k8sc_node node, const char *path, const char *key);

/* Lists. */
K8SC_API void k8sc_list_free(k8sc_list *list);
K8SC_API int64_t k8sc_list_size(const k8sc_list *list);
/* NULL where `index` is out of range. Borrowed from the list: _ref it to keep it. */
K8SC_API k8sc_object *k8sc_list_at(const k8sc_list *list, int64_t index);
/* A reference of your own to an item. What is in a list from a lister may be compressed: k8sc_list_at opens it and the list keeps it
 * so, this opens it for you alone, again each time. Errors: K8SC_E_INVALID (`index` is out of range). */
K8SC_API k8sc_status k8sc_list_object(const k8sc_list *list, int64_t index, k8sc_object **out, k8sc_error **err);
/* Of the list's metadata; "" where absent. Borrowed from the list. */
K8SC_API const char *k8sc_list_resource_version(const k8sc_list *list);
K8SC_API const char *k8sc_list_continue(const k8sc_list *list);
/* How many objects come after this page, by the server's count; -1 where it did not say. */
K8SC_API int64_t k8sc_list_remaining_item_count(const k8sc_list *list);

/* Strings. */
K8SC_API int64_t k8sc_strings_size(const k8sc_strings *strings);
/* NULL where `index` is out of range; `len` may be NULL. Borrowed from the list. */
K8SC_API const char *k8sc_strings_at(const k8sc_strings *strings, int64_t index, size_t *len);
/* Appends: for k8sc_index_fn. */
K8SC_API k8sc_status k8sc_strings_add(k8sc_strings *strings, const char *value, size_t len);
K8SC_API void k8sc_strings_free(k8sc_strings *strings);
/* Frees a text that a function gave to you: its comment says so. Accepts NULL. */
K8SC_API void k8sc_string_free(char *string);

/* -------------------------------------------------------------------------- 4. configuration -- */

/* An empty configuration, to be filled by the setters below: at least the server. */
K8SC_API k8sc_status k8sc_config_new(k8sc_config **out, k8sc_error **err);
/* Finds the configuration as kubectl does: `path`; else the files of $KUBECONFIG, merged, the first to name a thing wins;
 * else ~/.kube/config; else, if none of them says anything, the pod's service account. `path` and `context` may be NULL;
 * `context` NULL means current-context. Relative paths in a file are relative to that file. Certificate and key files are
 * read now; they and token files must be regular files, which links may lead to. A kubeconfig may be a pipe, which must end within
 * 5 seconds. To a server that is reached without TLS no credentials are sent, which the client's log tells; they are checked all the
 * same. Errors: K8SC_E_CONFIG (nothing found; unknown context, cluster or user; contradicting or missing settings; a
 * certificate or key that cannot be used), K8SC_E_PARSE (not YAML; the message has file and line), K8SC_E_IO (a file is there and
 * cannot be read, or was named and is not there). Where several files are bad, the message tells all of them. Where a stanza has
 * several faults, the error's causes list them. */
K8SC_API k8sc_status k8sc_config_load(const char *path, const char *context, k8sc_config **out, k8sc_error **err);
/* The same from the text of one kubeconfig. Relative paths are relative to the working directory. */
K8SC_API k8sc_status k8sc_config_parse(const char *yaml, size_t len, const char *context, k8sc_config **out, k8sc_error **err);
/* The service account of the pod this runs in: $KUBERNETES_SERVICE_HOST and _PORT, and token, ca.crt and namespace below
 * /var/run/secrets/kubernetes.io/serviceaccount. Without a usable ca.crt the system's authorities are trusted, which the client's log
 * tells. Errors: K8SC_E_NOT_IN_CLUSTER, K8SC_E_IO (no token), K8SC_E_CONFIG (host and port
 * make no URL). */
K8SC_API k8sc_status k8sc_config_load_in_cluster(k8sc_config **out, k8sc_error **err);
/* Copies a configuration. */
K8SC_API k8sc_status k8sc_config_copy(const k8sc_config *config, k8sc_config **out, k8sc_error **err);
K8SC_API void k8sc_config_free(k8sc_config *config);

/* Setters copy and check what they are given, and change nothing when they fail. */

/* The API server: "https://host:port/path"; without a scheme it is http, or https where TLS settings are present. "unix:///path" is
 * http at that socket. */
K8SC_API k8sc_status k8sc_config_set_server(k8sc_config *config, const char *url, k8sc_error **err);
/* A bearer token, instead of any token or token file that was set; NULL removes them. */
K8SC_API k8sc_status k8sc_config_set_token(k8sc_config *config, const char *token, k8sc_error **err);
/* A file with the token, instead of any that was set. It is read again when it was read more than 50 seconds ago, and when the server
 * refuses the token: if the file has another one by then, the request is sent once more with it. Errors: K8SC_E_IO. */
K8SC_API k8sc_status k8sc_config_set_token_file(k8sc_config *config, const char *path, k8sc_error **err);
/* Gives a token, with k8sc_token_request_answer. Non-zero: the requests that wait for it fail with K8SC_E_CREDENTIALS. */
typedef int (*k8sc_token_fn)(k8sc_token_request *request, void *user_data);
/* Asks `fn` for the token, instead of any that was set: when there is something to be sent and no valid token at hand, once for all
 * requests that wait meanwhile. It is called on a thread that the library makes for the call, so it may block; it may neither close the
 * client nor wait for its requests. For C, C++ and C#; others hand in tokens by k8sc_client_set_token. destroy runs with the last copy
 * of the configuration, or, once a client was made, where the callbacks of that client's queue run. */
K8SC_API k8sc_status k8sc_config_set_token_provider(k8sc_config *config, k8sc_token_fn fn, void *user_data, k8sc_destroy_fn destroy,
                                                    k8sc_error **err);
/* True where the server refused the token that was given last. */
K8SC_API int k8sc_token_request_is_refused(const k8sc_token_request *request);
/* The token, and for how many milliseconds it may be used; -1: until the server refuses it. */
K8SC_API k8sc_status k8sc_token_request_answer(k8sc_token_request *request, const char *token, int64_t valid_ms, k8sc_error **err);
/* Whether a credential plugin may ask on the terminal: its standard input and error are then this process's. Off (0) by default. */
K8SC_API k8sc_status k8sc_config_set_exec_interactive(k8sc_config *config, int allowed, k8sc_error **err);
/* The certificates that the server's must descend from, as PEM; other blocks in it are passed over. NULL means the system's, or those
 * of $SSL_CERT_FILE and $SSL_CERT_DIR, which are read when the client is made. Errors: K8SC_E_PARSE. */
K8SC_API k8sc_status k8sc_config_set_ca(k8sc_config *config, const char *pem, size_t len, k8sc_error **err);
/* The client's certificate (with its chain) and private key, as PEM; both NULL removes them. Errors: K8SC_E_PARSE; K8SC_E_CONFIG
 * where they do not belong together. */
K8SC_API k8sc_status k8sc_config_set_client_certificate(k8sc_config *config, const char *certificate_pem, size_t certificate_len,
                                                        const char *key_pem, size_t key_len, k8sc_error **err);
/* Off (0) by default. Non-zero: the server's certificate is not verified at all. Not together with a CA: K8SC_E_CONFIG when the
 * client is made. */
K8SC_API k8sc_status k8sc_config_set_insecure(k8sc_config *config, int insecure, k8sc_error **err);
/* The name that the server's certificate must be for, where it is not the host of the URL; NULL removes it. */
K8SC_API k8sc_status k8sc_config_set_tls_server_name(k8sc_config *config, const char *name, k8sc_error **err);
/* The namespace that k8sc_client_namespace answers; NULL means "default". */
K8SC_API k8sc_status k8sc_config_set_namespace(k8sc_config *config, const char *name, k8sc_error **err);
/* Replaces the User-Agent, whose default is "<program>/v<version> (<os>/<arch>) kubernetes/<commit>"; NULL restores that. */
K8SC_API k8sc_status k8sc_config_set_user_agent(k8sc_config *config, const char *user_agent, k8sc_error **err);
/* Appends "/" and `suffix` to the User-Agent as it is now. */
K8SC_API k8sc_status k8sc_config_add_user_agent(k8sc_config *config, const char *suffix, k8sc_error **err);
/* The overall deadline of a request, retries included; -1 (the default): none. Watches and streams are not bound by it. */
K8SC_API k8sc_status k8sc_config_set_timeout(k8sc_config *config, int64_t timeout_ms, k8sc_error **err);
/* The deadline for a connection: name resolution, TCP and TLS; 30,000 by default. */
K8SC_API k8sc_status k8sc_config_set_connect_timeout(k8sc_config *config, int64_t timeout_ms, k8sc_error **err);
/* How long a request may go without receiving a byte; 60,000 by default, -1: for ever. Watches have their own, below. */
K8SC_API k8sc_status k8sc_config_set_idle_timeout(k8sc_config *config, int64_t timeout_ms, k8sc_error **err);
/* How long a watch may go without receiving a byte before its connection is given up; -1 (the default): 30 seconds longer than
 * the server was asked to keep the watch. An informer then resumes from its last resourceVersion. */
K8SC_API k8sc_status k8sc_config_set_watch_idle_timeout(k8sc_config *config, int64_t timeout_ms, k8sc_error **err);
/* How an informer, or a watch that resumes, finds out that its peer has gone without a word. When an HTTP/2 connection was silent for
 * after_ms, a PING is sent over it; where nothing at all comes within timeout_ms, the connection is cut, and what ran on it ends with
 * K8SC_E_TIMEOUT; the watch goes on from its last resourceVersion on another. On HTTP/1.1, which has no PING, the watch is begun anew after both times, unless a watch idle timeout
 * is set. 30,000 and 15,000 by default, or what $HTTP2_READ_IDLE_TIMEOUT_SECONDS and $HTTP2_PING_TIMEOUT_SECONDS say; after_ms -1: never. */
K8SC_API k8sc_status k8sc_config_set_probe(k8sc_config *config, int64_t after_ms, int64_t timeout_ms, k8sc_error **err);
/* Client-side rate limit: a bucket of `burst` tokens, filled at `qps` per second. 0 means the default, 5 and 10; qps below 0
 * means no limit. Every request takes a token, a watch only when it is retried. */
K8SC_API k8sc_status k8sc_config_set_rate_limit(k8sc_config *config, double qps, int32_t burst, k8sc_error **err);
/* Uses this limiter instead, which other clients may share; NULL removes it. */
K8SC_API k8sc_status k8sc_config_set_rate_limiter(k8sc_config *config, k8sc_rate_limiter *limiter, k8sc_error **err);
/* HTTP/2 where the server offers it over TLS: on (1) by default. $DISABLE_HTTP2 turns it off when it is set as a client is made. A server
 * that offers HTTP/1.1 alone is asked again after ten minutes. Where HTTP/2 was agreed on and the connection is lost before the server
 * speaks it, HTTP/1.1 is used for five seconds, and for up to a minute where that goes on. */
K8SC_API k8sc_status k8sc_config_set_http2(k8sc_config *config, int enabled, k8sc_error **err);
/* The largest object accepted, alone, in a list or in a watch frame, in bytes: 16 MiB by default. One above it is
 * K8SC_E_TOO_LARGE, with its size in the message; an informer's list has the others all the same, see k8sc_informer_start. */
K8SC_API k8sc_status k8sc_config_set_max_object_bytes(k8sc_config *config, int64_t bytes, k8sc_error **err);
/* The largest answer in bytes, unpacked; 8 GiB by default. Above it: K8SC_E_TOO_LARGE. The pages of
 * a list count as one answer, each item as 1 KiB at least. Watches and streams have no limit. */
K8SC_API k8sc_status k8sc_config_set_max_answer_bytes(k8sc_config *config, int64_t bytes, k8sc_error **err);

/* The way to the server. NULL restores the default. What excludes each other is K8SC_E_CONFIG when the client is made. */

/* A proxy for every request, this machine's servers included: http, https, socks5 or socks5h, as "http://user:password@host:port";
 * user and password are percent-encoded. The default is the environment's, as it is when the client is made: $HTTPS_PROXY, or for
 * http $HTTP_PROXY (unless $REQUEST_METHOD is set), $NO_PROXY, and their lower-case names, by Go's rules; it never applies to this
 * machine. https goes through CONNECT, so that the proxy sees no request. An https proxy is verified by the system's authorities. A
 * SOCKS proxy looks up the server's name. "": no proxy, whatever the environment says. Errors: K8SC_E_CONFIG (the URL cannot be used). */
K8SC_API k8sc_status k8sc_config_set_proxy(k8sc_config *config, const char *url, k8sc_error **err);
/* Whether answers may come compressed with gzip: yes (1) by default. Raw watches and streams are not compressed, nor are requests
 * that have a header Accept-Encoding or Range: their bodies come as they are. */
K8SC_API k8sc_status k8sc_config_set_compression(k8sc_config *config, int enabled, k8sc_error **err);
/* The unix socket to connect to, an absolute path, instead of the URL's host and port; what the URL says of TLS and host holds. A
 * server "unix:///path" is the same as "http://localhost" with that socket. Not with a proxy or a bind address; the environment's
 * proxy does not apply. */
K8SC_API k8sc_status k8sc_config_set_unix_socket(k8sc_config *config, const char *path, k8sc_error **err);
/* The address of this side's end of connections, or the name of its interface. */
K8SC_API k8sc_status k8sc_config_set_bind_address(k8sc_config *config, const char *address, k8sc_error **err);
/* The lowest and highest version of TLS: "1.2" (the lowest there is, and the default) or "1.3". */
K8SC_API k8sc_status k8sc_config_set_tls_versions(k8sc_config *config, const char *min, const char *max, k8sc_error **err);
/* The ciphers of TLS 1.2, and the suites of TLS 1.3, by OpenSSL's names, separated by ":". K8SC_E_INVALID where OpenSSL does not know
 * one. */
K8SC_API k8sc_status k8sc_config_set_tls_ciphers(k8sc_config *config, const char *tls12_ciphers, const char *tls13_suites, k8sc_error **err);
/* Public keys that the server's certificate must have one of, besides descending from the CA; also where the configuration is
 * insecure. Each is "sha256//" and the base64 of the SHA-256 of its SubjectPublicKeyInfo; they are separated by ";". Not without TLS.
 * Another key is K8SC_E_TLS. */
K8SC_API k8sc_status k8sc_config_set_server_key_pins(k8sc_config *config, const char *pins, k8sc_error **err);

/* A function that answers every request instead of the network: for tests of programs that use this library, and for transports of
 * their own. Deadlines, cancellation, retries, rate limit, decoding, watches and informers work as ever. `fn` is called on a thread
 * of the library that is made for this one request (so several calls may run at once), and may block. The answer ends when it
 * returns; a watch's fn goes on appending frames until the reply is cancelled. A request that ends sooner, by a deadline or by being
 * cancelled, does not wait for fn; k8sc_client_close does, except from inside of fn. Copies of the configuration and clients share
 * fn; destroy runs when the last of them is gone, on whatever thread lets go of it. NULL removes it. Not with settings of TLS or of
 * the way to the server. */
K8SC_API k8sc_status k8sc_config_set_transport(k8sc_config *config, k8sc_transport_fn fn, void *user_data, k8sc_destroy_fn destroy,
                                               k8sc_error **err);
/* The request: "GET" and so on; the whole URL; a header, NULL where there is none; the body. Borrowed from the request. */
K8SC_API const char *k8sc_transport_request_method(const k8sc_transport_request *request);
K8SC_API const char *k8sc_transport_request_url(const k8sc_transport_request *request);
K8SC_API const char *k8sc_transport_request_header(const k8sc_transport_request *request, const char *name);
K8SC_API const char *k8sc_transport_request_body(const k8sc_transport_request *request, size_t *len);
/* The HTTP status, 200 to 599; 200 by default. K8SC_E_STATE once something was appended. */
K8SC_API k8sc_status k8sc_transport_reply_set_status(k8sc_transport_reply *reply, int32_t status, k8sc_error **err);
/* Adds a header, such as Content-Type (without one the body is taken for JSON). K8SC_E_STATE once something was appended. */
K8SC_API k8sc_status k8sc_transport_reply_add_header(k8sc_transport_reply *reply, const char *name, const char *value, k8sc_error **err);
/* Sends status and headers, where that has not happened yet, and a piece of the body, which may be empty. Waits while more than 1 MiB
 * is not used. K8SC_E_CANCELLED where nobody wants it any more: then fn should return. */
K8SC_API k8sc_status k8sc_transport_reply_append(k8sc_transport_reply *reply, const char *data, size_t len, k8sc_error **err);
/* Ends the request, when fn returns, with this error after what was appended. K8SC_E_TRANSPORT is a lost connection, which is retried
 * as such. `message` may be NULL. */
K8SC_API k8sc_status k8sc_transport_reply_fail(k8sc_transport_reply *reply, k8sc_status code, const char *message, k8sc_error **err);
/* Whether the request has ended without fn. Any thread, until fn returns. */
K8SC_API int k8sc_transport_reply_is_cancelled(k8sc_transport_reply *reply);
/* Waits for that, or until the time is over; *cancelled, which may be NULL, says which. */
K8SC_API k8sc_status k8sc_transport_reply_wait(k8sc_transport_reply *reply, int64_t timeout_ms, int *cancelled, k8sc_error **err);

/* What was set or found; NULL where there is nothing. Borrowed from the configuration until it is changed. */
K8SC_API const char *k8sc_config_server(const k8sc_config *config);
K8SC_API const char *k8sc_config_namespace(const k8sc_config *config);
K8SC_API const char *k8sc_config_context(const k8sc_config *config);
K8SC_API const char *k8sc_config_user_agent(const k8sc_config *config);
K8SC_API const char *k8sc_config_tls_server_name(const k8sc_config *config);
K8SC_API int k8sc_config_insecure(const k8sc_config *config);
/* True where there is a token, a token file, a token provider, a client certificate, basic authentication, exec or an auth-provider.
 * The secrets themselves are never handed out. */
K8SC_API int k8sc_config_has_credentials(const k8sc_config *config);

/* Who the client is and how that is found out, and by which way it goes. A client is not made (K8SC_E_CONFIG) of settings that contradict
 * each other: a token and basic authentication, exec and an auth-provider, insecure and a CA, impersonated details without a user. */

/* Basic authentication; `user` NULL removes it, `password` NULL is an empty one. */
K8SC_API k8sc_status k8sc_config_set_basic_auth(k8sc_config *config, const char *user, const char *password, k8sc_error **err);
/* Acts as `user`, with `uid` unless that is NULL, and without groups and extra fields until they are added; `user` NULL ends it. */
K8SC_API k8sc_status k8sc_config_set_impersonation(k8sc_config *config, const char *user, const char *uid, k8sc_error **err);
K8SC_API k8sc_status k8sc_config_add_impersonation_group(k8sc_config *config, const char *group, k8sc_error **err);
/* Adds one value to an extra field, which may have several. */
K8SC_API k8sc_status k8sc_config_add_impersonation_extra(k8sc_config *config, const char *key, const char *value, k8sc_error **err);
/* As k8sc_config_set_ca and k8sc_config_set_client_certificate, from files, whose paths are kept: they are read now and once more when they
 * change. NULL, or both NULL, removes them. Errors: K8SC_E_IO, K8SC_E_PARSE, K8SC_E_CONFIG (they do not belong together). */
K8SC_API k8sc_status k8sc_config_set_ca_file(k8sc_config *config, const char *path, k8sc_error **err);
K8SC_API k8sc_status k8sc_config_set_client_certificate_files(k8sc_config *config, const char *certificate_path, const char *key_path,
                                                              k8sc_error **err);
/* A program that answers with credentials: JSON with the fields that `exec` has in a kubeconfig. A command with a "/" starts at the working
 * directory, others are looked up in $PATH. NULL removes it. Errors: K8SC_E_PARSE (not JSON), K8SC_E_INVALID (a field is wrong or missing). */
K8SC_API k8sc_status k8sc_config_set_exec(k8sc_config *config, const char *json, k8sc_error **err);
/* Which programs may be run: "AllowAll" (the default), "DenyAll" or "Allowlist", which begins with an empty list. */
K8SC_API k8sc_status k8sc_config_set_exec_policy(k8sc_config *config, const char *policy, k8sc_error **err);
/* Allows one command: a name, or an absolute path. Errors: K8SC_E_STATE (the policy is not "Allowlist"). */
K8SC_API k8sc_status k8sc_config_add_exec_allowed(k8sc_config *config, const char *command, k8sc_error **err);
/* How long such a program may take; 60,000 by default. Then it is killed, or, where this user may not do that, left to itself. */
K8SC_API k8sc_status k8sc_config_set_exec_timeout(k8sc_config *config, int64_t timeout_ms, k8sc_error **err);

/* Overrides: what a program's user asks for on top of a kubeconfig, as kubectl's --server, --token and so on. The setters copy and check,
 * and NULL takes back what was set. */

K8SC_API k8sc_status k8sc_overrides_new(k8sc_overrides **out, k8sc_error **err);
K8SC_API void k8sc_overrides_free(k8sc_overrides *overrides);
/* Stanzas of the kubeconfig, which must exist: the context, and others than its cluster and user. */
K8SC_API k8sc_status k8sc_overrides_set_context(k8sc_overrides *overrides, const char *name, k8sc_error **err);
K8SC_API k8sc_status k8sc_overrides_set_cluster(k8sc_overrides *overrides, const char *name, k8sc_error **err);
K8SC_API k8sc_status k8sc_overrides_set_user(k8sc_overrides *overrides, const char *name, k8sc_error **err);
K8SC_API k8sc_status k8sc_overrides_set_namespace(k8sc_overrides *overrides, const char *name, k8sc_error **err);
/* The server; the kubeconfig's TLS server name, which was meant for another one, is dropped. With a server no context is needed. */
K8SC_API k8sc_status k8sc_overrides_set_server(k8sc_overrides *overrides, const char *url, k8sc_error **err);
K8SC_API k8sc_status k8sc_overrides_set_tls_server_name(k8sc_overrides *overrides, const char *name, k8sc_error **err);
/* Non-zero drops the kubeconfig's CA, 0 makes the server be verified whatever the kubeconfig says. Cannot be taken back. */
K8SC_API k8sc_status k8sc_overrides_set_insecure(k8sc_overrides *overrides, int insecure, k8sc_error **err);
/* As k8sc_config_set_proxy, without "". */
K8SC_API k8sc_status k8sc_overrides_set_proxy(k8sc_overrides *overrides, const char *url, k8sc_error **err);
/* The CA, instead of any in the kubeconfig, whose insecure-skip-tls-verify then does not count. Relative paths start at the present working
 * directory; files are read when the configuration is made. */
K8SC_API k8sc_status k8sc_overrides_set_ca_file(k8sc_overrides *overrides, const char *path, k8sc_error **err);
/* A token, instead of any token, token file, basic authentication, exec and auth-provider. */
K8SC_API k8sc_status k8sc_overrides_set_token(k8sc_overrides *overrides, const char *token, k8sc_error **err);
/* The client's certificate and key; one that is NULL stays the kubeconfig's. */
K8SC_API k8sc_status k8sc_overrides_set_client_certificate_files(k8sc_overrides *overrides, const char *certificate_path, const char *key_path,
                                                                 k8sc_error **err);
/* As the configuration's. A user goes with its own details; details without a user replace those of the kubeconfig's. */
K8SC_API k8sc_status k8sc_overrides_set_impersonation(k8sc_overrides *overrides, const char *user, const char *uid, k8sc_error **err);
K8SC_API k8sc_status k8sc_overrides_add_impersonation_group(k8sc_overrides *overrides, const char *group, k8sc_error **err);
K8SC_API k8sc_status k8sc_overrides_add_impersonation_extra(k8sc_overrides *overrides, const char *key, const char *value, k8sc_error **err);
/* The overall deadline of a request, as k8sc_config_set_timeout. Cannot be taken back. */
K8SC_API k8sc_status k8sc_overrides_set_timeout(k8sc_overrides *overrides, int64_t timeout_ms, k8sc_error **err);
/* As k8sc_config_load, with overrides, which may be NULL. The pod's service account is the last resort as there, unless a context, cluster
 * or user is asked for; all other overrides hold for it, too. */
K8SC_API k8sc_status k8sc_config_load_with(const char *path, const k8sc_overrides *overrides, k8sc_config **out, k8sc_error **err);

/* Kubeconfigs: files as they are, merged, before a context is chosen. */

/* An empty one, which belongs to no file. */
K8SC_API k8sc_status k8sc_kubeconfig_new(k8sc_kubeconfig **out, k8sc_error **err);
/* The file `path`, which must be there; with NULL the files of $KUBECONFIG, or ~/.kube/config, those that exist. Errors as of
 * k8sc_config_load; an empty result is none. */
K8SC_API k8sc_status k8sc_kubeconfig_load(const char *path, k8sc_kubeconfig **out, k8sc_error **err);
/* From a text; it belongs to no file. Errors: K8SC_E_PARSE, K8SC_E_CONFIG. */
K8SC_API k8sc_status k8sc_kubeconfig_parse(const char *yaml, size_t len, k8sc_kubeconfig **out, k8sc_error **err);
K8SC_API void k8sc_kubeconfig_free(k8sc_kubeconfig *kubeconfig);
/* NULL where there is none. Borrowed from the kubeconfig until it is changed, as are the names. */
K8SC_API const char *k8sc_kubeconfig_current_context(const k8sc_kubeconfig *kubeconfig);
/* The names of contexts, clusters and users, in the order of the alphabet; NULL where `index` is out of range. */
K8SC_API int32_t k8sc_kubeconfig_context_count(const k8sc_kubeconfig *kubeconfig);
K8SC_API const char *k8sc_kubeconfig_context_name(const k8sc_kubeconfig *kubeconfig, int32_t index);
K8SC_API int32_t k8sc_kubeconfig_cluster_count(const k8sc_kubeconfig *kubeconfig);
K8SC_API const char *k8sc_kubeconfig_cluster_name(const k8sc_kubeconfig *kubeconfig, int32_t index);
K8SC_API int32_t k8sc_kubeconfig_user_count(const k8sc_kubeconfig *kubeconfig);
K8SC_API const char *k8sc_kubeconfig_user_name(const k8sc_kubeconfig *kubeconfig, int32_t index);
/* One stanza as it was written, secrets included. Errors: K8SC_E_CONFIG (there is none with that name). */
K8SC_API k8sc_status k8sc_kubeconfig_get_context(const k8sc_kubeconfig *kubeconfig, const char *name, k8sc_object **out, k8sc_error **err);
K8SC_API k8sc_status k8sc_kubeconfig_get_cluster(const k8sc_kubeconfig *kubeconfig, const char *name, k8sc_object **out, k8sc_error **err);
K8SC_API k8sc_status k8sc_kubeconfig_get_user(const k8sc_kubeconfig *kubeconfig, const char *name, k8sc_object **out, k8sc_error **err);
/* NULL or "" means none. Errors: K8SC_E_CONFIG (there is no such context). */
K8SC_API k8sc_status k8sc_kubeconfig_set_current_context(k8sc_kubeconfig *kubeconfig, const char *name, k8sc_error **err);
/* Sets a whole stanza, new or not, as JSON with the fields that kubeconfigs have: {"cluster": "c", "user": "u"}, {"server": "https://c"},
 * {"token": "..."}, {"client-certificate": "a.crt", "client-key": "a.key"}, {"exec": {...}}. It belongs to the file that it was in; a new
 * one to the default file: the named one, else the first that exists, else the first. Relative paths start at that file's directory. What
 * else is wrong than types is found by k8sc_kubeconfig_validate. Errors: K8SC_E_PARSE, K8SC_E_INVALID (a known field has a wrong type). */
K8SC_API k8sc_status k8sc_kubeconfig_set_context(k8sc_kubeconfig *kubeconfig, const char *name, const char *json, size_t len,
                                                 k8sc_error **err);
K8SC_API k8sc_status k8sc_kubeconfig_set_cluster(k8sc_kubeconfig *kubeconfig, const char *name, const char *json, size_t len,
                                                 k8sc_error **err);
K8SC_API k8sc_status k8sc_kubeconfig_set_user(k8sc_kubeconfig *kubeconfig, const char *name, const char *json, size_t len, k8sc_error **err);
/* Deletes a stanza, from all files that have it. Whoever refers to it is left as it is. Errors: K8SC_E_CONFIG (there is none). */
K8SC_API k8sc_status k8sc_kubeconfig_delete_context(k8sc_kubeconfig *kubeconfig, const char *name, k8sc_error **err);
K8SC_API k8sc_status k8sc_kubeconfig_delete_cluster(k8sc_kubeconfig *kubeconfig, const char *name, k8sc_error **err);
K8SC_API k8sc_status k8sc_kubeconfig_delete_user(k8sc_kubeconfig *kubeconfig, const char *name, k8sc_error **err);
/* With `path` NULL: brings what was changed to the files, each stanza to its own. They are read again under "<file>.lock", as kubectl's, so
 * that what others wrote meanwhile stays; fields that nobody knows stay, comments do not. With a path: writes all of it into that file, in
 * place of what it holds; nothing counts as brought to the files by that. Files appear whole or not at all, with mode 0600, or that of the
 * file that is there; missing directories are made; symbolic links are followed. Waits up to 3 seconds for each lock. Errors: K8SC_E_IO,
 * K8SC_E_STATE (it belongs to no file), K8SC_E_PARSE and K8SC_E_CONFIG (a file is not a kubeconfig any more). */
K8SC_API k8sc_status k8sc_kubeconfig_write(k8sc_kubeconfig *kubeconfig, const char *path, k8sc_error **err);
/* Looks for faults in all stanzas, and in the certificates and keys that they name. Errors: K8SC_E_CONFIG; the message tells the first, the
 * causes all of them, with fields such as "users[admin].exec.command". */
K8SC_API k8sc_status k8sc_kubeconfig_validate(const k8sc_kubeconfig *kubeconfig, k8sc_error **err);
/* A new one with a context, NULL means the current one, and what it uses; it belongs to no file. Errors: K8SC_E_CONFIG. */
K8SC_API k8sc_status k8sc_kubeconfig_minify(const k8sc_kubeconfig *kubeconfig, const char *context, k8sc_kubeconfig **out, k8sc_error **err);
/* A new one, in which certificates and keys are inline rather than in files; it belongs to no file. Token files, which change, stay. Errors:
 * K8SC_E_CONFIG, whose causes are all files that cannot be read. */
K8SC_API k8sc_status k8sc_kubeconfig_flatten(const k8sc_kubeconfig *kubeconfig, k8sc_kubeconfig **out, k8sc_error **err);
/* The whole as YAML text, with the secrets; paths that are relative to a file are made absolute. Give it back with k8sc_string_free. */
K8SC_API k8sc_status k8sc_kubeconfig_to_yaml(const k8sc_kubeconfig *kubeconfig, char **out, k8sc_error **err);
/* The same to be shown: "REDACTED" for tokens, passwords, keys, exec's environment, tokens of an auth-provider, users in URLs, extensions,
 * every field that is not known, and arguments that follow a name which sounds secret or look like one; "DATA+OMITTED" for certificates. */
K8SC_API k8sc_status k8sc_kubeconfig_redacted(const k8sc_kubeconfig *kubeconfig, char **out, k8sc_error **err);
/* The configuration of a context; `overrides` may be NULL. Never the pod's service account. Errors as of k8sc_config_load. */
K8SC_API k8sc_status k8sc_kubeconfig_config(const k8sc_kubeconfig *kubeconfig, const k8sc_overrides *overrides, k8sc_config **out,
                                            k8sc_error **err);

/* A rate limiter: a bucket that starts full. Errors: K8SC_E_INVALID (qps is not above 0, burst below 1). */
K8SC_API k8sc_status k8sc_rate_limiter_new(double qps, int32_t burst, k8sc_rate_limiter **out, k8sc_error **err);
K8SC_API k8sc_rate_limiter *k8sc_rate_limiter_ref(k8sc_rate_limiter *limiter);
K8SC_API void k8sc_rate_limiter_unref(k8sc_rate_limiter *limiter);
/* Takes a token if there is one: 1, else 0. */
K8SC_API int k8sc_rate_limiter_try_accept(k8sc_rate_limiter *limiter);
/* Waits for a token. Errors: K8SC_E_TIMEOUT, at once, where the wait would be longer. */
K8SC_API k8sc_status k8sc_rate_limiter_accept(k8sc_rate_limiter *limiter, int64_t timeout_ms, k8sc_error **err);
/* Tokens a second. */
K8SC_API double k8sc_rate_limiter_qps(const k8sc_rate_limiter *limiter);

/* Retries. A request of any verb that the server certainly did not process (HTTP/2: above the last stream of a GOAWAY, REFUSED_STREAM) is
 * sent again at once, and then after 1, 2, 4, 8 and 16 seconds; this is no attempt of its own, and no policy changes it. A request that
 * failed is sent again, up to 10 times unless the policy says otherwise:
 * - any verb, on 429 and 5xx with Retry-After, a number of seconds or a date: after that time and up to a tenth more. Where the server
 *   asks for longer than the cap, or than the deadline leaves, its error is returned at once, with k8sc_error_retry_after_ms;
 * - GET and HEAD, where the connection was lost on the way: after the back-off, and up to a fifth more.
 * A retry takes a token of the rate limit. The error of the last attempt says how many there were, and what an earlier one ended with
 * if that was something else. Informers have a back-off of their own instead. */

/* A policy with the defaults. */
K8SC_API k8sc_status k8sc_retry_policy_new(k8sc_retry_policy **out, k8sc_error **err);
K8SC_API void k8sc_retry_policy_free(k8sc_retry_policy *policy);
/* How often to try again; 10 by default. k8sc_options_set_max_retries and k8sc_request_set_max_retries go before it. */
K8SC_API k8sc_status k8sc_retry_policy_set_max_retries(k8sc_retry_policy *policy, int32_t retries, k8sc_error **err);
/* The longest Retry-After that is waited for; 60,000 by default, -1: any. */
K8SC_API k8sc_status k8sc_retry_policy_set_retry_after_cap(k8sc_retry_policy *policy, int64_t cap_ms, k8sc_error **err);
/* The wait where no server names one: `first_ms`, which doubles with each attempt up to `max_ms`; 1,000 and 30,000 by default. At most
 * a day. */
K8SC_API k8sc_status k8sc_retry_policy_set_backoff(k8sc_retry_policy *policy, int64_t first_ms, int64_t max_ms, k8sc_error **err);
/* GET and HEAD (and conditional writes, below) are also sent again on this status, 400 to 599, with or without Retry-After. */
K8SC_API k8sc_status k8sc_retry_policy_add_status(k8sc_retry_policy *policy, int32_t status, k8sc_error **err);
/* Any verb is also sent again where k8sc_error_is_not_processed holds: the connection was refused, the server unreachable, the name did
 * not resolve, the connect deadline passed, or the server went on refusing the request unseen. Off (0) by default. */
K8SC_API k8sc_status k8sc_retry_policy_set_unsent(k8sc_retry_policy *policy, int retry, k8sc_error **err);
/* PUT with metadata.resourceVersion and DELETE with a precondition are sent again as GET is: the server refuses the second where the
 * first took effect. So Conflict, and NotFound of a DELETE, may then mean that an earlier attempt succeeded. Off (0) by default. POST,
 * PATCH and other writes are never sent twice unless the server asked for it. */
K8SC_API k8sc_status k8sc_retry_policy_set_conditional_writes(k8sc_retry_policy *policy, int retry, k8sc_error **err);
/* How failed requests of a client are retried; the policy is copied. NULL: the default policy. */
K8SC_API k8sc_status k8sc_config_set_retry_policy(k8sc_config *config, const k8sc_retry_policy *policy, k8sc_error **err);

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
#define K8SC_EVENT_ADD 1        /* object */
#define K8SC_EVENT_UPDATE 2     /* object, old_object */
#define K8SC_EVENT_DELETE 3     /* object: its last known state; only after an ADD */
#define K8SC_EVENT_SYNC 4       /* this handler has received the whole initial list */
/* From a watch, named as in Kubernetes. */
#define K8SC_EVENT_ADDED 5      /* object */
#define K8SC_EVENT_MODIFIED 6   /* object */
#define K8SC_EVENT_DELETED 7    /* object */
#define K8SC_EVENT_BOOKMARK 8   /* object: only kind, apiVersion and metadata.resourceVersion */
/* From an informer, which then continues by itself, or from a watch, where CLOSED follows. */
#define K8SC_EVENT_ERROR 9      /* error */
/* From a request that was started. */
#define K8SC_EVENT_COMPLETED 10 /* result or error */
#define K8SC_EVENT_DATA 11      /* data: a piece of a streamed body */
/* The last event of a watch or a stream. */
#define K8SC_EVENT_CLOSED 12    /* error, unless it ended normally */
/* From a subscription to a client's warnings, logs or traces. */
#define K8SC_EVENT_WARNING 13   /* text: the server's warning; level, component */
#define K8SC_EVENT_LOG 14       /* text, level, component */
#define K8SC_EVENT_TRACE 15     /* text: one finished request, as JSON */

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
 * must not be NULL. Returns NULL for other events.
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
 * calls return the same one. Returns NULL when out of memory.
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
K8SC_API const k8sc_schema_type *
k8sc_schema_resource_method_input(const k8sc_schema_resource *resource, int32_t index);
/* Returns the type that a further method returns; NULL if it is that of the resource, or if it
 * returns none. */
K8SC_API const k8sc_schema_type *
k8sc_schema_resource_method_result(const k8sc_schema_resource *resource, int32_t index);

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
#define K8SC_FIELD_BYTES 5          /* base64 in a string */
#define K8SC_FIELD_ARRAY 6
#define K8SC_FIELD_MAP 7            /* an object with arbitrary keys */
#define K8SC_FIELD_OBJECT 8
#define K8SC_FIELD_QUANTITY 9       /* "100m", "1Gi", or a number */
#define K8SC_FIELD_INT_OR_STRING 10
#define K8SC_FIELD_TIME 11          /* RFC 3339 */
#define K8SC_FIELD_MICRO_TIME 12    /* RFC 3339 with six decimals of the second */
#define K8SC_FIELD_DURATION 13      /* a duration in Go's format: "1h30m" */
#define K8SC_FIELD_ANY 14           /* any JSON value */

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
/* Returns one of the keys of an array whose list type is "map". Returns NULL for an index past the
 * last one. */
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
 * messages on the way to it, and then its own. Returns 0 for an index past the last one, and for
 * every index if protobuf does not have the field. */
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
