/*
 * Anything may be done with informers from anywhere at any time: several threads and all callbacks at once start, stop,
 * add, remove, read, release, shut down and close what the others use. It is right when nothing hangs or breaks, each
 * call answers what its comment allows, and each destroy runs once, after the last call. The sanitizers say the rest.
 *
 *   K8SC_SEED=n    only the stage with this seed
 *   K8SC_SEEDS=n   so many
 */
#include "informer_support.h"

#include <stdatomic.h>

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
enum { usual_stages = 12 };
#else
enum { usual_stages = 40 };
#endif
enum { informers_on = 4, registrations_on = 8, actors = 4, deepest = 2, stage_ms = 500, close_within_ms = 30000 };

enum use {
    used_by_handler,
    used_by_holding_handler,
    used_by_transform,
    used_by_tweak,
    used_by_index,
    used_by_maker,
    uses
};
static const char *const use_names[] = {
    "handlers", "handlers that hold their informer", "transforms", "tweaks", "indexes", "makers of informers"};

static struct stage {
    uint64_t seed;
    k8sc_client *client;
    k8sc_queue *queue, *own_queue; /* dispatched by a thread of the test, and by one of the library */
    atomic_int over, closing;
    atomic_llong made, destroyed, calls, acts, draws, left[uses];
    /* What everybody uses. Held only to take references. */
    pthread_mutex_t mutex;
    k8sc_informer *informers[informers_on];
    k8sc_registration *registrations[registrations_on];
    k8sc_informer_factory *factory;
    char fault[512];
} stage;

static __thread int depth;

/* A draw of its own for each thread and callback; which of them gets which is up to the scheduler. */
static uint32_t draw(uint32_t below)
{
    uint64_t x = stage.seed + (uint64_t)atomic_fetch_add(&stage.draws, 1) * 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return (uint32_t)((x ^ (x >> 31)) >> 16) % below;
}

static void wrong(const char *what, const char *why)
{
    pthread_mutex_lock(&stage.mutex);
    if (!*stage.fault) snprintf(stage.fault, sizeof stage.fault, "%s: %s", what, why ? why : "");
    pthread_mutex_unlock(&stage.mutex);
}

