/* The clientset as a program uses it, against the fake API server. */
#include "support.h"

#include <k8sc/apps_v1.h>
#include <k8sc/core_v1.h>

#define MERGE(text) text, strlen(text)

static k8sc_clientset *clientset;

static void end_clientset(void *handle) { k8sc_clientset_unref(handle); }

static k8sc_core_v1 core(void)
{
    OK(k8sc_clientset_new_for_client(client, &clientset, &err));
    track(clientset, end_clientset);
    return k8sc_clientset_core_v1(clientset);
}

static k8sc_core_v1_pod_draft pod_draft(const char *name)
{
    k8sc_core_v1_pod_draft draft = k8sc_core_v1_pod_new(name);
    K8SC_SET_STR(draft, spec.containers[0].name, "my-container");
    K8SC_SET_STR(draft, spec.containers[0].image, "nginx:latest");
    return draft;
}

static void each_verb_of_a_typed_client_works(void **state)
{
    k8sc_core_v1_pods_client pods = k8sc_core_v1_pods(core(), "default");
    k8sc_core_v1_pod_draft draft = pod_draft("my-pod"), edited;
    k8sc_core_v1_pod pod, answer;
    k8sc_core_v1_pod_list list;
    k8sc_list_options *options = NULL;
    k8sc_resource *resource = NULL;
    (void)state;
    OK(k8sc_core_v1_pods_create(pods, draft, NULL, &pod, &err));
    assert_string_equal(K8SC_STR(pod, spec.containers[0].image), "nginx:latest");
    assert_true(K8SC_HAS(pod, metadata.uid));
    FAILS(K8SC_E_API, k8sc_core_v1_pods_create(pods, draft, NULL, NULL, &err), "already exists", "my-pod");
    FAILS(K8SC_E_API, k8sc_core_v1_pods_create(pods, draft, NULL, &answer, &err), "already exists");
    assert_null(answer.value.object);
    k8sc_core_v1_pod_draft_free(draft);

    edited = k8sc_core_v1_pod_edit(pod);
    K8SC_MAP_SET_STR(edited, metadata.labels, "app.kubernetes.io/name", "web");
    OK(k8sc_core_v1_pods_update(pods, edited, NULL, &answer, &err));
    assert_string_equal(K8SC_MAP_STR(answer, metadata.labels, "app.kubernetes.io/name"), "web");
    FAILS(K8SC_E_API, k8sc_core_v1_pods_update(pods, edited, NULL, NULL, &err), "modified");
    k8sc_core_v1_pod_draft_free(edited);
    k8sc_core_v1_pod_unref(answer);

    OK(k8sc_core_v1_pods_get(pods, "my-pod", NULL, &answer, &err));
    edited = k8sc_core_v1_pod_edit(answer);
    K8SC_SET_STR(edited, status.phase, "Running");
    OK(k8sc_core_v1_pods_update_status(pods, edited, NULL, NULL, &err));
    k8sc_core_v1_pod_draft_free(edited);
    k8sc_core_v1_pod_unref(answer);

    OK(k8sc_core_v1_pods_patch(pods, "my-pod", K8SC_PATCH_MERGE, MERGE("{\"metadata\":{\"labels\":{\"a\":\"b\"}}}"),
                               NULL, NULL, &answer, &err));
    assert_string_equal(K8SC_STR(answer, status.phase), "Running");
    assert_string_equal(K8SC_MAP_STR(answer, metadata.labels, "a"), "b");
    k8sc_core_v1_pod_unref(answer);
    OK(k8sc_core_v1_pods_patch(pods, "my-pod", K8SC_PATCH_MERGE, MERGE("{\"status\":{\"phase\":\"Failed\"}}"), NULL,
                               "status", &answer, &err));
    assert_string_equal(K8SC_STR(answer, status.phase), "Failed");
    k8sc_core_v1_pod_unref(answer);

    OK(k8sc_list_options_new(&options, &err));
    OK(k8sc_list_options_set_label_selector(options, "a=b", &err));
    OK(k8sc_core_v1_pods_list(pods, options, &list, &err));
    assert_int_equal(k8sc_core_v1_pod_list_size(list), 1);
    assert_string_equal(K8SC_STR(k8sc_core_v1_pod_list_at(list, 0), metadata.name), "my-pod");
    assert_false(K8SC_HAS(k8sc_core_v1_pod_list_at(list, 1), metadata.name));
    k8sc_core_v1_pod_list_free(list);
    OK(k8sc_list_options_set_label_selector(options, "a=c", &err));
    OK(k8sc_core_v1_pods_list_all(k8sc_core_v1_pods(k8sc_clientset_core_v1(clientset), NULL), options, &list, &err));
    assert_int_equal(k8sc_core_v1_pod_list_size(list), 0);
    k8sc_core_v1_pod_list_free(list);
    k8sc_list_options_free(options);

    OK(k8sc_core_v1_pods_resource(pods, &resource, &err));
    OK(k8sc_resource_get(resource, "my-pod", NULL, NULL, &err));
    k8sc_resource_unref(resource);
    OK(k8sc_core_v1_pods_delete(pods, "my-pod", NULL, &err));
    FAILS(K8SC_E_API, k8sc_core_v1_pods_get(pods, "my-pod", NULL, &answer, &err), "not found");
    assert_null(answer.value.object);
    OK(k8sc_core_v1_pods_delete_collection(pods, NULL, &err));
    k8sc_core_v1_pod_unref(pod);
}

