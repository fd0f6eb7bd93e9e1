#include "testing/api/watch.h"

#include "testing/api/api.h"
#include "testing/api/list.h"
#include "testing/api/partial.h"
#include "testing/http/connection.h"
#include "testing/schema/since.h"
#include "testing/schema/status.h"
#include "testing/store/custom.h"

namespace k8sc::testing {

namespace {

constexpr size_t piece_size = 65536;

// A server's own bound where the client names none; real ones choose between 30 and 60 minutes.
constexpr int64_t default_timeout_seconds = 1800;
// Longer than anything lives; what is longer would overflow a clock.
constexpr int64_t longest_seconds = 366 * 86400;
// This long before the end of a watch it gets a last bookmark.
constexpr std::chrono::seconds farewell(2);

void append_frame(std::string &piece, const char *type, std::string_view prefix, std::string_view tail)
{
    piece += "{\"type\":\"";
    piece += type;
    piece += "\",\"object\":";
    piece += prefix;
    piece += tail;
    piece += "}\n";
}

}  // namespace

WatchBody::WatchBody(std::unique_ptr<Subscription> subscription, std::function<KindPtr()> kind, Options options,
                     const VirtualClock &clock, std::function<void()> ended)
    : subscription_(std::move(subscription)),
      kind_(std::move(kind)),
      options_(std::move(options)),
      clock_(clock),
      ended_(std::move(ended)),
      deadline_(clock_.now() + std::chrono::milliseconds(options_.timeout_ms)),
      initial_left_(options_.initial_events),
      end_bookmark_due_(options_.initial_version > 0)
{
    plan_bookmark();
}

WatchBody::~WatchBody() { ended_(); }

void WatchBody::plan_bookmark()
{
    const VirtualClock::Time now = clock_.now();
    next_bookmark_ = options_.bookmark_interval_ms > 0 ? now + std::chrono::milliseconds(options_.bookmark_interval_ms)
                                                       : VirtualClock::Time::max();
    if (options_.bookmark_interval_ms > 0 && now < deadline_ - farewell)
        next_bookmark_ = std::min(next_bookmark_, deadline_ - farewell);
}

Body::Step WatchBody::next(std::string &piece, Connection &connection)
{
    if (next_event_ == events_.size()) {
        next_event_ = 0;
        resource_version_ = subscription_->take(events_);
    }
    if (end_bookmark_due_ && initial_left_ == 0) {
        end_bookmark_due_ = false;
        if (const KindPtr kind = kind_()) write_bookmark(piece, *kind, options_.initial_version, true);
        return Step::more;
    }
    if (!events_.empty()) {
        const KindPtr kind = kind_();
        while (next_event_ < events_.size() && piece.size() < piece_size) {
            if (kind) write_frame(piece, *kind, events_[next_event_]);
            events_[next_event_++] = {};
            // What happened since comes behind the bookmark.
            if (end_bookmark_due_ && --initial_left_ == 0) break;
        }
        return Step::more;
    }

    const VirtualClock::Time now = clock_.now();
    if (now >= deadline_) return Step::end;
    if (now >= next_bookmark_) {
        if (const KindPtr kind = kind_())
            write_bookmark(piece, options_.partial ? *partial_kind() : *kind, resource_version_, false);
        plan_bookmark();
        return Step::more;
    }
    const auto pause = std::chrono::ceil<std::chrono::milliseconds>(std::min(deadline_, next_bookmark_) - now);
    return connection.wait(subscription_->fd(), pause.count()) == Connection::Wake::gone ? Step::cut : Step::more;
}

void WatchBody::write_frame(std::string &piece, const Kind &kind, const Event &event)
{
    // An object that begins or ceases to match is new or gone to who selects.
    const bool matches = event.type != Event::Type::deleted && options_.selector.matches(*event.object);
    const bool matched = event.previous && options_.selector.matches(*event.previous);
    if (matches) write_object(piece, matched ? "MODIFIED" : "ADDED", kind, in_version(kind, event.object));
    if (matches || !matched) return;
    // The last state that did match, under the version that ends it.
    const ObjectPtr last = event.type == Event::Type::deleted
                               ? event.object
                               : with_resource_version(kind, *event.previous, event.resource_version);
    write_object(piece, "DELETED", kind, in_version(kind, last));
}

void WatchBody::write_object(std::string &piece, const char *type, const Kind &kind, const ObjectPtr &object)
{
    if (options_.table) {
        const TableHead head = {std::to_string(object->resource_version)};
        append_frame(piece, type, "",
                     table_text(options_.table, kind, head, {object}, clock_.unix_seconds(), !told_columns_));
        told_columns_ = true;
    } else if (options_.partial) {
        append_frame(piece, type, partial_kind()->prefix(), partial(*object)->tail);
    } else {
        append_frame(piece, type, kind.prefix(), object->tail);
    }
}

void WatchBody::write_bookmark(std::string &piece, const Kind &kind, int64_t resource_version, bool ends_list) const
{
    // A type's timestamp had no zero value that could be left out.
    const bool has_null = !kind.custom && kind.release < since::no_null_creation_time;
    const std::string timestamp = has_null ? ",\"creationTimestamp\":null" : "";
    const std::string annotation = ends_list ? ",\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}" : "";
    const std::string version = "\"" + std::to_string(resource_version) + "\"",
                      metadata = "\"metadata\":{\"resourceVersion\":" + version + timestamp + annotation + "}}";
    if (!options_.table) return append_frame(piece, "BOOKMARK", kind.prefix(), metadata);
    const std::string &form = options_.table.version;
    append_frame(piece, "BOOKMARK",
                 "{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/" + form +
                     "\",\"metadata\":{\"resourceVersion\":" + version + "},",
                 "\"columnDefinitions\":null,\"rows\":[{\"cells\":[],\"object\":{\"kind\":\"PartialObjectMetadata\","
                 "\"apiVersion\":\"meta.k8s.io/" +
                     form + "\"," + metadata + "}]}");
}

Reply Api::watch(const Request &request, const KindPtr &kind)
{
    ListOptions list(request, *kind, streaming_, options_.strict);
    int64_t since = parse_resource_version(list.resource_version);
    if (list.send_initial_events) check_not_future(since, store_.resource_version());
    // Initial events are those of the present state, whatever is not older than that. Without them, and from nowhere,
    // it is from now on.
    if (list.send_initial_events) since = *list.send_initial_events ? 0 : since > 0 ? since : store_.resource_version();
    const int64_t timeout = request.number("timeoutSeconds");
    Store::Start start = store_.subscribe(kind->collection(), key_prefix(request, *kind), since);
    if (!start.subscription) {
        const ApiError error =
            expired("too old resource version: " + std::to_string(since) + " (" + std::to_string(start.oldest) + ")");
        if (options_.expired_at_open) throw error;
        Reply reply;
        reply.body = std::make_unique<TextBody>(error.watch_frame());
        return reply;
    }
    WatchBody::Options options;
    options.selector = std::move(list.selector);
    options.timeout_ms = std::min(timeout > 0 ? timeout : default_timeout_seconds, longest_seconds) * 1000;
    options.bookmark_interval_ms =
        request.flag("allowWatchBookmarks") ? std::min(options_.bookmark_interval_ms, longest_seconds * 1000) : 0;
    options.table = TableForm::of(request, options_.minor(streaming_));
    options.partial = options_.partial_objects && wants_partial(request, "PartialObjectMetadata");
    if (list.send_initial_events && *list.send_initial_events && request.flag("allowWatchBookmarks")) {
        options.initial_version = start.resource_version;
        options.initial_events = start.waiting;
    }
    std::function<KindPtr()> find = [kind] { return kind; };
    if (kind->guessed)
        find = [this, kind] { return kinds_.find(kind->group, kind->version, kind->plural, kind->namespaced); };
    Reply reply;
    reply.body = std::make_unique<WatchBody>(std::move(start.subscription), std::move(find), std::move(options), clock_,
                                             [this] { --watches_; });
    ++watches_;
    return reply;
}

}  // namespace k8sc::testing
