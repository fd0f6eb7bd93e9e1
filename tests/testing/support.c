#include "support.h"

#include <time.h>

k8sc_testing_server *server;

int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void pause_ms(long ms)
{
    struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

k8sc_testing_options *make_options(void)
{
    k8sc_error *err = NULL;
    k8sc_testing_options *options = NULL;
    ok(k8sc_testing_options_new(&options, &err), &err);
    /* No bookmarks, unless a test wants them. */
    ok(k8sc_testing_options_set_bookmark_interval(options, 0, &err), &err);
    return options;
}

void start_server(k8sc_testing_options *options)
{
    k8sc_error *err = NULL;
    if (over_http2()) {
        if (!options) ok(k8sc_testing_options_new(&options, &err), &err);
        ok(k8sc_testing_options_set_tls(options, 1, &err), &err);
    }
    ok(k8sc_testing_server_start(options, &server, &err), &err);
    k8sc_testing_options_free(options);
}

void end_server(void)
{
    k8sc_testing_server_free(server);
    server = NULL;
}

int set_up(void **state)
{
    (void)state;
    handle = curl_easy_init();
    start_server(make_options());
    return 0;
}

int tear_down(void **state)
{
    (void)state;
    forget_answer();
    end_server();
    curl_easy_cleanup(handle);
    token = NULL;
    return 0;
}

void set_up_with(k8sc_testing_options *options)
{
    end_server();
    start_server(options);
}

void ok(k8sc_status status, k8sc_error **err)
{
    if (status != K8SC_OK) fail_msg("%s", *err ? k8sc_error_message(*err) : "a failure without an error");
}

void seed(const char *json)
{
    k8sc_error *err = NULL;
    ok(k8sc_testing_server_put(server, json, strlen(json), &err), &err);
}

void seed_map(const char *space, const char *name, const char *labels)
{
    char json[512];
    snprintf(json, sizeof json,
             "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"%s\",\"namespace\":\"%s\","
             "\"labels\":%s}}",
             name, space, labels);
    seed(json);
}

void remove_map(const char *name)
{
    k8sc_error *err = NULL;
    ok(k8sc_testing_server_remove(server, NULL, "v1", "configmaps", "default", name, &err), &err);
}

int64_t fault(const char *rule)
{
    k8sc_error *err = NULL;
    int64_t id = 0;
    ok(k8sc_testing_server_add_fault(server, rule, &id, &err), &err);
    assert_true(id > 0);
    return id;
}

void clear_faults(void)
{
    k8sc_error *err = NULL;
    ok(k8sc_testing_server_clear_faults(server, &err), &err);
}

int64_t version_now(void)
{
    k8sc_error *err = NULL;
    int64_t version = 0;
    ok(k8sc_testing_server_resource_version(server, &version, &err), &err);
    return version;
}

int run_named_tests(const char *name, const struct CMUnitTest *tests, size_t count)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const int failed = _cmocka_run_group_tests(name, tests, count, NULL, NULL);
    curl_global_cleanup();
    return failed;
}
