/*
 * Nothing is lost at a real server either: informers with different settings, behind a relay that cuts, resets, stalls
 * and swallows, while several write, the server is killed and etcd compacted. At the end caches and oracles are what a
 * fresh list says, byte for byte. K8SC_SEED repeats the choices.
 */
#include "../support/oracle.h"
#include "storm.h"
#include "support.h"

enum { informer_count = 5, rounds = 3, mishaps_each = 6 };

enum shape { whole, without_managed_fields, transformed };

static struct watcher {
    const char *selector;
    enum shape shape;
    int32_t list_mode;
    int64_t compression, page_size;
    k8sc_lister *lister;
    struct oracle oracle;
} watchers[informer_count] = {
    {.selector = NULL, .shape = whole, .list_mode = K8SC_LIST_AUTO, .compression = -1},
    {.selector = "side=left", .shape = without_managed_fields, .list_mode = K8SC_LIST_STREAM, .compression = 0},
    {.selector = NULL, .shape = transformed, .list_mode = K8SC_LIST_PAGES, .compression = 0, .page_size = 7},
    {.selector = "side!=left", .shape = transformed, .list_mode = K8SC_LIST_AUTO, .compression = 1 << 20},
    {.selector = NULL,
     .shape = without_managed_fields,
     .list_mode = K8SC_LIST_PAGES,
     .compression = 0,
     .page_size = 50},
};

static unsigned chance;
static struct relay *relay;

static k8sc_object *edited(const k8sc_object *object, enum shape shape)
{
    k8sc_draft *draft;
    k8sc_object *made = NULL;
    if (k8sc_object_edit(object, &draft, NULL) < 0) return NULL;
    if (shape != whole) k8sc_draft_remove(draft, "/metadata/managedFields", NULL);
    /* Twice where a transform runs twice. */
    if (shape == transformed)
        k8sc_draft_set_str(draft, "/data/seen", k8sc_object_str(object, "/data/seen", NULL) ? "twice" : "once", NULL);
    k8sc_draft_freeze(draft, &made, NULL);
    k8sc_draft_free(draft);
    return made;
}

static int transform(k8sc_object *object, k8sc_object **out, void *unused)
{
    (void)unused;
    *out = edited(object, transformed);
    return *out ? 0 : -1;
}

static void begin_watcher(struct watcher *watcher, k8sc_client *through)
{
    k8sc_informer_options **how = informer_options_slot();
    k8sc_informer **informer = informer_slot();
    k8sc_lister **lister = lister_slot();
    oracle_clear(&watcher->oracle);
    OK(k8sc_informer_options_new(how, &err));
    OK(k8sc_informer_options_set_namespace(*how, ns, &err));
    OK(k8sc_informer_options_set_queue(*how, k8sc_client_queue(client), &err));
    OK(k8sc_informer_options_set_list_mode(*how, watcher->list_mode, &err));
    OK(k8sc_informer_options_set_compression_threshold(*how, watcher->compression, &err));
    OK(k8sc_informer_options_set_page_size(*how, watcher->page_size, &err));
    OK(k8sc_informer_options_set_watch_idle_timeout(*how, 2000, &err));
    if (watcher->selector) OK(k8sc_informer_options_set_label_selector(*how, watcher->selector, &err));
    if (watcher->shape == without_managed_fields) OK(k8sc_informer_options_set_drop_managed_fields(*how, 1, &err));
    if (watcher->shape == transformed) OK(k8sc_informer_options_set_transform(*how, transform, NULL, NULL, &err));
    OK(k8sc_informer_new(through, "", "v1", "configmaps", *how, informer, &err));
    OK(k8sc_informer_add_handler(*informer, oracle_on_event, &watcher->oracle, NULL, NULL, &err));
    OK(k8sc_informer_lister(*informer, lister, &err));
    OK(k8sc_informer_start(*informer, &err));
    watcher->lister = *lister;
}

static void pump_for(int64_t ms)
{
    int64_t until = now_ms() + ms;
    while (now_ms() < until) pump(client);
}

