// What a kubeconfig's stanzas become: settings that only the inside of the library shows.
#include "config/config.h"
#include "config/kubeconfig.h"
#include "core/error.h"

// After the library's headers: cmocka has a macro with the name fail.
#include "support.h"

using namespace k8sc;

namespace {

pair admin;

void assert_text(const std::string &text, const std::string &expected)
{
    assert_string_equal(text.c_str(), expected.c_str());
}

// One context, whose cluster and user hold these fields.
std::string with(const std::string &cluster, const std::string &user)
{
    return "current-context: dev\nclusters: [{name: prod, cluster: {server: 'https://c', " + cluster +
           "}}]\nusers: [{name: admin, user: {" + user +
           "}}]\ncontexts: [{name: dev, context: {cluster: prod, user: admin}}]\n";
}

void everything_about_a_cluster(void **)
{
    Config config = parse_config(
        with("proxy-url: 'socks5h://me:pw@p:1080/', disable-compression: true, tls-server-name: kube", ""), "");
    assert_text(config.proxy_url, "socks5h://me:pw@p:1080/");
    assert_false(config.compression);
    assert_text(config.tls_server_name, "kube");
    config = parse_config(with("", ""), "");
    assert_text(config.proxy_url, "");
    assert_true(config.compression);
    for (const char *url : {"http://p", "https://[::1]:8080", "socks5://1.2.3.4:1"})
        assert_text(parse_config(with(std::string("proxy-url: '") + url + "'", ""), "").proxy_url, url);
}

void paths_are_kept_for_later(void **)
{
    write_file("ca.crt", admin.certificate);
    write_file("admin.crt", admin.certificate);
    write_file("admin.key", admin.key);
    write_file("config",
               with("certificate-authority: ca.crt", "client-certificate: admin.crt, client-key: ./admin.key").c_str());
    Config config = load_config(path_of("config"), "");
    assert_text(config.ca_file, path_of("ca.crt"));
    assert_text(config.certificate_file, path_of("admin.crt"));
    assert_text(config.key_file, path_of("./admin.key"));
    assert_text(config.ca_pem, admin.certificate);
    assert_text(config.certificate_pem, admin.certificate);
    assert_text(config.key_pem, admin.key);
    char *data = base64(admin.certificate);
    config = parse_config(with(std::string("certificate-authority-data: ") + data, ""), "");
    free(data);
    assert_text(config.ca_pem, admin.certificate);
    assert_text(config.ca_file, "");
}

void basic_and_impersonation(void **)
{
    Config config = parse_config(with("", "username: me, password: pw, as: root, as-uid: '0', as-groups: [a, b], "
                                          "as-user-extra: {scopes: [x, z], none: []}"),
                                 "");
    assert_text(config.username, "me");
    assert_text(config.password, "pw");
    assert_text(config.impersonation.user, "root");
    assert_text(config.impersonation.uid, "0");
    assert_true(config.impersonation.groups == (std::vector<std::string>{"a", "b"}));
    assert_true(config.impersonation.extra ==
                (std::map<std::string, std::vector<std::string>>{{"none", {}}, {"scopes", {"x", "z"}}}));
    check_config(config);
}

void an_exec_stanza_becomes_settings(void **)
{
    make_folder("kube");
    write_file("kube/config",
               with("extensions: [{name: other, extension: 1}, {name: client.authentication.k8s.io/exec, extension: "
                    "{audience: x}}]",
                    "exec: {apiVersion: client.authentication.k8s.io/v1, command: ../bin/login, args: [a, '1'], env: "
                    "[{name: A, value: b}, "
                    "{name: E}], interactiveMode: Always, installHint: get it, provideClusterInfo: true}")
                   .c_str());
    Config config = load_config(path_of("kube/config"), "");
    assert_true(config.exec.has_value());
    const ExecSettings &exec = *config.exec;
    assert_text(exec.command, path_of("kube/../bin/login"));
    assert_true(exec.args == (std::vector<std::string>{"a", "1"}));
    assert_true(exec.env == (std::vector<std::pair<std::string, SecretText>>{{"A", "b"}, {"E", ""}}));
    assert_text(exec.api_version, "client.authentication.k8s.io/v1");
    assert_text(exec.install_hint, "get it");
    assert_true(exec.interactive == ExecSettings::Interactive::always);
    assert_true(exec.provide_cluster_info);
    assert_text(exec.cluster_extension, "{\"audience\":\"x\"}");
    config = parse_config(with("", "exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: aws}"), "");
    assert_text(config.exec->command, "aws");
    assert_true(config.exec->interactive == ExecSettings::Interactive::if_available);
    assert_text(config.exec->cluster_extension, "");
    config = parse_config(
        with("", "exec: {apiVersion: client.authentication.k8s.io/v1, command: aws, interactiveMode: Never}"), "");
    assert_true(config.exec->interactive == ExecSettings::Interactive::never);
}

void an_oidc_stanza_becomes_settings(void **)
{
    write_file("config",
               with("", "auth-provider: {name: oidc, config: {client-id: me, id-token: t, gone: null}}").c_str());
    Config config = load_config(path_of("config"), "");
    assert_text(config.auth_provider->name, "oidc");
    assert_true(config.auth_provider->config ==
                (std::map<std::string, SecretText>{{"client-id", "me"}, {"id-token", "t"}}));
    assert_text(config.auth_provider->file, path_of("config"));
    assert_text(config.auth_provider->user, "admin");
    assert_text(parse_config(with("", "auth-provider: {name: oidc}"), "").auth_provider->file, "");
}

void in_the_clear_nothing_goes_but_who_to_act_as(void **)
{
    auto of_user = [](std::string_view fields) {
        return parse_config(concat("current-context: x\nclusters: [{name: c, cluster: {server: 'http://c'}}]\nusers: "
                                   "[{name: u, user: {as: root",
                                   fields, "}}]\ncontexts: [{name: x, context: {cluster: c, user: u}}]\n"),
                            "");
    };
    Config config = of_user(", username: me, password: pw, auth-provider: {name: oidc}");
    assert_text(config.username + config.password, "");
    assert_false(config.exec || config.auth_provider);
    assert_text(config.impersonation.user, "root");
    assert_int_equal(config.warnings.size(), 1);
    assert_text(config.warnings[0],
                "the server \"http://c\" is reached without TLS: the credentials of the user \"u\" are not sent");
    assert_int_equal(of_user(", token: t").warnings.size(), 1);
    assert_int_equal(of_user(", exec: {command: x, apiVersion: client.authentication.k8s.io/v1beta1}").warnings.size(),
                     1);
    assert_true(of_user("").warnings.empty());
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_directory, remove_directory)

int main()
{
    const struct CMUnitTest tests[] = {
        TEST(everything_about_a_cluster),      TEST(paths_are_kept_for_later),
        TEST(basic_and_impersonation),         TEST(an_exec_stanza_becomes_settings),
        TEST(an_oidc_stanza_becomes_settings), TEST(in_the_clear_nothing_goes_but_who_to_act_as),
    };
    return cmocka_run_group_tests_name("settings", tests, set_up_all, tear_down_all);
}
