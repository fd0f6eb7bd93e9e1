// What containers have written, as a test says, and the answers that tell it.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "testing/base/clock.h"
#include "testing/http/reply.h"
#include "testing/http/request.h"
#include "testing/store/object.h"
#include "testing/store/store.h"

namespace k8sc::testing {

// Of one container.
struct PodLog {
    // Texts that were written at once: where each begins, and when that was, in nanoseconds since 1970.
    struct Write {
        size_t begin = 0;
        int64_t time = 0;
    };

    std::string text;
    std::vector<Write> writes;

    void write(std::string_view more, int64_t time);
    int64_t time_of(size_t at) const;
    // The text from `begin` on, with the time in front of each line where that is wanted.
    std::string shown(size_t begin, bool timestamps) const;
    // Where the first line begins that was written at this time or later.
    size_t since(int64_t time) const;
};

// Thread-safe.
class PodLogs {
  public:
    PodLogs(Store &store, const VirtualClock &clock) : store_(store), clock_(clock) {}

    void set(const std::string &ns, const std::string &pod, const std::string &container, std::string_view text);
    void append(const std::string &ns, const std::string &pod, const std::string &container, std::string_view text);
    // What was written until now is of the container before this one.
    void restart(const std::string &ns, const std::string &pod, const std::string &container);
    // What is behind the first `offset` bytes, which then are all.
    std::string more(const std::string &ns, const std::string &pod, const std::string &container, size_t &offset,
                     bool timestamps) const;
    void clear();

    // Answers pods/log. Throws ApiError.
    Reply answer(const Request &request, const Object &pod) const;

  private:
    // The one that is asked for, of this container or the one before. Throws ApiError (400) where there was none.
    PodLog wanted(const Request &request, const Object &pod, const std::string &container) const;
    static std::string key(const std::string &ns, const std::string &pod, const std::string &container)
    {
        return ns + "/" + pod + "/" + container;
    }

    Store &store_;
    const VirtualClock &clock_;
    mutable std::mutex mutex_;
    std::map<std::string, PodLog, std::less<>> logs_;
    std::map<std::string, PodLog, std::less<>> previous_;
};

}  // namespace k8sc::testing
