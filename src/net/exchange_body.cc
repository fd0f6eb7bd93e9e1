// The body on its way to the sink: unpacked, paused, and in turns with the others on the I/O thread.
#include <strings.h>

#include "core/clock_us.h"
#include "net/exchange.h"

namespace k8sc {
namespace {

// How much is unpacked before the others on the thread have their turn.
constexpr size_t unpack_piece = 64 * 1024;
constexpr size_t unpack_budget = 1024 * 1024;

}  // namespace

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

}  // namespace k8sc
