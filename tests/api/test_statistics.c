/* What informers and factories tell of themselves, one by one; an informer that is removed; the informer of a kind. */
#include "informer_support.h"

static char *texts[64];
static k8sc_object *parsed[64];
static size_t count;

/* Good until the end of the test. */
static k8sc_object *parse(char *text)
{
    k8sc_error *err;
    assert_in_range(count, 0, 63);
    texts[count] = text;
    OK(k8sc_object_parse_json(text, strlen(text), &parsed[count], &err));
    return parsed[count++];
}

static k8sc_object *statistics(const k8sc_informer *informer)
{
    char *text;
    k8sc_error *err;
    OK(k8sc_informer_statistics_json(informer, &text, &err));
    return parse(text);
}

static int free_texts(void **state)
{
    (void)state;
    while (count > 0) {
        k8sc_object_unref(parsed[--count]);
        k8sc_string_free(texts[count]);
    }
    return tear_down(state);
}

#define NUMBER(object, pointer) k8sc_object_int(object, pointer, -1)
#define FLAG(object, pointer) k8sc_object_bool(object, pointer, -1)
#define TEXT(object, pointer) k8sc_object_str(object, pointer, NULL)
/* For conditions that are asked for again and again. */
static int64_t number_now(const k8sc_informer *informer, const char *pointer)
{
    k8sc_object *told = statistics(informer);
    int64_t number = k8sc_object_type(told, pointer) == K8SC_TYPE_BOOL ? FLAG(told, pointer) : NUMBER(told, pointer);
    count--;
    k8sc_object_unref(parsed[count]);
    k8sc_string_free(texts[count]);
    return number;
}

static void the_life_of_an_informer(void **state)
{
    struct recorder *seen = new_recorder();
    k8sc_informer_options *options = informer_options();
    (void)state;
    put_map("default", "a", "1");
    OK(k8sc_informer_options_set_namespace(options, "default", &err));
    OK(k8sc_informer_options_set_list_mode(options, K8SC_LIST_PAGES, &err));
    k8sc_informer *informer = new_informer(options);
    attach(informer, seen);
    k8sc_object *told = statistics(informer);
    assert_string_equal(TEXT(told, "/group"), "");
    assert_string_equal(TEXT(told, "/version"), "v1");
    assert_string_equal(TEXT(told, "/resource"), "configmaps");
    assert_string_equal(TEXT(told, "/namespace"), "default");
    assert_int_equal(FLAG(told, "/started"), 0);
    assert_int_equal(FLAG(told, "/synced"), 0);
    assert_int_equal(FLAG(told, "/connected"), 0);
    assert_int_equal(k8sc_object_type(told, "/last_event_at"), K8SC_TYPE_NULL);
    assert_string_equal(TEXT(told, "/last_resource_version"), "");
    assert_int_equal(NUMBER(told, "/objects"), 0);
    assert_int_equal(NUMBER(told, "/watches"), 0);
    assert_int_equal(k8sc_object_size(told, "/handlers"), 1);

    OK(k8sc_informer_start(informer, &err));
    AWAIT(number_now(informer, "/connected") == 1);
    told = statistics(informer);
    assert_int_equal(FLAG(told, "/started"), 1);
    assert_int_equal(FLAG(told, "/synced"), 1);
    assert_int_equal(FLAG(told, "/stopped"), 0);
    assert_int_equal(k8sc_object_type(told, "/last_event_at"), K8SC_TYPE_STRING);
    assert_int_equal(strlen(TEXT(told, "/last_event_at")), strlen("2026-01-31T12:00:00Z"));
    assert_true(atoll(TEXT(told, "/last_resource_version")) > 0);
    assert_int_equal(NUMBER(told, "/objects"), 1);
    assert_true(NUMBER(told, "/json_bytes") > 50);
    assert_true(NUMBER(told, "/bytes") > 0);
    assert_int_equal(NUMBER(told, "/watches"), 1);
    assert_int_equal(NUMBER(told, "/relists"), 0);
    assert_int_equal(NUMBER(told, "/failures"), 0);
    assert_int_equal(k8sc_object_type(told, "/last_failure"), K8SC_TYPE_NULL);
    /* ADD and SYNC, which nobody has taken yet. */
    assert_int_equal(NUMBER(told, "/queue_depth"), 2);
    assert_int_equal(NUMBER(told, "/handlers/0/queue_depth"), 2);
    assert_int_equal(FLAG(told, "/handlers/0/synced"), 0);
    RUN_UNTIL(count_of(seen, K8SC_EVENT_SYNC, NULL) == 1);
    told = statistics(informer);
    assert_int_equal(NUMBER(told, "/queue_depth"), 0);
    assert_int_equal(FLAG(told, "/handlers/0/synced"), 1);
    assert_int_equal(NUMBER(told, "/handlers/0/coalesced"), 0);

    OK(k8sc_informer_stop(informer, &err));
    told = statistics(informer);
    assert_int_equal(FLAG(told, "/stopped"), 1);
    assert_int_equal(FLAG(told, "/connected"), 0);
    assert_int_equal(NUMBER(told, "/objects"), 1);
    assert_int_equal(k8sc_object_size(told, "/handlers"), 0);
}

