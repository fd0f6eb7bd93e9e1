#include "testing/rules/standard.h"

#include <set>

#include "testing/rules/standard_errors.h"
#include "testing/schema/names.h"
#include "testing/schema/since.h"
#include "testing/schema/status.h"

namespace k8sc::testing {

namespace {

constexpr int64_t last_port = 65535;
const char mismatch[] = "`selector` does not match template `labels`";

// An object and, when it is changed, what it was.
struct Checked {
    const Kind &kind;
    const json_t *document;
    const json_t *before;
    StandardErrors &errors;

    const json_t *spec() const { return json_object_get(document, "spec"); }
    const json_t *spec_before() const { return json_object_get(before, "spec"); }
};

// ---- what makes pods

// Whether labels are selected: of a selector as objects have it.
bool selects(const json_t *selector, const json_t *labels)
{
    const char *key = nullptr;
    const json_t *wanted = nullptr;
    json_object_foreach(json_object_get(const_cast<json_t *>(selector), "matchLabels"), key, wanted)
    {
        const json_t *value = json_object_get(labels, key);
        if (!value || !json_equal(value, wanted)) return false;
    }
    bool all = true;
    each_item(json_object_get(selector, "matchExpressions"), "", [&](const json_t *expression, const std::string &) {
        const std::string name(text_at(expression, {"key"}));
        const std::string_view how = text_at(expression, {"operator"});
        const json_t *value = json_object_get(labels, name.c_str());
        bool listed = false;
        each_item(json_object_get(expression, "values"), "", [&](const json_t *one, const std::string &) {
            listed = listed || (value && json_equal(one, value));
        });
        if (how == "In")
            all = all && listed;
        else if (how == "NotIn")
            all = all && !listed;
        else if (how == "Exists")
            all = all && value;
        else if (how == "DoesNotExist")
            all = all && !value;
    });
    return all;
}

void check_selector(const Checked &of, const std::string &empty_for)
{
    const json_t *selector = json_object_get(of.spec(), "selector"),
                 *labels = value_at(of.document, {"spec", "template", "metadata", "labels"});
    if (!json_is_object(selector)) {
        // DaemonSets are told the second thing only.
        if (empty_for != "daemonset") of.errors.required("spec.selector");
        of.errors.wrong("spec.template.metadata.labels", shown_labels(labels, of.kind.release), mismatch);
    } else if (json_object_size(json_object_get(selector, "matchLabels")) +
                   json_array_size(json_object_get(selector, "matchExpressions")) ==
               0)
        of.errors.wrong("spec.selector", shown_selector(selector, of.kind.release),
                        "empty selector is invalid for " + empty_for);
    else if (!selects(selector, labels))
        of.errors.wrong("spec.template.metadata.labels", shown_labels(labels, of.kind.release), mismatch);
}

void check_template_labels(const Checked &of)
{
    const char *key = nullptr;
    json_t *label = nullptr;
    json_object_foreach(value_at(of.document, {"spec", "template", "metadata", "labels"}), key, label)
    {
        if (const std::string why = wrong_label_key(key, of.kind.release); !why.empty())
            of.errors.wrong("spec.template.labels", in_quotes(key), why);
        if (const std::string why = wrong_label_value(text_at(label, {}), of.kind.release); !why.empty())
            of.errors.wrong("spec.template.labels", in_quotes(text_at(label, {})), why);
    }
}

// `named`: what messages call the kind.
void check_template(const Checked &of, const std::string &named)
{
    const json_t *spec = value_at(of.document, {"spec", "template", "spec"});
    const bool stateful = named == "StatefulSet";
    if (!stateful) check_pod_spec(spec, "spec.template.spec", of.errors);
    check_template_labels(of);
    // What a StatefulSet's containers lack showed when its pods were made. Now its labels are
    // looked at twice.
    if (stateful && of.kind.release >= since::statefulset_pods) {
        check_template_labels(of);
        check_pod_spec(spec, "spec.template.spec", of.errors);
    }
    of.errors.one_of(spec, "restartPolicy", "spec.template.spec", {"Always"});
    if (json_object_get(spec, "activeDeadlineSeconds"))
        of.errors.forbid("spec.template.spec.activeDeadlineSeconds",
                         "activeDeadlineSeconds in " + named + " is not Supported");
}

bool is_zero(const json_t *value)
{
    return json_is_integer(value) ? json_integer_value(value) == 0 : text_at(value, {}) == "0%";
}

std::string shown_amount(const json_t *value, int release)
{
    if (release >= since::values_as_json) return dump(value);
    if (json_is_integer(value)) return "intstr.IntOrString{Type:0, IntVal:" + dump(value) + ", StrVal:\"\"}";
    return "intstr.IntOrString{Type:1, IntVal:0, StrVal:" + in_quotes(text_at(value, {})) + "}";
}

std::string shown_strategy(std::string_view type, int release)
{
    if (release >= since::values_as_json) return "{\"Type\":" + in_quotes(type) + ",\"RollingUpdate\":null}";
    return "apps.DeploymentStrategy{Type:" + in_quotes(type) + ", RollingUpdate:(*apps.RollingUpdateDeployment)(nil)}";
}

void check_deployment(const Checked &of)
{
    const json_t *strategy = json_object_get(of.spec(), "strategy"),
                 *rolling = json_object_get(strategy, "rollingUpdate");
    of.errors.not_negative(of.spec(), "replicas", "spec");
    check_selector(of, "deployment");
    check_template(of, "ReplicaSet");
    if (const std::string_view type = text_at(strategy, {"type"});
        !type.empty() && type != "Recreate" && type != "RollingUpdate")
        of.errors.unsupported("spec.strategy", shown_strategy(type, of.kind.release),
                              "\"Recreate\", \"RollingUpdate\"");
    if (text_at(strategy, {"type"}) == "Recreate" && json_is_object(rolling))
        of.errors.forbid("spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'");
    if (const json_t *most = json_object_get(rolling, "maxUnavailable");
        is_zero(most) && is_zero(json_object_get(rolling, "maxSurge")) && most)
        of.errors.wrong("spec.strategy.rollingUpdate.maxUnavailable", shown_amount(most, of.kind.release),
                        "may not be 0 when `maxSurge` is 0");
    for (const char *number : {"minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"})
        of.errors.not_negative(of.spec(), number, "spec");
    const json_t *deadline = json_object_get(of.spec(), "progressDeadlineSeconds");
    const json_int_t ready = json_integer_value(json_object_get(of.spec(), "minReadySeconds"));
    if (json_is_integer(deadline) && json_integer_value(deadline) >= 0 && json_integer_value(deadline) <= ready)
        of.errors.wrong("spec.progressDeadlineSeconds", dump(deadline), "must be greater than minReadySeconds");
    of.errors.unchanged(of.spec_before(), of.spec(), "selector", "spec.selector");
}

void check_replicaset(const Checked &of)
{
    of.errors.not_negative(of.spec(), "replicas", "spec");
    of.errors.not_negative(of.spec(), "minReadySeconds", "spec");
    check_selector(of, "deployment");
    check_template(of, "ReplicaSet");
    of.errors.unchanged(of.spec_before(), of.spec(), "selector", "spec.selector");
}

void check_daemonset(const Checked &of)
{
    check_selector(of, "daemonset");
    check_template(of, "DaemonSet");
    of.errors.not_negative(of.spec(), "minReadySeconds", "spec");
    of.errors.one_of(json_object_get(of.spec(), "updateStrategy"), "type", "spec.updateStrategy",
                     {"RollingUpdate", "OnDelete"});
    of.errors.unchanged(of.spec_before(), of.spec(), "selector", "spec.selector");
}

void check_statefulset(const Checked &of)
{
    const std::string_view policy = text_at(of.spec(), {"podManagementPolicy"});
    if (!policy.empty() && policy != "OrderedReady" && policy != "Parallel")
        of.errors.wrong("spec.podManagementPolicy", in_quotes(policy), "must be 'OrderedReady' or 'Parallel'");
    of.errors.not_negative(of.spec(), "replicas", "spec");
    check_selector(of, "statefulset");
    check_template(of, "StatefulSet");
    if (!json_is_object(of.spec_before()) || !json_is_object(of.spec())) return;
    const Json was = Json::take(json_deep_copy(of.spec_before())), is = Json::take(json_deep_copy(of.spec()));
    for (json_t *spec : {was.get(), is.get()})
        for (const char *free : {"replicas", "template", "updateStrategy", "minReadySeconds",
                                 "persistentVolumeClaimRetentionPolicy", "ordinals", "revisionHistoryLimit"})
            json_object_del(spec, free);
    const char *may_change = of.kind.release < since::words_of_pods
                                 ? "'replicas', 'template', and 'updateStrategy'"
                                 : "'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', "
                                   "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds'";
    if (!json_equal(was.get(), is.get()))
        of.errors.forbid("spec", std::string("updates to statefulset spec for fields other than ") + may_change +
                                     " are forbidden");
}

void check_controller(const Checked &of)
{
    const json_t *selector = json_object_get(of.spec(), "selector"),
                 *labels = value_at(of.document, {"spec", "template", "metadata", "labels"});
    of.errors.not_negative(of.spec(), "replicas", "spec");
    if (json_object_size(selector) == 0) return of.errors.required("spec.selector");
    if (!json_object_get(of.spec(), "template")) return of.errors.required("spec.template");
    const Json wrapped = Json::take(json_pack("{s:O}", "matchLabels", selector));
    if (!selects(wrapped.get(), labels))
        of.errors.wrong("spec.template.metadata.labels", shown_labels(labels, of.kind.release), mismatch);
    check_template(of, "ReplicationController");
}

void check_job_spec(const json_t *spec, const std::string &path, StandardErrors &errors)
{
    for (const char *number : {"parallelism", "completions", "backoffLimit", "ttlSecondsAfterFinished"})
        errors.not_negative(spec, number, path);
    const json_t *pods = value_at(spec, {"template", "spec"});
    const std::string place = path + ".template.spec";
    check_pod_spec(pods, place, errors);
    if (text_at(pods, {"restartPolicy"}) == "Always" || text_at(pods, {"restartPolicy"}).empty())
        errors.required(place + ".restartPolicy", "valid values: \"OnFailure\", \"Never\"");
}

void check_job(const Checked &of)
{
    check_job_spec(of.spec(), "spec", of.errors);
    const json_t *was = of.spec_before(), *is = of.spec();
    of.errors.unchanged(was, is, "selector", "spec.selector");
    // One that has not begun may be placed anew, and one with indexes may grow.
    if (!json_is_true(json_object_get(was, "suspend"))) of.errors.unchanged(was, is, "template", "spec.template");
    if (text_at(was, {"completionMode"}) != "Indexed") of.errors.unchanged(was, is, "completions", "spec.completions");
}

void check_cronjob(const Checked &of)
{
    of.errors.need(of.spec(), "schedule", "spec");
    of.errors.one_of(of.spec(), "concurrencyPolicy", "spec", {"Allow", "Forbid", "Replace"});
    for (const char *number : {"startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"})
        of.errors.not_negative(of.spec(), number, "spec");
    check_job_spec(value_at(of.document, {"spec", "jobTemplate", "spec"}), "spec.jobTemplate.spec", of.errors);
}

void check_pod(const Checked &of)
{
    check_pod_spec(of.spec(), "spec", of.errors);
    check_pod_update(of.spec_before(), of.spec(), of.errors);
}

// ---- the core

void check_service(const Checked &of)
{
    const json_t *ports = json_object_get(of.spec(), "ports");
    const std::string_view type = text_at(of.spec(), {"type"});
    std::set<std::string, std::less<>> names;
    if (json_array_size(ports) == 0 && type != "ExternalName" && text_at(of.spec(), {"clusterIP"}) != "None")
        of.errors.required("spec.ports");
    each_item(ports, "spec.ports", [&](const json_t *port, const std::string &path) {
        const std::string_view name = text_at(port, {"name"});
        if (name.empty() && json_array_size(ports) > 1) of.errors.required(path + ".name");
        if (!name.empty() && !names.emplace(name).second) of.errors.duplicate(path + ".name", in_quotes(name));
        if (const std::string why = name.empty() ? "" : wrong_label_name(name); !why.empty())
            of.errors.wrong(path + ".name", in_quotes(name), why);
        const Json none = Json::take(json_pack("{s:i}", "port", 0));
        of.errors.in_range(json_object_get(port, "port") ? port : none.get(), "port", path, 1, last_port);
        of.errors.one_of(port, "protocol", path, {"SCTP", "TCP", "UDP"});
        if (json_is_integer(json_object_get(port, "targetPort")))
            of.errors.in_range(port, "targetPort", path, 1, last_port);
    });
    of.errors.one_of(of.spec(), "type", "spec", {"ClusterIP", "ExternalName", "LoadBalancer", "NodePort"});
    of.errors.one_of(of.spec(), "sessionAffinity", "spec", {"ClientIP", "None"});
    if (type == "ExternalName") of.errors.need(of.spec(), "externalName", "spec");
}

void check_keys(const Checked &of, const char *member)
{
    const char *key = nullptr;
    json_t *value = nullptr;
    json_object_foreach(json_object_get(const_cast<json_t *>(of.document), member), key, value)
    {
        if (const std::string why = wrong_config_key(key); !why.empty())
            of.errors.wrong(std::string(member) + "[" + key + "]", in_quotes(key), why);
    }
}

void check_frozen(const Checked &of, std::initializer_list<const char *> members)
{
    if (!json_is_true(json_object_get(of.before, "immutable"))) return;
    if (!json_is_true(json_object_get(of.document, "immutable")))
        of.errors.forbid("immutable", "field is immutable when `immutable` is set");
    for (const char *member : members) {
        const json_t *was = json_object_get(of.before, member), *is = json_object_get(of.document, member);
        if (json_object_size(was) + json_object_size(is) > 0 && !json_equal(was, is))
            of.errors.forbid(member, "field is immutable when `immutable` is set");
    }
}

void check_config_map(const Checked &of)
{
    const json_t *texts = json_object_get(of.document, "data");
    check_keys(of, "data");
    check_keys(of, "binaryData");
    const char *key = nullptr;
    json_t *value = nullptr;
    json_object_foreach(json_object_get(const_cast<json_t *>(of.document), "binaryData"), key, value)
    {
        if (json_object_get(texts, key))
            of.errors.wrong(std::string("data[") + key + "]", in_quotes(key), "duplicate of key present in binaryData");
    }
    check_frozen(of, {"data", "binaryData"});
}

void check_secret(const Checked &of)
{
    const std::string_view type = text_at(of.document, {"type"});
    const auto need_key = [&](const char *key) {
        if (!value_at(of.document, {"data", key})) of.errors.required(std::string("data[") + key + "]");
    };
    check_keys(of, "data");
    if (type == "kubernetes.io/tls") need_key("tls.crt"), need_key("tls.key");
    if (type == "kubernetes.io/dockerconfigjson") need_key(".dockerconfigjson");
    if (type == "kubernetes.io/dockercfg") need_key(".dockercfg");
    if (type == "kubernetes.io/ssh-auth") need_key("ssh-privatekey");
    if (type == "kubernetes.io/basic-auth" && !value_at(of.document, {"data", "username"}) &&
        !value_at(of.document, {"data", "password"}))
        need_key("username"), need_key("password");
    if (type == "kubernetes.io/service-account-token" &&
        text_at(of.document, {"metadata", "annotations", "kubernetes.io/service-account.name"}).empty())
        of.errors.required("metadata.annotations[kubernetes.io/service-account.name]");
    of.errors.unchanged(of.before, of.document, "type", "type");
    check_frozen(of, {"data"});
}

void check_claim(const Checked &of)
{
    if (json_array_size(json_object_get(of.spec(), "accessModes")) == 0)
        of.errors.required("spec.accessModes", "at least 1 access mode is required");
    if (!value_at(of.spec(), {"resources", "requests", "storage"})) of.errors.required("spec.resources[storage]");
}

void check_event(const Checked &of)
{
    const std::string_view ns = text_at(of.document, {"metadata", "namespace"}),
                           about = text_at(of.document, {"involvedObject", "namespace"});
    if (!about.empty() && about != ns)
        of.errors.wrong("involvedObject.namespace", in_quotes(about), "does not match event.namespace");
    if (about.empty() && ns != "default" && ns != "kube-system")
        of.errors.wrong("involvedObject.namespace", "\"\"", "does not match event.namespace");
}

// ---- permissions

void check_rules(const Checked &of)
{
    each_item(json_object_get(of.document, "rules"), "rules", [&](const json_t *rule, const std::string &path) {
        const auto has = [&](const char *name) { return json_array_size(json_object_get(rule, name)) > 0; };
        if (!has("verbs")) of.errors.required(path + ".verbs", "verbs must contain at least one value");
        if (has("nonResourceURLs")) {
            if (of.kind.namespaced)
                of.errors.wrong(path + ".nonResourceURLs", dump(json_object_get(rule, "nonResourceURLs")),
                                "namespaced rules cannot apply to non-resource URLs");
            return;
        }
        if (!has("apiGroups"))
            of.errors.required(path + ".apiGroups", "resource rules must supply at least one api group");
        if (!has("resources"))
            of.errors.required(path + ".resources", "resource rules must supply at least one resource");
    });
}

std::string shown_role(const json_t *role, int release)
{
    const auto text = [&](const char *name) { return in_quotes(text_at(role, {name})); };
    if (release >= since::values_as_json)
        return "{\"APIGroup\":" + text("apiGroup") + ",\"Kind\":" + text("kind") + ",\"Name\":" + text("name") + "}";
    return "rbac.RoleRef{APIGroup:" + text("apiGroup") + ", Kind:" + text("kind") + ", Name:" + text("name") + "}";
}

void check_role_binding(const Checked &of)
{
    json_t *role = json_object_get(of.document, "roleRef");
    if (of.kind.namespaced)
        of.errors.one_of(role, "kind", "roleRef", {"Role", "ClusterRole"});
    else
        of.errors.one_of(role, "kind", "roleRef", {"ClusterRole"});
    of.errors.need(role, "name", "roleRef");
    each_item(json_object_get(of.document, "subjects"), "subjects",
              [&](const json_t *subject, const std::string &path) {
                  of.errors.need(subject, "name", path);
                  of.errors.one_of(subject, "kind", path, {"ServiceAccount", "User", "Group"});
                  if (text_at(subject, {"kind"}) == "ServiceAccount" && !of.kind.namespaced)
                      of.errors.need(subject, "namespace", path);
              });
    if (json_t *was = json_object_get(of.before, "roleRef"); was && !json_equal(was, role))
        of.errors.wrong("roleRef", shown_role(role, of.kind.release), "cannot change roleRef");
}

// ---- other groups

void check_scaler(const Checked &of)
{
    const json_t *most = json_object_get(of.spec(), "maxReplicas"), *least = json_object_get(of.spec(), "minReplicas");
    of.errors.need(json_object_get(of.spec(), "scaleTargetRef"), "kind", "spec.scaleTargetRef");
    of.errors.need(json_object_get(of.spec(), "scaleTargetRef"), "name", "spec.scaleTargetRef");
    const std::string shown = std::to_string(json_integer_value(most));
    if (json_integer_value(most) < 1 && of.kind.release >= since::words_of_scalers)
        of.errors.required("spec.maxReplicas", "must be set and greater than 0");
    else if (json_integer_value(most) < 1)
        of.errors.wrong("spec.maxReplicas", shown, "must be greater than 0");
    if (json_is_integer(least) && json_integer_value(most) < json_integer_value(least))
        of.errors.wrong("spec.maxReplicas", shown, "must be greater than or equal to `minReplicas`");
}

void check_lease(const Checked &of)
{
    const json_t *seconds = json_object_get(of.spec(), "leaseDurationSeconds");
    if (json_is_integer(seconds) && json_integer_value(seconds) <= 0)
        of.errors.wrong("spec.leaseDurationSeconds", dump(seconds), "must be greater than 0");
    of.errors.not_negative(of.spec(), "leaseTransitions", "spec");
}

void check_slice(const Checked &of)
{
    if (of.errors.need(of.document, "addressType", ""))
        of.errors.one_of(of.document, "addressType", "", {"FQDN", "IPv4", "IPv6"});
}

struct Rules {
    const char *group;
    const char *kind;
    void (*check)(const Checked &of);
};

const Rules rules[] = {
    {"", "Pod", check_pod},
    {"", "Service", check_service},
    {"", "ConfigMap", check_config_map},
    {"", "Secret", check_secret},
    {"", "PersistentVolumeClaim", check_claim},
    {"", "ReplicationController", check_controller},
    {"", "Event", check_event},
    {"apps", "Deployment", check_deployment},
    {"apps", "ReplicaSet", check_replicaset},
    {"apps", "StatefulSet", check_statefulset},
    {"apps", "DaemonSet", check_daemonset},
    {"batch", "Job", check_job},
    {"batch", "CronJob", check_cronjob},
    {"rbac.authorization.k8s.io", "Role", check_rules},
    {"rbac.authorization.k8s.io", "ClusterRole", check_rules},
    {"rbac.authorization.k8s.io", "RoleBinding", check_role_binding},
    {"rbac.authorization.k8s.io", "ClusterRoleBinding", check_role_binding},
    {"autoscaling", "HorizontalPodAutoscaler", check_scaler},
    {"coordination.k8s.io", "Lease", check_lease},
    {"discovery.k8s.io", "EndpointSlice", check_slice},
};

std::vector<StatusCause> faults_of(const Kind &kind, const json_t *document, const json_t *before)
{
    StandardErrors errors(kind.release);
    // What came before apps/v1 had other rules.
    if (kind.group == "apps" && kind.version != "v1") return {};
    for (const Rules &each : rules)
        if (kind.group == each.group && kind.kind == each.kind) each.check({kind, document, before, errors});
    return errors.take();
}

}  // namespace

void check_standard(const Kind &kind, const json_t *document, const json_t *before)
{
    if (kind.custom) return;
    std::vector<StatusCause> errors = faults_of(kind, document, before);
    // What a test has put there behind the API's back may be what no server takes.
    if (before && !errors.empty())
        for (const StatusCause &old : faults_of(kind, before, nullptr))
            std::erase_if(errors, [&](const StatusCause &error) {
                return error.field == old.field && error.message == old.message;
            });
    if (!errors.empty()) throw invalid(kind, std::string(text_at(document, {"metadata", "name"})), std::move(errors));
}

}  // namespace k8sc::testing
