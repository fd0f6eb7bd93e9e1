/* The way to the server: unix sockets, bind addresses, versions, ciphers and pins of TLS, the switch of HTTP/2. */
#include "../support/relay.h"
#include "notes.h"

#include "support.h"

#include <openssl/ssl.h>

static int server_port(void) { return atoi(strrchr(k8sc_testing_server_url(server), ':') + 1); }

static k8sc_status get_from(k8sc_config *config)
{
    k8sc_object *object = NULL;
    k8sc_options *options = new_options();
    OK(k8sc_options_set_max_retries(options, 0, &err));
    k8sc_status status = k8sc_resource_get(new_resource(new_client(config), "", "v1", "configmaps", "default"), "a",
                                           options, &object, &err);
    k8sc_object_unref(object);
    return status;
}

static const char *socket_path(void)
{
    static char path[64];
    static int number;
    snprintf(path, sizeof path, "/tmp/k8sc-way-%d-%d.sock", (int)getpid(), number++);
    return path;
}

/* ---- unix sockets */

static void unix_socket(void **state)
{
    const char *path = socket_path();
    k8sc_watch *watch = NULL;
    struct recorder *recorder = new_recorder();
    (void)state;
    seed_map("a");
    struct relay *relay = new_relay(&(struct relay_settings){.port = server_port(), .path = path});
    /* Nobody is at that port. */
    k8sc_config *config = new_config_for("http://kubernetes.test:1");
    OK(k8sc_config_set_unix_socket(config, path, &err));
    OK(get_from(config));
    assert_string_equal(STR(last_request("GET"), "/headers/Host"), "kubernetes.test:1");
    assert_int_equal(relay_connections(relay), 1);
    /* A watch goes there, too. */
    k8sc_client *of = new_client(config);
    OK(k8sc_resource_watch(new_resource(of, "", "v1", "configmaps", "default"), NULL, RECORD(recorder), &watch, &err));
    run_until_count(k8sc_client_queue(of), recorder, 1);
    k8sc_watch_unref(watch);
    assert_int_equal(relay_connections(relay), 2);
    OK(k8sc_config_set_unix_socket(config, NULL, &err));
    FAILS(K8SC_E_RESOLVE, get_from(config), "kubernetes.test");
}

static void unix_url(void **state)
{
    const char *path = socket_path();
    char url[128];
    k8sc_client *made = NULL;
    (void)state;
    seed_map("a");
    new_relay(&(struct relay_settings){.port = server_port(), .path = path});
    snprintf(url, sizeof url, "unix://%s", path);
    k8sc_config *config = new_config_for(url);
    OK(get_from(config));
    assert_string_equal(STR(last_request("GET"), "/headers/Host"), "localhost");
    /* What has no meaning with it is refused. */
    OK(k8sc_config_set_proxy(config, "http://127.0.0.1:1", &err));
    FAILS(K8SC_E_CONFIG, k8sc_client_new(config, &made, &err), "socket", "proxy");
    OK(k8sc_config_set_proxy(config, NULL, &err));
    OK(k8sc_config_set_bind_address(config, "127.0.0.1", &err));
    FAILS(K8SC_E_CONFIG, k8sc_client_new(config, &made, &err), "socket", "address");
}

static void tls_at_a_unix_socket(void **state)
{
    const char *path = socket_path();
    (void)state;
    seed_map("a");
    struct relay *relay = new_relay(&(struct relay_settings){.port = server_port(), .path = path, .tls = 1});
    k8sc_config *config = new_config_for("https://kubernetes.test");
    OK(k8sc_config_set_ca(config, relay_ca(relay), strlen(relay_ca(relay)), &err));
    OK(k8sc_config_set_unix_socket(config, path, &err));
    OK(get_from(config));
}

static void no_unix_socket(void **state)
{
    const char *path = socket_path();
    (void)state;
    k8sc_config *config = new_config_for("http://localhost");
    OK(k8sc_config_set_unix_socket(config, path, &err));
    FAILS(K8SC_E_CONNECT, get_from(config), path);
    assert_true(k8sc_error_is_retriable(failure));
}

/* ---- bind address */

