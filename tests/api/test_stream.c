/* Bodies read piece by piece: by blocking reads, and as events. */
#include "support.h"

#define OK_STREAM "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n"

static const char block[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde\n"; /* 64 bytes */

static k8sc_request *get_from(k8sc_client *of)
{
    k8sc_request *request = NULL;
    OK(k8sc_rest_client_get(new_rest(of, "", "v1"), &request, &err));
    k8sc_request_set_abs_path(request, "/body");
    return request;
}

static k8sc_client *client_of(struct raw_server *raw) { return new_client(new_config_for(raw->url)); }

static void read_to_the_end(void **state)
{
    struct raw_server *raw = new_raw_server(OK_STREAM, block, 16384);
    k8sc_request *request = get_from(client_of(raw));
    k8sc_stream *stream = NULL;
    size_t total = 0, n = 0;
    char buffer[10000];
    (void)state;
    OK(k8sc_request_stream(request, &stream, &err));
    do {
        OK(k8sc_stream_read(stream, buffer, sizeof buffer, PATIENCE_MS, &n, &err));
        for (size_t i = 0; i < n; i++)
            if (buffer[i] != block[(total + i) % 64]) fail_msg("byte %zu is wrong", total + i);
        total += n;
    } while (n > 0);
    assert_int_equal(total, 64 * 16384);
    OK(k8sc_stream_read(stream, buffer, sizeof buffer, 0, &n, &err));
    assert_int_equal(n, 0);
    k8sc_stream_free(stream);
    k8sc_request_free(request);
}

/* Reading little at a time costs no more than reading much. */
static void small_reads(void **state)
{
    const int blocks = SANITIZED ? 4096 : 65536; /* 4 MB */
    struct raw_server *raw = new_raw_server(OK_STREAM, block, blocks);
    k8sc_request *request = get_from(client_of(raw));
    k8sc_stream *stream = NULL;
    size_t total = 0, n = 0;
    char buffer[16];
    int64_t begin = now_ms();
    (void)state;
    OK(k8sc_request_stream(request, &stream, &err));
    do {
        OK(k8sc_stream_read(stream, buffer, sizeof buffer, PATIENCE_MS, &n, &err));
        total += n;
    } while (n > 0);
    assert_int_equal(total, 64 * blocks);
    if (!SANITIZED) assert_in_range(now_ms() - begin, 0, 3000);
    k8sc_stream_free(stream);
    k8sc_request_free(request);
}

static void a_refused_stream_tells_the_status(void **state)
{
    k8sc_request *request = new_request("GET");
    k8sc_stream *stream = NULL;
    (void)state;
    k8sc_request_set_resource(request, "nodes");
    k8sc_request_set_name(request, "absent");
    FAILS(K8SC_E_API, k8sc_request_stream(request, &stream, &err), "get nodes absent");
    assert_true(k8sc_error_is_not_found(failure));
    assert_null(stream);
}

/* A read that finds nothing may be repeated; a connection that breaks is told. */
static void stalled_and_lost(void **state)
{
    k8sc_request *request = new_request("GET");
    k8sc_stream *stream = NULL;
    size_t n = 7, total = 0;
    char buffer[256];
    k8sc_status status;
    (void)state;
    seed_maps(20);
    fault("{\"stall_after_bytes\":300}");
    k8sc_request_set_resource(request, "configmaps");
    OK(k8sc_request_stream(request, &stream, &err));
    while ((status = k8sc_stream_read(stream, buffer, sizeof buffer, 200, &n, &err)) == K8SC_OK) total += n;
    FAILS(K8SC_E_TIMEOUT, status, "200");
    assert_int_equal(n, 0);
    assert_in_range(total, 1, 300);
    FAILS(K8SC_E_TIMEOUT, k8sc_stream_read(stream, buffer, sizeof buffer, 0, &n, &err), "0 ms");
    OK(k8sc_testing_server_disconnect(server, &err));
    for (int i = 0; i < 2; i++)
        FAILS(K8SC_E_TRANSPORT, k8sc_stream_read(stream, buffer, sizeof buffer, PATIENCE_MS, &n, &err), "configmaps");
    k8sc_stream_free(stream);
}

/* The deadline is for the opening only. */
static void the_deadline_is_for_opening_the_stream_only(void **state)
{
    struct raw_server *raw = new_raw_server(OK_STREAM, block, 262144); /* 16 MB: more than any buffer on the way */
    k8sc_request *request = get_from(client_of(raw));
    k8sc_stream *stream = NULL;
    size_t n = 0, total = 0;
    static char buffer[65536];
    (void)state;
    k8sc_request_set_timeout(request, 1000);
    OK(k8sc_request_stream(request, &stream, &err));
    pause_ms(1100);
    do {
        OK(k8sc_stream_read(stream, buffer, sizeof buffer, PATIENCE_MS, &n, &err));
        total += n;
    } while (n > 0);
    assert_int_equal(total, 64 * 262144);
    k8sc_stream_free(stream);
    k8sc_request_free(request);
    request = new_request("GET");
    k8sc_request_set_abs_path(request, "/version");
    k8sc_request_set_timeout(request, 200);
    fault("{\"delay_ms\":60000}");
    FAILS(K8SC_E_TIMEOUT, k8sc_request_stream(request, &stream, &err), "overall", "200");
}

static void free_in_the_middle(void **state)
{
    struct raw_server *raw = new_raw_server(OK_STREAM, block, 1 << 20);
    k8sc_request *request = get_from(client_of(raw));
    k8sc_stream *stream = NULL;
    char buffer[100];
    size_t n = 0;
    (void)state;
    for (int i = 0; i < 3; i++) {
        OK(k8sc_request_stream(request, &stream, &err));
        if (i > 0) OK(k8sc_stream_read(stream, buffer, sizeof buffer, PATIENCE_MS, &n, &err));
        k8sc_stream_free(stream);
        AWAIT(raw_requests(raw) == i + 1);
    }
    k8sc_request_free(request);
}

static void *close_client(void *of)
{
    pause_ms(50);
    k8sc_client_close(of, PATIENCE_MS, NULL);
    return NULL;
}

/* A reader that blocks is woken when its client is closed, or its token cancelled. */
static void closed_while_reading(void **state)
{
    k8sc_request *request = new_request("GET");
    k8sc_stream *stream = NULL;
    size_t n = 0;
    char buffer[4096];
    pthread_t thread;
    k8sc_status status;
    (void)state;
    seed_maps(20);
    fault("{\"stall_after_bytes\":300}");
    k8sc_request_set_resource(request, "configmaps");
    OK(k8sc_request_stream(request, &stream, &err));
    pthread_create(&thread, NULL, close_client, client);
    while ((status = k8sc_stream_read(stream, buffer, sizeof buffer, PATIENCE_MS, &n, &err)) == K8SC_OK) continue;
    FAILS(K8SC_E_CANCELLED, status, "closed");
    pthread_join(thread, NULL);
    k8sc_stream_free(stream);
}

/* ---- events */

static void as_events(void **state)
{
    struct raw_server *raw = new_raw_server(OK_STREAM, block, 16384);
    k8sc_client *of = client_of(raw);
    k8sc_request *request = get_from(of);
    struct recorder *recorder = new_recorder();
    unsigned sum = 0;
    (void)state;
    OK(k8sc_request_start_stream(request, NULL, RECORD(recorder), NULL, &err));
    k8sc_request_free(request);
    run_until_destroyed(k8sc_client_queue(of), recorder);
    for (int i = 0; i < 64; i++) sum += (unsigned char)block[i];
    assert_int_equal(recorder->bytes, 64 * 16384);
    assert_int_equal(recorder->sum, sum * 16384);
    assert_string_equal(kinds(recorder), "CLOSED"); /* and DATA before it */
    assert_null(recorder->records[recorder->count - 1].error);
    assert_int_equal(recorder->records[recorder->count - 1].kind, K8SC_EVENT_CLOSED);
}

static void refusal_as_event(void **state)
{
    k8sc_request *request = new_request("GET");
    struct recorder *recorder = new_recorder();
    (void)state;
    k8sc_request_set_resource(request, "nodes");
    k8sc_request_set_name(request, "absent");
    OK(k8sc_request_start_stream(request, NULL, RECORD(recorder), NULL, &err));
    run_until_destroyed(k8sc_client_queue(client), recorder);
    assert_int_equal(recorder->count, 1);
    assert_int_equal(recorder->records[0].kind, K8SC_EVENT_CLOSED);
    assert_true(k8sc_error_is_not_found(recorder->records[0].error));
}

static void a_cut_stream_is_not_sent_again(void **state)
{
    k8sc_request *request = new_request("GET");
    struct recorder *recorder = new_recorder();
    (void)state;
    seed_maps(20);
    fault("{\"cut_after_bytes\":1000}");
    k8sc_request_set_resource(request, "configmaps");
    OK(k8sc_request_start_stream(request, NULL, RECORD(recorder), NULL, &err));
    run_until_destroyed(k8sc_client_queue(client), recorder);
    assert_int_equal(recorder->bytes, 1000);
    assert_int_equal(k8sc_error_code(recorder->records[recorder->count - 1].error), K8SC_E_TRANSPORT);
    /* What was handed out already cannot be taken back: no second attempt. */
    assert_int_equal(k8sc_testing_server_request_count(server, NULL, NULL), 1);
}

static void a_cancelled_stream_closes_with_its_error(void **state)
{
    struct raw_server *raw = new_raw_server(OK_STREAM, block, 1 << 20);
    k8sc_client *of = client_of(raw);
    k8sc_request *request = get_from(of);
    struct recorder *recorder = new_recorder();
    k8sc_call *call = NULL;
    (void)state;
    OK(k8sc_request_start_stream(request, NULL, RECORD(recorder), &call, &err));
    k8sc_request_free(request);
    run_until_count(k8sc_client_queue(of), recorder, 1);
    k8sc_call_cancel(call);
    run_until_destroyed(k8sc_client_queue(of), recorder);
    assert_string_equal(kinds(recorder), "CLOSED");
    assert_int_equal(k8sc_error_code(recorder->records[recorder->count - 1].error), K8SC_E_CANCELLED);
    k8sc_call_unref(call);
}

/* ---- back-pressure */

#define BLOCKS 327680 /* 20 MB */

/* What nobody takes stays at the server, and comes when it is taken. */
static void not_taken(void **state)
{
    long before = resident_kb();
    struct raw_server *raw = new_raw_server(OK_STREAM, block, BLOCKS);
    k8sc_client *of = client_of(raw);
    k8sc_request *request = get_from(of);
    size_t total = 0, len = 0;
    int32_t kind = 0;
    (void)state;
    OK(k8sc_request_start_stream(request, NULL, NULL, NULL, NULL, NULL, &err));
    k8sc_request_free(request);
    await_standstill(raw);
    assert_true(raw_sent(raw) < (int64_t)BLOCKS * 64);
    if (!SANITIZED) assert_in_range(resident_kb() - before + 1024, 0, 9 * 1024);
    while (kind != K8SC_EVENT_CLOSED) {
        k8sc_event *event = take(k8sc_client_queue(of));
        kind = k8sc_event_kind(event);
        if (k8sc_event_data(event, &len)) total += len;
        if (kind == K8SC_EVENT_CLOSED) assert_null(k8sc_event_error(event));
        k8sc_event_free(event);
    }
    assert_int_equal(total, (size_t)BLOCKS * 64);
}

static void not_read(void **state)
{
    long before = resident_kb();
    struct raw_server *raw = new_raw_server(OK_STREAM, block, BLOCKS);
    k8sc_request *request = get_from(client_of(raw));
    k8sc_stream *stream = NULL;
    (void)state;
    OK(k8sc_request_stream(request, &stream, &err));
    await_standstill(raw);
    assert_true(raw_sent(raw) < (int64_t)BLOCKS * 64);
    if (!SANITIZED) assert_in_range(resident_kb() - before + 1024, 0, 9 * 1024);
    k8sc_stream_free(stream);
    k8sc_request_free(request);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(read_to_the_end),
        TEST(small_reads),
        TEST(a_refused_stream_tells_the_status),
        TEST(stalled_and_lost),
        TEST(the_deadline_is_for_opening_the_stream_only),
        TEST(free_in_the_middle),
        TEST(closed_while_reading),
        TEST(as_events),
        TEST(refusal_as_event),
        TEST(a_cut_stream_is_not_sent_again),
        TEST(a_cancelled_stream_closes_with_its_error),
        TEST(not_taken),
        TEST(not_read),
    };
    return cmocka_run_group_tests_name("streams", tests, NULL, NULL);
}
