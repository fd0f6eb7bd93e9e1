/* Logs and traces: what is told, at which level, and what never is. */
#include "notes.h"

#define TOKEN "sesame-4711"

static k8sc_request *get_maps(k8sc_client *of)
{
    k8sc_request *request = NULL;
    OK(k8sc_rest_client_get(new_rest(of, "", "v1"), &request, &err));
    k8sc_request_set_namespace(request, "default");
    k8sc_request_set_resource(request, "configmaps");
    return track(request, (void (*)(void *))k8sc_request_free);
}

static void each_level_tells_its_part_of_a_request(void **state)
{
    struct notes *debug = new_notes(), *trace = new_notes(), *info = new_notes();
    (void)state;
    OK(k8sc_client_on_log(client, K8SC_LOG_DEBUG, NULL, NOTES(debug), NULL, &err));
    OK(k8sc_client_on_log(client, K8SC_LOG_TRACE, NULL, NOTES(trace), NULL, &err));
    OK(k8sc_client_on_log(client, K8SC_LOG_INFO, NULL, NOTES(info), NULL, &err));
    seed_map("a");
    OK(k8sc_request_do(get_maps(client), NULL, &err));
    OK(k8sc_resource_create(
        CONFIG_MAPS(), parse("{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"sent-by-me\"}}"),
        NULL, NULL, &err));
    deliver(k8sc_client_queue(client));
    struct note *note = find_note(debug, "http", "/api/v1/namespaces/default/configmaps: 200 after ");
    assert_non_null(note);
    assert_int_equal(note->kind, K8SC_EVENT_LOG);
    assert_int_equal(note->level, K8SC_LOG_DEBUG);
    assert_int_equal(debug->count, 2);
    assert_int_equal(info->count, 0);
    assert_non_null(find_note(trace, "http", "> GET http"));
    assert_non_null(find_note(trace, "http", "> User-Agent: "));
    assert_non_null(find_note(trace, "http", "< 200"));
    assert_non_null(find_note(trace, "http", "sent-by-me"));
    assert_non_null(find_note(trace, "http", "\"ConfigMapList\""));
    for (struct note *each = trace->first; each; each = each->next) assert_true(strlen(each->text) < 4096);
}

/* No level shows a token, wherever it stands. */
static void no_level_shows_a_token(void **state)
{
    struct notes *notes = new_notes(), *traces = new_notes();
    struct raw_server *raw =
        new_raw_server("HTTP/1.1 401 Unauthorized\r\nSet-Cookie: session=" TOKEN "\r\nX-Echo: " TOKEN "\r\n"
                       "Content-Type: text/plain\r\nContent-Length: 16\r\nConnection: close\r\n\r\nno, " TOKEN "!",
                       "", 0);
    k8sc_config *config = new_config_for(raw->url);
    k8sc_request *request = NULL;
    (void)state;
    OK(k8sc_config_set_token(config, TOKEN, &err));
    k8sc_client *made = new_client(config);
    OK(k8sc_client_on_log(made, K8SC_LOG_TRACE, NULL, NOTES(notes), NULL, &err));
    OK(k8sc_client_on_trace(made, NULL, NOTES(traces), NULL, &err));
    request = get_maps(made);
    k8sc_request_set_header(request, "X-Api-Key", "hunter2");
    k8sc_request_set_header(request, "X-Plain", "shown");
    FAILS(K8SC_E_API, k8sc_request_do(request, NULL, &err), "401");
    OK(k8sc_rest_client_post(new_rest(made, "", "v1"), &request, &err));
    k8sc_request_set_namespace(request, "default");
    k8sc_request_set_resource(request, "secrets");
    k8sc_request_set_body(request, "{\"data\":\"hunter2\"}", 18, NULL);
    FAILS(K8SC_E_API, k8sc_request_do(request, NULL, &err), "401");
    k8sc_request_free(request);
    deliver(k8sc_client_queue(made));
    assert_null(find_note(notes, NULL, TOKEN));
    assert_null(find_note(traces, NULL, TOKEN));
    assert_null(find_note(notes, NULL, "hunter2"));
    assert_non_null(find_note(notes, "http", "> Authorization: ***"));
    assert_non_null(find_note(notes, "http", "> X-Api-Key: ***"));
    assert_non_null(find_note(notes, "http", "> X-Plain: shown"));
    assert_non_null(find_note(notes, "http", "< set-cookie: ***"));
    assert_non_null(find_note(notes, "http", "< x-echo: ***"));
    assert_non_null(find_note(notes, "http", "no, ***!"));
    assert_non_null(find_note(notes, "auth", "does not accept the credentials"));
}

