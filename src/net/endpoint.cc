#include "net/endpoint.h"

#include <openssl/evp.h>

#include <new>

namespace k8sc {

const std::string &Endpoint::identity() const
{
    if (!identity_.empty()) return identity_;
    SecretText all;
    auto add = [&](const std::string &text) {
        all += std::to_string(text.size());
        all += ':';
        all += text;
    };
    for (const std::string *text : std::initializer_list<const std::string *>{
             &ca_pem, &certificate_pem, &key_pem, &unix_socket, &bind_address, &tls12_ciphers, &tls13_suites,
             &server_key_pins, &connect_to, &proxy.host, &proxy.user, &proxy.password})
        add(*text);
    for (int number : {int(insecure), tls_min, tls_max, int(proxy.kind), proxy.port}) add(std::to_string(number));
    // A digest, so that keys are in memory once.
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    if (EVP_Digest(all.data(), all.size(), digest, &size, EVP_sha256(), nullptr) != 1) throw std::bad_alloc();
    identity_.assign(reinterpret_cast<char *>(digest), size);
    return identity_;
}

std::string origin_of(const std::string &url)
{
    auto host = url.find("://");
    return host == std::string::npos ? url : url.substr(0, url.find_first_of("/?#", host + 3));
}

}  // namespace k8sc
