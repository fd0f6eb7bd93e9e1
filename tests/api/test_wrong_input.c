/* NULL for every handle and every argument that may not be, over the whole of the header: the error names the argument.
 * Here: all but requests, which are in test_wrong_requests.c. */
#include "support.h"

#define NEEDS(argument, call) ALSO_FAILS(K8SC_E_INVALID, (call), "argument " argument " is NULL")

static void null_to_configurations_is_told_by_name(void **state)
{
    k8sc_config *out = NULL, *config = new_config();
    (void)state;
    NEEDS("out", k8sc_config_new(NULL, &err));
    NEEDS("out", k8sc_config_load(NULL, NULL, NULL, &err));
    NEEDS("yaml", k8sc_config_parse(NULL, 0, NULL, &out, &err));
    NEEDS("out", k8sc_config_parse("a", 1, NULL, NULL, &err));
    NEEDS("out", k8sc_config_load_in_cluster(NULL, &err));
    NEEDS("config", k8sc_config_copy(NULL, &out, &err));
    NEEDS("out", k8sc_config_copy(config, NULL, &err));
    NEEDS("config", k8sc_config_set_server(NULL, "x", &err));
    NEEDS("url", k8sc_config_set_server(config, NULL, &err));
    NEEDS("config", k8sc_config_set_token(NULL, "x", &err));
    NEEDS("config", k8sc_config_set_token_file(NULL, "x", &err));
    NEEDS("path", k8sc_config_set_token_file(config, NULL, &err));
    NEEDS("config", k8sc_config_set_ca(NULL, "x", 1, &err));
    NEEDS("config", k8sc_config_set_client_certificate(NULL, NULL, 0, NULL, 0, &err));
    NEEDS("key_pem", k8sc_config_set_client_certificate(config, "x", 1, NULL, 0, &err));
    NEEDS("certificate_pem", k8sc_config_set_client_certificate(config, NULL, 0, "x", 1, &err));
    NEEDS("config", k8sc_config_set_insecure(NULL, 1, &err));
    NEEDS("config", k8sc_config_set_tls_server_name(NULL, "x", &err));
    NEEDS("config", k8sc_config_set_namespace(NULL, "x", &err));
    NEEDS("config", k8sc_config_set_user_agent(NULL, "x", &err));
    NEEDS("config", k8sc_config_add_user_agent(NULL, "x", &err));
    NEEDS("suffix", k8sc_config_add_user_agent(config, NULL, &err));
    NEEDS("config", k8sc_config_set_timeout(NULL, 1, &err));
    NEEDS("config", k8sc_config_set_connect_timeout(NULL, 1, &err));
    NEEDS("config", k8sc_config_set_idle_timeout(NULL, 1, &err));
    NEEDS("config", k8sc_config_set_watch_idle_timeout(NULL, 1, &err));
    NEEDS("config", k8sc_config_set_rate_limit(NULL, 1, 1, &err));
    NEEDS("config", k8sc_config_set_rate_limiter(NULL, NULL, &err));
    NEEDS("config", k8sc_config_set_http2(NULL, 1, &err));
    NEEDS("config", k8sc_config_set_max_object_bytes(NULL, 4096, &err));
    assert_null(k8sc_config_server(NULL));
    assert_null(k8sc_config_namespace(NULL));
    assert_null(k8sc_config_context(NULL));
    assert_null(k8sc_config_user_agent(NULL));
    assert_null(k8sc_config_tls_server_name(NULL));
    assert_int_equal(k8sc_config_insecure(NULL), 0);
    assert_int_equal(k8sc_config_has_credentials(NULL), 0);
    k8sc_config_free(NULL);
    NO_FAILURES();
}

