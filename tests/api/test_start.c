/* Requests that are started: callback and pull, queues, cancelling, closing, and destroy exactly once. */
#include "support.h"

static k8sc_request *version_request(void)
{
    k8sc_request *request = NULL;
    OK(k8sc_rest_client_get(new_rest(client, "", "v1"), &request, &err));
    k8sc_request_set_abs_path(request, "/version");
    return request;
}

#define QUEUE k8sc_client_queue(client)

static void a_started_request_calls_back_once(void **state)
{
    k8sc_request *request = version_request();
    struct recorder *recorder = new_recorder();
    (void)state;
    OK(k8sc_request_start(request, NULL, RECORD(recorder), NULL, &err));
    k8sc_request_free(request); /* the call goes on */
    struct record *record = run_until(QUEUE, recorder, K8SC_EVENT_COMPLETED);
    assert_null(record->error);
    assert_int_equal(record->http_status, 200);
    assert_int_equal(record->attempts, 1);
    assert_true(pthread_equal(recorder->thread, pthread_self()));
    run_until_destroyed(QUEUE, recorder);
    assert_string_equal(kinds(recorder), "COMPLETED");
    assert_int_equal(recorder->destroyed, 1);
}

/* Nothing runs before dispatch is called, however long ago the answer came. */
static void not_before_dispatch(void **state)
{
    struct recorder *recorder = new_recorder();
    int ready = 0;
    int32_t done = -1;
    (void)state;
    k8sc_request *request = version_request();
    OK(k8sc_request_start(request, NULL, RECORD(recorder), NULL, &err));
    k8sc_request_free(request);
    OK(k8sc_queue_wait(QUEUE, PATIENCE_MS, &ready, &err));
    assert_int_equal(ready, 1);
    assert_int_equal(recorder->count, 0);
    OK(k8sc_queue_dispatch(QUEUE, 1, &done, &err));
    assert_int_equal(done, 1);
    assert_int_equal(recorder->count, 1);
}

static void a_started_request_can_be_taken(void **state)
{
    int mark = 0;
    struct recorder *recorder = new_recorder();
    k8sc_event *event = NULL;
    k8sc_object *version = NULL;
    (void)state;
    k8sc_request *request = version_request();
    OK(k8sc_request_start(request, NULL, NULL, &mark, NULL, NULL, &err));
    event = take(QUEUE);
    assert_int_equal(k8sc_event_kind(event), K8SC_EVENT_COMPLETED);
    assert_string_equal(k8sc_event_kind_name(event), "COMPLETED");
    assert_ptr_equal(k8sc_event_user_data(event), &mark);
    assert_null(k8sc_event_error(event));
    assert_null(k8sc_event_object(event));
    assert_int_equal(k8sc_result_http_status(k8sc_event_result(event)), 200);
    OK(k8sc_result_object(k8sc_event_result(event), &version, &err));
    assert_non_null(STR(version, "/gitVersion"));
    k8sc_object_unref(version);
    k8sc_event_free(event);
    OK(k8sc_queue_take(QUEUE, &event, &err));
    assert_null(event);
    /* Its destroy is called too, by a later take. */
    OK(k8sc_request_start(request, NULL, NULL, recorder, on_destroy, NULL, &err));
    k8sc_event_free(take(QUEUE));
    AWAIT((k8sc_queue_take(QUEUE, &event, NULL), recorder->destroyed) == 1);
    k8sc_request_free(request);
}

static void errors_arrive_as_events(void **state)
{
    struct recorder *recorder = new_recorder();
    k8sc_request *request = new_request("GET");
    (void)state;
    k8sc_request_set_resource(request, "nodes");
    k8sc_request_set_name(request, "absent");
    OK(k8sc_request_start(request, NULL, RECORD(recorder), NULL, &err));
    struct record *record = run_until(QUEUE, recorder, K8SC_EVENT_COMPLETED);
    assert_true(k8sc_error_is_not_found(record->error));
    assert_non_null(strstr(k8sc_error_message(record->error), "get nodes absent"));
    assert_int_equal(record->http_status, 0);
}

