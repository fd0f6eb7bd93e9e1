/*
 * What the events of a watch cost, once all pods are in the cache: CPU, memory, and the time from the server's write to
 * the handler.
 *
 *   informer_watch [--server URL] [--pods N] [--keep-managed-fields] [--events N] [--rate N]
 *
 * With --rate so many events a second, without it as many as are read. Prints one line of JSON.
 */
#include <stdio.h>
#include <stdlib.h>

#include "measure.h"
#include "pod_informer.h"
#include "pods.h"

struct latencies {
    int64_t *ns;
    size_t count;
};

static void on_update(const k8sc_object *pod, void *user_data)
{
    struct latencies *latencies = user_data;
    const char *sent = k8sc_object_annotation(pod, POD_SENT);
    latencies->ns[latencies->count++] = sent ? measure_now_ns() - strtoll(sent, NULL, 10) : INT64_MAX;
}

static int compare(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static double at_us(const struct latencies *latencies, double share)
{
    return (double)latencies->ns[(size_t)(share * (double)(latencies->count - 1))] / 1e3;
}

static int run(struct pod_informer *pods, const struct arguments *arguments, struct latencies *latencies)
{
    double cpu, wall, before, peak;
    if (pod_informer_begin(pods, arguments) < 0) return -1;
    if (arguments->rate) {
        pods->on_update = on_update;
        pods->user_data = latencies;
    }
    if (pod_informer_sync(pods, arguments) < 0) return -1;
    measure_rest();
    before = measure_rss_mb();
    cpu = measure_cpu_s();
    wall = (double)measure_now_ns();
    if (pod_informer_play(pods, arguments) < 0) return -1;
    cpu = measure_cpu_s() - cpu;
    wall = ((double)measure_now_ns() - wall) / 1e9;
    peak = measure_peak_rss_mb();
    if (arguments->rate) {
        qsort(latencies->ns, latencies->count, sizeof *latencies->ns, compare);
        printf("{\"median_us\":%.1f,\"p99_us\":%.1f,\"max_us\":%.1f,\"cpu_s\":%.3f}\n", at_us(latencies, 0.5),
               at_us(latencies, 0.99), at_us(latencies, 1), cpu);
        return 0;
    }
    measure_rest();
    printf("{\"cpu_s\":%.3f,\"wall_s\":%.3f,\"events_per_cpu_s\":%.0f,\"rss_before_mb\":%.1f,\"rss_after_mb\":%.1f,"
           "\"peak_rss_mb\":%.1f}\n",
           cpu, wall, arguments->events / cpu, before, measure_rss_mb(), peak);
    return 0;
}

int main(int argc, char **argv)
{
    struct arguments arguments;
    struct pod_informer pods;
    struct latencies latencies = {NULL, 0};
    int status;
    if (arguments_parse(&arguments, argc, argv) < 0) return 2;
    if (!(latencies.ns = malloc(arguments.events * sizeof *latencies.ns))) return EXIT_FAILURE;
    status = pod_informer_end(&pods, run(&pods, &arguments, &latencies));
    free(latencies.ns);
    return status;
}
