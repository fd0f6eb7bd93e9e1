/* The fake API server: custom resources whose definitions have schemas. */
#include "support.h"

#define DEFINITIONS "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
#define BOXES "/apis/example.com/v1/namespaces/default/boxes"
#define NEW_BOXES "/apis/example.com/v2/namespaces/default/boxes"
#define APPLY_PATCH "application/apply-patch+yaml"

#define VERSION_MEMBERS(name, storage, fields) \
    "\"name\":\"" name "\",\"served\":true,\"storage\":" storage \
    ",\"subresources\":{\"status\":{}},\"schema\":{\"openAPIV3Schema\":{" \
    "\"type\":\"object\",\"properties\":{\"spec\":{\"type\":\"object\",\"properties\":{" fields "}}," \
    "\"status\":{\"type\":\"object\",\"properties\":{\"ready\":{\"type\":\"integer\"}}}}}}"
#define VERSION(name, storage, fields) "{" VERSION_MEMBERS(name, storage, fields) "}"
#define DEFINITION(versions) \
    "{\"kind\":\"CustomResourceDefinition\",\"apiVersion\":\"apiextensions.k8s.io/" \
    "v1\",\"metadata\":{\"name\":\"boxes.example.com\"}," \
    "\"spec\":{\"group\":\"example.com\",\"scope\":\"Namespaced\",\"names\":{\"plural\":\"boxes\",\"kind\":\"Box\"}," \
    "\"versions\":[" versions "]}}"
#define SIZE "\"size\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":10}"
#define COLOR "\"color\":{\"type\":\"string\",\"enum\":[\"red\",\"blue\"],\"default\":\"red\"}"
#define PORTS \
    "\"ports\":{\"type\":\"array\",\"x-kubernetes-list-type\":\"map\",\"x-kubernetes-list-map-keys\":[\"port\"," \
    "\"proto\"],\"items\":{" \
    "\"type\":\"object\",\"required\":[\"port\"],\"properties\":{\"port\":{\"type\":\"integer\"},\"n\":{\"type\":" \
    "\"string\"}," \
    "\"proto\":{\"type\":\"string\",\"default\":\"TCP\"}}}}"
#define BOX(version, name, spec) \
    "{\"kind\":\"Box\",\"apiVersion\":\"example.com/" version "\",\"metadata\":{\"name\":\"" name "\"},\"spec\":" spec \
    "}"

static void define(const char *definition) { assert_int_equal(post(DEFINITIONS, definition), 201); }

static void prunes_and_fills_in(void **state)
{
    (void)state;
    define(DEFINITION(VERSION("v1", "true", SIZE "," COLOR "," PORTS)));
    assert_int_equal(post(BOXES, BOX("v1", "b", "{\"size\":3.0,\"zonk\":1,\"ports\":[{\"port\":1,\"zonk\":2}]}")), 201);
    assert_non_null(
        strstr(answer.body.data, "\"spec\":{\"color\":\"red\",\"ports\":[{\"port\":1,\"proto\":\"TCP\"}],\"size\":3}"));
    patch(BOXES "/b", MERGE_PATCH, "{\"spec\":{\"color\":null,\"zonk\":{\"a\":1}}}");
    assert_non_null(
        strstr(answer.body.data, "\"spec\":{\"color\":\"red\",\"ports\":[{\"port\":1,\"proto\":\"TCP\"}],\"size\":3}"));
    assert_int_equal(post(BOXES, "{\"kind\":\"Box\",\"apiVersion\":\"example.com/"
                                 "v1\",\"metadata\":{\"name\":\"m\",\"zonk\":1,\"labels\":{\"a\":\"b\"}},\"extra\":1}"),
                     201);
    assert_null(at(answer.json, "metadata.zonk"));
    assert_null(at(answer.json, "extra"));
    assert_text("metadata.labels.a", "b");
    /* What a test puts there itself is read as from a store. */
    put_json("{\"kind\":\"Box\",\"apiVersion\":\"example.com/"
             "v1\",\"metadata\":{\"name\":\"s\",\"namespace\":\"default\"},\"spec\":{\"size\":99,\"zonk\":1}}");
    get(BOXES "/s");
    assert_non_null(strstr(answer.body.data, "\"spec\":{\"color\":\"red\",\"size\":99}"));
}

