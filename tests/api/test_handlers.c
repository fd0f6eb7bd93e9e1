/* What handlers are told, in which order, and what they may do. */
#include "informer_support.h"

static void adds_then_sync(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    for (char name[] = "a"; *name <= 'e'; name[0]++) put_map("default", name, "1");
    running_informer(NULL, seen);
    assert_int_equal(count_of(seen, 0, NULL), 6);
    for (int i = 0; i < 5; i++) {
        struct record one = record_of(seen, 0, NULL, i);
        assert_int_equal(one.kind, K8SC_EVENT_ADD);
        assert_int_equal(one.initial, 1);
    }
    assert_int_equal(record_of(seen, 0, NULL, 5).kind, K8SC_EVENT_SYNC);
    put_map("default", "f", "1");
    put_map("default", "f", "2");
    remove_map("default", "f");
    RUN_UNTIL(count_of(seen, 0, NULL) == 9);
    assert_string_equal(history(seen, 6), "ADD f, UPDATE f, DELETE f");
    assert_int_equal(record_of(seen, K8SC_EVENT_ADD, "f", 0).initial, 0);
    struct record update = record_of(seen, K8SC_EVENT_UPDATE, "f", 0);
    assert_string_equal(update.old_value, "1");
    assert_string_equal(update.value, "2");
    assert_int_equal(update.same, 0);
}

/* Between start and sync, and after: each sees all, initial, and its own SYNC. */
static void registration_at_any_time(void **state)
{
    struct recorder *early = new_recorder(), *between = new_recorder(), *late = new_recorder();
    (void)state;
    put_map("default", "a", "1");
    put_map("default", "b", "1");
    int64_t held = fault("{\"verb\":\"list\",\"delay_ms\":500,\"times\":1}");
    k8sc_informer *informer = new_informer(NULL);
    attach(informer, early);
    OK(k8sc_informer_start(informer, &err));
    AWAIT(k8sc_testing_server_fault_count(server, held) == 1);
    attach(informer, between);
    RUN_UNTIL(count_of(between, K8SC_EVENT_SYNC, NULL) == 1);
    k8sc_registration *registration = attach(informer, late);
    assert_int_equal(k8sc_informer_has_synced(informer), 1);
    assert_int_equal(k8sc_registration_has_synced(registration), 0);
    RUN_UNTIL(count_of(late, K8SC_EVENT_SYNC, NULL) == 1);
    assert_int_equal(k8sc_registration_has_synced(registration), 1);
    struct recorder *all[] = {early, between, late};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(count_of(all[i], 0, NULL), 3);
        assert_int_equal(record_of(all[i], K8SC_EVENT_ADD, "a", 0).initial, 1);
        assert_int_equal(record_of(all[i], K8SC_EVENT_ADD, "b", 0).initial, 1);
        assert_int_equal(record_of(all[i], 0, NULL, 2).kind, K8SC_EVENT_SYNC);
    }
    put_map("default", "a", "2");
    for (int i = 0; i < 3; i++) RUN_UNTIL(count_of(all[i], K8SC_EVENT_UPDATE, "a") == 1);
}

/* The informer is synced when the cache is filled; a registration when its handler was called. */
static void synced_means_two_things(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    for (char name[] = "a"; *name <= 'e'; name[0]++) put_map("default", name, "1");
    k8sc_informer *informer = new_informer(NULL);
    k8sc_registration *registration = attach(informer, seen);
    OK(k8sc_informer_start(informer, &err));
    OK(k8sc_informer_wait_for_sync(informer, PATIENCE_MS, &err));
    assert_int_equal(k8sc_informer_has_synced(informer), 1);
    assert_int_equal(k8sc_registration_has_synced(registration), 0);
    assert_int_equal(count_of(seen, 0, NULL), 0);
    for (int i = 0; i < 6; i++) {
        int32_t done;
        assert_int_equal(k8sc_registration_has_synced(registration), 0);
        OK(k8sc_queue_dispatch(queue, 1, &done, &err));
        assert_int_equal(done, 1);
    }
    assert_int_equal(k8sc_registration_has_synced(registration), 1);
    assert_int_equal(k8sc_informer_has_synced(NULL), 0);
    assert_int_equal(k8sc_registration_has_synced(NULL), 0);
}

