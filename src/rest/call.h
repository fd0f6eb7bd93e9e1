// One request with its retries: rate limit, deadlines, cancellation. All but start, cancel and wait on the I/O thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "auth/secrets.h"
#include "net/cancel.h"
#include "net/timer.h"
#include "rest/client.h"
#include "rest/retry.h"
#include "rest/status.h"

namespace k8sc {

// What a request is about, in Kubernetes' words; "" where that is not known.
struct RequestTarget {
    std::string verb = "other";  // get, list, watch, create, update, patch, delete, deletecollection, other
    std::string group, version, resource, subresource, ns, name;
};

struct CallSpec {
    RequestName name;
    RequestTarget target;
    HttpRequest http;  // without the headers that the client adds
    std::string accept = "application/json, */*";
    std::string content_type;  // "" where there is no body
    int64_t timeout_ms = -1;   // overall; of a stream: until its head
    RetryPolicy retry;
    bool stream = false;       // a body without end: no deadline for it
    bool rate_limited = true;  // also its first attempt
    Ref<Cancel> cancel;
};

// Takes the body of a successful answer.
class BodySink {
  public:
    virtual ~BodySink() = default;
    virtual void head(const HttpHead &head) { (void)head; }
    // See ExchangeSink::on_data.
    virtual bool data(std::string_view data) = 0;
    // The body is complete. Answers false where work is left: it is called again after others had their turn. May fail.
    virtual bool end() { return true; }
    // Forgets what came, for another attempt; false where it was given away already.
    virtual bool restart() = 0;
};

struct CallResult {
    std::optional<Error> error;
    HttpHead head;
    int64_t throttled_ms = 0;
    int32_t attempts = 0;
    std::vector<std::string> warnings;  // of the last attempt's answer
};

}  // namespace k8sc

struct k8sc_call : public k8sc::Operation, private k8sc::ExchangeSink {
  public:
    using Done = std::function<void(k8sc::CallResult &)>;

    // `done` is called once, on the I/O thread, unless this fails.
    static k8sc::Ref<k8sc_call> start(const k8sc::Ref<k8sc::Client> &client, k8sc::CallSpec spec,
                                      std::shared_ptr<k8sc::BodySink> sink, Done done);
    // The two halves of start, for those who must know the call before it begins.
    static k8sc::Ref<k8sc_call> prepare(const k8sc::Ref<k8sc::Client> &client, k8sc::CallSpec spec,
                                        std::shared_ptr<k8sc::BodySink> sink, Done done);
    void launch();
    // launch() on the I/O thread, where `done` may be called before this returns.
    void launch_on_io_thread() K8SC_REQUIRES(k8sc::io_thread) { begin(); }
    // Any thread.
    void cancel();
    // Any thread: goes on after the sink answered false.
    void resume();
    // On the I/O thread: cancels, and has ended when this returns.
    void cancel_on_io_thread() K8SC_REQUIRES(k8sc::io_thread);
    void shut_down() override K8SC_REQUIRES(k8sc::io_thread);
    void describe(k8sc::Metrics &metrics) const override K8SC_REQUIRES(k8sc::io_thread);
    // On the I/O thread.
    bool is_ended() const K8SC_REQUIRES(k8sc::io_thread) { return ended_; }

