/* Informers in particular: handlers that come late or go early, indexes, listers, factories, selectors, and resources
 * that come later. */
#include "../support/oracle.h"
#include "support.h"

static struct oracle oracle, other;

static int begin_empty(void **state)
{
    oracle_clear(&oracle);
    oracle_clear(&other);
    return begin(state);
}

static int end_clean(void **state)
{
    int status = end(state);
    oracle_clear(&oracle);
    oracle_clear(&other);
    return status;
}

#define INFORMER_TEST(function) cmocka_unit_test_setup_teardown(function, begin_empty, end_clean)

static k8sc_informer_options *in_namespace(void)
{
    k8sc_informer_options **made = informer_options_slot();
    OK(k8sc_informer_options_new(made, &err));
    OK(k8sc_informer_options_set_namespace(*made, ns, &err));
    return *made;
}

static k8sc_informer_factory *factory_with(const k8sc_informer_options *how)
{
    k8sc_informer_factory **made = factory_slot();
    OK(k8sc_informer_factory_new(client, how, made, &err));
    return *made;
}

static k8sc_informer *informer_of(k8sc_informer_factory *factory, const struct kind *kind)
{
    k8sc_informer **made = informer_slot();
    OK(k8sc_informer_factory_for_resource(factory, kind->group, kind->version, kind->plural, made, &err));
    return *made;
}

static k8sc_registration *handle(k8sc_informer *informer, struct oracle *with)
{
    k8sc_registration **made = registration_slot();
    OK(k8sc_informer_add_handler(informer, oracle_on_event, with, oracle_destroyed, made, &err));
    return *made;
}

static void start(k8sc_informer_factory *factory)
{
    OK(k8sc_informer_factory_start(factory, &err));
    OK(k8sc_informer_factory_wait_for_sync(factory, 30000, &err));
}

static k8sc_lister *lister_of(k8sc_informer *informer)
{
    k8sc_lister **made = lister_slot();
    OK(k8sc_informer_lister(informer, made, &err));
    return *made;
}

static int knows(const struct oracle *of, const char *name) { return oracle_find(of, ns, name) != NULL; }

static void relabel(k8sc_resource *resource, const char *name, const char *value)
{
    char patch[128];
    snprintf(patch, sizeof patch, "{\"metadata\":{\"labels\":{\"size\":\"%s\"}}}", value);
    OK(k8sc_resource_patch(resource, name, K8SC_PATCH_MERGE, patch, strlen(patch), NULL, NULL, &err));
}

static void it_tells_of_each_change(void **state)
{
    const struct kind *kind = *state;
    k8sc_resource *resource = resource_of(kind);
    k8sc_informer_factory *factory = factory_with(in_namespace());
    k8sc_informer *informer = informer_of(factory, kind);
    k8sc_registration *registration = handle(informer, &oracle);
    create(resource, kind->make("there", "1"));
    start(factory);
    assert_false(k8sc_registration_has_synced(registration));
    PUMP_UNTIL(oracle.syncs, 20);
    assert_true(k8sc_registration_has_synced(registration));
    create(resource, kind->make("new", "1"));
    relabel(resource, "new", "2");
    remove_object(resource, "there");
    PUMP_UNTIL(oracle.deletes, 20);
    assert_string_equal(oracle.fault, "");
    assert_int_equal(oracle.initial_adds, 1);
    assert_int_equal(oracle.adds, 2);
    assert_int_equal(oracle.updates, 1);
    assert_int_equal(oracle.inferred, 0);
    assert_string_equal(oracle_difference(&oracle, list(resource, NULL)), "");
}

static void a_late_handler_is_told_what_is_there(void **state)
{
    k8sc_informer_factory *factory = factory_with(in_namespace());
    k8sc_informer *informer = informer_of(factory, &configmap_kind);
    (void)state;
    handle(informer, &oracle);
    start(factory);
    create(configmaps(), configmap("a", "1"));
    create(configmaps(), configmap("b", "1"));
    PUMP_UNTIL(knows(&oracle, "a") && knows(&oracle, "b"), 20);
    handle(informer, &other);
    create(configmaps(), configmap("c", "1"));
    PUMP_UNTIL(knows(&oracle, "c") && knows(&other, "c"), 20);
    assert_string_equal(other.fault, "");
    assert_int_equal(other.adds - other.initial_adds, 1);
    assert_string_equal(oracle_difference(&other, list(configmaps(), NULL)), "");
}

