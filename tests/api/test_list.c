/* Lists: one page, all pages, and the iterator over them. */
#include "support.h"

static k8sc_options *limited(int64_t limit)
{
    k8sc_options *options = new_options();
    OK(k8sc_options_set_limit(options, limit, &err));
    return options;
}

static void assert_names(const k8sc_list *list, int count)
{
    char name[32];
    assert_int_equal(k8sc_list_size(list), count);
    for (int i = 0; i < count; i++) {
        snprintf(name, sizeof name, "map-%04d", i);
        assert_string_equal(k8sc_object_name(k8sc_list_at(list, i)), name);
    }
}

static void a_list_has_all_objects_and_its_version(void **state)
{
    k8sc_list *list = NULL;
    int64_t version = 0;
    char text[32];
    (void)state;
    seed_maps(30);
    OK(k8sc_testing_server_resource_version(server, &version, &err));
    OK(k8sc_resource_list(CONFIG_MAPS(), NULL, &list, &err));
    assert_names(keep_list(list), 30);
    snprintf(text, sizeof text, "%lld", (long long)version);
    assert_string_equal(k8sc_list_resource_version(list), text);
    assert_string_equal(k8sc_list_continue(list), "");
    assert_int_equal(k8sc_list_remaining_item_count(list), -1);
    assert_null(k8sc_list_at(list, 30));
    assert_null(k8sc_list_at(list, -1));
    /* An object outlives its list. */
    OK(k8sc_resource_list(CONFIG_MAPS(), NULL, &list, &err));
    k8sc_object *kept = keep_object(k8sc_object_ref(k8sc_list_at(list, 7)));
    k8sc_list_free(list);
    assert_string_equal(k8sc_object_name(kept), "map-0007");
}

static void an_empty_list_is_no_error(void **state)
{
    k8sc_list *list = NULL;
    k8sc_pager *pager = NULL;
    k8sc_object *object = NULL;
    (void)state;
    OK(k8sc_resource_list(CONFIG_MAPS(), NULL, &list, &err));
    assert_int_equal(k8sc_list_size(keep_list(list)), 0);
    OK(k8sc_resource_list_all(CONFIG_MAPS(), NULL, &list, &err));
    assert_int_equal(k8sc_list_size(keep_list(list)), 0);
    OK(k8sc_resource_pages(CONFIG_MAPS(), NULL, &pager, &err));
    OK(k8sc_pager_next(pager, &object, &err));
    assert_null(object);
    OK(k8sc_pager_next(pager, &object, &err));
    assert_null(object);
    k8sc_pager_free(pager);
}

static void one_page(void **state)
{
    k8sc_options *options = limited(4);
    k8sc_list *list = NULL;
    (void)state;
    seed_maps(10);
    OK(k8sc_resource_list(CONFIG_MAPS(), options, &list, &err));
    assert_names(keep_list(list), 4);
    assert_int_equal(k8sc_list_remaining_item_count(list), 6);
    assert_true(*k8sc_list_continue(list) != '\0');
    OK(k8sc_options_set_continue(options, k8sc_list_continue(list), &err));
    OK(k8sc_resource_list(CONFIG_MAPS(), options, &list, &err));
    assert_string_equal(k8sc_object_name(k8sc_list_at(keep_list(list), 0)), "map-0004");
    assert_int_equal(k8sc_list_remaining_item_count(list), 2);
}

/* Built-in lists do not say what their items are; the items are told. */
static void kinds_of_items(void **state)
{
    k8sc_list *list = NULL;
    (void)state;
    seed_maps(2);
    OK(k8sc_resource_list(CONFIG_MAPS(), NULL, &list, &err));
    for (int i = 0; i < 2; i++) {
        assert_string_equal(k8sc_object_kind(k8sc_list_at(list, i)), "ConfigMap");
        assert_string_equal(k8sc_object_api_version(k8sc_list_at(list, i)), "v1");
    }
    k8sc_list_free(list);
    const char *lease = "{\"kind\":\"Lease\",\"apiVersion\":\"coordination.k8s.io/"
                        "v1\",\"metadata\":{\"name\":\"l\",\"namespace\":\"default\"}}";
    OK(k8sc_testing_server_put(server, lease, strlen(lease), &err));
    OK(k8sc_resource_list(new_resource(client, "coordination.k8s.io", "v1", "leases", NULL), NULL, &list, &err));
    assert_string_equal(k8sc_object_kind(k8sc_list_at(list, 0)), "Lease");
    assert_string_equal(k8sc_object_api_version(k8sc_list_at(list, 0)), "coordination.k8s.io/v1");
    k8sc_list_free(list);
}

