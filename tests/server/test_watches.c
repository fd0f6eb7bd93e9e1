/* Watches: what they tell, how they end, and that a new one can go on where the last one was. */
#include "support.h"

static k8sc_options *from(const char *version)
{
    k8sc_options *made = options();
    OK(k8sc_options_set_resource_version(made, version, &err));
    return made;
}

/* A pull watch of configmaps. */
static k8sc_watch *watch(const k8sc_options *how)
{
    k8sc_watch **made = watch_slot();
    OK(k8sc_resource_watch(configmaps(), how, NULL, NULL, NULL, made, &err));
    return *made;
}

static void set_label(const char *name, const char *value)
{
    char patch[128];
    snprintf(patch, sizeof patch, "{\"metadata\":{\"labels\":{\"size\":\"%s\"}}}", value);
    OK(k8sc_resource_patch(configmaps(), name, K8SC_PATCH_MERGE, patch, strlen(patch), NULL, NULL, &err));
}

static void each_write_is_an_event(void **state)
{
    k8sc_object *last;
    (void)state;
    watch(from(version_of(configmaps())));
    create(configmaps(), configmap("a", "1"));
    set_label("a", "2");
    remove_object(configmaps(), "a");
    assert_string_equal(k8sc_object_label(k8sc_event_object(expect_event(K8SC_EVENT_ADDED, "a")), "size"), "1");
    assert_string_equal(k8sc_object_label(k8sc_event_object(expect_event(K8SC_EVENT_MODIFIED, "a")), "size"), "2");
    last = k8sc_event_object(expect_event(K8SC_EVENT_DELETED, "a"));
    assert_string_equal(k8sc_object_label(last, "size"), "2");
    assert_string_equal(k8sc_object_str(last, "/data/size", NULL), "1");
}

static void without_a_version_it_begins_with_what_is_there(void **state)
{
    (void)state;
    create(configmaps(), configmap("a", "1"));
    watch(NULL);
    expect_event(K8SC_EVENT_ADDED, "a");
    create(configmaps(), configmap("b", "1"));
    expect_event(K8SC_EVENT_ADDED, "b");
}

static void a_selector_makes_leaving_a_deletion(void **state)
{
    k8sc_options *how = from(version_of(configmaps()));
    (void)state;
    OK(k8sc_options_set_label_selector(how, "size=1", &err));
    watch(how);
    create(configmaps(), configmap("no", "2"));
    create(configmaps(), configmap("yes", "1"));
    set_label("yes", "2");
    set_label("no", "1");
    expect_event(K8SC_EVENT_ADDED, "yes");
    expect_event(K8SC_EVENT_DELETED, "yes");
    expect_event(K8SC_EVENT_ADDED, "no");
}

static void a_watch_of_a_custom_resource(void **state)
{
    k8sc_resource *resource = widgets();
    (void)state;
    OK(k8sc_resource_watch(resource, from(version_of(resource)), NULL, NULL, NULL, watch_slot(), &err));
    create(resource, widget("a", "1"));
    remove_object(resource, "a");
    expect_event(K8SC_EVENT_ADDED, "a");
    expect_event(K8SC_EVENT_DELETED, "a");
}

/* The server sends one or two shortly before the time is over, if it has seen a write since the watch was open, which
 * "a" proves. */
static void bookmarks_come_before_the_watch_ends(void **state)
{
    k8sc_options *how = from(version_of(configmaps()));
    const k8sc_event *event;
    const char *version;
    (void)state;
    OK(k8sc_options_set_allow_watch_bookmarks(how, 1, &err));
    OK(k8sc_options_set_timeout_seconds(how, 6, &err));
    watch(how);
    create(configmaps(), configmap("a", "1"));
    expect_event(K8SC_EVENT_ADDED, "a");
    create(configmaps(), configmap("b", "1"));
    version = k8sc_object_resource_version(k8sc_event_object(expect_event(K8SC_EVENT_ADDED, "b")));
    for (event = expect_event(K8SC_EVENT_BOOKMARK, ""); k8sc_event_kind(event) == K8SC_EVENT_BOOKMARK;
         event = next_event()) {
        assert_string_equal(k8sc_object_kind(k8sc_event_object(event)), "ConfigMap");
        assert_true(atoll(k8sc_object_resource_version(k8sc_event_object(event))) >= atoll(version));
    }
    assert_int_equal(k8sc_event_kind(event), K8SC_EVENT_CLOSED);
    assert_null(k8sc_event_error(event));
}

static void the_server_ends_it_without_an_error(void **state)
{
    k8sc_options *how = from(version_of(configmaps()));
    (void)state;
    OK(k8sc_options_set_timeout_seconds(how, 1, &err));
    watch(how);
    assert_null(k8sc_event_error(expect_event(K8SC_EVENT_CLOSED, NULL)));
}