static void a_removed_handler_is_told_no_more(void **state)
{
    k8sc_informer_factory *factory = factory_with(in_namespace());
    k8sc_informer *informer = informer_of(factory, &configmap_kind);
    k8sc_registration *registration = handle(informer, &other);
    (void)state;
    handle(informer, &oracle);
    start(factory);
    create(configmaps(), configmap("a", "1"));
    PUMP_UNTIL(knows(&oracle, "a") && knows(&other, "a"), 20);
    OK(k8sc_informer_remove_handler(informer, registration, &err));
    create(configmaps(), configmap("b", "1"));
    PUMP_UNTIL(knows(&oracle, "b") && other.destroyed, 20);
    assert_false(knows(&other, "b"));
    assert_int_equal(other.destroyed, 1);
    OK(k8sc_informer_remove_handler(informer, registration, &err)); /* twice is fine */
}

static int by_first_letter(const k8sc_object *object, k8sc_strings *values, void *unused)
{
    (void)unused;
    return k8sc_strings_add(values, k8sc_object_name(object), 1) < 0;
}

static k8sc_list *indexed(k8sc_lister *lister, const char *index, const char *value)
{
    k8sc_list **made = list_slot();
    OK(k8sc_lister_by_index(lister, index, value, made, &err));
    return *made;
}

static void indexes_follow_the_changes(void **state)
{
    k8sc_informer_factory *factory = factory_with(in_namespace());
    k8sc_informer *informer = informer_of(factory, &configmap_kind);
    k8sc_lister *lister = lister_of(informer);
    k8sc_strings **values = strings_slot();
    (void)state;
    OK(k8sc_informer_add_pointer_index(informer, "size", "/data/size", &err));
    OK(k8sc_informer_add_index(informer, "letter", by_first_letter, NULL, NULL, &err));
    handle(informer, &oracle);
    create(configmaps(), configmap("apple", "1"));
    create(configmaps(), configmap("avocado", "2"));
    create(configmaps(), configmap("banana", "1"));
    start(factory);
    assert_int_equal(k8sc_list_size(indexed(lister, "size", "1")), 2);
    assert_int_equal(k8sc_list_size(indexed(lister, "letter", "a")), 2);
    OK(k8sc_resource_update(configmaps(), configmap("banana", "3"), NULL, NULL, &err));
    remove_object(configmaps(), "apple");
    PUMP_UNTIL(oracle.deletes, 20);
    assert_int_equal(k8sc_list_size(indexed(lister, "size", "1")), 0);
    assert_string_equal(k8sc_object_name(k8sc_list_at(indexed(lister, "size", "3"), 0)), "banana");
    assert_string_equal(k8sc_object_name(k8sc_list_at(indexed(lister, "letter", "a"), 0)), "avocado");
    assert_int_equal(k8sc_list_size(indexed(lister, "namespace", ns)), 2);
    OK(k8sc_lister_index_values(lister, "size", values, &err));
    assert_int_equal(k8sc_strings_size(*values), 2);
}

static void the_lister_selects_as_the_server_does(void **state)
{
    static const char *const selectors[] = {"size=1", "size!=1", "size in (1,2)", "size notin (1)",
                                            "!size",  "size",    "size=1,size!=2"};
    k8sc_informer_factory *factory = factory_with(in_namespace());
    k8sc_lister *lister = lister_of(informer_of(factory, &configmap_kind));
    size_t i;
    (void)state;
    create(configmaps(), configmap("a", "1"));
    create(configmaps(), configmap("b", "2"));
    create(configmaps(), configmap("c", "1"));
    create(configmaps(), json("{'metadata':{'name':'bare'}}"));
    start(factory);
    for (i = 0; i < sizeof selectors / sizeof *selectors; i++) {
        k8sc_list **found = list_slot();
        OK(k8sc_lister_list(lister, ns, selectors[i], found, &err));
        assert_string_equal(list_difference(*found, list(configmaps(), with_label_selector(selectors[i]))), "");
    }
}

static void the_lister_gets_one(void **state)
{
    k8sc_informer_factory *factory = factory_with(NULL);
    k8sc_lister *lister = lister_of(informer_of(factory, &configmap_kind));
    k8sc_object *made = create(configmaps(), configmap("a", "1")), **got = object_slot();
    (void)state;
    start(factory);
    OK(k8sc_lister_get(lister, ns, "a", got, &err));
    assert_string_equal(k8sc_object_resource_version(*got), k8sc_object_resource_version(made));
    FAILS(K8SC_E_API, k8sc_lister_get(lister, "default", "a", object_slot(), &err));
    assert_true(k8sc_error_is_not_found(failure));
}

