/* Names are looked up beside the I/O thread: a look-up that hangs holds up nobody else. This program's own getaddrinfo
 * goes before the C library's, also for libcurl. */
#include "support.h"

#include <dlfcn.h>
#include <netdb.h>
#include <stdatomic.h>

static atomic_int hanging, release_all, moved, lookups;

__attribute__((visibility("default"))) int getaddrinfo(const char *restrict node, const char *restrict service,
                                                       const struct addrinfo *restrict hints,
                                                       struct addrinfo **restrict found)
{
    static int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    if (node && strcmp(node, "hangs.test") == 0) {
        hanging++;
        while (!release_all) pause_ms(1);
        hanging--;
        return EAI_NONAME;
    }
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    /* Nobody listens at 127.0.0.2; "both" has one address that refuses before the one that does not. */
    if (node && strcmp(node, "moves.test") == 0) {
        lookups++;
        return real(moved ? "127.0.0.1" : "127.0.0.2", service, hints, found);
    }
    if (node && strcmp(node, "both.test") == 0) {
        struct addrinfo *second = NULL;
        int code = real("127.0.0.2", service, hints, found);
        if (code == 0) code = real("127.0.0.1", service, hints, &second);
        if (code == 0) {
            struct addrinfo *last = *found;
            while (last->ai_next) last = last->ai_next;
            last->ai_next = second;
        }
        return code;
    }
    return real(node, service, hints, found);
}

static int begin_hanging(void **state)
{
    release_all = 0;
    return set_up(state);
}

static int end_hanging(void **state)
{
    release_all = 1;
    AWAIT(hanging == 0);
    return tear_down(state);
}

#define HANGING_TEST(function) cmocka_unit_test_setup_teardown(function, begin_hanging, end_hanging)

static k8sc_status ask(k8sc_client *of, k8sc_options *options)
{
    k8sc_list *list = NULL;
    k8sc_status status = k8sc_resource_list(new_resource(of, "", "v1", "configmaps", "default"), options, &list, &err);
    k8sc_list_free(list);
    return status;
}

static k8sc_client *that_hangs(k8sc_client *sharing, int64_t connect_timeout_ms)
{
    k8sc_config *config = new_config_for("http://hangs.test:8080");
    if (connect_timeout_ms) OK(k8sc_config_set_connect_timeout(config, connect_timeout_ms, &err));
    return new_shared_client(config, sharing);
}

static void others_are_not_held_up(void **state)
{
    struct recorder *seen = new_recorder();
    k8sc_request *request = NULL;
    (void)state;
    k8sc_client *of = that_hangs(client, 0);
    OK(k8sc_rest_client_get(new_rest(of, "", "v1"), &request, &err));
    k8sc_request_set_resource(request, "configmaps");
    OK(k8sc_request_start(request, NULL, RECORD(seen), NULL, &err));
    k8sc_request_free(request);
    AWAIT(hanging == 1);
    for (int i = 0; i < 20; i++) OK(ask(client, NULL));
    assert_int_equal(seen->count, 0);
    assert_int_equal(hanging, 1);
}

static void the_connect_deadline_covers_it(void **state)
{
    (void)state;
    FAILS(K8SC_E_TIMEOUT, ask(that_hangs(client, 100), NULL), "connect deadline");
}

static void the_overall_deadline_covers_it(void **state)
{
    k8sc_options *options = new_options();
    (void)state;
    OK(k8sc_options_set_timeout(options, 100, &err));
    FAILS(K8SC_E_TIMEOUT, ask(that_hangs(client, 0), options), "overall deadline");
}

static void *cancel_soon(void *token)
{
    AWAIT(hanging > 0);
    k8sc_cancel_cancel(token);
    return NULL;
}

static void it_can_be_cancelled(void **state)
{
    k8sc_options *options = new_options();
    k8sc_cancel *token = new_cancel();
    pthread_t thread;
    (void)state;
    OK(k8sc_options_set_cancel(options, token, &err));
    pthread_create(&thread, NULL, cancel_soon, token);
    k8sc_status status = ask(that_hangs(client, 0), options);
    pthread_join(thread, NULL);
    FAILS(K8SC_E_CANCELLED, status, "cancelled");
}

static void closing_does_not_wait_for_it(void **state)
{
    struct recorder *seen = new_recorder();
    k8sc_request *request = NULL;
    (void)state;
    k8sc_client *of = new_client(new_config_for("http://hangs.test:8080"));
    OK(k8sc_rest_client_get(new_rest(of, "", "v1"), &request, &err));
    k8sc_request_set_resource(request, "configmaps");
    OK(k8sc_request_start(request, NULL, RECORD(seen), NULL, &err));
    k8sc_request_free(request);
    AWAIT(hanging == 1);
    OK(k8sc_client_close(of, PATIENCE_MS, &err));
    assert_int_equal(hanging, 1);
}

static k8sc_client *that_is_called(const char *name)
{
    char url[64];
    snprintf(url, sizeof url, "http://%s%s", name, strrchr(k8sc_testing_server_url(server), ':'));
    return new_client(new_config_for(url));
}

/* An address that refuses, or that a connection was lost to, is not kept. */
static void a_name_that_moves(void **state)
{
    k8sc_options *options = new_options();
    (void)state;
    OK(k8sc_options_set_max_retries(options, 0, &err));
    moved = 0;
    k8sc_client *of = that_is_called("moves.test");
    FAILS(K8SC_E_CONNECT, ask(of, options), "moves.test");
    moved = 1;
    OK(ask(of, options));
    /* One that is open needs no look-up. */
    int before = lookups;
    OK(ask(of, options));
    assert_int_equal(lookups, before);
    OK(k8sc_testing_server_disconnect(server, &err));
    OK(ask(of, options));
    assert_true(lookups > before);
    moved = 0;
    OK(k8sc_testing_server_disconnect(server, &err));
    FAILS(K8SC_E_CONNECT, ask(of, options), "moves.test");
}

static void all_addresses_are_tried(void **state)
{
    (void)state;
    OK(ask(that_is_called("both.test"), NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        HANGING_TEST(others_are_not_held_up),         HANGING_TEST(the_connect_deadline_covers_it),
        HANGING_TEST(the_overall_deadline_covers_it), HANGING_TEST(it_can_be_cancelled),
        HANGING_TEST(closing_does_not_wait_for_it),   HANGING_TEST(a_name_that_moves),
        HANGING_TEST(all_addresses_are_tried)};
    return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
