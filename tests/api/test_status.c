/* Errors made of what the server answers. */
#include "support.h"

static k8sc_request *get_map(k8sc_client *of, const char *name)
{
    k8sc_request *request = NULL;
    OK(k8sc_rest_client_get(new_rest(of, "", "v1"), &request, &err));
    k8sc_request_set_namespace(request, "default");
    k8sc_request_set_resource(request, "configmaps");
    k8sc_request_set_name(request, name);
    k8sc_request_set_max_retries(request, 0);
    return request;
}

static void fails_with(k8sc_client *of, const char *method)
{
    k8sc_request *request = NULL;
    OK(k8sc_rest_client_verb(new_rest(of, "", "v1"), method, &request, &err));
    k8sc_request_set_namespace(request, "default");
    k8sc_request_set_resource(request, "configmaps");
    k8sc_status status = k8sc_request_do(request, NULL, &err);
    k8sc_request_free(request);
    FAILS(K8SC_E_API, status, "configmaps");
}

static const struct code_reason {
    int code;
    const char *method, *reason;
} codes[] = {
    {400, "GET", "BadRequest"},     {401, "GET", "Unauthorized"},       {403, "GET", "Forbidden"},
    {404, "GET", "NotFound"},       {405, "GET", "MethodNotAllowed"},   {406, "GET", "NotAcceptable"},
    {409, "POST", "AlreadyExists"}, {409, "PUT", "Conflict"},           {415, "POST", "UnsupportedMediaType"},
    {422, "POST", "Invalid"},       {429, "GET", "TooManyRequests"},    {500, "GET", "InternalError"},
    {502, "GET", "InternalError"},  {503, "GET", "ServiceUnavailable"}, {504, "GET", "Timeout"},
};

/* Where no Status comes, the HTTP status says what it was. */
static void reasons_without_a_status(void **state)
{
    char rule[128], shown[32];
    (void)state;
    for (size_t i = 0; i < COUNT(codes); i++) {
        snprintf(rule, sizeof rule, "{\"html\":%d}", codes[i].code);
        clear_faults();
        fault(rule);
        fails_with(client, codes[i].method);
        assert_int_equal(k8sc_error_http_status(failure), codes[i].code);
        assert_string_equal(k8sc_error_reason(failure), codes[i].reason);
        assert_null(k8sc_error_status_json(failure));
        assert_int_equal(k8sc_error_retry_after_ms(failure), -1);
        snprintf(shown, sizeof shown, "HTTP %d", codes[i].code);
        assert_non_null(strstr(k8sc_error_message(failure), shown));
        /* What came instead is in the message. */
        assert_non_null(strstr(k8sc_error_message(failure), "text/html"));
        assert_non_null(strstr(k8sc_error_message(failure), "<html"));
    }
}

/* A long page is not quoted in full. */
static void long_page(void **state)
{
    struct raw_server *raw =
        new_raw_server("HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html>",
                       "0123456789abcdef", 65536);
    (void)state;
    fails_with(new_client(new_config_for(raw->url)), "GET");
    assert_int_equal(k8sc_error_http_status(failure), 502);
    assert_true(strlen(k8sc_error_message(failure)) < 4096);
}

static void status_wins(void **state)
{
    (void)state;
    fault("{\"status\":{\"code\":409,\"reason\":\"Conflict\",\"message\":\"the object has been modified\"}}");
    fails_with(client, "GET");
    assert_string_equal(k8sc_error_reason(failure), "Conflict");
    assert_non_null(strstr(k8sc_error_message(failure), "the object has been modified"));
    k8sc_object *status = parse(k8sc_error_status_json(failure));
    assert_string_equal(k8sc_object_kind(status), "Status");
    assert_int_equal(k8sc_object_int(status, "/code", 0), 409);
    assert_true(k8sc_error_is_conflict(failure));
}

/* An answer that a server behind the test's control would not give. */
static void answer_with(const char *status_line, const char *headers, const char *body, const char *method)
{
    static char head[4096];
    snprintf(head, sizeof head, "HTTP/1.1 %s\r\n%sConnection: close\r\nContent-Length: %d\r\n\r\n%s", status_line,
             headers, (int)strlen(body), body);
    fails_with(new_client(new_config_for(new_raw_server(head, "", 0)->url)), method);
}

