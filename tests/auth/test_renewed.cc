// Credentials that are got anew: when whoever gives them is asked, and what he is told.
#include "auth/renewed.h"

#include <time.h>

#include <optional>

#include "../core/check.h"

namespace {

// Answers when the test says so.
class Asked : public RenewedCredentials {
  public:
    explicit Asked(const std::string &first, int64_t expires_at_ms = never, int64_t pause_ms = 0)
        : RenewedCredentials(pause_ms)
    {
        begin_with(value(first, expires_at_ms));
    }

    static Renewal value(const std::string &text, int64_t expires_at_ms = never)
    {
        Renewal renewal;
        renewal.credential.authorization = text;
        renewal.expires_at_ms = expires_at_ms;
        return renewal;
    }
    void answer(const Renewal &renewal) { renewed(nullptr, renewal); }
    void fail_once()
    {
        Error error(K8SC_E_CREDENTIALS, "not now");
        renewed(&error, {});
    }

    std::vector<bool> refused;  // of each time it was asked

  private:
    void renew(bool was_refused) override { refused.push_back(was_refused); }
};

// What get() answers: "!" for an error, nothing where the answer is still to come.
std::optional<std::string> got(RenewedCredentials &credentials)
{
    auto answer = std::make_shared<std::optional<std::string>>();
    credentials.get([answer](const Error *error, const Credential &credential) {
        *answer = error ? "!" : credential.authorization;
    });
    return *answer;
}

void refused_until_there_is_another(void **)
{
    auto asked = make<Asked>("a");
    assert_true(got(*asked) == "a");
    asked->rejected(Asked::value("a").credential);
    assert_false(got(*asked).has_value());
    asked->fail_once();
    // The last one given is still the one that was refused.
    assert_false(got(*asked).has_value());
    asked->answer(Asked::value("b", wall_now_ms() - 1));
    assert_false(got(*asked).has_value());
    assert_true(asked->refused == (std::vector<bool>{true, true, false}));
}

// The old one is refused while another is fetched already: nobody has refused that one.
void refused_meanwhile(void **)
{
    auto asked = make<Asked>("b", wall_now_ms() - 1);
    assert_false(got(*asked).has_value());
    asked->rejected(Asked::value("b").credential);
    asked->answer(Asked::value("c", wall_now_ms() - 1));
    assert_false(got(*asked).has_value());
    assert_true(asked->refused == (std::vector<bool>{false, false}));
}

void one_question_for_all(void **)
{
    auto asked = make<Asked>("a");
    asked->answer(Asked::value("b", wall_now_ms() - 1));
    int answers = 0;
    for (int i = 0; i < 3; i++)
        asked->get([&](const Error *error, const Credential &credential) {
            answers += !error && credential.authorization == "c";
        });
    assert_int_equal(asked->refused.size(), 1);
    asked->answer(Asked::value("c"));
    assert_int_equal(answers, 3);
    assert_true(got(*asked) == "c");
}

void pause()
{
    timespec while_ms = {0, 110000000};
    nanosleep(&while_ms, nullptr);
}

// Whoever asks within the pause has the error at once; the pause grows, and ends with the first success.
void failures_are_kept_for_a_while(void **)
{
    auto asked = make<Asked>("a", wall_now_ms() - 1, 100);
    int errors = 0;
    for (int i = 0; i < 3; i++)
        asked->get([&](const Error *error, const Credential &) { errors += error && error->message == "not now"; });
    asked->fail_once();
    assert_int_equal(errors, 3);
    for (int i = 0; i < 50; i++) assert_true(got(*asked) == "!");
    assert_int_equal(asked->refused.size(), 1);
    pause();
    assert_false(got(*asked).has_value());
    assert_int_equal(asked->refused.size(), 2);
    asked->fail_once();
    pause();
    assert_true(got(*asked) == "!");  // 200 ms now
    pause();
    assert_false(got(*asked).has_value());
    asked->answer(Asked::value("b", wall_now_ms() - 1));
    assert_false(got(*asked).has_value());
    asked->fail_once();
    pause();
    assert_false(got(*asked).has_value());
    assert_int_equal(asked->refused.size(), 5);
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {cmocka_unit_test(refused_until_there_is_another), cmocka_unit_test(refused_meanwhile),
                                cmocka_unit_test(one_question_for_all),
                                cmocka_unit_test(failures_are_kept_for_a_while)};
    return cmocka_run_group_tests_name("renewed", tests, nullptr, nullptr);
}