static void bind_address(void **state)
{
    (void)state;
    seed_map("a");
    struct relay *relay = new_relay(&(struct relay_settings){.port = server_port()});
    k8sc_config *config = new_config_for(relay_url(relay, "http"));
    OK(k8sc_config_set_bind_address(config, "127.0.0.2", &err));
    OK(get_from(config));
    assert_string_equal(relay_peer(relay), "127.0.0.2");
    OK(k8sc_config_set_bind_address(config, "lo", &err));
    OK(get_from(config));
    assert_string_equal(relay_peer(relay), "127.0.0.1");
    OK(k8sc_config_set_bind_address(config, "192.0.2.1", &err));
    FAILS(K8SC_E_CONNECT, get_from(config), "192.0.2.1");
    OK(k8sc_config_set_bind_address(config, "no-such-if0", &err));
    FAILS(K8SC_E_CONNECT, get_from(config), "no-such-if0");
    OK(k8sc_config_set_bind_address(config, NULL, &err));
    OK(get_from(config));
}

/* ---- tls */

static struct relay *new_tls_relay(int min, int max, k8sc_config **config)
{
    struct relay *relay =
        new_relay(&(struct relay_settings){.port = server_port(), .tls = 1, .tls_min = min, .tls_max = max});
    *config = new_config_for(relay_url(relay, "https"));
    OK(k8sc_config_set_ca(*config, relay_ca(relay), strlen(relay_ca(relay)), &err));
    return relay;
}

static void tls_versions(void **state)
{
    k8sc_config *config = NULL;
    (void)state;
    seed_map("a");
    /* Below 1.2 is never accepted. */
    new_tls_relay(TLS1_VERSION, TLS1_1_VERSION, &config);
    FAILS(K8SC_E_TLS, get_from(config), "https://127.0.0.1:");
    struct relay *old = new_tls_relay(TLS1_2_VERSION, TLS1_2_VERSION, &config);
    OK(get_from(config));
    assert_non_null(strstr(relay_cipher(old), "TLSv1.2 "));
    OK(k8sc_config_set_tls_versions(config, "1.3", NULL, &err));
    FAILS(K8SC_E_TLS, get_from(config), "https://127.0.0.1:");
    OK(k8sc_config_set_tls_versions(config, NULL, NULL, &err));
    OK(get_from(config));
    struct relay *new = new_tls_relay(TLS1_2_VERSION, TLS1_3_VERSION, &config);
    OK(get_from(config));
    assert_non_null(strstr(relay_cipher(new), "TLSv1.3 "));
    OK(k8sc_config_set_tls_versions(config, "1.2", "1.2", &err));
    OK(get_from(config));
    assert_non_null(strstr(relay_cipher(new), "TLSv1.2 "));
    new_tls_relay(TLS1_3_VERSION, TLS1_3_VERSION, &config);
    OK(k8sc_config_set_tls_versions(config, NULL, "1.2", &err));
    FAILS(K8SC_E_TLS, get_from(config), "https://127.0.0.1:");
}

static void tls_ciphers(void **state)
{
    k8sc_config *config = NULL;
    (void)state;
    seed_map("a");
    struct relay *relay = new_tls_relay(TLS1_2_VERSION, TLS1_3_VERSION, &config);
    OK(k8sc_config_set_tls_ciphers(config, NULL, "TLS_CHACHA20_POLY1305_SHA256", &err));
    OK(get_from(config));
    assert_string_equal(relay_cipher(relay), "TLSv1.3 TLS_CHACHA20_POLY1305_SHA256");
    OK(k8sc_config_set_tls_ciphers(config, "ECDHE-ECDSA-AES256-GCM-SHA384", NULL, &err));
    OK(k8sc_config_set_tls_versions(config, NULL, "1.2", &err));
    OK(get_from(config));
    assert_string_equal(relay_cipher(relay), "TLSv1.2 ECDHE-ECDSA-AES256-GCM-SHA384");
    /* One that the server's key cannot be used with. */
    OK(k8sc_config_set_tls_ciphers(config, "ECDHE-RSA-AES256-GCM-SHA384", NULL, &err));
    FAILS(K8SC_E_TLS, get_from(config), "https://127.0.0.1:");
}

