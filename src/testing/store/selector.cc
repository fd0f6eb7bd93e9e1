#include "testing/store/selector.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "testing/base/json.h"
#include "testing/schema/status.h"
#include "testing/store/object.h"

namespace k8sc::testing {

namespace {

// The words and signs of a label selector. "in" and "notin" are words that mean something only after a key.
class LabelLexer {
  public:
    explicit LabelLexer(std::string_view text) : rest_(text) { advance(); }

    const std::string &token() const { return token_; }
    bool at_end() const { return token_.empty() && rest_.empty(); }
    bool is_word() const { return !token_.empty() && word_; }
    bool accept(std::string_view sign)
    {
        if (word_ || token_ != sign) return false;
        advance();
        return true;
    }
    std::string take()
    {
        std::string taken = token_;
        advance();
        return taken;
    }

  private:
    static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
    static bool is_sign(char c) { return std::string_view("=!(),<>").find(c) != std::string_view::npos; }

    void advance()
    {
        while (!rest_.empty() && is_space(rest_.front())) rest_.remove_prefix(1);
        word_ = !rest_.empty() && !is_sign(rest_.front());
        size_t length = 0;
        if (word_) {
            while (length < rest_.size() && !is_space(rest_[length]) && !is_sign(rest_[length])) ++length;
        } else if (!rest_.empty()) {
            const bool pair = rest_.substr(0, 2) == "==" || rest_.substr(0, 2) == "!=";
            length = pair ? 2 : 1;
        }
        token_ = rest_.substr(0, length);
        rest_.remove_prefix(length);
    }

    std::string_view rest_;
    std::string token_;
    bool word_ = false;
};

[[noreturn]] void unexpected(const LabelLexer &lexer, const std::string &expected,
                             const char *where = "unable to parse requirement: ")
{
    throw bad_request(where + ("found '" + lexer.token() + "', expected: " + expected));
}

std::vector<std::string> parse_values(LabelLexer &lexer)
{
    // Without the comma, as real servers say this one.
    if (!lexer.accept("("))
        throw bad_request("unable to parse requirement: found '" + lexer.token() + "' expected: '('");
    std::vector<std::string> values;
    for (;;) {
        // An empty value is a value: "x in (,a)".
        values.push_back(lexer.is_word() ? lexer.take() : "");
        if (lexer.accept(")")) return values;
        if (!lexer.accept(",")) unexpected(lexer, "',' or ')'");
    }
}

LabelRequirement parse_requirement(LabelLexer &lexer)
{
    using Operator = LabelRequirement::Operator;
    LabelRequirement requirement;
    const bool negated = lexer.accept("!");
    if (!lexer.is_word()) unexpected(lexer, "!, identifier, or 'end of string'", "");
    requirement.key = lexer.take();
    if (negated) {
        requirement.op = Operator::absent;
    } else if (lexer.accept("=") || lexer.accept("==")) {
        requirement.op = Operator::in;
        requirement.values.push_back(lexer.is_word() ? lexer.take() : "");
    } else if (lexer.accept("!=")) {
        requirement.op = Operator::not_in;
        requirement.values.push_back(lexer.is_word() ? lexer.take() : "");
    } else if (lexer.token() == ">" || lexer.token() == "<") {
        requirement.op = lexer.take() == ">" ? Operator::greater : Operator::less;
        if (!lexer.is_word()) unexpected(lexer, "an integer");
        requirement.values.push_back(lexer.take());
    } else if (lexer.is_word() && (lexer.token() == "in" || lexer.token() == "notin")) {
        requirement.op = lexer.take() == "in" ? Operator::in : Operator::not_in;
        requirement.values = parse_values(lexer);
    }
    return requirement;
}

std::optional<int64_t> integer(const std::string &text)
{
    int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

// The text between unescaped separators; a backslash makes the next character an ordinary one, and stays for now.
std::vector<std::string_view> split(std::string_view text, char separator)
{
    std::vector<std::string_view> parts;
    size_t begin = 0;
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\')
            ++i;
        else if (text[i] == separator)
            parts.push_back(text.substr(begin, i - begin)), begin = i + 1;
    }
    parts.push_back(text.substr(begin));
    return parts;
}

std::string unescape(std::string_view text)
{
    std::string plain;
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\') {
            if (++i == text.size() || std::string_view("\\,=").find(text[i]) == std::string_view::npos)
                throw bad_request("invalid field selector: invalid escape sequence in '" + std::string(text) + "'");
        }
        plain += text[i];
    }
    return plain;
}

}  // namespace

std::vector<LabelRequirement> parse_label_selector(std::string_view text)
{
    std::vector<LabelRequirement> requirements;
    LabelLexer lexer(text);
    if (lexer.at_end()) return requirements;
    do {
        requirements.push_back(parse_requirement(lexer));
        const LabelRequirement &last = requirements.back();
        const bool compares =
            last.op == LabelRequirement::Operator::greater || last.op == LabelRequirement::Operator::less;
        if (compares && !integer(last.values[0]))
            throw bad_request("unable to parse requirement: '" + last.values[0] + "' is not an integer");
    } while (lexer.accept(","));
    if (!lexer.at_end()) unexpected(lexer, "',' or 'end of string'", "");
    return requirements;
}

std::vector<FieldRequirement> parse_field_selector(std::string_view text)
{
    std::vector<FieldRequirement> requirements;
    for (std::string_view term : split(text, ',')) {
        if (term.empty()) continue;
        size_t sign = 0;
        while (sign < term.size() && term[sign] != '=' && term.substr(sign, 2) != "!=")
            sign += term[sign] == '\\' ? 2 : 1;
        if (sign >= term.size())
            throw bad_request("invalid selector: '" + std::string(text) + "'; can't understand '" + std::string(term) +
                              "'");
        FieldRequirement requirement;
        requirement.path = term.substr(0, sign);
        requirement.equal = term[sign] == '=';
        const size_t length = term.substr(sign, 2) == "==" || term[sign] == '!' ? 2 : 1;
        requirement.value = unescape(term.substr(sign + length));
        requirements.push_back(std::move(requirement));
    }
    return requirements;
}

bool LabelRequirement::matches(const Object &object) const
{
    const std::string *value = object.label(key);
    const auto listed = [&] { return std::find(values.begin(), values.end(), *value) != values.end(); };
    switch (op) {
    case Operator::exists: return value != nullptr;
    case Operator::absent: return value == nullptr;
    case Operator::in: return value && listed();
    case Operator::not_in: return !value || !listed();
    default: break;
    }
    const auto number = value ? integer(*value) : std::nullopt;
    if (!number) return false;
    return op == Operator::greater ? *number > *integer(values[0]) : *number < *integer(values[0]);
}

Selector::Selector(std::string_view labels, std::string_view fields)
    : labels_(parse_label_selector(labels)), fields_(parse_field_selector(fields))
{
}

bool Selector::matches(const Object &object) const
{
    const auto label_holds = [&](const LabelRequirement &requirement) { return requirement.matches(object); };
    const auto field_holds = [&](const FieldRequirement &requirement) {
        const std::string found = object.field(requirement.path);
        return ((found.empty() ? requirement.zero : found) == requirement.value) == requirement.equal;
    };
    return std::all_of(labels_.begin(), labels_.end(), label_holds) &&
           std::all_of(fields_.begin(), fields_.end(), field_holds);
}

}  // namespace k8sc::testing
