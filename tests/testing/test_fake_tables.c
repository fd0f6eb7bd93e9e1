/* The fake API server: objects as the rows of tables. */
#include "support.h"

#include <time.h>

#define TABLE "application/json;as=Table;v=v1;g=meta.k8s.io"

/* As get, with what is accepted. */
static long get_as(const char *path, const char *accepted)
{
    char header[300];
    snprintf(header, sizeof header, "Accept: %s", accepted);
    more_headers[0] = header;
    const long code = get(path);
    more_headers[0] = NULL;
    return code;
}

static void shows_ages_by_the_clock(void **state)
{
    (void)state;
    /* In the midst of what is shown, since the test itself may take a second. */
    const int64_t minute = 60, hour = 60 * minute, day = 24 * hour;
    const struct {
        int64_t seconds; /* more than at the line before */
        const char *age;
    } ages[] = {{15 * minute + 30, "15m"}, {4 * hour + 15 * minute, "4h30m"},
                {30 * hour, "34h"},        {day, "2d10h"},
                {20 * day, "22d"},         {365 * day, "387d"},
                {365 * day, "2y22d"}};
    put_labelled("default", "a", NULL, "{}");
    for (size_t i = 0; i < sizeof ages / sizeof *ages; ++i) {
        OK(k8sc_testing_server_advance_clock(server, ages[i].seconds * 1000, &err));
        assert_int_equal(get_as(MAPS "/a", TABLE), 200);
        assert_string_equal(text("rows.0.cells.2"), ages[i].age);
    }
}

static void watches_rows(void **state)
{
    (void)state;
    put_labelled("default", "a", NULL, "{}");
    put_labelled("default", "b", NULL, "{}");
    assert_int_equal(get_as(MAPS "?watch=1&resourceVersion=0&timeoutSeconds=1", TABLE), 200);
    /* What the columns are called is told once. */
    const char *first = strstr(answer.body.data, "{\"type\":\"ADDED\",\"object\":{\"kind\":\"Table\""),
               *second = first ? strstr(first + 1, "{\"type\":\"ADDED\"") : NULL;
    assert_non_null(second);
    const char *columns = strstr(first, "\"columnDefinitions\":[{\"name\":\"Name\"");
    assert_true(columns && columns < second);
    assert_non_null(strstr(second, "\"columnDefinitions\":null"));
    assert_non_null(strstr(second, "\"cells\":[\"b\",0,"));
}

static void says_what_it_has_not(void **state)
{
    (void)state;
    put_labelled("default", "a", NULL, "{}");
    assert_int_equal(get_as(MAPS, "application/json;as=Table;v=v2;g=meta.k8s.io"), 406);
    assert_int_equal(get_as(MAPS, "application/json;as=Table;v=v2;g=meta.k8s.io,application/json"), 200);
    assert_text("kind", "ConfigMapList");
    assert_int_equal(get_as(MAPS "?includeObject=Everything", TABLE), 400);
    assert_non_null(strstr(text("message"), "\"Everything\""));
    assert_int_equal(get_as(MAPS "/none", TABLE), 404);
    assert_text("reason", "NotFound");
}

/* The columns of a table in the answer, and the cells of its first row but the age, with "|" between them; overwritten
 * by the next call. */
static const char *shown_table(void)
{
    static char shown[2048];
    json_t *columns = at(answer.json, "columnDefinitions"), *cells = at(answer.json, "rows.0.cells"), *column;
    size_t i;
    shown[0] = '\0';
    json_array_foreach(columns, i, column)
    {
        const char *name = json_string_value(json_object_get(column, "name"));
        json_t *cell = json_array_get(cells, i);
        char *value = json_is_string(cell) ? NULL : json_dumps(cell, JSON_ENCODE_ANY);
        snprintf(shown + strlen(shown), sizeof shown - strlen(shown), "%s%s%s=%s", i ? "|" : "", name,
                 json_integer_value(json_object_get(column, "priority")) ? "+" : "",
                 strcmp(name, "Age") == 0 ? ""
                 : value                  ? value
                                          : json_string_value(cell));
        free(value);
    }
    assert_int_equal(json_array_size(columns), json_array_size(cells));
    return shown;
}

#define OBJECT(version, kind, rest) \
    "{\"apiVersion\":\"" version "\",\"kind\":\"" kind \
    "\",\"metadata\":{\"name\":\"x\",\"namespace\":\"default\"}," rest "}"
