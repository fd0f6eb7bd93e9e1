/* Configurations made by hand: every setter, what it refuses, and that a refusal changes nothing. */
#include "support.h"

#include <errno.h>
#include <math.h>

static k8sc_config *config;
static pair first, second;

static int set_up(void **state)
{
    (void)state;
    return k8sc_config_new(&config, NULL);
}

static int tear_down(void **state)
{
    (void)state;
    k8sc_config_free(config);
    config = NULL;
    return 0;
}

static void a_new_one_is_empty(void **state)
{
    (void)state;
    assert_null(k8sc_config_server(config));
    assert_null(k8sc_config_namespace(config));
    assert_null(k8sc_config_context(config));
    assert_null(k8sc_config_user_agent(config));
    assert_null(k8sc_config_tls_server_name(config));
    assert_int_equal(k8sc_config_insecure(config), 0);
    assert_int_equal(k8sc_config_has_credentials(config), 0);
}

static void null_handles(void **state)
{
    k8sc_config *out = config;
    (void)state;
    k8sc_config_free(NULL);
    assert_null(k8sc_config_server(NULL));
    assert_null(k8sc_config_namespace(NULL));
    assert_null(k8sc_config_context(NULL));
    assert_null(k8sc_config_user_agent(NULL));
    assert_null(k8sc_config_tls_server_name(NULL));
    assert_int_equal(k8sc_config_insecure(NULL), 0);
    assert_int_equal(k8sc_config_has_credentials(NULL), 0);
#define REFUSES(call, name) FAILS(K8SC_E_INVALID, call, name, "NULL")
    REFUSES(k8sc_config_new(NULL, &err), "out");
    REFUSES(k8sc_config_load(NULL, NULL, NULL, &err), "out");
    REFUSES(k8sc_config_parse("", 0, NULL, NULL, &err), "out");
    REFUSES(k8sc_config_parse(NULL, 0, NULL, &out, &err), "yaml");
    assert_null(out);
    REFUSES(k8sc_config_load_in_cluster(NULL, &err), "out");
    REFUSES(k8sc_config_copy(config, NULL, &err), "out");
    out = config;
    REFUSES(k8sc_config_copy(NULL, &out, &err), "config");
    assert_null(out);
    REFUSES(k8sc_config_set_server(NULL, "https://a", &err), "config");
    REFUSES(k8sc_config_set_server(config, NULL, &err), "url");
    REFUSES(k8sc_config_set_token(NULL, "t", &err), "config");
    REFUSES(k8sc_config_set_token_file(NULL, "/t", &err), "config");
    REFUSES(k8sc_config_set_token_file(config, NULL, &err), "path");
    REFUSES(k8sc_config_set_ca(NULL, NULL, 0, &err), "config");
    REFUSES(k8sc_config_set_client_certificate(NULL, NULL, 0, NULL, 0, &err), "config");
    REFUSES(k8sc_config_set_insecure(NULL, 1, &err), "config");
    REFUSES(k8sc_config_set_tls_server_name(NULL, "a", &err), "config");
    REFUSES(k8sc_config_set_namespace(NULL, "a", &err), "config");
    REFUSES(k8sc_config_set_user_agent(NULL, "a", &err), "config");
    REFUSES(k8sc_config_add_user_agent(NULL, "a", &err), "config");
    REFUSES(k8sc_config_add_user_agent(config, NULL, &err), "suffix");
    REFUSES(k8sc_config_set_timeout(NULL, 1, &err), "config");
    REFUSES(k8sc_config_set_connect_timeout(NULL, 1, &err), "config");
    REFUSES(k8sc_config_set_idle_timeout(NULL, 1, &err), "config");
    REFUSES(k8sc_config_set_watch_idle_timeout(NULL, 1, &err), "config");
    REFUSES(k8sc_config_set_rate_limit(NULL, 1, 1, &err), "config");
    REFUSES(k8sc_config_set_rate_limiter(NULL, NULL, &err), "config");
    REFUSES(k8sc_config_set_http2(NULL, 1, &err), "config");
    REFUSES(k8sc_config_set_max_object_bytes(NULL, 4096, &err), "config");
#undef REFUSES
}