/* Without a namespace of its own, a client takes the one that the object names. */
static void a_client_without_a_namespace_takes_the_objects(void **state)
{
    static const char *const all[] = {NULL, ""};
    (void)state;
    for (size_t i = 0; i < COUNT(all); i++) {
        k8sc_core_v1_pods_client everywhere = k8sc_core_v1_pods(core(), all[i]);
        k8sc_core_v1_pod_draft draft = pod_draft(i ? "q" : "p");
        k8sc_core_v1_pod_list list;
        k8sc_core_v1_pod pod;
        K8SC_SET_STR(draft, metadata.namespace, "kube-system");
        OK(k8sc_core_v1_pods_create(everywhere, draft, NULL, &pod, &err));
        assert_string_equal(K8SC_STR(pod, metadata.namespace), "kube-system");
        k8sc_core_v1_pod_unref(pod);
        k8sc_core_v1_pod_draft_free(draft);
        OK(k8sc_core_v1_pods_list(everywhere, NULL, &list, &err));
        assert_int_equal(k8sc_core_v1_pod_list_size(list), i + 1);
        k8sc_core_v1_pod_list_free(list);
        FAILS(K8SC_E_INVALID, k8sc_core_v1_pods_get(everywhere, "p", NULL, &pod, &err), "all namespaces");
    }
}

/* Scaling to 0 is not the same as saying nothing. */
static void zero_is_not_the_same_as_absent(void **state)
{
    k8sc_apps_v1_deployment_draft draft = k8sc_apps_v1_deployment_new("web");
    k8sc_apps_v1_deployment deployment;
    k8sc_apps_v1_deployments_client deployments;
    (void)state;
    core();
    deployments = k8sc_apps_v1_deployments(k8sc_clientset_apps_v1(clientset), "default");
    K8SC_MAP_SET_STR(draft, spec.selector.matchLabels, "app", "web");
    K8SC_MAP_SET_STR(draft, spec.template.metadata.labels, "app", "web");
    K8SC_SET_STR(draft, spec.template.spec.containers[0].name, "c");
    OK(k8sc_apps_v1_deployments_create(deployments, draft, NULL, &deployment, &err));
    assert_int_equal(K8SC_TYPE(deployment, spec.replicas), K8SC_TYPE_ABSENT);
    assert_int_equal(K8SC_INT(deployment, spec.replicas, -1), -1);
    k8sc_apps_v1_deployment_draft_free(draft);
    draft = k8sc_apps_v1_deployment_edit(deployment);
    k8sc_apps_v1_deployment_unref(deployment);
    K8SC_SET_INT(draft, spec.replicas, 0);
    OK(k8sc_apps_v1_deployments_update(deployments, draft, NULL, &deployment, &err));
    assert_int_equal(K8SC_TYPE(deployment, spec.replicas), K8SC_TYPE_INTEGER);
    assert_int_equal(K8SC_INT(deployment, spec.replicas, -1), 0);
    k8sc_apps_v1_deployment_draft_free(draft);
    k8sc_apps_v1_deployment_unref(deployment);
}