/* Lists of custom resources name each item; what they say is kept. */
static void custom_resources(void **state)
{
    k8sc_testing_options *options = NULL;
    k8sc_list *list = NULL;
    const char *wheel = "{\"kind\":\"Wheel\",\"apiVersion\":\"example.com/"
                        "v1\",\"metadata\":{\"name\":\"w\",\"namespace\":\"default\"},\"spec\":{\"size\":20}}";
    (void)state;
    OK(k8sc_testing_options_new(&options, &err));
    OK(k8sc_testing_options_add_kind(options, "example.com", "v1", "wheels", "Wheel", 1, &err));
    restart_server_with(options);
    OK(k8sc_testing_server_put(server, wheel, strlen(wheel), &err));
    OK(k8sc_resource_list(new_resource(client, "example.com", "v1", "wheels", "default"), NULL, &list, &err));
    assert_int_equal(k8sc_list_size(keep_list(list)), 1);
    assert_string_equal(k8sc_object_kind(k8sc_list_at(list, 0)), "Wheel");
    assert_string_equal(k8sc_object_api_version(k8sc_list_at(list, 0)), "example.com/v1");
    assert_int_equal(k8sc_object_int(k8sc_list_at(list, 0), "/spec/size", 0), 20);
}

static k8sc_list *list_of(const char *body)
{
    static char head[4096];
    k8sc_list *list = NULL;
    snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n%s",
             body);
    k8sc_client *of = new_client(new_config_for(new_raw_server(head, "", 0)->url));
    OK(k8sc_resource_list(new_resource(of, "", "v1", "things", NULL), NULL, &list, &err));
    return keep_list(list);
}

/* Members in any order, items that are null or have a kind of their own, blanks. */
static void unusual_lists(void **state)
{
    k8sc_list *list =
        list_of("{\"items\":[{\"metadata\":{\"name\":\"a\"}},{\"kind\":\"Own\",\"metadata\":{\"name\":\"b\"}}],"
                "\"metadata\":{\"resourceVersion\":\"5\",\"continue\":\"c\",\"remainingItemCount\":0},\"apiVersion\":"
                "\"x/v1\",\"kind\":\"ThingList\"}");
    (void)state;
    assert_int_equal(k8sc_list_size(list), 2);
    assert_string_equal(k8sc_object_kind(k8sc_list_at(list, 0)), "Thing");
    assert_string_equal(k8sc_object_api_version(k8sc_list_at(list, 0)), "x/v1");
    assert_string_equal(k8sc_object_kind(k8sc_list_at(list, 1)), "Own");
    assert_string_equal(k8sc_list_resource_version(list), "5");
    assert_string_equal(k8sc_list_continue(list), "c");
    assert_int_equal(k8sc_list_remaining_item_count(list), 0);
    assert_int_equal(k8sc_list_size(list_of("{\"kind\":\"ThingList\",\"metadata\":{},\"items\":null}")), 0);
    assert_int_equal(k8sc_list_size(list_of("{\"kind\":\"ThingList\"}")), 0);
    /* However "items" is written. */
    list = list_of("{\"kind\":\"ThingList\",\"metadata\":{},\"it\\u0065ms\":[{\"metadata\":{\"name\":\"a\"}},{}]}");
    assert_int_equal(k8sc_list_size(list), 2);
    assert_string_equal(k8sc_object_kind(k8sc_list_at(list, 0)), "Thing");
    list = list_of(" \n{ \"kind\" : \"List\" , \"items\" : [ { \"kind\" : \"Pod\" } , { } ] } \n");
    assert_int_equal(k8sc_list_size(list), 2);
    assert_string_equal(k8sc_object_kind(k8sc_list_at(list, 0)), "Pod");
    assert_string_equal(k8sc_object_kind(k8sc_list_at(list, 1)), "");
}

