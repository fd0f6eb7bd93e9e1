/* The URLs that requests are built to, and the parts that are refused. */
#include "support.h"

/* Steps: a letter and its value, as client-go's chain of calls. n namespace, r resource, N name, s subresource, x
 * suffix, a absolute path, u request URI, p parameter (name=value), t timeout in ms. */
static k8sc_request *build(const char *base, const char *group, const char *method, const char *const *steps)
{
    char url[256];
    snprintf(url, sizeof url, "%s%s", "http://127.0.0.1:1", base);
    k8sc_rest_client *rest = new_rest(new_client(new_config_for(url)), group, "v1");
    k8sc_request *request = NULL;
    OK(k8sc_rest_client_verb(rest, method, &request, &err));
    for (; steps && *steps; steps++) {
        const char *value = *steps + 2;
        char name[64] = "";
        switch (**steps) {
        case 'n': k8sc_request_set_namespace(request, value); break;
        case 'r': k8sc_request_set_resource(request, value); break;
        case 'N': k8sc_request_set_name(request, value); break;
        case 's': k8sc_request_set_subresource(request, value); break;
        case 'x': k8sc_request_set_suffix(request, value); break;
        case 'a': k8sc_request_set_abs_path(request, value); break;
        case 'u': k8sc_request_set_request_uri(request, value); break;
        case 't': k8sc_request_set_timeout(request, atoll(value)); break;
        case 'p':
            snprintf(name, sizeof name, "%.*s", (int)strcspn(value, "="), value);
            k8sc_request_add_param(request, name, strchr(value, '=') + 1);
            break;
        }
    }
    return request;
}

#define STEPS(...) \
    (const char *const[]) { __VA_ARGS__, NULL }

struct url_case {
    const char *base, *group;
    const char *const *steps;
    const char *expected;
};

static void check_urls(const struct url_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        k8sc_request *request = build(cases[i].base, cases[i].group, "GET", cases[i].steps);
        const char *url = k8sc_request_url(request);
        if (!url) {
            k8sc_request_do(request, NULL, &err);
            fail_msg("case %d has no URL: %s", (int)i, k8sc_error_message(err));
        }
        assert_string_equal(url + strlen("http://127.0.0.1:1"), cases[i].expected);
        k8sc_request_free(request);
    }
}

static void paths_are_built_from_their_parts(void **state)
{
    static const char *const none[] = {NULL};
    const struct url_case cases[] = {
        {"", "", none, "/api/v1"},
        {"", "apps", none, "/apis/apps/v1"},
        {"", "", STEPS("r pods"), "/api/v1/pods"},
        {"", "", STEPS("n space", "r pods"), "/api/v1/namespaces/space/pods"},
        {"", "", STEPS("n space", "r pods", "N web"), "/api/v1/namespaces/space/pods/web"},
        {"", "", STEPS("n space", "r pods", "N web", "s log"), "/api/v1/namespaces/space/pods/web/log"},
        {"", "", STEPS("n space", "r pods", "N web", "s proxy/metrics"),
         "/api/v1/namespaces/space/pods/web/proxy/metrics"},
        {"", "", STEPS("n space", "r pods", "N web", "s proxy", "x a/b"),
         "/api/v1/namespaces/space/pods/web/proxy/a/b"},
        {"", "apps", STEPS("n space", "r deployments", "N web", "s scale"),
         "/apis/apps/v1/namespaces/space/deployments/web/scale"},
        /* The order of the calls does not matter. */
        {"", "", STEPS("s log", "N web", "r pods", "n space"), "/api/v1/namespaces/space/pods/web/log"},
        /* The namespace object itself has no namespace. */
        {"", "", STEPS("r namespaces", "N space"), "/api/v1/namespaces/space"},
        /* An empty namespace means all. */
        {"", "", STEPS("n ", "r pods"), "/api/v1/pods"},
        /* Resources are lower case on the wire, names are not touched. */
        {"", "", STEPS("r Pods", "N Web"), "/api/v1/pods/Web"},
        /* A suffix may say too many slashes. */
        {"", "", STEPS("x /a//b/"), "/api/v1/a/b"},
        /* A server behind a path. */
        {"/clusters/one", "", STEPS("n space", "r pods"), "/clusters/one/api/v1/namespaces/space/pods"},
        {"/clusters/one/", "apps", STEPS("r deployments"), "/clusters/one/apis/apps/v1/deployments"},
        {"/", "", STEPS("r pods"), "/api/v1/pods"},
        /* What Go's URL type escapes in a path, and what it leaves. */
        {"", "", STEPS("r pods", "N a b"), "/api/v1/pods/a%20b"},
        {"", "", STEPS("r pods", "N $&+,:;=@-_.~"), "/api/v1/pods/$&+,:;=@-_.~"},
        {"", "", STEPS("r pods", "N a?b#c\"<>\\^`{|}"), "/api/v1/pods/a%3Fb%23c%22%3C%3E%5C%5E%60%7B%7C%7D"},
        {"", "", STEPS("r pods", "N !'()*"), "/api/v1/pods/%21%27%28%29%2A"},
        {"", "", STEPS("r pods", "N caf\xc3\xa9"), "/api/v1/pods/caf%C3%A9"},
        {"", "", STEPS("r pods", "N ..."), "/api/v1/pods/..."},
    };
    (void)state;
    check_urls(cases, COUNT(cases));
}

