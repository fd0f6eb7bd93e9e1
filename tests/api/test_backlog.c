/* Handlers that do not keep up: what waits for them is coalesced, or pauses the informer, or simply waits. */
#include "informer_support.h"

static void set_limit(k8sc_registration *registration, int32_t policy, int64_t events)
{
    k8sc_error *err;
    OK(k8sc_registration_set_limit(registration, policy, events, &err));
}

/* Informer and registration of a test: synced, with nothing that waits. */
static k8sc_informer *informer;
static k8sc_registration *registration;
static k8sc_lister *lister;
static struct recorder *seen;

static void begin(int32_t policy, int64_t events)
{
    k8sc_error *err;
    seen = new_recorder();
    informer = new_informer(NULL);
    registration = attach(informer, seen);
    lister = lister_of(informer);
    set_limit(registration, policy, events);
    OK(k8sc_informer_start(informer, &err));
    RUN_UNTIL(count_of(seen, K8SC_EVENT_SYNC, NULL) == 1);
    AWAIT(k8sc_testing_server_watch_count(server) >= 1);
    assert_int_equal(k8sc_registration_depth(registration), 0);
    assert_int_equal(k8sc_registration_coalesced(registration), 0);
}

/* Waits until the cache is as new as the server, without dispatching. */
static void settle(void)
{
    k8sc_error *err;
    char version[32];
    snprintf(version, sizeof version, "%lld", (long long)version_now());
    OK(k8sc_informer_wait_for_resource_version(informer, version, PATIENCE_MS, &err));
}

/* What was told is what is there, and all waiting is over. */
static void drain(void) { RUN_UNTIL(k8sc_registration_depth(registration) == 0); }

static void updates_become_one(void **state)
{
    (void)state;
    put_map("default", "a", "0");
    put_map("default", "b", "0");
    begin(K8SC_LIMIT_COALESCE, 4);
    assert_int_equal(count_of(seen, K8SC_EVENT_ADD, NULL), 2);
    char value[16];
    for (int i = 1; i <= 100; i++) {
        snprintf(value, sizeof value, "%d", i);
        put_map("default", i % 2 ? "a" : "b", value);
    }
    settle();
    /* Four wait as they came, and each later one is in the newest of its object. */
    assert_int_equal(k8sc_registration_depth(registration), 4);
    assert_int_equal(k8sc_registration_coalesced(registration), 96);
    drain();
    assert_string_equal(history(seen, 3), "UPDATE a, UPDATE b, UPDATE a, UPDATE b");
    struct record last = record_of(seen, K8SC_EVENT_UPDATE, "a", -1);
    assert_string_equal(last.old_value, "1");
    assert_string_equal(last.value, "99");
    last = record_of(seen, K8SC_EVENT_UPDATE, "b", -1);
    assert_string_equal(last.old_value, "2");
    assert_string_equal(last.value, "100");
    /* It has caught up: nothing is coalesced any more, and what was is still counted. */
    put_map("default", "a", "x");
    put_map("default", "a", "y");
    settle();
    assert_int_equal(k8sc_registration_depth(registration), 2);
    assert_int_equal(k8sc_registration_coalesced(registration), 96);
    drain();
    assert_string_equal(record_of(seen, K8SC_EVENT_UPDATE, "a", -2).value, "x");
}

static void came_and_went(void **state)
{
    (void)state;
    put_map("default", "filler", "0");
    begin(K8SC_LIMIT_COALESCE, 1);
    put_map("default", "filler", "1");
    put_map("default", "a", "1");
    put_map("default", "a", "2");
    settle();
    assert_int_equal(k8sc_registration_depth(registration), 2);
    remove_map("default", "a");
    settle();
    /* The handler was spared all three. */
    assert_int_equal(k8sc_registration_depth(registration), 1);
    assert_int_equal(k8sc_registration_coalesced(registration), 3);
    put_map("default", "b", "1");
    put_map("default", "b", "2");
    settle();
    drain();
    assert_int_equal(count_of(seen, 0, "a"), 0);
    assert_string_equal(history(seen, 2), "UPDATE filler, ADD b");
    assert_string_equal(record_of(seen, 0, "b", -1).value, "2");
    assert_string_equal(record_of(seen, K8SC_EVENT_UPDATE, "filler", -1).value, "1");
}

