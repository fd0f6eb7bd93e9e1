#include "net/connector.h"

#include <poll.h>

#include <new>

#include "core/clock.h"
#include "net/certificate_names.h"
#include "net/curl_failure.h"

namespace k8sc {
namespace {

constexpr unsigned char protocols[] = "\x02h2\x08http/1.1";

int connector_index()
{
    static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

}  // namespace

// A multi handle of its own: another one would close a connection that it takes for idle.
Connector::Connector(const Ref<IoLoop> &io_loop, const Ref<Endpoint> &endpoint, const std::string &origin, Done done)
    : io_loop_(io_loop), endpoint_(endpoint), done_(std::move(done))
{
    multi_ = curl_multi_init();
    easy_ = curl_easy_init();
    try {
        if (!multi_ || !easy_) throw std::bad_alloc();
        set_up(origin);
    } catch (...) {
        if (easy_) curl_easy_cleanup(easy_);
        if (multi_) curl_multi_cleanup(multi_);
        throw;
    }
}

void Connector::set_up(const std::string &origin)
{
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &Connector::on_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &Connector::on_timer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    options_.apply(easy_, *endpoint_, origin + "/", *io_loop_);
    curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, message_);
    curl_easy_setopt(easy_, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(easy_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    // It is agreed on here: curl would speak HTTP/2 itself.
    curl_easy_setopt(easy_, CURLOPT_SSL_ENABLE_ALPN, 0L);
    curl_easy_setopt(easy_, CURLOPT_SSL_CTX_FUNCTION, &Connector::on_tls);
    curl_easy_setopt(easy_, CURLOPT_SSL_CTX_DATA, this);
    CURLMcode code = curl_multi_add_handle(multi_, easy_);
    if (code != CURLM_OK) fail(K8SC_E_INTERNAL, concat("curl_multi_add_handle: ", curl_multi_strerror(code)));
    added_ = true;
}

Connector::~Connector()
{
    done_ = nullptr;
    // Its connection is closed with it.
    if (added_) curl_multi_remove_handle(multi_, easy_);
    curl_easy_cleanup(easy_);
    curl_multi_cleanup(multi_);
    for (auto &[socket, watch] : watches_) io_loop_->unwatch(watch);
    if (timer_set_) io_loop_->cancel_timer(timer_);
}

CURLcode Connector::on_tls(CURL *easy, void *context, void *self)
{
    require_alternative_names(easy, context, nullptr);
    auto connector = static_cast<Connector *>(self);
    bool proxy_first = connector->endpoint_->proxy.set() && connector->endpoint_->proxy.kind == Proxy::Kind::https;
    // A proxy is spoken to by HTTP/1.1.
    if (proxy_first && connector->tls_contexts_++ == 0) return CURLE_OK;
    auto tls = static_cast<SSL_CTX *>(context);
    if (SSL_CTX_set_alpn_protos(tls, protocols, sizeof protocols - 1) != 0) return CURLE_OUT_OF_MEMORY;
    if (SSL_CTX_set_ex_data(tls, connector_index(), connector) != 1) return CURLE_OUT_OF_MEMORY;
    SSL_CTX_set_info_callback(tls, &Connector::on_handshake);
    return CURLE_OK;
}

void Connector::on_handshake(const SSL *tls, int where, int)
{
    if (!(where & SSL_CB_HANDSHAKE_DONE)) return;
    auto connector = static_cast<Connector *>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(tls), connector_index()));
    const unsigned char *name = nullptr;
    unsigned int length = 0;
    SSL_get0_alpn_selected(tls, &name, &length);
    if (connector && length) connector->chosen_.assign(reinterpret_cast<const char *>(name), length);
}

int Connector::on_socket(CURL *, curl_socket_t socket, int what, void *self, void *)
{
    assert_on_io_thread();
    auto connector = static_cast<Connector *>(self);
    auto known = connector->watches_.find(socket);
    if (known != connector->watches_.end()) {
        connector->io_loop_->unwatch(known->second);
        connector->watches_.erase(known);
    }
    if (what == CURL_POLL_REMOVE || !connector->done_) return 0;
    short events = 0;
    if (what & CURL_POLL_IN) events |= POLLIN;
    if (what & CURL_POLL_OUT) events |= POLLOUT;
    auto &watch = await_memory([&]() -> IoLoop::WatchId & { return connector->watches_[socket]; });
    watch = connector->io_loop_->watch(socket, events, [connector, socket](short ready) {
        assert_on_io_thread();
        int happened = 0;
        if (ready & POLLIN) happened |= CURL_CSELECT_IN;
        if (ready & POLLOUT) happened |= CURL_CSELECT_OUT;
        if (ready & ~(POLLIN | POLLOUT)) happened |= CURL_CSELECT_ERR;
        connector->act(socket, happened);
    });
    return 0;
}

int Connector::on_timer(CURLM *, long timeout_ms, void *self)
{
    assert_on_io_thread();
    auto connector = static_cast<Connector *>(self);
    if (std::exchange(connector->timer_set_, false)) connector->io_loop_->cancel_timer(connector->timer_);
    if (timeout_ms < 0 || !connector->done_) return 0;
    connector->timer_set_ = true;
    connector->timer_ = connector->io_loop_->at(now_ms() + timeout_ms, [connector] {
        assert_on_io_thread();
        connector->timer_set_ = false;
        connector->act(CURL_SOCKET_TIMEOUT, 0);
    });
    return 0;
}

void Connector::act(curl_socket_t socket, int events)
{
    int running = 0;
    curl_multi_socket_action(multi_, socket, events, &running);
    look();
}

void Connector::look()
{
    int left = 0;
    CURLMsg *message = curl_multi_info_read(multi_, &left);
    if (!message || message->msg != CURLMSG_DONE || !done_) return;
    CURLcode code = message->data.result;
    std::unique_ptr<Error> error = await_memory([&] { return error_of(code); });
    // It may destroy this.
    Done done = std::exchange(done_, nullptr);
    done(std::move(error));
}

std::unique_ptr<Error> Connector::error_of(CURLcode code)
{
    if (code == CURLE_OK) {
        curl_easy_getinfo(easy_, CURLINFO_ACTIVESOCKET, &socket_);
        return socket_ == CURL_SOCKET_BAD
                   ? std::make_unique<Error>(K8SC_E_TRANSPORT, "the connection was lost as soon as it was made")
                   : nullptr;
    }
    if (auto refusal = proxy_refusal(easy_, *endpoint_, true, 0)) return refusal;
    return std::make_unique<Error>(on_the_way(curl_error(code, message_), easy_, *endpoint_, false));
}

Connector::Step Connector::read(char *buffer, size_t size, size_t &length)
{
    CURLcode code = curl_easy_recv(easy_, buffer, size, &length);
    if (code == CURLE_AGAIN) return Step::later;
    if (code == CURLE_OK && length > 0) return Step::some;
    if (code != CURLE_OK) io_error_ = message_[0] ? message_ : curl_easy_strerror(code);
    return Step::closed;
}

Connector::Step Connector::write(const char *data, size_t size, size_t &length)
{
    CURLcode code = curl_easy_send(easy_, data, size, &length);
    if (code == CURLE_AGAIN) return Step::later;
    if (code == CURLE_OK) return Step::some;
    io_error_ = message_[0] ? message_ : curl_easy_strerror(code);
    return Step::closed;
}

void Connector::watch(bool writing, const std::function<void()> &ready)
{
    auto &id = await_memory([&]() -> IoLoop::WatchId & { return watches_[socket_]; });
    if (id) io_loop_->unwatch(id);
    id = io_loop_->watch(socket_, static_cast<short>(POLLIN | (writing ? POLLOUT : 0)), [ready](short) { ready(); });
}

void Connector::add_facts(ExchangeFacts &facts) const
{
    auto number = [&](CURLINFO info) {
        curl_off_t value = 0;
        curl_easy_getinfo(easy_, info, &value);
        return static_cast<int64_t>(value);
    };
    facts.name_lookup_us += number(CURLINFO_NAMELOOKUP_TIME_T);
    facts.connect_us += number(CURLINFO_CONNECT_TIME_T);
    facts.tls_us += number(CURLINFO_APPCONNECT_TIME_T);
}

int32_t Connector::local_port() const
{
    long port = 0;
    curl_easy_getinfo(easy_, CURLINFO_LOCAL_PORT, &port);
    return static_cast<int32_t>(port);
}

}  // namespace k8sc
