/* A kubeconfig as a text: whole, without secrets, reduced to a context, without files; and all its errors at once. */
#include "support.h"

static pair admin;
static k8sc_kubeconfig *kube, *other;
static char *text;

static int set_up(void **state)
{
    kube = other = NULL;
    err = NULL;
    text = NULL;
    return make_directory(state);
}

static int tear_down(void **state)
{
    k8sc_kubeconfig_free(kube);
    k8sc_kubeconfig_free(other);
    k8sc_string_free(text);
    return remove_directory(state);
}

static void parse(const char *yaml)
{
    k8sc_kubeconfig_free(kube);
    kube = NULL;
    OK(k8sc_kubeconfig_parse(yaml, strlen(yaml), &kube, &err));
}

static const char *yaml_of(const k8sc_kubeconfig *kubeconfig)
{
    k8sc_string_free(text);
    OK(k8sc_kubeconfig_to_yaml(kubeconfig, &text, &err));
    return text;
}

static int shows(const char *part) { return strstr(text, part) != NULL; }

static void a_round_trip(void **state)
{
    char *first;
    (void)state;
    parse("kind: Config\nnews: {deep: [1, {a: null}], text: 'yes'}\npreferences: {colors: true}\nextensions: [{name: "
          "e, extension: {a: 1}}]\n"
          "current-context: x\nclusters: [{name: c, note: kept, cluster: {server: 'https://c', future: 1.5, "
          "extensions: [{name: q, extension: 2}]}}]\n"
          "users: [{name: u, user: {token: t, as-user-extra: {a: [b]}, future: [x]}}]\ncontexts: [{name: x, context: "
          "{cluster: c, user: u, more: "
          "1}}]\n");
    first = strdup(yaml_of(kube));
    assert_non_null(first);
    parse(first);
    assert_string_equal(yaml_of(kube), first);
    free(first);
    assert_true(shows("deep:") && shows("colors: true") && shows("note: kept") && shows("future: 1.5") &&
                shows("more: 1"));
    assert_true(shows("text: \"yes\"") && shows("token: t") && shows("name: e") && shows("name: q"));
}

static void no_secret_survives(void **state)
{
    const char *yaml =
        "current-context: x\n"
        "clusters:\n- name: c\n  cluster: {server: 'https://me:S3CRET@c', certificate-authority-data: S3CRETca, "
        "proxy-url: 'http://me:S3CRET@p:1/?S3CRET'}\n"
        "users:\n- name: all\n  user: {token: S3CRET, password: S3CRET, username: visible, client-certificate-data: "
        "S3CRETcrt,\n"
        "    client-key-data: S3CRET, client-key: shown.key, tokenFile: shown.token, future: S3CRET, later: {a: "
        "[S3CRET]},\n"
        "    extensions: [{name: a, extension: {b: S3CRET}}],\n"
        "    exec: {command: login, apiVersion: v, args: [get, --client-secret=S3CRET, --Token, S3CRET, --cluster, "
        "shown-cluster,\n"
        "        --client-secret, -S3CRET, -x, --use-token-cache, --other, shown-other],\n"
        "      env: [{name: NAME, value: S3CRET}, {name: EMPTY, value: ''}], installHint: hint}}\n"
        "- name: oidc\n  user: {auth-provider: {name: oidc, config: {id-token: S3CRET, refresh-token: S3CRET, "
        "client-secret: S3CRET,\n"
        "    client-id: shown-id, idp-issuer-url: 'https://issuer', idp-certificate-authority-data: S3CRETidp, novel: "
        "S3CRET}}}\n"
        "contexts: [{name: x, context: {cluster: c, user: all}}]\n";
    (void)state;
    parse(yaml);
    OK(k8sc_kubeconfig_redacted(kube, &text, &err));
    if (shows("S3CRET")) fail_msg("%s", text);
    assert_true(shows("token: REDACTED") && shows("password: REDACTED") && shows("client-key-data: REDACTED"));
    assert_true(shows("client-certificate-data: DATA+OMITTED") && shows("certificate-authority-data: DATA+OMITTED"));
    assert_true(shows("https://REDACTED@c") && shows("http://REDACTED@p:1/"));
    assert_true(shows("--client-secret=REDACTED") && shows("shown-cluster") && shows("-x") && shows("shown-other") &&
                shows("hint") && shows("NAME"));
    assert_true(shows("shown-id") && shows("https://issuer") && shows("visible") && shows("shown.key") &&
                shows("shown.token"));
    /* The kubeconfig itself is as it was. */
    assert_non_null(strstr(yaml_of(kube), "token: S3CRET"));
}

