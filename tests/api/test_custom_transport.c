/* A function instead of the network. */
#include "support.h"

#include <dirent.h>

/* What the function under test is to do, and what it saw. */
static struct {
    pthread_mutex_t mutex;
    int calls, running, ended, destroyed, on_test_thread;
    int opened; /* lets waiting calls go on */
    char method[16], url[256], agent[128], accept[64], authorization[64], content_type[64], body[256];
    size_t body_size;
    pthread_t test;
    k8sc_client *to_close;
} seen = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static void copy(char *to, size_t size, const char *from) { snprintf(to, size, "%s", from ? from : "(none)"); }

static void enter(const k8sc_transport_request *request)
{
    pthread_mutex_lock(&seen.mutex);
    seen.calls++;
    seen.running++;
    seen.on_test_thread += pthread_equal(pthread_self(), seen.test) != 0;
    copy(seen.method, sizeof seen.method, k8sc_transport_request_method(request));
    copy(seen.url, sizeof seen.url, k8sc_transport_request_url(request));
    copy(seen.agent, sizeof seen.agent, k8sc_transport_request_header(request, "user-agent"));
    copy(seen.accept, sizeof seen.accept, k8sc_transport_request_header(request, "Accept"));
    copy(seen.authorization, sizeof seen.authorization, k8sc_transport_request_header(request, "AUTHORIZATION"));
    copy(seen.content_type, sizeof seen.content_type, k8sc_transport_request_header(request, "Content-Type"));
    copy(seen.body, sizeof seen.body, k8sc_transport_request_body(request, &seen.body_size));
    pthread_mutex_unlock(&seen.mutex);
}

static void leave(void)
{
    pthread_mutex_lock(&seen.mutex);
    seen.running--;
    seen.ended++;
    pthread_mutex_unlock(&seen.mutex);
}

static int value_of(int *counter)
{
    pthread_mutex_lock(&seen.mutex);
    int value = *counter;
    pthread_mutex_unlock(&seen.mutex);
    return value;
}

static void set(int *counter, int value)
{
    pthread_mutex_lock(&seen.mutex);
    *counter = value;
    pthread_mutex_unlock(&seen.mutex);
}

static void on_gone(void *user_data)
{
    (void)user_data;
    pthread_mutex_lock(&seen.mutex);
    seen.destroyed++;
    pthread_mutex_unlock(&seen.mutex);
}

/* What is appended; a failure is that of a cancelled request, and ends the function. */
static int say(k8sc_transport_reply *reply, const char *text)
{
    return k8sc_transport_reply_append(reply, text, strlen(text), NULL) == K8SC_OK;
}

static const char a_map[] = "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\",\"namespace\":"
                            "\"default\",\"resourceVersion\":\"5\"}}";
static const char a_list[] =
    "{\"kind\":\"ConfigMapList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"5\"},\"items\":[";

/* A small API server of one ConfigMap. */
static void serve(const k8sc_transport_request *request, k8sc_transport_reply *reply, void *user_data)
{
    const char *url = k8sc_transport_request_url(request);
    (void)user_data;
    enter(request);
    if (strstr(url, "watch=")) {
        char frame[512];
        snprintf(frame, sizeof frame, "{\"type\":\"ADDED\",\"object\":%s}\n", a_map);
        int cancelled = !say(reply, frame);
        while (!cancelled && !k8sc_transport_reply_is_cancelled(reply)) {
            if (value_of(&seen.opened)) {
                set(&seen.opened, 0);
                cancelled =
                    !say(reply, "{\"type\":\"DELETED\",\"object\":") || !say(reply, a_map) || !say(reply, "}\n");
            }
            k8sc_transport_reply_wait(reply, 2, &cancelled, NULL);
        }
    } else if (strstr(url, "/configmaps/")) {
        k8sc_transport_reply_set_status(reply, 200, NULL);
        k8sc_transport_reply_add_header(reply, "Content-Type", "application/json", NULL);
        k8sc_transport_reply_add_header(reply, "X-Test", "yes", NULL);
        say(reply, a_map);
    } else {
        /* In pieces. */
        (void)(say(reply, a_list) && say(reply, a_map) && say(reply, "") && say(reply, "]") && say(reply, "}"));
    }
    leave();
}

