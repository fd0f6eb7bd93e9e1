/* Watches that resume: what they survive, how they go on, and what ends them. */
#include "notes.h"
#include "support.h"

#define QUEUE k8sc_client_queue(client)
#define SHORTEST_BACKOFF_MS 800

static char *version_text(void)
{
    static char text[32];
    int64_t version = 0;
    OK(k8sc_testing_server_resource_version(server, &version, &err));
    snprintf(text, sizeof text, "%lld", (long long)version);
    return text;
}

static k8sc_options *from(const char *version)
{
    k8sc_options *options = new_options();
    if (version) OK(k8sc_options_set_resource_version(options, version, &err));
    return options;
}

static k8sc_watch *watch_of(k8sc_resource *resource, k8sc_options *options, struct recorder *recorder)
{
    k8sc_watch *watch = NULL;
    OK(k8sc_resource_retry_watch(resource, options, RECORD(recorder), &watch, &err));
    return watch;
}

static k8sc_watch *watch_maps(k8sc_options *options, struct recorder *recorder)
{
    return watch_of(CONFIG_MAPS(), options, recorder);
}

static int64_t requests(void) { return k8sc_testing_server_request_count(server, "GET", NULL); }

static void end_watch(k8sc_watch *watch, struct recorder *recorder)
{
    k8sc_watch_unref(watch);
    run_until_destroyed(QUEUE, recorder);
}

static void assert_names(struct recorder *recorder, const char *names)
{
    char joined[1024] = "";
    for (size_t i = 0; i < recorder->count; i++)
        if (recorder->records[i].object)
            snprintf(joined + strlen(joined), sizeof joined - strlen(joined), "%s%s", i ? " " : "",
                     k8sc_object_name(recorder->records[i].object));
    assert_string_equal(joined, names);
}

static void needs_a_version(void **state)
{
    static const char *const versions[] = {NULL, "", "0"};
    k8sc_retry_policy *policy = NULL;
    (void)state;
    for (size_t i = 0; i < COUNT(versions) + 2; i++) {
        struct recorder *recorder = new_recorder();
        k8sc_watch *watch = NULL;
        k8sc_options *options = from(i < COUNT(versions) ? versions[i] : "5");
        const char *in_message = "resource_version";
        if (i == COUNT(versions)) {
            OK(k8sc_retry_policy_new(&policy, &err));
            OK(k8sc_options_set_retry_policy(options, policy, &err));
            k8sc_retry_policy_free(policy);
            in_message = "max_retries";
        }
        if (i == COUNT(versions) + 1) {
            OK(k8sc_options_set_limit(options, 5, &err));
            in_message = "limit";
        }
        ALSO_FAILS(K8SC_E_INVALID,
                   k8sc_resource_retry_watch(CONFIG_MAPS(), i ? options : NULL, RECORD(recorder), &watch, &err),
                   in_message);
        assert_null(watch);
        assert_int_equal(recorder->destroyed, 1);
    }
    NO_FAILURES();
    assert_int_equal(requests(), 0);
}

/* ----------------------------------------------------------------------------------------------------- what it
 * survives -- */

/* Each on a resource of its own, so that they share the time. */
static const char *const survived[] = {
    "\"cut_after_bytes\":0",
    "\"cut_after_bytes\":100",
    "\"cut_after_bytes\":260", /* in the middle of the second line */
    "\"stall_after_bytes\":100",
    "\"stall_after_bytes\":260",
    "\"truncate\":true",
    "\"reset\":true",
    "\"status\":{\"code\":400}",
    "\"status\":{\"code\":404}",
    "\"html\":404",
    "\"status\":{\"code\":422}",
    "\"status\":{\"code\":500}",
    "\"status\":{\"code\":503,\"retryAfter\":1}",
    "\"status\":{\"code\":429,\"retryAfter\":1}",
    "\"html\":502",
    "\"error_event\":{\"code\":500}",
    "\"error_event\":{\"code\":429,\"retryAfter\":1}",
    "\"error_event\":{\"code\":403}",
    "\"error_event\":{\"code\":504,\"message\":\"Too large resource version: 9, current: 3\"}",
};

