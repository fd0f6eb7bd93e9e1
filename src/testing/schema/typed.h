// What the types of Kubernetes' own kinds say of a document: fields of a wrong type, fields that there are none, and
// what is stored of it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "testing/base/json.h"
#include "testing/schema/kind.h"

namespace k8sc::testing {

struct TypeErrors {
    // "data[k]: must be a string, and is an array": what no server could read.
    std::vector<std::string> wrong;
    // As newer servers put it: "unknown field \"spec.imagee\"".
    std::vector<std::string> strict;
};

// Of a kind that has no type nothing is found. `text` is as it was sent, so that members that come twice are seen.
TypeErrors type_errors(const Kind &kind, const std::string &text);

// What a server keeps of a document of its own kinds: without unknown fields and nulls, and a Secret's stringData as
// data.
void keep_known(const Kind &kind, json_t *document);

// The same of any object's metadata; answers what went.
std::vector<std::string> keep_known_metadata(json_t *metadata);

enum class FieldValidation { ignore, warn, strict };
// What the parameter fieldValidation asks for, or what is usual where it is empty. Throws ApiError (422), which names
// `options`, where it is none of these.
FieldValidation field_validation_of(std::string_view parameter, const std::string &options, FieldValidation usual);

}  // namespace k8sc::testing