/* ---- pages */

static void all_pages(void **state)
{
    k8sc_list *list = NULL, *page = NULL;
    (void)state;
    seed_maps(25);
    OK(k8sc_resource_list(CONFIG_MAPS(), limited(10), &page, &err));
    keep_list(page);
    OK(k8sc_testing_server_forget_requests(server, &err));
    OK(k8sc_resource_list_all(CONFIG_MAPS(), limited(10), &list, &err));
    assert_names(keep_list(list), 25);
    assert_int_equal(k8sc_testing_server_request_count(server, "GET", NULL), 3);
    assert_string_equal(k8sc_list_resource_version(list), k8sc_list_resource_version(page));
    assert_string_equal(k8sc_list_continue(list), "");
    assert_int_equal(k8sc_list_remaining_item_count(list), -1);
    /* 500 a page where nobody says otherwise. */
    OK(k8sc_resource_list_all(CONFIG_MAPS(), NULL, &list, &err));
    keep_list(list);
    assert_string_equal(STR(last_request("GET"), "/query"), "limit=500");
}

/* The version is for the first page; the token knows it from then on. */
static void version_of_the_first_page_only(void **state)
{
    k8sc_options *options = limited(2);
    k8sc_list *list = NULL;
    (void)state;
    seed_maps(4);
    OK(k8sc_options_set_resource_version(options, "1", &err));
    OK(k8sc_options_set_resource_version_match(options, "NotOlderThan", &err));
    OK(k8sc_resource_list_all(CONFIG_MAPS(), options, &list, &err));
    assert_names(keep_list(list), 4);
    k8sc_object *log = request_log();
    assert_string_equal(STR(log, "/log/0/query"), "limit=2&resourceVersion=1&resourceVersionMatch=NotOlderThan");
    assert_null(strstr(STR(log, "/log/1/query"), "resourceVersion"));
    assert_non_null(strstr(STR(log, "/log/1/query"), "continue="));
}

/* Between the pages the server forgets: the list begins again in one piece, without what was there before. */
static void expired_token_of_list_all(void **state)
{
    k8sc_list *list = NULL;
    (void)state;
    seed_maps(9);
    fault("{\"status\":{\"code\":410,\"reason\":\"Expired\",\"message\":\"too old\"},\"nth\":3}");
    OK(k8sc_resource_list_all(CONFIG_MAPS(), limited(3), &list, &err));
    assert_names(keep_list(list), 9);
    assert_int_equal(k8sc_testing_server_request_count(server, "GET", NULL), 4);
    assert_string_equal(STR(last_request("GET"), "/query"), "");
}

static void a_pager_asks_for_no_page_ahead(void **state)
{
    k8sc_pager *pager = NULL;
    k8sc_object *object = NULL;
    char name[32];
    (void)state;
    seed_maps(7);
    OK(k8sc_resource_pages(CONFIG_MAPS(), limited(3), &pager, &err));
    assert_int_equal(k8sc_testing_server_request_count(server, NULL, NULL), 0);
    for (int i = 0; i < 7; i++) {
        OK(k8sc_pager_next(pager, &object, &err));
        snprintf(name, sizeof name, "map-%04d", i);
        assert_string_equal(k8sc_object_name(object), name);
        k8sc_object_unref(object);
        /* Never ahead of what is asked for. */
        assert_int_equal(k8sc_testing_server_request_count(server, NULL, NULL), i / 3 + 1);
    }
    for (int i = 0; i < 2; i++) {
        OK(k8sc_pager_next(pager, &object, &err));
        assert_null(object);
    }
    k8sc_pager_free(pager);
    /* It keeps the options as they were, and may be freed in the middle. */
    k8sc_options *options = limited(3);
    OK(k8sc_resource_pages(CONFIG_MAPS(), options, &pager, &err));
    OK(k8sc_options_set_limit(options, 1, &err));
    OK(k8sc_pager_next(pager, &object, &err));
    k8sc_object_unref(object);
    assert_string_equal(STR(last_request("GET"), "/query"), "limit=3");
    k8sc_pager_free(pager);
}

