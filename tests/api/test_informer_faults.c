/* What an informer does when the server misbehaves: it says so, waits, and goes on. Cases that have to wait share the
 * time: each is a resource of its own, with a fault of its own. */
#include "informer_support.h"

#define MOST_CASES 12
#define SHORTEST_BACKOFF_MS 800

struct fault_case {
    const char *fault;  /* without verb and resource */
    int32_t code, http; /* of the ERROR */
    int32_t other_code; /* or this one */
    const char *in_message;
    int silent; /* no ERROR: it is tried again below the informer */
};

static k8sc_testing_options *options_with_things(size_t count)
{
    k8sc_testing_options *options = server_options();
    k8sc_error *err;
    for (size_t i = 0; i < count; i++) {
        char plural[32], kind[32];
        snprintf(plural, sizeof plural, "things%zu", i);
        snprintf(kind, sizeof kind, "Thing%zu", i);
        OK(k8sc_testing_options_add_kind(options, "example.com", "v1", plural, kind, 1, &err));
    }
    return options;
}

static void put_thing(size_t i, const char *name)
{
    char json[512];
    snprintf(
        json, sizeof json,
        "{\"apiVersion\":\"example.com/"
        "v1\",\"kind\":\"Thing%zu\",\"metadata\":{\"name\":\"%s\",\"namespace\":\"default\"},\"data\":{\"v\":\"1\"}}",
        i, name);
    put_json(json);
}

static int64_t thing_requests(size_t i)
{
    char path[64];
    snprintf(path, sizeof path, "/apis/example.com/v1/things%zu", i);
    return k8sc_testing_server_request_count(server, "GET", path);
}

static int64_t thing_fault(const char *verb, size_t i, const char *what, const char *times)
{
    char rule[1024];
    snprintf(rule, sizeof rule, "{\"verb\":\"%s\",\"resource\":\"things%zu\",%s%s}", verb, i, times, what);
    return fault(rule);
}

static k8sc_informer *thing_informer(k8sc_informer_factory *factory, size_t i)
{
    char plural[32];
    snprintf(plural, sizeof plural, "things%zu", i);
    return informer_of(factory, "example.com", "v1", plural);
}

static void begin_with_small_objects(size_t count)
{
    k8sc_error *err;
    use_server(options_with_things(count));
    k8sc_config *config = client_config();
    OK(k8sc_config_set_max_object_bytes(config, 65536, &err));
    use_client(config);
}

static void check_case(const struct fault_case *one, struct recorder *seen, const char *where, int64_t began,
                       int64_t ended)
{
    if (!one->silent) {
        if (count_of(seen, K8SC_EVENT_ERROR, NULL) == 0)
            fail_msg("%s with %s: no ERROR in: %s", where, one->fault, history(seen, 0));
        struct record error = record_of(seen, K8SC_EVENT_ERROR, NULL, 0);
        if (error.code != one->code && (!one->other_code || error.code != one->other_code))
            fail_msg("%s with %s: %s: %s", where, one->fault, k8sc_status_name(error.code), error.message);
        if (error.http != one->http)
            fail_msg("%s with %s: HTTP status %d: %s", where, one->fault, (int)error.http, error.message);
        if (!strstr(error.message, one->in_message)) fail_msg("%s with %s: %s", where, one->fault, error.message);
        if (count_of(seen, K8SC_EVENT_ERROR, NULL) != 1)
            fail_msg("%s with %s: more than one error: %s", where, one->fault, history(seen, 0));
    }
    if (ended - began < SHORTEST_BACKOFF_MS)
        fail_msg("%s with %s: tried again after %d ms", where, one->fault, (int)(ended - began));
}

