#include "core/secret_text.h"

#include <strings.h>

#include <openssl/crypto.h>

namespace k8sc {

void wipe(std::string &text) noexcept
{
    // Within its capacity nothing is allocated, and what lies behind its end is overwritten as well.
    text.resize(text.capacity());
    OPENSSL_cleanse(text.data(), text.size());
    text.clear();
}

bool is_secret_header(std::string_view line)
{
    std::string_view name = line.substr(0, line.find(':'));
    for (std::string_view secret : {"authorization", "proxy-authorization", "cookie"})
        if (name.size() == secret.size() && strncasecmp(name.data(), secret.data(), name.size()) == 0) return true;
    return false;
}

}  // namespace k8sc
