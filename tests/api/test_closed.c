/* Use after close: every handle of a closed client says so, and what was received stays readable. */
#include "support.h"

static void everything_says_closed(void **state)
{
    k8sc_resource *maps = CONFIG_MAPS(), *resource = NULL;
    k8sc_rest_client *rest = new_rest(client, "", "v1"), *other_rest = NULL;
    k8sc_request *request = new_request("GET"), *made = NULL;
    k8sc_queue *queue = k8sc_client_queue(client);
    k8sc_object *object = NULL, *map = parse("{\"metadata\":{\"name\":\"a\"}}");
    k8sc_options *manager = new_options();
    k8sc_list *list = NULL;
    k8sc_pager *begun = NULL;
    k8sc_watch *watch = NULL;
    k8sc_stream *stream = NULL;
    k8sc_event *event = NULL;
    k8sc_client *shared = NULL;
    k8sc_informer_factory *factory = NULL, *other_factory = NULL;
    k8sc_informer *informer = NULL, *other = NULL;
    struct recorder *r[4] = {new_recorder(), new_recorder(), new_recorder(), new_recorder()};
    (void)state;
    seed_maps(3);
    OK(k8sc_options_set_field_manager(manager, "me", &err));
    OK(k8sc_request_set_resource(request, "configmaps"));
    OK(k8sc_options_set_limit(manager, 1, &err));
    OK(k8sc_resource_pages(maps, NULL, &begun, &err));
    OK(k8sc_informer_factory_new(client, NULL, &factory, &err));
    OK(k8sc_informer_new(client, "", "v1", "configmaps", NULL, &informer, &err));
    manager = new_options();
    OK(k8sc_options_set_field_manager(manager, "me", &err));

    OK(k8sc_client_close(client, PATIENCE_MS, &err));
    OK(k8sc_client_close(client, 0, &err));

    ALSO_FAILS(K8SC_E_CLOSED, k8sc_client_resource(client, "", "v1", "pods", NULL, &resource, &err), "closed");
    ALSO_FAILS(K8SC_E_CLOSED, k8sc_client_rest(client, "", "v1", &other_rest, &err), "closed");
    ALSO_FAILS(K8SC_E_CLOSED, k8sc_client_new_shared(new_config(), client, &shared, &err), "closed");
    ALSO_FAILS(K8SC_E_CLOSED, k8sc_resource_create(maps, map, NULL, &object, &err), "closed");
    ALSO_FAILS(K8SC_E_CLOSED, k8sc_resource_update(maps, map, NULL, &object, &err), "closed");
    ALSO_FAILS(K8SC_E_CLOSED, k8sc_resource_update_status(maps, map, NULL, &object, &err), "closed");
    ALSO_FAILS(K8SC_E_CLOSED, k8sc_resource_delete(maps, "a", NULL, &object, &err), "closed");
    ALSO_FAILS(K8SC_E_CLOSED, k8sc_resource_delete_collection(maps, NULL, &object, &err), "closed");
    ALSO_FAILS(K8SC_E_CLOSED, k8sc_resource_get(maps, "a", NULL, &object, &err), "closed");
    ALSO_FAILS(K8SC_E_CLOSED, k8sc_resource_list(maps, NULL, &list, &err), "closed");
    ALSO_FAILS(K8SC_E_CLOSED, k8sc_resource_list_all(maps, NULL, &list, &err), "closed");
    ALSO_FAILS(K8SC_E_CLOSED, k8sc_resource_patch(maps, "a", K8SC_PATCH_MERGE, "{}", 2, NULL, &object, &err), "closed");
    ALSO_FAILS(K8SC_E_CLOSED, k8sc_resource_apply(maps, "a", map, manager, &object, &err), "closed");
    ALSO_FAILS(K8SC_E_CLOSED, k8sc_resource_apply_status(maps, "a", map, manager, &object, &err), "closed");
    ALSO_FAILS(K8SC_E_CLOSED, k8sc_resource_watch(maps, NULL, RECORD(r[0]), &watch, &err), "closed");
    ALSO_FAILS(K8SC_E_CLOSED, k8sc_pager_next(begun, &object, &err), "closed");
    ALSO_FAILS(K8SC_E_CLOSED, k8sc_rest_client_get(rest, &made, &err), "closed");
    ALSO_FAILS(K8SC_E_CLOSED, k8sc_request_do(request, NULL, &err), "closed");
    ALSO_FAILS(K8SC_E_CLOSED, k8sc_request_start(request, NULL, RECORD(r[1]), NULL, &err), "closed");
    ALSO_FAILS(K8SC_E_CLOSED, k8sc_request_start_stream(request, NULL, RECORD(r[2]), NULL, &err), "closed");
    ALSO_FAILS(K8SC_E_CLOSED, k8sc_request_stream(request, &stream, &err), "closed");
    ALSO_FAILS(K8SC_E_CLOSED, k8sc_queue_wait(queue, 0, NULL, &err), "closed");
    ALSO_FAILS(K8SC_E_CLOSED, k8sc_queue_dispatch(queue, 0, NULL, &err), "closed");
    ALSO_FAILS(K8SC_E_CLOSED, k8sc_queue_take(queue, &event, &err), "closed");
    ALSO_FAILS(K8SC_E_CLOSED, k8sc_queue_start_thread(queue, &err), "closed");
    ALSO_FAILS(K8SC_E_CLOSED, k8sc_informer_factory_new(client, NULL, &other_factory, &err), "closed");
    ALSO_FAILS(K8SC_E_CLOSED, k8sc_informer_factory_for_resource(factory, "", "v1", "pods", &other, &err), "closed");
    ALSO_FAILS(K8SC_E_CLOSED, k8sc_informer_factory_start(factory, &err), "closed");
    ALSO_FAILS(K8SC_E_CLOSED, k8sc_informer_new(client, "", "v1", "pods", NULL, &other, &err), "closed");
    ALSO_FAILS(K8SC_E_CLOSED, k8sc_informer_start(informer, &err), "closed");
    for (size_t i = 0; i < 3; i++) assert_int_equal(r[i]->destroyed, 1);
    assert_int_equal(k8sc_testing_server_request_count(server, NULL, NULL), 0);
    k8sc_pager_free(begun);
    k8sc_informer_unref(informer);
    k8sc_informer_factory_unref(factory);
    k8sc_informer_unref(other);
    NO_FAILURES();
}

