// An exchange over HTTP/1.1, by curl.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string_view>

#include "core/error.h"
#include "net/connection_options.h"
#include "net/exchange.h"
#include "net/io_thread.h"
#include "net/round_trip.h"

namespace k8sc {

class Http1RoundTrip : public RoundTrip {
  public:
    explicit Http1RoundTrip(Exchange &exchange) : exchange_(exchange) {}
    ~Http1RoundTrip() override;
    void start() override K8SC_REQUIRES(io_thread);
    void stop() override K8SC_REQUIRES(io_thread);
    void resume() override K8SC_REQUIRES(io_thread);
    bool is_inside() const override { return in_callback_; }
    bool is_unsent() const override { return !sent_; }
    void add_facts(ExchangeFacts &facts) const override;

    // curl has done with it.
    void finished(CURLcode code) K8SC_REQUIRES(io_thread);

  private:
    void set_up() K8SC_REQUIRES(io_thread);
    void set_up_request() K8SC_REQUIRES(io_thread);
    void count_header(size_t size) K8SC_REQUIRES(io_thread);
    void header_line(std::string_view line) K8SC_REQUIRES(io_thread);
    bool goes_on() const K8SC_REQUIRES(io_thread) { return added_ && exchange_.is_running(); }
    std::unique_ptr<Error> error_of(CURLcode code) K8SC_REQUIRES(io_thread);
    size_t fails(const Error &error) K8SC_REQUIRES(io_thread);
    static size_t on_header(char *data, size_t size, size_t count, void *self);
    static size_t on_body(char *data, size_t size, size_t count, void *self);
    static int on_request(void *self, char *peer_ip, char *local_ip, int peer_port, int local_port);

    Exchange &exchange_;  // that owns this
    ConnectionOptions options_;
    CURL *easy_ = nullptr;
    curl_slist *headers_ = nullptr;
    HttpHead head_;
    size_t header_bytes_ = 0;
    bool head_given_ = false;
    bool added_ = false;
    bool sent_ = false;
    bool in_callback_ = false;        // of curl, which cannot let go of its handle meanwhile
    std::unique_ptr<Error> failure_;  // that curl is told to end with
    char message_[CURL_ERROR_SIZE] = "";
};

}  // namespace k8sc