static void mishap(void)
{
    relay_mend(relay);
    switch (rand_r(&chance) % 7) {
    case 0:
        relay_cut(relay);
        pump_for(rand_r(&chance) % 1500);
        relay_mend(relay);
        break;
    case 1: relay_reset(relay); break;
    case 2:
    case 3: relay_end_after(relay, 1 + (size_t)(rand_r(&chance) % 4000)); break;
    case 4:
        relay_stall(relay);
        pump_for(500 + rand_r(&chance) % 2500);
        relay_mend(relay);
        break;
    case 5: relay_swallow(relay); break;
    default:
        relay_cut(relay);
        pump_for(200);
        compact_etcd();
        relay_mend(relay);
    }
}

/* The first difference between a cache and a list that is made now; "" where there is none. */
static const char *difference(struct watcher *watcher, k8sc_list *wanted)
{
    static char why[1024];
    *why = '\0';
    if (k8sc_lister_size(watcher->lister) != k8sc_list_size(wanted))
        snprintf(why, sizeof why, "%d objects instead of %d", (int)k8sc_lister_size(watcher->lister),
                 (int)k8sc_list_size(wanted));
    for (int64_t i = 0; i < k8sc_list_size(wanted) && !*why; i++) {
        k8sc_object *there = k8sc_list_at(wanted, i), *shaped = edited(there, watcher->shape), *cached = NULL;
        assert_non_null(shaped);
        if (k8sc_lister_get(watcher->lister, ns, k8sc_object_name(there), &cached, NULL) < 0)
            snprintf(why, sizeof why, "%s is missing", k8sc_object_name(there));
        else if (strcmp(k8sc_object_json(cached, NULL), k8sc_object_json(shaped, NULL)) != 0)
            snprintf(why, sizeof why, "cached: %.480s, wanted: %.480s", k8sc_object_json(cached, NULL),
                     k8sc_object_json(shaped, NULL));
        k8sc_object_unref(cached);
        k8sc_object_unref(shaped);
    }
    if (!*why) snprintf(why, sizeof why, "%s", oracle_difference(&watcher->oracle, wanted));
    return why;
}

static void settle(void)
{
    int64_t until = now_ms() + 90000;
    for (int i = 0; i < informer_count; i++) {
        struct watcher *watcher = &watchers[i];
        k8sc_list *wanted = list(configmaps(), watcher->selector ? with_label_selector(watcher->selector) : NULL);
        while (*difference(watcher, wanted) && now_ms() < until) pump(client);
        if (*watcher->oracle.fault) fail_msg("informer %d: %s", i, watcher->oracle.fault);
        if (*difference(watcher, wanted))
            fail_msg("informer %d: %s (last error: %s)", i, difference(watcher, wanted), watcher->oracle.last_error);
    }
}

static void nothing_is_lost(void **state)
{
    k8sc_client *through;
    (void)state;
    chance = storm_seed();
    relay = relay_to_cluster();
    k8sc_config *config = config_through(relay);
    OK(k8sc_config_set_idle_timeout(config, 3000, &err));
    through = client_of(config);
    for (int i = 0; i < informer_count; i++) begin_watcher(&watchers[i], through);
    for (int round = 0; round < rounds; round++) {
        storm_begin(100000);
        for (int i = 0; i < mishaps_each; i++) {
            pump_for(200 + rand_r(&chance) % 800);
            mishap();
        }
        if (round == 1) {
            kill_apiserver();
            pump_for(300);
            start_apiserver();
        }
        relay_mend(relay);
        storm_cancel();
        storm_end();
        settle();
    }
    for (int i = 0; i < informer_count; i++) {
        struct oracle *oracle = &watchers[i].oracle;
        printf("# informer %d: %d adds, %d updates, %d deletes, %d of them inferred, %d errors\n", i, oracle->adds,
               oracle->updates, oracle->deletes, oracle->inferred, oracle->errors);
        assert_int_equal(oracle->syncs, 1);
    }
}

static int end_and_clear(void **state)
{
    int status = end(state);
    for (int i = 0; i < informer_count; i++) oracle_clear(&watchers[i].oracle);
    return status;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(nothing_is_lost, begin, end_and_clear)};
    return RUN_ON_CLUSTER("", tests);
}
