/* NULL for every handle and every argument that may not be: resources, options and requests. */
#include "support.h"

#define NEEDS(argument, call) ALSO_FAILS(K8SC_E_INVALID, (call), "argument " argument " is NULL")

static void null_to_options_is_told_by_name(void **state)
{
    k8sc_options *o = new_options();
    (void)state;
    NEEDS("out", k8sc_options_new(NULL, &err));
    NEEDS("options", k8sc_options_set_label_selector(NULL, "a", &err));
    NEEDS("selector", k8sc_options_set_label_selector(o, NULL, &err));
    NEEDS("options", k8sc_options_set_field_selector(NULL, "a=b", &err));
    NEEDS("selector", k8sc_options_set_field_selector(o, NULL, &err));
    NEEDS("options", k8sc_options_set_limit(NULL, 1, &err));
    NEEDS("options", k8sc_options_set_continue(NULL, "a", &err));
    NEEDS("token", k8sc_options_set_continue(o, NULL, &err));
    NEEDS("options", k8sc_options_set_resource_version(NULL, "1", &err));
    NEEDS("version", k8sc_options_set_resource_version(o, NULL, &err));
    NEEDS("options", k8sc_options_set_resource_version_match(NULL, "Exact", &err));
    NEEDS("match", k8sc_options_set_resource_version_match(o, NULL, &err));
    NEEDS("options", k8sc_options_set_timeout_seconds(NULL, 1, &err));
    NEEDS("options", k8sc_options_set_allow_watch_bookmarks(NULL, 1, &err));
    NEEDS("options", k8sc_options_set_dry_run(NULL, 1, &err));
    NEEDS("options", k8sc_options_set_field_manager(NULL, "a", &err));
    NEEDS("name", k8sc_options_set_field_manager(o, NULL, &err));
    NEEDS("options", k8sc_options_set_field_validation(NULL, "Warn", &err));
    NEEDS("directive", k8sc_options_set_field_validation(o, NULL, &err));
    NEEDS("options", k8sc_options_set_force(NULL, 1, &err));
    NEEDS("options", k8sc_options_set_propagation_policy(NULL, "Orphan", &err));
    NEEDS("policy", k8sc_options_set_propagation_policy(o, NULL, &err));
    NEEDS("options", k8sc_options_set_grace_period_seconds(NULL, 1, &err));
    NEEDS("options", k8sc_options_set_precondition_uid(NULL, "a", &err));
    NEEDS("uid", k8sc_options_set_precondition_uid(o, NULL, &err));
    NEEDS("options", k8sc_options_set_precondition_resource_version(NULL, "1", &err));
    NEEDS("version", k8sc_options_set_precondition_resource_version(o, NULL, &err));
    NEEDS("options", k8sc_options_set_subresource(NULL, "a", &err));
    NEEDS("subresource", k8sc_options_set_subresource(o, NULL, &err));
    NEEDS("options", k8sc_options_set_timeout(NULL, 1, &err));
    NEEDS("options", k8sc_options_set_cancel(NULL, NULL, &err));
    NEEDS("options", k8sc_options_set_max_retries(NULL, 1, &err));
    NEEDS("options", k8sc_options_set_queue(NULL, NULL, &err));
    k8sc_options_free(NULL);
    NO_FAILURES();
}

