/* Credentials that change while they are used: tokens in files, from providers and from plugins, and certificates that
 * are renewed. */
#include "identity.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <sys/stat.h>

static int64_t requests(void) { return k8sc_testing_server_request_count(server, NULL, "/api/v1/"); }
static void forget(void) { OK(k8sc_testing_server_forget_requests(server, &err)); }

/* -------------------------------------------------------------------------------------------------------- token files
 * -- */

static k8sc_client *with_token_file(void)
{
    k8sc_config *config = bare();
    OK(k8sc_config_set_token_file(config, write_file("token", "first\n"), &err));
    return new_client(config);
}

static void token_file_is_read_again_after_a_401(void **state)
{
    k8sc_resource *maps = maps_of(with_token_file());
    (void)state;
    OK(ask(maps));
    demand("second");
    write_file("token", "second\n");
    forget();
    OK(ask(maps));
    /* The one that was refused, and one more. */
    assert_int_equal(requests(), 2);
    forget();
    OK(ask(maps));
    assert_int_equal(requests(), 1);
}

static void nothing_newer_no_replay(void **state)
{
    k8sc_resource *maps = maps_of(with_token_file());
    (void)state;
    OK(ask(maps));
    demand("second");
    forget();
    FAILS(K8SC_E_API, ask(maps), "list configmaps default/", "401");
    assert_true(k8sc_error_is_unauthorized(failure));
    assert_int_equal(requests(), 1);
}

static void replayed_once_and_no_more(void **state)
{
    k8sc_resource *maps = maps_of(with_token_file());
    (void)state;
    OK(ask(maps));
    demand("third");
    write_file("token", "second\n");
    forget();
    FAILS(K8SC_E_API, ask(maps), "401");
    assert_int_equal(requests(), 2);
}

static void what_changes_things_is_replayed(void **state)
{
    k8sc_resource *maps = maps_of(with_token_file());
    k8sc_object *made = NULL;
    (void)state;
    OK(ask(maps));
    demand("second");
    write_file("token", "second\n");
    forget();
    OK(k8sc_resource_create(maps, parse("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"m\"}}"),
                            NULL, &made, &err));
    assert_string_equal(k8sc_object_name(keep_object(made)), "m");
    assert_int_equal(k8sc_testing_server_request_count(server, "POST", NULL), 2);
}

static void an_unreadable_file_leaves_the_last_token(void **state)
{
    k8sc_resource *maps = maps_of(with_token_file());
    (void)state;
    OK(ask(maps));
    assert_int_equal(unlink(path_of("token")), 0);
    OK(ask(maps));
    demand("second");
    FAILS(K8SC_E_API, ask(maps), "401");
    write_file("token", "second\n");
    OK(ask(maps));
}

/* Nobody waits for who might write into it. */
static void a_pipe_leaves_the_last_token(void **state)
{
    k8sc_client *of = with_token_file();
    k8sc_options *options = new_options();
    k8sc_list *list = NULL;
    (void)state;
    OK(ask(maps_of(of)));
    demand("second");
    assert_int_equal(unlink(path_of("token")), 0);
    assert_int_equal(mkfifo(path_of("token"), 0600), 0);
    OK(k8sc_options_set_timeout(options, PATIENCE_MS, &err));
    FAILS(K8SC_E_API, k8sc_resource_list(maps_of(of), options, &list, &err), "401");
    k8sc_config *config = NULL;
    OK(k8sc_config_new(&config, &err));
    track(config, (void (*)(void *))k8sc_config_free);
    FAILS(K8SC_E_IO, k8sc_config_set_token_file(config, path_of("token"), &err), path_of("token"),
          "it is not a regular file");
}

static void own_authorization_is_nobody_elses(void **state)
{
    k8sc_request *request = NULL;
    k8sc_client *of = with_token_file();
    (void)state;
    demand("second");
    write_file("token", "second\n");
    OK(k8sc_rest_client_get(new_rest(of, "", "v1"), &request, &err));
    k8sc_request_set_resource(request, "configmaps");
    k8sc_request_set_header(request, "Authorization", "Bearer mine");
    forget();
    k8sc_status status = k8sc_request_do(request, NULL, &err);
    k8sc_request_free(request);
    FAILS(K8SC_E_API, status, "401");
    assert_int_equal(requests(), 1);
}

