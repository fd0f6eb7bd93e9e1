#include "testing/api/pod_logs.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "testing/api/table.h"
#include "testing/http/connection.h"
#include "testing/schema/names.h"
#include "testing/schema/status.h"

namespace k8sc::testing {

namespace {

// The last lines of a text.
size_t tail_begin(const std::string &text, int64_t lines)
{
    if (lines == 0) return text.size();
    size_t at = text.size();
    // The end of the last line ends no other.
    if (at > 0 && text[at - 1] == '\n') --at;
    while (at > 0 && !(text[at - 1] == '\n' && --lines == 0)) --at;
    return at;
}

// "a b c"
std::string names_of(const json_t *containers)
{
    std::string names;
    for (size_t i = 0; i < json_array_size(containers); ++i)
        names += (names.empty() ? "" : " ") + std::string(text_at(json_array_get(containers, i), {"name"}));
    return names;
}

bool has_container(const json_t *spec, std::string_view name)
{
    for (const char *list : {"containers", "initContainers", "ephemeralContainers"}) {
        const json_t *containers = json_object_get(spec, list);
        for (size_t i = 0; i < json_array_size(containers); ++i)
            if (text_at(json_array_get(containers, i), {"name"}) == name) return true;
    }
    return false;
}

std::string container_of(const Request &request, const Object &pod)
{
    const Json document = pod.document();
    const json_t *spec = json_object_get(document.get(), "spec");
    const std::string named(request.parameter("container"));
    if (!named.empty()) {
        if (!has_container(spec, named)) throw bad_request("container " + named + " is not valid for pod " + pod.name);
        return named;
    }
    const json_t *containers = json_object_get(spec, "containers");
    if (json_array_size(containers) == 1) return std::string(text_at(json_array_get(containers, 0), {"name"}));
    std::string message = "a container name must be specified for pod " + pod.name;
    if (json_array_size(containers) > 0) message += ", choose one of: [" + names_of(containers) + "]";
    if (const std::string first = names_of(json_object_get(spec, "initContainers")); !first.empty())
        message += " or one of the init containers: [" + first + "]";
    throw bad_request(message);
}

ApiError wrong_options(const Request &request, StatusCause cause)
{
    Kind options;
    options.kind = "PodLogOptions";
    return invalid(options, request.name, std::move(cause));
}

// A number that may be left out. Throws ApiError (422) where it is below `low`.
std::optional<int64_t> bound_of(const Request &request, const char *name, int64_t low)
{
    if (request.parameter(name).empty()) return std::nullopt;
    const int64_t number = request.number(name);
    if (number >= low) return number;
    throw wrong_options(request,
                        invalid_value(name, std::to_string(number),
                                      low == 0 ? "must be greater than or equal to 0" : "must be greater than 0"));
}

// From which time on lines are wanted, in nanoseconds since 1970.
std::optional<int64_t> since_of(const Request &request, int64_t now)
{
    const std::optional<int64_t> seconds = bound_of(request, "sinceSeconds", 1);
    const std::string time(request.parameter("sinceTime"));
    if (seconds && !time.empty())
        throw wrong_options(request, forbidden("[]", "at most one of `sinceTime` or `sinceSeconds` may be specified"));
    if (seconds) return now - std::min(*seconds, now / 1000000000) * 1000000000;
    if (time.empty()) return std::nullopt;
    int64_t from = 0;
    if (!seconds_of(time, from))
        throw bad_request("sinceTime: parsing time " + in_quotes(time) + ": it is no RFC 3339 time");
    // Nanoseconds reach from 1678 to 2262.
    return std::clamp<int64_t>(from, 0, 9000000000) * 1000000000;
}

std::string stamp_of(int64_t time)
{
    std::string fraction = std::to_string(time % 1000000000);
    fraction.insert(0, 9 - fraction.size(), '0');
    std::string text = timestamp_of(time / 1000000000);
    text.insert(text.size() - 1, "." + fraction);
    return text;
}

// The text, and then what is appended to it, until the pod or the client goes, or as much was sent as was asked for.
class FollowBody final : public Body {
  public:
    FollowBody(const PodLogs &logs, Store &store, std::unique_ptr<Subscription> subscription, const Object &pod,
               std::string container, size_t offset, std::optional<int64_t> limit, bool timestamps)
        : logs_(logs),
          store_(store),
          subscription_(std::move(subscription)),
          space_(pod.ns),
          pod_(pod.name),
          uid_(pod.uid),
          container_(std::move(container)),
          offset_(offset),
          limit_(limit),
          timestamps_(timestamps)
    {
    }

    Step next(std::string &piece, Connection &connection) override
    {
        std::vector<Event> events;
        subscription_->take(events);
        // Asked ahead of the text, so that nothing is missed that was written before the end.
        const ObjectPtr pod = store_.find("/pods", space_ + "/" + pod_);
        const std::string more = logs_.more(space_, pod_, container_, offset_, timestamps_);
        if (limit_ && static_cast<int64_t>(more.size()) >= *limit_) {
            piece += more.substr(0, static_cast<size_t>(*limit_));
            return Step::end;
        }
        if (limit_) *limit_ -= static_cast<int64_t>(more.size());
        piece += more;
        if (!pod || pod->uid != uid_) return Step::end;
        if (!more.empty()) return Step::more;
        return connection.wait(subscription_->fd(), longest_wait_ms) == Connection::Wake::gone ? Step::cut : Step::more;
    }