/* A common name is no name of a host, whichever protocol is spoken. */
static void tls_common_name(void **state)
{
    k8sc_config *config = NULL;
    (void)state;
    seed_map("a");
    for (int variant = 0; variant < 4; variant++) {
        struct relay_settings settings = {
            .port = server_port(), .tls = 1, .common_name = "127.0.0.1", .no_alternatives = variant % 2};
        struct relay *relay = new_relay(&settings);
        config = new_config_for(relay_url(relay, "https"));
        OK(k8sc_config_set_ca(config, relay_ca(relay), strlen(relay_ca(relay)), &err));
        OK(k8sc_config_set_http2(config, variant / 2, &err));
        FAILS(K8SC_E_TLS, get_from(config), "subjectAltName", "common name", "https://127.0.0.1:");
        assert_false(k8sc_error_is_retriable(failure));
        OK(k8sc_config_set_ca(config, NULL, 0, &err));
        OK(k8sc_config_set_insecure(config, 1, &err));
        OK(get_from(config));
    }
}

static void a_server_without_a_pinned_key_is_refused(void **state)
{
    char both[256];
    const char *other = "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    k8sc_config *config = NULL;
    k8sc_client *made = NULL;
    (void)state;
    seed_map("a");
    struct relay *relay = new_tls_relay(0, 0, &config);
    OK(k8sc_config_set_server_key_pins(config, relay_pin(relay), &err));
    OK(get_from(config));
    snprintf(both, sizeof both, "%s;%s", other, relay_pin(relay));
    OK(k8sc_config_set_server_key_pins(config, both, &err));
    OK(get_from(config));
    OK(k8sc_config_set_server_key_pins(config, other, &err));
    FAILS(K8SC_E_TLS, get_from(config), "pin", "https://127.0.0.1:");
    assert_false(k8sc_error_is_retriable(failure));
    /* They are no replacement for the CA, but hold without it. */
    OK(k8sc_config_set_ca(config, NULL, 0, &err));
    OK(k8sc_config_set_server_key_pins(config, relay_pin(relay), &err));
    FAILS(K8SC_E_TLS, get_from(config), "certificate");
    OK(k8sc_config_set_insecure(config, 1, &err));
    OK(get_from(config));
    OK(k8sc_config_set_server_key_pins(config, other, &err));
    FAILS(K8SC_E_TLS, get_from(config), "pin");
    OK(k8sc_config_set_server_key_pins(config, NULL, &err));
    OK(get_from(config));
    /* Nothing would check them there. */
    config = new_config_for("http://127.0.0.1:1");
    OK(k8sc_config_set_server_key_pins(config, other, &err));
    FAILS(K8SC_E_CONFIG, k8sc_client_new(config, &made, &err), "pins");
    /* Two clients of one transport do not share them. */
    new_tls_relay(0, 0, &config);
    k8sc_client *first = new_client(config);
    k8sc_object *object = NULL;
    OK(k8sc_resource_get(new_resource(first, "", "v1", "configmaps", "default"), "a", NULL, &object, &err));
    keep_object(object);
    OK(k8sc_config_set_server_key_pins(config, other, &err));
    k8sc_client *second = new_shared_client(config, first);
    FAILS(K8SC_E_TLS,
          k8sc_resource_get(new_resource(second, "", "v1", "configmaps", "default"), "a", NULL, &object, &err), "pin");
}

/* -------------------------------------------------------------------------------------------------- idle connections
 * -- */

#define ANSWER(status, body) "HTTP/1.1 " status "\r\nContent-Type: application/json\r\nContent-Length: " body
#define MAP ANSWER("200 OK", "62\r\n\r\n{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\"}}")
#define GOODBYE ANSWER("408 Request Time-out", "2\r\nConnection: close\r\n\r\n{}")

/* What comes on a connection while it is idle answers nothing: HAProxy's 408, say. */
static void idle_connection_that_says_something(void **state)
{
    (void)state;
    for (int variant = 0; variant < 4; variant++) {
        int tls = variant % 2;
        k8sc_object *object = NULL;
        struct relay_settings settings = {.kind = RELAY_ANSWER,
                                          .tls = tls,
                                          .pieces = {MAP, GOODBYE},
                                          .lengths = {sizeof MAP - 1, sizeof GOODBYE - 1}};
        struct relay *relay = new_relay(&settings);
        k8sc_config *config = new_config_for(relay_url(relay, tls ? "https" : "http"));
        if (tls) OK(k8sc_config_set_ca(config, relay_ca(relay), strlen(relay_ca(relay)), &err));
        OK(k8sc_config_set_http2(config, 0, &err));
        k8sc_resource *maps = new_resource(new_client(config), "", "v1", "configmaps", "default");
        for (int i = 0; i < 2; i++) {
            if (variant < 2)
                OK(k8sc_resource_get(maps, "a", NULL, &object, &err));
            else
                OK(k8sc_resource_create(
                    maps, parse("{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\"}}"), NULL,
                    &object, &err));
            assert_string_equal(k8sc_object_name(keep_object(object)), "a");
            relay_go(relay);
            pause_ms(100);
        }
        assert_int_equal(relay_connections(relay), 2);
    }
}