static void one_context_and_what_it_uses(void **state)
{
    (void)state;
    parse("current-context: x\nnews: 1\nclusters: [{name: c, cluster: {server: 'https://c'}}, {name: d}]\nusers: "
          "[{name: u}, {name: v}]\n"
          "contexts: [{name: x, context: {cluster: c, user: u}}, {name: z2, context: {cluster: d, user: gone}}]\n");
    OK(k8sc_kubeconfig_minify(kube, NULL, &other, &err));
    assert_int_equal(k8sc_kubeconfig_cluster_count(other), 1);
    assert_int_equal(k8sc_kubeconfig_user_count(other), 1);
    assert_int_equal(k8sc_kubeconfig_context_count(other), 1);
    assert_string_equal(k8sc_kubeconfig_cluster_name(other, 0), "c");
    assert_non_null(strstr(yaml_of(other), "news: 1"));
    k8sc_kubeconfig_free(other);
    OK(k8sc_kubeconfig_minify(kube, "z2", &other, &err));
    assert_string_equal(k8sc_kubeconfig_current_context(other), "z2");
    assert_string_equal(k8sc_kubeconfig_cluster_name(other, 0), "d");
    assert_int_equal(k8sc_kubeconfig_user_count(other), 0);
    FAILS(K8SC_E_STATE, k8sc_kubeconfig_write(other, NULL, &err), "belongs to no file");
    k8sc_kubeconfig_free(other);
    FAILS(K8SC_E_CONFIG, k8sc_kubeconfig_minify(kube, "z", &other, &err), "context \"z\" does not exist");
    assert_null(other);
    FAILS(K8SC_E_INVALID, k8sc_kubeconfig_minify(NULL, "z", &other, &err), "kubeconfig is NULL");
}

static void without_files(void **state)
{
    char *certificate = base64(admin.certificate), *key = base64(admin.key);
    k8sc_config *config = NULL;
    (void)state;
    make_folder("pki");
    write_file("pki/ca.crt", admin.certificate);
    write_file("pki/admin.key", admin.key);
    write_file("config", "current-context: x\nclusters: [{name: c, note: kept, cluster: {server: 'https://c', "
                         "certificate-authority: pki/ca.crt}}]\n"
                         "users: [{name: '', user: {tokenFile: token}}, {name: u, user: {client-certificate: "
                         "pki/ca.crt, client-key: pki/admin.key}}]\n"
                         "contexts: [{name: x, context: {cluster: c, user: u}}]\n");
    OK(k8sc_kubeconfig_load(path_of("config"), &kube, &err));
    OK(k8sc_kubeconfig_flatten(kube, &other, &err));
    yaml_of(other);
    assert_true(shows(certificate) && shows(key) && shows("note: kept") && shows(path_of("token")));
    assert_false(shows("pki/"));
    assert_int_equal(unlink(path_of("pki/ca.crt")), 0);
    assert_int_equal(unlink(path_of("pki/admin.key")), 0);
    OK(k8sc_kubeconfig_config(other, NULL, &config, &err));
    assert_int_equal(k8sc_config_has_credentials(config), 1);
    k8sc_config_free(config);
    k8sc_kubeconfig_free(other);
    assert_int_equal(k8sc_kubeconfig_flatten(kube, &other, &err), K8SC_E_CONFIG);
    assert_null(other);
    assert_int_equal(k8sc_error_cause_count(err), 3);
    assert_string_equal(k8sc_error_cause_field(err, 0), "clusters[c].certificate-authority");
    assert_non_null(strstr(k8sc_error_cause_message(err, 2), path_of("pki/admin.key")));
    k8sc_error_free(err);
    free(certificate);
    free(key);
}

