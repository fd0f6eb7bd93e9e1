/* The fake API server: lists, selectors, pages and states of the past. */
#include "support.h"

static void lists_types_without_their_kind(void **state)
{
    (void)state;
    get(MAPS);
    assert_int_equal(json_array_size(at(answer.json, "items")), 0);
    put_labelled("default", "a", NULL, "{}");
    assert_int_equal(get(MAPS), 200);
    assert_int_equal(strncmp(answer.body.data,
                             "{\"kind\":\"ConfigMapList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":"
                             "\"2\"},\"items\":[{\"metadata\":{\"name\":\"a\",",
                             104),
                     0);
    assert_null(at(answer.json, "items.0.kind"));
}

static void selects_by_labels_and_fields(void **state)
{
    static const char *const cases[][2] = {
        {"labelSelector=x%3D1", "a"},
        {"labelSelector=x%3D%3D1", "a"},
        {"labelSelector=x!%3D1", "b,c,d"},
        {"labelSelector=x", "a,b,c"},
        {"labelSelector=!x", "d"},
        {"labelSelector=x+in+(1,2)", "a,b"},
        {"labelSelector=x+notin+(1,2)", "c,d"},
        {"labelSelector=x+in+(1,2),y", "b"},
        {"labelSelector=x%3E1", "b,c"},
        {"labelSelector=x%3C2", "a"},
        {"labelSelector=y%3D", "c"},
        {"labelSelector=in+in+(in)", "d"},
        {"fieldSelector=metadata.name%3Db", "b"},
        {"fieldSelector=metadata.name!%3Db,metadata.namespace%3Ddefault", "a,c,d"},
        {"fieldSelector=metadata.labels.x%3D3", "c"},
        {"fieldSelector=data.none%3D", "a,b,c,d"},
        {"labelSelector=x&fieldSelector=metadata.name%3D%3Dc", "c"},
        {"labelSelector=&fieldSelector=", "a,b,c,d"},
    };
    char path[512];
    (void)state;
    put_labelled("default", "a", NULL, "{\"x\":\"1\"}");
    put_labelled("default", "b", NULL, "{\"x\":\"2\",\"y\":\"z\"}");
    put_labelled("default", "c", NULL, "{\"x\":\"3\",\"y\":\"\"}");
    put_labelled("default", "d", NULL, "{\"in\":\"in\"}");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(path, sizeof path, "%s?%s", MAPS, cases[i][0]);
        assert_int_equal(get(path), 200);
        if (strcmp(names(), cases[i][1]) != 0) fail_msg("%s gave %s", cases[i][0], names());
    }
    get(MAPS "?labelSelector=x+in+(1");
    assert_status(400, "BadRequest", "unable to parse requirement: found '', expected: ',' or ')'");
    assert_int_equal(get(MAPS "?labelSelector=%3D1"), 400);
    assert_int_equal(get(MAPS "?labelSelector=x+y"), 400);
    assert_int_equal(get(MAPS "?labelSelector=x%3Ey"), 400);
    put_json("{\"kind\":\"Node\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"open\"}}");
    put_json(
        "{\"kind\":\"Node\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"closed\"},\"spec\":{\"unschedulable\":true}"
        "}");
    /* What is not there is what Go has for it. */
    get("/api/v1/nodes?fieldSelector=spec.unschedulable%3Dfalse");
    assert_string_equal(names(), "open");
    get(MAPS "?fieldSelector=foo");
    assert_status(400, "BadRequest", "invalid selector: 'foo'; can't understand 'foo'");

    put_json("{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"p\"},\"spec\":{\"nodeName\":\"n1\","
             "\"hostNetwork\":true},\"status\":{"
             "\"phase\":\"Running\"}}");
    put_json(
        "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"q\"},\"status\":{\"phase\":\"Pending\"}}");
    get(PODS "?fieldSelector=spec.nodeName%3D");
    assert_string_equal(names(), "q");
    get(PODS "?fieldSelector=status.phase!%3DPending,spec.nodeName%3Dn1,spec.hostNetwork%3Dtrue");
    assert_string_equal(names(), "p");
}

/* The path of the next page of MAPS, with this limit. */
static const char *next_page(int limit)
{
    static char path[2048];
    snprintf(path, sizeof path, "%s?limit=%d&continue=%s", MAPS, limit, text("metadata.continue"));
    return path;
}

