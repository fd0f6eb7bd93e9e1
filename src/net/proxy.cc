#include "net/proxy.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "core/ascii.h"
#include "core/environment.h"
#include "core/error.h"

namespace k8sc {
namespace {

std::optional<int> number(std::string_view text, int most)
{
    int value = 0;
    auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || fault != std::errc() || end != text.data() + text.size() || value < 0 || value > most)
        return {};
    return value;
}

// host, host:port, [v6] or [v6]:port. Nothing where a bracket is not closed, or something else than a port follows.
struct HostPort {
    std::string_view host, port;
    bool has_port = false;
};

std::optional<HostPort> split_host_port(std::string_view text)
{
    HostPort out;
    std::string_view after;
    if (!text.empty() && text.front() == '[') {
        auto end = text.find(']');
        if (end == std::string_view::npos) return {};
        out.host = text.substr(1, end - 1);
        after = text.substr(end + 1);
    } else {
        auto colon = text.find(':');
        // Several colons without brackets are an address.
        if (colon != text.rfind(':')) colon = std::string_view::npos;
        out.host = text.substr(0, colon);
        after = colon == std::string_view::npos ? std::string_view() : text.substr(colon);
    }
    if (!after.empty() && after.front() != ':') return {};
    out.has_port = !after.empty();
    out.port = out.has_port ? after.substr(1) : after;
    return out;
}

std::optional<std::string> percent_decoded(std::string_view text)
{
    auto digit = [](char c) {
        return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
    };
    std::string out;
    for (size_t i = 0; i < text.size(); i++) {
        char c = text[i];
        if (c == '%') {
            if (i + 2 >= text.size() || digit(text[i + 1]) < 0 || digit(text[i + 2]) < 0) return {};
            c = static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
            i += 2;
        }
        // Neither HTTP's nor SOCKS' way of saying it has room for these.
        if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) return {};
        out += c;
    }
    return out;
}

// As 16 bytes, IPv4 as it is mapped into IPv6: so Go compares them, too.
using Address = std::array<unsigned char, 16>;

std::optional<Address> parse_address(std::string_view text)
{
    Address address{};
    std::string name(text.substr(0, text.find('%')));
    if (inet_pton(AF_INET6, name.c_str(), address.data()) == 1) return address;
    address = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (name.size() == text.size() && inet_pton(AF_INET, name.c_str(), address.data() + 12) == 1) return address;
    return {};
}

bool is_v4(const Address &address)
{
    static constexpr unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    return memcmp(address.data(), mapped, sizeof mapped) == 0;
}

bool is_loopback(const Address &address)
{
    static constexpr Address one = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    return is_v4(address) ? address[12] == 127 : address == one;
}

// Nothing where the text is no network; else whether the address is in it.
std::optional<bool> in_network(std::string_view text, const std::optional<Address> &address)
{
    auto slash = text.find('/');
    if (slash == std::string_view::npos) return {};
    auto network = parse_address(text.substr(0, slash));
    if (!network) return {};
    bool dotted = text.substr(0, slash).find(':') == std::string_view::npos;
    auto bits = number(text.substr(slash + 1), dotted ? 32 : 128);
    if (!bits) return {};
    if (!address || is_v4(*address) != is_v4(*network)) return false;
    int total = dotted ? *bits + 96 : *bits;
    for (int i = 0; i < 16 && total > 0; i++, total -= 8) {
        int mask = total >= 8 ? 0xff : (0xff00 >> total) & 0xff;
        if (((*network)[i] ^ (*address)[i]) & mask) return false;
    }
    return true;
}

// Whether one entry of NO_PROXY, in lower case, is about this host and port.
bool is_about(std::string_view entry, std::string_view host, std::string_view port,
              const std::optional<Address> &address)
{
    if (entry == "*") return true;
    if (auto contained = in_network(entry, address)) return *contained;
    auto split = split_host_port(entry);
    if (!split || split->host.empty()) return false;
    if (split->has_port && !split->port.empty() && split->port != port) return false;
    if (auto named = parse_address(split->host)) return address && *named == *address;
    std::string_view domain = split->host;
    if (domain.starts_with("*.")) domain.remove_prefix(1);
    if (domain.front() == '.') return host.ends_with(domain);
    return host == domain ||
           (host.size() > domain.size() && host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
}

// The name in capitals comes first.
std::string either_environment(const char *upper_case, const char *lower_case)
{
    std::string value = environment(upper_case);
    return value.empty() ? environment(lower_case) : value;
}

}  // namespace

