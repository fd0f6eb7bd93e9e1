/* From kinds to resources and back: by all names, with preferences, and for what was defined a moment ago. */
#include "support.h"

static k8sc_rest_mapper *mapper_of(k8sc_discovery *discovery)
{
    k8sc_rest_mapper *mapper;
    track(discovery, (void (*)(void *))k8sc_discovery_unref);
    OK(k8sc_rest_mapper_new(discovery, &mapper, &err));
    return track(mapper, (void (*)(void *))k8sc_rest_mapper_unref);
}

static k8sc_rest_mapper *new_mapper(void)
{
    k8sc_discovery *discovery;
    OK(k8sc_discovery_new_cached(client, &discovery, &err));
    return mapper_of(discovery);
}

static k8sc_rest_mapping *keep(k8sc_rest_mapping *mapping)
{
    return track(mapping, (void (*)(void *))k8sc_rest_mapping_free);
}
static k8sc_rest_mappings *keep_all(k8sc_rest_mappings *mappings)
{
    return track(mappings, (void (*)(void *))k8sc_rest_mappings_free);
}

/* "apps/v1 deployments Deployment deployment namespaced" */
static const char *said(const k8sc_rest_mapping *mapping)
{
    static char text[256];
    snprintf(text, sizeof text, "%s/%s %s %s %s %s", k8sc_rest_mapping_group(mapping),
             k8sc_rest_mapping_version(mapping), k8sc_rest_mapping_resource(mapping), k8sc_rest_mapping_kind(mapping),
             k8sc_rest_mapping_singular(mapping), k8sc_rest_mapping_is_namespaced(mapping) ? "namespaced" : "cluster");
    return text;
}

#define DEPLOYMENTS "apps/v1 deployments Deployment deployment namespaced"
#define PODS_ "/v1 pods Pod pod namespaced"

static void start_with(void (*set)(k8sc_testing_options *))
{
    k8sc_testing_options *options;
    OK(k8sc_testing_options_new(&options, &err));
    set(options);
    restart_server_with(options);
}

static void an_argument_finds_its_resource_in_every_form(void **state)
{
    static const struct {
        const char *argument, *wanted;
    } cases[] = {
        {"deployments", DEPLOYMENTS},
        {"deployment", DEPLOYMENTS},
        {"deploy", DEPLOYMENTS},
        {"Deployment", DEPLOYMENTS},
        {"DEPLOYMENTS", DEPLOYMENTS},
        {"deployments.apps", DEPLOYMENTS},
        {"deployments.v1.apps", DEPLOYMENTS},
        {"deploy.apps", DEPLOYMENTS},
        {"Deployment.apps", DEPLOYMENTS},
        {"Deployment.v1.apps", DEPLOYMENTS},
        {"deployments.app", DEPLOYMENTS},
        {"pods", PODS_},
        {"po", PODS_},
        {"Pod", PODS_},
        {"pods.v1.", PODS_},
        {"nodes", "/v1 nodes Node node cluster"},
    };
    k8sc_rest_mapper *mapper = new_mapper();
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        k8sc_rest_mapping *mapping;
        OK(k8sc_rest_mapper_find(mapper, cases[i].argument, &mapping, &err));
        if (strcmp(said(keep(mapping)), cases[i].wanted)) fail_msg("%s: %s", cases[i].argument, said(mapping));
    }
}