static void an_informer_in_trouble(void **state)
{
    (void)state;
    put_map("default", "a", "1");
    int64_t refusal = fault("{\"verb\":\"list\",\"status\":{\"code\":403}}");
    k8sc_informer_options *options = informer_options();
    OK(k8sc_informer_options_set_list_mode(options, K8SC_LIST_PAGES, &err));
    k8sc_informer *informer = new_informer(options);
    OK(k8sc_informer_start(informer, &err));
    AWAIT(number_now(informer, "/failures") >= 1);
    k8sc_object *told = statistics(informer);
    assert_non_null(strstr(TEXT(told, "/last_failure/message"), "403"));
    assert_non_null(TEXT(told, "/last_failure/at"));
    assert_int_equal(FLAG(told, "/connected"), 0);
    assert_int_equal(FLAG(told, "/synced"), 0);
    OK(k8sc_testing_server_remove_fault(server, refusal, &err));
    AWAIT(number_now(informer, "/connected") == 1);
    told = statistics(informer);
    assert_true(NUMBER(told, "/relists") >= 1);
    /* The watch is lost, and another one takes its place. */
    OK(k8sc_testing_server_disconnect(server, &err));
    AWAIT(number_now(informer, "/watches") >= 2 && number_now(informer, "/connected") == 1);
}

static void connected_while_it_streams_its_list(void **state)
{
    k8sc_informer_options *options = informer_options();
    (void)state;
    OK(k8sc_informer_options_set_list_mode(options, K8SC_LIST_STREAM, &err));
    k8sc_informer *informer = new_informer(options);
    /* Refused, so in pages; the watch is connected all the same. */
    OK(k8sc_informer_start(informer, &err));
    AWAIT(number_now(informer, "/connected") == 1);
    assert_int_equal(number_now(informer, "/watches"), 1);
    assert_int_equal(number_now(informer, "/relists"), 0);
}

