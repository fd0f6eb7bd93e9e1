// What a client remembers of streaming lists, and for how long.
#include "rest/streaming_support.h"

#include "check.h"

namespace {

using Age = StreamingSupport::Age;
constexpr int64_t minute = 60000, hour = 60 * minute;

void resources_are_forgotten(void **)
{
    StreamingSupport support;
    assert_false(support.is_unsupported("/v1/pods", 0));
    support.remember_unsupported("/v1/pods", hour);
    assert_true(support.is_unsupported("/v1/pods", hour - 1));
    assert_false(support.is_unsupported("/v1/pods", hour));
    assert_false(support.is_unsupported("apps/v1/pods", 1));
    assert_false(support.is_unsupported("/v1/nodes", 1));
}

void versions_tell_the_age(void **)
{
    const std::pair<const char *, Age> cases[] = {
        {R"({"major":"1","minor":"20"})", Age::old},
        {R"({"major":"1","minor":"26+"})", Age::old},
        {R"({"major":"1","minor":"27"})", Age::fit},
        {R"({"major":"1","minor":"34+","gitVersion":"v1.34.1-eks"})", Age::fit},
        {R"({"major":"2","minor":"0"})", Age::fit},
        {R"({"major":"0","minor":"99"})", Age::old},
        {R"({"major":"1","minor":""})", Age::unknown},
        {R"({"major":"1"})", Age::unknown},
        {R"({"major":1,"minor":20})", Age::unknown},
        {"<html></html>", Age::unknown},
        {"", Age::unknown},
    };
    for (auto &[json, age] : cases) {
        StreamingSupport support;
        support.answered(json, 0);
        assert_int_equal(static_cast<int>(support.server_age(1)), static_cast<int>(age));
    }
}

void the_age_is_asked_again(void **)
{
    StreamingSupport support;
    assert_true(support.server_age(0) == Age::unasked);
    support.asks();
    assert_true(support.server_age(10 * hour) == Age::asking);
    support.answered(R"({"major":"1","minor":"20"})", 0);
    assert_true(support.server_age(hour - 1) == Age::old);
    assert_true(support.server_age(hour) == Age::unasked);
    support.answered("", hour);
    assert_true(support.server_age(hour + minute - 1) == Age::unknown);
    assert_true(support.server_age(hour + minute) == Age::unasked);
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(resources_are_forgotten),
        cmocka_unit_test(versions_tell_the_age),
        cmocka_unit_test(the_age_is_asked_again),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
