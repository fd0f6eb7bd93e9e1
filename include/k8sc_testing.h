/*
 * k8sc-testing: a fake Kubernetes API server, for tests of k8sc and of programs that use it.
 *
 * Copyright the k8sc authors. SPDX-License-Identifier: Apache-2.0
 *
 * The server runs inside of the process that starts it, listens on 127.0.0.1 only and keeps everything in memory. It behaves
 * like a kube-apiserver 1.20 with a watch cache, speaking JSON over HTTP/2 and HTTP/1.1, plain or with TLS, and it can be told to
 * misbehave. With TLS the protocol is chosen by ALPN; without it a client that begins with HTTP/2 (prior knowledge) is answered so.
 * Answers over 128 KB are compressed for who accepts gzip, but not those that a fault changes.
 * The conventions of k8sc.h hold here too; what differs is said below. It is a tool for tests: its answers may become more
 * like a real server's from one version to the next.
 *
 * WHAT IT SERVES. Below /api/v1 and /apis/<group>/<version>: create, get, list (label and field selectors, limit and continue,
 * resourceVersion and resourceVersionMatch), update, patch (JSON patch, merge patch, strategic merge patch, server-side
 * apply), delete (preconditions, finalizers), delete collection and watch (bookmarks, timeoutSeconds, resume from a
 * resourceVersion), dry run, fieldValidation (Warn and Strict), the schemas of custom resources (pruning, defaults,
 * validation; docs/fake-apiserver.md), the subresources status and scale, of pods also eviction (held against
 * PodDisruptionBudgets), binding, ephemeralcontainers and log, tokens of service accounts, the approval of
 * CertificateSigningRequests, namespaces' finalize, discovery (one group-version at a time, as before 1.27, unless told
 * otherwise), tables (as=Table) and partial objects, OpenAPI v2 and v3 with the kinds' names, /version, /healthz, /livez and
 * /readyz. It knows the kinds of the standard groups, learns those of a CustomResourceDefinition when one is created, and
 * guesses others.
 *
 * WHO OWNS WHAT. An object has managedFields from the first time that it is applied, on the server's side or by kubectl on the
 * client's; what it was before is then owned by "before-first-apply", and each later change by whoever makes it. A server-side
 * apply of kubectl takes over what it has applied on the client's side (its annotation says what), as on a cluster. Lists are merged by the keys that Kubernetes' own types, or
 * the schemas of custom resources, declare; strategic merge patches of custom resources are refused (415).
 *
 * WHAT IT LEAVES OUT. Webhooks and other admission, other encodings than JSON, other subresources (exec, attach, portforward,
 * proxy, resize), and controllers but for what strict mode has. Unless k8sc_testing_options_set_strict says otherwise: defaults
 * of standard kinds, and what is wrong with them beyond metadata (in strict mode the main kinds have both, and not all rules of a
 * cluster are there: docs/fake-apiserver.md), the collection of garbage (also of a namespace's contents), and grace periods:
 * what has no finalizer is gone at once. Streaming lists (sendInitialEvents) are refused, as by 1.20, unless
 * they are switched on. A watch that is read slowly is never dropped: its events wait in memory. Namespaces need not exist,
 * and a create or an update changes .status too, except where a CustomResourceDefinition has declared the subresource; not so
 * in strict mode. A field selector may name any field, but in strict mode only those that a server can select.
 *
 * THREADS. A server may be used by any thread at any time, except for its _free. It has one thread that accepts, one for each
 * connection, and of HTTP/2 one for each request that is being answered, with all signals blocked; after _stop and _free no thread and no descriptor is left.
 *
 * FORK. A server belongs to the process that started it: in a child of fork() its functions fail with K8SC_E_FORKED, or answer -1, but for
 * those that answer a text that is fixed; freeing it there does nothing.
 *
 * Everything is since 0.1.
 */
#ifndef K8SC_TESTING_H
#define K8SC_TESTING_H

#include <stddef.h>
#include <stdint.h>

#include "k8sc.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How a server is to be. A value handle: one owner, one thread at a time. */
typedef struct k8sc_testing_options k8sc_testing_options;
/* A fake API server. One owner, who frees it; any thread may use it until then. */
typedef struct k8sc_testing_server k8sc_testing_server;

/* Frees a text that a function of this header stored through `out`. NULL is fine. */
K8SC_API void k8sc_testing_string_free(char *text);

/* ---------------------------------------------------------------------------------------------------------- options -- */

/* Options with the defaults named below. */
K8SC_API k8sc_status k8sc_testing_options_new(k8sc_testing_options **out, k8sc_error **err);
K8SC_API void k8sc_testing_options_free(k8sc_testing_options *options);

