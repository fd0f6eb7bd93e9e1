// What curl says of a failure, as an error of ours.
#pragma once

#include <curl/curl.h>

#include <memory>

#include "core/error.h"

namespace k8sc {

struct Endpoint;

// `message`: the handle's error buffer.
Error curl_error(CURLcode code, const char *message);

// The proxy's own answer, where it is a refusal: to CONNECT, or, as the answer's `status` tells, for want of a
// password. NULL where it is none.
std::unique_ptr<Error> proxy_refusal(CURL *easy, const Endpoint &endpoint, bool tls, int status);

// Says what it went through.
Error through(Error error, const Endpoint &endpoint);

// Says which way was taken, where it was not the URL's. `sent`: the server was reached.
Error on_the_way(Error error, CURL *easy, const Endpoint &endpoint, bool sent);

}  // namespace k8sc
