/* A life from its beginning to its end. */
#include "chaos.h"

#include <stdarg.h>

/* The longest back-off is 60 s, and a streaming list without its end is given up after 10 s of silence. */
#define OUTAGE_MS 120000

uint32_t draw(struct chance *chance, uint32_t below)
{
    chance->state = chance->state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(chance->state >> 33) % below;
}

/* ---- what is noted */

void note(struct life *life, const char *format, ...)
{
    va_list args;
    pthread_mutex_lock(&life->mutex);
    /* Of a long life, what was last. */
    if (life->logged > sizeof life->log - 600) {
        size_t half = life->logged / 2;
        memmove(life->log, life->log + half, life->logged - half);
        life->logged -= half;
    }
    life->logged += (size_t)snprintf(life->log + life->logged, sizeof life->log - life->logged,
                                     "\n  %6lld ms: ", (long long)(now_ms() - life->began_ms));
    va_start(args, format);
    int len = vsnprintf(life->log + life->logged, 512, format, args);
    va_end(args);
    life->logged += (size_t)(len < 511 ? len : 511);
    pthread_mutex_unlock(&life->mutex);
}

void wrong(struct life *life, const char *format, ...)
{
    va_list args;
    int n;
    pthread_mutex_lock(&life->mutex);
    if (!*life->fault) {
        n = snprintf(life->fault, sizeof life->fault, "after %lld ms: ", (long long)(now_ms() - life->began_ms));
        va_start(args, format);
        vsnprintf(life->fault + n, sizeof life->fault - (size_t)n, format, args);
        va_end(args);
    }
    pthread_mutex_unlock(&life->mutex);
}

int is_wrong(struct life *life)
{
    pthread_mutex_lock(&life->mutex);
    int is = *life->fault != '\0';
    pthread_mutex_unlock(&life->mutex);
    return is;
}

int passed_after(struct life *life, k8sc_status status, k8sc_error **err, const char *call)
{
    if (status == K8SC_OK) return 1;
    wrong(life, "%.80s: %s: %s", call, k8sc_status_name(status), k8sc_error_message(*err));
    k8sc_error_free(*err);
    return 0;
}

/* ---- storm */

static void turn_queue(struct life *life, int which, int32_t max)
{
    k8sc_error *err;
    PASSES(life, k8sc_queue_dispatch(life->queues[which], max, NULL, &err), err);
}

void turn_queues(struct life *life)
{
    k8sc_queue_wait(life->queues[0], 5, NULL, NULL);
    turn_queue(life, 0, 0);
    turn_queue(life, 1, 0);
}

/* Handlers do not always keep up. */
static void turn_some(struct life *life)
{
    uint32_t way = draw(&life->chance, 8);
    k8sc_queue_wait(life->queues[0], 5, NULL, NULL);
    if (way != 0) turn_queue(life, 0, way == 1 ? 1 : 0);
    if (way == 2) turn_queue(life, 1, 0);
    if (way == 3) pause_ms(draw(&life->chance, 40));
}

static void storm(struct life *life)
{
    int64_t next = 0, end = now_ms() + 1200 + draw(&life->chance, 2500);
    begin_writers(life);
    while (now_ms() < end && !is_wrong(life)) {
        turn_some(life);
        if (draw(&life->chance, 150) == 0) change_handlers(life);
        if (now_ms() < next) continue;
        mishap(life);
        next = now_ms() + 100 + draw(&life->chance, 500);
    }
    end_writers(life);
    end_mishap(life);
    note(life, "all is well");
}

/* ---- calm */

/* The server's list, by another client, for what an informer selects. */
static k8sc_list *fresh_list(struct life *life, k8sc_client *client, const struct informer *informer)
{
    k8sc_options *options;
    k8sc_resource *resource = NULL;
    k8sc_list *list = NULL;
    k8sc_error *err;
    if (!PASSES(life, k8sc_options_new(&options, &err), err)) return NULL;
    if (PASSES(life, k8sc_client_resource(client, life->group, "v1", life->plural, informer->space, &resource, &err),
               err) &&
        (!informer->labels || PASSES(life, k8sc_options_set_label_selector(options, informer->labels, &err), err)) &&
        (!informer->fields || PASSES(life, k8sc_options_set_field_selector(options, informer->fields, &err), err)))
        PASSES(life, k8sc_resource_list(resource, options, &list, &err), err);
    k8sc_options_free(options);
    k8sc_resource_unref(resource);
    return list;
}

