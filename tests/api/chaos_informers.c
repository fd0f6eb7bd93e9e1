/* The server, the client and its informers, each with settings that the seed chooses. */
#include "chaos.h"

int make_server(struct life *life)
{
    struct chance *chance = &life->chance;
    k8sc_testing_options *options;
    k8sc_error *err;
    if (!PASSES(life, k8sc_testing_options_new(&options, &err), err)) return 0;
    life->streaming =
        PICK(chance, K8SC_TESTING_STREAMING_REFUSED, K8SC_TESTING_STREAMING_IGNORED, K8SC_TESTING_STREAMING_SUPPORTED,
             K8SC_TESTING_STREAMING_SUPPORTED, K8SC_TESTING_STREAMING_SUPPORTED);
    life->bookmark_ms = PICK(chance, 30, 100, 200);
    life->tls = draw(chance, 8) == 0 || getenv("K8SC_TEST_HTTP2");
    life->custom = draw(chance, 2) == 0;
    life->has_token = draw(chance, 2) == 0;
    life->group = life->custom ? "chaos.example.com" : "";
    life->plural = life->custom ? "storms" : "configmaps";
    life->kind = life->custom ? "Storm" : "ConfigMap";
    life->api_version = life->custom ? "chaos.example.com/v1" : "v1";
    int64_t window = PICK(chance, 4, 20, 4096, 4096), page_limit = PICK(chance, 0, 0, 0, 3);
    int at_open = draw(chance, 2) == 0, partial = draw(chance, 4) != 0;
    int made =
        PASSES(life, k8sc_testing_options_set_streaming_lists(options, (int32_t)life->streaming, &err), err) &&
        PASSES(life, k8sc_testing_options_set_bookmark_interval(options, life->bookmark_ms, &err), err) &&
        PASSES(life, k8sc_testing_options_set_event_window(options, window, &err), err) &&
        PASSES(life, k8sc_testing_options_set_page_limit(options, page_limit, &err), err) &&
        PASSES(life, k8sc_testing_options_set_expired_at_open(options, at_open, &err), err) &&
        PASSES(life, k8sc_testing_options_set_partial_objects(options, partial, &err), err) &&
        PASSES(life, k8sc_testing_options_set_tls(options, life->tls, &err), err) &&
        PASSES(life, k8sc_testing_options_set_token(options, life->has_token ? "token-0" : NULL, &err), err) &&
        PASSES(life, k8sc_testing_options_add_kind(options, "chaos.example.com", "v1", "storms", "Storm", 1, &err),
               err) &&
        PASSES(life, k8sc_testing_server_start(options, &life->server, &err), err);
    k8sc_testing_options_free(options);
    note(life,
         "server: streaming %d, bookmarks %d ms, tls %d, %s, token %d, window %lld, pages of %lld, 410 at open %d, "
         "partial %d",
         (int)life->streaming, (int)life->bookmark_ms, life->tls, life->plural, life->has_token, (long long)window,
         (long long)page_limit, at_open, partial);
    return made;
}

int make_client(struct life *life)
{
    const char *kubeconfig = k8sc_testing_server_kubeconfig(life->server);
    k8sc_config *config;
    k8sc_error *err;
    if (!PASSES(life, k8sc_config_parse(kubeconfig, strlen(kubeconfig), NULL, &config, &err), err)) return 0;
    /* A kubeconfig's token is for https alone. */
    int made = PASSES(life, k8sc_config_set_token(config, life->has_token ? "token-0" : NULL, &err), err) &&
               PASSES(life, k8sc_config_set_rate_limit(config, -1, 0, &err), err) &&
               PASSES(life, k8sc_config_set_idle_timeout(config, 700, &err), err) &&
               PASSES(life, k8sc_config_set_probe(config, 400, 200, &err), err) &&
               PASSES(life, k8sc_config_set_max_object_bytes(config, 65536, &err), err) &&
               PASSES(life, k8sc_client_new(config, &life->client, &err), err);
    k8sc_config_free(config);
    if (!made) return 0;
    life->queues[0] = k8sc_queue_ref(k8sc_client_queue(life->client));
    return PASSES(life, k8sc_queue_new(&life->queues[1], &err), err) &&
           PASSES(life, k8sc_queue_new(&life->queues[2], &err), err) &&
           PASSES(life, k8sc_queue_start_thread(life->queues[2], &err), err);
}