static void two_informers_of_one_factory(void **state)
{
    k8sc_resource *custom = widgets();
    k8sc_informer_factory *factory = factory_with(in_namespace());
    k8sc_informer *first = informer_of(factory, &configmap_kind), *second = informer_of(factory, &widget_kind);
    (void)state;
    assert_ptr_equal(first, informer_of(factory, &configmap_kind));
    handle(first, &oracle);
    handle(second, &other);
    start(factory);
    create(configmaps(), configmap("map", "1"));
    create(custom, widget("widget", "1"));
    PUMP_UNTIL(knows(&oracle, "map") && knows(&other, "widget"), 20);
    assert_string_equal(oracle_difference(&oracle, list(configmaps(), NULL)), "");
    assert_string_equal(oracle_difference(&other, list(custom, NULL)), "");
}

static void an_informer_asked_for_later_is_started_by_the_second_start(void **state)
{
    k8sc_informer_factory *factory = factory_with(in_namespace());
    k8sc_informer *later;
    (void)state;
    handle(informer_of(factory, &configmap_kind), &oracle);
    start(factory);
    later = informer_of(factory, &(const struct kind){"", "v1", "pods", "", NULL});
    handle(later, &other);
    create(pods(), pod("a"));
    start(factory);
    PUMP_UNTIL(knows(&other, "a"), 20);
    assert_int_equal(oracle.syncs + other.syncs, 2);
}

static void leaving_the_selector_is_a_deletion(void **state)
{
    const struct kind *kind = *state;
    k8sc_resource *resource = resource_of(kind);
    k8sc_informer_options *how = in_namespace();
    k8sc_informer_factory *factory;
    OK(k8sc_informer_options_set_label_selector(how, "size=1", &err));
    factory = factory_with(how);
    handle(informer_of(factory, kind), &oracle);
    create(resource, kind->make("leaves", "1"));
    create(resource, kind->make("enters", "2"));
    start(factory);
    PUMP_UNTIL(oracle.syncs, 20);
    assert_true(knows(&oracle, "leaves") && !knows(&oracle, "enters"));
    relabel(resource, "leaves", "2");
    relabel(resource, "enters", "1");
    PUMP_UNTIL(knows(&oracle, "enters"), 20);
    assert_false(knows(&oracle, "leaves"));
    assert_int_equal(oracle.deletes, 1);
    assert_int_equal(oracle.inferred, 0);
    assert_string_equal(oracle.fault, "");
}

static void a_field_selector(void **state)
{
    k8sc_informer_options *how = in_namespace();
    k8sc_informer_factory *factory;
    k8sc_object *running = create(pods(), pod("a")), **edited = object_slot();
    k8sc_draft *draft = NULL;
    (void)state;
    create(pods(), pod("b"));
    OK(k8sc_informer_options_set_field_selector(how, "status.phase=Pending", &err));
    factory = factory_with(how);
    handle(informer_of(factory, &(const struct kind){"", "v1", "pods", "", NULL}), &oracle);
    start(factory);
    PUMP_UNTIL(knows(&oracle, "a") && knows(&oracle, "b"), 20);
    OK(k8sc_object_edit(running, &draft, &err));
    k8sc_draft_set_str(draft, "/status/phase", "Running", NULL);
    k8sc_draft_freeze(draft, edited, NULL);
    k8sc_draft_free(draft);
    OK(k8sc_resource_update_status(pods(), *edited, NULL, NULL, &err));
    PUMP_UNTIL(!knows(&oracle, "a"), 20);
    assert_true(knows(&oracle, "b"));
    assert_string_equal(oracle.fault, "");
}

static void only_its_namespace(void **state)
{
    k8sc_resource *elsewhere = resource_in(client, "", "v1", "configmaps", "default");
    k8sc_informer_factory *factory = factory_with(in_namespace()), *of_all = factory_with(NULL);
    (void)state;
    handle(informer_of(factory, &configmap_kind), &oracle);
    handle(informer_of(of_all, &configmap_kind), &other);
    start(factory);
    start(of_all);
    create(elsewhere, configmap("there", "1"));
    create(configmaps(), configmap("here", "1"));
    PUMP_UNTIL(knows(&oracle, "here") && knows(&other, "here"), 20);
    assert_non_null(oracle_find(&other, "default", "there"));
    assert_null(oracle_find(&oracle, "default", "there"));
    remove_object(elsewhere, "there");
}

