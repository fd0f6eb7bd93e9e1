/* What the fake API server fills in and refuses in objects of Kubernetes' own kinds, in strict mode. That it is what a
 * cluster does is for tests/differential to say. */
#include "support.h"

#define DEPLOYMENTS "/apis/apps/v1/namespaces/default/deployments"
#define SERVICES "/api/v1/namespaces/default/services"
#define POD(name, spec) \
    "{\"metadata\":{\"name\":\"" name "\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]" spec "}}"
#define DEPLOYMENT(name, selected, spec) \
    "{\"metadata\":{\"name\":\"" name "\"},\"spec\":{\"selector\":{\"matchLabels\":{\"app\":\"" selected "\"}}" spec \
    ",\"template\":{\"metadata\":{\"labels\":{\"app\":\"web\"}},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":" \
    "\"i:1\"}]}}}}"

static void use_release(const char *release)
{
    k8sc_error *err = NULL;
    k8sc_testing_options *options = make_options();
    OK(k8sc_testing_options_set_strict(options, 1, &err));
    if (release) OK(k8sc_testing_options_set_kubernetes_version(options, release, &err));
    set_up_with(options);
}

static int set_up_strict(void **state)
{
    set_up(state);
    use_release(NULL);
    return 0;
}

/* The field and the message of a cause of the answer. */
static void assert_cause(int number, const char *field, const char *message)
{
    char path[64];
    snprintf(path, sizeof path, "details.causes.%d.field", number);
    assert_text(path, field);
    snprintf(path, sizeof path, "details.causes.%d.message", number);
    assert_text(path, message);
}

static void defaults_are_filled_in(void **state)
{
    (void)state;
    assert_int_equal(post(PODS, POD("p", "")), 201);
    assert_text("spec.restartPolicy", "Always");
    assert_text("spec.containers.0.imagePullPolicy", "Always");
    assert_int_equal(number("spec.terminationGracePeriodSeconds"), 30);
    assert_text("spec.tolerations.1.key", "node.kubernetes.io/unreachable");
    assert_int_equal(post(PODS, POD("q", ",\"restartPolicy\":\"Never\",\"terminationGracePeriodSeconds\":0")), 201);
    assert_text("spec.restartPolicy", "Never");
    assert_int_equal(number("spec.terminationGracePeriodSeconds"), 0);

    assert_int_equal(post(DEPLOYMENTS, DEPLOYMENT("d", "web", "")), 201);
    assert_int_equal(number("spec.replicas"), 1);
    assert_text("spec.strategy.rollingUpdate.maxSurge", "25%");
    assert_text("spec.template.spec.containers.0.imagePullPolicy", "IfNotPresent");
    assert_null(at(answer.json, "spec.template.spec.tolerations"));
    /* A change brings them back. */
    assert_int_equal(patch(DEPLOYMENTS "/d", MERGE_PATCH, "{\"spec\":{\"replicas\":null,\"strategy\":null}}"), 200);
    assert_int_equal(number("spec.replicas"), 1);
    assert_text("spec.strategy.type", "RollingUpdate");
    assert_int_equal(patch(DEPLOYMENTS "/d", MERGE_PATCH, "{\"spec\":{\"replicas\":0}}"), 200);
    assert_int_equal(number("spec.replicas"), 0);
}

static void defaults_are_those_of_the_release(void **state)
{
    (void)state;
    const char *service = "{\"metadata\":{\"name\":\"s\"},\"spec\":{\"ports\":[{\"port\":80}]}}";
    assert_int_equal(post(SERVICES, service), 201);
    assert_int_equal(number("spec.ports.0.targetPort"), 80);
    assert_text("spec.internalTrafficPolicy", "Cluster");
    use_release("1.20");
    assert_int_equal(post(SERVICES, service), 201);
    assert_text("spec.type", "ClusterIP");
    assert_null(at(answer.json, "spec.internalTrafficPolicy"));
}

static void wrong_values_are_refused(void **state)
{
    (void)state;
    post(PODS, "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"restartPolicy\":\"Maybe\",\"containers\":[{\"name\":\"c\","
               "\"ports\":[{\"containerPort\":"
               "70000}]}]}}");
    assert_int_equal(answer.code, 422);
    assert_text("reason", "Invalid");
    assert_cause(0, "spec.containers[0].image", "Required value");
    assert_cause(1, "spec.containers[0].ports[0].containerPort",
                 "Invalid value: 70000: must be between 1 and 65535, inclusive");
    assert_cause(2, "spec.restartPolicy",
                 "Unsupported value: \"Maybe\": supported values: \"Always\", \"OnFailure\", \"Never\"");
    assert_int_equal(get(PODS "/p"), 404);
    post(DEPLOYMENTS, DEPLOYMENT("d", "other", ""));
    assert_status(422, "Invalid",
                  "Deployment.apps \"d\" is invalid: spec.template.metadata.labels: Invalid value: "
                  "map[string]string{\"app\":\"web\"}: "
                  "`selector` does not match template `labels`");
    post(PODS "?dryRun=All", "{\"metadata\":{\"name\":\"p\"},\"spec\":{}}");
    assert_status(422, "Invalid", "Pod \"p\" is invalid: spec.containers: Required value");
}