static void list_faults(void **state)
{
    static const struct fault_case cases[] = {
        {"\"status\":{\"code\":403}", K8SC_E_API, 403, 0, "things0", 0},
        {"\"status\":{\"code\":404}", K8SC_E_API, 404, 0, "things1", 0},
        {"\"status\":{\"code\":500}", K8SC_E_API, 500, 0, "things2", 0},
        {"\"html\":true", K8SC_E_DECODE, 0, 0, "html", 0},
        {"\"html\":502", K8SC_E_API, 502, 0, "502", 0},
        {"\"truncate\":true", K8SC_E_DECODE, 0, 0, "things5", 0},
        {"\"garbage\":\"no json\"", K8SC_E_DECODE, 0, 0, "things6", 0},
        {"\"status\":{\"code\":429,\"retryAfter\":1}", 0, 0, 0, "", 1},
        {"\"cut_after_bytes\":60", 0, 0, 0, "", 1},
    };
    /* By HTTP/2 the last would take the others' lists with it, which share its connection. */
    const size_t count = sizeof cases / sizeof *cases - (getenv("K8SC_TEST_HTTP2") ? 1 : 0);
    struct recorder *seen[MOST_CASES];
    k8sc_registration *registration[MOST_CASES];
    int64_t ended[MOST_CASES] = {0};
    size_t open = count;
    (void)state;
    begin_with_small_objects(count);
    k8sc_informer_factory *factory = new_factory(NULL);
    for (size_t i = 0; i < count; i++) {
        put_thing(i, "a");
        thing_fault("list", i, cases[i].fault, "\"times\":1,");
        seen[i] = new_recorder();
        registration[i] = attach(thing_informer(factory, i), seen[i]);
    }
    int64_t began = now_ms();
    OK(k8sc_informer_factory_start(factory, &err));
    while (open) {
        if (now_ms() - began > PATIENCE_MS) fail_msg("%zu resources have not recovered", open);
        turn();
        for (size_t i = 0; i < count; i++)
            if (!ended[i] && k8sc_registration_has_synced(registration[i])) {
                ended[i] = now_ms();
                open--;
            }
    }
    for (size_t i = 0; i < count; i++) {
        check_case(&cases[i], seen[i], "list", began, ended[i]);
        assert_int_equal(record_of(seen[i], K8SC_EVENT_ADD, "a", 0).initial, 1);
        assert_int_equal(count_of(seen[i], K8SC_EVENT_ADD, NULL), 1);
    }
}

static void watch_faults(void **state)
{
    static const struct fault_case cases[] = {
        {"\"garbage\":\"no json\"", K8SC_E_DECODE, 0, 0, "things0", 0},
        {"\"garbage\":\"{\\\"type\\\":\\\"ADDED\\\"}\"", K8SC_E_DECODE, 0, 0, "frame", 0},
        {"\"garbage\":\"{\\\"type\\\":\\\"NEWS\\\",\\\"object\\\":{}}\"", K8SC_E_DECODE, 0, 0, "NEWS", 0},
        {"\"invalid_utf8\":true", K8SC_E_DECODE, 0, 0, "things3", 0},
        {"\"oversized_frame_bytes\":100000", K8SC_E_TOO_LARGE, 0, 0, "65536", 0},
        {"\"deep\":20000", K8SC_E_TOO_LARGE, 0, 0, "things5", 0},
        {"\"html\":true", K8SC_E_DECODE, 0, 0, "html", 0},
        {"\"error_event\":{\"code\":500,\"message\":\"broken inside\"}", K8SC_E_API, 500, 0, "broken inside", 0},
        {"\"status\":{\"code\":403}", K8SC_E_API, 403, 0, "things8", 0},
        {"\"error_event\":{\"code\":410,\"reason\":\"Expired\"}", 0, 0, 0, "", 1},
    };
    const size_t count = sizeof cases / sizeof *cases;
    struct recorder *seen[MOST_CASES];
    int64_t ended[MOST_CASES] = {0};
    size_t open = count;
    (void)state;
    begin_with_small_objects(count);
    k8sc_informer_factory *factory = new_factory(NULL);
    for (size_t i = 0; i < count; i++) {
        put_thing(i, "a");
        thing_fault("watch", i, cases[i].fault, "\"times\":1,");
        seen[i] = new_recorder();
        attach(thing_informer(factory, i), seen[i]);
    }
    int64_t began = now_ms();
    OK(k8sc_informer_factory_start(factory, &err));
    for (size_t i = 0; i < count; i++) {
        AWAIT(thing_requests(i) >= 2);
        /* The frame that is spoiled. */
        put_thing(i, "b");
    }
    while (open) {
        if (now_ms() - began > PATIENCE_MS) {
            for (size_t i = 0; i < count; i++)
                if (!ended[i])
                    print_error("%s: %lld requests, %s\n", cases[i].fault, (long long)thing_requests(i),
                                history(seen[i], 0));
            fail_msg("%zu resources have not recovered", open);
        }
        turn();
        for (size_t i = 0; i < count; i++)
            if (!ended[i] && thing_requests(i) >= 4 && count_of(seen[i], K8SC_EVENT_ADD, "b")) {
                ended[i] = now_ms();
                open--;
            }
    }
    for (size_t i = 0; i < count; i++) {
        /* A list, the watch that fails, a list again, a watch. */
        check_case(&cases[i], seen[i], "watch", began, ended[i]);
        assert_int_equal(thing_requests(i), 4);
        assert_int_equal(count_of(seen[i], K8SC_EVENT_ADD, NULL), 2);
        if (cases[i].silent) assert_int_equal(count_of(seen[i], K8SC_EVENT_ERROR, NULL), 0);
        put_thing(i, "c");
        RUN_UNTIL(count_of(seen[i], K8SC_EVENT_ADD, "c") == 1);
    }
}

