/* How an informer lists and watches: what it asks for, and how it goes on after an end. */
#include "informer_support.h"

static int stands_at(k8sc_informer *informer, int64_t version)
{
    char *text = NULL, wanted[32];
    snprintf(wanted, sizeof wanted, "%lld", (long long)version);
    int same = k8sc_informer_last_sync_resource_version(informer, &text, NULL) == K8SC_OK && strcmp(text, wanted) == 0;
    k8sc_string_free(text);
    return same;
}

static size_t parameters_in(const char *of)
{
    size_t n = *of != '\0';
    for (; *of; of++) n += *of == '&';
    return n;
}

static void assert_parameter(const char *of, const char *name, const char *wanted)
{
    const char *value = parameter(of, name);
    if (!wanted && !value) return;
    if (!wanted || !value || strcmp(value, wanted) != 0)
        fail_msg("%s is %s and not %s in %s", name, value ? value : "absent", wanted ? wanted : "absent", of);
}

static void assert_number(const char *of, const char *name, int64_t wanted)
{
    char text[32];
    snprintf(text, sizeof text, "%lld", (long long)wanted);
    assert_parameter(of, name, text);
}

static void asks_exactly(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    put_map("default", "a", "1");
    int64_t version = version_now();
    running_informer(NULL, seen);
    assert_string_equal(history(seen, 0), "ADD a, SYNC");
    assert_int_equal(requests(NULL), 2);

    const char *list = query("list", 0);
    assert_int_equal(parameters_in(list), 2);
    assert_parameter(list, "resourceVersion", "0");
    assert_parameter(list, "limit", "500");

    const char *watch = query("watch", 0);
    assert_int_equal(parameters_in(watch), 4);
    assert_parameter(watch, "watch", "true");
    assert_parameter(watch, "allowWatchBookmarks", "true");
    assert_number(watch, "resourceVersion", version);
    int64_t seconds = parameter(watch, "timeoutSeconds") ? atoll(parameter(watch, "timeoutSeconds")) : -1;
    assert_in_range(seconds, 300, 599);
}

static void selects_in_both(void **state)
{
    struct recorder *seen = new_recorder();
    k8sc_informer_options *options = informer_options();
    char *last;
    (void)state;
    OK(k8sc_informer_options_set_namespace(options, "one", &err));
    OK(k8sc_informer_options_set_label_selector(options, "app=x", &err));
    OK(k8sc_informer_options_set_field_selector(options, "metadata.name!=skipped", &err));
    put_labelled("one", "a", "1", "{\"app\":\"x\"}");
    put_labelled("one", "skipped", "1", "{\"app\":\"x\"}");
    put_labelled("one", "b", "1", "{\"app\":\"y\"}");
    put_labelled("two", "c", "1", "{\"app\":\"x\"}");
    running_informer(options, seen);
    assert_string_equal(history(seen, 0), "ADD a, SYNC");
    /* b begins to match, a ceases to: new and gone to who selects. */
    put_labelled("one", "b", "2", "{\"app\":\"x\"}");
    put_labelled("one", "a", "2", "{\"app\":\"y\"}");
    RUN_UNTIL(count_of(seen, 0, NULL) == 4);
    assert_string_equal(history(seen, 2), "ADD b, DELETE a");
    assert_int_equal(record_of(seen, K8SC_EVENT_DELETE, "a", 0).inferred, 0);
    for (int i = 0; i < 2; i++) {
        const char *of = query(i ? "watch" : "list", 0);
        assert_parameter(of, "labelSelector", "app%3Dx");
        assert_non_null(parameter(of, "fieldSelector"));
    }
    OK(k8sc_testing_server_last_request(server, "GET", "/api/v1/namespaces/one/configmaps", &last, &err));
    k8sc_testing_string_free(last);
    /* "" is all of them. */
    struct recorder *everywhere = new_recorder();
    OK(k8sc_informer_options_set_namespace(options, "", &err));
    running_informer(options, everywhere);
    assert_int_equal(count_of(everywhere, K8SC_EVENT_ADD, "b"), 1);
    assert_int_equal(count_of(everywhere, K8SC_EVENT_ADD, "c"), 1);
    FAILS(K8SC_E_INVALID, k8sc_informer_options_set_namespace(options, "a/b", &err));
}

