/* Calls while servers say goodbye: a kube-apiserver that sends GOAWAY now and then, nginx, which does after a number of
 * requests, and three kube-apiservers behind HAProxy that are ended and started again in turn. No call fails, and
 * nothing is done twice: each create has a name of its own, each update names the version that it is of, and each patch
 * tests the counter that it raises.
 *
 * K8SC_GOAWAY_WRITES: how many writes each scene has at least; 2,000 by default. */
#include "support.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>

#define MOST_THREADS 16
#define FIRST_PATCHES 3

struct worker {
    k8sc_client *client;
    pthread_t thread;
    int number;
    int64_t writes, wanted;
    char *failure;
};

static volatile int over; /* atomic: those that go on until they are told */

static int64_t wanted_writes(void)
{
    const char *text = getenv("K8SC_GOAWAY_WRITES");
    return text && atoll(text) > 0 ? atoll(text) : 2000;
}

static void fails(struct worker *worker, const char *what, const char *name, k8sc_error *error)
{
    char text[1024];
    snprintf(text, sizeof text, "%s %s: %s", what, name, k8sc_error_message(error));
    if (!worker->failure) worker->failure = strdup(text);
}

static int patch_counter(struct worker *worker, k8sc_resource *maps, const char *name, int from)
{
    char text[256];
    k8sc_error *error = NULL;
    snprintf(text, sizeof text,
             "[{\"op\":\"test\",\"path\":\"/data/n\",\"value\":\"%d\"},{\"op\":\"replace\",\"path\":\"/data/"
             "n\",\"value\":\"%d\"}]",
             from, from + 1);
    if (k8sc_resource_patch(maps, name, K8SC_PATCH_JSON, text, strlen(text), NULL, NULL, &error) < 0)
        fails(worker, "patch", name, error);
    k8sc_error_free(error);
    worker->writes++;
    return !worker->failure;
}

/* One object's life: every verb that writes. */
static void live(struct worker *worker, k8sc_resource *maps, int i)
{
    char name[64], text[256];
    k8sc_object *made = NULL, *got = NULL;
    k8sc_error *error = NULL;
    snprintf(name, sizeof name, "w%d-%d", worker->number, i);
    snprintf(text, sizeof text,
             "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\"},\"data\":{\"n\":\"0\"}}",
             name);
    if (k8sc_object_parse_json(text, strlen(text), &made, &error) < 0 ||
        k8sc_resource_create(maps, made, NULL, NULL, &error) < 0)
        fails(worker, "create", name, error);
    worker->writes++;
    for (int n = 0; n < FIRST_PATCHES && !worker->failure; n++) patch_counter(worker, maps, name, n);
    if (!worker->failure) {
        snprintf(text, sizeof text, "%d", FIRST_PATCHES);
        if (k8sc_resource_get(maps, name, NULL, &got, &error) < 0)
            fails(worker, "get", name, error);
        else if (!k8sc_object_str(got, "/data/n", NULL) || strcmp(k8sc_object_str(got, "/data/n", NULL), text))
            worker->failure = strdup("a counter is wrong");
        else if (k8sc_resource_update(maps, got, NULL, NULL, &error) < 0)
            fails(worker, "update", name, error);
        worker->writes++;
    }
    if (!worker->failure) {
        patch_counter(worker, maps, name, FIRST_PATCHES);
        if (k8sc_resource_delete(maps, name, NULL, NULL, &error) < 0) fails(worker, "delete", name, error);
        worker->writes++;
    }
    k8sc_object_unref(made);
    k8sc_object_unref(got);
    k8sc_error_free(error);
}

static void *work(void *of)
{
    struct worker *worker = of;
    k8sc_resource *maps = NULL;
    k8sc_error *error = NULL;
    if (k8sc_client_resource(worker->client, "", "v1", "configmaps", ns, &maps, &error) < 0)
        fails(worker, "resource", "", error);
    for (int i = 0; !worker->failure && (worker->writes < worker->wanted ||
                                         (worker->wanted == 0 && !__atomic_load_n(&over, __ATOMIC_ACQUIRE)));
         i++)
        live(worker, maps, i);
    k8sc_error_free(error);
    k8sc_resource_unref(maps);
    return NULL;
}

static struct worker workers[MOST_THREADS];

