/* Reading one's own writes: waiting until a cache has seen a version. */
#include "informer_support.h"

static k8sc_resource *config_maps(void)
{
    k8sc_resource *resource;
    k8sc_error *err;
    OK(k8sc_client_resource(client, "", "v1", "configmaps", "default", &resource, &err));
    return resource;
}

static void wait_for(k8sc_informer *informer, const char *version)
{
    k8sc_error *err;
    OK(k8sc_informer_wait_for_resource_version(informer, version, PATIENCE_MS, &err));
}

/* Nobody dispatches meanwhile. */
static void own_writes_are_read(void **state)
{
    (void)state;
    k8sc_informer *informer = new_informer(NULL);
    k8sc_lister *lister = lister_of(informer);
    k8sc_resource *resource = config_maps();
    put_map("default", "a", "");
    OK(k8sc_informer_start(informer, &err));
    for (int i = 0; i < 50; i++) {
        char json[64], value[16];
        k8sc_object *written;
        snprintf(value, sizeof value, "%d", i);
        snprintf(json, sizeof json, "{\"data\":{\"v\":\"%s\"}}", value);
        OK(k8sc_resource_patch(resource, "a", K8SC_PATCH_MERGE, json, strlen(json), NULL, &written, &err));
        char version[32];
        snprintf(version, sizeof version, "%s", k8sc_object_resource_version(written));
        k8sc_object_unref(written);
        wait_for(informer, version);
        assert_string_equal(cached(lister, "default", "a"), value);
        /* What was seen stays seen. */
        OK(k8sc_informer_wait_for_resource_version(informer, version, 0, &err));
    }
    OK(k8sc_informer_wait_for_resource_version(informer, "0", 0, &err));
    k8sc_resource_unref(resource);
}

/* Versions are numbers, not texts: "9" comes before "10". */
static void versions_are_numbers(void **state)
{
    (void)state;
    k8sc_informer *informer = running_informer(NULL, new_recorder());
    char version[32];
    for (int i = 0; version_now() < 105; i++) {
        snprintf(version, sizeof version, "%d", i);
        put_map("default", "a", version);
    }
    snprintf(version, sizeof version, "%lld", (long long)version_now());
    wait_for(informer, version);
    OK(k8sc_informer_wait_for_resource_version(informer, "99", 0, &err));
    FAILS(K8SC_E_TIMEOUT, k8sc_informer_wait_for_resource_version(informer, "100000000000000000000000000", 20, &err));
    assert_contains(k8sc_error_message(failure), "100000000000000000000000000");
    assert_contains(k8sc_error_message(failure), version);
}

static void what_does_not_come(void **state)
{
    (void)state;
    k8sc_informer *informer = new_informer(NULL);
    /* One that was not started has seen nothing, not even 0. */
    FAILS(K8SC_E_TIMEOUT, k8sc_informer_wait_for_resource_version(informer, "0", 0, &err));
    const char *wrong[] = {"", "abc", "-1", "1a", " 1", "01"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        FAILS(K8SC_E_INVALID, k8sc_informer_wait_for_resource_version(informer, wrong[i], 0, &err));
        assert_contains(k8sc_error_message(failure), "not a number");
    }
    FAILS(K8SC_E_INVALID, k8sc_informer_wait_for_resource_version(informer, NULL, 0, &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_wait_for_resource_version(NULL, "1", 0, &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_wait_for_resource_version(informer, "1", -2, &err));
    OK(k8sc_informer_stop(informer, &err));
    FAILS(K8SC_E_STATE, k8sc_informer_wait_for_resource_version(informer, "1", -1, &err));
}

struct waiting {
    pthread_t thread;
    k8sc_informer *informer;
    const char *version;
    k8sc_status status;
    int done; /* atomic */
};

static void *wait_elsewhere(void *argument)
{
    struct waiting *self = argument;
    self->status = k8sc_informer_wait_for_resource_version(self->informer, self->version, -1, NULL);
    __atomic_store_n(&self->done, 1, __ATOMIC_RELEASE);
    return NULL;
}

static int is_done(struct waiting *one) { return __atomic_load_n(&one->done, __ATOMIC_ACQUIRE); }

static void another_thread_waits(void **state)
{
    char version[32];
    (void)state;
    k8sc_informer *informer = running_informer(NULL, new_recorder());
    snprintf(version, sizeof version, "%lld", (long long)version_now() + 2);
    struct waiting near = {.informer = informer, .version = version},
                   far = {.informer = informer, .version = "999999999"};
    assert_int_equal(pthread_create(&near.thread, NULL, wait_elsewhere, &near), 0);
    assert_int_equal(pthread_create(&far.thread, NULL, wait_elsewhere, &far), 0);
    put_map("default", "a", "1");
    for (int i = 0; i < 5; i++) turn();
    assert_false(is_done(&near));
    put_map("default", "a", "2");
    AWAIT(is_done(&near));
    assert_false(is_done(&far));
    /* Stopping ends all waiting. */
    OK(k8sc_informer_stop(informer, &err));
    AWAIT(is_done(&far));
    pthread_join(near.thread, NULL);
    pthread_join(far.thread, NULL);
    assert_int_equal(near.status, K8SC_OK);
    assert_int_equal(far.status, K8SC_E_STATE);
}

/* The cache has an object once it was transformed, and not before. */
static int as_it_is(k8sc_object *object, k8sc_object **out, void *user_data)
{
    (void)object, (void)out, (void)user_data;
    return 0;
}

static void a_transform_comes_first(void **state)
{
    char version[32];
    (void)state;
    k8sc_informer_options *options = informer_options();
    OK(k8sc_informer_options_set_transform(options, as_it_is, NULL, NULL, &err));
    k8sc_informer *informer = running_informer(options, new_recorder());
    put_map("default", "a", "1");
    snprintf(version, sizeof version, "%lld", (long long)version_now());
    FAILS(K8SC_E_TIMEOUT, k8sc_informer_wait_for_resource_version(informer, version, 50, &err));
    RUN_UNTIL(k8sc_informer_wait_for_resource_version(informer, version, 0, NULL) == K8SC_OK);
    assert_string_equal(cached(lister_of(informer), "default", "a"), "1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(own_writes_are_read),  TEST(versions_are_numbers),    TEST(what_does_not_come),
        TEST(another_thread_waits), TEST(a_transform_comes_first),
    };
    return run_named_tests("cached versions", tests, sizeof tests / sizeof *tests);
}
