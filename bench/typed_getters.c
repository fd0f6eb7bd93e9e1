/*
 * What a typed getter costs beside the JSON Pointer getter that finds the same: nanoseconds of CPU a read, over one pod
 * of a cluster.
 *
 *   typed_getters [--rounds N]
 *
 * Both are measured in turns; each figure is the median of nine. Prints one line of JSON for each field.
 */
#include <k8sc/core_v1.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure.h"
#include "pods.h"

#define TURNS 9

static k8sc_object *make_pod(void)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    k8sc_object *pod = NULL;
    if (!out) return NULL;
    pod_write(out, 7);
    fclose(out);
    k8sc_object_parse_json(text, size, &pod, NULL);
    free(text);
    return pod;
}

static int by_number(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static volatile int64_t sink;

#define MEASURE(name, typed, pointer) \
    do { \
        double with_type[TURNS], with_pointer[TURNS], before; \
        int turn; \
        long i; \
        for (turn = 0; turn < TURNS; turn++) { \
            before = measure_cpu_s(); \
            for (i = 0; i < rounds; i++) sink += (int64_t)(intptr_t)(typed); \
            with_type[turn] = (measure_cpu_s() - before) * 1e9 / (double)rounds; \
            before = measure_cpu_s(); \
            for (i = 0; i < rounds; i++) sink += (int64_t)(intptr_t)(pointer); \
            with_pointer[turn] = (measure_cpu_s() - before) * 1e9 / (double)rounds; \
        } \
        qsort(with_type, TURNS, sizeof *with_type, by_number); \
        qsort(with_pointer, TURNS, sizeof *with_pointer, by_number); \
        printf("{\"field\":\"%s\",\"typed_ns\":%.1f,\"pointer_ns\":%.1f,\"ratio\":%.2f}\n", name, \
               with_type[TURNS / 2], with_pointer[TURNS / 2], with_type[TURNS / 2] / with_pointer[TURNS / 2]); \
    } while (0)

int main(int argc, char **argv)
{
    k8sc_object *object = make_pod();
    long rounds = argc == 3 && strcmp(argv[1], "--rounds") == 0 ? atol(argv[2]) : 200000;
    k8sc_core_v1_pod pod;
    if (!object || rounds < 1 || k8sc_core_v1_pod_from(object, &pod, NULL) < 0) return EXIT_FAILURE;
    MEASURE("metadata.name", K8SC_STR(pod, metadata.name), k8sc_object_str(object, "/metadata/name", NULL));
    MEASURE("spec.nodeName", K8SC_STR(pod, spec.nodeName), k8sc_object_str(object, "/spec/nodeName", NULL));
    MEASURE("spec.containers[0].image", K8SC_STR(pod, spec.containers[0].image),
            k8sc_object_str(object, "/spec/containers/0/image", NULL));
    MEASURE("status.phase", K8SC_STR(pod, status.phase), k8sc_object_str(object, "/status/phase", NULL));
    MEASURE("status.containerStatuses[0].restartCount", K8SC_INT(pod, status.containerStatuses[0].restartCount, -1),
            k8sc_object_int(object, "/status/containerStatuses/0/restartCount", -1));
    k8sc_object_unref(object);
    return EXIT_SUCCESS;
}