static int is_connected(k8sc_informer *informer)
{
    char *json = NULL;
    OK(k8sc_informer_statistics_json(informer, &json, &err));
    int connected = strstr(json, "\"connected\":true") != NULL;
    k8sc_string_free(json);
    return connected;
}

static void watches_and_informers_go_on(void **state)
{
    k8sc_client *of = with_token_file();
    k8sc_informer *informer = NULL;
    k8sc_registration *registration = NULL;
    struct recorder *seen = new_recorder();
    (void)state;
    seed_map("a");
    OK(k8sc_informer_new(of, "", "v1", "configmaps", NULL, &informer, &err));
    OK(k8sc_informer_add_handler(informer, RECORD(seen), &registration, &err));
    OK(k8sc_informer_start(informer, &err));
    run_until(k8sc_client_queue(of), seen, K8SC_EVENT_SYNC);
    AWAIT(k8sc_testing_server_watch_count(server) == 1);
    /* What is lost before its answer came is an ERROR. */
    AWAIT(is_connected(informer));
    for (int i = 0; i < 5; i++) {
        char token[16], name[16];
        snprintf(token, sizeof token, "token-%d", i);
        snprintf(name, sizeof name, "map-%d", i);
        demand(token);
        write_file("token", token);
        OK(k8sc_testing_server_disconnect(server, &err));
        seed_map(name);
        run_until_count(k8sc_client_queue(of), seen, (size_t)(3 + i));
        AWAIT(k8sc_testing_server_watch_count(server) == 1);
    }
    assert_string_equal(kinds(seen), "ADD SYNC ADD ADD ADD ADD ADD");
    OK(k8sc_informer_stop(informer, &err));
    k8sc_registration_unref(registration);
    k8sc_informer_unref(informer);
}

/* -------------------------------------------------------------------------------------------- tokens from the program
 * -- */

static void token_set_on_the_client(void **state)
{
    k8sc_client *of = new_client(bare());
    k8sc_resource *maps = maps_of(of);
    (void)state;
    FAILS(K8SC_E_API, ask(maps), "401");
    OK(k8sc_client_set_token(of, "first", &err));
    OK(ask(maps));
    demand("second");
    OK(k8sc_client_set_token(of, "second", &err));
    forget();
    OK(ask(maps));
    assert_int_equal(requests(), 1);
    FAILS(K8SC_E_INVALID, k8sc_client_set_token(of, NULL, &err), "token");
    FAILS(K8SC_E_INVALID, k8sc_client_set_token(of, "", &err), "token is empty");
    FAILS(K8SC_E_INVALID, k8sc_client_set_token(of, "a\nb", &err), "token holds a line break");
    FAILS(K8SC_E_INVALID, k8sc_client_set_token(NULL, "a", &err), "client");
}

static struct provider {
    atomic_int calls, refusals, destroyed, block, answer;
    const char *token;
    int64_t valid_ms;
    pthread_t thread;
} provider;

static int provide(k8sc_token_request *request, void *user_data)
{
    struct provider *self = user_data;
    self->calls++;
    self->thread = pthread_self();
    if (k8sc_token_request_is_refused(request)) self->refusals++;
    while (self->block) pause_ms(1);
    if (self->token && k8sc_token_request_answer(request, self->token, self->valid_ms, NULL) != K8SC_OK) return 99;
    return self->answer;
}

static void provider_destroyed(void *user_data) { ((struct provider *)user_data)->destroyed++; }

static k8sc_client *with_provider(const char *token, int64_t valid_ms)
{
    k8sc_config *config = bare();
    memset(&provider, 0, sizeof provider);
    provider.token = token;
    provider.valid_ms = valid_ms;
    OK(k8sc_config_set_token_provider(config, provide, &provider, provider_destroyed, &err));
    return new_client(config);
}

static void provider_is_asked_once_for_many(void **state)
{
    k8sc_client *of = with_provider("first", -1);
    struct recorder *seen = new_recorder();
    (void)state;
    provider.block = 1;
    k8sc_rest_client *rest = new_rest(of, "", "v1");
    for (int i = 0; i < 20; i++) {
        k8sc_request *request = NULL;
        OK(k8sc_rest_client_get(rest, &request, &err));
        k8sc_request_set_resource(request, "configmaps");
        OK(k8sc_request_start(request, NULL, on_event, seen, NULL, NULL, &err));
        k8sc_request_free(request);
    }
    AWAIT(provider.calls == 1);
    pause_ms(20);
    provider.block = 0;
    run_until_count(k8sc_client_queue(of), seen, 20);
    for (size_t i = 0; i < 20; i++) assert_int_equal(seen->records[i].http_status, 200);
    assert_int_equal(provider.calls, 1);
    assert_false(pthread_equal(provider.thread, pthread_self()));
}