/* The TCP port; 0 (the default) takes any that is free. Errors: K8SC_E_INVALID outside of 0 to 65535. */
K8SC_API k8sc_status k8sc_testing_options_set_port(k8sc_testing_options *options, int32_t port, k8sc_error **err);
/* The path at which the server is, such as "/k8s/clusters/c-x", as behind a proxy that has several clusters: its URL, kubeconfig and
 * configuration have it, and what is asked for outside of it is 404. The server itself does not know of it: nothing that it
 * says has it, as paths in the index of OpenAPI v3. Faults and reactors meet what is below it, and see its paths from there.
 * NULL, "" or "/" (the default): none. Errors: K8SC_E_INVALID where a segment is empty, "." or "..", or has other characters
 * than letters, digits, '-', '.', '_' and '~'. */
K8SC_API k8sc_status k8sc_testing_options_set_base_path(k8sc_testing_options *options, const char *path, k8sc_error **err);
/* Non-zero: serve HTTPS, with a certificate for 127.0.0.1, localhost and ::1 from an authority made for this server alone.
 * Off (0) by default. */
K8SC_API k8sc_status k8sc_testing_options_set_tls(k8sc_testing_options *options, int enabled, k8sc_error **err);
/* Non-zero (the default): HTTP/2 for clients that speak it. 0: HTTP/1.1 only. */
K8SC_API k8sc_status k8sc_testing_options_set_http2(k8sc_testing_options *options, int enabled, k8sc_error **err);
/* How many requests a connection of HTTP/2 may have open at the same time (SETTINGS_MAX_CONCURRENT_STREAMS); 250 by default, as in
 * kube-apiserver. 0: none. One that is above it is refused with REFUSED_STREAM; where the client has acknowledged the limit, the
 * connection ends with PROTOCOL_ERROR. Errors: K8SC_E_INVALID below 0. */
K8SC_API k8sc_status k8sc_testing_options_set_http2_max_streams(k8sc_testing_options *options, int32_t streams, k8sc_error **err);
/* A window of HTTP/2 that never opens: a request's body may have so many bytes (SETTINGS_INITIAL_WINDOW_SIZE), and all bodies of a
 * connection together 65,535; no WINDOW_UPDATE is ever sent, so that the rest of a larger body waits. -1 (the default): windows open
 * as bodies are read. Errors: K8SC_E_INVALID below -1 or above 2,147,483,647. */
K8SC_API k8sc_status k8sc_testing_options_set_http2_upload_window(k8sc_testing_options *options, int64_t bytes, k8sc_error **err);
/* 0: PINGs of HTTP/2 are not answered, as on a connection that is dead. Non-zero (the default): they are. */
K8SC_API k8sc_status k8sc_testing_options_set_http2_answer_pings(k8sc_testing_options *options, int enabled, k8sc_error **err);
/* The bearer token that every request must carry: without it, or with another that is none of a service account
 * (serviceaccounts/token), the answer is 401. NULL (the default): anybody may do anything. Errors: K8SC_E_INVALID where it is
 * empty or has a character that no header can hold. */
K8SC_API k8sc_status k8sc_testing_options_set_token(k8sc_testing_options *options, const char *token, k8sc_error **err);
/* A user beside the administrator, whose requests carry this token. `groups` are names with commas between them, or NULL;
 * "system:authenticated" is one of them in any case, and of a service account ("system:serviceaccount:default:builder") those
 * of service accounts. From the first user on every request must show whom it is from; who is let in by
 * k8sc_testing_options_set_token is an administrator (in "system:masters"), who is let in by a client certificate has its CN
 * for a name and its O's for groups, and who has a token of a service account (serviceaccounts/token) is that one. Any of them
 * may ask as another by the headers Impersonate-User, -Group, -Uid and -Extra-*. Errors: K8SC_E_INVALID where the token is one
 * that no header can hold, or is another user's, or the name is empty. */
K8SC_API k8sc_status k8sc_testing_options_add_user(k8sc_testing_options *options, const char *token, const char *name, const char *groups,
                                                   k8sc_error **err);
/* Non-zero: users may do what the Roles, ClusterRoles and their bindings allow that the server has, as on a cluster with RBAC;
 * anything else is 403 Forbidden, also to impersonate. Members of "system:masters" may do anything. Roles of administrators
 * (cluster-admin), of discovery (system:discovery) and of questions about oneself (system:basic-user) are there from the
 * beginning. 0 (the default): everybody may do everything. SelfSubjectAccessReview and the others answer accordingly. */
K8SC_API k8sc_status k8sc_testing_options_set_authorization(k8sc_testing_options *options, int enabled, k8sc_error **err);
/* Makes a kind known that is in no standard group, as a CustomResourceDefinition would. `group` "" or NULL means the core group.
 * Errors: K8SC_E_INVALID where one of the others is empty. */
K8SC_API k8sc_status k8sc_testing_options_add_kind(k8sc_testing_options *options, const char *group, const char *version,
                                                   const char *plural, const char *kind, int namespaced, k8sc_error **err);