static k8sc_testing_options *options_with_things(size_t count)
{
    k8sc_testing_options *options = NULL;
    OK(k8sc_testing_options_new(&options, &err));
    for (size_t i = 0; i < count; i++) {
        char plural[32], kind[32];
        snprintf(plural, sizeof plural, "things%zu", i);
        snprintf(kind, sizeof kind, "Thing%zu", i);
        OK(k8sc_testing_options_add_kind(options, "example.com", "v1", plural, kind, 1, &err));
    }
    return options;
}

static k8sc_resource *things(k8sc_client *of, size_t i)
{
    char plural[32];
    snprintf(plural, sizeof plural, "things%zu", i);
    return new_resource(of, "example.com", "v1", plural, "default");
}

static void put_thing(size_t i, const char *name)
{
    char json[256];
    int len = snprintf(json, sizeof json,
                       "{\"apiVersion\":\"example.com/"
                       "v1\",\"kind\":\"Thing%zu\",\"metadata\":{\"name\":\"%s\",\"namespace\":\"default\"}}",
                       i, name);
    OK(k8sc_testing_server_put(server, json, (size_t)len, &err));
}

static int64_t thing_requests(size_t i)
{
    char path[64];
    snprintf(path, sizeof path, "/apis/example.com/v1/namespaces/default/things%zu", i);
    /* Not those of things1 and things10 alike. */
    int64_t longer = 0;
    for (int digit = 0; digit < 10; digit++) {
        char other[72];
        snprintf(other, sizeof other, "%s%d", path, digit);
        longer += k8sc_testing_server_request_count(server, NULL, other);
    }
    return k8sc_testing_server_request_count(server, NULL, path) - longer;
}

static void goes_on(void **state)
{
    struct recorder *recorders[COUNT(survived)];
    k8sc_watch *watches[COUNT(survived)];
    k8sc_testing_options *testing = options_with_things(COUNT(survived));
    (void)state;
    OK(k8sc_testing_options_set_bookmark_interval(testing, 200, &err)); /* those that live are never silent */
    restart_server_with(testing);
    k8sc_config *config = new_config();
    OK(k8sc_config_set_watch_idle_timeout(config, 4000, &err));
    k8sc_client *of = new_client(config);
    put_thing(0, "before");
    char *version = version_text();
    for (size_t i = 0; i < COUNT(survived); i++) {
        char rule[256];
        snprintf(rule, sizeof rule, "{\"resource\":\"things%zu\",\"times\":1,%s}", i, survived[i]);
        fault(rule);
        put_thing(i, "a");
        put_thing(i, "b");
    }
    for (size_t i = 0; i < COUNT(survived); i++) {
        recorders[i] = new_recorder();
        watches[i] = watch_of(things(of, i), from(version), recorders[i]);
    }
    for (size_t i = 0; i < COUNT(survived); i++) run_until_count(k8sc_client_queue(of), recorders[i], 2);
    for (size_t i = 0; i < COUNT(survived); i++) AWAIT(thing_requests(i) >= 2);
    for (size_t i = 0; i < COUNT(survived); i++) put_thing(i, "c");
    for (size_t i = 0; i < COUNT(survived); i++) {
        run_until_count(k8sc_client_queue(of), recorders[i], 3);
        assert_string_equal(kinds(recorders[i]), "ADDED ADDED ADDED");
        assert_names(recorders[i], "a b c");
        k8sc_watch_unref(watches[i]);
    }
    for (size_t i = 0; i < COUNT(survived); i++) {
        run_until_destroyed(k8sc_client_queue(of), recorders[i]);
        assert_string_equal(kinds(recorders[i]), "ADDED ADDED ADDED CLOSED");
        assert_int_equal(recorders[i]->destroyed, 1);
    }
}

