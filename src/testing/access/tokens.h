// Tokens of service accounts: what serviceaccounts/token hands out, good for as long as it says.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "testing/base/json.h"

namespace k8sc::testing {

// Thread-safe.
class Tokens {
  public:
    // Fills in the status of a TokenRequest; `now` is in seconds since 1970. Throws ApiError where what is asked for
    // cannot be.
    void issue(json_t *request, const std::string &ns, const std::string &account, const std::string &uid, int64_t now);
    // Whose token it is, such as "system:serviceaccount:default:builder"; "" where it is none of ours, or is over.
    std::string user(std::string_view token, int64_t now) const;

  private:
    struct Issued {
        std::string user;
        int64_t expires = 0;
    };

    mutable std::mutex mutex_;
    std::map<std::string, Issued, std::less<>> issued_;
};

}  // namespace k8sc::testing
