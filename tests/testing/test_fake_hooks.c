/* The fake API server in the hands of a test: which actions there were, who answers instead, time set ahead, and the
 * same by HTTP. */
#include <pthread.h>

#include "support.h"

#define DEPLOYMENTS "/apis/apps/v1/namespaces/default/deployments"
#define ADMIN "/k8sc-testing"

static int64_t actions(const char *verb, const char *resource, const char *space, const char *name)
{
    return k8sc_testing_server_action_count(server, verb, resource, space, name);
}

static void make_deployment(void)
{
    assert_int_equal(
        post(DEPLOYMENTS,
             "{\"apiVersion\":\"apps/"
             "v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"web\"},\"spec\":{\"replicas\":1,"
             "\"selector\":{\"matchLabels\":{\"a\":\"b\"}},\"template\":{\"metadata\":{\"labels\":{\"a\":\"b\"}},"
             "\"spec\":{\"containers\":[{\"name\":\"a\",\"image\":\"i\"}]}}}}"),
        201);
}

static void actions_are_told_apart(void **state)
{
    (void)state;
    make_deployment();
    assert_int_equal(patch(DEPLOYMENTS "/web", MERGE_PATCH, "{\"spec\":{\"replicas\":2}}"), 200);
    assert_int_equal(patch(DEPLOYMENTS "/web/status", MERGE_PATCH, "{\"status\":{\"replicas\":2}}"), 200);
    get(DEPLOYMENTS);
    get("/version");
    assert_int_equal(actions("patch", "deployments", NULL, "web"), 1);
    assert_int_equal(actions("patch", "deployments.apps", "default", "web"), 1);
    assert_int_equal(actions("patch", "deployments/status", NULL, NULL), 1);
    assert_int_equal(actions("patch", "deployments/*", NULL, NULL), 2);
    assert_int_equal(actions("patch", "deployments.other", NULL, NULL), 0);
    assert_int_equal(actions("patch", "deployments", "elsewhere", NULL), 0);
    assert_int_equal(actions("patch", NULL, NULL, NULL), 2);
    assert_int_equal(actions("list", "deployments", NULL, NULL), 1);
    assert_int_equal(actions(NULL, NULL, NULL, NULL), 4);
    assert_int_equal(actions("fetch", NULL, NULL, NULL), -1);
    assert_int_equal(k8sc_testing_server_action_count(NULL, NULL, NULL, NULL, NULL), -1);

    k8sc_error *err = NULL;
    char *text_of_all = NULL;
    OK(k8sc_testing_server_actions(server, "patch", "deployments", NULL, NULL, &text_of_all, &err));
    json_t *all = json_loads(text_of_all, 0, NULL);
    assert_int_equal(json_array_size(all), 1);
    assert_string_equal(json_string_value(at(all, "0.verb")), "patch");
    assert_string_equal(json_string_value(at(all, "0.group")), "apps");
    assert_string_equal(json_string_value(at(all, "0.name")), "web");
    assert_int_equal(json_integer_value(at(all, "0.body.spec.replicas")), 2);
    json_decref(all);
    k8sc_testing_string_free(text_of_all);
    assert_int_equal(k8sc_testing_server_actions(server, "fetch", NULL, NULL, NULL, &text_of_all, &err),
                     K8SC_E_INVALID);
    assert_null(text_of_all);
    assert_non_null(strstr(k8sc_error_message(err), "fetch"));
    k8sc_error_free(err);
}

static void a_rule_answers_instead(void **state)
{
    (void)state;
    const int64_t id = fault("{\"verb\":\"get\",\"resource\":\"configmaps\",\"answer\":{\"code\":203,\"body\":{"
                             "\"kind\":\"ConfigMap\",\"data\":{\"k\":\"v\"}}}}");
    assert_int_equal(get(MAPS "/anything"), 203);
    assert_text("data.k", "v");
    assert_int_equal(k8sc_testing_server_fault_count(server, id), 1);
    clear_faults();
    fault("{\"answer\":{\"body\":\"as it is\"}}");
    assert_int_equal(get("/version"), 200);
    assert_string_equal(answer.body.data, "as it is");
    clear_faults();
    k8sc_error *err = NULL;
    assert_int_equal(k8sc_testing_server_add_fault(server, "{\"answer\":{\"cod\":200}}", NULL, &err), K8SC_E_INVALID);
    assert_non_null(strstr(k8sc_error_message(err), "answer.cod"));
    k8sc_error_free(err);
}

struct told {
    int asked, destroyed;
    char verb[32], resource[64], subresource[64], group[64], version[16], space[64], name[64], method[16], path[256],
        query[64], body[256];
};

#define KEEP(what, text) snprintf(told->what, sizeof told->what, "%s", text)

/* Reactors run on the server's threads: what they keep is read and written under this lock. */
static pthread_mutex_t told_lock = PTHREAD_MUTEX_INITIALIZER;

