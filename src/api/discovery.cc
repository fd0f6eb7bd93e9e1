// k8sc_discovery_*.
#include "discovery/discovery.h"

#include "api/guard.h"
#include "api/list.h"
#include "discovery/documents.h"
#include "discovery/fetch.h"

using namespace k8sc;
using namespace k8sc::api;

namespace {

k8sc_list *list_of(const std::vector<Ref<Object>> &objects)
{
    ListContent content;
    content.objects = objects;
    return new_list(std::move(content));
}

// Hands over what is known, and tells of what is not: by `partial`, or by failing.
void hand_over(const ServerResources &resources, const std::vector<Ref<Object>> &lists, k8sc_list **out,
               k8sc_error **partial)
{
    std::shared_ptr<const Error> failure = partial_failure(resources);
    if (failure && !partial) throw *failure;
    std::unique_ptr<k8sc_error> told = failure ? std::make_unique<k8sc_error>(*failure) : nullptr;
    *out = list_of(lists);
    if (partial) *partial = told.release();
}

std::vector<Ref<Object>> all_lists(const ServerResources &resources)
{
    std::vector<Ref<Object>> lists;
    for (const std::string &whole : ordered_versions(resources)) {
        auto found = resources.versions.find(whole);
        if (found != resources.versions.end() && found->second.list)
            lists.push_back(resource_list_document(*found->second.list));
    }
    return lists;
}

k8sc_status preferred(k8sc_discovery *discovery, bool only_namespaced, k8sc_list **out, k8sc_error **partial,
                      k8sc_error **err)
{
    return guard(err, [&] {
        if (partial) *partial = nullptr;
        need_out(out);
        need_handle(discovery, "discovery");
        ServerResources resources = discovery->resources();
        std::vector<Ref<Object>> lists;
        for (const ApiResourceList &list : preferred_resources(resources, only_namespaced))
            lists.push_back(resource_list_document(list));
        hand_over(resources, lists, out, partial);
    });
}

k8sc_status new_discovery(k8sc_client *client, DiscoveryCache cache, k8sc_discovery **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need_handle(client, "client");
        client->need_open();
        *out = hand_out(make<Discovery>(Ref<Client>(client), cache));
    });
}

k8sc_status document(k8sc_discovery *discovery, const char *path, k8sc_object **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need_handle(discovery, "discovery");
        *out = fetch_document(discovery->client(), path).detach();
    });
}

[[noreturn]] void no_document(const char *group_version)
{
    Error error(K8SC_E_API, concat("the server has no OpenAPI v3 document of ", quote(group_version)));
    error.http_status = 404;
    error.reason = "NotFound";
    throw error;
}

}  // namespace

extern "C" {

k8sc_status k8sc_discovery_new(k8sc_client *client, k8sc_discovery **out, k8sc_error **err)
{
    return new_discovery(client, DiscoveryCache::none, out, err);
}

k8sc_status k8sc_discovery_new_cached(k8sc_client *client, k8sc_discovery **out, k8sc_error **err)
{
    return new_discovery(client, DiscoveryCache::memory, out, err);
}

k8sc_status k8sc_discovery_new_disk_cached(k8sc_client *client, const char *directory, int64_t ttl_ms,
                                           k8sc_discovery **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need_handle(client, "client");
        if (directory && !*directory) fail(K8SC_E_INVALID, "argument directory is empty");
        if (ttl_ms < -1)
            fail(K8SC_E_INVALID,
                 concat("ttl_ms is ", std::to_string(ttl_ms), "; it must be -1 (for ever) or at least 0"));
        client->need_open();
        std::string below = directory ? std::string(directory) : default_discovery_directory();
        *out = hand_out(make<Discovery>(Ref<Client>(client), directory_of_server(below, client->server()), ttl_ms));
    });
}

k8sc_discovery *k8sc_discovery_ref(k8sc_discovery *discovery)
{
    if (discovery) discovery->user_retain();
    return discovery;
}

void k8sc_discovery_unref(k8sc_discovery *discovery)
{
    if (discovery) discovery->user_release();
}

k8sc_status k8sc_discovery_invalidate(k8sc_discovery *discovery, k8sc_error **err)
{
    return guard(err, [&] {
        need_handle(discovery, "discovery");
        discovery->invalidate();
    });
}

