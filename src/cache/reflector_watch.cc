// The watch that follows a list.
#include "cache/partial_object.h"
#include "cache/reflector.h"
#include "cache/version.h"
#include "core/clock.h"
#include "resource/watch.h"
#include "resource/watch_end.h"
#include "rest/unread.h"

namespace k8sc {
namespace {

// How often in a row a watch that is not found is asked for again before the list is.
constexpr int most_not_found = 3;

// Tells when the server has begun to answer, with which status.
class WatchSink : public FrameSink {
  public:
    WatchSink(size_t max_object_bytes, std::shared_ptr<const PruneRules> prune, Handler handler,
              std::function<void(int)> opened)
        : FrameSink(max_object_bytes, std::move(prune), std::move(handler)), opened_(std::move(opened))
    {
    }
    void head(const HttpHead &head) override
    {
        FrameSink::head(head);
        opened_(head.status);
    }

  private:
    const std::function<void(int)> opened_;
};

}  // namespace

void Reflector::watch()
{
    if (is_stopped()) return;
    enter<Watching>();
    Options options = base_options();
    if (!last_version_.empty()) options.resource_version = last_version_;
    try {
        open_watch(options, -2);
    } catch (const Error &error) {
        watch_later(&error);
    }
}

// Of either state that has one.
Reflector::WatchCall *Reflector::watch_call()
{
    if (auto *list = std::get_if<StreamingList>(&state_)) return &list->call;
    auto *watching = std::get_if<Watching>(&state_);
    return watching ? &watching->call : nullptr;
}

void Reflector::open_watch(const Options &given, int64_t head_timeout_ms)
{
    Options options = given;
    options.allow_watch_bookmarks = true;
    options.timeout_seconds = random_watch_seconds();
    Ref<Reflector> self(this);
    uint64_t number = calls_ + 1;
    auto sink = std::make_shared<WatchSink>(
        client()->max_object_bytes(), rules_.prune,
        [self, number](WatchFrame &&frame) {
            assert_on_io_thread();
            return self->calls_ != number || self->frame(std::move(frame));
        },
        [self, number](int status) {
            assert_on_io_thread();
            if (self->calls_ == number) self->watch_opened(status);
        });
    sink->set_unread_handler([self, number](int32_t kind, Unread &&object) {
        assert_on_io_thread();
        return self->calls_ != number || self->unread_frame(kind, std::move(object));
    });
    CallSpec spec = resource_->list_request(options, verb_watch).spec();
    if (rules_.prune && rules_.prune->metadata_only) spec.accept = partial_object;
    spec.stream = true;
    spec.rate_limited = false;
    // Of this side alone: the server is told only how long the watch may last.
    if (head_timeout_ms >= 0) spec.timeout_ms = head_timeout_ms;
    spec.http.fresh_connection = std::exchange(distrusts_connection_, false);
    int64_t idle_ms = rules_.watch_idle_ms.value_or(client()->config().watch_idle_timeout_ms);
    spec.http.idle_timeout_ms = watch_idle_ms(idle_ms, *options.timeout_seconds);
    spec.http.probe_after_ms = client()->probe_after_ms();
    spec.http.probe_timeout_ms = client()->probe_timeout_ms();
    // It goes on where it was, on another connection. Who has set a deadline for silence wants that one.
    spec.http.renew_when_silent = idle_ms < 0;
    watch_call()->began_at = now_ms();
    start_call(std::move(spec), sink, [self](CallResult &result) {
        assert_on_io_thread();
        if (auto *list = std::get_if<StreamingList>(&self->state_)) {
            self->stream_done(list->version, list->call, result);
        } else {
            self->watch_done(std::get<Watching>(self->state_).call, result);
        }
    });
}

void Reflector::watch_opened(int status)
{
    if (auto *list = std::get_if<StreamingList>(&state_)) list->opened_at = list->moved_at = now_ms();
    if (status != 200) return;
    counts_.connected.store(true);
    counts_.watches.fetch_add(1);
}

void Reflector::note_frame(int32_t kind)
{
    client()->metrics().count_watch_event(kind);
    note_event();
    losses_ = 0;
    watch_call()->any_event = true;
}

bool Reflector::frame(WatchFrame &&frame)
{
    note_frame(frame.kind);
    if (is_in<StreamingList>()) return initial_frame(std::move(frame));
    is_healthy();
    std::string version(frame.object->resource_version());
    if (frame.kind == K8SC_EVENT_BOOKMARK) {
        // Never back: a watch that is resumed from there would bring everything since a second time.
        bool is_older = is_version(version) && is_version(last_version_) && !is_as_new(version, last_version_);
        if (!version.empty() && !is_older) last_version_ = version;
        target_->bookmark(last_version_);
        return true;
    }
    if (std::string fault = metadata_fault(*frame.object); !fault.empty()) {
        Unread object("an event of the watch", frame.object->json(), Error(K8SC_E_DECODE, fault));
        // Which one it is, only a list tells.
        if (!object.is_named()) throw object.error;
        return note_unread_frame(frame.kind, std::move(object));
    }
    if (frame.object->name().empty()) {
        target_->failed(
            Error(K8SC_E_DECODE, concat("a watch event without metadata.name: ", kind_and_size(*frame.object))));
        return true;
    }
    if (!version.empty()) last_version_ = version;
    return frame.kind == K8SC_EVENT_DELETED ? target_->deleted(std::move(frame.object))
                                            : target_->changed(std::move(frame.object));
}

bool Reflector::unread_frame(int32_t kind, Unread &&object)
{
    note_frame(kind);
    if (is_in<StreamingList>()) return initial_unread(kind, std::move(object));
    is_healthy();
    return note_unread_frame(kind, std::move(object));
}

// The watch goes on behind it.
bool Reflector::note_unread_frame(int32_t kind, Unread &&object)
{
    note_unread(object);
    bool more = kind != K8SC_EVENT_DELETED || target_->deleted_unread(object.stub());
    if (!object.resource_version.empty()) last_version_ = object.resource_version;
    list_unread_again();
    return more;
}

void Reflector::watch_done(WatchCall call, CallResult &result)
{
    const Error *error = result.error ? &*result.error : nullptr;
    const WatchEnd end{error, result.head.status == 200, call.any_event, now_ms() - call.began_at};
    if (end.was_open) not_found_ = 0;
    if (end.is_healthy()) is_healthy();
    if (error && error->code == K8SC_E_API && end.was_open) client()->metrics().count_watch_event(K8SC_EVENT_ERROR);
    if (client()->wants(LogLevel::debug))
        log(LogLevel::debug,
            concat("the watch ended after ", std::to_string(end.lasted_ms), " ms", error ? ": " + error->message : ""));
    // A stream that fell silent may share its connection's fate with whatever comes next on it, unless that was cut
    // already.
    if (error && error->code == K8SC_E_TIMEOUT && !error->connection_lost) distrusts_connection_ = true;

    switch (outcome_of(end)) {
    case WatchOutcome::ended:
        // Not in haste with a server that lets go at once each time.
        return end.is_short() ? watch_later(nullptr) : watch();
    case WatchOutcome::lost:
        // Connections are lost now and then; one after the other is something to tell.
        return watch_later(losses_++ ? error : nullptr);
    case WatchOutcome::empty: {
        Error empty(K8SC_E_TRANSPORT,
                    concat("the watch of ", resource_->resource(), " ended at once and without an event"));
        return list_later(&empty);
    }
    case WatchOutcome::not_found: return ++not_found_ <= most_not_found ? watch_later(error) : list_later(error);
    case WatchOutcome::unreachable:
    case WatchOutcome::throttled: return watch_later(error);
    case WatchOutcome::down:
        // What is in the cache is as good as before, and nothing better is to be had: no list of each informer when the
        // server is back.
        return watch_later(error);
    case WatchOutcome::unavailable:
        // This is how servers ask for a new list: nothing to complain about.
        return list_later(nullptr);
    case WatchOutcome::refused:
    case WatchOutcome::broken: return list_later(error);
    }
}

}  // namespace k8sc
