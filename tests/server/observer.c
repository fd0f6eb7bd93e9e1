#include "observer.h"

#include "support.h"

struct observer observer;

static k8sc_lister *inform(k8sc_client *through, const char *selector, struct oracle *oracle)
{
    k8sc_informer_options **how = informer_options_slot();
    k8sc_informer **informer = informer_slot();
    k8sc_lister **lister = lister_slot();
    OK(k8sc_informer_options_new(how, &err));
    OK(k8sc_informer_options_set_namespace(*how, ns, &err));
    OK(k8sc_informer_options_set_queue(*how, k8sc_client_queue(client), &err));
    if (selector) OK(k8sc_informer_options_set_label_selector(*how, selector, &err));
    OK(k8sc_informer_new(through, "", "v1", "configmaps", *how, informer, &err));
    OK(k8sc_informer_add_handler(*informer, oracle_on_event, oracle, NULL, NULL, &err));
    OK(k8sc_informer_lister(*informer, lister, &err));
    OK(k8sc_informer_start(*informer, &err));
    OK(k8sc_informer_wait_for_sync(*informer, 30000, &err));
    return *lister;
}

void observe_through(k8sc_client *through)
{
    oracle_clear(&observer.all);
    oracle_clear(&observer.left);
    observer.lister = inform(through, NULL, &observer.all);
    observer.left_lister = inform(through, "side=left", &observer.left);
    PUMP_UNTIL(observer.all.syncs && observer.left.syncs, 30);
}

static void settle(struct oracle *oracle, k8sc_lister *lister, const k8sc_list *wanted)
{
    k8sc_list **cached = list_slot();
    int64_t until = now_ms() + 240000;
    while (*oracle_difference(oracle, wanted) && now_ms() < until) pump(client);
    if (*oracle->fault) fail_msg("%s", oracle->fault);
    if (*oracle_difference(oracle, wanted))
        fail_msg("%s (last error: %s)", oracle_difference(oracle, wanted), oracle->last_error);
    OK(k8sc_lister_list(lister, NULL, NULL, cached, &err));
    assert_string_equal(list_difference(*cached, wanted), "");
}

void observe_until_settled(void)
{
    settle(&observer.all, observer.lister, list(configmaps(), NULL));
    settle(&observer.left, observer.left_lister, list(configmaps(), with_label_selector("side=left")));
}
