/*
 * k8sc-testing: a fake Kubernetes API server, for tests of k8sc and of programs that use it.
 *
 * Copyright the k8sc authors. SPDX-License-Identifier: Apache-2.0
 *
 * The server runs in the process that starts it. It listens on 127.0.0.1 only and keeps everything
 * in memory. It behaves like a kube-apiserver 1.20 with a watch cache and can inject faults. It
 * speaks JSON over HTTP/2 and HTTP/1.1, with or without TLS. With TLS, ALPN selects the protocol.
 * Without TLS, a client selects HTTP/2 by prior knowledge. Responses larger than 128 KB are
 * compressed if the client accepts gzip, except those that a fault changes.
 *
 * The conventions of k8sc.h apply here, with the exceptions that this header states. The server is
 * a tool for tests: later versions may change its responses to resemble a real server's more
 * closely.
 *
 * SERVED. Below /api/v1 and /apis/<group>/<version> the server has:
 *   - create, get, update, delete (preconditions, finalizers) and delete collection;
 *   - list: label and field selectors, limit and continue, resourceVersion and
 *     resourceVersionMatch;
 *   - patch: JSON patch, merge patch, strategic merge patch and server-side apply;
 *   - watch: bookmarks, timeoutSeconds, resuming from a resourceVersion;
 *   - dry run, and fieldValidation (Warn and Strict);
 *   - the schemas of custom resources: pruning, defaults, validation (docs/fake-apiserver.md);
 *   - the subresources status and scale;
 *   - the pod subresources eviction (which respects PodDisruptionBudgets), binding,
 *     ephemeralcontainers and log, and resize if the server imitates release 1.33 or later;
 *   - tokens of service accounts, approval of CertificateSigningRequests, and finalize of
 *     namespaces;
 *   - tables (as=Table) and partial objects.
 * Elsewhere it has discovery (one group-version at a time, as before 1.27, unless an option enables
 * aggregated discovery), OpenAPI v2 and v3 with the names of the kinds, /version, /healthz, /livez
 * and /readyz. It knows the kinds of the standard groups. It learns the kinds of a
 * CustomResourceDefinition when one is created. It guesses all other kinds.
 *
 * FIELD OWNERSHIP. An object has managedFields from its first apply on: a server-side apply, or a
 * client-side apply by kubectl. The manager "before-first-apply" owns the fields that were set
 * earlier. Each later change is owned by the manager that makes it. A server-side apply by kubectl
 * takes over the fields of kubectl's client-side applies, as on a cluster; the object's annotation
 * names those fields. Lists merge by the keys that Kubernetes' own types or the schemas of custom
 * resources declare. Strategic merge patches of custom resources are refused (415).
 *
 * NOT SERVED. The server has none of these:
 *   - webhooks and other admission;
 *   - encodings other than JSON;
 *   - other subresources, such as exec, attach, portforward and proxy;
 *   - controllers, except those of strict mode.
 * Without strict mode (k8sc_testing_options_set_strict), these are missing too:
 *   - defaults of standard kinds, and validation of them beyond metadata. Strict mode has both for
 *     the main kinds, but not every rule of a cluster (docs/fake-apiserver.md);
 *   - garbage collection, also of a namespace's contents;
 *   - grace periods: an object without finalizers is gone at once.
 * Streaming lists (sendInitialEvents) are refused, as by 1.20, unless an option enables them. A
 * watch whose client reads slowly is never dropped: its events wait in memory. Outside strict mode,
 * namespaces need not exist, a field selector may name any field, and a create or an update changes
 * .status too, unless a CustomResourceDefinition declares the status subresource. In strict mode, a
 * field selector may name only the fields that a real server can select.
 *
 * THREADS. Any thread may use a server at any time. The exception is k8sc_testing_server_free: no
 * other thread may use the server during that call. A server runs one thread that accepts
 * connections, one thread for each connection, and one thread for each HTTP/2 request that it is
 * answering. These threads block all signals. No thread and no descriptor remains after _stop or
 * _free.
 *
 * FORK. A server belongs to the process that started it. In a child of fork() its functions fail
 * with K8SC_E_FORKED or return -1, except the getters of texts that never change.
 * k8sc_testing_server_free does nothing there.
 *
 * All declarations have existed since version 0.1.
 */
#ifndef K8SC_TESTING_H
#define K8SC_TESTING_H

#include <stddef.h>
#include <stdint.h>

#include "k8sc.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Holds the settings of a fake API server. A value handle.
 * Ownership: one owner, who frees it with k8sc_testing_options_free.
 * Threads: one thread at a time. */
typedef struct k8sc_testing_options k8sc_testing_options;

/* Represents a fake API server.
 * Ownership: one owner, who frees it with k8sc_testing_server_free.
 * Threads: any thread, at any time before it is freed. */
typedef struct k8sc_testing_server k8sc_testing_server;

/* Frees a text that a function of this header stored through `out` or `ca_pem`. `text` may be
 * NULL. */
K8SC_API void k8sc_testing_string_free(char *text);

/* ----------------------------------------------------------------------------------- options -- */

/* Creates options. Each option has the default that the comment of its setter states.
 * Ownership: *out is the caller's, who frees it with k8sc_testing_options_free. */
K8SC_API k8sc_status k8sc_testing_options_new(k8sc_testing_options **out, k8sc_error **err);

/* Frees options. `options` may be NULL. */
K8SC_API void k8sc_testing_options_free(k8sc_testing_options *options);

/* Sets the TCP port of the server. `port` is 0 to 65535; 0 (the default) takes any free port.
 * Errors: K8SC_E_INVALID (`port` is out of range). */
K8SC_API k8sc_status k8sc_testing_options_set_port(k8sc_testing_options *options, int32_t port,
                                                   k8sc_error **err);

