// What a curl handle is told of the way to a server, and of whom to trust there.
#pragma once

#include <curl/curl.h>

#include <string>

namespace k8sc {

class IoLoop;
struct Endpoint;

// Like curl_easy_setopt, which may run out of memory.
void set_text(CURL *easy, CURLoption option, const std::string &text);

class ConnectionOptions {
  public:
    ConnectionOptions() = default;
    ~ConnectionOptions() { curl_slist_free_all(connect_to_); }
    ConnectionOptions(const ConnectionOptions &) = delete;
    ConnectionOptions &operator=(const ConnectionOptions &) = delete;

    // The endpoint, the loop and this must outlive the handle.
    void apply(CURL *easy, const Endpoint &endpoint, const std::string &url, IoLoop &io_loop);

  private:
    void set_up_way(CURL *easy, const Endpoint &endpoint);
    void set_up_tls(CURL *easy, const Endpoint &endpoint);

    curl_slist *connect_to_ = nullptr;
};

}  // namespace k8sc
