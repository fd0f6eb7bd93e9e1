#include "rest/unread.h"

#include "json/write.h"

namespace k8sc {
namespace {

// "" for what is no string, and what nobody can be named by.
std::string text_in(Cursor metadata, std::string_view key)
{
    std::string text = metadata.member(key).string().value_or("");
    return is_utf8(text) && text.size() <= 1024 ? text : "";
}

const char *word_of(int32_t type)
{
    switch (type) {
    case K8SC_TYPE_OBJECT: return "an object";
    case K8SC_TYPE_ARRAY: return "an array";
    case K8SC_TYPE_BOOL: return "a boolean";
    case K8SC_TYPE_STRING: return "a string";
    default: return "a number";
    }
}

}  // namespace

Unread::Unread(std::string_view what, std::string_view text, const Error &given) : error(given)
{
    Cursor metadata = Cursor(text).member("metadata");
    ns = text_in(metadata, "namespace");
    name = text_in(metadata, "name");
    resource_version = text_in(metadata, "resourceVersion");
    error.message = concat(what, is_named() ? ", " + quote(ns.empty() ? name : concat(ns, "/", name), 400) : "", ": ",
                           given.message);
}

Ref<Object> Unread::stub() const
{
    std::string_view json = "{}";
    return Object::assemble({ns, name, "", resource_version}, &json, 1);
}

std::string metadata_fault(const Object &object)
{
    // What was read as texts needs no look.
    if (!object.name().empty() && !object.ns().empty() && !object.uid().empty() && !object.resource_version().empty())
        return "";
    Cursor metadata = object.root().member("metadata");
    auto is_missing = [](int32_t type) { return type == K8SC_TYPE_ABSENT || type == K8SC_TYPE_NULL; };
    if (int32_t type = metadata.type(); !is_missing(type) && type != K8SC_TYPE_OBJECT)
        return concat("metadata is ", word_of(type));
    for (auto key : {"name", "namespace", "uid", "resourceVersion"})
        if (int32_t type = metadata.member(key).type(); !is_missing(type) && type != K8SC_TYPE_STRING)
            return concat("metadata.", key, " is ", word_of(type));
    return "";
}

std::string kind_and_size(const Object &object)
{
    std::string kind(object.root().member("kind").string().value_or(""));
    return concat(kind.empty() ? "an object" : quote(kind, 64), " of ", std::to_string(object.json().size()), " bytes");
}

}  // namespace k8sc