static int is_list_equal(const struct informer *informer, const k8sc_list *wanted, const k8sc_list *cached, char *why,
                         size_t size)
{
    *why = '\0';
    if (k8sc_list_size(wanted) != k8sc_list_size(cached))
        snprintf(why, size, "the cache has %lld objects, the server %lld", (long long)k8sc_list_size(cached),
                 (long long)k8sc_list_size(wanted));
    for (int64_t i = 0; i < k8sc_list_size(wanted) && !*why; i++) {
        k8sc_object *there = k8sc_list_at(wanted, i), *shaped, *own = NULL;
        if (k8sc_lister_get(informer->lister, k8sc_object_namespace(there), k8sc_object_name(there), &own, NULL) < 0) {
            snprintf(why, size, "%s/%s at %s is missing", k8sc_object_namespace(there), k8sc_object_name(there),
                     k8sc_object_resource_version(there));
            break;
        }
        shaped = shape_apply(informer->shape, there);
        if (!shaped || !shape_is_equal(informer->shape, own, shaped))
            snprintf(why, size, "cached: %.440s, but wanted: %.440s", k8sc_object_json(own, NULL),
                     shaped ? k8sc_object_json(shaped, NULL) : "?");
        k8sc_object_unref(shaped);
        k8sc_object_unref(own);
    }
    return !*why;
}

/* Each object is found by its label, and no other. */
static int is_index_equal(struct life *life, const struct informer *informer, const k8sc_list *cached, char *why,
                          size_t size)
{
    static const char *const sides[] = {"left", "right"};
    int64_t found = 0;
    k8sc_error *err;
    for (int i = 0; informer->index && i < 2; i++) {
        k8sc_list *list;
        if (!PASSES(life, k8sc_lister_by_index(informer->lister, "side", sides[i], &list, &err), err)) return 0;
        found += k8sc_list_size(list);
        for (int64_t k = 0; k < k8sc_list_size(list); k++) {
            const char *side = k8sc_object_label(k8sc_list_at(list, k), "side");
            if (!side || strcmp(side, sides[i]) != 0)
                wrong(life, "the index has an object under %s that is %s", sides[i], side ? side : "nowhere");
        }
        k8sc_list_free(list);
    }
    if (informer->index && found != k8sc_list_size(cached))
        snprintf(why, size, "the index has %lld objects, of %lld", (long long)found, (long long)k8sc_list_size(cached));
    return !*why;
}

static int is_equal(struct life *life, k8sc_client *fresh, struct informer *informer, char *why, size_t size)
{
    k8sc_list *cached = NULL, *wanted = fresh_list(life, fresh, informer);
    k8sc_error *err;
    int equal = wanted && PASSES(life, k8sc_lister_list(informer->lister, NULL, NULL, &cached, &err), err) &&
                is_list_equal(informer, wanted, cached, why, size) && is_index_equal(life, informer, cached, why, size);
    for (int i = 0; i < life->handler_count && equal; i++) {
        struct handler *handler = life->handlers[i];
        if (handler->informer == informer && !handler->replay.removed)
            equal = replay_is_equal(&handler->replay, cached, why, size);
    }
    k8sc_list_free(cached);
    k8sc_list_free(wanted);
    return equal;
}

static const char *last_error(struct life *life, const struct informer *informer)
{
    for (int i = 0; i < life->handler_count; i++)
        if (life->handlers[i]->informer == informer && *life->handlers[i]->replay.last_error)
            return life->handlers[i]->replay.last_error;
    return "-";
}

static void become_equal(struct life *life, k8sc_client *fresh)
{
    int64_t limit = now_ms() + OUTAGE_MS;
    for (int i = 0; i < life->informer_count && !is_wrong(life); i++) {
        char why[1000] = "";
        while (!is_equal(life, fresh, &life->informers[i], why, sizeof why) && !is_wrong(life)) {
            if (now_ms() > limit)
                wrong(life, "informer %d, %d ms after the end of all mishaps: %s; last error: %s", i, OUTAGE_MS, why,
                      last_error(life, &life->informers[i]));
            for (int64_t next = now_ms() + 50; now_ms() < next;) turn_queues(life);
        }
    }
}

