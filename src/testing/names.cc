#include "names.h"

#include <algorithm>
#include <ctime>
#include <random>

namespace k8sc::testing {

namespace {

std::mt19937_64 &generator()
{
    thread_local std::mt19937_64 generator(std::random_device{}());
    return generator;
}

bool is_lower_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool is_subdomain(std::string_view name)
{
    if (name.empty() || name.size() > 253) return false;
    for (size_t i = 0; i < name.size(); ++i) {
        const bool edge = i == 0 || i + 1 == name.size() || name[i - 1] == '.' || name[i + 1] == '.';
        if (is_lower_alnum(name[i])) continue;
        if (edge || (name[i] != '-' && name[i] != '.')) return false;
    }
    return true;
}

}  // namespace

std::string wrong_name(const Kind &kind, std::string_view name)
{
    if (name == "." || name == "..") return "may not be '" + std::string(name) + "'";
    for (const char forbidden : {'/', '%'})
        if (name.find(forbidden) != std::string_view::npos) return std::string("may not contain '") + forbidden + "'";
    if (kind.any_name || is_subdomain(name)) return "";
    return "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an "
           "alphanumeric character";
}

std::string random_uid()
{
    static const char digits[] = "0123456789abcdef";
    std::string uid = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";
    for (char &c : uid) {
        if (c == 'x') c = digits[generator()() % 16];
        else if (c == 'y') c = digits[8 + generator()() % 4];
    }
    return uid;
}

std::string random_suffix()
{
    static const std::string_view letters = "bcdfghjklmnpqrstvwxz2456789";
    std::string suffix(5, ' ');
    for (char &c : suffix) c = letters[generator()() % letters.size()];
    return suffix;
}

std::string timestamp()
{
    const std::time_t now = std::time(nullptr);
    std::tm utc;
    gmtime_r(&now, &utc);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text;
}

}  // namespace k8sc::testing