static void absolute_paths(void **state)
{
    const struct url_case cases[] = {
        {"", "", STEPS("a /healthz"), "/healthz"},
        {"", "", STEPS("a healthz"), "/healthz"},
        {"", "", STEPS("a /apis/apps/"), "/apis/apps/"},
        {"", "", STEPS("a /"), "/"},
        {"", "", STEPS("a //a//b"), "/a/b"},
        {"", "", STEPS("a /apis/x/v1/", "r things"), "/apis/x/v1/things"},
        {"", "", STEPS("a /apis/x/v1", "n space", "r things", "N one"), "/apis/x/v1/namespaces/space/things/one"},
        /* What stands before the API of a server behind a path stays. */
        {"/prefix", "", STEPS("a /healthz"), "/prefix/healthz"},
        {"/prefix", "", STEPS("a /logs/"), "/prefix/logs/"},
    };
    (void)state;
    check_urls(cases, COUNT(cases));
}

static void request_uris(void **state)
{
    const struct url_case cases[] = {
        {"", "", STEPS("u /a/b"), "/a/b"},
        {"", "", STEPS("u /a%20b/c?x=1"), "/a%20b/c?x=1"},
        {"", "", STEPS("u /a?z=1&b=2&b=1"), "/a?b=2&b=1&z=1"},
        {"", "", STEPS("u /a?x=a%20b%2Fc+d"), "/a?x=a+b%2Fc+d"},
        {"", "", STEPS("p x=0", "u /a?y=1"), "/a?x=0&y=1"},
        {"", "", STEPS("u /a?flag"), "/a?flag="},
        {"/prefix", "", STEPS("u /a/b"), "/a/b"},
        {"", "", STEPS("u /a/"), "/a/"},
    };
    (void)state;
    check_urls(cases, COUNT(cases));
}

static void parameters_are_sorted_and_escaped(void **state)
{
    const struct url_case cases[] = {
        {"", "", STEPS("r pods", "p limit=5"), "/api/v1/pods?limit=5"},
        /* Sorted by name; repeated ones keep their order. */
        {"", "", STEPS("r pods", "p z=1", "p a=2", "p z=0", "p B=3"), "/api/v1/pods?B=3&a=2&z=1&z=0"},
        {"", "", STEPS("r pods", "p labelSelector=a in (b,c),d!=e"),
         "/api/v1/pods?labelSelector=a+in+%28b%2Cc%29%2Cd%21%3De"},
        {"", "", STEPS("r pods", "p q=-_.~ /?&=+%*'"), "/api/v1/pods?q=-_.~+%2F%3F%26%3D%2B%25%2A%27"},
        {"", "", STEPS("r pods", "p empty="), "/api/v1/pods?empty="},
        {"", "", STEPS("r pods", "p caf\xc3\xa9=\xe2\x82\xac"), "/api/v1/pods?caf%C3%A9=%E2%82%AC"},
    };
    (void)state;
    check_urls(cases, COUNT(cases));
}