static void bookmarks_move_the_version(void **state)
{
    struct recorder *seen = new_recorder();
    k8sc_testing_options *options = server_options();
    (void)state;
    OK(k8sc_testing_options_set_bookmark_interval(options, 50, &err));
    use_server(options);
    k8sc_informer *informer = running_informer(NULL, seen);
    put_json("{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"other\",\"namespace\":\"default\"}}");
    int64_t version = version_now();
    RUN_UNTIL(stands_at(informer, version));
    OK(k8sc_testing_server_disconnect(server, &err));
    AWAIT(requests("watch") >= 2);
    assert_number(query("watch", 1), "resourceVersion", version);
    assert_int_equal(requests("list"), 1);
    assert_int_equal(count_of(seen, K8SC_EVENT_ERROR, NULL), 0);
    assert_string_equal(history(seen, 0), "SYNC");
}

/* The end of a stream is no error, whatever it looks like, and not a reason to list again. */
static void resumes_without_list(struct recorder *seen, int64_t watches)
{
    AWAIT(requests("watch") >= watches);
    put_map("default", "after", "1");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ADD, "after") == 1);
    assert_int_equal(requests("list"), 1);
    if (count_of(seen, K8SC_EVENT_ERROR, NULL))
        fail_msg("an error: %s", record_of(seen, K8SC_EVENT_ERROR, NULL, 0).message);
}

static void resumes_after_cut_in_line(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    fault("{\"verb\":\"watch\",\"cut_after_bytes\":400,\"times\":1}");
    running_informer(NULL, seen);
    put_map("default", "a", "1");
    put_map("default", "b", "1");
    put_map("default", "c", "1");
    int64_t versions = version_now();
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ADD, NULL) == 3);
    assert_string_equal(history(seen, 0), "SYNC, ADD a, ADD b, ADD c");
    assert_number(query("watch", 1), "resourceVersion", versions - 2);
    resumes_without_list(seen, 2);
}

static void resumes_after_clean_end(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    fault("{\"verb\":\"watch\",\"truncate\":true,\"times\":1}");
    running_informer(NULL, seen);
    int64_t version = version_now();
    /* Longer than what counts as a very short watch. */
    pause_ms(1100);
    put_map("default", "a", "1");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ADD, "a") == 1);
    assert_number(query("watch", 1), "resourceVersion", version);
    resumes_without_list(seen, 2);
    assert_string_equal(history(seen, 0), "SYNC, ADD a, ADD after");
}

static void resumes_after_disconnects(void **state)
{
    struct recorder *seen = new_recorder();
    char name[16];
    (void)state;
    k8sc_informer *informer = running_informer(NULL, seen);
    RUN_UNTIL(statistic(informer, "connected") == 1);
    /* The first before any event came, then with one on each connection. */
    for (int i = 0; i < 5; i++) {
        OK(k8sc_testing_server_disconnect(server, &err));
        snprintf(name, sizeof name, "m%d", i);
        put_map("default", name, "1");
        RUN_UNTIL(count_of(seen, K8SC_EVENT_ADD, name) == 1);
    }
    resumes_without_list(seen, 6);
    assert_string_equal(history(seen, 0), "SYNC, ADD m0, ADD m1, ADD m2, ADD m3, ADD m4, ADD after");
}

