/* Waiting for a state: what is there already, what comes, what is missed, and how it ends. */
#include "support.h"

#define MOST 64

/* What a condition was asked, and what it does meanwhile. */
struct asked {
    char text[MOST][96]; /* "ADDED a 5" and flags */
    size_t count;
    size_t done_at;                 /* answers 1 at this count; 0: never */
    int done_answer;                /* instead of 1 */
    void (*action)(struct asked *); /* is run in each call */
    int destroyed;
};

static int condition(const k8sc_event *event, void *user_data)
{
    struct asked *asked = user_data;
    const k8sc_object *object = k8sc_event_object(event);
    const char *value = k8sc_object_str(object, "/data/v", NULL);
    if (asked->count < MOST)
        snprintf(asked->text[asked->count], sizeof asked->text[0], "%s %s%s%s%s%s", k8sc_event_kind_name(event),
                 k8sc_object_name(object), value ? "=" : "", value ? value : "",
                 k8sc_event_is_initial(event) ? " initial" : "", k8sc_event_is_inferred(event) ? " inferred" : "");
    asked->count++;
    if (asked->action) asked->action(asked);
    if (asked->done_at == 0 || asked->count < asked->done_at) return 0;
    return asked->done_answer ? asked->done_answer : 1;
}

static void on_asked_destroy(void *user_data) { ((struct asked *)user_data)->destroyed++; }
#define ASK(asked) condition, (asked), on_asked_destroy

static void assert_asked(const struct asked *asked, const char *wanted)
{
    char all[MOST * 96] = "";
    for (size_t i = 0; i < asked->count && i < MOST; i++)
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", i ? ", " : "", asked->text[i]);
    assert_string_equal(all, wanted);
    assert_int_equal(asked->destroyed, 1);
}

static void put(const char *name, const char *value)
{
    char json[256];
    k8sc_error *fault;
    int len = snprintf(json, sizeof json,
                       "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"%s\",\"namespace\":"
                       "\"default\"},\"data\":{\"v\":\"%s\"}}",
                       name, value);
    /* Also in callbacks and on other threads: no assertions. */
    if (k8sc_testing_server_put(server, json, (size_t)len, &fault) < 0) abort();
}

static void take_away(const char *name)
{
    k8sc_error *fault;
    if (k8sc_testing_server_remove(server, NULL, "v1", "configmaps", "default", name, &fault) < 0) abort();
}

/* ------------------------------------------------------------------------------------------------------------ states
 * -- */

static void there_already(void **state)
{
    struct asked asked = {.done_at = 2};
    k8sc_object *object = NULL;
    (void)state;
    put("a", "1");
    put("b", "2");
    put("c", "3");
    OK(k8sc_resource_until(CONFIG_MAPS(), NULL, NULL, ASK(&asked), 0, &object, &err));
    assert_string_equal(k8sc_object_name(keep_object(object)), "b");
    assert_asked(&asked, "ADDED a=1 initial, ADDED b=2 initial");
    assert_int_equal(k8sc_testing_server_request_count(server, NULL, NULL), 1);
    /* Of one name only. */
    struct asked one = {.done_at = 1};
    OK(k8sc_resource_until(CONFIG_MAPS(), "c", NULL, ASK(&one), 0, NULL, &err));
    assert_asked(&one, "ADDED c=3 initial");
}

/* Each change makes the next: none is missed or told twice, and the client's queue has no part in it. */
static void next_change(struct asked *asked)
{
    switch (asked->count) {
    case 1: put("a", "2"); break;
    case 2: put("other", "1"), take_away("a"); break;
    case 3: put("a", "3"); break;
    }
}

static void what_comes(void **state)
{
    struct asked asked = {.done_at = 4, .action = next_change};
    k8sc_object *object = NULL;
    int ready = 1;
    (void)state;
    put("a", "1");
    OK(k8sc_resource_until(CONFIG_MAPS(), "a", NULL, ASK(&asked), PATIENCE_MS, &object, &err));
    assert_string_equal(STR(keep_object(object), "/data/v"), "3");
    assert_asked(&asked, "ADDED a=1 initial, MODIFIED a=2, DELETED a=2, ADDED a=3");
    OK(k8sc_queue_wait(k8sc_client_queue(client), 0, &ready, &err));
    assert_int_equal(ready, 0);
    AWAIT(k8sc_testing_server_watch_count(server) == 0);
}

