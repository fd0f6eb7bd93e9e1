// A certificate names its hosts in the subjectAltName, and only there (RFC 9525, Go). curl would fall back to the
// common name.
#pragma once

#include <curl/curl.h>

#include <string_view>

namespace k8sc {

// A CURLOPT_SSL_CTX_FUNCTION. Where the server is verified, a certificate without such a name fails.
CURLcode require_alternative_names(CURL *easy, void *context, void *unused);

// Whether curl's message is about such a certificate.
bool lacks_alternative_names(std::string_view message);

}  // namespace k8sc