static struct told seen(const struct told *told)
{
    pthread_mutex_lock(&told_lock);
    const struct told copy = *told;
    pthread_mutex_unlock(&told_lock);
    return copy;
}

static int keep(const k8sc_testing_request *request, k8sc_testing_reply *reply, struct told *told)
{
    size_t len = 0;
    told->asked++;
    KEEP(method, k8sc_testing_request_method(request));
    KEEP(path, k8sc_testing_request_path(request));
    KEEP(query, k8sc_testing_request_query(request));
    KEEP(verb, k8sc_testing_request_verb(request));
    KEEP(group, k8sc_testing_request_group(request));
    KEEP(version, k8sc_testing_request_version(request));
    KEEP(resource, k8sc_testing_request_resource(request));
    KEEP(subresource, k8sc_testing_request_subresource(request));
    KEEP(space, k8sc_testing_request_namespace(request));
    KEEP(name, k8sc_testing_request_name(request));
    KEEP(body, k8sc_testing_request_body(request, &len));
    assert_int_equal(len, strlen(told->body));
    if (strcmp(told->name, "protected") == 0) {
        k8sc_testing_reply_set_error(reply, 403, NULL, "not this one", NULL);
        return 1;
    }
    if (strcmp(told->name, "made-up") == 0) {
        k8sc_testing_reply_set(reply, 200, "{\"kind\":\"Status\",\"status\":\"Success\"}", 36, NULL);
        return 1;
    }
    return strcmp(told->name, "silent") == 0;
}

static int veto(const k8sc_testing_request *request, k8sc_testing_reply *reply, void *user_data)
{
    pthread_mutex_lock(&told_lock);
    const int answered = keep(request, reply, user_data);
    pthread_mutex_unlock(&told_lock);
    return answered;
}

static void count_destroyed(void *user_data) { ((struct told *)user_data)->destroyed++; }

