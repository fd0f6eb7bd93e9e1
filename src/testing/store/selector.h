// Label and field selectors: what the query parameters labelSelector and fieldSelector say.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace k8sc::testing {

struct Object;
struct Kind;

// One clause of a label selector, all of which have to hold.
struct LabelRequirement {
    enum class Operator { exists, absent, in, not_in, greater, less };
    std::string key;
    Operator op = Operator::exists;
    std::vector<std::string> values;

    bool matches(const Object &object) const;
};

// One clause of a field selector: the scalar at a dotted path is, or is not, this text.
struct FieldRequirement {
    std::string path;
    bool equal = true;
    std::string value;
    std::string zero = {};  // what is there where nothing is
};

class Selector {
  public:
    Selector() = default;
    // Throws ApiError (400) with the parser's complaint.
    Selector(std::string_view labels, std::string_view fields);

    // Takes the fields for those of this kind. `strict`: throws ApiError (400) where a server cannot select one of
    // them.
    void bind_fields(const Kind &kind, bool strict);

    bool empty() const { return labels_.empty() && fields_.empty(); }
    bool matches(const Object &object) const;

  private:
    std::vector<LabelRequirement> labels_;
    std::vector<FieldRequirement> fields_;
};

std::vector<LabelRequirement> parse_label_selector(std::string_view text);
std::vector<FieldRequirement> parse_field_selector(std::string_view text);

}  // namespace k8sc::testing
