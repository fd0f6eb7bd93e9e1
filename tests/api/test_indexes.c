/* Indexes over labels and owners, and lists by selectors. */
#include "informer_support.h"

static int64_t value_count(k8sc_lister *lister, const char *index)
{
    k8sc_strings *strings;
    k8sc_error *err;
    OK(k8sc_lister_index_values(lister, index, &strings, &err));
    int64_t count = k8sc_strings_size(strings);
    k8sc_strings_free(strings);
    return count;
}

static void by_label(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    put_labelled("default", "a", "1", "{\"app.kubernetes.io/name\":\"web\",\"tier\":\"front\"}");
    put_labelled("other", "b", "1", "{\"app.kubernetes.io/name\":\"web\"}");
    put_labelled("default", "c", "1", "{\"app.kubernetes.io/name\":\"\"}");
    put_labelled("default", "d", "1", "{}");
    k8sc_informer *informer = new_informer(NULL);
    k8sc_lister *lister = lister_of(informer);
    OK(k8sc_informer_add_label_index(informer, "app", "app.kubernetes.io/name", &err));
    attach(informer, seen);
    OK(k8sc_informer_start(informer, &err));
    RUN_UNTIL(count_of(seen, K8SC_EVENT_SYNC, NULL) == 1);
    /* One more, over what is there already. */
    OK(k8sc_informer_add_label_index(informer, "tier", "tier", &err));
    assert_string_equal(indexed(lister, "app", "web"), "a b");
    assert_string_equal(indexed(lister, "app", ""), "c");
    assert_string_equal(indexed(lister, "app", "none"), "");
    assert_string_equal(indexed(lister, "tier", "front"), "a");
    assert_int_equal(value_count(lister, "app"), 2);
    assert_int_equal(value_count(lister, "tier"), 1);
    AWAIT(k8sc_testing_server_watch_count(server) >= 1);
    put_labelled("default", "a", "2", "{\"app.kubernetes.io/name\":\"db\"}");
    put_labelled("default", "d", "2", "{\"tier\":\"back\"}");
    remove_map("other", "b");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_DELETE, "b") == 1);
    assert_string_equal(indexed(lister, "app", "web"), "");
    assert_string_equal(indexed(lister, "app", "db"), "a");
    assert_string_equal(indexed(lister, "tier", "front"), "");
    assert_string_equal(indexed(lister, "tier", "back"), "d");
    assert_int_equal(value_count(lister, "app"), 2);
}

static void put_owned(const char *name, const char *owners)
{
    char json[1024];
    snprintf(json, sizeof json,
             "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\",\"namespace\":\"default\","
             "\"ownerReferences\":[%s]}}",
             name, owners);
    put_json(json);
}

#define OWNER(uid) "{\"apiVersion\":\"apps/v1\",\"kind\":\"ReplicaSet\",\"name\":\"rs\",\"uid\":\"" uid "\"}"

static void by_owner(void **state)
{
    struct recorder *seen = new_recorder();
    (void)state;
    put_owned("a", OWNER("u1"));
    put_owned("b", OWNER("u1") "," OWNER("u2"));
    put_owned("c", OWNER("u2") "," OWNER("u2"));
    put_map("default", "d", "1");
    k8sc_informer *informer = new_informer(NULL);
    k8sc_lister *lister = lister_of(informer);
    OK(k8sc_informer_add_owner_index(informer, "before", &err));
    attach(informer, seen);
    OK(k8sc_informer_start(informer, &err));
    RUN_UNTIL(count_of(seen, K8SC_EVENT_SYNC, NULL) == 1);
    OK(k8sc_informer_add_owner_index(informer, "after", &err));
    AWAIT(k8sc_testing_server_watch_count(server) >= 1);
    const char *names[] = {"before", "after"};
    for (int i = 0; i < 2; i++) {
        assert_string_equal(indexed(lister, names[i], "u1"), "a b");
        assert_string_equal(indexed(lister, names[i], "u2"), "b c");
        assert_string_equal(indexed(lister, names[i], "rs"), "");
        assert_int_equal(value_count(lister, names[i]), 2);
    }
    put_owned("a", OWNER("u3"));
    put_owned("b", OWNER("u2"));
    remove_map("default", "c");
    RUN_UNTIL(count_of(seen, K8SC_EVENT_DELETE, "c") == 1);
    for (int i = 0; i < 2; i++) {
        assert_string_equal(indexed(lister, names[i], "u1"), "");
        assert_string_equal(indexed(lister, names[i], "u2"), "b");
        assert_string_equal(indexed(lister, names[i], "u3"), "a");
    }
}

