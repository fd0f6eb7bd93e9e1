// What the library tells of its work, to whoever listens. Nothing is ever printed.
#pragma once

#include <atomic>
#include <string>
#include <string_view>

#include "core/ref.h"
#include "k8sc.h"

namespace k8sc {

enum class LogLevel : int32_t {
    error = K8SC_LOG_ERROR,
    warning = K8SC_LOG_WARNING,
    info = K8SC_LOG_INFO,
    debug = K8SC_LOG_DEBUG,
    trace = K8SC_LOG_TRACE,
};

// Any thread. Texts must not hold secrets.
class Log : public RefCounted {
  public:
    // One relaxed load: ask before a text is made.
    bool wants(LogLevel level) const { return static_cast<int32_t>(level) <= level_.load(std::memory_order_relaxed); }
    void write(LogLevel level, std::string_view component, std::string text)
    {
        if (wants(level)) deliver(level, component, std::move(text));
    }

  protected:
    virtual void deliver(LogLevel level, std::string_view component, std::string text) = 0;

    std::atomic<int32_t> level_{0};  // the highest that anybody wants; 0: nobody listens
};

}  // namespace k8sc