static int seen;
static char last_name[64], last_old_phase[64];

static int on_pod(const k8sc_core_v1_pod_event *event, void *user_data)
{
    k8sc_core_v1_pod pod = k8sc_core_v1_pod_event_object(event), old = k8sc_core_v1_pod_event_old_object(event);
    const char *name = K8SC_STR(pod, metadata.name), *phase = K8SC_STR(old, status.phase);
    int kind = k8sc_event_kind(k8sc_core_v1_pod_event_base(event));
    *(int *)user_data = kind;
    if (name) snprintf(last_name, sizeof last_name, "%s", name);
    if (kind == K8SC_EVENT_UPDATE) snprintf(last_old_phase, sizeof last_old_phase, "%s", phase ? phase : "none");
    seen |= 1 << kind;
    return 0;
}

static int destroys;
static void on_end(void *user_data) { (void)user_data, destroys++; }

static void dispatch(void)
{
    OK(k8sc_queue_wait(k8sc_client_queue(client), 100, NULL, &err));
    OK(k8sc_queue_dispatch(k8sc_client_queue(client), 0, NULL, &err));
}

static void until_seen(int kind) { AWAIT_WITHIN(PATIENCE_MS, seen & 1 << kind, dispatch()); }

/* It runs where callbacks run, once there are no more of them. */
static void until_destroyed(int times)
{
    AWAIT_WITHIN(PATIENCE_MS, destroys >= times, dispatch());
    assert_int_equal(destroys, times);
}

static void a_typed_watch_delivers_its_type(void **state)
{
    k8sc_core_v1_pods_client pods = k8sc_core_v1_pods(core(), "default"), bad = pods;
    k8sc_core_v1_pod_draft draft = pod_draft("watched");
    k8sc_watch_options *options = NULL;
    k8sc_watch *watch = NULL;
    int last = 0;
    (void)state;
    seen = 0, destroys = 0;
    OK(k8sc_watch_options_new(&options, &err));
    OK(k8sc_watch_options_set_field_selector(options, "metadata.name=watched", &err));
    OK(k8sc_core_v1_pods_watch(pods, options, on_pod, &last, on_end, &watch, &err));
    OK(k8sc_core_v1_pods_create(pods, draft, NULL, NULL, &err));
    until_seen(K8SC_EVENT_ADDED);
    assert_string_equal(last_name, "watched");
    OK(k8sc_core_v1_pods_delete(pods, "watched", NULL, &err));
    until_seen(K8SC_EVENT_DELETED);
    k8sc_watch_cancel(watch);
    until_seen(K8SC_EVENT_CLOSED);
    k8sc_watch_unref(watch);
    until_destroyed(1);
    /* destroy runs, too, where there is no watch. */
    bad.client.ns = "a/b";
    FAILS(K8SC_E_INVALID, k8sc_core_v1_pods_watch(bad, options, on_pod, &last, on_end, &watch, &err), "a/b");
    assert_int_equal(destroys, 2);
    assert_null(watch);
    k8sc_watch_options_free(options);
    k8sc_core_v1_pod_draft_free(draft);
}

