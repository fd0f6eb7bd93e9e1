// What is left out of an object while it is decoded, and the walk over its text that leaves it out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "json/cursor.h"

namespace k8sc {

// JSON Pointers as a tree, in which "*" stands for each member and each element.
class PathTree {
  public:
    using Node = uint32_t;
    static constexpr Node root = 0;
    // More ways on than can be counted down: behind a "*".
    static constexpr size_t uncounted = SIZE_MAX;

    bool empty() const { return nodes_.size() == 1; }
    // The node of a path; `pointer` has the form of a JSON Pointer.
    Node add(std::string_view pointer);
    void set_end(Node node) { nodes_[node].end = true; }
    // All members are asked for, as if there were a "*".
    void set_open(Node node) { nodes_[node].open = true; }

    bool ends(Node node) const { return nodes_[node].end; }
    // How many members have paths through them.
    size_t branches(Node node) const
    {
        return nodes_[node].any || nodes_[node].open ? uncounted : nodes_[node].named.size();
    }
    // Appends the nodes that a member, or an element, leads to.
    void follow_key(Node from, std::string_view raw_key, std::vector<Node> &to) const;
    void follow_index(Node from, uint64_t index, std::vector<Node> &to) const;

  private:
    struct Branch {
        std::string name;
        uint64_t index;  // that the name means in an array
        Node to;
    };
    struct Data {
        std::vector<Branch> named;
        Node any = 0;  // behind "*"; 0: nothing
        bool end = false;
        bool open = false;
    };

    std::vector<Data> nodes_ = std::vector<Data>(1);
};

// What was asked for. All paths speak of the object as the server sent it, so that their order does not matter.
struct PruneOptions {
    bool metadata_only = false;
    bool drop_managed_fields = false;
    std::vector<std::string> annotation_prefixes;
    std::vector<std::string> drop_paths;
    std::vector<std::string> keep_paths;  // none: everything

    // Fail with K8SC_E_INVALID, and then change nothing.
    void add_drop_path(std::string_view pointer);
    void add_keep_path(std::string_view pointer);
    bool empty() const;
};

// The same, ready to be followed.
struct PruneRules {
    explicit PruneRules(const PruneOptions &options);

    bool metadata_only;
    std::vector<std::string> annotation_prefixes;
    PathTree drop;
    PathTree keep;  // empty: everything
};

// One walk over validated, compact text, without a copy: what stays is a series of pieces of it. Whatever the rules
// say, apiVersion, kind and what objects are found by stay: metadata's name, namespace, uid, resourceVersion and
// labels.
class Pruner {
  public:
    // Appends what stays of the object, from behind its opening brace to its end. With metadata_only that is metadata
    // alone.
    void prune(std::string_view text, const PruneRules &rules, std::vector<std::string_view> &pieces);

  private:
    enum class Place { root, metadata, annotations, inside };
    enum class Fate { dropped, kept, entered };
    // The rules within one container. Their nodes are the stack's, from one index to another.
    struct Scope {
        Place place = Place::inside;
        bool keeps_all = true;  // or else what `keep` leads to
        bool is_last = false;   // whatever follows it in the text stays
        size_t keep_begin = 0, keep_end = 0;
        size_t drop_begin = 0, drop_end = 0;
    };
    struct Member {
        bool has_key;
        std::string_view key;
        uint64_t index;
        char opens;  // the first character of its value
        bool is(std::string_view name) const { return has_key && same_string(key, name); }
    };

    const char *container(const char *p, const Scope &scope);
    const char *rest_of_container(const char *p, bool keys) const;
    Fate fate(const Member &member, const Scope &scope, Scope &inner, size_t &branches_left);
    bool follow(const PathTree &tree, size_t begin, size_t end, const Member &member);
    size_t branches(const Scope &scope) const;
    bool is_unwanted_annotation(const Member &member) const;
    static bool always_stays(const Member &member, Place place);
    void put(const char *begin, const char *end);

    const PruneRules *rules_ = nullptr;
    std::vector<std::string_view> *pieces_ = nullptr;
    const char *end_ = nullptr;
    std::vector<PathTree::Node> stack_;
    bool emptied_ = false;  // the container that was left last has lost all it had
};

}  // namespace k8sc
