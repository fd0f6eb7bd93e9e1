/* Discovery, the REST mapper and manifests on a real API server: for every group-version that it serves, what they say
 * is what it says itself. */
#include "support.h"

/* ---- documents */

static const k8sc_object *raw(const char *format, ...) __attribute__((format(printf, 1, 2)));
static const k8sc_object *raw(const char *format, ...)
{
    k8sc_rest_client *rest = NULL;
    k8sc_request *request = NULL;
    k8sc_result *result = NULL;
    k8sc_object **object = object_slot();
    char path[160];
    va_list args;
    va_start(args, format);
    vsnprintf(path, sizeof path, format, args);
    va_end(args);
    OK(k8sc_client_rest(client, "", "v1", &rest, &err));
    OK(k8sc_rest_client_get(rest, &request, &err));
    OK(k8sc_request_set_abs_path(request, path));
    OK(k8sc_request_do(request, &result, &err));
    OK(k8sc_result_object(result, object, &err));
    k8sc_result_free(result);
    k8sc_request_free(request);
    k8sc_rest_client_unref(rest);
    return *object;
}

static const char *pointer(const char *format, ...) __attribute__((format(printf, 1, 2)));
static const char *pointer(const char *format, ...)
{
    static char texts[512][160];
    static int next;
    char *text = texts[next++ % 512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof texts[0], format, args);
    va_end(args);
    return text;
}

static const char *text_at(const k8sc_object *object, const char *at)
{
    const char *text = k8sc_object_str(object, at, NULL);
    return text ? text : "";
}

static void same_text(const k8sc_object *one, const char *at_one, const k8sc_object *other, const char *at_other)
{
    if (strcmp(text_at(one, at_one), text_at(other, at_other)) != 0)
        fail_msg("%s: \"%s\" and \"%s\"", at_one, text_at(one, at_one), text_at(other, at_other));
}

/* Arrays of texts. */
static void same_texts(const k8sc_object *one, const char *at_one, const k8sc_object *other, const char *at_other)
{
    int64_t i, size = k8sc_object_size(one, at_one);
    if (size < 0) size = 0;
    assert_int_equal(size, k8sc_object_size(other, at_other) < 0 ? 0 : k8sc_object_size(other, at_other));
    for (i = 0; i < size; i++)
        same_text(one, pointer("%s/%d", at_one, (int)i), other, pointer("%s/%d", at_other, (int)i));
}

static void same_resources(const k8sc_object *found, const k8sc_object *wanted)
{
    static const char *const texts[] = {"name", "kind", "singularName", "group", "version"};
    static const char *const lists[] = {"verbs", "shortNames", "categories"};
    int64_t i, size = k8sc_object_size(wanted, "/resources");
    size_t j;
    same_text(found, "/groupVersion", wanted, "/groupVersion");
    assert_int_equal(k8sc_object_size(found, "/resources"), size);
    for (i = 0; i < size; i++) {
        const char *at = pointer("/resources/%d", (int)i);
        for (j = 0; j < sizeof texts / sizeof *texts; j++)
            same_text(found, pointer("%s/%s", at, texts[j]), wanted, pointer("%s/%s", at, texts[j]));
        for (j = 0; j < sizeof lists / sizeof *lists; j++)
            same_texts(found, pointer("%s/%s", at, lists[j]), wanted, pointer("%s/%s", at, lists[j]));
        assert_int_equal(k8sc_object_bool(found, pointer("%s/namespaced", at), -1),
                         k8sc_object_bool(wanted, pointer("%s/namespaced", at), -2));
    }
}

/* What the server has, as raw requests say it. */
static const k8sc_object *served[128];
static size_t served_count;