/* Sets the path below which the server answers, such as "/k8s/clusters/c-x", as behind a proxy of
 * several clusters. The server's URL, kubeconfig and configuration include the path. A request
 * outside it is answered 404. Response bodies never contain the path, not even the paths in the
 * index of OpenAPI v3. Faults and reactors receive only requests below the path, and see their
 * paths without it. NULL, "" or "/" (the default) sets no base path.
 * Errors: K8SC_E_INVALID (a segment is empty, "." or "..", or has a character other than letters,
 * digits, '-', '.', '_' and '~'). */
K8SC_API k8sc_status k8sc_testing_options_set_base_path(k8sc_testing_options *options,
                                                        const char *path, k8sc_error **err);

/* Enables HTTPS if `enabled` is non-zero. The server's certificate is valid for 127.0.0.1,
 * localhost and ::1. An authority that is generated for this server alone signs it. The default is
 * 0. */
K8SC_API k8sc_status k8sc_testing_options_set_tls(k8sc_testing_options *options, int enabled,
                                                  k8sc_error **err);

/* Enables HTTP/2 for clients that speak it if `enabled` is non-zero (the default). 0 restricts the
 * server to HTTP/1.1. */
K8SC_API k8sc_status k8sc_testing_options_set_http2(k8sc_testing_options *options, int enabled,
                                                    k8sc_error **err);

/* Sets how many requests one HTTP/2 connection may have open at the same time
 * (SETTINGS_MAX_CONCURRENT_STREAMS). `streams` is 0 or more; 0 allows none. The default is 250, as
 * in kube-apiserver. A request above the limit is refused with REFUSED_STREAM. If the client has
 * acknowledged the limit, such a request ends the connection with PROTOCOL_ERROR.
 * Errors: K8SC_E_INVALID (`streams` is below 0). */
K8SC_API k8sc_status k8sc_testing_options_set_http2_max_streams(k8sc_testing_options *options,
                                                                int32_t streams, k8sc_error **err);

/* Sets an HTTP/2 flow-control window that the server never enlarges. `bytes` is how much of its
 * body one request may send (SETTINGS_INITIAL_WINDOW_SIZE). All bodies of a connection together may
 * send 65,535 bytes. The server never sends WINDOW_UPDATE, so the rest of a larger body waits. With
 * -1 (the default) the server enlarges the windows as it reads bodies.
 * Errors: K8SC_E_INVALID (`bytes` is below -1 or above 2,147,483,647). */
K8SC_API k8sc_status k8sc_testing_options_set_http2_upload_window(k8sc_testing_options *options,
                                                                  int64_t bytes, k8sc_error **err);

/* Answers HTTP/2 PINGs if `enabled` is non-zero (the default). 0 leaves them unanswered, as on a
 * dead connection. */
K8SC_API k8sc_status k8sc_testing_options_set_http2_answer_pings(k8sc_testing_options *options,
                                                                 int enabled, k8sc_error **err);

/* Sets the bearer token that every request must carry. A request without a token is answered 401.
 * So is a request with another token, unless that token belongs to a service account
 * (serviceaccounts/token). NULL (the default) requires no token and allows anybody everything.
 * Errors: K8SC_E_INVALID (`token` is empty or has a character that no header can hold). */
K8SC_API k8sc_status k8sc_testing_options_set_token(k8sc_testing_options *options,
                                                    const char *token, k8sc_error **err);

/* Adds a user, whose requests carry `token`, beside the administrator. `name` is the user's name.
 * `groups` holds the names of the user's groups, separated by commas, or is NULL. Every user is
 * also in "system:authenticated". A service account ("system:serviceaccount:default:builder") is
 * also in the groups of service accounts.
 *
 * Once there is one user, every request must identify its user:
 *   - the token of k8sc_testing_options_set_token identifies an administrator, a member of
 *     "system:masters";
 *   - a client certificate identifies the user whose name is its CN and whose groups are its O's;
 *   - a service account's token (serviceaccounts/token) identifies that service account.
 * Each of them may impersonate another user by the headers Impersonate-User, -Group, -Uid and
 * -Extra-*.
 * Errors: K8SC_E_INVALID (`token` is another user's, or no header can hold it; `name` is empty). */
K8SC_API k8sc_status k8sc_testing_options_add_user(k8sc_testing_options *options, const char *token,
                                                   const char *name, const char *groups,
                                                   k8sc_error **err);

/* Enables RBAC if `enabled` is non-zero. Users may then do what the server's Roles, ClusterRoles
 * and their bindings allow. Everything else, also an impersonation, is answered 403 Forbidden.
 * Members of "system:masters" may do everything. The roles of administrators (cluster-admin), of
 * discovery (system:discovery) and of questions about oneself (system:basic-user) exist from the
 * beginning. 0 (the default) allows everybody everything. SelfSubjectAccessReview and the other
 * reviews answer accordingly. */
K8SC_API k8sc_status k8sc_testing_options_set_authorization(k8sc_testing_options *options,
                                                            int enabled, k8sc_error **err);

/* Adds a kind that is in no standard group, as a CustomResourceDefinition would. `group` is NULL or
 * "" for the core group. `version` is the API version, `plural` the resource name, and `kind` the
 * kind. `namespaced` is non-zero for a namespaced resource.
 * Errors: K8SC_E_INVALID (`version`, `plural` or `kind` is empty; a name has a character that it
 * may not have). */
K8SC_API k8sc_status k8sc_testing_options_add_kind(k8sc_testing_options *options, const char *group,
                                                   const char *version, const char *plural,
                                                   const char *kind, int namespaced,
                                                   k8sc_error **err);

/* Enables aggregated discovery if `enabled` is non-zero. /api and /apis then list all resources in
 * one response (apidiscovery.k8s.io) to clients that accept it, as servers from 1.27 on do.
 * Releases 1.26 to 1.29 have v2beta1, 1.30 to 1.32 have v2beta1 and v2, all others have v2. The
 * default is 0. */
K8SC_API k8sc_status k8sc_testing_options_set_aggregated_discovery(k8sc_testing_options *options,
                                                                   int enabled, k8sc_error **err);

/* Serves resources that nothing has defined if `enabled` is non-zero (the default). The server
 * learns the kind and the scope of such a resource from the first object that is created. Until
 * then it guesses both from the name. With 0, such a resource is answered 404 NotFound, as on a
 * real server. */
