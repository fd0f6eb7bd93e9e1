/* The auth-provider "oidc": tokens that expire, are refused, and are renewed at a provider, which here is a thread of
 * the test. */
#include "../support/relay.h"
#include "identity.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>

#include <openssl/evp.h>

/* ------------------------------------------------------------------------------------------------------- the provider
 * -- */

static struct idp {
    int fd, port;
    pthread_t thread;
    atomic_int stop, discoveries, refreshes, silent, wants_secret_in_body;
    char answer[4096]; /* to a refresh, with its status line; "" for the standard one */
    char url[64], token[512], refresh_token[64], last[4096];
} idp;

/* For the texts of the provider, which both threads use. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void put(char *text, const char *value)
{
    pthread_mutex_lock(&lock);
    strcpy(text, value);
    pthread_mutex_unlock(&lock);
}

/* Whether the last refresh said that. */
static const char *last_says(const char *part)
{
    pthread_mutex_lock(&lock);
    const char *found = strstr(idp.last, part);
    pthread_mutex_unlock(&lock);
    return found;
}

/* Not signed: that is for the server to look at. Overwritten by the eighth call from now. */
static const char *id_token(const char *name, int seconds_from_now)
{
    static char tokens[8][512];
    static int next;
    char claims[128], *token = tokens[next++ % 8];
    unsigned char encoded[256];
    snprintf(claims, sizeof claims, "{\"sub\":\"%s\",\"exp\":%lld}", name, (long long)time(NULL) + seconds_from_now);
    EVP_EncodeBlock(encoded, (const unsigned char *)claims, (int)strlen(claims));
    for (unsigned char *p = encoded; *p; p++) *p = *p == '+' ? '-' : *p == '/' ? '_' : *p;
    encoded[strcspn((char *)encoded, "=")] = '\0';
    snprintf(token, sizeof tokens[0], "eyJhbGciOiJub25lIn0.%s.c2ln", (char *)encoded);
    return token;
}

static void answer(int fd, const char *request)
{
    char body[2048], text[4096];
    const char *status = "200 OK";
    if (idp.silent) return;
    if (strncmp(request, "GET /realm/.well-known/openid-configuration ", 44) == 0) {
        idp.discoveries++;
        snprintf(body, sizeof body, "{\"issuer\":\"x\",\"token_endpoint\":\"%s/token\"}", idp.url);
    } else if (strncmp(request, "POST /token ", 12) == 0) {
        idp.refreshes++;
        snprintf(idp.last, sizeof idp.last, "%.4000s", request);
        snprintf(body, sizeof body, "{\"id_token\":\"%s\",\"refresh_token\":\"%s\"}", idp.token, idp.refresh_token);
        if (idp.wants_secret_in_body && !strstr(request, "client_secret=")) {
            status = "401 Unauthorized";
            strcpy(body, "{\"error\":\"invalid_client\"}");
        }
        if (idp.answer[0]) {
            (void)!write(fd, idp.answer, strlen(idp.answer));
            return;
        }
    } else {
        status = "404 Not Found";
        strcpy(body, "{}");
    }
    snprintf(text, sizeof text,
             "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
             status, strlen(body), body);
    (void)!write(fd, text, strlen(text));
}

static void *serve(void *unused)
{
    (void)unused;
    while (!idp.stop) {
        struct pollfd listening = {idp.fd, POLLIN, 0};
        if (poll(&listening, 1, 10) < 1) continue;
        int fd = accept(idp.fd, NULL, NULL);
        char request[8192];
        size_t filled = 0;
        /* A whole request: its head, and as much as that announces. */
        for (;;) {
            struct pollfd readable = {fd, POLLIN, 0};
            if (poll(&readable, 1, 5000) < 1) break;
            ssize_t n = read(fd, request + filled, sizeof request - 1 - filled);
            if (n <= 0) break;
            filled += (size_t)n;
            request[filled] = '\0';
            char *end = strstr(request, "\r\n\r\n"), *length = strstr(request, "Content-Length: ");
            if (end && (!length || strlen(end + 4) >= (size_t)atoi(length + 16))) break;
        }
        pthread_mutex_lock(&lock);
        answer(fd, request);
        pthread_mutex_unlock(&lock);
        while (idp.silent && !idp.stop) pause_ms(1);
        close(fd);
    }
    return NULL;
}

