// The Warning header, by which API servers tell of deprecated and questionable requests.
#pragma once

#include <string>
#include <vector>

#include "net/exchange.h"

namespace k8sc {

// The texts of all warnings with code 299, as API servers send them, in their order. What is malformed is left out.
// Texts in the form of RFC 2047 are decoded. They are UTF-8 without control characters.
std::vector<std::string> warnings_of(const HttpHead &head);

}  // namespace k8sc
