#include "net/exchange.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "core/clock.h"
#include "net/probe.h"

namespace k8sc {
namespace {

// A peer that is gone without a word is found out after about 30 seconds: 15 idle, then three probes 5 seconds apart.
constexpr long keepalive_idle_s = 15;
constexpr long keepalive_interval_s = 5;
constexpr int keepalive_probes = 3;
constexpr int unacknowledged_ms = 30000;

void set(CURL *easy, CURLoption option, const std::string &text)
{
    if (curl_easy_setopt(easy, option, text.c_str()) != CURLE_OK) throw std::bad_alloc();
}

void set_blob(CURL *easy, CURLoption option, const std::string &text)
{
    // Borrowed: the endpoint outlives the exchange.
    curl_blob blob = {const_cast<char *>(text.data()), text.size(), CURL_BLOB_NOCOPY};
    if (curl_easy_setopt(easy, option, &blob) != CURLE_OK) throw std::bad_alloc();
}

void append(curl_slist *&list, const std::string &text)
{
    curl_slist *longer = curl_slist_append(list, text.c_str());
    if (!longer) throw std::bad_alloc();
    list = longer;
}

}  // namespace

const std::string *HttpHead::header(std::string_view name) const
{
    for (auto &header : headers)
        if (header.first == name) return &header.second;
    return nullptr;
}

Exchange::Exchange(Ref<Transport> transport, Ref<Endpoint> endpoint, HttpRequest request, ExchangeSink *sink)
    : transport_(std::move(transport)), endpoint_(std::move(endpoint)), request_(std::move(request)), sink_(sink)
{
}

Exchange::~Exchange()
{
    if (easy_) curl_easy_cleanup(easy_);
    curl_slist_free_all(headers_);
    curl_slist_free_all(connect_to_);
}

Ref<Exchange> Exchange::start(Ref<Transport> transport, Ref<Endpoint> endpoint, HttpRequest request, ExchangeSink *sink)
{
    Ref<Exchange> exchange(new Exchange(transport, endpoint, std::move(request), sink));
    if (endpoint->hook) {
        exchange->start_hook();
        return exchange;
    }
    exchange->set_up();
    transport->exchanges_.insert(exchange.get());
    exchange->retain();
    exchange->running_ = true;
    CURLMcode code = curl_multi_add_handle(transport->multi_, exchange->easy_);
    if (code != CURLM_OK) {
        exchange->cancel();
        fail(K8SC_E_INTERNAL, concat("curl_multi_add_handle: ", curl_multi_strerror(code)));
    }
    exchange->last_byte_at_ = now_ms();
    exchange->watch_idle();
    return exchange;
}

void Exchange::start_hook()
{
    hook_call_ = make<HookCall>(request_, [self = Ref<Exchange>(this)] { self->transport_->post([self] { self->take_from_hook(); }); });
    transport_->exchanges_.insert(this);
    retain();
    running_ = true;
    last_byte_at_ = now_ms();
    watch_idle();
    try {
        endpoint_->hook->start(hook_call_);
    } catch (...) {
        cancel();
        throw;
    }
}

void Exchange::take_from_hook()
{
    Ref<Exchange> self(this);
    try {
        while (running_ && !paused_) {
            std::string data;
            std::unique_ptr<Error> error;
            auto step = hook_call_->take(head_, data, error);
            if (step == HookCall::Step::nothing) return;
            last_byte_at_ = now_ms();
            if (step == HookCall::Step::end) return finish(std::move(error));
            if (step == HookCall::Step::head)
                sink_->on_head(head_);
            else
                paused_ = !sink_->on_data(data);
        }
    } catch (Error &error) {
        finish(std::make_unique<Error>(std::move(error)));
    } catch (const std::bad_alloc &) {
        finish(std::make_unique<Error>(K8SC_E_NOMEM, "out of memory"));
    }
}

void Exchange::set_up()
{
    easy_ = curl_easy_init();
    if (!easy_) throw std::bad_alloc();
    curl_easy_setopt(easy_, CURLOPT_PRIVATE, this);
    curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, message_);
    curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
    // A name that is still being looked up must not hold up the thread when its exchange is cancelled.
    curl_easy_setopt(easy_, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy_, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS,
                     endpoint_->connect_timeout_ms < 0 ? long(INT32_MAX) : static_cast<long>(std::max<int64_t>(1, endpoint_->connect_timeout_ms)));
    curl_easy_setopt(easy_, CURLOPT_BUFFERSIZE, 128L * 1024);
    curl_easy_setopt(easy_, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy_, CURLOPT_TCP_KEEPIDLE, keepalive_idle_s);
    curl_easy_setopt(easy_, CURLOPT_TCP_KEEPINTVL, keepalive_interval_s);
    curl_easy_setopt(easy_, CURLOPT_SOCKOPTFUNCTION, &Exchange::on_socket);
    curl_easy_setopt(easy_, CURLOPT_SOCKOPTDATA, this);
    curl_easy_setopt(easy_, CURLOPT_OPENSOCKETFUNCTION, &Transport::open_socket);
    curl_easy_setopt(easy_, CURLOPT_OPENSOCKETDATA, transport_.get());
    curl_easy_setopt(easy_, CURLOPT_CLOSESOCKETFUNCTION, &Transport::close_socket);
    curl_easy_setopt(easy_, CURLOPT_CLOSESOCKETDATA, transport_.get());
    curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &Exchange::on_header);
    curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &Exchange::on_body);
    curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(easy_, CURLOPT_PREREQFUNCTION, &Exchange::on_request);
    curl_easy_setopt(easy_, CURLOPT_PREREQDATA, this);
    set(easy_, CURLOPT_URL, request_.url);

    set(easy_, CURLOPT_CUSTOMREQUEST, request_.method);
    if (!request_.body.empty() || request_.method == "POST" || request_.method == "PUT" || request_.method == "PATCH") {
        curl_easy_setopt(easy_, CURLOPT_POST, 1L);
        curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
        curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, request_.body.data());
        append(headers_, "Expect:");
    }
    if (request_.method == "HEAD") curl_easy_setopt(easy_, CURLOPT_NOBODY, 1L);
    for (auto &header : request_.headers) append(headers_, header);
    curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, headers_);

    http2_ = endpoint_->http2 && !endpoint_->http2_broken && !request_.own_connection && request_.url.starts_with("https:");
    curl_easy_setopt(easy_, CURLOPT_HTTP_VERSION, static_cast<long>(http2_ ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
    if (!http2_) curl_easy_setopt(easy_, CURLOPT_SHARE, transport_->serial_);
    if (http2_ && !request_.fresh_connection) curl_easy_setopt(easy_, CURLOPT_PIPEWAIT, 1L);
    if (request_.own_connection || request_.fresh_connection) curl_easy_setopt(easy_, CURLOPT_FRESH_CONNECT, 1L);
    if (request_.own_connection) curl_easy_setopt(easy_, CURLOPT_FORBID_REUSE, 1L);
    set_up_compression();
    set_up_way();
    set_up_tls();
}

// As Go's transport asks for it: not where the caller speaks of encodings or ranges himself. A body that is read slowly comes plain:
// what a pause leaves in curl's hands would grow when it is unpacked.
void Exchange::set_up_compression()
{
    if (!endpoint_->compression || request_.own_connection || request_.method == "HEAD") return;
    for (auto &header : request_.headers)
        if (strncasecmp(header.c_str(), "Accept-Encoding", 15) == 0 || strncasecmp(header.c_str(), "Range:", 6) == 0) return;
    set(easy_, CURLOPT_ACCEPT_ENCODING, "gzip");
    decoding_ = true;
}

// Where the connection goes, and from where.
void Exchange::set_up_way()
{
    const Proxy &proxy = endpoint_->proxy;
    // The environment was read when the client was made; "" keeps curl from reading it.
    set(easy_, CURLOPT_PROXY, proxy.set() ? proxy.shown() : "");
    set(easy_, CURLOPT_NOPROXY, "");
    if (proxy.set()) {
        // To curl, "socks5" would mean that names are looked up on this side.
        if (proxy.kind == Proxy::Kind::socks5) set(easy_, CURLOPT_PROXY, "socks5h" + proxy.shown().substr(6));
        curl_easy_setopt(easy_, CURLOPT_PROXY_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
        curl_easy_setopt(easy_, CURLOPT_PROXYAUTH, static_cast<long>(CURLAUTH_BASIC));
        curl_easy_setopt(easy_, CURLOPT_SOCKS5_AUTH, static_cast<long>(CURLAUTH_BASIC));
        if (proxy.has_user) {
            set(easy_, CURLOPT_PROXYUSERNAME, proxy.user);
            set(easy_, CURLOPT_PROXYPASSWORD, proxy.password);
        }
        // What a proxy says to CONNECT is no answer of the server's.
        curl_easy_setopt(easy_, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    }
    if (!endpoint_->unix_socket.empty()) set(easy_, CURLOPT_UNIX_SOCKET_PATH, endpoint_->unix_socket);
    if (!endpoint_->bind_address.empty()) {
        unsigned char address[16];
        const char *text = endpoint_->bind_address.c_str();
        bool is_address = inet_pton(AF_INET, text, address) == 1 || inet_pton(AF_INET6, text, address) == 1;
        set(easy_, CURLOPT_INTERFACE, concat(is_address ? "host!" : "if!", text));
    }
}

void Exchange::set_up_tls()
{
    if (!request_.url.starts_with("https:")) return;
    long most = endpoint_->tls_max == 12 ? CURL_SSLVERSION_MAX_TLSv1_2 : CURL_SSLVERSION_MAX_DEFAULT;
    curl_easy_setopt(easy_, CURLOPT_SSLVERSION, (endpoint_->tls_min == 13 ? CURL_SSLVERSION_TLSv1_3 : CURL_SSLVERSION_TLSv1_2) | most);
    if (!endpoint_->tls12_ciphers.empty()) set(easy_, CURLOPT_SSL_CIPHER_LIST, endpoint_->tls12_ciphers);
    if (!endpoint_->tls13_suites.empty()) set(easy_, CURLOPT_TLS13_CIPHERS, endpoint_->tls13_suites);
    if (!endpoint_->server_key_pins.empty()) set(easy_, CURLOPT_PINNEDPUBLICKEY, endpoint_->server_key_pins);
    if (!endpoint_->connect_to.empty()) {
        append(connect_to_, endpoint_->connect_to);
        curl_easy_setopt(easy_, CURLOPT_CONNECT_TO, connect_to_);
    }
    if (endpoint_->insecure) {
        curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYPEER, 0L);
        curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYHOST, 0L);
    } else if (!endpoint_->ca_pem.empty()) {
        set_blob(easy_, CURLOPT_CAINFO_BLOB, endpoint_->ca_pem);
        // Only these are trusted, not the system's as well.
        curl_easy_setopt(easy_, CURLOPT_CAPATH, nullptr);
    }
    if (!endpoint_->certificate_pem.empty()) {
        set_blob(easy_, CURLOPT_SSLCERT_BLOB, endpoint_->certificate_pem);
        set_blob(easy_, CURLOPT_SSLKEY_BLOB, endpoint_->key_pem);
        curl_easy_setopt(easy_, CURLOPT_SSLCERTTYPE, "PEM");
        curl_easy_setopt(easy_, CURLOPT_SSLKEYTYPE, "PEM");
    }
}

int Exchange::on_socket(void *, curl_socket_t socket, curlsocktype)
{
    // curl sets the rest of the keepalive; these it has no option for. Unix sockets refuse them, which does not matter.
    setsockopt(socket, IPPROTO_TCP, TCP_KEEPCNT, &keepalive_probes, sizeof keepalive_probes);
    setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &unacknowledged_ms, sizeof unacknowledged_ms);
    return CURL_SOCKOPT_OK;
}

