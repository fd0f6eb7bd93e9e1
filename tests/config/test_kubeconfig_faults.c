/* Kubeconfigs that do not work: each fault has its code, and a message that names what is wrong and where. */
#include "support.h"

static pair admin, other;

static int set_up(void **state) { return make_directory(state); }
static int tear_down(void **state) { return remove_directory(state); }

/* A kubeconfig with one context, whose cluster and user hold these fields. */
static const char *with(const char *cluster, const char *user)
{
    static char text[9216];
    snprintf(text, sizeof text,
             "current-context: dev\n"
             "clusters:\n- name: prod\n  cluster: {%s}\n"
             "users:\n- name: admin\n  user: {%s}\n"
             "contexts:\n- name: dev\n  context: {cluster: prod, user: admin}\n",
             cluster, user);
    return text;
}

#define SERVER "server: 'https://c'"

static k8sc_status parse(const char *text, const char *context, k8sc_error **err)
{
    k8sc_config *config = (k8sc_config *)err;
    k8sc_status status = k8sc_config_parse(text, strlen(text), context, &config, err);
    if (status < 0) assert_null(config);
    k8sc_config_free(config);
    return status;
}

static k8sc_status load(const char *path, const char *context, k8sc_error **err)
{
    k8sc_config *config = (k8sc_config *)err;
    k8sc_status status = k8sc_config_load(path, context, &config, err);
    if (status < 0) assert_null(config);
    k8sc_config_free(config);
    return status;
}

#define REFUSED(text, ...) FAILS(K8SC_E_CONFIG, parse(text, NULL, &err), __VA_ARGS__)

/* ---- finding */

static void nothing_anywhere(void **state)
{
    char list[1024];
    (void)state;
    FAILS(K8SC_E_CONFIG, load(NULL, NULL, &err), "no configuration has been provided", path_of(".kube/config"),
          "does not exist", "$KUBERNETES_SERVICE_HOST and $KUBERNETES_SERVICE_PORT are not set");
    setenv("KUBERNETES_SERVICE_HOST", "10.0.0.1", 1);
    FAILS(K8SC_E_CONFIG, load(NULL, NULL, &err), "no configuration has been provided",
          "$KUBERNETES_SERVICE_PORT is not set");
    snprintf(list, sizeof list, "%s:%s", path_of("one"), write_file("two", ""));
    setenv("KUBECONFIG", list, 1);
    FAILS(K8SC_E_CONFIG, load(NULL, NULL, &err), "no configuration has been provided", path_of("one"), "does not exist",
          path_of("two"), "holds no context");
    setenv("KUBECONFIG", ":", 1);
    FAILS(K8SC_E_CONFIG, load(NULL, NULL, &err), "no configuration has been provided", "$KUBECONFIG names no file");
    unsetenv("KUBECONFIG");
    unsetenv("HOME");
    FAILS(K8SC_E_CONFIG, load(NULL, NULL, &err), "no configuration has been provided", "neither $KUBECONFIG nor $HOME");
}

static void not_in_a_cluster(void **state)
{
    k8sc_config *config = (k8sc_config *)&err;
    (void)state;
    FAILS(K8SC_E_NOT_IN_CLUSTER, k8sc_config_load_in_cluster(&config, &err), "$KUBERNETES_SERVICE_HOST",
          "$KUBERNETES_SERVICE_PORT");
    assert_null(config);
}

static void a_named_file_must_be_there(void **state)
{
    (void)state;
    make_folder("folder");
    setenv("KUBECONFIG", write_file("good", with(SERVER, "")), 1);
    FAILS(K8SC_E_IO, load(path_of("absent"), NULL, &err), path_of("absent"), "No such file");
    FAILS(K8SC_E_IO, load(path_of("folder"), NULL, &err), path_of("folder"), "directory");
    FAILS(K8SC_E_IO, load(path_of("good/below"), NULL, &err), path_of("good/below"), "Not a directory");
    FAILS(K8SC_E_CONFIG, load(write_file("empty", ""), NULL, &err), "no configuration has been provided",
          path_of("empty"));
    setenv("KUBECONFIG", path_of("folder"), 1);
    FAILS(K8SC_E_IO, load(NULL, NULL, &err), path_of("folder"), "directory");
}