static void pages_say_closed(void **state)
{
    k8sc_pager *pager = NULL;
    k8sc_resource *maps = CONFIG_MAPS();
    (void)state;
    OK(k8sc_client_close(client, PATIENCE_MS, &err));
    k8sc_status status = k8sc_resource_pages(maps, NULL, &pager, &err);
    k8sc_pager_free(pager);
    FAILS(K8SC_E_CLOSED, status, "closed");
}

static void what_was_received_stays(void **state)
{
    k8sc_object *object = NULL;
    k8sc_list *list = NULL;
    k8sc_result *result = NULL;
    k8sc_request *request = new_request("GET");
    (void)state;
    seed_maps(3);
    OK(k8sc_resource_get(CONFIG_MAPS(), "map-0001", NULL, &object, &err));
    keep_object(object);
    OK(k8sc_resource_list(CONFIG_MAPS(), NULL, &list, &err));
    keep_list(list);
    k8sc_request_set_resource(request, "configmaps");
    OK(k8sc_request_do(request, &result, &err));
    keep_result(result);
    OK(k8sc_client_close(client, PATIENCE_MS, &err));
    assert_string_equal(k8sc_object_name(object), "map-0001");
    assert_string_equal(k8sc_object_name(k8sc_list_at(list, 2)), "map-0002");
    OK(k8sc_result_object(result, &object, &err));
    keep_object(object);
    assert_string_equal(k8sc_client_server(client), k8sc_testing_server_url(server));
    assert_string_equal(k8sc_rest_client_version(new_rest(new_client(new_config()), "", "v1")), "v1");
}

/* Handles may go in any order; what still needs the client keeps it. */
static void any_order(void **state)
{
    k8sc_client *own = NULL;
    k8sc_resource *maps = NULL;
    k8sc_object *object = NULL;
    k8sc_config *config = new_config();
    (void)state;
    seed_map("a");
    OK(k8sc_client_new(config, &own, &err));
    OK(k8sc_client_resource(own, "", "v1", "configmaps", "default", &maps, &err));
    k8sc_resource_unref(k8sc_resource_ref(maps));
    k8sc_client_unref(k8sc_client_ref(own));
    OK(k8sc_resource_get(maps, "a", NULL, &object, &err));
    k8sc_object_unref(object);
    k8sc_client_unref(own);
    OK(k8sc_resource_get(maps, "a", NULL, &object, &err));
    k8sc_object_unref(object);
    k8sc_resource_unref(maps);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(everything_says_closed), TEST(pages_say_closed),
                                       TEST(what_was_received_stays), TEST(any_order)};
    return cmocka_run_group_tests_name("use after close", tests, NULL, NULL);
}
