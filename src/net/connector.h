// Opens a connection that HTTP/2 may be spoken on, and carries its bytes. curl finds the way and does TLS; what is said
// is not its business.
#pragma once

#include <curl/curl.h>
#include <openssl/ssl.h>

#include <functional>
#include <map>
#include <string>

#include "net/connection_options.h"
#include "net/endpoint.h"
#include "net/exchange_facts.h"
#include "net/io_loop.h"
#include "net/io_thread.h"

namespace k8sc {

// On the I/O thread.
class Connector {
  public:
    // `error` NULL: it is open.
    using Done = std::function<void(std::unique_ptr<Error> error)>;

    // `done` is called once, not before this returns and not after it is destroyed.
    Connector(const Ref<IoLoop> &io_loop, const Ref<Endpoint> &endpoint, const std::string &origin, Done done);
    ~Connector();
    Connector(const Connector &) = delete;
    Connector &operator=(const Connector &) = delete;

    // Whether the server agreed to speak HTTP/2.
    bool speaks_http2() const { return chosen_ == "h2"; }
    // What it agreed to, "" for nothing.
    const std::string &chosen() const { return chosen_; }

    enum class Step { some, later, closed };
    // `closed`: with the reason in `error()` where there is one.
    Step read(char *buffer, size_t size, size_t &length) K8SC_REQUIRES(io_thread);
    Step write(const char *data, size_t size, size_t &length) K8SC_REQUIRES(io_thread);
    const std::string &error() const { return io_error_; }
    // Calls `ready` when the socket can be read, and, where that is wanted, written.
    void watch(bool writing, const std::function<void()> &ready) K8SC_REQUIRES(io_thread);
    int32_t local_port() const;
    // What making the connection took.
    void add_facts(ExchangeFacts &facts) const;

  private:
    void set_up(const std::string &origin);
    void act(curl_socket_t socket, int events) K8SC_REQUIRES(io_thread);
    void look() K8SC_REQUIRES(io_thread);
    std::unique_ptr<Error> error_of(CURLcode code);
    static int on_socket(CURL *easy, curl_socket_t socket, int what, void *self, void *socket_data);
    static int on_timer(CURLM *multi, long timeout_ms, void *self);
    static CURLcode on_tls(CURL *easy, void *context, void *self);
    static void on_handshake(const SSL *tls, int where, int value);

    const Ref<IoLoop> io_loop_;
    const Ref<Endpoint> endpoint_;
    Done done_;
    ConnectionOptions options_;
    CURLM *multi_ = nullptr;
    CURL *easy_ = nullptr;
    bool added_ = false;
    int tls_contexts_ = 0;
    std::string chosen_;
    std::string io_error_;
    curl_socket_t socket_ = CURL_SOCKET_BAD;
    std::map<curl_socket_t, IoLoop::WatchId> watches_;
    IoLoop::TimerId timer_{};
    bool timer_set_ = false;
    char message_[CURL_ERROR_SIZE] = "";
};

}  // namespace k8sc
