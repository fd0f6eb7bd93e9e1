// What a function of the C API fails with.
#pragma once

#include <stdexcept>
#include <string>

#include "k8sc.h"

namespace k8sc::testing {

struct Failure : std::runtime_error {
    Failure(k8sc_status code_, const std::string &message) : std::runtime_error(message), code(code_) {}

    k8sc_status code;
};

[[noreturn]] inline void fail(k8sc_status code, const std::string &message) { throw Failure(code, message); }

// "cannot open x: No such file or directory", from errno.
[[noreturn]] void fail_with_errno(const std::string &what);

inline void need(const void *pointer, const char *name)
{
    if (!pointer) fail(K8SC_E_INVALID, std::string("argument ") + name + " is NULL");
}

}  // namespace k8sc::testing
