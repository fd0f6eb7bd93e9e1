// Base64, in the plain alphabet and in the one for URLs, which has no padding.
#pragma once

#include <string>
#include <string_view>

namespace k8sc::testing {

std::string base64(std::string_view bytes);
std::string base64url(std::string_view bytes);
// False where `text` is not that.
bool base64url_decode(std::string_view text, std::string &bytes);

}  // namespace k8sc::testing