static void read_all(void)
{
    const k8sc_object *groups = raw("/apis");
    int64_t i, j;
    served_count = 0;
    served[served_count++] = raw("/api/v1");
    for (i = 0; i < k8sc_object_size(groups, "/groups"); i++) {
        int64_t count = k8sc_object_size(groups, pointer("/groups/%d/versions", (int)i));
        for (j = 0; j < count; j++) {
            assert_true(served_count < sizeof served / sizeof *served);
            served[served_count++] =
                raw("/apis/%s", text_at(groups, pointer("/groups/%d/versions/%d/groupVersion", (int)i, (int)j)));
        }
    }
    assert_true(served_count > 40);
}

/* ---- discovery */

static k8sc_discovery *discovery;
static k8sc_rest_mapper *mapper;

static int end_of_all(void **state)
{
    k8sc_rest_mapper_unref(mapper);
    k8sc_discovery_unref(discovery);
    mapper = NULL;
    discovery = NULL;
    return end(state);
}

static void agrees_with(k8sc_discovery *asked)
{
    const k8sc_object *groups = raw("/apis");
    k8sc_object **found = object_slot(), **all_groups = object_slot();
    k8sc_list **all = list_slot();
    k8sc_error *partial = NULL;
    int64_t i, j, size = k8sc_object_size(groups, "/groups");
    OK(k8sc_discovery_server_groups(asked, found, &err));
    assert_string_equal(text_at(*found, "/kind"), "APIGroupList");
    assert_int_equal(k8sc_object_size(*found, "/groups"), size + 1);
    same_text(*found, "/groups/0/name", *found, "/none");
    same_text(*found, "/groups/0/preferredVersion/groupVersion", served[0], "/groupVersion");
    for (i = 0; i < size; i++) {
        const char *at = pointer("/groups/%d", (int)i), *at_found = pointer("/groups/%d", (int)i + 1);
        int64_t versions = k8sc_object_size(groups, pointer("%s/versions", at));
        same_text(*found, pointer("%s/name", at_found), groups, pointer("%s/name", at));
        same_text(*found, pointer("%s/preferredVersion/version", at_found), groups,
                  pointer("%s/preferredVersion/version", at));
        assert_int_equal(k8sc_object_size(*found, pointer("%s/versions", at_found)), versions);
        for (j = 0; j < versions; j++) {
            const char *version = pointer("versions/%d/groupVersion", (int)j);
            same_text(*found, pointer("%s/%s", at_found, version), groups, pointer("%s/%s", at, version));
        }
    }
    OK(k8sc_discovery_server_groups_and_resources(asked, all_groups, all, &partial, &err));
    assert_null(partial);
    assert_int_equal(k8sc_list_size(*all), served_count);
    for (i = 0; i < (int64_t)served_count; i++) {
        k8sc_object **one = object_slot();
        same_resources(k8sc_list_at(*all, i), served[i]);
        OK(k8sc_discovery_server_resources_for_group_version(asked, text_at(served[i], "/groupVersion"), one, &err));
        same_resources(*one, served[i]);
    }
}

static void what_the_server_says(void **state)
{
    k8sc_object **found = object_slot();
    char directory[] = "/tmp/k8sc-discovery-XXXXXX", command[128];
    int round;
    (void)state;
    read_all();
    OK(k8sc_discovery_new(client, &discovery, &err));
    agrees_with(discovery);
    FAILS(K8SC_E_API, k8sc_discovery_server_resources_for_group_version(discovery, "none.example.com/v1", found, &err));
    assert_true(k8sc_error_is_not_found(failure));
    k8sc_discovery_unref(discovery);
    OK(k8sc_discovery_new_cached(client, &discovery, &err));
    agrees_with(discovery);
    agrees_with(discovery);
    k8sc_discovery_unref(discovery);
    discovery = NULL;
    assert_non_null(mkdtemp(directory));
    for (round = 0; round < 2; round++) {
        /* The second time from the files that the first has written. */
        OK(k8sc_discovery_new_disk_cached(client, directory, 60000, &discovery, &err));
        agrees_with(discovery);
        assert_int_equal(k8sc_discovery_is_fresh(discovery), round == 0);
        k8sc_discovery_unref(discovery);
        discovery = NULL;
    }
    snprintf(command, sizeof command, "test -s %s/*/apps/v1/serverresources.json && rm -r %s", directory, directory);
    assert_int_equal(system(command), 0);
}

