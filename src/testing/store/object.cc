#include "testing/store/object.h"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace k8sc::testing {

namespace {

// The order of the fields of ObjectMeta, in which Go writes them.
const char *const metadata_order[] = {"name",
                                      "generateName",
                                      "namespace",
                                      "selfLink",
                                      "uid",
                                      "resourceVersion",
                                      "generation",
                                      "creationTimestamp",
                                      "deletionTimestamp",
                                      "deletionGracePeriodSeconds",
                                      "labels",
                                      "annotations",
                                      "ownerReferences",
                                      "finalizers",
                                      "managedFields"};

// A copy of `from` (its values are shared) with the keys of `first` in front, and those of `last` behind.
template <size_t N, size_t M>
Json ordered(json_t *from, const char *const (&first)[N], const char *const (&last)[M])
{
    Json to = Json::object();
    const auto move = [&](const char *key) {
        if (json_t *value = json_object_get(from, key)) set(to.get(), key, Json::share(value));
    };
    for (const char *key : first) move(key);
    const char *key;
    json_t *value;
    json_object_foreach(from, key, value)
    {
        const auto is_key = [&](const char *other) { return std::strcmp(key, other) == 0; };
        const bool is_last = std::any_of(std::begin(last), std::end(last), is_key);
        if (!is_last && !json_object_get(to.get(), key)) set(to.get(), key, Json::share(value));
    }
    for (const char *last_key : last) move(last_key);
    return to;
}

// The text of a document as a server would order it, from behind its brace.
std::string tail_of(const Kind &kind, json_t *document)
{
    json_object_del(document, "kind");
    json_object_del(document, "apiVersion");
    if (kind.custom) return dump(document, true).substr(1);
    static const char *const front[] = {"metadata", "spec"};
    static const char *const back[] = {"status"};
    static const char *const none[] = {""};
    set(document, "metadata", ordered(metadata_of(document), metadata_order, none));
    return dump(ordered(document, front, back).get()).substr(1);
}

}  // namespace

const std::string *Object::label(const std::string &name) const
{
    for (const auto &[key, value] : labels)
        if (key == name) return &value;
    return nullptr;
}

std::string Object::field(const std::string &path) const
{
    if (path == "metadata.name") return name;
    if (path == "metadata.namespace") return ns;
    if (path == "spec.nodeName") return node_name;
    if (path == "status.phase") return phase;
    const Json whole = document();
    const json_t *value = whole.get();
    for (size_t begin = 0; begin <= path.size();) {
        const size_t end = std::min(path.find('.', begin), path.size());
        value = json_object_get(value, path.substr(begin, end - begin).c_str());
        begin = end + 1;
    }
    if (json_is_string(value)) return std::string(text_at(value, {}));
    return json_is_integer(value) || json_is_boolean(value) ? dump(value) : "";
}

Json Object::document() const
{
    std::string why;
    return Json::parse("{" + tail, why);
}

ObjectPtr freeze(const Kind &kind, Json document, int64_t resource_version)
{
    json_t *metadata = metadata_of(document.get());
    if (resource_version > 0)
        set(metadata, "resourceVersion", Json::text(std::to_string(resource_version)));
    else
        json_object_del(metadata, "resourceVersion");

    auto object = std::make_shared<Object>();
    object->ns = text_at(metadata, {"namespace"});
    object->name = text_at(metadata, {"name"});
    object->uid = text_at(metadata, {"uid"});
    object->resource_version = resource_version;
    object->node_name = text_at(document.get(), {"spec", "nodeName"});
    object->phase = text_at(document.get(), {"status", "phase"});
    const json_t *owners = json_object_get(metadata, "ownerReferences");
    for (size_t i = 0; i < json_array_size(owners); ++i)
        object->owners.emplace_back(text_at(json_array_get(owners, i), {"uid"}));
    const char *key;
    json_t *value;
    json_object_foreach(json_object_get(metadata, "labels"), key, value)
        object->labels.emplace_back(key, text_at(value, {}));
    object->tail = tail_of(kind, document.get());
    return object;
}

ObjectPtr with_resource_version(const Kind &kind, const Object &object, int64_t resource_version)
{
    return freeze(kind, object.document(), resource_version);
}

}  // namespace k8sc::testing
