/* A server at a path of its host, as behind a proxy that has several clusters: whatever is sent goes below that path.
 */
#include "support.h"

#include <dirent.h>
#include <stdlib.h>

#include <k8sc/core_v1.h>

#define BASE "/k8s/clusters/c-x"
#define MAP(name) \
    "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"" name "\",\"namespace\":\"default\"}}"
#define POD(name) \
    "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"" name \
    "\",\"namespace\":\"default\"},\"spec\":{\"containers\":[{\"name\":\"main\",\"image\":\"i\"}]}}"

static int64_t sent(void) { return k8sc_testing_server_request_count(server, NULL, NULL); }
static int64_t sent_below(void) { return k8sc_testing_server_request_count(server, NULL, BASE "/"); }

/* That something was sent, and nothing to another place of that host. */
static void assert_below(const char *call, int64_t before)
{
    if (sent() <= before) fail_msg("%s sends nothing", call);
    if (sent() != sent_below()) fail_msg("%s: %s", call, k8sc_object_json(request_log(), NULL));
}

/* That a call worked, with requests below the path only. */
#define BELOW(call) \
    do { \
        int64_t before = sent(); \
        OK(call); \
        assert_below(#call, before); \
    } while (0)

static void put(const char *json) { OK(k8sc_testing_server_put(server, json, strlen(json), &err)); }

static void set_up_below(int32_t streaming_lists)
{
    k8sc_testing_options *options = NULL;
    OK(k8sc_testing_options_new(&options, &err));
    OK(k8sc_testing_options_set_base_path(options, BASE "/", &err));
    /* Without TLS the token would stay here. */
    OK(k8sc_testing_options_set_tls(options, 1, &err));
    OK(k8sc_testing_options_set_token(options, "secret", &err));
    OK(k8sc_testing_options_set_kubernetes_version(options, "1.34", &err));
    OK(k8sc_testing_options_set_streaming_lists(options, streaming_lists, &err));
    OK(k8sc_testing_options_set_aggregated_discovery(options, 0, &err));
    restart_server_with(options);
    k8sc_config *config = NULL;
    OK(k8sc_testing_server_config(server, &config, &err));
    OK(k8sc_config_set_rate_limit(config, -1, 0, &err));
    client = new_client(config);
    k8sc_config_free(config);
    put(MAP("a"));
    put(POD("web"));
    OK(k8sc_testing_server_set_pod_log(server, "default", "web", "main", "one\n", 4, &err));
}

static void where_it_is(void **state)
{
    (void)state;
    set_up_below(K8SC_TESTING_STREAMING_REFUSED);
    assert_non_null(strstr(k8sc_testing_server_url(server), BASE));
    assert_non_null(strstr(k8sc_testing_server_kubeconfig(server), BASE "\n"));
    assert_string_equal(k8sc_client_server(client), k8sc_testing_server_url(server));
}

static void every_verb_goes_below_the_path(void **state)
{
    k8sc_object *object = NULL, *patched = NULL;
    k8sc_list *list = NULL;
    k8sc_pager *pager = NULL;
    (void)state;
    set_up_below(K8SC_TESTING_STREAMING_REFUSED);
    k8sc_options *options = new_options();
    OK(k8sc_options_set_field_manager(options, "me", &err));
    k8sc_resource *maps = CONFIG_MAPS(), *pods = PODS();
    k8sc_resource *deployments = new_resource(client, "apps", "v1", "deployments", "default");

    BELOW(k8sc_resource_create(maps, parse(MAP("b")), NULL, NULL, &err));
    BELOW(k8sc_resource_update(maps, parse(MAP("b")), NULL, NULL, &err));
    BELOW(k8sc_resource_update_status(pods, parse(POD("web")), NULL, NULL, &err));
    BELOW(k8sc_resource_get(maps, "a", NULL, &object, &err));
    keep_object(object);
    BELOW(k8sc_resource_list(maps, NULL, &list, &err));
    keep_list(list);
    BELOW(k8sc_resource_list_all(maps, NULL, &list, &err));
    assert_int_equal(k8sc_list_size(keep_list(list)), 2);
    OK(k8sc_resource_pages(maps, NULL, &pager, &err));
    BELOW(k8sc_pager_next(pager, &object, &err));
    keep_object(object);
    k8sc_pager_free(pager);
    BELOW(k8sc_resource_patch(maps, "a", K8SC_PATCH_MERGE, "{}", 2, NULL, &patched, &err));
    keep_object(patched);
    BELOW(k8sc_resource_apply(maps, "c", parse(MAP("c")), options, NULL, &err));
    BELOW(k8sc_resource_apply_status(pods, "web", parse(POD("web")), options, NULL, &err));
    BELOW(k8sc_resource_create_subresource(pods, "web", "eviction",
                                           parse("{\"kind\":\"Eviction\",\"apiVersion\":\"policy/"
                                                 "v1\",\"metadata\":{\"name\":\"web\",\"namespace\":\"default\"}}"),
                                           NULL, NULL, &err));
    put(POD("web"));
    put("{\"kind\":\"Deployment\",\"apiVersion\":\"apps/"
        "v1\",\"metadata\":{\"name\":\"d\",\"namespace\":\"default\"},\"spec\":{\"replicas\":1}}");
    BELOW(k8sc_resource_get_subresource(deployments, "d", "scale", NULL, &object, &err));
    BELOW(k8sc_resource_update_subresource(deployments, "d", "scale", keep_object(object), NULL, NULL, &err));
    BELOW(k8sc_resource_patch_subresource(deployments, "d", "scale", K8SC_PATCH_MERGE, "{\"spec\":{\"replicas\":2}}",
                                          23, NULL, NULL, &err));
    BELOW(k8sc_resource_apply_subresource(pods, "web", "status", parse(POD("web")), options, NULL, &err));
    BELOW(k8sc_resource_delete(maps, "b", NULL, NULL, &err));
    BELOW(k8sc_resource_delete_collection(maps, NULL, NULL, &err));
}

static int is_there(const k8sc_event *event, void *user_data)
{
    (void)user_data;
    return k8sc_event_kind(event) == K8SC_EVENT_ADDED;
}

static void watches_and_waits(void **state)
{
    k8sc_watch *watch = NULL;
    k8sc_object *object = NULL;
    (void)state;
    set_up_below(K8SC_TESTING_STREAMING_REFUSED);
    put("{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"ready\",\"namespace\":\"default\"},"
        "\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}");
    struct recorder *recorder = new_recorder(), *again = new_recorder();
    int64_t before = sent();
    OK(k8sc_resource_watch(PODS(), NULL, RECORD(recorder), &watch, &err));
    run_until(k8sc_client_queue(client), recorder, K8SC_EVENT_ADDED);
    k8sc_watch_unref(watch);
    assert_below("watch", before);
    before = sent();
    k8sc_options *options = new_options();
    OK(k8sc_options_set_resource_version(options, "1", &err));
    OK(k8sc_resource_retry_watch(PODS(), options, RECORD(again), &watch, &err));
    run_until(k8sc_client_queue(client), again, K8SC_EVENT_ADDED);
    /* It comes back to where it was. */
    OK(k8sc_testing_server_disconnect(server, &err));
    AWAIT(k8sc_testing_server_watch_count(server) == 1 && sent() >= before + 2);
    k8sc_watch_unref(watch);
    assert_below("retry_watch", before);

    BELOW(k8sc_resource_until(PODS(), "web", NULL, is_there, NULL, NULL, PATIENCE_MS, &object, &err));
    keep_object(object);
    BELOW(k8sc_resource_wait_for_condition(PODS(), "ready", "Ready", NULL, NULL, PATIENCE_MS, &object, &err));
    keep_object(object);
    BELOW(k8sc_resource_wait_for_deletion(PODS(), "gone", NULL, PATIENCE_MS, &err));
}

static k8sc_discovery *keep_discovery(k8sc_discovery *discovery)
{
    return track(discovery, (void (*)(void *))k8sc_discovery_unref);
}

static void remove_tree(const char *path)
{
    char below[512];
    struct dirent *entry;
    DIR *directory = opendir(path);
    if (!directory) {
        unlink(path);
        return;
    }
    while ((entry = readdir(directory))) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
        remove_tree(below);
    }
    closedir(directory);
    rmdir(path);
}