int k8sc_discovery_is_fresh(k8sc_discovery *discovery)
{
    if (!discovery || discovery->forked()) return 0;
    return guard_value(0, [&] { return discovery->is_fresh() ? 1 : 0; });
}

k8sc_status k8sc_discovery_server_groups(k8sc_discovery *discovery, k8sc_object **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need_handle(discovery, "discovery");
        *out = group_list_document(discovery->groups()).detach();
    });
}

k8sc_status k8sc_discovery_server_resources_for_group_version(k8sc_discovery *discovery, const char *group_version,
                                                              k8sc_object **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need_handle(discovery, "discovery");
        need(group_version, "group_version");
        *out = resource_list_document(*discovery->resources(group_version)).detach();
    });
}

k8sc_status k8sc_discovery_server_groups_and_resources(k8sc_discovery *discovery, k8sc_object **groups, k8sc_list **out,
                                                       k8sc_error **partial, k8sc_error **err)
{
    return guard(err, [&] {
        if (groups) *groups = nullptr;
        if (partial) *partial = nullptr;
        need_out(out);
        need_handle(discovery, "discovery");
        ServerResources resources = discovery->resources();
        Ref<Object> known = group_list_document(resources.groups);
        hand_over(resources, all_lists(resources), out, partial);
        if (groups) *groups = known.detach();
    });
}

k8sc_status k8sc_discovery_server_preferred_resources(k8sc_discovery *discovery, k8sc_list **out, k8sc_error **partial,
                                                      k8sc_error **err)
{
    return preferred(discovery, false, out, partial, err);
}

k8sc_status k8sc_discovery_server_preferred_namespaced_resources(k8sc_discovery *discovery, k8sc_list **out,
                                                                 k8sc_error **partial, k8sc_error **err)
{
    return preferred(discovery, true, out, partial, err);
}

k8sc_status k8sc_discovery_server_version(k8sc_discovery *discovery, k8sc_object **out, k8sc_error **err)
{
    return document(discovery, "/version", out, err);
}

k8sc_status k8sc_discovery_openapi_v2(k8sc_discovery *discovery, k8sc_object **out, k8sc_error **err)
{
    return document(discovery, "/openapi/v2", out, err);
}

k8sc_status k8sc_discovery_openapi_v3(k8sc_discovery *discovery, k8sc_object **out, k8sc_error **err)
{
    return document(discovery, "/openapi/v3", out, err);
}

k8sc_status k8sc_discovery_openapi_v3_document(k8sc_discovery *discovery, const char *group_version, k8sc_object **out,
                                               k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need_handle(discovery, "discovery");
        need(group_version, "group_version");
        auto [group, version] = split_group_version(group_version);
        std::string path = concat(group.empty() ? "api/" : "apis/", group_version);
        Ref<Object> index = fetch_document(discovery->client(), "/openapi/v3");
        auto uri = index->root().member("paths").member(path).member("serverRelativeURL").string();
        if (!uri) no_document(group_version);
        *out = fetch_openapi_document(discovery->client(), *uri).detach();
    });
}

k8sc_status k8sc_discovery_supports_version(k8sc_discovery *discovery, const char *group_version, int *supported,
                                            k8sc_error **err)
{
    return guard(err, [&] {
        need(supported, "supported");
        *supported = 0;
        need_handle(discovery, "discovery");
        need(group_version, "group_version");
        split_group_version(group_version);
        *supported = has_version(discovery->groups(), group_version) ? 1 : 0;
    });
}

k8sc_status k8sc_discovery_is_resource_enabled(k8sc_discovery *discovery, const char *group_version,
                                               const char *resource, int *enabled, k8sc_error **err)
{
    return guard(err, [&] {
        need(enabled, "enabled");
        *enabled = 0;
        need_handle(discovery, "discovery");
        need(group_version, "group_version");
        need(resource, "resource");
        try {
            auto list = discovery->resources(group_version);
            for (const ApiResource &known : list->resources)
                if (known.name == resource) *enabled = 1;
        } catch (const Error &error) {
            if (!is_not_found(error)) throw;
        }
    });
}

}  // extern "C"