/* Removed before it was called: then it never was. */
static void removed_handler_has_not_synced(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    put_map("default", "a", "1");
    k8sc_informer *informer = new_informer(NULL);
    k8sc_registration *registration = attach(informer, seen);
    OK(k8sc_informer_start(informer, &err));
    OK(k8sc_informer_wait_for_sync(informer, PATIENCE_MS, &err));
    OK(k8sc_informer_remove_handler(informer, registration, &err));
    RUN_UNTIL(seen->destroyed == 1);
    assert_int_equal(count_of(seen, 0, NULL), 0);
    assert_int_equal(k8sc_registration_has_synced(registration), 0);
}

static void remove_and_remove_again(void **state)
{
    struct recorder *seen = new_recorder(), *other = new_recorder();
    (void)state;
    put_map("default", "a", "1");
    k8sc_informer *informer = running_informer(NULL, seen);
    k8sc_registration *registration = attach(informer, other);
    k8sc_lister *lister = lister_of(informer);
    RUN_UNTIL(count_of(other, K8SC_EVENT_SYNC, NULL) == 1);
    put_map("default", "a", "2");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_UPDATE, NULL) == 1 && count_of(other, K8SC_EVENT_UPDATE, NULL) == 1);
    /* What waits at the removal is not delivered either. */
    put_map("default", "a", "3");
    AWAIT(strcmp(cached(lister, "default", "a"), "3") == 0);
    OK(k8sc_informer_remove_handler(informer, registration, &err));
    OK(k8sc_informer_remove_handler(informer, registration, &err));
    RUN_UNTIL(count_of(seen, K8SC_EVENT_UPDATE, NULL) == 2 && other->destroyed == 1);
    assert_int_equal(count_of(other, K8SC_EVENT_UPDATE, NULL), 1);
    FAILS(K8SC_E_INVALID, k8sc_informer_remove_handler(informer, NULL, &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_remove_handler(NULL, registration, &err));
}

/* A registration of another informer is no argument for this one: either refused, or removed as a whole. */
static void removal_at_the_wrong_informer(void **state)
{
    struct recorder *seen = new_recorder(), *unused = new_recorder();
    (void)state;
    k8sc_informer *informer = running_informer(NULL, seen), *wrong = new_informer(NULL);
    k8sc_registration *registration = attach(informer, unused);
    FAILS(K8SC_E_INVALID, k8sc_informer_remove_handler(wrong, registration, &err));
    put_map("default", "a", "1");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ADD, "a") == 1);
    RUN_UNTIL(count_of(unused, K8SC_EVENT_ADD, "a") == 1);
}

struct removing {
    k8sc_informer *informer;
    k8sc_registration *registration;
    k8sc_status status;
};

static void remove_myself(struct recorder *self, const k8sc_event *event)
{
    struct removing *removing = self->extra;
    (void)event;
    removing->status = k8sc_informer_remove_handler(removing->informer, removing->registration, NULL);
}

static void removal_inside_the_handler(void **state)
{
    struct recorder *seen = new_recorder(), *once = new_recorder();
    struct removing removing = {NULL, NULL, -1};
    (void)state;
    put_map("default", "a", "1");
    put_map("default", "b", "1");
    removing.informer = new_informer(NULL);
    once->hook = remove_myself;
    once->extra = &removing;
    removing.registration = attach(removing.informer, once);
    attach(removing.informer, seen);
    OK(k8sc_informer_start(removing.informer, &err));
    RUN_UNTIL(count_of(seen, K8SC_EVENT_SYNC, NULL) == 1 && once->destroyed == 1);
    assert_int_equal(removing.status, K8SC_OK);
    assert_int_equal(count_of(once, 0, NULL), 1);
}

static void add_another(struct recorder *self, const k8sc_event *event)
{
    k8sc_informer *informer = self->extra;
    (void)event;
    self->hook = NULL;
    struct recorder *inner = new_recorder();
    inner->used = 1;
    k8sc_informer_add_handler(informer, RECORD(inner), NULL, NULL);
    self->extra = inner;
}

