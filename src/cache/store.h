// The local copy of a resource: objects by namespace and name, and the indexes over them.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "cache/index.h"
#include "core/selector.h"
#include "core/thread_annotations.h"
#include "json/compressor.h"

namespace k8sc {

// Which objects; by default all.
struct StoreQuery {
    std::string ns;
    LabelSelector labels;
    FieldSelector fields;  // metadata.name and metadata.namespace
};

// Reading: any thread. What was handed out stays valid when the store moves on. Changing: one thread at a time.
class Store : public RefCounted {
  public:
    // From how many bytes of JSON on objects are compressed; -1: never.
    explicit Store(int64_t compress_from);

    CachedObject get(std::string_view ns, std::string_view name) const K8SC_EXCLUDES(mutex_);
    std::vector<CachedObject> list(const StoreQuery &query) const K8SC_EXCLUDES(mutex_);
    // Runs callback indexes over what they have not seen, on this thread. Fails with K8SC_E_INVALID or K8SC_E_CALLBACK.
    std::vector<CachedObject> by_index(const std::string &index, const std::string &value) K8SC_EXCLUDES(mutex_);
    std::vector<std::string> index_values(const std::string &index) K8SC_EXCLUDES(mutex_);
    size_t size() const K8SC_EXCLUDES(mutex_);

    struct Size {
        int64_t objects = 0;
        int64_t json_bytes = 0;  // of their JSON
        int64_t bytes = 0;       // as they are kept
        int64_t dictionaries = 0;
    };
    Size sizes() const K8SC_EXCLUDES(mutex_);

    // Fails with K8SC_E_INVALID where the name is taken.
    void add_index(const std::string &name, Index index) K8SC_EXCLUDES(mutex_);

    // What is changed is changed as a whole or, where that fails, not at all. `ready` is told of it before: what it
    // throws leaves all as it was, and what it has made ready can be done when these return.

    // An object comes, or takes the place of another. What was there before, or NULL, and what is there now.
    struct Change {
        CachedObject before, now;
    };
    Change put(const Ref<Object> &object, const std::function<void(const Change &)> &ready = {});
    // An object goes; it was last as it is given here. `ready` is told only where there is one.
    Change erase(const Ref<Object> &object, const std::function<void(const Change &)> &ready = {});
    // The same of one whose last state nobody has: that is what there was.
    Change erase_unread(const Object &names, const std::function<void(const Change &)> &ready = {});

    // A list that is to take the place of the whole content stages, object by object. What is known at the same version
    // already is not kept twice.
    void begin_staging();
    void stage(const Ref<Object> &object);
    void unstage(const Object &object);
    // It is in the list, but not how it is now: it stays as it is known, if it is known. Where it has no name, that
    // goes for all that there is.
    void stage_known(const Object &names);
    struct Replaced {
        std::vector<CachedObject> objects;  // the list; of an object that was in it twice, the last
        std::vector<CachedObject> gone;
        std::vector<CachedObject> before;  // for each object of the list: the one it replaces, or NULL
    };
    Replaced replace(const std::function<void(const Replaced &)> &ready = {});

  private:
    struct Hash {
        using is_transparent = void;
        size_t operator()(std::string_view key) const { return std::hash<std::string_view>()(key); }
        size_t operator()(const StoreEntry &entry) const { return (*this)(entry.stored.key()); }
    };
    struct Equal {
        using is_transparent = void;
        static std::string_view key(std::string_view key) { return key; }
        static std::string_view key(const StoreEntry &entry) { return entry.stored.key(); }
        template <class A, class B>
        bool operator()(const A &a, const B &b) const
        {
            return key(a) == key(b);
        }
    };
    using Entries = std::unordered_set<StoreEntry, Hash, Equal>;

    // That an object takes its place, with all that can fail behind it. Undone where commit() does not follow.
    struct Edit {
        Entries::node_type node;  // of one that is new; it outlives the changes
        const StoreEntry *entry;
        CachedObject now;
        std::vector<Index::Change> changes;
    };

    static std::string key_of(std::string_view ns, std::string_view name);
    CachedObject find(std::string_view key) const K8SC_EXCLUDES(mutex_);
    void count(const CachedObject &stored, int sign) noexcept K8SC_REQUIRES(mutex_);
    void make_room(size_t more) K8SC_REQUIRES(mutex_);
    Edit prepare(const CachedObject &stored) K8SC_REQUIRES(mutex_);
    void commit(Edit &edit) noexcept K8SC_REQUIRES(mutex_);
    Change erase_known(Change change, const std::function<void(const Change &)> &ready) K8SC_EXCLUDES(mutex_);
    void remove(Entries::iterator at) noexcept K8SC_REQUIRES(mutex_);
    Replaced compared() K8SC_EXCLUDES(mutex_);
    void compress_all() K8SC_REQUIRES(mutex_);
    void begin_compressing() K8SC_REQUIRES(mutex_);
    std::shared_ptr<Index> find_index(const std::string &name) K8SC_REQUIRES(mutex_);
    void ask(const std::shared_ptr<Index> &index, const std::string &name) K8SC_REQUIRES(mutex_);

    // Of the one that changes it.
    Compressor compressor_;
    std::vector<CachedObject> staged_;
    int64_t staged_bytes_ = 0;
    bool keeps_all_ = false;  // what the list lacks may be in it

    mutable Mutex mutex_;
    Entries entries_ K8SC_GUARDED_BY(mutex_);
    Size sizes_ K8SC_GUARDED_BY(mutex_);
    std::map<std::string, std::shared_ptr<Index>> indexes_ K8SC_GUARDED_BY(mutex_);
};

}  // namespace k8sc
