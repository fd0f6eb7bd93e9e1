/* The fake API server: what it serves where it is to be like a release of Kubernetes. */
#include "support.h"

static void start_with(const char *version, int strict)
{
    k8sc_error *err = NULL;
    k8sc_testing_options *options = make_options();
    OK(k8sc_testing_options_set_kubernetes_version(options, version, &err));
    OK(k8sc_testing_options_set_strict(options, strict, &err));
    set_up_with(options);
}

static void start_as(const char *version) { start_with(version, 0); }

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
    put_json("{\"kind\":\"ComponentStatus\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"etcd-0\"}}");
    assert_int_equal(get("/api/v1/componentstatuses/etcd-0"), 200);
    /* A type of its own, and no guess. */
    assert_int_equal(post("/apis/batch/v1beta1/namespaces/default/cronjobs",
                          "{\"kind\":\"CronJob\",\"apiVersion\":\"batch/v1beta1\",\"metadata\":{\"name\":\"c\"}}"),
                     201);
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
    const char *list = MAPS
        "?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=1";
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
    k8sc_testing_options *options = make_options();
    OK(k8sc_testing_options_set_kubernetes_version(options, "1.34", &err));
    OK(k8sc_testing_options_set_streaming_lists(options, K8SC_TESTING_STREAMING_REFUSED, &err));
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
                 "{\"kind\":\"PodDisruptionBudget\",\"apiVersion\":\"policy/"
                 "%s\",\"metadata\":{\"name\":\"b\",\"namespace\":\"default\"},"
                 "\"spec\":{\"selector\":{\"matchLabels\":{\"a\":\"b\"}}},\"status\":{\"disruptionsAllowed\":1}}",
                 i == 0 ? "v1beta1" : "v1");
        put_json(budget);
        put_json("{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"p\",\"labels\":{\"a\":\"b\"}},"
                 "\"status\":{\"phase\":\"Running\"}}");
        assert_int_equal(
            post(PODS "/p/eviction",
                 "{\"kind\":\"Eviction\",\"apiVersion\":\"policy/v1beta1\",\"metadata\":{\"name\":\"p\"}}"),
            201);
    }
}

#define NAME_LABEL "kubernetes.io/metadata.name"

/* The label that says a namespace's name, "" where it has none. */
static const char *name_label(void)
{
    const char *label = json_string_value(json_object_get(at(answer.json, "metadata.labels"), NAME_LABEL));
    return label ? label : "";
}

static void labels_namespaces_with_their_names(void **state)
{
    (void)state;
    const char *namespace = "{\"kind\":\"Namespace\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"n\"}}";
    const char *generated = "{\"kind\":\"Namespace\",\"apiVersion\":\"v1\",\"metadata\":{\"generateName\":\"g-\"}}";
    start_with("1.20", 1);
    assert_int_equal(post("/api/v1/namespaces", namespace), 201);
    assert_string_equal(name_label(), "");

    start_with("1.21", 1);
    assert_int_equal(get("/api/v1/namespaces/default"), 200);
    assert_string_equal(name_label(), "default");
    assert_int_equal(post("/api/v1/namespaces", namespace), 201);
    assert_string_equal(name_label(), "n");
    assert_int_equal(post("/api/v1/namespaces", generated), 201);
    assert_string_equal(name_label(), text("metadata.name"));
    /* Whoever takes it away. */
    assert_int_equal(
        patch("/api/v1/namespaces/n", MERGE_PATCH, "{\"metadata\":{\"labels\":{\"a\":\"b\",\"" NAME_LABEL "\":null}}}"),
        200);
    assert_string_equal(name_label(), "n");
    assert_text("metadata.labels.a", "b");
    put_json("{\"kind\":\"Namespace\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"seeded\"}}");
    assert_int_equal(get("/api/v1/namespaces/seeded"), 200);
    assert_string_equal(name_label(), "seeded");
    /* Of nothing else it is the name. */
    put_labelled("default", "m", NULL, "{}");
    assert_int_equal(get(MAPS "/m"), 200);
    assert_string_equal(name_label(), "");
}