/* Selectors are those of the list and of the watch. */
static void only_selected_objects_are_looked_at(void **state)
{
    struct asked asked = {.done_at = 1};
    k8sc_options *options = new_options();
    k8sc_object *object = NULL;
    (void)state;
    put("a", "1");
    OK(k8sc_options_set_field_selector(options, "metadata.name=b", &err));
    FAILS(K8SC_E_TIMEOUT, k8sc_resource_until(CONFIG_MAPS(), NULL, options, ASK(&asked), 0, &object, &err),
          "configmaps", "default");
    assert_null(object);
    assert_asked(&asked, "");
}

static void lose_and_change(struct asked *asked)
{
    k8sc_error *fault;
    char value[16];
    snprintf(value, sizeof value, "%zu", asked->count + 1);
    k8sc_testing_server_disconnect(server, &fault);
    put("a", value);
}

static void through_disconnects(void **state)
{
    struct asked asked = {.done_at = 4, .action = lose_and_change};
    (void)state;
    put("a", "1");
    OK(k8sc_resource_until(CONFIG_MAPS(), "a", NULL, ASK(&asked), PATIENCE_MS, NULL, &err));
    assert_asked(&asked, "ADDED a=1 initial, MODIFIED a=2, MODIFIED a=3, MODIFIED a=4");
}

/* The watch cannot go on: what must have happened meanwhile is found by another list. */
static void miss_changes(struct asked *asked)
{
    k8sc_error *fault;
    if (asked->count != 6) return;
    k8sc_testing_server_pause(server, &fault);
    take_away("gone");
    take_away("anew");
    put("anew", "2");
    put("changed", "2");
    put("new", "1");
    k8sc_testing_server_compact(server, &fault);
    k8sc_testing_server_resume(server, &fault);
}

static void start_changes(struct asked *asked)
{
    if (asked->count == 4) put("z", "1");
    if (asked->count == 5) put("z", "2"); /* the watch is open for sure */
    miss_changes(asked);
}

static void lists_again(void **state)
{
    (void)state;
    for (int at_open = 0; at_open < 2; at_open++) {
        k8sc_testing_options *testing = NULL;
        OK(k8sc_testing_options_new(&testing, &err));
        OK(k8sc_testing_options_set_expired_at_open(testing, at_open, &err));
        restart_server_with(testing);
        struct asked asked = {.done_at = 11, .action = start_changes};
        put("anew", "1");
        put("changed", "1");
        put("gone", "1");
        put("kept", "1");
        /* And the second list is not to be had at once. */
        fault("{\"verb\":\"list\",\"nth\":2,\"times\":2,\"status\":{\"code\":500}}");
        OK(k8sc_resource_until(CONFIG_MAPS(), NULL, NULL, ASK(&asked), PATIENCE_MS, NULL, &err));
        assert_asked(&asked,
                     "ADDED anew=1 initial, ADDED changed=1 initial, ADDED gone=1 initial, ADDED kept=1 initial, ADDED "
                     "z=1, MODIFIED z=2, "
                     "DELETED anew=1 inferred, DELETED gone=1 inferred, ADDED anew=2, MODIFIED changed=2, ADDED new=1");
    }
}

/* ----------------------------------------------------------------------------------------------------------- the end
 * -- */

static void time_is_over(void **state)
{
    struct asked asked = {0};
    k8sc_object *object = NULL;
    (void)state;
    put("a", "1");
    int64_t began = now_ms();
    FAILS(K8SC_E_TIMEOUT, k8sc_resource_until(CONFIG_MAPS(), "a", NULL, ASK(&asked), 400, &object, &err),
          "configmaps default/a", "400 ms");
    assert_true(now_ms() - began >= 400);
    assert_null(object);
    assert_asked(&asked, "ADDED a=1 initial");
    /* Also while the server does not answer, and while it is down. */
    struct asked never_asked = {0};
    fault("{\"delay_ms\":60000}");
    FAILS(K8SC_E_TIMEOUT, k8sc_resource_until(CONFIG_MAPS(), "a", NULL, ASK(&never_asked), 300, &object, &err),
          "configmaps default/a");
    assert_asked(&never_asked, "");
    clear_faults();
    struct asked cut_off = {.action = lose_and_change};
    fault("{\"verb\":\"watch\",\"status\":{\"code\":500}}");
    FAILS(K8SC_E_TIMEOUT, k8sc_resource_until(CONFIG_MAPS(), "a", NULL, ASK(&cut_off), 300, &object, &err),
          "configmaps default/a");
}

