/* Who the client is, while that changes: service-account tokens that are swapped, plugins, impersonation; and what RBAC
 * says of each. */
#include "../support/oracle.h"
#include "support.h"

#include <sys/stat.h>

static struct oracle oracle;

static const char *path_in_cluster(const char *name)
{
    static char paths[4][160];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", cluster_dir, name);
    return path;
}

/* In one step, as whoever renews it does. */
static const char *write_file(const char *name, const char *text, mode_t mode)
{
    const char *fresh = path_in_cluster("fresh"), *path = path_in_cluster(name);
    FILE *file = fopen(fresh, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(fresh, mode), 0);
    assert_int_equal(rename(fresh, path), 0);
    return path;
}

/* Lets a subject, as RBAC writes it, read the config maps of the test's namespace. */
static void allow(const char *subject)
{
    create(resource_in(client, "rbac.authorization.k8s.io", "v1", "roles", ns),
           json("{'metadata':{'name':'reader'},'rules':[{'apiGroups':[''],'resources':['configmaps'],'verbs':['get','"
                "list','watch']}]}"));
    create(resource_in(client, "rbac.authorization.k8s.io", "v1", "rolebindings", ns),
           json("{'metadata':{'name':'reader'},'roleRef':{'apiGroup':'rbac.authorization.k8s.io','kind':'Role','name':'"
                "reader'},'subjects':[%s]}",
                subject));
}

static void make_robot(void)
{
    create(resource_in(client, "", "v1", "serviceaccounts", ns), json("{'metadata':{'name':'robot'}}"));
    allow("{'kind':'ServiceAccount','name':'robot'}");
}

/* For ten minutes, or until the secret of this name, which is made, is deleted. */
static const char *token_bound_to(const char *secret)
{
    k8sc_options *token = options();
    k8sc_object **answer = object_slot();
    k8sc_object *bound =
        create(resource_in(client, "", "v1", "secrets", ns), json("{'metadata':{'name':'%s'}}", secret));
    OK(k8sc_options_set_subresource(token, "token", &err));
    OK(k8sc_resource_create(
        resource_in(client, "", "v1", "serviceaccounts", ns),
        json("{'apiVersion':'authentication.k8s.io/v1','kind':'TokenRequest','metadata':{'name':'robot'},"
             "'spec':{'audiences':['https://kubernetes.default.svc'],'expirationSeconds':600,"
             "'boundObjectRef':{'apiVersion':'v1','kind':'Secret','name':'%s','uid':'%s'}}}",
             secret, k8sc_object_uid(bound)),
        token, answer, &err));
    return k8sc_object_str(*answer, "/status/token", NULL);
}

/* The server, its CA, and nobody's credentials. */
static k8sc_config *bare(void)
{
    k8sc_config *config = config_of("admin-cert");
    OK(k8sc_config_set_client_certificate(config, NULL, 0, NULL, 0, &err));
    return config;
}

static k8sc_status ask(k8sc_client *of)
{
    k8sc_list *list = NULL;
    k8sc_resource *maps = NULL;
    forget_errors();
    k8sc_status status = k8sc_client_resource(of, "", "v1", "configmaps", ns, &maps, &err);
    if (status == K8SC_OK) status = k8sc_resource_list(maps, NULL, &list, &err);
    k8sc_list_free(list);
    k8sc_resource_unref(maps);
    return status;
}

static void denied(k8sc_client *of, const char *who)
{
    k8sc_resource *secrets = resource_in(of, "", "v1", "secrets", ns);
    k8sc_list **none = list_slot();
    FAILS(K8SC_E_API, k8sc_resource_list(secrets, NULL, none, &err));
    assert_true(k8sc_error_is_forbidden(failure));
    /* The permission that is missing: who, verb, resource, where. */
    assert_contains(k8sc_error_message(failure), who);
    assert_contains(k8sc_error_message(failure), "cannot list resource \"secrets\" in API group \"\" in the namespace");
    assert_contains(k8sc_error_message(failure), ns);
}

static void a_token_file_that_is_swapped(void **state)
{
    k8sc_config *config = bare();
    k8sc_informer_options **how = informer_options_slot();
    char user[96];
    (void)state;
    make_robot();
    const char *first = token_bound_to("first");
    char invalid[4096];
    snprintf(invalid, sizeof invalid, "%s", first);
    OK(k8sc_config_set_token_file(config, write_file("robot.token", first, 0600), &err));
    k8sc_client *robot = client_of(config);
    OK(ask(robot));
    snprintf(user, sizeof user, "system:serviceaccount:%s:robot", ns);
    denied(robot, user);

    OK(k8sc_informer_options_new(how, &err));
    OK(k8sc_informer_options_set_namespace(*how, ns, &err));
    k8sc_informer *informer = NULL;
    OK(k8sc_informer_new(robot, "", "v1", "configmaps", *how, &informer, &err));
    *informer_slot() = informer;
    oracle_clear(&oracle);
    OK(k8sc_informer_add_handler(informer, oracle_on_event, &oracle, oracle_destroyed, NULL, &err));
    OK(k8sc_informer_start(informer, &err));
    AWAIT_WITHIN(1000 * 30, oracle.syncs == 1, pump(robot));

    write_file("robot.token", token_bound_to("second"), 0600);
    remove_object(resource_in(client, "", "v1", "secrets", ns), "first");
    /* The server remembers for ten seconds that a token was good. */
    int64_t until = now_ms() + 12000;
    int asked = 0;
    while (now_ms() < until) {
        OK(ask(robot));
        asked++;
        pump(robot);
    }
    assert_true(asked > 10);
    k8sc_config *stale = bare();
    OK(k8sc_config_set_token(stale, invalid, &err));
    FAILS(K8SC_E_API, ask(client_of(stale)));
    assert_true(k8sc_error_is_unauthorized(failure));

    create(configmaps(), configmap("later", "1"));
    AWAIT_WITHIN(1000 * 30, oracle_find(&oracle, ns, "later"), pump(robot));
    if (oracle.fault[0] || oracle.errors) fail_msg("%s%s", oracle.fault, oracle.last_error);
}