#define HPA(spec, status) \
    OBJECT("autoscaling/v2", "HorizontalPodAutoscaler", \
           "\"spec\":{\"scaleTargetRef\":{\"kind\":\"Deployment\",\"name\":\"web\"},\"maxReplicas\":5" spec \
           "},\"status\":{" status "}")
#define JOBS "/apis/batch/v1/namespaces/default/jobs"
#define JOB(conditions) OBJECT("batch/v1", "Job", "\"spec\":{},\"status\":{\"conditions\":[" conditions "]}")
#define TRUE(type) "{\"type\":\"" type "\",\"status\":\"True\"}"
#define HPAS "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers"

static void shows_columns_of_standard_kinds(void **state)
{
    static const struct {
        const char *version, *path, *object, *shown;
    } cases[] = {
        {"1.30", "/api/v1/namespaces/default/events",
         OBJECT("v1", "Event",
                "\"involvedObject\":{\"kind\":\"Pod\",\"name\":\"web\",\"fieldPath\":\"spec\"},\"type\":\"Normal\","
                "\"reason\":\"Started\",\"message\":\" up\\n\",\"count\":3,"
                "\"source\":{\"component\":\"kubelet\",\"host\":\"n1\"}"),
         "Last Seen=<unknown>|Type=Normal|Reason=Started|Object=pod/web|Subobject+=spec|Source+=kubelet, "
         "n1|Message=up|First Seen+=<unknown>|Count+=3|Name+=x"},
        {"1.22", "/api/v1/namespaces/default/events",
         OBJECT("v1", "Event",
                "\"involvedObject\":{\"kind\":\"Node\"},\"series\":{\"count\":4},\"reportingComponent\":\"me\","
                "\"reportingInstance\":\"me-1\""),
         "Last Seen=<unknown>|Type=|Reason=|Object=node|Subobject+=|Source+=me, me-1|Message=|First "
         "Seen+=<unknown>|Count+=5|Name+=x"},
        {"1.23", "/apis/events.k8s.io/v1/namespaces/default/events",
         OBJECT("events.k8s.io/v1", "Event",
                "\"regarding\":{\"kind\":\"Node\",\"name\":\"n\"},\"series\":{\"count\":4},\"reportingController\":"
                "\"me\",\"note\":\"up\""),
         "Last Seen=<unknown>|Type=|Reason=|Object=node/n|Subobject+=|Source+=me|Message=up|First "
         "Seen+=<unknown>|Count+=4|Name+=x"},
        {"1.30", "/apis/policy/v1/namespaces/default/poddisruptionbudgets",
         OBJECT("policy/v1", "PodDisruptionBudget",
                "\"spec\":{\"minAvailable\":\"50%\"},\"status\":{\"disruptionsAllowed\":2}"),
         "Name=x|Min Available=50%|Max Unavailable=N/A|Allowed Disruptions=2|Age="},
        {"1.30", "/apis/policy/v1/namespaces/default/poddisruptionbudgets",
         OBJECT("policy/v1", "PodDisruptionBudget", "\"spec\":{\"maxUnavailable\":0}"),
         "Name=x|Min Available=N/A|Max Unavailable=0|Allowed Disruptions=0|Age="},
        {"1.30", "/apis/networking.k8s.io/v1/namespaces/default/ingresses",
         OBJECT("networking.k8s.io/v1", "Ingress", "\"spec\":{}"),
         "Name=x|Class=<none>|Hosts=*|Address=|Ports=80|Age="},
        {"1.30", "/apis/networking.k8s.io/v1/namespaces/default/ingresses",
         OBJECT("networking.k8s.io/v1", "Ingress",
                "\"spec\":{\"ingressClassName\":\"nginx\",\"tls\":[{}],\"rules\":[{\"host\":\"a\"},{},{\"host\":\"b\"},"
                "{\"host\":\"c\"},{\"host\":\"d\"}]},"
                "\"status\":{\"loadBalancer\":{\"ingress\":[{\"ip\":\"9.9.9.9\"},{\"hostname\":\"a.example.com\"},{"
                "\"ip\":\"1.1.1.1\"},{\"ip\":\"9.9.9.9\"}]}}"),
         "Name=x|Class=nginx|Hosts=a,b,c + 2 more...|Address=1.1.1.1,9.9.9.9,a.example.com|Ports=80, 443|Age="},
        {"1.28", "/api/v1/namespaces/default/persistentvolumeclaims",
         OBJECT("v1", "PersistentVolumeClaim",
                "\"spec\":{\"storageClassName\":\"fast\"},\"status\":{\"phase\":\"Pending\"}"),
         "Name=x|Status=Pending|Volume=|Capacity=|Access Modes=|StorageClass=fast|Age=|VolumeMode+=Filesystem"},
        {"1.29", "/api/v1/namespaces/default/persistentvolumeclaims",
         OBJECT("v1", "PersistentVolumeClaim",
                "\"spec\":{\"volumeName\":\"v\",\"volumeMode\":\"Block\"},\"status\":{\"phase\":\"Bound\",\"capacity\":"
                "{\"storage\":\"1024Mi\"},"
                "\"accessModes\":[\"ReadWriteMany\",\"ReadWriteOnce\",\"ReadWriteMany\"]}"),
         "Name=x|Status=Bound|Volume=v|Capacity=1Gi|Access "
         "Modes=RWO,RWX|StorageClass=|VolumeAttributesClass=<unset>|Age=|VolumeMode+=Block"},
        {"1.29", "/apis/batch/v1/namespaces/default/cronjobs",
         OBJECT("batch/v1", "CronJob",
                "\"spec\":{\"schedule\":\"* * * * "
                "*\",\"suspend\":true,\"jobTemplate\":{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":"
                "\"c\",\"image\":\"i\"},{\"name\":\"d\",\"image\":\"j\"}]}}}}},"
                "\"status\":{\"active\":[{},{}]}"),
         "Name=x|Schedule=* * * * *|Suspend=True|Active=2|Last "
         "Schedule=<none>|Age=|Containers+=c,d|Images+=i,j|Selector+=<none>"},
        {"1.30", "/apis/batch/v1/namespaces/default/cronjobs",
         OBJECT("batch/v1", "CronJob", "\"spec\":{\"schedule\":\"@daily\",\"timeZone\":\"Etc/UTC\"}"),
         "Name=x|Schedule=@daily|Timezone=Etc/UTC|Suspend=False|Active=0|Last "
         "Schedule=<none>|Age=|Containers+=|Images+=|Selector+=<none>"},
        {"1.29", JOBS, JOB(TRUE("Complete")),
         "Name=x|Completions=0/1|Duration=|Age=|Containers+=|Images+=|Selector+=<none>"},
        {"1.30", JOBS, JOB(""),
         "Name=x|Status=Running|Completions=0/1|Duration=|Age=|Containers+=|Images+="
         "|Selector+=<none>"},
        {"1.30", JOBS, JOB(TRUE("Suspended") ",{\"type\":\"Complete\",\"status\":\"False\"}"),
         "Name=x|Status=Suspended|Completions=0/1|Duration=|Age=|Containers+=|Images+="
         "|Selector+=<none>"},
        {"1.30", JOBS, JOB(TRUE("FailureTarget") "," TRUE("Failed")),
         "Name=x|Status=Failed|Completions=0/1|Duration=|Age=|Containers+=|Images+="
         "|Selector+=<none>"},
        {"1.30", HPAS, HPA("", ""),
         "Name=x|Reference=Deployment/web|Targets=cpu: <unknown>/80%|MinPods=1|MaxPods=5|Replicas=0|Age="},
        {"1.29", HPAS,
         HPA(",\"minReplicas\":2,\"metrics\":[{\"type\":\"Resource\",\"resource\":{\"name\":\"cpu\",\"target\":{"
             "\"averageUtilization\":50}}},{\"type\":\"Pods\",\"pods\":{\"target\":{\"averageValue\":\"1000m\"}}},"
             "{\"type\":\"External\",\"external\":{}}]",
             "\"currentReplicas\":3,\"currentMetrics\":[{\"type\":\"Resource\",\"resource\":{\"name\":\"cpu\","
             "\"current\":{\"averageUtilization\":7}}}]"),
         "Name=x|Reference=Deployment/web|Targets=7%/50%, <unknown>/1 + 1 more...|MinPods=2|MaxPods=5|Replicas=3|Age="},
        {"1.30", HPAS,
         HPA(",\"metrics\":[{\"type\":\"ContainerResource\",\"containerResource\":{\"name\":\"memory\",\"target\":{"
             "\"averageValue\":\"1Gi\"}}},{\"type\":\"Object\",\"object\":{\"target\":{\"value\":\"5\"}}}]",
             "\"currentMetrics\":[{\"containerResource\":{\"current\":{\"averageValue\":\"2048Mi\"}}},{\"object\":{"
             "\"current\":{\"value\":\"0.5\"}}}]"),
         "Name=x|Reference=Deployment/web|Targets=memory: 2Gi/1Gi, 500m/5|MinPods=1|MaxPods=5|Replicas=0|Age="},
        {"1.30", HPAS,
         HPA(",\"metrics\":[{\"type\":\"External\",\"external\":{\"target\":{\"averageValue\":\"7\"}}},{\"type\":"
             "\"Odd\"}]",
             "\"currentMetrics\":[{\"external\":{\"current\":{}}}]"),
         "Name=x|Reference=Deployment/web|Targets=<unknown>/7 (avg), <unknown "
         "type>|MinPods=1|MaxPods=5|Replicas=0|Age="},
        {"1.22", "/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers",
         OBJECT("autoscaling/v1", "HorizontalPodAutoscaler",
                "\"spec\":{\"scaleTargetRef\":{\"kind\":\"Deployment\",\"name\":\"web\"},\"maxReplicas\":5,"
                "\"targetCPUUtilizationPercentage\":60},"
                "\"status\":{\"currentCPUUtilizationPercentage\":9}"),
         "Name=x|Reference=Deployment/web|Targets=9%/60%|MinPods=1|MaxPods=5|Replicas=0|Age="},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        k8sc_error *err = NULL;
        k8sc_testing_options *options = make_options();
        OK(k8sc_testing_options_set_kubernetes_version(options, cases[i].version, &err));
        set_up_with(options);
        put_json(cases[i].object);
        if (get_as(cases[i].path, TABLE) != 200) fail_msg("case %zu: %s", i, answer.body.data);
        assert_string_equal(shown_table(), cases[i].shown);
    }
}

