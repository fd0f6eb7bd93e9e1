#include "rest/streaming_support.h"

#include <cstdlib>

#include "core/clock.h"
#include "rest/body.h"
#include "rest/request.h"

namespace k8sc {
namespace {

constexpr int64_t age_holds_ms = 3600000;
constexpr int64_t ask_again_ms = 60000;  // where no answer could be had
constexpr int64_t probe_within_ms = 5000;

// The first with sendInitialEvents; later ones know at least how to refuse it.
constexpr long fit_since_minor = 27;

// "27", or "27+" from who adds something of its own; -1: no number.
long number_of(Cursor value)
{
    std::string text = value.string().value_or("");
    char *end = nullptr;
    long number = std::strtol(text.c_str(), &end, 10);
    return end == text.c_str() || number < 0 ? -1 : number;
}

}  // namespace

bool StreamingSupport::is_unsupported(const std::string &resource, int64_t now) const
{
    auto at = unsupported_until_.find(resource);
    return at != unsupported_until_.end() && now < at->second;
}

StreamingSupport::Age StreamingSupport::server_age(int64_t now) const { return now < age_until_ ? age_ : Age::unasked; }

void StreamingSupport::answered(std::string_view version_json, int64_t now)
{
    age_ = Age::unknown;
    age_until_ = now + ask_again_ms;
    if (version_json.empty()) return;
    try {
        Ref<Object> version = Object::parse(version_json);
        long major = number_of(version->root().member("major")), minor = number_of(version->root().member("minor"));
        if (major < 0 || minor < 0) return;
        age_ = major > 1 || (major == 1 && minor >= fit_since_minor) ? Age::fit : Age::old;
        age_until_ = now + age_holds_ms;
    } catch (const Error &) {
        // A proxy's page, or whatever else: it does not say.
    }
}

void ask_server_version(const Ref<Client> &client)
{
    client->streaming().asks();
    try {
        Request request(client, "GET", "/version");
        request.set_timeout(probe_within_ms);
        request.set_max_retries(0);
        CallSpec spec = request.spec();
        spec.rate_limited = false;
        auto sink = std::make_shared<BufferSink>();
        Call::prepare(client, std::move(spec), sink, [client, sink](CallResult &result) {
            assert_on_io_thread();
            client->streaming().answered(result.error ? std::string_view() : sink->body(), now_ms());
        })->launch_on_io_thread();
    } catch (const Error &) {
        client->streaming().answered("", now_ms());
    }
}

}  // namespace k8sc
