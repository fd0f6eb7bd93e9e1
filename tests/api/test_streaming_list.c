/* Lists that come as the beginning of a watch: what is asked for, what each way of failing leads to, and that nothing
 * of it can be told from what handlers hear of a list in pages. */
#include "informer_support.h"

static void set_streaming(int32_t how)
{
    k8sc_error *err;
    OK(k8sc_testing_server_set_streaming_lists(server, how, &err));
}

/* With a server that can, and the default mode. */
static int set_up_streams(void **state)
{
    set_up(state);
    list_mode = K8SC_LIST_AUTO;
    set_streaming(K8SC_TESTING_STREAMING_SUPPORTED);
    return 0;
}
#define STREAM_TEST(function) cmocka_unit_test_setup_teardown(function, set_up_streams, tear_down)

/* Requests that ask for a streaming list. */
static int64_t streams(void)
{
    int64_t found = 0, all = requests("watch");
    for (int64_t i = 0; i < all; i++) found += parameter(query("watch", i), "sendInitialEvents") != NULL;
    return found;
}

static void assert_value(const char *of, const char *name, const char *wanted)
{
    const char *value = parameter(of, name);
    if (wanted ? !value || strcmp(value, wanted) != 0 : value != NULL)
        fail_msg("%s is %s in %s", name, value ? value : "absent", of);
}

static void assert_version(const char *of, int64_t wanted)
{
    char text[32];
    snprintf(text, sizeof text, "%lld", (long long)wanted);
    assert_value(of, "resourceVersion", text);
}

static void assert_initial(struct recorder *seen, const char *name)
{
    assert_int_equal(count_of(seen, K8SC_EVENT_ADD, name), 1);
    assert_int_equal(record_of(seen, K8SC_EVENT_ADD, name, 0).initial, 1);
}

static k8sc_informer *start_informer(struct recorder *seen)
{
    k8sc_error *err;
    k8sc_informer *informer = new_informer(NULL);
    attach(informer, seen);
    OK(k8sc_informer_start(informer, &err));
    return informer;
}

/* It is in sync and goes on to watch. */
static void settles(struct recorder *seen)
{
    RUN_UNTIL(count_of(seen, K8SC_EVENT_SYNC, NULL) == 1);
    AWAIT(k8sc_testing_server_watch_count(server) == 1);
    put_map("default", "after", "1");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ADD, "after") == 1);
    assert_int_equal(record_of(seen, K8SC_EVENT_ADD, "after", 0).initial, 0);
}

static void asks_exactly(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    put_map("default", "a", "1");
    put_map("default", "b", "1");
    running_informer(NULL, seen);
    settles(seen);
    assert_string_equal(history(seen, 0), "ADD a, ADD b, SYNC, ADD after");
    assert_initial(seen, "a");
    assert_int_equal(requests(NULL), 1);
    const char *of = query("watch", 0);
    assert_value(of, "sendInitialEvents", "true");
    assert_value(of, "resourceVersionMatch", "NotOlderThan");
    assert_value(of, "allowWatchBookmarks", "true");
    assert_value(of, "resourceVersion", NULL);
    assert_value(of, "timeout", NULL);
    int64_t seconds = parameter(of, "timeoutSeconds") ? atoll(parameter(of, "timeoutSeconds")) : -1;
    assert_in_range(seconds, 300, 599);
}

static void an_empty_list(void **state)
{
    struct recorder *seen = new_recorder();
    char *version;
    (void)state;
    put_json("{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"other\",\"namespace\":\"default\"}}");
    k8sc_informer *informer = running_informer(NULL, seen);
    OK(k8sc_informer_last_sync_resource_version(informer, &version, &err));
    assert_int_equal(atoll(version), version_now());
    k8sc_string_free(version);
    settles(seen);
    assert_string_equal(history(seen, 0), "SYNC, ADD after");
}

/* What the stream ended with is where a later watch goes on, and a later stream begins. */
static void goes_on_and_lists_again_from_its_version(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    put_map("default", "a", "1");
    put_map("default", "gone", "1");
    int64_t listed = version_now();
    running_informer(NULL, seen);
    OK(k8sc_testing_server_disconnect(server, &err));
    AWAIT(requests("watch") == 2);
    assert_version(query("watch", 1), listed);
    assert_value(query("watch", 1), "sendInitialEvents", NULL);

    OK(k8sc_testing_server_pause(server, &err));
    remove_map("default", "gone");
    put_map("default", "a", "2");
    put_map("default", "b", "1");
    OK(k8sc_testing_server_compact(server, &err));
    OK(k8sc_testing_server_resume(server, &err));
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ADD, "b") == 1 && count_of(seen, K8SC_EVENT_UPDATE, "a") == 1);
    RUN_UNTIL(count_of(seen, K8SC_EVENT_DELETE, "gone") == 1);
    assert_int_equal(record_of(seen, K8SC_EVENT_DELETE, "gone", 0).inferred, 1);
    assert_int_equal(record_of(seen, K8SC_EVENT_ADD, "b", 0).initial, 0);
    assert_int_equal(requests("list"), 0);
    assert_int_equal(streams(), 2);
    assert_version(query("watch", -1), listed);
    assert_int_equal(count_of(seen, K8SC_EVENT_SYNC, NULL), 1);
}

