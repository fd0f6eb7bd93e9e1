// The guard that turns what the body of an exported function throws into a k8sc_error.
#pragma once

#include <cstdint>
#include <utility>

#include "k8sc.h"

namespace k8sc::testing {

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

}  // namespace k8sc::testing