static void what_is_unknown_is_not_found_with_a_suggestion(void **state)
{
    k8sc_rest_mapper *mapper = new_mapper();
    k8sc_rest_mapping *mapping;
    k8sc_rest_mappings *mappings;
    (void)state;
    FAILS(K8SC_E_API, k8sc_rest_mapper_find(mapper, "deploymets", &mapping, &err), "no resource type \"deploymets\"",
          "did you mean \"deployments.apps\"?");
    assert_null(mapping);
    assert_true(k8sc_error_is_not_found(failure));
    assert_int_equal(k8sc_error_http_status(failure), 404);
    FAILS(K8SC_E_API, k8sc_rest_mapper_find(mapper, "deployments.v2.apps", &mapping, &err), "deployments.v2.apps");
    FAILS(K8SC_E_API, k8sc_rest_mapper_find(mapper, "pods.apps", &mapping, &err), "pods.apps");
    FAILS(K8SC_E_API, k8sc_rest_mapper_mapping_for_kind(mapper, "apps", "v1", "deployment", &mapping, &err),
          "kind \"deployment\" in \"apps/v1\"");
    /* With a version the group is whole. */
    FAILS(K8SC_E_API, k8sc_rest_mapper_find(mapper, "deployments.v1.app", &mapping, &err), "deployments.v1.app");
    FAILS(K8SC_E_API, k8sc_rest_mapper_mapping_for_resource(mapper, "app", "v1", "deployments", &mapping, &err),
          "app/v1");
    /* The beginning of a group is no group of a kind. */
    FAILS(K8SC_E_API, k8sc_rest_mapper_mapping_for_kind(mapper, "app", NULL, "Deployment", &mapping, &err),
          "in the group \"app\"");
    FAILS(K8SC_E_API, k8sc_rest_mapper_mapping_for_kind(mapper, "", NULL, "Deployment", &mapping, &err),
          "in the core group");
    FAILS(K8SC_E_API, k8sc_rest_mapper_mapping_for_resource(mapper, NULL, "v7", "pods", &mapping, &err),
          "in a version \"v7\"");
    FAILS(K8SC_E_API, k8sc_rest_mapper_mappings_for_kind(mapper, NULL, NULL, "Nothing", &mappings, &err), "Nothing");
    FAILS(K8SC_E_API, k8sc_rest_mapper_mappings_for_category(mapper, "nothing", &mappings, &err),
          "category \"nothing\"");
    assert_null(mappings);
}

static void add_widgets(k8sc_testing_options *options)
{
    OK(k8sc_testing_options_add_kind(options, "b.example.com", "v1", "widgets", "Widget", 1, &err));
    OK(k8sc_testing_options_add_kind(options, "b.example.com", "v1beta1", "widgets", "Widget", 1, &err));
    OK(k8sc_testing_options_add_kind(options, "b.example.com", "v1beta1", "gears", "Gear", 0, &err));
    OK(k8sc_testing_options_add_kind(options, "a.example.com", "v2", "widgets", "Widget", 0, &err));
    OK(k8sc_testing_options_add_kind(options, "c.example.com", "v1", "pods", "Pod", 1, &err));
}

static void the_first_group_and_preferred_version_win(void **state)
{
    k8sc_rest_mapping *mapping;
    k8sc_rest_mappings *mappings;
    k8sc_rest_mapper *mapper;
    (void)state;
    start_with(add_widgets);
    mapper = new_mapper();
    /* The core group, the server's order of groups, the preferred version. */
    OK(k8sc_rest_mapper_mapping_for_kind(mapper, NULL, NULL, "Pod", &mapping, &err));
    assert_string_equal(said(keep(mapping)), PODS_);
    OK(k8sc_rest_mapper_mapping_for_resource(mapper, NULL, NULL, "widgets", &mapping, &err));
    assert_string_equal(said(keep(mapping)), "b.example.com/v1 widgets Widget widget namespaced");
    OK(k8sc_rest_mapper_mapping_for_resource(mapper, NULL, "v1beta1", "widgets", &mapping, &err));
    assert_string_equal(said(keep(mapping)), "b.example.com/v1beta1 widgets Widget widget namespaced");
    OK(k8sc_rest_mapper_mapping_for_kind(mapper, "a.example.com", NULL, "Widget", &mapping, &err));
    assert_string_equal(said(keep(mapping)), "a.example.com/v2 widgets Widget widget cluster");
    /* What only a version has that is not preferred. */
    OK(k8sc_rest_mapper_find(mapper, "gears", &mapping, &err));
    assert_string_equal(said(keep(mapping)), "b.example.com/v1beta1 gears Gear gear cluster");

    OK(k8sc_rest_mapper_mappings_for_kind(mapper, NULL, NULL, "Widget", &mappings, &err));
    keep_all(mappings);
    assert_int_equal(k8sc_rest_mappings_size(mappings), 3);
    assert_string_equal(said(k8sc_rest_mappings_at(mappings, 0)), "b.example.com/v1 widgets Widget widget namespaced");
    assert_string_equal(said(k8sc_rest_mappings_at(mappings, 1)),
                        "b.example.com/v1beta1 widgets Widget widget namespaced");
    assert_string_equal(said(k8sc_rest_mappings_at(mappings, 2)), "a.example.com/v2 widgets Widget widget cluster");
    assert_null(k8sc_rest_mappings_at(mappings, 3));
    assert_null(k8sc_rest_mappings_at(mappings, -1));
    OK(k8sc_rest_mapper_mappings_for_resource(mapper, "b.example.com", NULL, "WIDGET", &mappings, &err));
    assert_int_equal(k8sc_rest_mappings_size(keep_all(mappings)), 2);
}

