#include "testing/patch/apply.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "testing/patch/fields.h"
#include "testing/patch/last_applied.h"
#include "testing/schema/names.h"
#include "testing/schema/status.h"

namespace k8sc::testing {

namespace {

// One entry of metadata.managedFields.
struct Owner {
    std::string manager;
    std::string operation;
    std::string api_version;
    std::string subresource;
    std::string time;
    FieldSet fields;

    bool is(const Owner &other) const
    {
        return manager == other.manager && operation == other.operation && api_version == other.api_version &&
               subresource == other.subresource;
    }
};

std::vector<Owner> owners_of(const json_t *document)
{
    std::vector<Owner> owners;
    const json_t *entries = value_at(document, {"metadata", "managedFields"});
    for (size_t i = 0; i < json_array_size(entries); ++i) {
        const json_t *entry = json_array_get(entries, i);
        if (json_object_size(entry) == 0) continue;
        owners.push_back({std::string(text_at(entry, {"manager"})), std::string(text_at(entry, {"operation"})),
                          std::string(text_at(entry, {"apiVersion"})), std::string(text_at(entry, {"subresource"})),
                          std::string(text_at(entry, {"time"})), from_fields_v1(json_object_get(entry, "fieldsV1"))});
    }
    return owners;
}

void set_owners(json_t *document, std::vector<Owner> owners)
{
    // As a server sorts them: those that apply first.
    std::stable_sort(owners.begin(), owners.end(), [](const Owner &a, const Owner &b) {
        if (a.operation != b.operation) return a.operation < b.operation;
        return a.time != b.time ? a.time < b.time : a.manager < b.manager;
    });
    Json entries = Json::array();
    for (const Owner &owner : owners) {
        if (owner.fields.empty()) continue;
        Json entry = Json::object();
        set(entry.get(), "manager", Json::text(owner.manager));
        set(entry.get(), "operation", Json::text(owner.operation));
        set(entry.get(), "apiVersion", Json::text(owner.api_version));
        set(entry.get(), "time", Json::text(owner.time));
        set(entry.get(), "fieldsType", Json::text("FieldsV1"));
        set(entry.get(), "fieldsV1", to_fields_v1(owner.fields));
        if (!owner.subresource.empty()) set(entry.get(), "subresource", Json::text(owner.subresource));
        append(entries.get(), std::move(entry));
    }
    json_t *metadata = metadata_of(document);
    if (json_array_size(entries.get()) > 0)
        set(metadata, "managedFields", std::move(entries));
    else
        json_object_del(metadata, "managedFields");
}

// What nobody owns: how an object is identified, and what only a server writes.
bool is_owned(const FieldPath &path)
{
    if (path.front() == "f:apiVersion" || path.front() == "f:kind") return false;
    if (path.front() != "f:metadata") return true;
    if (path.size() == 1) return false;
    for (const char *field : {"name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp",
                              "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "managedFields"})
        if (path[1] == std::string("f:") + field) return false;
    return true;
}

std::map<FieldPath, Json> owned_fields(json_t *document, const Shape &shape)
{
    std::map<FieldPath, Json> fields = fields_of(document, shape);
    std::erase_if(fields, [](const auto &entry) { return !is_owned(entry.first); });
    return fields;
}

struct Changes {
    FieldSet written;  // new, or another value
    FieldSet removed;
};

Changes compared(const std::map<FieldPath, Json> &before, const std::map<FieldPath, Json> &after)
{
    Changes changes;
    for (const auto &[path, value] : after) {
        const auto found = before.find(path);
        if (found == before.end() || !json_equal(found->second.get(), value.get())) changes.written.insert(path);
    }
    for (const auto &[path, value] : before)
        if (!after.contains(path)) changes.removed.insert(path);
    return changes;
}

void take_away(FieldSet &from, const FieldSet &fields)
{
    std::erase_if(from, [&](const FieldPath &path) { return fields.contains(path); });
}

// null is no value to apply: Go's types cannot hold it.
void drop_nulls(json_t *value)
{
    if (json_is_array(value)) {
        for (size_t i = 0; i < json_array_size(value); ++i) drop_nulls(json_array_get(value, i));
        return;
    }
    const char *key;
    json_t *member;
    void *next;
    json_object_foreach_safe(value, next, key, member)
    {
        if (json_is_null(member))
            json_object_del(value, key);
        else
            drop_nulls(member);
    }
}

Owner entry_of(const Kind &kind, const Writer &writer)
{
    return {
        writer.manager, writer.applies ? "Apply" : "Update", kind.api_version(), writer.subresource, timestamp(), {}};
}

// Of what kubectl has applied on the client's side, what is as it was left. Nothing where that cannot be read.
FieldSet fields_of_last_apply(const Kind &kind, const Json &document, const std::map<FieldPath, Json> &present,
                              const Shape &shape)
{
    FieldSet fields;
    const Json config = last_applied_config(kind, document.get());
    if (!config) return fields;
    drop_nulls(config.get());
    try {
        for (const auto &[path, value] : owned_fields(config.get(), shape)) {
            const auto found = present.find(path);
            if (found != present.end() && json_equal(found->second.get(), value.get())) fields.insert(path);
        }
    } catch (const ApiError &) {
        // An item without its keys: it was never applied here.
        fields.clear();
    }
    return fields;
}

Owner before_first_apply(const Kind &kind, const std::map<FieldPath, Json> &present)
{
    return {"before-first-apply", "Update", kind.api_version(), "", timestamp(), names_of(present)};
}

struct Conflict {
    const Owner *owner;
    FieldPath path;
};

[[noreturn]] void refuse(const std::vector<Conflict> &conflicts)
{
    StatusDetails details;
    std::string text;
    const Owner *last = nullptr;
    for (const auto &[owner, path] : conflicts) {
        const std::string who = "\"" + owner->manager + "\"" +
                                (owner->operation == "Update" ? " using " + owner->api_version : "") +
                                (owner->subresource.empty() ? "" : " with subresource \"" + owner->subresource + "\"");
        details.causes.push_back({"FieldManagerConflict", "conflict with " + who, shown(path)});
        if (conflicts.size() == 1)
            text = "conflict with " + who + ": " + shown(path);
        else if (owner != last)
            text += std::string(last ? "\n" : "") + "conflicts with " + who + ":\n- " + shown(path);
        else
            text += "\n- " + shown(path);
        last = owner;
    }
    throw ApiError{409,
                   "Conflict",
                   "Apply failed with " + std::to_string(conflicts.size()) +
                       (conflicts.size() == 1 ? " conflict: " : " conflicts: ") + text,
                   std::move(details),
                   {}};
}

bool is_anothers(const std::vector<Owner> &owners, const FieldPath &path)
{
    return std::any_of(owners.begin(), owners.end(), [&](const Owner &owner) {
        const auto found = owner.fields.lower_bound(path);
        return found != owner.fields.end() && begins_with(*found, path);
    });
}

// What is not the writer's to say through this path: the status is apart from the rest.
void confine(const Kind &kind, json_t *config, const Writer &writer)
{
    if (writer.subresource != "status") {
        if (kind.status_apart) json_object_del(config, "status");
        return;
    }
    Json kept = Json::object(), metadata = Json::object();
    for (const char *field : {"apiVersion", "kind", "status"})
        if (json_t *value = json_object_get(config, field)) set(kept.get(), field, Json::share(value));
    for (const char *field : {"name", "namespace"})
        if (json_t *value = value_at(config, {"metadata", field})) set(metadata.get(), field, Json::share(value));
    set(kept.get(), "metadata", std::move(metadata));
    json_object_clear(config);
    json_object_update(config, kept.get());
}

}  // namespace

Json applied(const Kind &kind, const Json &before, Json config, const Writer &writer)
{
    const Shape shape = Shape::of(kind);
    drop_nulls(config.get());
    confine(kind, config.get(), writer);
    std::vector<Owner> owners = owners_of(before.get());
    const std::map<FieldPath, Json> present = before ? owned_fields(before.get(), shape) : std::map<FieldPath, Json>();
    if (before && owners.empty() && !present.empty()) owners.push_back(before_first_apply(kind, present));

    Owner mine = entry_of(kind, writer);
    FieldSet mine_before;
    std::erase_if(owners, [&](Owner &owner) {
        if (!owner.is(mine)) return false;
        mine_before = std::move(owner.fields);
        mine.time = owner.time;
        return true;
    });
    mine.fields = names_of(owned_fields(config.get(), shape));

    Json after = before ? merged(before, config, shape).copy() : config.copy();
    const Changes changes = compared(present, owned_fields(after.get(), shape));
    std::vector<Conflict> conflicts;
    for (const Owner &owner : owners)
        for (const FieldPath &path : changes.written)
            if (owner.fields.contains(path)) conflicts.push_back({&owner, path});
    if (!conflicts.empty() && !writer.force) {
        // kubectl goes over from its own way of applying to the server's. Others have to say that they know better.
        const FieldSet own =
            writer.manager == "kubectl" ? fields_of_last_apply(kind, before, present, shape) : FieldSet();
        std::erase_if(conflicts, [&](const Conflict &conflict) { return own.contains(conflict.path); });
        if (!conflicts.empty()) refuse(conflicts);
    }
    for (Owner &owner : owners) take_away(owner.fields, changes.written);

    for (const FieldPath &path : mine_before)
        if (!mine.fields.contains(path) && !is_anothers({mine}, path) && !is_anothers(owners, path))
            remove_field(after.get(), path, shape);

    if (mine.fields != mine_before) mine.time = timestamp();
    owners.push_back(std::move(mine));
    set_owners(after.get(), std::move(owners));
    if (writer.manager == "kubectl") renew_last_applied(after.get(), config);
    return after;
}

void note_creator(const Kind &kind, json_t *document, const Writer &writer)
{
    if (last_applied(document).empty() || value_at(document, {"metadata", "managedFields"})) return;
    Owner mine = entry_of(kind, writer);
    mine.fields = names_of(owned_fields(document, Shape::of(kind)));
    if (kind.status_apart) std::erase_if(mine.fields, [](const FieldPath &path) { return path.front() == "f:status"; });
    set_owners(document, {std::move(mine)});
}

void note_owner(const Kind &kind, const json_t *before, json_t *after, const Writer &writer)
{
    json_t *metadata = metadata_of(after);
    const json_t *kept = value_at(before, {"metadata", "managedFields"});
    // Without them, those that there are; empty ones take them away.
    if (!json_object_get(metadata, "managedFields") && kept)
        set(metadata, "managedFields", Json::share(const_cast<json_t *>(kept)).copy());
    std::vector<Owner> owners = owners_of(after);
    const bool is_first = last_applied(before).empty() && !last_applied(after).empty();
    if (owners.empty() && !is_first) {
        json_object_del(metadata, "managedFields");
        return;
    }
    const Shape shape = Shape::of(kind);
    const Json old = Json::share(const_cast<json_t *>(before));
    const std::map<FieldPath, Json> present = owned_fields(old.get(), shape);
    if (owners.empty()) owners.push_back(before_first_apply(kind, present));
    const Changes changes = compared(present, owned_fields(after, shape));
    Owner mine = entry_of(kind, writer);
    for (Owner &owner : owners) {
        take_away(owner.fields, changes.removed);
        if (!owner.is(mine)) take_away(owner.fields, changes.written);
    }
    const auto found = std::find_if(owners.begin(), owners.end(), [&](const Owner &owner) { return owner.is(mine); });
    if (found == owners.end()) {
        mine.fields = changes.written;
        owners.push_back(std::move(mine));
    } else if (!changes.written.empty() || !changes.removed.empty()) {
        found->fields.insert(changes.written.begin(), changes.written.end());
        found->time = mine.time;
    }
    set_owners(after, std::move(owners));
}

}  // namespace k8sc::testing
