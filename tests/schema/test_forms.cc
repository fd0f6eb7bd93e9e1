// Which texts and numbers are taken for what.
#include "schema/forms.h"

#include "k8sc.h"

#include "check.h"

namespace {

void each_form_takes_its_values(void **)
{
    struct {
        int32_t form;
        std::string_view json;
    } cases[] = {
        {K8SC_FIELD_STRING, "\"\""},
        {K8SC_FIELD_BOOLEAN, "false"},
        {K8SC_FIELD_INTEGER, "-9223372036854775808"},
        {K8SC_FIELD_INTEGER, "0"},
        {K8SC_FIELD_NUMBER, "1"},
        {K8SC_FIELD_NUMBER, "-1.5e300"},
        {K8SC_FIELD_BYTES, "\"\""},
        {K8SC_FIELD_BYTES, "\"aGVs\\nbG8=\""},
        {K8SC_FIELD_QUANTITY, "\"1.5Gi\""},
        {K8SC_FIELD_QUANTITY, "\" 100m\\t\""},
        {K8SC_FIELD_QUANTITY, "2"},
        {K8SC_FIELD_QUANTITY, "0.25"},
        {K8SC_FIELD_QUANTITY, "1e3"},
        {K8SC_FIELD_INT_OR_STRING, "\"\""},
        {K8SC_FIELD_INT_OR_STRING, "\"25%\""},
        {K8SC_FIELD_INT_OR_STRING, "-2147483648"},
        {K8SC_FIELD_TIME, "\"2026-01-31T12:00:00Z\""},
        {K8SC_FIELD_TIME, "\"2026-01-31T12:00:00.5+02:00\""},
        {K8SC_FIELD_TIME, "\"2024-02-29T00:00:00Z\""},
        {K8SC_FIELD_MICRO_TIME, "\"2026-01-31T12:00:00.123456-08:00\""},
        {K8SC_FIELD_DURATION, "\"1h30m\""},
        {K8SC_FIELD_DURATION, "\"0\""},
        {K8SC_FIELD_ANY, "[{}]"},
        {K8SC_FIELD_ANY, "5"},
    };
    for (auto &[form, json] : cases)
        if (auto fault = schema::fault_of(form, Cursor(json)))
            fail_msg("form %d, %s: %s", int(form), json.data(), fault->message.c_str());
}

void each_form_refuses_other_values(void **)
{
    struct {
        int32_t form;
        std::string_view json;
        bool is_type;
    } cases[] = {
        {K8SC_FIELD_STRING, "1", true},
        {K8SC_FIELD_STRING, "{}", true},
        {K8SC_FIELD_BOOLEAN, "0", true},
        {K8SC_FIELD_BOOLEAN, "\"true\"", true},
        {K8SC_FIELD_INTEGER, "\"1\"", true},
        {K8SC_FIELD_INTEGER, "1.0", false},
        {K8SC_FIELD_INTEGER, "1e2", false},
        {K8SC_FIELD_INTEGER, "9223372036854775808", false},
        {K8SC_FIELD_NUMBER, "\"1.5\"", true},
        {K8SC_FIELD_BYTES, "\"aGVsbG8\"", false},
        {K8SC_FIELD_BYTES, "\"aGVs bG8=\"", false},
        {K8SC_FIELD_BYTES, "\"aGVs-_8=\"", false},
        {K8SC_FIELD_BYTES, "[104, 105]", true},
        {K8SC_FIELD_QUANTITY, "\"\"", false},
        {K8SC_FIELD_QUANTITY, "\"1 Gi\"", false},
        {K8SC_FIELD_QUANTITY, "\"lots\"", false},
        {K8SC_FIELD_QUANTITY, "{}", true},
        {K8SC_FIELD_INT_OR_STRING, "2147483648", false},
        {K8SC_FIELD_INT_OR_STRING, "1.5", false},
        {K8SC_FIELD_INT_OR_STRING, "[]", true},
        {K8SC_FIELD_TIME, "\"\"", false},
        {K8SC_FIELD_TIME, "\"2026-01-31\"", false},
        {K8SC_FIELD_TIME, "\"2026-01-31T12:00:00\"", false},
        {K8SC_FIELD_TIME, "\"2026-01-31 12:00:00Z\"", false},
        {K8SC_FIELD_TIME, "\"2026-01-31t12:00:00z\"", false},
        {K8SC_FIELD_TIME, "\"2026-01-31T12:00:00z\"", false},
        {K8SC_FIELD_TIME, "\"2026-01-31T12:00:60Z\"", false},
        {K8SC_FIELD_TIME, "\"2025-02-29T00:00:00Z\"", false},
        {K8SC_FIELD_TIME, "1769860800", true},
        {K8SC_FIELD_MICRO_TIME, "\"2026-01-31T12:00:00Z\"", false},
        {K8SC_FIELD_MICRO_TIME, "\"2026-01-31T12:00:00.12345Z\"", false},
        {K8SC_FIELD_MICRO_TIME, "\"2026-01-31T12:00:00.1234567Z\"", false},
        {K8SC_FIELD_DURATION, "\"soon\"", false},
        {K8SC_FIELD_DURATION, "5", true},
    };
    for (auto &[form, json, is_type] : cases) {
        auto fault = schema::fault_of(form, Cursor(json));
        if (!fault) fail_msg("form %d, %s is taken", int(form), json.data());
        if (fault->is_type != is_type) fail_msg("form %d, %s: %s", int(form), json.data(), fault->message.c_str());
    }
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {cmocka_unit_test(each_form_takes_its_values),
                                cmocka_unit_test(each_form_refuses_other_values)};
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
