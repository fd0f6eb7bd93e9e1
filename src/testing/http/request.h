// A request as the API sees it: what its path and its query say.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "testing/http/user.h"

namespace k8sc::testing {

struct FaultAction;

struct Request {
    std::string method;
    std::string target;       // as it was sent
    std::string base;         // what its path begins with: where the server is
    std::string path;         // the rest of it, without the query
    bool is_outside = false;  // the path is not below that of the server, and means nothing
    std::string query;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::string protocol;                      // "HTTP/1.1", "HTTP/2.0"
    std::shared_ptr<const FaultAction> fault;  // what is to happen to it
    std::optional<User> certificate;           // whom a client certificate of the authority that is trusted names

    // Of a path below /api/v1 or /apis/<group>/<version>; `plural` is "" for other paths.
    std::string group;
    std::string version;
    std::string plural;
    std::string subresource;
    std::string ns;
    std::string name;
    bool in_namespace = false;  // the path names a namespace for the resource
    std::string verb;           // Kubernetes' word, "" where there is none

    // The first value of a header, whatever the case of its name; "" where there is none.
    std::string_view header(std::string_view name) const;
    // The first value of a query parameter, and all of them.
    std::string_view parameter(const std::string &name) const;
    std::vector<std::string> parameters(const std::string &name) const;
    // As apimachinery reads them: "0" and "false" are false, anything else that is there is true.
    bool flag(const std::string &name) const;
    // Throws ApiError (400) where it is no integer; 0 where it is not there.
    int64_t number(const std::string &name) const;

    // Takes path, query and what they mean from `target`. Headers, method and body are set by the caller.
    void resolve(const std::string &base_path = "");

  private:
    bool enter(const std::string &base_path);

    std::multimap<std::string, std::string> parameters_;
};

// The name of a header in Go's canonical form, which is the same however it was sent: User-Agent.
std::string canonical_name(std::string_view name);
// %41 is A; with `form`, + is a space.
std::string percent_decoded(std::string_view text, bool form = false);

}  // namespace k8sc::testing
