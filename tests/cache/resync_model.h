// The periods and the checks of client-go's shared informer and its processor, step by step.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

class ResyncModel {
  public:
    struct Listener {
        int64_t requested, period, next;
        bool syncing;
    };

    explicit ResyncModel(int64_t by_default) : default_(by_default), check_(by_default) {}

    void add(int id, std::optional<int64_t> wanted, bool started, int64_t now)
    {
        int64_t period = wanted ? *wanted : default_;
        if (period > 0) {
            if (period < 1000) period = 1000;
            // Where the informer has no period: the one difference, see docs/differences-from-client-go.md.
            if (check_ == 0 && !started) check_ = period;
            if (period < check_) {
                if (started) {
                    period = check_;
                } else {
                    check_ = period;
                    for (auto &[other, listener] : listeners) listener.period = determined(listener.requested);
                }
            }
        }
        Listener listener{period, determined(period), 0, true};
        listener.next = now + listener.period;
        listeners[id] = listener;
    }
    // Whether anybody is to be told of everything.
    bool should_resync(int64_t now)
    {
        bool any = false;
        for (auto &[id, listener] : listeners) {
            listener.syncing = listener.period != 0 && (now > listener.next || now == listener.next);
            if (listener.syncing) listener.next = now + listener.period;
            any = any || listener.syncing;
        }
        return any;
    }
    int64_t check() const { return check_; }

    std::map<int, Listener> listeners;

  private:
    int64_t determined(int64_t desired) const
    {
        if (desired == 0) return 0;
        if (check_ == 0) return 0;
        return desired < check_ ? check_ : desired;
    }

    const int64_t default_;
    int64_t check_;
};
