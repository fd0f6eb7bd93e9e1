/* After fork(): in the child every function with a handle says K8SC_E_FORKED, everything can be let go of, and handles
 * made there work. The parent does not notice. */
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

#include "process.h"

static int silent_port, base_descriptors;

typedef struct everything {
    k8sc_client *client;
    k8sc_queue *queue, *own_queue;
    k8sc_cancel *cancel;
    k8sc_rate_limiter *limiter;
    k8sc_resource *resource;
    k8sc_watch *watch;
    k8sc_pager *pager;
    k8sc_rest_client *rest;
    k8sc_request *request;
    k8sc_call *call;
    k8sc_informer_factory *factory;
    k8sc_informer *informer, *alone;
    k8sc_registration *registration;
    k8sc_lister *lister;
    k8sc_options *options;
    k8sc_informer_options *informer_options;
    k8sc_config *config;
    k8sc_object *object;
    counted handler, watcher, completion;
} everything;

static void make(everything *it)
{
    k8sc_rest_client *rest;
    memset(it, 0, sizeof *it);
    it->config = config_for(silent_port);
    assert_int_equal(k8sc_client_new(it->config, &it->client, NULL), K8SC_OK);
    it->queue = k8sc_client_queue(it->client);
    assert_int_equal(k8sc_queue_new(&it->own_queue, NULL), K8SC_OK);
    assert_int_equal(k8sc_cancel_new(&it->cancel, NULL), K8SC_OK);
    assert_int_equal(k8sc_rate_limiter_new(1, 1, &it->limiter, NULL), K8SC_OK);
    assert_int_equal(k8sc_options_new(&it->options, NULL), K8SC_OK);
    assert_int_equal(k8sc_informer_options_new(&it->informer_options, NULL), K8SC_OK);
    assert_int_equal(k8sc_object_parse_json("{\"metadata\":{\"name\":\"a\"}}", 25, &it->object, NULL), K8SC_OK);
    assert_int_equal(k8sc_client_resource(it->client, "", "v1", "pods", "default", &it->resource, NULL), K8SC_OK);
    assert_int_equal(k8sc_resource_watch(it->resource, NULL, count_call, &it->watcher, count_destroy, &it->watch, NULL),
                     K8SC_OK);
    assert_int_equal(k8sc_resource_pages(it->resource, NULL, &it->pager, NULL), K8SC_OK);
    assert_int_equal(k8sc_client_rest(it->client, "", "v1", &rest, NULL), K8SC_OK);
    it->rest = rest;
    assert_int_equal(k8sc_rest_client_get(rest, &it->request, NULL), K8SC_OK);
    assert_int_equal(k8sc_request_set_resource(it->request, "pods"), K8SC_OK);
    assert_int_equal(k8sc_request_start(it->request, NULL, count_call, &it->completion, count_destroy, &it->call, NULL),
                     K8SC_OK);
    assert_int_equal(k8sc_informer_factory_new(it->client, NULL, &it->factory, NULL), K8SC_OK);
    assert_int_equal(k8sc_informer_factory_for_resource(it->factory, "", "v1", "pods", &it->informer, NULL), K8SC_OK);
    assert_int_equal(
        k8sc_informer_add_handler(it->informer, count_call, &it->handler, count_destroy, &it->registration, NULL),
        K8SC_OK);
    assert_int_equal(k8sc_informer_lister(it->informer, &it->lister, NULL), K8SC_OK);
    assert_int_equal(k8sc_informer_factory_start(it->factory, NULL), K8SC_OK);
    assert_int_equal(k8sc_informer_new(it->client, "", "v1", "nodes", NULL, &it->alone, NULL), K8SC_OK);
}

/* Used by both processes; in the child nothing of it may call back. */
static void let_go(everything *it)
{
    k8sc_watch_unref(it->watch);
    k8sc_pager_free(it->pager);
    k8sc_call_unref(it->call);
    k8sc_request_free(it->request);
    k8sc_rest_client_unref(it->rest);
    k8sc_registration_unref(it->registration);
    k8sc_lister_unref(it->lister);
    k8sc_informer_unref(it->informer);
    k8sc_informer_unref(it->alone);
    k8sc_informer_factory_unref(it->factory);
    k8sc_resource_unref(it->resource);
    k8sc_rate_limiter_unref(it->limiter);
    k8sc_cancel_unref(it->cancel);
    k8sc_options_free(it->options);
    k8sc_informer_options_free(it->informer_options);
    k8sc_object_unref(it->object);
    k8sc_queue_unref(it->own_queue);
    k8sc_client_unref(it->client);
    k8sc_config_free(it->config);
}

