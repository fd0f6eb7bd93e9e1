/* What the server refuses: the error has its words, and names the request. */
#include "support.h"

/* Verb and resource, namespace and name, and the URL. */
static void names_the_request(const char *verb_and_resource, const char *what, const char *path)
{
    char text[256];
    assert_contains(k8sc_error_message(failure), verb_and_resource);
    assert_contains(k8sc_error_message(failure), what);
    snprintf(text, sizeof text, "%s%s", cluster_url, path);
    assert_contains(k8sc_error_message(failure), text);
}

static void not_found(void **state)
{
    char what[64], path[128];
    (void)state;
    FAILS(K8SC_E_API, k8sc_resource_get(configmaps(), "nothing", NULL, NULL, &err));
    assert_true(k8sc_error_is_not_found(failure));
    assert_int_equal(k8sc_error_http_status(failure), 404);
    assert_string_equal(k8sc_error_reason(failure), "NotFound");
    assert_contains(k8sc_error_status_json(failure), "\"kind\":\"configmaps\"");
    assert_false(k8sc_error_is_retriable(failure));
    snprintf(what, sizeof what, "%s/nothing", ns);
    snprintf(path, sizeof path, "/api/v1/namespaces/%s/configmaps/nothing", ns);
    names_the_request("get configmaps", what, path);
}

static void already_exists(void **state)
{
    char path[128];
    (void)state;
    create(configmaps(), configmap("a", "1"));
    FAILS(K8SC_E_API, k8sc_resource_create(configmaps(), configmap("a", "1"), NULL, NULL, &err));
    assert_true(k8sc_error_is_already_exists(failure));
    assert_false(k8sc_error_is_conflict(failure));
    assert_string_equal(k8sc_error_reason(failure), "AlreadyExists");
    snprintf(path, sizeof path, "/api/v1/namespaces/%s/configmaps", ns);
    names_the_request("create configmaps", ns, path);
}

static void an_outdated_update_is_a_conflict(void **state)
{
    char what[64], path[128];
    k8sc_object *made = create(configmaps(), configmap("a", "1"));
    (void)state;
    OK(k8sc_resource_update(configmaps(), configmap("a", "2"), NULL, NULL, &err));
    FAILS(K8SC_E_API, k8sc_resource_update(configmaps(), made, NULL, NULL, &err));
    assert_true(k8sc_error_is_conflict(failure));
    assert_false(k8sc_error_is_already_exists(failure));
    snprintf(what, sizeof what, "%s/a", ns);
    snprintf(path, sizeof path, "/api/v1/namespaces/%s/configmaps/a", ns);
    names_the_request("update configmaps", what, path);
}

static void invalid_names_the_fields(void **state)
{
    (void)state;
    FAILS(K8SC_E_API,
          k8sc_resource_create(pods(),
                               json("{'metadata':{'name':'a'},'spec':{'containers':[{'name':'Not Good','image':'i'}],"
                                    "'restartPolicy':'Sometimes'}}"),
                               NULL, NULL, &err));
    assert_true(k8sc_error_is_invalid(failure));
    assert_int_equal(k8sc_error_http_status(failure), 422);
    assert_int_equal(k8sc_error_cause_count(failure), 2);
    assert_string_equal(k8sc_error_cause_type(failure, 0), "FieldValueInvalid");
    assert_string_equal(k8sc_error_cause_field(failure, 0), "spec.containers[0].name");
    assert_contains(k8sc_error_cause_message(failure, 0), "Not Good");
    assert_string_equal(k8sc_error_cause_type(failure, 1), "FieldValueNotSupported");
    assert_string_equal(k8sc_error_cause_field(failure, 1), "spec.restartPolicy");
    assert_contains(k8sc_error_message(failure), "create pods");
}

static void invalid_custom_resource(void **state)
{
    (void)state;
    FAILS(K8SC_E_API, k8sc_resource_create(widgets(), widget("a", "NOT"), NULL, NULL, &err));
    assert_true(k8sc_error_is_invalid(failure));
    assert_true(k8sc_error_cause_count(failure) >= 1);
    assert_contains(k8sc_error_cause_field(failure, 0), "size");
}

