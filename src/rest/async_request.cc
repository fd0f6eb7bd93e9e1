#include "rest/async_request.h"

#include <algorithm>
#include <cstring>

#include "core/clock.h"
#include "core/thread_annotations.h"
#include "net/cancel_scope.h"
#include "rest/body.h"

using namespace k8sc;

namespace {

Event event_of(int32_t kind, const Ref<Subscription> &subscription)
{
    Event event;
    event.kind = kind;
    event.subscription = subscription;
    return event;
}

std::unique_ptr<Error> error_of(CallResult &result)
{
    return result.error ? std::make_unique<Error>(std::move(*result.error)) : nullptr;
}

size_t size_of(const Event &event)
{
    if (event.kind == K8SC_EVENT_DATA) return static_cast<DataPayload *>(event.payload.get())->bytes.size();
    return event.object ? event.object.stored().json_size() + 256 : 0;
}

class EventSink : public BodySink {
  public:
    EventSink(Ref<Queue> queue, Ref<BoundedSubscription> subscription)
        : queue_(std::move(queue)), subscription_(std::move(subscription))
    {
    }

    bool data(std::string_view data) override
    {
        begun_ = true;
        auto payload = std::make_unique<DataPayload>();
        payload->bytes = data;
        Event event = event_of(K8SC_EVENT_DATA, subscription_);
        event.payload = std::move(payload);
        bool more = subscription_->add(event);
        queue_->push(std::move(event));
        return more;
    }
    bool restart() override { return !begun_; }

  private:
    Ref<Queue> queue_;
    Ref<BoundedSubscription> subscription_;
    bool begun_ = false;
};

}  // namespace

bool BoundedSubscription::add(const Event &event)
{
    size_t size = size_of(event);
    return waiting_.fetch_add(size) + size < most_waiting_bytes;
}

void BoundedSubscription::done_with(const Event &event)
{
    size_t size = size_of(event);
    size_t before = waiting_.fetch_sub(size);
    if (before < most_waiting_bytes || before - size >= most_waiting_bytes) return;
    Ref<Call> call;
    {
        MutexLock lock(mutex_);
        call = call_;
    }
    if (call) call->resume();
}

void BoundedSubscription::set_call(const Ref<Call> &call)
{
    MutexLock lock(mutex_);
    if (!ended_) call_ = call;
}

void k8sc::launch(const Ref<Queue> &queue, const Ref<BoundedSubscription> &subscription, const Ref<Call> &call)
{
    // Known before it begins: a dispatching thread may be done with its first events at once.
    subscription->set_call(call);
    struct Begins {
        const Ref<BoundedSubscription> &subscription;
        bool begun = false;
        ~Begins()
        {
            if (!begun) subscription->end();
        }
    } begins{subscription};
    queue->attach(subscription, [&] {
        call->launch();
        begins.begun = true;
    });
}

void BoundedSubscription::end()
{
    MutexLock lock(mutex_);
    ended_ = true;
    call_ = nullptr;
}

Ref<Call> k8sc::start_request(const Request &request, const Ref<Queue> &queue, const Callback &callback)
{
    CallSpec spec = request.spec();
    request.client()->need_open();
    Ref<Subscription> subscription = make<Subscription>(callback);
    auto sink = std::make_shared<BufferSink>();
    ListBounds bounds = request.client()->list_bounds();
    RequestName name = spec.name;
    auto done = [queue, subscription, sink, name, bounds](CallResult &result) {
        Event event = event_of(K8SC_EVENT_COMPLETED, subscription);
        event.error = error_of(result);
        if (!event.error) {
            auto answer = std::make_unique<Result>();
            answer->head = std::move(result.head);
            answer->body = std::move(sink->body());
            answer->method = name.method;
            answer->url = name.url;
            answer->bounds = bounds;
            answer->throttled_ms = result.throttled_ms;
            answer->attempts = result.attempts;
            answer->warnings = std::move(result.warnings);
            event.payload = std::move(answer);
        }
        queue->push(std::move(event));
        queue->retire(subscription);
    };
    Ref<Call> call = Call::prepare(request.client(), std::move(spec), sink, std::move(done));
    queue->attach(subscription, [&] { call->launch(); });
    return call;
}