static void of_a_factory(void **state)
{
    char *text;
    (void)state;
    put_map("default", "a", "1");
    k8sc_informer_factory *factory = new_factory(NULL);
    OK(k8sc_informer_factory_statistics_json(factory, &text, &err));
    assert_string_equal(text, "{\"informers\":[]}");
    parse(text);
    informer_of(factory, "apps", "v1", "deployments");
    informer_of(factory, "", "v1", "configmaps");
    OK(k8sc_informer_factory_start(factory, &err));
    OK(k8sc_informer_factory_wait_for_sync(factory, PATIENCE_MS, &err));
    OK(k8sc_informer_factory_statistics_json(factory, &text, &err));
    k8sc_object *told = parse(text);
    assert_int_equal(k8sc_object_size(told, "/informers"), 2);
    assert_string_equal(TEXT(told, "/informers/0/resource"), "configmaps");
    assert_int_equal(NUMBER(told, "/informers/0/objects"), 1);
    assert_string_equal(TEXT(told, "/informers/1/group"), "apps");
    assert_int_equal(FLAG(told, "/informers/1/synced"), 1);

    FAILS(K8SC_E_INVALID, k8sc_informer_factory_statistics_json(NULL, &text, &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_factory_statistics_json(factory, NULL, &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_statistics_json(NULL, &text, &err));
    assert_null(text);
}

static void waiting_with_an_answer_for_each(void **state)
{
    char *text;
    (void)state;
    k8sc_informer_factory *factory = new_factory(NULL);
    int64_t stalled = fault("{\"resource\":\"deployments\",\"stall_after_bytes\":0}");
    k8sc_informer *maps = informer_of(factory, "", "v1", "configmaps");
    informer_of(factory, "apps", "v1", "deployments");
    k8sc_informer *stopped = informer_of(factory, "", "v1", "secrets");
    OK(k8sc_informer_factory_wait_for_cache_sync(factory, 0, &text, &err));
    assert_string_equal(text, "{}"); /* none was started */
    parse(text);
    fault("{\"resource\":\"secrets\",\"stall_after_bytes\":0}");
    OK(k8sc_informer_factory_start(factory, &err));
    OK(k8sc_informer_wait_for_sync(maps, PATIENCE_MS, &err));
    OK(k8sc_informer_stop(stopped, &err));
    OK(k8sc_informer_factory_wait_for_cache_sync(factory, 100, &text, &err));
    assert_string_equal(text, "{\"v1/configmaps\":true,\"v1/secrets\":false,\"apps/v1/deployments\":false}");
    parse(text);
    OK(k8sc_testing_server_remove_fault(server, stalled, &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_factory_wait_for_cache_sync(factory, -2, &text, &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_factory_wait_for_cache_sync(NULL, 0, &text, &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_factory_wait_for_cache_sync(factory, 0, NULL, &err));
}

static void one_is_removed(void **state)
{
    struct recorder *seen = new_recorder(), *others = new_recorder();
    (void)state;
    put_map("default", "a", "1");
    k8sc_informer_factory *factory = new_factory(NULL);
    k8sc_informer *maps = informer_of(factory, "", "v1", "configmaps"),
                  *secrets = informer_of(factory, "", "v1", "secrets");
    attach(maps, seen);
    attach(secrets, others);
    OK(k8sc_informer_factory_start(factory, &err));
    RUN_UNTIL(count_of(seen, K8SC_EVENT_SYNC, NULL) == 1 && count_of(others, K8SC_EVENT_SYNC, NULL) == 1);
    k8sc_lister *lister = lister_of(maps);
    OK(k8sc_informer_factory_remove(factory, maps, &err));
    assert_true(k8sc_informer_is_stopped(maps));
    assert_false(k8sc_informer_is_stopped(secrets));
    assert_string_equal(cached(lister, "default", "a"), "1");
    put_map("default", "b", "1");
    put_json("{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"s\",\"namespace\":\"default\"}}");
    RUN_UNTIL(count_of(others, K8SC_EVENT_ADD, "s") == 1);
    assert_int_equal(count_of(seen, K8SC_EVENT_ADD, "b"), 0);
    /* The next one begins anew, and the factory starts it. */
    k8sc_informer *again = informer_of(factory, "", "v1", "configmaps");
    assert_ptr_not_equal(again, maps);
    OK(k8sc_informer_factory_start(factory, &err));
    OK(k8sc_informer_factory_wait_for_sync(factory, PATIENCE_MS, &err));
    assert_int_equal(k8sc_lister_size(lister_of(again)), 2);
    assert_int_equal(k8sc_lister_size(lister), 1);

    FAILS(K8SC_E_INVALID, k8sc_informer_factory_remove(factory, maps, &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_factory_remove(new_factory(NULL), secrets, &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_factory_remove(factory, NULL, &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_factory_remove(NULL, secrets, &err));
    assert_false(k8sc_informer_is_stopped(secrets));
}

static struct {
    k8sc_informer_factory *factory;
    k8sc_informer *informer;
} at_hand;

static void remove_at_first(struct recorder *self, const k8sc_event *event)
{
    (void)self;
    if (k8sc_event_kind(event) == K8SC_EVENT_ADD) k8sc_informer_factory_remove(at_hand.factory, at_hand.informer, NULL);
}

static void one_is_removed_by_its_handler(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    put_map("default", "a", "1");
    put_map("default", "b", "1");
    at_hand.factory = new_factory(NULL);
    at_hand.informer = informer_of(at_hand.factory, "", "v1", "configmaps");
    seen->hook = remove_at_first;
    attach(at_hand.informer, seen);
    OK(k8sc_informer_factory_start(at_hand.factory, &err));
    RUN_UNTIL(k8sc_informer_is_stopped(at_hand.informer));
    turn();
    assert_int_equal(count_of(seen, 0, NULL), 1);
}

static k8sc_informer *of_kind(k8sc_informer_factory *factory, const char *api_version, const char *kind)
{
    k8sc_informer *informer = NULL;
    k8sc_error *err;
    OK(k8sc_informer_factory_for_kind(factory, api_version, kind, &informer, &err));
    k8sc_informer_unref(informer); /* the factory keeps it */
    return informer;
}

static void the_informer_of_a_kind(void **state)
{
    k8sc_informer *informer = NULL;
    (void)state;
    k8sc_informer_factory *factory = new_factory(NULL);
    assert_ptr_equal(of_kind(factory, "v1", "ConfigMap"), informer_of(factory, "", "v1", "configmaps"));
    assert_ptr_equal(of_kind(factory, "apps/v1", "Deployment"), informer_of(factory, "apps", "v1", "deployments"));
    assert_ptr_equal(of_kind(factory, "v1", "ConfigMap"), informer_of(factory, "", "v1", "configmaps"));
    FAILS(K8SC_E_API, k8sc_informer_factory_for_kind(factory, "v1", "Deployment", &informer, &err));
    assert_contains(k8sc_error_message(failure), "no kind \"Deployment\" in \"v1\"");
    FAILS(K8SC_E_API, k8sc_informer_factory_for_kind(factory, "nobody.example.com/v1", "Thing", &informer, &err));
    /* A custom one is found once the server has it. */
    put_json("{\"apiVersion\":\"apiextensions.k8s.io/"
             "v1\",\"kind\":\"CustomResourceDefinition\",\"metadata\":{\"name\":\"things.example.com\"},"
             "\"spec\":{\"group\":\"example.com\",\"scope\":\"Namespaced\",\"names\":{\"plural\":\"things\",\"kind\":"
             "\"Thing\"},"
             "\"versions\":[{\"name\":\"v1\",\"served\":true,\"storage\":true}]}}");
    assert_ptr_equal(of_kind(factory, "example.com/v1", "Thing"), informer_of(factory, "example.com", "v1", "things"));

    FAILS(K8SC_E_INVALID, k8sc_informer_factory_for_kind(factory, "", "ConfigMap", &informer, &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_factory_for_kind(factory, "apps/", "Deployment", &informer, &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_factory_for_kind(factory, "/v1", "Deployment", &informer, &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_factory_for_kind(factory, "a/b/c", "Deployment", &informer, &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_factory_for_kind(factory, "v1", "", &informer, &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_factory_for_kind(factory, "v1", NULL, &informer, &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_factory_for_kind(factory, NULL, "ConfigMap", &informer, &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_factory_for_kind(NULL, "v1", "ConfigMap", &informer, &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_factory_for_kind(factory, "v1", "ConfigMap", NULL, &err));
    assert_null(informer);
}

#define OURS(test) cmocka_unit_test_setup_teardown(test, set_up, free_texts)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OURS(the_life_of_an_informer),
        OURS(an_informer_in_trouble),
        OURS(connected_while_it_streams_its_list),
        OURS(of_a_factory),
        OURS(waiting_with_an_answer_for_each),
        OURS(one_is_removed),
        OURS(one_is_removed_by_its_handler),
        OURS(the_informer_of_a_kind),
    };
    return cmocka_run_group_tests_name("statistics", tests, NULL, NULL);
}
