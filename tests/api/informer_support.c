#include "informer_support.h"

k8sc_client *client;
k8sc_queue *queue;
int32_t list_mode;

/* What the running test has made, to be released at its end. */
#define MOST 64
static k8sc_registration *registrations[MOST];
static k8sc_informer *informers[MOST];
static k8sc_informer_factory *factories[MOST];
static k8sc_informer_options *options_made[MOST];
static k8sc_lister *listers[MOST];
static size_t registration_count, informer_count, factory_count, options_count, lister_count;

static void room(size_t count)
{
    if (count >= MOST) fail_msg("a test makes more than %d of a kind", MOST);
}

/* ---- server and client */

k8sc_testing_options *server_options(void)
{
    k8sc_testing_options *options;
    k8sc_error *err;
    OK(k8sc_testing_options_new(&options, &err));
    OK(k8sc_testing_options_set_bookmark_interval(options, 0, &err));
    if (list_mode == K8SC_LIST_STREAM)
        OK(k8sc_testing_options_set_streaming_lists(options, K8SC_TESTING_STREAMING_SUPPORTED, &err));
    return options;
}

k8sc_config *client_config(void)
{
    k8sc_config *config;
    k8sc_error *err;
    OK(k8sc_config_new(&config, &err));
    OK(k8sc_config_set_server(config, k8sc_testing_server_url(server), &err));
    const char *ca = k8sc_testing_server_ca_pem(server);
    if (ca) OK(k8sc_config_set_ca(config, ca, strlen(ca), &err));
    OK(k8sc_config_set_rate_limit(config, -1, 0, &err));
    return config;
}

static void drop_client(void)
{
    if (client) k8sc_client_close(client, -1, NULL);
    k8sc_client_unref(client);
    client = NULL;
    k8sc_queue_unref(queue);
    queue = NULL;
}

void use_client(k8sc_config *config)
{
    k8sc_error *err;
    drop_client();
    k8sc_status status = k8sc_client_new(config, &client, &err);
    k8sc_config_free(config);
    OK(status);
    queue = k8sc_queue_ref(k8sc_client_queue(client));
}

k8sc_client *another_client(void)
{
    k8sc_client *other;
    k8sc_error *err;
    k8sc_config *config = client_config();
    k8sc_status status = k8sc_client_new(config, &other, &err);
    k8sc_config_free(config);
    OK(status);
    return other;
}

void use_server(k8sc_testing_options *options)
{
    k8sc_error *err;
    drop_client();
    k8sc_testing_server_free(server);
    server = NULL;
    /* By HTTP/2, which takes TLS, where the environment says so. */
    if (getenv("K8SC_TEST_HTTP2")) OK(k8sc_testing_options_set_tls(options, 1, &err));
    k8sc_status status = k8sc_testing_server_start(options, &server, &err);
    k8sc_testing_options_free(options);
    OK(status);
    use_client(client_config());
}

int set_up(void **state)
{
    const char *lists = getenv("K8SC_TEST_LISTS");
    (void)state;
    list_mode = lists && strcmp(lists, "stream") == 0 ? K8SC_LIST_STREAM : K8SC_LIST_PAGES;
    use_server(server_options());
    return 0;
}

int tear_down(void **state)
{
    (void)state;
    forget_errors();
    while (registration_count) k8sc_registration_unref(registrations[--registration_count]);
    while (factory_count) k8sc_informer_factory_unref(factories[--factory_count]);
    while (informer_count) k8sc_informer_unref(informers[--informer_count]);
    while (options_count) k8sc_informer_options_free(options_made[--options_count]);
    drop_client();
    while (lister_count) k8sc_lister_unref(listers[--lister_count]);
    k8sc_testing_server_free(server);
    server = NULL;
    return release_recorders() ? -1 : 0;
}

int run_named_tests(const char *name, const struct CMUnitTest *tests, size_t count)
{
    const char *only = getenv("K8SC_TEST");
    if (only) cmocka_set_test_filter(only);
    return _cmocka_run_group_tests(name, tests, count, NULL, NULL);
}

/* ---- objects */

const char *server_text(const char *space, const char *name)
{
    static char text[4096];
    char *json;
    text[0] = '\0';
    if (k8sc_testing_server_get(server, "", "v1", "configmaps", space, name, &json, NULL) == K8SC_OK)
        snprintf(text, sizeof text, "%s", json);
    k8sc_testing_string_free(json);
    return text;
}

/* ---- requests */

static k8sc_object *request_log(void)
{
    char *log;
    k8sc_error *err;
    k8sc_object *object;
    OK(k8sc_testing_server_request_log(server, &log, &err));
    size_t size = strlen(log) + 16;
    char *text = malloc(size);
    if (!text) abort();
    snprintf(text, size, "{\"r\":%s}", log);
    k8sc_testing_string_free(log);
    k8sc_status status = k8sc_object_parse_json(text, strlen(text), &object, &err);
    free(text);
    OK(status);
    return object;
}

static int64_t find_request(const char *verb, int64_t wanted, char *found, size_t size)
{
    k8sc_object *log = request_log();
    int64_t all = k8sc_object_size(log, "/r"), seen = 0;
    for (int64_t i = 0; i < all; i++) {
        char pointer[64];
        snprintf(pointer, sizeof pointer, "/r/%lld/verb", (long long)i);
        if (verb && strcmp(k8sc_object_str(log, pointer, NULL), verb) != 0) continue;
        if (seen++ == wanted && found) {
            snprintf(pointer, sizeof pointer, "/r/%lld/query", (long long)i);
            snprintf(found, size, "%s", k8sc_object_str(log, pointer, NULL));
        }
    }
    k8sc_object_unref(log);
    return seen;
}

int64_t requests(const char *verb) { return find_request(verb, -1, NULL, 0); }

