// A user's function that answers requests instead of the network, each on a thread of its own.
#pragma once

#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/ref.h"
#include "core/thread_annotations.h"
#include "k8sc.h"

namespace k8sc {

struct HttpHead;
struct HttpRequest;

}  // namespace k8sc

// The request as the function sees it: a copy, so that the exchange may end before the function does.
struct k8sc_transport_request {
    explicit k8sc_transport_request(const k8sc::HttpRequest &request);
    // NULL where there is none of that name, in whatever case.
    const std::string *header(std::string_view name) const;

    std::string method, url, body;
    std::vector<std::pair<std::string, std::string>> headers;
};

// What passes from the function's thread to the I/O thread.
struct k8sc_transport_reply : public k8sc::RefCounted {
  public:
    // `wake` is called, on the function's thread, when there is something to take, until cancel().
    k8sc_transport_reply(const k8sc::HttpRequest &request, std::function<void()> wake);
    const k8sc_transport_request &request() const { return request_; }

    // On the function's thread. Status and headers fail with K8SC_E_STATE once append was called.
    void set_status(int32_t status) K8SC_EXCLUDES(mutex_);
    void add_header(std::string_view name, std::string_view value) K8SC_EXCLUDES(mutex_);
    // Waits while much is not taken. Fails with K8SC_E_CANCELLED where nobody wants it any more.
    void append(std::string_view data) K8SC_EXCLUDES(mutex_);
    void fail(k8sc::Error error) K8SC_EXCLUDES(mutex_);
    // The function has returned.
    void done() K8SC_EXCLUDES(mutex_);
    bool is_cancelled() K8SC_EXCLUDES(mutex_);
    // True where it was cancelled by then.
    bool wait_cancelled(int64_t deadline) K8SC_EXCLUDES(mutex_);

    // On the I/O thread.
    enum class Step { nothing, head, data, end };
    // What comes next; of an end, with the error where it is one.
    Step take(k8sc::HttpHead &head, std::string &data, std::unique_ptr<k8sc::Error> &error) K8SC_EXCLUDES(mutex_);
    void cancel() K8SC_EXCLUDES(mutex_);

  private:
    void wake() K8SC_REQUIRES(mutex_);
    void need_no_head() const K8SC_REQUIRES(mutex_);

    const k8sc_transport_request request_;
    k8sc::Mutex mutex_;
    k8sc::ConditionVariable changed_;
    std::function<void()> wake_ K8SC_GUARDED_BY(mutex_);
    bool woken_ K8SC_GUARDED_BY(mutex_) = false;
    int32_t status_ K8SC_GUARDED_BY(mutex_) = 200;
    std::vector<std::pair<std::string, std::string>> headers_ K8SC_GUARDED_BY(mutex_);
    bool head_ready_ K8SC_GUARDED_BY(mutex_) = false;
    bool head_taken_ K8SC_GUARDED_BY(mutex_) = false;
    bool done_ K8SC_GUARDED_BY(mutex_) = false;
    bool cancelled_ K8SC_GUARDED_BY(mutex_) = false;
    std::deque<std::string> pieces_ K8SC_GUARDED_BY(mutex_);
    size_t waiting_ K8SC_GUARDED_BY(mutex_) = 0;  // bytes of them
    std::unique_ptr<k8sc::Error> failure_ K8SC_GUARDED_BY(mutex_);
};

namespace k8sc {

using TransportCall = ::k8sc_transport_reply;

// The callback triple, shared by configurations and clients; destroy runs with the last of them.
class TransportFunction : public RefCounted {
  public:
    TransportFunction(k8sc_transport_fn fn, void *user_data, k8sc_destroy_fn destroy)
        : fn_(fn), user_data_(user_data), destroy_(destroy)
    {
    }
    void operator()(TransportCall &call) const { fn_(&call.request(), &call, user_data_); }

  protected:
    ~TransportFunction() override
    {
        if (destroy_) destroy_(user_data_);
    }

  private:
    const k8sc_transport_fn fn_;
    void *const user_data_;
    const k8sc_destroy_fn destroy_;
};

// One client's calls of it.
class CustomTransport : public RefCounted {
  public:
    explicit CustomTransport(Ref<TransportFunction> function) : function_(std::move(function)) {}
    // Starts a thread that makes the call. Fails with K8SC_E_IO where there is none to be had.
    void start(const Ref<TransportCall> &call) K8SC_EXCLUDES(mutex_);
    // Blocks until no call is running, and their threads have ended; false where it was not so by the deadline. From
    // inside of a call it does not wait for that one.
    bool wait_idle(int64_t deadline) K8SC_EXCLUDES(mutex_);

  protected:
    ~CustomTransport() override;

  private:
    void run(TransportCall &call) const;

    const Ref<TransportFunction> function_;
    Mutex mutex_;
    ConditionVariable changed_;
    std::list<std::thread> running_ K8SC_GUARDED_BY(mutex_), finished_ K8SC_GUARDED_BY(mutex_);
};

}  // namespace k8sc
