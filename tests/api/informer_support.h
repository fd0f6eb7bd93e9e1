/* What the tests of informers share: a fake server and a client for each test, handlers that record what they are told,
 * and waiting for conditions. Handlers assert nothing themselves. */
#ifndef TESTS_API_INFORMER_SUPPORT_H
#define TESTS_API_INFORMER_SUPPORT_H

#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "k8sc.h"
#include "k8sc_testing.h"

#include "../support/clock.h"
#include "../support/expect.h"
#include "../support/fake_server.h"
#include "../support/recorder.h"

/* ---- server and client */

/* Of the running test. */
extern k8sc_client *client;
/* The client's queue, with a reference of the test's own. */
extern k8sc_queue *queue;

/* How the informers of the tests list: in pages, unless K8SC_TEST_LISTS is "stream"; then also the servers know how. A
 * test may set it for itself, before it makes options. */
extern int32_t list_mode;

int set_up(void **state);    /* a server without bookmarks, and a client without a rate limit */
int tear_down(void **state); /* closes the client, and checks that each recorder's destroy has run once */
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
int run_named_tests(const char *name, const struct CMUnitTest *tests, size_t count);

/* Options without bookmarks, for use_server, which frees them. */
k8sc_testing_options *server_options(void);
/* Replaces server and client of the running test. */
void use_server(k8sc_testing_options *options);
/* Replaces the client only. The configuration knows the server and has no rate limit; use_client frees it. */
k8sc_config *client_config(void);
void use_client(k8sc_config *config);
/* One more client for the same server; the caller's. */
k8sc_client *another_client(void);

/* ---- objects */

/* As the server has it now; "" where there is none. Overwritten by the next call. */
const char *server_text(const char *space, const char *name);

/* ---- requests */

/* Of the server's log, the number of requests with this verb ("list", "watch"; NULL: any). */
int64_t requests(const char *verb);
/* The query of the nth of them, from 0; from the last, from -1. Fails the test where there is none. Overwritten by the
 * next call. */
const char *query(const char *verb, int64_t nth);
/* The value of a parameter of such a query; NULL where it is absent. Overwritten by the next call. */
const char *parameter(const char *query, const char *name);

/* ---- handlers */

/* Adds it as a handler; the registration lives until the end of the test. */
k8sc_registration *attach(k8sc_informer *informer, struct recorder *recorder);
k8sc_registration *attach_with(k8sc_informer *informer, int64_t resync_ms, k8sc_queue *to, struct recorder *recorder);

/* ---- informers */

/* Released at the end of the test. */
k8sc_informer *new_informer(const k8sc_informer_options *options); /* of ConfigMaps, without a factory */
k8sc_informer_factory *new_factory(const k8sc_informer_options *options);
k8sc_informer *informer_of(k8sc_informer_factory *factory, const char *group, const char *version,
                           const char *resource);
k8sc_informer_options *informer_options(void);
k8sc_lister *lister_of(k8sc_informer *informer);

/* An informer of ConfigMaps with one handler, started and synced, also as far as the handler goes. */
k8sc_informer *running_informer(const k8sc_informer_options *options, struct recorder *recorder);

/* A number or a boolean of the informer's statistics. */
int64_t statistic(k8sc_informer *informer, const char *name);

/* For qsort. */
int compare_names(const void *a, const void *b);
/* The sorted names of a list, which is freed, joined by blanks. Overwritten by the next call. */
const char *names_of(k8sc_list *list);
/* The same of what an index has under a value. */
const char *indexed(k8sc_lister *lister, const char *index, const char *value);
/* data.v of an object in a cache; "" where it is not there. Overwritten by the next call. */
const char *cached(k8sc_lister *lister, const char *space, const char *name);

/* ---- waiting */

/* Waits shortly for events, and dispatches the client's queue. */
void turn(void);
void turn_queue(k8sc_queue *which);

/* Dispatches until a condition holds, or fails the test. */
#define RUN_UNTIL(condition) AWAIT_WITHIN(PATIENCE_MS, condition, turn())

#endif
