/* Retry policies: dates, caps, statuses, connections that were refused, writes with a precondition; and the rate limit
 * while a client runs. */
#include "support.h"

#define MAPS_PATH "/api/v1/namespaces/default/configmaps"
#define FINE "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
#define REFUSED(headers) "HTTP/1.1 503 X\r\n" headers "Content-Length: 0\r\nConnection: close\r\n\r\n"

static k8sc_request *maps(k8sc_client *of, const char *method)
{
    k8sc_request *request = NULL;
    OK(k8sc_rest_client_verb(new_rest(of, "", "v1"), method, &request, &err));
    k8sc_request_set_namespace(request, "default");
    k8sc_request_set_resource(request, "configmaps");
    return track(request, (void (*)(void *))k8sc_request_free);
}

static k8sc_retry_policy *new_policy(void)
{
    k8sc_retry_policy *policy = NULL;
    OK(k8sc_retry_policy_new(&policy, &err));
    OK(k8sc_retry_policy_set_backoff(policy, 1, 5, &err));
    return track(policy, (void (*)(void *))k8sc_retry_policy_free);
}

static int64_t seen(const char *method) { return k8sc_testing_server_request_count(server, method, MAPS_PATH); }

/* The three forms of a date in HTTP, compared with the server's clock. */
static void a_date_in_retry_after_is_understood(void **state)
{
    static const char *const answers[] = {
        REFUSED("Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"),
        REFUSED("Retry-After: Sunday, 06-Nov-94 08:49:37 GMT\r\n"),
        REFUSED("Retry-After: Sun Nov  6 08:49:37 1994\r\n"),
    };
    (void)state;
    for (size_t i = 0; i < COUNT(answers); i++) {
        struct raw_server *raw = new_raw_sequence(answers[i], 1, FINE);
        k8sc_result *result = NULL;
        OK(k8sc_request_do(maps(new_client(new_config_for(raw->url)), "POST"), &result, &err));
        assert_int_equal(k8sc_result_attempts(keep_result(result)), 2);
    }
    struct raw_server *raw = new_raw_sequence(
        REFUSED("Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nRetry-After: Sun, 06 Nov 1994 08:49:38 GMT\r\n"), 1, FINE);
    int64_t begin = now_ms();
    OK(k8sc_request_do(maps(new_client(new_config_for(raw->url)), "GET"), NULL, &err));
    assert_true(now_ms() - begin >= 999);
}

static void neither_number_nor_date(void **state)
{
    static const char *const answers[] = {REFUSED("Retry-After: soon\r\n"),
                                          REFUSED("Retry-After: -1\r\n"),
                                          REFUSED("Retry-After: 1.5\r\n"),
                                          REFUSED("Retry-After: \r\n"),
                                          REFUSED("Retry-After: Tomorrow at noon, if you please\r\n"),
                                          REFUSED("Retry-After: 99999999999999999999\r\n")};
    (void)state;
    for (size_t i = 0; i < COUNT(answers); i++) {
        struct raw_server *raw = new_raw_server(answers[i], "", 0);
        FAILS(K8SC_E_API, k8sc_request_do(maps(new_client(new_config_for(raw->url)), "GET"), NULL, &err), "503");
        assert_int_equal(raw_requests(raw), 1);
        assert_int_equal(k8sc_error_retry_after_ms(failure), -1);
        assert_null(strstr(k8sc_error_message(failure), "attempts"));
    }
}

