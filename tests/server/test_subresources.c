/* Subresources: status, scale, token, binding, eviction. */
#include "support.h"

static k8sc_options *of(const char *subresource)
{
    k8sc_options *made = options();
    OK(k8sc_options_set_subresource(made, subresource, &err));
    return made;
}

static k8sc_object *edited(const k8sc_object *object, const char *pointer, const char *value)
{
    k8sc_object **made = object_slot();
    k8sc_draft *draft = NULL;
    OK(k8sc_object_edit(object, &draft, &err));
    k8sc_draft_set_json(draft, pointer, value, strlen(value), NULL);
    k8sc_draft_freeze(draft, made, NULL);
    k8sc_draft_free(draft);
    return *made;
}

static void update_status_of_a_pod(void **state)
{
    k8sc_object *made = create(pods(), pod("a")), **updated = object_slot(), *both;
    (void)state;
    assert_string_equal(k8sc_object_str(made, "/status/phase", NULL), "Pending");
    both = edited(edited(made, "/status/phase", "\"Running\""), "/metadata/labels", "{\"not\":\"stored\"}");
    OK(k8sc_resource_update_status(pods(), both, NULL, updated, &err));
    assert_string_equal(k8sc_object_str(*updated, "/status/phase", NULL), "Running");
    assert_string_equal(k8sc_object_str(get(pods(), "a"), "/status/phase", NULL), "Running");
}

static void update_status_leaves_the_spec(void **state)
{
    k8sc_object *made = create(widgets(), widget("a", "1")), *both, *stored;
    (void)state;
    both = edited(edited(made, "/status", "{\"phase\":\"Ready\"}"), "/spec/size", "\"2\"");
    OK(k8sc_resource_update_status(widgets(), both, NULL, NULL, &err));
    stored = get(widgets(), "a");
    assert_string_equal(k8sc_object_str(stored, "/status/phase", NULL), "Ready");
    assert_string_equal(k8sc_object_str(stored, "/spec/size", NULL), "1");
}

static void update_leaves_the_status(void **state)
{
    k8sc_object *made = create(widgets(), widget("a", "1"));
    (void)state;
    OK(k8sc_resource_update(widgets(), edited(made, "/status", "{\"phase\":\"Ready\"}"), NULL, NULL, &err));
    assert_int_equal(k8sc_object_type(get(widgets(), "a"), "/status/phase"), K8SC_TYPE_ABSENT);
}

static void scale_of_a_deployment(void **state)
{
    k8sc_resource *deployments = resource_in(client, "apps", "v1", "deployments", ns);
    k8sc_object **scale = object_slot(), **scaled = object_slot();
    const char *patch = "{\"spec\":{\"replicas\":5}}";
    (void)state;
    create(deployments,
           json("{'metadata':{'name':'a'},'spec':{'replicas':2,'selector':{'matchLabels':{'app':'a'}},'template':{"
                "'metadata':{'labels':{'app':'a'}},'spec':{'containers':[{'name':'one','image':'img:1'}]}}}}"));
    OK(k8sc_resource_get(deployments, "a", of("scale"), scale, &err));
    assert_string_equal(k8sc_object_kind(*scale), "Scale");
    assert_int_equal(k8sc_object_int(*scale, "/spec/replicas", -1), 2);
    OK(k8sc_resource_update(deployments, edited(*scale, "/spec/replicas", "4"), of("scale"), scaled, &err));
    assert_int_equal(k8sc_object_int(*scaled, "/spec/replicas", -1), 4);
    assert_int_equal(k8sc_object_int(get(deployments, "a"), "/spec/replicas", -1), 4);
    OK(k8sc_resource_patch(deployments, "a", K8SC_PATCH_MERGE, patch, strlen(patch), of("scale"), NULL, &err));
    assert_int_equal(k8sc_object_int(get(deployments, "a"), "/spec/replicas", -1), 5);
}

static void scale_of_a_custom_resource(void **state)
{
    k8sc_object **scale = object_slot();
    (void)state;
    create(widgets(), widget("a", "1"));
    OK(k8sc_resource_get(widgets(), "a", of("scale"), scale, &err));
    OK(k8sc_resource_update(widgets(), edited(*scale, "/spec/replicas", "3"), of("scale"), NULL, &err));
    assert_int_equal(k8sc_object_int(get(widgets(), "a"), "/spec/replicas", -1), 3);
}

