/* The fake API server by HTTP/2: many requests on one connection, and what goes wrong on purpose. */
#include "http2.h"

static struct peer peer;

static int set_up_peer(void **state)
{
    set_up(state);
    open_peer(&peer);
    return 0;
}

static int tear_down_peer(void **state)
{
    close_peer(&peer);
    return tear_down(state);
}

#define PEER_TEST(function) cmocka_unit_test_setup_teardown(function, set_up_peer, tear_down_peer)

/* Replaces the server, and the connection to it. */
static void again_with(k8sc_testing_options *options)
{
    close_peer(&peer);
    set_up_with(options);
    open_peer(&peer);
}

static void again(void)
{
    close_peer(&peer);
    open_peer(&peer);
}

static struct stream *ask_and_wait(const char *method, const char *path, const char *body)
{
    struct stream *stream = ask(&peer, method, path, body);
    assert_true(until(&peer, &stream->closed));
    return stream;
}

static struct stream *post_map(const char *name)
{
    static char bodies[16][128];
    static int used;
    char *body = bodies[used++ % 16];
    snprintf(body, sizeof *bodies, "{\"metadata\":{\"name\":\"%s\"}}", name);
    return ask(&peer, "POST", MAPS, body);
}

static int is_stored(const char *name)
{
    char *json = NULL;
    const int stored =
        k8sc_testing_server_get(server, NULL, "v1", "configmaps", "default", name, &json, NULL) == K8SC_OK;
    k8sc_testing_string_free(json);
    return stored;
}

static void wait_for_watches(int64_t wanted)
{
    for (int i = 0; i < 500 && k8sc_testing_server_watch_count(server) != wanted; i++) {
        go_on(&peer, 10);
        if (peer.ended) pause_ms(10);
    }
    assert_int_equal(k8sc_testing_server_watch_count(server), wanted);
}

static struct stream *watch_maps(void)
{
    struct stream *watch = ask(&peer, "GET", MAPS "?watch=true", NULL);
    assert_true(until(&peer, &watch->code));
    return watch;
}

static int sees(struct stream *watch, const char *name)
{
    char wanted[64];
    snprintf(wanted, sizeof wanted, "\"name\":\"%s\"", name);
    for (int i = 0; i < 500; i++) {
        if (watch->body.data && strstr(watch->body.data, wanted)) return 1;
        go_on(&peer, 10);
    }
    return 0;
}

/* ------------------------------------------------------------------------------------------------------- as it should
 * -- */

static void answers_many_at_once(void **state)
{
    (void)state;
    struct stream *watch = watch_maps();
    struct stream *streams[8];
    char names[8][8];
    for (int i = 0; i < 8; i++) {
        snprintf(names[i], sizeof names[i], "map-%d", i);
        streams[i] = post_map(names[i]);
    }
    for (int i = 0; i < 8; i++) {
        assert_true(until(&peer, &streams[i]->closed));
        assert_int_equal(streams[i]->code, 201);
        assert_true(sees(watch, names[i]));
    }
    assert_string_equal(streams[0]->content_type, "application/json");
    assert_int_equal(watch->closed, 0);
    assert_int_equal(k8sc_testing_server_connection_count(server), 1);
    struct stream *head = ask_and_wait("HEAD", MAPS, NULL);
    assert_int_equal(head->code, 405);
    assert_int_equal(head->body.len, 0);
    assert_int_equal(ask_and_wait("GET", "/nothing", NULL)->code, 404);
    assert_int_equal(peer.max_streams, 250);
    ping(&peer);
    assert_true(until(&peer, &peer.pongs));

    cancel_stream(&peer, watch);
    wait_for_watches(0);
    assert_int_equal(ask_and_wait("GET", MAPS "/map-3", NULL)->code, 200);
    char *json = NULL;
    OK(k8sc_testing_server_last_request(server, "POST", NULL, &json, &err));
    answer.json = json_loads(json, 0, NULL);
    k8sc_testing_string_free(json);
    assert_text("protocol", "HTTP/2.0");
    assert_text("headers.Host", "localhost");
    assert_text("headers.Content-Type", JSON_TYPE);
}

