#include "testing/api/api.h"

#include <algorithm>
#include <charconv>

#include "testing/api/aggregated.h"
#include "testing/api/partial.h"
#include "testing/api/subresources.h"
#include "testing/base/text.h"
#include "testing/schema/status.h"

namespace k8sc::testing {

namespace {

// Whether plain JSON is among what the client takes.
bool accepts_json(std::string_view accept)
{
    if (trimmed(accept).empty()) return true;
    while (!accept.empty()) {
        const size_t comma = std::min(accept.find(','), accept.size());
        const std::string_view range = accept.substr(0, comma);
        const std::string_view type = trimmed(range.substr(0, range.find(';')));
        if ((type == "application/json" || type == "application/*" || type == "*/*") &&
            range.find("as=") == std::string_view::npos)
            return true;
        accept.remove_prefix(std::min(comma + 1, accept.size()));
    }
    return false;
}

// Tables, and metadata only.
bool accepts_form(const Request &request)
{
    return wants_form(request, "Table", "v1") || wants_form(request, "Table", "v1beta1") ||
           wants_partial(request, "PartialObjectMetadata") || wants_partial(request, "PartialObjectMetadataList");
}

}  // namespace

User Api::admitted(const Request &request) const
{
    const std::optional<User> user = authentication_.user_of(request, clock_.unix_seconds());
    if (!user) throw unauthorized();
    const auto check = [&](const User &who, const Access &access) {
        if (!options_.authorization) return;
        if (const Decision decision = rbac_.decide(who, access); !decision.allowed)
            throw forbidden_access(who, access, decision.reason);
    };
    User asking = impersonated(request, *user, [&](const Access &access) { check(*user, access); });
    check(asking, Access::of(request));
    return asking;
}

bool Api::is_allowed(const Request &request) const
{
    try {
        admitted(request);
        return true;
    } catch (const ApiError &) {
        return false;
    }
}

std::string key_prefix(const Request &request, const Kind &kind)
{
    // Without a namespace in the path, objects of all namespaces; what is in none has keys that begin with the slash.
    return kind.namespaced && request.in_namespace ? request.ns + "/" : "";
}

void check_not_future(int64_t wanted, int64_t current)
{
    if (wanted > current) throw too_large_resource_version(wanted, current);
}

int64_t parse_resource_version(std::string_view text)
{
    int64_t version = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
    if (!text.empty() && (error != std::errc() || end != text.data() + text.size() || version < 0))
        throw internal("resourceVersion: Invalid value: \"" + std::string(text) + "\": strconv.ParseUint: parsing \"" +
                       std::string(text) + "\": invalid syntax");
    return version;
}

Reply Api::handle(const Request &request)
{
    try {
        return dispatch(request, admitted(request));
    } catch (const ApiError &error) {
        Reply reply = json_reply(error.code, error.json());
        if (error.details && error.details->retry_after_seconds > 0)
            reply.headers.emplace_back("Retry-After", std::to_string(error.details->retry_after_seconds));
        return reply;
    } catch (const std::exception &error) {
        return json_reply(500, internal(error.what()).json());
    }
}

Reply Api::dispatch(const Request &request, const User &user)
{
    if (request.plural.empty()) {
        if (options_.aggregated_discovery)
            if (auto reply = discover_aggregated(request, kinds_, options_.release)) return std::move(*reply);
        const int minor = options_.minor(streaming_);
        const bool too_old = options_.release > 0 && options_.release < 24 && request.path.starts_with("/openapi/v3");
        if (auto reply = too_old ? std::nullopt : describe_schemas(request, kinds_, minor)) return std::move(*reply);
        if (auto reply = discover(request, kinds_, address_, minor)) return std::move(*reply);
        return no_page();
    }
    if (request.subresource != "log" && !accepts_json(request.header("Accept")) && !accepts_form(request))
        throw not_acceptable();
    // Pods are bound by this path, too, which is no resource.
    if (request.group.empty() && request.version == "v1" && request.plural == "bindings" && request.in_namespace &&
        request.name.empty() && request.method == "POST")
        return bind(request, *kinds_.find("", "v1", "pods", true));
    const KindPtr kind = kinds_.find(request.group, request.version, request.plural, request.in_namespace);
    if (!kind) throw no_such_resource();
    return dispatch_resource(request, kind, user);
}

Reply Api::dispatch_resource(const Request &request, KindPtr kind, const User &user)
{
    const bool collection = request.name.empty();
    // Lists and watches of what is in namespaces may span them; nothing else may, and what is in none is not found in
    // one.
    if (!kind->namespaced && request.in_namespace) throw no_such_resource();
    const std::vector<std::string> verbs = kind->verbs();
    if (request.subresource.empty() && !request.verb.empty() &&
        std::find(verbs.begin(), verbs.end(), request.verb) == verbs.end())
        throw method_not_allowed();
    if (kind->review && request.verb == "create" && collection && kind->namespaced == request.in_namespace)
        return review(request, *kind, user);
    const bool spans = kind->namespaced && !request.in_namespace;
    if (spans && !collection) throw no_such_resource();
    const bool has_subresource = !request.subresource.empty();
    if (has_subresource) {
        const std::vector<Subresource> subresources = subresources_of(*kind);
        const auto found = std::find_if(subresources.begin(), subresources.end(),
                                        [&](const Subresource &one) { return one.name == request.subresource; });
        if (found == subresources.end()) throw no_such_resource();
        if (!found->allows(request.verb)) {
            if (!kind->custom || request.verb.empty()) throw method_not_allowed();
            throw ApiError{405,
                           "MethodNotAllowed",
                           request.verb + " is not supported on resources of kind \"" + kind->resource() + "\"",
                           StatusDetails{.group = kind->group, .kind = kind->plural},
                           {}};
        }
        if (found->name == "log") return log(request, *kind);
        if (request.method == "POST") return post_to_subresource(request, kind);
    }

    if (request.method == "GET" && collection)
        return request.verb == "watch" ? watch(request, kind) : list(request, kind);
    if (request.method == "GET") return get(request, kind);
    if (spans) throw method_not_allowed();
    if (request.method == "POST" && collection) return create(request, kind);
    if ((request.method == "PUT" || request.method == "PATCH") && !collection) return update(request, kind);
    if (request.method == "DELETE" && !has_subresource)
        return collection ? remove_collection(request, kind) : remove(request, kind);
    throw method_not_allowed();
}

}  // namespace k8sc::testing
