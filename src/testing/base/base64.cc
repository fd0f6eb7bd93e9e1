#include "testing/base/base64.h"

#include <algorithm>

#include <openssl/evp.h>

namespace k8sc::testing {

std::string base64(std::string_view bytes)
{
    // One more for the NUL that OpenSSL writes.
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char *>(text.data()),
                        reinterpret_cast<const unsigned char *>(bytes.data()), static_cast<int>(bytes.size()));
    text.resize(static_cast<size_t>(length));
    return text;
}

std::string base64url(std::string_view bytes)
{
    std::string text = base64(bytes);
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    while (!text.empty() && text.back() == '=') text.pop_back();
    return text;
}

bool base64url_decode(std::string_view encoded, std::string &bytes)
{
    std::string text(encoded);
    std::replace(text.begin(), text.end(), '-', '+');
    std::replace(text.begin(), text.end(), '_', '/');
    const size_t padding = (4 - text.size() % 4) % 4;
    if (padding == 3) return false;
    text.append(padding, '=');
    bytes.resize(text.size() / 4 * 3);
    const int length =
        EVP_DecodeBlock(reinterpret_cast<unsigned char *>(bytes.data()),
                        reinterpret_cast<const unsigned char *>(text.data()), static_cast<int>(text.size()));
    if (length < 0) return false;
    // OpenSSL counts the padding as bytes.
    bytes.resize(static_cast<size_t>(length) - padding);
    return true;
}

}  // namespace k8sc::testing
