/* What a watch brings twice or too late is told once: frames that a server, or what is in front of it, repeats. */
#include "informer_support.h"

/* The next watch begins with this frame. Double quotes are written as single ones. */
static int64_t frame(const char *format, ...)
{
    char text[512], rule[1024];
    size_t at;
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    at = (size_t)snprintf(rule, sizeof rule, "{\"verb\":\"watch\",\"times\":1,\"garbage\":\"");
    for (const char *c = text; *c; c++)
        at += (size_t)snprintf(rule + at, sizeof rule - at, *c == '\'' ? "\\\"" : "%c", *c);
    snprintf(rule + at, sizeof rule - at, "\"}");
    return fault(rule);
}

static int64_t bookmark(int64_t version)
{
    return frame(
        "{'type':'BOOKMARK','object':{'kind':'ConfigMap','apiVersion':'v1','metadata':{'resourceVersion':'%lld'}}}",
        (long long)version);
}

/* How many bookmarks this client's watches have brought. */
static int64_t bookmarks(void)
{
    static const char name[] = "k8sc_watch_events_total{type=\"BOOKMARK\"} ";
    char *text;
    k8sc_error *err;
    OK(k8sc_client_metrics_prometheus(client, &text, &err));
    const char *at = strstr(text, name);
    assert_non_null(at);
    int64_t count = atoll(at + strlen(name));
    k8sc_string_free(text);
    return count;
}

/* Cuts its watch and waits for the next one. Between two watches there is nothing to cut: it would be a failure to
 * tell. */
static void begin_anew(k8sc_informer *informer)
{
    k8sc_error *err;
    RUN_UNTIL(statistic(informer, "connected") == 1);
    int64_t watches = statistic(informer, "watches");
    OK(k8sc_testing_server_disconnect(server, &err));
    RUN_UNTIL(statistic(informer, "watches") == watches + 1);
}

/* The next watch begins with a bookmark. Waits for it: a watch that is cut before it has brought anything counts as a
 * loss, and the second loss in a row is told to handlers. */
static int64_t begin_with_bookmark(k8sc_informer *informer, int64_t version)
{
    int64_t rule = bookmark(version), before = bookmarks();
    begin_anew(informer);
    RUN_UNTIL(bookmarks() == before + 1);
    return rule;
}

/* The version that the cache stands at, which is what the next watch begins from. */
static int64_t cache_version(k8sc_informer *informer)
{
    char *text;
    k8sc_error *err;
    OK(k8sc_informer_last_sync_resource_version(informer, &text, &err));
    int64_t version = atoll(text);
    k8sc_string_free(text);
    return version;
}

static void older_bookmark(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    put_map("default", "a", "1");
    int64_t before = version_now();
    k8sc_informer *informer = running_informer(NULL, seen);
    put_map("default", "b", "1");
    remove_map("default", "b");
    put_map("default", "a", "2");
    RUN_UNTIL(count_of(seen, 0, NULL) == 5);
    int64_t version = version_now();

    int64_t rule = begin_with_bookmark(informer, before);
    assert_int_equal(k8sc_testing_server_fault_count(server, rule), 1);
    put_map("default", "c", "1"); /* comes behind the bookmark */
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ADD, "c") == 1);
    assert_int_equal(cache_version(informer), version + 1);

    /* With nothing behind it: the watch after that begins where the cache is. */
    rule = begin_with_bookmark(informer, before);
    assert_int_equal(k8sc_testing_server_fault_count(server, rule), 1);
    begin_anew(informer);
    assert_int_equal(atoll(parameter(query("watch", -1), "resourceVersion")), version + 1);
    put_map("default", "d", "1");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ADD, "d") == 1);
    assert_string_equal(history(seen, 0), "ADD a, SYNC, ADD b, DELETE b, UPDATE a, ADD c, ADD d");
}

static void same_and_newer_bookmarks(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    put_map("default", "a", "1");
    k8sc_informer *informer = running_informer(NULL, seen);
    int64_t version = version_now();
    begin_with_bookmark(informer, version);
    put_json("{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"s\",\"namespace\":\"default\"}}");
    begin_with_bookmark(informer, version + 1);
    RUN_UNTIL(cache_version(informer) == version + 1);
    assert_string_equal(history(seen, 0), "ADD a, SYNC");
}

static void deleted_twice(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    put_map("default", "a", "1");
    k8sc_informer *informer = running_informer(NULL, seen);
    remove_map("default", "a");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_DELETE, "a") == 1);
    int64_t version = version_now();
    frame("{'type':'DELETED','object':{'kind':'ConfigMap','apiVersion':'v1','metadata':{'name':'a','namespace':'"
          "default','uid':'u',"
          "'resourceVersion':'%lld'}}}",
          (long long)version);
    begin_anew(informer);
    put_map("default", "b", "1");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ADD, "b") == 1);
    assert_string_equal(history(seen, 0), "ADD a, SYNC, DELETE a, ADD b");
    assert_int_equal(cache_version(informer), version + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(older_bookmark), TEST(same_and_newer_bookmarks), TEST(deleted_twice)};
    return run_named_tests("informer repeats", tests, sizeof tests / sizeof *tests);
}
