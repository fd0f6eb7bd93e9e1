/* Tokens, client certificates and authorities change, one by one and together, under a load that never pauses: no call
 * fails, no event is missed, and no watch notices. */
#include "identity.h"

#include <stdatomic.h>

#define WORKERS 4
#define CLIENTS 2  /* one with a token file, one with certificate files */
#define WATCHERS 3 /* an informer of each, and a watch */

/* Files are looked at once a second. */
#define LOOKED_AT_MS 1100

/* --------------------------------------------------------------------------------------------------------------- load
 * -- */

static atomic_int stopping;

static struct worker {
    pthread_t thread;
    int number;
    k8sc_resource *maps;
    atomic_llong rounds; /* that were completed */
    int64_t created, updated, deleted;
    atomic_int failed;
    char failure[512];
} workers[WORKERS];

static int worked(struct worker *self, const char *what, k8sc_status status, k8sc_error **error)
{
    if (status == K8SC_OK) return 1;
    snprintf(self->failure, sizeof self->failure, "worker %d, round %lld, %s: %s", self->number, self->rounds, what,
             k8sc_error_message(*error));
    k8sc_error_free(*error);
    self->failed = 1;
    return 0;
}

/* Every sixteenth object stays. */
static int one_round(struct worker *self, int64_t n)
{
    k8sc_error *error = NULL;
    k8sc_object *map = NULL, *made = NULL, *got = NULL, *changed = NULL;
    k8sc_draft *draft = NULL;
    k8sc_list *list = NULL;
    char name[32], json[160];
    snprintf(name, sizeof name, "map-%d-%06d", self->number, (int)n);
    snprintf(json, sizeof json,
             "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\"},\"data\":{\"v\":\"1\"}}",
             name);
    int good =
        worked(self, "parse", k8sc_object_parse_json(json, strlen(json), &map, &error), &error) &&
        worked(self, "create", k8sc_resource_create(self->maps, map, NULL, &made, &error), &error) && ++self->created &&
        worked(self, "get", k8sc_resource_get(self->maps, name, NULL, &got, &error), &error) &&
        worked(self, "edit", k8sc_object_edit(got, &draft, &error), &error) &&
        worked(self, "edit", k8sc_draft_set_str(draft, "/data/v", "2", &error), &error) &&
        worked(self, "edit", k8sc_draft_freeze(draft, &changed, &error), &error) &&
        worked(self, "update", k8sc_resource_update(self->maps, changed, NULL, NULL, &error), &error) &&
        ++self->updated &&
        (n % 8 != 0 || worked(self, "list", k8sc_resource_list(self->maps, NULL, &list, &error), &error)) &&
        (n % 16 == 0 || (worked(self, "delete", k8sc_resource_delete(self->maps, name, NULL, NULL, &error), &error) &&
                         ++self->deleted));
    k8sc_list_free(list);
    k8sc_draft_free(draft);
    k8sc_object_unref(changed);
    k8sc_object_unref(got);
    k8sc_object_unref(made);
    k8sc_object_unref(map);
    return good;
}

static void *work(void *user_data)
{
    struct worker *self = user_data;
    for (int64_t n = 0; !stopping && one_round(self, n); n++) self->rounds++;
    return NULL;
}

/* ----------------------------------------------------------------------------------------------------------- watchers
 * -- */

static struct watcher {
    atomic_llong added, changed, deleted, others;
    char other[256]; /* the first event that should not have been */
} watchers[WATCHERS];

static int on_change(const k8sc_event *event, void *user_data)
{
    struct watcher *self = user_data;
    switch (k8sc_event_kind(event)) {
    case K8SC_EVENT_ADD:
    case K8SC_EVENT_ADDED: self->added++; break;
    case K8SC_EVENT_UPDATE:
    case K8SC_EVENT_MODIFIED: self->changed++; break;
    case K8SC_EVENT_DELETE:
    case K8SC_EVENT_DELETED: self->deleted++; break;
    case K8SC_EVENT_SYNC: break;
    default:
        if (self->others++ == 0)
            snprintf(self->other, sizeof self->other, "%s: %s", k8sc_event_kind_name(event),
                     k8sc_error_message(k8sc_event_error(event)));
    }
    return 0;
}

