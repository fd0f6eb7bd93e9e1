// HTTP/1.1 on a connection: one request after the other.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "testing/http/connection.h"
#include "testing/http/http.h"
#include "testing/http/http1_parser.h"
#include "testing/http/transport.h"

namespace k8sc::testing {

class Http1 final : public Connection {
  public:
    Http1(Transport &transport, const Handlers &handlers) : transport_(transport), handlers_(handlers) {}

    // Until either has had enough. `received` is what was read already.
    void serve(std::string received);

    std::optional<User> certificate() const override { return transport_.certificate(); }
    Wake wait(int event_fd, int64_t timeout_ms) override { return transport_.wait(event_fd, timeout_ms); }
    void reset() override { transport_.reset(); }
    void cut() override { transport_.cut(); }
    bool ended() const override { return transport_.ended(); }
    void reset_stream(uint32_t) override {}
    void send_empty_frames(int64_t) override {}

  private:
    std::optional<Request> read(RequestParser &parser);
    void refuse(const RequestParser &parser);
    // True where another request may follow.
    bool answer(Request &request, bool keeps_alive, bool version_10);
    void send_body(Body &body, bool in_chunks);

    Transport &transport_;
    const Handlers &handlers_;
    std::string received_;
};

}  // namespace k8sc::testing
