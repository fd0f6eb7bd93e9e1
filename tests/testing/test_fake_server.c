/* The fake API server, driven over HTTP as any client would. */
#define _POSIX_C_SOURCE 200809L

#include <dirent.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <curl/curl.h>
#include <jansson.h>

#include "k8sc_testing.h"

#define JSON_TYPE "application/json"
#define MERGE_PATCH "application/merge-patch+json"
#define JSON_PATCH "application/json-patch+json"

#define MAPS "/api/v1/namespaces/default/configmaps"
#define PODS "/api/v1/namespaces/default/pods"
#define WIDGETS "/apis/example.com/v1/namespaces/default/widgets"
#define DEFINITIONS "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"

/* ------------------------------------------------------------------------------------------------------------ tools -- */

static k8sc_testing_server *server;

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void pause_ms(long ms)
{
    struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

struct buffer {
    char *data;
    size_t len;
};

static size_t collect(char *data, size_t size, size_t count, void *to)
{
    struct buffer *buffer = to;
    buffer->data = realloc(buffer->data, buffer->len + size * count + 1);
    assert_non_null(buffer->data);
    memcpy(buffer->data + buffer->len, data, size * count);
    buffer->len += size * count;
    buffer->data[buffer->len] = '\0';
    return size * count;
}

/* The answer to the last request of this test; read it before the next. */
static struct {
    CURLcode result;
    long code;
    struct buffer body;
    struct buffer headers;
    json_t *json;
} answer;

static void forget_answer(void)
{
    json_decref(answer.json);
    free(answer.body.data);
    free(answer.headers.data);
    memset(&answer, 0, sizeof answer);
}

static CURL *handle; /* keeps its connection from one request to the next */
static const char *token;

/* What a handle needs to reach the server. The header list is the caller's to free. */
static struct curl_slist *aim(CURL *curl, const char *path, const char *content_type)
{
    char url[4096], header[1024];
    struct curl_slist *headers = NULL;
    snprintf(url, sizeof url, "%s%s", k8sc_testing_server_url(server), path);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 20000L);
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    if (k8sc_testing_server_ca_pem(server)) {
        struct curl_blob ca = {(void *)k8sc_testing_server_ca_pem(server), strlen(k8sc_testing_server_ca_pem(server)), CURL_BLOB_COPY};
        curl_easy_setopt(curl, CURLOPT_CAINFO_BLOB, &ca);
    }
    if (content_type) {
        snprintf(header, sizeof header, "Content-Type: %s", content_type);
        headers = curl_slist_append(headers, header);
    }
    if (token) {
        snprintf(header, sizeof header, "Authorization: Bearer %s", token);
        headers = curl_slist_append(headers, header);
    }
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    return headers;
}

/* Answers the HTTP status, 0 where there was no answer. */
static long request(const char *method, const char *path, const char *content_type, const char *body)
{
    forget_answer();
    curl_easy_reset(handle);
    struct curl_slist *headers = aim(handle, path, content_type);
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, method);
    if (body) curl_easy_setopt(handle, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &answer.body);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, collect);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &answer.headers);
    answer.result = curl_easy_perform(handle);
    curl_slist_free_all(headers);
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &answer.code);
    if (answer.body.data) answer.json = json_loadb(answer.body.data, answer.body.len, JSON_DECODE_ANY, NULL);
    return answer.code;
}

static long get(const char *path) { return request("GET", path, NULL, NULL); }
static long post(const char *path, const char *body) { return request("POST", path, JSON_TYPE, body); }
static long put(const char *path, const char *body) { return request("PUT", path, JSON_TYPE, body); }
static long patch(const char *path, const char *type, const char *body) { return request("PATCH", path, type, body); }
static long delete(const char *path, const char *body) { return request("DELETE", path, body ? JSON_TYPE : NULL, body); }

/* What is at a path such as "metadata.name" or "items.0.kind". */
static json_t *at(json_t *value, const char *path)
{
    char copy[256], *rest = NULL;
    snprintf(copy, sizeof copy, "%s", path);
    for (char *step = strtok_r(copy, ".", &rest); step && value; step = strtok_r(NULL, ".", &rest))
        value = json_is_array(value) ? json_array_get(value, (size_t)atoi(step)) : json_object_get(value, step);
    return value;
}

static const char *text(const char *path)
{
    const char *found = json_string_value(at(answer.json, path));
    return found ? found : "(none)";
}

static int64_t number(const char *path) { return (int64_t)json_integer_value(at(answer.json, path)); }

#define assert_text(path, expected) assert_string_equal(text(path), expected)

static void assert_status(long code, const char *reason, const char *message)
{
    assert_int_equal(answer.code, code);
    assert_text("kind", "Status");
    assert_text("apiVersion", "v1");
    assert_text("status", "Failure");
    assert_text("reason", reason);
    assert_text("message", message);
    assert_int_equal(number("code"), code);
}

static void ok(k8sc_status status, k8sc_error *err)
{
    if (status != K8SC_OK) fail_msg("%s", err ? k8sc_error_message(err) : "a failure without an error");
}

static void seed(const char *json)
{
    k8sc_error *err = NULL;
    ok(k8sc_testing_server_put(server, json, strlen(json), &err), err);
}

static void seed_map(const char *space, const char *name, const char *labels)
{
    char json[512];
    snprintf(json, sizeof json, "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"%s\",\"namespace\":\"%s\",\"labels\":%s}}", name, space,
             labels);
    seed(json);
}

static void remove_map(const char *name)
{
    k8sc_error *err = NULL;
    ok(k8sc_testing_server_remove(server, NULL, "v1", "configmaps", "default", name, &err), err);
}

static int64_t fault(const char *rule)
{
    k8sc_error *err = NULL;
    int64_t id = 0;
    ok(k8sc_testing_server_fault_add(server, rule, &id, &err), err);
    assert_true(id > 0);
    return id;
}

static void clear_faults(void)
{
    k8sc_error *err = NULL;
    ok(k8sc_testing_server_fault_clear(server, &err), err);
}

static int64_t version_now(void)
{
    k8sc_error *err = NULL;
    int64_t version = 0;
    ok(k8sc_testing_server_resource_version(server, &version, &err), err);
    return version;
}

/* Names of the items, joined by commas. */
static const char *names(void)
{
    static char joined[4096];
    size_t i;
    json_t *item;
    joined[0] = '\0';
    json_array_foreach(at(answer.json, "items"), i, item)
    {
        if (i > 0) strcat(joined, ",");
        strcat(joined, json_string_value(at(item, "metadata.name")));
    }
    return joined;
}

/* ---------------------------------------------------------------------------------------------------------- watches -- */

/* A watch on a thread of its own, whose frames are collected as lines. */
struct watch {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t more;
    char path[1024];
    struct buffer text;
    int stopping;
    int ended;
    CURLcode result;
    long code;
    json_t *frame;
};

static size_t collect_frames(char *data, size_t size, size_t count, void *to)
{
    struct watch *watch = to;
    pthread_mutex_lock(&watch->mutex);
    collect(data, size, count, &watch->text);
    pthread_cond_broadcast(&watch->more);
    pthread_mutex_unlock(&watch->mutex);
    return size * count;
}

static int check_stopping(void *to, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    struct watch *watch = to;
    (void)a, (void)b, (void)c, (void)d;
    pthread_mutex_lock(&watch->mutex);
    const int stopping = watch->stopping;
    pthread_mutex_unlock(&watch->mutex);
    return stopping;
}

static void *run_watch(void *to)
{
    struct watch *watch = to;
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = aim(curl, watch->path, NULL);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect_frames);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, watch);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, check_stopping);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, watch);
    const CURLcode result = curl_easy_perform(curl);
    pthread_mutex_lock(&watch->mutex);
    watch->result = result;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &watch->code);
    watch->ended = 1;
    pthread_cond_broadcast(&watch->more);
    pthread_mutex_unlock(&watch->mutex);
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    return NULL;
}

static struct watch *start_watch(const char *path, const char *parameters)
{
    struct watch *watch = calloc(1, sizeof *watch);
    const int64_t open = k8sc_testing_server_watch_count(server);
    pthread_mutex_init(&watch->mutex, NULL);
    pthread_cond_init(&watch->more, NULL);
    snprintf(watch->path, sizeof watch->path, "%s?watch=true&%s", path, parameters);
    pthread_create(&watch->thread, NULL, run_watch, watch);
    /* A watch that is refused is never open; it ends. */
    for (int i = 0; i < 2000 && k8sc_testing_server_watch_count(server) <= open; i++) {
        pthread_mutex_lock(&watch->mutex);
        const int ended = watch->ended;
        pthread_mutex_unlock(&watch->mutex);
        if (ended) break;
        pause_ms(1);
    }
    return watch;
}

/* Waits for the line with this number, from 0, and parses it; NULL where the watch ends, or 5 seconds pass, before it. */
static json_t *frame(struct watch *watch, int wanted)
{
    struct timespec deadline;
    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += 5;
    json_decref(watch->frame);
    watch->frame = NULL;
    pthread_mutex_lock(&watch->mutex);
    for (;;) {
        const char *line = watch->text.data, *end = line ? strchr(line, '\n') : NULL;
        for (int i = 0; i < wanted && end; i++) {
            line = end + 1;
            end = strchr(line, '\n');
        }
        if (end) watch->frame = json_loadb(line, (size_t)(end - line), 0, NULL);
        if (end || watch->ended || pthread_cond_timedwait(&watch->more, &watch->mutex, &deadline) != 0) break;
    }
    pthread_mutex_unlock(&watch->mutex);
    return watch->frame;
}

static void assert_frame(struct watch *watch, int wanted, const char *type, const char *name)
{
    json_t *found = frame(watch, wanted);
    assert_non_null(found);
    assert_string_equal(json_string_value(at(found, "type")), type);
    assert_string_equal(json_string_value(at(found, "object.metadata.name")), name);
}

