// What a function of the C API fails with, and the guard that turns it into a k8sc_error.
#pragma once

#include <new>
#include <stdexcept>
#include <string>
#include <utility>

#include "k8sc.h"

namespace k8sc::testing {

struct Failure : std::runtime_error {
    Failure(k8sc_status code_, const std::string &message) : std::runtime_error(message), code(code_) {}

    k8sc_status code;
};

[[noreturn]] inline void fail(k8sc_status code, const std::string &message) { throw Failure(code, message); }

// "cannot open x: No such file or directory", from errno.
[[noreturn]] void fail_with_errno(const std::string &what);

// Stores the exception that is being handled in *err, and answers its code. Only inside of a catch block.
k8sc_status store_current_exception(k8sc_error **err) noexcept;

// Runs the body of an exported function: nothing is thrown across the ABI.
template <class Body>
k8sc_status guard(k8sc_error **err, Body &&body) noexcept
{
    if (err) *err = nullptr;
    try {
        std::forward<Body>(body)();
        return K8SC_OK;
    } catch (...) {
        return store_current_exception(err);
    }
}

// The same for functions that count: -1 where they cannot.
template <class Body>
int64_t guard_count(Body &&body) noexcept
{
    try {
        return std::forward<Body>(body)();
    } catch (...) {
        return -1;
    }
}

inline void need(const void *pointer, const char *name)
{
    if (!pointer) fail(K8SC_E_INVALID, std::string("argument ") + name + " is NULL");
}

}  // namespace k8sc::testing
