/* The fake API server: server-side apply with owners of fields, and strategic merge patches. */
#include "support.h"

#define APPLY "application/apply-patch+yaml"
#define STRATEGIC "application/strategic-merge-patch+json"
#define DEPLOYMENTS "/apis/apps/v1/namespaces/default/deployments"
#define WEB DEPLOYMENTS "/web"
#define BY(manager) "?fieldManager=" manager
#define FORCED(manager) BY(manager) "&force=true"
#define DEPLOYMENT(spec) \
    "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"web\"},\"spec\":" spec "}"
#define CONTAINERS(items) "{\"template\":{\"spec\":{\"containers\":[" items "]}}}"

/* The fields that a manager owns, as text; "" where it owns none. */
static const char *owned_by(const char *manager, const char *operation)
{
    static char *kept;
    json_t *entries = at(answer.json, "metadata.managedFields"), *entry;
    size_t i;
    free(kept);
    kept = NULL;
    json_array_foreach(entries, i, entry)
    {
        if (strcmp(json_string_value(json_object_get(entry, "manager")), manager) != 0) continue;
        if (strcmp(json_string_value(json_object_get(entry, "operation")), operation) != 0) continue;
        assert_string_equal(json_string_value(json_object_get(entry, "fieldsType")), "FieldsV1");
        kept = json_dumps(json_object_get(entry, "fieldsV1"), JSON_COMPACT | JSON_SORT_KEYS);
    }
    return kept ? kept : "";
}

static void creates_what_is_applied(void **state)
{
    (void)state;
    assert_int_equal(patch(WEB BY("a"), APPLY,
                           "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  labels: {x: '1'}\nspec:\n "
                           " replicas: 0\n"),
                     201);
    assert_int_equal(number("spec.replicas"), 0);
    assert_string_equal(owned_by("a", "Apply"),
                        "{\"f:metadata\":{\"f:labels\":{\"f:x\":{}}},\"f:spec\":{\"f:replicas\":{}}}");
    /* Once more: nothing changes. */
    const int64_t version = version_now();
    assert_int_equal(patch(WEB BY("a"), APPLY,
                           "{\"apiVersion\":\"apps/"
                           "v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"web\",\"labels\":{\"x\":\"1\"}},"
                           "\"spec\":{\"replicas\":0}}"),
                     200);
    assert_int_equal(version_now(), version);
    /* What is not applied any more goes. */
    assert_int_equal(patch(WEB BY("a"), APPLY, DEPLOYMENT("{\"paused\":true}")), 200);
    assert_null(at(answer.json, "spec.replicas"));
    assert_null(at(answer.json, "metadata.labels"));
    assert_string_equal(owned_by("a", "Apply"), "{\"f:spec\":{\"f:paused\":{}}}");
    /* Dry, nothing is there after. */
    assert_int_equal(patch(DEPLOYMENTS "/dry" BY("a") "&dryRun=All", APPLY,
                           "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"dry\"}}"),
                     201);
    assert_int_equal(get(DEPLOYMENTS "/dry"), 404);
}

#define CLIENT_SIDE "kubectl-client-side-apply"
#define LAST_APPLIED "kubectl.kubernetes.io/last-applied-configuration"

/* A deployment as kubectl applies it on the client's side, the members of its spec with their quotes escaped in `last`.
 */
#define APPLIED(spec, last) \
    "{\"apiVersion\":\"apps/" \
    "v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"web\",\"annotations\":{\"" LAST_APPLIED "\":" \
    "\"{\\\"apiVersion\\\":\\\"apps/" \
    "v1\\\",\\\"kind\\\":\\\"Deployment\\\",\\\"metadata\\\":{\\\"name\\\":\\\"web\\\"},\\\"spec\\\":" last "}\"}}," \
    "\"spec\":" spec "}"

static const char *last_applied(void)
{
    return json_string_value(json_object_get(at(answer.json, "metadata.annotations"), LAST_APPLIED));
}