static int64_t frame_version(struct watch *watch) { return atoll(json_string_value(at(watch->frame, "object.metadata.resourceVersion"))); }

static void join_watch(struct watch *watch)
{
    pthread_join(watch->thread, NULL);
    watch->thread = 0;
}

static void end_watch(struct watch *watch)
{
    pthread_mutex_lock(&watch->mutex);
    watch->stopping = 1;
    pthread_mutex_unlock(&watch->mutex);
    if (watch->thread) pthread_join(watch->thread, NULL);
    json_decref(watch->frame);
    free(watch->text.data);
    pthread_cond_destroy(&watch->more);
    pthread_mutex_destroy(&watch->mutex);
    free(watch);
}

/* ------------------------------------------------------------------------------------------------- before and after -- */

static k8sc_testing_options *make_options(void)
{
    k8sc_error *err = NULL;
    k8sc_testing_options *options = NULL;
    ok(k8sc_testing_options_new(&options, &err), err);
    /* No bookmarks, unless a test wants them. */
    ok(k8sc_testing_options_set_bookmark_interval(options, 0, &err), err);
    return options;
}

static void start_server(k8sc_testing_options *options)
{
    k8sc_error *err = NULL;
    ok(k8sc_testing_server_start(options, &server, &err), err);
    k8sc_testing_options_free(options);
}

static void end_server(void)
{
    k8sc_testing_server_free(server);
    server = NULL;
}

static int set_up(void **state)
{
    (void)state;
    handle = curl_easy_init();
    start_server(make_options());
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    forget_answer();
    end_server();
    curl_easy_cleanup(handle);
    token = NULL;
    return 0;
}

static void set_up_with(k8sc_testing_options *options)
{
    end_server();
    start_server(options);
}

/* ---------------------------------------------------------------------------------------------------------- objects -- */

static void creates_objects_as_a_server_does(void **state)
{
    (void)state;
    assert_int_equal(post(MAPS, "{\"data\":{\"k\":\"v\"},\"metadata\":{\"labels\":{\"a\":\"b\"},\"name\":\"one\"}}"), 201);
    assert_text("kind", "ConfigMap");
    assert_text("apiVersion", "v1");
    assert_text("metadata.namespace", "default");
    assert_text("data.k", "v");
    assert_int_equal(strlen(text("metadata.uid")), 36);
    assert_int_equal(strlen(text("metadata.creationTimestamp")), strlen("2026-01-01T00:00:00Z"));
    assert_int_equal(atoll(text("metadata.resourceVersion")), version_now());
    /* In the order in which a server writes the fields of a type. */
    assert_int_equal(strncmp(answer.body.data, "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"one\",\"namespace\":\"default\",", 83), 0);
    assert_non_null(strstr(answer.headers.data, "Content-Type: application/json\r\n"));

    post(MAPS, "{\"metadata\":{\"name\":\"one\"}}");
    assert_status(409, "AlreadyExists", "configmaps \"one\" already exists");
    assert_text("details.name", "one");
    assert_text("details.kind", "configmaps");

    assert_int_equal(post(MAPS, "{\"metadata\":{\"generateName\":\"gen-\"}}"), 201);
    assert_int_equal(strncmp(text("metadata.name"), "gen-", 4), 0);
    assert_int_equal(strlen(text("metadata.name")), 9);

    assert_int_equal(post("/apis/apps/v1/namespaces/default/deployments", "{\"metadata\":{\"name\":\"d\"},\"spec\":{\"replicas\":1}}"), 201);
    assert_int_equal(number("metadata.generation"), 1);
    get("/apis/apps/v1/namespaces/default/deployments/nope");
    assert_status(404, "NotFound", "deployments.apps \"nope\" not found");
    assert_text("details.group", "apps");
}

