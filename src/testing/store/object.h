// A stored object. It never changes: another state is another object, so any thread may hold and send it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "testing/base/json.h"
#include "testing/schema/kind.h"

namespace k8sc::testing {

// Kept as the text that is sent, not as a document: lists and watches only copy, and ten thousand pods take megabytes
// instead of a gigabyte. What selectors ask for most is taken out once.
struct Object {
    std::string ns;  // its namespace, "" where it has none
    std::string name;
    std::string uid;
    int64_t resource_version = 0;
    std::vector<std::pair<std::string, std::string>> labels;
    std::string node_name;
    std::string phase;
    std::vector<std::string> owners;  // uids, of its ownerReferences
    // the JSON text after the members kind and apiVersion, which the version asked for decides: Kind::prefix
    std::string tail;

    // Its place in a collection, in the order etcd's keys would have.
    std::string key() const { return ns + "/" + name; }
    const std::string *label(const std::string &name) const;
    // The scalar at a dotted path as text; "" where there is none, as for Go's zero values.
    std::string field(const std::string &path) const;
    // A document of its own, without kind and apiVersion.
    Json document() const;
    std::string text(const Kind &kind) const { return kind.prefix() + tail; }
};
using ObjectPtr = std::shared_ptr<const Object>;

// Makes the object of a document, whose resourceVersion is set to this one; 0 leaves it out, as for dry runs.
ObjectPtr freeze(const Kind &kind, Json document, int64_t resource_version);
// The same state under another resourceVersion.
ObjectPtr with_resource_version(const Kind &kind, const Object &object, int64_t resource_version);

}  // namespace k8sc::testing
