/* Factories: one informer for each resource, their options, and their life. */
#include "informer_support.h"

static void the_same_informer_again(void **state)
{
    k8sc_informer *out;
    (void)state;
    k8sc_informer_factory *factory = new_factory(NULL);
    k8sc_informer *maps = informer_of(factory, "", "v1", "configmaps"), *pods = informer_of(factory, "", "v1", "pods");
    assert_ptr_equal(informer_of(factory, "", "v1", "configmaps"), maps);
    assert_ptr_not_equal(maps, pods);
    assert_ptr_not_equal(informer_of(factory, "other", "v1", "configmaps"), maps);
    assert_ptr_not_equal(informer_of(new_factory(NULL), "", "v1", "configmaps"), maps);
    FAILS(K8SC_E_INVALID, k8sc_informer_factory_for_resource(factory, "", "v1", "", &out, &err));
    assert_null(out);
    FAILS(K8SC_E_INVALID, k8sc_informer_factory_for_resource(factory, "", "v1", "../pods", &out, &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_factory_for_resource(factory, "", NULL, "pods", &out, &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_factory_for_resource(NULL, "", "v1", "pods", &out, &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_factory_for_resource(factory, "", "v1", "pods", NULL, &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_factory_new(NULL, NULL, &(k8sc_informer_factory *){NULL}, &err));
}

static void options_are_checked(void **state)
{
    k8sc_informer_options *options = informer_options();
    k8sc_informer *out;
    (void)state;
    FAILS(K8SC_E_INVALID, k8sc_informer_options_set_namespace(options, "a/b", &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_options_set_namespace(options, "..", &err));
    OK(k8sc_informer_options_set_namespace(options, NULL, &err));
    FAILS(K8SC_E_PARSE, k8sc_informer_options_set_label_selector(options, "a in (", &err));
    FAILS(K8SC_E_PARSE, k8sc_informer_options_set_field_selector(options, "a", &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_options_set_page_size(options, -1, &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_options_set_custom_resync(options, "", "v1", "pods", 1, &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_options_set_resync(NULL, 1000, &err));
    OK(k8sc_informer_options_set_custom_resync(options, "", "v1", "pods", 2000, &err));
    /* An option of factories. */
    FAILS(K8SC_E_INVALID, k8sc_informer_new(client, "", "v1", "pods", options, &out, &err));
    assert_null(out);
    assert_contains(k8sc_error_message(failure), "custom_resync");
}

static void custom_resync(void **state)
{
    struct recorder *maps = new_recorder(), *secrets = new_recorder();
    k8sc_informer_options *options = informer_options();
    (void)state;
    put_map("default", "a", "1");
    put_json("{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"s\",\"namespace\":\"default\"}}");
    OK(k8sc_informer_options_set_resync(options, 3600000, &err));
    OK(k8sc_informer_options_set_custom_resync(options, "", "v1", "configmaps", 5000, &err));
    OK(k8sc_informer_options_set_custom_resync(options, "", "v1", "configmaps", 1000, &err));
    k8sc_informer_factory *factory = new_factory(options);
    attach(informer_of(factory, "", "v1", "configmaps"), maps);
    attach(informer_of(factory, "", "v1", "secrets"), secrets);
    OK(k8sc_informer_factory_start(factory, &err));
    RUN_UNTIL(count_of(maps, K8SC_EVENT_UPDATE, "a") == 2);
    assert_int_equal(record_of(maps, K8SC_EVENT_UPDATE, "a", 0).same, 1);
    assert_string_equal(history(secrets, 0), "ADD s, SYNC");
}

/* ---- tweaks */

static int tweak_selectors(k8sc_options *options, void *user_data)
{
    struct recorder *calls = user_data;
    calls->count++;
    if (calls->answer) return calls->answer;
    if (calls->extra) return k8sc_options_set_limit(options, 3, NULL) != K8SC_OK;
    return k8sc_options_set_label_selector(options, "app=x", NULL) != K8SC_OK ||
           k8sc_options_set_field_selector(options, "metadata.name!=c", NULL) != K8SC_OK;
}

static void a_tweak_changes_the_options_of_each_informer(void **state)
{
    struct recorder *calls = new_recorder(), *seen = new_recorder();
    k8sc_informer_options *options = informer_options();
    k8sc_informer *out;
    (void)state;
    put_labelled("default", "a", "1", "{\"app\":\"x\"}");
    put_labelled("default", "b", "1", "{\"app\":\"y\"}");
    put_labelled("default", "c", "1", "{\"app\":\"x\"}");
    calls->used = 1;
    OK(k8sc_informer_options_set_label_selector(options, "app=y", &err));
    OK(k8sc_informer_options_set_tweak(options, tweak_selectors, calls, on_destroy, &err));
    k8sc_informer_factory *factory = new_factory(options);
    assert_int_equal(calls->count, 0);
    k8sc_informer *informer = informer_of(factory, "", "v1", "configmaps");
    assert_int_equal(calls->count, 1);
    informer_of(factory, "", "v1", "configmaps");
    assert_int_equal(calls->count, 1);
    attach(informer, seen);
    OK(k8sc_informer_factory_start(factory, &err));
    RUN_UNTIL(count_of(seen, K8SC_EVENT_SYNC, NULL) == 1);
    put_labelled("default", "b", "2", "{\"app\":\"y\"}");
    put_labelled("default", "d", "1", "{\"app\":\"x\"}");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ADD, "d") == 1);
    assert_string_equal(history(seen, 0), "ADD a, SYNC, ADD d");
    /* Not once more for lists and watches. */
    assert_int_equal(calls->count, 1);

    calls->answer = 5;
    FAILS(K8SC_E_CALLBACK, k8sc_informer_factory_for_resource(factory, "", "v1", "pods", &out, &err));
    assert_null(out);
    calls->answer = 0;
    calls->extra = calls;
    FAILS(K8SC_E_INVALID, k8sc_informer_factory_for_resource(factory, "", "v1", "pods", &out, &err));
    calls->extra = NULL;
    /* It failed, so it was not made: the next request makes it. */
    informer_of(factory, "", "v1", "pods");
    assert_int_equal(calls->count, 4);
    calls->count = 0;
}

/* What was set is owned from the moment of the call, also where it fails or is replaced. */
static void callbacks_are_owned(void **state)
{
    struct recorder *first = new_recorder(), *second = new_recorder(), *third = new_recorder();
    k8sc_informer_options *options;
    (void)state;
    OK(k8sc_informer_options_new(&options, &err));
    first->used = second->used = third->used = 1;
    OK(k8sc_informer_options_set_tweak(options, tweak_selectors, first, on_destroy, &err));
    OK(k8sc_informer_options_set_tweak(options, tweak_selectors, second, on_destroy, &err));
    assert_int_equal(first->destroyed, 1);
    FAILS(K8SC_E_INVALID, k8sc_informer_options_set_transform(options, NULL, third, on_destroy, &err));
    assert_int_equal(third->destroyed, 1);
    assert_int_equal(second->destroyed, 0);
    k8sc_informer_options_free(options);
    assert_int_equal(second->destroyed, 1);
}

/* ---- transforms */

enum change { keep, mark, rename_it, move_it, drop_version, refuse };

struct transforming {
    enum change change;
    size_t calls;
    char names[4096];
    pthread_t thread;
    int other_thread;
    int destroyed;
};

static int transform(k8sc_object *object, k8sc_object **out, void *user_data)
{
    struct transforming *self = user_data;
    k8sc_draft *draft;
    size_t at = strlen(self->names);
    self->calls++;
    if (!pthread_equal(self->thread, pthread_self())) self->other_thread = 1;
    snprintf(self->names + at, sizeof self->names - at, "%s@%s ", k8sc_object_name(object),
             k8sc_object_resource_version(object));
    if (self->change == keep) return 0;
    if (self->change == refuse) return 9;
    if (k8sc_object_edit(object, &draft, NULL) < 0) return 1;
    if (self->change == mark) k8sc_draft_set_str(draft, "/data/v", "marked", NULL);
    if (self->change == rename_it) k8sc_draft_set_str(draft, "/metadata/name", "another", NULL);
    if (self->change == move_it) k8sc_draft_set_str(draft, "/metadata/namespace", "elsewhere", NULL);
    if (self->change == drop_version) k8sc_draft_remove(draft, "/metadata/resourceVersion", NULL);
    k8sc_status status = k8sc_draft_freeze(draft, out, NULL);
    k8sc_draft_free(draft);
    return status != K8SC_OK;
}

static void destroy_transforming(void *user_data) { ((struct transforming *)user_data)->destroyed++; }

static struct transforming transforming;

static k8sc_informer_options *transforming_options(enum change change)
{
    k8sc_informer_options *options = informer_options();
    k8sc_error *err;
    memset(&transforming, 0, sizeof transforming);
    transforming.change = change;
    transforming.thread = pthread_self();
    OK(k8sc_informer_options_set_transform(options, transform, &transforming, destroy_transforming, &err));
    return options;
}

static void transform_once(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    put_map("default", "a", "1");
    put_map("default", "b", "1");
    k8sc_informer *informer = running_informer(transforming_options(mark), seen);
    k8sc_lister *lister = lister_of(informer);
    assert_int_equal(transforming.calls, 2);
    put_map("default", "a", "2");
    put_map("default", "c", "1");
    remove_map("default", "b");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_DELETE, "b") == 1);
    assert_int_equal(transforming.calls, 5);
    assert_int_equal(transforming.other_thread, 0);
    assert_string_equal(cached(lister, "default", "a"), "marked");
    assert_string_equal(record_of(seen, K8SC_EVENT_ADD, "a", 0).value, "marked");
    assert_string_equal(record_of(seen, K8SC_EVENT_UPDATE, "a", 0).value, "marked");
    assert_string_equal(record_of(seen, K8SC_EVENT_DELETE, "b", 0).value, "marked");
    /* Not again for who comes later. */
    struct recorder *late = new_recorder();
    attach(informer, late);
    RUN_UNTIL(count_of(late, K8SC_EVENT_SYNC, NULL) == 1);
    assert_int_equal(transforming.calls, 5);
    assert_int_equal(transforming.destroyed, 0);
}

static void transform_waits_for_dispatch(void **state)
{
    (void)state;
    put_map("default", "a", "1");
    k8sc_informer *informer = new_informer(transforming_options(keep));
    k8sc_lister *lister = lister_of(informer);
    OK(k8sc_informer_start(informer, &err));
    AWAIT(k8sc_testing_server_watch_count(server) == 1);
    FAILS(K8SC_E_TIMEOUT, k8sc_informer_wait_for_sync(informer, 50, &err));
    assert_int_equal(transforming.calls, 0);
    assert_int_equal(k8sc_informer_has_synced(informer), 0);
    assert_int_equal(k8sc_lister_size(lister), 0);
    RUN_UNTIL(k8sc_informer_has_synced(informer));
    assert_int_equal(transforming.calls, 1);
    assert_string_equal(cached(lister, "default", "a"), "1");
}

static void transform_that_may_not(enum change change)
{
    struct recorder *seen = new_recorder();
    put_map("default", "a", "1");
    k8sc_informer *informer = running_informer(transforming_options(change), seen);
    k8sc_lister *lister = lister_of(informer);
    assert_string_equal(history(seen, 0), "ERROR, ADD a, SYNC");
    struct record error = record_of(seen, K8SC_EVENT_ERROR, NULL, 0);
    assert_int_equal(error.code, K8SC_E_CALLBACK);
    assert_non_null(strstr(error.message, "default/a"));
    assert_string_equal(cached(lister, "default", "a"), "1");
    assert_int_equal(k8sc_lister_size(lister), 1);
    remove_map("default", "a");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_DELETE, "a") == 1);
    assert_int_equal(count_of(seen, K8SC_EVENT_ERROR, NULL), 2);
    assert_int_equal(k8sc_lister_size(lister), 0);
}

static void transform_that_fails(void **state)
{
    (void)state;
    transform_that_may_not(refuse);
}

static void transform_that_renames(void **state)
{
    (void)state;
    transform_that_may_not(rename_it);
}

static void transform_that_moves(void **state)
{
    (void)state;
    transform_that_may_not(move_it);
}

/* Only name and namespace have to stay; without its version an object is still the changed one, and the cache stands
 * where it did. */
static void transform_that_drops_the_version(void **state)
{
    struct recorder *due = new_recorder(), *seen = new_recorder();
    char *text, wanted[32];
    (void)state;
    put_map("default", "a", "1");
    k8sc_informer *informer = new_informer(transforming_options(drop_version));
    attach_with(informer, 1000, NULL, due);
    attach_with(informer, 0, NULL, seen);
    OK(k8sc_informer_start(informer, &err));
    RUN_UNTIL(count_of(due, K8SC_EVENT_UPDATE, "a") == 1);
    put_map("default", "a", "2");
    snprintf(wanted, sizeof wanted, "%lld", (long long)version_now());
    k8sc_lister *lister = lister_of(informer);
    RUN_UNTIL(strcmp(cached(lister, "default", "a"), "2") == 0);
    for (int i = 0; i < 20; i++) turn();
    OK(k8sc_informer_last_sync_resource_version(informer, &text, &err));
    char found[32];
    snprintf(found, sizeof found, "%s", text);
    k8sc_string_free(text);
    assert_string_equal(found, wanted);
    assert_int_equal(count_of(seen, K8SC_EVENT_UPDATE, "a"), 1);
}

static void transform_is_destroyed_once(void **state)
{
    k8sc_informer_options *options;
    k8sc_informer *informer;
    (void)state;
    memset(&transforming, 0, sizeof transforming);
    transforming.thread = pthread_self();
    OK(k8sc_informer_options_new(&options, &err));
    OK(k8sc_informer_options_set_transform(options, transform, &transforming, destroy_transforming, &err));
    OK(k8sc_informer_new(client, "", "v1", "configmaps", options, &informer, &err));
    k8sc_informer_options_free(options);
    assert_int_equal(transforming.destroyed, 0);
    OK(k8sc_informer_start(informer, &err));
    RUN_UNTIL(k8sc_informer_has_synced(informer));
    k8sc_informer_unref(informer);
    RUN_UNTIL(transforming.destroyed == 1);
    OK(k8sc_client_close(client, -1, &err));
    assert_int_equal(transforming.destroyed, 1);
}

/* The same options for informers of two clients: what ends with the one is still there for the other. */
static void transform_for_two_clients(void **state)
{
    struct recorder *seen = new_recorder();
    k8sc_informer *first;
    (void)state;
    put_map("default", "a", "1");
    k8sc_informer_options *options = transforming_options(mark);
    k8sc_client *other = another_client();
    OK(k8sc_informer_new(other, "", "v1", "configmaps", options, &first, &err));
    k8sc_informer *informer = running_informer(options, seen);
    k8sc_lister *lister = lister_of(informer);
    k8sc_informer_unref(first);
    OK(k8sc_client_close(other, -1, &err));
    k8sc_client_unref(other);
    assert_int_equal(transforming.destroyed, 0);
    put_map("default", "b", "1");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ADD, "b") == 1);
    assert_string_equal(cached(lister, "default", "b"), "marked");
}

