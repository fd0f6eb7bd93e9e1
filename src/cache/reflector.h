// Lists and watches a resource without end, and tells what it sees. All on the I/O thread.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <variant>

#include "cache/statistics.h"
#include "core/backoff.h"
#include "net/timer.h"
#include "resource/continue_tokens.h"
#include "resource/resource.h"
#include "rest/frames.h"
#include "rest/streaming_support.h"

namespace k8sc {

// Who is told. Those with an answer answer false to be told no more until Reflector::resume(); a little may come still.
class ReflectorTarget {
  public:
    // A list begins; what was listed by one that did not come to its end is void.
    virtual void list_begins() K8SC_REQUIRES(io_thread) = 0;
    virtual bool listed(Ref<Object> object) K8SC_REQUIRES(io_thread) = 0;
    // It was deleted before the list came to its end. It may have been listed, and may be listed again.
    virtual void unlisted(Ref<Object> object) K8SC_REQUIRES(io_thread) = 0;
    // It was listed, and cannot be read: what is known of it stays. Only its names are given; without a name it may be
    // any.
    virtual void listed_unread(Ref<Object> names) K8SC_REQUIRES(io_thread) = 0;
    // What was listed is the whole of it at this version.
    virtual void list_ends(const std::string &resource_version) K8SC_REQUIRES(io_thread) = 0;
    // ADDED or MODIFIED.
    virtual bool changed(Ref<Object> object) K8SC_REQUIRES(io_thread) = 0;
    virtual bool deleted(Ref<Object> object) K8SC_REQUIRES(io_thread) = 0;
    // Its last state cannot be read.
    virtual bool deleted_unread(Ref<Object> names) K8SC_REQUIRES(io_thread) = 0;
    virtual void bookmark(const std::string &resource_version) K8SC_REQUIRES(io_thread) = 0;
    virtual void failed(const Error &error) K8SC_REQUIRES(io_thread) = 0;
    // It cannot go on, and has stopped: there is not even memory for a timer.
    virtual void gave_up() noexcept K8SC_REQUIRES(io_thread) = 0;

  protected:
    ~ReflectorTarget() = default;
};

struct ReflectorRules {
    std::string label_selector, field_selector;
    int64_t page_size = 0;                    // 0: as client-go chooses
    std::optional<int64_t> watch_idle_ms;     // instead of the client's
    std::shared_ptr<const PruneRules> prune;  // NULL: objects are kept as they come
    int32_t list_mode = K8SC_LIST_AUTO;
};

class Reflector : public RefCounted {
  public:
    Reflector(Ref<Resource> resource, ReflectorRules rules, ReflectorTarget *target)
        : resource_(std::move(resource)), rules_(std::move(rules)), target_(target)
    {
    }

    void start() K8SC_REQUIRES(io_thread)
    {
        guarded([this] {
            assert_on_io_thread();
            list();
        });
    }
    // Nothing is told any more after this.
    void stop() K8SC_REQUIRES(io_thread);
    // The target wants to be told again.
    void resume() K8SC_REQUIRES(io_thread);
    // On the I/O thread: the target has lost something of what it was told.
    void start_over() noexcept K8SC_REQUIRES(io_thread);
    // Any thread.
    const ReflectorCounts &counts() const { return counts_; }

  private:
    // What it is doing is one of these states; reflector.cc has the transitions.
    // Nothing is under way: not started yet, or the next attempt is due when the timer fires.
    struct Waiting {
        Timer timer;
    };
    // A list in pages: paged_list.cc.
    struct PagedList {
        std::string version;         // that was asked for
        std::string listed_version;  // of the first page
        int64_t bytes = 0;           // of the pages so far
        std::string continue_token;
        ContinueTokens tokens;
        bool whole = false;  // a continue token expired: no pages this time
    };
    struct WatchCall {
        int64_t began_at = 0;
        bool any_event = false;
    };
    // A list as the beginning of a watch: streaming_list.cc.
    struct StreamingList {
        std::string version;  // that was asked for
        WatchCall call;
        bool paused = false;    // the target wants no more, so silence says nothing
        int64_t opened_at = 0;  // the head came; 0: not yet
        int64_t moved_at = 0;   // the last object came, or the head
        Timer check_timer;
    };
    // A watch that follows a list: reflector_watch.cc.
    struct Watching {
        WatchCall call;
    };
    // For good.
    struct Stopped {};

    bool is_stopped() const { return std::holds_alternative<Stopped>(state_); }
    template <class State>
    bool is_in() const
    {
        return std::holds_alternative<State>(state_);
    }
    // Ends what the present state has under way, and enters another one.
    template <class State>
    State &enter() K8SC_REQUIRES(io_thread)
    {
        leave();
        return state_.emplace<State>();
    }
    void leave() noexcept K8SC_REQUIRES(io_thread);
    void give_up_call() noexcept K8SC_REQUIRES(io_thread);
    void wait_for(int64_t wait_ms, void (Reflector::*step)()) K8SC_REQUIRES(io_thread);

