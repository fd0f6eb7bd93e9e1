/* The fake API server in strict mode: namespaces, what is done about garbage, the grace of pods, and status. */
#include "support.h"

#define SPACES "/api/v1/namespaces"
#define SPACED "/api/v1/namespaces/space/"

static int set_up_strict(void **state)
{
    (void)state;
    k8sc_error *err = NULL;
    k8sc_testing_options *options = make_options();
    OK(k8sc_testing_options_set_strict(options, 1, &err));
    OK(k8sc_testing_options_set_admin(options, 1, &err));
    set_up(state);
    set_up_with(options);
    return 0;
}

/* A ConfigMap whose owner is the last answer; with `more` behind. */
static void make_owned(const char *name, const char *more)
{
    char body[1024];
    snprintf(body, sizeof body,
             "{\"metadata\":{\"name\":\"%s\",\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\","
             "\"name\":\"%s\",\"uid\":\"%s\"%s}]}}",
             name, text("metadata.name"), text("metadata.uid"), more);
    assert_int_equal(post(MAPS, body), 201);
}

static void make_map(const char *name)
{
    char body[256];
    snprintf(body, sizeof body, "{\"metadata\":{\"name\":\"%s\"}}", name);
    assert_int_equal(post(MAPS, body), 201);
}

static void namespaces_must_exist(void **state)
{
    (void)state;
    get(SPACES);
    assert_string_equal(names(), "default,kube-node-lease,kube-public,kube-system");
    post(SPACED "configmaps", "{\"metadata\":{\"name\":\"a\"}}");
    assert_status(404, "NotFound", "namespaces \"space\" not found");
    delete (SPACES "/default", NULL);
    assert_status(403, "Forbidden", "namespaces \"default\" is forbidden: this namespace may not be deleted");
    assert_int_equal(post(SPACES, "{\"metadata\":{\"name\":\"space\"}}"), 201);
    assert_text("spec.finalizers.0", "kubernetes");
    assert_text("status.phase", "Active");
    assert_int_equal(post(SPACED "configmaps", "{\"metadata\":{\"name\":\"a\"}}"), 201);

    struct watch *watch = start_watch(SPACES, "fieldSelector=metadata.name=space&resourceVersion=0");
    assert_int_equal(delete (SPACES "/space", NULL), 200);
    assert_text("status.phase", "Terminating");
    assert_frame(watch, 0, "ADDED", "space");
    assert_frame(watch, 1, "MODIFIED", "space");
    assert_string_equal(json_string_value(at(watch->frame, "object.status.phase")), "Terminating");
    assert_frame(watch, 2, "DELETED", "space");
    end_watch(watch);
    assert_int_equal(get(SPACED "configmaps/a"), 404);
    assert_int_equal(get(SPACES "/space"), 404);

    OK(k8sc_testing_server_clear(server, &err));
    assert_int_equal(get(SPACES "/default"), 200);
}

static void namespaces_wait_for_what_is_in_them(void **state)
{
    (void)state;
    post(SPACES, "{\"metadata\":{\"name\":\"space\"}}");
    post(SPACED "configmaps", "{\"metadata\":{\"name\":\"a\",\"finalizers\":[\"example.com/x\"]}}");
    post(SPACED "configmaps", "{\"metadata\":{\"name\":\"b\"}}");
    assert_int_equal(delete (SPACES "/space", NULL), 200);
    assert_int_equal(get(SPACED "configmaps/b"), 404);
    get(SPACED "configmaps/a");
    assert_non_null(at(answer.json, "metadata.deletionTimestamp"));
    post(SPACED "configmaps", "{\"metadata\":{\"name\":\"c\",\"image\":\"i\"}}");
    assert_status(403, "Forbidden",
                  "configmaps \"c\" is forbidden: unable to create new content in namespace space because it is being "
                  "terminated");
    assert_text("details.causes.0.reason", "NamespaceTerminating");
    get(SPACES "/space");
    assert_text("status.phase", "Terminating");
    assert_int_equal(patch(SPACED "configmaps/a", MERGE_PATCH, "{\"metadata\":{\"finalizers\":null}}"), 200);
    assert_int_equal(get(SPACES "/space"), 404);
    assert_int_equal(post(SPACES, "{\"metadata\":{\"name\":\"space\"},\"spec\":{\"finalizers\":[\"example.com/x\"]}}"),
                     201);
    assert_int_equal(delete (SPACES "/space", NULL), 200);
    assert_int_equal(put(SPACES "/space/finalize", "{\"metadata\":{\"name\":\"space\"},\"spec\":{}}"), 200);
    assert_int_equal(get(SPACES "/space"), 404);
}