/* Non-zero: /api and /apis tell all resources at once (apidiscovery.k8s.io/v2; v2beta1 as releases up to 1.29, both as 1.30 to 1.32) to who
 * accepts that, as servers from 1.27 on do. Off (0) by default. */
K8SC_API k8sc_status k8sc_testing_options_set_aggregated_discovery(k8sc_testing_options *options, int enabled, k8sc_error **err);
/* Non-zero (the default): a resource that nothing has defined is served too. Its kind and scope are learned from the first object
 * created, and guessed from its name until then. 0: such a resource is 404 NotFound, as on a real server. */
K8SC_API k8sc_status k8sc_testing_options_set_allow_any_resource(k8sc_testing_options *options, int enabled, k8sc_error **err);
/* Non-zero: what else a cluster does, with its garbage collector and its namespace controller. Off (0) by default.
 *
 *   Namespaces must exist to be created in (404); default, kube-system, kube-public and kube-node-lease do. A deleted one is Terminating, where
 *   nothing can be created (403), its contents are deleted, and it is gone when they are.
 *   .status of the standard kinds changes through the subresource only; a new pod is Pending, a new namespace Active. Nodes are created with
 *   theirs, as kubelets do.
 *   Objects whose owners (metadata.ownerReferences) are all gone are deleted, those that have others forget the ones that are gone. A deletion may
 *   be Foreground (the object stays until those of its dependents are gone that block it), Orphan, or Background, which is the default.
 *   A pod with a node has gracePeriodSeconds, or its own, or 30: until then it is there, with a deletionTimestamp. As there is no kubelet, it goes when
 *   it is deleted with a grace of 0, or when k8sc_testing_server_advance_clock passes its time; time alone does not end it.
 *
 *   What is sent for a standard kind is held against its type: a value of a wrong type is refused, and fields that the type does not have are not
 *   kept, nor are nulls; a Secret's stringData becomes its data.
 *   The main standard kinds have the defaults of the release, and what a cluster refuses of them is refused (422 with a cause for each fault): values
 *   that must be there, ranges, words, names, selectors, and changes of what may not change. Which kinds and which rules: docs/fake-apiserver.md.
 *   An object that _put has made may be changed, whatever is wrong with it already.
 *
 * All that follows from a request is done before the next one is served, and watches see each step. _put is free to do as before. */
K8SC_API k8sc_status k8sc_testing_options_set_strict(k8sc_testing_options *options, int enabled, k8sc_error **err);
/* The release of Kubernetes that the server is to be like: "1.34", or "v1.34.2", of which the third number does not count.
 * /version says so, of Kubernetes' own groups exactly what that release serves by default is there (stable versions, and betas
 * before 1.24), a request that does not say how its fields are to be validated is warned from 1.25 on, aggregated discovery is
 * there from 1.27 on, streaming lists in 1.32 and from 1.34 on. What is set of these afterwards holds instead. Not told:
 * /version says 1.20 (1.34 with streaming lists), and stable versions of all releases are there, others guessed. Not there in
 * any: apiservices, podsecuritypolicies. Errors: K8SC_E_INVALID where it is none from 1.20 to 1.36. */
K8SC_API k8sc_status k8sc_testing_options_set_kubernetes_version(k8sc_testing_options *options, const char *version, k8sc_error **err);
/* How often a watch that allows bookmarks gets one, in milliseconds; 1000 by default, where real servers take about a minute. One
 * more comes two seconds before the watch's timeout. 0: none at all. Errors: K8SC_E_INVALID below 0. */
K8SC_API k8sc_status k8sc_testing_options_set_bookmark_interval(k8sc_testing_options *options, int64_t interval_ms,
                                                                k8sc_error **err);
/* The most items a page may have whatever `limit` asks for; 0 (the default): no such bound. A list without `limit` is never cut
 * into pages. Errors: K8SC_E_INVALID below 0. */
K8SC_API k8sc_status k8sc_testing_options_set_page_limit(k8sc_testing_options *options, int64_t items, k8sc_error **err);
/* How many events are remembered for each resource; 4096 by default. A watch or a continued list that needs an older one is
 * answered 410 Expired. Errors: K8SC_E_INVALID below 1. */
K8SC_API k8sc_status k8sc_testing_options_set_event_window(k8sc_testing_options *options, int64_t events, k8sc_error **err);
/* Non-zero (the default): who accepts PartialObjectMetadata, or a list of them, of meta.k8s.io/v1 gets that from get, list and
 * watch. 0: whole objects all the same, as from some aggregated servers. */
K8SC_API k8sc_status k8sc_testing_options_set_partial_objects(k8sc_testing_options *options, int enabled, k8sc_error **err);
/* What becomes of streaming lists: watches with sendInitialEvents. REFUSED (the default) is 422, since 1.20 knows no watch
 * with a resourceVersionMatch. IGNORED answers with a watch like any other, as servers from before 1.19 do, and some that are
 * no kube-apiserver. With SUPPORTED they get what there is as ADDED, then a BOOKMARK with the annotation
 * "k8s.io/initial-events-end": "true", then what happens, and /version says 1.34. Errors: K8SC_E_INVALID where it is none of
 * these. */