static void went_and_came(void **state)
{
    (void)state;
    put_map("default", "filler", "0");
    put_map("default", "a", "old");
    begin(K8SC_LIMIT_COALESCE, 1);
    char uid[48];
    snprintf(uid, sizeof uid, "%s", record_of(seen, K8SC_EVENT_ADD, "a", 0).uid);
    put_map("default", "filler", "1");
    remove_map("default", "a");
    put_map("default", "a", "new");
    put_map("default", "a", "newer");
    settle();
    assert_int_equal(k8sc_registration_depth(registration), 2);
    assert_int_equal(k8sc_registration_coalesced(registration), 2);
    drain();
    assert_string_equal(history(seen, 3), "UPDATE filler, UPDATE a");
    struct record told = record_of(seen, K8SC_EVENT_UPDATE, "a", 0);
    assert_string_equal(told.old_value, "old");
    assert_string_equal(told.old_uid, uid);
    assert_string_equal(told.value, "newer");
    assert_string_not_equal(told.uid, uid);
    assert_false(told.inferred);
}

/* Between the state the handler knows and the newest there were another and a deletion: none of its business. */
static void the_old_state_is_the_known_one(void **state)
{
    (void)state;
    put_map("default", "filler", "0");
    put_map("default", "a", "known");
    begin(K8SC_LIMIT_COALESCE, 1);
    put_map("default", "filler", "1");
    put_map("default", "a", "between");
    remove_map("default", "a");
    put_map("default", "a", "newest");
    settle();
    drain();
    assert_string_equal(history(seen, 3), "UPDATE filler, UPDATE a");
    struct record told = record_of(seen, K8SC_EVENT_UPDATE, "a", 0);
    assert_string_equal(told.old_value, "known");
    assert_string_equal(told.value, "newest");
}

static void a_delete_is_never_lost(void **state)
{
    (void)state;
    put_map("default", "filler", "0");
    put_map("default", "a", "0");
    put_map("default", "b", "0");
    begin(K8SC_LIMIT_COALESCE, 1);
    put_map("default", "filler", "1");
    put_map("default", "a", "1");
    remove_map("default", "a");
    remove_map("default", "b");
    put_map("default", "b", "1");
    remove_map("default", "b");
    settle();
    assert_int_equal(k8sc_registration_depth(registration), 3);
    drain();
    assert_int_equal(count_of(seen, 0, "a"), 2);
    assert_int_equal(count_of(seen, K8SC_EVENT_DELETE, "a"), 1);
    assert_int_equal(count_of(seen, K8SC_EVENT_DELETE, "b"), 1);
    assert_false(record_of(seen, K8SC_EVENT_DELETE, "a", 0).has_old);
    assert_string_equal(record_of(seen, K8SC_EVENT_DELETE, "a", 0).value, "1");
}

/* Whatever happens, one who replays what was told has what the cache has. */
static void a_replay_is_the_cache(void **state)
{
    enum { names = 12 };
    char there[names][256];
    unsigned seed = 7;
    (void)state;
    begin(K8SC_LIMIT_COALESCE, 5);
    memset(there, 0, sizeof there);
    for (int i = 0; i < 1500; i++) {
        char name[16], value[16];
        seed = seed * 1103515245u + 12345u;
        int which = (int)(seed >> 16) % names;
        snprintf(name, sizeof name, "m%d", which);
        snprintf(value, sizeof value, "%d", i);
        if ((seed >> 8) % 3 == 0 && server_text("default", name)[0])
            remove_map("default", name);
        else
            put_map("default", name, value);
        if (i % 100 == 99) {
            settle();
            assert_true(k8sc_registration_depth(registration) <= names + 5);
        }
        if (i % 250 == 249) k8sc_queue_dispatch(queue, 4, NULL, NULL);
    }
    settle();
    drain();
    assert_true(k8sc_registration_coalesced(registration) > 1000);
    for (size_t i = 1; i < seen->count; i++) {
        struct record *told = &seen->records[i];
        char *known = there[atoi(told->name + 1)];
        if (told->kind == K8SC_EVENT_ADD) assert_string_equal(known, "");
        if (told->kind != K8SC_EVENT_ADD) assert_string_not_equal(known, "");
        if (told->kind == K8SC_EVENT_UPDATE) assert_string_equal(told->old_value, known);
        snprintf(known, sizeof there[0], "%s", told->kind == K8SC_EVENT_DELETE ? "" : told->value);
    }
    for (int i = 0; i < names; i++) {
        char name[16];
        snprintf(name, sizeof name, "m%d", i);
        assert_string_equal(there[i], cached(lister, "default", name));
    }
}

