// What is asked of the tables.
#pragma once

#include <string_view>

#include "schema/tables.h"

namespace k8sc::schema {

// The short name of a type: "Pod" of "io.k8s.api.core.v1.Pod".
const char *kind_of(const Type &type);
// "apps/v1"; NULL where the type is no kind.
const char *api_version_of(const Type &type);
// What an object's type, an array's items or a map's values are; NULL for other forms.
const Type *type_of(const Field &field);
const Field *element_of(const Field &field);

// They answer NULL where there is none.
const Resource *find_resource(std::string_view group, std::string_view version, std::string_view resource);
const Resource *find_resource_of_kind(std::string_view api_version, std::string_view kind);
const Type *find_type(std::string_view name);
// Of an object's apiVersion and kind.
const Type *find_kind(std::string_view api_version, std::string_view kind);
const Field *find_field(const Type &type, std::string_view name);
// The field that was probably meant by a name that there is not.
const Field *nearest_field(const Type &type, std::string_view name);

// A number of a list; -1 beyond its end.
int32_t number_of(uint16_t list, int32_t index);

}  // namespace k8sc::schema
