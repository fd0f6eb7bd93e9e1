/* Metrics: what was done is what is counted, and the text is what Prometheus reads. */
#include "support.h"

#include <regex.h>

static char *text;

static void drop_text(void *of) { k8sc_string_free(of); }

static const char *prometheus(void)
{
    OK(k8sc_client_metrics_prometheus(client, &text, &err));
    return track(text, drop_text);
}

static k8sc_object *json(void)
{
    OK(k8sc_client_metrics_json(client, &text, &err));
    track(text, drop_text);
    return parse(text);
}

/* The value of a series of which these are all the labels but host, "" where there is none; -1 where the series is not
 * there. */
static double value(const char *metrics, const char *series)
{
    size_t len = strlen(series);
    for (const char *line = metrics; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
        char bare[512], *host, *end;
        snprintf(bare, sizeof bare, "%.*s", (int)strcspn(line, "\n"), line);
        if ((host = strstr(bare, ",host=\"")) && (end = strchr(host + 7, '"'))) memmove(host, end + 1, strlen(end));
        if (!strncmp(bare, series, len) && bare[len] == ' ') return strtod(bare + len, NULL);
    }
    return -1;
}

#define VALUE(series) value(prometheus(), (series))

static k8sc_request *get_maps(void)
{
    k8sc_request *request = new_request("GET");
    k8sc_request_set_namespace(request, "default");
    k8sc_request_set_resource(request, "configmaps");
    return request;
}

/* Every line: HELP, TYPE, then samples of that family only; names, labels and numbers as the format has them; no series
 * twice; and histograms that add up. */
static void check_format(const char *metrics)
{
    char family[128] = "", type[32] = "", *copy = strdup(metrics), *place = NULL;
    char *seen[512];
    size_t series = 0;
    double last_bucket = -1;
    int after_help = 0;
    regex_t sample;
    assert_int_equal(metrics[strlen(metrics) - 1], '\n');
    assert_null(strstr(metrics, "\n\n"));
    assert_int_equal(regcomp(&sample,
                             "^[a-zA-Z_:][a-zA-Z0-9_:]*(\\{[a-zA-Z_][a-zA-Z0-9_]*=\"([^\"\\\\]|\\\\[\\\\\"n])*\"(,[a-"
                             "zA-Z_][a-zA-Z0-9_]*=\"([^\"\\\\]|"
                             "\\\\[\\\\\"n])*\")*\\})? [0-9]+(\\.[0-9]+)?(e[-+]?[0-9]+)?$",
                             REG_EXTENDED | REG_NOSUB),
                     0);
    for (char *line = strtok_r(copy, "\n", &place); line; line = strtok_r(NULL, "\n", &place)) {
        if (!strncmp(line, "# HELP ", 7)) {
            assert_int_equal(sscanf(line + 7, "%127s", family), 1);
            assert_true(strlen(line) > 7 + strlen(family) + 1);
            after_help = 1;
        } else if (!strncmp(line, "# TYPE ", 7)) {
            char name[128];
            assert_true(after_help);
            assert_int_equal(sscanf(line + 7, "%127s %31s", name, type), 2);
            assert_string_equal(name, family);
            assert_true(!strcmp(type, "counter") || !strcmp(type, "gauge") || !strcmp(type, "histogram"));
            assert_true(strcmp(type, "counter") || strstr(family, "_total"));
            after_help = 0;
        } else {
            if (regexec(&sample, line, 0, NULL, 0) != 0) fail_msg("not a sample: %s", line);
            size_t len = strlen(family);
            assert_int_equal(strncmp(line, family, len), 0);
            const char *suffix = line + len;
            double number = strtod(strrchr(line, ' '), NULL);
            if (strcmp(type, "histogram")) {
                assert_true(*suffix == '{' || *suffix == ' ');
            } else if (!strncmp(suffix, "_bucket{", 8)) {
                assert_non_null(strstr(line, "le=\""));
                if (strstr(line, "le=\"0.005\"")) last_bucket = 0;
                assert_true(number >= last_bucket);
                last_bucket = number;
            } else if (!strncmp(suffix, "_count{", 7)) {
                assert_true(number == last_bucket);
            } else {
                assert_int_equal(strncmp(suffix, "_sum{", 5), 0);
            }
            char *bare = strdup(line);
            *strrchr(bare, ' ') = '\0';
            for (size_t i = 0; i < series; i++)
                if (!strcmp(seen[i], bare)) fail_msg("twice: %s", bare);
            assert_true(series < COUNT(seen));
            seen[series++] = bare;
        }
    }
    assert_true(series >= 10);
    while (series > 0) free(seen[--series]);
    regfree(&sample);
    free(copy);
}

static void nothing_yet(void **state)
{
    (void)state;
    check_format(prometheus());
    assert_true(VALUE("k8sc_connections_opened_total") == 0);
    assert_true(VALUE("k8sc_queue_depth") == 0);
    assert_int_equal(k8sc_object_size(json(), "/requests"), 0);
}

