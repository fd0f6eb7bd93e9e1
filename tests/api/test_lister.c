/* Reading an informer's copy, and the indexes over it. */
#include "informer_support.h"

static const char *listed(k8sc_lister *lister, const char *space, const char *selector)
{
    k8sc_list *list;
    k8sc_error *err;
    OK(k8sc_lister_list(lister, space, selector, &list, &err));
    return names_of(list);
}

static const char *values_of(k8sc_lister *lister, const char *index)
{
    static char text[1024];
    const char *values[64];
    k8sc_strings *strings;
    k8sc_error *err;
    size_t at = 0;
    OK(k8sc_lister_index_values(lister, index, &strings, &err));
    int64_t count = k8sc_strings_size(strings);
    if (count > 64) count = 64;
    for (int64_t i = 0; i < count; i++) values[i] = k8sc_strings_at(strings, i, NULL);
    qsort(values, count > 0 ? (size_t)count : 0, sizeof *values, compare_names);
    text[0] = '\0';
    for (int64_t i = 0; i < count; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, "%s%s", i ? " " : "", values[i]);
    k8sc_strings_free(strings);
    return text;
}

static void a_lister_reads_by_key_namespace_and_selector(void **state)
{
    struct recorder *seen = new_recorder();
    k8sc_object *object;
    k8sc_list *list;
    k8sc_error *err;
    (void)state;
    put_labelled("one", "a", "1", "{\"app\":\"x\",\"tier\":\"front\"}");
    put_labelled("one", "b", "2", "{\"app\":\"y\"}");
    put_labelled("two", "a", "3", "{\"app\":\"x\"}");
    put_labelled("two", "c", "4", "{}");
    k8sc_informer *informer = new_informer(NULL);
    k8sc_lister *lister = lister_of(informer);
    assert_int_equal(k8sc_lister_size(lister), 0);
    assert_string_equal(listed(lister, NULL, NULL), "");
    attach(informer, seen);
    OK(k8sc_informer_start(informer, &err));
    OK(k8sc_informer_wait_for_sync(informer, PATIENCE_MS, &err));
    assert_int_equal(k8sc_lister_size(lister), 4);
    assert_int_equal(k8sc_lister_size(NULL), -1);

    assert_string_equal(cached(lister, "one", "a"), "1");
    assert_string_equal(cached(lister, "two", "a"), "3");
    OK(k8sc_lister_get(lister, "one", "b", &object, &err));
    /* Items of lists do not say what they are; here they do. */
    int kinds =
        strcmp(k8sc_object_kind(object), "ConfigMap") == 0 && strcmp(k8sc_object_api_version(object), "v1") == 0;
    k8sc_object_unref(object);
    assert_true(kinds);
    k8sc_status status = k8sc_lister_get(lister, "one", "c", &object, &err);
    assert_int_equal(status, K8SC_E_API);
    assert_null(object);
    assert_int_equal(k8sc_error_is_not_found(err), 1);
    assert_non_null(strstr(k8sc_error_message(err), "configmaps"));
    k8sc_error_free(err);
    FAILS(K8SC_E_API, k8sc_lister_get(lister, NULL, "a", &object, &err));
    FAILS(K8SC_E_INVALID, k8sc_lister_get(lister, "one", NULL, &object, &err));
    FAILS(K8SC_E_INVALID, k8sc_lister_get(NULL, "one", "a", &object, &err));

    assert_string_equal(listed(lister, NULL, NULL), "a a b c");
    assert_string_equal(listed(lister, "", ""), "a a b c");
    assert_string_equal(listed(lister, "one", NULL), "a b");
    assert_string_equal(listed(lister, "none", NULL), "");
    assert_string_equal(listed(lister, NULL, "app=x"), "a a");
    assert_string_equal(listed(lister, "two", "app=x"), "a");
    assert_string_equal(listed(lister, NULL, "app in (x, y),!tier"), "a b");
    assert_string_equal(listed(lister, NULL, "app notin (x)"), "b c");
    assert_string_equal(listed(lister, NULL, "tier"), "a");
    FAILS(K8SC_E_PARSE, k8sc_lister_list(lister, NULL, "app in (x", &list, &err));
    assert_null(list);

    assert_string_equal(indexed(lister, "namespace", "one"), "a b");
    assert_string_equal(indexed(lister, "namespace", "none"), "");
    assert_string_equal(values_of(lister, "namespace"), "one two");
    FAILS(K8SC_E_INVALID, k8sc_lister_by_index(lister, "none", "x", &list, &err));
    assert_contains(k8sc_error_message(failure), "none");
    FAILS(K8SC_E_INVALID, k8sc_lister_index_values(lister, "none", &(k8sc_strings *){NULL}, &err));
    RUN_UNTIL(count_of(seen, K8SC_EVENT_SYNC, NULL) == 1);
    remove_map("two", "a");
    remove_map("two", "c");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_DELETE, NULL) == 2);
    assert_string_equal(values_of(lister, "namespace"), "one");
    assert_string_equal(listed(lister, "two", NULL), "");
}