static void begin_work(k8sc_client *of, int threads, int64_t each)
{
    static int number;
    over = 0;
    for (int i = 0; i < threads; i++) {
        workers[i] = (struct worker){.client = of, .number = number++, .wanted = each};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
}

static int64_t end_work(int threads)
{
    int64_t writes = 0;
    int failed = 0;
    __atomic_store_n(&over, 1, __ATOMIC_RELEASE);
    for (int i = 0; i < threads; i++) {
        pthread_join(workers[i].thread, NULL);
        writes += workers[i].writes;
        if (workers[i].failure) {
            print_error("%s\n", workers[i].failure);
            failed++;
        }
        free(workers[i].failure);
    }
    if (failed) fail_msg("%d of %d threads failed", failed, threads);
    return writes;
}

static int64_t metric(k8sc_client *of, const char *name)
{
    char *text = NULL, line[128];
    int64_t sum = 0;
    OK(k8sc_client_metrics_prometheus(of, &text, &err));
    snprintf(line, sizeof line, "\n%s", name);
    for (const char *at = text; (at = strstr(at, line)); at++) {
        const char *end = strchr(at + 1, '\n'), *value = end;
        while (value && value > at && value[-1] != ' ') value--;
        if (value) sum += atoll(value);
    }
    k8sc_string_free(text);
    return sum;
}

static void with_threads(k8sc_client *of, const char *scene)
{
    static const int counts[] = {1, 8, 16};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        int64_t began = now_ms();
        begin_work(of, counts[i], wanted_writes() / 3 / counts[i]);
        int64_t writes = end_work(counts[i]);
        print_message("# %s, %d threads: %lld writes in %lld ms, %lld sent again, %lld connections\n", scene, counts[i],
                      (long long)writes, (long long)(now_ms() - began),
                      (long long)metric(of, "k8sc_request_resends_total"),
                      (long long)metric(of, "k8sc_connections_opened_total"));
    }
    assert_true(metric(of, "k8sc_connections_opened_total") > 5);
    assert_int_equal(metric(of, "k8sc_http1_fallbacks_total"), 0);
}

static void of_the_api_server(void **state)
{
    (void)state;
    with_threads(client_of(config_of("admin")), "goaway-chance 0.02");
}

/* ---------------------------------------------------------------------------------------------------------- in front
 * -- */

static int free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    getsockname(fd, (struct sockaddr *)&address, &size);
    close(fd);
    return ntohs(address.sin_port);
}

