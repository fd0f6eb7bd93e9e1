/*
 * What it costs to hold all pods of a cluster: an informer on a replayed list, until each pod is in the cache and was handed to
 * one handler.
 *
 *   informer_sync [--server URL] [--pods N] [--keep-managed-fields] [--json]
 *
 * Without --server it runs the replay server itself. Figures are taken at the SYNC event; RSS once more when the process has
 * come to rest.
 */
#define _POSIX_C_SOURCE 200809L
#include <k8sc.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "arguments.h"
#include "measure.h"
#include "run_server.h"

struct progress {
    unsigned added;
    int synced;
    int failed;
};

static int on_pod(const k8sc_event *event, void *user_data)
{
    struct progress *progress = user_data;
    switch (k8sc_event_kind(event)) {
    case K8SC_EVENT_ADD:
        if (k8sc_object_name(k8sc_event_object(event))) progress->added++;
        break;
    case K8SC_EVENT_SYNC:
        progress->synced = 1;
        break;
    case K8SC_EVENT_ERROR:
        fprintf(stderr, "informer_sync: %s\n", k8sc_error_message(k8sc_event_error(event)));
        progress->failed = 1;
        break;
    default:
        break;
    }
    return 0;
}

static int run(const struct arguments *arguments, const char *server, struct measure *measure)
{
    const struct timespec rest = {0, 500 * 1000 * 1000};
    struct progress progress = {0, 0, 0};
    k8sc_config *config = NULL;
    k8sc_client *client = NULL;
    k8sc_informer_options *options = NULL;
    k8sc_informer *pods = NULL;
    k8sc_error *err = NULL;
    int failed = 1;

    if (k8sc_config_new(&config, &err) < 0 || k8sc_config_set_server(config, server, &err) < 0 ||
        k8sc_client_new(config, &client, &err) < 0 || k8sc_informer_options_new(&options, &err) < 0 ||
        k8sc_informer_options_set_drop_managed_fields(options, !arguments->keep_managed_fields, &err) < 0 ||
        k8sc_informer_new(client, "", "v1", "pods", options, &pods, &err) < 0 ||
        k8sc_informer_add_handler(pods, on_pod, &progress, NULL, NULL, &err) < 0 || k8sc_informer_start(pods, &err) < 0)
        goto out;
    while (!progress.synced && !progress.failed) {
        k8sc_queue *queue = k8sc_client_queue(client);
        if (k8sc_queue_wait(queue, -1, NULL, &err) < 0 || k8sc_queue_dispatch(queue, 0, NULL, &err) < 0) goto out;
    }
    measure_now(measure);
    nanosleep(&rest, NULL);
    measure->rss_mb = measure_rss_mb();
    if (progress.failed) goto out;
    failed = progress.added != arguments->pods;
    if (failed) fprintf(stderr, "informer_sync: %u pods instead of %u\n", progress.added, arguments->pods);

out:
    if (err) fprintf(stderr, "informer_sync: %s\n", k8sc_error_message(err));
    k8sc_error_free(err);
    if (client) k8sc_client_close(client, -1, NULL);
    k8sc_informer_unref(pods);
    k8sc_informer_options_free(options);
    k8sc_client_unref(client);
    k8sc_config_free(config);
    return failed;
}

int main(int argc, char **argv)
{
    struct arguments arguments;
    struct run_server server = {0, ""};
    struct measure measure;
    int failed;
    if (arguments_parse(&arguments, argc, argv) < 0) return 2;
    if (!arguments.server && run_server_start(&server, arguments.pods) < 0) return EXIT_FAILURE;
    measure_begin();
    failed = run(&arguments, arguments.server ? arguments.server : server.url, &measure);
    run_server_stop(&server);
    if (failed) return EXIT_FAILURE;
    measure_print(arguments.keep_managed_fields ? "k8sc informer, managedFields kept" : "k8sc informer", arguments.pods, &measure, arguments.json);
    return EXIT_SUCCESS;
}
