/* Lists: selectors, versions, pages, and tokens that expire between two pages. */
#include "support.h"

static void fill(int count)
{
    char name[16], value[16];
    int i;
    for (i = 0; i < count; i++) {
        snprintf(name, sizeof name, "m%02d", i);
        snprintf(value, sizeof value, "%d", i % 3);
        create(configmaps(), configmap(name, value));
    }
}

static k8sc_options *with_limit(int64_t limit)
{
    k8sc_options *made = options();
    OK(k8sc_options_set_limit(made, limit, &err));
    return made;
}

/* A write, so that the revision is not the newest any more, and what makes the older ones go. Newer servers page from
 * snapshots of their cache, which only a restart empties. */
static void expire_tokens(void)
{
    create(configmaps(), configmap("late", "0"));
    compact_etcd();
    if (server_minor() < 33) return;
    kill_apiserver();
    start_apiserver();
}

static void label_selectors(void **state)
{
    (void)state;
    fill(9);
    assert_int_equal(k8sc_list_size(list(configmaps(), with_label_selector("size=1"))), 3);
    assert_int_equal(k8sc_list_size(list(configmaps(), with_label_selector("size in (0,2)"))), 6);
    assert_int_equal(k8sc_list_size(list(configmaps(), with_label_selector("size!=1,size"))), 6);
    assert_int_equal(k8sc_list_size(list(configmaps(), with_label_selector("size=7"))), 0);
}

static void field_selectors(void **state)
{
    k8sc_options *selected = options();
    k8sc_list *found;
    (void)state;
    fill(3);
    OK(k8sc_options_set_field_selector(selected, "metadata.name=m01", &err));
    found = list(configmaps(), selected);
    assert_int_equal(k8sc_list_size(found), 1);
    assert_string_equal(k8sc_object_name(k8sc_list_at(found, 0)), "m01");
}

/* Items of a list carry neither kind nor version on the wire; the library says them as the list's. */
static void items_are_whole_objects(void **state)
{
    k8sc_object *item;
    (void)state;
    fill(1);
    item = k8sc_list_at(list(configmaps(), with_label_selector("size")), 0);
    assert_string_equal(k8sc_object_name(item), "m00");
    assert_string_equal(k8sc_object_namespace(item), ns);
    assert_string_equal(k8sc_object_str(item, "/data/size", NULL), "0");
}

static void all_namespaces(void **state)
{
    k8sc_resource *everywhere = resource_in(client, "", "v1", "configmaps", NULL);
    k8sc_options *selected = options();
    (void)state;
    fill(1);
    create(resource_in(client, "", "v1", "configmaps", "default"), configmap("m00", "0"));
    OK(k8sc_options_set_field_selector(selected, "metadata.name=m00", &err));
    assert_true(k8sc_list_size(list(everywhere, selected)) >= 2);
    remove_object(resource_in(client, "", "v1", "configmaps", "default"), "m00");
}

static void an_exact_version_shows_the_past(void **state)
{
    k8sc_options *at = options();
    (void)state;
    fill(2);
    OK(k8sc_options_set_resource_version(at, version_of(configmaps()), &err));
    OK(k8sc_options_set_resource_version_match(at, "Exact", &err));
    OK(k8sc_options_set_limit(at, 500, &err)); /* servers of this age want one with it */
    remove_object(configmaps(), "m00");
    assert_int_equal(k8sc_list_size(list(configmaps(), at)), 2);
    assert_int_equal(k8sc_list_size(list(configmaps(), NULL)), 1);
}

static void a_version_that_is_no_older(void **state)
{
    k8sc_options *at = options();
    const char *version;
    (void)state;
    fill(2);
    version = version_of(configmaps());
    OK(k8sc_options_set_resource_version(at, version, &err));
    OK(k8sc_options_set_resource_version_match(at, "NotOlderThan", &err));
    assert_int_equal(k8sc_list_size(list(configmaps(), at)), 2);
    assert_true(atoll(k8sc_list_resource_version(list(configmaps(), at))) >= atoll(version));
}

static void pages_by_hand(void **state)
{
    k8sc_options *page = with_limit(4);
    k8sc_list *first, *second, *third;
    (void)state;
    fill(10);
    first = list(configmaps(), page);
    assert_int_equal(k8sc_list_size(first), 4);
    assert_int_equal(k8sc_list_remaining_item_count(first), 6);
    OK(k8sc_options_set_continue(page, k8sc_list_continue(first), &err));
    second = list(configmaps(), page);
    assert_string_equal(k8sc_object_name(k8sc_list_at(second, 0)), "m04");
    assert_string_equal(k8sc_list_resource_version(second), k8sc_list_resource_version(first));
    OK(k8sc_options_set_continue(page, k8sc_list_continue(second), &err));
    third = list(configmaps(), page);
    assert_int_equal(k8sc_list_size(third), 2);
    assert_string_equal(k8sc_list_continue(third), "");
}

static void an_expired_token_is_gone(void **state)
{
    k8sc_options *page = with_limit(1);
    k8sc_list **none = list_slot();
    (void)state;
    fill(3);
    OK(k8sc_options_set_continue(page, k8sc_list_continue(list(configmaps(), page)), &err));
    expire_tokens();
    FAILS(K8SC_E_API, k8sc_resource_list(configmaps(), page, none, &err));
    assert_true(k8sc_error_is_gone(failure));
    assert_int_equal(k8sc_error_http_status(failure), 410);
}