static void write_config(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void write_config(const char *name, const char *format, ...)
{
    char path[128];
    va_list args;
    snprintf(path, sizeof path, "%s/%s", cluster_dir, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    va_start(args, format);
    vfprintf(file, format, args);
    va_end(args);
    assert_int_equal(fclose(file), 0);
}

/* A client of what listens there in the API servers' name. */
static k8sc_client *client_through(int port)
{
    char url[64];
    k8sc_config *config = config_of("admin");
    snprintf(url, sizeof url, "https://127.0.0.1:%d", port);
    OK(k8sc_config_set_server(config, url, &err));
    return client_of(config);
}

static void end_by_pid_file(const char *name)
{
    int pid = atoi(cluster_file(name));
    if (pid > 0) kill(pid, SIGTERM);
}

static void of_nginx(void **state)
{
    const char *d = cluster_dir;
    int port = free_port();
    (void)state;
    write_config("nginx.conf",
                 "pid %s/nginx.pid; error_log %s/nginx.log; worker_processes 1; user root;\n"
                 "events { worker_connections 512; }\n"
                 "http {\n"
                 "  access_log off; client_body_temp_path %s/n1; proxy_temp_path %s/n2; fastcgi_temp_path %s/n3; "
                 "uwsgi_temp_path %s/n4; scgi_temp_path %s/n5;\n"
                 "  upstream api { server 127.0.0.1:%d; keepalive 64; keepalive_requests 1000000; }\n"
                 "  server {\n"
                 "    listen 127.0.0.1:%d ssl http2; ssl_certificate %s/server.crt; ssl_certificate_key %s/server.key; "
                 "keepalive_requests 20;\n"
                 "    location / { proxy_pass https://api; proxy_http_version 1.1; proxy_set_header Connection \"\"; "
                 "proxy_buffering off; }\n"
                 "  }\n"
                 "}\n",
                 d, d, d, d, d, d, d, cluster_port, port, d, d);
    in_cluster_dir("nginx -c \"$PWD/nginx.conf\"");
    with_threads(client_through(port), "nginx, 20 requests for each connection");
    end_by_pid_file("nginx.pid");
}

/* ------------------------------------------------------------------------------------------------------------ rolling
 * -- */

enum { servers = 3, informer_count = 4 };

static const char *const names[servers] = {"apiserver", "apiserver2", "apiserver3"};
static int synced;

static int on_event(const k8sc_event *event, void *unused)
{
    (void)unused;
    synced += k8sc_event_kind(event) == K8SC_EVENT_SYNC;
    return 0;
}

static int port_of(const char *name)
{
    char wanted[32];
    snprintf(wanted, sizeof wanted, "%s=", name);
    const char *at = strstr(cluster_file("ports"), wanted);
    assert_non_null(at);
    return atoi(at + strlen(wanted));
}

static void with_script(const char *command, const char *name)
{
    char line[512];
    snprintf(line, sizeof line, "'%s' %s \"$PWD\" %s", CLUSTER_SCRIPT, command, name);
    in_cluster_dir(line);
}

static void of_a_control_plane_that_is_replaced(void **state)
{
    const int threads = 8;
    int port = free_port();
    int64_t began = now_ms(), writes = 0;
    (void)state;
    for (int i = 1; i < servers; i++) with_script("add-apiserver", names[i]);
    write_config("haproxy.cfg",
                 "global\n  pidfile %s/haproxy.pid\n  maxconn 1000\n"
                 "defaults\n  mode tcp\n  timeout connect 5s\n  timeout client 1h\n  timeout server 1h\n  option "
                 "redispatch\n  retries 3\n"
                 "frontend api\n  bind 127.0.0.1:%d\n  default_backend servers\n"
                 "backend servers\n  option httpchk GET /readyz\n  http-check expect status 200\n"
                 "  default-server check check-ssl verify none inter 500ms fall 2 rise 2\n"
                 "  server a 127.0.0.1:%d\n  server b 127.0.0.1:%d\n  server c 127.0.0.1:%d\n",
                 cluster_dir, port, port_of(names[0]), port_of(names[1]), port_of(names[2]));
    in_cluster_dir("haproxy -D -f haproxy.cfg");
    k8sc_client *of = client_through(port);
    synced = 0;
    for (int i = 0; i < informer_count; i++) {
        static const char *const watched[informer_count] = {"configmaps", "secrets", "services", "pods"};
        k8sc_informer **made = informer_slot();
        OK(k8sc_informer_new(of, "", "v1", watched[i], NULL, made, &err));
        OK(k8sc_informer_add_handler(*made, on_event, NULL, NULL, NULL, &err));
        OK(k8sc_informer_start(*made, &err));
    }
    AWAIT_WITHIN(1000 * 30, synced == informer_count, pump(of));
    do {
        for (int i = 0; i < servers; i++) {
            begin_work(of, threads, 0);
            with_script("end-apiserver", names[i]);
            with_script("resume-apiserver", names[i]);
            writes += end_work(threads);
            pump(of);
        }
    } while (writes < wanted_writes());
    print_message("# %d servers replaced in turn: %lld writes in %lld s, %lld sent again, %lld relists of %d "
                  "informers, %lld connections\n",
                  servers, (long long)writes, (long long)(now_ms() - began) / 1000,
                  (long long)metric(of, "k8sc_request_resends_total"),
                  (long long)metric(of, "k8sc_informer_relists_total"), informer_count,
                  (long long)metric(of, "k8sc_connections_opened_total"));
    /* Their watches go on at another server; one that has just begun may know too little of the past, once for each
     * informer. */
    assert_in_range(metric(of, "k8sc_informer_relists_total"), 0, servers * informer_count);
    end_by_pid_file("haproxy.pid");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest goaways[] = {TEST(of_the_api_server), TEST(of_nginx)};
    const struct CMUnitTest rolling[] = {TEST(of_a_control_plane_that_is_replaced)};
    if (argc > 1 && !strcmp(argv[1], "rolling"))
        return RUN_ON_CLUSTER("--goaway-chance=0.001 --shutdown-delay-duration=3s --request-timeout=20s", rolling);
    return RUN_ON_CLUSTER("--goaway-chance=0.02", goaways);
}
