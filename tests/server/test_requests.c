/* The request builder: raw requests, discovery documents, errors, started requests and streamed bodies. */
#include "support.h"

static k8sc_request *get_request(const char *abs_path)
{
    k8sc_rest_client **rest = rest_slot();
    k8sc_request **request = request_slot();
    OK(k8sc_client_rest(client, "", "v1", rest, &err));
    OK(k8sc_rest_client_get(*rest, request, &err));
    if (abs_path) OK(k8sc_request_set_abs_path(*request, abs_path));
    return *request;
}

static k8sc_result *answer(k8sc_request *request)
{
    k8sc_result **result = result_slot();
    OK(k8sc_request_do(request, result, &err));
    return *result;
}

static void a_raw_request_reads_the_version(void **state)
{
    k8sc_object **object = object_slot();
    k8sc_result *result = answer(get_request("/version"));
    (void)state;
    assert_int_equal(k8sc_result_http_status(result), 200);
    assert_int_equal(k8sc_result_attempts(result), 1);
    assert_contains(k8sc_result_header(result, "content-TYPE"), "application/json");
    OK(k8sc_result_object(result, object, &err));
    assert_string_equal(k8sc_object_str(*object, "/major", NULL), "1");
}

static void text_is_a_body_too(void **state)
{
    size_t len;
    k8sc_result *result = answer(get_request("/healthz"));
    (void)state;
    assert_string_equal(k8sc_result_body(result, &len), "ok");
    assert_int_equal(len, 2);
    FAILS(K8SC_E_DECODE, k8sc_result_object(result, object_slot(), &err));
}

static void discovery_documents(void **state)
{
    static const struct {
        const char *path, *kind, *part;
    } documents[] = {
        {"/api", "APIVersions", "\"v1\""},
        {"/apis", "APIGroupList", "\"apps\""},
        {"/api/v1", "APIResourceList", "\"pods/eviction\""},
        {"/apis/apps", "APIGroup", "\"apps/v1\""},
        {"/apis/apps/v1", "APIResourceList", "\"deployments/scale\""},
    };
    size_t i;
    (void)state;
    for (i = 0; i < sizeof documents / sizeof *documents; i++) {
        k8sc_object **object = object_slot();
        k8sc_result *result = answer(get_request(documents[i].path));
        OK(k8sc_result_object(result, object, &err));
        assert_string_equal(k8sc_object_kind(*object), documents[i].kind);
        assert_contains(k8sc_result_body(result, NULL), documents[i].part);
    }
}

static void errors_name_the_request_and_the_reason(void **state)
{
    static const struct {
        const char *method, *path, *body, *reason;
        int32_t status;
    } refused[] = {
        {"GET", "/nothing", NULL, "", 404},
        {"GET", "/api/v1/namespaces/nowhere", NULL, "NotFound", 404},
        {"POST", "/api/v1/namespaces", "not json", "BadRequest", 400},
        {"POST", "/api/v1/namespaces", "{\"metadata\":{\"name\":\"Upper\"}}", "Invalid", 422},
        {"POST", "/api/v1/namespaces", "{\"metadata\":{\"name\":\"default\"}}", "AlreadyExists", 409},
        {"PUT", "/api/v1/namespaces/default", "{\"metadata\":{\"name\":\"other\"}}", "BadRequest", 400},
        {"POST", "/api/v1/namespaces/default", "{}", "MethodNotAllowed", 405},
        {"DELETE", "/api/v1/namespaces/kube-system", NULL, "Forbidden", 403},
        {"GET", "/api/v1/namespaces?fieldSelector=bad%3Dfield", NULL, "BadRequest", 400},
        {"GET", "/api/v1/namespaces?limit=x", NULL, "", 400},
    };
    k8sc_rest_client **rest = rest_slot();
    size_t i;
    (void)state;
    OK(k8sc_client_rest(client, "", "v1", rest, &err));
    for (i = 0; i < sizeof refused / sizeof *refused; i++) {
        k8sc_request **request = request_slot();
        char url[256];
        OK(k8sc_rest_client_verb(*rest, refused[i].method, request, &err));
        OK(k8sc_request_set_request_uri(*request, refused[i].path));
        if (refused[i].body) OK(k8sc_request_set_body(*request, refused[i].body, strlen(refused[i].body), NULL));
        FAILS(K8SC_E_API, k8sc_request_do(*request, result_slot(), &err));
        if (k8sc_error_http_status(failure) != refused[i].status) fail_msg("%s", k8sc_error_message(failure));
        if (*refused[i].reason) assert_string_equal(k8sc_error_reason(failure), refused[i].reason);
        snprintf(url, sizeof url, "%s%.*s", cluster_url, (int)strcspn(refused[i].path, "?"), refused[i].path);
        assert_contains(k8sc_error_message(failure), url);
        assert_contains(k8sc_error_message(failure), refused[i].method);
    }
}