static void a_file_without_permission(void **state)
{
    k8sc_status explicit_status, listed_status;
    k8sc_error *explicit_err = NULL, *listed_err = NULL;
    const char *path = write_file("locked", with(SERVER, ""));
    uid_t user = geteuid();
    (void)state;
    assert_int_equal(chmod(directory, 0755), 0);
    assert_int_equal(chmod(path, 0), 0);
    /* Nothing is locked for root. */
    if (user == 0) assert_int_equal(seteuid(65534), 0);
    setenv("KUBECONFIG", path, 1);
    explicit_status = load(path, NULL, &explicit_err);
    listed_status = load(NULL, NULL, &listed_err);
    if (user == 0) assert_int_equal(seteuid(0), 0);
    err = explicit_err;
    FAILS(K8SC_E_IO, explicit_status, path, "Permission denied");
    err = listed_err;
    FAILS(K8SC_E_IO, listed_status, path, "Permission denied");
}

static void all_bad_files_are_told(void **state)
{
    char list[1024];
    k8sc_error *err = NULL;
    (void)state;
    write_file("good", with(SERVER, ""));
    write_file("bad", "clusters:\n  [\n");
    write_file("worse", "users: 3\n");
    snprintf(list, sizeof list, "%s:%s:%s", path_of("bad"), path_of("good"), path_of("worse"));
    setenv("KUBECONFIG", list, 1);
    FAILS(K8SC_E_PARSE, load(NULL, NULL, &err), "2 kubeconfigs cannot be used", path_of("bad"), "line ",
          path_of("worse"), "users is a number");
    assert_int_equal(load(NULL, NULL, &err), K8SC_E_PARSE);
    assert_int_equal(k8sc_error_cause_count(err), 2);
    assert_non_null(strstr(k8sc_error_cause_message(err, 1), path_of("worse")));
    k8sc_error_free(err);
}

static void one_bad_file_of_several(void **state)
{
    char list[1024];
    (void)state;
    write_file("good", with(SERVER, ""));
    write_file("bad", "clusters: [\n");
    snprintf(list, sizeof list, "%s:%s", path_of("good"), path_of("bad"));
    setenv("KUBECONFIG", list, 1);
    FAILS(K8SC_E_PARSE, load(NULL, NULL, &err), path_of("bad"), "line ");
}

/* ---- reading */

static void not_yaml(void **state)
{
    (void)state;
    FAILS(K8SC_E_PARSE, load(write_file("bad", "clusters:\n- name: a\n  cluster: {server\n"), NULL, &err),
          path_of("bad"), "line ");
    FAILS(K8SC_E_PARSE, parse("a: b: c\n", NULL, &err), "kubeconfig", "line 1");
    FAILS(K8SC_E_PARSE, parse("a: 1\n\tb: 2\n", NULL, &err), "line ");
    FAILS(K8SC_E_PARSE, parse("a: \xff\n", NULL, &err), "kubeconfig");
    FAILS(K8SC_E_PARSE, parse("users: []\nusers: []\n", NULL, &err), "line 2");
}

static void not_a_kubeconfig(void **state)
{
    (void)state;
    FAILS(K8SC_E_CONFIG, load(write_file("list", "- a\n"), NULL, &err), path_of("list"), "a list");
    REFUSED("just text", "kubeconfig", "a string");
    REFUSED("apiVersion: v1\nkind: Pod\n", "\"Pod\"", "not a kubeconfig");
    REFUSED("apiVersion: v2\nkind: Config\n", "\"v2\"", "not a kubeconfig");
    REFUSED("", "no configuration has been provided");
    REFUSED("# nothing but this\n", "no configuration has been provided");
}

