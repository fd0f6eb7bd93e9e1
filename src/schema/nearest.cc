// The field that was meant: the one with the fewest letters to change.
#include <algorithm>

#include "schema/schema.h"

namespace k8sc::schema {
namespace {

// No field's name is near to one that is longer than this.
constexpr size_t longest = 64;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Letters to be added, left out, replaced, or exchanged with their neighbour; capitals count as small letters.
size_t distance(std::string_view a, std::string_view b)
{
    size_t rows[3][longest + 1];
    size_t *before = rows[0], *last = rows[1], *now = rows[2];
    for (size_t j = 0; j <= b.size(); j++) last[j] = j;
    for (size_t i = 1; i <= a.size(); i++) {
        now[0] = i;
        for (size_t j = 1; j <= b.size(); j++) {
            char left = lower(a[i - 1]), up = lower(b[j - 1]);
            now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (left != up)});
            if (i > 1 && j > 1 && left == lower(b[j - 2]) && lower(a[i - 2]) == up)
                now[j] = std::min(now[j], before[j - 2] + 1);
        }
        size_t *oldest = before;
        before = last;
        last = now;
        now = oldest;
    }
    return last[b.size()];
}

}  // namespace

const Field *nearest_field(const Type &type, std::string_view name)
{
    if (name.size() > longest) return nullptr;
    const Field *nearest = nullptr;
    // A third of the letters may be wrong, and one of two.
    size_t least = std::max<size_t>(name.size() / 3, 1) + 1;
    for (const Field *field = fields + type.first_field, *end = field + type.field_count; field != end; field++) {
        std::string_view candidate = names + field->name;
        if (candidate.size() > longest) continue;
        size_t changes = distance(name, candidate);
        if (changes >= least || changes >= candidate.size()) continue;
        least = changes;
        nearest = field;
    }
    return nearest;
}

}  // namespace k8sc::schema
