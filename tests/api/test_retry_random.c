/* Watches that resume, under random faults: what each of thirty of them is told is what was written, in order, once.
 * K8SC_SEED shifts the seeds. */
#include "support.h"

#define SEEDS 30
#define ROUNDS 80
#define NAMES 6
#define MOST (ROUNDS + 8)

struct written {
    int32_t kind;
    int64_t version;
    char name[8];
};

/* One seed: a resource, its writer and its watch. */
struct life {
    uint64_t random;
    int there[NAMES];
    struct written written[MOST];
    size_t count;
    int64_t fault; /* the last */
    struct recorder *told;
    k8sc_watch *watch;
};

static struct life lives[SEEDS];

static uint32_t draw(struct life *life, uint32_t below)
{
    life->random = life->random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(life->random >> 33) % below;
}

static void write_something(int which)
{
    struct life *life = &lives[which];
    struct written *entry = &life->written[life->count++];
    uint32_t name = draw(life, NAMES);
    char plural[16];
    snprintf(entry->name, sizeof entry->name, "n%u", (unsigned)name);
    snprintf(plural, sizeof plural, "things%d", which);
    if (life->there[name] && draw(life, 3) == 0) {
        entry->kind = K8SC_EVENT_DELETED;
        OK(k8sc_testing_server_remove(server, "example.com", "v1", plural, "default", entry->name, &err));
        life->there[name] = 0;
    } else {
        char json[512];
        entry->kind = life->there[name] ? K8SC_EVENT_MODIFIED : K8SC_EVENT_ADDED;
        int len =
            snprintf(json, sizeof json,
                     "{\"apiVersion\":\"example.com/"
                     "v1\",\"kind\":\"Thing%d\",\"metadata\":{\"name\":\"%s\",\"namespace\":\"default\"},\"n\":%zu}",
                     which, entry->name, life->count);
        OK(k8sc_testing_server_put(server, json, (size_t)len, &err));
        life->there[name] = 1;
    }
    OK(k8sc_testing_server_resource_version(server, &entry->version, &err));
}

static void mishap(int which)
{
    static const char *const faults[] = {
        "\"cut_after_bytes\":%u",
        "\"cut_after_bytes\":%u",
        "\"stall_after_bytes\":%u",
        "\"truncate\":true",
        "\"reset\":true",
        "\"status\":{\"code\":500}",
        "\"status\":{\"code\":503}",
        "\"status\":{\"code\":429,\"retryAfter\":1}",
        "\"error_event\":{\"code\":500}",
        "\"error_event\":{\"code\":429}",
        "\"html\":502",
        "\"slow_bytes_per_second\":2000",
    };
    struct life *life = &lives[which];
    char what[64], rule[256];
    /* One at a time: where they pile up, the back-off grows to its longest. */
    if (life->fault && k8sc_testing_server_fault_count(server, life->fault) == 0) return;
    unsigned bytes = draw(life, 1500);
    snprintf(what, sizeof what, faults[draw(life, COUNT(faults))], bytes);
    snprintf(rule, sizeof rule, "{\"verb\":\"watch\",\"resource\":\"things%d\",\"times\":1,%s}", which, what);
    life->fault = fault(rule);
}

static void dispatch(k8sc_client *of) { OK(k8sc_queue_dispatch(k8sc_client_queue(of), 0, NULL, &err)); }

static void check(int which)
{
    struct life *life = &lives[which];
    for (size_t i = 0; i < life->count; i++) {
        struct written *wanted = &life->written[i];
        struct record *got = &life->told->records[i];
        const char *name = got->object ? k8sc_object_name(got->object) : "";
        long long version = got->object ? atoll(k8sc_object_resource_version(got->object)) : 0;
        if (got->kind != wanted->kind || strcmp(name, wanted->name) != 0 || version != wanted->version)
            fail_msg("seed %d, event %zu: kind %d of %s at %lld instead of kind %d of %s at %lld", which, i,
                     (int)got->kind, name, version, (int)wanted->kind, wanted->name, (long long)wanted->version);
    }
    assert_int_equal(life->told->count, life->count);
}

static void nothing_twice_nothing_missed(void **state)
{
    const char *seed = getenv("K8SC_SEED");
    k8sc_testing_options *testing = NULL;
    (void)state;
    OK(k8sc_testing_options_new(&testing, &err));
    for (int i = 0; i < SEEDS; i++) {
        char plural[16], kind[16];
        snprintf(plural, sizeof plural, "things%d", i);
        snprintf(kind, sizeof kind, "Thing%d", i);
        OK(k8sc_testing_options_add_kind(testing, "example.com", "v1", plural, kind, 1, &err));
    }
    restart_server_with(testing);
    seed_map("first"); /* a version to begin with */
    k8sc_config *config = new_config();
    OK(k8sc_config_set_watch_idle_timeout(config, 2500, &err));
    k8sc_client *of = new_client(config);
    memset(lives, 0, sizeof lives);
    for (int i = 0; i < SEEDS; i++) {
        struct life *life = &lives[i];
        char plural[16];
        k8sc_options *options = new_options();
        life->random = (seed ? strtoull(seed, NULL, 10) : 0) + (uint64_t)i * 7919 + 1;
        life->told = new_recorder();
        snprintf(plural, sizeof plural, "things%d", i);
        OK(k8sc_options_set_resource_version(options, "1", &err));
        /* Some are ended by the server every few seconds. */
        if (i % 3) OK(k8sc_options_set_timeout_seconds(options, i % 3, &err));
        if (i % 5 == 0) mishap(i); /* for the first connection */
        OK(k8sc_resource_retry_watch(new_resource(of, "example.com", "v1", plural, "default"), options,
                                     RECORD(life->told), &life->watch, &err));
    }
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < SEEDS; i++) {
            if (draw(&lives[i], 4) != 0) write_something(i);
            if (draw(&lives[i], 8) == 0) mishap(i);
        }
        if (round % 16 == 15) OK(k8sc_testing_server_disconnect(server, &err));
        if (round == ROUNDS / 2) OK(k8sc_testing_server_restart(server, &err));
        dispatch(of);
        pause_ms(150);
    }
    clear_faults();
    for (int i = 0; i < SEEDS; i++) write_something(i); /* the last, that all others come before */
    int64_t until = now_ms() + 90000;
    for (int i = 0; i < SEEDS; i++)
        while (lives[i].told->count < lives[i].count) {
            if (now_ms() > until) fail_msg("seed %d: %zu of %zu events", i, lives[i].told->count, lives[i].count);
            dispatch(of);
            pause_ms(5);
        }
    int64_t watches = 0;
    for (int i = 0; i < SEEDS; i++) {
        check(i);
        k8sc_watch_unref(lives[i].watch);
    }
    /* It was not for nothing. */
    watches = k8sc_testing_server_request_count(server, "GET", "/apis/example.com/v1/");
    assert_true(watches > 3 * SEEDS);
    for (int i = 0; i < SEEDS; i++) run_until_destroyed(k8sc_client_queue(of), lives[i].told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(nothing_twice_nothing_missed)};
    return cmocka_run_group_tests_name("watches that resume, at random", tests, NULL, NULL);
}
