/* Nothing blocks for ever: deadlines, cancelling, and closing while requests run. The relay keeps a server silent. */
#include "../support/oracle.h"
#include "support.h"

static k8sc_client *silent;
static struct relay *relay; /* between it and the server */

/* A client whose server has answered once and then says nothing. */
static int begin_silent(void **state)
{
    begin(state);
    relay = relay_to_cluster();
    silent = client_of(config_through(relay));
    OK(k8sc_resource_list(resource_in(silent, "", "v1", "configmaps", ns), NULL, list_slot(), &err));
    relay_stall(relay);
    return 0;
}

#define SILENT_TEST(function) cmocka_unit_test_setup_teardown(function, begin_silent, end)

static k8sc_resource *unanswered(void) { return resource_in(silent, "", "v1", "configmaps", ns); }

static void the_overall_deadline(void **state)
{
    k8sc_options *soon = options();
    int64_t began;
    (void)state;
    OK(k8sc_options_set_timeout(soon, 400, &err));
    began = now_ms();
    FAILS(K8SC_E_TIMEOUT, k8sc_resource_get(unanswered(), "a", soon, NULL, &err));
    assert_in_range(now_ms() - began, 390, 5000);
    assert_true(k8sc_error_is_timeout(failure));
    assert_contains(k8sc_error_message(failure), "get configmaps");
    assert_contains(k8sc_error_message(failure), "overall");
}

static void the_deadline_of_a_request_that_was_started(void **state)
{
    k8sc_rest_client **rest = rest_slot();
    k8sc_request **request = request_slot();
    (void)state;
    OK(k8sc_client_rest(silent, "", "v1", rest, &err));
    OK(k8sc_rest_client_get(*rest, request, &err));
    k8sc_request_set_resource(*request, "namespaces");
    k8sc_request_set_timeout(*request, 300);
    OK(k8sc_request_start(*request, k8sc_client_queue(client), NULL, NULL, NULL, NULL, &err));
    assert_int_equal(k8sc_error_code(k8sc_event_error(expect_event(K8SC_EVENT_COMPLETED, NULL))), K8SC_E_TIMEOUT);
}

struct blocked {
    k8sc_resource *resource;
    k8sc_options *options;
    k8sc_error *failure;
    k8sc_status status;
};

static void *get_in_thread(void *data)
{
    struct blocked *blocked = data;
    blocked->status = k8sc_resource_get(blocked->resource, "a", blocked->options, NULL, &blocked->failure);
    return NULL;
}

static void cancelled_from_another_thread(void **state)
{
    struct blocked blocked = {unanswered(), options(), NULL, 0};
    k8sc_cancel **cancel = cancel_slot();
    int64_t began;
    pthread_t thread;
    (void)state;
    OK(k8sc_cancel_new(cancel, &err));
    OK(k8sc_options_set_cancel(blocked.options, *cancel, &err));
    pthread_create(&thread, NULL, get_in_thread, &blocked);
    pause_ms(100); /* most likely sent by now; the outcome must be the same in any case */
    began = now_ms();
    k8sc_cancel_cancel(*cancel);
    pthread_join(thread, NULL);
    err = blocked.failure;
    FAILS(K8SC_E_CANCELLED, blocked.status);
    assert_true(now_ms() - began < 5000);
}

static void a_token_that_was_cancelled_before(void **state)
{
    k8sc_cancel **cancel = cancel_slot();
    k8sc_options *how = options();
    (void)state;
    OK(k8sc_cancel_new(cancel, &err));
    OK(k8sc_options_set_cancel(how, *cancel, &err));
    k8sc_cancel_cancel(*cancel);
    FAILS(K8SC_E_CANCELLED, k8sc_resource_create(configmaps(), configmap("a", "1"), how, NULL, &err));
    assert_false(exists(configmaps(), "a"));
}

static void closed_during_requests(void **state)
{
    enum { count = 4 };
    struct blocked blocked[count];
    pthread_t threads[count];
    int64_t began;
    int i;
    (void)state;
    for (i = 0; i < count; i++) {
        blocked[i] = (struct blocked){unanswered(), NULL, NULL, 0};
        pthread_create(&threads[i], NULL, get_in_thread, &blocked[i]);
    }
    pause_ms(100);
    began = now_ms();
    OK(k8sc_client_close(silent, 10000, &err));
    for (i = 0; i < count; i++) pthread_join(threads[i], NULL);
    assert_true(now_ms() - began < 5000);
    for (i = 0; i < count; i++) {
        k8sc_error_free(blocked[i].failure);
        /* One that had not begun when the client was closed is told that it is closed. */
        assert_true(blocked[i].status == K8SC_E_CANCELLED || blocked[i].status == K8SC_E_CLOSED);
    }
}

