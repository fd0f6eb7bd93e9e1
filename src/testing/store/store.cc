#include "testing/store/store.h"

#include <algorithm>

#include <sys/eventfd.h>
#include <unistd.h>

#include "testing/base/failure.h"

namespace k8sc::testing {

namespace {

bool begins_with(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }

}  // namespace

Subscription::Subscription(Store &store, std::string collection, std::string prefix, int64_t since)
    : store_(store),
      collection_(std::move(collection)),
      prefix_(std::move(prefix)),
      since_(since),
      fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    if (fd_ < 0) fail_with_errno("cannot make an eventfd");
}

Subscription::~Subscription()
{
    {
        std::lock_guard lock(store_.mutex_);
        std::erase(store_.collections_[collection_].subscriptions, this);
    }
    close(fd_);
}

void Subscription::push(const Event &event)
{
    if (event.resource_version <= since_ || !begins_with(event.object->key(), prefix_)) return;
    queue_.push_back(event);
    eventfd_write(fd_, 1);
}

int64_t Subscription::take(std::vector<Event> &events)
{
    std::lock_guard lock(store_.mutex_);
    eventfd_t count;
    eventfd_read(fd_, &count);
    events.clear();
    events.swap(queue_);
    return store_.resource_version_;
}

int64_t Store::resource_version() const
{
    std::lock_guard lock(mutex_);
    return resource_version_;
}

ObjectPtr Store::find(const std::string &collection, const std::string &key) const
{
    std::lock_guard lock(mutex_);
    const auto place = collections_.find(collection);
    if (place == collections_.end()) return nullptr;
    const auto object = place->second.objects.find(key);
    return object == place->second.objects.end() ? nullptr : object->second;
}

Store::Scan Store::scan(const std::string &name, const std::string &prefix, const std::string &from, int64_t at,
                        const std::function<bool(const ObjectPtr &)> &see) const
{
    std::lock_guard lock(mutex_);
    const Scan scan{at > 0 ? at : resource_version_, at > 0 && at < compacted_};
    const auto place = collections_.find(name);
    if (scan.expired || place == collections_.end()) return scan;
    const Collection &collection = place->second;
    if (at > 0 && at < oldest(collection)) return {scan.resource_version, true};

    // The past is the present with the events since then undone: the oldest of them knows what was there before. NULL:
    // nothing was.
    std::map<std::string, ObjectPtr, std::less<>> past;
    if (at > 0)
        for (auto event = collection.history.rbegin();
             event != collection.history.rend() && event->resource_version > at; ++event)
            past[event->object->key()] = event->previous;

    const std::string &start = std::max(prefix, from);
    auto now = collection.objects.lower_bound(start);
    auto then = past.lower_bound(start);
    const auto in_range = [&](const auto &map, const auto &entry) {
        return entry != map.end() && begins_with(entry->first, prefix);
    };
    while (in_range(collection.objects, now) || in_range(past, then)) {
        const bool use_past = in_range(past, then) && (!in_range(collection.objects, now) || then->first <= now->first);
        const ObjectPtr &object = use_past ? then->second : now->second;
        if (object && !see(object)) break;
        if (use_past && in_range(collection.objects, now) && now->first == then->first) ++now;
        if (use_past)
            ++then;
        else
            ++now;
    }
    return scan;
}

Store::Start Store::subscribe(const std::string &name, const std::string &prefix, int64_t since)
{
    Start start{std::unique_ptr<Subscription>(new Subscription(*this, name, prefix, since)), 0};
    std::unique_lock lock(mutex_);
    Collection &collection = collections_[name];
    start.oldest = oldest(collection);
    if (since > 0 && since < start.oldest) {
        // Ending a subscription takes the lock.
        lock.unlock();
        start.subscription.reset();
        return start;
    }
    if (since > 0) {
        for (const Event &event : collection.history) start.subscription->push(event);
    } else {
        for (const auto &[key, object] : collection.objects)
            start.subscription->push({Event::Type::added, object->resource_version, object, nullptr});
    }
    collection.subscriptions.push_back(start.subscription.get());
    start.resource_version = resource_version_;
    start.waiting = start.subscription->queue_.size();
    return start;
}

void Store::compact()
{
    std::lock_guard lock(mutex_);
    compacted_ = resource_version_;
    for (auto &[name, collection] : collections_) collection.history.clear();
}