static void provider_is_asked_again(void **state)
{
    k8sc_client *of = with_provider("first", 100);
    k8sc_resource *maps = maps_of(of);
    (void)state;
    OK(ask(maps));
    pause_ms(150);
    OK(ask(maps));
    assert_int_equal(provider.calls, 2);
    assert_int_equal(provider.refusals, 0);
    /* One that the server refuses although it is not old: it is not asked by every request. */
    provider.valid_ms = -1;
    pause_ms(150);
    demand("second");
    FAILS(K8SC_E_API, ask(maps), "401");
    FAILS(K8SC_E_API, ask(maps), "401");
    assert_int_equal(provider.calls, 3);
}

static void provider_fails(void **state)
{
    k8sc_resource *maps = maps_of(with_provider(NULL, -1));
    (void)state;
    FAILS(K8SC_E_CREDENTIALS, ask(maps), "list configmaps default/", "the token provider gave no token");
    provider.answer = 7;
    FAILS(K8SC_E_CREDENTIALS, ask(maps), "the token provider returned 7");
    assert_int_equal(requests(), 0);
    provider.answer = 0;
    provider.token = "first";
    OK(ask(maps));
    FAILS(K8SC_E_INVALID, k8sc_token_request_answer(NULL, "a", 0, &err), "request");
}

static void provider_blocks_nobody_else(void **state)
{
    k8sc_client *of = with_provider("first", -1);
    k8sc_options *options = new_options();
    k8sc_list *list = NULL;
    (void)state;
    provider.block = 1;
    OK(k8sc_options_set_timeout(options, 50, &err));
    FAILS(K8SC_E_TIMEOUT, k8sc_resource_list(maps_of(of), options, &list, &err), "overall deadline");
    /* Another client on the same thread is not held up. */
    k8sc_config *config = bare();
    OK(k8sc_config_set_token(config, "first", &err));
    OK(ask(maps_of(new_shared_client(config, of))));
    /* The function may block for as long as it likes; closing waits for it. */
    FAILS(K8SC_E_TIMEOUT, k8sc_client_close(of, 50, &err), "");
    provider.block = 0;
    OK(k8sc_client_close(of, PATIENCE_MS, &err));
    assert_int_equal(provider.calls, 1);
}

static void provider_destroy_runs_once(void **state)
{
    k8sc_config *config = NULL;
    (void)state;
    memset(&provider, 0, sizeof provider);
    FAILS(K8SC_E_INVALID, k8sc_config_set_token_provider(NULL, provide, &provider, provider_destroyed, &err), "config");
    assert_int_equal(provider.destroyed, 1);
    OK(k8sc_config_new(&config, &err));
    FAILS(K8SC_E_INVALID, k8sc_config_set_token_provider(config, NULL, &provider, provider_destroyed, &err), "fn");
    assert_int_equal(provider.destroyed, 2);
    /* Replaced, and freed without a client. */
    OK(k8sc_config_set_token_provider(config, provide, &provider, provider_destroyed, &err));
    OK(k8sc_config_set_token_provider(config, provide, &provider, provider_destroyed, &err));
    assert_int_equal(provider.destroyed, 3);
    k8sc_config_free(config);
    assert_int_equal(provider.destroyed, 4);
    k8sc_client *of = with_provider("first", -1);
    OK(ask(maps_of(of)));
    assert_int_equal(provider.destroyed, 0);
    OK(k8sc_client_close(of, PATIENCE_MS, &err));
    assert_int_equal(provider.destroyed, 1);
}

/* ------------------------------------------------------------------------------------------------------------ plugins
 * -- */

#define CREDENTIAL(status) \
    "echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":" status "}'"

