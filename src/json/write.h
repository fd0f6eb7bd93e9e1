// JSON text from values.
#pragma once

#include <string>
#include <string_view>

#include "json/value.h"

namespace k8sc {

// Compact, with keys in their order, text unescaped where JSON allows it, and numbers that read back as they were.
// `room`: how much to set aside at first.
std::string compact_json(const json_t *value, size_t room = 0);

// The shortest text that reads back as the same double. As in Go it has no fraction where the number is whole, so that
// a server takes it for an integer; an exponent where the number is very small, or whole and beyond 64 bits.
std::string number_text(double number);

bool is_utf8(std::string_view text);

}  // namespace k8sc