static void resizes_pods(void **state)
{
    (void)state;
    const char *pod = "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"p\"},\"spec\":{"
                      "\"containers\":["
                      "{\"name\":\"a\",\"image\":\"i\",\"resources\":{\"requests\":{\"cpu\":\"1\"}}},"
                      "{\"name\":\"b\",\"image\":\"i\"}]}}";
    const char *change = "{\"metadata\":{\"labels\":{\"x\":\"y\"}},\"spec\":{\"nodeName\":\"n\",\"containers\":["
                         "{\"name\":\"b\",\"image\":\"other\",\"resources\":{\"limits\":{\"cpu\":\"2\"}}},"
                         "{\"name\":\"c\",\"image\":\"i\"}]}}";
    start_as("1.32");
    put_json(pod);
    assert_int_equal(patch(PODS "/p/resize", MERGE_PATCH, change), 404);
    start_as("1.33");
    put_json(pod);
    assert_int_equal(get(PODS "/p/resize"), 200);
    assert_int_equal(patch(PODS "/p/resize", MERGE_PATCH, change), 200);
    assert_int_equal(get(PODS "/p"), 200);
    assert_text("spec.containers.0.resources.requests.cpu", "1");
    assert_text("spec.containers.1.resources.limits.cpu", "2");
    /* Of all else nothing changes. */
    assert_text("spec.containers.1.image", "i");
    assert_int_equal(json_array_size(at(answer.json, "spec.containers")), 2);
    assert_null(at(answer.json, "spec.nodeName"));
    assert_null(at(answer.json, "metadata.labels"));
}

static void names_variables_as_a_release_did(void **state)
{
    (void)state;
    const char *form = "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"p\"},"
                       "\"spec\":{\"containers\":["
                       "{\"name\":\"a\",\"image\":\"i\",\"env\":[{\"name\":\"%s\"}]}]}}";
    const struct {
        const char *version, *name;
        long code;
    } cases[] = {
        {"1.31", "1 a", 422}, {"1.31", "A.b-c", 201}, {"1.32", "1 a", 201}, {"1.32", "a=b", 422}, {"1.32", "\\t", 422}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        char pod[400];
        start_with(cases[i].version, 1);
        snprintf(pod, sizeof pod, form, cases[i].name);
        if (post(PODS, pod) != cases[i].code) fail_msg("case %zu: %s", i, answer.body.data);
    }
}

static void tells_no_time_that_there_is_none(void **state)
{
    (void)state;
    const char *reviews = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
               *null_time = "\"creationTimestamp\":null";
    const char *review = "{\"kind\":\"SelfSubjectAccessReview\",\"apiVersion\":\"authorization.k8s.io/v1\","
                         "\"spec\":{\"nonResourceAttributes\":{\"verb\":\"get\",\"path\":\"/\"}}}";
    const char *list = MAPS "?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&"
                            "allowWatchBookmarks=true&timeoutSeconds=1";
    const char *versions[] = {"1.32", "1.34"};
    for (int i = 0; i < 2; ++i) {
        start_as(versions[i]);
        assert_int_equal(post(reviews, review), 201);
        assert_int_equal(strstr(answer.body.data, null_time) != NULL, i == 0);
        assert_int_equal(get(list), 200);
        assert_non_null(strstr(answer.body.data, "BOOKMARK"));
        assert_int_equal(strstr(answer.body.data, null_time) != NULL, i == 0);
    }
    start_as("1.33");
    assert_int_equal(post(reviews, review), 201);
    assert_non_null(strstr(answer.body.data, null_time));
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
        TEST(labels_namespaces_with_their_names),
        TEST(resizes_pods),
        TEST(names_variables_as_a_release_did),
        TEST(tells_no_time_that_there_is_none),
        TEST(names_what_is_no_release),
    };
    return run_named_tests("fake releases", tests, sizeof tests / sizeof *tests);
}