static void pages_show_one_state(void **state)
{
    char name[8];
    (void)state;
    for (int i = 0; i < 7; i++) {
        snprintf(name, sizeof name, "m%d", i);
        put_labelled("default", name, NULL, "{}");
    }
    put_labelled("zother", "x", NULL, "{}");
    get(MAPS "?limit=3");
    assert_string_equal(names(), "m0,m1,m2");
    assert_int_equal(number("metadata.remainingItemCount"), 4);
    char version[32];
    snprintf(version, sizeof version, "%s", text("metadata.resourceVersion"));
    char again[2048];
    snprintf(again, sizeof again, "%s", next_page(3));

    /* What happens between the pages is not seen by them. */
    remove_map("default", "m4");
    put_labelled("default", "m5", NULL, "{\"changed\":\"yes\"}");
    put_labelled("default", "m55", NULL, "{}");
    assert_int_equal(get(again), 200);
    assert_string_equal(names(), "m3,m4,m5");
    assert_text("metadata.resourceVersion", version);
    assert_null(at(answer.json, "items.2.metadata.labels"));
    get(next_page(3));
    assert_string_equal(names(), "m6");
    assert_text("metadata.continue", "(none)");

    get(MAPS "?limit=3&labelSelector=!no");
    assert_null(at(answer.json, "metadata.remainingItemCount"));
    /* A list from the watch cache has no pages. */
    get(MAPS "?limit=3&resourceVersion=0");
    assert_int_equal(json_array_size(at(answer.json, "items")), 7);
    get("/api/v1/configmaps?limit=7");
    assert_int_equal(number("metadata.remainingItemCount"), 1);
    assert_int_equal(get(MAPS "?continue=xyz"), 400);

    /* After compaction the token is of no use, but says how to go on regardless. */
    OK(k8sc_testing_server_compact(server, &err));
    assert_int_equal(get(again), 410);
    assert_text("reason", "Expired");
    assert_int_equal(get(next_page(9)), 200);
    assert_string_equal(names(), "m3,m5,m55,m6");
}

static void pages_are_as_small_as_the_server_likes(void **state)
{
    (void)state;
    k8sc_testing_options *options = make_options();
    OK(k8sc_testing_options_set_page_limit(options, 2, &err));
    set_up_with(options);
    for (int i = 0; i < 5; i++) put_labelled("default", (const char *[]){"a", "b", "c", "d", "e"}[i], NULL, "{}");
    get(MAPS "?limit=500");
    assert_string_equal(names(), "a,b");
    get(next_page(500));
    assert_string_equal(names(), "c,d");
    get(MAPS);
    assert_string_equal(names(), "a,b,c,d,e");
}

static void lists_states_of_the_past(void **state)
{
    char path[256];
    (void)state;
    put_labelled("default", "a", NULL, "{}");
    const int64_t then = version_now();
    put_labelled("default", "a", NULL, "{\"new\":\"1\"}");
    put_labelled("default", "b", NULL, "{}");
    snprintf(path, sizeof path, "%s?resourceVersion=%lld&resourceVersionMatch=Exact", MAPS, (long long)then);
    assert_int_equal(get(path), 200);
    assert_string_equal(names(), "a");
    assert_null(at(answer.json, "items.0.metadata.labels"));
    assert_int_equal(atoll(text("metadata.resourceVersion")), then);
    snprintf(path, sizeof path, "%s?resourceVersion=%lld&resourceVersionMatch=NotOlderThan", MAPS, (long long)then);
    get(path);
    assert_string_equal(names(), "a,b");
    get(MAPS "?resourceVersion=1000000");
    assert_int_equal(answer.code, 504);
    assert_text("reason", "Timeout");
    assert_text("details.causes.0.reason", "ResourceVersionTooLarge");
    assert_non_null(strstr(answer.headers.data, "Retry-After: 1\r\n"));
    assert_int_equal(get(MAPS "/a?resourceVersion=1000000"), 504);
    assert_int_equal(get(MAPS "?resourceVersionMatch=Exact"), 422);
    assert_int_equal(get(MAPS "?resourceVersionMatch=Exact&resourceVersion=0"), 422);
    assert_int_equal(get(MAPS "?resourceVersion=abc"), 500);
    OK(k8sc_testing_server_compact(server, &err));
    snprintf(path, sizeof path, "%s?resourceVersion=%lld&resourceVersionMatch=Exact", MAPS, (long long)then);
    get(path);
    assert_status(410, "Expired", "The resourceVersion for the provided list is too old.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(lists_types_without_their_kind),         TEST(selects_by_labels_and_fields), TEST(pages_show_one_state),
        TEST(pages_are_as_small_as_the_server_likes), TEST(lists_states_of_the_past),
    };
    return run_named_tests("fake lists", tests, sizeof tests / sizeof *tests);
}
