#include "testing/server/listener.h"

#include <cerrno>
#include <csignal>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/signals.h"
#include "testing/base/failure.h"

namespace k8sc::testing {

namespace {

sockaddr_in loopback(int port)
{
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<uint16_t>(port));
    return address;
}

}  // namespace

Listener::Listener(int port, Serve serve, SSL_CTX *tls) : port_(port), serve_(std::move(serve))
{
    set_tls(tls);
    bind_port();
}

Listener::~Listener()
{
    stop(false);
    SSL_CTX_free(tls_);
}

void Listener::set_tls(SSL_CTX *tls)
{
    std::lock_guard lock(mutex_);
    SSL_CTX_free(tls_);
    tls_ = tls;
    if (tls_) SSL_CTX_up_ref(tls_);
}

void Listener::bind_port()
{
    socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket_ < 0) fail_with_errno("cannot make a socket");
    // Connections of a moment ago that linger in TIME_WAIT do not keep the port.
    const int on = 1;
    setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address = loopback(port_);
    if (bind(socket_, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0) {
        const int code = errno;
        close(socket_);
        socket_ = -1;
        errno = code;
        fail_with_errno("cannot listen on 127.0.0.1:" + std::to_string(port_));
    }
    socklen_t length = sizeof address;
    getsockname(socket_, reinterpret_cast<sockaddr *>(&address), &length);
    port_ = ntohs(address.sin_port);
}

void Listener::start()
{
    if (running()) return;
    if (socket_ < 0) bind_port();
    stop_event_ = eventfd(0, EFD_CLOEXEC);
    if (stop_event_ < 0) fail_with_errno("cannot make an eventfd");
    stopping_ = false;
    try {
        if (listen(socket_, SOMAXCONN) != 0) fail_with_errno("cannot listen on 127.0.0.1:" + std::to_string(port_));
        SignalsBlocked blocked;
        accepter_ = std::thread(&Listener::accept_all, this);
    } catch (...) {
        close(stop_event_);
        close(socket_);
        stop_event_ = socket_ = -1;
        throw;
    }
}

void Listener::stop(bool keep_port)
{
    if (running()) {
        eventfd_write(stop_event_, 1);
        accepter_.join();
        close(stop_event_);
        std::list<Session> ending;
        {
            std::lock_guard lock(mutex_);
            ending.swap(sessions_);
            for (Session &session : ending)
                if (session.transport) session.transport->shut();
            // Those that have not come to their connection yet see this.
            stopping_ = true;
        }
        for (Session &session : ending) session.thread.join();
    } else if (keep_port && socket_ >= 0) {
        return;
    }
    // A socket that has listened cannot be told to refuse; one that is only bound does, and holds the port.
    if (socket_ >= 0) close(socket_);
    socket_ = -1;
    if (keep_port) bind_port();
}

void Listener::disconnect()
{
    std::lock_guard lock(mutex_);
    for (Session &session : sessions_)
        if (session.transport) session.transport->shut();
}

void Listener::accept_all()
{
    for (;;) {
        pollfd fds[] = {{socket_, POLLIN, 0}, {stop_event_, POLLIN, 0}};
        if (poll(fds, 2, -1) < 0 && errno != EINTR) return;
        if (fds[1].revents) return;
        const int fd = accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd >= 0) {
            ++accepted_;
            join_finished();
            try {
                open_session(fd);
            } catch (...) {
                // No memory, no thread: this client is turned away.
                close(fd);
            }
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            // The connection stays in the queue, and poll would spin until somebody closes something.
            pollfd stop = {stop_event_, POLLIN, 0};
            poll(&stop, 1, 20);
        }
    }
}

void Listener::open_session(int fd)
{
    std::lock_guard lock(mutex_);
    sessions_.emplace_back();
    try {
        sessions_.back().thread = std::thread(&Listener::run_session, this, std::ref(sessions_.back()), fd);
    } catch (...) {
        sessions_.pop_back();
        throw;
    }
}

void Listener::run_session(Session &session, int fd)
{
    try {
        SSL_CTX *tls;
        {
            std::lock_guard lock(mutex_);
            tls = tls_;
            if (tls) SSL_CTX_up_ref(tls);
        }
        const std::unique_ptr<SSL_CTX, void (*)(SSL_CTX *)> held(tls, SSL_CTX_free);
        Transport transport(fd, tls);
        {
            std::lock_guard lock(mutex_);
            session.transport = &transport;
            if (stopping_) transport.shut();
        }
        try {
            if (transport.handshake()) serve_(transport);
            transport.finish();
        } catch (...) {
            // No memory: the client sees its connection close.
        }
        std::lock_guard lock(mutex_);
        session.transport = nullptr;
    } catch (...) {
        // No memory for the connection itself.
    }
    std::lock_guard lock(mutex_);
    session.finished = true;
}

void Listener::join_finished()
{
    std::lock_guard lock(mutex_);
    for (auto session = sessions_.begin(); session != sessions_.end();) {
        if (session->finished) {
            session->thread.join();
            session = sessions_.erase(session);
        } else {
            ++session;
        }
    }
}

}  // namespace k8sc::testing