static void add_twins(k8sc_testing_options *options)
{
    OK(k8sc_testing_options_add_kind(options, "example.com", "v1", "cogs", "Cog", 1, &err));
    OK(k8sc_testing_options_add_kind(options, "example.com", "v1", "cogwheels", "Cog", 1, &err));
}

static void an_ambiguous_kind_names_all_candidates(void **state)
{
    k8sc_rest_mapping *mapping;
    (void)state;
    start_with(add_twins);
    FAILS(K8SC_E_INVALID, k8sc_rest_mapper_mapping_for_kind(new_mapper(), NULL, NULL, "Cog", &mapping, &err),
          "ambiguous", "example.com/v1 cogs (Cog)", "example.com/v1 cogwheels (Cog)");
    assert_int_equal(k8sc_error_cause_count(failure), 2);
    assert_string_equal(k8sc_error_cause_field(failure, 0), "cogs.example.com");
    assert_string_equal(k8sc_error_cause_field(failure, 1), "cogwheels.example.com");
}

static void define_with(const char *plural, const char *kind, const char *short_name)
{
    char definition[512];
    k8sc_object *made;
    snprintf(definition, sizeof definition,
             "{\"apiVersion\":\"apiextensions.k8s.io/"
             "v1\",\"kind\":\"CustomResourceDefinition\",\"metadata\":{\"name\":\"%s.example.com\"},"
             "\"spec\":{\"group\":\"example.com\",\"scope\":\"Namespaced\",\"names\":{\"plural\":\"%s\",\"kind\":\"%"
             "s\",\"shortNames\":[\"%s\"],"
             "\"categories\":[\"machines\"]},\"versions\":[{\"name\":\"v1\",\"served\":true,\"storage\":true}]}}",
             plural, plural, kind, short_name);
    OK(k8sc_resource_create(new_resource(client, "apiextensions.k8s.io", "v1", "customresourcedefinitions", NULL),
                            parse(definition), NULL, &made, &err));
    keep_object(made);
}

static void define(const char *plural, const char *kind)
{
    char short_name[32];
    snprintf(short_name, sizeof short_name, "x%s", plural);
    define_with(plural, kind, short_name);
}

/* Also a singular. */
static void names_before_short_names(void **state)
{
    k8sc_rest_mapping *mapping;
    (void)state;
    define_with("drives", "Drive", "engine");
    define("engines", "Engine");
    OK(k8sc_rest_mapper_find(new_mapper(), "engine", &mapping, &err));
    assert_string_equal(k8sc_rest_mapping_resource(keep(mapping)), "engines");
}