/* What is too long is cut, perhaps in the middle of a token: its beginning is not shown either. */
static void cut_secrets(void **state)
{
    static const char token[] = "eyJhbGciOiJub25lIn0";
    char padding[2100], answer[4096];
    memset(padding, '.', sizeof padding);
    (void)state;
    /* Bodies in the log, and in the message of an error, of an answer that is none to a request and of one that is not
     * JSON. */
    for (int limit = 1024; limit > 0; limit = limit == 1024 ? 2048 : limit == 2048 ? 200 : 0)
        for (int pad = limit - (int)strlen(token) - 1; pad <= limit; pad++) {
            struct notes *notes = new_notes();
            k8sc_request *request = NULL;
            k8sc_config *config;
            snprintf(answer, sizeof answer,
                     "HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\nConnection: "
                     "close\r\n\r\n%.*s%s, and so on",
                     limit == 200 ? "200 OK" : "403 Forbidden", pad + (int)strlen(token) + 11, pad, padding, token);
            config = new_config_for(new_raw_server(answer, "", 0)->url);
            OK(k8sc_config_set_token(config, token, &err));
            k8sc_client *made = new_client(config);
            OK(k8sc_client_on_log(made, K8SC_LOG_TRACE, NULL, NOTES(notes), NULL, &err));
            OK(k8sc_rest_client_post(new_rest(made, "", "v1"), &request, &err));
            k8sc_request_set_namespace(request, "default");
            k8sc_request_set_resource(request, "configmaps");
            /* The same body as it gets. */
            const char *body = strstr(answer, "\r\n\r\n") + 4;
            k8sc_request_set_body(request, body, strlen(body), "text/plain");
            k8sc_error *error = NULL;
            if (limit == 200) {
                k8sc_object *object = NULL;
                k8sc_resource *maps = new_resource(made, "", "v1", "configmaps", "default");
                assert_int_equal(k8sc_resource_get(maps, "a", NULL, &object, &error), K8SC_E_DECODE);
            } else {
                assert_int_equal(k8sc_request_do(request, NULL, &error), K8SC_E_API);
            }
            if (strstr(k8sc_error_message(error), "eyJh")) fail_msg("%d: %s", pad, k8sc_error_message(error));
            assert_non_null(strstr(k8sc_error_message(error), "......"));
            k8sc_error_free(error);
            k8sc_request_free(request);
            deliver(k8sc_client_queue(made));
            for (struct note *each = notes->first; each; each = each->next)
                if (strstr(each->text, "eyJh")) fail_msg("%d: %s", pad, each->text);
            assert_non_null(find_note(notes, "http", "......"));
        }
}

static void retries_and_waits(void **state)
{
    struct notes *notes = new_notes();
    k8sc_config *config = new_config();
    (void)state;
    OK(k8sc_config_set_rate_limit(config, 0.6, 1, &err));
    k8sc_client *slow = new_client(config);
    OK(k8sc_client_on_log(slow, K8SC_LOG_INFO, NULL, NOTES(notes), NULL, &err));
    OK(k8sc_request_do(get_maps(slow), NULL, &err));
    OK(k8sc_request_do(get_maps(slow), NULL, &err));
    deliver(k8sc_client_queue(slow));
    assert_int_equal(find_note(notes, "throttle", "client-side rate limit")->level, K8SC_LOG_INFO);
    OK(k8sc_client_set_rate_limit(slow, -1, 0, &err));
    fault("{\"status\":{\"code\":429,\"retryAfter\":1},\"times\":1}");
    OK(k8sc_request_do(get_maps(slow), NULL, &err));
    deliver(k8sc_client_queue(slow));
    assert_non_null(find_note(notes, "retry", "HTTP 429 TooManyRequests and is sent again in 1"));
}

static void informers_log_errors_relists_and_ends(void **state)
{
    struct notes *notes = new_notes();
    k8sc_informer *informer = NULL;
    (void)state;
    OK(k8sc_client_on_log(client, K8SC_LOG_DEBUG, NULL, NOTES(notes), NULL, &err));
    fault("{\"status\":{\"code\":500},\"verb\":\"list\",\"times\":1}");
    OK(k8sc_informer_new(client, "", "v1", "configmaps", NULL, &informer, &err));
    OK(k8sc_informer_start(informer, &err));
    OK(k8sc_informer_wait_for_sync(informer, PATIENCE_MS, &err));
    assert_int_equal(await_note(k8sc_client_queue(client), notes, "reflector", "goes on in")->level, K8SC_LOG_WARNING);
    await_note(k8sc_client_queue(client), notes, "reflector", "configmaps: list again");
    await_note(k8sc_client_queue(client), notes, "http", "opened: 200");
    OK(k8sc_testing_server_disconnect(server, &err));
    await_note(k8sc_client_queue(client), notes, "reflector", "the watch ended");
    k8sc_informer_unref(informer);
}