static void refuses_what_a_server_refuses(void **state)
{
    (void)state;
    post(MAPS, "{\"metadata\":{\"name\":\"Not_A_Name\"}}");
    assert_int_equal(answer.code, 422);
    assert_text("reason", "Invalid");
    assert_text("details.causes.0.field", "metadata.name");
    post(MAPS, "{\"metadata\":{}}");
    assert_status(422, "Invalid", "ConfigMap \"\" is invalid: metadata.name: Required value: name or generateName is required");
    post(MAPS, "{\"metadata\":{\"name\":\"a\",\"namespace\":\"other\"}}");
    assert_status(400, "BadRequest", "the namespace of the provided object does not match the namespace sent on the request");
    post(MAPS, "{\"kind\":\"Secret\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\"}}");
    assert_status(400, "BadRequest", "Secret in version \"v1\" cannot be handled as a ConfigMap");
    assert_int_equal(post(MAPS, "{\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"7\"}}"), 500);
    assert_int_equal(post(MAPS, "{\"metadata\":{\"name\":\"a\",\"labels\":{\"x\":1}}}"), 400);
    assert_int_equal(post(MAPS, "[]"), 400);
    assert_int_equal(post(MAPS, "{\"metadata\":"), 400);
    assert_int_equal(post(MAPS, ""), 400);
    assert_int_equal(request("POST", MAPS, "application/yaml", "metadata: {name: a}"), 415);
    post("/api/v1/configmaps", "{\"metadata\":{\"name\":\"a\"}}");
    assert_status(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
    assert_int_equal(delete("/api/v1/configmaps", NULL), 405);
    assert_int_equal(put(MAPS, "{}"), 405);
    assert_int_equal(get("/api/v1/configmaps/a"), 404);
    assert_int_equal(get("/api/v1/namespaces/default/nodes"), 404);
    assert_int_equal(get(MAPS "/a/scale"), 404);
    assert_int_equal(get("/nowhere"), 404);
    assert_int_equal(get(MAPS "/a%2Fb"), 404);
    assert_int_equal(number("details.name"), 0);
    post(MAPS "?dryRun=Some", "{\"metadata\":{\"name\":\"a\"}}");
    assert_int_equal(answer.code, 422);
    assert_text("details.kind", "CreateOptions");

    curl_easy_reset(handle);
    forget_answer();
}

static void updates_with_and_without_a_version(void **state)
{
    char body[256];
    (void)state;
    post(MAPS, "{\"metadata\":{\"name\":\"a\"},\"data\":{\"k\":\"1\"}}");
    const int64_t first = atoll(text("metadata.resourceVersion"));
    char uid[64];
    snprintf(uid, sizeof uid, "%s", text("metadata.uid"));

    snprintf(body, sizeof body, "{\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"%lld\"},\"data\":{\"k\":\"2\"}}", (long long)first);
    assert_int_equal(put(MAPS "/a", body), 200);
    assert_text("data.k", "2");
    assert_text("metadata.uid", uid);
    assert_int_equal(atoll(text("metadata.resourceVersion")), first + 1);

    put(MAPS "/a", body);
    assert_status(409, "Conflict",
                  "Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please apply your changes to the latest version "
                  "and try again");
    assert_int_equal(put(MAPS "/a", "{\"metadata\":{\"name\":\"a\"},\"data\":{\"k\":\"3\"}}"), 200);
    const int64_t third = version_now();
    /* Nothing new: no new version. */
    assert_int_equal(put(MAPS "/a", "{\"data\":{\"k\":\"3\"},\"metadata\":{\"name\":\"a\"}}"), 200);
    assert_int_equal(version_now(), third);
    assert_int_equal(put(MAPS "/a", "{\"metadata\":{\"name\":\"a\",\"uid\":\"other\"}}"), 409);
    put(MAPS "/a", "{\"metadata\":{\"name\":\"b\"}}");
    assert_status(400, "BadRequest", "the name of the object (b) does not match the name on the URL (a)");
    put(MAPS "/none", "{\"metadata\":{\"name\":\"none\"}}");
    assert_status(404, "NotFound", "configmaps \"none\" not found");

    /* Some kinds insist on a version. */
    post("/apis/coordination.k8s.io/v1/namespaces/default/leases", "{\"metadata\":{\"name\":\"l\"}}");
    put("/apis/coordination.k8s.io/v1/namespaces/default/leases/l", "{\"metadata\":{\"name\":\"l\"},\"spec\":{\"holderIdentity\":\"me\"}}");
    assert_int_equal(answer.code, 422);
    assert_text("details.causes.0.field", "metadata.resourceVersion");

    assert_int_equal(put(MAPS "/a?dryRun=All", "{\"metadata\":{\"name\":\"a\"},\"data\":{\"k\":\"4\"}}"), 200);
    assert_text("data.k", "4");
    get(MAPS "/a");
    assert_text("data.k", "3");
}

static void patches(void **state)
{
    (void)state;
    post(MAPS, "{\"metadata\":{\"name\":\"a\"},\"data\":{\"k\":\"1\",\"l\":\"1\"}}");
    assert_int_equal(patch(MAPS "/a", MERGE_PATCH, "{\"data\":{\"k\":null,\"m\":\"2\"},\"metadata\":{\"labels\":{\"x\":\"y\"}}}"), 200);
    assert_null(at(answer.json, "data.k"));
    assert_text("data.l", "1");
    assert_text("data.m", "2");
    assert_text("metadata.labels.x", "y");
    const int64_t version = version_now();
    assert_int_equal(patch(MAPS "/a", MERGE_PATCH, "{}"), 200);
    assert_int_equal(version_now(), version);
    assert_int_equal(patch(MAPS "/a", MERGE_PATCH, "{\"metadata\":{\"resourceVersion\":\"1\"}}"), 409);
    assert_int_equal(patch(MAPS "/a", MERGE_PATCH, "{\"metadata\":{\"name\":\"b\"}}"), 400);
    assert_int_equal(patch(MAPS "/a", MERGE_PATCH, "{"), 400);
    assert_int_equal(patch(MAPS "/a", MERGE_PATCH, "[]"), 400);
    assert_int_equal(patch(MAPS "/none", MERGE_PATCH, "{}"), 404);

    assert_int_equal(patch(MAPS "/a", JSON_PATCH,
                           "[{\"op\":\"test\",\"path\":\"/data/l\",\"value\":\"1\"},{\"op\":\"replace\",\"path\":\"/data/l\",\"value\":\"3\"},"
                           "{\"op\":\"add\",\"path\":\"/data/a~1b~0c\",\"value\":\"4\"},{\"op\":\"move\",\"from\":\"/data/m\",\"path\":\"/data/n\"},"
                           "{\"op\":\"copy\",\"from\":\"/data/n\",\"path\":\"/data/o\"},{\"op\":\"remove\",\"path\":\"/metadata/labels\"},"
                           "{\"op\":\"add\",\"path\":\"/metadata/finalizers\",\"value\":[\"x/b\"]},"
                           "{\"op\":\"add\",\"path\":\"/metadata/finalizers/0\",\"value\":\"x/a\"},{\"op\":\"add\",\"path\":\"/metadata/finalizers/-\",\"value\":\"x/c\"}]"),
                     200);
    assert_text("data.l", "3");
    assert_text("data.a/b~c", "4");
    assert_text("data.n", "2");
    assert_text("data.o", "2");
    assert_null(at(answer.json, "data.m"));
    assert_null(at(answer.json, "metadata.labels"));
    assert_text("metadata.finalizers.0", "x/a");
    assert_text("metadata.finalizers.2", "x/c");
    assert_int_equal(patch(MAPS "/a", JSON_PATCH, "[{\"op\":\"test\",\"path\":\"/data/l\",\"value\":\"9\"}]"), 422);
    assert_int_equal(patch(MAPS "/a", JSON_PATCH, "[{\"op\":\"remove\",\"path\":\"/data/none\"}]"), 422);
    assert_int_equal(patch(MAPS "/a", JSON_PATCH, "[{\"op\":\"add\",\"path\":\"/metadata/finalizers/9\",\"value\":\"x/d\"}]"), 422);
    assert_int_equal(patch(MAPS "/a", JSON_PATCH, "[{\"op\":\"hop\",\"path\":\"/data/l\"}]"), 400);
    assert_int_equal(patch(MAPS "/a", JSON_PATCH, "{}"), 400);
    assert_int_equal(patch(MAPS "/a", "application/strategic-merge-patch+json", "{}"), 415);
    assert_int_equal(patch(MAPS "/a", "application/apply-patch+yaml", "{}"), 415);
}

static void keeps_status_and_spec_apart(void **state)
{
    (void)state;
    post(PODS, "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"nodeName\":\"n\"}}");
    assert_int_equal(patch(PODS "/p/status", MERGE_PATCH, "{\"spec\":{\"nodeName\":\"m\"},\"status\":{\"phase\":\"Running\"},\"metadata\":{\"labels\":{\"a\":\"b\"}}}"),
                     200);
    assert_text("spec.nodeName", "n");
    assert_text("status.phase", "Running");
    assert_null(at(answer.json, "metadata.labels"));
    assert_int_equal(get(PODS "/p/status"), 200);
    assert_int_equal(put(PODS "/p/status", "{\"metadata\":{\"name\":\"p\"},\"status\":{\"phase\":\"Failed\"}}"), 200);
    assert_text("spec.nodeName", "n");
    assert_text("status.phase", "Failed");
    assert_int_equal(get(MAPS "/p/status"), 404);

    /* The generation counts what is neither metadata nor status. */
    const char *deployment = "/apis/apps/v1/namespaces/default/deployments/d";
    post("/apis/apps/v1/namespaces/default/deployments", "{\"metadata\":{\"name\":\"d\"},\"spec\":{\"replicas\":1}}");
    patch(deployment, MERGE_PATCH, "{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"status\":{\"replicas\":1}}");
    assert_int_equal(number("metadata.generation"), 1);
    patch(deployment, MERGE_PATCH, "{\"spec\":{\"replicas\":2}}");
    assert_int_equal(number("metadata.generation"), 2);
}

static void deletes(void **state)
{
    char body[256];
    (void)state;
    post(MAPS, "{\"metadata\":{\"name\":\"a\"}}");
    char uid[64];
    snprintf(uid, sizeof uid, "%s", text("metadata.uid"));
    assert_int_equal(delete(MAPS "/a", "{\"preconditions\":{\"uid\":\"other\"}}"), 409);
    assert_int_equal(delete(MAPS "/a", "{\"preconditions\":{\"resourceVersion\":\"1\"}}"), 409);
    assert_int_equal(delete(MAPS "/a", "{\"propagationPolicy\":\"Maybe\"}"), 422);
    assert_int_equal(delete(MAPS "/a", "{\"dryRun\":[\"All\"]}"), 200);
    assert_int_equal(get(MAPS "/a"), 200);
    snprintf(body, sizeof body, "{\"preconditions\":{\"uid\":\"%s\"},\"propagationPolicy\":\"Background\",\"gracePeriodSeconds\":5}", uid);
    assert_int_equal(delete(MAPS "/a", body), 200);
    assert_text("kind", "Status");
    assert_text("status", "Success");
    assert_text("details.kind", "configmaps");
    assert_text("details.uid", uid);
    delete(MAPS "/a", NULL);
    assert_status(404, "NotFound", "configmaps \"a\" not found");

    /* Some kinds answer with what they were. */
    post(PODS, "{\"metadata\":{\"name\":\"p\"}}");
    assert_int_equal(delete(PODS "/p", NULL), 200);
    assert_text("kind", "Pod");

    seed_map("default", "b", "{\"x\":\"1\"}");
    seed_map("default", "c", "{\"x\":\"2\"}");
    seed_map("other", "d", "{\"x\":\"1\"}");
    assert_int_equal(delete(MAPS "?labelSelector=x%3D1", NULL), 200);
    assert_text("kind", "ConfigMapList");
    assert_string_equal(names(), "b");
    get("/api/v1/configmaps");
    assert_string_equal(names(), "c,d");
}

static void keeps_what_has_finalizers(void **state)
{
    (void)state;
    post(MAPS, "{\"metadata\":{\"name\":\"a\",\"finalizers\":[\"example.com/x\"]}}");
    struct watch *watch = start_watch(MAPS, "resourceVersion=1");
    assert_frame(watch, 0, "ADDED", "a");
    assert_int_equal(delete(MAPS "/a", NULL), 200);
    assert_text("kind", "ConfigMap");
    assert_int_equal(strlen(text("metadata.deletionTimestamp")), 20);
    assert_frame(watch, 1, "MODIFIED", "a");
    assert_int_equal(delete(MAPS "/a", NULL), 200);
    assert_int_equal(get(MAPS "/a"), 200);
    /* An update cannot take the deletion back. */
    patch(MAPS "/a", MERGE_PATCH, "{\"metadata\":{\"deletionTimestamp\":null}}");
    assert_int_equal(strlen(text("metadata.deletionTimestamp")), 20);
    assert_int_equal(patch(MAPS "/a", MERGE_PATCH, "{\"metadata\":{\"finalizers\":null}}"), 200);
    assert_frame(watch, 2, "DELETED", "a");
    assert_int_equal(get(MAPS "/a"), 404);
    end_watch(watch);
}

/* ------------------------------------------------------------------------------------------------------------ kinds -- */

static const char definition[] =
    "{\"kind\":\"CustomResourceDefinition\",\"apiVersion\":\"apiextensions.k8s.io/v1\",\"metadata\":{\"name\":\"widgets.example.com\"},\"spec\":{"
    "\"group\":\"example.com\",\"scope\":\"Namespaced\",\"names\":{\"plural\":\"widgets\",\"kind\":\"Widget\",\"shortNames\":[\"wd\"]},\"versions\":["
    "{\"name\":\"v1\",\"served\":true,\"storage\":true,\"subresources\":{\"status\":{}}},{\"name\":\"v2\",\"served\":true,\"storage\":false}]}}";

static void learns_kinds_from_definitions(void **state)
{
    (void)state;
    k8sc_error *err = NULL;
    k8sc_testing_options *options = make_options();
    ok(k8sc_testing_options_set_allow_any_resource(options, 0, &err), err);
    ok(k8sc_testing_options_add_kind(options, "given.example.com", "v1", "gadgets", "Gadget", 0, &err), err);
    set_up_with(options);

    get(WIDGETS);
    assert_status(404, "NotFound", "the server could not find the requested resource");
    assert_int_equal(post(DEFINITIONS, definition), 201);
    assert_text("status.conditions.1.type", "Established");
    assert_text("status.conditions.1.status", "True");
    assert_text("spec.names.listKind", "WidgetList");

    assert_int_equal(post(WIDGETS, "{\"kind\":\"Widget\",\"apiVersion\":\"example.com/v1\",\"metadata\":{\"name\":\"w\"},\"spec\":{\"b\":1,\"a\":2},\"status\":{\"s\":1}}"), 201);
    assert_null(at(answer.json, "status"));
    /* A document to the server, not a type: keys in order, and items of lists with their kind. */
    assert_int_equal(strncmp(answer.body.data, "{\"apiVersion\":\"example.com/v1\",\"kind\":\"Widget\",\"metadata\":{\"creationTimestamp\":", 78), 0);
    assert_non_null(strstr(answer.body.data, "\"spec\":{\"a\":2,\"b\":1}"));
    get(WIDGETS);
    assert_int_equal(strncmp(answer.body.data, "{\"apiVersion\":\"example.com/v1\",\"items\":[{\"apiVersion\":\"example.com/v1\",\"kind\":\"Widget\",", 85), 0);
    assert_text("kind", "WidgetList");
    get("/apis/example.com/v2/namespaces/default/widgets/w");
    assert_text("apiVersion", "example.com/v2");
    put(WIDGETS "/w", "{\"kind\":\"Widget\",\"apiVersion\":\"example.com/v1\",\"metadata\":{\"name\":\"w\"}}");
    assert_status(422, "Invalid", "widgets.example.com \"w\" is invalid: metadata.resourceVersion: Invalid value: 0x0: must be specified for an update");
    assert_int_equal(post(WIDGETS, "{\"metadata\":{\"name\":\"x\"}}"), 400);
    assert_int_equal(post(WIDGETS, "{\"kind\":\"Gadget\",\"apiVersion\":\"example.com/v1\",\"metadata\":{\"name\":\"x\"}}"), 422);
    patch(WIDGETS "/w", MERGE_PATCH, "{\"status\":{\"s\":2}}");
    assert_null(at(answer.json, "status"));
    patch(WIDGETS "/w/status", MERGE_PATCH, "{\"status\":{\"s\":2}}");
    assert_int_equal(number("status.s"), 2);

    get("/apis/example.com");
    assert_text("preferredVersion.version", "v2");
    get("/apis/example.com/v1");
    assert_text("resources.0.name", "widgets");
    assert_text("resources.0.shortNames.0", "wd");
    assert_text("resources.1.name", "widgets/status");

    assert_int_equal(post("/apis/given.example.com/v1/gadgets", "{\"kind\":\"Gadget\",\"apiVersion\":\"given.example.com/v1\",\"metadata\":{\"name\":\"g\"}}"), 201);
    assert_int_equal(delete(DEFINITIONS "/widgets.example.com", NULL), 200);
    assert_int_equal(get(WIDGETS "/w"), 404);
    assert_int_equal(get(WIDGETS), 404);
    assert_int_equal(get("/apis/example.com/v1"), 404);
}

static void guesses_kinds_where_it_may(void **state)
{
    (void)state;
    assert_int_equal(get("/apis/odd.example.com/v1/cherries"), 200);
    assert_text("kind", "CherryList");
    struct watch *watch = start_watch("/apis/odd.example.com/v1/cherries", "resourceVersion=0");
    assert_int_equal(post("/apis/odd.example.com/v1/cherries", "{\"kind\":\"Kirsche\",\"apiVersion\":\"odd.example.com/v1\",\"metadata\":{\"name\":\"c\"}}"), 201);
    assert_frame(watch, 0, "ADDED", "c");
    assert_string_equal(json_string_value(at(watch->frame, "object.kind")), "Kirsche");
    end_watch(watch);
    get("/apis/odd.example.com/v1");
    assert_text("resources.0.kind", "Kirsche");
    assert_false(json_is_true(at(answer.json, "resources.0.namespaced")));
    assert_int_equal(get("/apis/odd.example.com/v1/cher%22ries"), 404);
    seed("{\"kind\":\"Policy\",\"apiVersion\":\"odd.example.com/v1\",\"metadata\":{\"name\":\"p\",\"namespace\":\"n\"}}");
    assert_int_equal(get("/apis/odd.example.com/v1/namespaces/n/policies/p"), 200);
}

static void tells_about_itself(void **state)
{
    (void)state;
    assert_int_equal(get("/healthz"), 200);
    assert_string_equal(answer.body.data, "ok");
    assert_int_equal(get("/readyz?verbose"), 200);
    assert_int_equal(get("/livez"), 200);
    get("/version");
    assert_text("major", "1");
    get("/api");
    assert_text("versions.0", "v1");
    get("/apis");
    assert_text("kind", "APIGroupList");
    assert_text("groups.0.name", "apps");
    get("/api/v1");
    assert_text("kind", "APIResourceList");
    assert_text("groupVersion", "v1");
    assert_int_equal(get("/apis/nothing"), 404);
    assert_int_equal(post("/version", "{}"), 405);
    assert_int_equal(request("HEAD", "/no", NULL, NULL) == 200, 0);
}

/* ------------------------------------------------------------------------------------------------- lists and watches -- */

static void lists_types_without_their_kind(void **state)
{
    (void)state;
    get(MAPS);
    assert_int_equal(json_array_size(at(answer.json, "items")), 0);
    seed_map("default", "a", "{}");
    assert_int_equal(get(MAPS), 200);
    assert_int_equal(strncmp(answer.body.data, "{\"kind\":\"ConfigMapList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"2\"},\"items\":[{\"metadata\":{\"name\":\"a\",", 104), 0);
    assert_null(at(answer.json, "items.0.kind"));
}

static void selects_by_labels_and_fields(void **state)
{
    static const char *const cases[][2] = {
        {"labelSelector=x%3D1", "a"},
        {"labelSelector=x%3D%3D1", "a"},
        {"labelSelector=x!%3D1", "b,c,d"},
        {"labelSelector=x", "a,b,c"},
        {"labelSelector=!x", "d"},
        {"labelSelector=x+in+(1,2)", "a,b"},
        {"labelSelector=x+notin+(1,2)", "c,d"},
        {"labelSelector=x+in+(1,2),y", "b"},
        {"labelSelector=x%3E1", "b,c"},
        {"labelSelector=x%3C2", "a"},
        {"labelSelector=y%3D", "c"},
        {"labelSelector=in+in+(in)", "d"},
        {"fieldSelector=metadata.name%3Db", "b"},
        {"fieldSelector=metadata.name!%3Db,metadata.namespace%3Ddefault", "a,c,d"},
        {"fieldSelector=metadata.labels.x%3D3", "c"},
        {"fieldSelector=data.none%3D", "a,b,c,d"},
        {"labelSelector=x&fieldSelector=metadata.name%3D%3Dc", "c"},
        {"labelSelector=&fieldSelector=", "a,b,c,d"},
    };
    char path[512];
    (void)state;
    seed_map("default", "a", "{\"x\":\"1\"}");
    seed_map("default", "b", "{\"x\":\"2\",\"y\":\"z\"}");
    seed_map("default", "c", "{\"x\":\"3\",\"y\":\"\"}");
    seed_map("default", "d", "{\"in\":\"in\"}");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(path, sizeof path, "%s?%s", MAPS, cases[i][0]);
        assert_int_equal(get(path), 200);
        if (strcmp(names(), cases[i][1]) != 0) fail_msg("%s gave %s", cases[i][0], names());
    }
    get(MAPS "?labelSelector=x+in+(1");
    assert_status(400, "BadRequest", "unable to parse requirement: found '', expected: ',' or ')'");
    assert_int_equal(get(MAPS "?labelSelector=%3D1"), 400);
    assert_int_equal(get(MAPS "?labelSelector=x+y"), 400);
    assert_int_equal(get(MAPS "?labelSelector=x%3Ey"), 400);
    get(MAPS "?fieldSelector=foo");
    assert_status(400, "BadRequest", "invalid selector: 'foo'; can't understand 'foo'");

    seed("{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"p\"},\"spec\":{\"nodeName\":\"n1\",\"hostNetwork\":true},\"status\":{\"phase\":\"Running\"}}");
    seed("{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"q\"},\"status\":{\"phase\":\"Pending\"}}");
    get(PODS "?fieldSelector=spec.nodeName%3D");
    assert_string_equal(names(), "q");
    get(PODS "?fieldSelector=status.phase!%3DPending,spec.nodeName%3Dn1,spec.hostNetwork%3Dtrue");
    assert_string_equal(names(), "p");
}

