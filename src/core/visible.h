// Texts from outside, for messages.
#pragma once

#include <string>
#include <string_view>

namespace k8sc {

// Control characters, and bytes that are not UTF-8, become "\x1b" or "\u202e". As quote() has it, without quotes and
// limit.
std::string visible(std::string_view text);

}  // namespace k8sc
