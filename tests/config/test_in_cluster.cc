// A pod's service account, with its directory in another place, and what else only the inside of the library shows.
#include "config/config.h"
#include "config/file.h"
#include "config/in_cluster.h"
#include "config/kubeconfig.h"
#include "core/error.h"

// After the library's headers: cmocka has a macro with the name fail.
#include "support.h"

using namespace k8sc;

namespace {

pair authority;

// A directory that looks like a pod's.
int set_up(void **state)
{
    if (make_directory(state) != 0) return -1;
    setenv("KUBERNETES_SERVICE_HOST", "10.96.0.1", 1);
    setenv("KUBERNETES_SERVICE_PORT", "443", 1);
    write_file("token", "pod-token\n");
    write_file("ca.crt", authority.certificate);
    write_file("namespace", "team-a\n");
    return 0;
}

template <class Body>
void assert_fails(k8sc_status code, std::initializer_list<const char *> parts, Body &&body)
{
    try {
        body();
    } catch (const Error &error) {
        if (error.code != code) fail_msg("%s: %s", k8sc_status_name(error.code), error.message.c_str());
        for (const char *part : parts)
            if (error.message.find(part) == std::string::npos)
                fail_msg("'%s' is not in '%s'", part, error.message.c_str());
        return;
    }
    fail_msg("nothing failed, and %s was due", k8sc_status_name(code));
}

void assert_text(const std::string &text, const char *expected) { assert_string_equal(text.c_str(), expected); }

void a_pod(void **)
{
    Config config = load_in_cluster(directory);
    assert_text(config.server, "https://10.96.0.1:443");
    assert_text(config.token, "pod-token");
    assert_text(config.token_file, path_of("token"));
    assert_text(config.ca_pem, authority.certificate);
    assert_text(config.ns, "team-a");
    assert_text(config.context, "");
    check_config(config);
}

void an_ipv6_host_gets_brackets(void **)
{
    setenv("KUBERNETES_SERVICE_HOST", "fd00::1", 1);
    assert_text(load_in_cluster(directory).server, "https://[fd00::1]:443");
}

void the_namespace_has_three_sources(void **)
{
    setenv("POD_NAMESPACE", "team-b", 1);
    assert_text(load_in_cluster(directory).ns, "team-b");
    setenv("POD_NAMESPACE", "", 1);
    assert_text(load_in_cluster(directory).ns, "team-a");
    write_file("namespace", "\n");
    assert_text(load_in_cluster(directory).ns, "default");
    unlink(path_of("namespace"));
    assert_text(load_in_cluster(directory).ns, "default");
}

void a_namespace_that_can_be_none(void **)
{
    write_file("namespace", "Team A\n");
    assert_fails(K8SC_E_CONFIG, {path_of("namespace"), "\"Team A\""}, [] { load_in_cluster(directory); });
    setenv("POD_NAMESPACE", "../b", 1);
    assert_fails(K8SC_E_CONFIG, {"$POD_NAMESPACE", "\"../b\""}, [] { load_in_cluster(directory); });
}

void without_a_usable_ca_the_systems_is_used(void **)
{
    auto told = [](std::string_view why) {
        Config config = load_in_cluster(directory);
        assert_text(config.ca_pem, "");
        assert_int_equal(config.warnings.size(), 1);
        for (std::string_view part :
             {std::string_view("the authorities of this system are trusted"), std::string_view(path_of("ca.crt")), why})
            assert_true(config.warnings[0].find(part) != std::string::npos);
    };
    write_file("ca.crt", "nothing");
    told("holds no PEM certificate");
    unlink(path_of("ca.crt"));
    told("No such file");
    assert_int_equal(mkfifo(path_of("ca.crt"), 0600), 0);
    told("it is not a regular file");
}

void outside_of_a_pod(void **)
{
    unsetenv("KUBERNETES_SERVICE_PORT");
    assert_fails(K8SC_E_NOT_IN_CLUSTER, {"not running inside of a pod", "$KUBERNETES_SERVICE_PORT is not set"},
                 [] { load_in_cluster(directory); });
    setenv("KUBERNETES_SERVICE_PORT", "443", 1);
    setenv("KUBERNETES_SERVICE_HOST", "", 1);
    assert_fails(K8SC_E_NOT_IN_CLUSTER, {"$KUBERNETES_SERVICE_HOST is not set"}, [] { load_in_cluster(directory); });
}

void without_a_token(void **)
{
    write_file("token", " \n");
    assert_fails(K8SC_E_IO, {path_of("token"), "empty"}, [] { load_in_cluster(directory); });
    unlink(path_of("token"));
    assert_fails(K8SC_E_IO, {path_of("token"), "No such file"}, [] { load_in_cluster(directory); });
}

void a_host_that_makes_no_url(void **)
{
    setenv("KUBERNETES_SERVICE_PORT", "tcp://10.96.0.1:443", 1);
    assert_fails(K8SC_E_CONFIG, {"$KUBERNETES_SERVICE_HOST and $KUBERNETES_SERVICE_PORT"},
                 [] { load_in_cluster(directory); });
}

// ------------------------------------------------------------------------------- when the search ends at the service
// account

constexpr const char *named = "current-context: x\nclusters: [{name: c, cluster: {server: 'https://c'}}]\ncontexts: "
                              "[{name: x, context: {cluster: c}}]\n";

void a_pod_is_what_is_left(void **)
{
    assert_text(load_config("", "", directory).token, "pod-token");
    setenv("KUBECONFIG", path_of("absent"), 1);
    assert_text(load_config("", "", directory).token, "pod-token");
    setenv("KUBECONFIG", "/dev/null", 1);
    assert_text(load_config("", "", directory).token, "pod-token");
    // Nor does a file lead anywhere that names no current context.
    setenv("KUBECONFIG", write_file("config", "contexts: [{name: x}]\n"), 1);
    assert_text(load_config("", "", directory).token, "pod-token");
}

void a_kubeconfig_goes_before_the_pod(void **)
{
    setenv("KUBECONFIG", write_file("config", named), 1);
    assert_text(load_config("", "", directory).server, "https://c");
    assert_text(load_config("", "", directory).token, "");
}

void what_is_named_is_not_replaced_by_the_pod(void **)
{
    assert_fails(K8SC_E_CONFIG, {"context \"x\" does not exist"}, [] { load_config("", "x", directory); });
    assert_fails(K8SC_E_IO, {path_of("absent")}, [] { load_config(path_of("absent"), "", directory); });
    assert_fails(K8SC_E_CONFIG, {"no configuration has been provided", "/dev/null"},
                 [] { load_config("/dev/null", "", directory); });
    assert_fails(K8SC_E_CONFIG, {"current-context is not set", "\"x\""},
                 [] { load_config(write_file("config", "contexts: [{name: x}]\n"), "", directory); });
    setenv("KUBECONFIG", write_file("config", "users: 3\n"), 1);
    assert_fails(K8SC_E_CONFIG, {path_of("config"), "users"}, [] { load_config("", "", directory); });
}

void a_pod_without_its_token_is_none(void **)
{
    unlink(path_of("token"));
    assert_fails(K8SC_E_CONFIG, {"no configuration has been provided", "this is not a pod", path_of("token")},
                 [] { load_config("", "", directory); });
    make_folder("token");
    assert_fails(K8SC_E_CONFIG, {"no configuration has been provided", path_of("token"), "is a directory"},
                 [] { load_config("", "", directory); });
}

// ----------------------------------------------------------------------------------------------- what was read, and
// kept

void what_a_kubeconfig_gives(void **)
{
    make_folder("kube");
    write_file("kube/admin.crt", authority.certificate);
    write_file("kube/admin.key", authority.key);
    write_file("kube/token", "  from-file\n");
    write_file("kube/config",
               "current-context: x\n"
               "clusters: [{name: c, cluster: {server: 'https://c/', certificate-authority: ../ca.crt}}]\n"
               "users: [{name: u, user: {client-certificate: admin.crt, client-key: admin.key, tokenFile: token}}]\n"
               "contexts: [{name: x, context: {cluster: c, user: u, namespace: team}}]\n");
    char before[4096];
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(directory), 0);
    Config config = load_config("kube/config", "", directory);
    assert_int_equal(chdir(before), 0);
    assert_text(config.server, "https://c/");
    assert_text(config.ca_pem, authority.certificate);
    assert_text(config.certificate_pem, authority.certificate);
    assert_text(config.key_pem, authority.key);
    assert_text(config.token, "from-file");
    assert_text(config.ns, "team");
    // It is read again later, wherever the process is by then.
    assert_true(config.token_file.starts_with('/'));
    assert_text(read_token_file(config.token_file), "from-file");
}