static struct dispatcher {
    pthread_t thread;
    k8sc_queue *queue;
} dispatchers[CLIENTS];
static atomic_int watching;

static void *dispatch(void *user_data)
{
    struct dispatcher *self = user_data;
    while (watching && k8sc_queue_wait(self->queue, 50, NULL, NULL) == K8SC_OK)
        k8sc_queue_dispatch(self->queue, 0, NULL, NULL);
    return NULL;
}

/* ----------------------------------------------------------------------------------------------------------- rotation
 * -- */

static int any_failed(void)
{
    for (int i = 0; i < WORKERS; i++)
        if (workers[i].failed) return 1;
    return 0;
}

/* Until every worker has begun and completed a round, so that what was changed has been met by all of them. */
static void let_work(void)
{
    long long from[WORKERS];
    for (int i = 0; i < WORKERS; i++) from[i] = workers[i].rounds;
    for (int i = 0; i < WORKERS; i++) AWAIT(workers[i].rounds >= from[i] + 2 || any_failed());
}

static void let_files_be_seen(void)
{
    pause_ms(LOOKED_AT_MS);
    let_work();
}

static char token[16];
static struct pair pair;
static char *ca;

static void next_token(int n)
{
    snprintf(token, sizeof token, "token-%d", n);
    /* The file is first, or the server, which then takes the old one as well. */
    if (n % 2 == 0) {
        OK(k8sc_testing_server_add_token(server, token, &err));
        let_work();
    }
    write_file("token", token);
    OK(k8sc_testing_server_set_token(server, token, &err));
}

static char *both_of(const char *one, const char *other)
{
    static char text[8192];
    assert_in_range(snprintf(text, sizeof text, "%s%s", one, other), 1, sizeof text - 1);
    return text;
}

/* The server takes the old and the new one while the files are changed. */
static void begin_client_certificate(void)
{
    static int n;
    char name[24];
    snprintf(name, sizeof name, "next-%d", ++n);
    struct pair next = make_pair(name);
    OK(k8sc_testing_server_set_client_ca(server, both_of(pair.certificate, next.certificate), &err));
    pair = next;
    write_file("tls.crt", pair.certificate);
    write_file("tls.key", pair.key);
}

static void end_client_certificate(void) { OK(k8sc_testing_server_set_client_ca(server, pair.certificate, &err)); }

/* The clients trust the old and the new one while the server changes. */
static char *begin_authority(void)
{
    char *next = NULL;
    OK(k8sc_testing_server_prepare_certificate(server, &next, &err));
    write_file("ca.crt", both_of(ca, next));
    return next;
}

static void end_authority(char *next)
{
    char *renewed = NULL;
    OK(k8sc_testing_server_renew_certificate(server, &renewed, &err));
    assert_string_equal(renewed, next);
    k8sc_testing_string_free(renewed);
    write_file("ca.crt", next);
    k8sc_testing_string_free(ca);
    ca = next;
}

static void rotate(void)
{
    for (int i = 1; i <= 10; i++) {
        next_token(i);
        let_work();
    }
    for (int i = 0; i < 2; i++) {
        int64_t connections = k8sc_testing_server_connection_count(server);
        begin_client_certificate();
        let_files_be_seen();
        assert_true(any_failed() || k8sc_testing_server_connection_count(server) > connections);
        end_client_certificate();
    }
    for (int i = 11; i <= 13; i++) {
        char *next = begin_authority();
        if (i > 11) begin_client_certificate();
        if (i > 11) next_token(i);
        let_files_be_seen();
        int64_t connections = k8sc_testing_server_connection_count(server);
        if (i > 11) end_client_certificate();
        end_authority(next);
        if (i > 11) next_token(i + 100);
        let_files_be_seen();
        assert_true(any_failed() || k8sc_testing_server_connection_count(server) > connections);
    }
}