static void resumes_after_restart(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    put_map("default", "gone", "1");
    running_informer(NULL, seen);
    put_map("default", "a", "1");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ADD, "a") == 1);
    OK(k8sc_testing_server_stop(server, &err));
    /* Down for long enough to be refused. */
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ERROR, NULL) >= 1);
    assert_int_equal(record_of(seen, K8SC_EVENT_ERROR, NULL, 0).code, K8SC_E_CONNECT);
    put_map("default", "a", "2");
    remove_map("default", "gone");
    OK(k8sc_testing_server_restart(server, &err));
    RUN_UNTIL(count_of(seen, K8SC_EVENT_DELETE, "gone") == 1);
    /* The history was still there: what happened is told as it happened. */
    struct record deleted = record_of(seen, K8SC_EVENT_DELETE, "gone", 0),
                  updated = record_of(seen, K8SC_EVENT_UPDATE, "a", 0);
    assert_int_equal(deleted.inferred, 0);
    assert_string_equal(updated.value, "2");
    assert_string_equal(updated.old_value, "1");
    assert_int_equal(requests("list"), 1);
}

/* A server that starts, or a proxy with none behind it, refuses for a while: the cache stands, and nobody lists again.
 * They share the time. */
static void resumes_after_unavailable(void **state)
{
    static const char *const said[] = {"\"status\":{\"code\":503}",
                                       "\"status\":{\"code\":503,\"retryAfter\":1}",
                                       "\"html\":502",
                                       "\"html\":503",
                                       "\"html\":504",
                                       "\"status\":{\"code\":429}",
                                       "\"status\":{\"code\":404}"};
    enum { count = sizeof said / sizeof *said };
    struct recorder *seen[count];
    (void)state;
    for (int i = 0; i < count; i++) {
        char space[16];
        k8sc_informer_options *options = informer_options();
        snprintf(space, sizeof space, "space%d", i);
        seen[i] = new_recorder();
        put_map(space, "a", "1");
        OK(k8sc_informer_options_set_namespace(options, space, &err));
        running_informer(options, seen[i]);
    }
    int64_t lists = requests("list");
    AWAIT(k8sc_testing_server_watch_count(server) == count);
    pause_ms(1100);
    OK(k8sc_testing_server_pause(server, &err));
    for (int i = 0; i < count; i++) {
        char rule[256], space[16];
        snprintf(rule, sizeof rule,
                 "{\"verb\":\"watch\",\"path\":\"/api/v1/namespaces/space%d/configmaps\",\"times\":2,%s}", i, said[i]);
        fault(rule);
        snprintf(space, sizeof space, "space%d", i);
        put_map(space, "a", "2");
    }
    OK(k8sc_testing_server_resume(server, &err));
    for (int i = 0; i < count; i++) {
        RUN_UNTIL(count_of(seen[i], K8SC_EVENT_UPDATE, "a") == 1);
        if (count_of(seen[i], K8SC_EVENT_ERROR, NULL) < 2)
            fail_msg("%s is told %zu times: %s", said[i], count_of(seen[i], K8SC_EVENT_ERROR, NULL),
                     history(seen[i], 1));
    }
    assert_int_equal(requests("list"), lists);
}

static void stall_ends_at_the_idle_deadline(void **state)
{
    struct recorder *seen = new_recorder();
    k8sc_config *config = client_config();
    (void)state;
    OK(k8sc_config_set_watch_idle_timeout(config, 1500, &err));
    use_client(config);
    fault("{\"verb\":\"watch\",\"stall_after_bytes\":400,\"times\":1}");
    running_informer(NULL, seen);
    put_map("default", "a", "1");
    put_map("default", "b", "1");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ADD, "a") == 1);
    int64_t began = record_of(seen, K8SC_EVENT_ADD, "a", 0).at_ms;
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ADD, "b") == 1);
    assert_true(record_of(seen, K8SC_EVENT_ADD, "b", 0).at_ms - began < 20000);
    resumes_without_list(seen, 2);
    assert_string_equal(history(seen, 0), "SYNC, ADD a, ADD b, ADD after");
}

/* Watches so far of the informer that selects by this label. */
static int watches_of(const char *label)
{
    int n = 0;
    for (int64_t i = 0, all = requests("watch"); i < all; i++) {
        const char *selector = parameter(query("watch", i), "labelSelector");
        n += selector && strcmp(selector, label) == 0;
    }
    return n;
}

/* Two informers with nothing to hear: the one with a short idle deadline resumes, the other's watch lasts; whoever has
 * set which. */
