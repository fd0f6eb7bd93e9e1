/* Requests that the server has not processed are sent again, whatever their verb, and never those that it may have: by
 * HTTP/2, where a GOAWAY, a refused stream or a lost connection says so. And what bounds an answer. */
#include "support.h"

static void use_http2(int32_t max_streams)
{
    k8sc_testing_options *options = NULL;
    OK(k8sc_testing_options_new(&options, &err));
    OK(k8sc_testing_options_set_tls(options, 1, &err));
    if (max_streams > 0) OK(k8sc_testing_options_set_http2_max_streams(options, max_streams, &err));
    restart_server_with(options);
}

static k8sc_client *secure_client(int64_t timeout_ms)
{
    k8sc_config *config = new_config();
    if (timeout_ms >= 0) OK(k8sc_config_set_timeout(config, timeout_ms, &err));
    return new_client(config);
}

static int64_t value_of(k8sc_resource *maps, const char *name)
{
    k8sc_object *object = NULL;
    OK(k8sc_resource_get(maps, name, NULL, &object, &err));
    const char *text = k8sc_object_str(keep_object(object), "/data/n", NULL);
    return text ? atoll(text) : -1;
}

static k8sc_status create(k8sc_resource *maps, const char *name)
{
    char text[256];
    k8sc_object *object = NULL;
    snprintf(text, sizeof text,
             "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\"},\"data\":{\"n\":\"0\"}}",
             name);
    OK(k8sc_object_parse_json(text, strlen(text), &object, &err));
    k8sc_status status = k8sc_resource_create(maps, keep_object(object), NULL, NULL, &err);
    return status;
}

static k8sc_status patch(k8sc_resource *maps, const char *name, int n)
{
    char text[64];
    snprintf(text, sizeof text, "{\"data\":{\"n\":\"%d\"}}", n);
    return k8sc_resource_patch(maps, name, K8SC_PATCH_MERGE, text, strlen(text), NULL, NULL, &err);
}

/* Every verb, with its body, behind each fault that says that nothing was done. */
static void every_verb(const char *action, const char *name)
{
    char rule[256];
    k8sc_object *object = NULL;
    k8sc_resource *maps = new_resource(secure_client(-1), "", "v1", "configmaps", "default");
    const char *verbs[] = {"create", "patch", "get", "update", "delete"};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        snprintf(rule, sizeof rule, "{\"verb\":\"%s\",\"resource\":\"configmaps\",%s,\"times\":1}", verbs[i], action);
        fault(rule);
    }
    OK(create(maps, name));
    OK(patch(maps, name, 7));
    assert_int_equal(value_of(maps, name), 7);
    OK(k8sc_resource_get(maps, name, NULL, &object, &err));
    OK(k8sc_resource_update(maps, keep_object(object), NULL, NULL, &err));
    OK(k8sc_resource_delete(maps, name, NULL, NULL, &err));
}

static void any_verb_is_sent_again(void **state)
{
    (void)state;
    use_http2(0);
    every_verb("\"goaway\":true", "a");
    every_verb("\"goaway\":\"after\"", "b");
    every_verb("\"rst_stream\":\"REFUSED_STREAM\"", "c");
    /* It is told. */
    char *metrics = NULL;
    k8sc_client *client = secure_client(-1);
    fault("{\"verb\":\"create\",\"resource\":\"configmaps\",\"rst_stream\":\"REFUSED_STREAM\",\"times\":2}");
    OK(create(new_resource(client, "", "v1", "configmaps", "default"), "sent-again"));
    OK(k8sc_client_metrics_prometheus(client, &metrics, &err));
    assert_non_null(strstr(metrics, "\nk8sc_request_resends_total 2\n"));
    k8sc_string_free(metrics);
}

/* A stream that is reset otherwise may have done its work: it is not sent again, and the error does not claim that. */
static void what_may_have_been_processed_is_not(void **state)
{
    (void)state;
    use_http2(0);
    k8sc_resource *maps = new_resource(secure_client(-1), "", "v1", "configmaps", "default");
    fault("{\"verb\":\"create\",\"resource\":\"configmaps\",\"rst_stream\":\"INTERNAL_ERROR\",\"times\":1}");
    FAILS(K8SC_E_TRANSPORT, create(maps, "d"), "INTERNAL_ERROR");
    assert_false(k8sc_error_is_not_processed(failure));
    assert_true(k8sc_error_is_retriable(failure));
    assert_int_equal(value_of(maps, "d"), 0);
}

/* A server that refuses for ever is asked less and less often, on the connection that there is; a deadline ends that.
 */
static void a_server_that_refuses_for_ever(void **state)
{
    (void)state;
    use_http2(0);
    k8sc_resource *maps = new_resource(secure_client(2500), "", "v1", "configmaps", "default");
    int64_t connections = k8sc_testing_server_connection_count(server);
    fault("{\"verb\":\"create\",\"resource\":\"configmaps\",\"rst_stream\":\"REFUSED_STREAM\"}");
    FAILS(K8SC_E_TIMEOUT, create(maps, "e"), "deadline");
    assert_int_equal(k8sc_testing_server_connection_count(server) - connections, 1);
}

