#include "core/url.h"

#include <algorithm>
#include <charconv>

#include "core/ascii.h"
#include "core/error.h"

namespace k8sc {
namespace {

void append_escaped(std::string &out, char c)
{
    static const char digits[] = "0123456789ABCDEF";
    auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
}

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

[[noreturn]] void bad_url(std::string_view text, std::string_view why)
{
    // What stands before an "@" may be a password.
    if (auto at = text.rfind('@'); at != std::string_view::npos)
        fail(K8SC_E_CONFIG, concat("the server URL that ends in ", quote(text.substr(at + 1)),
                                   " cannot be read: user and password do not belong into it"));
    fail(K8SC_E_CONFIG, concat("server URL ", quote(text), ": ", why));
}

// A path that may have escapes already.
std::string escaped_once(std::string_view text, std::string_view path)
{
    std::string out;
    for (size_t i = 0; i < path.size(); i++) {
        if (path[i] != '%') {
            out += escape_path(path.substr(i, 1));
            continue;
        }
        if (i + 2 >= path.size() || !is_hex(path[i + 1]) || !is_hex(path[i + 2]))
            bad_url(text, "a \"%\" in its path begins no escape");
        out += '%';
    }
    return out;
}

}  // namespace

const std::string_view socket_path_rule = "a socket's path must begin with \"/\" and be shorter than 108 bytes";

bool is_socket_path(std::string_view path)
{
    return path.starts_with("/") && path.size() < 108 && path.find('\0') == std::string_view::npos;
}

std::string Url::authority() const
{
    bool v6 = host.find(':') != std::string::npos;
    std::string out = v6 ? "[" + host + "]" : host;
    if (port) out += ":" + std::to_string(port);
    return out;
}

std::string Url::origin() const { return scheme + "://" + authority(); }

Url parse_server_url(std::string_view text, bool prefer_tls)
{
    Url url;
    std::string_view rest = text;
    if (rest.starts_with("unix://")) {
        url.scheme = "http";
        url.host = "localhost";
        url.unix_socket = rest.substr(7);
        if (!is_socket_path(url.unix_socket)) bad_url(text, socket_path_rule);
        return url;
    }
    if (auto at = rest.find("://"); at != std::string_view::npos) {
        url.scheme = rest.substr(0, at);
        std::transform(url.scheme.begin(), url.scheme.end(), url.scheme.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
        rest.remove_prefix(at + 3);
        if (url.scheme != "http" && url.scheme != "https") bad_url(text, "the scheme must be http or https");
    } else {
        url.scheme = prefer_tls ? "https" : "http";
        if (rest.find('/') != std::string_view::npos && rest.find('/') + 1 != rest.size())
            bad_url(text, "without a scheme it must be host or host:port");
    }
    rest = rest.substr(0, rest.find_first_of("?#"));
    auto slash = rest.find('/');
    std::string_view authority = rest.substr(0, slash);
    if (slash != std::string_view::npos) url.path = rest.substr(slash);
    while (!url.path.empty() && url.path.back() == '/') url.path.pop_back();

    for (char c : rest)
        if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f) bad_url(text, "it holds a blank or control character");
    if (authority.find('@') != std::string_view::npos) bad_url(text, "user and password do not belong into it");
    url.path = escaped_once(text, url.path);
    std::string_view port;
    if (!authority.empty() && authority.front() == '[') {
        auto end = authority.find(']');
        if (end == std::string_view::npos) bad_url(text, "a bracket is not closed");
        url.host = authority.substr(1, end - 1);
        std::string_view after = authority.substr(end + 1);
        if (!after.empty() && after.front() != ':') bad_url(text, "only a port may follow the bracket");
        port = after.empty() ? after : after.substr(1);
    } else {
        auto colon = authority.find(':');
        url.host = authority.substr(0, colon);
        if (colon != std::string_view::npos) port = authority.substr(colon + 1);
    }
    if (url.host.empty()) bad_url(text, "it has no host");
    if (!port.empty()) {
        auto [end, fault] = std::from_chars(port.data(), port.data() + port.size(), url.port);
        if (fault != std::errc() || end != port.data() + port.size() || url.port < 1 || url.port > 65535)
            bad_url(text, "the port is not a number from 1 to 65535");
    }
    return url;
}

std::string escape_path(std::string_view path)
{
    std::string out;
    out.reserve(path.size());
    for (char c : path) {
        if (is_alnum(c) || std::string_view("$&+,/:;=@-_.~").find(c) != std::string_view::npos)
            out += c;
        else
            append_escaped(out, c);
    }
    return out;
}

std::string escape_query(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (char c : text) {
        if (is_alnum(c) || c == '-' || c == '_' || c == '.' || c == '~')
            out += c;
        else if (c == ' ')
            out += '+';
        else
            append_escaped(out, c);
    }
    return out;
}

void Query::set(std::string_view name, std::string_view value)
{
    std::erase_if(params_, [&](auto &param) { return param.first == name; });
    add(name, value);
}

bool Query::is_true(std::string_view name) const
{
    for (auto &[key, value] : params_)
        if (key == name)
            return value == "true" || value == "1" || value == "True" || value == "TRUE" || value == "t" ||
                   value == "T";
    return false;
}

std::string Query::encoded() const
{
    auto sorted = params_;
    std::stable_sort(sorted.begin(), sorted.end(), [](auto &a, auto &b) { return a.first < b.first; });
    std::string out;
    for (auto &[name, value] : sorted) {
        if (!out.empty()) out += '&';
        out += escape_query(name) + "=" + escape_query(value);
    }
    return out;
}

std::string_view segment_fault(std::string_view segment)
{
    if (segment.empty()) return "may not be empty";
    if (segment == "." || segment == "..") return "may not be \".\" or \"..\"";
    if (segment.find('/') != std::string_view::npos) return "may not contain \"/\"";
    if (segment.find('%') != std::string_view::npos) return "may not contain \"%\"";
    return {};
}

}  // namespace k8sc
