// What every fuzz target defines. It must neither crash nor hang nor let anything but k8sc's own errors through.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/error.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

inline std::string_view text_of(const uint8_t *data, size_t size)
{
    return {reinterpret_cast<const char *>(data), size};
}

// A property that must hold whatever the input is.
inline void hold(bool property)
{
    if (!property) abort();
}

// Runs the body; false where the input was refused.
template <class Body>
bool accepts(Body &&body)
{
    try {
        body();
        return true;
    } catch (const k8sc::Error &error) {
        hold(error.code < 0 && error.code != K8SC_E_INTERNAL && !error.message.empty());
        return false;
    }
}
