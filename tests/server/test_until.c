/* Waits and watches that resume, on a real server: what is there, what comes, through its death and after compaction.
 */
#include "support.h"

static k8sc_options *from(const char *version)
{
    k8sc_options *made = options();
    OK(k8sc_options_set_resource_version(made, version, &err));
    return made;
}

static k8sc_watch *retry_watch(const k8sc_options *how)
{
    k8sc_watch **made = watch_slot();
    OK(k8sc_resource_retry_watch(configmaps(), how, NULL, NULL, NULL, made, &err));
    return *made;
}

/* ------------------------------------------------------------------------------------------------ watches that resume
 * -- */

/* The server ends each connection after a second or two. */
static void goes_on_after_the_server_ends_it(void **state)
{
    k8sc_options *how = from(version_of(configmaps()));
    char name[16];
    (void)state;
    OK(k8sc_options_set_timeout_seconds(how, 1, &err));
    k8sc_watch *watch = retry_watch(how);
    for (int i = 0; i < 8; i++) {
        snprintf(name, sizeof name, "m%d", i);
        create(configmaps(), configmap(name, "1"));
        pause_ms(500);
    }
    for (int i = 0; i < 8; i++) {
        snprintf(name, sizeof name, "m%d", i);
        expect_event(K8SC_EVENT_ADDED, name);
    }
    expect_no_event();
    k8sc_watch_cancel(watch);
    assert_int_equal(k8sc_error_code(k8sc_event_error(expect_event(K8SC_EVENT_CLOSED, NULL))), K8SC_E_CANCELLED);
}

/* What a server that has just started can be asked for begins at its start: then the end is told, and is never silence.
 */
static void a_killed_server(void **state)
{
    k8sc_watch *watch = retry_watch(from(version_of(configmaps())));
    const k8sc_event *event;
    const char *last;
    (void)state;
    create(configmaps(), configmap("a", "1"));
    last = k8sc_object_resource_version(k8sc_event_object(expect_event(K8SC_EVENT_ADDED, "a")));
    create(configmaps(), configmap("gap", "1"));
    expect_event(K8SC_EVENT_ADDED, "gap");
    kill_apiserver();
    start_apiserver();
    create(configmaps(), configmap("b", "1"));
    /* It may have asked before anything was forgotten. */
    event = next_event();
    if (k8sc_event_kind(event) == K8SC_EVENT_ERROR) {
        assert_true(k8sc_error_is_gone(k8sc_event_error(event)));
        expect_event(K8SC_EVENT_CLOSED, NULL);
    } else {
        assert_int_equal(k8sc_event_kind(event), K8SC_EVENT_ADDED);
        assert_string_equal(k8sc_object_name(k8sc_event_object(event)), "b");
        k8sc_watch_cancel(watch);
        expect_event(K8SC_EVENT_CLOSED, NULL);
    }
    retry_watch(from(last));
    assert_true(k8sc_error_is_gone(k8sc_event_error(expect_event(K8SC_EVENT_ERROR, NULL))));
    assert_true(k8sc_error_is_gone(k8sc_event_error(expect_event(K8SC_EVENT_CLOSED, NULL))));
}

static void refused_is_the_end(void **state)
{
    k8sc_watch **made = watch_slot();
    (void)state;
    /* A server that starts says so as well: without a number of tries it would be waited for. */
    k8sc_options *once = from("1");
    OK(k8sc_options_set_max_retries(once, 1, &err));
    OK(k8sc_resource_retry_watch(resource_in(client, "no.such.group", "v1", "things", ns), once, NULL, NULL, NULL, made,
                                 &err));
    assert_true(k8sc_error_is_not_found(k8sc_event_error(expect_event(K8SC_EVENT_ERROR, NULL))));
    expect_event(K8SC_EVENT_CLOSED, NULL);
}

/* --------------------------------------------------------------------------------------------------------------- waits
 * -- */

static void set_condition(k8sc_resource *resource, const char *name, const char *status)
{
    char patch[256];
    k8sc_options *how = options();
    snprintf(patch, sizeof patch, "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"%s\"}]}}", status);
    OK(k8sc_options_set_subresource(how, "status", &err));
    OK(k8sc_resource_patch(resource, name, K8SC_PATCH_MERGE, patch, strlen(patch), how, NULL, &err));
}

/* What another client does meanwhile: a step each time it is asked, so that nothing depends on time. */
struct steps {
    int asked;
    char seen[256];
};

