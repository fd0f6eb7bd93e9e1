// Deadlines for an answer of which nothing comes.
#include "core/clock.h"
#include "net/exchange.h"

namespace k8sc {

// Only a stream that goes on without end is watched for silence; how it is asked is the connection's business where it
// can ask.
void Exchange::watch_silence()
{
    if (!request_.renew_when_silent || silence_timer_.is_set()) return;
    if (request_.probe_after_ms < 0 || std::string_view(facts().http_version) == "2") return;
    int64_t due = last_byte_at_ + request_.probe_after_ms + request_.probe_timeout_ms;
    silence_timer_.set(*io_loop_, due, [self = Ref<Exchange>(this)] {
        assert_on_io_thread();
        if (self->running_) self->look_for_silence();
    });
}

void Exchange::look_for_silence()
{
    // It is this side that does not listen.
    if (paused_) byte_came();
    int64_t limit = request_.probe_after_ms + request_.probe_timeout_ms;
    if (now_ms() - last_byte_at_ < limit) return watch_silence();
    finish(std::make_unique<Error>(K8SC_E_TIMEOUT, "the connection was silent for " + std::to_string(limit) +
                                                       " ms, and no other request can share it to ask"));
}

void Exchange::watch_idle()
{
    if (request_.idle_timeout_ms < 0) return;
    int64_t due = request_.idle_timeout_ms > never - last_byte_at_ ? never : last_byte_at_ + request_.idle_timeout_ms;
    idle_timer_.set(*io_loop_, due, [self = Ref<Exchange>(this)] {
        assert_on_io_thread();
        if (!self->running_) return;
        if (self->paused_) self->byte_came();
        int64_t silent = now_ms() - self->last_byte_at_;
        if (silent < self->request_.idle_timeout_ms) return self->watch_idle();
        self->finish(std::make_unique<Error>(K8SC_E_TIMEOUT, "idle deadline: nothing was received for " +
                                                                 std::to_string(self->request_.idle_timeout_ms) +
                                                                 " ms"));
    });
}

}  // namespace k8sc
