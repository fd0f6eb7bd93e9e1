/* Watches on servers and connections that misbehave: nothing is swallowed, nothing grows. */
#include "support.h"

#define STREAM "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
#define ADDED \
    "{\"type\":\"ADDED\",\"object\":{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\"}}}\n"

static k8sc_watch *watch_from(k8sc_client *of, struct recorder *recorder)
{
    k8sc_watch *watch = NULL;
    OK(k8sc_resource_watch(new_resource(of, "", "v1", "configmaps", "default"), NULL, RECORD(recorder), &watch, &err));
    return watch;
}

/* Watches to the end, and checks how that was told. */
static struct recorder *ends(k8sc_client *of, const char *expected, k8sc_status code, const char *part)
{
    struct recorder *recorder = new_recorder();
    k8sc_watch *watch = watch_from(of, recorder);
    run_until_destroyed(k8sc_client_queue(of), recorder);
    k8sc_watch_unref(watch);
    assert_string_equal(kinds(recorder), expected);
    for (size_t i = recorder->count - (code ? 2 : 1); i < recorder->count; i++) {
        const k8sc_error *error = recorder->records[i].error;
        if (k8sc_error_code(error) != code || (code && !strstr(k8sc_error_message(error), part)))
            fail_msg("%s: %s", k8sc_status_name(k8sc_error_code(error)), k8sc_error_message(error));
        if (code && !strstr(k8sc_error_message(error), "watch configmaps default/"))
            fail_msg("no request in: %s", k8sc_error_message(error));
    }
    return recorder;
}

static k8sc_client *raw_client(const char *answer)
{
    return new_client(new_config_for(new_raw_server(answer, "", 0)->url));
}

static void cut_in_a_frame(void **state)
{
    (void)state;
    seed_map("a");
    fault("{\"cut_after_bytes\":100}");
    ends(client, "ERROR CLOSED", K8SC_E_TRANSPORT, "");
}

/* The server ends the connection properly, but not at the end of a frame. */
static void ended_in_a_frame(void **state)
{
    (void)state;
    ends(raw_client(STREAM ADDED "{\"type\":\"ADDED\",\"obj"), "ADDED ERROR CLOSED", K8SC_E_DECODE, "ended");
}

/* Whatever stands between the frames, and a last one without a line's end. */
static void clean_frames(void **state)
{
    (void)state;
    ends(raw_client(STREAM ADDED "\r\n\n " ADDED), "ADDED ADDED CLOSED", K8SC_OK, "");
    ends(raw_client(STREAM "{\"object\":{\"a\":\"}{\\\"\"},\"type\":\"MODIFIED\"}"), "MODIFIED CLOSED", K8SC_OK, "");
    ends(raw_client(STREAM), "CLOSED", K8SC_OK, "");
}

static void a_stalled_watch_times_out(void **state)
{
    k8sc_config *config = new_config();
    (void)state;
    seed_map("a");
    OK(k8sc_config_set_watch_idle_timeout(config, 600, &err));
    /* In the middle of a frame, and with nothing to say. */
    fault("{\"stall_after_bytes\":50,\"times\":1}");
    ends(new_client(config), "ERROR CLOSED", K8SC_E_TIMEOUT, "idle");
    ends(new_client(config), "ADDED ERROR CLOSED", K8SC_E_TIMEOUT, "idle");
}