static void collects_what_has_no_owner(void **state)
{
    (void)state;
    make_map("owner");
    make_owned("child", "");
    make_owned("grandchild", "");
    assert_int_equal(delete (MAPS "/owner", NULL), 200);
    get(MAPS);
    assert_string_equal(names(), "");

    /* Two owners: with the first, only the reference goes. */
    make_map("one");
    char one[64], body[1024];
    snprintf(one, sizeof one, "%s", text("metadata.uid"));
    make_map("two");
    snprintf(body, sizeof body,
             "{\"metadata\":{\"name\":\"child\",\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\","
             "\"name\":\"one\",\"uid\":\"%s\"},"
             "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"name\":\"two\",\"uid\":\"%s\"}]}}",
             one, text("metadata.uid"));
    assert_int_equal(post(MAPS, body), 201);
    delete (MAPS "/one", NULL);
    get(MAPS "/child");
    assert_text("metadata.ownerReferences.0.name", "two");
    assert_null(at(answer.json, "metadata.ownerReferences.1"));
    delete (MAPS "/two", NULL);
    assert_int_equal(get(MAPS "/child"), 404);

    /* An owner that never was. */
    assert_int_equal(post(MAPS, "{\"metadata\":{\"name\":\"child\",\"ownerReferences\":[{\"apiVersion\":\"v1\","
                                "\"kind\":\"ConfigMap\",\"name\":"
                                "\"none\",\"uid\":\"u\"}]}}"),
                     201);
    assert_int_equal(get(MAPS "/child"), 404);
}

static void orphaned_children_stay_without_their_owner(void **state)
{
    (void)state;
    make_map("owner");
    make_owned("child", "");
    assert_int_equal(delete (MAPS "/owner?propagationPolicy=Orphan", NULL), 200);
    assert_text("metadata.finalizers.0", "orphan");
    assert_int_equal(get(MAPS "/owner"), 404);
    assert_int_equal(get(MAPS "/child"), 200);
    assert_null(at(answer.json, "metadata.ownerReferences"));
}

static void deletes_in_the_foreground(void **state)
{
    (void)state;
    make_map("owner");
    make_owned("held", ",\"blockOwnerDeletion\":true");
    get(MAPS "/owner");
    make_owned("free", "");
    patch(MAPS "/held", MERGE_PATCH, "{\"metadata\":{\"finalizers\":[\"example.com/x\"]}}");
    assert_int_equal(delete (MAPS "/owner", "{\"propagationPolicy\":\"Foreground\"}"), 200);
    assert_text("metadata.finalizers.0", "foregroundDeletion");
    assert_int_equal(get(MAPS "/free"), 404);
    get(MAPS "/held");
    assert_non_null(at(answer.json, "metadata.deletionTimestamp"));
    assert_int_equal(get(MAPS "/owner"), 200);
    patch(MAPS "/held", MERGE_PATCH, "{\"metadata\":{\"finalizers\":null}}");
    assert_int_equal(get(MAPS "/held"), 404);
    assert_int_equal(get(MAPS "/owner"), 404);
}

/* Each owns the other. */
static void collects_circles(void **state)
{
    (void)state;
    for (int foreground = 0; foreground < 2; ++foreground) {
        make_map("a");
        char body[512];
        make_owned("b", ",\"blockOwnerDeletion\":true");
        snprintf(body, sizeof body,
                 "{\"metadata\":{\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"name\":\"b\","
                 "\"uid\":\"%s\","
                 "\"blockOwnerDeletion\":true}]}}",
                 text("metadata.uid"));
        assert_int_equal(patch(MAPS "/a", MERGE_PATCH, body), 200);
        assert_int_equal(delete (MAPS "/a", foreground ? "{\"propagationPolicy\":\"Foreground\"}" : NULL), 200);
        get(MAPS);
        assert_string_equal(names(), "");
    }
}

