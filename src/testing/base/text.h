// Small things that are done to texts.
#pragma once

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>

namespace k8sc::testing {

// In small letters, as far as ASCII has them.
inline std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

// Without blanks around it.
inline std::string_view trimmed(std::string_view text)
{
    while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
    while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
    return text;
}

}  // namespace k8sc::testing
