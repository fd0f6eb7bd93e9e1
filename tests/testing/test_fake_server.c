/* The fake API server: TLS and tokens, its life, its connections, and what a test does with it beside the API. */
#define _POSIX_C_SOURCE 200809L

#include <dirent.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support.h"

static void needs_token_and_authority(void **state)
{
    (void)state;
    k8sc_error *err = NULL;
    k8sc_testing_options *options = make_options();
    OK(k8sc_testing_options_set_tls(options, 1, &err));
    OK(k8sc_testing_options_set_token(options, "secret-token", &err));
    set_up_with(options);
    assert_int_equal(strncmp(k8sc_testing_server_url(server), "https://127.0.0.1:", 18), 0);

    get(PODS);
    assert_status(401, "Unauthorized", "Unauthorized");
    token = "another";
    assert_int_equal(get("/version"), 401);
    token = "secret-token";
    assert_int_equal(get(PODS), 200);
    struct watch *watch = start_watch(MAPS, "resourceVersion=0");
    put_labelled("default", "a", NULL, "{}");
    assert_frame(watch, 0, "ADDED", "a");
    end_watch(watch);

    /* The certificate is good for the name as well as for the address, and for nobody who does not know the authority.
     */
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = aim(curl, PODS, NULL);
    char url[256];
    snprintf(url, sizeof url, "https://localhost:%s/version", strrchr(k8sc_testing_server_url(server), ':') + 1);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    struct buffer body = {NULL, 0};
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
    assert_int_equal(curl_easy_perform(curl), CURLE_OK);
    curl_easy_reset(curl);
    curl_easy_setopt(curl, CURLOPT_URL, k8sc_testing_server_url(server));
    assert_int_equal(curl_easy_perform(curl), CURLE_PEER_FAILED_VERIFICATION);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    free(body.data);

    char path[] = "/tmp/k8sc-test-XXXXXX", text_of_file[8192] = "";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    OK(k8sc_testing_server_write_kubeconfig(server, path, &err));
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    FILE *file = fopen(path, "r");
    assert_true(fread(text_of_file, 1, sizeof text_of_file - 1, file) > 0);
    fclose(file);
    unlink(path);
    assert_string_equal(text_of_file, k8sc_testing_server_kubeconfig(server));
    assert_non_null(strstr(text_of_file, "token: \"secret-token\""));
    assert_non_null(strstr(text_of_file, "certificate-authority-data: "));
    assert_non_null(strstr(text_of_file, k8sc_testing_server_url(server)));
    assert_int_equal(k8sc_testing_server_write_kubeconfig(server, "/nonexistent/dir/file", &err), K8SC_E_IO);
    k8sc_error_free(err);
}

