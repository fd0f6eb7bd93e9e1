/*
 * A peer that goes without a word: something between client and server takes all bytes and passes nothing on, or a
 * firewall drops them. An informer finds out, and goes on where it was: nothing is missed, nothing is listed anew,
 * nothing is told as an error.
 */
#include "../support/oracle.h"
#include "support.h"

static struct oracle oracle;
static struct relay *relay;

static int begin_relayed(void **state)
{
    oracle_clear(&oracle);
    int status = begin(state);
    relay = relay_to_cluster();
    return status;
}

static int end_relayed(void **state)
{
    int status = end(state);
    oracle_clear(&oracle);
    return status;
}

#define RELAYED_TEST(function) cmocka_unit_test_setup_teardown(function, begin_relayed, end_relayed)

/* Of the test's namespace, and yours. */
static k8sc_informer *new_informer(k8sc_client *of, struct oracle *with)
{
    k8sc_informer_options *how = NULL;
    k8sc_informer *made = NULL;
    OK(k8sc_informer_options_new(&how, &err));
    OK(k8sc_informer_options_set_namespace(how, ns, &err));
    OK(k8sc_informer_new(of, "", "v1", "configmaps", how, &made, &err));
    k8sc_informer_options_free(how);
    OK(k8sc_informer_add_handler(made, oracle_on_event, with, oracle_destroyed, NULL, &err));
    OK(k8sc_informer_start(made, &err));
    return made;
}

static void informer_of(k8sc_client *of, struct oracle *with)
{
    *informer_slot() = new_informer(of, with);
    AWAIT_WITHIN(1000 * 30, with->syncs == 1, pump(of));
}

/* Waits until the watch is open: what is made now is told. */
static void see(k8sc_client *of, struct oracle *with, const char *name, int seconds)
{
    create(configmaps(), configmap(name, "1"));
    AWAIT_WITHIN(1000 * seconds, oracle_find(with, ns, name), pump(of));
}

static void assert_undisturbed(const struct oracle *of, int adds)
{
    if (of->fault[0]) fail_msg("%s", of->fault);
    if (of->errors) fail_msg("%s", of->last_error);
    assert_int_equal(of->adds, adds);
    assert_int_equal(of->initial_adds, 0);
    assert_int_equal(of->updates + of->deletes + of->repeats, 0);
}

/* Whether a request ended with the error that is looked for. */
struct ending {
    const char *says;
    int seen;
};

static int on_trace(const k8sc_event *event, void *user_data)
{
    struct ending *ending = user_data;
    if (strstr(k8sc_event_text(event), ending->says)) ending->seen++;
    return 0;
}

/* `how`: what the watch's request ends with. */
static void is_found_out(int http2, void (*go_silent)(struct relay *), int probe_ms, int limit_s, const char *how)
{
    struct ending ending = {how, 0};
    k8sc_subscription *traces = NULL;
    k8sc_config *config = config_through(relay);
    if (probe_ms) OK(k8sc_config_set_probe(config, probe_ms, probe_ms, &err));
    OK(k8sc_config_set_http2(config, http2, &err));
    k8sc_client *of = client_of(config);
    OK(k8sc_client_on_trace(of, NULL, on_trace, &ending, NULL, &traces, &err));
    informer_of(of, &oracle);
    see(of, &oracle, "before", 20);
    go_silent(relay);
    see(of, &oracle, "meanwhile", limit_s);
    see(of, &oracle, "after", limit_s);
    k8sc_subscription_cancel(traces);
    k8sc_subscription_unref(traces);
    assert_undisturbed(&oracle, 3);
    assert_true(ending.seen > 0);
}

static void nothing_is_passed_on(void **state)
{
    (void)state;
    is_found_out(1, relay_swallow, 500, 30, "no answer to a probe within 500 ms");
}

static void nothing_is_passed_on_over_http1(void **state)
{
    (void)state;
    is_found_out(0, relay_swallow, 700, 30, "silent for 1400 ms, and no other request can share it");
}

