/* Answers that are compressed with gzip: asked for as client-go does, undone on the way, delivered in time, bounded,
 * and told when they are broken. */
#include "../support/relay.h"

#include "support.h"

#include <zlib.h>

/* The text of an answer whose body is this, compressed; flushed after each piece where there are several. */
struct answer {
    char *bytes;
    size_t size, room;
    z_stream stream;
};

static void end_answer(void *of)
{
    struct answer *answer = of;
    deflateEnd(&answer->stream);
    free(answer->bytes);
    free(answer);
}

static struct answer *new_answer(const char *head)
{
    struct answer *answer = calloc(1, sizeof *answer);
    deflateInit2(&answer->stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
    answer->size = answer->room = strlen(head);
    answer->bytes = strdup(head);
    return track(answer, end_answer);
}

/* Appends; answers where the next piece begins. */
static size_t add(struct answer *answer, const char *text, size_t size, int flush)
{
    answer->stream.next_in = (Bytef *)text;
    answer->stream.avail_in = (uInt)size;
    do {
        if (answer->room - answer->size < 65536)
            answer->bytes = realloc(answer->bytes, answer->room = answer->size + 262144);
        answer->stream.next_out = (Bytef *)answer->bytes + answer->size;
        answer->stream.avail_out = (uInt)(answer->room - answer->size);
        deflate(&answer->stream, flush);
        answer->size = (size_t)((char *)answer->stream.next_out - answer->bytes);
    } while (answer->stream.avail_out == 0);
    return answer->size;
}

static const char head[] =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n";

static struct relay *serve(struct answer *answer)
{
    return new_relay(
        &(struct relay_settings){.kind = RELAY_ANSWER, .pieces = {answer->bytes}, .lengths = {answer->size}});
}

static const char *accepted(const char *method)
{
    const char *value = STR(last_request(method), "/headers/Accept-Encoding");
    return value ? value : "(none)";
}

static k8sc_resource *maps_of(k8sc_config *config)
{
    return new_resource(new_client(config), "", "v1", "configmaps", "default");
}

/* ------------------------------------------------------------------------------------------------------- negotiation
 * -- */

static void asked_for(void **state)
{
    k8sc_config *config = new_config();
    k8sc_object *object = NULL;
    k8sc_result *result = NULL;
    (void)state;
    seed_map("a");
    OK(k8sc_resource_get(CONFIG_MAPS(), "a", NULL, &object, &err));
    keep_object(object);
    assert_string_equal(accepted("GET"), "gzip");
    OK(k8sc_config_set_compression(config, 0, &err));
    OK(k8sc_resource_get(maps_of(config), "a", NULL, &object, &err));
    keep_object(object);
    assert_string_equal(accepted("GET"), "(none)");
    /* A caller's own word goes before. */
    k8sc_request *request = new_request("GET");
    k8sc_request_set_abs_path(request, "/version");
    k8sc_request_set_header(request, "accept-encoding", "identity");
    OK(k8sc_request_do(request, &result, &err));
    keep_result(result);
    assert_string_equal(accepted("GET"), "identity");
    request = new_request("GET");
    k8sc_request_set_abs_path(request, "/version");
    k8sc_request_set_header(request, "Range", "bytes=0-1");
    OK(k8sc_request_do(request, &result, &err));
    keep_result(result);
    assert_string_equal(accepted("GET"), "(none)");
}

/* The server compresses what is large: the list is the same. */
static void a_large_list(void **state)
{
    k8sc_list *with = NULL, *without = NULL;
    k8sc_config *plain = new_config();
    (void)state;
    OK(k8sc_testing_server_generate_pods(server, "default", "pod", 300, &err));
    OK(k8sc_config_set_compression(plain, 0, &err));
    OK(k8sc_resource_list(new_resource(client, "", "v1", "pods", "default"), NULL, &with, &err));
    keep_list(with);
    OK(k8sc_resource_list(new_resource(new_client(plain), "", "v1", "pods", "default"), NULL, &without, &err));
    keep_list(without);
    assert_int_equal(k8sc_list_size(with), 300);
    for (int i = 0; i < 300; i++)
        assert_string_equal(k8sc_object_json(k8sc_list_at(with, i), NULL),
                            k8sc_object_json(k8sc_list_at(without, i), NULL));
}

static size_t raw_list(k8sc_client *of, const char *encoding, const char **body, const char **content_encoding)
{
    k8sc_request *request = NULL;
    k8sc_result *result = NULL;
    size_t size = 0;
    OK(k8sc_rest_client_get(new_rest(of, "", "v1"), &request, &err));
    k8sc_request_set_abs_path(request, "/api/v1/pods");
    if (encoding) k8sc_request_set_header(request, "Accept-Encoding", encoding);
    k8sc_status status = k8sc_request_do(request, &result, &err);
    k8sc_request_free(request);
    OK(status);
    *body = k8sc_result_body(keep_result(result), &size);
    *content_encoding = k8sc_result_header(result, "Content-Encoding");
    return size;
}

/* Who asks for gzip himself gets the bytes as they came. */
static void raw_bytes(void **state)
{
    const char *packed = NULL, *plain = NULL, *encoding = NULL;
    (void)state;
    OK(k8sc_testing_server_generate_pods(server, "default", "pod", 300, &err));
    size_t packed_size = raw_list(client, "gzip", &packed, &encoding);
    assert_string_equal(encoding, "gzip");
    assert_memory_equal(packed, "\x1f\x8b", 2);
    size_t plain_size = raw_list(client, NULL, &plain, &encoding);
    assert_memory_equal(plain, "{\"", 2);
    assert_true(packed_size * 4 < plain_size);
    /* What was undone is no longer said to be there. */
    assert_null(encoding);
}

static void an_informer_reads_compressed_pages_and_watches(void **state)
{
    k8sc_informer *informer = NULL;
    k8sc_registration *registration = NULL;
    struct recorder *handler = new_recorder();
    (void)state;
    OK(k8sc_testing_server_generate_pods(server, "default", "pod", 300, &err));
    OK(k8sc_informer_new(client, "", "v1", "pods", NULL, &informer, &err));
    OK(k8sc_informer_add_handler(informer, RECORD(handler), &registration, &err));
    OK(k8sc_informer_start(informer, &err));
    run_until(k8sc_client_queue(client), handler, K8SC_EVENT_SYNC);
    assert_int_equal(handler->count, 301);
    OK(k8sc_testing_server_generate_pods(server, "default", "more", 1, &err));
    run_until_count(k8sc_client_queue(client), handler, 302);
    k8sc_registration_unref(registration);
    k8sc_informer_unref(informer);
}

/* ------------------------------------------------------------------------------------------------------------ watches
 * -- */

/* No server compresses watches; should one, each event arrives as soon as it was flushed. */
static void a_compressed_watch(void **state)
{
    static const char list[] =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
        "{\"kind\":\"ConfigMapList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}";
    char event[256];
    struct answer *answer = new_answer(head);
    size_t ends[3];
    k8sc_informer *informer = NULL;
    k8sc_registration *registration = NULL;
    struct recorder *handler = new_recorder();
    (void)state;
    for (int i = 0; i < 3; i++) {
        int size = snprintf(event, sizeof event,
                            "{\"type\":\"ADDED\",\"object\":{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":"
                            "{\"name\":\"m%d\","
                            "\"namespace\":\"default\",\"resourceVersion\":\"%d\"}}}\n",
                            i, i + 2);
        ends[i] = add(answer, event, (size_t)size, i == 2 ? Z_FINISH : Z_SYNC_FLUSH);
    }
    struct relay *relay =
        new_relay(&(struct relay_settings){.kind = RELAY_ANSWER,
                                           .first = list,
                                           .pieces = {answer->bytes, answer->bytes + ends[0], answer->bytes + ends[1]},
                                           .lengths = {ends[0], ends[1] - ends[0], ends[2] - ends[1]}});
    k8sc_client *of = new_client(new_config_for(relay_url(relay, "http")));
    k8sc_queue *queue = k8sc_client_queue(of);
    OK(k8sc_informer_new(of, "", "v1", "configmaps", in_pages(), &informer, &err));
    OK(k8sc_informer_add_handler(informer, RECORD(handler), &registration, &err));
    OK(k8sc_informer_start(informer, &err));
    run_until_count(queue, handler, 2);
    assert_non_null(strstr(relay_seen(relay), "watch="));
    assert_non_null(strstr(relay_seen(relay), "Accept-Encoding: gzip\r\n"));
    relay_go(relay);
    run_until_count(queue, handler, 3);
    relay_go(relay);
    run_until_count(queue, handler, 4);
    assert_string_equal(kinds(handler), "SYNC ADD ADD ADD");
    k8sc_registration_unref(registration);
    k8sc_informer_unref(informer);
}

/* Raw watches and streams are read only as fast as they are used, and come plain. */
static void streams_are_plain(void **state)
{
    k8sc_stream *stream = NULL;
    k8sc_watch *watch = NULL;
    struct recorder *recorder = new_recorder();
    char buffer[16];
    size_t n = 0;
    (void)state;
    OK(k8sc_testing_server_generate_pods(server, "default", "pod", 300, &err));
    k8sc_request *request = new_request("GET");
    k8sc_request_set_abs_path(request, "/api/v1/pods");
    OK(k8sc_request_stream(request, &stream, &err));
    k8sc_status status = k8sc_stream_read(stream, buffer, sizeof buffer, PATIENCE_MS, &n, &err);
    k8sc_stream_free(stream);
    OK(status);
    assert_memory_equal(buffer, "{", 1);
    assert_string_equal(accepted("GET"), "(none)");
    OK(k8sc_resource_watch(PODS(), NULL, RECORD(recorder), &watch, &err));
    run_until_count(k8sc_client_queue(client), recorder, 1);
    assert_string_equal(accepted("GET"), "(none)");
    k8sc_watch_unref(watch);
}

/* ---- bad answers */

static k8sc_status get_from(struct relay *relay, k8sc_config *config)
{
    k8sc_object *object = NULL;
    k8sc_options *options = new_options();
    OK(k8sc_config_set_server(config, relay_url(relay, "http"), &err));
    OK(k8sc_options_set_max_retries(options, 0, &err));
    k8sc_status status = k8sc_resource_get(maps_of(config), "a", options, &object, &err);
    k8sc_object_unref(object);
    return status;
}

static void a_broken_encoding_is_a_decode_error(void **state)
{
    static const char object[] =
        "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\",\"namespace\":\"default\"}}";
    k8sc_config *config = new_config();
    (void)state;
    struct answer *good = new_answer(head);
    add(good, object, strlen(object), Z_FINISH);
    OK(get_from(serve(good), config));
    /* No gzip at all. */
    static const char plain[] =
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n{\"kind\":\"ConfigMap\"}";
    struct relay *relay =
        new_relay(&(struct relay_settings){.kind = RELAY_ANSWER, .pieces = {plain}, .lengths = {strlen(plain)}});
    FAILS(K8SC_E_DECODE, get_from(relay, config), "content encoding", "get configmaps default/a");
    /* Bytes that were changed on the way. */
    struct answer *changed = new_answer(head);
    add(changed, object, strlen(object), Z_FINISH);
    for (size_t i = strlen(head) + 12; i < strlen(head) + 40; i++) changed->bytes[i] = (char)~changed->bytes[i];
    FAILS(K8SC_E_DECODE, get_from(serve(changed), config), "get configmaps default/a");
    /* A wrong sum at the end. */
    struct answer *sum = new_answer(head);
    add(sum, object, strlen(object), Z_FINISH);
    sum->bytes[sum->size - 8] ^= 1;
    FAILS(K8SC_E_DECODE, get_from(serve(sum), config), "content encoding");
    /* One that ends too early. */
    struct answer *cut = new_answer(head);
    add(cut, object, strlen(object), Z_FINISH);
    cut->size -= 20;
    FAILS(K8SC_E_DECODE, get_from(serve(cut), config), "get configmaps default/a");
    /* An encoding that nobody asked for and nobody knows. */
    static const char other[] = "HTTP/1.1 200 OK\r\nContent-Encoding: rot13\r\nConnection: close\r\n\r\nabc";
    relay = new_relay(&(struct relay_settings){.kind = RELAY_ANSWER, .pieces = {other}, .lengths = {strlen(other)}});
    FAILS(K8SC_E_DECODE, get_from(relay, config), "content encoding");
}

/* A small answer that becomes a very large one is bounded as any other. */
static void what_grows_when_unpacked_is_bounded(void **state)
{
    static char megabyte[1 << 20];
    k8sc_config *config = new_config();
    k8sc_list *list = NULL;
    (void)state;
    memset(megabyte, 'a', sizeof megabyte);
    OK(k8sc_config_set_max_object_bytes(config, 1 << 20, &err));
    struct answer *object = new_answer(head), *items = new_answer(head);
    add(object, "{\"kind\":\"", 9, Z_NO_FLUSH);
    for (int i = 0; i < 100; i++) add(object, megabyte, sizeof megabyte, Z_NO_FLUSH);
    add(object, "\"}", 2, Z_FINISH);
    assert_true(object->size < 1 << 20);
    add(items, "{\"kind\":\"ConfigMapList\",\"items\":[{\"a\":\"", 39, Z_NO_FLUSH);
    for (int i = 0; i < 100; i++) add(items, megabyte, sizeof megabyte, Z_NO_FLUSH);
    add(items, "\"}]}", 4, Z_FINISH);
    long before = resident_kb();
    FAILS(K8SC_E_TOO_LARGE, get_from(serve(object), config), "1048576");
    struct relay *relay = serve(items);
    OK(k8sc_config_set_server(config, relay_url(relay, "http"), &err));
    FAILS(K8SC_E_TOO_LARGE, k8sc_resource_list(maps_of(config), NULL, &list, &err), "1048576");
    if (!SANITIZED) assert_true(resident_kb() - before < 32 * 1024);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(asked_for),
        TEST(a_large_list),
        TEST(raw_bytes),
        TEST(an_informer_reads_compressed_pages_and_watches),
        TEST(a_compressed_watch),
        TEST(streams_are_plain),
        TEST(a_broken_encoding_is_a_decode_error),
        TEST(what_grows_when_unpacked_is_bounded),
    };
    return cmocka_run_group_tests_name("compression", tests, NULL, NULL);
}
