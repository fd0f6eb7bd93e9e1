/* Manifests: what is read, in which order it is made, and what is said of what failed. */
#include "support.h"

static k8sc_rest_mapper *new_mapper(void)
{
    k8sc_discovery *discovery;
    k8sc_rest_mapper *mapper;
    OK(k8sc_discovery_new_cached(client, &discovery, &err));
    OK(k8sc_rest_mapper_new(discovery, &mapper, &err));
    k8sc_discovery_unref(discovery);
    return track(mapper, (void (*)(void *))k8sc_rest_mapper_unref);
}

static k8sc_manifest_results *keep(k8sc_manifest_results *results)
{
    return track(results, (void (*)(void *))k8sc_manifest_results_free);
}

static k8sc_list *manifest(const char *text)
{
    k8sc_list *list;
    OK(k8sc_manifest_parse(text, strlen(text), &list, &err));
    return keep_list(list);
}

/* "ConfigMap a, Secret b" */
static const char *names(const k8sc_list *list)
{
    static char text[1024];
    text[0] = 0;
    for (int64_t i = 0; i < k8sc_list_size(list); i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s %s", i ? ", " : "",
                 k8sc_object_kind(k8sc_list_at(list, i)), k8sc_object_name(k8sc_list_at(list, i)));
    return text;
}

static const char *done(const k8sc_manifest_results *results)
{
    static char text[1024];
    text[0] = 0;
    for (int64_t i = 0; i < k8sc_manifest_results_size(results); i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s%s", i ? ", " : "",
                 k8sc_object_kind(k8sc_manifest_results_source(results, i)),
                 k8sc_manifest_results_error(results, i) ? "!" : "");
    return text;
}

#define MAP(name) "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " name "\n"
#define JSON_MAP(name) "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"" name "\"}}"

