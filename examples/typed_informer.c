/*
 * Watches pods that have not ended, through a typed informer: a field selector keeps the others away, and managedFields
 * are left out before an object is stored.
 *
 *   typed_informer [KUBECONFIG]
 *
 * Ends on Ctrl-C.
 */
#include <k8sc/core_v1.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static k8sc_queue *queue;
static volatile sig_atomic_t stopping;

static void on_signal(int number)
{
    (void)number;
    stopping = 1;
    k8sc_queue_wakeup(queue);
}

static int on_pod(const k8sc_core_v1_pod_event *event, void *user_data)
{
    k8sc_core_v1_pod pod = k8sc_core_v1_pod_event_object(event);
    const k8sc_event *base = k8sc_core_v1_pod_event_base(event);
    const char *node = K8SC_STR(pod, spec.nodeName), *phase = K8SC_STR(pod, status.phase);
    int64_t restarts = 0;
    (void)user_data;
    if (k8sc_event_kind(base) == K8SC_EVENT_ERROR) {
        fprintf(stderr, "%-8s %s\n", "ERROR", k8sc_error_message(k8sc_event_error(base)));
        return 0;
    }
    if (k8sc_event_kind(base) == K8SC_EVENT_SYNC) {
        printf("%-8s\n", "SYNC");
    } else {
        K8SC_EACH(container, pod, status.containerStatuses) restarts += K8SC_INT(container, restartCount, 0);
        printf("%-8s %s/%s %s on %s, %d restarts\n", k8sc_event_kind_name(base), K8SC_STR(pod, metadata.namespace_),
               K8SC_STR(pod, metadata.name), phase ? phase : "-", node ? node : "-", (int)restarts);
    }
    fflush(stdout);
    return 0;
}

int main(int argc, char **argv)
{
    k8sc_config *config = NULL;
    k8sc_clientset *clientset = NULL;
    k8sc_informer_options *options = NULL;
    k8sc_informer_factory *factory = NULL;
    k8sc_core_v1_pod_informer pods = {NULL};
    k8sc_error *err = NULL;
    int failed = 1;

    if (k8sc_config_load(argc > 1 ? argv[1] : NULL, NULL, &config, &err) < 0 ||
        k8sc_clientset_new(config, &clientset, &err) < 0 || k8sc_informer_options_new(&options, &err) < 0 ||
        k8sc_informer_options_set_field_selector(options, "status.phase!=Succeeded,status.phase!=Failed", &err) < 0 ||
        k8sc_informer_options_set_drop_managed_fields(options, 1, &err) < 0 ||
        k8sc_informer_factory_new(k8sc_clientset_client(clientset), options, &factory, &err) < 0 ||
        k8sc_core_v1_informers_pods(k8sc_informers_core_v1(factory), &pods, &err) < 0 ||
        k8sc_core_v1_pod_informer_add_handler(pods, on_pod, NULL, NULL, NULL, &err) < 0 ||
        k8sc_informer_factory_start(factory, &err) < 0)
        goto out;

    queue = k8sc_client_queue(k8sc_clientset_client(clientset));
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    while (!stopping) {
        if (k8sc_queue_wait(queue, -1, NULL, &err) < 0 || k8sc_queue_dispatch(queue, 0, NULL, &err) < 0) goto out;
    }
    failed = 0;

out:
    if (err) fprintf(stderr, "typed_informer: %s\n", k8sc_error_message(err));
    k8sc_error_free(err);
    if (clientset) k8sc_client_close(k8sc_clientset_client(clientset), -1, NULL);
    k8sc_core_v1_pod_informer_unref(pods);
    k8sc_informer_factory_unref(factory);
    k8sc_informer_options_free(options);
    k8sc_clientset_unref(clientset);
    k8sc_config_free(config);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
