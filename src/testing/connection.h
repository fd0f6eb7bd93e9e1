// One connection of a client: bytes over TCP, with or without TLS, under httplib's interface for streams.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

#include <httplib.h>
#include <openssl/ssl.h>

#include "user.h"

namespace k8sc::testing {

// Used by one thread, but for shut.
class Connection final : public httplib::Stream {
  public:
    // Owns the descriptor. `tls` NULL: plain.
    Connection(int fd, SSL_CTX *tls);
    ~Connection() override;
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    // The TLS handshake; at once true without TLS.
    bool handshake();
    // That the client showed a certificate of the authority that is trusted.
    std::optional<User> certificate() const;
    // Waits until the client has sent something. False: it has gone.
    bool wait_for_request();

    enum class Wake { event, timeout, gone };
    // Waits for the descriptor (-1: for nothing) to become readable, that long (-1: without end), or until the client goes.
    Wake wait(int event_fd, int64_t timeout_ms);

    // The connection is to end after what is being done now: with a reset, or in the middle as it is.
    void reset();
    void cut() { ended_ = true; }
    bool ended() const { return ended_; }

    // Says goodbye, where the protocol has a word for it and the end is an orderly one.
    void finish();

    // Makes whatever waits for the client, now and later, find that it has gone. By any thread, while the owner lives.
    void shut();

    bool is_readable() const override { return true; }
    bool is_writable() const override { return !ended_; }
    ssize_t read(char *data, size_t size) override;
    ssize_t write(const char *data, size_t size) override;
    void get_remote_ip_and_port(std::string &ip, int &port) const override;
    void get_local_ip_and_port(std::string &ip, int &port) const override;
    // Only compared with select's limit, which does not bind us: there is no select here.
    socket_t socket() const override { return 0; }

  private:
    ssize_t receive(char *data, size_t size);

    const int fd_;
    SSL *tls_ = nullptr;
    bool ended_ = false;
    bool reset_ = false;
    // httplib reads the head of a request byte by byte.
    char buffer_[16384];
    size_t begin_ = 0;
    size_t end_ = 0;
};

}  // namespace k8sc::testing