K8SC_API k8sc_status k8sc_testing_options_set_allow_any_resource(k8sc_testing_options *options,
                                                                 int enabled, k8sc_error **err);

/* Enables strict mode if `enabled` is non-zero. Strict mode adds more of a cluster's behaviour,
 * with a garbage collector and a namespace controller. The default is 0.
 *
 * Namespaces:
 *   - An object can be created only in a namespace that exists; otherwise the answer is 404.
 *   - default, kube-system, kube-public and kube-node-lease exist from the beginning.
 *   - A deleted namespace is Terminating. Nothing can be created in it (403). Its contents are
 *     deleted, and it disappears when they are gone.
 *
 * Status:
 *   - .status of the standard kinds changes only through the status subresource.
 *   - A new pod is Pending; a new namespace is Active.
 *   - A node is created with its status, as kubelets do.
 *
 * Deletion:
 *   - An object whose owners (metadata.ownerReferences) are all gone is deleted. An object that
 *     still has other owners loses the references to owners that are gone.
 *   - A deletion is Background (the default), Orphan, or Foreground. With Foreground the object
 *     stays until the dependents that block its deletion are gone.
 *   - A deleted pod that has a node stays, with a deletionTimestamp, for its grace period in
 *     seconds: the request's gracePeriodSeconds, else the pod's own, else 30. No kubelet ends it,
 *     nor does the mere passing of time. It disappears when it is deleted with a grace period of 0,
 *     or when k8sc_testing_server_advance_clock passes the end of the period.
 *
 * Validation:
 *   - Requests for a standard kind are checked against its type. A value of a wrong type is
 *     refused. Unknown fields and nulls are dropped. A Secret's stringData becomes its data.
 *   - The main standard kinds have the defaults of the release.
 *   - What a cluster refuses of the main standard kinds is refused too: 422, with a cause for each
 *     validation error. The checks cover required values, ranges, enumerations, names, selectors
 *     and immutable fields. docs/fake-apiserver.md lists the kinds and the rules.
 *   - An object that k8sc_testing_server_put created may be changed, even if it is invalid already.
 *
 * The server completes everything that follows from a request before it serves the next one.
 * Watches see each step. k8sc_testing_server_put is as permissive as without strict mode. */
K8SC_API k8sc_status k8sc_testing_options_set_strict(k8sc_testing_options *options, int enabled,
                                                     k8sc_error **err);

/* Selects the Kubernetes release that the server imitates. `version` is 1.20 to 1.36, such as
 * "1.34" or "v1.34.2"; the third number is ignored. The release determines:
 *   - what /version reports;
 *   - the Kubernetes groups that exist: exactly those that the release serves by default, which are
 *     stable versions, and betas before 1.24;
 *   - whether a request without fieldValidation is answered with warnings: from 1.25 on;
 *   - whether aggregated discovery is enabled: from 1.27 on;
 *   - whether streaming lists are supported: in 1.32, and from 1.34 on.
 * Setters of these options that are called later override the release. Without this call, /version
 * reports 1.20, or 1.34 with streaming lists; the stable versions of all releases exist, and others
 * are guessed. apiservices and podsecuritypolicies exist in no release.
 * Errors: K8SC_E_INVALID (`version` is not a release from 1.20 to 1.36). */
K8SC_API k8sc_status k8sc_testing_options_set_kubernetes_version(k8sc_testing_options *options,
                                                                 const char *version,
                                                                 k8sc_error **err);

/* Sets the interval between the bookmarks of a watch that allows bookmarks. `interval_ms` is in
 * milliseconds. The default is 1000; real servers take about a minute. A watch receives one more
 * bookmark two seconds before its timeout. 0 disables all bookmarks.
 * Errors: K8SC_E_INVALID (`interval_ms` is below 0). */
K8SC_API k8sc_status k8sc_testing_options_set_bookmark_interval(k8sc_testing_options *options,
                                                                int64_t interval_ms,
                                                                k8sc_error **err);

/* Sets the maximum number of items in a page, whatever `limit` the client requests. 0 (the default)
 * sets no maximum. A list without `limit` is never divided into pages.
 * Errors: K8SC_E_INVALID (`items` is below 0). */
K8SC_API k8sc_status k8sc_testing_options_set_page_limit(k8sc_testing_options *options,
                                                         int64_t items, k8sc_error **err);

/* Sets how many events the server remembers for each resource. The default is 4096. A watch or a
 * continued list that needs an older event is answered 410 Expired.
 * Errors: K8SC_E_INVALID (`events` is below 1). */
K8SC_API k8sc_status k8sc_testing_options_set_event_window(k8sc_testing_options *options,
                                                           int64_t events, k8sc_error **err);

/* Enables partial objects if `enabled` is non-zero (the default). get, list and watch then send
 * PartialObjectMetadata, or a list of them, of meta.k8s.io/v1 to clients that accept it. With 0 the
 * server sends whole objects all the same, as some aggregated servers do. */
K8SC_API k8sc_status k8sc_testing_options_set_partial_objects(k8sc_testing_options *options,
                                                              int enabled, k8sc_error **err);

/* Select how the server treats streaming lists, which are watches with sendInitialEvents:
 *   - REFUSED (the default) answers 422, because 1.20 has no watch with a resourceVersionMatch.
 *   - IGNORED answers with an ordinary watch, as servers before 1.19 do, and some servers that are
 *     no kube-apiserver.
 *   - SUPPORTED sends the existing objects as ADDED events, then a BOOKMARK event with the
 *     annotation "k8s.io/initial-events-end": "true", then the changes. /version reports 1.34. */
#define K8SC_TESTING_STREAMING_REFUSED 0
#define K8SC_TESTING_STREAMING_IGNORED 1
#define K8SC_TESTING_STREAMING_SUPPORTED 2

