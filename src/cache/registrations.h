// The handlers of one informer: how what the reflector sees goes into the store, and what each of them is then told.
// client-go's sharedProcessor and what feeds it.
#pragma once

#include <list>
#include <vector>

#include "cache/handler.h"
#include "cache/store.h"

namespace k8sc {

// All of it under the informer's lock, which comes before the store's and the queues'. It knows no clock: `now` is
// told. Store and handlers are told of the same: where memory lacks, neither is, and the next list tells both.
class Registrations {
  public:
    Registrations(Ref<Store> store, int64_t default_resync_ms) : store_(std::move(store)), resync_(default_resync_ms) {}

    auto begin() const { return all_.begin(); }
    auto end() const { return all_.end(); }

    // `resync_ms` and `started` as for Resync::join.
    void add(const Ref<Registration> &registration, int64_t resync_ms, bool started, int64_t now);
    // For one that came after the first list: what is there already.
    void replay(const Ref<Registration> &registration);
    void remove(const Registration *registration);
    void clear() { all_.clear(); }

    // The list that the store has staged has come to its end; `initial`: the first one.
    void list_ended(bool initial);
    // ADDED or MODIFIED: the store knows which of the two it is for the handlers.
    void changed(const Ref<Object> &object);
    void deleted(const Ref<Object> &object);
    // Its last state cannot be read: handlers are told of the one before, as of a deletion that was not seen.
    void deleted_unread(const Object &names);
    void failed(const Error &error);

    // How often to call check_resync(); 0: never.
    int64_t check_period_ms() const { return resync_.check_period_ms(); }
    // Tells those who are due of everything. Not before the first list.
    void check_resync(int64_t now);

  private:
    // Events for handlers, which are made before what they tell of is done.
    class Notifications {
      public:
        Event &add(const Ref<Registration> &to, int32_t kind, const CachedObject &object);
        void add_sync(const Ref<Registration> &to);
        // To their queues.
        void tell() noexcept;

      private:
        struct Share {
            Ref<Registration> to;
            EventList events;
        };
        Share &share(const Ref<Registration> &to);

        std::list<Share> shares_;
    };

    void tell(Notifications &notifications, int32_t kind, const CachedObject &object, const CachedObject &before,
              bool inferred = false) const;
    void tell_list(Notifications &notifications, const Store::Replaced &replaced, bool initial) const;

    const Ref<Store> store_;
    Resync resync_;
    std::vector<Ref<Registration>> all_;
};

}  // namespace k8sc