void a_token_and_its_file_are_both_kept(void **)
{
    Config config = parse_config("current-context: x\nclusters: [{name: c, cluster: {server: 'https://c'}}]\n"
                                 "users: [{name: u, user: {token: value, tokenFile: /absent}}]\ncontexts: [{name: x, "
                                 "context: {cluster: c, user: u}}]\n",
                                 "");
    assert_text(config.token, "value");
    assert_text(config.token_file, "/absent");
}

void setting_a_token_drops_the_file(void **)
{
    Config config = load_in_cluster(directory);
    assert_int_equal(k8sc_config_set_token(&config, "mine", nullptr), 0);
    assert_text(config.token, "mine");
    assert_text(config.token_file, "");
    assert_int_equal(k8sc_config_set_token_file(&config, path_of("token"), nullptr), 0);
    assert_text(config.token, "pod-token");
    assert_text(config.token_file, path_of("token"));
}

void setters_reach_their_fields(void **)
{
    Config config;
    assert_int_equal(k8sc_config_set_timeout(&config, 1, nullptr), 0);
    assert_int_equal(k8sc_config_set_connect_timeout(&config, 2, nullptr), 0);
    assert_int_equal(k8sc_config_set_idle_timeout(&config, 3, nullptr), 0);
    assert_int_equal(k8sc_config_set_watch_idle_timeout(&config, 4, nullptr), 0);
    assert_int_equal(k8sc_config_set_max_object_bytes(&config, 5000, nullptr), 0);
    assert_int_equal(k8sc_config_set_rate_limit(&config, 2.5, 6, nullptr), 0);
    assert_int_equal(k8sc_config_set_http2(&config, 0, nullptr), 0);
    assert_int_equal(k8sc_config_set_ca(&config, authority.certificate, strlen(authority.certificate), nullptr), 0);
    assert_int_equal(config.timeout_ms, 1);
    assert_int_equal(config.connect_timeout_ms, 2);
    assert_int_equal(config.idle_timeout_ms, 3);
    assert_int_equal(config.watch_idle_timeout_ms, 4);
    assert_int_equal(config.max_object_bytes, 5000);
    assert_true(config.qps == 2.5);
    assert_int_equal(config.burst, 6);
    assert_false(config.http2);
    assert_text(config.ca_pem, authority.certificate);
    // What is refused leaves them alone.
    assert_int_equal(k8sc_config_set_rate_limit(&config, 3, 0, nullptr), K8SC_E_INVALID);
    assert_int_equal(k8sc_config_set_ca(&config, "x", 1, nullptr), K8SC_E_PARSE);
    assert_int_equal(k8sc_config_set_timeout(&config, -9, nullptr), K8SC_E_INVALID);
    assert_true(config.qps == 2.5);
    assert_text(config.ca_pem, authority.certificate);
    assert_int_equal(config.timeout_ms, 1);
}

