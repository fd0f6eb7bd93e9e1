// The formats of texts that schemas name, as far as servers hold texts to them.
#include <arpa/inet.h>

#include <algorithm>
#include <cctype>

#include "testing/schema/since.h"
#include "testing/schema/structural.h"

namespace k8sc::testing {

namespace {

bool all_digits(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "0000-00-00" stands for the digits, anything else for itself.
bool has_form(std::string_view text, std::string_view form)
{
    if (text.size() != form.size()) return false;
    for (size_t i = 0; i < form.size(); ++i)
        if (form[i] == '0' ? !all_digits(text.substr(i, 1)) : text[i] != form[i]) return false;
    return true;
}

int number_in(std::string_view text, size_t from, size_t length)
{
    return std::stoi(std::string(text.substr(from, length)));
}

bool is_date(std::string_view text)
{
    if (!has_form(text, "0000-00-00")) return false;
    const int year = number_in(text, 0, 4), month = number_in(text, 5, 2), day = number_in(text, 8, 2);
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    const int days[] = {31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
}

bool is_zone(std::string_view text)
{
    if (text == "Z" || text == "z") return true;
    return (has_form(text, "+00:00") || has_form(text, "-00:00")) && number_in(text, 1, 2) < 24 &&
           number_in(text, 4, 2) < 60;
}

bool is_date_time(std::string_view text)
{
    if (text.size() < 20 || !is_date(text.substr(0, 10)) || std::toupper(static_cast<unsigned char>(text[10])) != 'T')
        return false;
    if (!has_form(text.substr(11, 8), "00:00:00")) return false;
    if (number_in(text, 11, 2) > 23 || number_in(text, 14, 2) > 59 || number_in(text, 17, 2) > 59) return false;
    std::string_view rest = text.substr(19);
    if (rest.starts_with('.')) {
        const size_t end = std::min(rest.find_first_not_of("0123456789", 1), rest.size());
        if (end == 1) return false;
        rest.remove_prefix(end);
    }
    return is_zone(rest);
}

bool is_address(std::string_view text, int family)
{
    unsigned char bytes[16];
    return text.find('\0') == std::string_view::npos && inet_pton(family, std::string(text).c_str(), bytes) == 1;
}

// 01.2.3.4 as 1.2.3.4.
std::string without_leading_zeros(std::string_view text)
{
    std::string plain;
    for (size_t i = 0; i < text.size(); ++i) {
        const bool begins = i == 0 || plain.empty() || plain.back() == '.';
        const bool goes_on = i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9';
        if (text[i] != '0' || !begins || !goes_on) plain += text[i];
    }
    return plain;
}

bool is_ipv4(std::string_view text, int release)
{
    if (text.starts_with("::ffff:")) text.remove_prefix(7);
    return is_address(release >= since::loose_ipv4 ? without_leading_zeros(text) : text, AF_INET);
}

bool is_cidr(std::string_view text)
{
    const size_t slash = text.find('/');
    if (slash == std::string_view::npos) return false;
    const std::string_view address = text.substr(0, slash), bits = text.substr(slash + 1);
    const bool new_one = is_address(address, AF_INET6);
    if (!new_one && !is_address(address, AF_INET)) return false;
    return all_digits(bits) && bits.size() <= 3 && number_in(bits, 0, bits.size()) <= (new_one ? 128 : 32);
}

bool is_hex(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isxdigit(c); });
}

bool is_uuid(std::string_view text)
{
    std::string plain;
    for (const char c : text)
        if (c != '-') plain += c;
    return plain.size() == 32 && is_hex(plain);
}

// Of six, eight or twenty bytes: "00:11:22:33:44:55", with dashes, or "0011.2233.4455".
bool is_mac(std::string_view text)
{
    const char sign = text.size() > 2 && !is_hex(text.substr(2, 1)) ? text[2] : '.';
    const size_t group = sign == '.' ? 4 : 2;
    if (sign != ':' && sign != '-' && sign != '.') return false;
    size_t digits = 0;
    for (size_t i = 0; i < text.size(); ++i) {
        const bool is_sign = i % (group + 1) == group;
        if (is_sign ? text[i] != sign : !is_hex(text.substr(i, 1))) return false;
        digits += !is_sign;
    }
    return text.size() % (group + 1) == group && (digits == 12 || digits == 16 || digits == 40);
}

// As Go writes durations, "1h30m" and "1.5s", and with longer words: "3 days".
bool is_duration(std::string_view text)
{
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    if (text == "0") return true;
    if (text.empty()) return false;
    static const std::string_view units[] = {"ns", "nano", "us",     "µs",  "micro", "ms",     "milli",
                                             "s",  "sec",  "second", "m",   "min",   "minute", "h",
                                             "hr", "hour", "d",      "day", "w",     "wk",     "week"};
    const auto spaces = [&] { text.remove_prefix(std::min(text.find_first_not_of(' '), text.size())); };
    while (!text.empty()) {
        const size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
        const std::string_view number = text.substr(0, digits);
        if (number.empty() || number == "." || std::count(number.begin(), number.end(), '.') > 1) return false;
        text.remove_prefix(digits);
        spaces();
        const size_t length = std::min(text.find_first_of(" 0123456789."), text.size());
        std::string_view unit = text.substr(0, length);
        if (unit.size() > 2 && unit.ends_with('s')) unit.remove_suffix(1);
        if (std::find(std::begin(units), std::end(units), unit) == std::end(units)) return false;
        text.remove_prefix(length);
        spaces();
    }
    return true;
}

bool is_base64(std::string_view text)
{
    if (text.empty() || text.size() % 4 != 0) return false;
    const size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
    text.remove_suffix(padding);
    return std::all_of(text.begin(), text.end(),
                       [](unsigned char c) { return std::isalnum(c) || c == '+' || c == '/'; });
}

}  // namespace

bool has_format(std::string_view text, std::string_view format, int release)
{
    if (format == "date-time" || format == "datetime") return is_date_time(text);
    if (format == "date") return is_date(text);
    if (format == "duration") return is_duration(text);
    if (format == "ipv4") return is_ipv4(text, release);
    if (format == "ipv6") return is_address(text, AF_INET6);
    if (format == "cidr") return is_cidr(text);
    if (format == "mac") return is_mac(text);
    if (format == "uuid") return is_uuid(text);
    if (format == "byte") return is_base64(text);
    return true;
}

}  // namespace k8sc::testing