static void idle_deadline_of_each(void **state)
{
    (void)state;
    for (int client_wide = 0; client_wide < 2; client_wide++) {
        struct recorder *resumed = new_recorder(), *lasting = new_recorder();
        k8sc_informer_options *resumes = informer_options(), *lasts = informer_options();
        use_server(server_options());
        k8sc_config *config = client_config();
        if (client_wide) OK(k8sc_config_set_watch_idle_timeout(config, 1200, &err));
        use_client(config);
        OK(k8sc_informer_options_set_label_selector(resumes, "app=resumes", &err));
        OK(k8sc_informer_options_set_label_selector(lasts, "app=lasts", &err));
        OK(k8sc_informer_options_set_watch_idle_timeout(client_wide ? lasts : resumes, client_wide ? -1 : 1200, &err));
        running_informer(lasts, lasting);
        running_informer(resumes, resumed);
        AWAIT(watches_of("app%3Dresumes") >= 3);
        put_labelled("default", "a", "1", "{\"app\":\"lasts\"}");
        put_labelled("default", "b", "1", "{\"app\":\"resumes\"}");
        RUN_UNTIL(count_of(lasting, K8SC_EVENT_ADD, "a") == 1 && count_of(resumed, K8SC_EVENT_ADD, "b") == 1);
        assert_int_equal(watches_of("app%3Dlasts"), 1);
        assert_int_equal(requests("list"), 2);
        assert_string_equal(history(lasting, 0), "SYNC, ADD a");
        assert_string_equal(history(resumed, 0), "SYNC, ADD b");
    }
}

/* ----------------------------------------------------------------------------------------------------- missed events
 * -- */

/* Down, and when it is up again it has forgotten what happened meanwhile. */
static void go_down(void)
{
    k8sc_error *err;
    OK(k8sc_testing_server_pause(server, &err));
}

static void come_up_without_memory(void)
{
    k8sc_error *err;
    OK(k8sc_testing_server_compact(server, &err));
    OK(k8sc_testing_server_resume(server, &err));
}

static void infers_deletes(struct recorder *seen)
{
    put_map("default", "gone", "1");
    put_map("default", "kept", "1");
    put_map("default", "changed", "1");
    put_map("default", "again", "1");
    k8sc_informer *informer = running_informer(NULL, seen);
    put_map("default", "gone", "last");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_UPDATE, "gone") == 1);
    struct record last = record_of(seen, K8SC_EVENT_UPDATE, "gone", 0),
                  first = record_of(seen, K8SC_EVENT_ADD, "again", 0);
    size_t before = count_of(seen, 0, NULL);

    go_down();
    put_map("default", "gone", "never seen");
    remove_map("default", "gone");
    put_map("default", "changed", "2");
    put_map("default", "changed", "3");
    put_map("default", "new", "1");
    remove_map("default", "again");
    put_map("default", "again", "2");
    int64_t version = version_now();
    come_up_without_memory();
    RUN_UNTIL(stands_at(informer, version) && count_of(seen, K8SC_EVENT_ADD, "new") == 1);

    struct record deleted = record_of(seen, K8SC_EVENT_DELETE, "gone", 0);
    assert_int_equal(deleted.inferred, 1);
    assert_string_equal(deleted.value, "last");
    assert_string_equal(deleted.version, last.version);
    assert_string_equal(deleted.uid, last.uid);
    struct record changed = record_of(seen, K8SC_EVENT_UPDATE, "changed", 0);
    assert_string_equal(changed.old_value, "1");
    assert_string_equal(changed.value, "3");
    /* Deleted and made again unseen: an update with another uid. */
    struct record again = record_of(seen, K8SC_EVENT_UPDATE, "again", 0);
    assert_string_equal(again.old_uid, first.uid);
    assert_string_not_equal(again.uid, first.uid);
    assert_int_equal(count_of(seen, K8SC_EVENT_DELETE, NULL), 1);
    assert_int_equal(record_of(seen, K8SC_EVENT_ADD, "new", 0).initial, 0);
    assert_int_equal(count_of(seen, K8SC_EVENT_SYNC, NULL), 1);
    for (size_t i = before; i < count_of(seen, 0, NULL); i++) {
        /* What is too old is how servers ask for a new list. */
        struct record one = record_of(seen, 0, NULL, (int)i);
        if (one.kind == K8SC_EVENT_ERROR) assert_int_equal(one.code, K8SC_E_CONNECT);
    }
    /* The list after an expired watch is no older than what was seen. */
    assert_parameter(query("list", 1), "limit", NULL);
    assert_non_null(parameter(query("list", 1), "resourceVersion"));
    assert_parameter(query("list", 1), "resourceVersionMatch", NULL);
    /* And the watch goes on from there. */
    AWAIT(k8sc_testing_server_watch_count(server) == 1);
    assert_number(query("watch", -1), "resourceVersion", version);
    /* With resync off, an object that did not change is an update that changes nothing. */
    if (count_of(seen, K8SC_EVENT_UPDATE, "kept")) {
        struct record kept = record_of(seen, K8SC_EVENT_UPDATE, "kept", 0);
        assert_string_equal(kept.old_version, kept.version);
    }
}