static void pager_and_compaction(void **state)
{
    k8sc_pager *pager = NULL;
    k8sc_object *object = NULL;
    k8sc_options *options = limited(2);
    (void)state;
    seed_maps(5);
    OK(k8sc_options_set_max_retries(options, 0, &err));
    OK(k8sc_resource_pages(CONFIG_MAPS(), options, &pager, &err));
    for (int i = 0; i < 2; i++) {
        OK(k8sc_pager_next(pager, &object, &err));
        k8sc_object_unref(object);
    }
    seed_map("later");
    OK(k8sc_testing_server_compact(server, &err));
    for (int i = 0; i < 2; i++) {
        FAILS(K8SC_E_API, k8sc_pager_next(pager, &object, &err), "list configmaps");
        assert_true(k8sc_error_is_gone(failure));
        assert_null(object);
    }
    k8sc_pager_free(pager);
}

static void pager_and_cancel(void **state)
{
    k8sc_pager *pager = NULL;
    k8sc_object *object = NULL;
    k8sc_options *options = limited(1);
    k8sc_cancel *cancel = new_cancel();
    (void)state;
    seed_maps(3);
    OK(k8sc_options_set_cancel(options, cancel, &err));
    OK(k8sc_resource_pages(CONFIG_MAPS(), options, &pager, &err));
    OK(k8sc_options_set_cancel(options, NULL, &err));
    OK(k8sc_pager_next(pager, &object, &err));
    k8sc_object_unref(object);
    k8sc_cancel_cancel(cancel);
    FAILS(K8SC_E_CANCELLED, k8sc_pager_next(pager, &object, &err), "list configmaps");
    k8sc_pager_free(pager);
}

/* A server whose pages never end: its tokens go round in a circle of so many, or (0) are new each time. */
static struct {
    pthread_mutex_t mutex;
    int circle, pages, pause_ms;
} endless = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static void serve_endless(const k8sc_transport_request *request, k8sc_transport_reply *reply, void *user_data)
{
    char body[256];
    (void)request;
    (void)user_data;
    pthread_mutex_lock(&endless.mutex);
    int page = endless.pages++, circle = endless.circle, pause = endless.pause_ms;
    pthread_mutex_unlock(&endless.mutex);
    pause_ms(pause);
    int len = snprintf(body, sizeof body,
                       "{\"kind\":\"ConfigMapList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"5\","
                       "\"continue\":\"token-%d\"},\"items\":["
                       "{\"metadata\":{\"name\":\"map-%d\",\"namespace\":\"default\",\"resourceVersion\":\"1\"}}]}",
                       circle ? page % circle : page, page);
    k8sc_transport_reply_add_header(reply, "Content-Type", "application/json", NULL);
    k8sc_transport_reply_append(reply, body, (size_t)len, NULL);
}

static int pages_served(void)
{
    pthread_mutex_lock(&endless.mutex);
    int pages = endless.pages;
    pthread_mutex_unlock(&endless.mutex);
    return pages;
}

static k8sc_resource *endless_maps(int circle, int pause)
{
    k8sc_config *config = new_config_for("http://endless.example");
    OK(k8sc_config_set_transport(config, serve_endless, NULL, NULL, &err));
    pthread_mutex_lock(&endless.mutex);
    endless.circle = circle;
    endless.pages = 0;
    endless.pause_ms = pause;
    pthread_mutex_unlock(&endless.mutex);
    return new_resource(new_client(config), "", "v1", "configmaps", "default");
}

