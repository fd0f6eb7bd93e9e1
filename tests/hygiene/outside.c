/* A program as its author would write it outside of this tree: it watches pods of a server that is not there, for a
 * moment. */
#include <k8sc/core_v1.h>

#include <stdio.h>
#include <string.h>

static int on_event(const k8sc_event *event, void *user_data)
{
    if (k8sc_event_kind(event) == K8SC_EVENT_ERROR) *(int *)user_data += 1;
    return 0;
}

int main(void)
{
    k8sc_config *config = NULL;
    k8sc_client *client = NULL;
    k8sc_informer_factory *factory = NULL;
    k8sc_informer *pods = NULL;
    k8sc_error *err = NULL;
    int errors = 0;
    k8sc_core_v1_pod_draft draft = k8sc_core_v1_pod_new("p");

    if (K8SC_SET_STR(draft, spec.containers[0].image, "nginx") < 0) return 1;
    k8sc_core_v1_pod_draft_free(draft);

    /* Nothing listens on port 1: the informer says so, and goes on. */
    if (k8sc_config_new(&config, &err) < 0 || k8sc_config_set_server(config, "http://127.0.0.1:1", &err) < 0 ||
        k8sc_client_new(config, &client, &err) < 0 || k8sc_informer_factory_new(client, NULL, &factory, &err) < 0 ||
        k8sc_informer_factory_for_resource(factory, "", "v1", "pods", &pods, &err) < 0 ||
        k8sc_informer_add_handler(pods, on_event, &errors, NULL, NULL, &err) < 0 ||
        k8sc_informer_factory_start(factory, &err) < 0) {
        fprintf(stderr, "%s\n", k8sc_error_message(err));
        return 1;
    }
    while (errors == 0)
        if (k8sc_queue_wait(k8sc_client_queue(client), 10000, NULL, NULL) < 0 ||
            k8sc_queue_dispatch(k8sc_client_queue(client), 0, NULL, NULL) < 0)
            return 1;
    if (k8sc_client_close(client, -1, NULL) < 0) return 1;
    k8sc_informer_unref(pods);
    k8sc_informer_factory_unref(factory);
    k8sc_client_unref(client);
    k8sc_config_free(config);
    printf("%s\n", k8sc_version());
    return strcmp(k8sc_version(), K8SC_VERSION) != 0;
}
