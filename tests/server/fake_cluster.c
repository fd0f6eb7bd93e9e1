/* In the place of a cluster: the fake API server, for tests that stand on support.h and ask for no more than it has. */
#include "support.h"

#include <k8sc_testing.h>

char cluster_dir[64];
char cluster_url[64];
int cluster_port;

static const char kubeconfig[] =
    "{apiVersion: v1, kind: Config, clusters: [{name: fake, cluster: {server: '%s'}}], users: [{name: admin, user: "
    "{}}],\n"
    "contexts: [{name: admin, context: {cluster: fake, user: admin}}], current-context: admin}\n";

static int write_kubeconfig(const char *url)
{
    char path[128];
    FILE *file;
    snprintf(cluster_dir, sizeof cluster_dir, "/tmp/k8sc-typed-XXXXXX");
    if (!mkdtemp(cluster_dir)) return 0;
    snprintf(path, sizeof path, "%s/kubeconfig", cluster_dir);
    file = fopen(path, "w");
    if (!file) return 0;
    fprintf(file, kubeconfig, url);
    return fclose(file) == 0;
}

int run_on_cluster(const char *apiserver_arguments, const struct CMUnitTest *tests, size_t count)
{
    k8sc_testing_server *server = NULL;
    k8sc_error *failure = NULL;
    char path[128];
    int failed = 1;
    (void)apiserver_arguments;
    if (k8sc_testing_server_start(NULL, &server, &failure) != K8SC_OK)
        print_error("%s\n", k8sc_error_message(failure));
    else if (!write_kubeconfig(k8sc_testing_server_url(server)))
        print_error("%s cannot be written to\n", cluster_dir);
    else
        failed = _cmocka_run_group_tests("typed resources", tests, count, NULL, NULL);
    k8sc_testing_server_free(server);
    k8sc_error_free(failure);
    snprintf(path, sizeof path, "%s/kubeconfig", cluster_dir);
    remove(path);
    remove(cluster_dir);
    return failed;
}
