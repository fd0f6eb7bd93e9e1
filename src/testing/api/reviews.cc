// Reviews: what a user may do, and who that is. They are answered and not stored.
#include "testing/access/rbac.h"
#include "testing/api/api.h"
#include "testing/rules/metadata.h"
#include "testing/schema/since.h"
#include "testing/schema/status.h"
#include "testing/schema/typed.h"

namespace k8sc::testing {

namespace {

// Real servers do not say of which review it is.
ApiError wrong_review(const Kind &kind, StatusCause cause)
{
    Kind nameless = kind;
    nameless.kind.clear();
    return invalid(nameless, "", std::move(cause));
}

Access access_of(const Kind &kind, const json_t *spec)
{
    const json_t *resource = json_object_get(spec, "resourceAttributes"),
                 *other = json_object_get(spec, "nonResourceAttributes");
    if (json_is_object(resource) == json_is_object(other))
        throw wrong_review(kind, invalid_value(resource ? "spec.nonResourceAttributes" : "spec.resourceAttributes",
                                               resource                                ? dump(other)
                                               : kind.release >= since::values_as_json ? "null"
                                                                                       : "\"null\"",
                                               resource ? "cannot be specified in combination with resourceAttributes"
                                                        : "exactly one of nonResourceAttributes or resourceAttributes "
                                                          "must be specified"));
    const auto text = [](const json_t *from, const char *key) { return std::string(text_at(from, {key})); };
    if (other) return {.verb = text(other, "verb"), .path = text(other, "path")};
    return {.verb = text(resource, "verb"),
            .group = text(resource, "group"),
            .resource = text(resource, "resource"),
            .subresource = text(resource, "subresource"),
            .ns = text(resource, "namespace"),
            .name = text(resource, "name")};
}

// The user that a SubjectAccessReview asks about. Groups are as it says.
User subject_of(const Kind &kind, const json_t *spec)
{
    User user{.name = std::string(text_at(spec, {"user"}))};
    const json_t *groups = json_object_get(spec, "groups");
    for (size_t i = 0; i < json_array_size(groups); ++i)
        user.groups.emplace_back(text_at(json_array_get(groups, i), {}));
    if (user.name.empty() && user.groups.empty())
        throw wrong_review(kind, invalid_value("spec.user", "\"\"", "at least one of user or group must be specified"));
    return user;
}

Json split_rules(const Json &rules, bool resources)
{
    Json part = Json::array();
    for (size_t i = 0; i < json_array_size(rules.get()); ++i) {
        json_t *rule = json_array_get(rules.get(), i);
        const bool is_path = json_array_size(json_object_get(rule, "nonResourceURLs")) > 0;
        if (is_path != resources) append(part.get(), Json::share(rule));
    }
    return part;
}

}  // namespace

Json Api::access_status(const User &user, const Access &access) const
{
    Json status = Json::object();
    const Decision decision = options_.authorization ? rbac_.decide(user, access) : Decision{.allowed = true};
    set(status.get(), "allowed", Json::boolean(decision.allowed));
    if (!decision.reason.empty()) set(status.get(), "reason", Json::text(decision.reason));
    return status;
}

Json Api::rules_status(const User &user, const std::string &ns) const
{
    std::string why;
    // Without permissions to ask for, everybody has what an administrator has.
    const Json rules =
        options_.authorization
            ? rbac_.rules_of(user, ns)
            : Json::parse(
                  R"([{"verbs":["*"],"apiGroups":["*"],"resources":["*"]},{"verbs":["*"],"nonResourceURLs":["*"]}])",
                  why);
    Json status = Json::object();
    set(status.get(), "resourceRules", split_rules(rules, true));
    set(status.get(), "nonResourceRules", split_rules(rules, false));
    set(status.get(), "incomplete", Json::boolean(false));
    return status;
}

Reply Api::review(const Request &request, const Kind &kind, const User &user) const
{
    Json sent = parse_object(request, kind);
    check_document(kind, sent.get());
    if (const TypeErrors errors = type_errors(kind, request.body); !errors.wrong.empty())
        throw bad_request(kind.kind + " in version \"" + kind.version + "\" cannot be handled as a " + kind.kind +
                          ": " + errors.wrong.front());
    const json_t *spec = json_object_get(sent.get(), "spec");
    Json status = Json::object();
    if (kind.kind == "SelfSubjectReview") {
        set(status.get(), "userInfo", user.info());
    } else if (kind.kind == "TokenReview") {
        const auto found = authentication_.user_of_token(text_at(spec, {"token"}), clock_.unix_seconds());
        if (found) set(status.get(), "authenticated", Json::boolean(true));
        set(status.get(), "user", found ? found->info() : Json::object());
        if (!found) set(status.get(), "error", Json::text("the token is none that this server knows"));
    } else if (kind.kind == "SelfSubjectRulesReview") {
        const std::string ns(text_at(spec, {"namespace"}));
        if (ns.empty()) throw bad_request("no namespace on request");
        status = rules_status(user, ns);
    } else {
        const Access access = access_of(kind, spec);
        if (kind.namespaced && access.ns != request.ns)
            throw wrong_review(kind, invalid_value("spec.resourceAttributes.namespace", in_quotes(access.ns),
                                                   "must match metadata.namespace"));
        status = access_status(kind.kind == "SelfSubjectAccessReview" ? user : subject_of(kind, spec), access);
    }
    Json answer = Json::object();
    json_t *metadata = metadata_of(sent.get());
    if (!json_object_get(metadata, "creationTimestamp") && kind.release < since::no_null_creation_time)
        set(metadata, "creationTimestamp", Json::take(json_null()));
    set(answer.get(), "kind", Json::text(kind.kind));
    set(answer.get(), "apiVersion", Json::text(kind.api_version()));
    set(answer.get(), "metadata", Json::share(metadata));
    if (spec) set(answer.get(), "spec", Json::share(const_cast<json_t *>(spec)));
    set(answer.get(), "status", std::move(status));
    return json_reply(201, dump(answer.get()));
}

}  // namespace k8sc::testing
