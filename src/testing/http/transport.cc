#include "testing/http/transport.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <new>
#include <vector>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include "testing/http/polling.h"

namespace k8sc::testing {

namespace {

// A name of a certificate's subject that may come several times.
std::vector<std::string> subject_texts(X509 *certificate, int which)
{
    std::vector<std::string> texts;
    const X509_NAME *subject = X509_get_subject_name(certificate);
    for (int at = -1; (at = X509_NAME_get_index_by_NID(subject, which, at)) >= 0;) {
        unsigned char *text = nullptr;
        const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
        if (size >= 0) texts.emplace_back(reinterpret_cast<const char *>(text), static_cast<size_t>(size));
        OPENSSL_free(text);
    }
    return texts;
}

}  // namespace

Transport::Transport(int fd, SSL_CTX *tls) : fd_(fd)
{
    // Small frames of a watch go out when they are written.
    const int on = 1;
    setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (!tls) return;
    tls_ = SSL_new(tls);
    if (!tls_ || SSL_set_fd(tls_, fd_) != 1) {
        SSL_free(tls_);
        close(fd_);
        throw std::bad_alloc();
    }
    // What is written may have grown, and moved, until it can be.
    SSL_set_mode(tls_, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

std::optional<User> Transport::certificate() const
{
    if (!tls_ || SSL_get_verify_mode(tls_) == SSL_VERIFY_NONE || SSL_get_verify_result(tls_) != X509_V_OK)
        return std::nullopt;
    X509 *certificate = SSL_get1_peer_certificate(tls_);
    if (!certificate) return std::nullopt;
    const std::vector<std::string> names = subject_texts(certificate, NID_commonName);
    User user = known_user(names.empty() ? "" : names.front(), subject_texts(certificate, NID_organizationName));
    X509_free(certificate);
    return user;
}

Transport::~Transport()
{
    SSL_free(tls_);
    if (reset_) {
        const linger now = {1, 0};
        setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }
    close(fd_);
}

bool Transport::handshake()
{
    if (!tls_ || SSL_accept(tls_) == 1) return true;
    ERR_clear_error();
    ended_ = true;
    return false;
}

Transport::Wake Transport::wait(int event_fd, int64_t timeout_ms)
{
    if (ended_) return Wake::gone;
    // Only the end of the stream: what a client sends ahead of the answer waits for its turn.
    pollfd fds[] = {{fd_, POLLRDHUP, 0}, {event_fd, POLLIN, 0}};
    if (poll_until(fds, 2, timeout_ms) <= 0) return Wake::timeout;
    if (fds[0].revents) return Wake::gone;
    return Wake::event;
}

void Transport::wait_for(short events, int event_fd, int64_t timeout_ms)
{
    pollfd fds[] = {{fd_, events, 0}, {event_fd, POLLIN, 0}};
    poll_until(fds, 2, timeout_ms);
}

void Transport::reset()
{
    reset_ = true;
    ended_ = true;
}

void Transport::finish()
{
    if (!tls_ || ended_) return;
    SSL_shutdown(tls_);
    ERR_clear_error();
}

void Transport::drain()
{
    finish();
    drain_cut();
}

void Transport::drain_cut()
{
    if (ended_ || shutdown(fd_, SHUT_WR) != 0) return;
    constexpr std::chrono::milliseconds patience(500);
    const auto deadline = std::chrono::steady_clock::now() + patience;
    char unread[4096];
    while (std::chrono::steady_clock::now() < deadline) {
        pollfd poll_fd = {fd_, POLLIN, 0};
        if (poll_until(&poll_fd, 1, patience.count()) <= 0 || recv(fd_, unread, sizeof unread, MSG_DONTWAIT) <= 0)
            break;
    }
    ended_ = true;
}

void Transport::shut() { shutdown(fd_, SHUT_RDWR); }

std::string_view Transport::protocol() const
{
    const unsigned char *name = nullptr;
    unsigned size = 0;
    if (tls_) SSL_get0_alpn_selected(tls_, &name, &size);
    return {reinterpret_cast<const char *>(name), size};
}

void Transport::set_nonblocking() { fcntl(fd_, F_SETFL, fcntl(fd_, F_GETFL) | O_NONBLOCK); }

// Why TLS did not do what it was asked for.
std::optional<size_t> Transport::failed(int result)
{
    const int error = SSL_get_error(tls_, result);
    ERR_clear_error();
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) return std::nullopt;
    awaited_ = error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
    return 0;
}

std::optional<size_t> Transport::read(char *data, size_t size)
{
    if (ended_) return std::nullopt;
    awaited_ = 0;
    if (tls_) {
        const int length = SSL_read(tls_, data, static_cast<int>(std::min<size_t>(size, INT_MAX)));
        return length > 0 ? static_cast<size_t>(length) : failed(length);
    }
    for (;;) {
        const ssize_t length = recv(fd_, data, size, 0);
        if (length > 0) return static_cast<size_t>(length);
        if (length < 0 && errno == EINTR) continue;
        if (length == 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) return std::nullopt;
        awaited_ = POLLIN;
        return 0;
    }
}

std::optional<size_t> Transport::write(std::string_view data)
{
    if (ended_) return std::nullopt;
    awaited_ = 0;
    if (tls_) {
        const int length = SSL_write(tls_, data.data(), static_cast<int>(std::min<size_t>(data.size(), INT_MAX)));
        const std::optional<size_t> written = length > 0 ? static_cast<size_t>(length) : failed(length);
        ended_ = !written;
        return written;
    }
    for (;;) {
        const ssize_t length = send(fd_, data.data(), data.size(), MSG_NOSIGNAL);
        if (length >= 0) return static_cast<size_t>(length);
        if (errno == EINTR) continue;
        awaited_ = POLLOUT;
        if (errno == EAGAIN || errno == EWOULDBLOCK) return 0;
        ended_ = true;
        return std::nullopt;
    }
}

bool Transport::write_all(std::string_view data)
{
    while (!data.empty()) {
        const std::optional<size_t> written = write(data);
        if (!written) return false;
        data.remove_prefix(*written);
    }
    return true;
}

}  // namespace k8sc::testing