/* Refused with 429 inside of the stream: wait, and watch on without a list. */
static void too_many_requests_in_stream(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    fault("{\"verb\":\"watch\",\"error_event\":{\"code\":429,\"retryAfter\":1},\"times\":1}");
    k8sc_informer *informer = new_informer(NULL);
    attach(informer, seen);
    int64_t began = now_ms();
    OK(k8sc_informer_start(informer, &err));
    AWAIT(requests("watch") == 2);
    assert_true(now_ms() - began >= SHORTEST_BACKOFF_MS);
    put_map("default", "a", "1");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ADD, "a") == 1);
    assert_int_equal(requests("list"), 1);
    assert_int_equal(record_of(seen, K8SC_EVENT_ERROR, NULL, 0).http, 429);
}

/* Ends at once and without an event: a failure, and not how servers end a watch. */
static void very_short_watch(void **state)
{
    struct recorder *seen = new_recorder();
    k8sc_testing_options *options = server_options();
    (void)state;
    OK(k8sc_testing_options_set_bookmark_interval(options, 20, &err));
    use_server(options);
    fault("{\"verb\":\"watch\",\"truncate\":true,\"times\":1}");
    k8sc_informer *informer = new_informer(NULL);
    attach(informer, seen);
    int64_t began = now_ms();
    OK(k8sc_informer_start(informer, &err));
    RUN_UNTIL(requests("watch") == 2);
    assert_true(now_ms() - began >= SHORTEST_BACKOFF_MS);
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ERROR, NULL) == 1);
    assert_int_equal(requests("list"), 2);
}

static void resource_that_appears_later(void **state)
{
    struct recorder *seen = new_recorder();
    k8sc_testing_options *options = server_options();
    (void)state;
    OK(k8sc_testing_options_set_allow_any_resource(options, 0, &err));
    use_server(options);
    k8sc_informer_factory *factory = new_factory(NULL);
    k8sc_informer *informer = informer_of(factory, "example.com", "v1", "widgets");
    attach(informer, seen);
    OK(k8sc_informer_factory_start(factory, &err));
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ERROR, NULL) >= 1);
    assert_int_equal(record_of(seen, K8SC_EVENT_ERROR, NULL, 0).http, 404);
    assert_int_equal(k8sc_informer_has_synced(informer), 0);
    put_json("{\"apiVersion\":\"apiextensions.k8s.io/"
             "v1\",\"kind\":\"CustomResourceDefinition\",\"metadata\":{\"name\":\"widgets.example.com\"},"
             "\"spec\":{\"group\":\"example.com\",\"scope\":\"Namespaced\",\"names\":{\"plural\":\"widgets\","
             "\"singular\":\"widget\",\"kind\":\"Widget\","
             "\"listKind\":\"WidgetList\"},\"versions\":[{\"name\":\"v1\",\"served\":true,\"storage\":true}]}}");
    put_json("{\"apiVersion\":\"example.com/"
             "v1\",\"kind\":\"Widget\",\"metadata\":{\"name\":\"w\",\"namespace\":\"default\"}}");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_SYNC, NULL) == 1);
    assert_int_equal(record_of(seen, K8SC_EVENT_ADD, "w", 0).initial, 1);
}