static void cluster_scoped(void **state)
{
    k8sc_object *object;
    (void)state;
    put_json("{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"n\"}}");
    k8sc_informer_factory *factory = new_factory(NULL);
    k8sc_informer *informer = informer_of(factory, "", "v1", "nodes");
    k8sc_lister *lister = lister_of(informer);
    OK(k8sc_informer_factory_start(factory, &err));
    OK(k8sc_informer_factory_wait_for_sync(factory, PATIENCE_MS, &err));
    OK(k8sc_lister_get(lister, NULL, "n", &object, &err));
    k8sc_object_unref(object);
    OK(k8sc_lister_get(lister, "", "n", &object, &err));
    k8sc_object_unref(object);
    assert_string_equal(values_of(lister, "namespace"), "");
}

static void put_rich(const char *name, const char *data)
{
    char json[512];
    snprintf(json, sizeof json,
             "{\"apiVersion\":\"example.com/"
             "v1\",\"kind\":\"Rich\",\"metadata\":{\"name\":\"%s\",\"namespace\":\"default\"},%s}",
             name, data);
    put_json(json);
}

static void pointer_index(void **state)
{
    struct recorder *seen = new_recorder();
    k8sc_testing_options *options = server_options();
    (void)state;
    OK(k8sc_testing_options_add_kind(options, "example.com", "v1", "riches", "Rich", 1, &err));
    use_server(options);
    put_rich("a", "\"spec\":{\"s\":\"x\",\"n\":7,\"b\":true,\"list\":[\"p\",\"q\",\"p\",3]}");
    put_rich("b", "\"spec\":{\"s\":\"x\",\"n\":7.5,\"b\":false,\"list\":[]}");
    put_rich("c", "\"spec\":{\"s\":\"\\u00fc\\\"\",\"n\":null,\"list\":[{\"no\":1},\"q\"]}");
    put_rich("d", "\"spec\":{\"s\":{\"no\":1},\"with/slash\":\"y\"}");
    k8sc_informer_factory *factory = new_factory(NULL);
    k8sc_informer *informer = informer_of(factory, "example.com", "v1", "riches");
    k8sc_lister *lister = lister_of(informer);
    attach(informer, seen);
    OK(k8sc_informer_add_pointer_index(informer, "s", "/spec/s", &err));
    OK(k8sc_informer_add_pointer_index(informer, "list", "/spec/list", &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_add_pointer_index(informer, "s", "/spec/n", &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_add_pointer_index(informer, "namespace", "/spec/n", &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_add_pointer_index(informer, "wrong", "spec", &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_add_pointer_index(informer, NULL, "/spec", &err));
    OK(k8sc_informer_factory_start(factory, &err));
    RUN_UNTIL(count_of(seen, K8SC_EVENT_SYNC, NULL) == 1);
    /* The same after start. */
    OK(k8sc_informer_add_pointer_index(informer, "n", "/spec/n", &err));
    OK(k8sc_informer_add_pointer_index(informer, "b", "/spec/b", &err));
    OK(k8sc_informer_add_pointer_index(informer, "slash", "/spec/with~1slash", &err));

    assert_string_equal(indexed(lister, "s", "x"), "a b");
    assert_string_equal(indexed(lister, "s", "\xc3\xbc\""), "c");
    assert_string_equal(indexed(lister, "s", ""), "");
    assert_string_equal(indexed(lister, "n", "7"), "a");
    assert_string_equal(indexed(lister, "n", "7.5"), "b");
    assert_string_equal(values_of(lister, "n"), "7 7.5");
    assert_string_equal(indexed(lister, "b", "true"), "a");
    assert_string_equal(values_of(lister, "b"), "false true");
    assert_string_equal(indexed(lister, "list", "p"), "a");
    assert_string_equal(indexed(lister, "list", "q"), "a c");
    assert_string_equal(indexed(lister, "list", "3"), "a");
    assert_string_equal(values_of(lister, "list"), "3 p q");
    assert_string_equal(indexed(lister, "slash", "y"), "d");

    put_rich("a", "\"spec\":{\"s\":\"z\",\"list\":[\"q\"]}");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_UPDATE, "a") == 1);
    assert_string_equal(indexed(lister, "s", "x"), "b");
    assert_string_equal(indexed(lister, "s", "z"), "a");
    assert_string_equal(indexed(lister, "list", "p"), "");
    assert_string_equal(values_of(lister, "list"), "q");
    assert_string_equal(indexed(lister, "n", "7"), "");
    OK(k8sc_testing_server_remove(server, "example.com", "v1", "riches", "default", "a", &err));
    RUN_UNTIL(count_of(seen, K8SC_EVENT_DELETE, "a") == 1);
    assert_string_equal(indexed(lister, "s", "z"), "");
    assert_string_equal(indexed(lister, "list", "q"), "c");
}

struct indexing {
    int calls, fails, destroyed, other_thread, none;
    pthread_t thread;
};

static int index_values(const k8sc_object *object, k8sc_strings *values, void *user_data)
{
    struct indexing *self = user_data;
    char first[2] = "";
    self->calls++;
    if (!pthread_equal(self->thread, pthread_self())) self->other_thread++;
    if (self->fails) return 1;
    if (self->none) return 0;
    first[0] = k8sc_object_name(object)[0];
    k8sc_strings_add(values, first, 1);
    k8sc_strings_add(values, first, 1);
    const char *value = k8sc_object_str(object, "/data/v", NULL);
    if (value) k8sc_strings_add(values, value, strlen(value));
    return 0;
}

static void destroy_indexing(void *user_data) { ((struct indexing *)user_data)->destroyed++; }

static struct indexing before_start, after_start, unwanted;

static void callback_index(void **state)
{
    struct recorder *seen = new_recorder();
    k8sc_list *list;
    (void)state;
    memset(&before_start, 0, sizeof before_start);
    memset(&after_start, 0, sizeof after_start);
    memset(&unwanted, 0, sizeof unwanted);
    before_start.thread = after_start.thread = pthread_self();
    put_map("default", "alpha", "1");
    put_map("default", "anton", "2");
    put_map("default", "beta", "2");
    k8sc_informer *informer = new_informer(NULL);
    k8sc_lister *lister = lister_of(informer);
    attach(informer, seen);
    OK(k8sc_informer_add_index(informer, "first", index_values, &before_start, destroy_indexing, &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_add_index(informer, "first", index_values, &unwanted, destroy_indexing, &err));
    RUN_UNTIL(unwanted.destroyed == 1);
    FAILS(K8SC_E_INVALID, k8sc_informer_add_index(informer, "null", NULL, &unwanted, destroy_indexing, &err));
    RUN_UNTIL(unwanted.destroyed == 2);
    OK(k8sc_informer_start(informer, &err));
    RUN_UNTIL(count_of(seen, K8SC_EVENT_SYNC, NULL) == 1);
    OK(k8sc_informer_add_index(informer, "later", index_values, &after_start, destroy_indexing, &err));
    /* Nobody has looked anything up. */
    assert_int_equal(before_start.calls, 0);
    assert_string_equal(indexed(lister, "first", "a"), "alpha anton");
    assert_int_equal(before_start.calls, 3);
    assert_string_equal(indexed(lister, "first", "2"), "anton beta");
    assert_string_equal(values_of(lister, "first"), "1 2 a b");
    assert_int_equal(before_start.calls, 3);
    assert_string_equal(indexed(lister, "later", "b"), "beta");
    /* Only what has changed is asked about. */
    put_map("default", "alpha", "9");
    remove_map("default", "beta");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_DELETE, "beta") == 1);
    assert_string_equal(values_of(lister, "first"), "2 9 a");
    assert_int_equal(before_start.calls, 4);

    before_start.fails = 1;
    put_map("default", "gamma", "3");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ADD, "gamma") == 1);
    FAILS(K8SC_E_CALLBACK, k8sc_lister_by_index(lister, "first", "a", &list, &err));
    assert_null(list);
    assert_contains(k8sc_error_message(failure), "default/gamma");
    FAILS(K8SC_E_CALLBACK, k8sc_lister_index_values(lister, "first", &(k8sc_strings *){NULL}, &err));
    /* The other index, and the cache, do not suffer. */
    assert_string_equal(indexed(lister, "later", "g"), "gamma");
    assert_string_equal(listed(lister, NULL, NULL), "alpha anton gamma");
    before_start.fails = 0;
    int calls = before_start.calls;
    assert_string_equal(indexed(lister, "first", "g"), "gamma");
    assert_int_equal(before_start.calls, calls + 1);
    after_start.none = 1;
    put_map("default", "gamma", "4");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_UPDATE, "gamma") == 1);
    assert_string_equal(indexed(lister, "later", "g"), "");
    assert_string_equal(indexed(lister, "first", "4"), "gamma");
    assert_int_equal(before_start.other_thread + after_start.other_thread, 0);
    assert_int_equal(before_start.destroyed + after_start.destroyed, 0);
    assert_int_equal(unwanted.calls, 0);
    OK(k8sc_client_close(client, -1, &err));
    assert_int_equal(before_start.destroyed, 1);
    assert_int_equal(after_start.destroyed, 1);
    /* The callback is gone; what it has said is not. */
    assert_string_equal(indexed(lister, "first", "a"), "alpha anton");
}

