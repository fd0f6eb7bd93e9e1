/* Documents with faults: each is told, with its path. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "k8sc.h"

#define POD "\"apiVersion\": \"v1\", \"kind\": \"Pod\""
#define MOST 4

struct expected {
    const char *type, *field, *message;
};

static k8sc_error *validate(const char *json, const k8sc_schema_type *type, k8sc_status due)
{
    k8sc_object *object = NULL;
    k8sc_error *err = NULL;
    k8sc_status status;
    assert_int_equal(k8sc_object_parse_json(json, strlen(json), &object, NULL), K8SC_OK);
    status = k8sc_schema_validate(object, type, &err);
    if (status != due)
        fail_msg("%s: %s instead of %s: %s", json, k8sc_status_name(status), k8sc_status_name(due),
                 err ? k8sc_error_message(err) : "");
    assert_int_equal(k8sc_error_code(err), due);
    k8sc_object_unref(object);
    return err;
}

static void assert_valid(const char *json) { assert_null(validate(json, NULL, K8SC_OK)); }

static void assert_faults(const char *json, const k8sc_schema_type *type, const struct expected *faults)
{
    k8sc_error *err = validate(json, type, K8SC_E_INVALID);
    int32_t i;
    for (i = 0; i < MOST && faults[i].type; i++) {
        if (i >= k8sc_error_cause_count(err)) fail_msg("%s: only %d faults: %s", json, (int)i, k8sc_error_message(err));
        assert_string_equal(k8sc_error_cause_type(err, i), faults[i].type);
        assert_string_equal(k8sc_error_cause_field(err, i), faults[i].field);
        assert_string_equal(k8sc_error_cause_message(err, i), faults[i].message);
    }
    if (i != k8sc_error_cause_count(err)) fail_msg("%s: more faults: %s", json, k8sc_error_message(err));
    k8sc_error_free(err);
}

static void unknown_fields(void **state)
{
    const struct {
        const char *json;
        struct expected faults[MOST];
    } cases[] = {
        {"{" POD ", \"spec\": {\"containers\": [{\"name\": \"a\", \"imagee\": \"b\"}]}}",
         {{"FieldValueUnknown", "spec.containers[0].imagee", "unknown field; did you mean \"image\"?"}}},
        {"{" POD ", \"spec\": {\"containers\": [{}, {\"Image\": \"b\"}]}}",
         {{"FieldValueUnknown", "spec.containers[1].Image", "unknown field; did you mean \"image\"?"}}},
        {"{" POD ", \"spec\": {\"conatiners\": [], \"zebra\": {\"deep\": 1}}, \"sepc\": null}",
         {{"FieldValueUnknown", "spec.conatiners", "unknown field; did you mean \"containers\"?"},
          {"FieldValueUnknown", "spec.zebra", "unknown field"},
          {"FieldValueUnknown", "sepc", "unknown field; did you mean \"spec\"?"}}},
        {"{" POD ", \"\": 1, \"a\\nb\": 2, \"sp\\u0065c\": {\"hostnam\\u0065\": \"x\"}}",
         {{"FieldValueUnknown", "\"\"", "unknown field"}, {"FieldValueUnknown", "\"a\\x0ab\"", "unknown field"}}},
        {"{" POD
         ", \"metadata\": {\"ownerReferences\": [{\"controler\": true}], \"labels\": {\"anything\": \"goes\"}}}",
         {{"FieldValueUnknown", "metadata.ownerReferences[0].controler",
           "unknown field; did you mean \"controller\"?"}}},
    };
    size_t i;
    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) assert_faults(cases[i].json, NULL, cases[i].faults);
}

static void wrong_types(void **state)
{
    const struct {
        const char *json;
        struct expected faults[MOST];
    } cases[] = {
        {"{" POD ", \"spec\": {\"hostname\": 5, \"hostNetwork\": \"true\", \"priority\": \"1\", \"containers\": {}}}",
         {{"FieldValueTypeInvalid", "spec.hostname", "must be a string, and is a number"},
          {"FieldValueTypeInvalid", "spec.hostNetwork", "must be a boolean, and is a string"},
          {"FieldValueTypeInvalid", "spec.priority", "must be an integer, and is a string"},
          {"FieldValueTypeInvalid", "spec.containers", "must be an array, and is an object"}}},
        {"{" POD ", \"metadata\": [], \"spec\": true}",
         {{"FieldValueTypeInvalid", "metadata", "must be an object, and is an array"},
          {"FieldValueTypeInvalid", "spec", "must be an object, and is a boolean"}}},
        {"{" POD ", \"metadata\": {\"labels\": {\"app.kubernetes.io/name\": 1}}}",
         {{"FieldValueTypeInvalid", "metadata.labels[app.kubernetes.io/name]", "must be a string, and is a number"}}},
        {"{" POD ", \"spec\": {\"containers\": [1, {\"args\": [\"a\", []]}]}}",
         {{"FieldValueTypeInvalid", "spec.containers[0]", "must be an object, and is a number"},
          {"FieldValueTypeInvalid", "spec.containers[1].args[1]", "must be a string, and is an array"}}},
    };
    size_t i;
    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) assert_faults(cases[i].json, NULL, cases[i].faults);
}

static void wrong_values(void **state)
{
    const struct {
        const char *json;
        struct expected faults[MOST];
    } cases[] = {
        {"{" POD ", \"spec\": {\"containers\": [{\"resources\": {\"limits\": {\"cpu\": \"1x\", \"memory\": true}, "
         "\"requests\": {\"cpu\": 0.5, \"memory\": \" 1Gi \"}}}]}}",
         {{"FieldValueInvalid", "spec.containers[0].resources.limits[cpu]",
           "quantity \"1x\": there is no suffix \"x\""},
          {"FieldValueTypeInvalid", "spec.containers[0].resources.limits[memory]",
           "must be a quantity, as a string or a number, and is a boolean"}}},
        {"{" POD ", \"metadata\": {\"creationTimestamp\": \"yesterday\"}}",
         {{"FieldValueInvalid", "metadata.creationTimestamp",
           "\"yesterday\" is no time of RFC 3339, such as 2026-01-31T12:00:00Z"}}},
        {"{\"apiVersion\": \"coordination.k8s.io/v1\", \"kind\": \"Lease\", \"spec\": {\"renewTime\": "
         "\"2026-01-31T12:00:00Z\"}}",
         {{"FieldValueInvalid", "spec.renewTime",
           "\"2026-01-31T12:00:00Z\" is no time of RFC 3339 with six digits behind the second, such as "
           "2026-01-31T12:00:00.000000Z"}}},
        {"{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"data\": {\"password\": \"not*base64\", \"token\": 5}}",
         {{"FieldValueInvalid", "data[password]", "must be base64"},
          {"FieldValueTypeInvalid", "data[token]", "must be a string with base64, and is a number"}}},
        {"{\"apiVersion\": \"v1\", \"kind\": \"Service\", \"spec\": {\"ports\": [{\"port\": 80.5, \"targetPort\": "
         "3000000000}, {\"port\": 1e2, \"targetPort\": true}]}}",
         {{"FieldValueInvalid", "spec.ports[0].port",
           "must be an integer of 32 bits, written without a fraction or an exponent"},
          {"FieldValueInvalid", "spec.ports[0].targetPort",
           "must be an integer of 32 bits, written without a fraction or an exponent, or a string"},
          {"FieldValueInvalid", "spec.ports[1].port",
           "must be an integer of 32 bits, written without a fraction or an exponent"},
          {"FieldValueTypeInvalid", "spec.ports[1].targetPort", "must be an integer or a string, and is a boolean"}}},
    };
    size_t i;
    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) assert_faults(cases[i].json, NULL, cases[i].faults);
}

static void duplicate_fields_are_told(void **state)
{
    const struct expected faults[MOST] = {{"FieldValueDuplicate", "spec.hostname", "duplicate field"},
                                          {"FieldValueDuplicate", "metadata.labels[a]", "duplicate field"},
                                          {"FieldValueDuplicate", "spec", "duplicate field"}};
    (void)state;
    assert_faults("{" POD ", \"spec\": {\"hostname\": \"a\", \"hostnam\\u0065\": \"b\"}, \"metadata\": {\"labels\": "
                  "{\"a\": \"1\", \"b\": \"2\", \"a\": \"3\"}}, \"spec\": {}}",
                  NULL, faults);
}

static void what_it_is(void **state)
{
    const struct {
        const char *json;
        struct expected faults[MOST];
    } cases[] = {
        {"{}",
         {{"FieldValueRequired", "apiVersion", "must say what the document is"},
          {"FieldValueRequired", "kind", "must say what the document is"}}},
        {"{\"apiVersion\": \"v1\", \"kind\": null}", {{"FieldValueRequired", "kind", "must say what the document is"}}},
        {"{\"apiVersion\": \"\", \"kind\": \"Pod\"}",
         {{"FieldValueRequired", "apiVersion", "must say what the document is"}}},
        {"{\"apiVersion\": 1, \"kind\": \"Pod\"}",
         {{"FieldValueTypeInvalid", "apiVersion", "must be a string, and is a number"}}},
    };
    size_t i;
    k8sc_error *err;
    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) assert_faults(cases[i].json, NULL, cases[i].faults);
    err = validate("{\"apiVersion\": \"example.com/v1\", \"kind\": \"Pod\", \"secret\": \"hidden\"}", NULL,
                   K8SC_E_UNKNOWN_KIND);
    assert_non_null(strstr(k8sc_error_message(err), "\"Pod\" in \"example.com/v1\""));
    assert_null(strstr(k8sc_error_message(err), "hidden"));
    assert_int_equal(k8sc_error_cause_count(err), 0);
    k8sc_error_free(err);
    k8sc_error_free(validate("{\"apiVersion\": \"v1\", \"kind\": \"PodSpec\"}", NULL, K8SC_E_UNKNOWN_KIND));
}

static void against_a_type(void **state)
{
    const k8sc_schema_type *pod = k8sc_schema_type_find_kind("v1", "Pod"),
                           *spec = k8sc_schema_type_find("io.k8s.api.core.v1.PodSpec");
    const struct expected other[MOST] = {{"FieldValueInvalid", "apiVersion", "must be \"v1\""},
                                         {"FieldValueInvalid", "kind", "must be \"Pod\""}};
    const struct expected in_spec[MOST] = {
        {"FieldValueUnknown", "hostNam", "unknown field; did you mean \"hostname\"?"},
        {"FieldValueUnknown", "kind", "unknown field"}};
    (void)state;
    assert_null(validate("{\"spec\": {}}", pod, K8SC_OK));
    assert_null(validate("{\"hostname\": \"a\"}", spec, K8SC_OK));
    assert_faults("{\"apiVersion\": \"apps/v1\", \"kind\": \"Deployment\"}", pod, other);
    assert_faults("{\"hostNam\": \"a\", \"kind\": \"Pod\"}", spec, in_spec);
}

static void integers_of_32_bits(void **state)
{
    (void)state;
    assert_valid("{\"apiVersion\": \"apps/v1\", \"kind\": \"Deployment\", \"spec\": {\"replicas\": 2147483647}}");
    assert_valid("{" POD ", \"spec\": {\"activeDeadlineSeconds\": 3000000000}}");
    assert_faults(
        "{" POD ", \"spec\": {\"activeDeadlineSeconds\": 9223372036854775808}}", NULL,
        (const struct expected[MOST]){{"FieldValueInvalid", "spec.activeDeadlineSeconds",
                                       "must be an integer of 64 bits, written without a fraction or an exponent"}});
    assert_faults(
        "{\"apiVersion\": \"apps/v1\", \"kind\": \"Deployment\", \"spec\": {\"replicas\": 3000000000}}", NULL,
        (const struct expected[MOST]){{"FieldValueInvalid", "spec.replicas",
                                       "must be an integer of 32 bits, written without a fraction or an exponent"}});
    assert_faults(
        "{" POD ", \"spec\": {\"containers\": [{\"ports\": [{\"containerPort\": -2147483649}]}]}}", NULL,
        (const struct expected[MOST]){{"FieldValueInvalid", "spec.containers[0].ports[0].containerPort",
                                       "must be an integer of 32 bits, written without a fraction or an exponent"}});
}

#define LIST "\"apiVersion\": \"v1\", \"kind\": \"List\""

static void each_of_a_list(void **state)
{
    k8sc_error *err;
    (void)state;
    assert_valid("{" LIST "}");
    assert_valid("{" LIST ", \"items\": [{" POD "}]}");
    assert_faults("{" LIST ", \"items\": [{" POD "}, {" POD ", \"spec\": {\"hostname\": 1}}, 5, {\"kind\": \"Pod\"}]}",
                  NULL,
                  (const struct expected[MOST]){
                      {"FieldValueTypeInvalid", "items[1].spec.hostname", "must be a string, and is a number"},
                      {"FieldValueTypeInvalid", "items[2]", "must be an object, and is a number"},
                      {"FieldValueRequired", "items[3].apiVersion", "must say what the document is"}});
    err = validate("{" LIST ", \"items\": [{" POD "}, {\"apiVersion\": \"example.com/v1\", \"kind\": \"Engine\"}]}",
                   NULL, K8SC_E_UNKNOWN_KIND);
    assert_non_null(strstr(k8sc_error_message(err), "items[1]: "));
    k8sc_error_free(err);
    /* What is wrong is told before what is not known. */
    assert_faults(
        "{" LIST ", \"items\": [{\"apiVersion\": \"example.com/v1\", \"kind\": \"Engine\"}, {" POD ", \"spce\": {}}]}",
        NULL,
        (const struct expected[MOST]){{"FieldValueUnknown", "items[1].spce", "unknown field; did you mean \"spec\"?"}});
}