static void refuses_with_every_cause(void **state)
{
    (void)state;
    define(DEFINITION(VERSION("v1", "true", SIZE "," COLOR "," PORTS)));
    assert_int_equal(post(BOXES, BOX("v1", "b", "{\"size\":\"x\",\"color\":\"pink\",\"ports\":[{}]}")), 422);
    assert_text("reason", "Invalid");
    assert_text("message", "Box.example.com \"b\" is invalid: [spec.size: Invalid value: \"string\": spec.size in body "
                           "must be of type integer: \"string\", "
                           "spec.color: Unsupported value: \"pink\": supported values: \"red\", \"blue\", "
                           "spec.ports[0].port: Required value]");
    assert_text("details.causes.0.reason", "FieldValueInvalid");
    assert_text("details.causes.1.field", "spec.color");
    assert_text("details.causes.2.reason", "FieldValueRequired");
    assert_int_equal(get(BOXES "/b"), 404);

    assert_int_equal(post(BOXES, BOX("v1", "b", "{\"size\":3}")), 201);
    assert_int_equal(patch(BOXES "/b", MERGE_PATCH, "{\"spec\":{\"size\":11}}"), 422);
    assert_int_equal(patch(BOXES "/b/status", MERGE_PATCH, "{\"status\":{\"ready\":\"x\"}}"), 422);
    assert_int_equal(patch(BOXES "/b?fieldManager=m&force=true", APPLY_PATCH, BOX("v1", "b", "{\"size\":0}")), 422);
    get(BOXES "/b");
    assert_int_equal(number("spec.size"), 3);
    assert_null(at(answer.json, "status"));
}

static void tells_of_unknown_fields_where_asked(void **state)
{
    (void)state;
    define(DEFINITION(VERSION("v1", "true", SIZE "," PORTS)));
    assert_int_equal(post(BOXES "?fieldValidation=Strict",
                          BOX("v1", "b", "{\"size\":3,\"zonk\":1,\"ports\":[{\"port\":1,\"q\":2}]}")),
                     400);
    assert_non_null(
        strstr(answer.body.data,
               "strict decoding error: unknown field \\\"spec.zonk\\\", unknown field \\\"spec.ports[0].q\\\""));
    assert_int_equal(post(BOXES "?fieldValidation=Warn", BOX("v1", "b", "{\"size\":3,\"zonk\":1}")), 201);
    assert_non_null(strstr(answer.headers.data, "Warning: 299 - \"unknown field \\\"spec.zonk\\\"\""));
    assert_int_equal(patch(BOXES "/b?fieldValidation=Strict", MERGE_PATCH, "{\"spec\":{\"zonk\":1}}"), 422);
    assert_int_equal(post(BOXES, BOX("v1", "c", "{\"size\":3,\"zonk\":1}")), 201);
    assert_null(strstr(answer.headers.data, "Warning:"));
}

static void serves_each_version_by_its_schema(void **state)
{
    (void)state;
    define(DEFINITION(VERSION("v1", "true", SIZE ",\"old\":{\"type\":\"integer\"}") "," VERSION(
        "v2", "false", SIZE ",\"new\":{\"type\":\"integer\",\"default\":9}")));
    struct watch *watch = start_watch(NEW_BOXES, "resourceVersion=0");
    assert_int_equal(post(BOXES, BOX("v1", "b", "{\"size\":3,\"old\":4,\"new\":5}")), 201);
    assert_non_null(strstr(answer.body.data, "\"spec\":{\"old\":4,\"size\":3}"));
    assert_frame(watch, 0, "ADDED", "b");
    assert_non_null(at(watch->frame, "object.spec.size"));
    assert_null(at(watch->frame, "object.spec.old"));
    get(NEW_BOXES "/b");
    assert_text("apiVersion", "example.com/v2");
    assert_non_null(strstr(answer.body.data, "\"spec\":{\"size\":3}"));
    get(NEW_BOXES);
    assert_non_null(strstr(answer.body.data, "\"spec\":{\"size\":3}"));
    assert_int_equal(patch(NEW_BOXES "/b", MERGE_PATCH, "{\"spec\":{\"size\":4}}"), 200);
    get(BOXES "/b");
    assert_non_null(strstr(answer.body.data, "\"spec\":{\"size\":4}"));
    assert_frame(watch, 1, "MODIFIED", "b");
    end_watch(watch);
}

