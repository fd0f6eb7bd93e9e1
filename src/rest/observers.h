// Who is told of a client's warnings, logs and traces.
#pragma once

#include <deque>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/log.h"
#include "core/thread_annotations.h"
#include "queue/queue.h"

struct k8sc_subscription;

namespace k8sc {

using Observer = ::k8sc_subscription;

// What an event says in words.
struct TextPayload : Payload {
    int32_t level = 0;
    std::string component;
    std::string text;
    int64_t dropped = 0;  // before this one
};

// Remembers which texts were told, the latest thousand of them.
class SeenTexts {
  public:
    // False where it was told already.
    bool add(const std::string &text);

  private:
    std::unordered_set<std::string> texts_;
    std::deque<std::string> order_;
};

// Any thread. A subscriber that does not take its events loses those beyond a limit, and is told how many.
class Observers : public Log {
  public:
    Observers();
    ~Observers() override;
    bool wants_traces() const { return traces_.load(std::memory_order_relaxed) > 0; }
    // From the server. Into the log where nobody subscribed.
    void warn(const std::string &text) K8SC_EXCLUDES(mutex_);
    void trace(const std::string &json) K8SC_EXCLUDES(mutex_);

    // Tells each who subscribes from now on, at once: what happened before anybody could listen.
    void keep(LogLevel level, std::string component, std::string text) K8SC_EXCLUDES(mutex_);

    // Fails with K8SC_E_CLOSED after end_all().
    void begin(const Ref<Observer> &observer) K8SC_EXCLUDES(mutex_);
    void end(const Ref<Observer> &observer) K8SC_EXCLUDES(mutex_);
    void end_all() K8SC_EXCLUDES(mutex_);

  private:
    void deliver(LogLevel level, std::string_view component, std::string text) override K8SC_EXCLUDES(mutex_);
    void count() K8SC_REQUIRES(mutex_);

    struct Kept {
        LogLevel level;
        std::string component, text;
    };

    Mutex mutex_;
    std::vector<Ref<Observer>> observers_ K8SC_GUARDED_BY(mutex_);
    std::vector<Kept> kept_ K8SC_GUARDED_BY(mutex_);
    SeenTexts logged_warnings_ K8SC_GUARDED_BY(mutex_);
    std::atomic<int> traces_{0};
    std::atomic<int> warnings_{0};
    bool ended_ K8SC_GUARDED_BY(mutex_) = false;
};

}  // namespace k8sc
