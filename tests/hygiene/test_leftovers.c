/* Threads and descriptors are back at their starting count, in whatever order things are let go of. */
#include "process.h"

static int silent_port, base_threads, base_descriptors;

/* What curl and OpenSSL keep for the process is there before anything is counted. */
static int warm_up(void **state)
{
    k8sc_client *client;
    (void)state;
    if (silent_server(&silent_port) < 0) return -1;
    client = client_for(1);
    k8sc_client_close(client, -1, NULL);
    k8sc_client_unref(client);
    base_threads = threads();
    base_descriptors = descriptors();
    return 0;
}

enum {
    one_client,
    one_queue,
    one_factory,
    one_informer,
    one_registration,
    one_lister,
    one_resource,
    one_watch,
    one_rest,
    one_call,
    one_cancel,
    kinds
};

typedef struct everything {
    k8sc_client *client;
    k8sc_queue *queue;
    k8sc_informer_factory *factory;
    k8sc_informer *informer;
    k8sc_registration *registration;
    k8sc_lister *lister;
    k8sc_resource *resource;
    k8sc_watch *watch;
    k8sc_rest_client *rest;
    k8sc_call *call;
    k8sc_cancel *cancel;
    counted handler, watcher, completion;
} everything;

/* One of each, all of them running. */
static void make(everything *it, int port)
{
    k8sc_request *request;
    k8sc_options *options;
    memset(it, 0, sizeof *it);
    it->client = client_for(port);
    it->queue = k8sc_queue_ref(k8sc_client_queue(it->client));
    assert_int_equal(k8sc_informer_factory_new(it->client, NULL, &it->factory, NULL), K8SC_OK);
    assert_int_equal(k8sc_informer_factory_for_resource(it->factory, "", "v1", "pods", &it->informer, NULL), K8SC_OK);
    assert_int_equal(
        k8sc_informer_add_handler(it->informer, count_call, &it->handler, count_destroy, &it->registration, NULL),
        K8SC_OK);
    assert_int_equal(k8sc_informer_lister(it->informer, &it->lister, NULL), K8SC_OK);
    assert_int_equal(k8sc_informer_factory_start(it->factory, NULL), K8SC_OK);
    assert_int_equal(k8sc_client_resource(it->client, "", "v1", "pods", NULL, &it->resource, NULL), K8SC_OK);
    assert_int_equal(k8sc_cancel_new(&it->cancel, NULL), K8SC_OK);
    assert_int_equal(k8sc_options_new(&options, NULL), K8SC_OK);
    assert_int_equal(k8sc_options_set_cancel(options, it->cancel, NULL), K8SC_OK);
    assert_int_equal(
        k8sc_resource_watch(it->resource, options, count_call, &it->watcher, count_destroy, &it->watch, NULL), K8SC_OK);
    k8sc_options_free(options);
    assert_int_equal(k8sc_client_rest(it->client, "", "v1", &it->rest, NULL), K8SC_OK);
    assert_int_equal(k8sc_rest_client_get(it->rest, &request, NULL), K8SC_OK);
    assert_int_equal(k8sc_request_set_resource(request, "nodes"), K8SC_OK);
    assert_int_equal(k8sc_request_start(request, NULL, count_call, &it->completion, count_destroy, &it->call, NULL),
                     K8SC_OK);
    k8sc_request_free(request);
}

static void let_go(everything *it, int kind)
{
    switch (kind) {
    case one_client: k8sc_client_unref(it->client); break;
    case one_queue: k8sc_queue_unref(it->queue); break;
    case one_factory: k8sc_informer_factory_unref(it->factory); break;
    case one_informer: k8sc_informer_unref(it->informer); break;
    case one_registration: k8sc_registration_unref(it->registration); break;
    case one_lister: k8sc_lister_unref(it->lister); break;
    case one_resource: k8sc_resource_unref(it->resource); break;
    case one_watch: k8sc_watch_unref(it->watch); break;
    case one_rest: k8sc_rest_client_unref(it->rest); break;
    case one_call: k8sc_call_unref(it->call); break;
    case one_cancel: k8sc_cancel_unref(it->cancel); break;
    default: break;
    }
}

static void expect_destroyed(const everything *it)
{
    const counted *all[3];
    int i;
    all[0] = &it->handler;
    all[1] = &it->watcher;
    all[2] = &it->completion;
    for (i = 0; i < 3; i++) {
        assert_int_equal(all[i]->destroys, 1);
        assert_int_equal(all[i]->late, 0);
    }
}

