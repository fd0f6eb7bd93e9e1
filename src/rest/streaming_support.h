// What a client has found out about streaming lists: which resources do without for a while, and how old its server is.
// On the I/O thread. Shared by all informers of the client, so that what one has waited for need not be waited for by
// the next.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "core/ref.h"
#include "net/io_thread.h"

struct k8sc_client;

namespace k8sc {

class StreamingSupport {
  public:
    // A resource: "apps/v1/deployments", "/v1/pods".
    bool is_unsupported(const std::string &resource, int64_t now) const;
    void remember_unsupported(const std::string &resource, int64_t until) { unsupported_until_[resource] = until; }

    // A hint and no more, since servers behind an aggregator, and proxies, have an age of their own.
    enum class Age {
        unasked,  // or asked too long ago
        asking,
        unknown,  // it does not say
        old,      // from before streaming lists
        fit,
    };
    Age server_age(int64_t now) const;
    void asks()
    {
        age_ = Age::asking;
        age_until_ = INT64_MAX;
    }
    // The answer to GET /version; "" where there was none.
    void answered(std::string_view version_json, int64_t now);

  private:
    std::map<std::string, int64_t, std::less<>> unsupported_until_;
    Age age_ = Age::unasked;
    int64_t age_until_ = INT64_MAX;
};

// Asks the server for its version, once; the client's StreamingSupport learns the answer.
void ask_server_version(const Ref<k8sc_client> &client) K8SC_REQUIRES(io_thread);

}  // namespace k8sc
