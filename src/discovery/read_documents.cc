#include <algorithm>
#include <set>

#include "core/ascii.h"
#include "core/url.h"
#include "discovery/documents.h"

namespace k8sc {
namespace {

std::vector<std::string> texts_of(Cursor array)
{
    std::vector<std::string> texts;
    array.each([&](std::string_view, Cursor element) {
        if (auto text = element.string()) texts.push_back(std::move(*text));
        return true;
    });
    return texts;
}

bool is_name(const std::string &text) { return segment_fault(text).empty(); }

void need_kind(const Object &document, std::string_view kind)
{
    std::string found = text_of(document.root().member("kind"));
    // Some aggregated servers say nothing.
    if (!found.empty() && found != kind)
        fail(K8SC_E_DECODE, concat("discovery: a document of kind ", quote(found), " where ", kind, " was expected"));
}

ApiResource read_discovered(Cursor entry, const std::string &group, const std::string &version)
{
    ApiResource resource;
    resource.name = text_of(entry.member("resource"));
    resource.singular = text_of(entry.member("singularResource"));
    resource.is_namespaced = text_of(entry.member("scope")) == "Namespaced";
    resource.verbs = texts_of(entry.member("verbs"));
    resource.short_names = texts_of(entry.member("shortNames"));
    resource.categories = texts_of(entry.member("categories"));
    Cursor kind = entry.member("responseKind");
    resource.kind = text_of(kind.member("kind"));
    // The group of a core kind is said by its absence.
    resource.group = resource.kind.empty() ? group : text_of(kind.member("group"));
    resource.version = text_of(kind.member("version"));
    if (resource.version.empty()) {
        resource.group = group;
        resource.version = version;
    }
    return resource;
}

ApiResourceList read_version(Cursor entry, const std::string &group, const std::string &version)
{
    ApiResourceList list{group, version, {}};
    entry.member("resources").each([&](std::string_view, Cursor item) {
        ApiResource resource = read_discovered(item, group, version);
        if (!is_name(resource.name)) return true;
        // Without a kind it is only the parent of others.
        if (!resource.kind.empty()) list.resources.push_back(resource);
        item.member("subresources").each([&](std::string_view, Cursor sub) {
            ApiResource part = read_discovered(sub, group, version);
            std::string name = text_of(sub.member("subresource"));
            if (name.empty()) return true;
            part.name = concat(resource.name, "/", name);
            part.is_namespaced = resource.is_namespaced;
            part.singular.clear();
            list.resources.push_back(std::move(part));
            return true;
        });
        return true;
    });
    return list;
}

std::shared_ptr<const Error> stale(const std::string &whole)
{
    auto error = std::make_shared<Error>(K8SC_E_API, concat("what the server knows of ", whole, " is stale"));
    error->http_status = 503;
    error->reason = "ServiceUnavailable";
    return error;
}

}  // namespace

void read_api_versions(const Object &document, std::vector<ApiGroup> &groups)
{
    need_kind(document, "APIVersions");
    ApiGroup core;
    for (std::string &version : texts_of(document.root().member("versions")))
        if (is_name(version)) core.versions.push_back(std::move(version));
    if (core.versions.empty()) return;
    core.preferred = core.versions.front();
    groups.push_back(std::move(core));
}

void read_group_list(const Object &document, std::vector<ApiGroup> &groups)
{
    need_kind(document, "APIGroupList");
    document.root().member("groups").each([&](std::string_view, Cursor entry) {
        ApiGroup group;
        group.name = text_of(entry.member("name"));
        if (!group.name.empty() && !is_name(group.name)) return true;
        entry.member("versions").each([&](std::string_view, Cursor version) {
            std::string name = text_of(version.member("version"));
            if (is_name(name)) group.versions.push_back(std::move(name));
            return true;
        });
        group.preferred = text_of(entry.member("preferredVersion").member("version"));
        if (!group.versions.empty()) groups.push_back(std::move(group));
        return true;
    });
}

ApiResourceList read_resource_list(const Object &document, std::string_view group, std::string_view version)
{
    need_kind(document, "APIResourceList");
    ApiResourceList list{std::string(group), std::string(version), {}};
    document.root().member("resources").each([&](std::string_view, Cursor entry) {
        ApiResource resource;
        resource.name = text_of(entry.member("name"));
        if (!is_name(resource.name.substr(0, resource.name.find('/')))) return true;
        resource.singular = resource.is_subresource() ? "" : text_of(entry.member("singularName"));
        resource.kind = text_of(entry.member("kind"));
        resource.group = text_of(entry.member("group"));
        resource.version = text_of(entry.member("version"));
        if (resource.version.empty()) {
            resource.group = group;
            resource.version = version;
        }
        resource.is_namespaced = entry.member("namespaced").boolean().value_or(false);
        resource.verbs = texts_of(entry.member("verbs"));
        resource.short_names = texts_of(entry.member("shortNames"));
        resource.categories = texts_of(entry.member("categories"));
        list.resources.push_back(std::move(resource));
        return true;
    });
    return list;
}

void read_aggregated(const Object &document, ServerResources &resources)
{
    need_kind(document, "APIGroupDiscoveryList");
    document.root().member("items").each([&](std::string_view, Cursor item) {
        ApiGroup group;
        group.name = text_of(item.member("metadata").member("name"));
        if (!group.name.empty() && !is_name(group.name)) return true;
        item.member("versions").each([&](std::string_view, Cursor entry) {
            std::string version = text_of(entry.member("version"));
            if (!is_name(version)) return true;
            std::string whole = join_group_version(group.name, version);
            if (text_of(entry.member("freshness")) == "Stale") {
                resources.versions[whole] = {nullptr, stale(whole)};
                return true;
            }
            resources.versions[whole] = {std::make_shared<ApiResourceList>(read_version(entry, group.name, version)),
                                         nullptr};
            group.versions.push_back(std::move(version));
            return true;
        });
        if (group.versions.empty()) return true;
        group.preferred = group.versions.front();
        resources.groups.push_back(std::move(group));
        return true;
    });
}

bool is_aggregated_type(std::string_view content_type)
{
    auto part = [&] {
        size_t end = std::min(content_type.find(';'), content_type.size());
        std::string_view taken = trimmed(content_type.substr(0, end), " \t");
        content_type.remove_prefix(std::min(end + 1, content_type.size()));
        return taken;
    };
    if (part() != "application/json") return false;
    std::set<std::string_view> parameters;
    while (!content_type.empty()) parameters.insert(part());
    bool version = parameters.contains("v=v2") || parameters.contains("v=v2beta1");
    return version && parameters.contains("g=apidiscovery.k8s.io") && parameters.contains("as=APIGroupDiscoveryList");
}

}  // namespace k8sc