static void handler_adds_a_handler(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    put_map("default", "a", "1");
    k8sc_informer *informer = new_informer(NULL);
    seen->hook = add_another;
    seen->extra = informer;
    attach(informer, seen);
    OK(k8sc_informer_start(informer, &err));
    RUN_UNTIL(count_of(seen, K8SC_EVENT_SYNC, NULL) == 1);
    struct recorder *inner = seen->extra;
    RUN_UNTIL(count_of(inner, K8SC_EVENT_SYNC, NULL) == 1);
    assert_string_equal(history(inner, 0), "ADD a, SYNC");
    assert_int_equal(record_of(inner, K8SC_EVENT_ADD, "a", 0).initial, 1);
}

/* ---- queues */

static void two_queues(void **state)
{
    struct recorder *here = new_recorder(), *there = new_recorder();
    k8sc_queue *other;
    (void)state;
    put_map("default", "a", "1");
    OK(k8sc_queue_new(&other, &err));
    k8sc_informer *informer = new_informer(NULL);
    attach(informer, here);
    attach_with(informer, 0, other, there);
    OK(k8sc_informer_start(informer, &err));
    RUN_UNTIL(count_of(here, K8SC_EVENT_SYNC, NULL) == 1);
    assert_int_equal(count_of(there, 0, NULL), 0);
    AWAIT_WITHIN(PATIENCE_MS, count_of(there, K8SC_EVENT_SYNC, NULL) > 0, turn_queue(other));
    assert_string_equal(history(there, 0), "ADD a, SYNC");
    /* The last reference: what waits is dropped, the destroy runs here; the informer and the other handler go on. */
    put_map("default", "a", "2");
    RUN_UNTIL(count_of(here, K8SC_EVENT_UPDATE, "a") == 1);
    k8sc_queue_unref(other);
    assert_int_equal(there->destroyed, 1);
    put_map("default", "a", "3");
    RUN_UNTIL(count_of(here, K8SC_EVENT_UPDATE, "a") == 2);
    assert_int_equal(count_of(there, K8SC_EVENT_UPDATE, NULL), 0);
}

static void queue_of_the_informer(void **state)
{
    struct recorder *seen = new_recorder();
    k8sc_informer_options *options = informer_options();
    k8sc_queue *other;
    (void)state;
    put_map("default", "a", "1");
    OK(k8sc_queue_new(&other, &err));
    OK(k8sc_informer_options_set_queue(options, other, &err));
    k8sc_informer *informer = new_informer(options);
    k8sc_registration *registration = attach(informer, seen);
    OK(k8sc_informer_start(informer, &err));
    OK(k8sc_informer_wait_for_sync(informer, PATIENCE_MS, &err));
    turn();
    assert_int_equal(count_of(seen, 0, NULL), 0);
    OK(k8sc_queue_start_thread(other, &err));
    AWAIT(k8sc_registration_has_synced(registration));
    assert_string_equal(history(seen, 0), "ADD a, SYNC");
    FAILS(K8SC_E_BUSY, k8sc_queue_dispatch(other, 0, NULL, &err));
    OK(k8sc_informer_stop(informer, &err));
    AWAIT(destroyed(seen) == 1);
    OK(k8sc_informer_options_set_queue(options, NULL, &err));
    k8sc_queue_unref(other);
}

