// Server-side apply: who owns which field of an object, and what becomes of it when somebody applies.
#pragma once

#include <string>

#include "testing/base/json.h"
#include "testing/schema/kind.h"

namespace k8sc::testing {

// Who changes an object, and how.
struct Writer {
    std::string manager;
    std::string subresource;
    bool applies = false;  // otherwise it creates, updates or patches
    bool force = false;
};

// What the object becomes: fields of `config` set and owned by the writer, those it owned before and has no more taken
// out unless others own them. `before` is empty where there is no object yet. Throws ApiError (409, a cause for each
// field) where others own what changes, unless forced.
Json applied(const Kind &kind, const Json &before, Json config, const Writer &writer);

// Notes whose fields a new object has, where kubectl applies it on the client's side; others have no owners yet.
void note_creator(const Kind &kind, json_t *document, const Writer &writer);

// Notes in `after` what an update or a patch has changed, for objects that somebody has applied, on either side; others
// have no owners.
void note_owner(const Kind &kind, const json_t *before, json_t *after, const Writer &writer);

}  // namespace k8sc::testing