static void clients_and_queues(void **state)
{
    k8sc_client *out = NULL;
    k8sc_config *config = new_config();
    k8sc_queue *queue = k8sc_client_queue(client);
    k8sc_event *event = NULL;
    (void)state;
    NEEDS("config", k8sc_client_new(NULL, &out, &err));
    NEEDS("out", k8sc_client_new(config, NULL, &err));
    NEEDS("config", k8sc_client_new_shared(NULL, client, &out, &err));
    NEEDS("other", k8sc_client_new_shared(config, NULL, &out, &err));
    NEEDS("out", k8sc_client_new_shared(config, client, NULL, &err));
    NEEDS("client", k8sc_client_close(NULL, -1, &err));
    assert_null(k8sc_client_ref(NULL));
    k8sc_client_unref(NULL);
    assert_null(k8sc_client_queue(NULL));
    assert_null(k8sc_client_server(NULL));
    assert_null(k8sc_client_namespace(NULL));

    NEEDS("out", k8sc_queue_new(NULL, &err));
    NEEDS("queue", k8sc_queue_wait(NULL, 0, NULL, &err));
    NEEDS("queue", k8sc_queue_dispatch(NULL, 0, NULL, &err));
    NEEDS("queue", k8sc_queue_take(NULL, &event, &err));
    NEEDS("out", k8sc_queue_take(queue, NULL, &err));
    NEEDS("queue", k8sc_queue_start_thread(NULL, &err));
    FAILS(K8SC_E_INVALID, k8sc_queue_dispatch(queue, -1, NULL, &err), "max");
    assert_null(k8sc_queue_ref(NULL));
    k8sc_queue_unref(NULL);
    assert_int_equal(k8sc_queue_fd(NULL), -1);
    k8sc_queue_wakeup(NULL);
    assert_int_equal(k8sc_queue_depth(NULL), 0);

    NEEDS("out", k8sc_cancel_new(NULL, &err));
    assert_null(k8sc_cancel_ref(NULL));
    k8sc_cancel_unref(NULL);
    k8sc_cancel_cancel(NULL);
    assert_int_equal(k8sc_cancel_is_cancelled(NULL), 0);
    assert_null(k8sc_cancel_bind(NULL));
    NEEDS("out", k8sc_rate_limiter_new(1, 1, NULL, &err));
    NEEDS("limiter", k8sc_rate_limiter_accept(NULL, 0, &err));
    assert_int_equal(k8sc_rate_limiter_try_accept(NULL), 0);
    assert_true(k8sc_rate_limiter_qps(NULL) == 0);
    assert_null(k8sc_rate_limiter_ref(NULL));
    k8sc_rate_limiter_unref(NULL);
    NO_FAILURES();
}

static void accessors_of_a_null_event_answer_nothing(void **state)
{
    size_t len = 7;
    (void)state;
    assert_int_equal(k8sc_event_kind(NULL), 0);
    k8sc_event_kind_name(NULL);
    assert_null(k8sc_event_object(NULL));
    assert_null(k8sc_event_old_object(NULL));
    assert_int_equal(k8sc_event_is_initial(NULL), 0);
    assert_int_equal(k8sc_event_is_inferred(NULL), 0);
    assert_null(k8sc_event_error(NULL));
    assert_null(k8sc_event_result(NULL));
    assert_null(k8sc_event_data(NULL, &len));
    assert_int_equal(len, 0);
    assert_null(k8sc_event_data(NULL, NULL));
    assert_null(k8sc_event_user_data(NULL));
    k8sc_event_free(NULL);
}

