// URLs as Kubernetes' clients build them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace k8sc {

struct Url {
    std::string scheme;       // "http" or "https"
    std::string host;         // without brackets
    int port = 0;             // 0: the scheme's own
    std::string path;         // "" or "/a/b", percent-encoded, never with "/" at its end
    std::string unix_socket;  // of "unix:///a/b.sock", which stands for http://localhost at that socket

    // scheme://host[:port], with brackets where the host is an IPv6 address.
    std::string origin() const;
    // host[:port], for the Host header.
    std::string authority() const;
};

// Reads a server's URL. Without a scheme it is https where `prefer_tls`, else http; then it may have no path. Query and
// fragment are dropped. "unix:///path" is the socket there. Fails with K8SC_E_CONFIG.
Url parse_server_url(std::string_view text, bool prefer_tls);

// What can be the address of a unix socket, and how that is said.
bool is_socket_path(std::string_view path);
extern const std::string_view socket_path_rule;

// Percent-encodes what may not stand in a path: all but letters, digits, "/" and $&+,:;=@-_.~
std::string escape_path(std::string_view path);
// Encodes a name or value of a form-encoded query; a space becomes "+".
std::string escape_query(std::string_view text);

// Query parameters; repeated names keep their order, names are sorted on the wire.
class Query {
  public:
    void add(std::string_view name, std::string_view value) { params_.emplace_back(name, value); }
    void set(std::string_view name, std::string_view value);
    bool empty() const { return params_.empty(); }
    // Whether the parameter's value is one that Go reads as true.
    bool is_true(std::string_view name) const;
    std::string encoded() const;

  private:
    std::vector<std::pair<std::string, std::string>> params_;
};

// What is wrong with one path segment, or "" if it may be used: it may not be empty, ".", "..", or hold "/" or "%".
std::string_view segment_fault(std::string_view segment);

}  // namespace k8sc
