/* Through proxies: Debian's tinyproxy and Dante, and a small one that tells what it saw. */
#include "../support/relay.h"

#include "support.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

static int server_port(void) { return atoi(strrchr(k8sc_testing_server_url(server), ':') + 1); }

static void restart_with(int tls, const char *token)
{
    k8sc_testing_options *options = NULL;
    OK(k8sc_testing_options_new(&options, &err));
    OK(k8sc_testing_options_set_tls(options, tls, &err));
    OK(k8sc_testing_options_set_token(options, token, &err));
    restart_server_with(options);
    seed_map("a");
}

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

/* A request, a watch and an informer, of the test's server. */
static void use(const char *proxy)
{
    k8sc_config *config = new_config();
    k8sc_object *object = NULL;
    k8sc_watch *watch = NULL;
    k8sc_informer *informer = NULL;
    k8sc_registration *registration = NULL;
    struct recorder *watcher = new_recorder(), *handler = new_recorder();
    OK(k8sc_config_set_proxy(config, proxy, &err));
    k8sc_client *of = new_client(config);
    k8sc_resource *maps = new_resource(of, "", "v1", "configmaps", "default");
    k8sc_queue *queue = k8sc_client_queue(of);
    OK(k8sc_resource_get(maps, "a", NULL, &object, &err));
    assert_string_equal(k8sc_object_name(keep_object(object)), "a");
    OK(k8sc_resource_watch(maps, NULL, RECORD(watcher), &watch, &err));
    run_until_count(queue, watcher, 1);
    OK(k8sc_informer_new(of, "", "v1", "configmaps", NULL, &informer, &err));
    OK(k8sc_informer_add_handler(informer, RECORD(handler), &registration, &err));
    OK(k8sc_informer_start(informer, &err));
    run_until(queue, handler, K8SC_EVENT_SYNC);
    /* Something new comes through as soon as it happens. */
    size_t before = handler->count;
    seed_map("b");
    run_until_count(queue, watcher, 2);
    run_until_count(queue, handler, before + 1);
    remove_map("default", "b");
    run_until_count(queue, watcher, 3);
    run_until(queue, handler, K8SC_EVENT_DELETE);
    assert_string_equal(kinds(watcher), "ADDED ADDED DELETED");
    k8sc_registration_unref(registration);
    k8sc_informer_unref(informer);
    k8sc_watch_unref(watch);
}

/* ---- real proxies */

struct program {
    pid_t pid;
    int port;
    char folder[64];
};

static void end_program(void *of)
{
    struct program *program = of;
    char path[128];
    /* A proxy that was just about to wait for connections misses a signal. */
    const int64_t limit = now_ms() + 5000;
    do {
        kill(program->pid, now_ms() < limit ? SIGTERM : SIGKILL);
        pause_ms(5);
    } while (waitpid(program->pid, NULL, WNOHANG) == 0);
    for (int i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s", program->folder, (const char *[]){"conf", "log", "pid"}[i]);
        unlink(path);
    }
    rmdir(program->folder);
    free(program);
}

static int free_port(void)
{
    struct sockaddr_in address = {0};
    socklen_t size = sizeof address;
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    getsockname(fd, (struct sockaddr *)&address, &size);
    close(fd);
    return ntohs(address.sin_port);
}