static void refused_connection(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    put_map("default", "a", "1");
    OK(k8sc_testing_server_pause(server, &err));
    k8sc_informer *informer = new_informer(NULL);
    attach(informer, seen);
    OK(k8sc_informer_start(informer, &err));
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ERROR, NULL) == 2);
    for (int i = 0; i < 2; i++) assert_int_equal(record_of(seen, K8SC_EVENT_ERROR, NULL, i).code, K8SC_E_CONNECT);
    assert_non_null(strstr(record_of(seen, K8SC_EVENT_ERROR, NULL, 0).message, "/api/v1/configmaps"));
    OK(k8sc_testing_server_resume(server, &err));
    RUN_UNTIL(count_of(seen, K8SC_EVENT_SYNC, NULL) == 1);
    assert_int_equal(count_of(seen, K8SC_EVENT_ADD, "a"), 1);
}

/* 0.8 s, doubling, each up to twice as long: tries at 0, 0.8 or later, 2.4 or later, 5.6 or later. */
static void failures_do_not_flood(void **state)
{
    static const struct {
        const char *verb, *fault;
        int each; /* requests of one attempt */
    } cases[] = {
        {"list", "\"status\":{\"code\":500}", 1},
        {"list", "\"html\":true", 1},
        {"list", "\"truncate\":true", 1},
        {"list", "\"garbage\":\"no json\"", 1},
        {"watch", "\"status\":{\"code\":403}", 2},
        {"watch", "\"html\":503", 2},
        {"watch", "\"error_event\":{\"code\":500}", 2},
        {"watch", "\"error_event\":{\"code\":410,\"reason\":\"Expired\"}", 2},
        {"watch", "\"garbage\":\"no json\"", 2},
    };
    const size_t count = sizeof cases / sizeof *cases;
    struct recorder *seen = new_recorder();
    (void)state;
    use_server(options_with_things(count));
    k8sc_informer_factory *factory = new_factory(NULL);
    for (size_t i = 0; i < count; i++) {
        thing_fault(cases[i].verb, i, cases[i].fault, "");
        k8sc_informer *informer = thing_informer(factory, i);
        if (i == 0) attach(informer, seen);
    }
    int64_t began = now_ms();
    OK(k8sc_informer_factory_start(factory, &err));
    while (now_ms() - began < 5000) turn();
    int64_t counts[MOST_CASES];
    for (size_t i = 0; i < count; i++) counts[i] = thing_requests(i);
    /* Only where the counts were read in time do they say something. */
    if (now_ms() - began < 5500)
        for (size_t i = 0; i < count; i++)
            if (counts[i] > 3 * cases[i].each)
                fail_msg("%s with %s: %lld requests in 5 s", cases[i].verb, cases[i].fault, (long long)counts[i]);
    for (size_t i = 0; i < count; i++) assert_true(counts[i] >= 2 * cases[i].each);
    assert_true(count_of(seen, K8SC_EVENT_ERROR, NULL) >= 2);
}

/* Each watch brings one whole frame and breaks: that is no reason to ask hundreds of times a second. */
static void short_lived_watches_do_not_flood(void **state)
{
    k8sc_testing_options *options = server_options();
    (void)state;
    OK(k8sc_testing_options_set_bookmark_interval(options, 1, &err));
    use_server(options);
    fault("{\"verb\":\"watch\",\"cut_after_bytes\":200}");
    k8sc_informer *informer = new_informer(NULL);
    OK(k8sc_informer_start(informer, &err));
    OK(k8sc_informer_wait_for_sync(informer, PATIENCE_MS, &err));
    int64_t began = now_ms(), before = k8sc_testing_server_request_count(server, NULL, NULL);
    pause_ms(2000);
    int64_t asked = k8sc_testing_server_request_count(server, NULL, NULL) - before, took = now_ms() - began;
    if (asked > took / 100) fail_msg("%lld watches in %lld ms", (long long)asked, (long long)took);
}