static void infers_deletes_expired_in_stream(void **state)
{
    (void)state;
    infers_deletes(new_recorder());
}

static void infers_deletes_expired_at_open(void **state)
{
    k8sc_testing_options *options = server_options();
    (void)state;
    OK(k8sc_testing_options_set_expired_at_open(options, 1, &err));
    use_server(options);
    infers_deletes(new_recorder());
}

static void delete_carries_the_final_object(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    put_map("default", "a", "1");
    running_informer(NULL, seen);
    remove_map("default", "a");
    int64_t version = version_now();
    RUN_UNTIL(count_of(seen, K8SC_EVENT_DELETE, "a") == 1);
    struct record deleted = record_of(seen, K8SC_EVENT_DELETE, "a", 0);
    assert_int_equal(atoll(deleted.version), version);
    assert_string_equal(deleted.value, "1");
    assert_int_equal(deleted.inferred, 0);
    assert_int_equal(deleted.has_old, 0);
    put_map("default", "a", "2");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ADD, "a") == 2);
    assert_int_equal(record_of(seen, K8SC_EVENT_ADD, "a", 1).initial, 0);
}

/* The end of what a handler has never heard of, or knows to have ended, is none to it. */
static void deletes_of_the_unknown(void **state)
{
    struct recorder *seen = new_recorder();
    char rule[512];
    (void)state;
    put_map("default", "a", "1");
    remove_map("default", "a");
    snprintf(rule, sizeof rule,
             "{\"verb\":\"watch\",\"times\":1,\"garbage\":\"{\\\"type\\\":\\\"DELETED\\\",\\\"object\\\":{\\\"kind\\\":"
             "\\\"ConfigMap\\\",\\\"apiVersion\\\":\\\"v1\\\","
             "\\\"metadata\\\":{\\\"namespace\\\":\\\"default\\\",\\\"name\\\":\\\"a\\\",\\\"resourceVersion\\\":\\\"%"
             "lld\\\"}}}\"}",
             (long long)version_now());
    int64_t id = fault(rule);
    running_informer(NULL, seen);
    AWAIT(k8sc_testing_server_fault_count(server, id) == 1);
    put_map("default", "b", "1");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ADD, "b") == 1);
    assert_string_equal(history(seen, 0), "SYNC, ADD b");
}

/* ---- pages */

static k8sc_informer *paged(struct recorder *seen)
{
    k8sc_informer_options *options = informer_options();
    k8sc_error *err;
    OK(k8sc_informer_options_set_page_size(options, 2, &err));
    for (char name[] = "a"; *name <= 'e'; name[0]++) put_map("default", name, "1");
    k8sc_informer *informer = running_informer(options, seen);
    assert_parameter(query("list", 0), "limit", "2");
    assert_parameter(query("list", 0), "resourceVersion", "0");
    return informer;
}

/* Beside a limit a version would mean exactly that one, so an expired watch would be followed by a list as old as it,
 * and expire again. */
