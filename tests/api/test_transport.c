/* The way to the server: TLS, names, ports, and answers that are not what they should be. */
#include "support.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

static k8sc_status get_from(k8sc_config *config, k8sc_object **out)
{
    return k8sc_resource_get(new_resource(new_client(config), "", "v1", "configmaps", "default"), "a", NULL, out, &err);
}

static void restart_with_tls(void)
{
    k8sc_testing_options *options = NULL;
    OK(k8sc_testing_options_new(&options, &err));
    OK(k8sc_testing_options_set_tls(options, 1, &err));
    restart_server_with(options);
    seed_map("a");
}

static void ca_from_memory(void **state)
{
    k8sc_object *object = NULL;
    (void)state;
    restart_with_tls();
    OK(get_from(new_config(), &object));
    assert_string_equal(k8sc_object_name(keep_object(object)), "a");
    /* The kubeconfig says the same. */
    const char *yaml = k8sc_testing_server_kubeconfig(server);
    k8sc_config *config = NULL;
    OK(k8sc_config_parse(yaml, strlen(yaml), NULL, &config, &err));
    k8sc_status status = get_from(config, &object);
    k8sc_config_free(config);
    OK(status);
    keep_object(object);
}

static void wrong_ca(void **state)
{
    k8sc_testing_options *options = NULL;
    k8sc_testing_server *other = NULL;
    k8sc_object *object = NULL;
    (void)state;
    restart_with_tls();
    OK(k8sc_testing_options_new(&options, &err));
    OK(k8sc_testing_options_set_tls(options, 1, &err));
    OK(k8sc_testing_server_start(options, &other, &err));
    k8sc_testing_options_free(options);
    k8sc_config *config = new_config();
    OK(k8sc_config_set_ca(config, k8sc_testing_server_ca_pem(other), strlen(k8sc_testing_server_ca_pem(other)), &err));
    k8sc_testing_server_free(other);
    FAILS(K8SC_E_TLS, get_from(config, &object), "certificate", "get configmaps default/a", "https://");
    assert_false(k8sc_error_is_retriable(failure));
    /* The system's authorities do not know it either. */
    OK(k8sc_config_set_ca(config, NULL, 0, &err));
    FAILS(K8SC_E_TLS, get_from(config, &object), "certificate");
    assert_int_equal(k8sc_testing_server_request_count(server, NULL, NULL), 0);
}

static void insecure_and_an_authority_contradict(void **state)
{
    k8sc_object *object = NULL;
    k8sc_client *made = NULL;
    (void)state;
    restart_with_tls();
    k8sc_config *config = new_config();
    OK(k8sc_config_set_insecure(config, 1, &err));
    FAILS(K8SC_E_CONFIG, k8sc_client_new(config, &made, &err), "insecure");
    OK(k8sc_config_set_ca(config, NULL, 0, &err));
    OK(get_from(config, &object));
    keep_object(object);
}