static void discovery_goes_below_the_path(void **state)
{
    k8sc_discovery *plain = NULL, *cached = NULL, *on_disk = NULL;
    k8sc_object *object = NULL;
    k8sc_list *list = NULL;
    int is_so = 0;
    (void)state;
    set_up_below(K8SC_TESTING_STREAMING_REFUSED);
    OK(k8sc_discovery_new(client, &plain, &err));
    keep_discovery(plain);
    BELOW(k8sc_discovery_server_groups(plain, &object, &err));
    keep_object(object);
    BELOW(k8sc_discovery_server_resources_for_group_version(plain, "apps/v1", &object, &err));
    keep_object(object);
    BELOW(k8sc_discovery_server_groups_and_resources(plain, NULL, &list, NULL, &err));
    keep_list(list);
    BELOW(k8sc_discovery_server_preferred_resources(plain, &list, NULL, &err));
    keep_list(list);
    BELOW(k8sc_discovery_server_preferred_namespaced_resources(plain, &list, NULL, &err));
    keep_list(list);
    BELOW(k8sc_discovery_server_version(plain, &object, &err));
    keep_object(object);
    BELOW(k8sc_discovery_openapi_v2(plain, &object, &err));
    keep_object(object);
    BELOW(k8sc_discovery_openapi_v3(plain, &object, &err));
    /* The server does not know of the path. */
    assert_int_equal(
        strncmp(STR(keep_object(object), "/paths/apis~1apps~1v1/serverRelativeURL"), "/openapi/v3/apis/apps/v1", 24),
        0);
    BELOW(k8sc_discovery_openapi_v3_document(plain, "apps/v1", &object, &err));
    assert_non_null(STR(keep_object(object), "/openapi"));
    BELOW(k8sc_discovery_openapi_v3_document(plain, "v1", &object, &err));
    keep_object(object);
    BELOW(k8sc_discovery_supports_version(plain, "apps/v1", &is_so, &err));
    BELOW(k8sc_discovery_is_resource_enabled(plain, "apps/v1", "deployments", &is_so, &err));

    OK(k8sc_discovery_new_cached(client, &cached, &err));
    keep_discovery(cached);
    BELOW(k8sc_discovery_server_groups(cached, &object, &err));
    keep_object(object);
    char directory[] = "/tmp/k8sc-base-path-XXXXXX", file[512];
    assert_non_null(mkdtemp(directory));
    OK(k8sc_discovery_new_disk_cached(client, directory, 60000, &on_disk, &err));
    keep_discovery(on_disk);
    BELOW(k8sc_discovery_server_groups(on_disk, &object, &err));
    keep_object(object);
    /* Clusters of one host do not share their files. */
    const char *host = strstr(k8sc_testing_server_url(server), "://") + 3;
    snprintf(file, sizeof file, "%s/%.*s_%s/servergroups.json", directory, (int)strcspn(host, ":"), host,
             strchr(host, ':') + 1);
    for (char *c = file + strlen(directory); *c; c++)
        if (*c == '-') *c = '_';
    assert_int_equal(access(file, R_OK), 0);
    remove_tree(directory);
}

