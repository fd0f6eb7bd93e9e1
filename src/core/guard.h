// What every exported function goes through: nothing is thrown across the ABI.
#pragma once

#include <utility>

#include "k8sc.h"

namespace k8sc {

// Runs the body of an exported function. Each library has its own way to tell an exception: Store stores the one that
// is being handled in *err, and answers its code.
template <auto Store, class Body>
k8sc_status guard_by(k8sc_error **err, Body &&body) noexcept
{
    if (err) *err = nullptr;
    try {
        std::forward<Body>(body)();
        return K8SC_OK;
    } catch (...) {
        return Store(err);
    }
}

// A getter, which answers `fallback` where it fails.
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
