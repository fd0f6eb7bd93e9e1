#include "net/custom_transport.h"

#include <pthread.h>
#include <strings.h>

#include <algorithm>
#include <system_error>

#include "core/clock.h"
#include "core/signals.h"
#include "net/exchange.h"

using namespace k8sc;

namespace {

// What may wait between the two threads before the function has to.
constexpr size_t most_waiting = 1 << 20;

// The transport that this thread is in a call of.
thread_local const CustomTransport *current = nullptr;

void wait_until(ConditionVariable &changed, MutexLock &lock, int64_t deadline)
{
    int64_t left = deadline == never ? 3600 * 1000 : deadline - now_ms();
    changed.wait_for(lock, std::chrono::milliseconds(std::max<int64_t>(left, 0)));
}

}  // namespace

k8sc_transport_request::k8sc_transport_request(const HttpRequest &request)
    : method(request.method), url(request.url), body(request.body)
{
    for (auto &line : request.headers) {
        // As curl has it: "Name;" is one without a value, and "Name:" is none at all.
        auto end = line.find_first_of(":;");
        if (end == std::string::npos || line == line.substr(0, end) + ":") continue;
        auto value = line.find_first_not_of(' ', end + 1);
        headers.emplace_back(line.substr(0, end), value == std::string::npos ? "" : line.substr(value));
    }
}

const std::string *k8sc_transport_request::header(std::string_view name) const
{
    for (auto &header : headers)
        if (header.first.size() == name.size() && strncasecmp(header.first.data(), name.data(), name.size()) == 0)
            return &header.second;
    return nullptr;
}

k8sc_transport_reply::k8sc_transport_reply(const HttpRequest &request, std::function<void()> wake)
    : request_(request), wake_(std::move(wake))
{
}

void k8sc_transport_reply::wake()
{
    if (woken_ || !wake_) return;
    woken_ = true;
    wake_();
}

void k8sc_transport_reply::need_no_head() const
{
    if (head_ready_) k8sc::fail(K8SC_E_STATE, "the reply has begun: status and headers come before the body");
}

void k8sc_transport_reply::set_status(int32_t status)
{
    MutexLock lock(mutex_);
    need_no_head();
    status_ = status;
}

void k8sc_transport_reply::add_header(std::string_view name, std::string_view value)
{
    MutexLock lock(mutex_);
    need_no_head();
    std::string lower(name);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    headers_.emplace_back(std::move(lower), value);
}

void k8sc_transport_reply::append(std::string_view data)
{
    MutexLock lock(mutex_);
    while (waiting_ >= most_waiting && !cancelled_) changed_.wait(lock);
    if (cancelled_) k8sc::fail(K8SC_E_CANCELLED, "the request has ended");
    head_ready_ = true;
    if (!data.empty()) {
        pieces_.emplace_back(data);
        waiting_ += data.size();
    }
    wake();
}

void k8sc_transport_reply::fail(Error error)
{
    MutexLock lock(mutex_);
    failure_ = std::make_unique<Error>(std::move(error));
}

void k8sc_transport_reply::done()
{
    MutexLock lock(mutex_);
    if (!failure_) head_ready_ = true;
    done_ = true;
    wake();
}

bool k8sc_transport_reply::is_cancelled()
{
    MutexLock lock(mutex_);
    return cancelled_;
}

bool k8sc_transport_reply::wait_cancelled(int64_t deadline)
{
    MutexLock lock(mutex_);
    while (!cancelled_ && (deadline == never || now_ms() < deadline)) wait_until(changed_, lock, deadline);
    return cancelled_;
}

TransportCall::Step k8sc_transport_reply::take(HttpHead &head, std::string &data, std::unique_ptr<Error> &error)
{
    MutexLock lock(mutex_);
    if (head_ready_ && !head_taken_) {
        head_taken_ = true;
        head.status = status_;
        head.headers = headers_;
        return Step::head;
    }
    if (!pieces_.empty()) {
        data = std::move(pieces_.front());
        pieces_.pop_front();
        waiting_ -= data.size();
        changed_.notify_all();
        return Step::data;
    }
    if (done_) {
        error = std::move(failure_);
        return Step::end;
    }
    woken_ = false;
    return Step::nothing;
}

void k8sc_transport_reply::cancel()
{
    std::function<void()> gone;
    MutexLock lock(mutex_);
    cancelled_ = true;
    // It holds the exchange; freed without the lock.
    gone.swap(wake_);
    changed_.notify_all();
}

void CustomTransport::run(TransportCall &call) const
{
    current = this;
    (*function_)(call);
    current = nullptr;
    call.done();
}

void CustomTransport::start(const Ref<TransportCall> &call)
{
    MutexLock lock(mutex_);
    for (auto &thread : finished_) thread.join();
    finished_.clear();
    SignalsBlocked blocked;
    auto at = running_.emplace(running_.end());
    try {
        *at = std::thread([self = Ref<CustomTransport>(this), call = Ref<TransportCall>(call), at]() mutable {
            self->run(*call);
            call = nullptr;
            {
                MutexLock lock(self->mutex_);
                self->finished_.splice(self->finished_.end(), self->running_, at);
                self->changed_.notify_all();
            }
            self = nullptr;
        });
    } catch (const std::system_error &e) {
        running_.erase(at);
        fail(K8SC_E_IO, concat("no thread for the transport: ", e.what()));
    }
    pthread_setname_np(at->native_handle(), "k8sc-transport");
}

bool CustomTransport::wait_idle(int64_t deadline)
{
    MutexLock lock(mutex_);
    size_t own = current == this ? 1 : 0;
    while (running_.size() > own) {
        if (deadline != never && now_ms() >= deadline) return false;
        wait_until(changed_, lock, deadline);
    }
    // They are at their last line.
    for (auto &thread : finished_) thread.join();
    finished_.clear();
    return true;
}

CustomTransport::~CustomTransport()
{
    for (auto &thread : finished_) {
        // The last to let go may be one of them.
        if (thread.get_id() == std::this_thread::get_id())
            thread.detach();
        else
            thread.join();
    }
}