/* Longer than the cap is not waited for. */
static void more_than_the_cap_is_not_waited_for(void **state)
{
    struct raw_server *raw = new_raw_server(REFUSED("Retry-After: 61\r\n"), "", 0);
    k8sc_request *request = maps(new_client(new_config_for(raw->url)), "GET");
    k8sc_retry_policy *policy = new_policy();
    k8sc_result *result = NULL;
    (void)state;
    FAILS(K8SC_E_API, k8sc_request_do(request, NULL, &err), "503");
    assert_int_equal(raw_requests(raw), 1);
    assert_int_equal(k8sc_error_retry_after_ms(failure), 61000);
    assert_true(k8sc_error_is_retriable(failure));

    fault("{\"status\":{\"code\":503,\"retryAfter\":1},\"times\":2}");
    OK(k8sc_retry_policy_set_retry_after_cap(policy, 999, &err));
    request = maps(client, "GET");
    OK(k8sc_request_set_retry_policy(request, policy));
    FAILS(K8SC_E_API, k8sc_request_do(request, NULL, &err), "503");
    OK(k8sc_retry_policy_set_retry_after_cap(policy, 1000, &err));
    OK(k8sc_request_set_retry_policy(request, policy));
    OK(k8sc_request_do(request, &result, &err));
    assert_int_equal(k8sc_result_attempts(keep_result(result)), 2);
}

/* Statuses that the policy names, for GET only. */
static void statuses_of_the_policy_are_retried_for_gets_only(void **state)
{
    k8sc_retry_policy *policy = new_policy();
    k8sc_request *get = maps(client, "GET"), *post = maps(client, "POST");
    k8sc_result *result = NULL;
    (void)state;
    OK(k8sc_retry_policy_add_status(policy, 503, &err));
    OK(k8sc_retry_policy_add_status(policy, 408, &err));
    OK(k8sc_retry_policy_add_status(policy, 503, &err));
    OK(k8sc_request_set_retry_policy(get, policy));
    OK(k8sc_request_set_retry_policy(post, policy));
    k8sc_request_set_object(post,
                            parse("{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\"}}"));
    fault("{\"status\":{\"code\":503},\"times\":2}");
    fault("{\"status\":{\"code\":408},\"times\":1}");
    OK(k8sc_request_do(get, &result, &err));
    assert_int_equal(k8sc_result_attempts(keep_result(result)), 4);
    fault("{\"status\":{\"code\":500},\"times\":1}");
    FAILS(K8SC_E_API, k8sc_request_do(get, NULL, &err), "500");
    fault("{\"status\":{\"code\":503},\"times\":1}");
    FAILS(K8SC_E_API, k8sc_request_do(post, NULL, &err), "503");
    assert_int_equal(seen("POST"), 1);
}

/* Nothing has left, so any verb may go again. */
static void refused_connections(void **state)
{
    k8sc_retry_policy *policy = new_policy();
    k8sc_request *request = maps(client, "POST");
    struct recorder *recorder = new_recorder();
    (void)state;
    k8sc_request_set_object(request,
                            parse("{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\"}}"));
    OK(k8sc_retry_policy_set_unsent(policy, 1, &err));
    OK(k8sc_retry_policy_set_max_retries(policy, 3, &err));
    OK(k8sc_request_set_retry_policy(request, policy));
    OK(k8sc_testing_server_pause(server, &err));
    FAILS(K8SC_E_CONNECT, k8sc_request_do(request, NULL, &err), "configmaps", "[4 attempts]");
    OK(k8sc_retry_policy_set_max_retries(policy, 1000000, &err));
    OK(k8sc_request_set_retry_policy(request, policy));
    OK(k8sc_request_start(request, NULL, RECORD(recorder), NULL, &err));
    pause_ms(30);
    OK(k8sc_testing_server_resume(server, &err));
    struct record *record = run_until(k8sc_client_queue(client), recorder, K8SC_EVENT_COMPLETED);
    assert_null(record->error);
    assert_true(record->attempts > 1);
    assert_int_equal(seen("POST"), 1);
}

#define UNCONDITIONAL \
    "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\",\"namespace\":\"default\"}}"
#define STALE \
    "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\",\"namespace\":\"default\"," \
    "\"resourceVersion\":\"1\"}}"

