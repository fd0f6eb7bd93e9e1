#include "testing/http/request.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include <strings.h>

#include "testing/schema/status.h"

namespace k8sc::testing {

namespace {

int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::vector<std::string> segments_of(std::string_view path)
{
    std::vector<std::string> segments;
    for (size_t begin = 0; begin < path.size();) {
        const size_t end = std::min(path.find('/', begin), path.size());
        // Decoded after the split: a %2F is part of a name.
        if (end > begin) segments.push_back(percent_decoded(path.substr(begin, end - begin)));
        begin = end + 1;
    }
    return segments;
}

std::string verb_of(const Request &request)
{
    const bool named = !request.name.empty();
    if (request.method == "GET" || request.method == "HEAD")
        return named ? "get" : request.flag("watch") ? "watch" : "list";
    if (request.method == "POST") return "create";
    if (request.method == "PUT") return "update";
    if (request.method == "PATCH") return "patch";
    if (request.method == "DELETE") return named ? "delete" : "deletecollection";
    return "";
}

}  // namespace

std::string canonical_name(std::string_view name)
{
    std::string canonical(name);
    bool first = true;
    for (char &c : canonical) {
        const auto byte = static_cast<unsigned char>(c);
        c = static_cast<char>(first ? std::toupper(byte) : std::tolower(byte));
        first = c == '-';
    }
    return canonical;
}

std::string percent_decoded(std::string_view text, bool form)
{
    std::string plain;
    for (size_t i = 0; i < text.size(); ++i) {
        const bool escape =
            text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0;
        if (escape) {
            plain += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        } else {
            plain += form && text[i] == '+' ? ' ' : text[i];
        }
    }
    return plain;
}

std::string_view Request::header(std::string_view name) const
{
    for (const auto &[key, value] : headers)
        if (key.size() == name.size() && strncasecmp(key.data(), name.data(), name.size()) == 0) return value;
    return {};
}

std::string_view Request::parameter(const std::string &name) const
{
    // lower_bound: the first of several; find may answer any of them.
    const auto found = parameters_.lower_bound(name);
    return found == parameters_.end() || found->first != name ? std::string_view() : std::string_view(found->second);
}

std::vector<std::string> Request::parameters(const std::string &name) const
{
    std::vector<std::string> values;
    const auto [begin, end] = parameters_.equal_range(name);
    for (auto value = begin; value != end; ++value) values.push_back(value->second);
    return values;
}

bool Request::flag(const std::string &name) const
{
    if (!parameters_.contains(name)) return false;
    const std::string_view value = parameter(name);
    return value != "0" && strncasecmp(value.data(), "false", std::max<size_t>(value.size(), 5)) != 0;
}

int64_t Request::number(const std::string &name) const
{
    const std::string_view text = parameter(name);
    int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (!text.empty() && (error != std::errc() || end != text.data() + text.size()))
        throw bad_request("strconv.ParseInt: parsing \"" + std::string(text) + "\": invalid syntax");
    return number;
}

// A proxy resolves dots before it chooses a server.
bool Request::enter(const std::string &base_path)
{
    if (base_path.empty()) return true;
    const std::vector<std::string> parts = segments_of(percent_decoded(path));
    const bool climbs =
        std::any_of(parts.begin(), parts.end(), [](const std::string &part) { return part == "." || part == ".."; });
    if (climbs || !(path + "/").starts_with(base_path + "/")) return false;
    base = base_path;
    path.erase(0, base.size());
    return true;
}

void Request::resolve(const std::string &base_path)
{
    const size_t mark = std::min(target.find('?'), target.size());
    path = target.substr(0, mark);
    query = target.substr(std::min(mark + 1, target.size()));
    for (size_t begin = 0; begin < query.size();) {
        const size_t end = std::min(query.find('&', begin), query.size());
        const std::string_view pair = std::string_view(query).substr(begin, end - begin);
        const size_t sign = std::min(pair.find('='), pair.size());
        if (!pair.empty())
            parameters_.emplace(percent_decoded(pair.substr(0, sign), true),
                                percent_decoded(pair.substr(std::min(sign + 1, pair.size())), true));
        begin = end + 1;
    }

    is_outside = !enter(base_path);
    if (is_outside) return;

    const std::vector<std::string> parts = segments_of(path);
    size_t next;
    if (parts.size() >= 3 && parts[0] == "api") {
        version = parts[1];
        next = 2;
    } else if (parts.size() >= 4 && parts[0] == "apis") {
        group = parts[1];
        version = parts[2];
        next = 3;
    } else {
        return;
    }
    // namespaces/x/pods is about pods in x; namespaces/x and namespaces/x/status are about the namespace itself.
    if (parts[next] == "namespaces" && parts.size() > next + 2 &&
        !(parts.size() == next + 3 && (parts[next + 2] == "status" || parts[next + 2] == "finalize"))) {
        in_namespace = true;
        ns = parts[next + 1];
        next += 2;
    }
    plural = parts[next];
    if (next + 1 < parts.size()) name = parts[next + 1];
    for (size_t i = next + 2; i < parts.size(); ++i) subresource += (subresource.empty() ? "" : "/") + parts[i];
    verb = verb_of(*this);
}

}  // namespace k8sc::testing
