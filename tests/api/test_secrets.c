/* Secrets that are planted wherever one can be, and looked for in every way out: errors, logs, traces, metrics,
 * warnings, and what is shown of a kubeconfig. All of them hold the same mark. */
#include "identity.h"
#include "notes.h"

#define MARK "s3sAme"

static struct notes *logs, *traces, *warnings;

/* What was told to anybody. `where` tells which case it was. */
static void look_at(const char *where, const char *text)
{
    if (text && strstr(text, MARK)) fail_msg("%s: %s", where, text);
}

static void look_at_error(const char *where, const k8sc_error *error)
{
    look_at(where, k8sc_error_message(error));
    look_at(where, k8sc_error_reason(error));
    look_at(where, k8sc_error_status_json(error));
    for (int32_t i = 0; i < k8sc_error_cause_count(error); i++) {
        look_at(where, k8sc_error_cause_type(error, i));
        look_at(where, k8sc_error_cause_field(error, i));
        look_at(where, k8sc_error_cause_message(error, i));
    }
}

static k8sc_client *observed(k8sc_config *config)
{
    k8sc_client *of = new_client(config);
    logs = new_notes();
    traces = new_notes();
    warnings = new_notes();
    OK(k8sc_client_on_log(of, K8SC_LOG_TRACE, NULL, NOTES(logs), NULL, &err));
    OK(k8sc_client_on_trace(of, NULL, NOTES(traces), NULL, &err));
    OK(k8sc_client_on_warning(of, 1, NULL, NOTES(warnings), NULL, &err));
    return of;
}

static void look_at_client(const char *where, k8sc_client *of)
{
    char *text = NULL;
    deliver(k8sc_client_queue(of));
    assert_true(logs->count > 0);
    for (struct notes *notes[] = {logs, traces, warnings}, **each = notes; each < notes + 3; each++)
        for (struct note *note = (*each)->first; note; note = note->next) look_at(where, note->text);
    OK(k8sc_client_metrics_json(of, &text, &err));
    look_at(where, text);
    k8sc_string_free(text);
    OK(k8sc_client_metrics_prometheus(of, &text, &err));
    look_at(where, text);
    k8sc_string_free(text);
}

/* One request, refused; its error. */
static k8sc_error *refused(k8sc_client *of, const char *resource, const char *header, const char *value)
{
    k8sc_request *request = NULL;
    k8sc_error *error = NULL;
    OK(k8sc_rest_client_post(new_rest(of, "", "v1"), &request, &err));
    k8sc_request_set_namespace(request, "default");
    k8sc_request_set_resource(request, resource);
    if (header) k8sc_request_set_header(request, header, value);
    k8sc_request_set_body(request, "{\"kind\":\"ConfigMap\"}", 20, NULL);
    assert_int_not_equal(k8sc_request_do(request, NULL, &error), K8SC_OK);
    k8sc_request_free(request);
    return error;
}

/* A server that repeats a text in each part of an answer. */
static char *echo(const char *text)
{
    static char answer[16384], body[8192];
    snprintf(body, sizeof body,
             "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"code\":403,\"message\":\"no "
             "%s\\u001b[31m here\",\"reason\":\"%s\","
             "\"details\":{\"causes\":[{\"reason\":\"%s\",\"field\":\"%s\",\"message\":\"%s\"}]}}",
             text, text, text, text, text);
    snprintf(answer, sizeof answer,
             "HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\nWarning: 299 - \"deprecated: "
             "%s\"\r\nAudit-Id: %s\r\nX-Echo: %s\r\n"
             "Www-Authenticate: Bearer realm=\"%s\"\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
             text, text, text, text, strlen(body), body);
    return answer;
}

