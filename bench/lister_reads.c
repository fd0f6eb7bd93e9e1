/*
 * What it costs to read the cache: to get a pod by its name, and to find the pods of a node in an index.
 *
 *   lister_reads [--server URL] [--pods N] [--keep-managed-fields] [--rounds N]
 *
 * Each pod and each node is asked for once a round. Prints one line of JSON; the times are CPU time.
 */
#include <stdio.h>
#include <stdlib.h>

#include "measure.h"
#include "pod_informer.h"

static int get_all(k8sc_lister *lister, const k8sc_list *all, k8sc_error **err)
{
    int64_t i;
    for (i = 0; i < k8sc_list_size(all); i++) {
        const k8sc_object *pod = k8sc_list_at(all, i);
        k8sc_object *found;
        if (k8sc_lister_get(lister, k8sc_object_namespace(pod), k8sc_object_name(pod), &found, err) < 0) return -1;
        k8sc_object_unref(found);
    }
    return 0;
}

static int64_t look_up_all(k8sc_lister *lister, const k8sc_strings *nodes, k8sc_error **err)
{
    int64_t i, count = 0;
    for (i = 0; i < k8sc_strings_size(nodes); i++) {
        k8sc_list *found;
        if (k8sc_lister_by_index(lister, "node", k8sc_strings_at(nodes, i, NULL), &found, err) < 0) return -1;
        count += k8sc_list_size(found);
        k8sc_list_free(found);
    }
    return count;
}

static int measure(k8sc_lister *lister, const k8sc_list *all, const k8sc_strings *nodes, unsigned rounds,
                   k8sc_error **err)
{
    double cpu = measure_cpu_s(), gets, look_ups;
    unsigned i;
    for (i = 0; i < rounds; i++)
        if (get_all(lister, all, err) < 0) return -1;
    gets = (measure_cpu_s() - cpu) * 1e9 / rounds / (double)k8sc_list_size(all);
    cpu = measure_cpu_s();
    for (i = 0; i < rounds; i++)
        if (look_up_all(lister, nodes, err) != k8sc_list_size(all)) return -1;
    look_ups = (measure_cpu_s() - cpu) * 1e9 / rounds;
    printf("{\"get_ns\":%.0f,\"gets_per_cpu_s\":%.0f,\"index_ns\":%.0f,\"index_ns_per_object\":%.1f}\n", gets,
           1e9 / gets, look_ups / (double)k8sc_strings_size(nodes), look_ups / (double)k8sc_list_size(all));
    return 0;
}

static int run(struct pod_informer *pods, const struct arguments *arguments)
{
    k8sc_lister *lister = NULL;
    k8sc_list *all = NULL;
    k8sc_strings *nodes = NULL;
    k8sc_error *err = NULL;
    int status;
    if (pod_informer_begin(pods, arguments) < 0) return -1;
    if (k8sc_informer_add_pointer_index(pods->informer, "node", "/spec/nodeName", &err) < 0)
        return pod_informer_fail(err);
    if (pod_informer_sync(pods, arguments) < 0) return -1;
    measure_rest();
    status = k8sc_informer_lister(pods->informer, &lister, &err) < 0 ||
             k8sc_lister_list(lister, NULL, NULL, &all, &err) < 0 ||
             k8sc_lister_index_values(lister, "node", &nodes, &err) < 0 ||
             measure(lister, all, nodes, arguments->rounds, &err) < 0;
    k8sc_strings_free(nodes);
    k8sc_list_free(all);
    k8sc_lister_unref(lister);
    return status ? pod_informer_fail(err) : 0;
}

int main(int argc, char **argv)
{
    struct arguments arguments;
    struct pod_informer pods;
    if (arguments_parse(&arguments, argc, argv) < 0) return 2;
    return pod_informer_end(&pods, run(&pods, &arguments));
}