// curl sends a request again by itself where a connection that it had used before is lost without an answer. What may have changed
// something must not be sent twice.
int Exchange::on_request(void *self, char *peer_ip, char *local_ip, int peer_port, int local_port)
{
    auto exchange = static_cast<Exchange *>(self);
    bool harmless = exchange->request_.method == "GET" || exchange->request_.method == "HEAD";
    if (exchange->sent_ && !harmless) {
        exchange->failure_ = std::make_unique<Error>(K8SC_E_TRANSPORT, "the connection was lost before an answer came");
        return CURL_PREREQFUNC_ABORT;
    }
    exchange->sent_ = true;
    try {
        exchange->line_ = exchange->transport_->lines_.find(local_ip, local_port, peer_ip, peer_port);
        exchange->watch_silence();
    } catch (const std::bad_alloc &) {
        exchange->failure_ = std::make_unique<Error>(K8SC_E_NOMEM, "out of memory");
        return CURL_PREREQFUNC_ABORT;
    }
    return CURL_PREREQFUNC_OK;
}

void Exchange::byte_came()
{
    last_byte_at_ = now_ms();
    if (line_) line_->last_byte_at = last_byte_at_;
}

void Exchange::watch_silence()
{
    if (request_.probe_after_ms < 0 || !line_ || silence_timer_set_) return;
    silence_timer_set_ = true;
    silence_timer_ = transport_->at(std::max(line_->last_byte_at, last_byte_at_) + request_.probe_after_ms, [self = Ref<Exchange>(this)] {
        self->silence_timer_set_ = false;
        if (self->running_) self->look_for_silence();
    });
}