static void reads_what_is_stored_by_a_new_schema(void **state)
{
    (void)state;
    define(DEFINITION(VERSION("v1", "true", SIZE ",\"old\":{\"type\":\"integer\"}")));
    assert_int_equal(post(BOXES, BOX("v1", "b", "{\"size\":9,\"old\":4}")), 201);
    char *version = strdup(text("metadata.resourceVersion"));
    assert_int_equal(
        patch(DEFINITIONS "/boxes.example.com", MERGE_PATCH,
              "{\"spec\":{\"versions\":[" VERSION(
                  "v1", "true",
                  "\"size\":{\"type\":\"integer\",\"maximum\":5},\"more\":{\"type\":\"integer\",\"default\":7}") "]}}"),
        200);
    get(BOXES "/b");
    assert_non_null(strstr(answer.body.data, "\"spec\":{\"more\":7,\"size\":9}"));
    assert_text("metadata.resourceVersion", version);
    free(version);
    /* What was right when it was written may stay, and nothing else may become wrong. */
    assert_int_equal(patch(BOXES "/b", MERGE_PATCH, "{\"spec\":{\"more\":8}}"), 200);
    assert_int_equal(patch(BOXES "/b", MERGE_PATCH, "{\"spec\":{\"size\":8}}"), 422);
    assert_int_equal(patch(BOXES "/b", MERGE_PATCH, "{\"spec\":{\"size\":5}}"), 200);
}

static void applies_to_lists_by_their_keys(void **state)
{
    (void)state;
    define(DEFINITION(VERSION(
        "v1", "true",
        SIZE "," PORTS
             ",\"tags\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"x-kubernetes-list-type\":\"set\"},"
             "\"whole\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"integer\"},\"x-kubernetes-map-type\":"
             "\"atomic\"}")));
    assert_int_equal(
        patch(BOXES "/b?fieldManager=m", APPLY_PATCH,
              BOX("v1", "b", "{\"ports\":[{\"port\":1,\"n\":\"x\"}],\"tags\":[\"a\"],\"whole\":{\"a\":1}}")),
        201);
    assert_int_equal(
        patch(BOXES "/b?fieldManager=n", APPLY_PATCH, BOX("v1", "b", "{\"ports\":[{\"port\":2}],\"tags\":[\"b\"]}")),
        200);
    assert_non_null(strstr(answer.body.data, "\"ports\":[{\"n\":\"x\",\"port\":1,\"proto\":\"TCP\"},{\"port\":2,"
                                             "\"proto\":\"TCP\"}],\"tags\":[\"a\",\"b\"]"));
    assert_int_equal(patch(BOXES "/b?fieldManager=n", APPLY_PATCH,
                           BOX("v1", "b", "{\"ports\":[{\"port\":1,\"proto\":\"TCP\",\"n\":\"y\"}]}")),
                     409);
    assert_text("details.causes.0.field", ".spec.ports[port=1,proto=\"TCP\"].n");
    assert_int_equal(patch(BOXES "/b?fieldManager=n", APPLY_PATCH, BOX("v1", "b", "{\"whole\":{\"b\":1}}")), 409);
    assert_text("details.causes.0.field", ".spec.whole");
    assert_int_equal(patch(BOXES "/b?fieldManager=n", APPLY_PATCH, BOX("v1", "b", "{}")), 200);
    assert_non_null(strstr(
        answer.body.data,
        "\"spec\":{\"ports\":[{\"n\":\"x\",\"port\":1,\"proto\":\"TCP\"}],\"tags\":[\"a\"],\"whole\":{\"a\":1}}"));
}

