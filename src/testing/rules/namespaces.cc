#include "testing/rules/namespaces.h"

#include "testing/rules/metadata.h"
#include "testing/schema/since.h"

namespace k8sc::testing {

namespace {

const char finalizer[] = "kubernetes";

bool has_amounts(const json_t *container, const char *which)
{
    return json_object_size(value_at(container, {"resources", which})) > 0;
}

// Guaranteed where every container is limited in both, to what it requests.
const char *qos_class(const json_t *pod)
{
    bool any = false, all = true;
    const json_t *containers = value_at(pod, {"spec", "containers"});
    for (size_t i = 0; i < json_array_size(containers); ++i) {
        const json_t *container = json_array_get(containers, i);
        any = any || has_amounts(container, "requests") || has_amounts(container, "limits");
        const json_t *requests = value_at(container, {"resources", "requests"});
        for (const char *resource : {"cpu", "memory"}) {
            const json_t *limit = value_at(container, {"resources", "limits", resource}),
                         *request = json_object_get(requests, resource);
            all = all && limit && (!request || json_equal(const_cast<json_t *>(limit), const_cast<json_t *>(request)));
        }
    }
    return !any ? "BestEffort" : all ? "Guaranteed" : "Burstable";
}

}  // namespace

const char *const first_namespaces[4] = {"default", "kube-system", "kube-public", "kube-node-lease"};

bool is_namespace(const Kind &kind) { return kind.group.empty() && kind.plural == "namespaces"; }

bool is_pod(const Kind &kind) { return kind.group.empty() && kind.plural == "pods"; }

void begin_status(const Kind &kind, json_t *document)
{
    // A kubelet creates its node with the status.
    if (kind.custom || !kind.has_status || kind.plural == "nodes") return;
    json_object_del(document, "status");
    const bool waits = is_pod(kind) || (kind.group.empty() &&
                                        (kind.kind == "PersistentVolumeClaim" || kind.kind == "PersistentVolume"));
    if (!waits && !is_namespace(kind)) return;
    Json status = Json::object();
    set(status.get(), "phase", Json::text(waits ? "Pending" : "Active"));
    if (is_pod(kind)) set(status.get(), "qosClass", Json::text(qos_class(document)));
    set(document, "status", std::move(status));
    if (waits) return;
    if (!json_is_object(json_object_get(document, "spec"))) set(document, "spec", Json::object());
    json_t *spec = json_object_get(document, "spec");
    if (!json_is_array(json_object_get(spec, "finalizers"))) set(spec, "finalizers", Json::array());
    if (!has_text(json_object_get(spec, "finalizers"), finalizer))
        append(json_object_get(spec, "finalizers"), Json::text(finalizer));
}

void label_namespace(const Kind &kind, json_t *document)
{
    if (!is_namespace(kind) || kind.release < since::namespace_name_label) return;
    json_t *metadata = metadata_of(document);
    const std::string_view name = text_at(metadata, {"name"});
    if (name.empty()) return;
    if (!json_is_object(json_object_get(metadata, "labels"))) set(metadata, "labels", Json::object());
    set(json_object_get(metadata, "labels"), "kubernetes.io/metadata.name", Json::text(name));
}

void check_may_be_deleted(const Kind &kind, const std::string &name)
{
    if (!is_namespace(kind) || (name != "default" && name != "kube-system" && name != "kube-public")) return;
    throw ApiError{403,
                   "Forbidden",
                   "namespaces \"" + name + "\" is forbidden: this namespace may not be deleted",
                   StatusDetails{.name = name, .kind = kind.plural},
                   {}};
}

ApiError terminating_namespace(const Kind &kind, const std::string &name, const std::string &ns)
{
    StatusDetails details{.name = name, .group = kind.group, .kind = kind.plural};
    details.causes.push_back(
        {"NamespaceTerminating", "namespace " + ns + " is being terminated", "metadata.namespace"});
    const std::string who = name.empty() ? "" : " \"" + name + "\"";
    return {403,
            "Forbidden",
            kind.resource() + who + " is forbidden: unable to create new content in namespace " + ns +
                " because it is being terminated",
            details,
            {}};
}

bool is_held(const Kind &kind, const json_t *document)
{
    return has_finalizers(document) ||
           (is_namespace(kind) && json_array_size(value_at(document, {"spec", "finalizers"})) > 0);
}

bool has_text(const json_t *array, std::string_view text)
{
    for (size_t i = 0; i < json_array_size(array); ++i)
        if (text_at(json_array_get(array, i), {}) == text) return true;
    return false;
}

bool drop_text(json_t *object, const char *key, std::string_view text)
{
    json_t *array = json_object_get(object, key);
    if (!has_text(array, text)) return false;
    Json kept = Json::array();
    for (size_t i = 0; i < json_array_size(array); ++i)
        if (text_at(json_array_get(array, i), {}) != text) append(kept.get(), Json::share(json_array_get(array, i)));
    if (json_array_size(kept.get()) == 0)
        json_object_del(object, key);
    else
        set(object, key, std::move(kept));
    return true;
}

}  // namespace k8sc::testing
