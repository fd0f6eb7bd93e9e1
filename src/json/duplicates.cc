#include "json/duplicates.h"

#include <simdjson.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <unordered_map>
#include <utility>
#include <vector>

#include "json/cursor.h"

namespace k8sc {
namespace {

// simdjson's tape: a word for each bracket and value, its kind in the highest byte; two for a number. A text's word
// says where in the buffer its size and its characters are.
constexpr uint64_t payload = (uint64_t(1) << 56) - 1;

// What tells most keys apart, and never two that are the same: the first and the last eight characters, and the size.
// Behind each text the buffer has room to read.
uint64_t mark(const uint8_t *text)
{
    uint32_t size;
    uint64_t first, last;
    std::memcpy(&size, text, sizeof size);
    text += sizeof size;
    std::memcpy(&first, text, sizeof first);
    if (size < 8) return (first & ((uint64_t(1) << size * 8) - 1)) + (uint64_t(size) << 57);
    std::memcpy(&last, text + size - 8, sizeof last);
    return (first ^ (last << 29 | last >> 35)) + size * 0x9e3779b97f4a7c15;
}

// The keys of the objects that are open, one behind the other; and for each container where its keys begin, or that it
// has none.
struct Marked {
    std::vector<uint64_t> marks;
    std::vector<uint32_t> begins;
};

thread_local Marked marked;

bool has_twin(uint64_t *begin, uint64_t *end)
{
    if (end - begin > 24) {
        std::sort(begin, end);
        return std::adjacent_find(begin, end) != end;
    }
    for (uint64_t *one = begin; one < end; one++)
        for (uint64_t *other = begin; other < one; other++)
            if (*one == *other) return true;
    return false;
}

// An object that is being read.
struct Members {
    bool has_keys;
    std::vector<size_t> begins;
    std::unordered_map<std::string, size_t> last;
};

class DuplicateRemover {
  public:
    explicit DuplicateRemover(std::string_view json) : json_(json) {}

    std::string run()
    {
        const char *begin = json_.data(), *end = begin + json_.size();
        bool key_is_due = false;
        for (const char *p = begin; p < end;) {
            const char c = *p;
            if (c == '"') {
                const char *after = skip_string(p, end);
                if (key_is_due) key(static_cast<size_t>(p - begin), {p + 1, static_cast<size_t>(after - p - 2)});
                key_is_due = false;
                p = after;
                continue;
            }
            if (c == '{' || c == '[') stack_.push_back({c == '{', {}, {}});
            if (c == '}' || c == ']') stack_.pop_back();
            if (c == '{' || c == '[' || c == ',') key_is_due = stack_.back().has_keys;
            p++;
        }
        return what_is_left();
    }

  private:
    void key(size_t at, std::string_view raw)
    {
        Members &members = stack_.back();
        auto [found, is_new] = members.last.try_emplace(unescape(raw), members.begins.size());
        members.begins.push_back(at);
        if (is_new) return;
        cuts_.emplace_back(members.begins[found->second], members.begins[found->second + 1]);
        found->second = members.begins.size() - 1;
    }

    std::string what_is_left()
    {
        std::string out;
        std::sort(cuts_.begin(), cuts_.end());
        size_t done = 0;
        for (auto [from, to] : cuts_) {
            if (from > done) out.append(json_, done, from - done);
            done = std::max(done, to);
        }
        return out.append(json_, done);
    }

    const std::string_view json_;
    std::vector<Members> stack_;
    std::vector<std::pair<size_t, size_t>> cuts_;
};

}  // namespace

bool may_have_duplicate_keys(const simdjson::dom::document &document)
{
    constexpr uint32_t no_keys = UINT32_MAX;
    // What one large document needed is not kept for the small ones that follow.
    if (marked.marks.size() + marked.begins.size() > 4096) marked = Marked();
    auto &[marks, begins] = marked;
    size_t depth = 0, count = 0;
    uint32_t begin = no_keys;
    bool key_is_due = false;
    const uint64_t *tape = document.tape.get();
    const uint8_t *texts = document.string_buf.get();
    const size_t end = tape[0] & payload;
    for (size_t at = 1; at < end; at++) {
        const uint64_t word = tape[at];
        switch (static_cast<char>(word >> 56)) {
        case '"':
            if (key_is_due) {
                if (count == marks.size()) marks.resize(64 + count * 2);
                marks[count++] = mark(texts + (word & payload));
                key_is_due = false;
                continue;
            }
            break;
        case '{':
        case '[':
            if (depth == begins.size()) begins.resize(16 + depth * 2);
            begins[depth++] = begin;
            begin = static_cast<char>(word >> 56) == '{' ? static_cast<uint32_t>(count) : no_keys;
            key_is_due = begin != no_keys;
            continue;
        case '}':
            if (has_twin(marks.data() + begin, marks.data() + count)) return true;
            count = begin;
            begin = begins[--depth];
            break;
        case ']': begin = begins[--depth]; break;
        case 'l':
        case 'u':
        case 'd': at++; break;
        default: break;
        }
        // A value is behind us.
        key_is_due = begin != no_keys;
    }
    return false;
}

std::string without_duplicate_keys(std::string_view json) { return DuplicateRemover(json).run(); }

}  // namespace k8sc
