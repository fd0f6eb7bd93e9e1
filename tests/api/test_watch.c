/* Watches: what they deliver, and how they end. */
#include "support.h"

#define QUEUE k8sc_client_queue(client)

static k8sc_watch *watch_maps(k8sc_options *options, struct recorder *recorder)
{
    k8sc_watch *watch = NULL;
    OK(k8sc_resource_watch(CONFIG_MAPS(), options, RECORD(recorder), &watch, &err));
    return watch;
}

static void a_watch_calls_back_for_each_change(void **state)
{
    struct recorder *recorder = new_recorder();
    const char *changed = "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\",\"namespace\":"
                          "\"default\"},\"data\":{\"k\":\"v\"}}";
    (void)state;
    seed_map("a");
    k8sc_watch *watch = watch_maps(NULL, recorder);
    run_until_count(QUEUE, recorder, 1); /* what is there, for a watch without a version */
    OK(k8sc_testing_server_put(server, changed, strlen(changed), &err));
    seed_map("b");
    remove_map("default", "a");
    run_until_count(QUEUE, recorder, 4);
    assert_string_equal(kinds(recorder), "ADDED MODIFIED ADDED DELETED");
    assert_string_equal(k8sc_object_name(recorder->records[0].object), "a");
    assert_string_equal(k8sc_object_kind(recorder->records[0].object), "ConfigMap");
    assert_string_equal(STR(recorder->records[1].object, "/data/k"), "v");
    assert_string_equal(k8sc_object_name(recorder->records[2].object), "b");
    assert_string_equal(STR(recorder->records[3].object, "/data/k"), "v");
    k8sc_watch_cancel(watch);
    run_until_destroyed(QUEUE, recorder);
    assert_string_equal(kinds(recorder), "ADDED MODIFIED ADDED DELETED CLOSED");
    assert_int_equal(k8sc_error_code(recorder->records[4].error), K8SC_E_CANCELLED);
    assert_int_equal(recorder->destroyed, 1);
    AWAIT(k8sc_testing_server_watch_count(server) == 0);
    k8sc_watch_unref(watch);
}

static void watch_events_can_be_taken(void **state)
{
    k8sc_watch *watch = NULL;
    int mark = 0;
    (void)state;
    seed_map("a");
    OK(k8sc_resource_watch(CONFIG_MAPS(), NULL, NULL, &mark, NULL, &watch, &err));
    k8sc_event *event = take(QUEUE);
    assert_string_equal(k8sc_event_kind_name(event), "ADDED");
    assert_ptr_equal(k8sc_event_user_data(event), &mark);
    assert_string_equal(k8sc_object_name(k8sc_event_object(event)), "a");
    assert_null(k8sc_event_old_object(event));
    k8sc_object *kept = keep_object(k8sc_object_ref(k8sc_event_object(event)));
    k8sc_event_free(event);
    assert_string_equal(k8sc_object_name(kept), "a");
    k8sc_watch_cancel(watch);
    event = take(QUEUE);
    assert_int_equal(k8sc_event_kind(event), K8SC_EVENT_CLOSED);
    k8sc_event_free(event);
    k8sc_watch_unref(watch);
}

static void own_queue(void **state)
{
    k8sc_queue *queue = new_queue();
    k8sc_options *options = new_options();
    struct recorder *recorder = new_recorder();
    (void)state;
    seed_map("a");
    OK(k8sc_options_set_queue(options, queue, &err));
    k8sc_watch *watch = watch_maps(options, recorder);
    run_until(queue, recorder, K8SC_EVENT_ADDED);
    k8sc_watch_unref(watch);
    run_until_destroyed(queue, recorder);
    assert_string_equal(kinds(recorder), "ADDED CLOSED");
}

