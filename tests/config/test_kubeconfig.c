/* Kubeconfigs that work: where they are looked for, how several become one, and what is read from them. */
#include "support.h"

static pair admin;
static k8sc_config *config;

/* Every test begins without files. */
static int set_up(void **state)
{
    config = NULL;
    return make_directory(state);
}

static int tear_down(void **state)
{
    k8sc_config_free(config);
    return remove_directory(state);
}

/* One file with one cluster, user and context, all with the same name. */
static const char *simple(const char *file, const char *name)
{
    char text[1024];
    snprintf(text, sizeof text,
             "apiVersion: v1\nkind: Config\ncurrent-context: %s\n"
             "clusters:\n- name: %s\n  cluster: {server: 'https://%s.example.com'}\n"
             "users:\n- name: %s\n  user: {token: secret-%s}\n"
             "contexts:\n- name: %s\n  context: {cluster: %s, user: %s, namespace: ns-%s}\n",
             name, name, name, name, name, name, name, name, name);
    return write_file(file, text);
}

static void load(const char *path, const char *context)
{
    k8sc_error *err = NULL;
    k8sc_config_free(config);
    config = NULL;
    OK(k8sc_config_load(path, context, &config, &err));
    assert_non_null(config);
}

static void parse(const char *text, const char *context)
{
    k8sc_error *err = NULL;
    k8sc_config_free(config);
    config = NULL;
    OK(k8sc_config_parse(text, strlen(text), context, &config, &err));
    assert_non_null(config);
}

static void explicit_file(void **state)
{
    (void)state;
    load(simple("config", "dev"), NULL);
    assert_string_equal(k8sc_config_server(config), "https://dev.example.com");
    assert_string_equal(k8sc_config_context(config), "dev");
    assert_string_equal(k8sc_config_namespace(config), "ns-dev");
    assert_int_equal(k8sc_config_has_credentials(config), 1);
    assert_int_equal(k8sc_config_insecure(config), 0);
    assert_null(k8sc_config_tls_server_name(config));
}

static void explicit_file_goes_before_all(void **state)
{
    (void)state;
    make_folder(".kube");
    simple(".kube/config", "home");
    setenv("KUBECONFIG", simple("variable", "variable"), 1);
    load(simple("explicit", "explicit"), NULL);
    assert_string_equal(k8sc_config_context(config), "explicit");
    load("", "");
    assert_string_equal(k8sc_config_context(config), "variable");
    load(NULL, NULL);
    assert_string_equal(k8sc_config_context(config), "variable");
    unsetenv("KUBECONFIG");
    load(NULL, NULL);
    assert_string_equal(k8sc_config_context(config), "home");
    setenv("KUBECONFIG", "", 1);
    load(NULL, NULL);
    assert_string_equal(k8sc_config_context(config), "home");
}

static void variable_skips_empty_missing_and_repeated(void **state)
{
    char list[2048];
    const char *file = simple("config", "dev");
    (void)state;
    snprintf(list, sizeof list, "::%s:%s:%s:", path_of("absent"), file, file);
    setenv("KUBECONFIG", list, 1);
    load(NULL, NULL);
    assert_string_equal(k8sc_config_context(config), "dev");
}

static void first_file_wins_by_whole_stanza(void **state)
{
    char list[1024];
    (void)state;
    write_file("one", "clusters:\n- name: c\n  cluster: {server: 'https://one'}\n"
                      "contexts:\n- name: x\n  context: {cluster: c, user: u}\n");
    write_file("two", "current-context: x\n"
                      "clusters:\n- name: c\n  cluster: {server: 'https://two', tls-server-name: two, "
                      "insecure-skip-tls-verify: true}\n"
                      "users:\n- name: u\n  user: {token: t}\n"
                      "contexts:\n- name: x\n  context: {cluster: c, namespace: two}\n");
    write_file("three",
               "current-context: z\ncontexts:\n- name: z\n  context: {cluster: c, user: u, namespace: three}\n");
    snprintf(list, sizeof list, "%s:%s:%s", path_of("one"), path_of("two"), path_of("three"));
    setenv("KUBECONFIG", list, 1);
    load(NULL, NULL);
    assert_string_equal(k8sc_config_context(config), "x");
    assert_string_equal(k8sc_config_server(config), "https://one");
    assert_null(k8sc_config_tls_server_name(config));
    assert_int_equal(k8sc_config_insecure(config), 0);
    assert_null(k8sc_config_namespace(config));
    assert_int_equal(k8sc_config_has_credentials(config), 1);
    load(NULL, "z");
    assert_string_equal(k8sc_config_context(config), "z");
    assert_string_equal(k8sc_config_namespace(config), "three");
}

static void context_can_be_chosen(void **state)
{
    const char *text =
        "current-context: a\n"
        "clusters: [{name: c, cluster: {server: 'https://c'}}, {name: d, cluster: {server: 'https://d'}}]\n"
        "contexts: [{name: a, context: {cluster: c}}, {name: b, context: {cluster: d}}]\n";
    (void)state;
    parse(text, NULL);
    assert_string_equal(k8sc_config_server(config), "https://c");
    parse(text, "");
    assert_string_equal(k8sc_config_server(config), "https://c");
    parse(text, "b");
    assert_string_equal(k8sc_config_server(config), "https://d");
    assert_string_equal(k8sc_config_context(config), "b");
}

