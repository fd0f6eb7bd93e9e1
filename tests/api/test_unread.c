/* Objects that cannot be read: too deep, not UTF-8, too large, with metadata of another type. Each is an ERROR that
 * names it; the others arrive, and what is known of it stays. */
#include "informer_support.h"

#define DEEP "\"deep\":20000"
#define NOT_UTF8 "\"invalid_utf8\":true"
#define TOO_LARGE "\"oversized_frame_bytes\":100000"

static void use_small_objects(void)
{
    k8sc_error *err;
    k8sc_config *config = client_config();
    OK(k8sc_config_set_max_object_bytes(config, 65536, &err));
    use_client(config);
}

/* A fault of the first object in each answer to this verb. */
static void spoil(const char *verb, const char *what)
{
    char rule[256];
    snprintf(rule, sizeof rule, "{\"verb\":\"%s\",\"resource\":\"configmaps\",%s}", verb, what);
    fault(rule);
}

static void says(struct recorder *seen, int nth, int32_t code, const char *who)
{
    struct record error = record_of(seen, K8SC_EVENT_ERROR, NULL, nth);
    if (error.code != code || !strstr(error.message, who) || !strstr(error.message, "configmaps"))
        fail_msg("%s: %s", k8sc_status_name(error.code), error.message);
}

/* A list made again tells of what has not changed, too: the last update counts. */
static int told_of(struct recorder *seen, const char *name, const char *value)
{
    return count_of(seen, K8SC_EVENT_UPDATE, name) > 0 &&
           strcmp(record_of(seen, K8SC_EVENT_UPDATE, name, -1).value, value) == 0;
}

static int keep_it(k8sc_object *object, k8sc_object **out, void *unused)
{
    (void)object, (void)out, (void)unused;
    return 0;
}

static k8sc_informer_options *options_with(int transforms)
{
    k8sc_informer_options *options = informer_options();
    k8sc_error *err;
    if (transforms) OK(k8sc_informer_options_set_transform(options, keep_it, NULL, NULL, &err));
    return options;
}

static const struct {
    const char *fault;
    int32_t code;
    const char *named;
} faults[] = {{DEEP, K8SC_E_TOO_LARGE, "\"default/a\""},
              {NOT_UTF8, K8SC_E_DECODE, "\"default/a\""},
              {TOO_LARGE, K8SC_E_TOO_LARGE, "item 0"}};

/* The others of the list arrive, and the watch goes on behind it. It is listed once more, in case that it was an
 * accident, and no more. */
static void others_of_a_list_arrive(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        for (int transforms = 0; transforms < 2; transforms++) {
            struct recorder *seen = new_recorder();
            use_server(server_options());
            use_small_objects();
            put_map("default", "a", "1");
            put_map("default", "b", "1");
            put_map("other", "c", "1");
            spoil("list", faults[i].fault);
            k8sc_informer *informer = running_informer(options_with(transforms), seen);
            assert_int_equal(count_of(seen, K8SC_EVENT_ADD, NULL), 2);
            says(seen, 0, faults[i].code, faults[i].named);
            RUN_UNTIL(count_of(seen, K8SC_EVENT_ERROR, NULL) == 2 && requests("watch") == 2);
            says(seen, 1, faults[i].code, faults[i].named);
            put_map("default", "b", "2");
            RUN_UNTIL(told_of(seen, "b", "2"));
            /* As it comes now it can be read. */
            put_map("default", "a", "2");
            RUN_UNTIL(count_of(seen, K8SC_EVENT_ADD, "a") == 1);
            assert_string_equal(cached(lister_of(informer), "default", "a"), "2");
            assert_int_equal(requests("list"), 2);
            assert_int_equal(count_of(seen, K8SC_EVENT_ERROR, NULL), 2);
            assert_int_equal(count_of(seen, K8SC_EVENT_DELETE, NULL), 0);
        }
}