static void what_is_preferred(void **state)
{
    static char names[512][128];
    k8sc_list **all = list_slot(), **in_namespaces = list_slot();
    size_t count = 0, i;
    int64_t l, r, namespaced = 0;
    (void)state;
    OK(k8sc_discovery_new_cached(client, &discovery, &err));
    OK(k8sc_discovery_server_preferred_resources(discovery, all, NULL, &err));
    for (l = 0; l < k8sc_list_size(*all); l++) {
        const k8sc_object *list = k8sc_list_at(*all, l);
        const char *version = text_at(list, "/groupVersion"), *slash = strchr(version, '/');
        for (r = 0; r < k8sc_object_size(list, "/resources"); r++) {
            const char *name = text_at(list, pointer("/resources/%d/name", (int)r));
            assert_null(strchr(name, '/'));
            assert_true(count < sizeof names / sizeof *names);
            snprintf(names[count], sizeof names[0], "%.*s/%s", slash ? (int)(slash - version) : 0, version, name);
            for (i = 0; i < count; i++) assert_string_not_equal(names[i], names[count]);
            if (strcmp(names[count++], "apps/deployments") == 0) assert_string_equal(version, "apps/v1");
            namespaced += k8sc_object_bool(list, pointer("/resources/%d/namespaced", (int)r), 0);
        }
    }
    assert_true(count > 50);
    OK(k8sc_discovery_server_preferred_namespaced_resources(discovery, in_namespaces, NULL, &err));
    for (l = 0; l < k8sc_list_size(*in_namespaces); l++)
        namespaced -= k8sc_object_size(k8sc_list_at(*in_namespaces, l), "/resources");
    assert_int_equal(namespaced, 0);
}

static void other_documents(void **state)
{
    k8sc_object **version = object_slot(), **openapi = object_slot(), **none = object_slot();
    int yes = -1;
    (void)state;
    OK(k8sc_discovery_new(client, &discovery, &err));
    OK(k8sc_discovery_server_version(discovery, version, &err));
    assert_string_equal(text_at(*version, "/gitVersion"), text_at(raw("/version"), "/gitVersion"));
    OK(k8sc_discovery_openapi_v2(discovery, openapi, &err));
    assert_string_equal(text_at(*openapi, "/swagger"), "2.0");
    assert_true(k8sc_object_size(*openapi, "/definitions/io.k8s.api.core.v1.Pod/properties") > 3);
    /* It came later. */
    if (server_minor() >= 24) {
        OK(k8sc_discovery_openapi_v3(discovery, none, &err));
        assert_true(k8sc_object_size(*none, "/paths") > 5);
    } else {
        FAILS(K8SC_E_API, k8sc_discovery_openapi_v3(discovery, none, &err));
        assert_true(k8sc_error_is_not_found(failure));
    }
    OK(k8sc_discovery_is_resource_enabled(discovery, "policy/v1beta1", "poddisruptionbudgets", &yes, &err));
    assert_int_equal(yes, server_minor() < 25);
    OK(k8sc_discovery_is_resource_enabled(discovery, "policy/v1", "poddisruptionbudgets", &yes, &err));
    assert_int_equal(yes, server_minor() >= 21);
}

/* ---- mapper */

static void make_mapper(void)
{
    OK(k8sc_discovery_new_cached(client, &discovery, &err));
    OK(k8sc_rest_mapper_new(discovery, &mapper, &err));
}

