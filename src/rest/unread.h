// An object of a list or a watch that cannot be read: which one it is, as far as its text tells.
#pragma once

#include <string>

#include "core/error.h"
#include "json/object.h"

namespace k8sc {

// For messages about an object that has no name: nothing of its content, which may be a secret.
std::string kind_and_size(const Object &object);

struct Unread {
    // `text` is the object's, or its beginning. The error's message begins with `what` and the object's name.
    Unread(std::string_view what, std::string_view text, const Error &error);

    bool is_named() const { return !name.empty(); }
    // An object with nothing but these names.
    Ref<Object> stub() const;

    std::string ns, name;  // "": not known
    std::string resource_version;
    Error error;
};

// Of an object whose metadata has not the types that it must have: what is wrong; "" where nothing is.
std::string metadata_fault(const Object &object);

}  // namespace k8sc