static int requests(const char *path)
{
    k8sc_object *log = request_log();
    int count = 0;
    for (int i = 0; i < (int)k8sc_object_size(log, "/log"); i++) {
        char pointer[64];
        snprintf(pointer, sizeof pointer, "/log/%d/path", i);
        count += strcmp(STR(log, pointer), path) == 0;
    }
    return count;
}

static void defined_a_moment_ago(void **state)
{
    char directory[] = "/tmp/k8sc-mapper-XXXXXX", command[64];
    k8sc_discovery *discoveries[3];
    (void)state;
    assert_non_null(mkdtemp(directory));
    OK(k8sc_discovery_new(client, &discoveries[0], &err));
    OK(k8sc_discovery_new_cached(client, &discoveries[1], &err));
    OK(k8sc_discovery_new_disk_cached(client, directory, 600000, &discoveries[2], &err));
    for (int i = 0; i < 3; i++) {
        k8sc_rest_mapper *mapper = mapper_of(discoveries[i]);
        k8sc_rest_mapping *mapping;
        char plural[16], kind[16], argument[32];
        snprintf(plural, sizeof plural, "engines%d", i);
        snprintf(kind, sizeof kind, "Engine%d", i);
        OK(k8sc_rest_mapper_find(mapper, "pods", &mapping, &err));
        keep(mapping);
        define(plural, kind);
        OK(k8sc_testing_server_forget_requests(server, &err));
        OK(k8sc_rest_mapper_mapping_for_kind(mapper, "example.com", "v1", kind, &mapping, &err));
        assert_string_equal(k8sc_rest_mapping_resource(keep(mapping)), plural);
        /* Once, and by its other names no more. */
        assert_int_equal(requests("/apis"), 1);
        snprintf(argument, sizeof argument, "x%s", plural);
        OK(k8sc_rest_mapper_find(mapper, argument, &mapping, &err));
        assert_string_equal(k8sc_rest_mapping_resource(keep(mapping)), plural);
        assert_int_equal(requests("/apis"), 1);
        /* What is not there is looked for once more each time. */
        FAILS(K8SC_E_API, k8sc_rest_mapper_find(mapper, "nothing", &mapping, &err), "nothing");
        assert_int_equal(requests("/apis"), 2);
    }
    snprintf(command, sizeof command, "rm -rf '%s'", directory);
    assert_int_equal(system(command), 0);
}

static void first_question(void **state)
{
    k8sc_rest_mapper *mapper = new_mapper();
    k8sc_rest_mapping *mapping;
    (void)state;
    assert_int_equal(requests("/apis"), 0);
    FAILS(K8SC_E_API, k8sc_rest_mapper_find(mapper, "nothing", &mapping, &err), "nothing");
    /* It was just loaded. */
    assert_int_equal(requests("/apis"), 1);
    OK(k8sc_rest_mapper_reset(mapper, &err));
    OK(k8sc_rest_mapper_find(mapper, "pods", &mapping, &err));
    keep(mapping);
    assert_int_equal(requests("/apis"), 2);
}

/* Names that nobody has defined cost a discovery now and then, not each. */
static void unknown_names_in_a_loop(void **state)
{
    k8sc_rest_mapper *mapper = new_mapper();
    k8sc_rest_mapping *mapping;
    (void)state;
    OK(k8sc_rest_mapper_find(mapper, "pods", &mapping, &err));
    keep(mapping);
    OK(k8sc_testing_server_forget_requests(server, &err));
    int64_t began = now_ms();
    for (int i = 0; i < 100; i++) {
        char name[32];
        snprintf(name, sizeof name, "nothing%d", i % 7);
        FAILS(K8SC_E_API, k8sc_rest_mapper_find(mapper, name, &mapping, &err), name);
        assert_true(k8sc_error_is_not_found(failure));
        assert_int_equal(strstr(k8sc_error_message(failure), "is not asked again so soon") == NULL,
                         i < 3 || now_ms() - began > 4500);
    }
    assert_in_range(requests("/apis"), 3, 3 + (now_ms() - began) / 5000);
    /* What it knows it knows all the same, and who cannot wait can say so. */
    define("engines", "Engine");
    OK(k8sc_rest_mapper_find(mapper, "pods", &mapping, &err));
    keep(mapping);
    OK(k8sc_rest_mapper_reset(mapper, &err));
    OK(k8sc_rest_mapper_find(mapper, "engines", &mapping, &err));
    keep(mapping);
}

