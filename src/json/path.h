// Paths as programs write them: "spec.containers[0].image".
#pragma once

#include <cstdint>
#include <string_view>

namespace k8sc {

// One step of a path: into a member, or to an element.
struct PathStep {
    bool is_index = false;
    std::string_view name;
    uint64_t index = 0;
};

// Goes through a path without taking it apart first. Names may have a "_" behind them, for those that a language keeps
// for itself.
class Path {
  public:
    explicit Path(std::string_view text) : rest_(text) {}

    // The next step; false at the end, and where what follows is none.
    bool next(PathStep &step)
    {
        skip_blanks();
        if (rest_.empty()) return false;
        bool read = rest_.front() == '[' ? read_index(step) : read_name(step);
        if (!read) fault_ = true;
        first_ = false;
        return read;
    }
    // That the path broke off.
    bool fault() const { return fault_; }

  private:
    void skip_blanks()
    {
        while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
    }

    bool read_index(PathStep &step)
    {
        rest_.remove_prefix(1);
        skip_blanks();
        size_t digits = 0;
        step.is_index = true;
        step.index = 0;
        for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; rest_.remove_prefix(1), digits++)
            step.index =
                step.index > UINT64_MAX / 100 ? UINT64_MAX / 100 : step.index * 10 + uint64_t(rest_.front() - '0');
        skip_blanks();
        if (digits == 0 || rest_.empty() || rest_.front() != ']') return false;
        rest_.remove_prefix(1);
        return true;
    }

    bool read_name(PathStep &step)
    {
        if (!first_) {
            if (rest_.front() != '.') return false;
            rest_.remove_prefix(1);
            skip_blanks();
        }
        size_t size = 0;
        while (size < rest_.size() && rest_[size] != '.' && rest_[size] != '[' && rest_[size] != ' ') size++;
        step.is_index = false;
        step.name = rest_.substr(0, size);
        rest_.remove_prefix(size);
        if (size > 1 && step.name.back() == '_') step.name.remove_suffix(1);
        return size > 0;
    }

    std::string_view rest_;
    bool first_ = true;
    bool fault_ = false;
};

}  // namespace k8sc