static void managed_fields(void **state)
{
    struct recorder *seen = new_recorder();
    k8sc_informer_options *options = informer_options();
    k8sc_object *object;
    (void)state;
    const char *managed = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\",\"namespace\":"
                          "\"default\",\"managedFields\":[{\"manager\":\"m\"}],"
                          "\"labels\":{\"app\":\"x\"}},\"data\":{\"managedFields\":\"kept\"}}";
    char json[512];
    snprintf(json, sizeof json, managed, "a");
    put_json(json);
    if (!strstr(server_text("default", "a"), "\"manager\"")) skip();
    OK(k8sc_informer_options_set_drop_managed_fields(options, 1, &err));
    k8sc_informer *informer = running_informer(options, seen);
    k8sc_lister *lister = lister_of(informer);
    snprintf(json, sizeof json, managed, "b");
    put_json(json);
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ADD, "b") == 1);
    for (char name[] = "a"; *name <= 'b'; name[0]++) {
        OK(k8sc_lister_get(lister, "default", name, &object, &err));
        int32_t dropped = k8sc_object_type(object, "/metadata/managedFields"),
                kept = k8sc_object_type(object, "/data/managedFields");
        int label = strcmp(k8sc_object_str(object, "/metadata/labels/app", NULL), "x");
        k8sc_object_unref(object);
        assert_int_equal(dropped, K8SC_TYPE_ABSENT);
        assert_int_equal(kept, K8SC_TYPE_STRING);
        assert_int_equal(label, 0);
    }
}

