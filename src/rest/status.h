// Errors as the server tells them: the Status object, or whatever else came instead.
#pragma once

#include <string>
#include <string_view>

#include "net/exchange.h"
#include "json/object.h"

namespace k8sc {

// What a request is called in messages.
struct RequestName {
    std::string what;    // "get pods default/web-0"; "" where only the URL tells
    std::string method;  // of HTTP
    std::string url;
};

// The error for an answer that is not a success.
Error error_from_answer(const RequestName &name, const HttpHead &head, const std::string &body);
// The error in a Status object, as it stands in a watch.
Error error_from_status(const Object &status);
// True where an object is a Status that says Failure.
bool is_failure_status(const Object &object);
// Adds to a message which request it is about.
Error named(Error error, const RequestName &name);

}  // namespace k8sc