void Exchange::look_for_silence()
{
    // It is this side that does not listen.
    if (paused_) last_byte_at_ = now_ms();
    int64_t now = now_ms(), silent = now - std::max(line_->last_byte_at, last_byte_at_);
    if (silent < request_.probe_after_ms) return watch_silence();
    // When a probe has been answered, or not.
    int64_t next = now + request_.probe_timeout_ms + 1;
    long version = 0;
    curl_easy_getinfo(easy_, CURLINFO_HTTP_VERSION, &version);
    if (head_given_ && version == CURL_HTTP_VERSION_2_0) {
        std::vector<std::string> headers;
        for (auto &header : request_.headers)
            if (header.starts_with("Host:") || header.starts_with("User-Agent:")) headers.push_back(header);
        Probe::start(transport_, endpoint_, line_, request_.probe_url, std::move(headers), request_.probe_timeout_ms);
    } else if (request_.renew_when_silent) {
        int64_t limit = request_.probe_after_ms + request_.probe_timeout_ms;
        if (silent >= limit)
            return finish(std::make_unique<Error>(
                K8SC_E_TIMEOUT, "the connection was silent for " + std::to_string(limit) + " ms, and no other request can share it to ask"));
        next = now + limit - silent;
    }
    silence_timer_set_ = true;
    silence_timer_ = transport_->at(next, [self = Ref<Exchange>(this)] {
        self->silence_timer_set_ = false;
        if (self->running_) self->look_for_silence();
    });
}