static void shuffle(int *order, unsigned *seed)
{
    int i;
    for (i = 0; i < kinds; i++) order[i] = i;
    for (i = kinds - 1; i > 0; i--) {
        int j, swap;
        *seed = *seed * 1103515245u + 12345u;
        j = (int)(*seed / 65536u % (unsigned)(i + 1));
        swap = order[i];
        order[i] = order[j];
        order[j] = swap;
    }
}

/* Port 1 refuses; the other one accepts and says nothing. */
static void closed_first(void **state)
{
    int ports[2], p, round;
    unsigned seed = 1;
    (void)state;
    ports[0] = 1;
    ports[1] = silent_port;
    for (p = 0; p < 2; p++)
        for (round = 0; round < 10; round++) {
            everything it;
            int order[kinds], i;
            make(&it, ports[p]);
            pause_ms(round % 3 * 5);
            if (round % 2) k8sc_queue_dispatch(it.queue, 0, NULL, NULL);
            assert_int_equal(k8sc_client_close(it.client, 20000, NULL), K8SC_OK);
            /* All that close owes is paid when it returns. */
            expect_destroyed(&it);
            /* A thread that was joined is listed for a moment longer. */
            for (i = 0; i < 200 && threads() != base_threads; i++) pause_ms(5);
            assert_int_equal(threads(), base_threads);
            shuffle(order, &seed);
            for (i = 0; i < kinds; i++) let_go(&it, order[i]);
            expect_counts(base_threads, base_descriptors, "after a close");
        }
}

static void never_closed(void **state)
{
    int ports[2], p, round;
    unsigned seed = 7;
    (void)state;
    ports[0] = 1;
    ports[1] = silent_port;
    for (p = 0; p < 2; p++)
        for (round = 0; round < 25; round++) {
            everything it;
            int order[kinds], i;
            make(&it, ports[p]);
            pause_ms(round % 3 * 5);
            if (round % 4 == 0) k8sc_cancel_cancel(it.cancel);
            shuffle(order, &seed);
            for (i = 0; i < kinds; i++) {
                let_go(&it, order[i]);
                if (round % 5 == 0) pause_ms(2);
            }
            expect_counts(base_threads, base_descriptors, "after the last unref");
            expect_destroyed(&it);
        }
}

static void queue_of_its_own_outlives_the_client(void **state)
{
    int client_first;
    (void)state;
    for (client_first = 0; client_first < 2; client_first++) {
        k8sc_client *client = client_for(silent_port);
        k8sc_queue *queue;
        k8sc_informer *informer;
        k8sc_informer_options *options;
        counted handler = {0, 0, 0};
        assert_int_equal(k8sc_queue_new(&queue, NULL), K8SC_OK);
        assert_int_equal(k8sc_informer_options_new(&options, NULL), K8SC_OK);
        assert_int_equal(k8sc_informer_options_set_queue(options, queue, NULL), K8SC_OK);
        assert_int_equal(k8sc_informer_new(client, "", "v1", "pods", options, &informer, NULL), K8SC_OK);
        k8sc_informer_options_free(options);
        assert_int_equal(k8sc_informer_add_handler(informer, count_call, &handler, count_destroy, NULL, NULL), K8SC_OK);
        assert_int_equal(k8sc_informer_start(informer, NULL), K8SC_OK);
        if (client_first) {
            k8sc_client_close(client, -1, NULL);
            k8sc_client_unref(client);
            k8sc_informer_unref(informer);
            k8sc_queue_unref(queue);
        } else {
            k8sc_queue_unref(queue);
            k8sc_informer_unref(informer);
            k8sc_client_close(client, -1, NULL);
            k8sc_client_unref(client);
        }
        expect_counts(base_threads, base_descriptors, "a queue of its own");
        assert_int_equal(handler.destroys, 1);
        assert_int_equal(handler.late, 0);
    }
}

static void shared_transport(void **state)
{
    int first;
    (void)state;
    for (first = 0; first < 2; first++) {
        k8sc_config *config = config_for(silent_port);
        k8sc_client *clients[2];
        k8sc_resource *resource;
        k8sc_watch *watch;
        counted watcher = {0, 0, 0};
        assert_int_equal(k8sc_client_new(config, &clients[0], NULL), K8SC_OK);
        assert_int_equal(k8sc_client_new_shared(config, clients[0], &clients[1], NULL), K8SC_OK);
        k8sc_config_free(config);
        assert_int_equal(threads(), base_threads + 1);
        assert_int_equal(k8sc_client_resource(clients[1], "", "v1", "pods", NULL, &resource, NULL), K8SC_OK);
        assert_int_equal(k8sc_resource_watch(resource, NULL, count_call, &watcher, count_destroy, &watch, NULL),
                         K8SC_OK);
        assert_int_equal(k8sc_client_close(clients[first], -1, NULL), K8SC_OK);
        /* The other one needs the thread. */
        assert_int_equal(threads(), base_threads + 1);
        assert_int_equal(k8sc_client_close(clients[!first], -1, NULL), K8SC_OK);
        for (int wait = 0; wait < 200 && threads() != base_threads; wait++) pause_ms(5);
        assert_int_equal(threads(), base_threads);
        assert_int_equal(watcher.destroys, 1);
        k8sc_watch_unref(watch);
        k8sc_resource_unref(resource);
        k8sc_client_unref(clients[0]);
        k8sc_client_unref(clients[1]);
        expect_counts(base_threads, base_descriptors, "a shared transport");
    }
}

