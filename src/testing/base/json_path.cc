#include "testing/base/json_path.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "testing/base/text.h"

namespace k8sc::testing {

namespace {

// One step: a member, an item (from the end where it is negative), all, or those that have a text at a path.
struct Step {
    enum class Kind { member, item, all, filter };
    Kind kind = Kind::member;
    std::string name;
    int64_t index = 0;
    std::string value;
};

std::string unquoted(std::string_view text)
{
    const bool quoted =
        text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front();
    return std::string(quoted ? text.substr(1, text.size() - 2) : text);
}

std::optional<Step> parse_brackets(std::string_view inside)
{
    inside = trimmed(inside);
    if (inside == "*") return Step{Step::Kind::all, "", 0, ""};
    if (inside.starts_with("?(") && inside.ends_with(')')) {
        const std::string_view clause = inside.substr(2, inside.size() - 3);
        const size_t sign = clause.find("==");
        const std::string_view path = trimmed(clause.substr(0, std::min(sign, clause.size())));
        if (sign == std::string_view::npos || !path.starts_with('@')) return std::nullopt;
        return Step{Step::Kind::filter, std::string(path.substr(1)), 0, unquoted(trimmed(clause.substr(sign + 2)))};
    }
    if (inside.starts_with('"') || inside.starts_with('\'')) return Step{Step::Kind::member, unquoted(inside), 0, ""};
    Step step{Step::Kind::item, "", 0, ""};
    const auto [end, error] = std::from_chars(inside.data(), inside.data() + inside.size(), step.index);
    if (error != std::errc() || end != inside.data() + inside.size()) return std::nullopt;
    return step;
}

// The end of what begins with a bracket: quotes may hold others.
size_t closing_bracket(std::string_view path, size_t from)
{
    char quote = 0;
    for (size_t i = from; i < path.size(); ++i) {
        if (quote && path[i] == quote)
            quote = 0;
        else if (!quote && (path[i] == '"' || path[i] == '\''))
            quote = path[i];
        else if (!quote && path[i] == ']')
            return i;
    }
    return std::string_view::npos;
}

std::optional<std::vector<Step>> parse(std::string_view path)
{
    std::vector<Step> steps;
    for (size_t at = 0; at < path.size();) {
        if (path[at] == '[') {
            const size_t end = closing_bracket(path, at + 1);
            if (end == std::string_view::npos) return std::nullopt;
            const auto step = parse_brackets(path.substr(at + 1, end - at - 1));
            if (!step) return std::nullopt;
            steps.push_back(*step);
            at = end + 1;
            continue;
        }
        if (path[at] != '.') return std::nullopt;
        Step step;
        for (++at; at < path.size() && path[at] != '.' && path[at] != '['; ++at) {
            if (path[at] == '\\' && at + 1 < path.size()) ++at;
            step.name += path[at];
        }
        if (step.name == "*") step.kind = Step::Kind::all;
        if (!step.name.empty()) steps.push_back(std::move(step));
    }
    return steps;
}

bool has_text(const json_t *value, const std::string &path, const std::string &wanted)
{
    const std::vector<const json_t *> found = find_by_path(value, path);
    return std::any_of(found.begin(), found.end(), [&](const json_t *one) {
        return json_is_string(one) ? text_at(one, {}) == wanted : dump(one) == wanted;
    });
}

void follow(const json_t *value, const Step &step, std::vector<const json_t *> &found)
{
    if (step.kind == Step::Kind::member) {
        if (const json_t *member = json_object_get(value, step.name.c_str())) found.push_back(member);
        return;
    }
    const auto size = static_cast<int64_t>(json_array_size(value));
    for (int64_t i = 0; i < size; ++i) {
        const json_t *item = json_array_get(value, static_cast<size_t>(i));
        const bool is_it = step.kind == Step::Kind::item && i == (step.index < 0 ? size + step.index : step.index);
        if (step.kind == Step::Kind::all || is_it ||
            (step.kind == Step::Kind::filter && has_text(item, step.name, step.value)))
            found.push_back(item);
    }
    const char *key;
    json_t *member;
    if (step.kind == Step::Kind::all)
        json_object_foreach(const_cast<json_t *>(value), key, member) found.push_back(member);
}

}  // namespace

std::vector<const json_t *> find_by_path(const json_t *document, std::string_view path)
{
    std::vector<const json_t *> found = {document};
    const auto steps = parse(path);
    if (!steps) return {};
    for (const Step &step : *steps) {
        std::vector<const json_t *> next;
        for (const json_t *value : found) follow(value, step, next);
        found = std::move(next);
    }
    return found;
}

}  // namespace k8sc::testing
