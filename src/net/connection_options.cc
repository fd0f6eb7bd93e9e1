#include "net/connection_options.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <new>

#include "core/error.h"
#include "net/certificate_names.h"
#include "net/endpoint.h"
#include "net/io_loop.h"

namespace k8sc {
namespace {

// A peer that is gone without a word is found out after about 30 seconds: 15 idle, then three probes 5 seconds apart.
constexpr long keepalive_idle_s = 15;
constexpr long keepalive_interval_s = 5;
constexpr int keepalive_probes = 3;
constexpr int unacknowledged_ms = 30000;

int on_socket(void *, curl_socket_t socket, curlsocktype)
{
    // curl sets the rest of the keepalive; these it has no option for. Unix sockets refuse them, which does not matter.
    setsockopt(socket, IPPROTO_TCP, TCP_KEEPCNT, &keepalive_probes, sizeof keepalive_probes);
    setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &unacknowledged_ms, sizeof unacknowledged_ms);
    return CURL_SOCKOPT_OK;
}

void set_blob(CURL *easy, CURLoption option, const std::string &text)
{
    // Borrowed: the endpoint outlives the handle.
    curl_blob blob = {const_cast<char *>(text.data()), text.size(), CURL_BLOB_NOCOPY};
    if (curl_easy_setopt(easy, option, &blob) != CURLE_OK) throw std::bad_alloc();
}

}  // namespace

void set_text(CURL *easy, CURLoption option, const std::string &text)
{
    if (curl_easy_setopt(easy, option, text.c_str()) != CURLE_OK) throw std::bad_alloc();
}

void ConnectionOptions::apply(CURL *easy, const Endpoint &endpoint, const std::string &url, IoLoop &io_loop)
{
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    // A name that is still being looked up must not hold up the thread when its handle is freed.
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    // Each connection looks its name up: an address that was right a minute ago may refuse now.
    curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                     endpoint.connect_timeout_ms < 0
                         ? long(INT32_MAX)
                         : static_cast<long>(std::clamp<int64_t>(endpoint.connect_timeout_ms, 1, INT32_MAX)));
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPIDLE, keepalive_idle_s);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPINTVL, keepalive_interval_s);
    curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, &on_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &IoLoop::open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &io_loop);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, &IoLoop::close_socket);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, &io_loop);
    // For a proxy as well.
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, &require_alternative_names);
    set_text(easy, CURLOPT_URL, url);
    set_up_way(easy, endpoint);
    if (url.starts_with("https:")) set_up_tls(easy, endpoint);
}

// Where the connection goes, and from where.
void ConnectionOptions::set_up_way(CURL *easy, const Endpoint &endpoint)
{
    const Proxy &proxy = endpoint.proxy;
    // The environment was read when the client was made; "" keeps curl from reading it.
    set_text(easy, CURLOPT_PROXY, proxy.set() ? proxy.redacted_url() : "");
    set_text(easy, CURLOPT_NOPROXY, "");
    if (proxy.set()) {
        // To curl, "socks5" would mean that names are looked up on this side.
        if (proxy.kind == Proxy::Kind::socks5)
            set_text(easy, CURLOPT_PROXY, "socks5h" + proxy.redacted_url().substr(6));
        curl_easy_setopt(easy, CURLOPT_PROXY_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
        curl_easy_setopt(easy, CURLOPT_PROXYAUTH, static_cast<long>(CURLAUTH_BASIC));
        curl_easy_setopt(easy, CURLOPT_SOCKS5_AUTH, static_cast<long>(CURLAUTH_BASIC));
        if (proxy.has_user) {
            set_text(easy, CURLOPT_PROXYUSERNAME, proxy.user);
            set_text(easy, CURLOPT_PROXYPASSWORD, proxy.password);
        }
        // What a proxy says to CONNECT is no answer of the server's.
        curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    }
    if (!endpoint.unix_socket.empty()) set_text(easy, CURLOPT_UNIX_SOCKET_PATH, endpoint.unix_socket);
    if (!endpoint.bind_address.empty()) {
        unsigned char address[16];
        const char *text = endpoint.bind_address.c_str();
        bool is_address = inet_pton(AF_INET, text, address) == 1 || inet_pton(AF_INET6, text, address) == 1;
        set_text(easy, CURLOPT_INTERFACE, concat(is_address ? "host!" : "if!", text));
    }
}

void ConnectionOptions::set_up_tls(CURL *easy, const Endpoint &endpoint)
{
    // Not CURL_SSLVERSION_MAX_DEFAULT: with that, libcurl 8.13 to 8.17 ignore the suites of TLS 1.3.
    long most = endpoint.tls_max == 12 ? CURL_SSLVERSION_MAX_TLSv1_2 : CURL_SSLVERSION_MAX_TLSv1_3;
    curl_easy_setopt(easy, CURLOPT_SSLVERSION,
                     (endpoint.tls_min == 13 ? CURL_SSLVERSION_TLSv1_3 : CURL_SSLVERSION_TLSv1_2) | most);
    if (!endpoint.tls12_ciphers.empty()) set_text(easy, CURLOPT_SSL_CIPHER_LIST, endpoint.tls12_ciphers);
    if (!endpoint.tls13_suites.empty()) set_text(easy, CURLOPT_TLS13_CIPHERS, endpoint.tls13_suites);
    if (!endpoint.server_key_pins.empty()) set_text(easy, CURLOPT_PINNEDPUBLICKEY, endpoint.server_key_pins);
    if (!endpoint.connect_to.empty()) {
        connect_to_ = curl_slist_append(nullptr, endpoint.connect_to.c_str());
        if (!connect_to_) throw std::bad_alloc();
        curl_easy_setopt(easy, CURLOPT_CONNECT_TO, connect_to_);
    }
    if (endpoint.insecure) {
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
    } else if (!endpoint.ca_pem.empty()) {
        set_blob(easy, CURLOPT_CAINFO_BLOB, endpoint.ca_pem);
        // Only these are trusted, not the system's as well.
        curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
    }
    if (!endpoint.certificate_pem.empty()) {
        set_blob(easy, CURLOPT_SSLCERT_BLOB, endpoint.certificate_pem);
        set_blob(easy, CURLOPT_SSLKEY_BLOB, endpoint.key_pem);
        curl_easy_setopt(easy, CURLOPT_SSLCERTTYPE, "PEM");
        curl_easy_setopt(easy, CURLOPT_SSLKEYTYPE, "PEM");
    }
}

}  // namespace k8sc