static void finds_every_resource(void **state)
{
    size_t i, found = 0;
    int64_t r;
    (void)state;
    read_all();
    make_mapper();
    for (i = 0; i < served_count; i++) {
        const char *group_version = text_at(served[i], "/groupVersion"), *slash = strchr(group_version, '/');
        char group[64];
        const char *version = slash ? slash + 1 : group_version;
        snprintf(group, sizeof group, "%.*s", slash ? (int)(slash - group_version) : 0, group_version);
        for (r = 0; r < k8sc_object_size(served[i], "/resources"); r++) {
            const char *name = text_at(served[i], pointer("/resources/%d/name", (int)r)),
                       *kind = text_at(served[i], pointer("/resources/%d/kind", (int)r));
            k8sc_rest_mapping *mapping = NULL;
            if (strchr(name, '/')) continue;
            OK(k8sc_rest_mapper_mapping_for_resource(mapper, group, version, name, &mapping, &err));
            assert_string_equal(k8sc_rest_mapping_kind(mapping), kind);
            assert_string_equal(k8sc_rest_mapping_version(mapping), version);
            assert_int_equal(k8sc_rest_mapping_is_namespaced(mapping),
                             k8sc_object_bool(served[i], pointer("/resources/%d/namespaced", (int)r), -1));
            k8sc_rest_mapping_free(mapping);
            OK(k8sc_rest_mapper_mapping_for_kind(mapper, group, version, kind, &mapping, &err));
            assert_string_equal(k8sc_rest_mapping_resource(mapping), name);
            assert_string_equal(k8sc_rest_mapping_group(mapping), group);
            k8sc_rest_mapping_free(mapping);
            found++;
        }
    }
    assert_true(found > 80);
}

static void takes_what_kubectl_takes(void **state)
{
    static const char *const cases[][3] = {{"po", "pods", ""},
                                           {"deploy", "deployments", "apps"},
                                           {"Deployment", "deployments", "apps"},
                                           {"sts.apps", "statefulsets", "apps"},
                                           {"ev", "events", ""},
                                           {"events.events.k8s.io", "events", "events.k8s.io"},
                                           {"ing", "ingresses", "networking.k8s.io"},
                                           {"pods.v1.", "pods", ""},
                                           {"deployments.v1.apps", "deployments", "apps"},
                                           {"NetworkPolicy", "networkpolicies", "networking.k8s.io"}};
    k8sc_rest_mappings *all = NULL;
    k8sc_rest_mapping *mapping = NULL;
    size_t i;
    (void)state;
    make_mapper();
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        OK(k8sc_rest_mapper_find(mapper, cases[i][0], &mapping, &err));
        if (strcmp(k8sc_rest_mapping_resource(mapping), cases[i][1]) != 0 ||
            strcmp(k8sc_rest_mapping_group(mapping), cases[i][2]) != 0)
            print_error("%s: %s.%s\n", cases[i][0], k8sc_rest_mapping_resource(mapping),
                        k8sc_rest_mapping_group(mapping));
        assert_string_equal(k8sc_rest_mapping_resource(mapping), cases[i][1]);
        assert_string_equal(k8sc_rest_mapping_group(mapping), cases[i][2]);
        k8sc_rest_mapping_free(mapping);
    }
    OK(k8sc_rest_mapper_mappings_for_category(mapper, "all", &all, &err));
    assert_true(k8sc_rest_mappings_size(all) >= 8);
    k8sc_rest_mappings_free(all);
    FAILS(K8SC_E_API, k8sc_rest_mapper_find(mapper, "deploymentz", &mapping, &err));
    assert_contains(k8sc_error_message(failure), "deployments");
}

static void a_definition_of_a_moment_ago(void **state)
{
    k8sc_rest_mapping *mapping = NULL;
    k8sc_resource **gadgets = resource_slot();
    (void)state;
    make_mapper();
    FAILS(K8SC_E_API, k8sc_rest_mapper_find(mapper, "gadgets", &mapping, &err));
    make_custom_resource("gadgets", "Gadget");
    OK(k8sc_rest_mapper_find(mapper, "gadgets", &mapping, &err));
    assert_string_equal(k8sc_rest_mapping_kind(mapping), "Gadget");
    k8sc_rest_mapping_free(mapping);
    OK(k8sc_rest_mapper_resource_for_kind(mapper, WIDGETS_GROUP "/v1", "Gadget", ns, gadgets, &err));
    create(*gadgets, json("{'apiVersion':'" WIDGETS_GROUP "/v1','kind':'Gadget','metadata':{'name':'one'}}"));
    get(*gadgets, "one");
}