static void collects_long_chains(void **state)
{
    (void)state;
    char name[32];
    make_map("owner");
    for (int i = 0; i < 2000; ++i) {
        snprintf(name, sizeof name, "child-%d", i);
        make_owned(name, ",\"blockOwnerDeletion\":true");
    }
    assert_int_equal(delete (MAPS "/owner?propagationPolicy=Foreground", NULL), 200);
    get(MAPS);
    assert_string_equal(names(), "");
}

static void gives_pods_their_grace(void **state)
{
    (void)state;
    assert_int_equal(
        post(PODS, "{\"metadata\":{\"name\":\"free\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}"),
        201);
    assert_int_equal(delete (PODS "/free", NULL), 200);
    assert_int_equal(get(PODS "/free"), 404);

    assert_int_equal(post(PODS, "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"nodeName\":\"n\",\"containers\":[{\"name\":"
                                "\"c\",\"image\":\"i\"}]}}"),
                     201);
    assert_int_equal(delete (PODS "/p", NULL), 200);
    assert_int_equal(number("metadata.deletionGracePeriodSeconds"), 30);
    /* Changes do not end it, and another deletion shortens its time. */
    assert_int_equal(patch(PODS "/p", MERGE_PATCH, "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}"), 200);
    assert_int_equal(delete (PODS "/p", NULL), 200);
    assert_int_equal(number("metadata.deletionGracePeriodSeconds"), 30);
    assert_int_equal(delete (PODS "/p?gracePeriodSeconds=5", NULL), 200);
    assert_int_equal(number("metadata.deletionGracePeriodSeconds"), 5);
    OK(k8sc_testing_server_advance_clock(server, 1000, &err));
    assert_int_equal(get(PODS "/p"), 200);
    OK(k8sc_testing_server_advance_clock(server, 5000, &err));
    assert_int_equal(get(PODS "/p"), 404);

    assert_int_equal(
        post(PODS, "{\"metadata\":{\"name\":\"q\"},\"spec\":{\"nodeName\":\"n\",\"terminationGracePeriodSeconds\":7,"
                   "\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}"),
        201);
    assert_int_equal(delete (PODS "/q", NULL), 200);
    assert_int_equal(number("metadata.deletionGracePeriodSeconds"), 7);
    assert_int_equal(delete (PODS "/q", "{\"gracePeriodSeconds\":0}"), 200);
    assert_int_equal(get(PODS "/q"), 404);
}