/* Millions of items that are nothing: little to receive, and much to do. A deadline acts, and others have their turn,
 * in the midst of it. */
static void deadline_within_tiny_items(void **state)
{
    static const char begin[] =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"kind\":\"ConfigMapList\",\"items\":[{}";
    const size_t size = 9000000;
    char *answer = track(malloc(size), free);
    k8sc_list *list = NULL;
    k8sc_options *options = new_options();
    (void)state;
    memcpy(answer, begin, sizeof begin - 1);
    for (size_t i = sizeof begin - 1; i < size; i++) answer[i] = ",{}"[(i - sizeof begin + 1) % 3];
    struct relay *relay =
        new_relay(&(struct relay_settings){.kind = RELAY_ANSWER, .pieces = {answer, "]}"}, .lengths = {size, 2}});
    k8sc_resource *maps =
        new_resource(new_client(new_config_for(relay_url(relay, "http"))), "", "v1", "configmaps", "default");
    OK(k8sc_options_set_timeout(options, 200, &err));
    OK(k8sc_options_set_max_retries(options, 0, &err));
    int64_t began = now_ms();
    FAILS(K8SC_E_TIMEOUT, k8sc_resource_list(maps, options, &list, &err), "overall deadline");
    int64_t took = now_ms() - began;
    relay_go(relay);
    /* Beside what freeing them takes, and a busy machine. */
    assert_in_range(took, 190, 1000);
}

/* ---- http/2 */

static struct relay *new_alpn_relay(const char *alpn, k8sc_config **config)
{
    struct relay *relay = new_relay(&(struct relay_settings){.port = server_port(), .tls = 1, .alpn = alpn});
    *config = new_config_for(relay_url(relay, "https"));
    OK(k8sc_config_set_ca(*config, relay_ca(relay), strlen(relay_ca(relay)), &err));
    return relay;
}

static void http2_switch(void **state)
{
    k8sc_config *config = NULL;
    (void)state;
    seed_map("a");
    struct relay *relay = new_alpn_relay("http/1.1", &config);
    OK(get_from(config));
    /* The first asks, and the second is the one that is used. */
    assert_string_equal(relay_offered(relay), "h2,http/1.1 http/1.1");
    OK(k8sc_config_set_http2(config, 0, &err));
    OK(get_from(config));
    assert_string_equal(relay_offered(relay), "http/1.1");
    OK(k8sc_config_set_http2(config, 1, &err));
    setenv("DISABLE_HTTP2", "true", 1);
    k8sc_status status = get_from(config);
    unsetenv("DISABLE_HTTP2");
    OK(status);
    assert_string_equal(relay_offered(relay), "http/1.1");
    OK(get_from(config));
    assert_string_equal(relay_offered(relay), "h2,http/1.1 http/1.1");
}

/* One that knows nothing of protocols is asked once, and speaks HTTP/1.1 on a connection that is used again. */
static void http2_not_chosen(void **state)
{
    k8sc_config *config = NULL;
    k8sc_object *object = NULL;
    (void)state;
    seed_map("a");
    struct relay *relay = new_alpn_relay(NULL, &config);
    k8sc_resource *maps = new_resource(new_client(config), "", "v1", "configmaps", "default");
    for (int i = 0; i < 5; i++) {
        OK(k8sc_resource_get(maps, "a", NULL, &object, &err));
        k8sc_object_unref(object);
    }
    assert_int_equal(relay_connections(relay), 2);
}

