// Rules that make the server misbehave: which requests they are for, and what happens to those.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "testing/http/http.h"
#include "testing/http/reply.h"
#include "testing/http/request.h"
#include "testing/schema/status.h"

namespace k8sc::testing {

enum class Fault {
    status,
    error_event,
    cut,
    stall,
    slow,
    oversized,
    deep,
    invalid_utf8,
    garbage,
    html,
    truncate,
    delay,
    reset,
    warning,
    end_bookmark,
    answer,
    goaway,
    rst_stream,
    empty_frames
};

struct FaultAction {
    Fault fault = Fault::reset;
    int64_t amount = 0;  // bytes, bytes per second, milliseconds, levels, frames, or an HTTP status
    std::string text;
    ApiError error;
    uint32_t error_code = 0;  // of HTTP/2
};

struct FaultRule {
    std::vector<std::string> verbs;
    std::string resource;
    std::string path;
    int64_t nth = 1;
    int64_t times = -1;  // -1: without end
    std::optional<double> probability;
    std::mt19937_64 random;
    FaultAction action;

    std::string source;  // as it was given, without white space

    int64_t matched = 0;
    int64_t happened = 0;

    // Other connections are not harmed by it.
    bool is_of_http2() const;
    // Throws Failure that names what is wrong.
    static FaultRule parse(std::string_view json);
    bool matches(const Request &request) const;
    // Counts a request that matches; true where the rule is to happen to it.
    bool is_due();
};

// Thread-safe.
class Faults {
  public:
    int64_t add(std::string_view rule_json);
    bool remove(int64_t id);
    void clear();
    // -1 where there is no such rule.
    int64_t count(int64_t id) const;

    // [{"id":1,"rule":{...},"happened":0}], in the order in which they were added.
    std::string all() const;

    // What is to happen to this request, if anything.
    std::optional<FaultAction> match(const Request &request);

  private:
    mutable std::mutex mutex_;
    std::vector<std::pair<int64_t, FaultRule>> rules_;
    int64_t last_id_ = 0;
};

// What is to happen to its stream, if it is that; such a request is not served, or as if there were no fault.
std::optional<StreamFault> stream_fault(const FaultAction &action);
// What comes before a request is answered: a delay, a reset. False where there is nothing left to answer.
bool begin_fault(const FaultAction &action, Connection &connection);
// An answer that takes the place of the true one, if there is to be one.
std::optional<Reply> replacing_reply(const FaultAction &action, const Request &request);
// Makes the true answer a wrong one.
void spoil_reply(const FaultAction &action, const Request &request, Reply &reply, Connection &connection);

}  // namespace k8sc::testing