static int value_of(const k8sc_object *object, k8sc_strings *values, void *unused)
{
    const char *side = k8sc_object_label(object, "side");
    (void)unused;
    return side ? k8sc_strings_add(values, side, strlen(side)) : 0;
}

static void choose(struct life *life, struct informer *informer)
{
    static const char *const sides[] = {NULL, NULL, "side=left", "side!=right,end"};
    struct chance *chance = &life->chance;
    informer->shape = (enum shape)draw(chance, shapes);
    informer->space = draw(chance, 3) == 0 ? space_names[draw(chance, spaces)] : NULL;
    informer->labels = sides[draw(chance, 4)];
    informer->fields = draw(chance, 5) == 0 ? "metadata.name!=m03" : NULL;
    informer->list_mode = PICK(chance, K8SC_LIST_AUTO, K8SC_LIST_AUTO, K8SC_LIST_STREAM, K8SC_LIST_PAGES);
    informer->compression = PICK(chance, -1, 0, 1 << 20);
    informer->page_size = PICK(chance, 0, 1, 3, 7);
    informer->resync_ms = PICK(chance, 0, 0, 1000);
    informer->queue = PICK(chance, 0, 0, 1, 2);
    informer->silence_by_probe = draw(chance, 4) == 0;
    informer->index = (int)draw(chance, 3);
}

static int set_options(struct life *life, const struct informer *informer, k8sc_informer_options *options)
{
    k8sc_error *err;
    return PASSES(life, k8sc_informer_options_set_namespace(options, informer->space, &err), err) &&
           (!informer->labels ||
            PASSES(life, k8sc_informer_options_set_label_selector(options, informer->labels, &err), err)) &&
           (!informer->fields ||
            PASSES(life, k8sc_informer_options_set_field_selector(options, informer->fields, &err), err)) &&
           PASSES(life, k8sc_informer_options_set_list_mode(options, (int32_t)informer->list_mode, &err), err) &&
           PASSES(life, k8sc_informer_options_set_compression_threshold(options, informer->compression, &err), err) &&
           PASSES(life, k8sc_informer_options_set_page_size(options, informer->page_size, &err), err) &&
           PASSES(life, k8sc_informer_options_set_resync(options, informer->resync_ms, &err), err) &&
           PASSES(life, k8sc_informer_options_set_queue(options, life->queues[informer->queue], &err), err) &&
           PASSES(life,
                  k8sc_informer_options_set_watch_idle_timeout(options, informer->silence_by_probe ? -1 : 600, &err),
                  err) &&
           PASSES(life, shape_options(informer->shape, options, &err), err);
}

static int make_informer(struct life *life, struct informer *informer)
{
    k8sc_informer_options *options;
    k8sc_error *err;
    if (!PASSES(life, k8sc_informer_options_new(&options, &err), err)) return 0;
    choose(life, informer);
    int made =
        set_options(life, informer, options) &&
        PASSES(life,
               k8sc_informer_new(life->client, life->group, "v1", life->plural, options, &informer->informer, &err),
               err);
    k8sc_informer_options_free(options);
    if (!made || !PASSES(life, k8sc_informer_lister(informer->informer, &informer->lister, &err), err)) return 0;
    if (informer->index == 1 &&
        !PASSES(life, k8sc_informer_add_label_index(informer->informer, "side", "side", &err), err))
        return 0;
    if (informer->index == 2 &&
        !PASSES(life, k8sc_informer_add_index(informer->informer, "side", value_of, NULL, NULL, &err), err))
        return 0;
    note(life,
         "informer: %s, namespace %s, labels %s, fields %s, list mode %d, compression %lld, pages of %d, resync %d, "
         "queue %d, probes %d",
         shape_names[informer->shape], informer->space ? informer->space : "-",
         informer->labels ? informer->labels : "-", informer->fields ? informer->fields : "-", (int)informer->list_mode,
         (long long)informer->compression, (int)informer->page_size, (int)informer->resync_ms, (int)informer->queue,
         informer->silence_by_probe);
    return 1;
}