/* Sets how the server treats streaming lists. `how` is a K8SC_TESTING_STREAMING_ constant; the
 * default is K8SC_TESTING_STREAMING_REFUSED.
 * Errors: K8SC_E_INVALID (`how` is none of these constants). */
K8SC_API k8sc_status k8sc_testing_options_set_streaming_lists(k8sc_testing_options *options,
                                                              int32_t how, k8sc_error **err);

/* Sets the answer to a watch from a resourceVersion that is too old. 0 (the default) answers HTTP
 * 200 and an ERROR event with a 410 Status, as the watch cache of real servers does. Non-zero
 * answers HTTP 410 at once. */
K8SC_API k8sc_status k8sc_testing_options_set_expired_at_open(k8sc_testing_options *options,
                                                              int enabled, k8sc_error **err);

/* Enables the admin API below /k8sc-testing/ of the server's URL if `enabled` is non-zero. It
 * offers functions of this header to programs that use HTTP instead of C. The default is 0. Its
 * requests need no token, do not appear in the log, and meet no faults. Request and response bodies
 * are JSON. Errors are answered with a Status. A request from a browser's page is refused (403):
 * one whose Host, or whose Origin if it has one, is not 127.0.0.1, localhost or [::1] with the
 * server's port.
 *
 *     GET    /k8sc-testing/requests       returns the request log
 *     DELETE /k8sc-testing/requests       empties the request log
 *     GET    /k8sc-testing/actions?verb=&resource=&namespace=&name=
 *                                         k8sc_testing_server_actions; parameters are optional
 *     GET    /k8sc-testing/faults         returns the fault rules and how often each happened
 *     POST   /k8sc-testing/faults         adds a fault rule; returns its number: {"id":1}
 *     DELETE /k8sc-testing/faults         removes all fault rules
 *     DELETE /k8sc-testing/faults/1       removes one fault rule
 *     POST   /k8sc-testing/objects        creates or replaces an object, or a list of them
 *     DELETE /k8sc-testing/objects        k8sc_testing_server_clear
 *     POST   /k8sc-testing/compact        k8sc_testing_server_compact
 *     POST   /k8sc-testing/clock?ms=60000 k8sc_testing_server_advance_clock
 *     POST   /k8sc-testing/log?namespace=&pod=&container=
 *                                         k8sc_testing_server_set_pod_log with the body;
 *                              &append=1  k8sc_testing_server_append_pod_log with the body;
 *                              &restart=1 k8sc_testing_server_restart_container
 *     POST   /k8sc-testing/token          k8sc_testing_server_set_token: {"token":"..."}, or null
 *     POST   /k8sc-testing/certificate    k8sc_testing_server_renew_certificate: {"ca":"PEM"}
 *
 * These requests end connections. The server answers 202 first and then ends them:
 *
 *     POST   /k8sc-testing/disconnect     k8sc_testing_server_disconnect
 *     POST   /k8sc-testing/restart?state=keep
 *                                         k8sc_testing_server_restart;
 *            /k8sc-testing/restart?state=lose
 *                                         restarts without the objects
 *     POST   /k8sc-testing/pause?ms=1000  refuses connections for so many milliseconds */
K8SC_API k8sc_status k8sc_testing_options_set_admin(k8sc_testing_options *options, int enabled,
                                                    k8sc_error **err);

/* ------------------------------------------------------------------------------------ server -- */

/* Starts a server. The server accepts connections when this function returns. `options` may be NULL
 * for the defaults.
 * Errors: K8SC_E_IO (the port is in use, or no descriptor or thread is available).
 * Ownership: *out is the caller's, who frees it with k8sc_testing_server_free. `options` is copied
 * and stays the caller's. */
K8SC_API k8sc_status k8sc_testing_server_start(const k8sc_testing_options *options,
                                               k8sc_testing_server **out, k8sc_error **err);

/* Stops a server: ends all connections, watches included, ends all threads and releases the port.
 * Blocks until all of that is done. Objects, counts and texts stay readable.
 * k8sc_testing_server_restart starts the server again. Has no effect on a stopped server. */
K8SC_API k8sc_status k8sc_testing_server_stop(k8sc_testing_server *server, k8sc_error **err);

/* Stops a server and frees it. `server` may be NULL.
 * Threads: no other thread may use the server during this call or after it. */
K8SC_API void k8sc_testing_server_free(k8sc_testing_server *server);

/* Stops a server and starts it again on the same port, with the same objects, event history,
 * certificates and fault rules. Also starts a server that is stopped or paused.
 * Errors: K8SC_E_IO (another program has taken the port meanwhile). */
K8SC_API k8sc_status k8sc_testing_server_restart(k8sc_testing_server *server, k8sc_error **err);

/* Ends all connections and refuses new ones until k8sc_testing_server_resume or
 * k8sc_testing_server_restart, as a server does that is down. The port stays reserved.
 * Errors: K8SC_E_STATE (the server is stopped), K8SC_E_IO. */
K8SC_API k8sc_status k8sc_testing_server_pause(k8sc_testing_server *server, k8sc_error **err);

/* Accepts connections again after k8sc_testing_server_pause. Has no effect on a server that is not
 * paused.
 * Errors: K8SC_E_STATE (the server is stopped), K8SC_E_IO. */
K8SC_API k8sc_status k8sc_testing_server_resume(k8sc_testing_server *server, k8sc_error **err);

/* Ends all open connections without notice to the clients. The server keeps accepting new
 * connections. Does not wait for the threads of the ended connections. */
K8SC_API k8sc_status k8sc_testing_server_disconnect(k8sc_testing_server *server, k8sc_error **err);

/* Replaces the bearer tokens that requests must carry from now on by `token`. NULL requires none.
 * Open watches continue.
 * Errors: K8SC_E_INVALID (`token` is empty or has a character that no header can hold). */
K8SC_API k8sc_status k8sc_testing_server_set_token(k8sc_testing_server *server, const char *token,
                                                   k8sc_error **err);

/* Adds a bearer token that is accepted beside the present one until k8sc_testing_server_set_token
 * is called. The server then accepts an old and a new token while clients change over.
 * Errors: K8SC_E_INVALID (`token` is empty or has a character that no header can hold),
 * K8SC_E_STATE (the server requires no token). */