static void a_plugin(void **state)
{
    char script[8192], stanza[512];
    (void)state;
    make_robot();
    snprintf(script, sizeof script,
             "#!/bin/sh\necho "
             "'{\"apiVersion\":\"client.authentication.k8s.io/"
             "v1\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"%s\"}}'\n",
             token_bound_to("first"));
    snprintf(stanza, sizeof stanza,
             "{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"interactiveMode\":\"Never\",\"command\":\"%s\"}",
             write_file("plugin", script, 0700));
    k8sc_config *config = bare();
    OK(k8sc_config_set_exec(config, stanza, &err));
    k8sc_client *robot = client_of(config);
    OK(ask(robot));
    denied(robot, ":robot");
}

static void as_somebody_else(void **state)
{
    k8sc_config *jane = config_of("admin-cert"), *team = config_of("admin-cert"), *joe = config_of("admin-cert");
    (void)state;
    allow("{'apiGroup':'rbac.authorization.k8s.io','kind':'User','name':'jane'},{'apiGroup':'rbac.authorization.k8s.io'"
          ",'kind':'Group','name':'the team'}");
    /* Servers before 1.22 know no uid, and pass over it. */
    OK(k8sc_config_set_impersonation(jane, "jane", "4711", &err));
    OK(k8sc_config_add_impersonation_extra(jane, "Scopes", "view", &err));
    OK(ask(client_of(jane)));
    denied(client_of(jane), "User \"jane\"");
    OK(k8sc_config_set_impersonation(team, "joe", NULL, &err));
    OK(k8sc_config_add_impersonation_group(team, "others", &err));
    OK(k8sc_config_add_impersonation_group(team, "the team", &err));
    OK(ask(client_of(team)));
    OK(k8sc_config_set_impersonation(joe, "joe", NULL, &err));
    FAILS(K8SC_E_API, ask(client_of(joe)));
    assert_contains(k8sc_error_message(failure), "User \"joe\" cannot list resource \"configmaps\"");
}

/* A certificate in files, renewed while a watch goes on. */
static void a_certificate_that_is_renewed(void **state)
{
    k8sc_config *config = bare();
    k8sc_client *of;
    (void)state;
    in_cluster_dir("cp admin.crt client.crt && cp admin.key client.key");
    OK(k8sc_config_set_client_certificate_files(config, path_in_cluster("client.crt"), path_in_cluster("client.key"),
                                                &err));
    of = client_of(config);
    OK(ask(of));
    k8sc_watch **watch = watch_slot();
    memset(&oracle, 0, sizeof oracle);
    OK(k8sc_resource_watch(resource_in(of, "", "v1", "configmaps", ns), NULL, NULL, NULL, NULL, watch, &err));
    in_cluster_dir("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out other.key && "
                   "openssl req -config openssl.cnf -new -key other.key -subj /CN=other | openssl x509 -req -CA ca.crt "
                   "-CAkey ca.key -set_serial 0x4711 "
                   "-days 2 -extfile openssl.cnf -extensions admin -out other.crt && mv other.key client.key && mv "
                   "other.crt client.crt");
    /* Another user from now on, who may do nothing; the watch is still the first one's. */
    AWAIT_WITHIN(1000 * 20, ask(of) == K8SC_E_API, pause_ms(10));
    FAILS(K8SC_E_API, ask(of), "User \"other\"");
    create(configmaps(), configmap("a", "1"));
    k8sc_event *event = NULL;
    AWAIT_WITHIN(1000 * 20, (OK(k8sc_queue_take(k8sc_client_queue(of), &event, &err)), event != NULL), pause_ms(10));
    assert_int_equal(k8sc_event_kind(event), K8SC_EVENT_ADDED);
    assert_string_equal(k8sc_object_name(k8sc_event_object(event)), "a");
    k8sc_event_free(event);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(a_token_file_that_is_swapped), TEST(a_plugin), TEST(as_somebody_else),
                                       TEST(a_certificate_that_is_renewed)};
    return RUN_ON_CLUSTER("", tests);
}