static void an_expired_watch_is_followed_by_pages_of_now(void **state)
{
    struct recorder *seen = new_recorder();
    k8sc_informer_options *options = informer_options();
    (void)state;
    OK(k8sc_informer_options_set_list_mode(options, K8SC_LIST_PAGES, &err));
    OK(k8sc_informer_options_set_page_size(options, 2, &err));
    for (int i = 0; i < 5; i++) put_map("default", (char[]){(char)('a' + i), 0}, "1");
    running_informer(options, seen);
    int64_t lists = requests("list");
    assert_string_equal(parameter(query("list", 0), "resourceVersion"), "0");
    fault("{\"verb\":\"watch\",\"times\":1,\"error_event\":{\"code\":410,\"reason\":\"Expired\"}}");
    OK(k8sc_testing_server_disconnect(server, &err));
    RUN_UNTIL(requests("list") >= lists + 3);
    for (int i = 0; i < 3; i++) assert_string_equal(parameter(query("list", lists + i), "limit"), "2");
    assert_null(parameter(query("list", lists), "resourceVersion"));
    put_map("default", "f", "1");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ADD, "f") == 1);
    assert_int_equal(requests("list"), lists + 3);
}

static void lists_in_pages(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    k8sc_informer *informer = paged(seen);
    int64_t lists = requests("list");
    go_down();
    remove_map("default", "c");
    put_map("default", "f", "1");
    come_up_without_memory();
    RUN_UNTIL(stands_at(informer, version_now()) && count_of(seen, K8SC_EVENT_ADD, "f") == 1);
    assert_int_equal(record_of(seen, K8SC_EVENT_DELETE, "c", 0).inferred, 1);
    assert_int_equal(count_of(seen, K8SC_EVENT_DELETE, NULL), 1);
    assert_int_equal(requests("list"), lists + 3);
    for (int64_t i = 0; i < 3; i++) {
        const char *of = query("list", lists + i);
        assert_parameter(of, "limit", "2");
        assert_parameter(of, "resourceVersion", NULL);
        assert_int_equal(parameter(of, "continue") != NULL, i > 0);
    }
}

static void expired_page_asks_for_the_whole(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    k8sc_informer *informer = paged(seen);
    int64_t lists = requests("list");
    go_down();
    remove_map("default", "c");
    put_map("default", "f", "1");
    fault("{\"verb\":\"list\",\"nth\":3,\"status\":{\"code\":410,\"reason\":\"Expired\"}}");
    come_up_without_memory();
    RUN_UNTIL(stands_at(informer, version_now()) && count_of(seen, K8SC_EVENT_ADD, "f") == 1);
    assert_int_equal(requests("list"), lists + 4);
    assert_non_null(parameter(query("list", lists + 2), "continue"));
    assert_string_equal(query("list", lists + 3), "");
    assert_int_equal(count_of(seen, K8SC_EVENT_DELETE, NULL), 1);
    /* Nothing twice, though the first page had come already. */
    assert_int_equal(count_of(seen, K8SC_EVENT_ADD, "f"), 1);
    for (char name[] = "a"; *name <= 'e'; name[0]++) assert_int_equal(count_of(seen, K8SC_EVENT_ADD, name), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(asks_exactly),
        TEST(selects_in_both),
        TEST(bookmarks_move_the_version),
        TEST(resumes_after_cut_in_line),
        TEST(resumes_after_clean_end),
        TEST(resumes_after_disconnects),
        TEST(resumes_after_restart),
        TEST(resumes_after_unavailable),
        TEST(stall_ends_at_the_idle_deadline),
        TEST(idle_deadline_of_each),
        TEST(infers_deletes_expired_in_stream),
        TEST(infers_deletes_expired_at_open),
        TEST(delete_carries_the_final_object),
        TEST(deletes_of_the_unknown),
        TEST(an_expired_watch_is_followed_by_pages_of_now),
        TEST(lists_in_pages),
        TEST(expired_page_asks_for_the_whole),
    };
    return run_named_tests("informer watch", tests, sizeof tests / sizeof *tests);
}
