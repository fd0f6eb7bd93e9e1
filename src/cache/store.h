// The local copy of a resource: objects by namespace and name, and the indexes over them.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/selector.h"
#include "json/object.h"
#include "queue/user_function.h"

struct k8sc_strings {
    std::vector<std::string> values;
};

namespace k8sc {

using Strings = ::k8sc_strings;
using IndexFunction = UserFunction<k8sc_index_fn>;

// Any thread. Objects that were handed out stay valid when the store moves on.
class Store : public RefCounted {
  public:
    Store();

    Ref<Object> get(std::string_view ns, std::string_view name) const;
    std::vector<Ref<Object>> list(std::string_view ns, const LabelSelector &selector) const;
    // Runs callback indexes over what they have not seen, on this thread. Fails with K8SC_E_INVALID or K8SC_E_CALLBACK.
    std::vector<Ref<Object>> by_index(const std::string &index, const std::string &value);
    std::vector<std::string> index_values(const std::string &index);
    size_t size() const;
    // The bytes of their JSON.
    int64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

    // Fail with K8SC_E_INVALID where the name is taken.
    void add_pointer_index(const std::string &name, const std::string &pointer);
    void add_index(const std::string &name, std::shared_ptr<IndexFunction> function);

    // What was there before; NULL where nothing was.
    Ref<Object> put(const Ref<Object> &object);
    Ref<Object> erase(std::string_view ns, std::string_view name);

    // A list takes the place of the whole content.
    struct Replaced {
        std::vector<Ref<Object>> objects;  // the list; of an object that was in it twice, the last
        std::vector<Ref<Object>> gone;
        std::vector<Ref<Object>> before;  // for each object of the list: the one it replaces, or NULL
    };
    Replaced replace(std::vector<Ref<Object>> objects);

  private:
    // The key's text stands in the object itself: namespace, NUL, name.
    using Objects = std::unordered_map<std::string_view, Ref<Object>>;
    using Bucket = std::unordered_set<Object *>;

    struct Index {
        std::string pointer;
        bool by_namespace = false;
        std::shared_ptr<IndexFunction> function;
        std::unordered_map<std::string, Bucket> buckets;
        // Callback indexes: what they answered, to be undone, and what they were not asked about yet.
        std::unordered_map<Object *, std::vector<std::string>> answers;
        std::unordered_map<Object *, Ref<Object>> unasked;
    };

    static std::string_view key_of(const Object &object);
    static std::string key_of(std::string_view ns, std::string_view name);
    void index_added(const Ref<Object> &object);
    void index_removed(Object *object);
    void index_one(Index &index, const Ref<Object> &object);
    static std::vector<std::string> values_of(const Index &index, const Object &object);
    static void set(Objects &objects, Objects::iterator at, const Ref<Object> &object);
    void new_index(const std::string &name, Index index);
    std::shared_ptr<Index> find_index(const std::string &name);
    void ask(std::unique_lock<std::mutex> &lock, const std::shared_ptr<Index> &index, const std::string &name);

    mutable std::mutex mutex_;
    Objects objects_;
    std::atomic<int64_t> bytes_{0};
    std::map<std::string, std::shared_ptr<Index>> indexes_;
};

}  // namespace k8sc
