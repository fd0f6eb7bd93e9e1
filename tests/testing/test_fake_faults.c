/* The fake API server: what goes wrong on purpose. */
#include "support.h"

static void faults_answer_otherwise(void **state)
{
    (void)state;
    put_labelled("default", "a", NULL, "{}");
    fault("{\"verb\":\"list\",\"resource\":\"configmaps\",\"times\":2,\"status\":{\"code\":429,\"retryAfter\":3}}");
    get(MAPS);
    assert_int_equal(answer.code, 429);
    assert_text("reason", "TooManyRequests");
    assert_int_equal(number("details.retryAfterSeconds"), 3);
    assert_non_null(strstr(answer.headers.data, "Retry-After: 3\r\n"));
    assert_int_equal(get(MAPS "/a"), 200);
    assert_int_equal(get(MAPS), 429);
    assert_int_equal(get(MAPS), 200);
    clear_faults();

    fault("{\"status\":{\"code\":403,\"reason\":\"Forbidden\",\"message\":\"not you\"}}");
    get("/version");
    assert_status(403, "Forbidden", "not you");
    assert_null(strstr(answer.headers.data, "Retry-After"));
    clear_faults();

    fault("{\"garbage\":\"not json\"}");
    assert_int_equal(get(MAPS), 200);
    assert_string_equal(answer.body.data, "not json");
    assert_non_null(strstr(answer.headers.data, "Content-Type: application/json"));
    clear_faults();

    fault("{\"html\":502}");
    assert_int_equal(get(MAPS), 502);
    assert_non_null(strstr(answer.headers.data, "Content-Type: text/html"));
    clear_faults();
    fault("{\"html\":true}");
    assert_int_equal(get(MAPS), 200);
    assert_non_null(strstr(answer.body.data, "<html>"));
    clear_faults();

    fault("{\"delay_ms\":300}");
    const int64_t begin = now_ms();
    assert_int_equal(get(MAPS), 200);
    assert_in_range(now_ms() - begin, 290, 3000);
    clear_faults();

    const int64_t id = fault("{\"path\":\"/api/v1/namespaces/default/configmaps/\",\"reset\":true}");
    assert_int_equal(get(MAPS), 200);
    get(MAPS "/a");
    if (over_http2())
        assert_int_not_equal(answer.result, CURLE_OK);
    else
        assert_int_equal(answer.result, CURLE_RECV_ERROR);
    /* curl tries once more where a connection that it used before is lost. */
    assert_in_range(k8sc_testing_server_fault_count(server, id), 1, 2);
    k8sc_error *err = NULL;
    OK(k8sc_testing_server_remove_fault(server, id, &err));
    assert_int_equal(k8sc_testing_server_fault_count(server, id), -1);
    assert_int_equal(k8sc_testing_server_remove_fault(server, id, &err), K8SC_E_INVALID);
    k8sc_error_free(err);
    assert_int_equal(get(MAPS "/a"), 200);
}