/* Two watches with nothing to say: the one with a short idle deadline ends, the other lasts; whoever has set which. */
static void stalled_each_by_its_own(void **state)
{
    (void)state;
    for (int client_wide = 0; client_wide < 2; client_wide++) {
        k8sc_config *config = new_config();
        k8sc_options *options = new_options();
        k8sc_watch *lasts = NULL, *ends = NULL;
        struct recorder *lasting = new_recorder(), *ending = new_recorder();
        if (client_wide) OK(k8sc_config_set_watch_idle_timeout(config, 400, &err));
        k8sc_client *of = new_client(config);
        k8sc_resource *maps = new_resource(of, "", "v1", "configmaps", "default");
        OK(k8sc_options_set_idle_timeout(options, client_wide ? -1 : 400, &err));
        OK(k8sc_resource_watch(maps, client_wide ? options : NULL, RECORD(lasting), &lasts, &err));
        OK(k8sc_resource_watch(maps, client_wide ? NULL : options, RECORD(ending), &ends, &err));
        run_until_destroyed(k8sc_client_queue(of), ending);
        assert_string_equal(kinds(ending), "ERROR CLOSED");
        for (int i = 0; i < 2; i++) {
            assert_int_equal(k8sc_error_code(ending->records[i].error), K8SC_E_TIMEOUT);
            assert_non_null(
                strstr(k8sc_error_message(ending->records[i].error), "idle deadline: nothing was received for 400 ms"));
        }
        seed_map("a");
        run_until_count(k8sc_client_queue(of), lasting, 1);
        assert_string_equal(kinds(lasting), "ADDED");
        remove_map("default", "a");
        k8sc_watch_unref(ends);
        k8sc_watch_unref(lasts);
    }
}

/* As Go reads them: with further fields, keys and types with escapes, and of two of one name the last. */
static void unusual_frames(void **state)
{
#define MAP "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"7\"}}"
    static const char *const frames[] = {
        "{\"type\":\"MODIFIED\",\"object\":" MAP ",\"more\":{}}",
        "{\"type\":\"MODIFIED\",\"object\":" MAP ",\"more\":7}",
        "{\"more\":[{\"type\":\"ADDED\"}],\"type\":\"MODIFIED\",\"object\":" MAP "}",
        "{\"type\":\"MODIFIED\",\"more\":null,\"object\":" MAP "}",
        "{\"ty\\u0070e\":\"MODIFIED\",\"\\u006fbject\":" MAP "}",
        "{\"type\":\"MODIF\\u0049ED\",\"object\":" MAP "}",
        " { \"object\" : " MAP " , \"type\" : \"MODIFIED\" , \"more\" : \"}\" } ",
        "{\"type\":\"ADDED\",\"object\":{\"a\":1},\"type\":\"MODIFIED\",\"object\":" MAP "}",
        "{\"type\":\"SURPRISE\",\"object\":{\"a\":1},\"object\":" MAP ",\"type\":\"MODIFIED\"}",
        "{\"type\":\"ADDED\",\"object\":" MAP ",\"type\":\"MODIFIED\",\"more\":{}}",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(frames); i++) {
        char answer[2048];
        snprintf(answer, sizeof answer, STREAM "%s\n" ADDED, frames[i]);
        struct recorder *recorder = ends(raw_client(answer), "MODIFIED ADDED CLOSED", K8SC_OK, "");
        assert_string_equal(k8sc_object_resource_version(recorder->records[0].object), "7");
        assert_string_equal(k8sc_object_name(recorder->records[0].object), "a");
    }
}

static void garbage_in_a_watch_is_a_decode_error(void **state)
{
    static const char *const answers[] = {
        STREAM ADDED "hello\n",
        STREAM ADDED "[]\n",
        STREAM ADDED "{}\n",
        STREAM ADDED "{\"type\":\"ADDED\"}\n",
        STREAM ADDED "{\"type\":\"ADDED\",\"object\":[]}\n",
        STREAM ADDED "{\"type\":\"ADDED\",\"object\":{\"a\":1},\"b\":}\n",
        STREAM ADDED "{\"type\":\"ADDED\",\"object\":{\"a\":1} {}}\n",
        STREAM ADDED "{\"type\":\"ADDED\",\"object\":{},\"object\":[]}\n",
        STREAM ADDED "{\"object\":{},\"type\":\"ADDED\" \"b\":1}\n",
        STREAM ADDED "{\"type\":\"ADDED\",\"object\":{},\"b\":\"\xff\"}\n",
        STREAM ADDED "{\"type\":\"ADDED\",\"object\":{\"a\":}}\n",
        STREAM ADDED ",\n",
        STREAM ADDED "{\"type\":\"SURPRISE\",\"object\":{}}\n",
        STREAM ADDED "{\"type\":7,\"object\":{}}\n",
        STREAM ADDED "{\"type\":\"ADDED\",\"object\":{\"a\":\"\xff\"}}\n",
        STREAM ADDED "}\n",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(answers); i++) ends(raw_client(answers[i]), "ADDED ERROR CLOSED", K8SC_E_DECODE, "");
    ends(raw_client(STREAM ADDED "{\"type\":\"ADDED\",\"more\":{}}\n"), "ADDED ERROR CLOSED", K8SC_E_DECODE,
         "not a watch frame");
    seed_map("a");
    fault("{\"garbage\":\"%$#\",\"verb\":\"watch\"}");
    ends(client, "ERROR CLOSED", K8SC_E_DECODE, "%$#");
    clear_faults();
    fault("{\"html\":true}");
    ends(client, "ERROR CLOSED", K8SC_E_DECODE, "text/html");
}