static void cluster_scoped_resources(void **state)
{
    k8sc_informer_factory *factory = factory_with(NULL);
    k8sc_informer *informer = informer_of(factory, &(const struct kind){"", "v1", "namespaces", "", NULL});
    k8sc_object **got = object_slot();
    (void)state;
    start(factory);
    OK(k8sc_lister_get(lister_of(informer), NULL, ns, got, &err));
    assert_string_equal(k8sc_object_name(*got), ns);
}

static void managed_fields_are_left_out(void **state)
{
    k8sc_informer_options *how = in_namespace();
    k8sc_informer_factory *factory;
    (void)state;
    OK(k8sc_informer_options_set_drop_managed_fields(how, 1, &err));
    factory = factory_with(how);
    handle(informer_of(factory, &configmap_kind), &oracle);
    create(configmaps(), configmap("listed", "1"));
    start(factory);
    create(configmaps(), configmap("watched", "1"));
    PUMP_UNTIL(knows(&oracle, "listed") && knows(&oracle, "watched"), 20);
    assert_int_equal(k8sc_object_type(oracle_find(&oracle, ns, "listed"), "/metadata/managedFields"), K8SC_TYPE_ABSENT);
    assert_int_equal(k8sc_object_type(oracle_find(&oracle, ns, "watched"), "/metadata/managedFields"),
                     K8SC_TYPE_ABSENT);
    assert_string_equal(k8sc_object_str(oracle_find(&oracle, ns, "watched"), "/data/size", NULL), "1");
}

/* The server sends metadata only, and objects read the same from lists and watches. */
static void metadata_only(void **state)
{
    k8sc_informer_options *how = in_namespace();
    k8sc_informer_factory *factory;
    (void)state;
    OK(k8sc_informer_options_set_metadata_only(how, 1, &err));
    OK(k8sc_informer_options_set_drop_managed_fields(how, 1, &err));
    factory = factory_with(how);
    handle(informer_of(factory, &configmap_kind), &oracle);
    create(configmaps(), configmap("listed", "1"));
    start(factory);
    create(configmaps(), configmap("watched", "1"));
    PUMP_UNTIL(knows(&oracle, "listed") && knows(&oracle, "watched"), 20);
    for (int i = 0; i < 2; i++) {
        const char *name = i ? "watched" : "listed";
        const k8sc_object *object = oracle_find(&oracle, ns, name);
        char head[256];
        snprintf(head, sizeof head,
                 "{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/v1\",\"metadata\":{\"name\":\"%s\",",
                 name);
        const char *text = k8sc_object_json(object, NULL);
        if (strncmp(text, head, strlen(head)) != 0) fail_msg("%s", text);
        assert_int_equal(k8sc_object_size(object, ""), 3);
        assert_int_equal(k8sc_object_type(object, "/metadata/managedFields"), K8SC_TYPE_ABSENT);
        assert_string_equal(k8sc_object_namespace(object), ns);
    }
}

static void paths_that_are_kept(void **state)
{
    k8sc_informer_options *how = in_namespace();
    k8sc_informer_factory *factory;
    (void)state;
    OK(k8sc_informer_options_keep_path(how, "/data/size", &err));
    factory = factory_with(how);
    handle(informer_of(factory, &configmap_kind), &oracle);
    create(configmaps(), configmap("listed", "1"));
    start(factory);
    create(configmaps(), configmap("watched", "1"));
    PUMP_UNTIL(knows(&oracle, "listed") && knows(&oracle, "watched"), 20);
    for (int i = 0; i < 2; i++) {
        const k8sc_object *object = oracle_find(&oracle, ns, i ? "watched" : "listed");
        char want[1024];
        snprintf(want, sizeof want,
                 "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"%s\",\"namespace\":\"%s\","
                 "\"uid\":\"%s\","
                 "\"resourceVersion\":\"%s\"",
                 i ? "watched" : "listed", ns, k8sc_object_uid(object), k8sc_object_resource_version(object));
        const char *text = k8sc_object_json(object, NULL);
        if (strncmp(text, want, strlen(want)) != 0) fail_msg("%s", text);
        assert_int_equal(k8sc_object_type(object, "/metadata/creationTimestamp"), K8SC_TYPE_ABSENT);
        assert_string_equal(k8sc_object_str(object, "/data/size", NULL), "1");
    }
}