/* kubectl asks whom it works for, and others refuse to, where there is none. */
static void every_kubeconfig_has_a_credential(void **state)
{
    static const struct {
        int tls;
        const char *token, *user, *credential;
    } cases[] = {{0, NULL, NULL, "anybody"},
                 {1, NULL, NULL, "anybody"},
                 {1, "secret", NULL, "secret"},
                 {1, NULL, "janes", "janes"},
                 {0, "secret", "janes", "secret"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        k8sc_error *err = NULL;
        k8sc_testing_options *options = make_options();
        char line[64];
        OK(k8sc_testing_options_set_tls(options, cases[i].tls, &err));
        OK(k8sc_testing_options_set_token(options, cases[i].token, &err));
        if (cases[i].user) OK(k8sc_testing_options_add_user(options, cases[i].user, "jane", NULL, &err));
        set_up_with(options);
        snprintf(line, sizeof line, "  user:\n    token: \"%s\"\n", cases[i].credential);
        assert_non_null(strstr(k8sc_testing_server_kubeconfig(server), line));
        token = cases[i].credential;
        assert_int_equal(get(MAPS), 200);
        token = NULL;
    }
}

static void is_below_its_path(void **state)
{
    (void)state;
    k8sc_error *err = NULL;
    k8sc_testing_options *options = make_options();
    static const char *const wrong[] = {"a", "//", "/a//b", "/a/../b", "/.", "/a b", "/a?b", "/a%20b", "/a#b"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i) {
        assert_int_equal(k8sc_testing_options_set_base_path(options, wrong[i], &err), K8SC_E_INVALID);
        k8sc_error_free(err);
        err = NULL;
    }
    static const char *const none[] = {NULL, "", "/"};
    for (size_t i = 0; i < sizeof none / sizeof *none; ++i)
        OK(k8sc_testing_options_set_base_path(options, none[i], &err));
    OK(k8sc_testing_options_set_base_path(options, "/k8s/clusters/c-x/", &err));
    OK(k8sc_testing_options_set_token(options, "secret", &err));
    OK(k8sc_testing_options_set_admin(options, 1, &err));
    set_up_with(options);
    const char *url = k8sc_testing_server_url(server);
    assert_string_equal(url + strlen(url) - strlen("/k8s/clusters/c-x"), "/k8s/clusters/c-x");
    token = "secret";
    assert_int_equal(get(MAPS), 200);
    assert_int_equal(get("/version?a=b"), 200);
    assert_int_equal(get("/k8sc-testing/faults"), 200);
    assert_int_equal(k8sc_testing_server_request_count(server, "GET", "/k8s/clusters/c-x" MAPS), 1);
    assert_int_equal(k8sc_testing_server_action_count(server, "list", "configmaps", "default", NULL), 1);
    /* A fault knows nothing of it. */
    fault("{\"path\":\"/version\",\"status\":{\"code\":503}}");
    assert_int_equal(get("/version"), 503);
    assert_int_equal(get(MAPS), 200);
    /* Elsewhere there is nothing, whoever asks, and what it is about does not count. */
    OK(k8sc_testing_server_forget_requests(server, &err));
    static const char *const outside[] = {"/../c-y" MAPS,   "/../../../" MAPS, "/%2e%2e" MAPS,
                                          "/..%2fc-y" MAPS, "-more" MAPS,      "/../../../k8sc-testing/faults"};
    for (size_t i = 0; i < sizeof outside / sizeof *outside; ++i) {
        assert_int_equal(get(outside[i]), 404);
        assert_string_equal(answer.body.data, "404 page not found\n");
    }
    token = NULL;
    assert_int_equal(get("-more" MAPS), 404);
    assert_int_equal(get(MAPS), 401);
    assert_int_equal(k8sc_testing_server_request_count(server, NULL, NULL), 8);
    assert_int_equal(k8sc_testing_server_action_count(server, NULL, "configmaps", NULL, NULL), 1);
}

static void takes_large_bodies(void **state)
{
    (void)state;
    /* Beyond a megabyte curl asks first whether the body is wanted. */
    const size_t size = 3000000;
    char *body = malloc(size + 256);
    assert_non_null(body);
    const int head = sprintf(body, "{\"metadata\":{\"name\":\"large\"},\"data\":{\"k\":\"");
    memset(body + head, 'x', size);
    strcpy(body + head + size, "\"}}");
    assert_int_equal(post(MAPS, body), 201);
    assert_int_equal(get(MAPS "/large"), 200);
    assert_int_equal(strlen(text("data.k")), size);
    assert_int_equal(get(MAPS), 200);
    assert_int_equal(strlen(text("items.0.data.k")), size);
    assert_int_equal(k8sc_testing_server_connection_count(server), 1);
    free(body);
}

static void keeps_connections_alive(void **state)
{
    (void)state;
    put_labelled("default", "a", NULL, "{}");
    const int64_t begin = now_ms();
    for (int i = 0; i < 200; i++) assert_int_equal(get(MAPS "/a"), 200);
    /* A delay for want of TCP_NODELAY would be 40 ms each. */
    assert_true(now_ms() - begin < 4000);
    for (int i = 0; i < 5; i++) delete (MAPS "/none", NULL);
    assert_int_equal(k8sc_testing_server_connection_count(server), 1);
    assert_int_equal(k8sc_testing_server_request_count(server, NULL, NULL), 205);
}

static void stops_and_comes_back(void **state)
{
    (void)state;
    k8sc_error *err = NULL;
    put_labelled("default", "a", NULL, "{}");
    struct watch *watches[4];
    for (int i = 0; i < 4; i++) watches[i] = start_watch(MAPS, "resourceVersion=0");
    for (int i = 0; i < 4; i++) assert_frame(watches[i], 0, "ADDED", "a");
    assert_int_equal(k8sc_testing_server_watch_count(server), 4);
    get(MAPS);
    char url[64];
    snprintf(url, sizeof url, "%s", k8sc_testing_server_url(server));

    int64_t begin = now_ms();
    OK(k8sc_testing_server_restart(server, &err));
    assert_true(now_ms() - begin < 2000);
    for (int i = 0; i < 4; i++) {
        join_watch(watches[i]);
        assert_int_not_equal(watches[i]->result, CURLE_OK);
        end_watch(watches[i]);
    }
    assert_string_equal(k8sc_testing_server_url(server), url);
    assert_int_equal(get(MAPS "/a"), 200);
    assert_int_equal(k8sc_testing_server_watch_count(server), 0);

    OK(k8sc_testing_server_pause(server, &err));
    get(MAPS);
    assert_int_equal(answer.result, CURLE_COULDNT_CONNECT);
    put_labelled("default", "b", NULL, "{}");
    OK(k8sc_testing_server_pause(server, &err));
    OK(k8sc_testing_server_resume(server, &err));
    OK(k8sc_testing_server_resume(server, &err));
    assert_int_equal(get(MAPS "/b"), 200);

    struct watch *watch = start_watch(MAPS, "resourceVersion=0");
    assert_frame(watch, 1, "ADDED", "b");
    OK(k8sc_testing_server_disconnect(server, &err));
    join_watch(watch);
    assert_int_not_equal(watch->result, CURLE_OK);
    end_watch(watch);
    assert_int_equal(get(MAPS "/b"), 200);

    OK(k8sc_testing_server_stop(server, &err));
    OK(k8sc_testing_server_stop(server, &err));
    get(MAPS);
    assert_int_equal(answer.result, CURLE_COULDNT_CONNECT);
    assert_int_equal(k8sc_testing_server_resume(server, &err), K8SC_E_STATE);
    k8sc_error_free(err);
    assert_int_equal(k8sc_testing_server_pause(server, &err), K8SC_E_STATE);
    k8sc_error_free(err);
    OK(k8sc_testing_server_restart(server, &err));
    assert_int_equal(get(MAPS "/b"), 200);
}

static void does_not_take_a_port_that_is_taken(void **state)
{
    (void)state;
    k8sc_error *err = NULL;
    k8sc_testing_server *second = NULL;
    k8sc_testing_options *options = make_options();
    OK(k8sc_testing_options_set_port(options, atoi(strrchr(k8sc_testing_server_url(server), ':') + 1), &err));
    assert_int_equal(k8sc_testing_server_start(options, &second, &err), K8SC_E_IO);
    assert_null(second);
    assert_non_null(strstr(k8sc_error_message(err), "127.0.0.1"));
    k8sc_error_free(err);
    k8sc_testing_options_free(options);
}

static int count_entries(const char *folder)
{
    int count = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    while (readdir(dir)) count++;
    closedir(dir);
    return count;
}

static void leaves_the_process_as_it_was(void **state)
{
    (void)state;
    /* Ours keeps its connections; without them we are back at the beginning. */
    end_server();
    curl_easy_cleanup(handle);
    handle = curl_easy_init();
    const int threads = count_entries("/proc/self/task"), descriptors = count_entries("/proc/self/fd");
    struct sigaction before, after;
    assert_int_equal(sigaction(SIGPIPE, NULL, &before), 0);
    for (int round = 0; round < 3; round++) {
        k8sc_testing_options *options = make_options();
        OK(k8sc_testing_options_set_tls(options, round == 2, &err));
        start_server(options);
        put_labelled("default", "a", NULL, "{}");
        fault("{\"resource\":\"secrets\",\"stall_after_bytes\":10}");
        struct watch *idle = start_watch(MAPS, "resourceVersion=0"),
                     *stalled = start_watch("/api/v1/secrets", "resourceVersion=0");
        assert_frame(idle, 0, "ADDED", "a");
        get(MAPS);
        const int64_t begin = now_ms();
        end_server();
        assert_true(now_ms() - begin < 2000);
        join_watch(idle);
        join_watch(stalled);
        end_watch(idle);
        end_watch(stalled);
        curl_easy_cleanup(handle);
        handle = curl_easy_init();
        assert_int_equal(count_entries("/proc/self/task"), threads);
        assert_int_equal(count_entries("/proc/self/fd"), descriptors);
    }
    assert_int_equal(sigaction(SIGPIPE, NULL, &after), 0);
    assert_ptr_equal(before.sa_handler, after.sa_handler);
}

static void notices_that_a_client_has_gone(void **state)
{
    (void)state;
    struct watch *watch = start_watch(MAPS, "resourceVersion=0");
    assert_int_equal(k8sc_testing_server_watch_count(server), 1);
    end_watch(watch);
    for (int i = 0; i < 200 && k8sc_testing_server_watch_count(server) > 0; i++) pause_ms(10);
    assert_int_equal(k8sc_testing_server_watch_count(server), 0);
}

static void acts_as_another_client(void **state)
{
    (void)state;
    k8sc_error *err = NULL;
    char *json = NULL;
    put_json(
        "{\"kind\":\"ConfigMapList\",\"apiVersion\":\"v1\",\"items\":[{\"metadata\":{\"name\":\"a\"}},{\"metadata\":{"
        "\"name\":\"b\",\"namespace\":"
        "\"n\"}}]}");
    const int64_t version = version_now();
    put_json("{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"77\"}}");
    assert_int_equal(version_now(), version);
    get("/api/v1/configmaps");
    assert_string_equal(names(), "a,b");
    /* What a server would never do, a test can: the same name with another identity. */
    put_json("{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\",\"uid\":\"another-uid\"}}");
    get(MAPS "/a");
    assert_text("metadata.uid", "another-uid");

    OK(k8sc_testing_server_get(server, "", "v1", "configmaps", "n", "b", &json, &err));
    assert_int_equal(strncmp(json, "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"b\"", 58),
                     0);
    k8sc_testing_string_free(json);
    assert_int_equal(k8sc_testing_server_get(server, NULL, "v1", "configmaps", "n", "none", &json, &err), K8SC_E_API);
    assert_null(json);
    assert_string_equal(k8sc_error_message(err), "configmaps \"none\" not found");
    k8sc_error_free(err);
    assert_int_equal(k8sc_testing_server_put(server, "{", 1, &err), K8SC_E_PARSE);
    k8sc_error_free(err);
    assert_int_equal(k8sc_testing_server_put(server, "{}", 2, &err), K8SC_E_API);
    k8sc_error_free(err);
    assert_int_equal(k8sc_testing_server_remove(server, NULL, "v1", "configmaps", "n", "none", &err), K8SC_E_API);
    k8sc_error_free(err);

    put_json("{\"kind\":\"Node\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"n\",\"finalizers\":[\"x/y\"]}}");
    OK(k8sc_testing_server_remove(server, NULL, "v1", "nodes", NULL, "n", &err));
    assert_int_equal(get("/api/v1/nodes/n"), 404);

    OK(k8sc_testing_server_generate_pods(server, "many", "web", 250, &err));
    get("/api/v1/namespaces/many/pods?labelSelector=app%3Dweb");
    assert_int_equal(json_array_size(at(answer.json, "items")), 250);
    assert_text("items.0.metadata.name", "web-00000");
    assert_text("items.249.metadata.name", "web-00249");
    get("/api/v1/pods?fieldSelector=spec.nodeName%3Dnode-3,status.phase%3DRunning");
    assert_true(json_array_size(at(answer.json, "items")) > 10);
    assert_int_equal(k8sc_testing_server_generate_pods(server, "many", "web", -1, &err), K8SC_E_INVALID);
    k8sc_error_free(err);
    assert_int_equal(k8sc_testing_server_request_count(server, "GET", "/api/v1/namespaces/many"), 1);
}

static void leads_programs_to_it(void **state)
{
    (void)state;
    k8sc_config *config = NULL;
    k8sc_client *client = NULL;
    const char *path = NULL, *again = NULL;
    k8sc_testing_options *options = make_options();
    OK(k8sc_testing_options_set_tls(options, 1, &err));
    OK(k8sc_testing_options_set_token(options, "secret-token", &err));
    set_up_with(options);
    OK(k8sc_testing_server_kubeconfig_path(server, &path, &err));
    OK(k8sc_testing_server_kubeconfig_path(server, &again, &err));
    assert_ptr_equal(path, again);
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    OK(k8sc_config_load(path, NULL, &config, &err));
    k8sc_config_free(config);
    OK(k8sc_testing_server_config(server, &config, &err));
    OK(k8sc_client_new(config, &client, &err));
    k8sc_resource *pods = NULL;
    k8sc_list *list = NULL;
    OK(k8sc_client_resource(client, "", "v1", "pods", "default", &pods, &err));
    OK(k8sc_resource_list(pods, NULL, &list, &err));
    assert_int_equal(k8sc_list_size(list), 0);
    k8sc_list_free(list);
    k8sc_resource_unref(pods);
    k8sc_client_unref(client);
    k8sc_config_free(config);
    char *copy = strdup(path);
    end_server();
    assert_int_equal(stat(copy, &status), -1);
    free(copy);
    start_server(make_options());
    assert_int_equal(k8sc_testing_server_config(server, NULL, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_server_kubeconfig_path(server, NULL, NULL), K8SC_E_INVALID);
}

static void loads_manifests(void **state)
{
    (void)state;
    k8sc_error *err = NULL;
    const char *good =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default}\ndata: {k: v}\n---\n"
        "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n";
    OK(k8sc_testing_server_load(server, good, strlen(good), &err));
    get(MAPS "/a");
    assert_text("data.k", "v");
    assert_int_equal(get("/api/v1/namespaces/shop"), 200);
    /* What was put before the mistake stays, and the object is named. */
    const char *wrong = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, namespace: default}\n---\n"
                        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: C_, namespace: default}\n";
    assert_int_equal(k8sc_testing_server_load(server, wrong, strlen(wrong), &err), K8SC_E_API);
    assert_int_equal(strncmp(k8sc_error_message(err), "ConfigMap C_: ", 14), 0);
    k8sc_error_free(err);
    assert_int_equal(get(MAPS "/b"), 200);
    const char *broken = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: d, namespace: default}\n---\na: [\n";
    assert_int_equal(k8sc_testing_server_load(server, broken, strlen(broken), &err), K8SC_E_PARSE);
    assert_non_null(strstr(k8sc_error_message(err), "line"));
    k8sc_error_free(err);
    assert_int_equal(get(MAPS "/d"), 404);
    assert_int_equal(k8sc_testing_server_load(server, NULL, 0, NULL), K8SC_E_INVALID);
}

