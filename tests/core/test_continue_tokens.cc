// Pages that go round in a circle are noticed, whatever its length and wherever it begins; those that do not are let
// alone.
#include "resource/continue_tokens.h"

#include "check.h"

namespace {

bool is_refused(ContinueTokens &tokens, const std::string &token)
{
    try {
        tokens.follow(token, "list pods");
        return false;
    } catch (const Error &error) {
        assert_int_equal(error.code, K8SC_E_DECODE);
        assert_says(error.message, "list pods: the server gives the same continue token again");
        assert_says(error.message, token);
        return true;
    }
}

void every_circle_of_pages_is_noticed(void **)
{
    for (int before = 0; before < 20; before++)
        for (int length = 1; length < 20; length++) {
            ContinueTokens tokens;
            int refused_at = 0, most = 4 * (before + length) + 4;
            for (int i = 0; !refused_at && i <= most; i++) {
                std::string token = i < before ? "p" + std::to_string(i) : "c" + std::to_string((i - before) % length);
                if (is_refused(tokens, token)) refused_at = i;
            }
            if (refused_at < before + length)
                fail_msg("%d tokens and a circle of %d: refused at %d", before, length, refused_at);
            if (length == 1) assert_int_equal(refused_at, before + 1);
        }
}

void straight_on(void **)
{
    ContinueTokens tokens;
    for (int i = 0; i < 10000; i++) assert_false(is_refused(tokens, "t" + std::to_string(i)));
    assert_false(is_refused(tokens, ""));
    // Another list may have the same ones.
    tokens.clear();
    assert_false(is_refused(tokens, "t9999"));
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {cmocka_unit_test(every_circle_of_pages_is_noticed), cmocka_unit_test(straight_on)};
    return cmocka_run_group_tests_name("core continue tokens", tests, nullptr, nullptr);
}
