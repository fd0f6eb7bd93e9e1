/* destroy runs exactly once, after the last call, on every path by which a callback can end, or fail to begin. */
#include "process.h"

static int silent_port;

static int warm_up(void **state)
{
    (void)state;
    return silent_server(&silent_port) < 0;
}

/* Waits until it ran, while somebody dispatches. */
static void expect_once(k8sc_queue *queue, counted *it)
{
    int i;
    for (i = 0; i < 1000 && it->destroys == 0; i++) {
        k8sc_queue_wait(queue, 10, NULL, NULL);
        k8sc_queue_dispatch(queue, 0, NULL, NULL);
    }
    pause_ms(5);
    k8sc_queue_dispatch(queue, 0, NULL, NULL);
    assert_int_equal(it->destroys, 1);
    assert_int_equal(it->late, 0);
}

static int no_tweak(k8sc_options *options, void *user_data)
{
    (void)options;
    return ((counted *)user_data)->calls++, 0;
}
static int failing_tweak(k8sc_options *options, void *user_data)
{
    (void)options;
    return ((counted *)user_data)->calls++, 7;
}
static int keep(k8sc_object *object, k8sc_object **out, void *user_data)
{
    (void)object;
    (void)out;
    (void)user_data;
    return 0;
}
static int no_index(const k8sc_object *object, k8sc_strings *values, void *user_data)
{
    (void)object;
    (void)values;
    (void)user_data;
    return 0;
}
static int no_informer(k8sc_client *client, int64_t resync_ms, void *user_data, k8sc_informer **out)
{
    (void)client;
    (void)resync_ms;
    (void)out;
    ((counted *)user_data)->calls++;
    return 0;
}

/* Refused before anything began: no handle, a closed client, a stopped informer, options that do not fit. */
static void registration_fails(void **state)
{
    k8sc_client *client = client_for(1);
    k8sc_resource *resource;
    k8sc_rest_client *rest;
    k8sc_request *request;
    k8sc_informer *informer;
    k8sc_informer_factory *factory;
    k8sc_options *options;
    k8sc_watch *watch;
    counted it = {0, 0, 0};
    int want = 0;
    (void)state;
    assert_int_equal(k8sc_client_resource(client, "", "v1", "pods", NULL, &resource, NULL), K8SC_OK);
    assert_int_equal(k8sc_client_rest(client, "", "v1", &rest, NULL), K8SC_OK);
    assert_int_equal(k8sc_rest_client_get(rest, &request, NULL), K8SC_OK);
    assert_int_equal(k8sc_informer_new(client, "", "v1", "pods", NULL, &informer, NULL), K8SC_OK);
    assert_int_equal(k8sc_informer_factory_new(client, NULL, &factory, NULL), K8SC_OK);
    assert_int_equal(k8sc_options_new(&options, NULL), K8SC_OK);
    assert_int_equal(k8sc_options_set_dry_run(options, 1, NULL), K8SC_OK);

#define REFUSED(call) \
    do { \
        assert_true((call) < 0); \
        assert_int_equal(it.destroys, ++want); \
    } while (0)

    REFUSED(k8sc_resource_watch(NULL, NULL, count_call, &it, count_destroy, &watch, NULL));
    REFUSED(k8sc_resource_watch(resource, NULL, count_call, &it, count_destroy, NULL, NULL));
    REFUSED(k8sc_resource_watch(resource, options, count_call, &it, count_destroy, &watch, NULL));
    REFUSED(k8sc_resource_retry_watch(NULL, NULL, count_call, &it, count_destroy, &watch, NULL));
    REFUSED(k8sc_resource_retry_watch(resource, NULL, count_call, &it, count_destroy, NULL, NULL));
    REFUSED(k8sc_resource_retry_watch(resource, NULL, count_call, &it, count_destroy, &watch, NULL));
    REFUSED(k8sc_resource_until(NULL, NULL, NULL, count_call, &it, count_destroy, 0, NULL, NULL));
    REFUSED(k8sc_request_start(NULL, NULL, count_call, &it, count_destroy, NULL, NULL));
    REFUSED(k8sc_request_start_stream(NULL, NULL, count_call, &it, count_destroy, NULL, NULL));
    REFUSED(k8sc_informer_add_handler(NULL, count_call, &it, count_destroy, NULL, NULL));
    REFUSED(k8sc_informer_add_handler_with(NULL, 0, NULL, count_call, &it, count_destroy, NULL, NULL));
    REFUSED(k8sc_informer_add_handler_with(informer, -1, NULL, count_call, &it, count_destroy, NULL, NULL));
    REFUSED(k8sc_informer_add_index(NULL, "x", no_index, &it, count_destroy, NULL));
    REFUSED(k8sc_informer_add_index(informer, NULL, no_index, &it, count_destroy, NULL));
    REFUSED(k8sc_informer_add_index(informer, "x", NULL, &it, count_destroy, NULL));
    REFUSED(k8sc_informer_add_index(informer, "namespace", no_index, &it, count_destroy, NULL));
    REFUSED(k8sc_informer_options_set_tweak(NULL, no_tweak, &it, count_destroy, NULL));
    REFUSED(k8sc_informer_options_set_transform(NULL, keep, &it, count_destroy, NULL));
    REFUSED(k8sc_informer_factory_informer_for(factory, "", "v1", "pods", no_informer, &it, count_destroy, NULL, NULL));
    {
        k8sc_informer *none;
        REFUSED(
            k8sc_informer_factory_informer_for(NULL, "", "v1", "pods", no_informer, &it, count_destroy, &none, NULL));
        REFUSED(k8sc_informer_factory_informer_for(factory, "", "v1", "pods", NULL, &it, count_destroy, &none, NULL));
        REFUSED(k8sc_informer_factory_informer_for(factory, "", "v1", "pods", no_informer, &it, count_destroy, &none,
                                                   NULL));
        assert_null(none);
    }
    assert_int_equal(k8sc_informer_stop(informer, NULL), K8SC_OK);
    REFUSED(k8sc_informer_add_handler(informer, count_call, &it, count_destroy, NULL, NULL));
    /* A setter that failed is remembered until the request is sent. */
    assert_true(k8sc_request_set_name(request, "..") < 0);
    REFUSED(k8sc_request_start(request, NULL, count_call, &it, count_destroy, NULL, NULL));
    assert_int_equal(k8sc_client_close(client, -1, NULL), K8SC_OK);
    REFUSED(k8sc_resource_watch(resource, NULL, count_call, &it, count_destroy, &watch, NULL));
    REFUSED(k8sc_informer_add_handler(informer, count_call, &it, count_destroy, NULL, NULL));
    assert_int_equal(it.calls, 1);
    k8sc_informer_unref(informer);
    k8sc_informer_factory_unref(factory);
    k8sc_options_free(options);
    k8sc_request_free(request);
    k8sc_rest_client_unref(rest);
    k8sc_resource_unref(resource);
    k8sc_client_unref(client);
    assert_int_equal(it.destroys, want);
}

