/* What the tests of the public API share: a fake API server and a client for each test. */
#ifndef TESTS_API_SUPPORT_H
#define TESTS_API_SUPPORT_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "k8sc.h"
#include "k8sc_testing.h"

#include "../support/clock.h"
#include "../support/expect.h"
#include "../support/fake_server.h"
#include "../support/fixtures.h"
#include "../support/recorder.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1 /* memory and time mean little */
#else
#define SANITIZED 0
#endif

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- handles */

/* Of the running test, without a rate limit. */
extern k8sc_client *client;

int set_up(void **state);
int tear_down(void **state);
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

/* What these answer is released after the test. */
k8sc_config *new_config(void); /* for the test's server, without a rate limit */
k8sc_client *new_client(k8sc_config *config);
k8sc_client *new_shared_client(k8sc_config *config, k8sc_client *other);
k8sc_resource *new_resource(k8sc_client *of, const char *group, const char *version, const char *resource,
                            const char *ns);
k8sc_rest_client *new_rest(k8sc_client *of, const char *group, const char *version);
k8sc_request *new_request(const char *method); /* of the core group */
k8sc_options *new_options(void);
k8sc_informer_options *in_pages(void); /* informers that ask for no streaming list */
k8sc_cancel *new_cancel(void);
k8sc_queue *new_queue(void);
k8sc_object *parse(const char *json);
k8sc_object *keep_object(k8sc_object *object); /* tracks one that a call gave */
k8sc_list *keep_list(k8sc_list *list);
k8sc_result *keep_result(k8sc_result *result);

#define CONFIG_MAPS() new_resource(client, "", "v1", "configmaps", "default")
#define PODS() new_resource(client, "", "v1", "pods", "default")

/* Closes the test's client and server, and begins with other options. Frees them. */
void restart_server_with(k8sc_testing_options *options);

/* ConfigMaps without data in the namespace "default". */
void seed_map(const char *name);
void seed_maps(int count); /* map-0000 ... */

/* Waits until one watch is open. */
void await_open(void);
/* The last request of this method, as an object. */
k8sc_object *last_request(const char *method);
/* All requests, as {"log":[...]}. */
k8sc_object *request_log(void);
#define STR(object, pointer) k8sc_object_str(object, pointer, NULL)

/* ---- events */

/* Waits for the next event of a pull subscription; to be freed. */
k8sc_event *take(k8sc_queue *queue);

/* ---- raw server */

/* Listens on 127.0.0.1 and answers every connection's first request with the same bytes, then closes. For what no API
 * server says. */
struct raw_server {
    int fd, port;
    char url[64];
    pthread_t thread;
    char *first; /* instead, to so many requests */
    int firsts;
    char *head, *block; /* head once, then the block this often */
    int64_t blocks;
    int requests;        /* atomic */
    char request[65536]; /* the head of the last one, while none is under way */
    int64_t sent;        /* atomic: bytes */
    int stop;            /* atomic */
};
struct raw_server *new_raw_server(const char *head, const char *block, int64_t blocks);
struct raw_server *new_raw_sequence(const char *first, int firsts, const char *then);
int raw_requests(struct raw_server *raw);
int64_t raw_sent(struct raw_server *raw);
/* Waits until it has sent something, and nothing moves any more. */
void await_standstill(struct raw_server *raw);
void end_raw_server(void *server);
k8sc_config *new_config_for(const char *url);

/* Resident memory in KB. */
long resident_kb(void);

#endif
