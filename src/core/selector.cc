#include "core/selector.h"

#include <algorithm>
#include <charconv>

#include "core/ascii.h"
#include "core/error.h"

namespace k8sc {
namespace {

// The part of a key after the slash, and any value that is not empty.
bool is_label_name(std::string_view text)
{
    if (text.empty() || text.size() > 63 || !is_alnum(text.front()) || !is_alnum(text.back())) return false;
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return is_alnum(c) || c == '-' || c == '_' || c == '.'; });
}

bool is_dns_subdomain(std::string_view text)
{
    if (text.empty() || text.size() > 253) return false;
    char before = '.';
    for (char c : text) {
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!plain && c != '-' && c != '.') return false;
        if (c == '.' && (before == '.' || before == '-')) return false;
        if (c == '-' && before == '.') return false;
        before = c;
    }
    return before != '.' && before != '-';
}

bool is_label_key(std::string_view key)
{
    auto slash = key.find('/');
    if (slash == std::string_view::npos) return is_label_name(key);
    return is_dns_subdomain(key.substr(0, slash)) && is_label_name(key.substr(slash + 1));
}

bool read_integer(std::string_view text, int64_t &value)
{
    auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    return fault == std::errc() && end == text.data() + text.size() && !text.empty();
}

}  // namespace

class LabelSelectorParser {
  public:
    explicit LabelSelectorParser(std::string_view text) : text_(text), rest_(text) {}

    LabelSelector run()
    {
        LabelSelector selector;
        skip_blanks();
        if (rest_.empty()) return selector;
        while (true) {
            selector.requirements_.push_back(requirement());
            skip_blanks();
            if (rest_.empty()) return selector;
            expect(",");
            skip_blanks();
            if (rest_.empty()) refuse("it ends after a comma");
        }
    }

  private:
    using Op = LabelSelector::Op;

    LabelSelector::Requirement requirement()
    {
        skip_blanks();
        if (take("!")) return {key(), Op::absent, {}};
        std::string name = key();
        skip_blanks();
        if (rest_.empty() || rest_.front() == ',') return {name, Op::exists, {}};
        if (take("!=")) return {name, Op::not_in, {value()}};
        if (take("==") || take("=")) return {name, Op::in, {value()}};
        if (take(">")) return {name, Op::greater, {integer()}};
        if (take("<")) return {name, Op::less, {integer()}};
        std::string_view word = token();
        if (word == "in") return {name, Op::in, set()};
        if (word == "notin") return {name, Op::not_in, set()};
        refuse(concat("after ", quote(name), " one of =, ==, !=, in, notin, <, > is due"));
    }

    std::string key()
    {
        skip_blanks();
        std::string_view name = token();
        if (!is_label_key(name)) refuse(concat(quote(name), " is not a label key"));
        return std::string(name);
    }

    std::string value()
    {
        skip_blanks();
        std::string_view text = token();
        if (!text.empty() && !is_label_name(text)) refuse(concat(quote(text), " is not a label value"));
        return std::string(text);
    }

    std::string integer()
    {
        std::string text = value();
        int64_t number;
        if (!read_integer(text, number)) refuse(concat(quote(text), " is not an integer"));
        return text;
    }

    std::vector<std::string> set()
    {
        skip_blanks();
        expect("(");
        std::vector<std::string> values;
        while (true) {
            values.push_back(value());
            skip_blanks();
            if (take(")")) return values;
            expect(",");
        }
    }

    std::string_view token()
    {
        size_t n = 0;
        while (n < rest_.size() && std::string_view(" \t\r\n,()=!<>").find(rest_[n]) == std::string_view::npos) n++;
        std::string_view out = rest_.substr(0, n);
        rest_.remove_prefix(n);
        return out;
    }

    bool take(std::string_view what)
    {
        if (!rest_.starts_with(what)) return false;
        rest_.remove_prefix(what.size());
        return true;
    }

    void expect(std::string_view what)
    {
        if (take(what)) return;
        refuse(rest_.empty() ? concat(quote(what), " is missing at its end")
                             : concat(quote(what), " is due before ", quote(rest_)));
    }

    void skip_blanks()
    {
        while (!rest_.empty() && std::string_view(" \t\r\n").find(rest_.front()) != std::string_view::npos)
            rest_.remove_prefix(1);
    }

    [[noreturn]] void refuse(std::string_view why)
    {
        fail(K8SC_E_PARSE, concat("label selector ", quote(text_), ": ", why));
    }

    std::string_view text_;
    std::string_view rest_;
};

LabelSelector LabelSelector::parse(std::string_view text) { return LabelSelectorParser(text).run(); }

bool LabelSelector::matches(const Lookup &label) const
{
    for (auto &requirement : requirements_) {
        auto value = label(requirement.key);
        auto listed = [&] {
            return std::find(requirement.values.begin(), requirement.values.end(), *value) != requirement.values.end();
        };
        auto compare = [&](auto holds) {
            int64_t have, want;
            return value && read_integer(*value, have) && read_integer(requirement.values[0], want) &&
                   holds(have, want);
        };
        bool ok = false;
        switch (requirement.op) {
        case Op::exists: ok = value.has_value(); break;
        case Op::absent: ok = !value; break;
        case Op::in: ok = value && listed(); break;
        case Op::not_in: ok = !value || !listed(); break;
        case Op::greater: ok = compare(std::greater<int64_t>()); break;
        case Op::less: ok = compare(std::less<int64_t>()); break;
        }
        if (!ok) return false;
    }
    return true;
}

FieldSelector FieldSelector::parse(std::string_view text)
{
    auto refuse = [&](std::string_view why) { fail(K8SC_E_PARSE, concat("field selector ", quote(text), ": ", why)); };
    FieldSelector selector;
    size_t at = 0;
    while (at < text.size()) {
        size_t begin = at;
        while (at < text.size() && text[at] != '=' && text[at] != '!' && text[at] != ',') at++;
        Term term{std::string(text.substr(begin, at - begin)), !text.substr(at).starts_with("!="), ""};
        if (term.path.empty()) refuse("a term has no field before its operator");
        if (text.substr(at).starts_with("!=") || text.substr(at).starts_with("=="))
            at += 2;
        else if (at < text.size() && text[at] == '=')
            at++;
        else
            refuse(concat("after ", quote(term.path), " one of =, ==, != is due"));
        while (at < text.size() && text[at] != ',') {
            if (text[at] == '\\') {
                at++;
                if (at == text.size() || std::string_view("\\,=").find(text[at]) == std::string_view::npos)
                    refuse("a backslash may stand only before a backslash, a comma or an equals sign");
            } else if (text[at] == '=') {
                refuse("an equals sign in a value needs a backslash before it");
            }
            term.value += text[at++];
        }
        selector.terms_.push_back(std::move(term));
        if (at < text.size() && ++at == text.size()) refuse("it ends after a comma");
    }
    return selector;
}

bool FieldSelector::matches(const Lookup &field) const
{
    return std::all_of(terms_.begin(), terms_.end(),
                       [&](auto &term) { return (field(term.path) == term.value) == term.equal; });
}

}  // namespace k8sc