/* The path of the next page of MAPS, with this limit. */
static const char *next_page(int limit)
{
    static char path[2048];
    snprintf(path, sizeof path, "%s?limit=%d&continue=%s", MAPS, limit, text("metadata.continue"));
    return path;
}

static void pages_show_one_state(void **state)
{
    char name[8];
    (void)state;
    for (int i = 0; i < 7; i++) {
        snprintf(name, sizeof name, "m%d", i);
        seed_map("default", name, "{}");
    }
    seed_map("zother", "x", "{}");
    get(MAPS "?limit=3");
    assert_string_equal(names(), "m0,m1,m2");
    assert_int_equal(number("metadata.remainingItemCount"), 4);
    char version[32];
    snprintf(version, sizeof version, "%s", text("metadata.resourceVersion"));
    char again[2048];
    snprintf(again, sizeof again, "%s", next_page(3));

    /* What happens between the pages is not seen by them. */
    remove_map("m4");
    seed_map("default", "m5", "{\"changed\":\"yes\"}");
    seed_map("default", "m55", "{}");
    assert_int_equal(get(again), 200);
    assert_string_equal(names(), "m3,m4,m5");
    assert_text("metadata.resourceVersion", version);
    assert_null(at(answer.json, "items.2.metadata.labels"));
    get(next_page(3));
    assert_string_equal(names(), "m6");
    assert_text("metadata.continue", "(none)");

    get(MAPS "?limit=3&labelSelector=!no");
    assert_null(at(answer.json, "metadata.remainingItemCount"));
    /* A list from the watch cache has no pages. */
    get(MAPS "?limit=3&resourceVersion=0");
    assert_int_equal(json_array_size(at(answer.json, "items")), 7);
    get("/api/v1/configmaps?limit=7");
    assert_int_equal(number("metadata.remainingItemCount"), 1);
    assert_int_equal(get(MAPS "?continue=xyz"), 400);

    /* After compaction the token is of no use, but says how to go on regardless. */
    k8sc_error *err = NULL;
    ok(k8sc_testing_server_compact(server, &err), err);
    assert_int_equal(get(again), 410);
    assert_text("reason", "Expired");
    assert_int_equal(get(next_page(9)), 200);
    assert_string_equal(names(), "m3,m5,m55,m6");
}

