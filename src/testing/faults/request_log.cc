#include "testing/faults/request_log.h"

#include <algorithm>

namespace k8sc::testing {

namespace {

constexpr size_t kept_requests = 1000;
constexpr size_t kept_body = 65536;

bool fits(const std::string &method, const std::string &path, std::string_view wanted_method,
          std::string_view path_prefix)
{
    return (wanted_method.empty() || method == wanted_method) && path.starts_with(path_prefix);
}

Json describe(const Request &request)
{
    Json json = Json::object(), headers = Json::object();
    for (const auto &[name, value] : request.headers) {
        const std::string_view before = text_at(headers.get(), {name.c_str()});
        set(headers.get(), name.c_str(), Json::text(before.empty() ? value : std::string(before) + ", " + value));
    }
    set(json.get(), "method", Json::text(request.method));
    set(json.get(), "path", Json::text(request.base + request.path));
    set(json.get(), "query", Json::text(request.query));
    set(json.get(), "verb", Json::text(request.verb));
    set(json.get(), "protocol", Json::text(request.protocol));
    set(json.get(), "headers", std::move(headers));
    set(json.get(), "body", Json::text(request.body));
    return json;
}

}  // namespace

void RequestLog::add(const Request &request)
{
    Request kept = request;
    kept.body.resize(std::min(kept.body.size(), kept_body));
    std::lock_guard lock(mutex_);
    ++counts_[{request.method, request.base + request.path}];
    requests_.push_back(std::move(kept));
    if (requests_.size() > kept_requests) requests_.pop_front();
}

int64_t RequestLog::count(std::string_view method, std::string_view path_prefix) const
{
    std::lock_guard lock(mutex_);
    int64_t sum = 0;
    for (const auto &[key, count] : counts_)
        if (fits(key.first, key.second, method, path_prefix)) sum += count;
    return sum;
}

std::optional<std::string> RequestLog::last(std::string_view method, std::string_view path_prefix) const
{
    std::lock_guard lock(mutex_);
    const auto wanted = [&](const Request &request) {
        return fits(request.method, request.base + request.path, method, path_prefix);
    };
    const auto found = std::find_if(requests_.rbegin(), requests_.rend(), wanted);
    if (found == requests_.rend()) return std::nullopt;
    return dump(describe(*found).get());
}

std::string RequestLog::all() const
{
    std::lock_guard lock(mutex_);
    Json array = Json::array();
    for (const Request &request : requests_) append(array.get(), describe(request));
    return dump(array.get());
}

int64_t RequestLog::count_actions(const ActionMatch &match) const
{
    std::lock_guard lock(mutex_);
    return std::count_if(requests_.begin(), requests_.end(),
                         [&](const Request &request) { return match.fits(request); });
}

std::string RequestLog::actions(const ActionMatch &match) const
{
    std::lock_guard lock(mutex_);
    Json array = Json::array();
    for (const Request &request : requests_)
        if (match.fits(request)) append(array.get(), describe_action(request));
    return dump(array.get());
}

void RequestLog::clear()
{
    std::lock_guard lock(mutex_);
    counts_.clear();
    requests_.clear();
}

}  // namespace k8sc::testing
