/*
 * What a process with many informers needs while nothing happens: connections, threads, descriptors, memory, CPU time.
 *
 *   many_informers [--server URL] [--informers N] [--seconds N]
 *
 * Each informer has a resource of its own, without objects. Prints one line of JSON; CPU time is scaled to an hour.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <time.h>

#include "measure.h"
#include "pod_informer.h"

static int on_event(const k8sc_event *event, void *user_data)
{
    if (k8sc_event_kind(event) == K8SC_EVENT_SYNC) ++*(unsigned *)user_data;
    if (k8sc_event_kind(event) == K8SC_EVENT_ERROR)
        fprintf(stderr, "many_informers: %s\n", k8sc_error_message(k8sc_event_error(event)));
    return 0;
}

/* Dispatches, as a program would that has nothing else to do. */
static int dispatch_for(k8sc_queue *queue, int64_t ms, k8sc_error **err)
{
    int64_t until = measure_now_ns() + ms * 1000000, left;
    while ((left = until - measure_now_ns()) > 0) {
        k8sc_status status = k8sc_queue_wait(queue, left / 1000000 + 1, NULL, err);
        if (status == K8SC_E_TIMEOUT && err) {
            k8sc_error_free(*err);
            *err = NULL;
        } else if (status < 0) {
            return -1;
        }
        if (k8sc_queue_dispatch(queue, 0, NULL, err) < 0) return -1;
    }
    return 0;
}

static int measure(k8sc_client *client, k8sc_informer_factory *factory, const struct arguments *arguments,
                   unsigned *synced, k8sc_error **err)
{
    k8sc_queue *queue = k8sc_client_queue(client);
    double cpu;
    unsigned i;
    int descriptors, connections;
    for (i = 0; i < arguments->informers; i++) {
        k8sc_informer *informer = NULL;
        char resource[32];
        int failed;
        snprintf(resource, sizeof resource, "things%u", i);
        failed = k8sc_informer_factory_for_resource(factory, "bench.example.com", "v1", resource, &informer, err) < 0 ||
                 k8sc_informer_add_handler(informer, on_event, synced, NULL, NULL, err) < 0;
        k8sc_informer_unref(informer);
        if (failed) return -1;
    }
    if (k8sc_informer_factory_start(factory, err) < 0) return -1;
    while (*synced < arguments->informers)
        if (dispatch_for(queue, 10, err) < 0) return -1;
    if (dispatch_for(queue, 2000, err) < 0) return -1;
    cpu = measure_cpu_s();
    if (dispatch_for(queue, arguments->seconds * INT64_C(1000), err) < 0) return -1;
    cpu = measure_cpu_s() - cpu;
    descriptors = measure_descriptors(&connections);
    printf("{\"connections\":%d,\"threads\":%d,\"descriptors\":%d,\"rss_mb\":%.1f,\"idle_cpu_s_per_hour\":%.2f}\n",
           connections, measure_threads(), descriptors, measure_rss_mb(), cpu * 3600 / arguments->seconds);
    return 0;
}

static int run(struct pod_informer *client, const struct arguments *arguments)
{
    k8sc_informer_factory *factory = NULL;
    k8sc_error *err = NULL;
    unsigned synced = 0;
    int status;
    if (pod_informer_client(client, arguments) < 0) return -1;
    status = k8sc_informer_factory_new(client->client, NULL, &factory, &err) < 0 ||
             measure(client->client, factory, arguments, &synced, &err) < 0;
    if (factory) k8sc_informer_factory_shutdown(factory, NULL);
    k8sc_informer_factory_unref(factory);
    return status ? pod_informer_fail(err) : 0;
}

int main(int argc, char **argv)
{
    struct arguments arguments;
    struct pod_informer client;
    if (arguments_parse(&arguments, argc, argv) < 0) return 2;
    arguments.pods = 1;
    return pod_informer_end(&client, run(&client, &arguments));
}
