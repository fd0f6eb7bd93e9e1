// How long a text of a configuration may be.
#pragma once

#include <string>

#include "core/error.h"

namespace k8sc::api {

// Far above any bundle of certificates, and below what OpenSSL's int can count.
constexpr size_t max_text = 64 << 20;

inline void need_size(size_t len, const char *name)
{
    if (len > max_text)
        fail(K8SC_E_INVALID,
             concat(name, " is ", std::to_string(len), "; it must be at most ", std::to_string(max_text)));
}

}  // namespace k8sc::api
