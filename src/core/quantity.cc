#include "core/quantity.h"

#include <algorithm>
#include <charconv>

#include "core/error.h"

namespace k8sc {
namespace {

__extension__ typedef __int128 Wide;

constexpr Wide nanos_per_unit = 1000000000;
constexpr Wide largest = Wide(INT64_MAX) * nanos_per_unit;

Wide power(Wide base, int exponent)
{
    Wide value = 1;
    while (exponent-- > 0) value *= base;
    return value;
}

[[noreturn]] void refuse(std::string_view text, std::string_view why) { fail(K8SC_E_PARSE, concat("quantity ", quoted(text), ": ", why)); }

struct Suffix {
    Quantity::Form form = Quantity::Form::decimal;
    int64_t exponent = 0;  // of 10, or of 2
};

Suffix parse_suffix(std::string_view whole, std::string_view suffix)
{
    using Form = Quantity::Form;
    if (suffix.empty()) return {};
    if ((suffix[0] == 'e' || suffix[0] == 'E') && suffix.size() > 1 && suffix != "Ei") {
        std::string_view digits = suffix.substr(suffix[1] == '+' ? 2 : 1);
        int64_t exponent = 0;
        auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
        if (digits.empty() || end != digits.data() + digits.size() || fault == std::errc::invalid_argument) refuse(whole, "after \"e\" there is no number");
        if (fault != std::errc()) refuse(whole, "the exponent is out of range");
        return {Form::exponent, exponent};
    }
    constexpr std::string_view small = "num", large = "kMGTPE", binary = "KMGTPE";
    if (suffix.size() == 1) {
        if (auto at = small.find(suffix[0]); at != std::string_view::npos) return {Form::decimal, int64_t(at) * 3 - 9};
        if (auto at = large.find(suffix[0]); at != std::string_view::npos) return {Form::decimal, int64_t(at) * 3 + 3};
    } else if (suffix.size() == 2 && suffix[1] == 'i') {
        if (auto at = binary.find(suffix[0]); at != std::string_view::npos) return {Form::binary, int64_t(at) * 10 + 10};
    }
    refuse(whole, concat("there is no suffix ", quoted(suffix)));
}

// digits * 10^exponent, which may be cut at the end: then what is left is rounded up.
Wide decimal(std::string digits, int64_t exponent)
{
    if (int64_t(digits.size()) + exponent > 30) return largest;
    bool more = false;
    while (exponent < 0 && !digits.empty()) {
        more = more || digits.back() != '0';
        digits.pop_back();
        exponent++;
    }
    Wide value = 0;
    for (char c : digits) value = value * 10 + (c - '0');
    if (!digits.empty()) value *= power(10, int(exponent));
    return std::min(value + more, largest);
}

// whole.fraction * 2^exponent, in nanos.
Wide binary(std::string_view whole, std::string_view fraction, int64_t exponent)
{
    const Wide unit = (Wide(1) << exponent) * nanos_per_unit;
    // From the last digit to the first, each time divided by ten: so nothing is lost, however many there are.
    Wide below = 0;
    bool more = false;
    for (auto digit = fraction.rbegin(); digit != fraction.rend(); ++digit) {
        Wide sum = (*digit - '0') * unit + below;
        more = more || sum % 10 != 0;
        below = sum / 10;
    }
    Wide above = 0;
    for (char c : whole) {
        above = above * 10 + (c - '0');
        if (above > largest / unit) return largest;
    }
    return std::min(above * unit + below + more, largest);
}

std::string digits_of(Wide value)
{
    std::string text;
    for (bool negative = value < 0;;) {
        int digit = int(value % 10);
        text += static_cast<char>('0' + (digit < 0 ? -digit : digit));
        value /= 10;
        if (value != 0) continue;
        if (negative) text += '-';
        break;
    }
    std::reverse(text.begin(), text.end());
    return text;
}

}  // namespace

Quantity::Quantity(Wide nanos, Form form) : nanos_(std::clamp(nanos, -largest, largest)), form_(form) {}

Quantity Quantity::parse(std::string_view text)
{
    std::string_view rest = text;
    bool negative = !rest.empty() && rest.front() == '-';
    if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) rest.remove_prefix(1);
    auto take_digits = [&] {
        size_t n = std::min(rest.find_first_not_of("0123456789"), rest.size());
        std::string_view digits = rest.substr(0, n);
        rest.remove_prefix(n);
        return digits;
    };
    std::string_view whole = take_digits(), fraction;
    if (!rest.empty() && rest.front() == '.') {
        rest.remove_prefix(1);
        fraction = take_digits();
    }
    if (whole.empty() && fraction.empty()) refuse(text, "it does not begin with a number");
    Suffix suffix = parse_suffix(text, rest);

    std::string digits = concat(whole, fraction);
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
    Wide nanos = 0;
    if (digits.empty()) nanos = 0;
    else if (suffix.form == Form::binary) nanos = binary(whole, fraction, suffix.exponent);
    // Beyond these there is nothing but the largest and the smallest.
    else nanos = decimal(std::move(digits), std::clamp<int64_t>(suffix.exponent, -1000000, 1000000) + 9 - int64_t(fraction.size()));
    return Quantity(negative ? -nanos : nanos, suffix.form);
}

std::string Quantity::text() const
{
    if (nanos_ == 0) return "0";
    const Wide magnitude = nanos_ < 0 ? -nanos_ : nanos_;
    if (form_ == Form::binary && magnitude >= 1024 * nanos_per_unit && magnitude % nanos_per_unit == 0) {
        Wide units = nanos_ / nanos_per_unit;
        const char *const suffixes[] = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
        size_t step = 0;
        for (; units % 1024 == 0; units /= 1024) step++;
        return digits_of(units) + suffixes[step];
    }
    int exponent = 18;
    while (magnitude % power(10, exponent + 9) != 0) exponent -= 3;
    std::string digits = digits_of(nanos_ / power(10, exponent + 9));
    if (form_ == Form::exponent) return exponent ? concat(digits, "e", std::to_string(exponent)) : digits;
    const char *const suffixes[] = {"n", "u", "m", "", "k", "M", "G", "T", "P", "E"};
    return digits + suffixes[exponent / 3 + 3];
}

int64_t Quantity::scaled(int places) const
{
    const Wide unit = power(10, 9 - places);
    Wide value = nanos_ / unit;
    if (nanos_ % unit > 0) value++;
    if (nanos_ % unit < 0) value--;
    return int64_t(std::clamp<Wide>(value, INT64_MIN, INT64_MAX));
}

double Quantity::number() const
{
    // One rounding where it is whole, two where it is not.
    return nanos_ % nanos_per_unit == 0 ? double(nanos_ / nanos_per_unit) : double(nanos_) / 1e9;
}

Quantity Quantity::operator+(const Quantity &other) const
{
    return Quantity(nanos_ + other.nanos_, nanos_ == 0 ? other.form_ : form_);
}

}  // namespace k8sc