/* A server that cannot be asked is no reason to say that there is no such thing. */
static void unknown_and_out_of_reach(void **state)
{
    k8sc_rest_mapper *mapper = new_mapper();
    k8sc_rest_mapping *mapping;
    (void)state;
    OK(k8sc_rest_mapper_find(mapper, "pods", &mapping, &err));
    keep(mapping);
    fault("{\"path\":\"/apis\",\"status\":{\"code\":500}}");
    for (int i = 0; i < 6; i++) {
        FAILS(K8SC_E_API, k8sc_rest_mapper_find(mapper, "nothing", &mapping, &err), "500");
        assert_false(k8sc_error_is_not_found(failure));
    }
}

static void a_category_has_its_resources(void **state)
{
    k8sc_rest_mappings *mappings;
    (void)state;
    define("engines", "Engine");
    define("motors", "Motor");
    OK(k8sc_rest_mapper_mappings_for_category(new_mapper(), "machines", &mappings, &err));
    assert_int_equal(k8sc_rest_mappings_size(keep_all(mappings)), 2);
    assert_string_equal(k8sc_rest_mapping_resource(k8sc_rest_mappings_at(mappings, 0)), "engines");
    assert_string_equal(k8sc_rest_mapping_resource(k8sc_rest_mappings_at(mappings, 1)), "motors");
}

/* What could not be asked is told where something is not found. */
static void in_part(void **state)
{
    k8sc_rest_mapper *mapper = new_mapper();
    k8sc_rest_mapping *mapping;
    (void)state;
    fault("{\"path\":\"/apis/apps/v1\",\"status\":{\"code\":403}}");
    OK(k8sc_rest_mapper_find(mapper, "pods", &mapping, &err));
    keep(mapping);
    FAILS(K8SC_E_API, k8sc_rest_mapper_find(mapper, "deployments", &mapping, &err), "deployments", "apps/v1");
    assert_string_equal(k8sc_error_cause_field(failure, 0), "apps/v1");
    clear_faults();
    OK(k8sc_rest_mapper_find(mapper, "deployments", &mapping, &err));
    keep(mapping);
}

