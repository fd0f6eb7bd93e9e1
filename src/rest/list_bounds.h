// How much of a list is read.
#pragma once

#include <cstddef>
#include <cstdint>

namespace k8sc {

// What an item takes in memory is more than the three bytes that it may have on the wire: each counts for `least_item`
// at least.
struct ListBounds {
    static constexpr int64_t least_item = 1024;
    size_t object_bytes = 0;
    int64_t list_bytes = 0;
    int64_t before = 0;  // of the list's earlier pages

    ListBounds after(int64_t bytes) const { return {object_bytes, list_bytes, bytes}; }
};

}  // namespace k8sc
