#include "support.h"

/* ---- handles */

k8sc_client *client;

#define RELEASE(type, how) \
    static void release_##type(void *handle) { k8sc_##type##_##how(handle); }
RELEASE(config, free)
RELEASE(resource, unref)
RELEASE(rest_client, unref)
RELEASE(request, free)
RELEASE(options, free)
RELEASE(informer_options, free)
RELEASE(cancel, unref)
RELEASE(queue, unref)
RELEASE(object, unref)
RELEASE(list, free)
RELEASE(result, free)

static void release_client(void *handle)
{
    k8sc_client_close(handle, PATIENCE_MS, NULL);
    k8sc_client_unref(handle);
}

k8sc_config *new_config_for(const char *url)
{
    k8sc_config *config = NULL;
    OK(k8sc_config_new(&config, &err));
    track(config, release_config);
    OK(k8sc_config_set_server(config, url, &err));
    OK(k8sc_config_set_rate_limit(config, -1, 0, &err));
    return config;
}

k8sc_config *new_config(void)
{
    k8sc_config *config = new_config_for(k8sc_testing_server_url(server));
    const char *ca = k8sc_testing_server_ca_pem(server);
    if (ca) OK(k8sc_config_set_ca(config, ca, strlen(ca), &err));
    return config;
}

k8sc_client *new_client(k8sc_config *config)
{
    k8sc_client *made = NULL;
    OK(k8sc_client_new(config, &made, &err));
    return track(made, release_client);
}

k8sc_client *new_shared_client(k8sc_config *config, k8sc_client *other)
{
    k8sc_client *made = NULL;
    OK(k8sc_client_new_shared(config, other, &made, &err));
    return track(made, release_client);
}

k8sc_resource *new_resource(k8sc_client *of, const char *group, const char *version, const char *resource,
                            const char *ns)
{
    k8sc_resource *made = NULL;
    OK(k8sc_client_resource(of, group, version, resource, ns, &made, &err));
    return track(made, release_resource);
}

k8sc_rest_client *new_rest(k8sc_client *of, const char *group, const char *version)
{
    k8sc_rest_client *made = NULL;
    OK(k8sc_client_rest(of, group, version, &made, &err));
    return track(made, release_rest_client);
}

k8sc_request *new_request(const char *method)
{
    k8sc_request *made = NULL;
    OK(k8sc_rest_client_verb(new_rest(client, "", "v1"), method, &made, &err));
    return track(made, release_request);
}

k8sc_options *new_options(void)
{
    k8sc_options *made = NULL;
    OK(k8sc_options_new(&made, &err));
    return track(made, release_options);
}

k8sc_informer_options *in_pages(void)
{
    k8sc_informer_options *options = NULL;
    OK(k8sc_informer_options_new(&options, &err));
    track(options, release_informer_options);
    OK(k8sc_informer_options_set_list_mode(options, K8SC_LIST_PAGES, &err));
    return options;
}

k8sc_cancel *new_cancel(void)
{
    k8sc_cancel *made = NULL;
    OK(k8sc_cancel_new(&made, &err));
    return track(made, release_cancel);
}

k8sc_queue *new_queue(void)
{
    k8sc_queue *made = NULL;
    OK(k8sc_queue_new(&made, &err));
    return track(made, release_queue);
}

k8sc_object *parse(const char *json)
{
    k8sc_object *made = NULL;
    OK(k8sc_object_parse_json(json, strlen(json), &made, &err));
    return keep_object(made);
}

k8sc_object *keep_object(k8sc_object *object) { return track(object, release_object); }
k8sc_list *keep_list(k8sc_list *list) { return track(list, release_list); }
k8sc_result *keep_result(k8sc_result *result) { return track(result, release_result); }

/* By HTTP/2, which takes TLS, where the environment says so. Frees the options, which may be NULL. */
static void begin(k8sc_testing_options *options)
{
    if (!options) OK(k8sc_testing_options_new(&options, &err));
    if (getenv("K8SC_TEST_HTTP2")) OK(k8sc_testing_options_set_tls(options, 1, &err));
    OK(k8sc_testing_server_start(options, &server, &err));
    k8sc_testing_options_free(options);
    client = new_client(new_config());
}

int set_up(void **state)
{
    k8sc_testing_options *options = NULL;
    (void)state;
    OK(k8sc_testing_options_new(&options, &err));
    /* No bookmarks, unless a test wants them. */
    OK(k8sc_testing_options_set_bookmark_interval(options, 0, &err));
    begin(options);
    return 0;
}

int tear_down(void **state)
{
    (void)state;
    release_tracked();
    client = NULL;
    k8sc_testing_server_free(server);
    server = NULL;
    forget_errors();
    return release_recorders() ? -1 : 0;
}

void restart_server_with(k8sc_testing_options *options)
{
    release_tracked();
    k8sc_testing_server_free(server);
    server = NULL;
    begin(options);
}

void seed_map(const char *name) { put_map("default", name, NULL); }

void seed_maps(int count)
{
    char name[32];
    for (int i = 0; i < count; i++) {
        snprintf(name, sizeof name, "map-%04d", i);
        seed_map(name);
    }
}

void await_open(void) { AWAIT(k8sc_testing_server_watch_count(server) == 1); }

k8sc_object *last_request(const char *method)
{
    char *text = NULL;
    OK(k8sc_testing_server_last_request(server, method, NULL, &text, &err));
    k8sc_object *object = parse(text);
    k8sc_testing_string_free(text);
    return object;
}

k8sc_object *request_log(void)
{
    char *text = NULL;
    OK(k8sc_testing_server_request_log(server, &text, &err));
    char *wrapped = malloc(strlen(text) + 16);
    sprintf(wrapped, "{\"log\":%s}", text);
    k8sc_testing_string_free(text);
    k8sc_object *object = parse(wrapped);
    free(wrapped);
    return object;
}

/* ---- events */

k8sc_event *take(k8sc_queue *queue)
{
    k8sc_event *event = NULL;
    OK(k8sc_queue_take(queue, &event, &err));
    AWAIT_WITHIN(PATIENCE_MS, event, {
        OK(k8sc_queue_wait(queue, 100, NULL, &err));
        OK(k8sc_queue_take(queue, &event, &err));
    });
    return event;
}

long resident_kb(void)
{
    char line[128];
    long kb = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "VmRSS: %ld", &kb) == 1) break;
    if (file) fclose(file);
    return kb;
}
