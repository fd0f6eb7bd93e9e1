/*
 * Watches pods come and go: the whole of an informer in one page.
 *
 *   pod_informer [KUBECONFIG]
 *
 * Without an argument the configuration is found as kubectl finds it. Ends on Ctrl-C.
 */
#include <k8sc.h>

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

static int on_pod(const k8sc_event *event, void *user_data)
{
    const k8sc_object *pod = k8sc_event_object(event);
    const char *node;
    (void)user_data;
    if (k8sc_event_kind(event) == K8SC_EVENT_ERROR) {
        fprintf(stderr, "%-8s %s\n", "ERROR", k8sc_error_message(k8sc_event_error(event)));
        return 0;
    }
    if (!pod) {
        printf("%-8s\n", k8sc_event_kind_name(event));
    } else {
        node = k8sc_object_str(pod, "/spec/nodeName", NULL);
        printf("%-8s %s/%s on %s\n", k8sc_event_kind_name(event), k8sc_object_namespace(pod), k8sc_object_name(pod),
               node ? node : "-");
    }
    fflush(stdout);
    return 0;
}

int main(int argc, char **argv)
{
    k8sc_config *config = NULL;
    k8sc_client *client = NULL;
    k8sc_informer_options *options = NULL;
    k8sc_informer_factory *factory = NULL;
    k8sc_informer *pods = NULL;
    k8sc_error *err = NULL;
    int failed = 1;

    if (k8sc_config_load(argc > 1 ? argv[1] : NULL, NULL, &config, &err) < 0 ||
        k8sc_client_new(config, &client, &err) < 0 || k8sc_informer_options_new(&options, &err) < 0 ||
        k8sc_informer_options_set_drop_managed_fields(options, 1, &err) < 0 ||
        k8sc_informer_factory_new(client, options, &factory, &err) < 0 ||
        k8sc_informer_factory_for_resource(factory, "", "v1", "pods", &pods, &err) < 0 ||
        k8sc_informer_add_handler(pods, on_pod, NULL, NULL, NULL, &err) < 0 ||
        k8sc_informer_factory_start(factory, &err) < 0)
        goto out;

    queue = k8sc_client_queue(client);
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    while (!stopping) {
        if (k8sc_queue_wait(queue, -1, NULL, &err) < 0 || k8sc_queue_dispatch(queue, 0, NULL, &err) < 0) goto out;
    }
    failed = 0;

out:
    if (err) fprintf(stderr, "pod_informer: %s\n", k8sc_error_message(err));
    k8sc_error_free(err);
    if (client) k8sc_client_close(client, -1, NULL);
    k8sc_informer_unref(pods);
    k8sc_informer_factory_unref(factory);
    k8sc_informer_options_free(options);
    k8sc_client_unref(client);
    k8sc_config_free(config);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