static void objects_and_drafts(void **state)
{
    k8sc_object *out = NULL, *object = parse("{}");
    k8sc_draft *draft = NULL, *made = NULL;
    char *text = NULL;
    size_t len = 7;
    (void)state;
    OK(k8sc_draft_new(&draft, &err));
    NEEDS("json", k8sc_object_parse_json(NULL, 0, &out, &err));
    NEEDS("out", k8sc_object_parse_json("{}", 2, NULL, &err));
    NEEDS("yaml", k8sc_object_parse_yaml(NULL, 0, &out, &err));
    NEEDS("out", k8sc_object_parse_yaml("a: b", 4, NULL, &err));
    NEEDS("object", k8sc_object_to_yaml(NULL, &text, &err));
    NEEDS("out", k8sc_object_to_yaml(object, NULL, &err));
    NEEDS("object", k8sc_object_edit(NULL, &made, &err));
    NEEDS("out", k8sc_object_edit(object, NULL, &err));
    NEEDS("out", k8sc_draft_new(NULL, &err));
    NEEDS("json", k8sc_draft_parse_json(NULL, 0, &made, &err));
    NEEDS("out", k8sc_draft_parse_json("{}", 2, NULL, &err));
    NEEDS("yaml", k8sc_draft_parse_yaml(NULL, 0, &made, &err));
    NEEDS("out", k8sc_draft_parse_yaml("a: b", 4, NULL, &err));
    NEEDS("draft", k8sc_draft_set_str(NULL, "/a", "b", &err));
    NEEDS("pointer", k8sc_draft_set_str(draft, NULL, "b", &err));
    NEEDS("value", k8sc_draft_set_str(draft, "/a", NULL, &err));
    NEEDS("draft", k8sc_draft_set_strn(NULL, "/a", "b", 1, &err));
    NEEDS("pointer", k8sc_draft_set_strn(draft, NULL, "b", 1, &err));
    NEEDS("value", k8sc_draft_set_strn(draft, "/a", NULL, 1, &err));
    NEEDS("draft", k8sc_draft_set_int(NULL, "/a", 1, &err));
    NEEDS("pointer", k8sc_draft_set_int(draft, NULL, 1, &err));
    NEEDS("draft", k8sc_draft_set_bool(NULL, "/a", 1, &err));
    NEEDS("pointer", k8sc_draft_set_bool(draft, NULL, 1, &err));
    NEEDS("draft", k8sc_draft_set_number(NULL, "/a", 1, &err));
    NEEDS("pointer", k8sc_draft_set_number(draft, NULL, 1, &err));
    NEEDS("draft", k8sc_draft_set_null(NULL, "/a", &err));
    NEEDS("pointer", k8sc_draft_set_null(draft, NULL, &err));
    NEEDS("draft", k8sc_draft_set_json(NULL, "/a", "1", 1, &err));
    NEEDS("pointer", k8sc_draft_set_json(draft, NULL, "1", 1, &err));
    NEEDS("json", k8sc_draft_set_json(draft, "/a", NULL, 0, &err));
    NEEDS("draft", k8sc_draft_remove(NULL, "/a", &err));
    NEEDS("pointer", k8sc_draft_remove(draft, NULL, &err));
    NEEDS("draft", k8sc_draft_freeze(NULL, &out, &err));
    NEEDS("out", k8sc_draft_freeze(draft, NULL, &err));
    k8sc_draft_free(draft);
    k8sc_draft_free(NULL);
    k8sc_string_free(NULL);
    assert_null(k8sc_object_ref(NULL));
    k8sc_object_unref(NULL);
    assert_null(k8sc_object_json(NULL, &len));
    assert_null(k8sc_object_str(NULL, "/a", &len));
    assert_null(k8sc_object_str(object, NULL, NULL));
    assert_int_equal(k8sc_object_type(NULL, "/a"), K8SC_TYPE_ABSENT);
    assert_int_equal(k8sc_object_type(object, NULL), K8SC_TYPE_ABSENT);
    assert_int_equal(k8sc_object_int(NULL, "/a", 5), 5);
    assert_int_equal(k8sc_object_int(object, NULL, 5), 5);
    assert_int_equal(k8sc_object_bool(NULL, "/a", 1), 1);
    assert_true(k8sc_object_number(NULL, "/a", 0.5) == 0.5);
    assert_int_equal(k8sc_object_size(NULL, ""), -1);
    assert_int_equal(k8sc_object_size(object, NULL), -1);
    assert_null(k8sc_object_key(NULL, "", 0, NULL));
    assert_null(k8sc_object_key(object, NULL, 0, NULL));
    assert_null(k8sc_object_raw(NULL, "", &len));
    assert_null(k8sc_object_raw(object, NULL, &len));
    assert_null(k8sc_object_label(NULL, "a"));
    assert_null(k8sc_object_label(object, NULL));
    assert_null(k8sc_object_annotation(NULL, "a"));
    assert_null(k8sc_object_annotation(object, NULL));
    k8sc_object_name(NULL);
    k8sc_object_namespace(NULL);
    k8sc_object_uid(NULL);
    k8sc_object_resource_version(NULL);
    k8sc_object_kind(NULL);
    k8sc_object_api_version(NULL);
    NO_FAILURES();
}

