// A column of a Table.
#pragma once

#include <cstdint>
#include <string>

#include "testing/base/json.h"

namespace k8sc::testing {

struct Column {
    std::string name;
    std::string type = "string";
    std::string format = {};
    int priority = 0;
    std::string description = {};
    // Of an object; `now` is in seconds since 1970.
    Json (*cell)(const json_t *object, const Column &column, int64_t now) = nullptr;
    std::string path = {};  // of a definition's column
};

}  // namespace k8sc::testing
