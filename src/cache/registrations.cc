#include "cache/registrations.h"

namespace k8sc {
namespace {

// A transform may have dropped the versions; then nothing is known to be the same.
bool same_version(const Stored &a, const Stored &b)
{
    return a.resource_version() == b.resource_version() && !a.resource_version().empty();
}

}  // namespace

void Registrations::add(const Ref<Registration> &registration, int64_t resync_ms, bool started, int64_t now)
{
    registration->resync = resync_.join(resync_ms, started, now);
    all_.push_back(registration);
}

void Registrations::replay(Registration &registration)
{
    std::vector<Event> events;
    for (auto &object : store_->list({})) {
        Event add = event(registration, K8SC_EVENT_ADD, object);
        add.initial = true;
        events.push_back(std::move(add));
    }
    tell_of_sync(registration, events);
    registration.queue()->push(std::move(events));
}

void Registrations::remove(const Registration *registration)
{
    std::erase_if(all_, [&](auto &other) { return other.get() == registration; });
}

Event Registrations::event(const Registration &to, int32_t kind, const Stored &object)
{
    Event event;
    event.kind = kind;
    event.subscription = to.subscription();
    event.object = object;
    return event;
}

void Registrations::tell_of_sync(Registration &registration, std::vector<Event> &events)
{
    if (!std::exchange(registration.told_of_sync, true)) events.push_back(event(registration, K8SC_EVENT_SYNC, {}));
}

void Registrations::tell(int32_t kind, const Stored &object, const Stored &before)
{
    // An update that changes nothing is a resync, and only for those who are due.
    bool same = kind == K8SC_EVENT_UPDATE && same_version(before, object);
    for (auto &registration : all_) {
        if (same && !registration->resync.is_due) continue;
        Event told = event(*registration, kind, object);
        told.old_object = before;
        registration->queue()->push(std::move(told));
    }
}

void Registrations::list_ended(bool initial)
{
    Store::Replaced replaced = store_->replace();
    auto &objects = replaced.objects;
    for (auto &registration : all_) {
        std::vector<Event> events;
        for (auto &gone : replaced.gone) {
            Event told = event(*registration, K8SC_EVENT_DELETE, gone);
            told.inferred = true;
            events.push_back(std::move(told));
        }
        for (size_t i = 0; i < objects.size(); i++) {
            auto &before = replaced.before[i];
            if (before && same_version(before, objects[i]) && !registration->resync.is_due) continue;
            Event told = event(*registration, before ? K8SC_EVENT_UPDATE : K8SC_EVENT_ADD, objects[i]);
            told.old_object = before;
            told.initial = initial;
            events.push_back(std::move(told));
        }
        tell_of_sync(*registration, events);
        registration->queue()->push(std::move(events));
    }
}

void Registrations::changed(const Ref<Object> &object)
{
    auto [before, now] = store_->put(object);
    tell(before ? K8SC_EVENT_UPDATE : K8SC_EVENT_ADD, now, before);
}

void Registrations::deleted(const Ref<Object> &object)
{
    auto [before, last] = store_->erase(object);
    // A handler is told of the end of what it was told of. What the cache does not have it has heard nothing of, or that it is gone.
    // What was before goes with it as far as the queue, which may have to merge it with what comes next.
    if (before) tell(K8SC_EVENT_DELETE, last, before);
}

void Registrations::failed(const Error &error)
{
    for (auto &registration : all_) {
        Event told = event(*registration, K8SC_EVENT_ERROR, {});
        told.error = std::make_unique<Error>(error);
        registration->queue()->push(std::move(told));
    }
}

void Registrations::check_resync(int64_t now)
{
    bool any = false;
    for (auto &registration : all_) any |= Resync::check(registration->resync, now);
    if (!any) return;
    auto objects = store_->list({});
    for (auto &registration : all_) {
        if (!registration->resync.is_due) continue;
        std::vector<Event> events;
        for (auto &object : objects) {
            Event told = event(*registration, K8SC_EVENT_UPDATE, object);
            told.old_object = object;
            events.push_back(std::move(told));
        }
        registration->queue()->push(std::move(events));
    }
}

}  // namespace k8sc
