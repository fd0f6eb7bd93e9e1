// Encoded words: what Go decodes is decoded so, and what it leaves alone is left alone.
#include "rest/encoded_words.h"

#include "check.h"

namespace {

void as_go(void **)
{
    const struct {
        std::string_view text, wanted;
    } cases[] = {
        {"", ""},
        {"plain", "plain"},
        {"=?utf-8?q?caf=C3=A9?=", "caf\xc3\xa9"},
        {"=?UTF-8?Q?a_b=20c?=", "a b c"},
        {"=?utf-8?B?Y2Fmw6k=?=", "caf\xc3\xa9"},
        {"=?utf-8?b?YQ==?=", "a"},
        {"=?iso-8859-1?q?caf=e9?=", "caf\xc3\xa9"},
        {"=?ISO-8859-1?q?=FF=80?=", "\xc3\xbf\xc2\x80"},
        {"=?us-ascii?q?caf=E9?=", "caf\xef\xbf\xbd"},
        {"=?utf-8?q?\?=", ""},
        {"=?utf-8?b?\?=", ""},
        {"before =?utf-8?q?a?= between =?utf-8?q?b?= after", "before a between b after"},
        // Blanks between words go, and those around them stay.
        {"=?utf-8?q?a?=  \t=?utf-8?q?b?= c", "ab c"},
        {" =?utf-8?q?a?=", " a"},
        {"=?utf-8?q?a?==?utf-8?q?b?=", "ab"},
        // Not words.
        {"=?", "=?"},
        {"=?utf-8", "=?utf-8"},
        {"=?utf-8?", "=?utf-8?"},
        {"=?utf-8?q", "=?utf-8?q"},
        {"=?utf-8?q?", "=?utf-8?q?"},
        {"=?utf-8?q?a", "=?utf-8?q?a"},
        {"=?utf-8?qq?a?=", "=?utf-8?qq?a?="},
        {"=?utf-8?x?a?=", "=?utf-8?x?a?="},
        {"=?utf-8?q?=4?=", "=?utf-8?q?=4?="},
        {"=?utf-8?q?=GG?=", "=?utf-8?q?=GG?="},
        {"=?utf-8?q?\xe9?=", "=?utf-8?q?\xe9?="},
        {"=?utf-8?b?a?=", "=?utf-8?b?a?="},
        {"=?utf-8?b?%%%%?=", "=?utf-8?b?%%%%?="},
        {"=?utf-8?x?a?= =?utf-8?q?b?=", "=?utf-8?x?a?= b"},
        // In a character set that is not known all stays as it is.
        {"=?utf-8?q?a?= =?koi8-r?q?b?=", "=?utf-8?q?a?= =?koi8-r?q?b?="},
    };
    for (auto &c : cases) {
        std::string decoded = decode_words(c.text);
        if (decoded != c.wanted) fail_msg("%.*s: %s", int(c.text.size()), c.text.data(), decoded.c_str());
    }
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {cmocka_unit_test(as_go)};
    return cmocka_run_group_tests_name("core encoded words", tests, nullptr, nullptr);
}