void Exchange::watch_idle()
{
    if (request_.idle_timeout_ms < 0) return;
    idle_timer_set_ = true;
    int64_t due = request_.idle_timeout_ms > never - last_byte_at_ ? never : last_byte_at_ + request_.idle_timeout_ms;
    idle_timer_ = transport_->at(due, [self = Ref<Exchange>(this)] {
        self->idle_timer_set_ = false;
        if (!self->running_) return;
        if (self->paused_) self->last_byte_at_ = now_ms();
        int64_t silent = now_ms() - self->last_byte_at_;
        if (silent < self->request_.idle_timeout_ms) return self->watch_idle();
        self->finish(std::make_unique<Error>(
            K8SC_E_TIMEOUT, "idle deadline: nothing was received for " + std::to_string(self->request_.idle_timeout_ms) + " ms"));
    });
}

void Exchange::header_line(std::string_view line)
{
    while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
    if (line.starts_with("HTTP/")) {
        // Another answer may follow a 100 or 101.
        head_.headers.clear();
        return;
    }
    if (line.empty()) {
        long status = 0;
        curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
        if (status < 200 || head_given_) return;
        head_.status = static_cast<int>(status);
        head_given_ = true;
        if (auto refusal = proxy_refusal()) throw *refusal;
        // They are about what is no longer there.
        if (decoding_ && head_.header("content-encoding"))
            std::erase_if(head_.headers, [](auto &header) { return header.first == "content-encoding" || header.first == "content-length"; });
        long version = 0;
        curl_easy_getinfo(easy_, CURLINFO_HTTP_VERSION, &version);
        if (version == CURL_HTTP_VERSION_2_0) endpoint_->http2_answered = true;
        sink_->on_head(head_);
        return;
    }
    auto colon = line.find(':');
    if (colon == std::string_view::npos) return;
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    std::string_view value = line.substr(colon + 1);
    while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
    while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
    head_.headers.emplace_back(std::move(name), value);
}

