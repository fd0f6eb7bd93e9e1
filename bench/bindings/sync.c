/*
 * The C side of bench/bindings/run: an informer on all pods, and three fields of each read in its handler.
 *
 *   sync URL
 *
 * Prints one line of JSON, as its siblings in other languages do: the time from before the client is made to the SYNC
 * event, the peak of memory then and before, the number of pods, and the length of all that was read, which must be the
 * same everywhere.
 */
#include <k8sc.h>
#include <stdio.h>
#include <string.h>

#include "../measure.h"

struct seen {
    long pods, length;
    int synced;
};

static long length_of(const k8sc_object *pod, const char *pointer)
{
    size_t len = 0;
    const char *text = k8sc_object_str(pod, pointer, &len);
    return text ? (long)len : 0;
}

static int on_event(const k8sc_event *event, void *user_data)
{
    struct seen *seen = user_data;
    const k8sc_object *pod = k8sc_event_object(event);
    if (k8sc_event_kind(event) == K8SC_EVENT_SYNC) seen->synced = 1;
    if (k8sc_event_kind(event) != K8SC_EVENT_ADD) return 0;
    seen->pods++;
    seen->length +=
        (long)strlen(k8sc_object_name(pod)) + length_of(pod, "/status/phase") + length_of(pod, "/spec/nodeName");
    return 0;
}

static int sync(const char *url, struct seen *seen, k8sc_error **err)
{
    k8sc_config *config = NULL;
    k8sc_client *client = NULL;
    k8sc_informer_options *options = NULL;
    k8sc_informer_factory *factory = NULL;
    k8sc_informer *pods = NULL;
    int failed = k8sc_config_new(&config, err) < 0 || k8sc_config_set_server(config, url, err) < 0 ||
                 k8sc_client_new(config, &client, err) < 0 || k8sc_informer_options_new(&options, err) < 0 ||
                 k8sc_informer_options_set_drop_managed_fields(options, 1, err) < 0 ||
                 k8sc_informer_factory_new(client, options, &factory, err) < 0 ||
                 k8sc_informer_factory_for_resource(factory, "", "v1", "pods", &pods, err) < 0 ||
                 k8sc_informer_add_handler(pods, on_event, seen, NULL, NULL, err) < 0 ||
                 k8sc_informer_factory_start(factory, err) < 0;
    while (!failed && !seen->synced)
        failed = k8sc_queue_wait(k8sc_client_queue(client), -1, NULL, err) < 0 ||
                 k8sc_queue_dispatch(k8sc_client_queue(client), 0, NULL, err) < 0;
    k8sc_informer_unref(pods);
    k8sc_informer_factory_unref(factory);
    k8sc_informer_options_free(options);
    k8sc_client_unref(client);
    k8sc_config_free(config);
    return failed ? -1 : 0;
}

int main(int argc, char **argv)
{
    struct seen seen = {0, 0, 0};
    k8sc_error *err = NULL;
    double bare = measure_peak_rss_mb();
    int64_t began = measure_now_ns();
    if (argc != 2) {
        fprintf(stderr, "usage: sync URL\n");
        return 2;
    }
    if (sync(argv[1], &seen, &err) < 0) {
        fprintf(stderr, "sync: %s\n", k8sc_error_message(err));
        k8sc_error_free(err);
        return 1;
    }
    printf("{\"wall_s\":%.3f,\"cpu_s\":%.3f,\"bare_mb\":%.1f,\"peak_mb\":%.1f,\"pods\":%ld,\"length\":%ld}\n",
           (double)(measure_now_ns() - began) / 1e9, measure_cpu_s(), bare, measure_peak_rss_mb(), seen.pods,
           seen.length);
    return 0;
}
