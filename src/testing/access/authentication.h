// Whom a request comes from.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "testing/access/tokens.h"
#include "testing/http/request.h"
#include "testing/http/user.h"

namespace k8sc::testing {

// Thread-safe.
class Authentication {
  public:
    // `token`: that of an administrator, if one is needed; `users`: of others.
    Authentication(std::optional<std::string> token, std::vector<std::pair<std::string, User>> users)
        : token_(std::move(token)), users_(std::move(users))
    {
    }

    // Nothing: none is needed, but those of users.
    void set_token(std::optional<std::string> token);
    // Beside the one that was set, until another is. Fails with K8SC_E_STATE where there is none.
    void add_token(std::string token);
    // Whether client certificates count, so that who has neither one nor a token is refused.
    void set_certificates(bool wanted);

    // Nobody where the request does not show who it is from. `now` is in seconds since 1970.
    std::optional<User> user_of(const Request &request, int64_t now) const;
    std::optional<User> user_of_token(std::string_view token, int64_t now) const;

    Tokens &tokens() { return tokens_; }

  private:
    mutable std::mutex mutex_;
    std::optional<std::string> token_;
    std::vector<std::string> more_tokens_;
    const std::vector<std::pair<std::string, User>> users_;
    bool certificates_ = false;
    Tokens tokens_;
};

struct Access;

// Whom the user asks as, by the headers Impersonate-*. Throws ApiError where there is a group and no user, and what
// `check` throws where that is not allowed.
User impersonated(const Request &request, User user, const std::function<void(const Access &)> &check);

}  // namespace k8sc::testing