static void null_to_resources_is_told_by_name(void **state)
{
    k8sc_resource *out = NULL, *maps = CONFIG_MAPS();
    k8sc_object *object = parse("{\"metadata\":{\"name\":\"a\"}}"), *answer = NULL;
    k8sc_list *list = NULL;
    k8sc_pager *pager = NULL;
    k8sc_watch *watch = NULL;
    struct recorder *recorder = new_recorder();
    k8sc_options *o = new_options();
    (void)state;
    OK(k8sc_options_set_field_manager(o, "me", &err));
    NEEDS("client", k8sc_client_resource(NULL, "", "v1", "pods", NULL, &out, &err));
    NEEDS("group", k8sc_client_resource(client, NULL, "v1", "pods", NULL, &out, &err));
    NEEDS("version", k8sc_client_resource(client, "", NULL, "pods", NULL, &out, &err));
    NEEDS("resource", k8sc_client_resource(client, "", "v1", NULL, NULL, &out, &err));
    NEEDS("out", k8sc_client_resource(client, "", "v1", "pods", NULL, NULL, &err));
    NEEDS("resource", k8sc_resource_create(NULL, object, NULL, &answer, &err));
    NEEDS("object", k8sc_resource_create(maps, NULL, NULL, &answer, &err));
    NEEDS("resource", k8sc_resource_update(NULL, object, NULL, &answer, &err));
    NEEDS("object", k8sc_resource_update(maps, NULL, NULL, &answer, &err));
    NEEDS("resource", k8sc_resource_update_status(NULL, object, NULL, &answer, &err));
    NEEDS("object", k8sc_resource_update_status(maps, NULL, NULL, &answer, &err));
    NEEDS("resource", k8sc_resource_delete(NULL, "a", NULL, &answer, &err));
    NEEDS("name", k8sc_resource_delete(maps, NULL, NULL, &answer, &err));
    NEEDS("resource", k8sc_resource_delete_collection(NULL, NULL, &answer, &err));
    NEEDS("resource", k8sc_resource_get(NULL, "a", NULL, &answer, &err));
    NEEDS("name", k8sc_resource_get(maps, NULL, NULL, &answer, &err));
    NEEDS("resource", k8sc_resource_list(NULL, NULL, &list, &err));
    NEEDS("resource", k8sc_resource_list_all(NULL, NULL, &list, &err));
    NEEDS("resource", k8sc_resource_patch(NULL, "a", K8SC_PATCH_MERGE, "{}", 2, NULL, &answer, &err));
    NEEDS("name", k8sc_resource_patch(maps, NULL, K8SC_PATCH_MERGE, "{}", 2, NULL, &answer, &err));
    NEEDS("patch", k8sc_resource_patch(maps, "a", K8SC_PATCH_MERGE, NULL, 0, NULL, &answer, &err));
    NEEDS("resource", k8sc_resource_apply(NULL, "a", object, o, &answer, &err));
    NEEDS("name", k8sc_resource_apply(maps, NULL, object, o, &answer, &err));
    NEEDS("object", k8sc_resource_apply(maps, "a", NULL, o, &answer, &err));
    NEEDS("resource", k8sc_resource_apply_status(NULL, "a", object, o, &answer, &err));
    NEEDS("name", k8sc_resource_apply_status(maps, NULL, object, o, &answer, &err));
    NEEDS("object", k8sc_resource_apply_status(maps, "a", NULL, o, &answer, &err));
    NEEDS("resource", k8sc_resource_watch(NULL, NULL, RECORD(recorder), &watch, &err));
    assert_int_equal(recorder->destroyed, 1);
    NEEDS("resource", k8sc_resource_pages(NULL, NULL, &pager, &err));
    NEEDS("out", k8sc_resource_pages(maps, NULL, NULL, &err));
    NEEDS("pager", k8sc_pager_next(NULL, &answer, &err));
    OK(k8sc_resource_pages(maps, NULL, &pager, &err));
    NEEDS("out", k8sc_pager_next(pager, NULL, &err));
    k8sc_pager_free(pager);
    k8sc_pager_free(NULL);
    assert_null(k8sc_resource_ref(NULL));
    k8sc_resource_unref(NULL);
    assert_null(k8sc_watch_ref(NULL));
    k8sc_watch_unref(NULL);
    k8sc_watch_cancel(NULL);
    assert_int_equal(k8sc_list_size(NULL), -1);
    assert_null(k8sc_list_at(NULL, 0));
    k8sc_list_resource_version(NULL);
    k8sc_list_continue(NULL);
    assert_int_equal(k8sc_list_remaining_item_count(NULL), -1);
    k8sc_list_free(NULL);
    assert_int_equal(k8sc_testing_server_request_count(server, NULL, NULL), 0);
    NO_FAILURES();
}

/* Where the answer is not wanted, `out` may be NULL. */
static void no_answer_wanted(void **state)
{
    k8sc_resource *maps = CONFIG_MAPS();
    (void)state;
    OK(k8sc_resource_create(maps, parse("{\"metadata\":{\"name\":\"a\"}}"), NULL, NULL, &err));
    OK(k8sc_resource_get(maps, "a", NULL, NULL, &err));
    OK(k8sc_resource_delete(maps, "a", NULL, NULL, &err));
    OK(k8sc_resource_delete_collection(maps, NULL, NULL, &err));
    /* And the error too. */
    assert_int_equal(k8sc_resource_get(maps, "a", NULL, NULL, NULL), K8SC_E_API);
}

