/* The same against a server without a watch cache: its lists come in pages, and compaction alone makes a watch's
 * version too old. */
#include "observer.h"
#include "storm.h"
#include "support.h"

static void run_storm(int writes)
{
    storm_begin(writes);
    PUMP_UNTIL(storm_is_over(), 120);
    storm_end();
}

static void undisturbed_each_write_is_one_event(void **state)
{
    (void)state;
    observe_through(client);
    run_storm(300);
    observe_until_settled();
    assert_int_equal(observer.all.adds + observer.all.updates + observer.all.deletes, 300);
}

static void the_first_list_comes_in_pages(void **state)
{
    k8sc_informer_options **how = informer_options_slot();
    k8sc_informer **informer = informer_slot();
    static struct oracle oracle;
    (void)state;
    run_storm(150);
    OK(k8sc_informer_options_new(how, &err));
    OK(k8sc_informer_options_set_namespace(*how, ns, &err));
    OK(k8sc_informer_options_set_page_size(*how, 7, &err));
    OK(k8sc_informer_new(client, "", "v1", "configmaps", *how, informer, &err));
    OK(k8sc_informer_add_handler(*informer, oracle_on_event, &oracle, NULL, NULL, &err));
    OK(k8sc_informer_start(*informer, &err));
    PUMP_UNTIL(oracle.syncs, 30);
    assert_string_equal(oracle.fault, "");
    assert_string_equal(oracle_difference(&oracle, list(configmaps(), NULL)), "");
    assert_int_equal(oracle.initial_adds, oracle.count);
    assert_true(oracle.count > 14); /* more than two pages */
    oracle_clear(&oracle);
}

static void compaction_during_a_lost_connection(void **state)
{
    struct relay *relay = relay_to_cluster();
    (void)state;
    observe_through(client_of(config_through(relay)));
    create(configmaps(), configmap("doomed", "1"));
    run_storm(500);
    observe_until_settled();

    relay_cut(relay);
    remove_object(configmaps(), "doomed");
    run_storm(300);
    compact_etcd();
    relay_mend(relay);

    run_storm(200);
    observe_until_settled();
    assert_null(oracle_find(&observer.all, ns, "doomed"));
    assert_true(observer.all.inferred >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(undisturbed_each_write_is_one_event),
        TEST(the_first_list_comes_in_pages),
        TEST(compaction_during_a_lost_connection),
    };
    storm_seed();
    return RUN_ON_CLUSTER("--watch-cache=false", tests);
}