static k8sc_config *with_transport(k8sc_transport_fn fn)
{
    k8sc_config *config = new_config_for("http://in-memory");
    pthread_mutex_lock(&seen.mutex);
    seen.calls = seen.running = seen.ended = seen.destroyed = seen.opened = 0;
    seen.test = pthread_self();
    seen.to_close = NULL;
    pthread_mutex_unlock(&seen.mutex);
    OK(k8sc_config_set_transport(config, fn, NULL, on_gone, &err));
    return config;
}

static k8sc_resource *maps_of(k8sc_client *of) { return new_resource(of, "", "v1", "configmaps", "default"); }

static k8sc_status get_with(k8sc_client *of, k8sc_options *options)
{
    k8sc_object *object = NULL;
    k8sc_status status = k8sc_resource_get(maps_of(of), "a", options, &object, &err);
    k8sc_object_unref(object);
    return status;
}

static int threads(void)
{
    int count = 0;
    DIR *tasks = opendir("/proc/self/task");
    while (readdir(tasks)) count++;
    closedir(tasks);
    return count - 2;
}

/* ----------------------------------------------------------------------------------------------------------- answers
 * -- */

static void requests_go_to_the_custom_transport(void **state)
{
    k8sc_config *config = with_transport(serve);
    k8sc_object *object = NULL, *created = NULL;
    k8sc_list *list = NULL;
    (void)state;
    OK(k8sc_config_set_token(config, "secret", &err));
    OK(k8sc_config_set_user_agent(config, "tester", &err));
    k8sc_client *of = new_client(config);
    OK(k8sc_resource_get(maps_of(of), "a", NULL, &object, &err));
    assert_string_equal(k8sc_object_name(keep_object(object)), "a");
    assert_string_equal(seen.method, "GET");
    assert_string_equal(seen.url, "http://in-memory/api/v1/namespaces/default/configmaps/a");
    assert_string_equal(seen.agent, "tester");
    assert_string_equal(seen.accept, "application/json, */*");
    assert_string_equal(seen.authorization, "Bearer secret");
    assert_string_equal(seen.content_type, "(none)");
    assert_int_equal(seen.body_size, 0);
    OK(k8sc_resource_list(maps_of(of), NULL, &list, &err));
    assert_int_equal(k8sc_list_size(keep_list(list)), 1);
    k8sc_object *wanted = parse(a_map);
    OK(k8sc_resource_update(maps_of(of), wanted, NULL, &created, &err));
    keep_object(created);
    assert_string_equal(seen.method, "PUT");
    assert_string_equal(seen.content_type, "application/json");
    assert_string_equal(seen.body, a_map);
    assert_int_equal(seen.on_test_thread, 0);
    assert_int_equal(seen.calls, 3);
}

static void raw_result(void **state)
{
    k8sc_client *of = new_client(with_transport(serve));
    k8sc_request *request = NULL;
    k8sc_result *result = NULL;
    (void)state;
    OK(k8sc_rest_client_get(new_rest(of, "", "v1"), &request, &err));
    k8sc_request_set_abs_path(request, "/configmaps/a");
    k8sc_status status = k8sc_request_do(request, &result, &err);
    k8sc_request_free(request);
    OK(status);
    assert_int_equal(k8sc_result_http_status(keep_result(result)), 200);
    assert_string_equal(k8sc_result_header(result, "x-test"), "yes");
    assert_string_equal(k8sc_result_body(result, NULL), a_map);
}

static void an_informer_works_through_a_custom_transport(void **state)
{
    k8sc_client *of = new_client(with_transport(serve));
    k8sc_queue *queue = k8sc_client_queue(of);
    k8sc_informer *informer = NULL;
    k8sc_registration *registration = NULL;
    struct recorder *handler = new_recorder();
    (void)state;
    OK(k8sc_informer_new(of, "", "v1", "configmaps", in_pages(), &informer, &err));
    OK(k8sc_informer_add_handler(informer, RECORD(handler), &registration, &err));
    OK(k8sc_informer_start(informer, &err));
    run_until_count(queue, handler, 2);
    set(&seen.opened, 1);
    run_until(queue, handler, K8SC_EVENT_DELETE);
    k8sc_registration_unref(registration);
    k8sc_informer_unref(informer);
    OK(k8sc_client_close(of, PATIENCE_MS, &err));
    assert_int_equal(value_of(&seen.running), 0);
}

/* ------------------------------------------------------------------------------------------------------------ errors
 * -- */