static void errors_are_optional(void **state)
{
    (void)state;
    assert_int_equal(k8sc_config_set_timeout(config, -2, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_config_set_namespace(config, "a b", NULL), K8SC_E_INVALID);
}

static void server_takes_urls(void **state)
{
    const char *good[] = {"https://10.0.0.1:6443",
                          "http://localhost:8080",
                          "https://[fd00::1]:6443/k8s/clusters/c-1",
                          "HTTPS://example.com/",
                          "10.0.0.1",
                          "example.com:6443"};
    size_t i;
    (void)state;
    for (i = 0; i < sizeof good / sizeof *good; i++) {
        OK(k8sc_config_set_server(config, good[i], &err));
        assert_string_equal(k8sc_config_server(config), good[i]);
    }
}

static void server_refuses_the_rest_and_stays(void **state)
{
    const char *bad[] = {"",
                         "https://",
                         "ftp://a",
                         "a/path",
                         "https://a:0",
                         "https://a:65536",
                         "https://a:x",
                         "https://[::1",
                         "https://a b",
                         "https://a\nb"};
    size_t i;
    (void)state;
    OK(k8sc_config_set_server(config, "https://before", &err));
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        FAILS(K8SC_E_INVALID, k8sc_config_set_server(config, bad[i], &err), "server URL");
        assert_string_equal(k8sc_config_server(config), "https://before");
    }
    FAILS(K8SC_E_INVALID, k8sc_config_set_server(config, "ftp://files", &err), "ftp://files", "http or https");
}

static void server_with_a_password_is_refused_without_showing_it(void **state)
{
    const char *bad[] = {"https://me:hunter2@a", "https://me:hunter2/hunter2@a", "me:hunter2@a", "ftp://me:hunter2@a"};
    k8sc_error *err = NULL;
    size_t i;
    (void)state;
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(k8sc_config_set_server(config, bad[i], &err), K8SC_E_INVALID);
        assert_non_null(strstr(k8sc_error_message(err), "user and password"));
        assert_null(strstr(k8sc_error_message(err), "hunter2"));
        k8sc_error_free(err);
    }
}

static void token_is_set_replaced_and_removed(void **state)
{
    (void)state;
    OK(k8sc_config_set_token(config, "one", &err));
    assert_int_equal(k8sc_config_has_credentials(config), 1);
    OK(k8sc_config_set_token_file(config, write_file("token", " two\n"), &err));
    assert_int_equal(k8sc_config_has_credentials(config), 1);
    OK(k8sc_config_set_token(config, NULL, &err));
    assert_int_equal(k8sc_config_has_credentials(config), 0);
}

static void token_must_fit_a_header_and_is_never_shown(void **state)
{
    const char *bad[] = {"hunter2\n", "hunter2\r\nX-Evil: 1", "\thunter2", "hunter2\x7f"};
    k8sc_error *err = NULL;
    size_t i;
    (void)state;
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(k8sc_config_set_token(config, bad[i], &err), K8SC_E_INVALID);
        assert_non_null(strstr(k8sc_error_message(err), "token"));
        assert_null(strstr(k8sc_error_message(err), "hunter2"));
        assert_null(strstr(k8sc_error_message(err), "X-Evil"));
        k8sc_error_free(err);
    }
    FAILS(K8SC_E_INVALID, k8sc_config_set_token(config, "", &err), "token is empty");
    assert_int_equal(k8sc_config_has_credentials(config), 0);
}

static void token_file_must_hold_a_token(void **state)
{
    k8sc_error *err = NULL;
    (void)state;
    make_folder("folder");
    FAILS(K8SC_E_IO, k8sc_config_set_token_file(config, path_of("absent"), &err), path_of("absent"), "No such file");
    FAILS(K8SC_E_IO, k8sc_config_set_token_file(config, path_of("folder"), &err), path_of("folder"), "directory");
    FAILS(K8SC_E_IO, k8sc_config_set_token_file(config, write_file("blank", " \n"), &err), path_of("blank"), "empty");
    FAILS(K8SC_E_INVALID, k8sc_config_set_token_file(config, "", &err), "path");
    assert_int_equal(k8sc_config_set_token_file(config, write_file("lines", "hunter2\nhunter3\n"), &err), K8SC_E_IO);
    assert_non_null(strstr(k8sc_error_message(err), path_of("lines")));
    assert_null(strstr(k8sc_error_message(err), "hunter"));
    k8sc_error_free(err);
    assert_int_equal(k8sc_config_has_credentials(config), 0);
}

