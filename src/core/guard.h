// What every exported function goes through: nothing is thrown across the ABI.
#pragma once

#include <utility>

#include "k8sc.h"

namespace k8sc {

// Stores the exception that is being handled in *err, and answers its code. Only inside of a catch block. Each library
// that exports functions has its own.
k8sc_status store_current_exception(k8sc_error **err) noexcept;

// Runs the body of an exported function.
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

// The same for a getter, which answers `fallback` where it fails.
template <class T, class Body>
T guard_value(T fallback, Body &&body) noexcept
{
    try {
        return std::forward<Body>(body)();
    } catch (...) {
        return fallback;
    }
}

}  // namespace k8sc