/* A list that is needed later than first is asked for until there is no time. */
static void no_list_in_time(void **state)
{
    struct asked asked = {.action = start_changes};
    (void)state;
    put("anew", "1");
    put("changed", "1");
    put("gone", "1");
    put("kept", "1");
    fault("{\"verb\":\"list\",\"nth\":2,\"times\":1000,\"status\":{\"code\":503}}");
    FAILS(K8SC_E_TIMEOUT, k8sc_resource_until(CONFIG_MAPS(), NULL, NULL, ASK(&asked), 5000, NULL, &err), "configmaps",
          "503");
    assert_int_equal(asked.count, 6);
    /* The first one is not. */
    clear_faults();
    struct asked first = {0};
    fault("{\"verb\":\"list\",\"status\":{\"code\":403}}");
    FAILS(K8SC_E_API, k8sc_resource_until(CONFIG_MAPS(), NULL, NULL, ASK(&first), 5000, NULL, &err), "403");
    assert_asked(&first, "");
}

static int64_t requests(const char *kind)
{
    k8sc_object *log = request_log();
    int64_t count = 0;
    for (int i = 0; i < (int)k8sc_object_size(log, "/log"); i++) {
        char pointer[64];
        snprintf(pointer, sizeof pointer, "/log/%d/query", i);
        const char *query = STR(log, pointer);
        count += (query && strstr(query, "watch=true") != NULL) == (strcmp(kind, "watch") == 0);
    }
    return count;
}

/* A server that starts says for a moment that it has no such thing, and that it cannot answer yet: to the list, to the
 * watch, and to a list that is needed later. */
static void starting_server(void **state)
{
    static const char *const said[] = {"\"status\":{\"code\":404}", "\"html\":404", "\"status\":{\"code\":503}"};
    (void)state;
    for (size_t i = 0; i < COUNT(said); i++) {
        char rule[128];
        restart_server_with(NULL);
        struct asked asked = {.done_at = 2, .action = next_change};
        put("a", "1");
        for (int watch = 0; watch < 2; watch++) {
            snprintf(rule, sizeof rule, "{\"verb\":\"%s\",\"times\":1,%s}", watch ? "watch" : "list", said[i]);
            fault(rule);
        }
        OK(k8sc_resource_until(CONFIG_MAPS(), "a", NULL, ASK(&asked), PATIENCE_MS, NULL, &err));
        assert_asked(&asked, "ADDED a=1 initial, MODIFIED a=2");
        assert_int_equal(requests("list"), 2);
        assert_int_equal(requests("watch"), 2);
    }
    restart_server_with(NULL);
    struct asked asked = {.done_at = 11, .action = start_changes};
    put("anew", "1");
    put("changed", "1");
    put("gone", "1");
    put("kept", "1");
    fault("{\"verb\":\"list\",\"nth\":2,\"times\":1,\"status\":{\"code\":404}}");
    OK(k8sc_resource_until(CONFIG_MAPS(), NULL, NULL, ASK(&asked), PATIENCE_MS, NULL, &err));
}

/* Nobody waits for ever, and who does not want to wait does not. */
static void no_such_resource(void **state)
{
    struct asked asked[3] = {{.count = 0}};
    k8sc_options *options = new_options();
    (void)state;
    fault("{\"verb\":\"list\",\"status\":{\"code\":404}}");
    FAILS(K8SC_E_API, k8sc_resource_until(CONFIG_MAPS(), "a", NULL, ASK(&asked[0]), 0, NULL, &err), "list configmaps",
          "404");
    assert_int_equal(requests("list"), 1);
    OK(k8sc_options_set_max_retries(options, 0, &err));
    FAILS(K8SC_E_API, k8sc_resource_until(CONFIG_MAPS(), "a", options, ASK(&asked[1]), -1, NULL, &err),
          "list configmaps", "404");
    assert_int_equal(requests("list"), 2);
    FAILS(K8SC_E_API, k8sc_resource_until(CONFIG_MAPS(), "a", NULL, ASK(&asked[2]), -1, NULL, &err), "list configmaps",
          "404", "4 attempts");
    assert_true(k8sc_error_is_not_found(failure));
    assert_int_equal(requests("list"), 6);
}

static void watch_refused(void **state)
{
    struct asked asked = {0};
    (void)state;
    fault("{\"verb\":\"watch\",\"status\":{\"code\":403}}");
    FAILS(K8SC_E_API, k8sc_resource_until(CONFIG_MAPS(), "a", NULL, ASK(&asked), PATIENCE_MS, NULL, &err),
          "watch configmaps", "403");
    assert_asked(&asked, "");
}

