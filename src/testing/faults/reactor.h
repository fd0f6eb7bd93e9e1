// Functions of a test that answer requests instead of the server, or let them pass.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "testing/faults/action.h"
#include "testing/http/reply.h"

namespace k8sc::testing {

// Thread-safe.
class Reactors {
  public:
    // Nothing: the request passes on.
    using React = std::function<std::optional<Reply>(const Request &)>;

    int64_t add(ActionMatch match, React react);
    bool remove(int64_t id);
    bool empty() const;
    // The answer of the first that has one, in the order in which they were added.
    std::optional<Reply> react(const Request &request) const;

  private:
    struct Entry {
        int64_t id;
        ActionMatch match;
        React react;
    };

    mutable std::mutex mutex_;
    // Shared with the calls that are under way: one that is removed lives until the last has come back.
    std::vector<std::shared_ptr<const Entry>> entries_;
    int64_t last_id_ = 0;
};

}  // namespace k8sc::testing
