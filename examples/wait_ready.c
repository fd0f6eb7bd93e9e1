/*
 * Waits until a pod is ready, as `kubectl wait --for=condition=Ready pod/NAME` does, and says on which node it runs.
 *
 *   wait_ready NAME [SECONDS [NAMESPACE [KUBECONFIG]]]
 *
 * A pod that is not there may come yet. 60 seconds by default; the namespace is the configuration's.
 */
#include <k8sc.h>

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    k8sc_config *config = NULL;
    k8sc_client *client = NULL;
    k8sc_resource *pods = NULL;
    k8sc_object *pod = NULL;
    k8sc_error *err = NULL;
    const char *node;
    int64_t seconds = argc > 2 ? atoll(argv[2]) : 60;
    int failed = 1;

    if (argc < 2) {
        fprintf(stderr, "usage: wait_ready NAME [SECONDS [NAMESPACE [KUBECONFIG]]]\n");
        return 2;
    }
    if (k8sc_config_load(argc > 4 ? argv[4] : NULL, NULL, &config, &err) < 0 ||
        k8sc_client_new(config, &client, &err) < 0 ||
        k8sc_client_resource(client, "", "v1", "pods", argc > 3 ? argv[3] : k8sc_client_namespace(client), &pods,
                             &err) < 0 ||
        k8sc_resource_wait_for_condition(pods, argv[1], "Ready", "True", NULL, seconds * 1000, &pod, &err) < 0)
        goto out;
    node = k8sc_object_str(pod, "/spec/nodeName", NULL);
    printf("%s/%s is ready on %s\n", k8sc_object_namespace(pod), k8sc_object_name(pod), node ? node : "-");
    failed = 0;

out:
    if (err) fprintf(stderr, "wait_ready: %s\n", k8sc_error_message(err));
    k8sc_error_free(err);
    k8sc_object_unref(pod);
    k8sc_resource_unref(pods);
    if (client) k8sc_client_close(client, -1, NULL);
    k8sc_client_unref(client);
    k8sc_config_free(config);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