/* From a version: only what came after it. */
static void from_a_version_only_later_changes_come(void **state)
{
    k8sc_options *options = new_options();
    struct recorder *recorder = new_recorder();
    int64_t version = 0;
    char text[32];
    (void)state;
    seed_map("before");
    OK(k8sc_testing_server_resource_version(server, &version, &err));
    seed_map("after");
    remove_map("default", "before");
    snprintf(text, sizeof text, "%lld", (long long)version);
    OK(k8sc_options_set_resource_version(options, text, &err));
    k8sc_watch *watch = watch_maps(options, recorder);
    run_until_count(QUEUE, recorder, 2);
    assert_string_equal(kinds(recorder), "ADDED DELETED");
    assert_string_equal(k8sc_object_name(recorder->records[0].object), "after");
    k8sc_watch_unref(watch);
}

static void bookmarks_come_only_when_asked_for(void **state)
{
    k8sc_testing_options *testing = NULL;
    (void)state;
    OK(k8sc_testing_options_new(&testing, &err));
    OK(k8sc_testing_options_set_bookmark_interval(testing, 20, &err));
    restart_server_with(testing);
    k8sc_options *options = new_options();
    struct recorder *recorder = new_recorder(), *without = new_recorder();
    seed_map("a");
    OK(k8sc_options_set_allow_watch_bookmarks(options, 1, &err));
    k8sc_watch *quiet = watch_maps(NULL, without);
    k8sc_watch *watch = watch_maps(options, recorder);
    struct record *bookmark = run_until(QUEUE, recorder, K8SC_EVENT_BOOKMARK);
    assert_string_equal(k8sc_object_kind(bookmark->object), "ConfigMap");
    assert_string_equal(k8sc_object_api_version(bookmark->object), "v1");
    assert_string_equal(k8sc_object_name(bookmark->object), "");
    assert_true(atoll(k8sc_object_resource_version(bookmark->object)) >=
                atoll(k8sc_object_resource_version(recorder->records[0].object)));
    assert_null(strstr(kinds(without), "BOOKMARK"));
    k8sc_watch_unref(watch);
    k8sc_watch_unref(quiet);
}

/* ---- cancelling */

/* Events that wait are dropped, CLOSED is not. */
static void cancel_with_events_waiting(void **state)
{
    struct recorder *recorder = new_recorder();
    int ready = 0;
    (void)state;
    seed_maps(50);
    k8sc_watch *watch = watch_maps(NULL, recorder);
    OK(k8sc_queue_wait(QUEUE, PATIENCE_MS, &ready, &err));
    assert_int_equal(ready, 1);
    k8sc_watch_cancel(watch);
    k8sc_watch_cancel(watch);
    run_until_destroyed(QUEUE, recorder);
    assert_string_equal(kinds(recorder), "CLOSED");
    assert_int_equal(k8sc_error_code(recorder->records[0].error), K8SC_E_CANCELLED);
    k8sc_watch_cancel(watch);
    k8sc_watch_unref(watch);
}

static k8sc_watch *victim;
static void cancel_victim(struct recorder *self, const k8sc_event *event)
{
    (void)self;
    (void)event;
    k8sc_watch_cancel(victim);
}

static void unref_victim(struct recorder *self, const k8sc_event *event)
{
    (void)self;
    (void)event;
    k8sc_watch_unref(victim);
    victim = NULL;
}

static void cancel_inside_its_callback(void **state)
{
    static void (*const hooks[])(struct recorder *, const k8sc_event *) = {cancel_victim, unref_victim};
    (void)state;
    seed_maps(50);
    for (size_t i = 0; i < COUNT(hooks); i++) {
        struct recorder *recorder = new_recorder();
        recorder->hook = hooks[i];
        victim = watch_maps(NULL, recorder);
        run_until_destroyed(QUEUE, recorder);
        assert_string_equal(kinds(recorder), "ADDED CLOSED");
        assert_int_equal(recorder->destroyed, 1);
        k8sc_watch_unref(victim);
        victim = NULL;
    }
}