#define K8SC_TESTING_STREAMING_REFUSED 0
#define K8SC_TESTING_STREAMING_IGNORED 1
#define K8SC_TESTING_STREAMING_SUPPORTED 2
K8SC_API k8sc_status k8sc_testing_options_set_streaming_lists(k8sc_testing_options *options, int32_t how, k8sc_error **err);
/* What a watch from a resourceVersion that is too old gets. 0 (the default): HTTP 200 and an ERROR event with a 410 Status, as the
 * watch cache of real servers does. Non-zero: HTTP 410 at once. */
K8SC_API k8sc_status k8sc_testing_options_set_expired_at_open(k8sc_testing_options *options, int enabled, k8sc_error **err);
/* Non-zero: requests below /k8sc-testing/ (of the server's URL) do what functions of this header do, for who has HTTP and no C. They need no token, are not in
 * the log, and meet no faults. Bodies and answers are JSON; what is wrong is answered with a Status. Who asks by another Host than 127.0.0.1,
 * localhost or [::1] with the server's port, or has an Origin that is none of these, is refused (403): a page in a browser. Off (0) by
 * default.
 *
 *   GET, DELETE /k8sc-testing/requests          the log; empties it
 *   GET    /k8sc-testing/actions?verb=&resource=&namespace=&name=    as k8sc_testing_server_actions; each may be left out
 *   GET, POST, DELETE /k8sc-testing/faults      the rules, with how often each happened; adds one, whose number comes back: {"id":1}; removes all
 *   DELETE /k8sc-testing/faults/1               removes one
 *   POST   /k8sc-testing/objects                creates or replaces an object, or a list of them
 *   DELETE /k8sc-testing/objects                as k8sc_testing_server_clear
 *   POST   /k8sc-testing/compact
 *   POST   /k8sc-testing/clock?ms=60000         as k8sc_testing_server_advance_clock
 *   POST   /k8sc-testing/log?namespace=&pod=&container=&append=1     the body, as k8sc_testing_server_append_pod_log; without append, _set_pod_log
 *                                               &restart=1: k8sc_testing_server_restart_container
 *   POST   /k8sc-testing/token                  {"token":"..."}, or null: as k8sc_testing_server_set_token
 *   POST   /k8sc-testing/certificate            as k8sc_testing_server_renew_certificate: {"ca":"PEM"}
 *
 * What ends connections happens right after its answer, which is 202:
 *
 *   POST   /k8sc-testing/disconnect
 *   POST   /k8sc-testing/restart?state=keep     or "lose", without its objects
 *   POST   /k8sc-testing/pause?ms=1000          connections are refused for that long */
K8SC_API k8sc_status k8sc_testing_options_set_admin(k8sc_testing_options *options, int enabled, k8sc_error **err);

/* ----------------------------------------------------------------------------------------------------------- server -- */

/* Starts a server. It accepts connections when this returns. `options` may be NULL, is copied, and stays yours.
 * Errors: K8SC_E_IO (the port is taken, no descriptor or thread to be had). */
K8SC_API k8sc_status k8sc_testing_server_start(const k8sc_testing_options *options, k8sc_testing_server **out, k8sc_error **err);
/* Ends all connections, watches included, and all threads, and gives the port back. Blocks until that is done. Objects, counts and
 * texts stay readable, and _restart starts it again. Nothing happens where it is stopped already. */
K8SC_API k8sc_status k8sc_testing_server_stop(k8sc_testing_server *server, k8sc_error **err);
/* Stops, and frees. NULL is fine. No other thread may be using the server. */
K8SC_API void k8sc_testing_server_free(k8sc_testing_server *server);
/* Stops and starts again, on the same port, with the same objects, event history, certificates and fault rules; also starts
 * a server that was stopped or paused. Errors: K8SC_E_IO (somebody took the port meanwhile). */
K8SC_API k8sc_status k8sc_testing_server_restart(k8sc_testing_server *server, k8sc_error **err);
/* Ends all connections and refuses new ones, as a server does that is down; the port stays reserved. Until _resume or _restart.
 * Errors: K8SC_E_STATE (it is stopped), K8SC_E_IO. */
K8SC_API k8sc_status k8sc_testing_server_pause(k8sc_testing_server *server, k8sc_error **err);
/* Accepts connections again. Nothing happens where it does already. Errors: K8SC_E_STATE (it is stopped), K8SC_E_IO. */
K8SC_API k8sc_status k8sc_testing_server_resume(k8sc_testing_server *server, k8sc_error **err);
/* Ends all connections that are open now, without a word to the client, and goes on accepting. Does not wait for their threads. */
K8SC_API k8sc_status k8sc_testing_server_disconnect(k8sc_testing_server *server, k8sc_error **err);