static void condition_gives_up(void **state)
{
    struct asked asked = {.done_at = 1, .done_answer = -7};
    k8sc_object *object = NULL;
    (void)state;
    put("a", "1");
    FAILS(K8SC_E_CALLBACK, k8sc_resource_until(CONFIG_MAPS(), "a", NULL, ASK(&asked), -1, &object, &err), "-7");
    assert_asked(&asked, "ADDED a=1 initial");
}

static k8sc_cancel *token;

static void *cancel_when_open(void *from_client)
{
    while (k8sc_testing_server_watch_count(server) == 0) pause_ms(1);
    if (from_client)
        k8sc_client_close(client, PATIENCE_MS, NULL);
    else
        k8sc_cancel_cancel(token);
    return NULL;
}

static void cancelling_or_closing_ends_a_wait(void **state)
{
    pthread_t thread;
    k8sc_options *options = new_options();
    k8sc_resource *maps = CONFIG_MAPS();
    (void)state;
    token = new_cancel();
    OK(k8sc_options_set_cancel(options, token, &err));
    for (int by_client = 0; by_client < 2; by_client++) {
        struct asked asked = {0};
        assert_int_equal(pthread_create(&thread, NULL, cancel_when_open, by_client ? &thread : NULL), 0);
        FAILS(K8SC_E_CANCELLED, k8sc_resource_until(maps, "a", by_client ? NULL : options, ASK(&asked), -1, NULL, &err),
              "cancelled");
        pthread_join(thread, NULL);
        assert_asked(&asked, "");
        AWAIT(k8sc_testing_server_watch_count(server) == 0);
    }
    struct asked closed = {0};
    FAILS(K8SC_E_CLOSED, k8sc_resource_until(maps, "a", NULL, ASK(&closed), -1, NULL, &err), "closed");
    assert_asked(&closed, "");
    FAILS(K8SC_E_CLOSED, k8sc_resource_wait_for_condition(maps, "a", "Ready", NULL, NULL, -1, NULL, &err), "closed");
    FAILS(K8SC_E_CLOSED, k8sc_resource_wait_for_deletion(maps, "a", NULL, -1, &err), "closed");
}

static void wrong_input(void **state)
{
    k8sc_resource *maps = CONFIG_MAPS();
    k8sc_options *labels = new_options(), *bookmarks = new_options(), *own_queue = new_options(), *page = new_options();
    struct asked asked = {0};
    k8sc_object *object = NULL;
    (void)state;
    OK(k8sc_options_set_label_selector(labels, "a=b", &err));
    OK(k8sc_options_set_allow_watch_bookmarks(bookmarks, 1, &err));
    OK(k8sc_options_set_queue(own_queue, new_queue(), &err));
    OK(k8sc_options_set_continue(page, "x", &err));
    ALSO_FAILS(K8SC_E_INVALID, k8sc_resource_until(NULL, "a", NULL, ASK(&asked), 0, &object, &err), "resource");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_resource_until(maps, "a", NULL, NULL, &asked, on_asked_destroy, 0, &object, &err),
               "fn");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_resource_until(maps, "", NULL, ASK(&asked), 0, &object, &err), "name");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_resource_until(maps, "a/b", NULL, ASK(&asked), 0, &object, &err), "a/b");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_resource_until(maps, "a", NULL, ASK(&asked), -2, &object, &err), "timeout_ms");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_resource_until(maps, "a", labels, ASK(&asked), 0, &object, &err), "label_selector");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_resource_until(maps, "a", bookmarks, ASK(&asked), 0, &object, &err),
               "allow_watch_bookmarks");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_resource_until(maps, "a", own_queue, ASK(&asked), 0, &object, &err), "queue");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_resource_until(maps, NULL, page, ASK(&asked), 0, &object, &err), "continue");
    assert_int_equal(asked.destroyed, 9);
    ALSO_FAILS(K8SC_E_INVALID, k8sc_resource_wait_for_condition(NULL, "a", "Ready", NULL, NULL, 0, &object, &err),
               "resource");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_resource_wait_for_condition(maps, NULL, "Ready", NULL, NULL, 0, &object, &err),
               "name");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_resource_wait_for_condition(maps, "a", NULL, NULL, NULL, 0, &object, &err), "type");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_resource_wait_for_condition(maps, "a", "", NULL, NULL, 0, &object, &err), "type");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_resource_wait_for_deletion(NULL, "a", NULL, 0, &err), "resource");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_resource_wait_for_deletion(maps, NULL, NULL, 0, &err), "name");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_resource_wait_for_deletion(maps, "a", labels, 0, &err), "label_selector");
    NO_FAILURES();
    assert_int_equal(k8sc_testing_server_request_count(server, NULL, NULL), 0);
}

