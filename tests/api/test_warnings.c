/* Warnings of the server: their header, who is told, and how often. */
#include "notes.h"

#define ANSWER(headers) \
    "HTTP/1.1 200 OK\r\n" headers "Content-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"

static k8sc_result *ask(k8sc_client *of)
{
    k8sc_request *request = NULL;
    k8sc_result *result = NULL;
    OK(k8sc_rest_client_get(new_rest(of, "", "v1"), &request, &err));
    k8sc_request_set_resource(request, "configmaps");
    OK(k8sc_request_do(request, &result, &err));
    k8sc_request_free(request);
    return keep_result(result);
}

static void header_syntax(void **state)
{
    static const struct {
        const char *headers, *texts[3];
    } cases[] = {
        {"", {0}},
        {"Warning: 299 - \"v1 is deprecated\"\r\n", {"v1 is deprecated"}},
        {"Warning: 299 - \"one\"\r\nWarning: 299 - \"two\"\r\n", {"one", "two"}},
        {"Warning: 299 - \"one, with \\\"quotes\\\" and \\\\\", 299 agent \"two\" \"Sun, 06 Nov 1994 08:49:37 "
         "GMT\",299 - \"three\"\r\n",
         {"one, with \"quotes\" and \\", "two", "three"}},
        {"Warning: 199 - \"other code\", 299 - \"fine\"\r\n", {"fine"}},
        {"Warning: 299 - \"\"\r\n", {0}},
        {"Warning: 299 - \"tab\there\"\r\n", {"tab here"}},
        {"Warning: 299 - \"caf\xc3\xa9\"\r\n", {"caf\xc3\xa9"}},
        {"Warning: 299 - \"caf\xe9\"\r\n", {"caf?"}},
        {"Warning: 299 - \"=?utf-8?q?caf=C3=A9_=22x=22?= and =?iso-8859-1?b?6Q==?=\"\r\n",
         {"caf\xc3\xa9 \"x\" and \xc3\xa9"}},
        {"Warning: 299 - \"=?utf-8?q?a=0Ab=00c=1B[31m?=\", 299 - \"=?koi8-r?q?b?=\"\r\n",
         {"a?b?c?[31m", "=?koi8-r?q?b?="}},
        {"Warning: 299 - \"=?utf-8?q?=FF?=\"\r\n", {"?"}},
        {"Warning: 299 - \"=?utf-8?q?\?=\"\r\n", {0}},
        {"Warning: 299 - unquoted\r\n", {0}},
        {"Warning: 299 - \"no end\r\n", {0}},
        {"Warning: 299 - \"no end\\\r\n", {0}},
        {"Warning: 299 \"no agent\"\r\n", {0}},
        {"Warning: 2999 - \"long code\"\r\n", {0}},
        {"Warning: \r\n", {0}},
        {"Warning: 299 - \"kept\", 299 - broken\r\n", {"kept"}},
        {"Warning: 299 - \"broken\" tail\r\nWarning: 299 - \"next header\"\r\n", {"next header"}},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char answer[1024];
        snprintf(answer, sizeof answer, ANSWER("%s"), cases[i].headers);
        struct raw_server *raw = new_raw_server(answer, "", 0);
        k8sc_result *result = ask(new_client(new_config_for(raw->url)));
        int32_t wanted = 0;
        while (wanted < 3 && cases[i].texts[wanted]) wanted++;
        if (k8sc_result_warning_count(result) != wanted)
            fail_msg("%s: %d warnings", cases[i].headers, (int)k8sc_result_warning_count(result));
        for (int32_t j = 0; j < wanted; j++) assert_string_equal(k8sc_result_warning(result, j), cases[i].texts[j]);
        assert_null(k8sc_result_warning(result, wanted));
        assert_null(k8sc_result_warning(result, -1));
    }
    assert_int_equal(k8sc_result_warning_count(NULL), 0);
    assert_null(k8sc_result_warning(NULL, 0));
}

/* Once for each subscriber, or each time; from verbs, lists and errors. */
static void told_once(void **state)
{
    struct notes *once = new_notes(), *each = new_notes();
    k8sc_queue *queue = k8sc_client_queue(client);
    (void)state;
    OK(k8sc_client_on_warning(client, 0, NULL, NOTES(once), NULL, &err));
    OK(k8sc_client_on_warning(client, 1, NULL, NOTES(each), NULL, &err));
    fault("{\"warning\":\"say \\\"this\\\"\",\"times\":3}");
    for (int i = 0; i < 3; i++) assert_int_equal(k8sc_result_warning_count(ask(client)), 1);
    fault("{\"warning\":\"say that\",\"times\":1}");
    FAILS(K8SC_E_API, k8sc_resource_get(CONFIG_MAPS(), "nothing", NULL, NULL, &err), "nothing");
    deliver(queue);
    assert_int_equal(each->count, 4);
    assert_int_equal(once->count, 2);
    assert_int_equal(once->first->kind, K8SC_EVENT_WARNING);
    assert_int_equal(once->first->level, K8SC_LOG_WARNING);
    assert_string_equal(once->first->component, "warning");
    assert_string_equal(once->first->text, "say \"this\"");
    assert_string_equal(once->first->next->text, "say that");
}

static void watches_and_streams(void **state)
{
    struct notes *notes = new_notes();
    struct recorder *recorder = new_recorder();
    k8sc_request *request = NULL;
    k8sc_watch *watch = NULL;
    (void)state;
    OK(k8sc_client_on_warning(client, 0, NULL, NOTES(notes), NULL, &err));
    fault("{\"warning\":\"of a watch\",\"times\":1}");
    OK(k8sc_resource_watch(CONFIG_MAPS(), NULL, RECORD(recorder), &watch, &err));
    await_note(k8sc_client_queue(client), notes, "warning", "of a watch");
    fault("{\"warning\":\"of a stream\",\"times\":1}");
    OK(k8sc_rest_client_get(new_rest(client, "", "v1"), &request, &err));
    k8sc_request_set_resource(request, "configmaps");
    OK(k8sc_request_start_stream(request, NULL, RECORD(new_recorder()), NULL, &err));
    await_note(k8sc_client_queue(client), notes, "warning", "of a stream");
    k8sc_request_free(request);
    k8sc_watch_unref(watch);
}

/* Who does not subscribe finds them in the log, once. */
static void into_the_log(void **state)
{
    struct notes *log = new_notes(), *warnings = new_notes();
    k8sc_subscription *subscription = NULL;
    (void)state;
    OK(k8sc_client_on_log(client, K8SC_LOG_WARNING, NULL, NOTES(log), NULL, &err));
    fault("{\"warning\":\"beware\"}");
    ask(client);
    ask(client);
    deliver(k8sc_client_queue(client));
    assert_int_equal(log->count, 1);
    assert_string_equal(log->first->component, "warning");
    assert_string_equal(log->first->text, "beware");
    OK(k8sc_client_on_warning(client, 0, NULL, NOTES(warnings), &subscription, &err));
    ask(client);
    k8sc_subscription_cancel(subscription);
    k8sc_subscription_cancel(subscription);
    ask(client);
    deliver(k8sc_client_queue(client));
    assert_int_equal(log->count, 1);
    assert_int_equal(warnings->count, 0); /* it waited, and was muted */
    assert_int_equal(warnings->destroyed, 1);
    k8sc_subscription_unref(subscription);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(header_syntax),
        TEST(told_once),
        TEST(watches_and_streams),
        TEST(into_the_log),
    };
    return cmocka_run_group_tests_name("warnings", tests, NULL, free_notes);
}
