/* What is sent again, how often and when; and the client-side rate limit. */
#include "support.h"

#define MAPS_PATH "/api/v1/namespaces/default/configmaps"

static k8sc_request *maps(k8sc_client *of, const char *method)
{
    k8sc_request *request = NULL;
    OK(k8sc_rest_client_verb(new_rest(of, "", "v1"), method, &request, &err));
    k8sc_request_set_namespace(request, "default");
    k8sc_request_set_resource(request, "configmaps");
    if (!strcmp(method, "POST"))
        k8sc_request_set_object(request,
                                parse("{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\"}}"));
    return request;
}

static int64_t seen(const char *method) { return k8sc_testing_server_request_count(server, method, MAPS_PATH); }

#define AT_ONCE(status) "HTTP/1.1 " status " X\r\nRetry-After: 0\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
#define FINE "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"

/* Any verb, on 429 and every 5xx that names a time. */
static void retries_with_retry_after(void **state)
{
    static const char *const refusals[] = {AT_ONCE("429"), AT_ONCE("500"), AT_ONCE("502"), AT_ONCE("503"),
                                           AT_ONCE("504")};
    static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    (void)state;
    for (size_t i = 0; i < COUNT(refusals); i++)
        for (size_t j = 0; j < COUNT(methods); j++) {
            struct raw_server *raw = new_raw_sequence(refusals[i], 3, FINE);
            k8sc_request *request = maps(new_client(new_config_for(raw->url)), methods[j]);
            k8sc_result *result = NULL;
            OK(k8sc_request_do(request, &result, &err));
            assert_int_equal(k8sc_result_attempts(keep_result(result)), 4);
            assert_int_equal(raw_requests(raw), 4);
            assert_int_equal(k8sc_result_throttled_ms(result), 0);
            k8sc_request_free(request);
        }
}

static void waits_as_long_as_asked(void **state)
{
    k8sc_request *request = maps(client, "GET");
    k8sc_result *result = NULL;
    int64_t begin = now_ms();
    (void)state;
    fault("{\"status\":{\"code\":429,\"retryAfter\":1},\"times\":1}");
    OK(k8sc_request_do(request, &result, &err));
    assert_int_equal(k8sc_result_attempts(keep_result(result)), 2);
    assert_true(now_ms() - begin >= 999);
    k8sc_request_free(request);
}

static void no_more_than_max_retries(void **state)
{
    static const struct {
        int32_t retries;
        int sent;
    } cases[] = {{3, 4}, {0, 1}, {-5, 1}, {1, 2}};
    struct raw_server *raw = new_raw_server(AT_ONCE("503"), "", 0);
    k8sc_client *of = new_client(new_config_for(raw->url));
    k8sc_resource *resource = new_resource(of, "", "v1", "configmaps", "default");
    k8sc_options *options = new_options();
    k8sc_object *object = NULL;
    int before = 0;
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        k8sc_request *request = maps(of, "GET");
        k8sc_request_set_max_retries(request, cases[i].retries);
        FAILS(K8SC_E_API, k8sc_request_do(request, NULL, &err), "503");
        assert_int_equal(raw_requests(raw) - before, cases[i].sent);
        before = raw_requests(raw);
        k8sc_request_free(request);
    }
    /* Ten by default, in requests and in verbs. */
    k8sc_request *request = maps(of, "GET");
    FAILS(K8SC_E_API, k8sc_request_do(request, NULL, &err), "503");
    assert_int_equal(raw_requests(raw) - before, 11);
    before = raw_requests(raw);
    k8sc_request_free(request);
    FAILS(K8SC_E_API, k8sc_resource_get(resource, "a", NULL, &object, &err), "503");
    assert_int_equal(raw_requests(raw) - before, 11);
    before = raw_requests(raw);
    OK(k8sc_options_set_max_retries(options, 2, &err));
    FAILS(K8SC_E_API, k8sc_resource_get(resource, "a", options, &object, &err), "503");
    assert_int_equal(raw_requests(raw) - before, 3);
    FAILS(K8SC_E_INVALID, k8sc_options_set_max_retries(options, -1, &err), "retries");
}

static void not_without_the_header(void **state)
{
    k8sc_request *request = maps(client, "GET");
    (void)state;
    fault("{\"status\":{\"code\":503}}");
    FAILS(K8SC_E_API, k8sc_request_do(request, NULL, &err), "503");
    clear_faults();
    fault("{\"status\":{\"code\":404,\"retryAfter\":1}}"); /* nor on another status */
    FAILS(K8SC_E_API, k8sc_request_do(request, NULL, &err), "404");
    assert_int_equal(seen("GET"), 2);
    k8sc_request_free(request);
}

/* Nobody waits until then. */
static void not_with_a_far_date(void **state)
{
    struct raw_server *raw =
        new_raw_server("HTTP/1.1 503 Service Unavailable\r\nRetry-After: Wed, 21 Oct 2037 07:28:00 GMT\r\n"
                       "Content-Length: 0\r\nConnection: close\r\n\r\n",
                       "", 0);
    k8sc_request *request = maps(new_client(new_config_for(raw->url)), "GET");
    (void)state;
    FAILS(K8SC_E_API, k8sc_request_do(request, NULL, &err), "503");
    assert_int_equal(raw_requests(raw), 1);
    assert_true(k8sc_error_retry_after_ms(failure) > 60000);
    k8sc_request_free(request);
}