static void handler_is_removed(void **state)
{
    int pull;
    (void)state;
    for (pull = 0; pull < 2; pull++) {
        k8sc_client *client = client_for(1);
        k8sc_queue *queue = k8sc_client_queue(client);
        k8sc_informer *informer;
        k8sc_registration *registration;
        k8sc_event *event;
        counted it = {0, 0, 0};
        assert_int_equal(k8sc_informer_new(client, "", "v1", "pods", NULL, &informer, NULL), K8SC_OK);
        assert_int_equal(
            k8sc_informer_add_handler(informer, pull ? NULL : count_call, &it, count_destroy, &registration, NULL),
            K8SC_OK);
        assert_int_equal(k8sc_informer_start(informer, NULL), K8SC_OK);
        assert_int_equal(k8sc_queue_wait(queue, 10000, NULL, NULL), K8SC_OK);
        assert_int_equal(k8sc_informer_remove_handler(informer, registration, NULL), K8SC_OK);
        assert_int_equal(k8sc_informer_remove_handler(informer, registration, NULL), K8SC_OK);
        if (pull) {
            /* Its events are gone; the look finds the destroy that is owed. */
            assert_int_equal(k8sc_queue_take(queue, &event, NULL), K8SC_OK);
            assert_null(event);
            assert_int_equal(it.destroys, 1);
        } else {
            expect_once(queue, &it);
        }
        assert_int_equal(it.calls, 0);
        k8sc_registration_unref(registration);
        k8sc_client_close(client, -1, NULL);
        k8sc_informer_unref(informer);
        k8sc_client_unref(client);
        assert_int_equal(it.destroys, 1);
    }
}

