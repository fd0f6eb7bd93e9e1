// What may be told of texts in which secrets have been seen.
#include "core/redact.h"

#include "core/secret_text.h"

#include "check.h"

namespace {

void names_that_sound_secret_are_known(void **)
{
    for (auto name :
         {"token", "--client-secret", "AWS_ACCESS_KEY_ID", "accessKey", "--pwd", "PASSWORD", "Authorization",
          "Set-Cookie", "X-Api-Key", "--auth", "X-Amz-Signature", "private-key", "credentials"})
        if (!sounds_secret(name)) fail_msg("%s", name);
    for (auto name : {"", "--cluster", "--profile", "region", "monkey", "WWW-Authenticate", "Content-Type", "--author",
                      "compass", "--spin"})
        if (sounds_secret(name)) fail_msg("%s", name);
}

void secrets_in_prose_are_masked(void **)
{
    struct {
        std::string_view said, told;
    } cases[] = {
        {"cannot log in", "cannot log in"},
        {"Error: the credential has expired; run 'aws sso login --profile prod'",
         "Error: the credential has expired; run 'aws sso login --profile prod'"},
        {"exit status 255, HTTP 403 at 15:04:05 on 2026-11-25", "exit status 255, HTTP 403 at 15:04:05 on 2026-11-25"},
        {"open /home/me/.aws/config: no such file", "open /home/me/.aws/config: no such file"},
        {"see https://example.com/login or 10.0.0.1:6443", "see https://example.com/login or 10.0.0.1:6443"},
        {"could not use hunter2 here", "could not use *** here"},
        {"token=hunter", "token=***"},
        {"token: hunter, again", "token: ***, again"},
        {"{\"token\":\"hunter\",\"x\" : \"y\"}", "{\"token\":\"***\",\"x\" : \"y\"}"},
        {"password 'correct horse'", "password 'correct horse'"},
        {"password: 'correct horse' was wrong", "password: '***' was wrong"},
        {"ran --client-secret hunter --verbose", "ran --client-secret *** --verbose"},
        {"Authorization: Bearer hunter more\nnext line", "Authorization:***\nnext line"},
        {"sent Bearer hunter", "sent Bearer ***"},
        {"http://me:hunter@proxy:3128/x?y=hunter", "http://***@proxy:3128/x"},
        {"a planted-stderr-sesame", "a ***"},
        {"the code 123456", "the code ***"},
        {"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln", "***"},
        {"AbCdEfGhIjKlMnOpQrStUv", "***"},
        {"p@ss and a+b", "*** and ***"},
        {"", ""},
    };
    for (auto &[said, told] : cases) {
        std::string have = redacted_prose(said);
        if (said.find("Bearer hunter more") != std::string_view::npos)
            assert_silent(have, "hunter");
        else
            assert_text(have, told);
    }
}

void secrets_in_arguments_are_masked(void **)
{
    struct {
        std::string_view given, shown;
    } cases[] = {
        {"get-token", "get-token"},
        {"--cluster-name=prod", "--cluster-name=prod"},
        {"--pwd=hunter", "--pwd=X"},
        {"--header=Authorization: Bearer hunter", "--header=Authorization: X"},
        {"Authorization: Bearer hunter", "Authorization: X"},
        {"X-Api-Key:hunter", "X-Api-Key:X"},
        {"https://me:hunter@host/path?sig=hunter", "https://X@host/path"},
        {"--url=https://me:hunter@host", "--url=https://X@host"},
        {"me:hunter@host", "X@host"},
        {"wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY", "X"},
        {"6dae42f8-4368-4678-94ff-3960e28e3630", "6dae42f8-4368-4678-94ff-3960e28e3630"},
        {"curl -H 'Authorization: Bearer hunter2' https://me:hunter2@host", ""},
        {"{\"user\":\"me\",\"password\":\"hunter\"}", "{\"user\":\"me\",\"password\":\"X\"}"},
        {"--data=user=me&password=hunter", "--data=user=me&password=X"},
        {"--options=user=me,password=hunter", "--options=user=me,password=X"},
        {"", ""},
    };
    for (auto &[given, shown] : cases) {
        std::string have = redacted_argument(given, "X");
        assert_silent(have, "hunter");
        if (!given.starts_with("curl")) assert_text(have, shown);
    }
}

void secrets_are_wiped_when_moved_or_replaced(void **)
{
    // Short ones lie in the object, long ones elsewhere.
    for (auto text : {"short"s, std::string(100, 's')}) {
        SecretText first = text, second = first;
        SecretText third = std::move(first);
        assert_text(second, text);
        assert_text(third, text);
        for (size_t i = 0; i < first.capacity(); i++) assert_int_equal(first.data()[i], 0);
        std::string plain = text;
        const char *memory = plain.data();
        size_t all = plain.capacity();
        k8sc::wipe(plain);
        assert_text(plain, "");
        for (size_t i = 0; i < all; i++) assert_int_equal(memory[i], 0);
        second = "other";
        assert_text(second, "other");
        const SecretText &same = second;
        second = same;
        assert_text(second, "other");
    }
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(names_that_sound_secret_are_known), cmocka_unit_test(secrets_in_prose_are_masked),
        cmocka_unit_test(secrets_in_arguments_are_masked), cmocka_unit_test(secrets_are_wiped_when_moved_or_replaced)};
    return cmocka_run_group_tests_name("redact", tests, nullptr, nullptr);
}