static void wrong_types(void **state)
{
    (void)state;
    FAILS(K8SC_E_CONFIG, load(write_file("config", "users: 3\n"), NULL, &err), path_of("config"), "users is a number",
          "list");
    REFUSED("clusters: {a: 1}\n", "clusters is a mapping", "list");
    REFUSED("contexts: [dev]\n", "contexts[0] is a string", "mapping");
    REFUSED("current-context: 7\n", "current-context is a number", "string");
    REFUSED("users: [{name: 1}]\n", "users[0].name is a number");
    REFUSED("users: [{name: a, user: []}]\n", "users[0].user is a list", "mapping");
    REFUSED(with("server: true", ""), "cluster \"prod\": server is a boolean");
    REFUSED(with(SERVER ", insecure-skip-tls-verify: 'yes'", ""),
            "cluster \"prod\": insecure-skip-tls-verify is a string", "true or false");
    REFUSED(with(SERVER ", disable-compression: 1", ""), "cluster \"prod\": disable-compression is a number");
    REFUSED(with(SERVER, "token: 12345"), "user \"admin\": token is a number", "quotes");
    REFUSED("users: [{name: no}]\n", "users[0].name is a boolean", "quotes");
    REFUSED(with(SERVER, "exec: aws"), "user \"admin\": exec is a string");
    REFUSED(with(SERVER, "exec: {command: 1}"), "user \"admin\": exec.command is a number");
    REFUSED(with(SERVER, "token: \"a\\0b\""), "user \"admin\": token holds a NUL");
}

static void duplicate_names(void **state)
{
    (void)state;
    FAILS(K8SC_E_CONFIG, load(write_file("config", "users: [{name: a}, {name: b}, {name: a}]\n"), NULL, &err),
          path_of("config"), "users", "two entries", "\"a\"");
    REFUSED("clusters: [{name: c}, {name: c}]\n", "clusters", "\"c\"");
    REFUSED("contexts: [{name: x}, {name: x}]\n", "contexts", "\"x\"");
}

/* ---- choosing */

static void unknown_names(void **state)
{
    (void)state;
    FAILS(K8SC_E_CONFIG, parse(with(SERVER, ""), "staging", &err), "context \"staging\" does not exist",
          "there are: \"dev\"");
    FAILS(K8SC_E_CONFIG, load(NULL, "staging", &err), "context \"staging\" does not exist", "there are none");
    REFUSED("current-context: gone\n", "context \"gone\" does not exist", "none");
    REFUSED("contexts: [{name: a}, {name: b}]\n", "current-context is not set", "\"a\", \"b\"");
    REFUSED("current-context: a\ncontexts: [{name: a}]\n", "context \"a\"", "names no cluster");
    REFUSED("current-context: a\ncontexts: [{name: a, context: {cluster: c}}]\nclusters: [{name: d}]\n",
            "context \"a\"", "cluster \"c\" does not exist", "there are: \"d\"");
    REFUSED("current-context: a\ncontexts: [{name: a, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: "
            "{server: "
            "'https://c'}}]\n",
            "context \"a\"", "user \"u\" does not exist", "none");
    REFUSED("current-context: a\ncontexts: [{name: a, context: {cluster: c, namespace: 'A B'}}]\nclusters: [{name: c, "
            "cluster: {server: "
            "'https://c'}}]\n",
            "context \"a\"", "namespace \"A B\"");
}

static void many_contexts_are_not_all_listed(void **state)
{
    char text[2048] = "contexts:\n";
    int i;
    (void)state;
    for (i = 0; i < 25; i++) sprintf(text + strlen(text), "- name: c%02d\n", i);
    FAILS(K8SC_E_CONFIG, parse(text, "none", &err), "\"c00\"", "\"c19\"", "and 5 more");
}

/* ---- clusters */

static void a_wrong_server_is_named(void **state)
{
    (void)state;
    REFUSED(with("", ""), "cluster \"prod\": server is missing");
    REFUSED(with("server: 'ftp://c'", ""), "cluster \"prod\"", "ftp://c");
    REFUSED(with("server: 'https://c:port'", ""), "cluster \"prod\"", "https://c:port", "port");
    REFUSED(with(SERVER ", tls-server-name: 'a b'", ""), "cluster \"prod\"", "tls-server-name \"a b\"");
}

