/* What is set of an identity, function by function: what goes to the server of it, and what is refused. */
#include "identity.h"

#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>

/* Not a header of the last request. */
#define NOT_SENT(sent, pointer) assert_int_equal(k8sc_object_type(sent, pointer), K8SC_TYPE_ABSENT)

static k8sc_object *sent_with(k8sc_config *config)
{
    OK(ask(maps_of(new_client(config))));
    return last_request("GET");
}

static int no_token(k8sc_token_request *request, void *user_data)
{
    (void)request;
    (void)user_data;
    return 1;
}

static void basic_auth(void **state)
{
    k8sc_config *config = bare();
    k8sc_client *none = NULL;
    (void)state;
    demand(NULL);
    OK(k8sc_config_set_basic_auth(config, "me", "open sesame", &err));
    assert_true(k8sc_config_has_credentials(config));
    assert_string_equal(STR(sent_with(config), "/headers/Authorization"), "Basic bWU6b3BlbiBzZXNhbWU=");
    OK(k8sc_config_set_basic_auth(config, "me", NULL, &err));
    assert_string_equal(STR(sent_with(config), "/headers/Authorization"), "Basic bWU6");
    OK(k8sc_config_set_basic_auth(config, NULL, NULL, &err));
    assert_false(k8sc_config_has_credentials(config));
    NOT_SENT(sent_with(config), "/headers/Authorization");

    OK(k8sc_config_set_basic_auth(config, "me", "open sesame", &err));
    FAILS(K8SC_E_INVALID, k8sc_config_set_basic_auth(NULL, "me", "a", &err), "config");
    FAILS(K8SC_E_INVALID, k8sc_config_set_basic_auth(config, "", "a", &err), "user is empty");
    FAILS(K8SC_E_INVALID, k8sc_config_set_basic_auth(config, "a:b", "a", &err), "user holds a \":\"");
    FAILS(K8SC_E_INVALID, k8sc_config_set_basic_auth(config, "a\r\nb", "a", &err), "user holds a line break");
    FAILS(K8SC_E_INVALID, k8sc_config_set_basic_auth(config, NULL, "sesame", &err), "password is given without user");
    assert_null(strstr(k8sc_error_message(failure), "sesame"));
    FAILS(K8SC_E_INVALID, k8sc_config_set_basic_auth(config, "me", "open\nsesame", &err),
          "password holds a control character");
    assert_null(strstr(k8sc_error_message(failure), "sesame"));
    /* What was refused has changed nothing. */
    assert_string_equal(STR(sent_with(config), "/headers/Authorization"), "Basic bWU6b3BlbiBzZXNhbWU=");

    OK(k8sc_config_set_token(config, "first", &err));
    FAILS(K8SC_E_CONFIG, k8sc_client_new(config, &none, &err), "a token and basic authentication");
    assert_null(none);
    OK(k8sc_config_set_token_provider(config, no_token, NULL, NULL, &err));
    FAILS(K8SC_E_CONFIG, k8sc_client_new(config, &none, &err), "a token and basic authentication");
    assert_null(none);
    OK(k8sc_config_set_basic_auth(config, NULL, NULL, &err));
    assert_true(k8sc_config_has_credentials(config));
    OK(k8sc_config_set_token(config, NULL, &err));
    assert_false(k8sc_config_has_credentials(config));
}

