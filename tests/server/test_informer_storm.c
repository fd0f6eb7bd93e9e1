/*
 * An informer says what the server says, after a thousand random writes: left alone, with the server killed on the way,
 * and with a gap in which deletions are missed.
 */
#include "observer.h"
#include "storm.h"
#include "support.h"

static void undisturbed_each_write_is_one_event(void **state)
{
    (void)state;
    observe_through(client);
    storm_begin(1000);
    PUMP_UNTIL(storm_is_over(), 120);
    storm_end();
    observe_until_settled();
    assert_int_equal(observer.all.inferred, 0);
    assert_int_equal(observer.all.errors, 0);
    assert_int_equal(observer.all.repeats, 0);
    /* Nothing is lost on the way: each write is one event. */
    assert_int_equal(observer.all.adds + observer.all.updates + observer.all.deletes, 1000);
}

static void the_server_is_killed_on_the_way(void **state)
{
    (void)state;
    observe_through(client);
    storm_begin(1000);
    PUMP_UNTIL(storm_done() >= 400, 60);
    kill_apiserver();
    start_apiserver();
    PUMP_UNTIL(storm_is_over(), 120);
    storm_end();
    observe_until_settled();
}

static void make_doomed(void)
{
    char name[16];
    int i;
    for (i = 0; i < 10; i++) {
        snprintf(name, sizeof name, "doomed-%d", i);
        create(configmaps(), configmap(name, "1"));
    }
}

static void remove_doomed(void)
{
    char name[16];
    int i;
    for (i = 0; i < 10; i++) {
        snprintf(name, sizeof name, "doomed-%d", i);
        remove_object(configmaps(), name);
    }
}

static void run_storm(int writes)
{
    storm_begin(writes);
    PUMP_UNTIL(storm_is_over(), 120);
    storm_end();
}

/* A restart empties the memory that the server answers watches from, so the version before the gap is too old: 410. */
static void deletions_are_missed_while_history_goes(void **state)
{
    struct relay *relay = relay_to_cluster();
    (void)state;
    observe_through(client_of(config_through(relay)));
    make_doomed();
    run_storm(500);
    observe_until_settled();
    assert_int_equal(observer.all.inferred, 0);

    relay_cut(relay);
    remove_doomed();
    run_storm(300);
    compact_etcd();
    kill_apiserver();
    start_apiserver();
    relay_mend(relay);

    run_storm(200);
    observe_until_settled();
    assert_null(oracle_find(&observer.all, ns, "doomed-0"));
    assert_true(observer.all.inferred >= 10);
}

/* Without a restart the gap is filled from the server's memory: nothing needs to be inferred. */
static void a_lost_connection_loses_nothing(void **state)
{
    struct relay *relay = relay_to_cluster();
    (void)state;
    observe_through(client_of(config_through(relay)));
    make_doomed();
    run_storm(100);
    observe_until_settled();
    relay_cut(relay);
    remove_doomed();
    run_storm(50);
    relay_mend(relay);
    run_storm(50);
    observe_until_settled();
    assert_null(oracle_find(&observer.all, ns, "doomed-0"));
    assert_int_equal(observer.all.inferred, 0);
    assert_int_equal(observer.all.repeats, 0);
    assert_int_equal(observer.all.adds + observer.all.updates + observer.all.deletes, 220);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(undisturbed_each_write_is_one_event),
        TEST(the_server_is_killed_on_the_way),
        TEST(deletions_are_missed_while_history_goes),
        TEST(a_lost_connection_loses_nothing),
    };
    storm_seed();
    return RUN_ON_CLUSTER("", tests);
}