/* What is sent, and repeated in every place of the answer. */
static void what_servers_repeat(void **state)
{
    static const struct {
        const char *token, *username, *password, *header, *value, *repeated;
    } cases[] = {
        {MARK "-token-1", NULL, NULL, NULL, NULL, MARK "-token-1"},
        {NULL, "me", MARK " password 2", NULL, NULL, MARK " password 2"},
        {NULL, "me", MARK "-3", NULL, NULL, "me:" MARK "-3"},
        {NULL, NULL, NULL, "Authorization", "Bearer " MARK "-4-own", MARK "-4-own"},
        {MARK "-token-5", NULL, NULL, "X-Api-Key", MARK "-5-key", MARK "-5-key, " MARK "-token-5"},
        {NULL, NULL, NULL, "Cookie", "id=" MARK "-6", "id=" MARK "-6"},
        {NULL, NULL, NULL, "X-Auth-Password", MARK "-7-pw", MARK "-7-pw"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char where[32];
        k8sc_config *config = new_config_for(new_raw_server(echo(cases[i].repeated), "", 0)->url);
        snprintf(where, sizeof where, "case %zu", i);
        if (cases[i].token) OK(k8sc_config_set_token(config, cases[i].token, &err));
        if (cases[i].username) OK(k8sc_config_set_basic_auth(config, cases[i].username, cases[i].password, &err));
        k8sc_client *of = observed(config);
        k8sc_error *error = refused(of, "configmaps", cases[i].header, cases[i].value);
        look_at_error(where, error);
        /* What is left can be read, and a terminal is safe from it. */
        if (!strstr(k8sc_error_message(error), "no ***\\x1b[31m here") &&
            !strstr(k8sc_error_message(error), "no me:***\\x1b[31m here") &&
            !strstr(k8sc_error_message(error), "***, ***"))
            fail_msg("%s: %s", where, k8sc_error_message(error));
        assert_null(strchr(k8sc_error_message(error), '\x1b'));
        k8sc_error_free(error);
        look_at_client(where, of);
        for (struct note *note = logs->first; note; note = note->next) assert_null(strchr(note->text, '\x1b'));
        assert_non_null(find_note(warnings, NULL, "deprecated: "));
        assert_non_null(find_note(traces, NULL, "\"audit_id\":\""));
    }
}

/* The same name is a token here and a word there. */
static void a_token_that_is_a_word(void **state)
{
    k8sc_config *config = new_config_for(new_raw_server(echo("admin is no administrator"), "", 0)->url);
    (void)state;
    OK(k8sc_config_set_token(config, "admin", &err));
    k8sc_client *of = observed(config);
    k8sc_error *error = refused(of, "configmaps", NULL, NULL);
    assert_non_null(strstr(k8sc_error_message(error), "no admin is no administrator"));
    k8sc_error_free(error);
    deliver(k8sc_client_queue(of));
    assert_non_null(find_note(warnings, NULL, "deprecated: admin is no administrator"));
    /* By its place, it is hidden all the same. */
    assert_non_null(find_note(logs, "http", "> Authorization: ***"));
    assert_null(find_note(logs, "http", "Bearer admin"));
}

/* Secrets that are asked for, in answers that are none. */
static void what_is_asked_for(void **state)
{
    static const char *const answers[] = {
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{\"data\":{\"a\":\"" MARK
        "-8\"},}",
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\ndata: " MARK "-9",
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n[\"" MARK "-10\"]",
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nwhat is " MARK "-11?",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(answers); i++) {
        k8sc_client *of = observed(new_config_for(new_raw_server(answers[i], "", 0)->url));
        k8sc_object *object = NULL;
        k8sc_list *list = NULL;
        k8sc_error *error = NULL;
        k8sc_resource *secrets = new_resource(of, "", "v1", "secrets", "default");
        assert_int_not_equal(k8sc_resource_get(secrets, "a", NULL, &object, &error), K8SC_OK);
        look_at_error("get", error);
        k8sc_error_free(error);
        error = NULL;
        assert_int_not_equal(k8sc_resource_list(secrets, NULL, &list, &error), K8SC_OK);
        look_at_error("list", error);
        k8sc_error_free(error);
        look_at_client("secrets", of);
    }
}

/* A plugin and its stanza: what it is given, and what it says where it should not. */
static void what_plugins_know(void **state)
{
    static const char *const scripts[] = {
        "echo 'login failed: token=" MARK "-12' >&2; exit 1",
        "echo 'password: \"" MARK " 13\" is wrong' >&2; exit 1",
        "echo '{\"access_token\": \"" MARK "-14\"}' >&2; exit 1",
        "echo 'Authorization: Bearer " MARK "-15' >&2; exit 1",
        "echo 'tried http://me:" MARK "@host/x?sig=" MARK "' >&2; exit 1",
        "echo 'tried " MARK "-16 again' >&2; exit 1",
        "echo 'environment:' $WORD >&2; exit 1",
        "echo 'arguments:' $1 $2 >&2; exit 1",
        "head -c 600 /dev/zero | tr '\\0' x >&2; echo '" MARK "-17' >&2; exit 1",
        "echo '" MARK "-18'",
        "echo 'token: " MARK "-19'",
        "echo '{\"kind\":\"Status\",\"reason\":\"Unauthorized\",\"message\":\"token " MARK "-20 expired\"}'",
        "echo '{\"kind\":\"Status\",\"message\":\"token " MARK "-21 expired\"}'; exit 2",
        "echo "
        "'{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/"
        "v1\",\"status\":{\"token\":[\"" MARK "-22\"]}}'",
        "printf %s "
        "'{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"token\":\"" MARK
        "\\n-23\"}}'",
        "echo "
        "'{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/"
        "v1\",\"status\":{\"token\":\"x\",\"clientKeyData\":\"" MARK "\"}}'",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(scripts); i++) {
        char yaml[4096];
        k8sc_config *config = NULL;
        k8sc_list *list = NULL;
        k8sc_error *error = NULL;
        snprintf(yaml, sizeof yaml,
                 "current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\n"
                 "clusters: [{name: k, cluster: {server: '%s', insecure-skip-tls-verify: true}}]\n"
                 "users:\n- name: u\n  user:\n    exec:\n      apiVersion: client.authentication.k8s.io/v1\n      "
                 "interactiveMode: Never\n"
                 "      command: %s\n      args: [--client-secret, " MARK "-24]\n      env: [{name: WORD, value: " MARK
                 "-25}]\n",
                 k8sc_testing_server_url(server), write_script("plugin", scripts[i]));
        OK(k8sc_config_parse(yaml, strlen(yaml), NULL, &config, &err));
        track(config, (void (*)(void *))k8sc_config_free);
        k8sc_client *of = observed(config);
        assert_int_equal(k8sc_resource_list(maps_of(of), NULL, &list, &error), K8SC_E_CREDENTIALS);
        look_at_error(scripts[i], error);
        k8sc_error_free(error);
        look_at_client(scripts[i], of);
    }
}

/* A token that a plugin gives, and a server repeats. */
static void what_plugins_give(void **state)
{
    char yaml[2048];
    k8sc_config *config = NULL;
    (void)state;
    /* Plugins are asked for servers with TLS only: a transport of the test's would do, and a server that demands
     * another token does. */
    demand("another");
    snprintf(yaml, sizeof yaml,
             "current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\n"
             "clusters: [{name: k, cluster: {server: '%s', insecure-skip-tls-verify: true}}]\n"
             "users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, "
             "command: %s}}}]\n",
             k8sc_testing_server_url(server),
             write_script("plugin", "echo "
                                    "'{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/"
                                    "v1\",\"status\":{\"token\":\"" MARK "-26\"}}'"));
    OK(k8sc_config_parse(yaml, strlen(yaml), NULL, &config, &err));
    track(config, (void (*)(void *))k8sc_config_free);
    k8sc_client *of = observed(config);
    k8sc_error *error = refused(of, "configmaps", NULL, NULL);
    look_at_error("plugin", error);
    assert_true(k8sc_error_is_unauthorized(error));
    k8sc_error_free(error);
    look_at_client("plugin", of);
}

static void what_proxies_are_told(void **state)
{
    k8sc_config *config = new_config_for("http://10.0.0.1:1");
    char url[256];
    (void)state;
    struct raw_server *raw = new_raw_server(
        "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n"
        "no " MARK "-27!",
        "", 0);
    snprintf(url, sizeof url, "http://me:" MARK "-27@127.0.0.1:%d", raw->port);
    OK(k8sc_config_set_proxy(config, url, &err));
    k8sc_client *of = observed(config);
    k8sc_error *error = refused(of, "configmaps", NULL, NULL);
    look_at_error("proxy", error);
    k8sc_error_free(error);
    look_at_client("proxy", of);
    error = NULL;
    assert_int_not_equal(k8sc_config_set_proxy(config, "http://me:" MARK "@:1", &error), K8SC_OK);
    look_at_error("proxy", error);
    k8sc_error_free(error);
}

/* Kubeconfigs that are wrong in or beside a secret. */
static void what_is_wrong_with_kubeconfigs(void **state)
{
    static const char *const users[] = {
        "token: [" MARK "]",
        "token: {a: " MARK "}",
        "token: \"" MARK "\\n\"",
        "password: \"" MARK "\\t\"",
        "token: " MARK ", username: " MARK,
        "client-key-data: " MARK ", client-certificate-data: " MARK,
        "client-certificate-data: '" MARK "!'",
        "exec: {command: x, env: [" MARK "]}",
        "exec: {command: x, apiVersion: client.authentication.k8s.io/v1beta1, env: [{name: '', value: " MARK "}]}",
        "exec: " MARK,
        "token: !!int " MARK,
        "token: " MARK ", token: " MARK,
        "auth-provider: {name: oidc, config: {id-token: [" MARK "]}}",
        "token: '" MARK,
        "token: " MARK ": x",
        "as-user-extra: {a: " MARK "}",
        "token: *"
        "a"
        " " MARK,
    };
    static const char *const clusters[] = {
        "server: 'https://me:" MARK "@h'",
        "server: 'https://me:" MARK "@h:x'",
        "server: 'https://h', proxy-url: 'http://me:" MARK "@'",
        "server: 'https://h', proxy-url: 'ftp://me:" MARK "@h'",
        "server: 'https://h', certificate-authority-data: " MARK,
    };
    char yaml[2048];
    (void)state;
    for (size_t i = 0; i < COUNT(users) + COUNT(clusters); i++) {
        k8sc_config *config = NULL;
        k8sc_error *error = NULL;
        const char *user = i < COUNT(users) ? users[i] : "token: " MARK;
        const char *cluster = i < COUNT(users) ? "server: 'https://h'" : clusters[i - COUNT(users)];
        snprintf(yaml, sizeof yaml,
                 "current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\nclusters: [{name: k, "
                 "cluster: {%s}}]\n"
                 "users: [{name: u, user: {%s}}]\n",
                 cluster, user);
        if (k8sc_config_parse(yaml, strlen(yaml), NULL, &config, &error) == K8SC_OK) fail_msg("%s was taken", yaml);
        look_at_error(yaml, error);
        k8sc_error_free(error);
    }
}

/* What may be shown of a kubeconfig shows none, wherever it stands. */
static void what_is_shown_of_kubeconfigs(void **state)
{
    static const char yaml[] =
        "apiVersion: v1\nkind: Config\ncurrent-context: x\nunknown: " MARK
        "-28\nextensions: [{name: shown-a, extension: {a: " MARK "-29}}]\n"
        "preferences: {colors: true, unknown: " MARK "-30, extensions: [{name: shown-b, extension: " MARK "-31}]}\n"
        "clusters:\n- name: c\n  beside: " MARK "-32\n  cluster: {server: 'https://me:" MARK
        "-33@shown-host', unknown: " MARK "-34, deep: {a: [" MARK "-35]},\n"
        "    proxy-url: 'socks5://me:" MARK "-36@shown-proxy:1', certificate-authority-data: " MARK "37,\n"
        "    extensions: [{name: shown-c, extension: {a: " MARK "-38}, more: " MARK "-39}, " MARK "-40]}\n"
        "contexts:\n- name: x\n  beside: " MARK
        "-41\n  context: {cluster: c, user: u, namespace: shown-d, unknown: " MARK "-42,\n"
        "    extensions: [{name: shown-e, extension: " MARK "-43}]}\n"
        "users:\n- name: u\n  beside: " MARK "-44\n  user:\n    token: " MARK
        "-45\n    username: shown-f\n    password: " MARK "-46\n    unknown: " MARK "-47\n"
        "    client-key-data: " MARK "48\n    extensions: [{name: shown-g, extension: " MARK "-49}]\n"
        "    exec:\n      command: shown-h\n      apiVersion: v\n      interactiveMode: Never\n      unknown: " MARK
        "-50\n      deep: {a: " MARK "-51}\n"
        "      env: [{name: shown-i, value: " MARK "-52}, {name: shown-j, valueFrom: {secret: " MARK
        "-53}}, {name: shown-k, value: '', more: " MARK "-54}]\n"
        "      args: [shown-l, --pwd=" MARK "-55, --access-key, " MARK "-56, 'Authorization: Bearer " MARK
        "-57', 'https://me:" MARK "-58@shown-m/x?t=" MARK "',\n"
        "        -H, 'X-Token: " MARK "-59', '--header=Cookie: " MARK "-60', -u, 'shown-n:" MARK "-61', -p, " MARK
        "-62, --password, " MARK "-63,\n"
        "        \"curl -H 'Authorization: Bearer " MARK "-64' https://me:" MARK "-65@h\", '{\"password\":\"" MARK
        "-66\"}', 'a=b&secret=" MARK "-67',\n"
        "        '--url=http://me:" MARK "-68@h', --otp, " MARK "-69, PASSWORD=" MARK "-70, ey" MARK
        "J0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9, --last, shown-o]\n"
        "- name: v\n  user: {auth-provider: {name: oidc, unknown: " MARK
        "-71, config: {client-id: shown-p, idp-issuer-url: 'https://me:" MARK "-72@shown-q',\n"
        "    id-token: " MARK "-73, refresh-token: " MARK "-74, client-secret: " MARK "-75, unknown: " MARK
        "-76, idp-certificate-authority-data: " MARK "77}}}\n";
    k8sc_kubeconfig *kubeconfig = NULL;
    char *text = NULL, part[16];
    (void)state;
    OK(k8sc_kubeconfig_parse(yaml, strlen(yaml), &kubeconfig, &err));
    track(kubeconfig, (void (*)(void *))k8sc_kubeconfig_free);
    OK(k8sc_kubeconfig_redacted(kubeconfig, &text, &err));
    track(text, (void (*)(void *))k8sc_string_free);
    look_at("redacted", text);
    for (char c = 'a'; c <= 'q'; c++) {
        snprintf(part, sizeof part, "shown-%c", c);
        if (!strstr(text, part)) fail_msg("%s is not in %s", part, text);
    }
    assert_non_null(strstr(text, "--access-key"));
    assert_non_null(strstr(text, "--pwd=REDACTED"));
    assert_non_null(strstr(text, "colors: true"));
}

/* Texts that only pass by. */
static void what_is_foreign_is_shown_tame(void **state)
{
    char yaml[2048];
    k8sc_config *config = NULL;
    k8sc_list *list = NULL;
    (void)state;
    snprintf(yaml, sizeof yaml,
             "current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\n"
             "clusters: [{name: k, cluster: {server: '%s', insecure-skip-tls-verify: true}}]\n"
             "users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, "
             "command: none-such,\n"
             "  installHint: \"get it\\e[31m\\nfrom \\u009b31m here\"}}}]\n",
             k8sc_testing_server_url(server));
    OK(k8sc_config_parse(yaml, strlen(yaml), NULL, &config, &err));
    track(config, (void (*)(void *))k8sc_config_free);
    FAILS(K8SC_E_CREDENTIALS, k8sc_resource_list(maps_of(observed(config)), NULL, &list, &err),
          "get it\\x1b[31m\\x0afrom \\u009b31m here");
}

/* A server without TLS: the credentials stay here, and that is told to whoever listens. */
static void what_is_not_sent_is_told(void **state)
{
    static const char yaml[] =
        "current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\n"
        "clusters: [{name: k, cluster: {server: 'http://127.0.0.1:1'}}]\nusers: [{name: u, user: {token: " MARK "}}]\n";
    k8sc_config *config = NULL, *copy = NULL;
    (void)state;
    OK(k8sc_config_parse(yaml, strlen(yaml), NULL, &config, &err));
    track(config, (void (*)(void *))k8sc_config_free);
    OK(k8sc_config_copy(config, &copy, &err));
    track(copy, (void (*)(void *))k8sc_config_free);
    k8sc_client *of = observed(copy);
    deliver(k8sc_client_queue(of));
    struct note *note =
        find_note(logs, "config", "is reached without TLS: the credentials of the user \"u\" are not sent");
    assert_non_null(note);
    assert_int_equal(note->level, K8SC_LOG_WARNING);
    look_at_client("http", of);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(what_servers_repeat),
                                       TEST(a_token_that_is_a_word),
                                       TEST(what_is_asked_for),
                                       SECURE(what_plugins_know),
                                       SECURE(what_plugins_give),
                                       TEST(what_proxies_are_told),
                                       TEST(what_is_wrong_with_kubeconfigs),
                                       TEST(what_is_shown_of_kubeconfigs),
                                       SECURE(what_is_foreign_is_shown_tame),
                                       TEST(what_is_not_sent_is_told)};
    return cmocka_run_group_tests_name("secrets", tests, NULL, free_notes);
}
