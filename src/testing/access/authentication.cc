#include "testing/access/authentication.h"

#include <algorithm>
#include <strings.h>

#include "testing/access/rbac.h"
#include "testing/base/failure.h"
#include "testing/base/text.h"
#include "testing/schema/status.h"

namespace k8sc::testing {

namespace {

const char bearer[] = "Bearer ", group_header[] = "Impersonate-Group", extra_header[] = "Impersonate-Extra-";

bool is_header(std::string_view name, std::string_view wanted)
{
    return name.size() == wanted.size() && strncasecmp(name.data(), wanted.data(), wanted.size()) == 0;
}

bool is_extra(std::string_view name)
{
    const size_t size = sizeof extra_header - 1;
    return name.size() > size && strncasecmp(name.data(), extra_header, size) == 0;
}

}  // namespace

void Authentication::set_token(std::optional<std::string> token)
{
    std::lock_guard lock(mutex_);
    token_ = std::move(token);
    more_tokens_.clear();
}

void Authentication::add_token(std::string token)
{
    std::lock_guard lock(mutex_);
    if (!token_) fail(K8SC_E_STATE, "the server asks for no token");
    more_tokens_.push_back(std::move(token));
}

void Authentication::set_certificates(bool wanted)
{
    std::lock_guard lock(mutex_);
    certificates_ = wanted;
}

std::optional<User> Authentication::user_of_token(std::string_view token, int64_t now) const
{
    std::lock_guard lock(mutex_);
    if (token_ &&
        (token == *token_ || std::find(more_tokens_.begin(), more_tokens_.end(), token) != more_tokens_.end()))
        return administrator();
    for (const auto &[own, user] : users_)
        if (own == token) return user;
    const std::string account = tokens_.user(token, now);
    if (account.empty()) return std::nullopt;
    return known_user(account);
}

std::optional<User> Authentication::user_of(const Request &request, int64_t now) const
{
    const std::string_view sent = request.header("Authorization");
    if (sent.starts_with(bearer))
        if (auto user = user_of_token(sent.substr(sizeof bearer - 1), now)) return user;
    std::lock_guard lock(mutex_);
    if (certificates_ && request.certificate) return *request.certificate;
    if (token_ || certificates_ || !users_.empty()) return std::nullopt;
    return administrator();
}

User impersonated(const Request &request, User user, const std::function<void(const Access &)> &check)
{
    const std::string name(request.header("Impersonate-User")), uid(request.header("Impersonate-Uid"));
    std::vector<std::string> groups;
    Json extra;
    for (const auto &[key, value] : request.headers) {
        if (is_header(key, group_header)) groups.push_back(value);
        if (!is_extra(key)) continue;
        const std::string word = lower(key.substr(sizeof extra_header - 1));
        if (!extra) extra = Json::object();
        if (!json_object_get(extra.get(), word.c_str())) set(extra.get(), word.c_str(), Json::array());
        append(json_object_get(extra.get(), word.c_str()), Json::text(value));
    }
    if (name.empty()) {
        if (groups.empty() && !extra && uid.empty()) return user;
        throw internal(
            "a group, a uid or more is to be impersonated without a user: the header Impersonate-User is missing");
    }
    const auto may = [&](Access access) {
        access.verb = "impersonate";
        check(access);
    };
    const std::string account = "system:serviceaccount:";
    const size_t colon = name.starts_with(account) ? name.find(':', account.size()) : std::string::npos;
    if (colon != std::string::npos)
        may({.resource = "serviceaccounts",
             .ns = name.substr(account.size(), colon - account.size()),
             .name = name.substr(colon + 1)});
    else
        may({.resource = "users", .name = name});
    for (const std::string &group : groups) may({.resource = "groups", .name = group});
    const char *key;
    json_t *values;
    json_object_foreach(extra.get(), key, values)
    {
        for (size_t i = 0; i < json_array_size(values); ++i)
            may({.group = "authentication.k8s.io",
                 .resource = "userextras",
                 .subresource = key,
                 .name = std::string(text_at(json_array_get(values, i), {}))});
    }
    if (!uid.empty()) may({.group = "authentication.k8s.io", .resource = "uids", .name = uid});
    // Who names groups has those, and no others that would go with the name.
    User other = groups.empty() ? known_user(name) : User{.name = name, .groups = std::move(groups)};
    if (!other.is_in("system:authenticated") && name != "system:anonymous")
        other.groups.emplace_back("system:authenticated");
    other.uid = uid;
    other.extra = std::move(extra);
    return other;
}

}  // namespace k8sc::testing
