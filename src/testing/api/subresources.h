// The parts of objects that have paths of their own: which there are, and how they are read and changed. What is posted
// to such a path is in api_subresources.cc.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "testing/api/resources.h"
#include "testing/schema/kind.h"
#include "testing/store/object.h"

namespace k8sc::testing {

struct Subresource {
    std::string name;
    std::string group;  // of what is sent and answered there, as its version and its kind
    std::string version;
    std::string kind;
    std::vector<std::string> verbs;

    bool allows(std::string_view verb) const;
};

std::vector<Subresource> subresources_of(const Kind &kind);

// The document that becomes of `before` where `after` was sent to a subresource: all but one part stays. `strict`: of a
// status, also the metadata that real servers let through. Throws ApiError.
Json changed_through(const Kind &kind, const std::string &subresource, const Json &before, Json after, bool strict);

// autoscaling/v1 Scale, as a kind.
KindPtr scale_kind();
// What messages call a scale that is not there.
Kind named_scale(const Kind &kind);
// The scale of an object. Throws ApiError where it does not say how many it wants.
Json scale_of(const Kind &kind, json_t *document);
// The change of an object that a change of its scale is.
Resources::Change scale_change(const Kind &kind, const std::string &name, Resources::Change change);

// A LabelSelector as the text that labelSelector takes.
std::string selector_text(const json_t *selector);

}  // namespace k8sc::testing
