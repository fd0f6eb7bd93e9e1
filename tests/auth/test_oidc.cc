// When an id-token expires, as it says itself.
#include "auth/oidc.h"

#include "core/pem.h"

#include "../core/check.h"

namespace {

// As tokens are written: "-" and "_" for "+" and "/", and nothing at the end.
std::string base64url(std::string_view text)
{
    std::string out = encode_base64(text);
    for (char &c : out) c = c == '+' ? '-' : c == '/' ? '_' : c;
    while (out.ends_with('=')) out.pop_back();
    return out;
}

std::string token(std::string_view claims)
{
    return concat(base64url(R"({"alg":"none"})"), ".", base64url(claims), ".c2ln");
}

struct Case {
    std::string token;
    std::optional<int64_t> expiry;
};

void check(const std::vector<Case> &cases)
{
    for (auto &[text, expiry] : cases) {
        auto found = id_token_expiry(text);
        if (found != expiry) fail_msg("%s: %s", text.c_str(), found ? std::to_string(*found).c_str() : "nothing");
    }
}

void those_that_say_so(void **)
{
    check({
        {token(R"({"exp":1000000000})"), 1000000000000},  // 2001
        {token(R"({"exp":4102444800})"), 4102444800000},  // 2100
        {token(R"({"sub":"me","exp":1795618800,"iat":1})"), 1795618800000},
        {token(R"({"exp":1795618800.75})"), 1795618800000},
        {token(R"({"exp":1.7956188e9})"), 1795618800000},
        // Of each length that base64 knows, and with both of the letters that are its own.
        {token(R"({"exp":7,"a":""})"), 7000},
        {token(R"({"exp":7,"a":"1"})"), 7000},
        {token(R"({"exp":7,"a":"12"})"), 7000},
        {token("{\"exp\":7,\"a\":\"\u07fe?>~~~???\"}"), 7000},
        // Neither the head nor the signature is looked at.
        {concat(".", base64url(R"({"exp":7})"), "."), 7000},
        {concat("?.", base64url(R"({"exp":7})"), ".?"), 7000},
    });
    // The table does have such letters.
    std::string own = base64url("{\"exp\":7,\"a\":\"\u07fe?>~~~???\"}");
    assert_true(own.find('-') != own.npos || own.find('_') != own.npos);
}

void those_that_do_not(void **)
{
    std::string claims = base64url(R"({"exp":1795618800})");
    check({
        {token("{}"), {}},
        {token(R"({"sub":"me"})"), {}},
        {token(R"({"claims":{"exp":1795618800}})"), {}},
        {token(R"({"exp":null})"), {}},
        {token(R"({"exp":"1795618800"})"), {}},
        {token(R"({"exp":"2026-11-25T15:00:00Z"})"), {}},
        {token(R"({"exp":true})"), {}},
        {token(R"({"exp":[1795618800]})"), {}},
        {token(R"({"exp":{}})"), {}},
        // Before all time, or so late that it is not one in seconds.
        {token(R"({"exp":0})"), {}},
        {token(R"({"exp":-1})"), {}},
        {token(R"({"exp":1e12})"), {}},
        {token(R"({"exp":1e300})"), {}},
        // Claims that are no JSON object, or none at all.
        {token(""), {}},
        {token("1795618800"), {}},
        {token(R"([{"exp":1795618800}])"), {}},
        {token(R"({"exp":1795618800)"), {}},
        {token("nonsense"), {}},
        // Not base64.
        {"a.?.c", {}},
        {"a." + claims + "?.c", {}},
        {"a." + claims.substr(0, claims.size() - 1) + "=A.c", {}},
        {"a. .c", {}},
        // Not three parts.
        {"", {}},
        {".", {}},
        {"..", {}},
        {claims, {}},
        {claims + ".", {}},
        {"a." + claims, {}},
        {"a." + claims + ".c.", {}},
        {"a." + claims + ".c.d.e", {}},
    });
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {cmocka_unit_test(those_that_say_so), cmocka_unit_test(those_that_do_not)};
    return cmocka_run_group_tests_name("oidc", tests, nullptr, nullptr);
}
