/* How many connections the client makes, over HTTP/2 and HTTP/1.1, and what two clients share. */
#include "support.h"

enum { informer_count = 10, get_count = 50 };

static int completed, failed, synced, told, most;

static int on_completed(const k8sc_event *event, void *unused)
{
    (void)unused;
    completed++;
    if (k8sc_event_error(event) || k8sc_result_http_status(k8sc_event_result(event)) != 200) failed++;
    return 0;
}

static int on_change(const k8sc_event *event, void *unused)
{
    (void)unused;
    if (k8sc_event_kind(event) == K8SC_EVENT_ERROR) failed++;
    if (k8sc_event_kind(event) == K8SC_EVENT_SYNC) synced++;
    if (k8sc_event_kind(event) == K8SC_EVENT_ADD || k8sc_event_kind(event) == K8SC_EVENT_ADDED) told++;
    return 0;
}

static void go_on(k8sc_client *of, int others)
{
    int now = connections_to(cluster_port) - others;
    if (now > most) most = now;
    pump(of);
}

/* Ten informers and fifty requests at once; `most` is the greatest number of connections that was seen. */
static void keep_busy(k8sc_client *of)
{
    k8sc_rest_client **rest = rest_slot();
    int i, others = connections_to(cluster_port);
    completed = failed = synced = told = most = 0;
    for (i = 0; i < informer_count; i++) {
        k8sc_informer **made = informer_slot();
        OK(k8sc_informer_new(of, "", "v1", "configmaps", NULL, made, &err));
        OK(k8sc_informer_add_handler(*made, on_change, NULL, NULL, NULL, &err));
        OK(k8sc_informer_start(*made, &err));
    }
    OK(k8sc_client_rest(of, "", "v1", rest, &err));
    for (i = 0; i < get_count; i++) {
        k8sc_request **request = request_slot();
        OK(k8sc_rest_client_get(*rest, request, &err));
        k8sc_request_set_resource(*request, "namespaces");
        k8sc_request_set_name(*request, "default");
        OK(k8sc_request_start(*request, NULL, on_completed, NULL, NULL, NULL, &err));
    }
    AWAIT_WITHIN(1000 * 30, completed == get_count, go_on(of, others));
    AWAIT_WITHIN(1000 * 30, synced == informer_count, go_on(of, others));
    /* All know of this one once each of the watches is open. */
    told = 0;
    create(configmaps(), configmap("sign", "1"));
    AWAIT_WITHIN(1000 * 30, told >= informer_count, go_on(of, others));
    go_on(of, others);
    assert_int_equal(failed, 0);
}

static void http2_puts_all_on_one_connection(void **state)
{
    k8sc_config *config = config_of("admin");
    (void)state;
    /* Not the test's own client, so that its connection is not counted. */
    keep_busy(client_of(config));
    assert_in_range(most, 1, 2);
}

static void http1_needs_one_for_each_watch(void **state)
{
    k8sc_config *config = config_of("admin");
    (void)state;
    OK(k8sc_config_set_http2(config, 0, &err));
    keep_busy(client_of(config));
    assert_true(most >= informer_count);
}

/* A watch is on a connection of its own, which speaks HTTP/1.1; it takes nobody else's requests, whatever the others
 * speak. */
static void requests_keep_off_a_watch(void **state)
{
    k8sc_config *config = config_of("admin");
    k8sc_watch **watch = watch_slot();
    (void)state;
    OK(k8sc_config_set_timeout(config, 10000, &err));
    k8sc_client *of = client_of(config);
    k8sc_resource *resource = resource_in(of, "", "v1", "configmaps", ns);
    create(configmaps(), configmap("a", "1"));
    told = 0;
    OK(k8sc_resource_watch(resource, NULL, on_change, NULL, NULL, watch, &err));
    AWAIT_WITHIN(1000 * 30, told == 1, pump(of));
    for (int i = 0; i < 5; i++) assert_string_equal(k8sc_object_name(get(resource, "a")), "a");
}

static const char *manager_of(k8sc_client *of, const char *name)
{
    k8sc_object *made = create(resource_in(of, "", "v1", "configmaps", ns), configmap(name, "1"));
    return k8sc_object_str(made, "/metadata/managedFields/0/manager", NULL);
}

/* The server takes what is before the slash for the field manager. */
static void clients_that_share_a_transport_have_their_own_user_agent(void **state)
{
    k8sc_config *alpha = config_of("admin"), *beta = config_of("admin-cert");
    k8sc_client *first, **second = client_slot();
    (void)state;
    OK(k8sc_config_set_user_agent(alpha, "alpha/1.0", &err));
    OK(k8sc_config_set_user_agent(beta, "beta/1.0", &err));
    first = client_of(alpha);
    OK(k8sc_client_new_shared(beta, first, second, &err));
    assert_string_equal(manager_of(first, "a"), "alpha");
    assert_string_equal(manager_of(*second, "b"), "beta");
    assert_string_equal(manager_of(first, "c"), "alpha");
}

static void clients_that_share_a_transport_have_their_own_identity(void **state)
{
    k8sc_client *first = client_of(config_of("admin")), **second = client_slot();
    (void)state;
    OK(k8sc_client_new_shared(config_of("nobody"), first, second, &err));
    OK(k8sc_resource_list(resource_in(first, "", "v1", "secrets", ns), NULL, list_slot(), &err));
    FAILS(K8SC_E_API, k8sc_resource_list(resource_in(*second, "", "v1", "secrets", ns), NULL, list_slot(), &err));
    assert_true(k8sc_error_is_forbidden(failure));
    OK(k8sc_resource_list(resource_in(first, "", "v1", "secrets", ns), NULL, list_slot(), &err));
}

static void closing_one_of_two_that_share_leaves_the_other(void **state)
{
    k8sc_client *first = client_of(config_of("admin")), **second = client_slot();
    k8sc_resource *namespaces;
    (void)state;
    OK(k8sc_client_new_shared(config_of("admin"), first, second, &err));
    namespaces = resource_in(first, "", "v1", "namespaces", NULL);
    OK(k8sc_client_close(first, 10000, &err));
    FAILS(K8SC_E_CLOSED, k8sc_resource_get(namespaces, "default", NULL, NULL, &err));
    OK(k8sc_resource_get(resource_in(*second, "", "v1", "namespaces", NULL), "default", NULL, NULL, &err));
}

static void close_ends_the_connections(void **state)
{
    int before = connections_to(cluster_port);
    k8sc_client *other = client_of(config_of("admin"));
    (void)state;
    OK(k8sc_resource_get(resource_in(other, "", "v1", "namespaces", NULL), "default", NULL, NULL, &err));
    assert_true(connections_to(cluster_port) > before);
    OK(k8sc_client_close(other, 10000, &err));
    assert_int_equal(connections_to(cluster_port), before);
}

static void a_client_lives_through_a_restart(void **state)
{
    (void)state;
    create(configmaps(), configmap("a", "1"));
    kill_apiserver();
    start_apiserver();
    assert_string_equal(k8sc_object_name(get(configmaps(), "a")), "a");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(http2_puts_all_on_one_connection),
        TEST(http1_needs_one_for_each_watch),
        TEST(requests_keep_off_a_watch),
        TEST(clients_that_share_a_transport_have_their_own_user_agent),
        TEST(clients_that_share_a_transport_have_their_own_identity),
        TEST(closing_one_of_two_that_share_leaves_the_other),
        TEST(close_ends_the_connections),
        TEST(a_client_lives_through_a_restart),
    };
    return RUN_ON_CLUSTER("", tests);
}