/* ---- in the child */

static int failures;

static void check(int ok, const char *what, int got)
{
    if (ok) return;
    fprintf(stderr, "in the child: %s: %d\n", what, got);
    failures++;
}

#define FORKED(call) \
    do { \
        k8sc_status status_ = (call); \
        check(status_ == K8SC_E_FORKED, #call, status_); \
    } while (0)

#define EQUAL(call, want) check((call) == (want), #call, (int)(call))

static int never_called(const k8sc_event *event, void *user_data)
{
    (void)event;
    (void)user_data;
    return 1;
}
static int no_index(const k8sc_object *object, k8sc_strings *values, void *user_data)
{
    (void)object;
    (void)values;
    (void)user_data;
    return 1;
}
static int no_informer(k8sc_client *client, int64_t resync_ms, void *user_data, k8sc_informer **out)
{
    (void)client;
    (void)resync_ms;
    (void)user_data;
    (void)out;
    return 1;
}

static void all_say_forked(everything *it)
{
    k8sc_client *client;
    k8sc_resource *resource;
    k8sc_rest_client *rest;
    k8sc_request *request;
    k8sc_result *result;
    k8sc_stream *stream;
    k8sc_call *call;
    k8sc_watch *watch;
    k8sc_object *object;
    k8sc_list *list;
    k8sc_pager *pager;
    k8sc_event *event;
    k8sc_informer *informer;
    k8sc_informer_factory *factory;
    k8sc_lister *lister;
    k8sc_strings *strings;
    char *text;
    counted refused = {0, 0, 0};

    FORKED(k8sc_client_new_shared(it->config, it->client, &client, NULL));
    FORKED(k8sc_client_close(it->client, -1, NULL));
    FORKED(k8sc_client_resource(it->client, "", "v1", "pods", NULL, &resource, NULL));
    FORKED(k8sc_client_rest(it->client, "", "v1", &rest, NULL));

    EQUAL(k8sc_queue_fd(it->queue), -1);
    FORKED(k8sc_queue_wait(it->queue, 0, NULL, NULL));
    FORKED(k8sc_queue_dispatch(it->queue, 0, NULL, NULL));
    FORKED(k8sc_queue_take(it->queue, &event, NULL));
    FORKED(k8sc_queue_start_thread(it->own_queue, NULL));
    k8sc_queue_wakeup(it->queue);

    k8sc_cancel_cancel(it->cancel);
    EQUAL(k8sc_cancel_is_cancelled(it->cancel), 0);
    FORKED(k8sc_options_set_cancel(it->options, it->cancel, NULL));
    FORKED(k8sc_options_set_queue(it->options, it->queue, NULL));
    FORKED(k8sc_informer_options_set_queue(it->informer_options, it->queue, NULL));
    FORKED(k8sc_config_set_rate_limiter(it->config, it->limiter, NULL));
    FORKED(k8sc_rate_limiter_accept(it->limiter, -1, NULL));
    EQUAL(k8sc_rate_limiter_try_accept(it->limiter), 0);

    FORKED(k8sc_resource_create(it->resource, it->object, NULL, &object, NULL));
    FORKED(k8sc_resource_update(it->resource, it->object, NULL, &object, NULL));
    FORKED(k8sc_resource_update_status(it->resource, it->object, NULL, &object, NULL));
    FORKED(k8sc_resource_delete(it->resource, "a", NULL, &object, NULL));
    FORKED(k8sc_resource_delete_collection(it->resource, NULL, &object, NULL));
    FORKED(k8sc_resource_get(it->resource, "a", NULL, &object, NULL));
    FORKED(k8sc_resource_list(it->resource, NULL, &list, NULL));
    FORKED(k8sc_resource_list_all(it->resource, NULL, &list, NULL));
    FORKED(k8sc_resource_patch(it->resource, "a", K8SC_PATCH_MERGE, "{}", 2, NULL, &object, NULL));
    FORKED(k8sc_resource_apply(it->resource, "a", it->object, NULL, &object, NULL));
    FORKED(k8sc_resource_apply_status(it->resource, "a", it->object, NULL, &object, NULL));
    FORKED(k8sc_resource_watch(it->resource, NULL, never_called, &refused, count_destroy, &watch, NULL));
    EQUAL(refused.destroys, 1);
    FORKED(k8sc_resource_retry_watch(it->resource, NULL, never_called, &refused, count_destroy, &watch, NULL));
    FORKED(k8sc_resource_until(it->resource, "a", NULL, never_called, &refused, count_destroy, 0, &object, NULL));
    EQUAL(refused.destroys, 3);
    FORKED(k8sc_resource_wait_for_condition(it->resource, "a", "Ready", "True", NULL, 0, &object, NULL));
    FORKED(k8sc_resource_wait_for_deletion(it->resource, "a", NULL, 0, NULL));
    FORKED(k8sc_resource_pages(it->resource, NULL, &pager, NULL));
    FORKED(k8sc_pager_next(it->pager, &object, NULL));
    k8sc_watch_cancel(it->watch);

    FORKED(k8sc_rest_client_verb(it->rest, "GET", &request, NULL));
    FORKED(k8sc_rest_client_get(it->rest, &request, NULL));
    FORKED(k8sc_rest_client_post(it->rest, &request, NULL));
    FORKED(k8sc_rest_client_put(it->rest, &request, NULL));
    FORKED(k8sc_rest_client_delete(it->rest, &request, NULL));
    FORKED(k8sc_rest_client_patch(it->rest, K8SC_PATCH_MERGE, &request, NULL));
    FORKED(k8sc_request_set_cancel(it->request, it->cancel));
    FORKED(k8sc_request_do(it->request, &result, NULL));
    FORKED(k8sc_request_start(it->request, NULL, never_called, &refused, count_destroy, &call, NULL));
    EQUAL(refused.destroys, 4);
    FORKED(k8sc_request_start_stream(it->request, NULL, never_called, &refused, count_destroy, &call, NULL));
    EQUAL(refused.destroys, 5);
    FORKED(k8sc_request_stream(it->request, &stream, NULL));
    k8sc_call_cancel(it->call);

    FORKED(k8sc_informer_factory_new(it->client, NULL, &factory, NULL));
    FORKED(k8sc_informer_factory_for_resource(it->factory, "", "v1", "pods", &informer, NULL));
    FORKED(k8sc_informer_factory_informer_for(it->factory, "", "v1", "pods", no_informer, &refused, count_destroy,
                                              &informer, NULL));
    EQUAL(refused.destroys, 6);
    FORKED(k8sc_informer_factory_start(it->factory, NULL));
    FORKED(k8sc_informer_factory_wait_for_sync(it->factory, 0, NULL));
    FORKED(k8sc_informer_factory_shutdown(it->factory, NULL));
    FORKED(k8sc_informer_new(it->client, "", "v1", "pods", NULL, &informer, NULL));
    FORKED(k8sc_informer_start(it->alone, NULL));
    FORKED(k8sc_informer_stop(it->informer, NULL));
    FORKED(k8sc_informer_wait_for_sync(it->informer, 0, NULL));
    FORKED(k8sc_informer_wait_for_resource_version(it->informer, "1", 0, NULL));
    FORKED(k8sc_informer_last_sync_resource_version(it->informer, &text, NULL));
    FORKED(k8sc_informer_add_handler(it->informer, never_called, &refused, count_destroy, NULL, NULL));
    EQUAL(refused.destroys, 7);
    FORKED(k8sc_informer_add_handler_with(it->informer, 0, NULL, never_called, &refused, count_destroy, NULL, NULL));
    EQUAL(refused.destroys, 8);
    FORKED(k8sc_informer_remove_handler(it->informer, it->registration, NULL));
    FORKED(k8sc_informer_add_pointer_index(it->informer, "x", "/x", NULL));
    FORKED(k8sc_informer_add_label_index(it->informer, "x", "x", NULL));
    FORKED(k8sc_informer_add_owner_index(it->informer, "x", NULL));
    FORKED(k8sc_registration_set_limit(it->registration, K8SC_LIMIT_NONE, 1, NULL));
    FORKED(k8sc_informer_add_index(it->informer, "y", no_index, &refused, count_destroy, NULL));
    EQUAL(refused.destroys, 9);
    FORKED(k8sc_informer_lister(it->informer, &lister, NULL));
    FORKED(k8sc_lister_get(it->lister, NULL, "a", &object, NULL));
    FORKED(k8sc_lister_list(it->lister, NULL, NULL, &list, NULL));
    FORKED(k8sc_lister_select(it->lister, NULL, NULL, &list, NULL));
    FORKED(k8sc_lister_by_index(it->lister, "namespace", "a", &list, NULL));
    FORKED(k8sc_lister_index_values(it->lister, "namespace", &strings, NULL));
    EQUAL(k8sc_informer_is_stopped(it->informer), 0);
    EQUAL(k8sc_informer_has_synced(it->informer), 0);
    EQUAL(k8sc_registration_has_synced(it->registration), 0);
    EQUAL(k8sc_registration_depth(it->registration), -1);
    EQUAL(k8sc_registration_coalesced(it->registration), -1);
    EQUAL(k8sc_lister_size(it->lister), -1);

    /* The version and documents have no process. */
    check(strcmp(k8sc_version(), K8SC_VERSION) == 0, "k8sc_version", 0);
    check(strcmp(k8sc_object_name(it->object), "a") == 0, "k8sc_object_name", 0);
}

static void new_client_works(void)
{
    k8sc_config *config;
    k8sc_client *client;
    k8sc_resource *resource;
    k8sc_object *object;
    EQUAL(k8sc_config_new(&config, NULL), K8SC_OK);
    EQUAL(k8sc_config_set_server(config, "http://127.0.0.1:1", NULL), K8SC_OK);
    EQUAL(k8sc_client_new(config, &client, NULL), K8SC_OK);
    EQUAL(k8sc_client_resource(client, "", "v1", "pods", "default", &resource, NULL), K8SC_OK);
    EQUAL(k8sc_resource_get(resource, "a", NULL, &object, NULL), K8SC_E_CONNECT);
    EQUAL(k8sc_client_close(client, 10000, NULL), K8SC_OK);
    k8sc_resource_unref(resource);
    k8sc_client_unref(client);
    k8sc_config_free(config);
}

/* Runs the body in a child; a child that hangs is killed and counts as failed. */
static int in_child(void (*body)(everything *), everything *it)
{
    int status, i;
    pid_t child;
    fflush(NULL);
    child = fork();
    if (child == 0) {
        body(it);
        fflush(NULL);
        _exit(failures ? 1 : 0);
    }
    assert_true(child > 0);
    for (i = 0; i < 2000; i++) {
        pid_t done = waitpid(child, &status, WNOHANG);
        if (done == child) return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
        pause_ms(10);
    }
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    return -SIGKILL;
}

static void walk_and_let_go(everything *it)
{
    all_say_forked(it);
    let_go(it);
    EQUAL(it->handler.destroys + it->watcher.destroys + it->completion.destroys, 0);
    EQUAL(it->handler.calls + it->watcher.calls + it->completion.calls, 0);
    new_client_works();
}

/* curl's own two ends of a socket pair, by which its threads wake each other, cannot be found from outside: they stay.
 */
#define CURL_KEEPS 2

static void let_go_only(everything *it)
{
    let_go(it);
    if (descriptors() > base_descriptors + CURL_KEEPS) {
        int fd;
        for (fd = 0; fd < 64; fd++) {
            char path[64], target[256];
            ssize_t n;
            snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
            n = readlink(path, target, sizeof target - 1);
            if (n > 0) fprintf(stderr, "descriptor %d: %.*s\n", fd, (int)n, target);
        }
    }
    EQUAL(descriptors() <= base_descriptors + CURL_KEEPS, 1);
}

static void client_only(everything *it)
{
    (void)it;
    new_client_works();
}

/* ---- in the parent */

static int warm_up(void **state)
{
    k8sc_client *client;
    (void)state;
    if (silent_server(&silent_port) < 0) return -1;
    client = client_for(1);
    k8sc_client_close(client, -1, NULL);
    k8sc_client_unref(client);
    base_descriptors = descriptors();
    return 0;
}

static void parent_goes_on(everything *it)
{
    k8sc_object *object;
    k8sc_options *options;
    assert_int_equal(k8sc_options_new(&options, NULL), K8SC_OK);
    assert_int_equal(k8sc_options_set_timeout(options, 30, NULL), K8SC_OK);
    /* Nobody answers, which it takes its own time to find out. */
    assert_int_equal(k8sc_resource_get(it->resource, "a", options, &object, NULL), K8SC_E_TIMEOUT);
    k8sc_options_free(options);
    assert_int_equal(k8sc_cancel_is_cancelled(it->cancel), 0);
    assert_int_equal(k8sc_informer_is_stopped(it->informer), 0);
    assert_int_equal(it->watcher.destroys + it->handler.destroys + it->completion.destroys, 0);
    k8sc_queue_wakeup(it->queue);
    assert_int_equal(k8sc_queue_wait(it->queue, 10000, NULL, NULL), K8SC_OK);
    assert_int_equal(k8sc_client_close(it->client, 10000, NULL), K8SC_OK);
    assert_int_equal(it->watcher.destroys, 1);
    assert_int_equal(it->handler.destroys, 1);
    assert_int_equal(it->completion.destroys, 1);
    let_go(it);
}

static void every_function_with_a_handle(void **state)
{
    everything it;
    (void)state;
    make(&it);
    pause_ms(20);
    assert_int_equal(in_child(walk_and_let_go, &it), 0);
    parent_goes_on(&it);
}

static void descriptors_are_closed(void **state)
{
    everything it;
    (void)state;
    make(&it);
    pause_ms(50);
    assert_int_equal(in_child(let_go_only, &it), 0);
    parent_goes_on(&it);
}

static void at_any_moment(void **state)
{
    int round;
    (void)state;
    for (round = 0; round < 10; round++) {
        everything it;
        make(&it);
        assert_int_equal(in_child(walk_and_let_go, &it), 0);
        parent_goes_on(&it);
    }
}

/* Answers one request with the head of a body that never comes. */
static void *answer(void *listener)
{
    char request[4096];
    static const char head[] =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    int connection = accept4(*(int *)listener, NULL, NULL, SOCK_CLOEXEC);
    if (connection < 0 || read(connection, request, sizeof request) <= 0 ||
        write(connection, head, sizeof head - 1) < 0)
        return NULL;
    while (read(connection, request, sizeof request) > 0) continue;
    close(connection);
    return NULL;
}

static k8sc_stream *stream;

static void read_and_end_the_stream(everything *it)
{
    char byte;
    size_t n;
    (void)it;
    FORKED(k8sc_stream_read(stream, &byte, 1, 100, &n, NULL));
    k8sc_stream_free(stream);
}

/* It is a value handle, but has a connection of the parent's behind it. */
static void stream_of_the_parent(void **state)
{
    static int listener; /* the thread may outlive a test that fails */
    int port;
    k8sc_client *client;
    k8sc_rest_client *rest;
    k8sc_request *request;
    pthread_t server;
    char byte;
    size_t n;
    (void)state;
    listener = silent_server(&port);
    client = client_for(port);
    assert_int_equal(pthread_create(&server, NULL, answer, &listener), 0);
    assert_int_equal(k8sc_client_rest(client, "", "v1", &rest, NULL), K8SC_OK);
    assert_int_equal(k8sc_rest_client_get(rest, &request, NULL), K8SC_OK);
    assert_int_equal(k8sc_request_stream(request, &stream, NULL), K8SC_OK);
    assert_int_equal(in_child(read_and_end_the_stream, NULL), 0);
    assert_int_equal(k8sc_stream_read(stream, &byte, 1, 20, &n, NULL), K8SC_E_TIMEOUT);
    k8sc_stream_free(stream);
    k8sc_request_free(request);
    k8sc_rest_client_unref(rest);
    assert_int_equal(k8sc_client_close(client, 10000, NULL), K8SC_OK);
    k8sc_client_unref(client);
    pthread_join(server, NULL);
    close(listener);
}

static void client_of_the_child(void **state)
{
    k8sc_client *client = client_for(silent_port);
    (void)state;
    assert_int_equal(in_child(client_only, NULL), 0);
    assert_int_equal(k8sc_client_close(client, 10000, NULL), K8SC_OK);
    k8sc_client_unref(client);
    assert_int_equal(in_child(client_only, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_function_with_a_handle),
        cmocka_unit_test(descriptors_are_closed),
        cmocka_unit_test(at_any_moment),
        cmocka_unit_test(stream_of_the_parent),
        cmocka_unit_test(client_of_the_child),
    };
    return cmocka_run_group_tests(tests, warm_up, NULL);
}