static void lists_states_of_the_past(void **state)
{
    char path[256];
    (void)state;
    seed_map("default", "a", "{}");
    const int64_t then = version_now();
    seed_map("default", "a", "{\"new\":\"1\"}");
    seed_map("default", "b", "{}");
    snprintf(path, sizeof path, "%s?resourceVersion=%lld&resourceVersionMatch=Exact", MAPS, (long long)then);
    assert_int_equal(get(path), 200);
    assert_string_equal(names(), "a");
    assert_null(at(answer.json, "items.0.metadata.labels"));
    assert_int_equal(atoll(text("metadata.resourceVersion")), then);
    snprintf(path, sizeof path, "%s?resourceVersion=%lld&resourceVersionMatch=NotOlderThan", MAPS, (long long)then);
    get(path);
    assert_string_equal(names(), "a,b");
    get(MAPS "?resourceVersion=1000000");
    assert_int_equal(answer.code, 504);
    assert_text("reason", "Timeout");
    assert_text("details.causes.0.reason", "ResourceVersionTooLarge");
    assert_non_null(strstr(answer.headers.data, "Retry-After: 1\r\n"));
    assert_int_equal(get(MAPS "/a?resourceVersion=1000000"), 504);
    assert_int_equal(get(MAPS "?resourceVersionMatch=Exact"), 422);
    assert_int_equal(get(MAPS "?resourceVersionMatch=Exact&resourceVersion=0"), 422);
    assert_int_equal(get(MAPS "?resourceVersion=abc"), 500);
    k8sc_error *err = NULL;
    ok(k8sc_testing_server_compact(server, &err), err);
    snprintf(path, sizeof path, "%s?resourceVersion=%lld&resourceVersionMatch=Exact", MAPS, (long long)then);
    get(path);
    assert_status(410, "Expired", "The resourceVersion for the provided list is too old.");
}

static void watches_what_happens(void **state)
{
    char parameters[64];
    (void)state;
    seed_map("default", "a", "{}");
    struct watch *present = start_watch(MAPS, "");
    assert_frame(present, 0, "ADDED", "a");
    assert_string_equal(json_string_value(at(present->frame, "object.kind")), "ConfigMap");
    seed_map("default", "b", "{}");
    const int64_t after_b = version_now();
    seed_map("other", "elsewhere", "{}");
    seed_map("default", "a", "{\"x\":\"1\"}");
    post(MAPS "?dryRun=All", "{\"metadata\":{\"name\":\"never\"}}");
    remove_map("b");
    assert_frame(present, 1, "ADDED", "b");
    assert_frame(present, 2, "MODIFIED", "a");
    assert_string_equal(json_string_value(at(present->frame, "object.metadata.labels.x")), "1");
    assert_frame(present, 3, "DELETED", "b");
    /* The version of a deleted object is that of its deletion, so that a watch can resume from there. */
    assert_int_equal(frame_version(present), version_now());
    end_watch(present);

    snprintf(parameters, sizeof parameters, "resourceVersion=%lld", (long long)after_b);
    struct watch *resumed = start_watch("/api/v1/configmaps", parameters);
    assert_frame(resumed, 0, "ADDED", "elsewhere");
    assert_frame(resumed, 1, "MODIFIED", "a");
    assert_frame(resumed, 2, "DELETED", "b");
    end_watch(resumed);

    /* From the future: nothing is sent before it. */
    snprintf(parameters, sizeof parameters, "resourceVersion=%lld", (long long)version_now() + 1);
    struct watch *future = start_watch(MAPS, parameters);
    seed_map("default", "early", "{}");
    seed_map("default", "late", "{}");
    assert_frame(future, 0, "ADDED", "late");
    end_watch(future);
}

static void watches_with_selectors(void **state)
{
    (void)state;
    seed_map("default", "a", "{\"x\":\"1\"}");
    seed_map("default", "b", "{\"x\":\"2\"}");
    struct watch *watch = start_watch(MAPS, "labelSelector=x%3D1");
    assert_frame(watch, 0, "ADDED", "a");
    seed_map("default", "b", "{\"x\":\"3\"}");
    seed_map("default", "b", "{\"x\":\"1\"}");
    assert_frame(watch, 1, "ADDED", "b");
    seed_map("default", "b", "{\"x\":\"1\",\"y\":\"1\"}");
    assert_frame(watch, 2, "MODIFIED", "b");
    seed_map("default", "b", "{\"x\":\"9\"}");
    /* Gone for who selects: the last state that matched, with the version that ends it. */
    assert_frame(watch, 3, "DELETED", "b");
    assert_string_equal(json_string_value(at(watch->frame, "object.metadata.labels.x")), "1");
    assert_int_equal(frame_version(watch), version_now());
    remove_map("b");
    remove_map("a");
    assert_frame(watch, 4, "DELETED", "a");
    end_watch(watch);
    assert_int_equal(get(MAPS "?watch=1&labelSelector=("), 400);
    assert_int_equal(get(MAPS "?watch=1&resourceVersion=1&resourceVersionMatch=Exact"), 422);
}

static void sends_bookmarks_and_ends_in_time(void **state)
{
    (void)state;
    k8sc_error *err = NULL;
    k8sc_testing_options *options = make_options();
    ok(k8sc_testing_options_set_bookmark_interval(options, 50, &err), err);
    set_up_with(options);
    seed_map("default", "a", "{}");
    struct watch *watch = start_watch(MAPS, "resourceVersion=0&allowWatchBookmarks=true");
    assert_frame(watch, 0, "ADDED", "a");
    /* The state of the whole server counts, not only that of the resource. */
    seed("{\"kind\":\"Secret\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"s\"}}");
    int i = 1;
    do {
        assert_non_null(frame(watch, i++));
        assert_string_equal(json_string_value(at(watch->frame, "type")), "BOOKMARK");
        assert_string_equal(json_string_value(at(watch->frame, "object.kind")), "ConfigMap");
    } while (frame_version(watch) < version_now() && i < 20);
    assert_int_equal(frame_version(watch), version_now());
    end_watch(watch);

    const int64_t begin = now_ms();
    assert_int_equal(get(MAPS "?watch=1&timeoutSeconds=1&resourceVersion=0"), 200);
    assert_int_equal(answer.result, CURLE_OK);
    assert_in_range(now_ms() - begin, 900, 5000);
    assert_null(strstr(answer.body.data, "BOOKMARK"));
}

static void forgets_the_past(void **state)
{
    (void)state;
    k8sc_error *err = NULL;
    seed_map("default", "a", "{}");
    struct watch *open = start_watch(MAPS, "resourceVersion=1");
    assert_frame(open, 0, "ADDED", "a");
    ok(k8sc_testing_server_compact(server, &err), err);
    const int64_t compacted = version_now();

    assert_int_equal(get(MAPS "?watch=1&resourceVersion=1"), 200);
    assert_text("type", "ERROR");
    assert_text("object.kind", "Status");
    assert_text("object.reason", "Expired");
    assert_int_equal(number("object.code"), 410);
    seed_map("default", "b", "{}");
    assert_frame(open, 1, "ADDED", "b");
    end_watch(open);
    char parameters[64];
    snprintf(parameters, sizeof parameters, "resourceVersion=%lld", (long long)compacted);
    struct watch *recent = start_watch(MAPS, parameters);
    assert_frame(recent, 0, "ADDED", "b");
    end_watch(recent);

    k8sc_testing_options *options = make_options();
    ok(k8sc_testing_options_set_event_window(options, 2, &err), err);
    ok(k8sc_testing_options_set_expired_at_open(options, 1, &err), err);
    set_up_with(options);
    for (int i = 0; i < 4; i++) seed_map("default", i % 2 ? "a" : "b", i < 2 ? "{}" : "{\"x\":\"1\"}");
    get(MAPS "?watch=1&resourceVersion=2");
    assert_status(410, "Expired", "too old resource version: 2 (3)");
    struct watch *last = start_watch(MAPS, "resourceVersion=3");
    assert_frame(last, 0, "MODIFIED", "b");
    assert_frame(last, 1, "MODIFIED", "a");
    end_watch(last);
}

/* ------------------------------------------------------------------------------------------------------ connections -- */

static void needs_token_and_authority(void **state)
{
    (void)state;
    k8sc_error *err = NULL;
    k8sc_testing_options *options = make_options();
    ok(k8sc_testing_options_set_tls(options, 1, &err), err);
    ok(k8sc_testing_options_set_token(options, "secret-token", &err), err);
    set_up_with(options);
    assert_int_equal(strncmp(k8sc_testing_server_url(server), "https://127.0.0.1:", 18), 0);

    get(PODS);
    assert_status(401, "Unauthorized", "Unauthorized");
    token = "another";
    assert_int_equal(get("/version"), 401);
    token = "secret-token";
    assert_int_equal(get(PODS), 200);
    struct watch *watch = start_watch(MAPS, "resourceVersion=0");
    seed_map("default", "a", "{}");
    assert_frame(watch, 0, "ADDED", "a");
    end_watch(watch);

    /* The certificate is good for the name as well as for the address, and for nobody who does not know the authority. */
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = aim(curl, PODS, NULL);
    char url[256];
    snprintf(url, sizeof url, "https://localhost:%s/version", strrchr(k8sc_testing_server_url(server), ':') + 1);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    struct buffer body = {NULL, 0};
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
    assert_int_equal(curl_easy_perform(curl), CURLE_OK);
    curl_easy_reset(curl);
    curl_easy_setopt(curl, CURLOPT_URL, k8sc_testing_server_url(server));
    assert_int_equal(curl_easy_perform(curl), CURLE_PEER_FAILED_VERIFICATION);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    free(body.data);

    char path[] = "/tmp/k8sc-test-XXXXXX", text_of_file[8192] = "";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    ok(k8sc_testing_server_write_kubeconfig(server, path, &err), err);
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    FILE *file = fopen(path, "r");
    assert_true(fread(text_of_file, 1, sizeof text_of_file - 1, file) > 0);
    fclose(file);
    unlink(path);
    assert_string_equal(text_of_file, k8sc_testing_server_kubeconfig(server));
    assert_non_null(strstr(text_of_file, "token: \"secret-token\""));
    assert_non_null(strstr(text_of_file, "certificate-authority-data: "));
    assert_non_null(strstr(text_of_file, k8sc_testing_server_url(server)));
    assert_int_equal(k8sc_testing_server_write_kubeconfig(server, "/nonexistent/dir/file", &err), K8SC_E_IO);
    k8sc_error_free(err);
}