/* kubectl apply, and then kubectl apply --server-side. */
static void goes_over_from_the_clients_side(void **state)
{
    (void)state;
    assert_int_equal(post(DEPLOYMENTS BY(CLIENT_SIDE),
                          APPLIED("{\"replicas\":1,\"paused\":true}", "{\\\"replicas\\\":1,\\\"paused\\\":true}")),
                     201);
    assert_string_equal(owned_by(CLIENT_SIDE, "Update"), "{\"f:metadata\":{\"f:annotations\":{\"f:" LAST_APPLIED
                                                         "\":{}}},\"f:spec\":{\"f:paused\":{},\"f:replicas\":{}}}");
    /* Others are told whose it is. */
    assert_int_equal(patch(WEB BY("other"), APPLY, DEPLOYMENT("{\"replicas\":2}")), 409);
    assert_status(409, "Conflict",
                  "Apply failed with 1 conflict: conflict with \"" CLIENT_SIDE "\" using apps/v1: .spec.replicas");
    /* kubectl takes over what it has applied, and the annotation follows. */
    assert_int_equal(
        patch(WEB BY("kubectl"), APPLY, DEPLOYMENT("{\"replicas\":2,\"paused\":true,\"revisionHistoryLimit\":3}")),
        200);
    assert_int_equal(number("spec.replicas"), 2);
    assert_string_equal(owned_by("kubectl", "Apply"),
                        "{\"f:spec\":{\"f:paused\":{},\"f:replicas\":{},\"f:revisionHistoryLimit\":{}}}");
    assert_string_equal(owned_by(CLIENT_SIDE, "Update"), "{\"f:metadata\":{\"f:annotations\":{\"f:" LAST_APPLIED
                                                         "\":{}}},\"f:spec\":{\"f:paused\":{}}}");
    assert_string_equal(last_applied(),
                        "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"web\"},"
                        "\"spec\":{\"paused\":true,\"replicas\":2,\"revisionHistoryLimit\":3}}\n");
    /* Newer ones then move what is left of their old entry, and fields go when they are applied no more. */
    assert_int_equal(patch(WEB BY("kubectl"), JSON_PATCH,
                           "[{\"op\":\"replace\",\"path\":\"/metadata/"
                           "managedFields\",\"value\":[{\"manager\":\"kubectl\",\"operation\":\"Apply\","
                           "\"apiVersion\":\"apps/"
                           "v1\",\"time\":\"2026-01-01T00:00:00Z\",\"fieldsType\":\"FieldsV1\",\"fieldsV1\":{\"f:"
                           "metadata\":{\"f:annotations\":"
                           "{\"f:" LAST_APPLIED
                           "\":{}}},\"f:spec\":{\"f:paused\":{},\"f:replicas\":{},\"f:revisionHistoryLimit\":{}}}}]}]"),
                     200);
    assert_string_equal(owned_by(CLIENT_SIDE, "Update"), "");
    assert_int_equal(patch(WEB BY("kubectl"), APPLY, DEPLOYMENT("{\"replicas\":3}")), 200);
    assert_null(at(answer.json, "spec.paused"));
    assert_null(last_applied());
    assert_string_equal(owned_by("kubectl", "Apply"), "{\"f:spec\":{\"f:replicas\":{}}}");
}

static void what_others_have_changed_is_theirs(void **state)
{
    (void)state;
    /* It was there before it was applied. */
    assert_int_equal(post(DEPLOYMENTS BY("maker"), DEPLOYMENT("{\"minReadySeconds\":5}")), 201);
    assert_null(at(answer.json, "metadata.managedFields"));
    assert_int_equal(patch(WEB BY(CLIENT_SIDE), MERGE_PATCH, APPLIED("{\"replicas\":1}", "{\\\"replicas\\\":1}")), 200);
    assert_string_equal(owned_by("before-first-apply", "Update"), "{\"f:spec\":{\"f:minReadySeconds\":{}}}");
    assert_int_equal(patch(WEB BY("scaler"), MERGE_PATCH, "{\"spec\":{\"replicas\":7}}"), 200);
    assert_int_equal(patch(WEB BY("kubectl"), APPLY, DEPLOYMENT("{\"replicas\":2,\"minReadySeconds\":6}")), 409);
    assert_status(
        409, "Conflict",
        "Apply failed with 2 conflicts: conflicts with \"before-first-apply\" using apps/v1:\n- .spec.minReadySeconds\n"
        "conflicts with \"scaler\" using apps/v1:\n- .spec.replicas");
    /* Of a version that is another, or no JSON, nothing is known. */
    assert_int_equal(
        patch(WEB BY("scaler"), MERGE_PATCH, "{\"metadata\":{\"annotations\":{\"" LAST_APPLIED "\":\"{\"}}}"), 200);
    assert_int_equal(patch(WEB BY("kubectl"), APPLY, DEPLOYMENT("{\"replicas\":2}")), 409);
    /* What a test has put there has no owners; the annotation tells none the less. */
    put_json(APPLIED("{\"replicas\":1}", "{\\\"replicas\\\":1}"));
    assert_int_equal(patch(WEB BY("kubectl"), APPLY, DEPLOYMENT("{\"replicas\":2}")), 200);
    assert_int_equal(number("spec.replicas"), 2);
}

