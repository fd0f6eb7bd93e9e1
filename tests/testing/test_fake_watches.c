/* The fake API server: watches. */
#include "support.h"

static void watches_what_happens(void **state)
{
    char parameters[64];
    (void)state;
    put_labelled("default", "a", NULL, "{}");
    struct watch *present = start_watch(MAPS, "");
    assert_frame(present, 0, "ADDED", "a");
    assert_string_equal(json_string_value(at(present->frame, "object.kind")), "ConfigMap");
    put_labelled("default", "b", NULL, "{}");
    const int64_t after_b = version_now();
    put_labelled("other", "elsewhere", NULL, "{}");
    put_labelled("default", "a", NULL, "{\"x\":\"1\"}");
    post(MAPS "?dryRun=All", "{\"metadata\":{\"name\":\"never\"}}");
    remove_map("default", "b");
    assert_frame(present, 1, "ADDED", "b");
    assert_frame(present, 2, "MODIFIED", "a");
    assert_string_equal(json_string_value(at(present->frame, "object.metadata.labels.x")), "1");
    assert_frame(present, 3, "DELETED", "b");
    /* The version of a deleted object is that of its deletion, so that a watch can resume from there. */
    assert_int_equal(frame_version(present), version_now());
    end_watch(present);

    snprintf(parameters, sizeof parameters, "resourceVersion=%lld", (long long)after_b);
    struct watch *resumed = start_watch("/api/v1/configmaps", parameters);
    assert_frame(resumed, 0, "ADDED", "elsewhere");
    assert_frame(resumed, 1, "MODIFIED", "a");
    assert_frame(resumed, 2, "DELETED", "b");
    end_watch(resumed);

    /* From the future: nothing is sent before it. */
    snprintf(parameters, sizeof parameters, "resourceVersion=%lld", (long long)version_now() + 1);
    struct watch *future = start_watch(MAPS, parameters);
    put_labelled("default", "early", NULL, "{}");
    put_labelled("default", "late", NULL, "{}");
    assert_frame(future, 0, "ADDED", "late");
    end_watch(future);
}

static void watches_with_selectors(void **state)
{
    (void)state;
    put_labelled("default", "a", NULL, "{\"x\":\"1\"}");
    put_labelled("default", "b", NULL, "{\"x\":\"2\"}");
    struct watch *watch = start_watch(MAPS, "labelSelector=x%3D1");
    assert_frame(watch, 0, "ADDED", "a");
    put_labelled("default", "b", NULL, "{\"x\":\"3\"}");
    put_labelled("default", "b", NULL, "{\"x\":\"1\"}");
    assert_frame(watch, 1, "ADDED", "b");
    put_labelled("default", "b", NULL, "{\"x\":\"1\",\"y\":\"1\"}");
    assert_frame(watch, 2, "MODIFIED", "b");
    put_labelled("default", "b", NULL, "{\"x\":\"9\"}");
    /* Gone for who selects: the last state that matched, with the version that ends it. */
    assert_frame(watch, 3, "DELETED", "b");
    assert_string_equal(json_string_value(at(watch->frame, "object.metadata.labels.x")), "1");
    assert_int_equal(frame_version(watch), version_now());
    remove_map("default", "b");
    remove_map("default", "a");
    assert_frame(watch, 4, "DELETED", "a");
    end_watch(watch);
    assert_int_equal(get(MAPS "?watch=1&labelSelector=("), 400);
    assert_int_equal(get(MAPS "?watch=1&resourceVersion=1&resourceVersionMatch=Exact"), 422);
}

static void sends_bookmarks_and_ends_in_time(void **state)
{
    (void)state;
    k8sc_testing_options *options = make_options();
    OK(k8sc_testing_options_set_bookmark_interval(options, 50, &err));
    set_up_with(options);
    put_labelled("default", "a", NULL, "{}");
    struct watch *watch = start_watch(MAPS, "resourceVersion=0&allowWatchBookmarks=true");
    assert_frame(watch, 0, "ADDED", "a");
    /* The state of the whole server counts, not only that of the resource. */
    put_json("{\"kind\":\"Secret\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"s\"}}");
    int i = 1;
    do {
        assert_non_null(frame(watch, i++));
        assert_string_equal(json_string_value(at(watch->frame, "type")), "BOOKMARK");
        assert_string_equal(json_string_value(at(watch->frame, "object.kind")), "ConfigMap");
    } while (frame_version(watch) < version_now() && i < 20);
    assert_int_equal(frame_version(watch), version_now());
    end_watch(watch);

    const int64_t begin = now_ms();
    assert_int_equal(get(MAPS "?watch=1&timeoutSeconds=1&resourceVersion=0"), 200);
    assert_int_equal(answer.result, CURLE_OK);
    assert_in_range(now_ms() - begin, 900, 5000);
    assert_null(strstr(answer.body.data, "BOOKMARK"));
}