/* --------------------------------------------------------------------------------------------------------------- test
 * -- */

static k8sc_client *client_with(int certificate)
{
    k8sc_config *config = new_config_for(k8sc_testing_server_url(server));
    OK(k8sc_config_set_ca_file(config, path_of("ca.crt"), &err));
    if (certificate)
        OK(k8sc_config_set_client_certificate_files(config, path_of("tls.crt"), path_of("tls.key"), &err));
    else
        OK(k8sc_config_set_token_file(config, path_of("token"), &err));
    return new_client(config);
}

static void assert_cache_is(k8sc_informer *informer, k8sc_list *now)
{
    k8sc_lister *lister = NULL;
    OK(k8sc_informer_lister(informer, &lister, &err));
    assert_int_equal(k8sc_lister_size(lister), k8sc_list_size(now));
    for (int64_t i = 0; i < k8sc_list_size(now); i++) {
        k8sc_object *stored = k8sc_list_at(now, i), *cached = NULL;
        OK(k8sc_lister_get(lister, "default", k8sc_object_name(stored), &cached, &err));
        assert_string_equal(k8sc_object_resource_version(cached), k8sc_object_resource_version(stored));
        k8sc_object_unref(cached);
    }
    k8sc_lister_unref(lister);
}

static void nobody_notices(void **state)
{
    k8sc_client *clients[CLIENTS];
    k8sc_informer *informers[CLIENTS] = {NULL};
    k8sc_registration *registrations[CLIENTS] = {NULL};
    k8sc_watch *watch = NULL;
    int64_t watches = 0;
    (void)state;
    ca = strdup(k8sc_testing_server_ca_pem(server));
    write_file("ca.crt", ca);
    write_file("token", "first");
    pair = make_pair("first");
    write_file("tls.crt", pair.certificate);
    write_file("tls.key", pair.key);
    OK(k8sc_testing_server_set_client_ca(server, pair.certificate, &err));
    OK(k8sc_testing_server_add_fault(server, "{\"verb\":\"watch\",\"delay_ms\":1}", &watches, &err)); /* counts them */

    watching = 1;
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = client_with(i);
        OK(k8sc_informer_new(clients[i], "", "v1", "configmaps", in_pages(), &informers[i],
                             &err)); /* which asks for one watch only */
        OK(k8sc_informer_add_handler(informers[i], on_change, &watchers[i], NULL, &registrations[i], &err));
        OK(k8sc_informer_start(informers[i], &err));
        AWAIT(k8sc_informer_has_synced(informers[i]));
        dispatchers[i].queue = k8sc_client_queue(clients[i]);
    }
    OK(k8sc_resource_watch(maps_of(clients[1]), NULL, on_change, &watchers[2], NULL, &watch, &err));
    AWAIT(k8sc_testing_server_watch_count(server) == WATCHERS);
    for (int i = 0; i < CLIENTS; i++)
        assert_int_equal(pthread_create(&dispatchers[i].thread, NULL, dispatch, &dispatchers[i]), 0);
    for (int i = 0; i < WORKERS; i++) {
        workers[i].number = i;
        workers[i].maps = maps_of(clients[i % CLIENTS]);
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }

    rotate();

    long long created = 0, updated = 0, deleted = 0;
    stopping = 1;
    for (int i = 0; i < WORKERS; i++) {
        pthread_join(workers[i].thread, NULL);
        if (workers[i].failed) fail_msg("%s", workers[i].failure);
        assert_true(workers[i].rounds > 0);
        created += workers[i].created;
        updated += workers[i].updated;
        deleted += workers[i].deleted;
    }
    for (int i = 0; i < WATCHERS; i++)
        AWAIT(watchers[i].others ||
              (watchers[i].added >= created && watchers[i].changed >= updated && watchers[i].deleted >= deleted));
    pause_ms(50); /* for more than there should be */
    watching = 0;
    for (int i = 0; i < CLIENTS; i++) pthread_join(dispatchers[i].thread, NULL);
    for (int i = 0; i < WATCHERS; i++) {
        if (watchers[i].others) fail_msg("watcher %d: %s", i, watchers[i].other);
        assert_int_equal(watchers[i].added, created);
        assert_int_equal(watchers[i].changed, updated);
        assert_int_equal(watchers[i].deleted, deleted);
    }
    /* The watches of the beginning, on their connections of then. */
    assert_int_equal(k8sc_testing_server_fault_count(server, watches), WATCHERS);
    assert_int_equal(k8sc_testing_server_watch_count(server), WATCHERS);
    k8sc_list *now = NULL;
    OK(k8sc_resource_list(maps_of(clients[0]), NULL, &now, &err));
    keep_list(now);
    assert_int_equal(k8sc_list_size(now), created - deleted);
    for (int i = 0; i < CLIENTS; i++) {
        assert_cache_is(informers[i], now);
        OK(k8sc_informer_stop(informers[i], &err));
        k8sc_registration_unref(registrations[i]);
        k8sc_informer_unref(informers[i]);
    }
    k8sc_watch_cancel(watch);
    k8sc_watch_unref(watch);
    k8sc_testing_string_free(ca);
}