static int tweak(k8sc_options *given, void *data) { return (void)given, (void)data, 0; }
static int transform(k8sc_object *object, k8sc_object **out, void *data)
{
    return (void)object, (void)out, (void)data, 0;
}
static int index_by(const k8sc_object *object, k8sc_strings *values, void *data)
{
    return (void)object, (void)values, (void)data, 0;
}
static int make(k8sc_client *of, int64_t resync, void *data, k8sc_informer **out)
{
    return (void)of, (void)resync, (void)data, (void)out, 1;
}

static void informer_options(void **state)
{
    k8sc_informer_options *o = NULL;
    struct recorder *tweaks = new_recorder(), *transforms = new_recorder();
    (void)state;
    OK(k8sc_informer_options_new(&o, &err));
    NEEDS("out", k8sc_informer_options_new(NULL, &err));
    NEEDS("options", k8sc_informer_options_set_namespace(NULL, "a", &err));
    NEEDS("options", k8sc_informer_options_set_resync(NULL, 0, &err));
    NEEDS("options", k8sc_informer_options_set_custom_resync(NULL, "", "v1", "pods", 0, &err));
    NEEDS("group", k8sc_informer_options_set_custom_resync(o, NULL, "v1", "pods", 0, &err));
    NEEDS("version", k8sc_informer_options_set_custom_resync(o, "", NULL, "pods", 0, &err));
    NEEDS("resource", k8sc_informer_options_set_custom_resync(o, "", "v1", NULL, 0, &err));
    NEEDS("options", k8sc_informer_options_set_label_selector(NULL, "a", &err));
    NEEDS("selector", k8sc_informer_options_set_label_selector(o, NULL, &err));
    NEEDS("options", k8sc_informer_options_set_field_selector(NULL, "a=b", &err));
    NEEDS("selector", k8sc_informer_options_set_field_selector(o, NULL, &err));
    NEEDS("options", k8sc_informer_options_set_tweak(NULL, tweak, tweaks, on_destroy, &err));
    NEEDS("options", k8sc_informer_options_set_transform(NULL, transform, transforms, on_destroy, &err));
    assert_int_equal(tweaks->destroyed, 1);
    assert_int_equal(transforms->destroyed, 1);
    NEEDS("options", k8sc_informer_options_set_drop_managed_fields(NULL, 1, &err));
    NEEDS("options", k8sc_informer_options_drop_annotations(NULL, "a", &err));
    NEEDS("prefix", k8sc_informer_options_drop_annotations(o, NULL, &err));
    NEEDS("options", k8sc_informer_options_drop_path(NULL, "/a", &err));
    NEEDS("pointer", k8sc_informer_options_drop_path(o, NULL, &err));
    NEEDS("options", k8sc_informer_options_keep_path(NULL, "/a", &err));
    NEEDS("pointer", k8sc_informer_options_keep_path(o, NULL, &err));
    NEEDS("options", k8sc_informer_options_set_metadata_only(NULL, 1, &err));
    NEEDS("options", k8sc_informer_options_set_page_size(NULL, 1, &err));
    NEEDS("options", k8sc_informer_options_set_queue(NULL, NULL, &err));
    k8sc_informer_options_free(o);
    k8sc_informer_options_free(NULL);
    NO_FAILURES();
}