static void json_is_yaml(void **state)
{
    (void)state;
    parse("{\"current-context\": \"a\", \"clusters\": [{\"name\": \"c\", \"cluster\": {\"server\": \"https://c\"}}],"
          " \"contexts\": [{\"name\": \"a\", \"context\": {\"cluster\": \"c\"}}], \"users\": null}",
          NULL);
    assert_string_equal(k8sc_config_server(config), "https://c");
    assert_int_equal(k8sc_config_has_credentials(config), 0);
}

static void unknown_fields_are_passed_over(void **state)
{
    (void)state;
    parse("preferences: {colors: true}\nextensions: []\nnews: 3\ncurrent-context: a\n"
          "clusters:\n- name: c\n  more: 1\n  cluster: {server: 'https://c', disable-compression: true, extensions: "
          "[{name: x, extension: "
          "{a: 1}}]}\n"
          "users:\n- name: u\n  user: {token: t, exec: null, auth-provider: null, as: '', as-groups: [], "
          "as-user-extra: {}, future: 1}\n"
          "contexts:\n- name: a\n  context: {cluster: c, user: u, extensions: []}\n",
          NULL);
    assert_int_equal(k8sc_config_has_credentials(config), 1);
}

static void relative_paths_start_at_their_file(void **state)
{
    char list[1024];
    (void)state;
    make_folder("one");
    make_folder("two");
    make_folder("two/pki");
    write_file("one/ca.crt", admin.certificate);
    write_file("two/pki/admin.crt", admin.certificate);
    write_file("two/admin.key", admin.key);
    write_file("two/token", "t\n");
    write_file("one/config", "current-context: x\n"
                             "clusters:\n- name: c\n  cluster: {server: 'https://c', certificate-authority: ca.crt}\n"
                             "contexts:\n- name: x\n  context: {cluster: c, user: certified}\n- name: z\n  context: "
                             "{cluster: c, user: trusted}\n");
    write_file("two/config",
               "users:\n- name: certified\n  user: {client-certificate: pki/admin.crt, client-key: ../two/admin.key}\n"
               "- name: trusted\n  user: {tokenFile: token}\n");
    snprintf(list, sizeof list, "%s:%s", path_of("one/config"), path_of("two/config"));
    setenv("KUBECONFIG", list, 1);
    load(NULL, NULL);
    assert_int_equal(k8sc_config_has_credentials(config), 1);
    load(NULL, "z");
    assert_int_equal(k8sc_config_has_credentials(config), 1);
}

static void a_relative_file_and_a_text_start_at_the_working_directory(void **state)
{
    const char *text = "current-context: x\nclusters:\n- name: c\n  cluster: {server: 'https://c', "
                       "certificate-authority: pki/ca.crt}\n"
                       "contexts:\n- name: x\n  context: {cluster: c}\n";
    char before[4096];
    (void)state;
    make_folder("pki");
    write_file("pki/ca.crt", admin.certificate);
    write_file("config", text);
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(directory), 0);
    parse(text, NULL);
    load("config", NULL);
    load("./config", NULL);
    assert_int_equal(chdir(before), 0);
}

static void inline_certificates(void **state)
{
    char *certificate = base64(admin.certificate), *key = base64(admin.key);
    size_t size = strlen(certificate) * 2 + strlen(key) + 512;
    char *text = (char *)malloc(size);
    (void)state;
    snprintf(text, size,
             "current-context: x\n"
             "clusters:\n- name: c\n  cluster: {server: 'https://c', certificate-authority-data: %s, tls-server-name: "
             "kube}\n"
             "users:\n- name: u\n  user: {client-certificate-data: %s, client-key-data: %s}\n"
             "contexts:\n- name: x\n  context: {cluster: c, user: u}\n",
             certificate, certificate, key);
    parse(text, NULL);
    assert_int_equal(k8sc_config_has_credentials(config), 1);
    assert_string_equal(k8sc_config_tls_server_name(config), "kube");
    free(text);
    free(certificate);
    free(key);
}

static void a_file_and_inline_data_make_a_pair(void **state)
{
    char *key = base64(admin.key);
    char text[2048];
    (void)state;
    write_file("admin.crt", admin.certificate);
    snprintf(text, sizeof text,
             "current-context: x\nclusters: [{name: c, cluster: {server: 'https://c'}}]\ncontexts: [{name: x, context: "
             "{cluster: c, user: u}}]\n"
             "users: [{name: u, user: {client-certificate: '%s', client-key-data: %s}}]\n",
             path_of("admin.crt"), key);
    parse(text, NULL);
    assert_int_equal(k8sc_config_has_credentials(config), 1);
    free(key);
}

static void insecure_server(void **state)
{
    (void)state;
    parse("current-context: x\nclusters: [{name: c, cluster: {server: 'https://c', insecure-skip-tls-verify: true}}]\n"
          "contexts: [{name: x, context: {cluster: c}}]\n",
          NULL);
    assert_int_equal(k8sc_config_insecure(config), 1);
}

