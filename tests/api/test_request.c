/* Requests: what their setters answer, headers, bodies, and what is sent. */
#include "support.h"

/* Every setter says it itself too, and leaves what was there. */
static void setters_answer(void **state)
{
    k8sc_request *request = new_request("GET");
    (void)state;
    assert_int_equal(k8sc_request_set_resource(request, "pods"), K8SC_OK);
    assert_int_equal(k8sc_request_set_name(request, ".."), K8SC_E_INVALID);
    assert_int_equal(k8sc_request_set_namespace(request, "a/b"), K8SC_E_INVALID);
    assert_int_equal(k8sc_request_set_namespace(request, "space"), K8SC_OK);
}

/* The first failure is kept, and every way to send tells it. */
static void first_failure_is_kept(void **state)
{
    k8sc_request *request = new_request("GET");
    struct recorder *started = new_recorder(), *streamed = new_recorder();
    k8sc_stream *stream = NULL;
    (void)state;
    k8sc_request_set_resource(request, "pods");
    k8sc_request_set_name(request, "first%");
    k8sc_request_set_name(request, "second/");
    k8sc_request_set_timeout(request, -7);
    FAILS(K8SC_E_INVALID, k8sc_request_do(request, NULL, &err), "first%");
    FAILS(K8SC_E_INVALID, k8sc_request_do(request, NULL, &err), "first%");
    FAILS(K8SC_E_INVALID, k8sc_request_start(request, NULL, RECORD(started), NULL, &err), "first%");
    FAILS(K8SC_E_INVALID, k8sc_request_start_stream(request, NULL, RECORD(streamed), NULL, &err), "first%");
    FAILS(K8SC_E_INVALID, k8sc_request_stream(request, &stream, &err), "first%");
    assert_int_equal(started->destroyed, 1);
    assert_int_equal(streamed->destroyed, 1);
    assert_int_equal(k8sc_testing_server_request_count(server, NULL, NULL), 0);
}

/* An empty namespace is for lists over all of them, not for an object. */
static void an_object_needs_a_namespace_before_it_is_sent(void **state)
{
    static const struct {
        const char *method;
        int with_name, refused;
    } cases[] = {
        {"POST", 0, 1}, {"GET", 1, 1},    {"PUT", 1, 1},   {"DELETE", 1, 1},
        {"GET", 0, 0},  {"DELETE", 0, 0}, {"PATCH", 1, 0},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        k8sc_request *request = new_request(cases[i].method);
        k8sc_request_set_namespace(request, "");
        k8sc_request_set_resource(request, "configmaps");
        if (cases[i].with_name) k8sc_request_set_name(request, "a");
        OK(k8sc_testing_server_forget_requests(server, &err));
        k8sc_status status = k8sc_request_do(request, NULL, &err);
        assert_int_equal(k8sc_testing_server_request_count(server, NULL, NULL), !cases[i].refused);
        if (cases[i].refused) FAILS(K8SC_E_INVALID, status, "namespace");
        k8sc_error_free(err);
        err = NULL;
    }
}

static void a_header_set_twice_is_sent_once(void **state)
{
    k8sc_request *request = new_request("GET");
    (void)state;
    k8sc_request_set_abs_path(request, "/version");
    OK(k8sc_request_set_header(request, "X-One", "first"));
    OK(k8sc_request_set_header(request, "x-one", "second"));
    OK(k8sc_request_set_header(request, "Accept", "application/yaml"));
    /* Not to be mistaken for Content-Length and Transfer-Encoding, whose beginning they are. */
    OK(k8sc_request_set_header(request, "Content", "text"));
    OK(k8sc_request_set_header(request, "Transfer", "text"));
    OK(k8sc_request_do(request, NULL, &err));
    k8sc_object *seen = last_request("GET");
    /* One header, and not two with ", " between their values. */
    assert_string_equal(STR(seen, "/headers/X-One"), "second");
    assert_string_equal(STR(seen, "/headers/Accept"), "application/yaml");
}