static void list_again(k8sc_informer *informer)
{
    k8sc_error *err;
    RUN_UNTIL(statistic(informer, "connected") == 1);
    fault("{\"verb\":\"watch\",\"error_event\":{\"code\":410,\"reason\":\"Expired\"},\"times\":1}");
    OK(k8sc_testing_server_disconnect(server, &err));
}

static void what_is_known_stays(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        for (int transforms = 0; transforms < 2; transforms++) {
            struct recorder *seen = new_recorder();
            use_server(server_options());
            use_small_objects();
            put_map("default", "a", "1");
            put_map("default", "b", "1");
            k8sc_informer *informer = running_informer(options_with(transforms), seen);
            spoil("list", faults[i].fault);
            list_again(informer);
            RUN_UNTIL(count_of(seen, K8SC_EVENT_ERROR, NULL) == 2 && requests("list") == 3);
            put_map("default", "c", "1");
            RUN_UNTIL(count_of(seen, K8SC_EVENT_ADD, "c") == 1);
            assert_int_equal(count_of(seen, K8SC_EVENT_DELETE, NULL), 0);
            assert_string_equal(cached(lister_of(informer), "default", "a"), "1");
            remove_map("default", "a");
            RUN_UNTIL(count_of(seen, K8SC_EVENT_DELETE, "a") == 1);
        }
}

/* An accident on the way is made good soon. */
static void a_list_that_was_spoiled_once(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    put_map("default", "a", "1");
    put_map("default", "b", "1");
    fault("{\"verb\":\"list\",\"times\":1," NOT_UTF8 "}");
    running_informer(NULL, seen);
    assert_int_equal(count_of(seen, K8SC_EVENT_ADD, "a"), 0);
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ADD, "a") == 1);
    assert_int_equal(count_of(seen, K8SC_EVENT_ERROR, NULL), 1);
    assert_int_equal(count_of(seen, K8SC_EVENT_ADD, NULL), 2);
}

/* The next events come by the same watch; then a list makes it good. */
static void others_of_a_watch_arrive(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++)
        for (int transforms = 0; transforms < 2; transforms++) {
            struct recorder *seen = new_recorder();
            use_server(server_options());
            put_map("default", "a", "1");
            spoil("watch", faults[i].fault);
            k8sc_informer *informer = running_informer(options_with(transforms), seen);
            AWAIT(requests("watch") == 1);
            put_map("default", "a", "2");
            put_map("default", "b", "1");
            RUN_UNTIL(count_of(seen, K8SC_EVENT_ADD, "b") == 1);
            says(seen, 0, faults[i].code, faults[i].named);
            assert_string_equal(history(seen, 2), "ERROR, ADD b");
            assert_int_equal(requests("watch"), 1);
            RUN_UNTIL(count_of(seen, K8SC_EVENT_UPDATE, "a") == 1);
            assert_int_equal(requests("list"), 2);
            assert_string_equal(cached(lister_of(informer), "default", "a"), "2");
        }
}

static void a_deletion_whose_object_cannot_be_read(void **state)
{
    (void)state;
    for (int transforms = 0; transforms < 2; transforms++) {
        struct recorder *seen = new_recorder();
        use_server(server_options());
        put_map("default", "a", "1");
        spoil("watch", DEEP);
        running_informer(options_with(transforms), seen);
        AWAIT(requests("watch") == 1);
        remove_map("default", "a");
        RUN_UNTIL(count_of(seen, K8SC_EVENT_DELETE, "a") == 1);
        struct record gone = record_of(seen, K8SC_EVENT_DELETE, "a", 0);
        assert_int_equal(gone.inferred, 1);
        assert_string_equal(gone.value, "1");
        says(seen, 0, K8SC_E_TOO_LARGE, "\"default/a\"");
        assert_int_equal(requests("watch"), 1);
    }
}