/* PUT and DELETE that say what they expect; a second that comes too late is refused by the server. */
static void conditional_writes(void **state)
{
    k8sc_retry_policy *policy = new_policy();
    k8sc_options *options = new_options();
    k8sc_resource *resource = CONFIG_MAPS();
    k8sc_object *present = NULL;
    (void)state;
    seed_map("a");
    OK(k8sc_resource_get(resource, "a", NULL, &present, &err));
    keep_object(present);
    OK(k8sc_options_set_retry_policy(options, policy, &err));
    fault("{\"reset\":true,\"nth\":1,\"verb\":\"update\"}");
    FAILS(K8SC_E_TRANSPORT, k8sc_resource_update(resource, present, options, NULL, &err), "update configmaps");
    clear_faults();

    OK(k8sc_retry_policy_set_conditional_writes(policy, 1, &err));
    OK(k8sc_options_set_retry_policy(options, policy, &err));
    fault("{\"reset\":true,\"nth\":1,\"verb\":\"update\"}");
    OK(k8sc_resource_update(resource, present, options, NULL, &err));
    clear_faults();
    fault("{\"reset\":true,\"nth\":1,\"verb\":\"update\"}");
    FAILS(K8SC_E_TRANSPORT, k8sc_resource_update(resource, parse(UNCONDITIONAL), options, NULL, &err),
          "update configmaps");
    clear_faults();
    fault("{\"reset\":true,\"nth\":1,\"verb\":\"update\"}");
    FAILS(K8SC_E_API, k8sc_resource_update(resource, parse(STALE), options, NULL, &err),
          "[2 attempts; error from a previous attempt: ");
    assert_true(k8sc_error_is_conflict(failure));
    clear_faults();

    fault("{\"reset\":true,\"nth\":1,\"verb\":\"delete\"}");
    FAILS(K8SC_E_TRANSPORT, k8sc_resource_delete(resource, "a", options, NULL, &err), "delete configmaps");
    clear_faults();
    OK(k8sc_options_set_precondition_uid(options, k8sc_object_uid(present), &err));
    fault("{\"reset\":true,\"nth\":1,\"verb\":\"delete\"}");
    OK(k8sc_resource_delete(resource, "a", options, NULL, &err));
    clear_faults();

    options = new_options();
    OK(k8sc_options_set_retry_policy(options, policy, &err));
    fault("{\"reset\":true}");
    FAILS(K8SC_E_TRANSPORT,
          k8sc_resource_patch(resource, "a", K8SC_PATCH_MERGE, STALE, strlen(STALE), options, NULL, &err), "patch");
    FAILS(K8SC_E_TRANSPORT, k8sc_resource_create(resource, parse(STALE), options, NULL, &err), "create");
    assert_int_equal(k8sc_testing_server_request_count(server, "PATCH", MAPS_PATH), 1);
    assert_int_equal(seen("POST"), 1);
}

/* What an earlier attempt ended with is not lost, and is told once. */
static void earlier_errors(void **state)
{
    k8sc_retry_policy *policy = new_policy();
    k8sc_request *request = maps(client, "GET");
    (void)state;
    OK(k8sc_retry_policy_add_status(policy, 503, &err));
    OK(k8sc_request_set_retry_policy(request, policy));
    fault("{\"status\":{\"code\":503},\"times\":3}");
    fault("{\"status\":{\"code\":404},\"times\":1}");
    FAILS(K8SC_E_API, k8sc_request_do(request, NULL, &err), "404",
          "[4 attempts; error from a previous attempt: HTTP 503 ServiceUnavailable]");
    assert_true(k8sc_error_is_not_found(failure));
    k8sc_request_set_max_retries(request, 2);
    fault("{\"status\":{\"code\":503},\"times\":3}");
    FAILS(K8SC_E_API, k8sc_request_do(request, NULL, &err), "[3 attempts]");
}

