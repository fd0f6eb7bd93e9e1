#include "support.h"

k8sc_testing_options *make_options(void)
{
    k8sc_testing_options *options = NULL;
    OK(k8sc_testing_options_new(&options, &err));
    /* No bookmarks, unless a test wants them. */
    OK(k8sc_testing_options_set_bookmark_interval(options, 0, &err));
    return options;
}

void start_server(k8sc_testing_options *options)
{
    if (over_http2()) {
        if (!options) OK(k8sc_testing_options_new(&options, &err));
        OK(k8sc_testing_options_set_tls(options, 1, &err));
    }
    OK(k8sc_testing_server_start(options, &server, &err));
    k8sc_testing_options_free(options);
}

void end_server(void)
{
    k8sc_testing_server_free(server);
    server = NULL;
}

int set_up(void **state)
{
    (void)state;
    handle = curl_easy_init();
    start_server(make_options());
    return 0;
}

int tear_down(void **state)
{
    (void)state;
    forget_answer();
    end_server();
    forget_errors();
    curl_easy_cleanup(handle);
    token = NULL;
    return 0;
}

void set_up_with(k8sc_testing_options *options)
{
    end_server();
    start_server(options);
}

int run_named_tests(const char *name, const struct CMUnitTest *tests, size_t count)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const int failed = _cmocka_run_group_tests(name, tests, count, NULL, NULL);
    curl_global_cleanup();
    return failed;
}