static void refuse(const k8sc_transport_request *request, k8sc_transport_reply *reply, void *user_data)
{
    (void)user_data;
    enter(request);
    k8sc_transport_reply_set_status(reply, 404, NULL);
    say(reply, "{\"kind\":\"Status\",\"status\":\"Failure\",\"message\":\"there is "
               "none\",\"reason\":\"NotFound\",\"code\":404}");
    leave();
}

/* Lost, then 503 with Retry-After, then the answer. */
static void hesitate(const k8sc_transport_request *request, k8sc_transport_reply *reply, void *user_data)
{
    (void)user_data;
    enter(request);
    switch (value_of(&seen.calls)) {
    case 1: k8sc_transport_reply_fail(reply, K8SC_E_TRANSPORT, "lost", NULL); break;
    case 2:
        k8sc_transport_reply_set_status(reply, 503, NULL);
        k8sc_transport_reply_add_header(reply, "Retry-After", "0", NULL);
        break;
    default: say(reply, a_map);
    }
    leave();
}

static void break_off(const k8sc_transport_request *request, k8sc_transport_reply *reply, void *user_data)
{
    (void)user_data;
    enter(request);
    say(reply, "{\"kind\":");
    k8sc_transport_reply_fail(reply, K8SC_E_CONNECT, NULL, NULL);
    leave();
}

static void what_the_custom_transport_answers_is_told(void **state)
{
    (void)state;
    FAILS(K8SC_E_API, get_with(new_client(with_transport(refuse)), NULL), "there is none", "get configmaps default/a");
    assert_true(k8sc_error_is_not_found(failure));
    OK(get_with(new_client(with_transport(hesitate)), NULL));
    assert_int_equal(seen.calls, 3);
    k8sc_options *options = new_options();
    OK(k8sc_options_set_max_retries(options, 0, &err));
    FAILS(K8SC_E_TRANSPORT, get_with(new_client(with_transport(hesitate)), options), "lost");
    FAILS(K8SC_E_CONNECT, get_with(new_client(with_transport(break_off)), NULL), "K8SC_E_CONNECT",
          "get configmaps default/a");
}

static int wrong;

static void misuse(const k8sc_transport_request *request, k8sc_transport_reply *reply, void *user_data)
{
    (void)user_data;
    enter(request);
    wrong = k8sc_transport_reply_set_status(reply, 199, NULL) != K8SC_E_INVALID;
    wrong += k8sc_transport_reply_set_status(reply, 600, NULL) != K8SC_E_INVALID;
    wrong += k8sc_transport_reply_set_status(NULL, 200, NULL) != K8SC_E_INVALID;
    wrong += k8sc_transport_reply_add_header(reply, "", "a", NULL) != K8SC_E_INVALID;
    wrong += k8sc_transport_reply_add_header(reply, "a", "b\r\nc", NULL) != K8SC_E_INVALID;
    wrong += k8sc_transport_reply_add_header(reply, NULL, "a", NULL) != K8SC_E_INVALID;
    wrong += k8sc_transport_reply_append(reply, NULL, 1, NULL) != K8SC_E_INVALID;
    wrong += k8sc_transport_reply_fail(reply, K8SC_OK, "fine", NULL) != K8SC_E_INVALID;
    wrong += k8sc_transport_reply_wait(reply, -2, NULL, NULL) != K8SC_E_INVALID;
    wrong += k8sc_transport_request_header(request, "no-such") != NULL;
    say(reply, a_map);
    wrong += k8sc_transport_reply_set_status(reply, 201, NULL) != K8SC_E_STATE;
    wrong += k8sc_transport_reply_add_header(reply, "a", "b", NULL) != K8SC_E_STATE;
    leave();
}

static void wrong_input(void **state)
{
    k8sc_client *made = NULL;
    (void)state;
    OK(get_with(new_client(with_transport(misuse)), NULL));
    assert_int_equal(wrong, 0);
    assert_null(k8sc_transport_request_method(NULL));
    assert_null(k8sc_transport_request_url(NULL));
    assert_null(k8sc_transport_request_body(NULL, NULL));
    assert_int_equal(k8sc_transport_reply_is_cancelled(NULL), 0);
    /* destroy runs here, too. */
    with_transport(serve);
    FAILS(K8SC_E_INVALID, k8sc_config_set_transport(NULL, serve, NULL, on_gone, &err), "config");
    assert_int_equal(seen.destroyed, 1);
    /* What it would not use. */
    k8sc_config *config = with_transport(serve);
    OK(k8sc_config_set_insecure(config, 1, &err));
    FAILS(K8SC_E_CONFIG, k8sc_client_new(config, &made, &err), "transport");
    config = with_transport(serve);
    OK(k8sc_config_set_proxy(config, "http://127.0.0.1:1", &err));
    FAILS(K8SC_E_CONFIG, k8sc_client_new(config, &made, &err), "transport");
    /* Without it, the network is asked again. */
    config = with_transport(serve);
    OK(k8sc_config_set_transport(config, NULL, NULL, NULL, &err));
    assert_int_equal(seen.destroyed, 1);
    OK(k8sc_config_set_server(config, k8sc_testing_server_url(server), &err));
    seed_map("a");
    OK(get_with(new_client(config), NULL));
    assert_int_equal(seen.calls, 0);
}

