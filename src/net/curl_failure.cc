#include "net/curl_failure.h"

#include "net/certificate_names.h"
#include "net/endpoint.h"

namespace k8sc {

std::unique_ptr<Error> proxy_refusal(CURL *easy, const Endpoint &endpoint, bool tls, int answered)
{
    if (!endpoint.proxy.set() || endpoint.proxy.kind == Proxy::Kind::socks5) return nullptr;
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &status);
    bool tunnelled = status >= 200 && status < 300;
    if (tunnelled) return nullptr;
    if (status == 0 && answered == 407 && !tls) status = 407;
    if (status == 0) return nullptr;
    std::string text = concat("the proxy ", endpoint.proxy.redacted_url(), " refused");
    if (status == 407 || (status == 401 && endpoint.proxy.has_user))
        text += endpoint.proxy.has_user ? ": it does not accept this user and password"
                                        : ": it wants a user and a password";
    auto error = std::make_unique<Error>(K8SC_E_CONNECT, text);
    error->http_status = static_cast<int32_t>(status);
    return error;
}

Error through(Error error, const Endpoint &endpoint)
{
    if (endpoint.proxy.set()) error.message += concat("; through the proxy ", endpoint.proxy.redacted_url());
    if (!endpoint.unix_socket.empty()) error.message += concat("; through the socket ", endpoint.unix_socket);
    return error;
}

Error on_the_way(Error error, CURL *easy, const Endpoint &endpoint, bool sent)
{
    const Proxy &proxy = endpoint.proxy;
    long tunnel = 0;
    curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &tunnel);
    bool reached = tunnel != 0 || sent || (proxy.kind == Proxy::Kind::socks5 && error.code == K8SC_E_TLS);
    if (reached) return through(std::move(error), endpoint);
    if (proxy.set()) error.message = concat("the proxy ", proxy.redacted_url(), ": ", error.message);
    if (!endpoint.bind_address.empty()) error.message += concat("; from ", endpoint.bind_address);
    if (!endpoint.unix_socket.empty()) error.message += concat("; through the socket ", endpoint.unix_socket);
    return error;
}

Error curl_error(CURLcode code, const char *message)
{
    std::string text = message[0] ? message : curl_easy_strerror(code);
    if (lacks_alternative_names(text))
        text = "the certificate has no subjectAltName, and its common name does not count";
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY: return {K8SC_E_RESOLVE, text};
    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY:
    case CURLE_INTERFACE_FAILED: return {K8SC_E_CONNECT, text};
    case CURLE_OPERATION_TIMEDOUT: return {K8SC_E_TIMEOUT, concat("connect deadline: ", text)};
    case CURLE_OUT_OF_MEMORY: return {K8SC_E_NOMEM, "out of memory"};
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CLIENTCERT: return {K8SC_E_TLS, text};
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH: return {K8SC_E_TLS, "the server's public key is none of the pins"};
    default: {
        Error error(K8SC_E_TRANSPORT, text);
        error.connection_lost = code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_GOT_NOTHING ||
                                code == CURLE_PARTIAL_FILE;
        return error;
    }
    }
}

}  // namespace k8sc