/* A server that does not know how says so at once; that is asked once for each resource. */
static void refused_once(void **state)
{
    struct recorder *seen = new_recorder(), *other = new_recorder();
    (void)state;
    set_streaming(K8SC_TESTING_STREAMING_REFUSED);
    put_map("default", "a", "1");
    start_informer(seen);
    settles(seen);
    assert_string_equal(history(seen, 0), "ADD a, SYNC, ADD after");
    assert_int_equal(requests("list"), 1);
    assert_int_equal(requests("watch"), 2);
    assert_int_equal(requests(NULL), 3);
    assert_value(query("list", 0), "resourceVersion", "0");
    /* Another informer of this client knows, also of another namespace. */
    k8sc_informer_options *options = informer_options();
    OK(k8sc_informer_options_set_namespace(options, "default", &err));
    running_informer(options, other);
    assert_int_equal(streams(), 1);
    assert_int_equal(requests("list"), 2);
}

static void pages_only(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    list_mode = K8SC_LIST_PAGES;
    start_informer(seen);
    settles(seen);
    assert_int_equal(streams(), 0);
}

/* Whoever wants a stream has it tried each time. */
static void stream_is_tried_again(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    list_mode = K8SC_LIST_STREAM;
    set_streaming(K8SC_TESTING_STREAMING_REFUSED);
    start_informer(seen);
    settles(seen);
    assert_int_equal(streams(), 1);
    set_streaming(K8SC_TESTING_STREAMING_SUPPORTED);
    OK(k8sc_testing_server_compact(server, &err));
    put_map("default", "b", "1");
    OK(k8sc_testing_server_compact(server, &err));
    fault("{\"verb\":\"watch\",\"times\":1,\"error_event\":{\"code\":410,\"reason\":\"Expired\"}}");
    OK(k8sc_testing_server_disconnect(server, &err));
    RUN_UNTIL(streams() == 2);
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ADD, "b") == 1);
    assert_int_equal(requests("list"), 1);
}

/* No end bookmark ever: an old server that takes no notice is found out by its version, and the next resource profits.
 */
static void ignored_by_an_old_server(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    set_streaming(K8SC_TESTING_STREAMING_IGNORED);
    put_map("default", "a", "1");
    int64_t began = now_ms();
    start_informer(seen);
    settles(seen);
    int64_t took = now_ms() - began;
    /* Far from the ten seconds that a server is given which should know how. */
    assert_in_range(took, 1000, 8000);
    assert_string_equal(history(seen, 0), "ADD a, SYNC, ADD after");
    assert_int_equal(k8sc_testing_server_request_count(server, "GET", "/version"), 1);
    assert_int_equal(requests("list"), 1);
    assert_int_equal(streams(), 1);
}

/* The same where the server keeps its version to itself, and where it never falls silent. */
static void ignored_by_a_server_without_version(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    set_streaming(K8SC_TESTING_STREAMING_IGNORED);
    fault("{\"path\":\"/version\",\"status\":{\"code\":403}}");
    put_map("default", "a", "1");
    start_informer(seen);
    /* Changes go on all the time, and are none of the list. */
    int64_t limit = now_ms() + 9000;
    for (int i = 0; count_of(seen, K8SC_EVENT_SYNC, NULL) == 0 && now_ms() < limit; i++) {
        char value[16];
        snprintf(value, sizeof value, "%d", i);
        put_map("default", "a", value);
        turn();
    }
    settles(seen);
    assert_int_equal(requests("list"), 1);
}

/* Nor does a new server that is said to know how, but has something in front of it that does not, hold anybody up for
 * long. */
static void bookmark_never_comes(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    fault("{\"verb\":\"watch\",\"end_bookmark\":\"never\",\"times\":1}");
    put_map("default", "a", "1");
    int64_t began = now_ms();
    start_informer(seen);
    settles(seen);
    assert_true(now_ms() - began >= 10000);
    assert_string_equal(history(seen, 0), "ADD a, SYNC, ADD after");
    assert_int_equal(requests("list"), 1);
    assert_int_equal(streams(), 1);
}

