// k8sc_testing_options_*.
#include <algorithm>
#include <cctype>
#include <sstream>

#include "testing/base/failure.h"
#include "testing/c/c_handles.h"
#include "testing/c/guard.h"
#include "testing/schema/releases.h"

using namespace k8sc::testing;

namespace {

void need_at_least(int64_t value, int64_t low, const char *name)
{
    if (value < low)
        fail(K8SC_E_INVALID,
             std::string(name) + " is " + std::to_string(value) + "; it must be " + std::to_string(low) + " or more");
}

bool is_base_segment(const std::string &segment)
{
    const auto plain = [](unsigned char c) {
        return isalnum(c) || std::string_view("-._~").find(static_cast<char>(c)) != std::string_view::npos;
    };
    return !segment.empty() && segment != "." && segment != ".." && std::all_of(segment.begin(), segment.end(), plain);
}

// Without the "/" that may end it.
std::string checked_base_path(std::string path)
{
    if (path.ends_with('/')) path.pop_back();
    for (size_t begin = 0; begin < path.size();) {
        const size_t end = std::min(path.find('/', begin + 1), path.size());
        if (path[begin] != '/' || !is_base_segment(path.substr(begin + 1, end - begin - 1)))
            fail(K8SC_E_INVALID, "path must be like \"/k8s/clusters/c-x\": segments of letters, digits, '-', '.', '_' "
                                 "and '~', each after a '/'");
        begin = end;
    }
    return path;
}

}  // namespace