/* The token works: a client that has it is the service account. */
static void token_of_a_service_account(void **state)
{
    k8sc_resource *accounts = resource_in(client, "", "v1", "serviceaccounts", ns);
    k8sc_config *config = config_of("admin-cert");
    k8sc_object **answer = object_slot();
    k8sc_list **none = list_slot();
    char user[96];
    (void)state;
    create(accounts, json("{'metadata':{'name':'robot'}}"));
    OK(k8sc_resource_create(
        accounts,
        json("{'apiVersion':'authentication.k8s.io/v1','kind':'TokenRequest','metadata':{'name':'robot'},"
             "'spec':{'audiences':['https://kubernetes.default.svc'],'expirationSeconds':600}}"),
        of("token"), answer, &err));
    assert_non_null(k8sc_object_str(*answer, "/status/token", NULL));
    OK(k8sc_config_set_client_certificate(config, NULL, 0, NULL, 0, &err));
    OK(k8sc_config_set_token(config, k8sc_object_str(*answer, "/status/token", NULL), &err));
    FAILS(K8SC_E_API, k8sc_resource_list(resource_in(client_of(config), "", "v1", "secrets", ns), NULL, none, &err));
    snprintf(user, sizeof user, "system:serviceaccount:%s:robot", ns);
    assert_true(k8sc_error_is_forbidden(failure));
    assert_contains(k8sc_error_message(failure), user);
}

static void bind(const char *name)
{
    OK(k8sc_resource_create(
        pods(),
        json("{'apiVersion':'v1','kind':'Binding','metadata':{'name':'%s'},'target':{'kind':'Node','name':'n1'}}",
             name),
        of("binding"), NULL, &err));
}

static void binding_puts_a_pod_on_a_node(void **state)
{
    (void)state;
    create(pods(), pod("a"));
    bind("a");
    assert_string_equal(k8sc_object_str(get(pods(), "a"), "/spec/nodeName", NULL), "n1");
}

/* A pod that is on a node waits for the kubelet, which there is not. */
static int is_bound_in_cache(const char *name)
{
    k8sc_options *from_cache = options();
    k8sc_object **found = object_slot();
    OK(k8sc_options_set_resource_version(from_cache, "0", &err));
    return k8sc_resource_get(pods(), name, from_cache, found, NULL) == K8SC_OK &&
           k8sc_object_str(*found, "/spec/nodeName", NULL) != NULL;
}

static void grace_period_of_a_pod(void **state)
{
    k8sc_options *grace = options();
    k8sc_object *ending;
    (void)state;
    create(pods(), pod("a"));
    bind("a");
    /* The server deletes by what its cache has, at once where that knows no node yet. */
    WAIT_UNTIL(is_bound_in_cache("a"), 20);
    OK(k8sc_options_set_grace_period_seconds(grace, 77, &err));
    OK(k8sc_resource_delete(pods(), "a", grace, NULL, &err));
    ending = get(pods(), "a");
    assert_int_equal(k8sc_object_int(ending, "/metadata/deletionGracePeriodSeconds", -1), 77);
    assert_non_null(k8sc_object_str(ending, "/metadata/deletionTimestamp", NULL));
    OK(k8sc_options_set_grace_period_seconds(grace, 0, &err));
    OK(k8sc_resource_delete(pods(), "a", grace, NULL, &err));
    assert_false(exists(pods(), "a"));
}

static void eviction_of_a_pod(void **state)
{
    (void)state;
    create(pods(), pod("a"));
    OK(k8sc_resource_create(
        pods(),
        json("{'apiVersion':'policy/%s','kind':'Eviction','metadata':{'name':'a','namespace':'%s'}}",
             server_minor() >= 22 ? "v1" : "v1beta1", ns),
        of("eviction"), NULL, &err));
    assert_false(exists(pods(), "a"));
}

static void a_subresource_that_is_not_there(void **state)
{
    (void)state;
    create(configmaps(), configmap("a", "1"));
    FAILS(K8SC_E_API, k8sc_resource_get(configmaps(), "a", of("scale"), NULL, &err));
    assert_true(k8sc_error_is_not_found(failure));
    assert_contains(k8sc_error_message(failure), "configmaps/scale");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(update_status_of_a_pod),          TEST(update_status_leaves_the_spec), TEST(update_leaves_the_status),
        TEST(scale_of_a_deployment),           TEST(scale_of_a_custom_resource),    TEST(token_of_a_service_account),
        TEST(binding_puts_a_pod_on_a_node),    TEST(grace_period_of_a_pod),         TEST(eviction_of_a_pod),
        TEST(a_subresource_that_is_not_there),
    };
    return RUN_ON_CLUSTER("", tests);
}