/* A client whose user is a plugin. `more` are further lines of the exec stanza. */
static k8sc_client *with_plugin(const char *command, const char *more)
{
    char yaml[16384];
    k8sc_config *config = NULL;
    snprintf(yaml, sizeof yaml,
             "apiVersion: v1\nkind: Config\ncurrent-context: c\n"
             "contexts: [{name: c, context: {cluster: k, user: u}}]\n"
             "clusters:\n- name: k\n  cluster:\n    server: %s\n    insecure-skip-tls-verify: true\n"
             "    extensions: [{name: client.authentication.k8s.io/exec, extension: {audience: me}}]\n"
             "users:\n- name: u\n  user:\n    exec:\n      apiVersion: client.authentication.k8s.io/v1\n      command: "
             "%s\n%s",
             k8sc_testing_server_url(server), command, more);
    OK(k8sc_config_parse(yaml, strlen(yaml), NULL, &config, &err));
    track(config, (void (*)(void *))k8sc_config_free);
    OK(k8sc_config_set_rate_limit(config, -1, 0, &err));
    return new_client(config);
}

#define NEVER "      interactiveMode: Never\n"

static void plugin_gives_a_token(void **state)
{
    char body[512];
    (void)state;
    snprintf(
        body, sizeof body,
        "echo run >>%s/runs\necho \"$1|$WORD|$KUBERNETES_EXEC_INFO\" >%s/told\n" CREDENTIAL("{\"token\":\"first\"}"),
        directory, directory);
    k8sc_client *of = with_plugin(write_script("plugin", body),
                                  NEVER "      args: [\"two words\"]\n      env: [{name: WORD, value: \"$x\"}]\n"
                                        "      provideClusterInfo: true\n");
    struct recorder *seen = new_recorder();
    k8sc_rest_client *rest = new_rest(of, "", "v1");
    for (int i = 0; i < 20; i++) {
        k8sc_request *request = NULL;
        OK(k8sc_rest_client_get(rest, &request, &err));
        k8sc_request_set_resource(request, "configmaps");
        OK(k8sc_request_start(request, NULL, on_event, seen, NULL, NULL, &err));
        k8sc_request_free(request);
    }
    run_until_count(k8sc_client_queue(of), seen, 20);
    for (size_t i = 0; i < 20; i++) assert_int_equal(seen->records[i].http_status, 200);
    OK(ask(maps_of(of)));
    assert_int_equal(lines_of("runs"), 1);
    const char *told = read_text("told");
    assert_int_equal(strncmp(told, "two words|$x|{", 14), 0);
    k8sc_object *info = parse(strchr(told, '{'));
    assert_string_equal(STR(info, "/apiVersion"), "client.authentication.k8s.io/v1");
    assert_string_equal(STR(info, "/kind"), "ExecCredential");
    assert_int_equal(k8sc_object_bool(info, "/spec/interactive", 1), 0);
    assert_string_equal(STR(info, "/spec/cluster/server"), k8sc_testing_server_url(server));
    assert_string_equal(STR(info, "/spec/cluster/config/audience"), "me");
    assert_int_equal(k8sc_object_bool(info, "/spec/cluster/insecure-skip-tls-verify", 0), 1);
}

static void plugin_is_run_again_when_refused(void **state)
{
    char body[512];
    (void)state;
    snprintf(body, sizeof body,
             "echo run >>%s/runs\ntoken=$(cat %s/now)\n"
             "echo "
             "'{\"apiVersion\":\"client.authentication.k8s.io/"
             "v1\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"'$token'\"}}'",
             directory, directory);
    write_file("now", "first");
    k8sc_client *of = with_plugin(write_script("plugin", body), NEVER);
    k8sc_resource *maps = maps_of(of);
    OK(ask(maps));
    /* A fresh one that is refused is not asked for again at once, lest every request should run the plugin. */
    demand("second");
    write_file("now", "second");
    FAILS(K8SC_E_API, ask(maps), "401");
    assert_int_equal(lines_of("runs"), 1);
    pause_ms(5100);
    forget();
    OK(ask(maps));
    assert_int_equal(lines_of("runs"), 2);
    assert_int_equal(requests(), 2);
}

static void plugin_that_expires(void **state)
{
    char body[768];
    (void)state;
    snprintf(body, sizeof body,
             "echo run >>%s/runs\nat=$(date -u -d '+2 seconds' +%%Y-%%m-%%dT%%H:%%M:%%SZ)\n"
             "echo "
             "'{\"apiVersion\":\"client.authentication.k8s.io/"
             "v1\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"first\",\"expirationTimestamp\":\"'$at'\"}}'",
             directory);
    k8sc_resource *maps = maps_of(with_plugin(write_script("plugin", body), NEVER));
    OK(ask(maps));
    int64_t until = now_ms() + 2100;
    while (now_ms() < until) pause_ms(10);
    OK(ask(maps));
    assert_int_equal(lines_of("runs"), 2);
}