K8SC_API k8sc_status k8sc_testing_server_add_token(k8sc_testing_server *server, const char *token,
                                                   k8sc_error **err);

/* Sets the authority whose client certificates the server accepts, for connections that are opened
 * from now on. `pem` is the authority's certificate as PEM. The server requests a certificate from
 * each client. A client with a certificate of this authority needs no token. Any other client is
 * answered 401 unless it sends the right token. NULL ends the requests for certificates.
 * Errors: K8SC_E_PARSE (`pem` has no certificate), K8SC_E_STATE (the server has no TLS). */
K8SC_API k8sc_status k8sc_testing_server_set_client_ca(k8sc_testing_server *server, const char *pem,
                                                       k8sc_error **err);

/* Generates the authority and the certificate that the next k8sc_testing_server_renew_certificate
 * will use, so that clients can be given the authority in advance. *ca_pem is that authority's
 * certificate as PEM.
 * Errors: K8SC_E_STATE (the server has no TLS).
 * Ownership: *ca_pem is the caller's, who frees it with k8sc_testing_string_free. */
K8SC_API k8sc_status k8sc_testing_server_prepare_certificate(k8sc_testing_server *server,
                                                             char **ca_pem, k8sc_error **err);

/* Replaces the server's authority and certificate for connections that are opened from now on. Open
 * connections stay. *ca_pem is the new authority's certificate as PEM.
 * Errors: K8SC_E_STATE (the server has no TLS).
 * Ownership: *ca_pem is the caller's, who frees it with k8sc_testing_string_free. */
K8SC_API k8sc_status k8sc_testing_server_renew_certificate(k8sc_testing_server *server,
                                                           char **ca_pem, k8sc_error **err);

/* Sets how the server treats streaming lists in requests that arrive from now on, as after an
 * upgrade. `how` is a K8SC_TESTING_STREAMING_ constant.
 * Errors: K8SC_E_INVALID (`how` is none of these constants). */
K8SC_API k8sc_status k8sc_testing_server_set_streaming_lists(k8sc_testing_server *server,
                                                             int32_t how, k8sc_error **err);

/* Returns the URL of the server, such as "http://127.0.0.1:34567", with its base path; NULL if
 * `server` is NULL.
 * Ownership: borrowed from the server. The text never changes. */
K8SC_API const char *k8sc_testing_server_url(const k8sc_testing_server *server);

/* Returns the certificate, as PEM, of the authority that the server started with; NULL without TLS
 * or if `server` is NULL.
 * Ownership: borrowed from the server. The text never changes. */
K8SC_API const char *k8sc_testing_server_ca_pem(const k8sc_testing_server *server);

/* Returns a kubeconfig for the server as YAML text, with all data inline; NULL if `server` is NULL.
 * Its token is that of k8sc_testing_options_set_token, else that of the first user, else one that
 * the server does not check: kubectl and other clients require some credential.
 * Ownership: borrowed from the server. The text never changes. */
K8SC_API const char *k8sc_testing_server_kubeconfig(const k8sc_testing_server *server);

/* Writes the server's kubeconfig to the file `path`, which only its owner may read. Replaces an
 * existing file.
 * Errors: K8SC_E_IO. */
K8SC_API k8sc_status k8sc_testing_server_write_kubeconfig(const k8sc_testing_server *server,
                                                          const char *path, k8sc_error **err);

/* Stores the path of a file with the server's kubeconfig, for example for $KUBECONFIG of a program
 * under test. The first call creates the file in $TMPDIR, else in /tmp. k8sc_testing_server_free
 * deletes it.
 * Errors: K8SC_E_IO.
 * Ownership: *out is borrowed from the server. */
K8SC_API k8sc_status k8sc_testing_server_kubeconfig_path(k8sc_testing_server *server,
                                                         const char **out, k8sc_error **err);

/* Creates a configuration that connects to the server. The caller may change it, and it may outlive
 * the server.
 * Ownership: *out is the caller's, who frees it with k8sc_config_free. */
K8SC_API k8sc_status k8sc_testing_server_config(const k8sc_testing_server *server,
                                                k8sc_config **out, k8sc_error **err);

/* ----------------------------------------------------------------------------------- objects -- */

/* The functions of this section act like another client, but without HTTP. Requests see the result,
 * and watches receive the events. Faults, tokens and request counts do not apply to these
 * functions. */

/* Creates or replaces one object, or each item of a list, which is any kind whose name ends in
 * "List". `json` is the text and `len` its length in bytes. kind and apiVersion determine the
 * resource; an item without them takes those of its list. A resourceVersion in the text is ignored.
 * An unchanged object keeps its resourceVersion. If an item of a list is refused, the items before
 * it stay.
 * Errors: K8SC_E_PARSE (not JSON), K8SC_E_API (refused; the message is the server's). */
K8SC_API k8sc_status k8sc_testing_server_put(k8sc_testing_server *server, const char *json,
                                             size_t len, k8sc_error **err);

/* Creates or replaces every object of a manifest, in the order of the text. `manifest` is JSON, or
 * YAML with any number of documents, as k8sc_manifest_parse reads it; `len` is its length in bytes.
 * If an object is refused, those before it stay.
 * Errors: K8SC_E_PARSE (not a manifest; the server is unchanged), K8SC_E_API (refused; the message
 * names the object). */
K8SC_API k8sc_status k8sc_testing_server_load(k8sc_testing_server *server, const char *manifest,
                                              size_t len, k8sc_error **err);

/* Deletes one object at once, whatever finalizers it has. `group` is NULL for the core group.
 * `resource` is the plural name. `ns` is the namespace, or NULL for a cluster-scoped resource.
 * Errors: K8SC_E_API (no such resource, no such object). */
K8SC_API k8sc_status k8sc_testing_server_remove(k8sc_testing_server *server, const char *group,
                                                const char *version, const char *resource,
                                                const char *ns, const char *name, k8sc_error **err);