/* -------------------------------------------------------------------------------------------------------- conditions
 * -- */

#define DEPLOYMENTS() new_resource(client, "apps", "v1", "deployments", "default")

/* A kind whose generation is counted. */
static void put_web(const char *status, int generation)
{
    char json[768];
    k8sc_error *fault;
    int len = snprintf(json, sizeof json,
                       "{\"kind\":\"Deployment\",\"apiVersion\":\"apps/"
                       "v1\",\"metadata\":{\"name\":\"web\",\"namespace\":\"default\",\"generation\":%d},"
                       "\"spec\":{\"replicas\":1},\"status\":{%s}}",
                       generation, status);
    if (k8sc_testing_server_put(server, json, (size_t)len, &fault) < 0) abort();
}

static void condition_now(void **state)
{
    static const struct {
        const char *status; /* of the object */
        const char *type, *wanted;
        const char *seen; /* in the message; NULL: it is so */
    } cases[] = {
        {"\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]", "Ready", NULL, NULL},
        {"\"conditions\":[{\"type\":\"A\",\"status\":\"False\"},{\"type\":\"Ready\",\"status\":\"True\"}]", "ready",
         "true", NULL},
        {"\"conditions\":[{\"type\":\"Ready\",\"status\":\"False\"}]", "Ready", "False", NULL},
        {"\"conditions\":[{\"type\":\"Ready\",\"status\":\"False\",\"reason\":\"Slow\"}]", "Ready", "True",
         "\"False\", \"Slow\""},
        {"\"conditions\":[{\"type\":\"ReadyToGo\",\"status\":\"True\"}]", "Ready", "True", "no condition Ready"},
        {"\"conditions\":7", "Ready", "True", "no condition Ready"},
        {"", "Ready", "True", "no condition Ready"},
        {"\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\",\"observedGeneration\":2}]", "Ready", "True",
         "earlier generation"},
        {"\"observedGeneration\":2,\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]", "Ready", "True",
         "earlier generation"},
        {"\"observedGeneration\":2,\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\",\"observedGeneration\":3}]",
         "Ready", "True", NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        k8sc_object *object = NULL;
        restart_server_with(NULL);
        put_web(cases[i].status, 3);
        if (cases[i].seen) {
            ALSO_FAILS(K8SC_E_TIMEOUT,
                       k8sc_resource_wait_for_condition(DEPLOYMENTS(), "web", cases[i].type, cases[i].wanted, NULL, 0,
                                                        &object, &err),
                       "deployments default/web", "condition Ready=True", cases[i].seen);
            continue;
        }
        OK(k8sc_resource_wait_for_condition(DEPLOYMENTS(), "web", cases[i].type, cases[i].wanted, NULL, 0, &object,
                                            &err));
        assert_string_equal(k8sc_object_name(keep_object(object)), "web");
    }
    FAILS(K8SC_E_TIMEOUT, k8sc_resource_wait_for_condition(DEPLOYMENTS(), "none", "Ready", "True", NULL, 0, NULL, &err),
          "deployments default/none", "no such object");
    NO_FAILURES();
}

/* It comes, goes, comes again and becomes ready, while connections are lost. */
static void *bring_up(void *unused)
{
    k8sc_error *fault;
    (void)unused;
    while (k8sc_testing_server_watch_count(server) == 0) pause_ms(1);
    put_web("", 1);
    k8sc_testing_server_disconnect(server, &fault);
    k8sc_testing_server_remove(server, "apps", "v1", "deployments", "default", "web", &fault);
    put_web("\"conditions\":[{\"type\":\"Ready\",\"status\":\"False\"}]", 1);
    k8sc_testing_server_disconnect(server, &fault);
    put_web("\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]", 1);
    return NULL;
}

static void condition_comes(void **state)
{
    pthread_t thread;
    k8sc_object *object = NULL;
    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, bring_up, NULL), 0);
    OK(k8sc_resource_wait_for_condition(DEPLOYMENTS(), "web", "Ready", "True", NULL, PATIENCE_MS, &object, &err));
    pthread_join(thread, NULL);
    assert_string_equal(STR(keep_object(object), "/status/conditions/0/status"), "True");
}

/* ---------------------------------------------------------------------------------------------------------- deletion
 * -- */

