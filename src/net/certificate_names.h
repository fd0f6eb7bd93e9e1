// Whom a certificate is for is said by its subjectAltName alone, as RFC 9525 and Go have it; curl would take the common name where there is none.
#pragma once

#include <curl/curl.h>

#include <string_view>

namespace k8sc {

// A CURLOPT_SSL_CTX_FUNCTION: certificates with nothing but a common name fail the verification, where there is one.
CURLcode require_alternative_names(CURL *easy, void *context, void *unused);

// Whether curl's message is about such a certificate.
bool lacks_alternative_names(std::string_view message);

}  // namespace k8sc
