/* The fake API server: what is read, changed and posted at the paths below an object. */
#include "support.h"

#define DEPLOYMENTS "/apis/apps/v1/namespaces/default/deployments"
#define GADGETS "/apis/example.com/v1/namespaces/default/gadgets"
#define ACCOUNTS "/api/v1/namespaces/default/serviceaccounts"
#define POLICY "\"apiVersion\":\"policy/v1\","

static const char pod[] = "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"p\",\"namespace\":"
                          "\"default\",\"labels\":{\"app\":\"web\"}},\"spec\":{"
                          "\"containers\":["
                          "{\"name\":\"c\"},{\"name\":\"side\"}]},\"status\":{\"phase\":\"Running\",\"conditions\":[{"
                          "\"type\":\"Ready\",\"status\":\"True\"}]}}";
static const char eviction[] = "{\"kind\":\"Eviction\"," POLICY "\"metadata\":{\"name\":\"p\"}}";

static void a_scale_is_read_and_changed(void **state)
{
    (void)state;
    put_json("{\"kind\":\"Deployment\",\"apiVersion\":\"apps/"
             "v1\",\"metadata\":{\"name\":\"web\",\"namespace\":\"default\"},\"spec\":{\"replicas\":2,"
             "\"selector\":{\"matchLabels\":{\"tier\":\"front\",\"app\":\"web\"}}},\"status\":{\"replicas\":1}}");
    assert_int_equal(get(DEPLOYMENTS "/web/scale"), 200);
    assert_text("kind", "Scale");
    assert_text("apiVersion", "autoscaling/v1");
    assert_text("metadata.name", "web");
    assert_int_equal(number("spec.replicas"), 2);
    assert_int_equal(number("status.replicas"), 1);
    assert_text("status.selector", "app=web,tier=front");

    const int64_t before = version_now();
    assert_int_equal(patch(DEPLOYMENTS "/web/scale", MERGE_PATCH, "{\"spec\":{\"replicas\":5}}"), 200);
    assert_text("kind", "Scale");
    assert_int_equal(version_now(), before + 1);
    get(DEPLOYMENTS "/web");
    assert_int_equal(number("spec.replicas"), 5);
    assert_int_equal(number("metadata.generation"), 2);
    assert_int_equal(number("status.replicas"), 1);

    put(DEPLOYMENTS "/web/scale",
        "{\"metadata\":{\"name\":\"web\",\"resourceVersion\":\"1\"},\"spec\":{\"replicas\":1}}");
    assert_status(409, "Conflict",
                  "Operation cannot be fulfilled on deployments.apps \"web\": the object has been modified; please "
                  "apply your changes to the latest "
                  "version and try again");
    put(DEPLOYMENTS "/web/scale", "{\"metadata\":{\"name\":\"web\"},\"spec\":{\"replicas\":-1}}");
    assert_status(
        422, "Invalid",
        "Scale.autoscaling \"web\" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0");
    assert_int_equal(put(DEPLOYMENTS "/web/scale", "{\"metadata\":{\"name\":\"web\"},\"spec\":{\"replicas\":\"x\"}}"),
                     400);
    assert_int_equal(put(DEPLOYMENTS "/web/scale", "{\"kind\":\"Pod\",\"metadata\":{\"name\":\"web\"}}"), 400);
    assert_int_equal(put(DEPLOYMENTS "/web/scale", "{}"), 400);
    assert_int_equal(put(DEPLOYMENTS "/web/scale", "[]"), 400);
    assert_int_equal(patch(DEPLOYMENTS "/web/scale", "application/apply-patch+yaml", "{}"), 415);
    assert_int_equal(delete (DEPLOYMENTS "/web/scale", NULL), 405);
    assert_int_equal(get(MAPS "/m/scale"), 404);
    get(DEPLOYMENTS "/none/scale");
    assert_status(404, "NotFound", "deployments/scale.apps \"none\" not found");
    get("/apis/apps/v1");
    assert_non_null(strstr(answer.body.data,
                           "{\"name\":\"deployments/"
                           "scale\",\"singularName\":\"\",\"namespaced\":true,\"group\":\"autoscaling\",\"version\":"
                           "\"v1\",\"kind\":\"Scale\",\"verbs\":[\"get\",\"patch\",\"update\"]}"));
}

