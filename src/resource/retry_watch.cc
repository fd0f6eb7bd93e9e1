#include "resource/retry_watch.h"

#include "core/backoff.h"
#include "core/clock.h"
#include "net/timer.h"
#include "resource/watch_end.h"
#include "rest/unread.h"

namespace k8sc {
namespace {

// For so long a server that refuses may be one that is starting, and does not know yet what it serves.
constexpr int64_t starting_for_ms = 60000;

// What is the matter is on this side, or between this side and the proxy.
bool is_setting(const Error &error)
{
    return error.code == K8SC_E_TLS || error.code == K8SC_E_CREDENTIALS ||
           (error.code == K8SC_E_CONNECT && !is_retriable(error));
}

class RetryWatch : public Operation {
  public:
    RetryWatch(Ref<Resource> resource, Options options, WatchEmitter emitter, RequestName name)
        : Operation(resource->client()),
          resource_(std::move(resource)),
          options_(std::move(options)),
          emitter_(std::move(emitter)),
          name_(std::move(name)),
          last_version_(*options_.resource_version)
    {
    }

    void begin(int64_t wait_ms) K8SC_REQUIRES(io_thread);
    // Any thread.
    void cancel();
    void shut_down() override K8SC_REQUIRES(io_thread) { stop(K8SC_E_CANCELLED, "cancelled: the client was closed"); }

  private:
    void open() K8SC_REQUIRES(io_thread);
    bool frame(WatchFrame &&frame) K8SC_REQUIRES(io_thread);
    void done(const CallResult &result) K8SC_REQUIRES(io_thread);
    bool is_final(const WatchEnd &end) K8SC_REQUIRES(io_thread);
    int64_t refused_ms(const Error &error) K8SC_REQUIRES(io_thread);
    void failed(const WatchEnd &end) K8SC_REQUIRES(io_thread);
    void later(int64_t wait_ms) K8SC_REQUIRES(io_thread);
    void stop(k8sc_status code, const char *why) K8SC_REQUIRES(io_thread) { end(named(Error(code, why), name_)); }
    void end(const Error &error) K8SC_REQUIRES(io_thread);

    const Ref<Resource> resource_;
    const Options options_;
    const WatchEmitter emitter_;
    const RequestName name_;

    std::string last_version_;
    Backoff backoff_;
    Ref<Call> call_;
    Timer timer_;
    uint64_t cancel_hook_ = 0;
    bool ended_ = false;
    bool ever_open_ = false;
    int32_t failures_ = 0;  // in a row
    int64_t refused_since_ = never;

