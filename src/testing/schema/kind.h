// Which resources there are: the standard groups', those that CustomResourceDefinitions declare, and those guessed.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "testing/base/json.h"
#include "testing/schema/column.h"

namespace k8sc::testing {

class Structural;

// One resource in one version.
struct Kind {
    // Where an object says how many it wants and has, and how they are selected: paths such as ".spec.replicas".
    struct ScalePaths {
        std::string spec;
        std::string status;
        std::string selector;
    };

    std::string group;
    std::string version;
    std::string plural;
    std::string kind;
    std::string list_kind;
    std::string singular;
    std::vector<std::string> short_names;
    std::vector<std::string> categories;
    bool namespaced = true;
    bool custom =
        false;  // its objects are served as documents, not as types: keys sorted, items of lists with their kind
    bool has_status = false;                       // there is a subresource status
    bool status_apart = false;                     // and the status changes only through it
    bool counts_generation = false;                // metadata.generation follows the changes of its spec
    bool returns_deleted = false;                  // a delete answers with the object and not with a Status
    bool needs_resource_version = false;           // an update without one is refused
    bool any_name = false;                         // names need not be DNS subdomains
    bool read_only = false;                        // a server makes its objects itself
    bool review = false;                           // what is created is answered and not stored
    bool guessed = false;                          // nothing has defined it yet
    int release = 0;                               // the minor number of the Kubernetes that serves it, 0: any
    std::optional<ScalePaths> scale;               // there is a subresource scale
    std::shared_ptr<const Structural> structural;  // the schema that its definition has for this version, or NULL
    std::vector<Column> columns;                   // that its definition has for tables
    std::vector<std::string> selectable;           // fields that its definition has for selectors, such as "spec.color"
    std::shared_ptr<const Structural> stored;      // and for the version that is stored

    std::string api_version() const { return group.empty() ? version : group + "/" + version; }
    // As messages name it: "pods", "deployments.apps".
    std::string resource() const { return group.empty() ? plural : plural + "." + group; }
    // What its objects are stored under, whatever the version.
    std::string collection() const { return group + "/" + plural; }
    // Whether what is stored has to be made this version's, by another schema.
    bool converts() const { return structural && structural != stored; }
    // What can be done with it, but for its subresources.
    std::vector<std::string> verbs() const;
    // How the text of an object of this kind begins: what differs between the versions of a resource.
    std::string prefix() const;
};
using KindPtr = std::shared_ptr<const Kind>;

// Whether these may name a group, a version or a resource, and a kind: they become parts of paths and of JSON.
bool is_path_name(std::string_view name);
bool is_kind_name(std::string_view name);

// A kind that nobody has described, with everything that follows from its name.
Kind make_kind(std::string group, std::string version, std::string plural, std::string kind, bool namespaced);
std::vector<Kind> builtin_kinds();
// One of Kubernetes' own, in a version that it has or had.
Kind builtin_kind(const std::string &group, const std::string &version, const std::string &plural);

// Thread-safe.
class KindTable {
  public:
    // `strict`: the status of a built-in kind changes through its subresource only. `release`: what Kubernetes' own
    // groups have is what it served; 0: what any of them may have.
    KindTable(bool allow_any, bool strict, int release);

    // NULL where it is not known and may not be guessed. A guess is not remembered.
    KindPtr find(std::string_view group, std::string_view version, std::string_view plural, bool namespaced) const;
    KindPtr find_kind(std::string_view api_version, std::string_view kind, bool namespaced) const;
    // A version of what is stored there; NULL where there is none.
    KindPtr of_collection(const std::string &collection) const;
    // Replaces what had this group, version and plural.
    void add(Kind kind);
    // What a CustomResourceDefinition declares, instead of what `before` declared. Either may be NULL; what was defined
    // once is not guessed any more.
    void define(const json_t *definition, const json_t *before);

    bool has_group(std::string_view group) const;
    // Groups in the order they came to be known, each with its versions, the preferred one first.
    std::vector<std::pair<std::string, std::vector<std::string>>> groups() const;
    std::vector<KindPtr> resources(std::string_view group, std::string_view version) const;

  private:
    void add_locked(Kind kind);

    // Whether what nobody has defined may be of this group.
    bool may_guess(std::string_view group) const;

    const bool allow_any_;
    const int release_;
    mutable std::mutex mutex_;
    std::vector<KindPtr> kinds_;
    std::set<std::string, std::less<>> withdrawn_;  // by group and plural
};

}  // namespace k8sc::testing