static void null_to_informers_is_told_by_name(void **state)
{
    k8sc_informer_factory *factory = NULL;
    k8sc_informer *informer = NULL, *made = NULL;
    k8sc_registration *registration = NULL;
    k8sc_lister *lister = NULL;
    k8sc_object *object = NULL;
    k8sc_list *list = NULL;
    k8sc_strings *strings = NULL;
    char *text = NULL;
    struct recorder *r[4] = {new_recorder(), new_recorder(), new_recorder(), new_recorder()};
    (void)state;
    NEEDS("client", k8sc_informer_factory_new(NULL, NULL, &factory, &err));
    NEEDS("out", k8sc_informer_factory_new(client, NULL, NULL, &err));
    OK(k8sc_informer_factory_new(client, NULL, &factory, &err));
    NEEDS("factory", k8sc_informer_factory_for_resource(NULL, "", "v1", "pods", &made, &err));
    NEEDS("group", k8sc_informer_factory_for_resource(factory, NULL, "v1", "pods", &made, &err));
    NEEDS("version", k8sc_informer_factory_for_resource(factory, "", NULL, "pods", &made, &err));
    NEEDS("resource", k8sc_informer_factory_for_resource(factory, "", "v1", NULL, &made, &err));
    NEEDS("out", k8sc_informer_factory_for_resource(factory, "", "v1", "pods", NULL, &err));
    NEEDS("factory", k8sc_informer_factory_informer_for(NULL, "", "v1", "pods", make, r[0], on_destroy, &made, &err));
    NEEDS("fn", k8sc_informer_factory_informer_for(factory, "", "v1", "pods", NULL, r[1], on_destroy, &made, &err));
    assert_int_equal(r[0]->destroyed, 1);
    assert_int_equal(r[1]->destroyed, 1);
    NEEDS("factory", k8sc_informer_factory_start(NULL, &err));
    NEEDS("factory", k8sc_informer_factory_wait_for_sync(NULL, 0, &err));
    NEEDS("factory", k8sc_informer_factory_shutdown(NULL, &err));
    NEEDS("client", k8sc_informer_new(NULL, "", "v1", "pods", NULL, &made, &err));
    NEEDS("group", k8sc_informer_new(client, NULL, "v1", "pods", NULL, &made, &err));
    NEEDS("version", k8sc_informer_new(client, "", NULL, "pods", NULL, &made, &err));
    NEEDS("resource", k8sc_informer_new(client, "", "v1", NULL, NULL, &made, &err));
    NEEDS("out", k8sc_informer_new(client, "", "v1", "pods", NULL, NULL, &err));
    OK(k8sc_informer_new(client, "", "v1", "pods", NULL, &informer, &err));
    NEEDS("informer", k8sc_informer_start(NULL, &err));
    NEEDS("informer", k8sc_informer_stop(NULL, &err));
    NEEDS("informer", k8sc_informer_wait_for_sync(NULL, 0, &err));
    NEEDS("informer", k8sc_informer_last_sync_resource_version(NULL, &text, &err));
    NEEDS("out", k8sc_informer_last_sync_resource_version(informer, NULL, &err));
    NEEDS("informer", k8sc_informer_add_handler(NULL, RECORD(r[2]), &registration, &err));
    NEEDS("informer", k8sc_informer_add_handler_with(NULL, 0, NULL, RECORD(r[3]), &registration, &err));
    assert_int_equal(r[2]->destroyed, 1);
    assert_int_equal(r[3]->destroyed, 1);
    OK(k8sc_informer_add_handler(informer, NULL, NULL, NULL, &registration, &err));
    NEEDS("informer", k8sc_informer_remove_handler(NULL, registration, &err));
    NEEDS("registration", k8sc_informer_remove_handler(informer, NULL, &err));
    NEEDS("informer", k8sc_informer_add_pointer_index(NULL, "a", "/a", &err));
    NEEDS("name", k8sc_informer_add_pointer_index(informer, NULL, "/a", &err));
    NEEDS("pointer", k8sc_informer_add_pointer_index(informer, "a", NULL, &err));
    NEEDS("informer", k8sc_informer_add_index(NULL, "a", index_by, NULL, NULL, &err));
    NEEDS("name", k8sc_informer_add_index(informer, NULL, index_by, NULL, NULL, &err));
    NEEDS("fn", k8sc_informer_add_index(informer, "a", NULL, NULL, NULL, &err));
    NEEDS("informer", k8sc_informer_lister(NULL, &lister, &err));
    NEEDS("out", k8sc_informer_lister(informer, NULL, &err));
    OK(k8sc_informer_lister(informer, &lister, &err));
    NEEDS("lister", k8sc_lister_get(NULL, "a", "b", &object, &err));
    NEEDS("name", k8sc_lister_get(lister, "a", NULL, &object, &err));
    NEEDS("out", k8sc_lister_get(lister, "a", "b", NULL, &err));
    NEEDS("lister", k8sc_lister_list(NULL, NULL, NULL, &list, &err));
    NEEDS("out", k8sc_lister_list(lister, NULL, NULL, NULL, &err));
    NEEDS("lister", k8sc_lister_by_index(NULL, "namespace", "a", &list, &err));
    NEEDS("index", k8sc_lister_by_index(lister, NULL, "a", &list, &err));
    NEEDS("value", k8sc_lister_by_index(lister, "namespace", NULL, &list, &err));
    NEEDS("out", k8sc_lister_by_index(lister, "namespace", "a", NULL, &err));
    NEEDS("lister", k8sc_lister_index_values(NULL, "namespace", &strings, &err));
    NEEDS("index", k8sc_lister_index_values(lister, NULL, &strings, &err));
    NEEDS("out", k8sc_lister_index_values(lister, "namespace", NULL, &err));
    OK(k8sc_lister_index_values(lister, "namespace", &strings, &err));
    assert_int_equal(k8sc_strings_add(NULL, "a", 1), K8SC_E_INVALID);
    assert_int_equal(k8sc_strings_add(strings, NULL, 1), K8SC_E_INVALID);
    assert_null(k8sc_strings_at(NULL, 0, NULL));
    k8sc_strings_size(NULL);
    k8sc_strings_free(strings);
    k8sc_strings_free(NULL);
    k8sc_registration_unref(registration);
    k8sc_lister_unref(lister);
    k8sc_informer_unref(informer);
    k8sc_informer_factory_unref(factory);
    assert_null(k8sc_informer_factory_ref(NULL));
    k8sc_informer_factory_unref(NULL);
    assert_null(k8sc_informer_ref(NULL));
    k8sc_informer_unref(NULL);
    assert_null(k8sc_registration_ref(NULL));
    k8sc_registration_unref(NULL);
    assert_null(k8sc_lister_ref(NULL));
    k8sc_lister_unref(NULL);
    k8sc_informer_is_stopped(NULL);
    assert_int_equal(k8sc_informer_has_synced(NULL), 0);
    assert_int_equal(k8sc_registration_has_synced(NULL), 0);
    assert_int_equal(k8sc_lister_size(NULL), -1);
    NO_FAILURES();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(null_to_configurations_is_told_by_name),
        TEST(clients_and_queues),
        TEST(accessors_of_a_null_event_answer_nothing),
        TEST(objects_and_drafts),
        TEST(informer_options),
        TEST(null_to_informers_is_told_by_name),
    };
    return cmocka_run_group_tests_name("wrong input", tests, NULL, NULL);
}