/* ---- constructors */

struct constructing {
    int calls, destroyed, answer;
    const char *resource; /* NULL: none */
    int64_t resync_ms;
    k8sc_client *client; /* it was given */
    k8sc_informer *kept; /* one more reference */
    int keep, started;
};

static int construct(k8sc_client *for_client, int64_t resync_ms, void *user_data, k8sc_informer **out)
{
    struct constructing *self = user_data;
    self->calls++;
    self->resync_ms = resync_ms;
    self->client = for_client;
    if (self->resource && k8sc_informer_new(for_client, "", "v1", self->resource, NULL, out, NULL) < 0) return 1;
    if (self->keep) self->kept = k8sc_informer_ref(*out);
    if (self->started) k8sc_informer_start(*out, NULL);
    return self->answer;
}

static void destroy_constructing(void *user_data) { ((struct constructing *)user_data)->destroyed++; }

static k8sc_status informer_for(k8sc_informer_factory *factory, struct constructing *self, k8sc_informer **out,
                                k8sc_error **err)
{
    return k8sc_informer_factory_informer_for(factory, "", "v1", "configmaps", construct, self, destroy_constructing,
                                              out, err);
}

static void informer_for_calls_once(void **state)
{
    struct constructing self = {.resource = "configmaps"};
    struct recorder *seen = new_recorder();
    k8sc_informer_options *options = informer_options();
    k8sc_informer *first, *second;
    (void)state;
    put_map("default", "a", "1");
    OK(k8sc_informer_options_set_resync(options, 7000, &err));
    OK(k8sc_informer_options_set_custom_resync(options, "", "v1", "configmaps", 9000, &err));
    k8sc_informer_factory *factory = new_factory(options);
    OK(informer_for(factory, &self, &first, &err));
    assert_int_equal(self.calls, 1);
    assert_int_equal(self.destroyed, 1);
    assert_int_equal(self.resync_ms, 9000);
    assert_ptr_equal(self.client, client);
    OK(informer_for(factory, &self, &second, &err));
    assert_int_equal(self.calls, 1);
    assert_int_equal(self.destroyed, 2);
    assert_ptr_equal(first, second);
    assert_ptr_equal(informer_of(factory, "", "v1", "configmaps"), first);
    attach(first, seen);
    /* The factory runs it, also where nobody else holds it. */
    k8sc_informer_unref(first);
    k8sc_informer_unref(second);
    OK(k8sc_informer_factory_start(factory, &err));
    RUN_UNTIL(count_of(seen, K8SC_EVENT_SYNC, NULL) == 1);
    assert_int_equal(count_of(seen, K8SC_EVENT_ADD, "a"), 1);
}

