/* The fake API server: creating, changing and deleting objects. */
#include "support.h"

static void creates_objects_as_a_server_does(void **state)
{
    (void)state;
    assert_int_equal(post(MAPS, "{\"data\":{\"k\":\"v\"},\"metadata\":{\"labels\":{\"a\":\"b\"},\"name\":\"one\"}}"),
                     201);
    assert_text("kind", "ConfigMap");
    assert_text("apiVersion", "v1");
    assert_text("metadata.namespace", "default");
    assert_text("data.k", "v");
    assert_int_equal(strlen(text("metadata.uid")), 36);
    assert_int_equal(strlen(text("metadata.creationTimestamp")), strlen("2026-01-01T00:00:00Z"));
    assert_int_equal(atoll(text("metadata.resourceVersion")), version_now());
    /* In the order in which a server writes the fields of a type. */
    assert_int_equal(
        strncmp(
            answer.body.data,
            "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"one\",\"namespace\":\"default\",",
            83),
        0);
    assert_non_null(strstr(answer.headers.data, "Content-Type: application/json\r\n"));

    post(MAPS, "{\"metadata\":{\"name\":\"one\"}}");
    assert_status(409, "AlreadyExists", "configmaps \"one\" already exists");
    assert_text("details.name", "one");
    assert_text("details.kind", "configmaps");

    assert_int_equal(post(MAPS, "{\"metadata\":{\"generateName\":\"gen-\"}}"), 201);
    assert_int_equal(strncmp(text("metadata.name"), "gen-", 4), 0);
    assert_int_equal(strlen(text("metadata.name")), 9);

    assert_int_equal(post("/apis/apps/v1/namespaces/default/deployments",
                          "{\"metadata\":{\"name\":\"d\"},\"spec\":{\"replicas\":1}}"),
                     201);
    assert_int_equal(number("metadata.generation"), 1);
    get("/apis/apps/v1/namespaces/default/deployments/nope");
    assert_status(404, "NotFound", "deployments.apps \"nope\" not found");
    assert_text("details.group", "apps");
}

