// resourceVersions of one resource are numbers that grow, written without leading zeros; too long for an integer,
// perhaps.
#pragma once

#include <string_view>

namespace k8sc {

inline bool is_version(std::string_view text)
{
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos &&
           (text[0] != '0' || text.size() == 1);
}

// Of two versions: whether what was seen is not older than what is wanted.
inline bool is_as_new(std::string_view seen, std::string_view wanted)
{
    return seen.size() != wanted.size() ? seen.size() > wanted.size() : seen >= wanted;
}

}  // namespace k8sc
