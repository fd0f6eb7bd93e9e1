/* What the tests of the fake API server share: a server for each test, requests by curl, and watches on threads of
 * their own. */
#ifndef TESTS_TESTING_SUPPORT_H
#define TESTS_TESTING_SUPPORT_H

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
#include <unistd.h>

#include <cmocka.h>
#include <curl/curl.h>
#include <jansson.h>

#include "k8sc_testing.h"

#include "../support/clock.h"
#include "../support/expect.h"
#include "../support/fake_server.h"

#define JSON_TYPE "application/json"
#define MERGE_PATCH "application/merge-patch+json"
#define JSON_PATCH "application/json-patch+json"

#define MAPS "/api/v1/namespaces/default/configmaps"
#define PODS "/api/v1/namespaces/default/pods"

/* ---- server */

/* Options without bookmarks, for start_server or set_up_with, which free them. */
k8sc_testing_options *make_options(void);
void start_server(k8sc_testing_options *options);
void end_server(void);
/* Replaces the server that the test began with. */
void set_up_with(k8sc_testing_options *options);

/* ---- requests */

struct buffer {
    char *data; /* with a NUL behind it */
    size_t len;
};

/* A write function for curl, to a struct buffer. */
size_t collect(char *data, size_t size, size_t count, void *to);

/* The answer to the last request of this test; read it before the next. */
struct answer {
    CURLcode result;
    long code;
    struct buffer body;
    struct buffer headers;
    json_t *json;
};
extern struct answer answer;
void forget_answer(void);

/* Keeps its connection from one request to the next. */
extern CURL *handle;
/* Sent with every request where it is not NULL. */
extern const char *token;

/* Headers that are sent with every request, up to the first that is NULL: "Accept: text/plain". */
extern const char *more_headers[4];

/* Sets what a handle needs to reach the server. The list of headers is the caller's to free, after the transfer. */
struct curl_slist *aim(CURL *curl, const char *path, const char *content_type);

/* By HTTP/2, for which servers have TLS, where the environment says so (K8SC_TEST_HTTP2). */
int over_http2(void);

/* Answer the HTTP status, 0 where there was no answer. Names of headers are read as HTTP/1.1 has them. */
long request(const char *method, const char *path, const char *content_type, const char *body);
long get(const char *path);
long post(const char *path, const char *body);
long put(const char *path, const char *body);
long patch(const char *path, const char *type, const char *body);
long delete (const char *path, const char *body);

/* What is at a path such as "metadata.name" or "items.0.kind". */
json_t *at(json_t *value, const char *path);
/* The same in the answer. */
const char *text(const char *path);
int64_t number(const char *path);
/* Names of the answer's items, joined by commas. Overwritten by the next call. */
const char *names(void);

#define assert_text(path, expected) assert_string_equal(text(path), expected)
/* The connection ended in the middle of the answer. */
void assert_cut(void);
/* The answer is a Status that says this. */
void assert_status(long code, const char *reason, const char *message);

/* ---- watches */

/* A watch on a thread of its own, whose frames are collected as lines. Its members may be read once it has ended. */
struct watch {
    pthread_t thread;
    int joined;
    pthread_mutex_t mutex;
    pthread_cond_t more;
    char path[1024];
    struct buffer text;
    int answered;
    int stopping;
    int ended;
    CURLcode result;
    long code;
    json_t *frame;
};

/* Returns when the server has answered, or when it has ended already. */
struct watch *start_watch(const char *path, const char *parameters);
/* Waits for the line with this number, from 0, and parses it into watch->frame, which it answers. NULL where the line
 * is no JSON, where the watch ends before it, and after 5 seconds. */
json_t *frame(struct watch *watch, int wanted);
void assert_frame(struct watch *watch, int wanted, const char *type, const char *name);
/* The resourceVersion of watch->frame. */
int64_t frame_version(struct watch *watch);
/* Waits for its end. */
void join_watch(struct watch *watch);
/* Ends it from the client's side, and frees it. */
void end_watch(struct watch *watch);

/* ---- running */

int set_up(void **state);
int tear_down(void **state);
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
int run_named_tests(const char *name, const struct CMUnitTest *tests, size_t count);

#endif