/* A stopped informer, a closed client, a callback's no and a short patience are answers. */
static void answered(const char *call, k8sc_status status, k8sc_error *err)
{
    switch (status) {
    case K8SC_OK:
    case K8SC_E_CLOSED:
    case K8SC_E_STATE:
    case K8SC_E_INVALID:
    case K8SC_E_TIMEOUT:
    case K8SC_E_BUSY:
    case K8SC_E_REENTRANT:
    case K8SC_E_CALLBACK:
    case K8SC_E_API: break;
    default: wrong(call, k8sc_error_message(err));
    }
    k8sc_error_free(err);
}
#define DO(call) \
    do { \
        k8sc_status status_ = (call); /* which sets err */ \
        answered(#call, status_, err); \
    } while (0)

/* ---- callbacks */

/* The user_data of one triple; a call that comes after its destroy finds freed memory. Some keep what they are called
 * by alive. */
struct mask {
    k8sc_informer *held;
    enum use use;
    char name[8];
};

static struct mask *new_mask(enum use use, k8sc_informer *held)
{
    struct mask *mask = calloc(1, sizeof *mask);
    if (!mask) abort();
    mask->held = k8sc_informer_ref(held);
    strcpy(mask->name, "mask");
    mask->use = use;
    atomic_fetch_add(&stage.made, 1);
    atomic_fetch_add(&stage.left[use], 1);
    return mask;
}

static void act(void);

static void take_off(void *data)
{
    struct mask *mask = data;
    k8sc_informer_unref(mask->held);
    atomic_fetch_sub(&stage.left[mask->use], 1);
    free(mask);
    atomic_fetch_add(&stage.destroyed, 1);
}

static void called(const struct mask *mask)
{
    if (strcmp(mask->name, "mask") != 0) wrong("a callback", "comes after its destroy");
    atomic_fetch_add(&stage.calls, 1);
    if (draw(3) == 0) act();
}

static int act_on_event(const k8sc_event *event, void *data)
{
    (void)event;
    called(data);
    return draw(50) == 0;
}

static int on_transform(k8sc_object *object, k8sc_object **out, void *data)
{
    called(data);
    if (draw(2)) *out = k8sc_object_ref(object);
    return draw(50) == 0;
}

static int on_tweak(k8sc_options *options, void *data)
{
    called(data);
    return draw(20) == 0 || k8sc_options_set_label_selector(options, "side!=right", NULL) < 0;
}

static int on_index(const k8sc_object *object, k8sc_strings *values, void *data)
{
    const char *name = k8sc_object_name(object);
    called(data);
    return draw(20) == 0 || k8sc_strings_add(values, name, strlen(name)) < 0;
}

static int on_new_informer(k8sc_client *of, int64_t resync_ms, void *data, k8sc_informer **out)
{
    (void)resync_ms;
    called(data);
    return draw(10) == 0 || k8sc_informer_new(of, "", "v1", "configmaps", NULL, out, NULL) < 0;
}

/* ------------------------------------------------------------------------------------------------------ what is used
 * -- */

static k8sc_informer *some_informer(void)
{
    pthread_mutex_lock(&stage.mutex);
    k8sc_informer *informer = k8sc_informer_ref(stage.informers[draw(informers_on)]);
    pthread_mutex_unlock(&stage.mutex);
    return informer;
}

static void replace_informer(k8sc_informer *with)
{
    pthread_mutex_lock(&stage.mutex);
    k8sc_informer **place = &stage.informers[draw(informers_on)], *before = *place;
    *place = with;
    pthread_mutex_unlock(&stage.mutex);
    k8sc_informer_unref(before);
}

static k8sc_registration *some_registration(void)
{
    pthread_mutex_lock(&stage.mutex);
    k8sc_registration *registration = k8sc_registration_ref(stage.registrations[draw(registrations_on)]);
    pthread_mutex_unlock(&stage.mutex);
    return registration;
}

static void replace_registration(k8sc_registration *with)
{
    pthread_mutex_lock(&stage.mutex);
    k8sc_registration **place = &stage.registrations[draw(registrations_on)], *before = *place;
    *place = with;
    pthread_mutex_unlock(&stage.mutex);
    k8sc_registration_unref(before);
}

static k8sc_informer_factory *some_factory(void)
{
    pthread_mutex_lock(&stage.mutex);
    k8sc_informer_factory *factory = k8sc_informer_factory_ref(stage.factory);
    pthread_mutex_unlock(&stage.mutex);
    return factory;
}

static k8sc_informer_options *some_options(void)
{
    k8sc_informer_options *options;
    k8sc_error *err = NULL;
    if (k8sc_informer_options_new(&options, NULL) < 0) return NULL;
    DO(k8sc_informer_options_set_list_mode(options, (int32_t)draw(3), &err));
    DO(k8sc_informer_options_set_compression_threshold(options, draw(2) ? 0 : -1, &err));
    DO(k8sc_informer_options_set_resync(options, draw(2) ? 0 : 1000, &err));
    if (draw(2)) DO(k8sc_informer_options_set_queue(options, stage.own_queue, &err));
    if (draw(2))
        DO(k8sc_informer_options_set_transform(options, on_transform, new_mask(used_by_transform, NULL), take_off,
                                               &err));
    if (draw(2)) DO(k8sc_informer_options_set_tweak(options, on_tweak, new_mask(used_by_tweak, NULL), take_off, &err));
    return options;
}

/* ---- acts */

static void make_informer(void)
{
    k8sc_informer_options *options = some_options();
    k8sc_informer_factory *factory = some_factory();
    k8sc_informer *informer = NULL;
    k8sc_error *err = NULL;
    if (draw(3) == 0)
        DO(k8sc_informer_factory_for_resource(factory, "", "v1", draw(2) ? "configmaps" : "secrets", &informer, &err));
    else if (draw(3) == 0)
        DO(k8sc_informer_factory_informer_for(factory, "", "v1", "configmaps", on_new_informer,
                                              new_mask(used_by_maker, NULL), take_off, &informer, &err));
    else
        DO(k8sc_informer_new(stage.client, "", "v1", "configmaps", options, &informer, &err));
    k8sc_informer_options_free(options);
    k8sc_informer_factory_unref(factory);
    if (informer && draw(3)) DO(k8sc_informer_start(informer, &err));
    if (informer) replace_informer(informer);
}

static void add_handler(k8sc_informer *informer)
{
    k8sc_registration *registration = NULL;
    k8sc_error *err = NULL;
    k8sc_queue *to = draw(3) == 0 ? stage.queue : draw(2) ? stage.own_queue : NULL;
    struct mask *mask = draw(3) == 0 ? new_mask(used_by_holding_handler, informer) : new_mask(used_by_handler, NULL);
    /* Where the library's thread dispatches, nobody takes. */
    int pulls = to == stage.queue && draw(4) == 0;
    DO(k8sc_informer_add_handler_with(informer, draw(2) ? 0 : 1000, to, pulls ? NULL : act_on_event, mask, take_off,
                                      draw(8) ? &registration : NULL, &err));
    if (registration) DO(k8sc_registration_set_limit(registration, (int32_t)draw(3), 1 + draw(10), &err));
    if (registration) replace_registration(registration);
}

static void read_cache(k8sc_informer *informer)
{
    k8sc_lister *lister = NULL;
    k8sc_list *list = NULL, *found = NULL;
    k8sc_strings *values = NULL;
    k8sc_object *object = NULL;
    k8sc_error *err = NULL;
    char index[16];
    snprintf(index, sizeof index, "i%u", draw(4));
    DO(k8sc_informer_lister(informer, &lister, &err));
    if (!lister) return;
    DO(k8sc_lister_list(lister, NULL, draw(2) ? "side=left" : NULL, &list, &err));
    for (int64_t i = 0; i < k8sc_list_size(list); i++)
        if (!strstr(k8sc_object_json(k8sc_list_at(list, i), NULL), k8sc_object_name(k8sc_list_at(list, i))))
            wrong("an object", "is not itself");
    DO(k8sc_lister_get(lister, "default", "a", &object, &err));
    DO(k8sc_lister_by_index(lister, index, "a", &found, &err));
    DO(k8sc_lister_index_values(lister, index, &values, &err));
    k8sc_object_unref(object);
    k8sc_strings_free(values);
    k8sc_list_free(found);
    k8sc_list_free(list);
    k8sc_lister_unref(lister);
}

static void look_at(k8sc_informer *informer, k8sc_registration *registration)
{
    char *text = NULL;
    k8sc_error *err = NULL;
    k8sc_informer_has_synced(informer);
    k8sc_informer_is_stopped(informer);
    k8sc_registration_has_synced(registration);
    k8sc_registration_depth(registration);
    k8sc_registration_coalesced(registration);
    DO(k8sc_informer_last_sync_resource_version(informer, &text, &err));
    DO(k8sc_informer_wait_for_sync(informer, draw(5), &err));
    DO(k8sc_informer_wait_for_resource_version(informer, text && *text ? text : "1", draw(5), &err));
    k8sc_string_free(text);
    if (draw(4) == 0) {
        DO(k8sc_client_metrics_json(stage.client, &text, &err));
        k8sc_string_free(text);
    }
}

static void use_factory(void)
{
    k8sc_informer_factory *factory = some_factory(), *made = NULL, *before;
    k8sc_informer_options *options;
    k8sc_error *err = NULL;
    DO(k8sc_informer_factory_start(factory, &err));
    if (draw(2)) DO(k8sc_informer_factory_wait_for_sync(factory, draw(5), &err));
    if (draw(4) == 0) {
        if (draw(2)) DO(k8sc_informer_factory_shutdown(factory, &err));
        options = some_options();
        DO(k8sc_informer_factory_new(stage.client, options, &made, &err));
        k8sc_informer_options_free(options);
        pthread_mutex_lock(&stage.mutex);
        before = stage.factory;
        if (made) stage.factory = made;
        pthread_mutex_unlock(&stage.mutex);
        if (made) k8sc_informer_factory_unref(before);
    }
    k8sc_informer_factory_unref(factory);
}

static void add_index(k8sc_informer *informer)
{
    k8sc_error *err = NULL;
    char name[16];
    snprintf(name, sizeof name, "i%u", draw(4));
    if (draw(2))
        DO(k8sc_informer_add_index(informer, name, on_index, new_mask(used_by_index, NULL), take_off, &err));
    else
        DO(k8sc_informer_add_label_index(informer, name, "side", &err));
}

static void close_client(void)
{
    k8sc_error *err = NULL;
    atomic_store(&stage.closing, 1);
    k8sc_status status = k8sc_client_close(stage.client, close_within_ms, &err);
    if (status != K8SC_OK) wrong("close", k8sc_error_message(err));
    k8sc_error_free(err);
}

static void act(void)
{
    if (depth == deepest) return;
    depth++;
    atomic_fetch_add(&stage.acts, 1);
    k8sc_informer *informer = some_informer();
    k8sc_registration *registration = some_registration();
    k8sc_error *err = NULL;
    switch (draw(atomic_load(&stage.over) ? 17 : 16)) {
    case 0: DO(k8sc_informer_stop(informer, &err)); break;
    case 1:
    case 2: DO(k8sc_informer_start(informer, &err)); break;
    case 3:
    case 4:
    case 5: add_handler(informer); break;
    case 6:
    case 7: DO(k8sc_informer_remove_handler(informer, registration, &err)); break;
    case 8: make_informer(); break;
    case 9: add_index(informer); break;
    case 10: look_at(informer, registration); break;
    case 11: use_factory(); break;
    case 12: replace_registration(NULL); break;
    case 13: DO(k8sc_queue_dispatch(draw(2) ? stage.queue : stage.own_queue, 1, NULL, &err)); break;
    case 16: close_client(); break;
    default: read_cache(informer);
    }
    k8sc_registration_unref(registration);
    k8sc_informer_unref(informer);
    depth--;
}

/* ---- threads */

static void *act_on(void *unused)
{
    (void)unused;
    while (!atomic_load(&stage.closing)) {
        act();
        if (draw(4) == 0) pause_ms(1);
    }
    for (int i = 0; i < 20; i++) act(); /* with what is closed */
    return NULL;
}

static void *dispatch_on(void *unused)
{
    (void)unused;
    while (!atomic_load(&stage.closing)) {
        k8sc_event *event = NULL;
        k8sc_error *err = NULL;
        k8sc_queue_wait(stage.queue, 2, NULL, NULL);
        DO(k8sc_queue_dispatch(stage.queue, 0, NULL, &err));
        DO(k8sc_queue_take(stage.queue, &event, &err));
        k8sc_event_free(event);
    }
    return NULL;
}

/* Something happens all the time, and something goes wrong. */
static void *write_on(void *unused)
{
    static const char *const labels[] = {"{\"side\":\"left\"}", "{\"side\":\"right\"}"};
    (void)unused;
    while (!atomic_load(&stage.closing)) {
        char name[2] = {(char)('a' + draw(6)), '\0'}, json[256];
        snprintf(json, sizeof json,
                 "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\",\"namespace\":"
                 "\"default\",\"labels\":%s},\"data\":{\"v\":\"%u\"}}",
                 name, labels[draw(2)], draw(1000));
        if (draw(3) == 0)
            k8sc_testing_server_remove(server, "", "v1", "configmaps", "default", name, NULL);
        else if (k8sc_testing_server_put(server, json, strlen(json), NULL) < 0)
            wrong("put", name);
        if (draw(30) == 0) k8sc_testing_server_disconnect(server, NULL);
        if (draw(30) == 0) k8sc_testing_server_compact(server, NULL);
        pause_ms(1 + draw(3));
    }
    return NULL;
}

/* Destroys may come a while after the last reference is gone. */
static void await_destroys(void)
{
    const int64_t limit = now_ms() + PATIENCE_MS;
    while (atomic_load(&stage.destroyed) < atomic_load(&stage.made) && now_ms() < limit) pause_ms(2);
    for (int use = 0; use < uses; use++)
        if (atomic_load(&stage.left[use]))
            print_error("seed %llu: not destroyed: %lld of %s\n", (unsigned long long)stage.seed,
                        (long long)stage.left[use], use_names[use]);
}

static void play(uint64_t seed)
{
    pthread_t threads[actors + 2];
    k8sc_error *err;
    memset(&stage, 0, sizeof stage);
    pthread_mutex_init(&stage.mutex, NULL);
    stage.seed = seed;
    stage.client = another_client();
    stage.queue = k8sc_queue_ref(k8sc_client_queue(stage.client));
    OK(k8sc_queue_new(&stage.own_queue, &err));
    OK(k8sc_queue_start_thread(stage.own_queue, &err));
    OK(k8sc_informer_factory_new(stage.client, NULL, &stage.factory, &err));
    for (int i = 0; i < informers_on; i++)
        OK(k8sc_informer_new(stage.client, "", "v1", "configmaps", NULL, &stage.informers[i], &err));
    for (int i = 0; i < actors + 2; i++)
        if (pthread_create(&threads[i], NULL, i == 0 ? dispatch_on : i == 1 ? write_on : act_on, NULL) != 0)
            fail_msg("no thread to be had");
    pause_ms(stage_ms);
    /* Whoever draws it first closes the client: a thread or any callback. */
    atomic_store(&stage.over, 1);
    AWAIT(atomic_load(&stage.closing));
    for (int i = 0; i < actors + 2; i++) pthread_join(threads[i], NULL);
    close_client();

    for (int i = 0; i < informers_on; i++) k8sc_informer_unref(stage.informers[i]);
    for (int i = 0; i < registrations_on; i++) k8sc_registration_unref(stage.registrations[i]);
    k8sc_informer_factory_unref(stage.factory);
    k8sc_client_unref(stage.client);
    k8sc_queue_unref(stage.queue);
    k8sc_queue_unref(stage.own_queue);
    await_destroys();
    if (*stage.fault) fail_msg("seed %llu: %s", (unsigned long long)seed, stage.fault);
    assert_int_equal(stage.destroyed, stage.made);
    pthread_mutex_destroy(&stage.mutex);
}

static void everything_at_once(void **state)
{
    const char *one = getenv("K8SC_SEED"), *number = getenv("K8SC_SEEDS");
    long count = number ? strtol(number, NULL, 10) : one ? 1 : usual_stages;
    uint64_t seed = one ? strtoull(one, NULL, 10) : ((uint64_t)time(NULL) << 20) + (uint64_t)getpid() % 4096 * 256;
    k8sc_testing_options *options = server_options();
    long long calls = 0, acts = 0;
    (void)state;
    OK(k8sc_testing_options_set_streaming_lists(options, K8SC_TESTING_STREAMING_SUPPORTED, &err));
    OK(k8sc_testing_options_set_bookmark_interval(options, 20, &err));
    use_server(options);
    fault("{\"verb\":\"list|watch\",\"probability\":0.1,\"status\":{\"code\":500}}");
    for (long i = 0; i < count; i++) {
        printf("# seed %llu\n", (unsigned long long)seed + (unsigned long long)i);
        fflush(stdout);
        play(seed + (uint64_t)i);
        calls += stage.calls, acts += stage.acts;
    }
    print_message("# %ld stages, %lld callbacks, %lld acts\n", count, calls, acts);
    assert_true(calls > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(everything_at_once)};
    return run_named_tests("lifecycle", tests, sizeof tests / sizeof *tests);
}
