// How one exchange travels: over HTTP/1.1, as a stream of HTTP/2, or by a function of the user's. All on the I/O
// thread.
#pragma once

#include <stddef.h>

#include "net/exchange_facts.h"
#include "net/io_thread.h"

namespace k8sc {

// Of all header lines and trailers of an answer.
constexpr size_t most_header_bytes = 256 << 10;

class RoundTrip {
  public:
    virtual ~RoundTrip() = default;
    // May tell the exchange at once that it ended. What it throws ends the exchange.
    virtual void start() K8SC_REQUIRES(io_thread) = 0;
    // The exchange is told nothing more.
    virtual void stop() K8SC_REQUIRES(io_thread) = 0;
    // After Exchange::came answered false.
    virtual void resume() K8SC_REQUIRES(io_thread) = 0;
    // What is under way cannot begin or end anything else: the exchange ends a moment later.
    virtual bool is_inside() const { return false; }
    // That nothing of the request has left this process.
    virtual bool is_unsent() const { return false; }
    virtual void add_facts(ExchangeFacts &facts) const { (void)facts; }
};

}  // namespace k8sc
