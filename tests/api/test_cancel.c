/* The token of a thread: whatever the thread waits for ends by it, also where there are no options to say so. */
#include "support.h"

static k8sc_discovery *discovery;
static k8sc_rest_mapper *mapper;
static k8sc_informer_factory *factory;
static k8sc_informer *informer;

/* ---- calls that hang */

static k8sc_status groups(void)
{
    k8sc_object *out = NULL;
    k8sc_status status = k8sc_discovery_server_groups(discovery, &out, &err);
    k8sc_object_unref(out);
    return status;
}

static k8sc_status resources(void)
{
    k8sc_object *out = NULL;
    k8sc_status status = k8sc_discovery_server_resources_for_group_version(discovery, "apps/v1", &out, &err);
    k8sc_object_unref(out);
    return status;
}

static k8sc_status all_resources(void)
{
    k8sc_list *out = NULL;
    k8sc_error *partial = NULL;
    k8sc_status status = k8sc_discovery_server_groups_and_resources(discovery, NULL, &out, &partial, &err);
    k8sc_error_free(partial);
    k8sc_list_free(out);
    return status;
}

static k8sc_status openapi(void)
{
    k8sc_object *out = NULL;
    k8sc_status status = k8sc_discovery_openapi_v3_document(discovery, "apps/v1", &out, &err);
    k8sc_object_unref(out);
    return status;
}

static k8sc_status enabled(void)
{
    int yes;
    return k8sc_discovery_is_resource_enabled(discovery, "v1", "pods", &yes, &err);
}

static k8sc_status found(void)
{
    k8sc_rest_mapping *out = NULL;
    k8sc_status status = k8sc_rest_mapper_find(mapper, "deploy", &out, &err);
    k8sc_rest_mapping_free(out);
    return status;
}

static k8sc_status for_kind(void)
{
    k8sc_informer *out = NULL;
    return k8sc_informer_factory_for_kind(factory, "apps/v1", "Deployment", &out, &err);
}

static k8sc_status applied(void)
{
    static const char text[] = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\"}}";
    k8sc_list *objects;
    k8sc_options *options = new_options();
    OK(k8sc_manifest_parse(text, sizeof text - 1, &objects, &err));
    keep_list(objects);
    OK(k8sc_options_set_field_manager(options, "me", &err));
    return k8sc_manifest_apply(mapper, objects, NULL, options, NULL, &err);
}

static k8sc_status got(void)
{
    k8sc_object *out = NULL;
    return k8sc_resource_get(CONFIG_MAPS(), "a", NULL, &out, &err);
}

static k8sc_status listed(void)
{
    k8sc_list *out = NULL;
    return k8sc_resource_list_all(CONFIG_MAPS(), NULL, &out, &err);
}

static k8sc_status condition(void)
{
    k8sc_object *out = NULL;
    return k8sc_resource_wait_for_condition(PODS(), "a", "Ready", "True", NULL, PATIENCE_MS, &out, &err);
}

static k8sc_status done(void) { return k8sc_request_do(new_request("GET"), NULL, &err); }

static k8sc_status opened(void)
{
    k8sc_stream *out = NULL;
    return k8sc_request_stream(new_request("GET"), &out, &err);
}

static k8sc_status synced(void) { return k8sc_informer_wait_for_sync(informer, PATIENCE_MS, &err); }
static k8sc_status all_synced(void) { return k8sc_informer_factory_wait_for_sync(factory, PATIENCE_MS, &err); }

static const struct {
    const char *name;
    k8sc_status (*call)(void);
} calls[] = {
    {"groups", groups},   {"resources", resources}, {"all resources", all_resources}, {"openapi", openapi},
    {"enabled", enabled}, {"find", found},          {"for_kind", for_kind},           {"apply", applied},
    {"get", got},         {"list", listed},         {"condition", condition},         {"do", done},
    {"stream", opened},   {"sync", synced},         {"all synced", all_synced},
};

static int make_handles(void **state)
{
    if (set_up(state)) return -1;
    OK(k8sc_discovery_new_cached(client, &discovery, &err));
    track(discovery, (void (*)(void *))k8sc_discovery_unref);
    OK(k8sc_rest_mapper_new(discovery, &mapper, &err));
    track(mapper, (void (*)(void *))k8sc_rest_mapper_unref);
    OK(k8sc_informer_factory_new(client, NULL, &factory, &err));
    track(factory, (void (*)(void *))k8sc_informer_factory_unref);
    OK(k8sc_informer_factory_for_resource(factory, "", "v1", "secrets", &informer, &err));
    track(informer, (void (*)(void *))k8sc_informer_unref);
    OK(k8sc_informer_factory_start(factory, &err));
    return 0;
}
#define WITH_HANDLES(function) cmocka_unit_test_setup_teardown(function, make_handles, tear_down)

/* ---- tests */

static void *cancel_soon(void *cancel)
{
    pause_ms(50);
    k8sc_cancel_cancel(cancel);
    return NULL;
}

static void ends_what_hangs(void **state)
{
    (void)state;
    fault("{\"delay_ms\":60000}");
    /* The informer's first list hangs as well. */
    for (size_t i = 0; i < COUNT(calls); i++) {
        k8sc_cancel *cancel = new_cancel();
        int64_t began = now_ms();
        pthread_t thread;
        assert_null(k8sc_cancel_bind(cancel));
        assert_int_equal(pthread_create(&thread, NULL, cancel_soon, cancel), 0);
        ALSO_FAILS(K8SC_E_CANCELLED, calls[i].call(), "cancelled");
        if (now_ms() - began > PATIENCE_MS / 2) fail_msg("%s took %d ms", calls[i].name, (int)(now_ms() - began));
        pthread_join(thread, NULL);
        assert_ptr_equal(k8sc_cancel_bind(NULL), cancel);
    }
    NO_FAILURES();
}