/* A Retry-After is not undercut, and none is sent in haste. */
static void waits_as_asked(void **state)
{
    struct recorder *recorder = new_recorder();
    (void)state;
    char *version = version_text();
    fault("{\"status\":{\"code\":429,\"retryAfter\":3},\"times\":1}");
    k8sc_watch *watch = watch_maps(from(version), recorder);
    AWAIT(requests() == 1);
    int64_t began = now_ms();
    seed_map("a");
    run_until_count(QUEUE, recorder, 1);
    assert_true(now_ms() - began >= 2900);
    assert_int_equal(requests(), 2);
    end_watch(watch, recorder);
}

/* One that was good until it was lost is replaced at once; and a server that lets go each time is not asked in haste.
 */
static void in_haste_or_not(void **state)
{
    struct recorder *recorder = new_recorder();
    (void)state;
    k8sc_watch *watch = watch_maps(from("1"), recorder);
    await_open();
    pause_ms(1100);
    for (int i = 0; i < 3; i++) OK(k8sc_testing_server_disconnect(server, &err));
    AWAIT(requests() == 2);
    clear_faults();
    fault("{\"error_event\":{\"code\":500},\"verb\":\"watch\"}");
    OK(k8sc_testing_server_disconnect(server, &err));
    int64_t before = requests();
    pause_ms(3 * SHORTEST_BACKOFF_MS);
    assert_in_range(requests() - before, 0, 4);
    clear_faults();
    seed_map("a");
    run_until_count(QUEUE, recorder, 1);
    end_watch(watch, recorder);
    assert_string_equal(kinds(recorder), "ADDED CLOSED");
}

static void server_ends_each(void **state)
{
    struct recorder *recorder = new_recorder();
    char names[64] = "";
    (void)state;
    k8sc_options *options = from("1");
    OK(k8sc_options_set_timeout_seconds(options, 1, &err));
    k8sc_watch *watch = watch_maps(options, recorder);
    for (int i = 0; i < 4; i++) {
        char name[8];
        snprintf(name, sizeof name, "m%d", i);
        snprintf(names + strlen(names), sizeof names - strlen(names), "%sm%d", i ? " " : "", i);
        AWAIT(requests() > i);
        seed_map(name);
        run_until_count(QUEUE, recorder, (size_t)i + 1);
    }
    assert_names(recorder, names);
    assert_string_equal(kinds(recorder), "ADDED ADDED ADDED ADDED");
    end_watch(watch, recorder);
}

/* The server is down at first, and again later. */
static void server_down(void **state)
{
    struct recorder *recorder = new_recorder();
    struct notes *notes = new_notes();
    (void)state;
    OK(k8sc_client_on_log(client, K8SC_LOG_WARNING, NULL, NOTES(notes), NULL, &err));
    OK(k8sc_testing_server_pause(server, &err));
    k8sc_watch *watch = watch_maps(from("1"), recorder);
    assert_int_equal(await_note(QUEUE, notes, "watch", "goes on from 1 in ")->level, K8SC_LOG_WARNING);
    seed_map("a");
    OK(k8sc_testing_server_resume(server, &err));
    run_until_count(QUEUE, recorder, 1);
    OK(k8sc_testing_server_pause(server, &err));
    seed_map("b");
    remove_map("default", "a");
    OK(k8sc_testing_server_restart(server, &err));
    run_until_count(QUEUE, recorder, 3);
    assert_string_equal(kinds(recorder), "ADDED ADDED DELETED");
    end_watch(watch, recorder);
}

/* ---------------------------------------------------------------------------------------------------------- bookmarks
 * -- */