static void matches_patterns_as_go_does(void **state)
{
    (void)state;
    define(DEFINITION(VERSION("v1", "true",
                              "\"a\":{\"type\":\"string\",\"pattern\":\"^(?i)(?P<x>b\\\\d+)$\"},\"b\":{\"type\":"
                              "\"string\",\"pattern\":\"^(x+)+$\"}")));
    assert_int_equal(post(BOXES, BOX("v1", "one", "{\"a\":\"B12\",\"b\":\"xxxx\"}")), 201);
    assert_int_equal(post(BOXES, BOX("v1", "two", "{\"a\":\"B\"}")), 422);
    assert_text("details.causes.0.message", "Invalid value: \"B\": spec.a in body should match '^(?i)(?P<x>b\\d+)$'");
    assert_int_equal(post(BOXES, BOX("v1", "two", "{\"a\":\"b1\\n\"}")), 422);
    /* What would take Perl's way longer than anybody waits ends, with an error that says so. */
    assert_int_equal(
        post(BOXES, BOX("v1", "two", "{\"b\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx!\"}")),
        500);
    assert_non_null(strstr(answer.body.data, "takes too long"));
}

static void selects_by_the_fields_of_a_definition(void **state)
{
    (void)state;
    k8sc_testing_options *options = make_options();
    OK(k8sc_testing_options_set_strict(options, 1, &err));
    set_up_with(options);
    define(DEFINITION(
        "{\"selectableFields\":[{\"jsonPath\":\".spec.color\"}]," VERSION_MEMBERS("v1", "true", SIZE "," COLOR) "}"));
    assert_int_equal(post(BOXES, BOX("v1", "a", "{}")), 201);
    assert_int_equal(post(BOXES, BOX("v1", "b", "{\"color\":\"blue\"}")), 201);
    get(BOXES "?fieldSelector=spec.color%3Dblue");
    assert_string_equal(names(), "b");
    get(BOXES "?fieldSelector=spec.size%3D1");
    assert_status(400, "BadRequest", "field label not supported: spec.size");
    get(MAPS "?fieldSelector=data.a%3D1");
    assert_status(400, "BadRequest",
                  "\"data.a\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
}

static void refuses_definitions_that_no_cluster_takes(void **state)
{
    (void)state;
    assert_int_equal(post(DEFINITIONS, DEFINITION(VERSION("v1", "true", "\"a\":{}"))), 422);
    assert_text("message", "CustomResourceDefinition.apiextensions.k8s.io \"boxes.example.com\" is invalid: "
                           "spec.validation.openAPIV3Schema.properties[spec].properties[a].type: Required value: must "
                           "not be empty for specified object fields");
    assert_int_equal(post(DEFINITIONS, DEFINITION(VERSION("v1", "true", SIZE) "," VERSION(
                                           "v2", "false", "\"a\":{\"type\":\"array\"}"))),
                     422);
    assert_text("details.causes.0.field",
                "spec.versions[1].schema.openAPIV3Schema.properties[spec].properties[a].items");
    assert_int_equal(post(DEFINITIONS, DEFINITION(VERSION("v1", "true", SIZE) "," VERSION("v2", "true", SIZE))), 422);
    assert_text("details.causes.0.field", "spec.versions");
    assert_int_equal(get(BOXES), 200);
    assert_int_equal(get(DEFINITIONS "/boxes.example.com"), 404);

    /* Without a schema is enough for a test that does not ask more of it, and not in strict mode. */
    const char *bare = DEFINITION("{\"name\":\"v1\",\"served\":true,\"storage\":true}");
    assert_int_equal(post(DEFINITIONS, bare), 201);
    k8sc_testing_options *options = make_options();
    OK(k8sc_testing_options_set_strict(options, 1, &err));
    set_up_with(options);
    assert_int_equal(post(DEFINITIONS, bare), 422);
    assert_text("details.causes.0.message", "Required value: schemas are required");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(prunes_and_fills_in),
        TEST(refuses_with_every_cause),
        TEST(tells_of_unknown_fields_where_asked),
        TEST(serves_each_version_by_its_schema),
        TEST(reads_what_is_stored_by_a_new_schema),
        TEST(applies_to_lists_by_their_keys),
        TEST(matches_patterns_as_go_does),
        TEST(selects_by_the_fields_of_a_definition),
        TEST(refuses_definitions_that_no_cluster_takes),
    };
    return run_named_tests("fake schemas", tests, sizeof tests / sizeof *tests);
}