static void begins_nothing_afterwards(void **state)
{
    k8sc_cancel *cancel = new_cancel();
    (void)state;
    k8sc_cancel_cancel(cancel);
    OK(k8sc_testing_server_forget_requests(server, &err));
    k8sc_cancel_bind(cancel);
    ALSO_FAILS(K8SC_E_CANCELLED, got(), "get configmaps default/a", "cancelled");
    ALSO_FAILS(K8SC_E_CANCELLED, resources(), "cancelled");
    k8sc_cancel_bind(NULL);
    NO_FAILURES();
    assert_int_equal(k8sc_testing_server_request_count(server, NULL, "/api/v1/namespaces/default/configmaps"), 0);
    /* What was cancelled is no answer that a cache would keep. */
    OK(resources());
    OK(found());
}

static void *load(void *unused)
{
    k8sc_error *own = NULL;
    k8sc_object *out = NULL;
    (void)unused;
    k8sc_discovery_server_groups(discovery, &out, &own);
    k8sc_object_unref(out);
    k8sc_error_free(own);
    return NULL;
}

/* One thread loads, and another one that waits for it does not have to. */
static void ends_waiting_for_another(void **state)
{
    pthread_t loader, canceller;
    k8sc_cancel *cancel = new_cancel();
    int64_t began;
    (void)state;
    fault("{\"path\":\"/apis\",\"delay_ms\":3000,\"times\":1}");
    assert_int_equal(pthread_create(&loader, NULL, load, NULL), 0);
    AWAIT(k8sc_testing_server_request_count(server, "GET", "/apis") > 0);
    began = now_ms();
    k8sc_cancel_bind(cancel);
    assert_int_equal(pthread_create(&canceller, NULL, cancel_soon, cancel), 0);
    FAILS(K8SC_E_CANCELLED, found(), "cancelled");
    FAILS(K8SC_E_CANCELLED, k8sc_discovery_invalidate(discovery, &err), "cancelled");
    assert_true(now_ms() - began < 2500);
    k8sc_cancel_bind(NULL);
    pthread_join(canceller, NULL);
    pthread_join(loader, NULL);
    OK(found());
}

/* The options' token is for look-ups, too. */
static void ends_look_ups_of_manifests(void **state)
{
    static const char text[] = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\"}}";
    k8sc_cancel *cancel = new_cancel();
    k8sc_options *options = new_options();
    k8sc_list *objects;
    pthread_t thread;
    int64_t began = now_ms();
    (void)state;
    fault("{\"path\":\"/api\",\"delay_ms\":60000}");
    OK(k8sc_manifest_parse(text, sizeof text - 1, &objects, &err));
    keep_list(objects);
    OK(k8sc_options_set_cancel(options, cancel, &err));
    assert_int_equal(pthread_create(&thread, NULL, cancel_soon, cancel), 0);
    FAILS(K8SC_E_CANCELLED, k8sc_manifest_create(mapper, objects, NULL, options, NULL, &err), "1 of 1 objects",
          "cancelled");
    assert_true(now_ms() - began < PATIENCE_MS / 2);
    pthread_join(thread, NULL);
}

static void ends_waiting_for_the_rate(void **state)
{
    k8sc_rate_limiter *limiter;
    k8sc_cancel *cancel = new_cancel();
    pthread_t thread;
    int64_t began = now_ms();
    (void)state;
    OK(k8sc_rate_limiter_new(0.01, 1, &limiter, &err));
    track(limiter, (void (*)(void *))k8sc_rate_limiter_unref);
    OK(k8sc_rate_limiter_accept(limiter, 0, &err));
    k8sc_cancel_bind(cancel);
    assert_int_equal(pthread_create(&thread, NULL, cancel_soon, cancel), 0);
    FAILS(K8SC_E_CANCELLED, k8sc_rate_limiter_accept(limiter, -1, &err), "cancelled");
    k8sc_cancel_bind(NULL);
    assert_true(now_ms() - began < PATIENCE_MS / 2);
    pthread_join(thread, NULL);
}

/* A queue tells how many wait, so that a round of who takes them can end. */
static void a_queue_tells_how_many_events_wait(void **state)
{
    k8sc_queue *queue = new_queue();
    k8sc_informer *maps;
    k8sc_registration *registration;
    (void)state;
    assert_int_equal(k8sc_queue_depth(NULL), 0);
    assert_int_equal(k8sc_queue_depth(queue), 0);
    seed_maps(3);
    OK(k8sc_informer_factory_for_resource(factory, "", "v1", "configmaps", &maps, &err));
    track(maps, (void (*)(void *))k8sc_informer_unref);
    OK(k8sc_informer_add_handler_with(maps, 0, queue, NULL, NULL, NULL, &registration, &err));
    track(registration, (void (*)(void *))k8sc_registration_unref);
    OK(k8sc_informer_start(maps, &err));
    /* And one that says that these were all. */
    AWAIT(k8sc_queue_depth(queue) == 4);
    for (int left = 3; left >= 0; left--) {
        k8sc_event_free(take(queue));
        assert_int_equal(k8sc_queue_depth(queue), left);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_HANDLES(ends_what_hangs),          WITH_HANDLES(begins_nothing_afterwards),
        WITH_HANDLES(ends_waiting_for_another), WITH_HANDLES(ends_look_ups_of_manifests),
        TEST(ends_waiting_for_the_rate),        WITH_HANDLES(a_queue_tells_how_many_events_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
