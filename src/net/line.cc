#include "net/line.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "core/clock.h"
#include "core/error.h"

namespace k8sc {
namespace {

std::string end_text(const sockaddr_storage &address)
{
    char text[INET6_ADDRSTRLEN] = "";
    int port = 0;
    if (address.ss_family == AF_INET) {
        auto &v4 = reinterpret_cast<const sockaddr_in &>(address);
        inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
        port = ntohs(v4.sin_port);
    } else if (address.ss_family == AF_INET6) {
        auto &v6 = reinterpret_cast<const sockaddr_in6 &>(address);
        inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
        port = ntohs(v6.sin6_port);
    } else {
        return {};
    }
    return concat(text, ":", std::to_string(port));
}

}  // namespace

std::string Lines::ends_of(curl_socket_t socket)
{
    sockaddr_storage local, peer;
    socklen_t local_size = sizeof local, peer_size = sizeof peer;
    if (getsockname(socket, reinterpret_cast<sockaddr *>(&local), &local_size) != 0) return {};
    if (getpeername(socket, reinterpret_cast<sockaddr *>(&peer), &peer_size) != 0) return {};
    std::string from = end_text(local), to = end_text(peer);
    return from.empty() || to.empty() ? std::string() : concat(from, " ", to);
}

std::shared_ptr<Line> Lines::find(const char *local_ip, int local_port, const char *peer_ip, int peer_port)
{
    if (!local_ip || !peer_ip || !*local_ip || !*peer_ip || local_port <= 0) return {};
    std::string ends = concat(local_ip, ":", std::to_string(local_port), " ", peer_ip, ":", std::to_string(peer_port));
    auto &line = lines_[ends];
    if (!line) line = std::make_shared<Line>(Line{ends, now_ms(), false});
    return line;
}

void Lines::forget(curl_socket_t socket)
{
    std::string ends = ends_of(socket);
    if (!ends.empty()) {
        lines_.erase(ends);
        return;
    }
    // The peer was gone before: what nobody holds any more is as good as closed.
    std::erase_if(lines_, [](auto &entry) { return entry.second.use_count() == 1; });
}

}  // namespace k8sc