/* The client's policy, the call's, and the call's number. */
static void whose_policy(void **state)
{
    struct raw_server *raw = new_raw_server(REFUSED("Retry-After: 0\r\n"), "", 0);
    k8sc_config *config = new_config_for(raw->url), *copy = NULL;
    k8sc_retry_policy *of_client = new_policy(), *of_call = new_policy();
    k8sc_options *options = new_options();
    (void)state;
    OK(k8sc_retry_policy_set_max_retries(of_client, 2, &err));
    OK(k8sc_retry_policy_set_max_retries(of_call, 4, &err));
    OK(k8sc_config_set_retry_policy(config, of_client, &err));
    OK(k8sc_config_copy(config, &copy, &err));
    track(copy, (void (*)(void *))k8sc_config_free);
    k8sc_client *made = new_client(copy);
    k8sc_request *request = maps(made, "GET");
    k8sc_resource *resource = new_resource(made, "", "v1", "configmaps", "default");
    FAILS(K8SC_E_API, k8sc_request_do(request, NULL, &err), "[3 attempts]");
    FAILS(K8SC_E_API, k8sc_resource_get(resource, "a", NULL, NULL, &err), "[3 attempts]");
    OK(k8sc_request_set_retry_policy(request, of_call));
    OK(k8sc_options_set_retry_policy(options, of_call, &err));
    FAILS(K8SC_E_API, k8sc_request_do(request, NULL, &err), "[5 attempts]");
    FAILS(K8SC_E_API, k8sc_resource_get(resource, "a", options, NULL, &err), "[5 attempts]");
    k8sc_request_set_max_retries(request, 1);
    OK(k8sc_options_set_max_retries(options, 1, &err));
    FAILS(K8SC_E_API, k8sc_request_do(request, NULL, &err), "[2 attempts]");
    FAILS(K8SC_E_API, k8sc_resource_get(resource, "a", options, NULL, &err), "[2 attempts]");
    options = new_options();
    OK(k8sc_options_set_retry_policy(options, of_call, &err));
    OK(k8sc_options_set_retry_policy(options, NULL, &err));
    FAILS(K8SC_E_API, k8sc_resource_get(resource, "a", options, NULL, &err), "[3 attempts]");
}

/* The rate limit changes under a running client, for those who hold its limiter as well. */
static void rate_limit_changes(void **state)
{
    k8sc_config *config = new_config();
    k8sc_rate_limiter *shared = NULL;
    (void)state;
    OK(k8sc_config_set_rate_limit(config, 0.001, 1, &err));
    k8sc_client *slow = new_client(config);
    k8sc_request *request = maps(slow, "GET");
    k8sc_result *result = NULL;
    k8sc_rate_limiter *limiter = k8sc_rest_client_rate_limiter(new_rest(slow, "", "v1"));
    k8sc_request_set_timeout(request, 5000);
    OK(k8sc_request_do(request, NULL, &err));
    FAILS(K8SC_E_TIMEOUT, k8sc_request_do(request, NULL, &err), "rate limit");
    OK(k8sc_client_set_rate_limit(slow, -1, 0, &err));
    assert_null(k8sc_rest_client_rate_limiter(new_rest(slow, "", "v1")));
    for (int i = 0; i < 20; i++) OK(k8sc_request_do(request, NULL, &err));
    OK(k8sc_client_set_rate_limit(slow, 100, 1, &err));
    assert_ptr_equal(k8sc_rest_client_rate_limiter(new_rest(slow, "", "v1")), limiter);
    assert_true(k8sc_rate_limiter_qps(limiter) == 100);
    int64_t waited = 0;
    for (int i = 0; i < 5; i++) {
        OK(k8sc_request_do(request, &result, &err));
        waited += k8sc_result_throttled_ms(keep_result(result));
    }
    assert_true(waited > 0);
    OK(k8sc_client_set_rate_limit(slow, 0, 0, &err));
    assert_true(k8sc_rate_limiter_qps(limiter) == 5);

    /* One that others share is theirs. */
    OK(k8sc_rate_limiter_new(0.001, 1, &shared, &err));
    config = new_config();
    OK(k8sc_config_set_rate_limiter(config, shared, &err));
    k8sc_client *sharing = new_client(config);
    OK(k8sc_client_set_rate_limit(sharing, 1000, 10, &err));
    OK(k8sc_request_do(maps(sharing, "GET"), NULL, &err));
    assert_true(k8sc_rate_limiter_qps(shared) == 0.001);
    assert_true(k8sc_rate_limiter_try_accept(shared));
    k8sc_rate_limiter_unref(shared);
}

