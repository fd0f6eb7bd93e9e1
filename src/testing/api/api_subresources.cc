// What is posted to subresources, and logs.
#include "testing/api/api.h"
#include "testing/api/subresources.h"
#include "testing/schema/names.h"
#include "testing/schema/since.h"
#include "testing/schema/status.h"

namespace k8sc::testing {

namespace {

// `group`: of the kind that is due, in any version.
Json parsed_as(const Request &request, std::string_view group, const char *kind)
{
    check_body_type(request);
    std::string why;
    Json json = Json::parse(request.body, why);
    if (!json)
        throw bad_request("the object provided is unrecognized (must be of type " + std::string(kind) +
                          "): couldn't get version/kind; json parse error: " + why);
    if (!json_is_object(json.get()))
        throw bad_request("the object provided is unrecognized (must be of type " + std::string(kind) +
                          "): it is no JSON object but of type " + type_name(json.get()));
    const std::string_view word = text_at(json.get(), {"kind"}), version = text_at(json.get(), {"apiVersion"});
    const size_t slash = version.find('/');
    const std::string_view named = slash == std::string_view::npos ? "" : version.substr(0, slash);
    if ((!word.empty() && word != kind) || (!version.empty() && named != group))
        throw bad_request(std::string(word) + " in version \"" +
                          std::string(version.substr(slash == std::string_view::npos ? 0 : slash + 1)) +
                          "\" cannot be handled as a " + kind);
    return json;
}

// The Status of what has nothing else to say.
Reply created_status()
{
    return json_reply(
        201, "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Success\",\"code\":201}");
}

void check_same_name(const Request &request, const json_t *document, const char *kind)
{
    if (text_at(document, {"metadata", "name"}) != request.name)
        throw bad_request(std::string("name in URL does not match name in ") + kind + " object");
}

}  // namespace

Reply Api::post_to_subresource(const Request &request, const KindPtr &kind)
{
    if (request.subresource == "binding") return bind(request, *kind);
    const bool dry_run = is_dry_run(request, "CreateOptions", options_.release);
    if (request.subresource == "eviction") {
        const Json eviction = parsed_as(request, "policy", "Eviction");
        check_same_name(request, eviction.get(), "Eviction");
        DeleteOptions options;
        options.dry_run = dry_run;
        read_delete_options(json_object_get(eviction.get(), "deleteOptions"), options, options_.release);
        resources_.evict(*kind, request.ns, request.name, options);
        return created_status();
    }
    Json wanted = parsed_as(request, "authentication.k8s.io", "TokenRequest");
    const ObjectPtr account = store_.find(kind->collection(), request.ns + "/" + request.name);
    if (!account) throw not_found(*kind, request.name);
    authentication_.tokens().issue(wanted.get(), request.ns, request.name, account->uid, clock_.unix_seconds());
    json_t *metadata = metadata_of(wanted.get());
    if (options_.release >= since::token_metadata) {
        set(metadata, "name", Json::text(request.name));
        set(metadata, "namespace", Json::text(request.ns));
        set(metadata, "uid", Json::text(random_uid()));
        set(metadata, "creationTimestamp", Json::text(timestamp_of(clock_.unix_seconds())));
    } else if (!json_object_get(metadata, "creationTimestamp")) {
        set(metadata, "creationTimestamp", Json::take(json_null()));
    }
    set(wanted.get(), "kind", Json::text("TokenRequest"));
    if (text_at(wanted.get(), {"apiVersion"}).empty())
        set(wanted.get(), "apiVersion", Json::text("authentication.k8s.io/v1"));
    return json_reply(201, dump(wanted.get()));
}

// A pod is given to a node, once.
Reply Api::bind(const Request &request, const Kind &kind)
{
    const bool dry_run = is_dry_run(request, "CreateOptions", options_.release);
    const Json binding = parsed_as(request, "", "Binding");
    const bool named = !request.name.empty();
    if (named) check_same_name(request, binding.get(), "Binding");
    const std::string pod(text_at(binding.get(), {"metadata", "name"})),
        node(text_at(binding.get(), {"target", "name"}));
    const std::string_view target = text_at(binding.get(), {"target", "kind"});
    if (!target.empty() && target != "Node")
        throw internal("target.kind: Unsupported value: \"" + std::string(target) +
                       "\": supported values: \"Node\", \"<empty>\"");
    if (node.empty()) throw internal("target.name: Required value");
    resources_.bind(kind, request.ns, pod, node, binding.get(), dry_run);
    return created_status();
}

Reply Api::log(const Request &request, const Kind &kind) const
{
    const ObjectPtr pod = store_.find(kind.collection(), request.ns + "/" + request.name);
    if (!pod) throw not_found(kind, request.name);
    return logs_.answer(request, *pod);
}

}  // namespace k8sc::testing