static void token_file_may_be_relative(void **state)
{
    char before[4096];
    (void)state;
    write_file("relative-token", "t");
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(directory), 0);
    OK(k8sc_config_set_token_file(config, "relative-token", &err));
    assert_int_equal(chdir(before), 0);
    assert_int_equal(k8sc_config_has_credentials(config), 1);
}

static void ca_must_be_certificates(void **state)
{
    char broken[] = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    char *two = (char *)malloc(strlen(first.certificate) + strlen(second.certificate) + 1);
    (void)state;
    OK(k8sc_config_set_ca(config, first.certificate, strlen(first.certificate), &err));
    strcpy(two, first.certificate);
    strcat(two, second.certificate);
    OK(k8sc_config_set_ca(config, two, strlen(two), &err));
    free(two);
    OK(k8sc_config_set_ca(config, NULL, 0, &err));
    FAILS(K8SC_E_PARSE, k8sc_config_set_ca(config, "nothing", 7, &err), "CA", "no PEM certificate");
    FAILS(K8SC_E_PARSE, k8sc_config_set_ca(config, "", 0, &err), "CA", "no PEM certificate");
    FAILS(K8SC_E_PARSE, k8sc_config_set_ca(config, first.key, strlen(first.key), &err), "CA", "no PEM certificate");
    FAILS(K8SC_E_PARSE, k8sc_config_set_ca(config, broken, strlen(broken), &err), "CA", "cannot be read");
    FAILS(K8SC_E_PARSE, k8sc_config_set_ca(config, first.certificate, strlen(first.certificate) / 2, &err), "CA");
    FAILS(K8SC_E_INVALID, k8sc_config_set_ca(config, "x", (size_t)1 << 40, &err), "len", "1099511627776");
}

static k8sc_status set_pair(const char *certificate, const char *key, k8sc_error **err)
{
    return k8sc_config_set_client_certificate(config, certificate, certificate ? strlen(certificate) : 0, key,
                                              key ? strlen(key) : 0, err);
}

static void client_certificate_needs_its_key(void **state)
{
    (void)state;
    OK(set_pair(first.certificate, first.key, &err));
    assert_int_equal(k8sc_config_has_credentials(config), 1);
    FAILS(K8SC_E_CONFIG, set_pair(first.certificate, second.key, &err), "client key", "client certificate");
    FAILS(K8SC_E_PARSE, set_pair("nothing", first.key, &err), "client certificate", "no PEM certificate");
    FAILS(K8SC_E_PARSE, set_pair(first.certificate, "nothing", &err), "client key");
    FAILS(K8SC_E_INVALID, set_pair(first.certificate, NULL, &err), "key_pem");
    FAILS(K8SC_E_INVALID, set_pair(NULL, first.key, &err), "certificate_pem");
    FAILS(K8SC_E_INVALID, k8sc_config_set_client_certificate(config, "x", (size_t)1 << 40, "x", 1, &err),
          "certificate_len");
    FAILS(K8SC_E_INVALID, k8sc_config_set_client_certificate(config, "x", 1, "x", (size_t)1 << 40, &err), "key_len");
    assert_int_equal(k8sc_config_has_credentials(config), 1);
    OK(set_pair(NULL, NULL, &err));
    assert_int_equal(k8sc_config_has_credentials(config), 0);
}

static void insecure_is_a_boolean(void **state)
{
    (void)state;
    OK(k8sc_config_set_insecure(config, 7, &err));
    assert_int_equal(k8sc_config_insecure(config), 1);
    OK(k8sc_config_set_insecure(config, 0, &err));
    assert_int_equal(k8sc_config_insecure(config), 0);
}

static void tls_server_name_is_a_host(void **state)
{
    const char *bad[] = {"", "a b", "a\nb", "https://a", "a/b"};
    size_t i;
    (void)state;
    OK(k8sc_config_set_tls_server_name(config, "kube.example.com", &err));
    for (i = 0; i < sizeof bad / sizeof *bad; i++)
        FAILS(K8SC_E_INVALID, k8sc_config_set_tls_server_name(config, bad[i], &err), "TLS server name");
    FAILS(K8SC_E_INVALID, k8sc_config_set_tls_server_name(config, "a/b", &err), "\"a/b\"");
    assert_string_equal(k8sc_config_tls_server_name(config), "kube.example.com");
    OK(k8sc_config_set_tls_server_name(config, "fd00::1", &err));
    OK(k8sc_config_set_tls_server_name(config, NULL, &err));
    assert_null(k8sc_config_tls_server_name(config));
}