/* By stop, by the last unref of the informer, and by that of its factory. */
static void informer_ends(void **state)
{
    int how;
    (void)state;
    for (how = 0; how < 6; how++) {
        int started = how % 2;
        k8sc_client *client = client_for(silent_port);
        k8sc_informer_factory *factory = NULL;
        k8sc_informer *informer;
        counted it = {0, 0, 0};
        if (how / 2 == 2) {
            assert_int_equal(k8sc_informer_factory_new(client, NULL, &factory, NULL), K8SC_OK);
            assert_int_equal(k8sc_informer_factory_for_resource(factory, "", "v1", "pods", &informer, NULL), K8SC_OK);
        } else {
            assert_int_equal(k8sc_informer_new(client, "", "v1", "pods", NULL, &informer, NULL), K8SC_OK);
        }
        assert_int_equal(k8sc_informer_add_handler(informer, count_call, &it, count_destroy, NULL, NULL), K8SC_OK);
        if (started)
            assert_int_equal(factory ? k8sc_informer_factory_start(factory, NULL) : k8sc_informer_start(informer, NULL),
                             K8SC_OK);
        if (how / 2 == 0) assert_int_equal(k8sc_informer_stop(informer, NULL), K8SC_OK);
        k8sc_informer_unref(informer);
        k8sc_informer_factory_unref(factory);
        expect_once(k8sc_client_queue(client), &it);
        k8sc_client_close(client, -1, NULL);
        k8sc_client_unref(client);
        assert_int_equal(it.destroys, 1);
    }
}

static void watch_and_requests_end(void **state)
{
    int how;
    (void)state;
    for (how = 0; how < 6; how++) {
        k8sc_client *client = client_for(how == 5 ? 1 : silent_port);
        k8sc_resource *resource;
        k8sc_rest_client *rest;
        k8sc_request *request;
        k8sc_watch *watch = NULL;
        k8sc_call *call = NULL;
        counted it = {0, 0, 0};
        assert_int_equal(k8sc_client_resource(client, "", "v1", "pods", NULL, &resource, NULL), K8SC_OK);
        assert_int_equal(k8sc_client_rest(client, "", "v1", &rest, NULL), K8SC_OK);
        assert_int_equal(k8sc_rest_client_get(rest, &request, NULL), K8SC_OK);
        assert_int_equal(k8sc_request_set_resource(request, "pods"), K8SC_OK);
        if (how < 2)
            assert_int_equal(k8sc_resource_watch(resource, NULL, count_call, &it, count_destroy, &watch, NULL),
                             K8SC_OK);
        else if (how == 2)
            assert_int_equal(k8sc_request_start(request, NULL, count_call, &it, count_destroy, &call, NULL), K8SC_OK);
        else if (how == 3)
            assert_int_equal(k8sc_request_start_stream(request, NULL, count_call, &it, count_destroy, &call, NULL),
                             K8SC_OK);
        else
            assert_int_equal(k8sc_request_start(request, NULL, count_call, &it, count_destroy, NULL, NULL), K8SC_OK);
        if (how == 0) k8sc_watch_cancel(watch);
        k8sc_watch_unref(watch);
        k8sc_call_cancel(call);
        k8sc_call_unref(call);
        /* One that nobody can cancel, and that never ends, ends with the client. */
        if (how == 4)
            assert_int_equal(k8sc_client_close(client, -1, NULL), K8SC_OK);
        else
            expect_once(k8sc_client_queue(client), &it);
        assert_int_equal(it.destroys, 1);
        assert_true(it.calls <= 1);
        k8sc_request_free(request);
        k8sc_rest_client_unref(rest);
        k8sc_resource_unref(resource);
        k8sc_client_close(client, -1, NULL);
        k8sc_client_unref(client);
        assert_int_equal(it.destroys, 1);
    }
}

