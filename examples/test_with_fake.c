/*
 * A test of a program against the fake API server, in its own process: no cluster, no container, nothing to clean up.
 *
 *   cc test_with_fake.c $(pkg-config --cflags --libs k8sc-testing) && ./a.out
 *
 * What is tested here is count_web_pods, which may do no more than its role allows.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include <k8sc_testing.h>

/* How many pods of the application web there are; -1 where it cannot be found out. */
static int64_t count_web_pods(const k8sc_config *config)
{
    k8sc_error *err = NULL;
    k8sc_client *client = NULL;
    k8sc_resource *pods = NULL;
    k8sc_options *options = NULL;
    k8sc_list *list = NULL;
    int64_t count = -1;
    if (k8sc_client_new(config, &client, &err) == K8SC_OK &&
        k8sc_client_resource(client, "", "v1", "pods", "default", &pods, &err) == K8SC_OK &&
        k8sc_options_new(&options, &err) == K8SC_OK &&
        k8sc_options_set_label_selector(options, "app=web", &err) == K8SC_OK &&
        k8sc_resource_list(pods, options, &list, &err) == K8SC_OK)
        count = k8sc_list_size(list);
    if (err) fprintf(stderr, "count_web_pods: %s\n", k8sc_error_message(err));
    k8sc_error_free(err);
    k8sc_list_free(list);
    k8sc_options_free(options);
    k8sc_resource_unref(pods);
    k8sc_client_unref(client);
    return count;
}

static void check(k8sc_status status, k8sc_error **err)
{
    if (status != K8SC_OK) fprintf(stderr, "%s\n", k8sc_error_message(*err));
    assert(status == K8SC_OK);
}

static const char role[] =
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: counter, namespace: default}\n"
    "rules: [{apiGroups: [''], resources: [pods], verbs: [list]}]\n---\n"
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: counter, namespace: default}\n"
    "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: counter}\n"
    "subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: counter}]\n";
static const char objects[] =
    "apiVersion: v1\nkind: Pod\nmetadata: {name: one, namespace: default, labels: {app: web}}\n---\n"
    "apiVersion: v1\nkind: Pod\nmetadata: {name: two, namespace: default, labels: {app: shop}}\n";

int main(void)
{
    k8sc_error *err = NULL;
    k8sc_testing_options *options = NULL;
    k8sc_testing_server *server = NULL;
    k8sc_config *config = NULL;

    check(k8sc_testing_options_new(&options, &err), &err);
    check(k8sc_testing_options_set_tls(options, 1, &err), &err);
    check(k8sc_testing_options_add_user(options, "secret", "counter", NULL, &err), &err);
    check(k8sc_testing_options_set_authorization(options, 1, &err), &err);
    check(k8sc_testing_server_start(options, &server, &err), &err);
    check(k8sc_testing_server_load(server, objects, strlen(objects), &err), &err);
    check(k8sc_testing_server_config(server, &config, &err), &err);
    check(k8sc_config_set_token(config, "secret", &err), &err);

    assert(count_web_pods(config) == -1); /* it has no role yet */
    check(k8sc_testing_server_load(server, role, strlen(role), &err), &err);
    assert(count_web_pods(config) == 1);
    assert(k8sc_testing_server_action_count(server, "list", "pods", "default", NULL) == 2);

    k8sc_config_free(config);
    k8sc_testing_server_free(server);
    k8sc_testing_options_free(options);
    puts("ok");
    return 0;
}