/* A listener that does not listen costs a thousand messages, and is told of the others. */
static void too_many(void **state)
{
    struct notes *notes = new_notes(), *traces = new_notes();
    k8sc_queue *own = new_queue();
    (void)state;
    OK(k8sc_client_on_log(client, K8SC_LOG_DEBUG, own, NOTES(notes), NULL, &err));
    OK(k8sc_client_on_trace(client, own, NOTES(traces), NULL, &err));
    for (int i = 0; i < 1010; i++) OK(k8sc_request_do(get_maps(client), NULL, &err));
    deliver(own);
    assert_int_equal(notes->count, 1000);
    assert_int_equal(traces->count, 1000);
    OK(k8sc_request_do(get_maps(client), NULL, &err));
    deliver(own);
    assert_int_equal(notes->count, 1002);
    struct note *told = find_note(notes, "log", "10 messages were dropped");
    assert_non_null(told);
    assert_int_equal(told->dropped, 10);
    assert_int_equal(told->level, K8SC_LOG_WARNING);
    assert_int_equal(told->next->dropped, 0);
    assert_int_equal(traces->count, 1001);
    int64_t dropped = 0;
    for (struct note *each = traces->first; each; each = each->next) dropped += each->dropped;
    assert_int_equal(dropped, 10);
}

static void each_request_is_traced_as_json(void **state)
{
    struct notes *notes = new_notes();
    k8sc_queue *queue = k8sc_client_queue(client);
    k8sc_watch *watch = NULL;
    (void)state;
    OK(k8sc_client_on_trace(client, NULL, NOTES(notes), NULL, &err));
    seed_map("a");
    OK(k8sc_resource_get(CONFIG_MAPS(), "a", NULL, NULL, &err));
    OK(k8sc_request_do(get_maps(client), NULL, &err));
    FAILS(K8SC_E_API, k8sc_resource_delete(CONFIG_MAPS(), "nothing", NULL, NULL, &err), "nothing");
    deliver(queue);
    assert_int_equal(notes->count, 3);
    k8sc_object *first = parse(notes->first->text), *second = parse(notes->first->next->text),
                *third = parse(notes->first->next->next->text);
    assert_string_equal(STR(first, "/verb"), "get");
    assert_null(STR(first, "/group"));
    assert_string_equal(STR(first, "/version"), "v1");
    assert_string_equal(STR(first, "/resource"), "configmaps");
    assert_string_equal(STR(first, "/namespace"), "default");
    assert_string_equal(STR(first, "/name"), "a");
    assert_string_equal(STR(first, "/method"), "GET");
    assert_non_null(strstr(STR(first, "/url"), "/api/v1/namespaces/default/configmaps/a"));
    assert_int_equal(k8sc_object_int(first, "/status", -1), 200);
    assert_int_equal(k8sc_object_int(first, "/attempts", -1), 1);
    assert_int_equal(k8sc_object_int(first, "/throttled_ms", -1), 0);
    assert_int_equal(k8sc_object_bool(first, "/new_connection", 0), 1);
    assert_true(k8sc_object_int(first, "/local_port", -1) > 0);
    assert_true(k8sc_object_int(first, "/bytes_received", -1) > 0);
    assert_int_equal(k8sc_object_int(first, "/bytes_sent", -1), 0);
    assert_string_equal(STR(first, "/http_version"), getenv("K8SC_TEST_HTTP2") ? "2" : "1.1");
    double queued = k8sc_object_number(first, "/queued_ms", -1), connect = k8sc_object_number(first, "/connect_ms", -1),
           byte = k8sc_object_number(first, "/first_byte_ms", -1);
    assert_true(queued >= 0 && connect >= queued && byte >= connect);
    assert_string_equal(STR(second, "/verb"), "list");
    assert_int_equal(k8sc_object_bool(second, "/new_connection", 1), 0);
    assert_int_equal(k8sc_object_int(second, "/local_port", -1), k8sc_object_int(first, "/local_port", -2));
    assert_string_equal(STR(third, "/verb"), "delete");
    assert_int_equal(k8sc_object_int(third, "/status", -1), 404);
    assert_string_equal(STR(third, "/error_class"), "404");
    assert_true(k8sc_object_int(third, "/bytes_sent", -1) > 0);

    /* A watch when it ends; a connection that cannot be had. */
    OK(k8sc_resource_watch(CONFIG_MAPS(), NULL, NULL, NULL, NULL, &watch, &err));
    AWAIT(k8sc_testing_server_request_count(server, "GET", "/api/v1/namespaces/default/configmaps") == 3);
    k8sc_watch_unref(watch);
    k8sc_object *of_watch = parse(await_note(queue, notes, NULL, "\"verb\":\"watch\"")->text);
    assert_string_equal(STR(of_watch, "/error_class"), "<cancelled>");
    OK(k8sc_testing_server_pause(server, &err));
    FAILS(K8SC_E_CONNECT, k8sc_request_do(get_maps(client), NULL, &err), "configmaps");
    parse(await_note(queue, notes, NULL, "\"error_class\":\"<connect>\"")->text);
}