/* Nobody listens: nothing has left. */
static void no_connection(void **state)
{
    k8sc_resource *maps =
        new_resource(new_client(new_config_for("http://127.0.0.1:1")), "", "v1", "configmaps", "default");
    (void)state;
    FAILS(K8SC_E_CONNECT, create(maps, "f"), "");
    assert_true(k8sc_error_is_not_processed(failure));
    assert_false(k8sc_error_is_not_processed(NULL));
}

struct worker {
    k8sc_client *client;
    pthread_t thread;
    int number, calls;
};

static void *work(void *of)
{
    struct worker *worker = of;
    k8sc_resource *maps = NULL;
    k8sc_error *error = NULL;
    char name[64], text[256];
    if (k8sc_client_resource(worker->client, "", "v1", "configmaps", "default", &maps, &error) < 0)
        return (void *)"resource";
    const char *fault = NULL;
    for (int i = 0; i < worker->calls && !fault; i++) {
        k8sc_object *object = NULL;
        snprintf(name, sizeof name, "w%d-%d", worker->number, i);
        snprintf(text, sizeof text, "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\"}}",
                 name);
        if (k8sc_object_parse_json(text, strlen(text), &object, NULL) < 0) fault = "parse";
        if (!fault && k8sc_resource_create(maps, object, NULL, NULL, &error) < 0)
            fault = strdup(k8sc_error_message(error));
        k8sc_object_unref(object);
        if (!fault &&
            k8sc_resource_patch(maps, name, K8SC_PATCH_MERGE, "{\"data\":{\"n\":\"1\"}}", 18, NULL, NULL, &error) < 0)
            fault = strdup(k8sc_error_message(error));
        if (!fault && k8sc_resource_delete(maps, name, NULL, NULL, &error) < 0)
            fault = strdup(k8sc_error_message(error));
    }
    k8sc_error_free(error);
    k8sc_resource_unref(maps);
    return (void *)fault;
}

/* Many threads on a server that says goodbye now and then, and takes few streams: nothing fails, and nothing is done
 * twice, which create and delete would tell. */
static void many_threads_and_goodbyes(void **state)
{
    struct worker workers[8];
    (void)state;
    use_http2(5);
    k8sc_client *client = secure_client(-1);
    fault("{\"resource\":\"configmaps\",\"goaway\":true,\"probability\":0.02,\"seed\":1}");
    fault("{\"resource\":\"configmaps\",\"goaway\":\"after\",\"probability\":0.02,\"seed\":2}");
    fault("{\"resource\":\"configmaps\",\"rst_stream\":\"REFUSED_STREAM\",\"probability\":0.02,\"seed\":3}");
    for (int i = 0; i < 8; i++) {
        workers[i] = (struct worker){.client = client, .number = i, .calls = 40};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < 8; i++) {
        void *failed = NULL;
        pthread_join(workers[i].thread, &failed);
        if (failed) fail_msg("%s", (char *)failed);
    }
}

/* DATA frames without data hold nobody up, and end. */
static void frames_without_data(void **state)
{
    k8sc_object *object = NULL;
    (void)state;
    use_http2(0);
    k8sc_resource *maps = new_resource(secure_client(PATIENCE_MS), "", "v1", "configmaps", "default");
    OK(create(maps, "g"));
    fault("{\"verb\":\"get\",\"resource\":\"configmaps\",\"empty_data_frames\":true}");
    k8sc_options *options = new_options();
    OK(k8sc_options_set_max_retries(options, 0, &err));
    FAILS(K8SC_E_TRANSPORT, k8sc_resource_get(maps, "g", options, &object, &err), "DATA frames without data");
}

/* ------------------------------------------------------------------------------------------------------------ bounds
 * -- */

static void answers_are_bounded(void **state)
{
    k8sc_object *object = NULL;
    k8sc_config *config = NULL;
    char *block = track(calloc(1, 65537), free);
    (void)state;
    memset(block, ' ', 65536);
    struct raw_server *raw = new_raw_server("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{", block, 64);
    config = new_config_for(raw->url);
    FAILS(K8SC_E_INVALID, k8sc_config_set_max_answer_bytes(config, 1023, &err), "1023");
    OK(k8sc_config_set_max_answer_bytes(config, 1000000, &err));
    FAILS(K8SC_E_TOO_LARGE,
          k8sc_resource_get(new_resource(new_client(config), "", "v1", "configmaps", "default"), "a", NULL, &object,
                            &err),
          "1000000");
}

static void headers_are_bounded(void **state)
{
    k8sc_object *object = NULL;
    char *block = track(calloc(1, 1024 * 100), free);
    (void)state;
    for (size_t at = 0, i = 0; i < 1000; i++) at += (size_t)sprintf(block + at, "X-A: %080zu\r\n", i);
    struct raw_server *raw = new_raw_server("HTTP/1.1 200 OK\r\n", block, 100);
    FAILS(K8SC_E_TOO_LARGE,
          k8sc_resource_get(new_resource(new_client(new_config_for(raw->url)), "", "v1", "configmaps", "default"), "a",
                            NULL, &object, &err),
          "headers");
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(any_verb_is_sent_again),
                                       TEST(what_may_have_been_processed_is_not),
                                       TEST(a_server_that_refuses_for_ever),
                                       TEST(no_connection),
                                       TEST(many_threads_and_goodbyes),
                                       TEST(frames_without_data),
                                       TEST(answers_are_bounded),
                                       TEST(headers_are_bounded)};
    return cmocka_run_group_tests_name("not processed", tests, NULL, NULL);
}
