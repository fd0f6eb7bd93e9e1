#include "testing/api/resources.h"

#include <algorithm>

#include "testing/access/rbac.h"
#include "testing/api/subresources.h"
#include "testing/rules/metadata.h"
#include "testing/rules/namespaces.h"
#include "testing/rules/standard.h"
#include "testing/schema/definition.h"
#include "testing/schema/names.h"
#include "testing/schema/status.h"
#include "testing/store/custom.h"

namespace k8sc::testing {

namespace {

const char modified_message[] =
    "the object has been modified; please apply your changes to the latest version and try again";

std::string key_of(const std::string &ns, const std::string &name) { return ns + "/" + name; }

// Puts the object into the namespace of the request, or into none.
void settle_namespace(const Kind &kind, const std::string &ns, json_t *metadata, const ApiError &mismatch)
{
    const std::string_view named = text_at(metadata, {"namespace"});
    if (!kind.namespaced)
        json_object_del(metadata, "namespace");
    else if (named.empty())
        set(metadata, "namespace", Json::text(ns));
    else if (named != ns)
        throw mismatch;
}

bool is_number(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// An update says what it has seen: the same object, in the same state.
void check_conflict(const Kind &kind, const Object &current, const json_t *document)
{
    const std::string_view uid = text_at(document, {"metadata", "uid"}),
                           version = text_at(document, {"metadata", "resourceVersion"});
    if (!uid.empty() && uid != current.uid)
        throw conflict(kind, current.name,
                       "Precondition failed: UID in precondition: " + std::string(uid) +
                           ", UID in object meta: " + current.uid);
    if (version.empty() || version == "0") {
        if (!kind.needs_resource_version) return;
        // Real servers name the resource here where they name the kind elsewhere.
        Kind named = kind;
        named.kind = kind.plural;
        throw invalid(named, current.name,
                      invalid_value("metadata.resourceVersion", "0x0", "must be specified for an update"));
    }
    if (!is_number(version))
        throw internal("resourceVersion: Invalid value: \"" + std::string(version) + "\": not a number");
    if (version != std::to_string(current.resource_version)) throw conflict(kind, current.name, modified_message);
}

void copy_status(json_t *from, json_t *to)
{
    if (json_t *status = json_object_get(from, "status"))
        set(to, "status", Json::share(status));
    else
        json_object_del(to, "status");
}

// How long a pod has to end itself. Without a node, or when it has ended, there is nobody to wait for.
int64_t grace_of(const json_t *pod, const DeleteOptions &options)
{
    constexpr int64_t usual_seconds = 30;
    const std::string_view phase = text_at(pod, {"status", "phase"});
    if (text_at(pod, {"spec", "nodeName"}).empty() || phase == "Succeeded" || phase == "Failed") return 0;
    // Asked again without a wish, it goes on as it was.
    if (!options.grace_seconds && is_being_deleted(pod))
        return json_integer_value(value_at(pod, {"metadata", "deletionGracePeriodSeconds"}));
    const json_t *own = value_at(pod, {"spec", "terminationGracePeriodSeconds"});
    return std::max<int64_t>(
        0, options.grace_seconds.value_or(json_is_integer(own) ? json_integer_value(own) : usual_seconds));
}

}  // namespace

void check_identity(const Kind &kind, const std::string &ns, const std::string &name, json_t *document)
{
    const std::string given(text_at(document, {"metadata", "name"})),
        given_ns(text_at(document, {"metadata", "namespace"}));
    if (given.empty())
        throw bad_request("the name of the object (" + name +
                          " based on URL) was undeterminable: name must be provided");
    if (given != name)
        throw bad_request("the name of the object (" + given + ") does not match the name on the URL (" + name + ")");
    settle_namespace(kind, ns, metadata_of(document),
                     bad_request("the namespace of the object (" + given_ns +
                                 ") does not match the namespace on the request (" + ns + ")"));
}

ObjectPtr Resources::create(KindPtr &kind, const std::string &ns, Json document, bool dry_run, const Writer *writer)
{
    check_document(*kind, document.get());
    json_t *metadata = metadata_of(document.get());
    settle_namespace(
        *kind, ns, metadata,
        bad_request("the namespace of the provided object does not match the namespace sent on the request"));
    const std::string_view version = text_at(metadata, {"resourceVersion"});
    if (!version.empty() && version != "0")
        throw internal("resourceVersion should not be set on objects to be created");
    for (const char *field :
         {"uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation"})
        json_object_del(metadata, field);
    if (kind->status_apart && kind->custom) json_object_del(document.get(), "status");
    settle_custom(*kind, document.get());
    if (strict_) {
        fill_defaults(*kind, document.get(), release_);
        begin_status(*kind, document.get());
    }
    std::string name(text_at(metadata, {"name"}));
    const std::string base(text_at(metadata, {"generateName"}));
    const bool generated = name.empty() && !base.empty();

    const KindPtr learned = learned_kind(kind, document.get());
    Store::Write write(store_);
    if (strict_) check_namespace(write, *learned, ns, document.get());
    do {
        // A real server gives up on a generated name that is taken; trying again is as good.
        if (generated) name = base + random_suffix();
        check_name(*learned, name);
    } while (generated && write.find(learned->collection(), key_of(learned->namespaced ? ns : "", name)));
    set(metadata, "name", Json::text(name));
    label_namespace(*learned, document.get());
    check_custom(*learned, document.get(), nullptr);
    if (strict_) check_standard(*learned, document.get(), nullptr);
    if (write.find(learned->collection(), key_of(learned->namespaced ? ns : "", name)))
        throw already_exists(*learned, name);
    fill_system_fields(*learned, metadata);
    if (is_definition(*learned)) complete_definition(*learned, document.get(), strict_);
    if (writer) note_creator(*learned, document.get(), *writer);
    if (dry_run) return freeze(*learned, std::move(document), 0);
    if (kind->guessed) kinds_.add(*learned);
    kind = learned;
    const ObjectPtr made = save(write, *learned, nullptr, std::move(document));
    if (strict_ && !made->owners.empty()) tasks_.push_back({learned->collection(), made->key(), ""});
    settle(write);
    return made;
}

ObjectPtr Resources::update(const Kind &kind, const std::string &ns, const std::string &name, const Change &change,
                            const Writer &writer, bool dry_run)
{
    Store::Write write(store_);
    const ObjectPtr current = write.find(kind.collection(), key_of(ns, name));
    if (!current) throw not_found(kind, name);
    Json before = in_version(kind, current)->document();
    set(before.get(), "apiVersion", Json::text(kind.api_version()));
    set(before.get(), "kind", Json::text(kind.kind));

    Json after = change(before.copy());
    check_document(kind, after.get());
    check_identity(kind, ns, name, after.get());
    check_conflict(kind, *current, after.get());
    if (!writer.subresource.empty()) {
        after = changed_through(kind, writer.subresource, before, std::move(after), strict_);
    } else if (kind.status_apart) {
        copy_status(before.get(), after.get());
        // A namespace's finalizers have a path of their own.
        if (is_namespace(kind)) set(after.get(), "spec", Json::share(json_object_get(before.get(), "spec")));
    }
    settle_custom(kind, after.get());
    label_namespace(kind, after.get());
    check_custom(kind, after.get(), before.get(), writer.subresource);
    if (strict_ && writer.subresource.empty()) check_change(kind, before, after.get());
    keep_system_fields(kind, before.get(), after.get());
    if (is_definition(kind)) complete_definition(kind, after.get(), strict_);
    if (!writer.applies) note_owner(kind, before.get(), after.get(), writer);

    set(metadata_of(after.get()), "resourceVersion", Json::text(std::to_string(current->resource_version)));
    set(after.get(), "apiVersion", Json::text(kind.api_version()));
    set(after.get(), "kind", Json::text(kind.kind));
    if (json_equal(before.get(), after.get())) return current;
    const bool graceful = json_integer_value(value_at(after.get(), {"metadata", "deletionGracePeriodSeconds"})) > 0;
    const bool released = is_being_deleted(after.get()) && !graceful &&
                          !(strict_ ? is_held(kind, after.get()) : has_finalizers(after.get()));
    if (dry_run || released) {
        if (!dry_run) discard(write, kind, current);
        settle(write);
        return freeze(kind, std::move(after), current->resource_version);
    }
    const ObjectPtr made = save(write, kind, current, std::move(after));
    for (const std::string &owner : current->owners) recheck(owner);
    settle(write);
    return made;
}

Deletion Resources::remove(const Kind &kind, const std::string &ns, const std::string &name,
                           const DeleteOptions &options)
{
    Store::Write write(store_);
    return remove(write, kind, ns, name, options);
}

Deletion Resources::remove(Store::Write &write, const Kind &kind, const std::string &ns, const std::string &name,
                           const DeleteOptions &options)
{
    if (strict_) check_may_be_deleted(kind, name);
    const ObjectPtr current = write.find(kind.collection(), key_of(ns, name));
    if (!current) throw not_found(kind, name);
    // Here, too, real servers say Pod and not pods.
    Kind named = kind;
    named.plural = kind.kind;
    if (!options.uid.empty() && options.uid != current->uid)
        throw conflict(named, name,
                       "the UID in the precondition (" + options.uid + ") does not match the UID in record (" +
                           current->uid + "). The object might have been deleted and then recreated");
    const std::string version = std::to_string(current->resource_version);
    if (!options.resource_version.empty() && options.resource_version != version)
        throw conflict(named, name,
                       "the ResourceVersion in the precondition (" + options.resource_version +
                           ") does not match the ResourceVersion in record (" + version +
                           "). The object might have been modified");

    const Deletion deletion = take_away(write, kind, current, options);
    settle(write);
    return deletion;
}

Deletion Resources::take_away(Store::Write &write, const Kind &kind, const ObjectPtr &current,
                              const DeleteOptions &options)
{
    Json document = current->document();
    json_t *metadata = metadata_of(document.get());
    const int64_t grace = strict_ && is_pod(kind) ? grace_of(document.get(), options) : 0;
    const bool has_policy = strict_ && add_policy_finalizer(document.get(), options.policy);
    const bool held = strict_ ? is_held(kind, document.get()) : has_finalizers(document.get());
    if (!held && grace == 0) {
        if (!options.dry_run) discard(write, kind, current);
        return {current, true};
    }
    const int64_t before = json_integer_value(json_object_get(metadata, "deletionGracePeriodSeconds"));
    if (is_being_deleted(document.get()) && !has_policy && grace >= before) return {current, false};
    if (!is_being_deleted(document.get()) || grace < before) {
        set(metadata, "deletionTimestamp",
            Json::text(strict_ ? timestamp_of(clock_.unix_seconds() + grace) : timestamp()));
        // Namespaces have a way of their own.
        if (!strict_ || !is_namespace(kind)) set(metadata, "deletionGracePeriodSeconds", Json::integer(grace));
    }
    if (strict_ && is_namespace(kind)) {
        if (!json_is_object(json_object_get(document.get(), "status"))) set(document.get(), "status", Json::object());
        set(json_object_get(document.get(), "status"), "phase", Json::text("Terminating"));
    }
    if (json_t *generation = json_object_get(metadata, "generation"))
        set(metadata, "generation", Json::integer(json_integer_value(generation) + 1));
    if (options.dry_run) return {freeze(kind, std::move(document), current->resource_version), false};
    if (strict_) tasks_.push_back({kind.collection(), current->key(), ""});
    return {save(write, kind, current, std::move(document)), false};
}

void Resources::check_change(const Kind &kind, const Json &before, json_t *after) const
{
    const Json was = before.copy();
    fill_defaults(kind, was.get(), release_);
    fill_defaults(kind, after, release_);
    check_standard(kind, after, was.get());
}

void Resources::check_namespace(Store::Write &write, const Kind &kind, const std::string &ns, const json_t *document)
{
    if (!kind.namespaced) return;
    const ObjectPtr found = write.find("/namespaces", key_of("", ns));
    const KindPtr namespaces = kinds_.find("", "v1", "namespaces", false);
    if (!found) throw not_found(*namespaces, ns);
    if (found->phase == "Terminating")
        throw terminating_namespace(kind, std::string(text_at(document, {"metadata", "name"})), ns);
}

void Resources::begin(bool authorization)
{
    const auto make = [&](KindPtr kind, Json document) { create(kind, "", std::move(document), false); };
    if (authorization)
        for (Json &role : first_roles()) {
            const KindPtr kind =
                kinds_.find_kind(text_at(role.get(), {"apiVersion"}), text_at(role.get(), {"kind"}), false);
            make(kind, std::move(role));
        }
    if (!strict_) return;
    for (const char *name : first_namespaces) {
        Json document = Json::object();
        set(metadata_of(document.get()), "name", Json::text(name));
        make(kinds_.find("", "v1", "namespaces", false), std::move(document));
    }
}

void Resources::put(KindPtr kind, Json document)
{
    check_document(*kind, document.get());
    json_t *metadata = metadata_of(document.get());
    const std::string name(text_at(metadata, {"name"}));
    check_name(*kind, name);
    std::string ns;
    if (!kind->namespaced)
        json_object_del(metadata, "namespace");
    else if (ns = text_at(metadata, {"namespace"}); ns.empty())
        set(metadata, "namespace", Json::text(ns = "default"));

    settle_custom(*kind, document.get());
    label_namespace(*kind, document.get());
    Store::Write write(store_);
    const ObjectPtr current = write.find(kind->collection(), key_of(ns, name));
    if (current) {
        // What the test says itself holds, so that it can make what a server would not, such as the same name with
        // another uid.
        const Json before = current->document();
        for (const char *field : {"uid", "creationTimestamp"})
            if (json_t *kept = value_at(before.get(), {"metadata", field}); kept && text_at(metadata, {field}).empty())
                set(metadata, field, Json::share(kept));
        if (kind->counts_generation && !json_object_get(metadata, "generation")) {
            Json probe = document.copy();
            keep_system_fields(*kind, before.get(), probe.get());
            if (json_t *generation = value_at(probe.get(), {"metadata", "generation"}))
                set(metadata, "generation", Json::share(generation));
        }
    }
    fill_system_fields(*kind, metadata);
    if (is_definition(*kind)) complete_definition(*kind, document.get(), strict_);
    if (current && freeze(*kind, document.copy(), current->resource_version)->tail == current->tail) return;
    if (kind->guessed) kinds_.add(*learned_kind(kind, document.get()));
    save(write, *kind, current, std::move(document));
}

void Resources::erase(const Kind &kind, const std::string &ns, const std::string &name)
{
    Store::Write write(store_);
    const ObjectPtr current = write.find(kind.collection(), key_of(kind.namespaced ? ns : "", name));
    if (!current) throw not_found(kind, name);
    discard(write, kind, current);
    settle(write);
}

ObjectPtr Resources::save(Store::Write &write, const Kind &kind, const ObjectPtr &before, Json document)
{
    if (is_definition(kind)) {
        const Json old = before ? before->document() : Json();
        kinds_.define(document.get(), old.get());
        if (before) restate(write, document.get());
    }
    if (kind.converts()) store_custom(kind, document.get());
    return write.put(kind, std::move(document));
}

void Resources::restate(Store::Write &write, const json_t *definition)
{
    const std::string collection = std::string(text_at(definition, {"spec", "group"})) + "/" +
                                   std::string(text_at(definition, {"spec", "names", "plural"}));
    const KindPtr kind = kinds_.of_collection(collection);
    if (!kind || !kind->stored) return;
    for (const ObjectPtr &object : write.all(collection)) {
        Json document = object->document();
        store_custom(*kind, document.get());
        write.restate(*kind, freeze(*kind, std::move(document), object->resource_version));
    }
}

void Resources::discard(Store::Write &write, const Kind &kind, const ObjectPtr &object)
{
    if (is_definition(kind)) {
        // With a definition go its objects.
        const Json definition = object->document();
        const Kind defined = make_kind(std::string(text_at(definition.get(), {"spec", "group"})), "",
                                       std::string(text_at(definition.get(), {"spec", "names", "plural"})), "", true);
        for (const ObjectPtr &instance : write.all(defined.collection())) {
            write.remove(defined, instance);
            note_gone(write, *instance);
        }
        kinds_.define(nullptr, definition.get());
    }
    write.remove(kind, object);
    note_gone(write, *object);
}

}  // namespace k8sc::testing