static void what_may_not_change_stays(void **state)
{
    (void)state;
    assert_int_equal(post(PODS, POD("p", "")), 201);
    assert_int_equal(patch(PODS "/p", "application/strategic-merge-patch+json",
                           "{\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"j\"}]}}"),
                     200);
    assert_int_equal(patch(PODS "/p", MERGE_PATCH, "{\"spec\":{\"nodeName\":\"n\"}}"), 422);
    assert_cause(0, "spec",
                 "Forbidden: pod updates may not change fields other than `spec.containers[*].image`, "
                 "`spec.initContainers[*].image`, "
                 "`spec.activeDeadlineSeconds` or `spec.tolerations` (only additions to existing tolerations)");
    assert_int_equal(get(PODS "/p"), 200);
    assert_text("spec.containers.0.image", "j");
    assert_null(at(answer.json, "spec.nodeName"));

    assert_int_equal(post(MAPS, "{\"metadata\":{\"name\":\"m\"},\"data\":{\"a\":\"b\"},\"immutable\":true}"), 201);
    patch(MAPS "/m", MERGE_PATCH, "{\"data\":{\"a\":\"c\"}}");
    assert_status(422, "Invalid",
                  "ConfigMap \"m\" is invalid: data: Forbidden: field is immutable when `immutable` is set");
    assert_int_equal(patch(MAPS "/m", MERGE_PATCH, "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}"), 200);
}

/* What newer servers allow. */
static void what_has_not_begun_may_change(void **state)
{
    (void)state;
#define JOBS "/apis/batch/v1/namespaces/default/jobs"
#define JOB(name, more, image) \
    "{\"metadata\":{\"name\":\"" name "\"},\"spec\":{" more \
    "\"template\":{\"spec\":{\"restartPolicy\":\"Never\",\"containers\":[{\"name\":\"c\",\"image\":\"" image \
    "\"}]}}}}"
    assert_int_equal(post(JOBS, JOB("j", "", "i")), 201);
    assert_int_equal(put(JOBS "/j", JOB("j", "", "k")), 422);
    assert_text("details.causes.0.field", "spec.template");
    assert_int_equal(patch(JOBS "/j", MERGE_PATCH, "{\"spec\":{\"completions\":2}}"), 422);
    assert_cause(0, "spec.completions", "Invalid value: 2: field is immutable");
    assert_int_equal(post(JOBS, JOB("k", "\"suspend\":true,", "i")), 201);
    assert_int_equal(put(JOBS "/k", JOB("k", "\"suspend\":true,", "k")), 200);
    assert_int_equal(post(PODS, POD("p", ",\"schedulingGates\":[{\"name\":\"example.com/a\"}]")), 201);
    assert_int_equal(
        patch(PODS "/p", MERGE_PATCH, "{\"spec\":{\"nodeSelector\":{\"a\":\"b\"},\"schedulingGates\":null}}"), 200);
    assert_int_equal(patch(PODS "/p", MERGE_PATCH, "{\"spec\":{\"nodeSelector\":{\"a\":\"c\"}}}"), 422);
}

/* What a test has put there behind the API's back may be changed, and be wrong as it was, but not more so. */
static void what_was_put_may_be_wrong(void **state)
{
    (void)state;
    put_json(
        "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\",\"namespace\":\"default\"},\"spec\":{"
        "\"containers\":[{\"name\":\"c\"}]"
        "}}");
    assert_int_equal(patch(PODS "/p", MERGE_PATCH, "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}"), 200);
    assert_int_equal(patch(PODS "/p/status", MERGE_PATCH, "{\"status\":{\"phase\":\"Running\"}}"), 200);
    assert_int_equal(patch(PODS "/p", MERGE_PATCH, "{\"spec\":{\"dnsPolicy\":\"Guess\"}}"), 422);
    put_json("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"q\",\"namespace\":\"default\"}}");
    assert_int_equal(patch(PODS "/q", MERGE_PATCH, "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}"), 200);
    put_json("{\"apiVersion\":\"apps/"
             "v1\",\"kind\":\"StatefulSet\",\"metadata\":{\"name\":\"s\",\"namespace\":\"default\"}}");
    assert_int_equal(patch("/apis/apps/v1/namespaces/default/statefulsets/s", MERGE_PATCH,
                           "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}"),
                     200);
}

static void others_are_free(void **state)
{
    (void)state;
    set_up_with(make_options());
    assert_int_equal(post(PODS, "{\"metadata\":{\"name\":\"p\"},\"spec\":{}}"), 201);
    assert_null(at(answer.json, "spec.restartPolicy"));
    assert_int_equal(post(DEPLOYMENTS, "{\"metadata\":{\"name\":\"d\"}}"), 201);
}

#define STRICT(function) cmocka_unit_test_setup_teardown(function, set_up_strict, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STRICT(defaults_are_filled_in),        STRICT(defaults_are_those_of_the_release),
        STRICT(wrong_values_are_refused),      STRICT(what_may_not_change_stays),
        STRICT(what_was_put_may_be_wrong),     STRICT(others_are_free),
        STRICT(what_has_not_begun_may_change),
    };
    return run_named_tests("fake standard", tests, sizeof tests / sizeof *tests);
}
