#include "core/pem.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

#include "core/error.h"

namespace k8sc {
namespace {

template <auto Free>
struct Freer {
    template <class T>
    void operator()(T *p) const
    {
        Free(p);
    }
};
using Bio = std::unique_ptr<BIO, Freer<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;

Bio reader(std::string_view text)
{
    Bio bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    if (!bio) throw std::bad_alloc();
    return bio;
}

std::string openssl_reason()
{
    unsigned long code = ERR_peek_last_error();
    const char *reason = code ? ERR_reason_error_string(code) : nullptr;
    ERR_clear_error();
    return reason ? reason : "unknown reason";
}

// An encrypted key would otherwise make OpenSSL ask on the terminal.
int no_password(char *, int, int, void *) { return -1; }

}  // namespace

std::string decode_base64(std::string_view text, std::string_view what)
{
    std::string clean;
    clean.reserve(text.size());
    for (char c : text)
        if (c != '\n' && c != '\r' && c != ' ' && c != '\t') clean += c;
    std::string out(clean.size() / 4 * 3 + 3, '\0');
    auto first_padding = clean.find('=');
    bool misplaced = first_padding != std::string::npos && (clean.size() - first_padding > 2 || clean.back() != '=');
    int n = clean.size() % 4 || misplaced ? -1
                                          : EVP_DecodeBlock(reinterpret_cast<unsigned char *>(out.data()),
                                                            reinterpret_cast<const unsigned char *>(clean.data()),
                                                            static_cast<int>(clean.size()));
    if (n < 0) {
        ERR_clear_error();
        fail(K8SC_E_PARSE, concat(what, " is not base64"));
    }
    // OpenSSL counts the padding as bytes of zero.
    size_t padding = 0;
    while (padding < 2 && padding < clean.size() && clean[clean.size() - 1 - padding] == '=') padding++;
    out.resize(static_cast<size_t>(n) - padding);
    return out;
}

std::string encode_base64(std::string_view bytes)
{
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
    int n = EVP_EncodeBlock(reinterpret_cast<unsigned char *>(out.data()),
                            reinterpret_cast<const unsigned char *>(bytes.data()), static_cast<int>(bytes.size()));
    out.resize(static_cast<size_t>(n));
    return out;
}

int check_certificates(std::string_view pem, std::string_view what)
{
    Bio bio = reader(pem);
    ERR_clear_error();
    int count = 0;
    while (true) {
        Certificate one(PEM_read_bio_X509(bio.get(), nullptr, no_password, nullptr));
        if (!one) break;
        count++;
    }
    bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    if (count > 0 && at_end) {
        ERR_clear_error();
        return count;
    }
    if (at_end) {
        ERR_clear_error();
        fail(K8SC_E_PARSE, concat(what, " holds no PEM certificate"));
    }
    fail(K8SC_E_PARSE, concat(what, " holds a certificate that cannot be read: ", openssl_reason()));
}

std::string read_certificates(std::string_view pem, std::string_view what)
{
    constexpr std::string_view begin = "-----BEGIN CERTIFICATE-----", end = "-----END CERTIFICATE-----";
    std::string out;
    for (size_t at = pem.find(begin); at != std::string_view::npos; at = pem.find(begin, at + begin.size())) {
        size_t last = pem.find(end, at);
        // Of one that was cut, the check is to tell.
        std::string_view block = pem.substr(at, last == std::string_view::npos ? last : last + end.size() - at);
        bool has_headers = block.find(':') != std::string_view::npos;
        if (!has_headers) out.append(block).append("\n");
    }
    if (out.empty()) fail(K8SC_E_PARSE, concat(what, " holds no PEM certificate"));
    check_certificates(out, what);
    return out;
}

void check_key_pair(std::string_view certificate_pem, std::string_view key_pem, std::string_view certificate_what,
                    std::string_view key_what)
{
    check_certificates(certificate_pem, certificate_what);
    Bio key_bio = reader(key_pem);
    Key key(PEM_read_bio_PrivateKey(key_bio.get(), nullptr, no_password, nullptr));
    if (!key) fail(K8SC_E_PARSE, concat(key_what, " holds no private key that can be read: ", openssl_reason()));
    Bio certificate_bio = reader(certificate_pem);
    Certificate certificate(PEM_read_bio_X509(certificate_bio.get(), nullptr, no_password, nullptr));
    if (!certificate || X509_check_private_key(certificate.get(), key.get()) != 1) {
        ERR_clear_error();
        fail(K8SC_E_CONFIG, concat(key_what, " is not the key of ", certificate_what));
    }
}

}  // namespace k8sc