/* Objects, lists and listers outlive what they came from. */
static void what_was_read_outlives_the_informer(void **state)
{
    struct recorder *seen = new_recorder();
    k8sc_object *object;
    k8sc_list *list;
    k8sc_lister *lister;
    (void)state;
    put_map("default", "a", "1");
    put_map("default", "b", "1");
    k8sc_informer *informer = running_informer(NULL, seen);
    OK(k8sc_informer_lister(informer, &lister, &err));
    OK(k8sc_lister_get(lister, "default", "a", &object, &err));
    OK(k8sc_lister_list(lister, NULL, NULL, &list, &err));
    put_map("default", "a", "2");
    remove_map("default", "b");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_DELETE, "b") == 1);
    int held = strcmp(k8sc_object_str(object, "/data/v", NULL), "1") == 0 && k8sc_list_size(list) == 2;
    OK(k8sc_informer_stop(informer, &err));
    int after_stop = strcmp(cached(lister, "default", "a"), "2") == 0 && k8sc_lister_size(lister) == 1;
    OK(k8sc_client_close(client, -1, &err));
    int after_close = strcmp(cached(lister, "default", "a"), "2") == 0 &&
                      strcmp(listed(lister, "default", NULL), "a") == 0 &&
                      strcmp(values_of(lister, "namespace"), "default") == 0;
    int held_still = strcmp(k8sc_object_str(object, "/data/v", NULL), "1") == 0 &&
                     strcmp(k8sc_object_name(k8sc_list_at(list, 0)), "") != 0;
    k8sc_object_unref(object);
    k8sc_list_free(list);
    k8sc_lister_unref(k8sc_lister_ref(lister));
    k8sc_lister_unref(lister);
    assert_true(held && after_stop && after_close && held_still);
}