/* ------------------------------------------------------------------------------------------------------ ends and ends
 * -- */

static void wait_for_the_end(const k8sc_transport_request *request, k8sc_transport_reply *reply, void *user_data)
{
    (void)user_data;
    enter(request);
    k8sc_transport_reply_wait(reply, PATIENCE_MS, NULL, NULL);
    if (say(reply, "x")) set(&seen.opened, 99);
    leave();
}

static void *cancel_soon(void *cancel)
{
    AWAIT(value_of(&seen.running) > 0);
    k8sc_cancel_cancel(cancel);
    return NULL;
}

static void ended_from_outside(void **state)
{
    k8sc_client *of = new_client(with_transport(wait_for_the_end));
    k8sc_options *options = new_options();
    pthread_t thread;
    (void)state;
    OK(k8sc_options_set_timeout(options, 50, &err));
    FAILS(K8SC_E_TIMEOUT, get_with(of, options), "overall deadline");
    AWAIT(value_of(&seen.ended) == 1);
    k8sc_cancel *cancel = new_cancel();
    options = new_options();
    OK(k8sc_options_set_cancel(options, cancel, &err));
    pthread_create(&thread, NULL, cancel_soon, cancel);
    k8sc_status status = get_with(of, options);
    pthread_join(thread, NULL);
    FAILS(K8SC_E_CANCELLED, status, "cancelled");
    AWAIT(value_of(&seen.ended) == 2);
    k8sc_config *config = with_transport(wait_for_the_end);
    OK(k8sc_config_set_idle_timeout(config, 50, &err));
    FAILS(K8SC_E_TIMEOUT, get_with(new_client(config), NULL), "idle deadline");
    AWAIT(value_of(&seen.ended) == 1);
    assert_int_equal(value_of(&seen.opened), 0);
}

/* Does not ask whether it was cancelled. */
static void take_time(const k8sc_transport_request *request, k8sc_transport_reply *reply, void *user_data)
{
    (void)user_data;
    enter(request);
    while (!value_of(&seen.opened)) pause_ms(2);
    say(reply, a_map);
    leave();
}

static void *open_soon(void *unused)
{
    (void)unused;
    pause_ms(100);
    set(&seen.opened, 1);
    return NULL;
}

static void close_waits(void **state)
{
    int before = threads();
    k8sc_config *config = NULL;
    k8sc_call *call = NULL;
    k8sc_request *request = NULL;
    pthread_t thread;
    struct recorder *recorder = new_recorder();
    (void)state;
    k8sc_client *of = new_client(config = with_transport(take_time));
    for (int i = 0; i < 5; i++) {
        OK(k8sc_rest_client_get(new_rest(of, "", "v1"), &request, &err));
        OK(k8sc_request_start(request, NULL, i ? NULL : on_event, i ? NULL : recorder, i ? NULL : on_destroy, &call,
                              &err));
        k8sc_request_free(request);
        k8sc_call_unref(call);
    }
    AWAIT(value_of(&seen.running) == 5);
    FAILS(K8SC_E_TIMEOUT, k8sc_client_close(of, 20, &err), "");
    pthread_create(&thread, NULL, open_soon, NULL);
    OK(k8sc_client_close(of, -1, &err));
    pthread_join(thread, NULL);
    assert_int_equal(value_of(&seen.running), 0);
    assert_int_equal(value_of(&seen.ended), 5);
    assert_int_equal(threads(), before);
    /* The configuration still holds it. */
    assert_int_equal(seen.destroyed, 0);
}

static void close_it(const k8sc_transport_request *request, k8sc_transport_reply *reply, void *user_data)
{
    (void)reply;
    (void)user_data;
    enter(request);
    if (k8sc_client_close(seen.to_close, PATIENCE_MS, NULL) == K8SC_OK) set(&seen.opened, 1);
    leave();
}