static void closed_with_a_watch_and_an_informer(void **state)
{
    k8sc_client *busy = client_of(config_of("admin"));
    k8sc_resource *resource = resource_in(busy, "", "v1", "configmaps", ns);
    k8sc_informer **informer = informer_slot();
    (void)state;
    OK(k8sc_resource_watch(resource, NULL, NULL, NULL, NULL, watch_slot(), &err));
    OK(k8sc_informer_new(busy, "", "v1", "configmaps", NULL, informer, &err));
    OK(k8sc_informer_start(*informer, &err));
    OK(k8sc_informer_wait_for_sync(*informer, 20000, &err));
    OK(k8sc_client_close(busy, 10000, &err));
    assert_true(k8sc_informer_is_stopped(*informer));
    FAILS(K8SC_E_CLOSED, k8sc_resource_get(resource, "a", NULL, NULL, &err));
    FAILS(K8SC_E_CLOSED, k8sc_resource_watch(resource, NULL, NULL, NULL, NULL, watch_slot(), &err));
}

static void the_idle_deadline_of_a_request(void **state)
{
    k8sc_config *config = config_of("admin");
    k8sc_options *once = options();
    k8sc_resource *resource;
    char url[64];
    (void)state;
    relay_mend(relay);
    snprintf(url, sizeof url, "https://127.0.0.1:%s", strrchr(k8sc_client_server(silent), ':') + 1);
    OK(k8sc_config_set_server(config, url, &err));
    OK(k8sc_config_set_idle_timeout(config, 500, &err));
    OK(k8sc_options_set_max_retries(once, 0, &err));
    resource = resource_in(client_of(config), "", "v1", "configmaps", ns);
    create(resource, configmap("a", "1"));
    relay_stall(relay);
    FAILS(K8SC_E_TIMEOUT, k8sc_resource_get(resource, "a", once, NULL, &err));
    assert_contains(k8sc_error_message(failure), "idle");
}

/* A connection that is silent without being closed: given up after the idle deadline, and the watch resumed. */
static void an_informer_gets_over_silence(void **state)
{
    k8sc_config *config = config_of("admin");
    k8sc_informer_options **how = informer_options_slot();
    k8sc_informer **informer = informer_slot();
    k8sc_client *impatient;
    static struct oracle oracle;
    int connections;
    (void)state;
    relay_mend(relay);
    OK(k8sc_config_set_server(config, k8sc_client_server(silent), &err));
    OK(k8sc_config_set_watch_idle_timeout(config, 1000, &err));
    OK(k8sc_config_set_idle_timeout(config, 1000, &err));
    impatient = client_of(config);
    OK(k8sc_informer_options_new(how, &err));
    OK(k8sc_informer_options_set_namespace(*how, ns, &err));
    OK(k8sc_informer_new(impatient, "", "v1", "configmaps", *how, informer, &err));
    OK(k8sc_informer_add_handler(*informer, oracle_on_event, &oracle, NULL, NULL, &err));
    OK(k8sc_informer_start(*informer, &err));
    create(configmaps(), configmap("before", "1"));
    WAIT_UNTIL((pump(impatient), oracle_find(&oracle, ns, "before")), 20);
    connections = relay_connections(relay);
    relay_stall(relay);
    create(configmaps(), configmap("meanwhile", "1"));
    WAIT_UNTIL((pump(impatient), relay_connections(relay) > connections), 20);
    relay_cut(relay); /* what was stalled is lost for good */
    relay_mend(relay);
    WAIT_UNTIL((pump(impatient), oracle_find(&oracle, ns, "meanwhile")), 60);
    /* Each was added once: the oracle finds fault with a repetition. */
    assert_string_equal(oracle.fault, "");
    oracle_clear(&oracle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SILENT_TEST(the_overall_deadline),           SILENT_TEST(the_deadline_of_a_request_that_was_started),
        SILENT_TEST(the_idle_deadline_of_a_request), SILENT_TEST(cancelled_from_another_thread),
        TEST(a_token_that_was_cancelled_before),     SILENT_TEST(closed_during_requests),
        TEST(closed_with_a_watch_and_an_informer),   SILENT_TEST(an_informer_gets_over_silence),
    };
    return RUN_ON_CLUSTER("", tests);
}
