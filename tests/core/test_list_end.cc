// A list whose items come ahead of its kind: what is left to do at its end is done in turns, in order, and nothing is
// lost.
#include "rest/body.h"

#include "check.h"

namespace {

using namespace k8sc;

constexpr size_t count = 100000;

std::string items_first(std::string_view rest)
{
    std::string body = "{\"items\":[";
    for (size_t i = 0; i < count; i++)
        body += concat(i ? "," : "", R"({"metadata":{"name":")", std::to_string(i), "\"}}");
    return concat(body, "]", rest, "}");
}

size_t turns(ListSink &sink, const std::string &body)
{
    assert_true(sink.data(body));
    size_t turns = 1;
    while (!sink.end()) turns++;
    return turns;
}

void check_item(Object &object, size_t i, const char *kind)
{
    assert_string_equal(object.root().member("kind").string().value_or("").c_str(), kind);
    assert_string_equal(object.root().member("metadata").member("name").string().value_or("").c_str(),
                        std::to_string(i).c_str());
}

const ListBounds bounds{.object_bytes = 1 << 20, .list_bytes = 1 << 30};
constexpr std::string_view kind = R"(,"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"7"})";

void held_items_are_finished_in_turns_and_in_order(void **)
{
    ListSink sink(bounds, nullptr);
    assert_true(turns(sink, items_first(kind)) > 1);
    ListContent content = sink.take();
    assert_int_equal(content.objects.size(), count);
    assert_string_equal(content.resource_version.c_str(), "7");
    for (size_t i = 0; i < count; i++) check_item(*content.objects[i], i, "Pod");
}

void handed_on(void **)
{
    size_t seen = 0;
    ListSink sink(bounds, nullptr, [&](Ref<Object> item) {
        check_item(*item, seen++, "Pod");
        return true;
    });
    assert_true(turns(sink, items_first(kind)) > 1);
    assert_int_equal(seen, count);
    assert_int_equal(sink.take().objects.size(), 0);
}

void without_any_kind(void **)
{
    size_t seen = 0;
    ListSink sink(bounds, nullptr, [&](Ref<Object> item) {
        check_item(*item, seen++, "");
        return true;
    });
    turns(sink, items_first(""));
    assert_int_equal(seen, count);
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {cmocka_unit_test(held_items_are_finished_in_turns_and_in_order),
                                cmocka_unit_test(handed_on), cmocka_unit_test(without_any_kind)};
    return cmocka_run_group_tests_name("core list end", tests, nullptr, nullptr);
}