/* Events as they are asked for: fn NULL, k8sc_queue_take. */
static void events_without_a_function_wait_to_be_taken(void **state)
{
    struct recorder *seen = new_recorder();
    k8sc_registration *registration;
    k8sc_event *event;
    int mine = 0;
    (void)state;
    put_map("default", "a", "1");
    k8sc_informer *informer = new_informer(NULL);
    seen->used = 1;
    OK(k8sc_informer_add_handler(informer, NULL, seen, on_destroy, &registration, &err));
    OK(k8sc_informer_start(informer, &err));
    OK(k8sc_informer_wait_for_sync(informer, PATIENCE_MS, &err));
    /* A dispatch leaves them where they are. */
    turn();
    assert_int_equal(k8sc_registration_has_synced(registration), 0);
    while (count_of(seen, 0, NULL) < 2) {
        OK(k8sc_queue_take(queue, &event, &err));
        assert_non_null(event);
        mine += k8sc_event_user_data(event) == seen;
        keep_record(seen, event);
        k8sc_event_free(event);
    }
    assert_string_equal(history(seen, 0), "ADD a, SYNC");
    assert_int_equal(mine, 2);
    assert_int_equal(k8sc_registration_has_synced(registration), 1);
    OK(k8sc_queue_take(queue, &event, &err));
    assert_null(event);
    put_map("default", "a", "2");
    int ready = 0;
    while (!ready) OK(k8sc_queue_wait(queue, PATIENCE_MS, &ready, &err));
    OK(k8sc_informer_remove_handler(informer, registration, &err));
    OK(k8sc_queue_take(queue, &event, &err));
    assert_null(event);
    assert_int_equal(seen->destroyed, 1);
    k8sc_registration_unref(registration);
}

/* --------------------------------------------------------------------------------------- what handlers do and answer
 * -- */

static void handler_that_returns_non_zero(void **state)
{
    struct recorder *seen = new_recorder();
    int32_t done;
    (void)state;
    put_map("default", "a", "1");
    k8sc_informer *informer = new_informer(NULL);
    seen->answer = 3;
    attach(informer, seen);
    OK(k8sc_informer_start(informer, &err));
    OK(k8sc_informer_wait_for_sync(informer, PATIENCE_MS, &err));
    FAILS(K8SC_E_CALLBACK, k8sc_queue_dispatch(queue, 0, &done, &err));
    assert_int_equal(done, 1);
    assert_string_equal(history(seen, 0), "ADD a");
    /* It counts as delivered. */
    FAILS(K8SC_E_CALLBACK, k8sc_queue_dispatch(queue, 0, &done, &err));
    assert_string_equal(history(seen, 0), "ADD a, SYNC");
    seen->answer = 0;
    put_map("default", "a", "2");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_UPDATE, "a") == 1);
    assert_int_equal(count_of(seen, 0, NULL), 3);
}

struct freeing {
    k8sc_client *client;
    k8sc_informer_factory *factory;
    k8sc_informer *informer;
    k8sc_registration *registration;
};

static void free_everything(struct recorder *self, const k8sc_event *event)
{
    struct freeing *freeing = self->extra;
    k8sc_object *object = k8sc_object_ref(k8sc_event_object(event));
    k8sc_registration_unref(freeing->registration);
    k8sc_informer_unref(freeing->informer);
    k8sc_informer_factory_unref(freeing->factory);
    k8sc_client_unref(freeing->client);
    memset(freeing, 0, sizeof *freeing);
    /* The event stays good for as long as the call takes. */
    keep_record(self, event);
    k8sc_object_unref(object);
}

static void frees_inside(int with_factory, int with_client)
{
    struct recorder *seen = new_recorder();
    struct freeing freeing;
    k8sc_error *err;
    memset(&freeing, 0, sizeof freeing);
    put_map("default", "a", "1");
    put_map("default", "b", "1");
    k8sc_client *own = another_client();
    k8sc_queue *events = k8sc_queue_ref(k8sc_client_queue(own));
    if (with_factory) {
        OK(k8sc_informer_factory_new(own, NULL, &freeing.factory, &err));
        OK(k8sc_informer_factory_for_resource(freeing.factory, "", "v1", "configmaps", &freeing.informer, &err));
    } else {
        OK(k8sc_informer_new(own, "", "v1", "configmaps", NULL, &freeing.informer, &err));
    }
    if (with_client) freeing.client = own;
    seen->used = 1;
    seen->hook = free_everything;
    seen->extra = &freeing;
    OK(k8sc_informer_add_handler(freeing.informer, RECORD(seen), &freeing.registration, &err));
    OK(k8sc_informer_start(freeing.informer, &err));
    OK(k8sc_informer_wait_for_sync(freeing.informer, PATIENCE_MS, &err));
    OK(k8sc_queue_dispatch(events, 1, NULL, &err));
    seen->hook = NULL;
    int64_t limit = now_ms() + PATIENCE_MS;
    while (!seen->destroyed) {
        if (now_ms() > limit) fail_msg("destroy has not run");
        turn_queue(events);
    }
    AWAIT(k8sc_testing_server_watch_count(server) == 0);
    if (!with_client) {
        OK(k8sc_client_close(own, -1, &err));
        k8sc_client_unref(own);
    }
    k8sc_queue_unref(events);
    assert_true(seen->count >= 2);
    assert_string_equal(seen->records[0].name, seen->records[1].name);
}