static void read_(void **state)
{
    static const struct {
        const char *text, *wanted;
    } cases[] = {
        {"", ""},
        {"\n# nothing\n", ""},
        {"---\n---\n# nothing\n---\n", ""},
        {MAP("a"), "ConfigMap a"},
        {"---\n" MAP("a") "---\n" MAP("b") "...\n---\n", "ConfigMap a, ConfigMap b"},
        {"%YAML 1.1\n---\n" MAP("a") "--- # the next\n" MAP("b"), "ConfigMap a, ConfigMap b"},
        {"\xef\xbb\xbf" MAP("a"), "ConfigMap a"},
        {"apiVersion: v1\r\nkind: ConfigMap\r\nmetadata: {name: a}\r\n---\r\n" MAP("b"), "ConfigMap a, ConfigMap b"},
        {"null\n---\n" MAP("b"), "ConfigMap b"},
        {JSON_MAP("a"), "ConfigMap a"},
        {JSON_MAP("a") "\n" JSON_MAP("b") JSON_MAP("c"), "ConfigMap a, ConfigMap b, ConfigMap c"},
        {"\t" JSON_MAP("a{\\\"}") "\n---\n" MAP("b"), "ConfigMap a{\"}, ConfigMap b"},
        {"--- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n", "ConfigMap a"},
        {"{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n", "ConfigMap a"},
        {"apiVersion: v1\nkind: List\nitems:\n- " JSON_MAP("a") "\n- {apiVersion: v1, kind: List, items: [" JSON_MAP(
             "b") "]}\n---\n" MAP("c"),
         "ConfigMap a, ConfigMap b, ConfigMap c"},
        {"apiVersion: v1\nkind: ConfigMapList\nitems:\n- metadata: {name: a}\n", "ConfigMap a"},
        {"apiVersion: v1\nkind: List\nitems: []\n", ""},
        {"apiVersion: v1\nkind: List\nitems:\n---\napiVersion: v1\nkind: List\n", ""},
        {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  t: |\n    ----\n    a --- b\n    ---x\n",
         "ConfigMap a"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *found = names(manifest(cases[i].text));
        if (strcmp(found, cases[i].wanted)) fail_msg("case %zu: %s", i, found);
    }
    assert_string_equal(k8sc_object_api_version(k8sc_list_at(
                            manifest("apiVersion: v1\nkind: ConfigMapList\nitems:\n- metadata: {name: a}\n"), 0)),
                        "v1");
}

static void not_read(void **state)
{
    static const struct {
        const char *text, *document, *line, *what;
    } cases[] = {
        {MAP("a") "---\n" MAP("b") "  : [\n", "document 2", "line ", ""},
        {MAP("a") "---\n\n"
                  "kind: ConfigMap\nmetadata: {name: b}\n",
         "document 2", "line 7", "no apiVersion"},
        {"---\n---\n" MAP("a") "---\n# here\napiVersion: v1\nmetadata: {name: b}\n", "document 2", "line 8", "no kind"},
        {"apiVersion: v1\nkind: ConfigMap\n", "document 1", "line 1", "the ConfigMap has no metadata.name"},
        {"apiVersion: v1\nkind: Namespace\nmetadata: {name: n}\n", "document 1", "line 1",
         "the metadata.name of the Namespace is no string"},
        {"- a\n", "document 1", "line 1", "not an object"},
        {"text\n", "document 1", "line 1", "not an object"},
        {JSON_MAP("a") "\n\n{\"kind\":", "document 2", "line 3", ""},
        {MAP("a") "---\na: 1\na: 2\n", "document 2", "line 7", "stands twice"},
        {"apiVersion: v1\nkind: List\nitems:\n- " JSON_MAP("a") "\n- {apiVersion: v1}\n", "document 1", "item 2",
         "no kind"},
    };
    k8sc_list *list;
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        if (!ALSO_FAILS(K8SC_E_PARSE, k8sc_manifest_parse(cases[i].text, strlen(cases[i].text), &list, &err),
                        cases[i].document, cases[i].line, cases[i].what))
            print_error("case %zu\n", i);
    NO_FAILURES();
}

#define WEBHOOK \
    "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: last}\n"
#define DEPLOYMENT "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\n"
#define ENGINE "apiVersion: example.com/v1\nkind: Engine\nmetadata: {name: e}\n"
#define DEFINITION \
    "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: engines.example.com}\n" \
    "spec: {group: example.com, scope: Namespaced, names: {plural: engines, kind: Engine}, versions: [{name: v1, " \
    "served: true, storage: true}]}\n"
#define EVERYTHING \
    WEBHOOK "---\n" ENGINE \
            "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\n---\napiVersion: v1\nkind: Service\n" \
            "metadata: {name: s}\n---\n" MAP( \
                "a") "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: rb}\n---\n" \
                     "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r}\n---\n" DEFINITION \
                     "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: nn}\n"
#define ORDER \
    "Namespace, CustomResourceDefinition, Role, RoleBinding, ConfigMap, Service, Deployment, Engine, " \
    "ValidatingWebhookConfiguration"
#define REVERSE \
    "ValidatingWebhookConfiguration, Engine, Deployment, Service, ConfigMap, RoleBinding, Role, " \
    "CustomResourceDefinition, Namespace"

static void created_and_deleted(void **state)
{
    k8sc_rest_mapper *mapper = new_mapper();
    k8sc_list *list = manifest(EVERYTHING);
    k8sc_manifest_results *results;
    k8sc_object *found;
    (void)state;
    OK(k8sc_manifest_create(mapper, list, "nn", NULL, &results, &err));
    assert_string_equal(done(keep(results)), ORDER);
    assert_int_equal(k8sc_manifest_results_failures(results), 0);
    for (int64_t i = 0; i < k8sc_manifest_results_size(results); i++) {
        assert_string_not_equal(k8sc_object_uid(k8sc_manifest_results_object(results, i)), "");
        assert_string_equal(k8sc_object_name(k8sc_manifest_results_object(results, i)),
                            k8sc_object_name(k8sc_manifest_results_source(results, i)));
    }
    OK(k8sc_resource_get(new_resource(client, "example.com", "v1", "engines", "nn"), "e", NULL, &found, &err));
    keep_object(found);

    OK(k8sc_manifest_delete(mapper, list, "nn", NULL, 0, &results, &err));
    assert_string_equal(done(keep(results)), REVERSE);
    FAILS(K8SC_E_API, k8sc_resource_get(new_resource(client, "", "v1", "configmaps", "nn"), "a", NULL, &found, &err),
          "a");
    /* Again: nothing is there, and one kind is not either. */
    OK(k8sc_rest_mapper_reset(mapper, &err));
    OK(k8sc_manifest_delete(mapper, list, "nn", NULL, 1, &results, &err));
    assert_int_equal(k8sc_manifest_results_size(keep(results)), 9);
    FAILS(K8SC_E_API, k8sc_manifest_delete(mapper, list, "nn", NULL, 0, &results, &err),
          "9 of 9 objects could not be deleted");
    assert_int_equal(k8sc_manifest_results_failures(keep(results)), 9);
    assert_true(k8sc_error_is_not_found(failure));
}

static void goes_on(void **state)
{
    k8sc_manifest_results *results;
    (void)state;
    seed_map("b");
    FAILS(K8SC_E_API,
          k8sc_manifest_create(new_mapper(), manifest(MAP("a") "---\n" MAP("b") "---\n" ENGINE "---\n" MAP("c")), NULL,
                               NULL, &results, &err),
          "2 of 4 objects could not be created", "ConfigMap b");
    assert_string_equal(done(keep(results)), "ConfigMap, ConfigMap!, ConfigMap, Engine!");
    assert_int_equal(k8sc_manifest_results_failures(results), 2);
    assert_true(k8sc_error_is_already_exists(failure));
    assert_int_equal(k8sc_error_cause_count(failure), 2);
    assert_string_equal(k8sc_error_cause_field(failure, 0), "ConfigMap b");
    assert_string_equal(k8sc_error_cause_type(failure, 0), "AlreadyExists");
    assert_string_equal(k8sc_error_cause_type(failure, 1), "NotFound");
    assert_true(k8sc_error_is_already_exists(k8sc_manifest_results_error(results, 1)));
    assert_null(k8sc_manifest_results_object(results, 1));
    assert_null(k8sc_manifest_results_error(results, 0));
    /* The results need not be wanted. */
    FAILS(K8SC_E_API, k8sc_manifest_create(new_mapper(), manifest(MAP("b")), NULL, NULL, NULL, &err), "1 of 1");
}

/* Of a group-version that cannot be asked it is not known that it has no such kind. */
static void not_taken_for_deleted(void **state)
{
    k8sc_manifest_results *results;
    (void)state;
    fault("{\"path\":\"/apis/apps/v1\",\"status\":{\"code\":503}}");
    FAILS(K8SC_E_API,
          k8sc_manifest_delete(new_mapper(), manifest(MAP("a") "---\n" ENGINE "---\n" DEPLOYMENT), NULL, NULL, 1,
                               &results, &err),
          "1 of 3 objects could not be deleted", "Deployment d");
    assert_string_equal(done(keep(results)), "Engine, Deployment!, ConfigMap");
    clear_faults();
    OK(k8sc_manifest_delete(new_mapper(), manifest(DEPLOYMENT), NULL, NULL, 1, NULL, &err));
}

static void a_cancelled_create_fails_for_every_object(void **state)
{
    k8sc_manifest_results *results;
    k8sc_options *options = new_options();
    k8sc_cancel *cancel = new_cancel();
    (void)state;
    OK(k8sc_options_set_cancel(options, cancel, &err));
    k8sc_cancel_cancel(cancel);
    FAILS(K8SC_E_CANCELLED,
          k8sc_manifest_create(new_mapper(), manifest(MAP("a") "---\n" MAP("b")), NULL, options, &results, &err),
          "2 of 2");
    assert_int_equal(k8sc_manifest_results_failures(keep(results)), 2);
}

static void an_apply_does_not_take_fields_unless_forced(void **state)
{
    k8sc_manifest_results *results;
    k8sc_options *options = new_options();
    (void)state;
    FAILS(K8SC_E_INVALID, k8sc_manifest_apply(new_mapper(), manifest(MAP("a")), NULL, NULL, &results, &err),
          "field_manager");
    assert_null(results);
    OK(k8sc_options_set_field_manager(options, "tests", &err));
    OK(k8sc_manifest_apply(new_mapper(), manifest(MAP("a") "data: {k: one}\n"), "two", options, &results, &err));
    keep(results);
    assert_string_equal(STR(k8sc_manifest_results_object(results, 0), "/metadata/managedFields/0/manager"), "tests");
    assert_string_equal(STR(last_request("PATCH"), "/path"), "/api/v1/namespaces/two/configmaps/a");
    /* Somebody else's field is not taken, unless forced. */
    OK(k8sc_options_set_field_manager(options, "others", &err));
    FAILS(K8SC_E_API,
          k8sc_manifest_apply(new_mapper(), manifest(MAP("a") "data: {k: two}\n"), "two", options, &results, &err),
          "ConfigMap a", "could not be applied");
    keep(results);
    assert_int_equal(k8sc_error_http_status(k8sc_manifest_results_error(results, 0)), 409);
    OK(k8sc_options_set_force(options, 1, &err));
    OK(k8sc_manifest_apply(new_mapper(), manifest(MAP("a") "data: {k: two}\n"), "two", options, NULL, &err));
}

static void wrong_input(void **state)
{
    k8sc_rest_mapper *mapper = new_mapper();
    k8sc_list *list = manifest(MAP("a")), *made;
    k8sc_manifest_results *results = (k8sc_manifest_results *)1;
    k8sc_options *options = new_options();
    (void)state;
    OK(k8sc_options_set_limit(options, 5, &err));
    ALSO_FAILS(K8SC_E_INVALID, k8sc_manifest_create(NULL, list, NULL, NULL, &results, &err), "mapper");
    assert_null(results);
    ALSO_FAILS(K8SC_E_INVALID, k8sc_manifest_create(mapper, NULL, NULL, NULL, &results, &err), "objects");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_manifest_create(mapper, list, "", NULL, &results, &err), "default_ns");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_manifest_create(mapper, list, NULL, options, &results, &err), "limit");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_manifest_parse(NULL, 0, &made, &err), "text");
    NO_FAILURES();
    k8sc_manifest_results_free(NULL);
    assert_int_equal(k8sc_manifest_results_size(NULL), 0);
    assert_int_equal(k8sc_manifest_results_failures(NULL), 0);
    assert_null(k8sc_manifest_results_source(NULL, 0));
    assert_null(k8sc_manifest_results_object(NULL, 0));
    assert_null(k8sc_manifest_results_error(NULL, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(read_),
        TEST(not_read),
        TEST(created_and_deleted),
        TEST(goes_on),
        TEST(not_taken_for_deleted),
        TEST(a_cancelled_create_fails_for_every_object),
        TEST(an_apply_does_not_take_fields_unless_forced),
        TEST(wrong_input),
    };
    return cmocka_run_group_tests_name("manifest", tests, NULL, NULL);
}
