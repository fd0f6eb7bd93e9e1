// What containers have written, as a test says, and the answers that tell it.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "object.h"
#include "reply.h"
#include "request.h"
#include "store.h"

namespace k8sc::testing {

// Thread-safe.
class PodLogs {
  public:
    explicit PodLogs(Store &store) : store_(store) {}

    void set(const std::string &space, const std::string &pod, const std::string &container, std::string_view text);
    void append(const std::string &space, const std::string &pod, const std::string &container, std::string_view text);
    // What is behind the first `offset` bytes.
    std::string text(const std::string &space, const std::string &pod, const std::string &container, size_t offset) const;
    void clear();

    // Answers pods/log. Throws ApiError.
    Reply answer(const Request &request, const Object &pod) const;

  private:
    static std::string key(const std::string &space, const std::string &pod, const std::string &container)
    {
        return space + "/" + pod + "/" + container;
    }

    Store &store_;
    mutable std::mutex mutex_;
    std::map<std::string, std::string, std::less<>> texts_;
};

}  // namespace k8sc::testing