static void handler_frees_its_informer(void **state)
{
    (void)state;
    frees_inside(0, 0);
}

static void handler_frees_its_factory(void **state)
{
    (void)state;
    frees_inside(1, 0);
}

static void handler_frees_its_client(void **state)
{
    (void)state;
    frees_inside(1, 1);
    frees_inside(0, 1);
}

static void stop_inside(struct recorder *self, const k8sc_event *event)
{
    (void)event;
    k8sc_informer_stop(self->extra, NULL);
}

static void handler_stops_its_informer(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    put_map("default", "a", "1");
    put_map("default", "b", "1");
    k8sc_informer *informer = new_informer(NULL);
    seen->hook = stop_inside;
    seen->extra = informer;
    attach(informer, seen);
    OK(k8sc_informer_start(informer, &err));
    RUN_UNTIL(seen->destroyed == 1);
    assert_int_equal(count_of(seen, 0, NULL), 1);
    assert_int_equal(k8sc_informer_is_stopped(informer), 1);
    FAILS(K8SC_E_STATE, k8sc_informer_start(informer, &err));
    FAILS(K8SC_E_STATE, k8sc_informer_add_handler(informer, on_event, seen, NULL, NULL, &err));
}

static void close_inside(struct recorder *self, const k8sc_event *event)
{
    (void)event;
    k8sc_client_close(self->extra, 10000, NULL);
}

static void handler_closes_its_client(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    put_map("default", "a", "1");
    put_map("default", "b", "1");
    k8sc_informer *informer = new_informer(NULL);
    seen->hook = close_inside;
    seen->extra = client;
    attach(informer, seen);
    OK(k8sc_informer_start(informer, &err));
    OK(k8sc_informer_wait_for_sync(informer, PATIENCE_MS, &err));
    RUN_UNTIL(count_of(seen, 0, NULL) == 1);
    OK(k8sc_client_close(client, -1, &err));
    assert_int_equal(seen->destroyed, 1);
    assert_int_equal(count_of(seen, 0, NULL), 1);
    FAILS(K8SC_E_CLOSED, k8sc_informer_add_handler(informer, on_event, seen, NULL, NULL, &err));
}

/* ---- resync */

static void resync_only_who_is_due(void **state)
{
    struct recorder *due = new_recorder(), *never_due = new_recorder(), *late = new_recorder();
    (void)state;
    put_map("default", "a", "1");
    put_map("default", "b", "1");
    k8sc_informer *informer = new_informer(NULL);
    attach_with(informer, 5, NULL, due);
    attach_with(informer, 0, NULL, never_due);
    int64_t began = now_ms();
    OK(k8sc_informer_start(informer, &err));
    RUN_UNTIL(count_of(due, K8SC_EVENT_SYNC, NULL) == 1);
    attach_with(informer, 3600000, NULL, late);
    RUN_UNTIL(count_of(due, K8SC_EVENT_UPDATE, NULL) == 4);
    /* Twice for two objects, raised to a second at least; nothing is asked of the server. */
    assert_true(now_ms() - began >= 2000);
    assert_int_equal(requests(NULL), 2);
    for (int i = 0; i < 4; i++) {
        struct record update = record_of(due, K8SC_EVENT_UPDATE, NULL, i);
        assert_int_equal(update.same, 1);
        assert_string_equal(update.version, update.old_version);
    }
    assert_int_equal(count_of(never_due, K8SC_EVENT_UPDATE, NULL), 0);
    assert_int_equal(count_of(late, K8SC_EVENT_UPDATE, NULL), 0);
    /* A change is for all. */
    put_map("default", "a", "2");
    RUN_UNTIL(count_of(never_due, K8SC_EVENT_UPDATE, "a") == 1 && count_of(late, K8SC_EVENT_UPDATE, "a") == 1);
    FAILS(K8SC_E_INVALID, k8sc_informer_add_handler_with(informer, -5, NULL, on_event, never_due, NULL, NULL, &err));
}