static void a_conflicting_apply_names_the_owner_and_field(void **state)
{
    (void)state;
    patch(WEB BY("a"), APPLY, DEPLOYMENT("{\"replicas\":1}"));
    assert_int_equal(patch(WEB BY("b"), APPLY, DEPLOYMENT("{\"replicas\":2}")), 409);
    assert_status(409, "Conflict", "Apply failed with 1 conflict: conflict with \"a\": .spec.replicas");
    assert_text("details.causes.0.reason", "FieldManagerConflict");
    assert_text("details.causes.0.field", ".spec.replicas");
    assert_text("details.causes.0.message", "conflict with \"a\"");
    /* The same value is shared; then neither takes it away alone. */
    assert_int_equal(patch(WEB BY("b"), APPLY, DEPLOYMENT("{\"replicas\":1}")), 200);
    assert_int_equal(patch(WEB BY("a"), APPLY, DEPLOYMENT("{}")), 200);
    assert_int_equal(number("spec.replicas"), 1);
    assert_string_equal(owned_by("b", "Apply"), "{\"f:spec\":{\"f:replicas\":{}}}");
    /* Forced, it is taken over. */
    assert_int_equal(patch(WEB FORCED("c"), APPLY, DEPLOYMENT("{\"replicas\":3}")), 200);
    assert_int_equal(number("spec.replicas"), 3);
    assert_string_equal(owned_by("b", "Apply"), "");
    assert_string_equal(owned_by("c", "Apply"), "{\"f:spec\":{\"f:replicas\":{}}}");
    assert_int_equal(patch(WEB BY("c"), APPLY, DEPLOYMENT("{}")), 200);
    assert_null(at(answer.json, "spec.replicas"));
}

static void others_own_what_they_write(void **state)
{
    (void)state;
    assert_int_equal(post(DEPLOYMENTS, DEPLOYMENT("{\"replicas\":1,\"paused\":true}")), 201);
    assert_null(at(answer.json, "metadata.managedFields"));
    assert_int_equal(patch(WEB BY("a"), APPLY, DEPLOYMENT("{\"replicas\":2}")), 409);
    assert_status(409, "Conflict",
                  "Apply failed with 1 conflict: conflict with \"before-first-apply\" using apps/v1: .spec.replicas");
    assert_int_equal(patch(WEB FORCED("a"), APPLY, DEPLOYMENT("{\"replicas\":2}")), 200);
    assert_string_equal(owned_by("before-first-apply", "Update"), "{\"f:spec\":{\"f:paused\":{}}}");

    assert_int_equal(patch(WEB BY("editor"), MERGE_PATCH, "{\"spec\":{\"replicas\":4,\"minReadySeconds\":3}}"), 200);
    assert_string_equal(owned_by("editor", "Update"), "{\"f:spec\":{\"f:minReadySeconds\":{},\"f:replicas\":{}}}");
    assert_string_equal(owned_by("a", "Apply"), "");
    assert_int_equal(patch(WEB BY("a"), APPLY, DEPLOYMENT("{\"replicas\":2,\"minReadySeconds\":1}")), 409);
    assert_status(409, "Conflict",
                  "Apply failed with 2 conflicts: conflicts with \"editor\" using apps/v1:\n- .spec.minReadySeconds\n- "
                  ".spec.replicas");
    /* A whole object without its owners keeps them; with none at all, it loses them. */
    assert_int_equal(put(WEB BY("other"), DEPLOYMENT("{\"replicas\":4}")), 200);
    assert_string_equal(owned_by("editor", "Update"), "{\"f:spec\":{\"f:replicas\":{}}}");
    assert_int_equal(patch(WEB BY("other"), MERGE_PATCH, "{\"metadata\":{\"managedFields\":[{}]}}"), 200);
    assert_null(at(answer.json, "metadata.managedFields"));
}