static void bookmark_comes_twice(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    fault("{\"verb\":\"watch\",\"end_bookmark\":\"twice\",\"times\":1}");
    put_map("default", "a", "1");
    start_informer(seen);
    settles(seen);
    assert_string_equal(history(seen, 0), "ADD a, SYNC, ADD after");
    assert_int_equal(requests(NULL), 1);
}

/* A stream that breaks is begun again, with back-off; the second time in a row it is pages. Nothing of what it brought
 * counts. */
static void breaks(const char *how)
{
    struct recorder *seen = new_recorder();
    char rule[128];
    snprintf(rule, sizeof rule, "{\"verb\":\"watch\",\"end_bookmark\":\"%s\",\"times\":1}", how);
    fault(rule);
    put_map("default", "a", "1");
    int64_t began = now_ms();
    start_informer(seen);
    AWAIT(streams() == 1);
    RUN_UNTIL(streams() == 2);
    assert_true(now_ms() - began >= 800);
    settles(seen);
    assert_int_equal(requests("list"), 0);
    assert_int_equal(record_of(seen, K8SC_EVENT_ERROR, NULL, 0).code, K8SC_E_TRANSPORT);
    assert_string_equal(history(seen, 0), "ERROR, ADD a, SYNC, ADD after");
}

static void cut_before_the_bookmark(void **state)
{
    (void)state;
    breaks("cut");
}

static void ended_before_the_bookmark(void **state)
{
    (void)state;
    breaks("end");
}

static void ended_twice(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    fault("{\"verb\":\"watch\",\"end_bookmark\":\"end\",\"times\":2}");
    put_map("default", "a", "1");
    start_informer(seen);
    settles(seen);
    assert_int_equal(streams(), 2);
    assert_int_equal(requests("list"), 1);
    assert_string_equal(history(seen, 0), "ERROR, ERROR, ADD a, SYNC, ADD after");
}

static void ended_without_an_event(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    fault("{\"verb\":\"watch\",\"end_bookmark\":\"end\",\"times\":1}");
    start_informer(seen);
    settles(seen);
    assert_string_equal(history(seen, 0), "SYNC, ADD after");
    assert_int_equal(streams(), 1);
    assert_int_equal(requests("list"), 1);
}

/* The rest of what can go wrong, each with a resource of its own, so that the waiting is shared. */
static void faults_of_the_stream(void **state)
{
    static const struct {
        const char *fault;
        int64_t streams, lists; /* of the attempt that succeeds and those before it */
        int http;               /* of the ERROR, 0: none */
    } cases[] = {
        {"\"status\":{\"code\":429}", 2, 0, 429},
        {"\"error_event\":{\"code\":429}", 2, 0, 429},
        {"\"status\":{\"code\":422}", 1, 1, 0},
        {"\"status\":{\"code\":400}", 1, 1, 0},
        {"\"status\":{\"code\":500}", 1, 1, 0},
        {"\"status\":{\"code\":403}", 1, 1, 0},
        {"\"error_event\":{\"code\":500}", 1, 1, 0},
        {"\"garbage\":\"no json\"", 1, 1, 0},
        {"\"html\":true", 1, 1, 0},
        {"\"status\":{\"code\":410,\"reason\":\"Expired\"}", 1, 1, 0},
    };
    enum { count = sizeof cases / sizeof *cases };
    struct recorder *seen[count];
    k8sc_testing_options *options = server_options();
    (void)state;
    for (size_t i = 0; i < count; i++) {
        char plural[32], kind[32];
        snprintf(plural, sizeof plural, "things%zu", i);
        snprintf(kind, sizeof kind, "Thing%zu", i);
        OK(k8sc_testing_options_add_kind(options, "example.com", "v1", plural, kind, 1, &err));
    }
    use_server(options);
    set_streaming(K8SC_TESTING_STREAMING_SUPPORTED);
    k8sc_informer_factory *factory = new_factory(NULL);
    for (size_t i = 0; i < count; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "{\"apiVersion\":\"example.com/"
                 "v1\",\"kind\":\"Thing%zu\",\"metadata\":{\"name\":\"a\",\"namespace\":\"default\"}}",
                 i);
        put_json(text);
        snprintf(text, sizeof text, "{\"verb\":\"watch\",\"resource\":\"things%zu\",%s,\"times\":1}", i,
                 cases[i].fault);
        fault(text);
        snprintf(text, sizeof text, "things%zu", i);
        seen[i] = new_recorder();
        attach(informer_of(factory, "example.com", "v1", text), seen[i]);
    }
    OK(k8sc_informer_factory_start(factory, &err));
    for (size_t i = 0; i < count; i++) RUN_UNTIL(count_of(seen[i], K8SC_EVENT_SYNC, NULL) == 1);
    AWAIT(k8sc_testing_server_watch_count(server) == count);
    for (size_t i = 0; i < count; i++) {
        char path[64];
        snprintf(path, sizeof path, "/apis/example.com/v1/things%zu", i);
        /* After a list in pages comes a watch. */
        assert_int_equal(k8sc_testing_server_request_count(server, "GET", path), cases[i].streams + 2 * cases[i].lists);
        if ((int)count_of(seen[i], K8SC_EVENT_ERROR, NULL) != (cases[i].http ? 1 : 0))
            fail_msg("%s: %s", cases[i].fault, history(seen[i], 0));
        if (cases[i].http) assert_int_equal(record_of(seen[i], K8SC_EVENT_ERROR, NULL, 0).http, cases[i].http);
        assert_initial(seen[i], "a");
    }
}