static void the_parts_of_a_path(void **state)
{
    k8sc_request *request = get_request(NULL);
    char url[256];
    (void)state;
    create(configmaps(), configmap("a", "1"));
    k8sc_request_set_namespace(request, ns);
    k8sc_request_set_resource(request, "configmaps");
    k8sc_request_set_name(request, "a");
    k8sc_request_add_param(request, "pretty", "true");
    snprintf(url, sizeof url, "%s/api/v1/namespaces/%s/configmaps/a?pretty=true", cluster_url, ns);
    assert_string_equal(k8sc_request_url(request), url);
    assert_contains(k8sc_result_body(answer(request), NULL), "\n  \"metadata\": {");
}

static void a_list_as_a_result(void **state)
{
    k8sc_request *request = get_request(NULL);
    k8sc_list **found = list_slot();
    (void)state;
    create(configmaps(), configmap("a", "1"));
    k8sc_request_set_namespace(request, ns);
    k8sc_request_set_resource(request, "configmaps");
    OK(k8sc_result_list(answer(request), found, &err));
    assert_int_equal(k8sc_list_size(*found), 1);
    assert_string_equal(k8sc_object_name(k8sc_list_at(*found, 0)), "a");
}

static void headers_reach_the_server(void **state)
{
    k8sc_request *request = get_request(NULL);
    k8sc_object **table = object_slot();
    (void)state;
    create(configmaps(), configmap("a", "1"));
    k8sc_request_set_namespace(request, ns);
    k8sc_request_set_resource(request, "configmaps");
    k8sc_request_set_header(request, "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io");
    OK(k8sc_result_object(answer(request), table, &err));
    assert_string_equal(k8sc_object_kind(*table), "Table");
    assert_string_equal(k8sc_object_str(*table, "/rows/0/cells/0", NULL), "a");
}

static void a_started_request_completes_in_the_queue(void **state)
{
    k8sc_request *request = get_request("/version");
    const k8sc_event *event;
    (void)state;
    OK(k8sc_request_start(request, NULL, NULL, NULL, NULL, call_slot(), &err));
    event = expect_event(K8SC_EVENT_COMPLETED, NULL);
    assert_null(k8sc_event_error(event));
    assert_int_equal(k8sc_result_http_status(k8sc_event_result(event)), 200);
}

static void a_started_request_may_fail(void **state)
{
    k8sc_request *request = get_request("/api/v1/namespaces/nowhere");
    const k8sc_event *event;
    (void)state;
    OK(k8sc_request_start(request, NULL, NULL, NULL, NULL, NULL, &err));
    event = expect_event(K8SC_EVENT_COMPLETED, NULL);
    assert_true(k8sc_error_is_not_found(k8sc_event_error(event)));
    assert_null(k8sc_event_result(event));
}