static void lists_are_merged_by_their_keys(void **state)
{
    (void)state;
    assert_int_equal(
        patch(WEB BY("a"), APPLY,
              DEPLOYMENT(CONTAINERS("{\"name\":\"one\",\"image\":\"i:1\",\"ports\":[{\"containerPort\":80}]}"))),
        201);
    assert_int_equal(
        patch(WEB BY("b"), APPLY, DEPLOYMENT(CONTAINERS("{\"name\":\"two\",\"image\":\"i:2\",\"args\":[\"x\"]}"))),
        200);
    assert_text("spec.template.spec.containers.0.name", "one");
    assert_text("spec.template.spec.containers.1.name", "two");
    assert_string_equal(
        owned_by("a", "Apply"),
        "{\"f:spec\":{\"f:template\":{\"f:spec\":{\"f:containers\":{\"k:{\\\"name\\\":\\\"one\\\"}\":{\".\":{},\"f:"
        "image\":{},\"f:"
        "name\":{},\"f:ports\":{"
        "\"k:{\\\"containerPort\\\":80,\\\"protocol\\\":\\\"TCP\\\"}\":{\".\":{},\"f:containerPort\":{}}}}}}}}}");
    assert_int_equal(patch(WEB BY("b"), APPLY, DEPLOYMENT(CONTAINERS("{\"name\":\"one\",\"image\":\"i:3\"}"))), 409);
    assert_status(
        409, "Conflict",
        "Apply failed with 1 conflict: conflict with \"a\": .spec.template.spec.containers[name=\"one\"].image");
    /* An item goes with its last owner. */
    assert_int_equal(patch(WEB BY("b"), APPLY, DEPLOYMENT("{}")), 200);
    assert_int_equal(json_array_size(at(answer.json, "spec.template.spec.containers")), 1);
    assert_int_equal(patch(WEB BY("b"), APPLY, DEPLOYMENT(CONTAINERS("{\"name\":\"one\",\"tty\":true}"))), 200);
    assert_int_equal(patch(WEB BY("a"), APPLY, DEPLOYMENT("{}")), 200);
    assert_text("spec.template.spec.containers.0.name", "one");
    assert_null(at(answer.json, "spec.template.spec.containers.0.image"));
    assert_true(json_is_true(at(answer.json, "spec.template.spec.containers.0.tty")));
    assert_int_equal(patch(WEB BY("a"), APPLY, DEPLOYMENT(CONTAINERS("{\"image\":\"i:1\"}"))), 500);
    assert_non_null(strstr(text("message"), "omits key field \"name\""));
    assert_int_equal(patch(WEB BY("a"), APPLY, DEPLOYMENT(CONTAINERS("{\"name\":\"one\"},{\"name\":\"one\"}"))), 500);
    assert_non_null(strstr(text("message"), "duplicate entries"));
    /* A set, by its values. */
    patch(MAPS "/m" BY("a"), APPLY,
          "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"m\",\"finalizers\":[\"x/a\"]}}");
    assert_int_equal(patch(MAPS "/m" BY("b"), APPLY,
                           "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"m\",\"finalizers\":["
                           "\"x/b\"]},\"data\":{\"k\":\"v\"}}"),
                     200);
    assert_text("metadata.finalizers.1", "x/b");
    assert_string_equal(owned_by("b", "Apply"),
                        "{\"f:data\":{\"f:k\":{}},\"f:metadata\":{\"f:finalizers\":{\"v:\\\"x/b\\\"\":{}}}}");
    assert_int_equal(
        patch(MAPS "/m" BY("a"), APPLY, "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"m\"}}"),
        200);
    assert_text("metadata.finalizers.0", "x/b");
    assert_int_equal(json_array_size(at(answer.json, "metadata.finalizers")), 1);
}

static void the_status_is_applied_apart(void **state)
{
    (void)state;
    patch(WEB BY("a"), APPLY, DEPLOYMENT("{\"replicas\":1}"));
    assert_int_equal(patch(WEB "/status" BY("a"), APPLY,
                           "{\"apiVersion\":\"apps/"
                           "v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"web\"},\"spec\":{\"replicas\":9},"
                           "\"status\":{\"replicas\":2}}"),
                     200);
    assert_int_equal(number("spec.replicas"), 1);
    assert_int_equal(number("status.replicas"), 2);
    assert_int_equal(json_array_size(at(answer.json, "metadata.managedFields")), 2);
    assert_text("metadata.managedFields.1.subresource", "status");
    assert_int_equal(
        patch(DEPLOYMENTS "/none/status" BY("a"), APPLY,
              "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"none\"},\"status\":{}}"),
        404);
}

static void wrong_requests(void **state)
{
    (void)state;
    assert_int_equal(patch(WEB, APPLY, DEPLOYMENT("{}")), 422);
    assert_status(
        422, "Invalid",
        "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch");
    assert_int_equal(patch(WEB FORCED("a"), MERGE_PATCH, "{}"), 422);
    assert_status(
        422, "Invalid",
        "PatchOptions.meta.k8s.io \"\" is invalid: force: Forbidden: may not be specified for non-apply patch");
    assert_int_equal(patch(WEB BY("a"), APPLY, "{"), 400);
    assert_int_equal(patch(WEB BY("a"), APPLY, "[]"), 400);
    assert_int_equal(patch(WEB BY("a"), APPLY,
                           "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"other\"}}"),
                     400);
    assert_int_equal(patch(WEB BY("a"), APPLY,
                           "{\"apiVersion\":\"apps/"
                           "v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"web\",\"managedFields\":[]}}"),
                     400);
    assert_int_equal(
        patch(WEB BY("a"), APPLY, "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"web\"}}"), 400);
}

