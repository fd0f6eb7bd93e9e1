/* Two thousand changes with faults between them: at the end the cache is what the server has, and what a handler was told is a history
 * that could have been. K8SC_SEED repeats a run. */
#include "informer_support.h"

#define OPERATIONS 2000
#define NAMES 40
/* The longest wait of a back-off is 60 s, and a stalled watch is found out before it. */
#define OUTAGE_MS 90000

static uint64_t random_state;

static uint32_t draw(uint32_t below)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random_state >> 33) % below;
}

/* What a handler knows of each object. */
struct known {
    int there;
    char uid[48], version[24];
};

static const char *check_history(struct recorder *seen)
{
    static char why[512];
    static struct known known[NAMES];
    memset(known, 0, sizeof known);
    for (size_t i = 0; i < seen->count; i++) {
        struct record *one = &seen->records[i];
        if (one->kind == K8SC_EVENT_SYNC || one->kind == K8SC_EVENT_ERROR) continue;
        struct known *of = &known[atoi(one->name + 1)];
        const char *fault = NULL;
        if (one->kind == K8SC_EVENT_ADD && of->there) fault = "ADD of what is known";
        if (one->kind != K8SC_EVENT_ADD && !of->there) fault = "UPDATE or DELETE of what is not known";
        if (one->kind == K8SC_EVENT_UPDATE && (strcmp(one->old_version, of->version) != 0 || strcmp(one->old_uid, of->uid) != 0))
            fault = "UPDATE from a state that was not the last";
        if (one->kind == K8SC_EVENT_DELETE && one->inferred && strcmp(one->version, of->version) != 0) fault = "inferred DELETE without the last state";
        if (one->kind == K8SC_EVENT_DELETE && !one->inferred && strcmp(one->uid, of->uid) != 0) fault = "DELETE of another uid";
        if (of->there && atoll(one->version) < atoll(of->version)) fault = "back in time";
        if (fault) {
            snprintf(why, sizeof why, "record %zu, kind %d, %s at %s (known: %s): %s", i, (int)one->kind, one->name, one->version, of->version, fault);
            return why;
        }
        of->there = one->kind != K8SC_EVENT_DELETE;
        snprintf(of->uid, sizeof of->uid, "%s", one->uid);
        snprintf(of->version, sizeof of->version, "%s", one->version);
    }
    return NULL;
}

static void mishap(void)
{
    k8sc_error *err;
    char rule[160];
    /* Most mishaps are for the next watch, and this makes it come. */
    int begins_anew = draw(2) == 0;
    /* One at a time: where they pile up, every attempt fails until the back-off is at its longest. */
    clear_faults();
    switch (draw(8)) {
    case 0:
        ok(k8sc_testing_server_disconnect(server, &err), err);
        break;
    case 1:
        snprintf(rule, sizeof rule, "{\"verb\":\"watch\",\"times\":1,\"cut_after_bytes\":%u}", (unsigned)draw(3000));
        fault(rule);
        break;
    case 2:
        snprintf(rule, sizeof rule, "{\"verb\":\"watch\",\"times\":1,\"stall_after_bytes\":%u}", (unsigned)draw(3000));
        fault(rule);
        break;
    case 3:
        fault("{\"verb\":\"watch\",\"times\":1,\"error_event\":{\"code\":410,\"reason\":\"Expired\"}}");
        break;
    case 4:
        fault("{\"verb\":\"list|watch\",\"times\":1,\"reset\":true}");
        break;
    case 5:
        ok(k8sc_testing_server_restart(server, &err), err);
        break;
    case 6:
        ok(k8sc_testing_server_disconnect(server, &err), err);
        ok(k8sc_testing_server_compact(server, &err), err);
        break;
    default:
        ok(k8sc_testing_server_compact(server, &err), err);
        break;
    }
    if (begins_anew) ok(k8sc_testing_server_disconnect(server, &err), err);
}

static int is_equal(k8sc_lister *lister, const int *there)
{
    int64_t count = 0;
    for (int i = 0; i < NAMES; i++) {
        char name[16];
        k8sc_object *object;
        snprintf(name, sizeof name, "m%d", i);
        int found = k8sc_lister_get(lister, i % 2 ? "odd" : "even", name, &object, NULL) == K8SC_OK;
        char wanted[64] = "";
        if (found) snprintf(wanted, sizeof wanted, "\"resourceVersion\":\"%s\"", k8sc_object_resource_version(object));
        k8sc_object_unref(object);
        if (found != there[i]) return 0;
        if (found && !strstr(server_text(i % 2 ? "odd" : "even", name), wanted)) return 0;
        count += there[i];
    }
    return k8sc_lister_size(lister) == count;
}

/* Ends what is still to fail, and waits until the cache has all. */
static void catch_up(k8sc_lister *lister, const int *there)
{
    clear_faults();
    int64_t limit = now_ms() + OUTAGE_MS;
    while (!is_equal(lister, there)) {
        if (now_ms() > limit) fail_msg("the cache is not what the server has after %d ms", OUTAGE_MS);
        turn();
    }
}

static void random_changes(void **state)
{
    struct recorder *seen = new_recorder();
    k8sc_testing_options *options = server_options();
    k8sc_config *config;
    k8sc_error *err;
    static int there[NAMES];
    (void)state;
    const char *given = getenv("K8SC_SEED");
    random_state = given ? strtoull(given, NULL, 10) : (uint64_t)now_ms() * 2654435761u + (uint64_t)getpid();
    print_message("# K8SC_SEED=%llu\n", (unsigned long long)random_state);
    memset(there, 0, sizeof there);

    ok(k8sc_testing_options_set_bookmark_interval(options, 300, &err), err);
    use_server(options);
    config = client_config();
    ok(k8sc_config_set_watch_idle_timeout(config, 1500, &err), err);
    use_client(config);
    k8sc_informer *informer = running_informer(NULL, seen);
    k8sc_lister *lister = lister_of(informer);

    for (int i = 0; i < OPERATIONS; i++) {
        char name[16], value[16];
        int which = (int)draw(NAMES);
        const char *space = which % 2 ? "odd" : "even";
        snprintf(name, sizeof name, "m%d", which);
        snprintf(value, sizeof value, "%d", i);
        if (there[which] && draw(3) == 0) {
            remove_map(space, name);
            there[which] = 0;
        } else {
            put_map(space, name, value);
            there[which] = 1;
        }
        if (draw(120) == 0 || i % 200 == 100) mishap();
        if (draw(3) == 0) turn();
        /* Now and then all is well again, so that not everything falls into one outage. */
        if (i % 180 == 179) catch_up(lister, there);
    }
    catch_up(lister, there);
    /* The last events are on their way when the cache is right. */
    put_map("even", "m0", "the end");
    int64_t limit = now_ms() + OUTAGE_MS;
    while (count_of(seen, 0, "m0") == 0 || strcmp(record_of(seen, 0, "m0", -1).value, "the end") != 0) {
        if (now_ms() > limit) fail_msg("the last change was not told");
        turn();
    }
    print_message("# %zu events; of the last 1000 requests %lld lists and %lld watches\n", count_of(seen, 0, NULL), (long long)requests("list"),
                  (long long)requests("watch"));
    const char *why = check_history(seen);
    if (why) fail_msg("%s", why);
    assert_int_equal(count_of(seen, K8SC_EVENT_SYNC, NULL), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(random_changes)};
    return run_named_tests("informer random", tests, sizeof tests / sizeof *tests);
}
