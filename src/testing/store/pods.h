// Pods by the thousand, to fill a server with.
#pragma once

#include <cstdint>
#include <string>

#include "testing/base/json.h"

namespace k8sc::testing {

// The pod with this number: always the same for the same arguments, but for its uid, which the server chooses.
Json make_pod(const std::string &ns, const std::string &prefix, int32_t number);

}  // namespace k8sc::testing
