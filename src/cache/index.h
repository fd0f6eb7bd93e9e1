// One index over a store: which entries have which values.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "json/stored.h"
#include "queue/user_function.h"

struct k8sc_strings {
    std::vector<std::string> values;
};

namespace k8sc {

using Strings = ::k8sc_strings;
using IndexFunction = UserFunction<k8sc_index_fn>;

// An object's place in the store, which stays where it is as long as there is an object of that name.
struct StoreEntry {
    mutable Stored stored;  // another one of the same key can take its place
};

// Under the store's lock, but for what it asks the user's function.
class Index {
  public:
    enum class Kind { by_namespace, pointer, label, owner, function };
    using Bucket = std::unordered_set<const StoreEntry *>;

    // `what`: the pointer, the label's key.
    Index(Kind kind, std::string what) : kind_(kind), what_(std::move(what)) {}
    explicit Index(std::shared_ptr<IndexFunction> function) : kind_(Kind::function), function_(std::move(function)) {}

    void added(const StoreEntry &entry);
    // The entry has another object now.
    void changed(const StoreEntry &entry);
    void removed(const StoreEntry &entry);

    const Bucket *find(const std::string &value) const;
    std::vector<std::string> values() const;
    // What the user's function was not asked about yet.
    std::vector<std::pair<const StoreEntry *, Stored>> unasked() const;
    // Its answer; ignored where the entry changed meanwhile.
    void answered(const StoreEntry *entry, const Stored &stored, std::vector<std::string> values);
    const std::shared_ptr<IndexFunction> &function() const { return function_; }

  private:
    using Buckets = std::unordered_map<std::string, Bucket>;

    std::vector<std::string> values_of(const Stored &stored) const;
    void enter(const StoreEntry &entry, std::vector<std::string> values);
    void leave(const StoreEntry &entry);
    void leave(const StoreEntry &entry, Buckets::value_type *bucket);

    const Kind kind_;
    const std::string what_;
    const std::shared_ptr<IndexFunction> function_;
    Buckets buckets_;
    // Where an entry stands, so that it can be taken out without opening what it was. An object's namespace never changes.
    std::unordered_map<const StoreEntry *, std::vector<Buckets::value_type *>> places_;
    std::unordered_map<const StoreEntry *, Stored> unasked_;
};

}  // namespace k8sc
