/* What typed clients have besides the usual verbs: scale, tokens, binding, eviction, logs, proxy, approval, finalize,
 * events of an object. */
#include "typed.h"

#include <k8sc/apps_v1.h>
#include <k8sc/certificates_v1.h>
#include <k8sc/certificates_v1beta1.h>
#include <k8sc/core_v1.h>
#include <k8sc/events_v1beta1.h>
#include <k8sc/policy_v1.h>
#include <k8sc/policy_v1beta1.h>

static k8sc_core_v1 core(void) { return k8sc_clientset_core_v1(clientset()); }

static k8sc_core_v1_pods_client typed_pods(void) { return k8sc_core_v1_pods(core(), ns); }

/* A pod, as it is stored: released when the test is over. */
static k8sc_core_v1_pod make_pod(const char *name)
{
    k8sc_core_v1_pod_draft draft = k8sc_core_v1_pod_new(name);
    k8sc_core_v1_pod made;
    K8SC_MAP_SET_STR(draft, metadata.labels, "app", "typed");
    K8SC_SET_STR(draft, spec.containers[0].name, "one");
    K8SC_SET_STR(draft, spec.containers[0].image, "registry.example.com/one:1");
    OK(k8sc_core_v1_pods_create(typed_pods(), draft, NULL, &made, &err));
    k8sc_core_v1_pod_draft_free(draft);
    *object_slot() = (k8sc_object *)k8sc_core_v1_pod_object(made);
    return made;
}

static void must_say(int http_status, const char *reason, const char *part)
{
    if (k8sc_error_http_status(failure) != http_status || !k8sc_error_reason(failure) ||
        strcmp(k8sc_error_reason(failure), reason) != 0)
        fail_msg("not %d %s: %s", http_status, reason, k8sc_error_message(failure));
    assert_contains(k8sc_error_message(failure), part);
}

/* ------------------------------------------------------------------------------------------------------------- scale
 * -- */

