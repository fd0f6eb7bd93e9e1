#include "testing/schema/kind.h"

#include <algorithm>
#include <cctype>
#include <cstdio>

#include "testing/base/text.h"
#include "testing/schema/releases.h"
#include "testing/schema/structural.h"

namespace k8sc::testing {

namespace {

bool ends_with(const std::string &text, std::string_view end)
{
    return text.size() > end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

// The rule that apimachinery guesses plurals with, and its reverse.
std::string guess_plural(const std::string &kind)
{
    std::string name = lower(kind);
    if (name == "endpoints") return name;
    if (ends_with(name, "s")) return name + "es";
    if (ends_with(name, "y")) return name.substr(0, name.size() - 1) + "ies";
    return name + "s";
}

std::string guess_kind(std::string plural)
{
    if (ends_with(plural, "ies"))
        plural.replace(plural.size() - 3, 3, "y");
    else if (ends_with(plural, "ses") || ends_with(plural, "xes"))
        plural.resize(plural.size() - 2);
    else if (ends_with(plural, "s"))
        plural.pop_back();
    if (!plural.empty()) plural[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(plural[0])));
    return plural;
}

std::vector<std::string> strings(const json_t *array)
{
    std::vector<std::string> texts;
    for (size_t i = 0; i < json_array_size(array); ++i) texts.emplace_back(text_at(json_array_get(array, i), {}));
    return texts;
}

// Kubernetes' order of versions, the preferred one first: v2, v1, v2beta1, v1beta2, v1alpha1, and then whatever else
// there is.
struct VersionRank {
    int stability = 3;
    long major = 0;
    long minor = 0;
};

VersionRank rank(const std::string &version)
{
    VersionRank rank;
    char stage[6] = "", rest = 0;
    const int parts = std::sscanf(version.c_str(), "v%ld%5[a-z]%ld%c", &rank.major, stage, &rank.minor, &rest);
    if (parts == 1 && version == "v" + std::to_string(rank.major))
        rank.stability = 0;
    else if (parts == 3 && std::string_view(stage) == "beta")
        rank.stability = 1;
    else if (parts == 3 && std::string_view(stage) == "alpha")
        rank.stability = 2;
    return rank;
}

bool preferred_to(const std::string &one, const std::string &other)
{
    const VersionRank a = rank(one), b = rank(other);
    if (a.stability != b.stability) return a.stability < b.stability;
    if (a.stability == 3) return one < other;
    return a.major != b.major ? a.major > b.major : a.minor > b.minor;
}

std::string text_or(std::string_view text, std::string otherwise)
{
    return text.empty() ? std::move(otherwise) : std::string(text);
}

bool is_alnum(unsigned char c) { return std::isalnum(c) && c < 0x80; }

// The schemas of a definition's versions, in their order; versions with the same one share it.
std::vector<std::shared_ptr<const Structural>> schemas_of(const json_t *versions)
{
    std::vector<std::shared_ptr<const Structural>> schemas;
    for (size_t i = 0; i < json_array_size(versions); ++i) {
        const json_t *schema = value_at(json_array_get(versions, i), {"schema", "openAPIV3Schema"});
        const auto same = [&](const std::shared_ptr<const Structural> &one) {
            return one && json_equal(one->schema(), schema);
        };
        const auto found = std::find_if(schemas.begin(), schemas.end(), same);
        schemas.push_back(!schema                  ? nullptr
                          : found != schemas.end() ? *found
                                                   : std::make_shared<const Structural>(schema));
    }
    return schemas;
}

std::vector<Column> columns_of(const json_t *columns)
{
    std::vector<Column> all;
    for (size_t i = 0; i < json_array_size(columns); ++i) {
        const json_t *one = json_array_get(columns, i);
        const auto text = [&](const char *key) { return std::string(text_at(one, {key})); };
        all.push_back({.name = text("name"),
                       .type = text("type"),
                       .format = text("format"),
                       .priority = static_cast<int>(json_integer_value(json_object_get(one, "priority"))),
                       .description = text("description"),
                       .path = text("jsonPath")});
    }
    return all;
}

}  // namespace

bool is_path_name(std::string_view name)
{
    return !name.empty() &&
           std::all_of(name.begin(), name.end(), [](char c) { return is_alnum(c) || c == '-' || c == '.'; });
}

bool is_kind_name(std::string_view name) { return !name.empty() && std::all_of(name.begin(), name.end(), is_alnum); }

std::vector<std::string> Kind::verbs() const
{
    if (review) return {"create"};
    if (read_only) return {"get", "list"};
    // Namespaces go one by one, and services did.
    const bool services = plural == "services" && release > 0 && release < 23;
    if (group.empty() && (plural == "namespaces" || services))
        return {"create", "delete", "get", "list", "patch", "update", "watch"};
    return {"create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"};
}

std::string Kind::prefix() const
{
    // Go's encoder writes a type's fields in their order and a map's keys sorted; custom resources are maps to a
    // server.
    const std::string kind_member = "\"kind\":\"" + kind + "\",",
                      version_member = "\"apiVersion\":\"" + api_version() + "\",";
    return "{" + (custom ? version_member + kind_member : kind_member + version_member);
}

Kind make_kind(std::string group, std::string version, std::string plural, std::string kind, bool namespaced)
{
    Kind made;
    made.list_kind = kind + "List";
    made.singular = lower(kind);
    made.group = std::move(group);
    made.version = std::move(version);
    made.plural = std::move(plural);
    made.kind = std::move(kind);
    made.namespaced = namespaced;
    made.custom = true;
    made.has_status = true;
    made.counts_generation = true;
    made.needs_resource_version = true;
    return made;
}

KindTable::KindTable(bool allow_any, bool strict, int release) : allow_any_(allow_any), release_(release)
{
    for (Kind &kind : release > 0 ? kinds_of_release(release) : builtin_kinds()) {
        kind.status_apart = strict && kind.has_status;
        kinds_.push_back(std::make_shared<const Kind>(std::move(kind)));
    }
}

bool KindTable::may_guess(std::string_view group) const
{
    return allow_any_ && (release_ == 0 || !is_own_group(group));
}

KindPtr KindTable::find(std::string_view group, std::string_view version, std::string_view plural,
                        bool namespaced) const
{
    std::lock_guard lock(mutex_);
    for (const KindPtr &kind : kinds_)
        if (kind->plural == plural && kind->group == group && kind->version == version) return kind;
    const bool version_may_be = group.empty() ? version == "v1" : is_path_name(group) && is_path_name(version);
    if (!may_guess(group) || !version_may_be || !is_path_name(plural)) return nullptr;
    if (withdrawn_.contains(std::string(group) + "/" + std::string(plural))) return nullptr;
    Kind guess = make_kind(std::string(group), std::string(version), std::string(plural),
                           guess_kind(std::string(plural)), namespaced);
    guess.guessed = true;
    guess.release = release_;
    return std::make_shared<const Kind>(std::move(guess));
}

KindPtr KindTable::find_kind(std::string_view api_version, std::string_view name, bool namespaced) const
{
    std::lock_guard lock(mutex_);
    for (const KindPtr &kind : kinds_)
        if (kind->kind == name && kind->api_version() == api_version) return kind;
    const size_t slash = api_version.find('/');
    const bool core = slash == std::string_view::npos;
    const std::string group(core ? "" : api_version.substr(0, slash)),
        version(core ? api_version : api_version.substr(slash + 1));
    const bool version_may_be = core ? version == "v1" : is_path_name(group) && is_path_name(version);
    if (!may_guess(group) || !version_may_be || !is_kind_name(name)) return nullptr;
    Kind guess = make_kind(group, version, guess_plural(std::string(name)), std::string(name), namespaced);
    guess.guessed = true;
    guess.release = release_;
    if (withdrawn_.contains(guess.collection())) return nullptr;
    return std::make_shared<const Kind>(std::move(guess));
}

KindPtr KindTable::of_collection(const std::string &collection) const
{
    std::lock_guard lock(mutex_);
    for (const KindPtr &kind : kinds_)
        if (collection.ends_with(kind->plural) && kind->collection() == collection) return kind;
    return nullptr;
}

void KindTable::add(Kind kind)
{
    std::lock_guard lock(mutex_);
    add_locked(std::move(kind));
}

void KindTable::add_locked(Kind kind)
{
    kind.release = release_;
    for (KindPtr &known : kinds_) {
        if (known->plural == kind.plural && known->group == kind.group && known->version == kind.version) {
            known = std::make_shared<const Kind>(std::move(kind));
            return;
        }
    }
    kinds_.push_back(std::make_shared<const Kind>(std::move(kind)));
}

void KindTable::define(const json_t *definition, const json_t *before)
{
    std::lock_guard lock(mutex_);
    if (before) {
        const std::string_view group = text_at(before, {"spec", "group"}),
                               plural = text_at(before, {"spec", "names", "plural"});
        std::erase_if(kinds_, [&](const KindPtr &kind) {
            return kind->custom && kind->group == group && kind->plural == plural;
        });
        withdrawn_.insert(std::string(group) + "/" + std::string(plural));
    }
    const json_t *names = value_at(definition, {"spec", "names"});
    const json_t *versions = value_at(definition, {"spec", "versions"});
    const std::vector<std::shared_ptr<const Structural>> schemas = schemas_of(versions);
    std::shared_ptr<const Structural> stored;
    for (size_t i = 0; i < schemas.size(); ++i)
        if (json_is_true(json_object_get(json_array_get(versions, i), "storage"))) stored = schemas[i];
    for (size_t i = 0; i < json_array_size(versions); ++i) {
        const json_t *version = json_array_get(versions, i);
        if (json_is_false(json_object_get(version, "served"))) continue;
        Kind kind =
            make_kind(std::string(text_at(definition, {"spec", "group"})), std::string(text_at(version, {"name"})),
                      std::string(text_at(names, {"plural"})), std::string(text_at(names, {"kind"})),
                      text_at(definition, {"spec", "scope"}) != "Cluster");
        kind.list_kind = text_or(text_at(names, {"listKind"}), kind.list_kind);
        kind.singular = text_or(text_at(names, {"singular"}), kind.singular);
        kind.short_names = strings(value_at(names, {"shortNames"}));
        kind.categories = strings(value_at(names, {"categories"}));
        kind.has_status = kind.status_apart = value_at(version, {"subresources", "status"}) != nullptr;
        const json_t *selectable = json_object_get(version, "selectableFields");
        for (size_t j = 0; j < json_array_size(selectable); ++j) {
            const std::string_view path = text_at(json_array_get(selectable, j), {"jsonPath"});
            kind.selectable.emplace_back(path.substr(path.starts_with('.')));
        }
        kind.columns = columns_of(json_object_get(version, "additionalPrinterColumns"));
        kind.structural = schemas[i];
        kind.stored = stored;
        if (const json_t *scale = value_at(version, {"subresources", "scale"}))
            kind.scale = Kind::ScalePaths{std::string(text_at(scale, {"specReplicasPath"})),
                                          std::string(text_at(scale, {"statusReplicasPath"})),
                                          std::string(text_at(scale, {"labelSelectorPath"}))};
        add_locked(std::move(kind));
    }
}

bool KindTable::has_group(std::string_view group) const
{
    std::lock_guard lock(mutex_);
    return std::any_of(kinds_.begin(), kinds_.end(), [&](const KindPtr &kind) { return kind->group == group; });
}

std::vector<std::pair<std::string, std::vector<std::string>>> KindTable::groups() const
{
    std::lock_guard lock(mutex_);
    std::vector<std::pair<std::string, std::vector<std::string>>> groups;
    for (const KindPtr &kind : kinds_) {
        auto group =
            std::find_if(groups.begin(), groups.end(), [&](const auto &entry) { return entry.first == kind->group; });
        if (group == groups.end()) group = groups.insert(groups.end(), {kind->group, {}});
        if (std::find(group->second.begin(), group->second.end(), kind->version) == group->second.end())
            group->second.push_back(kind->version);
    }
    for (auto &group : groups) std::sort(group.second.begin(), group.second.end(), preferred_to);
    return groups;
}

std::vector<KindPtr> KindTable::resources(std::string_view group, std::string_view version) const
{
    std::lock_guard lock(mutex_);
    std::vector<KindPtr> resources;
    for (const KindPtr &kind : kinds_)
        if (kind->group == group && kind->version == version) resources.push_back(kind);
    return resources;
}

}  // namespace k8sc::testing