static k8sc_rest_mapping *keep_mapping(k8sc_rest_mapping *mapping)
{
    return track(mapping, (void (*)(void *))k8sc_rest_mapping_free);
}

static void kinds_and_manifests(void **state)
{
    static const char text[] = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\n---\n{apiVersion: v1, kind: "
                               "Secret, metadata: {name: s}}\n";
    k8sc_discovery *plain = NULL;
    k8sc_rest_mapper *mapper = NULL;
    k8sc_rest_mapping *mapping = NULL;
    k8sc_rest_mappings *mappings = NULL;
    k8sc_resource *resource = NULL;
    k8sc_list *objects = NULL;
    (void)state;
    set_up_below(K8SC_TESTING_STREAMING_REFUSED);
    OK(k8sc_discovery_new(client, &plain, &err));
    keep_discovery(plain);
    OK(k8sc_rest_mapper_new(plain, &mapper, &err));
    track(mapper, (void (*)(void *))k8sc_rest_mapper_unref);
/* The mapper remembers what it was told. */
#define ANEW(call) \
    do { \
        OK(k8sc_rest_mapper_reset(mapper, &err)); \
        BELOW(call); \
    } while (0)
    ANEW(k8sc_rest_mapper_mapping_for_kind(mapper, "apps", NULL, "Deployment", &mapping, &err));
    keep_mapping(mapping);
    ANEW(k8sc_rest_mapper_mapping_for_resource(mapper, NULL, NULL, "deploy", &mapping, &err));
    keep_mapping(mapping);
    ANEW(k8sc_rest_mapper_mappings_for_kind(mapper, NULL, NULL, "Deployment", &mappings, &err));
    k8sc_rest_mappings_free(mappings);
    ANEW(k8sc_rest_mapper_mappings_for_resource(mapper, NULL, NULL, "deploy", &mappings, &err));
    k8sc_rest_mappings_free(mappings);
    ANEW(k8sc_rest_mapper_mappings_for_category(mapper, "all", &mappings, &err));
    k8sc_rest_mappings_free(mappings);
    ANEW(k8sc_rest_mapper_find(mapper, "pods.v1.", &mapping, &err));
    keep_mapping(mapping);
    ANEW(k8sc_rest_mapper_resource_for_kind(mapper, "v1", "Pod", NULL, &resource, &err));
    k8sc_resource_unref(resource);
    ANEW(k8sc_rest_mapper_resource_for_object(mapper, parse(POD("web")), NULL, &resource, &err));
    k8sc_resource_unref(resource);

    OK(k8sc_manifest_parse(text, strlen(text), &objects, &err));
    keep_list(objects);
    k8sc_options *options = new_options();
    OK(k8sc_options_set_field_manager(options, "me", &err));
    BELOW(k8sc_manifest_create(mapper, objects, NULL, NULL, NULL, &err));
    BELOW(k8sc_manifest_apply(mapper, objects, NULL, options, NULL, &err));
    BELOW(k8sc_manifest_delete(mapper, objects, NULL, NULL, 0, NULL, &err));
}

static k8sc_request *raw(const char *path)
{
    k8sc_request *request = new_request("GET");
    OK(k8sc_request_set_relative_uri(request, path));
    return request;
}

static void requests_by_hand(void **state)
{
    k8sc_result *result = NULL;
    k8sc_call *call = NULL;
    k8sc_stream *stream = NULL;
    char data[64];
    size_t n = 0;
    (void)state;
    set_up_below(K8SC_TESTING_STREAMING_REFUSED);
    BELOW(k8sc_request_do(raw("/version"), &result, &err));
    keep_result(result);
    k8sc_request *request = new_request("GET");
    OK(k8sc_request_set_abs_path(request, "/version"));
    BELOW(k8sc_request_do(request, NULL, &err));
    request = new_request("GET");
    OK(k8sc_request_set_suffix(request, "pods"));
    BELOW(k8sc_request_do(request, NULL, &err));

    struct recorder *done = new_recorder(), *lines = new_recorder();
    int64_t before = sent();
    OK(k8sc_request_start(raw("/version"), NULL, RECORD(done), &call, &err));
    run_until(k8sc_client_queue(client), done, K8SC_EVENT_COMPLETED);
    k8sc_call_unref(call);
    assert_below("start", before);
    before = sent();
    OK(k8sc_request_start_stream(raw("/version"), NULL, RECORD(lines), &call, &err));
    run_until(k8sc_client_queue(client), lines, K8SC_EVENT_CLOSED);
    k8sc_call_unref(call);
    assert_below("start_stream", before);
    BELOW(k8sc_request_stream(raw("/version"), &stream, &err));
    OK(k8sc_stream_read(stream, data, sizeof data, PATIENCE_MS, &n, &err));
    assert_true(n > 0);
    k8sc_stream_free(stream);

    /* The one that is documented to take the whole. */
    request = new_request("GET");
    OK(k8sc_request_set_request_uri(request, "/version"));
    FAILS(K8SC_E_API, k8sc_request_do(request, NULL, &err), "404");
    assert_string_equal(STR(last_request("GET"), "/path"), "/version");
    OK(k8sc_request_set_request_uri(request, BASE "/version"));
    OK(k8sc_request_do(request, NULL, &err));
}

static void typed_clients_go_below_the_path(void **state)
{
    k8sc_clientset *set = NULL;
    k8sc_core_v1_pod pod;
    k8sc_request *logs = NULL;
    k8sc_result *result = NULL;
    (void)state;
    set_up_below(K8SC_TESTING_STREAMING_REFUSED);
    OK(k8sc_clientset_new_for_client(client, &set, &err));
    track(set, (void (*)(void *))k8sc_clientset_unref);
    k8sc_core_v1_pods_client pods = k8sc_core_v1_pods(k8sc_clientset_core_v1(set), "default");
    BELOW(k8sc_core_v1_pods_get(pods, "web", NULL, &pod, &err));
    k8sc_core_v1_pod_unref(pod);
    OK(k8sc_core_v1_pods_get_logs(pods, "web", NULL, &logs, &err));
    BELOW(k8sc_request_do(logs, &result, &err));
    k8sc_request_free(logs);
    assert_string_equal(k8sc_result_body(keep_result(result), NULL), "one\n");
}

/* Lists in pages and streamed ones, the question for the server's version, and what an informer does after a lost
 * connection. */
static void informers_go_below_the_path(void **state)
{
    (void)state;
    for (int streaming = K8SC_TESTING_STREAMING_REFUSED; streaming <= K8SC_TESTING_STREAMING_SUPPORTED; streaming++) {
        k8sc_informer *informer = NULL;
        set_up_below(streaming);
        int64_t before = sent();
        OK(k8sc_informer_new(client, "", "v1", "configmaps", NULL, &informer, &err));
        OK(k8sc_informer_start(informer, &err));
        OK(k8sc_informer_wait_for_sync(informer, PATIENCE_MS, &err));
        AWAIT(k8sc_testing_server_watch_count(server) == 1);
        OK(k8sc_testing_server_disconnect(server, &err));
        AWAIT(k8sc_testing_server_watch_count(server) == 1 && sent() >= before + 2);
        OK(k8sc_informer_stop(informer, &err));
        k8sc_informer_unref(informer);
        assert_below("informer", before);
    }
}

static void ways_out(void **state)
{
    static const char *const uris[] = {"/../../x", "/..",     "/a/./b",          "/%2e%2E/x",  "/a/.%2e?b=c",
                                       "/..\\x",   "/..%2fx", "/a%2F%2e%2e%2Fb", "/a%5C..%5cb"};
    static const char *const paths[] = {"/../x", "..", "a/../../../b", "/a/."};
    (void)state;
    set_up_below(K8SC_TESTING_STREAMING_REFUSED);
    for (size_t i = 0; i < COUNT(uris); i++) {
        k8sc_request *request = new_request("GET");
        k8sc_request_set_relative_uri(request, uris[i]);
        FAILS(K8SC_E_INVALID, k8sc_request_do(request, NULL, &err), "request URI", "segment");
    }
    for (size_t i = 0; i < COUNT(paths); i++) {
        k8sc_request *request = new_request("GET");
        k8sc_request_set_abs_path(request, paths[i]);
        FAILS(K8SC_E_INVALID, k8sc_request_do(request, NULL, &err), "path", "segment");
        request = new_request("GET");
        k8sc_request_set_suffix(request, paths[i]);
        FAILS(K8SC_E_INVALID, k8sc_request_do(request, NULL, &err), "suffix", "segment");
    }
    assert_int_equal(sent(), 0);
    /* Dots elsewhere are nothing special. */
    k8sc_request *request = raw("/a..b/.../.c?d=/../");
    assert_non_null(strstr(k8sc_request_url(request), BASE "/a..b/.../.c?d=%2F..%2F"));
}

/* Of a server that lies, or that knows of its path. */
static void documents_elsewhere(void **state)
{
    static const struct {
        const char *url, *path; /* NULL: refused */
    } cases[] = {
        {"/openapi/v3/api/v1?hash=A%2FB", BASE "/openapi/v3/api/v1"},
        {BASE "/openapi/v3/api/v1", BASE "/openapi/v3/api/v1"},
        {"//elsewhere.example.com/openapi/v3/api/v1", BASE "//elsewhere.example.com/openapi/v3/api/v1"},
        {"/../c-y/api/v1/secrets", NULL},
        {BASE "/../c-y/api/v1/secrets", NULL},
        {"/%2e%2e/c-y/api/v1/secrets", NULL},
        {"https://elsewhere.example.com/openapi/v3/api/v1", NULL},
    };
    (void)state;
    set_up_below(K8SC_TESTING_STREAMING_REFUSED);
    k8sc_discovery *plain = NULL;
    OK(k8sc_discovery_new(client, &plain, &err));
    keep_discovery(plain);
    for (size_t i = 0; i < COUNT(cases); i++) {
        char rule[512];
        k8sc_object *document = NULL;
        clear_faults();
        fault("{\"path\":\"/openapi/v3\",\"nth\":2,\"answer\":{\"body\":{\"openapi\":\"3.0.0\"}}}");
        snprintf(rule, sizeof rule,
                 "{\"path\":\"/openapi/v3\",\"nth\":1,\"answer\":{\"body\":{\"paths\":{\"api/"
                 "v1\":{\"serverRelativeURL\":\"%s\"}}}}}",
                 cases[i].url);
        fault(rule);
        if (!cases[i].path) {
            int64_t before = sent();
            FAILS(K8SC_E_DECODE, k8sc_discovery_openapi_v3_document(plain, "v1", &document, &err), "OpenAPI v3");
            assert_int_equal(sent(), before + 1);
            continue;
        }
        k8sc_status status = k8sc_discovery_openapi_v3_document(plain, "v1", &document, &err);
        if (status == K8SC_OK) k8sc_object_unref(document);
        k8sc_error_free(err);
        err = NULL;
        assert_string_equal(STR(last_request("GET"), "/path"), cases[i].path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(where_it_is),
        TEST(every_verb_goes_below_the_path),
        TEST(watches_and_waits),
        TEST(discovery_goes_below_the_path),
        TEST(kinds_and_manifests),
        TEST(requests_by_hand),
        TEST(typed_clients_go_below_the_path),
        TEST(informers_go_below_the_path),
        TEST(ways_out),
        TEST(documents_elsewhere),
    };
    return cmocka_run_group_tests_name("base path", tests, NULL, NULL);
}
