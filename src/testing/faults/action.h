// What was asked of the API, in client-go's words: a verb on a resource.
#pragma once

#include <string>
#include <string_view>

#include "testing/base/json.h"
#include "testing/http/request.h"

namespace k8sc::testing {

// Which actions are meant. What is empty stands for any.
struct ActionMatch {
    std::string verb;
    std::string resource;  // "pods", "pods/status", with its group "deployments.apps" or "deployments.apps/status";
                           // "*": with any subresource
    std::string ns;
    std::string name;

    // Throws Failure where the verb is none.
    static ActionMatch of(std::string_view verb, std::string_view resource, std::string_view ns, std::string_view name);
    bool fits(const Request &request) const;
};

// True where a request is one on a resource: discovery and health are none.
inline bool is_action(const Request &request) { return !request.plural.empty() && !request.verb.empty(); }

// {"verb":...,"group":...,"version":...,"resource":...,"subresource":...,"namespace":...,"name":...,"query":...,"body":...};
// the body as JSON where it is that.
Json describe_action(const Request &request);

}  // namespace k8sc::testing
