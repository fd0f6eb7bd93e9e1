// What an informer is, and has done so far.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cache/store.h"
#include "json/text.h"

namespace k8sc {

// A reflector's counts: written on the I/O thread, read on any.
struct ReflectorCounts {
    // The watch, or the streaming list that becomes one, is being answered.
    std::atomic<bool> connected{false};
    std::atomic<int64_t> last_event_at{0};  // now_ms(); 0: nothing came yet
    std::atomic<int64_t> relists{0};        // lists after the first one
    std::atomic<int64_t> watches{0};        // that the server answered
};

struct Failure {
    int64_t at = 0;  // wall_now_ms()
    std::string message;
};

struct HandlerStatistics {
    bool synced = false;
    int64_t depth = 0;
    int64_t coalesced = 0;
};

struct InformerStatistics {
    std::string group, version, resource, ns;
    bool started = false, synced = false, stopped = false, connected = false;
    std::optional<int64_t> last_event_at;  // milliseconds since 1970
    std::string last_version;
    Store::Size size;
    int64_t relists = 0, watches = 0, failures = 0;
    std::optional<Failure> last_failure;
    std::vector<HandlerStatistics> handlers;
};

void write_statistics(JsonText &out, const char *name, const InformerStatistics &of);

}  // namespace k8sc