static void last_unref_cancels(void **state)
{
    struct recorder *recorder = new_recorder();
    (void)state;
    k8sc_watch *watch = watch_maps(NULL, recorder);
    await_open();
    k8sc_watch_unref(k8sc_watch_ref(watch));
    assert_int_equal(k8sc_testing_server_watch_count(server), 1);
    k8sc_watch_unref(watch);
    AWAIT(k8sc_testing_server_watch_count(server) == 0);
    run_until_destroyed(QUEUE, recorder);
    assert_string_equal(kinds(recorder), "CLOSED");
}

static void cancel_token(void **state)
{
    struct recorder *recorder = new_recorder(), *second = new_recorder();
    k8sc_options *options = new_options();
    k8sc_cancel *cancel = new_cancel();
    (void)state;
    OK(k8sc_options_set_cancel(options, cancel, &err));
    k8sc_watch *watch = watch_maps(options, recorder);
    await_open();
    k8sc_cancel_cancel(cancel);
    run_until_destroyed(QUEUE, recorder);
    assert_string_equal(kinds(recorder), "CLOSED");
    assert_int_equal(k8sc_error_code(recorder->records[0].error), K8SC_E_CANCELLED);
    k8sc_watch_unref(watch);
    /* With a token that was used up, it is over before it begins. */
    watch = watch_maps(options, second);
    run_until_destroyed(QUEUE, second);
    assert_string_equal(kinds(second), "CLOSED");
    k8sc_watch_unref(watch);
    assert_int_equal(k8sc_testing_server_request_count(server, NULL, NULL), 1);
}

static void closed_client(void **state)
{
    struct recorder *recorder = new_recorder();
    (void)state;
    k8sc_watch *watch = watch_maps(NULL, recorder);
    await_open();
    OK(k8sc_client_close(client, PATIENCE_MS, &err));
    assert_int_equal(recorder->destroyed, 1);
    assert_int_equal(recorder->late, 0);
    k8sc_watch_cancel(watch);
    k8sc_watch_unref(watch);
    AWAIT(k8sc_testing_server_watch_count(server) == 0);
}

/* --------------------------------------------------------------------------------------------------- the server's end
 * -- */

static void clean_end(void **state)
{
    k8sc_options *options = new_options();
    struct recorder *recorder = new_recorder();
    (void)state;
    seed_map("a");
    OK(k8sc_options_set_timeout_seconds(options, 1, &err));
    k8sc_watch *watch = watch_maps(options, recorder);
    run_until_destroyed(QUEUE, recorder);
    assert_string_equal(kinds(recorder), "ADDED CLOSED");
    assert_null(recorder->records[1].error);
    assert_int_equal(k8sc_testing_server_request_count(server, NULL, NULL), 1); /* it does not resume by itself */
    k8sc_watch_unref(watch);
}

static void too_old(void **state)
{
    (void)state;
    for (int at_open = 0; at_open < 2; at_open++) {
        k8sc_testing_options *testing = NULL;
        OK(k8sc_testing_options_new(&testing, &err));
        OK(k8sc_testing_options_set_expired_at_open(testing, at_open, &err));
        restart_server_with(testing);
        seed_maps(3);
        OK(k8sc_testing_server_compact(server, &err));
        k8sc_options *options = new_options();
        struct recorder *recorder = new_recorder();
        OK(k8sc_options_set_resource_version(options, "1", &err));
        k8sc_watch *watch = watch_maps(options, recorder);
        run_until_destroyed(QUEUE, recorder);
        assert_string_equal(kinds(recorder), "ERROR CLOSED");
        for (int i = 0; i < 2; i++) {
            const k8sc_error *error = recorder->records[i].error;
            assert_int_equal(k8sc_error_code(error), K8SC_E_API);
            assert_true(k8sc_error_is_gone(error));
            assert_int_equal(k8sc_error_http_status(error), 410);
            assert_non_null(k8sc_error_status_json(error));
            assert_non_null(strstr(k8sc_error_message(error), "watch configmaps default/"));
            assert_non_null(strstr(k8sc_error_message(error), "GET http"));
        }
        assert_null(recorder->records[0].object);
        k8sc_watch_unref(watch);
    }
}

