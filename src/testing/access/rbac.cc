#include "testing/access/rbac.h"

#include <algorithm>
#include <functional>

#include "testing/base/text.h"
#include "testing/store/selector.h"

namespace k8sc::testing {

namespace {

const char group_of_roles[] = "rbac.authorization.k8s.io";

bool holds(const json_t *array, std::string_view wanted)
{
    for (size_t i = 0; i < json_array_size(array); ++i)
        if (text_at(json_array_get(array, i), {}) == wanted) return true;
    return false;
}

bool holds_or_all(const json_t *array, std::string_view wanted) { return holds(array, "*") || holds(array, wanted); }

bool covers_resource(const json_t *rule, const Access &access)
{
    const json_t *resources = json_object_get(rule, "resources");
    if (!holds_or_all(resources, access.whole_resource()) &&
        (access.subresource.empty() || !holds(resources, "*/" + access.subresource)))
        return false;
    const json_t *names = json_object_get(rule, "resourceNames");
    return holds_or_all(json_object_get(rule, "apiGroups"), access.group) &&
           (json_array_size(names) == 0 || (!access.name.empty() && holds(names, access.name)));
}

bool covers_path(const json_t *rule, const Access &access)
{
    const json_t *paths = json_object_get(rule, "nonResourceURLs");
    for (size_t i = 0; i < json_array_size(paths); ++i) {
        const std::string_view path = text_at(json_array_get(paths, i), {});
        if (path == access.path || (path.ends_with('*') && access.path.starts_with(path.substr(0, path.size() - 1))))
            return true;
    }
    return false;
}

bool covers(const json_t *rule, const Access &access)
{
    if (!holds_or_all(json_object_get(rule, "verbs"), access.verb)) return false;
    return access.path.empty() ? covers_resource(rule, access) : covers_path(rule, access);
}

bool is_subject(const json_t *subject, const User &user, const std::string &ns)
{
    const std::string kind(text_at(subject, {"kind"})), name(text_at(subject, {"name"}));
    if (kind == "User") return name == user.name;
    if (kind == "Group") return user.is_in(name);
    std::string own(text_at(subject, {"namespace"}));
    if (own.empty()) own = ns;
    return kind == "ServiceAccount" && user.name == "system:serviceaccount:" + own + ":" + name;
}

std::string subject_name(const json_t *subject, const std::string &ns)
{
    const std::string kind(text_at(subject, {"kind"}));
    std::string name(text_at(subject, {"name"})), own(text_at(subject, {"namespace"}));
    if (kind == "ServiceAccount") name += "/" + (own.empty() ? ns : own);
    return kind + " \"" + name + "\"";
}

// A binding of a user, and as whom it binds that one.
struct Bound {
    Json binding;
    std::string subject;
};

// Those that count in a namespace, "" for the whole cluster. Their roles are looked for afterwards: a scan holds the
// store.
std::vector<Bound> bindings_of(const Store &store, const User &user, const std::string &ns)
{
    std::vector<Bound> found;
    const auto see = [&](const ObjectPtr &object) {
        const Json binding = object->document();
        const json_t *subjects = json_object_get(binding.get(), "subjects");
        for (size_t i = 0; i < json_array_size(subjects); ++i) {
            const json_t *subject = json_array_get(subjects, i);
            if (!is_subject(subject, user, object->ns)) continue;
            found.push_back({binding, subject_name(subject, object->ns)});
            break;
        }
        return true;
    };
    store.scan(std::string(group_of_roles) + "/clusterrolebindings", "", "", 0, see);
    if (!ns.empty()) store.scan(std::string(group_of_roles) + "/rolebindings", ns + "/", "", 0, see);
    return found;
}

std::string described(const Bound &bound)
{
    const json_t *binding = bound.binding.get();
    const std::string own(text_at(binding, {"metadata", "namespace"})), name(text_at(binding, {"metadata", "name"}));
    const std::string role(text_at(binding, {"roleRef", "kind"}));
    return (own.empty() ? "ClusterRoleBinding \"" + name : "RoleBinding \"" + name + "/" + own) + "\" of " + role +
           " \"" + std::string(text_at(binding, {"roleRef", "name"})) + "\" to " + bound.subject;
}

// Until `see` wants no more. Answers what was not found on the way.
std::vector<std::string> each_rule(const Store &store, const User &user, const std::string &ns,
                                   const std::function<bool(const Bound &, json_t *)> &see)
{
    std::vector<std::string> missing;
    for (const Bound &bound : bindings_of(store, user, ns)) {
        const json_t *binding = bound.binding.get();
        const bool whole = text_at(binding, {"roleRef", "kind"}) == "ClusterRole";
        const std::string own(text_at(binding, {"metadata", "namespace"})), name(text_at(binding, {"roleRef", "name"}));
        const ObjectPtr role = store.find(std::string(group_of_roles) + (whole ? "/clusterroles" : "/roles"),
                                          (whole ? "" : own) + "/" + name);
        if (!role) {
            missing.push_back(std::string(whole ? "clusterrole" : "role") + "." + group_of_roles + " \"" + name +
                              "\" not found");
            continue;
        }
        const Json document = role->document();
        const json_t *rules = json_object_get(document.get(), "rules");
        for (size_t i = 0; i < json_array_size(rules); ++i)
            if (!see(bound, json_array_get(rules, i))) return missing;
    }
    return missing;
}

// Who asks for the one object of a name asks for no more than that.
std::string selected_name(const Request &request)
{
    if (request.verb != "list" && request.verb != "watch" && request.verb != "deletecollection") return "";
    try {
        for (const FieldRequirement &requirement : parse_field_selector(request.parameter("fieldSelector")))
            if (requirement.equal && requirement.path == "metadata.name") return requirement.value;
    } catch (const ApiError &) {
        // It is told by who reads the selector.
    }
    return "";
}

}  // namespace

Access Access::of(const Request &request)
{
    Access access;
    if (request.plural.empty()) {
        access.verb = lower(request.method);
        access.path = request.path;
        return access;
    }
    access.verb = request.verb.empty() ? lower(request.method) : request.verb;
    access.group = request.group;
    access.resource = request.plural;
    access.subresource = request.subresource;
    access.name = request.name.empty() ? selected_name(request) : request.name;
    // A namespace is in itself.
    access.ns = request.group.empty() && request.plural == "namespaces" ? request.name : request.ns;
    return access;
}

ApiError forbidden_access(const User &user, const Access &access, const std::string &reason)
{
    const std::string end = reason.empty() ? "" : ": " + reason;
    const std::string who = "User " + in_quotes(user.name) + " cannot " + access.verb;
    if (!access.path.empty())
        return {403, "Forbidden", "forbidden: " + who + " path " + in_quotes(access.path) + end, StatusDetails{}, {}};
    std::string why = who + " resource \"" + access.whole_resource() + "\" in API group \"" + access.group + "\"";
    why += access.ns.empty() ? " at the cluster scope" : " in the namespace \"" + access.ns + "\"";
    const std::string resource = access.group.empty() ? access.resource : access.resource + "." + access.group;
    return {403,
            "Forbidden",
            resource + (access.name.empty() ? "" : " \"" + access.name + "\"") + " is forbidden: " + why + end,
            StatusDetails{.name = access.name, .group = access.group, .kind = access.resource},
            {}};
}

Decision Rbac::decide(const User &user, const Access &access) const
{
    if (user.is_in("system:masters")) return {.allowed = true};
    Decision decision;
    const std::vector<std::string> missing =
        each_rule(store_, user, access.ns, [&](const Bound &bound, const json_t *rule) {
            decision.allowed = covers(rule, access);
            if (decision.allowed) decision.reason = "RBAC: allowed by " + described(bound);
            return !decision.allowed;
        });
    if (decision.allowed || missing.empty()) return decision;
    std::string all;
    for (const std::string &one : missing) all += (all.empty() ? "" : ", ") + one;
    decision.reason = "RBAC: " + (missing.size() > 1 ? "[" + all + "]" : all);
    return decision;
}

Json Rbac::rules_of(const User &user, const std::string &ns) const
{
    Json rules = Json::array();
    each_rule(store_, user, ns, [&](const Bound &, json_t *rule) {
        append(rules.get(), Json::share(rule).copy());
        return true;
    });
    return rules;
}

std::vector<Json> first_roles()
{
    // A role with its rules, and a binding of it to a group.
    static const struct {
        const char *name;
        const char *group;
        const char *rules;
    } roles[] = {
        {"cluster-admin", "system:masters",
         R"([{"apiGroups":["*"],"resources":["*"],"verbs":["*"]},{"nonResourceURLs":["*"],"verbs":["*"]}])"},
        {"system:discovery", "system:authenticated",
         R"([{"nonResourceURLs":["/api","/api/*","/apis","/apis/*","/healthz","/livez","/openapi","/openapi/*","/readyz","/version","/version/"],"verbs":["get"]}])"},
        {"system:basic-user", "system:authenticated",
         R"([{"apiGroups":["authorization.k8s.io"],"resources":["selfsubjectaccessreviews","selfsubjectrulesreviews"],"verbs":["create"]},)"
         R"({"apiGroups":["authentication.k8s.io"],"resources":["selfsubjectreviews"],"verbs":["create"]}])"},
    };
    std::vector<Json> all;
    for (const auto &role : roles) {
        const std::string head =
            R"({"apiVersion":"rbac.authorization.k8s.io/v1","metadata":{"name":")" + std::string(role.name) + R"("},)";
        std::string why;
        all.push_back(Json::parse(head + R"("kind":"ClusterRole","rules":)" + role.rules + "}", why));
        all.push_back(Json::parse(
            head +
                R"("kind":"ClusterRoleBinding","roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":")" +
                role.name + R"("},"subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"Group","name":")" +
                role.group + R"("}]})",
            why));
    }
    return all;
}

}  // namespace k8sc::testing