    // Listing.
    void list() K8SC_REQUIRES(io_thread);
    void list_in_pages() K8SC_REQUIRES(io_thread);
    void list_page() K8SC_REQUIRES(io_thread);
    void page_done(CallResult &result, ListContent content) K8SC_REQUIRES(io_thread);
    void page_failed(const Error &error) K8SC_REQUIRES(io_thread);
    bool item(Ref<Object> object) K8SC_REQUIRES(io_thread);
    void unread_item(Unread &&item) K8SC_REQUIRES(io_thread);
    int64_t page_limit(const PagedList &list) const;
    void list_ended(const std::string &version) K8SC_REQUIRES(io_thread);

    bool wants_stream() const K8SC_REQUIRES(io_thread);
    void list_as_stream() K8SC_REQUIRES(io_thread);
    bool initial_frame(WatchFrame &&frame) K8SC_REQUIRES(io_thread);
    bool initial_unread(int32_t kind, Unread &&object) K8SC_REQUIRES(io_thread);
    void stream_ended(const Object &bookmark) K8SC_REQUIRES(io_thread);
    void stream_done(std::string version, WatchCall call, CallResult &result) K8SC_REQUIRES(io_thread);
    void set_check_timer() K8SC_REQUIRES(io_thread);
    void check_stream() K8SC_REQUIRES(io_thread);
    void pages_instead(const std::string &why, int64_t remember_ms) K8SC_REQUIRES(io_thread);
    std::string support_key() const;

    // Watching.
    void watch() K8SC_REQUIRES(io_thread);
    void open_watch(const Options &options, int64_t head_timeout_ms) K8SC_REQUIRES(io_thread);
    WatchCall *watch_call() K8SC_REQUIRES(io_thread);
    void watch_opened(int status) K8SC_REQUIRES(io_thread);
    bool frame(WatchFrame &&frame) K8SC_REQUIRES(io_thread);
    bool unread_frame(int32_t kind, Unread &&object) K8SC_REQUIRES(io_thread);
    bool note_unread_frame(int32_t kind, Unread &&object) K8SC_REQUIRES(io_thread);
    void note_frame(int32_t kind) K8SC_REQUIRES(io_thread);
    void watch_done(WatchCall call, CallResult &result) K8SC_REQUIRES(io_thread);

    // What comes next; `error` is told to the target.
    void list_later(const Error *error) K8SC_REQUIRES(io_thread);
    void watch_later(const Error *error) K8SC_REQUIRES(io_thread);
    void later(void (Reflector::*step)(), const Error *error) K8SC_REQUIRES(io_thread);
    void is_healthy() K8SC_REQUIRES(io_thread);

    void note_relist() K8SC_REQUIRES(io_thread);
    void note_event() K8SC_REQUIRES(io_thread);
    void note_unread(const Unread &object) K8SC_REQUIRES(io_thread);
    void list_unread_again() K8SC_REQUIRES(io_thread);

    template <class Step>
    void guarded(Step &&step) noexcept K8SC_REQUIRES(io_thread);
    void start_call(CallSpec spec, std::shared_ptr<BodySink> sink, std::function<void(CallResult &)> done)
        K8SC_REQUIRES(io_thread);

    Options base_options() const;
    const Ref<Client> &client() const { return resource_->client(); }
    void log(LogLevel level, const std::string &text) const;

    const Ref<Resource> resource_;
    const ReflectorRules rules_;
    ReflectorTarget *target_;
    ReflectorCounts counts_;

    std::variant<Waiting, PagedList, StreamingList, Watching, Stopped> state_;
    Ref<Call> call_;      // the present state's request; NULL while there is none
    uint64_t calls_ = 0;  // the number of that request: what comes of an earlier one is ignored

    // What is remembered from one state to the next.
    std::string last_version_;          // "" before the first list
    bool version_unavailable_ = false;  // the server has forgotten it: ask for the newest state
    bool listed_before_ = false;
    bool first_list_was_paged_ = false;
    Backoff backoff_;
    std::string last_failure_;           // that the log knows already
    int broken_streams_ = 0;             // streaming lists in a row that ended before their end bookmark
    int losses_ = 0;                     // connections in a row that were lost before an event came
    int not_found_ = 0;                  // watches in a row that were answered with 404
    bool distrusts_connection_ = false;  // the last stream had fallen silent

    // Which objects could not be read: in the list before, and since the present one began. Where another one comes to
    // them, it may have been an accident on the way: everything is listed once more, soon.
    std::set<std::string> unread_before_, unread_;
    bool has_new_unread_ = false;
    Timer unread_timer_;
};

// What runs by itself. A lack of memory must not be its end: what could not be told is found by the next list.
template <class Step>
void Reflector::guarded(Step &&step) noexcept
{
    try {
        step();
    } catch (const Error &) {
        start_over();
    } catch (const std::bad_alloc &) {
        start_over();
    }
}

}  // namespace k8sc
