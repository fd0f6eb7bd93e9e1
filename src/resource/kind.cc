#include "resource/kind.h"

#include "rest/body.h"
#include "rest/request.h"

namespace k8sc {
namespace {

void need_segment(std::string_view what, std::string_view text, std::string_view whole)
{
    if (auto fault = segment_fault(text); !fault.empty())
        fail(K8SC_E_INVALID, concat(what, " ", quote(whole), " ", fault));
}

}  // namespace

ResourceKey resource_of_kind(const Ref<Client> &client, std::string_view api_version, std::string_view kind)
{
    size_t slash = api_version.find('/');
    bool has_group = slash != std::string_view::npos;
    ResourceKey key;
    if (has_group) key.group = api_version.substr(0, slash);
    key.version = has_group ? api_version.substr(slash + 1) : api_version;
    if (has_group) need_segment("api_version", key.group, api_version);
    need_segment("api_version", key.version, api_version);
    if (kind.empty()) fail(K8SC_E_INVALID, "argument kind is empty");

    Request request(client, "GET", api_prefix(key.group, key.version));
    auto sink = std::make_shared<OneObjectSink>(client->max_object_bytes());
    CallResult result = run_call(client, request.spec(), sink);
    if (result.error) throw *result.error;
    sink->take()->root().member("resources").each([&](std::string_view, Cursor resource) {
        if (resource.member("kind").string() != kind) return true;
        // Subresources have kinds of their own, which may be those of other resources.
        std::string name = resource.member("name").string().value_or("");
        if (name.empty() || name.find('/') != std::string::npos) return true;
        key.resource = std::move(name);
        return false;
    });
    if (key.resource.empty()) {
        Error error(K8SC_E_API, concat("the server has no kind ", quote(kind), " in ", quote(api_version)));
        error.http_status = 404;
        error.reason = "NotFound";
        throw error;
    }
    return key;
}

}  // namespace k8sc
