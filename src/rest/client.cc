#include "rest/client.h"

#include <future>

#include "auth/token.h"
#include "core/clock.h"

using namespace k8sc;

namespace {

constexpr double default_qps = 5;
constexpr int32_t default_burst = 10;

bool is_loopback(const std::string &host)
{
    return host == "localhost" || host.starts_with("127.") || host == "::1";
}

Ref<Endpoint> endpoint_for(const Config &config, Url &url)
{
    auto endpoint = make<Endpoint>();
    endpoint->ca_pem = config.ca_pem;
    endpoint->certificate_pem = config.certificate_pem;
    endpoint->key_pem = config.key_pem;
    endpoint->insecure = config.insecure;
    endpoint->http2 = config.http2;
    endpoint->connect_timeout_ms = config.connect_timeout_ms;
    endpoint->loopback = is_loopback(url.host);
    return endpoint;
}

}  // namespace

k8sc_client::k8sc_client(const Config &config) : config_(config), url_(parse_server_url(config.server, has_tls_settings(config)))
{
    check_config(config_);
    endpoint_ = endpoint_for(config_, url_);
    server_ = url_.origin() + url_.path;
    if (!config_.tls_server_name.empty() && url_.scheme == "https") {
        // curl verifies the name in the URL: so the name goes there, and the host it stands for into "connect to".
        Url named = url_;
        named.host = config_.tls_server_name;
        std::string port = std::to_string(url_.port ? url_.port : 443);
        std::string host = url_.host.find(':') == std::string::npos ? url_.host : "[" + url_.host + "]";
        endpoint_->connect_to = concat(named.host, ":", port, ":", host, ":", port);
    }
    credentials_ = bearer_credentials(config_.token, config_.token_file);
    if (config_.rate_limiter) {
        shared_limiter_ = Ref<RateLimiter>(static_cast<RateLimiter *>(config_.rate_limiter.get()));
        limiter_ = shared_limiter_.get();
    } else {
        set_rate_limit(config_.qps, config_.burst);
    }
    user_agent_ = effective_user_agent(config_);
    queue_ = make<Queue>();
}

Ref<Client> k8sc_client::create(const Config &config, Client *sharing)
{
    Ref<Client> client(new k8sc_client(config));
    if (sharing) {
        sharing->need_open();
        client->transport_ = sharing->transport_;
    } else {
        client->transport_ = Transport::create();
    }
    client->transport_->join_client();
    client->queue_->user_retain();
    return client;
}

void k8sc_client::set_rate_limit(double qps, int32_t burst)
{
    if (qps < 0) {
        limiter_.store(nullptr, std::memory_order_release);
        return;
    }
    if (qps == 0) qps = default_qps;
    if (burst == 0) burst = default_burst;
    std::lock_guard lock(mutex_);
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

void k8sc_client::post(Transport::Task task)
{
    need_open();
    if (!transport_->post(std::move(task))) fail(K8SC_E_CLOSED, "the client is closed");
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
    transport_->post([self = Ref<Client>(this)] { self->shut_down(); });
}

void k8sc_client::shut_down()
{
    while (!operations_.empty()) {
        Ref<Operation> operation(*operations_.begin());
        operation->shut_down();
        leave(operation.get());
    }
    observers_->end_all();
    bool last = transport_->leave_client();
    std::lock_guard lock(mutex_);
    stopped_ = true;
    last_of_transport_ = last;
    stopped_changed_.notify_all();
}

bool k8sc_client::close(int64_t deadline)
{
    begin_closing();
    bool last;
    {
        std::unique_lock lock(mutex_);
        while (!stopped_) {
            int64_t left = deadline == never ? 3600 * 1000 : deadline - now_ms();
            if (left <= 0) return false;
            stopped_changed_.wait_for(lock, std::chrono::milliseconds(left));
        }
        last = last_of_transport_;
    }
    if (last && !transport_->wait_ended(deadline)) return false;
    return queue_->close(deadline);
}

void k8sc_client::abandoned()
{
    begin_closing();
    queue_->user_release();
}

void k8sc_client::abandoned_in_child()
{
    transport_->close_descriptors();
    queue_->user_release();
}
