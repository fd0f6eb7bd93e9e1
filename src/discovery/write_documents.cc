#include "discovery/documents.h"
#include "json/text.h"

namespace k8sc {
namespace {

void write_texts(JsonText &out, const char *name, const std::vector<std::string> &texts)
{
    out.open(name, '[');
    for (const std::string &text : texts) out.string(nullptr, text);
    out.close(']');
}

void write_version(JsonText &out, const char *name, const std::string &group, const std::string &version)
{
    out.open(name, '{');
    out.string("groupVersion", join_group_version(group, version));
    out.string("version", version);
    out.close('}');
}

}  // namespace

Ref<Object> group_list_document(std::span<const ApiGroup> groups)
{
    JsonText out;
    out.open(nullptr, '{');
    out.string("kind", "APIGroupList");
    out.string("apiVersion", "v1");
    out.open("groups", '[');
    for (const ApiGroup &group : groups) {
        out.open(nullptr, '{');
        out.string("name", group.name);
        out.open("versions", '[');
        for (const std::string &version : group.versions) write_version(out, nullptr, group.name, version);
        out.close(']');
        if (!group.preferred.empty()) write_version(out, "preferredVersion", group.name, group.preferred);
        out.close('}');
    }
    out.close(']');
    out.close('}');
    return Object::parse(out.text);
}

Ref<Object> resource_list_document(const ApiResourceList &list)
{
    JsonText out;
    out.open(nullptr, '{');
    out.string("kind", "APIResourceList");
    out.string("apiVersion", "v1");
    out.string("groupVersion", join_group_version(list.group, list.version));
    out.open("resources", '[');
    for (const ApiResource &resource : list.resources) {
        out.open(nullptr, '{');
        out.string("name", resource.name);
        out.string("singularName", resource.singular);
        out.boolean("namespaced", resource.is_namespaced);
        if (resource.group != list.group || resource.version != list.version) {
            if (!resource.group.empty()) out.string("group", resource.group);
            out.string("version", resource.version);
        }
        out.string("kind", resource.kind);
        write_texts(out, "verbs", resource.verbs);
        if (!resource.short_names.empty()) write_texts(out, "shortNames", resource.short_names);
        if (!resource.categories.empty()) write_texts(out, "categories", resource.categories);
        out.close('}');
    }
    out.close(']');
    out.close('}');
    return Object::parse(out.text);
}

}  // namespace k8sc
