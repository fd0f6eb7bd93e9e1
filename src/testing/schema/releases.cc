#include "testing/schema/releases.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <sstream>

namespace k8sc::testing {

namespace {

struct Served {
    const char *group;
    const char *version;
    const char *plurals;
    int since = first_release;
    int until = last_release + 1;  // the first release that does not have it any more
};

// Betas are served until the stable version has replaced them; those that begin later than 1.24 have to be switched on,
// and are not here.
const Served served[] = {
    {"", "v1",
     "componentstatuses,configmaps,endpoints,events,limitranges,namespaces,nodes,persistentvolumeclaims,"
     "persistentvolumes,pods,podtemplates,replicationcontrollers,resourcequotas,secrets,serviceaccounts,services"},
    {"apps", "v1", "controllerrevisions,daemonsets,deployments,replicasets,statefulsets"},
    {"events.k8s.io", "v1", "events"},
    {"events.k8s.io", "v1beta1", "events", 20, 25},
    {"authentication.k8s.io", "v1", "selfsubjectreviews", 28},
    {"authentication.k8s.io", "v1", "tokenreviews"},
    {"authorization.k8s.io", "v1",
     "localsubjectaccessreviews,selfsubjectaccessreviews,selfsubjectrulesreviews,subjectaccessreviews"},
    {"autoscaling", "v2", "horizontalpodautoscalers", 23},
    {"autoscaling", "v1", "horizontalpodautoscalers"},
    {"autoscaling", "v2beta2", "horizontalpodautoscalers", 20, 26},
    {"autoscaling", "v2beta1", "horizontalpodautoscalers", 20, 25},
    {"batch", "v1", "cronjobs", 21},
    {"batch", "v1", "jobs"},
    {"batch", "v1beta1", "cronjobs", 20, 25},
    {"certificates.k8s.io", "v1", "certificatesigningrequests"},
    {"certificates.k8s.io", "v1beta1", "certificatesigningrequests", 20, 22},
    {"networking.k8s.io", "v1", "ingressclasses,ingresses,networkpolicies"},
    {"networking.k8s.io", "v1", "ipaddresses,servicecidrs", 33},
    {"networking.k8s.io", "v1beta1", "ingressclasses,ingresses", 20, 22},
    {"extensions", "v1beta1", "ingresses", 20, 22},
    {"policy", "v1", "poddisruptionbudgets", 21},
    {"policy", "v1beta1", "poddisruptionbudgets", 20, 25},
    {"rbac.authorization.k8s.io", "v1", "clusterrolebindings,clusterroles,rolebindings,roles"},
    {"rbac.authorization.k8s.io", "v1beta1", "clusterrolebindings,clusterroles,rolebindings,roles", 20, 22},
    {"storage.k8s.io", "v1", "csidrivers,csinodes,storageclasses,volumeattachments"},
    {"storage.k8s.io", "v1", "csistoragecapacities", 24},
    {"storage.k8s.io", "v1", "volumeattributesclasses", 34},
    {"storage.k8s.io", "v1beta1", "csidrivers,csinodes,storageclasses,volumeattachments", 20, 22},
    {"storage.k8s.io", "v1beta1", "csistoragecapacities", 21, 27},
    {"admissionregistration.k8s.io", "v1", "mutatingwebhookconfigurations,validatingwebhookconfigurations"},
    {"admissionregistration.k8s.io", "v1", "validatingadmissionpolicies,validatingadmissionpolicybindings", 30},
    {"admissionregistration.k8s.io", "v1", "mutatingadmissionpolicies,mutatingadmissionpolicybindings", 36},
    {"admissionregistration.k8s.io", "v1beta1", "mutatingwebhookconfigurations,validatingwebhookconfigurations", 20,
     22},
    {"apiextensions.k8s.io", "v1", "customresourcedefinitions"},
    {"scheduling.k8s.io", "v1", "priorityclasses"},
    {"scheduling.k8s.io", "v1beta1", "priorityclasses", 20, 22},
    {"coordination.k8s.io", "v1", "leases"},
    {"coordination.k8s.io", "v1beta1", "leases", 20, 22},
    {"node.k8s.io", "v1", "runtimeclasses"},
    {"node.k8s.io", "v1beta1", "runtimeclasses", 20, 25},
    {"discovery.k8s.io", "v1", "endpointslices", 21},
    {"discovery.k8s.io", "v1beta1", "endpointslices", 20, 25},
    {"flowcontrol.apiserver.k8s.io", "v1", "flowschemas,prioritylevelconfigurations", 29},
    {"flowcontrol.apiserver.k8s.io", "v1beta3", "flowschemas,prioritylevelconfigurations", 26, 32},
    {"flowcontrol.apiserver.k8s.io", "v1beta2", "flowschemas,prioritylevelconfigurations", 23, 29},
    {"flowcontrol.apiserver.k8s.io", "v1beta1", "flowschemas,prioritylevelconfigurations", 20, 26},
    {"resource.k8s.io", "v1", "deviceclasses,resourceclaims,resourceclaimtemplates,resourceslices", 34},
};

}  // namespace

int release_of(std::string_view version)
{
    if (version.starts_with('v')) version.remove_prefix(1);
    if (!version.starts_with("1.")) return 0;
    version.remove_prefix(2);
    int minor = 0;
    const auto [end, error] = std::from_chars(version.data(), version.data() + version.size(), minor);
    const bool ends = end == version.data() + version.size() || *end == '.';
    return error == std::errc() && ends && minor >= first_release && minor <= last_release ? minor : 0;
}

std::string version_name(int minor)
{
    return (minor == 20 ? "v1.20.2" : "v1." + std::to_string(minor) + ".0") + "+k8sc-fake";
}

std::vector<Kind> kinds_of_release(int minor)
{
    std::vector<Kind> kinds;
    for (const Served &row : served) {
        if (minor < row.since || minor >= row.until) continue;
        std::istringstream names(row.plurals);
        for (std::string plural; std::getline(names, plural, ',');) {
            kinds.push_back(builtin_kind(row.group, row.version, plural));
            kinds.back().release = minor;
        }
    }
    return kinds;
}

bool is_own_group(std::string_view group)
{
    return std::any_of(std::begin(served), std::end(served), [&](const Served &row) { return row.group == group; });
}

}  // namespace k8sc::testing