/* An ERROR frame ends a watch, also where the server forgets to close it. */
static void error_frame_without_end(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    put_map("default", "a", "1");
    fault("{\"verb\":\"watch\",\"times\":1,\"garbage\":\"{\\\"type\\\":\\\"ERROR\\\",\\\"object\\\":{\\\"kind\\\":"
          "\\\"Status\\\",\\\"apiVersion\\\":\\\"v1\\\","
          "\\\"metadata\\\":{},\\\"status\\\":\\\"Failure\\\",\\\"message\\\":\\\"too "
          "old\\\",\\\"reason\\\":\\\"Expired\\\",\\\"code\\\":410}}\"}");
    k8sc_informer *informer = new_informer(NULL);
    attach(informer, seen);
    OK(k8sc_informer_start(informer, &err));
    int64_t limit = now_ms() + 8000;
    while (requests("list") < 2 && now_ms() < limit) turn();
    assert_int_equal(requests("list"), 2);
}

/* Frames without a name say nothing about an object. */
static void frame_without_a_name(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    fault("{\"verb\":\"watch\",\"times\":1,\"garbage\":\"{\\\"type\\\":\\\"ADDED\\\",\\\"object\\\":{\\\"kind\\\":"
          "\\\"Secret\\\",\\\"data\\\":{\\\"a\\\":\\\"aHVudGVyMg==\\\"},"
          "\\\"metadata\\\":{\\\"resourceVersion\\\":\\\"999999\\\"}}}\"}");
    k8sc_informer *informer = new_informer(NULL);
    attach(informer, seen);
    k8sc_lister *lister = lister_of(informer);
    OK(k8sc_informer_start(informer, &err));
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ERROR, NULL) == 1);
    assert_int_equal(record_of(seen, K8SC_EVENT_ERROR, NULL, 0).code, K8SC_E_DECODE);
    /* What it holds may be a secret. */
    assert_non_null(strstr(record_of(seen, K8SC_EVENT_ERROR, NULL, 0).message, "Secret"));
    assert_null(strstr(record_of(seen, K8SC_EVENT_ERROR, NULL, 0).message, "aHVudGVyMg"));
    put_map("default", "a", "1");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ADD, "a") == 1);
    assert_int_equal(k8sc_lister_size(lister), 1);
}

/* Servers that build their lists from Go slices say null where there is nothing. */
static void list_of_null_items(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    fault("{\"verb\":\"list\",\"times\":1,\"garbage\":\"{\\\"kind\\\":\\\"ConfigMapList\\\",\\\"apiVersion\\\":"
          "\\\"v1\\\",\\\"metadata\\\":{\\\"resourceVersion\\\":\\\"1\\\"},"
          "\\\"items\\\":null}\"}");
    k8sc_informer *informer = new_informer(NULL);
    attach(informer, seen);
    OK(k8sc_informer_start(informer, &err));
    RUN_UNTIL(count_of(seen, K8SC_EVENT_SYNC, NULL) == 1);
    assert_string_equal(history(seen, 0), "SYNC");
}

/* Pages of a changing list can name an object twice: the later one counts. */
static void list_with_an_object_twice(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
#define TWIN(version, value) \
    "{\\\"metadata\\\":{\\\"name\\\":\\\"twin-with-a-rather-long-name\\\",\\\"namespace\\\":\\\"default\\\"," \
    "\\\"resourceVersion\\\":\\\"" version "\\\"},\\\"data\\\":{\\\"v\\\":\\\"" value "\\\"}}"
    fault("{\"verb\":\"list\",\"times\":1,\"garbage\":\"{\\\"kind\\\":\\\"ConfigMapList\\\",\\\"apiVersion\\\":"
          "\\\"v1\\\",\\\"metadata\\\":{\\\"resourceVersion\\\":\\\"1\\\"},"
          "\\\"items\\\":[" TWIN("1", "early") "," TWIN("2", "late") "]}\"}");
    put_map("default", "other", "1");
    k8sc_informer *informer = new_informer(NULL);
    attach(informer, seen);
    k8sc_lister *lister = lister_of(informer);
    OK(k8sc_informer_start(informer, &err));
    RUN_UNTIL(count_of(seen, K8SC_EVENT_SYNC, NULL) == 1);
    /* The events are gone, and with them whatever else kept the first of the two. */
    assert_string_equal(cached(lister, "default", "twin-with-a-rather-long-name"), "late");
    put_map("default", "twin-with-a-rather-long-name", "watched");
    RUN_UNTIL(strcmp(cached(lister, "default", "twin-with-a-rather-long-name"), "watched") == 0);
    RUN_UNTIL(strcmp(record_of(seen, 0, "twin-with-a-rather-long-name", -1).value, "watched") == 0);
    /* And the handler: new once. */
    assert_int_equal(count_of(seen, K8SC_EVENT_ADD, "twin-with-a-rather-long-name"), 1);
}

