// What is posted to pods: an eviction, which budgets may forbid, and a binding to a node.
#include "testing/api/resources.h"
#include "testing/api/subresources.h"
#include "testing/schema/names.h"
#include "testing/schema/status.h"
#include "testing/store/selector.h"

namespace k8sc::testing {

namespace {

ApiError over_budget(std::string why)
{
    StatusDetails details;
    details.causes.push_back({"DisruptionBudget", std::move(why), ""});
    return {429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.", details, {}};
}

bool selects(const json_t *budget, const Object &pod)
{
    const json_t *selector = value_at(budget, {"spec", "selector"});
    return json_is_object(selector) && Selector(selector_text(selector), "").matches(pod);
}

int64_t number_at(const json_t *document, const char *key)
{
    return json_integer_value(value_at(document, {"status", key}));
}

bool is_ready(const json_t *pod)
{
    const json_t *conditions = value_at(pod, {"status", "conditions"});
    for (size_t i = 0; i < json_array_size(conditions); ++i) {
        const json_t *condition = json_array_get(conditions, i);
        if (text_at(condition, {"type"}) == "Ready") return text_at(condition, {"status"}) == "True";
    }
    return false;
}

// One disruption less is allowed, and this pod is the one. Throws ApiError where none is.
void take_one(const Kind &kind, const std::string &pod, json_t *budget, bool strict)
{
    const std::string name(text_at(budget, {"metadata", "name"}));
    const json_t *observed = value_at(budget, {"status", "observedGeneration"});
    // No controller writes it here, so a test need not.
    const bool checks = strict || observed;
    if (checks && json_integer_value(observed) < json_integer_value(value_at(budget, {"metadata", "generation"})))
        throw over_budget("The disruption budget " + name + " is still being processed by the server.");
    const int64_t allowed = number_at(budget, "disruptionsAllowed");
    if (allowed < 0) {
        const std::string resource = "poddisruptionbudget.policy";
        throw ApiError{403,
                       "Forbidden",
                       resource + " \"" + name + "\" is forbidden: pdb disruptions allowed is negative",
                       StatusDetails{.name = name, .group = kind.group, .kind = "poddisruptionbudget"},
                       {}};
    }
    if (allowed == 0)
        throw over_budget("The disruption budget " + name + " needs " +
                          std::to_string(number_at(budget, "desiredHealthy")) + " healthy pods and has " +
                          std::to_string(number_at(budget, "currentHealthy")) + " currently");
    json_t *status = json_object_get(budget, "status");
    set(status, "disruptionsAllowed", Json::integer(allowed - 1));
    if (!json_is_object(json_object_get(status, "disruptedPods"))) set(status, "disruptedPods", Json::object());
    set(json_object_get(status, "disruptedPods"), pod.c_str(), Json::text(timestamp()));
}

}  // namespace

Deletion Resources::evict(const Kind &kind, const std::string &ns, const std::string &name,
                          const DeleteOptions &options)
{
    Store::Write write(store_);
    const ObjectPtr pod = write.find(kind.collection(), ns + "/" + name);
    if (!pod) throw not_found(kind, name);
    // These disrupt nothing.
    const bool free = pod->phase == "Succeeded" || pod->phase == "Failed" || pod->phase == "Pending";
    const KindPtr budgets = kinds_.of_collection("policy/poddisruptionbudgets");
    std::vector<ObjectPtr> matching;
    if (!free)
        for (const ObjectPtr &budget : write.all(budgets->collection()))
            if (budget->ns == ns && selects(budget->document().get(), *pod)) matching.push_back(budget);
    if (matching.size() > 1)
        throw ApiError{
            500,
            "",
            "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
            {},
            {}};
    if (matching.size() == 1) {
        Json budget = matching.front()->document();
        const int64_t desired = number_at(budget.get(), "desiredHealthy");
        const bool counts =
            is_ready(pod->document().get()) || number_at(budget.get(), "currentHealthy") < desired || desired == 0;
        if (counts) take_one(*budgets, name, budget.get(), strict_);
        if (counts && !options.dry_run) save(write, *budgets, matching.front(), std::move(budget));
    }
    return remove(write, kind, ns, name, options);
}

void Resources::bind(const Kind &kind, const std::string &ns, const std::string &name, const std::string &node,
                     const json_t *binding, bool dry_run)
{
    Store::Write write(store_);
    const ObjectPtr pod = write.find(kind.collection(), ns + "/" + name);
    if (!pod) throw not_found(kind, name);
    Json document = pod->document();
    Kind named = kind;
    named.plural += "/binding";
    if (!text_at(document.get(), {"metadata", "deletionTimestamp"}).empty())
        throw conflict(named, name, "pod " + name + " is being deleted, cannot be assigned to a host");
    if (!pod->node_name.empty())
        throw conflict(named, name, "pod " + name + " is already assigned to node \"" + pod->node_name + "\"");
    if (!json_is_object(json_object_get(document.get(), "spec"))) set(document.get(), "spec", Json::object());
    set(json_object_get(document.get(), "spec"), "nodeName", Json::text(node));
    const char *key;
    json_t *value;
    json_object_foreach(value_at(binding, {"metadata", "annotations"}), key, value)
    {
        json_t *metadata = metadata_of(document.get());
        if (!json_is_object(json_object_get(metadata, "annotations"))) set(metadata, "annotations", Json::object());
        set(json_object_get(metadata, "annotations"), key, Json::share(value));
    }
    if (!json_is_object(json_object_get(document.get(), "status"))) set(document.get(), "status", Json::object());
    json_t *status = json_object_get(document.get(), "status");
    Json conditions = Json::array(), scheduled = Json::object();
    const json_t *others = json_object_get(status, "conditions");
    for (size_t i = 0; i < json_array_size(others); ++i)
        if (text_at(json_array_get(others, i), {"type"}) != "PodScheduled")
            append(conditions.get(), Json::share(json_array_get(others, i)));
    set(scheduled.get(), "type", Json::text("PodScheduled"));
    set(scheduled.get(), "status", Json::text("True"));
    set(scheduled.get(), "lastProbeTime", Json::take(json_null()));
    set(scheduled.get(), "lastTransitionTime", Json::text(timestamp()));
    append(conditions.get(), std::move(scheduled));
    set(status, "conditions", std::move(conditions));
    if (!dry_run) save(write, kind, pod, std::move(document));
}

}  // namespace k8sc::testing