static void namespace_is_a_dns_label(void **state)
{
    const char *bad[] = {"",
                         "Upper",
                         "under_score",
                         "a/b",
                         "..",
                         "%41",
                         "-a",
                         "a-",
                         "a.b",
                         "a b",
                         "0123456789012345678901234567890123456789012345678901234567890123"};
    size_t i;
    (void)state;
    OK(k8sc_config_set_namespace(config, "kube-system", &err));
    for (i = 0; i < sizeof bad / sizeof *bad; i++)
        FAILS(K8SC_E_INVALID, k8sc_config_set_namespace(config, bad[i], &err), "namespace", bad[i]);
    assert_string_equal(k8sc_config_namespace(config), "kube-system");
    OK(k8sc_config_set_namespace(config, "012345678901234567890123456789012345678901234567890123456789012", &err));
    OK(k8sc_config_set_namespace(config, NULL, &err));
    assert_null(k8sc_config_namespace(config));
}

static void user_agent_is_replaced_and_extended(void **state)
{
    (void)state;
    OK(k8sc_config_set_user_agent(config, "mine/1", &err));
    assert_string_equal(k8sc_config_user_agent(config), "mine/1");
    OK(k8sc_config_add_user_agent(config, "part", &err));
    OK(k8sc_config_add_user_agent(config, "piece", &err));
    assert_string_equal(k8sc_config_user_agent(config), "mine/1/part/piece");
    FAILS(K8SC_E_INVALID, k8sc_config_set_user_agent(config, "a\r\nX: y", &err), "user_agent", "a\\x0d\\x0aX: y");
    FAILS(K8SC_E_INVALID, k8sc_config_set_user_agent(config, "", &err), "user_agent is empty");
    FAILS(K8SC_E_INVALID, k8sc_config_add_user_agent(config, "a\nb", &err), "suffix", "a\\x0ab");
    FAILS(K8SC_E_INVALID, k8sc_config_add_user_agent(config, "", &err), "suffix is empty");
    assert_string_equal(k8sc_config_user_agent(config), "mine/1/part/piece");
    OK(k8sc_config_set_user_agent(config, NULL, &err));
    assert_null(k8sc_config_user_agent(config));
}

static void user_agent_has_client_gos_form(void **state)
{
    char expected[256];
    (void)state;
    snprintf(expected, sizeof expected, "%s/v%s (", program_invocation_short_name, k8sc_version());
    OK(k8sc_config_add_user_agent(config, "controller", &err));
    assert_memory_equal(k8sc_config_user_agent(config), expected, strlen(expected));
#if defined(__linux__) && defined(__x86_64__)
    assert_non_null(strstr(k8sc_config_user_agent(config), "(linux/amd64) "));
#elif defined(__linux__) && defined(__aarch64__)
    assert_non_null(strstr(k8sc_config_user_agent(config), "(linux/arm64) "));
#endif
    assert_non_null(strstr(k8sc_config_user_agent(config), ") kubernetes/unknown/controller"));
}

static void timeouts_are_minus_one_or_more(void **state)
{
    k8sc_status (*const setters[])(k8sc_config *, int64_t,
                                   k8sc_error **) = {k8sc_config_set_timeout, k8sc_config_set_connect_timeout,
                                                     k8sc_config_set_idle_timeout, k8sc_config_set_watch_idle_timeout};
    size_t i;
    (void)state;
    for (i = 0; i < sizeof setters / sizeof *setters; i++) {
        OK(setters[i](config, -1, &err));
        OK(setters[i](config, 0, &err));
        OK(setters[i](config, 5000, &err));
        OK(setters[i](config, INT64_MAX, &err));
        FAILS(K8SC_E_INVALID, setters[i](config, -2, &err), "timeout_ms", "-2");
        FAILS(K8SC_E_INVALID, setters[i](config, INT64_MIN, &err), "timeout_ms", "-9223372036854775808");
    }
}

