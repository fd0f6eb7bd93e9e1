#include "pod-logs.h"

#include <algorithm>
#include <optional>

#include "connection.h"
#include "status.h"

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

// A number that may be left out. Throws ApiError (422) where it is below `low`.
std::optional<int64_t> bound_of(const Request &request, const char *name, int64_t low)
{
    if (request.parameter(name).empty()) return std::nullopt;
    const int64_t number = request.number(name);
    if (number >= low) return number;
    Kind options;
    options.kind = "PodLogOptions";
    const std::string why = low == 0 ? "must be greater than or equal to 0" : "must be greater than 0";
    throw invalid(options, request.name, invalid_value(name, std::to_string(number), why));
}

// The text, and then what is appended to it, until the pod or the client goes, or as much was sent as was asked for.
class FollowBody final : public Body {
  public:
    FollowBody(const PodLogs &logs, Store &store, std::unique_ptr<Subscription> subscription, const Object &pod, std::string container, size_t offset,
               std::optional<int64_t> limit)
        : logs_(logs),
          store_(store),
          subscription_(std::move(subscription)),
          space_(pod.space),
          pod_(pod.name),
          uid_(pod.uid),
          container_(std::move(container)),
          offset_(offset),
          limit_(limit)
    {
    }

    Step next(std::string &piece, Connection &connection) override
    {
        std::vector<Event> events;
        subscription_->take(events);
        // Asked ahead of the text, so that nothing is missed that was written before the end.
        const ObjectPtr pod = store_.find("/pods", space_ + "/" + pod_);
        const std::string more = logs_.text(space_, pod_, container_, offset_);
        if (limit_ && static_cast<int64_t>(more.size()) >= *limit_) {
            piece += more.substr(0, static_cast<size_t>(*limit_));
            return Step::end;
        }
        if (limit_) *limit_ -= static_cast<int64_t>(more.size());
        offset_ += more.size();
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
};

}  // namespace

void PodLogs::set(const std::string &space, const std::string &pod, const std::string &container, std::string_view text)
{
    {
        std::lock_guard lock(mutex_);
        texts_[key(space, pod, container)] = text;
    }
    store_.wake();
}

void PodLogs::append(const std::string &space, const std::string &pod, const std::string &container, std::string_view text)
{
    {
        std::lock_guard lock(mutex_);
        texts_[key(space, pod, container)] += text;
    }
    store_.wake();
}

std::string PodLogs::text(const std::string &space, const std::string &pod, const std::string &container, size_t offset) const
{
    std::lock_guard lock(mutex_);
    const auto found = texts_.find(key(space, pod, container));
    return found == texts_.end() || offset >= found->second.size() ? "" : found->second.substr(offset);
}

void PodLogs::clear()
{
    {
        std::lock_guard lock(mutex_);
        texts_.clear();
    }
    store_.wake();
}

Reply PodLogs::answer(const Request &request, const Object &pod) const
{
    const std::optional<int64_t> tail = bound_of(request, "tailLines", 0), limit = bound_of(request, "limitBytes", 1);
    const std::string container = container_of(request, pod);
    if (request.flag("previous")) throw bad_request("previous terminated container \"" + container + "\" in pod \"" + pod.name + "\" not found");
    const std::string all = text(pod.space, pod.name, container, 0);
    const size_t begin = tail ? tail_begin(all, *tail) : 0;
    Reply reply;
    reply.type = "text/plain";
    if (request.flag("follow")) {
        Store::Start start = store_.subscribe("/pods", pod.key(), store_.resource_version());
        if (start.subscription) {
            reply.body = std::make_unique<FollowBody>(*this, store_, std::move(start.subscription), pod, container, begin, limit);
            return reply;
        }
    }
    // Nobody to ask.
    if (pod.node_name.empty() && all.empty()) reply.code = 204;
    reply.text = all.substr(begin, limit ? static_cast<size_t>(*limit) : std::string::npos);
    return reply;
}

}  // namespace k8sc::testing
