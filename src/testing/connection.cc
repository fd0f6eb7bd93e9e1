#include "connection.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstring>
#include <new>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace k8sc::testing {

namespace {

// poll, but for signals that interrupt it. What is longer than poll's longest time is that.
int poll_until(pollfd *fds, nfds_t count, int64_t timeout_ms)
{
    using Clock = std::chrono::steady_clock;
    const Clock::time_point deadline = Clock::now() + std::chrono::milliseconds(std::clamp<int64_t>(timeout_ms, 0, INT_MAX));
    for (;;) {
        int64_t left = -1;
        if (timeout_ms >= 0) {
            const auto rest = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
            left = std::clamp<int64_t>(rest.count(), 0, INT_MAX);
        }
        const int ready = poll(fds, count, static_cast<int>(left));
        if (ready >= 0 || errno != EINTR) return ready;
    }
}

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

Connection::Connection(int fd, SSL_CTX *tls) : fd_(fd)
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
}

std::optional<User> Connection::certificate() const
{
    if (!tls_ || SSL_get_verify_mode(tls_) == SSL_VERIFY_NONE || SSL_get_verify_result(tls_) != X509_V_OK) return std::nullopt;
    X509 *certificate = SSL_get1_peer_certificate(tls_);
    if (!certificate) return std::nullopt;
    const std::vector<std::string> names = subject_texts(certificate, NID_commonName);
    User user = known_user(names.empty() ? "" : names.front(), subject_texts(certificate, NID_organizationName));
    X509_free(certificate);
    return user;
}

Connection::~Connection()
{
    SSL_free(tls_);
    if (reset_) {
        const linger now = {1, 0};
        setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }
    close(fd_);
}

bool Connection::handshake()
{
    if (!tls_ || SSL_accept(tls_) == 1) return true;
    ERR_clear_error();
    ended_ = true;
    return false;
}

bool Connection::wait_for_request()
{
    if (ended_) return false;
    if (begin_ < end_ || (tls_ && SSL_pending(tls_) > 0)) return true;
    pollfd poll_fd = {fd_, POLLIN, 0};
    return poll_until(&poll_fd, 1, -1) > 0;
}

Connection::Wake Connection::wait(int event_fd, int64_t timeout_ms)
{
    if (ended_) return Wake::gone;
    // Only the end of the stream: what a client sends ahead of the answer waits for its turn.
    pollfd fds[] = {{fd_, POLLRDHUP, 0}, {event_fd, POLLIN, 0}};
    if (poll_until(fds, 2, timeout_ms) <= 0) return Wake::timeout;
    if (fds[0].revents) return Wake::gone;
    return Wake::event;
}

void Connection::reset()
{
    reset_ = true;
    ended_ = true;
}

void Connection::finish()
{
    if (!tls_ || ended_) return;
    SSL_shutdown(tls_);
    ERR_clear_error();
}

void Connection::shut() { shutdown(fd_, SHUT_RDWR); }

ssize_t Connection::receive(char *data, size_t size)
{
    if (tls_) {
        const int length = SSL_read(tls_, data, static_cast<int>(std::min<size_t>(size, INT_MAX)));
        if (length <= 0) ERR_clear_error();
        return std::max(length, 0);
    }
    for (;;) {
        const ssize_t length = recv(fd_, data, size, 0);
        if (length >= 0 || errno != EINTR) return length;
    }
}

ssize_t Connection::read(char *data, size_t size)
{
    if (ended_) return -1;
    if (begin_ == end_) {
        const ssize_t length = receive(buffer_, sizeof buffer_);
        if (length <= 0) return length;
        begin_ = 0;
        end_ = static_cast<size_t>(length);
    }
    const size_t length = std::min(size, end_ - begin_);
    std::memcpy(data, buffer_ + begin_, length);
    begin_ += length;
    return static_cast<ssize_t>(length);
}

ssize_t Connection::write(const char *data, size_t size)
{
    if (ended_) return -1;
    if (tls_) {
        const int length = SSL_write(tls_, data, static_cast<int>(std::min<size_t>(size, INT_MAX)));
        if (length > 0) return length;
        ERR_clear_error();
    } else {
        for (;;) {
            const ssize_t length = send(fd_, data, size, MSG_NOSIGNAL);
            if (length >= 0) return length;
            if (errno != EINTR) break;
        }
    }
    ended_ = true;
    return -1;
}

void Connection::get_remote_ip_and_port(std::string &ip, int &port) const
{
    ip = "127.0.0.1";
    port = 0;
}

void Connection::get_local_ip_and_port(std::string &ip, int &port) const
{
    ip = "127.0.0.1";
    port = 0;
}

}  // namespace k8sc::testing