static void tokens_in_a_circle(void **state)
{
    (void)state;
    for (int circle = 1; circle < 6; circle++) {
        k8sc_list *list = NULL;
        k8sc_pager *pager = NULL;
        k8sc_object *object = NULL;
        int objects = 0;
        k8sc_resource *maps = endless_maps(circle, 0);
        FAILS(K8SC_E_DECODE, k8sc_resource_list_all(maps, NULL, &list, &err), "list configmaps",
              "the same continue token again", "\"token-");
        assert_null(list);
        assert_in_range(pages_served(), circle + 1, 4 * circle + 2);
        OK(k8sc_resource_pages(maps, limited(1), &pager, &err));
        while (k8sc_pager_next(pager, &object, &err) == K8SC_OK) {
            assert_non_null(object);
            k8sc_object_unref(object);
            assert_true(++objects <= 4 * circle);
        }
        assert_true(objects >= circle);
        FAILS(K8SC_E_DECODE, K8SC_E_DECODE, "the same continue token again");
        /* It stays at that, and asks for nothing more. */
        int pages = pages_served();
        FAILS(K8SC_E_DECODE, k8sc_pager_next(pager, &object, &err), "the same continue token again");
        assert_null(object);
        assert_int_equal(pages_served(), pages);
        k8sc_pager_free(pager);
    }
}

/* The deadline is that of the whole list, whoever has set it. */
static void deadline_of_all_pages(void **state)
{
    (void)state;
    for (int client_wide = 0; client_wide < 2; client_wide++) {
        k8sc_options *options = new_options();
        k8sc_list *list = NULL;
        k8sc_resource *maps = endless_maps(0, 50);
        if (client_wide) {
            k8sc_config *config = new_config_for("http://endless.example");
            OK(k8sc_config_set_timeout(config, 400, &err));
            OK(k8sc_config_set_transport(config, serve_endless, NULL, NULL, &err));
            maps = new_resource(new_client(config), "", "v1", "configmaps", "default");
        } else {
            OK(k8sc_options_set_timeout(options, 400, &err));
        }
        int64_t began = now_ms();
        FAILS(K8SC_E_TIMEOUT, k8sc_resource_list_all(maps, options, &list, &err), "list configmaps",
              "overall deadline");
        assert_in_range(now_ms() - began, 350, PATIENCE_MS);
        assert_null(list);
        /* Several pages were had meanwhile, each of them well within it. */
        assert_true(pages_served() >= 2);
    }
}

/* Each page is within the limits. */
static void limit_of_all_pages(void **state)
{
    k8sc_list *list = NULL;
    (void)state;
    endless_maps(0, 0);
    k8sc_config *config = new_config_for("http://endless.example");
    OK(k8sc_config_set_transport(config, serve_endless, NULL, NULL, &err));
    OK(k8sc_config_set_max_answer_bytes(config, 10 * 1024, &err));
    k8sc_resource *maps = new_resource(new_client(config), "", "v1", "configmaps", "default");
    FAILS(K8SC_E_TOO_LARGE, k8sc_resource_list_all(maps, NULL, &list, &err), "list configmaps", "10240 bytes",
          "1024 at least");
    assert_null(list);
    assert_int_equal(pages_served(), 11);
}

static char given[256 * 1024];

static void serve_given(const k8sc_transport_request *request, k8sc_transport_reply *reply, void *user_data)
{
    (void)request;
    (void)user_data;
    k8sc_transport_reply_add_header(reply, "Content-Type", "application/json", NULL);
    k8sc_transport_reply_append(reply, given, strlen(given), NULL);
}

/* What is small on the wire and large in memory: a list of nothings, and one that is nothing but what stands around its
 * items. */
