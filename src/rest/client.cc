#include "rest/client.h"

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <future>

#include "auth/identity.h"
#include "auth/token.h"
#include "config/system_authorities.h"
#include "core/clock.h"
#include "core/thread_annotations.h"

using namespace k8sc;

namespace {

constexpr double default_qps = 5;
constexpr int32_t default_burst = 10;

bool http2_wanted(const Config &config)
{
    // As client-go: any value will do.
    const char *disabled = getenv("DISABLE_HTTP2");
    return config.http2 && !(disabled && *disabled);
}

// What was set, else what client-go's variables say in seconds (0: `off`), else the default.
int64_t probe_setting(int64_t set, const char *variable, int64_t off, int64_t otherwise)
{
    if (set != -2) return set;
    const char *text = getenv(variable);
    if (!text || !*text) return otherwise;
    int64_t seconds = 0;
    auto [end, fault] = std::from_chars(text, text + strlen(text), seconds);
    if (fault != std::errc() || *end || seconds < 0 || seconds > INT32_MAX) return otherwise;
    return seconds == 0 ? off : seconds * 1000;
}

// Ways that exclude each other. Only a client knows them all.
void check_way(const Config &config, const Url &url)
{
    bool at_socket = !config.unix_socket.empty() || !url.unix_socket.empty();
    if (at_socket && !config.proxy_url.empty())
        fail(K8SC_E_CONFIG, "the configuration has a unix socket and a proxy: remove one of them");
    if (at_socket && !config.bind_address.empty())
        fail(K8SC_E_CONFIG,
             "the configuration has a unix socket, which no address can be bound to: remove one of them");
    if (config.transport &&
        (has_tls_settings(config) || at_socket || !config.proxy_url.empty() || !config.bind_address.empty()))
        fail(K8SC_E_CONFIG, "the configuration has a transport of its own, and settings of TLS or of the way to the "
                            "server, which it would not use");
    if (!config.server_key_pins.empty() && url.scheme != "https")
        fail(K8SC_E_CONFIG,
             "the configuration has key pins, and its server is reached without TLS, which would not check them");
}

Ref<Endpoint> endpoint_for(const Config &config, const Url &url, std::vector<std::string> &warnings)
{
    auto endpoint = make<Endpoint>();
    endpoint->ca_pem = config.ca_pem;
    if (config.ca_pem.empty() && !config.insecure && url.scheme == "https")
        endpoint->ca_pem = system_authorities(warnings);
    endpoint->certificate_pem = config.certificate_pem;
    endpoint->key_pem = config.key_pem;
    endpoint->insecure = config.insecure;
    endpoint->http2 = http2_wanted(config);
    endpoint->compression = config.compression;
    endpoint->unix_socket = config.unix_socket.empty() ? url.unix_socket : config.unix_socket;
    if (endpoint->unix_socket.empty() && !config.no_proxy && !config.transport)
        endpoint->proxy = choose_proxy(config.proxy_url, ProxyEnvironment::of_process(), url);
    endpoint->bind_address = config.bind_address;
    endpoint->tls_min = config.tls_min;
    endpoint->tls_max = config.tls_max;
    endpoint->tls12_ciphers = config.tls12_ciphers;
    endpoint->tls13_suites = config.tls13_suites;
    endpoint->server_key_pins = config.server_key_pins;
    endpoint->connect_timeout_ms = config.connect_timeout_ms;
    return endpoint;
}

}  // namespace

k8sc_client::k8sc_client(const Config &config)
    : config_(config), url_(parse_server_url(config.server, has_tls_settings(config))), files_(config)
{
    check_config(config_);
    check_way(config_, url_);
    std::vector<std::string> warnings = config_.warnings;
    endpoint_ = endpoint_for(config_, url_, warnings);
    for (auto &warning : warnings) observers_->keep(LogLevel::warning, "config", std::move(warning));
    if (config_.transport) endpoint_->transport = transport_ = make<CustomTransport>(config_.transport);
    server_ = url_.origin() + url_.path;
    if (!config_.tls_server_name.empty() && url_.scheme == "https") {
        // curl verifies the name in the URL: so the name goes there, and the host it stands for into "connect to". For
        // whatever host and port: what curl makes of a name that can be read as an address would not be found by its
        // own text.
        std::string host = url_.host.find(':') == std::string::npos ? url_.host : concat("[", url_.host, "]");
        endpoint_->connect_to = concat("::", host, ":", std::to_string(url_.port ? url_.port : 443));
    }
    impersonation_ = impersonation_headers(config_.impersonation);
    if (config_.rate_limiter) {
        shared_limiter_ = config_.rate_limiter;
        limiter_ = shared_limiter_.get();
    } else {
        set_rate_limit(config_.qps, config_.burst);
    }
    user_agent_ = effective_user_agent(config_);
    probe_after_ms_ = probe_setting(config_.probe_after_ms, "HTTP2_READ_IDLE_TIMEOUT_SECONDS", -1, 30000);
    probe_timeout_ms_ = probe_setting(config_.probe_timeout_ms, "HTTP2_PING_TIMEOUT_SECONDS", 15000, 15000);
    queue_ = make<Queue>();
}

Ref<Client> k8sc_client::create(const Config &config, Client *sharing)
{
    Ref<Client> client(new k8sc_client(config));
    if (sharing) {
        sharing->need_open();
        client->io_loop_ = sharing->io_loop_;
    } else {
        client->io_loop_ = IoLoop::create();
    }
    client->io_loop_->join_client();
    try {
        client->credentials_ =
            credentials_for(client->config_, client->io_loop_, client->queue_, Ref<Log>(client->observers_.get()));
    } catch (...) {
        client->begin_closing();
        throw;
    }
    client->queue_->user_retain();
    return client;
}

