/*
 * What it costs to hold all pods of a cluster: an informer on a replayed list, until each pod is in the cache and was
 * handed to one handler.
 *
 *   informer_sync [--server URL] [--pods N] [--keep-managed-fields]
 *
 * Without --server it runs the replay server itself. Prints one line of JSON: figures at the SYNC event, and RSS once
 * more when the process has come to rest.
 */
#include <stdio.h>

#include "measure.h"
#include "pod_informer.h"

static int run(struct pod_informer *pods, const struct arguments *arguments)
{
    int64_t began = measure_now_ns();
    double cpu, wall, peak;
    if (pod_informer_begin(pods, arguments) < 0 || pod_informer_sync(pods, arguments) < 0) return -1;
    cpu = measure_cpu_s();
    wall = (double)(measure_now_ns() - began) / 1e9;
    peak = measure_peak_rss_mb();
    measure_rest();
    printf("{\"cpu_s\":%.3f,\"wall_s\":%.3f,\"peak_rss_mb\":%.1f,\"rss_mb\":%.1f}\n", cpu, wall, peak,
           measure_rss_mb());
    return 0;
}

int main(int argc, char **argv)
{
    struct arguments arguments;
    struct pod_informer pods;
    if (arguments_parse(&arguments, argc, argv) < 0) return 2;
    return pod_informer_end(&pods, run(&pods, &arguments));
}
