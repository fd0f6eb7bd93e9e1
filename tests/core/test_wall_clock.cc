// Times as servers and plugins write them.
#include "core/wall_clock.h"

#include "check.h"

namespace {

void rfc3339_times_are_read(void **)
{
    struct {
        std::string_view text;
        int64_t ms;
    } cases[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"1970-01-01T00:00:01.5Z", 1500},
        {"1969-12-31T23:59:59Z", -1000},
        {"2000-02-29T12:00:00Z", 951825600000},
        {"2026-11-25T16:00:00+01:00", 1795618800000},
        {"2026-11-25t07:30:00.123456789-07:30", 1795618800123},
        {"2038-01-19T03:14:08Z", 2147483648000},
        {"9999-12-31T23:59:59Z", 253402300799000},
    };
    for (auto &[text, ms] : cases) {
        auto time = parse_rfc3339(text);
        if (!time || *time != ms) fail_msg("%s is %lld", text.data(), time ? (long long)*time : -1LL);
    }
}

void no_times(void **)
{
    for (std::string_view text :
         {"", "now", "2026-11-25", "2026-11-25T16:00:00", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z",
          "2026-11-25T24:00:00Z", "2026-11-25T16:60:00Z", "2026-11-25T16:00:00.Z", "2026-11-25T16:00:00+1",
          "2026-11-25T16:00:00Z ", "-026-11-25T16:00:00Z"})
        if (parse_rfc3339(text)) fail_msg("%s was taken for a time", text.data());
}

void times_are_written_as_rfc3339(void **)
{
    assert_text(rfc3339(0), "1970-01-01T00:00:00Z");
    assert_text(rfc3339(-1), "1969-12-31T23:59:59Z");
    assert_text(rfc3339(951825600000), "2000-02-29T12:00:00Z");
    assert_text(rfc3339_us(1767225600000001).value_or(""), "2026-01-01T00:00:00.000001Z");
    assert_text(rfc3339_us(-1).value_or(""), "1969-12-31T23:59:59.999999Z");
    assert_text(rfc3339_us(-62167219200000000).value_or(""), "0000-01-01T00:00:00.000000Z");
    assert_false(rfc3339_us(253402300800000000).has_value());
    assert_false(rfc3339_us(INT64_MIN).has_value());
    assert_int_equal(*parse_rfc3339_us("2026-01-01T00:00:00.1234567Z"), 1767225600123456);
    int64_t now = wall_now_ms();
    assert_int_equal(*parse_rfc3339(rfc3339(now)), now / 1000 * 1000);
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {cmocka_unit_test(rfc3339_times_are_read), cmocka_unit_test(no_times),
                                cmocka_unit_test(times_are_written_as_rfc3339)};
    return cmocka_run_group_tests_name("wall clock", tests, nullptr, nullptr);
}