/* Stores the present state of one object as JSON text. `group` is NULL for the core group.
 * `resource` is the plural name. `ns` is the namespace, or NULL for a cluster-scoped resource.
 * Errors: K8SC_E_API (no such resource, no such object).
 * Ownership: *out is the caller's, who frees it with k8sc_testing_string_free. */
K8SC_API k8sc_status k8sc_testing_server_get(const k8sc_testing_server *server, const char *group,
                                             const char *version, const char *resource,
                                             const char *ns, const char *name, char **out,
                                             k8sc_error **err);

/* Sets the log of a container, which pods/log returns. `text` may hold any bytes; `len` is its
 * length in bytes. pods/log honours container, tailLines, limitBytes, sinceSeconds, sinceTime,
 * timestamps and follow. A line's timestamp is when this function wrote it, by the server's clock.
 * The log belongs to the names of namespace, pod and container, whether the pod exists or not. It
 * stays until it is set again or the server is cleared. Containers without a log return an empty
 * one. */
K8SC_API k8sc_status k8sc_testing_server_set_pod_log(k8sc_testing_server *server, const char *ns,
                                                     const char *pod, const char *container,
                                                     const char *text, size_t len,
                                                     k8sc_error **err);

/* Appends text to the log of a container. `text` may hold any bytes; `len` is its length in bytes.
 * Clients that follow the log receive it at once, until the pod is deleted. */
K8SC_API k8sc_status k8sc_testing_server_append_pod_log(k8sc_testing_server *server, const char *ns,
                                                        const char *pod, const char *container,
                                                        const char *text, size_t len,
                                                        k8sc_error **err);

/* Restarts a container: its log so far becomes the log that pods/log returns with previous=true,
 * and its current log becomes empty. For a container that never restarted, previous=true is
 * answered 400. */
K8SC_API k8sc_status k8sc_testing_server_restart_container(k8sc_testing_server *server,
                                                           const char *ns, const char *pod,
                                                           const char *container, k8sc_error **err);

/* Creates `count` realistic pods in the namespace `ns`, named <prefix>-00000 and so on. Each has
 * about 2 KB and the labels app, tier and index. The pods are distributed over ten nodes, and most
 * of them are Running. Existing pods with these names are replaced.
 * Errors: K8SC_E_INVALID (`count` is not 0 to 10,000,000), K8SC_E_API (a name is not valid). */
K8SC_API k8sc_status k8sc_testing_server_generate_pods(k8sc_testing_server *server, const char *ns,
                                                       const char *prefix, int32_t count,
                                                       k8sc_error **err);

/* Stores the resourceVersion of the last change. Each change to any object takes the next
 * number. */
K8SC_API k8sc_status k8sc_testing_server_resource_version(const k8sc_testing_server *server,
                                                          int64_t *out, k8sc_error **err);

/* Discards all events and old states. A new watch or a continued list that needs a state before the
 * present resourceVersion is answered 410 Expired. Open watches continue. */
K8SC_API k8sc_status k8sc_testing_server_compact(k8sc_testing_server *server, k8sc_error **err);

/* Discards all objects and starts again at the first resourceVersion, as a server with a new store.
 * Kinds stay known. Open connections stay: k8sc_testing_server_restart or
 * k8sc_testing_server_disconnect ends them. */
K8SC_API k8sc_status k8sc_testing_server_clear(k8sc_testing_server *server, k8sc_error **err);

/* Advances the server's clock by `ms` milliseconds. Watches whose timeout has passed end, and
 * bookmarks that are due are sent. The clock also applies to tokens of service accounts, and in
 * strict mode to pods that are being deleted.
 * Errors: K8SC_E_INVALID (`ms` is below 0 or above a year). */
K8SC_API k8sc_status k8sc_testing_server_advance_clock(k8sc_testing_server *server, int64_t ms,
                                                       k8sc_error **err);

/* ---------------------------------------------------------------------------------- requests -- */

/* Counts the requests received with the method `method` and a path that begins with `path_prefix`,
 * such as "GET" and "/api/v1/pods". NULL matches any. Paths are compared as they were sent, with
 * the server's base path and without the query.
 * Returns the count; -1 if `server` is NULL. */
K8SC_API int64_t k8sc_testing_server_request_count(const k8sc_testing_server *server,
                                                   const char *method, const char *path_prefix);

/* Counts the watches that are open now.
 * Returns the count; -1 if `server` is NULL. */
K8SC_API int64_t k8sc_testing_server_watch_count(const k8sc_testing_server *server);

/* Counts the connections accepted since the server was created, across restarts.
 * Returns the count; -1 if `server` is NULL. */
K8SC_API int64_t k8sc_testing_server_connection_count(const k8sc_testing_server *server);

/* Stores the last request with the method `method` and a path that begins with `path_prefix` as
 * JSON. NULL matches any. The server keeps the last 1000 requests only.
 *
 *     {"method":"GET", "path":"/api/v1/pods", "query":"limit=5", "verb":"list",
 *      "protocol":"HTTP/2.0", "headers":{"User-Agent":"..."}, "body":"..."}
 *
 *   - path and query are as they were sent.
 *   - verb is Kubernetes' verb, or "" for a request that is for no resource.
 *   - protocol is "HTTP/1.0", "HTTP/1.1" or "HTTP/2.0".
 *   - headers has its names in Go's canonical form (User-Agent), whatever form was sent. The values
 *     of a repeated header are joined with ", ".
 *   - body is cut after 64 KB, or before the first byte that is not UTF-8.
 *   - Credentials are not redacted.
 * Errors: K8SC_E_STATE (no such request).
 * Ownership: *out is the caller's, who frees it with k8sc_testing_string_free. */
K8SC_API k8sc_status k8sc_testing_server_last_request(const k8sc_testing_server *server,
                                                      const char *method, const char *path_prefix,
                                                      char **out, k8sc_error **err);

/* Stores the last 1000 requests as a JSON array, oldest first. Each element has the members that
 * k8sc_testing_server_last_request describes.
 * Ownership: *out is the caller's, who frees it with k8sc_testing_string_free. */