static void takes_and_gives_large_bodies(void **state)
{
    (void)state;
    /* More than any window. */
    const size_t size = 3000000;
    char *body = malloc(size + 256);
    const int head = sprintf(body, "{\"metadata\":{\"name\":\"large\"},\"data\":{\"k\":\"");
    memset(body + head, 'x', size);
    strcpy(body + head + size, "\"}}");
    assert_int_equal(ask_and_wait("POST", MAPS, body)->code, 201);
    struct stream *list = ask_and_wait("GET", MAPS, NULL);
    assert_true(list->body.len > size);
    answer.json = json_loadb(list->body.data, list->body.len, 0, NULL);
    assert_int_equal(strlen(text("items.0.data.k")), size);
    free(body);
}

/* The versions that curl asks for, and the one that it gets. */
static long version_by_curl(long asked)
{
    long got = 0;
    curl_easy_reset(handle);
    curl_easy_setopt(handle, CURLOPT_FRESH_CONNECT, 1L);
    forget_answer();
    struct curl_slist *headers = aim(handle, "/version", NULL);
    curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, asked);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &answer.body);
    if (curl_easy_perform(handle) == CURLE_OK) curl_easy_getinfo(handle, CURLINFO_HTTP_VERSION, &got);
    curl_slist_free_all(headers);
    return got;
}

static void speaks_what_the_client_speaks(void **state)
{
    (void)state;
    assert_int_equal(version_by_curl(CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE), CURL_HTTP_VERSION_2_0);
    assert_int_equal(version_by_curl(CURL_HTTP_VERSION_1_1), CURL_HTTP_VERSION_1_1);
    for (int http2 = 0; http2 <= 1; http2++) {
        k8sc_testing_options *options = make_options();
        OK(k8sc_testing_options_set_tls(options, 1, &err));
        OK(k8sc_testing_options_set_http2(options, http2, &err));
        set_up_with(options);
        assert_int_equal(version_by_curl(CURL_HTTP_VERSION_2TLS),
                         http2 ? CURL_HTTP_VERSION_2_0 : CURL_HTTP_VERSION_1_1);
        assert_int_equal(version_by_curl(CURL_HTTP_VERSION_1_1), CURL_HTTP_VERSION_1_1);
    }
    k8sc_testing_options *options = make_options();
    OK(k8sc_testing_options_set_http2(options, 0, &err));
    set_up_with(options);
    assert_int_equal(version_by_curl(CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE), 0);
    assert_int_equal(version_by_curl(CURL_HTTP_VERSION_1_1), CURL_HTTP_VERSION_1_1);
}

static void stops_with_streams_open(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) watch_maps();
    wait_for_watches(5);
    OK(k8sc_testing_server_restart(server, &err));
    assert_int_equal(k8sc_testing_server_watch_count(server), 0);
    assert_true(until(&peer, &peer.ended));
    again();
    watch_maps();
    OK(k8sc_testing_server_disconnect(server, &err));
    assert_true(until(&peer, &peer.ended));
    wait_for_watches(0);
}

/* ------------------------------------------------------------------------------------------------------------ refused
 * -- */

static void goes_away_before_a_request(void **state)
{
    (void)state;
    struct stream *watch = watch_maps();
    const int64_t id = fault("{\"verb\":\"create\",\"times\":1,\"goaway\":true}");
    struct stream *refused = post_map("refused"), *behind = post_map("behind"),
                  *read = ask(&peer, "GET", "/version", NULL);
    assert_true(until(&peer, &peer.went_away));
    assert_int_equal(peer.last_stream, watch->id);
    assert_int_equal(peer.goaway_code, NGHTTP2_NO_ERROR);
    go_on(&peer, 100);
    assert_int_equal(refused->code + behind->code + read->code, 0);
    assert_false(is_stored("refused") || is_stored("behind"));
    assert_int_equal(k8sc_testing_server_request_count(server, NULL, NULL), 1);
    assert_int_equal(k8sc_testing_server_action_count(server, "create", NULL, NULL, NULL), 0);
    assert_int_equal(k8sc_testing_server_fault_count(server, id), 1);
    /* The stream below goes on, and the connection with it. */
    put_labelled("default", "seen", NULL, "{}");
    assert_true(sees(watch, "seen"));
    assert_int_equal(peer.ended, 0);
    cancel_stream(&peer, watch);
    assert_true(until(&peer, &peer.ended));
    assert_int_equal(peer.was_reset, 0);
    again();
    assert_true(until(&peer, &post_map("refused")->closed));
    assert_true(is_stored("refused"));
}

