#include "net/certificate_names.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>

namespace k8sc {
namespace {

struct NamesFree {
    void operator()(GENERAL_NAMES *names) const { GENERAL_NAMES_free(names); }
};

bool has_alternative_names(const X509 *certificate)
{
    std::unique_ptr<GENERAL_NAMES, NamesFree> names(
        static_cast<GENERAL_NAMES *>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); i++) {
        int type = sk_GENERAL_NAME_value(names.get(), i)->type;
        if (type == GEN_DNS || type == GEN_IPADD) return true;
    }
    return false;
}

int on_certificate(int valid, X509_STORE_CTX *store)
{
    if (!valid || X509_STORE_CTX_get_error_depth(store) != 0) return valid;
    if (has_alternative_names(X509_STORE_CTX_get_current_cert(store))) return 1;
    // No other check gives this error, so that it can be told by its text.
    X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
    return 0;
}

}  // namespace

CURLcode require_alternative_names(CURL *, void *context, void *)
{
    auto tls = static_cast<SSL_CTX *>(context);
    int mode = SSL_CTX_get_verify_mode(tls);
    if (mode & SSL_VERIFY_PEER) SSL_CTX_set_verify(tls, mode, &on_certificate);
    return CURLE_OK;
}

bool lacks_alternative_names(std::string_view message)
{
    return message.find(X509_verify_cert_error_string(X509_V_ERR_APPLICATION_VERIFICATION)) != message.npos;
}

}  // namespace k8sc
