// One connection of a client: bytes over TCP, with or without TLS.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <openssl/ssl.h>

#include "testing/http/connection.h"
#include "testing/http/user.h"

namespace k8sc::testing {

// Used by one thread, but for shut.
class Transport {
  public:
    // Owns the descriptor. `tls` NULL: plain.
    Transport(int fd, SSL_CTX *tls);
    ~Transport();
    Transport(const Transport &) = delete;
    Transport &operator=(const Transport &) = delete;

    // The TLS handshake; at once true without TLS.
    bool handshake();
    bool has_tls() const { return tls_ != nullptr; }
    // What the handshake has agreed upon (ALPN): "h2", "http/1.1", or nothing.
    std::string_view protocol() const;
    // That the client showed a certificate of the authority that is trusted.
    std::optional<User> certificate() const;

    // Reading and writing no longer wait.
    void set_nonblocking();
    // How much was read or written; 0 where that would have to wait; nothing where the client has gone.
    std::optional<size_t> read(char *data, size_t size);
    std::optional<size_t> write(std::string_view data);
    // All of it, while writing waits. False: the client has gone.
    bool write_all(std::string_view data);
    // What the last read or write would have to wait for: POLLIN, POLLOUT, or 0.
    short awaited() const { return awaited_; }

    using Wake = Connection::Wake;
    // Waits for the descriptor (-1: for nothing) to become readable, that long (-1: without end), or until the client
    // goes.
    Wake wait(int event_fd, int64_t timeout_ms);
    // Waits for these events of the connection itself or for the descriptor, that long.
    void wait_for(short events, int event_fd, int64_t timeout_ms);

    // The connection is to end after what is being done now: with a reset, or in the middle as it is.
    void reset();
    void cut() { ended_ = true; }
    bool ended() const { return ended_; }

    // Says goodbye, where the protocol has a word for it and the end is an orderly one.
    void finish();
    // Sends nothing more, and waits a moment for the client to have read all: what it still sends would otherwise reset
    // the connection.
    void drain();
    // The same, without a goodbye.
    void drain_cut();

    // Makes whatever waits for the client, now and later, find that it has gone. By any thread, while the owner lives.
    void shut();

  private:
    std::optional<size_t> failed(int result);

    const int fd_;
    SSL *tls_ = nullptr;
    bool ended_ = false;
    bool reset_ = false;
    short awaited_ = 0;
};

}  // namespace k8sc::testing
