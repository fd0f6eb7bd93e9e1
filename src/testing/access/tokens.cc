#include "testing/access/tokens.h"

#include <ctime>

#include "testing/base/base64.h"
#include "testing/schema/kind.h"
#include "testing/schema/names.h"
#include "testing/schema/status.h"

namespace k8sc::testing {

namespace {

constexpr int64_t default_seconds = 3600, shortest_seconds = 600, longest_seconds = 1LL << 32;
const char audience[] = "https://kubernetes.default.svc";

int64_t seconds_of(const json_t *request)
{
    Kind kind;
    kind.group = "authentication.k8s.io";
    kind.kind = "TokenRequest";
    const json_t *asked = value_at(request, {"spec", "expirationSeconds"});
    if (!asked || json_is_null(asked)) return default_seconds;
    if (!json_is_integer(asked))
        throw bad_request(
            "TokenRequest in version \"v1\" cannot be handled as a TokenRequest: spec.expirationSeconds is no integer");
    const int64_t seconds = json_integer_value(asked);
    const auto wrong = [&](const char *why) {
        return invalid(kind, "", invalid_value("spec.expirationSeconds", std::to_string(seconds), why));
    };
    if (seconds < shortest_seconds) throw wrong("may not specify a duration less than 10 minutes");
    if (seconds > longest_seconds) throw wrong("may not specify a duration larger than 2^32 seconds");
    return seconds;
}

}  // namespace

void Tokens::issue(json_t *request, const std::string &ns, const std::string &account, const std::string &uid,
                   int64_t now)
{
    const int64_t seconds = seconds_of(request);
    if (!json_is_object(json_object_get(request, "spec"))) set(request, "spec", Json::object());
    json_t *spec = json_object_get(request, "spec");
    set(spec, "expirationSeconds", Json::integer(seconds));
    if (json_array_size(json_object_get(spec, "audiences")) == 0) {
        Json audiences = Json::array();
        append(audiences.get(), Json::text(audience));
        set(spec, "audiences", std::move(audiences));
    }
    if (!json_object_get(spec, "boundObjectRef")) set(spec, "boundObjectRef", Json::take(json_null()));

    const std::string user = "system:serviceaccount:" + ns + ":" + account;
    Json claims = Json::object(), names = Json::object(), self = Json::object();
    set(self.get(), "name", Json::text(account));
    set(self.get(), "uid", Json::text(uid));
    set(names.get(), "namespace", Json::text(ns));
    set(names.get(), "serviceaccount", std::move(self));
    set(claims.get(), "aud", Json::share(json_object_get(spec, "audiences")));
    set(claims.get(), "exp", Json::integer(now + seconds));
    set(claims.get(), "iat", Json::integer(now));
    set(claims.get(), "iss", Json::text(audience));
    set(claims.get(), "kubernetes.io", std::move(names));
    set(claims.get(), "sub", Json::text(user));
    // It looks like a signed one; nobody but this server can tell that it is good.
    const std::string token = base64url("{\"alg\":\"none\",\"kid\":\"k8sc-fake\"}") + "." +
                              base64url(dump(claims.get())) + "." + base64url(random_uid());

    Json status = Json::object();
    set(status.get(), "token", Json::text(token));
    set(status.get(), "expirationTimestamp", Json::text(timestamp_of(now + seconds)));
    set(request, "status", std::move(status));
    std::lock_guard lock(mutex_);
    std::erase_if(issued_, [now](const auto &one) { return one.second.expires <= now; });
    issued_[token] = {user, now + seconds};
}

std::string Tokens::user(std::string_view token, int64_t now) const
{
    std::lock_guard lock(mutex_);
    const auto found = issued_.find(token);
    return found == issued_.end() || found->second.expires <= now ? "" : found->second.user;
}

}  // namespace k8sc::testing