static void a_wrong_authority_is_named(void **state)
{
    char fields[8192];
    char *data = base64(admin.certificate);
    (void)state;
    REFUSED(with(SERVER ", certificate-authority: absent.crt", ""), "cluster \"prod\": certificate-authority",
            "absent.crt", "No such file");
    REFUSED(with(SERVER ", certificate-authority-data: bm90aGluZw==", ""),
            "cluster \"prod\": certificate-authority-data holds no PEM certificate");
    REFUSED(with(SERVER ", certificate-authority-data: '?'", ""),
            "cluster \"prod\": certificate-authority-data is not base64");
    write_file("ca.crt", "nothing");
    snprintf(fields, sizeof fields, SERVER ", certificate-authority: %s", path_of("ca.crt"));
    REFUSED(with(fields, ""), "cluster \"prod\": certificate-authority", path_of("ca.crt"), "holds no PEM certificate");
    snprintf(fields, sizeof fields, SERVER ", certificate-authority: %s, certificate-authority-data: %s",
             path_of("ca.crt"), data);
    REFUSED(with(fields, ""), "cluster \"prod\": certificate-authority and certificate-authority-data are both set");
    snprintf(fields, sizeof fields, SERVER ", insecure-skip-tls-verify: true, certificate-authority-data: %s", data);
    REFUSED(with(fields, ""), "cluster \"prod\": insecure-skip-tls-verify", "certificate-authority");
    free(data);
}

/* ---- users */

static void client_certificates(void **state)
{
    char fields[4096];
    char *certificate = base64(admin.certificate), *key = base64(admin.key), *other_key = base64(other.key);
    (void)state;
    snprintf(fields, sizeof fields, "client-certificate-data: bm90aGluZw==, client-key-data: %s", key);
    REFUSED(with(SERVER, fields), "user \"admin\": client-certificate-data holds no PEM certificate");
    snprintf(fields, sizeof fields, "client-certificate-data: %s, client-key-data: bm90aGluZw==", certificate);
    REFUSED(with(SERVER, fields), "user \"admin\": client-key-data holds no private key");
    snprintf(fields, sizeof fields, "client-certificate-data: %s, client-key-data: %s", certificate, other_key);
    REFUSED(with(SERVER, fields), "user \"admin\": client-key-data is not the key of client-certificate-data");
    snprintf(fields, sizeof fields, "client-certificate-data: '?', client-key-data: %s", key);
    REFUSED(with(SERVER, fields), "user \"admin\": client-certificate-data is not base64");
    snprintf(fields, sizeof fields, "client-certificate-data: %s", certificate);
    REFUSED(with(SERVER, fields), "user \"admin\": client-certificate is set without client-key");
    snprintf(fields, sizeof fields, "client-key-data: %s", key);
    REFUSED(with(SERVER, fields), "user \"admin\": client-key is set without client-certificate");
    snprintf(fields, sizeof fields, "client-certificate: a, client-certificate-data: %s, client-key-data: %s",
             certificate, key);
    REFUSED(with(SERVER, fields), "user \"admin\": client-certificate and client-certificate-data are both set");
    snprintf(fields, sizeof fields, "client-certificate-data: %s, client-key: a, client-key-data: %s", certificate,
             key);
    REFUSED(with(SERVER, fields), "user \"admin\": client-key and client-key-data are both set");
    snprintf(fields, sizeof fields, "client-certificate: gone/admin.crt, client-key-data: %s", key);
    REFUSED(with(SERVER, fields), "user \"admin\": client-certificate", "gone/admin.crt", "No such file");
    snprintf(fields, sizeof fields, "client-certificate-data: %s, client-key: gone/admin.key", certificate);
    REFUSED(with(SERVER, fields), "user \"admin\": client-key", "gone/admin.key", "No such file");
    free(certificate);
    free(key);
    free(other_key);
}

static void a_wrong_token_is_named(void **state)
{
    char fields[1024];
    (void)state;
    REFUSED(with(SERVER, "tokenFile: gone/token"), "user \"admin\"", "gone/token", "No such file");
    snprintf(fields, sizeof fields, "tokenFile: %s", write_file("token", "\n"));
    REFUSED(with(SERVER, fields), "user \"admin\"", path_of("token"), "empty");
    REFUSED(with(SERVER, "token: \"a\\nb\""), "user \"admin\": token holds a control character");
}

#define V1 "apiVersion: client.authentication.k8s.io/v1"
#define V1BETA1 "apiVersion: client.authentication.k8s.io/v1beta1"