static void a_forbidden_read_names_the_user(void **state)
{
    k8sc_resource *theirs = resource_in(client_of(config_of("nobody")), "", "v1", "secrets", ns);
    char what[64], path[128];
    (void)state;
    FAILS(K8SC_E_API, k8sc_resource_get(theirs, "a", NULL, NULL, &err));
    assert_true(k8sc_error_is_forbidden(failure));
    assert_int_equal(k8sc_error_http_status(failure), 403);
    assert_contains(k8sc_error_message(failure), "nobody-special");
    snprintf(what, sizeof what, "%s/a", ns);
    snprintf(path, sizeof path, "/api/v1/namespaces/%s/secrets/a", ns);
    names_the_request("get secrets", what, path);
}

static void an_unknown_token_is_unauthorized_and_not_shown(void **state)
{
    k8sc_config *wrong = config_of("admin");
    char what[64], path[128];
    (void)state;
    OK(k8sc_config_set_token(wrong, "not-a-token-that-is-known", &err));
    FAILS(K8SC_E_API, k8sc_resource_get(resource_in(client_of(wrong), "", "v1", "secrets", ns), "a", NULL, NULL, &err));
    assert_true(k8sc_error_is_unauthorized(failure));
    assert_int_equal(k8sc_error_http_status(failure), 401);
    assert_null(strstr(k8sc_error_message(failure), "not-a-token"));
    snprintf(what, sizeof what, "%s/a", ns);
    snprintf(path, sizeof path, "/api/v1/namespaces/%s/secrets/a", ns);
    names_the_request("get secrets", what, path);
}

static void a_resource_that_is_not_there(void **state)
{
    (void)state;
    FAILS(K8SC_E_API,
          k8sc_resource_list(resource_in(client, "nothing.k8sc.dev", "v1", "ghosts", NULL), NULL, list_slot(), &err));
    assert_true(k8sc_error_is_not_found(failure));
    names_the_request("list ghosts", "", "/apis/nothing.k8sc.dev/v1/ghosts");
}

static void a_namespace_that_is_not_there(void **state)
{
    k8sc_resource *nowhere = resource_in(client, "", "v1", "configmaps", "nowhere");
    (void)state;
    FAILS(K8SC_E_API, k8sc_resource_create(nowhere, configmap("a", "1"), NULL, NULL, &err));
    assert_true(k8sc_error_is_not_found(failure));
    assert_contains(k8sc_error_message(failure), "namespaces \"nowhere\" not found");
}

static void a_verb_that_is_not_allowed(void **state)
{
    k8sc_resource *statuses = resource_in(client, "", "v1", "componentstatuses", NULL);
    (void)state;
    FAILS(K8SC_E_API, k8sc_resource_delete(statuses, "etcd-0", NULL, NULL, &err));
    assert_int_equal(k8sc_error_http_status(failure), 405);
    assert_string_equal(k8sc_error_reason(failure), "MethodNotAllowed");
    names_the_request("delete componentstatuses", "etcd-0", "/api/v1/componentstatuses/etcd-0");
}

static void a_watch_that_is_refused_says_so(void **state)
{
    k8sc_client *nobody = client_of(config_of("nobody"));
    k8sc_options *elsewhere = options();
    const k8sc_event *event;
    (void)state;
    OK(k8sc_options_set_queue(elsewhere, k8sc_client_queue(client), &err));
    OK(k8sc_resource_watch(resource_in(nobody, "", "v1", "secrets", ns), elsewhere, NULL, NULL, NULL, watch_slot(),
                           &err));
    event = expect_event(K8SC_EVENT_ERROR, NULL);
    assert_true(k8sc_error_is_forbidden(k8sc_event_error(event)));
    assert_contains(k8sc_error_message(k8sc_event_error(event)), "watch secrets");
    assert_true(k8sc_error_is_forbidden(k8sc_event_error(expect_event(K8SC_EVENT_CLOSED, NULL))));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(not_found),
        TEST(already_exists),
        TEST(an_outdated_update_is_a_conflict),
        TEST(invalid_names_the_fields),
        TEST(invalid_custom_resource),
        TEST(a_forbidden_read_names_the_user),
        TEST(an_unknown_token_is_unauthorized_and_not_shown),
        TEST(a_resource_that_is_not_there),
        TEST(a_namespace_that_is_not_there),
        TEST(a_verb_that_is_not_allowed),
        TEST(a_watch_that_is_refused_says_so),
    };
    return RUN_ON_CLUSTER("", tests);
}
