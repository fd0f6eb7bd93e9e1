// The API: from a request to its answer.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "testing/access/authentication.h"
#include "testing/access/rbac.h"
#include "testing/api/pod_logs.h"
#include "testing/api/resources.h"
#include "testing/base/clock.h"
#include "testing/http/reply.h"
#include "testing/http/request.h"
#include "testing/schema/kind.h"
#include "testing/store/store.h"

namespace k8sc::testing {

// What a server makes of sendInitialEvents.
enum class Streaming { refused, ignored, supported };

struct ApiOptions {
    std::optional<std::string> token;
    std::vector<std::pair<std::string, User>> users;  // each with its token
    bool authorization = false;
    int64_t bookmark_interval_ms = 1000;
    int64_t page_limit = 0;
    bool expired_at_open = false;
    bool partial_objects = true;
    Streaming streaming = Streaming::refused;
    bool aggregated_discovery = false;
    bool strict = false;
    int release =
        0;  // the minor number of the Kubernetes that it is to be like; 0: as 1.20, with what newer ones serve

    // The number that it tells. Who can stream lists is a new one.
    int minor(Streaming now) const { return release > 0 ? release : now == Streaming::supported ? 34 : 20; }
};

// Thread-safe.
class Api {
  public:
    Api(ApiOptions options, const VirtualClock &clock, Store &store, KindTable &kinds, Resources &resources)
        : options_(std::move(options)),
          streaming_(options_.streaming),
          authentication_(options_.token, options_.users),
          clock_(clock),
          store_(store),
          kinds_(kinds),
          resources_(resources),
          logs_(store, clock),
          rbac_(store)
    {
    }

    // The address that discovery tells; set before the first request.
    void set_address(std::string address) { address_ = std::move(address); }

    // By any thread.
    Authentication &authentication() { return authentication_; }

    // Whether anybody is asked for permissions.
    bool has_authorization() const { return options_.authorization; }
    // Whether it is from somebody who may do that.
    bool is_allowed(const Request &request) const;
    // Answers, also where it fails.
    Reply handle(const Request &request);

    // For requests that come from now on. By any thread.
    void set_streaming(Streaming streaming) { streaming_ = streaming; }

    PodLogs &logs() { return logs_; }

    int64_t watch_count() const { return watches_; }

  private:
    // Who asks, or as whom. Throws ApiError where nobody is known, or that one may not do it.
    User admitted(const Request &request) const;
    Reply dispatch(const Request &request, const User &user);
    Reply dispatch_resource(const Request &request, KindPtr kind, const User &user);

    // An object in the form that is wanted: whole, its metadata, or as a row.
    Reply shown(int code, const Request &request, const Kind &kind, const ObjectPtr &object) const;
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
    Reply review(const Request &request, const Kind &kind, const User &user) const;
    Json access_status(const User &user, const Access &access) const;
    Json rules_status(const User &user, const std::string &ns) const;

    const ApiOptions options_;
    std::atomic<Streaming> streaming_;
    Authentication authentication_;
    std::string address_;
    const VirtualClock &clock_;
    Store &store_;
    KindTable &kinds_;
    Resources &resources_;
    PodLogs logs_;
    const Rbac rbac_;
    std::atomic<int64_t> watches_ = 0;
};

// Discovery, health and version, which is that of this release; nothing where the path is none of these.
std::optional<Reply> discover(const Request &request, const KindTable &kinds, const std::string &address, int minor);

// The objects of a list or of a watch: where their keys begin.
std::string key_prefix(const Request &request, const Kind &kind);
// "At least as new as this" cannot be answered for what is yet to come: throws ApiError.
void check_not_future(int64_t wanted, int64_t current);
// The body of a create or an update. Throws ApiError where it is no JSON, or is called something else.
Json parse_object(const Request &request, const Kind &kind);
// Throws ApiError (415) where the body says that it is no JSON.
void check_body_type(const Request &request);
// Whether nothing is to be changed; `options` is the name that messages have, which are those of
// the release. Throws ApiError.
bool is_dry_run(const Request &request, const std::string &options, int release);
// What DeleteOptions say, in the body of a delete or in an eviction. Throws ApiError.
void read_delete_options(const json_t *body, DeleteOptions &options, int release);
// 0 for "" and "0". Throws ApiError where it is not a number.
int64_t parse_resource_version(std::string_view text);

}  // namespace k8sc::testing
