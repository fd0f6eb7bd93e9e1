// The one error that needs no memory.
#pragma once

#include "core/error.h"

namespace k8sc::api {

// Shared by all; k8sc_error_free knows it.
Error *out_of_memory() noexcept;

}  // namespace k8sc::api