std::string Proxy::redacted_url() const
{
    std::string_view scheme = kind == Kind::socks5 ? "socks5" : kind == Kind::https ? "https" : "http";
    bool v6 = host.find(':') != std::string::npos;
    return concat(scheme, "://", v6 ? "[" : "", host, v6 ? "]:" : ":", std::to_string(port));
}

Proxy parse_proxy(std::string_view url, std::string_view name)
{
    std::string_view rest = url;
    std::string scheme = "http";
    if (auto at = rest.find("://"); at != std::string_view::npos) {
        scheme = to_lower(rest.substr(0, at));
        rest.remove_prefix(at + 3);
    }
    rest = rest.substr(0, rest.find_first_of("/?#"));
    auto at = rest.rfind('@');
    std::string_view authority = at == std::string_view::npos ? rest : rest.substr(at + 1);
    auto bad = [&](std::string_view why) {
        fail(K8SC_E_CONFIG, concat(name, " ", quote(concat(scheme, "://", authority)), " cannot be used: ", why));
    };

    Proxy proxy;
    int port = 1080;
    if (scheme == "http") {
        port = 80;
    } else if (scheme == "https") {
        proxy.kind = Proxy::Kind::https;
        port = 443;
    } else if (scheme == "socks5" || scheme == "socks5h") {
        // The proxy looks names up, with both, as with Go.
        proxy.kind = Proxy::Kind::socks5;
    } else {
        bad("the scheme must be http, https, socks5 or socks5h");
    }
    auto split = split_host_port(authority);
    if (!split) bad("what follows the host is no port");
    if (split->host.empty()) bad("it has no host");
    for (char c : split->host)
        if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f || strchr("\"<>\\^`{|}%", c))
            bad("the host holds a character that no host has");
    if (split->has_port && !split->port.empty()) {
        auto given = number(split->port, 65535);
        if (!given || *given == 0) bad("the port is not a number from 1 to 65535");
        port = *given;
    }
    proxy.host = split->host;
    proxy.port = port;
    if (at != std::string_view::npos) {
        std::string_view who = rest.substr(0, at);
        auto colon = who.find(':');
        auto user = percent_decoded(who.substr(0, colon));
        auto password = percent_decoded(colon == std::string_view::npos ? std::string_view() : who.substr(colon + 1));
        if (!user || !password)
            bad("user or password is not percent-encoded as it should be, or holds a control character");
        if (proxy.kind == Proxy::Kind::socks5 && (user->size() > 255 || password->size() > 255))
            bad("user or password is longer than 255 bytes");
        proxy.user = *user;
        proxy.password = *password;
        proxy.has_user = true;
    }
    return proxy;
}

ProxyEnvironment ProxyEnvironment::of_process()
{
    const char *method = getenv("REQUEST_METHOD");
    return {either_environment("HTTP_PROXY", "http_proxy"), either_environment("HTTPS_PROXY", "https_proxy"),
            either_environment("NO_PROXY", "no_proxy"), method && *method};
}

bool uses_environment_proxy(std::string_view no_proxy, const Url &server)
{
    std::string host = to_lower(server.host);
    auto address = parse_address(host);
    if (server.host == "localhost" || (address && is_loopback(*address))) return false;
    std::string port = std::to_string(server.port ? server.port : server.scheme == "https" ? 443 : 80);
    std::string entries = to_lower(no_proxy);
    std::string_view rest = entries;
    while (!rest.empty()) {
        auto comma = rest.find(',');
        std::string_view entry = trimmed(rest.substr(0, comma), " \t\r\n\v\f");
        rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
        if (!entry.empty() && is_about(entry, host, port, address)) return false;
    }
    return true;
}

Proxy choose_proxy(const std::string &explicit_url, const ProxyEnvironment &environment, const Url &server)
{
    if (!explicit_url.empty()) return parse_proxy(explicit_url, "proxy URL");
    bool https = server.scheme == "https";
    const std::string &url = https ? environment.https_proxy : environment.http_proxy;
    if (url.empty() || (!https && environment.cgi) || !uses_environment_proxy(environment.no_proxy, server)) return {};
    return parse_proxy(url, https ? "HTTPS_PROXY" : "HTTP_PROXY");
}

}  // namespace k8sc