static void timeouts_as_go_durations(void **state)
{
    const struct url_case cases[] = {
        {"", "", STEPS("r pods", "t 32000"), "/api/v1/pods?timeout=32s"},
        {"", "", STEPS("r pods", "t 300000"), "/api/v1/pods?timeout=5m0s"},
        {"", "", STEPS("r pods", "t 3600000"), "/api/v1/pods?timeout=1h0m0s"},
        {"", "", STEPS("r pods", "t 90061000"), "/api/v1/pods?timeout=25h1m1s"},
        {"", "", STEPS("r pods", "t 1500"), "/api/v1/pods?timeout=1.5s"},
        {"", "", STEPS("r pods", "t 61001"), "/api/v1/pods?timeout=1m1.001s"},
        {"", "", STEPS("r pods", "t 20"), "/api/v1/pods?timeout=20ms"},
        {"", "", STEPS("r pods", "t -1"), "/api/v1/pods"},
        /* The later one wins, and one that was a parameter is replaced. */
        {"", "", STEPS("r pods", "t 1000", "t 2000"), "/api/v1/pods?timeout=2s"},
        {"", "", STEPS("r pods", "p timeout=7s", "t 2000"), "/api/v1/pods?timeout=2s"},
    };
    (void)state;
    check_urls(cases, COUNT(cases));
}

/* The configuration's deadline holds where the request has none of its own. */
static void timeout_of_the_configuration(void **state)
{
    k8sc_config *config = new_config();
    k8sc_request *request = NULL;
    (void)state;
    OK(k8sc_config_set_timeout(config, 15000, &err));
    OK(k8sc_rest_client_get(new_rest(new_client(config), "", "v1"), &request, &err));
    OK(k8sc_request_set_resource(request, "pods"));
    assert_non_null(strstr(k8sc_request_url(request), "/api/v1/pods?timeout=15s"));
    OK(k8sc_request_set_timeout(request, -1));
    assert_null(strstr(k8sc_request_url(request), "timeout"));
    k8sc_request_free(request);
}

static void refused_parts(void **state)
{
    const struct {
        const char *const *steps;
        const char *part, *why;
    } cases[] = {
        {STEPS("r "), "resource", "empty"},
        {STEPS("r ."), "resource", "\".\""},
        {STEPS("r .."), "resource", "\"..\""},
        {STEPS("r a/b"), "resource", "\"/\""},
        {STEPS("r a%2fb"), "resource", "\"%\""},
        {STEPS("r pods", "N "), "name", "empty"},
        {STEPS("r pods", "N ."), "name", "\".\""},
        {STEPS("r pods", "N .."), "name", "\"..\""},
        {STEPS("r pods", "N a/b"), "name", "\"/\""},
        {STEPS("r pods", "N a%b"), "name", "\"%\""},
        {STEPS("r pods", "n ."), "namespace", "\".\""},
        {STEPS("r pods", "n .."), "namespace", "\"..\""},
        {STEPS("r pods", "n a/b"), "namespace", "\"/\""},
        {STEPS("r pods", "n a%b"), "namespace", "\"%\""},
        {STEPS("r pods", "s "), "subresource", "empty"},
        {STEPS("r pods", "s .."), "subresource", "\"..\""},
        {STEPS("r pods", "s a/../b"), "subresource", "\"..\""},
        {STEPS("r pods", "s a//b"), "subresource", "empty"},
        {STEPS("r pods", "s a%2f"), "subresource", "\"%\""},
        /* Once only. */
        {STEPS("r pods", "r nodes"), "resource", "already"},
        {STEPS("N a", "N a"), "name", "already"},
        {STEPS("n a", "n b"), "namespace", "already"},
        {STEPS("n ", "n b"), "namespace", "already"},
        {STEPS("s a", "s b"), "subresource", "already"},
        /* Neither path nor URI. */
        {STEPS("u a/b"), "URI", "begin with"},
        {STEPS("u "), "URI", "begin with"},
        {STEPS("u /a b"), "URI", "percent-encoded"},
        {STEPS("u /a#b"), "URI", "percent-encoded"},
        {STEPS("r pods", "t -2"), "timeout", "-2"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        k8sc_request *request = build("", "", "GET", cases[i].steps);
        k8sc_result *result = (k8sc_result *)&cases;
        assert_null(k8sc_request_url(request));
        FAILS(K8SC_E_INVALID, k8sc_request_do(request, &result, &err), cases[i].part, cases[i].why);
        assert_null(result);
        k8sc_request_free(request);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(paths_are_built_from_their_parts),
        TEST(absolute_paths),
        TEST(request_uris),
        TEST(parameters_are_sorted_and_escaped),
        TEST(timeouts_as_go_durations),
        TEST(timeout_of_the_configuration),
        TEST(refused_parts),
    };
    return cmocka_run_group_tests_name("URLs", tests, NULL, NULL);
}