// -------------------------------------------------------------------------------------------- before a client is made
// of it

void check_config_finds_contradictions(void **)
{
    Config config;
    assert_fails(K8SC_E_CONFIG, {"no server"}, [&] { check_config(config); });
    config.server = "https://a";
    check_config(config);
    config.insecure = true;
    check_config(config);
    config.ca_pem = "x";
    assert_fails(K8SC_E_CONFIG, {"CA", "insecure"}, [&] { check_config(config); });
    config.insecure = false;
    check_config(config);
    config.certificate_pem = "x";
    assert_fails(K8SC_E_CONFIG, {"client certificate without its key"}, [&] { check_config(config); });
    config.key_pem = "x";
    check_config(config);
    config.certificate_pem.clear();
    assert_fails(K8SC_E_CONFIG, {"client key without its certificate"}, [&] { check_config(config); });
    config.key_pem.clear();
    config.server = "https://";
    assert_fails(K8SC_E_CONFIG, {"server URL"}, [&] { check_config(config); });
}

void tls_settings(void **)
{
    auto with = [](auto change) {
        Config config;
        change(config);
        return has_tls_settings(config);
    };
    assert_false(with([](Config &config) { config.token = "t"; }));
    assert_true(with([](Config &config) { config.insecure = true; }));
    assert_true(with([](Config &config) { config.ca_pem = "x"; }));
    assert_true(with([](Config &config) { config.certificate_pem = "x"; }));
    assert_true(with([](Config &config) { config.key_pem = "x"; }));
    assert_true(with([](Config &config) { config.tls_server_name = "x"; }));
    assert_true(with([](Config &config) { config.server_key_pins = "x"; }));
    assert_true(with([](Config &config) { config.tls_min = 13; }));
    assert_true(with([](Config &config) { config.tls_max = 12; }));
    assert_true(with([](Config &config) { config.tls12_ciphers = "x"; }));
    assert_true(with([](Config &config) { config.tls13_suites = "x"; }));
}