static void wrong_indexes(void **state)
{
    k8sc_error *err;
    (void)state;
    k8sc_informer *informer = new_informer(NULL);
    OK(k8sc_informer_add_label_index(informer, "app", "app", &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_add_label_index(informer, "app", "other", &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_add_owner_index(informer, "app", &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_add_owner_index(informer, "namespace", &err));
    const char *no_keys[] = {"", "-a", "a=b", "a b", "a,b", "/a", "a/", "a/b/c", "!a"};
    for (size_t i = 0; i < sizeof no_keys / sizeof *no_keys; i++) {
        k8sc_status status = k8sc_informer_add_label_index(informer, no_keys[i], no_keys[i], &err);
        if (status != K8SC_E_PARSE) fail_msg("the key \"%s\": %s", no_keys[i], k8sc_status_name(status));
        k8sc_error_free(err);
    }
    FAILS(K8SC_E_INVALID, k8sc_informer_add_label_index(informer, NULL, "a", &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_add_label_index(informer, "x", NULL, &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_add_label_index(NULL, "x", "a", &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_add_owner_index(informer, NULL, &err));
    FAILS(K8SC_E_INVALID, k8sc_informer_add_owner_index(NULL, "x", &err));
    OK(k8sc_informer_stop(informer, &err));
    FAILS(K8SC_E_STATE, k8sc_informer_add_label_index(informer, "x", "a", &err));
    FAILS(K8SC_E_STATE, k8sc_informer_add_owner_index(informer, "x", &err));
}

/* What a lister has for a label selector and a field selector; NULL: none. */
static const char *selected(k8sc_lister *lister, const char *space, const char *labels, const char *fields)
{
    k8sc_options *options;
    k8sc_list *list;
    k8sc_error *err;
    OK(k8sc_options_new(&options, &err));
    if (labels) OK(k8sc_options_set_label_selector(options, labels, &err));
    if (fields) OK(k8sc_options_set_field_selector(options, fields, &err));
    k8sc_status status = k8sc_lister_select(lister, space, options, &list, &err);
    k8sc_options_free(options);
    OK(status);
    return names_of(list);
}

static void select_some(void **state)
{
    k8sc_list *list;
    (void)state;
    put_labelled("one", "a", "1", "{\"app\":\"x\",\"tier\":\"front\"}");
    put_labelled("one", "b", "2", "{\"app\":\"y\"}");
    put_labelled("two", "a", "3", "{\"app\":\"x\"}");
    put_labelled("two", "c", "4", "{}");
    k8sc_lister *lister = lister_of(running_informer(NULL, new_recorder()));
    OK(k8sc_lister_select(lister, NULL, NULL, &list, &err));
    assert_string_equal(names_of(list), "a a b c");
    OK(k8sc_lister_select(lister, "two", NULL, &list, &err));
    assert_string_equal(names_of(list), "a c");
    assert_string_equal(selected(lister, NULL, NULL, NULL), "a a b c");
    assert_string_equal(selected(lister, "", "app=x", NULL), "a a");
    assert_string_equal(selected(lister, "one", "app=x", NULL), "a");
    assert_string_equal(selected(lister, "one", "app in (x,y),!tier", NULL), "b");
    assert_string_equal(selected(lister, NULL, NULL, "metadata.name=a"), "a a");
    assert_string_equal(selected(lister, NULL, NULL, "metadata.name!=a"), "b c");
    assert_string_equal(selected(lister, NULL, NULL, "metadata.namespace=two"), "a c");
    assert_string_equal(selected(lister, NULL, NULL, "metadata.namespace!=two,metadata.name=a"), "a");
    assert_string_equal(selected(lister, "one", NULL, "metadata.namespace=two"), "");
    assert_string_equal(selected(lister, NULL, "app", "metadata.name!=b"), "a a");
    /* A snapshot. */
    OK(k8sc_lister_select(lister, "one", NULL, &list, &err));
    remove_map("one", "a");
    RUN_UNTIL(k8sc_lister_size(lister) == 3);
    assert_string_equal(names_of(list), "a b");
}

static void select_wrongly(void **state)
{
    k8sc_options *options;
    k8sc_list *list;
    (void)state;
    k8sc_lister *lister = lister_of(new_informer(NULL));
    OK(k8sc_options_new(&options, &err));
    OK(k8sc_options_set_field_selector(options, "spec.nodeName=n", &err));
    FAILS(K8SC_E_INVALID, k8sc_lister_select(lister, NULL, options, &list, &err));
    assert_null(list);
    assert_contains(k8sc_error_message(failure), "spec.nodeName");
    OK(k8sc_options_set_field_selector(options, "metadata.name=a", &err));
    OK(k8sc_options_set_limit(options, 5, &err));
    FAILS(K8SC_E_INVALID, k8sc_lister_select(lister, NULL, options, &list, &err));
    k8sc_options_free(options);
    FAILS(K8SC_E_INVALID, k8sc_lister_select(NULL, NULL, NULL, &list, &err));
    FAILS(K8SC_E_INVALID, k8sc_lister_select(lister, NULL, NULL, NULL, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(by_label), TEST(by_owner), TEST(wrong_indexes), TEST(select_some), TEST(select_wrongly),
    };
    return run_named_tests("indexes", tests, sizeof tests / sizeof *tests);
}
