/* The fake API server: which kinds it knows, learns and guesses, and what it tells about itself. */
#include "support.h"

#define WIDGETS "/apis/example.com/v1/namespaces/default/widgets"
#define DEFINITIONS "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"

static const char definition[] = "{\"kind\":\"CustomResourceDefinition\",\"apiVersion\":\"apiextensions.k8s.io/"
                                 "v1\",\"metadata\":{\"name\":\"widgets.example.com\"},\"spec\":{"
                                 "\"group\":\"example.com\",\"scope\":\"Namespaced\",\"names\":{\"plural\":\"widgets\","
                                 "\"kind\":\"Widget\",\"shortNames\":[\"wd\"]},\"versions\":["
                                 "{\"name\":\"v1\",\"served\":true,\"storage\":true,\"subresources\":{\"status\":{}}},{"
                                 "\"name\":\"v2\",\"served\":true,\"storage\":false}]}}";

static void learns_kinds_from_definitions(void **state)
{
    (void)state;
    k8sc_testing_options *options = make_options();
    OK(k8sc_testing_options_set_allow_any_resource(options, 0, &err));
    OK(k8sc_testing_options_add_kind(options, "given.example.com", "v1", "gadgets", "Gadget", 0, &err));
    set_up_with(options);

    get(WIDGETS);
    assert_status(404, "NotFound", "the server could not find the requested resource");
    assert_int_equal(post(DEFINITIONS, definition), 201);
    assert_text("status.conditions.1.type", "Established");
    assert_text("status.conditions.1.status", "True");
    assert_text("spec.names.listKind", "WidgetList");

    assert_int_equal(post(WIDGETS,
                          "{\"kind\":\"Widget\",\"apiVersion\":\"example.com/"
                          "v1\",\"metadata\":{\"name\":\"w\"},\"spec\":{\"b\":1,\"a\":2},\"status\":{\"s\":1}}"),
                     201);
    assert_null(at(answer.json, "status"));
    /* A document to the server, not a type: keys in order, and items of lists with their kind. */
    assert_int_equal(
        strncmp(answer.body.data,
                "{\"apiVersion\":\"example.com/v1\",\"kind\":\"Widget\",\"metadata\":{\"creationTimestamp\":", 78),
        0);
    assert_non_null(strstr(answer.body.data, "\"spec\":{\"a\":2,\"b\":1}"));
    get(WIDGETS);
    assert_int_equal(
        strncmp(answer.body.data,
                "{\"apiVersion\":\"example.com/v1\",\"items\":[{\"apiVersion\":\"example.com/v1\",\"kind\":\"Widget\",",
                85),
        0);
    assert_text("kind", "WidgetList");
    get("/apis/example.com/v2/namespaces/default/widgets/w");
    assert_text("apiVersion", "example.com/v2");
    put(WIDGETS "/w", "{\"kind\":\"Widget\",\"apiVersion\":\"example.com/v1\",\"metadata\":{\"name\":\"w\"}}");
    assert_status(422, "Invalid",
                  "widgets.example.com \"w\" is invalid: metadata.resourceVersion: Invalid value: 0x0: must be "
                  "specified for an update");
    assert_int_equal(post(WIDGETS, "{\"metadata\":{\"name\":\"x\"}}"), 400);
    assert_int_equal(
        post(WIDGETS, "{\"kind\":\"Gadget\",\"apiVersion\":\"example.com/v1\",\"metadata\":{\"name\":\"x\"}}"), 422);
    patch(WIDGETS "/w", MERGE_PATCH, "{\"status\":{\"s\":2}}");
    assert_null(at(answer.json, "status"));
    patch(WIDGETS "/w/status", MERGE_PATCH, "{\"status\":{\"s\":2}}");
    assert_int_equal(number("status.s"), 2);

    get("/apis/example.com");
    assert_text("preferredVersion.version", "v2");
    get("/apis/example.com/v1");
    assert_text("resources.0.name", "widgets");
    assert_text("resources.0.shortNames.0", "wd");
    assert_text("resources.1.name", "widgets/status");

    assert_int_equal(
        post("/apis/given.example.com/v1/gadgets",
             "{\"kind\":\"Gadget\",\"apiVersion\":\"given.example.com/v1\",\"metadata\":{\"name\":\"g\"}}"),
        201);
    assert_int_equal(delete (DEFINITIONS "/widgets.example.com", NULL), 200);
    assert_int_equal(get(WIDGETS "/w"), 404);
    assert_int_equal(get(WIDGETS), 404);
    assert_int_equal(get("/apis/example.com/v1"), 404);
}

static void guesses_kinds_where_it_may(void **state)
{
    (void)state;
    assert_int_equal(get("/apis/odd.example.com/v1/cherries"), 200);
    assert_text("kind", "CherryList");
    struct watch *watch = start_watch("/apis/odd.example.com/v1/cherries", "resourceVersion=0");
    assert_int_equal(post("/apis/odd.example.com/v1/cherries",
                          "{\"kind\":\"Kirsche\",\"apiVersion\":\"odd.example.com/v1\",\"metadata\":{\"name\":\"c\"}}"),
                     201);
    assert_frame(watch, 0, "ADDED", "c");
    assert_string_equal(json_string_value(at(watch->frame, "object.kind")), "Kirsche");
    end_watch(watch);
    get("/apis/odd.example.com/v1");
    assert_text("resources.0.kind", "Kirsche");
    assert_false(json_is_true(at(answer.json, "resources.0.namespaced")));
    assert_int_equal(get("/apis/odd.example.com/v1/cher%22ries"), 404);
    put_json("{\"kind\":\"Policy\",\"apiVersion\":\"odd.example.com/"
             "v1\",\"metadata\":{\"name\":\"p\",\"namespace\":\"n\"}}");
    assert_int_equal(get("/apis/odd.example.com/v1/namespaces/n/policies/p"), 200);
}

static void tells_about_itself(void **state)
{
    (void)state;
    assert_int_equal(get("/healthz"), 200);
    assert_string_equal(answer.body.data, "ok");
    assert_int_equal(get("/readyz?verbose"), 200);
    assert_int_equal(get("/livez"), 200);
    get("/version");
    assert_text("major", "1");
    get("/api");
    assert_text("versions.0", "v1");
    get("/apis");
    assert_text("kind", "APIGroupList");
    assert_text("groups.0.name", "apps");
    get("/api/v1");
    assert_text("kind", "APIResourceList");
    assert_text("groupVersion", "v1");
    assert_int_equal(get("/apis/nothing"), 404);
    assert_int_equal(post("/version", "{}"), 405);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(learns_kinds_from_definitions),
        TEST(guesses_kinds_where_it_may),
        TEST(tells_about_itself),
    };
    return run_named_tests("fake kinds", tests, sizeof tests / sizeof *tests);
}