/* A server that begins again with each page; or that has another one after each. */
static int endless_pages, endless_tokens;

static void serve_endless(const k8sc_transport_request *request, k8sc_transport_reply *reply, void *user_data)
{
    char body[256];
    (void)request;
    (void)user_data;
    int page = __atomic_add_fetch(&endless_pages, 1, __ATOMIC_RELAXED);
    int len =
        snprintf(body, sizeof body,
                 "{\"kind\":\"ConfigMapList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"5\","
                 "\"continue\":\"again%d\"},"
                 "\"items\":[{\"metadata\":{\"name\":\"a\",\"namespace\":\"default\",\"resourceVersion\":\"1\"}}]}",
                 __atomic_load_n(&endless_tokens, __ATOMIC_RELAXED) ? page : 0);
    k8sc_transport_reply_add_header(reply, "Content-Type", "application/json", NULL);
    k8sc_transport_reply_append(reply, body, (size_t)len, NULL);
}

/* The informer of such a server has told ERROR twice; of all pages nothing. */
static struct recorder *two_errors_of_endless_pages(int ever_new, int64_t most_bytes, k8sc_status code,
                                                    const char *says)
{
    struct recorder *seen = new_recorder();
    k8sc_config *config = client_config();
    k8sc_error *err;
    endless_pages = 0;
    endless_tokens = ever_new;
    OK(k8sc_config_set_transport(config, serve_endless, NULL, NULL, &err));
    OK(k8sc_config_set_max_answer_bytes(config, most_bytes, &err));
    use_client(config);
    k8sc_informer *informer = new_informer(NULL);
    attach(informer, seen);
    OK(k8sc_informer_start(informer, &err));
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ERROR, NULL) == 2);
    for (int i = 0; i < 2; i++) {
        struct record error = record_of(seen, K8SC_EVENT_ERROR, NULL, i);
        assert_int_equal(error.code, code);
        assert_non_null(strstr(error.message, says));
    }
    assert_int_equal(count_of(seen, 0, NULL), 2);
    assert_int_equal(k8sc_informer_has_synced(informer), 0);
    return seen;
}

static void pages_without_end(void **state)
{
    (void)state;
    /* A function answers, whatever is spoken. */
    if (getenv("K8SC_TEST_HTTP2")) return;
    struct recorder *seen = two_errors_of_endless_pages(
        0, 1 << 20, K8SC_E_DECODE, "list configmaps: the server gives the same continue token again");
    assert_true(record_of(seen, K8SC_EVENT_ERROR, NULL, 1).at_ms - record_of(seen, K8SC_EVENT_ERROR, NULL, 0).at_ms >=
                SHORTEST_BACKOFF_MS);
    assert_int_equal(__atomic_load_n(&endless_pages, __ATOMIC_RELAXED), 4);
}

/* The tokens tell nothing here; what all pages have together does. */
static void pages_with_ever_new_tokens(void **state)
{
    (void)state;
    if (getenv("K8SC_TEST_HTTP2")) return;
    two_errors_of_endless_pages(1, 20 * 1024, K8SC_E_TOO_LARGE, "20480 bytes");
    assert_int_equal(__atomic_load_n(&endless_pages, __ATOMIC_RELAXED), 2 * 21);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(list_faults),
        TEST(watch_faults),
        TEST(too_many_requests_in_stream),
        TEST(very_short_watch),
        TEST(resource_that_appears_later),
        TEST(refused_connection),
        TEST(failures_do_not_flood),
        TEST(short_lived_watches_do_not_flood),
        TEST(error_frame_without_end),
        TEST(frame_without_a_name),
        TEST(list_of_null_items),
        TEST(list_with_an_object_twice),
        TEST(pages_without_end),
        TEST(pages_with_ever_new_tokens),
    };
    return run_named_tests("informer faults", tests, sizeof tests / sizeof *tests);
}