static void goes_away_before_the_first_request(void **state)
{
    (void)state;
    fault("{\"goaway\":\"before\"}");
    struct stream *first = post_map("first");
    assert_true(until(&peer, &peer.ended));
    assert_int_equal(peer.last_stream, 0);
    assert_int_equal(first->code, 0);
    assert_false(is_stored("first"));
}

static void goes_away_behind_a_request(void **state)
{
    (void)state;
    fault("{\"verb\":\"create\",\"goaway\":\"after\"}");
    struct stream *last = post_map("last"), *behind = post_map("behind");
    assert_true(until(&peer, &last->closed));
    assert_int_equal(last->code, 201);
    assert_int_equal(last->error_code, NGHTTP2_NO_ERROR);
    assert_true(until(&peer, &peer.ended));
    assert_int_equal(peer.went_away, 1);
    assert_int_equal(peer.last_stream, last->id);
    assert_int_equal(behind->code, 0);
    assert_true(is_stored("last"));
    assert_false(is_stored("behind"));
}

static void refuses_streams(void **state)
{
    (void)state;
    const int64_t id = fault("{\"verb\":\"create\",\"times\":2,\"rst_stream\":\"REFUSED_STREAM\"}");
    for (int i = 0; i < 3; i++) {
        struct stream *stream = post_map("a");
        assert_true(until(&peer, &stream->closed));
        assert_int_equal(stream->error_code, i < 2 ? NGHTTP2_REFUSED_STREAM : NGHTTP2_NO_ERROR);
        assert_int_equal(stream->code, i < 2 ? 0 : 201);
        assert_int_equal(is_stored("a"), i == 2);
    }
    assert_int_equal(k8sc_testing_server_fault_count(server, id), 2);
    assert_int_equal(k8sc_testing_server_action_count(server, "create", NULL, NULL, NULL), 1);
    assert_int_equal(k8sc_testing_server_connection_count(server), 1);
    assert_int_equal(peer.went_away, 0);
}

static void resets_streams_with_each_code(void **state)
{
    (void)state;
    static const char *const codes[] = {"NO_ERROR",
                                        "PROTOCOL_ERROR",
                                        "INTERNAL_ERROR",
                                        "FLOW_CONTROL_ERROR",
                                        "SETTINGS_TIMEOUT",
                                        "STREAM_CLOSED",
                                        "FRAME_SIZE_ERROR",
                                        "REFUSED_STREAM",
                                        "CANCEL",
                                        "COMPRESSION_ERROR",
                                        "CONNECT_ERROR",
                                        "ENHANCE_YOUR_CALM",
                                        "INADEQUATE_SECURITY",
                                        "HTTP_1_1_REQUIRED"};
    for (int code = 0; code < 14; code++) {
        char rule[128], name[8];
        snprintf(rule, sizeof rule, "{\"rst_stream\":\"%s\"}", codes[code]);
        snprintf(name, sizeof name, "map-%d", code);
        fault(rule);
        struct stream *stream = post_map(name);
        assert_true(until(&peer, &stream->closed));
        assert_int_equal(stream->error_code, code);
        assert_int_equal(stream->code, 0);
        assert_int_equal(is_stored(name), code != NGHTTP2_REFUSED_STREAM && code != NGHTTP2_HTTP_1_1_REQUIRED);
        clear_faults();
    }
    assert_int_equal(k8sc_testing_server_action_count(server, "create", NULL, NULL, NULL), 12);
    fault("{\"rst_stream\":{\"code\":\"INTERNAL_ERROR\",\"after_bytes\":20}}");
    struct stream *list = ask_and_wait("GET", MAPS, NULL);
    assert_int_equal(list->code, 200);
    assert_int_equal(list->body.len, 20);
    assert_int_equal(list->error_code, NGHTTP2_INTERNAL_ERROR);
    assert_int_equal(k8sc_testing_server_connection_count(server), 1);
}

/* ------------------------------------------------------------------------------------------------------------- limits
 * -- */