static void extra_queue(void **state)
{
    k8sc_queue *queue = new_queue();
    struct recorder *recorder = new_recorder();
    k8sc_request *request = version_request();
    (void)state;
    OK(k8sc_request_start(request, queue, RECORD(recorder), NULL, &err));
    k8sc_request_free(request);
    run_until_destroyed(queue, recorder);
    assert_string_equal(kinds(recorder), "COMPLETED");
}

static void dispatching_thread(void **state)
{
    k8sc_queue *queue = new_queue();
    struct recorder *recorder = new_recorder();
    k8sc_request *request = version_request();
    (void)state;
    OK(k8sc_queue_start_thread(queue, &err));
    FAILS(K8SC_E_STATE, k8sc_queue_start_thread(queue, &err), "thread");
    FAILS(K8SC_E_BUSY, k8sc_queue_dispatch(queue, 0, NULL, &err), "thread");
    OK(k8sc_request_start(request, queue, RECORD(recorder), NULL, &err));
    k8sc_request_free(request);
    AWAIT(destroyed(recorder) == 1);
    assert_string_equal(kinds(recorder), "COMPLETED");
    assert_false(pthread_equal(recorder->thread, pthread_self()));
}

/* Non-zero ends the round; the event counts as delivered. */
static void callback_that_returns_non_zero(void **state)
{
    struct recorder *refusing = new_recorder(), *other = new_recorder();
    k8sc_request *request = version_request();
    int32_t done = 0;
    int64_t until = now_ms() + PATIENCE_MS;
    k8sc_status status = K8SC_OK;
    (void)state;
    refusing->answer = 7;
    OK(k8sc_request_start(request, NULL, RECORD(refusing), NULL, &err));
    while (status == K8SC_OK && now_ms() < until) {
        OK(k8sc_queue_wait(QUEUE, 100, NULL, &err));
        status = k8sc_queue_dispatch(QUEUE, 0, &done, &err);
    }
    FAILS(K8SC_E_CALLBACK, status, "7");
    assert_int_equal(done, 1);
    assert_int_equal(refusing->count, 1);
    /* The queue works on. */
    OK(k8sc_request_start(request, NULL, RECORD(other), NULL, &err));
    run_until_destroyed(QUEUE, other);
    assert_int_equal(other->count, 1);
    assert_int_equal(refusing->count, 1);
    assert_int_equal(refusing->destroyed, 1);
    k8sc_request_free(request);
}

/* -------------------------------------------------------------------------------------------------------- cancelling
 * -- */

static void assert_cancelled(struct recorder *recorder, k8sc_queue *queue)
{
    struct record *record = run_until(queue, recorder, K8SC_EVENT_COMPLETED);
    assert_int_equal(k8sc_error_code(record->error), K8SC_E_CANCELLED);
    run_until_destroyed(queue, recorder);
    assert_int_equal(recorder->count, 1);
    assert_int_equal(recorder->destroyed, 1);
}

static void call_cancel(void **state)
{
    struct recorder *recorder = new_recorder();
    k8sc_request *request = version_request();
    k8sc_call *call = NULL;
    (void)state;
    fault("{\"delay_ms\":60000}");
    OK(k8sc_request_start(request, NULL, RECORD(recorder), &call, &err));
    AWAIT(k8sc_testing_server_request_count(server, "GET", "/version") == 1);
    k8sc_call_cancel(call);
    k8sc_call_cancel(call);
    assert_cancelled(recorder, QUEUE);
    k8sc_call_cancel(call); /* long over */
    k8sc_call_unref(call);
    /* At once after the start: never sent, or cut off; cancelled either way. */
    recorder = new_recorder();
    OK(k8sc_request_start(request, NULL, RECORD(recorder), &call, &err));
    k8sc_call_cancel(call);
    assert_cancelled(recorder, QUEUE);
    k8sc_call_unref(call);
    k8sc_request_free(request);
}

