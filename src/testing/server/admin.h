// The paths below /k8sc-testing/, by which whoever speaks HTTP can do with the server what a C program does with
// functions.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "testing/http/reply.h"
#include "testing/http/request.h"

namespace k8sc::testing {

class Server;

// Thread-safe.
class Admin {
  public:
    explicit Admin(Server &server) : server_(server) {}
    Admin(const Admin &) = delete;
    Admin &operator=(const Admin &) = delete;

    // Waits for what was begun; what is still to come does not happen.
    void end();
    bool is_for(const Request &request) const;
    // Nothing where the path is none of ours.
    std::optional<Reply> handle(const Request &request);

  private:
    using Act = std::function<void()>;

    Reply dispatch(const Request &request, const std::string &what);
    Reply faults(const Request &request, const std::string &id);
    // What ends connections cannot be done by the thread of one of them: done by another, behind the answer.
    Reply later(Act act);
    void pause(int64_t ms);
    void work();

    Server &server_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Act> acts_;
    bool ending_ = false;
    std::thread worker_;
};

}  // namespace k8sc::testing