/* Kinds that are no resources. */
static void reviews_and_options(void **state)
{
    const k8sc_schema_type *options = k8sc_schema_type_find("io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions");
    (void)state;
    assert_valid("{\"apiVersion\": \"admission.k8s.io/v1\", \"kind\": \"AdmissionReview\", \"request\": {\"uid\": "
                 "\"a\", \"kind\": {\"group\": \"\", \"version\": \"v1\", "
                 "\"kind\": \"Pod\"}, \"object\": {\"any\": 1}, \"dryRun\": false}, \"response\": {\"uid\": \"a\", "
                 "\"allowed\": true, \"status\": {\"code\": 200}}}");
    assert_faults("{\"apiVersion\": \"admission.k8s.io/v1beta1\", \"kind\": \"AdmissionReview\", \"response\": "
                  "{\"allowd\": true}}",
                  NULL,
                  (const struct expected[MOST]){
                      {"FieldValueUnknown", "response.allowd", "unknown field; did you mean \"allowed\"?"}});
    assert_valid("{\"apiVersion\": \"v1\", \"kind\": \"DeleteOptions\", \"gracePeriodSeconds\": 0}");
    assert_valid("{\"apiVersion\": \"apps/v1\", \"kind\": \"PatchOptions\", \"force\": true}");
    assert_valid("{\"apiVersion\": \"meta.k8s.io/v1\", \"kind\": \"ListOptions\", \"limit\": 5000000000}");
    assert_valid("{\"apiVersion\": \"v1\", \"kind\": \"PodProxyOptions\", \"path\": \"/\"}");
    assert_null(validate("{\"apiVersion\": \"policy/v1\", \"kind\": \"DeleteOptions\"}", options, K8SC_OK));
    assert_faults("{\"apiVersion\": \"example.com/v1\", \"kind\": \"DeleteOptions\"}", options,
                  (const struct expected[MOST]){{"FieldValueInvalid", "apiVersion", "must be \"meta.k8s.io/v1\""}});
    k8sc_error_free(
        validate("{\"apiVersion\": \"example.com/v1\", \"kind\": \"DeleteOptions\"}", NULL, K8SC_E_UNKNOWN_KIND));
}

