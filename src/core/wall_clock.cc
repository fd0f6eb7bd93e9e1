#include "core/wall_clock.h"

#include <time.h>

#include <algorithm>
#include <charconv>

namespace k8sc {
namespace {

// Days since 1970-01-01 in the Gregorian calendar, and back: the months are counted from March, so that the leap day is
// the last.
int64_t days_from_civil(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

int days_in(int64_t year, int64_t month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

class TimeReader {
  public:
    explicit TimeReader(std::string_view text) : text_(text) {}

    std::optional<int64_t> number(size_t digits, int64_t low, int64_t high)
    {
        if (text_.size() < digits) return {};
        int64_t value = 0;
        for (size_t i = 0; i < digits; i++) {
            if (text_[i] < '0' || text_[i] > '9') return {};
            value = value * 10 + (text_[i] - '0');
        }
        text_.remove_prefix(digits);
        if (value < low || value > high) return {};
        return value;
    }
    bool one_of(std::string_view characters)
    {
        if (text_.empty() || characters.find(text_.front()) == std::string_view::npos) return false;
        last_ = text_.front();
        text_.remove_prefix(1);
        return true;
    }
    char last() const { return last_; }
    bool at_end() const { return text_.empty(); }
    // The digits of a fraction, as microseconds.
    std::optional<int64_t> fraction()
    {
        int64_t value = 0, unit = 100000;
        size_t n = 0;
        for (; n < text_.size() && text_[n] >= '0' && text_[n] <= '9'; n++, unit /= 10)
            value += (text_[n] - '0') * unit;
        text_.remove_prefix(n);
        if (n == 0) return {};
        return value;
    }

  private:
    std::string_view text_;
    char last_ = 0;
};

}  // namespace

int64_t wall_now_ms()
{
    timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return int64_t(t.tv_sec) * 1000 + t.tv_nsec / 1000000;
}

std::optional<int64_t> parse_rfc3339_us(std::string_view text)
{
    TimeReader in(text);
    auto year = in.number(4, 0, 9999);
    if (!year || !in.one_of("-")) return {};
    auto month = in.number(2, 1, 12);
    if (!month || !in.one_of("-")) return {};
    auto day = in.number(2, 1, days_in(*year, *month));
    if (!day || !in.one_of("Tt ")) return {};
    auto hour = in.number(2, 0, 23);
    if (!hour || !in.one_of(":")) return {};
    auto minute = in.number(2, 0, 59);
    if (!minute || !in.one_of(":")) return {};
    auto second = in.number(2, 0, 60);
    if (!second) return {};
    int64_t us = 0;
    if (in.one_of(".,")) {
        auto fraction = in.fraction();
        if (!fraction) return {};
        us = *fraction;
    }
    int64_t offset = 0;
    if (!in.one_of("Zz")) {
        if (!in.one_of("+-")) return {};
        int64_t sign = in.last() == '-' ? -1 : 1;
        auto hours = in.number(2, 0, 23);
        if (!hours || !in.one_of(":")) return {};
        auto minutes = in.number(2, 0, 59);
        if (!minutes) return {};
        offset = sign * (*hours * 60 + *minutes);
    }
    if (!in.at_end()) return {};
    int64_t minutes = (days_from_civil(*year, *month, *day) * 24 + *hour) * 60 + *minute - offset;
    return (minutes * 60 + *second) * 1000000 + us;
}

std::optional<int64_t> parse_rfc3339(std::string_view text)
{
    auto us = parse_rfc3339_us(text);
    if (!us) return {};
    return *us >= 0 ? *us / 1000 : (*us - 999) / 1000;
}

std::string rfc3339(int64_t wall_ms)
{
    time_t seconds = static_cast<time_t>(wall_ms >= 0 ? wall_ms / 1000 : (wall_ms - 999) / 1000);
    tm parts;
    if (!gmtime_r(&seconds, &parts)) return "?";
    char text[64];
    size_t n = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return {text, n};
}

std::optional<std::string> rfc3339_us(int64_t wall_us)
{
    int64_t seconds = wall_us / 1000000, us = wall_us % 1000000;
    if (us < 0) us += 1000000, seconds--;
    // Years 0 to 9999.
    if (seconds < -62167219200 || seconds > 253402300799) return {};
    std::string text = rfc3339(seconds * 1000), fraction = std::to_string(1000000 + us);
    // Before 1000 the library of C writes fewer digits.
    text.insert(0, 20 - std::min<size_t>(text.size(), 20), '0');
    return text.substr(0, 19) + "." + fraction.substr(1) + "Z";
}

}  // namespace k8sc
