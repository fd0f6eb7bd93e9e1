#include "testing/store/pods.h"

#include <cstdio>

namespace k8sc::testing {

namespace {

// What all pods have in common, about 2 KB as stored. What differs is set in make_pod.
const char pod_text[] = R"({
"kind": "Pod", "apiVersion": "v1",
"metadata": {
  "annotations": {"example.com/checksum": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}
},
"spec": {
  "containers": [{
    "name": "main", "image": "registry.example.com/shop/server:1.4.2", "imagePullPolicy": "IfNotPresent",
    "args": ["--listen=:8080", "--log-level=info"],
    "ports": [{"name": "http", "containerPort": 8080, "protocol": "TCP"}],
    "env": [
      {"name": "POD_NAME", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.name"}}},
      {"name": "CACHE_SIZE", "value": "256Mi"}],
    "resources": {"limits": {"cpu": "500m", "memory": "512Mi"}, "requests": {"cpu": "100m", "memory": "256Mi"}},
    "readinessProbe": {"httpGet": {"path": "/ready", "port": "http", "scheme": "HTTP"}, "periodSeconds": 10, "timeoutSeconds": 1,
                       "successThreshold": 1, "failureThreshold": 3},
    "volumeMounts": [{"name": "config", "mountPath": "/etc/shop", "readOnly": true}],
    "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File"}],
  "volumes": [{"name": "config", "configMap": {"name": "shop", "defaultMode": 420}}],
  "restartPolicy": "Always", "terminationGracePeriodSeconds": 30, "dnsPolicy": "ClusterFirst", "serviceAccountName": "shop",
  "securityContext": {}, "schedulerName": "default-scheduler", "priority": 0
},
"status": {"qosClass": "Burstable"}
})";

std::string address(const char *network, int32_t number)
{
    char text[32];
    std::snprintf(text, sizeof text, "%s.%d.%d", network, number / 250 % 250, number % 250 + 1);
    return text;
}

Json condition(const char *type, bool holds)
{
    Json condition = Json::object();
    set(condition.get(), "type", Json::text(type));
    set(condition.get(), "status", Json::text(holds ? "True" : "False"));
    return condition;
}

Json container_status(bool ready)
{
    Json status = Json::object();
    set(status.get(), "name", Json::text("main"));
    set(status.get(), "image", Json::text("registry.example.com/shop/server:1.4.2"));
    set(status.get(), "ready", Json::boolean(ready));
    set(status.get(), "started", Json::boolean(ready));
    set(status.get(), "restartCount", Json::integer(0));
    return status;
}

}  // namespace

Json make_pod(const std::string &ns, const std::string &prefix, int32_t number)
{
    std::string why;
    Json pod = Json::parse(pod_text, why);
    char suffix[16];
    std::snprintf(suffix, sizeof suffix, "-%05d", number);
    static const char *const tiers[] = {"front", "middle", "back"};

    json_t *metadata = metadata_of(pod.get());
    Json labels = Json::object();
    set(labels.get(), "app", Json::text(prefix));
    set(labels.get(), "tier", Json::text(tiers[number % 3]));
    set(labels.get(), "index", Json::text(std::to_string(number)));
    set(metadata, "name", Json::text(prefix + suffix));
    set(metadata, "namespace", Json::text(ns));
    set(metadata, "labels", std::move(labels));

    // One in twenty has no node yet, one in twenty is done.
    const bool pending = number % 20 == 7, done = number % 20 == 13, running = !pending && !done;
    json_t *status = value_at(pod.get(), {"status"});
    set(status, "phase", Json::text(pending ? "Pending" : done ? "Succeeded" : "Running"));
    if (pending) return pod;
    set(value_at(pod.get(), {"spec"}), "nodeName", Json::text("node-" + std::to_string(number % 10)));
    set(status, "hostIP", Json::text(address("192.168", number % 10)));
    set(status, "podIP", Json::text(address("10.1", number)));
    Json conditions = Json::array(), containers = Json::array();
    for (const char *type : {"Initialized", "Ready", "ContainersReady", "PodScheduled"})
        append(conditions.get(), condition(type, running || std::string_view(type) == "Initialized" ||
                                                     std::string_view(type) == "PodScheduled"));
    append(containers.get(), container_status(running));
    set(status, "conditions", std::move(conditions));
    set(status, "containerStatuses", std::move(containers));
    return pod;
}

}  // namespace k8sc::testing
