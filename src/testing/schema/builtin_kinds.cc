// The kinds of the standard groups, with what sets each of them apart.
#include <algorithm>
#include <iterator>
#include <sstream>

#include "testing/base/failure.h"
#include "testing/schema/kind.h"

namespace k8sc::testing {

namespace {

enum Trait : unsigned {
    cluster = 1,           // not in a namespace
    status = 2,            // has the subresource
    generation = 4,        // counts the changes of its spec
    object_on_delete = 8,  // a delete answers with the object
    conditional = 16,      // an update needs a resourceVersion
    any_name = 32,         // names such as "system:node"
    everyone = 64,         // in the category "all"
    scale = 128,           // has the subresource
    extension = 256,       // in the category "api-extensions"
    review = 512,          // can only be created, to be answered
    read_only = 1024,      // can only be read
};

struct Row {
    const char *group;
    const char *version;
    const char *plural;
    const char *kind;
    const char *short_names;
    unsigned traits;
};

// In the order a server lists its groups: this is also the order of discovery.
const Row rows[] = {
    {"", "v1", "configmaps", "ConfigMap", "cm", 0},
    {"", "v1", "endpoints", "Endpoints", "ep", 0},
    {"", "v1", "events", "Event", "ev", 0},
    {"", "v1", "limitranges", "LimitRange", "limits", 0},
    {"", "v1", "namespaces", "Namespace", "ns", cluster | status | object_on_delete},
    {"", "v1", "nodes", "Node", "no", cluster | status},
    {"", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", "pvc", status | object_on_delete},
    {"", "v1", "persistentvolumes", "PersistentVolume", "pv", cluster | status | object_on_delete},
    {"", "v1", "pods", "Pod", "po", status | object_on_delete | everyone},
    {"", "v1", "podtemplates", "PodTemplate", "", object_on_delete},
    {"", "v1", "replicationcontrollers", "ReplicationController", "rc", status | generation | everyone | scale},
    {"", "v1", "resourcequotas", "ResourceQuota", "quota", status | object_on_delete},
    {"", "v1", "secrets", "Secret", "", 0},
    {"", "v1", "serviceaccounts", "ServiceAccount", "sa", object_on_delete},
    {"", "v1", "services", "Service", "svc", status | everyone},
    {"apps", "v1", "controllerrevisions", "ControllerRevision", "", 0},
    {"apps", "v1", "daemonsets", "DaemonSet", "ds", status | generation | everyone},
    {"apps", "v1", "deployments", "Deployment", "deploy", status | generation | everyone | scale},
    {"apps", "v1", "replicasets", "ReplicaSet", "rs", status | generation | everyone | scale},
    {"apps", "v1", "statefulsets", "StatefulSet", "sts", status | generation | everyone | scale},
    {"events.k8s.io", "v1", "events", "Event", "ev", 0},
    {"authentication.k8s.io", "v1", "selfsubjectreviews", "SelfSubjectReview", "", cluster | review},
    {"authentication.k8s.io", "v1", "tokenreviews", "TokenReview", "", cluster | review},
    {"authorization.k8s.io", "v1", "localsubjectaccessreviews", "LocalSubjectAccessReview", "", review},
    {"authorization.k8s.io", "v1", "selfsubjectaccessreviews", "SelfSubjectAccessReview", "", cluster | review},
    {"authorization.k8s.io", "v1", "selfsubjectrulesreviews", "SelfSubjectRulesReview", "", cluster | review},
    {"authorization.k8s.io", "v1", "subjectaccessreviews", "SubjectAccessReview", "", cluster | review},
    {"autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", "hpa", status | everyone},
    {"autoscaling", "v1", "horizontalpodautoscalers", "HorizontalPodAutoscaler", "hpa", status | everyone},
    {"batch", "v1", "cronjobs", "CronJob", "cj", status | generation | everyone},
    {"batch", "v1", "jobs", "Job", "", status | generation | everyone},
    {"certificates.k8s.io", "v1", "certificatesigningrequests", "CertificateSigningRequest", "csr", cluster | status},
    {"networking.k8s.io", "v1", "ingressclasses", "IngressClass", "", cluster | generation},
    {"networking.k8s.io", "v1", "ingresses", "Ingress", "ing", status | generation},
    {"networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", "netpol", generation},
    {"policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", "pdb", status | generation | conditional},
    {"rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding", "", cluster | any_name},
    {"rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", "", cluster | any_name},
    {"rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding", "", any_name},
    {"rbac.authorization.k8s.io", "v1", "roles", "Role", "", any_name},
    {"storage.k8s.io", "v1", "csidrivers", "CSIDriver", "", cluster | object_on_delete | conditional},
    {"storage.k8s.io", "v1", "csinodes", "CSINode", "", cluster | object_on_delete | conditional},
    {"storage.k8s.io", "v1", "storageclasses", "StorageClass", "sc", cluster | object_on_delete},
    {"storage.k8s.io", "v1", "volumeattachments", "VolumeAttachment", "",
     cluster | status | object_on_delete | conditional},
    {"admissionregistration.k8s.io", "v1", "mutatingwebhookconfigurations", "MutatingWebhookConfiguration", "",
     cluster | generation | conditional | extension},
    {"admissionregistration.k8s.io", "v1", "validatingwebhookconfigurations", "ValidatingWebhookConfiguration", "",
     cluster | generation | conditional | extension},
    {"apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", "crd,crds",
     cluster | status | generation | conditional | extension},
    {"scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass", "pc", cluster | generation},
    {"coordination.k8s.io", "v1", "leases", "Lease", "", conditional},
    {"node.k8s.io", "v1", "runtimeclasses", "RuntimeClass", "", cluster | conditional},
    {"discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", "", generation},
};

// What only a chosen release serves; without one they are guessed, as any resource.
const Row more_rows[] = {
    {"", "v1", "componentstatuses", "ComponentStatus", "cs", cluster | read_only},
    {"storage.k8s.io", "v1", "csistoragecapacities", "CSIStorageCapacity", "", 0},
    {"storage.k8s.io", "v1", "volumeattributesclasses", "VolumeAttributesClass", "vac", cluster},
    {"networking.k8s.io", "v1", "ipaddresses", "IPAddress", "ip", cluster},
    {"networking.k8s.io", "v1", "servicecidrs", "ServiceCIDR", "", cluster | status},
    {"admissionregistration.k8s.io", "v1", "validatingadmissionpolicies", "ValidatingAdmissionPolicy", "",
     cluster | status | generation | conditional | extension},
    {"admissionregistration.k8s.io", "v1", "validatingadmissionpolicybindings", "ValidatingAdmissionPolicyBinding", "",
     cluster | generation | conditional | extension},
    {"admissionregistration.k8s.io", "v1", "mutatingadmissionpolicies", "MutatingAdmissionPolicy", "",
     cluster | generation | conditional | extension},
    {"admissionregistration.k8s.io", "v1", "mutatingadmissionpolicybindings", "MutatingAdmissionPolicyBinding", "",
     cluster | generation | conditional | extension},
    {"flowcontrol.apiserver.k8s.io", "v1", "flowschemas", "FlowSchema", "", cluster | status | generation},
    {"flowcontrol.apiserver.k8s.io", "v1", "prioritylevelconfigurations", "PriorityLevelConfiguration", "",
     cluster | status | generation},
    {"resource.k8s.io", "v1", "deviceclasses", "DeviceClass", "", cluster | generation},
    {"resource.k8s.io", "v1", "resourceclaims", "ResourceClaim", "", status},
    {"resource.k8s.io", "v1", "resourceclaimtemplates", "ResourceClaimTemplate", "", 0},
    {"resource.k8s.io", "v1", "resourceslices", "ResourceSlice", "", cluster | generation},
};

Kind kind_of(const Row &row)
{
    Kind kind = make_kind(row.group, row.version, row.plural, row.kind, (row.traits & cluster) == 0);
    kind.custom = false;
    kind.has_status = row.traits & status;
    kind.counts_generation = row.traits & generation;
    kind.returns_deleted = row.traits & object_on_delete;
    kind.needs_resource_version = row.traits & conditional;
    kind.any_name = row.traits & any_name;
    kind.review = row.traits & review;
    kind.read_only = row.traits & read_only;
    if (row.traits & scale) kind.scale = Kind::ScalePaths{".spec.replicas", ".status.replicas", ""};
    std::istringstream names(row.short_names);
    for (std::string name; std::getline(names, name, ',');) kind.short_names.push_back(name);
    if (row.traits & everyone) kind.categories.push_back("all");
    if (row.traits & extension) kind.categories.push_back("api-extensions");
    return kind;
}

}  // namespace

std::vector<Kind> builtin_kinds()
{
    std::vector<Kind> kinds;
    for (const Row &row : rows) kinds.push_back(kind_of(row));
    return kinds;
}

Kind builtin_kind(const std::string &group, const std::string &version, const std::string &plural)
{
    // Before it had a group of its own.
    const std::string_view home = group == "extensions" ? "networking.k8s.io" : std::string_view(group);
    const auto find = [&](const auto &table) {
        return std::find_if(std::begin(table), std::end(table),
                            [&](const Row &row) { return row.group == home && row.plural == plural; });
    };
    const auto common = find(rows);
    const auto more = find(more_rows);
    if (common == std::end(rows) && more == std::end(more_rows))
        fail(K8SC_E_INTERNAL, "no kind is known for " + plural);
    Kind kind = kind_of(common != std::end(rows) ? *common : *more);
    kind.group = group;
    kind.version = version;
    return kind;
}

}  // namespace k8sc::testing