static void reactors_answer_or_let_pass(void **state)
{
    (void)state;
    struct told told = {0}, other = {0};
    k8sc_error *err = NULL;
    int64_t id = 0, second = 0;
    put_labelled("default", "protected", NULL, "{}");
    put_labelled("default", "free", NULL, "{}");
    OK(k8sc_testing_server_add_reactor(server, "delete", "configmaps", veto, &told, count_destroyed, &id, &err));
    OK(k8sc_testing_server_add_reactor(server, NULL, "configmaps/*", veto, &other, count_destroyed, &second, &err));
    assert_true(id > 0 && second > id);

    assert_int_equal(delete (MAPS "/protected?gracePeriodSeconds=0", NULL), 403);
    assert_status(403, "Forbidden", "not this one");
    const struct told first = seen(&told);
    assert_string_equal(first.verb, "delete");
    assert_string_equal(first.method, "DELETE");
    assert_string_equal(first.resource, "configmaps");
    assert_string_equal(first.group, "");
    assert_string_equal(first.version, "v1");
    assert_string_equal(first.space, "default");
    assert_string_equal(first.path, MAPS "/protected");
    assert_string_equal(first.query, "gracePeriodSeconds=0");
    assert_int_equal(seen(&other).asked, 0);
    assert_int_equal(delete (MAPS "/made-up", NULL), 200);
    assert_text("status", "Success");
    assert_int_equal(delete (MAPS "/silent", NULL), 200);
    assert_int_equal(delete (MAPS "/free", NULL), 200);
    assert_int_equal(seen(&other).asked, 1);
    assert_int_equal(get(MAPS "/free"), 404);
    assert_int_equal(seen(&told).asked, 4);
    post(MAPS, "{\"metadata\":{\"name\":\"x\"}}");
    assert_string_equal(seen(&other).body, "{\"metadata\":{\"name\":\"x\"}}");

    OK(k8sc_testing_server_remove_reactor(server, id, &err));
    assert_int_equal(told.destroyed, 1);
    assert_int_equal(k8sc_testing_server_remove_reactor(server, id, &err), K8SC_E_INVALID);
    k8sc_error_free(err);
    OK(k8sc_testing_server_remove_reactor(server, second, &err));
    assert_int_equal(delete (MAPS "/protected", NULL), 200);

    /* What cannot be added is destroyed all the same. */
    struct told refused = {0};
    assert_int_equal(
        k8sc_testing_server_add_reactor(server, "fetch", NULL, veto, &refused, count_destroyed, NULL, &err),
        K8SC_E_INVALID);
    k8sc_error_free(err);
    assert_int_equal(k8sc_testing_server_add_reactor(server, NULL, NULL, NULL, &refused, count_destroyed, NULL, &err),
                     K8SC_E_INVALID);
    k8sc_error_free(err);
    assert_int_equal(refused.destroyed, 2);
    assert_int_equal(k8sc_testing_reply_set(NULL, 200, "", 0, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_reply_set_error(NULL, 500, NULL, NULL, NULL), K8SC_E_INVALID);
    assert_null(k8sc_testing_request_verb(NULL));

    /* One that is there at the end goes with the server. */
    OK(k8sc_testing_server_add_reactor(server, NULL, NULL, veto, &refused, count_destroyed, NULL, &err));
    end_server();
    assert_int_equal(refused.destroyed, 3);
    start_server(make_options());
}

static void time_can_be_set_ahead(void **state)
{
    (void)state;
    k8sc_error *err = NULL;
    struct watch *watch = start_watch(MAPS, "timeoutSeconds=3600"), *longer = start_watch(MAPS, "timeoutSeconds=86400");
    put_labelled("default", "a", NULL, "{}");
    assert_frame(watch, 0, "ADDED", "a");
    OK(k8sc_testing_server_advance_clock(server, 2 * 3600 * 1000, &err));
    join_watch(watch);
    assert_int_equal(watch->code, 200);
    assert_int_equal(watch->result, CURLE_OK);
    put_labelled("default", "b", NULL, "{}");
    assert_frame(longer, 1, "ADDED", "b");
    end_watch(watch);
    end_watch(longer);
    assert_int_equal(k8sc_testing_server_advance_clock(server, -1, &err), K8SC_E_INVALID);
    k8sc_error_free(err);
}

static void everything_can_be_lost(void **state)
{
    (void)state;
    put_labelled("default", "a", NULL, "{}");
    const int64_t before = version_now();
    OK(k8sc_testing_server_clear(server, &err));
    assert_int_equal(get(MAPS "/a"), 404);
    assert_true(version_now() < before);
    put_labelled("default", "b", NULL, "{}");
    assert_int_equal(get(MAPS "/b"), 200);
}

static void set_up_admin(int tls)
{
    k8sc_error *err = NULL;
    k8sc_testing_options *options = make_options();
    OK(k8sc_testing_options_set_admin(options, 1, &err));
    OK(k8sc_testing_options_set_tls(options, tls, &err));
    set_up_with(options);
}

static void the_same_by_http(void **state)
{
    (void)state;
    assert_int_equal(get(ADMIN "/requests"), 404);
    assert_int_equal(k8sc_testing_options_set_admin(NULL, 1, NULL), K8SC_E_INVALID);
    set_up_admin(0);

    assert_int_equal(
        post(ADMIN "/objects",
             "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\",\"namespace\":\"default\"}}"),
        200);
    assert_int_equal(get(MAPS "/a"), 200);
    get(ADMIN "/requests");
    assert_int_equal(json_array_size(answer.json), 1);
    get(ADMIN "/actions?verb=get&resource=configmaps&namespace=default&name=a");
    assert_string_equal(json_string_value(at(answer.json, "0.name")), "a");
    get(ADMIN "/actions?verb=delete");
    assert_int_equal(json_array_size(answer.json), 0);
    assert_int_equal(get(ADMIN "/actions?verb=fetch"), 400);
    assert_int_equal(delete (ADMIN "/requests", NULL), 200);
    assert_int_equal(k8sc_testing_server_request_count(server, NULL, NULL), 0);

    assert_int_equal(post(ADMIN "/faults", "{\"verb\":\"get\",\"status\":{\"code\":503}}"), 201);
    const int64_t id = number("id");
    assert_int_equal(get(MAPS "/a"), 503);
    get(ADMIN "/faults");
    assert_int_equal(json_integer_value(at(answer.json, "0.happened")), 1);
    assert_int_equal(json_integer_value(at(answer.json, "0.rule.status.code")), 503);
    char path[64];
    snprintf(path, sizeof path, ADMIN "/faults/%lld", (long long)id);
    assert_int_equal(delete (path, NULL), 200);
    assert_int_equal(delete (path, NULL), 404);
    assert_int_equal(post(ADMIN "/faults", "{\"nonsense\":1}"), 400);
    assert_non_null(strstr(text("message"), "nonsense"));
    assert_int_equal(post(ADMIN "/faults", "{\"reset\":true}"), 201);
    assert_int_equal(delete (ADMIN "/faults", NULL), 200);
    assert_int_equal(get(MAPS "/a"), 200);

    assert_int_equal(post(ADMIN "/token", "{\"token\":\"t\"}"), 200);
    assert_int_equal(get(MAPS "/a"), 401);
    assert_int_equal(post(ADMIN "/token", "{\"token\":5}"), 400);
    assert_int_equal(post(ADMIN "/token", "{\"token\":\"\\n\"}"), 400);
    assert_int_equal(post(ADMIN "/token", "{\"token\":null}"), 200);
    assert_int_equal(get(MAPS "/a"), 200);
    assert_int_equal(post(ADMIN "/certificate", ""), 400);

    struct watch *watch = start_watch(MAPS, "timeoutSeconds=3600");
    assert_int_equal(post(ADMIN "/clock?ms=3600000", ""), 200);
    join_watch(watch);
    end_watch(watch);
    assert_int_equal(post(ADMIN "/clock?ms=x", ""), 400);
    assert_int_equal(post(ADMIN "/compact", ""), 200);
    assert_int_equal(delete (ADMIN "/objects", NULL), 200);
    assert_int_equal(get(MAPS "/a"), 404);
    assert_int_equal(get(ADMIN "/nothing"), 404);
    assert_int_equal(post(ADMIN "/objects", "{"), 400);
}

/* Pages in a browser reach it by names of their own, or tell where they are from. */
static void commands_of_strangers(void **state)
{
    static const char *const strange[] = {"Host: evil.example.com",
                                          "Host: evil.example.com:%s",
                                          "Host: localhost",
                                          "Host: 127.0.0.1:1",
                                          "Host: 127.0.0.1.example.com:%s",
                                          "Origin: http://evil.example.com",
                                          "Origin: null",
                                          "Origin: https://127.0.0.1:%s",
                                          "Origin: http://127.0.0.1:1",
                                          "Origin: http://localhost",
                                          "Origin: http://127.0.0.1:%s.example.com"};
    static const char *const own[] = {
        "Host: 127.0.0.1:%s",          "Host: LOCALHOST:%s",          "Host: [::1]:%s",
        "Origin: http://127.0.0.1:%s", "Origin: http://localhost:%s", "Origin: http://[::1]:%s"};
    (void)state;
    set_up_admin(0);
    const char *port = strrchr(k8sc_testing_server_url(server), ':') + 1;
    char header[256];
    more_headers[0] = header;
    for (size_t i = 0; i < sizeof strange / sizeof *strange; i++) {
        snprintf(header, sizeof header, strange[i], port);
        assert_int_equal(post(ADMIN "/token", "{\"token\":\"theirs\"}"), 403);
        assert_non_null(strstr(text("message"), "is not this server"));
        assert_int_equal(get(ADMIN "/requests"), 403);
    }
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        snprintf(header, sizeof header, own[i], port);
        assert_int_equal(get(ADMIN "/requests"), 200);
    }
    /* What is no command is not their business. */
    snprintf(header, sizeof header, "Host: evil.example.com");
    assert_int_equal(get(MAPS), 200);
    more_headers[0] = NULL;
    assert_int_equal(get(MAPS), 200);
}