/* What the load above stands on: the server is strict. */
static void old_ones_end(void **state)
{
    k8sc_config *config = bare();
    char *next = NULL, *renewed = NULL;
    (void)state;
    OK(k8sc_config_set_token(config, "first", &err));
    k8sc_resource *maps = maps_of(new_client(config));
    OK(k8sc_testing_server_add_token(server, "second", &err));
    OK(ask(maps));
    OK(k8sc_testing_server_set_token(server, "second", &err));
    FAILS(K8SC_E_API, ask(maps), "401");
    OK(k8sc_testing_server_set_token(server, NULL, &err));
    OK(ask(maps));
    FAILS(K8SC_E_STATE, k8sc_testing_server_add_token(server, "third", &err), "no token");
    FAILS(K8SC_E_INVALID, k8sc_testing_server_add_token(server, NULL, &err), "token");
    FAILS(K8SC_E_INVALID, k8sc_testing_server_add_token(server, "", &err), "token");
    FAILS(K8SC_E_INVALID, k8sc_testing_server_add_token(NULL, "a", &err), "server");

    /* What is prepared changes nothing until it is taken. */
    OK(k8sc_testing_server_prepare_certificate(server, &next, &err));
    OK(ask(maps_of(new_client(config))));
    OK(k8sc_testing_server_renew_certificate(server, &renewed, &err));
    assert_string_equal(renewed, next);
    FAILS(K8SC_E_TLS, ask(maps_of(new_client(config))), "certificate");
    OK(k8sc_config_set_ca(config, next, strlen(next), &err));
    OK(ask(maps_of(new_client(config))));
    k8sc_testing_string_free(renewed);
    OK(k8sc_testing_server_renew_certificate(server, &renewed, &err));
    assert_string_not_equal(renewed, next);
    k8sc_testing_string_free(renewed);
    k8sc_testing_string_free(next);
    FAILS(K8SC_E_INVALID, k8sc_testing_server_prepare_certificate(server, NULL, &err), "ca_pem");
    FAILS(K8SC_E_INVALID, k8sc_testing_server_prepare_certificate(NULL, &next, &err), "server");
    restart_server_with(NULL);
    FAILS(K8SC_E_STATE, k8sc_testing_server_prepare_certificate(server, &next, &err), "no TLS");
}

int main(void)
{
    const struct CMUnitTest tests[] = {SECURE(nobody_notices), SECURE(old_ones_end)};
    return cmocka_run_group_tests_name("rotation", tests, NULL, NULL);
}
