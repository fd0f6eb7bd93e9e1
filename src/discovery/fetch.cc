#include "discovery/fetch.h"

#include "core/clock.h"
#include "core/thread_annotations.h"
#include "discovery/documents.h"
#include "net/cancel_scope.h"
#include "rest/body.h"
#include "rest/request.h"

namespace k8sc {
namespace {

// Servers from 1.27 to 1.29 know only the beta, which says the same.
constexpr const char *accept_aggregated =
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
    "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";
constexpr const char *accept_json = "application/json";
// Where the configuration sets no deadline; client-go's.
constexpr int64_t default_timeout_ms = 32000;
// Connections that a server without HTTP/2 is asked for at once.
constexpr size_t at_once = 16;

struct Answer {
    std::shared_ptr<const Error> error;
    Ref<Object> object;
    std::string content_type;
};

// Discovery comes in bursts, and once in a long while; it takes nothing from the limit that the rest has.
CallSpec spec_of(const Request &request, const char *accept, int64_t deadline)
{
    CallSpec spec = request.spec();
    spec.accept = accept;
    spec.timeout_ms = deadline - now_ms();
    spec.rate_limited = false;
    if (spec.timeout_ms <= 0)
        throw named(Error(K8SC_E_TIMEOUT, "discovery did not come to it within its deadline"), spec.name);
    return spec;
}

Answer answer_of(CallResult &result, OneObjectSink &sink)
{
    Answer answer;
    if (result.error) {
        answer.error = std::make_shared<Error>(std::move(*result.error));
        return answer;
    }
    answer.object = sink.take();
    if (const std::string *type = result.head.header("content-type")) answer.content_type = *type;
    return answer;
}

Answer get(const Ref<Client> &client, const Request &request, const char *accept, int64_t deadline,
           bool any_type = false)
{
    auto sink = std::make_shared<OneObjectSink>(client->max_object_bytes(), any_type);
    CallResult result = run_call(client, spec_of(request, accept, deadline), sink);
    return answer_of(result, *sink);
}

Answer get(const Ref<Client> &client, const std::string &path, const char *accept, int64_t deadline)
{
    return get(client, Request(client, "GET", path), accept, deadline);
}

// Answers that come in whatever order.
struct Answers {
    Mutex mutex;
    ConditionVariable changed;
    std::vector<Answer> answers K8SC_GUARDED_BY(mutex);
    size_t missing K8SC_GUARDED_BY(mutex) = 0;
};

void ask(const Ref<Client> &client, const std::string &path, int64_t deadline, const Ref<Cancel> &cancel,
         const std::shared_ptr<Answers> &all, size_t index)
{
    auto put = [all, index](Answer answer) {
        MutexLock guard(all->mutex);
        all->answers[index] = std::move(answer);
        all->missing--;
        all->changed.notify_all();
    };
    try {
        auto sink = std::make_shared<OneObjectSink>(client->max_object_bytes());
        CallSpec spec = spec_of(Request(client, "GET", path), accept_json, deadline);
        spec.cancel = cancel;
        Call::start(client, std::move(spec), sink, [put, sink](CallResult &result) { put(answer_of(result, *sink)); });
    } catch (const Error &error) {
        put({std::make_shared<Error>(error), {}, {}});
    }
}

std::vector<Answer> get_all(const Ref<Client> &client, std::span<const std::string> paths, int64_t deadline)
{
    auto all = std::make_shared<Answers>();
    size_t next = 0;
    need_not_cancelled();
    auto cancel = make<Cancel>();
    CancelAlarm alarm([cancel] { cancel->cancel(); });
    MutexLock lock(all->mutex);
    all->answers.resize(paths.size());
    while (next < paths.size() || all->missing > 0) {
        if (next < paths.size() && all->missing < at_once) {
            size_t index = next++;
            all->missing++;
            lock.unlock();
            ask(client, paths[index], deadline, cancel, all, index);
            lock.lock();
            continue;
        }
        size_t before = all->missing;
        while (all->missing >= before) all->changed.wait(lock);
    }
    // No answer is no news of what the server has.
    need_not_cancelled();
    return std::move(all->answers);
}

void throw_error(const Answer &answer)
{
    if (answer.error) throw *answer.error;
}

// Asks once more for what failed, other than by saying nothing for so long.
void ask_again(const Ref<Client> &client, DiscoveredMap &versions, int64_t deadline)
{
    std::vector<std::string> again;
    for (const auto &[whole, found] : versions)
        if (found.error && found.error->code != K8SC_E_TIMEOUT) again.push_back(whole);
    if (again.empty() || now_ms() >= deadline) return;
    for (auto &[whole, found] : fetch_versions(client, again, deadline)) versions[whole] = std::move(found);
}

}  // namespace

int64_t discovery_deadline(const Client &client)
{
    int64_t timeout = client.config().timeout_ms;
    return deadline_after(timeout < 0 ? default_timeout_ms : timeout);
}

bool is_transient(const Error &error)
{
    return is_retriable(error) || decisive_code(error) >= 500 || error.code == K8SC_E_CANCELLED;
}

FetchedGroups fetch_groups(const Ref<Client> &client, int64_t deadline)
{
    Answer core = get(client, "/api", accept_aggregated, deadline);
    bool no_core = core.error && is_not_found(*core.error);
    if (!no_core) throw_error(core);
    Answer named = get(client, "/apis", accept_aggregated, deadline);
    throw_error(named);

    bool core_is_aggregated = no_core || is_aggregated_type(core.content_type);
    bool named_is_aggregated = is_aggregated_type(named.content_type);
    FetchedGroups fetched;
    ServerResources &resources = fetched.resources;
    if (core_is_aggregated && named_is_aggregated) {
        if (!no_core) read_aggregated(*core.object, resources);
        read_aggregated(*named.object, resources);
        fetched.is_complete = true;
        return fetched;
    }
    // Proxies have been seen that answer one of the two from a cache: each is read as what it is, and all resources are
    // asked for.
    auto read = [&](const Answer &answer, bool is_aggregated, auto &&read_plain) {
        ServerResources part;
        if (is_aggregated)
            read_aggregated(*answer.object, part);
        else
            read_plain(*answer.object, part.groups);
        for (ApiGroup &group : part.groups) resources.groups.push_back(std::move(group));
    };
    if (!no_core) read(core, core_is_aggregated, read_api_versions);
    read(named, named_is_aggregated, read_group_list);
    return fetched;
}

DiscoveredMap fetch_versions(const Ref<Client> &client, std::span<const std::string> versions, int64_t deadline)
{
    std::vector<std::string> paths;
    for (const std::string &whole : versions) {
        auto [group, version] = split_group_version(whole);
        paths.push_back(api_prefix(group, version));
    }
    std::vector<Answer> answers = get_all(client, paths, deadline);
    DiscoveredMap found;
    for (size_t i = 0; i < versions.size(); i++) {
        auto [group, version] = split_group_version(versions[i]);
        Discovered &entry = found[versions[i]];
        const Answer &answer = answers[i];
        if (answer.error && group.empty() && is_not_found(*answer.error)) {
            // A server of nothing but others' APIs.
            entry.list = std::make_shared<ApiResourceList>(ApiResourceList{group, version, {}});
            continue;
        }
        if (answer.error) {
            entry.error = answer.error;
            entry.failed_at = now_ms();
            continue;
        }
        try {
            entry.list = std::make_shared<ApiResourceList>(read_resource_list(*answer.object, group, version));
        } catch (const Error &error) {
            entry.error = std::make_shared<Error>(error);
        }
    }
    return found;
}

ServerResources fetch_server_resources(const Ref<Client> &client, int64_t deadline)
{
    FetchedGroups fetched = fetch_groups(client, deadline);
    if (!fetched.is_complete) {
        fetched.resources.versions = fetch_versions(client, ordered_versions(fetched.resources), deadline);
        ask_again(client, fetched.resources.versions, deadline);
    } else if (partial_failure(fetched.resources) && now_ms() < deadline) {
        // Something in it was stale.
        fetched = fetch_groups(client, deadline);
        if (!fetched.is_complete)
            fetched.resources.versions = fetch_versions(client, ordered_versions(fetched.resources), deadline);
    }
    return std::move(fetched.resources);
}

Ref<Object> fetch_document(const Ref<Client> &client, const std::string &path)
{
    // To older servers an OpenAPI document is plain text.
    Answer answer = get(client, Request(client, "GET", path), accept_json, discovery_deadline(*client), true);
    throw_error(answer);
    return answer.object;
}

Ref<Object> fetch_openapi_document(const Ref<Client> &client, const std::string &url)
{
    Request request(client, "GET", "");
    try {
        // A server does not know the path at which a proxy has it; one that does need not be told.
        if (url.starts_with(client->url().path + "/"))
            request.set_relative_uri(url.substr(client->url().path.size()));
        else
            request.set_relative_uri(url);
    } catch (Error &error) {
        error.code = K8SC_E_DECODE;
        error.message = concat("the server's index of OpenAPI v3: ", error.message);
        throw;
    }
    Answer answer = get(client, request, accept_json, discovery_deadline(*client), true);
    throw_error(answer);
    return answer.object;
}

}  // namespace k8sc