/* ---- manifests */

static const char manifest[] = "apiVersion: engines.k8sc.dev/v1\nkind: Engine\nmetadata: {name: first, namespace: "
                               "engines}\nspec: {power: 3}\n---\n"
                               "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: "
                               "engines}\nspec:\n  replicas: 0\n  selector: {matchLabels: {app: web}}\n"
                               "  template:\n    metadata: {labels: {app: web}}\n    spec: {containers: [{name: web, "
                               "image: 'registry.example.com/web:1'}]}\n---\n"
                               "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"settings\","
                               "\"namespace\":\"engines\"},\"data\":{\"size\":\"3\"}}\n---\n"
                               "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: "
                               "engines.engines.k8sc.dev}\nspec:\n"
                               "  group: engines.k8sc.dev\n  scope: Namespaced\n  names: {plural: engines, singular: "
                               "engine, kind: Engine}\n  versions:\n"
                               "  - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, "
                               "x-kubernetes-preserve-unknown-fields: true}}}\n---\n"
                               "apiVersion: v1\nkind: Namespace\nmetadata: {name: engines}\n";

static k8sc_manifest_results *results;

static int end_of_manifests(void **state)
{
    k8sc_manifest_results_free(results);
    results = NULL;
    return end_of_all(state);
}

static void done_in_order(const char *kinds)
{
    char found[256] = "";
    int64_t i;
    for (i = 0; i < k8sc_manifest_results_size(results); i++)
        snprintf(found + strlen(found), sizeof found - strlen(found), "%s%s", i ? " " : "",
                 k8sc_object_kind(k8sc_manifest_results_source(results, i)));
    assert_string_equal(found, kinds);
    assert_int_equal(k8sc_manifest_results_failures(results), 0);
}

static void applied_and_deleted(void **state)
{
    k8sc_list **objects = list_slot();
    k8sc_options *manager = with_field_manager("tests");
    k8sc_resource *engines;
    int round;
    (void)state;
    make_mapper();
    OK(k8sc_manifest_parse(manifest, strlen(manifest), objects, &err));
    assert_int_equal(k8sc_list_size(*objects), 5);
    for (round = 0; round < 2; round++) {
        OK(k8sc_manifest_apply(mapper, *objects, NULL, manager, &results, &err));
        done_in_order("Namespace CustomResourceDefinition ConfigMap Deployment Engine");
        k8sc_manifest_results_free(results);
        results = NULL;
    }
    engines = resource_in(client, "engines.k8sc.dev", "v1", "engines", "engines");
    assert_int_equal(k8sc_object_int(get(engines, "first"), "/spec/power", -1), 3);
    assert_int_equal(
        k8sc_object_int(get(resource_in(client, "apps", "v1", "deployments", "engines"), "web"), "/spec/replicas", -1),
        0);
    OK(k8sc_manifest_delete(mapper, *objects, NULL, NULL, 0, &results, &err));
    done_in_order("Engine Deployment ConfigMap CustomResourceDefinition Namespace");
    assert_false(exists(resource_in(client, "apps", "v1", "deployments", "engines"), "web"));
    assert_false(exists(resource_in(client, "", "v1", "configmaps", "engines"), "settings"));
}

#define DISCOVERY_TEST(function) cmocka_unit_test_setup_teardown(function, begin, end_of_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DISCOVERY_TEST(what_the_server_says),
        DISCOVERY_TEST(what_is_preferred),
        DISCOVERY_TEST(other_documents),
        DISCOVERY_TEST(finds_every_resource),
        DISCOVERY_TEST(takes_what_kubectl_takes),
        DISCOVERY_TEST(a_definition_of_a_moment_ago),
        cmocka_unit_test_setup_teardown(applied_and_deleted, begin, end_of_manifests),
    };
    return RUN_ON_CLUSTER("--runtime-config=api/all=true", tests);
}