static int answers(int port)
{
    struct sockaddr_in address = {0};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((uint16_t)port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int connected = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
    close(fd);
    return connected;
}

/* `configuration` is a format with the port, and may have the folder after it. */
static struct program *start(const char *path, const char *const *arguments, const char *configuration)
{
    char name[128], log[128], text[2048];
    const char *argv[8] = {path};
    if (access(path, X_OK) != 0) {
        print_message("%s is not installed\n", path);
        skip();
    }
    struct program *program = calloc(1, sizeof *program);
    strcpy(program->folder, "/tmp/k8sc-proxy-XXXXXX");
    assert_non_null(mkdtemp(program->folder));
    program->port = free_port();
    snprintf(name, sizeof name, "%s/conf", program->folder);
    snprintf(log, sizeof log, "%s/log", program->folder);
    FILE *file = fopen(name, "w");
    snprintf(text, sizeof text, configuration, program->port, program->folder);
    fputs(text, file);
    fclose(file);
    for (int i = 0; arguments[i]; i++) argv[i + 1] = strcmp(arguments[i], "CONF") == 0 ? name : arguments[i];
    program->pid = fork();
    if (program->pid == 0) {
        int out = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
        dup2(out, 1);
        dup2(out, 2);
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        execv(path, (char *const *)argv);
        _exit(127);
    }
    track(program, end_program);
    AWAIT(answers(program->port) || waitpid(program->pid, NULL, WNOHANG) != 0);
    assert_true(answers(program->port));
    return program;
}

static struct program *start_tinyproxy(const char *more)
{
    char text[512];
    snprintf(text, sizeof text,
             "Port %%d\nListen 127.0.0.1\nTimeout 600\nMaxClients 50\nAllow 127.0.0.1\nLogLevel Connect\nPidFile "
             "\"%%s/pid\"\n%s",
             more);
    return start("/usr/bin/tinyproxy", (const char *[]){"-d", "-c", "CONF", NULL}, text);
}

static int logged(struct program *program, const char *part)
{
    char path[128], text[65536] = "";
    snprintf(path, sizeof path, "%s/log", program->folder);
    FILE *file = fopen(path, "r");
    if (!file) return 0;
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return strstr(text, part) != NULL;
}

static const char *proxy_url(const char *scheme, const char *user, int port)
{
    static char url[128];
    snprintf(url, sizeof url, "%s://%s127.0.0.1:%d", scheme, user, port);
    return url;
}

static void tinyproxy_plain(void **state)
{
    (void)state;
    restart_with(0, NULL);
    struct program *proxy = start_tinyproxy("");
    use(proxy_url("http", "", proxy->port));
    /* The proxy says that it was there. */
    assert_non_null(strstr(STR(last_request("GET"), "/headers/Via"), "tinyproxy"));
}

static void tinyproxy_tls(void **state)
{
    (void)state;
    restart_with(1, NULL);
    struct program *proxy = start_tinyproxy("");
    use(proxy_url("http", "", proxy->port));
    assert_null(STR(last_request("GET"), "/headers/Via"));
    assert_true(logged(proxy, "CONNECT 127.0.0.1:"));
}

static void tinyproxy_with_a_password(void **state)
{
    (void)state;
    for (int tls = 0; tls < 2; tls++) {
        restart_with(tls, NULL);
        struct program *proxy = start_tinyproxy("BasicAuth robot pass.word\n");
        use(proxy_url("http", "robot:pass%2eword@", proxy->port));
        k8sc_config *config = new_config();
        char shown[64];
        snprintf(shown, sizeof shown, "the proxy http://127.0.0.1:%d", proxy->port);
        OK(k8sc_config_set_proxy(config, proxy_url("http", "", proxy->port), &err));
        FAILS(K8SC_E_CONNECT, get_from(config), shown, "wants a user", "407");
        assert_int_equal(k8sc_error_http_status(failure), 407);
        assert_false(k8sc_error_is_retriable(failure));
        OK(k8sc_config_set_proxy(config, proxy_url("http", "robot:wrong-secret@", proxy->port), &err));
        /* This one says 401 then; without TLS that could as well be the server's word. */
        if (tls)
            FAILS(K8SC_E_CONNECT, get_from(config), shown, "does not accept", "401");
        else
            FAILS(K8SC_E_API, get_from(config), "tinyproxy", "401");
        assert_false(k8sc_error_is_retriable(failure));
        assert_null(strstr(k8sc_error_message(failure), "wrong-secret"));
        assert_null(strstr(k8sc_error_message(failure), "robot"));
    }
}

/* Clients that share a transport do not share what the proxy knows them by. */
static void passwords_are_not_shared(void **state)
{
    k8sc_object *object = NULL;
    (void)state;
    restart_with(1, NULL);
    struct program *proxy = start_tinyproxy("BasicAuth robot password\n");
    k8sc_config *config = new_config(), *without = new_config();
    OK(k8sc_config_set_proxy(config, proxy_url("http", "robot:password@", proxy->port), &err));
    k8sc_client *first = new_client(config);
    OK(k8sc_resource_get(new_resource(first, "", "v1", "configmaps", "default"), "a", NULL, &object, &err));
    keep_object(object);
    OK(k8sc_config_set_proxy(without, proxy_url("http", "", proxy->port), &err));
    k8sc_client *second = new_shared_client(without, first);
    FAILS(K8SC_E_CONNECT,
          k8sc_resource_get(new_resource(second, "", "v1", "configmaps", "default"), "a", NULL, &object, &err), "407");
}

static void dante_passes_connections_on(void **state)
{
    (void)state;
    for (int tls = 0; tls < 2; tls++) {
        restart_with(tls, NULL);
        struct program *proxy = start("/usr/sbin/danted", (const char *[]){"-f", "CONF", "-p", "/dev/null", NULL},
                                      "logoutput: stderr\ninternal: 127.0.0.1 port = %d\nexternal: "
                                      "127.0.0.1\nclientmethod: none\nsocksmethod: none\n"
                                      "client pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }\nsocks pass { from: 127.0.0.0/8 "
                                      "to: 0.0.0.0/0 log: connect }\n");
        use(proxy_url(tls ? "socks5" : "socks5h", "", proxy->port));
        AWAIT(logged(proxy, "pass(1): tcp/connect"));
        /* What it does not reach. */
        k8sc_config *config = new_config_for("http://127.0.0.1:1");
        OK(k8sc_config_set_proxy(config, proxy_url("socks5", "", proxy->port), &err));
        FAILS(K8SC_E_CONNECT, get_from(config), "the proxy socks5://127.0.0.1:");
    }
}

/* --------------------------------------------------------------------------------------------------- what it is told
 * -- */

static void socks_password(void **state)
{
    char expected[64];
    (void)state;
    restart_with(0, NULL);
    struct relay *proxy =
        new_relay(&(struct relay_settings){.kind = RELAY_SOCKS5, .user = "ro:bot", .password = "p@ss"});
    const char *url = relay_url(proxy, "socks5");
    char with[128];
    snprintf(with, sizeof with, "socks5://ro%%3Abot:p%%40ss@%s", url + 9);
    use(with);
    snprintf(expected, sizeof expected, "ro:bot:p@ss 127.0.0.1:%d", server_port());
    assert_string_equal(relay_seen(proxy), expected);
    k8sc_config *config = new_config();
    OK(k8sc_config_set_proxy(config, url, &err));
    FAILS(K8SC_E_CONNECT, get_from(config), "the proxy ", url);
    snprintf(with, sizeof with, "socks5://ro%%3Abot:wrong-secret@%s", url + 9);
    OK(k8sc_config_set_proxy(config, with, &err));
    FAILS(K8SC_E_CONNECT, get_from(config), "the proxy ", url);
    assert_null(strstr(k8sc_error_message(failure), "wrong-secret"));
}

/* This machine does not know the server's name: the proxy does. */
static void names_are_the_proxys(void **state)
{
    char name[64];
    (void)state;
    restart_with(0, NULL);
    snprintf(name, sizeof name, "http://kubernetes.test:%d", server_port());
    k8sc_config *config = new_config_for(name);
    struct relay *socks = new_relay(&(struct relay_settings){.kind = RELAY_SOCKS5});
    OK(k8sc_config_set_proxy(config, relay_url(socks, "socks5"), &err));
    OK(get_from(config));
    assert_non_null(strstr(relay_seen(socks), name + strlen("http://")));
    struct relay *tls = new_relay(&(struct relay_settings){.port = server_port(), .tls = 1});
    struct relay *http = new_relay(&(struct relay_settings){.kind = RELAY_CONNECT});
    snprintf(name, sizeof name, "https://kubernetes.test%s", strrchr(relay_url(tls, "https"), ':'));
    config = new_config_for(name);
    OK(k8sc_config_set_ca(config, relay_ca(tls), strlen(relay_ca(tls)), &err));
    OK(k8sc_config_set_proxy(config, relay_url(http, "http"), &err));
    OK(get_from(config));
    assert_non_null(strstr(relay_seen(http), name + strlen("https://")));
}

static void credentials_stay_inside(void **state)
{
    (void)state;
    restart_with(1, "token-of-the-server");
    struct relay *proxy = new_relay(&(struct relay_settings){.kind = RELAY_CONNECT});
    k8sc_config *config = new_config();
    char with[128];
    snprintf(with, sizeof with, "http://robot:secret@%s", relay_url(proxy, "http") + 7);
    OK(k8sc_config_set_token(config, "token-of-the-server", &err));
    OK(k8sc_config_set_proxy(config, with, &err));
    OK(get_from(config));
    assert_non_null(strstr(relay_seen(proxy), "Proxy-Authorization: Basic cm9ib3Q6c2VjcmV0\r\n"));
    assert_null(strstr(relay_seen(proxy), "token-of-the-server"));
    assert_null(strstr(relay_seen(proxy), "\r\nAuthorization"));
    assert_null(STR(last_request("GET"), "/headers/Proxy-Authorization"));
    /* The certificate must be for the name that is wanted, whatever the way; and the proxy is asked for the host. */
    OK(k8sc_config_set_tls_server_name(config, "localhost", &err));
    OK(get_from(config));
    assert_non_null(strstr(relay_seen(proxy), "CONNECT 127.0.0.1:"));
    OK(k8sc_config_set_tls_server_name(config, "elsewhere.example.com", &err));
    FAILS(K8SC_E_TLS, get_from(config), "elsewhere.example.com", "through the proxy http://127.0.0.1:");
}

/* ---------------------------------------------------------------------------------------------------------- failures
 * -- */

static void no_proxy_there(void **state)
{
    char url[64];
    (void)state;
    restart_with(1, NULL);
    static const char *const schemes[] = {"http", "https", "socks5"};
    k8sc_config *config = new_config();
    int port = free_port();
    for (size_t i = 0; i < COUNT(schemes); i++) {
        snprintf(url, sizeof url, "%s://127.0.0.1:%d", schemes[i], port);
        OK(k8sc_config_set_proxy(config, url, &err));
        FAILS(K8SC_E_CONNECT, get_from(config), "the proxy ", url, "get configmaps default/a");
        assert_true(k8sc_error_is_retriable(failure));
        snprintf(url, sizeof url, "%s://robot:secret@no-such-proxy.invalid:%d", schemes[i], port);
        OK(k8sc_config_set_proxy(config, url, &err));
        FAILS(K8SC_E_RESOLVE, get_from(config), "the proxy ", "no-such-proxy.invalid", "get configmaps default/a");
        assert_null(strstr(k8sc_error_message(failure), "secret"));
    }
}

static void each_refusal_of_a_proxy_names_the_proxy(void **state)
{
    (void)state;
    restart_with(1, NULL);
    k8sc_config *config = new_config();
    struct relay *busy =
        new_relay(&(struct relay_settings){.kind = RELAY_CONNECT, .refusal = "503 Service Unavailable"});
    OK(k8sc_config_set_proxy(config, relay_url(busy, "http"), &err));
    FAILS(K8SC_E_CONNECT, get_from(config), "the proxy ", relay_url(busy, "http"), "refused", "503");
    assert_true(k8sc_error_is_retriable(failure));
    char with[128];
    struct relay *closed =
        new_relay(&(struct relay_settings){.kind = RELAY_CONNECT, .refusal = "407 Proxy Authentication Required"});
    snprintf(with, sizeof with, "http://robot:secret@%s", relay_url(closed, "http") + 7);
    OK(k8sc_config_set_proxy(config, with, &err));
    FAILS(K8SC_E_CONNECT, get_from(config), relay_url(closed, "http"), "does not accept", "407");
    assert_false(k8sc_error_is_retriable(failure));
    struct relay *strict = new_relay(&(struct relay_settings){.kind = RELAY_CONNECT, .refusal = "403 Forbidden"});
    OK(k8sc_config_set_proxy(config, relay_url(strict, "http"), &err));
    FAILS(K8SC_E_CONNECT, get_from(config), "refused", "403");
    assert_false(k8sc_error_is_retriable(failure));
    /* It is not the server that says so. */
    struct relay *lost = new_relay(&(struct relay_settings){.kind = RELAY_CONNECT, .refusal = "404 Not Found"});
    OK(k8sc_config_set_proxy(config, relay_url(lost, "http"), &err));
    FAILS(K8SC_E_CONNECT, get_from(config), "refused", "404");
    assert_false(k8sc_error_is_not_found(failure));
    /* One that nobody vouches for. */
    struct relay *unknown = new_relay(&(struct relay_settings){.kind = RELAY_CONNECT, .tls = 1});
    OK(k8sc_config_set_proxy(config, relay_url(unknown, "https"), &err));
    FAILS(K8SC_E_TLS, get_from(config), "the proxy ", relay_url(unknown, "https"), "certificate");
    assert_string_equal(relay_seen(unknown), "");
    /* One that speaks something else. */
    struct relay *other =
        new_relay(&(struct relay_settings){.kind = RELAY_ANSWER, .pieces = {"SSH-2.0-OpenSSH\r\n"}, .lengths = {17}});
    OK(k8sc_config_set_proxy(config, relay_url(other, "http"), &err));
    FAILS(K8SC_E_TRANSPORT, get_from(config), "the proxy ", relay_url(other, "http"));
}

/* A connection that is lost before the request was sent is lost as well: what only reads is tried again. */
static void lost_on_the_way(void **state)
{
    k8sc_retry_policy *policy = NULL;
    k8sc_object *object = NULL;
    (void)state;
    restart_with(1, NULL);
    k8sc_config *config = new_config();
    struct relay *mute = new_relay(&(struct relay_settings){.kind = RELAY_ANSWER});
    OK(k8sc_retry_policy_new(&policy, &err));
    OK(k8sc_retry_policy_set_max_retries(policy, 2, &err));
    OK(k8sc_retry_policy_set_backoff(policy, 1, 1, &err));
    OK(k8sc_config_set_retry_policy(config, policy, &err));
    k8sc_retry_policy_free(policy);
    OK(k8sc_config_set_proxy(config, relay_url(mute, "http"), &err));
    k8sc_resource *maps = new_resource(new_client(config), "", "v1", "configmaps", "default");
    FAILS(K8SC_E_TRANSPORT, k8sc_resource_get(maps, "a", NULL, &object, &err), "the proxy ", relay_url(mute, "http"),
          "[3 attempts]");
    FAILS(K8SC_E_TRANSPORT, k8sc_resource_delete(maps, "a", NULL, &object, &err), "the proxy ");
    assert_null(strstr(k8sc_error_message(failure), "attempts]"));
    assert_int_equal(relay_connections(mute), 4);
}

/* ------------------------------------------------------------------------------------------------------- environment
 * -- */

static void the_environment_chooses_the_proxy(void **state)
{
    char name[64];
    (void)state;
    restart_with(0, NULL);
    struct relay *proxy = new_relay(&(struct relay_settings){.kind = RELAY_SOCKS5});
    snprintf(name, sizeof name, "http://kubernetes.test:%d", server_port());
    k8sc_config *config = new_config_for(name);
    unsetenv("no_proxy");
    setenv("HTTP_PROXY", relay_url(proxy, "socks5"), 1);
    k8sc_status status = get_from(config);
    setenv("NO_PROXY", "10.0.0.0/8,.test", 1);
    k8sc_status excepted = get_from(config);
    k8sc_error_free(failure);
    failure = err;
    err = NULL;
    setenv("NO_PROXY", "10.0.0.0/8", 1);
    setenv("REQUEST_METHOD", "GET", 1);
    k8sc_status in_cgi = get_from(config);
    k8sc_error_free(err);
    err = NULL;
    unsetenv("REQUEST_METHOD");
    /* Never for this machine. */
    setenv("HTTP_PROXY", "http://127.0.0.1:1", 1);
    k8sc_status here = get_from(new_config());
    setenv("HTTP_PROXY", "ftp://user:secret@127.0.0.1:1", 1);
    k8sc_client *made = NULL;
    FAILS(K8SC_E_CONFIG, k8sc_client_new(config, &made, &err), "HTTP_PROXY", "ftp");
    assert_null(strstr(k8sc_error_message(failure), "secret"));
    /* "" is no proxy at all: the environment is not even read. */
    OK(k8sc_config_set_proxy(config, "", &err));
    k8sc_status without = k8sc_client_new(config, &made, &err);
    k8sc_client_unref(made);
    k8sc_status with_bad = get_from(new_config());
    unsetenv("HTTP_PROXY");
    unsetenv("NO_PROXY");
    assert_int_equal(status, K8SC_OK);
    assert_int_equal(excepted, K8SC_E_RESOLVE);
    assert_int_equal(in_cgi, K8SC_E_RESOLVE);
    assert_int_equal(here, K8SC_OK);
    assert_int_equal(without, K8SC_OK);
    assert_int_equal(with_bad, K8SC_OK);
    assert_int_equal(relay_connections(proxy), 1);
}

static void wrong_input(void **state)
{
    k8sc_config *config = new_config();
    (void)state;
    ALSO_FAILS(K8SC_E_INVALID, k8sc_config_set_proxy(NULL, "http://proxy", &err), "config");
    ALSO_FAILS(K8SC_E_CONFIG, k8sc_config_set_proxy(config, "socks4://proxy", &err), "proxy", "scheme");
    ALSO_FAILS(K8SC_E_CONFIG, k8sc_config_set_proxy(config, "http://user:secret@proxy:port", &err), "proxy", "port");
    if (strstr(k8sc_error_message(failure), "secret")) failures++;
    NO_FAILURES();
    /* Nothing of it was taken. */
    seed_map("a");
    OK(get_from(config));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tinyproxy_plain),
        TEST(tinyproxy_tls),
        TEST(tinyproxy_with_a_password),
        TEST(passwords_are_not_shared),
        TEST(dante_passes_connections_on),
        TEST(socks_password),
        TEST(names_are_the_proxys),
        TEST(credentials_stay_inside),
        TEST(no_proxy_there),
        TEST(each_refusal_of_a_proxy_names_the_proxy),
        TEST(lost_on_the_way),
        TEST(the_environment_chooses_the_proxy),
        TEST(wrong_input),
    };
    return cmocka_run_group_tests_name("proxy", tests, NULL, NULL);
}
