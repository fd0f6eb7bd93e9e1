// HTTP/1.1 or HTTP/2, whichever the client speaks.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "testing/http/connection.h"
#include "testing/http/reply.h"
#include "testing/http/request.h"
#include "testing/http/transport.h"

namespace k8sc::testing {

// What is to happen to a stream of HTTP/2 when its request begins.
struct StreamFault {
    enum class How {
        goaway_before,  // neither it nor any above it is served, and the connection ends when those below have been
        goaway_after,   // it is the last that is served
        reset_stream,   // it is not served
    } how = How::reset_stream;
    uint32_t error_code = 0;  // of a reset
};

// Who answers. Called by many threads, and may not throw.
struct Handlers {
    // When the head of a request has come, of HTTP/2 before its body. Only HTTP/2 can do what is answered.
    std::function<std::optional<StreamFault>(Request &)> begin;
    // When all of it has.
    std::function<Reply(Request &, Connection &)> answer;
};

// How HTTP/2 is spoken.
struct Http2Options {
    bool enabled = true;
    uint32_t max_streams = 250;  // at the same time on a connection
    int64_t upload_window =
        -1;  // bytes that a request's body may have; it never opens any further. -1: it opens as it should
    bool answers_pings = true;
};

class Http {
  public:
    Http(Handlers handlers, Http2Options http2) : handlers_(std::move(handlers)), http2_(http2) {}

    // Answers one request after the other until the client or the server has had enough.
    void serve(Transport &transport) const;

  private:
    const Handlers handlers_;
    const Http2Options http2_;
};

// Up to this size Go's server buffers a body and tells its length; what is larger comes in pieces.
constexpr size_t buffered_body = 2048;

using Headers = std::vector<std::pair<std::string, std::string>>;
// Those of an answer, as they are the same in both protocols. Content-Length is among them where it is known.
Headers headers_of(const Reply &reply);
// An answer to HEAD has none, and some codes have none.
bool may_have_body(const Request &request, const Reply &reply);
// The body of an answer that is not known as a whole.
std::unique_ptr<Body> body_of(Reply &reply);

}  // namespace k8sc::testing