static void closed_inside(void **state)
{
    k8sc_client *of = new_client(with_transport(close_it));
    (void)state;
    seen.to_close = of;
    FAILS(K8SC_E_CANCELLED, get_with(of, NULL), "closed");
    AWAIT(value_of(&seen.ended) == 1);
    assert_int_equal(value_of(&seen.opened), 1);
}

/* destroy runs once, when configurations, clients and calls are all gone. */
static void destroy_is_last(void **state)
{
    k8sc_config *config = NULL, *other = NULL;
    k8sc_client *of = NULL, *second = NULL;
    k8sc_request *request = NULL;
    k8sc_call *call = NULL;
    k8sc_rest_client *rest = NULL;
    struct recorder *recorder = new_recorder();
    (void)state;
    with_transport(serve);
    set(&seen.destroyed, 0);
    OK(k8sc_config_new(&config, &err));
    OK(k8sc_config_set_server(config, "http://in-memory", &err));
    OK(k8sc_config_set_transport(config, take_time, NULL, on_gone, &err));
    OK(k8sc_config_copy(config, &other, &err));
    OK(k8sc_client_new(config, &of, &err));
    OK(k8sc_client_new_shared(other, of, &second, &err));
    k8sc_config_free(config);
    k8sc_config_free(other);
    OK(k8sc_client_close(second, -1, &err));
    k8sc_client_unref(second);
    OK(k8sc_client_rest(of, "", "v1", &rest, &err));
    OK(k8sc_rest_client_get(rest, &request, &err));
    OK(k8sc_request_start(request, NULL, RECORD(recorder), &call, &err));
    k8sc_request_free(request);
    k8sc_rest_client_unref(rest);
    k8sc_call_unref(call);
    AWAIT(value_of(&seen.running) == 1);
    k8sc_client_unref(of);
    pause_ms(30);
    assert_int_equal(value_of(&seen.destroyed), 0);
    set(&seen.opened, 1);
    AWAIT(value_of(&seen.destroyed) == 1);
    assert_int_equal(value_of(&seen.running), 0);
}

/* What is not used yet is held back; and nothing is lost. */
static void pour(const k8sc_transport_request *request, k8sc_transport_reply *reply, void *user_data)
{
    static char block[65536];
    (void)user_data;
    enter(request);
    memset(block, 'a', sizeof block);
    for (int i = 0; i < 160; i++) {
        if (k8sc_transport_reply_append(reply, block, sizeof block, NULL) < 0) break;
        pthread_mutex_lock(&seen.mutex);
        seen.opened++;
        pthread_mutex_unlock(&seen.mutex);
    }
    leave();
}

static void back_pressure(void **state)
{
    k8sc_client *of = new_client(with_transport(pour));
    k8sc_request *request = NULL;
    k8sc_stream *stream = NULL;
    static char buffer[100000];
    size_t n = 0, total = 0;
    (void)state;
    for (int round = 0; round < 2; round++) {
        OK(k8sc_rest_client_get(new_rest(of, "", "v1"), &request, &err));
        k8sc_status status = k8sc_request_stream(request, &stream, &err);
        k8sc_request_free(request);
        OK(status);
        AWAIT(value_of(&seen.opened) >= 16);
        pause_ms(50);
        /* A mebibyte before the reader, and one more before the I/O thread. */
        assert_in_range(value_of(&seen.opened), 16, 40);
        if (round == 1) break;
        do {
            OK(k8sc_stream_read(stream, buffer, sizeof buffer, PATIENCE_MS, &n, &err));
            total += n;
        } while (n > 0);
        assert_int_equal(total, 160 * 65536);
        k8sc_stream_free(stream);
        AWAIT(value_of(&seen.running) == 0);
        set(&seen.opened, 0);
    }
    /* One that is given up ends where it waits. */
    k8sc_stream_free(stream);
    AWAIT(value_of(&seen.running) == 0);
    assert_true(value_of(&seen.opened) < 160);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(requests_go_to_the_custom_transport),
        TEST(raw_result),
        TEST(an_informer_works_through_a_custom_transport),
        TEST(what_the_custom_transport_answers_is_told),
        TEST(wrong_input),
        TEST(ended_from_outside),
        TEST(close_waits),
        TEST(closed_inside),
        TEST(destroy_is_last),
        TEST(back_pressure),
    };
    return cmocka_run_group_tests_name("hook", tests, NULL, NULL);
}
