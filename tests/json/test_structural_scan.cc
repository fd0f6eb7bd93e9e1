// Skimming by blocks against one character at a time, over random text cut anywhere.
#include <random>

#include "json/structural_scan.h"

#include "../core/check.h"
#include "../core/rounds.h"

namespace {

// Text of every kind that matters, whether it is JSON or not: now and then with backslashes where JSON has none,
// outside of strings.
std::string random_text(std::mt19937 &random, size_t size)
{
    static const std::string_view plain[] = {"{", "}",   "[",  "]", "{",  "[",  ",",
                                             ":", "abc", "12", " ", "\n", "\t", "\xc3\xbc"},
                                  wrong[] = {"\\", "\\\"", "\\\\\\"};
    const bool is_wrong = random() % 4 == 0;
    static const std::string_view inside[] = {
        "{",   "}",    "[", "]",        "\\\\",         "\\\"",
        "\\n", "text", " ", "\xc3\xbc", "\\\\\\\\\\\"", "a long piece of text without a thing"};
    std::string text;
    while (text.size() < size) {
        text +=
            is_wrong && random() % 16 == 0 ? wrong[random() % std::size(wrong)] : plain[random() % std::size(plain)];
        if (random() % 4) continue;
        text += '"';
        for (unsigned n = random() % 9; n > 0; n--) text += inside[random() % std::size(inside)];
        text += '"';
    }
    return text;
}

// Blocks are never used for so little text.
const char *by_character(const char *p, const char *end, size_t floor, size_t ceiling, ScanState &state)
{
    while (p < end && structural_scan(p, p + 1, floor, ceiling, state) == p + 1) p++;
    return p;
}

void same_as_by_character(void **)
{
    std::mt19937 random(11);
    int stops = 0;
    for (Rounds rounds(20000); rounds.next();) {
        int round = rounds.number();
        std::string text = random_text(random, 1 + random() % 600);
        size_t floor = random() % 4, ceiling = floor + 1 + random() % 30;
        ScanState slow{floor + 1 + random() % (ceiling - floor)}, fast = slow;
        const char *begin = text.data(), *end = begin + text.size();
        const char *expected = by_character(begin, end, floor, ceiling, slow);
        // In pieces, as it arrives.
        const char *p = begin;
        while (p < end) {
            const char *piece = p + std::min<size_t>(static_cast<size_t>(end - p), 1 + random() % 300);
            p = structural_scan(p, piece, floor, ceiling, fast);
            if (p < piece) break;
        }
        stops += p < end;
        if (p != expected)
            fail_msg("round %d: stopped at %d instead of %d of %s", round, int(p - begin), int(expected - begin),
                     text.c_str());
        assert_int_equal(fast.depth, slow.depth);
        assert_int_equal(fast.in_string, slow.in_string);
        assert_int_equal(fast.blanks, slow.blanks);
        if (fast.in_string) assert_int_equal(fast.escaped, slow.escaped);
    }
    assert_true(stops > 1000 && stops < 19000);
}

void by_hand(void **)
{
    ScanState state{1};
    std::string text = "\"}\\\"}\\\\\",{\"a\":[1,2]}} rest";
    assert_int_equal(structural_scan(text.data(), text.data() + text.size(), 0, 9, state) - text.data(),
                     text.find("} rest"));
    assert_int_equal(state.depth, 1);
    assert_false(state.blanks);
    state = {1};
    text = repeated("[", 70) + "]";
    assert_int_equal(structural_scan(text.data(), text.data() + text.size(), 0, 66, state) - text.data(), 65);
    assert_int_equal(state.depth, 66);
    // A blank behind the bracket does not count.
    state = {1};
    text = repeated("1", 20) + "}" + repeated(" ", 80);
    assert_int_equal(structural_scan(text.data(), text.data() + text.size(), 0, 66, state) - text.data(), 20);
    assert_false(state.blanks);
    state = {1};
    text = repeated("1", 20) + " }" + repeated(" ", 80);
    structural_scan(text.data(), text.data() + text.size(), 0, 66, state);
    assert_true(state.blanks);
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {cmocka_unit_test(same_as_by_character), cmocka_unit_test(by_hand)};
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
