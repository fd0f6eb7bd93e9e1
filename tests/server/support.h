/*
 * What the tests against a real API server share: the cluster that one program's tests run on, a client and a namespace
 * for each test, things that are released when a test is over, and waiting for conditions.
 */
#ifndef TESTS_SERVER_SUPPORT_H
#define TESTS_SERVER_SUPPORT_H

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

#include "../support/clock.h"
#include "../support/expect.h"
#include "../support/fixtures.h"
#include "../support/relay.h"

/* ---- cluster */

extern char cluster_dir[64];
extern int cluster_port;
extern char cluster_url[64];

/* Runs the tests on a cluster of their own, whose API server gets these arguments ("" for none). The answer is for main
 * to return: 77 where no server can be had, unless CI or K8SC_REQUIRE_APISERVER says that there must be one. */
int run_on_cluster(const char *apiserver_arguments, const struct CMUnitTest *tests, size_t count);
#define RUN_ON_CLUSTER(arguments, tests) run_on_cluster(arguments, tests, sizeof tests / sizeof *tests)

void kill_apiserver(void);
void start_apiserver(void);
void compact_etcd(void);
/* Reads a file of the cluster's directory into memory; good until the test is over. */
char *cluster_file(const char *name);
/* Runs a shell command in the cluster's directory, and fails where the command does. */
void in_cluster_dir(const char *command);

/* ------------------------------------------------------------------------------------------------------------- tests
 * -- */

/* For the running test: a client as admin, without rate limit, and a namespace of the test's own. */
extern k8sc_client *client;
extern char ns[32];

int begin(void **state);
int end(void **state);
#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

/* Places for what a call stores through `out`, released when the test is over. */
k8sc_object **object_slot(void);
k8sc_list **list_slot(void);
k8sc_options **options_slot(void);
k8sc_resource **resource_slot(void);
k8sc_config **config_slot(void);
k8sc_client **client_slot(void); /* closed before it is released */
k8sc_clientset **clientset_slot(void);
k8sc_watch **watch_slot(void);
k8sc_event **event_slot(void);
k8sc_informer **informer_slot(void);
k8sc_informer_factory **factory_slot(void);
k8sc_informer_options **informer_options_slot(void);
k8sc_registration **registration_slot(void);
k8sc_lister **lister_slot(void);
k8sc_strings **strings_slot(void);
k8sc_rest_client **rest_slot(void);
k8sc_request **request_slot(void);
k8sc_result **result_slot(void);
k8sc_stream **stream_slot(void);
k8sc_call **call_slot(void);
k8sc_cancel **cancel_slot(void);
k8sc_pager **pager_slot(void);

k8sc_config *config_of(const char *context); /* of the cluster's kubeconfig, without rate limit */
k8sc_client *client_of(const k8sc_config *config);
/* To the cluster's server, until the end of the test. */
struct relay *relay_to_cluster(void);
k8sc_config *config_through(struct relay *relay); /* as admin, without rate limit */
k8sc_resource *resource_in(k8sc_client *of, const char *group, const char *version, const char *resource,
                           const char *in_namespace);
k8sc_resource *configmaps(void); /* of the test's client and namespace */
k8sc_resource *pods(void);
k8sc_options *options(void);
k8sc_options *with_field_manager(const char *name);
k8sc_options *with_label_selector(const char *selector);

/* An object from JSON in which single quotes stand for double ones. */
k8sc_object *json(const char *format, ...) __attribute__((format(printf, 1, 2)));
k8sc_object *configmap(const char *name, const char *value); /* data.size is the value */
k8sc_object *pod(const char *name);                          /* containers "one" and "two" */
k8sc_object *create(k8sc_resource *resource, const k8sc_object *object);
k8sc_object *get(k8sc_resource *resource, const char *name);
k8sc_list *list(k8sc_resource *resource, const k8sc_options *selected);
void remove_object(k8sc_resource *resource, const char *name);
const char *version_of(k8sc_resource *resource); /* of a list now; good until the test is over */
int exists(k8sc_resource *resource, const char *name);

/* What holds depends on the release: the minor version of the cluster's server, such as 20; and whether it serves a
 * resource. */
int server_minor(void);
int server_has(const char *group_version, const char *resource);

/* --------------------------------------------------------------------------------------------------- custom resource
 * -- */

#define WIDGETS_GROUP "tests.k8sc.dev"
/* Makes the custom resource "widgets" and waits until it is served: namespaced, with status and scale. */
void make_widgets(void);
/* Another one, with these names. */
void make_custom_resource(const char *plural, const char *kind);
k8sc_resource *widgets(void);
k8sc_object *widget(const char *name, const char *value); /* spec.size is the value */

/* A kind that a test is run for. */
struct kind {
    const char *group, *version, *plural;
    const char *field; /* where its value is */
    k8sc_object *(*make)(const char *name, const char *value);
};
extern const struct kind configmap_kind, widget_kind;
k8sc_resource *resource_of(const struct kind *kind);
#define TEST_OF(kind, function) \
    { \
#function " [" #kind "]", function, begin, end, (void *)&kind \
    }
#define TEST_BOTH(function) TEST_OF(configmap_kind, function), TEST_OF(widget_kind, function)

/* ---- waiting */

/* Dispatches what waits in the client's queue, or comes within a moment. */
void pump(k8sc_client *of);
/* Until the condition holds, dispatching or not; fails after so many seconds. */
#define PUMP_UNTIL(condition, seconds) AWAIT_WITHIN(1000 * (seconds), condition, pump(client))
#define WAIT_UNTIL(condition, seconds) AWAIT_WITHIN(1000 * (seconds), condition, pause_ms(10))

/* The next event of a pull subscription at the client's queue: waits for it, and fails where none comes. Good until the
 * test is over. */
const k8sc_event *next_event(void);
/* The same, and it must be of this kind and, where `name` is not NULL, about an object of this name. */
const k8sc_event *expect_event(int32_t kind, const char *name);
/* No event comes while others go through: for tests that know when all have come. */
void expect_no_event(void);

/* The number of sockets of this process that are connected to a port of loopback. */
int connections_to(int port);

#endif