static void dispatching_threads(void **state)
{
    int how;
    (void)state;
    for (how = 0; how < 3; how++) {
        k8sc_client *client = client_for(1);
        k8sc_queue *queue = k8sc_queue_ref(k8sc_client_queue(client));
        assert_int_equal(k8sc_queue_start_thread(queue, NULL), K8SC_OK);
        assert_int_equal(threads(), base_threads + 2);
        if (how == 0) assert_int_equal(k8sc_client_close(client, -1, NULL), K8SC_OK);
        if (how == 1) k8sc_queue_unref(queue);
        k8sc_client_unref(client);
        if (how != 1) k8sc_queue_unref(queue);
        expect_counts(base_threads, base_descriptors, "a dispatching thread");
    }
}

/* Streams that were opened, and blocking calls that never got an answer. */
static void deadlines_and_cancelled_calls(void **state)
{
    k8sc_client *client = client_for(silent_port);
    k8sc_resource *resource;
    k8sc_options *options;
    k8sc_object *object;
    k8sc_pager *pager;
    int i;
    (void)state;
    assert_int_equal(k8sc_client_resource(client, "", "v1", "pods", "default", &resource, NULL), K8SC_OK);
    assert_int_equal(k8sc_options_new(&options, NULL), K8SC_OK);
    assert_int_equal(k8sc_options_set_timeout(options, 20, NULL), K8SC_OK);
    for (i = 0; i < 5; i++) {
        k8sc_error *err = NULL;
        assert_int_equal(k8sc_resource_get(resource, "a", options, &object, &err), K8SC_E_TIMEOUT);
        assert_null(object);
        k8sc_error_free(err);
    }
    assert_int_equal(k8sc_resource_pages(resource, options, &pager, NULL), K8SC_OK);
    assert_int_equal(k8sc_pager_next(pager, &object, NULL), K8SC_E_TIMEOUT);
    k8sc_pager_free(pager);
    k8sc_options_free(options);
    k8sc_resource_unref(resource);
    k8sc_client_unref(client);
    expect_counts(base_threads, base_descriptors, "after deadlines");
}

/* A second reference keeps what the first one lets go of. */
static void a_second_reference_keeps_what_the_first_lets_go(void **state)
{
    everything it;
    (void)state;
    make(&it, silent_port);
#define TWICE(type, handle) \
    do { \
        assert_ptr_equal(k8sc_##type##_ref(handle), handle); \
        k8sc_##type##_unref(handle); \
        assert_null(k8sc_##type##_ref(NULL)); \
        k8sc_##type##_unref(NULL); \
    } while (0)
    TWICE(client, it.client);
    TWICE(queue, it.queue);
    TWICE(informer_factory, it.factory);
    TWICE(informer, it.informer);
    TWICE(registration, it.registration);
    TWICE(lister, it.lister);
    TWICE(resource, it.resource);
    TWICE(watch, it.watch);
    TWICE(rest_client, it.rest);
    TWICE(call, it.call);
    TWICE(cancel, it.cancel);
    /* All of them still work. */
    assert_int_equal(it.watcher.destroys + it.handler.destroys + it.completion.destroys, 0);
    assert_int_equal(k8sc_queue_wait(it.queue, 0, NULL, NULL), K8SC_OK);
    assert_int_equal(k8sc_informer_is_stopped(it.informer), 0);
    assert_int_equal(k8sc_lister_size(it.lister), 0);
    {
        int i;
        for (i = 0; i < kinds; i++) let_go(&it, i);
    }
    expect_counts(base_threads, base_descriptors, "after references");
    expect_destroyed(&it);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(closed_first),
        cmocka_unit_test(never_closed),
        cmocka_unit_test(queue_of_its_own_outlives_the_client),
        cmocka_unit_test(shared_transport),
        cmocka_unit_test(dispatching_threads),
        cmocka_unit_test(deadlines_and_cancelled_calls),
        cmocka_unit_test(a_second_reference_keeps_what_the_first_lets_go),
    };
    return cmocka_run_group_tests(tests, warm_up, NULL);
}
