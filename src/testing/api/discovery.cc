// What a server tells about itself: groups, resources, version and health.
#include "testing/api/api.h"
#include "testing/api/subresources.h"
#include "testing/schema/releases.h"
#include "testing/schema/status.h"

namespace k8sc::testing {

namespace {

Json head(const char *kind, const char *version)
{
    Json json = Json::object();
    set(json.get(), "kind", Json::text(kind));
    if (version) set(json.get(), "apiVersion", Json::text(version));
    return json;
}

Json group_version(const std::string &group, const std::string &version)
{
    Json json = Json::object();
    set(json.get(), "groupVersion", Json::text(group + "/" + version));
    set(json.get(), "version", Json::text(version));
    return json;
}

void describe_group(json_t *json, const std::string &group, const std::vector<std::string> &versions)
{
    Json list = Json::array();
    for (const std::string &version : versions) append(list.get(), group_version(group, version));
    set(json, "name", Json::text(group));
    set(json, "versions", std::move(list));
    set(json, "preferredVersion", group_version(group, versions.front()));
}

Json resource(const Kind &kind, const Subresource *subresource, const std::vector<std::string> &verbs)
{
    Json json = Json::object();
    const bool whole = !subresource;
    set(json.get(), "name", Json::text(whole ? kind.plural : kind.plural + "/" + subresource->name));
    set(json.get(), "singularName", Json::text(whole ? kind.singular : ""));
    set(json.get(), "namespaced", Json::boolean(kind.namespaced));
    // What is sent there may be of another group.
    const bool foreign = !whole && (subresource->group != kind.group || subresource->version != kind.version);
    if (foreign) set(json.get(), "group", Json::text(subresource->group));
    if (foreign) set(json.get(), "version", Json::text(subresource->version));
    set(json.get(), "kind", Json::text(whole ? kind.kind : subresource->kind));
    set(json.get(), "verbs", array_of(verbs));
    if (whole && !kind.short_names.empty()) set(json.get(), "shortNames", array_of(kind.short_names));
    if (whole && !kind.categories.empty()) set(json.get(), "categories", array_of(kind.categories));
    return json;
}

Json resource_list(const std::vector<KindPtr> &kinds, const std::string &api_version)
{
    Json json = head("APIResourceList", "v1"), list = Json::array();
    for (const KindPtr &kind : kinds) {
        append(list.get(), resource(*kind, nullptr, kind->verbs()));
        for (const Subresource &subresource : subresources_of(*kind))
            append(list.get(), resource(*kind, &subresource, subresource.verbs));
    }
    set(json.get(), "groupVersion", Json::text(api_version));
    set(json.get(), "resources", std::move(list));
    return json;
}

Json core_versions(const std::string &address)
{
    Json json = head("APIVersions", nullptr), servers = Json::array(), server = Json::object();
    set(json.get(), "versions", array_of({"v1"}));
    set(server.get(), "clientCIDR", Json::text("0.0.0.0/0"));
    set(server.get(), "serverAddress", Json::text(address));
    append(servers.get(), std::move(server));
    set(json.get(), "serverAddressByClientCIDRs", std::move(servers));
    return json;
}

Json group_list(const KindTable &kinds)
{
    Json json = head("APIGroupList", "v1"), list = Json::array();
    for (const auto &[group, versions] : kinds.groups()) {
        if (group.empty()) continue;
        Json entry = Json::object();
        describe_group(entry.get(), group, versions);
        append(list.get(), std::move(entry));
    }
    set(json.get(), "groups", std::move(list));
    return json;
}

// Like the server whose behaviour this one follows; the build says that it is not that one.
Json version(int minor)
{
    Json json = Json::object();
    const std::pair<const char *, std::string> members[] = {{"major", "1"},
                                                            {"minor", std::to_string(minor)},
                                                            {"gitVersion", version_name(minor)},
                                                            {"gitCommit", ""},
                                                            {"gitTreeState", ""},
                                                            {"buildDate", ""},
                                                            {"goVersion", ""},
                                                            {"compiler", ""},
                                                            {"platform", "linux/amd64"}};
    for (const auto &[name, value] : members) set(json.get(), name, Json::text(value));
    return json;
}

Reply text_reply(std::string text)
{
    Reply reply;
    reply.type = "text/plain; charset=utf-8";
    reply.text = std::move(text);
    return reply;
}

std::vector<std::string> parts_of(std::string_view path)
{
    std::vector<std::string> parts;
    for (size_t begin = 0; begin < path.size();) {
        const size_t end = std::min(path.find('/', begin), path.size());
        if (end > begin) parts.emplace_back(path.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

}  // namespace

std::optional<Reply> discover(const Request &request, const KindTable &kinds, const std::string &address, int minor)
{
    const std::vector<std::string> parts = parts_of(request.path);
    const std::string first = parts.empty() ? "" : parts[0];
    const bool health = first == "healthz" || first == "livez" || first == "readyz";
    const bool known = health || (first == "version" && parts.size() == 1) || (first == "api" && parts.size() <= 2) ||
                       (first == "apis" && parts.size() <= 3);
    if (!known) return std::nullopt;
    if (request.method != "GET" && request.method != "HEAD") throw method_not_allowed();
    if (health) return text_reply("ok");
    if (first == "version") return json_reply(200, dump(version(minor).get()));

    const auto json = [](const Json &value) { return json_reply(200, dump(value.get())); };
    if (first == "api" && parts.size() == 1) return json(core_versions(address));
    if (first == "apis" && parts.size() == 1) return json(group_list(kinds));
    if (first == "apis" && parts.size() == 2) {
        for (const auto &[group, versions] : kinds.groups()) {
            if (group.empty() || group != parts[1]) continue;
            Json description = head("APIGroup", "v1");
            describe_group(description.get(), group, versions);
            return json(description);
        }
        return std::nullopt;
    }
    const std::string group = first == "api" ? "" : parts[1];
    const std::string &version = parts.back();
    const std::vector<KindPtr> resources = kinds.resources(group, version);
    if (resources.empty()) return std::nullopt;
    return json(resource_list(resources, resources.front()->api_version()));
}

}  // namespace k8sc::testing