static void null_is_nothing(void **state)
{
    (void)state;
    assert_valid("{" POD ", \"metadata\": {\"creationTimestamp\": null, \"labels\": {\"a\": null}}, \"spec\": "
                 "{\"containers\": [null, {\"name\": null, \"ports\": null}]}, \"status\": null}");
    assert_valid("{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"data\": {\"a\": null}}");
}

static void any_json_where_anything_goes(void **state)
{
    (void)state;
    assert_valid("{\"apiVersion\": \"apps/v1\", \"kind\": \"ControllerRevision\", \"data\": {\"what\": [\"ever\", "
                 "{\"a\": 1, \"a\": 2}]}}");
    assert_valid("{" POD ", \"metadata\": {\"managedFields\": [{\"fieldsV1\": {\"f:spec\": {\".\": {}}}}]}}");
}

static void drafts_are_validated(void **state)
{
    k8sc_draft *draft = NULL;
    k8sc_error *err = NULL;
    (void)state;
    assert_int_equal(k8sc_draft_new(&draft, NULL), K8SC_OK);
    assert_int_equal(k8sc_draft_set_str(draft, "/apiVersion", "apps/v1", NULL), K8SC_OK);
    assert_int_equal(k8sc_draft_set_str(draft, "/kind", "Deployment", NULL), K8SC_OK);
    assert_int_equal(k8sc_draft_set_int(draft, "/spec/replicas", 3, NULL), K8SC_OK);
    assert_int_equal(k8sc_schema_validate_draft(draft, NULL, &err), K8SC_OK);
    assert_int_equal(k8sc_draft_set_int(draft, "/spec/replica", 3, NULL), K8SC_OK);
    assert_int_equal(k8sc_schema_validate_draft(draft, NULL, &err), K8SC_E_INVALID);
    assert_string_equal(k8sc_error_message(err),
                        "this is no valid Deployment: spec.replica: unknown field; did you mean \"replicas\"?");
    k8sc_error_free(err);
    assert_int_equal(k8sc_schema_validate_draft(draft, k8sc_schema_type_find("io.k8s.api.core.v1.PodSpec"), NULL),
                     K8SC_E_INVALID);
    /* A failure that the draft holds comes first. */
    k8sc_node_set_int(k8sc_draft_root(draft), "spec[0]", NULL, 1);
    assert_int_equal(k8sc_schema_validate_draft(draft, NULL, &err), k8sc_error_code(k8sc_draft_failure(draft)));
    assert_string_equal(k8sc_error_message(err), k8sc_error_message(k8sc_draft_failure(draft)));
    k8sc_error_free(err);
    k8sc_draft_free(draft);
}

