// What Kubernetes' schema says of a value within an object: how server-side apply and strategic merge patches treat it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <k8sc.h>

#include "testing/schema/kind.h"

namespace k8sc::testing {

// Borrowed from the library's tables, or from the schema of a custom resource; cheap to copy. What neither knows is
// free: objects with members of their own each, arrays that are changed as a whole.
class Shape {
  public:
    // Of objects of this kind, which must outlive the shape.
    static Shape of(const Kind &kind);

    // Of the member of an object, or of an entry of a map.
    Shape member(const std::string &name) const;
    // Of an array's items.
    Shape item() const;

    // Whether the members of an object are owned and merged one by one.
    bool merges_members() const;
    // Whether a member is owned itself, and not only what is in it: an entry of a map, whose names are the user's.
    bool is_entry() const;
    // An array whose items are told apart by keys, or by what they are; neither: it is changed as a whole.
    bool is_keyed() const;
    bool is_set() const;
    std::vector<std::string> keys() const;
    // What a server fills in where an item does not have this key; empty: nothing.
    Json key_default(const std::string &key) const;

    // Of a strategic merge patch: arrays that are merged, and the key of their items ("" for items that are not
    // objects).
    bool strategy(std::string_view word) const;
    std::string merge_key() const;

  private:
    std::string_view list_type() const;

    enum class Form { free, custom, type, field };
    Form form_ = Form::free;
    bool typed_custom_ = false;  // a custom resource's declared fields are fields, too
    bool is_entry_ = false;
    const k8sc_schema_type *type_ = nullptr;    // of an object
    const k8sc_schema_field *field_ = nullptr;  // through which it was reached
    const json_t *schema_ = nullptr;            // of a part of a custom resource
};

}  // namespace k8sc::testing