static void faults_spoil_bodies(void **state)
{
    (void)state;
    put_labelled("default", "a", NULL, "{}");
    get(MAPS);
    const size_t whole = answer.body.len;

    fault("{\"cut_after_bytes\":40}");
    get(MAPS);
    assert_cut();
    assert_int_equal(answer.body.len, 40);
    clear_faults();
    fault("{\"cut_after_bytes\":0}");
    get(MAPS);
    assert_int_equal(answer.code, 200);
    assert_cut();
    assert_int_equal(answer.body.len, 0);
    clear_faults();
    fault("{\"cut_after_bytes\":100000}");
    assert_int_equal(get(MAPS), 200);
    assert_int_equal(answer.result, CURLE_OK);
    clear_faults();

    fault("{\"truncate\":true}");
    get(MAPS);
    assert_int_equal(answer.result, CURLE_OK);
    assert_int_equal(answer.body.len, (whole - 1) / 2);
    clear_faults();

    fault("{\"oversized_frame_bytes\":3000000}");
    get(MAPS);
    assert_true(answer.body.len > whole + 3000000);
    assert_int_equal(strlen(text("items.0.padding")), 3000000);
    get(MAPS "/a");
    assert_int_equal(strlen(text("padding")), 3000000);
    clear_faults();

    fault("{\"deep\":5000}");
    get(MAPS "/a");
    assert_int_equal(answer.code, 200);
    assert_null(answer.json);
    assert_non_null(strstr(answer.body.data, "[[[[["));
    clear_faults();

    fault("{\"invalid_utf8\":true}");
    get(MAPS "/a");
    assert_null(answer.json);
    assert_non_null(strstr(answer.body.data, "\xc3\x28"));
    clear_faults();

    fault("{\"slow_bytes_per_second\":400}");
    int64_t begin = now_ms();
    get(MAPS);
    assert_int_equal(answer.body.len, whole);
    assert_in_range(now_ms() - begin, (int64_t)whole * 1000 / 400 - 100, 10000);
    clear_faults();

    fault("{\"stall_after_bytes\":10,\"verb\":\"list\"}");
    begin = now_ms();
    curl_easy_reset(handle);
    forget_answer();
    struct curl_slist *headers = aim(handle, MAPS, NULL);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, 300L);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &answer.body);
    assert_int_equal(curl_easy_perform(handle), CURLE_OPERATION_TIMEDOUT);
    curl_slist_free_all(headers);
    assert_int_equal(answer.body.len, 10);
}

static void faults_spoil_watches(void **state)
{
    (void)state;
    put_labelled("default", "a", NULL, "{}");
    fault("{\"verb\":\"watch\",\"nth\":1,\"garbage\":\"}{\"}");
    fault("{\"verb\":\"watch\",\"nth\":2,\"error_event\":{\"code\":500,\"message\":\"etcd is tired\"}}");
    fault("{\"verb\":\"watch\",\"nth\":3,\"cut_after_bytes\":30}");
    fault("{\"verb\":\"watch\",\"nth\":4,\"oversized_frame_bytes\":100000}");
    fault("{\"verb\":\"watch\",\"nth\":5,\"truncate\":true}");
    fault("{\"verb\":\"watch\",\"nth\":6,\"stall_after_bytes\":20}");
    fault("{\"verb\":\"watch\",\"nth\":7,\"status\":{\"code\":410}}");

    struct watch *watch = start_watch(MAPS, "resourceVersion=0");
    assert_frame(watch, 1, "ADDED", "a");
    assert_null(frame(watch, 0));
    assert_int_equal(strncmp(watch->text.data, "}{\n", 3), 0);
    end_watch(watch);

    get(MAPS "?watch=1");
    assert_int_equal(answer.result, CURLE_OK);
    assert_text("type", "ERROR");
    assert_text("object.message", "etcd is tired");
    assert_text("object.reason", "InternalError");

    get(MAPS "?watch=1");
    assert_cut();
    assert_int_equal(answer.body.len, 30);

    watch = start_watch(MAPS, "resourceVersion=0");
    assert_frame(watch, 0, "ADDED", "a");
    assert_int_equal(strlen(json_string_value(at(watch->frame, "object.padding"))), 100000);
    put_labelled("default", "b", NULL, "{}");
    assert_frame(watch, 1, "ADDED", "b");
    assert_null(at(watch->frame, "object.padding"));
    end_watch(watch);

    get(MAPS "?watch=1");
    assert_int_equal(answer.result, CURLE_OK);
    assert_true(answer.body.len > 20);
    assert_null(strchr(answer.body.data, '\n'));

    watch = start_watch(MAPS, "resourceVersion=0");
    put_labelled("default", "c", NULL, "{}");
    assert_int_equal(k8sc_testing_server_watch_count(server), 1);
    pause_ms(100);
    end_watch(watch);

    assert_int_equal(get(MAPS "?watch=1"), 410);
}