static void keeps_connections_alive(void **state)
{
    (void)state;
    seed_map("default", "a", "{}");
    const int64_t begin = now_ms();
    for (int i = 0; i < 200; i++) assert_int_equal(get(MAPS "/a"), 200);
    /* A delay for want of TCP_NODELAY would be 40 ms each. */
    assert_true(now_ms() - begin < 4000);
    for (int i = 0; i < 5; i++) delete(MAPS "/none", NULL);
    assert_int_equal(k8sc_testing_server_connection_count(server), 1);
    assert_int_equal(k8sc_testing_server_request_count(server, NULL, NULL), 205);
}

static void stops_and_comes_back(void **state)
{
    (void)state;
    k8sc_error *err = NULL;
    seed_map("default", "a", "{}");
    struct watch *watches[4];
    for (int i = 0; i < 4; i++) watches[i] = start_watch(MAPS, "resourceVersion=0");
    for (int i = 0; i < 4; i++) assert_frame(watches[i], 0, "ADDED", "a");
    assert_int_equal(k8sc_testing_server_watch_count(server), 4);
    get(MAPS);
    char url[64];
    snprintf(url, sizeof url, "%s", k8sc_testing_server_url(server));

    int64_t begin = now_ms();
    ok(k8sc_testing_server_restart(server, &err), err);
    assert_true(now_ms() - begin < 2000);
    for (int i = 0; i < 4; i++) {
        join_watch(watches[i]);
        assert_int_not_equal(watches[i]->result, CURLE_OK);
        end_watch(watches[i]);
    }
    assert_string_equal(k8sc_testing_server_url(server), url);
    assert_int_equal(get(MAPS "/a"), 200);
    assert_int_equal(k8sc_testing_server_watch_count(server), 0);

    ok(k8sc_testing_server_pause(server, &err), err);
    get(MAPS);
    assert_int_equal(answer.result, CURLE_COULDNT_CONNECT);
    seed_map("default", "b", "{}");
    ok(k8sc_testing_server_pause(server, &err), err);
    ok(k8sc_testing_server_resume(server, &err), err);
    ok(k8sc_testing_server_resume(server, &err), err);
    assert_int_equal(get(MAPS "/b"), 200);

    struct watch *watch = start_watch(MAPS, "resourceVersion=0");
    assert_frame(watch, 1, "ADDED", "b");
    ok(k8sc_testing_server_disconnect(server, &err), err);
    join_watch(watch);
    assert_int_not_equal(watch->result, CURLE_OK);
    end_watch(watch);
    assert_int_equal(get(MAPS "/b"), 200);

    ok(k8sc_testing_server_stop(server, &err), err);
    ok(k8sc_testing_server_stop(server, &err), err);
    get(MAPS);
    assert_int_equal(answer.result, CURLE_COULDNT_CONNECT);
    assert_int_equal(k8sc_testing_server_resume(server, &err), K8SC_E_STATE);
    k8sc_error_free(err);
    assert_int_equal(k8sc_testing_server_pause(server, &err), K8SC_E_STATE);
    k8sc_error_free(err);
    ok(k8sc_testing_server_restart(server, &err), err);
    assert_int_equal(get(MAPS "/b"), 200);
}

static void does_not_take_a_port_that_is_taken(void **state)
{
    (void)state;
    k8sc_error *err = NULL;
    k8sc_testing_server *second = NULL;
    k8sc_testing_options *options = make_options();
    ok(k8sc_testing_options_set_port(options, atoi(strrchr(k8sc_testing_server_url(server), ':') + 1), &err), err);
    assert_int_equal(k8sc_testing_server_start(options, &second, &err), K8SC_E_IO);
    assert_null(second);
    assert_non_null(strstr(k8sc_error_message(err), "127.0.0.1"));
    k8sc_error_free(err);
    k8sc_testing_options_free(options);
}

static int count_entries(const char *folder)
{
    int count = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    while (readdir(dir)) count++;
    closedir(dir);
    return count;
}

static void leaves_no_thread_and_no_descriptor(void **state)
{
    (void)state;
    k8sc_error *err = NULL;
    /* Ours keeps its connections; without them we are back at the beginning. */
    end_server();
    curl_easy_cleanup(handle);
    handle = curl_easy_init();
    const int threads = count_entries("/proc/self/task"), descriptors = count_entries("/proc/self/fd");
    for (int round = 0; round < 3; round++) {
        k8sc_testing_options *options = make_options();
        ok(k8sc_testing_options_set_tls(options, round == 2, &err), err);
        start_server(options);
        seed_map("default", "a", "{}");
        fault("{\"resource\":\"secrets\",\"stall_after_bytes\":10}");
        struct watch *idle = start_watch(MAPS, "resourceVersion=0"), *stalled = start_watch("/api/v1/secrets", "resourceVersion=0");
        assert_frame(idle, 0, "ADDED", "a");
        get(MAPS);
        const int64_t begin = now_ms();
        end_server();
        assert_true(now_ms() - begin < 2000);
        join_watch(idle);
        join_watch(stalled);
        end_watch(idle);
        end_watch(stalled);
        curl_easy_cleanup(handle);
        handle = curl_easy_init();
        assert_int_equal(count_entries("/proc/self/task"), threads);
        assert_int_equal(count_entries("/proc/self/fd"), descriptors);
    }
}

static void notices_that_a_client_has_gone(void **state)
{
    (void)state;
    struct watch *watch = start_watch(MAPS, "resourceVersion=0");
    assert_int_equal(k8sc_testing_server_watch_count(server), 1);
    end_watch(watch);
    for (int i = 0; i < 200 && k8sc_testing_server_watch_count(server) > 0; i++) pause_ms(10);
    assert_int_equal(k8sc_testing_server_watch_count(server), 0);
}

/* ------------------------------------------------------------------------------------------------------- test's side -- */

static void acts_as_another_client(void **state)
{
    (void)state;
    k8sc_error *err = NULL;
    char *json = NULL;
    seed("{\"kind\":\"ConfigMapList\",\"apiVersion\":\"v1\",\"items\":[{\"metadata\":{\"name\":\"a\"}},{\"metadata\":{\"name\":\"b\",\"namespace\":\"n\"}}]}");
    const int64_t version = version_now();
    seed("{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"77\"}}");
    assert_int_equal(version_now(), version);
    get("/api/v1/configmaps");
    assert_string_equal(names(), "a,b");
    /* What a server would never do, a test can: the same name with another identity. */
    seed("{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\",\"uid\":\"another-uid\"}}");
    get(MAPS "/a");
    assert_text("metadata.uid", "another-uid");

    ok(k8sc_testing_server_get(server, "", "v1", "configmaps", "n", "b", &json, &err), err);
    assert_int_equal(strncmp(json, "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"b\"", 58), 0);
    k8sc_testing_string_free(json);
    assert_int_equal(k8sc_testing_server_get(server, NULL, "v1", "configmaps", "n", "none", &json, &err), K8SC_E_API);
    assert_null(json);
    assert_string_equal(k8sc_error_message(err), "configmaps \"none\" not found");
    k8sc_error_free(err);
    assert_int_equal(k8sc_testing_server_put(server, "{", 1, &err), K8SC_E_PARSE);
    k8sc_error_free(err);
    assert_int_equal(k8sc_testing_server_put(server, "{}", 2, &err), K8SC_E_API);
    k8sc_error_free(err);
    assert_int_equal(k8sc_testing_server_remove(server, NULL, "v1", "configmaps", "n", "none", &err), K8SC_E_API);
    k8sc_error_free(err);

    seed("{\"kind\":\"Node\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"n\",\"finalizers\":[\"x/y\"]}}");
    ok(k8sc_testing_server_remove(server, NULL, "v1", "nodes", NULL, "n", &err), err);
    assert_int_equal(get("/api/v1/nodes/n"), 404);

    ok(k8sc_testing_server_generate_pods(server, "many", "web", 250, &err), err);
    get("/api/v1/namespaces/many/pods?labelSelector=app%3Dweb");
    assert_int_equal(json_array_size(at(answer.json, "items")), 250);
    assert_text("items.0.metadata.name", "web-00000");
    assert_text("items.249.metadata.name", "web-00249");
    get("/api/v1/pods?fieldSelector=spec.nodeName%3Dnode-3,status.phase%3DRunning");
    assert_true(json_array_size(at(answer.json, "items")) > 10);
    assert_int_equal(k8sc_testing_server_generate_pods(server, "many", "web", -1, &err), K8SC_E_INVALID);
    k8sc_error_free(err);
    assert_int_equal(k8sc_testing_server_request_count(server, "GET", "/api/v1/namespaces/many"), 1);
}