static void resync_of_the_options(void **state)
{
    struct recorder *seen = new_recorder();
    k8sc_informer_options *options = informer_options();
    (void)state;
    FAILS(K8SC_E_INVALID, k8sc_informer_options_set_resync(options, 999, &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_options_set_resync(options, -1, &err));
    OK(k8sc_informer_options_set_resync(options, 1000, &err));
    put_map("default", "a", "1");
    running_informer(options, seen);
    RUN_UNTIL(count_of(seen, K8SC_EVENT_UPDATE, "a") == 1);
    assert_int_equal(record_of(seen, K8SC_EVENT_UPDATE, "a", 0).same, 1);
}

/* Nobody is due before the first list, however late that comes: a period begins with it. */
static void resync_counts_from_the_first_list(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    put_map("default", "a", "1");
    fault("{\"verb\":\"list\",\"times\":1,\"delay_ms\":1500}");
    k8sc_informer *informer = new_informer(NULL);
    attach_with(informer, 1000, NULL, seen);
    int64_t began = now_ms();
    OK(k8sc_informer_start(informer, &err));
    RUN_UNTIL(count_of(seen, K8SC_EVENT_UPDATE, "a") == 1);
    assert_true(now_ms() - began >= 2500);
}

/* Longer than time goes: never, not always. */
static void resync_in_ages(void **state)
{
    struct recorder *seen = new_recorder(), *other = new_recorder();
    k8sc_informer_options *options = informer_options();
    (void)state;
    OK(k8sc_informer_options_set_resync(options, INT64_MAX, &err));
    put_map("default", "a", "1");
    k8sc_informer *informer = new_informer(options);
    attach(informer, seen);
    attach_with(informer, INT64_MAX - 1, NULL, other);
    OK(k8sc_informer_start(informer, &err));
    RUN_UNTIL(count_of(seen, K8SC_EVENT_SYNC, NULL) == 1);
    put_map("default", "a", "2");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_UPDATE, "a") >= 1 && count_of(other, K8SC_EVENT_UPDATE, "a") >= 1);
    assert_string_equal(history(seen, 0), "ADD a, SYNC, UPDATE a");
    assert_string_equal(history(other, 0), "ADD a, SYNC, UPDATE a");
}

/* A list again, without a change: an update that changes nothing, for those who resync and, before the first check, for
 * all. */
static void relist_without_a_change(void **state)
{
    struct recorder *seen = new_recorder(), *due = new_recorder();
    (void)state;
    put_map("default", "a", "1");
    k8sc_informer *informer = new_informer(NULL);
    attach_with(informer, 0, NULL, seen);
    attach_with(informer, 1000, NULL, due);
    fault("{\"verb\":\"watch\",\"times\":1,\"nth\":2,\"error_event\":{\"code\":410,\"reason\":\"Expired\"}}");
    OK(k8sc_informer_start(informer, &err));
    RUN_UNTIL(count_of(due, K8SC_EVENT_UPDATE, "a") == 1);
    /* From here on only who is due gets such updates. */
    OK(k8sc_testing_server_disconnect(server, &err));
    RUN_UNTIL(requests("list") == 2 && requests("watch") == 3);
    put_map("default", "a", "2");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_UPDATE, "a") >= 1);
    assert_string_equal(record_of(seen, K8SC_EVENT_UPDATE, "a", 0).value, "2");
    assert_int_equal(count_of(seen, K8SC_EVENT_ADD, NULL), 1);
    assert_int_equal(count_of(seen, K8SC_EVENT_SYNC, NULL), 1);
}