  private:
    static constexpr int64_t longest_wait_ms = 60000;

    const PodLogs &logs_;
    Store &store_;
    // For its descriptor: the pod changes, or the store is told to wake who waits.
    const std::unique_ptr<Subscription> subscription_;
    const std::string space_, pod_, uid_, container_;
    size_t offset_;
    std::optional<int64_t> limit_;
    const bool timestamps_;
};

}  // namespace

void PodLog::write(std::string_view more, int64_t time)
{
    writes.push_back({text.size(), time});
    text += more;
}

int64_t PodLog::time_of(size_t at) const
{
    const auto after = std::upper_bound(writes.begin(), writes.end(), at,
                                        [](size_t place, const Write &write) { return place < write.begin; });
    return after == writes.begin() ? 0 : std::prev(after)->time;
}

std::string PodLog::shown(size_t begin, bool timestamps) const
{
    if (begin >= text.size()) return "";
    if (!timestamps) return text.substr(begin);
    std::string all;
    for (size_t at = begin; at < text.size();) {
        const size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
        if (at == 0 || text[at - 1] == '\n') all += stamp_of(time_of(at)) + " ";
        all.append(text, at, end - at);
        at = end;
    }
    return all;
}

size_t PodLog::since(int64_t time) const
{
    for (const Write &write : writes) {
        if (write.time < time) continue;
        const size_t line = write.begin == 0 ? std::string::npos : text.rfind('\n', write.begin - 1);
        // A line that an earlier write has begun is as old as that one.
        if (write.begin == 0 || line == write.begin - 1) return write.begin;
        const size_t next = text.find('\n', write.begin);
        if (next != std::string::npos) return next + 1;
    }
    return text.size();
}

void PodLogs::set(const std::string &ns, const std::string &pod, const std::string &container, std::string_view text)
{
    {
        std::lock_guard lock(mutex_);
        PodLog &log = logs_[key(ns, pod, container)];
        log = {};
        log.write(text, clock_.unix_nanoseconds());
    }
    store_.wake();
}

void PodLogs::append(const std::string &ns, const std::string &pod, const std::string &container, std::string_view text)
{
    {
        std::lock_guard lock(mutex_);
        logs_[key(ns, pod, container)].write(text, clock_.unix_nanoseconds());
    }
    store_.wake();
}

void PodLogs::restart(const std::string &ns, const std::string &pod, const std::string &container)
{
    {
        std::lock_guard lock(mutex_);
        PodLog &log = logs_[key(ns, pod, container)];
        previous_[key(ns, pod, container)] = std::move(log);
        log = {};
    }
    store_.wake();
}

std::string PodLogs::more(const std::string &ns, const std::string &pod, const std::string &container, size_t &offset,
                          bool timestamps) const
{
    std::lock_guard lock(mutex_);
    const auto found = logs_.find(key(ns, pod, container));
    if (found == logs_.end()) return "";
    const PodLog &log = found->second;
    // Begun anew, it is another text.
    if (log.text.size() < offset) offset = 0;
    std::string text = log.shown(offset, timestamps);
    offset = log.text.size();
    return text;
}

void PodLogs::clear()
{
    {
        std::lock_guard lock(mutex_);
        logs_.clear();
        previous_.clear();
    }
    store_.wake();
}

PodLog PodLogs::wanted(const Request &request, const Object &pod, const std::string &container) const
{
    const bool previous = request.flag("previous");
    std::lock_guard lock(mutex_);
    const auto &logs = previous ? previous_ : logs_;
    const auto found = logs.find(key(pod.ns, pod.name, container));
    if (found == logs.end() && !previous) return {};
    if (found == logs.end())
        throw bad_request("previous terminated container \"" + container + "\" in pod \"" + pod.name + "\" not found");
    return found->second;
}

Reply PodLogs::answer(const Request &request, const Object &pod) const
{
    const std::optional<int64_t> tail = bound_of(request, "tailLines", 0), limit = bound_of(request, "limitBytes", 1);
    const std::optional<int64_t> since = since_of(request, clock_.unix_nanoseconds());
    const std::string container = container_of(request, pod);
    const bool timestamps = request.flag("timestamps");
    const PodLog log = wanted(request, pod, container);
    const size_t begin = std::max(tail ? tail_begin(log.text, *tail) : 0, since ? log.since(*since) : 0);
    Reply reply;
    reply.type = "text/plain";
    // What has ended is told to its end.
    if (request.flag("follow") && !request.flag("previous")) {
        Store::Start start = store_.subscribe("/pods", pod.key(), store_.resource_version());
        if (start.subscription) {
            reply.body = std::make_unique<FollowBody>(*this, store_, std::move(start.subscription), pod, container,
                                                      begin, limit, timestamps);
            return reply;
        }
    }
    // Nobody to ask.
    if (pod.node_name.empty() && log.text.empty()) reply.code = 204;
    reply.text = log.shown(begin, timestamps).substr(0, limit ? static_cast<size_t>(*limit) : std::string::npos);
    return reply;
}

}  // namespace k8sc::testing
