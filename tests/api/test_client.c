/* Clients: what each sends as, what two of them share, and the client-side rate limit. */
#include "support.h"

static k8sc_request *version_of(k8sc_client *of)
{
    k8sc_request *request = NULL;
    OK(k8sc_rest_client_get(new_rest(of, "", "v1"), &request, &err));
    k8sc_request_set_abs_path(request, "/version");
    return request;
}

/* Sends, and answers how long that waited for the rate limit. */
static int64_t send_from(k8sc_client *of)
{
    k8sc_request *request = version_of(of);
    k8sc_result *result = NULL;
    OK(k8sc_request_do(request, &result, &err));
    k8sc_request_free(request);
    return k8sc_result_throttled_ms(keep_result(result));
}

/* That there is no token left: the limits of these tests fill so slowly that a request with a deadline is refused at
 * once. */
static void assert_exhausted(k8sc_client *of)
{
    k8sc_request *request = version_of(of);
    k8sc_request_set_timeout(request, 5000);
    k8sc_status status = k8sc_request_do(request, NULL, &err);
    k8sc_request_free(request);
    FAILS(K8SC_E_TIMEOUT, status, "rate limit");
}

#define HARDLY_EVER 0.001

static const char *sent_header(const char *pointer) { return STR(last_request("GET"), pointer); }

static void answers_about_itself(void **state)
{
    k8sc_config *config = new_config_for("https://example.invalid:8443/prefix/");
    (void)state;
    assert_string_equal(k8sc_client_server(client), k8sc_testing_server_url(server));
    assert_string_equal(k8sc_client_namespace(client), "default");
    OK(k8sc_config_set_namespace(config, "space", &err));
    k8sc_client *other = new_client(config);
    assert_string_equal(k8sc_client_server(other), "https://example.invalid:8443/prefix");
    assert_string_equal(k8sc_client_namespace(other), "space");
}

/* "<program>/v<version> (<os>/<arch>) kubernetes/<commit>" */
static void default_user_agent(void **state)
{
    char program[64], rest[64];
    k8sc_config *config = new_config();
    (void)state;
    send_from(client);
    const char *sent = sent_header("/headers/User-Agent");
    assert_int_equal(sscanf(sent, "%63[^/]/v%63[^ ] (", program, rest), 2);
    assert_string_equal(program, "test_client");
    assert_string_equal(rest, k8sc_version());
    assert_non_null(strstr(sent, " (linux/"));
    assert_non_null(strstr(sent, ") kubernetes/"));
    char expected[512];
    snprintf(expected, sizeof expected, "%s/part/more", sent);
    OK(k8sc_config_add_user_agent(config, "part", &err));
    OK(k8sc_config_add_user_agent(config, "more", &err));
    send_from(new_client(config));
    assert_string_equal(sent_header("/headers/User-Agent"), expected);
    OK(k8sc_config_set_user_agent(config, "mine", &err));
    OK(k8sc_config_add_user_agent(config, "part", &err));
    send_from(new_client(config));
    assert_string_equal(sent_header("/headers/User-Agent"), "mine/part");
    OK(k8sc_config_set_user_agent(config, NULL, &err));
    send_from(new_client(config));
    assert_int_equal(strncmp(sent_header("/headers/User-Agent"), "test_client/v", 13), 0);
}

/* Requests that follow each other need one connection, with TLS and without. */
static void a_hundred_requests_on_one_connection(void **state)
{
    (void)state;
    for (int tls = 0; tls < 2; tls++) {
        k8sc_testing_options *options = NULL;
        OK(k8sc_testing_options_new(&options, &err));
        OK(k8sc_testing_options_set_tls(options, tls, &err));
        restart_server_with(options);
        k8sc_config *config = new_config();
        const char *ca = k8sc_testing_server_ca_pem(server);
        if (ca) OK(k8sc_config_set_ca(config, ca, strlen(ca), &err));
        k8sc_client *of = new_client(config);
        int64_t connections = k8sc_testing_server_connection_count(server);
        for (int i = 0; i < 100; i++) send_from(of);
        assert_int_equal(k8sc_testing_server_connection_count(server) - connections, 1);
    }
}

struct busy {
    k8sc_client *client;
    pthread_t thread;
    int number;
    int64_t end;
    char *failure;
};