Ref<Endpoint> k8sc_client::endpoint(const Credential &credential)
{
    std::string fault = files_.fault();
    bool changed = files_.changed(now_ms());
    if (!files_.fault().empty() && files_.fault() != fault)
        log(LogLevel::warning, "tls",
            concat("the certificate files have changed, and cannot be used as they are: ", files_.fault()));
    if (changed) {
        log(LogLevel::info, "tls", "the certificate files have changed: new connections use what they hold now");
        // New requests are made on new connections; what runs goes on where it is.
        EndpointSettings settings = *endpoint_;
        // Those of the system have no file here.
        if (!files_.content().ca_pem.empty()) settings.ca_pem = files_.content().ca_pem;
        settings.certificate_pem = files_.content().certificate_pem;
        settings.key_pem = files_.content().key_pem;
        endpoint_ = make<Endpoint>(settings);
        key_of_endpoint_ = nullptr;
    }
    if (!credential.key_pair) return endpoint_;
    if (!(key_of_endpoint_ == credential.key_pair)) {
        EndpointSettings settings = *endpoint_;
        settings.certificate_pem = credential.key_pair->certificate_pem;
        settings.key_pem = credential.key_pair->key_pem;
        endpoint_with_key_ = make<Endpoint>(settings);
        key_of_endpoint_ = credential.key_pair;
    }
    return endpoint_with_key_;
}

void k8sc_client::set_token(const std::string &token)
{
    post([self = Ref<Client>(this), token = SecretText(token)] {
        assert_on_io_thread();
        // Who waits for the old ones asks the new ones.
        auto old = std::exchange(self->credentials_, fixed_authorization(bearer(token)));
        if (old) old->shut_down();
    });
}

void k8sc_client::set_rate_limit(double qps, int32_t burst)
{
    if (qps < 0) {
        limiter_.store(nullptr, std::memory_order_release);
        return;
    }
    if (qps == 0) qps = default_qps;
    if (burst == 0) burst = default_burst;
    MutexLock lock(mutex_);
    if (own_limiter_)
        own_limiter_->set(qps, burst);
    else
        own_limiter_ = make<RateLimiter>(qps, burst);
    limiter_.store(own_limiter_.get(), std::memory_order_release);
}

void k8sc_client::need_open() const
{
    if (closed_.load()) fail(K8SC_E_CLOSED, "the client is closed");
}

void k8sc_client::post(IoLoop::Task task)
{
    need_open();
    if (!io_loop_->post(std::move(task))) fail(K8SC_E_CLOSED, "the client is closed");
}

bool k8sc_client::enter(const Ref<Operation> &operation)
{
    if (closed_.load()) return false;
    if (operations_.insert(operation.get()).second) operation->retain();
    return true;
}

void k8sc_client::leave(Operation *operation)
{
    if (operations_.erase(operation)) operation->release();
}

bool k8sc_client::may_tell_of_throttling(int64_t now)
{
    if (told_of_throttling_at_ && now - told_of_throttling_at_ < 1000) return false;
    told_of_throttling_at_ = now;
    return true;
}

Metrics k8sc_client::snapshot()
{
    // A task that is never run breaks its promise when it is destroyed.
    auto promise = std::make_shared<std::promise<Metrics>>();
    auto future = promise->get_future();
    post([self = Ref<Client>(this), promise = std::move(promise)] {
        assert_on_io_thread();
        Metrics metrics = self->metrics_;
        for (auto operation : self->operations_) operation->describe(metrics);
        metrics.queue_depth = static_cast<int64_t>(self->queue_->depth());
        promise->set_value(std::move(metrics));
    });
    try {
        return future.get();
    } catch (const std::future_error &) {
        fail(K8SC_E_CLOSED, "the client is closed");
    }
}

void k8sc_client::begin_closing()
{
    if (closed_.exchange(true)) return;
    io_loop_->post([self = Ref<Client>(this)] {
        assert_on_io_thread();
        self->shut_down();
    });
}

void k8sc_client::shut_down()
{
    while (!operations_.empty()) {
        Ref<Operation> operation(*operations_.begin());
        operation->shut_down();
        leave(operation.get());
    }
    // The configuration's provider may be a callback with a destroy that is owed.
    if (auto credentials = std::exchange(credentials_, nullptr)) credentials->shut_down();
    observers_->end_all();
    bool last = io_loop_->leave_client();
    MutexLock lock(mutex_);
    stopped_ = true;
    last_of_loop_ = last;
    stopped_changed_.notify_all();
}

bool k8sc_client::close(int64_t deadline)
{
    begin_closing();
    bool last;
    {
        MutexLock lock(mutex_);
        while (!stopped_) {
            int64_t left = deadline == never ? 3600 * 1000 : deadline - now_ms();
            if (left <= 0) return false;
            stopped_changed_.wait_for(lock, std::chrono::milliseconds(left));
        }
        last = last_of_loop_;
    }
    // A function that this library calls on a thread of its own cannot wait for that thread's end.
    if (!IoLoop::on_blocking_thread()) {
        if (last && !io_loop_->wait_ended(deadline)) return false;
        if (config_.token_provider && !config_.token_provider->wait_idle(deadline)) return false;
        if (transport_ && !transport_->wait_idle(deadline)) return false;
    }
    return queue_->close(deadline);
}

void k8sc_client::abandoned()
{
    begin_closing();
    queue_->user_release();
}

void k8sc_client::abandoned_in_child()
{
    io_loop_->close_descriptors();
    queue_->user_release();
}
