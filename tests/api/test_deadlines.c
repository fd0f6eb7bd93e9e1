/* Overall, idle and connect deadlines: each at work, and each named in its error. */
#include "support.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

static void the_overall_deadline_ends_a_request(void **state)
{
    k8sc_config *config = new_config();
    k8sc_object *object = NULL;
    int64_t begin = now_ms();
    (void)state;
    fault("{\"delay_ms\":60000}");
    OK(k8sc_config_set_timeout(config, 200, &err));
    k8sc_resource *maps = new_resource(new_client(config), "", "v1", "configmaps", "default");
    FAILS(K8SC_E_TIMEOUT, k8sc_resource_get(maps, "a", NULL, &object, &err), "overall", "200",
          "get configmaps default/a");
    assert_true(k8sc_error_is_timeout(failure));
    assert_true(k8sc_error_is_retriable(failure));
    assert_in_range(now_ms() - begin, 200, 10000);
    /* Of one call, instead of the configuration's. */
    k8sc_options *options = new_options();
    OK(k8sc_options_set_timeout(options, 300, &err));
    FAILS(K8SC_E_TIMEOUT, k8sc_resource_get(maps, "a", options, &object, &err), "overall", "300");
}

/* Bytes that trickle in do not move the overall deadline. */
static void overall_while_bytes_come(void **state)
{
    k8sc_request *request = new_request("GET");
    (void)state;
    seed_maps(50);
    fault("{\"slow_bytes_per_second\":200}");
    k8sc_request_set_resource(request, "configmaps");
    k8sc_request_set_timeout(request, 300);
    FAILS(K8SC_E_TIMEOUT, k8sc_request_do(request, NULL, &err), "overall", "300");
}

static void the_idle_deadline_ends_a_silent_answer(void **state)
{
    k8sc_config *config = new_config();
    k8sc_list *list = NULL;
    (void)state;
    seed_maps(50);
    fault("{\"stall_after_bytes\":500}");
    OK(k8sc_config_set_idle_timeout(config, 400, &err));
    k8sc_resource *maps = new_resource(new_client(config), "", "v1", "configmaps", "default");
    FAILS(K8SC_E_TIMEOUT, k8sc_resource_list(maps, NULL, &list, &err), "idle", "400", "list configmaps");
    assert_true(k8sc_error_is_timeout(failure));
    /* Whoever sends slowly but steadily is not idle. */
    clear_faults();
    fault("{\"slow_bytes_per_second\":20000}");
    OK(k8sc_resource_list(maps, NULL, &list, &err));
    assert_int_equal(k8sc_list_size(keep_list(list)), 50);
}

/* A listener that accepts nobody, with a queue that is full: SYNs are dropped. */
static int crowded(int *fds, size_t count, char *url, size_t size)
{
    struct sockaddr_in address = {0};
    socklen_t len = sizeof address;
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
    assert_int_equal(listen(fd, 0), 0);
    getsockname(fd, (struct sockaddr *)&address, &len);
    snprintf(url, size, "http://127.0.0.1:%d", ntohs(address.sin_port));
    for (size_t i = 0; i < count; i++) {
        fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        (void)!connect(fds[i], (struct sockaddr *)&address, len);
    }
    return fd;
}

static void the_connect_deadline_ends_a_dial(void **state)
{
    int fds[4];
    char url[64];
    int fd = crowded(fds, COUNT(fds), url, sizeof url);
    k8sc_config *config = new_config_for(url);
    k8sc_object *object = NULL;
    (void)state;
    OK(k8sc_config_set_connect_timeout(config, 200, &err));
    k8sc_resource *maps = new_resource(new_client(config), "", "v1", "configmaps", "default");
    int64_t begin = now_ms();
    FAILS(K8SC_E_TIMEOUT, k8sc_resource_get(maps, "a", NULL, &object, &err), "connect", "get configmaps default/a");
    assert_in_range(now_ms() - begin, 190, 10000);
    close(fd);
    for (size_t i = 0; i < COUNT(fds); i++) close(fds[i]);
}

/* The handshake belongs to the connection: who accepts and then says nothing does not get past it. */
static void connecting_with_tls(void **state)
{
    struct sockaddr_in address = {0};
    socklen_t len = sizeof address;
    char url[64];
    k8sc_object *object = NULL;
    (void)state;
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
    assert_int_equal(listen(fd, 8), 0);
    getsockname(fd, (struct sockaddr *)&address, &len);
    snprintf(url, sizeof url, "https://127.0.0.1:%d", ntohs(address.sin_port));
    k8sc_config *config = new_config_for(url);
    OK(k8sc_config_set_insecure(config, 1, &err));
    OK(k8sc_config_set_connect_timeout(config, 200, &err));
    FAILS(K8SC_E_TIMEOUT,
          k8sc_resource_get(new_resource(new_client(config), "", "v1", "nodes", NULL), "a", NULL, &object, &err),
          "connect");
    close(fd);
}