/* Too old, or from a future that this server has not seen: once more without a version, and at once. */
static void version_is_unavailable(const char *status)
{
    struct recorder *seen = new_recorder();
    k8sc_error *err;
    char rule[256];
    put_map("default", "a", "1");
    int64_t listed = version_now();
    running_informer(NULL, seen);
    OK(k8sc_testing_server_pause(server, &err));
    put_map("default", "b", "1");
    OK(k8sc_testing_server_compact(server, &err));
    /* Of the requests to come, the first is the watch from a version that is too old. */
    snprintf(rule, sizeof rule, "{\"verb\":\"watch\",\"nth\":2,\"status\":%s}", status);
    fault(rule);
    OK(k8sc_testing_server_resume(server, &err));
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ADD, "b") == 1);
    assert_int_equal(requests("list"), 0);
    assert_int_equal(streams(), 3);
    assert_version(query("watch", -2), listed);
    assert_value(query("watch", -1), "resourceVersion", NULL);
    assert_int_equal(count_of(seen, K8SC_EVENT_ADD, "a"), 1);
}

static void version_expired(void **state)
{
    (void)state;
    version_is_unavailable("{\"code\":410,\"reason\":\"Expired\"}");
}

static void version_too_large(void **state)
{
    (void)state;
    version_is_unavailable(
        "{\"code\":504,\"reason\":\"Timeout\",\"message\":\"Timeout: Too large resource version: 9, current: 8\"}");
}

/* A server may tell of changes before the bookmark: the list is what they led to. */
static void changes_before_the_bookmark(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
#define FRAME(type, name, version, value) \
    "{\\\"type\\\":\\\"" type "\\\",\\\"object\\\":{\\\"kind\\\":\\\"ConfigMap\\\",\\\"apiVersion\\\":\\\"v1\\\"," \
    "\\\"metadata\\\":{\\\"name\\\":\\\"" name \
    "\\\",\\\"namespace\\\":\\\"default\\\",\\\"resourceVersion\\\":\\\"" version \
    "\\\"},\\\"data\\\":{\\\"v\\\":\\\"" value "\\\"}}}\\n"
    fault("{\"verb\":\"watch\",\"times\":1,\"garbage\":\"" FRAME("ADDED", "changed", "1", "old")
              FRAME("ADDED", "deleted", "1", "old") FRAME("ADDED", "again", "1", "old")
                  FRAME("MODIFIED", "changed", "2", "new") FRAME("DELETED", "deleted", "3", "old")
                      FRAME("DELETED", "again", "4", "old") FRAME("DELETED", "unknown", "5", "old")
                          FRAME("ADDED", "again", "6", "new") "\"}");
    put_map("default", "z", "1");
    k8sc_informer *informer = start_informer(seen);
    k8sc_lister *lister = lister_of(informer);
    settles(seen);
    assert_int_equal(requests(NULL), 1);
    assert_int_equal(k8sc_lister_size(lister), 4);
    assert_string_equal(record_of(seen, K8SC_EVENT_ADD, "changed", -1).value, "new");
    assert_string_equal(record_of(seen, K8SC_EVENT_ADD, "again", -1).value, "new");
    assert_initial(seen, "again");
    assert_int_equal(count_of(seen, K8SC_EVENT_DELETE, NULL), 0);
    assert_int_equal(count_of(seen, K8SC_EVENT_ADD, "deleted"), 0);
    assert_int_equal(count_of(seen, K8SC_EVENT_ADD, "unknown"), 0);
}

