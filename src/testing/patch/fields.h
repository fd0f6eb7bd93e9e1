// Sets of fields as metadata.managedFields has them: which parts of an object are somebody's.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "testing/base/json.h"
#include "testing/schema/shape.h"

namespace k8sc::testing {

// Steps as in FieldsV1: f:NAME a member, k:{KEYS} an item of a list by its keys, v:VALUE an item of a set.
using FieldPath = std::vector<std::string>;
using FieldSet = std::set<FieldPath>;

// The FieldsV1 of a set, and back. What is no FieldsV1 is an empty set.
Json to_fields_v1(const FieldSet &fields);
FieldSet from_fields_v1(const json_t *json);

// Each field of a value that can be owned, with what is there: the value where it is owned as a whole, null for what
// has fields of its own (an item, an entry of a map). Throws ApiError where an item of a list lacks its keys, or two
// have the same ones.
std::map<FieldPath, Json> fields_of(json_t *document, const Shape &shape);
FieldSet names_of(const std::map<FieldPath, Json> &fields);

// The document with what `config` says, everything else kept.
Json merged(const Json &document, const Json &config, const Shape &shape);
// Takes one field out, and objects and arrays that are empty then. A field that is not there is left alone.
void remove_field(json_t *document, const FieldPath &path, const Shape &shape);

// The step to an item: by its keys or its value. Throws ApiError.
std::string item_step(const json_t *item, const Shape &list, const FieldPath &at);
// As messages show it: .spec.containers[name="web"].image
std::string shown(const FieldPath &path);

bool begins_with(const FieldPath &path, const FieldPath &beginning);

}  // namespace k8sc::testing