static void rate_limits_are_finite(void **state)
{
    (void)state;
    OK(k8sc_config_set_rate_limit(config, 0, 0, &err));
    OK(k8sc_config_set_rate_limit(config, 0, 20, &err));
    OK(k8sc_config_set_rate_limit(config, 0.5, 1, &err));
    OK(k8sc_config_set_rate_limit(config, -1, 0, &err));
    FAILS(K8SC_E_INVALID, k8sc_config_set_rate_limit(config, NAN, 1, &err), "qps", "nan");
    FAILS(K8SC_E_INVALID, k8sc_config_set_rate_limit(config, INFINITY, 1, &err), "qps", "inf");
    FAILS(K8SC_E_INVALID, k8sc_config_set_rate_limit(config, -INFINITY, 1, &err), "qps", "-inf");
    FAILS(K8SC_E_INVALID, k8sc_config_set_rate_limit(config, 1, -3, &err), "burst", "-3");
    FAILS(K8SC_E_INVALID, k8sc_config_set_rate_limit(config, 2.5, 0, &err), "burst is 0", "2.5");
}

static void rate_limiter_is_shared(void **state)
{
    k8sc_rate_limiter *limiter = NULL;
    k8sc_config *copy = NULL;
    (void)state;
    OK(k8sc_rate_limiter_new(10, 20, &limiter, &err));
    OK(k8sc_config_set_rate_limiter(config, limiter, &err));
    k8sc_rate_limiter_unref(limiter);
    OK(k8sc_config_copy(config, &copy, &err));
    OK(k8sc_config_set_rate_limiter(config, NULL, &err));
    k8sc_config_free(copy);
}

static void object_limit_has_a_floor(void **state)
{
    (void)state;
    OK(k8sc_config_set_max_object_bytes(config, 1024, &err));
    OK(k8sc_config_set_max_object_bytes(config, INT64_MAX, &err));
    FAILS(K8SC_E_INVALID, k8sc_config_set_max_object_bytes(config, 1023, &err), "bytes is 1023", "1024");
    FAILS(K8SC_E_INVALID, k8sc_config_set_max_object_bytes(config, -1, &err), "bytes is -1");
}

static void http2_is_a_boolean(void **state)
{
    (void)state;
    OK(k8sc_config_set_http2(config, 0, &err));
    OK(k8sc_config_set_http2(config, 1, &err));
}

static void a_copy_is_its_own(void **state)
{
    k8sc_config *copy = NULL;
    (void)state;
    OK(k8sc_config_set_server(config, "https://one", &err));
    OK(k8sc_config_set_namespace(config, "one", &err));
    OK(k8sc_config_set_token(config, "t", &err));
    OK(k8sc_config_set_insecure(config, 1, &err));
    OK(k8sc_config_copy(config, &copy, &err));
    OK(k8sc_config_set_server(config, "https://two", &err));
    OK(k8sc_config_set_token(config, NULL, &err));
    assert_string_equal(k8sc_config_server(copy), "https://one");
    assert_string_equal(k8sc_config_namespace(copy), "one");
    assert_int_equal(k8sc_config_has_credentials(copy), 1);
    assert_int_equal(k8sc_config_insecure(copy), 1);
    k8sc_config_free(copy);
}

static int set_up_all(void **state)
{
    first = make_pair("first");
    second = make_pair("second");
    return make_directory(state);
}

static int tear_down_all(void **state)
{
    free_pair(&first);
    free_pair(&second);
    return remove_directory(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_new_one_is_empty),
        TEST(null_handles),
        TEST(errors_are_optional),
        TEST(server_takes_urls),
        TEST(server_refuses_the_rest_and_stays),
        TEST(server_with_a_password_is_refused_without_showing_it),
        TEST(token_is_set_replaced_and_removed),
        TEST(token_must_fit_a_header_and_is_never_shown),
        TEST(token_file_must_hold_a_token),
        TEST(token_file_may_be_relative),
        TEST(ca_must_be_certificates),
        TEST(client_certificate_needs_its_key),
        TEST(insecure_is_a_boolean),
        TEST(tls_server_name_is_a_host),
        TEST(namespace_is_a_dns_label),
        TEST(user_agent_is_replaced_and_extended),
        TEST(user_agent_has_client_gos_form),
        TEST(timeouts_are_minus_one_or_more),
        TEST(rate_limits_are_finite),
        TEST(rate_limiter_is_shared),
        TEST(object_limit_has_a_floor),
        TEST(http2_is_a_boolean),
        TEST(a_copy_is_its_own),
    };
    return cmocka_run_group_tests_name("config", tests, set_up_all, tear_down_all);
}