/* A watch begins at once; when it is sent again it waits like all others. */
static void watches_and_the_limit(void **state)
{
    k8sc_config *config = new_config();
    k8sc_options *options = new_options();
    k8sc_watch *watch = NULL;
    struct recorder *recorder = new_recorder();
    (void)state;
    OK(k8sc_config_set_rate_limit(config, 0.001, 1, &err));
    k8sc_client *slow = new_client(config);
    OK(k8sc_request_do(maps(slow, "GET"), NULL, &err));
    fault("{\"status\":{\"code\":429,\"retryAfter\":1},\"verb\":\"watch\"}");
    OK(k8sc_options_set_timeout(options, 10000, &err));
    OK(k8sc_resource_watch(new_resource(slow, "", "v1", "configmaps", "default"), options, RECORD(recorder), &watch,
                           &err));
    struct record *record = run_until(k8sc_client_queue(slow), recorder, K8SC_EVENT_CLOSED);
    assert_int_equal(k8sc_error_code(record->error), K8SC_E_TIMEOUT);
    assert_non_null(strstr(k8sc_error_message(record->error), "rate limit"));
    assert_non_null(strstr(k8sc_error_message(record->error), "HTTP 429"));
    assert_int_equal(seen("GET"), 2);
    k8sc_watch_unref(watch);
}

static void wrong_arguments(void **state)
{
    k8sc_retry_policy *policy = new_policy();
    (void)state;
    ALSO_FAILS(K8SC_E_INVALID, k8sc_retry_policy_new(NULL, &err), "out");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_retry_policy_set_max_retries(NULL, 1, &err), "policy");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_retry_policy_set_max_retries(policy, -1, &err), "retries", "-1");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_retry_policy_set_retry_after_cap(NULL, 1, &err), "policy");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_retry_policy_set_retry_after_cap(policy, -2, &err), "cap_ms", "-2");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_retry_policy_set_backoff(NULL, 1, 2, &err), "policy");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_retry_policy_set_backoff(policy, 0, 2, &err), "first_ms");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_retry_policy_set_backoff(policy, 3, 2, &err), "max_ms");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_retry_policy_set_backoff(policy, 3, INT64_MAX, &err), "max_ms");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_retry_policy_add_status(NULL, 500, &err), "policy");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_retry_policy_add_status(policy, 399, &err), "status");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_retry_policy_add_status(policy, 600, &err), "status");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_retry_policy_set_unsent(NULL, 1, &err), "policy");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_retry_policy_set_conditional_writes(NULL, 1, &err), "policy");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_config_set_retry_policy(NULL, policy, &err), "config");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_options_set_retry_policy(NULL, policy, &err), "options");
    assert_int_equal(k8sc_request_set_retry_policy(NULL, policy), K8SC_E_INVALID);
    ALSO_FAILS(K8SC_E_INVALID, k8sc_client_set_rate_limit(NULL, 1, 1, &err), "client");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_client_set_rate_limit(client, 1, 0, &err), "burst");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_client_set_rate_limit(client, 1, -1, &err), "burst");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_client_set_rate_limit(client, 0.0 / 0.0, 1, &err), "qps");
    OK(k8sc_client_close(client, PATIENCE_MS, &err));
    ALSO_FAILS(K8SC_E_CLOSED, k8sc_client_set_rate_limit(client, 1, 1, &err), "closed");
    k8sc_retry_policy_free(NULL);
    NO_FAILURES();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_date_in_retry_after_is_understood),
        TEST(neither_number_nor_date),
        TEST(more_than_the_cap_is_not_waited_for),
        TEST(statuses_of_the_policy_are_retried_for_gets_only),
        TEST(refused_connections),
        TEST(conditional_writes),
        TEST(earlier_errors),
        TEST(whose_policy),
        TEST(rate_limit_changes),
        TEST(watches_and_the_limit),
        TEST(wrong_arguments),
    };
    return cmocka_run_group_tests_name("retry policies", tests, NULL, NULL);
}