static void each_request_is_counted_by_verb_and_result(void **state)
{
    k8sc_resource *maps = CONFIG_MAPS();
    (void)state;
    seed_map("a");
    for (int i = 0; i < 3; i++) OK(k8sc_resource_get(maps, "a", NULL, NULL, &err));
    FAILS(K8SC_E_API, k8sc_resource_get(maps, "nothing", NULL, NULL, &err), "nothing");
    OK(k8sc_resource_list(maps, NULL, NULL, &err));
    OK(k8sc_resource_create(maps, parse("{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"b\"}}"),
                            NULL, NULL, &err));
    OK(k8sc_resource_patch(maps, "b", K8SC_PATCH_MERGE, "{}", 2, NULL, NULL, &err));
    OK(k8sc_resource_delete(maps, "b", NULL, NULL, &err));
    OK(k8sc_resource_delete_collection(maps, NULL, NULL, &err));
    fault("{\"status\":{\"code\":429,\"retryAfter\":1},\"times\":1}");
    OK(k8sc_request_do(get_maps(), NULL, &err));
    OK(k8sc_testing_server_pause(server, &err));
    FAILS(K8SC_E_CONNECT, k8sc_request_do(get_maps(), NULL, &err), "configmaps");

    const char *metrics = prometheus();
    check_format(metrics);
    assert_true(value(metrics, "rest_client_requests_total{code=\"200\",method=\"GET\",verb=\"get\"}") == 3);
    assert_true(value(metrics, "rest_client_requests_total{code=\"404\",method=\"GET\",verb=\"get\"}") == 1);
    assert_true(value(metrics, "rest_client_requests_total{code=\"200\",method=\"GET\",verb=\"list\"}") == 2);
    assert_true(value(metrics, "rest_client_requests_total{code=\"429\",method=\"GET\",verb=\"list\"}") == 1);
    assert_true(value(metrics, "rest_client_requests_total{code=\"<connect>\",method=\"GET\",verb=\"list\"}") == 1);
    assert_true(value(metrics, "rest_client_requests_total{code=\"201\",method=\"POST\",verb=\"create\"}") == 1);
    assert_true(value(metrics, "rest_client_requests_total{code=\"200\",method=\"PATCH\",verb=\"patch\"}") == 1);
    assert_true(value(metrics, "rest_client_requests_total{code=\"200\",method=\"DELETE\",verb=\"delete\"}") == 1);
    assert_true(
        value(metrics, "rest_client_requests_total{code=\"200\",method=\"DELETE\",verb=\"deletecollection\"}") == 1);
    assert_true(value(metrics, "rest_client_request_retries_total{code=\"429\",verb=\"list\"}") == 1);
    assert_true(value(metrics, "rest_client_request_duration_seconds_count{verb=\"get\"}") == 4);
    assert_true(value(metrics, "rest_client_request_duration_seconds_count{verb=\"list\"}") == 3);
    assert_true(value(metrics, "rest_client_request_duration_seconds_sum{verb=\"list\"}") >= 0.999);
    assert_true(value(metrics, "k8sc_connections_opened_total") >= 1);
    assert_true(value(metrics, "k8sc_sent_bytes_total") > 60);
    assert_true(value(metrics, "k8sc_received_bytes_total") > 500);

    k8sc_object *same = json();
    int64_t gets = 0;
    for (int i = 0; i < k8sc_object_size(same, "/requests"); i++) {
        char pointer[64];
        snprintf(pointer, sizeof pointer, "/requests/%d/verb", i);
        if (strcmp(STR(same, pointer), "get")) continue;
        snprintf(pointer, sizeof pointer, "/requests/%d/count", i);
        gets += k8sc_object_int(same, pointer, 0);
    }
    assert_int_equal(gets, 4);
    assert_int_equal(k8sc_object_size(same, "/request_durations/0/buckets"), 13);
    assert_int_equal(k8sc_object_int(same, "/retries/0/count", 0), 1);
}