static void remembers_requests(void **state)
{
    (void)state;
    k8sc_error *err = NULL;
    char *json = NULL;
    post(MAPS, "{\"metadata\":{\"name\":\"a\"}}");
    curl_easy_reset(handle);
    forget_answer();
    struct curl_slist *headers = aim(handle, MAPS "?limit=5", NULL);
    headers = curl_slist_append(headers, "Accept-Encoding: gzip");
    headers = curl_slist_append(headers, "X-Odd: 1");
    headers = curl_slist_append(headers, "X-Odd: 2");
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(handle, CURLOPT_USERAGENT, "tester/1");
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &answer.body);
    assert_int_equal(curl_easy_perform(handle), CURLE_OK);
    curl_slist_free_all(headers);
    assert_int_equal(answer.body.data[0], '{');

    ok(k8sc_testing_server_last_request(server, "GET", NULL, &json, &err), err);
    answer.json = json_loads(json, 0, NULL);
    k8sc_testing_string_free(json);
    assert_text("method", "GET");
    assert_text("path", MAPS);
    assert_text("query", "limit=5");
    assert_text("verb", "list");
    assert_text("headers.User-Agent", "tester/1");
    assert_text("headers.Accept-Encoding", "gzip");
    assert_text("headers.X-Odd", "1, 2");
    assert_null(at(answer.json, "headers.REMOTE_ADDR"));
    json_decref(answer.json);

    ok(k8sc_testing_server_request_log(server, &json, &err), err);
    answer.json = json_loads(json, 0, NULL);
    k8sc_testing_string_free(json);
    assert_int_equal(json_array_size(answer.json), 2);
    assert_text("0.verb", "create");
    assert_text("0.body", "{\"metadata\":{\"name\":\"a\"}}");
    assert_int_equal(k8sc_testing_server_request_count(server, NULL, MAPS), 2);
    assert_int_equal(k8sc_testing_server_request_count(server, "POST", "/api/v1/namespaces/default/conf"), 1);
    assert_int_equal(k8sc_testing_server_request_count(server, "POST", "/apis"), 0);
    ok(k8sc_testing_server_forget_requests(server, &err), err);
    assert_int_equal(k8sc_testing_server_request_count(server, NULL, NULL), 0);
    assert_int_equal(k8sc_testing_server_last_request(server, NULL, NULL, &json, &err), K8SC_E_STATE);
    assert_null(json);
    k8sc_error_free(err);
}

/* ----------------------------------------------------------------------------------------------------------- faults -- */

static void faults_answer_otherwise(void **state)
{
    (void)state;
    seed_map("default", "a", "{}");
    fault("{\"verb\":\"list\",\"resource\":\"configmaps\",\"times\":2,\"status\":{\"code\":429,\"retryAfter\":3}}");
    get(MAPS);
    assert_int_equal(answer.code, 429);
    assert_text("reason", "TooManyRequests");
    assert_int_equal(number("details.retryAfterSeconds"), 3);
    assert_non_null(strstr(answer.headers.data, "Retry-After: 3\r\n"));
    assert_int_equal(get(MAPS "/a"), 200);
    assert_int_equal(get(MAPS), 429);
    assert_int_equal(get(MAPS), 200);
    clear_faults();

    fault("{\"status\":{\"code\":403,\"reason\":\"Forbidden\",\"message\":\"not you\"}}");
    get("/version");
    assert_status(403, "Forbidden", "not you");
    assert_null(strstr(answer.headers.data, "Retry-After"));
    clear_faults();

    fault("{\"garbage\":\"not json\"}");
    assert_int_equal(get(MAPS), 200);
    assert_string_equal(answer.body.data, "not json");
    assert_non_null(strstr(answer.headers.data, "Content-Type: application/json"));
    clear_faults();

    fault("{\"html\":502}");
    assert_int_equal(get(MAPS), 502);
    assert_non_null(strstr(answer.headers.data, "Content-Type: text/html"));
    clear_faults();
    fault("{\"html\":true}");
    assert_int_equal(get(MAPS), 200);
    assert_non_null(strstr(answer.body.data, "<html>"));
    clear_faults();

    fault("{\"delay_ms\":300}");
    const int64_t begin = now_ms();
    assert_int_equal(get(MAPS), 200);
    assert_in_range(now_ms() - begin, 290, 3000);
    clear_faults();

    const int64_t id = fault("{\"path\":\"/api/v1/namespaces/default/configmaps/\",\"reset\":true}");
    assert_int_equal(get(MAPS), 200);
    get(MAPS "/a");
    assert_int_equal(answer.result, CURLE_RECV_ERROR);
    assert_int_equal(k8sc_testing_server_fault_count(server, id), 1);
    k8sc_error *err = NULL;
    ok(k8sc_testing_server_fault_remove(server, id, &err), err);
    assert_int_equal(k8sc_testing_server_fault_count(server, id), -1);
    assert_int_equal(k8sc_testing_server_fault_remove(server, id, &err), K8SC_E_INVALID);
    k8sc_error_free(err);
    assert_int_equal(get(MAPS "/a"), 200);
}

static void faults_spoil_bodies(void **state)
{
    (void)state;
    seed_map("default", "a", "{}");
    get(MAPS);
    const size_t whole = answer.body.len;

    fault("{\"cut_after_bytes\":40}");
    get(MAPS);
    assert_int_equal(answer.result, CURLE_PARTIAL_FILE);
    assert_int_equal(answer.body.len, 40);
    clear_faults();
    fault("{\"cut_after_bytes\":0}");
    get(MAPS);
    assert_int_equal(answer.code, 200);
    assert_int_equal(answer.result, CURLE_PARTIAL_FILE);
    assert_int_equal(answer.body.len, 0);
    clear_faults();
    fault("{\"cut_after_bytes\":100000}");
    assert_int_equal(get(MAPS), 200);
    assert_int_equal(answer.result, CURLE_OK);
    clear_faults();

    fault("{\"truncate\":true}");
    get(MAPS);
    assert_int_equal(answer.result, CURLE_OK);
    assert_int_equal(answer.body.len, (whole - 1) / 2);
    clear_faults();

    fault("{\"oversized_frame_bytes\":3000000}");
    get(MAPS);
    assert_true(answer.body.len > whole + 3000000);
    assert_int_equal(strlen(text("items.0.padding")), 3000000);
    get(MAPS "/a");
    assert_int_equal(strlen(text("padding")), 3000000);
    clear_faults();

    fault("{\"deep\":5000}");
    get(MAPS "/a");
    assert_int_equal(answer.code, 200);
    assert_null(answer.json);
    assert_non_null(strstr(answer.body.data, "[[[[["));
    clear_faults();

    fault("{\"invalid_utf8\":true}");
    get(MAPS "/a");
    assert_null(answer.json);
    assert_non_null(strstr(answer.body.data, "\xc3\x28"));
    clear_faults();

    fault("{\"slow_bytes_per_second\":400}");
    int64_t begin = now_ms();
    get(MAPS);
    assert_int_equal(answer.body.len, whole);
    assert_in_range(now_ms() - begin, (int64_t)whole * 1000 / 400 - 100, 10000);
    clear_faults();

    fault("{\"stall_after_bytes\":10,\"verb\":\"list\"}");
    begin = now_ms();
    curl_easy_reset(handle);
    forget_answer();
    struct curl_slist *headers = aim(handle, MAPS, NULL);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, 300L);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &answer.body);
    assert_int_equal(curl_easy_perform(handle), CURLE_OPERATION_TIMEDOUT);
    curl_slist_free_all(headers);
    assert_int_equal(answer.body.len, 10);
}

static void faults_spoil_watches(void **state)
{
    (void)state;
    seed_map("default", "a", "{}");
    fault("{\"verb\":\"watch\",\"nth\":1,\"garbage\":\"}{\"}");
    fault("{\"verb\":\"watch\",\"nth\":2,\"error_event\":{\"code\":500,\"message\":\"etcd is tired\"}}");
    fault("{\"verb\":\"watch\",\"nth\":3,\"cut_after_bytes\":30}");
    fault("{\"verb\":\"watch\",\"nth\":4,\"oversized_frame_bytes\":100000}");
    fault("{\"verb\":\"watch\",\"nth\":5,\"truncate\":true}");
    fault("{\"verb\":\"watch\",\"nth\":6,\"stall_after_bytes\":20}");
    fault("{\"verb\":\"watch\",\"nth\":7,\"status\":{\"code\":410}}");

    struct watch *watch = start_watch(MAPS, "resourceVersion=0");
    assert_frame(watch, 1, "ADDED", "a");
    assert_null(frame(watch, 0));
    assert_int_equal(strncmp(watch->text.data, "}{\n", 3), 0);
    end_watch(watch);

    get(MAPS "?watch=1");
    assert_int_equal(answer.result, CURLE_OK);
    assert_text("type", "ERROR");
    assert_text("object.message", "etcd is tired");
    assert_text("object.reason", "InternalError");

    get(MAPS "?watch=1");
    assert_int_equal(answer.result, CURLE_PARTIAL_FILE);
    assert_int_equal(answer.body.len, 30);

    watch = start_watch(MAPS, "resourceVersion=0");
    assert_frame(watch, 0, "ADDED", "a");
    assert_int_equal(strlen(json_string_value(at(watch->frame, "object.padding"))), 100000);
    seed_map("default", "b", "{}");
    assert_frame(watch, 1, "ADDED", "b");
    assert_null(at(watch->frame, "object.padding"));
    end_watch(watch);

    get(MAPS "?watch=1");
    assert_int_equal(answer.result, CURLE_OK);
    assert_true(answer.body.len > 20);
    assert_null(strchr(answer.body.data, '\n'));

    watch = start_watch(MAPS, "resourceVersion=0");
    seed_map("default", "c", "{}");
    assert_int_equal(k8sc_testing_server_watch_count(server), 1);
    pause_ms(100);
    end_watch(watch);

    assert_int_equal(get(MAPS "?watch=1"), 410);
}

static int failures_of(const char *rule, int requests)
{
    int failures = 0;
    fault(rule);
    for (int i = 0; i < requests; i++) failures += get("/version") == 503 ? 1 << i : 0;
    clear_faults();
    return failures;
}

static void faults_come_when_they_are_due(void **state)
{
    (void)state;
    assert_int_equal(failures_of("{\"nth\":3,\"status\":{\"code\":503}}", 6), 0x04);
    assert_int_equal(failures_of("{\"nth\":2,\"times\":2,\"status\":{\"code\":503}}", 6), 0x06);
    assert_int_equal(failures_of("{\"times\":2,\"status\":{\"code\":503}}", 6), 0x03);
    assert_int_equal(failures_of("{\"status\":{\"code\":503}}", 6), 0x3f);
    assert_int_equal(failures_of("{\"probability\":0,\"status\":{\"code\":503}}", 6), 0);
    assert_int_equal(failures_of("{\"probability\":1.0,\"status\":{\"code\":503}}", 6), 0x3f);
    const int fate = failures_of("{\"probability\":0.5,\"seed\":7,\"status\":{\"code\":503}}", 24);
    assert_true(fate != 0 && fate != 0xffffff);
    assert_int_equal(failures_of("{\"probability\":0.5,\"seed\":7,\"status\":{\"code\":503}}", 24), fate);
    assert_int_not_equal(failures_of("{\"probability\":0.5,\"seed\":8,\"status\":{\"code\":503}}", 24), fate);
}