/* What belongs to options is destroyed when the options and all that was made with them are gone. */
static void options_are_shared(void **state)
{
    int made;
    (void)state;
    for (made = 0; made < 3; made++) {
        k8sc_client *client = client_for(1);
        k8sc_informer_options *options;
        k8sc_informer *informer = NULL;
        k8sc_error *err = NULL;
        counted tweak = {0, 0, 0}, transform = {0, 0, 0}, replaced = {0, 0, 0};
        assert_int_equal(k8sc_informer_options_new(&options, NULL), K8SC_OK);
        assert_int_equal(k8sc_informer_options_set_tweak(options, no_tweak, &replaced, count_destroy, NULL), K8SC_OK);
        assert_int_equal(
            k8sc_informer_options_set_tweak(options, made == 2 ? failing_tweak : no_tweak, &tweak, count_destroy, NULL),
            K8SC_OK);
        assert_int_equal(replaced.destroys, 1);
        assert_int_equal(k8sc_informer_options_set_transform(options, keep, &transform, count_destroy, NULL), K8SC_OK);
        if (made)
            assert_int_equal(k8sc_informer_new(client, "", "v1", "pods", options, &informer, &err),
                             made == 2 ? K8SC_E_CALLBACK : K8SC_OK);
        k8sc_error_free(err);
        k8sc_informer_options_free(options);
        if (!made) {
            assert_int_equal(tweak.destroys, 1);
            assert_int_equal(transform.destroys, 1);
        }
        k8sc_informer_unref(informer);
        assert_int_equal(k8sc_client_close(client, -1, NULL), K8SC_OK);
        k8sc_client_unref(client);
        assert_int_equal(tweak.destroys, 1);
        assert_int_equal(transform.destroys, 1);
        assert_int_equal(tweak.calls, made > 0);
    }
}

static void index_ends_with_its_informer(void **state)
{
    k8sc_client *client = client_for(1);
    k8sc_informer *informer;
    k8sc_lister *lister;
    counted it = {0, 0, 0};
    (void)state;
    assert_int_equal(k8sc_informer_new(client, "", "v1", "pods", NULL, &informer, NULL), K8SC_OK);
    assert_int_equal(k8sc_informer_add_index(informer, "x", no_index, &it, count_destroy, NULL), K8SC_OK);
    assert_int_equal(k8sc_informer_lister(informer, &lister, NULL), K8SC_OK);
    k8sc_informer_unref(informer);
    assert_int_equal(k8sc_client_close(client, -1, NULL), K8SC_OK);
    k8sc_client_unref(client);
    k8sc_lister_unref(lister);
    assert_int_equal(it.destroys, 1);
}

/* Everything let go of inside of the callback itself. */
typedef struct inside {
    counted count; /* first, so that count_destroy finds it */
    k8sc_client *client;
    k8sc_informer *informer;
    k8sc_registration *registration;
    int close;
    int destroyed_inside;
} inside;

static int end_it_all(const k8sc_event *event, void *user_data)
{
    inside *it = user_data;
    count_call(event, it);
    if (it->count.calls > 1) return 0;
    if (it->close == 1) assert_int_equal(k8sc_client_close(it->client, -1, NULL), K8SC_OK);
    if (it->close == 2) assert_int_equal(k8sc_informer_remove_handler(it->informer, it->registration, NULL), K8SC_OK);
    if (it->close == 3) assert_int_equal(k8sc_informer_stop(it->informer, NULL), K8SC_OK);
    k8sc_registration_unref(it->registration);
    k8sc_informer_unref(it->informer);
    k8sc_client_unref(it->client);
    it->destroyed_inside = it->count.destroys;
    return 0;
}

static void inside_of_the_callback(void **state)
{
    int close;
    (void)state;
    for (close = 0; close < 4; close++) {
        inside it;
        k8sc_queue *queue;
        int i;
        memset(&it, 0, sizeof it);
        it.client = client_for(1);
        it.close = close;
        queue = k8sc_queue_ref(k8sc_client_queue(it.client));
        assert_int_equal(k8sc_informer_new(it.client, "", "v1", "pods", NULL, &it.informer, NULL), K8SC_OK);
        assert_int_equal(k8sc_informer_add_handler(it.informer, end_it_all, &it, count_destroy, &it.registration, NULL),
                         K8SC_OK);
        assert_int_equal(k8sc_informer_start(it.informer, NULL), K8SC_OK);
        for (i = 0; i < 1000 && it.count.destroys == 0; i++) {
            k8sc_queue_wait(queue, 10, NULL, NULL);
            k8sc_queue_dispatch(queue, 0, NULL, NULL);
        }
        k8sc_queue_unref(queue);
        assert_int_equal(it.count.calls, 1);
        assert_int_equal(it.destroyed_inside, 0);
        assert_int_equal(it.count.destroys, 1);
        assert_int_equal(it.count.late, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registration_fails),     cmocka_unit_test(handler_is_removed),
        cmocka_unit_test(informer_ends),          cmocka_unit_test(watch_and_requests_end),
        cmocka_unit_test(options_are_shared),     cmocka_unit_test(index_ends_with_its_informer),
        cmocka_unit_test(inside_of_the_callback),
    };
    return cmocka_run_group_tests(tests, warm_up, NULL);
}
