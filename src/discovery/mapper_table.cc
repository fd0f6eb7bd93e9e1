#include "discovery/mapper_table.h"

#include <algorithm>
#include <set>

#include "core/ascii.h"

namespace k8sc {
namespace {

// How many letters must be changed, added or removed, or swapped with the next, to make one of the other.
size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::vector<size_t>> rows(a.size() + 1, std::vector<size_t>(b.size() + 1));
    for (size_t i = 0; i <= a.size(); i++)
        for (size_t j = 0; j <= b.size(); j++) {
            if (i == 0 || j == 0) {
                rows[i][j] = i + j;
                continue;
            }
            size_t changed = rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            rows[i][j] = std::min({rows[i - 1][j] + 1, rows[i][j - 1] + 1, changed});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                rows[i][j] = std::min(rows[i][j], rows[i - 2][j - 2] + 1);
        }
    return rows[a.size()][b.size()];
}

}  // namespace

std::string full_name(const RestMapping &mapping)
{
    return mapping.group.empty() ? mapping.resource : concat(mapping.resource, ".", mapping.group);
}

MapperTable::MapperTable(const ServerResources &resources) : partial_(partial_failure(resources))
{
    // Core first, whatever the server says; then the server's order, and the preferred version before the others of its
    // group.
    std::vector<const ApiGroup *> groups;
    for (const ApiGroup &group : resources.groups) groups.push_back(&group);
    std::stable_partition(groups.begin(), groups.end(), [](const ApiGroup *group) { return group->name.empty(); });
    for (const ApiGroup *group : groups) {
        std::vector<std::string> versions = group->versions;
        std::stable_partition(versions.begin(), versions.end(),
                              [&](const std::string &version) { return version == group->preferred; });
        for (const std::string &version : versions) {
            auto found = resources.versions.find(join_group_version(group->name, version));
            if (found != resources.versions.end() && found->second.list) add(*found->second.list);
        }
    }
}

void MapperTable::add(const ApiResourceList &list)
{
    for (const ApiResource &resource : list.resources) {
        if (resource.is_subresource() || resource.kind.empty()) continue;
        size_t index = mappings_.size();
        RestMapping mapping{list.group,    list.version,      resource.name,
                            resource.kind, resource.singular, resource.is_namespaced};
        if (mapping.singular.empty()) mapping.singular = to_lower(mapping.kind);
        plurals_[to_lower(mapping.resource)].push_back(index);
        singulars_[to_lower(mapping.singular)].push_back(index);
        kinds_[mapping.kind].push_back(index);
        for (const std::string &name : resource.short_names) short_names_[to_lower(name)].push_back(index);
        for (const std::string &name : resource.categories) categories_[name].push_back(index);
        mappings_.push_back(std::move(mapping));
    }
}

MapperTable::Found MapperTable::look(const Index &index, const PartialName &wanted, bool whole_group) const
{
    auto entry = index.find(wanted.name);
    if (entry == index.end()) return {};
    auto select = [&](auto &&fits) {
        Found found;
        for (size_t i : entry->second)
            if (fits(mappings_[i]) && (!wanted.version || *wanted.version == mappings_[i].version)) found.push_back(i);
        return found;
    };
    Found found = select([&](const RestMapping &mapping) { return !wanted.group || *wanted.group == mapping.group; });
    if (found.empty() && !whole_group && !wanted.version && wanted.group && !wanted.group->empty())
        found = select([&](const RestMapping &mapping) { return mapping.group.starts_with(*wanted.group); });
    return found;
}

MapperTable::Found MapperTable::resources(const PartialName &wanted) const
{
    PartialName name = wanted;
    name.name = to_lower(wanted.name);
    Found found = look(plurals_, name, false), more = look(singulars_, name, false);
    found.insert(found.end(), more.begin(), more.end());
    // What has the very name goes before what is only called so for short.
    if (found.empty()) found = look(short_names_, name, false);
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

MapperTable::Found MapperTable::kinds(const PartialName &wanted) const { return look(kinds_, wanted, true); }

MapperTable::Found MapperTable::category(const std::string &name) const
{
    Found found;
    auto entry = categories_.find(name);
    if (entry == categories_.end()) return found;
    std::set<std::pair<std::string, std::string>> seen;
    for (size_t i : entry->second)
        if (seen.emplace(mappings_[i].group, mappings_[i].resource).second) found.push_back(i);
    return found;
}

MapperTable::Found MapperTable::argument(const std::string &text) const
{
    size_t first = text.find('.');
    size_t second = first == std::string::npos ? first : text.find('.', first + 1);
    PartialName whole{{}, {}, text.substr(0, first)}, partial = whole;
    if (second != std::string::npos) {
        whole.version = text.substr(first + 1, second - first - 1);
        whole.group = text.substr(second + 1);
    }
    if (first != std::string::npos) partial.group = text.substr(first + 1);
    Found found;
    if (whole.version) found = resources(whole);
    if (found.empty()) found = resources(partial);
    if (found.empty() && whole.version) found = kinds(whole);
    if (found.empty()) found = kinds(partial);
    return found;
}

MapperTable::Found MapperTable::preferred(const Found &found) const
{
    Found best;
    for (size_t i : found)
        if (mappings_[i].group == mappings_[found.front()].group &&
            mappings_[i].version == mappings_[found.front()].version)
            best.push_back(i);
    return best;
}

std::vector<std::string> MapperTable::similar(const std::string &name) const
{
    constexpr size_t longest = 63, most = 3;
    std::string wanted = to_lower(name.substr(0, name.find('.')));
    if (wanted.size() < 3 || wanted.size() > longest) return {};
    size_t allowed = wanted.size() < 6 ? 1 : 2;
    std::set<std::pair<size_t, std::string>> close;
    for (const RestMapping &mapping : mappings_)
        for (const std::string &known : {mapping.resource, mapping.singular}) {
            if (known.size() > longest || known.size() + allowed < wanted.size() ||
                wanted.size() + allowed < known.size())
                continue;
            if (size_t far = distance(wanted, known); far <= allowed) close.emplace(far, full_name(mapping));
        }
    std::vector<std::string> names;
    for (const auto &[far, known] : close)
        if (names.size() < most && std::find(names.begin(), names.end(), known) == names.end()) names.push_back(known);
    return names;
}

}  // namespace k8sc