static void scales_custom_resources(void **state)
{
    (void)state;
    const char *definition = "{\"kind\":\"CustomResourceDefinition\",\"apiVersion\":\"apiextensions.k8s.io/"
                             "v1\",\"metadata\":{\"name\":\"gadgets.example.com\"},\"spec\":{"
                             "\"group\":\"example.com\",\"scope\":\"Namespaced\",\"names\":{\"plural\":\"gadgets\","
                             "\"kind\":\"Gadget\"},\"versions\":[{\"name\":\"v1\","
                             "\"served\":"
                             "true,\"storage\":true,\"subresources\":{\"status\":{},\"scale\":{\"specReplicasPath\":\"%"
                             "s\",\"statusReplicasPath\":\".status.n\","
                             "\"labelSelectorPath\":\".status.by\"}}}]}}";
    char document[1024];
    snprintf(document, sizeof document, definition, ".n");
    post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", document);
    assert_int_equal(answer.code, 422);
    snprintf(document, sizeof document, definition, ".spec.size.n");
    assert_int_equal(post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", document), 201);
    put_json("{\"kind\":\"Gadget\",\"apiVersion\":\"example.com/"
             "v1\",\"metadata\":{\"name\":\"g\",\"namespace\":\"default\"},\"status\":{\"n\":3,\"by\":\"a=b\"}}");
    get(GADGETS "/g/scale");
    assert_status(500, "InternalError",
                  "Internal error occurred: the spec replicas field \".spec.size.n\" does not exist");
    assert_int_equal(put(GADGETS "/g/scale", "{\"metadata\":{\"name\":\"g\"},\"spec\":{\"replicas\":4}}"), 200);
    assert_int_equal(number("spec.replicas"), 4);
    assert_int_equal(number("status.replicas"), 3);
    assert_text("status.selector", "a=b");
    get(GADGETS "/g");
    assert_int_equal(number("spec.size.n"), 4);
}

static void an_eviction_asks_the_disruption_budget(void **state)
{
    (void)state;
    put_json(pod);
    put_json("{\"kind\":\"PodDisruptionBudget\"," POLICY
             "\"metadata\":{\"name\":\"b\",\"namespace\":\"default\"},\"spec\":{\"selector\":{\"matchLabels\":{\"app\":"
             "\"web\"}}},\"status\":{\"disruptionsAllowed\":0,\"desiredHealthy\":2,\"currentHealthy\":2}}");
    post(PODS "/p/eviction", eviction);
    assert_status(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.");
    assert_text("details.causes.0.reason", "DisruptionBudget");
    assert_text("details.causes.0.message", "The disruption budget b needs 2 healthy pods and has 2 currently");
    assert_int_equal(get(PODS "/p"), 200);
    assert_int_equal(patch("/apis/policy/v1/namespaces/default/poddisruptionbudgets/b/status", MERGE_PATCH,
                           "{\"status\":{\"disruptionsAllowed\":1}}"),
                     200);
    assert_int_equal(post(PODS "/p/eviction?dryRun=All", eviction), 201);
    assert_int_equal(get(PODS "/p"), 200);
    assert_int_equal(post(PODS "/p/eviction",
                          "{\"kind\":\"Eviction\",\"apiVersion\":\"policy/v1beta1\",\"metadata\":{\"name\":\"p\"}}"),
                     201);
    assert_text("status", "Success");
    assert_int_equal(get(PODS "/p"), 404);
    get("/apis/policy/v1/namespaces/default/poddisruptionbudgets/b");
    assert_int_equal(number("status.disruptionsAllowed"), 0);
    assert_non_null(at(answer.json, "status.disruptedPods.p"));

    assert_int_equal(post(PODS "/p/eviction", eviction), 404);
    assert_int_equal(post(PODS "/q/eviction", eviction), 400);
    assert_int_equal(post(PODS "/p/eviction", "{"), 400);
    assert_int_equal(post(PODS "/p/eviction", "3"), 400);
    assert_int_equal(
        post(PODS "/p/eviction", "{\"kind\":\"Eviction\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"p\"}}"), 400);
    assert_int_equal(get(PODS "/p/eviction"), 405);
}

static void a_binding_schedules_a_pod_once(void **state)
{
    (void)state;
    put_json(pod);
    const char *binding = "{\"kind\":\"Binding\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"p\"},\"target\":{"
                          "\"kind\":\"Node\",\"name\":\"n1\"}}";
    assert_int_equal(post(PODS "/p/binding", "{\"metadata\":{\"name\":\"p\"}}"), 500);
    assert_int_equal(post(PODS "/p/binding", binding), 201);
    assert_text("status", "Success");
    get(PODS "/p");
    assert_text("spec.nodeName", "n1");
    assert_text("status.conditions.1.type", "PodScheduled");
    assert_text("status.conditions.1.status", "True");
    post("/api/v1/namespaces/default/bindings", binding);
    assert_status(409, "Conflict",
                  "Operation cannot be fulfilled on pods/binding \"p\": pod p is already assigned to node \"n1\"");
}

static void changes_parts(void **state)
{
    (void)state;
    put_json(pod);
    assert_int_equal(patch(PODS "/p/ephemeralcontainers", MERGE_PATCH,
                           "{\"spec\":{\"ephemeralContainers\":[{\"name\":\"debug\"}],\"nodeName\":\"n\"}}"),
                     200);
    assert_text("spec.ephemeralContainers.0.name", "debug");
    assert_null(at(answer.json, "spec.nodeName"));
    patch(PODS "/p/ephemeralcontainers", MERGE_PATCH, "{\"spec\":{\"ephemeralContainers\":null}}");
    assert_status(422, "Invalid",
                  "Pod \"p\" is invalid: spec.ephemeralContainers: Forbidden: existing ephemeral containers \"debug\" "
                  "may not be removed");

    const char *requests = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
    assert_int_equal(post(requests, "{\"metadata\":{\"name\":\"r\"},\"spec\":{\"request\":\"eA==\"}}"), 201);
    char path[128];
    snprintf(path, sizeof path, "%s/r/approval", requests);
    assert_int_equal(patch(path, MERGE_PATCH,
                           "{\"spec\":{\"request\":\"eQ==\"},\"status\":{\"certificate\":\"eA==\",\"conditions\":[{"
                           "\"type\":\"Approved\",\"status\":\"True\"}]}}"),
                     200);
    assert_text("spec.request", "eA==");
    assert_null(at(answer.json, "status.certificate"));
    assert_text("status.conditions.0.type", "Approved");
    assert_non_null(at(answer.json, "status.conditions.0.lastUpdateTime"));
    assert_int_equal(
        patch(path, JSON_PATCH, "[{\"op\":\"add\",\"path\":\"/status/conditions/-\",\"value\":{\"type\":\"Denied\"}}]"),
        422);
}

static void tells_logs(void **state)
{
    (void)state;
    const char *lines = "one\ntwo\nthree\n";
    put_json(pod);
    OK(k8sc_testing_server_set_pod_log(server, "default", "p", "c", lines, strlen(lines), &err));
    assert_int_equal(get(PODS "/p/log?container=c"), 200);
    assert_string_equal(answer.body.data, lines);
    get(PODS "/p/log?container=c&tailLines=2");
    assert_string_equal(answer.body.data, "two\nthree\n");
    get(PODS "/p/log?container=c&tailLines=9");
    assert_string_equal(answer.body.data, lines);
    get(PODS "/p/log?container=c&tailLines=0");
    assert_null(answer.body.data);
    get(PODS "/p/log?container=c&limitBytes=5");
    assert_string_equal(answer.body.data, "one\nt");
    get(PODS "/p/log");
    assert_status(400, "BadRequest", "a container name must be specified for pod p, choose one of: [c side]");
    get(PODS "/p/log?container=none");
    assert_status(400, "BadRequest", "container none is not valid for pod p");
    assert_int_equal(get(PODS "/p/log?container=c&previous=true"), 400);
    assert_int_equal(get(PODS "/none/log"), 404);
    assert_int_equal(k8sc_testing_server_set_pod_log(server, "default", NULL, "c", lines, 3, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_server_append_pod_log(server, "default", "p", "c", NULL, 3, NULL), K8SC_E_INVALID);

    struct watch *log = start_watch(PODS "/p/log", "container=c&follow=true&tailLines=1");
    pause_ms(50);
    OK(k8sc_testing_server_append_pod_log(server, "default", "p", "c", "{\"n\":4}\n", 8, &err));
    assert_non_null(frame(log, 1));
    assert_int_equal(json_integer_value(at(log->frame, "n")), 4);
    OK(k8sc_testing_server_remove(server, "", "v1", "pods", "default", "p", &err));
    join_watch(log);
    assert_int_equal(log->result, CURLE_OK);
    assert_string_equal(log->text.data, "three\n{\"n\":4}\n");
    end_watch(log);
}

static void tells_when_lines_were_written(void **state)
{
    (void)state;
    put_json(pod);
    OK(k8sc_testing_server_set_pod_log(server, "default", "p", "c", "one\ntw", 6, &err));
    OK(k8sc_testing_server_advance_clock(server, 3600 * 1000, &err));
    OK(k8sc_testing_server_append_pod_log(server, "default", "p", "c", "o\nthree\n", 8, &err));
    get(PODS "/p/log?container=c&timestamps=true");
    char first[32], second[32], third[32];
    assert_int_equal(sscanf(answer.body.data, "%31s one\n%31s two\n%31s three\n", first, second, third), 3);
    /* As it began. */
    assert_string_equal(first, second);
    assert_true(strcmp(second, third) < 0);
    assert_int_equal(strlen(first), 30);
    get(PODS "/p/log?container=c&sinceSeconds=60");
    assert_string_equal(answer.body.data, "three\n");
    get(PODS "/p/log?container=c&sinceSeconds=7200&tailLines=2");
    assert_string_equal(answer.body.data, "two\nthree\n");
    get(PODS "/p/log?container=c&sinceTime=2001-01-01T00:00:00%2B02:00");
    assert_string_equal(answer.body.data, "one\ntwo\nthree\n");
    get(PODS "/p/log?container=c&sinceTime=2999-01-01T00:00:00Z");
    assert_null(answer.body.data);
    get(PODS "/p/log?container=c&sinceSeconds=0");
    assert_status(422, "Invalid",
                  "PodLogOptions \"p\" is invalid: sinceSeconds: Invalid value: 0: must be greater than 0");
    assert_int_equal(get(PODS "/p/log?container=c&sinceSeconds=1&sinceTime=2001-01-01T00:00:00Z"), 422);
    assert_int_equal(get(PODS "/p/log?container=c&sinceTime=yesterday"), 400);

    struct watch *log = start_watch(PODS "/p/log", "container=c&follow=true&tailLines=0&timestamps=true");
    pause_ms(50);
    OK(k8sc_testing_server_append_pod_log(server, "default", "p", "c", "fo", 2, &err));
    pause_ms(50);
    OK(k8sc_testing_server_append_pod_log(server, "default", "p", "c", "ur\n", 3, &err));
    frame(log, 0);
    end_watch(log);
}

static void tells_what_the_container_before_wrote(void **state)
{
    (void)state;
    put_json(pod);
    OK(k8sc_testing_server_set_pod_log(server, "default", "p", "c", "one\n", 4, &err));
    get(PODS "/p/log?container=c&previous=true");
    assert_status(400, "BadRequest", "previous terminated container \"c\" in pod \"p\" not found");
    OK(k8sc_testing_server_restart_container(server, "default", "p", "c", &err));
    get(PODS "/p/log?container=c");
    assert_null(answer.body.data);
    OK(k8sc_testing_server_append_pod_log(server, "default", "p", "c", "two\n", 4, &err));
    get(PODS "/p/log?container=c");
    assert_string_equal(answer.body.data, "two\n");
    get(PODS "/p/log?container=c&previous=true&follow=true");
    assert_string_equal(answer.body.data, "one\n");
    assert_int_equal(k8sc_testing_server_restart_container(server, "default", "p", NULL, NULL), K8SC_E_INVALID);
}

static void hands_out_tokens(void **state)
{
    (void)state;
    k8sc_testing_options *options = make_options();
    OK(k8sc_testing_options_set_token(options, "secret", &err));
    set_up_with(options);
    put_json(
        "{\"kind\":\"ServiceAccount\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"s\",\"namespace\":\"default\"}}");
    const char *wanted =
        "{\"kind\":\"TokenRequest\",\"apiVersion\":\"authentication.k8s.io/v1\",\"spec\":{\"expirationSeconds\":%s}}";
    char body[256], issued[2048];
    token = "secret";
    snprintf(body, sizeof body, wanted, "600");
    assert_int_equal(post(ACCOUNTS "/s/token", body), 201);
    assert_int_equal(number("spec.expirationSeconds"), 600);
    assert_int_equal(strlen(text("status.expirationTimestamp")), 20);
    snprintf(issued, sizeof issued, "%s", text("status.token"));
    snprintf(body, sizeof body, wanted, "5");
    post(ACCOUNTS "/s/token", body);
    assert_status(422, "Invalid",
                  "TokenRequest.authentication.k8s.io \"\" is invalid: spec.expirationSeconds: Invalid value: 5: may "
                  "not specify a duration less "
                  "than 10 minutes");
    snprintf(body, sizeof body, wanted, "\"x\"");
    assert_int_equal(post(ACCOUNTS "/s/token", body), 400);
    assert_int_equal(post(ACCOUNTS "/none/token", "{}"), 404);

    token = issued;
    assert_int_equal(get(PODS), 200);
    OK(k8sc_testing_server_advance_clock(server, 601000, &err));
    assert_int_equal(get(PODS), 401);
    token = NULL;
}

/* kubectl create token sends protobuf. */
static void takes_json_only(void **state)
{
    static const char *const paths[] = {"/api/v1/namespaces/default/serviceaccounts/builder/token",
                                        PODS "/p/eviction",
                                        PODS "/p/binding",
                                        "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
                                        "/apis/authentication.k8s.io/v1/tokenreviews",
                                        PODS};
    const char *message = "the body of the request was in an unknown format (application/vnd.kubernetes.protobuf) - "
                          "accepted media types include: application/json";
    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        request("POST", paths[i], "Application/vnd.kubernetes.protobuf;type=x", "k8s");
        assert_status(415, "UnsupportedMediaType", message);
    }
    request("DELETE", PODS "/p", "application/vnd.kubernetes.protobuf", "k8s");
    assert_status(415, "UnsupportedMediaType", message);
    request("PATCH", PODS "/p", "application/vnd.kubernetes.protobuf", "k8s");
    assert_int_equal(answer.code, 415);
    assert_non_null(strstr(text("message"), "(application/vnd.kubernetes.protobuf)"));
    /* Without a body there is no type to be wrong. */
    assert_int_equal(request("DELETE", PODS "/p", "application/vnd.kubernetes.protobuf", NULL), 404);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_scale_is_read_and_changed),
        TEST(scales_custom_resources),
        TEST(an_eviction_asks_the_disruption_budget),
        TEST(a_binding_schedules_a_pod_once),
        TEST(changes_parts),
        TEST(tells_logs),
        TEST(tells_when_lines_were_written),
        TEST(tells_what_the_container_before_wrote),
        TEST(hands_out_tokens),
        TEST(takes_json_only),
    };
    return run_named_tests("fake subresources", tests, sizeof tests / sizeof *tests);
}