static void no_credentials_over_plain_http(void **state)
{
    (void)state;
    parse(
        "current-context: x\n"
        "clusters: [{name: c, cluster: {server: 'http://localhost:8001', tls-server-name: kube}}]\n"
        "users: [{name: u, user: {token: t, exec: {command: aws, apiVersion: client.authentication.k8s.io/v1beta1}}}]\n"
        "contexts: [{name: x, context: {cluster: c, user: u}}]\n",
        NULL);
    assert_string_equal(k8sc_config_server(config), "http://localhost:8001");
    assert_int_equal(k8sc_config_has_credentials(config), 0);
    assert_null(k8sc_config_tls_server_name(config));
    /* What is wrong with them is told all the same, as kubectl does. */
    const char *wrong[][2] = {{"certificate-authority: /absent", "token: t"},
                              {"tls-server-name: kube", "client-certificate: /absent, client-key: /absent"},
                              {"tls-server-name: kube", "exec: {command: aws}"},
                              {"tls-server-name: kube", "token: t, username: me, password: x"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char yaml[512];
        k8sc_config *none = NULL;
        snprintf(yaml, sizeof yaml,
                 "current-context: x\nclusters: [{name: c, cluster: {server: 'http://c', %s}}]\nusers: [{name: u, "
                 "user: {%s}}]\n"
                 "contexts: [{name: x, context: {cluster: c, user: u}}]\n",
                 wrong[i][0], wrong[i][1]);
        FAILS(K8SC_E_CONFIG, k8sc_config_parse(yaml, strlen(yaml), NULL, &none, &err));
    }
    parse("current-context: x\nclusters: [{name: c, cluster: {server: 'localhost:8001'}}]\nusers: [{name: u, user: "
          "{token: t}}]\n"
          "contexts: [{name: x, context: {cluster: c, user: u}}]\n",
          NULL);
    assert_int_equal(k8sc_config_has_credentials(config), 0);
}

static void a_server_without_scheme_is_https_where_tls_is_set_up(void **state)
{
    (void)state;
    parse("current-context: x\nclusters: [{name: c, cluster: {server: 'localhost:6443', insecure-skip-tls-verify: "
          "true}}]\n"
          "users: [{name: u, user: {token: t}}]\ncontexts: [{name: x, context: {cluster: c, user: u}}]\n",
          NULL);
    assert_int_equal(k8sc_config_has_credentials(config), 1);
}

static void a_token_stands_in_for_its_unreadable_file(void **state)
{
    (void)state;
    parse("current-context: x\nclusters: [{name: c, cluster: {server: 'https://c'}}]\nusers: [{name: u, user: {token: "
          "t, tokenFile: "
          "/absent}}]\n"
          "contexts: [{name: x, context: {cluster: c, user: u}}]\n",
          NULL);
    assert_int_equal(k8sc_config_has_credentials(config), 1);
}

static void what_is_not_chosen_is_not_read(void **state)
{
    (void)state;
    parse("current-context: x\n"
          "clusters: [{name: c, cluster: {server: 'https://c'}}, {name: d, cluster: {server: 'https://d', "
          "certificate-authority: /absent, "
          "proxy-url: 'http://p'}}]\n"
          "users: [{name: v, user: {exec: {command: aws}}}, {name: w, user: {client-certificate-data: '?'}}]\n"
          "contexts: [{name: x, context: {cluster: c}}, {name: z, context: {cluster: none, user: none}}]\n",
          NULL);
    assert_string_equal(k8sc_config_server(config), "https://c");
}

static void a_pipe_is_a_file(void **state)
{
    const char *text = "current-context: x\nclusters: [{name: c, cluster: {server: 'https://c'}}]\ncontexts: [{name: "
                       "x, context: {cluster: c}}]\n";
    char path[64];
    int ends[2];
    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], text, strlen(text)), (ssize_t)strlen(text));
    close(ends[1]);
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    load(path, NULL);
    close(ends[0]);
    assert_string_equal(k8sc_config_server(config), "https://c");
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
        TEST(explicit_file),
        TEST(explicit_file_goes_before_all),
        TEST(variable_skips_empty_missing_and_repeated),
        TEST(first_file_wins_by_whole_stanza),
        TEST(context_can_be_chosen),
        TEST(json_is_yaml),
        TEST(unknown_fields_are_passed_over),
        TEST(relative_paths_start_at_their_file),
        TEST(a_relative_file_and_a_text_start_at_the_working_directory),
        TEST(inline_certificates),
        TEST(a_file_and_inline_data_make_a_pair),
        TEST(insecure_server),
        TEST(no_credentials_over_plain_http),
        TEST(a_server_without_scheme_is_https_where_tls_is_set_up),
        TEST(a_token_stands_in_for_its_unreadable_file),
        TEST(what_is_not_chosen_is_not_read),
        TEST(a_pipe_is_a_file),
    };
    return cmocka_run_group_tests_name("kubeconfig", tests, set_up_all, tear_down_all);
}
