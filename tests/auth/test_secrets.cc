// What is masked by its text: each occurrence, what was cut, and nothing that is too short to be a secret.
#include "auth/secrets.h"

#include <cstring>

#include "core/pem.h"

#include "../core/check.h"

namespace {

std::string hidden(std::initializer_list<std::string_view> secrets, std::string text)
{
    Secrets all;
    for (auto secret : secrets) all.add(secret);
    all.hide_in(text);
    return text;
}

void each_occurrence(void **)
{
    assert_text(hidden({"sesame-4711"}, "no"), "no");
    assert_text(hidden({"sesame-4711"}, "sesame-4711"), "***");
    assert_text(hidden({"sesame-4711"}, "a sesame-4711, sesame-4711sesame-4711 b"), "a ***, ****** b");
    assert_text(hidden({"sesame-4711", "open-0815"}, "open-0815 sesame-4711"), "*** ***");
    // One that begins within the failed beginning of another.
    assert_text(hidden({"aabaabaac"}, "aabaabaabaac"), "aab***");
    assert_text(hidden({"abababab"}, "abababababab"), "***abab");
}

void cut_ones(void **)
{
    assert_text(hidden({"sesame-4711"}, "it is \"x sesa...\""), "it is \"x ***...\"");
    assert_text(hidden({"sesame-4711"}, "it is \"x ses...\""), "it is \"x ses...\"");
    assert_text(hidden({"sesame-4711"}, "x sesame-47..."), "x ***...");
    assert_text(hidden({"sesame-4711"}, "x sesame-4"), "x ***");
    // A short piece at the end of a text that was not cut is a word.
    assert_text(hidden({"sesame-4711"}, "open sesame"), "open sesame");
}

void short_ones_are_words(void **)
{
    assert_text(hidden({"admin"}, "user admin of administrators"), "user admin of administrators");
    assert_text(hidden({"1234567"}, "1234567"), "1234567");
    assert_text(hidden({"12345678"}, "12345678"), "***");
}

void of_headers(void **)
{
    auto with = [](std::string_view line, std::string text) {
        Secrets secrets;
        secrets.add_header(line);
        secrets.hide_in(text);
        return text;
    };
    assert_text(with("Authorization: Bearer sesame-4711", "Bearer sesame-4711"), "Bearer ***");
    assert_text(with("authorization:  Bearer   sesame-4711 ", "sesame-4711"), "***");
    std::string basic = encode_base64("me:open sesame");
    assert_text(with("Authorization: Basic " + basic, concat(basic, " is me:open sesame")), "*** is me:***");
    assert_text(with("Authorization: Basic not base64!", "not base64!"), "***");
    assert_text(with("X-Api-Key: sesame-4711", "sesame-4711"), "***");
    assert_text(with("Cookie: a=sesame; b=4711", "a=sesame; b=4711"), "***");
    assert_text(with("Cookie: a=sesame-4711; b=open-0815", "sesame-4711 and open-0815"), "*** and ***");
    assert_text(with("Proxy-Authorization: Bearer sesame-4711", "sesame-4711"), "***");
    assert_text(with("X-Plain: sesame-4711", "sesame-4711"), "sesame-4711");
}

void as_json_has_them(void **)
{
    Error error(K8SC_E_API, "no p<a>&\"s\\s here");
    error.status_json = R"({"message":"no p\u003ca\u003e\u0026\"s\\s here","more":"p<a>&\"s\\s"})";
    error.reason = "p<a>&\"s\\s";
    error.causes.push_back({"p<a>&\"s\\s", "p<a>&\"s\\s", "p<a>&\"s\\s"});
    Secrets secrets;
    secrets.add("p<a>&\"s\\s");
    secrets.hide_in(error);
    assert_text(error.message, "no *** here");
    assert_text(error.status_json, R"({"message":"no *** here","more":"***"})");
    assert_text(error.reason + error.causes[0].type + error.causes[0].field + error.causes[0].message, "************");
}

// Replacing in place would copy this text two million times, and looking back from each dot would read it as often.
void in_one_pass(void **)
{
    std::string secret = "sesame-4711", text;
    for (int i = 0; i < (1 << 21); i++) text += "sesame-4711sesame-4...\" ";
    std::string have = hidden({secret}, std::move(text));
    assert_int_equal(have.size(), size_t(1 << 21) * strlen("******...\" "));
    assert_silent(have, "sesame");
    // A secret and a text that nearly match everywhere.
    std::string all(1 << 16, 'a');
    std::string almost(1 << 24, 'a');
    have = hidden({all + "b"}, almost + "c");
    assert_int_equal(have.size(), almost.size() + 1);
}

void urls_of_secrets_and_tokens_are_known(void **)
{
    assert_true(may_hold_secrets("https://h/api/v1/namespaces/a/secrets/b"));
    assert_true(may_hold_secrets("https://h/api/v1/namespaces/a/serviceaccounts/b/TOKEN"));
    assert_false(may_hold_secrets("https://h/api/v1/pods"));
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {cmocka_unit_test(each_occurrence),
                                cmocka_unit_test(cut_ones),
                                cmocka_unit_test(short_ones_are_words),
                                cmocka_unit_test(of_headers),
                                cmocka_unit_test(as_json_has_them),
                                cmocka_unit_test(in_one_pass),
                                cmocka_unit_test(urls_of_secrets_and_tokens_are_known)};
    return cmocka_run_group_tests_name("secrets", tests, nullptr, nullptr);
}