static void errors_reach_every_handler(void **state)
{
    struct recorder *first = new_recorder(), *second = new_recorder();
    (void)state;
    fault("{\"verb\":\"list\",\"times\":1,\"status\":{\"code\":403,\"message\":\"not for you\"}}");
    k8sc_informer *informer = new_informer(NULL);
    attach(informer, first);
    attach(informer, second);
    OK(k8sc_informer_start(informer, &err));
    RUN_UNTIL(count_of(first, K8SC_EVENT_SYNC, NULL) == 1 && count_of(second, K8SC_EVENT_SYNC, NULL) == 1);
    assert_string_equal(history(first, 0), "ERROR, SYNC");
    assert_string_equal(history(second, 0), "ERROR, SYNC");
    struct record error = record_of(first, K8SC_EVENT_ERROR, NULL, 0);
    assert_int_equal(error.http, 403);
    assert_non_null(strstr(error.message, "not for you"));
    assert_non_null(strstr(error.message, "/api/v1/configmaps"));
}

/* ---- threads */

struct writer {
    pthread_t thread;
    int stop;
    pthread_mutex_t mutex;
    int written;
};

static void *write_always(void *self)
{
    struct writer *writer = self;
    int stop = 0;
    for (int i = 0; !stop; i++) {
        char json[256];
        snprintf(json, sizeof json,
                 "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"w%d\",\"namespace\":"
                 "\"default\"},\"data\":{\"v\":\"%d\"}}",
                 i % 30, i);
        k8sc_testing_server_put(server, json, strlen(json), NULL);
        if (i % 7 == 0) {
            snprintf(json, sizeof json, "w%d", (i * 5) % 30);
            k8sc_testing_server_remove(server, "", "v1", "configmaps", "default", json, NULL);
        }
        pthread_mutex_lock(&writer->mutex);
        writer->written = i;
        stop = writer->stop;
        pthread_mutex_unlock(&writer->mutex);
        pause_ms(1);
    }
    return NULL;
}

static void start_writer(struct writer *writer)
{
    memset(writer, 0, sizeof *writer);
    pthread_mutex_init(&writer->mutex, NULL);
    assert_int_equal(pthread_create(&writer->thread, NULL, write_always, writer), 0);
}

static void end_writer(struct writer *writer)
{
    pthread_mutex_lock(&writer->mutex);
    writer->stop = 1;
    pthread_mutex_unlock(&writer->mutex);
    pthread_join(writer->thread, NULL);
    pthread_mutex_destroy(&writer->mutex);
}

/* Handlers that come while everything changes: what each is told makes a whole, without gap or repetition. */
static const char *incomplete(struct recorder *seen)
{
    static char why[256];
    char versions[30][24];
    int there[30], synced = 0;
    memset(there, 0, sizeof there);
    for (size_t i = 0; i < seen->count; i++) {
        struct record *one = &seen->records[i];
        if (one->kind == K8SC_EVENT_SYNC) {
            synced = 1;
            continue;
        }
        int of = atoi(one->name + 1);
        const char *fault = NULL;
        if (one->kind == K8SC_EVENT_ADD && there[of]) fault = "ADD twice";
        if (one->kind != K8SC_EVENT_ADD && !there[of]) fault = "what was never added";
        if (one->kind == K8SC_EVENT_ADD && one->initial == synced)
            fault = synced ? "initial after SYNC" : "not initial before SYNC";
        if (one->kind == K8SC_EVENT_UPDATE && there[of] && strcmp(one->old_version, versions[of]) != 0) fault = "a gap";
        if (fault) {
            snprintf(why, sizeof why, "record %zu of %s: %s", i, one->name, fault);
            return why;
        }
        there[of] = one->kind != K8SC_EVENT_DELETE;
        snprintf(versions[of], sizeof versions[of], "%s", one->version);
    }
    return NULL;
}

