// What exported functions are made of.
#pragma once

#include <utility>

#include "core/guard.h"

namespace k8sc::testing {

// Stores the exception that is being handled in *err, and answers its code. Only inside of a catch block.
k8sc_status store_current_exception(k8sc_error **err) noexcept;

template <class Body>
k8sc_status guard(k8sc_error **err, Body &&body) noexcept
{
    return guard_by<store_current_exception>(err, std::forward<Body>(body));
}

}  // namespace k8sc::testing
