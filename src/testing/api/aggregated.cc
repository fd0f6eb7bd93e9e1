#include "testing/api/aggregated.h"

#include "testing/api/subresources.h"
#include "testing/base/json.h"
#include "testing/schema/releases.h"
#include "testing/schema/status.h"
#include "testing/schema/structural.h"

namespace k8sc::testing {

namespace {

std::string aggregated_type(const std::string &version)
{
    return "application/json;g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList";
}

// As releases have it: the beta until 1.29, both from 1.30 on, the stable one alone from 1.33 on. Of two, the one that
// is accepted first.
std::string aggregated_version(std::string_view accepted, int minor)
{
    std::string chosen;
    size_t first = std::string_view::npos;
    for (const std::string version : {"v2beta1", "v2"}) {
        const bool served = version == "v2" ? minor < 26 || minor >= 30 : minor >= 26 && minor < 33;
        const size_t at = accepted.find(aggregated_type(version));
        if (!served || at == std::string_view::npos || at > first) continue;
        first = at;
        chosen = version;
    }
    return chosen;
}

Json response_kind(const std::string &group, const std::string &version, const std::string &kind)
{
    Json json = Json::object();
    set(json.get(), "group", Json::text(group));
    set(json.get(), "version", Json::text(version));
    set(json.get(), "kind", Json::text(kind));
    return json;
}

Json resource(const Kind &kind)
{
    Json json = Json::object();
    set(json.get(), "resource", Json::text(kind.plural));
    set(json.get(), "responseKind", response_kind(kind.group, kind.version, kind.kind));
    set(json.get(), "scope", Json::text(kind.namespaced ? "Namespaced" : "Cluster"));
    set(json.get(), "singularResource", Json::text(kind.singular));
    set(json.get(), "verbs", array_of(kind.verbs()));
    if (!kind.short_names.empty()) set(json.get(), "shortNames", array_of(kind.short_names));
    if (!kind.categories.empty()) set(json.get(), "categories", array_of(kind.categories));
    Json list = Json::array();
    for (const Subresource &subresource : subresources_of(kind)) {
        Json entry = Json::object();
        set(entry.get(), "subresource", Json::text(subresource.name));
        set(entry.get(), "responseKind", response_kind(subresource.group, subresource.version, subresource.kind));
        set(entry.get(), "verbs", array_of(subresource.verbs));
        append(list.get(), std::move(entry));
    }
    if (json_array_size(list.get()) > 0) set(json.get(), "subresources", std::move(list));
    return json;
}

Json group(const KindTable &kinds, const std::string &name, const std::vector<std::string> &versions)
{
    Json json = Json::object(), metadata = Json::object(), list = Json::array();
    if (!name.empty()) set(metadata.get(), "name", Json::text(name));
    for (const std::string &version : versions) {
        Json entry = Json::object(), resources = Json::array();
        for (const KindPtr &kind : kinds.resources(name, version)) append(resources.get(), resource(*kind));
        set(entry.get(), "version", Json::text(version));
        set(entry.get(), "resources", std::move(resources));
        set(entry.get(), "freshness", Json::text("Current"));
        append(list.get(), std::move(entry));
    }
    set(json.get(), "metadata", std::move(metadata));
    set(json.get(), "versions", std::move(list));
    return json;
}

std::string path_of(const std::string &group, const std::string &version)
{
    return group.empty() ? "api/" + version : "apis/" + group + "/" + version;
}

std::string definition_name(const Kind &kind)
{
    return (kind.group.empty() ? "core" : kind.group) + "." + kind.version + "." + kind.kind;
}

Json schema_of(const Kind &kind)
{
    Json schema = Json::object(), properties = Json::object(), kinds = Json::array();
    for (const char *name : {"apiVersion", "kind", "metadata"}) {
        Json property = Json::object();
        set(property.get(), "type", Json::text(std::string_view(name) == "metadata" ? "object" : "string"));
        set(properties.get(), name, std::move(property));
    }
    append(kinds.get(), response_kind(kind.group, kind.version, kind.kind));
    if (kind.structural) {
        schema = Json::share(const_cast<json_t *>(kind.structural->schema())).copy();
        json_object_update_missing(properties.get(), json_object_get(schema.get(), "properties"));
    }
    set(schema.get(), "type", Json::text("object"));
    set(schema.get(), "properties", std::move(properties));
    set(schema.get(), "x-kubernetes-group-version-kind", std::move(kinds));
    return schema;
}

// What kubectl looks for: which kind a path is of, and that a change of it can be validated by the server.
Json path_item(const Kind &kind)
{
    Json item = Json::object(), parameters = Json::array();
    for (const char *name : {"dryRun", "fieldManager", "fieldValidation", "force"}) {
        Json parameter = Json::object(), schema = Json::object();
        set(schema.get(), "type", Json::text(std::string_view(name) == "force" ? "boolean" : "string"));
        set(parameter.get(), "name", Json::text(name));
        set(parameter.get(), "in", Json::text("query"));
        set(parameter.get(), "schema", std::move(schema));
        append(parameters.get(), std::move(parameter));
    }
    for (const char *action : {"get", "patch"}) {
        Json operation = Json::object();
        set(operation.get(), "x-kubernetes-action", Json::text(action));
        set(operation.get(), "x-kubernetes-group-version-kind", response_kind(kind.group, kind.version, kind.kind));
        if (action[0] == 'p') set(operation.get(), "parameters", parameters);
        set(item.get(), action, std::move(operation));
    }
    return item;
}

Json paths_of(const KindTable &kinds, const std::string &group, const std::string &version)
{
    Json paths = Json::object();
    for (const KindPtr &kind : kinds.resources(group, version)) {
        const std::string path = "/" + path_of(group, version) + (kind->namespaced ? "/namespaces/{namespace}/" : "/") +
                                 kind->plural + "/{name}";
        if (!kind->review) set(paths.get(), path.c_str(), path_item(*kind));
    }
    return paths;
}

Json info(int minor)
{
    Json json = Json::object();
    set(json.get(), "title", Json::text("Kubernetes"));
    set(json.get(), "version", Json::text(version_name(minor)));
    return json;
}

Json schemas_of(const KindTable &kinds, const std::string &group, const std::string &version, Json schemas)
{
    for (const KindPtr &kind : kinds.resources(group, version))
        set(schemas.get(), definition_name(*kind).c_str(), schema_of(*kind));
    return schemas;
}

}  // namespace

std::optional<Reply> discover_aggregated(const Request &request, const KindTable &kinds, int minor)
{
    const bool core = request.path == "/api";
    if (!core && request.path != "/apis") return std::nullopt;
    const std::string version = aggregated_version(request.header("Accept"), minor);
    if (request.method != "GET" || version.empty()) return std::nullopt;
    Json json = Json::object(), items = Json::array();
    for (const auto &[name, versions] : kinds.groups())
        if (name.empty() == core) append(items.get(), group(kinds, name, versions));
    set(json.get(), "kind", Json::text("APIGroupDiscoveryList"));
    set(json.get(), "apiVersion", Json::text("apidiscovery.k8s.io/" + version));
    set(json.get(), "metadata", Json::object());
    set(json.get(), "items", std::move(items));
    Reply reply = json_reply(200, dump(json.get()));
    reply.type = aggregated_type(version);
    return reply;
}

std::optional<Reply> describe_schemas(const Request &request, const KindTable &kinds, int minor)
{
    const std::string_view v3 = "/openapi/v3";
    const bool second = request.path == "/openapi/v2";
    if (!second && !std::string_view(request.path).starts_with(v3)) return std::nullopt;
    if (request.method != "GET") throw method_not_allowed();
    Json json = Json::object();
    if (second) {
        // kubectl takes it as protobuf only, and does without where there is none.
        const std::string_view accepted = request.header("Accept");
        if (!accepted.empty() && accepted.find("json") == std::string_view::npos &&
            accepted.find("*/*") == std::string_view::npos)
            throw not_acceptable();
        Json definitions = Json::object();
        for (const auto &[name, versions] : kinds.groups())
            for (const std::string &version : versions)
                definitions = schemas_of(kinds, name, version, std::move(definitions));
        set(json.get(), "swagger", Json::text("2.0"));
        set(json.get(), "info", info(minor));
        set(json.get(), "paths", Json::object());
        set(json.get(), "definitions", std::move(definitions));
        Reply reply = json_reply(200, dump(json.get()));
        // As old servers call it.
        if (minor < 25) reply.type = "text/plain; charset=utf-8";
        return reply;
    }
    Json paths = Json::object();
    for (const auto &[name, versions] : kinds.groups())
        for (const std::string &version : versions) {
            const std::string path = path_of(name, version);
            if (request.path == std::string(v3) + "/" + path) {
                Json components = Json::object();
                set(components.get(), "schemas", schemas_of(kinds, name, version, Json::object()));
                set(json.get(), "openapi", Json::text("3.0.0"));
                set(json.get(), "info", info(minor));
                set(json.get(), "paths", paths_of(kinds, name, version));
                set(json.get(), "components", std::move(components));
                return json_reply(200, dump(json.get()));
            }
            Json entry = Json::object();
            set(entry.get(), "serverRelativeURL",
                Json::text(std::string(v3) + "/" + path +
                           "?hash=" + std::to_string(kinds.resources(name, version).size())));
            set(paths.get(), path.c_str(), std::move(entry));
        }
    if (request.path != v3) return std::nullopt;
    set(json.get(), "paths", std::move(paths));
    return json_reply(200, dump(json.get()));
}

}  // namespace k8sc::testing
