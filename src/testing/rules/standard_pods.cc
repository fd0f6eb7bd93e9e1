// What a cluster refuses of pods and of templates of them.
#include <k8sc.h>

#include "testing/base/quantity.h"
#include "testing/rules/standard_errors.h"
#include "testing/schema/names.h"
#include "testing/schema/since.h"

namespace k8sc::testing {

namespace {

constexpr int64_t last_port = 65535;

// In the order in which they are looked at.
const char *const volume_sources[] = {
    "emptyDir",    "hostPath",  "secret",    "nfs", "iscsi",    "persistentVolumeClaim",
    "downwardAPI", "configMap", "projected", "csi", "ephemeral"};

using Names = StandardErrors::Names;

void check_ports(const json_t *ports, const std::string &path, StandardErrors &errors)
{
    Names names;
    each_item(ports, path, [&](const json_t *port, const std::string &place) {
        const std::string_view name = text_at(port, {"name"});
        if (!name.empty() && !names.emplace(name).second) errors.duplicate(place + ".name", in_quotes(name));
        const json_t *number = json_object_get(port, "containerPort");
        if (!number || json_integer_value(number) == 0)
            errors.required(place + ".containerPort");
        else
            errors.in_range(port, "containerPort", place, 1, last_port);
        if (json_integer_value(json_object_get(port, "hostPort")) != 0)
            errors.in_range(port, "hostPort", place, 1, last_port);
        errors.one_of(port, "protocol", place, {"SCTP", "TCP", "UDP"});
    });
}

void check_environment(const json_t *variables, const std::string &path, StandardErrors &errors)
{
    each_item(variables, path, [&](const json_t *variable, const std::string &place) {
        if (errors.need(variable, "name", place))
            if (const std::string why = wrong_variable_name(text_at(variable, {"name"}), errors.release); !why.empty())
                errors.wrong(place + ".name", in_quotes(text_at(variable, {"name"})), why);
        const json_t *from = json_object_get(variable, "valueFrom");
        if (!json_is_object(from)) return;
        if (!text_at(variable, {"value"}).empty())
            errors.wrong(place + ".valueFrom", "\"\"", "may not be specified when `value` is not empty");
        if (json_object_size(from) == 0)
            errors.wrong(place + ".valueFrom", "\"\"",
                         std::string("must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`") +
                             (errors.release >= since::words_of_pods ? ", `secretKeyRef` or `fileKeyRef`"
                                                                     : " or `secretKeyRef`"));
        for (const char *source : {"configMapKeyRef", "secretKeyRef"}) {
            const json_t *reference = json_object_get(from, source);
            if (!reference) continue;
            errors.need(reference, "name", place + ".valueFrom." + source);
            errors.need(reference, "key", place + ".valueFrom." + source);
        }
    });
}

void check_mounts(const json_t *mounts, const Names &volumes, const std::string &path, StandardErrors &errors)
{
    Names seen;
    each_item(mounts, path, [&](const json_t *mount, const std::string &place) {
        const std::string_view name = text_at(mount, {"name"}), where = text_at(mount, {"mountPath"});
        if (errors.need(mount, "name", place) && !volumes.contains(name))
            errors.missing(place + ".name", in_quotes(name));
        if (!errors.need(mount, "mountPath", place)) return;
        if (!seen.emplace(where).second) errors.wrong(place + ".mountPath", in_quotes(where), "must be unique");
    });
}

void check_resources(const json_t *resources, const std::string &path, StandardErrors &errors)
{
    const json_t *limits = json_object_get(resources, "limits");
    for (const char *what : {"limits", "requests"}) {
        const char *name = nullptr;
        const json_t *amount = nullptr;
        json_object_foreach(json_object_get(resources, what), name, amount)
        {
            const std::string shown = json_is_string(amount) ? std::string(text_at(amount, {})) : dump(amount);
            const json_t *limit = json_object_get(limits, name);
            const std::string most = json_is_string(limit) ? std::string(text_at(limit, {})) : limit ? dump(limit) : "";
            int order = 0;
            if (k8sc_quantity_compare(shown.c_str(), "0", &order, nullptr) == K8SC_OK && order < 0)
                errors.wrong(path + "." + what + "[" + name + "]", in_quotes(shown),
                             "must be greater than or equal to 0");
            else if (std::string_view(what) == "requests" && limit &&
                     k8sc_quantity_compare(shown.c_str(), most.c_str(), &order, nullptr) == K8SC_OK && order > 0)
                errors.wrong(path + ".requests", in_quotes(shown),
                             std::string("must be less than or equal to ") + name + " limit" +
                                 (errors.release >= since::words_of_pods ? " of " + quantity_text(limit) : ""));
        }
    }
}

void check_handler(const json_t *handler, const std::string &path, StandardErrors &errors)
{
    size_t count = 0;
    for (const char *way : {"exec", "httpGet", "tcpSocket", "grpc", "sleep"})
        if (json_object_get(handler, way) && ++count > 1)
            errors.forbid(path + "." + way, "may not specify more than 1 handler type");
    if (count == 0) errors.required(path, "must specify a handler type");
    for (const char *name : {"httpGet", "tcpSocket"}) {
        const json_t *action = json_object_get(handler, name);
        const json_t *port = json_object_get(action, "port");
        if (json_is_integer(port)) errors.in_range(action, "port", path + "." + name, 1, last_port);
    }
    if (const json_t *exec = json_object_get(handler, "exec");
        exec && json_array_size(json_object_get(exec, "command")) == 0)
        errors.required(path + ".exec.command");
}

void check_probe(const json_t *container, const char *name, const std::string &path, StandardErrors &errors)
{
    const json_t *probe = json_object_get(container, name);
    const std::string place = path + "." + name;
    if (!probe) return;
    check_handler(probe, place, errors);
    for (const char *number :
         {"initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"})
        errors.not_negative(probe, number, place);
    const json_int_t successes = json_integer_value(json_object_get(probe, "successThreshold"));
    if (std::string_view(name) != "readinessProbe" && successes > 1)
        errors.wrong(place + ".successThreshold", std::to_string(successes), "must be 1");
}

void check_container(const json_t *container, const Names &volumes, const std::string &path, StandardErrors &errors)
{
    if (errors.need(container, "image", path);
        text_at(container, {"image"}) != "" && text_at(container, {"image"}).find_first_of(" \t\n") == 0)
        errors.wrong(path + ".image", in_quotes(text_at(container, {"image"})),
                     "must not have leading or trailing whitespace");
    for (const char *hook : {"postStart", "preStop"})
        if (const json_t *handler = value_at(container, {"lifecycle", hook}))
            check_handler(handler, path + ".lifecycle." + hook, errors);
    for (const char *probe : {"livenessProbe", "readinessProbe", "startupProbe"})
        check_probe(container, probe, path, errors);
    const std::string_view told = text_at(container, {"terminationMessagePolicy"});
    if (errors.release >= since::words_of_pods)
        errors.one_of(container, "terminationMessagePolicy", path, {"File", "FallbackToLogsOnError"});
    else if (!told.empty() && told != "File" && told != "FallbackToLogsOnError")
        errors.wrong(path + ".terminationMessagePolicy", in_quotes(told), "must be 'File' or 'FallbackToLogsOnError'");
    check_ports(json_object_get(container, "ports"), path + ".ports", errors);
    check_environment(json_object_get(container, "env"), path + ".env", errors);
    check_mounts(json_object_get(container, "volumeMounts"), volumes, path + ".volumeMounts", errors);
    errors.one_of(container, "imagePullPolicy", path, {"Always", "IfNotPresent", "Never"});
    check_resources(json_object_get(container, "resources"), path + ".resources", errors);
}

Names check_volumes(const json_t *volumes, const std::string &path, StandardErrors &errors)
{
    Names names;
    errors.unique_names(volumes, path, names);
    each_item(volumes, path, [&](const json_t *volume, const std::string &place) {
        size_t sources = 0;
        for (const char *source : volume_sources)
            if (json_object_get(volume, source) && ++sources > 1)
                errors.forbid(place + "." + source, "may not specify more than 1 volume type");
        for (const auto &[source, member] : {std::pair("secret", "secretName"),
                                             {"configMap", "name"},
                                             {"hostPath", "path"},
                                             {"persistentVolumeClaim", "claimName"}})
            if (const json_t *from = json_object_get(volume, source)) errors.need(from, member, place + "." + source);
    });
    return names;
}

}  // namespace

void check_pod_spec(const json_t *spec, const std::string &path, StandardErrors &errors)
{
    const Names volumes = check_volumes(json_object_get(spec, "volumes"), path + ".volumes", errors);
    const json_t *containers = json_object_get(spec, "containers"), *first = json_object_get(spec, "initContainers");
    if (json_array_size(containers) == 0) errors.required(path + ".containers");
    Names names;
    errors.unique_names(containers, path + ".containers", names);
    errors.unique_names(first, path + ".initContainers", names);
    each_item(containers, path + ".containers", [&](const json_t *container, const std::string &place) {
        check_container(container, volumes, place, errors);
    });
    each_item(first, path + ".initContainers", [&](const json_t *container, const std::string &place) {
        check_container(container, volumes, place, errors);
    });
    errors.one_of(spec, "restartPolicy", path, {"Always", "OnFailure", "Never"});
    errors.one_of(spec, "dnsPolicy", path, {"ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"});
    errors.in_range(spec, "activeDeadlineSeconds", path, 1, INT32_MAX);
    if (const std::string_view account = text_at(spec, {"serviceAccountName"}); !account.empty())
        if (const std::string why = wrong_name(Kind(), account); !why.empty())
            errors.wrong(path + ".serviceAccountName", in_quotes(account), why);
}

// Images, a shorter life and more tolerations: the rest of a pod stays as it was made.
void check_pod_update(const json_t *before, const json_t *after, StandardErrors &errors)
{
    if (!json_is_object(before) || !json_is_object(after)) return;
    const Json was = Json::take(json_deep_copy(before)), is = Json::take(json_deep_copy(after));
    for (const char *containers : {"containers", "initContainers"}) {
        json_t *old = json_object_get(was.get(), containers), *now = json_object_get(is.get(), containers);
        if (json_array_size(old) != json_array_size(now))
            return errors.forbid(std::string("spec.") + containers, "pod updates may not add or remove containers");
        for (size_t i = 0; i < json_array_size(old); ++i)
            if (json_t *image = json_object_get(json_array_get(now, i), "image");
                image && json_is_object(json_array_get(old, i)))
                set(json_array_get(old, i), "image", Json::share(image));
    }
    for (const char *free :
         {"activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds", "schedulingGates"})
        for (json_t *spec : {was.get(), is.get()}) json_object_del(spec, free);
    // Where it may not be scheduled yet, where to may still be said.
    if (json_array_size(json_object_get(before, "schedulingGates")) > 0)
        for (const char *free : {"nodeSelector", "affinity"})
            for (json_t *spec : {was.get(), is.get()}) json_object_del(spec, free);
    if (json_equal(was.get(), is.get())) return;
    errors.forbid(
        "spec",
        "pod updates may not change fields other than `spec.containers[*].image`, `spec.initContainers[*].image`, "
        "`spec.activeDeadlineSeconds` or `spec.tolerations` (only additions to existing tolerations)");
}

}  // namespace k8sc::testing