/* Until then it says so again and again, and does not give up. */
static void a_resource_that_comes_later(void **state)
{
    k8sc_informer *informer;
    k8sc_informer_factory *factory = factory_with(in_namespace());
    const struct kind gadgets = {WIDGETS_GROUP, "v1", "gadgets", "", NULL};
    k8sc_resource *resource = resource_in(client, WIDGETS_GROUP, "v1", "gadgets", ns);
    (void)state;
    informer = informer_of(factory, &gadgets);
    handle(informer, &oracle);
    OK(k8sc_informer_factory_start(factory, &err));
    PUMP_UNTIL(oracle.errors >= 2, 20);
    assert_contains(oracle.last_error, "gadgets");
    assert_contains(oracle.last_error, "404");
    assert_false(k8sc_informer_has_synced(informer));
    FAILS(K8SC_E_TIMEOUT, k8sc_informer_factory_wait_for_sync(factory, 100, &err));
    assert_contains(k8sc_error_message(failure), "gadgets");

    make_custom_resource("gadgets", "Gadget");
    create(resource, json("{'apiVersion':'" WIDGETS_GROUP "/v1','kind':'Gadget','metadata':{'name':'g'}}"));
    PUMP_UNTIL(knows(&oracle, "g"), 60);
    assert_string_equal(oracle.fault, "");
}

/* A subresource's kind may be another resource's: Scale, and Pod in pods/ephemeralcontainers. */
static void the_informer_of_a_kind(void **state)
{
    const struct {
        const char *api_version, *kind, *group, *version, *resource;
    } known[] = {{"v1", "Pod", "", "v1", "pods"},
                 {"apps/v1", "Deployment", "apps", "v1", "deployments"},
                 {"rbac.authorization.k8s.io/v1", "ClusterRole", "rbac.authorization.k8s.io", "v1", "clusterroles"}};
    k8sc_informer_factory *factory = factory_with(NULL);
    k8sc_informer **found;
    char *text = NULL;
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const struct kind same = {known[i].group, known[i].version, known[i].resource, "", NULL};
        found = informer_slot();
        OK(k8sc_informer_factory_for_kind(factory, known[i].api_version, known[i].kind, found, &err));
        assert_ptr_equal(*found, informer_of(factory, &same));
    }
    FAILS(K8SC_E_API, k8sc_informer_factory_for_kind(factory, "apps/v1", "Scale", informer_slot(), &err));
    assert_true(k8sc_error_is_not_found(failure));
    FAILS(K8SC_E_API, k8sc_informer_factory_for_kind(factory, "nobody.example.com/v1", "Thing", informer_slot(), &err));
    assert_true(k8sc_error_is_not_found(failure));

    start(factory);
    OK(k8sc_informer_factory_wait_for_cache_sync(factory, 30000, &text, &err));
    assert_string_equal(
        text, "{\"v1/pods\":true,\"apps/v1/deployments\":true,\"rbac.authorization.k8s.io/v1/clusterroles\":true}");
    k8sc_string_free(text);
}

/* The deletions are inferred where the server ends the watch before it tells of them. */
static void a_resource_that_goes_away(void **state)
{
    k8sc_informer_factory *factory = factory_with(in_namespace());
    const struct kind passing = {WIDGETS_GROUP, "v1", "passings", "", NULL};
    k8sc_resource *resource = resource_in(client, WIDGETS_GROUP, "v1", "passings", ns);
    (void)state;
    make_custom_resource("passings", "Passing");
    create(resource, json("{'apiVersion':'" WIDGETS_GROUP "/v1','kind':'Passing','metadata':{'name':'p'}}"));
    handle(informer_of(factory, &passing), &oracle);
    start(factory);
    PUMP_UNTIL(knows(&oracle, "p"), 20);
    remove_object(resource_in(client, "apiextensions.k8s.io", "v1", "customresourcedefinitions", NULL),
                  "passings." WIDGETS_GROUP);
    PUMP_UNTIL(oracle.errors > 0, 60);
    /* Back again, and empty. */
    WAIT_UNTIL(!exists(resource_in(client, "apiextensions.k8s.io", "v1", "customresourcedefinitions", NULL),
                       "passings." WIDGETS_GROUP),
               30);
    make_custom_resource("passings", "Passing");
    PUMP_UNTIL(!knows(&oracle, "p"), 90);
    assert_string_equal(oracle.fault, "");
}