size_t Exchange::on_header(char *data, size_t size, size_t count, void *self)
{
    auto exchange = static_cast<Exchange *>(self);
    exchange->byte_came();
    try {
        exchange->header_line({data, size * count});
        return size * count;
    } catch (Error &error) {
        exchange->failure_ = std::make_unique<Error>(std::move(error));
    } catch (const std::bad_alloc &) {
        exchange->failure_ = std::make_unique<Error>(K8SC_E_NOMEM, "out of memory");
    }
    return 0;
}

size_t Exchange::on_body(char *data, size_t size, size_t count, void *self)
{
    auto exchange = static_cast<Exchange *>(self);
    exchange->byte_came();
    try {
        if (exchange->sink_->on_data({data, size * count})) return size * count;
        exchange->paused_ = true;
        curl_easy_pause(exchange->easy_, CURLPAUSE_RECV);
        return size * count;
    } catch (Error &error) {
        exchange->failure_ = std::make_unique<Error>(std::move(error));
    } catch (const std::bad_alloc &) {
        exchange->failure_ = std::make_unique<Error>(K8SC_E_NOMEM, "out of memory");
    }
    // Any answer but the size, or a pause, ends the transfer; a piece is never this small and empty pieces do not come.
    return size * count + 1 == CURL_WRITEFUNC_PAUSE ? 0 : size * count + 1;
}

void Exchange::resume()
{
    if (!running_ || !paused_) return;
    paused_ = false;
    last_byte_at_ = now_ms();
    if (hook_call_) return take_from_hook();
    // What was held back is delivered in here, and may be refused; curl says so, and would go on all the same.
    Ref<Exchange> self(this);
    CURLcode code = curl_easy_pause(easy_, CURLPAUSE_CONT);
    if (running_ && (code != CURLE_OK || failure_)) finished(code);
}

void Exchange::detach()
{
    if (!running_) return;
    running_ = false;
    if (hook_call_)
        hook_call_->cancel();
    else
        curl_multi_remove_handle(transport_->multi_, easy_);
    if (idle_timer_set_) transport_->cancel_timer(idle_timer_);
    idle_timer_set_ = false;
    if (silence_timer_set_) transport_->cancel_timer(silence_timer_);
    silence_timer_set_ = false;
    transport_->exchanges_.erase(this);
    release();
}

void Exchange::cancel()
{
    Ref<Exchange> self(this);
    detach();
}

void Exchange::finish(std::unique_ptr<Error> error)
{
    Ref<Exchange> self(this);
    if (!running_) return;
    detach();
    sink_->on_end(error.get());
}

