// The list that is the beginning of a watch: the server sends what there is as ADDED, then a bookmark that says that
// this was all, and goes on as a watch. Servers that do not know how refuse it, or take no notice and never send that
// bookmark; both must end in a list in pages, soon and without anything lost.
#include "cache/reflector.h"
#include "core/clock.h"
#include "resource/watch_end.h"
#include "rest/unread.h"

namespace k8sc {
namespace {

constexpr int64_t head_within_ms = 10000;
// How often a stream that has not come to its bookmark is checked.
constexpr int64_t check_ms = 250;
// Without the bookmark for so long: how old is the server?
constexpr int64_t doubt_after_ms = 1000;
// Without another object for so long, of a server that should know how.
constexpr int64_t silence_ms = 10000;
// A watch that is no list may bring objects all the time. Below the server's own timeout.
constexpr int64_t longest_stream_ms = 120000;

// A server says no for as long as nobody changes its version or settings; what was only slow may be well soon.
constexpr int64_t refused_for_ms = 3600000;
constexpr int64_t slow_for_ms = 600000;

bool is_end_bookmark(const Object &object)
{
    return object.root()
               .member("metadata")
               .member("annotations")
               .member("k8s.io/initial-events-end")
               .string()
               .value_or("") == "true";
}

// Of the options, and not of this request's other parts, which a list in pages has too.
bool is_refusal(const Error &error)
{
    return error.code == K8SC_E_API && (decisive_code(error) == 400 || decisive_code(error) == 422);
}

}  // namespace

std::string Reflector::support_key() const
{
    return concat(resource_->group(), "/", resource_->version(), "/", resource_->resource());
}

bool Reflector::wants_stream() const
{
    if (rules_.list_mode == K8SC_LIST_PAGES) return false;
    return rules_.list_mode == K8SC_LIST_STREAM || !client()->streaming().is_unsupported(support_key(), now_ms());
}

void Reflector::list_as_stream()
{
    auto &list = enter<StreamingList>();
    // The newest state where none is known: more recent than what version "0" would give.
    list.version = version_unavailable_ ? "" : last_version_;
    Options options = base_options();
    options.send_initial_events = true;
    options.resource_version_match = "NotOlderThan";
    if (!list.version.empty()) options.resource_version = list.version;
    target_->list_begins();
    set_check_timer();
    try {
        open_watch(options, head_within_ms);
    } catch (const Error &error) {
        list_later(&error);
    }
}

bool Reflector::initial_frame(WatchFrame &&frame)
{
    Ref<Object> object = std::move(frame.object);
    if (frame.kind == K8SC_EVENT_BOOKMARK) {
        // Others say nothing of the list.
        if (is_end_bookmark(*object)) stream_ended(*object);
        return true;
    }
    if (frame.kind == K8SC_EVENT_DELETED) {
        target_->unlisted(std::move(object));
        return true;
    }
    auto &list = std::get<StreamingList>(state_);
    // The later state of what was listed already takes its place. But it is a change, not a part of the list that is on
    // its way.
    if (frame.kind == K8SC_EVENT_ADDED) list.moved_at = now_ms();
    bool more = item(std::move(object));
    if (auto *still = std::get_if<StreamingList>(&state_); still && !more) still->paused = true;
    return more;
}

bool Reflector::initial_unread(int32_t kind, Unread &&object)
{
    if (kind == K8SC_EVENT_ADDED) std::get<StreamingList>(state_).moved_at = now_ms();
    if (kind == K8SC_EVENT_DELETED)
        target_->unlisted(object.stub());
    else
        unread_item(std::move(object));
    return true;
}

// The same request goes on as a watch, and is judged as one.
void Reflector::stream_ended(const Object &bookmark)
{
    if (bookmark.resource_version().empty())
        fail(K8SC_E_DECODE, "the bookmark at the end of a streaming list has no resourceVersion");
    std::get<StreamingList>(state_).check_timer.cancel();
    state_.emplace<Watching>().call = {now_ms(), true};
    list_ended(std::string(bookmark.resource_version()));
    list_unread_again();
}

void Reflector::set_check_timer()
{
    auto &timer = std::get<StreamingList>(state_).check_timer;
    timer.set(*client()->io_loop(), now_ms() + check_ms, [self = Ref<Reflector>(this)] {
        assert_on_io_thread();
        self->guarded([&] {
            assert_on_io_thread();
            self->check_stream();
        });
    });
}

void Reflector::check_stream()
{
    auto &list = std::get<StreamingList>(state_);
    int64_t now = now_ms(), silent = now - list.moved_at, lasted = list.opened_at ? now - list.opened_at : 0;
    if (!list.paused && lasted >= longest_stream_ms) return pages_instead("it takes too long", slow_for_ms);
    if (!list.paused && lasted >= doubt_after_ms) {
        using Age = StreamingSupport::Age;
        Age age = client()->streaming().server_age(now);
        if (age == Age::unasked) ask_server_version(client());
        if (age == Age::old) return pages_instead("the server is older than that", refused_for_ms);
        int64_t patience = age == Age::unknown ? doubt_after_ms : silence_ms;
        if (silent >= patience)
            return pages_instead("the bookmark at its end does not come",
                                 age == Age::unknown ? refused_for_ms : slow_for_ms);
    }
    set_check_timer();
}

void Reflector::pages_instead(const std::string &why, int64_t remember_ms)
{
    // What was silent may be silent for all.
    if (call_) distrusts_connection_ = true;
    if (remember_ms) client()->streaming().remember_unsupported(support_key(), now_ms() + remember_ms);
    if (client()->wants(LogLevel::info)) log(LogLevel::info, concat("no streaming list: ", why, "; lists in pages"));
    list_in_pages();
}

void Reflector::stream_done(std::string version, WatchCall call, CallResult &result)
{
    const Error *error = result.error ? &*result.error : nullptr;
    bool was_open = result.head.status == 200;
    bool empty = !call.any_event && now_ms() - call.began_at < doubt_after_ms;
    if (!error && empty) return pages_instead("it ends at once and without an event", 0);
    if (error) {
        if (is_unavailable(*error) && !version.empty()) {
            version_unavailable_ = true;
            return list();
        }
        // Nobody was there, or nobody had the time: that goes for pages as well.
        if (never_arrived(*error) || is_too_many_requests(*error)) return list_later(error);
        if (is_refusal(*error) && !was_open) return pages_instead(error->message, refused_for_ms);
        bool lost = error->code == K8SC_E_TRANSPORT || error->connection_lost || (is_down(*error) && !was_open);
        if (error->code == K8SC_E_TIMEOUT) distrusts_connection_ = !lost;
        if (!lost) return pages_instead(error->message, error->code == K8SC_E_TIMEOUT ? slow_for_ms : 0);
    }
    // Once is an accident, which pages would not have been spared.
    Error early(K8SC_E_TRANSPORT,
                concat("the streaming list of ", resource_->resource(), " ended before its end bookmark"));
    if (!error) error = &early;
    if (++broken_streams_ < 2) return list_later(error);
    broken_streams_ = 0;
    target_->failed(*error);
    pages_instead(error->message, 0);
}

}  // namespace k8sc