/* How many requests the client has sent with this verb and answer. */
static int64_t requests(const char *verb, const char *code)
{
    char *text = NULL, verb_label[32], code_label[32];
    int64_t found = 0;
    snprintf(verb_label, sizeof verb_label, "verb=\"%s\"", verb);
    snprintf(code_label, sizeof code_label, "code=\"%s\"", code);
    OK(k8sc_client_metrics_prometheus(client, &text, &err));
    for (char *rest = NULL, *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        if (strncmp(line, "rest_client_requests_total{", 27) == 0 && strstr(line, verb_label) &&
            strstr(line, code_label))
            found += atoll(strrchr(line, ' ') + 1);
    k8sc_string_free(text);
    return found;
}

/* A server that is older than streaming lists says so at once: one more request for each resource, and no waiting for a
 * bookmark that never comes, which would make the client ask how old it is. */
static void an_old_server_is_listed_without_delay(void **state)
{
    const struct kind *kind = *state;
    k8sc_resource *resource = resource_of(kind);
    if (server_minor() >= 32) skip();
    int64_t before = requests("list", "200"), others = requests("other", "200");
    k8sc_informer_factory *factory = factory_with(in_namespace()), *again = factory_with(in_namespace());
    handle(informer_of(factory, kind), &oracle);
    create(resource, kind->make("there", "1"));
    start(factory);
    PUMP_UNTIL(oracle.syncs, 20);
    assert_true(knows(&oracle, "there"));
    create(resource, kind->make("new", "1"));
    PUMP_UNTIL(knows(&oracle, "new"), 20);
    assert_int_equal(requests("list", "200"), before + 1);
    assert_int_equal(requests("watch", "422"), 1);
    assert_int_equal(requests("other", "200"), others);
    /* And once only. */
    handle(informer_of(again, kind), &other);
    start(again);
    PUMP_UNTIL(other.syncs && knows(&other, "new"), 20);
    assert_int_equal(requests("list", "200"), before + 2);
    assert_int_equal(requests("watch", "422"), 1);
}

static void shutdown_ends_it(void **state)
{
    k8sc_informer_factory *factory = factory_with(in_namespace());
    k8sc_informer *informer = informer_of(factory, &configmap_kind);
    k8sc_lister *lister = lister_of(informer);
    (void)state;
    handle(informer, &oracle);
    create(configmaps(), configmap("a", "1"));
    start(factory);
    PUMP_UNTIL(knows(&oracle, "a"), 20);
    OK(k8sc_informer_factory_shutdown(factory, &err));
    assert_true(k8sc_informer_is_stopped(informer));
    create(configmaps(), configmap("b", "1"));
    PUMP_UNTIL(oracle.destroyed, 20);
    assert_false(knows(&oracle, "b"));
    assert_int_equal(k8sc_lister_size(lister), 1); /* still to be read */
    FAILS(K8SC_E_STATE, k8sc_informer_factory_start(factory, &err));
}

#define INFORMER_TEST_OF(kind, function) \
    { \
#function " [" #kind "]", function, begin_empty, end_clean, (void *)&kind \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        INFORMER_TEST_OF(configmap_kind, it_tells_of_each_change),
        INFORMER_TEST_OF(widget_kind, it_tells_of_each_change),
        INFORMER_TEST(a_late_handler_is_told_what_is_there),
        INFORMER_TEST(a_removed_handler_is_told_no_more),
        INFORMER_TEST(indexes_follow_the_changes),
        INFORMER_TEST(the_lister_selects_as_the_server_does),
        INFORMER_TEST(the_lister_gets_one),
        INFORMER_TEST(two_informers_of_one_factory),
        INFORMER_TEST(an_informer_asked_for_later_is_started_by_the_second_start),
        INFORMER_TEST_OF(configmap_kind, leaving_the_selector_is_a_deletion),
        INFORMER_TEST_OF(widget_kind, leaving_the_selector_is_a_deletion),
        INFORMER_TEST(a_field_selector),
        INFORMER_TEST(only_its_namespace),
        INFORMER_TEST(cluster_scoped_resources),
        INFORMER_TEST(managed_fields_are_left_out),
        INFORMER_TEST(metadata_only),
        INFORMER_TEST(paths_that_are_kept),
        INFORMER_TEST(a_resource_that_comes_later),
        INFORMER_TEST(the_informer_of_a_kind),
        INFORMER_TEST(a_resource_that_goes_away),
        INFORMER_TEST_OF(configmap_kind, an_old_server_is_listed_without_delay),
        INFORMER_TEST_OF(widget_kind, an_old_server_is_listed_without_delay),
        INFORMER_TEST(shutdown_ends_it),
    };
    return RUN_ON_CLUSTER("", tests);
}