static void *keep_busy(void *of)
{
    struct busy *busy = of;
    k8sc_resource *maps = NULL;
    k8sc_error *error = NULL;
    char name[64], text[128];
    if (k8sc_client_resource(busy->client, "", "v1", "configmaps", "default", &maps, &error) < 0)
        busy->failure = strdup(k8sc_error_message(error));
    for (int i = 0; !busy->failure && now_ms() < busy->end; i++) {
        k8sc_object *object = NULL;
        snprintf(name, sizeof name, "busy-%d-%d", busy->number, i);
        snprintf(text, sizeof text, "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\"}}",
                 name);
        if (k8sc_object_parse_json(text, strlen(text), &object, &error) < 0 ||
            k8sc_resource_create(maps, object, NULL, NULL, &error) < 0 ||
            k8sc_resource_delete(maps, name, NULL, NULL, &error) < 0)
            busy->failure = strdup(k8sc_error_message(error));
        k8sc_object_unref(object);
    }
    k8sc_error_free(error);
    k8sc_resource_unref(maps);
    return NULL;
}

/* A connection that one request leaves and another takes at once is not taken for one that lies idle. */
static void threads_hand_on_their_connections(void **state)
{
    enum { count = 16 };
    struct busy busy[count];
    (void)state;
    k8sc_config *config = new_config();
    OK(k8sc_config_set_rate_limit(config, -1, 0, &err));
    k8sc_client *of = new_client(config);
    int64_t connections = k8sc_testing_server_connection_count(server);
    for (int i = 0; i < count; i++) {
        busy[i] = (struct busy){.client = of, .number = i, .end = now_ms() + 1500};
        assert_int_equal(pthread_create(&busy[i].thread, NULL, keep_busy, &busy[i]), 0);
    }
    for (int i = 0; i < count; i++) pthread_join(busy[i].thread, NULL);
    for (int i = 0; i < count; i++)
        if (busy[i].failure) fail_msg("%s", busy[i].failure);
    assert_in_range(k8sc_testing_server_connection_count(server) - connections, 1, count + 4);
}

/* A header of the request wins. */
static void user_agent_of_one_request(void **state)
{
    k8sc_request *request = version_of(client);
    (void)state;
    OK(k8sc_request_set_header(request, "user-agent", "just once"));
    OK(k8sc_request_do(request, NULL, &err));
    assert_string_equal(sent_header("/headers/User-Agent"), "just once");
    k8sc_request_free(request);
}

static void two_clients_on_one_transport(void **state)
{
    k8sc_config *config = new_config();
    (void)state;
    OK(k8sc_config_set_user_agent(config, "first", &err));
    OK(k8sc_config_set_token(config, "token-1", &err));
    OK(k8sc_config_set_rate_limit(config, HARDLY_EVER, 3, &err));
    k8sc_client *first = new_client(config);
    OK(k8sc_config_set_user_agent(config, "second", &err));
    OK(k8sc_config_set_token(config, "token-2", &err));
    OK(k8sc_config_set_rate_limit(config, -1, 0, &err));
    k8sc_client *second = new_shared_client(config, first);
    int64_t connections = k8sc_testing_server_connection_count(server);

    send_from(first);
    assert_string_equal(sent_header("/headers/User-Agent"), "first");
    assert_string_equal(sent_header("/headers/Authorization"), "Bearer token-1");
    send_from(second);
    assert_string_equal(sent_header("/headers/User-Agent"), "second");
    assert_string_equal(sent_header("/headers/Authorization"), "Bearer token-2");
    assert_int_equal(k8sc_testing_server_connection_count(server) - connections, 1);
    /* Each has its own limit. */
    for (int i = 0; i < 20; i++) assert_int_equal(send_from(second), 0);
    assert_int_equal(send_from(first), 0);
    assert_int_equal(send_from(first), 0);
    assert_exhausted(first);
    assert_true(k8sc_client_queue(first) != k8sc_client_queue(second));
    /* One closes, and the other goes on. */
    OK(k8sc_client_close(first, PATIENCE_MS, &err));
    send_from(second);
    k8sc_client *third = NULL;
    k8sc_rest_client *rest = NULL;
    FAILS(K8SC_E_CLOSED, k8sc_client_rest(first, "", "v1", &rest, &err), "closed");
    FAILS(K8SC_E_CLOSED, k8sc_client_new_shared(config, first, &third, &err), "closed");
    third = new_shared_client(config, second);
    OK(k8sc_client_close(second, PATIENCE_MS, &err));
    send_from(third);
}

