#include "json/yaml_scalar.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "core/ascii.h"

namespace k8sc {
namespace {

constexpr std::string_view null_words[] = {"", "~", "null", "Null", "NULL"};
constexpr std::string_view true_words[] = {"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"};
constexpr std::string_view false_words[] = {"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"};
constexpr std::string_view infinite_words[] = {".inf",  ".Inf",  ".INF",  "+.inf", "+.Inf", "+.INF",
                                               "-.inf", "-.Inf", "-.INF", ".nan",  ".NaN",  ".NAN"};

template <size_t N>
bool is_one_of(std::string_view word, const std::string_view (&words)[N])
{
    for (auto known : words)
        if (known == word) return true;
    return false;
}

bool is_sign(char c) { return c == '+' || c == '-'; }

YamlScalar of(YamlScalar::Kind kind)
{
    YamlScalar scalar;
    scalar.kind = kind;
    return scalar;
}

YamlScalar of_bool(bool truth)
{
    YamlScalar scalar = of(YamlScalar::boolean);
    scalar.truth = truth;
    return scalar;
}

std::optional<YamlScalar> read_integer(std::string_view digits, bool negative)
{
    int base = 10;
    if (digits.size() > 1 && digits[0] == '0') {
        char letter = digits[1];
        if (is_digit(letter))
            base = 8;
        else if (letter == 'o' || letter == 'O')
            base = 8;
        else if (letter == 'x' || letter == 'X')
            base = 16;
        else if (letter == 'b' || letter == 'B')
            base = 2;
        else
            return {};
        digits.remove_prefix(is_digit(letter) ? 1 : 2);
    }
    uint64_t magnitude = 0;
    const char *last = digits.data() + digits.size();
    auto [end, fault] = std::from_chars(digits.data(), last, magnitude, base);
    if (fault == std::errc::invalid_argument || end != last) return {};
    uint64_t limit = uint64_t(std::numeric_limits<int64_t>::max()) + (negative ? 1 : 0);
    if (fault == std::errc::result_out_of_range || magnitude > limit) return of(YamlScalar::huge_integer);
    YamlScalar scalar = of(YamlScalar::integer);
    scalar.whole = static_cast<int64_t>(negative ? 0 - magnitude : magnitude);
    return scalar;
}

// The parts of a decimal number without its sign; nothing where it is none.
struct Decimal {
    std::string_view whole;
    std::string_view exponent;
};

std::optional<Decimal> split_decimal(std::string_view text)
{
    size_t at = 0;
    auto digits = [&] {
        size_t begin = at;
        while (at < text.size() && is_digit(text[at])) at++;
        return text.substr(begin, at - begin);
    };
    Decimal parts;
    parts.whole = digits();
    size_t fraction = 0;
    if (at < text.size() && text[at] == '.') {
        at++;
        fraction = digits().size();
    }
    if (parts.whole.empty() && fraction == 0) return {};
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        size_t begin = ++at;
        if (at < text.size() && is_sign(text[at])) at++;
        if (digits().empty()) return {};
        parts.exponent = text.substr(begin, at - begin);
    }
    if (at != text.size()) return {};
    return parts;
}

std::optional<YamlScalar> read_real(std::string_view text, bool negative)
{
    auto parts = split_decimal(text);
    if (!parts) return {};
    YamlScalar scalar = of(YamlScalar::real);
    auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), scalar.number);
    if (fault == std::errc::result_out_of_range) {
        // from_chars does not tell too large from too small, and what is too small is zero.
        bool small = parts->exponent.empty() ? parts->whole.size() < 300 : parts->exponent.front() == '-';
        if (!small) return of(YamlScalar::huge_real);
        scalar.number = 0;
    }
    if (negative) scalar.number = -scalar.number;
    return scalar;
}

// 12:30:45, a number to strict readers of YAML 1.1.
bool looks_like_base60(std::string_view text)
{
    bool colon = false;
    for (char c : text) {
        colon = colon || c == ':';
        if (!is_digit(c) && !is_sign(c) && c != ':' && c != '.' && c != '_') return false;
    }
    return colon;
}

// 2001-12-14 and whatever follows, a time to many readers.
bool looks_like_timestamp(std::string_view text)
{
    return text.size() >= 8 && is_digit(text[0]) && is_digit(text[1]) && is_digit(text[2]) && is_digit(text[3]) &&
           text[4] == '-' && is_digit(text[5]) && (text[6] == '-' || text[7] == '-');
}

}  // namespace

YamlScalar resolve_yaml_scalar(std::string_view scalar)
{
    if (is_one_of(scalar, null_words)) return of(YamlScalar::null);
    if (is_one_of(scalar, true_words)) return of_bool(true);
    if (is_one_of(scalar, false_words)) return of_bool(false);

    if (is_one_of(scalar, infinite_words)) return of(YamlScalar::not_finite);

    bool is_signed = is_sign(scalar[0]);
    if (!is_signed && !is_digit(scalar[0]) && scalar[0] != '.') return {};
    if (scalar[0] == '.' && (scalar.size() == 1 || !is_digit(scalar[1]))) return {};

    std::string plain;
    for (char c : scalar.substr(is_signed ? 1 : 0))
        if (c != '_') plain += c;
    if (plain.empty()) return {};
    bool negative = scalar[0] == '-';
    if (auto number = read_integer(plain, negative)) return *number;
    // 08 and 09, no octal numbers, come here too and are decimal ones with a fraction of zero.
    if (auto number = read_real(plain, negative)) return *number;
    return {};
}

bool yaml_needs_quotes(std::string_view string)
{
    if (resolve_yaml_scalar(string).kind != YamlScalar::text) return true;
    // Merging and the default value of YAML 1.1.
    if (string == "<<" || string == "=") return true;
    return looks_like_base60(string) || looks_like_timestamp(string);
}

std::string yaml_key_of(double number)
{
    char buffer[64];
    std::to_chars_result result;
    if (std::fabs(number) <= double(std::numeric_limits<float>::max()))
        result = std::to_chars(buffer, buffer + sizeof buffer, static_cast<float>(number), std::chars_format::general);
    else
        result = std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::general);
    return std::string(buffer, result.ptr);
}

}  // namespace k8sc