static void keeps_status_apart(void **state)
{
    (void)state;
    assert_int_equal(post(PODS, "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":"
                                "\"i\"}]},\"status\":{\"phase\":\"Running\"}}"),
                     201);
    assert_text("status.phase", "Pending");
    assert_text("status.qosClass", "BestEffort");
    patch(PODS "/p", MERGE_PATCH, "{\"status\":{\"phase\":\"Running\"}}");
    assert_text("status.phase", "Pending");
    patch(PODS "/p/status", MERGE_PATCH,
          "{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":{\"nodeName\":\"n\"},\"status\":{\"phase\":\"Running\"}}");
    assert_text("status.phase", "Running");
    assert_text("metadata.labels.a", "b");
    assert_null(at(answer.json, "spec.nodeName"));
    put_json(
        "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"p\",\"namespace\":\"default\"},\"status\":{"
        "\"phase\":\"Failed\"}}");
    get(PODS "/p");
    assert_text("status.phase", "Failed");
    assert_int_equal(post("/api/v1/nodes", "{\"metadata\":{\"name\":\"n\"},\"status\":{\"phase\":\"x\"}}"), 201);
    assert_text("status.phase", "x");
}

static void sets_logs_by_http(void **state)
{
    (void)state;
    put_json(
        "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"p\",\"namespace\":\"default\"},\"spec\":{"
        "\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]"
        "}}");
    assert_int_equal(post("/k8sc-testing/log?namespace=default&pod=p&container=c", "one\n"), 200);
    assert_int_equal(post("/k8sc-testing/log?namespace=default&pod=p&container=c&append=1", "two\n"), 200);
    get(PODS "/p/log");
    assert_string_equal(answer.body.data, "one\ntwo\n");
    assert_int_equal(post("/k8sc-testing/log?namespace=default&pod=p&container=c&restart=1", ""), 200);
    get(PODS "/p/log?previous=true");
    assert_string_equal(answer.body.data, "one\ntwo\n");
    assert_int_equal(post("/k8sc-testing/log?namespace=default&pod=p", "one\n"), 400);
}

#define STRICT(function) cmocka_unit_test_setup_teardown(function, set_up_strict, tear_down)

static void types_are_held(void **state)
{
    (void)state;
    post(MAPS, "{\"metadata\":{\"name\":\"typed\"},\"data\":{\"k\":[]}}");
    assert_int_equal(answer.code, 400);
    assert_non_null(
        strstr(answer.body.data,
               "ConfigMap in version \\\"v1\\\" cannot be handled as a ConfigMap: data[k]: must be a string"));
    assert_int_equal(
        post(MAPS,
             "{\"metadata\":{\"name\":\"typed\"},\"data\":{\"k\":\"v\",\"n\":null},\"binaryData\":null,\"unknown\":1}"),
        201);
    assert_null(strstr(answer.body.data, "unknown"));
    assert_null(strstr(answer.body.data, "binaryData"));
    assert_text("data.n", "");
    assert_int_equal(patch(MAPS "/typed", MERGE_PATCH, "{\"data\":{\"k\":1}}"), 422);
    assert_int_equal(
        patch(MAPS "/typed?fieldManager=m", "application/apply-patch+yaml",
              "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"typed\"},\"data\":{\"k\":1}}"),
        500);
    get(MAPS "/typed");
    assert_text("data.k", "v");

    assert_int_equal(post("/api/v1/namespaces/default/secrets",
                          "{\"metadata\":{\"name\":\"s\"},\"stringData\":{\"a\":\"b c\"},\"data\":{\"d\":\"ZQ==\"}}"),
                     201);
    assert_text("data.a", "YiBj");
    assert_text("data.d", "ZQ==");
    assert_null(strstr(answer.body.data, "stringData"));
}

static void what_cannot_be_read_deletes_nothing(void **state)
{
    (void)state;
    assert_int_equal(post(MAPS, "{\"metadata\":{\"name\":\"kept\"}}"), 201);
    assert_int_equal(delete (MAPS "/kept", "{\"preconditions\":{\"uid\":1}}"), 400);
    assert_non_null(strstr(answer.body.data, "DeleteOptions: uid: string expected, got "));
    assert_int_equal(delete (MAPS "/kept", "{\"propagationPolicy\":[]}"), 400);
    assert_int_equal(delete (MAPS "/kept", "{\"gracePeriodSeconds\":\"0\"}"), 400);
    assert_int_equal(delete (MAPS "/kept", "{\"dryRun\":\"All\"}"), 400);
    assert_int_equal(delete (MAPS "/kept", "[]"), 400);
    assert_int_equal(get(MAPS "/kept"), 200);
    assert_int_equal(delete (MAPS "/kept", "{\"preconditions\":null,\"gracePeriodSeconds\":null}"), 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STRICT(namespaces_must_exist),
        STRICT(namespaces_wait_for_what_is_in_them),
        STRICT(collects_what_has_no_owner),
        STRICT(orphaned_children_stay_without_their_owner),
        STRICT(deletes_in_the_foreground),
        STRICT(collects_circles),
        STRICT(collects_long_chains),
        STRICT(gives_pods_their_grace),
        STRICT(keeps_status_apart),
        STRICT(sets_logs_by_http),
        STRICT(types_are_held),
        STRICT(what_cannot_be_read_deletes_nothing),
    };
    return run_named_tests("fake strict", tests, sizeof tests / sizeof *tests);
}