/* The token that requests must carry from now on; NULL: none. Watches that are open go on. Errors: K8SC_E_INVALID where it is empty
 * or has a character that no header can hold. */
K8SC_API k8sc_status k8sc_testing_server_set_token(k8sc_testing_server *server, const char *token, k8sc_error **err);
/* One more token that is as good, until _set_token: an old one and a new one, while clients change over. Errors as there, and
 * K8SC_E_STATE where no token is asked for. */
K8SC_API k8sc_status k8sc_testing_server_add_token(k8sc_testing_server *server, const char *token, k8sc_error **err);
/* Clients that come from now on are asked for a certificate, and need no token where it is one of this authority's, as PEM;
 * others do, and without the right one, or any, are answered 401. NULL: nobody is asked. Errors: K8SC_E_PARSE (no
 * certificate), K8SC_E_STATE (it has no TLS). */
K8SC_API k8sc_status k8sc_testing_server_set_client_ca(k8sc_testing_server *server, const char *pem, k8sc_error **err);
/* Makes the authority and the certificate that the next _renew_certificate takes, so that clients can be told ahead. *ca_pem
 * is that authority, yours, for k8sc_testing_string_free. Errors: K8SC_E_STATE (it has no TLS). */
K8SC_API k8sc_status k8sc_testing_server_prepare_certificate(k8sc_testing_server *server, char **ca_pem, k8sc_error **err);
/* A new authority and a new certificate for connections that come from now on; those that are open stay. *ca_pem is the new
 * authority, yours, for k8sc_testing_string_free. Errors: K8SC_E_STATE (it has no TLS). */
K8SC_API k8sc_status k8sc_testing_server_renew_certificate(k8sc_testing_server *server, char **ca_pem, k8sc_error **err);

/* As k8sc_testing_options_set_streaming_lists, for requests that come from now on, as after an upgrade. */
K8SC_API k8sc_status k8sc_testing_server_set_streaming_lists(k8sc_testing_server *server, int32_t how, k8sc_error **err);

/* Where it listens, such as "http://127.0.0.1:34567", and its base path. Borrowed from the server; the same for its whole life. */
K8SC_API const char *k8sc_testing_server_url(const k8sc_testing_server *server);
/* The certificate of the authority that it began with, as PEM; NULL without TLS. Borrowed from the server; the same for its
 * whole life. */
K8SC_API const char *k8sc_testing_server_ca_pem(const k8sc_testing_server *server);
/* A kubeconfig that connects to it, as YAML text, with everything inline: with the token of the options, else that of the first user, else one
 * that nobody asks for, since kubectl and others want some credential. Borrowed from the server; the same for its whole life. */
K8SC_API const char *k8sc_testing_server_kubeconfig(const k8sc_testing_server *server);
/* Writes that text to a file, which only its owner may read. Replaces what was there. Errors: K8SC_E_IO. */
K8SC_API k8sc_status k8sc_testing_server_write_kubeconfig(const k8sc_testing_server *server, const char *path, k8sc_error **err);
/* The name of such a file in $TMPDIR, else /tmp, as for $KUBECONFIG of a program that is tested. It is made when it is first
 * asked for, and deleted with the server, from which *out is borrowed. Errors: K8SC_E_IO. */
K8SC_API k8sc_status k8sc_testing_server_kubeconfig_path(k8sc_testing_server *server, const char **out, k8sc_error **err);
/* A configuration that connects to it; yours, for k8sc_config_free. It may be changed, and outlive the server. */
K8SC_API k8sc_status k8sc_testing_server_config(const k8sc_testing_server *server, k8sc_config **out, k8sc_error **err);

/* ---------------------------------------------------------------------------------------------------------- objects -- */

/* The functions of this section act as another client would, without HTTP: requests see the result and watches the events. Faults,
 * token and request counts do not apply to them. */

/* Creates or replaces one object, or every item of a list (any kind that ends in "List"). kind and apiVersion say which
 * resource; an item without them has those of its list. A resourceVersion in the text is ignored, an unchanged object gets no
 * new one. Of a list, the items before one that is refused stay. Errors: K8SC_E_PARSE (not JSON), K8SC_E_API (refused; the
 * message is the server's). */
K8SC_API k8sc_status k8sc_testing_server_put(k8sc_testing_server *server, const char *json, size_t len, k8sc_error **err);
/* The same for every object of a manifest: YAML of any number of documents, or JSON, as k8sc_manifest_parse reads it, in the
 * order of the text. Where one is refused, those before it stay. Errors: K8SC_E_PARSE (no manifest; nothing is put),
 * K8SC_E_API (refused; the message names the object). */
K8SC_API k8sc_status k8sc_testing_server_load(k8sc_testing_server *server, const char *manifest, size_t len, k8sc_error **err);
/* Deletes one object at once, whatever finalizers it has. `group` may be NULL for the core group; `ns` is its namespace,
 * NULL for a resource without. Errors: K8SC_E_API (no such resource, no such object). */
