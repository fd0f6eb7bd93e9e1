#include "testing/schema/shape.h"

#include <algorithm>
#include <iterator>

#include "testing/schema/schema_words.h"
#include "testing/schema/since.h"

namespace k8sc::testing {

namespace {

// Types that are one value to server-side apply wherever they stand: their declarations say so, and not those of
// fields.
const std::string_view whole_types[] = {"ConfigMapKeySelector",
                                        "FileKeySelector",
                                        "LabelSelector",
                                        "LocalObjectReference",
                                        "NodeSelector",
                                        "NodeSelectorTerm",
                                        "ObjectFieldSelector",
                                        "ObjectReference",
                                        "OwnerReference",
                                        "ResourceFieldSelector",
                                        "RoleRef",
                                        "ScopedResourceSelectorRequirement",
                                        "ScopeSelector",
                                        "SecretKeySelector",
                                        "SecretReference",
                                        "Subject",
                                        "TopologySelectorTerm",
                                        "TypedLocalObjectReference"};

bool is_whole(const k8sc_schema_type *type)
{
    const std::string_view kind = k8sc_schema_type_kind(type);
    return std::find(std::begin(whole_types), std::end(whole_types), kind) != std::end(whole_types);
}

const k8sc_schema_type *object_meta()
{
    return k8sc_schema_type_find("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
}

}  // namespace

Shape Shape::of(const Kind &kind)
{
    Shape shape;
    shape.type_ = k8sc_schema_type_find_kind(kind.api_version().c_str(), kind.kind.c_str());
    shape.form_ = shape.type_ ? Form::type : Form::custom;
    if (kind.structural) shape.schema_ = kind.structural->schema();
    shape.typed_custom_ = kind.release >= since::typed_custom_fields;
    return shape;
}

Shape Shape::member(const std::string &name) const
{
    Shape shape;
    shape.schema_ = member_schema(schema_, name.c_str());
    shape.typed_custom_ = typed_custom_;
    shape.is_entry_ = !type_ && !(form_ == Form::custom && name == "metadata");
    if (typed_custom_ && value_at(schema_, {"properties", name.c_str()})) shape.is_entry_ = false;
    if (form_ == Form::custom && name == "metadata") {
        shape.form_ = Form::type;
        shape.type_ = object_meta();
        shape.schema_ = nullptr;
    } else if (type_) {
        shape.field_ = k8sc_schema_type_find_field(type_, name.c_str());
    } else if (field_) {
        shape.field_ = k8sc_schema_field_element(field_);
    }
    if (!shape.field_) return shape;
    shape.form_ = Form::field;
    shape.type_ = k8sc_schema_field_object_type(shape.field_);
    return shape;
}

Shape Shape::item() const
{
    Shape shape;
    shape.schema_ = json_object_get(schema_, "items");
    shape.typed_custom_ = typed_custom_;
    shape.field_ = field_ ? k8sc_schema_field_element(field_) : nullptr;
    if (!shape.field_) return shape;
    shape.form_ = Form::field;
    shape.type_ = k8sc_schema_field_object_type(shape.field_);
    return shape;
}

bool Shape::merges_members() const
{
    if (schema_) return text_at(schema_, {map_type_word}) != "atomic";
    if (form_ == Form::free || form_ == Form::custom || form_ == Form::type) return true;
    const std::string_view way = k8sc_schema_field_map_type(field_);
    if (!way.empty()) return way == "granular";
    if (type_) return !is_whole(type_);
    return k8sc_schema_field_type(field_) == K8SC_FIELD_MAP || k8sc_schema_field_type(field_) == K8SC_FIELD_ANY;
}

bool Shape::is_entry() const { return is_entry_; }

std::string_view Shape::list_type() const
{
    if (schema_) return text_at(schema_, {list_type_word});
    return field_ ? k8sc_schema_field_list_type(field_) : "";
}

bool Shape::is_keyed() const { return list_type() == "map"; }

bool Shape::is_set() const { return list_type() == "set"; }

std::vector<std::string> Shape::keys() const
{
    std::vector<std::string> keys;
    const json_t *names = json_object_get(schema_, list_keys_word);
    for (size_t i = 0; i < json_array_size(names); ++i) keys.emplace_back(text_at(json_array_get(names, i), {}));
    if (!field_) return keys;
    for (int32_t i = 0; const char *key = k8sc_schema_field_list_map_key(field_, i); ++i) keys.emplace_back(key);
    return keys;
}

Json Shape::key_default(const std::string &key) const
{
    if (!schema_) return key == "protocol" ? Json::text("TCP") : Json();
    json_t *standard = value_at(schema_, {"items", "properties", key.c_str(), "default"});
    return standard ? Json::share(standard) : Json();
}

bool Shape::strategy(std::string_view word) const
{
    return field_ && std::string_view(k8sc_schema_field_patch_strategy(field_)).find(word) != std::string_view::npos;
}

std::string Shape::merge_key() const { return field_ ? k8sc_schema_field_patch_merge_key(field_) : ""; }

}  // namespace k8sc::testing
