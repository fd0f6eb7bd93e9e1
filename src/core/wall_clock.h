// Time as people and servers write it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace k8sc {

// Milliseconds since 1970, UTC.
int64_t wall_now_ms();
// RFC 3339: "2026-01-31T12:00:00Z", with any fraction and offset.
std::optional<int64_t> parse_rfc3339(std::string_view text);
// The same in microseconds, as MicroTime has them.
std::optional<int64_t> parse_rfc3339_us(std::string_view text);
// In UTC, to the second.
std::string rfc3339(int64_t wall_ms);
// In UTC with six digits after the second. Nothing for years that have not four digits.
std::optional<std::string> rfc3339_us(int64_t wall_us);

}  // namespace k8sc
