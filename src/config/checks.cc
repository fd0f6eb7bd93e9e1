#include "config/checks.h"

#include <algorithm>
#include <charconv>

#include "core/error.h"

namespace k8sc {

const std::string_view dns_label_rule = "it must be 1 to 63 of a-z, 0-9 and \"-\", with neither end a \"-\"";

bool has_control_character(std::string_view text)
{
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

bool is_dns_label(std::string_view text)
{
    if (text.empty() || text.size() > 63 || text.front() == '-' || text.back() == '-') return false;
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

bool is_host_name(std::string_view text)
{
    if (text.empty() || text.size() > 253) return false;
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
               c == '_' || c == ':';
    });
}

std::string proxy_url_fault(std::string_view url)
{
    if (has_control_character(url) || url.find(' ') != std::string_view::npos)
        return "holds a blank or a control character";
    auto mark = url.find("://");
    if (mark == std::string_view::npos) return "has no scheme; it must be http, https, socks5 or socks5h";
    std::string_view scheme = url.substr(0, mark);
    if (scheme != "http" && scheme != "https" && scheme != "socks5" && scheme != "socks5h")
        return concat("has the scheme ", quote(scheme), "; it must be http, https, socks5 or socks5h");
    std::string_view rest = url.substr(mark + 3);
    std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
    if (rest.size() > authority.size() && rest.substr(authority.size()) != "/")
        return "has a path, which a proxy has not";
    auto at = authority.rfind('@');
    std::string_view host = at == std::string_view::npos ? authority : authority.substr(at + 1);
    auto colon = host.rfind(':');
    if (host.starts_with('[')) {
        auto end = host.find(']');
        if (end == std::string_view::npos) return "has a host with \"[\" and without \"]\"";
        if (end + 1 < host.size() && host[end + 1] != ':') return "has something behind its \"]\" that is no port";
        colon = end + 1 < host.size() ? end + 1 : std::string_view::npos;
    }
    if (colon != std::string_view::npos) {
        std::string_view port = host.substr(colon + 1);
        int number = 0;
        auto parsed = std::from_chars(port.data(), port.data() + port.size(), number);
        if (parsed.ec != std::errc() || parsed.ptr != port.data() + port.size() || number < 1 || number > 65535)
            return "has a port that is not a number from 1 to 65535";
        host = host.substr(0, colon);
    }
    if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
    if (!is_host_name(host)) return "has no host, or one that is no name and no address";
    return {};
}

}  // namespace k8sc