static void reuses_the_connection(void **state)
{
    k8sc_object *object = NULL;
    k8sc_resource *maps = CONFIG_MAPS();
    (void)state;
    seed_map("a");
    for (int i = 0; i < 100; i++) {
        OK(k8sc_resource_get(maps, "a", NULL, &object, &err));
        k8sc_object_unref(object);
        /* Errors do not cost it either. */
        if (i % 10 == 0) FAILS(K8SC_E_API, k8sc_resource_get(maps, "absent", NULL, &object, &err), "absent");
    }
    assert_int_equal(k8sc_testing_server_connection_count(server), 1);
}

struct burst {
    k8sc_resource *maps;
    int failed;
};

static void *get_many(void *of)
{
    struct burst *burst = of;
    k8sc_object *object = NULL;
    char name[32];
    for (int i = 0; i < 20; i++) {
        snprintf(name, sizeof name, "map-%04d", i);
        if (k8sc_resource_get(burst->maps, name, NULL, &object, NULL) < 0 ||
            strcmp(k8sc_object_name(object), name) != 0)
            __atomic_add_fetch(&burst->failed, 1, __ATOMIC_SEQ_CST);
        k8sc_object_unref(object);
    }
    return NULL;
}

static void concurrent_threads(void **state)
{
    pthread_t threads[8];
    struct burst burst = {CONFIG_MAPS(), 0};
    (void)state;
    seed_maps(20);
    for (size_t i = 0; i < COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, get_many, &burst), 0);
    for (size_t i = 0; i < COUNT(threads); i++) pthread_join(threads[i], NULL);
    assert_int_equal(burst.failed, 0);
}

/* All at once: each takes 300 ms, all together not much longer. */
static void fifty_at_once(void **state)
{
    struct recorder *recorder = new_recorder();
    int64_t begin = now_ms();
    (void)state;
    fault("{\"delay_ms\":300}");
    for (int i = 0; i < 50; i++) {
        k8sc_request *request = version_of(client);
        OK(k8sc_request_start(request, NULL, on_event, recorder, NULL, NULL, &err));
        k8sc_request_free(request);
    }
    run_until_count(k8sc_client_queue(client), recorder, 50);
    for (size_t i = 0; i < 50; i++) assert_int_equal(recorder->records[i].http_status, 200);
    if (!SANITIZED) assert_true(now_ms() - begin < 5000); /* one after the other: 15 s */
}

/* ---- rate limit */

static void limit_is_visible(void **state)
{
    k8sc_config *config = new_config();
    (void)state;
    OK(k8sc_config_set_rate_limit(config, 2, 1, &err));
    k8sc_client *limited = new_client(config);
    int64_t begin = now_ms();
    assert_int_equal(send_from(limited), 0);
    assert_in_range(send_from(limited), 1, 500);
    assert_true(now_ms() - begin >= 499);
    assert_true(k8sc_rate_limiter_qps(k8sc_rest_client_rate_limiter(new_rest(limited, "", "v1"))) == 2);
}

static void limit_by_default_and_off(void **state)
{
    k8sc_config *config = new_config();
    int taken = 0;
    (void)state;
    assert_null(k8sc_rest_client_rate_limiter(new_rest(client, "", "v1")));
    for (int i = 0; i < 30; i++) assert_int_equal(send_from(client), 0);
    OK(k8sc_config_set_rate_limit(config, 0, 0, &err));
    k8sc_rate_limiter *limiter = k8sc_rest_client_rate_limiter(new_rest(new_client(config), "", "v1"));
    assert_true(k8sc_rate_limiter_qps(limiter) == 5);
    while (k8sc_rate_limiter_try_accept(limiter)) taken++;
    assert_in_range(taken, 10, 12); /* 10, if this was not held up meanwhile */
}

static void shared_limiter(void **state)
{
    k8sc_config *config = new_config();
    k8sc_rate_limiter *limiter = NULL;
    (void)state;
    OK(k8sc_rate_limiter_new(HARDLY_EVER, 4, &limiter, &err));
    OK(k8sc_config_set_rate_limiter(config, limiter, &err));
    k8sc_client *first = new_client(config), *second = new_client(config);
    assert_ptr_equal(k8sc_rest_client_rate_limiter(new_rest(second, "", "v1")), limiter);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(send_from(first), 0);
        assert_int_equal(send_from(second), 0);
    }
    assert_exhausted(first);
    assert_exhausted(second);
    /* Removed, the client has a bucket of its own. */
    OK(k8sc_config_set_rate_limiter(config, NULL, &err));
    OK(k8sc_config_set_rate_limit(config, HARDLY_EVER, 1, &err));
    assert_int_equal(send_from(new_client(config)), 0);
    k8sc_rate_limiter_unref(limiter);
}