K8SC_API k8sc_status k8sc_testing_server_remove(k8sc_testing_server *server, const char *group, const char *version,
                                                const char *resource, const char *ns, const char *name, k8sc_error **err);
/* One object as the server has it now, as JSON text; yours, for k8sc_testing_string_free. Errors: K8SC_E_API (no such resource, no
 * such object). */
K8SC_API k8sc_status k8sc_testing_server_get(const k8sc_testing_server *server, const char *group, const char *version,
                                             const char *resource, const char *ns, const char *name, char **out,
                                             k8sc_error **err);
/* What a container has written: what pods/log answers, with container, tailLines, limitBytes, sinceSeconds, sinceTime,
 * timestamps (of when it was written here, by the server's clock) and follow. It belongs to these names, whether such a pod is
 * there or not, until it is set anew or the server is cleared. Other containers have written nothing. Any bytes are fine. */
K8SC_API k8sc_status k8sc_testing_server_set_pod_log(k8sc_testing_server *server, const char *ns, const char *pod, const char *container,
                                                     const char *text, size_t len, k8sc_error **err);
/* It has written this, too: who follows the log gets it at once, until the pod is deleted. */
K8SC_API k8sc_status k8sc_testing_server_append_pod_log(k8sc_testing_server *server, const char *ns, const char *pod, const char *container,
                                                        const char *text, size_t len, k8sc_error **err);
/* The container has ended and begins anew: what it has written until now is what pods/log answers with previous=true, and
 * nothing is written yet by the one that runs. Without such a restart previous=true is answered 400. */
K8SC_API k8sc_status k8sc_testing_server_restart_container(k8sc_testing_server *server, const char *ns, const char *pod, const char *container,
                                                           k8sc_error **err);
/* Creates `count` plausible pods named <prefix>-00000 and so on in the namespace `ns`, about 2 KB each, spread over ten
 * nodes, mostly Running, with the labels app, tier and index. Those that exist are replaced. Errors: K8SC_E_INVALID (a count
 * outside of 0 to 10,000,000), K8SC_E_API (a name that cannot be). */
K8SC_API k8sc_status k8sc_testing_server_generate_pods(k8sc_testing_server *server, const char *ns, const char *prefix,
                                                       int32_t count, k8sc_error **err);
/* The resourceVersion of the last change; every change to any object takes the next number. */
K8SC_API k8sc_status k8sc_testing_server_resource_version(const k8sc_testing_server *server, int64_t *out, k8sc_error **err);
/* Forgets all events and old states: what asks for something below the present resourceVersion, a watch to be opened or a list to
 * be continued, is answered 410 Expired. Open watches go on. */
K8SC_API k8sc_status k8sc_testing_server_compact(k8sc_testing_server *server, k8sc_error **err);

/* Loses all objects and begins again at the first resourceVersion, as a server whose store is new; kinds stay known.
 * Connections that are open stay so: _restart or _disconnect ends them. */
K8SC_API k8sc_status k8sc_testing_server_clear(k8sc_testing_server *server, k8sc_error **err);
/* Sets the time that watches go by ahead by so many milliseconds: those whose timeout is over then end, and bookmarks that are
 * due come. So it is for tokens of service accounts, and for pods that are being deleted in strict mode. Errors:
 * K8SC_E_INVALID below 0, or above a year. */
K8SC_API k8sc_status k8sc_testing_server_advance_clock(k8sc_testing_server *server, int64_t ms, k8sc_error **err);

/* --------------------------------------------------------------------------------------------------------- requests -- */

/* The number of requests received with this method (NULL: any) and a path that begins with this prefix (NULL: any), such as "GET"
 * and "/api/v1/pods". Paths are without the query, and as they were sent, with the server's base path. -1 where `server` is
 * NULL. */
K8SC_API int64_t k8sc_testing_server_request_count(const k8sc_testing_server *server, const char *method, const char *path_prefix);
/* The number of watches that are open now. -1 where `server` is NULL. */
K8SC_API int64_t k8sc_testing_server_watch_count(const k8sc_testing_server *server);
/* The number of connections accepted since the server was made, restarts included. -1 where `server` is NULL. */
K8SC_API int64_t k8sc_testing_server_connection_count(const k8sc_testing_server *server);
/* The last request with this method and path prefix (NULL: any), as JSON:
 *     {"method":"GET", "path":"/api/v1/pods", "query":"limit=5", "verb":"list", "protocol":"HTTP/2.0", "headers":{"User-Agent":"..."},
 *      "body":"..."}
 * path and query are as they were sent; protocol is "HTTP/1.0", "HTTP/1.1" or "HTTP/2.0"; names of headers are written as Go does
 * (User-Agent), whatever their case was; verb is Kubernetes' word, "" for what is no resource; of a header sent several times, the
 * values are joined with ", "; of a body longer than 64 KB, or not UTF-8, the beginning. Credentials are not hidden. Yours, for
 * k8sc_testing_string_free. Only the last 1000 requests are kept. Errors: K8SC_E_STATE (there is no such request). */
