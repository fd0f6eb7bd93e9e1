// The client that a request came from, as whoever answers it sees it, whichever protocol it speaks.
#pragma once

#include <cstdint>
#include <optional>

#include "testing/http/user.h"

namespace k8sc::testing {

// Of HTTP/1.1 a connection, of HTTP/2 one of its streams. Used by the thread that answers.
class Connection {
  public:
    virtual ~Connection() = default;

    // That the client showed a certificate of the authority that is trusted.
    virtual std::optional<User> certificate() const = 0;

    enum class Wake { event, timeout, gone };
    // Waits for the descriptor (-1: for nothing) to become readable, that long (-1: without end), or until the client
    // goes, or resets the stream.
    virtual Wake wait(int event_fd, int64_t timeout_ms) = 0;

    // The connection, with all its streams, is to end after what is being sent now: with a reset of TCP, or in the
    // middle as it is. Nothing happens where the client has gone.
    virtual void reset() = 0;
    virtual void cut() = 0;
    // Nobody waits for the answer any more.
    virtual bool ended() const = 0;

    // Of HTTP/2 only: the stream ends with this error code behind what was sent of it, or so many frames (-1: without
    // end) of no data come next.
    virtual void reset_stream(uint32_t error_code) = 0;
    virtual void send_empty_frames(int64_t count) = 0;
};

}  // namespace k8sc::testing
