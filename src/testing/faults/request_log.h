// Which requests came: all of them counted, the last ones remembered.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "testing/base/json.h"
#include "testing/faults/action.h"
#include "testing/http/request.h"

namespace k8sc::testing {

// Thread-safe.
class RequestLog {
  public:
    void add(const Request &request);
    // An empty method, or prefix of a path, stands for any.
    int64_t count(std::string_view method, std::string_view path_prefix) const;
    std::optional<std::string> last(std::string_view method, std::string_view path_prefix) const;
    // A JSON array, oldest first.
    std::string all() const;
    // Of those that are remembered: how many, and what they were, as a JSON array, oldest first.
    int64_t count_actions(const ActionMatch &match) const;
    std::string actions(const ActionMatch &match) const;
    void clear();

  private:
    mutable std::mutex mutex_;
    std::map<std::pair<std::string, std::string>, int64_t> counts_;  // by method and path
    std::deque<Request> requests_;
};

}  // namespace k8sc::testing
