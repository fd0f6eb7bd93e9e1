// What users may do, by the Roles, ClusterRoles and their bindings that are stored.
#pragma once

#include <string>

#include "testing/http/request.h"
#include "testing/http/user.h"
#include "testing/schema/status.h"
#include "testing/store/store.h"

namespace k8sc::testing {

// What is to be done: to a resource, or, where `path` is not "", to something that is none.
struct Access {
    std::string verb = {};
    std::string group = {};
    std::string resource = {};
    std::string subresource = {};
    std::string ns = {};
    std::string name = {};
    std::string path = {};

    static Access of(const Request &request);
    // With a subresource: "pods/log".
    std::string whole_resource() const { return subresource.empty() ? resource : resource + "/" + subresource; }
};

struct Decision {
    bool allowed = false;
    // Why, as real servers say it: by which binding; "" for administrators. Where it is not allowed, which roles are
    // bound and not there.
    std::string reason = {};
};

// `reason`: of the decision.
ApiError forbidden_access(const User &user, const Access &access, const std::string &reason);

// Thread-safe.
class Rbac {
  public:
    explicit Rbac(const Store &store) : store_(store) {}

    Decision decide(const User &user, const Access &access) const;
    // All rules that the user has in a namespace, as PolicyRules.
    Json rules_of(const User &user, const std::string &ns) const;

  private:
    const Store &store_;
};

// The roles and bindings that a server begins with: of administrators, of discovery, and of questions about oneself.
std::vector<Json> first_roles();

}  // namespace k8sc::testing
