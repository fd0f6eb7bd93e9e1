// Lists and watches a resource without end, and tells what it sees. All on the I/O thread.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "cache/statistics.h"
#include "core/backoff.h"
#include "net/io_thread.h"
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

// Told by watches and lists alike: that the version is too old, or from a future that this server has not seen yet.
inline bool is_unavailable(const Error &error) { return is_gone(error) || is_too_large_resource_version(error); }

// The request did not reach the server, and another would not do so either. A server that starts or ends cuts TLS
// handshakes, too.
inline bool never_arrived(const Error &error)
{
    return error.not_processed || error.code == K8SC_E_CONNECT || error.code == K8SC_E_RESOLVE ||
           error.code == K8SC_E_TLS;
}

// A server that starts or ends, or a proxy that has none behind it at the moment.
inline bool is_down(const Error &error)
{
    int32_t code = decisive_code(error);
    return error.code == K8SC_E_API && (code == 502 || code == 503 || code == 504);
}

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
            list_from_start();
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
    // Listing.
    void list_from_start() K8SC_REQUIRES(io_thread);
    void list_in_pages() K8SC_REQUIRES(io_thread);
    void list_page() K8SC_REQUIRES(io_thread);
    void forget_pages() K8SC_REQUIRES(io_thread);
    bool item(Ref<Object> object) K8SC_REQUIRES(io_thread);
    void unread_item(Unread &&item) K8SC_REQUIRES(io_thread);
    void note_unread(const Unread &object) K8SC_REQUIRES(io_thread);
    void look_again() K8SC_REQUIRES(io_thread);
    void list_again() K8SC_REQUIRES(io_thread);
    void give_up_call() noexcept K8SC_REQUIRES(io_thread);
    void page_done(CallResult &result, ListContent content) K8SC_REQUIRES(io_thread);
    void note_relist() K8SC_REQUIRES(io_thread);
    void note_event() K8SC_REQUIRES(io_thread);
    void list_failed(const Error &error) K8SC_REQUIRES(io_thread);
    int64_t page_limit() const;

    // Watching.
    void watch() K8SC_REQUIRES(io_thread);
    bool frame(WatchFrame &&frame) K8SC_REQUIRES(io_thread);
    bool unread_frame(int32_t kind, Unread &&object) K8SC_REQUIRES(io_thread);
    bool note_unread_frame(int32_t kind, Unread &&object) K8SC_REQUIRES(io_thread);
    void watch_done(CallResult &result) K8SC_REQUIRES(io_thread);
    void relist_later(const Error *error) K8SC_REQUIRES(io_thread);
    void watch_later(const Error *error) K8SC_REQUIRES(io_thread);
    void later(void (Reflector::*step)(), const Error *error) K8SC_REQUIRES(io_thread);
    void set_timer(int64_t wait_ms, void (Reflector::*step)()) K8SC_REQUIRES(io_thread);
    void cancel_timer() K8SC_REQUIRES(io_thread);
    void is_healthy() K8SC_REQUIRES(io_thread);
    void open_watch(const Options &options, int64_t head_timeout_ms) K8SC_REQUIRES(io_thread);

    // The list as the beginning of a watch: streaming_list.cc.
    bool wants_stream() const K8SC_REQUIRES(io_thread);
    void list_as_stream() K8SC_REQUIRES(io_thread);
    bool initial_frame(WatchFrame &&frame) K8SC_REQUIRES(io_thread);
    bool initial_unread(int32_t kind, Unread &&object) K8SC_REQUIRES(io_thread);
    void stream_done(CallResult &result) K8SC_REQUIRES(io_thread);
    void look_at_stream() K8SC_REQUIRES(io_thread);
    void pages_instead(const std::string &why, int64_t remember_ms) K8SC_REQUIRES(io_thread);
    std::string support_key() const;

    template <class Step>
    void guarded(Step &&step) noexcept K8SC_REQUIRES(io_thread);
    void start(CallSpec spec, std::shared_ptr<BodySink> sink, std::function<void(CallResult &)> done)
        K8SC_REQUIRES(io_thread);

    Options base_options() const;
    const Ref<Client> &client() const { return resource_->client(); }

    const Ref<Resource> resource_;
    const ReflectorRules rules_;
    ReflectorTarget *target_;
    ReflectorCounts counts_;
    Backoff backoff_;
    Ref<Call> call_;
    uint64_t calls_ = 0;  // the end of one that was given up is nobody's business
    IoLoop::TimerId timer_{};
    bool timer_set_ = false;
    bool stopped_ = false;

    std::string last_version_;          // "" before the first list
    bool version_unavailable_ = false;  // the server has forgotten it: ask for the newest state
    bool first_list_was_paged_ = false;
    bool listed_before_ = false;
    std::string last_failure_;  // that the log knows already

    // Which objects could not be read: in the list before, and since the present one began. Where another one comes to
    // them, it may have been an accident on the way: everything is listed once more, soon.
    std::set<std::string> unread_before_, unread_;
    bool look_again_ = false;

    // One list, over its pages.
    std::string list_version_;    // that was asked for
    std::string listed_version_;  // of the first page
    int64_t listed_bytes_ = 0;    // of the pages so far
    std::string continue_;
    ContinueTokens tokens_;
    bool whole_ = false;  // a continue token expired: no pages this time

    // One list as a stream.
    bool initial_events_ = false;  // the watch is still the list
    bool paused_ = false;          // the target wants no more, so silence says nothing
    int64_t opened_at_ = 0;        // the head came; 0: not yet
    int64_t moved_at_ = 0;         // the last object came, or the head
    int broken_streams_ = 0;       // in a row, before their end bookmark

    // One watch.
    int64_t watch_began_ = 0;
    bool watch_opened_ = false;
    bool any_frame_ = false;
    int losses_ = 0;                     // connections in a row that were lost before an event came
    int not_found_ = 0;                  // in a row: a server that starts may not know yet what it serves
    bool distrusts_connection_ = false;  // the last watch had fallen silent
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