extern "C" {

k8sc_status k8sc_testing_options_new(k8sc_testing_options **out, k8sc_error **err)
{
    return guard(err, [&] {
        need(out, "out");
        *out = nullptr;
        *out = new k8sc_testing_options;
    });
}

void k8sc_testing_options_free(k8sc_testing_options *options) { delete options; }

k8sc_status k8sc_testing_options_set_port(k8sc_testing_options *options, int32_t port, k8sc_error **err)
{
    return guard(err, [&] {
        need(options, "options");
        if (port < 0 || port > 65535)
            fail(K8SC_E_INVALID, "port is " + std::to_string(port) + "; it must be 0 to 65535");
        options->options.port = port;
    });
}

k8sc_status k8sc_testing_options_set_base_path(k8sc_testing_options *options, const char *path, k8sc_error **err)
{
    return guard(err, [&] {
        need(options, "options");
        options->options.base_path = checked_base_path(path ? path : "");
    });
}

k8sc_status k8sc_testing_options_set_tls(k8sc_testing_options *options, int enabled, k8sc_error **err)
{
    return guard(err, [&] {
        need(options, "options");
        options->options.tls = enabled != 0;
    });
}

k8sc_status k8sc_testing_options_set_token(k8sc_testing_options *options, const char *token, k8sc_error **err)
{
    return guard(err, [&] {
        need(options, "options");
        if (!token) return options->options.api.token.reset();
        options->options.api.token = checked_token(token);
    });
}

k8sc_status k8sc_testing_options_add_kind(k8sc_testing_options *options, const char *group, const char *version,
                                          const char *plural, const char *kind, int namespaced, k8sc_error **err)
{
    return guard(err, [&] {
        need(options, "options");
        need(version, "version");
        need(plural, "plural");
        need(kind, "kind");
        if (group && *group && !is_path_name(group))
            fail(K8SC_E_INVALID, "group may have letters, digits, '-' and '.' only");
        if (!is_path_name(version))
            fail(K8SC_E_INVALID, "version is empty, or has other characters than letters, digits, '-' and '.'");
        if (!is_path_name(plural))
            fail(K8SC_E_INVALID, "plural is empty, or has other characters than letters, digits, '-' and '.'");
        if (!is_kind_name(kind)) fail(K8SC_E_INVALID, "kind is empty, or has other characters than letters and digits");
        options->options.kinds.push_back(make_kind(group ? group : "", version, plural, kind, namespaced != 0));
    });
}

k8sc_status k8sc_testing_options_set_aggregated_discovery(k8sc_testing_options *options, int enabled, k8sc_error **err)
{
    return guard(err, [&] {
        need(options, "options");
        options->options.api.aggregated_discovery = enabled != 0;
    });
}

k8sc_status k8sc_testing_options_set_allow_any_resource(k8sc_testing_options *options, int enabled, k8sc_error **err)
{
    return guard(err, [&] {
        need(options, "options");
        options->options.allow_any_resource = enabled != 0;
    });
}

k8sc_status k8sc_testing_options_set_bookmark_interval(k8sc_testing_options *options, int64_t interval_ms,
                                                       k8sc_error **err)
{
    return guard(err, [&] {
        need(options, "options");
        need_at_least(interval_ms, 0, "interval_ms");
        options->options.api.bookmark_interval_ms = interval_ms;
    });
}

k8sc_status k8sc_testing_options_set_page_limit(k8sc_testing_options *options, int64_t items, k8sc_error **err)
{
    return guard(err, [&] {
        need(options, "options");
        need_at_least(items, 0, "items");
        options->options.api.page_limit = items;
    });
}

k8sc_status k8sc_testing_options_set_event_window(k8sc_testing_options *options, int64_t events, k8sc_error **err)
{
    return guard(err, [&] {
        need(options, "options");
        need_at_least(events, 1, "events");
        options->options.event_window = events;
    });
}

k8sc_status k8sc_testing_options_set_admin(k8sc_testing_options *options, int enabled, k8sc_error **err)
{
    return guard(err, [&] {
        need(options, "options");
        options->options.admin = enabled != 0;
    });
}

k8sc_status k8sc_testing_options_set_partial_objects(k8sc_testing_options *options, int enabled, k8sc_error **err)
{
    return guard(err, [&] {
        need(options, "options");
        options->options.api.partial_objects = enabled != 0;
    });
}

k8sc_status k8sc_testing_options_set_expired_at_open(k8sc_testing_options *options, int enabled, k8sc_error **err)
{
    return guard(err, [&] {
        need(options, "options");
        options->options.api.expired_at_open = enabled != 0;
    });
}

k8sc_status k8sc_testing_options_set_strict(k8sc_testing_options *options, int enabled, k8sc_error **err)
{
    return guard(err, [&] {
        need(options, "options");
        options->options.api.strict = enabled != 0;
    });
}

k8sc_status k8sc_testing_options_add_user(k8sc_testing_options *options, const char *token, const char *name,
                                          const char *groups, k8sc_error **err)
{
    return guard(err, [&] {
        need(options, "options");
        need(token, "token");
        need(name, "name");
        const std::string checked = checked_token(token);
        if (!*name) fail(K8SC_E_INVALID, "name is empty");
        auto &users = options->options.api.users;
        const auto taken =
            std::find_if(users.begin(), users.end(), [&](const auto &one) { return one.first == checked; });
        if (taken != users.end())
            fail(K8SC_E_INVALID, "the token of user \"" + taken->second.name + "\" is that of \"" + name + "\", too");
        std::vector<std::string> all;
        std::istringstream texts(groups ? groups : "");
        for (std::string group; std::getline(texts, group, ',');)
            if (!group.empty()) all.push_back(group);
        users.emplace_back(checked, known_user(name, std::move(all)));
    });
}

k8sc_status k8sc_testing_options_set_authorization(k8sc_testing_options *options, int enabled, k8sc_error **err)
{
    return guard(err, [&] {
        need(options, "options");
        options->options.api.authorization = enabled != 0;
    });
}

k8sc_status k8sc_testing_options_set_kubernetes_version(k8sc_testing_options *options, const char *version,
                                                        k8sc_error **err)
{
    return guard(err, [&] {
        need(options, "options");
        need(version, "version");
        const int minor = release_of(version);
        if (minor == 0)
            fail(K8SC_E_INVALID, "version \"" + std::string(version) + "\" is none from 1." +
                                     std::to_string(first_release) + " to 1." + std::to_string(last_release));
        options->options.api.release = minor;
        options->options.api.aggregated_discovery = minor >= 27;
        options->options.api.streaming = minor == 32 || minor >= 34 ? Streaming::supported : Streaming::refused;
    });
}

k8sc_status k8sc_testing_options_set_streaming_lists(k8sc_testing_options *options, int32_t how, k8sc_error **err)
{
    return guard(err, [&] {
        need(options, "options");
        options->options.api.streaming = streaming_of(how);
    });
}

}  // extern "C"
