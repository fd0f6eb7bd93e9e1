// What can be done to objects, as a server does it: names and metadata, conflicts, finalizers, definitions of kinds.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "testing/base/clock.h"
#include "testing/patch/apply.h"
#include "testing/schema/kind.h"
#include "testing/store/store.h"

namespace k8sc::testing {

struct DeleteOptions {
    std::string uid;  // preconditions; "": none
    std::string resource_version;
    bool dry_run = false;
    std::string policy;                    // for what depends on it: "Orphan", "Foreground", or in the background
    std::optional<int64_t> grace_seconds;  // for pods
};

// What became of an object that was to be deleted.
struct Deletion {
    ObjectPtr object;
    bool gone = true;  // false: a finalizer keeps it, or its grace
};

// Throws ApiError (400) where the document is not the one of this path.
void check_identity(const Kind &kind, const std::string &ns, const std::string &name, json_t *document);

// All throw ApiError. Thread-safe. `ns` is the namespace that a request names.
class Resources {
  public:
    // `strict`: as in a cluster, namespaces must exist, a status is changed apart, standard kinds have their defaults
    // and rules (those of this release, 0: of a new one), pods have their grace, and garbage is collected.
    Resources(Store &store, KindTable &kinds, const VirtualClock &clock, bool strict, int release)
        : store_(store), kinds_(kinds), clock_(clock), strict_(strict), release_(release)
    {
    }

    // A guessed kind is replaced by what the object teaches. `writer`: who creates it, without applying it.
    ObjectPtr create(KindPtr &kind, const std::string &ns, Json document, bool dry_run, const Writer *writer = nullptr);

    // Makes the document to be from the present one, which has kind and apiVersion as any member.
    using Change = std::function<Json(Json)>;
    // Through a subresource nothing else changes. What `writer` has changed becomes its own, unless it applies: then
    // the change says whose is what.
    ObjectPtr update(const Kind &kind, const std::string &ns, const std::string &name, const Change &change,
                     const Writer &writer, bool dry_run);

    Deletion remove(const Kind &kind, const std::string &ns, const std::string &name, const DeleteOptions &options);

    // As `remove`, where no budget forbids it. And what makes a pod one of a node.
    Deletion evict(const Kind &kind, const std::string &ns, const std::string &name, const DeleteOptions &options);
    void bind(const Kind &kind, const std::string &ns, const std::string &name, const std::string &node,
              const json_t *binding, bool dry_run);
    // Ends pods whose grace is over by the clock.
    void end_grace();
    // Begins with the namespaces that a cluster has, and with the roles.
    void begin(bool authorization);

    // What a test does behind the API's back: creates or replaces, and deletes whatever the finalizers say.
    void put(KindPtr kind, Json document);
    void erase(const Kind &kind, const std::string &ns, const std::string &name);

  private:
    ObjectPtr save(Store::Write &write, const Kind &kind, const ObjectPtr &before, Json document);
    void discard(Store::Write &write, const Kind &kind, const ObjectPtr &object);
    // What is stored is read as the definition has it now.
    void restate(Store::Write &write, const json_t *definition);

    // What is left to do behind a change: with what depended on the object that had this uid, or with this object.
    struct Task {
        std::string collection;
        std::string key;
        std::string gone;
    };

    Deletion remove(Store::Write &write, const Kind &kind, const std::string &ns, const std::string &name,
                    const DeleteOptions &options);
    // Deletes, or begins to, without what follows from it.
    Deletion take_away(Store::Write &write, const Kind &kind, const ObjectPtr &current, const DeleteOptions &options);
    // With its defaults filled in.
    void check_change(const Kind &kind, const Json &before, json_t *after) const;
    void check_namespace(Store::Write &write, const Kind &kind, const std::string &ns, const json_t *document);

    void settle(Store::Write &write);
    void judge(Store::Write &write, const std::string &collection, const ObjectPtr &object, const std::string &gone);
    void finish(Store::Write &write, const Kind &kind, const ObjectPtr &object);
    bool empty_namespace(Store::Write &write, const std::string &ns);
    void recheck(const std::string &owner);
    void note_gone(Store::Write &write, const Object &object);

    Store &store_;
    KindTable &kinds_;
    const VirtualClock &clock_;
    const bool strict_;
    const int release_;
    // Guarded by the store's lock: only who writes has them.
    std::deque<Task> tasks_;
    std::set<std::string> ending_;  // namespaces that something has gone from
    // for their dependents; by uid, collection and key
    std::map<std::string, std::pair<std::string, std::string>, std::less<>> waiting_;
};

// The finalizer that a deletion with this policy begins with. Answers whether it is a change.
bool add_policy_finalizer(json_t *document, const std::string &policy);

}  // namespace k8sc::testing