static void refuses_what_a_server_refuses(void **state)
{
    (void)state;
    post(MAPS, "{\"metadata\":{\"name\":\"Not_A_Name\"}}");
    assert_int_equal(answer.code, 422);
    assert_text("reason", "Invalid");
    assert_text("details.causes.0.field", "metadata.name");
    post(MAPS, "{\"metadata\":{}}");
    assert_status(422, "Invalid",
                  "ConfigMap \"\" is invalid: metadata.name: Required value: name or generateName is required");
    post(MAPS, "{\"metadata\":{\"name\":\"a\",\"namespace\":\"other\"}}");
    assert_status(400, "BadRequest",
                  "the namespace of the provided object does not match the namespace sent on the request");
    post(MAPS, "{\"kind\":\"Secret\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\"}}");
    assert_status(400, "BadRequest", "Secret in version \"v1\" cannot be handled as a ConfigMap");
    assert_int_equal(post(MAPS, "{\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"7\"}}"), 500);
    assert_int_equal(post(MAPS, "{\"metadata\":{\"name\":\"a\",\"labels\":{\"x\":1}}}"), 400);
    assert_int_equal(post(MAPS, "[]"), 400);
    assert_int_equal(post(MAPS, "{\"metadata\":"), 400);
    assert_int_equal(post(MAPS, ""), 400);
    assert_int_equal(request("POST", MAPS, "application/yaml", "metadata: {name: a}"), 415);
    assert_status(415, "UnsupportedMediaType",
                  "the body of the request was in an unknown format (application/yaml) - accepted media types include: "
                  "application/json");
    post("/api/v1/configmaps", "{\"metadata\":{\"name\":\"a\"}}");
    assert_status(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
    assert_int_equal(delete ("/api/v1/configmaps", NULL), 405);
    assert_int_equal(put(MAPS, "{}"), 405);
    assert_int_equal(get("/api/v1/configmaps/a"), 404);
    assert_int_equal(get("/api/v1/namespaces/default/nodes"), 404);
    assert_int_equal(get(MAPS "/a/scale"), 404);
    assert_int_equal(get("/nowhere"), 404);
    assert_int_equal(get(MAPS "/a%2Fb"), 404);
    assert_int_equal(number("details.name"), 0);
    post(MAPS "?dryRun=Some", "{\"metadata\":{\"name\":\"a\"}}");
    assert_int_equal(answer.code, 422);
    assert_text("details.kind", "CreateOptions");
}

static void updates_with_and_without_a_version(void **state)
{
    char body[256];
    (void)state;
    post(MAPS, "{\"metadata\":{\"name\":\"a\"},\"data\":{\"k\":\"1\"}}");
    const int64_t first = atoll(text("metadata.resourceVersion"));
    char uid[64];
    snprintf(uid, sizeof uid, "%s", text("metadata.uid"));

    snprintf(body, sizeof body, "{\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"%lld\"},\"data\":{\"k\":\"2\"}}",
             (long long)first);
    assert_int_equal(put(MAPS "/a", body), 200);
    assert_text("data.k", "2");
    assert_text("metadata.uid", uid);
    assert_int_equal(atoll(text("metadata.resourceVersion")), first + 1);

    put(MAPS "/a", body);
    assert_status(409, "Conflict",
                  "Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please apply your "
                  "changes to the latest version "
                  "and try again");
    assert_int_equal(put(MAPS "/a", "{\"metadata\":{\"name\":\"a\"},\"data\":{\"k\":\"3\"}}"), 200);
    const int64_t third = version_now();
    /* Nothing new: no new version. */
    assert_int_equal(put(MAPS "/a", "{\"data\":{\"k\":\"3\"},\"metadata\":{\"name\":\"a\"}}"), 200);
    assert_int_equal(version_now(), third);
    assert_int_equal(put(MAPS "/a", "{\"metadata\":{\"name\":\"a\",\"uid\":\"other\"}}"), 409);
    put(MAPS "/a", "{\"metadata\":{\"name\":\"b\"}}");
    assert_status(400, "BadRequest", "the name of the object (b) does not match the name on the URL (a)");
    put(MAPS "/none", "{\"metadata\":{\"name\":\"none\"}}");
    assert_status(404, "NotFound", "configmaps \"none\" not found");

    /* Some kinds insist on a version. */
    post("/apis/coordination.k8s.io/v1/namespaces/default/leases", "{\"metadata\":{\"name\":\"l\"}}");
    put("/apis/coordination.k8s.io/v1/namespaces/default/leases/l",
        "{\"metadata\":{\"name\":\"l\"},\"spec\":{\"holderIdentity\":\"me\"}}");
    assert_int_equal(answer.code, 422);
    assert_text("details.causes.0.field", "metadata.resourceVersion");

    assert_int_equal(put(MAPS "/a?dryRun=All", "{\"metadata\":{\"name\":\"a\"},\"data\":{\"k\":\"4\"}}"), 200);
    assert_text("data.k", "4");
    get(MAPS "/a");
    assert_text("data.k", "3");
}

static void objects_are_patched_by_every_kind(void **state)
{
    (void)state;
    post(MAPS, "{\"metadata\":{\"name\":\"a\"},\"data\":{\"k\":\"1\",\"l\":\"1\"}}");
    assert_int_equal(
        patch(MAPS "/a", MERGE_PATCH, "{\"data\":{\"k\":null,\"m\":\"2\"},\"metadata\":{\"labels\":{\"x\":\"y\"}}}"),
        200);
    assert_null(at(answer.json, "data.k"));
    assert_text("data.l", "1");
    assert_text("data.m", "2");
    assert_text("metadata.labels.x", "y");
    const int64_t version = version_now();
    assert_int_equal(patch(MAPS "/a", MERGE_PATCH, "{}"), 200);
    assert_int_equal(version_now(), version);
    assert_int_equal(patch(MAPS "/a", MERGE_PATCH, "{\"metadata\":{\"resourceVersion\":\"1\"}}"), 409);
    assert_int_equal(patch(MAPS "/a", MERGE_PATCH, "{\"metadata\":{\"name\":\"b\"}}"), 400);
    assert_int_equal(patch(MAPS "/a", MERGE_PATCH, "{"), 400);
    assert_int_equal(patch(MAPS "/a", MERGE_PATCH, "[]"), 400);
    assert_int_equal(patch(MAPS "/none", MERGE_PATCH, "{}"), 404);

    assert_int_equal(patch(MAPS "/a", JSON_PATCH,
                           "[{\"op\":\"test\",\"path\":\"/data/l\",\"value\":\"1\"},{\"op\":\"replace\",\"path\":\"/"
                           "data/l\",\"value\":\"3\"},"
                           "{\"op\":\"add\",\"path\":\"/data/a~1b~0c\",\"value\":\"4\"},{\"op\":\"move\",\"from\":\"/"
                           "data/m\",\"path\":\"/data/n\"},"
                           "{\"op\":\"copy\",\"from\":\"/data/n\",\"path\":\"/data/o\"},{\"op\":\"remove\",\"path\":\"/"
                           "metadata/labels\"},"
                           "{\"op\":\"add\",\"path\":\"/metadata/finalizers\",\"value\":[\"x/b\"]},"
                           "{\"op\":\"add\",\"path\":\"/metadata/finalizers/0\",\"value\":\"x/"
                           "a\"},{\"op\":\"add\",\"path\":\"/metadata/finalizers/"
                           "-\",\"value\":\"x/c\"}]"),
                     200);
    assert_text("data.l", "3");
    assert_text("data.a/b~c", "4");
    assert_text("data.n", "2");
    assert_text("data.o", "2");
    assert_null(at(answer.json, "data.m"));
    assert_null(at(answer.json, "metadata.labels"));
    assert_text("metadata.finalizers.0", "x/a");
    assert_text("metadata.finalizers.2", "x/c");
    assert_int_equal(patch(MAPS "/a", JSON_PATCH, "[{\"op\":\"test\",\"path\":\"/data/l\",\"value\":\"9\"}]"), 422);
    assert_int_equal(patch(MAPS "/a", JSON_PATCH, "[{\"op\":\"remove\",\"path\":\"/data/none\"}]"), 422);
    assert_int_equal(
        patch(MAPS "/a", JSON_PATCH, "[{\"op\":\"add\",\"path\":\"/metadata/finalizers/9\",\"value\":\"x/d\"}]"), 422);
    assert_int_equal(patch(MAPS "/a", JSON_PATCH, "[{\"op\":\"hop\",\"path\":\"/data/l\"}]"), 422);
    assert_int_equal(patch(MAPS "/a", JSON_PATCH, "[{\"op\":\"copy\",\"path\":\"/data/l\"}]"), 422);
    assert_int_equal(patch(MAPS "/a", JSON_PATCH, "{}"), 400);
    assert_int_equal(patch(MAPS "/a", "application/yaml", "{}"), 415);
}

static void keeps_status_and_spec_apart(void **state)
{
    (void)state;
    post(PODS, "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"nodeName\":\"n\"}}");
    assert_int_equal(patch(PODS "/p/status", MERGE_PATCH,
                           "{\"spec\":{\"nodeName\":\"m\"},\"status\":{\"phase\":\"Running\"},\"metadata\":{\"labels\":"
                           "{\"a\":\"b\"}}}"),
                     200);
    assert_text("spec.nodeName", "n");
    assert_text("status.phase", "Running");
    assert_null(at(answer.json, "metadata.labels"));
    assert_int_equal(get(PODS "/p/status"), 200);
    assert_int_equal(put(PODS "/p/status", "{\"metadata\":{\"name\":\"p\"},\"status\":{\"phase\":\"Failed\"}}"), 200);
    assert_text("spec.nodeName", "n");
    assert_text("status.phase", "Failed");
    assert_int_equal(get(MAPS "/p/status"), 404);

    /* The generation counts what is neither metadata nor status. */
    const char *deployment = "/apis/apps/v1/namespaces/default/deployments/d";
    post("/apis/apps/v1/namespaces/default/deployments", "{\"metadata\":{\"name\":\"d\"},\"spec\":{\"replicas\":1}}");
    patch(deployment, MERGE_PATCH, "{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"status\":{\"replicas\":1}}");
    assert_int_equal(number("metadata.generation"), 1);
    patch(deployment, MERGE_PATCH, "{\"spec\":{\"replicas\":2}}");
    assert_int_equal(number("metadata.generation"), 2);
}

static void deletions_check_preconditions_and_select(void **state)
{
    char body[256];
    (void)state;
    post(MAPS, "{\"metadata\":{\"name\":\"a\"}}");
    char uid[64];
    snprintf(uid, sizeof uid, "%s", text("metadata.uid"));
    assert_int_equal(delete (MAPS "/a", "{\"preconditions\":{\"uid\":\"other\"}}"), 409);
    assert_int_equal(delete (MAPS "/a", "{\"preconditions\":{\"resourceVersion\":\"1\"}}"), 409);
    assert_int_equal(delete (MAPS "/a", "{\"propagationPolicy\":\"Maybe\"}"), 422);
    assert_int_equal(delete (MAPS "/a", "{\"dryRun\":[\"All\"]}"), 200);
    assert_int_equal(get(MAPS "/a"), 200);
    snprintf(body, sizeof body,
             "{\"preconditions\":{\"uid\":\"%s\"},\"propagationPolicy\":\"Background\",\"gracePeriodSeconds\":5}", uid);
    assert_int_equal(delete (MAPS "/a", body), 200);
    assert_text("kind", "Status");
    assert_text("status", "Success");
    assert_text("details.kind", "configmaps");
    assert_text("details.uid", uid);
    delete (MAPS "/a", NULL);
    assert_status(404, "NotFound", "configmaps \"a\" not found");

    /* Some kinds answer with what they were. */
    post(PODS, "{\"metadata\":{\"name\":\"p\"}}");
    assert_int_equal(delete (PODS "/p", NULL), 200);
    assert_text("kind", "Pod");

    put_labelled("default", "b", NULL, "{\"x\":\"1\"}");
    put_labelled("default", "c", NULL, "{\"x\":\"2\"}");
    put_labelled("other", "d", NULL, "{\"x\":\"1\"}");
    assert_int_equal(delete (MAPS "?labelSelector=x%3D1", NULL), 200);
    assert_text("kind", "ConfigMapList");
    assert_string_equal(names(), "b");
    get("/api/v1/configmaps");
    assert_string_equal(names(), "c,d");
}

static void keeps_what_has_finalizers(void **state)
{
    (void)state;
    post(MAPS, "{\"metadata\":{\"name\":\"a\",\"finalizers\":[\"example.com/x\"]}}");
    struct watch *watch = start_watch(MAPS, "resourceVersion=1");
    assert_frame(watch, 0, "ADDED", "a");
    assert_int_equal(delete (MAPS "/a", NULL), 200);
    assert_text("kind", "ConfigMap");
    assert_int_equal(strlen(text("metadata.deletionTimestamp")), 20);
    assert_frame(watch, 1, "MODIFIED", "a");
    assert_int_equal(delete (MAPS "/a", NULL), 200);
    assert_int_equal(get(MAPS "/a"), 200);
    /* An update cannot take the deletion back. */
    patch(MAPS "/a", MERGE_PATCH, "{\"metadata\":{\"deletionTimestamp\":null}}");
    assert_int_equal(strlen(text("metadata.deletionTimestamp")), 20);
    assert_int_equal(patch(MAPS "/a", MERGE_PATCH, "{\"metadata\":{\"finalizers\":null}}"), 200);
    assert_frame(watch, 2, "DELETED", "a");
    assert_int_equal(get(MAPS "/a"), 404);
    end_watch(watch);
}

static void fields_are_validated_where_it_is_asked_for(void **state)
{
    (void)state;
    static const char map[] = "{\"metadata\":{\"name\":\"f\",\"lables\":{}},\"data\":{\"k\":\"v\"},\"dat\":1}";
    post(MAPS "?fieldValidation=Strict", map);
    assert_status(400, "BadRequest",
                  "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: unknown field "
                  "\"metadata.lables\", "
                  "unknown field \"dat\"");
    assert_int_equal(get(MAPS "/f"), 404);
    assert_int_equal(post(MAPS "?fieldValidation=Warn", map), 201);
    assert_non_null(strstr(answer.headers.data, "Warning: 299 - \"unknown field \\\"metadata.lables\\\"\""));
    assert_non_null(strstr(answer.headers.data, "Warning: 299 - \"unknown field \\\"dat\\\"\""));
    assert_int_equal(post(MAPS "?fieldValidation=Strict", "{\"metadata\":{\"name\":\"g\"},\"data\":{},\"data\":{}}"),
                     400);
    assert_non_null(strstr(answer.body.data, "duplicate field \\\"data\\\""));
    assert_int_equal(post(MAPS "?fieldValidation=Ignore", "{\"metadata\":{\"name\":\"g\"},\"dat\":1}"), 201);
    assert_null(strstr(answer.headers.data, "Warning:"));
    assert_int_equal(put(MAPS "/g?fieldValidation=Strict", "{\"metadata\":{\"name\":\"g\"},\"dat\":1}"), 400);
    assert_int_equal(patch(MAPS "/g?fieldValidation=Strict", MERGE_PATCH, "{\"dat\":2}"), 422);
    assert_int_equal(patch(MAPS "/g?fieldValidation=Warn", MERGE_PATCH, "{\"dat\":2}"), 200);
    assert_non_null(strstr(answer.headers.data, "unknown field"));
    post(MAPS "?fieldValidation=strict", map);
    assert_status(422, "Invalid",
                  "CreateOptions.meta.k8s.io \"\" is invalid: fieldValidation: Unsupported value: \"strict\": "
                  "supported values: \"Ignore\", \"Strict\", \"Warn\"");
}

static void managers_have_short_names(void **state)
{
    (void)state;
    char path[512];
    snprintf(path, sizeof path, MAPS "?fieldManager=%0129d", 0);
    assert_int_equal(post(path, "{\"metadata\":{\"name\":\"m\"}}"), 422);
    assert_non_null(strstr(answer.body.data, "fieldManager: Too long: must have at most 128 bytes"));
    assert_int_equal(get(MAPS "/m"), 404);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(creates_objects_as_a_server_does),   TEST(refuses_what_a_server_refuses),
        TEST(updates_with_and_without_a_version), TEST(objects_are_patched_by_every_kind),
        TEST(keeps_status_and_spec_apart),        TEST(deletions_check_preconditions_and_select),
        TEST(keeps_what_has_finalizers),          TEST(fields_are_validated_where_it_is_asked_for),
        TEST(managers_have_short_names),
    };
    return run_named_tests("fake objects", tests, sizeof tests / sizeof *tests);
}
