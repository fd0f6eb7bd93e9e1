#include "testing/http/user.h"

#include <algorithm>

namespace k8sc::testing {

namespace {

const char authenticated_group[] = "system:authenticated", service_account[] = "system:serviceaccount:";

}  // namespace

bool User::is_in(std::string_view group) const
{
    return std::find(groups.begin(), groups.end(), group) != groups.end();
}

Json User::info() const
{
    Json json = Json::object(), all = Json::array();
    for (const std::string &group : groups) append(all.get(), Json::text(group));
    set(json.get(), "username", Json::text(name));
    if (!uid.empty()) set(json.get(), "uid", Json::text(uid));
    if (!groups.empty()) set(json.get(), "groups", std::move(all));
    if (extra) set(json.get(), "extra", extra);
    return json;
}

User administrator() { return {.name = "kubernetes-admin", .groups = {"system:masters", authenticated_group}}; }

User known_user(const std::string &name, std::vector<std::string> groups)
{
    User user{.name = name, .groups = std::move(groups)};
    if (name.starts_with(service_account)) {
        const size_t begin = sizeof service_account - 1, end = name.find(':', begin);
        if (!user.is_in("system:serviceaccounts")) user.groups.push_back("system:serviceaccounts");
        const std::string own = "system:serviceaccounts:" + name.substr(begin, end - begin);
        if (!user.is_in(own)) user.groups.push_back(own);
    }
    if (!user.is_in(authenticated_group) && name != "system:anonymous") user.groups.push_back(authenticated_group);
    return user;
}

}  // namespace k8sc::testing