static void own_bucket_for_each(void **state)
{
    k8sc_config *config = new_config();
    (void)state;
    OK(k8sc_config_set_rate_limit(config, HARDLY_EVER, 2, &err));
    k8sc_client *first = new_client(config), *second = new_client(config);
    for (int i = 0; i < 2; i++) assert_int_equal(send_from(first), 0);
    assert_exhausted(first);
    for (int i = 0; i < 2; i++) assert_int_equal(send_from(second), 0);
}

/* A retry takes a token. */
static void retries_take_tokens(void **state)
{
    struct raw_server *raw =
        new_raw_sequence("HTTP/1.1 503 X\r\nRetry-After: 0\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", 3,
                         "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
    k8sc_config *config = new_config_for(raw->url);
    (void)state;
    OK(k8sc_config_set_rate_limit(config, HARDLY_EVER, 2, &err));
    assert_exhausted(new_client(config));
    assert_int_equal(raw_requests(raw), 2);
}

/* A wait that the deadline does not allow is not begun. */
static void limit_longer_than_the_deadline(void **state)
{
    k8sc_config *config = new_config();
    (void)state;
    OK(k8sc_config_set_rate_limit(config, HARDLY_EVER, 1, &err));
    k8sc_client *limited = new_client(config);
    send_from(limited);
    int64_t begin = now_ms();
    assert_exhausted(limited);
    assert_in_range(now_ms() - begin, 0, 4000);
    assert_non_null(strstr(k8sc_error_message(failure), "/version"));
}

static void limiter_by_hand(void **state)
{
    k8sc_rate_limiter *limiter = NULL;
    int64_t begin;
    (void)state;
    OK(k8sc_rate_limiter_new(20, 2, &limiter, &err));
    assert_true(k8sc_rate_limiter_qps(limiter) == 20);
    assert_int_equal(k8sc_rate_limiter_try_accept(limiter), 1);
    assert_int_equal(k8sc_rate_limiter_try_accept(limiter), 1);
    assert_int_equal(k8sc_rate_limiter_try_accept(limiter), 0);
    begin = now_ms();
    OK(k8sc_rate_limiter_accept(limiter, -1, &err));
    OK(k8sc_rate_limiter_accept(limiter, 1000, &err));
    assert_true(now_ms() - begin >= 90);
    FAILS(K8SC_E_TIMEOUT, k8sc_rate_limiter_accept(limiter, 0, &err), "rate limit");
    FAILS(K8SC_E_INVALID, k8sc_rate_limiter_accept(limiter, -2, &err), "timeout_ms", "-2");
    k8sc_rate_limiter_unref(limiter);
    /* A wait that would be too long is refused at once, and costs nothing. */
    OK(k8sc_rate_limiter_new(HARDLY_EVER, 1, &limiter, &err));
    OK(k8sc_rate_limiter_accept(limiter, 0, &err));
    begin = now_ms();
    FAILS(K8SC_E_TIMEOUT, k8sc_rate_limiter_accept(limiter, 9000, &err), "rate limit");
    assert_true(now_ms() - begin < 5000);
    k8sc_rate_limiter_unref(limiter);
    FAILS(K8SC_E_INVALID, k8sc_rate_limiter_new(0, 1, &limiter, &err), "qps");
    FAILS(K8SC_E_INVALID, k8sc_rate_limiter_new(-1, 1, &limiter, &err), "qps");
    FAILS(K8SC_E_INVALID, k8sc_rate_limiter_new(1, 0, &limiter, &err), "burst");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(answers_about_itself),
        TEST(default_user_agent),
        TEST(a_hundred_requests_on_one_connection),
        TEST(threads_hand_on_their_connections),
        TEST(user_agent_of_one_request),
        TEST(two_clients_on_one_transport),
        TEST(reuses_the_connection),
        TEST(concurrent_threads),
        TEST(fifty_at_once),
        TEST(limit_is_visible),
        TEST(limit_by_default_and_off),
        TEST(shared_limiter),
        TEST(own_bucket_for_each),
        TEST(retries_take_tokens),
        TEST(limit_longer_than_the_deadline),
        TEST(limiter_by_hand),
    };
    return cmocka_run_group_tests_name("clients", tests, NULL, NULL);
}
