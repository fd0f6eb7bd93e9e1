// Reading requests of HTTP/1.1, by Boost.Beast's parser, which does no input itself.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "testing/http/request.h"

namespace k8sc::testing {

// Of one request.
class RequestParser {
  public:
    RequestParser();
    ~RequestParser();

    enum class State { more, done, wrong };
    // Takes what it can use from the beginning of what was received.
    State put(std::string &received);
    bool has_head() const;
    // Of a request that is wrong.
    int error_code() const { return error_code_; }
    const std::string &error() const { return error_; }

    // From the head on.
    bool keeps_alive() const;
    bool is_version_10() const;
    bool expects_continue() const;
    Request head() const;
    // When it is done.
    std::string take_body();

  private:
    struct Parser;

    std::unique_ptr<Parser> parser_;
    int error_code_ = 400;
    std::string error_;
};

// "Not Found"
std::string_view status_text(int code);

}  // namespace k8sc::testing