Ref<Call> k8sc::start_stream(const Request &request, const Ref<Queue> &queue, const Callback &callback)
{
    CallSpec spec = request.spec();
    request.client()->need_open();
    spec.stream = true;
    spec.http.own_connection = true;
    spec.http.idle_timeout_ms = -1;
    auto subscription = make<BoundedSubscription>(callback);
    auto sink = std::make_shared<EventSink>(queue, subscription);
    auto done = [queue, subscription](CallResult &result) {
        Event event = event_of(K8SC_EVENT_CLOSED, subscription);
        event.error = error_of(result);
        queue->push(std::move(event));
        queue->retire(subscription);
        subscription->end();
    };
    Ref<Call> call = Call::prepare(request.client(), std::move(spec), sink, std::move(done));
    launch(queue, subscription, call);
    return call;
}

struct k8sc_stream::State {
    Mutex mutex;
    ConditionVariable changed;
    std::string bytes K8SC_GUARDED_BY(mutex);
    size_t taken K8SC_GUARDED_BY(mutex) = 0;  // of bytes, from its beginning
    size_t waiting() const K8SC_REQUIRES(mutex) { return bytes.size() - taken; }
    bool head K8SC_GUARDED_BY(mutex) = false;
    bool ended K8SC_GUARDED_BY(mutex) = false;
    std::optional<Error> error K8SC_GUARDED_BY(mutex);
};

namespace {

class ReaderSink : public BodySink {
  public:
    using State = std::shared_ptr<void>;
    ReaderSink(std::function<void()> head, std::function<bool(std::string_view)> data)
        : head_(std::move(head)), data_(std::move(data))
    {
    }
    void head(const HttpHead &) override
    {
        begun_ = true;
        head_();
    }
    bool data(std::string_view data) override { return data_(data); }
    bool restart() override { return !begun_; }

  private:
    std::function<void()> head_;
    std::function<bool(std::string_view)> data_;
    bool begun_ = false;
};

}  // namespace

std::unique_ptr<k8sc_stream> k8sc_stream::open(const Request &request)
{
    CallSpec spec = request.spec();
    spec.stream = true;
    spec.http.own_connection = true;
    spec.http.idle_timeout_ms = -1;
    auto state = std::make_shared<State>();
    auto sink = std::make_shared<ReaderSink>(
        [state] {
            MutexLock lock(state->mutex);
            state->head = true;
            state->changed.notify_all();
        },
        [state](std::string_view data) {
            MutexLock lock(state->mutex);
            state->bytes.append(data);
            state->changed.notify_all();
            return state->waiting() < most_waiting_bytes;
        });
    std::unique_ptr<k8sc_stream> stream(new k8sc_stream);
    stream->state_ = state;
    stream->call_ = Call::start(request.client(), std::move(spec), sink, [state](CallResult &result) {
        MutexLock lock(state->mutex);
        state->ended = true;
        state->error = std::move(result.error);
        state->changed.notify_all();
    });
    CancelAlarm alarm([call = stream->call_] { call->cancel(); });
    MutexLock lock(state->mutex);
    while (!state->head && !state->ended) state->changed.wait(lock);
    if (!state->head && state->error) throw *state->error;
    return stream;
}

k8sc_stream::~k8sc_stream()
{
    if (!call_) return;
    // In a forked child its locks may be held for ever; its memory stays as it is.
    if (call_->forked())
        call_.detach();
    else
        call_->cancel();
}

size_t k8sc_stream::read(char *buffer, size_t size, int64_t timeout_ms)
{
    if (call_->forked()) fail(K8SC_E_FORKED, "the stream was opened before fork()");
    int64_t deadline = deadline_after(timeout_ms);
    MutexLock lock(state_->mutex);
    while (state_->waiting() == 0 && !state_->ended) {
        int64_t left = deadline == never ? 3600 * 1000 : deadline - now_ms();
        if (left <= 0) fail(K8SC_E_TIMEOUT, "nothing was received within " + std::to_string(timeout_ms) + " ms");
        state_->changed.wait_for(lock, std::chrono::milliseconds(left));
    }
    if (state_->waiting() == 0) {
        if (state_->error) throw *state_->error;
        return 0;
    }
    size_t n = std::min(size, state_->waiting());
    memcpy(buffer, state_->bytes.data() + state_->taken, n);
    bool was_full = state_->waiting() >= most_waiting_bytes;
    state_->taken += n;
    // Moved to the front now and then, so that small reads do not each move what is left.
    if (state_->taken * 2 >= state_->bytes.size()) {
        state_->bytes.erase(0, state_->taken);
        state_->taken = 0;
    }
    if (was_full && state_->waiting() < most_waiting_bytes) call_->resume();
    return n;
}