/* Large enough that a piece of a body ends few of them: what has arrived when the informer stops is still told. */
enum { large = 40000, overshoot = 10 };

static void put_large(int from, int to)
{
    char *json = malloc(large + 200);
    if (!json) abort();
    for (int i = from; i <= to; i++) {
        int at = snprintf(json, 200,
                          "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\",\"namespace\":"
                          "\"default\"},\"data\":{\"v\":\"%d\",\"w\":\"",
                          i);
        memset(json + at, 'w', large);
        snprintf(json + at + large, 8, "\"}}");
        put_json(json);
    }
    free(json);
}

/* That it has stopped with about so many waiting, and goes no further however long it may. */
static void assert_held_at(int64_t limit)
{
    AWAIT(k8sc_registration_depth(registration) >= limit);
    for (int i = 0; i < 20; i++) {
        pause_ms(5);
        assert_in_range(k8sc_registration_depth(registration), limit, limit + overshoot);
    }
    assert_in_range(atoi(cached(lister, "default", "a")), limit, limit + overshoot);
}

static void holds_back(void **state)
{
    (void)state;
    put_map("default", "a", "0");
    begin(K8SC_LIMIT_BACKPRESSURE, 10);
    k8sc_registration *slow = registration;
    struct recorder *slow_one = seen, *other = new_recorder();
    k8sc_queue *mine;
    OK(k8sc_queue_new(&mine, &err));
    attach_with(informer, 0, mine, other);
    put_large(1, 200);
    assert_held_at(10);
    /* All its handlers wait, but nobody misses what the cache has. */
    AWAIT_WITHIN(PATIENCE_MS, count_of(other, K8SC_EVENT_UPDATE, NULL) >= 10, turn_queue(mine));
    assert_in_range(count_of(other, K8SC_EVENT_UPDATE, NULL), 10, 10 + overshoot);
    RUN_UNTIL(count_of(slow_one, K8SC_EVENT_UPDATE, NULL) == 200);
    for (int i = 0; i < 200; i++) {
        char value[16];
        snprintf(value, sizeof value, "%d", i + 1);
        assert_string_equal(record_of(slow_one, K8SC_EVENT_UPDATE, "a", i).value, value);
    }
    assert_int_equal(k8sc_registration_coalesced(slow), 0);
    AWAIT_WITHIN(PATIENCE_MS, count_of(other, K8SC_EVENT_UPDATE, NULL) >= 200, turn_queue(mine));
    assert_int_equal(count_of(other, K8SC_EVENT_UPDATE, NULL), 200);
    k8sc_queue_unref(mine);
}

static void goes_on_without_the_handler(void **state)
{
    (void)state;
    put_map("default", "a", "0");
    begin(K8SC_LIMIT_BACKPRESSURE, 5);
    put_large(1, 40);
    assert_held_at(5);
    OK(k8sc_informer_remove_handler(informer, registration, &err));
    settle();
    assert_string_equal(cached(lister, "default", "a"), "40");
    assert_int_equal(count_of(seen, K8SC_EVENT_UPDATE, NULL), 0);
}