static void a_refused_watch_ends_with_the_error(void **state)
{
    struct recorder *recorder = new_recorder();
    (void)state;
    fault("{\"status\":{\"code\":403,\"message\":\"no\"}}");
    k8sc_watch *watch = watch_maps(NULL, recorder);
    run_until_destroyed(QUEUE, recorder);
    assert_string_equal(kinds(recorder), "ERROR CLOSED");
    assert_true(k8sc_error_is_forbidden(recorder->records[0].error));
    assert_true(k8sc_error_is_forbidden(recorder->records[1].error));
    k8sc_watch_unref(watch);
}

/* A refusal that names a time is retried, as for every request. */
static void a_refusal_that_names_a_time_is_retried(void **state)
{
    struct recorder *recorder = new_recorder();
    (void)state;
    seed_map("a");
    fault("{\"status\":{\"code\":429,\"retryAfter\":1},\"times\":1}");
    k8sc_watch *watch = watch_maps(NULL, recorder);
    run_until(QUEUE, recorder, K8SC_EVENT_ADDED);
    assert_string_equal(kinds(recorder), "ADDED");
    assert_int_equal(k8sc_testing_server_request_count(server, NULL, NULL), 2);
    k8sc_watch_unref(watch);
}

/* The first attempt of a watch takes no token. */
static void not_rate_limited(void **state)
{
    k8sc_config *config = new_config();
    k8sc_object *object = NULL;
    k8sc_watch *watch = NULL;
    (void)state;
    seed_map("a");
    OK(k8sc_config_set_rate_limit(config, 0.01, 1, &err));
    k8sc_client *limited = new_client(config);
    k8sc_resource *maps = new_resource(limited, "", "v1", "configmaps", "default");
    OK(k8sc_resource_get(maps, "a", NULL, &object, &err));
    keep_object(object);
    OK(k8sc_resource_watch(maps, NULL, NULL, NULL, NULL, &watch, &err));
    k8sc_event_free(take(k8sc_client_queue(limited)));
    k8sc_watch_unref(watch);
}

/* The overall deadline is for the opening: a watch lives on. */
static void deadline_of_the_opening(void **state)
{
    k8sc_options *options = new_options();
    struct recorder *recorder = new_recorder(), *late = new_recorder();
    (void)state;
    OK(k8sc_options_set_timeout(options, 1500, &err));
    k8sc_watch *watch = watch_maps(options, recorder);
    await_open();
    fault("{\"delay_ms\":60000}");
    k8sc_watch *second = watch_maps(options, late);
    run_until_destroyed(QUEUE, late);
    assert_string_equal(kinds(late), "ERROR CLOSED");
    assert_int_equal(k8sc_error_code(late->records[0].error), K8SC_E_TIMEOUT);
    assert_non_null(strstr(k8sc_error_message(late->records[0].error), "overall"));
    seed_map("later");
    run_until(QUEUE, recorder, K8SC_EVENT_ADDED);
    assert_string_equal(kinds(recorder), "ADDED");
    k8sc_watch_unref(watch);
    k8sc_watch_unref(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_watch_calls_back_for_each_change),
        TEST(watch_events_can_be_taken),
        TEST(own_queue),
        TEST(from_a_version_only_later_changes_come),
        TEST(bookmarks_come_only_when_asked_for),
        TEST(cancel_with_events_waiting),
        TEST(cancel_inside_its_callback),
        TEST(last_unref_cancels),
        TEST(cancel_token),
        TEST(closed_client),
        TEST(clean_end),
        TEST(too_old),
        TEST(a_refused_watch_ends_with_the_error),
        TEST(a_refusal_that_names_a_time_is_retried),
        TEST(not_rate_limited),
        TEST(deadline_of_the_opening),
    };
    return cmocka_run_group_tests_name("watches", tests, NULL, NULL);
}