K8SC_API k8sc_status k8sc_testing_server_last_request(const k8sc_testing_server *server, const char *method, const char *path_prefix,
                                                      char **out, k8sc_error **err);
/* The last 1000 requests, oldest first, as a JSON array of such objects. Yours, for k8sc_testing_string_free. */
K8SC_API k8sc_status k8sc_testing_server_request_log(const k8sc_testing_server *server, char **out, k8sc_error **err);
/* Of those 1000, the requests on resources as client-go's fake clients tell them: "exactly one patch of deployments/web" is
 * k8sc_testing_server_action_count(server, "patch", "deployments", NULL, "web") == 1. `verb` is get, list, watch, create,
 * update, patch, delete or deletecollection; `resource` may have a group and a subresource, "deployments.apps" or
 * "pods/status", and is without one of these otherwise ("pods" is not "pods/status"; "pods" with a subresource "*" is each);
 * NULL or "" is any. -1 where there is no such verb, or `server` is NULL. */
K8SC_API int64_t k8sc_testing_server_action_count(const k8sc_testing_server *server, const char *verb, const char *resource, const char *ns,
                                                  const char *name);
/* The same requests as a JSON array, oldest first, each with verb, group, version, resource, subresource, namespace, name,
 * query and body, which is JSON where it was that, else a text. Yours, for k8sc_testing_string_free. Errors: K8SC_E_INVALID
 * where there is no such verb. */
K8SC_API k8sc_status k8sc_testing_server_actions(const k8sc_testing_server *server, const char *verb, const char *resource, const char *ns,
                                                 const char *name, char **out, k8sc_error **err);
/* Empties the log and sets the request counts to 0. */
K8SC_API k8sc_status k8sc_testing_server_forget_requests(k8sc_testing_server *server, k8sc_error **err);

/* --------------------------------------------------------------------------------------------------------- reactors -- */

/* A request as a reactor sees it, and the answer that it can give; both only as long as its call lasts, and what the getters
 * answer, too. */
typedef struct k8sc_testing_request k8sc_testing_request;
typedef struct k8sc_testing_reply k8sc_testing_reply;

/* Answers a request instead of the server, and returns non-zero; or lets it pass, and returns 0. Without _reply_set the answer
 * is 200 and empty. Called on the thread of the connection, several at once where requests come so: what it shares with other
 * threads needs a lock. It may use the server, but neither stop nor free it. */
typedef int (*k8sc_testing_react_fn)(const k8sc_testing_request *request, k8sc_testing_reply *reply, void *user_data);

/* Has `fn` asked about requests on resources with this verb and this resource, as k8sc_testing_server_action_count has them.
 * They are asked in the order in which they were added, after faults and the check of the token, until one answers. *id, which
 * may be NULL, is for _remove. destroy runs once, after the last call, also where this fails. Errors: K8SC_E_INVALID. */
K8SC_API k8sc_status k8sc_testing_server_add_reactor(k8sc_testing_server *server, const char *verb, const char *resource, k8sc_testing_react_fn fn,
                                                     void *user_data, k8sc_destroy_fn destroy, int64_t *id, k8sc_error **err);
/* It is asked no more; calls that have begun go on. Errors: K8SC_E_INVALID (there is no such reactor). */
K8SC_API k8sc_status k8sc_testing_server_remove_reactor(k8sc_testing_server *server, int64_t id, k8sc_error **err);

/* "" where there is none; NULL where `request` is. */
K8SC_API const char *k8sc_testing_request_method(const k8sc_testing_request *request);
K8SC_API const char *k8sc_testing_request_path(const k8sc_testing_request *request);
K8SC_API const char *k8sc_testing_request_query(const k8sc_testing_request *request);
K8SC_API const char *k8sc_testing_request_verb(const k8sc_testing_request *request);
K8SC_API const char *k8sc_testing_request_group(const k8sc_testing_request *request);
K8SC_API const char *k8sc_testing_request_version(const k8sc_testing_request *request);
K8SC_API const char *k8sc_testing_request_resource(const k8sc_testing_request *request);
K8SC_API const char *k8sc_testing_request_subresource(const k8sc_testing_request *request);
K8SC_API const char *k8sc_testing_request_namespace(const k8sc_testing_request *request);
K8SC_API const char *k8sc_testing_request_name(const k8sc_testing_request *request);
/* NUL-terminated; `len` may be NULL. */
K8SC_API const char *k8sc_testing_request_body(const k8sc_testing_request *request, size_t *len);