static void limits_streams(void **state)
{
    (void)state;
    k8sc_error *err = NULL;
    k8sc_testing_options *options = make_options();
    OK(k8sc_testing_options_set_http2_max_streams(options, 1, &err));
    again_with(options);
    struct stream *watch = watch_maps();
    assert_int_equal(peer.max_streams, 1);
    /* It waits at the client until there is room. */
    struct stream *waiting = post_map("a");
    go_on(&peer, 100);
    assert_int_equal(waiting->code, 0);
    cancel_stream(&peer, watch);
    assert_true(until(&peer, &waiting->closed));
    assert_int_equal(waiting->code, 201);

    options = make_options();
    OK(k8sc_testing_options_set_http2_max_streams(options, 0, &err));
    again_with(options);
    /* Sent before the limit was known. */
    struct stream *early = post_map("a");
    assert_true(until(&peer, &early->closed));
    assert_int_equal(early->error_code, NGHTTP2_REFUSED_STREAM);
    assert_int_equal(peer.max_streams, 0);
    assert_int_equal(k8sc_testing_server_request_count(server, NULL, NULL), 0);

    options = make_options();
    assert_int_equal(k8sc_testing_options_set_http2_max_streams(options, -1, &err), K8SC_E_INVALID);
    assert_string_equal(k8sc_error_message(err), "streams is -1; it must be 0 to 2147483647");
    k8sc_error_free(err);
    assert_int_equal(k8sc_testing_options_set_http2_upload_window(options, -2, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_options_set_http2_upload_window(options, (int64_t)1 << 31, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_options_set_http2(NULL, 1, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_options_set_http2_answer_pings(NULL, 1, NULL), K8SC_E_INVALID);
    k8sc_testing_options_free(options);
}

static void has_windows_that_never_open(void **state)
{
    (void)state;
    static char body[5000];
    memset(body, ' ', sizeof body - 1);
    for (int window = 0; window <= 1000; window += 1000) {
        k8sc_testing_options *options = make_options();
        OK(k8sc_testing_options_set_http2_upload_window(options, window, &err));
        again_with(options);
        assert_true(until(&peer, &peer.settings));
        assert_int_equal(peer.window, window);
        struct stream *large = ask(&peer, "POST", MAPS, body);
        go_on(&peer, 200);
        assert_int_equal(peer.sent, window);
        assert_int_equal(large->code, 0);
        assert_int_equal(ask_and_wait("GET", MAPS, NULL)->code, 200);
    }
    assert_int_equal(k8sc_testing_server_request_count(server, "POST", NULL), 0);
    struct stream *small = post_map("small");
    assert_true(until(&peer, &small->closed));
    assert_int_equal(small->code, 201);
}

static void answers_no_pings(void **state)
{
    (void)state;
    k8sc_testing_options *options = make_options();
    OK(k8sc_testing_options_set_http2_answer_pings(options, 0, &err));
    again_with(options);
    ping(&peer);
    assert_int_equal(ask_and_wait("GET", MAPS, NULL)->code, 200);
    go_on(&peer, 100);
    assert_int_equal(peer.pongs, 0);
}

static void sends_frames_without_data(void **state)
{
    (void)state;
    fault("{\"resource\":\"configmaps\",\"empty_data_frames\":5}");
    struct stream *list = ask_and_wait("GET", MAPS, NULL);
    assert_int_equal(list->empty_frames, 5);
    assert_non_null(strstr(list->body.data, "ConfigMapList"));
    clear_faults();
    fault("{\"resource\":\"configmaps\",\"empty_data_frames\":true}");
    struct stream *endless = ask(&peer, "GET", MAPS, NULL);
    for (int i = 0; i < 500 && endless->empty_frames < 10000; i++) go_on(&peer, 10);
    assert_true(endless->empty_frames >= 10000);
    assert_int_equal(endless->body.len, 0);
    /* Others are still heard. */
    assert_int_equal(ask_and_wait("GET", PODS, NULL)->code, 200);
    cancel_stream(&peer, endless);
    assert_int_equal(ask_and_wait("GET", PODS, NULL)->code, 200);
}

/* ------------------------------------------------------------------------------------------------------ of connections
 * -- */

static void cuts_all_streams(void **state)
{
    (void)state;
    struct stream *watch = watch_maps();
    fault("{\"verb\":\"list\",\"cut_after_bytes\":40}");
    struct stream *list = ask(&peer, "GET", MAPS, NULL);
    assert_true(until(&peer, &peer.ended));
    assert_int_equal(list->code, 200);
    assert_int_equal(list->body.len, 40);
    assert_int_equal(list->closed + watch->closed + peer.went_away + peer.was_reset, 0);
    clear_faults();
    again();
    fault("{\"cut_after_bytes\":0}");
    list = ask(&peer, "GET", MAPS, NULL);
    assert_true(until(&peer, &peer.ended));
    assert_int_equal(list->code, 200);
    assert_int_equal(list->body.len, 0);
    clear_faults();
    again();
    fault("{\"reset\":true}");
    list = ask(&peer, "GET", MAPS, NULL);
    assert_true(until(&peer, &peer.ended));
    assert_int_equal(peer.was_reset, 1);
    assert_int_equal(list->code, 0);
}

static void stalls_one_stream(void **state)
{
    (void)state;
    fault("{\"verb\":\"list\",\"stall_after_bytes\":10}");
    fault("{\"path\":\"/healthz\",\"delay_ms\":60000}");
    struct stream *stalled = ask(&peer, "GET", MAPS, NULL), *late = ask(&peer, "GET", "/healthz", NULL);
    assert_int_equal(ask_and_wait("GET", "/version", NULL)->code, 200);
    for (int i = 0; i < 500 && stalled->body.len < 10; i++) go_on(&peer, 10);
    assert_int_equal(stalled->body.len, 10);
    assert_int_equal(stalled->closed + late->code, 0);
    cancel_stream(&peer, stalled);
    cancel_stream(&peer, late);
    assert_int_equal(ask_and_wait("GET", "/version", NULL)->code, 200);
    assert_int_equal(k8sc_testing_server_connection_count(server), 1);
}

static void leaves_http1_alone(void **state)
{
    (void)state;
    const int64_t id = fault("{\"goaway\":true}"), other = fault("{\"rst_stream\":\"REFUSED_STREAM\"}"),
                  third = fault("{\"empty_data_frames\":true}");
    assert_int_equal(version_by_curl(CURL_HTTP_VERSION_1_1), CURL_HTTP_VERSION_1_1);
    assert_int_equal(k8sc_testing_server_fault_count(server, id) + k8sc_testing_server_fault_count(server, other) +
                         k8sc_testing_server_fault_count(server, third),
                     0);
    k8sc_error *err = NULL;
    static const struct {
        const char *rule, *message;
    } wrong[] = {
        {"{\"goaway\":\"later\"}", "\"goaway\" must be one of \"before\", \"after\""},
        {"{\"rst_stream\":\"REFUSED\"}", "\"rst_stream\" must be the name of an error code of HTTP/2"},
        {"{\"rst_stream\":{\"after_bytes\":1}}", "\"rst_stream.code\" is missing"},
        {"{\"rst_stream\":{\"code\":\"CANCEL\",\"after_bytes\":-1}}",
         "\"rst_stream.after_bytes\" must be an integer, 0 or more"},
        {"{\"rst_stream\":{\"code\":\"CANCEL\",\"bytes\":1}}", "\"rst_stream.bytes\" is not known"},
        {"{\"empty_data_frames\":0}", "\"empty_data_frames\" must be an integer, 1 or more"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(k8sc_testing_server_add_fault(server, wrong[i].rule, NULL, &err), K8SC_E_INVALID);
        assert_non_null(strstr(k8sc_error_message(err), wrong[i].message));
        k8sc_error_free(err);
    }
}

static void ends_who_speaks_otherwise(void **state)
{
    (void)state;
    /* The right beginning, and then a frame that is none. */
    static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nxxxxxxxxxxxxxxxxxxxxxxxx";
    struct peer other;
    open_peer(&other);
    assert_int_equal(send(other.fd, preface, sizeof preface - 1, 0), sizeof preface - 1);
    char data[4096];
    while (recv(other.fd, data, sizeof data, 0) > 0) {
    }
    close_peer(&other);
    assert_int_equal(ask_and_wait("GET", "/version", NULL)->code, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PEER_TEST(answers_many_at_once),
        PEER_TEST(takes_and_gives_large_bodies),
        TEST(speaks_what_the_client_speaks),
        PEER_TEST(stops_with_streams_open),
        PEER_TEST(goes_away_before_a_request),
        PEER_TEST(goes_away_before_the_first_request),
        PEER_TEST(goes_away_behind_a_request),
        PEER_TEST(refuses_streams),
        PEER_TEST(resets_streams_with_each_code),
        PEER_TEST(limits_streams),
        PEER_TEST(has_windows_that_never_open),
        PEER_TEST(answers_no_pings),
        PEER_TEST(sends_frames_without_data),
        PEER_TEST(cuts_all_streams),
        PEER_TEST(stalls_one_stream),
        PEER_TEST(leaves_http1_alone),
        PEER_TEST(ends_who_speaks_otherwise),
    };
    return run_named_tests("fake http2", tests, sizeof tests / sizeof *tests);
}