static void forgets_the_past(void **state)
{
    (void)state;
    put_labelled("default", "a", NULL, "{}");
    struct watch *open = start_watch(MAPS, "resourceVersion=1");
    assert_frame(open, 0, "ADDED", "a");
    OK(k8sc_testing_server_compact(server, &err));
    const int64_t compacted = version_now();

    assert_int_equal(get(MAPS "?watch=1&resourceVersion=1"), 200);
    assert_text("type", "ERROR");
    assert_text("object.kind", "Status");
    assert_text("object.reason", "Expired");
    assert_int_equal(number("object.code"), 410);
    put_labelled("default", "b", NULL, "{}");
    assert_frame(open, 1, "ADDED", "b");
    end_watch(open);
    char parameters[64];
    snprintf(parameters, sizeof parameters, "resourceVersion=%lld", (long long)compacted);
    struct watch *recent = start_watch(MAPS, parameters);
    assert_frame(recent, 0, "ADDED", "b");
    end_watch(recent);

    k8sc_testing_options *options = make_options();
    OK(k8sc_testing_options_set_event_window(options, 2, &err));
    OK(k8sc_testing_options_set_expired_at_open(options, 1, &err));
    set_up_with(options);
    for (int i = 0; i < 4; i++) put_labelled("default", i % 2 ? "a" : "b", NULL, i < 2 ? "{}" : "{\"x\":\"1\"}");
    get(MAPS "?watch=1&resourceVersion=2");
    assert_status(410, "Expired", "too old resource version: 2 (3)");
    struct watch *last = start_watch(MAPS, "resourceVersion=3");
    assert_frame(last, 0, "MODIFIED", "b");
    assert_frame(last, 1, "MODIFIED", "a");
    end_watch(last);
}

enum { writers = 4, writes = 150, names_per_writer = 5 };

static void *write_much(void *number_of_writer)
{
    const int writer = *(int *)number_of_writer;
    unsigned random = (unsigned)writer * 7919 + 1;
    CURL *curl = curl_easy_init();
    for (int i = 0; i < writes; i++) {
        char path[256], body[256];
        struct buffer ignored = {NULL, 0};
        random = random * 1103515245 + 12345;
        const int name = (int)(random >> 16) % names_per_writer, act = (int)(random >> 24) % 3;
        snprintf(path, sizeof path, act == 0 ? MAPS : MAPS "/w%d-%d", writer, name);
        snprintf(body, sizeof body, "{\"metadata\":{\"name\":\"w%d-%d\"},\"data\":{\"i\":\"%d\"}}", writer, name, i);
        curl_easy_reset(curl);
        struct curl_slist *headers = aim(curl, path, act == 1 ? MERGE_PATCH : JSON_TYPE);
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, act == 0 ? "POST" : act == 1 ? "PATCH" : "DELETE");
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, act == 2 ? "" : body);
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
        curl_easy_setopt(curl, CURLOPT_WRITEDATA, &ignored);
        if (curl_easy_perform(curl) != CURLE_OK) *(int *)number_of_writer = -1;
        curl_slist_free_all(headers);
        free(ignored.data);
    }
    curl_easy_cleanup(curl);
    return NULL;
}

static void watches_see_everything_in_order(void **state)
{
    (void)state;
    struct watch *watch = start_watch(MAPS, "resourceVersion=0");
    pthread_t threads[writers];
    int numbers[writers];
    for (int i = 0; i < writers; i++) {
        numbers[i] = i;
        pthread_create(&threads[i], NULL, write_much, &numbers[i]);
    }
    for (int i = 0; i < 20; i++) assert_int_equal(get("/api/v1/configmaps?limit=3"), 200);
    for (int i = 0; i < writers; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(numbers[i], i);
    }
    put_labelled("default", "zz-last", NULL, "{}");

    /* A copy kept from the events equals what is there in the end. */
    json_t *copy = json_object();
    int64_t last = 0;
    for (int i = 0;; i++) {
        json_t *event = frame(watch, i);
        assert_non_null(event);
        const char *type = json_string_value(at(event, "type")),
                   *name = json_string_value(at(event, "object.metadata.name"));
        assert_true(frame_version(watch) > last);
        last = frame_version(watch);
        assert_int_equal(json_object_get(copy, name) == NULL, strcmp(type, "ADDED") == 0);
        if (strcmp(type, "DELETED") == 0)
            json_object_del(copy, name);
        else
            json_object_set(copy, name, at(event, "object"));
        if (strcmp(name, "zz-last") == 0) break;
    }
    end_watch(watch);
    get(MAPS);
    size_t i;
    json_t *item;
    assert_int_equal(json_array_size(at(answer.json, "items")), json_object_size(copy));
    json_array_foreach(at(answer.json, "items"), i, item)
    {
        json_t *seen = json_object_get(copy, json_string_value(at(item, "metadata.name")));
        json_object_del(seen, "kind");
        json_object_del(seen, "apiVersion");
        assert_true(json_equal(seen, item));
    }
    json_decref(copy);
}

