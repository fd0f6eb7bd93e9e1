// Two attempts that ended with the same are told once, however long each took.
#include "rest/retry.h"

#include "check.h"

namespace {

void by_all_but_durations(void **)
{
    const struct {
        std::string_view one, other;
        bool same;
    } cases[] = {
        {"", "", true},
        {"a", "b", false},
        {"HTTP 500", "HTTP 503", false},
        {"Failed to connect to a port 1 after 0 ms: Couldn't connect",
         "Failed to connect to a port 1 after 12 ms: Couldn't connect", true},
        {"Failed to connect to a port 1 after 0 ms: Couldn't connect",
         "Failed to connect to a port 2 after 0 ms: Couldn't connect", false},
        {"a after 1 ms, b after 2 ms", "a after 3 ms, b after 4 ms", true},
        {"a after 1 ms, b after 2 ms", "a after 1 ms, c after 2 ms", false},
        {"after 1 ms", "after 2 ms", false},
        {"gone after 1 s", "gone after 2 s", false},
        {"gone after 1", "gone after 2", false},
        {"gone after ", "gone after ", true},
        {"gone after 1 ms", "gone after ", false},
    };
    for (const auto &each : cases) {
        bool same = k8sc::is_same_failure(each.one, each.other), turned = k8sc::is_same_failure(each.other, each.one);
        if (same != each.same || turned != each.same) fail_msg("%s | %s", each.one.data(), each.other.data());
    }
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {cmocka_unit_test(by_all_but_durations)};
    return cmocka_run_group_tests_name("core same failure", tests, nullptr, nullptr);
}
