// Durations as Go writes them.
#include "core/duration.h"

#include "check.h"

namespace {

constexpr int64_t second = 1000000000;

void durations_are_read_and_written_as_in_go(void **)
{
    struct {
        std::string_view text;
        int64_t nanos;
        std::string_view written;
    } cases[] = {
        {"0", 0, "0s"},
        {"0s", 0, "0s"},
        {"1ns", 1, "1ns"},
        {"1.5us", 1500, "1.5\xc2\xb5s"},
        {"1.5\xc2\xb5s", 1500, "1.5\xc2\xb5s"},
        {"2ms", 2000000, "2ms"},
        {"1.000000001s", second + 1, "1.000000001s"},
        {"90s", 90 * second, "1m30s"},
        {"1h", 3600 * second, "1h0m0s"},
        {"1h30m", 5400 * second, "1h30m0s"},
        {"-1.5h", -5400 * second, "-1h30m0s"},
        {"+.5s", second / 2, "500ms"},
        {"1m2s3ms", 62 * second + 3000000, "1m2.003s"},
        {"9223372036854775807ns", INT64_MAX, "2562047h47m16.854775807s"},
        {"-9223372036854775808ns", INT64_MIN, "-2562047h47m16.854775808s"},
    };
    for (auto &[text, nanos, written] : cases) {
        auto parsed = parse_duration(text);
        if (!parsed || *parsed != nanos) fail_msg("%s is %lld", text.data(), parsed ? (long long)*parsed : -1LL);
        assert_text(duration_text(nanos), written);
    }
}

void no_durations(void **)
{
    for (std::string_view text : {"", "-", "1", "s", "1 s", "1x", "1s ", ".s", "1.2.3s", "--1s",
                                  "9223372036854775808ns", "1h9999999h", "99999999999999999999s"})
        if (parse_duration(text)) fail_msg("%s was taken for a duration", text.data());
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {cmocka_unit_test(durations_are_read_and_written_as_in_go),
                                cmocka_unit_test(no_durations)};
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
