#include "net/exchange.h"

#include <strings.h>

#include <algorithm>

#include "core/clock.h"
#include "core/clock_us.h"
#include "core/secret_text.h"
#include "net/hook_round_trip.h"
#include "net/http1.h"
#include "net/http2.h"

namespace k8sc {
namespace {

// How much is unpacked before the others on the thread have their turn.
constexpr size_t unpack_piece = 64 * 1024;
constexpr size_t unpack_budget = 1024 * 1024;

}  // namespace

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

template <class Step>
bool Exchange::guarded(Step &&step)
{
    Ref<Exchange> self(this);
    try {
        step();
    } catch (const Error &error) {
        finish(copy_of(error));
    } catch (const std::bad_alloc &) {
        finish(copy_of({K8SC_E_NOMEM, "out of memory"}));
    }
    return is_running();
}

std::unique_ptr<RoundTrip> Exchange::choose_carrier()
{
    if (endpoint_->hook) return std::make_unique<HookRoundTrip>(*this);
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
        exchange->take_on(exchange->choose_carrier());
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
    decoding_ = endpoint_->compression && !endpoint_->hook && !request_.own_connection && request_.method != "HEAD";
    for (auto &header : request_.headers)
        if (strncasecmp(header.c_str(), "Accept-Encoding", 15) == 0 || strncasecmp(header.c_str(), "Range:", 6) == 0)
            decoding_ = false;
    former_carrier_ = std::exchange(round_trip_, std::move(round_trip));
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

// An encoding that was asked for here is undone here. Any other would have to be undone by somebody who does not expect
// it.
void Exchange::look_at_encoding()
{
    if (!decoding_) return;
    std::string all;
    for (auto &[name, value] : head_.headers)
        if (name == "content-encoding") all += (all.empty() ? "" : ", ") + value;
    if (all.empty() || strcasecmp(all.c_str(), "identity") == 0) return;
    if (strcasecmp(all.c_str(), "gzip") != 0 && strcasecmp(all.c_str(), "x-gzip") != 0)
        fail(K8SC_E_DECODE,
             concat("the answer has the content encoding ", quote(all), ", and gzip alone was asked for"));
    inflater_ = std::make_unique<Inflater>();
    // They are about what is no longer there.
    std::erase_if(head_.headers,
                  [](auto &header) { return header.first == "content-encoding" || header.first == "content-length"; });
}

void Exchange::deliver(std::string_view data)
{
    given_bytes_ += static_cast<int64_t>(data.size());
    if (request_.max_answer_bytes >= 0 && given_bytes_ > request_.max_answer_bytes)
        fail(K8SC_E_TOO_LARGE, concat("the answer is above the limit of ", std::to_string(request_.max_answer_bytes),
                                      " bytes for one answer"));
    int64_t began = now_us();
    if (!sink_->on_data(data)) paused_ = true;
    busy_us_ += now_us() - began;
}

// A small piece may be much work: bytes alone do not tell when others are due.
bool Exchange::is_others_turn()
{
    if (busy_us_ < longest_turn_us) return false;
    busy_us_ = 0;
    go_on_later();
    return true;
}

// False where something is left for later, or nobody wants it now.
bool Exchange::unpack()
{
    char piece[unpack_piece];
    for (size_t budget = unpack_budget / unpack_piece; is_running() && !paused_; budget--) {
        if (budget == 0) {
            go_on_later();
            return false;
        }
        if (is_others_turn()) return false;
        size_t size = inflater_->read(piece, sizeof piece);
        if (size == 0) return true;
        deliver({piece, size});
    }
    return false;
}

void Exchange::go_on_later()
{
    if (std::exchange(goes_on_later_, true)) return;
    io_loop_->next_round([self = Ref<Exchange>(this)] {
        assert_on_io_thread();
        self->goes_on_later_ = false;
        if (self->running_ && !self->paused_) self->resume();
    });
}

bool Exchange::came(std::string_view data)
{
    Ref<Exchange> self(this);
    if (!is_running()) return false;
    byte_came();
    bool more = false;
    guarded([&] {
        assert_on_io_thread();
        if (inflater_) {
            inflater_->feed(data);
            more = !paused_ && !goes_on_later_ && unpack();
        } else {
            deliver(data);
            more = !paused_ && !is_others_turn();
        }
    });
    return is_running() && more;
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

void Exchange::resume()
{
    Ref<Exchange> self(this);
    if (!is_running()) return;
    paused_ = false;
    byte_came();
    guarded([&] {
        assert_on_io_thread();
        if (inflater_ && !unpack()) return;
        if (complete_) return ended(nullptr);
        round_trip_->resume();
    });
}

// Only a stream that goes on without end is watched for silence; how it is asked is the connection's business where it
// can ask.
void Exchange::watch_silence()
{
    if (!request_.renew_when_silent || silence_timer_set_) return;
    if (request_.probe_after_ms < 0 || std::string_view(facts().http_version) == "2") return;
    silence_timer_set_ = true;
    silence_timer_ =
        io_loop_->at(last_byte_at_ + request_.probe_after_ms + request_.probe_timeout_ms, [self = Ref<Exchange>(this)] {
            assert_on_io_thread();
            self->silence_timer_set_ = false;
            if (self->running_) self->look_for_silence();
        });
}

void Exchange::look_for_silence()
{
    // It is this side that does not listen.
    if (paused_) byte_came();
    int64_t limit = request_.probe_after_ms + request_.probe_timeout_ms;
    if (now_ms() - last_byte_at_ < limit) return watch_silence();
    finish(std::make_unique<Error>(K8SC_E_TIMEOUT, "the connection was silent for " + std::to_string(limit) +
                                                       " ms, and no other request can share it to ask"));
}

void Exchange::watch_idle()
{
    if (request_.idle_timeout_ms < 0) return;
    idle_timer_set_ = true;
    int64_t due = request_.idle_timeout_ms > never - last_byte_at_ ? never : last_byte_at_ + request_.idle_timeout_ms;
    idle_timer_ = io_loop_->at(due, [self = Ref<Exchange>(this)] {
        assert_on_io_thread();
        self->idle_timer_set_ = false;
        if (!self->running_) return;
        if (self->paused_) self->byte_came();
        int64_t silent = now_ms() - self->last_byte_at_;
        if (silent < self->request_.idle_timeout_ms) return self->watch_idle();
        self->finish(std::make_unique<Error>(K8SC_E_TIMEOUT, "idle deadline: nothing was received for " +
                                                                 std::to_string(self->request_.idle_timeout_ms) +
                                                                 " ms"));
    });
}

void Exchange::detach()
{
    if (!running_) return;
    running_ = false;
    if (round_trip_) round_trip_->stop();
    if (idle_timer_set_) io_loop_->cancel_timer(idle_timer_);
    if (silence_timer_set_) io_loop_->cancel_timer(silence_timer_);
    idle_timer_set_ = silence_timer_set_ = false;
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
    if (former_carrier_) former_carrier_->add_facts(facts);
    if (round_trip_) round_trip_->add_facts(facts);
    return facts;
}

}  // namespace k8sc
