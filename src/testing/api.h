// The API: from a request to its answer.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "clock.h"
#include "kind.h"
#include "pod-logs.h"
#include "reply.h"
#include "request.h"
#include "resources.h"
#include "store.h"
#include "tokens.h"

namespace k8sc::testing {

// What a server makes of sendInitialEvents.
enum class Streaming { refused, ignored, supported };

struct ApiOptions {
    std::optional<std::string> token;
    int64_t bookmark_interval_ms = 1000;
    int64_t page_limit = 0;
    bool expired_at_open = false;
    bool partial_objects = true;
    Streaming streaming = Streaming::refused;
    bool aggregated_discovery = false;
    bool strict = false;
    int release = 0;  // the minor number of the Kubernetes that it is to be like; 0: as 1.20, with what newer ones serve

    // The number that it tells. Who can stream lists is a new one.
    int minor(Streaming now) const { return release > 0 ? release : now == Streaming::supported ? 34 : 20; }
};

// Thread-safe.
class Api {
  public:
    Api(ApiOptions options, const VirtualClock &clock, Store &store, KindTable &kinds, Resources &resources)
        : options_(std::move(options)),
          streaming_(options_.streaming),
          token_(options_.token),
          clock_(clock),
          store_(store),
          kinds_(kinds),
          resources_(resources),
          logs_(store)
    {
    }

    // The address that discovery tells; set before the first request.
    void set_address(std::string address) { address_ = std::move(address); }

    // Nothing: none is needed. By any thread.
    void set_token(std::optional<std::string> token);
    // Beside the one that was set, until another is. Fails with K8SC_E_STATE where there is none.
    void add_token(std::string token);
    // Whether client certificates count, so that who has neither one nor the token is refused. By any thread.
    void set_certificates(bool wanted);

    bool is_authorized(const Request &request) const;
    // Answers, also where it fails.
    Reply handle(const Request &request);

    // For requests that come from now on. By any thread.
    void set_streaming(Streaming streaming) { streaming_ = streaming; }

    PodLogs &logs() { return logs_; }

    int64_t watch_count() const { return watches_; }

  private:
    Reply dispatch(const Request &request);
    Reply dispatch_resource(const Request &request, KindPtr kind);

    Reply get(const Request &request, const KindPtr &kind) const;
    Reply list(const Request &request, const KindPtr &kind) const;
    Reply watch(const Request &request, const KindPtr &kind);
    Reply create(const Request &request, KindPtr kind);
    Reply update(const Request &request, const KindPtr &kind);
    Reply apply(const Request &request, KindPtr kind);
    Reply remove(const Request &request, const KindPtr &kind);
    Reply remove_collection(const Request &request, const KindPtr &kind);
    Reply post_to_subresource(const Request &request, const KindPtr &kind);
    Reply bind(const Request &request, const Kind &kind);
    Reply log(const Request &request, const Kind &kind) const;

    const ApiOptions options_;
    std::atomic<Streaming> streaming_;
    mutable std::mutex who_mutex_;
    std::optional<std::string> token_;
    std::vector<std::string> more_tokens_;
    bool certificates_ = false;
    std::string address_;
    const VirtualClock &clock_;
    Store &store_;
    KindTable &kinds_;
    Resources &resources_;
    PodLogs logs_;
    Tokens tokens_;
    std::atomic<int64_t> watches_ = 0;
};

// Discovery, health and version, which is that of this release; nothing where the path is none of these.
std::optional<Reply> discover(const Request &request, const KindTable &kinds, const std::string &address, int minor);

// The objects of a list or of a watch: where their keys begin.
std::string key_prefix(const Request &request, const Kind &kind);
// "At least as new as this" cannot be answered for what is yet to come: throws ApiError.
void check_not_future(int64_t wanted, int64_t current);
// Whether nothing is to be changed; `options` is the name that messages have. Throws ApiError.
bool is_dry_run(const Request &request, const std::string &options);
// What DeleteOptions say, in the body of a delete or in an eviction. Throws ApiError.
void read_delete_options(const json_t *body, DeleteOptions &options);
// 0 for "" and "0". Throws ApiError where it is not a number.
int64_t parse_resource_version(std::string_view text);

}  // namespace k8sc::testing
