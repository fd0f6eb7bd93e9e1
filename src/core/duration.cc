#include "core/duration.h"

#include <utility>

#include "core/ascii.h"

namespace k8sc {
namespace {

constexpr std::pair<std::string_view, uint64_t> units[] = {
    {"ns", 1},       {"us", 1000},      {"\xc2\xb5s", 1000}, {"\xce\xbcs", 1000},
    {"ms", 1000000}, {"s", 1000000000}, {"m", 60000000000},  {"h", 3600000000000},
};

constexpr uint64_t limit = uint64_t(INT64_MAX) + 1;

// A number below a second with its fraction, such as "1.5" for 1500 and 1000.
std::string with_fraction(uint64_t value, uint64_t unit)
{
    std::string text = std::to_string(value / unit);
    uint64_t rest = value % unit;
    if (rest == 0) return text;
    text += '.';
    for (uint64_t place = unit / 10; rest; place /= 10) {
        text += static_cast<char>('0' + rest / place);
        rest %= place;
    }
    return text;
}

}  // namespace

std::optional<int64_t> parse_duration(std::string_view text)
{
    bool negative = !text.empty() && text.front() == '-';
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
    if (text == "0") return 0;
    if (text.empty()) return {};
    uint64_t total = 0;
    while (!text.empty()) {
        uint64_t whole = 0, fraction = 0;
        double scale = 1;
        size_t digits = 0;
        for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1), digits++) {
            if (whole > limit / 10) return {};
            whole = whole * 10 + uint64_t(text.front() - '0');
        }
        if (!text.empty() && text.front() == '.') {
            text.remove_prefix(1);
            // Digits that no nanosecond has room for change nothing.
            for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1), digits++)
                if (scale < 1e17) fraction = fraction * 10 + uint64_t(text.front() - '0'), scale *= 10;
        }
        if (digits == 0) return {};
        uint64_t unit = 0;
        for (auto [name, nanos] : units) {
            // "m" is also how "ms" begins.
            if (!text.starts_with(name) || (name == "m" && text.starts_with("ms"))) continue;
            unit = nanos;
            text.remove_prefix(name.size());
            break;
        }
        if (unit == 0 || whole > limit / unit) return {};
        uint64_t part = whole * unit + uint64_t(double(fraction) * (double(unit) / scale));
        if (part > limit || total > limit - part) return {};
        total += part;
    }
    if (negative) return static_cast<int64_t>(-total);
    if (total == limit) return {};
    return static_cast<int64_t>(total);
}

std::string duration_text(int64_t nanos)
{
    if (nanos == 0) return "0s";
    std::string sign = nanos < 0 ? "-" : "";
    uint64_t value = nanos < 0 ? -static_cast<uint64_t>(nanos) : static_cast<uint64_t>(nanos);
    if (value < 1000) return sign + std::to_string(value) + "ns";
    if (value < 1000000) return sign + with_fraction(value, 1000) + "\xc2\xb5s";
    if (value < 1000000000) return sign + with_fraction(value, 1000000) + "ms";
    uint64_t minutes = value / 60000000000;
    std::string text = with_fraction(value % 60000000000, 1000000000) + "s";
    if (minutes) text = std::to_string(minutes % 60) + "m" + text;
    if (minutes >= 60) text = std::to_string(minutes / 60) + "h" + text;
    return sign + text;
}

}  // namespace k8sc
