/* Caches that keep their objects compressed: nobody who reads them can tell, except by their memory. */
#include "informer_support.h"

enum { maps = 200 };

/* A text that is 1,000 bytes long and another for each seed. */
static const char *long_value(int seed)
{
    static char text[1001];
    unsigned state = (unsigned)seed * 2654435761u + 1;
    for (int i = 0; i < 1000; i++) {
        state = state * 1103515245u + 12345u;
        text[i] = i % 3 ? "the quick brown fox jumps"[i % 25] : (char)('a' + (state >> 16) % 26);
    }
    text[1000] = '\0';
    return text;
}

static void put_long(int which, int seed)
{
    char json[1400];
    snprintf(json, sizeof json,
             "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"m%d\",\"namespace\":\"default\","
             "\"labels\":{\"third\":\"%d\"}},"
             "\"data\":{\"v\":\"%d\",\"odd\":\"\\u00e4\\u20ac \\\"quoted\\\" \\\\ \\n\",\"text\":\"%s\"}}",
             which, which % 3, seed, long_value(seed));
    put_json(json);
}

static void put_all(void)
{
    for (int i = 0; i < maps; i++) put_long(i, i);
}

static k8sc_informer_options *compressing(int64_t from_bytes)
{
    k8sc_error *err;
    k8sc_informer_options *options = informer_options();
    OK(k8sc_informer_options_set_compression_threshold(options, from_bytes, &err));
    return options;
}

static k8sc_object *get(k8sc_lister *lister, const char *name)
{
    k8sc_object *object;
    k8sc_error *err;
    OK(k8sc_lister_get(lister, "default", name, &object, &err));
    return object;
}

/* What is compressed is opened for each who asks; what is not is the same object for all. */
static int is_compressed(k8sc_lister *lister, const char *name)
{
    k8sc_object *one = get(lister, name), *other = get(lister, name);
    int opened = one != other;
    k8sc_object_unref(one);
    k8sc_object_unref(other);
    return opened;
}

static int is_same_text(const k8sc_object *one, const k8sc_object *other)
{
    size_t len, other_len;
    const char *text = k8sc_object_json(one, &len), *other_text = k8sc_object_json(other, &other_len);
    return text && other_text && len == other_len && memcmp(text, other_text, len + 1) == 0;
}

/* Compares two caches byte for byte, through every way to read them. */
static void assert_same(k8sc_lister *plain, k8sc_lister *packed)
{
    k8sc_list *list, *other_list;
    k8sc_error *err;
    OK(k8sc_lister_list(packed, "default", NULL, &list, &err));
    assert_int_equal(k8sc_list_size(list), k8sc_lister_size(plain));
    for (int64_t i = 0; i < k8sc_list_size(list); i++) {
        k8sc_object *own;
        OK(k8sc_list_object(list, i, &own, &err));
        k8sc_object *wanted = get(plain, k8sc_object_name(own)), *got = get(packed, k8sc_object_name(own));
        assert_true(is_same_text(own, wanted));
        assert_true(is_same_text(got, wanted));
        assert_true(is_same_text(k8sc_list_at(list, i), wanted));
        assert_string_equal(k8sc_object_uid(got), k8sc_object_uid(wanted));
        assert_string_equal(k8sc_object_resource_version(got), k8sc_object_resource_version(wanted));
        assert_string_equal(k8sc_object_namespace(got), "default");
        k8sc_object_unref(own);
        k8sc_object_unref(got);
        k8sc_object_unref(wanted);
    }
    k8sc_list_free(list);
    for (int third = 0; third < 3; third++) {
        char value[8], selector[16];
        snprintf(value, sizeof value, "%d", third);
        snprintf(selector, sizeof selector, "third=%d", third);
        OK(k8sc_lister_by_index(packed, "third", value, &list, &err));
        OK(k8sc_lister_list(packed, NULL, selector, &other_list, &err));
        assert_true(k8sc_list_size(list) > maps / 4);
        assert_int_equal(k8sc_list_size(list), k8sc_list_size(other_list));
        for (int64_t i = 0; i < k8sc_list_size(list); i++)
            assert_string_equal(k8sc_object_str(k8sc_list_at(list, i), "/metadata/labels/third", NULL), value);
        k8sc_list_free(list);
        k8sc_list_free(other_list);
    }
}

static void settle(k8sc_informer *informer)
{
    k8sc_error *err;
    char version[32];
    snprintf(version, sizeof version, "%lld", (long long)version_now());
    OK(k8sc_informer_wait_for_resource_version(informer, version, PATIENCE_MS, &err));
}