static void limits_of_small_parts(void **state)
{
    char *at = given;
    k8sc_list *list = NULL;
    k8sc_result *result = NULL;
    k8sc_config *config = new_config_for("http://given.example");
    (void)state;
    OK(k8sc_config_set_transport(config, serve_given, NULL, NULL, &err));
    OK(k8sc_config_set_max_answer_bytes(config, 1 << 20, &err));
    OK(k8sc_config_set_max_object_bytes(config, 1 << 16, &err));
    k8sc_client *made = new_client(config);
    k8sc_resource *maps = new_resource(made, "", "v1", "configmaps", "default");
    for (int items = 1024; items <= 1025; items++) {
        at = given + sprintf(given, "{\"kind\":\"ConfigMapList\",\"apiVersion\":\"v1\",\"items\":[{}");
        for (int i = 1; i < items; i++) at += sprintf(at, ",{}");
        strcpy(at, "]}");
        if (items == 1024) {
            OK(k8sc_resource_list(maps, NULL, &list, &err));
            assert_int_equal(k8sc_list_size(list), 1024);
            k8sc_list_free(list);
            list = NULL;
        } else {
            FAILS(K8SC_E_TOO_LARGE, k8sc_resource_list(maps, NULL, &list, &err), "1048576 bytes", "1024 at least");
        }
        k8sc_request *request = NULL;
        OK(k8sc_rest_client_get(new_rest(made, "", "v1"), &request, &err));
        OK(k8sc_request_set_relative_uri(request, "/api/v1/configmaps"));
        OK(k8sc_request_do(request, &result, &err));
        if (items == 1024) {
            OK(k8sc_result_list(result, &list, &err));
            k8sc_list_free(list);
            list = NULL;
        } else {
            FAILS(K8SC_E_TOO_LARGE, k8sc_result_list(result, &list, &err), "1048576 bytes");
        }
        k8sc_result_free(result);
        k8sc_request_free(request);
    }
    at = given + sprintf(given, "{\"kind\":\"ConfigMapList\",\"apiVersion\":\"v1\"");
    for (int i = 0; i < 5000; i++) at += sprintf(at, ",\"member%d\":[]", i);
    strcpy(at, ",\"items\":[]}");
    FAILS(K8SC_E_TOO_LARGE, k8sc_resource_list(maps, NULL, &list, &err), "beside its items", "65536 bytes");
}

/* ---- results */

static void results_as_objects_and_lists(void **state)
{
    k8sc_request *request = new_request("GET");
    k8sc_result *result = NULL;
    k8sc_object *object = NULL;
    k8sc_list *list = NULL;
    size_t len = 0;
    (void)state;
    seed_maps(3);
    k8sc_request_set_resource(request, "configmaps");
    OK(k8sc_request_do(request, &result, &err));
    keep_result(result);
    OK(k8sc_result_list(result, &list, &err));
    assert_names(keep_list(list), 3);
    assert_string_equal(k8sc_object_kind(k8sc_list_at(list, 0)), "ConfigMap");
    OK(k8sc_result_object(result, &object, &err));
    assert_string_equal(k8sc_object_kind(keep_object(object)), "ConfigMapList");
    const char *body = k8sc_result_body(result, &len);
    assert_int_equal(strlen(body), len);
    /* One object is no list. */
    request = new_request("GET");
    k8sc_request_set_namespace(request, "default");
    k8sc_request_set_resource(request, "configmaps");
    k8sc_request_set_name(request, "map-0001");
    OK(k8sc_request_do(request, &result, &err));
    keep_result(result);
    OK(k8sc_result_object(result, &object, &err));
    assert_string_equal(k8sc_object_name(keep_object(object)), "map-0001");
    FAILS(K8SC_E_DECODE, k8sc_result_list(result, &list, &err), "list");
    assert_null(list);
    /* Text is neither. */
    request = new_request("GET");
    k8sc_request_set_abs_path(request, "/healthz");
    OK(k8sc_request_do(request, &result, &err));
    keep_result(result);
    assert_string_equal(k8sc_result_body(result, NULL), "ok");
    FAILS(K8SC_E_DECODE, k8sc_result_object(result, &object, &err), "/healthz");
    FAILS(K8SC_E_DECODE, k8sc_result_list(result, &list, &err), "/healthz");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_list_has_all_objects_and_its_version),
        TEST(an_empty_list_is_no_error),
        TEST(one_page),
        TEST(kinds_of_items),
        TEST(custom_resources),
        TEST(unusual_lists),
        TEST(all_pages),
        TEST(version_of_the_first_page_only),
        TEST(expired_token_of_list_all),
        TEST(a_pager_asks_for_no_page_ahead),
        TEST(pager_and_compaction),
        TEST(pager_and_cancel),
        TEST(tokens_in_a_circle),
        TEST(deadline_of_all_pages),
        TEST(limit_of_all_pages),
        TEST(limits_of_small_parts),
        TEST(results_as_objects_and_lists),
    };
    return cmocka_run_group_tests_name("lists", tests, NULL, NULL);
}
