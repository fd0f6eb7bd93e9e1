#include "queue/backlog.h"

namespace k8sc {
namespace {

// What becomes of a waiting event of an object when the next one comes.
enum class Merge {
    replaces,   // the waiting one keeps its kind and has the new object
    vanishes,   // both: the handler never heard of the object, and need not
    to_update,  // gone and there again: another state of the same name
    to_delete,
};

Merge merge_of(int32_t waiting, int32_t coming)
{
    static_assert(K8SC_EVENT_ADD == 1 && K8SC_EVENT_UPDATE == 2 && K8SC_EVENT_DELETE == 3);
    using enum Merge;
    constexpr Merge table[3][3] = {
        // coming: ADD   UPDATE     DELETE
        {replaces, replaces, vanishes},     // an ADD waits
        {replaces, replaces, to_delete},    // an UPDATE
        {to_update, to_update, to_delete},  // a DELETE
    };
    return table[waiting - 1][coming - 1];
}

}  // namespace

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
    switch (merge_of(waiting.kind, event.kind)) {
    case Merge::replaces: break;
    case Merge::vanishes:
        coalesced_.fetch_add(1, std::memory_order_relaxed);
        list.erase(found->second);
        newest_.erase(found);
        depth_.fetch_sub(1, std::memory_order_relaxed);
        return true;
    case Merge::to_update:
        // The old object is what the handler knows.
        if (!waiting.old_object) waiting.old_object = std::move(waiting.object);
        waiting.kind = K8SC_EVENT_UPDATE;
        waiting.inferred = false;
        break;
    case Merge::to_delete:
        waiting.kind = K8SC_EVENT_DELETE;
        // Its old object stays until it leaves, in case that it becomes an update again.
        waiting.inferred = event.inferred;
        if (waiting.old_object && waiting.old_object.stored().uid() != event.object.stored().uid()) {
            // What the handler knows went before this one came, and how it went is forgotten.
            waiting.inferred = true;
            event.object = LazyObject(waiting.old_object.stored());
        }
        break;
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