void Store::clear()
{
    std::lock_guard lock(mutex_);
    for (auto &[name, collection] : collections_) {
        collection.objects.clear();
        collection.history.clear();
        collection.forgotten = 0;
        for (Subscription *subscription : collection.subscriptions) subscription->queue_.clear();
    }
    dependents_.clear();
    resource_version_ = 1;
    compacted_ = 0;
}

void Store::wake()
{
    std::lock_guard lock(mutex_);
    for (auto &[name, collection] : collections_)
        for (Subscription *subscription : collection.subscriptions) eventfd_write(subscription->fd_, 1);
}

ObjectPtr Store::Write::find(const std::string &collection, const std::string &key) const
{
    const auto place = store_.collections_.find(collection);
    if (place == store_.collections_.end()) return nullptr;
    const auto object = place->second.objects.find(key);
    return object == place->second.objects.end() ? nullptr : object->second;
}

std::vector<ObjectPtr> Store::Write::all(const std::string &collection) const
{
    std::vector<ObjectPtr> objects;
    const auto place = store_.collections_.find(collection);
    if (place == store_.collections_.end()) return objects;
    for (const auto &[key, object] : place->second.objects) objects.push_back(object);
    return objects;
}

std::vector<ObjectPtr> Store::Write::in_namespace(const std::string &collection, const std::string &ns) const
{
    std::vector<ObjectPtr> objects;
    const auto place = store_.collections_.find(collection);
    if (place == store_.collections_.end()) return objects;
    const std::string prefix = ns + "/";
    for (auto object = place->second.objects.lower_bound(prefix);
         object != place->second.objects.end() && begins_with(object->first, prefix); ++object)
        objects.push_back(object->second);
    return objects;
}

std::vector<std::string> Store::Write::collections() const
{
    std::vector<std::string> names;
    for (const auto &[name, collection] : store_.collections_)
        if (!collection.objects.empty()) names.push_back(name);
    return names;
}

std::vector<std::pair<std::string, ObjectPtr>> Store::Write::dependents(const std::string &uid) const
{
    std::vector<std::pair<std::string, ObjectPtr>> found;
    const auto places = store_.dependents_.find(uid);
    if (places == store_.dependents_.end()) return found;
    for (const auto &[collection, key] : places->second)
        if (ObjectPtr object = find(collection, key)) found.emplace_back(collection, std::move(object));
    return found;
}

ObjectPtr Store::Write::put(const Kind &kind, Json document)
{
    const int64_t version = store_.resource_version_ + 1;
    ObjectPtr object = freeze(kind, std::move(document), version);
    Collection &collection = store_.collections_[kind.collection()];
    ObjectPtr &place = collection.objects[object->key()];
    Event event{place ? Event::Type::modified : Event::Type::added, version, object, place};
    store_.note_owners(kind.collection(), place.get(), object.get());
    place = object;
    store_.resource_version_ = version;
    store_.publish(collection, std::move(event));
    return object;
}

void Store::Write::restate(const Kind &kind, ObjectPtr object)
{
    Collection &collection = store_.collections_[kind.collection()];
    const auto found = collection.objects.find(object->key());
    if (found != collection.objects.end()) found->second = std::move(object);
}

ObjectPtr Store::Write::remove(const Kind &kind, const ObjectPtr &object)
{
    const int64_t version = store_.resource_version_ + 1;
    ObjectPtr last = with_resource_version(kind, *object, version);
    Collection &collection = store_.collections_[kind.collection()];
    store_.note_owners(kind.collection(), object.get(), nullptr);
    collection.objects.erase(object->key());
    store_.resource_version_ = version;
    store_.publish(collection, {Event::Type::deleted, version, last, object});
    return last;
}

void Store::note_owners(const std::string &collection, const Object *before, const Object *after)
{
    if (before)
        for (const std::string &owner : before->owners) {
            const auto found = dependents_.find(owner);
            if (found == dependents_.end()) continue;
            found->second.erase({collection, before->key()});
            if (found->second.empty()) dependents_.erase(found);
        }
    if (after)
        for (const std::string &owner : after->owners) dependents_[owner].emplace(collection, after->key());
}

void Store::publish(Collection &collection, Event event)
{
    for (Subscription *subscription : collection.subscriptions) subscription->push(event);
    collection.history.push_back(std::move(event));
    while (collection.history.size() > window_) {
        collection.forgotten = collection.history.front().resource_version;
        collection.history.pop_front();
    }
}

}  // namespace k8sc::testing
