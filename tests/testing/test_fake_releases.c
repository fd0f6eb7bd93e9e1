/* The fake API server: what it serves where it is to be like a release of Kubernetes. */
#include "support.h"

static void start_as(const char *version)
{
    k8sc_error *err = NULL;
    k8sc_testing_options *options = make_options();
    ok(k8sc_testing_options_set_kubernetes_version(options, version, &err), &err);
    set_up_with(options);
}

static void serves_what_a_release_did(void **state)
{
    (void)state;
    start_as("1.21");
    get("/version");
    assert_text("minor", "21");
    assert_text("gitVersion", "v1.21.0+k8sc-fake");
    assert_int_equal(get("/apis/networking.k8s.io/v1beta1/ingresses"), 200);
    assert_text("kind", "IngressList");
    assert_int_equal(get("/apis/policy/v1/poddisruptionbudgets"), 200);
    assert_int_equal(get("/apis/autoscaling/v2/horizontalpodautoscalers"), 404);
    get("/apis/autoscaling");
    assert_text("preferredVersion.version", "v1");
    /* Its objects are a server's own: a test may put some, and nobody writes them. */
    assert_int_equal(get("/api/v1/componentstatuses"), 200);
    assert_int_equal(post("/api/v1/componentstatuses", "{\"metadata\":{\"name\":\"etcd-0\"}}"), 405);
    seed("{\"kind\":\"ComponentStatus\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"etcd-0\"}}");
    assert_int_equal(get("/api/v1/componentstatuses/etcd-0"), 200);
    /* A type of its own, and no guess. */
    assert_int_equal(post("/apis/batch/v1beta1/namespaces/default/cronjobs", "{\"kind\":\"CronJob\",\"apiVersion\":\"batch/v1beta1\",\"metadata\":{\"name\":\"c\"}}"), 201);
    assert_int_equal(get("/apis/batch/v1/namespaces/default/cronjobs/c"), 200);
    assert_text("apiVersion", "batch/v1");
    /* What nobody knows is guessed none the less, but not in Kubernetes' own groups. */
    assert_int_equal(get("/apis/example.com/v1/widgets"), 200);
    assert_int_equal(get("/apis/apps/v1/widgets"), 404);

    start_as("v1.25.4");
    assert_int_equal(get("/apis/policy/v1beta1/poddisruptionbudgets"), 404);
    assert_int_equal(get("/apis/networking.k8s.io/v1beta1/ingresses"), 404);
    assert_int_equal(get("/apis/autoscaling/v2/horizontalpodautoscalers"), 200);
    assert_int_equal(get("/apis/autoscaling/v2beta2/horizontalpodautoscalers"), 200);
    assert_int_equal(get("/apis/resource.k8s.io/v1/resourceclaims"), 404);

    start_as("1.34");
    assert_int_equal(get("/apis/resource.k8s.io/v1/resourceclaims"), 200);
    assert_int_equal(get("/apis/autoscaling/v2beta2/horizontalpodautoscalers"), 404);
    assert_int_equal(get("/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolicies"), 404);
    start_as("1.36");
    assert_int_equal(get("/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolicies"), 200);
}

static void behaves_as_a_release_did(void **state)
{
    (void)state;
    const char *misspelt = "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\"},\"dat\":{}}";
    const char *list = MAPS "?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=1";
    start_as("1.24");
    assert_int_equal(post(MAPS, misspelt), 201);
    assert_null(strstr(answer.headers.data, "Warning:"));
    assert_int_equal(get(list), 422);
    start_as("1.33");
    assert_int_equal(post(MAPS, misspelt), 201);
    assert_non_null(strstr(answer.headers.data, "Warning: 299 - \"unknown field \\\"dat\\\"\""));
    assert_int_equal(get(list), 422);
    start_as("1.34");
    assert_int_equal(get(list), 200);

    /* What is set afterwards holds. */
    k8sc_error *err = NULL;
    k8sc_testing_options *options = make_options();
    ok(k8sc_testing_options_set_kubernetes_version(options, "1.34", &err), &err);
    ok(k8sc_testing_options_set_streaming_lists(options, K8SC_TESTING_STREAMING_REFUSED, &err), &err);
    set_up_with(options);
    assert_int_equal(get(list), 422);
    get("/version");
    assert_text("minor", "34");
}

/* Budgets are of another version there. */
static void evicts_in_every_release(void **state)
{
    (void)state;
    const char *versions[] = {"1.20", "1.22", "1.36"};
    for (size_t i = 0; i < 3; ++i) {
        char budget[300];
        start_as(versions[i]);
        snprintf(budget, sizeof budget,
                 "{\"kind\":\"PodDisruptionBudget\",\"apiVersion\":\"policy/%s\",\"metadata\":{\"name\":\"b\",\"namespace\":\"default\"},"
                 "\"spec\":{\"selector\":{\"matchLabels\":{\"a\":\"b\"}}},\"status\":{\"disruptionsAllowed\":1}}",
                 i == 0 ? "v1beta1" : "v1");
        seed(budget);
        seed("{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"p\",\"labels\":{\"a\":\"b\"}},\"status\":{\"phase\":\"Running\"}}");
        assert_int_equal(post(PODS "/p/eviction", "{\"kind\":\"Eviction\",\"apiVersion\":\"policy/v1beta1\",\"metadata\":{\"name\":\"p\"}}"), 201);
    }
}

static void names_what_is_no_release(void **state)
{
    (void)state;
    const char *wrong[] = {"", "1", "1.19", "1.37", "2.20", "1.x", "1.20x", "1.20-rc.1"};
    k8sc_testing_options *options = make_options();
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i) {
        k8sc_error *err = NULL;
        char named[40];
        snprintf(named, sizeof named, "version \"%s\" is none", wrong[i]);
        assert_int_equal(k8sc_testing_options_set_kubernetes_version(options, wrong[i], &err), K8SC_E_INVALID);
        assert_non_null(strstr(k8sc_error_message(err), named));
        k8sc_error_free(err);
    }
    assert_int_equal(k8sc_testing_options_set_kubernetes_version(options, NULL, NULL), K8SC_E_INVALID);
    k8sc_testing_options_free(options);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(serves_what_a_release_did),
        TEST(behaves_as_a_release_did),
        TEST(evicts_in_every_release),
        TEST(names_what_is_no_release),
    };
    return run_named_tests("fake releases", tests, sizeof tests / sizeof *tests);
}
