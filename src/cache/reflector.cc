#include "cache/reflector.h"

#include "cache/version.h"
#include "core/clock.h"
#include "core/persist.h"
#include "resource/watch.h"
#include "rest/unread.h"

namespace k8sc {
namespace {

// A watch that ends sooner, without a single event, is a failure and not the server's way to end it.
constexpr int64_t very_short_watch_ms = 1000;
// A watch that has lived for so long is healthy, with or without events.
constexpr int64_t healthy_after_ms = 10000;
constexpr int64_t longest_retry_after_ms = 300000;
// How often in a row a watch that is not found is asked for again before the list is.
constexpr int most_not_found = 3;

// As client-go's metadata client asks, with whole objects from servers that know nothing else.
constexpr char partial_list[] = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";
constexpr char partial_object[] = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

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

Options Reflector::base_options() const
{
    Options options;
    // Trying again is this class' own affair: it tells of each failure, and waits as it should.
    options.max_retries = 0;
    if (!rules_.label_selector.empty()) options.label_selector = rules_.label_selector;
    if (!rules_.field_selector.empty()) options.field_selector = rules_.field_selector;
    return options;
}

void Reflector::stop()
{
    stopped_ = true;
    cancel_timer();
    counts_.connected.store(false);
    if (call_) std::exchange(call_, nullptr)->shut_down();
}

void Reflector::resume()
{
    paused_ = false;
    moved_at_ = now_ms();
    if (call_)
        persist([this] {
            assert_on_io_thread();
            call_->resume();
        });
}

void Reflector::set_timer(int64_t wait_ms, void (Reflector::*step)())
{
    timer_ = client()->io_loop()->at(now_ms() + wait_ms, [self = Ref<Reflector>(this), step] {
        assert_on_io_thread();
        self->timer_set_ = false;
        self->guarded([&] {
            assert_on_io_thread();
            ((*self).*step)();
        });
    });
    timer_set_ = true;
}

void Reflector::cancel_timer()
{
    if (std::exchange(timer_set_, false)) client()->io_loop()->cancel_timer(timer_);
}

void Reflector::start_over() noexcept
{
    if (stopped_) return;
    initial_events_ = false;
    cancel_timer();
    give_up_call();
    if (persist([this] {
            assert_on_io_thread();
            set_timer(backoff_.next_ms(), &Reflector::list_from_start);
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

void Reflector::later(void (Reflector::*step)(), const Error *error)
{
    if (stopped_) return;
    if (look_again_ && step == &Reflector::watch) step = &Reflector::list_from_start;
    int64_t wait = backoff_.next_ms();
    // A server that says when it wants to be asked again is believed, within reason.
    if (error) wait = std::max(wait, std::min(error->retry_after_ms, longest_retry_after_ms));
    // Handlers are told of each failure; the log of the first, unless it wants every detail.
    LogLevel level = error && error->message == last_failure_ ? LogLevel::debug : LogLevel::warning;
    if (error) last_failure_ = error->message;
    if (error && client()->wants(level))
        client()->log(
            level, "reflector",
            concat(resource_->resource(), ": ", error->message, "; goes on in ", std::to_string(wait), " ms"));
    cancel_timer();
    set_timer(wait, step);
}

void Reflector::start(CallSpec spec, std::shared_ptr<BodySink> sink, std::function<void(CallResult &)> done)
{
    Ref<Reflector> self(this);
    uint64_t number = ++calls_;
    Ref<Call> call =
        Call::prepare(client(), std::move(spec), std::move(sink), [self, done, number](CallResult &result) {
            assert_on_io_thread();
            if (self->calls_ != number) return;
            self->call_ = nullptr;
            self->counts_.connected.store(false);
            if (!self->stopped_)
                self->guarded([&] {
                    assert_on_io_thread();
                    done(result);
                });
        });
    // Known before it begins, since it may end, and another begin, before it returns.
    call_ = call;
    call->launch_on_io_thread();
}

void Reflector::list_from_start()
{
    if (std::exchange(listed_before_, true)) note_relist();
    unread_before_ = std::exchange(unread_, {});
    look_again_ = false;
    if (wants_stream())
        list_as_stream();
    else
        list_in_pages();
}

void Reflector::list_in_pages()
{
    forget_pages();
    whole_ = false;
    target_->list_begins();
    list_version_ = version_unavailable_ ? "" : last_version_.empty() ? "0" : last_version_;
    // Beside a limit, servers take a version for exactly that one: the list would be as old as the watch that has
    // failed, and the next watch would fail as it did.
    if (list_version_ != "0" && page_limit() > 0) list_version_.clear();
    list_page();
}

void Reflector::forget_pages()
{
    continue_.clear();
    tokens_.clear();
    listed_bytes_ = 0;
}

void Reflector::note_event() { counts_.last_event_at.store(now_ms(), std::memory_order_relaxed); }

void Reflector::note_relist()
{
    counts_.relists.fetch_add(1);
    client()->metrics().relists[{resource_->group(), resource_->version(), resource_->resource(), resource_->ns()}]++;
    if (client()->wants(LogLevel::info))
        client()->log(LogLevel::info, "reflector", concat(resource_->resource(), ": list again"));
}

int64_t Reflector::page_limit() const
{
    if (whole_) return 0;
    if (rules_.page_size > 0) return rules_.page_size;
    // Servers answer version 0 from their cache, in one piece and whatever the limit; one that paged has no cache.
    if (first_list_was_paged_) return default_page_size;
    bool from_cache = !list_version_.empty() && list_version_ != "0";
    return from_cache ? 0 : default_page_size;
}

void Reflector::list_page()
{
    if (stopped_) return;
    Options options = base_options();
    if (int64_t limit = page_limit()) options.limit = limit;
    if (continue_.empty()) {
        if (!list_version_.empty()) options.resource_version = list_version_;
    } else {
        options.continue_token = continue_;
    }
    Ref<Reflector> self(this);
    auto sink = std::make_shared<ListSink>(client()->list_bounds().after(listed_bytes_), rules_.prune,
                                           [self](Ref<Object> object) {
                                               assert_on_io_thread();
                                               return self->item(std::move(object));
                                           });
    sink->set_unread_handler([self](Unread &&item) {
        assert_on_io_thread();
        self->unread_item(std::move(item));
    });
    try {
        Request request = resource_->list_request(options, verb_list);
        CallSpec spec = request.spec();
        if (rules_.prune && rules_.prune->metadata_only) spec.accept = partial_list;
        spec.http.fresh_connection = std::exchange(distrusts_connection_, false);
        start(std::move(spec), sink, [self, sink](CallResult &result) {
            assert_on_io_thread();
            self->page_done(result, result.error ? ListContent() : sink->take());
        });
    } catch (const Error &error) {
        list_failed(error);
    }
}

void Reflector::page_done(CallResult &result, ListContent content)
{
    if (result.error) return list_failed(*result.error);
    bool first = continue_.empty();
    if (first) listed_version_ = content.resource_version;
    listed_bytes_ = content.bytes;
    continue_ = std::move(content.continue_token);
    if (!continue_.empty()) {
        if (first && list_version_ == "0") first_list_was_paged_ = true;
        try {
            tokens_.follow(continue_, concat("list ", resource_->resource()));
        } catch (const Error &error) {
            return list_failed(error);
        }
        return list_page();
    }
    last_version_ = listed_version_;
    version_unavailable_ = false;
    broken_streams_ = 0;
    target_->list_ends(last_version_);
    watch();
    look_again();
}

bool Reflector::item(Ref<Object> object)
{
    if (stopped_) return true;
    note_event();
    if (std::string fault = metadata_fault(*object); !fault.empty()) {
        unread_item(Unread("an item of the list", object->json(), Error(K8SC_E_DECODE, fault)));
        return true;
    }
    if (!object->name().empty()) return target_->listed(std::move(object));
    target_->failed(Error(K8SC_E_DECODE, concat("an item of a list without metadata.name: ", kind_and_size(*object))));
    return true;
}

void Reflector::unread_item(Unread &&item)
{
    if (stopped_) return;
    note_event();
    note_unread(item);
    target_->listed_unread(item.stub());
}

void Reflector::note_unread(const Unread &object)
{
    std::string key = concat(object.ns, "/", object.name);
    if (!unread_before_.contains(key) && !unread_.contains(key)) look_again_ = true;
    unread_.insert(std::move(key));
    Error error = object.error;
    error.message = concat(resource_->resource(), ": ", error.message);
    target_->failed(error);
}

void Reflector::look_again()
{
    if (initial_events_ || timer_set_ || !look_again_) return;
    set_timer(backoff_.next_ms(), &Reflector::list_again);
}

void Reflector::list_again()
{
    if (stopped_) return;
    give_up_call();
    list_from_start();
}

void Reflector::give_up_call() noexcept
{
    // Its end is not to be taken for an end of what follows.
    ++calls_;
    counts_.connected.store(false);
    if (call_) std::exchange(call_, nullptr)->cancel_on_io_thread();
}

void Reflector::list_failed(const Error &error)
{
    if (is_unavailable(error)) {
        if (!continue_.empty() && !whole_) {
            // The pages took too long: the whole list at once.
            forget_pages();
            whole_ = true;
            target_->list_begins();
            return list_page();
        }
        if (!list_version_.empty()) {
            version_unavailable_ = true;
            return list_from_start();
        }
    }
    relist_later(&error);
}

void Reflector::relist_later(const Error *error)
{
    if (error) target_->failed(*error);
    later(&Reflector::list_from_start, error);
}

void Reflector::watch_later(const Error *error)
{
    if (error) target_->failed(*error);
    later(&Reflector::watch, error);
}

void Reflector::watch()
{
    if (stopped_) return;
    Options options = base_options();
    if (!last_version_.empty()) options.resource_version = last_version_;
    initial_events_ = false;
    try {
        open_watch(options, -2);
    } catch (const Error &error) {
        watch_later(&error);
    }
}

void Reflector::open_watch(const Options &given, int64_t head_timeout_ms)
{
    Options options = given;
    options.allow_watch_bookmarks = true;
    options.timeout_seconds = random_watch_seconds();
    Ref<Reflector> self(this);
    watch_began_ = now_ms();
    watch_opened_ = any_frame_ = false;
    auto sink = std::make_shared<WatchSink>(
        client()->max_object_bytes(), rules_.prune,
        [self](WatchFrame &&frame) {
            assert_on_io_thread();
            return self->frame(std::move(frame));
        },
        [self](int status) {
            assert_on_io_thread();
            self->opened_at_ = self->moved_at_ = now_ms();
            if (status != 200) return;
            self->counts_.connected.store(true);
            self->counts_.watches.fetch_add(1);
        });
    sink->set_unread_handler([self](int32_t kind, Unread &&object) {
        assert_on_io_thread();
        return self->unread_frame(kind, std::move(object));
    });
    opened_at_ = 0;
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
    start(std::move(spec), sink, [self](CallResult &result) {
        assert_on_io_thread();
        self->watch_opened_ = result.head.status == 200;
        if (self->initial_events_)
            self->stream_done(result);
        else
            self->watch_done(result);
    });
}

bool Reflector::frame(WatchFrame &&frame)
{
    if (stopped_) return true;
    client()->metrics().count_watch_event(frame.kind);
    note_event();
    any_frame_ = true;
    losses_ = 0;
    if (initial_events_) return initial_frame(std::move(frame));
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
    if (stopped_) return true;
    client()->metrics().count_watch_event(kind);
    note_event();
    any_frame_ = true;
    losses_ = 0;
    if (initial_events_) return initial_unread(kind, std::move(object));
    is_healthy();
    return note_unread_frame(kind, std::move(object));
}

// The watch goes on behind it.
bool Reflector::note_unread_frame(int32_t kind, Unread &&object)
{
    note_unread(object);
    bool more = kind != K8SC_EVENT_DELETED || target_->deleted_unread(object.stub());
    if (!object.resource_version.empty()) last_version_ = object.resource_version;
    look_again();
    return more;
}

void Reflector::watch_done(CallResult &result)
{
    int64_t lasted = now_ms() - watch_began_;
    bool short_lived = lasted < very_short_watch_ms;
    if (watch_opened_) not_found_ = 0;
    if (watch_opened_ && lasted >= healthy_after_ms) is_healthy();
    const Error *error = result.error ? &*result.error : nullptr;
    if (error && error->code == K8SC_E_API && watch_opened_) client()->metrics().count_watch_event(K8SC_EVENT_ERROR);
    if (client()->wants(LogLevel::debug))
        client()->log(LogLevel::debug, "reflector",
                      concat(resource_->resource(), ": the watch ended after ", std::to_string(lasted), " ms",
                             error ? ": " + error->message : ""));

    if (error && error->code == K8SC_E_API) {
        // Too old is how servers ask for a new list: nothing to complain about.
        if (is_unavailable(*error)) return relist_later(nullptr);
        if (is_too_many_requests(*error)) return watch_later(error);
        // What is in the cache is as good as before, and nothing better is to be had: no list of each informer when the
        // server is back.
        if (!watch_opened_ && is_down(*error)) return watch_later(error);
        if (!watch_opened_ && is_not_found(*error) && ++not_found_ <= most_not_found) return watch_later(error);
        return relist_later(error);
    }
    // A stream that fell silent may share its connection's fate with whatever comes next on it, unless that was cut
    // already.
    if (error && error->code == K8SC_E_TIMEOUT && !error->connection_lost) distrusts_connection_ = true;
    if (error && never_arrived(*error)) return watch_later(error);
    bool lost = error && (error->code == K8SC_E_TRANSPORT || error->code == K8SC_E_TIMEOUT || error->connection_lost);
    if (error && !lost) return relist_later(error);
    if (error && !watch_opened_) return watch_later(error);

    // The stream ended, with or without a word: go on where it was; but not in haste with a server that lets go at once
    // each time.
    if (!short_lived) return watch();
    if (any_frame_) return watch_later(nullptr);
    // Connections are lost now and then; one after the other is something to tell.
    if (lost && error->code != K8SC_E_DECODE) return watch_later(losses_++ ? error : nullptr);
    Error short_watch(K8SC_E_TRANSPORT,
                      concat("the watch of ", resource_->resource(), " ended at once and without an event"));
    relist_later(&short_watch);
}

}  // namespace k8sc