/* The kinds differ in their selector; and one cannot be applied. */
#define SCALE_TEST(KIND, RESOURCE, GROUP, APPLY) \
    static void scale_of_##RESOURCE(void **state) \
    { \
        k8sc_##GROUP##_##RESOURCE##_client c = k8sc_##GROUP##_##RESOURCE(k8sc_clientset_##GROUP(clientset()), ns); \
        k8sc_##GROUP##_##KIND##_draft draft = k8sc_##GROUP##_##KIND##_new("web"); \
        k8sc_##GROUP##_##KIND object; \
        k8sc_autoscaling_v1_scale scale; \
        k8sc_autoscaling_v1_scale_draft wanted; \
        (void)state; \
        SELECT_##RESOURCE; \
        K8SC_SET_INT(draft, spec.replicas, 3); \
        K8SC_MAP_SET_STR(draft, spec.template.metadata.labels, "app", "web"); \
        K8SC_SET_STR(draft, spec.template.spec.containers[0].name, "one"); \
        K8SC_SET_STR(draft, spec.template.spec.containers[0].image, "registry.example.com/one:1"); \
        OK(k8sc_##GROUP##_##RESOURCE##_create(c, draft, NULL, NULL, &err)); \
        k8sc_##GROUP##_##KIND##_draft_free(draft); \
        OK(k8sc_##GROUP##_##RESOURCE##_get_scale(c, "web", NULL, &scale, &err)); \
        text_is("kind", K8SC_STR(scale, kind), "Scale"); \
        text_is("metadata.name", K8SC_STR(scale, metadata.name), "web"); \
        text_is("status.selector", K8SC_STR(scale, status.selector), "app=web"); \
        number_is("spec.replicas", K8SC_INT(scale, spec.replicas, -1), 3); \
        wanted = k8sc_autoscaling_v1_scale_edit(scale); \
        k8sc_autoscaling_v1_scale_unref(scale); \
        K8SC_SET_INT(wanted, spec.replicas, 5); \
        OK(k8sc_##GROUP##_##RESOURCE##_update_scale(c, "web", wanted, NULL, &scale, &err)); \
        k8sc_autoscaling_v1_scale_draft_free(wanted); \
        number_is("spec.replicas", K8SC_INT(scale, spec.replicas, -1), 5); \
        k8sc_autoscaling_v1_scale_unref(scale); \
        /* To nothing, by a draft that does not say whose it is. The server leaves a zero out of a scale, and keeps it \
         * in the object. */ \
        wanted = k8sc_autoscaling_v1_scale_new(NULL); \
        K8SC_SET_INT(wanted, spec.replicas, 0); \
        OK(k8sc_##GROUP##_##RESOURCE##_update_scale(c, "web", wanted, NULL, &scale, &err)); \
        k8sc_autoscaling_v1_scale_draft_free(wanted); \
        number_is("spec.replicas", K8SC_INT(scale, spec.replicas, 0), 0); \
        k8sc_autoscaling_v1_scale_unref(scale); \
        OK(k8sc_##GROUP##_##RESOURCE##_get(c, "web", NULL, &object, &err)); \
        number_is("spec.replicas", K8SC_INT(object, spec.replicas, -1), 0); \
        k8sc_##GROUP##_##KIND##_unref(object); \
        APPLY(RESOURCE, GROUP, KIND) \
        NOT_FOUND(k8sc_##GROUP##_##RESOURCE##_get_scale(c, "none", NULL, NULL, &err)); \
    }

#define NO_APPLY(RESOURCE, GROUP, KIND)
#define SELECT_deployments K8SC_MAP_SET_STR(draft, spec.selector.matchLabels, "app", "web")
#define SELECT_replicasets SELECT_deployments
#define SELECT_statefulsets SELECT_deployments
#define SELECT_replicationcontrollers K8SC_MAP_SET_STR(draft, spec.selector, "app", "web")
#define APPLIED(RESOURCE, GROUP, KIND) \
    wanted = k8sc_autoscaling_v1_scale_new(NULL); \
    K8SC_SET_INT(wanted, spec.replicas, 2); \
    OK(k8sc_##GROUP##_##RESOURCE##_apply_scale(c, "web", wanted, apply_options(), &scale, &err)); \
    k8sc_autoscaling_v1_scale_draft_free(wanted); \
    number_is("spec.replicas", K8SC_INT(scale, spec.replicas, -1), 2); \
    k8sc_autoscaling_v1_scale_unref(scale);

SCALE_TEST(deployment, deployments, apps_v1, APPLIED)
SCALE_TEST(replica_set, replicasets, apps_v1, APPLIED)
SCALE_TEST(stateful_set, statefulsets, apps_v1, APPLIED)
SCALE_TEST(replication_controller, replicationcontrollers, core_v1, NO_APPLY)

/* -------------------------------------------------------------------------------------------------------------- pods
 * -- */

static void a_pod_is_bound_once(void **state)
{
    k8sc_core_v1_binding_draft draft = k8sc_core_v1_binding_new(NULL), other = k8sc_core_v1_binding_new("p");
    k8sc_core_v1_pod pod;
    (void)state;
    make_pod("p");
    K8SC_SET_STR(draft, target.kind, "Node");
    K8SC_SET_STR(draft, target.name, "no-such-node");
    OK(k8sc_core_v1_pods_bind(typed_pods(), "p", draft, NULL, &err));
    OK(k8sc_core_v1_pods_get(typed_pods(), "p", NULL, &pod, &err));
    text_is("spec.nodeName", K8SC_STR(pod, spec.nodeName), "no-such-node");
    text_is("status.conditions[0].type", K8SC_STR(pod, status.conditions[0].type), "PodScheduled");
    k8sc_core_v1_pod_unref(pod);
    FAILS(K8SC_E_API, k8sc_core_v1_pods_bind(typed_pods(), "p", draft, NULL, &err));
    must_say(409, "Conflict", "already assigned to node");
    FAILS(K8SC_E_API, k8sc_core_v1_pods_bind(typed_pods(), "other", other, NULL, &err));
    must_say(400, "BadRequest", "name in URL does not match name in Binding object");
    k8sc_core_v1_binding_draft_free(other);
    k8sc_core_v1_binding_draft_free(draft);
}

/* Of policy/v1, as from 1.22 on. */
static void newer_eviction(void **state)
{
    (void)state;
    if (server_minor() < 22) skip();
    k8sc_policy_v1_eviction_draft draft = k8sc_policy_v1_eviction_new("p");
    make_pod("p");
    K8SC_SET_STR(draft, metadata.namespace, ns);
    OK(k8sc_core_v1_pods_evict(typed_pods(), draft, &err));
    NOT_FOUND(k8sc_core_v1_pods_get(typed_pods(), "p", NULL, NULL, &err));
    NOT_FOUND(k8sc_core_v1_pods_evict(typed_pods(), draft, &err));
    k8sc_policy_v1_eviction_draft_free(draft);
}

/* 1.20 has evictions of policy/v1beta1 only. */
static void a_pod_is_evicted_within_its_budget(void **state)
{
    if (server_minor() >= 22) skip();
    k8sc_policy_v1beta1_evictions_client evictions =
        k8sc_policy_v1beta1_evictions(k8sc_clientset_policy_v1beta1(clientset()), ns);
    k8sc_policy_v1beta1_poddisruptionbudgets_client budgets =
        k8sc_policy_v1beta1_poddisruptionbudgets(k8sc_clientset_policy_v1beta1(clientset()), ns);
    k8sc_policy_v1beta1_pod_disruption_budget_draft budget = k8sc_policy_v1beta1_pod_disruption_budget_new("all");
    k8sc_policy_v1beta1_eviction_draft draft = k8sc_policy_v1beta1_eviction_new("p");
    k8sc_policy_v1_eviction_draft newer = k8sc_policy_v1_eviction_new("p");
    (void)state;
    make_pod("p");
    K8SC_SET_STR(draft, metadata.namespace, ns);
    OK(k8sc_policy_v1beta1_evictions_evict(evictions, draft, &err));
    NOT_FOUND(k8sc_core_v1_pods_get(typed_pods(), "p", NULL, NULL, &err));
    NOT_FOUND(k8sc_policy_v1beta1_evictions_evict(evictions, draft, &err));

    /* With a budget that nobody has worked out yet, a pod that runs may not go. */
    K8SC_MAP_SET_STR(budget, spec.selector.matchLabels, "app", "typed");
    K8SC_SET_INT(budget, spec.minAvailable, 1);
    OK(k8sc_policy_v1beta1_poddisruptionbudgets_create(budgets, budget, NULL, NULL, &err));
    k8sc_policy_v1beta1_pod_disruption_budget_draft_free(budget);
    make_pod("p");
    OK(k8sc_core_v1_pods_patch(typed_pods(), "p", K8SC_PATCH_MERGE, "{\"status\":{\"phase\":\"Running\"}}", 30, NULL,
                               "status", NULL, &err));
    FAILS(K8SC_E_API, k8sc_policy_v1beta1_evictions_evict(evictions, draft, &err));
    must_say(429, "TooManyRequests", "disruption budget");
    k8sc_policy_v1beta1_eviction_draft_free(draft);

    K8SC_SET_STR(newer, metadata.namespace, ns);
    FAILS(K8SC_E_API, k8sc_core_v1_pods_evict(typed_pods(), newer, &err));
    must_say(400, "BadRequest", "no kind \"Eviction\" is registered for version \"policy/v1\"");
    k8sc_policy_v1_eviction_draft_free(newer);
}

static void logs_are_read_with_their_options(void **state)
{
    k8sc_core_v1_pod_log_options_draft wanted = k8sc_core_v1_pod_log_options_new();
    k8sc_request **request = request_slot();
    k8sc_result **result = result_slot();
    (void)state;
    /* Where no node has it, a pod has said nothing. */
    make_pod("p");
    OK(k8sc_core_v1_pods_get_logs(typed_pods(), "p", NULL, request, &err));
    OK(k8sc_request_do(*request, result, &err));
    text_is("log", k8sc_result_body(*result, NULL), "");
    /* That options arrive is seen from what the server says of them. */
    K8SC_SET_STR(wanted, container, "two");
    request = request_slot();
    OK(k8sc_core_v1_pods_get_logs(typed_pods(), "p", &wanted, request, &err));
    FAILS(K8SC_E_API, k8sc_request_do(*request, result_slot(), &err));
    must_say(400, "BadRequest", "container two is not valid for pod p");
    K8SC_SET_STR(wanted, container, "one");
    K8SC_SET_INT(wanted, tailLines, -1);
    request = request_slot();
    OK(k8sc_core_v1_pods_get_logs(typed_pods(), "p", &wanted, request, &err));
    FAILS(K8SC_E_API, k8sc_request_do(*request, result_slot(), &err));
    must_say(422, "Invalid", "tailLines");
    request = request_slot();
    OK(k8sc_core_v1_pods_get_logs(typed_pods(), "none", NULL, request, &err));
    NOT_FOUND(k8sc_request_do(*request, result_slot(), &err));
    k8sc_core_v1_pod_log_options_draft_free(wanted);
}

static void pods_and_services_are_reached_through_the_server(void **state)
{
    k8sc_core_v1_services_client services = k8sc_core_v1_services(core(), ns);
    k8sc_core_v1_service_draft draft = k8sc_core_v1_service_new("s");
    k8sc_core_v1_endpoints_object_draft nowhere = k8sc_core_v1_endpoints_object_new("s");
    k8sc_request **request = request_slot();
    (void)state;
    make_pod("p");
    OK(k8sc_core_v1_pods_proxy_get(typed_pods(), "http", "p", "8080", "a/b", request, &err));
    FAILS(K8SC_E_API, k8sc_request_do(*request, result_slot(), &err));
    must_say(400, "BadRequest", "address not allowed");
    request = request_slot();
    OK(k8sc_core_v1_pods_proxy_get(typed_pods(), NULL, "none", NULL, NULL, request, &err));
    NOT_FOUND(k8sc_request_do(*request, result_slot(), &err));
    K8SC_SET_INT(draft, spec.ports[0].port, 80);
    OK(k8sc_core_v1_services_create(services, draft, NULL, NULL, &err));
    k8sc_core_v1_service_draft_free(draft);
    OK(k8sc_core_v1_endpoints_create(k8sc_core_v1_endpoints(core(), ns), nowhere, NULL, NULL, &err));
    k8sc_core_v1_endpoints_object_draft_free(nowhere);
    request = request_slot();
    OK(k8sc_core_v1_services_proxy_get(services, NULL, "s", "80", NULL, request, &err));
    FAILS(K8SC_E_API, k8sc_request_do(*request, result_slot(), &err));
    must_say(503, "ServiceUnavailable", "no endpoints available for service \"s\"");
}

/* What a release does not have yet is not found. */
static void subresources_of_later_releases(void **state)
{
    k8sc_core_v1_pod pod = make_pod("p");
    k8sc_core_v1_pod_draft draft = k8sc_core_v1_pod_edit(pod);
    (void)state;
    if (server_has("v1", "pods/ephemeralcontainers"))
        OK(k8sc_core_v1_pods_update_ephemeral_containers(typed_pods(), draft, NULL, NULL, &err));
    else
        NOT_FOUND(k8sc_core_v1_pods_update_ephemeral_containers(typed_pods(), draft, NULL, NULL, &err));
    k8sc_core_v1_pod_draft_free(draft);
    OK(k8sc_core_v1_pods_get(typed_pods(), "p", NULL, &pod, &err));
    draft = k8sc_core_v1_pod_edit(pod);
    k8sc_core_v1_pod_unref(pod);
    if (server_has("v1", "pods/resize"))
        OK(k8sc_core_v1_pods_update_resize(typed_pods(), draft, NULL, NULL, &err));
    else
        NOT_FOUND(k8sc_core_v1_pods_update_resize(typed_pods(), draft, NULL, NULL, &err));
    k8sc_core_v1_pod_draft_free(draft);
}

/* ------------------------------------------------------------------------------------------------------------ others
 * -- */

static void a_service_account_is_given_a_token(void **state)
{
    k8sc_core_v1_serviceaccounts_client accounts = k8sc_core_v1_serviceaccounts(core(), ns);
    k8sc_core_v1_service_account_draft account = k8sc_core_v1_service_account_new("builder");
    k8sc_authentication_v1_token_request_draft draft = k8sc_authentication_v1_token_request_new(NULL);
    k8sc_authentication_v1_token_request answer;
    (void)state;
    OK(k8sc_core_v1_serviceaccounts_create(accounts, account, NULL, NULL, &err));
    k8sc_core_v1_service_account_draft_free(account);
    K8SC_SET_STR(draft, spec.audiences[0], "tests");
    K8SC_SET_INT(draft, spec.expirationSeconds, 900);
    OK(k8sc_core_v1_serviceaccounts_create_token(accounts, "builder", draft, NULL, &answer, &err));
    text_is("spec.audiences[0]", K8SC_STR(answer, spec.audiences[0]), "tests");
    number_is("spec.expirationSeconds", K8SC_INT(answer, spec.expirationSeconds, -1), 900);
    assert_true(strlen(K8SC_STR(answer, status.token)) > 100);
    assert_true(K8SC_TIME_US(answer, status.expirationTimestamp, 0) > 0);
    k8sc_authentication_v1_token_request_unref(answer);
    NOT_FOUND(k8sc_core_v1_serviceaccounts_create_token(accounts, "none", draft, NULL, NULL, &err));
    k8sc_authentication_v1_token_request_draft_free(draft);
}

static void a_namespace_goes_once_it_is_finalized(void **state)
{
    k8sc_core_v1_namespaces_client spaces = k8sc_core_v1_namespaces(core());
    k8sc_core_v1_namespace_draft draft = k8sc_core_v1_namespace_new("finalized");
    k8sc_core_v1_namespace space;
    (void)state;
    OK(k8sc_core_v1_namespaces_create(spaces, draft, NULL, &space, &err));
    k8sc_core_v1_namespace_draft_free(draft);
    text_is("spec.finalizers[0]", K8SC_STR(space, spec.finalizers[0]), "kubernetes");
    draft = k8sc_core_v1_namespace_edit(space);
    k8sc_core_v1_namespace_unref(space);
    K8SC_SET_STR(draft, spec.finalizers[0], "tests.k8sc.dev/typed");
    OK(k8sc_core_v1_namespaces_finalize(spaces, draft, NULL, &space, &err));
    k8sc_core_v1_namespace_draft_free(draft);
    text_is("spec.finalizers[0]", K8SC_STR(space, spec.finalizers[0]), "tests.k8sc.dev/typed");
    k8sc_core_v1_namespace_unref(space);
    OK(k8sc_core_v1_namespaces_delete(spaces, "finalized", NULL, &err));
    OK(k8sc_core_v1_namespaces_get(spaces, "finalized", NULL, &space, &err));
    text_is("status.phase", K8SC_STR(space, status.phase), "Terminating");
    draft = k8sc_core_v1_namespace_edit(space);
    k8sc_core_v1_namespace_unref(space);
    K8SC_REMOVE(draft, spec.finalizers);
    OK(k8sc_core_v1_namespaces_finalize(spaces, draft, NULL, NULL, &err));
    k8sc_core_v1_namespace_draft_free(draft);
    NOT_FOUND(k8sc_core_v1_namespaces_get(spaces, "finalized", NULL, NULL, &err));
}

static void status_of_a_node(void **state)
{
    static const char patch[] =
        "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\",\"reason\":\"Typed\"}]},"
        "\"spec\":{\"unschedulable\":true}}";
    k8sc_core_v1_nodes_client nodes = k8sc_core_v1_nodes(core());
    k8sc_core_v1_node_draft draft = k8sc_core_v1_node_new("patched");
    k8sc_core_v1_node node;
    (void)state;
    K8SC_SET_STR(draft, status.conditions[0].type, "MemoryPressure");
    K8SC_SET_STR(draft, status.conditions[0].status, "False");
    OK(k8sc_core_v1_nodes_create(nodes, draft, NULL, NULL, &err));
    k8sc_core_v1_node_draft_free(draft);
    OK(k8sc_core_v1_nodes_patch_status(nodes, "patched", patch, strlen(patch), &node, &err));
    /* Strategic: one condition is added, the other is kept. */
    number_is("status.conditions", K8SC_SIZE(node, status.conditions), 2);
    K8SC_EACH(condition, node, status.conditions)
    {
        int ready = strcmp(K8SC_STR(condition, type), "Ready") == 0;
        text_is("status", K8SC_STR(condition, status), ready ? "True" : "False");
    }
    assert_false(K8SC_HAS(node, spec.unschedulable));
    k8sc_core_v1_node_unref(node);
    OK(k8sc_core_v1_nodes_delete(nodes, "patched", NULL, &err));
}

/* Of both versions, which are types of their own. */
#define APPROVAL_TEST(VERSION) \
    static void approval_##VERSION(void **state) \
    { \
        if (!server_has("certificates.k8s.io/" #VERSION, "certificatesigningrequests")) skip(); \
        k8sc_certificates_##VERSION##_certificatesigningrequests_client requests = \
            k8sc_certificates_##VERSION##_certificatesigningrequests( \
                k8sc_clientset_certificates_##VERSION(clientset())); \
        k8sc_certificates_##VERSION##_certificate_signing_request_draft draft = \
            k8sc_certificates_##VERSION##_certificate_signing_request_new("approved-" #VERSION); \
        k8sc_certificates_##VERSION##_certificate_signing_request request; \
        char *pem = signing_request(); \
        (void)state; \
        K8SC_SET_BYTES(draft, spec.request, pem, strlen(pem)); \
        K8SC_SET_STR(draft, spec.signerName, "tests.k8sc.dev/typed"); \
        K8SC_APPEND_STR(draft, spec.usages, "client auth"); \
        OK(k8sc_certificates_##VERSION##_certificatesigningrequests_create(requests, draft, NULL, &request, &err)); \
        k8sc_certificates_##VERSION##_certificate_signing_request_draft_free(draft); \
        text_is("spec.username", K8SC_STR(request, spec.username), "admin"); \
        draft = k8sc_certificates_##VERSION##_certificate_signing_request_edit(request); \
        k8sc_certificates_##VERSION##_certificate_signing_request_unref(request); \
        K8SC_SET_STR(draft, status.conditions[0].type, "Approved"); \
        K8SC_SET_STR(draft, status.conditions[0].status, "True"); \
        K8SC_SET_STR(draft, status.conditions[0].reason, "Typed"); \
        OK(k8sc_certificates_##VERSION##_certificatesigningrequests_update_approval(requests, draft, NULL, &request, \
                                                                                    &err)); \
        k8sc_certificates_##VERSION##_certificate_signing_request_draft_free(draft); \
        text_is("status.conditions[0].type", K8SC_STR(request, status.conditions[0].type), "Approved"); \
        text_is("status.conditions[0].reason", K8SC_STR(request, status.conditions[0].reason), "Typed"); \
        k8sc_certificates_##VERSION##_certificate_signing_request_unref(request); \
        OK(k8sc_certificates_##VERSION##_certificatesigningrequests_delete(requests, "approved-" #VERSION, NULL, \
                                                                           &err)); \
    }

static char *signing_request(void)
{
    in_cluster_dir("openssl req -config openssl.cnf -new -key admin.key -sha256 -subj /CN=typed -out typed.csr");
    return cluster_file("typed.csr");
}

APPROVAL_TEST(v1)
APPROVAL_TEST(v1beta1)

/* ------------------------------------------------------------------------------------------------------------ events
 * -- */

static k8sc_core_v1_event_draft event_about(k8sc_core_v1_pod pod, const char *name)
{
    k8sc_core_v1_event_draft draft = k8sc_core_v1_event_new(name);
    K8SC_SET_STR(draft, metadata.namespace, ns);
    K8SC_SET_STR(draft, involvedObject.kind, "Pod");
    K8SC_SET_STR(draft, involvedObject.name, K8SC_STR(pod, metadata.name));
    K8SC_SET_STR(draft, involvedObject.namespace, ns);
    K8SC_SET_STR(draft, involvedObject.uid, K8SC_STR(pod, metadata.uid));
    K8SC_SET_STR(draft, reason, "Tested");
    K8SC_SET_INT(draft, count, 1);
    return draft;
}

/* The namespace is the event's, whatever the client's is. */
static void events_with_their_namespace(void **state)
{
    static const char patch[] = "{\"count\":3}";
    k8sc_core_v1_events_client elsewhere = k8sc_core_v1_events(core(), "default"),
                               here = k8sc_core_v1_events(core(), ns);
    k8sc_core_v1_event_draft draft = event_about(make_pod("p"), "e");
    k8sc_core_v1_event event, changed;
    (void)state;
    OK(k8sc_core_v1_events_create_with_event_namespace(elsewhere, draft, &event, &err));
    k8sc_core_v1_event_draft_free(draft);
    text_is("metadata.namespace", K8SC_STR(event, metadata.namespace), ns);
    draft = k8sc_core_v1_event_edit(event);
    K8SC_SET_INT(draft, count, 2);
    OK(k8sc_core_v1_events_update_with_event_namespace(elsewhere, draft, &changed, &err));
    k8sc_core_v1_event_draft_free(draft);
    number_is("count", K8SC_INT(changed, count, -1), 2);
    k8sc_core_v1_event_unref(changed);
    OK(k8sc_core_v1_events_patch_with_event_namespace(elsewhere, event, patch, strlen(patch), &changed, &err));
    number_is("count", K8SC_INT(changed, count, -1), 3);
    k8sc_core_v1_event_unref(changed);
    k8sc_core_v1_event_unref(event);
    OK(k8sc_core_v1_events_get(here, "e", NULL, &event, &err));
    number_is("count", K8SC_INT(event, count, -1), 3);
    k8sc_core_v1_event_unref(event);
    NOT_FOUND(k8sc_core_v1_events_get(elsewhere, "e", NULL, NULL, &err));
}

static void newer_events_with_their_namespace(void **state)
{
    static const char patch[] = "{\"metadata\":{\"labels\":{\"step\":\"patched\"}}}";
    if (!server_has("events.k8s.io/v1beta1", "events")) skip();
    k8sc_events_v1beta1_events_client elsewhere =
        k8sc_events_v1beta1_events(k8sc_clientset_events_v1beta1(clientset()), "default");
    k8sc_events_v1beta1_event_draft draft = k8sc_events_v1beta1_event_new("e");
    k8sc_events_v1beta1_event event, changed;
    (void)state;
    K8SC_SET_STR(draft, metadata.namespace, ns);
    K8SC_SET_MICRO_TIME_US(draft, eventTime, INT64_C(1767268800123456));
    K8SC_SET_STR(draft, reportingController, "tests.k8sc.dev/typed");
    K8SC_SET_STR(draft, reportingInstance, "one");
    K8SC_SET_STR(draft, action, "Testing");
    K8SC_SET_STR(draft, reason, "Tested");
    K8SC_SET_STR(draft, type, "Normal");
    K8SC_SET_STR(draft, regarding.namespace, ns);
    OK(k8sc_events_v1beta1_events_create_with_event_namespace(elsewhere, draft, &event, &err));
    k8sc_events_v1beta1_event_draft_free(draft);
    text_is("metadata.namespace", K8SC_STR(event, metadata.namespace), ns);
    draft = k8sc_events_v1beta1_event_edit(event);
    K8SC_MAP_SET_STR(draft, metadata.labels, "step", "updated");
    OK(k8sc_events_v1beta1_events_update_with_event_namespace(elsewhere, draft, &changed, &err));
    k8sc_events_v1beta1_event_draft_free(draft);
    text_is("metadata.labels", K8SC_MAP_STR(changed, metadata.labels, "step"), "updated");
    k8sc_events_v1beta1_event_unref(changed);
    OK(k8sc_events_v1beta1_events_patch_with_event_namespace(elsewhere, event, patch, strlen(patch), &changed, &err));
    text_is("metadata.labels", K8SC_MAP_STR(changed, metadata.labels, "step"), "patched");
    k8sc_events_v1beta1_event_unref(changed);
    k8sc_events_v1beta1_event_unref(event);
}

static void events_of_an_object(void **state)
{
    k8sc_core_v1_events_client events = k8sc_core_v1_events(core(), ns);
    k8sc_core_v1_pod one = make_pod("one"), two = make_pod("two");
    k8sc_core_v1_event_draft drafts[] = {event_about(one, "one-1"), event_about(one, "one-2"),
                                         event_about(two, "two-1")};
    k8sc_core_v1_event_list list;
    size_t i;
    (void)state;
    for (i = 0; i < 3; i++) {
        OK(k8sc_core_v1_events_create(events, drafts[i], NULL, NULL, &err));
        k8sc_core_v1_event_draft_free(drafts[i]);
    }
    OK(k8sc_core_v1_events_search(events, k8sc_core_v1_pod_object(one), &list, &err));
    number_is("items", k8sc_core_v1_event_list_size(list), 2);
    text_is("metadata.name", K8SC_STR(k8sc_core_v1_event_list_at(list, 0), metadata.name), "one-1");
    text_is("metadata.name", K8SC_STR(k8sc_core_v1_event_list_at(list, 1), metadata.name), "one-2");
    k8sc_core_v1_event_list_free(list);
    OK(k8sc_core_v1_events_search(k8sc_core_v1_events(core(), NULL), k8sc_core_v1_pod_object(two), &list, &err));
    number_is("items", k8sc_core_v1_event_list_size(list), 1);
    text_is("metadata.name", K8SC_STR(k8sc_core_v1_event_list_at(list, 0), metadata.name), "two-1");
    k8sc_core_v1_event_list_free(list);
}

/* They can only be read. */
static void component_statuses(void **state)
{
    k8sc_core_v1_componentstatuses_client statuses = k8sc_core_v1_componentstatuses(core());
    k8sc_core_v1_component_status status;
    k8sc_core_v1_component_status_list list;
    int found = 0;
    int64_t i;
    (void)state;
    OK(k8sc_core_v1_componentstatuses_get(statuses, "etcd-0", NULL, &status, &err));
    text_is("conditions[0].type", K8SC_STR(status, conditions[0].type), "Healthy");
    text_is("conditions[0].status", K8SC_STR(status, conditions[0].status), "True");
    k8sc_core_v1_component_status_unref(status);
    OK(k8sc_core_v1_componentstatuses_list(statuses, NULL, &list, &err));
    for (i = 0; i < k8sc_core_v1_component_status_list_size(list); i++)
        found += strcmp(K8SC_STR(k8sc_core_v1_component_status_list_at(list, i), metadata.name), "etcd-0") == 0;
    number_is("etcd-0", found, 1);
    k8sc_core_v1_component_status_list_free(list);
    FAILS(K8SC_E_API, k8sc_core_v1_componentstatuses_get(statuses, "none", NULL, NULL, &err));
    assert_contains(k8sc_error_message(failure), "none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(scale_of_deployments),
        TEST(scale_of_replicasets),
        TEST(scale_of_statefulsets),
        TEST(scale_of_replicationcontrollers),
        TEST(a_pod_is_bound_once),
        TEST(a_pod_is_evicted_within_its_budget),
        TEST(newer_eviction),
        TEST(logs_are_read_with_their_options),
        TEST(pods_and_services_are_reached_through_the_server),
        TEST(subresources_of_later_releases),
        TEST(a_service_account_is_given_a_token),
        TEST(a_namespace_goes_once_it_is_finalized),
        TEST(status_of_a_node),
        TEST(approval_v1),
        TEST(approval_v1beta1),
        TEST(events_with_their_namespace),
        TEST(newer_events_with_their_namespace),
        TEST(events_of_an_object),
        TEST(component_statuses),
    };
    return RUN_ON_CLUSTER(TYPED_APISERVER, tests);
}