/* The handle is let go: the request goes on. */
static void call_unref(void **state)
{
    struct recorder *recorder = new_recorder();
    k8sc_request *request = version_request();
    k8sc_call *call = NULL;
    (void)state;
    OK(k8sc_request_start(request, NULL, RECORD(recorder), &call, &err));
    k8sc_call_unref(k8sc_call_ref(call));
    k8sc_call_unref(call);
    assert_int_equal(run_until(QUEUE, recorder, K8SC_EVENT_COMPLETED)->http_status, 200);
    k8sc_request_free(request);
}

static void token_before_during_and_after(void **state)
{
    struct recorder *recorder = new_recorder();
    k8sc_request *request = version_request();
    k8sc_cancel *cancel = new_cancel();
    (void)state;
    OK(k8sc_request_set_cancel(request, cancel));
    fault("{\"delay_ms\":60000,\"nth\":2}");
    /* After: a request that is over does not care. */
    OK(k8sc_request_do(request, NULL, &err));
    OK(k8sc_request_start(request, NULL, RECORD(recorder), NULL, &err));
    AWAIT(k8sc_testing_server_request_count(server, "GET", "/version") == 2);
    assert_false(k8sc_cancel_is_cancelled(cancel));
    k8sc_cancel_cancel(cancel);
    k8sc_cancel_cancel(cancel);
    assert_true(k8sc_cancel_is_cancelled(cancel));
    assert_cancelled(recorder, QUEUE);
    /* Before: nothing is sent. */
    FAILS(K8SC_E_CANCELLED, k8sc_request_do(request, NULL, &err), "cancelled", "/version");
    assert_int_equal(k8sc_testing_server_request_count(server, NULL, NULL), 2);
    OK(k8sc_request_set_cancel(request, NULL));
    OK(k8sc_request_do(request, NULL, &err));
    k8sc_request_free(request);
}

static void *cancel_when_seen(void *cancel)
{
    while (k8sc_testing_server_request_count(server, NULL, NULL) < 1) pause_ms(1);
    k8sc_cancel_cancel(cancel);
    return NULL;
}

/* From another thread, while a verb blocks. */
static void token_of_a_blocking_verb(void **state)
{
    k8sc_cancel *cancel = new_cancel();
    k8sc_options *options = new_options();
    k8sc_object *object = NULL;
    pthread_t thread;
    (void)state;
    fault("{\"delay_ms\":60000}");
    OK(k8sc_options_set_cancel(options, cancel, &err));
    pthread_create(&thread, NULL, cancel_when_seen, cancel);
    FAILS(K8SC_E_CANCELLED, k8sc_resource_get(CONFIG_MAPS(), "a", options, &object, &err), "get configmaps default/a");
    pthread_join(thread, NULL);
    assert_null(object);
}

/* ----------------------------------------------------------------------------------------------------------- closing
 * -- */

static void close_during_requests(void **state)
{
    struct recorder *recorder = new_recorder(), *pulling = new_recorder();
    k8sc_request *request = version_request();
    k8sc_call *call = NULL;
    (void)state;
    fault("{\"delay_ms\":60000}");
    OK(k8sc_request_start(request, NULL, RECORD(recorder), &call, &err));
    OK(k8sc_request_start(request, NULL, NULL, pulling, on_destroy, NULL, &err));
    AWAIT(k8sc_testing_server_request_count(server, NULL, NULL) == 2);
    int64_t begin = now_ms();
    OK(k8sc_client_close(client, PATIENCE_MS, &err));
    assert_true(now_ms() - begin < 5000);
    /* Nobody will dispatch any more, so close called them. */
    assert_int_equal(recorder->destroyed, 1);
    assert_int_equal(pulling->destroyed, 1);
    assert_int_equal(recorder->late, 0);
    OK(k8sc_client_close(client, PATIENCE_MS, &err));
    k8sc_call_cancel(call);
    k8sc_call_unref(call);
    k8sc_request_free(request);
}

/* On a queue that outlives the client, the end arrives as an event. */
static void close_and_an_extra_queue(void **state)
{
    k8sc_queue *queue = new_queue();
    struct recorder *recorder = new_recorder();
    k8sc_request *request = version_request();
    (void)state;
    fault("{\"delay_ms\":60000}");
    OK(k8sc_request_start(request, queue, RECORD(recorder), NULL, &err));
    AWAIT(k8sc_testing_server_request_count(server, NULL, NULL) == 1);
    OK(k8sc_client_close(client, PATIENCE_MS, &err));
    assert_cancelled(recorder, queue);
    k8sc_request_free(request);
}