  private:
    k8sc_call(const k8sc::Ref<k8sc::Client> &client, k8sc::CallSpec spec, std::shared_ptr<k8sc::BodySink> sink,
              Done done);
    void begin() K8SC_REQUIRES(k8sc::io_thread);
    void begin_on_io_thread() K8SC_REQUIRES(k8sc::io_thread);
    // What runs by itself. Where memory lacks, the call ends, and whoever waits for it is told.
    template <class Step>
    void guarded(Step &&step) noexcept;
    void ended(const k8sc::Error *error) K8SC_REQUIRES(k8sc::io_thread);
    void conclude() K8SC_REQUIRES(k8sc::io_thread);
    void acquire() K8SC_REQUIRES(k8sc::io_thread);
    void authorize() K8SC_REQUIRES(k8sc::io_thread);
    void authorized(const k8sc::Ref<k8sc::Credentials> &asked, const k8sc::Error *error,
                    const k8sc::Credential &credential) K8SC_REQUIRES(k8sc::io_thread);
    void send() K8SC_REQUIRES(k8sc::io_thread);
    void send_with(const k8sc::Credential &credential) K8SC_REQUIRES(k8sc::io_thread);
    bool has_header(std::string_view name) const;
    bool replay() K8SC_REQUIRES(k8sc::io_thread);
    void retry_in(int64_t wait_ms, k8sc::Error last) K8SC_REQUIRES(k8sc::io_thread);
    void remember(const k8sc::Error &error) K8SC_REQUIRES(k8sc::io_thread);
    void failed(k8sc::Error error, int64_t asked_ms) K8SC_REQUIRES(k8sc::io_thread);
    void set_timer(int64_t at_ms, void (k8sc_call::*step)()) K8SC_REQUIRES(k8sc::io_thread);
    void time_out() K8SC_REQUIRES(k8sc::io_thread);
    void end(k8sc::Error error) K8SC_REQUIRES(k8sc::io_thread);
    void end() K8SC_REQUIRES(k8sc::io_thread);
    int64_t left_ms() const;

    // For those who look on; call_observe.cc.
    void note_throttled(int64_t wait_ms) K8SC_REQUIRES(k8sc::io_thread);
    void note_sent(const k8sc::HttpRequest &request) K8SC_REQUIRES(k8sc::io_thread);
    void note_head(const k8sc::HttpHead &head) K8SC_REQUIRES(k8sc::io_thread);
    void note_data(std::string_view data) K8SC_REQUIRES(k8sc::io_thread);
    void note_attempt(const k8sc::Error *error) K8SC_REQUIRES(k8sc::io_thread);
    void note_retry(int64_t wait_ms, const k8sc::Error &last) K8SC_REQUIRES(k8sc::io_thread);
    void note_end() K8SC_REQUIRES(k8sc::io_thread);
    std::string without_secrets(std::string text) const;
    void hide_secrets(k8sc::Error &error) const;
    std::string trace_json() const K8SC_REQUIRES(k8sc::io_thread);

    void on_head(const k8sc::HttpHead &head) override K8SC_REQUIRES(k8sc::io_thread);
    bool on_data(std::string_view data) override K8SC_REQUIRES(k8sc::io_thread);
    void on_end(const k8sc::Error *error) override K8SC_REQUIRES(k8sc::io_thread);

    k8sc::CallSpec spec_;
    std::shared_ptr<k8sc::BodySink> sink_;
    Done done_;
    k8sc::CallResult result_;
    std::string last_failure_, earlier_failure_;  // that differ, briefly
    k8sc::Ref<k8sc::Exchange> exchange_;
    std::string error_body_;
    k8sc::Ref<k8sc::RateLimiter> reserved_;       // of which a token is promised, and waited for
    k8sc::Secrets secrets_;                       // that were sent
    std::optional<k8sc::Credential> credential_;  // that the last attempt was sent with
    std::optional<k8sc::Error> unauthorized_;     // the answer to the one that is sent again with a newer one
    int64_t deadline_;
    uint64_t cancel_hook_ = 0;
    k8sc::Timer step_timer_, deadline_timer_;
    bool ended_ = false;

    int64_t began_at_ = 0, sent_at_ = 0;
    bool in_flight_ = false;                    // an attempt was sent and has not ended
    bool head_seen_ = false;                    // of a stream that has begun
    std::optional<k8sc::ExchangeFacts> facts_;  // of the last attempt
    std::string body_seen_;                     // its beginning, for the log
};

namespace k8sc {

using Call = ::k8sc_call;

// Starts a call and blocks until it is done.
CallResult run_call(const Ref<Client> &client, CallSpec spec, std::shared_ptr<BodySink> sink);

}  // namespace k8sc
