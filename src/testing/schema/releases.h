// Which resources the releases of Kubernetes serve when nobody has told them otherwise.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "testing/schema/kind.h"

namespace k8sc::testing {

constexpr int first_release = 20, last_release = 36;  // 1.20 to 1.36

// The minor number of "1.34" or "v1.34.2"; 0 where it is none of those above.
int release_of(std::string_view version);

// "v1.20.2+k8sc-fake": it is none of those that were released.
std::string version_name(int minor);

// In the order of discovery.
std::vector<Kind> kinds_of_release(int minor);

// Whether a group is Kubernetes' own, so that what a release does not serve of it is not there.
bool is_own_group(std::string_view group);

}  // namespace k8sc::testing