K8SC_API k8sc_status k8sc_testing_server_request_log(const k8sc_testing_server *server, char **out,
                                                     k8sc_error **err);

/* Counts the actions, which are requests on resources, among the last 1000 requests, as client-go's
 * fake clients record them. "Exactly one patch of deployments/web" is
 * k8sc_testing_server_action_count(server, "patch", "deployments", NULL, "web") == 1.
 * `verb` is get, list, watch, create, update, patch, delete or deletecollection. `resource` is a
 * plural name with an optional group or subresource: "deployments.apps", "pods/status". Without a
 * group it matches every group. Without a subresource it matches no subresource: "pods" is not
 * "pods/status". The subresource "*" matches any subresource and none. `ns` is a namespace and
 * `name` an object's name. NULL or "" matches any.
 * Returns the count; -1 if there is no such verb or `server` is NULL. */
K8SC_API int64_t k8sc_testing_server_action_count(const k8sc_testing_server *server,
                                                  const char *verb, const char *resource,
                                                  const char *ns, const char *name);

/* Stores the actions, which are requests on resources, among the last 1000 requests as a JSON
 * array, oldest first. `verb`, `resource`, `ns` and `name` select actions as in
 * k8sc_testing_server_action_count. Each element has verb, group, version, resource, subresource,
 * namespace, name, query and body. body is JSON if the request's body was, else a string.
 * Errors: K8SC_E_INVALID (there is no such verb).
 * Ownership: *out is the caller's, who frees it with k8sc_testing_string_free. */
K8SC_API k8sc_status k8sc_testing_server_actions(const k8sc_testing_server *server,
                                                 const char *verb, const char *resource,
                                                 const char *ns, const char *name, char **out,
                                                 k8sc_error **err);

/* Empties the request log and resets the request counts to 0. */
K8SC_API k8sc_status k8sc_testing_server_forget_requests(k8sc_testing_server *server,
                                                         k8sc_error **err);

/* ---------------------------------------------------------------------------------- reactors -- */

/* Represents the request that a reactor is asked about.
 * Ownership: borrowed for the duration of the reactor's call, as are the texts that its getters
 * return. */
typedef struct k8sc_testing_request k8sc_testing_request;

/* Represents the response that a reactor can give.
 * Ownership: borrowed for the duration of the reactor's call. */
typedef struct k8sc_testing_reply k8sc_testing_reply;

/* Answers a request in the server's place, or leaves it to the server. The response is 200 with an
 * empty body unless the function sets it by k8sc_testing_reply_set or _set_error. The function may
 * use the server, but must neither stop nor free it.
 * Returns non-zero if it answers the request, 0 if it does not.
 * Threads: runs on the thread of the connection, and on several threads at once if requests arrive
 * so. Data that it shares with other threads needs a lock. */
typedef int (*k8sc_testing_react_fn)(const k8sc_testing_request *request, k8sc_testing_reply *reply,
                                     void *user_data);

/* Adds a reactor: the server calls `fn` for each request on a resource that `verb` and `resource`
 * select as in k8sc_testing_server_action_count. The server calls reactors in the order in which
 * they were added, after faults and after the check of the token, until one answers. Stores the
 * reactor's number for k8sc_testing_server_remove_reactor in *id; `id` may be NULL.
 * Errors: K8SC_E_INVALID (there is no such verb, or `fn` is NULL).
 * Ownership: `destroy` is called exactly once, after the last call of `fn`, and also if this
 * function fails. */
K8SC_API k8sc_status k8sc_testing_server_add_reactor(k8sc_testing_server *server, const char *verb,
                                                     const char *resource, k8sc_testing_react_fn fn,
                                                     void *user_data, k8sc_destroy_fn destroy,
                                                     int64_t *id, k8sc_error **err);

/* Removes a reactor. The server no longer calls it; calls that have begun continue.
 * Errors: K8SC_E_INVALID (there is no such reactor). */
K8SC_API k8sc_status k8sc_testing_server_remove_reactor(k8sc_testing_server *server, int64_t id,
                                                        k8sc_error **err);

/* Returns the HTTP method, such as "GET"; NULL if `request` is NULL. */
K8SC_API const char *k8sc_testing_request_method(const k8sc_testing_request *request);

/* Returns the path below the server's base path, without the query; NULL if `request` is NULL. */
K8SC_API const char *k8sc_testing_request_path(const k8sc_testing_request *request);

/* Returns the query; "" if there is none, NULL if `request` is NULL. */
K8SC_API const char *k8sc_testing_request_query(const k8sc_testing_request *request);

/* Returns Kubernetes' verb, such as "list"; "" if there is none, NULL if `request` is NULL. */
K8SC_API const char *k8sc_testing_request_verb(const k8sc_testing_request *request);

/* Returns the API group; "" if there is none, NULL if `request` is NULL. */
K8SC_API const char *k8sc_testing_request_group(const k8sc_testing_request *request);

/* Returns the API version; "" if there is none, NULL if `request` is NULL. */
K8SC_API const char *k8sc_testing_request_version(const k8sc_testing_request *request);

/* Returns the plural name of the resource; "" if there is none, NULL if `request` is NULL. */
K8SC_API const char *k8sc_testing_request_resource(const k8sc_testing_request *request);

/* Returns the subresource; "" if there is none, NULL if `request` is NULL. */
K8SC_API const char *k8sc_testing_request_subresource(const k8sc_testing_request *request);

/* Returns the namespace; "" if there is none, NULL if `request` is NULL. */
K8SC_API const char *k8sc_testing_request_namespace(const k8sc_testing_request *request);

/* Returns the name of the object; "" if there is none, NULL if `request` is NULL. */
K8SC_API const char *k8sc_testing_request_name(const k8sc_testing_request *request);

/* Returns the body, with a NUL behind it; "" if there is none, NULL if `request` is NULL. Stores
 * the length in bytes in *len; `len` may be NULL. */