static k8sc_client *another_client(struct life *life)
{
    const char *kubeconfig = k8sc_testing_server_kubeconfig(life->server);
    char token[32];
    k8sc_config *config;
    k8sc_client *client = NULL;
    k8sc_error *err;
    snprintf(token, sizeof token, "token-%d", life->tokens);
    if (!PASSES(life, k8sc_config_parse(kubeconfig, strlen(kubeconfig), NULL, &config, &err), err)) return NULL;
    if (PASSES(life, k8sc_config_set_rate_limit(config, -1, 0, &err), err) &&
        (!life->has_token || PASSES(life, k8sc_config_set_token(config, token, &err), err)))
        PASSES(life, k8sc_client_new(config, &client, &err), err);
    k8sc_config_free(config);
    return client;
}

/* Equal once may be luck: what is still on its way would undo it. So a last write goes the same way, and then all must
 * be equal still. */
void settle(struct life *life)
{
    k8sc_client *fresh = is_wrong(life) ? NULL : another_client(life);
    char value[32];
    if (!fresh) return;
    become_equal(life, fresh);
    snprintf(value, sizeof value, "end-%lld", (long long)now_ms());
    for (int space = 0; space < spaces && !is_wrong(life); space++)
        write_place(life, space * names_each, value, "left", &life->chance);
    become_equal(life, fresh);
    k8sc_client_close(fresh, -1, NULL);
    k8sc_client_unref(fresh);
}

/* ---- life */

static void begin_life(struct life *life)
{
    if (!make_server(life)) return;
    /* Not always something is there. */
    for (int place = 0; place < places; place++)
        if (draw(&life->chance, 3) != 0 && place % names_each != 0 && life->seed % 8 != 0)
            write_place(life, place, "0", "left", &life->chance);
    if (make_client(life)) make_informers(life);
}

static void end_life(struct life *life)
{
    if (life->client) k8sc_client_close(life->client, -1, NULL);
    for (int i = 0; i < life->informer_count; i++) {
        k8sc_lister_unref(life->informers[i].lister);
        k8sc_informer_unref(life->informers[i].informer);
    }
    k8sc_client_unref(life->client);
    for (int i = 0; i < queue_count; i++) k8sc_queue_unref(life->queues[i]);
    for (int i = 0; i < life->handler_count; i++) {
        struct handler *handler = life->handlers[i];
        int64_t limit = now_ms() + OUTAGE_MS;
        k8sc_registration_unref(handler->registration);
        while (!replay_is_destroyed(&handler->replay) && now_ms() < limit) pause_ms(2);
        if (!replay_is_destroyed(&handler->replay))
            wrong(life, "the destroy of handler %d has not run", handler->replay.number);
        life->events += handler->replay.events;
        life->inferred += handler->replay.inferred;
        replay_end(&handler->replay);
        free(handler);
    }
    k8sc_testing_server_free(life->server);
}

static char *last_words(struct life *life)
{
    size_t size = sizeof life->fault + sizeof life->log + 64;
    char *text = malloc(size);
    if (!text) abort();
    snprintf(text, size, "seed %llu, %s\n%s", (unsigned long long)life->seed, life->fault, life->log);
    return text;
}

char *chaos_live(uint64_t seed, int (*more)(int round, void *data), void *data, struct totals *totals)
{
    struct life *life = calloc(1, sizeof *life);
    char *words = NULL;
    if (!life) abort();
    pthread_mutex_init(&life->mutex, NULL);
    life->seed = seed;
    life->chance.state = seed * 2654435761u + 88172645463325252u;
    life->began_ms = now_ms();
    begin_life(life);
    for (int round = 0; !is_wrong(life) && (round == 0 || more(round, data)); round++) {
        storm(life);
        settle(life);
    }
    end_life(life);
    if (is_wrong(life)) words = last_words(life);
    if (totals) {
        totals->mishaps += life->mishaps;
        totals->writes += life->writes;
        totals->events += life->events;
        totals->inferred += life->inferred;
    }
    pthread_mutex_destroy(&life->mutex);
    free(life);
    return words;
}
