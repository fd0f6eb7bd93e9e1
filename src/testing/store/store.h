// All objects, the counter that versions them, and as much of the past as is remembered.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "testing/store/object.h"

namespace k8sc::testing {

// One change of one object.
struct Event {
    enum class Type { added, modified, deleted };
    Type type = Type::added;
    int64_t resource_version = 0;
    ObjectPtr object;    // after the change; of a deletion: the last state, with the deletion's resourceVersion
    ObjectPtr previous;  // before it; NULL for what is new, and for the state that a watch begins with
};

class Store;

// What one watch has yet to see. Its descriptor becomes readable when there is something.
class Subscription {
  public:
    ~Subscription();
    Subscription(const Subscription &) = delete;
    Subscription &operator=(const Subscription &) = delete;

    int fd() const { return fd_; }
    // Moves the waiting events to `events`, and answers up to which resourceVersion nothing else has happened.
    int64_t take(std::vector<Event> &events);

  private:
    friend class Store;
    Subscription(Store &store, std::string collection, std::string prefix, int64_t since);
    void push(const Event &event);

    Store &store_;
    const std::string collection_;
    const std::string prefix_;
    const int64_t since_;
    const int fd_;
    std::vector<Event> queue_;  // guarded by the store's mutex
};

// Thread-safe. A collection is named by Kind::collection, an object in it by Object::key.
class Store {
  public:
    // Remembers `window` events of each collection.
    explicit Store(size_t window) : window_(window) {}

    int64_t resource_version() const;
    ObjectPtr find(const std::string &collection, const std::string &key) const;

    struct Scan {
        int64_t resource_version = 0;  // of the state that was seen
        bool expired = false;          // that state is forgotten; nothing was seen
    };
    // Calls `see` for the objects whose keys begin with `prefix`, from the key `from` on, in order, until it answers
    // false. They are those of the state at resourceVersion `at`, 0: of the present. `see` may not use the store.
    Scan scan(const std::string &collection, const std::string &prefix, const std::string &from, int64_t at,
              const std::function<bool(const ObjectPtr &)> &see) const;

    struct Start {
        std::unique_ptr<Subscription> subscription;  // NULL where `since` is too old
        int64_t oldest = 0;                          // the oldest resourceVersion one may begin from
        int64_t resource_version = 0;                // of the present state
        size_t waiting = 0;                          // events that it begins with
    };
    // Events after `since`; 0: the present state, as additions, and then what happens.
    Start subscribe(const std::string &collection, const std::string &prefix, int64_t since);

    // Forgets the past.
    void compact();
    // Loses everything and counts from the beginning, as a store that is new. Watches are told nothing.
    void clear();
    // Has all who wait for events look at the time.
    void wake();

    // A change, or several at once. Nobody else reads or writes while it exists.
    class Write {
      public:
        explicit Write(Store &store) : store_(store), lock_(store.mutex_) {}
        int64_t resource_version() const { return store_.resource_version_; }
        ObjectPtr find(const std::string &collection, const std::string &key) const;
        std::vector<ObjectPtr> all(const std::string &collection) const;
        std::vector<ObjectPtr> in_namespace(const std::string &collection, const std::string &ns) const;
        std::vector<std::string> collections() const;
        // What has an owner with this uid, each with its collection.
        std::vector<std::pair<std::string, ObjectPtr>> dependents(const std::string &uid) const;
        // Adds or replaces, by the name in the document, which gets the next resourceVersion.
        ObjectPtr put(const Kind &kind, Json document);
        // Another text of the same state: no event, and no other resourceVersion.
        void restate(const Kind &kind, ObjectPtr object);
        // Answers the last state, with the resourceVersion of the deletion.
        ObjectPtr remove(const Kind &kind, const ObjectPtr &object);

      private:
        Store &store_;
        std::unique_lock<std::mutex> lock_;
    };

  private:
    friend class Subscription;

    struct Collection {
        std::map<std::string, ObjectPtr, std::less<>> objects;
        std::deque<Event> history;
        int64_t forgotten = 0;  // the resourceVersion of the newest event that fell out of the window
        std::vector<Subscription *> subscriptions;
    };

    int64_t oldest(const Collection &collection) const { return std::max(compacted_, collection.forgotten); }
    void publish(Collection &collection, Event event);
    // Either may be NULL.
    void note_owners(const std::string &collection, const Object *before, const Object *after);

    const size_t window_;
    mutable std::mutex mutex_;
    std::map<std::string, Collection, std::less<>> collections_;
    // collection and key, by the uid of an owner
    std::map<std::string, std::set<std::pair<std::string, std::string>>, std::less<>> dependents_;
    int64_t resource_version_ = 1;
    int64_t compacted_ = 0;
};

}  // namespace k8sc::testing