    // The present connection.
    int64_t began_at_ = 0;
    bool any_event_ = false;
};

void RetryWatch::begin(int64_t wait_ms)
{
    Ref<RetryWatch> self(this);
    if (ended_) return;
    if (!client_->enter(Ref<Operation>(this))) return stop(K8SC_E_CLOSED, "the client is closed");
    if (options_.cancel) {
        cancel_hook_ = options_.cancel->add([self] { self->cancel(); });
        if (options_.cancel->is_cancelled()) return stop(K8SC_E_CANCELLED, "cancelled");
    }
    if (wait_ms > 0)
        later(wait_ms);
    else
        open();
}

void RetryWatch::cancel()
{
    client_->io_loop()->post([self = Ref<RetryWatch>(this)] {
        assert_on_io_thread();
        self->stop(K8SC_E_CANCELLED, "cancelled");
    });
}

void RetryWatch::open()
{
    Options sent = options_;
    sent.resource_version = last_version_;
    sent.allow_watch_bookmarks = true;
    // Trying again, and ending at a word from outside, is this class' own affair.
    sent.max_retries = 0;
    sent.cancel = nullptr;
    Ref<RetryWatch> self(this);
    auto sink = std::make_shared<FrameSink>(client_->max_object_bytes(), nullptr, [self](WatchFrame &&frame) {
        assert_on_io_thread();
        return self->frame(std::move(frame));
    });
    try {
        CallSpec spec = watch_spec(*resource_, sent);
        spec.http.probe_after_ms = client_->probe_after_ms();
        spec.http.probe_timeout_ms = client_->probe_timeout_ms();
        // Nothing shares its connection that could be asked: it begins anew after a silence, unless there is a deadline
        // for that.
        spec.http.renew_when_silent = options_.idle_timeout_ms.value_or(client_->config().watch_idle_timeout_ms) < 0;
        began_at_ = now_ms();
        any_event_ = false;
        // Known before it begins, since it may end, and another begin, before that returns.
        Ref<Call> call = Call::prepare(client_, std::move(spec), sink, [self](CallResult &result) {
            assert_on_io_thread();
            self->call_ = nullptr;
            if (!self->ended_) self->done(result);
        });
        call_ = call;
        emitter_.subscription->set_call(call);
        call->launch_on_io_thread();
    } catch (const Error &error) {
        end(error);
    }
}

bool RetryWatch::frame(WatchFrame &&frame)
{
    if (ended_) return true;
    client_->metrics().count_watch_event(frame.kind);
    std::string_view version = frame.object->resource_version();
    // Without it there is no saying where to go on, and what follows would come twice.
    if (version.empty())
        fail(K8SC_E_DECODE, concat("a watch event without metadata.resourceVersion: ", kind_and_size(*frame.object)));
    any_event_ = true;
    failures_ = 0;
    backoff_.reset();
    last_version_ = version;
    bool wanted = frame.kind != K8SC_EVENT_BOOKMARK || options_.allow_watch_bookmarks.value_or(false);
    return wanted ? emitter_.emit(std::move(frame)) : true;
}

void RetryWatch::done(const CallResult &result)
{
    const Error *error = result.error ? &*result.error : nullptr;
    WatchEnd end{error, result.head.status == 200, any_event_, now_ms() - began_at_};
    ever_open_ = ever_open_ || end.was_open;
    if (end.was_open) refused_since_ = never;
    if (end.is_healthy()) {
        failures_ = 0;
        backoff_.reset();
    }
    if (error) {
        if (end.was_open && error->code == K8SC_E_API) client_->metrics().count_watch_event(K8SC_EVENT_ERROR);
        return failed(end);
    }
    if (client_->wants(LogLevel::debug))
        client_->log(LogLevel::debug, "watch",
                     concat(name_.what, ": the server ended it after ", std::to_string(end.lasted_ms),
                            " ms; goes on from ", last_version_));
    if (!end.is_short()) return open();
    if (end.any_event) return later(backoff_.next_ms());
    Error empty = named(Error(K8SC_E_TRANSPORT, "the watch ended at once and without an event"), name_);
    end.error = &empty;
    failed(end);
}

// For how long it has been refused, by one refusal after the other.
int64_t RetryWatch::refused_ms(const Error &error)
{
    bool of_the_moment = decisive_code(error) >= 500 || is_retriable(error);
    refused_since_ = of_the_moment ? never : std::min(refused_since_, now_ms());
    return of_the_moment ? 0 : now_ms() - refused_since_;
}

bool RetryWatch::is_final(const WatchEnd &end)
{
    const Error &error = *end.error;
    switch (outcome_of(end)) {
    case WatchOutcome::ended:
    case WatchOutcome::empty:
    case WatchOutcome::lost: return false;
    case WatchOutcome::unreachable:
        // Certificates and credentials are renewed while a watch lives; but one that never worked will not by waiting.
        return is_setting(error) && !ever_open_;
    case WatchOutcome::broken: return error.code != K8SC_E_CREDENTIALS || !ever_open_;
    case WatchOutcome::throttled:
    case WatchOutcome::down:
    case WatchOutcome::not_found:
    case WatchOutcome::unavailable:
    case WatchOutcome::refused:
        // Whatever else an open watch was told, the next attempt to open one is told for certain.
        return end.was_open ? is_gone(error) : is_final_refusal(error, refused_ms(error));
    }
    return true;
}

void RetryWatch::failed(const WatchEnd &end)
{
    const Error &error = *end.error;
    failures_++;
    if (error.code != K8SC_E_API) refused_since_ = never;
    bool given_up = options_.max_retries && failures_ > *options_.max_retries;
    if (given_up || is_final(end)) return this->end(error);
    // A connection that was good until it was lost is replaced at once; a server that refuses is given time.
    bool at_once = end.was_open && error.code != K8SC_E_API && !end.is_short();
    int64_t wait = at_once ? 0 : retry_wait_ms(backoff_, &error);
    if (client_->wants(LogLevel::warning))
        client_->log(LogLevel::warning, "watch",
                     concat(error.message, "; goes on from ", last_version_, " in ", std::to_string(wait), " ms"));
    if (at_once)
        open();
    else
        later(wait);
}

void RetryWatch::later(int64_t wait_ms)
{
    timer_.set(*client_->io_loop(), now_ms() + wait_ms, [self = Ref<RetryWatch>(this)] {
        assert_on_io_thread();
        self->open();
    });
}

void RetryWatch::end(const Error &error)
{
    if (ended_) return;
    Ref<RetryWatch> self(this);
    ended_ = true;
    timer_.cancel();
    if (call_) std::exchange(call_, nullptr)->shut_down();
    if (options_.cancel) options_.cancel->remove(cancel_hook_);
    emitter_.close(&error);
    client_->leave(this);
}

}  // namespace

bool is_final_refusal(const Error &error, int64_t refused_ms)
{
    if (is_gone(error) || has_reason(error, "Unauthorized", 401) || has_reason(error, "Forbidden", 403)) return true;
    return refused_ms >= starting_for_ms;
}

Ref<Watch> start_retry_watch(const Ref<Resource> &resource, const Options &options, const Callback &callback,
                             int64_t first_wait_ms)
{
    auto &client = resource->client();
    client->need_open();
    const std::string version = options.resource_version.value_or("");
    if (version.empty() || version == "0")
        fail(K8SC_E_INVALID, concat("a watch that resumes needs the option resource_version, such as a list's; it is ",
                                    quote(version)));
    if (options.retry)
        fail(K8SC_E_INVALID, "option retry_policy does not apply to a watch that resumes; max_retries does");
    RequestName name = watch_spec(*resource, options).name;
    WatchEmitter emitter{options.queue ? options.queue : client->queue(), make<BoundedSubscription>(callback)};
    auto run = make<RetryWatch>(resource, options, emitter, std::move(name));
    auto watch = make<Watch>(client, emitter.subscription, [run] { run->cancel(); });
    emitter.queue->attach(emitter.subscription, [&] {
        client->post([run, first_wait_ms] {
            assert_on_io_thread();
            run->begin(first_wait_ms);
        });
    });
    return watch;
}

}  // namespace k8sc