/* That this frame is the bookmark at the end of a streaming list. */
static void assert_end_bookmark(struct watch *watch, int wanted)
{
    json_t *found = frame(watch, wanted), *annotations = at(found, "object.metadata.annotations");
    assert_non_null(found);
    assert_string_equal(json_string_value(at(found, "type")), "BOOKMARK");
    const char *end = json_string_value(json_object_get(annotations, "k8s.io/initial-events-end"));
    assert_string_equal(end ? end : "", "true");
}

#define STREAM "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"

static void streams_lists(void **state)
{
    (void)state;
    k8sc_testing_options *options = make_options();
    OK(k8sc_testing_options_set_streaming_lists(options, K8SC_TESTING_STREAMING_SUPPORTED, &err));
    set_up_with(options);
    put_labelled("default", "a", NULL, "{}");
    put_labelled("other", "elsewhere", NULL, "{}");
    put_labelled("default", "b", NULL, "{}");
    const int64_t listed = version_now();
    for (int i = 0; i < 3; i++) {
        char parameters[160];
        /* Not older than anything that was: also what a server has forgotten. */
        snprintf(parameters, sizeof parameters, STREAM "%s",
                 i == 0   ? ""
                 : i == 1 ? "&resourceVersion=0"
                          : "&resourceVersion=1");
        struct watch *watch = start_watch(MAPS, parameters);
        assert_frame(watch, 0, "ADDED", "a");
        assert_frame(watch, 1, "ADDED", "b");
        assert_end_bookmark(watch, 2);
        assert_int_equal(frame_version(watch), listed);
        end_watch(watch);
        OK(k8sc_testing_server_compact(server, &err));
    }
    struct watch *watch = start_watch("/api/v1/namespaces/empty/configmaps", STREAM);
    assert_end_bookmark(watch, 0);
    put_labelled("empty", "c", NULL, "{}");
    assert_frame(watch, 1, "ADDED", "c");
    end_watch(watch);
    /* Only what happens, and from now on. */
    watch = start_watch(MAPS, "sendInitialEvents=false&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");
    put_labelled("default", "d", NULL, "{}");
    assert_frame(watch, 0, "ADDED", "d");
    end_watch(watch);

    assert_int_equal(get(MAPS "?watch=1&sendInitialEvents=true"), 422);
    assert_int_equal(get(MAPS "?watch=1&sendInitialEvents=true&resourceVersionMatch=Exact&resourceVersion=1"), 422);
    assert_int_equal(get(MAPS "?watch=1&resourceVersionMatch=NotOlderThan"), 422);
    assert_int_equal(get(MAPS "?sendInitialEvents=true"), 422);
    assert_int_equal(get(MAPS "?watch=1&resourceVersion=999999&" STREAM), 504);
    get("/version");
    assert_string_equal(json_string_value(at(answer.json, "minor")), "34");

    OK(k8sc_testing_server_set_streaming_lists(server, K8SC_TESTING_STREAMING_REFUSED, &err));
    assert_int_equal(get(MAPS "?watch=1&" STREAM), 422);
    get("/version");
    assert_string_equal(json_string_value(at(answer.json, "minor")), "20");
    OK(k8sc_testing_server_set_streaming_lists(server, K8SC_TESTING_STREAMING_IGNORED, &err));
    watch = start_watch(MAPS, STREAM);
    assert_frame(watch, 0, "ADDED", "a");
    end_watch(watch);
    assert_int_equal(k8sc_testing_server_set_streaming_lists(server, 3, NULL), K8SC_E_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(watches_what_happens), TEST(watches_with_selectors),          TEST(sends_bookmarks_and_ends_in_time),
        TEST(forgets_the_past),     TEST(watches_see_everything_in_order), TEST(streams_lists),
    };
    return run_named_tests("fake watches", tests, sizeof tests / sizeof *tests);
}
