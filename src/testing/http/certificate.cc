#include "testing/http/certificate.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "testing/base/failure.h"

namespace k8sc::testing {

namespace {

template <class T, void (*Free)(T *)>
struct Freer {
    void operator()(T *value) const { Free(value); }
};
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY, EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freer<X509, X509_free>>;

void check(bool worked, const char *what)
{
    if (worked) return;
    char text[256];
    ERR_error_string_n(ERR_get_error(), text, sizeof text);
    ERR_clear_error();
    fail(K8SC_E_INTERNAL, std::string("cannot ") + what + ": " + text);
}

Key make_key()
{
    EVP_PKEY *key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
    check(key != nullptr, "make a key");
    return Key(key);
}

void add_extension(X509 *certificate, X509 *issuer, int id, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(nullptr, &context, id, value);
    const bool added = extension && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    check(added, "extend a certificate");
}

// What an authority's and a server's certificate have in common; not signed yet.
Certificate begin_certificate(const char *name, EVP_PKEY *key)
{
    Certificate certificate(X509_new());
    check(certificate != nullptr, "make a certificate");
    uint64_t serial = 0;
    check(RAND_bytes(reinterpret_cast<unsigned char *>(&serial), sizeof serial) == 1, "draw a serial number");
    X509_NAME *subject = X509_get_subject_name(certificate.get());
    const bool made = X509_set_version(certificate.get(), 2) == 1 &&
                      ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), serial >> 1) == 1 &&
                      X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600) &&
                      X509_time_adj_ex(X509_getm_notAfter(certificate.get()), 365, 0, nullptr) &&
                      X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                                 reinterpret_cast<const unsigned char *>(name), -1, -1, 0) == 1 &&
                      X509_set_pubkey(certificate.get(), key) == 1;
    check(made, "fill in a certificate");
    return certificate;
}

void sign(X509 *certificate, X509 *issuer, EVP_PKEY *issuer_key)
{
    check(X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1 &&
              X509_sign(certificate, issuer_key, EVP_sha256()) > 0,
          "sign a certificate");
}

std::string pem_of(X509 *certificate)
{
    BIO *memory = BIO_new(BIO_s_mem());
    check(memory && PEM_write_bio_X509(memory, certificate) == 1, "write a certificate");
    char *text = nullptr;
    const long length = BIO_get_mem_data(memory, &text);
    std::string pem(text, static_cast<size_t>(length));
    BIO_free(memory);
    return pem;
}

const unsigned char both_protocols[] = "\x02h2\x08http/1.1";
const unsigned char http11_only[] = "\x08http/1.1";

// What the client has of ours, HTTP/2 rather than HTTP/1.1. `http2`: NULL where that is not spoken.
int choose_protocol(SSL *, const unsigned char **out, unsigned char *out_length, const unsigned char *in,
                    unsigned in_length, void *http2)
{
    const unsigned char *ours = http2 ? both_protocols : http11_only;
    const unsigned size = http2 ? sizeof both_protocols - 1 : sizeof http11_only - 1;
    unsigned char *chosen = nullptr;
    if (SSL_select_next_proto(&chosen, out_length, ours, size, in, in_length) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_NOACK;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

int accept_any(int, X509_STORE_CTX *) { return 1; }

void ask_for_certificates(SSL_CTX *context, const std::string &ca_pem)
{
    BIO *memory = BIO_new_mem_buf(ca_pem.data(), static_cast<int>(ca_pem.size()));
    check(memory != nullptr, "read a certificate");
    int count = 0;
    while (X509 *one = PEM_read_bio_X509(memory, nullptr, nullptr, nullptr)) {
        if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context), one) == 1 && SSL_CTX_add_client_CA(context, one) == 1)
            ++count;
        X509_free(one);
    }
    BIO_free(memory);
    ERR_clear_error();
    if (count == 0) fail(K8SC_E_PARSE, "the clients' authority holds no PEM certificate");
    // As a real server does: who shows the wrong one is answered 401 and not cut off.
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, accept_any);
    static const unsigned char id[] = "k8sc";
    SSL_CTX_set_session_id_context(context, id, sizeof id - 1);
}

}  // namespace

ServerTls make_server_tls(const std::string &client_ca_pem, bool http2)
{
    const Key ca_key = make_key(), key = make_key();
    const Certificate ca = begin_certificate("k8sc fake apiserver authority", ca_key.get());
    add_extension(ca.get(), ca.get(), NID_basic_constraints, "critical,CA:TRUE");
    add_extension(ca.get(), ca.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(ca.get(), ca.get(), NID_subject_key_identifier, "hash");
    sign(ca.get(), ca.get(), ca_key.get());

    const Certificate certificate = begin_certificate("k8sc fake apiserver", key.get());
    add_extension(certificate.get(), ca.get(), NID_basic_constraints, "critical,CA:FALSE");
    add_extension(certificate.get(), ca.get(), NID_key_usage, "critical,digitalSignature");
    add_extension(certificate.get(), ca.get(), NID_ext_key_usage, "serverAuth");
    add_extension(certificate.get(), ca.get(), NID_authority_key_identifier, "keyid");
    add_extension(certificate.get(), ca.get(), NID_subject_alt_name, "IP:127.0.0.1,IP:::1,DNS:localhost");
    sign(certificate.get(), ca.get(), ca_key.get());

    ServerTls tls;
    tls.context.reset(SSL_CTX_new(TLS_server_method()));
    SSL_CTX *context = tls.context.get();
    check(context && SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
              SSL_CTX_use_certificate(context, certificate.get()) == 1 &&
              SSL_CTX_use_PrivateKey(context, key.get()) == 1,
          "set up TLS");
    // Any pointer will do.
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, http2 ? context : nullptr);
    // A write that the kernel takes in part is reported as such, as send does.
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE);
    if (!client_ca_pem.empty()) ask_for_certificates(context, client_ca_pem);
    tls.ca_pem = pem_of(ca.get());
    return tls;
}

}  // namespace k8sc::testing