const char *query(const char *verb, int64_t nth)
{
    static char text[2048];
    int64_t all = requests(verb), wanted = nth < 0 ? all + nth : nth;
    if (wanted < 0 || wanted >= all)
        fail_msg("there is no %s request number %lld, only %lld of them", verb ? verb : "", (long long)nth,
                 (long long)all);
    find_request(verb, wanted, text, sizeof text);
    return text;
}

const char *parameter(const char *of, const char *name)
{
    static char value[1024];
    size_t len = strlen(name);
    for (const char *at = of; at && *at; at = strchr(at, '&') ? strchr(at, '&') + 1 : NULL) {
        if (strncmp(at, name, len) != 0 || at[len] != '=') continue;
        size_t size = strcspn(at + len + 1, "&");
        if (size >= sizeof value) size = sizeof value - 1;
        memcpy(value, at + len + 1, size);
        value[size] = '\0';
        return value;
    }
    return NULL;
}

/* ---- handlers */

static void copy(char *to, size_t size, const char *from) { snprintf(to, size, "%s", from ? from : ""); }

static k8sc_registration *keep_registration(k8sc_registration *registration)
{
    room(registration_count);
    return registrations[registration_count++] = registration;
}

k8sc_registration *attach(k8sc_informer *informer, struct recorder *recorder)
{
    k8sc_registration *registration;
    k8sc_error *err;
    recorder->used = 1;
    OK(k8sc_informer_add_handler(informer, RECORD(recorder), &registration, &err));
    return keep_registration(registration);
}

k8sc_registration *attach_with(k8sc_informer *informer, int64_t resync_ms, k8sc_queue *to, struct recorder *recorder)
{
    k8sc_registration *registration;
    k8sc_error *err;
    recorder->used = 1;
    OK(k8sc_informer_add_handler_with(informer, resync_ms, to, RECORD(recorder), &registration, &err));
    return keep_registration(registration);
}

/* ---- informers */

k8sc_informer_options *informer_options(void)
{
    k8sc_error *err;
    room(options_count);
    OK(k8sc_informer_options_new(&options_made[options_count], &err));
    OK(k8sc_informer_options_set_list_mode(options_made[options_count], list_mode, &err));
    return options_made[options_count++];
}

k8sc_informer *new_informer(const k8sc_informer_options *options)
{
    k8sc_error *err;
    room(informer_count);
    OK(k8sc_informer_new(client, "", "v1", "configmaps", options ? options : informer_options(),
                         &informers[informer_count], &err));
    return informers[informer_count++];
}

k8sc_informer_factory *new_factory(const k8sc_informer_options *options)
{
    k8sc_error *err;
    room(factory_count);
    OK(k8sc_informer_factory_new(client, options ? options : informer_options(), &factories[factory_count], &err));
    return factories[factory_count++];
}

k8sc_informer *informer_of(k8sc_informer_factory *factory, const char *group, const char *version, const char *resource)
{
    k8sc_error *err;
    room(informer_count);
    OK(k8sc_informer_factory_for_resource(factory, group, version, resource, &informers[informer_count], &err));
    return informers[informer_count++];
}

k8sc_lister *lister_of(k8sc_informer *informer)
{
    k8sc_error *err;
    room(lister_count);
    OK(k8sc_informer_lister(informer, &listers[lister_count], &err));
    return listers[lister_count++];
}

k8sc_informer *running_informer(const k8sc_informer_options *options, struct recorder *recorder)
{
    k8sc_error *err;
    k8sc_informer *informer = new_informer(options);
    attach(informer, recorder);
    OK(k8sc_informer_start(informer, &err));
    RUN_UNTIL(count_of(recorder, K8SC_EVENT_SYNC, NULL) == 1);
    AWAIT(k8sc_testing_server_watch_count(server) >= 1);
    return informer;
}

int64_t statistic(k8sc_informer *informer, const char *name)
{
    char *json, key[32];
    k8sc_error *err;
    OK(k8sc_informer_statistics_json(informer, &json, &err));
    snprintf(key, sizeof key, "\"%s\":", name);
    const char *value = strstr(json, key);
    assert_non_null(value);
    value += strlen(key);
    int64_t number = strncmp(value, "true", 4) == 0 ? 1 : atoll(value);
    k8sc_string_free(json);
    return number;
}

int compare_names(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

const char *names_of(k8sc_list *list)
{
    static char text[1024];
    const char *names[64];
    int64_t count = k8sc_list_size(list);
    size_t at = 0;
    if (count > 64) count = 64;
    for (int64_t i = 0; i < count; i++) names[i] = k8sc_object_name(k8sc_list_at(list, i));
    qsort(names, count > 0 ? (size_t)count : 0, sizeof *names, compare_names);
    text[0] = '\0';
    for (int64_t i = 0; i < count; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, "%s%s", i ? " " : "", names[i]);
    k8sc_list_free(list);
    return text;
}

const char *indexed(k8sc_lister *lister, const char *index, const char *value)
{
    k8sc_list *list;
    k8sc_error *err;
    OK(k8sc_lister_by_index(lister, index, value, &list, &err));
    return names_of(list);
}

const char *cached(k8sc_lister *lister, const char *space, const char *name)
{
    static char value[256];
    k8sc_object *object;
    value[0] = '\0';
    if (k8sc_lister_get(lister, space, name, &object, NULL) == K8SC_OK)
        copy(value, sizeof value, k8sc_object_str(object, "/data/v", NULL));
    k8sc_object_unref(object);
    return value;
}

/* ---- waiting */

void turn_queue(k8sc_queue *which)
{
    k8sc_queue_wait(which, 5, NULL, NULL);
    k8sc_queue_dispatch(which, 0, NULL, NULL);
}

void turn(void) { turn_queue(queue); }
