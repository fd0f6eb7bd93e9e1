#include "testing/server/admin.h"

#include "testing/base/failure.h"
#include "testing/base/text.h"
#include "testing/schema/status.h"
#include "testing/server/server.h"

namespace k8sc::testing {

namespace {

constexpr std::string_view root = "/k8sc-testing/";
// So that the answer has left before the connections end.
constexpr std::chrono::milliseconds grace(20);

// A page in a browser reaches this port by a name of its own that means 127.0.0.1, and says so in Host; or it says
// where it is from in Origin.
void check_asker(const Request &request, const std::string &url, int32_t port)
{
    const std::string scheme = url.substr(0, url.find(':') + 3);
    const std::string host = lower(std::string(request.header("Host"))),
                      origin = lower(std::string(request.header("Origin")));
    const bool is_usual = port == (scheme == "http://" ? 80 : 443);
    const std::string at = is_usual ? "" : ":" + std::to_string(port);
    bool is_host = false, is_origin = origin.empty();
    for (const char *name : {"127.0.0.1", "localhost", "[::1]"}) {
        is_host = is_host || host == name + at;
        is_origin = is_origin || origin == scheme + name + at;
    }
    const auto refuse = [&](const std::string &what) {
        throw ApiError{403, "Forbidden", what + " is not this server, which is " + scheme + "127.0.0.1" + at, {}, {}};
    };
    if (!is_host) refuse("Host " + in_quotes(host));
    if (!is_origin) refuse("Origin " + in_quotes(origin));
}

ApiError no_such_path(const Request &request)
{
    ApiError error;
    error.code = 404;
    error.reason = reason_for(404);
    error.message = request.method + " " + request.path +
                    " is nothing that the server can do; include/k8sc_testing.h has what it can";
    return error;
}

Reply done() { return json_reply(200, "{}"); }

ActionMatch match_of(const Request &request)
{
    return ActionMatch::of(request.parameter("verb"), request.parameter("resource"), request.parameter("namespace"),
                           request.parameter("name"));
}

Json body_of(const Request &request)
{
    std::string why;
    Json body = Json::parse(request.body.empty() ? "{}" : request.body, why);
    if (!body) throw bad_request("the body is no JSON: " + why);
    if (!json_is_object(body.get())) throw bad_request("the body is no JSON object");
    return body;
}

int64_t milliseconds(const Request &request)
{
    const int64_t ms = request.number("ms");
    if (ms < 1 || ms > 3600000) throw bad_request("ms must be 1 to 3600000");
    return ms;
}

}  // namespace

void Admin::end()
{
    {
        std::lock_guard lock(mutex_);
        ending_ = true;
    }
    changed_.notify_all();
    if (worker_.joinable()) worker_.join();
}

bool Admin::is_for(const Request &request) const { return request.path.starts_with(root); }

std::optional<Reply> Admin::handle(const Request &request)
{
    if (!is_for(request)) return std::nullopt;
    try {
        check_asker(request, server_.url, server_.port());
        return dispatch(request, request.path.substr(root.size()));
    } catch (const ApiError &error) {
        return json_reply(error.code, error.json());
    } catch (const Failure &failure) {
        return json_reply(400, bad_request(failure.what()).json());
    }
}

Reply Admin::dispatch(const Request &request, const std::string &what)
{
    const bool reads = request.method == "GET", posts = request.method == "POST", deletes = request.method == "DELETE";
    if (what == "faults" || what.starts_with("faults/"))
        return faults(request, what.substr(std::min<size_t>(what.size(), 7)));
    if (reads && what == "requests") return json_reply(200, server_.requests.all());
    if (deletes && what == "requests") return server_.requests.clear(), done();
    if (reads && what == "actions") return json_reply(200, server_.requests.actions(match_of(request)));
    if (posts && what == "objects") return server_.put(request.body), done();
    if (deletes && what == "objects") return server_.clear(), done();
    if (posts && what == "compact") return server_.store.compact(), done();
    if (posts && what == "clock") return server_.advance_clock(milliseconds(request)), done();
    if (posts && what == "log") {
        for (const char *name : {"namespace", "pod", "container"})
            if (request.parameter(name).empty()) throw bad_request(std::string(name) + " is missing in the query");
        const std::string ns(request.parameter("namespace")), pod(request.parameter("pod")),
            container(request.parameter("container"));
        if (request.flag("restart"))
            server_.api.logs().restart(ns, pod, container);
        else if (request.flag("append"))
            server_.api.logs().append(ns, pod, container, request.body);
        else
            server_.api.logs().set(ns, pod, container, request.body);
        return done();
    }
    if (posts && what == "token") {
        const Json body = body_of(request);
        const json_t *token = json_object_get(body.get(), "token");
        if (!json_is_string(token) && !json_is_null(token)) throw bad_request("token must be a text, or null");
        return server_.set_token(json_string_value(token)), done();
    }
    if (posts && what == "certificate") {
        Json answer = Json::object();
        set(answer.get(), "ca", Json::text(server_.renew_certificate()));
        return json_reply(200, dump(answer.get()));
    }
    if (posts && what == "disconnect") return later([this] { server_.disconnect(); });
    if (posts && what == "restart") {
        const std::string_view state = request.parameter("state");
        if (!state.empty() && state != "keep" && state != "lose") throw bad_request("state must be keep or lose");
        return later([this, lose = state == "lose"] {
            if (lose) server_.clear();
            server_.restart();
        });
    }
    if (posts && what == "pause") return later([this, ms = milliseconds(request)] { pause(ms); });
    throw no_such_path(request);
}

Reply Admin::faults(const Request &request, const std::string &id)
{
    if (id.empty() && request.method == "GET") return json_reply(200, server_.faults.all());
    if (id.empty() && request.method == "DELETE") return server_.faults.clear(), done();
    if (id.empty() && request.method == "POST")
        return json_reply(201, "{\"id\":" + std::to_string(server_.faults.add(request.body)) + "}");
    if (request.method == "DELETE" && id.find_first_not_of("0123456789") == std::string::npos && id.size() < 18 &&
        server_.faults.remove(std::stoll(id)))
        return done();
    throw no_such_path(request);
}

Reply Admin::later(Act act)
{
    std::lock_guard lock(mutex_);
    if (ending_) return json_reply(202, "{}");
    if (!worker_.joinable()) worker_ = std::thread([this] { work(); });
    acts_.push_back(std::move(act));
    changed_.notify_all();
    return json_reply(202, "{}");
}

// Refuses connections for that long. Ended early where the server ends.
void Admin::pause(int64_t ms)
{
    server_.pause();
    {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::milliseconds(ms), [this] { return ending_; });
    }
    server_.resume();
}

void Admin::work()
{
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return ending_ || !acts_.empty(); });
        if (ending_) return;
        const Act act = std::move(acts_.front());
        acts_.erase(acts_.begin());
        lock.unlock();
        std::this_thread::sleep_for(grace);
        try {
            act();
        } catch (const Failure &) {
            // The test has stopped the server meanwhile: there is nothing to come back to.
        }
        lock.lock();
    }
}

}  // namespace k8sc::testing