/* Some handlers are there from the beginning, and some come between start and the first list. */
int make_informers(struct life *life)
{
    k8sc_error *err;
    int wanted = 1 + (int)draw(&life->chance, most_informers);
    for (; life->informer_count < wanted; life->informer_count++) {
        struct informer *informer = &life->informers[life->informer_count];
        if (!make_informer(life, informer)) return 0;
        if (draw(&life->chance, 4) != 0 && !add_handler(life, informer)) return 0;
        if (!PASSES(life, k8sc_informer_start(informer->informer, &err), err)) return 0;
        if (!add_handler(life, informer)) return 0;
    }
    return 1;
}

int add_handler(struct life *life, struct informer *informer)
{
    struct chance *chance = &life->chance;
    k8sc_error *err;
    if (life->handler_count == most_handlers) return 1;
    struct handler *handler = calloc(1, sizeof *handler);
    if (!handler) abort();
    life->handlers[life->handler_count++] = handler;
    replay_begin(&handler->replay, life, life->handlers_made++);
    handler->informer = informer;
    handler->policy = PICK(chance, K8SC_LIMIT_NONE, K8SC_LIMIT_NONE, K8SC_LIMIT_COALESCE, K8SC_LIMIT_BACKPRESSURE);
    handler->replay.coalesces = handler->policy == K8SC_LIMIT_COALESCE;
    handler->replay.selects = informer->labels != NULL;
    handler->replay.slow_ms = draw(chance, 6) == 0 ? (int)draw(chance, 8) : 0;
    int64_t limit = 1 + draw(chance, 20), resync_ms = PICK(chance, 0, 0, 1000), queue = PICK(chance, -1, -1, 0, 1, 2);
    note(life, "handler %d at informer %d: policy %d, limit %d, slow %d, resync %d, queue %d", handler->replay.number,
         (int)(informer - life->informers), (int)handler->policy, (int)limit, handler->replay.slow_ms, (int)resync_ms,
         (int)queue);
    return PASSES(life,
                  k8sc_informer_add_handler_with(informer->informer, resync_ms, queue < 0 ? NULL : life->queues[queue],
                                                 replay_event, &handler->replay, replay_destroyed,
                                                 &handler->registration, &err),
                  err) &&
           PASSES(life, k8sc_registration_set_limit(handler->registration, (int32_t)handler->policy, limit, &err), err);
}

static void free_handler(struct life *life, int at)
{
    struct handler *handler = life->handlers[at];
    k8sc_registration_unref(handler->registration);
    life->events += handler->replay.events;
    life->inferred += handler->replay.inferred;
    replay_end(&handler->replay);
    free(handler);
    life->handlers[at] = life->handlers[--life->handler_count];
}

/* One comes or one goes. Those whose destroy has run make room. */
void change_handlers(struct life *life)
{
    k8sc_error *err;
    for (int i = life->handler_count - 1; i >= 0; i--)
        if (life->handlers[i]->replay.removed && replay_is_destroyed(&life->handlers[i]->replay)) free_handler(life, i);
    if (draw(&life->chance, 2) == 0) {
        add_handler(life, &life->informers[draw(&life->chance, (uint32_t)life->informer_count)]);
        return;
    }
    struct handler *handler = life->handlers[draw(&life->chance, (uint32_t)life->handler_count)];
    note(life, "handler %d is removed", handler->replay.number);
    PASSES(life, k8sc_informer_remove_handler(handler->informer->informer, handler->registration, &err), err);
    handler->replay.removed = 1;
    add_handler(life, handler->informer);
}