/* This answer, as JSON. Errors: K8SC_E_INVALID (a code outside of 200 to 599). */
K8SC_API k8sc_status k8sc_testing_reply_set(k8sc_testing_reply *reply, int32_t code, const char *body, size_t len, k8sc_error **err);
/* A Status; `reason` and `message` may be NULL. Errors as there. */
K8SC_API k8sc_status k8sc_testing_reply_set_error(k8sc_testing_reply *reply, int32_t code, const char *reason, const char *message,
                                                  k8sc_error **err);

/* ----------------------------------------------------------------------------------------------------------- faults -- */

/* Adds a rule that makes the server misbehave, and stores its number, which is never 0, in *id (may be NULL). A rule is a JSON object
 * that says which requests it is for, when, and what happens to them:
 *
 *   "verb"      "get", "list", "watch", "create", "update", "patch", "delete" or "deletecollection", or several: "list|watch"
 *   "resource"  the plural name, such as "pods"; with its subresource "pods/status"
 *   "path"      what the path begins with
 *   "nth"       1 or more: not before the nth request that matches
 *   "times"     how many requests it happens to; 1 where "nth" is given, else all
 *   "probability", "seed"   0.0 to 1.0: it happens to that share of the requests, the same ones for the same seed (default 0)
 *
 * A rule with none of these is for all requests. And exactly one of:
 *
 *   "status": {"code":429, "retryAfter":1, "reason":"...", "message":"..."}    this error, with a Retry-After header; all but code
 *                                      may be left out
 *   "error_event": {the same}          for watches: an ERROR event with such a Status, then a clean end
 *   "cut_after_bytes": N               N bytes of the body, then the connection is closed in the middle
 *   "stall_after_bytes": N             N bytes of the body, then nothing, without closing, until the client goes
 *   "slow_bytes_per_second": N         the body, this slowly
 *   "oversized_frame_bytes": N         the first object, alone or in a list or a watch, is N bytes larger than it should be
 *   "deep": N                          the first object has a field with N arrays within each other
 *   "invalid_utf8": true               the first object has a string that is not UTF-8
 *   "garbage": "text"                  200, and this as the body; for a watch, this as one frame ahead of the others
 *   "html": true, or a code            a web page instead of an answer, with code 200 or the one given
 *   "truncate": true                   half of the body (of a list: of its first piece; of a watch: of its first frame), then an end
 *                                      that is correct in HTTP
 *   "delay_ms": N                      this much later
 *   "warning": "text"                  the true answer, with a Warning header that says this
 *   "end_bookmark": "never"            the bookmark at the end of a streaming list is left out; "twice": it comes twice; "cut": the
 *                                      connection is closed instead; "end": the answer ends there, correctly in HTTP
 *   "reset": true                      the connection is reset without an answer
 *   "answer": {"code":200, "body":...} this answer instead of the true one; a string is sent as it is, any other body as JSON. Nothing is
 *                                      changed by the request
 *
 *
 * Or one of these, which only happen to requests that come by HTTP/2; the rule does not count others:
 *
 *   "goaway": true or "before"         GOAWAY, with a last stream below the request's: neither it nor any that follows on the connection
 *                                      is served, which ends when those below have been answered. Their number is not told
 *   "goaway": "after"                  GOAWAY, with the request's stream as the last, and the true answer
 *   "rst_stream": "CODE"               RST_STREAM with this error code of RFC 9113 instead of an answer. REFUSED_STREAM and
 *                                      HTTP_1_1_REQUIRED come before anything is done; with all others the request has been served
 *   "rst_stream": {"code":"CODE", "after_bytes":N}     RST_STREAM behind N bytes of the body
 *   "empty_data_frames": true, or N    DATA frames without data, without end, or N of them ahead of the body
 *
 * A request that is not served is in no log and no count of requests, and changes nothing. What other rules do to a connection (cut,
 * reset) ends all streams of one of HTTP/2; what they do to a body or a request (stall, slow, delay) concerns its stream alone.
 *
 * Where a body ends before the byte at which a rule would act, nothing happens. Faults come before the check of the token. Of several
 * rules that match, all count the request, and the first to be due, in the order they were added, happens. Errors: K8SC_E_PARSE (not
 * JSON), K8SC_E_INVALID (the message names the key). */
K8SC_API k8sc_status k8sc_testing_server_add_fault(k8sc_testing_server *server, const char *rule_json, int64_t *id, k8sc_error **err);
/* Removes one rule; requests that it already happens to go on as they are. Errors: K8SC_E_INVALID (there is no such rule). */
K8SC_API k8sc_status k8sc_testing_server_remove_fault(k8sc_testing_server *server, int64_t id, k8sc_error **err);
/* Removes all rules. */
K8SC_API k8sc_status k8sc_testing_server_clear_faults(k8sc_testing_server *server, k8sc_error **err);
/* How many requests the rule happened to; -1 where there is no such rule. */
K8SC_API int64_t k8sc_testing_server_fault_count(const k8sc_testing_server *server, int64_t id);

#ifdef __cplusplus
}
#endif

#endif
