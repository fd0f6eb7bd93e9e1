// Selectors: the grammar of apimachinery's labels and fields packages, and what matches.
#include "core/selector.h"

#include <map>

#include "check.h"

namespace {

using Labels = std::map<std::string, std::string>;

bool matches(const std::string &selector, const Labels &labels)
{
    return LabelSelector::parse(selector).matches([&](std::string_view key) -> std::optional<std::string_view> {
        auto at = labels.find(std::string(key));
        if (at == labels.end()) return {};
        return at->second;
    });
}

k8sc_status parse(const std::string &text, std::string *message = nullptr)
{
    return code_of([&] { LabelSelector::parse(text); }, message);
}

void selectors_of_the_grammar_are_accepted(void **)
{
    for (auto text : {"",
                      " ",
                      "\t\n",
                      "x",
                      "\rx",
                      "a ",
                      "x=a,y=b,z=c",
                      "x!=a,y=b",
                      "x=",
                      "x= ",
                      "x=,z= ",
                      "x= ,z= ",
                      "!x",
                      "! x",
                      "!x,!y",
                      "x>1",
                      "x>1,z<5",
                      "x==a",
                      "x == a",
                      "x = a , y != b",
                      "x,y in (a)",
                      "x in (abc,)",
                      "x in ()",
                      "x notin ( )",
                      "x notin (, a)",
                      "x notin (abc,,def),bar,z in (),w",
                      "this-is-a-dns.domain.com/key-with-dash",
                      "this-is-another-dns.domain.com/key-with-dash in (so,what)",
                      "0.1.2.domain/99 notin (10.10.100.1, tick.tack.clock)",
                      "foo  in\t (abc)",
                      "x notin\n (abc)",
                      "x  notin\t\t(abc,def)",
                      "x in(a)",
                      "x=a,y!=b,z in (h,i,j)",
                      "a in (x,y,notin, z,in)",
                      "in in (in)",
                      "notin=notin",
                      "in",
                      "a_b.c-d=E_f.G-h",
                      "1=2",
                      "x=in",
                      "x>0,x<9223372036854775807"}) {
        std::string message;
        if (parse(text, &message) != K8SC_OK) fail_msg("%s", message.c_str());
    }
}

void selectors_outside_of_the_grammar_are_refused(void **)
{
    for (auto text : {"x=a||y=b",
                      "x==a==b",
                      "!x=a",
                      "x<a",
                      "x>",
                      "x>=1",
                      "x>-1",
                      "x>1.5",
                      "x>9223372036854775808",
                      "x,,y",
                      ",x,y",
                      ",",
                      "x,",
                      "x=a,",
                      "a in (xyz),",
                      "x nott in (y)",
                      "a in (xyz)b",
                      "a in (xyz abc)",
                      "a notin(",
                      "a (",
                      "(",
                      ")",
                      "x in (a",
                      "x in a",
                      "x in",
                      "x notin",
                      "x in a,b",
                      "=a",
                      "==a",
                      "!",
                      "!!x",
                      "!=a",
                      "x!",
                      "x!a",
                      "x=a b",
                      "x y",
                      "-x",
                      "x-",
                      "x=-a",
                      "x=a-",
                      "x=.",
                      "x/=a",
                      "/x=a",
                      "a/b/c=d",
                      "A.b/c=d",
                      "a_b/c=d",
                      "-a/c",
                      "a-/c",
                      "a-.b/c",
                      "a..b/c",
                      ".a/c",
                      "a./c",
                      "x=\xc3\xa4",
                      "\xc3\xa4=x",
                      "x='a'",
                      "x=\"a\"",
                      "x{",
                      "x=a;y=b",
                      "x=a/b",
                      "x=(a)",
                      "x=a%20b"}) {
        std::string message;
        if (parse(text, &message) != K8SC_E_PARSE) fail_msg("accepted: %s", text);
        assert_says(message, "label selector \"");
    }
    assert_int_equal(parse("x=a\0"s), K8SC_E_PARSE);
}

void lengths_of_keys_and_values_are_limited(void **)
{
    std::string n63 = repeated("a", 63), n64 = repeated("a", 64);
    std::string dns253 = repeated(repeated("a", 62) + ".", 4) + "b";
    assert_int_equal(dns253.size(), 253);
    assert_int_equal(parse(n63), K8SC_OK);
    assert_int_equal(parse(n64), K8SC_E_PARSE);
    assert_int_equal(parse("x=" + n63), K8SC_OK);
    assert_int_equal(parse("x=" + n64), K8SC_E_PARSE);
    assert_int_equal(parse("x in (a," + n64 + ")"), K8SC_E_PARSE);
    assert_int_equal(parse(dns253 + "/" + n63), K8SC_OK);
    assert_int_equal(parse(dns253 + "/" + n64), K8SC_E_PARSE);
    assert_int_equal(parse(dns253 + "c/x"), K8SC_E_PARSE);
    // A message stays readable however long the text is.
    std::string message;
    assert_int_equal(parse(repeated("x,", 100000), &message), K8SC_E_PARSE);
    assert_true(message.size() < 1000);
}

void selectors_match_as_in_apimachinery(void **)
{
    Labels web = {{"app", "web"},   {"tier", "front"}, {"empty", ""}, {"n", "5"}, {"big", "9223372036854775807"},
                  {"ex.com/k", "v"}};
    for (auto text : {"",
                      "app",
                      "app=web",
                      "app==web",
                      "app in (db,web)",
                      "app notin (db)",
                      "app!=db",
                      "!gone",
                      "gone!=x",
                      "gone notin (x,y)",
                      "empty=",
                      "empty in ()",
                      "empty",
                      "empty!=x",
                      "n>4",
                      "n<6",
                      "n=5",
                      "ex.com/k=v",
                      "app=web,tier=front",
                      "app,tier,!gone",
                      "app in (a,b,web,),tier notin (),n>1",
                      "big>9223372036854775806"})
        if (!matches(text, web)) fail_msg("does not match: %s", text);
    for (auto text : {"!app",
                      "app=db",
                      "app!=web",
                      "app notin (web)",
                      "app in (db)",
                      "gone",
                      "gone=",
                      "gone=x",
                      "gone in ()",
                      "gone in (x)",
                      "gone>1",
                      "gone<1",
                      "n>5",
                      "n<5",
                      "n=05",
                      "app>1",
                      "app<1",
                      "empty>0",
                      "empty!=",
                      "empty notin ()",
                      "app=web,tier=back",
                      "app=Web",
                      "App=web",
                      "big<9223372036854775807",
                      "k=v",
                      "app=web,gone"})
        if (matches(text, web)) fail_msg("matches: %s", text);
}

void nothing_has_no_labels(void **)
{
    assert_true(matches("", {}));
    assert_true(matches("!x,y!=1,z notin (a)", {}));
    assert_false(matches("x", {}));
    assert_true(LabelSelector::parse(" ").empty());
    assert_false(LabelSelector::parse("x").empty());
}

k8sc_status check_field(std::string_view text, std::string *message = nullptr)
{
    return code_of([&] { FieldSelector::parse(text); }, message);
}

void field_selectors_follow_their_grammar(void **)
{
    for (auto text : {"", "metadata.name=web-0", "metadata.name==web-0", "status.phase!=Running",
                      "status.phase!=Succeeded,status.phase!=Failed", "spec.nodeName=", "a=,b=c", "a=b\\,c", "a=b\\=c",
                      "a=b\\\\", "a=\\\\\\,", "reason=a b", "a=b!c"})
        assert_int_equal(check_field(text), K8SC_OK);
    for (auto text : {"metadata.name", "=x", "!=x", "==x", "a=b,c", "a!b", "a=b=c", "a=b\\", "a=b\\n", "a===b", "a,b=c",
                      "a=b,=c"}) {
        std::string message;
        if (check_field(text, &message) != K8SC_E_PARSE) fail_msg("accepted: %s", text);
        assert_says(message, "field selector");
    }
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(selectors_of_the_grammar_are_accepted),
        cmocka_unit_test(selectors_outside_of_the_grammar_are_refused),
        cmocka_unit_test(lengths_of_keys_and_values_are_limited),
        cmocka_unit_test(selectors_match_as_in_apimachinery),
        cmocka_unit_test(nothing_has_no_labels),
        cmocka_unit_test(field_selectors_follow_their_grammar),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