static void patches_strategically(void **state)
{
    (void)state;
    post(DEPLOYMENTS,
         DEPLOYMENT(
             CONTAINERS("{\"name\":\"one\",\"image\":\"i:1\",\"args\":[\"a\"]},{\"name\":\"two\",\"image\":\"i:2\"}")));
    assert_int_equal(
        patch(WEB, STRATEGIC, "{\"spec\":" CONTAINERS("{\"name\":\"two\",\"image\":\"i:3\"},{\"name\":\"three\"}") "}"),
        200);
    assert_text("spec.template.spec.containers.0.image", "i:1");
    assert_text("spec.template.spec.containers.1.image", "i:3");
    assert_text("spec.template.spec.containers.2.name", "three");
    assert_int_equal(patch(WEB, STRATEGIC, "{\"spec\":" CONTAINERS("{\"name\":\"one\",\"$patch\":\"delete\"}") "}"),
                     200);
    assert_text("spec.template.spec.containers.0.name", "two");
    /* Not a list of named things: as a whole. */
    assert_int_equal(patch(WEB, STRATEGIC, "{\"spec\":" CONTAINERS("{\"name\":\"two\",\"args\":[\"x\",\"y\"]}") "}"),
                     200);
    assert_int_equal(
        patch(WEB, STRATEGIC, "{\"spec\":" CONTAINERS("{\"name\":\"two\",\"args\":[\"z\"],\"image\":null}") "}"), 200);
    assert_int_equal(json_array_size(at(answer.json, "spec.template.spec.containers.0.args")), 1);
    assert_null(at(answer.json, "spec.template.spec.containers.0.image"));
    assert_int_equal(patch(WEB, STRATEGIC,
                           "{\"spec\":{\"template\":{\"spec\":{\"$setElementOrder/"
                           "containers\":[{\"name\":\"three\"},{\"name\":\"two\"}]}}}}"),
                     200);
    assert_text("spec.template.spec.containers.0.name", "three");
    assert_int_equal(patch(WEB, STRATEGIC, "{\"spec\":" CONTAINERS("{\"$patch\":\"replace\"},{\"name\":\"only\"}") "}"),
                     200);
    assert_int_equal(json_array_size(at(answer.json, "spec.template.spec.containers")), 1);
    assert_int_equal(patch(WEB, STRATEGIC, "{\"spec\":" CONTAINERS("{\"image\":\"i\"}") "}"), 400);
    assert_int_equal(patch(WEB, STRATEGIC, "{\"spec\":{\"$patch\":\"hop\"}}"), 400);
    assert_int_equal(patch(WEB, STRATEGIC, "{\"metadata\":{\"finalizers\":[\"x/a\",\"x/b\"]}}"), 200);
    assert_int_equal(patch(WEB, STRATEGIC, "{\"metadata\":{\"finalizers\":[\"x/c\",\"x/a\"]}}"), 200);
    assert_int_equal(json_array_size(at(answer.json, "metadata.finalizers")), 3);
    assert_int_equal(patch(WEB, STRATEGIC, "{\"metadata\":{\"$deleteFromPrimitiveList/finalizers\":[\"x/a\"]}}"), 200);
    assert_text("metadata.finalizers.0", "x/b");
    assert_int_equal(
        patch(WEB, STRATEGIC, "{\"spec\":{\"strategy\":{\"type\":\"Recreate\",\"$retainKeys\":[\"type\"]}}}"), 200);
    assert_int_equal(patch(WEB, STRATEGIC, "{\"spec\":{\"$patch\":\"replace\",\"replicas\":1}}"), 200);
    assert_null(at(answer.json, "spec.template"));
    assert_int_equal(number("spec.replicas"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(creates_what_is_applied),
        TEST(goes_over_from_the_clients_side),
        TEST(what_others_have_changed_is_theirs),
        TEST(a_conflicting_apply_names_the_owner_and_field),
        TEST(others_own_what_they_write),
        TEST(lists_are_merged_by_their_keys),
        TEST(the_status_is_applied_apart),
        TEST(wrong_requests),
        TEST(patches_strategically),
    };
    return run_named_tests("fake apply", tests, sizeof tests / sizeof *tests);
}