static void the_limit_changes_at_run_time(void **state)
{
    (void)state;
    put_map("default", "a", "0");
    begin(K8SC_LIMIT_BACKPRESSURE, 5);
    put_large(1, 40);
    assert_held_at(5);
    set_limit(registration, K8SC_LIMIT_BACKPRESSURE, 20);
    assert_held_at(20);
    set_limit(registration, K8SC_LIMIT_NONE, 0);
    settle();
    assert_int_equal(k8sc_registration_depth(registration), 40);
    set_limit(registration, K8SC_LIMIT_COALESCE, 1);
    put_map("default", "a", "41");
    settle();
    assert_int_equal(k8sc_registration_depth(registration), 40);
    assert_int_equal(k8sc_registration_coalesced(registration), 1);
    drain();
    assert_int_equal(count_of(seen, K8SC_EVENT_UPDATE, NULL), 40);
    assert_string_equal(record_of(seen, K8SC_EVENT_UPDATE, "a", -1).value, "41");
}

static void everything_waits(void **state)
{
    (void)state;
    put_map("default", "a", "0");
    begin(K8SC_LIMIT_NONE, -1);
    for (int i = 1; i <= 1200; i++) {
        char value[16];
        snprintf(value, sizeof value, "%d", i);
        put_map("default", "a", value);
    }
    settle();
    assert_int_equal(k8sc_registration_depth(registration), 1200);
    assert_int_equal(k8sc_registration_coalesced(registration), 0);
    drain();
    assert_int_equal(count_of(seen, K8SC_EVENT_UPDATE, "a"), 1200);
}

/* Without a limit that was set, it is that of MERGE at 1,000; the initial list waits in full. */
static void unless_told_otherwise(void **state)
{
    (void)state;
    for (int i = 0; i < 1100; i++) {
        char name[16];
        snprintf(name, sizeof name, "m%d", i);
        put_map("default", name, "0");
    }
    seen = new_recorder();
    informer = new_informer(NULL);
    registration = attach(informer, seen);
    OK(k8sc_informer_start(informer, &err));
    OK(k8sc_informer_wait_for_sync(informer, PATIENCE_MS, &err));
    assert_int_equal(k8sc_registration_depth(registration), 1101);
    AWAIT(k8sc_testing_server_watch_count(server) >= 1);
    drain();
    assert_int_equal(count_of(seen, K8SC_EVENT_ADD, NULL), 1100);
    for (int i = 1; i <= 1300; i++) {
        char value[16];
        snprintf(value, sizeof value, "%d", i);
        put_map("default", "m0", value);
    }
    settle();
    assert_int_equal(k8sc_registration_depth(registration), 1000);
    assert_int_equal(k8sc_registration_coalesced(registration), 300);
    drain();
    assert_string_equal(record_of(seen, K8SC_EVENT_UPDATE, "m0", -1).value, "1300");
}

static void wrong_limits(void **state)
{
    (void)state;
    begin(K8SC_LIMIT_COALESCE, 1);
    FAILS(K8SC_E_INVALID, k8sc_registration_set_limit(NULL, K8SC_LIMIT_COALESCE, 1, &err));
    assert_contains(k8sc_error_message(failure), "registration");
    FAILS(K8SC_E_INVALID, k8sc_registration_set_limit(registration, 3, 1, &err));
    assert_contains(k8sc_error_message(failure), "policy is 3");
    FAILS(K8SC_E_INVALID, k8sc_registration_set_limit(registration, -1, 1, &err));
    FAILS(K8SC_E_INVALID, k8sc_registration_set_limit(registration, K8SC_LIMIT_COALESCE, 0, &err));
    assert_contains(k8sc_error_message(failure), "events is 0");
    FAILS(K8SC_E_INVALID, k8sc_registration_set_limit(registration, K8SC_LIMIT_BACKPRESSURE, -1, &err));
    assert_int_equal(k8sc_registration_depth(NULL), -1);
    assert_int_equal(k8sc_registration_coalesced(NULL), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(updates_become_one),
        TEST(came_and_went),
        TEST(went_and_came),
        TEST(the_old_state_is_the_known_one),
        TEST(a_delete_is_never_lost),
        TEST(a_replay_is_the_cache),
        TEST(holds_back),
        TEST(goes_on_without_the_handler),
        TEST(the_limit_changes_at_run_time),
        TEST(everything_waits),
        TEST(unless_told_otherwise),
        TEST(wrong_limits),
    };
    return run_named_tests("backlog", tests, sizeof tests / sizeof *tests);
}
