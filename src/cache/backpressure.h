// Backpressure: pauses a reflector while a handler or the transform cannot keep up.
#pragma once

#include <atomic>

#include "cache/reflector.h"
#include "core/persist.h"

namespace k8sc {

class Backpressure : public RefCounted {
  public:
    explicit Backpressure(Ref<Client> client) : client_(std::move(client)) {}

    // On the I/O thread: whether the reflector may go on. Where it may not, it does so after resume().
    template <class IsFull>
    bool accepts_more(IsFull &&is_full)
    {
        if (!is_full()) return true;
        paused_.store(true);
        // Whoever has made room in between has not seen that it is paused.
        if (is_full()) return false;
        paused_.store(false);
        return true;
    }
    // There is room. Any thread.
    void resume()
    {
        if (!paused_.load() || !paused_.exchange(false)) return;
        // Nobody would do it later.
        persist([this] {
            client_->io_loop()->post([self = Ref<Backpressure>(this)] {
                assert_on_io_thread();
                if (self->reflector_) self->reflector_->resume();
            });
        });
    }
    bool is_paused() const { return paused_.load(); }
    // On the I/O thread; NULL when the reflector has ended.
    void set_reflector(Ref<Reflector> reflector) K8SC_REQUIRES(io_thread) { reflector_ = std::move(reflector); }

  private:
    const Ref<Client> client_;
    Ref<Reflector> reflector_ K8SC_GUARDED_BY(io_thread);
    std::atomic<bool> paused_{false};
};

}  // namespace k8sc