static void too_deep(void **state)
{
    (void)state;
    seed_map("a");
    fault("{\"deep\":20000}");
    ends(client, "ERROR CLOSED", K8SC_E_TOO_LARGE, "deeper");
}

static void oversized_frame(void **state)
{
    k8sc_config *config = new_config();
    (void)state;
    seed_map("a");
    OK(k8sc_config_set_max_object_bytes(config, 100000, &err));
    fault("{\"oversized_frame_bytes\":300000}");
    struct recorder *recorder = ends(new_client(config), "ERROR CLOSED", K8SC_E_TOO_LARGE, "100000");
    long size = 0;
    const char *text = strstr(k8sc_error_message(recorder->records[0].error), "an object of ");
    assert_non_null(text);
    assert_int_equal(sscanf(text, "an object of %ld bytes", &size), 1);
    assert_in_range(size, 300000, 301000);
    /* Large, but within the limit. */
    struct recorder *fine = new_recorder();
    k8sc_watch *watch = watch_from(client, fine);
    run_until(k8sc_client_queue(client), fine, K8SC_EVENT_ADDED);
    k8sc_watch_unref(watch);
}

static void slow_bytes(void **state)
{
    struct recorder *recorder = new_recorder();
    (void)state;
    seed_maps(3);
    fault("{\"slow_bytes_per_second\":2000}");
    k8sc_watch *watch = watch_from(client, recorder);
    run_until_count(k8sc_client_queue(client), recorder, 3);
    assert_string_equal(kinds(recorder), "ADDED ADDED ADDED");
    k8sc_watch_unref(watch);
}

static void server_that_goes(void **state)
{
    struct recorder *recorder = new_recorder();
    (void)state;
    seed_map("a");
    k8sc_watch *watch = watch_from(client, recorder);
    run_until(k8sc_client_queue(client), recorder, K8SC_EVENT_ADDED);
    OK(k8sc_testing_server_disconnect(server, &err));
    run_until_destroyed(k8sc_client_queue(client), recorder);
    assert_string_equal(kinds(recorder), "ADDED ERROR CLOSED");
    assert_int_equal(k8sc_error_code(recorder->records[1].error), K8SC_E_TRANSPORT);
    k8sc_watch_unref(watch);
    OK(k8sc_testing_server_pause(server, &err));
    recorder = new_recorder();
    watch = watch_from(client, recorder);
    run_until_destroyed(k8sc_client_queue(client), recorder);
    assert_string_equal(kinds(recorder), "ERROR CLOSED");
    assert_int_equal(k8sc_error_code(recorder->records[0].error), K8SC_E_CONNECT);
    k8sc_watch_unref(watch);
}

/* ---- back-pressure */

static char frame[1100]; /* a frame of 1 KB */
#define FRAMES 50000

static void make_frame(void)
{
    char padding[901];
    memset(padding, 'x', 900);
    padding[900] = '\0';
    int len = snprintf(frame, sizeof frame,
                       "{\"type\":\"MODIFIED\",\"object\":{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{"
                       "\"name\":\"a\"},\"data\":{\"k\":\"%s\"}}}\n",
                       padding);
    assert_true(len > 0 && (size_t)len < sizeof frame);
}