/* They move the version it goes on from; whoever has not asked for them does not see them. */
static void bookmarks_move_the_version_it_resumes_from(void **state)
{
    k8sc_testing_options *testing = NULL;
    (void)state;
    OK(k8sc_testing_options_new(&testing, &err));
    OK(k8sc_testing_options_set_bookmark_interval(testing, 20, &err));
    restart_server_with(testing);
    struct recorder *quiet = new_recorder(), *told = new_recorder();
    k8sc_options *options = from("1");
    OK(k8sc_options_set_allow_watch_bookmarks(options, 1, &err));
    k8sc_watch *without = watch_maps(from("1"), quiet);
    k8sc_watch *watch = watch_maps(options, told);
    seed_map("a");
    run_until_count(QUEUE, quiet, 1);
    OK(k8sc_testing_server_generate_pods(server, "default", "p", 5, &err));
    int64_t pods_at = atoll(version_text()), seen = 0;
    for (size_t i = 0; seen < pods_at; i++) {
        run_until_count(QUEUE, told, i + 1);
        seen = atoll(k8sc_object_resource_version(told->records[i].object));
    }
    /* What was before that is forgotten: only the bookmark's version can be gone on from. */
    pause_ms(200);
    OK(k8sc_testing_server_pause(server, &err));
    OK(k8sc_testing_server_compact(server, &err));
    OK(k8sc_testing_server_resume(server, &err));
    AWAIT(k8sc_testing_server_watch_count(server) == 2);
    seed_map("b");
    run_until_count(QUEUE, quiet, 2);
    assert_string_equal(kinds(quiet), "ADDED ADDED");
    end_watch(without, quiet);
    end_watch(watch, told);
}

/* ------------------------------------------------------------------------------------------------------- what ends it
 * -- */

static void assert_ended(struct recorder *recorder, const char *expected, k8sc_status code, int32_t http,
                         const char *part)
{
    run_until_destroyed(QUEUE, recorder);
    assert_string_equal(kinds(recorder), expected);
    for (size_t i = recorder->count - 2; i < recorder->count; i++) {
        const k8sc_error *error = recorder->records[i].error;
        if (k8sc_error_code(error) != code || k8sc_error_http_status(error) != http ||
            !strstr(k8sc_error_message(error), part) || !strstr(k8sc_error_message(error), "watch configmaps default/"))
            fail_msg("%s: %s", k8sc_status_name(k8sc_error_code(error)), k8sc_error_message(error));
    }
}

static void too_old(void **state)
{
    (void)state;
    for (int at_open = 0; at_open < 2; at_open++) {
        k8sc_testing_options *testing = NULL;
        OK(k8sc_testing_options_new(&testing, &err));
        OK(k8sc_testing_options_set_expired_at_open(testing, at_open, &err));
        OK(k8sc_testing_options_set_bookmark_interval(testing, 0, &err));
        restart_server_with(testing);
        struct recorder *recorder = new_recorder();
        k8sc_watch *watch = watch_maps(from("1"), recorder);
        seed_map("a");
        run_until_count(QUEUE, recorder, 1);
        OK(k8sc_testing_server_pause(server, &err));
        seed_map("b");
        OK(k8sc_testing_server_compact(server, &err));
        OK(k8sc_testing_server_resume(server, &err));
        assert_ended(recorder, "ADDED ERROR CLOSED", K8SC_E_API, 410, "");
        assert_true(k8sc_error_is_gone(recorder->records[1].error));
        k8sc_watch_unref(watch);
        /* And from the start. */
        struct recorder *second = new_recorder();
        int64_t before = requests();
        watch = watch_maps(from("1"), second);
        assert_ended(second, "ERROR CLOSED", K8SC_E_API, 410, "");
        assert_int_equal(requests(), before + 1);
        k8sc_watch_unref(watch);
    }
}

