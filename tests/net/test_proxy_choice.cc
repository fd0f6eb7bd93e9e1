// Which proxy it is: URLs of proxies, and the environment's rules, which are those of Go's
// golang.org/x/net/http/httpproxy.
#include "net/proxy.h"

#include "../core/check.h"

namespace {

// What Go 1.19's net/http.ProxyFromEnvironment answers to each, with HTTP_PROXY and HTTPS_PROXY set.
struct {
    const char *no_proxy, *url;
    bool proxied;
} cases[] = {
    {"", "http://example.com", true},
    {"", "http://localhost:8080", false},
    {"", "https://localhost", false},
    {"", "http://LOCALHOST", true},
    {"", "http://localhost.localdomain", true},
    {"", "http://127.0.0.1", false},
    {"", "https://127.1.2.3:6443", false},
    {"", "https://[::1]:6443", false},
    {"", "https://[::2]:6443", true},
    {"", "https://[::ffff:127.0.0.1]:6443", false},
    {"*", "https://example.com", false},
    {"*", "https://10.0.0.1", false},
    {" a.com , * ", "https://10.0.0.1", false},
    {"*.com", "https://example.com", false},
    {"**", "https://example.com", true},
    {"example.com", "https://example.com", false},
    {"example.com", "https://EXAMPLE.com", false},
    {"EXAMPLE.com", "https://example.com", false},
    {"example.com", "https://www.example.com", false},
    {"example.com", "https://a.b.example.com:6443", false},
    {"example.com", "https://notexample.com", true},
    {"example.com", "https://example.com.org", true},
    {"example.com", "https://com", true},
    {".example.com", "https://example.com", true},
    {".example.com", "https://www.example.com", false},
    {"*.example.com", "https://example.com", true},
    {"*.example.com", "https://www.example.com", false},
    {"www.*.com", "https://www.example.com", true},
    {"example.com:6443", "https://example.com:6443", false},
    {"example.com:6443", "https://example.com", true},
    {"example.com:443", "https://example.com", false},
    {"example.com:80", "http://example.com", false},
    {"example.com:80", "https://example.com", true},
    {"example.com:", "https://example.com", false},
    {".example.com:443", "https://a.example.com", false},
    {"*.example.com:443", "https://a.example.com:444", true},
    {":443", "https://example.com", true},
    {",,", "https://example.com", true},
    {"a.com,b.com", "https://b.com", false},
    {"a.com b.com", "https://b.com", true},
    {" a.com ,\tb.com\t", "https://b.com", false},
    {"10.0.0.1", "https://10.0.0.1", false},
    {"10.0.0.1", "https://10.0.0.10", true},
    {"10.0.0.1:6443", "https://10.0.0.1:6443", false},
    {"10.0.0.1:6443", "https://10.0.0.1", true},
    {"10.0.0.0/8", "https://10.255.1.1:6443", false},
    {"10.0.0.0/8", "https://11.0.0.1", true},
    {"10.1.2.3/8", "https://10.255.1.1", false},
    {"192.168.1.128/25", "https://192.168.1.127", true},
    {"192.168.1.128/25", "https://192.168.1.129", false},
    {"10.0.0.1/32", "https://10.0.0.1", false},
    {"0.0.0.0/0", "https://10.0.0.1", false},
    {"0.0.0.0/0", "https://example.com", true},
    {"0.0.0.0/0", "https://[2001:db8::1]", true},
    {"10.0.0.0/33", "https://10.0.0.1", true},
    {"10.0.0.0/", "https://10.0.0.1", true},
    {"10.0.0", "https://10.0.0.1", true},
    {"10.", "https://10.0.0.1", true},
    {"0.0.1", "https://10.0.0.1", false},
    {"2001:db8::1", "https://[2001:db8::1]:6443", false},
    {"2001:db8::1", "https://[2001:db8:0:0::1]", false},
    {"[2001:db8::1]:6443", "https://[2001:db8::1]:6443", false},
    {"[2001:db8::1]:6443", "https://[2001:db8::1]", true},
    {"2001:db8::/32", "https://[2001:db8:1::1]", false},
    {"2001:db8::/32", "https://[2001:db9::1]", true},
    {"2001:db8::/30", "https://[2001:dbb::1]", false},
    {"::/0", "https://10.0.0.1", true},
    {"::ffff:10.0.0.1", "https://10.0.0.1", false},
    {"com", "https://example.com", false},
    {"c0m", "https://example.com", true},
};

void no_proxy_excepts_hosts_as_in_go(void **)
{
    for (auto &c : cases) {
        bool have = uses_environment_proxy(c.no_proxy, parse_server_url(c.url, false));
        if (have != c.proxied)
            fail_msg("NO_PROXY=%s, %s: %s", c.no_proxy, c.url, have ? "through the proxy" : "not through the proxy");
    }
}

Proxy chosen(const char *explicit_url, const ProxyEnvironment &environment, const char *server)
{
    return choose_proxy(explicit_url, environment, parse_server_url(server, false));
}

void an_explicit_proxy_goes_before_the_environment(void **)
{
    ProxyEnvironment both{"http://plain:1", "http://secure:2", "", false};
    assert_text(chosen("", both, "http://example.com").redacted_url(), "http://plain:1");
    assert_text(chosen("", both, "https://example.com").redacted_url(), "http://secure:2");
    assert_false(chosen("", {"http://plain:1", "", "", false}, "https://example.com").set());
    assert_false(chosen("", {"", "http://secure:2", "", false}, "http://example.com").set());
    /* In a CGI program HTTP_PROXY is what the client's header says. */
    both.cgi = true;
    assert_false(chosen("", both, "http://example.com").set());
    assert_text(chosen("", both, "https://example.com").redacted_url(), "http://secure:2");
    /* An explicit one asks neither where the server is nor what the environment says. */
    both.no_proxy = "*";
    assert_false(chosen("", both, "https://example.com").set());
    assert_text(chosen("socks5://other:3", both, "https://example.com").redacted_url(), "socks5://other:3");
    assert_text(chosen("http://other:3", {}, "http://127.0.0.1:8080").redacted_url(), "http://other:3");
}

// A bad one is told, but not where it is not used.
void bad_environment(void **)
{
    std::string message;
    ProxyEnvironment bad{"ftp://plain", "http://user:secret@:x", "example.com", false};
    assert_int_equal(code_of([&] { chosen("", bad, "https://example.org"); }, &message), K8SC_E_CONFIG);
    assert_says(message, "HTTPS_PROXY");
    assert_silent(message, "secret");
    assert_int_equal(code_of([&] { chosen("", bad, "http://example.org"); }, &message), K8SC_E_CONFIG);
    assert_says(message, "HTTP_PROXY \"ftp://plain\"");
    assert_false(chosen("", bad, "https://example.com").set());
}

void urls_of_proxies_are_read_and_redacted(void **)
{
    struct {
        const char *url, *shown, *user, *password;
        bool has_user;
    } good[] = {
        {"http://proxy", "http://proxy:80", "", "", false},
        {"HTTP://proxy:3128/", "http://proxy:3128", "", "", false},
        {"http://proxy:3128/path?query#fragment", "http://proxy:3128", "", "", false},
        {"https://proxy", "https://proxy:443", "", "", false},
        {"socks5://proxy", "socks5://proxy:1080", "", "", false},
        {"socks5h://proxy:9", "socks5://proxy:9", "", "", false},
        {"proxy", "http://proxy:80", "", "", false},
        {"proxy:3128", "http://proxy:3128", "", "", false},
        {"http://proxy:", "http://proxy:80", "", "", false},
        {"http://[::1]", "http://[::1]:80", "", "", false},
        {"http://[2001:db8::1]:3128", "http://[2001:db8::1]:3128", "", "", false},
        {"http://user@proxy", "http://proxy:80", "user", "", true},
        {"http://user:pass@proxy:3128", "http://proxy:3128", "user", "pass", true},
        {"http://u%40x:p%3A%2f%25@proxy", "http://proxy:80", "u@x", "p:/%", true},
        {"http://user:a:b@proxy", "http://proxy:80", "user", "a:b", true},
        {"http://:pass@proxy", "http://proxy:80", "", "pass", true},
        {"user:pass@proxy:3128", "http://proxy:3128", "user", "pass", true},
    };
    for (auto &c : good) {
        Proxy proxy = parse_proxy(c.url, "proxy URL");
        assert_text(proxy.redacted_url(), c.shown);
        assert_text(proxy.user, c.user);
        assert_text(proxy.password, c.password);
        assert_int_equal(proxy.has_user, c.has_user);
    }
    const char *bad[] = {"http://",
                         "http://user:secret@",
                         "http://:3128",
                         "http://proxy:0",
                         "http://proxy:65536",
                         "http://proxy:x",
                         "socks4://proxy",
                         "ftp://user:secret@proxy",
                         "http://user:secret%2@proxy",
                         "http://user:secret%zz@proxy",
                         "http://us%00er:secret@proxy",
                         "http://user:secret%0d%0a@proxy",
                         "http://[::1",
                         "http://[::1]x",
                         "http://pro xy",
                         "http://user:secret@pro\nxy",
                         "://proxy",
                         "http://pro%78y"};
    for (auto url : bad) {
        std::string message;
        k8sc_status code = code_of([&] { parse_proxy(url, "proxy URL"); }, &message);
        if (code != K8SC_E_CONFIG) fail_msg("%s: %s", url, k8sc_status_name(code));
        assert_says(message, "proxy URL");
        assert_silent(message, "secret");
    }
    assert_int_equal(code_of([] { parse_proxy("socks5://user:" + std::string(256, 'x') + "@proxy", "proxy URL"); }),
                     K8SC_E_CONFIG);
    assert_int_equal(code_of([] { parse_proxy("http://user:" + std::string(256, 'x') + "@proxy", "proxy URL"); }),
                     K8SC_OK);
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(no_proxy_excepts_hosts_as_in_go),
        cmocka_unit_test(an_explicit_proxy_goes_before_the_environment),
        cmocka_unit_test(bad_environment),
        cmocka_unit_test(urls_of_proxies_are_read_and_redacted),
    };
    return cmocka_run_group_tests_name("proxy choice", tests, nullptr, nullptr);
}
