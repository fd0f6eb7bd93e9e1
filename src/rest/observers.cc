#include "rest/observers.h"

#include <algorithm>

#include "rest/observer.h"

namespace k8sc {
namespace {

constexpr size_t most_told_texts = 1000;

}  // namespace

bool SeenTexts::add(const std::string &text)
{
    if (!texts_.insert(text).second) return false;
    order_.push_back(text);
    if (order_.size() > most_told_texts) {
        texts_.erase(order_.front());
        order_.pop_front();
    }
    return true;
}

void ObserverSubscription::push(const Ref<Queue> &queue, int32_t kind, int32_t level, std::string_view component,
                                std::string text)
{
    if (waiting_.load(std::memory_order_relaxed) >= most_waiting_texts) {
        dropped_++;
        return;
    }
    auto send = [&](int32_t note_level, std::string_view note_component, std::string note_text, int64_t dropped) {
        auto note = std::make_unique<TextPayload>();
        note->level = note_level;
        note->component = note_component;
        note->text = std::move(note_text);
        note->dropped = dropped;
        Event event;
        event.kind = kind;
        event.subscription = Ref<Subscription>(this);
        event.payload = std::move(note);
        waiting_.fetch_add(1, std::memory_order_relaxed);
        queue->push(std::move(event));
    };
    int64_t dropped = std::exchange(dropped_, 0);
    // Who only prints what comes would not notice the gap.
    if (dropped && kind == K8SC_EVENT_LOG) {
        std::string told = std::to_string(dropped) + " messages were dropped: " + std::to_string(most_waiting_texts) +
                           " waited to be taken";
        send(K8SC_LOG_WARNING, "log", std::move(told), dropped);
        dropped = 0;
    }
    send(level, component, std::move(text), dropped);
}

Observers::Observers() = default;

Observers::~Observers() = default;

void Observers::deliver(LogLevel level, std::string_view component, std::string text)
{
    auto number = static_cast<int32_t>(level);
    MutexLock lock(mutex_);
    for (auto &observer : observers_)
        if (observer->kind == K8SC_EVENT_LOG && observer->level >= number)
            observer->subscription->push(observer->queue, K8SC_EVENT_LOG, number, component, text);
}

void Observers::warn(const std::string &text)
{
    if (warnings_.load(std::memory_order_relaxed) == 0) {
        if (!wants(LogLevel::warning)) return;
        {
            MutexLock lock(mutex_);
            if (!logged_warnings_.add(text)) return;
        }
        return write(LogLevel::warning, "warning", text);
    }
    MutexLock lock(mutex_);
    for (auto &observer : observers_)
        if (observer->kind == K8SC_EVENT_WARNING && (observer->repeated || observer->told.add(text)))
            observer->subscription->push(observer->queue, K8SC_EVENT_WARNING, K8SC_LOG_WARNING, "warning", text);
}

void Observers::trace(const std::string &json)
{
    MutexLock lock(mutex_);
    for (auto &observer : observers_)
        if (observer->kind == K8SC_EVENT_TRACE)
            observer->subscription->push(observer->queue, K8SC_EVENT_TRACE, 0, "", json);
}

void Observers::count()
{
    int traces = 0, warnings = 0;
    int32_t level = 0;
    for (auto &observer : observers_) {
        traces += observer->kind == K8SC_EVENT_TRACE;
        warnings += observer->kind == K8SC_EVENT_WARNING;
        level = std::max(level, observer->level);
    }
    traces_ = traces;
    warnings_ = warnings;
    level_ = level;
}

void Observers::begin(const Ref<Observer> &observer)
{
    MutexLock lock(mutex_);
    if (ended_) fail(K8SC_E_CLOSED, "the client is closed");
    observers_.push_back(observer);
    count();
    if (observer->kind != K8SC_EVENT_LOG) return;
    for (auto &[level, component, text] : kept_)
        if (auto number = static_cast<int32_t>(level); observer->level >= number)
            observer->subscription->push(observer->queue, K8SC_EVENT_LOG, number, component, text);
}

void Observers::keep(LogLevel level, std::string component, std::string text)
{
    MutexLock lock(mutex_);
    kept_.push_back({level, std::move(component), std::move(text)});
}

void Observers::end(const Ref<Observer> &observer)
{
    {
        MutexLock lock(mutex_);
        std::erase(observers_, observer);
        count();
    }
    observer->subscription->mute(false);
    observer->queue->retire(observer->subscription);
}

void Observers::end_all()
{
    std::vector<Ref<Observer>> all;
    {
        MutexLock lock(mutex_);
        ended_ = true;
        all.swap(observers_);
        count();
    }
    // What waits is still delivered: it may tell how the client ended.
    for (auto &observer : all) observer->queue->retire(observer->subscription);
}

}  // namespace k8sc