static void a_refusal_ends_the_watch_at_once(void **state)
{
    static const int32_t codes[] = {401, 403, 410};
    (void)state;
    for (size_t i = 0; i < COUNT(codes); i++)
        for (int later = 0; later < 2; later++) {
            struct recorder *recorder = new_recorder();
            char rule[128];
            snprintf(rule, sizeof rule, "{\"verb\":\"watch\",\"status\":{\"code\":%d},\"nth\":%d,\"times\":100}",
                     (int)codes[i], 1 + later);
            int64_t before = requests();
            fault(rule);
            k8sc_watch *watch = watch_maps(from("1"), recorder);
            if (later) {
                await_open();
                OK(k8sc_testing_server_disconnect(server, &err));
            }
            assert_ended(recorder, "ERROR CLOSED", K8SC_E_API, codes[i], "");
            assert_int_equal(requests() - before, 1 + later);
            k8sc_watch_unref(watch);
            clear_faults();
        }
}

/* Others are waited out, as long as max_retries allows. */
static void refused_for_too_long(void **state)
{
    (void)state;
    for (int retries = 0; retries < 2; retries++) {
        struct recorder *recorder = new_recorder();
        k8sc_options *options = from("1");
        OK(k8sc_options_set_max_retries(options, retries, &err));
        fault("{\"verb\":\"watch\",\"status\":{\"code\":404}}");
        int64_t before = requests();
        k8sc_watch *watch = watch_maps(options, recorder);
        assert_ended(recorder, "ERROR CLOSED", K8SC_E_API, 404, "");
        assert_int_equal(requests() - before, 1 + retries);
        k8sc_watch_unref(watch);
        clear_faults();
    }
}

#define STREAM "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
#define ADDED(version) \
    "{\"type\":\"ADDED\",\"object\":{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":" \
    "\"a\"" version "}}}\n"

