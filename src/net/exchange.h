// One HTTP request and its answer, once: no retry, no meaning.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/ref.h"
#include "net/hook.h"
#include "net/proxy.h"
#include "net/exchange_facts.h"
#include "net/transport.h"

namespace k8sc {

// How to reach a server and how to trust it. Shared by all requests of a client.
struct EndpointSettings {
    std::string ca_pem;
    std::string certificate_pem;
    std::string key_pem;
    bool insecure = false;
    bool http2 = true;
    bool compression = true;
    Proxy proxy;
    std::string unix_socket;
    std::string bind_address;
    int tls_min = 0, tls_max = 0;
    std::string tls12_ciphers, tls13_suites;
    std::string server_key_pins;
    // Where the name in the URL is not the host to connect to: "name:port:host:port" for curl.
    std::string connect_to;
    int64_t connect_timeout_ms = 30000;
    Ref<Hook> hook;  // answers instead of the network

    // On the I/O thread: whether an answer ever came by HTTP/2; and whether, before one did, a connection that was to speak it was lost.
    bool http2_answered = false, http2_broken = false;
};

// Never changed: a client that learns something new makes another.
struct Endpoint : RefCounted, EndpointSettings {
    Endpoint() = default;
    explicit Endpoint(const EndpointSettings &settings) : EndpointSettings(settings) {}
};

struct HttpRequest {
    std::string method;
    std::string url;
    std::vector<std::string> headers;  // "Name: value"
    std::string body;
    // A body that is read as slowly as its reader likes must not hold up the others on its connection.
    bool own_connection = false;
    // Not on a connection that is there already.
    bool fresh_connection = false;
    int64_t idle_timeout_ms = -1;
    // A stream that may be silent for long, and whose peer is asked for a sign of life when its connection was silent for so long, by
    // a request for `probe_url`; -1: never. On a connection that no other request can share, it may end when both times are over.
    int64_t probe_after_ms = -1;
    int64_t probe_timeout_ms = 0;
    std::string probe_url;
    bool renew_when_silent = false;
};

struct HttpHead {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers;  // names in lower case

    // The first header of that (lower-case) name, or NULL.
    const std::string *header(std::string_view name) const;
};

// All calls on the I/O thread.
class ExchangeSink {
  public:
    // The status line and headers of the final answer. What it throws ends the exchange.
    virtual void on_head(const HttpHead &head) = 0;
    // A piece of the body. Answer false to be given no more until Exchange::resume. What it throws ends the exchange.
    virtual bool on_data(std::string_view data) = 0;
    // The last call. `error` is NULL where the answer is complete.
    virtual void on_end(const Error *error) = 0;

  protected:
    ~ExchangeSink() = default;
};

class Exchange : public RefCounted {
  public:
    // On the I/O thread. The sink must live until on_end or cancel.
    static Ref<Exchange> start(Ref<Transport> transport, Ref<Endpoint> endpoint, HttpRequest request, ExchangeSink *sink);
    // On the I/O thread: ends at once, without on_end. Does nothing where it has ended.
    void cancel();
    // On the I/O thread: ends now, with on_end. Does nothing where it has ended.
    void fail_with(const Error &error) { finish(std::make_unique<Error>(error)); }
    // The connection it is on; NULL where that is not known, or there is none.
    const std::shared_ptr<Line> &line() const { return line_; }
    // On the I/O thread: goes on after on_data answered false.
    void resume();
    // On the I/O thread, at any time.
    ExchangeFacts facts() const;

  private:
    friend class Transport;

    Exchange(Ref<Transport> transport, Ref<Endpoint> endpoint, HttpRequest request, ExchangeSink *sink);
    ~Exchange() override;
    void set_up();
    void set_up_tls();
    void set_up_way();
    void start_hook();
    void take_from_hook();
    void set_up_compression();
    void finished(CURLcode code);
    void finish(std::unique_ptr<Error> error);
    void detach();
    void watch_idle();
    void watch_silence();
    void look_for_silence();
    void byte_came();
    void header_line(std::string_view line);
    Error curl_error(CURLcode code) const;
    void learn_http2(const Error &error);
    std::unique_ptr<Error> proxy_refusal() const;
    Error on_the_way(Error error) const;
    static size_t on_header(char *data, size_t size, size_t count, void *self);
    static size_t on_body(char *data, size_t size, size_t count, void *self);
    static int on_request(void *self, char *peer_ip, char *local_ip, int peer_port, int local_port);
    static int on_socket(void *self, curl_socket_t socket, curlsocktype purpose);

    Ref<Transport> transport_;
    Ref<Endpoint> endpoint_;
    HttpRequest request_;
    ExchangeSink *sink_;
    Ref<HookCall> hook_call_;  // instead of the next
    CURL *easy_ = nullptr;
    curl_slist *headers_ = nullptr;
    curl_slist *connect_to_ = nullptr;
    HttpHead head_;
    bool head_given_ = false;
    bool http2_ = false;  // it may be spoken
    bool decoding_ = false;
    bool sent_ = false;
    bool running_ = false;
    bool paused_ = false;
    std::unique_ptr<Error> failure_;  // thrown by the sink
    int64_t last_byte_at_ = 0;
    Transport::TimerId idle_timer_{};
    bool idle_timer_set_ = false;
    std::shared_ptr<Line> line_;
    Transport::TimerId silence_timer_{};
    bool silence_timer_set_ = false;
    char message_[CURL_ERROR_SIZE] = "";
};

}  // namespace k8sc
