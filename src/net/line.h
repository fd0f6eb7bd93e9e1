// The connections there are, by their two ends, and when something last came from each.
#pragma once

#include <curl/curl.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace k8sc {

struct Line {
    std::string ends;
    int64_t last_byte_at = 0;
    bool probing = false;
};

// On the I/O thread.
class Lines {
  public:
    // The one between these ends; made where it is not known.
    std::shared_ptr<Line> find(const char *local_ip, int local_port, const char *peer_ip, int peer_port);
    bool knows(const std::string &ends) const { return lines_.count(ends) > 0; }
    // A socket closes: another connection may have the same ends later.
    void forget(curl_socket_t socket);

    // "ip:port ip:port"; "" where the socket has no such ends.
    static std::string ends_of(curl_socket_t socket);

  private:
    std::map<std::string, std::shared_ptr<Line>> lines_;
};

}  // namespace k8sc
