#include "net/exchange.h"

#include <strings.h>

#include "core/clock.h"
#include "core/secret_text.h"
#include "net/custom_round_trip.h"
#include "net/http1.h"
#include "net/http2.h"

namespace k8sc {

const std::string *HttpHead::header(std::string_view name) const
{
    for (auto &header : headers)
        if (header.first == name) return &header.second;
    return nullptr;
}

Exchange::Exchange(Ref<IoLoop> io_loop, Ref<Endpoint> endpoint, HttpRequest request, ExchangeSink *sink)
    : io_loop_(std::move(io_loop)), endpoint_(std::move(endpoint)), request_(std::move(request)), sink_(sink)
{
}

Exchange::~Exchange()
{
    for (auto &header : request_.headers)
        if (is_secret_header(header)) wipe(header);
}

std::unique_ptr<RoundTrip> Exchange::choose_round_trip()
{
    if (endpoint_->transport) return std::make_unique<CustomRoundTrip>(*this);
    if (endpoint_->http2 && !request_.own_connection && request_.url.starts_with("https:"))
        return std::make_unique<Http2RoundTrip>(*this);
    return std::make_unique<Http1RoundTrip>(*this);
}

Ref<Exchange> Exchange::start(Ref<IoLoop> io_loop, Ref<Endpoint> endpoint, HttpRequest request, ExchangeSink *sink)
{
    Ref<Exchange> exchange(new Exchange(std::move(io_loop), std::move(endpoint), std::move(request), sink));
    exchange->io_loop_->exchanges_.insert(exchange.get());
    exchange->retain();
    exchange->running_ = true;
    exchange->last_byte_at_ = now_ms();
    exchange->starting_ = true;
    try {
        exchange->watch_idle();
        exchange->take_on(exchange->choose_round_trip());
    } catch (...) {
        exchange->cancel();
        throw;
    }
    exchange->starting_ = false;
    return exchange;
}

// As Go's transport asks for gzip: not where the caller speaks of encodings or ranges himself. A body that is read
// slowly comes plain: what a pause leaves here would grow when it is unpacked.
void Exchange::take_on(std::unique_ptr<RoundTrip> round_trip)
{
    decoding_ =
        endpoint_->compression && !endpoint_->transport && !request_.own_connection && request_.method != "HEAD";
    for (auto &header : request_.headers)
        if (strncasecmp(header.c_str(), "Accept-Encoding", 15) == 0 || strncasecmp(header.c_str(), "Range:", 6) == 0)
            decoding_ = false;
    former_round_trip_ = std::exchange(round_trip_, std::move(round_trip));
    round_trip_->start();
}

void Exchange::go_by_http1(std::string why)
{
    guarded([&] {
        assert_on_io_thread();
        round_trip_->stop();
        fallback_ = std::move(why);
        take_on(std::make_unique<Http1RoundTrip>(*this));
    });
}

void Exchange::byte_came() { last_byte_at_ = now_ms(); }

bool Exchange::came_head(HttpHead head)
{
    Ref<Exchange> self(this);
    if (!is_running() || head_given_) return is_running();
    byte_came();
    head_ = std::move(head);
    head_given_ = true;
    return guarded([&] {
        assert_on_io_thread();
        look_at_encoding();
        watch_silence();
        sink_->on_head(head_);
    });
}

void Exchange::ended(std::unique_ptr<Error> error)
{
    Ref<Exchange> self(this);
    if (!is_running()) return;
    if (!error && inflater_ && (paused_ || goes_on_later_)) {
        complete_ = true;
        return;
    }
    guarded([&] {
        assert_on_io_thread();
        if (!error && inflater_) inflater_->finish();
        finish(std::move(error));
    });
}

void Exchange::detach()
{
    if (!running_) return;
    running_ = false;
    if (round_trip_) round_trip_->stop();
    idle_timer_.cancel();
    silence_timer_.cancel();
    io_loop_->exchanges_.erase(this);
    release();
}

void Exchange::cancel()
{
    Ref<Exchange> self(this);
    detach();
}

void Exchange::finish(std::unique_ptr<Error> error)
{
    Ref<Exchange> self(this);
    if (!running_) return;
    // Whoever starts it is not told before he has it.
    if (starting_ || (round_trip_ && round_trip_->is_inside())) return end_soon(std::move(error));
    detach();
    sink_->on_end(error.get());
}

void Exchange::end_soon(std::unique_ptr<Error> error)
{
    if (std::exchange(ending_, true)) return;
    ended_with_ = std::move(error);
    io_loop_->next_round([self = Ref<Exchange>(this)] {
        assert_on_io_thread();
        self->ending_ = false;
        self->finish(std::move(self->ended_with_));
    });
}

ExchangeFacts Exchange::facts() const
{
    ExchangeFacts facts;
    facts.fallback = fallback_;
    if (former_round_trip_) former_round_trip_->add_facts(facts);
    if (round_trip_) round_trip_->add_facts(facts);
    return facts;
}

}  // namespace k8sc
