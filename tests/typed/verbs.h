/* What the generated calls of every verb stand on. The fake API server need not know the resource: it is what was asked
 * that counts. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <k8sc_testing.h>

static k8sc_testing_server *server;
static k8sc_clientset *clientset;
static k8sc_informer_factory *factory;
static k8sc_apply_options *apply;
static k8sc_object *frozen;
static int failures, asked_for;
static const char *base_path; /* where the server is on its host */

static void failed(const char *what, const char *more)
{
    failures++;
    printf("# %s %s\n", what, more);
}

static inline void worked(k8sc_status status)
{
    if (status < 0) failed("failed:", k8sc_status_name(status));
}

static inline void refused(k8sc_status status)
{
    if (status != K8SC_E_API) failed("did not refuse:", k8sc_status_name(status));
}

static inline void same(int is)
{
    if (!is) failed("not the same", "");
}

/* That the last request of this method was for this path, and its query has this. A watch is under way on another
 * thread. */
static void asked(const char *method, const char *path, const char *query)
{
    char *text = NULL, whole[512];
    k8sc_object *request = NULL;
    int tries, right = 0;
    asked_for++;
    snprintf(whole, sizeof whole, "%s%s", base_path, path);
    for (tries = 0; tries < 20000 && !right; tries++) {
        if (k8sc_testing_server_last_request(server, method, whole, &text, NULL) == K8SC_OK &&
            k8sc_object_parse_json(text, strlen(text), &request, NULL) == K8SC_OK)
            right = strcmp(k8sc_object_str(request, "/path", NULL), whole) == 0 &&
                    strstr(k8sc_object_str(request, "/query", NULL), query) != NULL;
        k8sc_object_unref(request);
        k8sc_testing_string_free(text);
        request = NULL;
        text = NULL;
        if (!right) usleep(1000);
        if (!right && strcmp(query, "watch=true") != 0) break;
    }
    if (!right) failed(method, path);
    k8sc_testing_server_forget_requests(server, NULL);
}

static inline void end_watch(k8sc_watch *watch)
{
    k8sc_watch_cancel(watch);
    k8sc_watch_unref(watch);
}

struct part {
    const char *name;
    void (*run)(void);
};

static int begin(void)
{
    k8sc_testing_options *options = NULL;
    k8sc_config *config = NULL;
    k8sc_error *err = NULL;
    const char *yaml;
    int ready = 0;
    base_path = getenv("K8SC_TEST_BASE_PATH") ? getenv("K8SC_TEST_BASE_PATH") : "";
    if (k8sc_testing_options_new(&options, &err) == K8SC_OK &&
        k8sc_testing_options_set_base_path(options, base_path, &err) == K8SC_OK &&
        k8sc_testing_server_start(options, &server, &err) == K8SC_OK &&
        (yaml = k8sc_testing_server_kubeconfig(server)) != NULL &&
        k8sc_config_parse(yaml, strlen(yaml), NULL, &config, &err) == K8SC_OK &&
        k8sc_config_set_rate_limit(config, -1, 0, &err) == K8SC_OK &&
        k8sc_clientset_new(config, &clientset, &err) == K8SC_OK &&
        k8sc_informer_factory_new(k8sc_clientset_client(clientset), NULL, &factory, &err) == K8SC_OK &&
        k8sc_apply_options_new(&apply, &err) == K8SC_OK &&
        k8sc_apply_options_set_field_manager(apply, "me", &err) == K8SC_OK)
        ready = 1;
    else
        printf("Bail out! %s\n", k8sc_error_message(err));
    k8sc_error_free(err);
    k8sc_config_free(config);
    k8sc_testing_options_free(options);
    return ready;
}

static int run(const struct part *parts, size_t n, int calls)
{
    size_t i;
    int bad = 0;
    if (!begin()) return 1;
    printf("1..%d\n", (int)n + 1);
    for (i = 0; i < n; i++) {
        failures = 0;
        parts[i].run();
        printf("%s %d - %s\n", failures ? "not ok" : "ok", (int)i + 1, parts[i].name);
        bad += failures;
    }
    printf("%s %d - %d calls\n", asked_for == calls && calls > 1000 ? "ok" : "not ok", (int)n + 1, calls);
    bad += asked_for != calls || calls <= 1000;
    k8sc_apply_options_free(apply);
    k8sc_informer_factory_unref(factory);
    k8sc_client_close(k8sc_clientset_client(clientset), -1, NULL);
    k8sc_clientset_unref(clientset);
    k8sc_testing_server_free(server);
    return bad != 0;
}