/* 50 MB that nobody takes stay where they come from; taken at last, none is missing. */
static void events_not_taken(void **state)
{
    (void)state;
    make_frame();
    long before = resident_kb();
    struct raw_server *raw = new_raw_server(STREAM, frame, FRAMES);
    k8sc_client *of = new_client(new_config_for(raw->url));
    k8sc_watch *watch = NULL;
    size_t taken = 0;
    OK(k8sc_resource_watch(new_resource(of, "", "v1", "configmaps", "default"), NULL, NULL, NULL, NULL, &watch, &err));
    await_standstill(raw);
    assert_true(raw_sent(raw) < (int64_t)strlen(frame) * FRAMES / 2);
    if (!SANITIZED) assert_in_range(resident_kb() - before + 1024, 0, 17 * 1024);
    while (1) {
        k8sc_event *event = take(k8sc_client_queue(of));
        int32_t kind = k8sc_event_kind(event);
        const k8sc_error *error = k8sc_event_error(event);
        if (error) fail_msg("%s", k8sc_error_message(error));
        k8sc_event_free(event);
        if (kind == K8SC_EVENT_CLOSED) break;
        assert_int_equal(kind, K8SC_EVENT_MODIFIED);
        taken++;
    }
    assert_int_equal(taken, FRAMES);
    k8sc_watch_unref(watch);
}

/* While nothing is taken, the connection is not idle: it is this side that waits. */
static void not_idle_while_paused(void **state)
{
    (void)state;
    make_frame();
    struct raw_server *raw = new_raw_server(STREAM, frame, FRAMES);
    k8sc_config *config = new_config_for(raw->url);
    OK(k8sc_config_set_watch_idle_timeout(config, 300, &err));
    k8sc_client *of = new_client(config);
    struct recorder *recorder = new_recorder();
    k8sc_watch *watch = watch_from(of, recorder);
    for (int i = 0; i < 3; i++) await_standstill(raw); /* longer than that */
    run_until_count(k8sc_client_queue(of), recorder, FRAMES / 4);
    assert_int_equal(recorder->records[recorder->count - 1].kind, K8SC_EVENT_MODIFIED);
    /* Cancelled while it is held up again. */
    k8sc_watch_unref(watch);
    run_until_destroyed(k8sc_client_queue(of), recorder);
    assert_int_equal(recorder->records[recorder->count - 1].kind, K8SC_EVENT_CLOSED);
}

/* One watch that is not taken holds up no other, nor the requests of its client. */
static void holds_up_no_other(void **state)
{
    k8sc_object *object = NULL;
    k8sc_queue *queue = new_queue();
    k8sc_options *options = new_options();
    k8sc_watch *held = NULL;
    (void)state;
    make_frame();
    seed_map("a");
    struct raw_server *raw = new_raw_server(STREAM, frame, FRAMES);
    k8sc_client *of = new_shared_client(new_config_for(raw->url), client);
    OK(k8sc_options_set_queue(options, queue, &err));
    OK(k8sc_resource_watch(new_resource(of, "", "v1", "configmaps", "default"), options, NULL, NULL, NULL, &held,
                           &err));
    await_standstill(raw);
    struct recorder *recorder = new_recorder();
    k8sc_watch *watch = watch_from(client, recorder);
    run_until(k8sc_client_queue(client), recorder, K8SC_EVENT_ADDED);
    OK(k8sc_resource_get(CONFIG_MAPS(), "a", NULL, &object, &err));
    keep_object(object);
    k8sc_watch_unref(watch);
    k8sc_watch_unref(held);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(cut_in_a_frame),
        TEST(ended_in_a_frame),
        TEST(clean_frames),
        TEST(unusual_frames),
        TEST(a_stalled_watch_times_out),
        TEST(stalled_each_by_its_own),
        TEST(garbage_in_a_watch_is_a_decode_error),
        TEST(too_deep),
        TEST(oversized_frame),
        TEST(slow_bytes),
        TEST(server_that_goes),
        TEST(events_not_taken),
        TEST(not_idle_while_paused),
        TEST(holds_up_no_other),
    };
    return cmocka_run_group_tests_name("watch faults", tests, NULL, NULL);
}