K8SC_API const char *k8sc_testing_request_body(const k8sc_testing_request *request, size_t *len);

/* Sets the response to the HTTP status `code` and a JSON body. `code` is 200 to 599. `len` is the
 * length of `body` in bytes.
 * Errors: K8SC_E_INVALID (`code` is out of range). */
K8SC_API k8sc_status k8sc_testing_reply_set(k8sc_testing_reply *reply, int32_t code,
                                            const char *body, size_t len, k8sc_error **err);

/* Sets the response to a Status with the HTTP status `code`. `code` is 200 to 599. `reason` and
 * `message` may be NULL; the server then chooses them by `code`.
 * Errors: K8SC_E_INVALID (`code` is out of range). */
K8SC_API k8sc_status k8sc_testing_reply_set_error(k8sc_testing_reply *reply, int32_t code,
                                                  const char *reason, const char *message,
                                                  k8sc_error **err);

/* ------------------------------------------------------------------------------------ faults -- */

/* Adds a fault rule. Stores its number, which is never 0, in *id; `id` may be NULL. A rule is a
 * JSON object. These keys select requests; a rule with none of them applies to all requests:
 *
 *     "verb"         "get", "list", "watch", "create", "update", "patch", "delete" or
 *                    "deletecollection", or several of them: "list|watch"
 *     "resource"     the plural name, such as "pods"; with a subresource "pods/status"
 *     "path"         a prefix of the path
 *     "nth"          1 or more: the fault starts at the nth request that matches
 *     "times"        how many requests meet the fault; by default 1 with "nth", else all
 *     "probability"  0.0 to 1.0: the share of the requests that meet the fault
 *     "seed"         selects which requests these are: the same ones for the same seed; by
 *                    default 0
 *
 * A rule has exactly one fault. These faults apply to both protocols:
 *
 *     "status": {"code":429, "retryAfter":1, "reason":"...", "message":"..."}
 *                    answers with this error and a Retry-After header; only code is required
 *     "error_event": {"code":429, "retryAfter":1, "reason":"...", "message":"..."}
 *                    for watches: sends an ERROR event with such a Status, then ends cleanly
 *     "cut_after_bytes": N
 *                    closes the connection after N bytes of the body
 *     "stall_after_bytes": N
 *                    sends N bytes of the body, then nothing; keeps the connection open until
 *                    the client closes it
 *     "slow_bytes_per_second": N
 *                    sends the body at N bytes a second
 *     "oversized_frame_bytes": N
 *                    enlarges the first object, alone or in a list or a watch, by N bytes
 *     "deep": N      gives the first object a field with N nested arrays
 *     "invalid_utf8": true
 *                    gives the first object a string that is not UTF-8
 *     "garbage": "text"
 *                    answers 200 with this text as the body; for a watch, sends it as one
 *                    frame ahead of the others
 *     "html": true, or a code
 *                    answers with a web page instead, with code 200 or the given one
 *     "truncate": true
 *                    sends half of the body (of a list: half of its first piece; of a watch:
 *                    half of its first frame), then ends correctly in HTTP
 *     "delay_ms": N  delays the response by N milliseconds
 *     "warning": "text"
 *                    adds a Warning header with this text to the normal response
 *     "end_bookmark": "never", "twice", "cut" or "end"
 *                    at the end of a streaming list: "never" omits the bookmark, "twice" sends
 *                    it twice, "cut" closes the connection instead, "end" ends the response
 *                    there, correctly in HTTP
 *     "reset": true  resets the connection without a response
 *     "answer": {"code":200, "body":...}
 *                    sends this response instead; a string is sent as it is, any other body as
 *                    JSON. The request changes nothing
 *
 * These faults apply to HTTP/2 requests only; the rule does not count other requests:
 *
 *     "goaway": true or "before"
 *                    sends GOAWAY with a last stream below the request's. The server serves
 *                    neither this request nor later ones of the connection. The connection
 *                    ends when the requests below are answered. Counts do not include the
 *                    requests that were not served
 *     "goaway": "after"
 *                    sends GOAWAY with the request's stream as the last, and the normal
 *                    response
 *     "rst_stream": "CODE"
 *                    sends RST_STREAM with this error code of RFC 9113 instead of a response.
 *                    The server serves the request first, except for REFUSED_STREAM and
 *                    HTTP_1_1_REQUIRED
 *     "rst_stream": {"code":"CODE", "after_bytes":N}
 *                    sends RST_STREAM after N bytes of the body
 *     "empty_data_frames": true, or N
 *                    sends DATA frames without data: without end, or N of them ahead of the
 *                    body
 *
 * A request that is not served appears in no log and no count, and changes nothing. Faults of a
 * connection (cut, reset) end all streams of an HTTP/2 connection. Faults of a body or a request
 * (stall, slow, delay) affect their own stream alone. Nothing happens if the body ends before the
 * byte at which a fault would occur. Faults precede the check of the token. If several rules match,
 * all of them count the request, and the first that is due, in the order in which they were added,
 * takes effect.
 * Errors: K8SC_E_PARSE (not JSON), K8SC_E_INVALID (the message names the key). */
K8SC_API k8sc_status k8sc_testing_server_add_fault(k8sc_testing_server *server,
                                                   const char *rule_json, int64_t *id,
                                                   k8sc_error **err);

/* Removes one fault rule. Requests that meet the fault already continue unchanged.
 * Errors: K8SC_E_INVALID (there is no such rule). */
K8SC_API k8sc_status k8sc_testing_server_remove_fault(k8sc_testing_server *server, int64_t id,
                                                      k8sc_error **err);

/* Removes all fault rules. */
K8SC_API k8sc_status k8sc_testing_server_clear_faults(k8sc_testing_server *server,
                                                      k8sc_error **err);

/* Counts the requests that met the fault of a rule.
 * Returns the count; -1 if there is no such rule or `server` is NULL. */
K8SC_API int64_t k8sc_testing_server_fault_count(const k8sc_testing_server *server, int64_t id);

#ifdef __cplusplus
}
#endif

#endif