static void remembers_requests(void **state)
{
    (void)state;
    k8sc_error *err = NULL;
    char *json = NULL;
    post(MAPS, "{\"metadata\":{\"name\":\"a\"}}");
    curl_easy_reset(handle);
    forget_answer();
    struct curl_slist *headers = aim(handle, MAPS "?limit=5", NULL);
    headers = curl_slist_append(headers, "Accept-Encoding: gzip");
    headers = curl_slist_append(headers, "X-Odd: 1");
    headers = curl_slist_append(headers, "X-Odd: 2");
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(handle, CURLOPT_USERAGENT, "tester/1");
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &answer.body);
    assert_int_equal(curl_easy_perform(handle), CURLE_OK);
    curl_slist_free_all(headers);
    assert_int_equal(answer.body.data[0], '{');

    OK(k8sc_testing_server_last_request(server, "GET", NULL, &json, &err));
    answer.json = json_loads(json, 0, NULL);
    k8sc_testing_string_free(json);
    assert_text("method", "GET");
    assert_text("path", MAPS);
    assert_text("query", "limit=5");
    assert_text("verb", "list");
    assert_text("headers.User-Agent", "tester/1");
    assert_text("headers.Accept-Encoding", "gzip");
    assert_text("headers.X-Odd", "1, 2");
    assert_null(at(answer.json, "headers.REMOTE_ADDR"));
    json_decref(answer.json);

    OK(k8sc_testing_server_request_log(server, &json, &err));
    answer.json = json_loads(json, 0, NULL);
    k8sc_testing_string_free(json);
    assert_int_equal(json_array_size(answer.json), 2);
    assert_text("0.verb", "create");
    assert_text("0.body", "{\"metadata\":{\"name\":\"a\"}}");
    assert_int_equal(k8sc_testing_server_request_count(server, NULL, MAPS), 2);
    assert_int_equal(k8sc_testing_server_request_count(server, "POST", "/api/v1/namespaces/default/conf"), 1);
    assert_int_equal(k8sc_testing_server_request_count(server, "POST", "/apis"), 0);
    OK(k8sc_testing_server_forget_requests(server, &err));
    assert_int_equal(k8sc_testing_server_request_count(server, NULL, NULL), 0);
    assert_int_equal(k8sc_testing_server_last_request(server, NULL, NULL, &json, &err), K8SC_E_STATE);
    assert_null(json);
    k8sc_error_free(err);
}

