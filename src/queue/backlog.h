// What waits in a queue for one handler, and what is done when that is too much.
#pragma once

#include <atomic>
#include <list>
#include <string>
#include <unordered_map>

#include "queue/event.h"

namespace k8sc {

using EventList = std::list<Event>;

// Counted and coalesced under the queue's lock; the numbers are for anybody.
class Backlog {
  public:
    // Where more than `limit` events wait, the newest of a key takes the place of the one that waits for it already. So
    // what waits is bounded by the number of objects.
    void set_coalescing(bool enabled, size_t limit);

    size_t depth() const { return depth_.load(std::memory_order_relaxed); }
    // Events that the handler was spared.
    int64_t coalesced() const { return coalesced_.load(std::memory_order_relaxed); }

    // Moves the first event of `from` to the end of `list`, or into one that waits. Where there is no memory to merge,
    // more waits than should.
    void insert(EventList &list, EventList &from) noexcept;
    // An event is about to leave the list.
    void leaves(EventList::iterator at) noexcept;

  private:
    static std::string key_of(const Event &event);
    void start_coalescing(EventList &list, const Subscription *subscription);
    void stop_coalescing() noexcept;
    bool coalesces_first(EventList &list, EventList &from);
    bool coalesce(EventList &list, const std::string &key, Event &event);

    bool enabled_ = true;
    size_t limit_ = 0;
    std::atomic<size_t> depth_{0};
    std::atomic<int64_t> coalesced_{0};
    // While it coalesces: the last event that waits for each key.
    bool coalescing_ = false;
    std::unordered_map<std::string, EventList::iterator> newest_;
};

}  // namespace k8sc
