// What a cluster does about namespaces, and about the status of what is new: only in strict mode.
#pragma once

#include <string>
#include <string_view>

#include "testing/base/json.h"
#include "testing/schema/kind.h"
#include "testing/schema/status.h"

namespace k8sc::testing {

bool is_namespace(const Kind &kind);
bool is_pod(const Kind &kind);

// What a cluster begins with.
extern const char *const first_namespaces[4];

// The status that a new object has, whatever the client says; a namespace's finalizer, too.
void begin_status(const Kind &kind, json_t *document);
// Since 1.21 a namespace has a label that says its name, whoever wants it or not.
void label_namespace(const Kind &kind, json_t *document);
// Nobody may delete these. Throws ApiError.
void check_may_be_deleted(const Kind &kind, const std::string &name);
// What is to be created in a namespace that is being deleted.
ApiError terminating_namespace(const Kind &kind, const std::string &name, const std::string &ns);

// Metadata's finalizers, and those in the spec of a namespace.
bool is_held(const Kind &kind, const json_t *document);
bool has_text(const json_t *array, std::string_view text);
// Takes one out of an array, and answers whether it was there.
bool drop_text(json_t *object, const char *key, std::string_view text);

}  // namespace k8sc::testing
