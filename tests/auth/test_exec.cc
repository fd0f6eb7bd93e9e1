// What a credential plugin is told, and what it may answer.
#include "auth/exec.h"

#include "auth/program.h"

#include "core/pem.h"
#include "json/object.h"

#include "../core/make_pair.h"

#include "../core/check.h"

namespace {

constexpr auto v1 = "client.authentication.k8s.io/v1";
constexpr int64_t now = 1795618800000;  // 2026-11-25T15:00:00Z

std::string answer(std::string_view status, std::string_view version = v1, std::string_view kind = "ExecCredential")
{
    return concat(R"({"apiVersion":")", version, R"(","kind":")", kind, R"(","status":)", status, "}");
}

void a_plugin_may_answer_a_token_with_its_end(void **)
{
    Renewal renewal = read_exec_credential(answer(R"({"token":"abc"})"), v1, now);
    assert_text(renewal.credential.authorization, "Bearer abc");
    assert_false(bool(renewal.credential.key_pair));
    assert_true(renewal.expires_at_ms == never);
    renewal = read_exec_credential(answer(R"({"token":"abc","expirationTimestamp":"2026-11-25T15:10:00Z"})",
                                          "client.authentication.k8s.io/v1beta1"),
                                   "client.authentication.k8s.io/v1beta1", now);
    assert_int_equal(renewal.expires_at_ms, now + 600000);
}

void as_yaml(void **)
{
    Renewal renewal =
        read_exec_credential("# made by hand\nkind: ExecCredential\napiVersion: client.authentication.k8s.io/v1\n"
                             "status:\n  expirationTimestamp: 2026-11-25T15:10:00Z\n  token: abc\n",
                             v1, now);
    assert_text(renewal.credential.authorization, "Bearer abc");
    assert_int_equal(renewal.expires_at_ms, now + 600000);
}

// How Go writes that there is no time.
void zero_time(void **)
{
    for (auto text : {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z", "0001-01-01T00:00:00+00:00"}) {
        Renewal renewal =
            read_exec_credential(answer(concat(R"({"token":"abc","expirationTimestamp":")", text, R"("})")), v1, now);
        assert_true(renewal.expires_at_ms == never);
    }
}

void a_plugin_may_answer_a_certificate_with_its_key(void **)
{
    Pair pair = make_pair("someone"), other = make_pair("other");
    auto both = [](const Pair &certificate, const Pair &key) {
        return answer(concat(R"({"clientCertificateData":)", json_quoted(certificate.certificate),
                             R"(,"clientKeyData":)", json_quoted(key.key), "}"));
    };
    Renewal renewal = read_exec_credential(both(pair, pair), v1, now);
    assert_text(renewal.credential.authorization, "");
    assert_text(renewal.credential.key_pair->certificate_pem, pair.certificate);
    assert_text(renewal.credential.key_pair->key_pem, pair.key);
    std::string message;
    assert_int_equal(code_of([&] { read_exec_credential(both(pair, other), v1, now); }, &message), K8SC_E_CONFIG);
    assert_says(message, "its clientKeyData is not the key of its clientCertificateData");
}

void a_wrong_answer_is_told_without_secrets(void **)
{
    struct {
        std::string output;
        std::string_view says;
    } cases[] = {
        {"", "is neither a JSON object nor a YAML mapping"},
        {"secret-token\n", "its output (13 bytes) is neither a JSON object nor a YAML mapping"},
        {"[]", "is neither a JSON object nor a YAML mapping"},
        {"a: b\na: secret-token", "is neither a JSON object nor a YAML mapping"},
        {"secret-token: {", "is neither a JSON object nor a YAML mapping"},
        {R"({"kind":"Status","reason":"Unauthorized","message":"the session has ended: token=secret-token"})",
         "of kind \"Status\" and not ExecCredential; its Status says: \"Unauthorized: the session has ended: "
         "token=***\""},
        {answer("{}"), "neither a token nor a client certificate"},
        {answer("null"), "no status"},
        {answer(R"({"token":"secret-token"})", "client.authentication.k8s.io/v1beta1"),
         "apiVersion \"client.authentication.k8s.io/v1beta1\""},
        {answer(R"({"token":"secret-token"})", v1, "Secret"), "of kind \"Secret\""},
        {answer(R"({"token":17})"), "its token is not a string"},
        {answer(R"({"token":"secret-token\nX: y"})"), "control character"},
        {answer(R"({"token":"secret-token","clientKeyData":"secret-token"})"),
         "clientKeyData without clientCertificateData"},
        {answer(R"({"token":"secret-token","expirationTimestamp":"soon"})"), "\"soon\" is not a time"},
        {answer(R"({"token":"secret-token","expirationTimestamp":"2026-11-25T15:00:00Z"})"),
         "expired at \"2026-11-25T15:00:00Z\"; now it is 2026-11-25T15:00:00Z"},
        {answer(R"({"clientCertificateData":"secret-token","clientKeyData":"secret-token"})"),
         "its clientCertificateData holds no PEM certificate"},
    };
    for (auto &[output, says] : cases) {
        std::string message;
        assert_int_not_equal(code_of([&] { read_exec_credential(output, v1, now); }, &message), K8SC_OK);
        assert_says(message, says);
        assert_silent(message, "secret-token");
    }
}

void a_plugin_is_told_what_it_asked_for(void **)
{
    Config config;
    ExecSettings settings;
    settings.api_version = v1;
    config.server = "https://10.0.0.1:6443";
    assert_text(
        exec_info(config, settings, true),
        R"({"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","spec":{"interactive":true}})");
    settings.provide_cluster_info = true;
    assert_text(exec_info(config, settings, false),
                R"({"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential",)"
                R"("spec":{"interactive":false,"cluster":{"server":"https://10.0.0.1:6443"}}})");
    config.tls_server_name = "api";
    config.ca_pem = "PEM";
    config.proxy_url = "http://proxy:3128";
    config.compression = false;
    settings.cluster_extension = R"({"audience":"x"})";
    assert_text(
        exec_info(config, settings, false),
        R"({"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","spec":{"interactive":false,)"
        R"("cluster":{"server":"https://10.0.0.1:6443","tls-server-name":"api","certificate-authority-data":"UEVN",)"
        R"("proxy-url":"http://proxy:3128","disable-compression":true,"config":{"audience":"x"}}}})");
    config.insecure = true;
    assert_says(exec_info(config, settings, false), R"("insecure-skip-tls-verify":true)");
}

void a_policy_says_which_plugins_may_run(void **)
{
    auto allows = [](const ExecPolicy &policy, const std::string &command, const std::string &path) {
        std::string message;
        k8sc_status code = code_of([&] { check_exec_policy(policy, command, path, "/usr/bin:/bin"); }, &message);
        if (code == K8SC_OK) return true;
        assert_int_equal(code, K8SC_E_CREDENTIALS);
        assert_says(message, command);
        return false;
    };
    using Kind = ExecPolicy::Kind;
    assert_true(allows({}, "aws", "/usr/bin/aws"));
    assert_false(allows({Kind::deny_all, {}}, "aws", "/usr/bin/aws"));
    assert_false(allows({Kind::deny_all, {"aws"}}, "aws", "/usr/bin/aws"));
    assert_true(allows({Kind::allowlist, {"gke", "aws"}}, "aws", "/usr/bin/aws"));
    assert_true(allows({Kind::allowlist, {"/usr/bin/aws"}}, "aws", "/usr/bin/aws"));
    // A name in the list means the file that it is found as.
    assert_true(allows({Kind::allowlist, {"sh"}}, "/usr/bin/sh", find_program("sh", "/usr/bin:/bin")));
    assert_false(allows({Kind::allowlist, {"sh"}}, "/home/me/sh", "/home/me/sh"));
    assert_false(allows({Kind::allowlist, {"aw"}}, "aws", "/usr/bin/aws"));
    assert_false(allows({Kind::allowlist, {}}, "aws", "/usr/bin/aws"));
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {cmocka_unit_test(a_plugin_may_answer_a_token_with_its_end),
                                cmocka_unit_test(as_yaml),
                                cmocka_unit_test(zero_time),
                                cmocka_unit_test(a_plugin_may_answer_a_certificate_with_its_key),
                                cmocka_unit_test(a_wrong_answer_is_told_without_secrets),
                                cmocka_unit_test(a_plugin_is_told_what_it_asked_for),
                                cmocka_unit_test(a_policy_says_which_plugins_may_run)};
    return cmocka_run_group_tests_name("exec", tests, nullptr, nullptr);
}