static void plugins_that_fail(void **state)
{
    static const struct {
        const char *body, *more;
        const char *says[3];
    } cases[] = {
        {"echo secret-one; exit 0", NEVER, {"is neither a JSON object nor a YAML mapping", "11 bytes", ""}},
        {"echo 'cannot log in' >&2; exit 1", NEVER, {"it exited with status 1", "it said: \"cannot log in\"", ""}},
        {"kill -9 $$", NEVER, {"it was ended by signal 9", "", ""}},
        {"true", NEVER, {"its output (0 bytes) is neither a JSON object", "", ""}},
        {"echo '{\"kind\":\"Status\",\"message\":\"log in first\"}'; exit 1",
         NEVER,
         {"status 1; its Status says: \"log in first\"", "", ""}},
        {"echo 'token: secret-one' >&2; exit 1", NEVER, {"it said: \"token: ***\"", "", ""}},
        {CREDENTIAL("{\"token\":\"secret-one\",\"expirationTimestamp\":\"2001-01-01T00:00:00Z\"}"),
         NEVER,
         {"expired at \"2001-01-01T00:00:00Z\"", "", ""}},
        {CREDENTIAL("{\"token\":\"secret-one\"}"),
         "      interactiveMode: Always\n",
         {"interactiveMode Always", "terminal", ""}},
        {"cat | grep . && exit 3; exit 4", "      interactiveMode: IfAvailable\n", {"status 4", "", ""}},
        {"yes secret-one", NEVER, {"wrote more than a megabyte", "", ""}},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        k8sc_client *of = with_plugin(write_script("plugin", cases[i].body), cases[i].more);
        ALSO_FAILS(K8SC_E_CREDENTIALS, ask(maps_of(of)), "list configmaps default/", "the credential plugin", "/plugin",
                   cases[i].says[0], cases[i].says[1]);
        assert_null(strstr(k8sc_error_message(failure), "secret-one"));
    }
    ALSO_FAILS(K8SC_E_CREDENTIALS,
               ask(maps_of(with_plugin("no-such-plugin", NEVER "      installHint: get it from example.com\n"))),
               "the credential plugin \"no-such-plugin\" was not found", "get it from example.com");
    NO_FAILURES();
    assert_int_equal(requests(), 0);
}

/* One that fails is left alone for a while, and all who ask meanwhile have its error at once. */
static void plugin_that_fails_is_not_run_by_everybody(void **state)
{
    char body[256];
    int64_t until = now_ms() + 3500;
    int asked = 0;
    (void)state;
    snprintf(body, sizeof body, "echo run >>%s/runs\nexit 1", directory);
    k8sc_resource *maps = maps_of(with_plugin(write_script("plugin", body), NEVER));
    for (; now_ms() < until; asked++) {
        FAILS(K8SC_E_CREDENTIALS, ask(maps), "it exited with status 1");
        pause_ms(5);
    }
    /* At once, after 1 s, and 2 s after that; later on a machine that has much to do. */
    int runs = lines_of("runs");
    if (runs < 2 || runs > 3) fail_msg("%d runs for %d requests", runs, asked);
}

/* The next line of the log; to be freed. */
static k8sc_event *log_line(k8sc_client *of, const char *component, const char *says)
{
    k8sc_event *event = take(k8sc_client_queue(of));
    assert_int_equal(k8sc_event_kind(event), K8SC_EVENT_LOG);
    assert_string_equal(k8sc_event_component(event), component);
    if (!strstr(k8sc_event_text(event), says)) fail_msg("'%s' is not in '%s'", says, k8sc_event_text(event));
    return event;
}

static void plugins_are_logged(void **state)
{
    (void)state;
    k8sc_client *of = with_plugin(write_script("plugin", "exit 5"), NEVER);
    OK(k8sc_client_on_log(of, K8SC_LOG_WARNING, NULL, NULL, NULL, NULL, NULL, &err));
    FAILS(K8SC_E_CREDENTIALS, ask(maps_of(of)), "status 5");
    k8sc_event_free(log_line(of, "exec", "it exited with status 5"));
    of = with_plugin(write_script("plugin", CREDENTIAL("{\"token\":\"first\"}")), NEVER);
    OK(k8sc_client_on_log(of, K8SC_LOG_DEBUG, NULL, NULL, NULL, NULL, NULL, &err));
    OK(ask(maps_of(of)));
    k8sc_event_free(log_line(of, "exec", "gave a credential, to be used until it is refused"));
}