static void the_pager_gives_each_object_once(void **state)
{
    k8sc_pager **pager = pager_slot();
    char name[16];
    int i;
    (void)state;
    fill(7);
    OK(k8sc_resource_pages(configmaps(), with_limit(3), pager, &err));
    for (i = 0; i < 7; i++) {
        k8sc_object **next = object_slot();
        OK(k8sc_pager_next(*pager, next, &err));
        snprintf(name, sizeof name, "m%02d", i);
        assert_string_equal(k8sc_object_name(*next), name);
    }
    for (i = 0; i < 2; i++) {
        k8sc_object **next = object_slot();
        OK(k8sc_pager_next(*pager, next, &err));
        assert_null(*next);
    }
}

static void the_pager_ends_when_its_token_expires(void **state)
{
    k8sc_pager **pager = pager_slot();
    (void)state;
    fill(4);
    OK(k8sc_resource_pages(configmaps(), with_limit(2), pager, &err));
    OK(k8sc_pager_next(*pager, object_slot(), &err));
    expire_tokens();
    OK(k8sc_pager_next(*pager, object_slot(), &err)); /* the rest of the first page */
    FAILS(K8SC_E_API, k8sc_pager_next(*pager, object_slot(), &err));
    assert_true(k8sc_error_is_gone(failure));
}

static void list_all_joins_the_pages(void **state)
{
    k8sc_list **all = list_slot();
    (void)state;
    fill(10);
    OK(k8sc_resource_list_all(configmaps(), with_limit(3), all, &err));
    assert_int_equal(k8sc_list_size(*all), 10);
    assert_string_equal(k8sc_list_continue(*all), "");
    assert_string_equal(k8sc_object_name(k8sc_list_at(*all, 9)), "m09");
}

/* How many lists of configmaps the server has answered, by its own count. */
static int64_t lists_answered(void)
{
    k8sc_rest_client **rest = rest_slot();
    k8sc_request **request = request_slot();
    k8sc_result **result = result_slot();
    const char *line;
    int64_t count = 0;
    OK(k8sc_client_rest(client, "", "v1", rest, &err));
    OK(k8sc_rest_client_get(*rest, request, &err));
    k8sc_request_set_abs_path(*request, "/metrics");
    k8sc_request_set_header(*request, "Accept", "text/plain");
    OK(k8sc_request_do(*request, result, &err));
    for (line = k8sc_result_body(*result, NULL); line; line = strchr(line, '\n')) {
        const char *end = strchr(++line, '\n'), *resource, *verb;
        if (strncmp(line, "apiserver_request_total{", 24) != 0 || !end) continue;
        resource = strstr(line, "resource=\"configmaps\""), verb = strstr(line, "verb=\"LIST\"");
        if (!resource || resource > end || !verb || verb > end) continue;
        line = strchr(line, '}');
        count += atoll(line + 1);
    }
    return count;
}

struct listing {
    k8sc_resource *resource;
    k8sc_options *options;
    k8sc_list *all;
    k8sc_error *failure;
};

static void *list_in_thread(void *data)
{
    struct listing *listing = data;
    k8sc_resource_list_all(listing->resource, listing->options, &listing->all, &listing->failure);
    return NULL;
}

/* The rate limit holds the second page back for long enough to make its token expire. */
static void list_all_begins_again_when_the_token_expires(void **state)
{
    k8sc_config *slow = config_of("admin");
    struct listing listing = {NULL, NULL, NULL, NULL};
    int64_t before;
    pthread_t thread;
    (void)state;
    fill(3);
    OK(k8sc_config_set_rate_limit(slow, 0.25, 1, &err));
    listing.resource = resource_in(client_of(slow), "", "v1", "configmaps", ns);
    listing.options = with_limit(1);
    before = lists_answered();
    pthread_create(&thread, NULL, list_in_thread, &listing);
    WAIT_UNTIL(lists_answered() > before, 10);
    expire_tokens();
    pthread_join(thread, NULL);
    *list_slot() = listing.all;
    if (listing.failure) fail_msg("%s", k8sc_error_message(listing.failure));
    /* All of it is of the second beginning, which "late" proves. */
    assert_int_equal(k8sc_list_size(listing.all), 4);
    assert_string_equal(k8sc_object_name(k8sc_list_at(listing.all, 0)), "late");
    assert_string_equal(k8sc_object_name(k8sc_list_at(listing.all, 3)), "m02");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(label_selectors),
        TEST(field_selectors),
        TEST(items_are_whole_objects),
        TEST(all_namespaces),
        TEST(an_exact_version_shows_the_past),
        TEST(a_version_that_is_no_older),
        TEST(pages_by_hand),
        TEST(an_expired_token_is_gone),
        TEST(the_pager_gives_each_object_once),
        TEST(the_pager_ends_when_its_token_expires),
        TEST(list_all_joins_the_pages),
        TEST(list_all_begins_again_when_the_token_expires),
    };
    return RUN_ON_CLUSTER("", tests);
}