static void refused_headers(void **state)
{
    static const char *const cases[][2] = {
        {"", "x"},
        {"A B", "x"},
        {"A:", "x"},
        {"A\r\nB", "x"},
        {"A", "x\r\nB: y"},
        {"A", "x\ny"},
        {"A", "\x01"},
        {"caf\xc3\xa9", "x"},
        {"Host", "elsewhere"},
        {"Content-Length", "5"},
        {"Transfer-Encoding", "chunked"},
        {"content-length", "5"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        k8sc_request *request = new_request("GET");
        assert_int_equal(k8sc_request_set_header(request, cases[i][0], cases[i][1]), K8SC_E_INVALID);
        FAILS(K8SC_E_INVALID, k8sc_request_do(request, NULL, &err), "header");
    }
}

static void patch_content_types(void **state)
{
    static const char *const types[] = {NULL, "application/json-patch+json", "application/merge-patch+json",
                                        "application/strategic-merge-patch+json", "application/apply-patch+yaml"};
    k8sc_rest_client *rest = new_rest(client, "", "v1");
    k8sc_request *request = NULL;
    (void)state;
    for (int32_t type = K8SC_PATCH_JSON; type <= K8SC_PATCH_APPLY; type++) {
        OK(k8sc_rest_client_patch(rest, type, &request, &err));
        k8sc_request_set_namespace(request, "default");
        k8sc_request_set_resource(request, "configmaps");
        k8sc_request_set_name(request, "a");
        OK(k8sc_request_set_body(request, "[]", 2, NULL));
        k8sc_request_do(request, NULL, NULL);
        k8sc_object *seen = last_request("PATCH");
        assert_string_equal(STR(seen, "/headers/Content-Type"), types[type]);
        assert_string_equal(STR(seen, "/body"), "[]");
        /* Said with the body, it is that. */
        OK(k8sc_request_set_body(request, "{}", 2, "application/x"));
        k8sc_request_do(request, NULL, NULL);
        assert_string_equal(STR(last_request("PATCH"), "/headers/Content-Type"), "application/x");
        k8sc_request_free(request);
    }
    for (int32_t type = -1; type <= 5; type += type == 0 ? 5 : 1) {
        FAILS(K8SC_E_INVALID, k8sc_rest_client_patch(rest, type, &request, &err), "patch type");
        assert_null(request);
    }
}

static void bodies_are_sent_compact_and_can_be_sent_again(void **state)
{
    k8sc_request *request = new_request("POST");
    k8sc_result *result = NULL;
    k8sc_object *made = NULL;
    (void)state;
    k8sc_request_set_namespace(request, "default");
    k8sc_request_set_resource(request, "configmaps");
    OK(k8sc_request_set_object(
        request, parse("{ \"kind\":\"ConfigMap\", \"metadata\":{\"name\":\"a\"}, \"data\":{\"k\":\"v\"} }")));
    OK(k8sc_request_do(request, &result, &err));
    keep_result(result);
    k8sc_object *seen = last_request("POST");
    assert_string_equal(STR(seen, "/headers/Content-Type"), "application/json");
    assert_string_equal(STR(seen, "/headers/Accept"), "application/json, */*");
    assert_string_equal(STR(seen, "/body"),
                        "{\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\"},\"data\":{\"k\":\"v\"}}");
    assert_int_equal(k8sc_result_http_status(result), 201);
    assert_string_equal(k8sc_result_header(result, "CONTENT-TYPE"), "application/json");
    assert_null(k8sc_result_header(result, "X-Absent"));
    assert_int_equal(k8sc_result_attempts(result), 1);
    OK(k8sc_result_object(result, &made, &err));
    assert_string_equal(k8sc_object_name(keep_object(made)), "a");
    /* Sent again: the answer is another one. */
    FAILS(K8SC_E_API, k8sc_request_do(request, NULL, &err), "already exists");
    assert_true(k8sc_error_is_already_exists(failure));
}

/* A POST without a body says so, and claims no content type. */
static void no_body(void **state)
{
    k8sc_request *request = new_request("POST");
    (void)state;
    k8sc_request_set_abs_path(request, "/nothing");
    k8sc_request_do(request, NULL, NULL);
    k8sc_object *seen = last_request("POST");
    assert_int_equal(k8sc_object_type(seen, "/headers/Content-Type"), K8SC_TYPE_ABSENT);
    assert_string_equal(STR(seen, "/headers/Content-Length"), "0");
    assert_string_equal(STR(seen, "/body"), "");
}

/* What is asked for is what k8sc_request_url said, byte by byte. */
static void sent_as_told(void **state)
{
    k8sc_request *request = new_request("GET");
    char told[512];
    (void)state;
    k8sc_request_set_abs_path(request, "/a b/$&+,:;=@-_.~/caf\xc3\xa9/");
    k8sc_request_add_param(request, "q", "a b&c/\xe2\x82\xac");
    k8sc_request_do(request, NULL, NULL);
    k8sc_object *seen = last_request("GET");
    snprintf(told, sizeof told, "%s%s?%s", k8sc_testing_server_url(server), STR(seen, "/path"), STR(seen, "/query"));
    assert_string_equal(k8sc_request_url(request), told);
}

static void each_http_method_can_be_used(void **state)
{
    k8sc_rest_client *rest = new_rest(client, "apps", "v1");
    k8sc_request *request = NULL;
    static const char *const methods[] = {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"};
    static const char *const bad[] = {"", "GE T", "GET\r\n", "G\xc3\xa9T", "GET/"};
    (void)state;
    assert_string_equal(k8sc_rest_client_group(rest), "apps");
    assert_string_equal(k8sc_rest_client_version(rest), "v1");
    for (size_t i = 0; i < COUNT(methods); i++) {
        OK(k8sc_rest_client_verb(rest, methods[i], &request, &err));
        k8sc_request_set_resource(request, "deployments");
        k8sc_request_do(request, NULL, NULL);
        k8sc_request_free(request);
        assert_string_equal(STR(last_request(methods[i]), "/path"), "/apis/apps/v1/deployments");
    }
    for (size_t i = 0; i < COUNT(bad); i++)
        FAILS(K8SC_E_INVALID, k8sc_rest_client_verb(rest, bad[i], &request, &err), "verb");
}

/* Groups and versions that cannot be part of a path. */
static void refused_groups(void **state)
{
    static const char *const bad[] = {".", "..", "a/b", "a%b"};
    k8sc_rest_client *rest = NULL;
    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        FAILS(K8SC_E_INVALID, k8sc_client_rest(client, bad[i], "v1", &rest, &err), "group");
        FAILS(K8SC_E_INVALID, k8sc_client_rest(client, "apps", bad[i], &rest, &err), "version");
    }
    FAILS(K8SC_E_INVALID, k8sc_client_rest(client, "apps", "", &rest, &err), "version");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(setters_answer),
        TEST(first_failure_is_kept),
        TEST(an_object_needs_a_namespace_before_it_is_sent),
        TEST(a_header_set_twice_is_sent_once),
        TEST(refused_headers),
        TEST(patch_content_types),
        TEST(bodies_are_sent_compact_and_can_be_sent_again),
        TEST(no_body),
        TEST(sent_as_told),
        TEST(each_http_method_can_be_used),
        TEST(refused_groups),
    };
    return cmocka_run_group_tests_name("requests", tests, NULL, NULL);
}