static void plugin_that_hangs(void **state)
{
    k8sc_options *options = new_options();
    k8sc_list *list = NULL;
    (void)state;
    k8sc_client *of = with_plugin(write_script("plugin", "sleep 1000"), NEVER);
    OK(k8sc_options_set_timeout(options, 100, &err));
    FAILS(K8SC_E_TIMEOUT, k8sc_resource_list(maps_of(of), options, &list, &err), "overall deadline");
    /* Others are not held up, and closing ends it. */
    k8sc_config *config = bare();
    OK(k8sc_config_set_token(config, "first", &err));
    OK(ask(maps_of(new_shared_client(config, of))));
    OK(k8sc_client_close(of, PATIENCE_MS, &err));
}

/* ------------------------------------------------------------------------------------------------------- certificates
 * -- */

static k8sc_client *with_files(const struct pair *pair)
{
    char yaml[4096];
    k8sc_config *config = NULL;
    write_file("ca.crt", k8sc_testing_server_ca_pem(server));
    write_file("tls.crt", pair->certificate);
    write_file("tls.key", pair->key);
    snprintf(yaml, sizeof yaml,
             "current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\n"
             "clusters: [{name: k, cluster: {server: '%s', certificate-authority: %s/ca.crt}}]\n"
             "users: [{name: u, user: {client-certificate: %s/tls.crt, client-key: %s/tls.key}}]\n",
             k8sc_testing_server_url(server), directory, directory, directory);
    OK(k8sc_config_parse(yaml, strlen(yaml), NULL, &config, &err));
    track(config, (void (*)(void *))k8sc_config_free);
    OK(k8sc_config_set_rate_limit(config, -1, 0, &err));
    return new_client(config);
}

static void client_certificate_is_renewed(void **state)
{
    struct pair first = make_pair("first"), second = make_pair("second");
    (void)state;
    OK(k8sc_testing_server_set_client_ca(server, first.certificate, &err));
    demand(NULL);
    k8sc_client *of = with_files(&first);
    k8sc_resource *maps = maps_of(of);
    OK(ask(maps));
    struct recorder *seen = new_recorder();
    k8sc_watch *watch = NULL;
    OK(k8sc_resource_watch(maps, NULL, RECORD(seen), &watch, &err));
    AWAIT(k8sc_testing_server_watch_count(server) == 1);

    OK(k8sc_testing_server_set_client_ca(server, second.certificate, &err));
    write_file("tls.crt", second.certificate);
    write_file("tls.key", second.key);
    pause_ms(1100); /* files are looked at once a second */
    OK(ask(maps));
    /* The watch, on its connection of before, has not noticed. */
    seed_map("a");
    run_until(k8sc_client_queue(of), seen, K8SC_EVENT_ADDED);
    assert_string_equal(kinds(seen), "ADDED");
    assert_int_equal(k8sc_testing_server_request_count(server, "GET", "/api/v1/namespaces/default/configmaps"), 3);
    k8sc_watch_cancel(watch);
    k8sc_watch_unref(watch);

    /* Half of a new pair is not used. */
    struct pair third = make_pair("third");
    OK(k8sc_client_on_log(of, K8SC_LOG_INFO, NULL, NULL, NULL, NULL, NULL, &err));
    write_file("tls.crt", third.certificate);
    pause_ms(1100);
    OK(ask(maps));
    k8sc_event_free(log_line(of, "tls", "tls.key"));
}

static void authority_is_renewed(void **state)
{
    struct pair pair = make_pair("client");
    char *renewed = NULL;
    (void)state;
    OK(k8sc_testing_server_set_client_ca(server, pair.certificate, &err));
    k8sc_client *of = with_files(&pair);
    k8sc_resource *maps = maps_of(of);
    OK(ask(maps));
    OK(k8sc_testing_server_renew_certificate(server, &renewed, &err));
    OK(k8sc_testing_server_disconnect(server, &err));
    write_file("ca.crt", renewed);
    pause_ms(1100);
    OK(ask(maps));
    /* What is no certificate leaves the last good one. */
    write_file("ca.crt", "nothing");
    pause_ms(1100);
    OK(ask(maps));
    /* And the old authority is not trusted any more. */
    write_file("ca.crt", k8sc_testing_server_ca_pem(server));
    pause_ms(1100);
    OK(k8sc_testing_server_disconnect(server, &err));
    FAILS(K8SC_E_TLS, ask(maps), "certificate");
    k8sc_testing_string_free(renewed);
}

