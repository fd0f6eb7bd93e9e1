#include "pods.h"

#include <inttypes.h>
#include <stdint.h>

/* What differs between pods; all of it follows from the pod's number. */
struct pod {
    const char *app;
    const char *ns;
    const char *team;
    char replica_set[48];
    char name[64];
    char uid[40];
    char owner_uid[40];
    char node[40];
    char host_ip[16];
    char pod_ip[16];
    char created[24];
    char started[24];
    char ready[24];
    char image_id[65];
    char container_id[2][65];
    unsigned version;
    unsigned restarts;
    unsigned port;
};

static const char *const apps[] = {"checkout-api",    "catalog-search",  "payments-worker", "session-store",
                                   "recommendations", "inventory-sync",  "edge-gateway",    "notification-hub",
                                   "image-resizer",   "ledger-exporter", "fraud-detection", "shipping-rates"};
static const char *const namespaces[] = {"shop-production", "shop-staging", "platform-system", "payments-production",
                                         "data-pipelines"};
static const char *const teams[] = {"storefront", "platform", "payments", "data"};

#define PICK(array, value) ((array)[(value) % (sizeof(array) / sizeof *(array))])

/* splitmix64: a few lines, and the same everywhere. */
static uint64_t next(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* Kubernetes makes the ends of names from these, so that they spell no words. */
static void suffix(char *out, size_t size, uint64_t *state)
{
    static const char letters[] = "bcdfghjklmnpqrstvwxz2456789";
    uint64_t value = next(state);
    size_t i;
    for (i = 0; i < size; i++, value /= 27) out[i] = letters[value % 27];
    out[size] = '\0';
}

static void uid(char out[40], uint64_t *state)
{
    uint64_t high = next(state), low = next(state);
    snprintf(out, 40, "%08" PRIx32 "-%04" PRIx16 "-4%03x-a%03x-%012" PRIx64, (uint32_t)(high >> 32), (uint16_t)high,
             (unsigned)(high >> 16) & 0xfff, (unsigned)(low >> 52), low & UINT64_C(0xffffffffffff));
}

static void digest(char out[65], uint64_t *state)
{
    int i;
    for (i = 0; i < 4; i++) snprintf(out + 16 * i, 17, "%016" PRIx64, next(state));
}

/* Some seconds after a fixed midnight, within one day. */
static void timestamp(char out[24], unsigned seconds)
{
    seconds %= 86400;
    snprintf(out, 24, "2024-03-14T%02u:%02u:%02uZ", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

unsigned pod_version(unsigned number) { return 1000000 + number * 13; }

static struct pod pod_make(unsigned number)
{
    struct pod pod;
    char end[8], hash[16];
    /* Pods of one replica set share its hash and its uid. */
    uint64_t own = number * UINT64_C(7919) + 1, set = number / 8 * UINT64_C(104729) + 2;
    unsigned node = number / 40, born = number * 7;
    pod.app = PICK(apps, number / 8);
    pod.ns = PICK(namespaces, number / 96);
    pod.team = PICK(teams, number / 8);
    suffix(hash, 10, &set);
    uid(pod.owner_uid, &set);
    digest(pod.image_id, &set);
    snprintf(pod.replica_set, sizeof pod.replica_set, "%s-%s", pod.app, hash);
    suffix(end, 5, &own);
    snprintf(pod.name, sizeof pod.name, "%s-%s", pod.replica_set, end);
    uid(pod.uid, &own);
    digest(pod.container_id[0], &own);
    digest(pod.container_id[1], &own);
    snprintf(pod.node, sizeof pod.node, "worker-%04u.compute.internal", node);
    snprintf(pod.host_ip, sizeof pod.host_ip, "10.64.%u.%u", node / 250 % 250, node % 250 + 1);
    snprintf(pod.pod_ip, sizeof pod.pod_ip, "10.%u.%u.%u", 128 + node / 250 % 100, node % 250, number % 40 + 2);
    timestamp(pod.created, born);
    timestamp(pod.started, born + 4);
    timestamp(pod.ready, born + 21);
    pod.version = pod_version(number);
    pod.restarts = number % 17 == 0 ? number % 5 : 0;
    pod.port = 8080 + number / 8 % 8;
    return pod;
}

#define PROBE_FIELDS \
    "{\".\":{},\"f:failureThreshold\":{},\"f:httpGet\":{\".\":{},\"f:path\":{},\"f:port\":{},\"f:scheme\":{}}," \
    "\"f:initialDelaySeconds\":{},\"f:periodSeconds\":{},\"f:successThreshold\":{},\"f:timeoutSeconds\":{}},"

static void write_container_fields(FILE *out, const char *name, unsigned port, int second)
{
    fprintf(out, "\"k:{\\\"name\\\":\\\"%s\\\"}\":{\".\":{},", name);
    if (!second) fputs("\"f:args\":{},", out);
    fputs("\"f:env\":{\".\":{},", out);
    if (!second)
        fputs("\"k:{\\\"name\\\":\\\"DATABASE_URL\\\"}\":{\".\":{},\"f:name\":{},\"f:valueFrom\":{\".\":{},\"f:"
              "secretKeyRef\":{}}},",
              out);
    fputs(
        "\"k:{\\\"name\\\":\\\"LOG_LEVEL\\\"}\":{\".\":{},\"f:name\":{},\"f:value\":{}},"
        "\"k:{\\\"name\\\":\\\"POD_NAME\\\"}\":{\".\":{},\"f:name\":{},\"f:valueFrom\":{\".\":{},\"f:fieldRef\":{}}}},"
        "\"f:image\":{},\"f:imagePullPolicy\":{},\"f:livenessProbe\":" PROBE_FIELDS "\"f:name\":{},",
        out);
    fprintf(out,
            "\"f:ports\":{\".\":{},\"k:{\\\"containerPort\\\":%u,\\\"protocol\\\":\\\"TCP\\\"}\":{\".\":{},\"f:"
            "containerPort\":{},"
            "\"f:name\":{},\"f:protocol\":{}}},",
            port);
    if (!second) fputs("\"f:readinessProbe\":" PROBE_FIELDS, out);
    fputs("\"f:resources\":{\".\":{},\"f:limits\":{\".\":{},\"f:memory\":{}},\"f:requests\":{\".\":{},\"f:cpu\":{},\"f:"
          "memory\":{}}},"
          "\"f:terminationMessagePath\":{},\"f:terminationMessagePolicy\":{},"
          "\"f:volumeMounts\":{\".\":{},\"k:{\\\"mountPath\\\":\\\"/etc/"
          "config\\\"}\":{\".\":{},\"f:mountPath\":{},\"f:name\":{},"
          "\"f:readOnly\":{}}",
          out);
    fputs("}}", out);
}

/* The fields that the controller which made the pod has set. The text names fields and not their values. */
static void write_controller_fields(FILE *out, const struct pod *pod)
{
    fprintf(out,
            "{\"manager\":\"kube-controller-manager\",\"operation\":\"Update\",\"apiVersion\":\"v1\",\"time\":\"%s\","
            "\"fieldsType\":\"FieldsV1\",\"fieldsV1\":{\"f:metadata\":{\"f:annotations\":{\".\":{},\"f:prometheus.io/"
            "port\":{},"
            "\"f:prometheus.io/scrape\":{}},\"f:generateName\":{},\"f:labels\":{\".\":{},\"f:app.kubernetes.io/"
            "component\":{},"
            "\"f:app.kubernetes.io/managed-by\":{},\"f:app.kubernetes.io/name\":{},"
            "\"f:pod-template-hash\":{},\"f:team\":{}},"
            "\"f:ownerReferences\":{\".\":{},\"k:{\\\"uid\\\":\\\"%s\\\"}\":{}}},"
            "\"f:spec\":{\"f:affinity\":{\".\":{},\"f:podAntiAffinity\":{\".\":{},"
            "\"f:preferredDuringSchedulingIgnoredDuringExecution\":{}}},\"f:automountServiceAccountToken\":{},\"f:"
            "containers\":{",
            pod->created, pod->owner_uid);
    write_container_fields(out, "app", pod->port, 0);
    fputc(',', out);
    write_container_fields(out, "telemetry-agent", 9090, 1);
    fputs("},\"f:dnsPolicy\":{},\"f:enableServiceLinks\":{},\"f:restartPolicy\":{},\"f:schedulerName\":{},\"f:"
          "securityContext\":{},"
          "\"f:serviceAccount\":{},\"f:serviceAccountName\":{},\"f:terminationGracePeriodSeconds\":{},\"f:"
          "tolerations\":{},"
          "\"f:volumes\":{\".\":{},\"k:{\\\"name\\\":\\\"config\\\"}\":{\".\":{},\"f:configMap\":{\".\":{},\"f:"
          "defaultMode\":{},"
          "\"f:name\":{}},\"f:name\":{}}}}}}",
          out);
}

static void write_kubelet_fields(FILE *out, const struct pod *pod)
{
    static const char *const conditions[] = {"ContainersReady", "Initialized", "Ready"};
    size_t i;
    fprintf(out,
            ",{\"manager\":\"kubelet\",\"operation\":\"Update\",\"apiVersion\":\"v1\",\"time\":\"%s\",\"fieldsType\":"
            "\"FieldsV1\","
            "\"fieldsV1\":{\"f:status\":{\"f:conditions\":{",
            pod->ready);
    for (i = 0; i < 3; i++)
        fprintf(out,
                "%s\"k:{\\\"type\\\":\\\"%s\\\"}\":{\".\":{},\"f:lastProbeTime\":{},\"f:lastTransitionTime\":{},\"f:"
                "status\":{},"
                "\"f:type\":{}}",
                i ? "," : "", conditions[i]);
    fprintf(out,
            "},\"f:containerStatuses\":{},\"f:hostIP\":{},\"f:phase\":{},\"f:podIP\":{},\"f:podIPs\":{\".\":{},"
            "\"k:{\\\"ip\\\":\\\"%s\\\"}\":{\".\":{},\"f:ip\":{}}},\"f:startTime\":{}}},\"subresource\":\"status\"}",
            pod->pod_ip);
}

static void write_metadata(FILE *out, const struct pod *pod)
{
    const char *hash = pod->replica_set;
    const char *p;
    for (p = pod->replica_set; *p; p++)
        if (*p == '-') hash = p + 1;
    fprintf(out,
            "\"metadata\":{\"name\":\"%s\",\"generateName\":\"%s-\",\"namespace\":\"%s\",\"uid\":\"%s\","
            "\"resourceVersion\":\"%u\","
            "\"creationTimestamp\":\"%s\",\"labels\":{\"app.kubernetes.io/component\":\"backend\","
            "\"app.kubernetes.io/managed-by\":\"Helm\",\"app.kubernetes.io/name\":\"%s\","
            "\"pod-template-hash\":\"%s\",\"team\":\"%s\"},",
            pod->name, pod->replica_set, pod->ns, pod->uid, pod->version, pod->created, pod->app, hash, pod->team);
    fprintf(
        out,
        "\"annotations\":{\"" POD_SENT "\":\"00000000000000000000\",\"prometheus.io/port\":\"9090\","
        "\"prometheus.io/scrape\":\"true\"},\"ownerReferences\":[{\"apiVersion\":\"apps/v1\",\"kind\":\"ReplicaSet\","
        "\"name\":\"%s\",\"uid\":\"%s\",\"controller\":true,\"blockOwnerDeletion\":true}],\"managedFields\":[",
        pod->replica_set, pod->owner_uid);
    write_controller_fields(out, pod);
    write_kubelet_fields(out, pod);
    fputs("]}", out);
}

static void write_probe(FILE *out, const char *name, const char *path, unsigned port, unsigned delay)
{
    fprintf(out,
            "\"%s\":{\"httpGet\":{\"path\":\"%s\",\"port\":%u,\"scheme\":\"HTTP\"},\"initialDelaySeconds\":%u,"
            "\"timeoutSeconds\":2,"
            "\"periodSeconds\":10,\"successThreshold\":1,\"failureThreshold\":3}",
            name, path, port, delay);
}

static void write_env(FILE *out)
{
    fputs(
        "{\"name\":\"LOG_LEVEL\",\"value\":\"info\"},"
        "{\"name\":\"POD_NAME\",\"valueFrom\":{\"fieldRef\":{\"apiVersion\":\"v1\",\"fieldPath\":\"metadata.name\"}}}",
        out);
}

static void write_container_end(FILE *out)
{
    fputs(",\"terminationMessagePath\":\"/dev/"
          "termination-log\",\"terminationMessagePolicy\":\"File\",\"imagePullPolicy\":\"IfNotPresent\"}",
          out);
}

static void write_containers(FILE *out, const struct pod *pod)
{
    fprintf(out,
            "\"containers\":[{\"name\":\"app\",\"image\":\"registry.example.com/%s/%s:v2.%u.%u\","
            "\"args\":[\"--config=/etc/config/"
            "app.yaml\",\"--listen=:%u\"],\"ports\":[{\"name\":\"http\",\"containerPort\":%u,"
            "\"protocol\":\"TCP\"}],\"env\":[",
            pod->team, pod->app, pod->port % 10, pod->version / 104 % 30, pod->port, pod->port);
    write_env(out);
    fprintf(out,
            ",{\"name\":\"DATABASE_URL\",\"valueFrom\":{\"secretKeyRef\":{\"name\":\"%s-credentials\",\"key\":"
            "\"database-url\"}}}],"
            "\"resources\":{\"limits\":{\"memory\":\"512Mi\"},\"requests\":{\"cpu\":\"250m\",\"memory\":\"256Mi\"}},"
            "\"volumeMounts\":[{\"name\":\"config\",\"readOnly\":true,\"mountPath\":\"/etc/config\"}],",
            pod->app);
    write_probe(out, "livenessProbe", "/healthz", pod->port, 15);
    fputc(',', out);
    write_probe(out, "readinessProbe", "/readyz", pod->port, 5);
    write_container_end(out);

    fputs(",{\"name\":\"telemetry-agent\",\"image\":\"registry.example.com/platform/telemetry-agent:1.14.2\","
          "\"ports\":[{\"name\":\"metrics\",\"containerPort\":9090,"
          "\"protocol\":\"TCP\"}],\"env\":[",
          out);
    write_env(out);
    fputs("],\"resources\":{\"limits\":{\"memory\":\"96Mi\"},\"requests\":{\"cpu\":\"20m\",\"memory\":\"64Mi\"}},"
          "\"volumeMounts\":[{\"name\":\"config\",\"readOnly\":true,\"mountPath\":\"/etc/config\"}],",
          out);
    write_probe(out, "livenessProbe", "/healthz", 9090, 10);
    write_container_end(out);
    fputc(']', out);
}

static void write_spec(FILE *out, const struct pod *pod)
{
    fprintf(out, "\"spec\":{\"volumes\":[{\"name\":\"config\",\"configMap\":{\"name\":\"%s\",\"defaultMode\":420}}],",
            pod->app);
    write_containers(out, pod);
    fprintf(
        out,
        ",\"restartPolicy\":\"Always\",\"terminationGracePeriodSeconds\":30,\"dnsPolicy\":\"ClusterFirst\","
        "\"serviceAccountName\":\"%s\",\"serviceAccount\":\"%s\",\"automountServiceAccountToken\":false,\"nodeName\":"
        "\"%s\","
        "\"securityContext\":{},"
        "\"affinity\":{\"podAntiAffinity\":{\"preferredDuringSchedulingIgnoredDuringExecution\":[{\"weight\":100,"
        "\"podAffinityTerm\":{\"labelSelector\":{\"matchLabels\":{\"app.kubernetes.io/name\":\"%s\"}},"
        "\"topologyKey\":\"kubernetes.io/hostname\"}}]}},\"schedulerName\":\"default-scheduler\","
        "\"tolerations\":[{\"key\":\"node.kubernetes.io/not-ready\",\"operator\":\"Exists\",\"effect\":\"NoExecute\","
        "\"tolerationSeconds\":300},{\"key\":\"node.kubernetes.io/unreachable\",\"operator\":\"Exists\","
        "\"effect\":\"NoExecute\",\"tolerationSeconds\":300}],\"priority\":0,\"enableServiceLinks\":true,"
        "\"preemptionPolicy\":\"PreemptLowerPriority\"}",
        pod->app, pod->app, pod->node, pod->app);
}

static void write_container_status(FILE *out, const struct pod *pod, int second)
{
    fprintf(out,
            "{\"name\":\"%s\",\"state\":{\"running\":{\"startedAt\":\"%s\"}},\"lastState\":{},\"ready\":true,"
            "\"restartCount\":%u,"
            "\"image\":\"registry.example.com/%s/%s\",\"imageID\":\"registry.example.com/%s@sha256:%s\","
            "\"containerID\":\"containerd://%s\",\"started\":true}",
            second ? "telemetry-agent" : "app", pod->started, second ? 0 : pod->restarts,
            second ? "platform" : pod->team, second ? "telemetry-agent:1.14.2" : pod->app,
            second ? "telemetry-agent" : pod->app, pod->image_id, pod->container_id[second]);
}

static void write_status(FILE *out, const struct pod *pod)
{
    static const char *const conditions[] = {"Initialized", "Ready", "ContainersReady", "PodScheduled"};
    size_t i;
    fputs("\"status\":{\"phase\":\"Running\",\"conditions\":[", out);
    for (i = 0; i < 4; i++)
        fprintf(out, "%s{\"type\":\"%s\",\"status\":\"True\",\"lastProbeTime\":null,\"lastTransitionTime\":\"%s\"}",
                i ? "," : "", conditions[i], i == 1 || i == 2 ? pod->ready : pod->created);
    fprintf(out,
            "],\"hostIP\":\"%s\",\"podIP\":\"%s\",\"podIPs\":[{\"ip\":\"%s\"}],\"startTime\":\"%s\","
            "\"containerStatuses\":[",
            pod->host_ip, pod->pod_ip, pod->pod_ip, pod->created);
    write_container_status(out, pod, 0);
    fputc(',', out);
    write_container_status(out, pod, 1);
    fputs("],\"qosClass\":\"Burstable\"}", out);
}

void pod_write(FILE *out, unsigned number)
{
    struct pod pod = pod_make(number);
    fputc('{', out);
    write_metadata(out, &pod);
    fputc(',', out);
    write_spec(out, &pod);
    fputc(',', out);
    write_status(out, &pod);
    fputc('}', out);
}

unsigned pod_list_version(unsigned count) { return pod_version(count); }

void pod_list_begin(FILE *out, unsigned count)
{
    fprintf(out, "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"%u\"},\"items\":[",
            pod_list_version(count));
}

void pod_list_end(FILE *out) { fputs("]}\n", out); }

void pod_list_write(FILE *out, unsigned count)
{
    unsigned i;
    pod_list_begin(out, count);
    for (i = 0; i < count; i++) {
        if (i) fputc(',', out);
        pod_write(out, i);
    }
    pod_list_end(out);
}