static void exec_programs(void **state)
{
    k8sc_error *err = NULL;
    (void)state;
    REFUSED(with(SERVER, "exec: {" V1BETA1 "}"), "user \"admin\": exec.command is missing");
    REFUSED(with(SERVER, "exec: {command: aws}"), "user \"admin\": exec.apiVersion is missing");
    REFUSED(with(SERVER, "exec: {command: aws, apiVersion: client.authentication.k8s.io/v1alpha1}"),
            "exec.apiVersion is", "v1alpha1", "/v1beta1");
    REFUSED(with(SERVER, "exec: {command: aws, " V1 "}"), "exec.interactiveMode is missing",
            "Never, IfAvailable or Always");
    REFUSED(with(SERVER, "exec: {command: aws, " V1 ", interactiveMode: never}"), "exec.interactiveMode is \"never\"");
    REFUSED(with(SERVER, "exec: {command: aws, " V1BETA1 ", env: [{name: A, value: b}, {value: hunter2}]}"),
            "exec.env[1].name is missing");
    REFUSED(with(SERVER, "exec: {command: aws, " V1BETA1 ", env: [a]}"), "exec.env[0] is a string", "mapping");
    REFUSED(with(SERVER, "exec: {command: aws, " V1BETA1 ", args: [1]}"), "exec.args[0] is a number", "quotes");
    REFUSED(with(SERVER, "exec: {command: aws, " V1BETA1 "}, auth-provider: {name: oidc}"),
            "exec and auth-provider are both set");
    /* All of it, not only what was met first. */
    assert_int_equal(parse(with(SERVER, "exec: {}"), NULL, &err), K8SC_E_CONFIG);
    assert_non_null(strstr(k8sc_error_message(err), "(and 1 more)"));
    assert_int_equal(k8sc_error_cause_count(err), 2);
    assert_string_equal(k8sc_error_cause_field(err, 0), "users[admin].exec.command");
    assert_string_equal(k8sc_error_cause_field(err, 1), "users[admin].exec.apiVersion");
    assert_non_null(strstr(k8sc_error_cause_message(err, 1), "user \"admin\": exec.apiVersion is missing"));
    k8sc_error_free(err);
}

static void auth_providers(void **state)
{
    (void)state;
    REFUSED(with(SERVER, "auth-provider: {name: gcp}"), "user \"admin\"", "\"gcp\" was removed",
            "gke-gcloud-auth-plugin");
    REFUSED(with(SERVER, "auth-provider: {name: azure}"), "user \"admin\"", "\"azure\" was removed", "kubelogin");
    REFUSED(with(SERVER, "auth-provider: {name: openstack}"), "user \"admin\"", "\"openstack\" is not known", "oidc");
    REFUSED(with(SERVER, "auth-provider: {config: {id-token: [hunter2]}}"),
            "auth-provider.config.\"id-token\" is a list");
}

static void basic_authentication_and_impersonation(void **state)
{
    (void)state;
    REFUSED(with(SERVER, "token: hunter2, username: me, password: hunter2"),
            "user \"admin\": a token and basic authentication");
    REFUSED(with(SERVER, "tokenFile: hunter2, username: me"), "user \"admin\": a token and basic authentication");
    REFUSED(with(SERVER, "username: 'a:b'"), "user \"admin\": username holds a \":\"");
    REFUSED(with(SERVER, "username: \"a\\nb\""), "username holds a control character");
    REFUSED(with(SERVER, "username: a, password: \"a\\nb\""), "password holds a control character");
    REFUSED(with(SERVER, "as-uid: '1'"), "user \"admin\": as-uid, as-groups or as-user-extra is set without as");
    REFUSED(with(SERVER, "as-groups: [a]"), "is set without as");
    REFUSED(with(SERVER, "as-user-extra: {a: [b]}"), "is set without as");
    REFUSED(with(SERVER, "as: a, as-user-extra: {a: b}"), "as-user-extra.a is a string", "list");
    REFUSED(with(SERVER, "as: \"a\\nb\""), "as holds a control character");
    REFUSED(with(SERVER, "as: a, as-groups: [\"a\\nb\"]"), "as-groups holds a control character");
}

