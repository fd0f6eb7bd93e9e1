// A user's function that answers requests instead of the network, each on a thread of its own.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/ref.h"
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
    void set_status(int32_t status);
    void add_header(std::string_view name, std::string_view value);
    // Waits while much is not taken. Fails with K8SC_E_CANCELLED where nobody wants it any more.
    void append(std::string_view data);
    void fail(k8sc::Error error);
    // The function has returned.
    void done();
    bool is_cancelled();
    // True where it was cancelled by then.
    bool wait_cancelled(int64_t deadline);

    // On the I/O thread.
    enum class Step { nothing, head, data, end };
    // What comes next; of an end, with the error where it is one.
    Step take(k8sc::HttpHead &head, std::string &data, std::unique_ptr<k8sc::Error> &error);
    void cancel();

  private:
    void wake();
    void need_no_head() const;

    const k8sc_transport_request request_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::function<void()> wake_;
    bool woken_ = false;
    int32_t status_ = 200;
    std::vector<std::pair<std::string, std::string>> headers_;
    bool head_ready_ = false, head_taken_ = false, done_ = false, cancelled_ = false;
    std::deque<std::string> pieces_;
    size_t waiting_ = 0; // bytes of them
    std::unique_ptr<k8sc::Error> failure_;
};

namespace k8sc {

using HookCall = ::k8sc_transport_reply;

// The callback triple, shared by configurations and clients; destroy runs with the last of them.
class HookFunction : public RefCounted
{
  public:
    HookFunction(k8sc_transport_fn fn, void *user_data, k8sc_destroy_fn destroy) : fn_(fn), user_data_(user_data), destroy_(destroy) {}
    void operator()(HookCall &call) const { fn_(&call.request(), &call, user_data_); }

  protected:
    ~HookFunction() override
    {
        if (destroy_) destroy_(user_data_);
    }

  private:
    const k8sc_transport_fn fn_;
    void *const user_data_;
    const k8sc_destroy_fn destroy_;
};

// One client's calls of it.
class Hook : public RefCounted
{
  public:
    explicit Hook(Ref<HookFunction> function) : function_(std::move(function)) {}
    // Starts a thread that makes the call. Fails with K8SC_E_IO where there is none to be had.
    void start(const Ref<HookCall> &call);
    // Blocks until no call is running, and their threads have ended; false where it was not so by the deadline. From inside of a call
    // it does not wait for that one.
    bool wait_idle(int64_t deadline);

  protected:
    ~Hook() override;

  private:
    void run(HookCall &call) const;

    const Ref<HookFunction> function_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::list<std::thread> running_, finished_;
};

}  // namespace k8sc
