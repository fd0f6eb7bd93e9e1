#include "json/structural_scan.h"

#include <bit>
#include <cstdint>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace k8sc {
namespace {

// One character; false where it is the one to stop at.
bool step(char c, size_t floor, size_t ceiling, ScanState &state)
{
    if (state.in_string) {
        if (state.escaped)
            state.escaped = false;
        else if (c == '\\')
            state.escaped = true;
        else if (c == '"')
            state.in_string = false;
        return true;
    }
    switch (c) {
    case '"': state.in_string = true; break;
    case '{':
    case '[':
        if (state.depth == ceiling) return false;
        state.depth++;
        break;
    case '}':
    case ']':
        if (state.depth == floor + 1) return false;
        state.depth--;
        break;
    case ' ':
    case '\n':
    case '\r':
    case '\t': state.blanks = true; break;
    }
    return true;
}

#ifdef __SSE2__

constexpr int block = 64;

// A bit for each of the block's characters.
struct Masks {
    uint64_t quotes = 0, backslashes = 0, opening = 0, closing = 0, blanks = 0;

    explicit Masks(const char *p)
    {
        const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), blank = _mm_set1_epi8(' ');
        // "[" and "{", and "]" and "}", differ in this bit alone, and no other character is like them but for it.
        const __m128i fold = _mm_set1_epi8(0x20), open = _mm_set1_epi8('{'), close = _mm_set1_epi8('}');
        for (int i = 0; i < block; i += 16) {
            __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i *>(p + i));
            __m128i folded = _mm_or_si128(text, fold);
            auto bits = [&](__m128i equal) {
                return static_cast<uint64_t>(static_cast<uint32_t>(_mm_movemask_epi8(equal))) << i;
            };
            quotes |= bits(_mm_cmpeq_epi8(text, quote));
            backslashes |= bits(_mm_cmpeq_epi8(text, backslash));
            opening |= bits(_mm_cmpeq_epi8(folded, open));
            closing |= bits(_mm_cmpeq_epi8(folded, close));
            blanks |= bits(_mm_cmpeq_epi8(_mm_min_epu8(text, blank), text));
        }
    }
};

// The characters that stand behind a backslash which counts; `escaped` goes on into the next block.
uint64_t behind_backslashes(uint64_t backslashes, bool &escaped)
{
    uint64_t behind = escaped;
    escaped = false;
    for (; backslashes; backslashes &= backslashes - 1) {
        int at = std::countr_zero(backslashes);
        if (behind >> at & 1) continue;
        if (at == block - 1)
            escaped = true;
        else
            behind |= uint64_t(2) << at;
    }
    return behind;
}

// Each bit: how many of those up to it are set, odd or even.
uint64_t parity(uint64_t bits)
{
    for (int shift = 1; shift < block; shift *= 2) bits ^= bits << shift;
    return bits;
}

// std::popcount calls into a library where the compiler may not use the instruction, which not every x86-64 has.
size_t count_bits(uint64_t bits)
{
    bits -= bits >> 1 & 0x5555555555555555;
    bits = (bits & 0x3333333333333333) + (bits >> 2 & 0x3333333333333333);
    return ((bits + (bits >> 4)) & 0x0f0f0f0f0f0f0f0f) * 0x0101010101010101 >> 56;
}

#endif

}  // namespace

const char *structural_scan(const char *p, const char *end, size_t floor, size_t ceiling, ScanState &state)
{
#ifdef __SSE2__
    while (end - p >= block) {
        Masks masks(p);
        bool escaped = state.escaped;
        uint64_t strings = parity(masks.quotes & ~behind_backslashes(masks.backslashes, escaped)) ^
                           (state.in_string ? ~uint64_t(0) : 0);
        // No JSON has a backslash outside of strings, where it hides nothing: who finds that out must find the same
        // wherever a piece ends.
        if (masks.backslashes & ~strings) {
            for (const char *next = p + block; p < next; p++)
                if (!step(*p, floor, ceiling, state)) return p;
            continue;
        }
        state.escaped = escaped;
        uint64_t opening = masks.opening & ~strings, closing = masks.closing & ~strings,
                 blanks = masks.blanks & ~strings;
        size_t opened = count_bits(opening), closed = count_bits(closing);
        if (state.depth - floor > closed && ceiling - state.depth >= opened) {
            state.depth += opened - closed;
        } else {
            for (uint64_t brackets = opening | closing; brackets; brackets &= brackets - 1) {
                int at = std::countr_zero(brackets);
                bool opens = opening >> at & 1;
                if (state.depth == (opens ? ceiling : floor + 1)) {
                    state.in_string = state.escaped = false;
                    state.blanks |= (blanks & ((uint64_t(1) << at) - 1)) != 0;
                    return p + at;
                }
                state.depth += opens ? 1 : size_t(-1);
            }
        }
        state.in_string = strings >> (block - 1);
        state.blanks |= blanks != 0;
        p += block;
    }
#endif
    while (p < end && step(*p, floor, ceiling, state)) p++;
    return p;
}

}  // namespace k8sc