/* A lister keeps the cache, not the informer. */
static void lister_does_not_keep_it_running(void **state)
{
    k8sc_informer *informer;
    (void)state;
    put_map("default", "a", "1");
    OK(k8sc_informer_new(client, "", "v1", "configmaps", NULL, &informer, &err));
    k8sc_lister *lister = lister_of(informer);
    OK(k8sc_informer_start(informer, &err));
    OK(k8sc_informer_wait_for_sync(informer, PATIENCE_MS, &err));
    AWAIT(k8sc_testing_server_watch_count(server) == 1);
    k8sc_informer_unref(informer);
    AWAIT(k8sc_testing_server_watch_count(server) == 0);
    assert_string_equal(cached(lister, "default", "a"), "1");
}

/* ---- threads */

struct reading {
    pthread_t thread;
    k8sc_lister *lister;
    pthread_mutex_t *mutex;
    int *stop;
    const char *fault;
    int64_t rounds;
};

static int letters(const k8sc_object *object, k8sc_strings *values, void *user_data)
{
    (void)user_data;
    const char *value = k8sc_object_str(object, "/data/v", NULL);
    return value ? k8sc_strings_add(values, value, 1) : 0;
}

static void *read_always(void *of)
{
    struct reading *self = of;
    int stop = 0;
    while (!stop) {
        k8sc_list *list;
        k8sc_strings *strings;
        k8sc_object *object;
        if (k8sc_lister_list(self->lister, "default", "app=x", &list, NULL) < 0) self->fault = "list";
        for (int64_t i = 0; i < k8sc_list_size(list); i++) {
            const k8sc_object *one = k8sc_list_at(list, i);
            if (strcmp(k8sc_object_label(one, "app"), "x") != 0 || !k8sc_object_str(one, "/data/v", NULL))
                self->fault = "an object of the list";
        }
        k8sc_list_free(list);
        const char *indexes[] = {"v", "letter"};
        for (int i = 0; i < 2; i++) {
            if (k8sc_lister_by_index(self->lister, indexes[i], "7", &list, NULL) < 0) self->fault = "by_index";
            for (int64_t j = 0; j < k8sc_list_size(list); j++)
                if (k8sc_object_str(k8sc_list_at(list, j), "/data/v", NULL)[0] != '7')
                    self->fault = "an object of an index";
            k8sc_list_free(list);
            if (k8sc_lister_index_values(self->lister, indexes[i], &strings, NULL) < 0) self->fault = "index_values";
            k8sc_strings_free(strings);
        }
        if (k8sc_lister_get(self->lister, "default", "w3", &object, NULL) == K8SC_OK &&
            strcmp(k8sc_object_name(object), "w3") != 0)
            self->fault = "get";
        k8sc_object_unref(object);
        self->rounds++;
        pthread_mutex_lock(self->mutex);
        stop = *self->stop;
        pthread_mutex_unlock(self->mutex);
    }
    return NULL;
}

