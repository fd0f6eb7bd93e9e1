// Checks of what every object has: kind, apiVersion and metadata. And what a server writes there.
#pragma once

#include "testing/base/json.h"
#include "testing/schema/kind.h"

namespace k8sc::testing {

// Throws ApiError where the document is not of this kind, or its metadata not what it should be.
void check_document(const Kind &kind, json_t *document);
// The kind that is meant where `kind` was only guessed.
KindPtr learned_kind(const KindPtr &kind, const json_t *document);
// Throws ApiError (422) where an object may not have that name.
void check_name(const Kind &kind, const std::string &name);

// uid, creationTimestamp and generation, where they are missing.
void fill_system_fields(const Kind &kind, json_t *metadata);
// Carries over what no update can change, and counts the generation up where the update changes more than metadata and
// status.
void keep_system_fields(const Kind &kind, const json_t *before, json_t *after);

bool has_finalizers(const json_t *document);
bool is_being_deleted(const json_t *document);

}  // namespace k8sc::testing
