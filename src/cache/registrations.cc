#include "cache/registrations.h"

namespace k8sc {
namespace {

// A transform may have dropped the versions; then nothing is known to be the same.
bool same_version(const CachedObject &a, const CachedObject &b)
{
    return a.resource_version() == b.resource_version() && !a.resource_version().empty();
}

}  // namespace

void Registrations::add(const Ref<Registration> &registration, int64_t resync_ms, bool started, int64_t now)
{
    registration->resync = resync_.join(resync_ms, started, now);
    all_.push_back(registration);
}

Registrations::Notifications::Share &Registrations::Notifications::share(const Ref<Registration> &to)
{
    // One after the other is told.
    if (shares_.empty() || !(shares_.back().to == to)) shares_.push_back({to, {}});
    return shares_.back();
}

Event &Registrations::Notifications::add(const Ref<Registration> &to, int32_t kind, const CachedObject &object)
{
    Event event;
    event.kind = kind;
    event.subscription = to->subscription();
    event.object = object;
    auto &events = share(to).events;
    events.push_back(std::move(event));
    return events.back();
}

void Registrations::Notifications::add_sync(const Ref<Registration> &to)
{
    if (!to->told_of_sync) add(to, K8SC_EVENT_SYNC, {});
}

void Registrations::Notifications::tell() noexcept
{
    for (auto &[to, events] : shares_) {
        to->told_of_sync = to->told_of_sync || events.back().kind == K8SC_EVENT_SYNC;
        to->queue()->push(std::move(events));
    }
}

void Registrations::replay(const Ref<Registration> &registration)
{
    Notifications notifications;
    for (auto &object : store_->list({})) notifications.add(registration, K8SC_EVENT_ADD, object).initial = true;
    notifications.add_sync(registration);
    notifications.tell();
}

void Registrations::remove(const Registration *registration)
{
    std::erase_if(all_, [&](auto &other) { return other.get() == registration; });
}

void Registrations::tell(Notifications &notifications, int32_t kind, const CachedObject &object,
                         const CachedObject &before, bool inferred) const
{
    // An update that changes nothing is a resync, and only for those who are due.
    bool same = kind == K8SC_EVENT_UPDATE && same_version(before, object);
    for (auto &registration : all_) {
        if (same && !registration->resync.is_due) continue;
        Event &told = notifications.add(registration, kind, object);
        told.old_object = before;
        told.inferred = inferred;
    }
}

void Registrations::tell_list(Notifications &notifications, const Store::Replaced &replaced, bool initial) const
{
    auto &objects = replaced.objects;
    for (auto &registration : all_) {
        for (auto &gone : replaced.gone) notifications.add(registration, K8SC_EVENT_DELETE, gone).inferred = true;
        for (size_t i = 0; i < objects.size(); i++) {
            auto &before = replaced.before[i];
            if (before && same_version(before, objects[i]) && !registration->resync.is_due) continue;
            Event &told = notifications.add(registration, before ? K8SC_EVENT_UPDATE : K8SC_EVENT_ADD, objects[i]);
            told.old_object = before;
            told.initial = initial;
        }
        notifications.add_sync(registration);
    }
}

void Registrations::list_ended(bool initial)
{
    Notifications notifications;
    store_->replace([&](const Store::Replaced &replaced) { tell_list(notifications, replaced, initial); });
    notifications.tell();
}

void Registrations::changed(const Ref<Object> &object)
{
    Notifications notifications;
    store_->put(object, [&](const Store::Change &change) {
        tell(notifications, change.before ? K8SC_EVENT_UPDATE : K8SC_EVENT_ADD, change.now, change.before);
    });
    notifications.tell();
}

// A handler is told of the end of what it was told of. What the cache does not have it has heard nothing of, or that it
// is gone. What was before goes with it as far as the queue, which may have to merge it with what comes next.
void Registrations::deleted(const Ref<Object> &object)
{
    Notifications notifications;
    store_->erase(object, [&](const Store::Change &change) {
        tell(notifications, K8SC_EVENT_DELETE, change.now, change.before);
    });
    notifications.tell();
}

void Registrations::deleted_unread(const Object &names)
{
    Notifications notifications;
    store_->erase_unread(names, [&](const Store::Change &change) {
        tell(notifications, K8SC_EVENT_DELETE, change.now, change.before, true);
    });
    notifications.tell();
}

void Registrations::failed(const Error &error)
{
    Notifications notifications;
    for (auto &registration : all_)
        notifications.add(registration, K8SC_EVENT_ERROR, {}).error = std::make_unique<Error>(error);
    notifications.tell();
}

void Registrations::check_resync(int64_t now)
{
    bool any = false;
    for (auto &registration : all_) any |= Resync::check(registration->resync, now);
    if (!any) return;
    auto objects = store_->list({});
    Notifications notifications;
    for (auto &registration : all_) {
        if (!registration->resync.is_due) continue;
        for (auto &object : objects) notifications.add(registration, K8SC_EVENT_UPDATE, object).old_object = object;
    }
    notifications.tell();
}

}  // namespace k8sc
