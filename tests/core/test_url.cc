// URLs: what a server's may be, and what becomes of paths and parameters on the wire.
#include "core/url.h"

#include "check.h"

namespace {

void server_urls(void **)
{
    struct {
        const char *text;
        bool tls;
        const char *origin, *path;
    } cases[] = {
        {"https://example.com", false, "https://example.com", ""},
        {"https://example.com/", false, "https://example.com", ""},
        {"https://example.com:6443/k8s/clusters/c-1//", false, "https://example.com:6443", "/k8s/clusters/c-1"},
        {"HTTPS://example.com", false, "https://example.com", ""},
        {"http://127.0.0.1:8080", true, "http://127.0.0.1:8080", ""},
        {"https://[::1]:6443", false, "https://[::1]:6443", ""},
        {"https://[fe80::1]", false, "https://[fe80::1]", ""},
        {"https://[::1]/base", false, "https://[::1]", "/base"},
        {"https://example.com/a%20b%2Fc/\xc3\xa4\"", false, "https://example.com", "/a%20b%2Fc/%C3%A4%22"},
        {"example.com", false, "http://example.com", ""},
        {"example.com", true, "https://example.com", ""},
        {"example.com:6443", true, "https://example.com:6443", ""},
        {"example.com:6443/", true, "https://example.com:6443", ""},
        {"https://example.com/a?x=/y#z", false, "https://example.com", "/a"},
        {"https://example.com:", false, "https://example.com", ""},
        {"https://example.com:65535", false, "https://example.com:65535", ""},
    };
    for (auto &c : cases) {
        Url url = parse_server_url(c.text, c.tls);
        assert_text(url.origin(), c.origin);
        assert_text(url.path, c.path);
    }
}

void server_urls_refused(void **)
{
    struct {
        const char *text, *says;
    } cases[] = {
        {"", "no host"},
        {"https://", "no host"},
        {"https:///path", "no host"},
        {"https://:6443", "no host"},
        {"https://[]", "no host"},
        {"https://[::1", "bracket"},
        {"https://[::1]6443", "bracket"},
        {"ftp://example.com", "scheme"},
        {"://example.com", "scheme"},
        {"example.com/path", "scheme"},
        {"https://example.com:0", "port"},
        {"https://example.com:65536", "port"},
        {"https://example.com:99999999999", "port"},
        {"https://example.com:-1", "port"},
        {"https://example.com:64x", "port"},
        {"https://::1", "host"},
        {"https://exa mple.com", "blank"},
        {"https://example.com/a b", "blank"},
        {"https://example.com\r\nHost: x", "control"},
        {"https://example.com/\x7f", "control"},
        {"https://example.com/100%", "escape"},
        {"https://example.com/%2", "escape"},
        {"https://example.com/%zz", "escape"},
    };
    for (auto &c : cases) {
        std::string message;
        assert_int_equal(code_of([&] { parse_server_url(c.text, false); }, &message), K8SC_E_CONFIG);
        assert_says(message, "server URL");
        assert_says(message, c.says);
    }
}

void passwords_are_not_shown(void **)
{
    for (auto text : {"https://joe:hunter2@example.com", "https://joe:hunter2@example.com:x",
                      "https://joe:hun@hunter2@example.com/ ", "joe:hunter2@example.com"}) {
        std::string message;
        assert_int_equal(code_of([&] { parse_server_url(text, true); }, &message), K8SC_E_CONFIG);
        assert_silent(message, "hunter2");
        assert_silent(message, "joe");
        assert_says(message, "server URL");
    }
}

void control_characters_are_made_visible(void **)
{
    std::string message;
    code_of([] { parse_server_url("https://a\x1b[31m", false); }, &message);
    assert_int_equal(message.find('\x1b'), std::string::npos);
    assert_says(message, "\\x1b");
}

void authority_of_ipv6(void **)
{
    assert_text(parse_server_url("https://[::1]:6443", false).authority(), "[::1]:6443");
    assert_text(parse_server_url("https://[::1]:6443", false).host, "::1");
    assert_text(parse_server_url("https://h", false).authority(), "h");
}

// As Go's url.URL does with a path.
void paths_are_escaped_as_in_go(void **)
{
    assert_text(escape_path("/api/v1/namespaces/default/pods/web-0"), "/api/v1/namespaces/default/pods/web-0");
    assert_text(escape_path("/a b"), "/a%20b");
    assert_text(escape_path("/a?b#c"), "/a%3Fb%23c");
    assert_text(escape_path("/100%"), "/100%25");
    assert_text(escape_path("/system:node:a"), "/system:node:a");
    assert_text(escape_path("/$&+,:;=@-_.~"), "/$&+,:;=@-_.~");
    assert_text(escape_path("/\"<>\\^`{|}"), "/%22%3C%3E%5C%5E%60%7B%7C%7D");
    assert_text(escape_path("/\xc3\xa4"), "/%C3%A4");
    assert_text(escape_path("/\n"sv), "/%0A");
    assert_text(escape_path(""), "");
}

void query_escapes(void **)
{
    assert_text(escape_query("app=web,tier in (a, b)"), "app%3Dweb%2Ctier+in+%28a%2C+b%29");
    assert_text(escape_query("a+b&c"), "a%2Bb%26c");
    assert_text(escape_query("-_.~"), "-_.~");
    assert_text(escape_query("/"), "%2F");
    assert_text(escape_query("\xc3\xa4"), "%C3%A4");
    assert_text(escape_query("\0"sv), "%00");
}

void every_byte_survives(void **)
{
    for (int byte = 0; byte < 256; byte++) {
        std::string one(1, static_cast<char>(byte));
        for (auto &escaped : {escape_path(one), escape_query(one)}) {
            if (escaped.size() == 1) {
                assert_true(escaped == one || (one == " " && escaped == "+"));
                continue;
            }
            assert_int_equal(escaped.size(), 3);
            assert_int_equal(escaped[0], '%');
            assert_int_equal(std::stoi(escaped.substr(1), nullptr, 16), byte);
        }
    }
}

void queries_are_sorted_by_name_alone(void **)
{
    Query query;
    assert_true(query.empty());
    assert_text(query.encoded(), "");
    query.add("watch", "1");
    query.add("b", "2");
    query.add("b", "1");
    query.add("a", "");
    assert_text(query.encoded(), "a=&b=2&b=1&watch=1");
    query.set("b", "3");
    assert_text(query.encoded(), "a=&b=3&watch=1");
    query.set("new", "&");
    assert_text(query.encoded(), "a=&b=3&new=%26&watch=1");
    assert_false(query.empty());
}

void a_segment_that_changes_the_path_is_refused(void **)
{
    for (auto good : {"a", "web-0", "...", "a..b", ".a", "system:node", "a b", "\xc3\xa4"})
        assert_text(segment_fault(good), "");
    for (auto bad : {"", ".", "..", "a/b", "/", "a%2fb", "%"}) assert_true(!segment_fault(bad).empty());
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(server_urls),
        cmocka_unit_test(server_urls_refused),
        cmocka_unit_test(passwords_are_not_shown),
        cmocka_unit_test(control_characters_are_made_visible),
        cmocka_unit_test(authority_of_ipv6),
        cmocka_unit_test(paths_are_escaped_as_in_go),
        cmocka_unit_test(query_escapes),
        cmocka_unit_test(every_byte_survives),
        cmocka_unit_test(queries_are_sorted_by_name_alone),
        cmocka_unit_test(a_segment_that_changes_the_path_is_refused),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
