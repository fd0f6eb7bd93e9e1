#include "queue/backlog.h"

namespace k8sc {

void Backlog::set_coalescing(bool enabled, size_t limit)
{
    enabled_ = enabled;
    limit_ = limit;
    if (!enabled) stop_coalescing();
}

// "" for those that are never coalesced. An error's key is no object's.
std::string Backlog::key_of(const Event &event)
{
    if (event.kind == K8SC_EVENT_ERROR) return "error";
    bool coalesces = event.kind == K8SC_EVENT_ADD || event.kind == K8SC_EVENT_UPDATE || event.kind == K8SC_EVENT_DELETE;
    return coalesces ? std::string(event.object.stored().key()) : "";
}

void Backlog::start_coalescing(EventList &list, const Subscription *subscription)
{
    coalescing_ = true;
    for (auto at = list.begin(); at != list.end(); ++at) {
        if (at->subscription.get() != subscription) continue;
        std::string key = key_of(*at);
        if (!key.empty()) newest_[key] = at;
    }
}

bool Backlog::coalesce(EventList &list, const std::string &key, Event &event)
{
    auto found = newest_.find(key);
    if (found == newest_.end()) return false;
    Event &waiting = *found->second;
    coalesced_.fetch_add(1, std::memory_order_relaxed);
    if (event.kind == K8SC_EVENT_ERROR) {
        waiting.error = std::move(event.error);
        return true;
    }
    if (waiting.kind == K8SC_EVENT_ADD && event.kind == K8SC_EVENT_DELETE) {
        // The handler never heard of it, and need not.
        coalesced_.fetch_add(1, std::memory_order_relaxed);
        list.erase(found->second);
        newest_.erase(found);
        depth_.fetch_sub(1, std::memory_order_relaxed);
        return true;
    }
    if (waiting.kind == K8SC_EVENT_DELETE && event.kind != K8SC_EVENT_DELETE) {
        // Gone and there again: another state of the same name. The old one is what the handler knows.
        if (!waiting.old_object) waiting.old_object = std::move(waiting.object);
        waiting.kind = K8SC_EVENT_UPDATE;
        waiting.inferred = false;
    } else if (event.kind == K8SC_EVENT_DELETE) {
        waiting.kind = K8SC_EVENT_DELETE;
        // Its old object stays until it leaves, in case that it becomes an update again.
        waiting.inferred = event.inferred;
        if (waiting.old_object && waiting.old_object.stored().uid() != event.object.stored().uid()) {
            // What the handler knows went before this one came, and how it went is forgotten.
            waiting.inferred = true;
            event.object = LazyObject(waiting.old_object.stored());
        }
    }
    waiting.object = std::move(event.object);
    return true;
}

// From the next event that is too much on, it is begun anew.
void Backlog::stop_coalescing() noexcept
{
    coalescing_ = false;
    newest_.clear();
}

bool Backlog::coalesces_first(EventList &list, EventList &from)
{
    auto at = from.begin();
    if (enabled_ && depth() >= limit_ && !coalescing_) start_coalescing(list, at->subscription.get());
    if (!coalescing_) return false;
    std::string key = key_of(*at);
    if (key.empty()) return false;
    if (enabled_ && depth() >= limit_ && coalesce(list, key, *at)) return true;
    newest_[key] = at;
    return false;
}

void Backlog::insert(EventList &list, EventList &from) noexcept
{
    try {
        if (coalesces_first(list, from)) return from.pop_front();
    } catch (const std::bad_alloc &) {
        stop_coalescing();
    }
    list.splice(list.end(), from, from.begin());
    depth_.fetch_add(1, std::memory_order_relaxed);
}

void Backlog::leaves(EventList::iterator at) noexcept
{
    depth_.fetch_sub(1, std::memory_order_relaxed);
    if (at->kind == K8SC_EVENT_DELETE) at->old_object = LazyObject();
    if (!coalescing_) return;
    if (depth() <= limit_ / 2) return stop_coalescing();
    try {
        auto found = newest_.find(key_of(*at));
        if (found != newest_.end() && found->second == at) newest_.erase(found);
    } catch (const std::bad_alloc &) {
        stop_coalescing();
    }
}

}  // namespace k8sc