static void causes_of_a_status_are_kept(void **state)
{
    (void)state;
    answer_with("422 Unprocessable Entity", "Content-Type: application/json\r\n",
                "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":\"a is "
                "invalid\",\"reason\":\"Invalid\",\"code\":422,\"details\":{\"causes\":["
                "{\"reason\":\"FieldValueInvalid\",\"message\":\"must be "
                "so\",\"field\":\"spec.a\"},{\"reason\":\"FieldManagerConflict\"}]}}",
                "POST");
    assert_true(k8sc_error_is_invalid(failure));
    assert_int_equal(k8sc_error_cause_count(failure), 2);
    assert_string_equal(k8sc_error_cause_type(failure, 0), "FieldValueInvalid");
    assert_string_equal(k8sc_error_cause_field(failure, 0), "spec.a");
    assert_string_equal(k8sc_error_cause_message(failure, 0), "must be so");
    assert_string_equal(k8sc_error_cause_type(failure, 1), "FieldManagerConflict");
    assert_string_equal(k8sc_error_cause_field(failure, 1), "");
    assert_string_equal(k8sc_error_cause_message(failure, 1), "");
    assert_null(k8sc_error_cause_type(failure, 2));
    assert_null(k8sc_error_cause_field(failure, -1));
    assert_null(k8sc_error_cause_message(failure, 2));
    /* A copy has everything as well. */
    k8sc_error *copy = k8sc_error_copy(failure);
    assert_string_equal(k8sc_error_message(copy), k8sc_error_message(failure));
    assert_string_equal(k8sc_error_status_json(copy), k8sc_error_status_json(failure));
    assert_int_equal(k8sc_error_cause_count(copy), 2);
    k8sc_error_free(copy);
}

/* As in Go the Status' code counts, whatever HTTP says; what was answered is told all the same. */
static void code_of_the_status(void **state)
{
#define STATUS(members) \
    "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":\"odd\"" members "}"
    (void)state;
    answer_with("500 Internal Server Error", "Content-Type: application/json\r\n", STATUS(",\"code\":404"), "GET");
    assert_true(k8sc_error_is_not_found(failure));
    assert_false(k8sc_error_is_retriable(failure));
    assert_int_equal(k8sc_error_http_status(failure), 500);
    assert_non_null(strstr(k8sc_error_message(failure), "HTTP 500, code 404"));
    answer_with("404 Not Found", "Content-Type: application/json\r\n", STATUS(",\"code\":409,\"reason\":\"Own\""),
                "GET");
    assert_false(k8sc_error_is_not_found(failure));
    assert_true(k8sc_error_is_conflict(failure));
    /* A reason that is known goes before both. */
    answer_with("500 Internal Server Error", "Content-Type: application/json\r\n",
                STATUS(",\"code\":404,\"reason\":\"Conflict\""), "GET");
    assert_true(k8sc_error_is_conflict(failure));
    assert_false(k8sc_error_is_not_found(failure));
    /* One without a code. */
    answer_with("404 Not Found", "Content-Type: application/json\r\n", STATUS(""), "GET");
    assert_true(k8sc_error_is_not_found(failure));
    answer_with("404 Not Found", "Content-Type: application/json\r\n", STATUS(",\"code\":-409"), "GET");
    assert_true(k8sc_error_is_not_found(failure));
}

static void unusual_bodies(void **state)
{
    (void)state;
    answer_with("500 Internal Server Error", "", "", "GET");
    assert_string_equal(k8sc_error_reason(failure), "InternalError");
    answer_with("500 Internal Server Error", "Content-Type: application/json\r\n", "{\"kind\":\"Sta", "GET");
    assert_string_equal(k8sc_error_reason(failure), "InternalError");
    answer_with("404 Not Found", "Content-Type: text/plain\r\n", "404 page not found\n", "GET");
    assert_true(k8sc_error_is_not_found(failure));
    assert_non_null(strstr(k8sc_error_message(failure), "404 page not found"));
    /* A Status that says Success cannot explain a failure. */
    answer_with("403 Forbidden", "Content-Type: application/json\r\n",
                "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Success\"}", "GET");
    assert_true(k8sc_error_is_forbidden(failure));
    /* client-go takes kind for granted. */
    answer_with("403 Forbidden", "Content-Type: application/json\r\n",
                "{\"status\":\"Failure\",\"reason\":\"Forbidden\",\"message\":\"no way\"}", "GET");
    assert_true(k8sc_error_is_forbidden(failure));
    assert_non_null(strstr(k8sc_error_message(failure), "no way"));
    /* Redirects are not followed: they are no answer. */
    answer_with("302 Found", "Location: http://127.0.0.1:1/\r\n", "", "GET");
    assert_int_equal(k8sc_error_http_status(failure), 302);
    /* 207 is above what counts as success. */
    answer_with("207 Multi-Status", "Content-Type: application/json\r\n", "{}", "GET");
    assert_int_equal(k8sc_error_http_status(failure), 207);
}