/* Which is a value, too. */
static void empty_impersonated_values(void **state)
{
    struct raw_server *raw = new_raw_server("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "", 0);
    k8sc_config *config = new_config_for(raw->url);
    (void)state;
    OK(k8sc_config_set_impersonation(config, "jane", NULL, &err));
    OK(k8sc_config_add_impersonation_extra(config, "some", "", &err));
    FAILS(K8SC_E_API, ask(maps_of(new_client(config))), "403");
    assert_int_equal(raw_requests(raw), 1);
    assert_non_null(strstr(raw->request, "\r\nImpersonate-Extra-some:\r\n"));
}

static void impersonation_is_sent_in_headers(void **state)
{
    k8sc_config *config = bare();
    k8sc_client *none = NULL;
    (void)state;
    OK(k8sc_config_set_token(config, "first", &err));
    OK(k8sc_config_set_impersonation(config, "jane", "7", &err));
    OK(k8sc_config_add_impersonation_group(config, "a", &err));
    OK(k8sc_config_add_impersonation_group(config, "b c", &err));
    OK(k8sc_config_add_impersonation_extra(config, "Scopes", "view", &err));
    OK(k8sc_config_add_impersonation_extra(config, "Scopes", "edit", &err));
    OK(k8sc_config_add_impersonation_extra(config, "example.com/x%y", "z", &err));
    k8sc_object *sent = sent_with(config);
    assert_string_equal(STR(sent, "/headers/Authorization"), "Bearer first");
    assert_string_equal(STR(sent, "/headers/Impersonate-User"), "jane");
    assert_string_equal(STR(sent, "/headers/Impersonate-Uid"), "7");
    assert_string_equal(STR(sent, "/headers/Impersonate-Group"), "a, b c");
    assert_string_equal(STR(sent, "/headers/Impersonate-Extra-Scopes"), "view, edit");
    assert_string_equal(STR(sent, "/headers/Impersonate-Extra-Example.com%2fx%25y"), "z");

    FAILS(K8SC_E_INVALID, k8sc_config_set_impersonation(NULL, "a", NULL, &err), "config");
    FAILS(K8SC_E_INVALID, k8sc_config_set_impersonation(config, "", NULL, &err), "user is empty");
    FAILS(K8SC_E_INVALID, k8sc_config_set_impersonation(config, "a\nb", NULL, &err), "user holds a line break");
    FAILS(K8SC_E_INVALID, k8sc_config_set_impersonation(config, "a", "", &err), "uid is empty");
    FAILS(K8SC_E_INVALID, k8sc_config_set_impersonation(config, NULL, "7", &err), "uid is given without user");
    FAILS(K8SC_E_INVALID, k8sc_config_add_impersonation_group(NULL, "a", &err), "config");
    FAILS(K8SC_E_INVALID, k8sc_config_add_impersonation_group(config, NULL, &err), "group");
    FAILS(K8SC_E_INVALID, k8sc_config_add_impersonation_group(config, "", &err), "group is empty");
    FAILS(K8SC_E_INVALID, k8sc_config_add_impersonation_group(config, "a\r", &err), "group holds a line break");
    FAILS(K8SC_E_INVALID, k8sc_config_add_impersonation_extra(NULL, "a", "b", &err), "config");
    FAILS(K8SC_E_INVALID, k8sc_config_add_impersonation_extra(config, NULL, "b", &err), "key");
    FAILS(K8SC_E_INVALID, k8sc_config_add_impersonation_extra(config, "", "b", &err), "key is empty");
    FAILS(K8SC_E_INVALID, k8sc_config_add_impersonation_extra(config, "a", NULL, &err), "value");
    FAILS(K8SC_E_INVALID, k8sc_config_add_impersonation_extra(config, "a", "b\n", &err), "value holds a line break");

    /* Another user begins without what the one before was given, and nobody has none of it. */
    OK(k8sc_config_set_impersonation(config, "joe", NULL, &err));
    sent = sent_with(config);
    assert_string_equal(STR(sent, "/headers/Impersonate-User"), "joe");
    NOT_SENT(sent, "/headers/Impersonate-Uid");
    NOT_SENT(sent, "/headers/Impersonate-Group");
    NOT_SENT(sent, "/headers/Impersonate-Extra-Scopes");
    OK(k8sc_config_set_impersonation(config, NULL, NULL, &err));
    NOT_SENT(sent_with(config), "/headers/Impersonate-User");

    OK(k8sc_config_add_impersonation_group(config, "a", &err));
    FAILS(K8SC_E_CONFIG, k8sc_client_new(config, &none, &err), "without a user");
    assert_null(none);
}

static void ca_file(void **state)
{
    k8sc_config *config = new_config_for(k8sc_testing_server_url(server));
    k8sc_client *none = NULL;
    (void)state;
    OK(k8sc_config_set_token(config, "first", &err));
    FAILS(K8SC_E_TLS, ask(maps_of(new_client(config))), "certificate");
    OK(k8sc_config_set_ca_file(config, write_file("ca.crt", k8sc_testing_server_ca_pem(server)), &err));
    OK(ask(maps_of(new_client(config))));

    write_file("nothing", "nothing");
    FAILS(K8SC_E_INVALID, k8sc_config_set_ca_file(NULL, path_of("ca.crt"), &err), "config");
    FAILS(K8SC_E_INVALID, k8sc_config_set_ca_file(config, "", &err), "path is empty");
    FAILS(K8SC_E_IO, k8sc_config_set_ca_file(config, path_of("missing"), &err), "CA ", "/missing");
    FAILS(K8SC_E_PARSE, k8sc_config_set_ca_file(config, path_of("nothing"), &err), "/nothing", "no PEM certificate");
    OK(ask(maps_of(new_client(config))));

    OK(k8sc_config_set_insecure(config, 1, &err));
    FAILS(K8SC_E_CONFIG, k8sc_client_new(config, &none, &err), "insecure");
    assert_null(none);
    OK(k8sc_config_set_insecure(config, 0, &err));
    OK(k8sc_config_set_ca_file(config, NULL, &err));
    FAILS(K8SC_E_TLS, ask(maps_of(new_client(config))), "certificate");
}

static void client_certificate_files(void **state)
{
    struct pair one = make_pair("one"), other = make_pair("other");
    k8sc_config *config = bare();
    (void)state;
    OK(k8sc_testing_server_set_client_ca(server, one.certificate, &err));
    demand(NULL);
    write_file("tls.crt", one.certificate);
    write_file("tls.key", one.key);
    write_file("other.key", other.key);
    write_file("nothing", "nothing");
    OK(k8sc_config_set_client_certificate_files(config, path_of("tls.crt"), path_of("tls.key"), &err));
    assert_true(k8sc_config_has_credentials(config));
    OK(ask(maps_of(new_client(config))));

    FAILS(K8SC_E_INVALID, k8sc_config_set_client_certificate_files(NULL, "a", "b", &err), "config");
    FAILS(K8SC_E_INVALID, k8sc_config_set_client_certificate_files(config, NULL, path_of("tls.key"), &err),
          "certificate_path");
    FAILS(K8SC_E_INVALID, k8sc_config_set_client_certificate_files(config, path_of("tls.crt"), NULL, &err), "key_path");
    FAILS(K8SC_E_INVALID, k8sc_config_set_client_certificate_files(config, "", path_of("tls.key"), &err),
          "certificate_path is empty");
    FAILS(K8SC_E_IO, k8sc_config_set_client_certificate_files(config, path_of("missing"), path_of("tls.key"), &err),
          "client certificate", "/missing");
    FAILS(K8SC_E_IO, k8sc_config_set_client_certificate_files(config, path_of("tls.crt"), path_of("missing"), &err),
          "client key", "/missing");
    FAILS(K8SC_E_PARSE, k8sc_config_set_client_certificate_files(config, path_of("nothing"), path_of("tls.key"), &err),
          "/nothing");
    FAILS(K8SC_E_PARSE, k8sc_config_set_client_certificate_files(config, path_of("tls.crt"), path_of("nothing"), &err),
          "/nothing");
    FAILS(K8SC_E_CONFIG,
          k8sc_config_set_client_certificate_files(config, path_of("tls.crt"), path_of("other.key"), &err),
          "is not the key of");
    OK(ask(maps_of(new_client(config))));

    OK(k8sc_config_set_client_certificate_files(config, NULL, NULL, &err));
    assert_false(k8sc_config_has_credentials(config));
    FAILS(K8SC_E_API, ask(maps_of(new_client(config))), "401");
}

/* ------------------------------------------------------------------------------------------------------------ plugins
 * -- */

#define API "\"apiVersion\":\"client.authentication.k8s.io/v1\""
#define TOKEN(text) "echo '{" API ",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"'" text "'\"}}'"

static void set_plugin(k8sc_config *config, const char *command, const char *mode, const char *more)
{
    char json[1024];
    snprintf(json, sizeof json, "{" API ",\"command\":\"%s\",\"interactiveMode\":\"%s\"%s}", command, mode, more);
    OK(k8sc_config_set_exec(config, json, &err));
}

static void an_exec_plugin_set_by_hand_is_run(void **state)
{
    k8sc_config *config = bare();
    (void)state;
    set_plugin(config, write_script("plugin", TOKEN("$1$WORD")), "Never",
               ",\"args\":[\"fi\"],\"env\":[{\"name\":\"WORD\",\"value\":\"rst\"}]");
    assert_true(k8sc_config_has_credentials(config));
    assert_string_equal(STR(sent_with(config), "/headers/Authorization"), "Bearer first");

    static const struct {
        const char *json;
        k8sc_status code;
        const char *says;
    } cases[] = {
        {"{", K8SC_E_PARSE, "json"},
        {"[]", K8SC_E_INVALID, "json is a list; it must be an object"},
        {"{" API ",\"interactiveMode\":\"Never\"}", K8SC_E_INVALID, "exec.command is missing"},
        {"{\"command\":\"a\",\"interactiveMode\":\"Never\"}", K8SC_E_INVALID, "exec.apiVersion is missing"},
        {"{\"command\":\"a\",\"apiVersion\":\"v1\"}", K8SC_E_INVALID, "exec.apiVersion is \"v1\""},
        {"{" API ",\"command\":\"a\"}", K8SC_E_INVALID, "exec.interactiveMode is missing"},
        {"{" API ",\"command\":\"a\",\"interactiveMode\":\"Maybe\"}", K8SC_E_INVALID,
         "exec.interactiveMode is \"Maybe\""},
        {"{" API ",\"command\":\"a\",\"interactiveMode\":\"Never\",\"env\":[{\"value\":\"b\"}]}", K8SC_E_INVALID,
         "exec.env[0].name is missing"},
        {"{" API ",\"command\":7,\"interactiveMode\":\"Never\"}", K8SC_E_INVALID, "command"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        ALSO_FAILS(cases[i].code, k8sc_config_set_exec(config, cases[i].json, &err), cases[i].says);
    ALSO_FAILS(K8SC_E_INVALID, k8sc_config_set_exec(NULL, "{}", &err), "config");
    NO_FAILURES();
    OK(ask(maps_of(new_client(config))));

    OK(k8sc_config_set_exec(config, NULL, &err));
    assert_false(k8sc_config_has_credentials(config));
    FAILS(K8SC_E_API, ask(maps_of(new_client(config))), "401");
}

static void exec_policy(void **state)
{
    k8sc_config *config = bare();
    k8sc_client *none = NULL;
    char elsewhere[160];
    (void)state;
    set_plugin(config, write_script("plugin", TOKEN("first")), "Never", "");
    snprintf(elsewhere, sizeof elsewhere, "%s", path_of("elsewhere"));
    OK(k8sc_config_set_exec_policy(config, "AllowAll", &err));
    FAILS(K8SC_E_STATE, k8sc_config_add_exec_allowed(config, path_of("plugin"), &err), "not Allowlist");
    OK(ask(maps_of(new_client(config))));

    OK(k8sc_config_set_exec_policy(config, "DenyAll", &err));
    FAILS(K8SC_E_CREDENTIALS, ask(maps_of(new_client(config))), "/plugin", "may not be run", "allows none");

    OK(k8sc_config_set_exec_policy(config, "Allowlist", &err));
    FAILS(K8SC_E_CONFIG, k8sc_client_new(config, &none, &err), "nothing is allowed");
    assert_null(none);
    OK(k8sc_config_add_exec_allowed(config, elsewhere, &err));
    /* The name alone is one that is found in $PATH. */
    OK(k8sc_config_add_exec_allowed(config, "plugin", &err));
    FAILS(K8SC_E_CREDENTIALS, ask(maps_of(new_client(config))), "/plugin", "may not be run", "does not list it");
    OK(k8sc_config_add_exec_allowed(config, path_of("plugin"), &err));
    OK(ask(maps_of(new_client(config))));
    /* It begins with an empty list. */
    OK(k8sc_config_set_exec_policy(config, "Allowlist", &err));
    FAILS(K8SC_E_CONFIG, k8sc_client_new(config, &none, &err), "nothing is allowed");

    FAILS(K8SC_E_INVALID, k8sc_config_set_exec_policy(NULL, "AllowAll", &err), "config");
    FAILS(K8SC_E_INVALID, k8sc_config_set_exec_policy(config, NULL, &err), "policy");
    FAILS(K8SC_E_INVALID, k8sc_config_set_exec_policy(config, "allowall", &err), "policy is \"allowall\"");
    FAILS(K8SC_E_INVALID, k8sc_config_add_exec_allowed(NULL, "a", &err), "config");
    FAILS(K8SC_E_INVALID, k8sc_config_add_exec_allowed(config, NULL, &err), "command");
    FAILS(K8SC_E_INVALID, k8sc_config_add_exec_allowed(config, "", &err), "command is empty");
    static const char *const unclear[] = {"./a", "a/b", "/a/../b", "/a/./b", "/a//b", "/a/"};
    for (size_t i = 0; i < COUNT(unclear); i++)
        ALSO_FAILS(K8SC_E_INVALID, k8sc_config_add_exec_allowed(config, unclear[i], &err), "command", unclear[i]);
    NO_FAILURES();
}

static void exec_timeout(void **state)
{
    k8sc_config *config = bare();
    char body[512];
    (void)state;
    snprintf(body, sizeof body, "echo $$ >%s\nexec sleep 1000", path_of("pid"));
    set_plugin(config, write_script("plugin", body), "Never", "");
    OK(k8sc_config_set_exec_timeout(config, 500, &err));
    FAILS(K8SC_E_CREDENTIALS, ask(maps_of(new_client(config))), "list configmaps default/", "/plugin",
          "did not end within 500 ms and was killed");
    FILE *file = fopen(path_of("pid"), "r");
    int pid = 0;
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%d", &pid), 1);
    fclose(file);
    char process[32];
    snprintf(process, sizeof process, "/proc/%d", pid);
    AWAIT(access(process, F_OK) != 0);

    FAILS(K8SC_E_INVALID, k8sc_config_set_exec_timeout(NULL, 1, &err), "config");
    FAILS(K8SC_E_INVALID, k8sc_config_set_exec_timeout(config, -2, &err), "timeout_ms is -2");
    /* Without a limit, one that takes its time is waited for. */
    write_script("plugin", "sleep 1\n" TOKEN("first"));
    OK(k8sc_config_set_exec_timeout(config, -1, &err));
    OK(ask(maps_of(new_client(config))));
}

/* A terminal of the test's own as standard input, where somebody has typed the token. */
static int begin_typing(const char *line, int *terminal)
{
    int saved = dup(0), keyboard = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(saved >= 0 && keyboard >= 0 && grantpt(keyboard) == 0 && unlockpt(keyboard) == 0);
    int screen = open(ptsname(keyboard), O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(screen >= 0 && dup2(screen, 0) == 0);
    close(screen);
    assert_int_equal(write(keyboard, line, strlen(line)), strlen(line));
    *terminal = keyboard;
    return saved;
}

static void exec_interactive(void **state)
{
    k8sc_config *config = bare();
    int terminal;
    (void)state;
    FAILS(K8SC_E_INVALID, k8sc_config_set_exec_interactive(NULL, 1, &err), "config");
    int saved = begin_typing("first\n", &terminal);
    set_plugin(config, write_script("plugin", "read token\n" TOKEN("$token")), "Always", "");
    k8sc_status quiet = ask(maps_of(new_client(config)));
    k8sc_error *why = err;
    err = NULL;
    OK(k8sc_config_set_exec_interactive(config, 1, &err));
    k8sc_status typed = ask(maps_of(new_client(config)));
    /* The standard input is given back before anything can fail. */
    assert_int_equal(dup2(saved, 0), 0);
    close(saved);
    close(terminal);
    OK(typed);
    err = why;
    FAILS(K8SC_E_CREDENTIALS, quiet, "interactiveMode Always", "not allowed");
}

/* Closing does not wait for a plugin that hangs, however long it may take, nor leaves it behind. */
static void exec_ends_with_its_client(void **state)
{
    k8sc_config *config = bare();
    k8sc_options *options = new_options();
    k8sc_list *list = NULL;
    char body[512];
    int pid = 0;
    (void)state;
    snprintf(body, sizeof body, "echo $$ >%s.new; mv %s.new %s; exec sleep 1000", path_of("pid"), path_of("pid"),
             path_of("pid"));
    set_plugin(config, write_script("plugin", body), "Never", "");
    OK(k8sc_config_set_exec_timeout(config, -1, &err));
    k8sc_client *of = new_client(config);
    k8sc_resource *maps = maps_of(of);
    OK(k8sc_options_set_timeout(options, 1, &err));
    FAILS(K8SC_E_TIMEOUT, k8sc_resource_list(maps, options, &list, &err), "overall deadline");
    AWAIT(access(path_of("pid"), F_OK) == 0);
    FILE *file = fopen(path_of("pid"), "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%d", &pid), 1);
    fclose(file);
    OK(k8sc_client_close(of, PATIENCE_MS, &err));
    assert_int_equal(kill(pid, 0), -1);
}

static struct {
    const char *token;
    int64_t valid_ms;
    int calls;
} provided;

static int provide(k8sc_token_request *request, void *user_data)
{
    (void)user_data;
    provided.calls++;
    return provided.token ? k8sc_token_request_answer(request, provided.token, provided.valid_ms, NULL) : 1;
}

static void provider_gives_one_for_ever(void **state)
{
    k8sc_config *config = bare();
    (void)state;
    OK(k8sc_config_set_token_provider(config, provide, NULL, NULL, &err));
    provided.token = "first";
    provided.valid_ms = INT64_MAX;
    provided.calls = 0;
    k8sc_resource *maps = maps_of(new_client(config));
    OK(ask(maps));
    OK(ask(maps));
    assert_int_equal(provided.calls, 1);
    /* Where no other is to be had when it is refused, the error says why one was wanted. */
    provided.token = NULL;
    pause_ms(5100);
    demand("second");
    FAILS(K8SC_E_CREDENTIALS, ask(maps), "the token provider returned 1",
          "error from a previous attempt: HTTP 401 Unauthorized");
    assert_int_equal(provided.calls, 2);
}

/* Somebody writes one wrong token after the other: each would be another one to try. */
static void *write_tokens(void *stop)
{
    char text[32];
    for (int i = 0; !*(atomic_int *)stop; i++) {
        snprintf(text, sizeof text, "wrong-%d\n", i);
        write_file("token", text);
    }
    return NULL;
}

static void one_replay_however_often_the_file_changes(void **state)
{
    k8sc_config *config = bare();
    atomic_int stop = 0;
    pthread_t writer;
    (void)state;
    OK(k8sc_config_set_token_file(config, write_file("token", "wrong\n"), &err));
    k8sc_resource *maps = maps_of(new_client(config));
    assert_int_equal(pthread_create(&writer, NULL, write_tokens, &stop), 0);
    int64_t most = 0;
    for (int i = 0; i < 20; i++) {
        int64_t before = k8sc_testing_server_request_count(server, NULL, "/api/v1/");
        k8sc_status status = ask(maps);
        int64_t sent = k8sc_testing_server_request_count(server, NULL, "/api/v1/") - before;
        if (sent > most) most = sent;
        k8sc_error_free(err);
        err = NULL;
        if (status != K8SC_E_API) most = -1000;
    }
    stop = 1;
    pthread_join(writer, NULL);
    assert_in_range(most, 1, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {SECURE(basic_auth),
                                       SECURE(empty_impersonated_values),
                                       SECURE(impersonation_is_sent_in_headers),
                                       SECURE(ca_file),
                                       SECURE(client_certificate_files),
                                       SECURE(an_exec_plugin_set_by_hand_is_run),
                                       SECURE(exec_policy),
                                       SECURE(exec_timeout),
                                       SECURE(exec_interactive),
                                       SECURE(exec_ends_with_its_client),
                                       SECURE(provider_gives_one_for_ever),
                                       SECURE(one_replay_however_often_the_file_changes)};
    return cmocka_run_group_tests_name("identity settings", tests, NULL, NULL);
}
