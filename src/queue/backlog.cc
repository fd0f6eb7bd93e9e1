#include "queue/backlog.h"

namespace k8sc {

void Backlog::set_merging(bool merges, size_t limit)
{
    merges_ = merges;
    limit_ = limit;
    if (!merges) stop_merging();
}

// "" for those that are never merged. An error's key is no object's.
std::string Backlog::key_of(const Event &event)
{
    if (event.kind == K8SC_EVENT_ERROR) return "error";
    bool merges = event.kind == K8SC_EVENT_ADD || event.kind == K8SC_EVENT_UPDATE || event.kind == K8SC_EVENT_DELETE;
    return merges ? std::string(event.object.stored().key()) : "";
}

void Backlog::start_merging(EventList &list, const Subscription *subscription)
{
    merging_ = true;
    for (auto at = list.begin(); at != list.end(); ++at) {
        if (at->subscription.get() != subscription) continue;
        std::string key = key_of(*at);
        if (!key.empty()) newest_[key] = at;
    }
}

bool Backlog::merge(EventList &list, const std::string &key, Event &event)
{
    auto found = newest_.find(key);
    if (found == newest_.end()) return false;
    Event &waiting = *found->second;
    merged_.fetch_add(1, std::memory_order_relaxed);
    if (event.kind == K8SC_EVENT_ERROR) {
        waiting.error = std::move(event.error);
        return true;
    }
    if (waiting.kind == K8SC_EVENT_ADD && event.kind == K8SC_EVENT_DELETE) {
        // The handler never heard of it, and need not.
        merged_.fetch_add(1, std::memory_order_relaxed);
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
void Backlog::stop_merging() noexcept
{
    merging_ = false;
    newest_.clear();
}

bool Backlog::merges_first(EventList &list, EventList &from)
{
    auto at = from.begin();
    if (merges_ && depth() >= limit_ && !merging_) start_merging(list, at->subscription.get());
    if (!merging_) return false;
    std::string key = key_of(*at);
    if (key.empty()) return false;
    if (merges_ && depth() >= limit_ && merge(list, key, *at)) return true;
    newest_[key] = at;
    return false;
}

void Backlog::insert(EventList &list, EventList &from) noexcept
{
    try {
        if (merges_first(list, from)) return from.pop_front();
    } catch (const std::bad_alloc &) {
        stop_merging();
    }
    list.splice(list.end(), from, from.begin());
    depth_.fetch_add(1, std::memory_order_relaxed);
}

void Backlog::leaves(EventList::iterator at) noexcept
{
    depth_.fetch_sub(1, std::memory_order_relaxed);
    if (at->kind == K8SC_EVENT_DELETE) at->old_object = LazyObject();
    if (!merging_) return;
    if (depth() <= limit_ / 2) return stop_merging();
    try {
        auto found = newest_.find(key_of(*at));
        if (found != newest_.end() && found->second == at) newest_.erase(found);
    } catch (const std::bad_alloc &) {
        stop_merging();
    }
}

}  // namespace k8sc
