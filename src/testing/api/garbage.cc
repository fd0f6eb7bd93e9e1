// What follows from a change, in strict mode: what a cluster's garbage collector and its namespace controller do, done
// before the next request is served. Watches see each step.
#include <algorithm>

#include "testing/api/resources.h"
#include "testing/rules/metadata.h"
#include "testing/rules/namespaces.h"
#include "testing/schema/names.h"
#include "testing/schema/status.h"

namespace k8sc::testing {

namespace {

const char orphan[] = "orphan", foreground[] = "foregroundDeletion";

bool waits_for_dependents(const json_t *document)
{
    return is_being_deleted(document) && has_text(value_at(document, {"metadata", "finalizers"}), foreground);
}

// Whether this object's reference to that owner holds up its deletion.
bool blocks(const Object &object, const std::string &owner)
{
    const Json document = object.document();
    const json_t *references = value_at(document.get(), {"metadata", "ownerReferences"});
    for (size_t i = 0; i < json_array_size(references); ++i) {
        const json_t *reference = json_array_get(references, i);
        if (text_at(reference, {"uid"}) == owner && json_is_true(json_object_get(reference, "blockOwnerDeletion")))
            return true;
    }
    return false;
}

// Takes the references to these owners out.
void drop_owners(json_t *document, const std::vector<std::string> &uids)
{
    json_t *metadata = metadata_of(document);
    const json_t *references = json_object_get(metadata, "ownerReferences");
    Json kept = Json::array();
    for (size_t i = 0; i < json_array_size(references); ++i) {
        json_t *reference = json_array_get(references, i);
        if (std::find(uids.begin(), uids.end(), text_at(reference, {"uid"})) == uids.end())
            append(kept.get(), Json::share(reference));
    }
    if (json_array_size(kept.get()) == 0)
        json_object_del(metadata, "ownerReferences");
    else
        set(metadata, "ownerReferences", std::move(kept));
}

}  // namespace

bool add_policy_finalizer(json_t *document, const std::string &policy)
{
    if (policy != "Orphan" && policy != "Foreground") return false;
    json_t *metadata = metadata_of(document);
    const char *wanted = policy == "Orphan" ? orphan : foreground;
    const Json before = Json::share(metadata).copy();
    drop_text(metadata, "finalizers", policy == "Orphan" ? foreground : orphan);
    if (!json_is_array(json_object_get(metadata, "finalizers"))) set(metadata, "finalizers", Json::array());
    if (!has_text(json_object_get(metadata, "finalizers"), wanted))
        append(json_object_get(metadata, "finalizers"), Json::text(wanted));
    return !json_equal(before.get(), metadata);
}

void Resources::settle(Store::Write &write)
{
    while (!tasks_.empty() || !ending_.empty()) {
        // Once for all that has gone from it.
        if (tasks_.empty()) tasks_.push_back({"/namespaces", "/" + ending_.extract(ending_.begin()).value(), ""});
        const Task task = std::move(tasks_.front());
        tasks_.pop_front();
        if (!task.gone.empty()) {
            for (const auto &[collection, dependent] : write.dependents(task.gone))
                judge(write, collection, dependent, task.gone);
            continue;
        }
        const KindPtr kind = kinds_.of_collection(task.collection);
        const ObjectPtr object = write.find(task.collection, task.key);
        if (!kind || !object) continue;
        if (is_being_deleted(object->document().get()))
            finish(write, *kind, object);
        else if (!object->owners.empty())
            judge(write, task.collection, object, "");
    }
}

// Lets an object go on that has no owner left: its deletion. One that has others forgets those that are gone.
void Resources::judge(Store::Write &write, const std::string &collection, const ObjectPtr &object,
                      const std::string &gone)
{
    const KindPtr kind = kinds_.of_collection(collection);
    Json document = object->document();
    if (!kind || is_being_deleted(document.get())) return;
    bool solid = false, waited_for = false;
    std::vector<std::string> lost;
    const json_t *references = value_at(document.get(), {"metadata", "ownerReferences"});
    for (size_t i = 0; i < json_array_size(references); ++i) {
        const json_t *reference = json_array_get(references, i);
        const std::string uid(text_at(reference, {"uid"}));
        const KindPtr owner_kind =
            kinds_.find_kind(text_at(reference, {"apiVersion"}), text_at(reference, {"kind"}), true);
        ObjectPtr owner;
        if (uid != gone && owner_kind)
            owner = write.find(owner_kind->collection(), (owner_kind->namespaced ? object->ns : "") + "/" +
                                                             std::string(text_at(reference, {"name"})));
        const bool there = owner && owner->uid == uid, waits = there && waits_for_dependents(owner->document().get());
        waited_for = waited_for || waits;
        // Nobody can say whether an owner of a kind that is not known is there.
        if ((there && !waits) || (uid != gone && (!owner_kind || owner_kind->guessed)))
            solid = true;
        else
            lost.push_back(uid);
    }
    if (lost.empty()) return;
    if (solid) {
        drop_owners(document.get(), lost);
        save(write, *kind, object, std::move(document));
        for (const std::string &uid : lost) recheck(uid);
        return;
    }
    // Its own dependents go first, too, unless one of them waits for this very object.
    DeleteOptions options;
    const auto dependents = write.dependents(object->uid);
    const auto waits = [](const auto &one) { return waits_for_dependents(one.second->document().get()); };
    if (waited_for && !dependents.empty() && std::none_of(dependents.begin(), dependents.end(), waits))
        options.policy = "Foreground";
    take_away(write, *kind, object, options);
}

// What the finalizers of an object that is being deleted are for is done; it goes where nothing else keeps it.
void Resources::finish(Store::Write &write, const Kind &kind, const ObjectPtr &object)
{
    Json document = object->document();
    json_t *metadata = metadata_of(document.get());
    const auto dependents = write.dependents(object->uid);
    if (has_text(json_object_get(metadata, "finalizers"), orphan)) {
        for (const auto &[collection, dependent] : dependents) {
            Json changed = dependent->document();
            drop_owners(changed.get(), {object->uid});
            if (const KindPtr of = kinds_.of_collection(collection)) save(write, *of, dependent, std::move(changed));
        }
        drop_text(metadata, "finalizers", orphan);
    } else if (has_text(json_object_get(metadata, "finalizers"), foreground)) {
        waiting_[object->uid] = {kind.collection(), object->key()};
        for (const auto &[collection, dependent] : dependents) judge(write, collection, dependent, "");
        const auto left = write.dependents(object->uid);
        if (std::none_of(left.begin(), left.end(), [&](const auto &one) { return blocks(*one.second, object->uid); }))
            drop_text(metadata, "finalizers", foreground);
    }
    if (is_namespace(kind) && empty_namespace(write, object->name))
        drop_text(json_object_get(document.get(), "spec"), "finalizers", "kubernetes");
    // What was done above may have changed it, or have ended it.
    const ObjectPtr current = write.find(kind.collection(), object->key());
    if (!current || current->uid != object->uid) return;
    const Json before = object->document();
    const bool graceful = json_integer_value(json_object_get(metadata, "deletionGracePeriodSeconds")) > 0;
    if (!is_held(kind, document.get()) && !graceful)
        discard(write, kind, current);
    else if (!json_equal(before.get(), document.get()))
        save(write, kind, current, std::move(document));
}

// Deletes what is in a namespace, and answers whether nothing is left.
bool Resources::empty_namespace(Store::Write &write, const std::string &ns)
{
    bool empty = true;
    for (const std::string &collection : write.collections()) {
        const KindPtr kind = kinds_.of_collection(collection);
        if (!kind || !kind->namespaced) continue;
        for (const ObjectPtr &object : write.in_namespace(collection, ns)) {
            // An object may have gone with its owner.
            const ObjectPtr current = write.find(collection, object->key());
            if (!current) continue;
            take_away(write, *kind, current, {});
            empty = empty && !write.find(collection, object->key());
        }
    }
    return empty;
}

void Resources::recheck(const std::string &owner)
{
    if (const auto found = waiting_.find(owner); found != waiting_.end())
        tasks_.push_back({found->second.first, found->second.second, ""});
}

void Resources::note_gone(Store::Write &write, const Object &object)
{
    if (!strict_) return;
    waiting_.erase(object.uid);
    tasks_.push_back({"", "", object.uid});
    for (const std::string &owner : object.owners) recheck(owner);
    if (object.ns.empty()) return;
    const ObjectPtr ns = write.find("/namespaces", "/" + object.ns);
    if (ns && ns->phase == "Terminating") ending_.insert(object.ns);
}

void Resources::end_grace()
{
    if (!strict_) return;
    Store::Write write(store_);
    const KindPtr kind = kinds_.find("", "v1", "pods", true);
    const std::string now = timestamp_of(clock_.unix_seconds());
    for (const ObjectPtr &pod : write.all(kind->collection())) {
        Json document = pod->document();
        json_t *metadata = metadata_of(document.get());
        // Timestamps have the order of their texts.
        if (json_integer_value(json_object_get(metadata, "deletionGracePeriodSeconds")) <= 0 ||
            text_at(metadata, {"deletionTimestamp"}) > now)
            continue;
        DeleteOptions options;
        options.grace_seconds = 0;
        take_away(write, *kind, pod, options);
    }
    settle(write);
}

}  // namespace k8sc::testing
