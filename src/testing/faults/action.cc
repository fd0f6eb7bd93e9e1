#include "testing/faults/action.h"

#include <algorithm>
#include <array>

#include "testing/base/failure.h"

namespace k8sc::testing {

namespace {

// "deployments.apps" as "deployments" and "apps"; without a dot any group will do.
bool fits_resource(const Request &request, std::string_view wanted)
{
    const size_t slash = std::min(wanted.find('/'), wanted.size());
    const std::string_view subresource = slash < wanted.size() ? wanted.substr(slash + 1) : "";
    const std::string_view resource = wanted.substr(0, slash);
    const size_t dot = std::min(resource.find('.'), resource.size());
    if (resource.substr(0, dot) != request.plural) return false;
    if (dot < resource.size() && resource.substr(dot + 1) != request.group) return false;
    return subresource == "*" || subresource == request.subresource;
}

}  // namespace

ActionMatch ActionMatch::of(std::string_view verb, std::string_view resource, std::string_view ns,
                            std::string_view name)
{
    constexpr std::array known = {"",       "get",   "list",   "watch",           "create",
                                  "update", "patch", "delete", "deletecollection"};
    if (std::find(known.begin(), known.end(), verb) == known.end())
        fail(K8SC_E_INVALID, "there is no verb \"" + std::string(verb) + "\"");
    return {std::string(verb), std::string(resource), std::string(ns), std::string(name)};
}

bool ActionMatch::fits(const Request &request) const
{
    return is_action(request) && (verb.empty() || verb == request.verb) &&
           (resource.empty() || fits_resource(request, resource)) && (ns.empty() || ns == request.ns) &&
           (name.empty() || name == request.name);
}

Json describe_action(const Request &request)
{
    Json json = Json::object();
    const std::pair<const char *, const std::string &> texts[] = {
        {"verb", request.verb},
        {"group", request.group},
        {"version", request.version},
        {"resource", request.plural},
        {"subresource", request.subresource},
        {"namespace", request.ns},
        {"name", request.name},
        {"query", request.query},
    };
    for (const auto &[key, text] : texts) set(json.get(), key, Json::text(text));
    std::string why;
    Json body = request.body.empty() ? Json() : Json::parse(request.body, why);
    if (body)
        set(json.get(), "body", std::move(body));
    else
        set(json.get(), "body", Json::text(request.body));
    return json;
}

}  // namespace k8sc::testing