static int begin(void **state)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    memset(&idp, 0, sizeof idp);
    if (secure_set_up(state) != 0) return -1;
    idp.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(idp.fd, (struct sockaddr *)&address, sizeof address) || listen(idp.fd, 64)) return -1;
    getsockname(idp.fd, (struct sockaddr *)&address, &size);
    idp.port = ntohs(address.sin_port);
    snprintf(idp.url, sizeof idp.url, "http://127.0.0.1:%d", idp.port);
    strcpy(idp.refresh_token, "refresh-2");
    pthread_create(&idp.thread, NULL, serve, NULL);
    return 0;
}

static int end(void **state)
{
    int status = secure_tear_down(state);
    idp.stop = 1;
    pthread_join(idp.thread, NULL);
    close(idp.fd);
    return status;
}

#define OIDC_TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

/* -------------------------------------------------------------------------------------------------------------- users
 * -- */

/* `more` are further entries of the provider's config. */
static k8sc_config *user_with(const char *token, const char *more)
{
    k8sc_config *config = NULL;
    char yaml[8192];
    int length =
        snprintf(yaml, sizeof yaml,
                 "current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\nkeep: {me: 1}\n"
                 "clusters: [{name: k, cluster: {server: '%s', insecure-skip-tls-verify: true}}]\n"
                 "users:\n- name: u\n  user:\n    auth-provider:\n      name: oidc\n      config:\n"
                 "        idp-issuer-url: %s/realm/\n        client-id: me & you\n%s%s%s\n",
                 k8sc_testing_server_url(server), idp.url, more, token ? "        id-token: " : "", token ? token : "");
    assert_true(length > 0 && (size_t)length < sizeof yaml);
    assert_int_equal(chmod(write_file("config", yaml), 0600), 0);
    OK(k8sc_config_load(path_of("config"), NULL, &config, &err));
    track(config, (void (*)(void *))k8sc_config_free);
    OK(k8sc_config_set_rate_limit(config, -1, 0, &err));
    return config;
}

#define REFRESH "        refresh-token: refresh-1\n"

static k8sc_status ask_as(k8sc_config *config) { return ask(maps_of(new_client(config))); }
static int kubeconfig_says(const char *text) { return strstr(read_text("config"), text) != NULL; }

static void a_good_token_is_used(void **state)
{
    const char *token = id_token("good", 600);
    (void)state;
    demand(token);
    OK(ask_as(user_with(token, REFRESH)));
    assert_int_equal(idp.discoveries, 0);
}

