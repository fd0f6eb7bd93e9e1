// Which fields of which resources can be selected, and what stands there where nothing does.
#include <algorithm>
#include <iterator>

#include "testing/schema/kind.h"
#include "testing/schema/since.h"
#include "testing/schema/status.h"
#include "testing/store/selector.h"

namespace k8sc::testing {

namespace {

struct Selectable {
    const char *group;
    const char *plural;
    const char *label;
    const char *path = nullptr;  // where it is not the label
    const char *zero = "";
    int since = 0;
};

const Selectable selectables[] = {
    {"", "pods", "metadata.name"},
    {"", "pods", "metadata.namespace"},
    {"", "pods", "spec.nodeName"},
    {"", "pods", "spec.restartPolicy"},
    {"", "pods", "spec.schedulerName"},
    {"", "pods", "spec.serviceAccountName"},
    {"", "pods", "spec.hostNetwork", nullptr, "false"},
    {"", "pods", "status.phase"},
    {"", "pods", "status.podIP"},
    {"", "pods", "status.podIPs"},
    {"", "pods", "status.nominatedNodeName"},
    {"", "nodes", "metadata.name"},
    {"", "nodes", "spec.unschedulable", nullptr, "false"},
    {"", "namespaces", "metadata.name"},
    {"", "namespaces", "status.phase"},
    {"", "secrets", "metadata.name"},
    {"", "secrets", "metadata.namespace"},
    {"", "secrets", "type"},
    {"", "replicationcontrollers", "metadata.name"},
    {"", "replicationcontrollers", "metadata.namespace"},
    {"", "replicationcontrollers", "status.replicas", nullptr, "0"},
    {"", "events", "metadata.name"},
    {"", "events", "metadata.namespace"},
    {"", "events", "involvedObject.kind"},
    {"", "events", "involvedObject.namespace"},
    {"", "events", "involvedObject.name"},
    {"", "events", "involvedObject.uid"},
    {"", "events", "involvedObject.apiVersion"},
    {"", "events", "involvedObject.resourceVersion"},
    {"", "events", "involvedObject.fieldPath"},
    {"", "events", "reason"},
    {"", "events", "reportingComponent"},
    {"", "events", "source", "source.component"},
    {"", "events", "type"},
    {"events.k8s.io", "events", "metadata.name"},
    {"events.k8s.io", "events", "metadata.namespace"},
    {"events.k8s.io", "events", "regarding.kind"},
    {"events.k8s.io", "events", "regarding.namespace"},
    {"events.k8s.io", "events", "regarding.name"},
    {"events.k8s.io", "events", "regarding.uid"},
    {"events.k8s.io", "events", "regarding.apiVersion"},
    {"events.k8s.io", "events", "regarding.resourceVersion"},
    {"events.k8s.io", "events", "regarding.fieldPath"},
    {"events.k8s.io", "events", "reason"},
    {"events.k8s.io", "events", "reportingController"},
    {"events.k8s.io", "events", "type"},
    {"", "services", "metadata.name", nullptr, "", since::service_fields},
    {"", "services", "metadata.namespace", nullptr, "", since::service_fields},
    {"", "services", "spec.clusterIP", nullptr, "", since::service_fields},
    {"", "services", "spec.type", nullptr, "", since::service_fields},
    {"batch", "jobs", "metadata.name"},
    {"batch", "jobs", "metadata.namespace"},
    {"batch", "jobs", "status.successful", "status.succeeded", "0"},
    {"batch", "cronjobs", "metadata.name"},
    {"batch", "cronjobs", "metadata.namespace"},
    {"batch", "cronjobs", "status.successful", "status.succeeded", "0"},
    {"certificates.k8s.io", "certificatesigningrequests", "metadata.name"},
    {"certificates.k8s.io", "certificatesigningrequests", "spec.signerName"},
};

bool is_of(const Selectable &row, const Kind &kind)
{
    return !kind.custom && row.group == kind.group && row.plural == kind.plural && kind.release >= row.since;
}

[[noreturn]] void refuse(const Kind &kind, const std::string &label, bool has_own)
{
    if (kind.group == "batch" && !kind.custom) {
        const std::string job = kind.release >= since::words_of_jobs ? "Job" : "batchv1.Job";
        throw bad_request("field label \"" + label + "\" not supported for " +
                          (kind.kind == "Job" ? job : "\"" + kind.kind + "\""));
    }
    if (has_own || kind.custom) throw bad_request("field label not supported: " + label);
    throw bad_request("\"" + label +
                      "\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
}

bool is_custom_field(const Kind &kind, const std::string &label)
{
    return std::find(kind.selectable.begin(), kind.selectable.end(), label) != kind.selectable.end();
}

}  // namespace

void Selector::bind_fields(const Kind &kind, bool strict)
{
    const bool has_own = std::any_of(std::begin(selectables), std::end(selectables),
                                     [&](const Selectable &row) { return is_of(row, kind); });
    for (FieldRequirement &requirement : fields_) {
        const auto is_it = [&](const Selectable &row) { return is_of(row, kind) && row.label == requirement.path; };
        const auto found = std::find_if(std::begin(selectables), std::end(selectables), is_it);
        const bool usual =
            !has_own && (requirement.path == "metadata.name" || requirement.path == "metadata.namespace");
        if (found != std::end(selectables)) {
            requirement.zero = found->zero;
            if (found->path) requirement.path = found->path;
        } else if (strict && !usual && !is_custom_field(kind, requirement.path)) {
            refuse(kind, requirement.path, has_own);
        }
    }
}

}  // namespace k8sc::testing