static void streaming_lists(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    list_mode = K8SC_LIST_STREAM;
    use_server(server_options());
    put_map("default", "a", "1");
    put_map("default", "b", "1");
    spoil("watch", NOT_UTF8);
    k8sc_informer *informer = running_informer(informer_options(), seen);
    assert_int_equal(count_of(seen, K8SC_EVENT_ADD, "b"), 1);
    says(seen, 0, K8SC_E_DECODE, "\"default/a\"");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ERROR, NULL) == 2 && requests("watch") == 2);
    put_map("default", "b", "2");
    RUN_UNTIL(told_of(seen, "b", "2"));
    put_map("default", "a", "2");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ADD, "a") == 1);
    assert_string_equal(cached(lister_of(informer), "default", "a"), "2");
    assert_int_equal(requests("list"), 0);
}

static void metadata_of_another_type(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    fault("{\"verb\":\"list\",\"garbage\":\"{\\\"kind\\\":\\\"ConfigMapList\\\",\\\"apiVersion\\\":\\\"v1\\\","
          "\\\"metadata\\\":{\\\"resourceVersion\\\":\\\"1\\\"},\\\"items\\\":["
          "{\\\"metadata\\\":[]},{\\\"metadata\\\":{\\\"name\\\":\\\"x\\\",\\\"namespace\\\":5}},"
          "{\\\"metadata\\\":{\\\"name\\\":\\\"b\\\",\\\"namespace\\\":\\\"default\\\",\\\"uid\\\":\\\"u\\\","
          "\\\"resourceVersion\\\":\\\"1\\\"}}]}\"}");
    running_informer(NULL, seen);
    assert_int_equal(count_of(seen, K8SC_EVENT_ADD, NULL), 1);
    assert_int_equal(count_of(seen, K8SC_EVENT_ADD, "b"), 1);
    says(seen, 0, K8SC_E_DECODE, "metadata is an array");
    says(seen, 1, K8SC_E_DECODE, "\"x\": metadata.namespace is a number");
}

/* Who asks for a list wants all of it; who reads a watch is told which one it was. */
static void plain_lists_and_watches(void **state)
{
    k8sc_resource *resource;
    k8sc_list *list;
    k8sc_watch *watch;
    (void)state;
    put_map("default", "a", "1");
    put_map("default", "b", "1");
    OK(k8sc_client_resource(client, "", "v1", "configmaps", "default", &resource, &err));
    for (size_t i = 0; i < 2; i++) {
        struct recorder *seen = new_recorder();
        fault(i ? "{" NOT_UTF8 "}" : "{" DEEP "}");
        FAILS(faults[i].code, k8sc_resource_list(resource, NULL, &list, &err));
        if (!strstr(k8sc_error_message(failure), "item 0") || !strstr(k8sc_error_message(failure), faults[i].named))
            fail_msg("%s", k8sc_error_message(failure));
        FAILS(faults[i].code, k8sc_resource_list_all(resource, NULL, &list, &err));
        if (!strstr(k8sc_error_message(failure), faults[i].named)) fail_msg("%s", k8sc_error_message(failure));
        OK(k8sc_resource_watch(resource, NULL, RECORD(seen), &watch, &err));
        seen->used = 1;
        RUN_UNTIL(count_of(seen, K8SC_EVENT_ERROR, NULL) == 1);
        struct record error = record_of(seen, K8SC_EVENT_ERROR, NULL, 0);
        assert_int_equal(error.code, faults[i].code);
        if (!strstr(error.message, faults[i].named)) fail_msg("%s", error.message);
        RUN_UNTIL(destroyed(seen) == 1);
        k8sc_watch_unref(watch);
        clear_faults();
    }
    k8sc_resource_unref(resource);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(others_of_a_list_arrive),
        TEST(what_is_known_stays),
        TEST(a_list_that_was_spoiled_once),
        TEST(others_of_a_watch_arrive),
        TEST(a_deletion_whose_object_cannot_be_read),
        TEST(streaming_lists),
        TEST(metadata_of_another_type),
        TEST(plain_lists_and_watches),
    };
    return run_named_tests("api unread", tests, sizeof tests / sizeof *tests);
}