static void nobody_can_tell(void **state)
{
    (void)state;
    put_all();
    struct recorder *of_plain = new_recorder(), *of_packed = new_recorder();
    k8sc_informer *plain = running_informer(compressing(-1), of_plain),
                  *packed = running_informer(compressing(0), of_packed);
    k8sc_lister *plain_lister = lister_of(plain), *packed_lister = lister_of(packed);
    OK(k8sc_informer_add_label_index(packed, "third", "third", &err));
    assert_false(is_compressed(plain_lister, "m0"));
    assert_true(is_compressed(packed_lister, "m0"));
    assert_same(plain_lister, packed_lister);
    for (int i = 0; i < maps; i += 2) put_long(i, 1000 + i);
    for (int i = 1; i < maps / 4; i += 2) {
        char name[16];
        snprintf(name, sizeof name, "m%d", i);
        remove_map("default", name);
    }
    put_long(maps, maps);
    settle(plain);
    settle(packed);
    assert_true(is_compressed(packed_lister, "m0"));
    assert_true(is_compressed(packed_lister, "m200"));
    assert_same(plain_lister, packed_lister);
    RUN_UNTIL(of_plain->count == of_packed->count && count_of(of_packed, K8SC_EVENT_ADD, "m200") == 1);
    assert_int_equal(count_of(of_packed, K8SC_EVENT_UPDATE, NULL), maps / 2);
    assert_int_equal(count_of(of_packed, K8SC_EVENT_DELETE, NULL), maps / 8);
    struct record told = record_of(of_packed, K8SC_EVENT_UPDATE, "m4", 0);
    assert_string_equal(told.value, "1004");
    assert_string_equal(told.old_value, "4");
    assert_string_not_equal(told.old_version, told.version);
    assert_string_equal(record_of(of_packed, K8SC_EVENT_DELETE, "m3", 0).value, "3");
}

/* A megabyte unless told otherwise. */
static void from_a_size_on(void **state)
{
    (void)state;
    put_all();
    k8sc_informer *informer = running_informer(informer_options(), new_recorder());
    k8sc_lister *lister = lister_of(informer);
    assert_false(is_compressed(lister, "m0"));
    k8sc_object *held = get(lister, "m0");
    int count = maps;
    while (count < 1000) put_long(count, count), count++;
    settle(informer);
    assert_true(is_compressed(lister, "m0"));
    assert_true(is_compressed(lister, "m999"));
    k8sc_object *again = get(lister, "m0");
    assert_true(is_same_text(held, again));
    k8sc_object_unref(held);
    k8sc_object_unref(again);
}

/* Few bytes are left alone, whatever was asked for: there is nothing to make a dictionary of. */
static void too_little(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++) put_long(i, i);
    k8sc_lister *lister = lister_of(running_informer(compressing(0), new_recorder()));
    assert_false(is_compressed(lister, "m0"));
}

static void what_is_held_stays(void **state)
{
    k8sc_list *list;
    (void)state;
    put_all();
    k8sc_informer *informer = running_informer(compressing(0), new_recorder());
    k8sc_lister *lister = lister_of(informer);
    k8sc_object *object = get(lister, "m7");
    OK(k8sc_lister_list(lister, NULL, NULL, &list, &err));
    for (int i = 0; i < maps; i++) {
        char name[16];
        snprintf(name, sizeof name, "m%d", i);
        if (i % 2)
            remove_map("default", name);
        else
            put_long(i, 5000 + i);
    }
    settle(informer);
    assert_int_equal(k8sc_lister_size(lister), maps / 2);
    OK(k8sc_informer_stop(informer, &err));
    assert_string_equal(k8sc_object_str(object, "/data/v", NULL), "7");
    assert_string_equal(k8sc_object_str(object, "/data/text", NULL), long_value(7));
    assert_int_equal(k8sc_list_size(list), maps);
    for (int64_t i = 0; i < maps; i++) {
        k8sc_object *at = k8sc_list_at(list, i), *own;
        int which = atoi(k8sc_object_name(at) + 1);
        assert_int_equal(atoi(k8sc_object_str(at, "/data/v", NULL)), which);
        assert_string_equal(k8sc_object_str(at, "/data/text", NULL), long_value(which));
        assert_string_equal(k8sc_object_str(at, "/data/odd", NULL), "\xc3\xa4\xe2\x82\xac \"quoted\" \\ \n");
        assert_ptr_equal(k8sc_list_at(list, i), at);
        OK(k8sc_list_object(list, i, &own, &err));
        assert_true(is_same_text(own, at));
        if (i == 0) {
            k8sc_object_unref(object);
            object = k8sc_object_ref(own);
        }
        k8sc_object_unref(own);
    }
    k8sc_list_free(list);
    /* One taken out of a list outlives it. */
    assert_non_null(k8sc_object_str(object, "/data/text", NULL));
    k8sc_object_unref(object);
}

static void items_of_a_list(void **state)
{
    k8sc_object *object;
    k8sc_list *list;
    (void)state;
    put_map("default", "a", "1");
    k8sc_lister *lister = lister_of(running_informer(NULL, new_recorder()));
    OK(k8sc_lister_list(lister, NULL, NULL, &list, &err));
    OK(k8sc_list_object(list, 0, &object, &err));
    assert_string_equal(k8sc_object_name(object), "a");
    k8sc_object_unref(object);
    FAILS(K8SC_E_INVALID, k8sc_list_object(list, 1, &object, &err));
    assert_null(object);
    FAILS(K8SC_E_INVALID, k8sc_list_object(list, -1, &object, &err));
    FAILS(K8SC_E_INVALID, k8sc_list_object(list, 0, NULL, &err));
    FAILS(K8SC_E_INVALID, k8sc_list_object(NULL, 0, &object, &err));
    k8sc_list_free(list);
}