static void *do_version(void *of)
{
    k8sc_error *error = NULL;
    k8sc_status status = k8sc_request_do(of, NULL, &error);
    k8sc_error_free(error);
    return (void *)(intptr_t)status;
}

static void close_during_a_blocking_request(void **state)
{
    k8sc_request *request = version_request();
    pthread_t thread;
    void *answer = NULL;
    (void)state;
    fault("{\"delay_ms\":60000}");
    pthread_create(&thread, NULL, do_version, request);
    AWAIT(k8sc_testing_server_request_count(server, NULL, NULL) == 1);
    OK(k8sc_client_close(client, PATIENCE_MS, &err));
    pthread_join(thread, &answer);
    assert_int_equal((intptr_t)answer, K8SC_E_CANCELLED);
    k8sc_request_free(request);
}

static void close_inside_a_callback(struct recorder *self, const k8sc_event *event)
{
    (void)self;
    (void)event;
    k8sc_client_close(client, PATIENCE_MS, NULL);
}

static void closed_by_its_own_callback(void **state)
{
    struct recorder *recorder = new_recorder(), *waiting = new_recorder();
    k8sc_request *request = version_request();
    int64_t until = now_ms() + PATIENCE_MS;
    (void)state;
    recorder->hook = close_inside_a_callback;
    fault("{\"delay_ms\":60000,\"nth\":2}");
    OK(k8sc_request_start(request, NULL, RECORD(recorder), NULL, &err));
    AWAIT(k8sc_testing_server_request_count(server, NULL, NULL) == 1);
    OK(k8sc_request_start(request, NULL, RECORD(waiting), NULL, &err));
    while (recorder->count == 0 && now_ms() < until) {
        k8sc_queue_wait(QUEUE, 100, NULL, NULL);
        k8sc_queue_dispatch(QUEUE, 0, NULL, NULL);
    }
    OK(k8sc_client_close(client, PATIENCE_MS, &err));
    assert_int_equal(recorder->count, 1);
    assert_int_equal(recorder->destroyed, 1);
    assert_int_equal(waiting->destroyed, 1);
    assert_int_equal(waiting->late, 0);
    k8sc_request_free(request);
}

/* Whoever lets go of everything without closing still gets destroy, from the last _unref of the queue's side. */
static void unref_without_close(void **state)
{
    struct recorder *recorder = new_recorder();
    k8sc_config *config = new_config();
    k8sc_client *other = NULL;
    k8sc_rest_client *rest = NULL;
    k8sc_request *request = NULL;
    (void)state;
    fault("{\"delay_ms\":60000}");
    OK(k8sc_client_new(config, &other, &err));
    OK(k8sc_client_rest(other, "", "v1", &rest, &err));
    OK(k8sc_rest_client_get(rest, &request, &err));
    OK(k8sc_request_start(request, NULL, RECORD(recorder), NULL, &err));
    k8sc_request_free(request);
    k8sc_rest_client_unref(rest);
    k8sc_client_unref(other);
    AWAIT(destroyed(recorder) == 1);
    assert_int_equal(recorder->count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_started_request_calls_back_once),
        TEST(not_before_dispatch),
        TEST(a_started_request_can_be_taken),
        TEST(errors_arrive_as_events),
        TEST(extra_queue),
        TEST(dispatching_thread),
        TEST(callback_that_returns_non_zero),
        TEST(call_cancel),
        TEST(call_unref),
        TEST(token_before_during_and_after),
        TEST(token_of_a_blocking_verb),
        TEST(close_during_requests),
        TEST(close_and_an_extra_queue),
        TEST(close_during_a_blocking_request),
        TEST(closed_by_its_own_callback),
        TEST(unref_without_close),
    };
    return cmocka_run_group_tests_name("started requests", tests, NULL, NULL);
}
