#include "net/http2_pool.h"

#include <algorithm>

#include "core/clock.h"

namespace k8sc {
namespace {

// HTTP/2 is tried again soon, and less often where that never helps.
constexpr int64_t first_broken_pause_ms = 5000;
constexpr int64_t most_broken_pause_ms = 60 * 1000;
// A server that agrees on HTTP/1.1 is what it is, until it is another one.
constexpr int64_t http1_server_ms = 10 * 60 * 1000;

}  // namespace

Http2Pool::Http2Pool(IoLoop &io_loop, const Ref<Endpoint> &endpoint, std::string origin)
    : io_loop_(io_loop), endpoint_(endpoint), origin_(std::move(origin))
{
}

std::string Http2Pool::http1_reason() const { return now_ms() < http1_until_ ? http1_why_ : ""; }

void Http2Pool::wants_http1()
{
    http1_why_ = "the server requires HTTP/1.1";
    http1_until_ = now_ms() + http1_server_ms;
}

void Http2Pool::add(Http2Waiter &waiter, bool fresh)
{
    // What is there may be what is distrusted: nothing new begins on it.
    if (fresh)
        for (auto &connection : std::list(connections_)) connection->drain();
    waiting_.push_back(&waiter);
    place();
}

void Http2Pool::remove(Http2Waiter &waiter) { std::erase(waiting_, &waiter); }

Ref<Http2Connection> Http2Pool::find_room() const
{
    for (auto &connection : connections_) {
        if (!connection->has_room()) continue;
        connection->look();
        if (connection->has_room()) return connection;
    }
    return {};
}

void Http2Pool::place()
{
    Ref<Http2Pool> self(this);
    while (!waiting_.empty() && place_first()) {
    }
    if (waiting_.empty() || connector_) return;
    // One that has not said yet what it allows is waited for.
    for (auto &connection : connections_)
        if (connection->takes_streams() && !connection->is_known()) return;
    connect();
}

bool Http2Pool::place_first()
{
    Ref<Http2Connection> connection = find_room();
    if (!connection || waiting_.empty()) return false;
    Http2Waiter *waiter = waiting_.front();
    waiting_.pop_front();
    int32_t stream = 0;
    try {
        stream = connection->submit(*waiter);
    } catch (const Error &error) {
        waiter->not_placed(error);
        return true;
    } catch (const std::bad_alloc &) {
        waiter->not_placed({K8SC_E_NOMEM, "out of memory"});
        return true;
    }
    waiter->placed(connection, stream, connection->claim());
    // It may end here and now.
    connection->go();
    return true;
}

void Http2Pool::connect()
{
    try {
        connector_ = std::make_unique<Connector>(Ref<IoLoop>(&io_loop_), endpoint_, origin_,
                                                 [this](std::unique_ptr<Error> error) {
                                                     assert_on_io_thread();
                                                     connected(std::move(error));
                                                 });
    } catch (const Error &error) {
        fail_waiting(error);
    }
}

void Http2Pool::connected(std::unique_ptr<Error> error)
{
    Ref<Http2Pool> self(this);
    // It is what calls this.
    former_connector_ = std::move(connector_);
    try {
        take(std::move(error));
    } catch (const std::bad_alloc &) {
        fail_waiting({K8SC_E_NOMEM, "out of memory"});
    }
    io_loop_.next_round([self] { self->former_connector_.reset(); });
}

void Http2Pool::take(std::unique_ptr<Error> error)
{
    if (error) {
        fail_waiting(*error);
    } else if (!former_connector_->speaks_http2()) {
        const std::string &chosen = former_connector_->chosen();
        http1_why_ = chosen.empty() ? "the server does not offer HTTP/2" : concat("the server chose ", chosen);
        http1_until_ = now_ms() + http1_server_ms;
        send_waiting_by_http1();
    } else {
        auto connection = make<Http2Connection>(Ref<IoLoop>(&io_loop_), std::move(former_connector_));
        connections_.push_back(connection);
        connection->when_changed([this, at = connection.get()] {
            assert_on_io_thread();
            look_at(*at);
        });
        connection->open(endpoint_->connect_timeout_ms);
        place();
    }
}

void Http2Pool::fail_waiting(const Error &error)
{
    // Those that come meanwhile are not among them.
    for (size_t count = waiting_.size(); count > 0 && !waiting_.empty(); count--) {
        Http2Waiter *waiter = waiting_.front();
        waiting_.pop_front();
        waiter->not_placed(error);
    }
}

void Http2Pool::send_waiting_by_http1()
{
    for (size_t count = waiting_.size(); count > 0 && !waiting_.empty(); count--) {
        Http2Waiter *waiter = waiting_.front();
        waiting_.pop_front();
        waiter->wants_http1();
    }
}

void Http2Pool::look_at(Http2Connection &connection)
{
    Ref<Http2Connection> held(&connection);
    if (connection.is_known()) broken_pause_ms_ = 0;
    if (connection.has_ended()) {
        std::erase_if(connections_, [&](auto &one) { return one.get() == &connection; });
        if (!connection.is_known()) broke(connection.error());
        // What lies idle to the same peer is in doubt as well.
        if (connection.fell_silent())
            for (auto &other : std::list(connections_)) other->drain();
    }
    place();
}

// Something in the middle may let HTTP/2 be agreed on, and then not speak it.
void Http2Pool::broke(const std::string &why)
{
    broken_pause_ms_ = std::clamp(broken_pause_ms_ * 2, first_broken_pause_ms, most_broken_pause_ms);
    http1_until_ = now_ms() + broken_pause_ms_;
    http1_why_ = concat("HTTP/2 was agreed on, and not spoken (", why, "); it is tried again in ",
                        std::to_string(broken_pause_ms_), " ms");
    send_waiting_by_http1();
}

void Http2Pool::shut_down()
{
    waiting_.clear();
    connector_.reset();
    former_connector_.reset();
    for (auto &connection : std::exchange(connections_, {})) {
        connection->when_changed(nullptr);
        connection->drain();
        connection->close(Error(K8SC_E_CANCELLED, "cancelled: the client was closed"));
    }
}

Ref<Http2Pool> Http2Pools::find(IoLoop &io_loop, const Ref<Endpoint> &endpoint, const std::string &origin)
{
    std::string key = endpoint->identity() + origin;
    auto at = pools_.find(key);
    if (at != pools_.end()) return at->second;
    // Of certificates that were replaced, and the like.
    std::erase_if(pools_, [](auto &entry) { return entry.second->is_empty(); });
    return pools_[key] = make<Http2Pool>(io_loop, endpoint, origin);
}

void Http2Pools::shut_down()
{
    for (auto &[key, pool] : std::exchange(pools_, {})) pool->shut_down();
}

}  // namespace k8sc