void the_user_agent_survives_any_program_name(void **)
{
    Config config;
    char *name = program_invocation_short_name;
    char empty[] = "", strange[] = "a\nb";
    program_invocation_short_name = empty;
    std::string unnamed = effective_user_agent(config);
    program_invocation_short_name = strange;
    std::string odd = effective_user_agent(config);
    program_invocation_short_name = name;
    assert_true(unnamed.starts_with("unknown/v" K8SC_VERSION " ("));
    assert_true(odd.starts_with("a_b/v"));
    config.user_agent = "mine";
    assert_text(effective_user_agent(config), "mine");
}

int set_up_all(void **)
{
    authority = make_pair("authority");
    return 0;
}

int tear_down_all(void **)
{
    free_pair(&authority);
    return 0;
}

}  // namespace

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, remove_directory)

int main()
{
    const struct CMUnitTest tests[] = {
        TEST(a_pod),
        TEST(an_ipv6_host_gets_brackets),
        TEST(the_namespace_has_three_sources),
        TEST(a_namespace_that_can_be_none),
        TEST(without_a_usable_ca_the_systems_is_used),
        TEST(outside_of_a_pod),
        TEST(without_a_token),
        TEST(a_host_that_makes_no_url),
        TEST(a_pod_is_what_is_left),
        TEST(a_kubeconfig_goes_before_the_pod),
        TEST(what_is_named_is_not_replaced_by_the_pod),
        TEST(a_pod_without_its_token_is_none),
        TEST(what_a_kubeconfig_gives),
        TEST(a_token_and_its_file_are_both_kept),
        TEST(setting_a_token_drops_the_file),
        TEST(setters_reach_their_fields),
        TEST(check_config_finds_contradictions),
        TEST(tls_settings),
        TEST(the_user_agent_survives_any_program_name),
    };
    return cmocka_run_group_tests_name("in cluster", tests, set_up_all, tear_down_all);
}