static void many_threads_read(void **state)
{
    enum { readers = 4 };
    struct reading reading[readers];
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    int stop = 0;
    struct recorder *seen = new_recorder();
    (void)state;
    k8sc_informer *informer = running_informer(NULL, seen);
    k8sc_lister *lister = lister_of(informer);
    OK(k8sc_informer_add_pointer_index(informer, "v", "/data/v", &err));
    OK(k8sc_informer_add_index(informer, "letter", letters, NULL, NULL, &err));
    for (int i = 0; i < readers; i++) {
        reading[i] = (struct reading){.lister = lister, .mutex = &mutex, .stop = &stop};
        assert_int_equal(pthread_create(&reading[i].thread, NULL, read_always, &reading[i]), 0);
    }
    for (int i = 0; i < 600; i++) {
        char name[16], value[16];
        snprintf(name, sizeof name, "w%d", i % 25);
        snprintf(value, sizeof value, "%d", i);
        put_labelled("default", name, value, i % 2 ? "{\"app\":\"x\"}" : "{}");
        if (i % 10 == 0) remove_map("default", name);
        if (i % 50 == 0) turn();
    }
    put_map("default", "last", "0");
    int64_t limit = now_ms() + PATIENCE_MS;
    while (count_of(seen, K8SC_EVENT_ADD, "last") == 0 && now_ms() < limit) turn();
    pthread_mutex_lock(&mutex);
    stop = 1;
    pthread_mutex_unlock(&mutex);
    for (int i = 0; i < readers; i++) pthread_join(reading[i].thread, NULL);
    for (int i = 0; i < readers; i++) {
        if (reading[i].fault) fail_msg("reader %d: %s", i, reading[i].fault);
        assert_true(reading[i].rounds > 0);
    }
    assert_int_equal(count_of(seen, K8SC_EVENT_ADD, "last"), 1);
    assert_string_equal(indexed(lister, "v", "0"), "last");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_lister_reads_by_key_namespace_and_selector),
        TEST(cluster_scoped),
        TEST(pointer_index),
        TEST(callback_index),
        TEST(what_was_read_outlives_the_informer),
        TEST(lister_does_not_keep_it_running),
        TEST(many_threads_read),
    };
    return run_named_tests("lister", tests, sizeof tests / sizeof *tests);
}