/* Nobody there: it waits and tries to stream again. */
static void refused_connection(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    OK(k8sc_testing_server_pause(server, &err));
    start_informer(seen);
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ERROR, NULL) == 2);
    OK(k8sc_testing_server_resume(server, &err));
    settles(seen);
    assert_int_equal(requests("list"), 0);
}

static void stops_within_the_stream(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    fault("{\"verb\":\"watch\",\"end_bookmark\":\"never\"}");
    put_map("default", "a", "1");
    k8sc_informer *informer = start_informer(seen);
    AWAIT(k8sc_testing_server_watch_count(server) == 1);
    OK(k8sc_informer_stop(informer, &err));
    AWAIT(k8sc_testing_server_watch_count(server) == 0);
    assert_string_equal(history(seen, 0), "");
}

/* The same script and the same mishaps, listed either way: the same calls. */
static void play(int32_t mode, char *told, size_t size)
{
    struct recorder *seen = new_recorder();
    k8sc_error *err;
    size_t at = 0;
    list_mode = mode;
    use_server(server_options());
    set_streaming(K8SC_TESTING_STREAMING_SUPPORTED);
    put_map("default", "a", "1");
    put_map("default", "b", "1");
    put_map("other", "a", "1");
    running_informer(NULL, seen);
    put_map("default", "a", "2");
    remove_map("other", "a");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_DELETE, "a") == 1);
    for (int round = 0; round < 2; round++) {
        char name[16];
        OK(k8sc_testing_server_pause(server, &err));
        remove_map("default", round ? "new0" : "b");
        snprintf(name, sizeof name, "new%d", round);
        put_map("default", name, "1");
        put_map("default", "a", round ? "4" : "3");
        OK(k8sc_testing_server_compact(server, &err));
        OK(k8sc_testing_server_resume(server, &err));
        RUN_UNTIL(count_of(seen, K8SC_EVENT_ADD, name) == 1);
        AWAIT(k8sc_testing_server_watch_count(server) == 1);
    }
    put_map("default", "last", "1");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ADD, "last") == 1);
    told[0] = '\0';
    for (size_t i = 0; i < count_of(seen, 0, NULL) && at < size; i++) {
        struct record one = record_of(seen, 0, NULL, (int)i);
        /* Whether a connection was refused on the way depends on the moment. */
        if (one.kind == K8SC_EVENT_ERROR) continue;
        at += (size_t)snprintf(told + at, size - at, "%d %s/%s %s %s<%s %d%d\n", (int)one.kind, one.space, one.name,
                               one.version, one.value, one.old_value, one.initial, one.inferred);
    }
    assert_int_equal(requests("list") == 0, mode != K8SC_LIST_PAGES);
}

static void both_ways_tell_the_same(void **state)
{
    static char in_pages[8192], as_stream[8192];
    (void)state;
    play(K8SC_LIST_PAGES, in_pages, sizeof in_pages);
    play(K8SC_LIST_STREAM, as_stream, sizeof as_stream);
    assert_true(strlen(in_pages) > 100);
    assert_string_equal(as_stream, in_pages);
}

static void wrong_modes(void **state)
{
    k8sc_informer_options *options = informer_options();
    (void)state;
    FAILS(K8SC_E_INVALID, k8sc_informer_options_set_list_mode(options, 3, &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_options_set_list_mode(options, -1, &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_options_set_list_mode(NULL, K8SC_LIST_AUTO, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STREAM_TEST(asks_exactly),
        STREAM_TEST(an_empty_list),
        STREAM_TEST(goes_on_and_lists_again_from_its_version),
        STREAM_TEST(refused_once),
        STREAM_TEST(pages_only),
        STREAM_TEST(stream_is_tried_again),
        STREAM_TEST(ignored_by_an_old_server),
        STREAM_TEST(ignored_by_a_server_without_version),
        STREAM_TEST(bookmark_never_comes),
        STREAM_TEST(bookmark_comes_twice),
        STREAM_TEST(cut_before_the_bookmark),
        STREAM_TEST(ended_before_the_bookmark),
        STREAM_TEST(ended_twice),
        STREAM_TEST(ended_without_an_event),
        STREAM_TEST(faults_of_the_stream),
        STREAM_TEST(version_expired),
        STREAM_TEST(version_too_large),
        STREAM_TEST(changes_before_the_bookmark),
        STREAM_TEST(refused_connection),
        STREAM_TEST(stops_within_the_stream),
        STREAM_TEST(both_ways_tell_the_same),
        STREAM_TEST(wrong_modes),
    };
    return run_named_tests("streaming list", tests, sizeof tests / sizeof *tests);
}
