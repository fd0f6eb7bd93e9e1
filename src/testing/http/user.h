// Who asks: a name and groups, and whom that user asks as.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "testing/base/json.h"

namespace k8sc::testing {

struct User {
    std::string name;
    std::string uid = {};
    std::vector<std::string> groups = {};
    Json extra = {};  // texts by key, or empty

    bool is_in(std::string_view group) const;
    // As reviews tell it: username, uid, groups, extra.
    Json info() const;
};

// Who may do anything, and who anybody is where nobody is asked for a token.
User administrator();
// Of a name such as "system:serviceaccount:default:builder", with the groups that go with it.
User known_user(const std::string &name, std::vector<std::string> groups = {});

}  // namespace k8sc::testing
