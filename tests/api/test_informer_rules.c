/* What informers leave out of objects: the same from lists and from watches, to the byte, and in indexes, too. */
#include "informer_support.h"

/* A ConfigMap with all that rules speak of; the name is of one letter. */
static void put_rich(const char *name, const char *value)
{
    char json[1024];
    snprintf(json, sizeof json,
             "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\",\"namespace\":\"default\","
             "\"labels\":{\"app\":\"x\"},"
             "\"annotations\":{\"drop.io/a\":\"1\",\"drop.io/b\":\"2\",\"keep.io/a\":\"3\"},\"finalizers\":[\"a.io/"
             "f\",\"b.io/f\"]},"
             "\"data\":{\"v\":\"%s\",\"w\":\"large\"}}",
             name, value);
    put_json(json);
}

/* The text of an object in the cache, without what differs between two objects made alike. Overwritten by the next
 * call. */
static const char *plain(k8sc_lister *lister, const char *name)
{
    static char text[4096];
    k8sc_object *object;
    k8sc_error *err;
    if (k8sc_lister_get(lister, "default", name, &object, &err) < 0) {
        k8sc_error_free(err);
        return "";
    }
    snprintf(text, sizeof text, "%s", k8sc_object_json(object, NULL));
    const char *vary[] = {"\"uid\":\"", "\"resourceVersion\":\"", "\"creationTimestamp\":\""};
    for (size_t i = 0; i < sizeof vary / sizeof *vary; i++) {
        char *from = strstr(text, vary[i]);
        if (!from) continue;
        from += strlen(vary[i]);
        char *to = strchr(from, '"');
        memmove(from, to, strlen(to) + 1);
    }
    char *at = strstr(text, "\"name\":\"");
    if (at) at[8] = '_';
    k8sc_object_unref(object);
    return text;
}

/* One that was listed, one that a watch added, and that one changed: all the same. Answers its text. */
static const char *same_both_ways(k8sc_informer_options *options, struct recorder *seen)
{
    static char listed[4096];
    put_rich("a", "1");
    k8sc_informer *informer = running_informer(options, seen);
    k8sc_lister *lister = lister_of(informer);
    snprintf(listed, sizeof listed, "%s", plain(lister, "a"));
    put_rich("b", "1");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_ADD, "b") == 1);
    assert_string_equal(plain(lister, "b"), listed);
    put_rich("b", "2");
    put_rich("b", "1");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_UPDATE, "b") == 2);
    assert_string_equal(plain(lister, "b"), listed);
    return listed;
}

static void nothing_is_left_out(void **state)
{
    (void)state;
    const char *text = same_both_ways(informer_options(), new_recorder());
    assert_non_null(strstr(text, "\"drop.io/a\":\"1\""));
    assert_non_null(strstr(text, "\"w\":\"large\""));
}

static void annotations_and_paths(void **state)
{
    k8sc_informer_options *options = informer_options();
    (void)state;
    OK(k8sc_informer_options_drop_annotations(options, "drop.io/", &err));
    OK(k8sc_informer_options_drop_path(options, "/data/w", &err));
    OK(k8sc_informer_options_drop_path(options, "/metadata/finalizers/0", &err));
    const char *text = same_both_ways(options, new_recorder());
    assert_null(strstr(text, "drop.io"));
    assert_null(strstr(text, "large"));
    assert_non_null(strstr(text, "\"annotations\":{\"keep.io/a\":\"3\"}"));
    assert_non_null(strstr(text, "\"finalizers\":[\"b.io/f\"]"));
    assert_non_null(strstr(text, "\"data\":{\"v\":\"1\"}"));
}

static void kept_paths(void **state)
{
    k8sc_informer_options *options = informer_options();
    (void)state;
    OK(k8sc_informer_options_keep_path(options, "/data/v", &err));
    assert_string_equal(same_both_ways(options, new_recorder()),
                        "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"_\",\"namespace\":"
                        "\"default\",\"uid\":\"\","
                        "\"resourceVersion\":\"\",\"labels\":{\"app\":\"x\"}},\"data\":{\"v\":\"1\"}}");
}