static void a_kind_makes_a_resource_in_its_scope(void **state)
{
    k8sc_rest_mapper *mapper = new_mapper();
    k8sc_resource *resource;
    k8sc_object *made;
    k8sc_list *list;
    (void)state;
    OK(k8sc_rest_mapper_resource_for_kind(mapper, "v1", "ConfigMap", "", &resource, &err));
    track(resource, (void (*)(void *))k8sc_resource_unref);
    OK(k8sc_resource_list(resource, NULL, &list, &err));
    keep_list(list);
    assert_string_equal(STR(last_request("GET"), "/path"), "/api/v1/configmaps");
    OK(k8sc_rest_mapper_resource_for_kind(mapper, "v1", "ConfigMap", "one", &resource, &err));
    track(resource, (void (*)(void *))k8sc_resource_unref);
    OK(k8sc_resource_create(resource,
                            parse("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\"}}"), NULL,
                            &made, &err));
    assert_string_equal(k8sc_object_namespace(keep_object(made)), "one");
    static const struct {
        const char *object, *default_ns, *path;
    } cases[] = {
        {"{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\"}}", NULL,
         "/api/v1/namespaces/default/configmaps"},
        {"{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"b\"}}", "two",
         "/api/v1/namespaces/two/configmaps"},
        {"{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"c\",\"namespace\":\"three\"}}", "two",
         "/api/v1/namespaces/three/configmaps"},
        {"{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"four\"}}", "two",
         "/api/v1/namespaces"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        OK(k8sc_rest_mapper_resource_for_object(mapper, parse(cases[i].object), cases[i].default_ns, &resource, &err));
        track(resource, (void (*)(void *))k8sc_resource_unref);
        OK(k8sc_resource_create(resource, parse(cases[i].object), NULL, &made, &err));
        keep_object(made);
        assert_string_equal(STR(last_request("POST"), "/path"), cases[i].path);
    }
}

static void *find_often(void *mapper)
{
    for (int i = 0; i < 20; i++) {
        k8sc_rest_mapping *mapping = NULL;
        k8sc_error *fault_ = NULL;
        if (k8sc_rest_mapper_find(mapper, i % 4 ? "deploy" : "nothing", &mapping, &fault_) < 0 && i % 4)
            return "failed";
        k8sc_rest_mapping_free(mapping);
        k8sc_error_free(fault_);
        if (i % 7 == 6 && k8sc_rest_mapper_reset(mapper, NULL) < 0) return "reset failed";
    }
    return NULL;
}

static void many_threads(void **state)
{
    pthread_t threads[6];
    k8sc_rest_mapper *mapper = new_mapper();
    (void)state;
    for (size_t i = 0; i < COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, find_often, mapper), 0);
    for (size_t i = 0; i < COUNT(threads); i++) {
        void *failed;
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
}

static void wrong_input(void **state)
{
    k8sc_rest_mapper *mapper = new_mapper(), *made;
    k8sc_rest_mapping *mapping;
    k8sc_resource *resource;
    (void)state;
    ALSO_FAILS(K8SC_E_INVALID, k8sc_rest_mapper_new(NULL, &made, &err), "discovery");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_rest_mapper_find(NULL, "pods", &mapping, &err), "mapper");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_rest_mapper_find(mapper, "", &mapping, &err), "empty");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_rest_mapper_mapping_for_kind(mapper, NULL, NULL, NULL, &mapping, &err), "kind");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_rest_mapper_mapping_for_resource(mapper, NULL, "", "pods", &mapping, &err),
               "version");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_rest_mapper_resource_for_kind(mapper, "a/b/c", "Pod", NULL, &resource, &err),
               "a/b/c");
    ALSO_FAILS(K8SC_E_INVALID,
               k8sc_rest_mapper_resource_for_object(mapper, parse("{\"kind\":\"Pod\"}"), NULL, &resource, &err),
               "apiVersion");
    ALSO_FAILS(K8SC_E_INVALID,
               k8sc_rest_mapper_resource_for_object(mapper, parse("{\"apiVersion\":\"v1\"}"), NULL, &resource, &err),
               "kind");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_rest_mapper_reset(NULL, &err), "mapper");
    NO_FAILURES();
    k8sc_rest_mapping_free(NULL);
    k8sc_rest_mappings_free(NULL);
    k8sc_rest_mapper_unref(k8sc_rest_mapper_ref(mapper));
    assert_null(k8sc_rest_mapping_kind(NULL));
    assert_int_equal(k8sc_rest_mappings_size(NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_argument_finds_its_resource_in_every_form),
        TEST(what_is_unknown_is_not_found_with_a_suggestion),
        TEST(the_first_group_and_preferred_version_win),
        TEST(an_ambiguous_kind_names_all_candidates),
        TEST(names_before_short_names),
        TEST(defined_a_moment_ago),
        TEST(first_question),
        TEST(unknown_names_in_a_loop),
        TEST(unknown_and_out_of_reach),
        TEST(a_category_has_its_resources),
        TEST(in_part),
        TEST(a_kind_makes_a_resource_in_its_scope),
        TEST(many_threads),
        TEST(wrong_input),
    };
    return cmocka_run_group_tests_name("REST mapper", tests, NULL, NULL);
}