/* Waiting in vain until the deadline helps nobody. */
static void deadline_shorter_than_retry_after(void **state)
{
    k8sc_request *request = maps(client, "GET");
    int64_t begin = now_ms();
    (void)state;
    fault("{\"status\":{\"code\":429,\"retryAfter\":30}}");
    k8sc_request_set_timeout(request, 8000);
    FAILS(K8SC_E_API, k8sc_request_do(request, NULL, &err), "429");
    assert_true(now_ms() - begin < 5000);
    assert_int_equal(k8sc_error_retry_after_ms(failure), 30000);
    assert_int_equal(seen("GET"), 1);
    k8sc_request_free(request);
}

/* The same where an earlier attempt had ended otherwise: the server's word is the last one. */
static void deadline_after_a_lost_connection(void **state)
{
    k8sc_request *request = maps(client, "GET");
    (void)state;
    fault("{\"reset\":true,\"times\":1}");
    fault("{\"status\":{\"code\":429,\"retryAfter\":30}}");
    k8sc_request_set_timeout(request, 8000);
    FAILS(K8SC_E_API, k8sc_request_do(request, NULL, &err), "429");
    k8sc_request_free(request);
}

static void get_after_a_reset(void **state)
{
    k8sc_request *request = maps(client, "GET");
    k8sc_result *result = NULL;
    (void)state;
    fault("{\"reset\":true,\"times\":1}");
    OK(k8sc_request_do(request, &result, &err));
    assert_int_equal(k8sc_result_attempts(keep_result(result)), 2);
    assert_int_equal(seen("GET"), 2);
    k8sc_request_free(request);
}

/* Also in the middle of the answer: what came of it is forgotten. */
static void get_after_a_cut(void **state)
{
    k8sc_list *list = NULL;
    (void)state;
    seed_maps(20);
    fault("{\"cut_after_bytes\":1500,\"times\":1}");
    OK(k8sc_resource_list(CONFIG_MAPS(), NULL, &list, &err));
    assert_int_equal(k8sc_list_size(keep_list(list)), 20);
    assert_int_equal(seen("GET"), 2);
}

/* What may have changed something is never sent twice unasked. */
static void not_after_a_reset(void **state)
{
    static const char *const methods[] = {"POST", "PUT", "PATCH", "DELETE"};
    (void)state;
    fault("{\"reset\":true}");
    for (size_t i = 0; i < COUNT(methods); i++) {
        k8sc_request *request = maps(client, methods[i]);
        FAILS(K8SC_E_TRANSPORT, k8sc_request_do(request, NULL, &err), "configmaps");
        assert_int_equal(seen(methods[i]), 1);
        k8sc_request_free(request);
    }
}

/* Nor on a connection that had served before, where HTTP libraries like to try again by themselves. */
static void not_after_a_reset_of_a_used_connection(void **state)
{
    static const char *const methods[] = {"POST", "PUT", "PATCH", "DELETE"};
    (void)state;
    for (size_t i = 0; i < COUNT(methods); i++) {
        k8sc_request *opening = maps(client, "GET"), *request = maps(client, methods[i]);
        clear_faults();
        OK(k8sc_request_do(opening, NULL, &err));
        fault("{\"reset\":true,\"times\":1}");
        FAILS(K8SC_E_TRANSPORT, k8sc_request_do(request, NULL, &err), "configmaps");
        assert_int_equal(seen(methods[i]), 1);
        k8sc_request_free(request);
        k8sc_request_free(opening);
    }
}

/* A server that is down is not waited for. */
static void not_after_a_refusal(void **state)
{
    k8sc_request *request = maps(client, "GET");
    int64_t begin = now_ms();
    (void)state;
    OK(k8sc_testing_server_pause(server, &err));
    FAILS(K8SC_E_CONNECT, k8sc_request_do(request, NULL, &err), "configmaps");
    assert_true(now_ms() - begin < 5000);
    OK(k8sc_testing_server_resume(server, &err));
    OK(k8sc_request_do(request, NULL, &err));
    k8sc_request_free(request);
}

/* A cancel ends the wait between two attempts. */
static void cancelled_while_waiting(void **state)
{
    k8sc_request *request = maps(client, "GET");
    k8sc_call *call = NULL;
    struct recorder *recorder = new_recorder();
    (void)state;
    fault("{\"status\":{\"code\":429,\"retryAfter\":50}}");
    OK(k8sc_request_start(request, NULL, RECORD(recorder), &call, &err));
    AWAIT(seen("GET") == 1);
    k8sc_call_cancel(call);
    struct record *record = run_until(k8sc_client_queue(client), recorder, K8SC_EVENT_COMPLETED);
    assert_int_equal(k8sc_error_code(record->error), K8SC_E_CANCELLED);
    k8sc_call_unref(call);
    k8sc_request_free(request);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(retries_with_retry_after),
        TEST(waits_as_long_as_asked),
        TEST(no_more_than_max_retries),
        TEST(not_without_the_header),
        TEST(not_with_a_far_date),
        TEST(deadline_shorter_than_retry_after),
        TEST(deadline_after_a_lost_connection),
        TEST(get_after_a_reset),
        TEST(get_after_a_cut),
        TEST(not_after_a_reset),
        TEST(not_after_a_reset_of_a_used_connection),
        TEST(not_after_a_refusal),
        TEST(cancelled_while_waiting),
    };
    return cmocka_run_group_tests_name("retries", tests, NULL, NULL);
}
