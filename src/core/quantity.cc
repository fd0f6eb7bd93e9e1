#include "core/quantity.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>

#include "core/error.h"

namespace k8sc {
namespace {

__extension__ typedef __int128 Wide;

constexpr Wide nanos_per_unit = 1000000000;
constexpr int64_t smallest_exponent = -9, largest_exponent = 1000;
// The largest with a binary suffix.
constexpr Wide largest_binary = Wide(INT64_MAX) * nanos_per_unit;

[[noreturn]] void refuse(std::string_view text, std::string_view why)
{
    fail(K8SC_E_PARSE, concat("quantity ", quote(text), ": ", why));
}

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
        if (digits.empty() || end != digits.data() + digits.size() || fault == std::errc::invalid_argument)
            refuse(whole, "after \"e\" there is no number");
        if (fault != std::errc()) refuse(whole, "the exponent is out of range");
        return {Form::exponent, exponent};
    }
    constexpr std::string_view small = "num", large = "kMGTPE", binary = "KMGTPE";
    if (suffix.size() == 1) {
        if (auto at = small.find(suffix[0]); at != std::string_view::npos) return {Form::decimal, int64_t(at) * 3 - 9};
        if (auto at = large.find(suffix[0]); at != std::string_view::npos) return {Form::decimal, int64_t(at) * 3 + 3};
    } else if (suffix.size() == 2 && suffix[1] == 'i') {
        if (auto at = binary.find(suffix[0]); at != std::string_view::npos)
            return {Form::binary, int64_t(at) * 10 + 10};
    }
    refuse(whole, concat("there is no suffix ", quote(suffix)));
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
        if (above > largest_binary / unit) return largest_binary;
    }
    return std::min(above * unit + below + more, largest_binary);
}

// Of a number that is not negative.
std::string digits_of(Wide value)
{
    std::string text;
    do text += static_cast<char>('0' + int(value % 10));
    while ((value /= 10) != 0);
    std::reverse(text.begin(), text.end());
    return text;
}

Wide wide(const std::string &digits)
{
    Wide value = 0;
    for (char c : digits) value = value * 10 + (c - '0');
    return value;
}

}  // namespace

Quantity::Quantity(Decimal number, Form form) : number_(number.rounded(smallest_exponent)), form_(form)
{
    if (!number_.is_zero() && number_.magnitude() > largest_exponent)
        number_ = Decimal(number_.is_negative(), "1", largest_exponent);
}

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

    // Beyond these there is nothing but the largest and the smallest.
    const int64_t exponent = std::clamp<int64_t>(suffix.exponent, -1000000, 1000000);
    if (suffix.form == Form::binary)
        return Quantity(Decimal(negative, digits_of(binary(whole, fraction, exponent)), smallest_exponent),
                        suffix.form);
    return Quantity(Decimal(negative, concat(whole, fraction), exponent - static_cast<int64_t>(fraction.size())),
                    suffix.form);
}

std::string Quantity::text() const
{
    if (number_.is_zero()) return "0";
    const std::string sign = number_.is_negative() ? "-" : "";
    // Of 30 digits and more, no one has a use for the power of 1024.
    if (form_ == Form::binary && number_.exponent() >= 0 && number_.magnitude() < 30 &&
        compare(Decimal(false, number_.digits(), number_.exponent()), Decimal(false, "1024", 0)) >= 0) {
        Wide units = wide(number_.in_units_of(0));
        const char *const suffixes[] = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
        size_t step = 0;
        for (; step + 1 < std::size(suffixes) && units % 1024 == 0; units /= 1024) step++;
        return concat(sign, digits_of(units), suffixes[step]);
    }
    int64_t exponent = number_.exponent() - (number_.exponent() % 3 + 3) % 3;
    if (form_ != Form::exponent) exponent = std::min<int64_t>(exponent, 18);
    const std::string digits = sign + number_.in_units_of(exponent);
    if (form_ == Form::exponent) return exponent ? concat(digits, "e", std::to_string(exponent)) : digits;
    const char *const suffixes[] = {"n", "u", "m", "", "k", "M", "G", "T", "P", "E"};
    return digits + suffixes[exponent / 3 + 3];
}

int64_t Quantity::scaled(int places) const
{
    const Decimal whole = number_.rounded(-places);
    if (whole.is_zero()) return 0;
    // So many digits fit both into 128 bits and, with any luck, into 64.
    const Wide size = whole.magnitude() + places > 20 ? largest_binary : wide(whole.in_units_of(-places));
    return int64_t(std::clamp<Wide>(whole.is_negative() ? -size : size, INT64_MIN, INT64_MAX));
}

double Quantity::number() const
{
    const std::string text = concat(number_.is_negative() ? "-" : "", number_.is_zero() ? "0" : number_.digits(), "e",
                                    std::to_string(number_.exponent()));
    double value = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc::result_out_of_range)
        return number_.is_negative() ? -HUGE_VAL : HUGE_VAL;
    return value;
}

Quantity Quantity::operator+(const Quantity &other) const
{
    return Quantity(number_ + other.number_, number_.is_zero() ? other.form_ : form_);
}

}  // namespace k8sc