static void not_there(void **state)
{
    (void)state;
    put("other", "1");
    OK(k8sc_resource_wait_for_deletion(CONFIG_MAPS(), "a", NULL, 0, &err));
    assert_int_equal(k8sc_testing_server_request_count(server, NULL, NULL), 1);
    put("a", "1");
    FAILS(K8SC_E_TIMEOUT, k8sc_resource_wait_for_deletion(CONFIG_MAPS(), "a", NULL, 200, &err), "configmaps default/a",
          "deletion", "still");
}

enum { goes, goes_and_comes, goes_and_comes_unseen, ways_to_go };

static void *make_go(void *way)
{
    k8sc_error *fault;
    while (k8sc_testing_server_watch_count(server) == 0) pause_ms(1);
    put("a", "2");
    if (*(int *)way == goes_and_comes_unseen) k8sc_testing_server_pause(server, &fault);
    take_away("a");
    if (*(int *)way != goes) put("a", "3");
    if (*(int *)way == goes_and_comes_unseen) {
        k8sc_testing_server_compact(server, &fault);
        k8sc_testing_server_resume(server, &fault);
    }
    return NULL;
}

static void every_way_to_go_is_a_deletion(void **state)
{
    (void)state;
    for (int way = 0; way < ways_to_go; way++) {
        pthread_t thread;
        restart_server_with(NULL);
        put("a", "1");
        assert_int_equal(pthread_create(&thread, NULL, make_go, &way), 0);
        OK(k8sc_resource_wait_for_deletion(CONFIG_MAPS(), "a", NULL, PATIENCE_MS, &err));
        pthread_join(thread, NULL);
    }
}

/* In all namespaces, each that had the name. */
static void *make_both_go(void *first_gone)
{
    k8sc_error *fault;
    while (k8sc_testing_server_watch_count(server) == 0) pause_ms(1);
    k8sc_testing_server_remove(server, NULL, "v1", "configmaps", "elsewhere", "a", &fault);
    pause_ms(100);
    __atomic_store_n((int *)first_gone, 1, __ATOMIC_SEQ_CST);
    take_away("a");
    return NULL;
}

static void deleted_everywhere(void **state)
{
    const char *other =
        "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\",\"namespace\":\"elsewhere\"}}";
    pthread_t thread;
    int first_gone = 0;
    (void)state;
    put("a", "1");
    OK(k8sc_testing_server_put(server, other, strlen(other), &err));
    assert_int_equal(pthread_create(&thread, NULL, make_both_go, &first_gone), 0);
    OK(k8sc_resource_wait_for_deletion(new_resource(client, "", "v1", "configmaps", NULL), "a", NULL, PATIENCE_MS,
                                       &err));
    assert_int_equal(__atomic_load_n(&first_gone, __ATOMIC_SEQ_CST), 1);
    pthread_join(thread, NULL);
}

/* A server that tells of another uid under the name and not of the deletion. */
static void another_uid_in_the_stream(void **state)
{
#define HEAD "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
#define MAP(uid, version) \
    "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\",\"namespace\":\"default\",\"uid\":" \
    "\"" uid "\",\"resourceVersion\":\"" version "\"}}"
    struct raw_server *raw = new_raw_sequence(
        HEAD
        "{\"kind\":\"ConfigMapList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"5\"},\"items\":[" MAP(
            "one", "4") "]}",
        1, HEAD "{\"type\":\"MODIFIED\",\"object\":" MAP("two", "9") "}\n");
    k8sc_client *of = new_client(new_config_for(raw->url));
    (void)state;
    OK(k8sc_resource_wait_for_deletion(new_resource(of, "", "v1", "configmaps", "default"), "a", NULL, PATIENCE_MS,
                                       &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(there_already),
        TEST(what_comes),
        TEST(only_selected_objects_are_looked_at),
        TEST(through_disconnects),
        TEST(lists_again),
        TEST(time_is_over),
        TEST(no_list_in_time),
        TEST(starting_server),
        TEST(no_such_resource),
        TEST(watch_refused),
        TEST(condition_gives_up),
        TEST(cancelling_or_closing_ends_a_wait),
        TEST(wrong_input),
        TEST(condition_now),
        TEST(condition_comes),
        TEST(not_there),
        TEST(every_way_to_go_is_a_deletion),
        TEST(deleted_everywhere),
        TEST(another_uid_in_the_stream),
    };
    return cmocka_run_group_tests_name("until", tests, NULL, NULL);
}