static void all_faults_at_once(void **state)
{
    const char *const fields[] = {
        "current-context",
        "clusters[bad].server",
        "clusters[bad].certificate-authority",
        "clusters[bad].proxy-url",
        "clusters[empty].server",
        "clusters[unread].certificate-authority",
        "users[basic].token",
        "users[both].exec",
        "users[cert].client-certificate",
        "users[exec].exec.command",
        "users[exec].exec.interactiveMode",
        "users[exec].exec.env[0].name",
        "users[gcp].auth-provider.name",
        "users[groups].as",
        "users[half].client-key",
        "users[unread].client-certificate",
        "users[unread].client-key",
        "contexts[lost].cluster",
        "contexts[lost].user",
        "contexts[lost].namespace",
        "contexts[none].cluster",
    };
    enum { count = sizeof fields / sizeof *fields };
    int i;
    (void)state;
    parse("current-context: gone\nclusters:\n- name: bad\n  cluster: {server: 'ftp://c', certificate-authority: a, "
          "certificate-authority-data: b, "
          "proxy-url: p}\n- name: empty\n- name: good\n  cluster: {server: 'https://c'}\n"
          "- name: unread\n  cluster: {server: 'https://c', certificate-authority: /gone/ca}\n"
          "users:\n- name: basic\n  user: {token: S3CRET, username: a, password: S3CRET}\n"
          "- name: both\n  user: {exec: {command: a, apiVersion: client.authentication.k8s.io/v1beta1}, auth-provider: "
          "{name: oidc}}\n"
          "- name: cert\n  user: {client-certificate: a, client-certificate-data: b, client-key: c}\n"
          "- name: exec\n  user: {exec: {apiVersion: client.authentication.k8s.io/v1, env: [{value: S3CRET}]}}\n"
          "- name: gcp\n  user: {auth-provider: {name: gcp}}\n- name: good\n  user: {token: t}\n- name: groups\n  "
          "user: {as-groups: [a]}\n"
          "- name: half\n  user: {client-certificate: a}\n- name: unread\n  user: {client-certificate: /gone/crt, "
          "client-key: /gone/key}\n"
          "contexts:\n- name: fine\n  context: {cluster: good, user: good}\n"
          "- name: lost\n  context: {cluster: nowhere, user: nobody, namespace: 'A b'}\n- name: none\n");
    assert_int_equal(k8sc_kubeconfig_validate(kube, &err), K8SC_E_CONFIG);
    assert_non_null(strstr(k8sc_error_message(err), "context \"gone\" does not exist"));
    assert_non_null(strstr(k8sc_error_message(err), "more)"));
    for (i = 0; i < k8sc_error_cause_count(err); i++) {
        if (i >= count || strcmp(k8sc_error_cause_field(err, i), fields[i]) != 0)
            fail_msg("%d: %s: %s", i, k8sc_error_cause_field(err, i), k8sc_error_cause_message(err, i));
        assert_null(strstr(k8sc_error_cause_message(err, i), "S3CRET"));
    }
    assert_int_equal(k8sc_error_cause_count(err), count);
    k8sc_error_free(err);
    parse("current-context: x\nclusters: [{name: c, cluster: {server: 'https://c'}}]\ncontexts: [{name: x, context: "
          "{cluster: c}}]\n");
    OK(k8sc_kubeconfig_validate(kube, &err));
    FAILS(K8SC_E_INVALID, k8sc_kubeconfig_validate(NULL, &err), "kubeconfig is NULL");
}

static int set_up_all(void **state)
{
    (void)state;
    admin = make_pair("admin");
    return 0;
}

static int tear_down_all(void **state)
{
    (void)state;
    free_pair(&admin);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_round_trip),  TEST(no_secret_survives), TEST(one_context_and_what_it_uses),
        TEST(without_files), TEST(all_faults_at_once),
    };
    return cmocka_run_group_tests_name("kubeconfig view", tests, set_up_all, tear_down_all);
}