static void plugin_gives_a_certificate(void **state)
{
    struct pair pair = make_pair("plugin");
    char json[8192], *out = json;
    (void)state;
    out += sprintf(out, "{\"apiVersion\":\"client.authentication.k8s.io/"
                        "v1\",\"kind\":\"ExecCredential\",\"status\":{\"clientCertificateData\":\"");
    for (const char *p = pair.certificate; *p; p++) out += *p == '\n' ? sprintf(out, "\\n") : sprintf(out, "%c", *p);
    out += sprintf(out, "\",\"clientKeyData\":\"");
    for (const char *p = pair.key; *p; p++) out += *p == '\n' ? sprintf(out, "\\n") : sprintf(out, "%c", *p);
    sprintf(out, "\"}}\n");
    write_file("credential", json);
    char body[128];
    snprintf(body, sizeof body, "cat %s/credential", directory);
    OK(k8sc_testing_server_set_client_ca(server, pair.certificate, &err));
    demand(NULL);
    OK(ask(maps_of(with_plugin(write_script("plugin", body), NEVER))));
    /* Without it, nobody is let in. */
    FAILS(K8SC_E_API, ask(maps_of(new_client(bare()))), "401");
}

/* ---- as somebody else */

static void headers_of_a_user(void **state)
{
    char yaml[2048];
    k8sc_config *config = NULL;
    (void)state;
    demand(NULL);
    snprintf(
        yaml, sizeof yaml,
        "current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\n"
        "clusters: [{name: k, cluster: {server: '%s', insecure-skip-tls-verify: true}}]\n"
        "users: [{name: u, user: {username: me, password: 'open sesame', as: jane, as-uid: '7', as-groups: [a, b c],\n"
        "  as-user-extra: {Scopes: [view, edit], example.com/x%%y: [z]}}}]\n",
        k8sc_testing_server_url(server));
    OK(k8sc_config_parse(yaml, strlen(yaml), NULL, &config, &err));
    track(config, (void (*)(void *))k8sc_config_free);
    OK(ask(maps_of(new_client(config))));
    k8sc_object *sent = last_request("GET");
    assert_string_equal(STR(sent, "/headers/Authorization"), "Basic bWU6b3BlbiBzZXNhbWU=");
    assert_string_equal(STR(sent, "/headers/Impersonate-User"), "jane");
    assert_string_equal(STR(sent, "/headers/Impersonate-Uid"), "7");
    assert_string_equal(STR(sent, "/headers/Impersonate-Group"), "a, b c");
    assert_string_equal(STR(sent, "/headers/Impersonate-Extra-Scopes"), "view, edit");
    assert_string_equal(STR(sent, "/headers/Impersonate-Extra-Example.com%2fx%25y"), "z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {SECURE(token_file_is_read_again_after_a_401),
                                       SECURE(nothing_newer_no_replay),
                                       SECURE(replayed_once_and_no_more),
                                       SECURE(what_changes_things_is_replayed),
                                       SECURE(an_unreadable_file_leaves_the_last_token),
                                       SECURE(a_pipe_leaves_the_last_token),
                                       SECURE(own_authorization_is_nobody_elses),
                                       SECURE(watches_and_informers_go_on),
                                       SECURE(token_set_on_the_client),
                                       SECURE(provider_is_asked_once_for_many),
                                       SECURE(provider_is_asked_again),
                                       SECURE(provider_fails),
                                       SECURE(provider_blocks_nobody_else),
                                       SECURE(provider_destroy_runs_once),
                                       SECURE(plugin_gives_a_token),
                                       SECURE(plugin_is_run_again_when_refused),
                                       SECURE(plugin_that_expires),
                                       SECURE(plugins_that_fail),
                                       SECURE(plugin_that_fails_is_not_run_by_everybody),
                                       SECURE(plugins_are_logged),
                                       SECURE(plugin_that_hangs),
                                       SECURE(client_certificate_is_renewed),
                                       SECURE(authority_is_renewed),
                                       SECURE(plugin_gives_a_certificate),
                                       SECURE(headers_of_a_user)};
    return cmocka_run_group_tests_name("credentials", tests, NULL, NULL);
}