static void informer_for_refuses(void **state)
{
    struct constructing self;
    k8sc_informer *out;
    (void)state;
    k8sc_informer_factory *factory = new_factory(NULL);
    self = (struct constructing){.resource = "pods"};
    FAILS(K8SC_E_INVALID, informer_for(factory, &self, &out, &err));
    assert_null(out);
    assert_int_equal(self.destroyed, 1);
    self = (struct constructing){.resource = NULL};
    FAILS(K8SC_E_CALLBACK, informer_for(factory, &self, &out, &err));
    assert_int_equal(self.destroyed, 1);
    self = (struct constructing){.resource = "configmaps", .answer = 4};
    FAILS(K8SC_E_CALLBACK, informer_for(factory, &self, &out, &err));
    assert_null(out);
    assert_int_equal(self.destroyed, 1);
    FAILS(K8SC_E_INVALID, k8sc_informer_factory_informer_for(factory, "", "v1", "configmaps", NULL, &self,
                                                             destroy_constructing, &out, &err));
    assert_int_equal(self.destroyed, 2);
    /* None of these made one. */
    self = (struct constructing){.resource = "configmaps"};
    OK(informer_for(factory, &self, &out, &err));
    assert_int_equal(self.calls, 1);
    k8sc_informer_unref(out);
}