static void a_message_names_the_first_faults_and_counts_the_rest(void **state)
{
    k8sc_error *err =
        validate("{" POD ", \"a1\": 1, \"a2\": 1, \"a3\": 1, \"a4\": 1, \"a5\": 1, \"a6\": \"hidden\", \"a7\": 1}",
                 NULL, K8SC_E_INVALID);
    const char *message = k8sc_error_message(err);
    (void)state;
    assert_int_equal(k8sc_error_cause_count(err), 7);
    assert_non_null(strstr(message, "a5: unknown field; and 2 more"));
    assert_null(strstr(message, "hidden"));
    assert_int_equal(k8sc_error_http_status(err), 0);
    k8sc_error_free(err);
}

static void wrong_arguments(void **state)
{
    k8sc_error *err = NULL;
    (void)state;
    assert_int_equal(k8sc_schema_validate(NULL, NULL, &err), K8SC_E_INVALID);
    assert_int_equal(k8sc_error_cause_count(err), 0);
    k8sc_error_free(err);
    assert_int_equal(k8sc_schema_validate_draft(NULL, NULL, NULL), K8SC_E_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unknown_fields),       cmocka_unit_test(wrong_types),
        cmocka_unit_test(wrong_values),         cmocka_unit_test(duplicate_fields_are_told),
        cmocka_unit_test(what_it_is),           cmocka_unit_test(against_a_type),
        cmocka_unit_test(null_is_nothing),      cmocka_unit_test(any_json_where_anything_goes),
        cmocka_unit_test(drafts_are_validated), cmocka_unit_test(a_message_names_the_first_faults_and_counts_the_rest),
        cmocka_unit_test(wrong_arguments),      cmocka_unit_test(integers_of_32_bits),
        cmocka_unit_test(each_of_a_list),       cmocka_unit_test(reviews_and_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
