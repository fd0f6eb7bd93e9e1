// Keeps what was sent as authorization out of what is told.
#pragma once

#include <algorithm>
#include <string>

namespace k8sc {

// Each occurrence, and the beginning of one that a text was cut in: at its end, or before the dots that stand for the rest.
inline void hide_in(std::string &text, const std::string &secret)
{
    // So much of it tells nothing, and may be the beginning of anything.
    constexpr size_t shown = 3;
    if (secret.empty()) return;
    for (size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 3)) text.replace(at, secret.size(), "***");
    auto hide_before = [&](size_t end) {
        for (size_t n = std::min(secret.size() - 1, end); n > shown; n--)
            if (text.compare(end - n, n, secret, 0, n) == 0) {
                text.replace(end - n, n, "***");
                return;
            }
    };
    hide_before(text.size());
    for (size_t at = text.rfind("...\""); at != std::string::npos; at = at ? text.rfind("...\"", at - 1) : std::string::npos) hide_before(at);
}

}  // namespace k8sc
