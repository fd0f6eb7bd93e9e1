// What goes before a kubeconfig, and the setters of the same things: what becomes of them in the settings.
#include "config/config.h"
#include "config/kubeconfig.h"
#include "core/error.h"

// After the library's headers: cmocka has a macro with the name fail.
#include "support.h"

using namespace k8sc;

namespace {

pair admin;
k8sc_overrides *overrides;
k8sc_config *config;

int set_up(void **state)
{
    err = nullptr;
    config = nullptr;
    if (make_directory(state) != 0) return -1;
    write_file("admin.crt", admin.certificate);
    write_file("admin.key", admin.key);
    return k8sc_overrides_new(&overrides, nullptr);
}

int tear_down(void **state)
{
    k8sc_overrides_free(overrides);
    k8sc_config_free(config);
    return remove_directory(state);
}

void assert_text(const std::string &text, const std::string &expected)
{
    assert_string_equal(text.c_str(), expected.c_str());
}

// Two of everything. The first cluster has a CA and a server name, the second is insecure.
std::string two_of_all()
{
    char *data = base64(admin.certificate), *key = base64(admin.key);
    std::string text =
        std::string("current-context: x\nclusters:\n- name: c\n  cluster: {server: 'https://c', tls-server-name: kube, "
                    "proxy-url: 'http://p', certificate-authority-data: ") +
        data +
        "}\n- name: d\n  cluster: {server: 'https://d', insecure-skip-tls-verify: true}\n"
        "users:\n- name: u\n  user: {tokenFile: /absent, token: old, as: root, as-groups: [g]}\n"
        "- name: v\n  user: {client-certificate-data: " +
        data + ", client-key-data: " + key +
        "}\n- name: w\n  user: {username: me, password: pw}\n"
        "- name: e\n  user: {exec: {command: login, apiVersion: client.authentication.k8s.io/v1beta1}}\n"
        "contexts:\n- name: x\n  context: {cluster: c, user: u, namespace: team}\n- name: z\n  context: {cluster: d, "
        "user: w}\n";
    free(data);
    free(key);
    return text;
}

k8sc_status resolve(const std::string &text = two_of_all())
{
    k8sc_kubeconfig *files = nullptr;
    OK(k8sc_kubeconfig_parse(text.data(), text.size(), &files, &err));
    k8sc_config_free(config);
    config = reinterpret_cast<k8sc_config *>(&err);
    k8sc_status status = k8sc_kubeconfig_config(files, overrides, &config, &err);
    k8sc_kubeconfig_free(files);
    if (status < 0) assert_null(config);
    return status;
}

#define REFUSED(...) FAILS(K8SC_E_CONFIG, resolve(), __VA_ARGS__)

void nothing_overridden(void **)
{
    OK(resolve());
    assert_text(config->server, "https://c");
    assert_text(config->tls_server_name, "kube");
    assert_text(config->ca_pem, admin.certificate);
    assert_text(config->token, "old");
    assert_text(config->token_file, "/absent");
    assert_text(config->ns, "team");
    assert_int_equal(config->timeout_ms, -1);
}

void another_stanza_can_be_chosen(void **)
{
    OK(k8sc_overrides_set_context(overrides, "z", &err));
    OK(resolve());
    assert_text(config->context, "z");
    assert_text(config->server, "https://d");
    assert_text(config->ns, "");
    OK(k8sc_overrides_set_user(overrides, "v", &err));
    OK(k8sc_overrides_set_cluster(overrides, "c", &err));
    OK(k8sc_overrides_set_namespace(overrides, "mine", &err));
    OK(resolve());
    assert_text(config->server, "https://c");
    assert_text(config->username, "");
    assert_text(config->certificate_pem, admin.certificate);
    assert_text(config->ns, "mine");
    OK(k8sc_overrides_set_user(overrides, "gone", &err));
    REFUSED("user \"gone\" does not exist", "\"u\"");
    OK(k8sc_overrides_set_cluster(overrides, "gone", &err));
    REFUSED("cluster \"gone\" does not exist", "\"c\", \"d\"");
    OK(k8sc_overrides_set_context(overrides, "gone", &err));
    REFUSED("context \"gone\" does not exist");
    OK(k8sc_overrides_set_context(overrides, nullptr, &err));
    OK(k8sc_overrides_set_cluster(overrides, nullptr, &err));
    OK(k8sc_overrides_set_user(overrides, nullptr, &err));
    OK(resolve());
    assert_text(config->context, "x");
}

void a_server(void **)
{
    OK(k8sc_overrides_set_server(overrides, "https://new", &err));
    OK(resolve());
    assert_text(config->server, "https://new");
    assert_text(config->tls_server_name, "");
    assert_text(config->ca_pem, admin.certificate);
    OK(k8sc_overrides_set_tls_server_name(overrides, "other", &err));
    OK(resolve());
    assert_text(config->tls_server_name, "other");
    // With a server, nothing else is needed.
    OK(resolve(""));
    assert_text(config->server, "https://new");
    assert_text(config->context, "");
    OK(k8sc_overrides_set_token(overrides, "t", &err));
    OK(resolve("contexts: [{name: a}]\ncurrent-context: a\n"));
    assert_text(config->token, "t");
    // But a user that the context names is meant.
    FAILS(K8SC_E_CONFIG, resolve("contexts: [{name: a, context: {user: gone}}]\ncurrent-context: a\n"),
          "its user \"gone\" does not exist");
    FAILS(K8SC_E_CONFIG, resolve("contexts: [{name: a, context: {namespace: A}}]\ncurrent-context: a\n"),
          "namespace \"A\"");
    OK(k8sc_overrides_set_server(overrides, nullptr, &err));
    FAILS(K8SC_E_CONFIG, resolve(""), "no configuration has been provided");
}

void an_authority_replaces_that_of_the_cluster(void **)
{
    OK(k8sc_overrides_set_insecure(overrides, 1, &err));
    OK(resolve());
    assert_true(config->insecure);
    assert_text(config->ca_pem, "");
    check_config(*config);
    OK(k8sc_overrides_set_ca_file(overrides, path_of("admin.crt"), &err));
    REFUSED("insecure-skip-tls-verify and a certificate-authority are both set");
    k8sc_overrides_free(overrides);
    OK(k8sc_overrides_new(&overrides, &err));
    OK(k8sc_overrides_set_context(overrides, "z", &err));
    OK(k8sc_overrides_set_ca_file(overrides, path_of("admin.crt"), &err));
    OK(resolve());
    assert_false(config->insecure);
    assert_text(config->ca_file, path_of("admin.crt"));
    OK(k8sc_overrides_set_context(overrides, nullptr, &err));
    OK(resolve());
    assert_text(config->ca_file, path_of("admin.crt"));
    OK(k8sc_overrides_set_ca_file(overrides, path_of("gone.crt"), &err));
    REFUSED(path_of("gone.crt"), "No such file");
    OK(k8sc_overrides_set_ca_file(overrides, nullptr, &err));
    OK(k8sc_overrides_set_context(overrides, "z", &err));
    OK(k8sc_overrides_set_insecure(overrides, 0, &err));
    OK(resolve());
    assert_false(config->insecure);
}

void a_token_wins(void **)
{
    OK(k8sc_overrides_set_token(overrides, "new", &err));
    for (const char *user : {"u", "w", "e"}) {
        OK(k8sc_overrides_set_user(overrides, user, &err));
        OK(resolve());
        assert_text(config->token, "new");
        assert_text(config->token_file, "");
        assert_text(config->username + config->password, "");
        assert_false(config->exec.has_value());
        check_config(*config);
    }
}

void a_client_certificate_replaces_that_of_the_user(void **)
{
    OK(k8sc_overrides_set_user(overrides, "v", &err));
    OK(k8sc_overrides_set_client_certificate_files(overrides, path_of("admin.crt"), nullptr, &err));
    OK(resolve());
    assert_text(config->certificate_file, path_of("admin.crt"));
    assert_text(config->key_file, "");
    assert_text(config->key_pem, admin.key);
    OK(k8sc_overrides_set_client_certificate_files(overrides, path_of("admin.crt"), path_of("admin.key"), &err));
    OK(k8sc_overrides_set_user(overrides, "w", &err));
    OK(resolve());
    assert_text(config->key_file, path_of("admin.key"));
    OK(k8sc_overrides_set_client_certificate_files(overrides, path_of("admin.crt"), nullptr, &err));
    REFUSED("client-certificate is set without client-key");
}

void the_rest(void **)
{
    OK(k8sc_overrides_set_proxy(overrides, "socks5://q:1080", &err));
    OK(k8sc_overrides_set_timeout(overrides, 1500, &err));
    OK(k8sc_overrides_add_impersonation_group(overrides, "a", &err));
    OK(resolve());
    assert_text(config->proxy_url, "socks5://q:1080");
    assert_int_equal(config->timeout_ms, 1500);
    assert_text(config->impersonation.user, "root");
    assert_true(config->impersonation.groups == std::vector<std::string>{"a"});
    OK(k8sc_overrides_set_impersonation(overrides, "me", "7", &err));
    OK(k8sc_overrides_add_impersonation_extra(overrides, "k", "v", &err));
    OK(k8sc_overrides_add_impersonation_extra(overrides, "k", "w", &err));
    OK(resolve());
    assert_text(config->impersonation.user, "me");
    assert_text(config->impersonation.uid, "7");
    assert_true(config->impersonation.groups.empty());
    assert_true(config->impersonation.extra.at("k") == (std::vector<std::string>{"v", "w"}));
    // Details of nobody.
    OK(k8sc_overrides_set_impersonation(overrides, nullptr, nullptr, &err));
    OK(k8sc_overrides_add_impersonation_group(overrides, "a", &err));
    OK(k8sc_overrides_set_user(overrides, "w", &err));
    REFUSED("user \"w\"", "is set without as");
}

void what_the_setters_refuse(void **)
{
#define INVALID(call, ...) FAILS(K8SC_E_INVALID, call, __VA_ARGS__)
    INVALID(k8sc_overrides_new(nullptr, &err), "out");
    INVALID(k8sc_overrides_set_context(nullptr, "x", &err), "overrides is NULL");
    INVALID(k8sc_overrides_set_namespace(overrides, "A b", &err), "namespace \"A b\"");
    INVALID(k8sc_overrides_set_server(overrides, "ftp://x", &err), "ftp://x");
    INVALID(k8sc_overrides_set_tls_server_name(overrides, "a b", &err), "TLS server name");
    INVALID(k8sc_overrides_set_proxy(overrides, "", &err), "no scheme");
    INVALID(k8sc_overrides_set_proxy(overrides, "ftp://p", &err), "argument url has the scheme \"ftp\"");
    INVALID(k8sc_overrides_set_ca_file(overrides, "", &err), "path is empty");
    INVALID(k8sc_overrides_set_token(overrides, "hunter2\n", &err), "token holds");
    INVALID(k8sc_overrides_set_client_certificate_files(overrides, "", nullptr, &err), "certificate_path is empty");
    INVALID(k8sc_overrides_set_client_certificate_files(overrides, "/a", "", &err), "key_path is empty");
    INVALID(k8sc_overrides_set_impersonation(overrides, nullptr, "1", &err), "uid is given without user");
    INVALID(k8sc_overrides_set_impersonation(overrides, "", nullptr, &err), "user is empty");
    INVALID(k8sc_overrides_add_impersonation_group(overrides, nullptr, &err), "group is NULL");
    INVALID(k8sc_overrides_add_impersonation_extra(overrides, "k", nullptr, &err), "value is NULL");
    INVALID(k8sc_overrides_add_impersonation_extra(overrides, "k", "a\nb", &err), "value holds");
    INVALID(k8sc_overrides_set_timeout(overrides, -2, &err), "timeout_ms is -2");
    OK(resolve());
    assert_text(config->server, "https://c");
    assert_text(config->proxy_url, "http://p");
    assert_text(config->token, "old");
}

// ------------------------------------------------------------------------------------------------------------ in a pod

void a_pod(void **)
{
    setenv("KUBERNETES_SERVICE_HOST", "10.0.0.1", 1);
    setenv("KUBERNETES_SERVICE_PORT", "443", 1);
    write_file("token", "pod-token\n");
    write_file("ca.crt", admin.certificate);
    write_file("namespace", "pods");
    Config pod = load_config("", *overrides, directory);
    assert_text(pod.token, "pod-token");
    assert_text(pod.ca_file, path_of("ca.crt"));
    assert_text(pod.ns, "pods");

    OK(k8sc_overrides_set_server(overrides, "https://other", &err));
    OK(k8sc_overrides_set_namespace(overrides, "mine", &err));
    OK(k8sc_overrides_set_ca_file(overrides, path_of("admin.crt"), &err));
    OK(k8sc_overrides_set_impersonation(overrides, "root", nullptr, &err));
    OK(k8sc_overrides_set_timeout(overrides, 5, &err));
    pod = load_config("", *overrides, directory);
    assert_text(pod.server, "https://other");
    assert_text(pod.ns, "mine");
    assert_text(pod.ca_file, path_of("admin.crt"));
    assert_text(pod.token, "pod-token");
    assert_text(pod.impersonation.user, "root");
    assert_int_equal(pod.timeout_ms, 5);
    OK(k8sc_overrides_set_token(overrides, "t", &err));
    pod = load_config("", *overrides, directory);
    assert_text(pod.token, "t");
    assert_text(pod.token_file, "");

    // Whoever asks for a stanza, or has a context, does not get the pod.
    for (auto setter : {k8sc_overrides_set_context, k8sc_overrides_set_cluster, k8sc_overrides_set_user}) {
        OK(setter(overrides, "gone", &err));
        try {
            load_config("", *overrides, directory);
            fail_msg("the pod's service account was taken");
        } catch (const Error &error) {
            assert_int_equal(error.code, K8SC_E_CONFIG);
            assert_non_null(strstr(error.message.c_str(), "\"gone\" does not exist"));
        }
        OK(setter(overrides, nullptr, &err));
    }
    setenv("KUBECONFIG", write_file("config", two_of_all().c_str()), 1);
    assert_text(load_config("", *overrides, directory).context, "x");
    unsetenv("KUBECONFIG");
    // Outside of a pod a server is enough.
    unsetenv("KUBERNETES_SERVICE_HOST");
    assert_text(load_config("", *overrides, directory).server, "https://other");
    OK(k8sc_config_load_with(nullptr, overrides, &config, &err));
    assert_text(config->server, "https://other");
    k8sc_config_free(config);
    FAILS(K8SC_E_CONFIG, k8sc_config_load_with(nullptr, nullptr, &config, &err), "no configuration has been provided");
    FAILS(K8SC_E_INVALID, k8sc_config_load_with(nullptr, nullptr, nullptr, &err), "out");
}

// -------------------------------------------------------------------------------------------- setters of a
// configuration

void contradiction(const char *part)
{
    try {
        check_config(*config);
        fail_msg("nothing contradicts itself, and '%s' was due", part);
    } catch (const Error &error) {
        assert_int_equal(error.code, K8SC_E_CONFIG);
        if (error.message.find(part) == std::string::npos) fail_msg("'%s' is not in '%s'", part, error.message.c_str());
        assert_null(strstr(error.message.c_str(), "hunter2"));
    }
}

void setters_refuse_what_contradicts(void **)
{
    const char *exec = "{\"command\": \"./login\", \"apiVersion\": \"client.authentication.k8s.io/v1\", "
                       "\"interactiveMode\": \"Never\"}";
    OK(k8sc_config_new(&config, &err));
    OK(k8sc_config_set_server(config, "https://c", &err));
    OK(k8sc_config_set_basic_auth(config, "me", "hunter2", &err));
    assert_int_equal(k8sc_config_has_credentials(config), 1);
    assert_text(config->username + config->password, "mehunter2");
    check_config(*config);
    OK(k8sc_config_set_token(config, "hunter2", &err));
    contradiction("a token and basic authentication");
    INVALID(k8sc_config_set_basic_auth(config, "a:b", "hunter2", &err), "user holds a \":\"");
    INVALID(k8sc_config_set_basic_auth(config, "a", "hunter2\n", &err), "password holds");
    INVALID(k8sc_config_set_basic_auth(config, nullptr, "hunter2", &err), "password is given without user");
    INVALID(k8sc_config_set_basic_auth(nullptr, "a", "b", &err), "config is NULL");
    OK(k8sc_config_set_basic_auth(config, nullptr, nullptr, &err));
    check_config(*config);

    OK(k8sc_config_add_impersonation_group(config, "g", &err));
    contradiction("without a user");
    OK(k8sc_config_set_impersonation(config, "me", "1", &err));
    assert_true(config->impersonation.groups.empty());
    OK(k8sc_config_add_impersonation_group(config, "g", &err));
    OK(k8sc_config_add_impersonation_extra(config, "k", "v", &err));
    check_config(*config);
    INVALID(k8sc_config_set_impersonation(config, "a\nb", nullptr, &err), "user holds");
    INVALID(k8sc_config_add_impersonation_group(config, "", &err), "group is empty");
    INVALID(k8sc_config_add_impersonation_extra(config, "", "v", &err), "key is empty");
    assert_text(config->impersonation.user, "me");
    OK(k8sc_config_set_impersonation(config, nullptr, nullptr, &err));
    assert_true(config->impersonation.empty());

    OK(k8sc_config_set_proxy(config, "http://me:hunter2@p:3128", &err));
    assert_text(config->proxy_url, "http://me:hunter2@p:3128");
    FAILS(K8SC_E_CONFIG, k8sc_config_set_proxy(config, "http://me:hunter2@:3128", &err), "it has no host");
    OK(k8sc_config_set_proxy(config, "", &err));
    assert_true(config->no_proxy && config->proxy_url.empty());
    OK(k8sc_config_set_proxy(config, nullptr, &err));
    assert_false(config->no_proxy);

    OK(k8sc_config_set_exec(config, exec, &err));
    assert_true(config->exec->command.starts_with('/') && config->exec->command.ends_with("/login"));
    FAILS(K8SC_E_PARSE, k8sc_config_set_exec(config, "{", &err), "argument json");
    INVALID(k8sc_config_set_exec(config, "[]", &err), "json is a list");
    INVALID(k8sc_config_set_exec(config, "{\"command\": 1}", &err), "exec.command is a number");
    INVALID(k8sc_config_set_exec(config, "{\"command\": \"a\"}", &err), "exec.apiVersion is missing");
    assert_true(config->exec.has_value());
    config->auth_provider = AuthProvider{"oidc", {}, "", ""};
    contradiction("exec and an auth-provider");
    config->auth_provider.reset();
    OK(k8sc_config_set_exec(config, nullptr, &err));
    assert_false(config->exec.has_value());

    INVALID(k8sc_config_set_exec_policy(config, "allowall", &err), "it must be AllowAll, DenyAll or Allowlist");
    INVALID(k8sc_config_set_exec_policy(config, nullptr, &err), "policy is NULL");
    FAILS(K8SC_E_STATE, k8sc_config_add_exec_allowed(config, "aws", &err), "not Allowlist");
    OK(k8sc_config_set_exec_policy(config, "Allowlist", &err));
    contradiction("nothing is allowed");
    OK(k8sc_config_add_exec_allowed(config, "aws", &err));
    OK(k8sc_config_add_exec_allowed(config, "/usr/bin/aws", &err));
    for (const char *bad : {"./aws", "/usr/../aws", "/usr//aws", "/usr/bin/", "/usr/./aws", "bin/aws"})
        INVALID(k8sc_config_add_exec_allowed(config, bad, &err), bad);
    assert_true(config->exec_policy.allowed == (std::vector<std::string>{"aws", "/usr/bin/aws"}));
    check_config(*config);
    OK(k8sc_config_set_exec_policy(config, "DenyAll", &err));
    assert_true(config->exec_policy.kind == ExecPolicy::Kind::deny_all && config->exec_policy.allowed.empty());

    OK(k8sc_config_set_exec_timeout(config, 5, &err));
    assert_int_equal(config->exec_timeout_ms, 5);
    INVALID(k8sc_config_set_exec_timeout(config, -2, &err), "timeout_ms");
    OK(k8sc_config_set_compression(config, 0, &err));
    assert_false(config->compression);
    INVALID(k8sc_config_set_compression(nullptr, 0, &err), "config is NULL");
}

void files_by_setters(void **)
{
    OK(k8sc_config_new(&config, &err));
    OK(k8sc_config_set_ca_file(config, path_of("admin.crt"), &err));
    OK(k8sc_config_set_client_certificate_files(config, path_of("admin.crt"), path_of("admin.key"), &err));
    assert_text(config->ca_file, path_of("admin.crt"));
    assert_text(config->key_pem, admin.key);
    FAILS(K8SC_E_IO, k8sc_config_set_ca_file(config, path_of("gone"), &err), path_of("gone"));
    FAILS(K8SC_E_PARSE, k8sc_config_set_ca_file(config, path_of("admin.key"), &err), path_of("admin.key"));
    INVALID(k8sc_config_set_client_certificate_files(config, path_of("admin.crt"), nullptr, &err), "key_path is NULL");
    FAILS(K8SC_E_PARSE,
          k8sc_config_set_client_certificate_files(config, path_of("admin.key"), path_of("admin.key"), &err),
          path_of("admin.key"));
    assert_text(config->certificate_file, path_of("admin.crt"));
    assert_text(config->ca_pem, admin.certificate);
    // What is given as a text comes from no file any more.
    OK(k8sc_config_set_ca(config, admin.certificate, strlen(admin.certificate), &err));
    OK(k8sc_config_set_client_certificate(config, admin.certificate, strlen(admin.certificate), admin.key,
                                          strlen(admin.key), &err));
    assert_text(config->ca_file + config->certificate_file + config->key_file, "");
    OK(k8sc_config_set_ca_file(config, nullptr, &err));
    OK(k8sc_config_set_client_certificate_files(config, nullptr, nullptr, &err));
    assert_text(config->ca_pem + config->certificate_pem + config->key_pem, "");
}

int set_up_all(void **)
{
    admin = make_pair("admin");
    return 0;
}

int tear_down_all(void **)
{
    free_pair(&admin);
    return 0;
}

}  // namespace

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main()
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_overridden),
        TEST(another_stanza_can_be_chosen),
        TEST(a_server),
        TEST(an_authority_replaces_that_of_the_cluster),
        TEST(a_token_wins),
        TEST(a_client_certificate_replaces_that_of_the_user),
        TEST(the_rest),
        TEST(what_the_setters_refuse),
        TEST(a_pod),
        TEST(setters_refuse_what_contradicts),
        TEST(files_by_setters),
    };
    return cmocka_run_group_tests_name("overrides", tests, set_up_all, tear_down_all);
}