/* One that chose HTTP/2 and cannot speak it, as some proxies in the middle: HTTP/1.1 is tried instead. */
static void http2_broken(void **state)
{
    k8sc_config *config = NULL;
    k8sc_object *object = NULL;
    k8sc_testing_options *options = NULL;
    (void)state;
    OK(k8sc_testing_options_new(&options, &err));
    OK(k8sc_testing_options_set_http2(options, 0, &err));
    restart_server_with(options);
    seed_map("a");
    struct relay *relay = new_alpn_relay("h2", &config);
    struct notes *logs = new_notes(), *traces = new_notes();
    k8sc_client *made = new_client(config);
    OK(k8sc_client_on_log(made, K8SC_LOG_DEBUG, NULL, NOTES(logs), NULL, &err));
    OK(k8sc_client_on_trace(made, NULL, NOTES(traces), NULL, &err));
    k8sc_resource *maps = new_resource(made, "", "v1", "configmaps", "default");
    OK(k8sc_resource_get(maps, "a", NULL, &object, &err));
    assert_string_equal(k8sc_object_name(keep_object(object)), "a");
    k8sc_queue *told = k8sc_client_queue(made);
    assert_non_null(await_note(told, logs, "http", "by HTTP/1.1: HTTP/2 was agreed on, and not spoken"));
    assert_non_null(await_note(told, traces, NULL, "\"http1_reason\":\"HTTP/2 was agreed on, and not spoken"));
    char *metrics = NULL;
    OK(k8sc_client_metrics_prometheus(made, &metrics, &err));
    assert_non_null(strstr(metrics, "\nk8sc_http1_fallbacks_total 1\n"));
    k8sc_string_free(metrics);
    /* Asked once, or twice where the first loss came before anything was sent; and then no more. */
    const char *offered = relay_offered(relay);
    assert_int_equal(strncmp(offered, "h2,http/1.1 ", 12), 0);
    assert_true(strcmp(offered, "h2,http/1.1 http/1.1") == 0 ||
                strcmp(offered, "h2,http/1.1 h2,http/1.1 http/1.1") == 0);
}

/* ---- wrong input */

static void wrong_input(void **state)
{
    char long_path[200];
    k8sc_config *config = new_config();
    (void)state;
    memset(long_path, 'a', sizeof long_path);
    long_path[0] = '/';
    long_path[108] = '\0';
    ALSO_FAILS(K8SC_E_INVALID, k8sc_config_set_unix_socket(NULL, "/a", &err), "config");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_config_set_unix_socket(config, "", &err), "path");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_config_set_unix_socket(config, "relative", &err), "path", "relative");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_config_set_unix_socket(config, long_path, &err), "path", "108");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_config_set_server(config, "unix://relative", &err), "path");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_config_set_bind_address(NULL, "127.0.0.1", &err), "config");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_config_set_bind_address(config, "", &err), "address");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_config_set_bind_address(config, "an-interface-with-a-long-name", &err), "address");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_config_set_bind_address(config, "eth0 ", &err), "address");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_config_set_tls_versions(NULL, NULL, NULL, &err), "config");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_config_set_tls_versions(config, "1.1", NULL, &err), "min", "1.1");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_config_set_tls_versions(config, NULL, "1.4", &err), "max", "1.4");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_config_set_tls_versions(config, "1.3", "1.2", &err), "min", "max");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_config_set_tls_ciphers(NULL, NULL, NULL, &err), "config");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_config_set_tls_ciphers(config, "NO-CIPHER", NULL, &err), "tls12_ciphers",
               "NO-CIPHER");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_config_set_tls_ciphers(config, NULL, "TLS_NO_SUITE", &err), "tls13_suites",
               "TLS_NO_SUITE");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_config_set_server_key_pins(NULL, NULL, &err), "config");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_config_set_server_key_pins(config, "sha256//short", &err), "pins");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_config_set_compression(NULL, 1, &err), "config");
    NO_FAILURES();
    /* Nothing of it was taken. */
    seed_map("a");
    OK(get_from(config));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(unix_socket),
        TEST(unix_url),
        TEST(tls_at_a_unix_socket),
        TEST(no_unix_socket),
        TEST(bind_address),
        TEST(tls_versions),
        TEST(tls_ciphers),
        TEST(tls_common_name),
        TEST(idle_connection_that_says_something),
        TEST(deadline_within_tiny_items),
        TEST(a_server_without_a_pinned_key_is_refused),
        TEST(http2_switch),
        TEST(http2_not_chosen),
        TEST(http2_broken),
        TEST(wrong_input),
    };
    return cmocka_run_group_tests_name("way", tests, NULL, free_notes);
}
