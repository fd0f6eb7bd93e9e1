/*
 * Creates the Pod "my-pod" with one container in "default", through the typed clientset.
 *
 *   create_pod [KUBECONFIG]
 */
#include <k8sc/core_v1.h>

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    k8sc_config *config = NULL;
    k8sc_clientset *clientset = NULL;
    k8sc_core_v1_pods_client pods;
    k8sc_core_v1_pod_draft draft = k8sc_core_v1_pod_new("my-pod");
    k8sc_core_v1_pod pod = {{NULL, 0, 0}};
    k8sc_error *err = NULL;
    int failed = 1;

    if (k8sc_config_load(argc > 1 ? argv[1] : NULL, NULL, &config, &err) < 0 ||
        k8sc_clientset_new(config, &clientset, &err) < 0)
        goto out;

    K8SC_SET_STR(draft, spec.containers[0].name, "my-container");
    K8SC_SET_STR(draft, spec.containers[0].image, "nginx:latest");

    pods = k8sc_core_v1_pods(k8sc_clientset_core_v1(clientset), "default");
    if (k8sc_core_v1_pods_create(pods, draft, NULL, &pod, &err) < 0) goto out;

    printf("created %s/%s with uid %s\n", K8SC_STR(pod, metadata.namespace_), K8SC_STR(pod, metadata.name),
           K8SC_STR(pod, metadata.uid));
    K8SC_EACH(container, pod, spec.containers)
    printf("  %s: %s\n", K8SC_STR(container, name), K8SC_STR(container, image));
    failed = 0;

out:
    if (err) fprintf(stderr, "create_pod: %s\n", k8sc_error_message(err));
    k8sc_core_v1_pod_unref(pod);
    k8sc_core_v1_pod_draft_free(draft);
    k8sc_clientset_unref(clientset);
    k8sc_config_free(config);
    k8sc_error_free(err);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
