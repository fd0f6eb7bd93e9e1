// The columns of Kubernetes' own kinds. What stands in them is what kubectl prints of a cluster's objects; a field that
// has a default there has it here.
#include <algorithm>

#include "testing/api/table.h"
#include "testing/api/table_cells.h"
#include "testing/schema/since.h"

namespace k8sc::testing {

namespace {

const json_t *template_containers(const json_t *object)
{
    return value_at(object, {"spec", "template", "spec", "containers"});
}
Json containers_cell(const json_t *object, const Column &, int64_t)
{
    return Json::text(joined(template_containers(object), "name"));
}
Json images_cell(const json_t *object, const Column &, int64_t)
{
    return Json::text(joined(template_containers(object), "image"));
}
Json selector_cell(const json_t *object, const Column &, int64_t)
{
    return pairs(value_at(object, {"spec", "selector", "matchLabels"}));
}
Json plain_selector_cell(const json_t *object, const Column &, int64_t)
{
    return pairs(value_at(object, {"spec", "selector"}));
}
Json wanted_cell(const json_t *object, const Column &, int64_t)
{
    return Json::integer(integer_at(object, {"spec", "replicas"}, 1));
}
Json type_cell(const json_t *object, const Column &, int64_t) { return Json::text(text_at(object, {"type"})); }
Json phase_cell(const json_t *object, const Column &, int64_t)
{
    return Json::text(text_at(object, {"status", "phase"}));
}

template <const char *...Path>
Json count_cell(const json_t *object, const Column &, int64_t)
{
    return Json::integer(integer_at(object, {Path...}));
}

constexpr char status[] = "status", replicas[] = "replicas", ready_replicas[] = "readyReplicas",
               updated[] = "updatedReplicas", available[] = "availableReplicas";
constexpr char desired_number[] = "desiredNumberScheduled", current_number[] = "currentNumberScheduled",
               ready_number[] = "numberReady";
constexpr char updated_number[] = "updatedNumberScheduled", available_number[] = "numberAvailable";

Json data_cell(const json_t *object, const Column &, int64_t)
{
    return Json::integer(static_cast<int64_t>(json_object_size(value_at(object, {"data"})) +
                                              json_object_size(value_at(object, {"binaryData"}))));
}

Json secrets_cell(const json_t *object, const Column &, int64_t)
{
    return Json::integer(static_cast<int64_t>(json_array_size(value_at(object, {"secrets"}))));
}

Json ready_cell(const json_t *object, const Column &, int64_t)
{
    return Json::text(std::to_string(integer_at(object, {"status", "readyReplicas"})) + "/" +
                      std::to_string(integer_at(object, {"spec", "replicas"}, 1)));
}

// ---- pods

bool is_ready(const json_t *container) { return json_is_true(json_object_get(container, "ready")); }

std::string ended_reason(const json_t *state)
{
    const std::string reason(text_at(state, {"reason"}));
    if (!reason.empty()) return reason;
    const int64_t signal = integer_at(state, {"signal"});
    return signal != 0 ? "Signal:" + std::to_string(signal)
                       : "ExitCode:" + std::to_string(integer_at(state, {"exitCode"}));
}

// What an init container is waited for, "" where all are done.
std::string initializing(const json_t *pod)
{
    const json_t *containers = value_at(pod, {"status", "initContainerStatuses"});
    const size_t all = json_array_size(value_at(pod, {"spec", "initContainers"}));
    for (size_t i = 0; i < json_array_size(containers); ++i) {
        const json_t *state = json_object_get(json_array_get(containers, i), "state");
        const json_t *ended = json_object_get(state, "terminated");
        if (ended && integer_at(ended, {"exitCode"}) == 0) continue;
        if (ended) return "Init:" + ended_reason(ended);
        const std::string waiting(text_at(state, {"waiting", "reason"}));
        if (!waiting.empty() && waiting != "PodInitializing") return "Init:" + waiting;
        return "Init:" + std::to_string(i) + "/" + std::to_string(all);
    }
    return "";
}

bool has_condition(const json_t *object, const char *type)
{
    const json_t *conditions = value_at(object, {"status", "conditions"});
    for (size_t i = 0; i < json_array_size(conditions); ++i) {
        const json_t *one = json_array_get(conditions, i);
        if (text_at(one, {"type"}) == type) return text_at(one, {"status"}) == "True";
    }
    return false;
}

std::string pod_reason(const json_t *pod)
{
    std::string reason(text_at(pod, {"status", "reason"}));
    if (reason.empty()) reason = text_at(pod, {"status", "phase"});
    const std::string init = initializing(pod);
    if (!init.empty()) reason = init;
    const json_t *containers = value_at(pod, {"status", "containerStatuses"});
    bool runs = false;
    for (size_t i = json_array_size(containers); init.empty() && i-- > 0;) {
        const json_t *one = json_array_get(containers, i);
        const std::string waiting(text_at(one, {"state", "waiting", "reason"}));
        const json_t *ended = value_at(one, {"state", "terminated"});
        if (!waiting.empty())
            reason = waiting;
        else if (ended)
            reason = ended_reason(ended);
        else if (is_ready(one) && value_at(one, {"state", "running"}))
            runs = true;
    }
    if (reason == "Completed" && runs) reason = has_condition(pod, "Ready") ? "Running" : "NotReady";
    if (!text_at(pod, {"metadata", "deletionTimestamp"}).empty())
        return reason == "NodeLost" ? "Unknown" : "Terminating";
    return reason;
}

Json pod_status_cell(const json_t *pod, const Column &, int64_t) { return Json::text(pod_reason(pod)); }

Json pod_ready_cell(const json_t *pod, const Column &, int64_t)
{
    const json_t *containers = value_at(pod, {"status", "containerStatuses"});
    size_t ready = 0;
    for (size_t i = 0; i < json_array_size(containers); ++i) {
        const json_t *one = json_array_get(containers, i);
        ready += is_ready(one) && value_at(one, {"state", "running"});
    }
    return Json::text(std::to_string(ready) + "/" +
                      std::to_string(json_array_size(value_at(pod, {"spec", "containers"}))));
}

const json_t *restarting(const json_t *pod)
{
    return value_at(pod, {"status", initializing(pod).empty() ? "containerStatuses" : "initContainerStatuses"});
}

Json restarts_cell(const json_t *pod, const Column &, int64_t)
{
    const json_t *containers = restarting(pod);
    int64_t restarts = 0;
    for (size_t i = 0; i < json_array_size(containers); ++i)
        restarts += integer_at(json_array_get(containers, i), {"restartCount"});
    return Json::integer(restarts);
}

// With when the last one was: "3 (5m ago)".
Json last_restart_cell(const json_t *pod, const Column &column, int64_t now)
{
    const json_t *containers = restarting(pod);
    const Json count = restarts_cell(pod, column, now);
    int64_t last = 0;
    for (size_t i = 0; i < json_array_size(containers); ++i) {
        const std::string_view time = text_at(json_array_get(containers, i), {"lastState", "terminated", "finishedAt"});
        if (int64_t ended = 0; seconds_of(time, ended)) last = std::max(last, ended);
    }
    const bool any = last > 0 && json_integer_value(count.get()) > 0;
    return Json::text(dump(count.get()) + (any ? " (" + human_duration(now - last) + " ago)" : ""));
}

Json ip_cell(const json_t *pod, const Column &, int64_t) { return shown(text_at(pod, {"status", "podIP"})); }
Json node_cell(const json_t *pod, const Column &, int64_t) { return shown(text_at(pod, {"spec", "nodeName"})); }
Json nominated_cell(const json_t *pod, const Column &, int64_t)
{
    return shown(text_at(pod, {"status", "nominatedNodeName"}));
}

Json gates_cell(const json_t *pod, const Column &, int64_t)
{
    const json_t *gates = value_at(pod, {"spec", "readinessGates"});
    size_t open = 0;
    for (size_t i = 0; i < json_array_size(gates); ++i)
        open += has_condition(pod, std::string(text_at(json_array_get(gates, i), {"conditionType"})).c_str());
    return json_array_size(gates) == 0
               ? Json::text("<none>")
               : Json::text(std::to_string(open) + "/" + std::to_string(json_array_size(gates)));
}

// ---- services

std::string service_type(const json_t *service)
{
    const std::string type(text_at(service, {"spec", "type"}));
    return type.empty() ? "ClusterIP" : type;
}

Json service_type_cell(const json_t *service, const Column &, int64_t) { return Json::text(service_type(service)); }
Json cluster_ip_cell(const json_t *service, const Column &, int64_t)
{
    return shown(text_at(service, {"spec", "clusterIP"}));
}

Json external_ip_cell(const json_t *service, const Column &, int64_t)
{
    const std::string type = service_type(service), own = joined(value_at(service, {"spec", "externalIPs"}), nullptr);
    if (type == "ExternalName") return Json::text(text_at(service, {"spec", "externalName"}));
    if (type != "LoadBalancer") return shown(own);
    const json_t *ingress = value_at(service, {"status", "loadBalancer", "ingress"});
    std::string all;
    for (size_t i = 0; i < json_array_size(ingress); ++i) {
        const json_t *one = json_array_get(ingress, i);
        const std::string_view ip = text_at(one, {"ip"});
        all += (all.empty() ? "" : ",") + std::string(ip.empty() ? text_at(one, {"hostname"}) : ip);
    }
    if (!own.empty()) all += (all.empty() ? "" : ",") + own;
    return Json::text(all.empty() ? "<pending>" : all);
}

Json ports_cell(const json_t *service, const Column &, int64_t)
{
    const json_t *ports = value_at(service, {"spec", "ports"});
    std::string all;
    for (size_t i = 0; i < json_array_size(ports); ++i) {
        const json_t *port = json_array_get(ports, i);
        const int64_t node = integer_at(port, {"nodePort"});
        const std::string protocol(text_at(port, {"protocol"}));
        all += (all.empty() ? "" : ",") + std::to_string(integer_at(port, {"port"})) +
               (node > 0 ? ":" + std::to_string(node) : "") + "/" + (protocol.empty() ? "TCP" : protocol);
    }
    return shown(all);
}

// ---- nodes

Json node_status_cell(const json_t *node, const Column &, int64_t)
{
    const json_t *conditions = value_at(node, {"status", "conditions"});
    std::string text;
    for (size_t i = 0; i < json_array_size(conditions); ++i)
        if (text_at(json_array_get(conditions, i), {"type"}) == "Ready")
            text = has_condition(node, "Ready") ? "Ready" : "NotReady";
    if (text.empty()) text = "Unknown";
    return Json::text(text + (json_is_true(value_at(node, {"spec", "unschedulable"})) ? ",SchedulingDisabled" : ""));
}

Json roles_cell(const json_t *node, const Column &, int64_t)
{
    const std::string_view prefix = "node-role.kubernetes.io/";
    std::vector<std::string> roles;
    const char *key;
    json_t *value;
    json_object_foreach(value_at(node, {"metadata", "labels"}), key, value)
    {
        if (std::string_view(key).starts_with(prefix))
            roles.emplace_back(key + prefix.size());
        else if (key == std::string_view("kubernetes.io/role"))
            roles.emplace_back(text_at(value, {}));
    }
    std::sort(roles.begin(), roles.end());
    std::string all;
    for (const std::string &role : roles) all += (all.empty() ? "" : ",") + role;
    return shown(all);
}

template <const char *Type>
Json address_cell(const json_t *node, const Column &, int64_t)
{
    const json_t *addresses = value_at(node, {"status", "addresses"});
    for (size_t i = 0; i < json_array_size(addresses); ++i)
        if (text_at(json_array_get(addresses, i), {"type"}) == Type)
            return Json::text(text_at(json_array_get(addresses, i), {"address"}));
    return Json::text("<none>");
}

constexpr char internal_ip[] = "InternalIP", external_ip[] = "ExternalIP", os_image[] = "osImage",
               kernel[] = "kernelVersion", runtime[] = "containerRuntimeVersion";

template <const char *Field>
Json info_cell(const json_t *node, const Column &, int64_t)
{
    const std::string_view text = text_at(node, {"status", "nodeInfo", Field});
    return Json::text(text.empty() ? "<unknown>" : text);
}

Json version_cell(const json_t *node, const Column &, int64_t)
{
    return Json::text(text_at(node, {"status", "nodeInfo", "kubeletVersion"}));
}

// ---- others

// By the first of its conditions that is true.
Json job_status_cell(const json_t *job, const Column &, int64_t)
{
    for (const char *end : {"Complete", "Failed"})
        if (has_condition(job, end)) return Json::text(end);
    if (!text_at(job, {"metadata", "deletionTimestamp"}).empty()) return Json::text("Terminating");
    for (const char *state : {"Suspended", "FailureTarget", "SuccessCriteriaMet"})
        if (has_condition(job, state)) return Json::text(state);
    return Json::text("Running");
}

Json completions_cell(const json_t *job, const Column &, int64_t)
{
    const int64_t done = integer_at(job, {"status", "succeeded"}),
                  at_once = integer_at(job, {"spec", "parallelism"}, 1);
    if (value_at(job, {"spec", "completions"}))
        return Json::text(std::to_string(done) + "/" + std::to_string(integer_at(job, {"spec", "completions"})));
    return Json::text(std::to_string(done) + "/1" + (at_once > 1 ? " of " + std::to_string(at_once) : ""));
}

// Until it was done, or until now.
Json duration_cell(const json_t *job, const Column &, int64_t now)
{
    int64_t start = 0, end = now;
    if (!seconds_of(text_at(job, {"status", "startTime"}), start)) return Json::text("");
    seconds_of(text_at(job, {"status", "completionTime"}), end);
    return Json::text(human_duration(end - start));
}

Json node_selector_cell(const json_t *set, const Column &, int64_t)
{
    return pairs(value_at(set, {"spec", "template", "spec", "nodeSelector"}));
}
Json holder_cell(const json_t *lease, const Column &, int64_t)
{
    return Json::text(text_at(lease, {"spec", "holderIdentity"}));
}

const Column containers = {.name = "Containers", .priority = 1, .cell = containers_cell},
             images = {.name = "Images", .priority = 1, .cell = images_cell};

std::vector<Column> core_columns(const std::string &plural, int minor)
{
    if (plural == "events") return event_columns(minor);
    if (plural == "persistentvolumeclaims") return claim_columns(minor);
    if (plural == "configmaps") return {text_column("Data", data_cell), age};
    if (plural == "secrets") return {text_column("Type", type_cell), text_column("Data", data_cell), age};
    if (plural == "namespaces") return {text_column("Status", phase_cell), age};
    if (plural == "serviceaccounts") return {text_column("Secrets", secrets_cell), age};
    if (plural == "pods")
        return {text_column("Ready", pod_ready_cell),
                text_column("Status", pod_status_cell),
                minor >= since::restarts_as_text ? text_column("Restarts", last_restart_cell)
                                                 : integer_column("Restarts", restarts_cell),
                age,
                text_column("IP", ip_cell, 1),
                text_column("Node", node_cell, 1),
                text_column("Nominated Node", nominated_cell, 1),
                text_column("Readiness Gates", gates_cell, 1)};
    if (plural == "services")
        return {text_column("Type", service_type_cell),
                text_column("Cluster-IP", cluster_ip_cell),
                text_column("External-IP", external_ip_cell),
                text_column("Port(s)", ports_cell),
                age,
                text_column("Selector", plain_selector_cell, 1)};
    if (plural == "nodes")
        return {text_column("Status", node_status_cell),
                text_column("Roles", roles_cell),
                age,
                text_column("Version", version_cell),
                text_column("Internal-IP", address_cell<internal_ip>, 1),
                text_column("External-IP", address_cell<external_ip>, 1),
                text_column("OS-Image", info_cell<os_image>, 1),
                text_column("Kernel-Version", info_cell<kernel>, 1),
                text_column("Container-Runtime", info_cell<runtime>, 1)};
    if (plural == "replicationcontrollers")
        return {integer_column("Desired", wanted_cell),
                integer_column("Current", count_cell<status, replicas>),
                integer_column("Ready", count_cell<status, ready_replicas>),
                age,
                containers,
                images,
                text_column("Selector", plain_selector_cell, 1)};
    return {};
}

std::vector<Column> job_columns(int minor)
{
    std::vector<Column> columns = {
        text_column("Completions", completions_cell), text_column("Duration", duration_cell), age, containers, images,
        text_column("Selector", selector_cell, 1)};
    if (minor >= since::job_status_column) columns.insert(columns.begin(), text_column("Status", job_status_cell));
    return columns;
}

std::vector<Column> apps_columns(const std::string &plural)
{
    const Column selector = text_column("Selector", selector_cell, 1);
    if (plural == "deployments")
        return {text_column("Ready", ready_cell),
                text_column("Up-to-date", count_cell<status, updated>),
                text_column("Available", count_cell<status, available>),
                age,
                containers,
                images,
                selector};
    if (plural == "replicasets")
        return {integer_column("Desired", wanted_cell),
                integer_column("Current", count_cell<status, replicas>),
                integer_column("Ready", count_cell<status, ready_replicas>),
                age,
                containers,
                images,
                selector};
    if (plural == "statefulsets") return {text_column("Ready", ready_cell), age, containers, images};
    if (plural == "daemonsets")
        return {integer_column("Desired", count_cell<status, desired_number>),
                integer_column("Current", count_cell<status, current_number>),
                integer_column("Ready", count_cell<status, ready_number>),
                integer_column("Up-to-date", count_cell<status, updated_number>),
                integer_column("Available", count_cell<status, available_number>),
                text_column("Node Selector", node_selector_cell),
                age,
                containers,
                images,
                selector};
    return {};
}

}  // namespace

std::vector<Column> builtin_columns(const Kind &kind, int minor)
{
    if (kind.group.empty()) return core_columns(kind.plural, minor);
    if (kind.group == "apps") return apps_columns(kind.plural);
    if (kind.group == "batch" && kind.plural == "jobs") return job_columns(minor);
    if (kind.group == "batch" && kind.plural == "cronjobs") return cronjob_columns(minor);
    if (kind.group == "autoscaling" && kind.plural == "horizontalpodautoscalers") return scaler_columns(minor);
    if (kind.group == "networking.k8s.io" && kind.plural == "ingresses") return ingress_columns();
    if (kind.group == "policy" && kind.plural == "poddisruptionbudgets") return budget_columns();
    if (kind.group == "events.k8s.io" && kind.plural == "events") return event_columns(minor);
    if (kind.group == "coordination.k8s.io" && kind.plural == "leases")
        return {text_column("Holder", holder_cell), age};
    return {};
}

}  // namespace k8sc::testing