/* Deleted ones are handed out as they were stored; selectors still find by labels, and indexes what is left. */
static void deletes_and_indexes(void **state)
{
    struct recorder *seen = new_recorder();
    k8sc_informer_options *options = informer_options();
    k8sc_list *list;
    (void)state;
    OK(k8sc_informer_options_keep_path(options, "/data/w", &err));
    put_rich("a", "1");
    k8sc_informer *informer = new_informer(options);
    OK(k8sc_informer_add_pointer_index(informer, "v", "/data/v", &err));
    OK(k8sc_informer_add_pointer_index(informer, "w", "/data/w", &err));
    attach(informer, seen);
    OK(k8sc_informer_start(informer, &err));
    RUN_UNTIL(count_of(seen, K8SC_EVENT_SYNC, NULL) == 1);
    k8sc_lister *lister = lister_of(informer);
    OK(k8sc_lister_by_index(lister, "v", "1", &list, &err));
    int64_t by_dropped = k8sc_list_size(list);
    k8sc_list_free(list);
    OK(k8sc_lister_by_index(lister, "w", "large", &list, &err));
    int64_t by_kept = k8sc_list_size(list);
    k8sc_list_free(list);
    OK(k8sc_lister_list(lister, "default", "app=x", &list, &err));
    int64_t by_label = k8sc_list_size(list);
    k8sc_list_free(list);
    assert_int_equal(by_dropped, 0);
    assert_int_equal(by_kept, 1);
    assert_int_equal(by_label, 1);
    remove_map("default", "a");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_DELETE, "a") == 1);
    /* The recorder's value is data.v. */
    assert_string_equal(record_of(seen, K8SC_EVENT_DELETE, "a", 0).value, "");
}

static void metadata_from(int partial, char *text, size_t size)
{
    k8sc_testing_options *serving = server_options();
    k8sc_informer_options *options = informer_options();
    k8sc_error *err;
    OK(k8sc_testing_options_set_partial_objects(serving, partial, &err));
    use_server(serving);
    OK(k8sc_informer_options_set_metadata_only(options, 1, &err));
    snprintf(text, size, "%s", same_both_ways(options, new_recorder()));
}

/* Whether the server answers with metadata only, or does not know how to. */
static void metadata_only(void **state)
{
    char partial[4096], whole[4096];
    (void)state;
    metadata_from(1, partial, sizeof partial);
    metadata_from(0, whole, sizeof whole);
    assert_string_equal(partial, whole);
    const char *head = "{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/"
                       "v1\",\"metadata\":{\"name\":\"_\",\"namespace\":\"default\"";
    assert_memory_equal(whole, head, strlen(head));
    assert_non_null(strstr(whole, "\"keep.io/a\":\"3\""));
    assert_null(strstr(whole, "large"));
}

/* The server is really asked for it, and really answers with less. */
static void the_server_sends_metadata(void **state)
{
    k8sc_request *request;
    k8sc_result *result;
    size_t len;
    (void)state;
    put_rich("a", "1");
    k8sc_rest_client *rest;
    OK(k8sc_client_rest(client, "", "v1", &rest, &err));
    OK(k8sc_rest_client_get(rest, &request, &err));
    k8sc_request_set_resource(request, "configmaps");
    k8sc_request_set_header(request, "Accept",
                            "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json");
    k8sc_status status = k8sc_request_do(request, &result, &err);
    k8sc_request_free(request);
    k8sc_rest_client_unref(rest);
    OK(status);
    char body[4096];
    snprintf(body, sizeof body, "%s", (const char *)k8sc_result_body(result, &len));
    k8sc_result_free(result);
    assert_non_null(strstr(body, "{\"kind\":\"PartialObjectMetadataList\",\"apiVersion\":\"meta.k8s.io/v1\""));
    assert_non_null(strstr(
        body, "{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/v1\",\"metadata\":{\"name\":\"a\""));
    assert_null(strstr(body, "large"));
}

static void pointers_that_are_refused(void **state)
{
    k8sc_informer_options *options = informer_options();
    (void)state;
    OK(k8sc_informer_options_drop_path(options, "/data/w", &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_options_drop_path(options, "data/v", &err));
    assert_contains(k8sc_error_message(failure), "\"data/v\"");
    FAILS(K8SC_E_INVALID, k8sc_informer_options_keep_path(options, "/data~", &err));
    assert_contains(k8sc_error_message(failure), "\"/data~\"");
    FAILS(K8SC_E_INVALID, k8sc_informer_options_drop_path(options, "/metadata/labels/app", &err));
    assert_contains(k8sc_error_message(failure), "\"/metadata/labels/app\"");
    FAILS(K8SC_E_INVALID, k8sc_informer_options_keep_path(options, "", &err));
    /* What was set before is still set, and nothing else. */
    const char *text = same_both_ways(options, new_recorder());
    assert_null(strstr(text, "large"));
    assert_non_null(strstr(text, "\"data\":{\"v\":\"1\"}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_left_out),       TEST(annotations_and_paths), TEST(kept_paths),
        TEST(deletes_and_indexes),       TEST(metadata_only),         TEST(the_server_sends_metadata),
        TEST(pointers_that_are_refused),
    };
    return run_named_tests("informer rules", tests, sizeof tests / sizeof *tests);
}