static void negative_timeouts(void **state)
{
    k8sc_config *config = new_config();
    k8sc_options *options = new_options();
    k8sc_request *request = new_request("GET");
    k8sc_informer_options *informer_options = NULL;
    (void)state;
    FAILS(K8SC_E_INVALID, k8sc_config_set_timeout(config, -2, &err), "timeout_ms", "-2");
    FAILS(K8SC_E_INVALID, k8sc_config_set_connect_timeout(config, -2, &err), "timeout_ms", "-2");
    FAILS(K8SC_E_INVALID, k8sc_config_set_idle_timeout(config, INT64_MIN, &err), "timeout_ms");
    FAILS(K8SC_E_INVALID, k8sc_config_set_watch_idle_timeout(config, -2, &err), "timeout_ms", "-2");
    FAILS(K8SC_E_INVALID, k8sc_options_set_timeout(options, -2, &err), "timeout_ms", "-2");
    FAILS(K8SC_E_INVALID, k8sc_options_set_idle_timeout(options, -2, &err), "timeout_ms", "-2");
    FAILS(K8SC_E_INVALID, k8sc_options_set_idle_timeout(NULL, 1, &err), "options");
    OK(k8sc_informer_options_new(&informer_options, &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_options_set_watch_idle_timeout(informer_options, -2, &err), "timeout_ms", "-2");
    FAILS(K8SC_E_INVALID, k8sc_informer_options_set_watch_idle_timeout(NULL, 1, &err), "options");
    k8sc_informer_options_free(informer_options);
    FAILS(K8SC_E_INVALID, k8sc_options_set_timeout_seconds(options, -1, &err), "seconds", "-1");
    FAILS(K8SC_E_INVALID, k8sc_client_close(client, -2, &err), "timeout_ms", "-2");
    FAILS(K8SC_E_INVALID, k8sc_queue_wait(k8sc_client_queue(client), -2, NULL, &err), "timeout_ms", "-2");
    assert_int_equal(k8sc_request_set_timeout(request, -2), K8SC_E_INVALID);
    FAILS(K8SC_E_INVALID, k8sc_request_do(request, NULL, &err), "timeout_ms", "-2");
}

/* The largest numbers mean what they say, and overflow nothing. */
static void huge_timeouts(void **state)
{
    k8sc_config *config = new_config();
    k8sc_options *options = new_options();
    k8sc_list *list = NULL;
    (void)state;
    OK(k8sc_config_set_timeout(config, INT64_MAX, &err));
    OK(k8sc_config_set_connect_timeout(config, INT64_MAX, &err));
    OK(k8sc_config_set_idle_timeout(config, INT64_MAX, &err));
    OK(k8sc_options_set_timeout(options, INT64_MAX, &err));
    k8sc_client *patient = new_client(config);
    OK(k8sc_resource_list(new_resource(patient, "", "v1", "configmaps", NULL), NULL, &list, &err));
    keep_list(list);
    OK(k8sc_resource_list(new_resource(patient, "", "v1", "configmaps", NULL), options, &list, &err));
    keep_list(list);
    /* A watch's idle deadline is reckoned from the server's. */
    struct recorder *recorder = new_recorder();
    k8sc_options *of_watch = new_options();
    k8sc_watch *watch = NULL;
    OK(k8sc_options_set_timeout_seconds(of_watch, INT64_MAX, &err));
    seed_map("a");
    OK(k8sc_resource_watch(new_resource(patient, "", "v1", "configmaps", "default"), of_watch, RECORD(recorder), &watch,
                           &err));
    run_until(k8sc_client_queue(patient), recorder, K8SC_EVENT_ADDED);
    k8sc_watch_unref(watch);
    OK(k8sc_client_close(patient, INT64_MAX, &err));
}

/* A deadline of 0 has passed before anything is sent. */
static void no_time_at_all(void **state)
{
    k8sc_options *options = new_options();
    k8sc_object *object = NULL;
    (void)state;
    OK(k8sc_options_set_timeout(options, 0, &err));
    FAILS(K8SC_E_TIMEOUT, k8sc_resource_get(CONFIG_MAPS(), "a", options, &object, &err), "overall");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_overall_deadline_ends_a_request),
        TEST(overall_while_bytes_come),
        TEST(the_idle_deadline_ends_a_silent_answer),
        TEST(the_connect_deadline_ends_a_dial),
        TEST(connecting_with_tls),
        TEST(negative_timeouts),
        TEST(huge_timeouts),
        TEST(no_time_at_all),
    };
    return cmocka_run_group_tests_name("deadlines", tests, NULL, NULL);
}
