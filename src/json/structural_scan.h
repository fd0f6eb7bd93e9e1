// Runs over JSON text of which only the brackets matter, a block at a time.
#pragma once

#include <cstddef>

namespace k8sc {

// Where in JSON's structure a text was left, to go on with the next piece.
struct ScanState {
    size_t depth = 0;
    bool in_string = false;
    bool escaped = false;  // a backslash was the last character
    bool blanks = false;   // some stood between tokens
};

// From `p`, where the depth is above `floor`, to the bracket that would bring it down to `floor`, or up above
// `ceiling`: that one is not read any more. `end` where the text ends before.
const char *structural_scan(const char *p, const char *end, size_t floor, size_t ceiling, ScanState &state);

}  // namespace k8sc