static void a_typed_informer_delivers_its_type(void **state)
{
    k8sc_core_v1_pods_client pods = k8sc_core_v1_pods(core(), "default");
    k8sc_core_v1_pod_draft draft = pod_draft("informed");
    k8sc_core_v1_pod pod;
    k8sc_core_v1_pod_list list;
    k8sc_core_v1_pod_informer informer;
    k8sc_core_v1_pod_lister lister;
    k8sc_informer_options *options = NULL;
    k8sc_informer_factory *factory = NULL;
    int last = 0;
    (void)state;
    seen = 0, destroys = 0;
    K8SC_SET_STR(draft, status.phase, "Pending");
    OK(k8sc_core_v1_pods_create(pods, draft, NULL, &pod, &err));
    k8sc_core_v1_pod_unref(pod);
    OK(k8sc_informer_options_new(&options, &err));
    OK(k8sc_informer_options_set_field_selector(options, "status.phase!=Succeeded", &err));
    OK(k8sc_informer_options_set_drop_managed_fields(options, 1, &err));
    OK(k8sc_informer_factory_new(client, options, &factory, &err));
    OK(k8sc_core_v1_informers_pods(k8sc_informers_core_v1(factory), &informer, &err));
    OK(k8sc_core_v1_pod_informer_add_handler(informer, on_pod, &last, on_end, NULL, &err));
    OK(k8sc_informer_factory_start(factory, &err));
    until_seen(K8SC_EVENT_SYNC);
    assert_true(seen & 1 << K8SC_EVENT_ADD);
    OK(k8sc_core_v1_pods_patch(pods, "informed", K8SC_PATCH_MERGE, MERGE("{\"status\":{\"phase\":\"Running\"}}"), NULL,
                               "status", NULL, &err));
    until_seen(K8SC_EVENT_UPDATE);
    OK(k8sc_core_v1_pod_informer_lister(informer, &lister, &err));
    OK(k8sc_core_v1_pod_lister_get(lister, "default", "informed", &pod, &err));
    assert_string_equal(K8SC_STR(pod, status.phase), "Running");
    assert_false(K8SC_HAS(pod, metadata.managedFields));
    k8sc_core_v1_pod_unref(pod);
    FAILS(K8SC_E_API, k8sc_core_v1_pod_lister_get(lister, "default", "other", &pod, &err), "not found");
    OK(k8sc_core_v1_pod_lister_list(lister, NULL, NULL, &list, &err));
    assert_int_equal(k8sc_core_v1_pod_list_size(list), 1);
    k8sc_core_v1_pod_list_free(list);
    k8sc_core_v1_pod_lister_unref(lister);
    k8sc_core_v1_pod_informer_unref(informer);
    OK(k8sc_informer_factory_shutdown(factory, &err));
    k8sc_informer_factory_unref(factory);
    k8sc_informer_options_free(options);
    k8sc_core_v1_pod_draft_free(draft);
}

/* What went wrong while a draft was written is told by the verb, and nothing is sent. */
static void failures_of_drafts(void **state)
{
    k8sc_core_v1_pods_client pods = k8sc_core_v1_pods(core(), "default");
    k8sc_core_v1_pod_draft draft = pod_draft("p"), none;
    k8sc_core_v1_pod pod;
    int64_t before = k8sc_testing_server_request_count(server, NULL, NULL);
    (void)state;
    K8SC_SET_STR(draft, spec.containers[3].name, "x");
    FAILS(K8SC_E_INVALID, k8sc_core_v1_pods_create(pods, draft, NULL, &pod, &err), "spec.containers[3].name",
          "index 3");
    assert_null(pod.value.object);
    k8sc_core_v1_pod_draft_free(draft);
    none.node = k8sc_draft_root(NULL);
    FAILS(K8SC_E_INVALID, k8sc_core_v1_pods_create(pods, none, NULL, NULL, &err), "draft");
    assert_int_equal(k8sc_testing_server_request_count(server, NULL, NULL), before);
}

static void other_kinds(void **state)
{
    k8sc_object *object = parse("{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"d\"}}");
    k8sc_core_v1_pod pod;
    k8sc_apps_v1_deployment deployment;
    (void)state;
    FAILS(K8SC_E_INVALID, k8sc_core_v1_pod_from(object, &pod, &err), "Deployment", "Pod");
    assert_null(pod.value.object);
    OK(k8sc_apps_v1_deployment_from(object, &deployment, &err));
    assert_ptr_equal(k8sc_apps_v1_deployment_object(deployment), object);
    deployment = k8sc_apps_v1_deployment_ref(deployment);
    k8sc_apps_v1_deployment_unref(deployment);
}

/* The path and the query of the last request of a method. */
static void assert_asked(const char *method, const char *path, const char *query)
{
    k8sc_object *request = last_request(method);
    assert_string_equal(STR(request, "/path"), path);
    if (query) assert_string_equal(STR(request, "/query"), query);
}

