#include "cache/reflector.h"

#include "core/clock.h"
#include "core/persist.h"
#include "resource/watch_end.h"

namespace k8sc {

Options Reflector::base_options() const
{
    Options options;
    // Trying again is this class' own affair: it tells of each failure, and waits as it should.
    options.max_retries = 0;
    if (!rules_.label_selector.empty()) options.label_selector = rules_.label_selector;
    if (!rules_.field_selector.empty()) options.field_selector = rules_.field_selector;
    return options;
}

void Reflector::log(LogLevel level, const std::string &text) const
{
    client()->log(level, "reflector", concat(resource_->resource(), ": ", text));
}

void Reflector::leave() noexcept
{
    if (auto *waiting = std::get_if<Waiting>(&state_)) waiting->timer.cancel();
    if (auto *list = std::get_if<StreamingList>(&state_)) list->check_timer.cancel();
    give_up_call();
}

void Reflector::give_up_call() noexcept
{
    // Its end is not to be taken for an end of what follows.
    ++calls_;
    counts_.connected.store(false);
    if (call_) std::exchange(call_, nullptr)->cancel_on_io_thread();
}

void Reflector::stop()
{
    unread_timer_.cancel();
    ++calls_;
    if (call_) std::exchange(call_, nullptr)->shut_down();
    enter<Stopped>();
}

void Reflector::resume()
{
    if (auto *list = std::get_if<StreamingList>(&state_)) {
        list->paused = false;
        list->moved_at = now_ms();
    }
    if (call_)
        persist([this] {
            assert_on_io_thread();
            call_->resume();
        });
}

void Reflector::wait_for(int64_t wait_ms, void (Reflector::*step)())
{
    enter<Waiting>().timer.set(*client()->io_loop(), now_ms() + wait_ms, [self = Ref<Reflector>(this), step] {
        assert_on_io_thread();
        self->guarded([&] {
            assert_on_io_thread();
            ((*self).*step)();
        });
    });
}

void Reflector::start_over() noexcept
{
    if (is_stopped()) return;
    unread_timer_.cancel();
    if (persist([this] {
            assert_on_io_thread();
            wait_for(backoff_.next_ms(), &Reflector::list);
        }))
        return;
    stop();
    target_->gave_up();
}

void Reflector::is_healthy()
{
    backoff_.reset();
    last_failure_.clear();
}

void Reflector::list_later(const Error *error)
{
    if (error) target_->failed(*error);
    later(&Reflector::list, error);
}

void Reflector::watch_later(const Error *error)
{
    if (error) target_->failed(*error);
    later(has_new_unread_ ? &Reflector::list : &Reflector::watch, error);
}

void Reflector::later(void (Reflector::*step)(), const Error *error)
{
    if (is_stopped()) return;
    int64_t wait = retry_wait_ms(backoff_, error);
    // Handlers are told of each failure; the log of the first, unless it wants every detail.
    LogLevel level = error && error->message == last_failure_ ? LogLevel::debug : LogLevel::warning;
    if (error) last_failure_ = error->message;
    if (error && client()->wants(level))
        log(level, concat(error->message, "; goes on in ", std::to_string(wait), " ms"));
    unread_timer_.cancel();
    wait_for(wait, step);
}

void Reflector::start_call(CallSpec spec, std::shared_ptr<BodySink> sink, std::function<void(CallResult &)> done)
{
    Ref<Reflector> self(this);
    uint64_t number = ++calls_;
    Ref<Call> call =
        Call::prepare(client(), std::move(spec), std::move(sink), [self, done, number](CallResult &result) {
            assert_on_io_thread();
            if (self->calls_ != number) return;
            self->call_ = nullptr;
            self->counts_.connected.store(false);
            if (!self->is_stopped())
                self->guarded([&] {
                    assert_on_io_thread();
                    done(result);
                });
        });
    // Known before it begins, since it may end, and another begin, before it returns.
    call_ = call;
    call->launch_on_io_thread();
}

void Reflector::list()
{
    if (is_stopped()) return;
    unread_timer_.cancel();
    if (std::exchange(listed_before_, true)) note_relist();
    unread_before_ = std::exchange(unread_, {});
    has_new_unread_ = false;
    if (wants_stream())
        list_as_stream();
    else
        list_in_pages();
}

void Reflector::list_ended(const std::string &version)
{
    last_version_ = version;
    version_unavailable_ = false;
    broken_streams_ = 0;
    target_->list_ends(last_version_);
}

void Reflector::note_event() { counts_.last_event_at.store(now_ms(), std::memory_order_relaxed); }

void Reflector::note_relist()
{
    counts_.relists.fetch_add(1);
    client()->metrics().relists[{resource_->group(), resource_->version(), resource_->resource(), resource_->ns()}]++;
    if (client()->wants(LogLevel::info)) log(LogLevel::info, "list again");
}

void Reflector::note_unread(const Unread &object)
{
    std::string key = concat(object.ns, "/", object.name);
    if (!unread_before_.contains(key) && !unread_.contains(key)) has_new_unread_ = true;
    unread_.insert(std::move(key));
    Error error = object.error;
    error.message = concat(resource_->resource(), ": ", error.message);
    target_->failed(error);
}

void Reflector::list_unread_again()
{
    if (!is_in<Watching>() || unread_timer_.is_set() || !has_new_unread_) return;
    unread_timer_.set(*client()->io_loop(), now_ms() + backoff_.next_ms(), [self = Ref<Reflector>(this)] {
        assert_on_io_thread();
        self->guarded([&] {
            assert_on_io_thread();
            self->list();
        });
    });
}

}  // namespace k8sc