static void cancel_ends_it(void **state)
{
    k8sc_watch *watched = watch(from(version_of(configmaps())));
    (void)state;
    create(configmaps(), configmap("a", "1"));
    expect_event(K8SC_EVENT_ADDED, "a");
    k8sc_watch_cancel(watched);
    assert_int_equal(k8sc_error_code(k8sc_event_error(expect_event(K8SC_EVENT_CLOSED, NULL))), K8SC_E_CANCELLED);
    create(configmaps(), configmap("b", "1"));
    expect_no_event();
}

static void a_new_one_goes_on_where_the_last_was(void **state)
{
    k8sc_watch *first = watch(from(version_of(configmaps())));
    const char *last;
    (void)state;
    create(configmaps(), configmap("a", "1"));
    create(configmaps(), configmap("b", "1"));
    expect_event(K8SC_EVENT_ADDED, "a");
    last = k8sc_object_resource_version(k8sc_event_object(expect_event(K8SC_EVENT_ADDED, "b")));
    k8sc_watch_cancel(first);
    expect_event(K8SC_EVENT_CLOSED, NULL);

    create(configmaps(), configmap("c", "1"));
    remove_object(configmaps(), "a");
    watch(from(last));
    create(configmaps(), configmap("d", "1"));
    expect_event(K8SC_EVENT_ADDED, "c");
    expect_event(K8SC_EVENT_DELETED, "a");
    expect_event(K8SC_EVENT_ADDED, "d");
}

static void a_killed_server_ends_it_with_an_error(void **state)
{
    k8sc_object *b;
    const char *last;
    (void)state;
    watch(from(version_of(configmaps())));
    create(configmaps(), configmap("a", "1"));
    last = k8sc_object_resource_version(k8sc_event_object(expect_event(K8SC_EVENT_ADDED, "a")));
    create(configmaps(), configmap("gap", "1"));
    expect_event(K8SC_EVENT_ADDED, "gap");
    kill_apiserver();
    assert_int_equal(k8sc_error_code(k8sc_event_error(expect_event(K8SC_EVENT_ERROR, NULL))), K8SC_E_TRANSPORT);
    assert_int_equal(k8sc_error_code(k8sc_event_error(expect_event(K8SC_EVENT_CLOSED, NULL))), K8SC_E_TRANSPORT);
    start_apiserver();
    expect_no_event(); /* it does not resume by itself */

    /* Its memory is empty, and what it can be asked for begins at its start. */
    b = create(configmaps(), configmap("b", "1"));
    watch(from(last));
    assert_true(k8sc_error_is_gone(k8sc_event_error(expect_event(K8SC_EVENT_ERROR, NULL))));
    assert_true(k8sc_error_is_gone(k8sc_event_error(expect_event(K8SC_EVENT_CLOSED, NULL))));
    watch(from(k8sc_object_resource_version(b)));
    create(configmaps(), configmap("c", "1"));
    expect_event(K8SC_EVENT_ADDED, "c");
}

struct counts {
    int events, destroyed;
};

static int count_event(const k8sc_event *event, void *counts)
{
    (void)event;
    ((struct counts *)counts)->events++;
    return 0;
}

static void count_destroy(void *counts) { ((struct counts *)counts)->destroyed++; }

static void callbacks_end_with_destroy(void **state)
{
    struct counts counts = {0, 0};
    k8sc_watch **watched = watch_slot();
    (void)state;
    create(configmaps(), configmap("a", "1"));
    OK(k8sc_resource_watch(configmaps(), NULL, count_event, &counts, count_destroy, watched, &err));
    PUMP_UNTIL(counts.events == 1, 20);
    assert_int_equal(counts.destroyed, 0);
    k8sc_watch_cancel(*watched);
    PUMP_UNTIL(counts.destroyed, 20);
    assert_int_equal(counts.events, 2); /* CLOSED is the last */
    pump(client);
    assert_int_equal(counts.destroyed, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_write_is_an_event),
        TEST(without_a_version_it_begins_with_what_is_there),
        TEST(a_selector_makes_leaving_a_deletion),
        TEST(a_watch_of_a_custom_resource),
        TEST(bookmarks_come_before_the_watch_ends),
        TEST(the_server_ends_it_without_an_error),
        TEST(cancel_ends_it),
        TEST(a_new_one_goes_on_where_the_last_was),
        TEST(callbacks_end_with_destroy),
        TEST(a_killed_server_ends_it_with_an_error),
    };
    return RUN_ON_CLUSTER("", tests);
}