static int each_step(const k8sc_event *event, void *user_data)
{
    struct steps *steps = user_data;
    snprintf(steps->seen + strlen(steps->seen), sizeof steps->seen - strlen(steps->seen), "%s ",
             k8sc_event_kind_name(event));
    switch (steps->asked++) {
    case 0:
        k8sc_resource_patch(configmaps(), "a", K8SC_PATCH_MERGE, "{\"data\":{\"x\":\"y\"}}", 18, NULL, NULL, NULL);
        return 0;
    case 1: k8sc_resource_delete(configmaps(), "a", NULL, NULL, NULL); return 0;
    }
    return k8sc_event_kind(event) == K8SC_EVENT_DELETED;
}

static void until_it_is_so(void **state)
{
    struct steps steps = {0, ""};
    k8sc_object **object = object_slot();
    (void)state;
    create(configmaps(), configmap("other", "1"));
    create(configmaps(), configmap("a", "1"));
    OK(k8sc_resource_until(configmaps(), "a", NULL, each_step, &steps, NULL, PATIENCE_MS, object, &err));
    assert_string_equal(steps.seen, "ADDED MODIFIED DELETED ");
    assert_string_equal(k8sc_object_str(*object, "/data/x", NULL), "y");
}

static void *make_ready(void *resource)
{
    pause_ms(300);
    set_condition(resource, "a", "True");
    return NULL;
}

static void a_condition(void **state)
{
    pthread_t thread;
    k8sc_resource *resource = pods();
    k8sc_object **object = object_slot();
    (void)state;
    create(resource, pod("a"));
    set_condition(resource, "a", "False");
    OK(k8sc_resource_wait_for_condition(resource, "a", "Ready", "False", NULL, 0, NULL, &err));
    FAILS(K8SC_E_TIMEOUT, k8sc_resource_wait_for_condition(resource, "a", "Ready", "True", NULL, 500, NULL, &err));
    assert_contains(k8sc_error_message(failure), "pods ");
    assert_contains(k8sc_error_message(failure), "/a: ");
    assert_int_equal(pthread_create(&thread, NULL, make_ready, resource), 0);
    OK(k8sc_resource_wait_for_condition(resource, "a", "Ready", "True", NULL, PATIENCE_MS, object, &err));
    pthread_join(thread, NULL);
    assert_string_equal(k8sc_object_str(*object, "/status/conditions/0/status", NULL), "True");
}

static void *delete_and_recreate(void *resource)
{
    pause_ms(300);
    k8sc_resource_delete(resource, "a", NULL, NULL, NULL);
    k8sc_resource_create(resource, configmap("a", "2"), NULL, NULL, NULL);
    return NULL;
}

static void a_deletion(void **state)
{
    pthread_t thread;
    k8sc_resource *resource = configmaps();
    (void)state;
    OK(k8sc_resource_wait_for_deletion(resource, "a", NULL, 0, &err));
    create(resource, configmap("a", "1"));
    FAILS(K8SC_E_TIMEOUT, k8sc_resource_wait_for_deletion(resource, "a", NULL, 500, &err));
    assert_int_equal(pthread_create(&thread, NULL, delete_and_recreate, resource), 0);
    OK(k8sc_resource_wait_for_deletion(resource, "a", NULL, PATIENCE_MS, &err));
    pthread_join(thread, NULL);
    assert_true(exists(resource, "a"));
}

/* The server dies while it is waited for, and has nothing of before: the wait lists again. */
static void *restart_and_delete(void *resource)
{
    pause_ms(500);
    kill_apiserver();
    start_apiserver();
    k8sc_resource_delete(resource, "a", NULL, NULL, NULL);
    return NULL;
}

static void through_a_restart(void **state)
{
    pthread_t thread;
    k8sc_resource *resource = configmaps();
    (void)state;
    create(resource, configmap("a", "1"));
    assert_int_equal(pthread_create(&thread, NULL, restart_and_delete, resource), 0);
    OK(k8sc_resource_wait_for_deletion(resource, "a", NULL, 3 * PATIENCE_MS, &err));
    pthread_join(thread, NULL);
    assert_false(exists(resource, "a"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(goes_on_after_the_server_ends_it),
        TEST(refused_is_the_end),
        TEST(until_it_is_so),
        TEST(a_condition),
        TEST(a_deletion),
        TEST(a_killed_server),
        TEST(through_a_restart),
    };
    return RUN_ON_CLUSTER("", tests);
}