/* Subscriptions end with the client, and destroy runs once, on whatever queue. */
static void the_end(void **state)
{
    struct notes *here = new_notes(), *there = new_notes(), *refused = new_notes();
    k8sc_queue *own = new_queue();
    k8sc_subscription *subscription = NULL, *none = NULL;
    (void)state;
    ALSO_FAILS(K8SC_E_INVALID, k8sc_client_on_log(client, 0, NULL, NOTES(refused), &none, &err), "level");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_client_on_log(client, 6, NULL, NOTES(refused), &none, &err), "level", "6");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_client_on_log(NULL, 1, NULL, NOTES(refused), &none, &err), "client");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_client_on_warning(NULL, 1, NULL, NOTES(refused), &none, &err), "client");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_client_on_trace(NULL, NULL, NOTES(refused), &none, &err), "client");
    assert_null(none);
    assert_int_equal(refused->destroyed, 5);
    OK(k8sc_client_on_log(client, K8SC_LOG_TRACE, NULL, NOTES(here), NULL, &err));
    OK(k8sc_client_on_trace(client, own, NOTES(there), &subscription, &err));
    OK(k8sc_request_do(get_maps(client), NULL, &err));
    assert_int_equal(here->destroyed + there->destroyed, 0);
    OK(k8sc_client_close(client, PATIENCE_MS, &err));
    assert_int_equal(here->destroyed, 1);
    deliver(own);
    assert_int_equal(there->count, 1);
    assert_int_equal(there->destroyed, 1);
    k8sc_subscription_cancel(subscription);
    deliver(own);
    assert_int_equal(there->destroyed, 1);
    k8sc_subscription_unref(k8sc_subscription_ref(subscription));
    k8sc_subscription_unref(subscription);
    ALSO_FAILS(K8SC_E_CLOSED, k8sc_client_on_trace(client, own, NOTES(refused), &none, &err), "closed");
    assert_int_equal(refused->destroyed, 6);
    k8sc_subscription_cancel(NULL);
    k8sc_subscription_unref(NULL);
    assert_null(k8sc_event_text(NULL));
    assert_null(k8sc_event_component(NULL));
    assert_int_equal(k8sc_event_level(NULL), 0);
    assert_int_equal(k8sc_event_dropped(NULL), 0);
    NO_FAILURES();
}

/* The destroy of one that takes its events. */
static void log_events_can_be_taken(void **state)
{

    struct notes notes = {0};
    k8sc_subscription *subscription = NULL;
    (void)state;
    OK(k8sc_client_on_log(client, K8SC_LOG_DEBUG, NULL, NULL, &notes, on_notes_destroyed, &subscription, &err));
    OK(k8sc_request_do(get_maps(client), NULL, &err));
    k8sc_event *event = take(k8sc_client_queue(client));
    assert_string_equal(k8sc_event_kind_name(event), "LOG");
    assert_non_null(strstr(k8sc_event_text(event), "configmaps"));
    assert_ptr_equal(k8sc_event_user_data(event), &notes);
    k8sc_event_free(event);
    k8sc_subscription_cancel(subscription);
    OK(k8sc_queue_take(k8sc_client_queue(client), &event, &err));
    assert_null(event);
    assert_int_equal(notes.destroyed, 1);
    k8sc_subscription_unref(subscription);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_level_tells_its_part_of_a_request),
        TEST(no_level_shows_a_token),
        TEST(cut_secrets),
        TEST(retries_and_waits),
        TEST(informers_log_errors_relists_and_ends),
        TEST(too_many),
        TEST(each_request_is_traced_as_json),
        TEST(the_end),
        TEST(log_events_can_be_taken),
    };
    return cmocka_run_group_tests_name("logs and traces", tests, NULL, free_notes);
}
