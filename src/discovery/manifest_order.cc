#include <algorithm>
#include <array>
#include <map>
#include <numeric>

#include "discovery/manifest.h"

namespace k8sc {
namespace {

// What needs nothing comes first; what would stand in the way of the rest comes last.
const std::map<std::string_view, int, std::less<>> &ranks()
{
    static const std::map<std::string_view, int, std::less<>> ranks = [] {
        std::map<std::string_view, int, std::less<>> table;
        int rank = 0;
        auto add = [&](std::initializer_list<std::string_view> kinds) {
            for (auto kind : kinds) table[kind] = rank;
            rank++;
        };
        add({"Namespace"});
        add({"CustomResourceDefinition"});
        add({"PriorityClass", "StorageClass", "CSIDriver", "RuntimeClass", "IngressClass", "VolumeAttributesClass",
             "DeviceClass"});
        add({"ResourceQuota", "LimitRange", "NetworkPolicy"});
        add({"ServiceAccount"});
        add({"ClusterRole", "Role"});
        add({"ClusterRoleBinding", "RoleBinding"});
        add({"Secret", "ConfigMap"});
        add({"PersistentVolume"});
        add({"PersistentVolumeClaim"});
        add({"Service", "Endpoints", "EndpointSlice"});
        add({"PodDisruptionBudget"});
        add({"Pod", "PodTemplate", "ReplicationController", "ReplicaSet", "Deployment", "StatefulSet", "DaemonSet",
             "Job", "CronJob"});
        add({"HorizontalPodAutoscaler", "Ingress"});
        add({""});
        add({"APIService"});
        add({"ValidatingAdmissionPolicy", "MutatingAdmissionPolicy"});
        add({"ValidatingAdmissionPolicyBinding", "MutatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration",
             "MutatingWebhookConfiguration"});
        return table;
    }();
    return ranks;
}

// Kinds of others' groups may have the same names.
bool is_standard(std::string_view api_version)
{
    size_t slash = api_version.find('/');
    if (slash == std::string_view::npos) return true;
    std::string_view group = api_version.substr(0, slash);
    return group.find('.') == std::string_view::npos || group.ends_with(".k8s.io");
}

int rank_of(const Object &object)
{
    std::string api_version = object.root().member("apiVersion").string().value_or("");
    std::string kind = object.root().member("kind").string().value_or("");
    auto found = is_standard(api_version) ? ranks().find(kind) : ranks().end();
    return found == ranks().end() ? ranks().at("") : found->second;
}

}  // namespace

std::vector<size_t> creation_order(const Manifest &manifest)
{
    std::vector<size_t> order(manifest.size());
    std::iota(order.begin(), order.end(), size_t(0));
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return rank_of(*manifest[a]) < rank_of(*manifest[b]); });
    return order;
}

}  // namespace k8sc
