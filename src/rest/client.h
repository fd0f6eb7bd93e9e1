// The client: a server, a user, and everything that runs for them.
#pragma once

#include <atomic>
#include <set>

#include "auth/certificate_files.h"
#include "config/config.h"
#include "core/thread_annotations.h"
#include "core/url.h"
#include "net/credentials.h"
#include "net/exchange.h"
#include "net/io_loop.h"
#include "net/rate_limiter.h"
#include "queue/queue.h"
#include "rest/list_bounds.h"
#include "rest/metrics.h"
#include "rest/observers.h"
#include "rest/streaming_support.h"

namespace k8sc {

class Operation;

}  // namespace k8sc

struct k8sc_client : public k8sc::Handle {
  public:
    // With the I/O loop and connections of another client, or with its own.
    static k8sc::Ref<k8sc_client> create(const k8sc::Config &config, k8sc_client *sharing);

    const k8sc::Config &config() const { return config_; }
    const k8sc::Url &url() const { return url_; }
    const std::string &server() const { return server_; }
    const std::string &user_agent() const { return user_agent_; }
    // On the I/O thread: what is to be trusted and shown now, with certificates as their files have them.
    k8sc::Ref<k8sc::Endpoint> endpoint(const k8sc::Credential &credential) K8SC_REQUIRES(k8sc::io_thread);
    const std::vector<std::string> &impersonation() const { return impersonation_; }
    const k8sc::Ref<k8sc::IoLoop> &io_loop() const { return io_loop_; }
    // On the I/O thread; NULL where there are none.
    const k8sc::Ref<k8sc::Credentials> &credentials() const K8SC_REQUIRES(k8sc::io_thread) { return credentials_; }
    // Requests that begin after this have this token, whatever the configuration said.
    void set_token(const std::string &token);
    // NULL where there is no limit. Lives as long as the client.
    k8sc::RateLimiter *rate_limiter() const { return limiter_.load(std::memory_order_acquire); }
    // As in the configuration. A limiter that others share stays as it is, and is no longer this client's.
    void set_rate_limit(double qps, int32_t burst) K8SC_EXCLUDES(mutex_);
    const k8sc::Ref<k8sc::Queue> &queue() const { return queue_; }
    const k8sc::Ref<k8sc::Observers> &observers() const { return observers_; }
    // Any thread; see Log.
    bool wants(k8sc::LogLevel level) const { return observers_->wants(level); }
    void log(k8sc::LogLevel level, std::string_view component, std::string text)
    {
        observers_->write(level, component, std::move(text));
    }
    // On the I/O thread.
    k8sc::Metrics &metrics() K8SC_REQUIRES(k8sc::io_thread) { return metrics_; }
    k8sc::StreamingSupport &streaming() K8SC_REQUIRES(k8sc::io_thread) { return streaming_; }
    // What was counted so far, and the state of what runs; blocks for a moment. Not on the I/O thread. Fails with
    // K8SC_E_CLOSED.
    k8sc::Metrics snapshot();
    // On the I/O thread: true at most once a second.
    bool may_tell_of_throttling(int64_t now) K8SC_REQUIRES(k8sc::io_thread);
    // After how long a silence the peer of a watch is asked for a sign of life (-1: never), and how long it may take.
    int64_t probe_after_ms() const { return probe_after_ms_; }
    int64_t probe_timeout_ms() const { return probe_timeout_ms_; }
    size_t max_object_bytes() const { return static_cast<size_t>(config_.max_object_bytes); }
    k8sc::ListBounds list_bounds() const { return {max_object_bytes(), config_.max_answer_bytes}; }

    // Fails with K8SC_E_CLOSED.
    void need_open() const;
    bool is_closed() const { return closed_.load(); }
    // Runs a task on the I/O thread; fails with K8SC_E_CLOSED.
    void post(k8sc::IoLoop::Task task);

    // On the I/O thread. enter() answers false where the client is closing.
    bool enter(const k8sc::Ref<k8sc::Operation> &operation) K8SC_REQUIRES(k8sc::io_thread);
    void leave(k8sc::Operation *operation) K8SC_REQUIRES(k8sc::io_thread);

    // False where it had not ended by the deadline.
    bool close(int64_t deadline) K8SC_EXCLUDES(mutex_);

  protected:
    void abandoned() override;
    void abandoned_in_child() override;

  private:
    explicit k8sc_client(const k8sc::Config &config);
    void begin_closing();
    void shut_down() K8SC_REQUIRES(k8sc::io_thread);

    const k8sc::Config config_;
    k8sc::Url url_;
    std::string server_;
    std::string user_agent_;
    int64_t probe_after_ms_, probe_timeout_ms_;
    k8sc::Ref<k8sc::Endpoint> endpoint_;
    // The same with another client certificate.
    k8sc::Ref<k8sc::Endpoint> endpoint_with_key_;
    k8sc::Ref<k8sc::KeyPair> key_of_endpoint_;
    k8sc::CertificateFiles files_;
    std::vector<std::string> impersonation_;
    k8sc::Ref<k8sc::IoLoop> io_loop_;
    k8sc::Ref<k8sc::Credentials> credentials_;
    k8sc::Ref<k8sc::RateLimiter> shared_limiter_, own_limiter_ K8SC_GUARDED_BY(mutex_);
    std::atomic<k8sc::RateLimiter *> limiter_{nullptr};  // one of these
    k8sc::Ref<k8sc::Queue> queue_;
    k8sc::Ref<k8sc::CustomTransport> transport_;  // that of its endpoint
    const k8sc::Ref<k8sc::Observers> observers_ = k8sc::make<k8sc::Observers>();

    k8sc::Metrics metrics_ K8SC_GUARDED_BY(k8sc::io_thread);
    k8sc::StreamingSupport streaming_ K8SC_GUARDED_BY(k8sc::io_thread);
    int64_t told_of_throttling_at_ K8SC_GUARDED_BY(k8sc::io_thread) = 0;
    // on the I/O thread; each holds a reference
    std::set<k8sc::Operation *> operations_ K8SC_GUARDED_BY(k8sc::io_thread);
    std::atomic<bool> closed_{false};
    k8sc::Mutex mutex_;
    k8sc::ConditionVariable stopped_changed_;
    bool stopped_ K8SC_GUARDED_BY(mutex_) = false;
    bool last_of_loop_ K8SC_GUARDED_BY(mutex_) = false;
};

namespace k8sc {

using Client = ::k8sc_client;

// A handle that was made from a client: while a user holds it, the client is in use.
class ClientHandle : public Handle {
  public:
    const Ref<Client> &client() const { return client_; }

  protected:
    explicit ClientHandle(Ref<Client> client) : client_(std::move(client)) {}
    void adopted() override { client_->user_retain(); }
    void abandoned() override { client_->user_release(); }
    void abandoned_in_child() override { client_->user_release(); }

    const Ref<Client> client_;
};

// Something that runs on the I/O thread for a client, until it is done or the client closes.
class Operation : public ClientHandle {
  public:
    // On the I/O thread, once: end now, and leave the client.
    virtual void shut_down() K8SC_REQUIRES(io_thread) = 0;
    // On the I/O thread: adds what is known only of what runs.
    virtual void describe(Metrics &metrics) const K8SC_REQUIRES(io_thread) { (void)metrics; }

  protected:
    using ClientHandle::ClientHandle;
};

}  // namespace k8sc
