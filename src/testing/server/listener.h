// The listening socket, the thread that accepts, and a thread for each connection.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <thread>

#include <openssl/ssl.h>

#include "testing/http/transport.h"

namespace k8sc::testing {

// A watch holds its thread for as long as it lasts, so there is no pool: as many threads as connections.
// start, stop and reserve are for one thread at a time.
class Listener {
  public:
    using Serve = std::function<void(Transport &)>;

    // Takes the port (0: any) without listening on it yet. `serve` may not throw; `tls` may be NULL.
    Listener(int port, Serve serve, SSL_CTX *tls);
    // Stops.
    ~Listener();
    Listener(const Listener &) = delete;
    Listener &operator=(const Listener &) = delete;

    // For the connections that are accepted from now on.
    void set_tls(SSL_CTX *tls);

    int port() const { return port_; }
    bool running() const { return accepter_.joinable(); }
    // Connections accepted so far.
    int64_t accepted() const { return accepted_; }

    // Takes the port again if it was given back, and accepts.
    void start();
    // Ends accepting, all connections and all threads. `keep_port`: nobody else gets the port, and who connects is
    // refused.
    void stop(bool keep_port);
    // Ends the connections there are, without waiting. By any thread.
    void disconnect();

  private:
    struct Session {
        std::thread thread;
        Transport *transport = nullptr;  // while it exists
        bool finished = false;
    };

    void bind_port();
    void accept_all();
    void open_session(int fd);
    void run_session(Session &session, int fd);
    void join_finished();

    int port_;
    const Serve serve_;
    int socket_ = -1;
    int stop_event_ = -1;
    std::thread accepter_;
    std::atomic<int64_t> accepted_ = 0;

    std::mutex mutex_;  // guards what follows
    SSL_CTX *tls_ = nullptr;
    std::list<Session> sessions_;
    bool stopping_ = false;
};

}  // namespace k8sc::testing
