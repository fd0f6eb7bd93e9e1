#include "discovery/server_resources.h"

#include <algorithm>
#include <set>

#include "core/url.h"

namespace k8sc {

std::string join_group_version(std::string_view group, std::string_view version)
{
    return group.empty() ? std::string(version) : concat(group, "/", version);
}

std::pair<std::string, std::string> split_group_version(std::string_view text)
{
    size_t slash = text.find('/');
    std::string_view group = slash == std::string_view::npos ? std::string_view() : text.substr(0, slash);
    std::string_view version = slash == std::string_view::npos ? text : text.substr(slash + 1);
    std::string_view fault = slash == std::string_view::npos ? std::string_view() : segment_fault(group);
    if (fault.empty()) fault = segment_fault(version);
    if (!fault.empty()) fail(K8SC_E_INVALID, concat("group-version ", quote(text), " ", fault));
    return {std::string(group), std::string(version)};
}

std::vector<std::string> ordered_versions(const ServerResources &resources)
{
    std::vector<std::string> order;
    std::set<std::string> named;
    for (const ApiGroup &group : resources.groups)
        for (const std::string &version : group.versions) {
            std::string whole = join_group_version(group.name, version);
            if (named.insert(whole).second) order.push_back(std::move(whole));
        }
    std::vector<std::string> nameless;
    for (const auto &[whole, discovered] : resources.versions)
        if (!named.contains(whole)) nameless.push_back(whole);
    order.insert(order.begin(), nameless.begin(), nameless.end());
    return order;
}

bool has_version(const std::vector<ApiGroup> &groups, std::string_view group_version)
{
    for (const ApiGroup &group : groups)
        for (const std::string &version : group.versions)
            if (join_group_version(group.name, version) == group_version) return true;
    return false;
}

std::shared_ptr<const Error> partial_failure(const ServerResources &resources)
{
    std::shared_ptr<Error> failure;
    std::string names;
    size_t count = 0;
    for (const std::string &whole : ordered_versions(resources)) {
        auto found = resources.versions.find(whole);
        if (found == resources.versions.end() || !found->second.error) continue;
        const Error &error = *found->second.error;
        if (!failure) {
            // The first one's nature, so that predicates such as is_retriable say something.
            failure = std::make_shared<Error>(error);
            failure->causes.clear();
            failure->status_json.clear();
        }
        failure->causes.push_back(
            {error.reason.empty() ? k8sc_status_name(error.code) : error.reason, whole, error.message});
        if (++count <= 3) names += concat(count > 1 ? "; " : "", whole, ": ", error.message);
    }
    if (!failure) return nullptr;
    failure->message =
        concat("the resources of ", std::to_string(count), " of ", std::to_string(resources.versions.size()),
               " group-versions are not known: ", names, count > 3 ? "; ..." : "");
    return failure;
}

std::vector<ApiResourceList> preferred_resources(const ServerResources &resources, bool only_namespaced)
{
    std::vector<ApiResourceList> answer;
    for (const ApiGroup &group : resources.groups) {
        // In the order of the server's versions, but a resource is in the preferred version where that has it.
        std::vector<ApiResourceList> lists;
        std::map<std::string, std::pair<size_t, size_t>> where;
        for (const std::string &version : group.versions) {
            auto found = resources.versions.find(join_group_version(group.name, version));
            if (found == resources.versions.end() || !found->second.list) continue;
            lists.push_back({group.name, version, {}});
            for (const ApiResource &resource : found->second.list->resources) {
                if (resource.is_subresource() || (only_namespaced && !resource.is_namespaced)) continue;
                auto [at, is_new] = where.try_emplace(resource.name, lists.size() - 1, lists.back().resources.size());
                if (!is_new) {
                    if (version != group.preferred) continue;
                    lists[at->second.first].resources[at->second.second].name.clear();
                    at->second = {lists.size() - 1, lists.back().resources.size()};
                }
                lists.back().resources.push_back(resource);
            }
        }
        for (ApiResourceList &list : lists) {
            std::erase_if(list.resources, [](const ApiResource &resource) { return resource.name.empty(); });
            if (!list.resources.empty()) answer.push_back(std::move(list));
        }
    }
    return answer;
}

}  // namespace k8sc