static void selectors_of_events(void **state)
{
    char text[200];
    (void)state;
    assert_int_equal(k8sc_core_v1_events_get_field_selector(NULL, NULL, NULL, NULL, text, sizeof text), 0);
    assert_string_equal(text, "");
    assert_int_equal(k8sc_core_v1_events_get_field_selector("p", "", "Pod", NULL, text, sizeof text), 45);
    assert_string_equal(text, "involvedObject.name=p,involvedObject.kind=Pod");
    assert_int_equal(k8sc_core_v1_events_get_field_selector("p", NULL, NULL, NULL, text, 9), 21);
    assert_string_equal(text, "involved");
    assert_int_equal(k8sc_core_v1_events_get_field_selector("p", NULL, NULL, NULL, NULL, 0), 21);
    k8sc_core_v1_events_get_field_selector("p", "default", "Pod", "u-1", text, sizeof text);
    assert_non_null(strstr(text, "involvedObject.namespace=default"));
    assert_non_null(strstr(text, "involvedObject.uid=u-1"));
}

static void searches_with_a_context(void **state)
{
    k8sc_core_v1_events_client events = k8sc_core_v1_events(core(), "default");
    k8sc_object *pod =
        parse("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\",\"namespace\":\"default\"}}");
    k8sc_core_v1_event_list found;
    k8sc_cancel *cancel;
    int64_t fault = 0;
    (void)state;
    OK(k8sc_core_v1_events_search_with_context(events, pod, NULL, -1, &found, &err));
    assert_int_equal(k8sc_core_v1_event_list_size(found), 0);
    k8sc_core_v1_event_list_free(found);
    OK(k8sc_testing_server_add_fault(server, "{\"resource\":\"events\",\"delay_ms\":60000}", &fault, &err));
    FAILS(K8SC_E_TIMEOUT, k8sc_core_v1_events_search_with_context(events, pod, NULL, 20, &found, &err), "events");
    OK(k8sc_cancel_new(&cancel, &err));
    k8sc_cancel_cancel(cancel);
    FAILS(K8SC_E_CANCELLED, k8sc_core_v1_events_search_with_context(events, pod, cancel, -1, &found, &err), "events");
    k8sc_cancel_unref(cancel);
    OK(k8sc_testing_server_remove_fault(server, fault, &err));
}

