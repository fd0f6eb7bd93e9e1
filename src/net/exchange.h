// One HTTP request and its answer, once: no retry, no meaning.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/ref.h"
#include "net/endpoint.h"
#include "net/exchange_facts.h"
#include "net/inflate.h"
#include "net/io_loop.h"
#include "net/io_thread.h"
#include "net/round_trip.h"
#include "net/timer.h"

namespace k8sc {

struct HttpRequest {
    std::string method;
    std::string url;
    std::vector<std::string> headers;  // "Name: value"; "Name:" for none of that name
    std::string body;
    // A body that is read as slowly as its reader likes must not hold up the others on its connection.
    bool own_connection = false;
    // Not on a connection that is there already.
    bool fresh_connection = false;
    int64_t idle_timeout_ms = -1;
    // A stream that may be silent for long, and whose peer is asked for a sign of life when its connection was silent
    // for so long; -1: never. On a connection that cannot ask, it may end when both times are over.
    int64_t probe_after_ms = -1;
    int64_t probe_timeout_ms = 0;
    bool renew_when_silent = false;
    int64_t max_answer_bytes = -1;  // of the body, unpacked; -1: no limit
};

struct HttpHead {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers;  // names in lower case

    // The first header of that (lower-case) name, or NULL.
    const std::string *header(std::string_view name) const;
};

// All calls on the I/O thread.
class ExchangeSink {
  public:
    // The status line and headers of the final answer. What it throws ends the exchange.
    virtual void on_head(const HttpHead &head) K8SC_REQUIRES(io_thread) = 0;
    // A piece of the body. Answer false to be given no more until Exchange::resume. What it throws ends the exchange.
    virtual bool on_data(std::string_view data) K8SC_REQUIRES(io_thread) = 0;
    // The last call. `error` is NULL where the answer is complete.
    virtual void on_end(const Error *error) K8SC_REQUIRES(io_thread) = 0;

  protected:
    ~ExchangeSink() = default;
};

class Exchange : public RefCounted {
  public:
    // On the I/O thread, as all that follows. The sink must live until on_end or cancel.
    static Ref<Exchange> start(Ref<IoLoop> io_loop, Ref<Endpoint> endpoint, HttpRequest request, ExchangeSink *sink)
        K8SC_REQUIRES(io_thread);
    // Ends at once, without on_end. Does nothing where it has ended.
    void cancel() K8SC_REQUIRES(io_thread);
    // Ends now, with on_end. Does nothing where it has ended.
    void fail_with(const Error &error) K8SC_REQUIRES(io_thread) { finish(copy_of(error)); }
    // Goes on after on_data answered false.
    void resume() K8SC_REQUIRES(io_thread);
    // What has come is all that is wanted: ends soon, as a complete answer does.
    void stop_on_io_thread() K8SC_REQUIRES(io_thread) { end_soon(nullptr); }
    // At any time.
    ExchangeFacts facts() const;
    // That nothing of the request has left this process.
    bool is_unsent() const { return !round_trip_ || round_trip_->is_unsent(); }

    // For round trips.
    const Ref<IoLoop> &io_loop() const { return io_loop_; }
    const Ref<Endpoint> &endpoint() const { return endpoint_; }
    const HttpRequest &request() const { return request_; }
    bool is_running() const { return running_ && !ending_; }
    bool wants_gzip() const { return decoding_; }
    // Something arrived, whatever it was.
    void byte_came() K8SC_REQUIRES(io_thread);
    // The head of the final answer. False: the exchange has ended.
    bool came_head(HttpHead head) K8SC_REQUIRES(io_thread);
    // A piece of the body, as it is on the wire. False: no more until RoundTrip::resume, or the exchange has ended.
    bool came(std::string_view data) K8SC_REQUIRES(io_thread);
    // There is no more: NULL where the answer is complete.
    void ended(std::unique_ptr<Error> error) K8SC_REQUIRES(io_thread);
    // The server cannot be talked to by HTTP/2: the request, of which nothing was processed, goes another way. `why`:
    // for whoever looks on.
    void go_by_http1(std::string why) K8SC_REQUIRES(io_thread);

  private:
    Exchange(Ref<IoLoop> io_loop, Ref<Endpoint> endpoint, HttpRequest request, ExchangeSink *sink);
    ~Exchange() override;
    std::unique_ptr<RoundTrip> choose_round_trip() K8SC_REQUIRES(io_thread);
    void take_on(std::unique_ptr<RoundTrip> round_trip) K8SC_REQUIRES(io_thread);
    void look_at_encoding() K8SC_REQUIRES(io_thread);
    void deliver(std::string_view data) K8SC_REQUIRES(io_thread);
    bool unpack() K8SC_REQUIRES(io_thread);
    void go_on_later() K8SC_REQUIRES(io_thread);
    bool is_others_turn() K8SC_REQUIRES(io_thread);
    void finish(std::unique_ptr<Error> error) K8SC_REQUIRES(io_thread);
    void end_soon(std::unique_ptr<Error> error) K8SC_REQUIRES(io_thread);
    void detach() K8SC_REQUIRES(io_thread);
    void watch_idle() K8SC_REQUIRES(io_thread);
    void watch_silence() K8SC_REQUIRES(io_thread);
    void look_for_silence() K8SC_REQUIRES(io_thread);
    // Ends the exchange with what `step` throws.
    template <class Step>
    bool guarded(Step &&step);

    Ref<IoLoop> io_loop_;
    Ref<Endpoint> endpoint_;
    HttpRequest request_;
    ExchangeSink *sink_;
    std::unique_ptr<RoundTrip> round_trip_, former_round_trip_;
    HttpHead head_;
    bool head_given_ = false;
    bool decoding_ = false;  // gzip was asked for on behalf of the caller
    std::unique_ptr<Inflater> inflater_;
    bool goes_on_later_ = false;
    int64_t busy_us_ = 0;    // with what came, since others had their turn
    bool complete_ = false;  // all has come, and not all of it was unpacked
    int64_t given_bytes_ = 0;
    bool running_ = false;
    bool starting_ = false;
    bool ending_ = false;  // soon
    std::unique_ptr<Error> ended_with_;
    bool paused_ = false;  // by the sink
    int64_t last_byte_at_ = 0;
    Timer idle_timer_, silence_timer_;
    std::string fallback_;
};

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

}  // namespace k8sc