/* Until the server answers again, for up to five seconds. */
static long get_again(const char *path)
{
    const int64_t begin = now_ms();
    while (get(path) == 0 && now_ms() - begin < 5000) pause_ms(20);
    return answer.code;
}

static void connections_end_by_http(void **state)
{
    (void)state;
    set_up_admin(1);
    put_labelled("default", "a", NULL, "{}");
    assert_int_equal(post(ADMIN "/certificate", ""), 200);
    assert_non_null(strstr(text("ca"), "BEGIN CERTIFICATE"));

    set_up_admin(0);
    put_labelled("default", "a", NULL, "{}");
    struct watch *watch = start_watch(MAPS, "timeoutSeconds=3600");
    assert_int_equal(post(ADMIN "/disconnect", ""), 202);
    join_watch(watch);
    end_watch(watch);
    assert_int_equal(get_again(MAPS "/a"), 200);

    assert_int_equal(post(ADMIN "/pause?ms=300", ""), 202);
    const int64_t begin = now_ms();
    pause_ms(100);
    assert_int_equal(get(MAPS "/a"), 0);
    assert_int_equal(get_again(MAPS "/a"), 200);
    assert_true(now_ms() - begin >= 250);
    assert_int_equal(post(ADMIN "/pause?ms=0", ""), 400);

    assert_int_equal(post(ADMIN "/restart?state=keep", ""), 202);
    pause_ms(100);
    assert_int_equal(get_again(MAPS "/a"), 200);
    assert_int_equal(post(ADMIN "/restart?state=lose", ""), 202);
    pause_ms(100);
    assert_int_equal(get_again(MAPS "/a"), 404);
    assert_int_equal(post(ADMIN "/restart?state=half", ""), 400);

    /* What is still to come when the server ends does not happen, and holds nothing up. */
    assert_int_equal(post(ADMIN "/pause?ms=3600000", ""), 202);
    end_server();
    start_server(make_options());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(actions_are_told_apart), TEST(a_rule_answers_instead),  TEST(reactors_answer_or_let_pass),
        TEST(time_can_be_set_ahead),  TEST(everything_can_be_lost),  TEST(the_same_by_http),
        TEST(commands_of_strangers),  TEST(connections_end_by_http),
    };
    return run_named_tests("fake hooks", tests, sizeof tests / sizeof *tests);
}