static void cannot_be_read(void **state)
{
    static const struct {
        const char *answer, *part;
    } cases[] = {
        {STREAM ADDED(",\"resourceVersion\":\"7\"") ADDED(""), "without metadata.resourceVersion"},
        {STREAM ADDED(",\"resourceVersion\":\"7\"") "hello\n", "hello"},
        {STREAM ADDED(",\"resourceVersion\":\"7\"") "{\"type\":\"RENAMED\",\"object\":{}}\n", "RENAMED"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct raw_server *raw = new_raw_server(cases[i].answer, "", 0);
        k8sc_client *of = new_client(new_config_for(raw->url));
        struct recorder *recorder = new_recorder();
        k8sc_watch *watch = watch_of(new_resource(of, "", "v1", "configmaps", "default"), from("1"), recorder);
        run_until_destroyed(k8sc_client_queue(of), recorder);
        assert_string_equal(kinds(recorder), "ADDED ERROR CLOSED");
        assert_int_equal(k8sc_error_code(recorder->records[1].error), K8SC_E_DECODE);
        assert_non_null(strstr(k8sc_error_message(recorder->records[1].error), cases[i].part));
        assert_int_equal(raw_requests(raw), 1);
        k8sc_watch_unref(watch);
    }
    k8sc_config *config = new_config();
    struct recorder *recorder = new_recorder();
    OK(k8sc_config_set_max_object_bytes(config, 100000, &err));
    k8sc_client *of = new_client(config);
    seed_map("a");
    fault("{\"oversized_frame_bytes\":300000}");
    k8sc_watch *watch = watch_of(new_resource(of, "", "v1", "configmaps", "default"), from("1"), recorder);
    seed_map("b");
    run_until_destroyed(k8sc_client_queue(of), recorder);
    assert_string_equal(kinds(recorder), "ERROR CLOSED");
    assert_int_equal(k8sc_error_code(recorder->records[0].error), K8SC_E_TOO_LARGE);
    k8sc_watch_unref(watch);
}

/* A wrong setting is no outage. */
static void never_worked(void **state)
{
    k8sc_testing_options *testing = NULL;
    (void)state;
    OK(k8sc_testing_options_new(&testing, &err));
    OK(k8sc_testing_options_set_tls(testing, 1, &err));
    restart_server_with(testing);
    struct recorder *recorder = new_recorder();
    k8sc_config *config = NULL;
    OK(k8sc_config_new(&config, &err));
    track(config, (void (*)(void *))k8sc_config_free);
    OK(k8sc_config_set_server(config, k8sc_testing_server_url(server), &err)); /* and no CA */
    k8sc_client *of = new_client(config);
    k8sc_watch *watch = watch_of(new_resource(of, "", "v1", "configmaps", "default"), from("1"), recorder);
    run_until_destroyed(k8sc_client_queue(of), recorder);
    assert_string_equal(kinds(recorder), "ERROR CLOSED");
    assert_int_equal(k8sc_error_code(recorder->records[0].error), K8SC_E_TLS);
    k8sc_watch_unref(watch);
}

static void most_failures(void **state)
{
    struct recorder *none = new_recorder(), *one = new_recorder();
    k8sc_options *options = from("1");
    (void)state;
    seed_map("a");
    OK(k8sc_options_set_max_retries(options, 0, &err));
    k8sc_watch *watch = watch_maps(options, none);
    run_until_count(QUEUE, none, 1);
    OK(k8sc_testing_server_disconnect(server, &err));
    assert_ended(none, "ADDED ERROR CLOSED", K8SC_E_TRANSPORT, 0, "");
    k8sc_watch_unref(watch);
    /* In a row: those before an event do not count. */
    OK(k8sc_options_set_max_retries(options, 1, &err));
    clear_faults();
    fault("{\"verb\":\"watch\",\"status\":{\"code\":503},\"times\":1}");
    int64_t before = requests();
    watch = watch_maps(options, one);
    run_until_count(QUEUE, one, 1);
    fault("{\"verb\":\"watch\",\"status\":{\"code\":503}}");
    OK(k8sc_testing_server_disconnect(server, &err));
    assert_ended(one, "ADDED ERROR CLOSED", K8SC_E_API, 503, "");
    assert_int_equal(requests() - before, 3);
    k8sc_watch_unref(watch);
}

/* --------------------------------------------------------------------------------------------------------- from
 * outside -- */

enum { connected, waiting, situations };

/* A watch that is open, or that waits for a server that is down. */
static k8sc_watch *in_situation(int situation, k8sc_options *options, struct recorder *recorder)
{
    k8sc_watch *watch;
    if (situation == waiting) {
        struct notes *notes = new_notes();
        OK(k8sc_testing_server_pause(server, &err));
        k8sc_subscription *subscription = NULL;
        OK(k8sc_client_on_log(client, K8SC_LOG_WARNING, NULL, NOTES(notes), &subscription, &err));
        watch = watch_maps(options, recorder);
        await_note(QUEUE, notes, "watch", "goes on");
        k8sc_subscription_unref(subscription);
    } else {
        OK(k8sc_testing_server_resume(server, &err));
        watch = watch_maps(options, recorder);
        await_open();
    }
    return watch;
}

static void ended_from_outside(void **state)
{
    enum { by_cancel, by_unref, by_token, ways };
    (void)state;
    for (int situation = 0; situation < situations; situation++)
        for (int way = 0; way < ways; way++) {
            struct recorder *recorder = new_recorder();
            k8sc_cancel *token = new_cancel();
            k8sc_options *options = from("1");
            OK(k8sc_options_set_cancel(options, token, &err));
            k8sc_watch *watch = in_situation(situation, options, recorder);
            int64_t began = now_ms();
            if (way == by_cancel) k8sc_watch_cancel(watch);
            if (way == by_token) k8sc_cancel_cancel(token);
            if (way == by_unref) k8sc_watch_unref(watch);
            run_until_destroyed(QUEUE, recorder);
            if (!SANITIZED) assert_in_range(now_ms() - began, 0, SHORTEST_BACKOFF_MS - 1);
            assert_string_equal(kinds(recorder), "CLOSED");
            assert_int_equal(k8sc_error_code(recorder->records[0].error), K8SC_E_CANCELLED);
            assert_int_equal(recorder->destroyed, 1);
            if (way != by_unref) {
                k8sc_watch_cancel(watch);
                k8sc_watch_unref(watch);
            }
            AWAIT(k8sc_testing_server_watch_count(server) == 0);
        }
    /* With a token that was used up it is over before it begins. */
    struct recorder *recorder = new_recorder();
    k8sc_cancel *token = new_cancel();
    k8sc_options *options = from("1");
    k8sc_cancel_cancel(token);
    OK(k8sc_options_set_cancel(options, token, &err));
    int64_t before = requests();
    k8sc_watch *watch = watch_maps(options, recorder);
    end_watch(watch, recorder);
    assert_string_equal(kinds(recorder), "CLOSED");
    assert_int_equal(requests(), before);
}

static void closed_client(void **state)
{
    (void)state;
    for (int situation = 0; situation < situations; situation++) {
        /* Its own queue outlives the client, and hears of the end. */
        restart_server_with(options_with_things(0));
        struct recorder *recorder = new_recorder(), *at_own = new_recorder();
        k8sc_queue *queue = new_queue();
        k8sc_options *options = from("1");
        OK(k8sc_options_set_queue(options, queue, &err));
        k8sc_resource *maps = CONFIG_MAPS();
        k8sc_watch *own = watch_of(maps, options, at_own);
        await_open();
        k8sc_watch *watch = NULL;
        if (situation == waiting) {
            watch = in_situation(waiting, from("1"), recorder);
        } else {
            watch = watch_maps(from("1"), recorder);
            AWAIT(k8sc_testing_server_watch_count(server) == 2);
        }
        OK(k8sc_client_close(client, PATIENCE_MS, &err));
        assert_int_equal(recorder->destroyed, 1);
        assert_int_equal(recorder->late, 0);
        run_until_destroyed(queue, at_own);
        assert_string_equal(kinds(at_own), "CLOSED");
        assert_int_equal(k8sc_error_code(at_own->records[0].error), K8SC_E_CANCELLED);
        k8sc_watch_cancel(watch);
        k8sc_watch_unref(watch);
        k8sc_watch_unref(own);
        k8sc_watch *none = NULL;
        struct recorder *third = new_recorder();
        FAILS(K8SC_E_CLOSED, k8sc_resource_retry_watch(maps, from("1"), RECORD(third), &none, &err), "closed");
        assert_int_equal(third->destroyed, 1);
    }
}

static k8sc_watch *victim;
static void unref_victim(struct recorder *self, const k8sc_event *event)
{
    (void)self;
    (void)event;
    k8sc_watch_unref(victim);
    victim = NULL;
}

static void unref_inside_its_callback(void **state)
{
    struct recorder *recorder = new_recorder();
    (void)state;
    seed_maps(50);
    recorder->hook = unref_victim;
    victim = watch_maps(from("1"), recorder);
    run_until_destroyed(QUEUE, recorder);
    assert_string_equal(kinds(recorder), "ADDED CLOSED");
    assert_int_equal(recorder->destroyed, 1);
}

static void a_taken_watch_resumes_too(void **state)
{
    k8sc_watch *watch = NULL;
    static const char *const names[] = {"a", "b"};
    (void)state;
    OK(k8sc_resource_retry_watch(CONFIG_MAPS(), from("1"), NULL, NULL, NULL, &watch, &err));
    for (size_t i = 0; i < COUNT(names); i++) {
        seed_map(names[i]);
        k8sc_event *event = take(QUEUE);
        assert_int_equal(k8sc_event_kind(event), K8SC_EVENT_ADDED);
        assert_string_equal(k8sc_object_name(k8sc_event_object(event)), names[i]);
        k8sc_event_free(event);
        OK(k8sc_testing_server_disconnect(server, &err));
    }
    k8sc_watch_cancel(watch);
    k8sc_event *event = take(QUEUE);
    assert_int_equal(k8sc_event_kind(event), K8SC_EVENT_CLOSED);
    k8sc_event_free(event);
    k8sc_watch_unref(watch);
}

/* What nobody takes stays where it comes from, and a connection that is held back is not silent. */
static void events_not_taken(void **state)
{
    enum { frames = 20000 };
    char padding[901], frame[1200];
    int64_t sent = -1;
    (void)state;
    memset(padding, 'x', 900);
    padding[900] = '\0';
    snprintf(frame, sizeof frame,
             "{\"type\":\"MODIFIED\",\"object\":{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":"
             "\"a\",\"resourceVersion\":\"9\"}"
             ",\"data\":{\"k\":\"%s\"}}}\n",
             padding);
    struct raw_server *raw = new_raw_server(STREAM, frame, frames);
    k8sc_config *config = new_config_for(raw->url);
    OK(k8sc_config_set_probe(config, 200, 100, &err));
    k8sc_client *of = new_client(config);
    k8sc_watch *watch = NULL;
    OK(k8sc_resource_retry_watch(new_resource(of, "", "v1", "configmaps", "default"), from("1"), NULL, NULL, NULL,
                                 &watch, &err));
    AWAIT(raw_sent(raw) > 0);
    for (int i = 0; i < 20 || sent != raw_sent(raw); i++) { /* longer than both times and the back-off after them */
        sent = raw_sent(raw);
        pause_ms(200);
    }
    assert_true(raw_sent(raw) < (int64_t)strlen(frame) * frames / 2);
    assert_int_equal(raw_requests(raw), 1);
    for (int i = 0; i < frames; i++) {
        k8sc_event *event = take(k8sc_client_queue(of));
        assert_int_equal(k8sc_event_kind(event), K8SC_EVENT_MODIFIED);
        k8sc_event_free(event);
    }
    k8sc_watch_unref(watch);
}

/* At default settings but shorter times: a peer that has gone without a word. */
static void silent_peer(void **state)
{
    k8sc_testing_options *testing = NULL;
    (void)state;
    OK(k8sc_testing_options_new(&testing, &err));
    OK(k8sc_testing_options_set_bookmark_interval(testing, 50, &err));
    restart_server_with(testing);
    k8sc_config *config = new_config();
    OK(k8sc_config_set_probe(config, 600, 600, &err));
    k8sc_client *of = new_client(config);
    struct recorder *recorder = new_recorder();
    fault("{\"verb\":\"watch\",\"stall_after_bytes\":0,\"times\":1}");
    k8sc_watch *watch = watch_of(new_resource(of, "", "v1", "configmaps", "default"), from("1"), recorder);
    seed_map("a");
    run_until_count(k8sc_client_queue(of), recorder, 1);
    assert_string_equal(kinds(recorder), "ADDED");
    assert_int_equal(requests(), 2);
    k8sc_watch_unref(watch);
    run_until_destroyed(k8sc_client_queue(of), recorder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(needs_a_version),
        TEST(goes_on),
        TEST(waits_as_asked),
        TEST(in_haste_or_not),
        TEST(server_ends_each),
        TEST(server_down),
        TEST(bookmarks_move_the_version_it_resumes_from),
        TEST(too_old),
        TEST(a_refusal_ends_the_watch_at_once),
        TEST(refused_for_too_long),
        TEST(cannot_be_read),
        TEST(never_worked),
        TEST(most_failures),
        TEST(ended_from_outside),
        TEST(closed_client),
        TEST(unref_inside_its_callback),
        TEST(a_taken_watch_resumes_too),
        TEST(events_not_taken),
        TEST(silent_peer),
    };
    return cmocka_run_group_tests_name("watches that resume", tests, NULL, free_notes);
}
