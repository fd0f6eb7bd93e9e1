// What a cluster fills in where an object of Kubernetes' own says nothing.
#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

#include "testing/rules/standard.h"

namespace k8sc::testing {

namespace {

// A value where there is none. "[]" in a path stands for each item of an array; nothing is made on the way.
struct Default {
    const char *path;
    const char *json;
    int since = 0;      // the first release that does so
    bool zero = false;  // 0 is none
};

const Default of_pod_spec[] = {
    {"restartPolicy", R"("Always")"},
    {"terminationGracePeriodSeconds", "30"},
    {"dnsPolicy", R"("ClusterFirst")"},
    {"securityContext", "{}"},
    {"schedulerName", R"("default-scheduler")"},
    {"volumes[].secret.defaultMode", "420"},
    {"volumes[].configMap.defaultMode", "420"},
    {"volumes[].downwardAPI.defaultMode", "420"},
    {"volumes[].downwardAPI.items[].fieldRef.apiVersion", R"("v1")"},
    {"volumes[].projected.defaultMode", "420"},
    {"volumes[].projected.sources[].downwardAPI.items[].fieldRef.apiVersion", R"("v1")"},
    {"volumes[].projected.sources[].serviceAccountToken.expirationSeconds", "3600"},
    {"volumes[].hostPath.type", R"("")"},
    {"volumes[].ephemeral.volumeClaimTemplate.spec.volumeMode", R"("Filesystem")"},
};

const Default of_container[] = {
    {"terminationMessagePath", R"("/dev/termination-log")"},
    {"terminationMessagePolicy", R"("File")"},
    {"resources", "{}"},
    {"ports[].protocol", R"("TCP")"},
    {"env[].valueFrom.fieldRef.apiVersion", R"("v1")"},
    {"lifecycle.postStart.httpGet.path", R"("/")"},
    {"lifecycle.postStart.httpGet.scheme", R"("HTTP")"},
    {"lifecycle.preStop.httpGet.path", R"("/")"},
    {"lifecycle.preStop.httpGet.scheme", R"("HTTP")"},
};

const Default of_probe[] = {
    {"timeoutSeconds", "1", 0, true},   {"periodSeconds", "10", 0, true}, {"successThreshold", "1", 0, true},
    {"failureThreshold", "3", 0, true}, {"httpGet.path", R"("/")"},       {"httpGet.scheme", R"("HTTP")"},
    {"grpc.service", R"("")"},
};

// Of pods that name no class of priority, and not of templates.
const Default of_pod[] = {
    {"spec.preemptionPolicy", R"("PreemptLowerPriority")"},
    {"spec.priority", "0"},
};

const Default of_replicaset[] = {{"spec.replicas", "1"}};

const Default of_deployment[] = {
    {"spec.replicas", "1"},  {"spec.revisionHistoryLimit", "10"},          {"spec.progressDeadlineSeconds", "600"},
    {"spec.strategy", "{}"}, {"spec.strategy.type", R"("RollingUpdate")"},
};

const Default of_statefulset[] = {
    {"spec.replicas", "1"},
    {"spec.revisionHistoryLimit", "10"},
    {"spec.podManagementPolicy", R"("OrderedReady")"},
    {"spec.updateStrategy", "{}"},
    {"spec.updateStrategy.type", R"("RollingUpdate")"},
    {"spec.persistentVolumeClaimRetentionPolicy", R"({"whenDeleted": "Retain", "whenScaled": "Retain"})", 27},
    {"spec.volumeClaimTemplates[].apiVersion", R"("v1")"},
    {"spec.volumeClaimTemplates[].kind", R"("PersistentVolumeClaim")"},
    {"spec.volumeClaimTemplates[].spec.volumeMode", R"("Filesystem")"},
    {"spec.volumeClaimTemplates[].status", R"({"phase": "Pending"})"},
};

const Default of_daemonset[] = {
    {"spec.revisionHistoryLimit", "10"},
    {"spec.updateStrategy", "{}"},
    {"spec.updateStrategy.type", R"("RollingUpdate")"},
};

const Default of_job[] = {
    {"spec.backoffLimit", "6"},
    {"spec.completionMode", R"("NonIndexed")", 22},
    {"spec.suspend", "false", 22},
    {"spec.manualSelector", "false", 32},
    {"spec.podReplacementPolicy", R"("TerminatingOrFailed")", 29},
};

const Default of_cronjob[] = {
    {"spec.concurrencyPolicy", R"("Allow")"},
    {"spec.suspend", "false"},
    {"spec.successfulJobsHistoryLimit", "3"},
    {"spec.failedJobsHistoryLimit", "1"},
};

const Default of_service[] = {
    {"spec.sessionAffinity", R"("None")"},
    {"spec.type", R"("ClusterIP")"},
    {"spec.ports[].protocol", R"("TCP")"},
};

const Default of_claim[] = {{"spec.volumeMode", R"("Filesystem")"}};

const Default of_volume[] = {
    {"spec.persistentVolumeReclaimPolicy", R"("Retain")"},
    {"spec.volumeMode", R"("Filesystem")"},
    {"spec.hostPath.type", R"("")"},
};

const Default of_secret[] = {{"type", R"("Opaque")"}};
const Default of_endpoints[] = {{"subsets[].ports[].protocol", R"("TCP")"}};
const Default of_slice[] = {{"ports[].name", R"("")"}, {"ports[].protocol", R"("TCP")"}};
const Default of_scaler[] = {{"spec.minReplicas", "1"}};
const Default of_policy[] = {{"spec.ingress[].ports[].protocol", R"("TCP")"},
                             {"spec.egress[].ports[].protocol", R"("TCP")"}};
const Default of_storage_class[] = {{"reclaimPolicy", R"("Delete")"}, {"volumeBindingMode", R"("Immediate")"}};
const Default of_priority_class[] = {{"preemptionPolicy", R"("PreemptLowerPriority")"}};
const Default of_binding[] = {{"roleRef.apiGroup", R"("rbac.authorization.k8s.io")"}};

bool is_none(const json_t *value, const Default &standard)
{
    if (!value || json_is_null(value)) return true;
    if (json_is_string(value)) return json_string_length(value) == 0;
    return standard.zero && json_is_integer(value) && json_integer_value(value) == 0;
}

void fill(json_t *value, std::string_view path, const Default &standard)
{
    const size_t dot = path.find('.');
    std::string name(path.substr(0, dot));
    const std::string_view rest = dot == std::string_view::npos ? "" : path.substr(dot + 1);
    if (!json_is_object(value)) return;
    if (name.ends_with("[]")) {
        name.resize(name.size() - 2);
        const json_t *items = json_object_get(value, name.c_str());
        for (size_t i = 0; i < json_array_size(items); ++i) fill(json_array_get(items, i), rest, standard);
    } else if (!rest.empty()) {
        fill(json_object_get(value, name.c_str()), rest, standard);
    } else if (is_none(json_object_get(value, name.c_str()), standard)) {
        std::string why;
        set(value, name.c_str(), Json::parse(standard.json, why));
    }
}

template <size_t N>
void fill_all(json_t *value, const Default (&defaults)[N], int release)
{
    for (const Default &standard : defaults)
        if (release == 0 || standard.since <= release) fill(value, standard.path, standard);
}

void fill_one(json_t *value, const char *path, const char *json) { fill(value, path, {path, json}); }

template <class Each>
void for_each(const json_t *array, Each &&each)
{
    for (size_t i = 0; i < json_array_size(array); ++i) each(json_array_get(array, i));
}

// A node looks for a newer image where the name does not say which.
bool is_latest(std::string_view image)
{
    if (image.find('@') != std::string_view::npos) return false;
    const size_t slash = image.rfind('/');
    const std::string_view last = slash == std::string_view::npos ? image : image.substr(slash + 1);
    const size_t colon = last.find(':');
    return colon == std::string_view::npos || last.substr(colon + 1) == "latest";
}

void fill_container(json_t *container, int release)
{
    fill_all(container, of_container, release);
    fill_one(container, "imagePullPolicy",
             is_latest(text_at(container, {"image"})) ? R"("Always")" : R"("IfNotPresent")");
    for (const char *probe : {"livenessProbe", "readinessProbe", "startupProbe"})
        fill_all(json_object_get(container, probe), of_probe, release);
}

void fill_pod_spec(json_t *spec, int release)
{
    if (!json_is_object(spec)) return;
    fill_all(spec, of_pod_spec, release);
    // Two names of one thing.
    for (const auto &[from, to] :
         {std::pair("serviceAccountName", "serviceAccount"), {"serviceAccount", "serviceAccountName"}})
        if (!text_at(spec, {from}).empty()) fill_one(spec, to, in_quotes(text_at(spec, {from})).c_str());
    for_each(json_object_get(spec, "volumes"), [](json_t *volume) {
        if (json_object_size(volume) == 1 && json_object_get(volume, "name")) set(volume, "emptyDir", Json::object());
    });
    const bool host_network = json_is_true(json_object_get(spec, "hostNetwork"));
    for (const char *containers : {"initContainers", "containers", "ephemeralContainers"}) {
        for_each(json_object_get(spec, containers), [&](json_t *container) {
            if (!json_is_object(container)) return;
            fill_container(container, release);
            if (!host_network) return;
            for_each(json_object_get(container, "ports"), [](json_t *port) {
                if (json_t *inside = json_object_get(port, "containerPort");
                    inside && !json_object_get(port, "hostPort"))
                    set(port, "hostPort", Json::share(inside));
            });
        });
    }
}

// What is limited and not asked for is asked for up to the limit.
void fill_requests(json_t *container)
{
    json_t *resources = json_object_get(container, "resources"), *limits = json_object_get(resources, "limits");
    if (json_object_size(limits) == 0) return;
    if (!json_is_object(json_object_get(resources, "requests"))) set(resources, "requests", Json::object());
    const char *name = nullptr;
    json_t *limit = nullptr;
    json_object_foreach(limits, name, limit)
    {
        if (!value_at(resources, {"requests", name}))
            set(json_object_get(resources, "requests"), name, Json::share(limit));
    }
}

// How long it stays on a node that is lost.
void fill_tolerations(json_t *spec)
{
    for (const char *key : {"node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"}) {
        bool tolerated = false;
        for_each(json_object_get(spec, "tolerations"), [&](json_t *toleration) {
            const std::string_view named = text_at(toleration, {"key"}), effect = text_at(toleration, {"effect"});
            tolerated = tolerated || ((named == key || named.empty()) && (effect == "NoExecute" || effect.empty()));
        });
        if (tolerated) continue;
        if (!json_is_array(json_object_get(spec, "tolerations"))) set(spec, "tolerations", Json::array());
        Json toleration = Json::object();
        set(toleration.get(), "key", Json::text(key));
        set(toleration.get(), "operator", Json::text("Exists"));
        set(toleration.get(), "effect", Json::text("NoExecute"));
        set(toleration.get(), "tolerationSeconds", Json::integer(300));
        append(json_object_get(spec, "tolerations"), std::move(toleration));
    }
}

void fill_pod(json_t *pod, int release)
{
    json_t *spec = json_object_get(pod, "spec");
    if (!json_is_object(spec)) return;
    fill_pod_spec(spec, release);
    for (const char *containers : {"initContainers", "containers"})
        for_each(json_object_get(spec, containers), fill_requests);
    // A class of priority would say which.
    if (text_at(spec, {"priorityClassName"}).empty()) fill_all(pod, of_pod, release);
    fill_one(spec, "enableServiceLinks", "true");
    fill_tolerations(spec);
}

void fill_template(json_t *document, int release)
{
    fill_pod_spec(value_at(document, {"spec", "template", "spec"}), release);
}

// Where pods are replaced a few at a time.
void fill_rolling_update(json_t *strategy, const char *json)
{
    if (text_at(strategy, {"type"}) != "RollingUpdate") return;
    std::string why;
    const Json standard = Json::parse(json, why);
    if (!json_is_object(json_object_get(strategy, "rollingUpdate"))) set(strategy, "rollingUpdate", Json::object());
    json_object_update_missing(json_object_get(strategy, "rollingUpdate"), standard.get());
}

void fill_job_spec(json_t *spec, int release)
{
    if (!json_is_object(spec)) return;
    const bool completes = json_object_get(spec, "completions"), is_parallel = json_object_get(spec, "parallelism");
    if (!completes && !is_parallel) set(spec, "completions", Json::integer(1));
    if (!is_parallel) set(spec, "parallelism", Json::integer(1));
    Json job = Json::object();
    set(job.get(), "spec", Json::share(spec));
    fill_all(job.get(), of_job, release);
    fill_template(job.get(), release);
}

void fill_controller(json_t *document)
{
    json_t *labels = value_at(document, {"spec", "template", "metadata", "labels"}),
           *spec = json_object_get(document, "spec");
    if (json_object_size(labels) == 0) return;
    if (json_object_size(json_object_get(spec, "selector")) == 0)
        set(spec, "selector", Json::take(json_deep_copy(labels)));
    if (json_object_size(value_at(document, {"metadata", "labels"})) == 0)
        set(metadata_of(document), "labels", Json::take(json_deep_copy(labels)));
}

void fill_service(json_t *document, int release)
{
    json_t *spec = json_object_get(document, "spec");
    if (!json_is_object(spec)) return;
    fill_all(document, of_service, release);
    const std::string_view type = text_at(spec, {"type"});
    for_each(json_object_get(spec, "ports"), [](json_t *port) {
        const json_t *target = json_object_get(port, "targetPort");
        const bool has_none = !target || (json_is_integer(target) && json_integer_value(target) == 0) ||
                              (json_is_string(target) && json_string_length(target) == 0);
        if (json_t *number = json_object_get(port, "port"); number && has_none)
            set(port, "targetPort", Json::share(number));
    });
    if (text_at(spec, {"sessionAffinity"}) == "ClientIP" && !json_object_get(spec, "sessionAffinityConfig")) {
        std::string why;
        set(spec, "sessionAffinityConfig", Json::parse(R"({"clientIP": {"timeoutSeconds": 10800}})", why));
    }
    if (type == "NodePort" || type == "LoadBalancer") fill_one(spec, "externalTrafficPolicy", R"("Cluster")");
    if (release != 0 && release < 22) return;
    if (type != "ExternalName") fill_one(spec, "internalTrafficPolicy", R"("Cluster")");
    if (type == "LoadBalancer") fill_one(spec, "allocateLoadBalancerNodePorts", "true");
}

void fill_policy(json_t *document, int release)
{
    json_t *spec = json_object_get(document, "spec");
    if (!json_is_object(spec)) return;
    fill_all(document, of_policy, release);
    if (json_array_size(json_object_get(spec, "policyTypes")) > 0) return;
    set(spec, "policyTypes", Json::array());
    append(json_object_get(spec, "policyTypes"), Json::text("Ingress"));
    if (json_array_size(json_object_get(spec, "egress")) > 0)
        append(json_object_get(spec, "policyTypes"), Json::text("Egress"));
}

void fill_subjects(json_t *document)
{
    for_each(json_object_get(document, "subjects"), [](json_t *subject) {
        const std::string_view kind = text_at(subject, {"kind"});
        if (kind == "User" || kind == "Group") fill_one(subject, "apiGroup", R"("rbac.authorization.k8s.io")");
    });
}

void fill_core(const std::string &kind, json_t *document, int release)
{
    if (kind == "Pod") return fill_pod(document, release);
    if (kind == "Service") return fill_service(document, release);
    if (kind == "Secret") return fill_all(document, of_secret, release);
    if (kind == "PersistentVolumeClaim") return fill_all(document, of_claim, release);
    if (kind == "PersistentVolume") return fill_all(document, of_volume, release);
    if (kind == "Endpoints") return fill_all(document, of_endpoints, release);
    if (kind != "ReplicationController") return;
    fill_all(document, of_replicaset, release);
    fill_template(document, release);
    fill_controller(document);
}

void fill_apps(const std::string &kind, json_t *document, int release)
{
    fill_template(document, release);
    if (kind == "ReplicaSet") return fill_all(document, of_replicaset, release);
    if (kind == "Deployment") {
        fill_all(document, of_deployment, release);
        fill_rolling_update(value_at(document, {"spec", "strategy"}),
                            R"({"maxUnavailable": "25%", "maxSurge": "25%"})");
    } else if (kind == "StatefulSet") {
        fill_all(document, of_statefulset, release);
        fill_rolling_update(value_at(document, {"spec", "updateStrategy"}), R"({"partition": 0})");
    } else if (kind == "DaemonSet") {
        fill_all(document, of_daemonset, release);
        fill_rolling_update(value_at(document, {"spec", "updateStrategy"}),
                            release == 0 || release >= 22 ? R"({"maxUnavailable": 1, "maxSurge": 0})"
                                                          : R"({"maxUnavailable": 1})");
    }
}

}  // namespace

void fill_defaults(const Kind &kind, json_t *document, int release)
{
    const std::string &name = kind.kind;
    if (kind.custom || !json_is_object(document)) return;
    if (kind.group.empty())
        fill_core(name, document, release);
    else if (kind.group == "apps" && kind.version == "v1")
        fill_apps(name, document, release);
    else if (name == "Job")
        fill_job_spec(json_object_get(document, "spec"), release);
    else if (name == "CronJob") {
        fill_all(document, of_cronjob, release);
        fill_template(value_at(document, {"spec", "jobTemplate"}), release);
    } else if (name == "RoleBinding" || name == "ClusterRoleBinding") {
        fill_all(document, of_binding, release);
        fill_subjects(document);
    } else if (name == "NetworkPolicy")
        fill_policy(document, release);
    else if (name == "HorizontalPodAutoscaler")
        fill_all(document, of_scaler, release);
    else if (name == "EndpointSlice")
        fill_all(document, of_slice, release);
    else if (name == "StorageClass")
        fill_all(document, of_storage_class, release);
    else if (name == "PriorityClass")
        fill_all(document, of_priority_class, release);
}

}  // namespace k8sc::testing