static void an_expired_token_is_renewed_once_and_kept(void **state)
{
    struct recorder *seen = new_recorder();
    struct stat status;
    (void)state;
    put(idp.token, id_token("fresh", 600));
    demand(idp.token);
    /* It would be good for five seconds more. */
    k8sc_client *of = new_client(user_with(id_token("old", 5), REFRESH "        client-secret: 's&cret'\n"));
    k8sc_rest_client *rest = new_rest(of, "", "v1");
    for (int i = 0; i < 20; i++) {
        k8sc_request *request = NULL;
        OK(k8sc_rest_client_get(rest, &request, &err));
        k8sc_request_set_resource(request, "configmaps");
        OK(k8sc_request_start(request, NULL, on_event, seen, NULL, NULL, &err));
        k8sc_request_free(request);
    }
    run_until_count(k8sc_client_queue(of), seen, 20);
    for (size_t i = 0; i < 20; i++) assert_int_equal(seen->records[i].http_status, 200);
    assert_int_equal(idp.refreshes, 1);
    assert_non_null(last_says("grant_type=refresh_token"));
    assert_non_null(last_says("refresh_token=refresh-1"));
    /* me+%26+you:s%26cret */
    assert_non_null(last_says("Authorization: Basic bWUrJTI2K3lvdTpzJTI2Y3JldA=="));
    assert_null(last_says("client_secret"));
    AWAIT(kubeconfig_says(idp.token) && kubeconfig_says("refresh-2"));
    assert_false(kubeconfig_says("refresh-1"));
    assert_true(kubeconfig_says("keep") && kubeconfig_says("client-secret"));
    assert_int_equal(stat(path_of("config"), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void a_refused_token_is_renewed(void **state)
{
    (void)state;
    put(idp.token, id_token("fresh", 600));
    demand(idp.token);
    OK(ask_as(user_with(id_token("revoked", 600), REFRESH)));
    assert_int_equal(idp.refreshes, 1);
    /* Without a secret, the client says its name in the body. */
    assert_non_null(last_says("client_id=me+%26+you"));
}

static void the_secret_in_the_body(void **state)
{
    (void)state;
    idp.wants_secret_in_body = 1;
    put(idp.token, id_token("fresh", 600));
    demand(idp.token);
    OK(ask_as(user_with(NULL, REFRESH "        client-secret: 's&cret'\n")));
    assert_int_equal(idp.refreshes, 2);
    assert_non_null(last_says("client_secret=s%26cret"));
}

static void providers_that_fail(void **state)
{
    static const struct {
        const char *answer, *says;
    } cases[] = {
        {"HTTP/1.1 400 Bad Request\r\nContent-Length: 62\r\nConnection: "
         "close\r\n\r\n{\"error\":\"invalid_grant\",\"error_description\":\"it is too old.\"}   ",
         "\"invalid_grant\": \"it is too old.\""},
        {"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n{\"error\":\"I do not know refresh-1, nor you\"}      ",
         "I do not know ***, nor you"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 12\r\nConnection: close\r\n\r\nsecret-thing",
         "its answer is not a JSON object"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 31\r\nConnection: close\r\n\r\n{\"access_token\":\"secret-thing\"}",
         "its answer holds no id_token"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 27\r\nConnection: close\r\n\r\n{\"id_token\":\"secret-thing\"}",
         "no id_token that says when it expires"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{\"id_token\":",
         "the OpenID Connect provider"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        put(idp.answer, cases[i].answer);
        ALSO_FAILS(K8SC_E_CREDENTIALS, ask_as(user_with(NULL, REFRESH)),
                   "the OpenID Connect provider \"http://127.0.0.1:", cases[i].says);
        assert_null(strstr(k8sc_error_message(failure), "secret-thing"));
    }
    ALSO_FAILS(K8SC_E_CREDENTIALS, ask_as(user_with(id_token("old", -5), "")), "no refresh-token: log in again");
    NO_FAILURES();
}

static void a_provider_that_hangs(void **state)
{
    k8sc_options *options = new_options();
    k8sc_list *list = NULL;
    (void)state;
    idp.silent = 1;
    k8sc_client *of = new_client(user_with(NULL, REFRESH));
    OK(k8sc_options_set_timeout(options, 100, &err));
    FAILS(K8SC_E_TIMEOUT, k8sc_resource_list(new_resource(of, "", "v1", "configmaps", "default"), options, &list, &err),
          "overall deadline");
    OK(k8sc_client_close(of, PATIENCE_MS, &err));
}

/* A setting with an authority: its text in base64, or a file next to the kubeconfig. */
static const char *authority(struct relay *of, int in_file)
{
    static char setting[8192];
    unsigned char encoded[6144];
    const char *pem = relay_ca(of);
    if (in_file) {
        write_file("idp.pem", pem);
        return REFRESH "        idp-certificate-authority: idp.pem\n";
    }
    assert_true(strlen(pem) < 4096);
    EVP_EncodeBlock(encoded, (const unsigned char *)pem, (int)strlen(pem));
    snprintf(setting, sizeof setting, REFRESH "        idp-certificate-authority-data: %s\n", (char *)encoded);
    return setting;
}

static void a_provider_with_its_own_authority(void **state)
{
    struct relay_settings settings = {.kind = RELAY, .port = idp.port, .tls = 1};
    struct relay *relay = new_relay(&settings), *other = new_relay(&settings);
    (void)state;
    put(idp.url, relay_url(relay, "https"));
    put(idp.token, id_token("fresh", 600));
    demand(idp.token);
    for (int in_file = 0; in_file < 2; in_file++) {
        OK(ask_as(user_with(NULL, authority(relay, in_file))));
        assert_int_equal(idp.refreshes, in_file + 1);
        AWAIT(kubeconfig_says(idp.token)); /* before the next one is written */
    }
    /* Another one, of the same name; and the system's. */
    for (int in_file = 0; in_file < 2; in_file++)
        ALSO_FAILS(K8SC_E_CREDENTIALS, ask_as(user_with(NULL, authority(other, in_file))),
                   "the OpenID Connect provider \"https://127.0.0.1:", "certificate");
    ALSO_FAILS(K8SC_E_CREDENTIALS, ask_as(user_with(NULL, REFRESH)),
               "the OpenID Connect provider \"https://127.0.0.1:", "certificate");
    NO_FAILURES();
    /* Nothing was said to a provider that was not believed. */
    assert_int_equal(idp.refreshes, 2);
    assert_int_equal(idp.discoveries, 2);
}

static void settings_that_make_no_sense(void **state)
{
    k8sc_client *made = NULL;
    char yaml[1024];
    static const struct {
        const char *settings, *says;
    } cases[] = {
        {"{client-id: a}", "idp-issuer-url"},
        {"{idp-issuer-url: 'https://a.test'}", "client-id"},
        {"{idp-issuer-url: 'http://a.test', client-id: a}", "is not https"},
        {"{idp-issuer-url: 'http://127.a.test', client-id: a}", "is not https"},
        {"{idp-issuer-url: a.test, client-id: a}", "is not https"},
        {"{idp-issuer-url: 'https://a.test', client-id: a, id-token: abc}", "id-token"},
        {"{idp-issuer-url: 'https://a.test', client-id: a, idp-certificate-authority: /nowhere}", "/nowhere"},
        {"{idp-issuer-url: 'https://a.test', client-id: a, idp-certificate-authority-data: '?'}",
         "idp-certificate-authority-data"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        k8sc_config *config = NULL;
        snprintf(yaml, sizeof yaml,
                 "current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\nclusters: [{name: k, "
                 "cluster: {server: 'https://127.0.0.1:1'}}]\n"
                 "users: [{name: u, user: {auth-provider: {name: oidc, config: %s}}}]\n",
                 cases[i].settings);
        OK(k8sc_config_parse(yaml, strlen(yaml), NULL, &config, &err));
        k8sc_status status = k8sc_client_new(config, &made, &err);
        k8sc_config_free(config);
        ALSO_FAILS(status == K8SC_E_PARSE ? K8SC_E_PARSE : K8SC_E_CONFIG, status, cases[i].says);
        assert_null(made);
    }
    NO_FAILURES();
}

int main(void)
{
    const struct CMUnitTest tests[] = {OIDC_TEST(a_good_token_is_used),
                                       OIDC_TEST(an_expired_token_is_renewed_once_and_kept),
                                       OIDC_TEST(a_refused_token_is_renewed),
                                       OIDC_TEST(the_secret_in_the_body),
                                       OIDC_TEST(providers_that_fail),
                                       OIDC_TEST(a_provider_that_hangs),
                                       OIDC_TEST(a_provider_with_its_own_authority),
                                       OIDC_TEST(settings_that_make_no_sense)};
    return cmocka_run_group_tests_name("oidc", tests, NULL, NULL);
}
