// Holds a reflector back while somebody downstream cannot follow.
#pragma once

#include <atomic>

#include "cache/reflector.h"
#include "core/persist.h"

namespace k8sc {

class Valve : public RefCounted {
  public:
    explicit Valve(Ref<Client> client) : client_(std::move(client)) {}

    // On the I/O thread: whether the reflector may go on. Where it may not, it does so after open().
    template <class IsFull>
    bool may_pass(IsFull &&is_full)
    {
        if (!is_full()) return true;
        closed_.store(true);
        // Whoever has made room in between has not seen that it is closed.
        if (is_full()) return false;
        closed_.store(false);
        return true;
    }
    // There is room. Any thread.
    void open()
    {
        if (!closed_.load() || !closed_.exchange(false)) return;
        // Nobody would do it later.
        persist([this] {
            client_->transport()->post([self = Ref<Valve>(this)] {
                if (self->reflector_) self->reflector_->resume();
            });
        });
    }
    bool is_closed() const { return closed_.load(); }
    // On the I/O thread; NULL when the reflector has ended.
    void set_reflector(Ref<Reflector> reflector) { reflector_ = std::move(reflector); }

  private:
    const Ref<Client> client_;
    Ref<Reflector> reflector_;
    std::atomic<bool> closed_{false};
};

}  // namespace k8sc