static int failures_of(const char *rule, int requests)
{
    int failures = 0;
    fault(rule);
    for (int i = 0; i < requests; i++) failures += get("/version") == 503 ? 1 << i : 0;
    clear_faults();
    return failures;
}

static void faults_come_when_they_are_due(void **state)
{
    (void)state;
    assert_int_equal(failures_of("{\"nth\":3,\"status\":{\"code\":503}}", 6), 0x04);
    assert_int_equal(failures_of("{\"nth\":2,\"times\":2,\"status\":{\"code\":503}}", 6), 0x06);
    assert_int_equal(failures_of("{\"times\":2,\"status\":{\"code\":503}}", 6), 0x03);
    assert_int_equal(failures_of("{\"status\":{\"code\":503}}", 6), 0x3f);
    assert_int_equal(failures_of("{\"probability\":0,\"status\":{\"code\":503}}", 6), 0);
    assert_int_equal(failures_of("{\"probability\":1.0,\"status\":{\"code\":503}}", 6), 0x3f);
    const int fate = failures_of("{\"probability\":0.5,\"seed\":7,\"status\":{\"code\":503}}", 24);
    assert_true(fate != 0 && fate != 0xffffff);
    assert_int_equal(failures_of("{\"probability\":0.5,\"seed\":7,\"status\":{\"code\":503}}", 24), fate);
    assert_int_not_equal(failures_of("{\"probability\":0.5,\"seed\":8,\"status\":{\"code\":503}}", 24), fate);
}

static void refuses_wrong_rules(void **state)
{
    static const char *const cases[][2] = {
        {"{\"verbs\":\"list\",\"reset\":true}", "\"verbs\" is not known"},
        {"{\"verb\":\"lists\",\"reset\":true}", "unknown verb \"lists\""},
        {"{\"verb\":\"list|\",\"reset\":true}", "unknown verb \"\""},
        {"{\"verb\":\"list\"}", "does not say what is to happen"},
        {"{\"reset\":true,\"deep\":1}", "cannot go together with \"reset\""},
        {"{\"reset\":1}", "\"reset\" must be true"},
        {"{\"status\":{\"retryAfter\":1}}", "\"status.code\" is missing"},
        {"{\"status\":{\"code\":99}}", "\"status.code\" must be an integer, 200 to 599"},
        {"{\"status\":{\"code\":429,\"retry\":1}}", "\"status.retry\" is not known"},
        {"{\"status\":429}", "\"status\" must be an object"},
        {"{\"nth\":0,\"reset\":true}", "\"nth\" must be an integer, 1 or more"},
        {"{\"probability\":2,\"reset\":true}", "\"probability\" must be a number from 0 to 1"},
        {"{\"cut_after_bytes\":-1}", "\"cut_after_bytes\" must be an integer, 0 or more"},
        {"{\"cut_after_bytes\":\"1\"}", "\"cut_after_bytes\" must be an integer, 0 or more"},
        {"{\"garbage\":1}", "\"garbage\" must be a string"},
        {"{\"end_bookmark\":\"late\"}", "\"end_bookmark\" must be one of \"never\", \"twice\", \"cut\", \"end\""},
        {"[]", "no JSON object"},
    };
    (void)state;
    k8sc_error *err = NULL;
    int64_t id = 1;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(k8sc_testing_server_add_fault(server, cases[i][0], &id, &err), K8SC_E_INVALID);
        assert_int_equal(id, 0);
        if (!strstr(k8sc_error_message(err), cases[i][1])) fail_msg("%s: %s", cases[i][0], k8sc_error_message(err));
        k8sc_error_free(err);
    }
    assert_int_equal(k8sc_testing_server_add_fault(server, "{", NULL, &err), K8SC_E_PARSE);
    k8sc_error_free(err);
    assert_int_equal(get("/version"), 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(faults_answer_otherwise),       TEST(faults_spoil_bodies), TEST(faults_spoil_watches),
        TEST(faults_come_when_they_are_due), TEST(refuses_wrong_rules),
    };
    return run_named_tests("fake faults", tests, sizeof tests / sizeof *tests);
}