static void no_list_wanted(void **state)
{
    (void)state;
    OK(k8sc_resource_list(CONFIG_MAPS(), NULL, NULL, &err));
    OK(k8sc_resource_list_all(CONFIG_MAPS(), NULL, NULL, &err));
}

static void null_to_rest_clients_is_told_by_name(void **state)
{
    k8sc_rest_client *made = NULL, *core = new_rest(client, "", "v1");
    k8sc_request *request = NULL;
    (void)state;
    NEEDS("client", k8sc_client_rest(NULL, "", "v1", &made, &err));
    NEEDS("group", k8sc_client_rest(client, NULL, "v1", &made, &err));
    NEEDS("version", k8sc_client_rest(client, "", NULL, &made, &err));
    NEEDS("out", k8sc_client_rest(client, "", "v1", NULL, &err));
    NEEDS("rest", k8sc_rest_client_verb(NULL, "GET", &request, &err));
    NEEDS("verb", k8sc_rest_client_verb(core, NULL, &request, &err));
    NEEDS("out", k8sc_rest_client_verb(core, "GET", NULL, &err));
    NEEDS("rest", k8sc_rest_client_get(NULL, &request, &err));
    NEEDS("out", k8sc_rest_client_get(core, NULL, &err));
    NEEDS("rest", k8sc_rest_client_post(NULL, &request, &err));
    NEEDS("rest", k8sc_rest_client_put(NULL, &request, &err));
    NEEDS("rest", k8sc_rest_client_delete(NULL, &request, &err));
    NEEDS("rest", k8sc_rest_client_patch(NULL, K8SC_PATCH_MERGE, &request, &err));
    NEEDS("out", k8sc_rest_client_patch(core, K8SC_PATCH_MERGE, NULL, &err));
    assert_null(k8sc_rest_client_ref(NULL));
    k8sc_rest_client_unref(NULL);
    assert_null(k8sc_rest_client_group(NULL));
    assert_null(k8sc_rest_client_version(NULL));
    assert_null(k8sc_rest_client_rate_limiter(NULL));
    NO_FAILURES();
}

/* Setters of requests have no error of their own: the request keeps it. */
#define KEEPS(argument, call) \
    do { \
        k8sc_request *request = new_request("GET"); \
        assert_int_equal((call), K8SC_E_INVALID); \
        NEEDS(argument, k8sc_request_do(request, NULL, &err)); \
    } while (0)

