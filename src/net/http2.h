// An exchange as a stream of HTTP/2.
#pragma once

#include "net/http2_pool.h"
#include "net/io_thread.h"
#include "net/round_trip.h"

namespace k8sc {

class Exchange;

class Http2RoundTrip : public RoundTrip, private Http2Waiter {
  public:
    explicit Http2RoundTrip(Exchange &exchange) : exchange_(exchange) {}
    void start() override K8SC_REQUIRES(io_thread);
    void stop() override K8SC_REQUIRES(io_thread);
    void resume() override K8SC_REQUIRES(io_thread);
    bool is_unsent() const override;
    void add_facts(ExchangeFacts &facts) const override;

  private:
    void again() K8SC_REQUIRES(io_thread);

    const HttpRequest &request() const override;
    bool wants_gzip() const override;
    void placed(const Ref<Http2Connection> &connection, int32_t stream, bool opened) override K8SC_REQUIRES(io_thread);
    void not_placed(const Error &error) override K8SC_REQUIRES(io_thread);
    void came_head(HttpHead head) override K8SC_REQUIRES(io_thread);
    bool came_data(std::string_view data) override K8SC_REQUIRES(io_thread);
    void stream_ended(std::unique_ptr<Error> error) override K8SC_REQUIRES(io_thread);
    void stream_refused(std::string why) override K8SC_REQUIRES(io_thread);
    void wants_http1() override K8SC_REQUIRES(io_thread);

    Exchange &exchange_;  // that owns this
    Ref<Http2Pool> pool_;
    bool waiting_ = false;
    Ref<Http2Connection> connection_;  // that it is on
    int32_t stream_ = 0;
    int refusals_ = 0;
    bool stopped_ = false;
    IoLoop::TimerId timer_{};
    bool timer_set_ = false;
    int64_t began_at_us_ = 0;
    ExchangeFacts facts_;
};

}  // namespace k8sc