/* The certificate is for 127.0.0.1, localhost and ::1. */
static void tls_server_name(void **state)
{
    k8sc_object *object = NULL;
    (void)state;
    restart_with_tls();
    k8sc_config *config = new_config();
    OK(k8sc_config_set_tls_server_name(config, "localhost", &err));
    OK(get_from(config, &object));
    keep_object(object);
    /* The server is asked as what it is called in the URL. */
    assert_string_equal(STR(last_request("GET"), "/headers/Host"), strstr(k8sc_testing_server_url(server), "127."));
    OK(k8sc_config_set_tls_server_name(config, "::1", &err));
    OK(get_from(config, &object));
    keep_object(object);
    OK(k8sc_config_set_tls_server_name(config, "elsewhere.example.com", &err));
    FAILS(K8SC_E_TLS, get_from(config, &object), "elsewhere.example.com", "https://127.0.0.1:");
    /* Names that can be read as another address lead nowhere else. */
    OK(k8sc_config_set_tls_server_name(config, "0::1", &err));
    OK(get_from(config, &object));
    keep_object(object);
    OK(k8sc_config_set_tls_server_name(config, "2130706434", &err));
    FAILS(K8SC_E_TLS, get_from(config, &object), "https://127.0.0.1:");
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

/* Where none are configured, the variables tell who else is trusted. */
static void authorities_of_the_environment(void **state)
{
    char directory[] = "/tmp/k8sc-authorities-XXXXXX", file[64], other[64], foreign[8192], command[64];
    k8sc_object *object = NULL;
    (void)state;
    restart_with_tls();
    assert_non_null(mkdtemp(directory));
    snprintf(file, sizeof file, "%s/ca.crt", directory);
    snprintf(other, sizeof other, "%s/none", directory);
    k8sc_config *config = new_config();
    OK(k8sc_config_set_ca(config, NULL, 0, &err));
    FAILS(K8SC_E_TLS, get_from(config, &object), "certificate");
    /* With something in it that is no certificate. */
    snprintf(foreign, sizeof foreign, "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n%s",
             k8sc_testing_server_ca_pem(server));
    write_text(file, foreign);
    assert_int_equal(setenv("SSL_CERT_FILE", file, 1), 0);
    OK(get_from(config, &object));
    keep_object(object);
    assert_int_equal(unsetenv("SSL_CERT_FILE"), 0);
    assert_int_equal(setenv("SSL_CERT_DIR", directory, 1), 0);
    OK(get_from(config, &object));
    keep_object(object);
    /* What is not there is told, and changes nothing. */
    assert_int_equal(setenv("SSL_CERT_DIR", other, 1), 0);
    k8sc_client *made = new_client(config);
    k8sc_queue *queue = k8sc_client_queue(made);
    OK(k8sc_client_on_log(made, K8SC_LOG_WARNING, NULL, NULL, NULL, NULL, NULL, &err));
    k8sc_event *event = take(queue);
    assert_non_null(strstr(k8sc_event_text(event), "$SSL_CERT_DIR names no authority that can be used"));
    assert_non_null(strstr(k8sc_event_text(event), other));
    k8sc_event_free(event);
    FAILS(K8SC_E_TLS, get_from(config, &object), "certificate");
    assert_int_equal(unsetenv("SSL_CERT_DIR"), 0);
    snprintf(command, sizeof command, "rm -rf %s", directory);
    assert_int_equal(system(command), 0);
}

/* A bundle may hold more than certificates. */
static void a_bundle_may_hold_more_than_certificates(void **state)
{
    char bundle[16384];
    k8sc_object *object = NULL;
    (void)state;
    restart_with_tls();
    k8sc_config *config = new_config();
    snprintf(bundle, sizeof bundle,
             "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n-----BEGIN ENCRYPTED PRIVATE "
             "KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n%s"
             "-----BEGIN PKCS7-----\nAAAA\n-----END PKCS7-----\n",
             k8sc_testing_server_ca_pem(server));
    OK(k8sc_config_set_ca(config, bundle, strlen(bundle), &err));
    OK(get_from(config, &object));
    keep_object(object);
}

/* Two clients of one transport do not share what they trust. */
static void trust_is_not_shared(void **state)
{
    k8sc_object *object = NULL;
    (void)state;
    restart_with_tls();
    k8sc_config *trusting = new_config(), *strict = new_config();
    OK(k8sc_config_set_ca(trusting, NULL, 0, &err));
    OK(k8sc_config_set_insecure(trusting, 1, &err));
    OK(k8sc_config_set_tls_server_name(strict, "elsewhere.example.com", &err));
    k8sc_client *first = new_client(trusting);
    OK(k8sc_resource_get(new_resource(first, "", "v1", "configmaps", "default"), "a", NULL, &object, &err));
    keep_object(object);
    k8sc_client *second = new_shared_client(strict, first);
    FAILS(K8SC_E_TLS,
          k8sc_resource_get(new_resource(second, "", "v1", "configmaps", "default"), "a", NULL, &object, &err), "");
    OK(k8sc_config_set_ca(trusting, NULL, 0, &err));
    OK(k8sc_config_set_insecure(trusting, 0, &err));
    k8sc_client *third = new_shared_client(trusting, first);
    FAILS(K8SC_E_TLS,
          k8sc_resource_get(new_resource(third, "", "v1", "configmaps", "default"), "a", NULL, &object, &err), "");
}

/* ---- no way to it */

static void name_that_does_not_resolve(void **state)
{
    k8sc_object *object = NULL;
    (void)state;
    k8sc_config *config = new_config_for("http://no-such-host.invalid:8080");
    OK(k8sc_config_set_connect_timeout(config, 10000, &err));
    FAILS(K8SC_E_RESOLVE, get_from(config, &object), "no-such-host.invalid", "get configmaps default/a");
    assert_true(k8sc_error_is_retriable(failure));
}

static void refused_port(void **state)
{
    struct sockaddr_in address = {0};
    socklen_t len = sizeof address;
    char url[64];
    k8sc_object *object = NULL;
    (void)state;
    /* Bound, but not listening: nobody else can take it meanwhile. */
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
    getsockname(fd, (struct sockaddr *)&address, &len);
    snprintf(url, sizeof url, "http://127.0.0.1:%d", ntohs(address.sin_port));
    FAILS(K8SC_E_CONNECT, get_from(new_config_for(url), &object), url, "get configmaps default/a");
    assert_true(k8sc_error_is_retriable(failure));
    close(fd);
}

static void tls_on_a_plain_port(void **state)
{
    char url[64];
    k8sc_object *object = NULL;
    (void)state;
    snprintf(url, sizeof url, "https%s", k8sc_testing_server_url(server) + 4);
    FAILS(K8SC_E_TLS, get_from(new_config_for(url), &object), "https://127.0.0.1:");
}

static void plain_http_on_a_tls_port(void **state)
{
    char url[64];
    k8sc_object *object = NULL;
    (void)state;
    restart_with_tls();
    snprintf(url, sizeof url, "http%s", k8sc_testing_server_url(server) + 5);
    /* To this side it is a connection that was lost. */
    k8sc_options *options = new_options();
    OK(k8sc_options_set_max_retries(options, 0, &err));
    k8sc_resource *maps = new_resource(new_client(new_config_for(url)), "", "v1", "configmaps", "default");
    FAILS(K8SC_E_TRANSPORT, k8sc_resource_get(maps, "a", options, &object, &err), "http://127.0.0.1:");
}

static void no_http(void **state)
{
    static const char *const answers[] = {"SSH-2.0-OpenSSH\r\n", "", "\x15\x03\x01\n\n\n\n",
                                          "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"};
    k8sc_options *options = new_options();
    k8sc_object *object = NULL;
    (void)state;
    OK(k8sc_options_set_max_retries(options, 0, &err));
    for (size_t i = 0; i < COUNT(answers); i++) {
        k8sc_client *of = new_client(new_config_for(new_raw_server(answers[i], "", 0)->url));
        k8sc_resource *maps = new_resource(of, "", "v1", "configmaps", "default");
        FAILS(K8SC_E_TRANSPORT, k8sc_resource_get(maps, "a", options, &object, &err), "get configmaps default/a");
    }
}

/* ---- bad answers */

/* What get, list and list_all say to it. */
static void all_fail(k8sc_client *of, k8sc_status code, const char *part)
{
    k8sc_resource *maps = new_resource(of, "", "v1", "configmaps", "default");
    k8sc_object *object = NULL;
    k8sc_list *list = NULL;
    FAILS(code, k8sc_resource_get(maps, "a", NULL, &object, &err), "get configmaps default/a", part);
    FAILS(code, k8sc_resource_list(maps, NULL, &list, &err), "list configmaps", part);
    FAILS(code, k8sc_resource_list_all(maps, NULL, &list, &err), "list configmaps", part);
    assert_null(object);
    assert_null(list);
}

static void faulty(const char *rule, k8sc_status code, const char *part)
{
    clear_faults();
    fault(rule);
    all_fail(client, code, part);
    clear_faults();
    /* The connection, or the next one, is as good as ever. */
    k8sc_object *object = NULL;
    OK(k8sc_resource_get(CONFIG_MAPS(), "a", NULL, &object, &err));
    keep_object(object);
}

static void bad_answers(void **state)
{
    (void)state;
    seed_map("a");
    seed_map("b");
    faulty("{\"html\":true}", K8SC_E_DECODE, "text/html");
    faulty("{\"truncate\":true}", K8SC_E_DECODE, "");
    faulty("{\"deep\":20000}", K8SC_E_TOO_LARGE, "deeper");
    faulty("{\"deep\":100000}", K8SC_E_TOO_LARGE, "deeper");
    faulty("{\"invalid_utf8\":true}", K8SC_E_DECODE, "");
    faulty("{\"garbage\":\"%$#\"}", K8SC_E_DECODE, "");
    faulty("{\"garbage\":\"\"}", K8SC_E_DECODE, "empty");
    faulty("{\"garbage\":\"[]\"}", K8SC_E_DECODE, "");
    faulty("{\"garbage\":\"null\"}", K8SC_E_DECODE, "");
    faulty("{\"garbage\":\"{} {}\"}", K8SC_E_DECODE, "");
    faulty("{\"oversized_frame_bytes\":41943040}", K8SC_E_TOO_LARGE, "16777216");
}

/* The size is told, and with a higher limit it is accepted. */
static void a_40_mb_object(void **state)
{
    k8sc_config *config = new_config();
    k8sc_object *object = NULL;
    k8sc_list *list = NULL;
    size_t len = 0;
    long size = 0;
    (void)state;
    seed_map("a");
    fault("{\"oversized_frame_bytes\":41943040}");
    FAILS(K8SC_E_TOO_LARGE, k8sc_resource_get(CONFIG_MAPS(), "a", NULL, &object, &err), "bytes");
    assert_int_equal(sscanf(strstr(k8sc_error_message(failure), "an object of "), "an object of %ld bytes", &size), 1);
    assert_in_range(size, 41943040, 41944040);
    OK(k8sc_config_set_max_object_bytes(config, 64 << 20, &err));
    k8sc_resource *maps = new_resource(new_client(config), "", "v1", "configmaps", "default");
    OK(k8sc_resource_get(maps, "a", NULL, &object, &err));
    assert_string_equal(k8sc_object_name(keep_object(object)), "a");
    k8sc_object_json(object, &len);
    assert_true(len > 41943040);
    OK(k8sc_resource_list(maps, NULL, &list, &err));
    assert_int_equal(k8sc_list_size(keep_list(list)), 1);
}

/* 204 and an empty 200: fine for a request, but no object. */
static void empty_bodies(void **state)
{
    static const char *const answers[] = {"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n",
                                          "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"};
    (void)state;
    for (size_t i = 0; i < COUNT(answers); i++) {
        k8sc_client *of = new_client(new_config_for(new_raw_server(answers[i], "", 0)->url));
        k8sc_request *request = NULL;
        k8sc_result *result = NULL;
        k8sc_object *object = NULL;
        k8sc_list *list = NULL;
        size_t len = 7;
        OK(k8sc_rest_client_get(new_rest(of, "", "v1"), &request, &err));
        k8sc_status status = k8sc_request_do(request, &result, &err);
        k8sc_request_free(request);
        OK(status);
        keep_result(result);
        assert_string_equal(k8sc_result_body(result, &len), "");
        assert_int_equal(len, 0);
        FAILS(K8SC_E_DECODE, k8sc_result_object(result, &object, &err), "empty");
        FAILS(K8SC_E_DECODE, k8sc_result_list(result, &list, &err), "empty");
        all_fail(of, K8SC_E_DECODE, "empty");
    }
}

/* In a list, what comes after a good part counts as well. */
static void broken_lists(void **state)
{
    static const char *const bodies[] = {
        "{\"kind\":\"PodList\",\"items\":[{\"metadata\":{}}]",
        "{\"kind\":\"PodList\",\"items\":[{\"metadata\":{}},]}",
        "{\"kind\":\"PodList\",\"items\":[{\"metadata\":{}}{\"metadata\":{}}]}",
        "{\"kind\":\"PodList\",\"items\":[{\"metadata\":{}}]}]",
        "{\"kind\":\"PodList\",\"items\":[1]}",
        "{\"kind\":\"PodList\",\"items\":[{\"a\":tru}]}",
        "{\"kind\":\"PodList\",\"items\":{}}",
        "{\"kind\":\"PodList\",\"items\":[{\"a\":\"\x01\"}]}",
        "{\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\"}}",
        "{\"items\":[],,\"kind\":\"PodList\"}",
        "{\"kind\":\"PodList\",}",
        "{\"kind\":\"PodList\",\"items\":[{\"metadata\":{}}],}",
    };
    static char head[1024];
    k8sc_list *list = NULL;
    (void)state;
    for (size_t i = 0; i < COUNT(bodies); i++) {
        snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n%s",
                 bodies[i]);
        struct raw_server *raw = new_raw_server(head, "", 0);
        k8sc_status status = k8sc_resource_list(
            new_resource(new_client(new_config_for(raw->url)), "", "v1", "pods", NULL), NULL, &list, &err);
        k8sc_list_free(list);
        if (!ALSO_FAILS(K8SC_E_DECODE, status, "list pods")) print_error("the list: %s\n", bodies[i]);
    }
    NO_FAILURES();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(ca_from_memory),
        TEST(wrong_ca),
        TEST(insecure_and_an_authority_contradict),
        TEST(tls_server_name),
        TEST(authorities_of_the_environment),
        TEST(a_bundle_may_hold_more_than_certificates),
        TEST(trust_is_not_shared),
        TEST(name_that_does_not_resolve),
        TEST(refused_port),
        TEST(tls_on_a_plain_port),
        TEST(plain_http_on_a_tls_port),
        TEST(no_http),
        TEST(bad_answers),
        TEST(a_40_mb_object),
        TEST(empty_bodies),
        TEST(broken_lists),
    };
    return cmocka_run_group_tests_name("transport", tests, NULL, NULL);
}