static void extra_methods(void **state)
{
    k8sc_core_v1 group = core();
    k8sc_core_v1_pods_client pods = k8sc_core_v1_pods(group, "default");
    k8sc_core_v1_binding_draft binding = k8sc_core_v1_binding_new("p");
    k8sc_policy_v1_eviction_draft eviction = k8sc_policy_v1_eviction_new("p");
    k8sc_core_v1_pod_log_options_draft log = k8sc_core_v1_pod_log_options_new();
    k8sc_authentication_v1_token_request_draft token = k8sc_authentication_v1_token_request_new(NULL);
    k8sc_autoscaling_v1_scale_draft scale = k8sc_autoscaling_v1_scale_new("web");
    k8sc_core_v1_namespace_draft space = k8sc_core_v1_namespace_new("default");
    k8sc_core_v1_event_draft event = k8sc_core_v1_event_new("e");
    k8sc_core_v1_event_list events;
    k8sc_core_v1_event stored;
    k8sc_apps_v1_deployments_client deployments =
        k8sc_apps_v1_deployments(k8sc_clientset_apps_v1(clientset), "default");
    k8sc_request *request = NULL;
    k8sc_object *pod =
        parse("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\",\"namespace\":\"default\"}}");
    (void)state;
    k8sc_core_v1_pods_bind(pods, "p", binding, NULL, NULL);
    assert_asked("POST", "/api/v1/namespaces/default/pods/p/binding", NULL);
    k8sc_core_v1_pods_evict(pods, eviction, NULL);
    assert_asked("POST", "/api/v1/namespaces/default/pods/p/eviction", NULL);
    k8sc_policy_v1_eviction_draft other = k8sc_policy_v1_eviction_new("q");
    k8sc_core_v1_pods_evict_v1(pods, other, NULL);
    assert_asked("POST", "/api/v1/namespaces/default/pods/q/eviction", NULL);
    k8sc_policy_v1_eviction_draft_free(other);
    k8sc_policy_v1_evictions_evict(k8sc_policy_v1_evictions(k8sc_clientset_policy_v1(clientset), "kube-system"),
                                   eviction, NULL);
    assert_asked("POST", "/api/v1/namespaces/kube-system/pods/p/eviction", NULL);
    k8sc_core_v1_serviceaccounts_create_token(k8sc_core_v1_serviceaccounts(group, "default"), "builder", token, NULL,
                                              NULL, NULL);
    assert_asked("POST", "/api/v1/namespaces/default/serviceaccounts/builder/token", NULL);
    k8sc_apps_v1_deployments_get_scale(deployments, "web", NULL, NULL, NULL);
    assert_asked("GET", "/apis/apps/v1/namespaces/default/deployments/web/scale", NULL);
    K8SC_SET_INT(scale, spec.replicas, 0);
    k8sc_apps_v1_deployments_update_scale(deployments, "web", scale, NULL, NULL, NULL);
    assert_asked("PUT", "/apis/apps/v1/namespaces/default/deployments/web/scale", NULL);
    assert_non_null(strstr(STR(last_request("PUT"), "/body"), "\"replicas\":0"));
    k8sc_core_v1_namespaces_finalize(k8sc_core_v1_namespaces(group), space, NULL, NULL, NULL);
    assert_asked("PUT", "/api/v1/namespaces/default/finalize", NULL);
    k8sc_core_v1_nodes_patch_status(k8sc_core_v1_nodes(group), "n", "{}", 2, NULL, NULL);
    assert_asked("PATCH", "/api/v1/nodes/n/status", NULL);
    OK(k8sc_core_v1_events_search(k8sc_core_v1_events(group, "default"), pod, &events, &err));
    k8sc_core_v1_event_list_free(events);
    assert_asked(
        "GET", "/api/v1/namespaces/default/events",
        "fieldSelector=involvedObject.name%3Dp%2CinvolvedObject.namespace%3Ddefault%2CinvolvedObject.kind%3DPod");
    K8SC_SET_STR(event, metadata.namespace, "kube-system");
    K8SC_SET_STR(event, involvedObject.namespace, "kube-system");
    OK(k8sc_core_v1_events_create_with_event_namespace(k8sc_core_v1_events(group, "default"), event, &stored, &err));
    assert_asked("POST", "/api/v1/namespaces/kube-system/events", NULL);
    k8sc_core_v1_events_patch_with_event_namespace(k8sc_core_v1_events(group, "default"), stored, "{\"count\":2}", 11,
                                                   NULL, NULL);
    assert_asked("PATCH", "/api/v1/namespaces/kube-system/events/e", NULL);
    k8sc_core_v1_event_unref(stored);

    K8SC_SET_STR(log, container, "c");
    K8SC_SET_BOOL(log, follow, 1);
    K8SC_SET_INT(log, tailLines, 10);
    OK(k8sc_core_v1_pods_get_logs(pods, "p", &log, &request, &err));
    assert_non_null(strstr(k8sc_request_url(request),
                           "/api/v1/namespaces/default/pods/p/log?container=c&follow=true&tailLines=10"));
    k8sc_request_free(request);
    OK(k8sc_core_v1_pods_get_logs(pods, "p", NULL, &request, &err));
    assert_null(strchr(k8sc_request_url(request), '?'));
    k8sc_request_free(request);
    OK(k8sc_core_v1_pods_proxy_get(pods, "https", "p", "8443", "metrics/x", &request, &err));
    assert_non_null(strstr(k8sc_request_url(request), "/api/v1/namespaces/default/pods/https:p:8443/proxy/metrics/x"));
    k8sc_request_free(request);
    OK(k8sc_core_v1_services_proxy_get(k8sc_core_v1_services(group, "default"), NULL, "s", NULL, NULL, &request, &err));
    assert_non_null(strstr(k8sc_request_url(request), "/services/s/proxy"));
    k8sc_request_free(request);

    k8sc_core_v1_binding_draft_free(binding);
    k8sc_policy_v1_eviction_draft_free(eviction);
    k8sc_core_v1_pod_log_options_draft_free(log);
    k8sc_authentication_v1_token_request_draft_free(token);
    k8sc_autoscaling_v1_scale_draft_free(scale);
    k8sc_core_v1_namespace_draft_free(space);
    k8sc_core_v1_event_draft_free(event);
}