static k8sc_request *watch_request(void)
{
    k8sc_request *request = get_request(NULL);
    k8sc_request_set_namespace(request, ns);
    k8sc_request_set_resource(request, "configmaps");
    k8sc_request_add_param(request, "watch", "true");
    k8sc_request_add_param(request, "timeoutSeconds", "3");
    return request;
}

/* Reads on until the text has come, which may be in pieces. */
static void read_until(k8sc_stream *stream, char *text, size_t size, const char *part)
{
    size_t used = strlen(text), n;
    while (!strstr(text, part)) {
        if (used + 1 >= size) fail_msg("%s did not come: %s", part, text);
        OK(k8sc_stream_read(stream, text + used, size - 1 - used, 20000, &n, &err));
        if (n == 0) fail_msg("%s did not come before the end: %s", part, text);
        text[used += n] = '\0';
    }
}

static void a_body_read_piece_by_piece(void **state)
{
    k8sc_stream **stream = stream_slot();
    char text[8192] = "", rest[256];
    size_t n = 1;
    (void)state;
    create(configmaps(), configmap("first", "1"));
    OK(k8sc_request_stream(watch_request(), stream, &err));
    read_until(*stream, text, sizeof text, "\"first\"");
    FAILS(K8SC_E_TIMEOUT, k8sc_stream_read(*stream, rest, sizeof rest, 100, &n, &err));
    create(configmaps(), configmap("second", "1"));
    read_until(*stream, text, sizeof text, "\"second\"");
    while (n)
        OK(k8sc_stream_read(*stream, rest, sizeof rest, 20000, &n, &err)); /* to the end, which the server makes */
}

static void a_stream_that_is_refused(void **state)
{
    (void)state;
    FAILS(K8SC_E_API, k8sc_request_stream(get_request("/api/v1/namespaces/nowhere"), stream_slot(), &err));
    assert_true(k8sc_error_is_not_found(failure));
}

static void a_body_as_events(void **state)
{
    char text[8192] = "";
    const k8sc_event *event;
    const char *data;
    size_t used = 0, len;
    (void)state;
    create(configmaps(), configmap("first", "1"));
    OK(k8sc_request_start_stream(watch_request(), NULL, NULL, NULL, NULL, call_slot(), &err));
    while (!strstr(text, "\"first\"")) {
        data = k8sc_event_data(expect_event(K8SC_EVENT_DATA, NULL), &len);
        assert_true(used + len < sizeof text);
        memcpy(text + used, data, len);
        text[used += len] = '\0';
    }
    for (event = next_event(); k8sc_event_kind(event) == K8SC_EVENT_DATA; event = next_event()) {
    }
    assert_int_equal(k8sc_event_kind(event), K8SC_EVENT_CLOSED);
    assert_null(k8sc_event_error(event));
}

static void a_stream_that_is_cancelled(void **state)
{
    k8sc_call **call = call_slot();
    (void)state;
    create(configmaps(), configmap("first", "1"));
    OK(k8sc_request_start_stream(watch_request(), NULL, NULL, NULL, NULL, call, &err));
    expect_event(K8SC_EVENT_DATA, NULL);
    k8sc_call_cancel(*call);
    assert_int_equal(k8sc_error_code(k8sc_event_error(expect_event(K8SC_EVENT_CLOSED, NULL))), K8SC_E_CANCELLED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_raw_request_reads_the_version),
        TEST(text_is_a_body_too),
        TEST(discovery_documents),
        TEST(errors_name_the_request_and_the_reason),
        TEST(the_parts_of_a_path),
        TEST(a_list_as_a_result),
        TEST(headers_reach_the_server),
        TEST(a_started_request_completes_in_the_queue),
        TEST(a_started_request_may_fail),
        TEST(a_body_read_piece_by_piece),
        TEST(a_stream_that_is_refused),
        TEST(a_body_as_events),
        TEST(a_stream_that_is_cancelled),
    };
    return RUN_ON_CLUSTER("", tests);
}
