// Spans of time as Go writes them: "1h30m", "300ms".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace k8sc {

// In nanoseconds; nothing where it is no duration, or beyond 64 bits.
std::optional<int64_t> parse_duration(std::string_view text);
// The way Go's Duration prints itself.
std::string duration_text(int64_t nanos);

}  // namespace k8sc
