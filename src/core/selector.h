// Label and field selectors: their grammar, and label matching.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace k8sc {

class LabelSelector {
  public:
    // The value of a label, or nothing where the object has no such label.
    using Lookup = std::function<std::optional<std::string_view>(std::string_view key)>;

    // Fails with K8SC_E_PARSE. An empty text selects everything.
    static LabelSelector parse(std::string_view text);

    bool empty() const { return requirements_.empty(); }
    bool matches(const Lookup &label) const;

  private:
    enum class Op { exists, absent, in, not_in, greater, less };
    struct Requirement {
        std::string key;
        Op op;
        std::vector<std::string> values;
    };
    friend class LabelSelectorParser;

    std::vector<Requirement> requirements_;
};

// Terms "path=value", "path==value", "path!=value", joined by commas, with "\" before a comma, an equals sign or a
// backslash in a value.
class FieldSelector {
  public:
    using Lookup = std::function<std::string_view(std::string_view path)>;
    struct Term {
        std::string path;
        bool equal;
        std::string value;
    };

    // Fails with K8SC_E_PARSE. An empty text selects everything.
    static FieldSelector parse(std::string_view text);

    bool empty() const { return terms_.empty(); }
    const std::vector<Term> &terms() const { return terms_; }
    bool matches(const Lookup &field) const;

  private:
    std::vector<Term> terms_;
};

}  // namespace k8sc