static void null_to_requests_is_told_by_name(void **state)
{
    struct recorder *started = new_recorder(), *streamed = new_recorder();
    k8sc_stream *stream = NULL;
    size_t n = 7;
    char buffer[8];
    (void)state;
    KEEPS("name", k8sc_request_set_namespace(request, NULL));
    KEEPS("resource", k8sc_request_set_resource(request, NULL));
    KEEPS("name", k8sc_request_set_name(request, NULL));
    KEEPS("subresource", k8sc_request_set_subresource(request, NULL));
    KEEPS("suffix", k8sc_request_set_suffix(request, NULL));
    KEEPS("path", k8sc_request_set_abs_path(request, NULL));
    KEEPS("uri", k8sc_request_set_request_uri(request, NULL));
    KEEPS("name", k8sc_request_add_param(request, NULL, "v"));
    KEEPS("value", k8sc_request_add_param(request, "n", NULL));
    KEEPS("name", k8sc_request_set_header(request, NULL, "v"));
    KEEPS("value", k8sc_request_set_header(request, "n", NULL));
    KEEPS("body", k8sc_request_set_body(request, NULL, 0, NULL));
    KEEPS("object", k8sc_request_set_object(request, NULL));
    assert_int_equal(k8sc_request_set_namespace(NULL, "a"), K8SC_E_INVALID);
    assert_int_equal(k8sc_request_set_resource(NULL, "a"), K8SC_E_INVALID);
    assert_int_equal(k8sc_request_set_name(NULL, "a"), K8SC_E_INVALID);
    assert_int_equal(k8sc_request_set_subresource(NULL, "a"), K8SC_E_INVALID);
    assert_int_equal(k8sc_request_set_suffix(NULL, "a"), K8SC_E_INVALID);
    assert_int_equal(k8sc_request_set_abs_path(NULL, "/"), K8SC_E_INVALID);
    assert_int_equal(k8sc_request_set_request_uri(NULL, "/"), K8SC_E_INVALID);
    assert_int_equal(k8sc_request_add_param(NULL, "a", "b"), K8SC_E_INVALID);
    assert_int_equal(k8sc_request_set_header(NULL, "a", "b"), K8SC_E_INVALID);
    assert_int_equal(k8sc_request_set_body(NULL, "a", 1, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_request_set_object(NULL, parse("{}")), K8SC_E_INVALID);
    assert_int_equal(k8sc_request_set_timeout(NULL, 1), K8SC_E_INVALID);
    assert_int_equal(k8sc_request_set_max_retries(NULL, 1), K8SC_E_INVALID);
    assert_int_equal(k8sc_request_set_cancel(NULL, NULL), K8SC_E_INVALID);
    assert_null(k8sc_request_url(NULL));
    k8sc_request_free(NULL);
    NEEDS("request", k8sc_request_do(NULL, NULL, &err));
    NEEDS("request", k8sc_request_start(NULL, NULL, RECORD(started), NULL, &err));
    NEEDS("request", k8sc_request_start_stream(NULL, NULL, RECORD(streamed), NULL, &err));
    assert_int_equal(started->destroyed, 1);
    assert_int_equal(streamed->destroyed, 1);
    NEEDS("request", k8sc_request_stream(NULL, &stream, &err));
    NEEDS("out", k8sc_request_stream(new_request("GET"), NULL, &err));
    k8sc_request *version = new_request("GET");
    k8sc_request_set_abs_path(version, "/version");
    OK(k8sc_request_stream(version, &stream, &err));
    NEEDS("stream", k8sc_stream_read(NULL, buffer, 8, 0, &n, &err));
    NEEDS("buffer", k8sc_stream_read(stream, NULL, 8, 0, &n, &err));
    NEEDS("n", k8sc_stream_read(stream, buffer, 8, 0, NULL, &err));
    FAILS(K8SC_E_INVALID, k8sc_stream_read(stream, buffer, 0, 0, &n, &err), "size");
    FAILS(K8SC_E_INVALID, k8sc_stream_read(stream, buffer, 8, -2, &n, &err), "timeout_ms", "-2");
    k8sc_stream_free(stream);
    k8sc_stream_free(NULL);
    assert_null(k8sc_call_ref(NULL));
    k8sc_call_unref(NULL);
    k8sc_call_cancel(NULL);
    NO_FAILURES();
}

static void null_to_results_is_told_by_name(void **state)
{
    k8sc_request *request = new_request("GET");
    k8sc_result *result = NULL;
    k8sc_object *object = NULL;
    k8sc_list *list = NULL;
    size_t len = 7;
    (void)state;
    k8sc_request_set_abs_path(request, "/version");
    OK(k8sc_request_do(request, &result, &err));
    keep_result(result);
    NEEDS("result", k8sc_result_object(NULL, &object, &err));
    NEEDS("out", k8sc_result_object(result, NULL, &err));
    NEEDS("result", k8sc_result_list(NULL, &list, &err));
    NEEDS("out", k8sc_result_list(result, NULL, &err));
    assert_int_equal(k8sc_result_http_status(NULL), 0);
    assert_null(k8sc_result_body(NULL, &len));
    assert_int_equal(len, 0);
    assert_null(k8sc_result_header(NULL, "a"));
    assert_null(k8sc_result_header(result, NULL));
    k8sc_result_throttled_ms(NULL);
    k8sc_result_attempts(NULL);
    k8sc_result_free(NULL);
    NO_FAILURES();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(null_to_options_is_told_by_name),
        TEST(null_to_resources_is_told_by_name),
        TEST(no_answer_wanted),
        TEST(no_list_wanted),
        TEST(null_to_rest_clients_is_told_by_name),
        TEST(null_to_requests_is_told_by_name),
        TEST(null_to_results_is_told_by_name),
    };
    return cmocka_run_group_tests_name("wrong input of requests", tests, NULL, NULL);
}