static void refuses_wrong_arguments(void **state)
{
    (void)state;
    k8sc_error *err = NULL;
    char *json = NULL;
    k8sc_testing_options *options = make_options();
    assert_int_equal(k8sc_testing_options_new(NULL, &err), K8SC_E_INVALID);
    k8sc_error_free(err);
    assert_int_equal(k8sc_testing_options_set_port(options, 65536, &err), K8SC_E_INVALID);
    assert_string_equal(k8sc_error_message(err), "port is 65536; it must be 0 to 65535");
    k8sc_error_free(err);
    assert_int_equal(k8sc_testing_options_set_port(options, -1, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_options_set_token(options, "", NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_options_set_token(options, "a\nb", NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_options_set_bookmark_interval(options, -1, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_options_set_page_limit(options, -1, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_options_set_event_window(options, 0, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_options_add_kind(options, "a/b", "v1", "xs", "X", 1, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_options_add_kind(options, NULL, "v1", "", "X", 1, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_options_add_kind(options, NULL, "v1", "xs", "X\"", 1, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_options_set_tls(NULL, 1, NULL), K8SC_E_INVALID);
    set_up_with(options);

    assert_int_equal(k8sc_testing_server_stop(NULL, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_server_put(server, NULL, 0, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_server_get(server, NULL, NULL, "pods", NULL, "a", &json, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_server_get(server, NULL, "v1", "pods", NULL, "a", NULL, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_server_add_fault(server, NULL, NULL, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_server_request_count(NULL, NULL, NULL), -1);
    assert_int_equal(k8sc_testing_server_watch_count(NULL), -1);
    assert_int_equal(k8sc_testing_server_connection_count(NULL), -1);
    assert_null(k8sc_testing_server_url(NULL));
    assert_int_equal(k8sc_testing_server_ca_pem(server) != NULL, over_http2());
    k8sc_testing_server_free(NULL);
    k8sc_testing_options_free(NULL);
    k8sc_testing_string_free(NULL);
}

/* A child has neither its threads nor its locks, and must not take its files away. */
static void belongs_to_its_process(void **state)
{
    (void)state;
    const char *path = NULL;
    int status = 0;
    set_up_with(NULL);
    OK(k8sc_testing_server_kubeconfig_path(server, &path, &err));
    pid_t child = fork();
    if (child == 0) {
        char *json = NULL;
        int refused = k8sc_testing_server_stop(server, NULL) == K8SC_E_FORKED &&
                      k8sc_testing_server_put(server, "{}", 2, NULL) == K8SC_E_FORKED &&
                      k8sc_testing_server_set_pod_log(server, "a", "b", "c", "", 0, NULL) == K8SC_E_FORKED &&
                      k8sc_testing_server_request_log(server, &json, NULL) == K8SC_E_FORKED &&
                      k8sc_testing_server_watch_count(server) == -1 && k8sc_testing_server_url(server) != NULL;
        k8sc_testing_server_free(server);
        _exit(refused ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(access(path, R_OK), 0);
    assert_int_equal(get("/version"), 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(needs_token_and_authority),
        TEST(every_kubeconfig_has_a_credential),
        TEST(is_below_its_path),
        TEST(takes_large_bodies),
        TEST(keeps_connections_alive),
        TEST(stops_and_comes_back),
        TEST(does_not_take_a_port_that_is_taken),
        TEST(leaves_the_process_as_it_was),
        TEST(notices_that_a_client_has_gone),
        TEST(acts_as_another_client),
        TEST(leads_programs_to_it),
        TEST(loads_manifests),
        TEST(remembers_requests),
        TEST(refuses_wrong_arguments),
        TEST(belongs_to_its_process),
    };
    return run_named_tests("fake server", tests, sizeof tests / sizeof *tests);
}
