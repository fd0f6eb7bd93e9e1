// Characters of ASCII, whatever the locale is.
#pragma once

#include <string>
#include <string_view>

namespace k8sc {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_alnum(char c) { return is_digit(c) || is_upper(c) || is_lower(c); }

inline std::string to_lower(std::string_view text)
{
    std::string out(text);
    for (char &c : out)
        if (is_upper(c)) c = static_cast<char>(c + ('a' - 'A'));
    return out;
}

// Without these characters at both ends.
constexpr std::string_view trimmed(std::string_view text, std::string_view blanks)
{
    size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace k8sc