static void packets_are_dropped(void **state)
{
    (void)state;
    is_found_out(1, relay_go_deaf, 500, 30, "error");
}

/* A quiet connection is probed, and stays: one connection, however many informers are on it. */
static void a_quiet_peer_is_left_alone(void **state)
{
    enum { informers = 50 };
    static struct oracle oracles[informers];
    k8sc_config *config = config_through(relay);
    (void)state;
    OK(k8sc_config_set_probe(config, 200, 10000, &err));
    OK(k8sc_config_set_rate_limit(config, -1, 0, &err));
    k8sc_client *of = client_of(config);
    memset(oracles, 0, sizeof oracles);
    k8sc_informer *made[informers];
    for (int i = 0; i < informers; i++) made[i] = new_informer(of, &oracles[i]);
    for (int i = 0; i < informers; i++) AWAIT_WITHIN(1000 * 30, oracles[i].syncs == 1, pump(of));
    create(configmaps(), configmap("sign", "1"));
    for (int i = 0; i < informers; i++) AWAIT_WITHIN(1000 * 30, oracle_find(&oracles[i], ns, "sign"), pump(of));
    int connections = relay_connections(relay);
    assert_int_equal(connections, 1);
    int64_t until = now_ms() + 3000;
    while (now_ms() < until) pump(of);
    assert_int_equal(relay_connections(relay), connections);
    create(configmaps(), configmap("later", "1"));
    for (int i = 0; i < informers; i++) AWAIT_WITHIN(1000 * 30, oracle_find(&oracles[i], ns, "later"), pump(of));
    assert_int_equal(relay_connections(relay), connections);
    for (int i = 0; i < informers; i++) {
        if (oracles[i].fault[0] || oracles[i].errors) fail_msg("%s%s", oracles[i].fault, oracles[i].last_error);
        oracle_clear(&oracles[i]);
        k8sc_informer_unref(made[i]);
    }
}

/* As it comes, in less than a minute; all ways at once, since that takes its time. */
static void at_default_settings(void **state)
{
    static struct oracle over_http1;
    (void)state;
    memset(&over_http1, 0, sizeof over_http1);
    k8sc_client *of = client_of(config_through(relay));
    k8sc_config *config = config_through(relay);
    OK(k8sc_config_set_http2(config, 0, &err));
    k8sc_client *other = client_of(config);
    informer_of(of, &oracle);
    informer_of(other, &over_http1);
    create(configmaps(), configmap("before", "1"));
    AWAIT_WITHIN(1000 * 20, oracle_find(&oracle, ns, "before") && oracle_find(&over_http1, ns, "before"),
                 (pump(of), pump(other)));
    relay_swallow(relay);
    int64_t began = now_ms();
    create(configmaps(), configmap("meanwhile", "1"));
    AWAIT_WITHIN(1000 * 60, oracle_find(&oracle, ns, "meanwhile") && oracle_find(&over_http1, ns, "meanwhile"),
                 (pump(of), pump(other)));
    print_message("# both resumed within %lld ms\n", (long long)(now_ms() - began));
    assert_undisturbed(&oracle, 2);
    assert_undisturbed(&over_http1, 2);
    oracle_clear(&over_http1);
}

/* A firewall that drops all there is between two hosts: TCP's keepalive, or the probe, whichever comes first. */
static void behind_a_firewall_at_default_settings(void **state)
{
    (void)state;
    is_found_out(1, relay_go_deaf, 0, 60, "error");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RELAYED_TEST(nothing_is_passed_on), RELAYED_TEST(nothing_is_passed_on_over_http1),
        RELAYED_TEST(packets_are_dropped),  RELAYED_TEST(a_quiet_peer_is_left_alone),
        RELAYED_TEST(at_default_settings),  RELAYED_TEST(behind_a_firewall_at_default_settings)};
    return RUN_ON_CLUSTER("", tests);
}