static void refuses_wrong_rules(void **state)
{
    static const char *const cases[][2] = {
        {"{\"verbs\":\"list\",\"reset\":true}", "\"verbs\" is not known"},
        {"{\"verb\":\"lists\",\"reset\":true}", "unknown verb \"lists\""},
        {"{\"verb\":\"list|\",\"reset\":true}", "unknown verb \"\""},
        {"{\"verb\":\"list\"}", "does not say what is to happen"},
        {"{\"reset\":true,\"deep\":1}", "cannot go together with \"reset\""},
        {"{\"reset\":1}", "\"reset\" must be true"},
        {"{\"status\":{\"retryAfter\":1}}", "\"status.code\" is missing"},
        {"{\"status\":{\"code\":99}}", "\"status.code\" must be an integer, 200 to 599"},
        {"{\"status\":{\"code\":429,\"retry\":1}}", "\"status.retry\" is not known"},
        {"{\"status\":429}", "\"status\" must be an object"},
        {"{\"nth\":0,\"reset\":true}", "\"nth\" must be an integer, 1 or more"},
        {"{\"probability\":2,\"reset\":true}", "\"probability\" must be a number from 0 to 1"},
        {"{\"cut_after_bytes\":-1}", "\"cut_after_bytes\" must be an integer, 0 or more"},
        {"{\"cut_after_bytes\":\"1\"}", "\"cut_after_bytes\" must be an integer, 0 or more"},
        {"{\"garbage\":1}", "\"garbage\" must be a string"},
        {"[]", "no JSON object"},
    };
    (void)state;
    k8sc_error *err = NULL;
    int64_t id = 1;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(k8sc_testing_server_fault_add(server, cases[i][0], &id, &err), K8SC_E_INVALID);
        assert_int_equal(id, 0);
        if (!strstr(k8sc_error_message(err), cases[i][1])) fail_msg("%s: %s", cases[i][0], k8sc_error_message(err));
        k8sc_error_free(err);
    }
    assert_int_equal(k8sc_testing_server_fault_add(server, "{", NULL, &err), K8SC_E_PARSE);
    k8sc_error_free(err);
    assert_int_equal(get("/version"), 200);
}

static void refuses_wrong_arguments(void **state)
{
    (void)state;
    k8sc_error *err = NULL;
    char *json = NULL;
    k8sc_testing_options *options = make_options();
    assert_int_equal(k8sc_testing_options_new(NULL, &err), K8SC_E_INVALID);
    k8sc_error_free(err);
    assert_int_equal(k8sc_testing_options_set_port(options, 65536, &err), K8SC_E_INVALID);
    assert_string_equal(k8sc_error_message(err), "port is 65536; it must be 0 to 65535");
    k8sc_error_free(err);
    assert_int_equal(k8sc_testing_options_set_port(options, -1, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_options_set_token(options, "", NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_options_set_token(options, "a\nb", NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_options_set_bookmark_interval(options, -1, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_options_set_page_limit(options, -1, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_options_set_event_window(options, 0, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_options_add_kind(options, "a/b", "v1", "xs", "X", 1, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_options_add_kind(options, NULL, "v1", "", "X", 1, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_options_add_kind(options, NULL, "v1", "xs", "X\"", 1, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_options_set_tls(NULL, 1, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_options_set_page_limit(options, 2, &err), K8SC_OK);
    set_up_with(options);

    assert_int_equal(k8sc_testing_server_stop(NULL, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_server_put(server, NULL, 0, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_server_get(server, NULL, NULL, "pods", NULL, "a", &json, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_server_get(server, NULL, "v1", "pods", NULL, "a", NULL, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_server_fault_add(server, NULL, NULL, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_server_request_count(NULL, NULL, NULL), -1);
    assert_int_equal(k8sc_testing_server_watch_count(NULL), -1);
    assert_int_equal(k8sc_testing_server_connection_count(NULL), -1);
    assert_null(k8sc_testing_server_url(NULL));
    assert_null(k8sc_testing_server_ca_pem(server));
    k8sc_testing_server_free(NULL);
    k8sc_testing_options_free(NULL);
    k8sc_testing_string_free(NULL);

    for (int i = 0; i < 5; i++) seed_map("default", (const char *[]){"a", "b", "c", "d", "e"}[i], "{}");
    get(MAPS "?limit=500");
    assert_string_equal(names(), "a,b");
    get(next_page(500));
    assert_string_equal(names(), "c,d");
    get(MAPS);
    assert_string_equal(names(), "a,b,c,d,e");
}

/* ------------------------------------------------------------------------------------------------------- much at once -- */

enum { writers = 4, writes = 150, names_per_writer = 5 };

static void *write_much(void *number_of_writer)
{
    const int writer = *(int *)number_of_writer;
    unsigned random = (unsigned)writer * 7919 + 1;
    CURL *curl = curl_easy_init();
    for (int i = 0; i < writes; i++) {
        char path[256], body[256];
        struct buffer ignored = {NULL, 0};
        random = random * 1103515245 + 12345;
        const int name = (int)(random >> 16) % names_per_writer, act = (int)(random >> 24) % 3;
        snprintf(path, sizeof path, act == 0 ? MAPS : MAPS "/w%d-%d", writer, name);
        snprintf(body, sizeof body, "{\"metadata\":{\"name\":\"w%d-%d\"},\"data\":{\"i\":\"%d\"}}", writer, name, i);
        curl_easy_reset(curl);
        struct curl_slist *headers = aim(curl, path, act == 1 ? MERGE_PATCH : JSON_TYPE);
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, act == 0 ? "POST" : act == 1 ? "PATCH" : "DELETE");
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, act == 2 ? "" : body);
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
        curl_easy_setopt(curl, CURLOPT_WRITEDATA, &ignored);
        if (curl_easy_perform(curl) != CURLE_OK) *(int *)number_of_writer = -1;
        curl_slist_free_all(headers);
        free(ignored.data);
    }
    curl_easy_cleanup(curl);
    return NULL;
}

static void watches_see_everything_in_order(void **state)
{
    (void)state;
    struct watch *watch = start_watch(MAPS, "resourceVersion=0");
    pthread_t threads[writers];
    int numbers[writers];
    for (int i = 0; i < writers; i++) {
        numbers[i] = i;
        pthread_create(&threads[i], NULL, write_much, &numbers[i]);
    }
    for (int i = 0; i < 20; i++) assert_int_equal(get("/api/v1/configmaps?limit=3"), 200);
    for (int i = 0; i < writers; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(numbers[i], i);
    }
    seed_map("default", "zz-last", "{}");

    /* A copy kept from the events equals what is there in the end. */
    json_t *copy = json_object();
    int64_t last = 0;
    for (int i = 0;; i++) {
        json_t *event = frame(watch, i);
        assert_non_null(event);
        const char *type = json_string_value(at(event, "type")), *name = json_string_value(at(event, "object.metadata.name"));
        assert_true(frame_version(watch) > last);
        last = frame_version(watch);
        assert_int_equal(json_object_get(copy, name) == NULL, strcmp(type, "ADDED") == 0);
        if (strcmp(type, "DELETED") == 0) json_object_del(copy, name);
        else json_object_set(copy, name, at(event, "object"));
        if (strcmp(name, "zz-last") == 0) break;
    }
    end_watch(watch);
    get(MAPS);
    size_t i;
    json_t *item;
    assert_int_equal(json_array_size(at(answer.json, "items")), json_object_size(copy));
    json_array_foreach(at(answer.json, "items"), i, item)
    {
        json_t *seen = json_object_get(copy, json_string_value(at(item, "metadata.name")));
        json_object_del(seen, "kind");
        json_object_del(seen, "apiVersion");
        assert_true(json_equal(seen, item));
    }
    json_decref(copy);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(creates_objects_as_a_server_does),
        TEST(refuses_what_a_server_refuses),
        TEST(updates_with_and_without_a_version),
        TEST(patches),
        TEST(keeps_status_and_spec_apart),
        TEST(deletes),
        TEST(keeps_what_has_finalizers),
        TEST(learns_kinds_from_definitions),
        TEST(guesses_kinds_where_it_may),
        TEST(tells_about_itself),
        TEST(lists_types_without_their_kind),
        TEST(selects_by_labels_and_fields),
        TEST(pages_show_one_state),
        TEST(lists_states_of_the_past),
        TEST(watches_what_happens),
        TEST(watches_with_selectors),
        TEST(sends_bookmarks_and_ends_in_time),
        TEST(forgets_the_past),
        TEST(needs_token_and_authority),
        TEST(keeps_connections_alive),
        TEST(stops_and_comes_back),
        TEST(does_not_take_a_port_that_is_taken),
        TEST(leaves_no_thread_and_no_descriptor),
        TEST(notices_that_a_client_has_gone),
        TEST(acts_as_another_client),
        TEST(remembers_requests),
        TEST(faults_answer_otherwise),
        TEST(faults_spoil_bodies),
        TEST(faults_spoil_watches),
        TEST(faults_come_when_they_are_due),
        TEST(refuses_wrong_rules),
        TEST(refuses_wrong_arguments),
        TEST(watches_see_everything_in_order),
    };
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const int failed = cmocka_run_group_tests_name("fake server", tests, NULL, NULL);
    curl_global_cleanup();
    return failed;
}
