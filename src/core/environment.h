// Environment variables.
#pragma once

#include <stdlib.h>

#include <string>

namespace k8sc {

// "" where it is not set.
inline std::string environment(const char *name)
{
    const char *value = getenv(name);
    return value ? value : "";
}

}  // namespace k8sc