static void retry_after(void **state)
{
    k8sc_request *request = get_map(client, "a");
    (void)state;
    fault("{\"status\":{\"code\":429,\"retryAfter\":7}}");
    FAILS(K8SC_E_API, k8sc_request_do(request, NULL, &err), "configmaps");
    assert_int_equal(k8sc_error_retry_after_ms(failure), 7000);
    assert_true(k8sc_error_is_too_many_requests(failure));
    k8sc_request_free(request);
    /* The header alone counts too, in seconds only. */
    answer_with("403 Forbidden", "Retry-After: 9\r\n", "", "GET");
    assert_int_equal(k8sc_error_retry_after_ms(failure), 9000);
    assert_true(k8sc_error_is_retriable(failure));
    answer_with("403 Forbidden",
                "Retry-After: Sun, 06 Nov 1994 08:49:39 GMT\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n", "", "GET");
    assert_int_equal(k8sc_error_retry_after_ms(failure), 2000);
}

/* A Status under HTTP 200 is a failure still. */
static void failure_under_success(void **state)
{
    const char *head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
                       "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"Expired\","
                       "\"message\":\"too old\",\"code\":410}";
    struct raw_server *raw = new_raw_server(head, "", 0);
    k8sc_client *of = new_client(new_config_for(raw->url));
    k8sc_resource *maps = new_resource(of, "", "v1", "configmaps", "default");
    k8sc_request *request = get_map(of, "a");
    k8sc_object *object = NULL;
    k8sc_list *list = NULL;
    k8sc_result *result = NULL;
    (void)state;
    FAILS(K8SC_E_API, k8sc_resource_get(maps, "a", NULL, &object, &err), "too old", "configmaps", "default/a");
    assert_true(k8sc_error_is_gone(failure));
    FAILS(K8SC_E_API, k8sc_resource_list(maps, NULL, &list, &err), "too old");
    assert_true(k8sc_error_is_gone(failure));
    OK(k8sc_request_do(request, &result, &err));
    FAILS(K8SC_E_API, k8sc_result_object(keep_result(result), &object, &err), "too old");
    assert_true(k8sc_error_is_gone(failure));
    k8sc_request_free(request);
}

/* Predicates go by reason, and by HTTP status only where the reason says nothing. */
static void predicates_go_by_reason_before_status(void **state)
{
    static const struct {
        int code;
        const char *reason;
        int (*is)(const k8sc_error *);
        int expected;
    } cases[] = {
        {404, "NotFound", k8sc_error_is_not_found, 1},
        {404, "SomethingNew", k8sc_error_is_not_found, 1},
        {404, "Conflict", k8sc_error_is_not_found, 0},
        {404, "Conflict", k8sc_error_is_conflict, 1},
        {409, "AlreadyExists", k8sc_error_is_already_exists, 1},
        {409, "AlreadyExists", k8sc_error_is_conflict, 0},
        {409, "SomethingNew", k8sc_error_is_already_exists, 0},
        {409, "SomethingNew", k8sc_error_is_conflict, 1},
        {422, "SomethingNew", k8sc_error_is_invalid, 1},
        {410, "Gone", k8sc_error_is_gone, 1},
        {410, "Expired", k8sc_error_is_gone, 1},
        {410, "SomethingNew", k8sc_error_is_gone, 1},
        {400, "Expired", k8sc_error_is_gone, 1},
        {403, "Forbidden", k8sc_error_is_forbidden, 1},
        {401, "Unauthorized", k8sc_error_is_unauthorized, 1},
        {401, "Unauthorized", k8sc_error_is_forbidden, 0},
        {429, "Forbidden", k8sc_error_is_too_many_requests, 1},
        {500, "TooManyRequests", k8sc_error_is_too_many_requests, 1},
        {504, "Timeout", k8sc_error_is_timeout, 1},
        {500, "ServerTimeout", k8sc_error_is_timeout, 1},
        {504, "SomethingNew", k8sc_error_is_timeout, 1},
        {500, "InternalError", k8sc_error_is_retriable, 1},
        {503, "ServiceUnavailable", k8sc_error_is_retriable, 1},
        {504, "Timeout", k8sc_error_is_retriable, 1},
        {404, "NotFound", k8sc_error_is_retriable, 0},
        {409, "Conflict", k8sc_error_is_retriable, 0},
    };
    char rule[128];
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        clear_faults();
        snprintf(rule, sizeof rule, "{\"status\":{\"code\":%d,\"reason\":\"%s\"}}", cases[i].code, cases[i].reason);
        fault(rule);
        fails_with(client, "GET");
        if (!!cases[i].is(failure) != cases[i].expected) fail_msg("case %d: %s", (int)i, k8sc_error_message(failure));
    }
}