/* One that was refused is the caller's own again, and stops when he lets go. */
static void refused_informer_stops_with_its_owner(void **state)
{
    struct constructing self = {.resource = "pods", .keep = 1, .started = 1};
    k8sc_informer *out;
    (void)state;
    k8sc_informer_factory *factory = new_factory(NULL);
    FAILS(K8SC_E_INVALID, informer_for(factory, &self, &out, &err));
    AWAIT(k8sc_testing_server_watch_count(server) == 1);
    k8sc_informer_unref(self.kept);
    int64_t limit = now_ms() + 5000;
    while (k8sc_testing_server_watch_count(server) != 0 && now_ms() < limit) pause_ms(5);
    assert_int_equal(k8sc_testing_server_watch_count(server), 0);
}

/* ---- life */

static void start_again_and_again(void **state)
{
    struct recorder *maps = new_recorder(), *secrets = new_recorder();
    (void)state;
    k8sc_informer_factory *factory = new_factory(NULL);
    OK(k8sc_informer_factory_start(factory, &err));
    k8sc_informer *informer = informer_of(factory, "", "v1", "configmaps");
    attach(informer, maps);
    assert_int_equal(requests(NULL), 0);
    OK(k8sc_informer_factory_start(factory, &err));
    OK(k8sc_informer_factory_start(factory, &err));
    OK(k8sc_informer_start(informer, &err));
    OK(k8sc_informer_factory_wait_for_sync(factory, PATIENCE_MS, &err));
    attach(informer_of(factory, "", "v1", "secrets"), secrets);
    /* Only of those that were started. */
    OK(k8sc_informer_factory_wait_for_sync(factory, PATIENCE_MS, &err));
    OK(k8sc_informer_factory_start(factory, &err));
    RUN_UNTIL(count_of(secrets, K8SC_EVENT_SYNC, NULL) == 1 && count_of(maps, K8SC_EVENT_SYNC, NULL) == 1);
    assert_int_equal(requests("list"), 2);
}

