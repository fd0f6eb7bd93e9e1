#include "net/http2.h"

#include "core/clock.h"
#include "core/clock_us.h"
#include "core/random.h"
#include "net/curl_failure.h"
#include "net/exchange.h"

namespace k8sc {
namespace {

// As Go's transport: once at once, then after 1, 2, 4, 8 and 16 seconds.
constexpr int most_refusals = 6;

int64_t pause_ms(int refusals)
{
    if (refusals < 2) return 0;
    int64_t pause = int64_t(1000) << (refusals - 2);
    return pause + random_between(0, pause / 10);
}

}  // namespace

void Http2RoundTrip::start()
{
    began_at_us_ = now_us();
    pool_ = exchange_.io_loop()->http2_pools().find(*exchange_.io_loop(), exchange_.endpoint(),
                                                    origin_of(exchange_.request().url));
    if (std::string why = pool_->http1_reason(); !why.empty()) return exchange_.go_by_http1(std::move(why));
    waiting_ = true;
    pool_->add(*this, exchange_.request().fresh_connection);
}

void Http2RoundTrip::stop()
{
    stopped_ = true;
    if (std::exchange(timer_set_, false)) exchange_.io_loop()->cancel_timer(timer_);
    if (std::exchange(waiting_, false)) pool_->remove(*this);
    if (!connection_) return;
    auto connection = connection_;
    connection_ = nullptr;
    connection->stop(std::exchange(stream_, 0));
}

void Http2RoundTrip::resume()
{
    if (connection_) Ref<Http2Connection>(connection_)->resume(stream_);
}

bool Http2RoundTrip::is_unsent() const
{
    return connection_ ? connection_->is_unsent(stream_) : facts_.http_version[0] == '\0';
}

void Http2RoundTrip::placed(const Ref<Http2Connection> &connection, int32_t stream, bool opened)
{
    waiting_ = false;
    connection_ = connection;
    stream_ = stream;
    facts_.bytes_sent += static_cast<int64_t>(exchange_.request().body.size());
    facts_.local_port = connection->local_port();
    if (opened) {
        facts_.connects++;
        connection->add_facts(facts_);
    }
}

void Http2RoundTrip::not_placed(const Error &error)
{
    waiting_ = false;
    auto failure = copy_of(error);
    failure->not_processed = true;
    exchange_.ended(std::move(failure));
}

// The server has not processed it: any request can be sent again.
void Http2RoundTrip::stream_refused(std::string why)
{
    connection_ = nullptr;
    if (++refusals_ > most_refusals) {
        auto error = await_memory([&] {
            return std::make_unique<Error>(K8SC_E_TRANSPORT,
                                           concat("the server did not process the request, which was sent ",
                                                  std::to_string(refusals_), " times: ", why));
        });
        error->connection_lost = error->not_processed = true;
        return exchange_.ended(std::move(error));
    }
    facts_.resends++;
    timer_set_ = true;
    // Not in this round: the pool may not have heard yet why.
    timer_ = exchange_.io_loop()->at(now_ms() + 1 + pause_ms(refusals_), [this, held = Ref<Exchange>(&exchange_)] {
        assert_on_io_thread();
        timer_set_ = false;
        if (!stopped_) again();
    });
}

void Http2RoundTrip::again()
{
    if (std::string why = pool_->http1_reason(); !why.empty()) return exchange_.go_by_http1(std::move(why));
    waiting_ = true;
    pool_->add(*this, false);
}

void Http2RoundTrip::wants_http1()
{
    waiting_ = false;
    if (connection_) {
        connection_ = nullptr;
        pool_->wants_http1();
    }
    exchange_.go_by_http1(pool_->http1_reason());
}

void Http2RoundTrip::came_head(HttpHead head)
{
    facts_.first_byte_us = now_us() - began_at_us_;
    facts_.http_version = "2";
    exchange_.came_head(std::move(head));
}

bool Http2RoundTrip::came_data(std::string_view data)
{
    facts_.bytes_received += static_cast<int64_t>(data.size());
    return exchange_.came(data);
}

void Http2RoundTrip::stream_ended(std::unique_ptr<Error> error)
{
    connection_ = nullptr;
    if (error) *error = through(std::move(*error), *exchange_.endpoint());
    exchange_.ended(std::move(error));
}

const HttpRequest &Http2RoundTrip::request() const { return exchange_.request(); }

bool Http2RoundTrip::wants_gzip() const { return exchange_.wants_gzip(); }

void Http2RoundTrip::add_facts(ExchangeFacts &facts) const
{
    facts.name_lookup_us += facts_.name_lookup_us;
    facts.connect_us += facts_.connect_us;
    facts.tls_us += facts_.tls_us;
    facts.first_byte_us += facts_.first_byte_us;
    facts.bytes_sent += facts_.bytes_sent;
    facts.bytes_received += facts_.bytes_received;
    facts.connects += facts_.connects;
    facts.resends += facts_.resends;
    if (facts_.local_port) facts.local_port = facts_.local_port;
    if (*facts_.http_version) facts.http_version = facts_.http_version;
}

}  // namespace k8sc