/* Verb, resource, namespace/name and URL; never the token. */
static void message_names_the_request(void **state)
{
    k8sc_config *config = new_config();
    k8sc_object *object = NULL;
    k8sc_list *list = NULL;
    (void)state;
    OK(k8sc_config_set_token(config, "very-secret", &err));
    k8sc_client *of = new_client(config);
    k8sc_resource *maps = new_resource(of, "", "v1", "configmaps", "default");
    FAILS(K8SC_E_API, k8sc_resource_get(maps, "absent", NULL, &object, &err), "get configmaps default/absent", "GET ",
          "/api/v1/namespaces/default/configmaps/absent", "404", "NotFound");
    assert_null(strstr(k8sc_error_message(failure), "secret"));
    FAILS(K8SC_E_API, k8sc_resource_delete(new_resource(of, "", "v1", "nodes", NULL), "absent", NULL, &object, &err),
          "delete nodes absent", "/api/v1/nodes/absent");
    fault("{\"status\":{\"code\":403}}");
    FAILS(K8SC_E_API, k8sc_resource_list(maps, NULL, &list, &err), "list configmaps default", "GET ",
          "/api/v1/namespaces/default/configmaps");
    k8sc_request *request = get_map(of, "a");
    FAILS(K8SC_E_API, k8sc_request_do(request, NULL, &err), "get configmaps default/a", k8sc_request_url(request));
    assert_null(strstr(k8sc_error_message(failure), "secret"));
    k8sc_request_free(request);
}

/* Not even where the server repeats it. */
static void token_that_the_server_repeats(void **state)
{
    k8sc_object *object = NULL;
    (void)state;
    static char head[512];
    snprintf(head, sizeof head,
             "HTTP/1.1 401 Unauthorized\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nBearer very-secret is "
             "unknown");
    k8sc_config *config = new_config_for(new_raw_server(head, "", 0)->url);
    OK(k8sc_config_set_token(config, "very-secret", &err));
    FAILS(K8SC_E_API,
          k8sc_resource_get(new_resource(new_client(config), "", "v1", "nodes", NULL), "a", NULL, &object, &err),
          "401");
    assert_null(strstr(k8sc_error_message(failure), "very-secret"));
}

/* Errors of this side name the request too, and have no HTTP status. */
static void errors_of_this_side(void **state)
{
    k8sc_object *object = NULL;
    (void)state;
    fault("{\"reset\":true,\"verb\":\"delete\"}");
    FAILS(K8SC_E_TRANSPORT, k8sc_resource_delete(CONFIG_MAPS(), "a", NULL, &object, &err),
          "delete configmaps default/a", "DELETE ");
    assert_int_equal(k8sc_error_http_status(failure), 0);
    assert_string_equal(k8sc_error_reason(failure), "");
    assert_null(k8sc_error_status_json(failure));
    assert_true(k8sc_error_is_retriable(failure));
}

/* Errors without a request: for callbacks, and the answers on NULL. */
static void errors_by_hand(void **state)
{
    k8sc_error *made = k8sc_error_new(K8SC_E_STATE, "not yet");
    (void)state;
    assert_int_equal(k8sc_error_code(made), K8SC_E_STATE);
    assert_string_equal(k8sc_error_message(made), "not yet");
    k8sc_error_free(made);
    made = k8sc_error_new(K8SC_E_STATE, NULL);
    assert_non_null(k8sc_error_message(made));
    k8sc_error_free(made);
    assert_null(k8sc_error_new(K8SC_OK, "fine"));
    assert_null(k8sc_error_new(1, "fine"));
    assert_null(k8sc_error_copy(NULL));
    k8sc_error_free(NULL);
    assert_int_equal(k8sc_error_code(NULL), K8SC_OK);
    assert_non_null(k8sc_error_message(NULL));
    assert_string_equal(k8sc_error_reason(NULL), "");
    assert_int_equal(k8sc_error_cause_count(NULL), 0);
    assert_int_equal(k8sc_error_retry_after_ms(NULL), -1);
    assert_null(k8sc_error_status_json(NULL));
    assert_false(k8sc_error_is_not_found(NULL));
    assert_string_equal(k8sc_status_name(K8SC_E_TOO_LARGE), "K8SC_E_TOO_LARGE");
    assert_string_equal(k8sc_status_name(-1000), "K8SC_E_?");
    assert_string_equal(k8sc_status_name(1), "K8SC_E_?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reasons_without_a_status),
        TEST(long_page),
        TEST(status_wins),
        TEST(causes_of_a_status_are_kept),
        TEST(code_of_the_status),
        TEST(unusual_bodies),
        TEST(retry_after),
        TEST(failure_under_success),
        TEST(predicates_go_by_reason_before_status),
        TEST(message_names_the_request),
        TEST(token_that_the_server_repeats),
        TEST(errors_of_this_side),
        TEST(errors_by_hand),
    };
    return cmocka_run_group_tests_name("errors", tests, NULL, NULL);
}