/* Verbs on subresources, of the dynamic client. */
static void subresources_have_all_verbs(void **state)
{
    k8sc_resource *pods = new_resource(client, "", "v1", "pods", "default");
    k8sc_object *object = parse("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\"},\"spec\":{"
                                "\"containers\":[{\"name\":\"c\"}]}}"),
                *answer = NULL;
    k8sc_options *options = new_options();
    (void)state;
    OK(k8sc_resource_create(pods, object, NULL, NULL, &err));
    OK(k8sc_resource_get_subresource(pods, "p", "status", NULL, &answer, &err));
    assert_string_equal(k8sc_object_name(answer), "p");
    OK(k8sc_resource_update_subresource(pods, "p", "status", answer, NULL, NULL, &err));
    k8sc_object_unref(answer);
    assert_asked("PUT", "/api/v1/namespaces/default/pods/p/status", NULL);
    OK(k8sc_resource_patch_subresource(pods, "p", "status", K8SC_PATCH_MERGE, MERGE("{}"), NULL, NULL, &err));
    k8sc_resource_create_subresource(pods, "p", "binding", object, NULL, NULL, NULL);
    assert_asked("POST", "/api/v1/namespaces/default/pods/p/binding", NULL);
    OK(k8sc_options_set_field_manager(options, "me", &err));
    k8sc_resource_apply_subresource(pods, "p", "status", object, options, NULL, NULL);
    assert_asked("PATCH", "/api/v1/namespaces/default/pods/p/status", "fieldManager=me&force=false");
    FAILS(K8SC_E_INVALID, k8sc_resource_get_subresource(pods, "p", "", NULL, NULL, &err), "subresource");
    FAILS(K8SC_E_INVALID, k8sc_resource_get_subresource(pods, "p", NULL, NULL, NULL, &err), "subresource");
    options = new_options();
    OK(k8sc_options_set_subresource(options, "scale", &err));
    FAILS(K8SC_E_INVALID, k8sc_resource_get_subresource(pods, "p", "status", options, NULL, &err), "subresource",
          "status");
}

static void made_of(void **state)
{
    k8sc_clientset *first = NULL, *second = NULL;
    k8sc_config *config = new_config();
    k8sc_core_v1_pod_list list;
    int64_t connections;
    (void)state;
    OK(k8sc_clientset_new(config, &first, &err));
    OK(k8sc_core_v1_pods_list(k8sc_core_v1_pods(k8sc_clientset_core_v1(first), NULL), NULL, &list, &err));
    k8sc_core_v1_pod_list_free(list);
    connections = k8sc_testing_server_connection_count(server);
    OK(k8sc_clientset_new_shared(config, k8sc_clientset_client(first), &second, &err));
    assert_ptr_not_equal(k8sc_clientset_client(first), k8sc_clientset_client(second));
    OK(k8sc_core_v1_pods_list(k8sc_core_v1_pods(k8sc_clientset_core_v1(second), NULL), NULL, &list, &err));
    k8sc_core_v1_pod_list_free(list);
    assert_int_equal(k8sc_testing_server_connection_count(server), connections);
    k8sc_clientset_unref(k8sc_clientset_ref(first));
    OK(k8sc_client_close(k8sc_clientset_client(second), -1, &err));
    FAILS(K8SC_E_CLOSED,
          k8sc_core_v1_pods_list(k8sc_core_v1_pods(k8sc_clientset_core_v1(second), NULL), NULL, &list, &err), "closed");
    FAILS(K8SC_E_CLOSED, k8sc_clientset_new_for_client(k8sc_clientset_client(second), &clientset, &err), "closed");
    OK(k8sc_client_close(k8sc_clientset_client(first), -1, &err));
    k8sc_clientset_unref(first);
    k8sc_clientset_unref(second);
    FAILS(K8SC_E_INVALID, k8sc_clientset_new(NULL, &first, &err), "config");
    FAILS(K8SC_E_INVALID, k8sc_clientset_new_shared(config, NULL, &first, &err), "other");
    FAILS(K8SC_E_INVALID, k8sc_clientset_new_for_client(NULL, &first, &err), "client");
    assert_null(k8sc_clientset_client(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_verb_of_a_typed_client_works),
        TEST(a_client_without_a_namespace_takes_the_objects),
        TEST(zero_is_not_the_same_as_absent),
        TEST(a_typed_watch_delivers_its_type),
        TEST(a_typed_informer_delivers_its_type),
        TEST(failures_of_drafts),
        TEST(other_kinds),
        TEST(extra_methods),
        TEST(subresources_have_all_verbs),
        TEST(made_of),
        TEST(selectors_of_events),
        TEST(searches_with_a_context),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
