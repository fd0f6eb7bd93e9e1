#include "core/secret_text.h"

#include <openssl/crypto.h>

namespace k8sc {

void wipe(std::string &text) noexcept
{
    // Within its capacity nothing is allocated, and what lies behind its end is overwritten as well.
    text.resize(text.capacity());
    OPENSSL_cleanse(text.data(), text.size());
    text.clear();
}

}  // namespace k8sc
