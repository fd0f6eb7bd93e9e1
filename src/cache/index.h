// One index over a store: which entries have which values.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "queue/user_function.h"
#include "json/cached_object.h"

struct k8sc_strings {
    std::vector<std::string> values;
};

namespace k8sc {

using Strings = ::k8sc_strings;
using IndexFunction = UserFunction<k8sc_index_fn>;

// An object's place in the store, which stays where it is as long as there is an object of that name.
struct StoreEntry {
    mutable CachedObject stored;  // another one of the same key can take its place
};

// Under the store's lock, but for what it asks the user's function.
class Index {
  public:
    enum class Kind { by_namespace, pointer, label, owner, function };
    using Bucket = std::unordered_set<const StoreEntry *>;
    class Change;

    // `what`: the pointer, the label's key.
    Index(Kind kind, std::string what) : kind_(kind), what_(std::move(what)) {}
    explicit Index(std::shared_ptr<IndexFunction> function) : kind_(Kind::function), function_(std::move(function)) {}

    // Whether another object of the same key may stand elsewhere in it.
    bool follows_changes() const { return kind_ != Kind::by_namespace; }
    void added(const StoreEntry &entry);
    void removed(const StoreEntry &entry) noexcept;

    const Bucket *find(const std::string &value) const;
    std::vector<std::string> values() const;
    // What the user's function was not asked about yet.
    std::vector<std::pair<const StoreEntry *, CachedObject>> unasked() const;
    // Its answer; ignored where the entry changed meanwhile.
    void answered(const StoreEntry *entry, const CachedObject &stored, std::vector<std::string> values);
    const std::shared_ptr<IndexFunction> &function() const { return function_; }

  private:
    struct Hash {
        using is_transparent = void;
        size_t operator()(std::string_view value) const { return std::hash<std::string_view>()(value); }
    };
    using Buckets = std::unordered_map<std::string, Bucket, Hash, std::equal_to<>>;

    std::vector<std::string> values_of(const CachedObject &stored) const;
    void leave(const StoreEntry &entry) noexcept;
    void leave(const StoreEntry &entry, Buckets::value_type *bucket) noexcept;

    const Kind kind_;
    const std::string what_;
    const std::shared_ptr<IndexFunction> function_;
    Buckets buckets_;
    // Where an entry stands, so that it can be taken out without opening what it was. An object's namespace never
    // changes.
    std::unordered_map<const StoreEntry *, std::vector<Buckets::value_type *>> places_;
    std::unordered_map<const StoreEntry *, CachedObject> unasked_;
};

// That an entry comes, or has another object from now on. All that can fail is done when it is made; it is undone where
// commit() does not follow. The index must not be looked at in between.
class Index::Change {
  public:
    Change(Index &index, const StoreEntry &entry, const CachedObject &now);
    // What the user's function has answered.
    Change(Index &index, const StoreEntry &entry, std::vector<std::string> values);
    Change(Change &&other) noexcept;
    ~Change();
    void commit() noexcept;

  private:
    Change(Index *index, const StoreEntry *entry) : index_(index), entry_(entry) {}
    void ask(const CachedObject &now);
    void stand(std::vector<std::string> values);

    Index *index_;  // NULL: done with
    const StoreEntry *entry_;
    CachedObject now_;                                     // to ask about
    std::vector<Buckets::value_type *> places_, entered_;  // where it will stand, and which of these are new to it
    bool is_asked_ = false, is_placed_ = false;            // it has its places in these tables since now
};

}  // namespace k8sc
