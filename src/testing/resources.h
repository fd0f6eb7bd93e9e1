// What can be done to objects, as a server does it: names and metadata, conflicts, finalizers, definitions of kinds.
#pragma once

#include <functional>
#include <string>

#include "apply.h"
#include "kind.h"
#include "store.h"

namespace k8sc::testing {

struct DeleteOptions {
    std::string uid;  // preconditions; "": none
    std::string resource_version;
    bool dry_run = false;
};

// What became of an object that was to be deleted.
struct Deletion {
    ObjectPtr object;
    bool gone = true;  // false: a finalizer keeps it
};

// All throw ApiError. Thread-safe. `space` is the namespace that a request names.
class Resources {
  public:
    Resources(Store &store, KindTable &kinds) : store_(store), kinds_(kinds) {}

    // A guessed kind is replaced by what the object teaches.
    ObjectPtr create(KindPtr &kind, const std::string &space, Json document, bool dry_run);

    // Makes the document to be from the present one, which has kind and apiVersion as any member.
    using Change = std::function<Json(Json)>;
    // Through the subresource "status" nothing else changes. What `writer` has changed becomes its own, unless it applies: then the change says
    // whose is what.
    ObjectPtr update(const Kind &kind, const std::string &space, const std::string &name, const Change &change, const Writer &writer, bool dry_run);

    Deletion remove(const Kind &kind, const std::string &space, const std::string &name, const DeleteOptions &options);

    // What a test does behind the API's back: creates or replaces, and deletes whatever the finalizers say.
    void put(KindPtr kind, Json document);
    void erase(const Kind &kind, const std::string &space, const std::string &name);

  private:
    ObjectPtr save(Store::Write &write, const Kind &kind, const ObjectPtr &before, Json document);
    void discard(Store::Write &write, const Kind &kind, const ObjectPtr &object);

    Store &store_;
    KindTable &kinds_;
};

}  // namespace k8sc::testing
