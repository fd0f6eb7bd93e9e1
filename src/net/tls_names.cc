#include "net/tls_names.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>

#include <memory>

#include "core/error.h"

namespace k8sc {
namespace {

struct ContextFree {
    void operator()(SSL_CTX *context) const
    {
        SSL_CTX_free(context);
        // What OpenSSL did not know is nobody's error.
        ERR_clear_error();
    }
};
using Context = std::unique_ptr<SSL_CTX, ContextFree>;

Context new_context()
{
    Context context(SSL_CTX_new(TLS_client_method()));
    if (!context) throw std::bad_alloc();
    return context;
}

// The first part that `known` refuses.
template <class Known>
std::string first_unknown(std::string_view list, char separator, Known &&known)
{
    while (true) {
        auto end = list.find(separator);
        std::string part(list.substr(0, end));
        if (!known(part)) return part.empty() ? "(empty)" : part;
        if (end == std::string_view::npos) return "";
        list.remove_prefix(end + 1);
    }
}

bool has_suite(SSL_CTX *context, const std::string &name)
{
    STACK_OF(SSL_CIPHER) *ciphers = SSL_CTX_get_ciphers(context);
    for (int i = 0; i < sk_SSL_CIPHER_num(ciphers); i++)
        if (name == SSL_CIPHER_get_name(sk_SSL_CIPHER_value(ciphers, i))) return true;
    return false;
}

bool is_pin(std::string_view pin)
{
    constexpr std::string_view prefix = "sha256//";
    constexpr size_t length = 44;  // of 32 bytes in base64
    if (!pin.starts_with(prefix) || pin.size() != prefix.size() + length) return false;
    std::string_view text = pin.substr(prefix.size());
    unsigned char bytes[33];
    int size = EVP_DecodeBlock(bytes, reinterpret_cast<const unsigned char *>(text.data()), static_cast<int>(length));
    return size == 33 && text[42] != '=' && text[43] == '=' && text.find_first_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

std::string unknown_tls12_cipher(std::string_view list)
{
    std::string unknown = first_unknown(list, ':', [](std::string name) {
        if (name.starts_with("!") || name.starts_with("-") || name.starts_with("+")) name.erase(0, 1);
        // "@" would be a command, such as one that lowers what keys must have.
        if (name.empty() || name.find_first_of("@ ,;") != std::string::npos) return false;
        return SSL_CTX_set_cipher_list(new_context().get(), name.c_str()) == 1;
    });
    if (!unknown.empty()) return unknown;
    if (SSL_CTX_set_cipher_list(new_context().get(), std::string(list).c_str()) != 1)
        fail(K8SC_E_INVALID, concat("the list ", quote(list), " leaves no cipher"));
    return "";
}

std::string unknown_tls13_suite(std::string_view list)
{
    return first_unknown(list, ':', [](const std::string &name) {
        Context context = new_context();
        return name.starts_with("TLS_") && SSL_CTX_set_ciphersuites(context.get(), name.c_str()) == 1 &&
               has_suite(context.get(), name);
    });
}

bool is_pin_list(std::string_view list)
{
    return first_unknown(list, ';', [](std::string_view pin) { return is_pin(pin); }).empty();
}

}  // namespace k8sc