static void registration_while_all_changes(void **state)
{
    struct recorder *seen[20];
    k8sc_registration *registration[20];
    struct writer writer;
    (void)state;
    k8sc_informer *informer = running_informer(NULL, new_recorder());
    start_writer(&writer);
    for (int i = 0; i < 20; i++) {
        seen[i] = new_recorder();
        registration[i] = attach(informer, seen[i]);
        for (int j = 0; j < 10; j++) turn();
        /* Some go while it goes on. */
        if (i % 4 == 3) k8sc_informer_remove_handler(informer, registration[i - 1], NULL);
    }
    end_writer(&writer);
    put_map("default", "w0", "the end");
    for (int i = 0; i < 20; i++)
        if (i % 4 != 2) RUN_UNTIL(strcmp(record_of(seen[i], 0, NULL, -1).value, "the end") == 0);
    for (int i = 0; i < 20; i++) {
        const char *why = incomplete(seen[i]);
        if (why) fail_msg("handler %d: %s", i, why);
        if (i % 4 != 2) assert_int_equal(count_of(seen[i], K8SC_EVENT_SYNC, NULL), 1);
    }
    /* All that stayed came to the same end. */
    for (int i = 1; i < 20; i++)
        if (i % 4 != 2)
            assert_string_equal(record_of(seen[i], 0, NULL, -1).version, record_of(seen[0], 0, NULL, -1).version);
}

static struct recorder *thread_recorder;

/* Added and removed on threads, while another thread dispatches. */
static void *add_and_remove(void *of)
{
    k8sc_informer *informer = of;
    for (int i = 0; i < 50; i++) {
        k8sc_registration *registration;
        if (k8sc_informer_add_handler(informer, on_event, thread_recorder, NULL, &registration, NULL) < 0) return "add";
        if (i % 3 == 0) pause_ms(1);
        if (k8sc_informer_remove_handler(informer, registration, NULL) < 0) return "remove";
        k8sc_registration_unref(registration);
    }
    return NULL;
}

static void handlers_on_threads(void **state)
{
    struct recorder *seen = new_recorder();
    struct writer writer;
    pthread_t threads[4];
    (void)state;
    k8sc_informer *informer = running_informer(NULL, seen);
    thread_recorder = new_recorder();
    start_writer(&writer);
    for (int i = 0; i < 4; i++) assert_int_equal(pthread_create(&threads[i], NULL, add_and_remove, informer), 0);
    for (int i = 0; i < 50; i++) turn();
    const char *failed = NULL;
    for (int i = 0; i < 4; i++) {
        void *answer;
        pthread_join(threads[i], &answer);
        if (answer) failed = answer;
    }
    end_writer(&writer);
    assert_null(failed);
    size_t called = count_of(thread_recorder, 0, NULL);
    put_map("default", "w0", "the end");
    RUN_UNTIL(count_of(seen, 0, NULL) > 1 && strcmp(record_of(seen, 0, NULL, -1).value, "the end") == 0);
    /* All were removed before, so the queue holds nothing for them that is still delivered. */
    assert_int_equal(count_of(thread_recorder, 0, NULL), called);
    const char *why = incomplete(seen);
    if (why) fail_msg("%s", why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(adds_then_sync),
        TEST(registration_at_any_time),
        TEST(synced_means_two_things),
        TEST(removed_handler_has_not_synced),
        TEST(remove_and_remove_again),
        TEST(removal_at_the_wrong_informer),
        TEST(removal_inside_the_handler),
        TEST(handler_adds_a_handler),
        TEST(two_queues),
        TEST(queue_of_the_informer),
        TEST(events_without_a_function_wait_to_be_taken),
        TEST(handler_that_returns_non_zero),
        TEST(handler_frees_its_informer),
        TEST(handler_frees_its_factory),
        TEST(handler_frees_its_client),
        TEST(handler_stops_its_informer),
        TEST(handler_closes_its_client),
        TEST(resync_only_who_is_due),
        TEST(resync_of_the_options),
        TEST(resync_counts_from_the_first_list),
        TEST(resync_in_ages),
        TEST(relist_without_a_change),
        TEST(errors_reach_every_handler),
        TEST(registration_while_all_changes),
        TEST(handlers_on_threads),
    };
    return run_named_tests("handlers", tests, sizeof tests / sizeof *tests);
}