/* Bytes as they were: a body of known size. */
static void bodies_and_connections_are_counted(void **state)
{
    struct raw_server *raw = new_raw_server("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                                            "10\r\nConnection: close\r\n\r\n{\"a\":1234}",
                                            "", 0);
    (void)state;
    client = new_client(new_config_for(raw->url));
    k8sc_request *request = NULL;
    OK(k8sc_rest_client_post(new_rest(client, "apps", "v1"), &request, &err));
    k8sc_request_set_resource(request, "deployments");
    k8sc_request_set_body(request, "{\"b\":5}", 7, NULL);
    for (int i = 0; i < 3; i++) OK(k8sc_request_do(request, NULL, &err));
    k8sc_request_free(request);
    assert_true(VALUE("k8sc_received_bytes_total") == 30);
    assert_true(VALUE("k8sc_sent_bytes_total") == 21);
    assert_true(VALUE("k8sc_connections_opened_total") == 3);
}

static void rate_limit(void **state)
{
    k8sc_config *config = new_config();
    (void)state;
    OK(k8sc_config_set_rate_limit(config, 20, 1, &err));
    client = new_client(config);
    for (int i = 0; i < 4; i++) OK(k8sc_resource_list(CONFIG_MAPS(), NULL, NULL, &err));
    const char *metrics = prometheus();
    check_format(metrics);
    assert_true(value(metrics, "rest_client_rate_limiter_duration_seconds_count{verb=\"list\"}") == 4);
    assert_true(value(metrics, "rest_client_rate_limiter_duration_seconds_sum{verb=\"list\"}") > 0);
}

#define OF_MAPS "{group=\"\",version=\"v1\",resource=\"configmaps\",namespace=\"default\"}"

static void informers_and_watches(void **state)
{
    k8sc_informer_options *options = NULL;
    k8sc_informer *informer = NULL;
    k8sc_lister *lister = NULL;
    k8sc_watch *watch = NULL;
    struct recorder *recorder = new_recorder();
    (void)state;
    seed_maps(10);
    OK(k8sc_informer_options_new(&options, &err));
    OK(k8sc_informer_options_set_namespace(options, "default", &err));
    OK(k8sc_informer_options_set_list_mode(options, K8SC_LIST_PAGES, &err));
    OK(k8sc_informer_new(client, "", "v1", "configmaps", options, &informer, &err));
    k8sc_informer_options_free(options);
    OK(k8sc_informer_start(informer, &err));
    OK(k8sc_informer_wait_for_sync(informer, PATIENCE_MS, &err));
    OK(k8sc_informer_lister(informer, &lister, &err));
    AWAIT(VALUE("k8sc_watches_open") == 1);
    const char *metrics = prometheus();
    check_format(metrics);
    assert_true(value(metrics, "k8sc_informer_cache_objects" OF_MAPS) == 10);
    double before = value(metrics, "k8sc_informer_cache_bytes" OF_MAPS), exact = 0;
    k8sc_list *list = NULL;
    OK(k8sc_lister_list(lister, NULL, NULL, &list, &err));
    keep_list(list);
    for (int64_t i = 0; i < k8sc_list_size(list); i++) {
        size_t len = 0;
        k8sc_object_json(k8sc_list_at(list, i), &len);
        exact += (double)len;
    }
    assert_true(before == exact);

    seed_map("another");
    AWAIT(k8sc_lister_size(lister) == 11);
    remove_map("default", "another");
    AWAIT(k8sc_lister_size(lister) == 10);
    metrics = prometheus();
    assert_true(value(metrics, "k8sc_watch_events_total{type=\"ADDED\"}") == 1);
    assert_true(value(metrics, "k8sc_watch_events_total{type=\"DELETED\"}") == 1);
    assert_true(value(metrics, "k8sc_watch_events_total{type=\"MODIFIED\"}") == 0);
    assert_true(value(metrics, "k8sc_informer_cache_bytes" OF_MAPS) == before);
    assert_true(value(metrics, "k8sc_informer_relists_total" OF_MAPS) == -1);
    assert_true(value(metrics, "rest_client_requests_total{code=\"200\",method=\"GET\",verb=\"watch\"}") == 1);
    assert_true(value(metrics, "rest_client_request_duration_seconds_count{verb=\"watch\"}") == 1);
    assert_true(value(metrics, "k8sc_received_bytes_total") > before);

    /* An error in the watch is an event, too, and a list follows; a second watch beside it. */
    fault("{\"error_event\":{\"code\":410},\"verb\":\"watch\",\"times\":1}");
    OK(k8sc_testing_server_disconnect(server, &err));
    AWAIT(VALUE("k8sc_informer_relists_total" OF_MAPS) == 1);
    assert_true(VALUE("k8sc_watch_events_total{type=\"ERROR\"}") == 1);
    OK(k8sc_resource_watch(CONFIG_MAPS(), NULL, RECORD(recorder), &watch, &err));
    AWAIT(VALUE("k8sc_watches_open") == 2);
    AWAIT(VALUE("k8sc_queue_depth") > 0); /* the initial events of the second */
    k8sc_watch_unref(watch);
    OK(k8sc_informer_stop(informer, &err));
    AWAIT(VALUE("k8sc_watches_open") == 0);
    metrics = prometheus();
    check_format(metrics);
    assert_true(value(metrics, "k8sc_informer_cache_objects" OF_MAPS) == -1);
    k8sc_lister_unref(lister);
    k8sc_informer_unref(informer);
}

static void wrong_arguments(void **state)
{
    (void)state;
    ALSO_FAILS(K8SC_E_INVALID, k8sc_client_metrics_json(NULL, &text, &err), "client");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_client_metrics_prometheus(client, NULL, &err), "out");
    OK(k8sc_client_close(client, PATIENCE_MS, &err));
    ALSO_FAILS(K8SC_E_CLOSED, k8sc_client_metrics_json(client, &text, &err), "closed");
    assert_null(text);
    NO_FAILURES();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_yet),
        TEST(each_request_is_counted_by_verb_and_result),
        TEST(bodies_and_connections_are_counted),
        TEST(rate_limit),
        TEST(informers_and_watches),
        TEST(wrong_arguments),
    };
    return cmocka_run_group_tests_name("metrics", tests, NULL, NULL);
}
