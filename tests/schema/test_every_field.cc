// For each type a document with each of its fields: it is valid as it should be, and not so with a value that the field
// cannot hold.
#include <string>

extern "C" {
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
}

#include "k8sc.h"

namespace {

// A value that suits the field, down to a depth: some types hold themselves.
std::string good(const k8sc_schema_field *field, int depth)
{
    switch (k8sc_schema_field_type(field)) {
    case K8SC_FIELD_STRING: return "\"x\"";
    case K8SC_FIELD_BOOLEAN: return "true";
    case K8SC_FIELD_INTEGER: return k8sc_schema_field_bits(field) == 32 ? "-2147483648" : "9223372036854775807";
    case K8SC_FIELD_NUMBER: return "1.5";
    case K8SC_FIELD_BYTES: return "\"aGk=\"";
    case K8SC_FIELD_ARRAY: return "[" + good(k8sc_schema_field_element(field), depth) + "]";
    case K8SC_FIELD_MAP: return "{\"key\":" + good(k8sc_schema_field_element(field), depth) + "}";
    case K8SC_FIELD_QUANTITY: return "\"1Gi\"";
    case K8SC_FIELD_INT_OR_STRING: return "\"50%\"";
    case K8SC_FIELD_TIME: return "\"2026-01-31T12:00:00Z\"";
    case K8SC_FIELD_MICRO_TIME: return "\"2026-01-31T12:00:00.000000Z\"";
    case K8SC_FIELD_DURATION: return "\"1h\"";
    case K8SC_FIELD_OBJECT: {
        if (depth == 0) return "{}";
        const k8sc_schema_type *type = k8sc_schema_field_object_type(field);
        std::string text;
        for (int32_t i = 0; i < k8sc_schema_type_field_count(type); i++) {
            const k8sc_schema_field *inner = k8sc_schema_type_field_at(type, i);
            text += std::string(i ? ",\"" : "\"") + k8sc_schema_field_name(inner) + "\":" + good(inner, depth - 1);
        }
        return "{" + text + "}";
    }
    default: return "[{\"any\": 1}]";
    }
}

std::string bad(const k8sc_schema_field *field)
{
    switch (k8sc_schema_field_type(field)) {
    case K8SC_FIELD_BOOLEAN: return "\"true\"";
    case K8SC_FIELD_INTEGER: return k8sc_schema_field_bits(field) == 32 ? "2147483648" : "9223372036854775808";
    case K8SC_FIELD_NUMBER: return "\"1\"";
    case K8SC_FIELD_BYTES: return "\"?\"";
    case K8SC_FIELD_ARRAY: return "{}";
    case K8SC_FIELD_MAP:
    case K8SC_FIELD_OBJECT: return "[]";
    case K8SC_FIELD_QUANTITY:
    case K8SC_FIELD_TIME:
    case K8SC_FIELD_MICRO_TIME:
    case K8SC_FIELD_DURATION: return "\"soon\"";
    case K8SC_FIELD_ANY: return "";
    default: return "false";
    }
}

void expect(const std::string &json, const k8sc_schema_type *type, const std::string &fault_at)
{
    k8sc_object *object = nullptr;
    k8sc_error *err = nullptr;
    if (k8sc_object_parse_json(json.data(), json.size(), &object, &err) != K8SC_OK)
        fail_msg("%s: %s: %.300s", k8sc_schema_type_name(type), k8sc_error_message(err), json.c_str());
    k8sc_status status = k8sc_schema_validate(object, type, &err);
    if (fault_at.empty()) {
        if (status != K8SC_OK) fail_msg("%s: %s", k8sc_schema_type_name(type), k8sc_error_message(err));
    } else {
        if (status != K8SC_E_INVALID) fail_msg("%s: %s is accepted", k8sc_schema_type_name(type), json.c_str());
        assert_int_equal(k8sc_error_cause_count(err), 1);
        assert_string_equal(k8sc_error_cause_field(err, 0), fault_at.c_str());
    }
    k8sc_error_free(err);
    k8sc_object_unref(object);
}

void each_field(void **)
{
    int fields = 0;
    for (int32_t i = 0; i < k8sc_schema_type_count(); i++) {
        const k8sc_schema_type *type = k8sc_schema_type_at(i);
        const bool is_kind = k8sc_schema_type_api_version(type);
        std::string whole;
        for (int32_t j = 0; j < k8sc_schema_type_field_count(type); j++, fields++) {
            const k8sc_schema_field *field = k8sc_schema_type_field_at(type, j);
            const std::string name = k8sc_schema_field_name(field), key = "\"" + name + "\":";
            std::string value = good(field, 3);
            if (is_kind && name == "kind") value = std::string("\"") + k8sc_schema_type_kind(type) + "\"";
            if (is_kind && name == "apiVersion") value = std::string("\"") + k8sc_schema_type_api_version(type) + "\"";
            // Documents of their own.
            if (is_kind && name == "items" && std::string(k8sc_schema_type_kind(type)) == "List")
                value = "[{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}]";
            whole += (j ? "," : "") + key + value;
            expect("{" + key + "null}", type, "");
            if (!bad(field).empty()) expect("{" + key + bad(field) + "}", type, name);
            const k8sc_schema_field *element = k8sc_schema_field_element(field);
            if (!element || bad(element).empty()) continue;
            if (k8sc_schema_field_type(field) == K8SC_FIELD_ARRAY)
                expect("{" + key + "[null," + bad(element) + "]}", type, name + "[1]");
            else
                expect("{" + key + "{\"a/b\":" + bad(element) + "}}", type, name + "[a/b]");
        }
        expect("{" + whole + "}", type, "");
        // By its own word of what it is.
        if (is_kind) expect("{" + whole + "}", nullptr, "");
        expect("{" + whole + (whole.empty() ? "" : ",") + "\"noSuchField\":1}", type, "noSuchField");
    }
    assert_int_equal(fields, 4937);
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {cmocka_unit_test(each_field)};
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