static void shows_times_of_events(void **state)
{
    static const char form[] = "{\"apiVersion\":\"v1\",\"kind\":\"Event\",\"metadata\":{\"name\":\"x\",\"namespace\":"
                               "\"default\"},\"firstTimestamp\":\"%s\",\"lastTimestamp\":\"%s\"}";
    char first[32], last[32], event[512];
    const time_t now = time(NULL), hour = now - 3630, day = now - 30 * 3600;
    (void)state;
    strftime(first, sizeof first, "%Y-%m-%dT%H:%M:%SZ", gmtime(&day));
    strftime(last, sizeof last, "%Y-%m-%dT%H:%M:%SZ", gmtime(&hour));
    snprintf(event, sizeof event, form, first, last);
    put_json(event);
    assert_int_equal(get_as("/api/v1/namespaces/default/events", TABLE), 200);
    assert_text("rows.0.cells.0", "60m");
    assert_text("rows.0.cells.7", "30h");
}

static void shows_when_a_pod_was_restarted(void **state)
{
#define RESTARTED(count, last) \
    "{\"restartCount\":" count ",\"lastState\":{\"terminated\":{\"finishedAt\":\"" last "\"}}}"
    static const char form[] =
        "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"x\"},\"status\":{"
        "\"containerStatuses\":[" RESTARTED("2", "%s") "," RESTARTED("1", "2020-01-01T00:00:00Z") "]}}";
    char last[32], pod[512];
    const time_t hour = time(NULL) - 3630;
    (void)state;
    strftime(last, sizeof last, "%Y-%m-%dT%H:%M:%SZ", gmtime(&hour));
    snprintf(pod, sizeof pod, form, last);
    for (int minor = 21; minor <= 22; ++minor) {
        k8sc_error *err = NULL;
        k8sc_testing_options *options = make_options();
        const char *version = minor == 21 ? "1.21" : "1.22";
        OK(k8sc_testing_options_set_kubernetes_version(options, version, &err));
        set_up_with(options);
        put_json(pod);
        assert_int_equal(get_as(PODS, TABLE), 200);
        assert_text("columnDefinitions.3.type", minor == 21 ? "integer" : "string");
        if (minor == 21)
            assert_int_equal(number("rows.0.cells.3"), 3);
        else
            assert_text("rows.0.cells.3", "3 (60m ago)");
    }
    /* Never. */
    put_json("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"x\"}}");
    assert_int_equal(get_as(PODS, TABLE), 200);
    assert_text("rows.0.cells.3", "0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(shows_ages_by_the_clock),        TEST(watches_rows),
                                       TEST(says_what_it_has_not),           TEST(shows_columns_of_standard_kinds),
                                       TEST(shows_when_a_pod_was_restarted), TEST(shows_times_of_events)};
    return run_named_tests("fake tables", tests, sizeof tests / sizeof *tests);
}