static void a_wrong_proxy_is_named_without_its_password(void **state)
{
    const struct {
        const char *url, *fault;
    } bad[] = {
        {"p:8080", "has no scheme"},
        {"ftp://p", "the scheme \"ftp\""},
        {"socks4://p", "the scheme \"socks4\""},
        {"http://", "has no host"},
        {"http://u:hunter2@", "has no host"},
        {"http://p:0", "has a port"},
        {"http://p:99999", "has a port"},
        {"http://p:http", "has a port"},
        {"http://p/path", "has a path"},
        {"http://p?hunter2", "has a path"},
        {"http://[::1", "without"},
        {"http://[::1]8080", "no port"},
        {"http://a b", "holds a blank"},
    };
    k8sc_error *err = NULL;
    size_t i;
    (void)state;
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        char fields[256];
        snprintf(fields, sizeof fields, SERVER ", proxy-url: '%s'", bad[i].url);
        assert_int_equal(parse(with(fields, ""), NULL, &err), K8SC_E_CONFIG);
        if (!strstr(k8sc_error_message(err), bad[i].fault) || strstr(k8sc_error_message(err), "hunter2"))
            fail_msg("%s: %s", bad[i].url, k8sc_error_message(err));
        k8sc_error_free(err);
    }
}

static void secrets_stay_out_of_messages(void **state)
{
    const char *users[] = {"token: \"hunter2\\n\"",
                           "password: \"hunter2\\n\"",
                           "username: 'a:b', password: hunter2",
                           "token: hunter2, password: hunter2",
                           "client-key-data: hunter2",
                           "client-certificate-data: hunter2, client-key-data: hunter2",
                           "token: [hunter2]",
                           "token: hunter2, exec: {}"};
    k8sc_error *err = NULL;
    size_t i;
    (void)state;
    for (i = 0; i < sizeof users / sizeof *users; i++) {
        assert_int_equal(parse(with(SERVER, users[i]), NULL, &err), K8SC_E_CONFIG);
        assert_null(strstr(k8sc_error_message(err), "hunter2"));
        k8sc_error_free(err);
    }
    assert_int_equal(parse(with("server: 'https://me:hunter2@c'", ""), NULL, &err), K8SC_E_CONFIG);
    assert_null(strstr(k8sc_error_message(err), "hunter2"));
    k8sc_error_free(err);
}

static void the_file_of_a_stanza_is_named(void **state)
{
    char list[1024];
    (void)state;
    write_file("one", "current-context: a\ncontexts: [{name: a, context: {cluster: c, user: u}}]\nclusters: [{name: c, "
                      "cluster: {" SERVER "}}]\n");
    write_file("two", "users: [{name: u, user: {tokenFile: absent}}]\n");
    snprintf(list, sizeof list, "%s:%s", path_of("one"), path_of("two"));
    setenv("KUBECONFIG", list, 1);
    FAILS(K8SC_E_CONFIG, load(NULL, NULL, &err), path_of("two: user \"u\""), path_of("absent"));
}

static int set_up_all(void **state)
{
    (void)state;
    admin = make_pair("admin");
    other = make_pair("other");
    return 0;
}

static int tear_down_all(void **state)
{
    (void)state;
    free_pair(&admin);
    free_pair(&other);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_anywhere),
        TEST(not_in_a_cluster),
        TEST(a_named_file_must_be_there),
        TEST(a_file_without_permission),
        TEST(one_bad_file_of_several),
        TEST(all_bad_files_are_told),
        TEST(not_yaml),
        TEST(not_a_kubeconfig),
        TEST(wrong_types),
        TEST(duplicate_names),
        TEST(unknown_names),
        TEST(many_contexts_are_not_all_listed),
        TEST(a_wrong_server_is_named),
        TEST(a_wrong_authority_is_named),
        TEST(client_certificates),
        TEST(a_wrong_token_is_named),
        TEST(exec_programs),
        TEST(auth_providers),
        TEST(basic_authentication_and_impersonation),
        TEST(a_wrong_proxy_is_named_without_its_password),
        TEST(secrets_stay_out_of_messages),
        TEST(the_file_of_a_stanza_is_named),
    };
    return cmocka_run_group_tests_name("kubeconfig errors", tests, set_up_all, tear_down_all);
}