void Exchange::finished(CURLcode code)
{
    if (failure_) {
        finish(std::move(failure_));
    } else if (auto refusal = code != CURLE_OK ? proxy_refusal() : nullptr) {
        finish(std::move(refusal));
    } else if (code != CURLE_OK) {
        Error error = on_the_way(curl_error(code));
        learn_http2(error);
        bool reaches_nobody = error.code == K8SC_E_CONNECT || error.code == K8SC_E_RESOLVE || error.code == K8SC_E_TIMEOUT;
        error.never_sent = !sent_ && (reaches_nobody || error.connection_lost);
        finish(std::make_unique<Error>(std::move(error)));
    } else {
        finish(nullptr);
    }
}

// Something in the middle may let HTTP/2 be agreed on, and then not speak it. Then HTTP/1.1 is tried; where that is no better, HTTP/2
// again.
void Exchange::learn_http2(const Error &error)
{
    if (!error.connection_lost || head_given_ || request_.own_connection || endpoint_->http2_answered) return;
    if (request_.url.starts_with("https:")) endpoint_->http2_broken = http2_;
}

// The proxy's own answer, where it is a refusal: to CONNECT, or for want of a password.
std::unique_ptr<Error> Exchange::proxy_refusal() const
{
    if (!endpoint_->proxy.set() || endpoint_->proxy.kind == Proxy::Kind::socks5) return nullptr;
    long status = 0;
    curl_easy_getinfo(easy_, CURLINFO_HTTP_CONNECTCODE, &status);
    bool tunnelled = status >= 200 && status < 300;
    if (tunnelled) return nullptr;
    if (status == 0 && head_.status == 407 && request_.url.starts_with("http:")) status = 407;
    if (status == 0) return nullptr;
    std::string text = concat("the proxy ", endpoint_->proxy.shown(), " refused");
    if (status == 407 || (status == 401 && endpoint_->proxy.has_user))
        text += endpoint_->proxy.has_user ? ": it does not accept this user and password" : ": it wants a user and a password";
    auto error = std::make_unique<Error>(K8SC_E_CONNECT, text);
    error->http_status = static_cast<int32_t>(status);
    return error;
}

// Says which way was taken, where it was not the URL's.
Error Exchange::on_the_way(Error error) const
{
    const Proxy &proxy = endpoint_->proxy;
    long tunnel = 0;
    curl_easy_getinfo(easy_, CURLINFO_HTTP_CONNECTCODE, &tunnel);
    bool reached = tunnel != 0 || sent_ || (proxy.kind == Proxy::Kind::socks5 && error.code == K8SC_E_TLS);
    if (proxy.set() && !reached)
        error.message = concat("the proxy ", proxy.shown(), ": ", error.message);
    else if (proxy.set())
        error.message += concat("; through the proxy ", proxy.shown());
    if (!endpoint_->bind_address.empty() && !reached) error.message += concat("; from ", endpoint_->bind_address);
    if (!endpoint_->unix_socket.empty()) error.message += concat("; through the socket ", endpoint_->unix_socket);
    return error;
}

Error Exchange::curl_error(CURLcode code) const
{
    std::string text = message_[0] ? message_ : curl_easy_strerror(code);
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return {K8SC_E_RESOLVE, text};
    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY:
    case CURLE_INTERFACE_FAILED:
        return {K8SC_E_CONNECT, text};
    case CURLE_OPERATION_TIMEDOUT:
        return {K8SC_E_TIMEOUT, concat("connect deadline: ", text)};
    case CURLE_OUT_OF_MEMORY:
        return {K8SC_E_NOMEM, "out of memory"};
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CLIENTCERT:
        return {K8SC_E_TLS, text};
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
        return {K8SC_E_TLS, "the server's public key is none of the pins"};
    case CURLE_BAD_CONTENT_ENCODING:
        return {K8SC_E_DECODE, concat("the answer's content encoding cannot be undone: ", text)};
    default: {
        Error error(K8SC_E_TRANSPORT, text);
        error.connection_lost = code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_GOT_NOTHING ||
                                code == CURLE_PARTIAL_FILE || code == CURLE_HTTP2 || code == CURLE_HTTP2_STREAM;
        return error;
    }
    }
}

}  // namespace k8sc
