// What a rate limit may be.
#pragma once

#include <charconv>
#include <cmath>
#include <string>

#include "core/error.h"

namespace k8sc::api {

inline std::string number_text(double number)
{
    char text[32];
    return {text, std::to_chars(text, text + sizeof text, number).ptr};
}

inline void need_rate(double qps, int32_t burst)
{
    if (!std::isfinite(qps)) fail(K8SC_E_INVALID, concat("qps is ", number_text(qps), "; it must be a finite number"));
    if (burst < 0) fail(K8SC_E_INVALID, concat("burst is ", std::to_string(burst), "; it must be at least 0"));
    if (qps > 0 && burst == 0)
        fail(K8SC_E_INVALID,
             concat("burst is 0 and qps is ", number_text(qps), "; with a qps of its own, burst must be at least 1"));
}

}  // namespace k8sc::api