static void wait_names_the_missing(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    put_map("default", "a", "1");
    k8sc_informer_factory *factory = new_factory(NULL);
    fault("{\"verb\":\"list\",\"resource\":\"secrets\",\"stall_after_bytes\":0}");
    fault("{\"verb\":\"list\",\"resource\":\"deployments\",\"stall_after_bytes\":0}");
    k8sc_informer *informer = informer_of(factory, "", "v1", "configmaps");
    attach(informer, seen);
    informer_of(factory, "", "v1", "secrets");
    informer_of(factory, "apps", "v1", "deployments");
    OK(k8sc_informer_factory_start(factory, &err));
    OK(k8sc_informer_wait_for_sync(informer, PATIENCE_MS, &err));
    int64_t began = now_ms();
    FAILS(K8SC_E_TIMEOUT, k8sc_informer_factory_wait_for_sync(factory, 100, &err));
    assert_true(now_ms() - began >= 100);
    assert_contains(k8sc_error_message(failure), "secrets");
    assert_contains(k8sc_error_message(failure), "apps/v1 deployments");
    assert_null(strstr(k8sc_error_message(failure), "configmaps"));
    FAILS(K8SC_E_TIMEOUT, k8sc_informer_factory_wait_for_sync(factory, 0, &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_factory_wait_for_sync(factory, -2, &err));
    /* It runs no callbacks. */
    assert_int_equal(count_of(seen, 0, NULL), 0);
}

static void *wait_without_limit(void *factory)
{
    static k8sc_status status;
    status = k8sc_informer_factory_wait_for_sync(factory, -1, NULL);
    return &status;
}

static void shutdown_ends_all(void **state)
{
    struct recorder *seen = new_recorder(), *waiting = new_recorder();
    pthread_t thread;
    void *answer;
    (void)state;
    put_map("default", "a", "1");
    k8sc_informer_factory *factory = new_factory(NULL);
    fault("{\"verb\":\"list\",\"resource\":\"secrets\",\"stall_after_bytes\":0}");
    k8sc_informer *informer = informer_of(factory, "", "v1", "configmaps"),
                  *stalled = informer_of(factory, "", "v1", "secrets");
    attach(informer, seen);
    attach(stalled, waiting);
    k8sc_lister *lister = lister_of(informer);
    OK(k8sc_informer_factory_start(factory, &err));
    RUN_UNTIL(count_of(seen, K8SC_EVENT_SYNC, NULL) == 1);
    AWAIT(k8sc_testing_server_watch_count(server) == 1);
    assert_int_equal(pthread_create(&thread, NULL, wait_without_limit, factory), 0);
    /* One that waits in the queue. */
    put_map("default", "a", "2");
    AWAIT(strcmp(cached(lister, "default", "a"), "2") == 0);
    OK(k8sc_informer_factory_shutdown(factory, &err));
    assert_int_equal(k8sc_informer_is_stopped(informer), 1);
    assert_int_equal(k8sc_informer_is_stopped(stalled), 1);
    pthread_join(thread, &answer);
    assert_int_equal(*(k8sc_status *)answer, K8SC_E_STATE);
    put_map("default", "a", "3");
    RUN_UNTIL(seen->destroyed == 1 && waiting->destroyed == 1);
    assert_string_equal(history(seen, 0), "ADD a, SYNC");
    AWAIT(k8sc_testing_server_watch_count(server) == 0);
    assert_string_equal(cached(lister, "default", "a"), "2");

    FAILS(K8SC_E_STATE, k8sc_informer_factory_start(factory, &err));
    OK(k8sc_informer_factory_shutdown(factory, &err));
    FAILS(K8SC_E_STATE, k8sc_informer_add_handler(informer, on_event, seen, NULL, NULL, &err));
    FAILS(K8SC_E_STATE, k8sc_informer_add_pointer_index(informer, "late", "/data/v", &err));
    k8sc_informer *later = informer_of(factory, "", "v1", "pods");
    assert_int_equal(k8sc_informer_has_synced(later), 0);
}

static void unref_without_close(void **state)
{
    struct recorder *seen = new_recorder();
    k8sc_informer_factory *factory;
    k8sc_informer *informer;
    (void)state;
    OK(k8sc_informer_factory_new(client, NULL, &factory, &err));
    OK(k8sc_informer_factory_for_resource(factory, "", "v1", "configmaps", &informer, &err));
    seen->used = 1;
    OK(k8sc_informer_add_handler(informer, RECORD(seen), NULL, &err));
    OK(k8sc_informer_factory_start(factory, &err));
    RUN_UNTIL(count_of(seen, K8SC_EVENT_SYNC, NULL) == 1);
    AWAIT(k8sc_testing_server_watch_count(server) == 1);
    k8sc_informer_factory_unref(factory);
    AWAIT(k8sc_testing_server_watch_count(server) == 0);
    AWAIT(k8sc_informer_is_stopped(informer));
    RUN_UNTIL(seen->destroyed == 1);
    k8sc_informer_unref(informer);
}

/* A factory that nobody holds, and a client that nobody holds: in any order, and started or not. */
static void released_in_any_order(void **state)
{
    (void)state;
    for (int order = 0; order < 12; order++) {
        k8sc_informer_factory *factory;
        k8sc_informer *informer;
        k8sc_lister *lister;
        k8sc_client *own = another_client();
        OK(k8sc_informer_factory_new(own, NULL, &factory, &err));
        OK(k8sc_informer_factory_for_resource(factory, "", "v1", "configmaps", &informer, &err));
        OK(k8sc_informer_lister(informer, &lister, &err));
        if (order >= 6) OK(k8sc_informer_factory_start(factory, &err));
        static const char orders[6][4] = {"cfi", "cif", "fci", "fic", "icf", "ifc"};
        for (const char *at = orders[order % 6]; *at; at++) {
            if (*at == 'c') k8sc_client_unref(own);
            if (*at == 'f') k8sc_informer_factory_unref(factory);
            if (*at == 'i') k8sc_informer_unref(informer);
        }
        assert_true(k8sc_lister_size(lister) >= 0);
        k8sc_lister_unref(lister);
    }
    AWAIT(k8sc_testing_server_watch_count(server) == 0);
}

static void closed_client(void **state)
{
    k8sc_informer *out;
    (void)state;
    k8sc_informer_factory *factory = new_factory(NULL), *none;
    k8sc_informer *informer = informer_of(factory, "", "v1", "configmaps");
    OK(k8sc_informer_factory_start(factory, &err));
    OK(k8sc_client_close(client, -1, &err));
    assert_int_equal(k8sc_informer_is_stopped(informer), 1);
    FAILS(K8SC_E_CLOSED, k8sc_informer_factory_for_resource(factory, "", "v1", "pods", &out, &err));
    FAILS(K8SC_E_CLOSED, k8sc_informer_factory_new(client, NULL, &none, &err));
    FAILS(K8SC_E_CLOSED, k8sc_informer_new(client, "", "v1", "pods", NULL, &out, &err));
    k8sc_status status = k8sc_informer_start(informer, NULL);
    assert_true(status == K8SC_E_CLOSED || status == K8SC_E_STATE);
    OK(k8sc_informer_stop(informer, &err));
    OK(k8sc_informer_factory_shutdown(factory, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_same_informer_again),
        TEST(options_are_checked),
        TEST(custom_resync),
        TEST(a_tweak_changes_the_options_of_each_informer),
        TEST(callbacks_are_owned),
        TEST(transform_once),
        TEST(transform_waits_for_dispatch),
        TEST(transform_that_fails),
        TEST(transform_that_renames),
        TEST(transform_that_moves),
        TEST(transform_that_drops_the_version),
        TEST(transform_is_destroyed_once),
        TEST(transform_for_two_clients),
        TEST(managed_fields),
        TEST(informer_for_calls_once),
        TEST(informer_for_refuses),
        TEST(refused_informer_stops_with_its_owner),
        TEST(start_again_and_again),
        TEST(wait_names_the_missing),
        TEST(shutdown_ends_all),
        TEST(unref_without_close),
        TEST(released_in_any_order),
        TEST(closed_client),
    };
    return run_named_tests("factory", tests, sizeof tests / sizeof *tests);
}