static int mark(k8sc_object *object, k8sc_object **out, void *user_data)
{
    k8sc_draft *draft;
    (void)user_data;
    if (k8sc_object_edit(object, &draft, NULL) != K8SC_OK) return 1;
    int failed = k8sc_draft_set_str(draft, "/data/marked", "yes", NULL) != K8SC_OK ||
                 k8sc_draft_freeze(draft, out, NULL) != K8SC_OK;
    k8sc_draft_free(draft);
    return failed;
}

static void after_a_transform(void **state)
{
    (void)state;
    put_all();
    k8sc_informer_options *options = compressing(0);
    OK(k8sc_informer_options_set_transform(options, mark, NULL, NULL, &err));
    struct recorder *seen = new_recorder();
    k8sc_lister *lister = lister_of(running_informer(options, seen));
    assert_true(is_compressed(lister, "m0"));
    put_long(0, 77);
    RUN_UNTIL(count_of(seen, K8SC_EVENT_UPDATE, "m0") == 1);
    for (int i = 0; i < maps; i++) {
        char name[16];
        snprintf(name, sizeof name, "m%d", i);
        k8sc_object *object = get(lister, name);
        assert_string_equal(k8sc_object_str(object, "/data/marked", NULL), "yes");
        assert_string_equal(k8sc_object_str(object, "/data/text", NULL), long_value(i ? i : 77));
        k8sc_object_unref(object);
    }
    assert_string_equal(record_of(seen, K8SC_EVENT_UPDATE, "m0", 0).old_value, "0");
}

struct reader {
    pthread_t thread;
    k8sc_lister *lister;
    int *stop;
    int rounds, wrong;
};

/* data.v says which text goes with it. */
static int is_whole(const k8sc_object *object)
{
    const char *seed = k8sc_object_str(object, "/data/v", NULL), *text = k8sc_object_str(object, "/data/text", NULL);
    return seed && text && strlen(text) == 1000 && k8sc_object_name(object)[0] == 'm';
}

static void *read_always(void *argument)
{
    struct reader *self = argument;
    while (!__atomic_load_n(self->stop, __ATOMIC_ACQUIRE) || self->rounds == 0) {
        k8sc_list *list = NULL;
        if (k8sc_lister_by_index(self->lister, "third", "1", &list, NULL) != K8SC_OK) self->wrong++;
        for (int64_t i = 0; i < k8sc_list_size(list); i += 7) {
            k8sc_object *own = NULL;
            if (k8sc_list_object(list, i, &own, NULL) != K8SC_OK || !is_whole(own) ||
                !is_same_text(own, k8sc_list_at(list, i)))
                self->wrong++;
            k8sc_object_unref(own);
        }
        k8sc_list_free(list);
        self->rounds++;
    }
    return NULL;
}

static void many_read(void **state)
{
    enum { readers = 3 };
    struct reader reading[readers];
    int stop = 0, wrong = 0;
    (void)state;
    put_all();
    struct recorder *seen = new_recorder();
    k8sc_informer *informer = running_informer(compressing(0), seen);
    k8sc_lister *lister = lister_of(informer);
    OK(k8sc_informer_add_label_index(informer, "third", "third", &err));
    for (int i = 0; i < readers; i++) {
        reading[i] = (struct reader){.lister = lister, .stop = &stop};
        assert_int_equal(pthread_create(&reading[i].thread, NULL, read_always, &reading[i]), 0);
    }
    for (int i = 0; i < 600; i++) {
        put_long(i % maps, i);
        if (i % 50 == 0) turn();
    }
    __atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
    for (int i = 0; i < readers; i++) {
        pthread_join(reading[i].thread, NULL);
        wrong += reading[i].wrong;
    }
    assert_int_equal(wrong, 0);
    settle(informer);
    assert_true(is_compressed(lister, "m0"));
}

static void wrong_sizes(void **state)
{
    (void)state;
    FAILS(K8SC_E_INVALID, k8sc_informer_options_set_compression_threshold(informer_options(), -2, &err));
    assert_contains(k8sc_error_message(failure), "from_bytes is -2");
    FAILS(K8SC_E_INVALID, k8sc_informer_options_set_compression_threshold(NULL, 0, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nobody_can_tell), TEST(from_a_size_on),    TEST(too_little), TEST(what_is_held_stays),
        TEST(items_of_a_list), TEST(after_a_transform), TEST(many_read),  TEST(wrong_sizes),
    };
    return run_named_tests("compressed", tests, sizeof tests / sizeof *tests);
}
