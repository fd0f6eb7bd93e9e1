#include "testing/base/failure.h"

#include <cerrno>
#include <system_error>

namespace k8sc::testing {

void fail_with_errno(const std::string &what)
{
    const int code = errno;
    fail(K8SC_E_IO, what + ": " + std::generic_category().message(code));
}

}  // namespace k8sc::testing
